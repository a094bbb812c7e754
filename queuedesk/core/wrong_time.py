"""What the log took by a clock that was ahead, and how the hall stands once somebody has set that right."""

from __future__ import annotations

import datetime as clock
from dataclasses import dataclass, replace
from datetime import datetime

from queuedesk.core.appointment import Appointment, Booked
from queuedesk.core.device import Device, Outage
from queuedesk.core.event import Event
from queuedesk.core.ticket import Ticket
from queuedesk.core.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongTime:
    """A part of the log whose times were never true: from the event `first`, of the time `since` and the business date `day`, to `seq`, which says so.

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
        """Whether what the event `seq` made for a business date is to go. What was put in from paper is of earlier dates, and stays."""
        return self.first <= seq < self.seq and day >= self.day

    def takes(self, ticket: Ticket) -> bool:
        """Whether a ticket was issued by the wrong clock."""
        return self.holds(ticket.seq, ticket.date) and not ticket.is_paper

    def ticket(self, ticket: Ticket) -> Ticket:
        """Return a ticket of before as it stands: one that the wrong clock has told a time of is in no mean."""
        legs = tuple(
            replace(leg, inaccurate=True)
            if any(time is not None and time >= self.since for time in (leg.joined, leg.called, leg.started, leg.ended))
            else leg
            for leg in ticket.legs
        )
        if ticket.seq >= self.first or ticket.is_paper or legs == ticket.legs:
            return ticket
        return replace(ticket, legs=legs, flags=ticket.flags | {"inaccurate"})

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
