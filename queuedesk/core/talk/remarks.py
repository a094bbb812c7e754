"""Records outside the tickets: offers, notices, notes on a day, alarms."""

from __future__ import annotations

import datetime as clock
from datetime import datetime

from msgspec import Struct

CHANNELS = ("self_service", "bank", "post_office", "shop", "online", "other_hall")
"""Alternatives to waiting that are offered to customers."""
NOTE_KINDS = ("outage", "weather", "event", "other")
"""Subjects of a note on a day."""


class ChannelOffer(Struct, frozen=True, kw_only=True):
    """An offer of another channel, and whether the customer accepted it. `ticket` is a number of the same date, if
    there was one, `item` the customer's item within the service, if known."""

    seq: int
    date: clock.date
    time: datetime
    service: str
    to: str
    accepted: bool
    ticket: str | None
    by: str
    item: str | None = None


class PushedNotice(Struct, frozen=True, kw_only=True):
    """A notice put on the displays: until a time, its withdrawal, or the day-end of `date`. `zone` is a zone of the
    set-up, in the hall's own language; `display` one display by its name in the log ("display", "display-2"); both
    None: every display. It is shown from `begins` on (None: from `since`, when it was written), read aloud then if
    `spoken`, and covers calls only as an `emergency`."""

    seq: int
    date: clock.date
    text: str
    text_en: str
    zone: str | None
    since: datetime
    until: datetime | None
    begins: datetime | None = None
    display: str | None = None
    spoken: bool = False
    emergency: bool = False

    def is_shown_at(self, now: datetime) -> bool:
        return (self.begins is None or self.begins <= now) and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        return self.until is not None and now >= self.until


class DayNote(Struct, frozen=True, kw_only=True):
    """An explanation of a day's load. `start` and `end` are hall minutes since midnight, None if not given."""

    seq: int
    day: clock.date
    kind: str
    text: str
    start: int | None
    end: int | None
    time: datetime
    by: str


class TicketlessOpinion(Struct, frozen=True, kw_only=True):
    """An opinion about a visit without a ticket's number: counted separately, in no rate and for no clerk. Its comment
    is kept outside the log."""

    seq: int
    date: clock.date
    time: datetime
    level: int
    tags: tuple[str, ...] = ()
    comment: str | None = None
    explained: bool = False


class Alarm(Struct, frozen=True, kw_only=True):
    """An alert over its limit that has not ended. `seq` is that of the crossing, `since` its time; `acknowledged` and
    `by` are when and by whom it was acknowledged."""

    seq: int
    kind: str
    level: str
    service: str | None
    window: str | None
    ticket: str | None
    device: str | None = None
    station: str | None = None
    since: datetime
    acknowledged: datetime | None = None
    by: str | None = None
