"""Sets a log right whose clock was ahead: wrong events leave the figures, and the hall goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.clocks import CERTAIN_WITHIN, Ahead
from queuedesk.core.log.event import stamp
from queuedesk.core.log.state import APPOINTMENTS, WINDOWS
from queuedesk.core.log.wrong_time import WrongTime
from queuedesk.core.queue.appointment import Booked
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import State
from queuedesk.core.queue.window import WindowState
from queuedesk.core.setup.values import Setup
from queuedesk.desk.change import Ask, Change, Desk, Document, changes, said
from queuedesk.desk.documents import iso
from queuedesk.desk.upkeep import dayend
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.log import wrong_times
from queuedesk.store.log.wrong_times import Gap
from queuedesk.store.parts import counters, halls, register, tickets
from queuedesk.store.rights import grants


def ahead(desk: Desk, ask: Ask) -> Ahead | None:
    """Return by what the log is ahead of the clock, None where the time is right or stated. Changes nothing."""
    if ask.reading is None:
        return None
    with desk.db.read() as tx:
        row = halls.load(tx, desk.hall)
        setup, clock = halls.setup(tx, row), said(tx, ask)
    if row.now.at is None or setup.hall.simulated or row.now.at - clock <= CERTAIN_WITHIN:
        return None
    return Ahead(log=setup.local(row.now.at), clock=setup.local(clock))


def preview(desk: Desk, ask: Ask, first: int | None = None) -> Document:
    """Return what set_right() would do, and change nothing. Raises as it does."""
    ask.who.must("set-right")
    with desk.db.read() as tx:
        row = halls.load(tx, desk.hall)
        setup = halls.setup(tx, row)
        return _document(tx, desk.hall, setup, _leap(tx, desk.hall, setup, clock=said(tx, ask), first=first))


def set_right(desk: Desk, ask: Ask, first: int | None = None, seen: datetime | None = None) -> Document:
    """Say that the log ran ahead from the event `first` on, or from where it leaps, and go on from the time that the
    clock says.

    Whoever is still in the hall by the wrong date is sent to take a new number, windows close, and everybody signs in
    again. What was recorded meanwhile stays in the log and is in no figure; numbers go on behind those that were given.
    `seen` is the time that a person saw and said to be right.

    Raises RuleError "not_your_role", "log_not_ahead", "no_leap", "clock_changed", OutsideError "not_this_pc" for a PC
    that joined a hall.
    """
    with desk.db.read() as tx:
        if grants.own_hall(tx) is not None:
            raise OutsideError("not_this_pc")
    return _set_right(desk, ask, first, seen)


@changes("set-right")
def _set_right(change: Change, first: int | None, seen: datetime | None) -> Document:
    book, setup = change.book, change.setup
    book.close()  # The end of a date that was due came first.
    leap = _leap(change.tx, book.id, setup, clock=change.said, first=first)
    if seen is not None and abs(change.said - seen) > CERTAIN_WITHIN:
        raise RuleError("clock_changed")
    told = _document(change.tx, book.id, setup, leap)
    own = tickets.open_tickets(change.tx, book.id)
    for day in sorted({ticket.date for ticket in own} | {change.date}):
        dayend.end_day(book, setup, change.who, day, at=change.now, time=change.now, open_tickets=own)
    book.close()
    kept = [
        one.seq
        for one in register.of_days(change.tx, book.id, APPOINTMENTS, leap.today).values()
        if one.state is Booked.GONE and one.freed_at(setup) >= leap.at
    ]
    change.now, change.date, change.skew_s = leap.at, leap.today, 0
    change.record(
        "set-right",
        first=leap.gap.first,
        since=stamp(leap.gap.since),
        was=stamp(leap.was),
        day=leap.day.isoformat(),
        series=told["series"],
        tickets=told["tickets"],
        ratings=told["ratings"],
        appointments=kept,
    )
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leap:
    """Where the log leaps, to what date; its end, the true time and date."""

    gap: Gap
    day: date
    was: datetime
    at: datetime
    today: date


def _leap(tx: Transaction, hall: int, setup: Setup, *, clock: datetime, first: int | None) -> _Leap:
    stands = halls.load(tx, hall).now
    was = stands.at
    if was is None or was - clock <= CERTAIN_WITHIN:
        raise RuleError("log_not_ahead")
    # A clock that is ahead by so much has left a gap of at least so much. Where there is none, the clock is behind and
    # the log is right.
    least = was - clock - CERTAIN_WITHIN
    gap = next(
        (
            one
            for one in wrong_times.gaps(tx, hall, stands.seq)
            if one.since - one.before >= least and first in (None, one.first)
        ),
        None,
    )
    if gap is None:
        raise RuleError("no_leap", log=setup.local(was), clock=setup.local(clock))
    at = max(clock, gap.before)
    before = max(business_date(setup, gap.before), business_date(setup, at))
    return _Leap(gap=gap, day=business_date(setup, gap.since), was=was, at=at, today=before)


def _document(tx: Transaction, hall: int, setup: Setup, leap: _Leap) -> Document:
    wrong = WrongTime(seq=1 << 62, first=leap.gap.first, since=leap.gap.since, day=leap.day, at=leap.at)
    gone = [ticket for ticket in tickets.from_date(tx, hall, leap.day) if wrong.takes(ticket)]
    windows = [one for one in register.of_days(tx, hall, WINDOWS).values() if one.state is not WindowState.CLOSED]
    series: Counter[str] = Counter()
    for (day, prefix), number in counters.all_series(tx, hall).items():
        if day == leap.today or day in {ticket.date for ticket in gone}:
            series[prefix] = max(series[prefix], number)
    return {
        "first": leap.gap.first,
        "before": iso(setup, leap.gap.before),
        "since": iso(setup, leap.gap.since),
        "was": iso(setup, leap.was),
        "now": iso(setup, leap.at),
        "date": leap.today.isoformat(),
        "dates": sorted({ticket.date.isoformat() for ticket in gone}),
        "tickets": len(gone),
        "ratings": sum(ticket.rating is not None for ticket in gone),
        "waiting": sum(ticket.state is State.WAITING for ticket in gone),
        "open": sum(ticket.is_open and ticket.state is not State.WAITING for ticket in gone),
        "windows": len(windows),
        "series": dict(sorted(series.items())),
    }
