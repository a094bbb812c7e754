"""A call to read and to hear: as it is shown and as the voice reads it, at a time of day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Setup
from queuedesk.core.setup.voice import LANGUAGES, VoiceSpec
from queuedesk.i18n import _
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.hall_words import language_word
from queuedesk.stations.window.style import Look

LONGEST_NUMBER = 8
A_NUMBER = "017"


@dataclass(frozen=True, slots=True)
class Sample:
    """The call to try; `minute` of the hall's day, None for now."""

    ticket: str
    window: str
    recall: bool
    minute: int | None


@dataclass(frozen=True, slots=True)
class _Said:
    """A language with the call as it is shown and as it is read."""

    language: Label
    shown: Label
    read: Label


class VoicePreview(QObject):
    """Fills `card`. `changed`: another call is to be tried; `listen_wanted` and `hush_wanted`: its sound is to begin,
    to end."""

    changed = Signal()
    listen_wanted = Signal()
    hush_wanted = Signal()

    def __init__(self, look: Look, card: QWidget) -> None:
        super().__init__(card)
        self._setup: Setup | None = None
        self._playing = False
        self.title = Label(look, px=17, bold=True)
        self.number = QLineEdit()
        self.number.setMaxLength(LONGEST_NUMBER)
        self.window, self.time = DropDown(look).share_width(8), DropDown(look).share_width(8)
        self.recall = TickBox(look, "")
        self._places = [_Said(*_labels(look)) for _lang in LANGUAGES]
        self.said: dict[str, _Said] = {}
        self.button = SecondaryButton(look, "", icon="speaker-on", height=48)
        self.note = ErrorLine(look)
        column = QVBoxLayout(card)
        spread(look, column, (18, 14, 18, 16), 8)
        column.addWidget(self.title)
        line = QHBoxLayout()
        spread(look, line, spacing=8)
        line.addWidget(self.number, 2)
        line.addWidget(self.window, 3)
        column.addLayout(line)
        column.addWidget(self.time)
        column.addWidget(self.recall)
        for words in self._places:
            for label in (words.language, words.shown, words.read):
                column.addWidget(label)
        column.addWidget(self.button)
        column.addWidget(self.note)
        column.addStretch(1)
        self._look = look
        look.changed.connect(self._dress)
        self._dress()
        self.number.textEdited.connect(lambda _text: self.changed.emit())
        self.window.activated.connect(lambda _at: self.changed.emit())
        self.time.activated.connect(lambda _at: self.changed.emit())
        self.recall.clicked.connect(lambda _on: self.changed.emit())
        self.button.clicked.connect(self._press)

    def _dress(self) -> None:
        for field in (self.number, self.window, self.time):
            field.setFont(self._look.font(17))

    def retranslate(self) -> None:
        self.title.setText(_("Try a call"))
        self.number.setAccessibleName(_("Number", context="placeholder"))
        self.window.setAccessibleName(_("Window", context="placeholder"))
        self.time.setAccessibleName(_("Time of day", context="voice"))
        self.recall.setText(_("as a recall"))
        self.set_playing(self._playing)
        self.say("", wrong=False)

    def show_hall(self, setup: Setup, spec: VoiceSpec) -> None:
        """Offer the hall's windows, and the times of day at which the voice changes."""
        self._setup = setup
        self.number.setPlaceholderText(self._usual_number())
        windows = {code: _("Window {window}", window=code) for code in setup.windows}
        _offer(self.window, windows)
        times = {str(row.start): _("at {time}", time=clock_text(row.start)) for row in spec.hours}
        _offer(self.time, {"": _("as now"), **times})
        self.time.setVisible(bool(times))

    def sample(self) -> Sample:
        """Return the call to try."""
        minute = str(self.time.currentData() or "")
        typed = self.number.text().strip().upper() or self._usual_number()
        window = str(self.window.currentData() or "")
        return Sample(typed, window, self.recall.isChecked(), int(minute) if minute else None)

    def show_texts(self, shown: Mapping[str, str], read: Mapping[str, str]) -> None:
        """Show the call in each language that is spoken, in their order."""
        self.said = dict(zip(shown, self._places, strict=False))
        for lang, words in self.said.items():
            words.language.setText(language_word(lang))
            words.shown.setText(shown[lang])
            words.read.setText(_("read: {text}", text=read[lang]))
        for at, words in enumerate(self._places):
            for label in (words.language, words.shown, words.read):
                label.setVisible(at < len(self.said))

    def set_playing(self, playing: bool) -> None:
        """Offer to stop while it sounds."""
        self._playing = playing
        self.button.set_icon("close" if playing else "speaker-on")
        self.button.setText(_("Stop", context="sound") if playing else _("Listen"))

    def say(self, text: str, *, wrong: bool) -> None:
        """Say what came of it."""
        self.note.say(text, refused=wrong)
        self.note.setVisible(bool(text))

    def _press(self) -> None:
        (self.hush_wanted if self._playing else self.listen_wanted).emit()

    def _usual_number(self) -> str:
        services = self._setup.services.values() if self._setup is not None else ()
        return next((service.prefix for service in services), "A") + A_NUMBER


def _labels(look: Look) -> tuple[Label, Label, Label]:
    return (
        Label(look, px=15, bold=True),
        Label(look, px=17, wrap=True),
        Label(look, px=15, token="ink2", wrap=True),
    )


def _offer(choice: DropDown, words: Mapping[str, str]) -> None:
    """Offer these, keeping what is chosen where it is still there."""
    known = [(str(choice.itemData(at)), choice.itemText(at)) for at in range(choice.count())]
    if known == list(words.items()):
        return
    chosen = choice.currentData()
    choice.clear()
    for key, word in words.items():
        choice.addItem(word, key)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))
