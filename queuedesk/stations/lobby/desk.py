"""What is done from the board: an alert that somebody has seen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from queuedesk.desk import alarms
from queuedesk.stations.context import StationContext
from queuedesk.stations.manager.alert_words import AlertText
from queuedesk.stations.one_command import OneCommand


class LobbyDesk(OneCommand):
    """`done` gives the verb (ack) and the document; `refused` the verb and the trouble."""

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
