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


def test_arrows_go_as_the_eye_does(board: Kiosk):
    press(board, Qt.Key.Key_Down)
    assert focused().startswith("Pay a bill")
    press(board, Qt.Key.Key_Down)
    assert focused().startswith("Account services")
    press(board, Qt.Key.Key_Up)
    assert focused().startswith("Pay a bill")
    press(board, Qt.Key.Key_Return)
    assert (board.stage, board.issued()[-1].service) == ("ticket", "A")


def test_digits_press_keys_where_they_write_nothing(board: Kiosk):
    press(board, Qt.Key.Key_2)
    assert (board.stage, board.issued()[-1].service) == ("ticket", "B")
    press(board, Qt.Key.Key_1)
    assert board.stage == "greeting"
    board.side("where")
    press(board, Qt.Key.Key_A)
    press(board, Qt.Key.Key_2)
    assert board.does.place.number == "A2"
    press(board, Qt.Key.Key_Escape)
    board.side("priority")
    press(board, Qt.Key.Key_1)
    assert (board.sheet, board.does.klass) == ("", "elderly")


def test_one_switch_takes_a_ticket(board: Kiosk):
    scan = board.page.keyboard.scan
    heard: list[str] = []
    board.page.keyboard.offered.connect(heard.append)
    press(board, Qt.Key.Key_Space)
    assert scan.is_on
    while "Account services" not in heard[-1]:
        scan.step()
    press(board, Qt.Key.Key_Space)

    assert (board.stage, board.issued()[-1].service) == ("ticket", "B")
    assert heard[0].startswith("Pay a bill")


def test_one_switch_goes_into_rows_and_out_again(board: Kiosk):
    board.side("where")
    scan = board.page.keyboard.scan
    heard: list[str] = []
    board.page.keyboard.offered.connect(heard.append)
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
    assert heard[-1] == "A, 1, 2, 3"  # two rounds in the row and nothing taken


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


def test_a_slow_scan_is_given_the_time_that_it_needs(board: Kiosk):
    board.page.keyboard.set_switches("one", 8000)
    board.side("where")
    press(board, Qt.Key.Key_Space)
    board.page.refresh()
    limit = board.does.limit_s()

    assert limit > 60
    assert limit >= 2 * len(rows_of(board.page.keyboard.host())) * 8


def test_two_switches_move_and_take(board: Kiosk):
    board.page.keyboard.set_switches("two", USUAL_STEP_MS)
    heard: list[str] = []
    board.page.keyboard.offered.connect(heard.append)
    press(board, Qt.Key.Key_Space)
    press(board, Qt.Key.Key_Space)
    press(board, Qt.Key.Key_Space)
    press(board, Qt.Key.Key_Return)

    assert heard[2].startswith("New connection")
    assert board.issued()[-1].service == "C"


def test_without_switches_and_with_a_finger_nothing_is_offered(board: Kiosk):
    keyboard = board.page.keyboard
    press(board, Qt.Key.Key_Space)
    QTest.mouseClick(board.view, Qt.MouseButton.LeftButton)
    assert not keyboard.scan.is_on
    keyboard.set_switches("off", USUAL_STEP_MS)
    press(board, Qt.Key.Key_Space)
    assert not keyboard.scan.is_on


def test_the_time_out_can_be_answered_by_one_switch(board: Kiosk):
    board.side("where")
    board.pad("A0")
    board.pass_seconds(60)
    assert board.sheet == "still-there"
    press(board, Qt.Key.Key_Space)
    assert board.page.keyboard.scan.is_on
    press(board, Qt.Key.Key_Space)

    assert (board.sheet, board.does.place.number) == ("", "A0")


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
