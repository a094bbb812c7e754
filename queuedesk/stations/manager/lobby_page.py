"""The lobby board as a page of the manager's station."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, day_staff, say
from queuedesk.stations.lobby.advice import Advice
from queuedesk.stations.lobby.board import Board
from queuedesk.stations.lobby.card_acts import CardActs
from queuedesk.stations.lobby.filling import fill_board
from queuedesk.stations.lobby.lobby_controller import MOVES, LobbyController, done_words
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.manager.today.today_words import moment_line
from queuedesk.stations.window.context import StationContext


class LobbyPage(Page):
    """`place_wanted` leads to the tickets of what was pressed."""

    place_wanted = Signal(object)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        cards = Act(text=lambda: _("Contingency card"), do=self._ask_card, icon="warning")
        spec = PageSpec(title=lambda: _("Lobby", context="tab"), acts=(cards,), foot=0)
        super().__init__(context.look, spec, parent)
        self._context = context
        look = context.look
        (self.cards_button,) = self.buttons
        self.board = Board(look)
        self.controller = LobbyController(context, self)
        self.advice = Advice(context, self)
        self.card_acts = CardActs(self, self.board, self.controller)
        self.put(self.board, 1, inset=False, gap=0)
        self.card_acts.said.connect(self.said)
        self.board.place_wanted.connect(self.place_wanted)
        self.board.alert_seen.connect(self._see)
        self.board.taken.connect(self.controller.take)
        self.board.declined.connect(self.controller.decline)
        self.advice.changed.connect(self._again)
        self.controller.done.connect(self._done)
        self.controller.refused.connect(self._refused)
        self.controller.busy_changed.connect(self.board.set_busy)

    def retranslate(self) -> None:
        super().retranslate()
        self.board.retranslate()
        self.advice.forget()

    def refresh(self, now: datetime) -> None:
        """Show the hall as it stands, or as it stood when its file went away."""
        feed = self._context.feed
        since = feed.away_since
        local = feed.setup.local(since or now)
        live = _("live") if since is None else _("stopped")
        self.head.set_line(moment_line(day_staff(local.date()), local, live))
        self.board.set_away(since is not None)
        fill_board(self.board, self.advice, feed.state, since or now)
        self.card_acts.refresh()
        self.cards_button.setEnabled(since is None and bool(feed.setup.cards))

    def _ask_card(self) -> None:
        self.card_acts.ask_which()

    def _see(self, alert: AlertText) -> None:
        self.controller.see(alert)

    def _done(self, verb: str, _document: object) -> None:
        if verb in MOVES:
            self.advice.read_again()
            self._again()
        words = done_words(verb)
        if words:
            self.said.emit(words, "check")

    def _again(self) -> None:
        self.refresh(self._context.clock())

    def _refused(self, _verb: str, trouble: QueueDeskError) -> None:
        self.advice.forget()
        self._again()
        self.said.emit(say(trouble), "warning")
