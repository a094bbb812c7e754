"""What features bring into the menu of every station of staff."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from queuedesk.features.equipment.pages.checks import EquipmentChecksDialog
from queuedesk.features.morning.pages.signing import LACKING, SigningDialog
from queuedesk.stations.window.shell import StationWindow
from tests.hall import GUIDE, Hall, make_hall

pytestmark = pytest.mark.hall(make=make_hall)


def entries(window: StationWindow) -> list[str]:
    return [action.text() for action in window.freshly_built_menu().actions()]


def choose(window: StationWindow, text: str) -> None:
    next(action for action in window.freshly_built_menu().actions() if action.text() == text).trigger()


def click(qtbot: QtBot, widget: object) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def log(hall: Hall) -> list[str]:
    return [event.kind for event in hall.log(1) if event.actor == "G1"]


def test_who_works_here_checks_the_equipment_and_signs_the_hall_open_from_the_menu(hall, opened, qtbot):
    assert "Checks at opening" not in entries(opened(who=GUIDE))
    hall.do("set-setting", "opening_checks", "on")
    window = opened(who=GUIDE, follow=True)
    assert "Checks at opening" in entries(window)
    choose(window, "Checks at opening")
    (dialog,) = window.findChildren(EquipmentChecksDialog)
    click(qtbot, dialog.rows["voice", ""].yes_button)
    qtbot.waitUntil(lambda: log(hall) == ["check"])
    assert not dialog.yes_button.isVisible() and not dialog.waive_button.isVisible()
    choose(window, "Open the hall …")
    (dialog,) = window.findChildren(SigningDialog)
    for row in dialog.rows:
        click(qtbot, row.buttons["good"])
    click(qtbot, dialog.rows[2].buttons[LACKING])
    dialog.yes_button.click()
    assert log(hall) == ["check"], "a lack needs its reason"
    click(qtbot, dialog.rows[2].why[0])
    for degrees in ("200", "21"):
        dialog.air["temperature"].set_value(degrees)
        click(qtbot, dialog.yes_button)
    qtbot.waitUntil(lambda: log(hall)[-1:] == ["opening"])
    (signed,) = hall.whole().openings.values()
    assert (signed.temperature, [mark.item for mark in signed.marks_with_deduction]) == (21, [3])
    qtbot.waitUntil(lambda: "Close the hall …" in entries(window))
