"""What a station tells while a contingency card is open: since when, and the next step for who is here."""

from __future__ import annotations

from queuedesk.core.network.roles import MAY
from queuedesk.features.cards.pages.controller import CardController
from queuedesk.features.cards.rules import open_cards_newest_first
from queuedesk.features.cards.words import open_card_text
from queuedesk.i18n import _
from queuedesk.stations.acts.feature_lines import FeatureMessageLine
from queuedesk.stations.widgets.message_place import MessageRank, Press, StationMessage
from queuedesk.stations.window.frame import StationPage


class OpenCardLine(FeatureMessageLine):
    """Tells the page's messages of the newest open card; people who may tick have a button for the step."""

    def __init__(self, page: StationPage) -> None:
        super().__init__(page)
        self._controller = CardController(page.context, self)
        self._controller.said.connect(self.said)

    def refresh(self) -> None:
        feed, who = self.context.feed, self.context.who
        runs = open_cards_newest_first(feed.state.card_runs.values())
        if not runs or who is None or not feed.setup.uses("cards"):
            self.page.messages.tell(MessageRank.CARD)
            return
        run, role = runs[0], str(who.role)
        own = "manager" if role == "admin" else role
        is_next = run.next_open_step_for(own) is not None
        may = is_next and "card" in MAY[who.role] and feed.away_since is None
        presses = (Press("done", _("Done", context="step")),) if may else ()
        told = StationMessage("amber", "warning", open_card_text(feed.setup, run, own), presses=presses, key=run.seq)
        self.page.messages.tell(MessageRank.CARD, told, do=self._tick_next_step_of_role)

    def _tick_next_step_of_role(self, _verb: str, _card: int) -> None:
        who, runs = self.context.who, open_cards_newest_first(self.context.feed.state.card_runs.values())
        if runs and who is not None:
            step = runs[0].next_open_step_for("manager" if str(who.role) == "admin" else str(who.role))
            if step is not None:
                self._controller.tick(runs[0].seq, step)
