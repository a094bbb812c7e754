"""Reads pages and keys aloud: one touch says a key, a second one presses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from queuedesk.i18n import _, current
from queuedesk.stations.access.rows import comes_last
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.services import Speech

STEPS = 5
AT_ONCE = "acts-at-once"  # dynamic property of a key that is never only heard
_RANGE = re.compile(r"(\d+)[\u2060]*\u2013[\u2060]*(\d+)")


class Listening(QObject):
    """Reads aloud while `is_on`. `changed` when it begins, ends, or the volume changes; `page` returns what to read of
    the page.

    `touched` when a key was touched only to hear it, which does not count as a press.
    """

    changed = Signal()
    touched = Signal()
    # What Python has let go of may live on in Qt for a while and see every touch of the program.
    _view: QWidget | None = None

    def __init__(self, context: StationContext, view: QWidget, page: Callable[[], list[str]], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._page = context, page
        self._holds: QObject | None = None
        self.is_on = False
        self.volume = 0
        self._view = view
        app = QCoreApplication.instance()
        if isinstance(app, QApplication):
            app.installEventFilter(self)
            app.focusChanged.connect(self._follow_focus)

    def stop(self) -> None:
        """Stop reading."""
        self._view = None
        app = QCoreApplication.instance()
        if isinstance(app, QApplication):
            app.removeEventFilter(self)
            app.focusChanged.disconnect(self._follow_focus)
        if self._speech is not None:
            self._speech.hush()

    @property
    def is_possible(self) -> bool:
        """Whether this PC can speak."""
        return self._speech is not None and self._speech.can_speak()

    def begin(self) -> None:
        """Read from now on, at normal volume."""
        if self.is_on or not self.is_possible:
            return
        self.is_on = True
        self._set_volume(0)
        self.changed.emit()

    def end(self) -> None:
        """Stop reading; the next customer gets normal volume."""
        if self.is_on:
            self.is_on = False
            if self._speech is not None:
                self._speech.hush()
                self._speech.volume(0)
            self.changed.emit()

    def read_page(self) -> None:
        """Read a new page to a listener."""
        if self.is_on:
            self.say(self._page())

    def read_key(self, words: str) -> None:
        """Read the key that is reached or offered."""
        if self.is_on and words:
            self.say([plain(words)])

    def say(self, parts: Sequence[str]) -> None:
        """Say this, even to people who are not listening: only for what must not be missed."""
        if self._speech is not None:
            self._speech.speak(list(parts), current())

    def change_volume(self, step: int) -> None:
        """Change the volume by so many steps, and say so."""
        self._set_volume(self.volume + step)
        self.changed.emit()
        self.say([self.volume_words()])

    def volume_words(self) -> str:
        """Return how loud it speaks."""
        return _("Volume {step} of {steps}", step=self.volume, steps=STEPS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Use the first touch of a key only to read it."""
        if self._view is None or not self.is_on or not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonRelease and watched is self._holds:
            self._holds = None
            return True
        if kind not in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            return False
        if not isinstance(watched, QAbstractButton) or not self._view.isAncestorOf(watched) or watched.hasFocus():
            return False
        if comes_last(watched) or watched.property(AT_ONCE) or not watched.isEnabled():
            return False
        self._holds = watched
        watched.setFocus(Qt.FocusReason.TabFocusReason)
        self.touched.emit()
        return True

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        view = self._view
        if view is not None and isinstance(new, QAbstractButton) and view.isAncestorOf(new):
            self.read_key(new.accessibleName() or new.text())

    @property
    def _speech(self) -> Speech | None:
        return self._context.services.speech

    def _set_volume(self, step: int) -> None:
        self.volume = self._speech.volume(step) if self._speech is not None else 0


def plain(words: str) -> str:
    """Return words in the form that a voice reads, without signs that are only for the eye."""
    joined = _RANGE.sub(lambda found: _("{low} to {high}", low=found[1], high=found[2]), words)
    return " ".join(joined.replace("\u2060", "").replace("·", ",").split())
