"""Everything without a finger on the glass: arrows, digits, Enter; one switch; two switches."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk.stations.access.keyboard import PASSES_ALONE, USUAL_STEP_MS
from queuedesk.stations.access.rows import rows_of
from queuedesk.stations.window.services import OwnChoices
from tests.stations.kiosk.conftest import Kiosk
from tests.stations.stubs import lend, stub


@pytest.fixture
def board(kiosk: Kiosk) -> Kiosk:
    kiosk.page.activateWindow()
    kiosk.view.setFocus()
    return kiosk


def focused() -> str:
    focus = QApplication.focusWidget()
    return focus.accessibleName() if focus is not None else ""


def press(kiosk: Kiosk, key: Qt.Key) -> None:
    kiosk.ms[0] += 1000
    kiosk.key(key)
    kiosk.wait_quietly()
    kiosk.follow()


def test_arrows_go_as_the_eye_does_and_digits_press_keys(board: Kiosk):
    press(board, Qt.Key.Key_Down)
    assert focused().startswith("Pay a bill")
    press(board, Qt.Key.Key_Down)
    assert focused().startswith("Account services")
    press(board, Qt.Key.Key_Up)
    assert focused().startswith("Pay a bill")
    press(board, Qt.Key.Key_Return)
    assert (board.stage, board.issued()[-1].service) == ("ticket", "A")
    press(board, Qt.Key.Key_1)
    assert board.stage == "greeting"

    board.next_customer()
    press(board, Qt.Key.Key_2)
    assert (board.stage, board.issued()[-1].service) == ("ticket", "B")
    press(board, Qt.Key.Key_1)
    board.side("where")
    press(board, Qt.Key.Key_A)
    press(board, Qt.Key.Key_2)
    assert board.does.place.number == "A2", "here they write"
    press(board, Qt.Key.Key_Escape)
    board.side("priority")
    press(board, Qt.Key.Key_1)
    assert (board.sheet, board.does.klass) == ("", "elderly")


def test_one_switch_takes_a_ticket_and_goes_into_rows_and_out_again(board: Kiosk):
    keyboard = board.page.keyboard
    scan, heard = keyboard.scan, list[str]()
    keyboard.offered.connect(heard.append)
    press(board, Qt.Key.Key_Space)
    assert scan.is_on
    QTest.mouseClick(board.view, Qt.MouseButton.LeftButton)
    assert not scan.is_on, "a finger touches the screen"
    press(board, Qt.Key.Key_Space)
    assert heard[-1].startswith("Pay a bill")
    while "Account services" not in heard[-1]:
        scan.step()
    press(board, Qt.Key.Key_Space)
    assert (board.stage, board.issued()[-1].service) == ("ticket", "B")

    scan.stop()
    board.does.home()
    board.side("where")
    press(board, Qt.Key.Key_Space)
    while heard[-1] != "B, 4, 5, 6":
        scan.step()
    press(board, Qt.Key.Key_Space)
    assert heard[-1] == "B"
    press(board, Qt.Key.Key_Space)
    assert (board.does.place.number, heard[-1]) == ("B", "B")
    scan.step()
    while heard[-1] != "A, 1, 2, 3":
        scan.step()
    press(board, Qt.Key.Key_Space)
    for _step in range(8):
        scan.step()
    assert heard[-1] == "A, 1, 2, 3", "two rounds in the row and nothing taken"

    scan.stop()
    board.pass_seconds(60)
    assert board.sheet == "still-there"
    press(board, Qt.Key.Key_Space)
    assert scan.is_on
    press(board, Qt.Key.Key_Space)
    assert (board.sheet, board.does.place.number) == ("", "B"), "one switch answers that somebody is there"


def test_a_scan_moves_by_itself_and_ends_when_nobody_takes_anything(board: Kiosk, qtbot):
    keyboard = board.page.keyboard
    assert keyboard.scan.step_ms == USUAL_STEP_MS
    keyboard.set_switches("one", 20)
    heard: list[str] = []
    keyboard.offered.connect(heard.append)
    press(board, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not keyboard.scan.is_on)

    assert len(heard) == PASSES_ALONE * len(rows_of(keyboard.host()))
    press(board, Qt.Key.Key_Space)
    assert keyboard.scan.is_on

    keyboard.scan.stop()
    keyboard.set_switches("one", 8000)
    board.side("where")
    press(board, Qt.Key.Key_Space)
    board.page.refresh()
    limit = board.does.limit_s()
    assert limit > 60
    assert limit >= 2 * len(rows_of(keyboard.host())) * 8, "a slow scan is given the time that it needs"


def test_two_switches_move_and_take_and_none_do_nothing(board: Kiosk):
    keyboard = board.page.keyboard
    keyboard.set_switches("two", USUAL_STEP_MS)
    heard: list[str] = []
    keyboard.offered.connect(heard.append)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_Return):
        press(board, key)
    assert heard[2].startswith("New connection")
    assert board.issued()[-1].service == "C"

    board.next_customer()
    keyboard.scan.stop()
    keyboard.set_switches("off", USUAL_STEP_MS)
    press(board, Qt.Key.Key_Space)
    assert not keyboard.scan.is_on


def test_staff_choose_the_switches_in_the_menu(board: Kiosk):
    kept: list[tuple[str, float]] = []
    lend(board.page.context, own_choices=stub(OwnChoices, keep_switches=lambda *choice: kept.append(choice)))

    def entries() -> list[str]:
        return [entry.text for entry in board.page.menu_entries()]

    assert entries() == ["Switches: one", "Each button is offered for 2 s"]
    board.page.menu_entries()[1].act()
    assert (entries()[1], kept[-1]) == ("Each button is offered for 3 s", ("one", 3.0))
    board.page.menu_entries()[0].act()
    assert (entries(), board.page.keyboard.switches) == (["Switches: two"], "two")
