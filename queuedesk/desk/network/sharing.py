"""Moves a hall from its file to a server; the file stays and is only read from then on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.sharing import PcKind, free_name, pc_name
from queuedesk.desk.change import Ask, Document
from queuedesk.store.engine.database import Database
from queuedesk.store.parts import halls
from queuedesk.store.parts import sharing as store_sharing
from queuedesk.store.rights import grants
from queuedesk.store.upkeep import exchange
from queuedesk.store.upkeep.pack import HallCopy


def share(
    source: Path, target_url: str, ask: Ask, *, settle: Callable[[Database], None] = lambda _db: None
) -> Document:
    """Move every hall of the file `source` into the database at `target_url`, which may hold others; nobody changes the
    file meanwhile.

    Returns {"database", "halls": [{"hall", "events", "hash", "tables": {name: rows}}]}: counted where they stand now,
    the logs read again. The file is kept, says where its halls went, and is refused to whoever would change it
    ("hall_moved"). A try that broke off may be made again. `settle` is done with the new database while the hall could
    still stay where it is.

    Raises RuleError "not_your_role", "hall_moved" (to) when it went elsewhere, "hall_there" (hall), OutsideError
    "move_incomplete", "nul_in_text" (hall, table, row), "cannot_write", "database_damaged" for a log that is not whole,
    and what either database raises. Whatever is refused leaves the file as it was and in use.
    """
    ask.who.must("share")
    here = Database.open(source)
    try:
        there = _opened(target_url)
        try:
            return _move(here, there, ask, settle)
        finally:
            there.dispose()
    finally:
        here.dispose()


def where_to(source: Path) -> str | None:
    """Return the address at which the halls of a file go on, None where they go on in it. Raises OutsideError as the
    file does."""
    db = Database.open(source)
    try:
        with db.read() as tx:
            return exchange.moved_to(tx)
    finally:
        db.dispose()


def prepare(db: Database) -> None:
    """Make or renew the rights of PCs in a server's database; for its owner. Raises OutsideError as the server does."""
    with db.write() as tx:
        grants.install(tx)


def admit(db: Database, hall: str, kind: PcKind, *, name: str, by: str, now: datetime) -> tuple[str, str]:
    """Give a PC a credential for the hall of that code; return its role and its password, which nothing keeps. Raises
    RuleError "unknown_hall"."""
    with db.write() as tx:
        ids = {code: id for id, code in halls.listed(tx)}
        if hall not in ids:
            raise RuleError("unknown_hall", hall=hall)
        taken = [pc.name for pc in store_sharing.shared_pcs(tx, ids[hall]) if pc.withdrawn is None]
        return grants.add_pc(tx, ids[hall], free_name(pc_name(name), taken), kind, made_by=by, now=now)


def dismiss(db: Database, role: str) -> None:
    """Take away a PC's credential, if it still has it."""
    with db.write() as tx:
        grants.withdraw_pc(tx, role)


def cut_off(db: Database) -> list[str]:
    """End the connections of PCs that were withdrawn or keep the others waiting, and return their roles; for the
    server's owner, once a second."""
    with db.write() as tx:
        return grants.cut_off(tx)


def hall_codes(db: Database) -> dict[str, int]:
    """Return the halls of a database, in the order in which they were made."""
    with db.read() as tx:
        return {code: id for id, code in halls.listed(tx)}


def _move(here: Database, there: Database, ask: Ask, settle: Callable[[Database], None]) -> Document:
    with here.write() as left, _beside(here) as folder:
        file = folder / "halls"
        exchange.write_whole(left, file, program=__version__, made=ask.now)
        with exchange.Whole(file) as whole:
            copies = _checked(whole, here)
            whole.must_suit_servers()
            with there.write() as right, grants.rewriting(right):
                moved = [whole.load(right, copy, left) for copy in copies]
        settle(there)
        # Only what is safe there is marked here: in between a hall stands in both, and the next try finds it so.
        exchange.mark_moved(left, there.place)
    rows = [{"hall": one.code, "events": one.seq, "hash": one.hash, "tables": one.tables} for one in moved]
    return {"database": there.place, "halls": rows}


@contextmanager
def _beside(db: Database) -> Iterator[Path]:
    """Give a folder for this user alone; whoever comes after one that was killed in it takes that one's away."""
    assert db.path is not None
    folder = db.path.with_name(f".{db.path.name}.moving")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(db.path.parent)) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _checked(whole: exchange.Whole, here: Database) -> list[HallCopy]:
    """Check what was written a moment ago: where its chain is broken, the file's was."""
    try:
        return whole.check()
    except OutsideError as error:
        if error.code != "backup_damaged":
            raise
        raise OutsideError("database_damaged", path=here.place) from error


def _opened(url: str) -> Database:
    """Open the database at an address, with tables made in one that has none."""
    try:
        return Database.open(url)
    except OutsideError as error:
        if error.code != "database_missing":
            raise
        return Database.create(url)
