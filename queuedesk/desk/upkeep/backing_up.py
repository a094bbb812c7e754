"""Makes automatic backups, proves each by putting it back into a throw-away hall, and notes the result."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, time
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.log.pc_clock import Reading
from queuedesk.core.network.roles import HALL
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import BACKUP
from queuedesk.core.upkeep import BackupNote, Copy, is_due, superseded
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import devices
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.rights import grants
from queuedesk.store.upkeep import backup_folder, pack
from queuedesk.store.upkeep.backup_folder import BackupFile
from queuedesk.store.upkeep.pack import write_backup


class HallNote(Struct, frozen=True, kw_only=True):
    """A hall of the database, the beginning of its log, and what is known of its backups."""

    hall: int
    setup: Setup
    began: datetime
    note: BackupNote


class NewBackup(Struct, frozen=True, kw_only=True):
    """A backup that was made and proven, and those that it replaced."""

    file: BackupFile
    removed: Sequence[Path]


def notes(db: Database) -> list[HallNote]:
    """Return what is known of the backups of each hall that this login may read. Raises OutsideError."""
    with db.read() as tx:
        own = grants.own_hall(tx)
        return [
            HallNote(
                hall=id, setup=halls.setup(tx, halls.load(tx, id)), began=first.at, note=backup_folder.note_of(tx, id)
            )
            for id, _code in halls.listed(tx)
            if own in (None, id)
            for first in events.after(tx, id, 0, 1)
        ]


def is_owners(db: Database) -> bool:
    """Whether this login is the database's owner: on the main PC of a shared hall, or for anybody who has the file.
    Raises OutsideError."""
    with db.read() as tx:
        return grants.own_hall(tx) is None


def notes_to_keep(db: Database) -> list[HallNote]:
    """Return the notes of the halls with automatic backups: all but simulated ones. Raises OutsideError "not_this_pc"
    for a PC that joined a hall."""
    if not is_owners(db):
        raise OutsideError("not_this_pc")
    return [note for note in notes(db) if not note.setup.hall.simulated]


def note_of(desk: Desk) -> BackupNote:
    """Return what is known of one hall's backups. Raises OutsideError."""
    with desk.db.read() as tx:
        return backup_folder.note_of(tx, desk.hall)


def own_name(db: Database) -> str:
    """Return the name of the folder of this database's backups. Raises OutsideError "database_missing" without a
    hall."""
    with db.read() as tx:
        return backup_folder.own_name(tx)


def are_due(known: Sequence[HallNote], now: datetime) -> bool:
    """Whether a backup of these halls is to be made now."""
    return any(_is_due(note, now) for note in known)


def _is_due(one: HallNote, now: datetime) -> bool:
    hall = one.setup.hall
    made = one.note.made
    return is_due(one.setup.local(made) if made else None, one.setup.local(now), _closes(hall.closes))


def _closes(minute: int) -> time:
    return time(min(minute, 24 * 60 - 1) // 60, min(minute, 24 * 60 - 1) % 60)


def make(db: Database, folder: Path, now: datetime) -> NewBackup:
    """Make one backup of all halls in `folder`, prove it, and remove those it supersedes; the caller holds the lock.

    `folder` is the database's own and exists. A backup that can't be proven replaces no other and stays as unproven.zip
    beside them. Raises OutsideError "backup_gone", "backup_full", "backup_refused", "backup_no_room",
    "backup_unproven", and what the database raises.
    """
    backup_folder.sweep(folder)
    draft = backup_folder.draft_in(folder)
    try:
        with db.read() as tx:
            wanted = pack.summary(tx)
            local = halls.setup(tx, halls.load(tx, min(wanted))).local
            write_backup(tx, draft, program=__version__, made=now.astimezone(UTC))
        pack.prove(draft, wanted)
        path = backup_folder.put_in_place(draft, folder, local(now))
    except OutsideError as error:
        if error.code == "backup_unproven":
            draft.replace(folder / backup_folder.UNPROVEN)
        elif error.code in ("cannot_write", "cannot_read", "no_such_file", "database_full"):
            if str(error.details.get("path", "")).startswith(str(folder)):
                raise backup_folder.trouble(error.__cause__, folder) from error
            raise OutsideError("backup_no_room", path=str(error.details.get("path", folder))) from error
        raise
    except OSError as error:
        raise backup_folder.trouble(error, folder) from error
    finally:
        with suppress(OSError):  # A disk that can only be read refuses this too, and its trouble is told already.
            draft.unlink(missing_ok=True)
    copies = {file.path.name: file for file in backup_folder.own_in(folder)}
    rule = superseded((Copy(name, local(file.made)) for name, file in copies.items()), local(now))
    removed = backup_folder.remove([folder / copy.name for copy in rule if copy.name != path.name])
    return NewBackup(file=copies[path.name], removed=removed)


def thin_copies(db: Database, folder: Path, now: datetime) -> list[Path]:
    """Remove from `folder` the copies of this database left by updates and restores that the rule for backups no longer
    keeps; return what was removed."""
    with db.read() as tx:
        known = halls.listed(tx)
        local = halls.setup(tx, halls.load(tx, known[0][0])).local
    stems = {db.path.stem} if db.path is not None else {code for _id, code in known}
    copies = [Copy(str(path), local(made)) for path, made in backup_folder.own_copies(folder, stems)]
    return backup_folder.remove([Path(copy.name) for copy in superseded(copies, local(now))])


def keep_success(
    db: Database,
    known: Sequence[HallNote],
    made: NewBackup,
    *,
    pc: str,
    same_disk: bool,
    code: str | None,
    now: datetime,
) -> None:
    """Note a proven backup of each hall; `code` says why it is not where it should be, None if it is."""
    copies = {copy.id: copy for copy in made.file.halls}
    with db.write() as tx:
        for hall_note in known:
            if (copy := copies.get(hall_note.hall)) is None:
                continue
            note = BackupNote(
                made=made.file.made,
                proven=now.astimezone(UTC),
                seq=copy.seq,
                hash=copy.hash,
                place=str(made.file.path.parent),
                pc=pc,
                same_disk=same_disk,
                tried=now.astimezone(UTC),
                code=code,
            )
            backup_folder.keep_note(tx, hall_note.hall, note)
    report(db, known, code, now)


def keep_trouble(db: Database, known: Sequence[HallNote], code: str, *, now: datetime) -> None:
    """Note why no backup was made; what is known of the last proven one is kept."""
    with db.write() as tx:
        for hall_note in known:
            note = replace(backup_folder.note_of(tx, hall_note.hall), tried=now.astimezone(UTC), code=code)
            backup_folder.keep_note(tx, hall_note.hall, note)
    report(db, known, code, now)


def report(db: Database, known: Sequence[HallNote], cause: str | None, now: datetime) -> None:
    """Report the state of backups to each hall's equipment; a hall that can't be reached now gets it with the next
    try."""
    for note in known:
        with suppress(QueueDeskError):
            devices.report(Desk(db, note.hall), Ask(HALL, now, reading=Reading(now)), BACKUP, BACKUP, cause)
