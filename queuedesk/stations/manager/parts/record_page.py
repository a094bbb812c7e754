"""Draws a page of records as its specification says: the table, its buttons, what they ask, and the chosen row; and as
the front desk shows it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Generic

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.matching import matches_search
from queuedesk.i18n import _, say
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec, ToolRow
from queuedesk.stations.manager.parts.records import (
    CHOICE,
    DAY,
    LINES,
    NUMBER,
    TEXT,
    Form,
    Input,
    R,
    RecordAct,
    RecordController,
    RecordSpec,
)
from queuedesk.stations.manager.parts.table import ListCard, TableSpec
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import Card, FixedSize, GroundArea, Label, spread
from queuedesk.stations.widgets.questions.dialogs import DropDown, FormField, SearchField
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

LINES_HIGH = 132


class Detail(QWidget, Generic[R]):
    """What is told of the chosen row, in a card below the table."""

    @abstractmethod
    def show_row(self, row: R) -> None: ...


_READ: Mapping[str, Callable[[str], Any]] = {
    TEXT: str.strip,
    DAY: lambda text: date.fromisoformat(half_width(text).strip()),
    NUMBER: lambda text: int(half_width(text)),
    LINES: lambda text: [line.strip() for line in text.splitlines() if line.strip()],
    CHOICE: str,
}
_NONE_IF_EMPTY = (DAY, NUMBER)
WIDTH, OF_ONE_COLUMN = 760, 600


class RecordDialog(FieldsDialog):
    """Shows a form; `wanted` gives its values by field name. `look`: by default the context's."""

    def __init__(self, host: QWidget, context: StationContext, form: Form, look: Look | None = None) -> None:
        width = WIDTH if any(len(row) > 1 for row in form.rows) else OF_ONE_COLUMN
        super().__init__(host, look or context.look, title=form.title(), effect=form.effect(), width=width)
        self._form = form
        rows = [[one for one in row if one.asked(context)] for row in form.rows]
        self._inputs = {one.key: one for row in rows for one in row}
        fields = {key: self._field(context, one) for key, one in self._inputs.items()}
        shares = {key: one.share for key, one in self._inputs.items()}
        self.lay(fields, [[one.key for one in row] for row in rows], shares, removable=False)
        for key, one in self._inputs.items():
            fields[key].set_value(one.first(context) if one.first is not None else "")
            fields[key].edited.connect(self._show_asked)
        if form.yes is not None:
            self.say_answers(form.no(), form.yes())
        self._show_asked()

    def _field(self, context: StationContext, one: Input) -> FormField:
        edit: QWidget | None = None
        if one.kind == LINES:
            edit = QPlainTextEdit()
            edit.setTabChangesFocus(True)
            FixedSize(self.look, edit, height=LINES_HIGH)
        elif one.kind == CHOICE:
            edit = DropDown(self.look).share_width(one.letters)
            choices = one.choices(context)
            edit.show_choice(one.first(context) if one.first is not None else next(iter(choices), ""), choices)
        has_line = one.kind != CHOICE or one.needed
        hint = one.hint() or (_("such as 2026-11-20") if one.kind == DAY else "")
        return FormField(self.look, one.label(), hint=hint, edit=edit, has_line=has_line)

    def first_field(self) -> QWidget:
        return self.fields[self._form.focus or next(iter(self.fields))].edit

    def _show_asked(self, *_said: object) -> None:
        stands = {key: self._stands(key) for key in self.fields}
        for key, one in self._inputs.items():
            if one.shown_if is not None:
                self.fields[key].setVisible(one.shown_if(stands))

    def _stands(self, key: str) -> str:
        edit = self.fields[key].edit
        if isinstance(edit, QPlainTextEdit):
            return edit.toPlainText()
        return str(edit.currentData() or "") if isinstance(edit, DropDown) else self.fields[key].value()

    def typed(self) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for key, one in self._inputs.items():
            text = self._stands(key)
            if not text.strip() and (one.needed or one.read is not None or one.kind in _NONE_IF_EMPTY):
                if one.needed:
                    wrong[key] = _("This is needed")
                found[key] = None
                continue
            try:
                found[key] = (one.read or _READ[one.kind])(text)
            except ValueError:
                wrong[key] = _("A date such as 2026-11-20") if one.kind == DAY else one.wrong()
        self.say_wrong(wrong)
        return None if wrong else found


class RecordPage(Page, Generic[R]):
    """A page with one table, and below it what is told of the chosen row where there is such a detail.
    `card_buttons` are those below the detail; `place_wanted` leads to where a row or an act leads."""

    place_wanted = Signal(object)
    dialog: RecordDialog | None

    def __init__(self, context: StationContext, spec: RecordSpec[R]) -> None:
        self.context, self.spec = context, spec
        self.controller = RecordController(context, spec)
        self.search = SearchField(context.look, height=44, px=16) if spec.search is not None else None
        self._in_head = [act for act in spec.acts if not act.on_card]
        self._on_card = [act for act in spec.acts if act.on_card]
        table = TableSpec[R](
            name=spec.name,
            columns=lambda: spec.columns(context),
            key=spec.key,
            chooses=spec.chooses,
            by_one_press=not spec.chooses,
            wraps=spec.wraps,
            row_height=spec.row_height,
            rows_seen=spec.rows_seen,
        )
        page = PageSpec(title=spec.title, line=spec.line, acts=[self._act_of(one) for one in self._in_head])
        super().__init__(context.look, page)
        self.list: ListCard[R] = ListCard(context.look, table, spec.icon)
        self.table, self.empty = self.list.table, self.list.empty
        self.list.say_empty(*self._why_empty())
        self.controller.setParent(self)
        if self.search is not None:
            self.search.set_texts(spec.search_for())
            self.put_tools(self.search, grow=self.search)
            self.search.typed.connect(lambda _words: self._show())
        self.card_buttons = [SecondaryButton(context.look, one.text(), height=48) for one in self._on_card]
        self.hall_acts = (*self.hall_acts, *self.card_buttons, self.empty.button)
        self.detail: Detail[R] | None = spec.detail(context.look, context) if spec.detail is not None else None
        self.put(self.list if self.detail is None else self._with_detail(self.detail), 1)
        self.controller.changed.connect(self._show)
        self.controller.unread.connect(self._say_unread)
        self.controller.acted.connect(self._done)
        self.controller.refused.connect(self.refuse_act)
        self.table.opened.connect(self._follow)
        self.list.empty.acted.connect(lambda: self._press(act) if (act := self._first()) is not None else None)
        self.table.selectionModel().selectionChanged.connect(self._hold)
        self._hold()

    def _act_of(self, one: RecordAct[R]) -> Act:
        return Act(
            text=one.text,
            do=partial(self._press, one),
            icon=one.icon,
            tip=one.tip,
            is_main=one.is_main,
            changes_hall=one.changes_hall,
            offered=partial(self._may, one),
        )

    def _may(self, act: RecordAct[R]) -> bool:
        return not act.verb or self.controller.may(act.verb)

    def _with_detail(self, detail: Detail[R]) -> QWidget:
        """Return the table over the detail, which scroll together."""
        look, inner, keys = self._look, QWidget(), QHBoxLayout()
        self.card = Card(look)
        both, column = QVBoxLayout(inner), QVBoxLayout(self.card)
        spread(look, both, spacing=12)
        spread(look, column, (20, 14, 20, 14), 8)
        spread(look, keys, (0, 8, 0, 0), 12)
        for act, button in zip(self._on_card, self.card_buttons, strict=True):
            button.clicked.connect(partial(self._press, act))
            keys.addWidget(button)
        keys.addStretch(1)
        column.addWidget(detail)
        column.addLayout(keys)
        column.addStretch(1)
        both.addWidget(self.list)
        both.addWidget(self.card, 1)
        return GroundArea(inner)

    def refresh(self, now: datetime) -> None:
        self.controller.refresh()
        self.list.show_rows(self._rows())

    def _press(self, act: RecordAct[R]) -> None:
        chosen = self.table.chosen() if act.of_row else None
        if act.form is not None and (not act.of_row or (chosen is not None and act.when(chosen))):
            about = self.args_of(act, chosen) if chosen is not None else ()
            dialog = RecordDialog(self.host, self.context, act.form)
            dialog.wanted.connect(lambda typed: self.controller.do(act, chosen, *about, **typed))
            self.open_question(dialog)
        elif act.stands_alone and act.asks is not None:
            act.asks(self, None)
        elif (row := self.table.chosen()) is not None and act.when(row):
            if act.asks is not None:
                act.asks(self, row)
            else:
                self.controller.do(act, row, *self.args_of(act, row))

    def _first(self) -> RecordAct[R] | None:
        """Return what an empty page offers to do first: an act that needs no row, the main one if it is such."""
        free = [one for one in self._in_head if one.is_free and self._may(one)]
        return max(free, key=lambda one: one.is_main, default=None)

    def _follow(self, row: R) -> None:
        if self.spec.leads is not None:
            self.place_wanted.emit(self.spec.leads(row))

    def args_of(self, act: RecordAct[R], row: R) -> tuple[Any, ...]:
        return act.args(row) if act.args is not None else (self.spec.key(row),)

    def _rows(self) -> Sequence[R]:
        rows, among, field = self.controller.found or (), self.spec.search, self.search
        return (
            rows
            if among is None or field is None
            else [row for row in rows if matches_search(field.text(), *among(row))]
        )

    def _hold(self, *_said: object) -> None:
        """Let be pressed what the chosen row allows, and tell of it."""
        row = self.table.chosen()
        for act, button in zip(self._in_head, self.buttons, strict=True):
            button.setEnabled(act.is_free or (row is not None and act.when(row)))
        for act, button in zip(self._on_card, self.card_buttons, strict=True):
            button.setVisible(row is not None and act.when(row) and self._may(act))
        if self.detail is not None:
            self.card.setVisible(row is not None)
            if row is not None:
                self.detail.show_row(row)

    def _why_empty(self) -> tuple[str, ...]:
        if self.controller.found:
            return (_("Nothing here has these words"),)
        if self.controller.found is None:
            return (self.spec.reading(),)
        texts, act = self.spec.empty(), self._first()
        return texts if len(texts) > 2 or act is None else (*texts, act.text())

    def _show(self) -> None:
        self.list.say_empty(*self._why_empty())
        self.list.show_rows(self._rows())
        self._hold()

    def _say_unread(self, trouble: QueueDeskError) -> None:
        if self.controller.found is None:
            self.list.say_empty(say(trouble))
        elif self.spec.depends is not None:  # what is read from time to time is soon read again
            self.warn(trouble)

    def _done(self, act: RecordAct[R], row: R | None, document: dict[str, Any]) -> None:
        self.banner.hide()
        self.close_question()
        if act.said is not None:
            self.said.emit(act.said(document, row), act.icon)
        if act.leads is not None:
            self.place_wanted.emit(act.leads(document))


class RecordStage(QWidget):
    """A page of records below a head with the way back; its buttons stand in as many rows as they take."""

    def __init__(self, page: RecordPage[Any]) -> None:
        super().__init__()
        look, self.page = page.context.look, page
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", height=52, px=16)
        self._title = Label(look, page.spec.name(), px=28, bold=True)
        _head, tools = page.lend_head()
        acts = ToolRow(look)
        acts.put(*page.buttons)
        if page.search is not None:
            self.setFocusProxy(page.search.edit)
        head, top, column = QHBoxLayout(), QVBoxLayout(), QVBoxLayout(self)
        spread(look, column, (0, 18, 0, 0), 0)
        spread(look, top, (28, 0, 28, 0), 14)
        spread(look, head, spacing=16)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        top.addLayout(head)
        top.addWidget(acts)
        top.addWidget(tools)
        column.addLayout(top)
        column.addWidget(page, 1)
