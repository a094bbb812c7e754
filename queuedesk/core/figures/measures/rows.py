"""The plain rows that figures are worked out from: read straight from tables, or taken from a hall in memory.

Moments are whole microseconds since 1970 in UTC: a year has a quarter of a million tickets, and their differences are
what counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures.measures.times import micros
from queuedesk.core.figures.targets import Target
from queuedesk.core.imports.channel import ChannelTotal
from queuedesk.core.queue.ticket import Leg, State, Ticket
from queuedesk.core.talk.device import Device, Outage


class TicketRow(NamedTuple):
    """A ticket. `promise_low` and `promise_high` are minutes as told, the seconds the unrounded values; flags and the
    rest as in the ticket itself."""

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
    promise_leads: str | None
    klass: str
    item: str | None
    guide: str | None
    return_of: str | None


class LegRow(NamedTuple):
    """A leg of the ticket `label`. `held_us` and `stalled_us` are microseconds; `is_void`: the whole ticket was
    voided."""

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
    held_us: int
    stalled_us: int
    start_assumed: bool
    inaccurate: bool
    outcome: str | None
    form_free: bool
    item: str | None = None
    is_void: bool = False


class RatingRow(NamedTuple):
    """A customer's rating of a ticket; `counts` unless a correction excluded it."""

    level: int
    staff: str | None
    attitude: int | None = None
    competence: int | None = None
    label: str = ""
    counts: bool = True
    tags: tuple[str, ...] = ()
    service: str = ""
    window: str | None = None


class Answer(NamedTuple):
    """An answer to one of the further questions."""

    question: str
    level: int


class Passing(NamedTuple):
    """`label` was passed by `by`, or `n` times for the same reason. `at` is in microseconds since 1970, as below."""

    label: str
    reason: str
    by: str = ""
    at: int = 0
    n: int = 1


class NoTicket(NamedTuple):
    """Somebody without a number: sent away for papers, or with an opinion."""

    service: str = ""
    at: int = 0


class Stall(NamedTuple):
    """Another system kept somebody waiting."""

    reason: str | None
    label: str = ""
    at: int = 0


class OfferRow(NamedTuple):
    """An offer of another channel; `label` is "" without a ticket."""

    to: str
    accepted: bool
    label: str = ""
    service: str = ""
    at: int = 0
    item: str | None = None


class Spent(NamedTuple):
    """Microseconds spent at a window; None for a window or clerk that no figure asks for."""

    us: int
    window: str | None = None
    staff: str | None = None


class LegsAlike(NamedTuple):
    """Legs of one kind, as defined by conditions. `waits` and `handling` are each leg's in microseconds, empty where
    legs of this kind have none."""

    legs: Sequence[LegRow]
    waits: Sequence[int]
    handling: Sequence[int]


class Links(Struct, frozen=True):
    """Who came again: `returned` are the date's tickets that a later one names as its earlier visit.

    `followed` counts (tickets, those of them that name an earlier visit), void ones left out, by date: for the date
    itself and the days after it for which the hall waits for returns.
    """

    returned: frozenset[str]
    followed: Mapping[date, tuple[int, int]]


class DeviceRows(Struct, frozen=True, kw_only=True):
    """The devices of a business date: every one that ever reported, and the outages that touch the date."""

    devices: Sequence[Device] = ()
    outages: Sequence[Outage] = ()


class DiversionRows(Struct, frozen=True, kw_only=True):
    """What a business date knows of other channels.

    `offers` counts by (channel, accepted); `totals` are those of the date and of a month that ends with it; `finished`
    the hall's own by service, of those services at least of which some channel reported the date or its month;
    `elsewhere` are those services.
    """

    offers: Mapping[tuple[str, bool], int] = field(default_factory=dict)
    totals: Sequence[ChannelTotal] = ()
    finished: Mapping[str, int] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()


Rules = Mapping[str, int | str | Mapping[str, int] | None]


class TargetRows(Struct, frozen=True, kw_only=True):
    """The targets in force on a business date, at most one of each measure, and the rules at its end."""

    targets: Sequence[Target] = ()
    rules: Rules = field(default_factory=dict)


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
        promise_leads=ticket.promise.leads,
        klass=ticket.klass,
        item=ticket.item,
        guide=ticket.guide,
        return_of=ticket.return_of,
    )


def leg_rows(tickets: Iterable[Ticket]) -> list[LegRow]:
    """Return the legs of `tickets`, each ticket's in order."""
    return [_leg_row(ticket.label, leg, ticket.state is State.VOID) for ticket in tickets for leg in ticket.legs]


def _leg_row(label: str, leg: Leg, is_void: bool) -> LegRow:
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
        held_us=leg.held_us,
        stalled_us=leg.stalled_us,
        start_assumed=leg.start_assumed,
        inaccurate=leg.inaccurate,
        outcome=leg.outcome,
        form_free=leg.form_free,
        item=leg.item,
        is_void=is_void,
    )


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else micros(moment)
