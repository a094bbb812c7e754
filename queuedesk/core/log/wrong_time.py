"""Events that were logged by a clock that was ahead, and the hall's state after that was set right."""

from __future__ import annotations

import datetime as clock
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.log.parts import Part
from queuedesk.core.queue.appointment import Appointment, Booked
from queuedesk.core.queue.ticket import Leg, Ticket
from queuedesk.core.queue.window import Shift, Window
from queuedesk.core.talk.device import Device, Outage


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongTime:
    """A part of the log whose times were never true: from the event `first`, of the time `since` and the business date
    `day`, to `seq`, which says so.

    `at` is the true time of `seq`. `appointments` were let go of by days that had not come.
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
        """Whether what the event `seq` made for a business date is to go. What was put in from paper is of earlier
        dates, and stays."""
        return self.first <= seq < self.seq and day >= self.day

    def spares(self, part: Part[Any, Any], one: Any) -> bool:
        """Whether one of a part that goes was made by a clock that was right."""
        return not self.holds(getattr(one, part.key[0]), one.date)

    def takes(self, ticket: Ticket) -> bool:
        """Whether a ticket was issued by the wrong clock."""
        return self.holds(ticket.seq, ticket.date) and not ticket.is_paper

    def ticket(self, ticket: Ticket) -> Ticket:
        """Return a ticket of before as it stands: one that the wrong clock has told a time of is in no mean, and
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
        """Return a shift of before: the end of a date that the wrong clock has ended was no later than now."""
        if shift.closed is None or shift.closed <= self.at:
            return shift
        pauses = tuple(replace(one, end=self.by_now(one.end)) for one in shift.pauses)
        lent = tuple(replace(one, end=self.by_now(one.end)) for one in shift.lent)
        return replace(shift, closed=self.at, pauses=pauses, lent=lent)

    def by_now(self, time: datetime | None) -> datetime | None:
        return time if time is None or time <= self.at else self.at

    def window(self, window: Window, *, forgets: bool) -> Window:
        """Return a window, closed as it is; `forgets` where its last customer's ticket goes."""
        since = None if window.since is None else min(window.since, self.at)
        return replace(window, since=since, last=None if forgets else window.last)

    def outage(self, one: Outage) -> Outage | None:
        """Return an outage as far as it is known: None of one that began and ended by the wrong clock."""
        if one.end is None:
            return replace(one, start=min(one.start, self.at))
        if one.end < self.since:
            return one
        return None if one.seq >= self.first else replace(one, end=max(one.start, self.at))

    def device(self, one: Device) -> Device:
        return replace(one, known=min(one.known, self.at), since=min(one.since, self.at))

    def appointment(self, one: Appointment) -> Appointment:
        """Return an appointment; one that a wrong date let go of is kept again."""
        is_kept = one.seq in self.appointments and one.state is Booked.GONE
        return replace(one, state=Booked.BOOKED) if is_kept else one
