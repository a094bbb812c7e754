"""What a station tells while a contingency card is open (since when, and the next step for who is here), and what
opens, ticks and ends cards and writes the note on one beside the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import MAY
from queuedesk.core.setup.sentences import CardRun
from queuedesk.desk.change import Document
from queuedesk.features.cards import verbs
from queuedesk.features.cards.verbs import open_cards_newest_first
from queuedesk.features.cards.words import open_card_text
from queuedesk.i18n import _, current_language, error_sentence, name_in_language
from queuedesk.stations.acts.feature_lines import FeatureMessageLine
from queuedesk.stations.widgets.message_place import MessageButtonVerbAndWord, MessageRank, StationMessage
from queuedesk.stations.window.context import SingleCommandRunner, StationContext
from queuedesk.stations.window.frame import StationPage

FOLDER = "reports"


class ContingencyCardController(SingleCommandRunner):
    """`said` gives what was done or refused, with an icon."""

    said = Signal(str, str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.done.connect(self._say_done)
        self.refused.connect(lambda _verb, trouble: self._say_refused(trouble))

    def start_card(self, card: str) -> None:
        self.run_desk_function("start", verbs.open_card, card)

    def tick_step(self, seq: int, step: int) -> None:
        self.run_desk_function("tick", verbs.tick_step, seq, step)

    def untick_step(self, seq: int, step: int) -> None:
        self.run_desk_function("untick", verbs.untick_step, seq, step)

    def end_card(self, seq: int, note: str) -> None:
        self.run_desk_function("end", verbs.end_card, seq, note=note)

    def save_card_note_pdf(self, run: CardRun) -> None:
        """Write the note on a card as a PDF into the folder of reports, in the background."""
        context, folder = self.context, self.context.services.folder
        if folder is None:
            return
        by, lang, now = context.who.name if context.who is not None else None, current_language(), context.clock()
        name = f"{run.date.isoformat()}-{run.card}-{run.seq}.pdf"

        def write_card_note() -> Path:
            from queuedesk.features.cards import papers  # seldom needed, and a station starts sooner

            return papers.write_card_note_pdf(
                context.desk, run.seq, folder(FOLDER) / name, lang=lang, now=now, printed_by=by
            )

        context.tasks.run_in_long_work_lane(write_card_note, self._say_note_written, self._say_refused)

    def _say_note_written(self, file: Path) -> None:
        self.said.emit(_("The note is in {path}", path=file), "document")

    def _say_refused(self, trouble: QueueDeskError) -> None:
        self.said.emit(error_sentence(trouble), "warning")

    def _say_done(self, verb: str, document: Document) -> None:
        name = name_in_language(document["name"], document["name_en"])
        if verb == "start":
            self.said.emit(_("{card}: every station shows the next step", card=name), "check")
        elif verb == "end":
            self.said.emit(_("{card} has ended", card=name), "check")


class OpenCardMessageLine(FeatureMessageLine):
    """Tells the page's messages of the newest open card; people who may tick have a button for the step."""

    def __init__(self, page: StationPage) -> None:
        super().__init__(page)
        self._controller = ContingencyCardController(page.context, self)
        self._controller.said.connect(self.said)

    def refresh(self) -> None:
        feed, who = self.context.feed, self.context.who
        runs = open_cards_newest_first(feed.state.card_runs.values())
        if not runs or who is None or not feed.setup.has_feature("cards"):
            self.page.messages.tell(MessageRank.CARD)
            return
        run, role = runs[0], str(who.role)
        own = "manager" if role == "admin" else role
        is_next = run.next_open_step_number_for(own) is not None
        may = is_next and "card" in MAY[who.role] and feed.away_since is None
        presses = (MessageButtonVerbAndWord("done", _("Done", context="step")),) if may else ()
        told = StationMessage("amber", "warning", open_card_text(feed.setup, run, own), presses=presses, key=run.seq)
        self.page.messages.tell(MessageRank.CARD, told, do=self._tick_next_step_of_role)

    def _tick_next_step_of_role(self, _verb: str, _card: int) -> None:
        who, runs = self.context.who, open_cards_newest_first(self.context.feed.state.card_runs.values())
        if runs and who is not None:
            step = runs[0].next_open_step_number_for("manager" if str(who.role) == "admin" else str(who.role))
            if step is not None:
                self._controller.tick_step(runs[0].seq, step)
