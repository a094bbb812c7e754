"""A scroll area on the page's own ground."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class GroundArea(QScrollArea):
    """Scrolls `inside` up and down with no frame and no ground of its own.

    The keyboard goes past it to what stands inside; with `keys` it stops here too and scrolls, for text alone.
    """

    def __init__(self, inside: QWidget | None = None, *, keys: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if keys else Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        if inside is not None:
            self.setWidget(inside)

    def setWidget(self, widget: QWidget) -> None:
        super().setWidget(widget)
        # Taking a widget in makes it fill its ground; what the area stands on is the ground here.
        widget.setAutoFillBackground(False)
