"""What of a log stands on paper: an end of it, and whether the events that sheets name are still there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from queuedesk.core.upkeep.check_code import RESTORE, Anchor, LogSeen, PutBack
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.log.log_dates import hashes
from queuedesk.store.schema.tables import events


def anchor(tx: Transaction, hall: int, seq: int | None) -> Anchor | None:
    """Return the end of a log at event `seq`; None where there is no such event."""
    found = hashes(tx, hall, [1, seq]) if seq is not None else {}
    if seq is None or len(found) < len({1, seq}):
        return None
    return Anchor(log=found[1], seq=seq, hash=found[seq])


def seen(tx: Transaction, hall: int, seqs: Sequence[int]) -> LogSeen:
    """Return what the log holds at these events, by its own word: whether it follows from itself is not looked at, nor
    who put a backup back."""
    last = tx.execute(select(func.max(events.c.seq)).where(events.c.hall == hall)).scalar()
    found = hashes(tx, hall, sorted({1, *seqs}))
    return LogSeen(first_hash=found.get(1, ""), last=last or 0, hashes=found)


def put_back(tx: Transaction, hall: int) -> list[PutBack]:
    """Return when backups were put back, by the log; it is walked through for that."""
    rows = tx.execute(
        select(events.c.seq, events.c.time, events.c.data).where(events.c.hall == hall, events.c.kind == RESTORE)
    )
    return [PutBack(row.seq, row.time, str(row.data.get("lost_since", ""))) for row in rows]
