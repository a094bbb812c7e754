"""Notes about each hall's backups: the last proven one, and the result of the last try."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import bindparam, select

from queuedesk.core.upkeep.backup_rule import BackupNote
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.schema.sharing import backups
from queuedesk.store.schema.table import upsert

_OF = select(backups).where(backups.c.hall == bindparam("hall"))


def note_of(tx: Transaction, hall: int) -> BackupNote:
    """Return what is known; nothing of a hall that was never backed up by itself."""
    row = tx.execute(_OF, {"hall": hall}).first()
    if row is None:
        return BackupNote()
    values = {key: value for key, value in row._mapping.items() if key != "hall"}
    return BackupNote(**values | {"same_disk": bool(values["same_disk"])})


def keep_note(tx: Transaction, hall: int, note: BackupNote) -> None:
    upsert(tx, backups, asdict(note) | {"hall": hall, "same_disk": int(note.same_disk)})
