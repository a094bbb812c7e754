"""What pressing the board does, the same at its own station and in the manager's: moves, alarms, messages, cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.setup.cards import LONGEST_NOTE, CardRun, open_runs
from queuedesk.core.setup.rows import Setup
from queuedesk.features.lobby.pages.advice import Advice, line_sentence
from queuedesk.features.lobby.pages.board import Board
from queuedesk.features.lobby.pages.controller import MOVES, LobbyController, done_words
from queuedesk.features.lobby.pages.next_acts import CARD, CROWD_CARD, NOTED, SEE, SHOW, TAKE, TELL, NextAct
from queuedesk.features.lobby.pages.texts import cell_texts, now_text, service_texts
from queuedesk.i18n import _, n_, named, say, time_hm
from queuedesk.i18n.talk.talk_words import card_name
from queuedesk.stations.manager.parts.inputs import TextArea
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.models.day_ribbon import Showing
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import FixedLetters
from queuedesk.stations.widgets.questions.dialogs import Answer, Dialog, PickDialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

# -- questions about contingency cards ---------------------------------------------------------------------------------

NOTE_OF = "note:"
MOST_ENDED = 3


def which_card(host: QWidget, look: Look, setup: Setup, runs: Sequence[CardRun]) -> PickDialog:
    """Return the question which card to open; below are today's finished ones, for their notes: picked as "note:N"."""
    opened = {run.card: run for run in runs if run.is_open}
    answers = []
    for card in setup.cards.values():
        run = opened.get(card.code)
        second = n_("{n} step", "{n} steps", len(card.steps))
        if run is not None:
            second = _("open since {time}", time=time_hm(setup.local(run.started)))
        answers.append(Answer(card.code, named(card.name, card.name_en), second, open=run is None))
    over = sorted((run for run in runs if not run.is_open), key=lambda run: -run.seq)[:MOST_ENDED]
    for run in over:
        at = time_hm(setup.local(run.started))
        answers.append(Answer(f"{NOTE_OF}{run.seq}", _("Note: {card}", card=card_name(run)), _("of {time}", time=at)))
    return PickDialog(
        host,
        look,
        title=_("What has happened?"),
        effect=_("Every station shows the card's next step until somebody ends it."),
        answers=answers,
        no=_("Nothing", context="card"),
    )


class EndDialog(Dialog):
    """`done` gives what was written down, "" for nothing."""

    done = Signal(str)

    def __init__(self, host: QWidget, look: Look, run: CardRun) -> None:
        left = len(run.steps) - len(run.ticks)
        effect = (
            n_("{n} step is not ticked.", "{n} steps are not ticked.", left) if left else _("All steps are ticked.")
        )
        super().__init__(host, look, title=_("End {card}?", card=card_name(run)), effect=effect, width=680)
        self.body.addWidget(Label(self.look, _("What happened, and what to do better"), px=17, bold=True))
        self.note = TextArea(self.look, 4)
        FixedLetters(self.look, self.note, 17)
        self.note.setAccessibleName(_("What happened, and what to do better"))
        self.note.typed.connect(self._look_at)
        self.body.addWidget(self.note)
        self.body.addWidget(Label(self.look, _("Printed on the note; optional."), px=15, token="ink2"))
        self.put_answers(_("Leave it open"), _("End it", context="card"), self._do)

    def first_focus(self) -> QWidget:
        return self.note

    def _look_at(self, text: str) -> None:
        if len(text.strip()) > LONGEST_NOTE:
            self.yes_button.block(_("At most {n} characters", n=LONGEST_NOTE))
        else:
            self.yes_button.allow(_("End it", context="card"))

    def _do(self) -> None:
        self.close_dialog()
        self.done.emit(self.note.text().strip())


FOLDER = "reports"


class CardActs(QObject):
    """Opens, ticks and ends the cards shown on `board`; `said` gives what was done or refused, with an icon."""

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
        """Show the open cards."""
        feed = self._context.feed
        runs = open_runs(feed.state.card_runs.values()) if feed.setup.uses("cards") else []
        self._board.show_open_card(feed.setup, runs)
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
        """Write the note on a card as a PDF into the folder of reports, in the background."""
        paper, folder = self._context.services.paper, self._context.services.folder
        if paper is None or folder is None:
            return
        who = self._context.who
        name = f"{run.date.isoformat()}-{run.card}-{run.seq}.pdf"

        def work() -> Path:
            return paper.card_note(run.seq, folder(FOLDER) / name, printed_by=who.name if who is not None else None)

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


# -- the board -------------------------------------------------------------------------------------------------------


class TellDialog(Dialog):
    """Asks whether a sentence is put on the displays; `agreed` says so."""

    agreed = Signal()

    def __init__(self, host: QWidget, look: Look, message: tuple[str, str]) -> None:
        effect = "\n".join(filter(None, message))
        super().__init__(host, look, title=_("Show this on the displays?"), effect=effect, width=680)
        self.put_answers(_("Leave it", context="displays"), _("Show it on the displays"), self._do)

    def _do(self) -> None:
        self.close_dialog()
        self.agreed.emit()


class BoardActs(QObject):
    """Fills `board` and carries out what is pressed on it. `said` gives what was done or refused, with an icon;
    `place_wanted` the place that a row's key leads to; `changed` says that something new is to be shown."""

    said = Signal(str, str)
    place_wanted = Signal(object)
    changed = Signal()

    def __init__(self, page: QWidget, board: Board, context: StationContext) -> None:
        super().__init__(page)
        self._page, self._board, self._context = page, board, context
        self.controller = LobbyController(context, self)
        self.advice = Advice(context, self)
        self.cards = CardActs(page, board, self.controller)
        self.cards.said.connect(self.said)
        self._day = Showing(board.advice.ribbon, self.advice.past_days)
        self._shown: tuple[HallState, datetime] | None = None
        board.advice.day_wanted.connect(self._show_day)
        column = board.advice
        column.taken.connect(self.controller.take)
        column.declined.connect(self.controller.decline)
        column.pressed.connect(self.do)
        column.put_off.connect(self.put_off)
        column.card_wanted.connect(self.open_card)
        column.tell_wanted.connect(self._ask_to_tell)
        board.place_wanted.connect(self.place_wanted)
        self.advice.changed.connect(self.changed)
        self.advice.found.connect(self._show_advice)
        self.controller.done.connect(self._done)
        self.controller.refused.connect(self._refused)
        self.controller.busy_changed.connect(column.set_busy)

    def show_hall(self, state: HallState, now: datetime) -> None:
        """Show the hall as of `now`, with what is to be done."""
        board, is_first = self._board, self._shown is None
        self._shown = (state, now)
        self.advice.read(now)
        board.set_now(now_text(state, now))
        board.set_services(service_texts(state, now, self.advice.later(state, now)))
        board.set_windows(cell_texts(state, now))
        board.advice.set_advice(self.advice.text(state, now))
        # At first in any case: how high it must be depends on the windows.
        if is_first or not board.advice.ribbon.isHidden():
            self._show_day()
        self.cards.refresh()

    def _show_advice(self) -> None:
        if self._shown is not None:
            self._board.advice.set_advice(self.advice.text(*self._shown))

    def _show_day(self) -> None:
        if self._shown is not None:
            state, now = self._shown
            self._day.show(state, self._context.feed.day, now)

    def forget(self) -> None:
        """Work everything out anew: the language has changed."""
        self.advice.forget()
        self._day.forget()

    def see(self, alert: AlertText) -> None:
        """Note that somebody has seen an alarm."""
        self.controller.see(alert)

    def do(self, act: NextAct) -> None:
        """Do what a card's or a row's key says."""
        if act.verb == TELL:
            self.controller.tell(act.to, act.message)
        elif act.verb == TAKE:
            self.controller.take(act.key)
        elif act.verb == SEE and act.alert is not None:
            self.controller.see(act.alert)
        elif act.verb == SHOW:
            self.place_wanted.emit(act.place)
        elif act.verb == CARD:
            self.open_card()
        elif act.verb == NOTED:
            self.advice.note(act)
            self.changed.emit()

    def put_off(self, act: NextAct) -> None:
        """Put a card off; what is a move is turned down in the log."""
        if act.verb == TAKE:
            self.controller.decline(act.key)
            return
        self.advice.put_off(act, self._context.clock())
        self.changed.emit()

    def open_card(self) -> None:
        """Open the contingency card for a crowd; where the hall has none, ask which."""
        if CROWD_CARD in self._context.feed.setup.cards:
            self.controller.start_card(CROWD_CARD)
        else:
            self.cards.ask_which()

    def _ask_to_tell(self) -> None:
        ahead = self.advice.ahead
        if ahead is None:
            return
        message = line_sentence(self._context.feed.state, ahead.line, self._context.clock())
        dialog = TellDialog(self._page, self._context.look, message)
        dialog.agreed.connect(lambda: self.controller.tell_line(message))
        dialog.open_dialog()

    def _done(self, verb: str, _document: object) -> None:
        if verb in MOVES:
            self.advice.read_again()
            self.changed.emit()
        words = done_words(verb)
        if words:
            self.said.emit(words, "check")

    def _refused(self, _verb: str, trouble: QueueDeskError) -> None:
        self.advice.forget()
        self.changed.emit()
        self.said.emit(say(trouble), "warning")
