"""The lobby board as a page of the manager's."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.features.lobby.pages.board import Board
from queuedesk.features.lobby.pages.board_acts import BoardActs
from queuedesk.i18n import _, day_staff
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.today.today_words import moment_line
from queuedesk.stations.window.context import StationContext


class LobbyPage(Page):
    """`place_wanted` leads to the tickets of the place that was pressed."""

    place_wanted = Signal(object)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        cards = Act(
            text=lambda: _("Contingency card"),
            do=self._ask_card,
            icon="warning",
            offered=lambda: context.feed.setup.uses("cards"),
        )
        spec = PageSpec(title=lambda: _("Lobby", context="tab"), acts=(cards,), foot=0)
        super().__init__(context.look, spec, parent)
        self._context = context
        look = context.look
        (self.cards_button,) = self.buttons
        self.board = Board(look)
        self.acts = BoardActs(self, self.board, context)
        self.put(self.board, 1, inset=False, gap=0)
        self.acts.said.connect(self.said)
        self.acts.place_wanted.connect(self.place_wanted)
        self.acts.changed.connect(self._again)

    def retranslate(self) -> None:
        super().retranslate()
        self.board.retranslate()
        self.acts.forget()

    def refresh(self, now: datetime) -> None:
        """Show the hall as it is now, or as it was when its file went away."""
        feed = self._context.feed
        since = feed.away_since
        local = feed.setup.local(since or now)
        live = _("live") if since is None else _("stopped")
        self.head.set_line(moment_line(day_staff(local.date()), local, live))
        self.board.advice.set_away(since is not None)
        self.acts.show_hall(feed.state, since or now)
        self.cards_button.setEnabled(since is None and bool(feed.setup.cards))

    def left_as(self) -> tuple[()]:
        return ()

    def take_up(self, left: tuple[()]) -> None:
        """It is only looked at."""

    def _ask_card(self) -> None:
        self.acts.cards.ask_which()

    def _again(self) -> None:
        self.refresh(self._context.clock())


def lobby_page(controller: ManagerController, _own: Controllers) -> LobbyPage:
    """Return the page."""
    return LobbyPage(controller.context)
