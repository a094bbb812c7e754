"""Customers alone at the kiosk, by touches only: tickets, place in line, papers, large text; read back from the log."""

import json
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk import i18n
from queuedesk.features.kiosk.pages.station import KioskPage
from tests.bounded import PATIENCE_S
from tests.every_day import walked_in
from tests.hall import make_hall
from tests.journeys.hands import until
from tests.journeys.screens import Ahead, Screen
from tests.journeys.stations.talk import windows_for_service
from tests.journeys.test_devices import hall, open_station, opened, told  # noqa: F401
from tests.processes import ran

UNHURRIED_MS = 900
TITLES = {"en": "Please take your ticket", "zh_CN": "请取号票"}


class Fingers:
    """Touches what can be seen, each touch long after the one before by the screen's own clocks."""

    def __init__(self, page: KioskPage) -> None:
        self.page = page
        self.touches = 0

    def touch(self, *widgets: QWidget) -> None:
        does = self.page.controller
        for widget in widgets:
            until(widget.isVisible, f"something to touch: {widget}")
            until(lambda: not does.holding.holds, "what was touched before")
            if not does.patience.is_shown_long_enough or does.holding.drumming.ms_since_last_press() <= UNHURRIED_MS:
                Ahead.moved_ms += UNHURRIED_MS
            self.touches += 1
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def hands(path: str, lang: str) -> None:
    screen = Screen("kiosk", path, lang, size=(540, 960), kiosk="K2")
    station, page = screen.station, screen.page
    fingers, view, does = Fingers(page), page.view, page.controller
    greeting = view.greeting

    def ticket(*, is_another: bool = False) -> str:
        """Say that it is for somebody else, wait for the ticket with its slip, leave it, and return its number."""
        if is_another:
            until(lambda: str(does.sheet) == "another", "the question whether it is for somebody else")
            fingers.touch(view.sheet.keys["go"])
        title = TITLES[i18n.current_language()]
        until(lambda: str(does.stage) == "ticket" and view.ticket.said.title == title, "a ticket")
        label = view.ticket.label
        fingers.touch(view.ticket.done_key)
        until(lambda: str(does.stage) == "greeting", "the greeting")
        return label

    # A group, then its service: two touches.
    fingers.touch(next(key for code, key in greeting.services.items() if code.startswith("group ")))
    fingers.touch(greeting.services["A"])
    touches = fingers.touches
    print("two touches", touches, ticket(), flush=True)
    # The next customer is there at once and says so; two services on one ticket, as an elderly person.
    fingers.touch(greeting.sides["priority"])
    fingers.touch(view.sheet.keys["class elderly"])
    fingers.touch(greeting.sides["several"])
    fingers.touch(greeting.services["C"], greeting.services["B"], greeting.take_key)
    second = ticket(is_another=True)
    print("several", second, flush=True)
    # Where am I in line?
    fingers.touch(greeting.sides["where"])
    fingers.touch(*(view.where.pad[key] for key in second))
    until(lambda: view.where.said.state == "waiting", "the place in line")
    fingers.touch(view.where.back_key)
    # Papers of an item, printed, in the other language; then large text and help.
    fingers.touch(greeting.sides["language"], greeting.sides["info"])
    fingers.touch(*(view.search.letters[letter] for letter in "gmgh"))
    fingers.touch(view.search.rows[0], view.info.print_key)
    until(lambda: str(does.info_paper.said) == "printed", "the list on paper")
    fingers.touch(view.info.back_key, view.search.back_key, greeting.sides["large"], greeting.help_key)
    fingers.touch(view.sheet.keys["ok"])
    fingers.touch(greeting.services["D"])
    print("large", ticket(is_another=True), i18n.current_language(), flush=True)
    # The way out is locked: Ctrl+Shift+H asks for a manager's PIN.
    gone: list[str] = []
    station.window.home_wanted.connect(lambda: gone.append("home"))
    station.window.activateWindow()
    QTest.keyClick(view, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    until(lambda: str(does.sheet) == "pin", "the question for a PIN")
    assert not gone
    for digit in "4711":
        fingers.touch(view.sheet.pad[digit])
    fingers.touch(view.sheet.keys["go"])
    until(lambda: gone == ["home"], "the way home")
    station.window.close()
    assert not station.window.isVisible()
    screen.leave()


@pytest.mark.journey
def test_a_station_that_is_ended_says_so(hall, opened):  # noqa: F811
    kiosk = open_station(hall, opened, "kiosk")
    assert told(hall, 1) == [("kiosk", "K1", "up", None)]
    kiosk.send_signal(signal.SIGTERM)
    kiosk.wait(PATIENCE_S)
    assert told(hall, 2)[1:] == [("kiosk", "K1", "down", "stopped")]
    assert [e.actor for e in hall.log() if e.kind == "device"] == ["station:K1"] * 2
    hall.must_follow_from_its_log()


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_customers_take_tickets_alone(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:40")  # noqa: F811
    hall.play("open 5 staff=C5", "queue A C")
    for code in ("A", "B"):
        hall.do("set-row", "services", code, {"group": "柜台", "group_en": "Counter"})
    hall.do("set-pin", "M1", "4711")
    paper = tmp_path / "paper"
    for folder in ("config/queuedesk", "config/QueueDesk"):
        tmp_path.joinpath(folder).mkdir(parents=True)
        tmp_path.joinpath(folder, "config.json").write_text(json.dumps({"printer": f"png:{paper}"}), encoding="utf-8")
    home = dict.fromkeys(("XDG_CONFIG_HOME", "APPDATA"), str(tmp_path / "config"))
    done = ran(*windows_for_service(hands, hall.path, lang), **home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["two touches 2 A002", "several C002", f"large D001 {lang}"]
    said = [e for e in hall.log() if e.actor == "station:K2"]
    assert [(e.kind, e.ticket, e.service, e.data["class"], e.data.get("steps")) for e in said] == [
        ("issue", "A002", "A", "normal", None),
        ("issue", "C002", "C", "elderly", ["B"]),
        ("issue", "D001", "D", "normal", None),
    ]
    assert {file.stem for file in paper.iterdir()} == {"A002", "C002", "D001", "papers-B-gmgh"}
