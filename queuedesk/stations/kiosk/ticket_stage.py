"""The ticket just given: its number as large as it goes, what its holder may expect, and whether there is a slip."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from queuedesk.stations.kiosk.keys import LEAST_PX, PlainKey, PlainText
from queuedesk.stations.kiosk.stage import SIDE, KioskStage
from queuedesk.stations.widgets.labels import Run
from queuedesk.stations.widgets.paint import Painter, fit_px, wrap
from queuedesk.stations.window.style import Look

CARD_SIDE, ROW_HEIGHT = 72, 108.0
MOST_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketText:
    """The page in words; `facts` are a word with its figures each. `to_note` says that there is no slip to take."""

    title: str
    label: str
    service: str
    facts: tuple[tuple[str, tuple[Run, ...]], ...]
    last: str
    done: PlainText
    to_note: bool = False
    is_ready: bool = True


class TicketStage(KioskStage):
    """Shows one ticket; `finished` when the customer says so."""

    finished = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.done_key = PlainKey(self.look, px=48, parent=self)
        self.done_key.clicked.connect(self.finished)
        self.said = TicketText(title="", label="", service="", facts=(), last="", done=PlainText(words=""))

    @property
    def label(self) -> str:
        return self.said.label

    def show_page(self, said: TicketText) -> None:
        """Say this."""
        changed = said != self.said
        self.said = said
        self.done_key.set_key(said.done)
        if changed:
            self.arrange()
            self.update()

    def arrange(self) -> None:
        width, height = self.canvas_size()
        if self.is_wide:
            self.put(self.done_key, QRectF(width / 2 + 24, height - 48 - 136, width / 2 - 24 - SIDE, 136))
        else:
            self.put(self.done_key, QRectF(CARD_SIDE, height - 57 - 136, width - 2 * CARD_SIDE, 136))

    def paint_canvas(self, painter: Painter) -> None:
        said, (width, height) = self.said, self.canvas_size()
        px = 42.0 if width < 1200 else 38.0
        wide = width / 2 - 24 - SIDE if self.is_wide else width - 2 * CARD_SIDE
        done = height - (48 if self.is_wide else 57) - 136
        last = px * 1.35 * len(wrap(self.unit.font(px), said.last, wide, MOST_LINES)) + 2 * 36
        rows = max(1, len(said.facts))
        if self.is_wide:
            row = min(ROW_HEIGHT, (done - last - 56 - 30) / rows)
            top = min(90.0, done - last - row * rows - 56)
            card = QRectF(width / 2 + 24, top, wide, row * rows + 56)
            self._paint_number(painter, QRectF(SIDE, 30, wide, height - 60))
        else:
            row = min(ROW_HEIGHT, (done - last - 56 - height * 0.36) / rows)
            card = QRectF(CARD_SIDE, min(height * 0.5, done - last - row * rows - 56), wide, row * rows + 56)
            self._paint_number(painter, QRectF(SIDE, 50, width - 2 * SIDE, card.top() - 70))
        painter.box(card, 20, "surface", edge="line")
        y = card.top() + 28
        for number, (word, runs) in enumerate(said.facts):
            rect = QRectF(card.left() + 48, y, card.width() - 96, row)
            self.fact(painter, rect, word, runs)
            if number:
                painter.divider(rect.topLeft(), rect.topRight())
            y += row
        rect = QRectF(card.left(), card.bottom() + 36, card.width(), 200)
        self.paragraph(painter, said.last, rect, px=px, centre=not self.is_wide, most=MOST_LINES)

    def _paint_number(self, painter: Painter, room: QRectF) -> None:
        """Paint mark, title, number and service in the middle of `room`."""
        said, x = self.said, room.center().x()
        mark, title_px = 66.0, 68.0
        titles = fit_px(said.title, room.width(), title_px, bold=True, least=48)
        number_px = fit_px(said.label, room.width() - 40, 304, bold=True, least=120)
        service_px = fit_px(said.service, room.width(), 48, least=LEAST_PX)
        lines = 2 if self.unit.font(service_px) and len(said.service) * service_px * 0.5 > room.width() else 1
        number_px = min(number_px, (room.height() - 2 * mark - 34 - titles * 1.3 - service_px * 1.35 * lines) / 1.06)
        needed = 2 * mark + 34 + titles * 1.3 + number_px * 1.06 + service_px * 1.35 * lines
        y = room.top() + max(0.0, (room.height() - needed) / 2)
        self._paint_mark(painter, QPointF(x, y + mark), mark)
        y += 2 * mark + 34
        y = self.paragraph(
            painter, said.title, QRectF(room.left(), y, room.width(), 200), px=titles, bold=True, centre=True, most=2
        )
        font = self.unit.font(number_px, bold=True)
        place = QRectF(room.left(), y, room.width(), number_px * 1.06)
        painter.words_in(said.label, font, "ink", place, Qt.AlignmentFlag.AlignHCenter)
        rect = QRectF(room.left(), place.bottom(), room.width(), 200)
        self.paragraph(painter, said.service, rect, px=service_px, token="ink2", centre=True, most=2)

    def _paint_mark(self, painter: Painter, centre: QPointF, radius: float) -> None:
        """Paint the tick of a slip that came out, the amber pencil of a number to note, the grey printer before."""
        said = self.said
        if said.to_note or not said.is_ready:
            tint, token = ("amberbg", "amber") if said.to_note else ("sunken", "ink2")
            box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
            painter.box(box, radius, tint, edge="amber" if said.to_note else "edge", width=2)
            side = radius * 1.1
            icon = "edit" if said.to_note else "print"
            painter.icon(icon, token, centre.x() - side / 2, centre.y() - side / 2, side)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.unit.color("primary"))
        painter.drawEllipse(centre, radius, radius)
        round_pen = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(QPen(self.unit.color("on_primary"), radius * 0.15, *round_pen))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        k = radius / 66
        points = [(-25, 3), (-9, 19), (25, -16)]
        painter.drawPolyline([QPointF(centre.x() + dx * k, centre.y() + dy * k) for dx, dy in points])
