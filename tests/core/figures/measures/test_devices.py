"""Which devices worked while the hall was open: from a hall in memory and from the tables alike."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.figures.measures.document import Tally, day_figures, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.figures.periods import dates_between
from queuedesk.core.network.roles import HALL, station
from queuedesk.desk import looking
from queuedesk.desk.talk import devices
from queuedesk.store.figures import measured
from queuedesk.store.parts import halls
from tests.desk.equipment import only_shown
from tests.hall import DAY, Hall, at, simple_hall, simple_setup

TODAY = DAY.date()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """At 8:00, with nothing open."""
    return simple_hall(tmp_path, time="8:00")


def go(hall: Hall, time: str) -> None:
    hall.clock.now = at(time)


def start(hall: Hall, device: str, name: str) -> None:
    devices.started(hall.desk, hall.ask(station(name)), device, name)


def stop(hall: Hall, device: str, name: str) -> None:
    devices.stopped(hall.desk, hall.ask(station(name)), device, name)


def report(hall: Hall, device: str, name: str, cause: str | None) -> None:
    devices.report(hall.desk, hall.ask(station(name)), device, name, cause)


def opened(hall: Hall, first: str, last: str) -> None:
    """Let window 1 be open so long, the clock at its end."""
    go(hall, first)
    hall.open("1", "C1")
    go(hall, last)
    hall.do("close", "1")


def told(hall: Hall, first: date = TODAY, last: date = TODAY) -> list[dict[str, Any]]:
    """Return the devices of the measures as read from the tables; of a single date those of a hall in memory are the
    same."""
    with hall.desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, 1))
        tally = Tally()
        for rows in map(measured.Reader(tx, 1, setup, hall.clock()).day, dates_between(first, last)):
            tally.add(rows)
    found = figures(scope_of(setup, first, last), tally, measured.LogRange())["measures"]["devices"]
    if first == last:
        state = looking.hall_on(hall.desk, first)
        log = [event for event in hall.log() if event.date == first]
        assert day_figures(state, first, hall.clock(), log)["measures"]["devices"] == found
    return list(found)


def test_up_is_what_is_left_of_the_open_time_without_the_outages(hall: Hall) -> None:
    start(hall, "display", "display")
    report(hall, "printer", "K1", None)
    go(hall, "9:00")
    hall.open("1", "C1")
    go(hall, "10:00")
    report(hall, "printer", "K1", "out_of_paper")
    go(hall, "10:12:30")
    report(hall, "printer", "K1", None)
    go(hall, "12:00")
    hall.do("close", "1")
    report(hall, "printer", "K1", "offline")

    assert told(hall) == [
        {
            "device": "display",
            "station": "display",
            "open_minutes": 180.0,
            "up_minutes": 180.0,
            "rate": 1.0,
            "outages": [],
        },
        {
            "device": "printer",
            "station": "K1",
            "open_minutes": 180.0,
            "up_minutes": 167.5,
            "rate": 0.930556,
            "outages": [
                {"date": "2026-11-20", "from": "10:00", "to": "10:12", "cause": "out_of_paper", "minutes": 12.5}
            ],
        },
    ]


def test_open_is_from_the_first_window_to_the_last_and_outages_are_cut_to_it(hall: Hall) -> None:
    start(hall, "kiosk", "K1")
    go(hall, "8:30")
    report(hall, "printer", "K1", "offline")
    opened(hall, "9:00", "10:00")
    go(hall, "10:30")
    report(hall, "printer", "K1", None)
    opened(hall, "11:00", "12:00")
    stop(hall, "kiosk", "K1")

    kiosk, printer = told(hall)
    assert (kiosk["open_minutes"], kiosk["up_minutes"], kiosk["outages"]) == (180.0, 180.0, [])
    assert (printer["up_minutes"], printer["outages"]) == (
        90.0,
        [{"date": "2026-11-20", "from": "09:00", "to": "10:30", "cause": "offline", "minutes": 90.0}],
    )


def test_a_device_counts_from_its_first_event_on(hall: Hall) -> None:
    opened(hall, "9:00", "9:30")
    go(hall, "10:00")
    start(hall, "display", "display")
    opened(hall, "11:00", "12:00")

    (display,) = told(hall)
    assert (display["open_minutes"], display["up_minutes"]) == (120.0, 120.0)


def test_what_goes_on_has_no_end_while_the_hall_is_open(hall: Hall) -> None:
    start(hall, "display", "display")
    go(hall, "9:00")
    hall.open("1", "C1")
    go(hall, "9:40")
    stop(hall, "display", "display")
    go(hall, "10:00")
    running = {"date": "2026-11-20", "from": "09:40", "to": None, "cause": "stopped", "minutes": 20.0}
    assert told(hall)[0]["outages"] == [running]
    hall.do("close", "1")

    assert told(hall)[0]["outages"] == [{**running, "to": "10:00"}]


def test_a_date_on_which_nobody_started_it_is_none_of_its(hall: Hall) -> None:
    start(hall, "display", "display")
    start(hall, "kiosk", "K1")
    opened(hall, "9:00", "10:00")
    stop(hall, "display", "display")
    stop(hall, "kiosk", "K1")
    hall.clock.now += timedelta(days=1)
    start(hall, "kiosk", "K1")
    hall.open("1", "C1")
    hall.clock.move(hours=1)
    hall.do("close", "1")
    tomorrow = TODAY + timedelta(days=1)

    assert [one["device"] for one in told(hall, tomorrow, tomorrow)] == ["kiosk"]
    both = {one["device"]: (one["open_minutes"], one["rate"]) for one in told(hall, TODAY, tomorrow)}
    assert both == {"kiosk": (120.0, 1.0), "display": (60.0, 1.0)}


def test_an_outage_of_several_dates_is_told_in_each_until_it_is_given_up(hall: Hall) -> None:
    start(hall, "display", "display")
    go(hall, "9:00")
    hall.open("1", "C1")
    hall.clock.move(minutes=30)
    devices.beat(hall.desk, hall.ask(station("display")), "display", "display")
    hall.clock.move(minutes=30)
    devices.find_lost(hall.desk, hall.ask(HALL))
    hall.do("close", "1")
    for _day in range(8):
        hall.clock.now += timedelta(days=1)
        hall.open("1", "C1")
        hall.clock.move(minutes=10)
        hall.do("close", "1")
        hall.clock.move(minutes=-10)

    (display,) = told(hall, TODAY, TODAY + timedelta(days=8))
    assert [(one["date"], one["minutes"]) for one in display["outages"]] == [
        ("2026-11-20", 30.0),
        *[(f"2026-11-{20 + n}", 10.0) for n in range(1, 7)],
    ]
    assert (display["open_minutes"], display["up_minutes"]) == (120.0, 30.0)
    assert told(hall, TODAY + timedelta(days=8), TODAY + timedelta(days=8)) == []


def test_a_voice_counts_until_calls_are_only_shown(hall: Hall) -> None:
    report(hall, "voice", "display", None)
    go(hall, "9:00")
    hall.open("1", "C1")
    go(hall, "10:00")
    report(hall, "voice", "display", "no_sound")
    go(hall, "11:00")
    only_shown(hall)
    go(hall, "15:00")
    hall.do("close", "1")
    (row,) = told(hall)
    assert (row["open_minutes"], row["up_minutes"]) == (120.0, 60.0)
    assert [(one["from"], one["to"], one["cause"]) for one in row["outages"]] == [("10:00", "11:00", "no_sound")]

    hall.clock.move(hours=18)
    hall.open("1", "C1")
    hall.clock.move(hours=2)
    hall.do("close", "1")
    tomorrow = TODAY + timedelta(days=1)
    assert told(hall, tomorrow, tomorrow) == []


def test_a_voice_that_was_never_heard_until_calls_are_only_shown_counts_on_no_date(hall: Hall) -> None:
    go(hall, "9:00")
    hall.open("1", "C1")
    report(hall, "voice", "display", "no_sound")
    go(hall, "10:00")
    assert [row["up_minutes"] for row in told(hall)] == [0.0]
    only_shown(hall)
    go(hall, "15:00")
    hall.do("close", "1")

    assert told(hall) == []


def test_a_date_without_an_open_window_has_no_devices(hall: Hall) -> None:
    start(hall, "display", "display")

    assert told(hall) == []


def test_stations_of_several_halls_are_told_apart(hall: Hall, tmp_path: Path) -> None:
    start(hall, "display", "display")
    opened(hall, "9:00", "10:00")
    with hall.desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, 1))
        tally, other, whole = Tally(), Tally(), Tally()
        for each in (tally, other):
            each.add(measured.Reader(tx, 1, setup, hall.clock()).day(TODAY))
    for code, each in (("T", tally), ("U", other)):
        whole.merge(each, code, lambda service: service)
    found = figures(scope_of(setup, TODAY, TODAY), whole, measured.LogRange())["measures"]["devices"]

    assert [(one["station"], one["up_minutes"]) for one in found] == [("T/display", 60.0), ("U/display", 60.0)]


def test_what_was_on_the_pc_that_shared_is_one_device(hall: Hall) -> None:
    """The hall is shared at 11:00: from then on the devices of its PC go by that PC's name, and another PC joins."""
    start(hall, "display", "display")
    start(hall, "kiosk", "K1")
    report(hall, "printer", "K1", None)
    report(hall, "voice", "display", None)
    go(hall, "9:00")
    hall.open("1", "C1")
    go(hall, "10:00")
    report(hall, "printer", "K1", "out_of_paper")
    go(hall, "10:10")
    report(hall, "printer", "K1", None)
    go(hall, "11:00")
    start(hall, "kiosk", "K1@Front")
    start(hall, "display", "display@Front")
    go(hall, "11:05")
    report(hall, "printer", "K1@Front", None)
    start(hall, "display", "display@Back")
    go(hall, "11:30")
    stop(hall, "display", "display@Front")
    go(hall, "11:40")
    start(hall, "display", "display@Front")
    go(hall, "12:00")
    hall.do("close", "1")

    assert [
        (
            row["device"],
            row["station"],
            row["open_minutes"],
            row["up_minutes"],
            [one["cause"] for one in row["outages"]],
        )
        for row in told(hall)
    ] == [
        ("kiosk", "K1@Front", 180.0, 180.0, []),
        ("display", "display@Back", 55.0, 55.0, []),
        ("display", "display@Front", 180.0, 170.0, ["stopped"]),
        ("printer", "K1@Front", 180.0, 170.0, ["out_of_paper"]),
        ("voice", "display", 120.0, 120.0, []),  # nobody was called since: nothing tells of it by another name
    ]
    assert {(row["device"], row["station"]) for row in devices.device_rows(hall.desk)} == {
        ("kiosk", "K1@Front"),
        ("display", "display@Front"),
        ("display", "display@Back"),
        ("printer", "K1@Front"),
    }


def test_what_somebody_had_ended_before_the_hall_was_shared_was_off_until_it_began_again(hall: Hall) -> None:
    start(hall, "display", "display")
    go(hall, "9:00")
    hall.open("1", "C1")
    go(hall, "10:00")
    stop(hall, "display", "display")
    go(hall, "11:00")
    start(hall, "display", "display@Front")
    go(hall, "12:00")
    hall.do("close", "1")

    (display,) = told(hall)
    assert (display["station"], display["open_minutes"], display["up_minutes"]) == ("display@Front", 180.0, 120.0)
    assert [(one["from"], one["to"], one["cause"]) for one in display["outages"]] == [("10:00", "11:00", "stopped")]


def test_a_simulated_hall_has_none(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, time="8:00", hall={**simple_setup()["hall"], "simulated": True})
    start(hall, "display", "display")
    opened(hall, "9:00", "10:00")

    assert told(hall) == []
