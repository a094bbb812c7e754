"""Reads the rows behind figures, one date at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from queuedesk.core.figures.drilldown.rows import (
    LOST_STAYS,
    NOT_READY,
    OFFERS,
    OPINIONS,
    PASSINGS,
    RATINGS,
    STALLS,
    STAYS,
    WHOLE,
    DayBehind,
    DayMore,
    NoTicket,
    OfferRow,
    Passing,
    RatingRow,
    Stall,
)
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.times import micros
from queuedesk.core.log import state
from queuedesk.core.log.timeline import Stay, timeline
from queuedesk.core.queue.ticket import Ticket
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.figures.measured import Reader
from queuedesk.store.log import events as log
from queuedesk.store.parts import register, tickets

_LABELS_AT_ONCE = 500


def days_behind(reader: Reader, days: Iterable[date], needs: frozenset[str]) -> Iterator[DayBehind]:
    """Yield the dates with what `needs` names of DayMore, those without a ticket too."""
    for day in days:
        rows = reader.day(day) if WHOLE in needs else reader.lines(day)
        yield DayBehind(rows, _more(reader.tx, reader.hall, rows, needs))


def _more(tx: Transaction, hall: int, rows: DayRows, needs: frozenset[str]) -> DayMore:
    day = rows.day
    ratings = register.of_days(tx, hall, state.RATINGS, day, day).values() if RATINGS in needs else ()
    passings = register.of_days(tx, hall, state.OVERTAKES, day, day).values() if PASSINGS in needs else ()
    without = register.of_days(tx, hall, state.NOT_READY, day, day).values() if NOT_READY in needs else ()
    opinions = register.of_days(tx, hall, state.OPINIONS, day, day).values() if OPINIONS in needs else ()
    stays: tuple[Stay, ...] = ()
    if STAYS in needs:
        stays = timeline(log.moves_of(tx, hall, day)).stays
    elif LOST_STAYS in needs:
        wrong = sorted({leg.label for leg in rows.legs if leg.end == "redirect"})
        stays = timeline(log.moves_of(tx, hall, day, wrong)).stays if wrong else ()
    stalls = log.of_kind(tx, hall, day, "stall") if STALLS in needs else ()
    offers = register.of_days(tx, hall, state.OFFERS, day, day).values() if OFFERS in needs else ()
    return DayMore(
        ratings=[RatingRow(r.label, r.level, r.staff, r.attitude, r.competence, not r.excluded) for r in ratings],
        passings=[Passing(one.label, one.by, one.reason, micros(one.time)) for one in passings],
        not_ready=[NoTicket(micros(one.time), one.service) for one in without],
        opinions=[NoTicket(micros(one.time)) for one in opinions],
        stays=stays,
        stalls=[Stall(e.ticket or "", e.data.get("reason"), micros(e.time)) for e in stalls],
        offers=[OfferRow(o.ticket or "", o.service, o.to, o.accepted, micros(o.time)) for o in offers],
    )


def tickets_named(tx: Transaction, hall: int, day: date, labels: Iterable[str]) -> dict[str, Ticket]:
    """Return the tickets of a business date that bear these numbers, with their legs."""
    wanted = sorted(set(labels))
    found: dict[str, Ticket] = {}
    for start in range(0, len(wanted), _LABELS_AT_ONCE):
        for ticket in tickets.of_labels(tx, hall, day, wanted[start : start + _LABELS_AT_ONCE]):
            found[ticket.label] = ticket
    return found
