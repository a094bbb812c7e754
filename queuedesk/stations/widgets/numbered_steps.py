"""What is done one after the other: a number in a circle and a sentence for each step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

CIRCLE = 28


class _Number(Follows, QLabel):
    """A step's number in a circle."""

    def __init__(self, look: Look, number: int) -> None:
        super().__init__(str(number))
        self.follow(look)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(CIRCLE), self.look.px(CIRCLE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = Painter(self, self.look), QRectF(self.rect())
        painter.box(rect, CIRCLE / 2, "surface", edge="edge")
        painter.words_in(self.text(), self.look.font(15), "ink2", rect, Qt.AlignmentFlag.AlignHCenter)


class NumberedSteps(QWidget):
    """Keeps its lines while their number does not change. `below` are widgets that stand under the step with that
    place, from 0."""

    def __init__(
        self, look: Look, below: tuple[int, Sequence[QWidget]] = (-1, ()), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._below = look, below
        self.lines: list[Label] = []
        self._grid = QGridLayout(self)
        self._grid.setColumnStretch(1, 1)
        spread(look, self._grid, spacing=10)

    def set_steps(self, steps: Sequence[str]) -> None:
        """Show these steps, always as many as the first time."""
        if not self.lines:
            self._lay_out(len(steps))
        for label, text in zip(self.lines, steps, strict=True):
            label.setText(text)

    def _lay_out(self, steps: int) -> None:
        row, (place, widgets) = 0, self._below
        for at in range(steps):
            line = Label(self._look, px=17, wrap=True)
            self.lines.append(line)
            self._grid.addWidget(_Number(self._look, at + 1), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line, row, 1)
            row += 1
            for widget in widgets if at == place else ():
                self._grid.addWidget(widget, row, 1)
                row += 1
