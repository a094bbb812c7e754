"""One part of the display with calls of its own: their rows, how they move, and in a zone its name and who waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal

from queuedesk.stations.display import panel_painting, row_painting, sizes
from queuedesk.stations.display.motion import BLINKS, BLINKS_UNHEARD, RowMotion
from queuedesk.stations.display.shown import PartCalls, PartText
from queuedesk.stations.display.texts import EarlierText, RowText
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of

BESIDE_EM = 1.3  # rows beside a slide are higher for their numbers: there is room, and the slide is read first

ARROW_PX = 52.0


class CallPanel(QObject):
    """The calls of one part. `moved` asks to be painted again."""

    moved = Signal()

    def __init__(self, *, still: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.part = PartText()
        self.label = "A000"
        self.rows: list[RowText] = []
        self.earlier: list[EarlierText] = []
        self.room, self.title, self.lines = QRectF(0, 0, 1270, 774), QRectF(), QRectF()
        self.size = sizes.RowSize(3, 247, 228)
        self._plan = row_painting.plan_rows(1270, 228, (), self.label)
        self.motion = RowMotion(self)
        self.motion.still = still
        self.motion.moved.connect(self.moved)

    def widest(self, width: float) -> float:
        """Return the largest number at which every row of this part still fits `width`."""
        return row_painting.widest_font(width, self.part.windows, self.label)

    def take_size(self, room: QRectF, size: sizes.RowSize) -> None:
        """Show rows of this size in `room`."""
        self.room, self.size = room, size
        self._plan = row_painting.plan_rows(room.width(), size.font, self.part.windows, self.label)

    def measure(self, room: QRectF, needed: float, *, beside: QRectF | None = None, most_beside: int = 6) -> None:
        """Find the rows that fit into `room` for the font that the distance asks for; `beside` is their smaller room
        beside a slide."""
        size = sizes.row_size(needed, self.widest(room.width()), room.height())
        if beside is None:
            self.take_size(room, size)
            return
        rows = min(size.rows, most_beside)
        high = (beside.height() - (rows - 1) * sizes.GAP_PX) / rows
        font = min(high / BESIDE_EM, self.widest(beside.width()))
        self.take_size(beside, sizes.RowSize(rows, high, font))

    def set_calls(self, calls: PartCalls) -> bool:
        """Show these calls at once, and return whether they are others; one that was fresh and is no more goes dark."""
        fresh = {row.key for row in self.rows if row.fresh}
        self.motion.darken(row.key for row in calls.rows if row.key in fresh and not row.fresh)
        changed = self._take(calls)
        self.motion.set_order([row.key for row in calls.rows])
        return changed

    def show_calls(self, calls: PartCalls, called: Sequence[tuple[date, str]], *, heard: bool) -> list[int]:
        """Show these calls, those just `called` coming in; return the place in the log of each that came."""
        self._take(calls)
        here = [row for row in calls.rows if row.key in called]
        keys = [row.key for row in calls.rows]
        if here:
            self.motion.call(keys, [row.key for row in here], blinks=BLINKS if heard else BLINKS_UNHEARD)
        else:
            self.motion.set_order(keys)
        return [row.seq for row in here]

    def _take(self, calls: PartCalls) -> bool:
        before = (self.rows, self.earlier)
        self.rows, self.earlier = list(calls.rows), list(calls.earlier)
        return before != (self.rows, self.earlier)

    def row_rect(self, place: float) -> QRectF:
        room, high = self.room, self.size.height
        return QRectF(room.left(), room.top() + place * (high + sizes.GAP_PX), room.width(), high)

    def paint_rows(self, painter: Painter, dirty: QRectF, empty: str) -> None:
        """Draw the rows; `empty` stands there while nobody was called."""
        if not self.rows:
            panel_painting.paint_empty(painter, self.room, empty)
            return
        painter.save()
        painter.setClipRect(self.room)
        motion = self.motion
        entering = [row for row in self.rows if motion.is_entering(row.key)]
        for row in [row for row in self.rows if row not in entering] + entering:
            rect = self.row_rect(motion.place(row.key)).translated(-motion.shift_px(row.key), 0)
            if not dirty.intersects(rect):
                continue
            tone = row_painting.tone_of(
                painter, motion.amber(row.key, row.fresh), frame=motion.has_frame(row.key, row.fresh)
            )
            row_painting.paint_row(painter, rect, row, self._plan, tone)
        painter.restore()

    def paint_zone(self, painter: Painter) -> None:
        """Draw the zone's name with its way above the calls, and who waits for it below them, or behind its name where
        rows are few."""
        look, title, lines = painter.look, self.title, self.part.lines
        right = title.right()
        if lines.lines and self.lines.height() > 0:
            panel_painting.paint_short_lines(painter, self.lines, lines.short_title, lines.lines, lines.people)
        elif lines.lines:
            unit = f" {lines.people}" if lines.people else ""
            words, font = f"{lines.short_title} {lines.total}{unit}", look.font(36)
            painter.words_in(words, font, "ink2", title, Qt.AlignmentFlag.AlignRight)
            right -= width_of(font, words) + 36
        arrow = ARROW_PX + 20 if self.part.arrow else 0.0
        px = fit_px(self.part.title, right - title.left() - arrow, 50, bold=True, least=34)
        x = title.left()
        if arrow and not self.part.arrow_last:
            self._paint_arrow(painter, x, title)
            x += arrow
        name = QRectF(x, title.top(), right - x - (arrow if self.part.arrow_last else 0), title.height())
        end = painter.words_in(self.part.title, look.font(px, bold=True), "ink", name)
        if arrow and self.part.arrow_last:
            self._paint_arrow(painter, end + 20, title)
        painter.divider(QPointF(title.left(), title.bottom() - 8), QPointF(title.right(), title.bottom() - 8))

    def _paint_arrow(self, painter: Painter, x: float, title: QRectF) -> None:
        square = QRectF(x, title.top() + (title.height() - ARROW_PX) / 2, ARROW_PX, ARROW_PX)
        row_painting.paint_arrow(painter, self.part.arrow, painter.look.color("teal"), square)
