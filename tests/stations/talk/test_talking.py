"""What stations tell each other."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import station
from queuedesk.core.setup.sentences import USUAL
from queuedesk.desk.quality import reference_notes
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import alarms, devices
from queuedesk.features.staff.rules.training_needs import Act, needs_of
from queuedesk.features.staff.verbs import needs
from queuedesk.features.thanks.pages.page import NOTES, THANKS, WARNINGS, ThanksAndWarningsPage
from queuedesk.features.thanks.pages.parts import TextsDialog
from queuedesk.stations.acts.reference_notes import ReferenceNotesDialog
from queuedesk.stations.acts.spoken_comment import SpokenDialog
from queuedesk.stations.acts.thanks_question import ThanksDialog
from queuedesk.stations.manager.quality.case_texts import NewCaseDialog
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.talk.talking import BriefingDialog, MessageDialog, SentencesDialog
from queuedesk.stations.widgets.message_place import MessagePlace, WholeMessage
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, Dialog, ReasonDialog
from queuedesk.stations.widgets.questions.forms import FormField
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


def words(widget: QWidget) -> str:
    return " ".join(label.accessibleName() or label.text() for label in widget.findChildren(QLabel))


def fill(talkers: Talkers, dialog: Dialog, text: str) -> None:
    assert isinstance(dialog, ThanksDialog)
    dialog.words.setText(text)
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    talkers.follow()


def test_thanks_are_noted_at_a_ticket_or_by_the_manager_and_told_once_what_customers_say_to_nobody(
    talkers: Talkers,
) -> None:
    talkers.hall.serve_out("3")
    talkers.follow()
    talkers.guide.show_ticket("A001")
    talkers.touch(talkers.guide.ticket.buttons["thanks"])
    fill(talkers, talkers.dialog(talkers.guide), "So patient")

    assert talkers.says(talkers.counter) == "A customer thanks you"
    assert talkers.says(talkers.guide) == talkers.says(talkers.manager) == ""
    assert talkers.knocks == [], "thanks are quiet"
    talkers.press(talkers.counter, "read")
    assert "So patient" in words(talkers.dialog(talkers.counter))
    assert talkers.says(talkers.counter) == ""
    assert [event.actor for event in talkers.log("thanks")] == ["G1", "C3"]
    talkers.dialog(talkers.counter).refuse()

    for page, ticket in ((talkers.guide, ""), (talkers.counter, "A001")):
        entry = next(one for one in page.menu_entries() if one.text == "Customer says …")
        assert entry.enabled
        entry.act()
        said = talkers.dialog(page)
        assert isinstance(said, SpokenDialog)
        said.text.setPlainText("no chairs")
        said.kinds["complaint"].click()
        said.ticket.set_value(ticket)
        said.yes_button.click()
        talkers.follow()
    assert [event.actor for event in talkers.log("comment")] == ["G1", "C3"]
    assert talkers.says(talkers.counter) == talkers.says(talkers.guide) == "", "what customers say is told to nobody"

    # The manager notes and reads thanks.
    talkers.manager.open_page("quality")
    talkers.manager.quality.open_tab("thanks")
    page = talkers.manager.quality.pages.page("thanks")
    assert isinstance(page, ThanksAndWarningsPage)
    page.ways.setCurrentIndex(page.ways.findData(THANKS))
    page.ways.activated.emit(page.ways.currentIndex())
    (note_key,) = [button for button in page.buttons if button.text().startswith("Note thanks")]
    talkers.touch(note_key)
    dialog = talkers.dialog(talkers.manager)
    assert isinstance(dialog, ThanksDialog)
    dialog.whom.setCurrentIndex(dialog.whom.findData("C3"))
    fill(talkers, dialog, "Came out to help")

    assert [(row["staff"], row["words"], row["seen"]) for row in page.lists[THANKS].table.rows.rows] == [
        ("C3", "Came out to help", None),
        ("C3", "So patient", "2026-11-20T10:35:00+08:00"),
    ]
    assert talkers.says(talkers.counter) == "A customer thanks you"

    page.lists[THANKS].table.selectRow(0)
    (delete_key,) = [button for button in page.buttons if button.text() == "Delete …" and button.isVisible()]
    talkers.touch(delete_key)
    asked = talkers.dialog(talkers.manager)
    assert isinstance(asked, ConfirmDialog)
    talkers.touch(asked.act_button)
    assert [(row["staff"], row["words"]) for row in page.lists[THANKS].table.rows.rows] == [
        ("C3", None),
        ("C3", "So patient"),
    ]


def test_the_responsible_clerk_is_warned_and_has_seen_it(talkers: Talkers) -> None:
    hall = talkers.hall
    setting_up.set_row(hall.desk, hall.ask(ADMIN), "staff", "C3", {"warned_of": ["B"]})
    hall.clock.move(minutes=40)
    alarms.raise_due(hall.desk, hall.ask())
    talkers.follow()

    assert talkers.says(talkers.counter).startswith("Warning, ")
    assert not talkers.says(talkers.guide).startswith("Warning, ")
    with pytest.raises(RuleError, match="not_your_role"):
        alarms.acknowledge(hall.desk, hall.ask(clerk("C3")), "long_wait", service="A")
    hall.clock.move(seconds=30)
    talkers.press(talkers.counter, "seen")
    assert not talkers.says(talkers.counter).startswith("Warning, ")
    own = alarms.warnings_of(hall.desk, clerk("C3"), None, hall.clock())
    assert [(row["service"], row["people"], row["by"], row["seconds"]) for row in own] == [("B", ["C3"], "C3", 30)]
    assert alarms.warnings_of(hall.desk, clerk("C1"), None, hall.clock()) == []
    assert alarms.warnings_of(hall.desk, MANAGER, None, hall.clock()) == own


def test_without_the_responsible_clerk_the_manager_is_warned_and_the_list_says_so(talkers: Talkers) -> None:
    hall = talkers.hall
    setting_up.set_row(hall.desk, hall.ask(ADMIN), "staff", "C2", {"warned_of": ["B"]})
    sign_in_and_pins.sign_in(hall.desk, hall.ask(MANAGER), "manager", "M1")
    hall.clock.move(minutes=40)
    alarms.raise_due(hall.desk, hall.ask())
    talkers.follow()
    assert talkers.says(talkers.manager).startswith("Warning, ")
    assert not talkers.says(talkers.counter).startswith("Warning, ")
    talkers.manager.open_page("quality")
    talkers.manager.quality.open_tab("thanks")
    page = talkers.manager.quality.pages.page("thanks")
    assert isinstance(page, ThanksAndWarningsPage)

    (row,) = page.lists[WARNINGS].table.rows.rows
    shown = page.lists[WARNINGS].table.rows.texts()[0]
    assert shown[2:] == ["Zhao Qiang (Duty manager); Li Wei not signed in", "not seen yet"]
    must_save_texts(talkers, page)
    hall.clock.move(seconds=75)
    _texts_key, _slip_key, show_key, seen_key, *_others = page.buttons
    places: list[Place] = []
    page.place_wanted.connect(places.append)
    talkers.touch(seen_key)
    assert not seen_key.isEnabled() and not talkers.says(talkers.manager).startswith("Warning, ")
    talkers.touch(show_key)
    assert [(place.page, place.service) for place in places] == [("tickets", "B")]
    (seen,) = alarms.warnings_of(hall.desk, MANAGER, None, hall.clock())
    assert (row["told"], row["instead"]) == ([{"staff": "M1", "place": "manager"}], True)
    assert (seen["by"], seen["seconds"]) == ("M1", 75)


def must_save_texts(talkers: Talkers, page: ThanksAndWarningsPage) -> None:
    """Let the manager save text messages for the gateway, once the clerk's number is kept."""
    talkers.touch(page.buttons[0])
    dialog = talkers.dialog(talkers.manager)
    assert isinstance(dialog, TextsDialog)
    assert "2 warnings have no number to go to" in dialog.rows.text() and not dialog.yes_button.isEnabled()

    dialog.people.setCurrentIndex(dialog.people.findData("C2"))
    dialog.number.set_value("not one")
    dialog.keep_button.click()
    assert dialog.trouble.isVisible()
    dialog.number.set_value("138 0013 5176")
    dialog.keep_button.click()
    assert "138 •••• 5176" in dialog.rows.text() and "138 •••• 5176" in dialog.people.currentText()
    talkers.touch(dialog.yes_button)
    assert talkers.log("texts")[-1].data["messages"]
    assert page.dialog is None


def test_what_came_on_no_paper_asks_the_manager_and_leads_to_the_warnings(talkers: Talkers) -> None:
    hall, page = talkers.hall, talkers.manager
    setting_up.change_setting(hall.desk, hall.ask(ADMIN), "warning_slip", "on")
    setting_up.set_row(hall.desk, hall.ask(ADMIN), "staff", "C2", {"warned_of": ["B"]})
    hall.clock.move(minutes=40)
    alarms.raise_due(hall.desk, hall.ask())
    (row,) = alarms.slips_due(hall.desk, hall.clock())
    alarms.begin_slip(hall.desk, hall.ask(), row["alarm"])
    alarms.slip_failed(hall.desk, hall.ask(), row["alarm"], "offline")
    talkers.follow()
    page.refresh()

    (strip,) = (text for text in page.today.alerts.texts if text.place.page == "warnings")
    assert (strip.title, strip.second) == ("1 warning was not printed", "offline; tried again every few minutes")
    page.ways.go(strip.place)
    assert isinstance(page.quality.pages.page("thanks"), ThanksAndWarningsPage)
    hall.clock.move(minutes=5)
    alarms.begin_slip(hall.desk, hall.ask(), row["alarm"])
    page.open_page("today")
    assert strip not in page.today.alerts.texts


def test_who_was_named_and_who_has_not_read_the_briefing_is_told_until_a_key_says_so(talkers: Talkers) -> None:
    hall, people = talkers.hall, ("C1", "C2", "C3")
    rows = [
        Act("transfers", hall.date, f"A{n}", who, "A", "", int(who == "C3" and n < 40))
        for who in people
        for n in range(90)
    ]
    found = needs_of(hall.date, hall.date, rows)
    needs.note_named(hall.desk, hall.ask(MANAGER), found, ("transfers", "A"), reason="coach")
    talkers.follow()

    told = talkers.says(talkers.counter)
    assert "40 of 90" in told and "To coach alone" in told
    assert talkers.says(talkers.guide) == talkers.says(talkers.manager) == ""
    assert talkers.knocks == []
    talkers.press(talkers.counter, "seen")
    assert talkers.says(talkers.counter) == ""
    assert [event.actor for event in talkers.log("training-seen")] == ["C3"]

    talkers.hall.do("briefing", ["新的收费表"], ["New fees"], who=MANAGER)
    talkers.follow()
    pages = (talkers.guide, talkers.counter, talkers.manager)
    assert [talkers.says(page) for page in pages] == ["Please read today's briefing"] * 2 + [""]
    assert talkers.knocks == [], "a briefing is quiet"

    talkers.press(talkers.counter, "briefing")
    dialog = talkers.dialog(talkers.counter)
    assert isinstance(dialog, BriefingDialog)
    assert "• New fees" in [label.text() for label in dialog.findChildren(QLabel)]
    assert len(talkers.log("briefing")) == 1, "looking is no receipt"
    talkers.touch(dialog.yes_button)
    assert (talkers.says(talkers.counter), talkers.says(talkers.guide)) == ("", "Please read today's briefing")
    assert [(event.actor, "read" in event.data) for event in talkers.log("briefing")] == [("M1", False), ("C3", True)]

    talkers.hall.do("briefing", ["新的收费表从下周起"], who=MANAGER)
    talkers.follow()
    assert [talkers.says(page) for page in pages] == ["Today's briefing has changed"] * 2 + [""]


def write(field: FormField, text: str) -> None:
    assert isinstance(field.edit, QLineEdit)
    field.edit.clear()
    QTest.keyClicks(field.edit, text)


ENTRY = "Notes by reference number"


def test_a_note_is_kept_found_and_deleted_at_front_desk_and_counter_and_listed_without_its_number(
    talkers: Talkers,
) -> None:
    hall, guide, manager = talkers.hall, talkers.guide, talkers.manager
    manager.open_page("quality")
    manager.quality.open_tab("thanks")
    listed = manager.quality.pages.page("thanks")
    assert isinstance(listed, ThanksAndWarningsPage)
    assert listed.ways.findData(NOTES) == -1, "the rule is off"
    assert ENTRY not in [entry.text for entry in guide.menu_entries()]
    setting_up.change_part(hall.desk, hall.ask(ADMIN), "settings", {"reference_notes": "on"})
    talkers.follow()
    for page in (guide, talkers.counter):
        next(entry for entry in page.menu_entries() if entry.text == ENTRY).act()
        dialog = talkers.dialog(page)
        assert isinstance(dialog, ReferenceNotesDialog)
        assert not dialog.yes_button.isEnabled() and not dialog.look_button.isEnabled()
        write(dialog.number, "4100 2233")
        dialog.look_button.click()
        assert dialog.found.text() == "No note on this number."
        write(dialog.words, "Needs the low counter")
        dialog.yes_button.click()
        assert dialog.rows[0].text.text().startswith("Needs the low counter · until ")
        dialog.rows[0].button.click()
        assert not dialog.rows[0].isVisible() and dialog.found.text() == "No note on this number."
        dialog.decline_button.click()
        write(dialog.until, "soon")
        write(dialog.words, "x")
        dialog.yes_button.click()
        assert dialog.until.error()
        dialog.no_button.click()
    found = reference_notes.notes_of(hall.desk, hall.ask(MANAGER))
    assert (found["asked"], found["valid"]) == (4, 0)

    # A linked reference shows its notes, and a manager sees all without their numbers.
    reference_notes.add(hall.desk, hall.ask(GUIDE), "4100 2233", "Needs the low counter")
    reference_notes.decline(hall.desk, hall.ask(GUIDE))
    talkers.follow()
    talkers.touch(guide.front.board.tiles["A"])
    for ref in ("4100 9999", "4100-2233"):
        guide.drafting.ask_return()
        link = guide.drafting.dialog
        assert link is not None
        write(link.reference, ref)
        talkers.touch(link.yes_button)
        assert guide.drafting.draft.earlier.ref == ref
        assert talkers.has_dialog(guide) is (ref == "4100-2233")
    notes = talkers.dialog(guide)
    assert isinstance(notes, ReferenceNotesDialog)
    assert notes.rows[0].text.text().startswith("Needs the low counter · until ")

    hall.clock.move(minutes=1)
    listed.refresh(hall.clock())
    listed.ways.setCurrentIndex(listed.ways.findData(NOTES))
    listed.ways.activated.emit(listed.ways.currentIndex())
    assert listed.head.line.text() == "1 note is kept · 1 of 6 asked have a note (17 %)"
    (shown,) = listed.notes.table.rows.texts()
    assert shown == ["••• 233", "Needs the low counter", "20 Nov · Zhou Lin", "20 November 2027"]
    (delete,) = [button for button in listed.buttons if button.isVisible()]
    talkers.touch(delete)
    dialog = talkers.dialog(manager)
    assert isinstance(dialog, ConfirmDialog)
    talkers.touch(dialog.act_button)
    assert listed.notes.table.rows.texts() == [] and not delete.isEnabled()
    assert reference_notes.notes_of(hall.desk, hall.ask(MANAGER))["notes"] == []
