"""What a screen reader finds of widgets that draw themselves: their role, their sentences, and news on them.

Qt describes its own widgets to assistive programs. Of a plain QWidget they see only a nameless container, whatever is
painted on it, so a subclass says what it is with the class attribute `spoken_role`.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

ROLE = "spoken_role"
TEXT, GROUP = QAccessible.Role.StaticText, QAccessible.Role.Grouping
"""Of a widget that paints all it shows, and of one that holds others; the name says the whole of it."""


@cache
def tell_roles() -> None:
    """From now on tell assistive programs the `spoken_role` of widgets; a second call does nothing."""
    QAccessible.installFactory(_described)


def _described(_class_name: str, shown: QObject) -> QAccessibleInterface | None:
    role = getattr(shown, ROLE, None)
    return QAccessibleWidget(shown, role) if role is not None and isinstance(shown, QWidget) else None


def announce(on: QWidget, *sentences: str) -> None:
    """Let a screen reader say at once what has just appeared on a widget; it waits for the end of its own sentence."""
    words = "\n".join(filter(None, sentences))
    if words and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(on, words))


class SpokenLine(QWidget):
    """A sentence that its parent paints: it draws nothing and takes no touch."""

    spoken_role = TEXT

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
