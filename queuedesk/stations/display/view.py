"""The hall's display as one painted canvas, in its layouts as Qt has rectangles; at rest it paints nothing but a
turning clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk import display
from queuedesk.core.talk.display import DisplayLayout, PlainRect
from queuedesk.files.reading import MediaFileVersion
from queuedesk.i18n.names import widest_ticket_label
from queuedesk.i18n.queue import display_words as texts
from queuedesk.i18n.queue.display_words import SlideText, part_window_labels
from queuedesk.stations.display import emergency_painting, panels
from queuedesk.stations.widgets.number_block import paint_earlier_calls, text_width_px
from queuedesk.stations.widgets.paint import CanvasWidget, Painter, announce_to_screen_reader
from queuedesk.stations.window.style import HALL, Look

WIDTH, HEIGHT = display.CANVAS
MOST_ROWS_IN_EMERGENCY = 4


class DisplayView(CanvasWidget):
    """Shows finished texts. `painted` carries the calls (seq) that have just been drawn for the first time. `head`,
    `strip`, `slide`, `lines`, `closed`, `emergency` and `empty` are what was set last. Calls take all the room they
    need; a slide is shown only while one is set, and a closed hall has neither. An emergency takes the whole screen but
    a strip, in which calls go on. `layout_changed` says that the screen has another shape now."""

    painted = Signal(list)
    menu_asked = Signal(object)
    layout_changed = Signal()

    def __init__(self, look: Look, wish: str = display.AUTO, parent: QWidget | None = None) -> None:
        self._hall_look = Look(HALL, look.scale)
        self.up_to_date_layout = layout_for_screen(wish, WIDTH, HEIGHT)
        super().__init__(self._hall_look, *self.up_to_date_layout.canvas, parent=parent)
        self._hall_look.setParent(self)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._wish, self._still = wish, look.still
        self._screen_mm: object = None
        self._distance_m = display.DISTANCE_M
        self.head, self.strip, self._old_strip = (
            texts.DisplayHeadText(),
            texts.DisplayStripText(),
            texts.DisplayStripText(),
        )
        self.lines, self._label = texts.WaitingLinesText(), "A000"
        self._earlier_calls_title, self.empty = "", ""
        self._order: tuple[texts.OrderListColumn, ...] = ()
        self.slide: CurrentSlide | None = None
        self._old_slide: CurrentSlide | None = None
        self._frame = QImage()
        self.closed: texts.ClosedHallText | None = None
        self.emergency: texts.EmergencyText | None = None
        self.panels: list[panels.ScreenPartCallsPanel] = []
        self._unseen: list[int] = []
        self._painting = QRegion()
        self.flash = panels.EdgeFlash(still=look.still, parent=self)
        self.flash.changed.connect(self._repaint_flash_edges)
        self._strip_fade, self._slide_fade = (
            panels.OneShotProgressAnimation(panels.CROSS_FADE_MS, self),
            panels.OneShotProgressAnimation(panels.CROSS_FADE_MS, self),
        )
        for fade, repaint in ((self._strip_fade, self._repaint_strip), (self._slide_fade, self._repaint_slide)):
            fade.valueChanged.connect(repaint)
            fade.finished.connect(repaint)
        self.set_parts([texts.ScreenPartText()], self._label)

    # -- sizes --
    def set_screen_size_and_distance(self, screen_mm: object, distance_m: float) -> None:
        """Set the screen's size (its width in mm, or width and height; None for 65 inches) and the reading distance."""
        self._screen_mm, self._distance_m = screen_mm, distance_m
        self._lay_out_panels()

    def set_parts(self, parts: Sequence[texts.ScreenPartText], widest_ticket_label: str) -> None:
        """Set the parts with calls of their own, the windows called there, and the width of the widest number."""
        if [panel.part for panel in self.panels] == list(parts) and widest_ticket_label == self._label:
            return
        self._label = widest_ticket_label
        while len(self.panels) > len(parts):
            gone = self.panels.pop()
            gone.motion.stop()
            gone.deleteLater()
        while len(self.panels) < len(parts):
            panel = panels.ScreenPartCallsPanel(still=self._still, parent=self)
            panel.moved.connect(self._repaint_rows)
            self.panels.append(panel)
        for panel, part in zip(self.panels, parts, strict=True):
            panel.part, panel.label = part, widest_ticket_label
        self._lay_out_panels()

    def row_count(self, part: int = 0) -> int:
        return self.panels[part].full.rows

    def readable_m(self) -> float:
        """Return the distance from which the numbers of every part can be read while no slide is shown."""
        if self.up_to_date_layout.order is not None:
            return display.readable_distance_m(
                panels.order_number_font_px(len(self._order), self.up_to_date_layout.order), self._mm_per_px()
            )
        _columns, found = self._zone_columns_and_row_sizes()
        return display.readable_distance_m(min(size.font for size in found), self._mm_per_px())

    def _mm_per_px(self) -> float:
        canvas = self.up_to_date_layout.canvas
        return display.mm_per_px(self._screen_mm, self.width(), self.height(), canvas)  # type: ignore[arg-type]

    def _lay_out_panels(self) -> None:
        layout = self.up_to_date_layout
        needed = display.min_readable_font_px(self._distance_m, self._mm_per_px())
        if layout.is_divided_by_zone:
            columns, found = self._zone_columns_and_row_sizes()
            places = display.zone_grid(len(self.panels), columns, box_from_rect(layout.rows))
            for panel, place, size in zip(self.panels, places, found, strict=True):
                panel.title, panel.lines = QRectF(*place.title), QRectF(*place.lines)
                panel.set_row_size(QRectF(*place.rows), size)
        else:
            beside = layout.rows_beside if self.slide is not None else None
            for panel in self.panels:
                panel.title = panel.lines = QRectF()
                panel.leaves_room = layout.is_tall and layout.lines is not None and beside is None
                panel.left_px = self._height_left_for_waits_px()
                panel.fit_rows_to_room(self._call_rows_rect(), needed, beside=beside, most_beside=layout.most_beside)
        self.update()

    def _zone_columns_and_row_sizes(self) -> tuple[int, list[display.RowCountAndSize]]:
        needed = display.min_readable_font_px(self._distance_m, self._mm_per_px())
        windows = [panel.part.windows for panel in self.panels]
        room, by_zone = box_from_rect(self._call_rows_rect()), self.up_to_date_layout.is_divided_by_zone
        return display.best_columns_and_row_sizes(
            windows, room, self._label, by_zone=by_zone, needed=needed, measure=text_width_px
        )

    def _call_rows_rect(self) -> QRectF:
        layout = self.up_to_date_layout
        return layout.rows_alone if layout.rows_alone is not None and not self.strip.text else layout.rows

    def _height_left_for_waits_px(self) -> float:
        """Return how much of their height the calls of an upright screen leave for everybody's wait to be told."""
        layout, needed = self.up_to_date_layout, panels.lines_with_waits_height_px(self.lines)
        if not layout.is_tall or layout.lines is None or not needed:
            return 0.0
        return max(0.0, self._call_rows_rect().bottom() + display.LAYOUT_GAP_PX + needed - layout.lines.bottom())

    def waiting_lines_rect(self) -> QRectF | None:
        """Return where it is said who waits: on an upright screen also where no calls are."""
        layout = self.up_to_date_layout
        lines, low = layout.lines, self.panels[0].room.bottom()
        if lines is None or not layout.is_tall or low >= layout.rows.bottom() - 1:
            return lines
        top = low + display.LAYOUT_GAP_PX
        return QRectF(lines.left(), top, lines.width(), lines.bottom() - top)

    # -- what is shown --
    def set_head(self, head: texts.DisplayHeadText) -> None:
        if head != self.head:
            self.head = head
            self.repaint_canvas_rect(self.up_to_date_layout.head)

    def set_waiting_lines(self, lines: texts.WaitingLinesText) -> None:
        if lines != self.lines:
            before = self._height_left_for_waits_px()
            self.lines = lines
            if self._height_left_for_waits_px() != before:
                self._lay_out_panels()
            place = self.up_to_date_layout.short_lines if self.slide is not None else self.waiting_lines_rect()
            if place is not None:
                self.repaint_canvas_rect(place)

    def set_order(self, order: Sequence[texts.OrderListColumn]) -> None:
        if tuple(order) != self._order:
            self._order = tuple(order)
            if self.up_to_date_layout.order is not None:
                self.repaint_canvas_rect(self.up_to_date_layout.order)

    def set_strip_notice(self, strip: texts.DisplayStripText) -> None:
        if strip == self.strip:
            return
        room = self._call_rows_rect()
        self._old_strip, self.strip = self.strip, strip
        if self._old_strip.text and not strip.trouble and not self._still:
            self._strip_fade.stop()
            self._strip_fade.start()
        if self._call_rows_rect() != room:
            self._lay_out_panels()
        self._repaint_strip()

    def set_no_calls_text(self, words: str) -> None:
        if words != self.empty:
            self.empty = words
            self._repaint_rows()

    def set_slide(self, show: CurrentSlide | None, picture: QImage | None = None) -> None:
        """Show a slide beside smaller calls, or none; a picture or film comes with its image."""
        if show == self.slide or (show is not None and self.up_to_date_layout.slide is None):
            return
        before, self.slide = self.slide, show
        self._old_slide, self._frame = before, picture if picture is not None else QImage()
        if (before is None) != (show is None):
            self._slide_fade.stop()
            self._lay_out_panels()
            return
        words = all(each is not None and not isinstance(each.slide, MediaFileVersion) for each in (before, show))
        if words and not self._still:
            self._slide_fade.stop()
            self._slide_fade.start()
        self._repaint_slide()

    def set_film_frame(self, frame: QImage) -> None:
        self._frame = frame
        self._repaint_slide()

    def set_closed_hall(self, closed: texts.ClosedHallText | None) -> None:
        if closed != self.closed:
            self.closed = closed
            self.update()

    def set_emergency(self, emergency: texts.EmergencyText | None) -> None:
        if emergency != self.emergency:
            self.emergency = emergency
            if emergency is not None:
                announce_to_screen_reader(self, emergency.head, emergency.text, emergency.second)
            self.update()

    def set_calls(self, calls: Sequence[texts.ScreenPartCalls], earlier_title: str) -> None:
        changed = earlier_title != self._earlier_calls_title
        self._earlier_calls_title, before = earlier_title, self.panels[0].size
        for panel, each in zip(self.panels, calls, strict=True):
            changed = panel.set_calls(each) or changed
        if changed:
            self._repaint_calls(before)

    def show_calls(
        self,
        calls: Sequence[texts.ScreenPartCalls],
        earlier_title: str,
        called: Sequence[tuple[date, str]],
        *,
        heard: bool = True,
    ) -> None:
        """Show these calls, those just `called` sliding in; this has precedence over everything, and the newest is
        painted before anything else is worked out."""
        self.set_closed_hall(None)
        self.set_slide(None)
        self._earlier_calls_title, before = earlier_title, self.panels[0].size
        for panel, each in zip(self.panels, calls, strict=True):
            with QSignalBlocker(panel):  # What moves is painted after a call that comes alone.
                self._unseen += panel.show_calls(each, called, heard=heard)
        is_alone = len(called) == 1 and self.panels[0].size == before
        if not is_alone:
            self._repaint_calls(before)
        self.repaint(self.rect_from_canvas(self._newest_call_rect()).toAlignedRect())
        if is_alone:
            self._repaint_calls(before)
        self.flash.start(heard=heard)
        announce_to_screen_reader(
            self,
            *(row.number_and_window_parts.number_and_window_text for row in self.all_call_rows() if row.key in called),
        )

    def update_screen_reader_text(self) -> None:
        """Let a screen reader find the words that are shown; calls stay below an emergency."""
        if self.emergency is not None:
            coming = [row.number_and_window_parts.number_and_window_text for row in self._calls_during_emergency()]
            self.set_spoken_lines([self.emergency.head, self.emergency.text, self.emergency.second, *coming])
            return
        calls = [row.number_and_window_parts.number_and_window_text for row in self.all_call_rows()]
        head = f"{self.head.hall} {self.head.day} {self.head.clock}"
        if self.closed is not None:
            closed = self.closed
            self.set_spoken_lines([head, closed.title, closed.opens, f"{closed.phone_words} {closed.phone}".strip()])
            return
        if self.up_to_date_layout.order is not None:
            calls = [words for column in self._order for words in _order_column_texts(column)]
        waiting = [
            f"{line.letter} {line.name} {line.wait} {line.ahead} {line.count}".replace("  ", " ")
            for line in self.lines.lines
        ]
        total = f"{self.lines.people} {self.lines.total}".strip()
        earlier = [one.number_and_window_text for panel in self.panels for one in panel.earlier]
        self.set_spoken_lines(
            [
                head,
                self.head.badge,
                *(calls or [self.empty]),
                *([self._earlier_calls_title, *earlier] if earlier else []),
                *([self.lines.title, self.lines.waits, *waiting, total] if waiting else []),
                self.strip.text,
            ]
        )

    def is_screen_taken_over(self) -> bool:
        return self.closed is not None or self.emergency is not None

    def all_call_rows(self) -> list[texts.CallRowText]:
        return [row for panel in self.panels for row in panel.rows]

    def stop(self) -> None:
        for panel in self.panels:
            panel.motion.stop()
        self.flash.stop()
        self._strip_fade.stop()
        self._slide_fade.stop()

    def is_moving(self) -> bool:
        moving = any(panel.motion.is_moving() for panel in self.panels) or self.flash.is_running
        return moving or self._strip_fade.progress_share < 1.0 or self._slide_fade.progress_share < 1.0

    # -- painting --
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout = layout_for_screen(self._wish, self.width(), self.height())
        if layout.canvas != self.up_to_date_layout.canvas or layout.name != self.up_to_date_layout.name:
            self.up_to_date_layout = layout
            if layout.slide is None:
                self.slide = None
            self.set_canvas_size(*layout.canvas)
            self.layout_changed.emit()
        self._lay_out_panels()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        self._painting = event.region()
        super().paintEvent(event)
        if self.up_to_date_layout.order is not None and self.emergency is None:
            self._unseen = []  # The list says who is next, not where to go: it has shown no call.
        elif self._unseen and self.is_painting(self._newest_call_rect()):
            seen, self._unseen = self._unseen, []
            self.painted.emit(sorted(seen))

    def is_painting(self, rect: QRectF) -> bool:
        """Return whether anything of `rect` has to be painted now; what lies between two such parts has not."""
        return self._painting.intersects(self.rect_from_canvas(rect).toAlignedRect())

    def _calls_during_emergency(self) -> list[texts.CallRowText]:
        """Return the calls that go on in an emergency, fresh ones first: of those who may still be on the way."""
        fresh = sorted((row for row in self.all_call_rows() if row.fresh), key=lambda row: row.seq, reverse=True)
        return fresh + [row for row in self.all_call_rows() if row.coming and not row.fresh]

    def _newest_call_rect(self) -> QRectF:
        """Return where a call that just came has to have been painted to have been shown."""
        if self.emergency is not None:
            return self.up_to_date_layout.calls_strip
        return self.panels[0].row_rect(0) if len(self.panels) == 1 else self.up_to_date_layout.rows

    def paint_canvas(self, painter: Painter) -> None:
        layout = self.up_to_date_layout
        if self.emergency is not None:
            rows = self._calls_during_emergency()[:MOST_ROWS_IN_EMERGENCY]
            emergency_painting.paint_emergency(painter, layout, self.emergency, rows)
        if self.is_painting(layout.head.adjusted(0, panels.REACH_PX, 0, 0)):
            panels.paint_display_head(painter, layout.head, self.head)
        if self.emergency is None:
            if self.closed is not None:
                panels.paint_closed_hall_page(painter, layout.body, self.closed)
            else:
                self._paint_calls(painter)
            if self.is_painting(layout.strip) and (self.strip.text or self._strip_fade.progress_share < 1.0):
                self._paint_strip_crossfade(painter)
        self.flash.paint_edge(painter, layout.canvas)

    def _paint_calls(self, painter: Painter) -> None:
        layout, lines = self.up_to_date_layout, self.lines
        if layout.order is not None:
            panels.paint_order_list(painter, layout.order, self._order)
            return
        if layout.is_divided_by_zone:
            for panel in self.panels:
                panel.paint_zone_heading_and_lines(painter)
        elif self.slide is not None and layout.slide is not None and layout.short_lines is not None:
            if self.is_painting(layout.short_lines):
                panels.paint_waiting_lines_box(
                    painter, layout.short_lines, lines.short_title, lines.lines, lines.people
                )
            if self.is_painting(layout.slide):
                self._paint_slide_crossfade(painter, layout.slide, self.slide)
        else:
            place = self.waiting_lines_rect()
            if place is not None and self.is_painting(place):
                is_low = layout.is_tall and not panels.has_room_for_service_lines(place, lines)
                paint = panels.paint_waiting_lines_below_calls if is_low else panels.paint_service_lines
                paint(painter, place, lines)
            earlier = self.panels[0].earlier
            if earlier and layout.earlier is not None and self.is_painting(layout.earlier):
                paint_earlier_calls(painter, layout.earlier, self._earlier_calls_title, earlier)
        for panel in self.panels:
            if self.is_painting(panel.room):
                panel.paint_call_rows(painter, self.is_painting, self.empty)

    def _paint_strip_crossfade(self, painter: Painter) -> None:
        share = self._strip_fade.progress_share
        for strip, opacity in ((self._old_strip, 1.0 - share), (self.strip, share)):
            if strip.text and opacity > 0:
                painter.setOpacity(opacity)
                icon = "bell" if strip.pushed else "info"
                icon, token = ("away", "fresh") if strip.trouble else (icon, "teal")
                panels.paint_notice_strip(
                    painter, self.up_to_date_layout.strip, strip.text, strip.place, icon=icon, token=token
                )
        painter.setOpacity(1.0)

    def _paint_slide_crossfade(self, painter: Painter, rect: QRectF, show: CurrentSlide) -> None:
        painter.draw_box(rect, 16, "slide")
        share = self._slide_fade.progress_share
        for each, opacity in ((self._old_slide, 1.0 - share), (show, share)):
            if each is None or opacity <= 0:
                continue
            painter.setOpacity(opacity)
            if isinstance(each.slide, MediaFileVersion):
                panels.paint_image_fitted(painter, rect, self._frame)
            else:
                panels.paint_text_slide(painter, rect, each.slide)
        painter.setOpacity(1.0)
        panels.paint_slide_position_dots(painter, rect, show.count, show.at)

    # -- painting again --
    def _repaint_calls(self, before: display.RowCountAndSize) -> None:
        if self.panels[0].size != before:
            self.update()
        self._repaint_rows()

    def _repaint_rows(self) -> None:
        if self.emergency is not None:
            self.repaint_canvas_rect(self.up_to_date_layout.calls_strip)
            return
        for panel in self.panels:
            self.repaint_canvas_rect(panel.room)
        if self.slide is None and self.up_to_date_layout.earlier is not None:
            self.repaint_canvas_rect(self.up_to_date_layout.earlier)

    def _repaint_strip(self) -> None:
        self.repaint_canvas_rect(self.up_to_date_layout.strip)

    def _repaint_slide(self) -> None:
        if self.up_to_date_layout.slide is not None:
            self.repaint_canvas_rect(self.up_to_date_layout.slide)

    def _repaint_flash_edges(self) -> None:
        for side in self.flash.edge_rects(self.up_to_date_layout.canvas):
            self.repaint_canvas_rect(side.adjusted(-4, -4, 4, 4))


def _order_column_texts(column: texts.OrderListColumn) -> list[str]:
    called = [label for label, _calling in column.called]
    marked = zip(column.next, column.marks, strict=True)
    following = [f"{one.label} {word}".strip() for one, (_icon, word) in marked] or [column.empty]
    return [" ".join((column.letter, column.name, column.windows)), " ".join(called), " ".join(following)]


# -- the display's slides, its layouts as Qt has rectangles, and from where its numbers can be read --------------------


def box_from_rect(rect: QRectF) -> PlainRect:
    return PlainRect(rect.x(), rect.y(), rect.width(), rect.height())


def layout_for_screen(wish: str, width: float, height: float) -> DisplayLayout[QRectF]:
    return display.layout_for_screen(wish, width, height).with_toolkit_rects(lambda box: QRectF(*box))


class CurrentSlide(Struct, frozen=True):
    slide: SlideText | MediaFileVersion
    at: int
    count: int


class ReadingDistanceAndRows(Struct, frozen=True):
    readable_m: float
    rows: int


def display_readability(
    setup: Setup,
    layout: str,
    size_px: tuple[int, int],
    screen_mm: float | Sequence[float] | None,
    distance_m: float,
    *,
    zone: str = "",
) -> ReadingDistanceAndRows:
    """Return a display's reach with this layout, screen and distance; needs the program's fonts. `size_px` is the
    resolution as mounted, `screen_mm` the screen's width, or width and height."""
    plan = display.layout_for_screen(layout, *size_px)
    mm, by_zone = display.mm_per_px(screen_mm or None, *size_px, plan.canvas), plan.is_divided_by_zone
    windows = [part_window_labels(setup, part) for part in display.screen_parts(setup, zone, by_zone=by_zone)]
    room, label = plan.rows_alone or plan.rows, widest_ticket_label(setup)
    needed = display.min_readable_font_px(distance_m, mm)
    _columns, found = display.best_columns_and_row_sizes(
        windows, room, label, by_zone=by_zone, needed=needed, measure=text_width_px
    )
    least = min(size.font for size in found)
    return ReadingDistanceAndRows(display.readable_distance_m(least, mm), min(size.rows for size in found))
