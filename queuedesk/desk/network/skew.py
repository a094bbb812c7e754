"""Compares this PC's clock with the clock of the shared hall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from queuedesk.core.log.clocks import reading_of, skew_cause, skew_of
from queuedesk.core.log.state import DEVICES
from queuedesk.core.network.people import HALL
from queuedesk.core.talk.device import CLOCK
from queuedesk.core.talk.screen import at_pc
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk.devices import report
from queuedesk.store.parts import register, sharing

TRIES = 3


def of_this_pc(desk: Desk, clock: Callable[[], datetime]) -> timedelta:
    """Return by how much this PC's clock is surely ahead of the server's (negative: behind); nothing in a file. The way
    there and back is none of it."""
    if not desk.db.is_shared:
        return timedelta()
    found = []
    with desk.db.read() as tx:
        for _try in range(TRIES):
            asked = clock()
            by = sharing.clock(tx)
            found.append(skew_of(asked, by, clock()))
    # Of a way that took long nothing is sure; the shortest knows best.
    return max(found, key=abs)


def tell(desk: Desk, clock: Callable[[], datetime], pc: str) -> None:
    """Write that the clock of this PC, which the hall calls `pc`, is wrong or right again, where that is news. Raises
    OutsideError.

    Of a hall in a file, and by a clock that stands where it was put, nothing is written; nor of one that was never
    wrong.
    """
    clock()
    if not desk.db.is_shared or reading_of(clock) is None:
        return
    station = at_pc(CLOCK, pc)
    with desk.db.read() as tx:
        known = register.find(tx, desk.hall, DEVICES, (CLOCK, station))
    cause = skew_cause(of_this_pc(desk, clock), known.cause if known is not None else None)
    if cause is not None or known is not None:
        report(desk, Ask.by(clock, HALL), CLOCK, station, cause)
