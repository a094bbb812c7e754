"""The plate as one painted canvas: the window's number at the left, what it does now beside it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.display.emergency_painting import paint_alarm
from queuedesk.stations.display.flash import EdgeFlash
from queuedesk.stations.display.texts import EmergencyText
from queuedesk.stations.widgets.paint import CanvasWidget, Painter, elide, fit_px, middle_baseline, width_of, wrap
from queuedesk.stations.widgets.spoken import announce
from queuedesk.stations.window.fonts import font_of
from queuedesk.stations.window.style import HALL, Look

WIDTH, HEIGHT = 1920, 480
NUMBER_BOX = QRectF(0, 0, 420, HEIGHT)
BODY = QRectF(500, 0, 1360, HEIGHT)
SIDE = QRectF(1440, 0, 420, HEIGHT)
GAP_TO_SIDE = 40
HEAD_PX, HEAD_MIDDLE, ICON_PX = 60, 92, 56
NUMBER_PX, NUMBER_CAP_MIDDLE, WORD_PX = 320, 200, 60
TICKET_PX, TICKET_CAP_MIDDLE = 292, 274
SENTENCE_PX, SENTENCE_CAP_MIDDLE = 146, 240
SECOND_PX, LEAST_SECOND_PX, SECOND_TOP, SECOND_LINE = 50, 40, 340, 62
TWO_LINES_PX = 104
SIDE_TITLE_PX, SIDE_PX, SIDE_LINE = 44, 52, 80
CAP_MIDDLE_EM = 0.3637
MOST_SERVICES = 4
ALARM_CALL_PX = 116


@dataclass(frozen=True, slots=True)
class PlateText:
    """The plate's final text. `word` is under `number`; a window with a name has only `number`. `called` makes the
    plate amber."""

    number: str
    word: str
    icon: str
    head: str
    big: str
    is_ticket: bool = False
    called: bool = False
    second: str = ""
    side_title: str = ""
    side: tuple[str, ...] = ()
    trouble: str = ""


class PlateView(CanvasWidget):
    """Shows one PlateText."""

    menu_asked = Signal(object)
    spoken_role = QAccessible.Role.StaticText

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self._hall_look = Look(HALL, look.scale)
        super().__init__(self._hall_look, WIDTH, HEIGHT, ground="paper", parent=parent)
        self._hall_look.setParent(self)
        self._text = PlateText("", "", "", "", "")
        self._alarm: EmergencyText | None = None
        self.flash = EdgeFlash(still=look.still, parent=self)
        self.flash.changed.connect(self.update)
        self.setCursor(Qt.CursorShape.BlankCursor)

    def text(self) -> PlateText:
        """Return what is shown."""
        return self._text

    def show_text(self, text: PlateText) -> None:
        """Show another text at once."""
        if text != self._text:
            fresh = text.called and (text.big, text.head) != (self._text.big, self._text.head)
            self._text = text
            self._name()
            if fresh:
                announce(self, self.accessibleName())
            self.update()

    def alarm(self) -> EmergencyText | None:
        """Return the emergency that is shown."""
        return self._alarm

    def show_alarm(self, alarm: EmergencyText | None) -> None:
        """Show an emergency, keeping the window's number; the customer called is shown below it."""
        if alarm != self._alarm:
            self._alarm = alarm
            self._name()
            self.update()

    def _name(self) -> None:
        text, alarm = self._text, self._alarm
        said = (alarm.head, alarm.text, alarm.second) if alarm is not None else ()
        parts = (text.number, *said, text.head, text.big, text.second)
        self.setAccessibleName(" · ".join(part for part in parts if part))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def paint_canvas(self, painter: Painter) -> None:
        text = self._text
        is_amber = self._is_amber()
        ground, ink = ("fresh", "fresh_ink") if is_amber else ("surface", "ink")
        painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), painter.look.color(ground))
        self._paint_number(painter)
        if self._alarm is not None:
            self._paint_alarm(painter, self._alarm)
            return
        body = self._body()
        x = body.left()
        if text.icon:
            painter.icon(text.icon, ink, x, HEAD_MIDDLE - ICON_PX / 2, ICON_PX)
            x += ICON_PX + 28
        head = font_of(fit_px(text.head, body.right() - x, HEAD_PX, bold=True, least=36), bold=True)
        painter.words(text.head, head, ink, x, middle_baseline(head, HEAD_MIDDLE, 0))
        self._paint_big(painter, body, ink)
        if text.second or text.trouble:
            self._paint_second(painter, body, ink)
        if text.side:
            self._paint_side(painter, ink)

    def _is_amber(self) -> bool:
        """Return whether the ground is amber now: for a call, but for the dark halves of its flash."""
        return self._text.called and (self.flash.is_lit or not self.flash.is_running)

    def _paint_alarm(self, painter: Painter, alarm: EmergencyText) -> None:
        text, below = self._text, ALARM_CALL_PX if self._text.is_ticket else 0
        page = QRectF(NUMBER_BOX.right(), 0, WIDTH - NUMBER_BOX.right(), HEIGHT - below)
        paint_alarm(painter, page, alarm)
        if not below:
            return
        strip = QRectF(page.left(), page.bottom(), page.width(), below)
        ground, ink = ("fresh", "fresh_ink") if self._is_amber() else ("surface", "ink")
        painter.fillRect(strip, painter.look.color(ground))
        number, words = font_of(below * 0.66, bold=True), font_of(below * 0.4)
        x = painter.words(text.big, number, ink, strip.left() + 64, middle_baseline(number, strip.top(), below))
        painter.words(text.head, words, ink, x + 40, middle_baseline(words, strip.top(), below))

    def _body(self) -> QRectF:
        room = SIDE.left() - GAP_TO_SIDE if self._text.side else BODY.right()
        return QRectF(BODY.left(), BODY.top(), room - BODY.left(), BODY.height())

    def _paint_number(self, painter: Painter) -> None:
        text, box = self._text, NUMBER_BOX
        painter.fillRect(box, painter.look.color("ink"))
        ground = painter.look.color("paper")
        size = NUMBER_PX if text.word else NUMBER_PX / 2
        px = fit_px(text.number, box.width() - 72, size, bold=True, least=56)
        font = font_of(px, bold=True)
        middle = NUMBER_CAP_MIDDLE if text.word else box.height() / 2
        if text.word or len(text.number) <= 1 or width_of(font, text.number) <= box.width() - 72:
            x = box.left() + (box.width() - width_of(font, text.number)) / 2
            painter.words(text.number, font, ground, x, middle + CAP_MIDDLE_EM * px)
        else:
            self._paint_name(painter, ground)
        if text.word:
            word = font_of(fit_px(text.word, box.width() - 72, WORD_PX, bold=True, least=36), bold=True)
            x = box.left() + (box.width() - width_of(word, text.word)) / 2
            painter.words(text.word, word, ground, x, middle_baseline(word, 388, 0))

    def _paint_name(self, painter: Painter, ground: QColor) -> None:
        """Draw a long name of a window in as many lines as it needs."""
        font = font_of(56, bold=True)
        lines = wrap(font, self._text.number, NUMBER_BOX.width() - 72, 4)
        top = (HEIGHT - 72 * len(lines)) / 2
        for i, line in enumerate(lines):
            painter.words(line, font, ground, NUMBER_BOX.left() + 36, middle_baseline(font, top + 72 * i, 72))

    def _paint_big(self, painter: Painter, body: QRectF, ink: str) -> None:
        text = self._text
        full, middle = (TICKET_PX, TICKET_CAP_MIDDLE) if text.is_ticket else (SENTENCE_PX, SENTENCE_CAP_MIDDLE)
        px = fit_px(text.big, body.width(), full, bold=True, least=TWO_LINES_PX)
        font = font_of(px, bold=True)
        if not text.is_ticket and width_of(font, text.big) > body.width():
            for i, line in enumerate(wrap(font, text.big, body.width(), 2)):
                painter.words(line, font, ink, body.left(), middle + CAP_MIDDLE_EM * px + 1.15 * px * i)
            return
        x = body.left() - (0.06 * px if text.is_ticket else 0)
        painter.words(elide(font, text.big, body.width() + px * 0.1), font, ink, x, middle + CAP_MIDDLE_EM * px)

    def _paint_second(self, painter: Painter, body: QRectF, ink: str) -> None:
        text = self._text
        words = text.trouble or text.second
        font = font_of(fit_px(words, body.width(), SECOND_PX, least=LEAST_SECOND_PX))
        token = ink if self._is_amber() else ("fresh" if text.trouble else "ink2")
        top = SECOND_TOP if not text.is_ticket else HEIGHT - SECOND_LINE - 8
        room = 1 if text.is_ticket else 2
        for i, line in enumerate(wrap(font, words, body.width(), room)):
            painter.words(line, font, token, body.left(), middle_baseline(font, top + i * SECOND_LINE, SECOND_LINE))

    def _paint_side(self, painter: Painter, ink: str) -> None:
        text = self._text
        token = ink if self._is_amber() else "ink2"
        lines = list(text.side)
        if len(lines) > MOST_SERVICES:
            lines = [*lines[: MOST_SERVICES - 1], "…"]
        high = SIDE_LINE * (len(lines) + 1)
        top = max(24.0, (HEIGHT - high) / 2)
        title = font_of(fit_px(text.side_title, SIDE.width(), SIDE_TITLE_PX, least=30))
        painter.words(text.side_title, title, token, SIDE.left(), middle_baseline(title, top, SIDE_LINE))
        # One size for all: services are equals.
        font = font_of(min(fit_px(line, SIDE.width(), SIDE_PX, bold=True, least=34) for line in lines), bold=True)
        for i, line in enumerate(lines, 1):
            shown = elide(font, line, SIDE.width())
            painter.words(shown, font, ink, SIDE.left(), middle_baseline(font, top + SIDE_LINE * i, SIDE_LINE))
        edge = QPointF(SIDE.left() - GAP_TO_SIDE, 64), QPointF(SIDE.left() - GAP_TO_SIDE, HEIGHT - 64)
        if not self._is_amber():
            painter.divider(*edge, "line")
