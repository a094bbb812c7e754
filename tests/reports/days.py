"""Halls with days to report on: a simulated one, and one in which everything that can happen to a ticket happens."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening, rating, sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.desk.upkeep import clocks
from queuedesk.sim.day import SimulatedDay
from tests import engines
from tests.hall import create_hall, preset
from tests.installed import made_once

DAY = date(2026, 11, 19)
NINE = datetime(2026, 11, 19, 1, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 11, 20, 0, 5, tzinfo=UTC)


P = ParamSpec("P")


def kept(make: Callable[Concatenate[Path, P], Desk]) -> Callable[Concatenate[Path, P], Desk]:
    """Play a hall's days once a run: whoever asks for the same again gets a copy of its file."""

    @wraps(make)
    def copied(folder: Path, *args: P.args, **asked: P.kwargs) -> Desk:
        which = sha256(repr((make.__module__, args, sorted(asked.items()))).encode()).hexdigest()[:8]
        played = made_once(f"{make.__name__}-{which}", partial(_play, make, *args, **asked))
        file = folder / "hall.sqlite"
        file.write_bytes((played / "hall.sqlite").read_bytes())
        return Desk(engines.opened(file), 1)

    return copied


def _play(make: Callable[Concatenate[Path, P], Desk], /, *args: Any, **asked: Any) -> None:
    *further, place = args
    with engines.halls_on(engines.SQLITE):
        make(place, *further, **asked).db.dispose()


def asked(now: datetime) -> Ask:
    """Return what the console asks at `now`."""
    return Ask(CONSOLE, now)


def hall(folder: Path, **changes: Any) -> Desk:
    """Return a new power hall whose day has not begun; `changes` replace parts of its set-up."""
    document = preset(**changes)
    ready = setting_up.prepared(document, timezone="Asia/Shanghai")
    return create_hall(folder / "hall.sqlite", ready, asked(NINE - timedelta(hours=2)))


@kept
def simulated(folder: Path, *, customers: int = 120, until: datetime | None = None) -> Desk:
    """Return a hall with a simulated day, the whole or up to a moment."""
    desk = hall(folder)
    SimulatedDay(desk, DAY, 11, customers=customers).play(until)
    return desk


def printed_log(desk: Desk) -> list[dict[str, Any]]:
    """Return the log as the commands print it, read back from its text."""
    return [json.loads(json.dumps(event.printed())) for event in looking.events_after(desk, 0)]


@kept
def eventful(folder: Path, *, served_minutes: int = 6) -> Desk:
    """Return a hall with a day of one hour in which every kind of event happens; A001 is served for
    `served_minutes`."""
    desk = hall(folder, settings={"overnight": "early_place", "wait_target_minutes": 5})

    def at(minute: float) -> Ask:
        return asked(NINE + timedelta(seconds=round(minute * 60)))

    _arrive(desk, at)
    _ratings_and_steps(desk, at, served_minutes)
    _missed_and_returned(desk, at)
    _moved(desk, at)
    _aside(desk, at)
    _left_and_ended(desk, at)
    return desk


At = Callable[[float], Ask]


def _arrive(desk: Desk, at: At) -> None:
    sign_in_and_pins.sign_in(desk, at(0), "guide", "G1")
    for window, staff in (("1", "C1"), ("3", "C3"), ("5", "C5")):
        opening.open_window(desk, at(0), window, staff=staff)
    issuing.issue(desk, at(0), "A", then=["D"])  # A001
    issuing.issue(desk, at(0.5), "A")  # A002
    issuing.issue(desk, at(0.5), "B")  # B001
    issuing.issue(desk, at(0.75), "A", klass="elderly")  # A003
    issuing.not_ready(desk, at(1), "B", item="gmgh")
    issuing.not_ready(desk, at(1), "C")


def _ratings_and_steps(desk: Desk, at: At, served_minutes: int) -> None:
    calling.call(desk, at(1), "1", ticket="A001", reason="chosen")
    calling.start(desk, at(1.5), "1")
    calling.add(desk, at(2), "1", "C")
    calling.stall(desk, at(2.25), "1", reason="bank_system")
    calling.unstall(desk, at(3), "1")
    calling.finish(desk, at(1.5 + served_minutes), "1", outcome="done")  # goes on to C, then to D
    for minute, window in ((9, "5"), (13, "5")):
        calling.call(desk, at(minute), window, ticket="A001", reason="chosen")
        calling.start(desk, at(minute + 0.5), window)
        calling.finish(desk, at(minute + 3), window)
    rating.rate(desk, at(16.5), "A001", 2)
    rating.add_reasons(desk, at(17), "A001", tags=["waited_long"])


def _missed_and_returned(desk: Desk, at: At) -> None:
    calling.call(desk, at(17), "1", ticket="A002", reason="chosen")
    calling.recall(desk, at(17.5), "1")
    calling.miss(desk, at(18), "1")
    calling.reinstate(desk, at(19), "A002")
    calling.call(desk, at(20), "1", ticket="A003", reason="chosen")
    calling.give_back(desk, at(20.5), "1", reason="pressed_by_mistake")
    calling.call(desk, at(21), "1", ticket="A002", reason="chosen")
    calling.finish(desk, at(23), "1")  # the start was skipped
    calling.reopen(desk, at(24), "1")
    calling.finish(desk, at(25), "1")
    opening.pause(desk, at(25), "1", reason="rest", minutes=5)
    opening.resume(desk, at(29), "1")
    calling.call(desk, at(29.25), "1")  # A003
    calling.start(desk, at(29.5), "1")
    calling.finish(desk, at(31), "1")
    rating.rate(desk, at(31.25), "A003", 5)


def _moved(desk: Desk, at: At) -> None:
    issuing.issue(desk, at(30), "A")  # A004
    issuing.issue(desk, at(30), "A")  # A005
    calling.postpone(desk, at(30.5), "A004")
    calling.redirect(desk, at(31), "B", ticket="A005")  # while it waits
    calling.call(desk, at(31.5), "3", ticket="B001", reason="chosen")
    calling.start(desk, at(32), "3")
    calling.redirect(desk, at(34.5), "C", window="3")  # after its start
    calling.call(desk, at(35), "3", ticket="A005", reason="chosen")
    calling.redirect(desk, at(35.75), "D", window="3")  # called only
    calling.call(desk, at(36), "5", ticket="B001", reason="chosen")
    calling.start(desk, at(36.5), "5")
    calling.transfer(desk, at(38), "5", "B", to_window="3")
    calling.call(desk, at(38.5), "5")  # A005, the only one window 5 may call
    calling.start(desk, at(38.75), "5")
    calling.finish(desk, at(40), "5")
    calling.serve(desk, at(41), "5", "A", reason="one_question")  # A006, past those who wait
    calling.finish(desk, at(41.5), "5")


def _aside(desk: Desk, at: At) -> None:
    calling.call(desk, at(42), "3", ticket="B001", reason="chosen")
    calling.start(desk, at(42.5), "3")
    calling.park(desk, at(44), "3", reason="copying")
    calling.unpark(desk, at(47), "5", "B001")
    calling.finish(desk, at(48), "5")
    calling.call(desk, at(48.5), "1", ticket="A004", reason="chosen")
    calling.start(desk, at(48.75), "1")
    calling.park(desk, at(49), "1", reason="copying")  # nobody takes it back: day-end closes it


def _left_and_ended(desk: Desk, at: At) -> None:
    for minute in (49, 49, 49, 50, 50, 50):
        issuing.issue(desk, at(minute), "A")  # A007 … A012
    calling.leave(desk, at(51), "A007")
    calling.void(desk, at(52), "A008", reason="issued_twice")
    calling.defer(desk, at(53), "A009")
    opening.close(desk, at(54), "1")
    calling.call(desk, at(54.5), "3", ticket="A010", reason="chosen")
    calling.miss(desk, at(56), "3")
    calling.call(desk, at(56.5), "3", ticket="A011", reason="chosen")
    calling.start(desk, at(57), "3")
    calling.leave(desk, at(58), "A012")
    issuing.issue(desk, at(59), "B")  # B002
    calling.call(desk, at(59.5), "5", ticket="B002", reason="chosen")
    issuing.issue(desk, at(59.75), "D")  # D001
    sign_in_and_pins.sign_out(desk, at(60), "guide")
    clocks.end_today(desk, at(61))
