"""Figures that can be pointed at and pressed: rows and bars, a table, tiles, a strip on one card."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts import layout
from queuedesk.core.charts.chart import HoverTextAndTarget, SurfaceRect
from queuedesk.core.log.ticket_history import bar_widths
from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.charts.chart_view import ChartView, ChartWithPoints, LookMeasures
from queuedesk.stations.widgets.lists.strips import DayFigureTexts
from queuedesk.stations.widgets.panels import TextRun, paint_text_runs, text_runs_width
from queuedesk.stations.window.style import Look, font_of_size


class VisitStretch(Struct, frozen=True):
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


class VisitPhasesBar(paint.FollowsLook, QWidget):
    """A visit as one bar: wait, way to the window, serving, held, each as wide as it was long."""

    spoken_role = paint.TEXT

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._parts: tuple[VisitStretch, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[VisitStretch]) -> None:
        self._parts = tuple(parts)
        self.setAccessibleName(", ".join(f"{part.word} {part.time}" for part in parts))
        self.setToolTip("\n".join(f"{part.word} {part.time}" for part in parts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(600), self.look.px(56))

    def stretch_widths(self) -> list[float]:
        """Return how wide each part is drawn: by its length, but never too narrow for its time while room lasts."""
        font = self.look.font(15, bold=True, tabular=True)
        pad = self.look.px(20)
        needs = [
            max(paint.width_of_text(font, part.time), paint.width_of_text(self.look.font(15), part.word)) + pad
            for part in self._parts
        ]
        return bar_widths([part.seconds for part in self._parts], needs, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        x = 0.0
        painter.save()
        for part, width in zip(self._parts, self.stretch_widths(), strict=False):
            tint, token = PART_TINTS[part.kind]
            rect = QRectF(round(x), 0, round(x + width) - round(x), self.height())
            painter.setClipping(False)
            if look.theme.outlined:
                painter.draw_box(rect.adjusted(0, 0, -2, 0), 6, "surface", edge=token, width=2)
            else:
                painter.setClipRect(rect)
                painter.draw_box(QRectF(self.rect()), 10, tint)
            painter.setClipRect(rect)
            pad = look.px(16) if width > look.px(120) else look.px(10)
            room = rect.width() - pad
            painter.draw_words_and_give_end_x(
                part.word, look.font(15), token, QRectF(x + pad, look.px(6), room, look.px(22))
            )
            bold = look.font(19 if width > look.px(120) else 15, bold=True, tabular=True)
            painter.draw_words_and_give_end_x(part.time, bold, "ink", QRectF(x + pad, look.px(27), room, look.px(22)))
            x += width
        painter.restore()


class TicketStoryEvent(Struct, frozen=True, kw_only=True):
    """One event of a ticket's story: time with seconds, icon with its token, word, and what there is to say."""

    time: str
    icon: str
    token: str = "ink"
    title: str = ""
    detail: str = ""


class TicketStoryEventRow(paint.FollowsLook, QWidget):
    """One event on the line of a ticket's story; `first` and `last` end the line."""

    spoken_role = paint.TEXT

    def __init__(
        self,
        look: Look,
        moment: TicketStoryEvent,
        *,
        first: bool = False,
        last: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._first, self._last = first, last
        # A row grows with the lines of its words.
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_story_event(moment)

    def set_story_event(self, moment: TicketStoryEvent) -> None:
        self._moment = moment
        self.setAccessibleName(f"{moment.time} {moment.title} {moment.detail}".strip())
        self.measure_again()

    def _detail_left_edge(self) -> float:
        look, title = self.look, paint.width_of_text(self.look.font(17, bold=True), self._moment.title)
        return max(look.px(248), look.px(140 + 16) + title)

    def _wrapped_detail_lines(self, width: float) -> list[str]:
        return paint.wrapped_lines(self.look.font(16), self._moment.detail, width - self._detail_left_edge(), 4)

    def heightForWidth(self, width: int) -> int:
        return self.look.px(max(45, 22 + 23 * len(self._wrapped_detail_lines(width))))

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(600), self.look.px(45))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, moment = paint.Painter(self, self.look), self.look, self._moment
        high = look.px(45)
        head = QRectF(0, 0, self.width(), high)
        painter.draw_words_and_give_end_x(moment.time, look.font(16, tabular=True), "ink2", head)
        side, x = look.px(34), look.px(90)
        middle = x + side / 2
        painter.setPen(QPen(look.color("line"), 2 if look.theme.outlined else 1.5))
        if not self._first:
            painter.drawLine(QPointF(middle, 0), QPointF(middle, high / 2))
        if not self._last:
            painter.drawLine(QPointF(middle, high / 2), QPointF(middle, self.height()))
        painter.draw_box(QRectF(x, round((high - side) / 2), side, side), 17, "surface", edge="line")
        inner = look.px(18)
        painter.draw_icon(moment.icon, moment.token, middle - inner / 2, (high - inner) / 2, 18)
        left = look.px(140)
        baseline = paint.centred_baseline_y(look.font(17, bold=True), 0, high)
        paint_text_runs(painter, [TextRun(moment.title, 17, True)], left, baseline)
        y = 0.0
        for words in self._wrapped_detail_lines(self.width()):
            line = QRectF(self._detail_left_edge(), y, self.width() - self._detail_left_edge(), high)
            painter.draw_words_and_give_end_x(words, look.font(16), "ink", line)
            y += look.px(23)


# -- rows of bars ------------------------------------------------------------------------------------------------------


class BarRowChart(ChartView):
    """Each row with something to say is a point. `empty` is said in place of no rows."""

    def __init__(self, look: Look, *, row_height: float = 28, parent: QWidget | None = None) -> None:
        super().__init__(look, is_fixed=True, is_bare=True, parent=parent)
        self.rows: tuple[layout.BarRow, ...] = ()
        self._row, self._empty = row_height, ""

    def set_rows(self, title: str, rows: Sequence[layout.BarRow], empty: str = "") -> None:
        """Show other rows under a title, which is read out with them."""
        self.rows, self._empty, self._layout = tuple(rows), empty, None
        told = ", ".join(f"{row.word} {row.number}" for row in rows)
        self.set_points(title, told or empty, [row.point for row in rows if row.point is not None])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(320), self.look.px(self._row) * max(1, len(self.rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.sizeHint().height())

    def _lay_out(self, screen: LookMeasures, room: SurfaceRect) -> layout.LaidOutChart:
        return layout.lay_out_bars(self.rows, screen, room, self._empty)


LEAST_WIDE = 300


class DifferenceChart(ChartView):
    """Figures before and after with their difference; each figure is a point."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self.rows: tuple[layout.DifferenceRow, ...] = ()
        self._heads = ("", "", "", "")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_rows(self, title: str, heads: tuple[str, str, str, str], rows: Sequence[layout.DifferenceRow]) -> None:
        """Show other rows under `heads` and a title, which is read out."""
        self._heads, self.rows, self._layout = heads, tuple(rows), None
        told = "; ".join(f"{row.name} {row.said[1]} {row.word}" for row in rows)
        self.set_points(title, told, layout.difference_hover_points(rows))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ceil(layout.differences_height(self.rows, LookMeasures(self.look), width))

    def sizeHint(self) -> QSize:
        wide = max(self.width(), self.look.large_px(LEAST_WIDE))
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(LEAST_WIDE), self.sizeHint().height())

    def _lay_out(self, screen: LookMeasures, room: SurfaceRect) -> layout.LaidOutChart:
        return layout.lay_out_differences(self._heads, self.rows, screen, room)


# -- a table of figures ------------------------------------------------------------------------------------------------

ROW, HEAD, GAP, AIR = 34, 30, 14, 36
NAME_LEAST, NAME_MOST = 110, 240
RIGHT = Qt.AlignmentFlag.AlignRight


class FigureCell(Struct, frozen=True):
    """A figure as it stands in the table; one without a point says nothing more."""

    text: str
    point: HoverTextAndTarget | None = None
    token: str = "ink"
    bold: bool = False


class FigureRow(Struct, frozen=True):
    """A row: its badge (""), its name, its figures; `is_sum` stands bold under a line."""

    name: str
    cells: tuple[FigureCell, ...]
    letter: str = ""
    is_sum: bool = False


def _wrap_to_two_lines(font: QFont, word: str) -> list[str]:
    """Return a column's word in at most two lines, as narrow as they may be without cutting it."""
    whole = paint.width_of_text(font, word)
    for share in (0.5, 0.58, 0.66, 0.75, 0.85):
        lines = paint.wrapped_lines(font, word, whole * share)
        if not any(line.endswith(paint.ELLIPSIS) for line in lines):
            return lines
    return [word]


class FigureTable(ChartWithPoints):
    """Names at the left, figures right-aligned in columns; the last columns are dropped without room. `underlines`
    underlines figures that lead somewhere."""

    def __init__(
        self, look: Look, *, row_height: float = ROW, underlines: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, parent)
        self._underlines = underlines
        self.columns: tuple[str, ...] = ()
        self.table: tuple[FigureRow, ...] = ()
        self._name, self._empty, self._row = "", "", row_height
        self._measured: tuple[float, list[float], float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_table(
        self, title: str, name: str, columns: Sequence[str], rows: Sequence[FigureRow], empty: str = ""
    ) -> None:
        """Show other figures; `name` heads the names, `empty` is said in place of no rows."""
        self.columns, self.table, self._name, self._empty = tuple(columns), tuple(rows), name, empty
        self._measured = None
        self._set_points_from_cells(title)

    def _set_points_from_cells(self, title: str) -> None:
        self.set_points(
            title, self._empty if not self.table else "", [point for _r, _c, point in self._cells_with_points()]
        )

    def _cells_with_points(self) -> list[tuple[int, int, HoverTextAndTarget]]:
        return [
            (r, c, cell.point)
            for r, row in enumerate(self.table)
            for c, cell in enumerate(row.cells)
            if cell.point is not None
        ]

    # -- sizes -------------------------------------------------------------------------------------------------------

    def column_head_lines(self) -> list[list[str]]:
        """Return the words of each column in one line, or in two where there is no room for all in one."""
        font = self.look.font(14)
        needed = sum(self._column_widths([[word] for word in self.columns])) + self.look.gap(GAP) * len(self.columns)
        if needed + self._needed_name_width() <= self.width():
            return [[word] for word in self.columns]
        return [_wrap_to_two_lines(font, word) for word in self.columns]

    def _needed_name_width(self) -> float:
        """Return the width of the names, of long ones only a part."""
        _cells, wide = self._figure_and_name_widths()
        badge = self.look.px(32) if any(row.letter for row in self.table) else 0
        return min(wide, self.look.px(NAME_MOST)) + badge

    def _figure_and_name_widths(self) -> tuple[list[float], float]:
        """Return the widths of each column's widest figure and of the widest name, cached for the scale."""
        k = self.look.scale.k
        if self._measured is None or self._measured[0] != k:
            font, bold = self.look.font(15), self.look.font(15, bold=True)
            names = [paint.width_of_text(bold if row.is_sum else font, row.name) for row in self.table]
            figure = self.look.font(15, bold=True, tabular=True)
            cells = [
                max(
                    (paint.width_of_text(figure, row.cells[c].text) for row in self.table if c < len(row.cells)),
                    default=0.0,
                )
                for c in range(len(self.columns))
            ]
            self._measured = k, cells, max([paint.width_of_text(self.look.font(14), self._name), *names])
        return self._measured[1:]

    def _head_height(self) -> int:
        if not self.table or not any([self._name, *self.columns]):
            return 0
        lines = max((len(lines) for lines in self.column_head_lines()), default=1)
        return self.look.px(HEAD) if lines < 2 else self.look.px(46)

    def _column_widths(self, heads: Sequence[Sequence[str]]) -> list[float]:
        head = self.look.font(14)
        cells, _names = self._figure_and_name_widths()
        return [
            max([*(paint.width_of_text(head, line) for line in lines), cell])
            for lines, cell in zip(heads, cells, strict=True)
        ]

    def column_widths(self) -> list[float]:
        return self._column_widths(self.column_head_lines())

    def column_right_edges(self) -> list[float]:
        """Return the right edge of each column, 0 for one that has no room."""
        look, gap = self.look, float(self.look.gap(GAP))
        widths = self.column_widths()
        room = self.width() - look.px(NAME_LEAST)
        shown = len(widths)
        while shown > 1 and sum(widths[:shown]) + gap * shown > room:
            shown -= 1
        if shown:
            spare = self.width() - self._needed_name_width() - sum(widths[:shown]) - gap * shown
            gap += max(0.0, min(spare / shown, look.gap(AIR)))
        ends, right = [0.0] * len(widths), float(self.width())
        for c in range(shown - 1, -1, -1):
            ends[c] = right
            right -= widths[c] + gap
        return ends

    def sizeHint(self) -> QSize:
        wide = sum(self.column_widths()) + self.look.gap(GAP) * len(self.columns) + self.look.px(150)
        return QSize(round(wide), self._head_height() + self.look.px(self._row) * max(1, len(self.table)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(NAME_LEAST + 80), self.sizeHint().height())

    def _point_rects(self) -> list[QRectF]:
        ends, widths, gap = self.column_right_edges(), self.column_widths(), self.look.gap(GAP)
        top, high = self._head_height(), self.look.px(self._row)
        places = []
        for r, c, _point in self._cells_with_points():
            wide = widths[c] + gap * 0.8 if ends[c] else 0.0
            places.append(QRectF(ends[c] - wide + gap * 0.3, top + r * high, wide, high if ends[c] else 0.0))
        return places

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # At another width its head may stand in one line, or need two.
        if self.sizeHint().height() != self.height():
            self.updateGeometry()

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        ends, widths, gap = self.column_right_edges(), self.column_widths(), look.gap(GAP)
        head = self._head_height()
        shown = [c for c, end in enumerate(ends) if end]
        names = ends[shown[0]] - widths[shown[0]] - gap if shown else float(self.width())
        if head:
            place = QRectF(0, head - look.px(26), names, look.px(24))
            painter.draw_words_and_give_end_x(self._name, look.font(14), "ink2", place)
            for c, lines in enumerate(self.column_head_lines()):
                for n, line in enumerate(reversed(lines)):
                    y = head - look.px(26) - n * look.px(18)
                    if ends[c]:
                        painter.draw_words_and_give_end_x(
                            line, look.font(14), "ink2", QRectF(0, y, ends[c], look.px(24)), RIGHT
                        )
            painter.draw_divider(QPointF(0, head - 1), QPointF(self.width(), head - 1))
        if not self.table:
            place = QRectF(0, head, self.width(), look.px(self._row))
            painter.draw_words_and_give_end_x(self._empty, look.font(15), "ink2", place)
        for r, row in enumerate(self.table):
            self._paint_figure_row(painter, r, row, names, ends)
        self.paint_current_point_marker(painter)

    def _paint_figure_row(
        self, painter: paint.Painter, r: int, row: FigureRow, names: float, ends: Sequence[float]
    ) -> None:
        look, high = self.look, self.look.px(self._row)
        y = float(self._head_height() + r * high)
        x = 0.0
        if row.letter:
            side = look.px(24)
            painter.draw_badge(QRectF(0, y + (high - side) / 2, side, side), row.letter)
            x = side + look.px(8)
        font = look.font(15, bold=row.is_sum)
        painter.draw_words_and_give_end_x(
            paint.elide(font, row.name, names - x), font, "ink", QRectF(x, y, names - x, high)
        )
        for cell, end in zip(row.cells, ends, strict=False):
            if end:
                bold = look.font(15, bold=cell.bold or row.is_sum, tabular=True)
                painter.draw_words_and_give_end_x(cell.text, bold, cell.token, QRectF(0, y, end, high), RIGHT)
                if self._underlines and cell.point is not None and cell.point.leads is not None:
                    low = paint.centred_baseline_y(bold, y, high) + look.px(4)
                    painter.draw_divider(
                        QPointF(end - paint.width_of_text(bold, cell.text), low), QPointF(end, low), "edge"
                    )
        if r < len(self.table) - 1:
            painter.draw_divider(QPointF(0, y + high - 1), QPointF(self.width(), y + high - 1))


# -- figures in a strip ------------------------------------------------------------------------------------------------


def _fitting_form_and_font(forms: tuple[str, str], room: QRectF, px: float, least: float) -> tuple[str, QFont]:
    """Return the long form, in smaller letters if need be, or the short one where it would be cut, with its font."""
    long, short = forms
    words = short if short and paint.width_of_text(font_of_size(least), long) > room.width() else long
    return words, font_of_size(paint.largest_fitting_px(words, room.width(), px, least=least))


TWO_LINES = 2.2  # times the size of their letters


def _paint_fitting_form(painter: paint.Painter, forms: tuple[str, str], room: QRectF, px: float, least: float) -> None:
    words, font = _fitting_form_and_font(forms, room, px, least)
    lines = [words]
    if room.height() >= TWO_LINES * px and font.pixelSize() < px:
        for size in range(round(px), round(font.pixelSize()) - 1, -1):
            wrapped = paint.wrapped_lines(font_of_size(size), forms[0], room.width(), 2)
            if not any(line.endswith(paint.ELLIPSIS) for line in wrapped):
                lines, font = wrapped, font_of_size(size)
                break
    high = room.height() / len(lines)
    for n, line in enumerate(lines):
        painter.draw_words_and_give_end_x(
            line, font, "ink2", QRectF(room.left(), room.top() + n * high, room.width(), high)
        )


class FigureStrip(ChartWithPoints):
    """`picked` gives where the figure that was pressed leads."""

    def __init__(self, look: Look, *, height: float = 110, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.figures: tuple[DayFigureTexts, ...] = ()
        self._height = height
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_figures(self, figures: Sequence[DayFigureTexts], leads: Sequence[object] = ()) -> None:
        """Show these figures; one not known has "—" as its value and the reason as its second line. `leads` say where
        each leads (None: nowhere)."""
        self.figures = tuple(figures)
        ways = [leads[n] if n < len(leads) else None for n in range(len(figures))]
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if any(ways) else Qt.FocusPolicy.NoFocus)
        points = [
            HoverTextAndTarget(tuple(part for part in (f.title, f"{f.value} {f.unit}".strip(), f.second) if part), way)
            for f, way in zip(figures, ways, strict=True)
        ]
        told = (f"{figure.title} {figure.value} {figure.unit} {figure.second}".strip() for figure in figures)
        self.set_points("; ".join(told), "", points)

    def _point_rects(self) -> list[QRectF]:
        share = self.width() / max(1, len(self.figures))
        return [QRectF(n * share, 0, share, self.height()).adjusted(3, 3, -3, -3) for n in range(len(self.figures))]

    def set_current_point(self, n: int | None, *, by_key: bool = False) -> None:
        """Look at a figure: one that leads nowhere is not marked by the pointer."""
        super().set_current_point(n if n is None or by_key or self.points[n].leads is not None else None, by_key=by_key)

    def _announce_current_point(self, *, scroll: bool) -> None:
        # All that there is to say stands there already: no bubble.
        if self.current_point is not None:
            self.setAccessibleName(", ".join(self.current_point.said))
            leads = self.current_point.leads is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(800), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(400), self.look.px(86 if self.look.scale.is_text_large else 96))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        rect = QRectF(self.rect())
        painter.draw_box(rect, 12, "surface", edge="edge" if look.theme.outlined else "line")
        if not self.figures:
            return
        share, gap = rect.width() / len(self.figures), look.gap(22)
        least = 14 * look.scale.k / look.scale.text
        for number, figure in enumerate(self.figures):
            x = number * share + gap
            room = share - gap - look.gap(8)
            if number:
                edge = round(number * share)
                painter.fillRect(QRectF(edge, look.px(9), 1, rect.height() - look.px(18)), look.color("line"))
            head = QRectF(x, rect.height() * 0.07, room, look.px(22))
            _paint_fitting_form(painter, (figure.title, figure.short_title), head, look.px(15), least)
            value_px = 36 if look.scale.is_text_large else 42
            runs = [TextRun(figure.value, value_px, True, figure.token), TextRun(figure.unit, 17, token="ink2", gap=8)]
            share_of = min(1.0, room / max(1.0, text_runs_width(look, runs)))
            runs = [TextRun(run.text, run.px * share_of, run.bold, run.token, gap=run.gap * share_of) for run in runs]
            below = QRectF(x, rect.height() * 0.93 - look.px(22), room, look.px(22))
            between = below.top() - head.bottom()
            big = look.font(value_px, bold=True)
            paint_text_runs(painter, runs, x, paint.centred_baseline_y(big, head.bottom(), between))
            _paint_fitting_form(painter, (figure.second, figure.short_second), below, look.px(14.5), least)
        self.paint_current_point_marker(painter)


# -- figures as tiles --------------------------------------------------------------------------------------------------


class FigureTiles(ChartWithPoints):
    """As FigureStrip, with a third line for the other period, or for what became of the target; the figures are its
    points, and after them those of their second lines. `underlines` as in FigureTable."""

    def __init__(self, look: Look, *, underlines: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._underlines = underlines
        self.figures: tuple[DayFigureTexts, ...] = ()
        self.thirds: tuple[str, ...] = ()
        self.missed: tuple[bool, ...] = ()
        self.lesser: tuple[tuple[int, str, HoverTextAndTarget], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_figures(
        self,
        title: str,
        figures: Sequence[DayFigureTexts],
        points: Sequence[HoverTextAndTarget],
        thirds: Sequence[str] = (),
        *,
        missed: Sequence[bool] = (),
        lesser: Sequence[Sequence[tuple[str, HoverTextAndTarget]]] = (),
    ) -> None:
        """Show these figures, under each a third line if there are any. With `missed` each has a bar beside it, red
        with a warning where that is true. `lesser` are the parts of each second line that lead somewhere of their
        own, from left to right."""
        self.figures, self.thirds, self.missed = tuple(figures), tuple(thirds), tuple(missed)
        told = (f"{figure.title} {figure.value} {figure.unit} {figure.second}".strip() for figure in figures)
        self.lesser = tuple(
            (n, text, point) for n, parts in enumerate(lesser) for text, point in parts if point.leads is not None
        )
        self.set_points(title, "; ".join(told), [*points, *(point for _n, _text, point in self.lesser)])

    def sizeHint(self) -> QSize:
        more = sum(self._line_heights()) - 2 * self.look.px(22)
        return QSize(self.look.px(800), self.look.px(128 if any(self.thirds) else 104) + more)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # At another width a line may have to wrap.
        if self.sizeHint().height() != self.height():
            self.updateGeometry()

    def _line_heights(self) -> tuple[int, int]:
        """Return the height of titles and second lines: two lines where one of large letters would have to shrink.
        Second lines with links stay one line."""
        look = self.look
        titles, seconds = ((figure.title for figure in self.figures), (figure.second for figure in self.figures))
        head, second = (
            look.scale.is_text_large
            and any(paint.width_of_text(look.font(px), words) > self._room_of_figure() for words in texts)
            for texts, px in ((titles, 15), (seconds, 14.5))
        )
        return look.px(36 if head else 22), look.px(36 if second and not self.lesser else 22)

    def _room_of_figure(self) -> float:
        return self.width() / max(1, len(self.figures)) - self.look.gap(20) - self.look.gap(8)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(400), self.sizeHint().height())

    def _point_rects(self) -> list[QRectF]:
        share = self.width() / max(1, len(self.figures))
        tiles = [QRectF(n * share, 0, share, self.height()).adjusted(3, 3, -3, -3) for n in range(len(self.figures))]
        return [*tiles, *self._second_line_link_rects()]

    def _least_letter_px(self) -> float:
        return 13 * self.look.scale.k / self.look.scale.text

    def _second_line_rect(self, n: int) -> QRectF:
        look, share = self.look, self.width() / max(1, len(self.figures))
        third = look.px(24) if any(self.thirds) else 0
        high = self._line_heights()[1]
        top = self.height() - third - look.px(8) - high
        return QRectF(n * share + look.gap(20), top, self._room_of_figure(), high)

    def _second_line_link_rects(self) -> list[QRectF]:
        """Return where each part of a second line stands that leads somewhere; nowhere in a short form without it."""
        places, begun = [], dict.fromkeys(range(len(self.figures)), 0)
        for n, text, _point in self.lesser:
            figure, below = self.figures[n], self._second_line_rect(n)
            words, font = _fitting_form_and_font(
                (figure.second, figure.short_second), below, self.look.px(14.5), self._least_letter_px()
            )
            at = words.find(text, begun[n])
            if at < 0:
                places.append(QRectF())
                continue
            begun[n] = at + len(text)
            left = below.left() + paint.width_of_text(font, words[:at])
            places.append(QRectF(left, below.top(), paint.width_of_text(font, text), below.height()))
        return places

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        rect = QRectF(self.rect())
        painter.draw_box(rect, 12, "surface", edge="edge" if look.theme.outlined else "line")
        share, gap = rect.width() / max(1, len(self.figures)), look.gap(20)
        least = self._least_letter_px()
        third_high = look.px(24) if any(self.thirds) else 0
        for n, figure in enumerate(self.figures):
            x, room = n * share + gap, share - gap - look.gap(8)
            is_missed = n < len(self.missed) and self.missed[n]
            edge = QRectF(round(n * share), look.px(9), 1, rect.height() - look.px(18))
            if self.missed:
                bar = edge.translated(look.gap(9), 0)
                bar.setWidth(look.px(4))
                painter.fillRect(bar, look.color("red" if is_missed else "primary"))
            elif n:
                painter.fillRect(edge, look.color("line"))
            head = QRectF(x, look.px(8), room, self._line_heights()[0])
            _paint_fitting_form(painter, (figure.title, figure.short_title), head, look.px(15), least)
            runs = [TextRun(figure.value, 38, True, figure.token), TextRun(figure.unit, 16, token="ink2", gap=7)]
            narrow = min(1.0, room / max(1.0, text_runs_width(look, runs)))
            runs = [TextRun(run.text, run.px * narrow, run.bold, run.token, gap=run.gap * narrow) for run in runs]
            below = self._second_line_rect(n)
            baseline = paint.centred_baseline_y(look.font(38, bold=True), head.bottom(), below.top() - head.bottom())
            paint_text_runs(painter, runs, x, baseline)
            if self._underlines and n < len(self.points) and self.points[n].leads is not None:
                low = baseline + look.px(8)
                painter.draw_divider(QPointF(x, low), QPointF(x + text_runs_width(look, runs[:1]), low), "edge")
            _paint_fitting_form(painter, (figure.second, figure.short_second), below, look.px(14.5), least)
            if third_high and n < len(self.thirds):
                third, place = self.thirds[n], QRectF(x, below.bottom(), room, look.px(22))
                if is_missed:
                    painter.draw_icon("warning", "red", place.left(), place.top() + look.px(3), 16)
                    place.setLeft(place.left() + look.px(21))
                font = font_of_size(
                    paint.largest_fitting_px(third, place.width(), look.px(14.5), bold=True, least=least), bold=True
                )
                painter.draw_words_and_give_end_x(third, font, "red" if is_missed else "ink", place)
        for place in self._second_line_link_rects() if self._underlines else ():
            painter.draw_divider(place.bottomLeft(), place.bottomRight(), "edge")
        self.paint_current_point_marker(painter)
