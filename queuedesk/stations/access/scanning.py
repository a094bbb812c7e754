"""Switch access: keys are offered one after another, and a press takes the one offered."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import ceil

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from queuedesk.stations.access.rows import Keys, place, rows_of
from queuedesk.stations.window.style import Look

STEPS_MS = (1000, 1500, 2000, 3000, 5000, 8000)
USUAL_STEP_MS = 2000
# Up to so many keys are offered one by one; more of them row by row first.
FEW = 6
# A row that nobody takes anything from is left again.
ROUNDS_IN_ROW = 2
# Whoever pressed the switch has gone.
PASSES_ALONE = 3
FRAME_PX, FRAME_GAP = 9, 8


class Switches(StrEnum):
    """What is plugged in: nothing, one switch (what is offered moves by itself), or two (one moves, one takes)."""

    NONE = "off"
    ONE = "one"
    TWO = "two"


class Frame(QWidget):
    """A thick frame round what is offered, over everything and never in the way of a finger."""

    def __init__(self, look: Look, host: QWidget) -> None:
        super().__init__(host)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def surround(self, rect: QRect) -> None:
        """Stand round `rect` of the host."""
        self.setGeometry(rect.adjusted(-FRAME_GAP, -FRAME_GAP, FRAME_GAP, FRAME_GAP))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = FRAME_PX / 2
        for token, width in (("paper", FRAME_PX), ("ink", FRAME_PX - 4)):
            painter.setPen(QPen(self._look.color(token), width))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), 16, 16)
        painter.end()


class Scan(QObject):
    """Offers the keys of `host()`. `offered` gives the words of what is offered now, for who listens."""

    offered = Signal(str)

    def __init__(self, view: QWidget, host: Callable[[], QWidget], look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._host = view, host
        self._frame = Frame(look, view)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.step)
        self._by_itself = True
        self._row: int | None = None
        self._at = -1
        self._round = self._passes = 0
        self._shape: tuple[int, ...] = ()
        self.is_on = False

    @property
    def step_ms(self) -> int:
        return self._timer.interval()

    def set_step(self, step_ms: int) -> None:
        """Offer each key for so long."""
        self._timer.setInterval(step_ms)

    def start(self, *, by_itself: bool) -> None:
        """Begin at the first key; `by_itself` moves on in time, else every `step` is a switch's."""
        self.is_on, self._by_itself = True, by_itself
        self._begin()
        self.step()

    def stop(self) -> None:
        """Offer nothing."""
        self.is_on = False
        self._timer.stop()
        self._frame.hide()

    def step(self) -> None:
        """Offer the next one."""
        if not self.is_on:
            return
        groups = self._groups()
        shape = tuple(len(group) for group in groups)
        if shape != self._shape:
            self._begin()
            self._shape = shape
        if not groups:
            self._frame.hide()
            return
        if self._row is None:
            self._at += 1
            if self._at >= len(groups):
                self._at, self._passes = 0, self._passes + 1
            if self._passes >= PASSES_ALONE and self._by_itself:
                self.stop()
                return
            self._offer(groups[self._at])
        else:
            row = groups[self._row]
            self._at += 1
            if self._at >= len(row):
                self._at, self._round = 0, self._round + 1
            if self._round >= ROUNDS_IN_ROW:
                self._at, self._row, self._round = self._row, None, 0
                self._offer(groups[self._at])
            else:
                self._offer([row[self._at]])
        if self._by_itself:
            self._timer.start()

    def take(self) -> None:
        """Take what is offered: go into a row, or press the key."""
        self._passes = 0
        groups = self._groups()
        if not self.is_on or tuple(len(group) for group in groups) != self._shape or self._at < 0:
            self.step()
            return
        if self._row is None and len(groups[self._at]) > 1:
            self._row, self._at, self._round = self._at, -1, 0
            self.step()
            return
        key = groups[self._at][0] if self._row is None else groups[self._row][self._at]
        if self._by_itself:
            self._timer.start()
        if self._row is not None:
            self._at, self._row, self._round = self._row, None, 0
        key.click()

    def least_s(self) -> int:
        """Return how many seconds a page must stay, so that a round may go by: its rows twice and the longest of
        them."""
        groups = self._groups()
        return ceil((2 * len(groups) + max((len(group) for group in groups), default=0)) * self.step_ms / 1000)

    def _begin(self) -> None:
        self._row, self._at, self._round, self._passes = None, -1, 0, 0

    def _groups(self) -> list[Keys]:
        rows = rows_of(self._host())
        keys = [key for row in rows for key in row]
        return [[key] for key in keys] if len(keys) <= FEW else rows

    def _offer(self, keys: Keys) -> None:
        around = QRect()
        for key in keys:
            around = around.united(place(key, self._view))
        self._frame.surround(around)
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.clearFocus()
        self.offered.emit(", ".join(key.accessibleName() for key in keys))
