"""The question what was done for the customer: a digit or a touch adds one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _, n_
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.tiles import Tile
from queuedesk.stations.widgets.paint import CapStyle, Painter
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.guard import REPEATS
from queuedesk.stations.window.style import Look

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
MOST = 99


class CountTile(Tile):
    """A service with the digit that adds one and how many there are."""

    def __init__(self, look: Look, digit: str, name: str) -> None:
        super().__init__(look, width=400, height=60)
        self._digit, self._name, self.count = digit, name, 0
        self.setMinimumHeight(0)
        self.setProperty(REPEATS, True)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Show another count."""
        self.count = max(0, min(MOST, count))
        self.setText(self._name)
        self.setAccessibleName(n_("{name}, {n} time", "{name}, {n} times", self.count, name=self._name))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            event.ignore()  # Enter belongs to the dialog.
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        self.paint_ground(painter)
        left, side = look.px(18), look.px(32)
        if self._digit:
            cap = QRectF(left, round((self.height() - side) / 2), side, side)
            painter.key_cap(cap, self._digit, CapStyle(px=17))
            left += side + look.px(16)
        right = self.width() - look.px(18)
        count = QRectF(right - look.px(64), 0, look.px(64), self.height())
        if self.count:
            font = look.font(24, bold=True, tabular=True)
            painter.words_in(f"×{self.count}", font, "primary", count, Qt.AlignmentFlag.AlignRight)
        name = QRectF(left, 0, count.left() - left, self.height())
        painter.words_in(self._name, look.font(19, bold=bool(self.count)), "ink", name)


class DeliveredDialog(Dialog):
    """Counts what was delivered: digits add one, Backspace takes the last one back, Enter keeps. `done` gives counts by
    code."""

    done = Signal(dict)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        services: Sequence[tuple[str, str]],
        counts: Mapping[str, int],
    ) -> None:
        effect = _("It is counted for the day's report when the visit is finished.")
        super().__init__(host, look, title=title, effect=effect)
        self.tiles: dict[str, CountTile] = {}
        self._added: list[str] = []
        for number, (code, name) in enumerate(services, start=1):
            tile = CountTile(self.look, str(number) if number <= 9 else "", name)
            tile.setObjectName(code)
            tile.set_count(counts.get(code, 0))
            tile.clicked.connect(self._touched)
            self.body.addWidget(tile)
            self.tiles[code] = tile
        self.no_button = SecondaryButton(self.look, _("Change nothing"), key="Esc", height=56, px=18)
        self.none_button = SecondaryButton(self.look, _("Back to none"), height=56, px=18)
        self.yes_button = PrimaryButton(self.look, _("Keep"), height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.none_button.clicked.connect(self._none)
        self.yes_button.clicked.connect(self._do)
        for button in (self.no_button, self.none_button, self.yes_button):
            self.buttons.addWidget(button)

    def counts(self) -> dict[str, int]:
        """Return how many of each are delivered, those with none left out."""
        return {code: tile.count for code, tile in self.tiles.items() if tile.count}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit, codes = event.text(), list(self.tiles)
        if digit.isdecimal() and 1 <= int(digit) <= min(9, len(codes)):
            self._add(codes[int(digit) - 1])
        elif event.key() == Qt.Key.Key_Backspace and self._added:
            tile = self.tiles[self._added.pop()]
            tile.set_count(tile.count - 1)
        elif event.key() in _ENTER and not event.isAutoRepeat():
            self._do()
        else:
            super().keyPressEvent(event)

    def _touched(self) -> None:
        self._add(self.sender().objectName())

    def _add(self, code: str) -> None:
        self.tiles[code].set_count(self.tiles[code].count + 1)
        self._added.append(code)

    def _none(self) -> None:
        self._added.clear()
        for tile in self.tiles.values():
            tile.set_count(0)

    def _do(self) -> None:
        counts = self.counts()
        self.close_dialog()
        self.done.emit(counts)
