"""The fishbone of a project as a widget: arrows walk its causes, digits answer, Enter keeps the answer."""

from __future__ import annotations

from math import ceil

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from queuedesk.core.charts.layout import Layout
from queuedesk.core.charts.marks import Rect
from queuedesk.core.improvement.fishbone import Fish, fish_height, fits, lay_out_fish
from queuedesk.stations.widgets.charts.chart_view import ChartView, Screen
from queuedesk.stations.window.style import Look

DIGITS = {Qt.Key.Key_1: 0, Qt.Key.Key_2: 1, Qt.Key.Key_3: 2}


class FishboneView(ChartView):
    """`walked` gives the number of the cause that the keyboard came to or that was pressed, `answered` which of the
    three answers was typed, `kept` that Enter was pressed."""

    walked = Signal(int)
    answered = Signal(int)
    kept = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self._fish: Fish | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_fish(self, fish: Fish, name: str) -> None:
        """Show other causes under a name, which is read out with them."""
        self._fish, self._layout = fish, None
        told = "; ".join(", ".join(twig.point.said) for twig in fish.twigs if twig.point)
        self.set_points(name, told, fish.points)

    def choose(self, number: int | None) -> None:
        """Mark another cause."""
        if self._fish is not None and self._fish.chosen != number:
            self._fish, self._layout = replace(self._fish, chosen=number), None
            self.update()

    def has_room(self, bones: int, width: int) -> bool:
        """Whether so many bones have room in that width."""
        return fits(bones, Screen(self.look), width)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ceil(fish_height(self._fish, Screen(self.look), width)) if self._fish is not None else 0

    def sizeHint(self) -> QSize:
        wide = max(self.width(), self.look.px(420))
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(320), self.heightForWidth(max(self.width(), self.look.px(320))))

    def _lay_out(self, screen: Screen, room: Rect) -> Layout:
        return lay_out_fish(self._fish, screen, room) if self._fish is not None else Layout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    # -- keys --------------------------------------------------------------------------------------------------------

    def look_at(self, n: int | None, *, by_key: bool = False) -> None:
        super().look_at(n, by_key=by_key)
        if by_key and self.at is not None and isinstance(self.at.leads, int):
            self.walked.emit(self.at.leads)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._fish is not None and self._fish.chosen is not None and self._at is None:
            self._at = next((n for n, one in enumerate(self._points) if one.leads == self._fish.chosen), None)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in DIGITS:
            self.answered.emit(DIGITS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.kept.emit()
        else:
            super().keyPressEvent(event)
