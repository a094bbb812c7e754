"""Messages, calls for help and emergencies between a front desk, a counter and a manager's station."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from queuedesk.core.network.roles import station
from queuedesk.core.setup.sentences import USUAL
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import devices
from queuedesk.stations.manager.quality.case_texts import NewCaseDialog
from queuedesk.stations.talk.talking import MessageDialog, SentencesDialog
from queuedesk.stations.widgets.message_place import MessagePlace, WholeMessage
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ReasonDialog
from tests.desk.equipment import only_shown
from tests.hall import ADMIN, MANAGER, clerk
from tests.stations.talk.conftest import GUIDE, Talkers


def send(talkers: Talkers, to: str, text: str) -> None:
    talkers.hall.do("message", to, text, who=GUIDE)
    talkers.follow()


def test_a_message_knocks_and_stays_until_it_is_seen(talkers: Talkers) -> None:
    send(talkers, "3", "A customer is on the way to you")

    assert talkers.says(talkers.counter) == "Front desk, 10:30: A customer is on the way to you"
    assert talkers.says(talkers.guide) == talkers.says(talkers.manager) == ""
    assert talkers.knocks == ["counter-3 knock"]
    talkers.hall.clock.move(minutes=30)
    talkers.hall.issue("A")
    talkers.follow()
    assert talkers.says(talkers.counter)
    talkers.press(talkers.counter, "seen")
    assert talkers.says(talkers.counter) == ""
    assert [(e.actor, e.data["place"]) for e in talkers.log("message")[1:]] == [("C3", "counter-3")]


def test_a_message_waits_while_a_number_is_called(talkers: Talkers) -> None:
    talkers.touch(talkers.counter.stage.primary)
    assert talkers.hall.ticket("A001").state == "called"
    send(talkers, "3", "Please come over")

    assert talkers.says(talkers.counter) == ""
    assert talkers.knocks == []
    talkers.touch(talkers.counter.stage.primary)
    assert talkers.hall.ticket("A001").state == "serving"
    assert talkers.says(talkers.counter).endswith("Please come over")
    assert talkers.knocks == ["counter-3 knock"]


def test_a_message_covers_nothing_that_can_be_pressed(talkers: Talkers) -> None:
    before = places(talkers.counter)
    send(talkers, "3", "x" * 100)

    strip = talkers.counter.messages
    assert strip.isVisible()
    area = QRect(strip.mapTo(talkers.counter, strip.rect().topLeft()), strip.size())
    pressable = [one for one in talkers.counter.findChildren(QAbstractButton) if one.isVisible()]
    for button in pressable:
        if strip.isAncestorOf(button):
            continue
        there = QRect(button.mapTo(talkers.counter, button.rect().topLeft()), button.size())
        assert not there.intersects(area), button.accessibleName() or button.text()
    assert places(talkers.counter) == before, "nothing moves under a finger"


def places(page: QWidget) -> dict[str, QRect]:
    """Return where everything lies that can be pressed but what belongs to a message."""
    return {
        button.text() or button.accessibleName(): QRect(button.mapTo(page, button.rect().topLeft()), button.size())
        for button in page.findChildren(QAbstractButton)
        if button.isVisible() and not isinstance(button.parent(), MessagePlace)
    }


def test_a_long_message_is_read_whole_in_a_question_of_its_own(talkers: Talkers) -> None:
    send(talkers, "3", "W" * 100)

    assert talkers.keys(talkers.counter) == []
    talkers.touch(talkers.counter.messages.words)
    question = talkers.dialog(talkers.counter)
    assert isinstance(question, WholeMessage)
    assert question.accessibleName().endswith("W" * 100)
    assert not talkers.log("message")[1:]
    QTest.keyClick(question.first_focus(), Qt.Key.Key_Return)
    talkers.follow()
    assert talkers.says(talkers.counter) == ""


def test_an_answer_goes_back_to_where_the_message_came_from(talkers: Talkers) -> None:
    send(talkers, "3", "Please open your window")
    talkers.press(talkers.counter, "reply")
    question = talkers.dialog(talkers.counter)
    assert isinstance(question, MessageDialog)
    assert question.to.currentText() == "Front desk"
    QTest.keyClick(question, Qt.Key.Key_5)
    talkers.follow()

    assert talkers.says(talkers.guide) == "Window 3, 10:30: The system is down, please wait"
    sent = talkers.log("message")[-1]
    assert (sent.data["origin"], sent.data["to"], sent.data["text"]) == ("counter-3", "guide", "系统出故障了，请稍等")


def test_own_words_are_sent_by_keys_alone(talkers: Talkers) -> None:
    talkers.type_key(talkers.manager, Qt.Key.Key_N, alt=True)
    question = talkers.dialog(talkers.manager)
    assert isinstance(question, MessageDialog)
    assert not question.send_button.isEnabled()
    question.to.setCurrentIndex(question.to.findData("all"))
    question.words.setFocus()
    QTest.keyClicks(question.words, "Tea at 3")
    QTest.keyClick(question.words, Qt.Key.Key_Return)
    talkers.follow()

    assert talkers.says(talkers.guide) == talkers.says(talkers.counter) == "Duty manager, 10:30: Tea at 3"
    assert talkers.says(talkers.manager) == ""
    talkers.press(talkers.guide, "seen")
    assert talkers.says(talkers.counter)


def test_a_call_for_help_is_answered_and_ends_at_the_window(talkers: Talkers) -> None:
    talkers.type_key(talkers.counter, Qt.Key.Key_H, alt=True)
    question = talkers.dialog(talkers.counter)
    assert isinstance(question, SentencesDialog)
    QTest.keyClick(question, Qt.Key.Key_3)
    talkers.follow()

    for page in (talkers.guide, talkers.manager):
        assert talkers.says(page) == "Window 3 calls for help, 10:30 · There is an argument"
    assert talkers.says(talkers.counter).startswith("Help was called at 10:30; nobody has answered yet")
    assert sorted(talkers.knocks) == ["counter-3 knock", "guide knock", "manager knock"]
    talkers.hall.clock.move(seconds=20)
    talkers.press(talkers.guide, "coming")
    assert talkers.says(talkers.manager) == ""
    assert talkers.says(talkers.counter) == "Zhou Lin is coming · There is an argument"
    assert talkers.says(talkers.guide).startswith("You are on the way to Window 3")
    talkers.hall.clock.move(seconds=40)
    talkers.press(talkers.counter, "arrived")
    assert talkers.says(talkers.guide) == talkers.says(talkers.counter) == ""
    (call,) = talkers.counter.context.feed.state.help_calls.values()
    assert (call.helper, call.ended_by, call.end) == ("G1", "C3", "arrived")


def test_a_kiosk_s_call_for_help_is_shown_at_windows_while_nobody_else_is_signed_in(talkers: Talkers) -> None:
    """In a practice without a front desk it reached nobody: the kiosk said that staff had been called."""
    hall = talkers.hall
    hall.do("sign-in", "manager", "M1", who=MANAGER)
    hall.do("help", "kiosk")
    talkers.follow()
    assert talkers.says(talkers.counter) == ""
    hall.do("sign-out", "manager", who=MANAGER)
    talkers.follow()
    assert talkers.says(talkers.counter) == "Kiosk calls for help, 10:30"
    assert talkers.keys(talkers.counter) == ["coming", "case"]
    talkers.press(talkers.counter, "coming")
    assert talkers.says(talkers.counter) == "You are on the way to Kiosk"
    talkers.press(talkers.counter, "arrived")
    assert talkers.says(talkers.counter) == ""
    (call,) = talkers.counter.context.feed.state.help_calls.values()
    assert (call.helper, call.ended_by, call.end) == ("C3", "C3", "arrived")


def test_a_call_for_help_becomes_a_case_in_two_presses_where_it_is_answered(talkers: Talkers) -> None:
    talkers.hall.do("call", "3", who=clerk("C3"))
    talkers.hall.clock.move(minutes=2)
    talkers.hall.do("help", "3", about="有争执", about_en="There is an argument", who=clerk("C3"))
    talkers.follow()
    assert talkers.keys(talkers.manager) == talkers.keys(talkers.guide) == ["coming", "arrived", "case"]
    talkers.press(talkers.guide, "coming")
    assert sorted(talkers.keys(talkers.guide)) == ["arrived", "cancel", "case"]
    talkers.press(talkers.guide, "case")
    question = talkers.dialog(talkers.guide)
    assert isinstance(question, NewCaseDialog)
    assert "from Window 3, with A001?" in question.accessibleName()
    QTest.keyClick(question, Qt.Key.Key_Return)
    talkers.follow()

    (made,) = talkers.manager.state.cases.values()
    assert (made.title, made.about, made.source) == ("Window 3, 10:32: There is an argument", "A001", "help")
    assert (made.by, made.concerns, made.owner) == ("G1", ("C3",), "M1")
    assert talkers.keys(talkers.guide) == ["arrived", "cancel"], "one call is one case"


def test_a_call_for_help_is_taken_back_with_a_reason(talkers: Talkers) -> None:
    talkers.hall.do("help", "3", who=clerk("C3"))
    talkers.follow()
    talkers.press(talkers.counter, "cancel")
    question = talkers.dialog(talkers.counter)
    assert isinstance(question, ReasonDialog)
    QTest.keyClick(question, Qt.Key.Key_1)
    QTest.keyClick(question, Qt.Key.Key_Return)
    talkers.follow()

    assert talkers.says(talkers.guide) == ""
    assert talkers.log("help")[-1].data["reason"] == "pressed_by_mistake"


def test_help_comes_before_messages_and_a_press_shows_the_next(talkers: Talkers) -> None:
    talkers.hall.do("message", "guide", "One", origin="manager")
    talkers.hall.do("help", "kiosk")
    talkers.hall.do("help", "3")
    talkers.follow()

    assert talkers.says(talkers.guide).startswith("Kiosk calls for help")
    more = talkers.guide.messages.next_key
    assert (more.text(), more.accessibleName()) == ("+2", "2 more messages")
    talkers.touch(more)
    assert talkers.says(talkers.guide).startswith("Window 3 calls for help")
    talkers.touch(more)
    assert talkers.says(talkers.guide) == "Duty manager, 10:30: One"
    talkers.touch(more)
    assert talkers.says(talkers.guide).startswith("Kiosk calls for help")


def test_an_emergency_takes_two_presses_and_ends_after_one_question(talkers: Talkers) -> None:
    for page in (talkers.guide, talkers.manager):
        before = len(talkers.log("notice"))
        talkers.touch(page.talk.emergency_button)
        question = talkers.dialog(page)
        assert isinstance(question, SentencesDialog)
        assert len(talkers.log("notice")) == before
        talkers.touch(question.ready[0])

        notice = talkers.guide.context.feed.state.pushed[-1]
        assert (notice.emergency, notice.spoken, notice.zone, notice.display) == (True, True, None, None)
        for shown in (talkers.guide, talkers.counter, talkers.manager):
            assert talkers.says(shown).startswith("Emergency. Leave the building now")
        assert talkers.keys(talkers.counter) == []
        talkers.press(page, "end")
        asked = talkers.dialog(page)
        assert isinstance(asked, ConfirmDialog)
        assert asked.first_focus() is asked.safe_button
        talkers.touch(asked.act_button)
        assert [talkers.says(one) for one in (talkers.guide, talkers.counter, talkers.manager)] == ["", "", ""]


def test_an_emergency_is_read_aloud_only_where_a_display_has_a_voice_and_escape_sends_none(talkers: Talkers) -> None:
    told: list[str] = []
    for cause in ("no_sound", None, "no_voice", None):
        devices.report(talkers.hall.desk, talkers.hall.ask(station("display")), "voice", "display", cause)
        talkers.follow()
        talkers.touch(talkers.guide.talk.emergency_button)
        question = talkers.dialog(talkers.guide)
        told.append(question.effect.text())
        QTest.keyClick(question, Qt.Key.Key_Escape)
        talkers.follow()
        assert not talkers.log("notice") and not talkers.has_dialog(talkers.guide)
    only_shown(talkers.hall)
    talkers.follow()
    talkers.touch(talkers.guide.talk.emergency_button)
    told.append(talkers.dialog(talkers.guide).effect.text())

    silent = "One press shows it on every screen in the hall at once."
    aloud = silent.removesuffix(".") + " and reads it aloud twice."
    assert told == [silent, aloud, silent, aloud, silent]


def test_an_emergency_may_be_said_in_own_words_alone_if_the_hall_has_none_ready(talkers: Talkers) -> None:
    for _one in USUAL.emergency:
        setting_up.remove_sentence(talkers.hall.desk, talkers.hall.ask(ADMIN), "emergency", 1)
    talkers.follow()
    page = talkers.guide
    talkers.touch(page.talk.emergency_button)
    question = talkers.dialog(page)
    assert isinstance(question, SentencesDialog)
    assert (question.ready, question.first_focus() is question.words) == ([], True)
    assert not question.send_button.isEnabled()
    QTest.keyClicks(question.words, "1 Use the back door")
    assert not talkers.log("notice")
    talkers.touch(question.send_button)

    assert talkers.says(talkers.counter).startswith("Emergency: 1 Use the back door")


def test_nothing_is_asked_while_the_hall_s_file_is_away(talkers: Talkers) -> None:
    feed = talkers.counter.context.feed
    talkers.hall.do("message", "3", "x")
    talkers.follow()
    feed.away.emit(talkers.hall.clock())
    talkers.counter.talk.open_help()

    assert not talkers.has_dialog(talkers.counter)
    assert talkers.keys(talkers.counter) == []
    feed.back.emit()
    talkers.counter.talk.open_help()
    assert talkers.has_dialog(talkers.counter)
