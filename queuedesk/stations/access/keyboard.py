"""Using a customers' screen by arrow keys, digits and Enter, or by one or two switches."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import ceil
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QInputEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from queuedesk.stations.access.rows import ARROWS, Keys, keys_in, nearest, place, places_in, rows_of
from queuedesk.stations.window.style import Look

# -- switch access: keys are offered one after another, and a press takes the one offered --------------------------

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
    """The switches in use: none, one (the offer moves by itself), or two (one moves, one takes)."""

    NONE = "off"
    ONE = "one"
    TWO = "two"


class Frame(QWidget):
    """A thick frame round the offered key, on top of everything, letting touches through."""

    def __init__(self, look: Look, host: QWidget) -> None:
        super().__init__(host)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def surround(self, rect: QRect) -> None:
        """Surround `rect` of the host."""
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
    """Offers the keys of `host()` one after the other. `offered` gives the words of the current offer, for
    listeners."""

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
        """Set how long each key is offered."""
        self._timer.setInterval(step_ms)

    def start(self, *, by_itself: bool) -> None:
        """Begin with the first key; `by_itself` moves on with time, otherwise a switch calls `step`."""
        self.is_on, self._by_itself = True, by_itself
        self._begin()
        self.step()

    def stop(self) -> None:
        """Offer nothing."""
        self.is_on = False
        self._timer.stop()
        self._frame.hide()

    def step(self) -> None:
        """Offer the next key or row."""
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
        """Take the offer: enter a row, or press the key."""
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
        """Return how many seconds a page must stay for a full round: all its rows twice, and the longest of them."""
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


_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select})
_DIGITS, _SOUND = frozenset("123456789"), frozenset("0+-")


class Keyboard(QObject):
    """Watches the keys of a page. `offered` gives the words of a key offered to switches, `sound_wanted` a key for the
    sound: 0 + -.

    Space and Enter press the key with the focus. Without focus they are switches: a single switch starts the offer and
    takes it; with two, Space moves on and Enter takes.
    """

    offered = Signal(str)
    sound_wanted = Signal(str)
    # What Python has let go of may live on in Qt for a while and see every key of the program.
    _view: QWidget | None = None

    def __init__(
        self,
        view: QWidget,
        look: Look,
        parent: QObject,
        *,
        host: Callable[[], QWidget],
        digits_press: Callable[[], bool],
        enter_is_taken: Callable[[], bool] = lambda: False,
    ) -> None:
        """`host` returns what holds the keys that can be pressed now; `digits_press` whether digits write nothing
        there; `enter_is_taken` whether Enter means something of its own."""
        super().__init__(parent)
        self._host, self._digits_press, self._enter_is_taken = host, digits_press, enter_is_taken
        self.scan = Scan(view, host, look, self)
        self.scan.offered.connect(self.offered)
        self.switches = Switches.ONE
        self.scan.set_step(USUAL_STEP_MS)
        self._view = view
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def set_switches(self, switches: str, step_ms: int) -> None:
        """Use these switches from now on."""
        self.switches = Switches(switches) if switches in list(Switches) else Switches.ONE
        self.scan.set_step(step_ms)
        self.scan.stop()

    def host(self) -> QWidget:
        """Return what holds the keys that can be pressed now."""
        return self._host()

    def stop(self) -> None:
        """Stop watching."""
        self._view = None
        self.scan.stop()
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Its kind is asked of few events: every one of the program comes here.
        view = self._view
        if not isinstance(event, QInputEvent) or view is None or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.MouseButtonPress and watched.window() is view.window():
            self.scan.stop()
        if event.type() != QEvent.Type.KeyPress or not (watched is view or view.isAncestorOf(watched)):
            return False
        if watched is not QApplication.focusWidget():
            return False
        return self._take(cast(QKeyEvent, event))

    def _take(self, event: QKeyEvent) -> bool:
        """Return whether the key was one of ours; who writes in a field is left alone."""
        if isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit):
            return False
        key = Qt.Key(event.key())
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        chosen = self._chosen()
        if key == Qt.Key.Key_Escape and self.scan.is_on:
            self.scan.stop()
            return True
        if key in ARROWS or key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.scan.stop()
            return key in ARROWS and self._go(chosen, key)
        if key in _ENTER or key == Qt.Key.Key_Space:
            return chosen is None and not event.isAutoRepeat() and self._switch(key)
        return self._press_place(event.text())

    def _chosen(self) -> QAbstractButton | None:
        focus = QApplication.focusWidget()
        return focus if isinstance(focus, QAbstractButton) and self.host().isAncestorOf(focus) else None

    def _go(self, chosen: QAbstractButton | None, arrow: Qt.Key) -> bool:
        places = places_in(self.host())
        found = nearest(places, chosen, arrow) if chosen in places else next(iter(places), None)
        if found is not None:
            found.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _switch(self, key: Qt.Key) -> bool:
        """Do what a switch does that was pressed while nothing is chosen."""
        if self.switches is Switches.NONE:
            return False
        if self.scan.is_on:
            if self.switches is Switches.TWO and key == Qt.Key.Key_Space:
                self.scan.step()
            else:
                self.scan.take()
            return True
        if key in _ENTER and self._enter_is_taken() and self.switches is Switches.ONE:
            return False
        self.scan.start(by_itself=self.switches is Switches.ONE)
        return True

    def _press_place(self, text: str) -> bool:
        """Press the first key for 1, the second for 2: where digits write nothing."""
        if text not in _DIGITS | _SOUND or not text or not self._digits_press():
            return False
        if text in _SOUND:
            self.sound_wanted.emit(text)
            return True
        keys = keys_in(self.host())
        if int(text) <= len(keys):
            keys[int(text) - 1].click()
        return True
