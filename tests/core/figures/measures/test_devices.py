"""Which devices worked while the hall was open, from memory and tables alike; tests/reports count whole weeks again."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.figures.measures.document import ReportTally, day_figures, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.core.figures.periods import dates_between
from queuedesk.core.network.roles import HALL, actor_of_station
from queuedesk.desk import looking
from queuedesk.desk.talk import devices
from queuedesk.store.figures import measured
from queuedesk.store.parts import halls
from tests.desk.stage import only_shown
from tests.hall import DAY, Hall, at, simple_hall, simple_setup

TODAY = DAY.date()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """At 8:00, with nothing open."""
    return simple_hall(tmp_path, time="8:00")


def go(hall: Hall, time: str) -> None:
    hall.clock.now = at(time)


def start(hall: Hall, device: str, name: str) -> None:
    devices.record_station_start(hall.desk, hall.ask(actor_of_station(name)), device, name)


def report(hall: Hall, device: str, name: str, cause: str | None) -> None:
    devices.record_device_state(hall.desk, hall.ask(actor_of_station(name)), device, name, cause)


def opened(hall: Hall, first: str, last: str) -> None:
    """Let window 1 be open so long, the clock at its end."""
    go(hall, first)
    hall.open("1", "C1")
    go(hall, last)
    hall.do("close", "1")


def told(hall: Hall, first: date = TODAY, last: date = TODAY) -> list[dict[str, Any]]:
    """Return the devices of the measures from the tables; of a single date those in memory are the same."""
    with hall.desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, 1))
        tally = ReportTally.from_days(
            map(measured.HallReader(tx, 1, setup, hall.clock()).read_day, dates_between(first, last))
        )
    found = figures_document(hall_figure_scope(setup, first, last), tally, measured.LogRange())["measures"]["devices"]
    if first == last:
        state = looking.hall_state_on(hall.desk, first)
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
    outage = {"date": "2026-11-20", "from": "10:00", "to": "10:12", "cause": "out_of_paper", "minutes": 12.5}
    assert [list(row.values()) for row in told(hall)] == [
        ["display", "display", 180.0, 180.0, 1.0, []],
        ["printer", "K1", 180.0, 167.5, 0.930556, [outage]],
    ]


def test_an_outage_of_several_dates_is_told_in_each_until_it_is_given_up(hall: Hall) -> None:
    start(hall, "display", "display")
    go(hall, "9:00")
    hall.play("open 1 staff=C1", 30)
    devices.record_sign_of_life(hall.desk, hall.ask(actor_of_station("display")), "display", "display")
    hall.clock.move(minutes=30)
    devices.record_lost_stations(hall.desk, hall.ask(HALL))
    hall.do("close", "1")
    for _day in range(8):
        hall.clock.now += timedelta(days=1)
        hall.play("open 1 staff=C1", 10, "close 1", -10)
    (display,) = told(hall, TODAY, TODAY + timedelta(days=8))
    outages = [(one["date"], one["minutes"]) for one in display["outages"]]
    assert outages == [("2026-11-20", 30.0), *[(f"2026-11-{20 + n}", 10.0) for n in range(1, 7)]]
    assert (display["open_minutes"], display["up_minutes"]) == (120.0, 30.0)
    assert told(hall, TODAY + timedelta(days=8), TODAY + timedelta(days=8)) == []


def test_a_voice_counts_until_calls_are_only_shown(hall: Hall) -> None:
    """One that never worked until then counts on no date."""
    report(hall, "voice", "display", None)
    report(hall, "voice", "kiosk", "no_sound")
    go(hall, "9:00")
    hall.open("1", "C1")
    go(hall, "10:00")
    report(hall, "voice", "display", "no_sound")
    assert [row["up_minutes"] for row in told(hall)] == [60.0, 0.0]
    go(hall, "11:00")
    only_shown(hall)
    go(hall, "15:00")
    hall.do("close", "1")
    (row,) = told(hall)
    assert (row["open_minutes"], row["up_minutes"]) == (120.0, 60.0)
    assert [(one["from"], one["to"], one["cause"]) for one in row["outages"]] == [("10:00", "11:00", "no_sound")]
    hall.play(1080, "open 1 staff=C1", 120, "close 1")
    tomorrow = TODAY + timedelta(days=1)
    assert told(hall, tomorrow, tomorrow) == []


def test_stations_of_several_halls_are_told_apart(hall: Hall) -> None:
    start(hall, "display", "display")
    opened(hall, "9:00", "10:00")
    whole = ReportTally()
    with hall.desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, 1))
        for code in "TU":
            one = ReportTally.from_days([measured.HallReader(tx, 1, setup, hall.clock()).read_day(TODAY)])
            whole.merge(one, code, lambda service: service)
    found = figures_document(hall_figure_scope(setup, TODAY, TODAY), whole, measured.LogRange())["measures"]["devices"]
    assert [(one["station"], one["up_minutes"]) for one in found] == [("T/display", 60.0), ("U/display", 60.0)]


def test_a_simulated_hall_has_none(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, time="8:00", hall={**simple_setup()["hall"], "simulated": True})
    start(hall, "display", "display")
    opened(hall, "9:00", "10:00")
    assert told(hall) == []


def test_what_was_on_the_pc_that_shared_is_one_device(hall: Hall) -> None:
    """The hall is shared at 11:00: from then on the devices of its PC go by that PC's name, and another PC joins."""
    start(hall, "display", "display")
    report(hall, "printer", "K1", None)
    go(hall, "9:00")
    hall.open("1", "C1")
    for time, cause in (("10:00", "out_of_paper"), ("10:10", None)):
        go(hall, time)
        report(hall, "printer", "K1", cause)
    go(hall, "11:00")
    start(hall, "display", "display@Front")
    go(hall, "11:05")
    report(hall, "printer", "K1@Front", None)
    start(hall, "display", "display@Back")
    go(hall, "12:00")
    hall.do("close", "1")
    rows = [(row["station"], row["open_minutes"], row["up_minutes"]) for row in told(hall)]
    assert rows == [("display@Back", 55.0, 55.0), ("display@Front", 180.0, 180.0), ("K1@Front", 180.0, 170.0)]
    assert {row["station"] for row in devices.device_rows(hall.desk)} == {"display@Back", "display@Front", "K1@Front"}
