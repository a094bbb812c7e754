"""What stations tell each other."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.setup.sentences import USUAL
from queuedesk.desk import setting_up
from queuedesk.desk.talk import devices
from queuedesk.stations.manager.quality.case_texts import NewCaseDialog
from queuedesk.stations.talk import MessageDialog, SentenceChoiceDialog
from queuedesk.stations.widgets.message_place import WholeMessageDialog
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ReasonDialog
from tests.desk.stage import only_shown
from tests.hall import ADMIN, GUIDE, MANAGER, clerk
from tests.stations.whole_words import moved, places


def send(talkers, to: str, text: str) -> None:
    talkers.hall.do("message", to, text, who=GUIDE)
    talkers.follow()


def test_a_message_stays_over_nothing_until_it_is_seen(talkers, story):
    hall, counter = talkers.hall, talkers.counter
    send(talkers, "3", "A customer is on the way to you")
    story.tell("A message comes", *talkers.told())
    hall.play(30, "issue A")
    talkers.follow()
    assert talkers.says(counter)
    talkers.press(counter, "seen")
    story.tell("It stays until it is seen", *talkers.told())
    before = places(counter)
    send(talkers, "3", "W" * 100)
    strip = counter.messages
    area = QRect(strip.mapTo(counter, strip.rect().topLeft()), strip.size())
    assert strip.isVisible()
    after = places(counter)
    assert (before.keys() - after.keys(), moved(before, after)) == (set(), []), "nothing moves under a finger"
    assert [one for one, place in before.items() if place.intersects(area)] == []
    assert talkers.keys(counter) == [], "a long one is read whole in a question of its own"
    talkers.touch(strip.words)
    question = talkers.dialog(counter, WholeMessageDialog)
    assert question.accessibleName().endswith("W" * 100)
    assert not talkers.log("message")[3:]
    QTest.keyClick(question.first_focus_widget(), Qt.Key.Key_Return)
    talkers.follow()
    assert talkers.says(counter) == ""
    talkers.knocks.clear()
    talkers.touch(counter.stage.primary)
    send(talkers, "3", "Please come over")
    story.tell("One waits while a number is called", *talkers.told())
    talkers.touch(counter.stage.primary)
    story.tell("And comes when somebody is served", *talkers.told())


def test_an_answer_goes_back_and_own_words_are_sent_by_keys_alone(talkers, story):
    guide, counter, manager = talkers.guide, talkers.counter, talkers.manager
    send(talkers, "3", "Please open your window")
    talkers.press(counter, "reply")
    question = talkers.dialog(counter, MessageDialog)
    assert question.to.currentText() == "Front desk"
    QTest.keyClick(question, Qt.Key.Key_5)
    talkers.follow()
    story.tell("An answer goes back", *talkers.told())
    talkers.press(guide, "seen")
    talkers.type_key(manager, Qt.Key.Key_N, alt=True)
    question = talkers.dialog(manager, MessageDialog)
    assert not question.send_button.isEnabled()
    question.to.setCurrentIndex(question.to.findData("all"))
    question.words.setFocus()
    QTest.keyClicks(question.words, "Tea at 3")
    QTest.keyClick(question.words, Qt.Key.Key_Return)
    talkers.follow()
    story.tell("Own words go to all", *talkers.told())
    talkers.press(guide, "seen")
    assert talkers.says(counter), "each sees it for itself"


def test_a_call_for_help_is_answered_becomes_a_case_and_is_taken_back(talkers, story):
    hall, guide, counter, manager = talkers.hall, talkers.guide, talkers.counter, talkers.manager
    talkers.type_key(counter, Qt.Key.Key_H, alt=True)
    QTest.keyClick(talkers.dialog(counter, SentenceChoiceDialog), Qt.Key.Key_3)
    talkers.follow()
    story.tell("Help is called", *talkers.told())
    hall.clock.move(seconds=20)
    talkers.press(guide, "coming")
    story.tell("Somebody is coming", *talkers.told())
    hall.clock.move(seconds=40)
    talkers.press(counter, "arrived")
    story.tell("And is there", *talkers.told(), *counter.context.feed.state.help_calls.values())
    hall.do("call", "3", who=clerk("C3"))
    hall.clock.move(minutes=2)
    hall.do("help", "3", about="有争执", about_en="There is an argument", who=clerk("C3"))
    talkers.follow()
    story.tell("While a customer is there it may become a case", *talkers.told())
    talkers.press(guide, "coming")
    talkers.press(guide, "case")
    new_case = talkers.dialog(guide, NewCaseDialog)
    assert "from Window 3, with A001?" in new_case.accessibleName()
    QTest.keyClick(new_case, Qt.Key.Key_Return)
    talkers.follow()
    story.tell("One call is one case", *talkers.told())
    (made,) = manager.hall_state.cases.values()
    assert (made.by, made.concerns, made.owner, made.source) == ("G1", ("C3",), "M1", "help")
    talkers.press(guide, "arrived")
    hall.do("finish", "3")
    hall.do("help", "3", who=clerk("C3"))
    talkers.follow()
    talkers.press(counter, "cancel")
    reason = talkers.dialog(counter, ReasonDialog)
    QTest.keyClick(reason, Qt.Key.Key_1)
    QTest.keyClick(reason, Qt.Key.Key_Return)
    talkers.follow()
    story.tell("It is taken back with a reason", *talkers.told())
    hall.play("message guide One origin=manager", "help kiosk", "help 3")
    talkers.follow()
    more = guide.messages.next_key
    assert (more.text(), more.accessibleName()) == ("+2", "2 more messages")
    for n in range(1, 5):
        story.tell(f"Help comes before messages, {n}", talkers.says(guide))
        talkers.touch(more)


def test_a_kiosk_s_call_for_help_is_shown_at_windows_while_nobody_else_is_signed_in(talkers, story):
    """In a practice without a front desk it reached nobody: the kiosk said that staff had been called."""
    hall, counter = talkers.hall, talkers.counter
    hall.do("sign-in", "manager", "M1", who=MANAGER)
    hall.do("help", "kiosk")
    talkers.follow()
    assert talkers.says(counter) == ""
    hall.do("sign-out", "manager", who=MANAGER)
    talkers.follow()
    story.tell("Nobody else is signed in", *talkers.told())
    talkers.press(counter, "coming")
    assert talkers.says(counter) == "You are on the way to Kiosk"
    talkers.press(counter, "arrived")
    assert talkers.says(counter) == ""
    (call,) = counter.context.feed.state.help_calls.values()
    assert (call.helper, call.ended_by, call.end) == ("C3", "C3", "arrived")
    hall.do("message", "3", "x")
    talkers.follow()
    feed = counter.context.feed
    feed.away.emit(hall.clock())
    counter.talk.open_help_dialog()
    assert not talkers.has_dialog(counter), "nothing is asked while the hall's file is away"
    assert talkers.keys(counter) == []
    feed.back.emit()
    counter.talk.open_help_dialog()
    assert talkers.has_dialog(counter)


def test_an_emergency_takes_two_presses_is_read_aloud_where_there_is_a_voice_and_may_be_in_own_words(talkers, story):
    hall = talkers.hall

    def asked(page):
        talkers.follow()
        talkers.touch(page.talk.emergency_button)
        return talkers.dialog(page, SentenceChoiceDialog)

    for name, page in (("front desk", talkers.guide), ("manager", talkers.manager)):
        before = len(talkers.log("notice"))
        question = asked(page)
        assert len(talkers.log("notice")) == before
        talkers.touch(question.ready[0])
        story.tell(f"An emergency of the {name}", *talkers.told())
        talkers.press(page, "end")
        question = talkers.dialog(page, ConfirmDialog)
        assert question.first_focus_widget() is question.safe_button
        talkers.touch(question.act_button)
        assert talkers.told() == []
    page, told = talkers.guide, list[str]()
    sent = len(talkers.log("notice"))
    for cause in ("no_sound", None, "no_voice", None, "only shown"):
        if cause == "only shown":
            only_shown(hall)
        else:
            devices.record_device_state(hall.desk, hall.ask(actor_of_station("display")), "voice", "display", cause)
        question = asked(page)
        told.append(question.effect.text())
        QTest.keyClick(question, Qt.Key.Key_Escape)
        talkers.follow()
        assert len(talkers.log("notice")) == sent and not talkers.has_dialog(page), "Escape sends none"
    silent = "One press shows it on every screen in the hall at once."
    aloud = silent.removesuffix(".") + " and reads it aloud twice."
    assert told == [silent, aloud, silent, aloud, silent]
    for _one in USUAL.emergency:
        setting_up.remove_sentence(hall.desk, hall.ask(ADMIN), "emergency", 1)
    question = asked(page)
    assert (question.ready, question.first_focus_widget() is question.words) == ([], True)
    assert not question.send_button.isEnabled()
    QTest.keyClicks(question.words, "1 Use the back door")
    assert len(talkers.log("notice")) == sent
    talkers.touch(question.send_button)
    assert talkers.says(talkers.counter).startswith("Emergency: 1 Use the back door")
