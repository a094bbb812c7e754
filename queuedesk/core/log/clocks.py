"""What is doubted of a hall's time, and which events were logged by a clock that was ahead."""

from __future__ import annotations

import datetime as clock
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.parts import Part
from queuedesk.core.queue.appointment import Appointment, Booked
from queuedesk.core.queue.ticket import Leg, Ticket
from queuedesk.core.queue.window import Shift, Window
from queuedesk.core.talk.device import Device, Outage

CERTAIN_WITHIN = timedelta(minutes=15)
"""Time that may have passed unseen without anybody being asked, and by which clocks that differ are still taken to
agree."""
LONGEST_QUIET = timedelta(days=4)
"""A hall that nobody left open is not asked after an evening, nor after a weekend with a holiday: only when it stood
still for longer."""
SKEW_TOLD = timedelta(minutes=2)
"""A PC's clock that is wrong by this much is told to people."""


def longest_quiet(holidays: int) -> timedelta:
    """Return how long a hall may stand still unasked when its calendar has so many holidays meanwhile."""
    return LONGEST_QUIET + timedelta(days=holidays)


class Doubt(Struct, frozen=True, kw_only=True):
    """A clock says `now`, and nothing confirms the time since `last`: the log's end, or a station's later sign of life.

    `last` and `now` are local times of the hall. `waiting` people, further `open` customers, `windows` that are not
    closed and `appointments` between the two would be ended. So many `holidays` of the calendar lie between them.
    """

    last: datetime
    now: datetime
    waiting: int = 0
    open: int = 0
    windows: int = 0
    appointments: int = 0
    was_set: bool = False
    holidays: int = 0

    @property
    def is_far(self) -> bool:
        """Whether it is longer than the hall is closed for, so that a manager has to confirm it."""
        return self.now - self.last > longest_quiet(self.holidays)

    def refusal(self) -> RuleError:
        """Return the refusal for anybody who asks meanwhile."""
        return RuleError("clock_ahead", doubt=self)


class Ahead(Struct, frozen=True, kw_only=True):
    """That a hall's log ends at `log` while the clock says `clock`, much earlier; local times of the hall."""

    log: datetime
    clock: datetime


def skew_of(asked: datetime, by: datetime, answered: datetime) -> timedelta:
    """Return by how much a PC's clock is certainly ahead of another (negative: behind), zero where it may be right. The
    PC's clock said `asked` before the other was read as `by`, and `answered` after: the time in transit, however long,
    is no skew."""
    if by < asked:
        return asked - by
    return answered - by if by > answered else timedelta()


def skew_cause(skew: timedelta, known: str | None) -> str | None:
    """Return the cause text of a clock that is so much off, "ahead 7" or "behind 7" in minutes; None for a negligible
    skew. The `known` one is kept until the skew is more than half as much again or less than half: a clock that goes
    too fast is not reported every minute."""
    if abs(skew) < SKEW_TOLD:
        return None
    way, minutes = "ahead" if skew > timedelta() else "behind", round(abs(skew) / timedelta(minutes=1))
    before = shown_skew(known)
    if before is not None and before[0] == way and before[1] / 2 <= minutes <= before[1] * 1.5:
        return known
    return f"{way} {minutes}"


def shown_skew(cause: str | None) -> tuple[str, int] | None:
    """Return direction and minutes of a text of skew_cause(), None for any other cause."""
    way, _blank, minutes = (cause or "").partition(" ")
    return (way, int(minutes)) if way in ("ahead", "behind") and minutes.isdecimal() else None


# -- events that were logged by a clock that was ahead, and the hall's state after that was set right ----------------


class WrongTime(Struct, frozen=True, kw_only=True):
    """A part of the log with wrong times: from the event `first`, with the time `since` and the business date `day`, to
    `seq`, which says so.

    `at` is the true time of `seq`. `appointments` are those that lapsed because of days that had not come yet.
    """

    seq: int
    first: int
    since: datetime
    day: clock.date
    at: datetime
    appointments: frozenset[int] = frozenset()

    @classmethod
    def of(cls, event: Event) -> WrongTime:
        """Return what an event `set-right` says."""
        data = event.data
        return cls(
            seq=event.seq,
            first=data["first"],
            since=datetime.fromisoformat(data["since"]),
            day=clock.date.fromisoformat(data["day"]),
            at=event.at,
            appointments=frozenset(data.get("appointments") or ()),
        )

    def holds(self, seq: int, day: clock.date) -> bool:
        """Whether what the event `seq` made for a business date is to be removed. What was entered from paper is of
        earlier dates and stays."""
        return self.first <= seq < self.seq and day >= self.day

    def spares(self, part: Part[Any, Any], one: Any) -> bool:
        """Whether something in that part was made by a clock that was right."""
        return not self.holds(getattr(one, part.key[0]), one.date)

    def takes(self, ticket: Ticket) -> bool:
        """Whether the wrong clock issued a ticket."""
        return self.holds(ticket.seq, ticket.date) and not ticket.is_paper

    def ticket(self, ticket: Ticket) -> Ticket:
        """Return an earlier ticket with its times put right: one that the wrong clock gave a time is in no mean, and
        nothing ended later than now."""
        if ticket.seq >= self.first or ticket.is_paper:
            return ticket
        legs = tuple(self._leg(leg) for leg in ticket.legs)
        flags = ticket.flags | {"inaccurate"} if any(self._is_told(leg) for leg in ticket.legs) else ticket.flags
        told = replace(ticket, legs=legs, flags=flags, since=self.by_now(ticket.since))
        return ticket if told == ticket else told

    def _leg(self, leg: Leg) -> Leg:
        is_inaccurate = leg.inaccurate or self._is_told(leg)
        return replace(leg, ended=self.by_now(leg.ended), finished=self.by_now(leg.finished), inaccurate=is_inaccurate)

    def _is_told(self, leg: Leg) -> bool:
        return any(time is not None and time >= self.since for time in (leg.joined, leg.called, leg.started, leg.ended))

    def shift(self, shift: Shift) -> Shift:
        """Return an earlier shift: the end of a date that the wrong clock ended is no later than now."""
        if shift.closed is None or shift.closed <= self.at:
            return shift
        pauses = tuple(replace(one, end=self.by_now(one.end)) for one in shift.pauses)
        lent = tuple(replace(one, end=self.by_now(one.end)) for one in shift.lent)
        return replace(shift, closed=self.at, pauses=pauses, lent=lent)

    def by_now(self, time: datetime | None) -> datetime | None:
        return time if time is None or time <= self.at else self.at

    def window(self, window: Window, *, forgets: bool) -> Window:
        """Return a window, closed as it is; with `forgets` without its last customer's ticket."""
        since = None if window.since is None else min(window.since, self.at)
        return replace(window, since=since, last=None if forgets else window.last)

    def outage(self, one: Outage) -> Outage | None:
        """Return an outage as far as it is known: None for one that began and ended by the wrong clock."""
        if one.end is None:
            return replace(one, start=min(one.start, self.at))
        if one.end < self.since:
            return one
        return None if one.seq >= self.first else replace(one, end=max(one.start, self.at))

    def device(self, one: Device) -> Device:
        return replace(one, known=min(one.known, self.at), since=min(one.since, self.at))

    def appointment(self, one: Appointment) -> Appointment:
        """Return an appointment; one that lapsed on a wrong date is kept again."""
        is_kept = one.seq in self.appointments and one.state is Booked.GONE
        return replace(one, state=Booked.BOOKED) if is_kept else one
