"""The way of a project: eight steps from the topic to what becomes standard, with each step's result in one fact."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from queuedesk.core.charts.chart import Point
from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.paint import Painter, fit_px
from queuedesk.stations.window.style import Look

WIDE, NARROW, STEP = 204, 52, 74
RING, INSET = 28, 11
DONE, NOW, LATER = "done", "now", "later"


class WayStep(Struct, frozen=True, kw_only=True):
    """One step: its key, its word, its result in one fact or what it lacks, and whether it is DONE, is worked at NOW or
    comes LATER. `spoken` says all of it."""

    key: str
    word: str
    fact: str
    state: str
    spoken: str


class ProjectWay(Pointed):
    """`picked` gives the key of a step that was pressed. Where there is little room it is a column of rings; their
    words come to who points or steps there."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.steps: tuple[WayStep, ...] = ()
        self.shown = ""
        self._is_narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_steps(self, title: str, steps: Sequence[WayStep], shown: str) -> None:
        """Show the steps, with the one whose page is `shown` marked."""
        self.steps, self.shown = tuple(steps), shown
        told = "; ".join(step.spoken for step in steps)
        self.set_points(title, told, [Point((step.word, step.fact or step.spoken), step.key) for step in steps])

    def set_narrow(self, is_narrow: bool) -> None:
        """Show rings alone, or words too."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.relook()

    def sizeHint(self) -> QSize:
        wide = self.look.px(NARROW) if self._is_narrow else self.look.wide(WIDE)
        return QSize(wide, self.look.px(STEP) * max(1, len(self.steps)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), self.look.px(36) * max(1, len(self.steps)))

    def _high(self) -> float:
        return min(self.look.px(STEP), self.height() / max(1, len(self.steps)))

    def _places(self) -> list[QRectF]:
        high = self._high()
        return [QRectF(0, high * n, self.width(), high) for n in range(len(self.steps))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        ring, left = look.px(RING), look.px(INSET)
        for n, (step, place) in enumerate(zip(self.steps, self._places(), strict=True)):
            is_shown = step.key == self.shown
            if is_shown:
                painter.box(place.adjusted(0, 1, 0, -1), 10, "soft", edge="primary", width=3)
            middle = QPointF(left + ring / 2, place.center().y())
            if n:
                above = QPointF(middle.x(), middle.y() - place.height() + ring / 2)
                is_done = self.steps[n - 1].state == DONE
                pen = QPen(look.color("primary" if is_done else "edge"), look.px(2))
                if not is_done:
                    pen.setDashPattern([3, 2])
                painter.setPen(pen)
                painter.drawLine(above, QPointF(middle.x(), middle.y() - ring / 2))
            self._paint_ring(painter, step, n + 1, QRectF(left, middle.y() - ring / 2, ring, ring))
            if not self._is_narrow:
                self._paint_words(painter, step, place, is_shown=is_shown)
        self.paint_pointed(painter)

    def _paint_ring(self, painter: Painter, step: WayStep, number: int, at: QRectF) -> None:
        look = self.look
        if step.state == DONE:
            painter.box(at, RING / 2, "surface", edge="primary", width=1.5)
            side = look.px(18)
            painter.icon("check", "primary", at.center().x() - side / 2, at.center().y() - side / 2, 18)
            return
        if step.state == NOW:
            painter.box(at, RING / 2, "primary")
        else:
            painter.box(at, RING / 2, "paper", edge="edge", width=1.5, dashed=True)
        ink = "on_primary" if step.state == NOW else "ink2"
        painter.words_in(str(number), look.font(15, bold=True), ink, at, Qt.AlignmentFlag.AlignHCenter)

    def _paint_words(self, painter: Painter, step: WayStep, place: QRectF, *, is_shown: bool) -> None:
        look, left = self.look, self.look.px(INSET + RING + 10)
        room = place.width() - left - look.px(8)
        bold, token = step.state != LATER or is_shown, "on_soft" if is_shown else "ink"
        middle = place.center().y()
        px = fit_px(step.word, room, look.px(17), bold=bold, least=look.px(12)) / look.scale.k
        painter.words_in(
            step.word, look.font(px, bold=bold), token, QRectF(left, middle - look.px(21), room, look.px(22))
        )
        px = fit_px(step.fact, room, look.px(13), least=look.px(10)) / look.scale.k
        painter.words_in(step.fact, look.font(px), "ink2", QRectF(left, middle + look.px(1), room, look.px(19)))
