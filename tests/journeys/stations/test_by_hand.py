"""Real stations by one way to use them alone: by clicks and typing to the first call, by keys, by a screen reader."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.app.main import main
from queuedesk.app.station import program
from queuedesk.app.station.wiring import Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc.config import Config
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import opening
from queuedesk.i18n import _, current_language
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.home.stations_view import RunningStationsPage, StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.rating.controller import RatingStage
from queuedesk.stations.signing_in import SignInView
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.widgets.questions.dialogs import REPEAT_MS, RepeatedPressFilter
from queuedesk.stations.window.frame import OnePageWindow, Preferences
from queuedesk.stations.window.style import Look, apply_look_to_app
from queuedesk.store.engine.database import Database
from tests.app.wall import Wall
from tests.bounded import MOST_S, PATIENCE_S, Stopwatch, until
from tests.every_day import walked_in
from tests.hall import Hall, at, made_once, make_hall
from tests.journeys.stations.once_open import once_open
from tests.offline import ways
from tests.processes import Loaded, at_home, ran


class Touches:
    """Hands that count what they do; at each press they move a guard's clock on by as much as it asks for."""

    def __init__(self) -> None:
        self.clicks = self.fields = self.keys = self._guard_ms = 0
        guard = partial(RepeatedPressFilter, now_ms=lambda: self._guard_ms)
        pytest.MonkeyPatch().setattr(program, "RepeatedPressFilter", guard)
        self._took = Stopwatch()
        self._took.__enter__()

    def until(self, done: Callable[[], bool], what: str) -> None:
        waited = QElapsedTimer()
        waited.start()
        while not done():
            QTest.qWait(5)
            if waited.elapsed() > PATIENCE_S * 1000:
                raise AssertionError(f"not seen in time: {what}")

    def page(self, kind: type[Any]) -> Any:
        """Return the page of the one window, once it is of this kind and not to be made anew."""

        def shown() -> list[Any]:
            tops = QApplication.topLevelWidgets()
            frames = [one for one in tops if isinstance(one, OnePageWindow) and one.isVisible()]
            return [
                page
                for page in (frame.current_page for frame in frames)
                if isinstance(page, kind) and not page.is_stale
            ]

        self.until(lambda: bool(shown()), kind.__name__)
        (page,) = shown()
        return page

    def click(self, widget: QWidget) -> None:
        self.until(lambda: widget.isVisible() and widget.isEnabled(), f"something to press: {widget}")
        self._guard_ms += REPEAT_MS
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
        self.clicks += 1

    def write(self, edit: QLineEdit, text: str) -> None:
        self.click(edit)
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(edit, text)
        self.keys += 1 + len(text)

    def fill(self, edit: QWidget, text: str, *then: Qt.Key) -> None:
        """Type in the field that has the keyboard, as an input method gives it, then press keys that lead on."""
        self.until(edit.hasFocus, f"the keyboard in {edit.accessibleName()}")
        given = QInputMethodEvent()
        given.setCommitString(text)
        QApplication.sendEvent(edit, given)
        self.fields += 1
        self.keys += len(text) + len(then)
        for key in then:
            self._guard_ms += REPEAT_MS
            QTest.keyClick(QApplication.focusWidget() or edit, key)

    def pin(self, page: QWidget, text: str) -> None:
        for digit in text:
            QTest.keyClick(page, Qt.Key(ord(digit)))
        self.fields += 1
        self.keys += len(text)

    def tell(self) -> None:
        done = {"clicks": self.clicks, "fields": self.fields, "keys": self.keys}
        done["seconds"] = round(self._took.s, 1)
        print(json.dumps(done), flush=True)


PRESET = "library"
NAMES = {
    "en": (
        "Maple Street Library", ("Loans and returns", "Library cards", "Ask a librarian"),
        ("Ann Weber", "Tom Reed", "Eva Holm", "Jo Park", "Lee Moss"),
    ),
    "zh_CN": ("枫树街图书馆", ("借书还书", "办借书证", "问馆员"), ("王芳", "李伟", "张敏", "刘洋", "陈静")),
}  # fmt: skip
PINS = ("2468", "1357", "8642", "9753", "1470")


def home(hands: Touches) -> None:
    """Set a library up, with its own name, services, people and PINs, and open the front desk and a window."""
    hall, services, people = NAMES[current_language()]
    tab = Qt.Key.Key_Tab
    wizard = hands.page(WizardPage)
    hands.click(wizard.presets.cards[PRESET])
    hands.click(wizard.try_out)
    hands.click(wizard.next_button)
    wizard = hands.page(WizardPage)  # one that has the library's word for its windows
    hands.fill(wizard.hall.first_field(), hall)
    hands.click(wizard.next_button)
    wizard = hands.page(WizardPage)  # one that has its name
    for edits, name in zip(list(wizard.services.edits.values()), services, strict=False):
        hands.fill(edits["name"], name, *([Qt.Key.Key_Return] if name != services[-1] else []))
    while wizard.steps[wizard.current_step_index] is not wizard.people:
        hands.click(wizard.next_button)
    for code, name, pin in zip(list(wizard.people.edits), people, PINS, strict=False):
        is_admin, is_last = code == "AD", name == people[-1]
        hands.fill(wizard.people.edits[code], name, *([tab] if is_admin else [tab, tab]))
        hands.fill(wizard.people.pins[code], pin, *([] if is_last else [tab] if is_admin else [tab, tab]))
    hands.click(wizard.next_button)  # to what it uses
    hands.click(wizard.next_button)
    stations = hands.page(StationsPage)
    hands.click(stations.cards["guide"])
    hands.click(stations.enter_button)
    running = hands.page(RunningStationsPage)
    hands.until(lambda: "1" in running.windows, "the hall's windows")
    hands.click(running.windows["1"])
    hands.click(running.enter_button)
    hands.tell()
    for station in ("counter", "guide"):  # the driven ones come in their place
        hands.until(lambda station=station: runs(running, station), station)  # type: ignore[misc]
        hands.until(lambda station=station: is_closed(hands, running, station), station)  # type: ignore[misc]
    hands.page(StationsPage).window().close()


def runs(home: RunningStationsPage, station: str) -> bool:
    """Whether home shows that a station is open and answers."""
    return any(one.station == station and one.state == "running" for one in home.controller.here)


def is_closed(hands: Touches, home: RunningStationsPage, station: str) -> bool:
    """Whether a station is closed; else ask it once more to close: home takes one order at a time."""
    row = next(row for row in home.rows if row.one.station == station)
    if runs(home, station) and row.close_button.isVisible():
        hands.click(row.close_button)
        QTest.qWait(REPEAT_MS)
    return not runs(home, station)


def guide(hands: Touches) -> None:
    """Sign in at the front desk and give the first ticket."""
    sign_in = hands.page(SignInView)
    hands.click(sign_in.tiles["AD"])
    hands.until(sign_in.pad.isVisible, "the PIN pad")
    hands.pin(sign_in, PINS[0])
    hands.click(sign_in.pad.enter)
    page = hands.page(GuideView)
    hands.click(page.front.board.tiles["A"])
    hands.click(page.print_rail.print_button)
    hands.until(lambda: page.acts.toast.isVisible() or bool(page.hall_state.tickets), "the ticket")
    hands.tell()
    QApplication.exit(0)


def counter(hands: Touches) -> None:
    """Sign in at the window that was opened and call the first ticket."""
    page = hands.page(CounterView)
    hands.until(lambda: "C1" in page.sign_in.names, "the names")
    hands.click(page.sign_in.names["C1"])
    hands.until(page.sign_in.pad.isVisible, "the PIN pad")
    hands.pin(page.sign_in, PINS[1])
    hands.click(page.sign_in.pad.enter)
    hands.click(page.stage.primary)
    hands.until(lambda: page.stage.primary.text() == _("Customer is here: start"), "the first call")
    hands.tell()
    QApplication.exit(0)


def done_by(hands: Any, act: Callable[[Any], None]) -> None:
    """Let hands act, and end the program where that fails: a slot can't end it by an exception."""
    try:
        act(hands)
    except (AssertionError, AttributeError, LookupError, RuntimeError):
        traceback.print_exc()
        os._exit(9)


def windows_for_service(hands: Callable[..., None], *words: object) -> list[str]:
    """Return what stands behind "python" to do a module's `hands` with these words."""
    name = hands.__name__
    return ["-c", f"import sys; from {hands.__module__} import {name}; {name}(*sys.argv[1:])", *map(str, words)]


def touches_at_station(station: str, lang: str) -> None:
    """Touch one station of a new PC through the program's own entry, by clicks and keys alone; count the touches."""
    command = {"counter": ["counter", "--window", "1"]}.get(station, [station])
    _app, touches = QApplication(sys.argv[:1]), Touches()

    once_open(partial(done_by, touches, {"home": home, "guide": guide, "counter": counter}[station]))
    sys.exit(main(["--lang", lang, *command]))


THREE_MINUTES_S = 180
PERSON_CLICK_S, PERSON_KEY_S = 4.0, 0.4
"""What a person who reads every page needs for a click and for a letter, generously."""
MOST_ACTS = 40
"""An act is a click or a field that was filled in."""


@pytest.fixture
def pc(tmp_path, monkeypatch):
    """Return the data folder of a PC that never saw the program."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path / "queuedesk"


def touch(station: str, lang: str) -> dict[str, float]:
    """Do a person's part at a station in a process of its own; return its clicks, keys and seconds."""
    done = ran(*windows_for_service(touches_at_station, station, lang))
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def must_have_been_open(log: Path, station: str) -> None:
    """Wait until a station's own log tells of the whole life of the process that home opened."""
    lived = rf"station {station} .* started as process (\d+)\b(.*\n)+.*station {station} process \1 ended"
    until(lambda: log.exists() and re.search(lived, log.read_text(encoding="utf-8")), f"{log} to say {lived}")


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_from_nothing_to_the_first_call_by_clicks_alone(pc, lang):
    done = [touch("home", lang)]
    for station in ("guide", "counter"):
        must_have_been_open(pc / "log" / f"{station}.log", station)
    assert '"station": "counter"' in (pc / "config.json").read_text(encoding="utf-8"), "home remembers what was chosen"
    done += [touch(station, lang) for station in ("guide", "counter")]
    clicks, fields, keys = (int(sum(part[what] for part in done)) for what in ("clicks", "fields", "keys"))
    assert clicks + fields <= MOST_ACTS
    seconds = sum(part["seconds"] for part in done)
    assert seconds + clicks * PERSON_CLICK_S + keys * PERSON_KEY_S < THREE_MINUTES_S
    log = looking.events_after(Desk(Database.open(pc / "hall.sqlite"), 1), 0)
    assert [(event.kind, event.actor) for event in log[:2]] == [("set-up", "console")] * 2
    assert [event.kind for event in log if event.kind in ("issue", "open", "call")] == ["issue", "open", "call"]
    call = next(event for event in log if event.kind == "call")
    assert (call.ticket, call.window) == ("A001", "1")
    setup = check_and_read_setup(log[0].data["setup"])
    hall, people = ("Maple Street Library", "Tom Reed") if lang == "en" else ("枫树街图书馆", "李伟")
    assert (setup.hall.name, setup.staff["C1"].name, len(setup.staff)) == (hall, people, 5)
    assert setup.hall.code == ("MSL" if lang == "en" else "FSJT")
    assert log[0].data["setup"]["services"][0]["hours"][0]["to"] == "24:00", "it is a try-out"


Key = Qt.Key


class Keys(Touches):
    """Presses keys where the keyboard is; `named` sees that a screen reader could say every control."""

    view: CounterView

    @property
    def focus(self) -> QWidget:
        """What has the keyboard; a platform without screens forgets the active window when a menu closes."""
        compact = self.view.compact
        window = compact.bar if compact.on and compact.bar else self.view.window()
        held = QApplication.activePopupWidget() or QApplication.focusWidget() or window.focusWidget()
        return held or (window if compact.on else self.view)

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self._guard_ms += REPEAT_MS
            QTest.keyClick(self.focus, key, modifier)
            self.named()

    def named(self) -> None:
        """End the process where a control on the screen has no name."""
        for window in QApplication.topLevelWidgets():
            for control in (*window.findChildren(QAbstractButton), *window.findChildren(QLineEdit)):
                read = QAccessible.queryAccessibleInterface(control)
                if control.isVisible() and not read.text(QAccessible.Text.Name):
                    raise AssertionError(f"a control without a name: {control} in {window}")

    def tab_to(self, wanted: QWidget) -> None:
        self.until(wanted.isVisible, "something to reach")
        for _stop in range(40):
            if self.focus is wanted:
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"Tab never reached {wanted}")

    def shows(self, word: str) -> None:
        page = self.view
        self.until(lambda: page.stage.primary.text() == word and not page.controller.is_busy, word)

    def asked(self) -> None:
        self.until(lambda: self.view.asking.is_open, "a question")


def morning(keys: Keys) -> None:
    page = keys.view = keys.page(CounterView)
    press, shows, until = keys.press, keys.shows, keys.until
    call, start, finish = _("Call next"), _("Customer is here: start"), _("Finish")

    press(Key.Key_3)  # window 3
    until(lambda: "C3" in page.sign_in.names, "the names")
    press(Key.Key_3)  # the third name, who has a PIN
    until(lambda: page.signing_in.step == "pin", "the PIN")
    press(Key.Key_4, Key.Key_0, Key.Key_0, Key.Key_1, Key.Key_Return)
    shows(call)
    press(Key.Key_Space)
    shows(start)
    press(Key.Key_F2)
    until(lambda: page.controller.scene.ticket.round_calls == 2, "the recall")  # type: ignore[union-attr]
    press(Key.Key_Space)
    shows(finish)
    press(Key.Key_M, modifier=Qt.KeyboardModifier.AltModifier)  # ⋯: the third line counts what was done
    until(lambda: QApplication.activePopupWidget() is not None, "the menu")
    press(Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Return)
    keys.asked()
    press(Key.Key_1, Key.Key_2, Key.Key_Return)
    press(Key.Key_F4)
    keys.asked()
    press(Key.Key_2, Key.Key_Return)
    shows(call)
    until(lambda: len(page.rail.rows) == 1, "the one set aside")
    keys.tab_to(next(iter(page.rail.rows.values())).button())
    press(Key.Key_Return)
    shows(finish)
    press(Key.Key_F9)
    shows(start)
    if page.compact.is_possible:
        press(Key.Key_F12)  # the small bar
        until(lambda: page.compact.bar is not None and page.compact.bar.isVisible(), "the small bar")
    press(Key.Key_Space)
    shows(finish)
    press(Key.Key_Space)
    until(lambda: page.controller.scene.ticket is None, "the finish")  # type: ignore[union-attr]
    if page.compact.is_possible:
        press(Key.Key_F12)
    until(page.isVisible, "the full window")
    press(Key.Key_F10)
    keys.asked()
    press(Key.Key_1, Key.Key_Return)  # one still waits and no other window is open: the question says so
    shows(_("I am back"))
    press(Key.Key_Space)
    shows(call)
    press(Key.Key_F11)
    keys.asked()
    press(Key.Key_2, Key.Key_Return)
    until(lambda: page.signing_in.active, "the sign-in")
    press(Key.Key_Escape)
    until(lambda: page.signing_in.step == "window", "the windows")
    QApplication.exit(0)


def keys_at_counter(path: str, lang: str) -> None:
    """Work at a counter of the hall of a file, as the program opens it."""
    _app, keys = QApplication(sys.argv[:1]), Keys()
    once_open(partial(done_by, keys, morning))
    sys.exit(main(["--db", path, "--lang", lang, "counter", "--at", at("10:42").isoformat()]))


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_a_morning_by_keys_alone(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:40")
    opening.set_pin(hall.desk, hall.ask(), "C3", "4001")
    hall.queue("A", "B", "A")
    line = [*ways()[0], sys.executable, *windows_for_service(keys_at_counter, hall.path, lang)]
    done = subprocess.run(line, env=at_home(tmp_path), capture_output=True, encoding="utf-8", timeout=MOST_S)
    assert done.returncode == 0, done.stderr
    log = [e for e in hall.log() if e.actor == "C3"]
    assert ", ".join(" ".join(filter(None, (e.kind, e.ticket))) for e in log) == (
        "open, call A001, recall A001, start A001, park A001, unpark A001, finish A001, "
        "call B001, start B001, finish B001, pause, resume, close"
    )
    assert {e.window for e in log} == {"3"}
    assert log[4].data["reason"] == "copying"
    assert log[6].data["delivered"] == ["A", "B"]
    assert log[-1].data["left_to"] == "@manager"


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
    for station, title in TITLES.items():
        shown = until(lambda station=station, title=title: session.read(station, title), title)
        nameless = [name for role, name in shown if name and role in NO_ROLES]
        assert nameless == [], station
    assert [event.kind for event in hall.log() if event.kind in STEPS] == ["issue", *STEPS]


AT_WINDOW = ("counter", "plate", "rating")


def busy(folder: Path) -> Hall:
    """Return a hall in which somebody is called, somebody served, and somebody waits everywhere."""
    hall = make_hall(folder, time="10:30")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    hall.queue(*"ABBCABD")
    hall.serve_out("3")
    hall.call("3")
    hall.call("2")
    hall.do("start", "2")
    hall.do("set-pin", "M1", "4711")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, busy)


@pytest.fixture(params=walked_in("zh_CN"))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.choose_language(request.param)
    yield request.param
    i18n.choose_language("zh_CN")


@pytest.fixture
def station(hall: Hall, qapp, qtbot: QtBot, language: str, request: pytest.FixtureRequest) -> Iterator[Station]:
    name, window = request.param
    look = Look()
    apply_look_to_app(qapp, look)
    wish = StationBuildRequest(name=name, db=str(hall.path), window=window, at=at("10:36"), picture=True)
    own = {"config": Config(), "look": look, "preferences": Preferences(lambda *_: None)}
    built = open_hall_and_build_station(wish, on_bug=lambda bug: pytest.fail(str(bug)), **own)
    if who := {"manager": Actor("AD", Role.ADMIN), "counter": Actor(f"C{window}", Role.CLERK)}.get(name):
        built.window.open_page_for_person(who)
    built.window.resize(1366, 768)
    built.window.show()
    qtbot.waitExposed(built.window)
    yield built
    built.window.stop_and_emit_gone()
    built.stop()
    # Let Qt delete all in it while Python still knows it.
    built.window.close_without_asking()
    built.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def tree(shown: QAccessibleInterface) -> Iterator[tuple[str, str]]:
    """Yield role and name of everything that a screen reader finds there."""
    if shown.state().invisible:
        return
    yield shown.role().name, shown.text(QAccessible.Text.Name)
    for place in range(shown.childCount()):
        if (part := shown.child(place)) is not None and part.isValid():
            yield from tree(part)


def found_in(window: QWidget) -> list[tuple[str, str]]:
    QApplication.processEvents()
    return list(tree(QAccessible.queryAccessibleInterface(window)))


def words_in(window: QWidget) -> list[str]:
    return [name for role, name in found_in(window) if role in ("StaticText", "AlertMessage") and name]


WITHOUT_A_CALL = {"manager", "guide", "kiosk", "rating", "lobby"}
CALLS = [(name, "3" if name in AT_WINDOW else None) for name in all_stations() if name not in WITHOUT_A_CALL]


@pytest.mark.parametrize("station", CALLS, ids=[name for name, _window in CALLS], indirect=True)
def test_a_call_is_found_where_it_is_shown(station: Station) -> None:
    tickets = station.context.feed.state.tickets.values()
    (label,) = (one.label for one in tickets if one.state is TicketState.CALLED and one.current_leg.window == "3")
    assert any(label in words for words in words_in(station.window))
    assert found_in(station.window)[0][0] == "Window"


@pytest.mark.parametrize("station", [("manager", None)], indirect=True)
def test_every_chart_of_the_reports_is_named_and_reached(station: Station) -> None:
    page = station.window.current_page
    page.nav.findChild(QAbstractButton, "reports").click()
    QApplication.processEvents()
    charts = [one for one in page.reports.findChildren(ChartWithPoints) if one.isVisible() and one.points]
    assert len(charts) > 8
    assert all(QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name).strip() for one in charts)
    assert all(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in charts)


@pytest.mark.parametrize("station", [("rating", "3"), ("rating", None)], indirect=True)
def test_what_the_rating_asks_its_trouble_and_its_thanks_are_found_in_words(station: Station) -> None:
    page = station.window.current_page
    page.controller.show_stage(RatingStage.ASKING)
    asked = "One touch is enough. The person who served you does not see your rating."
    assert {_("How was your visit?"), _(asked)} < {*words_in(station.window)}
    page.view.show_trouble("it can't be kept")
    assert words_in(station.window)[-1] == "it can't be kept"
    page.controller.show_stage(RatingStage.THANKS)
    thanks = "Thank you!", "Your rating is saved", "Please take your papers with you"
    assert words_in(station.window) == [_(words) for words in thanks]
