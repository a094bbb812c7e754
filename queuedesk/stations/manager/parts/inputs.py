"""Inputs of forms and pages: a text of several lines, rows in an order, a grid of papers, and the printer and pages
for reports, which this PC keeps for the next time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.core.setup.field_kinds import text_key_in_language
from queuedesk.core.setup.hall import LANGUAGES
from queuedesk.i18n import _
from queuedesk.stations.acts.printer_choice import printer_display_name
from queuedesk.stations.widgets.buttons import IconButton, TextButton
from queuedesk.stations.widgets.panels import Label, remove_and_delete_widgets, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import language_own_name
from queuedesk.stations.window.style import Look

# -- cards in an order -------------------------------------------------------------------------------------------------

DRAG_FROM_PX = 8
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ReorderableCardColumn(QWidget):
    """Cards that can be dragged; `ordered` gives the keys in their new order after the drop."""

    ordered = Signal(list)

    def __init__(self, look: Look, *, spacing: float = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._may_order = True
        self._cards: dict[str, QWidget] = {}
        self._held: QWidget | None = None
        self._pressed_y = 0.0
        self._is_dragging = False
        self._before: list[str] = []
        self._column = QVBoxLayout(self)
        set_scaled_margins(look, self._column, spacing=spacing)
        self._column.addStretch(1)

    def set_cards(self, cards: Sequence[tuple[str, QWidget]]) -> None:
        """Show exactly these cards by key; those shown before are deleted."""
        for old in self._cards.values():
            old.removeEventFilter(self)
            old.hide()
            old.deleteLater()
        self._cards = dict(cards)
        for at, card in enumerate(self._cards.values()):
            self._column.insertWidget(at, card)
            card.installEventFilter(self)
            card.show()

    def set_reorder_allowed(self, may: bool) -> None:
        self._may_order = may

    def keys(self) -> list[str]:
        """Return the keys in the cards' current order."""
        # Not by itemAt(): Python's half of a layout's item outlives the item and ends the program when its card is
        # deleted.
        return sorted(self._cards, key=lambda key: self._column.indexOf(self._cards[key]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._may_order or not isinstance(watched, QWidget):
            return False
        if isinstance(event, QMouseEvent):
            return self._handle_card_drag(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._before = self.keys()
                self._move_card_to_place(watched, self._column.indexOf(watched) + step)
                self._emit_new_order()
                return True
        return False

    def _handle_card_drag(self, card: QWidget, event: QMouseEvent) -> bool:
        y = card.mapTo(self, event.position().toPoint()).y()
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._held, self._pressed_y, self._is_dragging, self._before = card, y, False, self.keys()
        elif event.type() == QEvent.Type.MouseMove and self._held is card:
            if abs(y - self._pressed_y) >= self._look.px(DRAG_FROM_PX):
                self._is_dragging = True
            if self._is_dragging:
                self._move_dragged_card(card, y)
                return True
        elif event.type() == QEvent.Type.MouseButtonRelease and self._held is card:
            self._held = None
            if self._is_dragging:
                self._is_dragging = False
                if hasattr(card, "setDown"):
                    card.setDown(False)
                self._emit_new_order()
                return True
        return False

    def _move_dragged_card(self, card: QWidget, y: int) -> None:
        at = self._column.indexOf(card)
        for other in self._cards.values():
            place = self._column.indexOf(other)
            middle = other.geometry().center().y()
            if (place < at and y < middle) or (place > at and y > middle):
                self._move_card_to_place(card, place)
                self._column.activate()
                return

    def _move_card_to_place(self, card: QWidget, place: int) -> None:
        if 0 <= place < len(self._cards):
            self._column.removeWidget(card)
            self._column.insertWidget(place, card)

    def _emit_new_order(self) -> None:
        if self.keys() != self._before:
            self._cards = {key: self._cards[key] for key in self.keys()}
            self.ordered.emit(self.keys())


# -- a text of several lines -------------------------------------------------------------------------------------------


class TextArea(QPlainTextEdit):
    """`typed` gives the text after a person changed it; Tab leads to the next field."""

    typed = Signal(str)

    def __init__(self, look: Look, rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._rows = look, rows
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._emit_typed_text)
        look.changed.connect(self.updateGeometry)

    def text(self) -> str:
        return self.toPlainText()

    def set_text_unless_typing(self, text: str) -> None:
        typing = self.hasFocus() and self.document().isModified()
        if not typing and text != self.text():
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)

    def _emit_typed_text(self) -> None:
        self.typed.emit(self.text())

    def sizeHint(self) -> QSize:
        line = QFontMetricsF(self.font()).lineSpacing()
        return QSize(self._look.px(200), round(line * self._rows) + self._look.px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self.sizeHint().height())


TEXT_MARGIN = 2  # as in a QLineEdit
LINE_PX, EDGE_PX = 34, 6  # of every field, see the style's min-height and padding


class HeightGrowingTextEdit(TextArea):
    """A line of text shown whole: it grows down to `most` lines. Enter and pasted text add no line break."""

    def __init__(self, look: Look, most: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(look, 1, parent)
        self._most, self._high, self._above = most, 0, 0
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(TEXT_MARGIN)
        self.document().setModified(False)
        # Also when a text is put here that is not told of.
        self.document().contentsChanged.connect(self._grow_with_text)
        look.changed.connect(self._grow_with_text)

    def text(self) -> str:
        return " ".join(self.toPlainText().split("\n"))

    def sizeHint(self) -> QSize:
        high = max(self._high, self._look.px(LINE_PX)) + 2 * self._look.px(EDGE_PX)
        return QSize(self._look.px(200), high)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(60), self.sizeHint().height())

    def _grow_with_text(self) -> None:
        """Take the height of the text, with so much above it that one line stands level with the fields beside it."""
        block, heights = self.document().begin(), []
        while block.isValid():
            self.blockBoundingRect(block)  # lays it out, which is otherwise done when it is drawn
            heights += [block.layout().lineAt(place).height() for place in range(block.layout().lineCount())]
            block = block.next()
        line = heights[0] if heights else QFontMetricsF(self.font()).height()
        above = max(0, round((self._look.px(LINE_PX) - line) / 2 - TEXT_MARGIN))
        # A pixel more: a plain text edit scrolls by whole lines where the last one wants a part of one.
        high = ceil(sum(heights[: self._most])) + 2 * (TEXT_MARGIN + above) + 1 if len(heights) > 1 else 0
        if (high, above) != (self._high, self._above):
            self._high, self._above = high, above
            self.setViewportMargins(0, above, 0, above)
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow_with_text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._grow_with_text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


# -- papers ------------------------------------------------------------------------------------------------------------

LARGE_COLUMNS = 2
PAPER_TEXTS = ("name", "note")
PAPER_KEYS = tuple(key for text in PAPER_TEXTS for key in (text, text_key_in_language(text, "en")))
Paper = dict[str, Any]


class RequiredPapersGrid(QWidget):
    """`changed` gives all papers after an edit, with the index of the paper typed in, -1 for none."""

    changed = Signal(list, int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._may_change = True
        self._keys: tuple[str, ...] = PAPER_KEYS
        self._languages: Sequence[str] = LANGUAGES
        self._papers: list[Paper] = []
        self.edits: list[list[QLineEdit]] = []
        self._removes: list[IconButton] = []
        head = QHBoxLayout()
        self._title = Label(look, _("Papers that the customer brings"), px=15, bold=True)
        self.add_button = TextButton(look, _("Add a paper"), icon="plus", height=36, px=16)
        head.addWidget(self._title, 1)
        head.addWidget(self.add_button)
        self._grid = QGridLayout()
        set_scaled_margins(look, self._grid, spacing=8)
        self._heads = [Label(look, px=15, token="ink2") for _key in PAPER_KEYS]
        for at, label in enumerate(self._heads):
            self._grid.addWidget(label, 0, at)
            self._grid.setColumnStretch(at, 1 if at < LARGE_COLUMNS else 0)
        self._columns = len(PAPER_KEYS)
        self._error = Label(look, px=15, token="red", wrap=True)
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, spacing=6)
        column.addLayout(head)
        column.addLayout(self._grid)
        column.addWidget(self._error)
        self.add_button.clicked.connect(self._add_empty_paper)
        look.changed.connect(self._set_field_fonts)
        self._label_paper_columns()

    def _label_paper_columns(self) -> None:
        """Name the texts of a paper in the hall's languages."""
        heads = [_("Paper"), _("English"), _("Note", context="paper"), _("English note")]
        if len(self._languages) < 2:
            heads = heads[::2]
        elif self._languages[0] == "en":
            heads[1::2] = [
                _("{field} in {language}", field=head, language=language_own_name("zh_CN")) for head in heads[::2]
            ]
        for at, (head, word) in enumerate(zip(self._heads, heads, strict=False)):
            head.setText(word)
            for number, edits in enumerate(self.edits):
                edits[at].setPlaceholderText(word)
                edits[at].setAccessibleName(f"{word} {number + 1}")

    def _apply_language_order(self, languages: Sequence[str]) -> None:
        if tuple(languages) == tuple(self._languages):
            return
        self._languages = languages
        pairs = [(text, text_key_in_language(text, "en")) for text in PAPER_TEXTS]
        self._keys = tuple(key for pair in pairs for key in (reversed(pair) if languages[0] == "en" else pair))
        if len(languages) < 2:
            self._keys = PAPER_TEXTS
        self._rebuild_paper_rows(0)
        self._label_paper_columns()

    def show_papers(self, papers: Sequence[Paper], error: str, *, languages: Sequence[str], may_change: bool) -> None:
        """Show these papers, texts in the hall's first language first, and what is wrong with one of them."""
        self._apply_language_order(languages)
        self._papers, self._may_change = [dict(paper) for paper in papers], may_change
        columns = LARGE_COLUMNS if self.look.scale.is_text_large else len(self._keys)
        if len(papers) != len(self.edits) or columns != self._columns:
            self._columns = columns
            self._rebuild_paper_rows(len(papers))
        for edits, paper in zip(self.edits, papers, strict=True):
            for edit, key in zip(edits, self._keys, strict=True):
                text = str(paper.get(key) or "")
                if not (edit.hasFocus() and edit.isModified()) and edit.text() != text:
                    edit.setText(text)
                    if not edit.hasFocus():
                        edit.setCursorPosition(0)
                edit.setReadOnly(not may_change)
        for at, label in enumerate(self._heads):
            label.setVisible(bool(papers) and columns == len(self._keys) > at)
        for button in self._removes:
            button.setVisible(may_change)
        self.add_button.setVisible(may_change)
        self._error.setText(error)
        self._error.setVisible(bool(error))

    def _rebuild_paper_rows(self, count: int) -> None:
        remove_and_delete_widgets((*(edit for edits in self.edits for edit in edits), *self._removes))
        self.edits, self._removes = [], []
        lines = len(self._keys) // self._columns
        for at in range(LARGE_COLUMNS, len(PAPER_KEYS)):
            self._grid.setColumnStretch(at, 1 if lines == 1 and at < len(self._keys) else 0)
        for row in range(count):
            edits = []
            for column, key in enumerate(self._keys):
                edit = QLineEdit()
                edit.setAccessibleName(f"{self._heads[column].text()} {row + 1}")
                edit.setPlaceholderText(self._heads[column].text())
                edit.textEdited.connect(partial(self._emit_edited_papers, row, key))
                at = column * lines // len(self._keys)
                self._grid.addWidget(edit, 1 + row * lines + at, column % self._columns)
                edit.show()  # at once, so that it can take the keyboard
                edits.append(edit)
            remove = IconButton(self.look, "remove", _("Remove"))
            remove.clicked.connect(partial(self._remove_paper_row, row))
            self._grid.addWidget(remove, 1 + row * lines, self._columns)
            self.edits.append(edits)
            self._removes.append(remove)
        self._set_field_fonts()

    def _set_field_fonts(self) -> None:
        for edits in self.edits:
            for edit in edits:
                edit.setFont(self.look.font(16))

    def _emit_edited_papers(self, row: int, key: str, text: str) -> None:
        papers = [dict(paper) for paper in self._papers]
        papers[row][key] = text.strip()
        self.changed.emit(papers, row if key == self._keys[0] else -1)

    def _add_empty_paper(self) -> None:
        self.changed.emit([*self._papers, {"name": ""}], -1)
        if self.edits:
            self.edits[-1][0].setFocus()

    def _remove_paper_row(self, row: int) -> None:
        self.changed.emit([*self._papers[:row], *self._papers[row + 1 :]], -1)


def unnamed_and_named_paper_keys(
    owner: str, before: Sequence[Paper], papers: Sequence[Paper], typed: int
) -> tuple[set[str], set[str]]:
    """Return the keys of papers without a name yet, and of those that have one now; every key begins with `owner`."""
    keys = {f"{owner}papers.{at + 1}" for at in range(max(len(before), len(papers)))}
    if len(papers) < len(before):
        nameless = (at for at, paper in enumerate(papers, start=1) if not (paper.get("name") or paper.get("name_en")))
        return {f"{owner}papers.{at}" for at in nameless}, keys
    if len(papers) > len(before):
        return {f"{owner}papers.{len(papers)}"}, set()
    return set(), {f"{owner}papers.{typed + 1}"} if typed >= 0 else set()


PRINTER_LETTERS = 12


class PrinterAndPagesChoice(QWidget):
    """`known` says that the printers were looked up, or that another one was chosen; `pages_changed` that other pages
    were; `failed` what went wrong with storing it."""

    known = Signal()
    pages_changed = Signal()
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._found: Mapping[str, Any] | None = None
        self._unsaved_choices = 0
        look = context.look
        self.printers = DropDown(look).set_minimum_letters(PRINTER_LETTERS)
        self.printers.setAccessibleName(_("Printer for reports"))
        self.page_choice = DropDown(look)
        self.page_choice.setToolTip(_("The last pages are for managers; “All pages” includes them."))
        self.page_choice.setAccessibleName(_("Which pages to save and print"))
        named = {
            PrintedReportPagesChoice.SUMMARY: _("Summary"),
            PrintedReportPagesChoice.ANNEX: _("With the annex"),
            PrintedReportPagesChoice.ALL: _("All pages"),
        }
        for pages in PrintedReportPagesChoice:
            self.page_choice.addItem(named[pages], pages)
        row = QHBoxLayout(self)
        set_scaled_margins(look, row, spacing=12)
        row.addWidget(self.printers)
        row.addWidget(self.page_choice)
        self.printers.hide()
        self.printers.activated.connect(self._save_chosen_printer)
        self.page_choice.activated.connect(self._save_pages_choice)
        look.changed.connect(self.apply_text_size)
        self.apply_text_size()

    @property
    def chosen_printer(self) -> str:
        return str(self.printers.currentData() or "")

    @property
    def chosen_pages(self) -> PrintedReportPagesChoice:
        """Which pages are shown, saved and printed; all of a paper that has no annex."""
        return (
            PrintedReportPagesChoice.ALL
            if self.page_choice.isHidden()
            else PrintedReportPagesChoice(self.page_choice.currentData())
        )

    @property
    def has_pc_no_report_printer(self) -> bool:
        """Whether it is known that this PC has no printer for reports."""
        return self._found is not None and not self._found["chosen"]

    @property
    def has_no_printer(self) -> bool:
        return self._found is not None and not self._found["names"] and not self._found["chosen"]

    def look_up_printers(self) -> None:
        """Ask the system for its printers, in the background."""
        if (sheets := self._context.services.sheet_printer) is not None:
            self._context.tasks.run_in_long_work_lane(
                sheets.report_printer_choices, self._show_known_printers, self._show_no_printers, may_drop=True
            )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_up_printers()  # Another page, or another process, may have chosen since.

    def _show_known_printers(self, found: Mapping[str, Any]) -> None:
        self._found = found
        self._fill_printer_drop_down()
        if not self._unsaved_choices:  # Else it was read before somebody chose.
            self._show_pages(found["pages"])
        self.known.emit()

    def _show_no_printers(self, _trouble: QueueDeskError) -> None:
        self._show_known_printers({"names": [], "chosen": "", "usual": "", "pages": self.page_choice.currentData()})

    def _fill_printer_drop_down(self) -> None:
        if self._found is None:
            return
        names, chosen, usual = list(self._found["names"]), self._found["chosen"], self._found["usual"]
        if chosen and chosen not in names:
            names.append(chosen)
        self.printers.clear()
        none = _("Usual: {printer}", printer=printer_display_name(usual)) if usual else _("No printer chosen")
        self.printers.addItem(none, "")
        for name in names:
            self.printers.addItem(printer_display_name(name), name)
        self.printers.setCurrentIndex(max(0, self.printers.findData(chosen)))
        self.printers.setToolTip(self.printers.currentText())
        self.printers.setVisible(bool(names))

    def _save_chosen_printer(self) -> None:
        if (sheets := self._context.services.sheet_printer) is not None:
            work = partial(sheets.choose_report_printer, self.chosen_printer)
            self._context.tasks.run_in_long_work_lane(
                work, lambda _done: self.look_up_printers(), self._on_choice_not_saved
            )

    def _show_pages(self, pages: PrintedReportPagesChoice) -> None:
        at = self.page_choice.findData(pages)
        if at != self.page_choice.currentIndex():
            self.page_choice.setCurrentIndex(at)
            self.pages_changed.emit()

    def _save_pages_choice(self) -> None:
        self.pages_changed.emit()
        if (sheets := self._context.services.sheet_printer) is not None:
            work = partial(sheets.choose_report_pages, PrintedReportPagesChoice(self.page_choice.currentData()))
            self._unsaved_choices += 1
            self._context.tasks.run_in_long_work_lane(work, self._on_pages_saved, self._on_pages_not_saved)

    def _on_pages_saved(self, _done: object) -> None:
        self._unsaved_choices -= 1

    def _on_pages_not_saved(self, trouble: QueueDeskError) -> None:
        self._unsaved_choices -= 1
        self._on_choice_not_saved(trouble)

    def _on_choice_not_saved(self, trouble: QueueDeskError) -> None:
        self._fill_printer_drop_down()
        self.failed.emit(trouble)

    def apply_text_size(self) -> None:
        for choice in (self.printers, self.page_choice):
            choice.setFont(self._context.look.font(17))
