"""The halls as rows: name and state at the left, figures in columns; a row leads to its hall."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.stations.fonts import font_of
from queuedesk.stations.manager.halls_words import HallText, columns, spoken
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.text import fit_px

ROW, HEAD = 64, 40
CELL, STATE, HEAD_PX = 20, 15, 15
SIGN = 18
LEFT_SHARE = 0.42
RIGHT = Qt.AlignmentFlag.AlignRight


class HallColumns:
    """Where the figures' columns end: the name has its share, they have the rest, each as much as the others."""

    def __init__(self) -> None:
        self.texts: Sequence[HallText] = ()

    def ends(self, look: Look, width: float) -> list[float]:
        """Return the right edges of the columns."""
        needed = self._needed(look)
        left = max(look.px(180), min(width * LEFT_SHARE, width - sum(needed)))
        spare = max(0.0, width - left - sum(needed)) / len(needed)
        ends, x = [], left
        for one in needed:
            x += one + spare
            ends.append(x)
        return ends

    def left(self, look: Look, width: float) -> float:
        """Return where the names end."""
        return self.ends(look, width)[0] - self._needed(look)[0]

    def _needed(self, look: Look) -> list[float]:
        head, cell, gap = look.font(HEAD_PX), look.font(CELL, bold=True, tabular=True), look.gap(20)
        return [
            max([width_of(head, word), *(width_of(cell, text.cells[at][0]) for text in self.texts)]) + gap
            for at, word in enumerate(columns())
        ]


class _Head(Follows, QWidget):
    """The names of the columns."""

    def __init__(self, look: Look, places: HallColumns) -> None:
        super().__init__()
        self.follow(look)
        self._places, self._inset = places, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_inset(self, inset: int) -> None:
        """Let the columns end where those of the rows do: a scroll bar stands beside them."""
        self._inset = inset
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.px(HEAD))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        high = self.height() - 1
        for end, word in zip(self._places.ends(look, self.width() - self._inset), columns(), strict=True):
            painter.words_in(word, look.font(HEAD_PX), "ink2", QRectF(0, 0, end, high), RIGHT)
        painter.divider(QPointF(0, high), QPointF(self.width(), high))


class HallRow(PaintedButton):
    """One hall."""

    def __init__(self, look: Look, places: HallColumns) -> None:
        super().__init__(look)
        self._places = places
        self.said: HallText | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_row(self, said: HallText) -> None:
        self.said = said
        self.setAccessibleName(spoken(said))
        self.setToolTip(f"{said.name} · {said.word}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.px(ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self.said
        if said is None:
            return
        high, pad = self.height() - 1, look.px(8)
        if self.underMouse() or self.isDown():
            painter.box(QRectF(0, 0, self.width(), high), 8, "soft" if self.isDown() else "paper")
        left = self._places.left(look, self.width())
        room = left - 2 * pad
        font = font_of(fit_px(said.name, room, look.px(18), bold=True, least=look.px(15)), bold=True)
        painter.words_in(said.name, font, "ink", QRectF(pad, look.px(7), room, look.px(27)))
        side = look.px(SIGN)
        painter.icon(said.icon, said.token, pad, look.px(36), SIGN)
        state, x = look.font(STATE, bold=said.token in ("red", "amber")), side + look.px(6)
        painter.words_in(said.word, state, said.token, QRectF(pad + x, look.px(33), room - x, look.px(24)))
        for end, (text, token, bold) in zip(self._places.ends(look, self.width()), said.cells, strict=True):
            font = look.font(CELL, bold=bold, tabular=True)
            painter.words_in(text, font, token, QRectF(0, 0, end, high), RIGHT)
        painter.divider(QPointF(0, high), QPointF(self.width(), high))


class HallList(Card):
    """`picked` gives the code of the hall whose row was pressed. A row's place is that of its hall, whatever happens there."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._places = HallColumns()
        self.rows: dict[str, HallRow] = {}
        column = QVBoxLayout(self)
        spread(look, column, (10, 4, 18, 6), 0)
        self._head = _Head(look, self._places)
        column.addWidget(self._head)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self._area = GroundArea(inner)
        column.addWidget(self._area, 1)
        self._area.verticalScrollBar().rangeChanged.connect(self._follow_scroll_bar)

    def set_halls(self, halls: Sequence[HallText]) -> None:
        """Show these; the rows stay while the halls are the same."""
        self._places.texts = halls
        if [one.code for one in halls] != list(self.rows):
            for old in self.rows.values():
                old.hide()
                old.deleteLater()
            self.rows = {}
            for at, one in enumerate(halls):
                row = HallRow(self.look, self._places)
                row.clicked.connect(partial(self.picked.emit, one.code))
                self._list.insertWidget(at, row)
                self.rows[one.code] = row
        for one in halls:
            self.rows[one.code].set_row(one)
        self._head.update()
        # As high as its rows: a card with two of them is no empty page.
        self.setMaximumHeight(self.look.px(ROW) * len(halls) + self.look.px(HEAD) + 2 * self.look.gap(12))

    def _follow_scroll_bar(self, least: int, most: int) -> None:
        bar = self._area.verticalScrollBar().sizeHint().width() if most > least else 0
        self._head.set_inset(bar)
