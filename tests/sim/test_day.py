"""A simulated day is a day like any other: its log holds, its acts are those of people, and its seed decides it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.ticket import OPEN_STATES
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.setup import setting_up
from queuedesk.paths import resource
from queuedesk.sim.day import SimulatedDay
from tests import whole_halls
from tests.reports import days
from tests.reports.days import simulated

FRIDAY = date(2026, 11, 20)


def played(folder: Path, seed: int, *, preset: str = "power", until: datetime | None = None) -> Desk:
    document = json.loads(resource("presets", f"{preset}.json").read_text(encoding="utf-8"))
    ready = setting_up.prepared(document, timezone="Asia/Shanghai")
    begin = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    folder.mkdir(exist_ok=True)
    desk = setting_up.create_hall(folder / "hall.sqlite", ready, Ask(CONSOLE, begin))
    SimulatedDay(desk, FRIDAY, seed).play(until)
    return desk


def acts(desk: Desk) -> list[tuple[Any, ...]]:
    """Return what happened without the slips' random tokens."""
    return [(e.time, e.kind, e.actor, e.ticket, e.service, e.window) for e in looking.events_after(desk, 0)]


@pytest.fixture(scope="module")
def whole_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A busy day, to its end."""
    desk = simulated(tmp_path_factory.mktemp("day"), customers=260)
    yield desk
    desk.db.dispose()


def test_a_day_ends_with_nobody_left_and_its_tables_follow_from_its_log(whole_day: Desk) -> None:
    """Every ticket of the day has an end, and a rebuild gives what the tables hold."""
    state = looking.hall_on(whole_day, days.DAY)
    with whole_day.db.read() as tx:
        assert whole_halls.differences(whole_halls.whole(tx, 1), whole_halls.from_log(tx, 1)) == []

    assert len(state.tickets) > 200
    assert not [t.label for t in state.tickets.values() if t.state in OPEN_STATES]
    assert all(str(w.state) == "closed" for w in state.windows.values())


def test_who_stops_at_a_moment_and_plays_on_loses_no_act(tmp_path: Path) -> None:
    opened = datetime(2026, 11, 20, 0, 40, tzinfo=UTC)
    whole, halted = (played(tmp_path / name, 68, until=datetime(2026, 11, 19, 23, 0, tzinfo=UTC)) for name in "ab")
    for desk, stops in ((whole, 0), (halted, 3)):
        day = SimulatedDay(desk, FRIDAY, 68)
        for _n in range(stops):
            next(day.steps())
        day.play(opened)

    assert acts(halted) == acts(whole)
    assert len(acts(whole)) > 5


def test_people_do_all_that_people_do(whole_day: Desk) -> None:
    """A busy day has late-comers, wrong windows, papers at home, breaks and low ratings, by named actors."""
    kinds = Counter(event.kind for event in looking.events_after(whole_day, 0))
    actors = {event.actor for event in looking.events_after(whole_day, 0)}

    wanted = (
        "issue call recall start finish miss reinstate redirect park unpark stall unstall pause resume not-ready "
        "rate reasons leave void"
    )
    assert not [kind for kind in wanted.split() if not kinds[kind]]
    assert actors >= {"G1", "C1", "C6", "customer", "hall"}


def test_the_seed_decides_the_day(tmp_path: Path) -> None:
    """The same seed gives the same acts at the same times; another seed gives others."""
    nine = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    first, again, other = (
        played(tmp_path / name, seed, until=nine) for name, seed in (("first", 3), ("again", 3), ("other", 4))
    )
    days = [acts(desk) for desk in (first, again, other)]
    for desk in (first, again, other):
        desk.db.dispose()

    assert days[0] == days[1]
    assert days[0] != days[2]


def test_a_hall_without_forms_counts_none_as_saved(tmp_path: Path) -> None:
    desk = played(tmp_path, 3, preset="clinic", until=datetime(2026, 11, 20, 1, 15, tzinfo=UTC))

    finished = [event for event in looking.events_after(desk, 0) if event.kind == "finish"]
    assert finished
    assert all(event.data.get("form_free") for event in finished)
    desk.db.dispose()
