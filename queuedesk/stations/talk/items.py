"""Messages and calls for help that a place must be shown, the most urgent first."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.talk.messages import HelpCall, Message, open_at, open_calls, unread_at


class Kind(StrEnum):
    """Somebody waits for help; this person is on the way there; help was called here; somebody wrote."""

    HELP = "help"
    COMING = "coming"
    OWN = "own"
    MESSAGE = "message"


class Item(Struct, frozen=True):
    """One thing to show: a call for help or a message."""

    kind: Kind
    call: HelpCall | None = None
    message: Message | None = None

    @property
    def seq(self) -> int:
        about = self.call or self.message
        return about.seq if about is not None else 0

    @property
    def key(self) -> tuple[str, int, bool]:
        """Its identity, which changes when somebody answers."""
        return (self.kind, self.seq, self.call is not None and self.call.helper is not None)


def items_at(state: HallState, place: str, who: str, *, answers: bool, quiet: bool = False) -> list[Item]:
    """Return what to show to `who` at `place`; a person who `answers` sees every open call, and those to which they are
    going. While `quiet` messages wait, but not calls for help."""
    own = open_at(state.help_calls.values(), place)
    found = [Item(Kind.OWN, call=own)] if own is not None else []
    if answers:
        calls = [one for one in open_calls(state.help_calls.values()) if one is not own]
        found += [Item(Kind.HELP, call=one) for one in calls if one.is_unanswered]
        found += [Item(Kind.COMING, call=one) for one in calls if one.helper == who]
    if not quiet:
        found += [Item(Kind.MESSAGE, message=one) for one in unread_at(state.messages.values(), place)]
    return found


# -- keys, the same at every staff station -------------------------------------------------------------------------

HELP_KEY, MESSAGE_KEY = "Alt+H", "Alt+N"
