"""What the page of cases is painted with: rows of two lines, and the way of five steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.manager.quality.case_texts import CaseRow, WayStep
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.lists.lists import LEVELS, TicketList, TicketRow
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.style import Look

ROW_HEIGHT, NUMBER_WIDTH, STATE_WIDTH = 66, 78, 104
BAR = 4
DOT, AGAIN = 32, 26


class CaseList(TicketList):
    """The cases of one filter. A narrow one leaves out who owns them; the spoken row says it all."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, row_height=ROW_HEIGHT, inset=24, selectable=True, parent=parent)

    def _paint_row(self, painter: Painter, index: QModelIndex, rect: QRectF, row: TicketRow) -> None:
        assert isinstance(row, CaseRow)
        look = self.look
        if self.selectionModel().isSelected(index):
            painter.fillRect(rect, look.color("soft"))
            painter.fillRect(QRectF(rect.left(), rect.top(), look.px(BAR), rect.height()), look.color("primary"))
        bottom = rect.bottom() - 1
        painter.divider(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
        left, right = rect.left() + look.px(self.inset), rect.right() - look.px(self.inset)
        half = (rect.height() - look.px(12)) / 2
        first = QRectF(left, rect.top() + look.px(6), right - left, half)
        second = first.translated(0, half)
        end = painter.words_in(row.number, look.font(17, bold=True), "ink", first)
        x = max(left + look.wide(NUMBER_WIDTH), end + look.px(12), left + self._widest_class() + look.px(10))
        painter.words_in(row.service, look.font(16, bold=True), "ink", QRectF(x, first.top(), right - x, half))

        token, bold, icon = LEVELS[row.level]
        icon = {"red": "clock", "amber": "hourglass"}.get(row.level, icon)
        font = look.font(15, bold=bold, tabular=True)
        edge = right - width_of(font, row.wait)
        painter.words_in(row.wait, font, token, QRectF(edge, second.top(), right - edge + 1, half))
        if icon:
            edge -= look.px(22)
            painter.icon(icon, token, edge, second.center().y() - look.px(8), 16)
        edge -= look.px(10)

        plain = look.font(15)
        painter.words_in(row.klass, plain, "ink2", QRectF(left, second.top(), x - left - look.px(6), half))
        painter.icon(row.icon, "ink2", x, second.center().y() - look.px(8), 16)
        x += look.px(22)
        end = painter.words_in(row.state, plain, "ink2", QRectF(x, second.top(), max(0.0, edge - x), half))
        x = max(x + look.wide(STATE_WIDTH - 22), end + look.px(12))
        if edge - x > look.px(40):
            painter.words_in(row.owner, plain, "ink2", QRectF(x, second.top(), edge - x, half))

    def _widest_class(self) -> float:
        font = self.look.font(15)
        return max((width_of(font, row.klass) for row in self.tickets.rows() if isinstance(row, CaseRow)), default=0.0)


class CaseWay(Follows, QWidget):
    """The way of a case: five dots on a line, each with its word, its date and its deadline."""

    spoken_role = TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[WayStep, ...] = ()
        self._again = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.follow(look)

    def set_steps(self, steps: Sequence[WayStep], name: str, *, again: bool = False) -> None:
        """Show a way; screen readers read it as one sentence. `again`: it came back from before its end once."""
        self._steps, self._again = tuple(steps), again
        told = (" ".join(part for part in (one.word, one.when, one.line) if part and part != "—") for one in steps)
        self.setAccessibleName(f"{name}: {'; '.join(told)}")
        self.setToolTip("\n".join(" ".join((one.word, one.when, one.line)).strip() for one in steps))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(480), self.look.px(DOT + 6 + 25 + 22 + 20))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(420), self.sizeHint().height())

    def relook(self) -> None:
        super().relook()
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._steps:
            return
        painter, look = Painter(self, self.look), self.look
        side, pitch = look.px(DOT), self.width() / len(self._steps)
        middle = side / 2
        for at, step in enumerate(self._steps[1:], start=1):
            pen = QPen(look.color("primary" if step.state != "later" else "edge"), max(2, look.px(3)))
            if step.state == "later":
                pen = QPen(look.color("edge"), max(1, look.px(2)), Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawLine(QPointF((at - 1) * pitch + side, middle), QPointF(at * pitch, middle))
        if self._again:
            small = look.px(AGAIN)
            x = (len(self._steps) - 1) * pitch - (pitch - side) / 2
            dot = QRectF(x - small / 2, middle - small / 2, small, small)
            painter.box(dot, AGAIN / 2, "amberbg", edge="amber", width=2)
            painter.icon("undo", "amber", x - look.px(8), middle - look.px(8), 16)
        for at, step in enumerate(self._steps):
            self._paint_step(painter, step, QRectF(round(at * pitch), 0, pitch - look.px(6), self.height()))

    def _paint_step(self, painter: Painter, step: WayStep, place: QRectF) -> None:
        look = self.look
        side = look.px(DOT)
        dot = QRectF(place.left(), 0, side, side)
        fill, edge, width, token = {
            "done": ("primary", "", 1.0, "on_primary"),
            "next": ("surface", "primary", 3.0, "primary"),
        }.get(step.state, ("", "edge", 2.0, "ink2"))
        painter.box(dot, DOT / 2, fill, edge=edge, width=width)
        if step.icon:
            painter.icon(step.icon, token, dot.center().x() - look.px(9), dot.center().y() - look.px(9), 18)
        is_next = step.state == "next"
        top = side + look.px(6)
        for words, px, bold, ink, height in (
            (step.word, 17, True, "press" if is_next else "ink", 25),
            (step.when, 15, is_next, "ink" if is_next else "ink2", 22),
            (step.line, 13, False, "ink2", 20),
        ):
            fitted = fit_px(words, place.width(), look.px(px), bold=bold, least=look.px(10)) / look.scale.k
            room = QRectF(place.left(), top, place.width(), look.px(height))
            painter.words_in(words, look.font(fitted, bold=bold), ink, room)
            top += look.px(height)
