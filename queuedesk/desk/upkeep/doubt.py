"""Asks whether it is certain that time has passed, so that a wrong clock sends nobody away."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.log.clocks import CERTAIN_WITHIN, LONGEST_QUIET, Doubt
from queuedesk.core.log.state import APPOINTMENTS, WINDOWS, HallNow
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import State
from queuedesk.core.queue.window import WindowState
from queuedesk.core.setup.values import Setup
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.parts import devices, register, tickets


def doubt(
    tx: Transaction, hall: int, setup: Setup, stands: HallNow, *, now: datetime, since: datetime, was_set: bool
) -> Doubt | None:
    """Return why it is not certain that `now` has come; None where it is, or where nobody would come to harm.

    `since`: a process of this PC, or the clocks of two PCs, bear witness to the time from then on. A station's sign of
    life that is later than the log's end does the same; one after `now` is of a clock that was wrong.
    """
    if stands.at is None or stands.date is None or setup.hall.simulated or since - stands.at <= CERTAIN_WITHIN:
        return None
    signs = [sign for sign in devices.last_beats(tx, hall).values() if stands.at < sign <= now]
    last = max(signs, default=stands.at)
    if since - last <= CERTAIN_WITHIN:
        return None
    today = business_date(setup, now)
    left = [t for t in tickets.open_tickets(tx, hall) if t.date < today or was_set]
    waiting = sum(t.state is State.WAITING for t in left)
    windows = sum(w.state is not WindowState.CLOSED for w in register.of_days(tx, hall, WINDOWS).values())
    booked = [one for one in register.still_open(tx, hall, APPOINTMENTS).values() if stands.date < one.date < today]
    ends_something = bool(left or windows or booked) if today > stands.date or was_set else False
    if not ends_something and since - last <= LONGEST_QUIET:
        return None
    return Doubt(
        last=setup.local(last),
        now=setup.local(now),
        waiting=waiting,
        open=len(left) - waiting,
        windows=windows,
        appointments=len(booked),
        was_set=was_set,
    )
