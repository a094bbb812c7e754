"""Stations as processes of their own: what the log says when one is ended or killed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queuedesk.app.station import running
from queuedesk.core.network.roles import HALL
from queuedesk.core.talk.screen import RUNNING, RunningStation
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import devices
from queuedesk.desk.talk.devices import LOST_AFTER
from tests.bounded import PATIENCE_S, until
from tests.hall import Hall, hall_of_today
from tests.processes import Loaded, at_home


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))  # where the stations leave their notes
    return hall_of_today(tmp_path)


@pytest.fixture
def opened(hall: Hall, tmp_path: Path) -> Iterator[list[Loaded]]:
    """The processes of the test; whatever still runs at its end is killed."""
    running: list[Loaded] = []
    yield running
    for each in running:
        each.kill()
        each.communicate()


def open_station(hall: Hall, opened: list[Loaded], *words: str) -> Loaded:
    one = Loaded(["-m", "queuedesk", "--db", hall.path, *words], at_home(hall.path.parent))
    opened.append(one)
    return one


def told(hall: Hall, n: int) -> list[tuple[str, str, str, str | None]]:
    """Wait for `n` events about displays and return them: device, station, state, cause."""

    def rows() -> list[tuple[str, str, str, str | None]]:
        found = (event.data for event in looking.events_after(hall.desk, 0) if event.kind == "device")
        # A slow PC makes its due backup meanwhile.
        displays = (data for data in found if data["device"] == "display")
        return [(data["device"], data["station"], data["state"], data["cause"]) for data in displays]

    until(lambda: len(rows()) >= n)
    return rows()


def close_last_opened(hall: Hall) -> None:
    """Close the last opened of two stations from home: Windows has no signal that asks for an end."""

    def both() -> list[RunningStation]:
        there = running.stations_that_ran_here_today(str(hall.path), datetime.now(UTC))
        at_work = [station for station in there if station.state == RUNNING]
        return at_work if len(at_work) == 2 else []

    running.write_front_or_close_order(until(both)[-1].key, running.CLOSE)


@pytest.mark.journey
def test_a_display_that_is_killed_is_found_and_was_there_last_and_one_that_is_ended_says_so(hall, opened):
    """Of two displays on one PC the killed one is named; started again it takes its own name back."""
    first = open_station(hall, opened, "display")
    assert told(hall, 1) == [("display", "display", "up", None)]
    open_station(hall, opened, "display")
    assert told(hall, 2)[1:] == [("display", "display#2", "up", None)]
    first.kill()
    first.wait()
    killed = datetime.now(UTC)
    devices.record_sign_of_life(hall.desk, Ask(HALL, killed + LOST_AFTER), "display", "display#2")
    found = devices.record_lost_stations(hall.desk, Ask(HALL, killed + LOST_AFTER))
    assert found == {"lost": [["display", "display"]]}
    lost = hall.last()
    assert (lost.kind, lost.actor, lost.data["state"], lost.data["cause"]) == ("device", "hall", "down", "lost")
    assert hall.log()[1].time <= lost.time <= killed
    again = open_station(hall, opened, "display")
    assert told(hall, 4)[3] == ("display", "display", "up", None)
    close_last_opened(hall)
    again.wait(PATIENCE_S)
    assert told(hall, 5)[4] == ("display", "display", "down", "stopped")
    hall.must_follow_from_its_log()
