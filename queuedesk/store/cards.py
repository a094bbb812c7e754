"""Contingency cards that were opened: rows to core objects and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from queuedesk.core.cards import CardRun, Tick, step_rows, steps_of
from queuedesk.core.event import stamp
from queuedesk.store.counters import upsert
from queuedesk.store.schema_cards import card_runs
from queuedesk.store.transaction import Transaction

_ROWS = card_runs.c


def of_days(tx: Transaction, hall: int, first: date | None = None, last: date | None = None) -> dict[int, CardRun]:
    """Return the cards opened on the dates from `first` to `last`, both included, or every one, by seq."""
    wanted = [*([_ROWS.date >= first] if first else []), *([_ROWS.date <= last] if last else [])]
    return _read(tx, hall, *wanted)


def still_open(tx: Transaction, hall: int) -> dict[int, CardRun]:
    """Return the cards that are open."""
    return _read(tx, hall, _ROWS.ended.is_(None))


def find(tx: Transaction, hall: int, seq: int) -> CardRun | None:
    """Return the card that the event `seq` opened, None when there is none."""
    return _read(tx, hall, _ROWS.seq == seq).get(seq)


def save(tx: Transaction, hall: int, run: CardRun) -> None:
    ticks = [{"step": one.step, "time": stamp(one.time), "by": one.by} for one in run.ticks]
    upsert(tx, card_runs, asdict(run) | {"hall": hall, "steps": step_rows(run.steps), "ticks": ticks})


def _read(tx: Transaction, hall: int, *conditions: ColumnElement[bool]) -> dict[int, CardRun]:
    rows = sorted(tx.execute(select(card_runs).where(_ROWS.hall == hall, *conditions)), key=attrgetter("seq"))
    return {row.seq: _run(row) for row in rows}


def _run(row: Row[Any]) -> CardRun:
    own = {name: value for name, value in row._mapping.items() if name != "hall"}
    ticks = tuple(Tick(one["step"], datetime.fromisoformat(one["time"]), one["by"]) for one in row.ticks)
    return CardRun(**(own | {"steps": steps_of(row.steps), "ticks": ticks}))
