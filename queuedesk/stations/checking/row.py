"""One device to be checked: its name and state, the key that tries it, and the two answers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.talk.device import DISPLAY, PRINTER, VOICE, Key
from queuedesk.core.talk.opening_checks import FAILED, IS_DOWN, UNCHECKED, Wanted
from queuedesk.i18n import _
from queuedesk.i18n.talk.check_words import checked_name, lack_words, question, try_words
from queuedesk.stations.widgets.buttons import AccentButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import FixedSize, Rule, spread
from queuedesk.stations.widgets.pills import Pill
from queuedesk.stations.window.style import Look, M, S

ROW_PX, KEY_PX = 76, 44
ICONS = {VOICE: "speaker", DISPLAY: "screen", PRINTER: "print"}
_PILL_PX = 14


class CheckRow(QWidget):
    """A row for one device; `tried`, `passed` and `doubted` carry its key."""

    tried = Signal(tuple)
    passed = Signal(tuple)
    doubted = Signal(tuple)

    def __init__(self, look: Look, key: Key) -> None:
        super().__init__()
        self._look, self._key = look, key
        self._name = Label(look, px=M, bold=True)
        self._line = Label(look, px=S, token="ink2")
        self._pill = Pill(look, "", px=_PILL_PX)
        self.try_button = SecondaryButton(look, icon=ICONS[key[0]], height=KEY_PX, px=16)
        self.yes_button = AccentButton(look, icon="check", height=KEY_PX, px=16)
        self.no_button = TextButton(look, height=KEY_PX, px=16)
        self.try_button.clicked.connect(self._try)
        self.yes_button.clicked.connect(self._pass)
        self.no_button.clicked.connect(self._doubt)
        words = QVBoxLayout()
        spread(look, words, spacing=0)
        below = QHBoxLayout()
        spread(look, below, spacing=10)
        below.addWidget(self._pill)
        below.addWidget(self._line, 1)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addLayout(below)
        words.addStretch(1)
        row = QHBoxLayout()
        spread(look, row, spacing=8)
        row.addLayout(words, 1)
        for button in (self.try_button, self.yes_button, self.no_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        spread(look, column)
        column.addLayout(row, 1)
        column.addWidget(Rule(look))
        FixedSize(look, self, height=ROW_PX)

    def show_wanted(self, one: Wanted, *, was_tried: bool, seen: str) -> None:
        """Show how the device stands; `seen` says when and by whom it was looked at, "" if by nobody."""
        name = checked_name(one.device, one.station)
        self._key = one.key
        self._name.setText(name)
        done = one.lack is None
        tint, token, icon = _LOOKS[one.lack]
        self._pill.set_all(lack_words(one.lack, one.cause), tint=tint, token=token, icon=icon)
        asks = was_tried and not done
        self._line.setText(question(one.device) if asks else seen)
        self._line.set_token("ink" if asks else "ink2")
        self._line.set_bold(asks)
        # The question stands where the state stood: both would not fit beside the keys with large text.
        self._pill.setVisible(not (asks and one.lack == UNCHECKED))
        self.try_button.setText(try_words(one.device))
        self.yes_button.setText(_("It works"))
        self.no_button.setText(_("It doesn't"))
        for button in (self.try_button, self.yes_button, self.no_button):
            button.setAccessibleName(f"{name}: {button.text()}")
            button.setVisible(not done)
        self.setAccessibleName(f"{name}, {self._pill.text()}")

    def _try(self) -> None:
        self.tried.emit(self._key)

    def _pass(self) -> None:
        self.passed.emit(self._key)

    def _doubt(self) -> None:
        self.doubted.emit(self._key)


_LOOKS = {
    None: ("soft", "on_soft", "check"),
    UNCHECKED: ("sunken", "ink2", "waiting"),
    FAILED: ("redbg", "red", "warning"),
    IS_DOWN: ("amberbg", "amber", "warning"),
}
