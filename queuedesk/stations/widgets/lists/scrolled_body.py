"""What a page shows below its head: its parts, scrolled as a whole, or one card that says what it waits for."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.panels import Card, EmptyState, spread
from queuedesk.stations.window.style import Look


class ScrolledBody(QStackedWidget):
    """`stack` takes the parts, from above; `area` scrolls them; `wait` stands in their place while
    show_parts(False)."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        self.stack = QVBoxLayout(inner)
        spread(look, self.stack, (32, 0, 20, 24), 12)
        self.area = GroundArea(inner)
        self.wait = EmptyState(look, "hourglass")
        empty = Card(look)
        middle = QVBoxLayout(empty)
        middle.addStretch(1)
        middle.addWidget(self.wait)
        middle.addStretch(2)
        holder = QWidget()
        around = QVBoxLayout(holder)
        spread(look, around, (32, 0, 32, 24), 0)
        around.addWidget(empty)
        self.addWidget(self.area)
        self.addWidget(holder)

    def show_parts(self, shown: bool) -> None:
        """Show the parts, or what is waited for."""
        self.setCurrentIndex(int(not shown))
