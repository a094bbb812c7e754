"""The wizard's side: the steps with the current one filled, language and text size at the foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.i18n import LANGUAGES, _
from queuedesk.stations.widgets.buttons import PaintedButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Panel, spread
from queuedesk.stations.widgets.topbar import BrandMark
from queuedesk.stations.window.menu import LANGUAGE_NAMES
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import TEXT_SIZES_PCT, Look

SIDE_PX, NARROW_PX = 296, 104
MARGINS, NARROW_MARGINS = (40, 40, 24, 28), (12, 40, 8, 28)
LARGE_TEXT = 1.2
DONE, NOW, AHEAD = "done", "now", "ahead"


class StepRow(PaintedButton):
    """A step: its number in a circle and its name; one that is done has a tick and leads back there."""

    def __init__(self, look: Look, number: int, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._number, self._state = number, AHEAD

    def set_step(self, name: str, state: str) -> None:
        """Show a name and whether the step is done, current or still ahead."""
        self._state = state
        self.setText(name)
        self.setAccessibleName(f"{self._number} {name}")
        self.setEnabled(state == DONE)
        self.update()

    @property
    def is_current(self) -> bool:
        return self._state == NOW

    def sizeHint(self) -> QSize:
        return QSize(self.look.wide(200), self.look.px(48))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(80), self.look.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, side = Painter(self, self.look), self.look, self.look.px(28)
        current = self._state == NOW
        circle = QRectF(0, (self.height() - side) / 2, side, side)
        if self.underMouse() and self.isEnabled():
            painter.box(QRectF(self.rect()), 8, "paper")
        fill = "primary" if current else "soft" if self._state == DONE else "surface"
        painter.box(circle, 14, fill, edge="" if current else "edge")
        if self._state == DONE:
            painter.icon("check", "primary", circle.left() + look.px(6), circle.top() + look.px(6), 16)
        else:
            ink = "on_primary" if current else "ink2"
            middle = Qt.AlignmentFlag.AlignHCenter
            painter.words_in(str(self._number), look.font(15, bold=current), ink, circle, middle)
        left = look.px(40)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.words_in(self.text(), look.font(16, bold=current), "ink" if current else "ink2", room)


class WizardSide(Panel):
    """`picked` gives the number of a step, from 0, to go back to."""

    picked = Signal(int)

    def __init__(self, look: Look, preferences: Preferences, steps: int, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="right", parent=parent)
        self._preferences = preferences
        self._is_narrow = False
        head = QHBoxLayout()
        spread(look, head, (0, 0, 0, 40), 12)
        self._brand = Label(look, px=20, bold=True)
        head.addWidget(BrandMark(look))
        head.addWidget(self._brand, 1)
        column = self._column = QVBoxLayout(self)
        spread(look, column, MARGINS, 0)
        column.addLayout(head)
        self.steps = [StepRow(look, number + 1) for number in range(steps)]
        for at, step in enumerate(self.steps):
            step.setObjectName(str(at))
            step.clicked.connect(self._pick)
            column.addWidget(step)
        column.addStretch(1)
        self._language, self._size = (Label(look, px=16, token="ink2", elide=False) for _one in range(2))
        self.language_buttons = {code: TextButton(look, LANGUAGE_NAMES[code], height=44, px=16) for code in LANGUAGES}
        self.size_buttons = {pct: TextButton(look, str(pct), height=44, px=16) for pct in TEXT_SIZES_PCT}
        self._feet = [QBoxLayout(QBoxLayout.Direction.LeftToRight) for _foot in range(2)]
        choices: Sequence[dict[str, TextButton] | dict[int, TextButton]] = (self.language_buttons, self.size_buttons)
        for foot, label, buttons in zip(self._feet, (self._language, self._size), choices, strict=True):
            spread(look, foot, spacing=4)
            foot.addWidget(label)
            for choice, button in buttons.items():
                button.setObjectName(str(choice))
                foot.addWidget(button)
            foot.addStretch(1)
            column.addLayout(foot)
        for button in self.language_buttons.values():
            button.clicked.connect(self._speak)
        for button in self.size_buttons.values():
            button.clicked.connect(self._resize)
        look.changed.connect(self._make_room)
        self._make_room()

    def set_narrow(self, narrow: bool) -> None:
        """Keep language and text size only, below each other: the page says which step it is too."""
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self._make_room()

    def _make_room(self) -> None:
        """Leave the words out where large text leaves no room for them; the buttons still have their names."""
        look, narrow = self.look, self._is_narrow
        self.setFixedWidth(look.px(NARROW_PX) if narrow else look.wide(SIDE_PX))
        self._column.setContentsMargins(*(look.gap(side) for side in (NARROW_MARGINS if narrow else MARGINS)))
        for label in (self._language, self._size):
            label.setVisible(look.scale.text < LARGE_TEXT and not narrow)
        for part in (self._brand, *self.steps):
            part.setVisible(not narrow)
        ways = QBoxLayout.Direction
        for foot in self._feet:
            foot.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)

    def retranslate(self) -> None:
        self._brand.setText(_("QueueDesk"))
        self._language.setText(_("Language"))
        size = _("Text size")
        self._size.setText(size)
        for code, button in self.language_buttons.items():
            button.setDown(False)
            button.setEnabled(code != i18n.current())
        for pct, button in self.size_buttons.items():
            button.setDown(False)
            button.setEnabled(pct != self._preferences.text_pct)
            button.setAccessibleName(f"{size} {pct} %")

    def show_steps(self, names: Sequence[str], at: int) -> None:
        """Name the steps and mark the current one."""
        for number, (step, name) in enumerate(zip(self.steps, names, strict=True)):
            step.set_step(name, DONE if number < at else NOW if number == at else AHEAD)

    def _pick(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.picked.emit(int(sender.objectName()))

    def _speak(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._preferences.set_language(sender.objectName())

    def _resize(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._preferences.set_text_pct(int(sender.objectName()))
            self.retranslate()
