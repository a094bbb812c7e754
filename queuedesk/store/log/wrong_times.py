"""What a clock that was ahead has written: taken out of the tables, and passed over where the log itself is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, delete, or_, select, true

from queuedesk.core.log.event import fits
from queuedesk.core.log.state import ALARMS, APPOINTMENTS, DEVICES, OUTAGES, SHIFTS, WINDOWS, WrongTime
from queuedesk.core.queue.ticket import WindowState
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import part_tables, tickets
from queuedesk.store.parts.part_tables import ROWS
from queuedesk.store.schema.tables import beats, events, learned, learned_days, legs, ratings, tracker
from queuedesk.store.schema.tables import tickets as ticket_rows

_PAGE = 2000
# The kind stands in the statement itself: with a parameter in its place no partial index would do.
_KIND: ColumnElement[str] = bindparam(None, "set-right", literal_execute=True)


class Gap(Struct, frozen=True):
    """A leap of a log: the event `first` was taken at `since`, the one before it at `before`."""

    first: int
    before: datetime
    since: datetime


def take_out(tx: Transaction, hall: int, wrong: WrongTime) -> None:
    """Remove what the wrong clock has made, as HallState.drop_wrong_time does; for the tables' owner."""
    gone = {t.id for t in tickets.from_date(tx, hall, wrong.day) if wrong.takes(t)}
    for id in sorted(gone):
        for table in (ratings, legs, ticket_rows):
            tx.execute(delete(table).where(table.c.hall == hall, table.c.date == id[0], table.c.label == id[1]))
    for part in (part for part in ROWS if part.goes):
        table = ROWS[part].table
        made = table.c[part.key[0]].between(wrong.first, wrong.seq - 1)
        tx.execute(delete(table).where(table.c.hall == hall, made, table.c.date >= wrong.day))
    closed = ROWS[SHIFTS].table.c.closed
    late = part_tables.among(tx, hall, SHIFTS, closed > wrong.at)
    part_tables.save(tx, hall, SHIFTS, *map(wrong.shift, late.values()))
    for id in _touched(tx, hall, min(wrong.since, wrong.at)):
        before = tickets.find(tx, hall, id)
        if before is not None and (told := wrong.ticket(before)) is not before:
            tickets.save(tx, hall, told, before)
    closed_now = [one for one in part_tables.of_days(tx, hall, WINDOWS).values() if one.state is WindowState.CLOSED]
    part_tables.save(tx, hall, WINDOWS, *(wrong.window(one, forgets=one.last in gone) for one in closed_now))
    for one in part_tables.of_days(tx, hall, APPOINTMENTS).values():
        if (again := wrong.appointment(one)) is not one:
            part_tables.save(tx, hall, APPOINTMENTS, again)
    for outage in part_tables.of_days(tx, hall, OUTAGES).values():
        if (known := wrong.outage(outage)) is None:
            part_tables.drop(tx, hall, OUTAGES, outage.seq)
        elif known != outage:
            part_tables.save(tx, hall, OUTAGES, known)
    part_tables.save(tx, hall, DEVICES, *map(wrong.device, part_tables.of_days(tx, hall, DEVICES).values()))
    part_tables.drop(tx, hall, ALARMS)
    tx.execute(delete(tracker).where(tracker.c.hall == hall))


def forget(tx: Transaction, hall: int, wrong: WrongTime) -> None:
    """Remove what the wrong clock has left beside the log: signs of life, and what past dates taught since."""
    tx.execute(delete(beats).where(beats.c.hall == hall, beats.c.time > wrong.at))
    tx.execute(delete(learned).where(learned.c.hall == hall))
    tx.execute(delete(learned_days).where(learned_days.c.hall == hall, learned_days.c.date >= wrong.day))


def _touched(tx: Transaction, hall: int, since: datetime) -> list[tuple[date, str]]:
    times = (legs.c.joined, legs.c.called, legs.c.started, legs.c.finished, legs.c.ended)
    statement = select(legs.c.date, legs.c.label).where(legs.c.hall == hall, or_(*(one >= since for one in times)))
    return [(row.date, row.label) for row in tx.execute(statement.distinct())]


def rightly(tx: Transaction, hall: int) -> ColumnElement[bool]:
    """Return the condition that a dated event's time was not set right since; events from paper state their own."""
    condition: ColumnElement[bool] = true()
    for seq, data in told(tx, hall):
        day = date.fromisoformat(data["day"])
        condition = condition & ~(events.c.seq.between(data["first"], seq - 1) & (events.c.date >= day))
    return condition


def in_its_time(tx: Transaction, hall: int) -> ColumnElement[bool]:
    """Return the condition that an event was written by a right clock; a date's end by a wrong clock was not."""
    condition: ColumnElement[bool] = true()
    for seq, data in told(tx, hall):
        condition = condition & ~events.c.seq.between(data["first"], seq - 1)
    return condition


def taken_out(tx: Transaction, hall: int) -> Counter[date]:
    """Return the number of tickets removed when the time was set right, by the date of that."""
    found: Counter[date] = Counter()
    for _seq, data in told(tx, hall):
        found[date.fromisoformat(data["date"])] += data.get("tickets") or 0
    return found


def told(tx: Transaction, hall: int) -> list[tuple[int, dict[str, Any]]]:
    """Return by seq what each event says that set the time right."""
    statement = select(events.c.seq, events.c.data).where(events.c.hall == hall, events.c.kind == _KIND)
    return [(seq, data) for seq, data in tx.execute(statement) if fits("set-right", data)]


def gaps(tx: Transaction, hall: int, last: int) -> Iterator[Gap]:
    """Yield the leaps of the log, the latest first, back to the last time it was set right; only those before
    `last`."""
    after: tuple[int, datetime] | None = None
    while last > 0:
        statement = (
            select(events.c.seq, events.c.at, events.c.kind)
            .where(events.c.hall == hall, events.c.seq <= last, events.c.seq > last - _PAGE)
            .order_by(events.c.seq.desc())
        )
        for seq, at, kind in tx.execute(statement):
            if after is not None and after[1] > at:
                yield Gap(after[0], at, after[1])
            if kind == "set-right":
                return
            after = (seq, at)
        last -= _PAGE
