"""Repairs a hall: rebuilds tables from the log, or restores a backup.

What is done is planned and told first, and what stood there is kept as a copy, so that there is a way back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.desk.change import Ask, Document
from queuedesk.desk.upkeep.examining import FAILED, STRANGE, Finding, examine, of_hall
from queuedesk.desk.upkeep.maintenance import Stays, kept_as_backup, restore
from queuedesk.store.engine.database import Database, copy_file
from queuedesk.store.engine.hall_file import BACKUPS
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import book as snapshot
from queuedesk.store.log import events
from queuedesk.store.log.book import Book
from queuedesk.store.parts import halls
from queuedesk.store.rights import grants
from queuedesk.store.upkeep.backup_folder import found_in
from queuedesk.store.upkeep.exchange import Export

BEFORE_REPAIR = "-before-repair-"
OF_LOG = frozenset({"integrity", "chain", "halls"})
"""Where these fail, the log itself can't be gone by."""
NO_CURE = ("beside",)


class Plan(Struct, frozen=True, kw_only=True):
    """What a repair would do: the halls whose tables are made anew, or that everything has to come from a backup.

    `left` are the findings that it can't repair.
    """

    rebuilt: Sequence[str] = ()
    from_backup: bool = False
    left: Sequence[Finding] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rebuilt or self.from_backup)


def plan(target: str | Path) -> Plan:
    """Examine the database at `target` and return what would be done. Raises OutsideError, but for one that is
    damaged."""
    try:
        db = Database.open(target)
    except OutsideError as error:
        if error.code != "database_damaged":
            raise
        return Plan(from_backup=True)
    try:
        findings = [one for one in examine(db) if one.status == FAILED]
        left = [one for one in findings if one.name in NO_CURE]
        if any(one.name in OF_LOG for one in findings):
            return Plan(from_backup=True, left=left)
        rebuilt = [one.hall for one in findings if one.name == "tables" and one.hall is not None]
        return Plan(rebuilt=rebuilt, left=left)
    finally:
        db.dispose()


def mend(target: str | Path, ask: Ask) -> Document:
    """Make tables anew from the log, all in one transaction.

    Raises RuleError "not_your_role", OutsideError "not_mended" where that would not make it whole (then nothing is
    changed), "cannot_write" and what the database raises.
    """
    ask.who.must("restore")
    doing = plan(target)
    with closing_database(target) as db, db.write() as tx, grants.rewriting(tx):
        halls.hold(tx, [id for id, _code in halls.listed(tx)])
        kept = _keep(tx, db, ask)
        for id, code in halls.listed(tx):
            if code in doing.rebuilt:
                snapshot.rebuild(tx, id)
        halls.forget_setups()
        for id, code in halls.listed(tx):
            if any(one.status == FAILED and one.name not in NO_CURE for one in of_hall(tx, id, code)):
                raise OutsideError("not_mended", path=db.place)
        events.begin_epoch(tx)
    return {"database": str(db.place), "copy": str(kept), "rebuilt": list(doing.rebuilt)}


def mend_from(
    backup: Path, target: Path, ask: Ask, *, export: Path | None = None, stays: Stays | None = None
) -> Document:
    """Make the hall's file anew from a backup, then from an export of a later time, then from what the damaged file
    still tells.

    Numbers go on as restore() says, and it raises as that does, and as merge() does of the export.
    """

    def more(tx: Transaction) -> None:
        if export is not None:
            with Export(export) as later:
                for copy in later.check():
                    if later.receiver(tx, copy) is not None:
                        later.merge(tx, copy)
        ends = {end.id: end.seq for end in halls.ends(tx)}
        rest = _rest(target, ends)
        for id in ends:
            _follow(tx, id, rest)

    document = restore(backup, target, ask, replace=True, stays=stays, more=more)
    return document | {"backup": str(backup)}


def newest_backup(target: Path, folders: Sequence[Path] = ()) -> Path | None:
    """Return the newest readable backup in these folders and the hall's own, None if there is none."""
    found = []
    for folder in (*folders, target.parent / BACKUPS):
        with suppress(OSError):
            for place in (folder, *(inner for inner in folder.iterdir() if inner.is_dir())):
                with suppress(QueueDeskError):
                    found += [(one.made, one.path) for one in found_in(place)]
    return max(found)[1] if found else None


@contextmanager
def closing_database(target: str | Path) -> Iterator[Database]:
    """Open a database for a while. Raises OutsideError."""
    db = Database.open(target)
    try:
        yield db
    finally:
        db.dispose()


def _keep(tx: Transaction, db: Database, ask: Ask) -> Path:
    """Keep what stands there, as it stands."""
    if db.path is None:
        return kept_as_backup(tx, ask, halls.listed(tx)[0][1])
    return copy_file(db.path, f"{db.path.stem}{BEFORE_REPAIR}{ask.now:%Y%m%d-%H%M%S}")


def _rest(target: Path, since: Mapping[int, int]) -> dict[tuple[int, str], Event]:
    """Return the events after `since` that a damaged file still tells, by their seq and by the hash of the event
    before."""
    found: dict[tuple[int, str], Event] = {}
    read = dict(since)
    for step in (events.PAGE, 1):  # Of a page of which a part can't be read, the rest one by one.
        for id in since:
            with suppress(OutsideError, *STRANGE), closing_database(target) as db, db.read() as tx:
                while page := events.after(tx, id, read[id], step):
                    found |= {(event.seq, event.prev): event for event in page}
                    read[id] = page[-1].seq
    return found


def _follow(tx: Transaction, id: int, rest: dict[tuple[int, str], Event]) -> None:
    """Append what continues the log, as far as it does so by its hashes."""
    end = next(end for end in halls.ends(tx) if end.id == id)
    book, seq, hash = Book(tx, id), end.seq, end.hash
    while (event := rest.get((seq + 1, hash))) is not None and event.chained(hash).hash == event.hash:
        book.take_over(event)
        seq, hash = event.seq, event.hash
    book.close()
