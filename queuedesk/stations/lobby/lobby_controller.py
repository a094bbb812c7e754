"""The lobby board's acts: alerts seen, suggested moves, contingency cards."""

from __future__ import annotations

from queuedesk.desk.staffing import advising
from queuedesk.desk.talk import alarms, carding
from queuedesk.i18n import _
from queuedesk.i18n.staffing.staffing_words import move_message
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.window.one_command import OneCommand

MOVES = ("take", "decline")


class LobbyController(OneCommand):
    """`done` gives the verb (ack, take, decline, start_card, tick, untick, end_card) and the document; `refused` the
    verb and the trouble."""

    def see(self, alert: AlertText) -> None:
        """Say that an alert was seen, by what it is about."""
        self.act("ack", alarms.acknowledge, alert.kind, **alert.about)

    def take(self, key: str) -> None:
        """Make a suggested move."""
        self.act("take", advising.take, key, say=move_message)

    def decline(self, key: str) -> None:
        """Turn a suggested move down for a quarter of an hour."""
        self.act("decline", advising.decline, key)

    def start_card(self, card: str) -> None:
        """Open a contingency card."""
        self.act("start_card", carding.start, card)

    def tick(self, seq: int, step: int) -> None:
        """Note that a step is done."""
        self.act("tick", carding.tick, seq, step)

    def untick(self, seq: int, step: int) -> None:
        """Take a tick back."""
        self.act("untick", carding.untick, seq, step)

    def end_card(self, seq: int, note: str) -> None:
        """End a card with what was written down."""
        self.act("end_card", carding.end, seq, note=note)


def done_words(verb: str) -> str:
    """Return what is said when it is done; "" where it is seen anyway."""
    return {
        "ack": _("Noted that you have seen it"),
        "take": _("Done; its effect is measured in a quarter of an hour"),
        "decline": _("Not suggested again for a quarter of an hour"),
    }.get(verb, "")
