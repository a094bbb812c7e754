"""Presses: a second one within 600 ms is a tremor, and each press on a page for customers is reported once."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QInputEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

REPEAT_MS = 600
REPEATS = "repeats"  # dynamic property of what may be pressed fast: a number pad's button, a page that takes a PIN
GUARDED = "guarded"  # dynamic property of a painted list whose rows act when pressed
TREMOR_PX = 12

# By name: Qt's classes for Python are made when they are first named, and a page has few of these.
_TEXT_FIELDS = ("QLineEdit", "QPlainTextEdit", "QTextEdit", "QAbstractSpinBox")
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
_ACTS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_FUNCTION_KEYS = {Qt.Key(Qt.Key.Key_F1.value + n) for n in range(12)}
_PAD = {Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Asterisk, Qt.Key.Key_Slash, Qt.Key.Key_0}


class Tremor:
    """Tells a repeated press of one button or acting key from one that is meant, in the whole application.

    Letters and digits are never held back, nor Space while someone types in a field.
    `now_ms` is a steady clock in milliseconds; tests give their own.
    """

    def __init__(self, now_ms: Callable[[], int] | None = None) -> None:
        self._timer = QElapsedTimer()
        self._timer.start()
        self._now_ms = now_ms or self._timer.elapsed
        self._target: QObject | None = None
        self._point = QPointF()
        self._press_ms = -REPEAT_MS
        self._key_ms: dict[int, int] = {}
        self._decided: tuple[int, bool] | None = None

    def is_repeated_press(self, target: QObject, point: QPointF) -> bool:
        """Whether a press on `target`, at `point` of the screen, repeats the one before; ask once for each press. What
        the first has put below the pointer, on another page or in a question, is not what the second was for."""
        if target.property(REPEATS):
            return False
        now, near = self._now_ms(), (point - self._point).manhattanLength() <= TREMOR_PX
        same = near or (target is self._target and isinstance(target, QAbstractButton))
        repeated = same and now - self._press_ms < REPEAT_MS
        if not repeated:
            self._target, self._point, self._press_ms = target, point, now
        return repeated

    def is_repeated_key(self, focus: QObject, event: QKeyEvent) -> bool:
        """Whether a key for `focus` repeats the one before; ask once for each event, which no shortcut gets then."""
        if not self._guards(focus, event):
            return False
        key, now = event.key(), self._now_ms()
        if event.type() == QEvent.Type.KeyPress and self._decided and self._decided[0] == key:
            # The override question came first for this very press and has been answered.
            repeated = self._decided[1]
            self._decided = None
            return repeated
        repeated = event.isAutoRepeat() or now - self._key_ms.get(key, -REPEAT_MS) < REPEAT_MS
        if not repeated:
            self._key_ms[key] = now
        self._decided = None
        if event.type() == QEvent.Type.ShortcutOverride:
            self._decided = (key, repeated)
            if repeated:
                # Accepting keeps the shortcut from firing; the key press that follows is swallowed above.
                event.accept()
        return repeated

    @staticmethod
    def _guards(focus: QObject, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _FUNCTION_KEYS or key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return True
        if any(map(focus.inherits, _TEXT_FIELDS)):
            return False
        on_pad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
        return key in _ACTS or (on_pad and key in _PAD and not focus.property(REPEATS))


class RepeatGuard(QObject):
    """Swallows repeated presses and keys before whatever they are for, in the whole application."""

    def __init__(self, app: QApplication, now_ms: Callable[[], int] | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._tremor = Tremor(now_ms)
        app.installEventFilter(self)

    def stop(self) -> None:
        """Hold nothing back any more."""
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _PRESSES and (isinstance(watched, QAbstractButton) or watched.property(GUARDED)):
            return self._tremor.is_repeated_press(watched, cast(QMouseEvent, event).globalPosition())
        if kind in _KEYS and watched is QApplication.focusWidget():
            return self._tremor.is_repeated_key(watched, cast(QKeyEvent, event))
        return False


def is_act(event: QKeyEvent) -> bool:
    """Whether this key presses the widget with the focus."""
    return event.key() in _ACTS and not event.isAutoRepeat()


# -- presses on a page for customers -----------------------------------------------------------------------------------

_TOUCHES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin})


class Presses(QObject):
    """Calls `pressed` for each press in the window of `page`, and `touched` for every sign that somebody is there, with
    whether it was a button or a key, and not the page beside them."""

    # What Python has let go of may live on in Qt for a while and see every press of the program.
    _page: QWidget | None = None

    def __init__(
        self, page: QWidget, pressed: Callable[[], None], touched: Callable[[bool], None] = lambda _is_key: None
    ) -> None:
        super().__init__(page)
        self._pressed, self._touched = pressed, touched
        self._last: tuple[QEvent.Type, int] | None = None
        self._page = page
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def stop(self) -> None:
        """Stop watching."""
        self._page = None
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Its kind is asked of few events: every one of the program comes here.
        if not isinstance(event, QInputEvent) or self._page is None or not isinstance(watched, QWidget):
            return False
        if event.type() not in _TOUCHES:
            return False
        if watched.window() is not self._page.window():
            return False
        # A press that a widget leaves to the one round it comes here again.
        stamp = (event.type(), event.timestamp())
        fresh, self._last = stamp != self._last, stamp
        acts = event.type() is QEvent.Type.MouseButtonPress or (isinstance(event, QKeyEvent) and is_act(event))
        self._touched(isinstance(watched, QAbstractButton) or isinstance(event, QKeyEvent))
        if fresh and acts and not watched.property(REPEATS):
            self._pressed()
        return False
