"""What a station tells while a contingency card is open: since when, and the next step for who is here."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import MAY
from queuedesk.core.setup.cards import open_runs
from queuedesk.desk.talk import carding
from queuedesk.i18n import _, say
from queuedesk.i18n.talk.talk_words import card_line
from queuedesk.stations.widgets.message_place import Press, Rank, Told
from queuedesk.stations.window.one_command import OneCommand
from queuedesk.stations.window.page import StationPage


class CardLine(QObject):
    """Tells the page's messages of the newest open card; people who may tick have a button for the step. `said` gives
    what was refused."""

    said = Signal(str, str)

    def __init__(self, page: StationPage) -> None:
        super().__init__(page)
        self._page, self._context = page, page.context
        self._command = OneCommand(page.context, self)
        self._command.refused.connect(self._refused)
        feed = page.context.feed
        feed.changed.connect(self.show_card)
        feed.replaced.connect(self.show_card)
        feed.away.connect(self.show_card)
        feed.back.connect(self.show_card)
        self.show_card()

    def show_card(self, *_what: object) -> None:
        """Tell of the newest open card, if any."""
        feed, who = self._context.feed, self._context.who
        runs = open_runs(feed.state.card_runs.values())
        if not runs or who is None or not feed.setup.uses("cards"):
            self._page.messages.tell(Rank.CARD)
            return
        run, role = runs[0], str(who.role)
        own = "manager" if role == "admin" else role
        is_next = run.next_for(own) is not None
        may = is_next and "card" in MAY[who.role] and feed.away_since is None
        presses = (Press("done", _("Done", context="step")),) if may else ()
        told = Told("amber", "warning", card_line(feed.setup, run, own), presses=presses, key=run.seq)
        self._page.messages.tell(Rank.CARD, told, do=self._tick)

    def _tick(self, _verb: str, _card: int) -> None:
        who, runs = self._context.who, open_runs(self._context.feed.state.card_runs.values())
        if runs and who is not None:
            step = runs[0].next_for("manager" if str(who.role) == "admin" else str(who.role))
            if step is not None:
                self._command.act("tick", carding.tick, runs[0].seq, step)

    def _refused(self, _verb: str, trouble: QueueDeskError) -> None:
        self.said.emit(say(trouble), "warning")
