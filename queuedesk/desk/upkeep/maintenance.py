"""Makes a backup and restores one, into a file or a database on a server."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import stamp
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.hallday import business_date, hours_on, rounds_of
from queuedesk.core.setup.rows import Service
from queuedesk.desk.change import Ask, Change, Desk, Document, begin, changes
from queuedesk.desk.setup.founding import database_on
from queuedesk.desk.upkeep.examining import STRANGE
from queuedesk.files.writing import private_folder
from queuedesk.paths import data_folder
from queuedesk.store.engine import hall_file
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls, tickets
from queuedesk.store.rights import grants
from queuedesk.store.upkeep.backup_folder import as_backup
from queuedesk.store.upkeep.pack import BEFORE_RESTORE, Backup, HallCopy, put_in_place, write_backup

STEP = 100
GONE, OTHER = "gone", "other"
T = TypeVar("T")


class Given(Struct, frozen=True):
    """Today's last number of each series, as the replaced hall knew it; not `is_all` where others may have been issued
    besides."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    is_all: bool = False


class Stays(Struct, frozen=True):
    """The person who restores a backup at a station and stays signed in afterwards, having proven their identity."""

    station: str
    staff: str


def back_up(db: Database, who: Actor, path: Path, now: datetime) -> Path:
    """Write all halls of a database as one file, as of one moment, while work goes on.

    The file holds comments and the hashes of PINs (not one that a PC of a shared hall writes by its own login); only
    its owner may read it. Raises RuleError "not_your_role", OutsideError "cannot_write".
    """
    who.must("backup")
    with db.read() as tx:
        write_backup(tx, path, program=__version__, made=now)
    return path


def restore(
    file: Path,
    target: Path,
    ask: Ask,
    *,
    replace: bool,
    other_hall: bool = False,
    stays: Stays | None = None,
    more: Callable[[Transaction], None] | None = None,
) -> Document:
    """Make the database at `target` from a backup, checked completely; what is there now is kept as a copy.

    `file` may also be a copy of a hall's file, such as restores and updates leave, so that a restore can be undone.
    Each open series goes on at the next multiple of 100, as numbers issued after the backup are on people's tickets.
    `stays` is signed in again where the hall knows the person; `more` adds what is known of later events before the
    hall goes on. Raises RuleError "not_your_role", "needs_yes" unless `replace`, "other_hall" (halls) where a hall that
    the file lacks would be lost, unless `other_hall`, OutsideError "no_such_file", "cannot_read", "wrong_kind",
    "backup_damaged", "backup_newer", "cannot_write", "database_full". A refusal leaves `target` as it was.
    """
    ask.who.must("restore")
    _must_be_another(file, target)
    draft = target.with_name(f".{target.name}.restore-{os.getpid()}")
    with as_backup(file) as path, Backup(path) as backup:
        copies = backup.check()
        if target.exists() and not replace:
            raise RuleError("needs_yes", kind="hall", code=copies[0].code, path=str(target))
        if not other_hall:
            looked_at(target, lambda tx: must_hold(backup, copies, tx, is_file=True))
        known = {copy.code: _numbers_given(target, copy, ask.now) for copy in copies}
        forget(draft)
        try:
            db = Database.create(draft)
            with db.write() as tx:
                for copy in copies:
                    backup.load(tx, copy)
                if more is not None:
                    more(tx)
            made = stamp(backup.made)
            told = [
                _go_on(Desk(db, copy.id), ask, made=made, copy=copy, given=known[copy.code], stays=stays)
                for copy in copies
            ]
            db.dispose()
            kept = put_in_place(draft, target, stamp_text=f"{ask.now:%Y%m%d-%H%M%S}")
        except OutsideError as error:
            if error.details.get("path") == str(draft):
                raise OutsideError(error.code, path=str(target)) from error
            raise
        finally:
            forget(draft)
    lacks = {"without": backup.without} if backup.without else {}
    return {"database": str(target), "copy": str(kept) if kept else None, "halls": told} | lacks


def _must_be_another(file: Path, target: Path) -> None:
    """Make sure that a hall is not to be put back from the very file in which it works. Raises OutsideError
    "wrong_kind"."""
    with suppress(OSError):
        if file.samefile(target):
            raise OutsideError("wrong_kind", path=str(file), wanted="backup")


def must_hold(backup: Backup, copies: Sequence[HallCopy], tx: Transaction, *, is_file: bool) -> None:
    """Check that no hall here would be replaced by another one. Raises RuleError "other_hall" (path, halls)."""
    gone = [code for code, state in apart(backup, copies, tx, is_file=is_file).items() if state in (GONE, OTHER)]
    if gone:
        raise RuleError("other_hall", path=str(backup.path), halls=gone)


def apart(backup: Backup, copies: Sequence[HallCopy], tx: Transaction, *, is_file: bool) -> dict[str, str]:
    """Return by its code each hall here that the backup does not continue: GONE where it lacks it, OTHER where one of
    another log has its code.

    A file is replaced as a whole; on a server halls that the backup lacks stay.
    """
    held = {copy.code: copy for copy in copies}
    found = {}
    for code, id in {code: id for id, code in halls.listed(tx)}.items():
        if code not in held:
            if is_file:
                found[code] = GONE
            continue
        own, theirs = events.after(tx, id, 0, 1), next(backup.events(held[code].id), None)
        if own and theirs is not None and own[0].hash != theirs.hash:
            found[code] = OTHER
    return found


def go_on(change: Change, *, made: str, copy: HallCopy, given: Given, stays: Stays | None = None) -> Document:
    """Note in the log that it was restored, and from which number on each series goes; `given` are today's last numbers
    before."""
    series = {}
    for service in change.setup.services.values():
        for prefix in rounds_of(service):
            first = _number_after(change, service, prefix, given)
            if first is not None:
                series[prefix] = first - 1
    change.record("restore", series=series, backup=made, lost_since=stamp(copy.at))
    if stays is not None and stays.staff in change.setup.staff:
        change.record("sign-in", staff=stays.staff, station=stays.station)
    return {
        "hall": copy.code,
        "lost_since": change.setup.local(copy.at).isoformat(),
        "series": {prefix: last + 1 for prefix, last in series.items()},
    }


_go_on = changes("restore")(go_on)


def _number_after(change: Change, service: Service, prefix: str, given: Given) -> int | None:
    """Return the number with which a series goes on; None where it begins today as on any other day, or has no room."""
    last = change.book.last_number(change.date, prefix)
    if prefix in given.numbers:
        last = max(last or 0, given.numbers[prefix])
    if last is None and not given.is_all and _has_opened(change, service):
        last = service.first  # Nobody knows how many numbers went out since the backup.
    if last is None:
        return None
    number = (last // STEP + 1) * STEP
    return number if number <= service.last else last + 1


def _has_opened(change: Change, service: Service) -> bool:
    local = change.setup.local(change.now)
    spans = hours_on(change.setup, service, local.date())
    return any(start <= local.hour * 60 + local.minute for start, _end in spans)


def _numbers_given(target: Path, copy: HallCopy, now: datetime) -> Given:
    """Return today's last numbers as the database that is replaced knows them."""
    return looked_at(target, lambda tx: numbers_given(tx, copy, now)) or Given()


def looked_at(target: Path, look: Callable[[Transaction], T]) -> T | None:
    """Return the result of `look` in the database that is replaced, None where it can't be read."""
    try:
        db = Database.open(target)
    except OutsideError as error:
        if error.code not in ("database_missing", "database_damaged"):
            raise
        return None
    try:
        with db.read() as tx:
            return look(tx)
    except (OutsideError, *STRANGE):
        return None
    finally:
        db.dispose()


def numbers_given(tx: Transaction, copy: HallCopy, now: datetime) -> Given:
    """Return today's last numbers in the hall with the code of `copy`; they are complete only where its log continues
    that copy."""
    ids = {code: id for id, code in halls.listed(tx)}
    if copy.code not in ids:
        return Given()
    row = halls.load(tx, ids[copy.code])
    goes_on = row.now.seq >= copy.seq and events.one(tx, row.id, copy.seq).hash == copy.hash
    day = business_date(halls.setup(tx, row), now)
    known = tickets.all_series(tx, row.id, day)
    return Given({prefix: number for (_day, prefix), number in known.items()}, is_all=goes_on)


def forget(draft: Path) -> None:
    """Remove an unfinished database, with its journals."""
    for one in (draft, *hall_file.journals_of(draft)):
        with suppress(OSError):
            one.unlink(missing_ok=True)


# -- restores a backup into a database on a server, beside other halls and while PCs are connected -------------------


def restore_on_server(
    file: Path, url: str, ask: Ask, *, replace: bool, other_hall: bool = False, stays: Stays | None = None
) -> Document:
    """Put the halls of a backup, checked as a whole, into the database at `url`, all in one transaction; its other
    halls stay as they are.

    What was there is kept as a backup in this user's backups/. Each open series goes on as restore() says, and every
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
    """Write everything there as a backup, under a new name."""
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
