"""A window that fills one screen of this PC: on its own monitor, above everything, awake, without a pointer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from secrets import token_hex

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.app.station import screens
from queuedesk.app.station.wake_lock import Awake

SETTLE_MS = 300
"""Monitors come and go several at a time while the system sorts them."""
TAKE_BACK_MS = 2000
POINTER_MS = 4000
LOOK_MS = 1500
WATCHED = frozenset({"display", "plate", "line"})
"""Stations that people only look at: their window never takes the keyboard from somebody who works at this PC."""
_MOVES = frozenset({QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})
_TOUCHES = frozenset({QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate})


class HallScreen(QObject):
    """Shows `window` on the screen of that number or name, or on the PC's first.

    While a named screen is not there the window is not shown: on another it would cover what somebody works with.
    `missing` is told when that begins (True) and ends.
    """

    def __init__(
        self,
        window: QWidget,
        station: str,
        screen: str | None,
        *,
        missing: Callable[[bool], None] = lambda _is_missing: None,
        leave: Callable[[], None] = lambda: None,
    ) -> None:
        """`leave` is done when another station was opened on the same screen, or none is wanted there any more."""
        super().__init__(window)
        self._window, self._station, self._screen, self._missing = window, station, screen, missing
        self._leave, self._token = leave, token_hex(8)
        self._is_missing: bool | None = None
        self._is_open = False
        self._awake = Awake()
        self._pointer = PointerRest(self)
        self._settle, self._back, self._look = QTimer(self), QTimer(self), QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._look_at_claim)
        for timer, after_ms in ((self._settle, SETTLE_MS), (self._back, TAKE_BACK_MS)):
            timer.setSingleShot(True)
            timer.setInterval(after_ms)
        self._settle.timeout.connect(self.place)
        self._back.timeout.connect(self._take_back)

    def open(self) -> None:
        """Show the window, and keep it there from now on."""
        window, self._is_open = self._window, True
        window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        if self._station in WATCHED and len(screens.found()) > 1:
            window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._app().screenAdded.connect(self._screens_changed)
        self._app().screenRemoved.connect(self._screens_changed)
        self._app().primaryScreenChanged.connect(self._screens_changed)
        for one in screens.found():
            one.geometryChanged.connect(self._screens_changed)
        window.installEventFilter(self)
        self._awake.start()
        self._pointer.start()
        if self._screen is not None:
            screens.claim(self._screen, self._token)
            self._look.start()
        self.place()

    def place(self) -> None:
        """Put the window on its screen, or take it away while that is not there."""
        there = screens.find(self._screen) if self._screen is not None else self._app().primaryScreen()
        if there is None:
            self._window.hide()
        elif not self._window.isVisible() or self._window.screen() is not there or not self._fills(there):
            self._fill(there)
        if self._is_missing != (there is None):
            self._is_missing = there is None
            # Not before the station has begun: what it tells goes by the name that it takes then.
            QTimer.singleShot(0, self, partial(self._missing, self._is_missing))

    def stop(self) -> None:
        """Give back what was taken: the screen may sleep again, the pointer is seen."""
        self._is_open = False
        for timer in (self._settle, self._back, self._look):
            timer.stop()
        self._pointer.stop()
        self._awake.stop()
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.WindowDeactivate:
            self._back.start()
        return False

    def _fill(self, there: QScreen) -> None:
        window = self._window
        window.setScreen(there)
        # A window that is on full screen already stays where it is, whatever it is told.
        if window.isFullScreen():
            window.showNormal()
        window.setGeometry(there.geometry())
        window.showFullScreen()

    def _fills(self, there: QScreen) -> bool:
        return self._window.isFullScreen() and self._window.geometry() == there.geometry()

    def _screens_changed(self, changed: object = None) -> None:
        if isinstance(changed, QScreen):
            changed.geometryChanged.connect(self._screens_changed, Qt.ConnectionType.UniqueConnection)
        # The window before the station's own is still there, closed, and must not come back over it.
        if self._is_open:
            self._settle.start()

    def _take_back(self) -> None:
        """Come to the front again, where nobody else works: on a PC with several screens somebody types at another."""
        window = self._window
        is_alone = len(screens.found()) == 1
        if not window.isVisible() or window.isActiveWindow():
            return
        window.raise_()
        if is_alone and QApplication.activePopupWidget() is None:
            window.activateWindow()

    def _look_at_claim(self) -> None:
        if self._screen is not None and not screens.is_claimed_by(self._screen, self._token):
            self._look.stop()
            self._leave()

    @staticmethod
    def _app() -> QGuiApplication:
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        return app


class PointerRest(QObject):
    """Hides the pointer while nobody moves it, and where a finger touches."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_hidden = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(POINTER_MS)
        self._timer.timeout.connect(self._hide)

    def start(self) -> None:
        """Hide it from now on."""
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._hide()

    def stop(self) -> None:
        """Show it again."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._timer.stop()
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _TOUCHES:
            self._hide()
        elif kind in _MOVES and event.spontaneous():
            self._show()
            self._timer.start()
        return False

    def _hide(self) -> None:
        if not self._is_hidden:
            self._is_hidden = True
            QApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)

    def _show(self) -> None:
        if self._is_hidden:
            self._is_hidden = False
            QApplication.restoreOverrideCursor()
