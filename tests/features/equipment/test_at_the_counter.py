"""The hall's equipment is checked before the counter opens its window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.network.roles import station
from queuedesk.desk import looking
from queuedesk.desk.talk import devices
from queuedesk.features.equipment.pages.checks import ChecksDialog
from queuedesk.stations.counter.station import CounterView, build
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.day_dialog import OwnWordsDialog
from tests.hall import Hall
from tests.stations.counter.conftest import context, hall, look  # noqa: F401
from tests.stations.hands import Hands
from tests.stations.seen import texts_of

VOICE, DISPLAY, PRINTER = ("voice", "display"), ("display", "display"), ("printer", "guide")


@pytest.fixture
def morning(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[Hands]:  # noqa: F811
    """Return the counter at window 3 of a hall that asks for checks, before anybody signed in."""
    hall.do("set-setting", "opening_checks", "on")
    devices.started(hall.desk, hall.ask(station("display")), *DISPLAY)
    for key in (VOICE, PRINTER):
        devices.report(hall.desk, hall.ask(station(key[1])), *key, None)
    context.options = {"window": "3"}
    context.feed.state = looking.hall_now(hall.desk, hall.clock())
    context.feed.start()
    view = build(context)
    assert isinstance(view, CounterView)
    qtbot.addWidget(view)
    view.resize(1366, 708)
    view.show()
    view.state = context.feed.state  # type: ignore[attr-defined]
    yield Hands(hall, view, qtbot.waitUntil)
    view.stop()


def asked(hands: Hands) -> ChecksDialog:
    """Sign in as the clerk of window 3 and return the question that comes."""
    hands.page.signing_in.choose_name("C3")
    hands.until(lambda: any(one.isVisible() for one in hands.page.findChildren(ChecksDialog)))
    return hands.question(ChecksDialog)


def test_what_is_missing_is_asked_row_by_row_and_then_the_window_opens(morning: Hands) -> None:
    guide = morning.hall.ask(station("guide"))
    devices.report(morning.hall.desk, guide, *PRINTER, "out_of_paper")
    morning.follow()
    dialog = asked(morning)
    assert list(dialog.rows) == [VOICE, DISPLAY, PRINTER]
    assert (dialog.yes_button.isEnabled(), dialog.yes_button.text()) == (False, "3 still to be checked")
    assert morning.log("open") == []

    # A device that was tried is asked about.
    voice, printer = dialog.rows[VOICE], dialog.rows[PRINTER]
    assert "Can you hear it?" not in texts_of(voice)
    for key in (VOICE, DISPLAY, PRINTER):
        morning.touch(dialog.rows[key].try_button)
    assert "Can you hear it?" in texts_of(voice)
    assert voice.accessibleName() == "Voice, not checked yet"
    trials = [(e.data["device"], e.data["station"]) for e in morning.log("check") if "trial" in e.data]
    assert trials == [VOICE, DISPLAY, PRINTER]

    # What is known to be down says so when it is said to work.
    assert printer.accessibleName() == "Printer (Front desk), out of order: out of paper"
    morning.touch(printer.yes_button)
    assert "known to be out of order (out of paper)" in dialog.line.text()
    devices.report(morning.hall.desk, guide, *PRINTER, None)
    morning.follow()
    for key in (PRINTER, DISPLAY, VOICE):
        morning.touch(dialog.rows[key].yes_button)
    assert printer.accessibleName() == "Printer (Front desk), checked"

    assert dialog.yes_button.text() == "Open window 3"
    assert not dialog.waive_button.isEnabled()
    morning.touch(dialog.yes_button)
    morning.until(lambda: morning.page.controller.code == "3")
    (event,) = morning.log("open")
    assert (event.actor, event.staff, "waive" in event.data) == ("C3", "C3", False)


def test_what_does_not_work_is_noted_and_the_window_opens_with_a_reason(morning: Hands) -> None:
    dialog = asked(morning)
    for key in (VOICE, DISPLAY):
        morning.touch(dialog.rows[key].yes_button)
    morning.touch(dialog.rows[PRINTER].no_button)
    wrong = morning.question(OwnWordsDialog)
    wrong.pick("jammed")
    morning.touch(wrong.yes_button)
    assert dialog.rows[PRINTER].accessibleName() == "Printer (Front desk), failed: The paper is jammed"
    morning.touch(dialog.waive_button)
    why = morning.question(OwnWordsDialog)
    assert "Printer (Front desk)" in why.effect.text()
    why.pick("being_mended")
    morning.touch(why.yes_button)

    morning.until(lambda: morning.page.controller.code == "3")
    (event,) = morning.log("open")
    assert (event.data["waive"], event.data["missing"]) == ("being_mended", ["printer@guide"])


def test_a_question_that_was_left_comes_again_and_what_somebody_else_checked_needs_no_second_look(
    morning: Hands,
) -> None:
    QTest.keyClick(asked(morning), Qt.Key.Key_Escape)
    assert morning.log("open") == [], "leaving it opens nothing"

    i18n.use("zh_CN")
    dialog = asked(morning)
    assert dialog.isVisible()
    morning.touch(dialog.rows[VOICE].try_button)
    assert {"听得到吗？", "试音"} <= {*texts_of(dialog.rows[VOICE])}
    assert dialog.yes_button.text() == "还有 3 样没检查"

    for device in ("voice", "display", "printer"):
        morning.hall.do("check", device)
    morning.follow()
    assert dialog.yes_button.isEnabled()
    assert not dialog.rows[VOICE].try_button.isVisible()


def test_keys_alone_check_and_open(morning: Hands) -> None:
    dialog = asked(morning)
    for key in (VOICE, DISPLAY, PRINTER):
        dialog.rows[key].yes_button.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(dialog.rows[key].yes_button, Qt.Key.Key_Return)
        morning.follow()
    dialog.yes_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(dialog.yes_button, Qt.Key.Key_Return)

    morning.until(lambda: morning.page.controller.code == "3")
