"""Scores through the years in a small picture: a row for each indicator, all rising and falling by the same measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.charts.points import Point, Pointed
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.text import elide
from queuedesk.stations.window.style import Look

ROW, FOOT = 38, 26
NAME_SHARE = 0.36
DOT, HOLLOW = 4.0, 2.3
RIGHT, MIDDLE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class YearsRow:
    """An indicator: `shares` of its scale by year, None for a gap; `hollow` are the places that are only implied;
    `last` and `change` as text."""

    name: str
    shares: tuple[float | None, ...]
    hollow: frozenset[int]
    last: str
    change: str
    point: Point
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where the years stand, what the lowest and the highest score are as shares of their scales, where the last figure
    ends."""

    xs: Sequence[float]
    low: float
    top: float
    figures: float

    def height(self, share: float) -> float:
        return 0.5 if self.top == self.low else (share - self.low) / (self.top - self.low)


class YearsPicture(Pointed):
    """Each row is a point that says every year."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.picture: tuple[YearsRow, ...] = ()
        self._years: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_picture(self, title: str, years: Sequence[str], rows: Sequence[YearsRow]) -> None:
        """Show other figures; `years` are the words below."""
        self._years, self.picture = tuple(years), tuple(rows)
        self.set_points(title, "", [row.point for row in rows])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(380), self.look.px(ROW) * len(self.picture) + self.look.px(FOOT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.sizeHint().height())

    def _places(self) -> list[QRectF]:
        high = self.look.px(ROW)
        return [QRectF(0, n * high, self.width(), high) for n in range(len(self.picture))]

    def _ends(self) -> tuple[float, float, float]:
        """Return where the lines begin and end, and where the last figure ends."""
        look = self.look
        change = max((width_of(look.font(15, tabular=True), row.change) for row in self.picture), default=0.0)
        last = max((width_of(look.font(15, bold=True, tabular=True), row.last) for row in self.picture), default=0.0)
        figures = self.width() - change - look.px(8) if change else float(self.width())
        left = min(self.width() * NAME_SHARE, self._name_width())
        return left + look.px(10), max(left + look.px(40), figures - last - look.px(14)), figures

    def _name_width(self) -> float:
        return max((width_of(self.look.font(15, bold=True), row.name) for row in self.picture), default=0.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        left, right, figures = self._ends()
        high, count = look.px(ROW), len(self._years)
        step = (right - left) / max(1, count - 1)
        xs = [left + step * n if count > 1 else (left + right) / 2 for n in range(count)]
        bottom = high * len(self.picture)
        for x in xs:
            painter.fillRect(QRectF(round(x), 0, 1, bottom), look.color("line"))
        known = [share for row in self.picture for share in row.shares if share is not None]
        plot = _Plot(xs, min(known, default=0.0), max(known, default=1.0), figures)
        for n, row in enumerate(self.picture):
            self._paint_row(painter, n * high, row, plot)
        self._paint_years(painter, xs, bottom)
        self.paint_pointed(painter)

    def _paint_row(self, painter: Painter, y: float, row: YearsRow, plot: _Plot) -> None:
        look, high, figures = self.look, self.look.px(ROW), plot.figures
        place = QRectF(0, y, 0, high)
        name = look.font(15, bold=row.is_bold)
        room = min(self.width() * NAME_SHARE, self._name_width())
        place.setWidth(room)
        painter.words_in(elide(name, row.name, room), name, "ink", place)
        pad = look.px(9)
        dots = [
            None if share is None else QPointF(x, y + high - pad - (high - 2 * pad) * plot.height(share))
            for x, share in zip(plot.xs, row.shares, strict=True)
        ]
        painter.setPen(QPen(look.color("primary"), 2 * look.scale.k))
        for before, after in pairwise(dots):
            if before is not None and after is not None:
                painter.drawLine(before, after)
        painter.setPen(Qt.PenStyle.NoPen)
        for n, dot in enumerate(dots):
            if dot is not None:
                painter.setBrush(look.color("primary"))
                painter.drawEllipse(dot, DOT * look.scale.k, DOT * look.scale.k)
                if n in row.hollow:
                    painter.setBrush(look.color("surface"))
                    painter.drawEllipse(dot, HOLLOW * look.scale.k, HOLLOW * look.scale.k)
        is_known = bool(row.shares) and row.shares[-1] is not None
        last = look.font(15, bold=is_known, tabular=True)
        painter.words_in(row.last, last, "ink" if is_known else "ink2", QRectF(0, y, figures, high), RIGHT)
        if row.change:
            changed = look.font(15, tabular=True)
            painter.words_in(row.change, changed, "ink2", QRectF(0, y, self.width(), high), RIGHT)
        painter.divider(QPointF(0, y + high - 1), QPointF(self.width(), y + high - 1))

    def _paint_years(self, painter: Painter, xs: Sequence[float], bottom: float) -> None:
        """Write the years below, those that have room, the last one in any case."""
        font, free = self.look.font(13.5, tabular=True), float("inf")
        for x, year in reversed(list(zip(xs, self._years, strict=True))):
            wide = width_of(font, year)
            if x + wide / 2 < free:
                place = QRectF(x - wide, bottom + self.look.px(4), 2 * wide, self.look.px(20))
                painter.words_in(year, font, "ink2", place, MIDDLE)
                free = x - wide / 2 - self.look.px(6)
