"""Exports and merges a hall's log without changing its chain, and takes in a day kept on paper."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import TICKETS, from_paper
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.ticket import State
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Change, Desk, Document, changes
from queuedesk.desk.setup.founding import database_on
from queuedesk.desk.upkeep.maintenance import forget
from queuedesk.desk.upkeep.previewing import known_zones, zone_notes
from queuedesk.store.engine.address import is_server
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls, tickets
from queuedesk.store.upkeep.backup import put_in_place
from queuedesk.store.upkeep.exchange import Export, write_export
from queuedesk.store.upkeep.pack import HallCopy


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


# -- takes a day kept on paper into the hall as one change, after a throw-away hall has played it --------------------


@changes("enter")
def enter(
    change: Change, day: date, played: Sequence[Event], *, path: str, digest: str, rows: int, lines: Mapping[str, int]
) -> Document:
    """Append the events of a paper day, all or none, after one event `enter` that says what file they come from.

    `played` are the events of that day alone, in order and without gaps; `digest` is SHA-256 of the file at `path`,
    `rows` how many it has, `lines` the line on which each of its tickets was given out. They change that day's tickets,
    shifts and ratings; live windows, people at stations, the series of numbers and the hall's date stay as they are.
    Raises RuleError "already_entered", "not_yet", "bad_rows" for numbers that were given on that date.
    """
    if day > change.date:
        raise RuleError("not_yet", time=day.isoformat())
    if (before := _entered(change.tx, change.book.id, day, digest)) is not None:
        raise _already(change.setup, before, path)
    if bad := _given(change.tx, change.book.id, day, lines):
        raise RuleError("bad_rows", path=path, lines=bad)
    seq = change.book.hall().seq + 1
    change.book.record(
        Event(
            seq=seq,
            at=change.now,
            time=change.now,
            kind="enter",
            actor=change.who.name,
            command=change.command,
            data={"date": day.isoformat(), "file": digest, "rows": rows, "tickets": len(lines), "paper": True},
        )
    )
    for event in from_paper(played, at=change.now, actor=change.who.name, first_seq=seq + 1):
        change.book.record(event)
    now = [change.book.get(TICKETS, (day, label)) for label in lines]
    return {
        "date": day.isoformat(),
        "rows": rows,
        "tickets": len(lines),
        "events": len(played),
        "waiting": [t.label for t in now if t.state is State.WAITING],
        "parked": [t.label for t in now if t.state is State.PARKED],
        "missed": [t.label for t in now if t.state is State.MISSED],
    }


def first_answer(desk: Desk, ask: Ask) -> Document | None:
    """Return the first answer to a command with that id, None where it is new. Raises RuleError "id_used"."""
    if ask.command is None:
        return None
    with desk.db.read() as tx:
        kept = events.answer(tx, desk.hall, ask.command)
    if kept is not None and kept[0] != ask.words:
        raise RuleError("id_used", command=ask.command)
    return kept[1] if kept else None


def must_be_new(desk: Desk, day: date, *, path: str, digest: str) -> None:
    """Raise RuleError "already_entered" if the file with that SHA-256 was entered before."""
    with desk.db.read() as tx:
        before = _entered(tx, desk.hall, day, digest)
        if before is not None:
            raise _already(halls.setup(tx, halls.load(tx, desk.hall)), before, path)


def given(desk: Desk, day: date, lines: Mapping[str, int]) -> list[tuple[int, RuleError]]:
    """Return the lines whose ticket has a number already used on that date, with what is said about each."""
    with desk.db.read() as tx:
        return _given(tx, desk.hall, day, lines)


def _entered(tx: Transaction, hall: int, day: date, digest: str) -> Event | None:
    return next((e for e in events.of_kind(tx, hall, day, "enter") if e.data["file"] == digest), None)


def _already(setup: Setup, before: Event, path: str) -> RuleError:
    local = setup.local(before.at)
    return RuleError("already_entered", path=path, date=local.date(), time=f"{local:%H:%M}")


def _given(tx: Transaction, hall: int, day: date, lines: Mapping[str, int]) -> list[tuple[int, RuleError]]:
    there = [label for label in lines if tickets.find(tx, hall, (day, label)) is not None]
    return sorted(
        ((lines[label], RuleError("already_given", ticket=label, date=day)) for label in there), key=lambda one: one[0]
    )
