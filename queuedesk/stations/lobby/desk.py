"""What is done from the board: an alert that somebody has seen, contingency cards."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from queuedesk.desk import alarms, carding
from queuedesk.stations.context import StationContext
from queuedesk.stations.manager.alert_words import AlertText
from queuedesk.stations.one_command import OneCommand


class LobbyDesk(OneCommand):
    """`done` gives the verb (ack, start_card, tick, untick, end_card) and the document; `refused` the verb and the trouble."""

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)

    def see(self, alert: AlertText) -> None:
        """Say that an alert was seen, by what it is about."""
        about = {
            "service": alert.service,
            "window": alert.window,
            "ticket": alert.ticket,
            "device": alert.device,
            "station": alert.station,
        }
        self.start("ack", partial(alarms.acknowledge, self.context.desk, self.context.ask(), alert.kind, **about))

    def start_card(self, card: str) -> None:
        """Open a contingency card."""
        self.start("start_card", partial(carding.start, self.context.desk, self.context.ask(), card))

    def tick(self, seq: int, step: int) -> None:
        """Note that a step is done."""
        self.start("tick", partial(carding.tick, self.context.desk, self.context.ask(), seq, step))

    def untick(self, seq: int, step: int) -> None:
        """Take a tick back."""
        self.start("untick", partial(carding.untick, self.context.desk, self.context.ask(), seq, step))

    def end_card(self, seq: int, note: str) -> None:
        """End a card with what was written down."""
        self.start("end_card", partial(carding.end, self.context.desk, self.context.ask(), seq, note=note))
