"""The line that a station shows while a contingency card is open: since when, and the next step for who is here."""

from __future__ import annotations

from PySide6.QtCore import Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import MAY
from queuedesk.core.setup.cards import open_runs
from queuedesk.i18n import _, say
from queuedesk.i18n.talk.talk_words import card_line
from queuedesk.stations.lobby.lobby_controller import LobbyController
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.window.context import StationContext


class CardLine(Banner):
    """Hidden while no card is open; people who may tick have a button for the step. `said` gives what was refused."""

    said = Signal(str, str)

    def __init__(self, context: StationContext) -> None:
        super().__init__(context.look, full=True)
        self._context = context
        self._controller = LobbyController(context, self)
        self._controller.refused.connect(self._refused)
        self.acted.connect(self._tick)
        feed = context.feed
        feed.changed.connect(self.show_card)
        feed.replaced.connect(self.show_card)
        feed.away.connect(self.show_card)
        feed.back.connect(self.show_card)
        self.hide()
        self.show_card()

    def show_card(self, *_what: object) -> None:
        """Show the newest open card, or nothing."""
        feed, who = self._context.feed, self._context.who
        runs = open_runs(feed.state.card_runs.values())
        self.setVisible(bool(runs) and who is not None)
        if not runs or who is None:
            return
        run, role = runs[0], str(who.role)
        own = "manager" if role == "admin" else role
        is_next = run.next_for(own) is not None
        may = is_next and "card" in MAY[who.role] and feed.away_since is None
        self.set_banner("amber", card_line(feed.setup, run, own), button=_("Done", context="step") if may else "")

    def _tick(self) -> None:
        who, runs = self._context.who, open_runs(self._context.feed.state.card_runs.values())
        if runs and who is not None:
            step = runs[0].next_for("manager" if str(who.role) == "admin" else str(who.role))
            if step is not None:
                self._controller.tick(runs[0].seq, step)

    def _refused(self, _verb: str, trouble: QueueDeskError) -> None:
        self.said.emit(say(trouble), "warning")
