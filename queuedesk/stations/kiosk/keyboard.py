"""The kiosk without a finger on the glass: arrows, digits and Enter of a keyboard or keypad, or one or two switches."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from queuedesk.stations.kiosk.rows import ARROWS, keys_in, nearest
from queuedesk.stations.kiosk.scanning import USUAL_STEP_MS, Scan, Switches
from queuedesk.stations.kiosk.steps import Sheet, Stage
from queuedesk.stations.kiosk.view import KioskView

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select})
_BY_DIGIT = frozenset({Stage.GREETING, Stage.GROUP, Stage.TICKET, Stage.INFO})


class Keyboard(QObject):
    """Watches the keys of the kiosk's window. `offered` gives the words of a key that switches are offered, `sound_wanted` a key of the sound: 0 + -.

    Space and Enter press what has the keyboard. With nothing chosen they are switches: one switch starts the offer and takes from it; of two,
    Space moves on and Enter takes.
    """

    offered = Signal(str)
    sound_wanted = Signal(str)
    # What Python has let go of may live on in Qt for a while and see every key of the program.
    _view: KioskView | None = None

    def __init__(self, view: KioskView, parent: QObject) -> None:
        super().__init__(parent)
        self.scan = Scan(view, self.host, view.look, self)
        self.scan.offered.connect(self.offered)
        self.stage, self.sheet = Stage.GREETING, Sheet.NONE
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

    def show_page(self, stage: Stage, sheet: Sheet) -> None:
        """Know what is shown; the next customer begins without switches."""
        self.stage, self.sheet = stage, sheet

    def stop(self) -> None:
        """Watch no more."""
        self._view = None
        self.scan.stop()
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def host(self) -> QWidget:
        """Return what holds the keys that can be pressed now: the sheet while one lies over the page."""
        view = self._view
        if view is None:
            return QWidget()
        return view.sheet if view.sheet.isVisible() else view

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
        """Do what a switch does that was pressed while nothing is chosen; a sheet's own Enter stays."""
        if self.switches is Switches.NONE:
            return False
        if self.scan.is_on:
            if self.switches is Switches.TWO and key == Qt.Key.Key_Space:
                self.scan.step()
            else:
                self.scan.take()
            return True
        if key in _ENTER and self.sheet is not Sheet.NONE and self.switches is Switches.ONE:
            return False
        self.scan.start(by_itself=self.switches is Switches.ONE)
        return True

    def _press_place(self, text: str) -> bool:
        """Press the first key for 1, the second for 2: where digits write nothing."""
        sheet = self.sheet is not Sheet.NONE
        if self.sheet is Sheet.PIN or not (sheet or self.stage in _BY_DIGIT):
            return False
        if text in tuple("0+-"):
            self.sound_wanted.emit(text)
            return True
        if text not in tuple("123456789"):
            return False
        keys = keys_in(self.host())
        if int(text) <= len(keys):
            keys[int(text) - 1].click()
        return True
