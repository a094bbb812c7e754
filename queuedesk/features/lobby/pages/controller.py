"""The lobby board's acts: alerts seen, suggested moves, what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queuedesk.desk.talk import alarms, messaging
from queuedesk.features.lobby import verbs
from queuedesk.features.lobby.words import move_message
from queuedesk.i18n import _
from queuedesk.stations.window.context import OneCommand

if TYPE_CHECKING:
    from queuedesk.stations.manager.today.alert_words import AlertText

MOVES = ("take", "decline")
TOLD_LINE_MIN = 15
"""How long a late line is told of its wait."""


class LobbyController(OneCommand):
    """`done` gives the verb (ack, take, decline, tell, tell_line) and the document; `refused` the verb and the
    trouble."""

    def see(self, alert: AlertText) -> None:
        """Note that an alert was seen."""
        self.act("ack", alarms.acknowledge, alert.kind, **alert.about)

    def take(self, key: str) -> None:
        """Accept a suggested move."""
        self.act("take", verbs.take, key, say=move_message)

    def decline(self, key: str) -> None:
        """Decline a suggested move for a quarter of an hour."""
        self.act("decline", verbs.decline, key)

    def tell(self, window: str, message: tuple[str, str]) -> None:
        """Send a window a message, in Chinese and English."""
        self.act("tell", messaging.send, window, message[0], text_en=message[1])

    def tell_line(self, message: tuple[str, str]) -> None:
        """Put a sentence for a late line on the displays."""
        self.act("tell_line", messaging.push, message[0], text_en=message[1], minutes=TOLD_LINE_MIN)


def done_words(verb: str) -> str:
    """Return the message once it is done; "" if it is visible anyway."""
    return {
        "ack": _("Marked as seen by you"),
        "tell": _("The window has been sent a message"),
        "tell_line": _("The notice is on the displays"),
        "take": _("Done; its effect will be measured in 15 minutes"),
        "decline": _("Not suggested again for 15 minutes"),
    }.get(verb, "")
