"""What the figures need of a business date, as plain rows: read straight from tables, or taken from a hall in memory.

Moments are whole microseconds since 1970 in UTC: a year has a quarter of a million tickets, and their differences are what counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from queuedesk.core.event import Event
from queuedesk.core.measures_conditions import handling_us, wait_us
from queuedesk.core.measures_devices import DeviceRows
from queuedesk.core.measures_diversion import DiversionRows
from queuedesk.core.measures_spans import DaySpans
from queuedesk.core.measures_targets import TargetRows
from queuedesk.core.measures_times import micros
from queuedesk.core.ticket import Leg, Ticket
from queuedesk.core.window import Shift


class TicketRow(NamedTuple):
    """A ticket. `promise_high` are minutes as told; flags and the rest as in the ticket itself."""

    label: str
    state: str
    arrived: int
    not_before: int | None
    misses: int
    overtaken: int
    flags: frozenset[str]
    rating: int | None
    promise_high: int | None
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

    `overtakes` counts by (reason, ticket passed), `questions` by ("attitude" or "competence", level). `is_followed`: whether so many days
    have passed since as the hall looks on for returns; `links` is None where only later dates could tell.
    `waits` and `handling` are each leg's in microseconds, None where it has none or one that is in no figure.
    Only the log tells, and None where it was not at hand: `reinstated` tickets, `stalls` by reason, `keys` (what the customer pressed at a
    kiosk, None a service alone) of tickets that went on to a second leg.
    """

    day: date
    tickets: Sequence[TicketRow]
    legs: Sequence[LegRow]
    shifts: Sequence[Shift]
    ratings: Sequence[tuple[int, str | None]]
    until: int
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
    targets: TargetRows = field(default_factory=TargetRows)
    waits: Sequence[int | None] = field(init=False)
    handling: Sequence[int | None] = field(init=False)

    def __post_init__(self) -> None:
        # Several figures ask for them, and a year has a quarter of a million.
        object.__setattr__(self, "waits", [wait_us(leg) for leg in self.legs])
        object.__setattr__(self, "handling", [handling_us(leg) for leg in self.legs])


def reinstated(log: Iterable[Event]) -> frozenset[str]:
    """Return the tickets that were put back in line."""
    return frozenset(event.ticket for event in log if event.kind == "reinstate" and event.ticket is not None)


def keys(log: Iterable[Event]) -> dict[str, str | None]:
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
        promise_high=ticket.promise.high,
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
