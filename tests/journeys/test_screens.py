"""Several monitors on one PC: each station stays on its own, goes with it and comes back; a late hall is waited for."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.desk.talk import devices
from tests.app.wall import LEFT, RIGHT, Wall
from tests.bounded import until
from tests.hall import Hall, hall_of_today
from tests.processes import Loaded, ran

ROOT = Path(__file__).resolve().parents[2]
ON_THE_LEFT, ON_THE_RIGHT = (0, 0, 1280, 720), (1280, 0, 1280, 720)


class Pc:
    """A PC with two monitors; `run` is a command on it that ends by itself, `open` one that stays."""

    def __init__(self, hall: Hall, home: Path) -> None:
        self.hall, self.wall = hall, Wall()
        self.wall.plug("LEFT", LEFT, "screen")
        self.wall.plug("RIGHT", RIGHT)
        self._own = {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home), "PYTHONPATH": str(ROOT)}
        self._own |= {**self.wall.environment, "DBUS_SESSION_BUS_ADDRESS": ""}
        self._opened: list[Loaded] = []
        self._log = home / "queuedesk" / "log"

    def _line(self, words: tuple[str, ...]) -> list[object]:
        return ["-m", "queuedesk", "--db", self.hall.path, "--lang", "en", *words]

    def run(self, *words: str) -> str:
        done = ran(*self._line(words), **self._own)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def open(self, *words: str) -> Loaded:
        self._opened.append(Loaded(self._line(words), {**os.environ, **self._own}))
        return self._opened[-1]

    def known(self) -> dict[str, str]:
        """Return how each device of the hall stands: "up", or why it does not."""
        rows = devices.device_rows(self.hall.desk)
        return {f"{row['device']} {row['station']}": row["cause"] or "up" for row in rows}

    def stop(self) -> None:
        for each in self._opened:
            if each.poll() is None:
                each.terminate()
        for each in self._opened:
            each.communicate()
        self.wall.stop()


@pytest.fixture
def pc(tmp_path: Path) -> Iterator[Pc]:
    found = Pc(hall_of_today(tmp_path), tmp_path / "home")
    yield found
    found.stop()


@pytest.mark.journey
def test_each_station_stays_on_its_monitor_and_goes_and_comes_with_it_until_another_takes_it_over(pc: Pc) -> None:
    assert "2  RIGHT  1280x720  Display" in pc.run("screen", "set", "2", "size=55")
    display = pc.open("display", "--screen", "2")
    pc.open("plate", "--window", "1", "--screen", "1")
    until(lambda: pc.wall.windows("Hall display") == [ON_THE_RIGHT])
    until(lambda: pc.wall.windows("Window plate") == [ON_THE_LEFT])
    until(lambda: pc.known() == {"display display-2": "up", "plate plate-1": "up"})
    pc.wall.unplug("RIGHT")
    until(lambda: pc.wall.windows("Hall display") == [])
    until(lambda: pc.known().get("screen display-2") == "unplugged")
    assert pc.known()["display display-2"] == "up", "it waits for its monitor"
    pc.wall.plug("RIGHT", RIGHT)
    until(lambda: pc.wall.windows("Hall display") == [ON_THE_RIGHT])
    until(lambda: pc.known()["screen display-2"] == "up")
    pc.open("plate", "--window", "2", "--screen", "RIGHT")
    assert display.wait() == 0
    until(lambda: sorted(pc.wall.windows("Window plate")) == [ON_THE_LEFT, ON_THE_RIGHT])
    until(lambda: pc.wall.windows("Hall display") == [])
    assert pc.known()["display display-2"] == "stopped"


@pytest.mark.journey
def test_a_hall_that_is_not_there_yet_is_waited_for(pc: Pc, tmp_path: Path) -> None:
    """As after a power cut, when the disk or the network comes later than the screen."""
    away = tmp_path / "away.sqlite"
    pc.hall.desk.db.dispose()
    shutil.move(pc.hall.path, away)
    pc.open("display", "--screen", "2")
    until(lambda: pc.wall.windows("Hall display") == [ON_THE_RIGHT])
    shutil.move(away, pc.hall.path)
    until(lambda: pc.known() == {"display display-2": "up"})
    # Not at once: what looks for windows finds none where one goes meanwhile, here the one that waited.
    until(lambda: pc.wall.windows("Hall display") == [ON_THE_RIGHT])
    assert looking.setup_of_hall(pc.hall.desk).hall.code
