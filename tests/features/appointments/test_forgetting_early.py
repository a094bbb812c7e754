"""Which names and numbers a PC's login may delete, by the server's own clock: a kiosk's only those whose date is
over, whatever program sends the statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from queuedesk.core.network.sharing import PcKind
from queuedesk.core.quality.contact import NO_END
from queuedesk.features.appointments import verbs as booking
from queuedesk.store.log import journal
from queuedesk.store.parts import sharing
from tests.credentials import Shared, raw, shared
from tests.postgres import WITH_RIGHTS, drop_database, new_database

pytestmark = pytest.mark.pg

OVER, LASTS_TODAY, LASTS, OF_STAFF = "over", "today", "next month", "who works here"
EVERY_ONE = "DELETE FROM contacts WHERE hall = 1"
BY_ITS_COLUMNS = "DELETE FROM contacts WHERE hall = 1 AND until < '9999-12-31'"
MAY = {
    PcKind.PUBLIC: {OVER},
    PcKind.STAFF: {OVER, LASTS_TODAY, LASTS},
    PcKind.MANAGER: {OVER, LASTS_TODAY, LASTS, OF_STAFF, "booked"},
}
"""Which rows each kind of login deletes. Clerks end notes and cases' contacts before their date."""


@pytest.fixture
def place() -> Iterator[Shared]:
    """A hall held to the server's clock, with rows of each kind, one of them of a booked appointment."""
    url = new_database(WITH_RIGHTS)
    with shared(url, by_the_clock=True, since=datetime.now().astimezone()) as made:
        with made.owner.read() as tx:
            made.clock.now = sharing.clock(tx)
        hall, day = made.hall(), made.clock().date()
        start = (made.clock() + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
        booking.book(hall.desk, hall.ask(), booking.Wish(service="A", at=start, name="Li Wei", contact="13800000000"))
        with made.owner.write(1) as tx:
            for id, until in _dates(day).items():
                journal.keep_contact(tx, 1, id, salt="s", name="N", contact="C", until=until)
        yield made
    drop_database(url)


def _dates(day: date) -> dict[str, date]:
    return {OVER: day - timedelta(days=2), LASTS_TODAY: day, LASTS: day + timedelta(days=30), OF_STAFF: NO_END}


@pytest.mark.parametrize("statement", [EVERY_ONE, BY_ITS_COLUMNS])
@pytest.mark.parametrize("kind", PcKind)
def test_a_login_deletes_what_its_kind_may(place: Shared, kind: PcKind, statement: str) -> None:
    before = _kept(place)
    assert len(before) == 5
    with raw(place.pc(kind)) as stolen:
        stolen.execute(statement)
    gone = before - _kept(place)
    assert {id if id in _dates(place.clock().date()) else "booked" for id in gone} == MAY[kind]


def test_a_kiosk_cannot_bring_a_date_nearer(place: Shared) -> None:
    """Nor change a row, nor write one: else it would make a date to be over by."""
    before = _rows(place)
    with raw(place.pc(PcKind.PUBLIC)) as stolen:
        for statement in (
            "UPDATE contacts SET until = '2000-01-01'",
            "INSERT INTO contacts VALUES (1, 'x', 's', 'N', 'C', '2000-01-01')",
            "TRUNCATE contacts",
        ):
            with pytest.raises(Exception, match="permission denied"):
                stolen.execute(statement)
    assert _rows(place) == before


def _kept(place: Shared) -> set[str]:
    return {row[0] for row in _rows(place)}


def _rows(place: Shared) -> list[tuple[Any, ...]]:
    with raw(place.url) as owner:
        return owner.execute("SELECT id, name, contact, until FROM contacts ORDER BY id").fetchall()
