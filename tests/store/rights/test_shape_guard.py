"""A server holds events of PCs to the same table of kinds and fields by which the program reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import SHAPES, Event, Shape, Type, canonical
from queuedesk.store.log import events
from tests.core.shaped import GOOD, WRONG, shaped
from tests.credentials import raw
from tests.desk.event_rows import ROWS
from tests.desk.stage import stage
from tests.postgres import drop_database, new_database

pytestmark = pytest.mark.pg

FORMS = [(kind, shape) for kind, shapes in SHAPES.items() for shape in shapes]
ASK = """
SELECT qd_fits(e ->> 'kind', e -> 'data', e ->> 'ticket', e ->> 'service', e ->> 'window', e ->> 'staff')
FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS given(e, n) ORDER BY n
"""


@pytest.fixture(scope="module")
def server() -> Iterator[psycopg.Connection]:
    url = new_database()
    with raw(url) as connection:
        yield connection
    drop_database(url)


def fit(server: psycopg.Connection, asked: Iterable[Event]) -> list[bool]:
    """Return of each event whether the server finds it as the desk writes them."""
    return [row[0] for row in server.execute(ASK, [canonical([one.printed() for one in asked])])]


def good_and_wrong(kind: str, shape: Shape) -> tuple[list[Event], list[Event]]:
    """Return events of a form that fit, and such that differ from a whole one by one field or column."""
    whole = shaped(kind, shape)
    good, wrong = [whole], []
    for name, its_type in {**shape.needs, **shape.may}.items():
        held = [value for value in GOOD[its_type] if not (its_type is Type.NUMBER and abs(value) > 10**18)]
        if name != shape.when or len(SHAPES[kind]) == 1:
            held += [None] if name in shape.may else []
            rest = {key: value for key, value in whole.data.items() if key != name}
            (good if name in shape.may else wrong).append(shaped(kind, shape, data=rest))
        good += [shaped(kind, shape, data={**whole.data, name: value}) for value in held]
        wrong += [
            shaped(kind, shape, data={**whole.data, name: value})
            for value in WRONG[its_type]
            if value is not None or name in shape.needs
        ]
    wrong += [shaped(kind, shape, **{column: None}) for column in shape.columns]
    return good, wrong


def test_every_form_is_held_to_its_fields(server: psycopg.Connection) -> None:
    taken, refused = [], []
    for kind, shape in FORMS:
        good, wrong = good_and_wrong(kind, shape)
        refused += [one.printed() for one, fits in zip(good, fit(server, good), strict=True) if not fits]
        # What lacks the key of its form may be whole in another.
        taken += [
            one.printed()
            for one, fits in zip(wrong, fit(server, wrong), strict=True)
            if fits and one.fault() is not None
        ]

    assert (taken, refused) == ([], [])


def test_what_the_desk_writes_fits(server: psycopg.Connection, tmp_path: Path) -> None:
    hall = stage(tmp_path)
    for verb, who, args, words, _expected in ROWS:
        with suppress(RuleError):
            hall.do(verb, *args, who=who, **words)
    with hall.desk.db.read() as tx:
        log = list(events.all_of(tx, 1))

    assert len({event.kind for event in log}) > 30
    assert [event.printed() for event, fits in zip(log, fit(server, log), strict=True) if not fits] == []


@pytest.mark.parametrize(
    "data",
    [
        '{"level":4.0}',
        '{"level":4,"x":' + "9" * 30 + "}",
        '{"level":4,"x":[[{"y":-1' + "0" * 18 + "}]]}",
        '{"level":4,"comment":"' + "x" * 1001 + '"}',
    ],
)
def test_what_no_table_or_reader_could_take_is_refused(server: psycopg.Connection, data: str) -> None:
    whole = json.loads(data) | {"date": "2026-11-20"}
    text = canonical(whole).replace(canonical(whole["level"]), "4.0") if "4.0" in data else canonical(whole)

    assert server.execute("SELECT qd_fits('rate', %s, 'A001', NULL, NULL, NULL)", [text]).fetchone() == (False,)


@pytest.mark.parametrize("day", ["2026-02-29", "2026-11-31"])
def test_a_date_that_is_none_is_refused(server: psycopg.Connection, day: str) -> None:
    with pytest.raises(psycopg.errors.DatetimeFieldOverflow):
        server.execute("SELECT qd_fits('resume', %s, NULL, NULL, '1', NULL)", [canonical({"date": day})])
