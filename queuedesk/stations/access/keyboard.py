"""Using a customers' screen by arrow keys, digits and Enter, or by one or two switches."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from queuedesk.stations.access.rows import ARROWS, keys_in, nearest
from queuedesk.stations.access.scanning import USUAL_STEP_MS, Scan, Switches
from queuedesk.stations.window.style import Look

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select})
_DIGITS, _SOUND = frozenset("123456789"), frozenset("0+-")


class Keyboard(QObject):
    """Watches the keys of a page. `offered` gives the words of a key that switches are offered, `sound_wanted` a key of
    the sound: 0 + -.

    Space and Enter press what has the keyboard. With nothing chosen they are switches: one switch starts the offer and
    takes from it; of two, Space moves on and Enter takes.
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
        """Take these switches from now on."""
        self.switches = Switches(switches) if switches in list(Switches) else Switches.ONE
        self.scan.set_step(step_ms)
        self.scan.stop()

    def host(self) -> QWidget:
        """Return what holds the keys that can be pressed now."""
        return self._host()

    def stop(self) -> None:
        """Watch no more."""
        self._view = None
        self.scan.stop()
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        view = self._view
        if view is None or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.MouseButtonPress and watched.window() is view.window():
            self.scan.stop()
        if event.type() != QEvent.Type.KeyPress or not (watched is view or view.isAncestorOf(watched)):
            return False
        if watched is not QApplication.focusWidget():
            return False
        return self._take(cast(QKeyEvent, event))

    def _take(self, event: QKeyEvent) -> bool:
        """Return whether the key was one of ours."""
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
        found = nearest(self.host(), chosen, arrow) if chosen is not None else next(iter(keys_in(self.host())), None)
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
