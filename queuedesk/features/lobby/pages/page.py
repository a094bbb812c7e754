"""The lobby board as a page of the manager's."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.features import boards
from queuedesk.features.lobby.pages.board import Board
from queuedesk.features.lobby.pages.board_acts import BoardActs
from queuedesk.i18n import _, day_staff, said
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.today.today_words import moment_line
from queuedesk.stations.window.context import StationContext


def _uses(context: StationContext, name: str) -> bool:
    return context.feed.setup.uses(name)


class LobbyPage(Page):
    """`place_wanted` leads to the tickets of the place that was pressed."""

    place_wanted = Signal(object)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        acts = tuple(
            Act(
                text=partial(said, at.name),
                do=partial(self._ask_part, name),
                icon=at.icon,
                offered=partial(_uses, context, name),
            )
            for name, at in boards()
        )
        spec = PageSpec(title=lambda: _("Lobby", context="tab"), acts=acts, foot=0)
        super().__init__(context.look, spec, parent)
        self._context = context
        look = context.look
        self.board = Board(look)
        self.acts = BoardActs(self, self.board, context)
        self.put(self.board, 1, inset=False, gap=0)
        self.acts.said.connect(self.said)
        self.acts.place_wanted.connect(self.place_wanted)
        self.acts.changed.connect(self._again)

    def refresh(self, now: datetime) -> None:
        """Show the hall as it is now, or as it was when its file went away."""
        feed = self._context.feed
        since = feed.away_since
        local = feed.setup.local(since or now)
        live = _("live") if since is None else _("stopped")
        self.head.set_line(moment_line(day_staff(local.date()), local, live))
        self.board.advice.set_away(since is not None)
        self.acts.show_hall(feed.state, since or now)
        for (name, _at), button in zip(boards(), self.buttons, strict=True):
            is_used = feed.setup.uses(name)
            button.setEnabled(is_used and since is None and self.acts.part(name).may_ask)

    def _ask_part(self, name: str) -> None:
        self.acts.part(name).ask()

    def _again(self) -> None:
        self.refresh(self._context.clock())


def lobby_page(controller: ManagerController, _own: Controllers) -> LobbyPage:
    """Return the page."""
    return LobbyPage(controller.context)
