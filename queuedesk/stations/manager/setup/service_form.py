"""The forms of a service: basics, items, limits and papers, behind tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from queuedesk.core.setup.field_kinds import BASICS, empty_needed_fields, new_row_with_blank_fields
from queuedesk.core.setup.rows import LIMITS, PAPERS, Service, ServiceItem, Setup
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import _, list_text, n_
from queuedesk.i18n.names import window_name
from queuedesk.i18n.talk import offered_channel_word
from queuedesk.stations.guide.texts import FAVOURITES_SHOWN
from queuedesk.stations.manager.parts import inputs
from queuedesk.stations.manager.setup import fields_form
from queuedesk.stations.manager.setup_frame import draft as drafts
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.window.style import Look


class ServiceLimitsForm(fields_form.FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Service, parent=parent)
        self._code = ""
        self.lay_out_fields(LIMITS, leave=("then",))
        self.next_steps = self.add_choices("then", fields_form.multiple_choices_in_pressed_order(self._other_services))
        self.ways = self.add_choices(
            "elsewhere",
            fields_form.field_choices_of_several_values(
                lambda _setup: {one: offered_channel_word(one) for one in CHANNELS}
            ),
        )
        self.column.addStretch(1)

    def choice_hint(self, key: str, draft: drafts.SetUpRowDraft) -> str:
        if key == "then" and draft.row.get(key):
            names = self.next_steps.choices
            return " → ".join(names[code].text() if code in names else code for code in draft.row[key])
        return super().choice_hint(key, draft)

    def show_row(self, setup: Setup, draft: drafts.SetUpRowDraft) -> None:
        self._code = draft.code
        super().show_row(setup, draft)

    def _other_services(self, setup: Setup) -> dict[str, str]:
        return {code: word for code, word in fields_form.lettered_service_names(setup).items() if code != self._code}


# -- favourite items ---------------------------------------------------------------------------------------------------


def favourites_limit_text(setup: Setup, draft: drafts.SetUpRowDraft | None = None) -> str:
    """Return how many favourites the front desk shows, with those that do not fit; `draft` is a changed service."""
    rule = _("The front desk shows the first {n} favourites, in the order of services and items.", n=FAVOURITES_SHOWN)
    return f"{rule} {left_out_favourites_text(setup, draft)}".strip()


def left_out_favourites_text(setup: Setup, draft: drafts.SetUpRowDraft | None = None) -> str:
    """Return the favourites without room at the front desk, "" if all have room."""
    names = []
    for row in setup.document[drafts.SERVICES]:
        is_draft = draft is not None and not draft.new and row["code"] == draft.code
        items = (draft.row if draft is not None and is_draft else row).get("items") or ()
        names += [drafts.row_name(item) for item in items if item.get("favourite")]
    if draft is not None and draft.new:
        names += [drafts.row_name(item) for item in draft.row.get("items") or () if item.get("favourite")]
    left_out = [name or _("New item") for name in names[FAVOURITES_SHOWN:]]
    if not left_out:
        return ""
    words = {"names": list_text(left_out)}
    return n_(
        "{n} does not fit on the front desk: {names}",
        "{n} do not fit on the front desk: {names}",
        len(left_out),
        **words,
    )


ITEM = 42
NAME_ROOM = 110
RANGE = "range"  # the first and the last number in one field


class ItemRow(buttons.PaintedButton):
    def __init__(self, look: Look, *, drags: bool) -> None:
        super().__init__(look)
        self._drags = drags
        self._cells: tuple[str, str, str, bool] = ("", "", "", False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_item(self, name: str, papers: str, minutes: str, favourite: bool, word: str) -> None:
        self._cells = (papers, minutes, word, favourite)
        self.setText(name)
        self.setAccessibleName(", ".join(part for part in (name, papers, minutes, word) if part))
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.px(ITEM))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.look.px(ITEM))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        papers, minutes, word, favourite = self._cells
        rect = QRectF(0, 0, self.width(), self.height() - 1)
        if self.underMouse() or self.isDown():
            painter.draw_box(rect, 8, "soft" if self.isDown() else "paper")
        x = float(look.px(4))
        if self._drags:
            painter.draw_icon("drag", "ink2", x, (rect.height() - look.px(18)) / 2, 18)
            x += look.px(28)
        right = float(self.width() - look.px(24))
        painter.draw_icon("arrow-right", "ink", right, (rect.height() - look.px(20)) / 2, 20)
        font, bold = look.font(16), look.font(16, bold=True)
        # Columns of one width in every row, so that the figures stand below each other.
        samples = (_("favourite"), _("about {minutes} min", minutes="000"), _paper_count_words(88))
        wide = paint.width_of_text(bold, samples[0]) + look.px(28)
        right -= look.px(12) + wide
        if favourite:
            painter.draw_icon("check", "primary", right, (rect.height() - look.px(18)) / 2, 18)
            painter.draw_words_and_give_end_x(
                word, bold, "primary", QRectF(right + look.px(24), 0, wide, rect.height())
            )
        # Where there is little room the name keeps it: papers go first, then minutes.
        needed = max(look.px(NAME_ROOM), paint.width_of_text(bold, self.text()) + look.px(8))
        for at, words in ((1, minutes), (2, papers)):
            wide = paint.width_of_text(font, samples[at])
            if right - wide - look.px(14) - x < needed:
                break
            right -= look.px(14) + wide
            painter.draw_words_and_give_end_x(words, font, "ink2", QRectF(right, 0, wide, rect.height()))
        name = QRectF(x, 0, right - x - look.px(8), rect.height())
        painter.draw_words_and_give_end_x(self.text(), look.font(16, bold=True), "ink", name)
        painter.draw_divider(QPointF(0, rect.height()), QPointF(self.width(), rect.height()))


def _paper_count_words(n: int) -> str:
    return n_("{n} paper", "{n} papers", n) if n else _("no papers")


class ServiceForm(fields_form.FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Service, parent=parent)
        self.lay_out_fields(BASICS, behind={"prefix": RANGE}, shares={RANGE: 231})
        self.windows = fields_form.ToggleChoices(look, self.column)
        self.column.addStretch(1)
        self.windows.pressed.connect(self._toggle_window)
        self.fields[RANGE].set_label(_("Numbers"))
        self.fields[RANGE].set_hint(_("starts again each day"))

    def show_row(self, setup: Setup, draft: drafts.SetUpRowDraft) -> None:
        super().show_row(setup, draft)
        if RANGE not in draft.unread:
            self.fill_field_unless_typing(RANGE, drafts.number_range_text(draft.row))
        words = {code: window_name(code) for code in setup.windows}
        self.windows.set_choices(words, draft.served_by, may_change=self.may_change)
        hint = "" if draft.served_by else _("No window serves it yet: nobody can be called.")
        self.windows.set_title_and_hint(_("Which windows serve it"), hint)

    def _toggle_window(self, code: str, on: bool) -> None:
        if self.draft is not None:
            self.changed.emit(self.draft.with_window_serving_service(code, on))

    def draft_with_typed_text(self, draft: drafts.SetUpRowDraft, key: str, text: str) -> drafts.SetUpRowDraft:
        return (
            draft.read(key, text, drafts.parse_number_range)
            if key == RANGE
            else super().draft_with_typed_text(draft, key, text)
        )


class ItemsForm(fields_form.FieldsForm):
    """The items of a service in their order. `item_wanted` gives the place of one in the row, -1 for a new one."""

    item_wanted = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Service, parent=parent)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=12)
        self.favourites = panels.Label(look, px=15, token="ink2", wrap=True)
        self.add_item = buttons.SecondaryButton(look, _("Add an item"), icon="plus", height=44, px=16)
        head.addWidget(self.favourites, 1)
        head.addWidget(self.add_item)
        self.column.addLayout(head)
        self.nothing = panels.Label(
            look, _("No items yet: customers take a ticket for the service itself."), px=17, wrap=True
        )
        self.column.addWidget(self.nothing)
        self.items = inputs.ReorderableCardColumn(look, spacing=0)
        self.item_rows: list[ItemRow] = []
        self.column.addWidget(self.items)
        self.column.addStretch(1)
        self.add_item.clicked.connect(partial(self.item_wanted.emit, -1))
        self.items.ordered.connect(self._reorder_items)

    def first_edit(self) -> QWidget:
        return self.add_item

    def show_row(self, setup: Setup, draft: drafts.SetUpRowDraft) -> None:
        super().show_row(setup, draft)
        self._show_items(draft.row.get("items") or [])
        self.favourites.setText(favourites_limit_text(setup, draft))
        self.nothing.setVisible(not self.item_rows)
        self.add_item.setVisible(self.may_change)
        self.items.set_reorder_allowed(self.may_change)

    def _show_items(self, items: Sequence[dict[str, Any]]) -> None:
        codes = [str(item["code"]) for item in items]
        if codes != self.items.keys() or len(codes) != len(self.item_rows):
            self.item_rows = [ItemRow(self.look, drags=self.may_change) for _code in codes]
            for at, widget in enumerate(self.item_rows):
                widget.clicked.connect(partial(self.item_wanted.emit, at))
            self.items.set_cards(list(zip(codes, self.item_rows, strict=True)))
        for item, widget in zip(items, self.item_rows, strict=True):
            favourite = bool(item.get("favourite"))
            word = _("favourite") if favourite else _("not a favourite")
            minutes = _("about {minutes} min", minutes=item["minutes"]) if item.get("minutes") else ""
            widget.set_item(
                drafts.row_name(item), _paper_count_words(len(item.get("papers") or ())), minutes, favourite, word
            )

    def _reorder_items(self, codes: list[str]) -> None:
        if self.draft is not None:
            items = {str(item["code"]): item for item in self.draft.row["items"]}
            self.item_rows = []
            self.changed.emit(self.draft.with_value("items", [items[code] for code in codes]))


class PapersForm(fields_form.FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Service, parent=parent)
        self.papers = inputs.RequiredPapersGrid(look)
        self.column.addWidget(self.papers)
        self.lay_out_fields(PAPERS)
        self.column.addStretch(1)
        self.papers.changed.connect(self._set_papers_in_draft)

    def show_draft(
        self, setup: Setup, draft: drafts.SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool
    ) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        wrong = [text for key, text in problems.items() if key.startswith("papers.")]
        self.papers.show_papers(
            draft.row.get("papers") or [], wrong[0] if wrong else "", languages=self.languages, may_change=may_change
        )

    def _set_papers_in_draft(self, papers: list[dict[str, Any]], typed: int) -> None:
        if self.draft is not None:
            fresh, touched = inputs.unnamed_and_named_paper_keys("", self.draft.row.get("papers") or [], papers, typed)
            draft = replace(self.draft, fresh=(self.draft.fresh - touched) | fresh)
            self.changed.emit(draft.with_value("papers", papers))


# -- items -------------------------------------------------------------------------------------------------------------

UNREAD = "item."
"""Before the key of an item's field whose typed text says no value."""


class ItemForm(fields_form.FieldsForm):
    """Shows the item at index `at` of the draft's row; `back` leads to the service."""

    back = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, ServiceItem, parent=parent)
        self.at = 0
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, (0, 0, 0, 6), 12)
        self.back_button = buttons.SecondaryButton(look, _("Back"), icon="arrow-left", height=44, key="Esc")
        self._title = panels.Label(look, px=20, bold=True)
        self.remove_button = buttons.DangerButton(look, _("Remove"), icon="remove", height=44)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        head.addWidget(self.remove_button)
        self.column.addLayout(head)
        self.lay_out_fields(BASICS)
        self._shown_line = panels.Label(look, px=15, token="ink2", wrap=True)
        self.column.addWidget(self._shown_line)
        self.papers = inputs.RequiredPapersGrid(look)
        self.column.addWidget(self.papers)
        self.column.addStretch(1)
        self.back_button.clicked.connect(self.back)
        self.remove_button.clicked.connect(self._remove_item_and_go_back)
        self.papers.changed.connect(self._set_papers_in_draft)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def shown_item(self) -> dict[str, Any] | None:
        items = self.draft.row.get("items") or [] if self.draft is not None else []
        return dict(items[self.at]) if self.at < len(items) else None

    def part_of_draft(self, draft: drafts.SetUpRowDraft) -> drafts.SetUpRowDraft:
        unread = {key.removeprefix(UNREAD): error for key, error in draft.unread.items() if key.startswith(UNREAD)}
        return replace(draft, row=draft.row["items"][self.at], unread=unread)

    def draft_with_part(
        self, draft: drafts.SetUpRowDraft, inside: drafts.SetUpRowDraft, key: str
    ) -> drafts.SetUpRowDraft:
        """Return the service with this item; an unreadable text is kept with those of the service."""
        others = {one: error for one, error in draft.unread.items() if not one.startswith(UNREAD)}
        unread = {f"{UNREAD}{one}": error for one, error in inside.unread.items()}
        changed = with_item_replaced(
            draft.without_fresh_marks_of_rows(f"items.{inside.row['code']}.{key}"), self.at, inside.row
        )
        return replace(changed, unread=others | unread)

    def show_draft(
        self, setup: Setup, draft: drafts.SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool
    ) -> None:
        self.draft = draft
        item = self.shown_item()
        if item is None:
            return
        own = f"items.{item['code']}."
        named = {key.removeprefix(own): text for key, text in problems.items() if key.startswith(own)}
        named |= {key.removeprefix(UNREAD): text for key, text in problems.items() if key.startswith(UNREAD)}
        super().show_draft(setup, draft, named, may_change=may_change)
        wrong = [text for key, text in named.items() if key.startswith("papers")]
        self.papers.show_papers(
            item.get("papers") or [], wrong[0] if wrong else "", languages=self.languages, may_change=may_change
        )
        shown = favourites_limit_text(setup, draft)
        self._shown_line.setText(shown)

    def show_row(self, setup: Setup, draft: drafts.SetUpRowDraft) -> None:
        super().show_row(setup, draft)
        self._title.setText(drafts.row_name(self.part_of_draft(draft).row) or _("New item"))
        self.remove_button.setVisible(self.may_change)

    # -- what is typed -----------------------------------------------------------------------------------------------

    def draft_with_typed_text(self, draft: drafts.SetUpRowDraft, key: str, text: str) -> drafts.SetUpRowDraft:
        return super().draft_with_typed_text(draft, key, text) if self.shown_item() is not None else draft

    def _set_papers_in_draft(self, papers: list[dict[str, Any]], typed: int) -> None:
        item = self.shown_item()
        if item is not None and self.draft is not None:
            owner = f"items.{item['code']}."
            fresh, touched = inputs.unnamed_and_named_paper_keys(owner, item.get("papers") or [], papers, typed)
            draft = replace(self.draft, fresh=(self.draft.fresh - touched) | fresh)
            self.changed.emit(with_item_replaced(draft, self.at, {**item, "papers": papers}))

    def _remove_item_and_go_back(self) -> None:
        if self.draft is not None:
            items = list(self.draft.row["items"])
            del items[self.at]
            draft = self.draft
            self.back.emit()
            self.changed.emit(draft.with_value("items", items))


def with_item_replaced(draft: drafts.SetUpRowDraft, at: int, item: dict[str, Any]) -> drafts.SetUpRowDraft:
    items = list(draft.row.get("items") or [])
    items[at] = item
    return draft.with_value("items", items)


def with_new_item(draft: drafts.SetUpRowDraft) -> drafts.SetUpRowDraft:
    """Return the draft with another item, still without a name."""
    items = list(draft.row.get("items") or [])
    codes = {item["code"] for item in items}
    code = next(f"{draft.code}{n}" for n in range(1, len(items) + 2) if f"{draft.code}{n}" not in codes)
    item = {**new_row_with_blank_fields(ServiceItem), "code": code}
    draft = replace(
        draft, fresh=draft.fresh | {f"items.{code}.{key}" for key in empty_needed_fields(ServiceItem, item)}
    )
    return draft.with_value("items", [*items, item])
