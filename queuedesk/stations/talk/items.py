"""Messages and calls for help that a place must be shown, the most urgent first."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct

from queuedesk.core.appraisal.training import NamedNeed
from queuedesk.core.log.state import HallState
from queuedesk.core.quality.morning import Briefing, unread
from queuedesk.core.quality.thanks import Thanks, unseen_by
from queuedesk.core.quality.warnings import unseen_warnings
from queuedesk.core.talk.messages import HelpCall, Message, open_at, open_calls, unread_at
from queuedesk.core.talk.remarks import Alarm


class Kind(StrEnum):
    """Somebody waits for help; this person is on the way there; help was called here; somebody wrote; a customer gave
    this person thanks; an alert that this person is responsible for; a briefing that this person has not read; that
    somebody asked whose rows these are, and was told this person."""

    HELP = "help"
    COMING = "coming"
    OWN = "own"
    MESSAGE = "message"
    THANKS = "thanks"
    WARNING = "warning"
    BRIEFING = "briefing"
    NAMED = "named"


class Item(Struct, frozen=True):
    """One thing to show: a call for help, a warning, a message, thanks, the briefing, or who was named."""

    kind: Kind
    call: HelpCall | None = None
    message: Message | None = None
    thanks: Thanks | None = None
    alarm: Alarm | None = None
    briefing: Briefing | None = None
    named: NamedNeed | None = None

    @property
    def seq(self) -> int:
        about = self.call or self.message or self.thanks or self.alarm or self.briefing or self.named
        return about.seq if about is not None else 0

    @property
    def key(self) -> tuple[str, int, bool]:
        """Its identity, which changes when somebody answers."""
        return (self.kind, self.seq, self.call is not None and self.call.helper is not None)


def items_at(state: HallState, place: str, who: str, *, today: date, answers: bool, quiet: bool = False) -> list[Item]:
    """Return what to show to `who` at `place`; a person who `answers` sees every open call, and those to which they are
    going. While `quiet` messages, thanks, the briefing and who was named wait, but not calls
    for help and warnings. Thanks, warnings, the briefing and names stand in a hall that uses them."""
    setup = state.setup_now
    own = open_at(state.help_calls.values(), place)
    found = [Item(Kind.OWN, call=own)] if own is not None else []
    if answers:
        calls = [one for one in open_calls(state.help_calls.values()) if one is not own]
        found += [Item(Kind.HELP, call=one) for one in calls if one.is_unanswered]
        found += [Item(Kind.COMING, call=one) for one in calls if one.helper == who]
    if setup is not None and setup.uses("thanks"):
        warned = unseen_warnings(state, who, state.alarms.values())
        found += [Item(Kind.WARNING, alarm=one) for one in warned]
    if not quiet:
        found += [Item(Kind.MESSAGE, message=one) for one in unread_at(state.messages.values(), place)]
    if not quiet and setup is not None:
        briefing = unread(state.briefings.values(), today, who) if setup.uses("morning") else None
        found += [Item(Kind.BRIEFING, briefing=briefing)] if briefing is not None else []
        thanks = unseen_by(state.thanks.values(), who) if setup.uses("thanks") else ()
        found += [Item(Kind.THANKS, thanks=one) for one in thanks]
        named = sorted(state.named_needs.values(), key=lambda one: one.seq) if setup.uses("staff") else ()
        found += [Item(Kind.NAMED, named=one) for one in named if one.staff == who and one.is_unseen]
    return found


# -- keys, the same at every staff station -------------------------------------------------------------------------

HELP_KEY, MESSAGE_KEY = "Alt+H", "Alt+N"
