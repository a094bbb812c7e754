"""What is done about contingency cards from a board: asked over a page, carried out by its desk, said in its words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.cards import CardRun, open_runs
from queuedesk.i18n import _, current, say
from queuedesk.i18n.talk.card_words import card_name
from queuedesk.stations.lobby.board import Board
from queuedesk.stations.lobby.card_dialogs import NOTE_OF, EndDialog, which_card
from queuedesk.stations.lobby.lobby_controller import LobbyController

FOLDER = "reports"


class CardActs(QObject):
    """Opens, ticks and ends cards shown on `board`; `said` gives what was done or refused, with an icon."""

    said = Signal(str, str)

    def __init__(self, page: QWidget, board: Board, controller: LobbyController) -> None:
        super().__init__(page)
        self._page, self._board, self._controller = page, board, controller
        self.panel = panel = board.card
        self._context = controller.context
        panel.ticked.connect(controller.tick)
        panel.unticked.connect(controller.untick)
        panel.end_wanted.connect(self.ask_end)
        panel.note_wanted.connect(self.write_note)
        controller.done.connect(self._done)

    def refresh(self) -> None:
        """Show the cards that are open."""
        feed = self._context.feed
        self._board.show_open_card(feed.setup, open_runs(feed.state.card_runs.values()))
        self.panel.set_may(feed.away_since is None)

    def ask_which(self) -> None:
        """Ask what has happened."""
        feed = self._context.feed
        runs = [run for run in feed.state.card_runs.values() if run.date == feed.day or run.is_open]
        dialog = which_card(self._page, self._context.look, feed.setup, runs)
        dialog.picked.connect(self._open)
        dialog.open_dialog()

    def _open(self, picked: str) -> None:
        if picked.startswith(NOTE_OF):
            run = self._context.feed.state.card_runs.get(int(picked.removeprefix(NOTE_OF)))
            if run is not None:
                self.write_note(run)
            return
        self._controller.start_card(picked)

    def ask_end(self, run: CardRun) -> None:
        """Ask what happened; the card ends with the answer."""
        dialog = EndDialog(self._page, self._context.look, run)
        dialog.done.connect(partial(self._end, run.seq))
        dialog.open_dialog()

    def _end(self, seq: int, note: str) -> None:
        self._controller.end_card(seq, note)

    def write_note(self, run: CardRun) -> None:
        """Write the note on a card as a PDF into the folder of reports, beside the commands."""
        tools = self._context.tools
        write: Callable[..., Path] | None = tools.get("card_note")
        if write is None:
            return
        who = self._context.who
        name = f"{run.date.isoformat()}-{run.card}-{run.seq}.pdf"

        def work() -> Path:
            return write(
                run.seq,
                tools["folder"](FOLDER) / name,
                lang=current(),
                printed_by=who.name if who is not None else None,
            )

        self._context.tasks.run_long(work, self._written, self._refused)

    def _written(self, file: Path) -> None:
        self.said.emit(_("The note is in {path}", path=file), "document")

    def _refused(self, trouble: QueueDeskError) -> None:
        self.said.emit(say(trouble), "warning")

    def _done(self, verb: str, document: dict[str, Any]) -> None:
        run = self._context.feed.state.card_runs.get(document.get("seq", 0))
        name = card_name(run) if run is not None else str(document.get("name", ""))
        if verb == "start_card":
            self.said.emit(_("{card}: every station shows the next step", card=name), "check")
        elif verb == "end_card":
            self.said.emit(_("{card} has ended", card=name), "check")
