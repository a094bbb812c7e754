"""Rows and bars: progress against a target, the parts of a visit, counts with another period's, shares as dots."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts.chart import Rect
from queuedesk.core.charts.layout import (
    BarRow,
    DifferenceRow,
    DotPanel,
    DotRow,
    Layout,
    difference_points,
    differences_height,
    dot_points,
    dots_height,
    lay_out_bars,
    lay_out_differences,
    lay_out_dots,
)
from queuedesk.core.log.ticket_history import bar_widths
from queuedesk.stations.widgets.charts.chart_view import ChartView, Screen
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Run, paint_runs
from queuedesk.stations.widgets.paint import Painter, middle_baseline, width_of, wrap
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.style import Look


class Part(Struct, frozen=True):
    """One stretch of a visit: its word, its time as text, its length, and its kind (a key of PART_TINTS)."""

    word: str
    time: str
    seconds: float
    kind: str


PART_TINTS = {
    "wait": ("sunken", "ink2"),
    "way": ("amberbg", "amber"),
    "serving": ("soft", "on_soft"),
    "held": ("violetbg", "violet"),
    "other": ("bluebg", "blue"),
}


class StoryBar(Follows, QWidget):
    """A visit as one bar: wait, way to the window, serving, held, each as wide as it was long."""

    spoken_role = TEXT

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._parts: tuple[Part, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show these stretches in order."""
        self._parts = tuple(parts)
        self.setAccessibleName(", ".join(f"{part.word} {part.time}" for part in parts))
        self.setToolTip("\n".join(f"{part.word} {part.time}" for part in parts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(600), self.look.px(56))

    def widths(self) -> list[float]:
        """Return how wide each part is drawn: by its length, but never too narrow for its time while room lasts."""
        font = self.look.font(15, bold=True, tabular=True)
        pad = self.look.px(20)
        needs = [max(width_of(font, part.time), width_of(self.look.font(15), part.word)) + pad for part in self._parts]
        return bar_widths([part.seconds for part in self._parts], needs, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        x = 0.0
        painter.save()
        for part, width in zip(self._parts, self.widths(), strict=False):
            tint, token = PART_TINTS[part.kind]
            rect = QRectF(round(x), 0, round(x + width) - round(x), self.height())
            painter.setClipping(False)
            if look.theme.outlined:
                painter.box(rect.adjusted(0, 0, -2, 0), 6, "surface", edge=token, width=2)
            else:
                painter.setClipRect(rect)
                painter.box(QRectF(self.rect()), 10, tint)
            painter.setClipRect(rect)
            pad = look.px(16) if width > look.px(120) else look.px(10)
            room = rect.width() - pad
            painter.words_in(part.word, look.font(15), token, QRectF(x + pad, look.px(6), room, look.px(22)))
            bold = look.font(19 if width > look.px(120) else 15, bold=True, tabular=True)
            painter.words_in(part.time, bold, "ink", QRectF(x + pad, look.px(27), room, look.px(22)))
            x += width
        painter.restore()


class Moment(Struct, frozen=True, kw_only=True):
    """One event of a ticket's story: time with seconds, icon with its token, word, and what there is to say."""

    time: str
    icon: str
    token: str = "ink"
    title: str = ""
    detail: str = ""


class TimelineRow(Follows, QWidget):
    """One event on the line of a ticket's story; `first` and `last` end the line."""

    spoken_role = TEXT

    def __init__(
        self, look: Look, moment: Moment, *, first: bool = False, last: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.follow(look)
        self._first, self._last = first, last
        # A row grows with the lines of its words.
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_moment(moment)

    def set_moment(self, moment: Moment) -> None:
        """Show another event."""
        self._moment = moment
        self.setAccessibleName(f"{moment.time} {moment.title} {moment.detail}".strip())
        self.relook()

    def _detail_left(self) -> float:
        look, title = self.look, width_of(self.look.font(17, bold=True), self._moment.title)
        return max(look.px(248), look.px(140 + 16) + title)

    def _detail(self, width: float) -> list[str]:
        return wrap(self.look.font(16), self._moment.detail, width - self._detail_left(), 4)

    def heightForWidth(self, width: int) -> int:
        return self.look.px(max(45, 22 + 23 * len(self._detail(width))))

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(600), self.look.px(45))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, moment = Painter(self, self.look), self.look, self._moment
        high = look.px(45)
        head = QRectF(0, 0, self.width(), high)
        painter.words_in(moment.time, look.font(16, tabular=True), "ink2", head)
        side, x = look.px(34), look.px(90)
        middle = x + side / 2
        painter.setPen(QPen(look.color("line"), 2 if look.theme.outlined else 1.5))
        if not self._first:
            painter.drawLine(QPointF(middle, 0), QPointF(middle, high / 2))
        if not self._last:
            painter.drawLine(QPointF(middle, high / 2), QPointF(middle, self.height()))
        painter.box(QRectF(x, round((high - side) / 2), side, side), 17, "surface", edge="line")
        inner = look.px(18)
        painter.icon(moment.icon, moment.token, middle - inner / 2, (high - inner) / 2, 18)
        left = look.px(140)
        baseline = middle_baseline(look.font(17, bold=True), 0, high)
        paint_runs(painter, [Run(moment.title, 17, True)], left, baseline)
        y = 0.0
        for words in self._detail(self.width()):
            line = QRectF(self._detail_left(), y, self.width() - self._detail_left(), high)
            painter.words_in(words, look.font(16), "ink", line)
            y += look.px(23)


# -- rows of bars ------------------------------------------------------------------------------------------------------


class BarRows(ChartView):
    """Each row with something to say is a point. `empty` is said in place of no rows."""

    def __init__(self, look: Look, *, row_height: float = 28, parent: QWidget | None = None) -> None:
        super().__init__(look, is_fixed=True, is_bare=True, parent=parent)
        self.rows: tuple[BarRow, ...] = ()
        self._row, self._empty = row_height, ""

    def set_rows(self, title: str, rows: Sequence[BarRow], empty: str = "") -> None:
        """Show other rows under a title, which is read out with them."""
        self.rows, self._empty, self._layout = tuple(rows), empty, None
        told = ", ".join(f"{row.word} {row.number}" for row in rows)
        self.set_points(title, told or empty, [row.point for row in rows if row.point is not None])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(320), self.look.px(self._row) * max(1, len(self.rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.sizeHint().height())

    def _lay_out(self, screen: Screen, room: Rect) -> Layout:
        return lay_out_bars(self.rows, screen, room, self._empty)


LEAST_WIDE = 300


class DotRows(ChartView):
    """Each row's word and each dot is a point."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self.panels: tuple[DotPanel, ...] = ()
        self.rows: tuple[DotRow, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_rows(self, title: str, panels: Sequence[DotPanel], rows: Sequence[DotRow]) -> None:
        """Show other rows; each has a dot, or None, for each of `panels`."""
        self.panels, self.rows, self._layout = tuple(panels), tuple(rows), None
        self.set_points(title, ", ".join(f"{row.word} {row.number}" for row in rows), dot_points(rows))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ceil(dots_height(self.panels, self.rows, Screen(self.look), width))

    def sizeHint(self) -> QSize:
        wide = self.look.wide(LEAST_WIDE)
        return QSize(wide, self.heightForWidth(max(wide, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(LEAST_WIDE), self.heightForWidth(max(self.look.wide(LEAST_WIDE), self.width())))

    def _lay_out(self, screen: Screen, room: Rect) -> Layout:
        return lay_out_dots(self.panels, self.rows, screen, room)


class DifferenceRows(ChartView):
    """Figures before and after with their difference; each figure is a point."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self.rows: tuple[DifferenceRow, ...] = ()
        self._heads = ("", "", "", "")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_rows(self, title: str, heads: tuple[str, str, str, str], rows: Sequence[DifferenceRow]) -> None:
        """Show other rows under `heads` and a title, which is read out."""
        self._heads, self.rows, self._layout = heads, tuple(rows), None
        told = "; ".join(f"{row.name} {row.said[1]} {row.word}" for row in rows)
        self.set_points(title, told, difference_points(rows))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ceil(differences_height(self.rows, Screen(self.look), width))

    def sizeHint(self) -> QSize:
        wide = max(self.width(), self.look.wide(LEAST_WIDE))
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(LEAST_WIDE), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def _lay_out(self, screen: Screen, room: Rect) -> Layout:
        return lay_out_differences(self._heads, self.rows, screen, room)
