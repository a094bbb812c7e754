"""Moves that were taken or turned down: rows to core objects and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select

from queuedesk.core.move import Effect, MadeMove, Move
from queuedesk.store.schema_moves import moves
from queuedesk.store.transaction import Transaction


def moves_of(tx: Transaction, hall: int, first: date | None = None, last: date | None = None) -> dict[int, MadeMove]:
    """Return the moves from `first` to `last`, both included, or of one date when only that is given, or ever, in order."""
    wanted = [moves.c.date.between(first, last or first)] if first is not None else []
    found = [_made(row) for row in tx.execute(select(moves).where(moves.c.hall == hall, *wanted))]
    return {one.seq: one for one in sorted(found, key=lambda one: one.seq)}


def add_move(tx: Transaction, hall: int, made: MadeMove) -> None:
    move = made.move
    values = {
        "hall": hall,
        "seq": made.seq,
        "date": made.date,
        "time": made.time,
        "by": made.by,
        "kind": move.kind,
        "taken": made.taken,
        "window": move.window,
        "staff": move.staff,
        "service": move.service,
        "to": move.to,
        "minutes": move.minutes,
        "services": list(move.services),
        "effect": asdict(move.effect) if move.effect is not None else None,
        "base": dict(made.base),
    }
    tx.execute(insert(moves), values)


def _made(row: Row[Any]) -> MadeMove:
    move = Move(
        kind=row.kind,
        window=row.window,
        staff=row.staff,
        service=row.service,
        to=row.to,
        minutes=row.minutes,
        services=tuple(row.services),
        effect=Effect(**row.effect) if row.effect is not None else None,
    )
    return MadeMove(
        seq=row.seq, date=row.date, time=row.time, by=row.by, move=move, taken=row.taken, base=dict(row.base)
    )
