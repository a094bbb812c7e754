"""Grounds to put things on: stage and rail, cards, dividers, badges and the empty state."""

from typing import Literal

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.window.style import Look, M, S

Side = Literal["", "left", "right", "top", "bottom"]


class _Spread(QObject):
    """Keeps a layout's margins and spacing in step with the look."""

    def __init__(self, look: Look, layout: QLayout, margins: tuple[float, float, float, float], spacing: float) -> None:
        super().__init__(layout)
        self._look, self._layout, self._margins, self._spacing = look, layout, margins, spacing
        look.changed.connect(self.spread)
        self.spread()

    def spread(self) -> None:
        left, top, right, bottom = (self._look.gap(margin) for margin in self._margins)
        self._layout.setContentsMargins(left, top, right, bottom)
        self._layout.setSpacing(self._look.gap(self._spacing))


def spread(
    look: Look, layout: QLayout, margins: tuple[float, float, float, float] = (0, 0, 0, 0), spacing: float = 0
) -> None:
    """Give `layout` margins (left, top, right, bottom) and spacing in drawn px that follow the look."""
    _Spread(look, layout, margins, spacing)


class FixedSize(QObject):
    """Keeps a widget's width (as a rail's) and height (as a bar's), where given in drawn px, in step with the look."""

    def __init__(self, look: Look, widget: QWidget, *, width: float | None = None, height: float | None = None) -> None:
        super().__init__(widget)
        self._look, self._widget, self._width, self._height = look, widget, width, height
        look.changed.connect(self.fix)
        self.fix()

    def fix(self) -> None:
        if self._width is not None:
            self._widget.setFixedWidth(self._look.wide(self._width))
        if self._height is not None:
            self._widget.setFixedHeight(self._look.px(self._height))


class Panel(Follows, QWidget):
    """A flat ground in one colour, with a divider along one side if asked for."""

    def __init__(self, look: Look, token: str = "paper", *, edge: Side = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._token, self._edge = token, edge

    def set_token(self, token: str) -> None:
        """Paint the ground in another colour."""
        self._token = token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        painter.fillRect(self.rect(), self.look.color(self._token))
        right, bottom = self.width() - 1, self.height() - 1
        ends = {
            "left": (QPointF(0, 0), QPointF(0, bottom)),
            "right": (QPointF(right, 0), QPointF(right, bottom)),
            "top": (QPointF(0, 0), QPointF(right, 0)),
            "bottom": (QPointF(0, bottom), QPointF(right, bottom)),
        }
        if self._edge:
            painter.divider(*ends[self._edge])


class Card(Follows, QWidget):
    """A white ground with round corners and a thin line; `chosen` gives it the thick green edge."""

    def __init__(self, look: Look, *, radius: float = 12, chosen: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._radius, self._chosen = radius, chosen

    def set_chosen(self, chosen: bool) -> None:
        """Mark the card as the chosen one."""
        self._chosen = chosen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        edge = "primary" if self._chosen else "edge" if self.look.theme.outlined else "line"
        width = 3 if self._chosen else 1
        painter.box(QRectF(self.rect()), self._radius, "surface", edge=edge, width=width)


class Rule(Follows, QWidget):
    """A divider, one device pixel wide."""

    def __init__(
        self, look: Look, *, vertical: bool = False, length: float | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.follow(look)
        self._vertical, self._length = vertical, length
        fixed, wide = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        along = fixed if length is not None else wide
        self.setSizePolicy(*((fixed, along) if vertical else (along, fixed)))

    def sizeHint(self) -> QSize:
        along = self.look.px(self._length) if self._length is not None else 1
        return QSize(1, along) if self._vertical else QSize(along, 1)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.Painter(self, self.look).fillRect(self.rect(), self.look.color("line"))


class LetterBadge(Follows, QWidget):
    """A service's letter in its tinted square."""

    def __init__(self, look: Look, letter: str, *, side: float = 60, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._letter, self._side = letter, side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_letter(self, letter: str) -> None:
        """Show another letter."""
        self._letter = letter
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(self._side), self.look.px(self._side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.Painter(self, self.look).badge(QRectF(self.rect()), self._letter)


EMPTY_ICON = 48


class EmptyState(Follows, QWidget):
    """Says in place of a list why it is empty and what comes next."""

    def __init__(
        self, look: Look, icon: str, text: str = "", second: str = "", *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.follow(look)
        self._icon = icon
        centre = Qt.AlignmentFlag.AlignHCenter
        self._text = Label(look, text, px=M, token="ink2", align=centre, wrap=True)
        self._second = Label(look, second, px=S, token="ink2", align=centre, wrap=True)
        column = QVBoxLayout(self)
        spread(look, column, (16, 72, 16, 0), 8)
        column.addWidget(self._text)
        column.addWidget(self._second)
        column.addStretch(1)
        self._second.setVisible(bool(second))

    def set_texts(self, text: str, second: str = "") -> None:
        """Say something else."""
        self._text.setText(text)
        self._second.setText(second)
        self._second.setVisible(bool(second))

    def paintEvent(self, event: QPaintEvent) -> None:
        # Like the room over the words it does not grow with the text, or it would reach into them.
        painter, look = paint.Painter(self, self.look), self.look
        x = (self.width() - look.gap(EMPTY_ICON)) / 2
        painter.icon(self._icon, "ink2", x, look.gap(8), EMPTY_ICON / look.scale.text)
