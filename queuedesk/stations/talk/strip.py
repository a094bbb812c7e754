"""The quiet strip of messages and calls for help: one thing at a time, in a place where it covers nothing that is
pressed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.paint import Painter, width_of, wrap
from queuedesk.stations.widgets.panels import KEPT_CLEAR
from queuedesk.stations.widgets.spoken import GROUP
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window.style import Look

TINTS = {"red": "redbg", "amber": "amberbg", "blue": "bluebg"}
HEIGHT, BUTTON, TEXT, LINES = 52, 40, 15, 2
LEFT, ICON, GAP, EDGE = 14, 20, 10, 6


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the strip: what it does and its label."""

    verb: str
    word: str


@dataclass(frozen=True, slots=True)
class StripText:
    """What the strip shows. `instead` are the buttons if not all of the text fits; `behind` says how many more wait.

    If room is short `behind` is left out first, then all buttons but the first.
    """

    kind: str
    icon: str
    text: str
    behind: str = ""
    presses: tuple[Press, ...] = ()
    instead: tuple[Press, ...] = ()


class TalkStrip(Follows, QWidget):
    """Icon, text in up to two lines, buttons. `pressed` gives the verb of the button."""

    spoken_role = GROUP

    pressed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self.setProperty(KEPT_CLEAR, True)
        self._text: StripText | None = None
        self._buttons: dict[str, SecondaryButton] = {}
        self._behind = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_text(self, text: StripText | None) -> None:
        """Show this text; None removes the strip."""
        if text == self._text:
            return
        self._text = text
        if text is not None:
            self.setAccessibleName(text.text)
            self._make_buttons(text)
            self._place()
        self.setVisible(text is not None)
        self.update()

    def text(self) -> str:
        return self._text.text if self._text is not None else ""

    def buttons(self) -> dict[str, SecondaryButton]:
        """Return the buttons that can be pressed now, by their verbs."""
        return {verb: button for verb, button in self._buttons.items() if not button.isHidden()}

    def _make_buttons(self, text: StripText) -> None:
        for button in self._buttons.values():
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for press in (*text.presses, *text.instead):
            button = SecondaryButton(self.look, press.word, height=BUTTON, px=TEXT, parent=self)
            button.setObjectName(f"talk-{press.verb}")
            button.clicked.connect(partial(self.pressed.emit, press.verb))
            self._buttons[press.verb] = button

    # -- placing ---------------------------------------------------------------------------------------------------

    def relook(self) -> None:
        super().relook()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.look.px(HEIGHT))

    def _place(self) -> None:
        text = self._text
        if text is None:
            return
        forms = [(text.presses, text.behind), (text.presses, "")]
        forms += [(text.instead, "")] if text.instead else [(text.presses[:1], "")]
        shown, self._behind = next((form for form in forms if self._fits(text, *form)), forms[-1])
        x = self._left_of(shown) + self.look.px(GAP)
        for verb, button in self._buttons.items():
            is_shown = any(press.verb == verb for press in shown)
            button.setVisible(is_shown)
            if is_shown:
                size = button.sizeHint()
                height = min(size.height(), self.height() - 2)
                button.setGeometry(x, (self.height() - height) // 2, size.width(), height)
                x += size.width() + self.look.px(GAP)
        self.update()

    def _left_of(self, presses: tuple[Press, ...]) -> int:
        """Return where the buttons' room begins."""
        widths = [self._buttons[press.verb].sizeHint().width() + self.look.px(GAP) for press in presses]
        return self.width() - sum(widths) - self.look.px(EDGE)

    def _fits(self, text: StripText, presses: tuple[Press, ...], behind: str) -> bool:
        room = self._room(self._left_of(presses), behind)
        lines = wrap(self.look.font(TEXT, bold=True), text.text, room, LINES + 1)
        return len(lines) <= LINES and not any(line.endswith("…") for line in lines)

    def _room(self, right: int, behind: str) -> float:
        look = self.look
        behind_width = width_of(look.font(TEXT), behind) + look.px(GAP) if behind else 0
        return right - look.px(LEFT + ICON + GAP) - behind_width - look.px(GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        text = self._text
        if text is None:
            return
        painter, look = Painter(self, self.look), self.look
        rect = QRectF(self.rect())
        painter.box(rect, 10, TINTS[text.kind], edge=text.kind, width=2)
        painter.icon(text.icon, text.kind, look.px(LEFT), (self.height() - look.px(ICON)) / 2, ICON)
        shown = [button for button in self._buttons.values() if not button.isHidden()]
        right = min((button.x() for button in shown), default=self.width()) - look.px(GAP)
        left, bold = look.px(LEFT + ICON + GAP), look.font(TEXT, bold=True)
        lines = wrap(bold, text.text, self._room(right, self._behind), LINES)
        high = look.px(TEXT * 1.35)
        y = (self.height() - high * len(lines)) / 2
        for line in lines:
            painter.words_in(line, bold, "ink", QRectF(left, y, right - left, high))
            y += high
        if self._behind:
            beside = QRectF(left, 0, right - left, self.height())
            painter.words_in(self._behind, look.font(TEXT), "ink2", beside, Qt.AlignmentFlag.AlignRight)


class OverTopBar(QObject):
    """Keeps a strip over the middle of a top bar, where nothing can be pressed: it comes and goes, and nothing below
    moves. Of two strips the one that came last is in front."""

    def __init__(self, strip: QWidget, bar: TopBar) -> None:
        super().__init__(bar)
        self._strip, self._bar = strip, bar
        strip.setParent(bar)
        strip.hide()
        bar.installEventFilter(self)
        strip.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show)
        if event.type() in kinds:
            self.place()
        if event.type() == QEvent.Type.Show and watched is self._strip:
            self._strip.raise_()
        return False

    def place(self) -> None:
        """Place it between the station's name and the clock."""
        middle = self._bar.middle()
        if self._strip.geometry() != middle:
            self._strip.setGeometry(middle)
