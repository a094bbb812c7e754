"""What is done from the board: alerts that somebody has seen, suggested moves, contingency cards."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from queuedesk.desk.staffing import advising
from queuedesk.desk.talk import alarms, carding
from queuedesk.i18n import _
from queuedesk.i18n.staffing.move_words import move_message
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.one_command import OneCommand

MOVES = ("take", "decline")


class LobbyController(OneCommand):
    """`done` gives the verb (ack, take, decline, start_card, tick, untick, end_card) and the document; `refused` the
    verb and the trouble."""

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

    def take(self, key: str) -> None:
        """Make a suggested move."""
        ask = self.context.ask()
        self.start("take", partial(advising.take, self.context.desk, ask, key, say=move_message))

    def decline(self, key: str) -> None:
        """Turn a suggested move down for a quarter of an hour."""
        self.start("decline", partial(advising.decline, self.context.desk, self.context.ask(), key))

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


def done_words(verb: str) -> str:
    """Return what is said when it is done; "" where it is seen anyway."""
    return {
        "ack": _("Noted that you have seen it"),
        "take": _("Done; its effect is measured in a quarter of an hour"),
        "decline": _("Not suggested again for a quarter of an hour"),
    }.get(verb, "")
