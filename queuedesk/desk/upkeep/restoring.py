"""Restores a backup into a database on a server, beside other halls and while PCs are connected."""

from __future__ import annotations

from pathlib import Path

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import stamp
from queuedesk.desk.change import Ask, Desk, Document, begin
from queuedesk.desk.setup.founding import database_on
from queuedesk.desk.upkeep.maintenance import Stays, go_on, must_hold, numbers_given
from queuedesk.files.private import private_folder
from queuedesk.paths import data_folder
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.rights import grants
from queuedesk.store.upkeep.as_backup import as_backup
from queuedesk.store.upkeep.backup import BEFORE_RESTORE, Backup, write_backup


def restore_on_server(
    file: Path, url: str, ask: Ask, *, replace: bool, other_hall: bool = False, stays: Stays | None = None
) -> Document:
    """Put the halls of a backup, checked as a whole, into the database at `url`, all in one transaction; its other
    halls stay as they are.

    What stood there is kept as a backup in this user's backups/. Each open series goes on as restore() says, and every
    station takes a fresh picture. For the database's owner. Raises as restore() does, and OutsideError "not_this_pc",
    "nul_in_text" (hall, table, row).
    """
    ask.who.must("restore")
    with as_backup(file) as path, Backup(path) as backup:
        copies = backup.check()
        backup.must_suit_servers()
        db = database_on(url)
        try:
            with db.write() as tx:
                halls.keep_newcomers_out(tx)
                there = {code: id for id, code in halls.listed(tx)}
                replaced = [there[copy.code] for copy in copies if copy.code in there]
                if replaced and not replace:
                    raise RuleError("needs_yes", kind="hall", code=copies[0].code, path=db.place)
                if not other_hall:
                    must_hold(backup, copies, tx, is_file=False)
                halls.hold(tx, replaced)
                kept = kept_as_backup(tx, ask, copies[0].code) if there else None
                known = {copy.code: numbers_given(tx, copy, ask.now) for copy in copies}
                with grants.rewriting(tx):
                    for copy in copies:
                        if copy.code not in there:
                            there[copy.code] = max(there.values(), default=0) + 1
                            halls.create(tx, there[copy.code], copy.code)
                        backup.put_back(tx, copy, there[copy.code])
                events.begin_epoch(tx)
                told = []
                for copy in copies:
                    change = begin(tx, Desk(db, there[copy.code]), ask)
                    given = known[copy.code]
                    told.append(go_on(change, made=stamp(backup.made), copy=copy, given=given, stays=stays))
                    change.book.close()
        finally:
            db.dispose()
    lacks = {"without": backup.without} if backup.without else {}
    return {"database": db.place, "copy": str(kept) if kept else None, "halls": told} | lacks


def kept_as_backup(tx: Transaction, ask: Ask, code: str) -> Path:
    """Write all that stands there as a backup, under a name that no earlier one has."""
    folder = data_folder() / "backups"
    try:
        private_folder(folder)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    stem = f"{code}{BEFORE_RESTORE}{ask.now:%Y%m%d-%H%M%S}"
    names = (f"{stem}.zip" if n == 1 else f"{stem}-{n}.zip" for n in range(1, 10_000))
    path = next(folder / name for name in names if not (folder / name).exists())
    write_backup(tx, path, program=__version__, made=ask.now)
    return path
