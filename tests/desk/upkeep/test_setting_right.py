"""A log that ran ahead of time: a manager sets it right, and the hall goes on from the true day with nothing counted
that never was."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.appointment import Booked
from queuedesk.core.queue.ticket import State
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import clocks
from queuedesk.features.appointments import verbs as booking
from queuedesk.reports.figures.period import read_day
from queuedesk.store.log import book, log_dates
from queuedesk.store.parts import sharing
from queuedesk.store.parts import sharing as store_devices
from tests import whole_halls
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, at, clerk, made_once, simple_hall

TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)


def begun(folder: Path) -> Hall:
    """Thursday with one served; on Friday morning the clock is a day ahead: two are served under Saturday's date, one
    of them rated, and three wait."""
    hall = simple_hall(folder, time="16:00", start=at("16:00") - timedelta(days=1))
    hall.open("1", "C1")
    hall.queue("A")
    hall.serve_out("1")
    hall.do("day-end")
    hall.clock.now = at("9:00") + timedelta(days=1)
    hall.open("1", "C1")
    hall.queue("A", "A", "A", "A", "B")
    hall.serve_out("1")
    hall.do("rate", "A001", 5)
    hall.serve_out("1")
    hall.clock.now = at("9:30")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


def set_right(hall: Hall, **words: Any) -> dict[str, Any]:
    return clocks.set_right(hall.desk, hall.ask(MANAGER), **words)


def refused(work: Any, *args: Any, **words: Any) -> str:
    with pytest.raises(RuleError) as told:
        work(*args, **words)
    return told.value.code


def out_of(hall: Hall, day: date) -> dict[str, int]:
    figures = read_day(hall.desk, day, hall.clock()).figures
    return {one["what"]: one["n"] for one in figures["left_out"]} | {"issued": figures["issued"]}


def test_a_morning_that_was_a_day_ahead_goes_on_on_the_true_day(hall: Hall) -> None:
    seen = clocks.preview_setting_right(hall.desk, hall.ask(MANAGER))
    before = hall.last().seq

    told = set_right(hall)

    assert told == seen
    assert (told["tickets"], told["ratings"], told["waiting"], told["windows"]) == (5, 1, 3, 1)
    assert (told["date"], told["dates"]) == ("2026-11-20", ["2026-11-21"])
    assert [e.kind for e in hall.log(before)] == ["day-end", "set-right"]
    assert (hall.last().at, hall.last().actor) == (at("9:30"), "M1")
    hall.must_follow_from_its_log()

    assert hall.issue("A") == "A005", "no number twice: people have A001 to A004 in their hands"
    assert hall.last().data["date"] == "2026-11-20"
    assert hall.last().at == at("9:30")
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_the_wrong_date_is_no_day_that_was_and_is_counted_nowhere(hall: Hall) -> None:
    set_right(hall)
    hall.open("1", "C1")
    hall.queue("A")
    hall.serve_out("1")

    assert out_of(hall, TODAY) == {"issued": 1, "wrong_time": 5, "unrated": 1}
    assert out_of(hall, TOMORROW) == {"issued": 0}
    with hall.desk.db.read() as tx:
        assert set(log_dates.logged_dates(tx, hall.desk.hall, {"issue", "call", "finish"}, ())) == {
            TODAY - timedelta(days=1),
            TODAY,
        }
        assert not log_dates.was_ended(tx, hall.desk.hall, TOMORROW)
        setup = looking.setup_of(hall.desk)
        taught = sharing.observed_days(
            tx, hall.desk.hall, setup, TODAY - timedelta(days=9), TOMORROW + timedelta(days=9)
        )
    assert set(taught) == {TODAY - timedelta(days=1), TODAY}
    assert "A003" in {event.ticket for event in hall.log()}, "the log keeps what happened"


def test_when_the_wrong_date_truly_comes_its_numbers_go_on(hall: Hall) -> None:
    set_right(hall)
    hall.do("day-end")
    hall.clock.now = at("9:00") + timedelta(days=1)

    hall.open("1", "C1")
    assert hall.issue("A") == "A005"
    hall.serve_out("1")

    assert out_of(hall, TOMORROW) == {"issued": 1, "unrated": 1}
    hall.must_follow_from_its_log()


def test_one_command_in_2100_does_not_leave_the_hall_there(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.clock.now = at("9:10").replace(year=2100)
    hall.issue("A")
    hall.clock.now = at("9:15")
    hall.issue("A")
    assert hall.last().data["date"] == "2100-11-20"

    set_right(hall)

    assert hall.issue("A") == "A003"
    assert hall.last().data["date"] == "2026-11-20"
    assert out_of(hall, TODAY)["issued"] == 3
    with hall.desk.db.read() as tx:
        whole = whole_halls.whole(tx, hall.desk.hall)
    ended = [one.closed for one in whole.shifts.values()] + [one.leg.ended for one in whole.tickets.values()]
    assert [time for time in ended if time is not None] == [at("9:15")] * 3, "not at midnight, which had not come"
    hall.must_follow_from_its_log()


def test_on_the_same_date_what_a_clock_hours_ahead_told_of_a_customer_is_in_no_mean(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "A", minutes_apart=1)
    hall.clock.move(hours=5)
    hall.serve_out("1")
    hall.issue("A")
    hall.clock.now = at("9:30")

    told = set_right(hall)

    assert (told["tickets"], told["date"]) == (1, "2026-11-20")
    flags = {label: hall.ticket(label).flags for label in ("A001", "A002")}
    assert ["inaccurate" in flags[label] for label in ("A001", "A002")] == [True, True]
    assert read_day(hall.desk, TODAY, hall.clock()).figures["wait"]["n"] == 0
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_appointments_of_days_that_had_not_come_are_kept_again(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    booked = booking.book(
        hall.desk, hall.ask(GUIDE), booking.Wish(service="A", at=at("10:30") + timedelta(days=2), ref="x")
    )
    hall.issue("A")
    hall.clock.now = at("9:10").replace(year=2027)
    booking.free_due(hall.desk, hall.ask())
    hall.clock.now = at("9:10")
    with hall.desk.db.read() as tx:
        assert [one.state for one in whole_halls.whole(tx, hall.desk.hall).appointments.values()] == [Booked.GONE]

    set_right(hall)

    with hall.desk.db.read() as tx:
        (one,) = whole_halls.whole(tx, hall.desk.hall).appointments.values()
    assert (one.seq, one.state) == (booked["appointment"], Booked.BOOKED)
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_device_that_went_down_meanwhile_has_been_down_since_now(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.issue("A")
    hall.clock.now = at("9:10").replace(year=2100)
    devices.started(hall.desk, hall.ask(), "display", "display")
    devices.report(hall.desk, hall.ask(), "printer", "K1", "paper")
    hall.clock.now = at("9:15")

    set_right(hall)

    with hall.desk.db.read() as tx:
        whole = whole_halls.whole(tx, hall.desk.hall)
    assert {one.since for one in whole.devices.values()} == {at("9:15")}
    assert [(one.start, one.end) for one in whole.outages.values()] == [(at("9:15"), None)]
    devices.report(hall.desk, hall.ask(), "printer", "K1", None)
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_rebuild_leaves_the_signs_of_life_that_came_since(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.clock.now = at("9:10").replace(year=2100)
    hall.issue("A")
    hall.clock.now = at("9:15")
    set_right(hall)
    hall.clock.now = at("9:20")
    devices.started(hall.desk, hall.ask(), "display", "display")

    with hall.desk.db.write(1) as tx:
        before = store_devices.last_beats(tx, 1)
        book.rebuild(tx, 1)
        assert store_devices.last_beats(tx, 1) == before != {}


def test_a_clock_that_is_behind_takes_nothing_out(hall: Hall) -> None:
    """The log of a year and a PC whose battery is empty: it is the clock that has to be set right."""
    before = hall.last().seq
    hall.clock.now = at("9:00") - timedelta(days=400)

    assert refused(set_right, hall) == "no_leap"
    assert refused(clocks.preview_setting_right, hall.desk, hall.ask(MANAGER)) == "no_leap"
    assert hall.last().seq == before


@ON_BOTH_ENGINES
def test_what_is_not_ahead_is_not_set_right_and_only_managers_may(hall: Hall) -> None:
    assert refused(clocks.set_right, hall.desk, hall.ask(GUIDE)) == "not_your_role"
    assert refused(clocks.preview_setting_right, hall.desk, hall.ask(clerk("C1"))) == "not_your_role"
    assert refused(set_right, hall, first=2) == "no_leap"
    set_right(hall)
    assert refused(set_right, hall) == "log_not_ahead"
    assert hall.issue("A") == "A005"


@ON_BOTH_ENGINES
def test_an_id_that_is_repeated_sets_nothing_right_twice(hall: Hall) -> None:
    ask = Ask(MANAGER, hall.clock(), command="c-1", words="clock set-right")

    first = clocks.set_right(hall.desk, ask)

    assert clocks.set_right(hall.desk, ask) == first
    assert [event.kind for event in hall.log()].count("set-right") == 1
    assert hall.ticket("A001", TODAY - timedelta(days=1)).state is State.FINISHED
