"""A second press of the same thing within 600 ms is a tremor or a bounce, not a wish (EN 301 549, 5.8)."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)

REPEAT_MS = 600
REPEATS = "repeats"  # dynamic property of what may be pressed fast: a number pad's button, a page that takes a PIN
GUARDED = "guarded"  # dynamic property of a painted list whose rows act when pressed
TREMOR_PX = 12

_TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
_ACTS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_FUNCTION_KEYS = {Qt.Key(Qt.Key.Key_F1.value + n) for n in range(12)}
_PAD = {Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Asterisk, Qt.Key.Key_Slash, Qt.Key.Key_0}


class RepeatGuard(QObject):
    """Swallows repeated presses of one button or acting key in the whole application.

    Letters and digits are never held back, nor Space while someone types in a field.
    `now_ms` is a steady clock in milliseconds; tests give their own.
    """

    def __init__(self, app: QApplication, now_ms: Callable[[], int] | None = None) -> None:
        super().__init__(app)
        self._timer = QElapsedTimer()
        self._timer.start()
        self._now_ms = now_ms or self._timer.elapsed
        self._target: QObject | None = None
        self._point = QPointF()
        self._press_ms = -REPEAT_MS
        self._key_ms: dict[int, int] = {}
        self._decided: tuple[int, bool] | None = None
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _PRESSES and (isinstance(watched, QAbstractButton) or watched.property(GUARDED)):
            return self._is_repeated_press(watched, cast(QMouseEvent, event).position())
        if kind in _KEYS and watched is QApplication.focusWidget():
            return self._is_repeated_key(watched, cast(QKeyEvent, event))
        return False

    def _is_repeated_press(self, target: QObject, point: QPointF) -> bool:
        if target.property(REPEATS):
            return False
        now, near = self._now_ms(), (point - self._point).manhattanLength() <= TREMOR_PX
        same = target is self._target and (near or isinstance(target, QAbstractButton))
        repeated = same and now - self._press_ms < REPEAT_MS
        if not repeated:
            self._target, self._point, self._press_ms = target, point, now
        return repeated

    def _is_repeated_key(self, focus: QObject, event: QKeyEvent) -> bool:
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
        if isinstance(focus, _TEXT_FIELDS):
            return False
        on_pad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
        return key in _ACTS or (on_pad and key in _PAD and not focus.property(REPEATS))


def is_act(event: QKeyEvent) -> bool:
    """Whether this key presses what has the keyboard."""
    return event.key() in _ACTS and not event.isAutoRepeat()
