"""What a search found: few tall rows, the first chosen, and a last line on where to go when nothing fits."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Run, paint_runs
from queuedesk.stations.widgets.paint import CapStyle, Painter, cap_size, middle_baseline, width_of
from queuedesk.stations.widgets.questions.guard import GUARDED
from queuedesk.stations.window.style import Look

ROW_HEIGHT, LAST_HEIGHT = 80, 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One find: letter, name, the letters that matched and those that did not, and facts at the right."""

    id: object
    letter: str
    name: str
    matched: str = ""
    rest: str = ""
    right: str = ""


class ResultList(Follows, QWidget):
    """Finds under the search; the keyboard stays in the search field, which calls `move` and `take`."""

    taken = Signal(object)

    def __init__(self, look: Look, *, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._results: tuple[Result, ...] = ()
        self._current, self._last, self._key = 0, "", key
        self._pressed = False
        self.setProperty(GUARDED, True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_results(self, results: Sequence[Result], *, last: str = "", key: str = "") -> None:
        """Show these finds, the first chosen; `last` is the line for when none fits, `key` names Enter."""
        self._results, self._last, self._current = tuple(results), last, 0
        self._key = key or self._key
        self.setAccessibleName(", ".join(result.name for result in results) or last)
        self.relook()

    def count(self) -> int:
        return len(self._results)

    def current(self) -> Result | None:
        """Return the chosen find."""
        return self._results[self._current] if self._results else None

    def move_by(self, step: int) -> None:
        """Choose the next (1) or the one before (-1); the ends hold."""
        if self._results:
            self._current = max(0, min(len(self._results) - 1, self._current + step))
            self.update()

    def take(self) -> None:
        """Do what Enter does: take the chosen find."""
        current = self.current()
        if current is not None:
            self.taken.emit(current.id)

    def sizeHint(self) -> QSize:
        height = ROW_HEIGHT * len(self._results) + (LAST_HEIGHT if self._last else 0)
        return QSize(self.look.px(600), self.look.px(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._pressed:
            return
        self._pressed = False
        at = int(event.position().y() // self.look.px(ROW_HEIGHT))
        if 0 <= at < len(self._results) and self.rect().contains(event.position().toPoint()):
            self._current = at
            self.update()
            self.take()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        rect = QRectF(self.rect())
        round_px = look.px(12)
        shape = QPainterPath()
        shape.addRoundedRect(rect, round_px, round_px)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(rect, look.color("surface"))
        high = look.px(ROW_HEIGHT)
        for number, result in enumerate(self._results):
            self._paint_row(painter, QRectF(0, number * high, rect.width(), high), result, number == self._current)
        if self._last:
            y = len(self._results) * high
            side, left = look.px(20), look.px(20)
            room = QRectF(left + look.px(32), y, rect.width() - left - look.px(52), look.px(LAST_HEIGHT))
            painter.icon("info", "ink2", left, room.center().y() - side / 2, 20)
            painter.words_in(self._last, look.font(16), "ink2", room)
        painter.restore()
        painter.box(rect, 12, "", edge="edge" if look.theme.outlined else "line")

    def _paint_row(self, painter: Painter, rect: QRectF, result: Result, chosen: bool) -> None:
        look = self.look
        if chosen:
            painter.fillRect(rect, look.color("soft"))
            if look.theme.outlined:
                painter.box(rect, 0, "", edge="primary", width=3)
        painter.divider(QPointF(rect.left(), rect.bottom() - 1), QPointF(rect.right(), rect.bottom() - 1))
        side, pad = look.px(48), look.px(20)
        badge = QRectF(pad, round(rect.center().y() - side / 2), side, side)
        painter.badge(badge, result.letter, fill="surface" if chosen else "soft")
        right = rect.right() - pad
        if chosen and self._key:
            size = cap_size(look, self._key, CapStyle())
            right -= size.width()
            top = round(rect.center().y() - size.height() / 2)
            painter.key_cap(QRectF(round(right), top, size.width(), size.height()), self._key, CapStyle())
            right -= look.px(16)
        facts = look.font(17, tabular=True)
        width = width_of(facts, result.right)
        painter.words_in(result.right, facts, "ink2", QRectF(right - width, rect.top(), width + 1, rect.height()))
        left = pad + side + look.px(16)
        room = right - width - look.px(16) - left
        name = look.font(21, bold=True)
        if not (result.matched or result.rest):
            painter.words_in(result.name, name, "ink", QRectF(left, rect.top(), room, rect.height()))
            return
        painter.words_in(result.name, name, "ink", QRectF(left, rect.top() + look.px(15), room, look.px(32)))
        runs = [Run(result.matched, 15, True, "primary"), Run(result.rest, 15, token="ink2", gap=4)]
        baseline = middle_baseline(look.font(15), rect.top() + look.px(45), look.px(22))
        paint_runs(painter, [run for run in runs if run.text], left, baseline, limit=left + room)
