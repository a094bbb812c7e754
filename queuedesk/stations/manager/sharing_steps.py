"""The card that says what is done on the PC that is to join, with the addresses to type there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Card, spread

ADDRESS_STEP = 2
MOST_ADDRESSES = 3
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
        painter = Painter(self, self.look)
        painter.box(QRectF(self.rect()), CIRCLE / 2, "surface", edge="edge")
        painter.words_in(self.text(), self.look.font(15), "ink2", QRectF(self.rect()), Qt.AlignmentFlag.AlignHCenter)


class StepsCard(Card):
    """Keeps its lines; the addresses stand large under the step that asks for them."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._title = Label(look, px=20, bold=True)
        self.lines: list[Label] = []
        self.addresses = [
            Label(look, px=28 if at == 0 else 17, bold=at == 0, token="ink" if at == 0 else "ink2", elide=False)
            for at in range(MOST_ADDRESSES)
        ]
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        spread(look, self._grid, spacing=10)
        column = QVBoxLayout(self)
        spread(look, column, (20, 16, 20, 16), 10)
        column.addWidget(self._title)
        column.addLayout(self._grid)
        column.addStretch(1)

    def retranslate(self) -> None:
        self._title.setText(_("On the other PC"))

    def show_steps(self, steps: Sequence[str], addresses: Sequence[str]) -> None:
        """Show the steps, and the addresses by which this hall's main PC is reached."""
        if not self.lines:
            self._lay_out(len(steps))
        for label, text in zip(self.lines, steps, strict=True):
            label.setText(text)
        for at, label in enumerate(self.addresses):
            shown = addresses[at] if at < len(addresses) else ""
            label.setText(shown)
            label.setVisible(bool(shown))

    def _lay_out(self, steps: int) -> None:
        top = Qt.AlignmentFlag.AlignTop
        row = 0
        for at in range(steps):
            line = Label(self.look, px=17, wrap=True)
            self.lines.append(line)
            self._grid.addWidget(_Number(self.look, at + 1), row, 0, top)
            self._grid.addWidget(line, row, 1)
            row += 1
            if at == ADDRESS_STEP:
                for label in self.addresses:
                    self._grid.addWidget(label, row, 1)
                    row += 1
