"""What holds for every page that is one specification: its acts, its words, its refusals, and what may be pressed."""

import inspect
import re
from collections.abc import Sequence
from inspect import Parameter, signature
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.features import import_reference, installed_features
from queuedesk.core.network.roles import MAY
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.quality import thanking
from queuedesk.desk.upkeep import clocks
from queuedesk.features.equipment.pages.page import access_refusals_page_spec
from queuedesk.features.projects.verbs import leading
from queuedesk.i18n import LANGUAGES, choose_language, error_sentence
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.parts import records
from queuedesk.stations.manager.parts.records import DAY, NUMBER, RecordAct, RecordPage, RecordPageSpec
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import has_open_question
from tests.cli.commands import ROOT
from tests.hall import ADMIN, GUIDE, Hall
from tests.stations.seen import texts_of

FITS = {records.TEXT: {"str"}, records.CHOICE: {"str"}, DAY: {"date"}, NUMBER: {"int"}}
FITS |= {records.LINES: {"list[str]", "Sequence[str]"}}
"""The declared type of an argument that a field of a form may be."""
WORDS = "Typed before it was refused"


def class_of(name: str) -> type:
    """Return the class of what a function that a register names makes."""
    make = import_reference(name)
    made = make.__globals__.get(str(signature(make).return_annotation))
    return made if isinstance(made, type) else object


PAGES = [at.page for one in installed_features() for at in one.pages_at]
NAMED = [name for name in PAGES if isinstance(import_reference(name), RecordPageSpec)]
"""The specifications that registers name."""

MADE = [name for name in PAGES if inspect.isfunction(import_reference(name)) and issubclass(class_of(name), RecordPage)]
"""What makes a page of a class of its own, by name."""

WHOLE = [name for name in PAGES if inspect.isclass(page := import_reference(name)) and issubclass(page, RecordPage)]
"""Pages of the set-up that are pages of records."""


def pages_of_lists(page: RecordPage[Any]) -> list[RecordPage[Any]]:
    """Return a page of one list itself, of a page of several lists one of each."""
    return [page] if len(page.lists) == 1 else [RecordPage(page.context, one.spec) for one in page.lists]


def lists_inside(context: StationContext) -> list[RecordPageSpec[Any]]:
    """Return the specifications of lists that are part of another page."""
    return [access_refusals_page_spec(context)]


@pytest.fixture
def pages(hall: Hall, context: StationContext, controller: ManagerController, qtbot: QtBot) -> list[RecordPage[Any]]:
    """All pages of records of a hall in which each of them has something to show, for an admin."""
    hall.do("forum", hall.date, 9, about="Why one has to come twice", issues=["Too long at noon", "No seats"])
    hall.do("wording", "A", "交电费", "Pay here", who=ADMIN)
    leading.open_project(hall.desk, hall.ask(ADMIN), "Shorter noon", "M1")
    context.who = ADMIN
    for one in (one for one in installed_features() if one.log and one.demo):
        for ago in range(30, -1, -1):
            for _minute, does in import_reference(one.demo).acts_of_demo_day(ago):
                does(hall.desk, looking.setup_of_hall(hall.desk), hall.ask(ADMIN))
    setting_up.change_row_fields(hall.desk, hall.ask(ADMIN), "staff", "C2", {"warned_of": ["A"]})
    setting_up.change_setting(hall.desk, hall.ask(ADMIN), "reference_notes", "on")
    hall.play("issue A", 40, "raise-due")
    thanking.record_thanks(hall.desk, hall.ask(ADMIN), "C2", words="Came out to help")
    thanking.add_customer_note(hall.desk, hall.ask(GUIDE), "4100 2233", "Needs the low counter")
    with pytest.raises(RuleError):
        clocks.end_today(hall.desk, Ask(GUIDE, hall.clock()))
    made: list[RecordPage[Any]] = [RecordPage(context, import_reference(name)) for name in NAMED]
    made += [RecordPage(context, one) for one in lists_inside(context)]
    made += [import_reference(name)(controller, None) for name in MADE]
    made += [import_reference(name)(context.look, SetUpController(context)) for name in WHOLE]
    made = [of_list for page in made for of_list in pages_of_lists(page)]
    for page in made:
        qtbot.addWidget(page)
        page.refresh(hall.clock())
        page.show()
        assert page.table.rows.rows, "each has something to show"
    return made


def test_all_of_them_are_looked_at_here():
    code = (one for part in ("stations", "features") for one in ROOT.joinpath("queuedesk", part).rglob("*.py"))
    written = {
        one for one in code if re.search(r"(= |return )(records\.)?RecordPageSpec\b", one.read_text(encoding="utf-8"))
    }
    named = {ROOT.joinpath("queuedesk", *name.partition(":")[0].split(".")).with_suffix(".py") for name in NAMED}
    classes = [*map(class_of, MADE), *map(import_reference, WHOLE)]
    inside = {Path(inspect.getfile(access_refusals_page_spec))}
    assert {Path(inspect.getfile(one)) for one in classes} | named | inside == written


def parameters(act: RecordAct[Any], about: Sequence[object], given: dict[str, object]) -> dict[str, Parameter]:
    """Return the parameters that an act gives something to, by name; TypeError where it gives too little or too
    much. A command of the desk stands behind a `change`, other functions take desk and ask themselves."""
    of = signature(act.call)
    first = ["change"] if next(iter(of.parameters)) == "change" else ["desk", "ask"]
    return {name: of.parameters[name] for name in of.bind(*first, *about, **given).arguments if name not in first}


def test_every_act_fits_what_it_calls_and_has_its_words(pages, controller, qtbot):
    verbs = frozenset().union(*MAY.values())
    for page in pages:
        for act in page.spec.acts:
            assert act.verb in verbs or (act.asks is not None and not act.changes_hall)
            if act.asks is not None:
                continue
            if act.prints is not None:
                rows = [page.act_arguments(act, row) for row in page.table.rows.rows]
                assert all(act.prints(page.context.desk, page.context.clock(), *args) for args in rows)
                continue
            assert act.said is not None or act.leads is not None or page.spec.told, "what is done is told, or opens"
            if act.form is None:
                for row in page.table.rows.rows:
                    parameters(act, page.act_arguments(act, row), {})
                continue
            inputs = {one.key: one for row in act.form.rows for one in row}
            about = page.act_arguments(act, page.table.rows.rows[0]) if act.of_row else ()
            taken = parameters(act, about, dict.fromkeys(inputs))
            assert set(inputs) == {*taken} - {*list(taken)[: len(about)]}
            for key, one in inputs.items():
                lacks = " | None" if one.kind in (DAY, NUMBER) and not one.needed else ""
                assert taken[key].annotation in {f"{kind}{lacks}" for kind in FITS[one.kind]}, key
    # Everything has its words.
    for lang, name in product(LANGUAGES, [*NAMED, *MADE, *WHOLE]):
        choose_language(lang)
        named, context = import_reference(name), controller.context
        page = named(controller, None) if name in MADE else named
        page = named(context.look, SetUpController(context)) if name in WHOLE else page
        page = page if isinstance(page, RecordPage) else RecordPage(context, named)
        qtbot.addWidget(page)
        buttons = [one.text() for one in (*page.buttons, *page.card_buttons)]
        for spec in (one.spec for one in page.lists):
            titles = [one.title for one in spec.columns(page.context)]
            words = [spec.title(), spec.name(), *spec.empty()[:2], *(one.name() for one in spec.filters), *titles]
            asked = [one.label() for act in spec.acts if act.form for row in act.form.rows for one in row]
            assert all([*words, *buttons, *asked])
            assert len(set(titles)) == len(titles)


def test_a_refusal_stands_in_the_question_with_what_was_typed(pages, hall):
    before = hall.last().seq
    for page in pages:
        page.table.selectRow(0)
        for act in filter(lambda one: one.form, page.spec.acts):
            page.buttons[[one for one in page.spec.acts if not one.on_card].index(act)].click()
            dialog = page.dialog
            assert dialog is not None and dialog.isVisible()
            for field in dialog.fields.values():
                if isinstance(field.edit, QPlainTextEdit):
                    field.edit.setPlainText(WORDS)
                else:
                    field.set_value(WORDS)
            typed = {key: field.value() for key, field in dialog.fields.items()}
            page.controller.refused.emit(act.verb, RuleError("not_there", kind="window", code="9"))
            assert dialog.trouble.isVisible() and page.banner.isHidden()
            assert {key: field.value() for key, field in dialog.fields.items()} == typed
            assert has_open_question(page), "what was typed is nowhere else"
            for key in dialog.fields:
                trouble = RuleError("bad_value", field=key, value="x", why="empty")
                page.controller.refused.emit(act.verb, trouble)
                assert error_sentence(trouble) in texts_of(dialog), key
                dialog.show_field_errors(dict.fromkeys(dialog.fields, ""))
                dialog.trouble.hide()
            dialog.no_button.click()
            assert page.dialog is None
        page.controller.refused.emit("", RuleError("not_there", kind="window", code="9"))
        assert page.banner.isVisible()
    assert hall.last().seq == before
    # What can't be read is said where nothing is known yet.
    trouble = OutsideError("database_away", path="hall.sqlite")
    for page in pages:
        page.controller.unread.emit(trouble)
        assert page.table.isVisible(), "what is known stays"
        page.controller.found = None
        page.controller.changed.emit()
        page.controller.unread.emit(trouble)
        assert page.list.empty.isVisible()
        assert error_sentence(trouble) in [one.text() for one in page.list.empty.findChildren(Label)]


def test_a_search_finds_a_row_leads_on_and_what_the_row_or_the_role_does_not_allow_can_not_be_pressed(
    pages, qtbot, context
):
    searched = [(page, page.search, page.spec.search) for page in pages if page.search and page.spec.search]
    assert searched
    for page, field, among in searched:
        rows = page.table.rows.rows
        word = next(str(one) for one in among(rows[-1]) if one and not isinstance(one, int)).split()[-1]
        field.edit.setText(word.upper())
        assert rows[-1] in page.table.rows.rows != rows
        field.edit.setText("nothing is called so")
        assert page.table.rows.rows == [] and page.list.empty.isVisible()
        field.clear()
        assert page.table.rows.rows == rows
    for page in pages:
        rows = page.table.rows.rows
        for one in page.spec.filters:
            field = page.filters[one.key]
            for at in range(field.count()):
                field.setCurrentIndex(at)
                field.activated.emit(at)
                kept = [row for row in rows if one.keeps(context, row, field.currentData())]
                assert page.table.rows.rows == kept
                assert page.list.empty.isVisible() != bool(kept)
            field.show_choice(one.first, {})
            field.activated.emit(0)
        assert page.table.rows.rows == rows
    leading_on = [page for page in pages if page.spec.leads is not None]
    assert leading_on
    for page in leading_on:
        with qtbot.waitSignal(page.place_wanted) as led:
            page.table.open_row(0)
        assert isinstance(led.args[0], ButtonTarget)
    with_button = [page.spec for page in pages if len(page.spec.empty()) > 2]
    assert with_button and all(is_free(spec.acts[0]) for spec in with_button)
    for page in pages:
        for at, row in enumerate(page.table.rows.rows):
            page.table.selectRow(at)
            head = [act for act in page.spec.acts if not act.on_card]
            for act, button in zip(head, page.buttons, strict=True):
                assert button.isEnabled() == (is_free(act) or act.when(row))
            card = [act for act in page.spec.acts if act.on_card]
            for act, button in zip(card, page.card_buttons, strict=True):
                assert button.isHidden() != act.when(row)
        page.controller.spec = replace(page.spec, rows=lambda _found: ())
        page.controller.changed.emit()
        forms = [is_free(act) for act in page.spec.acts if not act.on_card]
        assert [button.isEnabled() for button in page.buttons] == forms
        assert page.detail is None or page.card.isHidden()
    # Who may not do it has no button.
    context.who = None
    for page in pages:
        page.show_head()
        page.controller.changed.emit()
        needs = [bool(act.verb) or not act.offered(context) for act in page.spec.acts]
        assert [button.isHidden() for button in (*page.buttons, *page.card_buttons)] == needs


def is_free(act: RecordAct[Any]) -> bool:
    return act.stands_alone or (act.form is not None and not act.of_row)
