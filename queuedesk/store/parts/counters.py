"""Number series and who is signed in: single values of the current state."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.schema.table import upsert
from queuedesk.store.schema.tables import series, signed_in

_SERIES = select(series.c.number).where(
    series.c.hall == bindparam("hall"), series.c.date == bindparam("day"), series.c.prefix == bindparam("prefix")
)


def last_number(tx: Transaction, hall: int, day: date, prefix: str) -> int | None:
    """Return the last number given in a series on a date, None when none was."""
    return tx.execute(_SERIES, {"hall": hall, "day": day, "prefix": prefix}).scalar()


def all_series(tx: Transaction, hall: int, day: date | None = None) -> dict[tuple[date, str], int]:
    conditions = [series.c.hall == hall, *([series.c.date == day] if day else [])]
    return {(row.date, row.prefix): row.number for row in tx.execute(select(series).where(*conditions))}


def save_series(tx: Transaction, hall: int, day: date, prefix: str, number: int) -> None:
    upsert(tx, series, {"hall": hall, "date": day, "prefix": prefix, "number": number})


def people_at_stations(tx: Transaction, hall: int) -> dict[str, str]:
    """Return who is signed in at which station (windows are not among them)."""
    return {row.station: row.staff for row in tx.execute(select(signed_in).where(signed_in.c.hall == hall))}


def save_signed_in(tx: Transaction, hall: int, station: str, staff: str | None) -> None:
    if staff is None:
        tx.execute(signed_in.delete().where(signed_in.c.hall == hall, signed_in.c.station == station))
    else:
        upsert(tx, signed_in, {"hall": hall, "station": station, "staff": staff})
