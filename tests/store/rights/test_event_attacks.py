"""What a PC's login may append: nothing that the desk would not have written, and nothing that stops the hall."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.sharing import PcKind
from queuedesk.i18n import say
from queuedesk.store.log import events
from queuedesk.store.parts import sharing
from tests.credentials import Shared, raw, shared
from tests.postgres import WITH_RIGHTS, drop_database, new_database
from tests.store.forged import NOT_THE_LOG, append, next_event, said

pytestmark = pytest.mark.pg

DEVICE = {"device": "printer", "station": "K1", "state": "up"}
ISSUE = {"prefix": "A", "number": 1, "token": "AAAAAA", "class": "normal"}
AT_END = "UPDATE halls SET seq = %(seq)s, hash = %(hash)s, at = %(at)s WHERE id = 1"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def place() -> Iterator[Shared]:
    """A hall that the server's own clock watches over, with logins of each kind."""
    url = new_database(WITH_RIGHTS)
    with shared(url, by_the_clock=True) as made:
        with made.owner.read() as tx:
            made.clock.now = sharing.clock(tx)
        made.hall().open("1", "C1")
        yield made
    drop_database(url)


@pytest.fixture(scope="module")
def addresses(place: Shared) -> dict[PcKind, str]:
    return {kind: place.pc(kind) for kind in PcKind}


def tried(place: Shared, url: str, **fields: Any) -> str | None:
    """Return how the server refuses an event that is right but for `fields`, with the hall's row moved along with it;
    it is undone."""
    fields.setdefault("at", place.clock())
    fields.setdefault("data", DEVICE)
    fields["data"] = {"date": f"{place.clock():%Y-%m-%d}", **fields["data"]}
    event = next_event(place, **fields)
    statement, row = append(event)
    return said(url, (statement, row), (AT_END, row), "SET CONSTRAINTS ALL IMMEDIATE", "SELECT 1 / 0")


TAKEN = "22012"
"""Division by nought: the server had nothing against what came before."""


@pytest.mark.parametrize("kind", PcKind)
def test_what_the_desk_would_write_is_taken(place: Shared, addresses: dict[PcKind, str], kind: PcKind) -> None:
    url = addresses[kind]
    assert tried(place, url) == TAKEN
    assert tried(place, url, kind="issue", ticket="A001", service="A", data=ISSUE) == TAKEN
    assert tried(place, url, time=place.clock() - timedelta(hours=9)) == TAKEN  # lost long ago
    assert tried(place, url, at=place.clock() + MINUTE) == TAKEN


def test_who_works_at_a_pc_is_told_in_one_sentence(place: Shared, addresses: dict[PcKind, str]) -> None:
    before = place.hall().log()
    for fields in ({"kind": "issue"}, {"kind": "device", "at": place.clock() + timedelta(days=400)}):
        event = next_event(place, **{"at": place.clock(), "data": {"date": f"{place.clock():%Y-%m-%d}"}, **fields})
        desk = place.desk(addresses[PcKind.STAFF])
        with pytest.raises(OutsideError, match="log_refused") as refused, desk.db.write(1) as tx:
            events.append(tx, 1, event)
        assert say(refused.value, "en").startswith("The hall's server did not accept this into its log,")
        assert "版本" in say(refused.value, "zh_CN")
    assert place.hall().log() == before


@pytest.mark.parametrize("kind", PcKind)
def test_an_event_of_another_time_is_refused(place: Shared, addresses: dict[PcKind, str], kind: PcKind) -> None:
    now = place.clock()
    moments = [
        datetime(2100, 1, 1, tzinfo=UTC),
        now + timedelta(days=1),
        now + 7 * MINUTE,
        now - timedelta(seconds=1),  # before the log's last
        datetime(1970, 1, 1, tzinfo=UTC),
    ]
    assert {moment: tried(place, addresses[kind], at=moment) for moment in moments} == dict.fromkeys(
        moments, NOT_THE_LOG
    )
    after = {"time": now + timedelta(seconds=1)}
    before = {"time": now - timedelta(seconds=1), "kind": "issue", "ticket": "A001", "service": "A", "data": ISSUE}
    long_ago = {"time": datetime(1899, 1, 1, tzinfo=UTC)}
    paper = before | {"data": ISSUE | {"paper": True}}
    later = {"data": DEVICE | {"date": f"{now + timedelta(days=4):%Y-%m-%d}"}}
    for wrong in (after, before, long_ago, later, *([paper] if kind is not PcKind.MANAGER else [])):
        assert (wrong, tried(place, addresses[kind], **wrong)) == (wrong, NOT_THE_LOG)


def test_the_year_20000_is_refused(place: Shared, addresses: dict[PcKind, str]) -> None:
    """No datetime of the program's reaches it: written as whoever works out the hash by hand would."""
    good = next_event(place, at=place.clock(), data={"date": "2026-11-20", **DEVICE})
    for kind in PcKind:
        statement, row = append(good, at=569_000_000_000_000_000, time=569_000_000_000_000_000)
        assert said(addresses[kind], (statement, row)) == NOT_THE_LOG


@pytest.mark.parametrize("kind", PcKind)
@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "issue", "ticket": "A001", "service": "A", "data": {}},
        {"kind": "issue", "ticket": "A001", "service": "A", "data": ISSUE | {"number": "1"}},
        {"kind": "issue", "ticket": None, "service": "A", "data": ISSUE},
        {"kind": "issue", "ticket": "A" * 1001, "service": "A", "data": ISSUE},
        {"kind": "issue", "ticket": "A001", "service": "A", "data": ISSUE | {"ref": "x" * 1001}},
        {"kind": "issue", "ticket": "A001", "service": "A", "data": ISSUE | {"place": "20000-01-01T00:00:00+00:00"}},
        {"kind": "rate", "ticket": "A001", "data": {"level": 6}},
        {"kind": "day-end", "data": {}},
        {"kind": "device", "data": DEVICE | {"x": 10**30}},
        {"kind": "device", "data": {"date": "2026-02-30"} | DEVICE},
    ],
    ids=lambda wrong: f"{wrong['kind']}-{len(str(wrong))}",
)
def test_an_event_without_what_its_kind_needs_is_refused(
    place: Shared, addresses: dict[PcKind, str], kind: PcKind, wrong: dict[str, Any]
) -> None:
    assert tried(place, addresses[kind], **wrong) in (NOT_THE_LOG, "22008")


def test_what_is_nested_beyond_reading_is_refused(place: Shared, addresses: dict[PcKind, str]) -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    assert tried(place, addresses[PcKind.PUBLIC], data=DEVICE | {"x": deep}) in (NOT_THE_LOG, "54001")


def test_a_simulated_halls_time_is_its_own() -> None:
    url = new_database(WITH_RIGHTS)
    with shared(url, by_the_clock=True) as made:
        made.hall().do("set-hall", {"simulated": True})
        assert made.hall(made.pc(PcKind.STAFF)).issue("A") == "A001"
    drop_database(url)


def test_the_owner_puts_whole_logs_in_place_as_they_are(place: Shared) -> None:
    """A log that is moved or merged keeps what stands in it, whatever that is: its chain needs it."""
    bad = next_event(place, at=datetime(2100, 1, 1, tzinfo=UTC), data={"date": "2026-11-20"}, kind="issue")
    statement, row = append(bad)
    with raw(place.url) as owner, owner.transaction(force_rollback=True):
        owner.execute(statement, row)  # type: ignore[arg-type]
        owner.execute(AT_END, row)  # type: ignore[arg-type]
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
