"""Makes the reporting views and makes them again when what they rest on has changed; the logins that read only them;
and a copy of them as a file.

A server's views are in the schema `reporting`. They are made by the owner of the tables, and read by managers' PCs and
by logins of their own kind, each for its own hall. An upgrade of the tables drops them (store/engine/migrate.py) and
the next minute makes them again."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.features import is_feature_used_by_hall
from queuedesk.core.figures.measures.document import ReportTally, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.queue.hallday import end_of_day
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import change as changes
from queuedesk.desk import looking, reading
from queuedesk.features.open_figures import rules
from queuedesk.files.writing import write_file
from queuedesk.store.engine.migrate import drop_reporting_views
from queuedesk.store.engine.types import EPOCH, MICROSECOND, Transaction
from queuedesk.store.figures import measured
from queuedesk.store.log import events, log_dates
from queuedesk.store.parts import halls
from queuedesk.store.rights.withheld_ratings import may_read_ratings

GROUP = "qd_reports"
"""The role of a server whose members read the views and nothing else."""
_MANAGERS = "qd_manager"
_LOGIN = f"^{GROUP}_[0-9]+_[0-9a-f]{{12}}$"
_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
_LONGEST_NAME = 60
_CONNECTIONS = 5
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_MAY = (
    "SELECT (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'public.halls'::regclass)"
    " AND has_database_privilege(current_database(), 'CREATE')"
)
_MADE_OF = f"SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = '{rules.SCHEMA}'"
"""The schema's comment, no row where there is none: in one query, as another station may be making it."""
_MARK = "QueueDesk "
"""Begins the comment of the schema, by which it is known as the program's own."""

# Roles are of the whole server, and halls have the same numbers in each database. Whether the reading login r is of
# this one: by what is set for it here or, of an earlier program's, by its right to connect.
_IS_OF_THIS_DATABASE = """EXISTS (SELECT FROM pg_database d WHERE d.datname = current_database()
      AND (EXISTS (SELECT FROM pg_db_role_setting s WHERE s.setdatabase = d.oid AND s.setrole = r.oid)
        OR EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = r.oid)))"""
_TIE_LOGIN = f"format('ALTER ROLE %I IN DATABASE %I SET search_path = {rules.SCHEMA}', {{login}}, current_database())"
# The halls whose rows a login reads: the owner all, a reading login that of its name, a PC its own.
_OWN_HALLS = f"""
CREATE OR REPLACE FUNCTION {rules.SCHEMA}.own_halls() RETURNS bigint[] LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF session_user = current_user OR (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) THEN
    RETURN ARRAY(SELECT h.id FROM public.halls h);
  ELSIF session_user ~ '{_LOGIN}' THEN
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = session_user AND {_IS_OF_THIS_DATABASE}) THEN
      RETURN ARRAY[]::bigint[];
    END IF;
    RETURN ARRAY[split_part(session_user, '_', 3)::bigint];
  END IF;
  RETURN ARRAY[public.qd_hall()];
END $$"""
_CHECK_MANAGER = """
  IF session_user <> current_user AND (public.qd_kind() IS DISTINCT FROM 'manager' OR public.qd_hall() IS DISTINCT FROM of) THEN
    RAISE EXCEPTION 'this PC has no such right' USING ERRCODE = 'insufficient_privilege';
  END IF;"""
# A login's comment says what it is for, who made it and when; the rest is in its name.
_ADD_LOGIN = f"""
CREATE OR REPLACE FUNCTION {rules.SCHEMA}.add_login(new_role text, verifier text, of bigint, about text) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN{_CHECK_MANAGER}
  IF new_role !~ '{_LOGIN}' OR split_part(new_role, '_', 3) <> of::text OR verifier !~ '^SCRAM-SHA-256[$]' THEN
    RAISE EXCEPTION 'no login is like this' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L CONNECTION LIMIT {_CONNECTIONS} IN ROLE {GROUP}', new_role, verifier);
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), new_role);
  EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', new_role);
  EXECUTE format('ALTER ROLE %I SET statement_timeout = ''5min''', new_role);
  EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''60s''', new_role);
  EXECUTE {_TIE_LOGIN.format(login="new_role")};
  EXECUTE format('COMMENT ON ROLE %I IS %L', new_role, about);
  IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
    EXECUTE format('GRANT %I TO %I', new_role, current_user);  -- or its connections could not be ended
  END IF;
END $$"""
_LOGINS = f"""
CREATE OR REPLACE FUNCTION {rules.SCHEMA}.logins(of bigint) RETURNS TABLE (login text, about text)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN{_CHECK_MANAGER}
  RETURN QUERY SELECT r.rolname::text, shobj_description(r.oid, 'pg_authid') FROM pg_roles r
    WHERE r.rolname ~ '{_LOGIN}' AND split_part(r.rolname, '_', 3) = of::text AND r.rolcanlogin
    AND {_IS_OF_THIS_DATABASE} ORDER BY 2, 1;
END $$"""
_REMOVE_LOGIN = f"""
CREATE OR REPLACE FUNCTION {rules.SCHEMA}.remove_login(gone text, of bigint) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN{_CHECK_MANAGER}
  IF NOT EXISTS (SELECT FROM {rules.SCHEMA}.logins(of) l WHERE l.login = gone) THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', gone);
  EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), gone);
  PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.usename = gone;
  EXECUTE format('DROP ROLE %I', gone);
  RETURN true;
END $$"""
_FUNCTIONS = (_OWN_HALLS, _ADD_LOGIN, _LOGINS, _REMOVE_LOGIN)
_FOR_MANAGERS = ("add_login(text, text, bigint, text)", "logins(bigint)", "remove_login(text, bigint)")
_MAKE_GROUP = f"""
DO $$ BEGIN
  CREATE ROLE {GROUP} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END $$"""

_TIE_EARLIER_LOGINS = f"""
DO $$ DECLARE login text; BEGIN
  FOR login IN SELECT r.rolname FROM pg_roles r WHERE r.rolname ~ '{_LOGIN}' AND {_IS_OF_THIS_DATABASE} LOOP
    EXECUTE {_TIE_LOGIN.format(login="login")};
  END LOOP;
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$"""


def remake_views_and_tell_change(desk: changes.Desk, now: datetime, descriptions: rules.Descriptions) -> bool:
    """Make the reporting views of all halls that use them, drop them where none does; return whether anything changed.
    A login that may not make them changes nothing. Raises RuleError "reporting_taken" where a server has a schema of
    that name that is not the program's, OutsideError."""
    with desk.db.read() as tx:
        if desk.db.is_shared and not tx.exec_driver_sql(_MAY).scalar_one():
            return False
        statements = _view_statements(tx, now, descriptions)
        if not _are_views_outdated(tx, statements):
            return False
    with desk.db.write() as tx:
        halls.lock_against_new_halls(tx)  # of several stations with the owner's login one makes them
        statements = _view_statements(tx, now, descriptions)
        if not _are_views_outdated(tx, statements):
            return False
        if tx.dialect.name == "sqlite" or not statements or not _has_views_with_same_columns(tx, descriptions):
            drop_reporting_views(tx, f"{rules.PREFIX}*")
        for statement in statements:
            _execute(tx, statement)
    return True


def _are_views_outdated(tx: Transaction, statements: Sequence[str]) -> bool:
    """Whether the views differ from those that these statements make."""
    if tx.dialect.name == "sqlite":
        own = f"SELECT sql FROM sqlite_master WHERE type = 'view' AND name GLOB '{rules.PREFIX}*'"
        return set(tx.exec_driver_sql(own).scalars()) != set(statements)
    schema = tx.exec_driver_sql(_MADE_OF).one_or_none()
    if schema is None:
        return bool(statements)
    (mark,) = schema
    if mark is None or not mark.startswith(_MARK):
        raise RuleError("reporting_taken", schema=rules.SCHEMA)
    return not statements or statements[-1] != _schema_comment_statement(mark)


def _has_views_with_same_columns(tx: Transaction, descriptions: rules.Descriptions) -> bool:
    """Whether the views of a server can be replaced one by one, which spares what others have built on them."""
    mark = tx.exec_driver_sql(_MADE_OF).scalar_one_or_none()
    return mark is not None and mark.startswith(f"{_MARK}{_column_shape_digest(descriptions)} ")


def _schema_comment_statement(mark: str) -> str:
    return f"COMMENT ON SCHEMA {rules.SCHEMA} IS {rules.sql_literal(mark)}"


def _view_statements(tx: Transaction, now: datetime, descriptions: rules.Descriptions) -> list[str]:
    """Return what makes the views, on a server with their comments and rights; nothing where no hall uses them."""
    clocks = _hall_clocks(tx, now)
    if not clocks:
        return []
    sql = rules.ReportingSql(is_file=tx.dialect.name == "sqlite", clocks=clocks)
    queries = rules.reporting_queries(sql, descriptions)
    if sql.is_file:
        return [f"CREATE VIEW {sql.view_name(name)} AS {query}" for name, query in queries.items()]
    made = [f"CREATE SCHEMA IF NOT EXISTS {rules.SCHEMA}", _MAKE_GROUP, *_FUNCTIONS, _TIE_EARLIER_LOGINS]
    for name, query in queries.items():
        made.append(f"CREATE OR REPLACE VIEW {sql.view_name(name)} WITH (security_barrier) AS {query}")
    made += _sql_comment_statements(sql, descriptions)
    made += [f"REVOKE EXECUTE ON FUNCTION {rules.SCHEMA}.{function} FROM PUBLIC" for function in _FOR_MANAGERS]
    readers = [role for role, is_there in _presence_of_reader_roles(tx).items() if is_there]
    for role in readers:
        made.append(f"GRANT USAGE ON SCHEMA {rules.SCHEMA} TO {role}")
        made.append(f"GRANT SELECT ON {', '.join(map(sql.view_name, queries))} TO {role}")
    if _MANAGERS in readers:
        made += [f"GRANT EXECUTE ON FUNCTION {rules.SCHEMA}.{function} TO {_MANAGERS}" for function in _FOR_MANAGERS]
    digest = hashlib.sha256("\n".join(made).encode()).hexdigest()[:32]
    return [*made, _schema_comment_statement(f"{_MARK}{_column_shape_digest(descriptions)} {digest}")]


def _presence_of_reader_roles(tx: Transaction) -> dict[str, bool]:
    """Return which roles read the views, and whether the server has them: managers' PCs only where a hall is shared."""
    may_make = "(SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user)"
    asked = (
        f"to_regrole('{GROUP}') IS NOT NULL OR coalesce({may_make}, false)",
        f"to_regrole('{_MANAGERS}') IS NOT NULL",
    )
    there = tx.exec_driver_sql(f"SELECT {', '.join(asked)}").one()
    return dict(zip((GROUP, _MANAGERS), there, strict=True))


def _column_shape_digest(descriptions: rules.Descriptions) -> str:
    """Return what differs where views have other columns, so that they can't be replaced one by one."""
    queries = rules.reporting_queries(rules.ReportingSql(is_file=False, clocks=()), descriptions[:1])
    return hashlib.sha256("\n".join(queries.values()).encode()).hexdigest()[:16]


def _sql_comment_statements(sql: rules.ReportingSql, descriptions: rules.Descriptions) -> Iterator[str]:
    """Yield the comments of views and columns, one language a line."""
    told: dict[tuple[str, str], list[str]] = {}
    for view, column, _language, text in descriptions:
        told.setdefault((view, column), []).append(text)
    for (view, column), lines in told.items():
        kind, place = ("COLUMN", f"{sql.view_name(view)}.{column}") if column else ("VIEW", sql.view_name(view))
        yield f"COMMENT ON {kind} {place} IS {rules.sql_literal(chr(10).join(lines))}"


def _hall_clocks(tx: Transaction, now: datetime) -> list[rules.HallClockOffsets]:
    """Return the clocks of the halls that use the views, from the year before their logs begin."""
    found = []
    for row in halls.all_hall_rows(tx):
        setup = halls.setup_of_hall_row(tx, row) if row.setup_hash else None
        if setup is not None and is_feature_used_by_hall(setup.hall, rules.NAME):
            begun = tx.exec_driver_sql(
                f"SELECT time FROM events WHERE hall = {row.id} ORDER BY seq LIMIT 1"
            ).scalar_one()
            first = max(_EARLIEST, EPOCH + begun * MICROSECOND)
            last = datetime(max(now.year, first.year) + rules.YEARS_AHEAD, 1, 1, tzinfo=UTC)
            # Days that were kept on paper before the hall's first entry may be entered too.
            start = datetime(first.year - 1, 1, 1, tzinfo=UTC)
            found.append(rules.HallClockOffsets(row.id, rules.clock_offsets(setup.time_zone, start, last)))
    return found


def _execute(tx: Transaction, statement: str) -> None:
    tx.exec_driver_sql(statement, execution_options={"no_parameters": True})


# -- what the views are and hold ---------------------------------------------------------------------------------------


def _require_views(tx: Transaction) -> None:
    """Raises RuleError "no_views" where they are not made yet."""
    if tx.dialect.name == "sqlite":
        there = tx.exec_driver_sql(
            f"SELECT name FROM sqlite_master WHERE name = '{rules.PREFIX}{rules.DESCRIPTIONS}'"
        ).scalar()
    else:
        there = tx.exec_driver_sql(f"SELECT to_regclass('{rules.SCHEMA}.{rules.DESCRIPTIONS}')::text").scalar()
    if there is None:
        raise RuleError("no_views")


def described_views(desk: changes.Desk, ask: changes.Ask, lang: str) -> list[changes.Document]:
    """Return the views as the database itself describes them, in the language if it has it: each with its name there,
    its rows of this hall, and its columns with their types. Raises RuleError "not_for_you", "no_views"."""
    reading.require_right_to_read(desk, ask.who, ReadScope.FIGURES, ask.now)
    with desk.db.read() as tx:
        _require_views(tx)
        sql = rules.ReportingSql(is_file=tx.dialect.name == "sqlite", clocks=())
        texts: dict[tuple[str, str], str] = {}
        for view, column, language, text in tx.exec_driver_sql(f"SELECT * FROM {sql.view_name(rules.DESCRIPTIONS)}"):
            if (view, column) not in texts or language == lang:
                texts[view, column] = text
        code = looking.setup_of_hall(desk).hall.code
        return [
            {
                "view": sql.view_name(name),
                "about": texts[name, ""],
                "rows": tx.exec_driver_sql(
                    f"SELECT count(*) FROM {sql.view_name(name)}{_hall_condition(name, code)}"
                ).scalar_one(),
                "columns": [
                    {"column": column, "type": kind, "about": texts.get((name, column), "")}
                    for column, kind in _view_columns(tx, sql, name)
                ],
            }
            for name in dict.fromkeys(view for view, _column in texts)
        ]


def _hall_condition(name: str, code: str) -> str:
    return "" if name == rules.DESCRIPTIONS else f" WHERE hall = {rules.sql_literal(code)}"


def _view_columns(tx: Transaction, sql: rules.ReportingSql, name: str) -> list[tuple[str, str]]:
    """Return the columns of a view with their types; a file has none for most of them."""
    if sql.is_file:
        told = tx.exec_driver_sql(f"PRAGMA table_info({sql.view_name(name)})")
        return [(row[1], row[2].lower()) for row in told]
    told = tx.exec_driver_sql(
        f"SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute"
        f" WHERE attrelid = '{sql.view_name(name)}'::regclass AND attnum > 0 ORDER BY attnum"
    )
    return [tuple(row) for row in told]


def save_views_as_file(desk: changes.Desk, ask: changes.Ask, file: Path) -> changes.Document:
    """Save the views' rows of this hall as an SQLite file that has nothing else, with views in the place of tables.
    Raises RuleError "not_for_you", "no_views", "own_file", OutsideError "cannot_write"."""
    reading.require_right_to_read(desk, ask.who, ReadScope.FIGURES, ask.now)
    code = looking.setup_of_hall(desk).hall.code
    n = 0
    with tempfile.TemporaryDirectory(prefix="queuedesk-views-", ignore_cleanup_errors=True) as folder:
        draft = Path(folder, "views.sqlite")
        with desk.db.read() as tx, closing(sqlite3.connect(draft)) as copy:
            _require_views(tx)
            sql = rules.ReportingSql(is_file=tx.dialect.name == "sqlite", clocks=())
            for name in (*(view.name for view in rules.VIEWS), rules.DESCRIPTIONS):
                rows = tx.exec_driver_sql(f"SELECT * FROM {sql.view_name(name)}{_hall_condition(name, code)}")
                heads = list(rows.keys())
                copy.execute(f"CREATE TABLE {rules.PREFIX}{name} ({', '.join(heads)})")
                holders = ", ".join("?" * len(heads))
                for row in rows:
                    copy.execute(
                        f"INSERT INTO {rules.PREFIX}{name} VALUES ({holders})", [_plain_value(value) for value in row]
                    )
                    n += name != rules.DESCRIPTIONS
            copy.commit()
        write_file(file, draft.read_bytes())
    return {"file": str(file), "rows": n}


def _plain_value(value: Any) -> Any:
    """Return a value as a file stores it: dates and moments as text."""
    return value if value is None or isinstance(value, int | float | str) else str(value)


# -- the logins that read the views ------------------------------------------------------------------------------------


def reading_logins(desk: changes.Desk, ask: changes.Ask) -> list[changes.Document]:
    """Return the logins that read this hall's views; a file has none. Raises RuleError "not_your_role", "no_views"."""
    reading.require_right_to_verb(desk, ask.who, "share", ask.now)
    if not desk.db.is_shared:
        return []
    with desk.db.read() as tx:
        _require_views(tx)
        found = tx.exec_driver_sql(f"SELECT login, about FROM {rules.SCHEMA}.logins({desk.hall})").all()
    rows = []
    for login, about in found:
        name, by, made = [*(about or "").split("\n"), "", ""][:3]
        rows.append({"login": login, "name": name, "by": by, "made": made})
    return rows


def add_reading_login(desk: changes.Desk, ask: changes.Ask, name: str) -> changes.Document:
    """Make a login that reads this hall's views and nothing else; its password is told once and stored nowhere. Raises
    RuleError "not_your_role", "no_views", "views_in_file" where the hall is a file, "bad_value"."""
    setup = _require_server_and_get_setup(desk, ask)
    about = " ".join(name.split())
    if not about or len(about) > _LONGEST_NAME:
        raise RuleError("bad_value", field="name", value=about[:20], why="too_long" if about else "empty")
    role, password = f"{GROUP}_{desk.hall}_{secrets.token_hex(6)}", secrets.token_urlsafe(24)
    with desk.db.write() as tx:
        _require_views(tx)
        if tx.exec_driver_sql(f"SELECT to_regrole('{GROUP}') IS NULL").scalar_one():
            raise RuleError("no_reading_logins")
        driver: Any = tx.connection.dbapi_connection
        verifier = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        told = "\n".join((about, ask.who.name, changes.iso_local(setup, ask.now) or ""))
        values = ", ".join(
            (rules.sql_literal(role), rules.sql_literal(verifier), str(desk.hall), rules.sql_literal(told))
        )
        _execute(tx, f"SELECT {rules.SCHEMA}.add_login({values})")
    place = desk.db.place.partition("://")[2].rpartition("@")[2]
    return {"login": role, "name": about, "password": password, "address": f"postgresql://{role}@{place}"}


def remove_reading_login(desk: changes.Desk, ask: changes.Ask, login: str) -> changes.Document:
    """Remove a login and end its connections. Raises RuleError "not_your_role", "views_in_file", "no_views",
    "unknown_login"."""
    _require_server_and_get_setup(desk, ask)
    with desk.db.write() as tx:
        _require_views(tx)
        if not tx.exec_driver_sql(
            f"SELECT {rules.SCHEMA}.remove_login({rules.sql_literal(login)}, {desk.hall})"
        ).scalar_one():
            raise RuleError("unknown_login", login=login)
    return {"login": login}


def _require_server_and_get_setup(desk: changes.Desk, ask: changes.Ask) -> Setup:
    reading.require_right_to_verb(desk, ask.who, "share", ask.now)
    if not desk.db.is_shared:
        raise RuleError("views_in_file")
    return looking.setup_of_hall(desk)


# -- a published day ---------------------------------------------------------------------------------------------------


def read_day_to_publish(desk: changes.Desk, ask: changes.Ask, day: date, lang: str) -> rules.DayPublication:
    """Read what is published of a business date. Raises RuleError "not_for_you", also on a PC that is told no ratings,
    "day_not_over" (date), "day_too_small" (date, n, least)."""
    reading.require_right_to_read(desk, ask.who, ReadScope.LOG, ask.now)
    with desk.db.read() as tx:
        if not may_read_ratings(tx):
            raise RuleError("not_for_you", read=str(ReadScope.LOG), role="")
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        if ask.now < end_of_day(setup, day):
            raise RuleError("day_not_over", date=day)
        rows = measured.HallReader(tx, desk.hall, setup, ask.now).read_day(day)
        log = measured.log_range(tx, desk.hall, log_dates.log_ranges_by_date(tx, desk.hall, day, day).values())
        if len(rows.tickets) < rules.FEWEST_TICKETS or log.last_seq is None or log.hash is None:
            raise RuleError("day_too_small", date=day, n=len(rows.tickets), least=rules.FEWEST_TICKETS)
        document = figures_document(hall_figure_scope(setup, day, day), ReportTally.from_days([rows]), log)
        found = events.events_of_day(tx, desk.hall, day)
    rated = document["ratings"]
    levels = {level: n for level, n in rated["levels"].items() if n} if rated["n"] >= rules.FEWEST_RATINGS else None
    english = lang == "en"
    return rules.DayPublication(
        hall=(setup.hall.name_en if english else "") or setup.hall.name or setup.hall.name_en,
        date=day.isoformat(),
        language=lang,
        services={
            code: (one.name_en if english else "") or one.name or one.name_en for code, one in setup.services.items()
        },
        events=found,
        levels=levels,
        figures=rules.figures_of_published_day(document, levels),
        last_seq=log.last_seq,
        last_hash=log.hash,
    )


def latest_date_rows_with_publishability(
    desk: changes.Desk, ask: changes.Ask, most: int = 60
) -> list[changes.Document]:
    """Return the latest business dates with tickets, the newest first: how many tickets each has, and whether it can be
    published: the code of the refusal, "" where it can."""
    reading.require_right_to_read(desk, ask.who, ReadScope.LOG, ask.now)
    setup = looking.setup_of_hall(desk)
    with desk.db.read() as tx:
        asked = (
            f"SELECT date, count(*) FROM tickets WHERE hall = {desk.hall} GROUP BY date ORDER BY date DESC LIMIT {most}"
        )
        counted = [(date.fromisoformat(day), n) for day, n in tx.exec_driver_sql(asked)]
    return [
        {
            "date": day.isoformat(),
            "issued": n,
            "why": "day_not_over"
            if ask.now < end_of_day(setup, day)
            else "day_too_small"
            if n < rules.FEWEST_TICKETS
            else "",
        }
        for day, n in counted
    ]
