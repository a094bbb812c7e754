"""The first start in seven steps: a kind is a start, nothing is made up, and what is typed is checked at once."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from queuedesk import i18n
from queuedesk.core.features import names
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import languages
from queuedesk.core.setup.suggestions import KEEP, suggestions_of
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.home.hall_draft import Day, HallDraft, missing, problems
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.store.engine.database import Database
from tests.stations.english import english  # noqa: F401
from tests.stations.seen import texts_of
from tests.stations.whole_words import settled

FACTS, WINDOWS, PEOPLE, FEATURES = 3, 4, 5, 6  # of the steps, from 0


def click(widget):
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


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
        click(wizard.cards[preset])
    while wizard.at < step:
        if wizard.at == 1 and not wizard.hall.fields["name"].value():
            write(wizard.hall.fields["name"].edit, "Nanhu")
        click(wizard.next_button)


def made(wizard) -> Desk:
    go_to(wizard, PEOPLE)
    write(wizard.people.edits["AD"], "Wang Fang")
    write(wizard.people.pins["AD"], "2468")
    click(wizard.next_button)
    click(wizard.next_button)
    return Desk(Database.open(wizard.controller.place), 1)


def filled(draft: HallDraft) -> HallDraft:
    """Return a draft with what only the hall's people know."""
    draft = draft.with_hall(name_en="Nanhu").with_row("staff", "AD", name_en="Wang Fang").with_pin("AD", "2468")
    for row in draft.rows("services"):
        draft = draft if draft.name_of(row) else draft.with_name("services", row["code"], "Everything")
    return draft


def row_of(document, part: str, code: str):
    return next(row for row in document[part] if row["code"] == code)


# -- the draft ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_lacks_only_what_the_hall_alone_knows(controller, preset):
    draft = controller.draft(preset)

    left = [key for key in missing(draft) if not (preset == "other" and key == "services.A.name")]
    assert left == ["hall.name", "staff.AD.name", "staff.AD.pin"]
    assert (problems(filled(draft)), missing(filled(draft))) == ({}, [])


@pytest.mark.parametrize("preset", PRESETS)
def test_nothing_that_nobody_gave_reaches_the_public(controller, preset):
    document = filled(controller.draft(preset)).finished()

    assert [row["code"] for row in document["staff"]] == ["AD"]
    assert not any(row.get(key) for row in document["windows"] for key in ("zone", "zone_en", "arrow"))
    assert not document.get("notices")
    assert document["hall"]["code"] == "NANH"


def test_an_english_hall_has_no_chinese_behind_its_names(controller):
    setup = check_setup(filled(controller.draft("bank")).finished())

    assert languages(setup) == ("en",)
    assert setup.hall.languages == ("en",)
    assert (setup.hall.name, setup.services["A"].name) == ("Nanhu", "Personal cash")
    assert not re.search("[\u3400-\u9fff]", str(setup.document))


def test_a_second_language_is_given_only_where_a_person_gives_it(controller):
    draft = filled(controller.draft("bank"))
    draft = replace(draft, is_double=True).with_hall(name="南湖")

    setup = check_setup(draft.finished())

    assert (setup.hall.name, setup.hall.name_en) == ("南湖", "Nanhu")
    assert (setup.services["A"].name, setup.services["A"].name_en) == ("对私现金", "Personal cash")


def test_a_name_in_one_language_stands_in_for_the_other(controller):
    i18n.use("zh_CN")
    draft = controller.draft("bank").with_name("services", "A", "存取款")
    in_english = replace(draft, lang="en")

    assert in_english.name_of(in_english.row("services", "A")) == "存取款"
    renamed = in_english.with_name("services", "A", "Cash").row("services", "A")
    assert (renamed["name"], renamed["name_en"]) == ("", "Cash")


def test_a_renamed_service_keeps_nothing_of_the_former_one(controller):
    draft = filled(controller.draft("government")).with_name("services", "A", "Loans")

    row = row_of(draft.finished(), "services", "A")
    assert "papers" not in draft.suggestions().get("A", {})
    assert row["name"] == "Loans"
    assert not any(row.get(key) for key in ("suggested", "items", "handling_target", "name_en"))
    assert draft.with_name("services", "A", "General services").suggestions()["A"]["papers"]


def test_a_service_whose_name_is_corrected_keeps_what_is_suggested_and_its_minutes(controller):
    draft = filled(controller.draft("clinic"))
    corrected = draft.with_name("services", "D", "Blood test")

    assert corrected.minutes("D") == draft.minutes("D") != ""
    assert corrected.suggestions()["D"] == draft.suggestions()["D"]


def test_what_people_bring_is_what_was_typed(controller):
    draft = filled(controller.draft("bank")).with_typed("services.A.papers", "Passport, bank card")

    assert "papers" not in draft.suggestions()["A"]
    row = row_of(draft.with_answer(KEEP).finished(), "services", "A")
    assert [paper["name"] for paper in row["papers"]] == ["Passport", "bank card"]
    assert not any(item["papers"] for item in row["items"])
    emptied = row_of(draft.with_typed("services.A.papers", "").finished(), "services", "A")
    assert not emptied.get("papers")
    assert suggestions_of(emptied)["papers"]


@pytest.mark.parametrize(
    ("day", "spans"),
    [
        (Day(True, "9", "1730"), [(540, 1050)]),
        (Day(True, "9:00", "24"), [(540, 1440)]),
        (Day(True, "900", "17.30", "12-13:30"), [(540, 720), (810, 1050)]),
        (Day(False, "?", "?"), []),
    ],
)
def test_hours_are_read_as_people_type_them(day, spans):
    assert day.spans() == spans


def test_hours_that_are_none_are_refused(controller):
    draft = filled(controller.draft("bank"))
    for day in (Day(True, "9", "9"), Day(True, "x", "17"), Day(True, "9", "17", "18-19")):
        refused = replace(draft, week=[day, *draft.week[1:]])
        assert problems(refused) == {"week.0": "For example 8:30–12:00, 13:00–17:00"}, day


def test_the_week_is_that_of_every_service_and_of_the_hall(controller):
    draft = filled(controller.draft("government")).with_day(6, is_open=False).with_day(5, start="10", end="1230")

    document = draft.finished()

    assert {str(row["hours"]) for row in document["services"]} == {
        str([{"days": "1,2,3,4,5", "from": "09:00", "to": "17:00"}, {"days": "6", "from": "10:00", "to": "12:30"}])
    }
    assert (document["hall"]["opens"], document["hall"]["closes"]) == ("09:00", "17:00")
    assert problems(draft) == {}


def test_a_service_left_out_is_gone_from_windows_and_comes_back_in_its_place(controller):
    draft = filled(controller.draft("government"))
    without = draft.without("services", "B")

    document = without.finished()
    assert [row["code"] for row in document["services"]] == ["A", "C", "D"]
    assert not any("B" in row["services"] for row in document["windows"])
    assert without.with_back(draft, "services", "B").finished() == draft.finished()


def test_every_wrong_field_is_named(controller):
    draft = filled(controller.draft("government")).with_pin("C2", "12").with_hall(phone="1" * 600)
    draft = draft.with_prefix("B", "O").with_typed("services.C.handling_target", "soon")

    assert problems(draft) == {
        "hall.phone": "Phone is too long; please shorten it.",
        "services.B.prefix": "Letter: O does not fit; please use capital letters, but not I, O, Q, S or Z.",
        "services.C.handling_target": "Handling target needs a number, not soon.",
        "staff.C2.pin": "4 to 12 digits",
    }
    draft = filled(controller.draft("bank")).with_pin("C2", "1234")
    assert problems(draft) == {"staff.C2.name": "Please type a name for this PIN."}


def test_services_of_one_letter_share_their_numbers(controller):
    draft = filled(controller.draft("government")).with_prefix("C", "A")

    rows = {row["code"]: row for row in draft.finished()["services"]}
    assert (rows["C"]["first"], rows["C"]["last"]) == (rows["A"]["first"], rows["A"]["last"])
    assert problems(draft) == {}


def test_letters_come_by_themselves_without_those_that_look_like_numbers(controller):
    draft = controller.draft("bank")
    for _row in range(17):
        draft = draft.added("services")

    assert "".join(row["prefix"] for row in draft.rows("services")) == "ABCDEFGHJKLMNPRTUVWXY"


# -- the pages ---------------------------------------------------------------------------------------------------


def must_be_named_and_reached(wizard) -> None:
    """Assert that every field shown has a name and is reached by tab."""
    for one in wizard.findChildren(QLineEdit):
        if one.isVisible() and one.isEnabled():
            assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name), one.text()
            assert one.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_keys_alone_choose_a_kind_and_go_on_and_back(wizard):
    assert not any(card.isChecked() for card in wizard.cards.values())
    assert (wizard.next_button.text(), wizard.next_button.isEnabled()) == ("Pick a kind first", False)
    wizard.cards["power"].setFocus()
    QTest.keyClick(wizard.cards["power"], Qt.Key.Key_Space)
    QTest.keyClick(wizard.cards["power"], Qt.Key.Key_Right)
    assert wizard.presets.chosen() == "bank"
    wizard.cards["government"].setFocus()
    enter(wizard.cards["government"])
    assert (wizard.at, wizard.draft.preset) == (1, "government")

    write(wizard.hall.fields["name"].edit, "Nanhu")
    enter(wizard.hall.fields["name"].edit)
    assert wizard.at == 2
    QTest.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.at == 1
    enter(wizard.hall.fields["name"].edit)

    for code in "ABCD":
        enter(wizard.services.edits[code]["name"])
    assert list(wizard.services.edits) == ["A", "B", "C", "D", "E"], "the last name adds a row"
    assert wizard.services.edits["E"]["name"].hasFocus()
    enter(wizard.services.edits["E"]["name"])
    assert wizard.at == FACTS
    assert "E" not in wizard.draft.row("windows", "1")["services"], "an empty one is nothing"
    go_to(wizard, WINDOWS)
    assert "E" not in wizard.windows.choices["1"]


def test_what_is_typed_becomes_the_hall(wizard):
    must_be_named_and_reached(wizard)
    go_to(wizard, 1)
    must_be_named_and_reached(wizard)
    write(wizard.hall.fields["name"].edit, "Nanhu")
    click(wizard.hall.names["window"].choices["room"])
    assert [choice.isChecked() for choice in wizard.hall.calls.choices.values()] == [True, False]
    go_to(wizard, 2)
    must_be_named_and_reached(wizard)
    click(wizard.services.removes["D"])
    write(wizard.services.edits["A"]["name"], "Everything")
    write(wizard.services.edits["A"]["handling_target"], "7")
    click(wizard.services.add_button)
    write(wizard.services.edits["D"]["name"], "Advice")
    write(wizard.services.week.days[0].fields["start"], "1030")
    click(wizard.services.week.copy_button)
    click(wizard.services.week.days[6].switch)
    go_to(wizard, FACTS)
    must_be_named_and_reached(wizard)
    go_to(wizard, WINDOWS)
    must_be_named_and_reached(wizard)
    assert "Which room does what?" in texts_of(wizard), "the wizard speaks as the hall will"
    assert wizard.windows.names["1"].text() == "Room 1"
    wizard.go(1)
    assert wizard.hall.names["window"].title.text() == "What the hall calls a window"
    wizard.go(0)
    assert i18n.current_words() == ("window", "ticket")
    go_to(wizard, WINDOWS)
    click(wizard.windows.choices["5"]["D"])
    click(wizard.windows.removes["8"])
    assert wizard.toast.text() == "Room 8 removed"
    go_to(wizard, PEOPLE)
    must_be_named_and_reached(wizard)
    assert len(wizard.people.edits) == 8
    write(wizard.people.edits["C1"], "Li Wei")
    desk = made(wizard)

    setup = looking.setup_of(desk)
    assert (setup.hall.name, setup.hall.code, setup.hall.words.window) == ("Nanhu", "NANH", "room")
    assert (setup.hall.timezone, setup.hall.languages, setup.hall.opens) == ("Europe/Berlin", ("en",), 630)
    assert [service.name for service in setup.services.values()] == ["Everything", "Social insurance", "Tax", "Advice"]
    assert (setup.services["A"].handling_target, setup.services["A"].items) == (7, ())
    assert [sorted(hours.days) for hours in setup.services["B"].hours or ()] == [[1, 2, 3, 4, 5, 6]]
    assert "D" in setup.windows["5"].services
    assert {code: (person.name, person.role) for code, person in setup.staff.items()} == {
        "AD": ("Wang Fang", "admin"), "C1": ("Li Wei", "clerk")
    }  # fmt: skip
    assert [sign_in_and_pins.has_pin(desk, code) for code in ("AD", "C1")] == [True, False]
    assert "2468" not in re.findall(r"\w+", str([event.data for event in looking.events_after(desk, 0)]))


def test_the_admin_needs_a_pin_and_a_manager_without_one_is_asked_about_once(wizard):
    go_to(wizard, 1)
    assert "on screens for customers, on paper and in the voice, in this order" in texts_of(wizard)
    click(wizard.hall.calls.choices["shown"])
    assert [choice.isChecked() for choice in wizard.hall.calls.choices.values()] == [False, True]
    assert "on screens for customers and on paper, in this order" in texts_of(wizard)
    assert not any("in the voice" in text for text in texts_of(wizard))

    go_to(wizard, PEOPLE)
    assert wizard.next_button.text() == "Still to fill in: the admin's name, the admin's PIN"
    assert "AD" not in wizard.people.removes
    assert not wizard.people.roles["AD"].isEnabled()
    write(wizard.people.edits["C1"], "Sam Price")
    box = wizard.people.roles["C1"]
    box.setCurrentIndex(box.findData("manager"))
    write(wizard.people.edits["AD"], "Wang Fang")
    write(wizard.people.pins["AD"], "24")
    assert wizard.people.grid.error("AD") == "4 to 12 digits"
    write(wizard.people.pins["AD"], "2468")
    click(wizard.next_button)
    assert (wizard.next_button.text(), wizard.next_button.isEnabled()) == ("Set up the hall", True)

    click(wizard.next_button)
    question = next(one for one in wizard.children() if isinstance(one, ConfirmDialog))
    assert "Sam Price has no PIN" in texts_of(question)
    assert not wizard.controller.hall_exists()
    click(question.act_button)
    assert wizard.controller.hall_exists()
    assert not looking.setup_of(Desk(Database.open(wizard.controller.place), 1)).voice.spoken


def test_a_hall_uses_what_its_kind_begins_with_and_what_a_person_switches_on(wizard):
    go_to(wizard, 1, "bank")
    bank = list(wizard.draft.hall["features"])
    go_to(wizard, PEOPLE)
    write(wizard.people.edits["AD"], "Wang Fang")
    write(wizard.people.pins["AD"], "2468")
    click(wizard.next_button)
    cards = wizard.features.cards.cards
    assert (wizard.at, list(cards)) == (FEATURES, list(names()))
    assert [name for name, card in cards.items() if card.switch.isChecked()] == bank
    must_be_named_and_reached(wizard)

    wizard.go(0)
    click(wizard.cards["clinic"])
    wizard.go(FEATURES)
    assert not any(card.switch.isChecked() for card in cards.values()), "the choice goes with the kind"
    cards["equipment"].switch.setFocus()
    QTest.keyClick(cards["equipment"].switch, Qt.Key.Key_Space)
    click(cards["appointments"].switch)
    click(wizard.next_button)
    hall = looking.setup_of(Desk(Database.open(wizard.controller.place), 1)).hall
    assert hall.features == ("appointments", "equipment")


def test_something_else_starts_with_nothing_but_a_row_to_fill(wizard):
    go_to(wizard, 1, "other")
    assert wizard.next_button.text() == "Still to fill in: the hall's name"
    go_to(wizard, 2)
    assert [edits["name"].text() for edits in wizard.services.edits.values()] == [""]
    assert wizard.next_button.text() == "Still to fill in: Name"

    QTest.keyClicks(wizard.services.edits["A"]["name"], "Keys")
    enter(wizard.services.edits["A"]["name"])
    QTest.keyClicks(wizard.services.edits["B"]["name"], "Post")
    setup = looking.setup_of(made(wizard))

    assert [service.name for service in setup.services.values()] == ["Keys", "Post"]
    assert {window.services for window in setup.windows.values()} == {("A", "B")}


def test_a_refusal_moves_nothing_and_what_is_taken_away_comes_back(wizard, qtbot):
    go_to(wizard, 2)
    grid, week = wizard.services.grid, wizard.services.week
    qtbot.waitUntil(lambda: wizard.services.add_button.y() >= wizard.services.area.sizeHint().height())
    places = [(edit.geometry(), wizard.services.add_button.geometry()) for edit in grid.findChildren(QLineEdit)]
    write(wizard.services.edits["A"]["prefix"], "O")
    write(week.days[0].fields["end"], "8")
    settled()
    assert grid.error("A").startswith("Letter: O does not fit")
    assert week.error.text() == "For example 8:30–12:00, 13:00–17:00"
    assert (wizard.next_button.text(), wizard.next_button.isEnabled()) == ("First fix 2 things", False)
    now = [(edit.geometry(), wizard.services.add_button.geometry()) for edit in grid.findChildren(QLineEdit)]
    assert now == places

    write(wizard.services.edits["A"]["prefix"], "A")
    write(week.days[0].fields["end"], "17")
    click(wizard.services.removes["B"])
    assert (wizard.toast.text(), list(wizard.services.edits)) == ("Social insurance removed", ["A", "C", "D"])
    write(wizard.services.edits["A"]["name"], "Everything")
    wizard.toast.undo()
    assert [edits["name"].text() for edits in wizard.services.edits.values()] == [
        "Everything", "Social insurance", "Tax", "Property"
    ]  # fmt: skip

    monday, sunday = week.days[0], week.days[6]
    click(sunday.switch)
    assert sunday.closed.isVisible() and not sunday.fields["start"].isVisible()
    click(monday.pause_button)
    assert monday.fields["pause"].text() == "12:00–13:00"
    write(monday.fields["start"], "9")
    monday.fields["end"].setFocus()
    assert monday.fields["start"].text() == "9:00"
    assert wizard.draft.week[0].spans() == [(540, 720), (780, 1020)]


def test_what_was_typed_is_still_there_after_going_back_and_in_a_second_language(wizard):
    def ticked() -> bool:
        """Whether the hall's step has the mark of the preset's, which is done."""
        side = wizard.side.steps[0].height()
        done, hall = (one.grab(QRect(0, 0, side - 12, side)).toImage() for one in wizard.side.steps[:2])
        return done == hall

    click(wizard.cards["government"])
    wizard.go(2)
    assert not ticked() and wizard.side.steps[1].isEnabled(), "its name is still to be filled in"
    assert not wizard.services.edits["A"]["second"].isVisible()
    click(wizard.side.steps[1])
    assert not wizard.hall.fields["second"].isVisible()
    write(wizard.hall.fields["phone"].edit, "12345")
    write(wizard.hall.fields["name"].edit, "Elm Road Dental")
    code = wizard.hall.fields["code"].edit
    assert (code.text(), code.placeholderText()) == ("", "ERD")
    QTest.mouseClick(code, Qt.MouseButton.LeftButton)
    QTest.keyClicks(code, "ELM")
    assert wizard.draft.finished()["hall"]["code"] == "ELM"

    click(wizard.hall.languages.choices["en,zh_CN"])
    assert wizard.hall.fields["second"].isVisible()
    assert wizard.draft.finished()["hall"]["languages"] == ["en", "zh_CN"]
    go_to(wizard, 2)
    assert ticked()
    assert wizard.services.edits["A"]["second"].text() == "综合受理"

    click(wizard.side.steps[0])
    click(wizard.cards["clinic"])
    click(wizard.try_out)
    go_to(wizard, 1)
    assert (wizard.hall.fields["phone"].value(), wizard.hall.fields["name"].value()) == ("12345", "Elm Road Dental")
    go_to(wizard, 2)
    assert "Tickets at any hour while you try it out" in texts_of(wizard), "its hours do not count"
    assert not wizard.services.week.days[0].switch.isVisible()
    assert not wizard.services.week.copy_button.isVisible()
