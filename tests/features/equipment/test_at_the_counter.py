"""The hall's equipment is checked before the counter opens its window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.network.roles import actor_of_station
from queuedesk.desk.talk import devices
from queuedesk.features.equipment.pages.checks import EquipmentChecksDialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.day_dialog import ReasonOrOwnWordsDialog
from tests.hall import Hall
from tests.stations.counter.conftest import context, hall, look, open_view  # noqa: F401
from tests.stations.hands import Hands
from tests.stations.pages import close
from tests.stations.seen import Story

VOICE, DISPLAY, PRINTER = ("voice", "display"), ("display", "display"), ("printer", "guide")


@pytest.fixture
def morning(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[Hands]:  # noqa: F811
    """Return the counter at window 3 of a hall that asks for checks, before anybody signed in."""
    hall.do("set-setting", "opening_checks", "on")
    devices.record_station_start(hall.desk, hall.ask(actor_of_station("display")), *DISPLAY)
    for key in (VOICE, PRINTER):
        devices.record_device_state(hall.desk, hall.ask(actor_of_station(key[1])), *key, None)
    view = open_view(context, qtbot, "3")
    yield Hands(hall, view, qtbot.waitUntil)
    view.stop()
    close(view)


def asked(hands: Hands) -> EquipmentChecksDialog:
    """Sign in as the clerk of window 3 and return the question that comes."""
    hands.page.signing_in.choose_person_by_code("C3")
    hands.until(lambda: any(one.isVisible() for one in hands.page.findChildren(EquipmentChecksDialog)))
    return hands.question(EquipmentChecksDialog)


def press_by_key(button: QAbstractButton) -> None:
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Return)


def test_what_is_missing_is_asked_row_by_row_and_then_the_window_opens(morning: Hands, story: Story) -> None:
    guide = morning.hall.ask(actor_of_station("guide"))
    devices.record_device_state(morning.hall.desk, guide, *PRINTER, "out_of_paper")
    morning.follow()
    dialog = asked(morning)
    assert list(dialog.rows) == [VOICE, DISPLAY, PRINTER]
    story.tell("What is missing is asked row by row", dialog)
    morning.touch(*(row.try_button for row in dialog.rows.values()))
    story.tell("A device that was tried is asked about", dialog)
    # What is known to be down says so when it is said to work.
    morning.touch(dialog.rows[PRINTER].yes_button)
    story.tell("It is known to be down", dialog)
    devices.record_device_state(morning.hall.desk, guide, *PRINTER, None)
    morning.follow()
    for key in (PRINTER, DISPLAY, VOICE):
        press_by_key(dialog.rows[key].yes_button)
        morning.follow()
    story.tell("All are checked, with keys alone", dialog)
    press_by_key(dialog.yes_button)
    morning.until(lambda: morning.page.controller.code == "3")
    story.tell("The window opens")


def test_what_does_not_work_is_noted_and_the_window_opens_with_a_reason(morning: Hands, story: Story) -> None:
    dialog = asked(morning)
    morning.touch(*(dialog.rows[key].yes_button for key in (VOICE, DISPLAY)))
    morning.touch(dialog.rows[PRINTER].no_button)
    wrong = morning.question(ReasonOrOwnWordsDialog)
    story.tell("What is wrong", wrong)
    wrong.pick_reason("jammed")
    morning.touch(wrong.yes_button)
    story.tell("It has failed", dialog)
    morning.touch(dialog.waive_button)
    why = morning.question(ReasonOrOwnWordsDialog)
    story.tell("Why the window opens all the same", why)
    why.pick_reason("being_mended")
    morning.touch(why.yes_button)
    morning.until(lambda: morning.page.controller.code == "3")
    story.tell("It opens")


def test_a_question_that_was_left_comes_again_and_what_somebody_else_checked_needs_no_second_look(morning, story):
    QTest.keyClick(asked(morning), Qt.Key.Key_Escape)
    assert morning.log("open") == [], "leaving it opens nothing"
    i18n.choose_language("zh_CN")
    dialog = asked(morning)
    morning.touch(dialog.rows[VOICE].try_button)
    story.tell("It comes again, in another language", dialog)
    for device in ("voice", "display", "printer"):
        morning.hall.do("check", device)
    morning.follow()
    story.tell("Somebody else has checked", dialog)
