"""A question answered by one press: which ticket to print again, which line is the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.even_grid import EvenGrid
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing to pick: what is given back, its word, a second line; `open` false shows it dashed."""

    key: str
    word: str
    second: str = ""
    open: bool = True


class PickDialog(Dialog):
    """A question answered by one press on one of a few large buttons, or by its digit."""

    picked = Signal(str)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        answers: Sequence[Answer],
        no: str,
        effect: str = "",
        more: str = "",
        more_icon: str = "search",
        in_column: bool = False,
    ) -> None:
        super().__init__(host, look, title=title, effect=effect)
        self.answers: dict[str, SecondaryButton] = {}
        for number, answer in enumerate(answers, start=1):
            key = str(number) if number <= 9 else ""
            align = "left" if in_column else "center"
            button = SecondaryButton(
                self.look, answer.word, second=answer.second, key=key, height=76, px=20, align=align
            )
            button.setEnabled(answer.open)
            button.clicked.connect(partial(self._pick, answer.key))
            self.answers[answer.key] = button
        if in_column:
            for button in self.answers.values():
                self.body.addWidget(button)
        else:
            grid = EvenGrid(self.look, height=76, gap=10)
            grid.set_widgets(list(self.answers.values()))
            self.body.addWidget(grid)
        if more:
            self.more_button = SecondaryButton(self.look, more, icon=more_icon, height=56, px=18)
            self.more_button.clicked.connect(partial(self._pick, ""))
            self.buttons.addWidget(self.more_button)
        self.no_button = SecondaryButton(self.look, no, key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        open_ = list(self.answers)
        if digit.isdecimal() and 1 <= int(digit) <= len(open_):
            key = open_[int(digit) - 1]
            if self.answers[key].isEnabled():
                self._pick(key)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(open_) == 1 and not event.isAutoRepeat():
            self._pick(open_[0])
        else:
            super().keyPressEvent(event)

    def _pick(self, key: str) -> None:
        self.close_dialog()
        self.picked.emit(key)
