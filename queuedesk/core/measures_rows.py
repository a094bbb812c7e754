"""What the figures need of a business date, as plain rows: read straight from tables, or taken from a hall in memory.

Moments are whole microseconds since 1970 in UTC: a year has a quarter of a million tickets, and their differences are what counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from queuedesk.core.help_call import HelpCall
from queuedesk.core.measures_conditions import handlings_us, kind, waits_us
from queuedesk.core.measures_devices import DeviceRows
from queuedesk.core.measures_diversion import DiversionRows
from queuedesk.core.measures_spans import DaySpans
from queuedesk.core.measures_targets import TargetRows
from queuedesk.core.measures_times import micros
from queuedesk.core.ticket import Leg, Ticket
from queuedesk.core.timeline import Happened
from queuedesk.core.window import Shift


class TicketRow(NamedTuple):
    """A ticket. `promise_low` and `promise_high` are minutes as told, the seconds what stood behind them; flags and the rest as in the ticket itself."""

    label: str
    state: str
    arrived: int
    not_before: int | None
    misses: int
    overtaken: int
    flags: frozenset[str]
    rating: int | None
    promise_low: int | None
    promise_high: int | None
    promise_point_s: int | None
    promise_naive_s: int | None
    klass: str
    item: str | None
    guide: str | None


class LegRow(NamedTuple):
    """A leg of the ticket `label`. `held_s` and `stalled_s` are seconds."""

    label: str
    n: int
    service: str
    joined: int
    called: int | None
    started: int | None
    finished: int | None
    window: str | None
    staff: str | None
    end: str | None
    ended: int | None
    held_s: int
    stalled_s: int
    start_assumed: bool
    inaccurate: bool
    outcome: str | None
    form_free: bool


class LegsAlike(NamedTuple):
    """Legs of one kind, as conditions say it. `waits` and `handling` are each leg's in microseconds, empty where legs of this kind have none."""

    legs: Sequence[LegRow]
    waits: Sequence[int]
    handling: Sequence[int]


@dataclass(frozen=True, slots=True)
class Links:
    """Who came again: `returned` are the date's tickets that a later one names as its earlier visit.

    `followed` counts (tickets, those of them that name an earlier visit), void ones left out, by date: of the date itself and of so many
    days after as the hall looks on.
    """

    returned: frozenset[str]
    followed: Mapping[date, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRows:
    """One business date. `ratings` are (level, staff) of those that count; `spans` is None where no log was at hand.

    `wrong_time` are tickets of a clock that was ahead, taken out by whoever set the time right on this date.
    `overtakes` counts by (reason, ticket passed), `questions` by ("attitude" or "competence", level). `is_followed`: whether so many days
    have passed since as the hall looks on for returns; `links` is None where only later dates could tell.
    `alike` are the legs by kind, `tickets_alike` the tickets by state, flags and class, `first_legs` each ticket's first leg, `later_legs`
    the others in order.
    Only the log tells, and None where it was not at hand: `reinstated` tickets, `stalls` by reason, `keys` (what the customer pressed at a
    kiosk, None a service alone) of tickets that went on to a second leg.
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

    def __post_init__(self) -> None:
        # Several figures ask for them, and a year has a quarter of a million legs.
        legs: dict[Hashable, list[LegRow]] = defaultdict(list)
        for leg in self.legs:
            legs[kind(leg)].append(leg)
        tickets: dict[Hashable, list[TicketRow]] = defaultdict(list)
        for ticket in self.tickets:
            tickets[(ticket.state, ticket.flags, ticket.klass)].append(ticket)
        found = {
            "alike": [LegsAlike(own, waits_us(own), handlings_us(own)) for own in legs.values()],
            "tickets_alike": list(tickets.values()),
            "first_legs": {leg.label: leg for leg in self.legs if leg.n == 1},
            "later_legs": sorted((leg for leg in self.legs if leg.n > 1), key=attrgetter("n")),
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)


def reinstated(log: Iterable[Happened]) -> frozenset[str]:
    """Return the tickets that were put back in line."""
    return frozenset(event.ticket for event in log if event.kind == "reinstate" and event.ticket is not None)


def keys(log: Iterable[Happened]) -> dict[str, str | None]:
    """Return what was asked for at issue: the item, None a service alone."""
    return {event.ticket: event.data.get("item") for event in log if event.kind == "issue" and event.ticket is not None}


def ticket_row(ticket: Ticket) -> TicketRow:
    return TicketRow(
        label=ticket.label,
        state=str(ticket.state),
        arrived=micros(ticket.arrived),
        not_before=_micros(ticket.not_before),
        misses=ticket.misses,
        overtaken=ticket.overtaken,
        flags=ticket.flags,
        rating=ticket.rating,
        promise_low=ticket.promise.low,
        promise_high=ticket.promise.high,
        promise_point_s=ticket.promise.point_s,
        promise_naive_s=ticket.promise.naive_s,
        klass=ticket.klass,
        item=ticket.item,
        guide=ticket.guide,
    )


def leg_rows(tickets: Iterable[Ticket]) -> list[LegRow]:
    """Return the legs of `tickets`, each ticket's in order."""
    return [_leg_row(ticket.label, leg) for ticket in tickets for leg in ticket.legs]


def _leg_row(label: str, leg: Leg) -> LegRow:
    return LegRow(
        label=label,
        n=leg.n,
        service=leg.service,
        joined=micros(leg.joined),
        called=_micros(leg.called),
        started=_micros(leg.started),
        finished=_micros(leg.finished),
        window=leg.window,
        staff=leg.staff,
        end=leg.end,
        ended=_micros(leg.ended),
        held_s=leg.held_s,
        stalled_s=leg.stalled_s,
        start_assumed=leg.start_assumed,
        inaccurate=leg.inaccurate,
        outcome=leg.outcome,
        form_free=leg.form_free,
    )


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else micros(moment)
