"""Exports and merges a hall's log without changing its chain, and takes in a day kept on paper."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Actor
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.setup.founding import database_on
from queuedesk.desk.upkeep.maintenance import forget
from queuedesk.desk.upkeep.previewing import known_zones, zone_notes
from queuedesk.store.engine.address import is_server
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.upkeep.exchange import Export, write_export
from queuedesk.store.upkeep.pack import HallCopy, put_in_place


def export(desk: Desk, who: Actor, path: Path, now: datetime) -> Path:
    """Write one hall's log to a file, as of one moment, while work goes on.

    It holds the log's content, and when calls were shown and spoken; no comments, no PINs. Raises RuleError
    "not_your_role", OutsideError "cannot_write".
    """
    who.must("export")
    with desk.db.read() as tx:
        write_export(tx, desk.hall, path, program=__version__, made=now)
    return path


def deciding_hall(file: Path, target: Path | str) -> str:
    """Return the code of the hall whose people may merge `file`: the file's own if it is here, else the first one.

    Raises OutsideError "database_missing" where there is none, and as merge().
    """
    with Export(file) as export:
        copies = export.check()
    db = Database.open(target)
    try:
        with db.read() as tx:
            codes = [code for _id, code in halls.listed(tx)]
    finally:
        db.dispose()
    if not codes:
        raise OutsideError("database_missing", path=db.place)
    return next((copy.code for copy in copies if copy.code in codes), codes[0])


def merge(file: Path, target: Path | str, ask: Ask) -> Document:
    """Add an exported log to the database at `target`, which is made if missing; all of the file or nothing.

    A hall in the answer has "notes", as previewing.merging() has them, of another time zone than the halls here keep.
    On a server only the database's owner may do so. Nothing is written into the merged log itself, which stays a copy
    that anyone can check. Raises RuleError "not_your_role", "histories_differ", "id_used", OutsideError "no_such_file",
    "cannot_read", "wrong_kind", "export_damaged", "export_newer", "cannot_write", "nul_in_text" (hall, table, row) for
    a server, and what the database raises.
    """
    ask.who.must("merge")
    with Export(file) as export:
        copies = export.check()
        if is_server(target):
            export.must_suit_servers()
        try:
            db = Database.open(target) if isinstance(target, Path) else database_on(target)
        except OutsideError as error:
            if error.code != "database_missing" or not isinstance(target, Path):
                raise
            return _into_a_new_one(export, copies, target, ask)
        try:
            return _merge(export, copies, db, ask)
        finally:
            db.dispose()


def _into_a_new_one(export: Export, copies: Sequence[HallCopy], target: Path, ask: Ask) -> Document:
    """Build the database beside its place and put it there whole."""
    draft = target.with_name(f".{target.name}.merge-{os.getpid()}")
    forget(draft)
    try:
        db = Database.create(draft)
        try:
            document = _merge(export, copies, db, ask)
        finally:
            db.dispose()
        put_in_place(draft, target, stamp_text=f"{ask.now:%Y%m%d-%H%M%S}")
    except OutsideError as error:
        if error.details.get("path") == str(draft):
            raise OutsideError(error.code, path=str(target)) from error
        raise
    finally:
        forget(draft)
    return document


def _merge(export: Export, copies: Sequence[HallCopy], db: Database, ask: Ask) -> Document:
    told = []
    with db.write() as tx:
        halls.keep_newcomers_out(tx)
        halls.hold(tx, [there for copy in copies if (there := export.receiver(tx, copy)) is not None])
        known = known_zones(tx)
        for copy in copies:
            there = export.receiver(tx, copy)
            if there is not None and ask.command and (kept := events.answer(tx, there, ask.command)):
                if kept[0] != ask.words:
                    raise RuleError("id_used", command=ask.command)
                return kept[1]
            hall, added = export.merge(tx, copy)
            row = halls.load(tx, hall)
            seq, notes = row.now.seq, zone_notes(known, halls.setup(tx, row).hall.timezone) if added else []
            told.append({"hall": copy.code, "added": added, "seq": seq, "new": there is None, "notes": notes})
        document: Document = {"halls": told}
        if ask.command is not None:
            events.keep_answer(tx, hall, ask.command, words=ask.words, seq=seq, document=document)
    return document
