"""What the figures need of a business date, as plain rows: read straight from tables, or taken from a hall in memory.

Moments are whole microseconds since 1970 in UTC: a year has a quarter of a million tickets, and their differences are what counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from queuedesk.core.measures_spans import DaySpans
from queuedesk.core.ticket import Leg, Ticket
from queuedesk.core.window import Shift

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRows:
    """One business date. `ratings` are (level, staff) of those that count; `spans` is None where no log was at hand."""

    day: date
    tickets: Sequence[TicketRow]
    legs: Sequence[LegRow]
    shifts: Sequence[Shift]
    ratings: Sequence[tuple[int, str | None]]
    until: int
    no_number: int = 0
    not_ready: Counter[str] = field(default_factory=Counter)
    overtakes: Counter[str] = field(default_factory=Counter)
    spans: DaySpans | None = None


def micros(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(microseconds: int) -> datetime:
    """Return the moment (UTC) of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=microseconds)


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
    )


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else micros(moment)
