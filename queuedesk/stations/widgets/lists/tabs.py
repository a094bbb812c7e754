"""The pages of a section side by side as words: the chosen one bold on a tint."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

PX, SMALLEST, PAD, HIGH, GAP = 17, 13, 16, 44, 4


class _Tab(PaintedButton):
    radius = 10.0

    def __init__(self, look: Look, key: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.key = key
        self.setObjectName(f"tab-{key}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        # As wide as when it is chosen: choosing must not move its neighbours.
        width = width_of(self.look.font(PX, bold=True), self.text()) + 2 * self.look.gap(PAD)
        return QSize(round(width) + 1, self.look.px(HIGH))

    def minimumSizeHint(self) -> QSize:
        width = width_of(self.look.font(SMALLEST, bold=True), self.text()) + self.look.gap(PAD)
        return QSize(round(width) + 1, self.look.px(HIGH))

    def nextCheckState(self) -> None:
        # The only tab of a row would be let go by a press.
        self.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, on = Painter(self, self.look), self.look, self.isChecked()
        rect = QRectF(self.rect())
        if on:
            painter.box(rect, self.radius, "soft", edge="primary" if look.theme.outlined else "")
        elif self.underMouse():
            painter.box(rect, self.radius, "sunken")
        px = fit_px(self.text(), rect.width() - look.gap(6), look.px(PX), bold=True, least=look.px(SMALLEST))
        font = look.font(px / look.scale.k, bold=on)
        painter.words_in(self.text(), font, "on_soft" if on else "ink2", rect, Qt.AlignmentFlag.AlignHCenter)


class TabRow(Follows, QWidget):
    """`picked` gives the key of the tab pressed; left and right arrow go from tab to tab."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._tabs: list[_Tab] = []
        self._row = QHBoxLayout(self)
        spread(look, self._row, spacing=GAP)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_tabs(self, tabs: Sequence[tuple[str, str]]) -> None:
        """Show (key, word) tabs; those that are there already keep the keyboard."""
        if [tab.key for tab in self._tabs] != [key for key, _word in tabs]:
            chosen = self.current()
            for tab in self._tabs:
                tab.hide()
                tab.deleteLater()
            self._tabs = [_Tab(self.look, key) for key, _word in tabs]
            for place, tab in enumerate(self._tabs):
                self._row.insertWidget(place, tab)
                tab.clicked.connect(self._tell)
            self.set_current(chosen)
        for tab, (_key, word) in zip(self._tabs, tabs, strict=True):
            tab.setText(word)

    def tab(self, key: str) -> _Tab | None:
        """Return the button of a tab."""
        return next((tab for tab in self._tabs if tab.key == key), None)

    def current(self) -> str:
        return next((tab.key for tab in self._tabs if tab.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose a tab without a signal."""
        tab = self.tab(key)
        if tab is not None:
            tab.setChecked(True)

    def _tell(self) -> None:
        self.picked.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        at = next((i for i, tab in enumerate(self._tabs) if tab.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        tab = self._tabs[(at + step) % len(self._tabs)]
        tab.setFocus(Qt.FocusReason.TabFocusReason)
        tab.click()

    def sizeHint(self) -> QSize:
        return self._sum([tab.sizeHint() for tab in self._tabs])

    def minimumSizeHint(self) -> QSize:
        return self._sum([tab.minimumSizeHint() for tab in self._tabs])

    def _sum(self, sizes: Sequence[QSize]) -> QSize:
        between = self.look.gap(GAP) * len(sizes)
        return QSize(sum(size.width() for size in sizes) + between, self.look.px(HIGH))
