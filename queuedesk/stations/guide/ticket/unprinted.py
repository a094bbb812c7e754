"""Messages when no paper came out, or not yet, and when the printer works again."""

from __future__ import annotations

from collections.abc import Callable

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.overview import set_up
from queuedesk.i18n import _, listing, named, say
from queuedesk.stations.guide.choices import Choice, full_title, papers_of
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.ticket.draft_texts import told_text
from queuedesk.stations.guide.ticket.number_stage import NumberStage
from queuedesk.stations.guide.ticket.printing import Slip


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
