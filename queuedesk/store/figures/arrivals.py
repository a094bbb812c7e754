"""Counts past dates in one statement each: arrivals, how long a customer kept a window busy, satisfied ratings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from math import sqrt

from msgspec import Struct
from sqlalchemy import and_, case, func, select, type_coerce

from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.arrival_forecast import HALF_HOURS, DayArrivals
from queuedesk.store.engine.types import EPOCH, BigInt, Transaction
from queuedesk.store.schema import legs, ratings, tickets

LONGEST_S = 4 * 3600
"""A customer at a window for longer was left there by mistake."""
NOBODY_S = 90
_QUARTER = timedelta(minutes=15)
_QUARTER_US, _US = int(_QUARTER.total_seconds()) * 1_000_000, 1_000_000
_LATE_US = 600 * _US


class OccupiedMinutesPerCustomer(Struct, frozen=True, kw_only=True):
    """How long a customer of a service occupied windows, further steps of the visit included: minutes, for `n`
    customers."""

    mean_min: float
    sd_min: float
    n: int


def day_arrivals_of_span(tx: Transaction, hall: int, setup: Setup, first: date, last: date) -> list[DayArrivals]:
    """Return the arrivals on each date with tickets from `first` to `last`, by the service they first queued for; void
    tickets don't count."""
    quarter = (type_coerce(legs.c.joined, BigInt) // _QUARTER_US).label("quarter")
    statement = (
        select(legs.c.date, legs.c.service, quarter, func.count())
        .where(legs.c.hall == hall, legs.c.date.between(first, last), legs.c.n == 1)
        .where(func.coalesce(legs.c.end, "") != "void")
        .group_by(legs.c.date, legs.c.service, quarter)
    )
    found: dict[date, dict[str, list[int]]] = defaultdict(dict)
    for day, service, at, n in tx.execute(statement):
        local = setup.to_hall_time(EPOCH + at * _QUARTER)
        # Who has a place from the day before stands at the door when it opens.
        slot = (
            0
            if local.date() < day
            else HALF_HOURS - 1
            if local.date() > day
            else (local.hour * 60 + local.minute) // 30
        )
        found[day].setdefault(service, [0] * HALF_HOURS)[slot] += n
    return [
        DayArrivals(date=day, services={code: tuple(row) for code, row in services.items()})
        for day, services in sorted(found.items())
    ]


def waits_of_last_dates(
    tx: Transaction, hall: int, dates: Sequence[date], most: int
) -> list[tuple[date, datetime, datetime]]:
    """Return who waited on the last `most` of `dates` that had tickets: the date, from when to when."""
    mine = (legs.c.hall == hall) & (func.coalesce(legs.c.end, "") != "void")
    had = select(legs.c.date).where(mine, legs.c.date.in_(dates)).distinct().order_by(legs.c.date.desc()).limit(most)
    left = func.coalesce(legs.c.called, legs.c.ended)
    statement = select(legs.c.date, legs.c.joined, type_coerce(left, legs.c.joined.type)).where(
        mine, legs.c.date.in_(list(tx.execute(had).scalars())), left.is_not(None)
    )
    return [(day, joined, until) for day, joined, until in tx.execute(statement)]


def window_occupation_by_service(
    tx: Transaction, hall: int, first: date, last: date
) -> Mapping[str, OccupiedMinutesPerCustomer]:
    """Return how long customers occupied windows, from call to window free, by the service they first queued for; who
    was missed did from the call that they followed."""
    was_missed = tickets.c.missed_at.between(legs.c.called, legs.c.last_called)
    begun = case(
        (was_missed, legs.c.last_called),
        (legs.c.started.is_(None), legs.c.last_called),
        (type_coerce(legs.c.started, BigInt) - type_coerce(legs.c.called, BigInt) < _LATE_US, legs.c.called),
        else_=legs.c.last_called,
    )
    ended = func.coalesce(legs.c.finished, legs.c.ended)
    seconds = (type_coerce(ended, BigInt) - type_coerce(begun, BigInt) - legs.c.held_us) // _US
    # Who did not come keeps a window for its calls only, and is written off later.
    took = case((legs.c.started.is_(None) & (seconds > NOBODY_S), NOBODY_S), else_=seconds)
    mine = (legs.c.hall == hall) & legs.c.date.between(first, last)
    visits = (
        select(legs.c.date, legs.c.label, func.sum(took).label("took"))
        .join(tickets, and_(*(tickets.c[key] == legs.c[key] for key in ("hall", "date", "label"))))
        .where(mine, legs.c.called.is_not(None), ended.is_not(None), took.between(0, LONGEST_S))
        .where(legs.c.inaccurate.is_(False))
        .group_by(legs.c.date, legs.c.label)
        .subquery()
    )
    statement = (
        select(legs.c.service, func.count(), func.sum(visits.c.took), func.sum(visits.c.took * visits.c.took))
        .join(visits, (visits.c.date == legs.c.date) & (visits.c.label == legs.c.label))
        .where(mine, legs.c.n == 1)
        .group_by(legs.c.service)
    )
    found = {}
    for service, n, total, squares in tx.execute(statement):
        mean = int(total) / n
        spread = max(0.0, int(squares) / n - mean * mean)
        found[service] = OccupiedMinutesPerCustomer(mean_min=mean / 60, sd_min=sqrt(spread) / 60, n=n)
    return found


def satisfaction_counts_by_service(tx: Transaction, hall: int, first: date, last: date) -> dict[str, tuple[int, int]]:
    """Return (satisfied, dissatisfied) of each service that was rated from `first` to `last`; excluded ratings count
    nowhere."""
    statement = (
        select(ratings.c.service, ratings.c.level, func.count())
        .where(ratings.c.hall == hall, ratings.c.date >= first, ratings.c.date <= last, ratings.c.excluded.is_(False))
        .group_by(ratings.c.service, ratings.c.level)
    )
    found: dict[str, tuple[int, int]] = {}
    for service, level, n in tx.execute(statement):
        satisfied, dissatisfied = found.get(service, (0, 0))
        is_good = level in SATISFIED_LEVELS
        found[service] = (satisfied + n, dissatisfied) if is_good else (satisfied, dissatisfied + n)
    return dict(sorted(found.items()))
