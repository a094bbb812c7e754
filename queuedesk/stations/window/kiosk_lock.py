"""Full screens that a passer-by can't leave: every way out asks for a manager's PIN, where one has a PIN."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.i18n import _, say
from queuedesk.stations.widgets.buttons import Button, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.guard import REPEATS
from queuedesk.stations.widgets.spoken import GROUP
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.lock import LONGEST_PIN, SHORTEST_PIN, Lock
from queuedesk.stations.window.style import LIGHT, Look, Scale

# -- a manager's PIN at the lower edge of a hall's screen ----------------------------------------------------------

WIDE_PX, HIGH_PX = 960, 118
LEAST_SCALE, LARGEST_SCALE = 0.7, 1.6
DELETE = "delete"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PinStrip(QWidget):
    """Asks for the digits of a PIN over `host`, by the keyboard or its own keys, and passes them to the lock. Esc and
    「Back」 cancel."""

    spoken_role = GROUP

    def __init__(self, host: QWidget, lock: Lock) -> None:
        super().__init__(host)
        self._host, self._lock = host, lock
        self._look = Look(LIGHT, Scale(), self)
        self._title = Label(self._look, px=20, bold=True)
        self._trouble = Label(self._look, px=16, token="red")
        self.keys = {name: self._key(name) for name in (*"1234567890", DELETE)}
        self.enter_button = PrimaryButton(self._look, height=52, px=18)
        self.enter_button.clicked.connect(lock.prove)
        self.back_button = SecondaryButton(self._look, key="Esc", height=52, px=18)
        self.back_button.clicked.connect(lock.forget)
        head, row = QHBoxLayout(), QHBoxLayout()
        spread(self._look, head, spacing=24)
        spread(self._look, row, spacing=8)
        head.addWidget(self._title)
        head.addWidget(self._trouble, 1)
        for key in self.keys.values():
            row.addWidget(key, 1)
        row.addWidget(self.enter_button, 3)
        row.addWidget(self.back_button, 2)
        column = QVBoxLayout(self)
        spread(self._look, column, (20, 8, 20, 10), 6)
        column.addLayout(head)
        column.addLayout(row)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(REPEATS, True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        lock.changed.connect(self.refresh)
        host.installEventFilter(self)
        self.hide()

    def _key(self, name: str) -> Button:
        digit = "" if name == DELETE else name
        key = SecondaryButton(self._look, digit, icon="backspace" if name == DELETE else None, height=52, px=22)
        key.setObjectName(f"key-{name}")
        key.setProperty(REPEATS, True)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.clicked.connect(partial(self._lock.give, digit))
        return key

    def refresh(self) -> None:
        """Show what the lock asks for, or nothing if it asks for nothing."""
        lock = self._lock
        if not lock.is_asking:
            self.hide()
            return
        ready = len(lock.pin) >= SHORTEST_PIN
        self._title.setText(_("Enter a manager's PIN"))
        self._trouble.setText(say(lock.trouble) if lock.trouble else "")
        self.keys[DELETE].setAccessibleName(_("Delete"))
        self.back_button.setText(_("Back"))
        if ready:
            self.enter_button.allow(_("Unlock"))
        else:
            self.enter_button.block(_("Enter the PIN"))
        self.setAccessibleName(" ".join(filter(None, (self._title.text(), self._trouble.text()))))
        if not self.isVisible():
            self._place()
            self.show()
            self.raise_()
            self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.update()

    def _place(self) -> None:
        host = self._host
        fit = min(host.width() / WIDE_PX, host.height() / HIGH_PX, LARGEST_SCALE)
        self._look.set_scale(Scale(max(LEAST_SCALE, fit)))
        width = min(host.width(), self._look.px(WIDE_PX))
        height = min(host.height(), self._look.px(HIGH_PX))
        self.setGeometry((host.width() - width) // 2, host.height() - height, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # No key of the page above may act while a PIN is typed.
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, digit = event.key(), event.text()
        if key == Qt.Key.Key_Escape:
            self._lock.forget()
        elif key in _ENTER and not event.isAutoRepeat():
            self._lock.prove()
        elif key == Qt.Key.Key_Backspace:
            self._lock.give("")
        elif digit.isascii() and digit.isdecimal():
            self._lock.give(digit)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self._look), self._look
        painter.fillRect(self.rect(), look.color("surface"))
        painter.fillRect(QRectF(0, 0, self.width(), look.px(3)), look.color("primary"))
        # A dot for each digit, beside the title; a PIN that matched nothing leaves none.
        side, gap = look.px(13), look.px(10)
        right = self.width() - look.gap(20) - LONGEST_PIN * (side + gap)
        middle = self._title.geometry().center().y()
        painter.setPen(QPen(look.color("ink"), look.px(2)))
        for n in range(max(SHORTEST_PIN, len(self._lock.pin))):
            painter.setBrush(look.color("ink" if n < len(self._lock.pin) else "surface"))
            painter.drawEllipse(QRectF(right + n * (side + gap), middle - side / 2, side, side))


GUARDED = frozenset({"display", "plate", "line", "rating"})
"""Stations whose window guards their page; the kiosk asks for the PIN on its own pages."""
ASKED_MS = 20_000
"""A question that nobody answers goes: a child at the keyboard asked it."""
GRANTED_MS = 30_000
"""What a manager has unlocked is locked again after that."""
LOOK_AGAIN_TICKS = 60

_FUNCTION_KEYS = frozenset(Qt.Key(Qt.Key.Key_F1.value + n) for n in range(12))
_LEAVING = frozenset({Qt.Key.Key_Q, Qt.Key.Key_W})


class Guard(QObject):
    """Guards one window. `locked` when an unlocked window is locked again."""

    locked = Signal()

    def __init__(self, context: StationContext, window: QWidget) -> None:
        super().__init__(window)
        self.lock = Lock(context, self)
        self.strip = PinStrip(window, self.lock)
        self._ticks = 0
        self._asked, self._granted = QTimer(self), QTimer(self)
        for timer, after_ms in ((self._asked, ASKED_MS), (self._granted, GRANTED_MS)):
            timer.setSingleShot(True)
            timer.setInterval(after_ms)
        self._asked.timeout.connect(self.lock.forget)
        self._granted.timeout.connect(self._lock_again)
        self.lock.changed.connect(self._asked.start)

    def is_open(self) -> bool:
        """Whether the person here may leave now."""
        return self.lock.is_open()

    def opens(self, go: Callable[[], None]) -> bool:
        """Return whether the way is open; else ask for a PIN and do `go` after it."""
        if self.lock.is_open():
            return True

        def granted() -> None:
            self._granted.start()
            go()

        self.lock.opens(granted)
        self.lock.changed.emit()
        return False

    def takes(self, event: QKeyEvent, menu: Callable[[], None]) -> bool:
        """Handle a key that might lead out: ask for the PIN, or if there is none, show the menu."""
        key = event.key()
        leaving = key in _LEAVING and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.isAutoRepeat() or not (key == Qt.Key.Key_Escape or key in _FUNCTION_KEYS or leaving):
            return False
        if self.opens(menu) and key in (Qt.Key.Key_Escape, Qt.Key.Key_F10):
            menu()
        return True

    def tick(self) -> None:
        """Check once a minute whether a manager has a PIN by now."""
        self._ticks += 1
        if self._ticks % LOOK_AGAIN_TICKS == 0:
            self.lock.look()

    def stop(self) -> None:
        """Stop everything that waits."""
        self._asked.stop()
        self._granted.stop()

    def _lock_again(self) -> None:
        self.lock.forget()
        self.locked.emit()
