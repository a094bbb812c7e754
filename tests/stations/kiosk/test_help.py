"""A customer calls somebody: pressed, answered, over, all in the log; and an emergency over everything."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.desk import looking
from queuedesk.desk.quality import hearing
from queuedesk.stations.kiosk.controller import RING_S
from tests.hall import ADMIN, GUIDE, MANAGER
from tests.stations.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk
from tests.stations.whole_words import settled


def helps(kiosk: Kiosk) -> list[tuple[str, str]]:
    """Return who did what to calls for help: actor, and what."""
    log = [event for event in looking.events_after(kiosk.hall.desk, 0) if event.kind == "help"]
    verbs = ("ack", "arrived", "cancelled")
    return [(event.actor, next((verb for verb in verbs if verb in event.data), "press")) for event in log]


def test_a_call_is_pressed_answered_and_ended(kiosk: Kiosk):
    kiosk.side("help")
    kiosk.answer("call")
    kiosk.does.help.press()
    kiosk.follow()
    assert helps(kiosk) == [("station:K1", "press")], "pressed twice it calls once"
    assert kiosk.view.sheet.said.title == "Help has been called"
    assert "10:00" in kiosk.view.sheet.said.sentence
    kiosk.hall.do("help-ack", kiosk.does.help.call.seq, who=GUIDE)
    kiosk.follow()
    assert kiosk.view.sheet.said.title == "Help is coming"
    kiosk.answer("here")
    assert helps(kiosk) == [("station:K1", "press"), ("G1", "ack"), ("station:K1", "arrived")]
    assert (kiosk.sheet, kiosk.does.help.call) == ("", None)

    kiosk.side("help")
    kiosk.answer("call")
    kiosk.answer("ok")
    assert kiosk.view.greeting.sides["help"].text() == "Help has been called", "the customer goes on alone"
    kiosk.service("A")
    kiosk.does.home()
    kiosk.side("large")
    assert kiosk.view.greeting.help_key.text() == "Help has been called"
    kiosk.touch(kiosk.view.greeting.help_key)
    kiosk.answer("mistaken")
    assert helps(kiosk)[3:] == [("station:K1", "press"), ("station:K1", "cancelled")]
    assert kiosk.view.greeting.help_key.text() == "Ask for help"

    kiosk.does.home()
    kiosk.side("help")
    kiosk.answer("call")
    kiosk.hall.do("help-arrived", kiosk.does.help.call.seq, who=GUIDE)
    kiosk.follow()
    assert kiosk.view.sheet.said.title == "We are happy to help", "who came without a word ends it everywhere"


def comments(kiosk: Kiosk) -> list[tuple[str, str]]:
    """Return the comments that a manager reads: where from, and the words."""
    day = kiosk.hall.date
    return [(one.source, one.text) for one in hearing.comments_between(kiosk.hall.desk, day, day)]


def test_a_few_words_go_to_the_manager(kiosk: Kiosk):
    kiosk.side("help")
    kiosk.answer("write")
    words = kiosk.view.words
    kiosk.touch(words.give_key)
    assert (kiosk.stage, comments(kiosk)) == ("words", [])
    for key in ("n", "o", " ", "c", "x", "delete"):
        kiosk.touch(words.keys[key])
    QTest.keyClicks(words.field, "hairs")
    QTest.keyClick(words.field, Qt.Key.Key_Return)
    assert words.said is not None
    assert words.said.title == "A message for the manager"
    assert kiosk.sheet == "thanked"
    kiosk.answer("ok")

    assert comments(kiosk) == [("typed", "no chairs")]
    assert kiosk.does.is_home()
    assert all("chairs" not in str(event.data) for event in kiosk.hall.log())


def test_words_that_nobody_gave_are_thrown_away(kiosk: Kiosk):
    kiosk.side("help")
    kiosk.answer("write")
    kiosk.view.words.field.insertPlainText("x" * 195)
    QTest.keyClicks(kiosk.view.words.field, "x" * 10)
    assert len(kiosk.does.writing.words) == 200
    kiosk.pass_seconds(60)
    kiosk.pass_seconds(RING_S)
    assert (kiosk.stage, kiosk.does.writing.words, comments(kiosk)) == ("greeting", "", [])
    kiosk.side("help")
    kiosk.answer("write")
    assert kiosk.view.words.field.toPlainText() == ""
    kiosk.does.home()

    for setting, is_offered in (("off", False), ("keys", True)):
        kiosk.hall.do("set-setting", "rating_words", setting, who=ADMIN)
        kiosk.follow()
        kiosk.side("help")
        assert ("write" in kiosk.view.sheet.keys) is is_offered, setting
        kiosk.does.home()
    kiosk.does.set_language("zh_CN")
    assert not kiosk.does.writing.is_offered, "its keys write no Chinese"


def test_an_emergency_lies_over_everything_until_it_is_ended(kiosk: Kiosk):
    hall = kiosk.hall
    kiosk.page.activateWindow()
    kiosk.side("where")
    hall.do("emergency", "请马上离开大厅", text_en="Leave the hall now", who=MANAGER)
    kiosk.follow()
    cover = kiosk.page.cover
    assert cover.isVisible()
    assert "Leave the hall now" in cover.accessibleName()
    assert "请马上离开大厅" in cover.accessibleName()
    for size in (UPRIGHT, WIDE, SMALL):
        kiosk.page.resize(*size)
        settled()
        assert cover.geometry() == kiosk.page.rect() == QRect(0, 0, *size)
        for point in (QPoint(80, 80), kiosk.page.rect().center(), QPoint(size[0] - 40, size[1] - 40)):
            assert kiosk.page.childAt(point) is cover, (size, point)
    before = kiosk.does.place.number
    QTest.keyClick(QApplication.focusWidget() or cover, Qt.Key.Key_A)
    QTest.keyClick(QApplication.focusWidget() or cover, Qt.Key.Key_1)
    assert kiosk.does.place.number == before
    i18n.use("zh_CN")
    kiosk.page.retranslate()
    assert cover.isVisible()
    assert "Leave the hall now" in cover.accessibleName()
    assert "请马上离开大厅" in cover.accessibleName()
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


def test_every_answer_about_help_lies_on_the_screen(kiosk: Kiosk):
    """With a phone number and with words to the manager it has most lines and most answers."""
    kiosk.hall.do("set-setting", "rating_words", "keys", who=ADMIN)
    sheet = kiosk.view.sheet
    for lang, answers in (("zh_CN", {"call", "ok"}), ("en", {"call", "ok", "write"})):
        kiosk.does.home()
        kiosk.does.set_language(lang)
        kiosk.follow()
        kiosk.side("help")
        assert sheet.keys.keys() == answers
        assert kiosk.does.setup.hall.phone in sheet.said.sentence
        for size in (UPRIGHT, WIDE, SMALL):
            kiosk.page.resize(*size)
            settled()
            assert kiosk.page.size().toTuple() == size
            for key in sheet.keys.values():
                corners = [key.mapTo(kiosk.page, corner) for corner in (key.rect().topLeft(), key.rect().bottomRight())]
                assert all(kiosk.page.rect().contains(corner) for corner in corners), (size, key.text())
