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
        """Note that an alert was seen."""
        self.act("ack", alarms.acknowledge, alert.kind, **alert.about)

    def take(self, key: str) -> None:
        """Accept a suggested move."""
        self.act("take", advising.take, key, say=move_message)

    def decline(self, key: str) -> None:
        """Decline a suggested move for a quarter of an hour."""
        self.act("decline", advising.decline, key)

    def start_card(self, card: str) -> None:
        """Open a contingency card."""
        self.act("start_card", carding.start, card)

    def tick(self, seq: int, step: int) -> None:
        """Note that a step is done."""
        self.act("tick", carding.tick, seq, step)

    def untick(self, seq: int, step: int) -> None:
        """Undo a tick."""
        self.act("untick", carding.untick, seq, step)

    def end_card(self, seq: int, note: str) -> None:
        """End a card with the note."""
        self.act("end_card", carding.end, seq, note=note)


def done_words(verb: str) -> str:
    """Return the message once it is done; "" if it is visible anyway."""
    return {
        "ack": _("Noted that you have seen it"),
        "take": _("Done; its effect is measured in a quarter of an hour"),
        "decline": _("Not suggested again for a quarter of an hour"),
    }.get(verb, "")
