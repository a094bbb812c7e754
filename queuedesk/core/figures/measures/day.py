"""What the figures need of one business date: its rows, and what several figures ask of them, worked out once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from queuedesk.core.figures.measures.conditions import handlings_us, kind, waits_us
from queuedesk.core.figures.measures.rows import (
    DeviceRows,
    DiversionRows,
    LegRow,
    LegsAlike,
    Links,
    TargetRows,
    TicketRow,
)
from queuedesk.core.figures.measures.spans import DaySpans
from queuedesk.core.log.timeline import Happened
from queuedesk.core.queue.window import Shift
from queuedesk.core.talk.messages import HelpCall


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRows:
    """One business date. `ratings` are (level, staff) of those that count; `spans` is None where no log was at hand.

    `wrong_time` are tickets of a clock that was ahead, taken out by whoever set the time right on this date.
    `overtakes` counts by (reason, ticket passed), `questions` by ("attitude" or "competence", level). `is_followed`:
    whether so many days have passed since as the hall looks on for returns; `links` is None where only later dates
    could tell. `alike` are the legs by kind, `tickets_alike` the tickets by state, flags and class, `first_legs` each
    ticket's first leg, `later_legs` the others in order, `onward` the tickets that have any, `transferred` those with a
    leg that ended in a transfer; `handled` is how long each was handled at windows, in microseconds. Only the log
    tells, and None where it was not at hand:
    `reinstated` tickets, `stalls` by reason, `keys` (the item that was asked for, None a service alone) of
    tickets that went on to a second leg.
    """

    day: date
    tickets: Sequence[TicketRow]
    legs: Sequence[LegRow]
    shifts: Sequence[Shift]
    ratings: Sequence[tuple[int, str | None]]
    until: int
    wrong_time: int = 0
    no_number: int = 0
    not_ready: Counter[str] = field(default_factory=Counter)
    overtakes: Counter[tuple[str, str]] = field(default_factory=Counter)
    questions: Counter[tuple[str, int]] = field(default_factory=Counter)
    spans: DaySpans | None = None
    links: Links | None = None
    is_followed: bool = True
    reinstated: frozenset[str] | None = None
    stalls: Counter[str] | None = None
    keys: Mapping[str, str | None] | None = None
    diversion: DiversionRows = field(default_factory=DiversionRows)
    devices: DeviceRows = field(default_factory=DeviceRows)
    help_calls: Sequence[HelpCall] = ()
    targets: TargetRows = field(default_factory=TargetRows)
    alike: Sequence[LegsAlike] = field(init=False)
    tickets_alike: Sequence[Sequence[TicketRow]] = field(init=False)
    first_legs: Mapping[str, LegRow] = field(init=False)
    later_legs: Sequence[LegRow] = field(init=False)
    onward: frozenset[str] = field(init=False)
    transferred: frozenset[str] = field(init=False)
    handled: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        # Several figures ask for them, and a year has a quarter of a million legs.
        legs: dict[Hashable, list[LegRow]] = defaultdict(list)
        for leg in self.legs:
            legs[kind(leg)].append(leg)
        tickets: dict[Hashable, list[TicketRow]] = defaultdict(list)
        for ticket in self.tickets:
            tickets[(ticket.state, ticket.flags, ticket.klass)].append(ticket)
        later = sorted((leg for leg in self.legs if leg.n > 1), key=attrgetter("n"))
        alike = [LegsAlike(own, waits_us(own), handlings_us(own)) for own in legs.values()]
        handled: dict[str, int] = defaultdict(int)
        for one in alike:
            for leg, time in zip(one.legs, one.handling, strict=False):  # all of them have a time, or none
                handled[leg.label] += time
        transfers = (own for own in legs.values() if own[0].end == "transfer")
        found = {
            "alike": alike,
            "handled": handled,
            "tickets_alike": list(tickets.values()),
            "first_legs": {leg.label: leg for leg in self.legs if leg.n == 1},
            "later_legs": later,
            "onward": frozenset(leg.label for leg in later),
            "transferred": frozenset(leg.label for own in transfers for leg in own),
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)


def reinstated(log: Iterable[Happened]) -> frozenset[str]:
    """Return the tickets that were put back in line."""
    return frozenset(event.ticket for event in log if event.kind == "reinstate" and event.ticket is not None)


def keys(log: Iterable[Happened]) -> dict[str, str | None]:
    """Return what was asked for at issue: the item, None a service alone."""
    taken = ("issue", "serve")
    return {event.ticket: event.data.get("item") for event in log if event.kind in taken and event.ticket is not None}
