"""The base of the wizard's steps: a question, a line below it, a body that scrolls."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import GroundArea, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look


class Step(GroundArea):
    """A step over a HallDraft. `changed` gives the draft after what was just typed or pressed."""

    changed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        inner = QWidget()
        super().__init__(inner, parent=parent)
        self.look = look
        self.draft: HallDraft | None = None
        self.column = QVBoxLayout(inner)
        spread(look, self.column, (0, 0, 12, 0), 6)

    @abstractmethod
    def words(self) -> tuple[str, str, str]:
        """Return the step's name in the side, its question, and the line under it."""

    @abstractmethod
    def retranslate(self) -> None:
        """Set every text anew."""

    @abstractmethod
    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        """Show the draft and what is wrong on this step."""

    def first_field(self) -> QWidget | None:
        """Return what has the keyboard when the step opens; None leaves it to the page."""
        return None

    def _give(self, draft: HallDraft) -> None:
        self.changed.emit(draft)


class RowGrid(QWidget):
    """Rows of controls under heads, each with a line for what is wrong with it."""

    def __init__(self, look: Look, stretches: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._grid = QGridLayout(self)
        spread(look, self._grid, spacing=10)
        self._heads = [Label(look, px=15, token="ink2") for _stretch in stretches]
        for at, stretch in enumerate(stretches):
            self._grid.setColumnStretch(at, stretch)
            self._grid.addWidget(self._heads[at], 0, at)
        self._lines: dict[str, ErrorLine] = {}
        self._widgets: list[QWidget] = []

    def set_heads(self, words: Sequence[str]) -> None:
        for head, word in zip(self._heads, words, strict=True):
            head.setText(word)
            head.setVisible(any(words))

    def clear(self) -> None:
        """Take all rows away."""
        for widget in (*self._widgets, *self._lines.values()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets, self._lines = [], {}

    def add_row(self, key: str, widgets: Sequence[QWidget | None]) -> None:
        """Put a row below the others; None leaves its place free."""
        at = 1 + 2 * len(self._lines)
        for column, widget in enumerate(widgets):
            if widget is not None:
                self._grid.addWidget(widget, at, column, Qt.AlignmentFlag.AlignVCenter)
                widget.show()
                self._widgets.append(widget)
        line = ErrorLine(self.look)
        line.hide()
        self._grid.addWidget(line, at + 1, 0, 1, len(self._heads))
        self._lines[key] = line

    def show_error(self, key: str, text: str) -> None:
        """Say under a row what has to be put right; "" takes it away."""
        self._lines[key].say(text, refused=bool(text))
        self._lines[key].setVisible(bool(text))

    def error(self, key: str) -> str:
        return self._lines[key].text()


def mark_refused(edit: QWidget, text: str) -> None:
    """Give a field its red edge, or take it away; a screen reader hears why."""
    edit.setAccessibleDescription(text)
    if bool(edit.property("refused")) != bool(text):
        edit.setProperty("refused", bool(text))
        edit.style().unpolish(edit)
        edit.style().polish(edit)
