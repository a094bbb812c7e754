"""One part of the display with calls of its own: their rows, how they move, and in a zone its name and who waits."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, Qt, QTimer, QVariantAnimation, Signal

from queuedesk.core.talk.number_block import Block
from queuedesk.stations.display import panel_painting, parts
from queuedesk.stations.display.texts import PartCalls, PartText, RowText
from queuedesk.stations.widgets import number_block
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of

# -- motion; at rest nothing runs --------------------------------------------------------------------------------------

SLIDE_MS = 250
DARKEN_MS = 400
CROSS_FADE_MS = 300
BLINK_MS = 500  # half of a blink: 1 Hz
BLINKS = 3
BLINKS_UNHEARD = 6
SLIDE_PX = 72.0


class Progress(QVariantAnimation):
    """Goes from 0 to 1 once and stops; at rest it is 1."""

    def __init__(self, duration_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self.setDuration(duration_ms)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)

    @property
    def share(self) -> float:
        if self.state() != QVariantAnimation.State.Running:
            return 1.0
        return float(self.currentValue())


class RowMotion(QObject):
    """Where each row is on the way to its place, how amber it still is, and whether its frame shows. Rows are
    identified by a key. With `still` nothing slides or blinks, and amber ends at once."""

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.still = False
        self._places: dict[Hashable, float] = {}
        self._from: dict[Hashable, float] = {}
        self._entering: set[Hashable] = set()
        self._darkening: set[Hashable] = set()
        self._blinks: dict[Hashable, int] = {}
        self._slide = Progress(SLIDE_MS, self)
        self._darken = Progress(DARKEN_MS, self)
        for animation in (self._slide, self._darken):
            animation.valueChanged.connect(self.moved)
            animation.finished.connect(self._settle)
        self._blinker = QTimer(self)
        self._blinker.setInterval(BLINK_MS)
        self._blinker.timeout.connect(self._blink)

    def is_moving(self) -> bool:
        running = QVariantAnimation.State.Running
        return self._blinker.isActive() or running in (self._slide.state(), self._darken.state())

    def call(self, keys: Sequence[Hashable], called: Iterable[Hashable], *, blinks: int) -> None:
        """Slide to the order `keys`; those `called` come in from the side and blink so often."""
        now = {key: self.place(key) for key in self._places}
        self._places = {key: float(place) for place, key in enumerate(keys)}
        fresh = [key for key in called if key in self._places]
        if self.still:
            self._from, self._entering = {}, set()
            return
        self._from = {key: now[key] for key in self._places if key in now and key not in fresh}
        self._entering = set(fresh)
        self._slide.stop()
        self._slide.start()
        for key in fresh:
            self._blinks[key] = 2 * blinks
        if not self._blinker.isActive():
            self._blinker.start()

    def set_order(self, keys: Sequence[Hashable]) -> None:
        """Put the rows in this order at once."""
        self._places = {key: float(place) for place, key in enumerate(keys)}
        self._from = {}
        self._entering &= set(keys)
        self._blinks = {key: left for key, left in self._blinks.items() if key in self._places}

    def darken(self, keys: Iterable[Hashable]) -> None:
        """Fade rows that are no longer fresh from amber to dark."""
        gone = set(keys)
        if gone and not self.still:
            self._darkening = gone if self._darken.share == 1.0 else self._darkening | gone
            self._darken.stop()
            self._darken.start()

    def place(self, key: Hashable) -> float:
        """Return the row's place now, 0 for the top one, between places while it slides."""
        place = self._places.get(key, 0.0)
        return place + (self._from.get(key, place) - place) * (1.0 - self._slide.share)

    def shift_px(self, key: Hashable) -> float:
        """Return how far left of its place a row still is."""
        return SLIDE_PX * (1.0 - self._slide.share) if key in self._entering else 0.0

    def is_entering(self, key: Hashable) -> bool:
        return key in self._entering and self._slide.share < 1.0

    def amber(self, key: Hashable, fresh: bool) -> float:
        """Return how amber a row is, 0 to 1."""
        if fresh:
            return 1.0
        return 1.0 - self._darken.share if key in self._darkening else 0.0

    def has_frame(self, key: Hashable, fresh: bool) -> bool:
        """Return whether the frame shows: on and off while it blinks, then as long as the row is fresh."""
        return fresh and self._blinks.get(key, 0) % 2 == 0

    def stop(self) -> None:
        """Stop all animations."""
        self._blinker.stop()
        self._slide.stop()
        self._darken.stop()

    def _blink(self) -> None:
        self._blinks = {key: left - 1 for key, left in self._blinks.items() if left > 1 and key in self._places}
        if not self._blinks:
            self._blinker.stop()
        self.moved.emit()

    def _settle(self) -> None:
        if self._slide.share == 1.0:
            self._from, self._entering = {}, set()
        if self._darken.share == 1.0:
            self._darkening = set()
        self.moved.emit()


BESIDE_EM = 1.3  # rows beside a slide are higher for their numbers: there is room, and the slide is read first

ARROW_PX = 52.0


class CallPanel(QObject):
    """The calls of one part. `moved` asks to be painted again. With `leaves_room` few calls leave the height that they
    do not need to what stands below them, and `left_px` of it where they can."""

    moved = Signal()

    def __init__(self, *, still: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.part = PartText()
        self.label = "A000"
        self.rows: list[RowText] = []
        self.earlier: list[Block] = []
        self.room, self.title, self.lines = QRectF(0, 0, 1270, 774), QRectF(), QRectF()
        self.size = self.full = parts.RowSize(3, 247, 228)
        self.leaves_room, self.left_px = False, 0.0
        self._whole, self._grows, self._calls, self._left_px = self.room, False, -1, 0.0
        self._plan = number_block.plan_rows(1270, 228, (), self.label, tagged=True)
        self.motion = RowMotion(self)
        self.motion.still = still
        self.motion.moved.connect(self.moved)

    def widest(self, width: float) -> float:
        """Return the largest number size at which every row of this part still fits `width`."""
        return number_block.widest_font(width, self.part.windows, self.label)

    def take_size(self, room: QRectF, size: parts.RowSize, *, grows: bool = False) -> None:
        """Show rows of this size in `room`; those that `grow` are larger while there are few."""
        self._whole, self.full, self._grows = room, size, grows
        self._fit()

    def measure(self, room: QRectF, needed: float, *, beside: QRectF | None = None, most_beside: int = 6) -> None:
        """Find the rows that fit into `room` for the font size that the distance requires; `beside` is their smaller
        room beside a slide."""
        size = parts.row_size(needed, self.widest(room.width()), room.height())
        if beside is None:
            self.take_size(room, size, grows=True)
            return
        rows = min(size.rows, most_beside)
        high = (beside.height() - (rows - 1) * parts.GAP_PX) / rows
        font = min(high / BESIDE_EM, self.widest(beside.width()))
        self.take_size(beside, parts.RowSize(rows, high, font), grows=True)

    def _fit(self) -> None:
        """Take the size of the rows from how many there are and what stands below them. Nothing gets larger, or gives
        way to another service's wait, while a call is fresh: somebody is looking for it where it stands."""
        if len(self.rows) > self._calls or not any(row.fresh for row in self.rows):
            self._calls, self._left_px = len(self.rows), self.left_px
        whole, windows = self._whole, self.part.windows
        size = self.full
        if self._grows:
            wide = number_block.widest_stacked_font(whole.width(), self.label)
            beside, high = self.widest(whole.width()), whole.height()
            leaves, left = self.leaves_room, self._left_px
            size = parts.few_rows(size, self._calls, high, beside, wide, leaves_room=leaves, left_px=left)
        self.size = size
        self.room = QRectF(whole.left(), whole.top(), whole.width(), min(whole.height(), size.used))
        plan = number_block.plan_stacked if size.stacked else number_block.plan_rows
        self._plan = plan(whole.width(), size.font, windows, self.label, tagged=True)

    def set_calls(self, calls: PartCalls) -> bool:
        """Show these calls at once, and return whether they have changed; one that is no longer fresh goes dark."""
        fresh = {row.key for row in self.rows if row.fresh}
        self.motion.darken(row.key for row in calls.rows if row.key in fresh and not row.fresh)
        changed = self._take(calls)
        self.motion.set_order([row.key for row in calls.rows])
        return changed

    def show_calls(self, calls: PartCalls, called: Sequence[tuple[date, str]], *, heard: bool) -> list[int]:
        """Show these calls, those just `called` sliding in; return the place in the log of each of these."""
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
        if before[0] != self.rows:
            self._fit()
        return before != (self.rows, self.earlier)

    def row_rect(self, place: float) -> QRectF:
        room, high = self.room, self.size.height
        return QRectF(room.left(), room.top() + place * (high + parts.GAP_PX), room.width(), high)

    def paint_rows(self, painter: Painter, dirty: QRectF, empty: str) -> None:
        """Draw the rows, or `empty` while nobody was called."""
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
            tone = number_block.tone_of(
                painter, motion.amber(row.key, row.fresh), frame=motion.has_frame(row.key, row.fresh)
            )
            number_block.paint_row(painter, rect, row.block, self._plan, tone)
        painter.restore()

    def paint_zone(self, painter: Painter) -> None:
        """Draw the zone's name and direction above the calls, and who waits for it below them, or after its name if
        there are few rows."""
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
        number_block.paint_arrow(painter, self.part.arrow, painter.look.color("teal"), square)
