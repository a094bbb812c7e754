"""The head of a manager's page: title, a line beside it, buttons and ⋯ at the right; a choice that opens."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import MoreButton
from queuedesk.stations.widgets.labels import FittedLabel, Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import XL, Look


class DropDown(QComboBox):
    """A choice that opens, with its arrow drawn in the look's ink; a text that has no room ends in …"""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def share_width(self, letters: int = 6) -> DropDown:
        """Ask for no more room than `letters` need: neighbours in a row share the width, not by their longest words."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        return self

    def showPopup(self) -> None:
        """Open with every choice in sight: by itself Qt leaves the list's own edges out of its height and cuts the last
        row."""
        view = self.view()
        view.ensurePolished()
        edges = view.contentsMargins()
        rows = [view.sizeHintForRow(row) for row in range(min(self.count(), self.maxVisibleItems()))]
        view.setMinimumHeight(sum(rows) + edges.top() + edges.bottom())
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        kind, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(kind, option, field, self).width()
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        drawn = QStylePainter(self)
        drawn.drawComplexControl(kind, option)
        drawn.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        drawn.end()
        side = self._look.px(20)
        Painter(self, self._look).icon(
            "chevron-down", "ink2", self.width() - side - self._look.px(12), (self.height() - side) / 2, 20
        )


class PageHead(QWidget):
    """`more.wanted` says where the ⋯ menu is to stand."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        spread(look, row, spacing=16)
        self.title = Label(look, px=XL, bold=True, elide=False)
        self.line = FittedLabel(look, px=17, token="ink2", least=13)
        self._buttons = QHBoxLayout()
        spread(look, self._buttons, spacing=16)
        self.more = MoreButton(look)
        row.addWidget(self.title)
        row.addWidget(self.line, 1)
        row.addLayout(self._buttons)
        row.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add_button(self, button: QWidget) -> None:
        self._buttons.addWidget(button)

    def set_title(self, text: str) -> None:
        self.title.setText(text)
        self.more.set_name(_("More"))

    def set_line(self, text: str) -> None:
        if text != self.line.text():
            self.line.setText(text)
