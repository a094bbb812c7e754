"""A quiet word at the right end of a heading: all of a list, more of its kind."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent

from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.paint import Painter


class EdgeButton(TextButton):
    """A quiet word whose end is flush with the column's edge."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.look)
        token = "ink2" if not self.isEnabled() else "on_soft" if self.isDown() else "primary"
        rect, right = QRectF(self.rect()), Qt.AlignmentFlag.AlignRight
        painter.words_in(self.text(), self.look.font(16, bold=True), token, rect, right)
