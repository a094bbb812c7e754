"""The PCs that share a hall and the codes by which they join, outages and signs of life, and what past dates taught.

What was taught and the bounds of promises are cached, and made anew where missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    type_coerce,
    update,
)

from queuedesk import __version__
from queuedesk.core.log.state import CALLS, OUTAGES, OVERTAKES, SHIFTS
from queuedesk.core.network.sharing import PcKind, SharedPc
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import Key, Outage
from queuedesk.core.waits.estimates import Estimates, PromiseBoundFactors
from queuedesk.core.waits.observations import VERSION, DayObservations, observations_of_day
from queuedesk.core.waits.quote import DAYS, estimates_from_observations
from queuedesk.store import schema
from queuedesk.store.engine.types import Transaction, UtcMomentColumn
from queuedesk.store.log import events
from queuedesk.store.parts import part_tables, tickets
from queuedesk.store.schema import halls, learned_days, upsert_rows
from queuedesk.store.schema import learned as learned_rows
from queuedesk.store.schema import tracker as trackers

SAME_CLOCK = timedelta(seconds=5)
"""Clocks that differ by less are taken for one."""
_SESSION: ColumnElement[str] = literal_column("session_user")
# Signs of many PCs are held against each other: by the server's clock, because some PC's own is always wrong.
_CLOCK = type_coerce(literal_column("(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"), UtcMomentColumn)


class StoredJoinCode(Struct, frozen=True, kw_only=True):
    """A stored code: what it is checked with, never the code itself. `salt` and `key` are in hex."""

    id: str
    hall: int
    kind: PcKind
    salt: str
    key: str
    made: datetime
    made_by: str
    tries_left: int
    used: datetime | None = None
    is_open: bool = True
    """Whether a PC may join by it now; its time is up by the server's clock, whatever the PCs' own say."""


def _join_codes_statement() -> Select[Any]:
    return select(schema.joins, _CLOCK.label("clock"))


def store_join_code(tx: Transaction, code: StoredJoinCode, lasts: timedelta) -> None:
    """Store a new code for so long, replacing the hall's former ones."""
    tx.execute(schema.joins.delete().where(schema.joins.c.hall == code.hall))
    kept = asdict(code) | {"kind": str(code.kind)}
    del kept["is_open"]
    tx.execute(insert(schema.joins).values(kept | {"expires": server_time(tx) + lasts}))


def stored_join_codes(tx: Transaction, *, hold: bool = False) -> list[StoredJoinCode]:
    """Return the stored codes of all halls, the newest first; with `hold` nobody else can use or try one before this
    transaction ends."""
    wanted = _join_codes_statement().order_by(schema.joins.c.made.desc(), schema.joins.c.id)
    return [_stored_join_code_from_row(row) for row in tx.execute(wanted.with_for_update() if hold else wanted)]


def stored_join_code_of_hall(tx: Transaction, hall: int) -> StoredJoinCode | None:
    row = tx.execute(_join_codes_statement().where(schema.joins.c.hall == hall)).first()
    return _stored_join_code_from_row(row) if row else None


def count_wrong_code_try(tx: Transaction, ids: Iterable[str]) -> None:
    tx.execute(
        update(schema.joins).where(schema.joins.c.id.in_(list(ids))).values(tries_left=schema.joins.c.tries_left - 1)
    )


def mark_join_code_used(tx: Transaction, id: str, now: datetime) -> None:
    tx.execute(update(schema.joins).where(schema.joins.c.id == id).values(used=now))


def shared_pcs(tx: Transaction, hall: int, now: datetime | None = None) -> list[SharedPc]:
    """Return the hall's PCs in the order in which they joined, withdrawn ones too. `now` is the time that `seen` is
    relative to, by default the server's."""
    both = select(schema.pcs, halls.c.code, _CLOCK.label("clock")).join(halls, halls.c.id == schema.pcs.c.hall)
    rows = tx.execute(both.where(schema.pcs.c.hall == hall).order_by(schema.pcs.c.made, schema.pcs.c.role))
    return [
        SharedPc(
            role=row.role,
            hall=row.code,
            name=row.name,
            kind=PcKind(row.kind),
            made=row.made,
            made_by=row.made_by,
            seen=_moment_by_other_clock(now, row.clock, row.seen),
            withdrawn=row.withdrawn,
            version=row.version,
        )
        for row in rows
    ]


def server_time(tx: Transaction) -> datetime:
    now: datetime = tx.execute(select(_CLOCK)).scalar_one()
    return now


def own_server_role(tx: Transaction) -> str:
    return str(tx.execute(select(_SESSION)).scalar_one())


def is_login_of_other_hall(tx: Transaction, hall: int) -> bool:
    """Return whether this PC's credential is for another hall and only lets it look at this one."""
    own = tx.execute(select(schema.pcs.c.hall).where(schema.pcs.c.role == own_server_role(tx))).scalar_one_or_none()
    return own not in (None, hall)


def note_own_pc_alive(tx: Transaction) -> None:
    """Write the sign of life of the PC whose credential this connection has; nothing for the server's owner and a
    file."""
    if tx.dialect.name == "postgresql":
        tx.execute(update(schema.pcs).where(schema.pcs.c.role == _SESSION).values(seen=_CLOCK, version=__version__))


def write_pc_sign_of_life(tx: Transaction, role: str) -> None:
    """Write the sign of life of a PC that is known otherwise than by its credential; for the server's owner."""
    tx.execute(update(schema.pcs).where(schema.pcs.c.role == role).values(seen=_CLOCK, version=__version__))


def _stored_join_code_from_row(row: Row[Any]) -> StoredJoinCode:
    kept = row._asdict()
    in_time = kept.pop("clock") < kept.pop("expires")
    is_open = in_time and kept["used"] is None and kept["tries_left"] > 0
    return StoredJoinCode(**kept | {"kind": PcKind(row.kind), "is_open": is_open})


def _moment_by_other_clock(now: datetime | None, clock: datetime, seen: datetime | None) -> datetime | None:
    """Return by the clock that says `now` what happened at `seen` by the one that says `clock`."""
    if now is None or seen is None or abs(now - clock) < SAME_CLOCK:
        return seen
    return seen + timedelta(seconds=round((now - clock).total_seconds()))


def outages_between(tx: Transaction, hall: int, start: datetime, end: datetime) -> dict[int, Outage]:
    """Return the outages that touch the time from `start` to `end`, and those going on now."""
    over = part_tables.objects_where(
        tx, hall, OUTAGES, and_(schema.outages.c.end > start, schema.outages.c.start < end)
    )
    running = part_tables.objects_where(tx, hall, OUTAGES, schema.outages.c.end.is_(None))
    return dict(sorted({**over, **running}.items()))


def write_sign_of_life(tx: Transaction, hall: int, key: Key, time: datetime) -> None:
    """Write a station's sign of life, and that of the PC it runs on where PCs share the hall."""
    upsert_rows(tx, schema.beats, {"hall": hall, "device": key[0], "station": key[1], "time": time})
    note_own_pc_alive(tx)


def last_signs_by_station(tx: Transaction, hall: int) -> dict[Key, datetime]:
    """Return each station's last sign of life; stations that were ended have none."""
    return {
        (row.device, row.station): row.time
        for row in tx.execute(select(schema.beats).where(schema.beats.c.hall == hall))
    }


def delete_station_sign_of_life(tx: Transaction, hall: int, key: Key) -> None:
    tx.execute(
        schema.beats.delete().where(
            schema.beats.c.hall == hall, schema.beats.c.device == key[0], schema.beats.c.station == key[1]
        )
    )


MOST_DAYS_AT_ONCE = 10
"""So many dates at most are learned from in one go: of a long past that nobody learned from yet the rest follows, date
by date."""

_TRACKER = select(trackers).where(trackers.c.hall == bindparam("hall"))
_LEARNED = (
    select(learned_rows)
    .where(learned_rows.c.hall == bindparam("hall"), learned_rows.c.date <= bindparam("day"))
    .order_by(learned_rows.c.date.desc())
    .limit(1)
)


def last_promise_bounds(tx: Transaction, hall: int) -> PromiseBoundFactors:
    row = tx.execute(_TRACKER, {"hall": hall}).first()
    if row is None:
        return PromiseBoundFactors()
    return PromiseBoundFactors(low=row.low, high=row.high, upto=row.upto, at=row.at, date=row.date)


def save_promise_bound_factors(tx: Transaction, hall: int, one: PromiseBoundFactors) -> None:
    values = {"hall": hall, "low": one.low, "high": one.high, "upto": one.upto, "at": one.at, "date": one.date}
    upsert_rows(tx, trackers, values)


def stored_or_computed_estimates(
    tx: Transaction, hall: int, setup: Setup, setup_hash: str, day: date, *, keep: bool = False
) -> Estimates:
    """Return what was learned before `day`; `keep` stores, inside a write transaction, what had to be computed."""
    row = tx.execute(_LEARNED, {"hall": hall, "day": day}).first()
    made_with = f"{setup_hash}-{VERSION}"
    if row is not None and row.setup_hash == made_with:
        before = Estimates.from_document(row.learned)
        # Dates without tickets teach nothing: on Monday Saturday's lessons hold.
        if before.upto == day or not tickets.dates_with_tickets(tx, hall, row.date, day - timedelta(days=1)):
            return replace(before, upto=day)
    lessons = observations_by_date(tx, hall, setup, day - timedelta(days=DAYS), day - timedelta(days=1), keep=keep)
    estimates = estimates_from_observations(setup, lessons, day)
    if keep:
        tx.execute(delete(learned_rows).where(learned_rows.c.hall == hall))
        upsert_rows(
            tx, learned_rows, {"hall": hall, "date": day, "setup_hash": made_with, "learned": estimates.to_document()}
        )
    return estimates


def observations_by_date(
    tx: Transaction,
    hall: int,
    setup: Setup,
    first: date,
    last: date,
    *,
    keep: bool = False,
    at_most: int = MOST_DAYS_AT_ONCE,
) -> dict[date, DayObservations]:
    """Return what the dates from `first` to `last`, all of them over, taught; at most `at_most` new ones are computed,
    the latest first."""
    among = (learned_days.c.hall == hall, learned_days.c.date >= first, learned_days.c.date <= last)
    rows = tx.execute(select(learned_days).where(*among, learned_days.c.version == VERSION))
    found = {row.date: DayObservations.from_document(row.taught) for row in rows}
    missing = sorted(tickets.dates_with_tickets(tx, hall, first, last) - found.keys(), reverse=True)
    for day in missing[:at_most]:
        found[day] = _day_observations_for_waits(tx, hall, setup, day)
        if keep:
            upsert_rows(
                tx, learned_days, {"hall": hall, "date": day, "version": VERSION, "taught": found[day].to_document()}
            )
    return dict(sorted(found.items()))


def forget_taught_day(tx: Transaction, hall: int, day: date) -> None:
    """Delete what `day` taught: it was corrected, or more was entered."""
    tx.execute(delete(learned_days).where(learned_days.c.hall == hall, learned_days.c.date == day))
    tx.execute(delete(learned_rows).where(learned_rows.c.hall == hall, learned_rows.c.date > day))


def _day_observations_for_waits(tx: Transaction, hall: int, setup: Setup, day: date) -> DayObservations:
    return observations_of_day(
        setup,
        day,
        tickets.tickets_of_day(tx, hall, day),
        [*part_tables.objects_of_days(tx, hall, CALLS, day, day).values()],
        shifts=[*part_tables.objects_of_days(tx, hall, SHIFTS, day, day).values()],
        overtakes=[*part_tables.objects_of_days(tx, hall, OVERTAKES, day, day).values()],
        added={(e.ticket or "", str(e.data["added"])) for e in events.events_of_kind_on_date(tx, hall, day, "add")},
    )
