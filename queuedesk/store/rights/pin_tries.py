"""Counts tries at PINs: before each is compared, by a clock that nobody at the PC can set.

For a hall in a file, and for the owner of a server's database. What a PC's login tries is counted by the server
(`store/rights/functions.py`)."""

from __future__ import annotations

import time

from sqlalchemy import select, text

from queuedesk.core.errors import RuleError
from queuedesk.store.engine.types import Transaction
from queuedesk.store.schema import pin_tries, upsert_rows

WRONG_PINS, WRONG_WITHIN_S = 5, 60
"""So many wrong PINs may be tried at once; each is forgotten after its share of these seconds."""
_SECOND = 1_000_000
_EACH = WRONG_WITHIN_S * _SECOND // WRONG_PINS


def count_pin_try(tx: Transaction, hall: int, person: str) -> None:
    """Count one try; commit it before the PIN is compared, so that no other process tries meanwhile. Raises RuleError
    "pin_pause" (seconds)."""
    now = _steady_clock_us(tx)
    owed = _pin_pause_of_person_us(tx, hall, person, now)
    over = owed - _EACH * (WRONG_PINS - 1)
    if over > 0:
        raise RuleError("pin_pause", seconds=-(-over // _SECOND))
    upsert_rows(tx, pin_tries, {"hall": hall, "person": person, "owed": owed + _EACH, "clock": now})


def uncount_pin_try(tx: Transaction, hall: int, person: str) -> None:
    """Uncount a try: it was the right PIN."""
    now = _steady_clock_us(tx)
    owed = max(0, _pin_pause_of_person_us(tx, hall, person, now) - _EACH)
    upsert_rows(tx, pin_tries, {"hall": hall, "person": person, "owed": owed, "clock": now})


def remaining_pin_pause_us(owed: int, *, then: int, now: int, begins_anew: bool) -> int:
    """Return what is left of `owed` at `then`, never less than after the time that has certainly passed. A clock that
    `begins_anew` with its PC has counted at least since that start; one that was put back has counted nothing for
    certain."""
    passed = now - then if now >= then else now if begins_anew else 0
    return min(max(0, owed - passed), _EACH * WRONG_PINS)


def _pin_pause_of_person_us(tx: Transaction, hall: int, person: str, now: int) -> int:
    row = tx.execute(select(pin_tries).where(pin_tries.c.hall == hall, pin_tries.c.person == person)).first()
    begins_anew = tx.dialect.name == "sqlite"
    return 0 if row is None else remaining_pin_pause_us(row.owed, then=row.clock, now=now, begins_anew=begins_anew)


def _steady_clock_us(tx: Transaction) -> int:
    """Return a clock in microseconds that this PC's date does not move: since its start, or of the one server."""
    if tx.dialect.name == "sqlite":
        return time.monotonic_ns() // 1000
    return int(tx.execute(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")).scalar_one())
