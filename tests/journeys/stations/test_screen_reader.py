"""Customers' ways from number to thanks by a screen reader alone: real stations, real AT-SPI, no eye and no mouse."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.talk.screen import all_stations
from tests.app.wall import Wall
from tests.bounded import PATIENCE_S, until
from tests.hall import Hall, at, make_hall
from tests.processes import Loaded

ROOT = Path(__file__).resolve().parents[3]
HALL = "East City Power Service Hall"
STEPS = ("issue", "call", "start", "finish", "rate")
MOMENT = at("10:40").isoformat()
KIOSK, COUNTER, RATING = "QueueDesk Kiosk", "QueueDesk Counter 3", "QueueDesk Rating screen 3"
HAS_KIOSK = "kiosk" in all_stations()
FRONT_DESK, DISPLAY, PLATE = "QueueDesk Front desk", "QueueDesk Hall display", "QueueDesk Window plate 3"
TITLES = {
    **({KIOSK: f"Kiosk – {HALL}"} if HAS_KIOSK else {}),
    COUNTER: "Counter 3 – Pay a bill, Account services",
    RATING: "Rating screen 3 – Pay a bill, Account services",
    FRONT_DESK: f"Front desk – {HALL}",
    DISPLAY: f"Hall display – {HALL}",
    PLATE: "Window plate 3 – Pay a bill, Account services",
}
BETWEEN_S, AGAIN_S = 0.1, 1.7
NO_ROLES = ("filler", "unknown", "invalid", "")


class Session:
    """A person's session with a bus for accessibility: stations run in it, and one screen reader."""

    def __init__(self, home: Path) -> None:
        self._wall = Wall()
        # A socket's path has to be short.
        self._sockets = tempfile.mkdtemp(prefix="qd")
        homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home))
        own = {"XDG_RUNTIME_DIR": self._sockets, "GSETTINGS_BACKEND": "memory", "PYTHONPATH": str(ROOT)}
        self._own = {**os.environ, **self._wall.environment, **homes, **own, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        self._running: list[subprocess.Popen[str] | Loaded] = []
        bus = self._start("dbus-daemon", "--session", "--nofork", "--print-address=1")
        self._own["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        # libatspi's bindings belong to the system's Python.
        self._reader = self._start("/usr/bin/python3", str(Path(__file__).with_name("screen_reader.py")))

    def _start(self, *words: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        started = subprocess.Popen(words, env=self._own, stdin=pipe, stdout=pipe, encoding="utf-8")
        self._running.append(started)
        return started

    def station(self, hall: Hall, *words: str, **own: str) -> None:
        line = ["-m", "queuedesk", "--db", hall.path, "--lang", "en", *words, "--at", MOMENT]
        self._running.append(Loaded(line, {**self._own, **own}))

    def ask(self, *words: str) -> Any:
        """Have the screen reader do something; walking a whole tree leaves stations little time, so wait first."""
        time.sleep(BETWEEN_S)
        print(json.dumps(words), file=self._reader.stdin, flush=True)
        return json.loads(self._reader.stdout.readline())

    def stop(self) -> None:
        for each in reversed(self._running):
            each.terminate()
            each.wait(PATIENCE_S)
            for pipe in (each.stdin, each.stdout, each.stderr):
                if pipe is not None:
                    pipe.close()
        self._wall.stop()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def read(self, program: str, *names: str) -> list[tuple[str, str]]:
        """Return role and name of everything that a program shows if all of these are among it at once."""
        found = [(role, name) for role, name in self.ask("read", program) or []]
        return found if {*names} <= {name for _role, name in found} else []

    def shows(self, program: str, *names: str) -> bool:
        return bool(self.read(program, *names))

    def until_shown(self, program: str, *names: str) -> None:
        """Wait until a program shows all of these at once: a tree is read part by part while its page may change."""
        until(lambda: self.shows(program, *names), f"{program}: {names}")

    def press(self, program: str, begin: str, done: Callable[[], bool]) -> None:
        """Press the control whose name begins so, again and again as people do: a new page takes no press."""
        since = 0.0

        def is_done() -> bool:
            nonlocal since
            if not done() and time.monotonic() > since + AGAIN_S and self.ask("press", program, begin):
                since = time.monotonic()
            return done()

        until(is_done, f"{program}: {begin}")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    found = Session(tmp_path / "home")
    yield found
    found.stop()


@pytest.mark.journey
def test_a_number_a_call_a_service_and_a_rating_by_a_screen_reader_alone(session: Session, tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:30")
    hall.open("3", "C3")
    hall.do("sign-in", "guide", "G1")
    slips, own = tmp_path / "slips", tmp_path / "kiosk" / "queuedesk"
    if HAS_KIOSK:
        own.mkdir(parents=True)
        own.joinpath("config.json").write_text(json.dumps({"printer": f"png:{slips}", "kiosk": "K2"}), encoding="utf-8")
        session.station(hall, "kiosk", XDG_CONFIG_HOME=str(own.parent))
    for words in (("guide",), ("display",), *((name, "--window", "3") for name in ("counter", "plate", "rating"))):
        session.station(hall, *words)

    def has(kind: str, times: int = 1) -> bool:
        return sum(event.kind == kind for event in hall.log()) == times

    if HAS_KIOSK:
        session.press(KIOSK, "Account services", lambda: has("issue"))
        session.until_shown(KIOSK, "Your number: B001", "Account services", "Wait: no wait", "When called: Window 3")
        until(slips.joinpath("B001.png").exists, "the slip")
        assert [event.actor for event in hall.log() if event.kind == "issue"] == ["station:K2"]
    else:
        hall.queue("B")
    session.press(FRONT_DESK, "Account services", lambda: session.shows(FRONT_DESK, "Give ticket"))
    session.press(FRONT_DESK, "Give ticket", lambda: has("issue", 2))
    session.until_shown(FRONT_DESK, "B002", "Please write down B002.")
    session.press(FRONT_DESK, "Noted", lambda: session.shows(FRONT_DESK, "Who is waiting", "Favourite items"))
    session.press(COUNTER, "Call next", lambda: has("call"))
    session.until_shown(COUNTER, "Called", "B001")
    session.until_shown(DISPLAY, "B001 Window 3 left, area A")
    session.until_shown(PLATE, "Window 3 · Please come to this window · B001")
    session.press(COUNTER, "Customer is here", lambda: has("start"))
    session.press(COUNTER, "Finish", lambda: has("finish"))
    session.until_shown(RATING, "How was your visit?", "Your number B001 · Account services")
    session.press(RATING, "Satisfied", lambda: has("rate"))
    session.until_shown(RATING, "Thank you!", "Your rating is saved")

    for words in (*(["Your number: B001"] if HAS_KIOSK else []), "B001 Window 3", "How was your visit?", "Thank you!"):
        until(lambda words=words: words in "\n".join(session.ask("heard")), words)
    for program, title in TITLES.items():
        shown = until(lambda program=program, title=title: session.read(program, title), title)
        nameless = [name for role, name in shown if name and role in NO_ROLES]
        assert nameless == [], program
    assert [event.kind for event in hall.log() if event.kind in STEPS] == ["issue", *STEPS]
