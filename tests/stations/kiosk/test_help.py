"""A customer calls somebody: pressed, answered, over, all in the log; and an emergency over everything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.desk import looking
from tests.hall import GUIDE, MANAGER
from tests.stations.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk


def helps(kiosk: Kiosk) -> list[tuple[str, str]]:
    """Return who did what to calls for help: actor, and what."""
    log = [event for event in looking.events_after(kiosk.hall.desk, 0) if event.kind == "help"]
    verbs = ("ack", "arrived", "cancelled")
    return [(event.actor, next((verb for verb in verbs if verb in event.data), "press")) for event in log]


def test_a_call_is_pressed_answered_and_ended(kiosk: Kiosk):
    kiosk.side("help")
    kiosk.answer("call")
    assert kiosk.view.sheet.said.title == "Help is called"
    assert "10:00" in kiosk.view.sheet.said.sentence
    kiosk.hall.do("help-ack", kiosk.does.help.call.seq, who=GUIDE)
    kiosk.follow()
    assert kiosk.view.sheet.said.title == "Help is coming"
    kiosk.answer("here")

    assert helps(kiosk) == [("station:K1", "press"), ("G1", "ack"), ("station:K1", "arrived")]
    assert (kiosk.sheet, kiosk.does.help.call) == ("", None)


def test_a_call_goes_on_while_the_customer_goes_on_alone(kiosk: Kiosk):
    kiosk.side("help")
    kiosk.answer("call")
    kiosk.answer("ok")
    assert kiosk.view.greeting.sides["help"].text() == "Help is called"
    kiosk.service("A")
    kiosk.does.home()
    kiosk.side("large")
    assert kiosk.view.greeting.help_key.text() == "Help is called"
    kiosk.touch(kiosk.view.greeting.help_key)
    kiosk.answer("mistaken")

    assert helps(kiosk) == [("station:K1", "press"), ("station:K1", "cancelled")]
    assert kiosk.view.greeting.help_key.text() == "Ask for help"


def test_pressed_twice_calls_once(kiosk: Kiosk):
    kiosk.side("help")
    kiosk.answer("call")
    kiosk.does.help.press()
    kiosk.follow()

    assert helps(kiosk) == [("station:K1", "press")]


def test_who_came_without_a_word_ends_it_everywhere(kiosk: Kiosk):
    kiosk.side("help")
    kiosk.answer("call")
    kiosk.hall.do("help-arrived", kiosk.does.help.call.seq, who=GUIDE)
    kiosk.follow()

    assert kiosk.view.sheet.said.title == "We are glad to help"


@pytest.mark.parametrize("size", [UPRIGHT, WIDE, SMALL])
@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_an_emergency_lies_over_everything_until_it_is_ended(make_kiosk, hall, size, lang):
    i18n.use(lang)
    kiosk = make_kiosk(hall, size=size)
    kiosk.page.activateWindow()
    kiosk.side("where")
    hall.do("emergency", "请马上离开大厅", text_en="Leave the hall now", who=MANAGER)
    kiosk.follow()
    cover = kiosk.page.cover
    assert cover.isVisible()
    assert cover.geometry() == kiosk.page.rect()
    assert "Leave the hall now" in cover.accessibleName()
    assert "请马上离开大厅" in cover.accessibleName()
    for point in (QPoint(80, 80), kiosk.page.rect().center(), QPoint(size[0] - 40, size[1] - 40)):
        assert kiosk.page.childAt(point) is cover
    before = kiosk.does.place.number
    QTest.keyClick(QApplication.focusWidget() or cover, Qt.Key.Key_A)
    QTest.keyClick(QApplication.focusWidget() or cover, Qt.Key.Key_1)
    assert kiosk.does.place.number == before
    hall.do("end-emergency", who=MANAGER)
    kiosk.follow()

    assert not cover.isVisible()


def test_an_emergency_is_read_to_who_listens(make_kiosk, hall):
    kiosk = make_kiosk(hall, voice=True)
    kiosk.does.set_listens(True)
    hall.do("emergency", "请离开", text_en="Leave the hall now", who=MANAGER)
    kiosk.follow()
    kiosk.pass_seconds(3)

    assert kiosk.voice.said[-1] == ("Emergency", "Leave the hall now")
    assert sum("Leave the hall now" in part for said in kiosk.voice.said for part in said) == 1
