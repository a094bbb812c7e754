"""The rows behind a figure: a date's rows with what only other tables know, and what a finder returns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures.measures import day as sources
from queuedesk.core.figures.measures.day import DayRows, lost_stays
from queuedesk.core.figures.measures.rows import (
    SECOND_US,
    LegRow,
    NoTicket,
    OfferRow,
    Passing,
    RatingRow,
    Stall,
    TicketRow,
    TimeAtWindow,
    micros,
    moment_of,
)
from queuedesk.core.log.ticket_history import Stay, first_wait_s
from queuedesk.core.queue.ticket import Shift, Ticket, seconds
from queuedesk.core.setup.sentences import Partner

RATINGS, PASSINGS, NOT_READY, OPINIONS = "ratings", "passings", "not_ready", "opinions"
STAYS, STALLS, OFFERS, SHIFTS = "stays", "stalls", "offers", "shifts"
LOST_STAYS, PARTNERS = "lost_stays", "partners"
"""The stays of tickets that were sent on from a wrong line; the other places that the directory had then."""
WHOLE = "whole"
"""What needs more of a date's own rows than its tickets and legs: other dates, the log."""


class DayMore(Struct, frozen=True, kw_only=True):
    """What is known of a date besides its tickets and legs; a part that a figure does not need may be left out."""

    ratings: Sequence[RatingRow] = ()
    passings: Sequence[Passing] = ()
    not_ready: Sequence[NoTicket] = ()
    opinions: Sequence[NoTicket] = ()
    stays: Sequence[Stay] = ()
    stalls: Sequence[Stall] = ()
    offers: Sequence[OfferRow] = ()
    shifts: Sequence[Shift] = ()
    partners: Sequence[Partner] = ()


class FigureRow(NamedTuple):
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


class DayBehind(Struct, eq=False, dict=True):
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


Find = Callable[[DayBehind], Iterator[FigureRow]]


class Query(Struct, frozen=True):
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


# -- the rows of each source, as measures/day.py has them, with what each is found by ----------------------------------

Behind = Callable[[DayBehind], Iterable[tuple[Any, FigureRow]]]


def _tickets(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    return ((ticket, FigureRow(ticket.label)) for ticket in day.rows.tickets)


def _legs(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    return ((leg, FigureRow(leg.label, leg.n)) for leg in day.rows.legs)


def _ratings(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    return ((rating, FigureRow(rating.label)) for rating in day.more.ratings if rating.counts)


def _answers(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    return ((answer, FigureRow(one.label)) for one in day.more.ratings if one.counts for answer in sources.answers(one))


def _without_number(who: Iterable[NoTicket]) -> Iterable[tuple[Any, FigureRow]]:
    return ((one, FigureRow("", at=one.at, service=one.service)) for one in who)


def _passings(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    return ((passing, FigureRow(passing.label, at=passing.at, by=passing.by)) for passing in day.more.passings)


def _passed(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    """Return the tickets that were passed for a reason, each with how often."""
    times = Counter((passing.label, passing.reason) for passing in day.more.passings)
    return ((Passing(*one, n=n), FigureRow(one[0], amount=n)) for one, n in times.items())


def _offers(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    return (
        (offer, FigureRow(offer.label if offer.label in day.tickets else "", at=offer.at, service=offer.service))
        for offer in day.more.offers
    )


def _stalls(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    return ((stall, FigureRow(stall.label, at=stall.at)) for stall in day.more.stalls)


def _served(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    for stay in day.more.stays:
        if stay.served is not None:
            end = day.rows.until if stay.end is None else micros(stay.end)
            yield TimeAtWindow(end - micros(stay.served), stay.window, stay.staff), FigureRow(stay.label, stay.leg)


def _lost(day: DayBehind) -> Iterable[tuple[Any, FigureRow]]:
    """Return the visits that were at a window for the wrong line, each with the time lost."""
    return (
        (TimeAtWindow(lost, stay.window, stay.staff), FigureRow(stay.label, stay.leg))
        for stay, lost in lost_stays(day.more.stays)
    )


BEHIND: Mapping[str, tuple[frozenset[str], Behind]] = {
    sources.TICKETS: (frozenset(), _tickets),
    sources.LEGS: (frozenset(), _legs),
    sources.RATINGS: (frozenset({RATINGS}), _ratings),
    sources.ANSWERS: (frozenset({RATINGS}), _answers),
    sources.OPINIONS: (frozenset({OPINIONS}), lambda day: _without_number(day.more.opinions)),
    sources.NOT_READY: (frozenset({NOT_READY}), lambda day: _without_number(day.more.not_ready)),
    sources.PASSINGS: (frozenset({PASSINGS}), _passings),
    sources.PASSED: (frozenset({PASSINGS}), _passed),
    sources.OFFERS: (frozenset({OFFERS}), _offers),
    sources.STALLS: (frozenset({STALLS}), _stalls),
    sources.SERVED: (frozenset({STAYS, WHOLE}), _served),
    sources.LOST: (frozenset({LOST_STAYS}), _lost),
}
"""What each needs of DayMore, and its rows. No tickets stand behind rows of other sources."""


# -- as people read them -----------------------------------------------------------------------------------------------


class BehindRow(Struct, frozen=True, kw_only=True):
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


class TicketsBehind(Struct, frozen=True, kw_only=True):
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


def behind_row(day: date, found: FigureRow, ticket: Ticket | None, now: datetime) -> BehindRow:
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
