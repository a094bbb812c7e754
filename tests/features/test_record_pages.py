"""What holds for every page or list that is one specification: its acts, its words, its refusals, and what may be
pressed."""

import inspect
import re
from collections.abc import Callable, Sequence
from inspect import Parameter, signature
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.features import import_reference, installed_features
from queuedesk.core.network.roles import MAY
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.quality import thanking
from queuedesk.desk.upkeep import clocks
from queuedesk.features.equipment.pages.page import REFUSED, EquipmentPage
from queuedesk.features.halls.pages.period import HallsPeriodController, HallsPeriodPage
from queuedesk.features.projects.verbs import leading
from queuedesk.features.staff.pages.own_month import OwnRowsPane, history_list
from queuedesk.i18n import LANGUAGES, choose_language, error_sentence
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.drilldown_page import DrilldownPage
from queuedesk.stations.manager.figures.figures_controller import DrilldownController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts import records
from queuedesk.stations.manager.parts.records import DAY, NUMBER, RecordAct, RecordList, RecordPage, RecordPageSpec
from queuedesk.stations.manager.setup_frame.draft import SetUpController
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import has_open_question
from tests.cli.commands import ROOT
from tests.hall import ADMIN, GUIDE, Hall
from tests.stations.hands import is_as_near_as_the_screen_allows
from tests.stations.manager.conftest import morning
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

HOLDING = [name for name in PAGES if name not in MADE and inspect.isfunction(import_reference(name))]
"""What makes a page of which lists are parts."""


def pages_of_lists(page: RecordPage[Any]) -> list[RecordPage[Any]]:
    """Return a page of one list itself, of a page of several lists one of each."""
    return [page] if len(page.lists) == 1 else [RecordPage(page.context, one.spec) for one in page.lists]


class Own(ControllerCache):
    """Gives each page controllers of its own."""

    def __call__(self, kind: Callable[..., Any], *given: object) -> Any:
        return kind(*given, parent=self._parent)


def filled(folder: Path) -> Hall:
    """Make a hall in which each page has something to show."""
    hall = morning(folder)
    hall.do("forum", hall.date, 9, about="Why one has to come twice", issues=["Too long at noon", "No seats"])
    hall.do("wording", "A", "交电费", "Pay here", who=ADMIN)
    leading.open_project(hall.desk, hall.ask(ADMIN), "Shorter noon", "M1")
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
    hall.do("inspect-start", sheet="call", channel="mystery", visitor=2, who=ADMIN)
    hall.do("fix-add", "No lamp", "C1", who=ADMIN)
    hall.do("briefing", ["The new prices"], who=ADMIN)
    return hall


pytestmark = pytest.mark.hall(make=filled)


@pytest.fixture
def full(hall: Hall, context: StationContext) -> Hall:
    """That hall, with an admin at the station."""
    context.who = ADMIN
    return hall


@pytest.fixture
def pages(full: Hall, context: StationContext, controller: ManagerController, qtbot: QtBot) -> list[RecordPage[Any]]:
    """All pages of records."""
    made: list[RecordPage[Any]] = [RecordPage(context, import_reference(name)) for name in NAMED]
    made += [import_reference(name)(controller, None) for name in MADE]
    made += [import_reference(name)(context.look, SetUpController(context)) for name in WHOLE]
    made = [of_list for page in made for of_list in pages_of_lists(page)]
    for page in made:
        qtbot.addWidget(page)
        page.refresh(full.clock())
        page.show()
    return made


@pytest.fixture
def parts(full: Hall, controller: ManagerController, qtbot: QtBot) -> list[RecordList[Any]]:
    """All lists that are parts of other pages."""
    context = controller.context
    halls = HallsPeriodPage(HallsPeriodController(context), QWidget())
    beside = (DrilldownPage(context.look, DrilldownController(context)), OwnRowsPane(context, context.look), halls)
    found: list[RecordList[Any]] = [history_list(context, context.look, ())]
    for page in (*beside, *found):
        qtbot.addWidget(page)
        found += page.findChildren(RecordList)
    for name in HOLDING:
        page = import_reference(name)(controller, Own(controller))
        qtbot.addWidget(page)
        if lists := page.findChildren(RecordList):
            page.show()
            if hasattr(page, "refresh"):
                page.refresh(full.clock())
            if isinstance(page, EquipmentPage):
                page.open_tab(REFUSED)
            found += lists
    return found


@pytest.fixture
def lists(pages: list[RecordPage[Any]], parts: list[RecordList[Any]]) -> list[RecordList[Any]]:
    lists = [*(page.list for page in pages), *parts]
    for one in lists:
        assert one.table.rows.rows or not (one.spec.acts or one.spec.read), one.spec.name()
    return lists


ONLY_READ = {
    import_reference(f"features.open_figures.pages:{name}")
    for name in ("_save_views_copy", "_save_description", "_ask_published_day_file_to_check", "_save_day_publication")
}
"""They need the hall, and no right."""


def assert_all_are_looked_at(lists: Sequence[RecordList[Any]]) -> None:
    assert len(lists) >= 35
    code = [one for part in ("stations", "features") for one in ROOT.joinpath("queuedesk", part).rglob("*.py")]
    written = {
        one for one in code if re.search(r"(?<!class )\bRecordPageSpec(\[.*\])?\(", one.read_text(encoding="utf-8"))
    }
    assert {Path(inspect.getfile(one.spec.name)) for one in lists} == written


def parameters(act: RecordAct[Any], about: Sequence[object], given: dict[str, object]) -> dict[str, Parameter]:
    """Return the parameters that an act gives something to, by name; TypeError where it gives too little or too
    much. A command of the desk stands behind a `change`, other functions take desk and ask themselves."""
    of = signature(act.call)
    first = ["change"] if next(iter(of.parameters)) == "change" else ["desk", "ask"]
    return {name: of.parameters[name] for name in of.bind(*first, *about, **given).arguments if name not in first}


def assert_a_row_opens_a_menu_of_what_it_and_the_role_allow(
    lists: Sequence[RecordList[Any]], context: StationContext
) -> None:
    with_menu = [one for one in lists if one.spec.menu]
    for shown, n, row in [(one, *row) for one in with_menu for row in enumerate(one.table.rows.rows)]:
        shown.table.opened.emit(row)
        menu = shown.page.findChildren(QMenu)[-1]
        assert [one.text() for one in menu.actions()] == [act.text() for act in shown.spec.acts if act.when(row)]
        lies = shown.table.visualRect(shown.table.rows.index(n, 0))
        assert is_as_near_as_the_screen_allows(menu, shown.table.viewport().mapToGlobal(lies.bottomLeft()))
        menu.close()
    context.who = None
    for shown in with_menu:
        assert not any(act.verb for row in shown.table.rows.rows for act in shown.acts_of_row(row))


def test_all_are_looked_at_here_every_act_fits_what_it_calls_and_stands_in_a_menu_with_its_words(
    lists, controller, context, qtbot
):
    assert_all_are_looked_at(lists)
    verbs = frozenset().union(*MAY.values())
    for shown in lists:
        for act in shown.spec.acts:
            is_free = shown.spec.menu or not act.changes_hall or act.asks in ONLY_READ
            assert act.verb in verbs or (act.asks is not None and is_free), act.text()
            if act.asks is not None:
                continue
            if act.prints is not None:
                rows = [shown.act_arguments(act, row) for row in shown.table.rows.rows if act.when(row)]
                assert all(act.prints(shown.context.desk, shown.context.clock(), *args) for args in rows)
                continue
            is_told = act.said is not None or act.leads is not None or shown.spec.told or shown.spec.menu
            assert is_told, "what is done is told, or opens, or stands in the row"
            if act.form is None:
                for row in shown.table.rows.rows:
                    parameters(act, shown.act_arguments(act, row), {})
                continue
            inputs = {one.key: one for row in act.form.rows for one in row}
            about = shown.act_arguments(act, shown.table.rows.rows[0]) if act.of_row else ()
            taken = parameters(act, about, dict.fromkeys(inputs))
            assert set(inputs) == {*taken} - {*list(taken)[: len(about)]}
            for key, one in inputs.items():
                may_lack = {f"{kind} | None" for kind in FITS[one.kind]}
                fits = may_lack if one.kind in (DAY, NUMBER) and not one.needed else FITS[one.kind] | may_lack
                type_read = taken[key].annotation
                written = type_read if isinstance(type_read, str) else inspect.formatannotation(type_read)
                assert written.replace("datetime.", "") in fits, key
    # Everything has its words.
    for lang, name in product(LANGUAGES, [*NAMED, *MADE, *WHOLE]):
        choose_language(lang)
        named, context = import_reference(name), controller.context
        page = named(controller, None) if name in MADE else named
        page = named(context.look, SetUpController(context)) if name in WHOLE else page
        page = page if isinstance(page, RecordPage) else RecordPage(context, named)
        qtbot.addWidget(page)
        buttons = [one.text() for one in (*page.buttons, *page.card_buttons)]
        assert all([*buttons, *(one.spec.title() for one in page.lists)])
    for lang, shown in product(LANGUAGES, lists):
        choose_language(lang)
        spec = shown.spec
        titles = [one.title for one in spec.columns(shown.context)]
        words = [spec.name(), *spec.empty()[:2], *(one.name() for one in spec.filters)]
        asked = [one.label() for act in spec.acts if act.form for row in act.form.rows for one in row]
        # A last column may show by itself what it is where nothing is done with the rows.
        titles_needed = titles if spec.acts else titles[:-1]
        assert all([*words, *titles_needed, *asked, *(act.text() for act in spec.acts)])
        assert len(set(titles)) == len(titles)
    assert_a_row_opens_a_menu_of_what_it_and_the_role_allow(lists, context)


def test_a_refusal_stands_in_the_question_with_what_was_typed(pages, lists, hall):
    before = hall.last().seq
    for shown in (one for one in lists if one.spec.acts):
        page, spec = shown.page, shown.spec
        page.banner.hide()
        shown.table.selectRow(0)
        for act in filter(lambda one: one.form, spec.acts):
            if spec.menu:
                shown.do_act_or_open_form(act, shown.table.rows.rows[0] if act.of_row else None)
            else:
                page.buttons[[one for one in spec.acts if not one.on_card].index(act)].click()
            dialog = page.dialog
            assert dialog is not None and dialog.isVisible()
            for field in dialog.fields.values():
                if isinstance(field.edit, QPlainTextEdit):
                    field.edit.setPlainText(WORDS)
                else:
                    field.set_value(WORDS)
            typed = {key: field.value() for key, field in dialog.fields.items()}
            shown.controller.refused.emit(act.verb, RuleError("not_there", kind="window", code="9"))
            assert dialog.trouble.isVisible() and page.banner.isHidden()
            assert {key: field.value() for key, field in dialog.fields.items()} == typed
            assert has_open_question(page), "what was typed is nowhere else"
            for key in dialog.fields:
                trouble = RuleError("bad_value", field=key, value="x", why="empty")
                shown.controller.refused.emit(act.verb, trouble)
                assert error_sentence(trouble) in texts_of(dialog), key
                dialog.show_field_errors(dict.fromkeys(dialog.fields, ""))
                dialog.trouble.hide()
            dialog.no_button.click()
            assert page.dialog is None
        shown.controller.refused.emit("", RuleError("not_there", kind="window", code="9"))
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
        words = [str(one) for one in among(rows[-1]) if one and not isinstance(one, int)]
        assert words, f"the last row that the demo gives to {page.spec.name()} has no word to search for"
        word = words[0].split()[-1]
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
