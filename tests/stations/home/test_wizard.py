"""The first start in a window."""

import re
from datetime import timedelta
from itertools import product

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from queuedesk import i18n
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.file import check_and_read_setup, setup_from_document
from queuedesk.core.setup.hall import REASON_TAGS
from queuedesk.core.setup.presets import DROP, KEEP, PRESETS, undecided_suggestions_by_fact
from queuedesk.core.setup.rows import MOST_CREDIT, NOT_CHOSEN, hall_languages
from queuedesk.core.setup.sentences import USUAL, sentences_in_one_language
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.i18n.queue.line_words import why_not_called_now_sentence
from queuedesk.stations.home.hall_draft import HoursOfOneWeekday, sentences_of_wrong_fields, unfilled_required_fields
from queuedesk.stations.home.wizard_steps import SpaceKeepingErrorLine
from queuedesk.stations.manager.tickets.history_page import ticket_story_events
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.store.engine.database import Database
from tests.hall import CONSOLE, at
from tests.stations.home.conftest import click
from tests.stations.seen import texts_of
from tests.stations.whole_words import drawn, moved, places, settled

FACTS = 3
WINDOWS = 4
PEOPLE = 5
UNSAID = replace(sentences_in_one_language(USUAL, "en"), announcements=(), emergency=())
CHECK_UP = "E"
EMERGENCY = "F"


def write(edit: QLineEdit, text: str) -> None:
    assert edit.isVisible()
    QTest.mouseClick(edit, Qt.MouseButton.LeftButton)
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClicks(edit, text)


def enter(widget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Return)


def go_to(wizard, step: int, preset: str = "government") -> None:
    """Fill in what has to be and go on to a step."""
    if wizard.draft is None:
        click(wizard.preset_cards[preset])
    while wizard.current_step_index < step:
        if wizard.current_step_index == 1 and not wizard.hall.fields["name"].value():
            write(wizard.hall.fields["name"].edit, "Nanhu")
        click(wizard.next_button)


def name_the_admin(wizard) -> None:
    go_to(wizard, PEOPLE)
    write(wizard.people.edits["AD"], "Wang Fang")
    write(wizard.people.pins["AD"], "2468")
    click(wizard.next_button)


def hall_of(wizard) -> Desk:
    return Desk(Database.open(wizard.controller.place), 1)


def made(wizard) -> Desk:
    name_the_admin(wizard)
    click(wizard.next_button)
    return hall_of(wizard)


def filled(draft):
    """Return a draft with what only the hall's people know."""
    draft = draft.with_hall_fields(name_en="Nanhu").with_row_fields("staff", "AD", name_en="Wang Fang")
    draft = draft.with_pin("AD", "2468")
    for row in draft.part_rows("services"):
        draft = draft if draft.row_name(row) else draft.with_name("services", row["code"], "Everything")
    return draft


def row_of(document, part: str, code: str):
    return next(row for row in document[part] if row["code"] == code)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_lacks_only_what_the_hall_knows_and_nothing_that_nobody_gave_reaches_the_public(controller, preset):
    draft = controller.draft_from_preset(preset)
    left = [key for key in unfilled_required_fields(draft) if not (preset == "other" and key == "services.A.name")]
    assert left == ["hall.name", "staff.AD.name", "staff.AD.pin"]
    assert (sentences_of_wrong_fields(filled(draft)), unfilled_required_fields(filled(draft))) == ({}, [])
    document = filled(draft).finished_document()
    assert [row["code"] for row in document["staff"]] == ["AD"]
    assert not any(row.get(key) for row in document["windows"] for key in ("zone", "zone_en", "arrow"))
    assert not document.get("notices") and document["hall"]["code"] == "NANH"


def test_an_english_hall_has_no_chinese_unless_given_and_a_name_in_one_language_stands_in_for_the_other(controller):
    draft = filled(controller.draft_from_preset("bank"))
    setup = check_and_read_setup(draft.finished_document())
    assert hall_languages(setup) == setup.hall.languages == ("en",)
    assert (setup.hall.name, setup.services["A"].name) == ("Nanhu", "Personal cash")
    assert not re.search("[\u3400-\u9fff]", str(setup.document))
    setup = check_and_read_setup(replace(draft, is_double=True).with_hall_fields(name="南湖").finished_document())
    names = [(row.name, row.name_en) for row in (setup.hall, setup.services["A"])]
    assert names == [("南湖", "Nanhu"), ("对私现金", "Personal cash")]
    # A name in one language stands in for the other.
    i18n.choose_language("zh_CN")
    in_english = replace(controller.draft_from_preset("bank").with_name("services", "A", "存取款"), lang="en")
    assert in_english.row_name(in_english.part_row("services", "A")) == "存取款"
    renamed = in_english.with_name("services", "A", "Cash").part_row("services", "A")
    assert (renamed["name"], renamed["name_en"]) == ("", "Cash")


def test_a_renamed_service_keeps_nothing_of_the_former_a_corrected_name_all_and_a_typed_list_is_what_is_brought(
    controller,
):
    draft = filled(controller.draft_from_preset("government")).with_name("services", "A", "Loans")
    row = row_of(draft.finished_document(), "services", "A")
    assert "papers" not in draft.suggestions().get("A", {})
    assert row["name"] == "Loans"
    assert not any(row.get(key) for key in ("suggested", "items", "handling_target", "name_en"))
    assert draft.with_name("services", "A", "General services").suggestions()["A"]["papers"]
    draft = filled(controller.draft_from_preset("clinic"))
    corrected = draft.with_name("services", "D", "Blood test")
    assert corrected.service_handling_target_text("D") == draft.service_handling_target_text("D") != ""
    assert corrected.suggestions()["D"] == draft.suggestions()["D"]

    # What people bring is what was typed.
    draft = filled(controller.draft_from_preset("bank")).with_typed_text("services.A.papers", "Passport, bank card")
    assert "papers" not in draft.suggestions()["A"]
    row = row_of(draft.with_suggestion_answer(KEEP).finished_document(), "services", "A")
    assert [paper["name"] for paper in row["papers"]] == ["Passport", "bank card"]
    assert not any(item["papers"] for item in row["items"])
    emptied = row_of(draft.with_typed_text("services.A.papers", "").finished_document(), "services", "A")
    assert not emptied.get("papers") and undecided_suggestions_by_fact(emptied)["papers"]


def test_the_week_is_read_as_typed_for_every_service_and_one_left_out_comes_back_in_its_place(controller):
    for day, spans in (
        (HoursOfOneWeekday(True, "9", "1730"), [(540, 1050)]),
        (HoursOfOneWeekday(True, "9:00", "24"), [(540, 1440)]),
        (HoursOfOneWeekday(True, "900", "17.30", "12-13:30"), [(540, 720), (810, 1050)]),
        (HoursOfOneWeekday(False, "?", "?"), []),
    ):
        assert day.open_spans_minutes() == spans
    draft = filled(controller.draft_from_preset("government"))
    for day in (
        HoursOfOneWeekday(True, "9", "9"),
        HoursOfOneWeekday(True, "x", "17"),
        HoursOfOneWeekday(True, "9", "17", "18-19"),
    ):
        refused = replace(draft, week=[day, *draft.week[1:]])
        assert sentences_of_wrong_fields(refused) == {"week.0": "For example 8:30–12:00, 13:00–17:00"}, day
    draft = draft.with_weekday_fields(6, is_open=False).with_weekday_fields(5, start="10", end="1230")
    document = draft.finished_document()
    week = [{"days": "1,2,3,4,5", "from": "09:00", "to": "17:00"}, {"days": "6", "from": "10:00", "to": "12:30"}]
    assert all(row["hours"] == week for row in document["services"])
    assert (document["hall"]["opens"], document["hall"]["closes"]) == ("09:00", "17:00")
    assert sentences_of_wrong_fields(draft) == {}
    # A service left out is gone from windows and comes back in its place.
    draft = filled(controller.draft_from_preset("government"))
    without = draft.without_row("services", "B")
    document = without.finished_document()
    assert [row["code"] for row in document["services"]] == ["A", "C", "D"]
    assert not any("B" in row["services"] for row in document["windows"])
    assert without.with_row_restored(draft, "services", "B").finished_document() == draft.finished_document()


def test_every_wrong_field_is_named_and_services_of_one_letter_share_their_numbers(controller):
    draft = filled(controller.draft_from_preset("government")).with_pin("C2", "12").with_hall_fields(phone="1" * 600)
    draft = draft.with_service_prefix("B", "O").with_typed_text("services.C.handling_target", "soon")
    draft = draft.with_typed_text("services.A.papers", "a" * 600)
    assert sentences_of_wrong_fields(draft) == {
        "hall.phone": "Phone is too long; please shorten it.",
        "services.B.prefix": "Letter: O does not fit; please use capital letters, but not I, O, Q, S or Z.",
        "services.A.papers": "What people bring is too long; please shorten it.",
        "services.C.handling_target": "Usual minutes needs a number, not soon.",
        "staff.C2.pin": "4 to 12 digits",
    }
    draft = filled(controller.draft_from_preset("bank")).with_pin("C2", "1234")
    assert sentences_of_wrong_fields(draft) == {"staff.C2.name": "Please type a name for this PIN."}
    # Services of one letter share their numbers, and letters come by themselves.
    draft = filled(controller.draft_from_preset("government")).with_service_prefix("C", "A")
    first, other = (row_of(draft.finished_document(), "services", code) for code in "AC")
    assert (other["first"], other["last"], sentences_of_wrong_fields(draft)) == (first["first"], first["last"], {})
    draft = controller.draft_from_preset("bank")
    for _row in range(17):
        draft = draft.with_row_added("services")
    assert "".join(row["prefix"] for row in draft.part_rows("services")) == "ABCDEFGHJKLMNPRTUVWXY"


def test_keys_alone_choose_a_kind_go_on_and_back_and_stay_in_a_field_that_is_made_anew_behind_a_window(wizard, leave):
    assert not any(card.isChecked() for card in wizard.preset_cards.values())
    assert (wizard.next_button.text(), wizard.next_button.isEnabled()) == ("Pick a kind first", False)
    wizard.preset_cards["power"].setFocus()
    QTest.keyClick(wizard.preset_cards["power"], Qt.Key.Key_Space)
    QTest.keyClick(wizard.preset_cards["power"], Qt.Key.Key_Right)
    assert wizard.presets.chosen_preset() == "bank"
    wizard.preset_cards["government"].setFocus()
    enter(wizard.preset_cards["government"])
    assert (wizard.current_step_index, wizard.draft.preset) == (1, "government")
    name = wizard.hall.fields["name"].edit
    write(name, "Nanhu")
    enter(name)
    assert wizard.current_step_index == 2
    QTest.keyClick(wizard.page, Qt.Key.Key_Escape)
    assert wizard.current_step_index == 1
    enter(name)
    for code in "ABCD":
        enter(wizard.services.edits[code]["name"])
    edits = wizard.services.edits
    assert list(edits) == ["A", "B", "C", "D", "E"], "the last name adds a row"
    assert edits["E"]["name"].hasFocus()
    enter(edits["E"]["name"])
    assert wizard.current_step_index == FACTS
    assert "E" not in wizard.draft.part_row("windows", "1")["services"], "an empty one is nothing"
    go_to(wizard, WINDOWS)
    assert "E" not in wizard.windows.choices["1"]
    wizard.go_to_step(1)
    before = wizard.hall.fields["name"].edit
    click(before)
    leave()
    wizard.frame.remake_contents()
    after = wizard.hall.fields["name"].edit
    assert after is not before and wizard.frame.focusWidget() is after


def test_what_is_typed_becomes_the_hall(wizard):
    go_to(wizard, 1)
    write(wizard.hall.fields["name"].edit, "Nanhu")
    click(wizard.hall.names["window"].choices["room"])
    assert [choice.isChecked() for choice in wizard.hall.calls.choices.values()] == [True, False]
    go_to(wizard, 2)
    services = wizard.services
    click(services.removes["D"])
    write(services.edits["A"]["name"], "Everything")
    write(services.edits["A"]["handling_target"], "7")
    add(wizard, "D", "Advice")
    write(services.week.days[0].fields["start"], "1030")
    click(services.week.copy_button, services.week.days[6].switch)
    go_to(wizard, WINDOWS)
    assert "Which room does what?" in texts_of(wizard.page), "the wizard speaks as the hall will"
    assert wizard.windows.names["1"].text() == "Room 1"
    wizard.go_to_step(1)
    assert wizard.hall.names["window"].title.text() == "What the hall calls a window"
    wizard.go_to_step(0)
    assert i18n.current_hall_words() == ("window", "ticket")
    go_to(wizard, WINDOWS)
    click(wizard.windows.choices["5"]["D"], wizard.windows.removes["8"])
    assert wizard.toast.text() == "Room 8 removed"
    go_to(wizard, PEOPLE)
    assert len(wizard.people.edits) == 8
    name = wizard.people.edits["C1"]
    write(name, "Li Wei")
    wizard.people.pins["C1"].setFocus()
    assert name.cursorPosition() == 0, "its beginning is shown"
    desk = made(wizard)
    setup = looking.setup_of_hall(desk)
    assert (setup.hall.name, setup.hall.code, setup.hall.words.window) == ("Nanhu", "NANH", "room")
    assert (setup.hall.timezone, setup.hall.languages, setup.hall.opens) == ("Europe/Berlin", ("en",), 630)
    assert [service.name for service in setup.services.values()] == ["Everything", "Social insurance", "Tax", "Advice"]
    assert (setup.services["A"].handling_target, setup.services["A"].items) == (7, ())
    assert [sorted(hours.days) for hours in setup.services["B"].hours or ()] == [[1, 2, 3, 4, 5, 6]]
    assert "D" in setup.windows["5"].services
    people = {code: (person.name, person.role) for code, person in setup.staff.items()}
    assert people == {"AD": ("Wang Fang", "admin"), "C1": ("Li Wei", "clerk")}
    assert [opening.needs_pin_or_password(desk, code) for code in ("AD", "C1")] == [True, False]
    assert "2468" not in re.findall(r"\w+", str([event.data for event in looking.events_after(desk, 0)]))


def test_a_service_that_no_window_has_is_told_at_once_in_the_halls_words(wizard):
    go_to(wizard, 1)
    click(wizard.hall.names["window"].choices["room"])
    go_to(wizard, WINDOWS)
    assert "No room serves" not in " ".join(texts_of(wizard.page))
    click(*(wizard.windows.choices["5"][code] for code in wizard.draft.part_row("windows", "5")["services"]))
    assert wizard.windows.grid.error_text("5") == "No service yet: this room can't call anyone."
    for window, choices in wizard.windows.choices.items():
        if choices["B"].isChecked():
            assert "No room serves" not in wizard.windows.button_hint(), window
            click(choices["B"])
    told = "No room serves B Social insurance yet: nobody can be called."
    assert told in texts_of(wizard.page), "beside the buttons, where it is seen however many rows there are"
    click(wizard.windows.choices["8"]["B"])
    assert told not in texts_of(wizard.page)


def test_roles_are_explained_the_admin_needs_a_pin_and_a_manager_without_one_is_asked_about_once(wizard):
    go_to(wizard, 1)
    assert "on screens for customers, on paper and in the voice, in this order" in texts_of(wizard.page)
    click(wizard.hall.calls.choices["shown"])
    assert [choice.isChecked() for choice in wizard.hall.calls.choices.values()] == [False, True]
    assert "on screens for customers and on paper, in this order" in texts_of(wizard.page)
    assert not any("in the voice" in text for text in texts_of(wizard.page))
    go_to(wizard, PEOPLE)
    people, box = wizard.people, wizard.people.roles["C1"]
    assert {box.itemText(n) for n in range(box.count())} <= set(texts_of(people.role_lines)), "explained below"
    assert wizard.next_button.text() == "Still to fill in: the admin's name, the admin's PIN"
    assert "AD" not in people.removes and not people.roles["AD"].isEnabled()
    write(people.edits["C1"], "Sam Price")
    box.setCurrentIndex(box.findData("manager"))
    write(people.edits["AD"], "Wang Fang")
    write(people.pins["AD"], "24")
    assert people.grid.error_text("AD") == "4 to 12 digits"
    write(people.pins["AD"], "2468")
    click(wizard.next_button)
    assert (wizard.next_button.text(), wizard.next_button.isEnabled()) == ("Set up the hall", True)
    click(wizard.next_button)
    question = next(one for one in wizard.children() if isinstance(one, ConfirmDialog))
    assert "Sam Price has no PIN" in texts_of(question) and not wizard.controller.hall_exists()
    click(question.act_button)
    assert wizard.controller.hall_exists() and not looking.setup_of_hall(hall_of(wizard)).voice.spoken


def test_something_else_starts_with_nothing_but_a_row_to_fill(wizard):
    go_to(wizard, 1, "other")
    assert wizard.next_button.text() == "Still to fill in: the hall's name"
    go_to(wizard, 2)
    edits = wizard.services.edits
    names = [one["name"].text() for one in edits.values()]
    assert (names, wizard.next_button.text()) == ([""], "Still to fill in: Name")
    QTest.keyClicks(edits["A"]["name"], "Keys")
    enter(edits["A"]["name"])
    QTest.keyClicks(wizard.services.edits["B"]["name"], "Post")
    setup = looking.setup_of_hall(made(wizard))
    assert [service.name for service in setup.services.values()] == ["Keys", "Post"]
    assert {window.services for window in setup.windows.values()} == {("A", "B")}


def test_a_refusal_moves_nothing_and_what_is_taken_away_comes_back(wizard, qtbot):
    go_to(wizard, 2)
    services, week = wizard.services, wizard.services.week
    qtbot.waitUntil(lambda: services.add_button.y() >= services.area.sizeHint().height())
    before = places(services)
    write(services.edits["A"]["prefix"], "O")
    write(week.days[0].fields["end"], "8")
    settled()
    assert services.grid.error_text("A").startswith("Letter: O does not fit")
    assert week.error.text() == "For example 8:30–12:00, 13:00–17:00"
    assert (wizard.next_button.text(), wizard.next_button.isEnabled()) == ("First fix 2 things", False)
    assert moved(before, places(services)) == []
    for word in drawn(wizard.page).words:
        if isinstance(word.on, SpaceKeepingErrorLine):
            below = word.on.mapTo(wizard.page, QPoint(0, word.on.height())).y() - word.box.bottom()
            tails = QFontMetricsF(wizard.page.look.font(15)).tightBoundingRect(word.text).bottom()
            assert below >= tails and not word.is_cut, f"cut below: {word}"
    write(services.edits["A"]["prefix"], "A")
    write(week.days[0].fields["end"], "17")
    click(services.removes["B"])
    assert (wizard.toast.text(), list(services.edits)) == ("Social insurance removed", ["A", "C", "D"])
    write(services.edits["A"]["name"], "Everything")
    wizard.toast.undo()
    names = [edits["name"].text() for edits in services.edits.values()]
    assert names == ["Everything", "Social insurance", "Tax", "Property"]
    monday, sunday = week.days[0], week.days[6]
    click(sunday.switch)
    assert sunday.closed.isVisible() and not sunday.fields["start"].isVisible()
    click(monday.pause_button)
    assert monday.fields["pause"].text() == "12:00–13:00"
    write(monday.fields["start"], "9")
    monday.fields["end"].setFocus()
    assert monday.fields["start"].text() == "9:00"
    assert wizard.draft.week[0].open_spans_minutes() == [(540, 720), (780, 1020)]


def test_what_was_typed_is_still_there_after_going_back_and_in_a_second_language(wizard):
    def ticked() -> bool:
        """Whether the hall's step has the mark of the preset's, which is done."""
        side = wizard.side.steps[0].height()
        done, hall = (one.grab(QRect(0, 0, side - 12, side)).toImage() for one in wizard.side.steps[:2])
        return done == hall

    click(wizard.preset_cards["government"])
    wizard.go_to_step(2)
    assert not ticked() and wizard.side.steps[1].isEnabled(), "its name is still to be filled in"
    assert not wizard.services.edits["A"]["second"].isVisible()
    click(wizard.side.steps[1])
    fields = wizard.hall.fields
    assert not fields["second"].isVisible()
    write(fields["phone"].edit, "12345")
    write(fields["name"].edit, "Elm Road Dental")
    code = fields["code"].edit
    assert (code.text(), code.placeholderText()) == ("", "ERD")
    click(code)
    QTest.keyClicks(code, "ELM")
    assert wizard.draft.finished_document()["hall"]["code"] == "ELM"
    click(wizard.hall.languages.choices["en,zh_CN"])
    assert fields["second"].isVisible() and wizard.draft.finished_document()["hall"]["languages"] == ["en", "zh_CN"]
    go_to(wizard, 2)
    assert ticked() and wizard.services.edits["A"]["second"].text() == "综合受理"
    click(wizard.side.steps[0], wizard.preset_cards["clinic"], wizard.try_out)
    go_to(wizard, 1)
    assert (wizard.hall.fields["phone"].value(), wizard.hall.fields["name"].value()) == ("12345", "Elm Road Dental")
    go_to(wizard, 2)
    assert "Tickets at any hour while you try it out" in texts_of(wizard.page), "its hours do not count"
    week = wizard.services.week
    assert not week.days[0].switch.isVisible() and not week.copy_button.isVisible()


def add(wizard, code: str, name: str) -> None:
    click(wizard.services.add_button)
    write(wizard.services.edits[code]["name"], name)


def credits_of(draft) -> dict[str, int]:
    rows = draft.finished_document()["services"]
    return {row["code"]: row["credit_minutes"] for row in rows if row.get("credit_minutes")}


def test_an_emergency_in_a_new_clinic_is_called_before_those_who_wait_for_a_check_up(wizard):
    go_to(wizard, 2, "clinic")
    add(wizard, CHECK_UP, "Check-up")
    assert wizard.services.first.box.currentText() == "Nobody: all in turn"
    add(wizard, EMERGENCY, "Emergency")
    assert wizard.services.first.box.currentText() == "Emergency"
    told = "Each Emergency ticket is called as if it had come 120 min earlier. "
    told += "The last ticket is given at closing time. You can change both later in Set-up."
    assert told in texts_of(wizard.page)
    desk, now = made(wizard), at("18:00")  # 11:00 in Berlin

    def ask(minutes: int) -> Ask:
        return Ask(CONSOLE, now + timedelta(minutes=minutes))

    opening.open_window(desk, ask(0), "5", staff="AD")
    waiting = [str(issuing.issue_ticket(desk, ask(1), CHECK_UP)["ticket"]) for _ in range(2)]
    urgent, another = (str(issuing.issue_ticket(desk, ask(5), EMERGENCY)["ticket"]) for _ in range(2))
    assert calling.call_ticket(desk, ask(6), "5")["ticket"] == urgent
    state = looking.hall_state_on(desk, now.date())
    for label, is_public_login in product(waiting, (False, True)):
        why = why_not_called_now_sentence(state, state.tickets[now.date(), label], ask(6).now, public=is_public_login)
        assert f"{urgent} (Emergency)" in why

    def story() -> list[str]:
        history = looking.chain_checked_ticket_history(desk, now.date(), waiting[0], 0, ask(8).now)
        state = looking.hall_state_on(desk, now.date())
        return [moment.detail for moment in ticket_story_events(state, set_up(state), history)]

    told = story()
    assert f"{urgent} (Emergency) jumped ahead · credit 120 min" in told
    calling.transfer_customer(desk, ask(8), "5", CHECK_UP)
    assert story() == told, "whatever they go on to"
    for minute, label in ((9, another), (11, waiting[0])):
        assert calling.call_ticket(desk, ask(minute), "5")["ticket"] == label
        calling.finish_service(desk, ask(minute + 1), "5")


def test_the_admin_chooses_who_is_called_first_and_the_choice_stays(wizard):
    go_to(wizard, 2, "clinic")
    add(wizard, CHECK_UP, "Emergency")
    box = wizard.services.first.box
    box.setCurrentIndex(box.findData("D"))
    assert credits_of(wizard.draft) == {"D": MOST_CREDIT}
    assert "at most one call in 3 ahead of its turn" in wizard.services.button_hint()
    assert "jump_every" not in wizard.draft.finished_document()["settings"]
    click(wizard.services.removes["D"])
    assert (box.currentData(), credits_of(wizard.draft)) == ("", {})
    wizard.toast.undo()
    assert box.currentData() == "D"
    box.setCurrentIndex(box.findData(""))
    write(wizard.services.edits[CHECK_UP]["name"], "Emergency room")
    assert (box.currentData(), credits_of(wizard.draft)) == ("", {})
    assert "min earlier" not in wizard.services.button_hint()


def test_only_an_emergency_of_a_clinic_goes_first_by_itself(controller):
    urgent = [("clinic", name) for name in ("Emergencies", "EMERGENCY care", "急诊")]
    for preset, name in (*urgent, ("power", "Emergency repairs"), ("library", "Emergency")):
        draft = filled(controller.draft_from_preset(preset)).with_name("services", "B", name)
        assert credits_of(draft) == ({"B": MOST_CREDIT} if preset == "clinic" else {}), name


def test_answers_decide_what_customers_read(controller):
    draft = filled(controller.draft_from_preset("clinic"))
    of_the_hall = ["classes", "rating_reasons", "announcements", "emergency"]
    assert list(draft.suggestions()) == ["A", "B", "C", "D", *of_the_hall]
    left_open = setup_from_document(draft.finished_document())
    assert all(klass.staff_only for code, klass in left_open.classes.items() if code not in NOT_CHOSEN)
    assert (left_open.hall.rating_reasons, left_open.sentences) == ((), UNSAID)
    draft = draft.with_suggestion_answer(KEEP).with_suggestion_answer(DROP, "B").with_suggestion_answer("", "C")
    kept, dropped, still_open = (row_of(draft.finished_document(), "services", code) for code in "ABC")
    assert not row_of(draft.finished_document(), "classes", "elderly")["staff_only"]
    setup = setup_from_document(draft.finished_document())
    assert (setup.hall.rating_reasons, setup.sentences) == (REASON_TAGS, sentences_in_one_language(USUAL, "en"))
    assert "papers_changed" in str(draft.suggestions()["rating_reasons"])
    assert (kept["fees"], "suggested" in kept) == ("By the published tariff", False)
    assert not {"fees", "papers", "items", "suggested"} & dropped.keys() and "fees" not in still_open
    assert still_open["suggested"]["fees"] == "Nothing to pay here; medicine is paid for at Payment"


def test_suggestions_are_kept_or_dropped_by_one_press_and_said_whole(wizard):
    go_to(wizard, FACTS, "clinic")
    settled()
    texts = texts_of(wizard.facts)
    assert {
        "By the published tariff",
        "1. Show your insurance or ID card\n2. Choose department and doctor\n3. Pay and take the slip",
        "Elderly, Disabled, Pregnant",
        "Waited too long, Not explained clearly, Asked for different papers, Not treated politely, Not resolved, "
        "System or device down, The building and its facilities, Something else",
        "Emergency. Leave the building now by the nearest exit.\nPlease stay where you are and follow the staff.",
    } <= set(texts)
    assert "8 to decide" in texts
    click(wizard.facts.all_buttons[DROP])
    assert set(wizard.draft.answers.values()) == {DROP}
    click(keep := wizard.facts.cards["A"].choices[KEEP])
    assert "Everything is decided." in texts_of(wizard.facts)
    click(keep)
    assert "A" not in wizard.draft.answers
    setup = looking.setup_of_hall(made(wizard))
    assert [bool(service.suggested) for service in setup.services.values()] == [True, False, False, False]
    assert not any(service.fees or service.papers or service.items for service in setup.services.values())
    assert set(setup.classes) == {"normal", "appointment"}
    assert (setup.hall.rating_reasons, setup.sentences) == ((), UNSAID)


def of_the_hall(wizard) -> tuple[object, ...]:
    draft, fields = wizard.draft, wizard.draft.hall_fields
    about = draft.row_name(fields), fields["timezone"], fields["words"]["window"], draft.week[0].start
    return (*about, [draft.row_name(row) for row in draft.named_people()], draft.are_calls_spoken)


def services(wizard) -> list[str]:
    return [wizard.draft.row_name(row) for row in wizard.draft.named_services()]


def asked(wizard) -> ConfirmDialog | None:
    return next((one for one in wizard.window().findChildren(ConfirmDialog) if one.isVisible()), None)


def test_another_kind_keeps_what_was_given_of_the_hall_and_services_that_a_person_changed_unless_told(wizard):
    # A bank with its zone, its word for windows, its hours and a person, and a try-out.
    go_to(wizard, 1, "bank")
    write(wizard.hall.fields["name"].edit, "Nanhu")
    zone = wizard.hall.zone
    zone.setCurrentIndex(zone.findText("Asia/Tokyo"))
    wizard.hall.fields["timezone"].edited.emit("Asia/Tokyo")
    click(wizard.hall.names["window"].choices["desk"])
    click(wizard.hall.calls.choices["shown"])
    go_to(wizard, 2)
    write(wizard.services.week.days[0].fields["start"], "7:15")
    go_to(wizard, PEOPLE)
    write(wizard.people.edits["C1"], "Li Wei")
    click(wizard.side.steps[0])
    click(wizard.try_out)
    given, before = ("Nanhu", "Asia/Tokyo", "desk", "7:15", ["Li Wei"], False), services(wizard)
    assert of_the_hall(wizard) == given
    for other in ("clinic", "library"):  # which says "desk" too
        click(wizard.preset_cards[other])
        assert (asked(wizard), wizard.draft.preset) == (None, other)
        assert of_the_hall(wizard) == given, other
        assert services(wizard) != before, other  # nobody had changed those
        click(wizard.preset_cards["bank"])
        assert (of_the_hall(wizard), services(wizard)) == (given, before), other
    # Services that a person changed are replaced only when they say so.
    go_to(wizard, 2)
    write(wizard.services.edits["A"]["name"], "Coins")
    click(wizard.side.steps[0])
    before = services(wizard)
    click(wizard.preset_cards["clinic"])
    question = asked(wizard)
    assert question is not None and "Change to Clinic or hospital?" in texts_of(question)
    click(question.safe_button)
    assert (wizard.presets.chosen_preset(), wizard.draft.preset, services(wizard)) == ("bank", "bank", before)
    click(wizard.preset_cards["clinic"])
    click(asked(wizard).act_button)
    now = wizard.presets.chosen_preset(), wizard.draft.preset, services(wizard)[0]
    assert now == ("clinic", "clinic", "Registration")
    assert of_the_hall(wizard)[:2] == ("Nanhu", "Asia/Tokyo")


def test_whatever_was_changed_of_services_and_windows_is_a_persons_own(controller):
    draft = controller.draft_from_preset("bank")
    typed = draft.with_typed_text("services.A.papers", "ID card")
    answered = draft.with_suggestion_answer("keep", "A")
    for own in (typed, draft.without_row("windows", "1"), draft.with_row_added("services"), answered):
        assert own.has_edited_services
    for own in (draft, draft.with_suggestion_answer("keep", "classes").with_hall_fields(phone="12345")):
        assert not own.has_edited_services
