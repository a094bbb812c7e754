"""Opens, ticks and ends contingency cards, and writes the note on one beside the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.cards import CardRun
from queuedesk.desk.change import Document
from queuedesk.features.cards import verbs
from queuedesk.i18n import _, current_language, error_sentence, name_in_language
from queuedesk.stations.window.context import SingleCommandRunner, StationContext

FOLDER = "reports"


class CardController(SingleCommandRunner):
    """`said` gives what was done or refused, with an icon."""

    said = Signal(str, str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.done.connect(self._say_done)
        self.refused.connect(lambda _verb, trouble: self._say_refused(trouble))

    def start_card(self, card: str) -> None:
        self.act("start", verbs.start, card)

    def tick(self, seq: int, step: int) -> None:
        self.act("tick", verbs.tick, seq, step)

    def untick(self, seq: int, step: int) -> None:
        self.act("untick", verbs.untick, seq, step)

    def end(self, seq: int, note: str) -> None:
        self.act("end", verbs.end, seq, note=note)

    def save_card_note_pdf(self, run: CardRun) -> None:
        """Write the note on a card as a PDF into the folder of reports, in the background."""
        context, folder = self.context, self.context.services.folder
        if folder is None:
            return
        by, lang, now = context.who.name if context.who is not None else None, current_language(), context.clock()
        name = f"{run.date.isoformat()}-{run.card}-{run.seq}.pdf"

        def work() -> Path:
            from queuedesk.features.cards import papers  # seldom needed, and a station starts sooner

            return papers.write_card_note_pdf(
                context.desk, run.seq, folder(FOLDER) / name, lang=lang, now=now, printed_by=by
            )

        context.tasks.run_in_long_work_lane(work, self._say_note_written, self._say_refused)

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
