"""The LED-style line over a counter or along a hall: one row of dots that says who is called, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.talk.display import CallRow
from queuedesk.core.talk.number_block import ARROW_SIGNS, BAR_SIGN, NumberAndWindow, arrow_filling_square
from queuedesk.features.signs.pages.plate import PlateContent, PlateController, WindowStateOnPlate
from queuedesk.i18n import _, name_in_language, time_hm
from queuedesk.i18n.line_breaks import unbroken_pieces
from queuedesk.i18n.names import window_label_for_customers
from queuedesk.i18n.queue.display_words import closed_hall_text
from queuedesk.stations.display.controller import DisplayController
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import StationPage
from queuedesk.stations.window.style import font_of_size

# -- words as dots -------------------------------------------------------------------------------------------------

ARROWS = {sign: direction for direction, sign in ARROW_SIGNS.items()}
"""Drawn by us, as the bar is, wherever they stand: no font here has some that read well in dots."""
SIGNS = frozenset({BAR_SIGN, *ARROWS})
LIT = 100  # of 255: a letter's edge that covers so much of a dot lights it
MARKS = "，。；！？、,.;!?·"
HANGS = frozenset("gjpqyQ,;()[]{}|@$")
"""What hangs below the line, or stands above capitals."""
CHINESE_SHARE, LARGE_SHARE, SMALL_SHARE, ACCENTED_SHARE = 0.92, 1.16, 0.94, 0.76
ARROW_SHARE, ARROW_LINE_SHARE, BAR_SHARE, BAR_LINE_SHARE = 1.0, 0.12, 0.2, 0.1
_THRESHOLD = bytes(int(grey >= LIT) for grey in range(256))
FINE_ROWS, COARSE_ROWS = 24, 16
LEAST_FINE_COLUMNS = 180


def block_line_text(block: NumberAndWindow, *, with_way: bool = False) -> str:
    """Return the block on one line as text, its bar and arrow as signs, for surfaces that draw these themselves."""
    window = block.window
    if window is None:
        return block.label
    parts = [block.label, BAR_SIGN, window.number_with_word]
    if with_way and window.zone:
        way = [ARROW_SIGNS.get(window.arrow, ""), window.zone]
        parts += reversed(way) if window.has_arrow_last else way
    return " ".join(part for part in parts if part)


def dot_row_count_for_sign_size(width: float, height: float) -> int:
    """Return how many rows of dots a line has: fine ones if enough words fit, else coarse ones."""
    return FINE_ROWS if width / height * FINE_ROWS >= LEAST_FINE_COLUMNS else COARSE_ROWS


def text_dot_matrix(text: str, rows: int, columns: int) -> list[bytes]:
    """Return `text` as `rows` rows of dots, 1 for a lit one, else 0, as large as fits `columns`."""
    small = _needs_small_letters(text, rows, columns)
    width = max(1, round(_text_width_in_dots(text, rows, small=small)))
    image = QImage(width, rows, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor("white"))
    x = 0.0
    for run, px in _text_runs_with_font_size(text, rows, small=small):
        if run in SIGNS:
            _draw_bar_or_arrow(painter, run, x, rows)
        else:
            painter.setFont(font_of_size(px, bold=True))
            painter.drawText(QPointF(round(x), _baseline_row(rows, small=small)), run)
        x += _run_width(run, px, rows)
    painter.end()
    greys, step = bytes(image.constBits()), image.bytesPerLine()
    return [greys[y * step : y * step + width].translate(_THRESHOLD) for y in range(rows)]


def dot_width_of_text(text: str, rows: int, columns: int) -> float:
    """Return the width of `text` in dots if it has `columns`."""
    return _text_width_in_dots(text, rows, small=_needs_small_letters(text, rows, columns))


def _text_width_in_dots(text: str, rows: int, *, small: bool) -> float:
    return sum(_run_width(run, px, rows) for run, px in _text_runs_with_font_size(text, rows, small=small))


def _needs_small_letters(text: str, rows: int, columns: int) -> bool:
    """Return whether letters are no higher than they are in a line of text: some hang below it, or it would not fit."""
    hangs = any(sign in HANGS for sign in text) and any(not _is_wide_character(sign) for sign in text)
    return hangs or _has_accented_capitals(text) or _text_width_in_dots(text, rows, small=False) > columns


def _has_accented_capitals(text: str) -> bool:
    """Return whether some letters stand above all others, such as É and Ü."""
    return any(sign.isupper() and len(normalize("NFD", sign)) > 1 for sign in text)


def split_text_to_fit(text: str, rows: int, columns: int) -> list[str]:
    """Return `text` in steps that each fit the line: at a block's bar, else after a comma in a step's second half, else
    between words, and within a word that no line of this length could hold."""
    if dot_width_of_text(text, rows, columns) <= columns:
        return [text]
    if BAR_SIGN in text:
        return [page for part in text.split(BAR_SIGN) for page in split_text_to_fit(part.strip(), rows, columns)]
    pages: list[str] = []
    page = ""
    for piece in (part for whole in unbroken_pieces(text) for part in _split_word_to_fit(whole, rows, columns)):
        while page and dot_width_of_text((page + piece).strip(), rows, columns) > columns:
            cut = max((page.rstrip().rfind(mark) for mark in MARKS), default=-1) + 1
            if cut <= len(page) / 2:
                cut = len(page)
            pages.append(page[:cut].strip())
            page = page[cut:].lstrip()
        page += piece
    return [*pages, page.strip()] if page.strip() else pages or [""]


def _split_word_to_fit(word: str, rows: int, columns: int) -> Iterator[str]:
    """Give a word in parts that fit the line, each as long as it can be; none but the first begins with a mark."""
    while dot_width_of_text(word.strip(), rows, columns) > columns and len(word) > 1:
        ends = (end for end in range(len(word) - 1, 1, -1) if word[end] not in MARKS)
        fits = (end for end in ends if dot_width_of_text(word[:end], rows, columns) <= columns)
        end = next(fits, 1)
        yield word[:end]
        word = word[end:]
    yield word


def _text_runs_with_font_size(text: str, rows: int, *, small: bool) -> Iterator[tuple[str, float]]:
    """Give the parts of `text` that share a font: numbers and capitals as high as Chinese signs, unless they are to be
    `small`."""
    latin = rows * (SMALL_SHARE if small else LARGE_SHARE)
    if _has_accented_capitals(text):
        latin = rows * ACCENTED_SHARE
    run = ""
    for sign in text:
        if run and (sign in SIGNS or run in SIGNS or _is_wide_character(sign) != _is_wide_character(run[0])):
            yield run, rows * CHINESE_SHARE if _is_wide_character(run[0]) else latin
            run = ""
        run += sign
    if run:
        yield run, rows * CHINESE_SHARE if _is_wide_character(run[0]) else latin


def _is_wide_character(sign: str) -> bool:
    return sign > "\u2e7f"


def _baseline_row(rows: int, *, small: bool) -> float:
    """Return the line on which letters stand: lower where none hangs below it."""
    return round(rows * (0.79 if small else 0.88))


def _run_width(run: str, px: float, rows: int) -> float:
    if run in SIGNS:
        return rows * (BAR_SHARE if run == BAR_SIGN else ARROW_SHARE)
    return QFontMetricsF(font_of_size(px, bold=True)).horizontalAdvance(run)


def _draw_bar_or_arrow(painter: QPainter, sign: str, x: float, rows: int) -> None:
    """Draw a bar or an arrow in whole dots."""
    line = max(2, round(rows * (BAR_LINE_SHARE if sign == BAR_SIGN else ARROW_LINE_SHARE)))
    if sign == BAR_SIGN:
        painter.fillRect(QRectF(round(x + (rows * BAR_SHARE - line) / 2), 1, line, rows - 2), QColor("white"))
        return
    painter.save()
    painter.setPen(QPen(QColor("white"), line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for points in arrow_filling_square(ARROWS[sign], round(x), 0, rows).lines:
        painter.drawPolyline([QPointF(x, y) for x, y in points])
    painter.restore()


# -- the widget ----------------------------------------------------------------------------------------------------

WIDTH, HEIGHT = 1920, 120
GROUND, LIT_COLOUR, UNLIT = QColor("#060402"), QColor("#FFB21A"), QColor("#1D1304")
DOT_SHARE = 0.82
LEAST_SHAPE = 5  # a bar is at least so many times as wide as it is high; what the screen has beyond that stays black
MARGIN_DOTS = 4
BLINK_MS = 250  # half of a blink: 2 Hz
BLINKS = 6


class DotMatrixLineView(QWidget):
    """Shows one step of text. A call blinks in inverse, then stands still; with `still` it stays inverse for as
    long."""

    menu_asked = Signal(object)
    resized = Signal()
    spoken_role = QAccessible.Role.StaticText

    def __init__(self, *, still: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still, self._text, self._alarm = still, "", False
        self._blinks_left = 0
        self._drawn: dict[tuple[str, bool], QPixmap] = {}
        self._grids: dict[bool, QPixmap] = {}
        self._blinker = QTimer(self)
        self._blinker.setInterval(BLINK_MS)
        self._blinker.timeout.connect(self._count_blink_and_redraw)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def dot_row_count(self) -> int:
        bar = self._bar_rect()
        return dot_row_count_for_sign_size(bar.width(), bar.height())

    @property
    def dot_column_count(self) -> int:
        bar = self._bar_rect()
        return int(bar.width() / (bar.height() / self.dot_row_count))

    def split_into_steps(self, text: str) -> list[str]:
        """Return `text` in the steps that this line can show."""
        return split_text_to_fit(text, self.dot_row_count, self.dot_column_count - 2 * MARGIN_DOTS)

    def shown_text(self) -> str:
        """Return what is shown."""
        return self._text

    def is_inverse(self) -> bool:
        """Return whether lit and unlit dots are swapped now: in a blink, or for an alarm."""
        blink = self._blinks_left > 0 and (self._still or self._blinks_left % 2 == 1)
        return self._alarm != blink

    def show_text(self, text: str, *, blink: bool = False, alarm: bool = False) -> None:
        """Show a step at once."""
        if blink:
            self._blinks_left = 2 * BLINKS
            self._blinker.start()
        if (text, alarm) != (self._text, self._alarm) or blink:
            self._text, self._alarm = text, alarm
            self.setAccessibleName(" ".join(word for word in text.split() if word not in SIGNS))
            self.update()

    def stop(self) -> None:
        """End what runs."""
        self._blinker.stop()
        self._blinks_left = 0

    def _count_blink_and_redraw(self) -> None:
        self._blinks_left -= 1
        if self._blinks_left <= 0:
            self._blinker.stop()
        self.update()

    def _bar_rect(self) -> QRectF:
        width, height = float(max(1, self.width())), float(max(1, self.height()))
        high = min(height, max(16.0, width / LEAST_SHAPE))
        return QRectF(0, (height - high) / 2, width, high)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drawn.clear()
        self._grids.clear()
        self.resized.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), GROUND)
        key = (self._text, self.is_inverse())
        if key not in self._drawn:
            if len(self._drawn) > 8:
                self._drawn.clear()
            self._drawn[key] = self._text_pixmap(*key)
        painter.drawPixmap(self._bar_rect().topLeft(), self._drawn[key])

    def _text_pixmap(self, text: str, inverse: bool) -> QPixmap:
        rows, columns = self.dot_row_count, self.dot_column_count
        words = text_dot_matrix(text, rows, columns - 2 * MARGIN_DOTS)
        begins = (columns - len(words[0])) // 2
        pixmap = QPixmap(self._bar_pixmap_without_text(inverse))
        painter = self._dot_painter(pixmap, lit=not inverse)
        for y, row in enumerate(words):
            for at, on in enumerate(row):
                if on and 0 <= begins + at < columns:
                    self._draw_dot(painter, begins + at, y)
        painter.end()
        return pixmap

    def _bar_pixmap_without_text(self, lit: bool) -> QPixmap:
        """Return the bar with all its dots lit, or with none."""
        if lit not in self._grids:
            bar, dpr = self._bar_rect(), self.devicePixelRatioF()
            pixmap = QPixmap(round(bar.width() * dpr), round(bar.height() * dpr))
            pixmap.setDevicePixelRatio(dpr)
            pixmap.fill(GROUND)
            painter = self._dot_painter(pixmap, lit=lit)
            pitch = bar.height() * dpr / self.dot_row_count
            # Where dots stand on whole points, as on the bar as drawn, all rows are alike: each dot takes 5 µs.
            drawn = 1 if pitch.is_integer() else self.dot_row_count
            for y in range(drawn):
                for column in range(self.dot_column_count):
                    self._draw_dot(painter, column, y)
            painter.end()
            first, painter = pixmap.copy(0, 0, pixmap.width(), int(pitch)), QPainter(pixmap)
            for y in range(drawn, self.dot_row_count):
                painter.drawPixmap(QPointF(0, y * pitch / dpr), first)
            painter.end()
            self._grids[lit] = pixmap
        return self._grids[lit]

    def _dot_painter(self, pixmap: QPixmap, *, lit: bool) -> QPainter:
        """Return a painter whose unit is the distance of two dots."""
        bar, pitch = self._bar_rect(), self._bar_rect().height() / self.dot_row_count
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(LIT_COLOUR if lit else UNLIT)
        painter.translate((bar.width() - self.dot_column_count * pitch) / 2 + pitch / 2, pitch / 2)
        painter.scale(pitch, pitch)
        return painter

    def _draw_dot(self, painter: QPainter, column: int, row: int) -> None:
        painter.drawEllipse(QPointF(column, row), DOT_SHARE / 2, DOT_SHARE / 2)


# -- the page ------------------------------------------------------------------------------------------------------

ROLES: tuple[str, ...] = ()
LEAST_S, BASE_S, PER_CHARACTER_S = 3.0, 1.5, 0.25
MOST_CALLS = 3
DOT = " · "


class LineMessage(Struct, frozen=True):
    """One text for the line. `call` is the place in the log of a fresh call, 0 for everything else; `urgent` ones are
    shown at once. `way` is its end that needs no time of its own: who looks for the number has found it by then."""

    text: str
    call: int = 0
    way: str = ""
    alarm: bool = False
    urgent: bool = False


def step_seconds(text: str) -> float:
    """Return how long a step stays."""
    return max(LEAST_S, BASE_S + PER_CHARACTER_S * len(text))


class LinePage(StationPage):
    """Shows in turn the texts of the hall, a zone or one window. Options: window, zone, display (its name in the
    log)."""

    canvas = (WIDTH, HEIGHT)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.calls = DisplayController(context, self)
        self.window_code = str(context.options.get("window") or "")
        self.plate = PlateController(context, self) if self.window_code else None
        self.view = DotMatrixLineView(still=context.look.still, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._away_since: datetime | None = None
        self._sayings: list[LineMessage] = []
        self._at = self._step = 0
        self._steps: list[str] = [""]
        self._since: datetime | None = None
        self._blinked = max(
            (row.seq for row in self.calls.rows.large_and_earlier_rows(MOST_CALLS, self.calls.now())[0]), default=0
        )
        self.view.menu_asked.connect(self._emit_menu_wanted)
        self.view.resized.connect(self._restart_sayings)
        self.calls.called.connect(self._update_sayings)
        self.calls.hall_changed.connect(self._update_sayings)
        self.calls.replaced.connect(self._update_sayings)
        self._update_sayings()

    def remake_contents(self) -> bool:
        self.retranslate()
        return True

    def retranslate(self) -> None:
        self._sayings = []
        self._update_sayings()

    def tick(self, now: datetime) -> None:
        self._replace_sayings(self._current_sayings(now))
        if self._since is None or now < self._since:
            self._since = now
        elif now - self._since >= timedelta(
            seconds=step_seconds(self._steps[self._step].removesuffix(self._sayings[self._at].way))
        ):
            self._show_next_step_or_saying(now)

    def show_hall_away(self, since: datetime | None) -> None:
        self._away_since = since
        self._update_sayings()

    def stop(self) -> None:
        self.view.stop()

    # -- what is said --
    @Slot()
    def _update_sayings(self, *_called: object) -> None:
        self._replace_sayings(self._current_sayings(self.calls.now()))

    def _current_sayings(self, now: datetime) -> list[LineMessage]:
        """Return all that is to be said now: an emergency and fresh calls leave room for nothing else."""
        emergency = self.calls.emergency_notice_now(now)
        fresh = [self._call_saying(row) for row in self._call_rows() if row.is_fresh(now)]
        if emergency is not None:
            head = _("Emergency", context="display")
            return [
                *fresh,
                LineMessage(head + DOT + name_in_language(emergency.text, emergency.text_en), alarm=True, urgent=True),
            ]
        if not self.calls.setup.has_feature("signs"):
            return [LineMessage("")]
        if fresh:
            return fresh
        said = (
            self._window_entries(self.plate.scene_of_window_now())
            if self.plate is not None
            else self._messages_between_calls(now)
        )
        said += [LineMessage(name_in_language(n.text, n.text_en)) for n in self.calls.strip_notices_now(now)]
        if self._away_since is not None:
            words = _(
                "No updates since {time}", context="plate", time=self.context.feed.away_since_text(self._away_since)
            )
            said = [LineMessage(words, urgent=True), *said]
        return said

    def _call_rows(self) -> list[CallRow]:
        windows = (self.window_code,) if self.window_code else None
        return self.calls.rows.large_and_earlier_rows(MOST_CALLS, self.calls.now(), windows)[0]

    def _call_saying(self, row: CallRow) -> LineMessage:
        """Return a call with the way to its window, where one step has room for it."""
        block = NumberAndWindow(
            row.label, window_label_for_customers(self.calls.setup, row.window, with_way=not self.window_code)
        )
        whole = block_line_text(block, with_way=True)
        text = block_line_text(block)
        if len(self.view.split_into_steps(whole)) > 1:
            return LineMessage(text, call=row.seq)
        return LineMessage(whole, call=row.seq, way=whole.removeprefix(text))

    def _window_number_with_word(self, code: str) -> str:
        return window_label_for_customers(self.calls.setup, code).number_with_word

    def _messages_between_calls(self, now: datetime) -> list[LineMessage]:
        state, setup = self.calls.hall_state, self.calls.setup
        coming = [row for row in self._call_rows() if self._is_ticket_called(row)]
        said = [replace(self._call_saying(row), call=0) for row in coming]
        closed = closed_hall_text(state, now)
        if closed is not None:
            return [LineMessage(closed.title), *([LineMessage(closed.opens)] if closed.opens else [])]
        hall = name_in_language(setup.hall.name, setup.hall.name_en)
        return [*said, LineMessage(f"{hall}  {time_hm(setup.to_hall_time(now))}")]

    def _is_ticket_called(self, row: CallRow) -> bool:
        ticket = self.calls.hall_state.tickets.get(row.ticket_id)
        return ticket is not None and ticket.state is TicketState.CALLED

    def _window_entries(self, scene: PlateContent) -> list[LineMessage]:
        window = self._window_number_with_word(self.window_code)
        if scene.stands is WindowStateOnPlate.CALLED:
            called = window_label_for_customers(self.calls.setup, self.window_code, with_way=False)
            return [LineMessage(block_line_text(NumberAndWindow(scene.ticket, called)))]
        if scene.stands is WindowStateOnPlate.SERVING:
            words = _("Serving {ticket}", context="line", ticket=scene.ticket)
        elif scene.stands is WindowStateOnPlate.OPEN:
            words = _("Please wait for your number")
        elif scene.stands is WindowStateOnPlate.CLOSED:
            words = _("Closed", context="plate")
        elif scene.back is None:
            words = _("Paused", context="plate") + DOT + _("Not serving now")
        else:
            back = _("Back at about {time}", time=time_hm(self.calls.setup.to_hall_time(scene.back)))
            words = _("Paused", context="plate") + DOT + back
        return [LineMessage(f"{window}  {words}")]

    # -- one step after another --
    def _replace_sayings(self, sayings: list[LineMessage]) -> None:
        if sayings == self._sayings:
            return
        shown = self._sayings[self._at] if self._sayings else None
        urgent = [n for n, each in enumerate(sayings) if each.urgent and each not in self._sayings]
        self._sayings = sayings
        fresh = [each.call for each in sayings if each.call > self._blinked]
        if fresh:
            self._blinked = max(fresh)
            self._show_saying(next(n for n, each in enumerate(sayings) if each.call == self._blinked), blink=True)
        elif urgent:
            self._show_saying(urgent[0])
        elif shown in sayings:
            self._at = sayings.index(shown)
        else:
            self._show_saying(0)

    def _show_saying(self, at: int, *, blink: bool = False) -> None:
        self._at, self._step, self._since = at, 0, self.calls.now()
        self._steps = self.view.split_into_steps(self._sayings[at].text)
        self._show_current_step(blink=blink)

    def _show_current_step(self, *, blink: bool = False) -> None:
        self.view.show_text(self._steps[self._step], blink=blink, alarm=self._sayings[self._at].alarm)

    def _show_next_step_or_saying(self, now: datetime) -> None:
        if self._step + 1 < len(self._steps):
            self._step, self._since = self._step + 1, now
            self._show_current_step()
        elif len(self._sayings) > 1 or len(self._steps) > 1:
            self._show_saying((self._at + 1) % len(self._sayings))

    @Slot()
    def _restart_sayings(self) -> None:
        self.retranslate()

    @Slot(object)
    def _emit_menu_wanted(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)


def build_station_page(context: StationContext) -> LinePage:
    return LinePage(context)
