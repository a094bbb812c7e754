"""The rows behind a figure: a date's rows with what only other tables know, and what a finder returns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures.measures import day as sources
from queuedesk.core.figures.measures import rows as figure_rows
from queuedesk.core.figures.measures.day import DayRows, redirected_stays
from queuedesk.core.log.ticket_history import TicketStay, first_wait_s_and_if_called
from queuedesk.core.queue.ticket import Shift, Ticket, whole_seconds_between
from queuedesk.core.setup.sentences import Partner

RATINGS, PASSINGS, NOT_READY, OPINIONS = "ratings", "passings", "not_ready", "opinions"
STAYS, STALLS, OFFERS, SHIFTS = "stays", "stalls", "offers", "shifts"
LOST_STAYS, PARTNERS = "lost_stays", "partners"
"""Stays of tickets that were redirected from a wrong line; the directory's other places on that date."""
WHOLE = "whole"
"""A query with this need also reads other dates or the log, not only tickets and legs."""


class DayDataBesidesTickets(Struct, frozen=True, kw_only=True):
    """Data of a date besides tickets and legs; parts that a query does not need may be left empty."""

    ratings: Sequence[figure_rows.RatingRow] = ()
    passings: Sequence[figure_rows.OvertakingRow] = ()
    not_ready: Sequence[figure_rows.PersonWithoutTicket] = ()
    opinions: Sequence[figure_rows.PersonWithoutTicket] = ()
    stays: Sequence[TicketStay] = ()
    stalls: Sequence[figure_rows.ExternalSystemWait] = ()
    offers: Sequence[figure_rows.ChannelOfferRow] = ()
    shifts: Sequence[Shift] = ()
    partners: Sequence[Partner] = ()


class FigureRow(NamedTuple):
    """One row of a figure: a ticket (`leg` None), one of its legs, or a person without a number (label ""). `amount` is
    what it adds to a figure of minutes, in microseconds, or what it is ranked by; `at` is the time where there is no
    ticket or leg to give it; `service` that of a person without a number; `by` the number that passed it."""

    label: str
    leg: int | None = None
    amount: int | None = None
    at: int | None = None
    service: str = ""
    by: str = ""


class DrilldownDay(Struct, eq=False, dict=True):
    rows: DayRows
    more: DayDataBesidesTickets = field(default_factory=DayDataBesidesTickets)

    @property
    def day(self) -> date:
        return self.rows.day

    @cached_property
    def tickets_by_label(self) -> dict[str, figure_rows.TicketRow]:
        return {ticket.label: ticket for ticket in self.rows.tickets}

    @cached_property
    def legs_by_label(self) -> dict[str, list[figure_rows.LegRow]]:
        """The legs of each ticket in order."""
        by_label: dict[str, list[figure_rows.LegRow]] = defaultdict(list)
        for leg in self.rows.legs:
            by_label[leg.label].append(leg)
        for legs in by_label.values():
            legs.sort(key=lambda leg: leg.n)
        return by_label


Find = Callable[[DrilldownDay], Iterator[FigureRow]]


class RowQuery(Struct, frozen=True):
    """Finds the rows behind a figure. `needs` are the parts of DayDataBesidesTickets that it reads, and WHOLE; `most`:
    only those with the greatest amount over all dates count; `by_amount`: those with the greatest amount are shown
    first; `looks_on`: the days after the span on which the hall waits for returns count too."""

    find: Find
    needs: frozenset[str] = frozenset()
    most: bool = False
    by_amount: bool = False
    looks_on: bool = False


# -- the rows of each source of measures/day.py, each with the FigureRow that finds it ---------------------------------

Behind = Callable[[DrilldownDay], Iterable[tuple[Any, FigureRow]]]


def _ticket_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    return ((ticket, FigureRow(ticket.label)) for ticket in day.rows.tickets)


def _leg_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    return ((leg, FigureRow(leg.label, leg.n)) for leg in day.rows.legs)


def _rating_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    return ((rating, FigureRow(rating.label)) for rating in day.more.ratings if rating.counts)


def _answer_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    return (
        (answer, found_by)
        for rating, found_by in _rating_rows(day)
        for answer in sources.given_question_answers(rating)
    )


def _rows_of_people_without_ticket(
    people: Iterable[figure_rows.PersonWithoutTicket],
) -> Iterable[tuple[Any, FigureRow]]:
    return ((person, FigureRow("", at=person.at, service=person.service)) for person in people)


def _overtake_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    return ((passing, FigureRow(passing.label, at=passing.at, by=passing.by)) for passing in day.more.passings)


def _overtaken_ticket_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    """Return the tickets passed for each reason; the amount is how often."""
    times = Counter((passing.label, passing.reason) for passing in day.more.passings)
    return ((figure_rows.OvertakingRow(*key, n=n), FigureRow(key[0], amount=n)) for key, n in times.items())


def _offer_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    return (
        (
            offer,
            FigureRow(offer.label if offer.label in day.tickets_by_label else "", at=offer.at, service=offer.service),
        )
        for offer in day.more.offers
    )


def _external_system_wait_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    return ((stall, FigureRow(stall.label, at=stall.at)) for stall in day.more.stalls)


def _serving_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    for stay in day.more.stays:
        if stay.served is not None:
            end = day.rows.until if stay.end is None else figure_rows.to_epoch_micros(stay.end)
            yield (
                figure_rows.TimeAtWindow(end - figure_rows.to_epoch_micros(stay.served), stay.window, stay.staff),
                FigureRow(stay.label, stay.leg),
            )


def _time_lost_on_wrong_line_rows(day: DrilldownDay) -> Iterable[tuple[Any, FigureRow]]:
    """Return the stays at windows for the wrong line; the amount is the time lost."""
    return (
        (figure_rows.TimeAtWindow(lost_us, stay.window, stay.staff), FigureRow(stay.label, stay.leg))
        for stay, lost_us in redirected_stays(day.more.stays)
    )


BEHIND: Mapping[str, tuple[frozenset[str], Behind]] = {
    sources.TICKETS: (frozenset(), _ticket_rows),
    sources.LEGS: (frozenset(), _leg_rows),
    sources.RATINGS: (frozenset({RATINGS}), _rating_rows),
    sources.ANSWERS: (frozenset({RATINGS}), _answer_rows),
    sources.OPINIONS: (frozenset({OPINIONS}), lambda day: _rows_of_people_without_ticket(day.more.opinions)),
    sources.NOT_READY: (frozenset({NOT_READY}), lambda day: _rows_of_people_without_ticket(day.more.not_ready)),
    sources.PASSINGS: (frozenset({PASSINGS}), _overtake_rows),
    sources.PASSED: (frozenset({PASSINGS}), _overtaken_ticket_rows),
    sources.OFFERS: (frozenset({OFFERS}), _offer_rows),
    sources.STALLS: (frozenset({STALLS}), _external_system_wait_rows),
    sources.SERVED: (frozenset({STAYS, WHOLE}), _serving_rows),
    sources.LOST: (frozenset({LOST_STAYS}), _time_lost_on_wrong_line_rows),
}
"""By source: the needed parts of DayDataBesidesTickets, and the rows. Rows of other sources have no tickets."""


# -- rows as they are shown --------------------------------------------------------------------------------------------


class FigureRowDetails(Struct, frozen=True, kw_only=True):
    """A row behind a figure, as shown; `ticket` is "" for a person without a number, `leg` None where the whole visit
    counts. `waited_s` is from joining the line (of the leg, else of the visit) to the first call, or to the end, or to
    now; `outcome` is what staff noted, `end` what ended the leg. `amount_s` is what it adds to a figure of minutes,
    else None; `flags` as in the ticket."""

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


class FigureDrilldown(Struct, frozen=True, kw_only=True):
    """The rows behind the figure at `path` from `first` to `last`: `total` rows, of which `rows` are to be shown.
    `value` is the figure, rounded as in documents, for any part of a share the share itself; None if unknown.
    `has_tickets` is False where the figure is not made of tickets, such as a window's open minutes. `by_amount`: the
    rows are shown with the greatest amount first, else in the order of dates and arrivals."""

    path: str
    first: date
    last: date
    total: int
    rows: tuple[FigureRowDetails, ...]
    has_tickets: bool
    by_amount: bool
    value: float | None = None


def figure_row_with_ticket_details(day: date, row: FigureRow, ticket: Ticket | None, now: datetime) -> FigureRowDetails:
    """Combine a row with the details of its ticket."""
    amount_s = None if row.amount is None else row.amount // figure_rows.SECOND_US
    if ticket is None:
        return FigureRowDetails(
            day=day,
            ticket="",
            leg=None,
            service=row.service,
            klass="",
            state="",
            arrived=figure_rows.to_moment(row.at or 0),
            waited_s=None,
            window=None,
            staff=None,
            end=None,
            outcome=None,
            rating=None,
            by="",
            amount_s=amount_s,
        )
    leg = next((leg for leg in ticket.legs if leg.n == row.leg), None)
    shown_leg = leg or ticket.current_leg
    waited_s = (
        whole_seconds_between(leg.joined, leg.called or leg.ended or now)
        if leg
        else first_wait_s_and_if_called(ticket, now)[0]
    )
    return FigureRowDetails(
        day=day,
        ticket=ticket.label,
        leg=row.leg,
        service=shown_leg.service,
        klass=ticket.klass,
        state=str(ticket.state),
        arrived=ticket.arrived,
        waited_s=waited_s,
        window=shown_leg.window,
        staff=shown_leg.staff,
        end=shown_leg.end,
        outcome=shown_leg.outcome,
        rating=ticket.rating,
        by=row.by,
        amount_s=amount_s,
        flags=ticket.flags,
    )
