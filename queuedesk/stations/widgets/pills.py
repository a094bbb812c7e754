"""Small marks: states in colour, shape and word, classes, and filters that can be pressed."""

from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.window.style import Look
from queuedesk.stations.window.theme import MARKS


def pill_width(look: Look, text: str, icon: str, px: float) -> float:
    """Return the width of a pill in device-independent pixels."""
    width = paint.width_of(look.font(px, bold=True), text) + 2 * look.px(px * 0.75)
    return width + (look.px(px * 1.05) + look.px(px * 0.4) if icon else 0)


def paint_pill(
    painter: paint.Painter,
    rect: QRectF,
    text: str,
    *,
    tint: str,
    token: str,
    icon: str = "",
    px: float = 15,
) -> None:
    """Draw a pill filling `rect`; in high contrast the tint becomes an outline in the word's colour."""
    look = painter.look
    edge = token if look.theme.outlined else ""
    painter.box(rect, rect.height(), tint, edge=edge, width=2)
    x = rect.left() + look.px(px * 0.75)
    if icon:
        side = px * 1.05
        painter.icon(icon, token, x, rect.center().y() - look.px(side) / 2, side)
        x += look.px(side) + look.px(px * 0.4)
    inside = QRectF(x, rect.top(), rect.right() - x, rect.height())
    painter.words_in(text, look.font(px, bold=True), token, inside)


class Pill(Follows, QLabel):
    """A word on a tint, with an icon if it has one."""

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        tint: str = "sunken",
        token: str = "ink2",
        icon: str = "",
        px: float = 15,
        height: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.follow(look)
        self._tint, self._token, self._icon = tint, token, icon
        self._px, self._height = px, height or px * 2
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_all(self, text: str, *, tint: str, token: str, icon: str = "") -> None:
        """Show another word, colour and icon."""
        self._tint, self._token, self._icon = tint, token, icon
        self.setText(text)
        self.relook()

    def sizeHint(self) -> QSize:
        width = ceil(pill_width(self.look, self.text(), self._icon, self._px))
        return QSize(width, self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = paint.Painter(self, self.look), QRectF(self.rect())
        paint_pill(painter, rect, self.text(), tint=self._tint, token=self._token, icon=self._icon, px=self._px)


class StatePill(Pill):
    """The state of a ticket or window: colour, shape and word. `state` is a key of theme.MARKS."""

    def __init__(
        self,
        look: Look,
        state: str,
        word: str,
        *,
        px: float = 17,
        height: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        mark = MARKS[state]
        super().__init__(
            look, word, tint=mark.tint, token=mark.token, icon=mark.icon, px=px, height=height, parent=parent
        )
        self.state = state

    def set_state(self, state: str, word: str) -> None:
        """Show another state; the word comes from the caller because it has a language."""
        mark = MARKS[state]
        self.state = state
        self.set_all(word, tint=mark.tint, token=mark.token, icon=mark.icon)


class ClassPill(Pill):
    """A customer's priority class, on staff screens only."""

    def __init__(self, look: Look, text: str, *, px: float = 14, parent: QWidget | None = None) -> None:
        super().__init__(look, text, tint="bluebg", token="blue", icon="person", px=px, height=px * 1.8, parent=parent)


class FilterPill(PaintedButton):
    """A filter that can be switched on; a tick and a tint show that it is."""

    PX = 15.0

    def __init__(self, look: Look, text: str, *, height: float = 32, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._height = height
        self.radius = height / 2
        self.setCheckable(True)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        icon = "check" if self.isChecked() else ""
        return QSize(ceil(pill_width(self.look, self.text(), icon, self.PX)), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def checkStateSet(self) -> None:
        self.updateGeometry()

    def nextCheckState(self) -> None:
        super().nextCheckState()
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect, on = paint.Painter(self, self.look), QRectF(self.rect()), self.isChecked()
        tint, token, icon = ("soft", "on_soft", "check") if on else ("sunken", "ink2", "")
        paint_pill(painter, rect, self.text(), tint=tint, token=token, icon=icon, px=self.PX)
