"""Who goes on at the window, and the PIN that proves it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.signing_in.people import GAP, PersonTile, arrange, columns_for
from queuedesk.stations.signing_in.view import SHORTEST_PIN, PinPad
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.panels import FixedSize, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.widgets.questions.guard import REPEATS
from queuedesk.stations.window.style import Look

WIDTH, SHEET_PAD, ROWS_SHOWN, ROW_PX = 720, 32, 4, 108
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PeopleDialog(Dialog):
    """One of several people: a touch, or a digit for the first nine. `done` gives the code."""

    done = Signal(str)

    def __init__(
        self, host: QWidget, look: Look, *, title: str, effect: str, people: Sequence[tuple[str, str, str]], no: str
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=WIDTH)
        self.tiles: dict[str, PersonTile] = {}
        inside = QWidget()
        grid = QGridLayout(inside)
        spread(self.look, grid, (4, 4, 4, 4), GAP)
        for number, (code, name, second) in enumerate(people, start=1):
            tile = PersonTile(self.look)
            tile.set_person(name, second)
            tile.set_key(str(number) if number <= 9 else "")
            tile.setObjectName(code)
            tile.clicked.connect(self._touched)
            self.tiles[code] = tile
        room = self.look.wide(WIDTH) - 2 * self.look.gap(SHEET_PAD)
        columns = min(2, columns_for(self.look, [name for _code, name, _second in people], room))
        arrange(grid, list(self.tiles.values()), columns)
        self.area = GroundArea(inside)
        rows = min(-(-len(people) // columns), ROWS_SHOWN)
        FixedSize(self.look, self.area, height=rows * (ROW_PX + GAP))
        self.body.addWidget(self.area)
        self.no_button = SecondaryButton(self.look, no, key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit, codes = event.text(), list(self.tiles)
        if digit.isdecimal() and 1 <= int(digit) <= min(9, len(codes)):
            self._do(codes[int(digit) - 1])
        else:
            super().keyPressEvent(event)

    def _touched(self) -> None:
        self._do(self.sender().objectName())

    def _do(self, code: str) -> None:
        self.close_dialog()
        self.done.emit(code)


class PinDialog(Dialog):
    """The PIN of one person. `given` carries it; the question stays until it is proved or taken away."""

    given = Signal(str)
    done = Signal()

    def __init__(self, host: QWidget, look: Look, *, title: str) -> None:
        super().__init__(host, look, title=title)
        self.setProperty(REPEATS, True)
        self.line = ErrorLine(self.look)
        self.line.say(_("4 to 12 digits"), refused=False)
        self.pad = PinPad(self.look)
        self.pad.retranslate()
        self.pad.back.clicked.connect(self.refuse)
        self.pad.enter.clicked.connect(self._give)
        self.body.addWidget(self.line)
        self.body.addWidget(self.pad)

    def say(self, refusal: str) -> None:
        """Say why it was not right; another try begins."""
        self.pad.clear()
        self.line.say(refusal, refused=True)

    def proved(self) -> None:
        """Take the question away: it is answered."""
        self.close_dialog()
        self.done.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if len(digit) == 1 and digit in "0123456789":
            self.pad.give(digit)
        elif event.key() == Qt.Key.Key_Backspace:
            self.pad.take_back()
        elif event.key() in _ENTER and not event.isAutoRepeat():
            self._give()
        else:
            super().keyPressEvent(event)

    def _give(self) -> None:
        if len(self.pad.pin) >= SHORTEST_PIN:
            self.given.emit(self.pad.pin)
