"""A form with a card that shows at once what comes of its fields: beside them, or above where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.manager.setup.form_parts import Form
from queuedesk.stations.widgets.panels import Card
from queuedesk.stations.window.style import Look

BESIDE_FROM, PREVIEW = 880, 372
EDGE = 24


class _Preview(Card):
    """The card, which tells when what stands on it wants other room: beside the fields no layout gives it any."""

    grew = Signal()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.grew.emit()
        return done


class PreviewForm(Form):
    """`preview` is the card: a subclass gives it a layout. Beside the fields it stays in sight while they scroll."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.preview = _Preview(look, parent=self)
        self.preview.grew.connect(self._fit)
        self._is_beside = True
        look.changed.connect(self.arrange)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def _fit(self) -> None:
        if self._is_beside:
            self.arrange()

    def arrange(self) -> None:
        """Give the card its place."""
        wide = self.look.wide(PREVIEW)
        high = self._height_at(wide)
        is_beside = self.width() >= self.look.wide(BESIDE_FROM) and high <= self.height()
        if is_beside != self._is_beside:
            self._is_beside = is_beside
            if is_beside:
                self.column.removeWidget(self.preview)
                self.preview.setParent(self)
            else:
                self.column.insertWidget(0, self.preview)
            self.preview.show()
        edge = self.look.gap(EDGE)
        self.setViewportMargins(0, 0, wide + edge if is_beside else 0, 0)
        if is_beside:
            self.preview.setGeometry(self.width() - wide - edge, 0, wide, high)

    def _height_at(self, width: int) -> int:
        layout = self.preview.layout()
        if layout is None:
            return 0
        return layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
