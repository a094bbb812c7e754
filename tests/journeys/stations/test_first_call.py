"""A library set up from nothing to its first call, by clicks and typing alone, in under three minutes and 40 acts."""

import json
import os
import re
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QElapsedTimer, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from queuedesk.app.main import main
from queuedesk.app.station import program
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.i18n import _, current_language
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.home.stations_view import RunningStationsPage, StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.signing_in import SignInView
from queuedesk.stations.widgets.questions.dialogs import REPEAT_MS, RepeatedPressFilter
from queuedesk.stations.window.frame import OnePageWindow
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.every_day import walked_in
from tests.journeys.stations.once_open import once_open
from tests.processes import ran


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


def hands(station: str, lang: str) -> None:
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
    done = ran(*windows_for_service(hands, station, lang))
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
