"""The number, or the papers, over the whole stage, for when nothing was printed: what was done counts all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.overview import set_up
from queuedesk.i18n import _, listing, named, say
from queuedesk.stations.guide.choices import Choice, full_title, papers_of
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.ticket.draft_texts import told_text
from queuedesk.stations.guide.ticket.printing import Slip
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import HeroLabel, Label
from queuedesk.stations.widgets.panels import GroundArea, spread
from queuedesk.stations.window.style import HERO, XL, Look

MANY_PAPERS, LOW_STAGE = 6, 600  # drawn px


class NumberStage(QWidget):
    """A ticket's number as large as it goes, or a list of papers to read out, and the way on."""

    done = Signal()
    again = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = Label(look, px=XL, bold=True, token="amber", wrap=True)
        self.number = HeroLabel(look, px=HERO)
        self._title = Label(look, px=20, token="ink2", wrap=True)
        self._facts = Label(look, px=20, wrap=True)
        self._look = look
        self.papers: list[Label] = []
        rows = QWidget()
        self._list = QVBoxLayout(rows)
        spread(look, self._list, (0, 8, 0, 0), 8)
        self._list.addStretch(1)
        self._scroll = GroundArea(rows)
        self.again_button = SecondaryButton(look, "", icon="print", height=104, px=20)
        self.again_button.clicked.connect(self.again)
        self.done_button = PrimaryButton(look, "", height=104, px=28)
        self.done_button.clicked.connect(self.done)
        column = QVBoxLayout(self)
        spread(look, column, (48, 40, 48, 22), 12)
        column.addWidget(self.sentence)
        column.addStretch(1)
        column.addWidget(self.number)
        column.addWidget(self._title)
        column.addWidget(self._facts)
        column.addWidget(self._scroll, 6)
        column.addStretch(2)
        row = QHBoxLayout()
        spread(look, row, (0, 0, 0, 0), 14)
        row.addWidget(self.again_button, 1)
        row.addWidget(self.done_button, 2)
        column.addLayout(row)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_words(self, done: str, key: str, again: str) -> None:
        self.done_button.setText(done)
        self.done_button.set_key(key)
        self.again_button.setText(again)

    def show_number(self, label: str, sentence: str, title: str, facts: str) -> None:
        """Show a number to be noted down; `facts` is what its holder is told."""
        self.number.setText(label)
        self.sentence.setText(sentence)
        self._title.setText(title)
        self._facts.setText(facts)
        self._show_list(())

    def show_papers(self, sentence: str, title: str, papers: Sequence[tuple[str, str]]) -> None:
        """Show papers, each with a note, to be read out."""
        self.number.setText("")
        self.sentence.setText(sentence)
        self._title.setText(title)
        self._facts.setText("")
        self._show_list(papers)

    def _show_list(self, papers: Sequence[tuple[str, str]]) -> None:
        for label in self.papers:
            self._list.removeWidget(label)
            label.hide()
            label.deleteLater()
        self.papers = [
            Label(self._look, f"{number}. {name}" + (f" · {note}" if note else ""), px=28, wrap=True)
            for number, (name, note) in enumerate(papers, start=1)
        ]
        for place, label in enumerate(self.papers):
            self._list.insertWidget(place, label)
        self._scroll.setVisible(bool(papers))
        self._fit()
        self.number.setVisible(not papers)
        self._facts.setVisible(not papers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        low = self.height() / self._look.scale.k < LOW_STAGE
        for label in self.papers:
            label.set_px(20 if low or len(self.papers) > MANY_PAPERS else 28)


# Messages when no paper came out, or not yet, and when the printer works again.


class Unprinted:
    """Fills `stage` with a slip that was not printed, and has it printed again from there; `say` tells a sentence with
    its icon."""

    def __init__(self, stage: NumberStage, controller: GuideController, say: Callable[[str, str], None]) -> None:
        self._stage, self._controller, self._say = stage, controller, say
        self._slip: Slip | None = None
        stage.again.connect(self._print_again)
        controller.paper.slow.connect(self._say_slow)
        controller.paper.works_again.connect(self._say_works)

    def retranslate(self) -> None:
        self._stage.set_words(self._done_word(), _("Enter", context="key"), _("Print again"))

    def show(self, slip: Slip, trouble: QueueDeskError, document: dict[str, object]) -> None:
        """Show what is to be told; `document` is that of the ticket issued last."""
        self._slip = slip
        self.retranslate()
        if slip.choice is not None:
            setup = set_up(self._controller.state)
            papers = [(named(p.name, p.name_en), named(p.note, p.note_en)) for p in papers_of(setup, slip.choice)]
            self._stage.show_papers(say(trouble), full_title(setup, slip.choice), papers)
            return
        own = document if document.get("ticket") == slip.label else {}
        self._stage.show_number(slip.label, say(trouble), self._title(slip, own), told_text(own) if own else "")

    def is_of(self, slip: Slip) -> bool:
        """Return whether the stage is filled with `slip`, which has come out by now."""
        shown = self._slip
        return shown is not None and (shown.label, shown.choice) == (slip.label, slip.choice)

    def _title(self, slip: Slip, document: dict[str, object]) -> str:
        ticket, setup = self._controller.ticket(slip.label), set_up(self._controller.state)
        if ticket is not None:
            return full_title(setup, Choice(ticket.service, ticket.item))
        if not document:
            return ""
        item = document["item"]
        return full_title(setup, Choice(str(document["service"]), str(item) if item else None))

    def _done_word(self) -> str:
        read = self._slip is not None and self._slip.choice is not None
        return _("Read out, go on") if read else _("Noted down, go on")

    def _say_slow(self, slip: Slip) -> None:
        if slip.label:
            text = _("The printer is slow. {ticket} is valid without its slip; the slip follows.", ticket=slip.label)
        else:
            text = _("The printer is slow; the list follows.")
        self._say(text, "hourglass")

    def _say_works(self, tickets: list[str]) -> None:
        text = _(
            "The printer works again. Without a slip so far: {tickets}; Reprint prints them.", tickets=listing(tickets)
        )
        self._say(text, "print")

    def _print_again(self) -> None:
        if self._slip is not None:
            self._controller.print_again(self._slip)
