"""The hall's display as one painted canvas; at rest it paints nothing but a turning clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.display import panel_painting, row_painting, sizes
from queuedesk.stations.display.motion import BLINKS, BLINKS_UNHEARD, CROSS_FADE_MS, Progress, RowMotion
from queuedesk.stations.display.texts import ClosedText, EarlierText, LineText, RowText, SlideText, WindowText
from queuedesk.stations.style import HALL, Look
from queuedesk.stations.widgets.canvas import CanvasWidget
from queuedesk.stations.widgets.paint import Painter

WIDTH, HEIGHT = sizes.CANVAS
HEAD = QRectF(48, 0, 1824, 84)
ROWS = QRectF(48, 84, 1270, 774)
EARLIER = QRectF(48, 862, 1270, 80)
LINES = QRectF(1366, 84, 506, 774)
STRIP = QRectF(48, 944, 1824, 112)
SLIDE = QRectF(950, 84, 922, 848)
ROWS_BESIDE_SLIDE = QRectF(48, 84, 862, 646)
SHORT_LINES = QRectF(48, 746, 862, 186)
BODY = QRectF(48, 84, 1824, 848)


@dataclass(frozen=True, slots=True)
class HeadText:
    """What stands at the top."""

    hall: str = ""
    day: str = ""
    clock: str = ""


@dataclass(frozen=True, slots=True)
class StripText:
    """What stands in the strip at the bottom. `trouble` is something the hall has to mend, not a notice; `pushed` one that is for now."""

    text: str = ""
    place: str = ""
    trouble: bool = False
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class LineTexts:
    """Who waits, with the words round it."""

    title: str = ""
    short_title: str = ""
    people: str = ""
    total: str = ""
    lines: tuple[LineText, ...] = ()


@dataclass(frozen=True, slots=True)
class SlideShow:
    """The slide shown and its place among them."""

    slide: SlideText
    at: int
    count: int


class DisplayView(CanvasWidget):
    """Shows finished texts. `painted` carries the calls (seq) that have just been drawn for the first time.

    Calls take all the room they need; a slide is shown only while one is set, and a closed hall has neither.
    """

    painted = Signal(list)
    menu_asked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self._hall_look = Look(HALL, look.scale)
        super().__init__(self._hall_look, WIDTH, HEIGHT, parent=parent)
        self._hall_look.setParent(self)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._screen_mm: object = None
        self._distance_m = sizes.DISTANCE_M
        self._head, self._strip, self._old_strip = HeadText(), StripText(), StripText()
        self._lines = LineTexts()
        self._rows: list[RowText] = []
        self._earlier: list[EarlierText] = []
        self._earlier_title = ""
        self._empty = ""
        self._slide: SlideShow | None = None
        self._old_slide: SlideShow | None = None
        self._closed: ClosedText | None = None
        self._windows: tuple[WindowText, ...] = ()
        self._label = "A000"
        self._row_size = sizes.RowSize(3, 247, 228)
        self._plan = row_painting.plan_rows(ROWS.width(), 228, (), self._label)
        self._unseen: list[int] = []
        self._painting = QRectF()
        self.motion = RowMotion(self)
        self.motion.still = look.still
        self.motion.moved.connect(self._repaint_rows)
        self._strip_fade, self._slide_fade = Progress(CROSS_FADE_MS, self), Progress(CROSS_FADE_MS, self)
        for fade, rect in ((self._strip_fade, STRIP), (self._slide_fade, SLIDE)):
            fade.valueChanged.connect(lambda _share, rect=rect: self.update_canvas(rect))
            fade.finished.connect(lambda rect=rect: self.update_canvas(rect))

    # -- sizes --
    def set_screen(self, screen_mm: object, distance_m: float) -> None:
        """Say how large the screen is (its width in mm, or width and height; None for 65 inches) and from where it is read."""
        self._screen_mm, self._distance_m = screen_mm, distance_m
        self._measure()

    def set_windows(self, windows: Sequence[WindowText], widest_label: str) -> None:
        """Say which windows may be called and how wide a number can be: rows keep their size whoever is called."""
        if (tuple(windows), widest_label) != (self._windows, self._label):
            self._windows, self._label = tuple(windows), widest_label
            self._measure()

    def row_count(self) -> int:
        """Return how many calls are shown large."""
        return self._row_size.rows

    def readable_m(self) -> float:
        """Return from how far the numbers can be read."""
        return sizes.readable_m(self._row_size.font, self._mm_per_px())

    def _mm_per_px(self) -> float:
        return sizes.mm_per_px(self._screen_mm, self.width(), self.height())  # type: ignore[arg-type]

    def _measure(self) -> None:
        room = self._rows_rect()
        widest = row_painting.widest_font(room.width(), self._windows, self._label)
        needed = sizes.font_px(self._distance_m, self._mm_per_px())
        full = row_painting.widest_font(ROWS.width(), self._windows, self._label)
        size = sizes.row_size(needed, full, ROWS.height())
        if room != ROWS:
            high = (room.height() - (size.rows - 1) * sizes.GAP_PX) / size.rows
            size = sizes.RowSize(size.rows, high, min(high / 1.3, widest))
        self._row_size = size
        self._plan = row_painting.plan_rows(room.width(), size.font, self._windows, self._label)
        self.update()

    def _rows_rect(self) -> QRectF:
        return ROWS_BESIDE_SLIDE if self._slide is not None else ROWS

    # -- what is shown --
    def set_head(self, head: HeadText) -> None:
        if head != self._head:
            self._head = head
            self.update_canvas(HEAD)

    def set_lines(self, lines: LineTexts) -> None:
        if lines != self._lines:
            self._lines = lines
            self.update_canvas(SHORT_LINES if self._slide is not None else LINES)

    def set_strip(self, strip: StripText) -> None:
        """Show another notice; it fades over the one before."""
        if strip != self._strip:
            self._old_strip, self._strip = self._strip, strip
            if self._old_strip.text and not strip.trouble and not self.motion.still:
                self._strip_fade.stop()
                self._strip_fade.start()
            self.update_canvas(STRIP)

    def set_empty(self, words: str) -> None:
        """Say what stands in place of the calls while there are none."""
        if words != self._empty:
            self._empty = words
            self._repaint_rows()

    def set_slide(self, show: SlideShow | None) -> None:
        """Show a slide beside smaller calls, or none."""
        if show == self._slide:
            return
        before, self._slide = self._slide, show
        self._old_slide = before
        if (before is None) != (show is None):
            self._slide_fade.stop()
            self._measure()
        else:
            if not self.motion.still:
                self._slide_fade.stop()
                self._slide_fade.start()
            self.update_canvas(SLIDE)

    def set_closed(self, closed: ClosedText | None) -> None:
        """Show the page of a closed hall, or the calls."""
        if closed != self._closed:
            self._closed = closed
            self.update()

    def set_rows(self, rows: Sequence[RowText], earlier: Sequence[EarlierText], earlier_title: str) -> None:
        """Show these calls at once; one that was fresh and is no more goes dark."""
        fresh = {row.key for row in self._rows if row.fresh}
        self.motion.darken(row.key for row in rows if row.key in fresh and not row.fresh)
        changed = self._take(rows, earlier, earlier_title)
        self.motion.set_order([row.key for row in rows])
        if changed:
            self._repaint_rows()

    def show_calls(
        self,
        rows: Sequence[RowText],
        earlier: Sequence[EarlierText],
        earlier_title: str,
        called: Sequence[tuple[date, str]],
        *,
        heard: bool = True,
    ) -> None:
        """Show these calls, those just `called` coming in; nothing else keeps the screen from them."""
        self.set_closed(None)
        self.set_slide(None)
        self._take(rows, earlier, earlier_title)
        self._unseen += [row.seq for row in rows if row.key in called]
        blinks = BLINKS if heard else BLINKS_UNHEARD
        self.motion.call([row.key for row in rows], called, blinks=blinks)
        self._repaint_rows()

    def _take(self, rows: Sequence[RowText], earlier: Sequence[EarlierText], title: str) -> bool:
        before = (self._rows, self._earlier, self._earlier_title)
        self._rows, self._earlier, self._earlier_title = list(rows), list(earlier), title
        return before != (self._rows, self._earlier, self._earlier_title)

    def stop(self) -> None:
        """End every movement."""
        self.motion.stop()
        self._strip_fade.stop()
        self._slide_fade.stop()

    def is_moving(self) -> bool:
        """Return whether anything but the clock changes by itself now."""
        return self.motion.is_moving() or self._strip_fade.share < 1.0 or self._slide_fade.share < 1.0

    # -- painting --
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        k = self.k()
        top_left = self.to_canvas(event.rect().topLeft().toPointF())
        self._painting = QRectF(top_left.x(), top_left.y(), event.rect().width() / k, event.rect().height() / k)
        super().paintEvent(event)
        if self._unseen and self._painting.intersects(self._row_rect(0)):
            seen, self._unseen = self._unseen, []
            self.painted.emit(sorted(seen))

    def paint_canvas(self, painter: Painter) -> None:
        if self._painting.intersects(HEAD):
            panel_painting.paint_head(painter, HEAD, self._head.hall, self._head.day, self._head.clock)
        if self._closed is not None:
            panel_painting.paint_closed(painter, BODY, self._closed)
        else:
            self._paint_calls(painter)
        if self._painting.intersects(STRIP) and (self._strip.text or self._strip_fade.share < 1.0):
            self._paint_strip(painter)

    def _paint_calls(self, painter: Painter) -> None:
        lines = self._lines
        if self._slide is not None:
            if self._painting.intersects(SHORT_LINES):
                panel_painting.paint_short_lines(painter, SHORT_LINES, lines.short_title, lines.lines, lines.people)
            if self._painting.intersects(SLIDE):
                self._paint_slide(painter, self._slide)
        else:
            if self._painting.intersects(LINES):
                panel_painting.paint_lines(painter, LINES, lines.title, lines.total, lines.lines)
            if self._earlier and self._painting.intersects(EARLIER):
                row_painting.paint_earlier(painter, EARLIER, self._earlier_title, self._earlier)
        if self._painting.intersects(self._rows_rect()):
            self._paint_rows(painter)

    def _paint_rows(self, painter: Painter) -> None:
        if not self._rows:
            panel_painting.paint_empty(painter, self._rows_rect(), self._empty)
            return
        painter.save()
        painter.setClipRect(self._rows_rect().adjusted(-2, -2, 2, 2))
        entering = [row for row in self._rows if self.motion.is_entering(row.key)]
        for row in [row for row in self._rows if row not in entering] + entering:
            rect = self._row_rect(self.motion.place(row.key)).translated(-self.motion.shift_px(row.key), 0)
            if not self._painting.intersects(rect):
                continue
            amber = self.motion.amber(row.key, row.fresh)
            tone = row_painting.tone_of(painter, amber, frame=self.motion.has_frame(row.key, row.fresh))
            row_painting.paint_row(painter, rect, row, self._plan, tone)
        painter.restore()

    def _row_rect(self, place: float) -> QRectF:
        room, high = self._rows_rect(), self._row_size.height
        return QRectF(room.left(), room.top() + place * (high + sizes.GAP_PX), room.width(), high)

    def _paint_strip(self, painter: Painter) -> None:
        share = self._strip_fade.share
        for strip, opacity in ((self._old_strip, 1.0 - share), (self._strip, share)):
            if strip.text and opacity > 0:
                painter.setOpacity(opacity)
                icon = "bell" if strip.pushed else "info"
                icon, token = ("away", "fresh") if strip.trouble else (icon, "teal")
                panel_painting.paint_strip(painter, STRIP, strip.text, strip.place, icon=icon, token=token)
        painter.setOpacity(1.0)

    def _paint_slide(self, painter: Painter, show: SlideShow) -> None:
        painter.box(SLIDE, 16, "slide")
        share = self._slide_fade.share
        for each, opacity in ((self._old_slide, 1.0 - share), (show, share)):
            if each is not None and opacity > 0:
                painter.setOpacity(opacity)
                panel_painting.paint_slide(painter, SLIDE, each.slide)
        painter.setOpacity(1.0)
        panel_painting.paint_dots(painter, SLIDE, show.count, show.at)

    def _repaint_rows(self) -> None:
        self.update_canvas(self._rows_rect())
        if self._slide is None:
            self.update_canvas(EARLIER)
