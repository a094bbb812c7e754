"""Asks the database engine whether its own file is intact."""

from __future__ import annotations

from sqlalchemy import text

from queuedesk.store.engine.transaction import Transaction

MOST_NAMED = 5


def faults(tx: Transaction) -> list[str]:
    """Return what the engine finds wrong with its file, at most a few; empty when it is whole."""
    if tx.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in tx.execute(text(f"PRAGMA integrity_check({MOST_NAMED})"))]
    lost = [f"{row[0]} {row[1]}" for row in tx.execute(text("PRAGMA foreign_key_check"))]
    return [fault for fault in found if fault != "ok"] + lost[:MOST_NAMED]
