"""Keeps ratings, whom a case is about, inspections and projects from logins that may not read them: what replaces them,
how a server splits events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, case, exists, literal, literal_column, null, select, text

from queuedesk.core.log.event import EVERY_MAY, SHAPES
from queuedesk.core.network.roles import UNTOLD
from queuedesk.core.quality.case import UNTOLD_SOURCE
from queuedesk.store import schema
from queuedesk.store.engine.types import JsonColumn, Transaction
from queuedesk.store.schema import tickets

# What stands in place of ratings for logins that may not read them.
#
# `tables.py` keeps these columns from them; they write what a customer says, and read that something was said.

WHOLE = "whole"
"""The column that a server's table of events has for the whole of an event's data; `data` has there what everybody may
read (functions.py)."""
_KEY = "queuedesk told of ratings"
# NULL where there is no such column: in a database whose owner may not make triggers.
_MAY = text(
    "SELECT (SELECT has_column_privilege(attrelid, attnum, 'SELECT') FROM pg_attribute"
    f" WHERE attrelid = to_regclass('public.events') AND attname = '{WHOLE}' AND NOT attisdropped)"
)


@cache
def _replaced_columns() -> Mapping[str, Mapping[str, ColumnElement[Any]]]:
    """Return by table the columns that only a manager's PC reads, each with what others read in its place."""
    # Only what is finished is rated, and stays so: of the others it need not be asked.
    rated, keys = schema.ratings.c, ("hall", "date", "label")
    is_rated = exists(rated.label).where(*(rated[key] == tickets.c[key] for key in keys))
    said = {"tags": literal([], JsonColumn), "comment": null()}
    return {
        "tickets": {"rating": case((and_(tickets.c.state == literal_column("'finished'"), is_rated), UNTOLD))},
        "ratings": {"level": literal(UNTOLD), **said, "attitude": null(), "competence": null()},
        "opinions": {"level": literal(UNTOLD), **said},
        "spoken_comments": {"klass": literal(""), "day": null(), "ticket": null(), "comment": literal("")},
        "cases": {
            "source": literal(UNTOLD_SOURCE),
            **dict.fromkeys(("ref", "about", "about_date", "words"), null()),
            "concerns": literal([], JsonColumn),
        },
        "rectifications": dict.fromkeys(("inspection", "item"), null()),
        "disputes": {"rated": literal("")},
    }


MANAGERS = ("inspections", "projects")
"""Tables that only a manager's PC reads: who knows of a mystery visit beforehand serves it as nobody else is served,
and a project says who leads it and what was found of whom."""


def hidden_columns(table: Table) -> frozenset[str]:
    """Return the columns that only a manager's PC reads."""
    return frozenset(table.c.keys() if table.name in MANAGERS else _replaced_columns().get(table.name, ()))


def may_read_ratings(tx: Transaction) -> bool:
    """Whether this login may read ratings; anybody who has a file may."""
    return _may_read_ratings(tx) is not False


def current_login_name(tx: Transaction) -> str:
    """Return who reads: the name of the login, "" of whoever has a file."""
    if tx.dialect.name == "sqlite":
        return ""
    name: str = tx.execute(select(literal_column("session_user").cast(Text))).scalar_one()
    return name


def hall_id_of_login(tx: Transaction) -> int | None:
    """Return the hall of this PC's login; None for the owner of all halls, such as anybody who has a file."""
    if tx.dialect.name == "sqlite":
        return None
    found = tx.execute(text("SELECT public.qd_hall()")).scalar_one()
    return None if found is None else int(found)


def has_whole_data_column(tx: Transaction) -> bool:
    """Whether this login reads the whole of an event's data in a column of its own."""
    return _may_read_ratings(tx) is True


def _may_read_ratings(tx: Transaction) -> bool | None:
    if tx.dialect.name == "sqlite":
        return None
    if _KEY not in tx.info:
        tx.info[_KEY] = tx.execute(_MAY).scalar_one()
    known: bool | None = tx.info[_KEY]
    return known


def columns_with_withheld_replaced(table: Table, *, told: bool) -> Sequence[ColumnElement[Any]]:
    """Return what to select for a row of a table: its columns, or what replaces them."""
    instead = {} if told else _replaced_columns().get(table.name, {})
    return [instead[column.name].label(column.name) if column.name in instead else column for column in table.c]


# Splits events about ratings on a server: what everybody may read, and the whole.
#
# The log's hashes are of the whole. A salt that goes with the level keeps anybody from trying the five levels on the
# hash.

SPLIT_KINDS = (
    *("rate", "reasons", "opinion", "comment", "correct", "case-open", "sheet-dispute"),
    *("case-step", "case-owner", "case-note"),
    *sorted(kind for kind in SHAPES if kind.startswith(("inspect-", "project-"))),
)
_KINDS = ", ".join(f"'{kind}'" for kind in SPLIT_KINDS)
_FIELDS = ", ".join(f"'{name}'" for name in sorted((*EVERY_MAY, "of")))

# Of a case all but whom it is about: a case about a low rating would tell of the rating.
_ABOUT = ", ".join(f"'{name}'" for name in ("source", "ref", "about", "about_date", "concerns", "words", "salt"))

# Of what is to be put right all but where it was found.
_FOUND = "'inspection', 'item', 'salt'"

# Of a row of a sheet all but which rating it is.
_RATED = "'rated', 'salt'"

# Of a rating that reasons came with, what its table says too: that they came. Of a correction all but the level.
_TOLD = f"""
CREATE OR REPLACE FUNCTION public.qd_told(kind text, data jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  told jsonb;
  part text;
BEGIN
  IF kind = 'correct' THEN
    told := data - 'salt';
    FOREACH part IN ARRAY ARRAY['old', 'new'] LOOP
      IF jsonb_typeof(data #> ARRAY[part, 'rating']) = 'number' THEN
        told := jsonb_set(told, ARRAY[part, 'rating'], '0') || '{{"untold":true}}';
      END IF;
    END LOOP;
    RETURN told;
  END IF;
  IF kind = 'case-open' THEN
    RETURN data - ARRAY[{_ABOUT}] || '{{"untold":true}}';
  END IF;
  IF kind IN ('case-step', 'case-owner', 'case-note') THEN
    RETURN CASE WHEN data ? 'withheld' THEN jsonb_build_object('date', data -> 'date', 'untold', true) ELSE data END;
  END IF;
  IF kind = 'inspect-fix' THEN
    RETURN data - ARRAY[{_FOUND}] || '{{"untold":true}}';
  END IF;
  IF kind = 'sheet-dispute' THEN
    RETURN data - ARRAY[{_RATED}] || '{{"untold":true}}';
  END IF;
  SELECT coalesce(jsonb_object_agg(e.key, e.value), '{{}}') || '{{"untold":true}}' INTO told FROM jsonb_each(data) e WHERE e.key IN ({_FIELDS});
  IF kind <> 'reasons' AND NOT data ? 'of' AND (coalesce(data -> 'tags', '[]') NOT IN ('[]', 'null') OR coalesce(data -> 'comment', '""') NOT IN ('""', 'null')) THEN
    told := told || '{{"explained":true}}';
  END IF;
  RETURN told;
END $$"""

# What can't be read is nobody's to read who is not told.
_SPLIT = """
CREATE OR REPLACE FUNCTION public.qd_split(kind text, data text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN public.qd_canonical(public.qd_told(kind, data::jsonb));
EXCEPTION WHEN others THEN
  RETURN '{"untold":true}';
END $$"""

SPLIT_FUNCTIONS = (_TOLD, _SPLIT)

SPLIT_IN_TRIGGER = f"""
  IF NEW.kind IN ({_KINDS}) THEN
    NEW.{WHOLE} := NEW.data;
    NEW.data := public.qd_split(NEW.kind, NEW.data);
  ELSIF NEW.{WHOLE} IS NOT NULL THEN
    NEW.{WHOLE} := NULL;
  END IF;"""
"""What a trigger does to a row that goes into the log."""

WHOLE_COLUMN = f"ALTER TABLE public.events ADD COLUMN IF NOT EXISTS {WHOLE} text"
# Of an older program: its events, and the answers that it kept. Who gives such an id again is told that it was used.
SPLIT_OLDER_EVENTS = (
    "SET LOCAL queuedesk.rewriting = 'on'",
    f"UPDATE public.events SET {WHOLE} = data, data = public.qd_split(kind, data) WHERE kind IN ({_KINDS}) AND {WHOLE} IS NULL",
    # What is to be put right told staff nothing before its owner was to see it.
    f"""UPDATE public.events SET data = public.qd_split(kind, {WHOLE}) WHERE kind = 'inspect-fix' AND {WHOLE} IS NOT NULL
    AND data = public.qd_canonical((SELECT coalesce(jsonb_object_agg(e.key, e.value), '{{}}') || '{{"untold":true}}'
    FROM jsonb_each({WHOLE}::jsonb) e WHERE e.key IN ({_FIELDS})))""",
    "SET LOCAL queuedesk.rewriting = 'off'",
    "UPDATE public.commands SET words = '', answer = public.qd_canonical(answer::jsonb - 'rating' - 'level')"
    " WHERE answer::jsonb ? 'rating' OR answer::jsonb ?& ARRAY['opinion', 'level']",
)
