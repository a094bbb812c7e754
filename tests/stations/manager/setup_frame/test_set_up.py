"""The set-up and its parts."""

import re

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from queuedesk.core.setup.field_kinds import typed_dates
from queuedesk.core.setup.file import GROUPS, HALL_RULES, SETTINGS, read_setup, rules_in
from queuedesk.core.setup.hall import REASON_TAGS
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.stations.manager.setup.forms import SuggestionDialog
from queuedesk.stations.manager.setup.hours_text import hours_text, read_hours
from queuedesk.stations.manager.setup.service_form import PapersForm, ServiceForm
from queuedesk.stations.manager.setup_frame.draft import (
    draft_of,
    list_rows,
    new_draft,
    problems,
    read_figure,
    read_range,
    read_rule,
    saving,
)
from queuedesk.stations.manager.setup_frame.set_up_controller import Saving
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, PickDialog
from queuedesk.stations.window.style import Look
from tests.hall import MANAGER
from tests.stations.seen import texts_of


def edit(form, key):
    return form.fields[key].edit


def set_ups(office) -> list[dict]:
    return [event.data for event in office.log("set-up")][1:]


@pytest.fixture
def setup(hall):
    return looking.setup_of(hall.desk)


# -- drafts ------------------------------------------------------------------------------------------------------


def test_every_wrong_field_is_named_in_its_own_sentence(setup):
    draft = draft_of(setup, "services", "B").with_value("name", "").with_value("last_ticket", "17:40")
    draft = draft.with_value("handling_target", "soon").with_value("prefix", "O").with_value("name_en", "")
    assert problems(setup, draft) == {
        "name": "Name is empty; please fill it in.",
        "last_ticket": "Last ticket is after closing time 17:30; please make it earlier.",
        "handling_target": "Handling target needs a number, not soon.",
        "prefix": "Letter: O does not fit; please use capital letters, but not I, O, Q, S or Z.",
    }
    draft = draft_of(setup, "services", "B").read("range", "all", read_range)
    assert problems(setup, draft) == {"range": "Please write the numbers as 001–499."}
    assert draft.read("range", "001 - 300", read_range).fields() == {"last": 300}
    draft = draft_of(setup, "services", "D").with_value("prefix", "A")
    assert list(problems(setup, draft)) == ["range"], "services of one letter need the same numbers"
    draft = draft_of(setup, "staff", "AD").with_value("role", "clerk")
    assert problems(setup, draft) == {"role": "The hall needs an admin; please name another one first."}
    for pin, wrong in (("123", True), ("1234", False), ("12a4", True), ("1" * 13, True)):
        assert ("pin" in problems(setup, draft_of(setup, "staff", "C1").with_pin(pin))) is wrong


def test_saving_writes_only_what_changed_and_a_new_service_gets_a_free_letter(setup):
    draft = draft_of(setup, "services", "C").with_value("handling_target", 25)
    written = saving(setup, draft.with_window("1", True).with_window("6", False))
    assert written.fields == {"handling_target": 25}
    assert written.windows == {"1": ["A", "C"], "6": ["A", "B", "D"]}, "the windows that serve it"

    draft = new_draft(setup, "services")
    assert (draft.code, draft.row["prefix"], list(problems(setup, draft))) == ("E", "E", ["name"])
    draft = new_draft(setup, "targets")
    assert set(problems(setup, draft)) == set(draft.fresh), "still to be filled in, not wrong"
    typed = draft.with_value("measure", "satisfaction").with_value("value", 95)
    assert (typed.fresh, problems(setup, typed)) == (frozenset(), {})


# -- hours -------------------------------------------------------------------------------------------------------
MORNING = {"days": "1-7", "from": "08:30", "to": "12:00"}


def test_hours_are_read_as_people_type_them_and_as_they_are_shown():
    saturday = {"days": "6", "from": "09:00", "to": "11:00"}
    for text, rows in (
        ("8:30–12:00", [MORNING]),
        ("8：30-12：00、13:30至17:30", [MORNING, {"days": "1-7", "from": "13:30", "to": "17:30"}]),
        ("周一–周五 8:30–12:00；周六 9:00–11:00", [MORNING | {"days": "1-5"}, saturday]),
        ("Mon Wed 8:30-12:00", [MORNING | {"days": "1,3"}]),
        ("", None),
    ):
        assert read_hours(text) == rows
    for text in ("8", "morning", "8:30", "8:30–12:00 Mon", "Someday 8:30–12:00"):
        with pytest.raises(RuleError) as refusal:
            read_hours(text)
        assert refusal.value.details["why"] == "bad_hours"
    rows = [MORNING | {"days": "1-5"}, {"days": "1-5", "from": "13:30", "to": "17:30"}, MORNING | {"days": "6,7"}]
    for lang in ("zh_CN", "en"):
        i18n.use(lang)
        assert read_hours(hours_text(rows)) == rows


# -- the page ----------------------------------------------------------------------------------------------------
def test_what_is_typed_is_checked_at_once_saved_as_an_event_and_not_lost_unasked(admin_office):
    admin_office.go("setup")
    page = admin_office.page.setup_page
    admin_office.write(edit(page.forms.service, "last_ticket"), "17:40")
    assert page.forms.service.fields["last_ticket"].error() == (
        "Last ticket is after closing time 17:30; please make it earlier."
    )
    assert page.save_button.text() == "Fix 1 thing first"
    assert not page.save_button.isEnabled()
    admin_office.touch(page.foot.discard_button)
    assert edit(page.forms.service, "last_ticket").text() == "17:00"
    assert not page.is_changed

    admin_office.touch(page.list.cards["B"])
    assert page.save_button.text() == "Nothing to save yet"
    admin_office.write(edit(page.forms.service, "handling_target"), "25")
    admin_office.touch(page.save_button)
    assert set_ups(admin_office) == [
        {"part": "services", "op": "set", "code": "B", "row": {"handling_target": 25}, "date": "2026-11-20"}
    ]
    assert edit(page.forms.service, "handling_target").text() == "25 min"
    assert admin_office.page.toast.text() == "Saved; it applies from the next ticket"

    # Long ticket hours are shown whole and saved in one line.
    hours = page.forms.service.fields["hours"].edit
    one_line = hours.height()
    admin_office.write(hours, "Mon-Wed 8:30-12:00, 13:30-17:30; Thu 9:00-12:00, 13:30-19:00; ")
    QTest.keyClick(hours, Qt.Key.Key_Return)
    QTest.keyClicks(hours, "Fri 9:00-12:00")
    admin_office.until(lambda: hours.height() > one_line)
    assert hours.verticalScrollBar().maximum() == 0, "nothing of it is scrolled away"
    admin_office.touch(page.save_button)
    spans = [(row["days"], row["from"]) for row in set_ups(admin_office)[1]["row"]["hours"]]
    assert spans == [("1-3", "08:30"), ("1-3", "13:30"), ("4", "09:00"), ("4", "13:30"), ("5", "09:00")]

    # What is typed is not lost when the window is closed or signed out of.
    office = admin_office
    office.go("setup")
    page = office.page.setup_page
    assert office.page.may_close() and office.page.may_sign_out()
    office.write(edit(page.forms.service, "handling_target"), "9")
    assert not office.page.may_sign_out()

    # Another language changes labels alone.
    i18n.use("zh_CN")
    office.page.make_anew()
    page = office.page.setup_page
    assert page.save_button.text() == "保存"
    assert edit(page.forms.service, "handling_target").text() == "9 分钟"
    i18n.use("en")
    office.page.make_anew()
    page = office.page.setup_page

    # The window asks before it takes typed text with it.
    assert not office.page.may_close()
    assert office.page.closing_effect() == "What you typed in the set-up is not saved yet."

    # So does a press that leads elsewhere.
    office.go("today")
    question = office.question(ConfirmDialog)
    assert office.page.nav.current() == "setup"
    office.touch(question.safe_button)
    assert page.is_changed
    office.go("today")
    office.touch(office.question(ConfirmDialog).act_button)
    assert office.page.stack.currentWidget() is office.page.today
    assert not page.is_changed

    office.go("setup")
    office.write(edit(page.forms.service, "handling_target"), "9")
    office.touch(page.foot.discard_button)
    assert office.page.may_close()


def test_services_items_windows_and_people_are_changed_added_removed_and_moved_in_the_order(admin_office):
    """What the preset said of the former name goes with it; one press brings it back."""
    admin_office.go("setup")
    page = admin_office.page.setup_page
    admin_office.touch(page.list.cards["C"])
    admin_office.write(edit(page.forms.service, "name"), "Jie shu")
    admin_office.write(edit(page.forms.service, "name_en"), "Loans")
    admin_office.touch(page.save_button)
    assert set_ups(admin_office) == []
    answer_rename(admin_office, "other")
    row = set_ups(admin_office)[0]["row"]
    assert (row["name_en"], row["items"], row["papers"], row["steps_en"]) == ("Loans", [], [], "")
    toast = admin_office.page.toast.text()
    assert toast == "What the preset filled in for New connection was dropped: Papers, Items, About and more."
    assert not page.is_changed
    admin_office.touch(page.foot.back_button)
    assert set_ups(admin_office)[1]["op"] == "back"

    # One that only gets another name keeps everything.
    admin_office.touch(page.list.cards["C"])
    admin_office.write(edit(page.forms.service, "name"), "Xin zhuang")
    admin_office.write(edit(page.forms.service, "name_en"), "New supply")
    admin_office.touch(page.save_button)
    answer_rename(admin_office, "same")
    service = looking.setup_of(admin_office.hall.desk).services["C"]
    assert (service.name_en, bool(service.items), bool(service.steps_en)) == ("New supply", True, True)
    assert admin_office.page.toast.text() == "Saved; it applies from the next ticket"

    # Suggestions stand above the service until they are decided.
    admin_office.touch(page.list.cards["A"])
    assert not page.suggestions.isVisible()
    held = {"fees": "免费", "fees_en": "Free of charge", "steps": "取号", "steps_en": "Take a ticket"}
    admin_office.hall.do(
        "set-row", "services", "A", {"fees": "", "fees_en": "", "steps": "", "steps_en": "", "suggested": held}
    )
    admin_office.follow()
    assert page.suggestions.words.text() == "Suggested, not shown to customers yet: Fees, Steps"

    admin_office.touch(page.suggestions.button)
    dialog = page.window().findChild(SuggestionDialog)
    assert "免费\nFree of charge" in texts_of(dialog)
    assert not dialog.yes_button.isEnabled()
    admin_office.touch(dialog.choices["fees"]["keep"])
    admin_office.touch(dialog.choices["steps"]["drop"])
    admin_office.touch(dialog.yes_button)
    admin_office.follow()

    service = looking.setup_of(admin_office.hall.desk).services["A"]
    assert (service.fees_en, service.steps_en, service.suggested) == ("Free of charge", "", {})
    assert not page.suggestions.isVisible()

    # One is added with its windows and removed again.
    admin_office.touch(page.list.add_button)
    admin_office.write(edit(page.forms.service, "name"), "Chongdian")
    admin_office.write(edit(page.forms.service, "name_en"), "Charging")
    admin_office.touch(page.forms.service.windows.choices["5"])
    admin_office.touch(page.save_button)
    setup = admin_office.page.context.feed.setup
    assert setup.services["E"].name_en == "Charging"
    assert setup.windows["5"].services == ("A", "B", "C", "D", "E")
    admin_office.touch(page.list.cards["E"])
    admin_office.touch(page.remove_button)
    admin_office.touch(admin_office.question(ConfirmDialog).act_button)
    assert "E" not in admin_office.page.context.feed.setup.services

    # Rows are ordered by dragging.
    first, third = page.list.cards["A"], page.list.cards["C"]
    start = QPoint(20, first.height() // 2)
    QTest.mousePress(first, Qt.MouseButton.LeftButton, pos=start)
    for y in range(0, third.y() - first.y() + 41, 20):
        QTest.mouseMove(first, first.mapFromGlobal(page.list.column.mapToGlobal(QPoint(20, start.y() + y))))
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, pos=start)
    admin_office.follow()
    assert list(admin_office.page.context.feed.setup.services) == ["B", "C", "A", "D"]

    # And by keys.
    QTest.keyClick(page.list.cards["D"], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    admin_office.follow()
    assert [row.code for row in list_rows(admin_office.page.context.feed.setup, "services")] == ["B", "C", "D", "A"]

    # An item gets what it needs, one is added and removed.
    admin_office.touch(page.list.cards["A"])
    admin_office.touch(page.forms.service.item_rows[0])
    form = page.forms.item
    admin_office.write(edit(form, "minutes"), "4")
    admin_office.touch(form.ticks["favourite"])
    admin_office.touch(form.papers.add_button)
    assert page.save_button.text() == "Still to fill in: Papers"
    admin_office.write(form.papers.edits[1][0], "ID card")
    admin_office.touch(page.save_button)
    item = admin_office.page.context.feed.setup.services["A"].items[0]
    assert (item.minutes, item.favourite, [p.name for p in item.papers]) == (4, True, ["户号", "ID card"])

    admin_office.touch(form.back_button)
    admin_office.touch(page.forms.service.add_item)
    admin_office.write(edit(page.forms.item, "name"), "Guohu")
    admin_office.touch(page.forms.item.back_button)
    assert len(page.forms.service.item_rows) == 6
    admin_office.touch(page.save_button)
    assert admin_office.page.context.feed.setup.services["A"].items[5].name == "Guohu"
    page.forms.service.item_wanted.emit(5)
    admin_office.touch(page.forms.item.remove_button)
    admin_office.touch(page.save_button)
    assert len(admin_office.page.context.feed.setup.services["A"].items) == 5

    # A window gets its way, and services in their new order.
    page.open_row("windows", "2")
    form = page.forms.of("windows")
    admin_office.write(edit(form, "zone_en"), "upstairs")
    form.arrow.setCurrentIndex(5)
    admin_office.touch(form.services.choices["D"])
    admin_office.touch(page.save_button)
    window = admin_office.page.context.feed.setup.windows["2"]
    assert (window.zone_en, window.arrow, window.services) == ("upstairs", "up", ("D", "A"))

    # A person gets a role and a PIN, and loses it.
    page.open_row("staff", "G1")
    admin_office.touch(page.forms.staff.roles.choices["manager"])
    admin_office.write(edit(page.forms.staff, "pin"), "2468")
    admin_office.touch(page.save_button)
    assert str(admin_office.page.context.feed.setup.staff["G1"].role) == "manager"
    assert sign_in_and_pins.has_pin(admin_office.hall.desk, "G1")
    assert "2468" not in re.findall(r"\w+", str([e.data for e in admin_office.log("set-up")]))
    admin_office.touch(page.forms.staff.remove_pin)
    admin_office.touch(admin_office.question(ConfirmDialog).act_button)
    assert not sign_in_and_pins.has_pin(admin_office.hall.desk, "G1")

    # What a person is warned of is chosen by name.
    page.open_row("staff", "M1")
    choices = page.forms.staff.warned.choices
    words = {choice.text(): choice for choice in choices.values()}
    for word in ("Device out of order", "B Account services"):
        words[word].setFocus()
        QTest.keyClick(words[word], Qt.Key.Key_Space)
    admin_office.write(edit(page.forms.staff, "languages"), "English, sign language")
    admin_office.touch(page.save_button)
    saved = admin_office.page.context.feed.setup.staff["M1"]
    assert (saved.warned_of, saved.languages) == (("B", "device_down"), ("English", "sign language"))


def answer_rename(office, key):
    (question,) = office.page.window().findChildren(PickDialog)
    assert "Items" in question.effect.text()
    office.touch(question.answers[key])


def test_a_service_and_its_windows_are_saved_together_or_not_at_all_and_by_an_admin_alone(set_up_desk, hall, context):
    troubles = []
    set_up_desk.refused.connect(lambda _verb, trouble: troubles.append(trouble))
    before = len(hall.log())

    fields = {"handling_target": 25}
    set_up_desk.save(Saving(part="services", code="B", fields=fields, windows={"1": ["A", "B"], "99": ["B"]}))

    assert [trouble.code for trouble in troubles] == ["not_there"]
    assert len(hall.log()) == before

    context.who = MANAGER
    set_up_desk.remove("services", "D")
    assert troubles[-1].code == "not_your_role"


@pytest.fixture
def office(admin_office):
    admin_office.go("setup")
    return admin_office


@pytest.fixture
def page(office):
    return office.page.setup_page


def part(office, key: str) -> None:
    """Press a part of the set-up."""
    nav = office.page.setup_page.nav

    def entries() -> list[QAbstractButton]:
        return [entry for entry in nav.findChildren(QAbstractButton, key) if entry.isVisible()]

    office.until(lambda: len(entries()) == 1)
    office.touch(entries()[0])


# -- drafts ------------------------------------------------------------------------------------------------------
def test_closing_earlier_than_a_last_ticket_is_refused_with_the_service(setup):
    draft = draft_of(setup, "hall", setup.hall.code)
    rows = [{**row, "hours": None} for row in setup.document["services"]]
    document = {**setup.document, "services": rows}
    shorter = draft.with_value("closes", "12:00")

    found = problems(replace(setup, document=document), shorter)

    assert list(found) == ["closes"]
    assert "A" in found["closes"]


def test_rules_have_words_and_a_place_and_are_read_with_or_without_unit(setup):
    placed = [key for group in GROUPS for key in rules_in(group)]
    assert sorted(placed) == sorted(SETTINGS)
    assert all(rule.title.text and rule.hint for rule in HALL_RULES.values())
    for text in ("20", " 20 ", "20 people", "20 PEOPLE"):
        assert read_rule("crowd", text) == {"crowd": 20}
    draft = draft_of(setup, "settings", "").with_value("jump_every", 0)
    assert problems(setup, draft) == {"jump_every": "Priority calls: 0 does not fit; possible: 1–9999."}
    draft = draft_of(setup, "settings", "").read("crowd", "many", lambda text: read_rule("crowd", text))
    assert problems(setup, draft) == {"crowd": "Full hall needs a number, not many."}

    # Days come in their order and once; a target's figure is kept as the log can.
    assert typed_dates("pay_days", "2026-12-25, 2026-11-25，2026-11-25") == ["2026-11-25", "2026-12-25"]
    with pytest.raises(RuleError) as refusal:
        typed_dates("pay_days", "25 December")
    assert refusal.value.details["why"] == "not_a_date"
    assert [read_figure(text) for text in ("95", "12.5", "95 %", "")] == [95, "12.5", 95, None]


# -- pages -------------------------------------------------------------------------------------------------------
def test_a_target_from_when_any_text_was_taken_can_be_looked_at_and_given_a_measure(setup):
    document = {**setup.document, "targets": [{"measure": "smiles per hour", "value": 5}]}
    hall = read_setup(document)
    draft = draft_of(hall, "targets", "1")

    assert [row.title for row in list_rows(hall, "targets")] == ["smiles per hour"]
    assert problems(hall, draft) == {}
    assert set(problems(hall, draft.with_value("value", 6))) == {"measure"}
    assert problems(hall, draft.with_value("measure", "mean_wait")) == {}


# -- a service -----------------------------------------------------------------------------------------------------
def test_a_service_gets_limits_papers_and_items_and_what_was_done_is_undone_or_taken_back(office, page, hall):
    form = page.forms.service
    office.touch(form.windows.choices["6"])
    office.touch(form.item_rows[0])
    office.touch(page.forms.item.remove_button)
    assert len(form.item_rows) == 4

    QTest.keyClick(office.page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(form.item_rows) == 5
    assert not form.windows.choices["6"].isChecked()
    QTest.keyClick(office.page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert form.windows.choices["6"].isChecked()
    assert not page.is_changed

    # What was typed in one field is undone at once.
    office.write(edit(form, "hours"), "8:30-12:00, 13:")
    office.write(edit(form, "name_en"), "Bills")
    assert page.foot.save_button.text() == "Fix 1 thing first"
    page.undo()
    assert (edit(form, "name_en").text(), page.foot.save_button.text()) == ("Pay a bill", "Fix 1 thing first")
    page.undo()
    assert not page.is_changed and edit(form, "hours").text() != "8:30-12:00, 13:"
    page.undo()
    assert not page.is_changed

    # The last save is taken back as a new event.
    assert not page.foot.back_button.isVisible()
    office.write(edit(page.forms.service, "handling_target"), "25")
    office.touch(page.forms.service.windows.choices["6"])
    office.touch(page.save_button)
    before = len(office.log("set-up"))
    office.touch(page.foot.back_button)
    setup = office.page.context.feed.setup
    assert setup.services["A"].handling_target == 5
    assert "A" in setup.windows["6"].services
    assert len(office.log("set-up")) == before + 1
    assert edit(page.forms.service, "handling_target").text() == "5 min"
    assert not page.foot.back_button.isVisible()

    # A removed row comes back where it stood.
    office.touch(page.list.cards["C"])
    office.touch(page.remove_button)
    office.touch(office.question(ConfirmDialog).act_button)
    assert "C" not in office.page.context.feed.setup.services
    office.touch(page.foot.back_button)
    setup = office.page.context.feed.setup
    assert list(setup.services) == ["A", "B", "C", "D"]
    assert "C" in setup.windows["5"].services

    # What was changed since is not taken back.
    office.touch(page.list.cards["A"])
    office.write(edit(page.forms.service, "handling_target"), "25")
    office.touch(page.save_button)
    assert page.foot.back_button.isVisible()
    setting_up.set_row(hall.desk, hall.ask(), "services", "B", {"handling_target": 9})
    office.follow()
    assert not page.foot.back_button.isVisible()

    # It gets limits, papers, steps and a message.
    forms = page.forms
    office.touch(page.tabs.tabs["limits"])
    office.write(edit(forms.of("limits"), "quota"), "many")
    office.touch(page.tabs.tabs["basics"])
    assert page.tabs.tabs["limits"].text() == "Limits · 1", "a tab says how much is wrong on it"

    office.touch(page.tabs.tabs["limits"])
    office.write(edit(forms.of("limits"), "quota"), "40")
    office.write(edit(forms.of("limits"), "max_returns"), "0")
    steps = forms.of("limits").next_steps
    assert "A" not in steps.choices
    for code in ("C", "B"):
        office.touch(steps.choices[code])
    assert steps.line.text() == "C New connection → B Account services"
    office.write(forms.of("limits").fields["message"].edit, "Please go online")
    office.touch(page.tabs.tabs["papers"])
    office.touch(forms.of("papers").papers.add_button)
    assert page.save_button.text() == "Still to fill in: Papers"
    office.write(forms.of("papers").papers.edits[-1][0], "ID card")
    office.write(edit(forms.of("papers"), "papers_date"), "2026-11-01")
    office.touch(page.tabs.tabs["told"])
    office.write(forms.of("told").fields["fees"].edit, "10")
    office.touch(page.save_button)

    service = office.page.context.feed.setup.services["A"]
    assert (service.quota, service.max_returns, service.message, service.fees) == (40, 0, "Please go online", "10")
    assert (service.papers[-1].name, service.papers_date) == ("ID card", "2026-11-01")
    assert service.then == ("C", "B")

    # An item says where it finds no place.
    office.touch(page.tabs.tabs["basics"])
    office.touch(page.forms.service.item_rows[0])
    assert any(text.startswith("The front desk shows the first 6 favourites") for text in texts_of(page.forms.item))
    office.touch(page.forms.item.ticks["favourite"])
    office.touch(page.forms.item.back_button)
    assert "not fit on the front desk" in page.forms.service.favourites.text()
    office.touch(page.foot.discard_button)

    # An item is left by Escape.
    office.touch(page.forms.service.item_rows[0])
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.forms.shown() is page.forms.service

    # A new service is not red before anything is typed.
    office.touch(page.list.add_button)
    assert page.forms.service.fields["name"].error() == ""
    assert page.save_button.text() == "Still to fill in: Name"
    office.write(edit(page.forms.service, "name"), "x")
    office.write(edit(page.forms.service, "name"), "")
    assert page.forms.service.fields["name"].error() == "Name is empty; please fill it in."
    assert page.save_button.text() == "Fix 1 thing first"


def test_a_refusal_goes_when_it_is_no_longer_true_and_rules_words_classes_notices_and_targets_are_saved(office, page):
    office.touch(page.list.cards["B"])
    office.touch(page.remove_button)
    office.touch(office.question(ConfirmDialog).act_button)
    assert page.note.text() == i18n.say(RuleError("in_use", kind="services", code="B"))
    i18n.use("zh_CN")
    office.page.make_anew()
    page = office.page.setup_page
    assert page.note.text() == i18n.say(RuleError("in_use", kind="services", code="B"))

    hall = office.hall
    calling.finish(hall.desk, hall.ask(), "3")
    calling.leave(hall.desk, hall.ask(), "B002")
    office.follow()
    office.later(seconds=6)
    assert page.note.text() != i18n.say(RuleError("in_use", kind="services", code="B"))

    # One of another part is no trouble of the file.
    i18n.use("en")
    office.page.make_anew()
    page = office.page.setup_page
    office.touch(page.list.cards["A"])
    office.touch(page.remove_button)
    office.touch(office.question(ConfirmDialog).act_button)
    assert page.note.text() == i18n.say(RuleError("in_use", kind="services", code="A"))
    part(office, "file")
    assert page.file_page.error.isHidden()
    assert set_ups(office) == []

    # A rule is changed in its unit, and a wrong one says why in place of its effect.
    part(office, "settings")
    rows = page.forms.of("settings").rows
    assert (rows["crowd"].edit.text(), rows["crowd"].usual.text()) == ("20 people", "usual: 20 people")
    office.write(rows["crowd"].edit, "35")
    rows["overnight"].edit.setCurrentIndex(1)
    office.touch(page.save_button)
    settings = office.page.context.feed.setup.settings
    assert (settings["crowd"], settings["overnight"]) == (35, "early_place")
    assert [data["code"] for data in set_ups(office)] == ["crowd", "overnight"]

    office.write(rows["jump_every"].edit, "0")
    assert rows["jump_every"].line.text() == "Priority calls: 0 does not fit; possible: 1–9999."
    assert not page.save_button.isEnabled()
    office.touch(page.foot.discard_button)

    # The hall's own.
    part(office, "hall")
    form = page.forms.of("hall")
    office.write(edit(form, "phone"), "95598")
    office.write(edit(form, "pay_days"), "2026-11-25")
    office.touch(form.window_words.choices["counter"])
    office.touch(page.save_button)
    setup = office.page.context.feed.setup
    assert (setup.hall.phone, setup.hall.words.window) == ("95598", "counter")
    assert [day.isoformat() for day in setup.pay_days] == ["2026-11-25"]
    assert setup.hall.name == "城东供电营业厅"

    # The reasons of a low rating are chosen one by one.
    assert all(choice.isChecked() for choice in form.reasons.choices.values())
    office.touch(form.reasons.choices["system_down"])
    office.touch(form.reasons.choices["surroundings"])
    office.touch(page.save_button)
    chosen = office.page.context.feed.setup.hall.rating_reasons
    assert chosen == tuple(tag for tag in REASON_TAGS if tag not in ("system_down", "surroundings"))

    # A class gets its credit and its place at kiosks, and Normal has neither.
    part(office, "classes")
    staff_only = page.forms.of("classes").ticks["staff_only"]
    assert not staff_only.isVisible()
    assert not page.forms.of("classes").fields["credit_minutes"].edit.isEnabled()
    assert not page.remove_button.isVisible()
    office.touch(page.list.cards["elderly"])
    office.write(edit(page.forms.of("classes"), "credit_minutes"), "20")
    assert staff_only.isVisible()
    staff_only.click()
    office.touch(page.save_button)
    elderly = office.page.context.feed.setup.classes["elderly"]
    assert (elderly.credit_minutes, elderly.staff_only) == (20, True)

    # A notice is added with its dates and removed.
    part(office, "notices")
    before = len(office.page.context.feed.setup.notices)
    office.touch(page.list.add_button)
    form = page.forms.of("notices")
    office.write(form.fields["text"].edit, "Closed on Monday")
    office.write(edit(form, "from"), "20 Nov")
    assert form.fields["from"].error() == "From needs a date such as 2026-11-20, not 20 Nov."
    office.write(edit(form, "from"), "2026-11-20")
    office.touch(page.save_button)
    assert office.page.context.feed.setup.notices[before].start == "2026-11-20"
    office.touch(page.remove_button)
    office.touch(office.question(ConfirmDialog).act_button)
    assert len(office.page.context.feed.setup.notices) == before

    # A target is added where there was none.
    part(office, "targets")
    assert page.empty.isVisible()
    office.touch(page.list.add_button)
    form = page.forms.of("targets")
    assert form.measure.currentIndex() == -1
    form.measure.setCurrentIndex(form.measure.findData("satisfaction"))
    assert edit(form, "value").accessibleName() == "Percent, at least"
    assert form.measure.accessibleDescription() == "satisfied ÷ all ratings; who did not rate counts in neither"
    office.write(edit(form, "value"), "97.5")
    office.touch(page.save_button)
    assert office.page.toast.text() == "Saved; it takes effect at once"
    assert office.page.context.feed.setup.targets == ({"measure": "satisfaction", "value": "97.5"},)
    assert page.title.text() == "Satisfaction rate"

    # One in minutes shows its unit and refuses what it cannot be.
    office.touch(page.list.add_button)
    form.measure.setCurrentIndex(form.measure.findData("mean_wait"))
    office.write(edit(form, "value"), "900")
    assert edit(form, "value").accessibleName() == "Minutes, at most"
    assert form.fields["value"].error() == "Value: 900 does not fit; possible: 1–480."


# -- the hall's first language -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lang", "names", "keys"),
    [
        ("", ["Name", "English name"], ["name", "name_en"]),
        ("en", ["Name", "Name in 中文"], ["name_en", "name"]),
    ],
)
def test_the_text_in_the_hall_s_first_language_comes_first(setup, qtbot, lang, names, keys):
    form = ServiceForm(Look())
    qtbot.addWidget(form)
    form.name_fields()
    english = replace(setup, hall=replace(setup.hall, lang=lang))
    draft = draft_of(setup, "services", "A").with_value("name", "").with_value("name_en", "")

    form.show_draft(english, draft, {"name": "Please fill this in."}, may_change=True)

    assert list(form.fields)[:2] == keys
    first, second = (form.fields[key] for key in keys)
    assert [first.edit.accessibleName(), second.edit.accessibleName()] == names
    layout = form.column.itemAt(0).layout()
    assert [layout.itemAt(at).widget() for at in range(2)] == [first, second]
    assert [first.error(), second.error()] == ["Please fill this in.", ""]


def test_a_hall_that_began_in_english_has_its_papers_in_english_first(setup, qtbot):
    form = PapersForm(Look())
    qtbot.addWidget(form)
    form.name_fields()
    draft = draft_of(setup, "services", "A")
    paper, changed = draft.row["papers"][0], []
    form.changed.connect(changed.append)

    form.show_draft(replace(setup, hall=replace(setup.hall, lang="en")), draft, {}, may_change=True)
    first, second = form.papers.edits[0][:2]
    assert [first.text(), second.text()] == [paper["name_en"], paper["name"]]
    assert [first.accessibleName(), second.accessibleName()] == ["Paper 1", "Paper in 中文 1"]

    QTest.keyClicks(first, "!")
    assert changed[-1].row["papers"][0]["name_en"] in (f"{paper['name_en']}!", f"!{paper['name_en']}")
    assert changed[-1].row["papers"][0]["name"] == paper["name"]
