"""The notes of the stations that run on this PC, and the orders they take."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QWidget

from queuedesk.app.station import running
from queuedesk.app.station.running import CLOSE, FRONT, RunningWindowNote
from queuedesk.app.this_pc import config
from queuedesk.core.talk.screen import AWAY, CLOSED, RUNNING
from tests.hall import Clock, at


class Window(QWidget):
    """What a note needs of a station's window."""

    def __init__(self) -> None:
        super().__init__()
        self.forward = 0
        self.closes = 0

    def bring_to_front(self) -> None:
        self.forward += 1

    def close(self) -> bool:
        self.closes += 1
        return True


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "config_file", lambda: tmp_path / "config.json")


@pytest.fixture
def open_station(qapp, tmp_path):
    opened = []

    def open_(name: str = "counter-3", *, only: bool = False) -> tuple[RunningWindowNote, Window, dict, Clock]:
        window = Window()
        clock = Clock(at("9:00"))
        said = {"station": name.partition("-")[0], "window": "3", "words": [name], "who": "Zhou Lin"}
        presence = RunningWindowNote(window, name, (str(tmp_path / "hall.sqlite"), None), lambda: said, clock)
        opened.append((presence, window))
        presence.start(only=only)
        return presence, window, said, clock

    yield open_
    for presence, window in opened:
        presence.stop()
        window.deleteLater()


def there(tmp_path, time="9:00", **later):
    return running.stations_that_ran_here_today(str(tmp_path / "hall.sqlite"), at(time) + timedelta(**later))


def test_a_station_is_listed_with_what_it_lacks_while_it_runs_and_for_a_day_after(open_station, tmp_path):
    presence, _window, said, clock = open_station()
    [one] = there(tmp_path)
    assert (one.station, one.window, one.who) == ("counter", "3", "Zhou Lin")
    assert (one.state, one.words) == (RUNNING, ("counter-3",))
    assert running.stations_that_ran_here_today(str(tmp_path / "other.sqlite"), at("9:00")) == []
    clock.now = at("9:58")
    said["missing"] = "screen"
    presence.write_note_and_obey_order()
    [one] = there(tmp_path)
    assert (one.state, one.missing, one.since) == (AWAY, "screen", at("9:58"))
    presence.stop()
    [one] = there(tmp_path)
    assert (one.state, one.since, one.fell) == (CLOSED, at("9:58"), False)
    assert there(tmp_path, days=1, minutes=58) == []
    assert there(tmp_path) == [], "its note has gone"


def test_two_of_a_name_are_two_and_one_that_was_killed_did_not_close(open_station, tmp_path):
    open_station()
    open_station()
    one, other = there(tmp_path)
    assert one.key != other.key
    folder = tmp_path / "running"
    shutil.copyfile(folder / f"{one.key}.json", folder / "killed.json")  # a note whose lock nobody holds
    now_there = running.stations_that_ran_here_today(str(tmp_path / "hall.sqlite"), datetime.now(UTC))
    killed = next(one for one in now_there if one.key == "killed")
    assert (killed.state, killed.fell) == (CLOSED, True)


def test_a_station_does_what_it_is_told(open_station, tmp_path):
    presence, window, _said, _clock = open_station()
    [one] = there(tmp_path)
    running.write_front_or_close_order(one.key, FRONT)
    presence.write_note_and_obey_order()
    assert (window.forward, window.closes) == (1, 0)
    running.write_front_or_close_order(one.key, CLOSE)
    running.write_front_or_close_order(one.key, FRONT)
    presence.write_note_and_obey_order()
    presence.write_note_and_obey_order()
    assert (window.forward, window.closes) == (2, 1), "done once, and seen by whoever has to answer a question"


def test_a_pc_has_one_home_for_its_hall(open_station, tmp_path):
    place = str(tmp_path / "hall.sqlite")
    assert not running.bring_home_to_front(place)
    home, window, _said, _clock = open_station(running.HOME, only=True)
    second, _other, _more, _late = open_station(running.HOME, only=True)
    assert running.bring_home_to_front(place)
    home.write_note_and_obey_order()
    assert window.forward == 1
    assert not second.start(only=True)
    assert there(tmp_path) == [], "home itself is none of the stations"
