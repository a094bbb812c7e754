"""The questions of talking: a message, help, an emergency. Ready sentences come first; one press sends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.setup.sentences import Sentence
from queuedesk.i18n import _, named
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import CapStyle, Painter, wrap
from queuedesk.stations.widgets.panels import EvenGrid, FixedSize, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

# A ready sentence that one press sends: its digit and its words, in as many lines as they need.

PX, CAP, LEFT, GAP, HEIGHT, MOST_LINES = 17, 28, 14, 14, 60, 3


class SentenceButton(SecondaryButton):
    """Says a whole sentence; `digit` is the key that presses it, "" where it has none."""

    def __init__(self, look: Look, text: str, digit: str = "", *, danger: bool = False) -> None:
        super().__init__(look, text, height=HEIGHT, px=PX, align="left")
        self._digit = digit
        if danger:
            self.edge = "red"

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        fill, edge, ink = self.colors()
        rect = QRectF(self.rect())
        painter.box(rect, self.radius, fill, edge=edge, width=2 if edge == "red" else 1, dashed=not self.isEnabled())
        left, side = look.px(LEFT), look.px(CAP)
        if self._digit:
            place = QRectF(left, round((self.height() - side) / 2), side, side)
            painter.key_cap(place, self._digit, CapStyle(px=15))
            left += side + look.px(GAP)
        room = self.width() - left - look.px(LEFT)
        px, lines = PX, wrap(look.font(PX, bold=True), self.text(), room, MOST_LINES)
        if len(lines) > 2:
            px = 15
            lines = wrap(look.font(px, bold=True), self.text(), room, 2)
        high = look.px(px * 1.4)
        y = (self.height() - high * len(lines)) / 2
        for line in lines:
            painter.words_in(line, look.font(px, bold=True), ink, QRectF(left, y, room, high))
            y += high


WIDTH, LONGEST = 720, 100
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SentencesDialog(Dialog):
    """Ready sentences to press, by touch or by digit; Esc leaves. `done` gives the sentence."""

    done = Signal(object)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        sentences: Sequence[Sentence],
        no: str,
        effect: str = "",
        danger: bool = False,
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=WIDTH)
        self._sentences = list(sentences)
        self.ready: list[SentenceButton] = []
        for number, sentence in enumerate(self._sentences, start=1):
            words, digit = named(sentence.text, sentence.text_en), str(number) if number <= 9 else ""
            button = SentenceButton(self.look, words, digit, danger=danger)
            button.clicked.connect(partial(self.send, number - 1))
            self.ready.append(button)
        self._add_ready()
        self.no_button = SecondaryButton(self.look, no, key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def _add_ready(self) -> None:
        for button in self.ready:
            self.body.addWidget(button)

    def send(self, place: int) -> None:
        """Send the sentence at `place` in the list."""
        self._finish(self._sentences[place])

    def _finish(self, sentence: Sentence) -> None:
        self.close_dialog()
        self.done.emit(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if digit.isdecimal() and 1 <= int(digit) <= min(9, len(self._sentences)) and not event.isAutoRepeat():
            self.send(int(digit) - 1)
        else:
            super().keyPressEvent(event)


class MessageDialog(SentencesDialog):
    """To whom, and what: a ready sentence or own words. `wanted` gives the place, the text and its English.

    `places` are (place, word) with the first as the usual one; `about` is the message that is answered.
    """

    wanted = Signal(str, str, str)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        places: Sequence[tuple[str, str]],
        sentences: Sequence[Sentence],
        to: str = "",
        about: str = "",
    ) -> None:
        self.to = DropDown(look)
        for place, word in places:
            self.to.addItem(word, place)
        self.to.setCurrentIndex(max(0, self.to.findData(to)))
        super().__init__(host, look, title=_("Send a message"), effect=about, sentences=sentences, no=_("Send nothing"))
        self.done.connect(self._send_ready)

    def _add_ready(self) -> None:
        look = self.look
        FixedSize(look, self.to, height=48)
        self.body.addWidget(FormField(look, _("To", context="message"), edit=self.to))
        self.body.addWidget(Label(look, _("A press sends it:"), px=15, bold=True))
        grid = EvenGrid(look, height=HEIGHT, gap=10)
        grid.set_widgets(list(self.ready))
        self.body.addWidget(grid)
        self.words = QLineEdit()
        self.words.setMaxLength(LONGEST)
        self.words.textChanged.connect(self._typed)
        self.words.returnPressed.connect(self._send_own)
        own = QHBoxLayout()
        spread(look, own, spacing=12)
        self._own = FormField(look, _("In your own words"), edit=self.words)
        own.addWidget(self._own, 1)
        self.send_button = PrimaryButton(look, height=48, px=17)
        self.send_button.clicked.connect(self._send_own)
        own.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(own)
        self._typed()

    def _typed(self) -> None:
        if self.words.text().strip():
            self.send_button.allow(_("Send", context="message"))
        else:
            self.send_button.block(_("Write it first"))

    def _send_ready(self, sentence: Sentence) -> None:
        self.wanted.emit(self.to.currentData(), sentence.text, sentence.text_en)

    def _send_own(self) -> None:
        if self.words.text().strip():
            self._finish(Sentence(self.words.text().strip()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if QApplication.focusWidget() is self.words and event.key() != Qt.Key.Key_Escape:
            event.accept()
            return
        super().keyPressEvent(event)


class ReadDialog(Dialog):
    """A whole message, with an answer to it. `done` gives whether somebody wants to answer."""

    done = Signal(bool)

    def __init__(self, host: QWidget, look: Look, *, title: str, text: str) -> None:
        super().__init__(host, look, title=title)
        self.body.addWidget(Label(self.look, text, px=20, wrap=True))
        self.reply_button = SecondaryButton(self.look, _("Reply"), height=56, px=18)
        self.seen_button = PrimaryButton(self.look, _("Seen", context="message"), key="Enter", height=56, px=18)
        self.reply_button.clicked.connect(partial(self._finish, True))
        self.seen_button.clicked.connect(partial(self._finish, False))
        self.buttons.addWidget(self.reply_button)
        self.buttons.addWidget(self.seen_button)

    def _finish(self, reply: bool) -> None:
        self.close_dialog()
        self.done.emit(reply)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.isAutoRepeat():
            self._finish(False)
        else:
            super().keyPressEvent(event)
