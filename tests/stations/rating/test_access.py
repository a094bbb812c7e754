"""Time that is given when wanted, keys and switches in place of a finger, contrast and size as painted, an emergency
over all."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from queuedesk.stations.access.rows import keys_in
from queuedesk.stations.rating.controller import Stage
from queuedesk.voice.prompts import USUAL_VOLUME
from tests.hall import MANAGER
from tests.stations.kiosk.conftest import Voice
from tests.stations.rating.conftest import Screen

STAGES = (Stage.ASKING, Stage.QUESTIONS, Stage.REASONS, Stage.THANKS)
# A rating screen is a tablet of 10.1 inches at least; its canvas is 1280 wide.
WIDTH_MM, FINGER_MM = 217, 15


def press(screen: Screen, key: Qt.Key) -> None:
    screen.ms[0] += 1000
    QTest.keyClick(QApplication.focusWidget() or screen.page.view, key)
    screen.wait_quietly()


def active(screen: Screen) -> Screen:
    screen.page.activateWindow()
    screen.until(screen.page.isActiveWindow)
    screen.page.keys_host().setFocus()
    return screen


def test_the_question_warns_and_gives_more_time_as_often_as_wished(screen: Screen):
    label = screen.serve_out()
    screen.hall.do("emergency", "请马上离开", text_en="Leave the hall now", who=MANAGER)
    screen.follow()
    cover = screen.page.cover
    assert cover.isVisible(), "an emergency lies over the question"
    assert screen.page.childAt(screen.page.rect().center()) is cover
    screen.hall.do("end-emergency", who=MANAGER)
    screen.follow()
    assert (cover.isVisible(), screen.stage) == (False, "asking")

    for _time in range(11):
        screen.pass_seconds(39)
        assert not screen.page.view.more_button.isVisible()
        screen.pass_seconds(2)
        assert screen.page.view.more_button.isVisible()
        screen.touch(screen.page.view.more_button)
        assert screen.stage == "asking"
    screen.touch(screen.face(5))
    assert screen.log() == [("rate", label, "customer", 5)]


def test_a_number_half_typed_warns_before_it_goes(make_screen):
    screen = make_screen()
    screen.touch(screen.page.enter_view.pad.keys["B"])
    screen.pass_seconds(45)
    assert "disappears in 15 seconds" in screen.page.enter_view.spoken()[-1]
    screen.touch(screen.page.enter_view.pad.keys["0"])
    screen.pass_seconds(45)
    assert screen.controller.number == "B0"
    screen.pass_seconds(16)
    assert screen.controller.number == ""

    active(screen)
    for key in (Qt.Key.Key_B, Qt.Key.Key_0, Qt.Key.Key_0, Qt.Key.Key_1):
        press(screen, key)
    assert screen.controller.number == "B001", "digits write it"


def test_arrows_a_digit_and_one_switch_rate(screen: Screen):
    label = screen.serve_out()
    assert not screen.page.view.listen_button.isVisible(), "without a voice there is no key for it"
    active(screen)
    press(screen, Qt.Key.Key_Right)
    press(screen, Qt.Key.Key_Right)
    press(screen, Qt.Key.Key_Return)

    assert screen.log() == [("rate", label, "customer", 4)]

    label = screen.serve_out()
    active(screen)
    press(screen, Qt.Key.Key_3)
    assert screen.log()[2:] == [("rate", label, "customer", 3)]

    label = screen.serve_out()
    active(screen)
    heard: list[str] = []
    screen.page.keyboard.offered.connect(heard.append)
    press(screen, Qt.Key.Key_Space)
    while heard[-1] != "Dissatisfied":
        screen.page.keyboard.scan.step()
    press(screen, Qt.Key.Key_Space)
    assert screen.log()[4:] == [("rate", label, "customer", 2)]


@pytest.mark.parametrize("window", ["3", None])
def test_every_key_suits_a_finger_and_is_reached_by_arrows(make_screen, window):
    screen = active(make_screen(**({"window": window} if window else {})))
    for stage in (screen.controller.rest, *STAGES):
        screen.controller.id = screen.controller.id or None
        screen.controller.show_stage(stage)
        QApplication.processEvents()  # the page that was hidden takes its room
        host = screen.page.keys_host()
        for key in keys_in(host):
            least = min(key.width(), key.height()) * WIDTH_MM / screen.page.width()
            assert least >= FINGER_MM, (stage, key.text(), round(least, 1), key.geometry(), screen.page.size())
        shown = {one for one in host.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()}
        reached, todo = set[QAbstractButton](), keys_in(host)[:1]
        while todo:
            key = todo.pop()
            reached.add(key)
            for arrow in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
                key.setFocus(Qt.FocusReason.TabFocusReason)
                QTest.keyClick(key, arrow)
                there = QApplication.focusWidget()
                if isinstance(there, QAbstractButton) and there in shown - reached and there not in todo:
                    todo.append(there)
        assert reached == shown, (stage, [key.text() for key in shown - reached])


def test_the_question_is_read_to_who_asks_and_a_face_is_touched_once_to_hear(make_screen):
    voice = Voice()
    screen = active(make_screen(voice, window="3"))
    label = screen.serve_out()
    assert voice.said == []
    screen.touch(screen.page.view.listen_button)
    assert voice.said[-1][:3] == (
        "How was your visit?",
        "One touch is enough. The person who served you does not see your rating.",
        "Button 1: Very satisfied",
    )
    screen.touch(screen.face(2))
    assert (voice.said[-1], screen.log()) == (("Dissatisfied",), [])
    screen.touch(screen.face(2))
    assert screen.log() == [("rate", label, "customer", 2)]
    assert voice.said[-1][0] == "Thank you for telling us. What went wrong?"
    press(screen, Qt.Key.Key_Plus)
    assert voice.step == USUAL_VOLUME + 1
    screen.pass_seconds(61)
    screen.pass_seconds(7)

    assert (screen.stage, voice.step, screen.page.listening.is_on) == ("idle", USUAL_VOLUME, False)
