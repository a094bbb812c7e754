"""The forms of a service: names, letter, numbers, target, hours, its items and windows; its papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from queuedesk.core.setup.fields import BASICS
from queuedesk.core.setup.values import PAPERS, Service, Setup
from queuedesk.i18n import _, n_
from queuedesk.stations.guide.choices import FAVOURITES_SHOWN
from queuedesk.stations.manager.parts.inputs import DragColumn, PaperGrid, fresh_papers
from queuedesk.stations.manager.setup.favourites_words import favourites_left_out
from queuedesk.stations.manager.setup.fields_form import FieldsForm, Toggles
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import range_text, read_range, row_name
from queuedesk.stations.widgets.buttons import PaintedButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.panels import GroundArea, spread
from queuedesk.stations.window.style import Look

ITEM = 42
ROWS_SEEN = 3
NAME_ROOM = 110
RANGE = "range"  # the first and the last number in one field


class ItemRow(PaintedButton):
    """An item: name, papers, usual minutes, whether it is a favourite; pressing leads to it."""

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
        painter, look = Painter(self, self.look), self.look
        papers, minutes, word, favourite = self._cells
        rect = QRectF(0, 0, self.width(), self.height() - 1)
        if self.underMouse() or self.isDown():
            painter.box(rect, 8, "soft" if self.isDown() else "paper")
        x = float(look.px(4))
        if self._drags:
            painter.icon("drag", "ink2", x, (rect.height() - look.px(18)) / 2, 18)
            x += look.px(28)
        right = float(self.width() - look.px(24))
        painter.icon("arrow-right", "ink", right, (rect.height() - look.px(20)) / 2, 20)
        font, bold = look.font(16), look.font(16, bold=True)
        # Columns of one width in every row, so that the figures stand below each other.
        samples = (_("favourite"), _("not a favourite"), _("about {minutes} min", minutes="000"), _papers(88))
        wide = max(width_of(bold, samples[0]), width_of(font, samples[1])) + look.px(28)
        right -= look.px(12) + wide
        token = "primary" if favourite else "ink2"
        painter.icon("check" if favourite else "minus", token, right, (rect.height() - look.px(18)) / 2, 18)
        place = QRectF(right + look.px(24), 0, wide, rect.height())
        painter.words_in(word, bold if favourite else font, token, place)
        # Where large text leaves little room the name keeps it: papers go first, then minutes.
        for at, words in ((2, minutes), (3, papers)):
            wide = width_of(font, samples[at])
            if right - wide - look.px(14) - x >= look.px(NAME_ROOM):
                right -= look.px(14) + wide
                painter.words_in(words, font, "ink2", QRectF(right, 0, wide, rect.height()))
        name = QRectF(x, 0, right - x - look.px(8), rect.height())
        painter.words_in(self.text(), look.font(16, bold=True), "ink", name)
        painter.divider(QPointF(0, rect.height()), QPointF(self.width(), rect.height()))


def _papers(n: int) -> str:
    return n_("{n} paper", "{n} papers", n) if n else _("no papers")


class _ItemArea(GroundArea):
    """The items; three are always seen, more scroll."""

    def __init__(self, look: Look, column: DragColumn) -> None:
        super().__init__()
        self._look, self._column = look, column
        self.setWidget(column)

    def sizeHint(self) -> QSize:
        # No more than the least: the room that is left goes to the items, and the form scrolls as late as can be.
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), self._look.px(ITEM) * min(ROWS_SEEN, max(1, len(self._column.keys()))))


class ServiceForm(FieldsForm):
    """`item_wanted` gives the place of an item in the row, -1 for a new one."""

    item_wanted = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Service, parent=parent)
        self.lay(BASICS, behind={"prefix": RANGE}, shares={RANGE: 231})
        head = QHBoxLayout()
        spread(look, head, spacing=12)
        self._items_title = Label(look, px=15, bold=True)
        self.add_item = TextButton(look, "", icon="plus", height=36, px=16)
        head.addWidget(self._items_title, 1)
        head.addWidget(self.add_item)
        self.column.addLayout(head)
        self.items = DragColumn(look, spacing=0)
        self.item_rows: list[ItemRow] = []
        self._area = _ItemArea(look, self.items)
        self.column.addWidget(self._area, 1)
        self.favourites = Label(look, px=15, token="ink2", wrap=True)
        self.column.addWidget(self.favourites)
        self.windows = Toggles(look, self.column)
        self.column.addStretch(0)
        self.add_item.clicked.connect(partial(self.item_wanted.emit, -1))
        self.items.ordered.connect(self._order)
        self.windows.pressed.connect(self._toggle)
        self._codes: list[str] = []

    def retranslate(self) -> None:
        super().retranslate()
        self.fields[RANGE].set_label(_("Numbers"))
        self.fields[RANGE].set_hint(_("begins anew each day"))
        self._items_title.setText(_("Items; the front desk shows the first {n} favourites", n=FAVOURITES_SHOWN))
        self.add_item.setText(_("Add an item"))

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        row = draft.row
        if RANGE not in draft.unread:
            self.put(RANGE, range_text(row))
        self._show_items(row.get("items") or [])
        left_out = favourites_left_out(setup, draft)
        self.favourites.setText(left_out)
        self.favourites.setVisible(bool(left_out))
        words = {code: _("No. {window}", window=code) for code in setup.windows}
        self.windows.set_choices(words, draft.served_by, may_change=self.may_change)
        hint = "" if draft.served_by else _("No window serves it yet: nobody can be called.")
        self.windows.say(_("Which windows serve it"), hint)
        self.add_item.setVisible(self.may_change)
        self.items.set_may_order(self.may_change)

    def _show_items(self, items: Sequence[dict[str, Any]]) -> None:
        codes = [str(item["code"]) for item in items]
        if codes != self.items.keys() or len(codes) != len(self.item_rows):
            self.item_rows = [ItemRow(self.look, drags=self.may_change) for _code in codes]
            for at, widget in enumerate(self.item_rows):
                widget.clicked.connect(partial(self._open_item, at))
            self.items.set_cards(list(zip(codes, self.item_rows, strict=True)))
            self._area.updateGeometry()
        for item, widget in zip(items, self.item_rows, strict=True):
            favourite = bool(item.get("favourite"))
            word = _("favourite") if favourite else _("not a favourite")
            minutes = _("about {minutes} min", minutes=item["minutes"]) if item.get("minutes") else ""
            widget.set_item(row_name(item), _papers(len(item.get("papers") or ())), minutes, favourite, word)

    def _open_item(self, at: int) -> None:
        self.item_wanted.emit(at)

    def _order(self, codes: list[str]) -> None:
        if self.draft is not None:
            items = {str(item["code"]): item for item in self.draft.row["items"]}
            self.item_rows = []
            self.changed.emit(self.draft.with_value("items", [items[code] for code in codes]))

    def _toggle(self, code: str, on: bool) -> None:
        if self.draft is not None:
            self.changed.emit(self.draft.with_window(code, on))

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        return draft.read(key, text, read_range) if key == RANGE else super().take(draft, key, text)


class PapersForm(FieldsForm):
    """The papers of a service, with the version and date of their list."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Service, parent=parent)
        self.papers = PaperGrid(look)
        self.column.addWidget(self.papers)
        self.lay(PAPERS)
        self.column.addStretch(1)
        self.papers.changed.connect(self._take_papers)

    def retranslate(self) -> None:
        super().retranslate()
        self.papers.retranslate()

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        wrong = [text for key, text in problems.items() if key.startswith("papers.")]
        self.papers.show_papers(draft.row.get("papers") or [], wrong[0] if wrong else "", may_change=may_change)

    def _take_papers(self, papers: list[dict[str, Any]], typed: int) -> None:
        if self.draft is not None:
            fresh, touched = fresh_papers("", self.draft.row.get("papers") or [], papers, typed)
            draft = replace(self.draft, fresh=(self.draft.fresh - touched) | fresh)
            self.changed.emit(draft.with_value("papers", papers))
