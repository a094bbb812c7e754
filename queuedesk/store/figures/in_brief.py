"""Counts the tickets and legs of several halls for their rows side by side, all halls in one statement each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field
from sqlalchemy import BindParameter, and_, bindparam, case, exists, func, literal_column, select, type_coerce

from queuedesk.core.figures.measures.rows import LegRow
from queuedesk.core.figures.measures.times import MINUTE_US, micros
from queuedesk.core.log.event import EARLIEST, LATEST
from queuedesk.core.queue.ticket import State
from queuedesk.store.engine.types import BigInt, Transaction
from queuedesk.store.schema.tables import legs, tickets


class InBrief(Struct):
    """A hall's date: how many tickets are in each state, and legs of each kind (document.day_in_brief)."""

    states: Counter[str] = field(default_factory=Counter)
    legs: Counter[LegRow] = field(default_factory=Counter)


_MINUTE = literal_column(str(MINUTE_US), BigInt)
_JOINED = type_coerce(legs.c.joined, BigInt)
_WENT = type_coerce(func.coalesce(legs.c.called, legs.c.ended), BigInt)
# A number that no program wrote is no wait: a server would fail at a difference that no number of its own can hold.
_IS_TIME = and_(*(one.between(micros(EARLIEST), micros(LATEST)) for one in (_JOINED, _WENT)))
# Targets are whole minutes: a wait is within one if, rounded up to whole minutes, it is.
_MINUTES = case((_IS_TIME, (_WENT - _JOINED + _MINUTE - literal_column("1", BigInt)) // _MINUTE)).label("minutes")
_CALLED = case((legs.c.called.is_(None), 0), else_=1).label("is_called")


_HALLS: BindParameter[Any] = bindparam("halls", expanding=True)
_DAYS: BindParameter[Any] = bindparam("days", expanding=True)
_STATES = (
    select(tickets.c.hall, tickets.c.date, tickets.c.state, func.count())
    .where(tickets.c.hall.in_(_HALLS), tickets.c.date.in_(_DAYS))
    .group_by(tickets.c.hall, tickets.c.date, tickets.c.state)
)
# The legs of a void ticket are in no share.
_IS_VOID = exists(tickets.c.label).where(
    *(tickets.c[key] == legs.c[key] for key in ("hall", "date", "label")), tickets.c.state == str(State.VOID)
)
_LEGS = (
    select(legs.c.hall, legs.c.date, legs.c.end, legs.c.inaccurate, _CALLED, _MINUTES, func.count())
    .where(legs.c.hall.in_(_HALLS), legs.c.date.in_(_DAYS), ~_IS_VOID)
    .group_by(legs.c.hall, legs.c.date, legs.c.end, legs.c.inaccurate, "is_called", "minutes")
)


def in_brief(tx: Transaction, days: Mapping[int, date]) -> dict[int, InBrief]:
    """Return what is counted of each hall on a date of its own."""
    found = {hall: InBrief() for hall in days}
    asked = {"halls": list(days), "days": sorted(set(days.values()))}
    for hall, day, state, n in tx.execute(_STATES, asked):
        if day == days[hall]:
            found[hall].states[state] += n
    for hall, day, end, inaccurate, is_called, minutes, n in tx.execute(_LEGS, asked):
        if day == days[hall]:
            found[hall].legs[_leg(end, minutes, is_called=is_called == 1, inaccurate=inaccurate)] += n
    return found


def _leg(end: str | None, minutes: int | None, *, is_called: bool, inaccurate: bool) -> LegRow:
    """Return a leg that joined at 0 and was called, or else ended, so many minutes later."""
    went = None if minutes is None else minutes * MINUTE_US
    return LegRow(
        label="",
        n=1,
        service="",
        joined=0,
        called=(went or 0) if is_called else None,
        started=None,
        finished=None,
        window=None,
        staff=None,
        end=end,
        ended=None if is_called else went,
        held_us=0,
        stalled_us=0,
        start_assumed=False,
        inaccurate=inaccurate,
        outcome=None,
        form_free=False,
    )
