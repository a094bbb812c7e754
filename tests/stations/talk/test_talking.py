"""What stations tell each other."""

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
from tests.hall import ADMIN, GUIDE, MANAGER, clerk
from tests.stations.talk.conftest import Talkers


def send(talkers: Talkers, to: str, text: str) -> None:
    talkers.hall.do("message", to, text, who=GUIDE)
    talkers.follow()


def test_a_message_stays_over_nothing_until_it_is_seen(talkers: Talkers) -> None:
    counter = talkers.counter
    send(talkers, "3", "A customer is on the way to you")
    assert talkers.says(counter) == "Front desk, 10:30: A customer is on the way to you"
    assert talkers.says(talkers.guide) == talkers.says(talkers.manager) == ""
    assert talkers.knocks == ["counter-3 knock"]
    talkers.hall.clock.move(minutes=30)
    talkers.hall.issue("A")
    talkers.follow()
    assert talkers.says(counter)
    talkers.press(counter, "seen")
    assert talkers.says(counter) == ""
    assert [(e.actor, e.data["place"]) for e in talkers.log("message")[1:]] == [("C3", "counter-3")]

    before = places(counter)
    send(talkers, "3", "W" * 100)
    strip = counter.messages
    area = QRect(strip.mapTo(counter, strip.rect().topLeft()), strip.size())
    assert strip.isVisible()
    assert places(counter) == before, "nothing moves under a finger"
    for button in counter.findChildren(QAbstractButton):
        if button.isVisible() and not strip.isAncestorOf(button):
            there = QRect(button.mapTo(counter, button.rect().topLeft()), button.size())
            assert not there.intersects(area), button.accessibleName() or button.text()
    assert talkers.keys(counter) == [], "a long one is read whole in a question of its own"
    talkers.touch(strip.words)
    question = talkers.dialog(counter)
    assert isinstance(question, WholeMessage)
    assert question.accessibleName().endswith("W" * 100)
    assert not talkers.log("message")[3:]
    QTest.keyClick(question.first_focus(), Qt.Key.Key_Return)
    talkers.follow()
    assert talkers.says(counter) == ""

    talkers.knocks.clear()
    talkers.touch(counter.stage.primary)
    assert talkers.hall.ticket("A001").state == "called"
    send(talkers, "3", "Please come over")
    assert (talkers.says(counter), talkers.knocks) == ("", []), "it waits while a number is called"
    talkers.touch(counter.stage.primary)
    assert talkers.hall.ticket("A001").state == "serving"
    assert talkers.says(counter).endswith("Please come over")
    assert talkers.knocks == ["counter-3 knock"]


def places(page: QWidget) -> dict[str, QRect]:
    """Return where everything lies that can be pressed but what belongs to a message."""
    return {
        button.text() or button.accessibleName(): QRect(button.mapTo(page, button.rect().topLeft()), button.size())
        for button in page.findChildren(QAbstractButton)
        if button.isVisible() and not isinstance(button.parent(), MessagePlace)
    }


def test_an_answer_goes_back_and_own_words_are_sent_by_keys_alone(talkers: Talkers) -> None:
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
    talkers.press(talkers.guide, "seen")

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


def test_a_call_for_help_is_answered_becomes_a_case_and_is_taken_back(talkers: Talkers) -> None:
    hall, guide, counter, manager = talkers.hall, talkers.guide, talkers.counter, talkers.manager
    talkers.type_key(counter, Qt.Key.Key_H, alt=True)
    question = talkers.dialog(counter)
    assert isinstance(question, SentencesDialog)
    QTest.keyClick(question, Qt.Key.Key_3)
    talkers.follow()
    for page in (guide, manager):
        assert talkers.says(page) == "Window 3 calls for help, 10:30 · There is an argument"
    assert talkers.says(counter).startswith("Help was called at 10:30; nobody has answered yet")
    assert sorted(talkers.knocks) == ["counter-3 knock", "guide knock", "manager knock"]
    hall.clock.move(seconds=20)
    talkers.press(guide, "coming")
    assert talkers.says(manager) == ""
    assert talkers.says(counter) == "Zhou Lin is coming · There is an argument"
    assert talkers.says(guide).startswith("You are on the way to Window 3")
    hall.clock.move(seconds=40)
    talkers.press(counter, "arrived")
    assert talkers.says(guide) == talkers.says(counter) == ""
    (call,) = counter.context.feed.state.help_calls.values()
    assert (call.helper, call.ended_by, call.end) == ("G1", "C3", "arrived")

    hall.do("call", "3", who=clerk("C3"))
    hall.clock.move(minutes=2)
    hall.do("help", "3", about="有争执", about_en="There is an argument", who=clerk("C3"))
    talkers.follow()
    assert talkers.keys(manager) == talkers.keys(guide) == ["coming", "arrived", "case"]
    talkers.press(guide, "coming")
    assert sorted(talkers.keys(guide)) == ["arrived", "cancel", "case"]
    talkers.press(guide, "case")
    new_case = talkers.dialog(guide)
    assert isinstance(new_case, NewCaseDialog)
    assert "from Window 3, with A001?" in new_case.accessibleName()
    QTest.keyClick(new_case, Qt.Key.Key_Return)
    talkers.follow()
    (made,) = manager.state.cases.values()
    assert (made.title, made.about, made.source) == ("Window 3, 10:33: There is an argument", "A001", "help")
    assert (made.by, made.concerns, made.owner) == ("G1", ("C3",), "M1")
    assert talkers.keys(guide) == ["arrived", "cancel"], "one call is one case"
    talkers.press(guide, "arrived")
    hall.do("finish", "3")

    hall.do("help", "3", who=clerk("C3"))
    talkers.follow()
    talkers.press(counter, "cancel")
    reason = talkers.dialog(counter)
    assert isinstance(reason, ReasonDialog)
    QTest.keyClick(reason, Qt.Key.Key_1)
    QTest.keyClick(reason, Qt.Key.Key_Return)
    talkers.follow()
    assert talkers.says(guide) == ""
    assert talkers.log("help")[-1].data["reason"] == "pressed_by_mistake"

    hall.do("message", "guide", "One", origin="manager")
    hall.do("help", "kiosk")
    hall.do("help", "3")
    talkers.follow()
    assert talkers.says(guide).startswith("Kiosk calls for help"), "help comes before messages"
    more = guide.messages.next_key
    assert (more.text(), more.accessibleName()) == ("+2", "2 more messages")
    talkers.touch(more)
    assert talkers.says(guide).startswith("Window 3 calls for help")
    talkers.touch(more)
    assert talkers.says(guide) == "Duty manager, 10:33: One"
    talkers.touch(more)
    assert talkers.says(guide).startswith("Kiosk calls for help")


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

    hall.do("message", "3", "x")
    talkers.follow()
    feed = talkers.counter.context.feed
    feed.away.emit(hall.clock())
    talkers.counter.talk.open_help()
    assert not talkers.has_dialog(talkers.counter), "nothing is asked while the hall's file is away"
    assert talkers.keys(talkers.counter) == []
    feed.back.emit()
    talkers.counter.talk.open_help()
    assert talkers.has_dialog(talkers.counter)


def test_an_emergency_takes_two_presses_is_read_aloud_where_there_is_a_voice_and_may_be_said_in_own_words(
    talkers: Talkers,
) -> None:
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

    hall, page, told = talkers.hall, talkers.guide, list[str]()
    sent = len(talkers.log("notice"))

    def asked() -> SentencesDialog:
        talkers.follow()
        talkers.touch(page.talk.emergency_button)
        question = talkers.dialog(page)
        assert isinstance(question, SentencesDialog)
        return question

    for cause in ("no_sound", None, "no_voice", None, "only shown"):
        if cause == "only shown":
            only_shown(hall)
        else:
            devices.report(hall.desk, hall.ask(station("display")), "voice", "display", cause)
        question = asked()
        told.append(question.effect.text())
        QTest.keyClick(question, Qt.Key.Key_Escape)
        talkers.follow()
        assert len(talkers.log("notice")) == sent and not talkers.has_dialog(page), "Escape sends none"
    silent = "One press shows it on every screen in the hall at once."
    aloud = silent.removesuffix(".") + " and reads it aloud twice."
    assert told == [silent, aloud, silent, aloud, silent]

    for _one in USUAL.emergency:
        setting_up.remove_sentence(hall.desk, hall.ask(ADMIN), "emergency", 1)
    question = asked()
    assert (question.ready, question.first_focus() is question.words) == ([], True)
    assert not question.send_button.isEnabled()
    QTest.keyClicks(question.words, "1 Use the back door")
    assert len(talkers.log("notice")) == sent
    talkers.touch(question.send_button)
    assert talkers.says(talkers.counter).startswith("Emergency: 1 Use the back door")
