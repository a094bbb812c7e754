"""A sample ticket as it will be printed, at the width of its roll."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import GroundArea, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

ROLLS = {80: 576, 58: 384}
"""Dots of the head by the width of the roll in millimetres."""
LEAST_PX, SMALL_PX = 260, 150
_NO_LIMIT = 16_777_215  # Qt's own
_EDGE_PX = 10


class SlipPicture(Follows, QWidget):
    """A slip in its true proportion: a narrow roll is drawn narrower."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow(look)
        self._image: QImage | None = None
        self._roll = 80
        self._most = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_image(self, image: QImage, roll: int) -> None:
        """Show a slip of a roll of so many millimetres."""
        self._image, self._roll = image, roll
        self.updateGeometry()
        self.update()

    def keep_within(self, most: int) -> None:
        """Draw no wider than so many px; 0 for as wide as there is room."""
        if most != self._most:
            self._most = most
            self.updateGeometry()
            self.update()

    def image(self) -> QImage | None:
        return self._image

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self._image is None:
            return self.look.px(LEAST_PX)
        return round(self._image.height() * self._scale(width)) + 2 * self.look.px(_EDGE_PX)

    def sizeHint(self) -> QSize:
        width = max(self.width(), self.look.px(200))
        return QSize(width, self.heightForWidth(width))

    def _scale(self, width: int) -> float:
        """Return px of the screen for one dot, the paper of 80 mm as wide as there is room."""
        room = width - 2 * self.look.px(_EDGE_PX)
        room = min(room, self._most) if self._most else room
        return room * self._roll / 80 / ROLLS[self._roll]

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        scale, edge = self._scale(self.width()), self.look.px(_EDGE_PX)
        wide, high = self._image.width() * scale, self._image.height() * scale
        paper = QRectF((self.width() - wide) / 2, edge, wide, high)
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        # Shrunk once with all its dots: a painter would leave out lines of one dot.
        shrunk = self._image.convertToFormat(QImage.Format.Format_Grayscale8).scaled(
            round(wide * ratio),
            round(high * ratio),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(paper, shrunk)
        painter.setPen(self.look.color("line"))
        painter.drawRect(paper)
        painter.end()


class TicketPreview(QWidget):
    """The picture with the choice of the roll and the key that prints it; `rolled` says that another width is
    chosen."""

    rolled = Signal()
    print_wanted = Signal()

    def __init__(self, look: Look, card: QWidget) -> None:
        super().__init__(card)
        self._look, self.roll = look, 80
        self.title = Label(look, px=17, bold=True)
        self.picture = SlipPicture(look)
        self.area = GroundArea(self.picture, keys=True)
        self.rolls = {mm: ToggleChoice(look, f"{mm} mm", height=40, px=15) for mm in ROLLS}
        for mm, choice in self.rolls.items():
            choice.setObjectName(str(mm))
            choice.setChecked(mm == self.roll)
            choice.clicked.connect(self._choose)
        self.button = SecondaryButton(look, "", icon="print", height=48)
        self.button.clicked.connect(self.print_wanted)
        self.note = ErrorLine(look)
        self.note.hide()
        head = QHBoxLayout()
        spread(look, head, spacing=8)
        head.addWidget(self.title, 1)
        for choice in self.rolls.values():
            head.addWidget(choice)
        column = QVBoxLayout(card)
        spread(look, column, (14, 12, 14, 14), 8)
        column.addLayout(head)
        column.addWidget(self.area, 1)
        column.addWidget(self.button)
        column.addWidget(self.note)

    def retranslate(self) -> None:
        self.say("", wrong=False)
        self.title.setText(_("As printed"))
        self.picture.setAccessibleName(_("Sample ticket"))
        self.button.setText(_("Print a sample"))
        for mm, choice in self.rolls.items():
            choice.setAccessibleName(_("Paper of {mm} mm", mm=mm))

    def make_small(self, small: bool) -> None:
        """Leave room for the fields below it, or use all that there is."""
        self.picture.keep_within(self._look.px(SMALL_PX) if small else 0)
        self.area.setMaximumHeight(self._look.px(SMALL_PX) if small else _NO_LIMIT)

    def hideEvent(self, event: QHideEvent) -> None:
        # What was said of a printer need not be true when somebody comes back.
        self.say("", wrong=False)
        super().hideEvent(event)

    def say(self, text: str, *, wrong: bool) -> None:
        """Say what came of printing."""
        self.note.say(text, refused=wrong)
        self.note.setVisible(bool(text))

    def _choose(self) -> None:
        self.roll = int(self.sender().objectName())
        for mm, choice in self.rolls.items():
            choice.setChecked(mm == self.roll)
        self.rolled.emit()
