"""The rows behind a figure: a date's rows with what only other tables know, and what a finder returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.rows import LegRow, TicketRow
from queuedesk.core.figures.measures.times import SECOND_US, moment_of
from queuedesk.core.log.ticket_history import first_wait_s
from queuedesk.core.log.timeline import Stay
from queuedesk.core.queue.ticket import Ticket, seconds

RATINGS, PASSINGS, NOT_READY, OPINIONS = "ratings", "passings", "not_ready", "opinions"
STAYS, STALLS, OFFERS = "stays", "stalls", "offers"
LOST_STAYS = "lost_stays"
"""The stays of tickets that were sent on from a wrong line."""
WHOLE = "whole"
"""What needs more of a date's own rows than its tickets and legs: other dates, the log."""


class RatingRow(NamedTuple):
    """A customer's rating of a ticket; `counts` unless a correction excluded it."""

    label: str
    level: int
    staff: str | None
    attitude: int | None
    competence: int | None
    counts: bool


class Passing(NamedTuple):
    """`label` was passed by `by`."""

    label: str
    by: str
    reason: str
    at: int


class NoTicket(NamedTuple):
    """Somebody without a number: sent away for papers, or with an opinion. `at` in microseconds since 1970."""

    at: int
    service: str = ""


class Stall(NamedTuple):
    """Another system kept somebody waiting."""

    label: str
    reason: str | None
    at: int


class OfferRow(NamedTuple):
    """An offer of another channel; `label` is "" without a ticket."""

    label: str
    service: str
    to: str
    accepted: bool
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMore:
    """What is known of a date besides its tickets and legs; a part that a figure does not need may be left out."""

    ratings: Sequence[RatingRow] = ()
    passings: Sequence[Passing] = ()
    not_ready: Sequence[NoTicket] = ()
    opinions: Sequence[NoTicket] = ()
    stays: Sequence[Stay] = ()
    stalls: Sequence[Stall] = ()
    offers: Sequence[OfferRow] = ()


class Found(NamedTuple):
    """One row of a figure: a ticket (`leg` None), one of its legs, or somebody without a number (label "").

    `amount` is what it adds to a figure of minutes, in microseconds, or what it is ranked by; `at` is when, where
    neither ticket nor leg tells; `service` that of somebody without a number; `by` the number that passed it.
    """

    label: str
    leg: int | None = None
    amount: int | None = None
    at: int | None = None
    service: str = ""
    by: str = ""


@dataclass(eq=False)
class DayBehind:
    """A date's rows as queries need them."""

    rows: DayRows
    more: DayMore = field(default_factory=DayMore)

    @property
    def day(self) -> date:
        return self.rows.day

    @cached_property
    def tickets(self) -> dict[str, TicketRow]:
        return {ticket.label: ticket for ticket in self.rows.tickets}

    @cached_property
    def legs(self) -> dict[str, list[LegRow]]:
        """The legs of each ticket in order."""
        found: dict[str, list[LegRow]] = defaultdict(list)
        for leg in self.rows.legs:
            found[leg.label].append(leg)
        for own in found.values():
            own.sort(key=lambda leg: leg.n)
        return found


Find = Callable[[DayBehind], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Query:
    """Finds the rows that make up a figure.

    `needs` are the parts of DayMore that it reads, and WHOLE; `most`: only those with the greatest amount over all
    dates count; `by_amount`: those with the greatest amount are shown first; `looks_on`: as many days after the span
    count too as the hall waits for returns.
    """

    find: Find
    needs: frozenset[str] = frozenset()
    most: bool = False
    by_amount: bool = False
    looks_on: bool = False


TicketTest = Callable[[DayBehind, TicketRow], bool]
LegTest = Callable[[DayBehind, LegRow], bool]


def tickets(test: TicketTest) -> Find:
    """Return a query for the tickets that fit."""
    return lambda day: (Found(ticket.label) for ticket in day.rows.tickets if test(day, ticket))


def legs(test: LegTest) -> Find:
    """Return a query for the legs that fit."""
    return lambda day: (Found(leg.label, leg.n) for leg in day.rows.legs if test(day, leg))


def rated(test: Callable[[RatingRow], bool]) -> Find:
    """Return a query for the ratings that fit, among those that count."""
    return lambda day: (Found(one.label) for one in day.more.ratings if one.counts and test(one))


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindRow:
    """A row of a figure as people read it; `ticket` "" for somebody without a number, `leg` None where the whole visit
    counts.

    `waited_s` is from joining the line (of the leg, else of the visit) to the first call, or to the end, or to now;
    `outcome` is what the clerk noted, `end` what ended the leg. `amount_s` is what it adds to a figure of minutes, None
    elsewhere; `flags` as in the ticket.
    """

    day: date
    ticket: str
    leg: int | None
    service: str
    klass: str
    state: str
    arrived: datetime
    waited_s: int | None
    window: str | None
    staff: str | None
    end: str | None
    outcome: str | None
    rating: int | None
    by: str
    amount_s: int | None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsBehind:
    """The rows that make up the figure at `path` from `first` to `last`: `total` rows, of which `rows` are to be shown.

    `value` is the figure, rounded as in documents, for any part of a share the share itself; None where nothing is
    known. `has_tickets` is False where the figure is not made of tickets, such as a window's open minutes. `by_amount`:
    the rows are shown with the greatest amount first, else in the order of dates and arrivals.
    """

    path: str
    first: date
    last: date
    total: int
    rows: tuple[BehindRow, ...]
    has_tickets: bool
    by_amount: bool
    value: float | None = None


def behind_row(day: date, found: Found, ticket: Ticket | None, now: datetime) -> BehindRow:
    """Return a found row with its ticket's details."""
    amount_s = None if found.amount is None else found.amount // SECOND_US
    if ticket is None:
        return BehindRow(
            day=day,
            ticket="",
            leg=None,
            service=found.service,
            klass="",
            state="",
            arrived=moment_of(found.at or 0),
            waited_s=None,
            window=None,
            staff=None,
            end=None,
            outcome=None,
            rating=None,
            by="",
            amount_s=amount_s,
        )
    own = next((leg for leg in ticket.legs if leg.n == found.leg), None)
    shown = own or ticket.leg
    waited_s = seconds(own.joined, own.called or own.ended or now) if own else first_wait_s(ticket, now)[0]
    return BehindRow(
        day=day,
        ticket=ticket.label,
        leg=found.leg,
        service=shown.service,
        klass=ticket.klass,
        state=str(ticket.state),
        arrived=ticket.arrived,
        waited_s=waited_s,
        window=shown.window,
        staff=shown.staff,
        end=shown.end,
        outcome=shown.outcome,
        rating=ticket.rating,
        by=found.by,
        amount_s=amount_s,
        flags=ticket.flags,
    )
