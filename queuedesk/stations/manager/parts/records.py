"""A page of records as one specification: what is read, its columns, and its acts with what each asks and says; what
reads and acts for it; and what draws it: the table, its buttons, what they ask, and the chosen row, also as the front
desk shows it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime
from functools import partial
from typing import Any, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPlainTextEdit, QVBoxLayout, QWidget

from queuedesk.core import errors, imports, matching
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.i18n import _, error_sentence
from queuedesk.printing.slip_contents import LabelSlip
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec, ToolRow
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.parts.table import UNBOUND, SortableTableView, TableColumn
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.questions.dialogs import DropDown, FormField, SearchField
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

R = TypeVar("R")
Words = Callable[[], str]
TEXT, DAY, NUMBER, LINES, CHOICE = "text", "day", "number", "lines", "choice"


def _is_always_asked(_context: StationContext) -> bool:
    return True


def _no_choices(_context: StationContext) -> Mapping[str, str]:
    return {}


class FormInput(Struct, frozen=True, kw_only=True):
    """A field of a form, by the name under which its value is given: of `kind` TEXT, a DAY, a whole NUMBER, a list of
    LINES, or as CHOICE the key of one of its `choices`. It begins with `first`, a choice with the first one unless told
    ("" for none), is `share` times as wide as the others of its row, and a choice needs room for `letters`. One that is
    `needed` may not stay empty; else a date and a number may, and are None then. `asked` says whether this hall has it
    at all, `shown_if` whether it is shown beside what stands in the form, by name; a field that is not shown gives its
    value all the same. `read` reads it otherwise than its kind says; `wrong` is said where what was typed is none."""

    key: str
    label: Words
    kind: str = TEXT
    hint: Words = str
    wrong: Words = lambda: _("A whole number")
    first: Callable[[StationContext], str] | None = None
    choices: Callable[[StationContext], Mapping[str, str]] = _no_choices
    letters: int = 12
    share: int = 1
    needed: bool = False
    read: Callable[[str], Any] | None = None
    asked: Callable[[StationContext], bool] = _is_always_asked
    shown_if: Callable[[Mapping[str, str]], bool] | None = None


def prefilled_input_spec(
    key: str,
    label: str,
    stands: str = "",
    *,
    kind: str = TEXT,
    hint: str = "",
    choices: Mapping[str, str] | None = None,
    needed: bool = True,
    shown_if: Callable[[Mapping[str, str]], bool] | None = None,
) -> FormInput:
    """Return a field of a question that opens at once, with its words and what `stands` in it; with `choices` a list,
    at first on the first of them where it is needed."""
    first = None if choices is not None and needed and not stands else lambda _context: stands
    return FormInput(
        key=key,
        label=lambda: label,
        kind=kind if choices is None else CHOICE,
        hint=lambda: hint,
        first=first,
        choices=lambda _context: choices or {},
        needed=needed,
        shown_if=shown_if,
    )


class RecordFormSpec(Struct, frozen=True, kw_only=True):
    """A form: fields in rows, focus first in `focus`, and its answers, by default "Leave it" and "Save"."""

    title: Words
    rows: Sequence[Sequence[FormInput]]
    effect: Words = str
    focus: str = ""
    yes: Words | None = None
    no: Words = lambda: _("Leave it")


class RecordFilter(Struct, Generic[R], frozen=True, kw_only=True):
    """A choice above the table: `keeps` says whether a row stays of what is chosen, `first` unless somebody chose
    another of the `choices`. Lists of one page share the choice of one `key`."""

    key: str
    name: Words
    choices: Callable[[StationContext, Sequence[R]], Mapping[str, str]]
    keeps: Callable[[StationContext, R, str], bool]
    first: str
    letters: int = 0


class RecordAct(Struct, Generic[R], frozen=True, kw_only=True):
    """A button. With a `form` it calls a desk function with what was typed, and where it is `of_row` with the row's
    `args` before that, its key unless told; else it is about the chosen row, where `when` holds, and calls the function
    with the row's `args`, `prints` the label that a function makes of them, after desk and time, or `asks` in a way of
    its own, given the page and the row; one that `stands_alone` asks without a row. `verb` is the right that it needs,
    "" for none, `offered` whether this station has it, `said` what is told with the `icon` when it is done, None for
    nothing, `leads` the Place to which that leads. One that `changes_hall` is disabled while the hall is away."""

    text: Words
    verb: str = ""
    offered: Callable[[StationContext], bool] = _is_always_asked
    tip: Words | None = None
    icon: str = "check"
    call: Callable[..., Document] | None = None
    said: Callable[[Document, R | None], str] | None = lambda _told, _row: _("Done", context="told")
    leads: Callable[[Document], object] | None = None
    form: RecordFormSpec | None = None
    args: Callable[[R], tuple[Any, ...]] | None = None
    asks: Callable[[Any, Any], object] | None = None
    prints: Callable[..., LabelSlip] | None = None
    of_row: bool = False
    stands_alone: bool = False
    changes_hall: bool = True
    when: Callable[[R], bool] = lambda _row: True
    is_main: bool = False
    on_card: bool = False
    """Whether its button is below what is told of the chosen row, where it is hidden while `when` does not hold."""

    @property
    def needs_no_row(self) -> bool:
        return self.stands_alone or (self.form is not None and not self.of_row)


class RecordPageSpec(Struct, Generic[R], frozen=True, kw_only=True):
    """A page of records, or a list within one, with its name for screen readers. A row is the same as before if its
    `key` is. `tip` is shown over a row, else each cell's own text; `spoken` gives a cell's text for screen readers. By
    default it `chooses` a row, always, where a button is about one. A row opens by Enter and two presses, or
    `by_one_press`. `rows_seen` are the fewest and most rows that the table is high. One that `wraps` has few rows, and
    a row is as high as the lines of its words.
    `read` works beside the window, `is_long` after what takes long there; without it the page reads, and gives the list
    its rows. The records are read again from time to time, or, where it `depends` on something, when that has changed;
    until they are there it says `reading`. `empty` says that there are none, why, and the word of a button that does
    the first of the acts. `search` gives what a search looks through of a row, `search_for` says what it finds.
    `detail` makes the record_page.RowDetail of the chosen row; one that is opened `leads` to a Place, or to a `menu` of
    the acts that hold for it. Where more is read than records, `rows` are they, and `told` says in the head what the
    rest tells. `filters` choose among the rows, and `unmatched` says that none is left. Of several lists on a page one
    is shown, if it is `offered`."""

    name: Words
    icon: str
    columns: Callable[[StationContext], Sequence[TableColumn[R]]]
    key: Callable[[R], object] = lambda row: row
    title: Words = str
    read: Callable[[Desk, Ask], Any] | None = None
    empty: Callable[[], tuple[str, ...]] = tuple
    acts: Sequence[RecordAct[R]] = ()
    menu: bool = False
    line: Words = str
    chooses: bool | None = None
    by_one_press: bool = False
    tip: Callable[[R], str] | None = None
    spoken: Callable[[R, TableColumn[R]], str] | None = None
    wraps: bool = False
    row_height: float = 40
    rows_seen: tuple[int, int] | None = None
    depends: Callable[[StationContext], object] | None = None
    is_long: bool = False
    reading: Words = str
    search: Callable[[R], Sequence[object]] | None = None
    search_for: Words = lambda: _("Search")
    detail: Callable[[Look, StationContext], Any] | None = None
    leads: Callable[[R], object] | None = None
    rows: Callable[[Any], Sequence[R]] = lambda found: found
    told: Callable[[StationContext, Any], str] | None = None
    filters: Sequence[RecordFilter[R]] = ()
    unmatched: Callable[[], tuple[str, ...]] = lambda: (_("Nothing here has these words"),)
    offered: Callable[[StationContext, Any], bool] = lambda _context, _found: True

    @property
    def has_chosen_row(self) -> bool:
        is_about_row = not self.menu and not all(act.needs_no_row for act in self.acts)
        return is_about_row if self.chooses is None else self.chooses


def _document_or_raise_unprinted(done: Mapping[str, Any]) -> Document:
    """Raise the printer's trouble if it has any."""
    if not done["printed"]:
        raise done["error"]
    return dict(done)


class _RecordController(PageController[Any], Generic[R]):
    """Reads the records, and does one act at a time; `acted` gives the act, its row and the result."""

    acted = Signal(object, object, object)

    def __init__(self, context: StationContext, spec: RecordPageSpec[R]) -> None:
        super().__init__(context, is_long=spec.is_long)
        self.spec = spec

    def _dependency_key(self) -> object:
        return self.spec.depends(self.context) if self.spec.depends is not None else None

    @property
    def rows(self) -> Sequence[R]:
        return self.spec.rows(self.found) if self.found is not None else ()

    def _read_function(self) -> Callable[[], Any]:
        assert self.spec.read is not None
        return partial(self.spec.read, self.context.desk, self.context.new_ask())

    def do_record_act(self, act: RecordAct[R], row: R | None, *args: Any, **given: Any) -> None:
        """Call what an act calls, about a row or with what was typed."""
        if act.call is not None:
            work = partial(act.call, self.context.desk, self.context.new_ask(), *args, **given)
            self.start_unless_busy(act.verb, work, partial(self._emit_acted_and_refresh, act, row))
        elif act.prints is not None and row is not None and self.context.services.paper is not None:
            print_slip = self.context.services.paper.print_slip
            make = partial(act.prints, self.context.desk, self.context.clock(), *args)
            self.start_unless_busy(
                act.verb,
                lambda: _document_or_raise_unprinted(print_slip(make())),
                partial(self._emit_acted_and_refresh, act, row),
                is_long=True,
            )

    def _emit_acted_and_refresh(self, act: RecordAct[R], row: R | None, document: Document) -> None:
        self.acted.emit(act, row, document)
        if self.spec.read is not None:
            self.refresh(anew=True)


LINES_HIGH = 132


class RowDetail(QWidget, Generic[R]):
    """What is told of the chosen row, in a card below the table."""

    @abstractmethod
    def show_row(self, row: R) -> None: ...


def _read_typed_date(text: str) -> date:
    """Raises ValueError for no date, and for one of the calendar's first or last year: those lack neighbours."""
    day = date.fromisoformat(imports.half_width_text(text).strip())
    if not MINYEAR < day.year < MAXYEAR:
        raise ValueError(text)
    return day


_READ: Mapping[str, Callable[[str], Any]] = {
    TEXT: str.strip,
    DAY: _read_typed_date,
    NUMBER: lambda text: int(imports.half_width_text(text)),
    LINES: lambda text: [line.strip() for line in text.splitlines() if line.strip()],
    CHOICE: str,
}
_NONE_IF_EMPTY = (DAY, NUMBER)
WIDTH, OF_ONE_COLUMN = 760, 600


class RecordDialog(FieldsDialog):
    """Shows a form; `wanted` gives its values by field name. `look`: by default the context's."""

    def __init__(self, host: QWidget, context: StationContext, form: RecordFormSpec, look: Look | None = None) -> None:
        width = WIDTH if any(len(row) > 1 for row in form.rows) else OF_ONE_COLUMN
        super().__init__(host, look or context.look, title=form.title(), effect=form.effect(), width=width)
        self._form = form
        rows = [[one for one in row if one.asked(context)] for row in form.rows]
        self._inputs = {one.key: one for row in rows for one in row}
        fields = {key: self._make_form_field_for_input(context, one) for key, one in self._inputs.items()}
        shares = {key: one.share for key, one in self._inputs.items()}
        self.lay_out_fields(fields, [[one.key for one in row] for row in rows], shares, removable=False)
        for key, one in self._inputs.items():
            fields[key].set_value(one.first(context) if one.first is not None else "")
            fields[key].edited.connect(self._show_conditional_fields)
        if form.yes is not None:
            self.set_answer_labels(form.no(), form.yes())
        self._show_conditional_fields()

    def _make_form_field_for_input(self, context: StationContext, one: FormInput) -> FormField:
        edit: QWidget | None = None
        if one.kind == LINES:
            edit = QPlainTextEdit()
            edit.setTabChangesFocus(True)
            panels.FixedSizeKeeper(self.look, edit, height=LINES_HIGH)
        elif one.kind == CHOICE:
            edit = DropDown(self.look).set_minimum_letters(one.letters)
            choices = one.choices(context)
            edit.show_choice(one.first(context) if one.first is not None else next(iter(choices), ""), choices)
        has_line = one.kind != CHOICE or one.needed
        hint = one.hint() or (_("such as 2026-11-20") if one.kind == DAY else "")
        return FormField(self.look, one.label(), hint=hint, edit=edit, has_line=has_line)

    def first_field(self) -> QWidget:
        return self.fields[self._form.focus or next(iter(self.fields))].edit

    def _show_conditional_fields(self, *_said: object) -> None:
        stands = {key: self._entered_text(key) for key in self.fields}
        for key, one in self._inputs.items():
            if one.shown_if is not None:
                self.fields[key].setVisible(one.shown_if(stands))

    def _entered_text(self, key: str) -> str:
        edit = self.fields[key].edit
        if isinstance(edit, QPlainTextEdit):
            return edit.toPlainText()
        return str(edit.currentData() or "") if isinstance(edit, DropDown) else self.fields[key].value()

    def read_typed_values(self) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for key, one in self._inputs.items():
            text = self._entered_text(key)
            if not text.strip() and (one.needed or one.read is not None or one.kind in _NONE_IF_EMPTY):
                if one.needed:
                    wrong[key] = _("This is needed")
                found[key] = None
                continue
            try:
                found[key] = (one.read or _READ[one.kind])(text)
            except ValueError:
                wrong[key] = _("A date such as 2026-11-20") if one.kind == DAY else one.wrong()
        self.show_field_errors(wrong)
        return None if wrong else found


class RecordList(QWidget, Generic[R]):
    """The table of a specification in its card, or why it is empty, with what reads and acts for it. `page` is where it
    stands, once it does: there it asks, and says what was done; `place_wanted` leads to where an act leads. `look`: by
    default the context's."""

    place_wanted = Signal(object)

    def __init__(self, context: StationContext, spec: RecordPageSpec[R], look: Look | None = None) -> None:
        super().__init__()
        self.context, self.spec, look = context, spec, look or context.look
        self.controller = _RecordController(context, spec)
        self.controller.setParent(self)
        self.table: SortableTableView[R] = SortableTableView(look, spec, lambda: spec.columns(context))
        self.empty = panels.EmptyState(look, spec.icon)
        self.card, self._nothing = panels.Card(look), panels.EmptyStateCard(look, self.empty)
        within, column = QVBoxLayout(self.card), QVBoxLayout(self)
        panels.set_scaled_margins(look, within, (8, 8, 8, 8))
        within.addWidget(self.table)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card, 1)
        column.addWidget(self._nothing, 1)
        self.set_empty_texts(*spec.empty())
        self.show_rows(())

    def show_rows(self, rows: Sequence[R]) -> None:
        self.table.show_rows(rows)
        self.card.setVisible(bool(rows))
        self._nothing.setVisible(not rows)

    def set_empty_texts(self, text: str = "", second: str = "", act: str = "") -> None:
        """Show why there are no rows, if there are none, and the word of what leads on."""
        self.empty.set_texts(text, second, act)

    def add_footer_below_rows(self, foot: QLayout) -> None:
        """Put what explains the rows below them, in their card."""
        line, within = QVBoxLayout(), self.card.layout()
        assert isinstance(within, QVBoxLayout)
        panels.set_scaled_margins(self.table.look, line, (10, 12, 10, 8))
        line.addLayout(foot)
        within.addLayout(line)

    def limit_height_to_rows(self) -> None:
        """Limit the height to the rows; none without rows, or for a wrapping table with `rows_seen`."""
        rows, look, spec = len(self.table.rows.rows), self.table.look, self.spec
        by_itself = spec.wraps and spec.rows_seen is not None
        self.setMaximumHeight(look.px(spec.row_height) * (rows + 2) if rows and not by_itself else UNBOUND)

    def stand_on(self, page: ManagerPage) -> None:
        self.page = page
        self.controller.acted.connect(self._close_question_and_report)
        self.controller.refused.connect(page.show_act_refusal)
        if self.spec.menu:
            self.table.opened.connect(self._open_menu_of_row)

    def may_do_act(self, act: RecordAct[R]) -> bool:
        return act.offered(self.context) and (not act.verb or self.controller.may_use_verb(act.verb))

    def acts_of_row(self, row: R) -> list[RecordAct[R]]:
        about = (act for act in self.spec.acts if not act.needs_no_row and self.may_do_act(act))
        return [act for act in about if act.when(row)]

    def _open_menu_of_row(self, row: R) -> None:
        if entries := [(act.text(), partial(self.do_act_or_open_form, act, row)) for act in self.acts_of_row(row)]:
            self.page.open_menu(self.table.viewport(), entries, at=self.table.place_below_row(row))

    def act_arguments(self, act: RecordAct[R], row: R | None) -> tuple[Any, ...]:
        if row is None:
            return ()
        return act.args(row) if act.args is not None else (self.spec.key(row),)

    def do_act_or_open_form(self, act: RecordAct[R], row: R | None) -> None:
        """Do an act about a row, None for one that needs none."""
        about = self.act_arguments(act, row)
        if act.form is not None:
            dialog = RecordDialog(self.page.host_widget, self.context, act.form)
            dialog.wanted.connect(lambda typed: self.controller.do_record_act(act, row, *about, **typed))
            self.page.open_question(dialog)
        elif act.asks is not None:
            act.asks(self.page, row)
        else:
            self.controller.do_record_act(act, row, *about)

    def _close_question_and_report(self, act: RecordAct[R], row: R | None, document: dict[str, Any]) -> None:
        self.page.banner.hide()
        self.page.close_question()
        if act.said is not None:
            self.page.said.emit(act.said(document, row), act.icon)
        if act.leads is not None:
            self.place_wanted.emit(act.leads(document))


MOST_IN_HEAD = 3
"""Where there are more acts, those of a chosen row stand below the head: a small window has no room for all in it."""


class RecordPage(ManagerPage, Generic[R]):
    """A page with one table, and below it what is told of the chosen row where there is such a detail; or with several,
    one of them shown. `card_buttons` are those below the detail; `place_wanted` leads to where a row or an act
    leads."""

    place_wanted = Signal(object)
    dialog: RecordDialog | None

    def __init__(self, context: StationContext, spec: RecordPageSpec[R], *others: RecordPageSpec[Any]) -> None:
        self.context = context
        self.lists: list[RecordList[Any]] = [RecordList(context, one) for one in (spec, *others)]
        self._set_shown_list(self.lists[0])
        self.search = SearchField(context.look, height=44, px=16) if spec.search is not None else None
        self._in_head = [act for one in self.lists for act in one.spec.acts if not act.on_card]
        self._on_card = [act for act in spec.acts if act.on_card]
        acts = [self._page_act_of_record_act(one) for one in self._in_head]
        super().__init__(context.look, PageSpec(title=spec.title, line=self._head_line, acts=acts))
        if len(self._in_head) > MOST_IN_HEAD and not others:
            self.add_tools(*(key for one, key in zip(self._in_head, self.buttons, strict=True) if not one.needs_no_row))
        if self.search is not None:
            self.search.set_texts(spec.search_for())
            self.add_tools(self.search, grow=self.search)
            self.search.typed.connect(lambda _words: self._show_found_rows())
        self.ways = DropDown(context.look)
        self.ways.setAccessibleName(_("What is listed"))
        self.filters: dict[str, DropDown] = {}
        for choice in {choice.key: choice for one in self.lists for choice in one.spec.filters}.values():
            field = self.filters[choice.key] = DropDown(context.look)
            field.setAccessibleName(choice.name())
            if choice.letters:
                field.set_minimum_letters(choice.letters)
        for field in (choosers := [*([self.ways] if others else []), *self.filters.values()]):
            field.activated.connect(self._switch_list)
        if choosers:
            self.add_tools(*choosers)
        self.card_buttons = [SecondaryButton(context.look, one.text(), height=48) for one in self._on_card]
        self.hall_acts = (*self.hall_acts, *self.card_buttons, *(one.empty.button for one in self.lists))
        self.detail: RowDetail[R] | None = spec.detail(context.look, context) if spec.detail is not None else None
        self.stack = panels.CurrentPageSizedStack()
        self.add_part(self.stack if self.detail is None else self._table_with_detail(self.detail), 1)
        for one in self.lists if self.detail is None else ():
            self.stack.addWidget(one)
        for one in self.lists:
            one.controller.changed.connect(self._show_found_rows)
            one.controller.unread.connect(self._show_read_failure)
            one.stand_on(self)
            one.place_wanted.connect(self.place_wanted)
            one.table.opened.connect(self._emit_where_row_leads)
            one.empty.acted.connect(
                lambda: self._do_act_or_open_form(act) if (act := self._first_act_of_empty_page()) is not None else None
            )
            one.table.selectionModel().selectionChanged.connect(self._update_buttons_and_detail)
        self._show_found_rows()

    def _set_shown_list(self, shown: RecordList[Any]) -> None:
        self.list: RecordList[Any] = shown
        self.spec, self.controller = shown.spec, shown.controller
        self.table, self.empty = shown.table, shown.empty

    def _head_line(self) -> str:
        told, found = self.spec.told, self.controller.found
        return told(self.context, found) if told is not None and found is not None else self.spec.line()

    def _switch_list(self) -> None:
        if self.ways.count():
            self._set_shown_list(self.lists[int(self.ways.currentData())])
        self._show_found_rows()

    def _show_list_and_filter_choices(self) -> None:
        """Offer the lists that there are, and what the rows can be chosen by."""
        if len(self.lists) > 1:
            there = [one for one in self.lists if one.spec.offered(self.context, one.controller.found)]
            self._set_shown_list(self.list if self.list in there else there[0])
            ways = {str(self.lists.index(one)): one.spec.name() for one in there}
            self.ways.show_choice(str(self.lists.index(self.list)), ways)
            self.stack.setCurrentWidget(self.list)
            self.refresh_act_buttons()
        own = {one.key: one for one in self.spec.filters}
        for key, field in self.filters.items():
            field.setVisible(key in own)
            if key in own:
                choices = own[key].choices(self.context, self.controller.rows)
                chosen = str(field.currentData() or own[key].first)
                is_there = chosen in choices or self.controller.found is None
                field.show_choice(chosen if is_there else own[key].first, choices)

    def state_to_restore(self) -> Any:
        return self.lists.index(self.list), [str(one.currentData() or "") for one in self.filters.values()]

    def restore_state(self, left: Any) -> None:
        at, chosen = left
        self._set_shown_list(self.lists[at])
        for field, one in zip(self.filters.values(), chosen, strict=True):
            field.show_choice(one, {one: ""} if one else {})
        self._show_found_rows()

    def _page_act_of_record_act(self, one: RecordAct[R]) -> PageAct:
        return PageAct(
            text=one.text,
            do=partial(self._do_act_or_open_form, one),
            icon=one.icon,
            tip=one.tip,
            is_main=one.is_main,
            changes_hall=one.changes_hall,
            offered=partial(self._may_do_act, one),
        )

    def _may_do_act(self, act: RecordAct[R]) -> bool:
        return any(one is act for one in self.spec.acts) and self.list.may_do_act(act)

    def _table_with_detail(self, detail: RowDetail[R]) -> panels.VerticalScrollArea:
        """Return the table over the detail, which scroll together."""
        look, inner, keys = self._look, QWidget(), QHBoxLayout()
        self.card = panels.Card(look)
        both, column = QVBoxLayout(inner), QVBoxLayout(self.card)
        panels.set_scaled_margins(look, both, spacing=12)
        panels.set_scaled_margins(look, column, (20, 14, 20, 14), 8)
        panels.set_scaled_margins(look, keys, (0, 8, 0, 0), 12)
        for act, button in zip(self._on_card, self.card_buttons, strict=True):
            button.clicked.connect(partial(self._do_act_or_open_form, act))
            keys.addWidget(button)
        keys.addStretch(1)
        column.addWidget(detail)
        column.addLayout(keys)
        column.addStretch(1)
        both.addWidget(self.list)
        both.addWidget(self.card, 1)
        return panels.VerticalScrollArea(inner)

    def refresh(self, now: datetime) -> None:
        for one in self.lists:
            one.controller.refresh()
        self._show_found_rows()

    def _do_act_or_open_form(self, act: RecordAct[R]) -> None:
        chosen = None if act.needs_no_row else self.table.chosen_row()
        if act.needs_no_row or (chosen is not None and act.when(chosen)):
            self.list.do_act_or_open_form(act, chosen)

    def _first_act_of_empty_page(self) -> RecordAct[R] | None:
        """Return what an empty page offers to do first: an act that needs no row, the main one if it is such."""
        free = [one for one in self._in_head if one.needs_no_row and self._may_do_act(one)]
        return max(free, key=lambda one: one.is_main, default=None)

    def _emit_where_row_leads(self, row: R) -> None:
        if self.spec.leads is not None:
            self.place_wanted.emit(self.spec.leads(row))

    def _filtered_and_searched_rows(self) -> Sequence[R]:
        rows, among, field = self.controller.rows, self.spec.search, self.search
        for one in self.spec.filters:
            chosen = str(self.filters[one.key].currentData() or one.first)
            rows = [row for row in rows if one.keeps(self.context, row, chosen)]
        if among is None or field is None:
            return rows
        return [row for row in rows if matching.is_search_match(field.text(), *among(row))]

    def _update_buttons_and_detail(self, *_said: object) -> None:
        """Let be pressed what the chosen row allows, and tell of it."""
        row = self.table.chosen_row()
        for act, button in zip(self._in_head, self.buttons, strict=True):
            if any(one is act for one in self.spec.acts):
                button.setEnabled(act.needs_no_row or (row is not None and act.when(row)))
        for act, button in zip(self._on_card, self.card_buttons, strict=True):
            button.setVisible(row is not None and act.when(row) and self._may_do_act(act))
        if self.detail is not None:
            self.card.setVisible(row is not None)
            if row is not None:
                self.detail.show_row(row)

    def _empty_state_texts(self) -> tuple[str, ...]:
        if self.controller.rows:
            return self.spec.unmatched()
        if self.controller.found is None:
            return (self.spec.reading(),)
        texts, act = self.spec.empty(), self._first_act_of_empty_page()
        return texts if len(texts) > 2 or act is None else (*texts, act.text())

    def _show_found_rows(self) -> None:
        self._show_list_and_filter_choices()
        self.head.set_subtitle(self._head_line())
        self.list.set_empty_texts(*self._empty_state_texts())
        self.list.show_rows(self._filtered_and_searched_rows())
        self._update_buttons_and_detail()

    def _show_read_failure(self, trouble: errors.QueueDeskError) -> None:
        if self.controller.found is None:
            self.list.set_empty_texts(error_sentence(trouble))
        elif self.spec.depends is not None:  # what is read from time to time is soon read again
            self.show_warning(trouble)


class RecordStage(QWidget):
    """A page of records below a head with the way back; its buttons stand in as many rows as they take."""

    def __init__(self, page: RecordPage[Any]) -> None:
        super().__init__()
        look, self.page = page.context.look, page
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", height=52, px=16)
        self._title = panels.Label(look, page.spec.name(), px=28, bold=True)
        _head, tools = page.lend_head_and_tools()
        acts = ToolRow(look)
        acts.add_tools(*page.buttons)
        if page.search is not None:
            self.setFocusProxy(page.search.edit)
        head, top, column = QHBoxLayout(), QVBoxLayout(), QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (0, 18, 0, 0), 0)
        panels.set_scaled_margins(look, top, (28, 0, 28, 0), 14)
        panels.set_scaled_margins(look, head, spacing=16)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        top.addLayout(head)
        top.addWidget(acts)
        top.addWidget(tools)
        column.addLayout(top)
        column.addWidget(page, 1)
