"""What was checked before opening, and waivers: rows to core objects and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Table, insert, select

from queuedesk.core.opening_checks import Check, Waiver
from queuedesk.store.schema_checks import checks, waivers
from queuedesk.store.transaction import Transaction


def checks_of(tx: Transaction, hall: int, first: date | None = None, last: date | None = None) -> list[Check]:
    """Return the checks from `first` to `last`, both included, or of one date when only that is given, or ever, in order."""
    return [Check(**_own(row)) for row in _rows(tx, checks, hall, first, last)]


def add_check(tx: Transaction, hall: int, check: Check) -> None:
    tx.execute(insert(checks), asdict(check) | {"hall": hall})


def waivers_of(tx: Transaction, hall: int, first: date | None = None, last: date | None = None) -> list[Waiver]:
    """Return the windows opened without their checks; dates as checks_of."""
    return [Waiver(**(_own(row) | {"missing": tuple(row.missing)})) for row in _rows(tx, waivers, hall, first, last)]


def add_waiver(tx: Transaction, hall: int, waiver: Waiver) -> None:
    tx.execute(insert(waivers), asdict(waiver) | {"hall": hall, "missing": list(waiver.missing)})


def _rows(tx: Transaction, table: Table, hall: int, first: date | None, last: date | None) -> list[Row[Any]]:
    wanted = [table.c.date.between(first, last or first)] if first is not None else []
    return sorted(tx.execute(select(table).where(table.c.hall == hall, *wanted)), key=attrgetter("seq"))


def _own(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "hall"}
