"""A code reader that types what it reads: its keys are told from a person's and never press or write anything."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

# What every code of ours begins with: a ticket's, an appointment's, an address (features, `scanned_link`); readers type
# a sign every few milliseconds, people do not.
MARKS = ("QD1 ", "QA1 ", "HTTP")
MARK_LENGTH = len(MARKS[0])
BETWEEN_MS = 120
LONGEST = 120
_ENDS = ("\r", "\n")
_WITH_OTHERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock)
"""Keys that readers press together with those of signs, as people do."""
_OF_KEYS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


class CodeScannerListener(QObject):
    """Watches the keys of `page`'s window while the page is visible. `scanned` carries a code's whole text. Keys that
    turn out to be typed by a person are passed on, at most `BETWEEN_MS` later. A reader that sends no Enter is
    understood too."""

    scanned = Signal(str)
    # What Python has let go of may live on in Qt for a while and see every key of the program.
    _page: QWidget | None = None

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._held: list[QKeyEvent] = []
        self._text = ""
        self._handing_on = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(BETWEEN_MS)
        self._pause.timeout.connect(self._emit_code_or_forward)
        page.installEventFilter(self)
        if page.isVisible():
            self._watch_all_keys()

    def _watch_all_keys(self) -> None:
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def stop(self) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._forget_held_keys()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._page is None:
            return False
        if watched is self._page and event.type() == QEvent.Type.Show:
            self._watch_all_keys()
        elif watched is self._page and event.type() == QEvent.Type.Hide:
            self.stop()
        # Its kind is asked of few events: every one of the program comes here.
        if not isinstance(event, QKeyEvent) or self._handing_on or event.type() not in _OF_KEYS:
            return False
        if (
            not isinstance(watched, QWidget)
            or watched is not QApplication.focusWidget()
            or not self._is_widget_of_page(watched)
        ):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            # Taken from the shortcuts, so that it comes as a key press next.
            if self._can_extend_scanned_code(event.text()):
                event.accept()
                return True
            return False
        return self._hold_key_if_of_scanned_code(event)

    def _is_widget_of_page(self, watched: QWidget) -> bool:
        page = self._page
        return page is not None and page.isVisible() and watched.window() is page.window()

    def _can_extend_scanned_code(self, sign: str) -> bool:
        """Whether `sign` goes on a code that is being read, or may begin one."""
        if sign in _ENDS:
            return self._text.startswith(MARKS)
        if len(sign) != 1 or not sign.isprintable():
            return False
        if len(self._text) < MARK_LENGTH:
            return any(mark.startswith(self._text + sign.upper()) for mark in MARKS)
        return len(self._text) < LONGEST

    def _hold_key_if_of_scanned_code(self, key: QKeyEvent) -> bool:
        sign = key.text()
        if not sign:
            if key.key() not in _WITH_OTHERS:  # an arrow is a person's, and comes after what was typed before it
                self._forward_input()
            return False
        if not self._can_extend_scanned_code(sign):
            self._forward_input()
            return False
        if sign in _ENDS:
            self._emit_scanned_code()
            return True
        self._text += sign.upper() if len(self._text) < MARK_LENGTH else sign
        self._held.append(key.clone())
        self._pause.start()
        return True

    def _emit_code_or_forward(self) -> None:
        if self._text.startswith(MARKS):
            self._emit_scanned_code()
        else:
            self._forward_input()

    def _emit_scanned_code(self) -> None:
        text = self._text
        self._forget_held_keys()
        self.scanned.emit(text.strip())

    def _forward_input(self) -> None:
        """Give a person's keys to whoever has the focus now."""
        held = self._held
        self._forget_held_keys()
        self._handing_on = True
        for key in held:
            target = QApplication.focusWidget()
            if target is not None:
                QApplication.sendEvent(target, key)
        self._handing_on = False

    def _forget_held_keys(self) -> None:
        self._held, self._text = [], ""
        self._pause.stop()
