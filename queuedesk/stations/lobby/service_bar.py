"""A service's line on the board: its longest wait as a bar against the target, how many wait, how many soon."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.paint import Painter, width_of, wrap
from queuedesk.stations.window.style import Look

HEIGHT, LEAST = 88, 52
BADGE, NAME_SHARE, NUMBER, UNIT = 56, 0.3, 48, 17
ROOM_FOR_UNIT, ROOM_FOR_THICK = 440, 66
TOKENS = {"": "primary", "amber": "amber", "red": "red"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceText:
    """`minutes` is said where `longest` has no room. `share` is the longest wait as a share of the bar, whose middle is
    the target; `level` ("", "amber", "red") colours it."""

    code: str
    letter: str
    name: str
    waiting: str
    unit: str
    longest: str
    minutes: str
    share: float
    level: str
    later: str = ""

    @property
    def spoken(self) -> str:
        """Return the row as a screen reader says it."""
        return ", ".join(part for part in (self.name, f"{self.waiting} {self.unit}", self.longest, self.later) if part)


class ServiceBar(PaintedButton):
    """One row; pressing leads to who waits in the line."""

    def __init__(self, look: Look, text: ServiceText, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_service(text)

    def set_service(self, text: ServiceText) -> None:
        """Say something else; the row's place stays."""
        self.text_shown = text
        self.setText(text.name)
        self.setAccessibleName(text.spoken)
        self.setToolTip(text.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.wide(480), self.look.wide(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(300), self.look.px(LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self.text_shown
        width, height = self.width(), self.height()
        painter.divider(QPointF(0, 0), QPointF(width, 0))
        if self.underMouse():
            painter.box(QRectF(0, 2, width, height - 3), 6, "sunken")
        side = min(look.wide(BADGE), height - look.px(16))
        painter.badge(QRectF(0, (height - side) / 2, side, side), said.letter)
        left = side + look.gap(20)
        room = width * NAME_SHARE - look.gap(20)
        self._name(painter, QRectF(left, 0, room, height))
        right = self._number(painter)
        start = left + room + look.gap(16)
        self._bar(painter, QRectF(start, 0, right - look.gap(28) - start, height))

    def _name(self, painter: Painter, room: QRectF) -> None:
        look, name = self.look, self.text_shown.name
        for px in (22, 19, 17, 15):
            font = look.font(px, bold=True)
            lines = wrap(font, name, room.width(), 2)
            if (px == 22 and len(lines) == 1) or (px < 22 and not lines[-1].endswith("…")):
                break
        high = look.px(px * 1.25)
        top = room.center().y() - high * len(lines) / 2
        for number, line in enumerate(lines):
            painter.words_in(line, font, "ink", QRectF(room.left(), top + number * high, room.width(), high))

    def _number(self, painter: Painter) -> float:
        """Draw how many wait at the right; return where that begins at the widest."""
        look, said = self.look, self.text_shown
        big, small = look.font(min(NUMBER, self.height() / look.scale.k * 0.62), bold=True), look.font(UNIT)
        if self.width() < look.px(ROOM_FOR_UNIT):
            painter.words_in(said.waiting, big, "ink", QRectF(self.rect()), Qt.AlignmentFlag.AlignRight)
            return self.width() - look.wide(64)
        unit = width_of(small, said.unit)
        number = QRectF(0, 0, self.width() - unit - look.px(7), self.height())
        painter.words_in(said.waiting, big, "ink", number, Qt.AlignmentFlag.AlignRight)
        foot = QRectF(0, look.px(8), self.width(), self.height())
        painter.words_in(said.unit, small, "ink2", foot, Qt.AlignmentFlag.AlignRight)
        return self.width() - look.wide(118)

    def _bar(self, painter: Painter, room: QRectF) -> None:
        look, said = self.look, self.text_shown
        thick, line = look.px(20 if room.height() >= look.px(ROOM_FOR_THICK) else 12), look.px(24)
        small = look.font(16, bold=bool(said.level))
        beside = width_of(small, said.longest) + look.px(10) + width_of(look.font(16), said.later)
        is_below = bool(said.later) and beside > room.width() and room.height() >= thick + 2 * line + look.px(14)
        gap = look.px(5 if is_below or thick < look.px(20) else 8)
        top = (room.height() - thick - line * (2 if is_below else 1) - gap) / 2 + look.px(1)
        bar = QRectF(room.left(), top, room.width(), thick)
        outlined = look.theme.outlined
        painter.box(bar, 3, "sunken", edge="edge" if outlined else "")
        if said.share > 0:
            filled = QRectF(bar.left(), top, max(look.px(6), bar.width() * said.share), thick)
            painter.box(filled, 3, TOKENS[said.level])
        middle = round(bar.center().x())
        over = min(look.px(6), int(top) - 2)
        painter.fillRect(QRectF(middle - 1, top - over, look.px(3), thick + 2 * over), look.color("ink"))
        below = QRectF(room.left(), top + thick + gap, room.width(), line)
        token = TOKENS[said.level] if said.level else "ink2"
        longest = said.longest if width_of(small, said.longest) <= room.width() else said.minutes
        end = painter.words_in(longest, small, token, below)
        if is_below:
            painter.words_in(said.later, look.font(16), "ink2", below.translated(0, line - look.px(2)))
            return
        rest = QRectF(end + look.px(10), below.top(), below.right() - end - look.px(10), line)
        if width_of(look.font(16), said.later) <= rest.width():
            painter.words_in(said.later, look.font(16), "ink2", rest, Qt.AlignmentFlag.AlignRight)
