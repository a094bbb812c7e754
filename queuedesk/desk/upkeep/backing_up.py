"""Makes automatic backups, proves each by restoring it into a temporary hall, and stores the result."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, time
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.log.pc_clock import ClockReliability
from queuedesk.core.network.roles import HALL
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import BACKUP
from queuedesk.core.upkeep import BackupCopy, BackupStatus, is_backup_due, superseded_copies
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import devices
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.rights import grants
from queuedesk.store.upkeep import backup_folder, pack
from queuedesk.store.upkeep.backup_folder import BackupFile
from queuedesk.store.upkeep.pack import write_backup


class HallBackupNote(Struct, frozen=True, kw_only=True):
    """A hall of the database, the beginning of its log, and the note on its backups."""

    hall: int
    setup: Setup
    began: datetime
    note: BackupStatus


class NewBackup(Struct, frozen=True, kw_only=True):
    """A new, proven backup, and those that it replaced."""

    file: BackupFile
    removed: Sequence[Path]


def backup_notes_of_halls(db: Database) -> list[HallBackupNote]:
    """Return the backup notes of each hall that this login may read. Raises OutsideError."""
    with db.read() as tx:
        own = grants.hall_of_login(tx)
        return [
            HallBackupNote(
                hall=id,
                setup=halls.setup_of_hall_row(tx, halls.load_hall_row(tx, id)),
                began=first.at,
                note=backup_folder.note_of(tx, id),
            )
            for id, _code in halls.hall_ids_and_codes(tx)
            if own in (None, id)
            for first in events.events_after(tx, id, 0, 1)
        ]


def is_owner_login(db: Database) -> bool:
    """Whether this login owns the database: on the main PC of a shared hall, or with access to the file. Raises
    OutsideError."""
    with db.read() as tx:
        return grants.hall_of_login(tx) is None


def backup_notes_of_real_halls(db: Database) -> list[HallBackupNote]:
    """Return the notes of the halls with automatic backups: all but simulated ones. Raises OutsideError "not_this_pc"
    on a PC that joined a hall."""
    if not is_owner_login(db):
        raise OutsideError("not_this_pc")
    return [note for note in backup_notes_of_halls(db) if not note.setup.hall.simulated]


def backup_note_of(desk: Desk) -> BackupStatus:
    """Return the note on one hall's backups. Raises OutsideError."""
    with desk.db.read() as tx:
        return backup_folder.note_of(tx, desk.hall)


def backup_folder_name(db: Database) -> str:
    """Return the name of this database's backup folder. Raises OutsideError "database_missing" without a hall."""
    with db.read() as tx:
        return backup_folder.own_name(tx)


def are_backups_due(known: Sequence[HallBackupNote], now: datetime) -> bool:
    return any(_is_backup_due(note, now) for note in known)


def _is_backup_due(hall_note: HallBackupNote, now: datetime) -> bool:
    hall = hall_note.setup.hall
    made = hall_note.note.made
    return is_backup_due(
        hall_note.setup.local(made) if made else None,
        hall_note.setup.local(now),
        _closing_time_before_midnight(hall.closes),
    )


def _closing_time_before_midnight(minute: int) -> time:
    return time(min(minute, 24 * 60 - 1) // 60, min(minute, 24 * 60 - 1) % 60)


def make_proven_backup(db: Database, folder: Path, now: datetime) -> NewBackup:
    """Make one backup of all halls in `folder`, prove it, and remove those it supersedes; the caller holds the lock.
    `folder` is the database's own and exists. A backup that can't be proven replaces no other and stays as unproven.zip
    beside them. Raises OutsideError "backup_gone", "backup_full", "backup_refused", "backup_no_room",
    "backup_unproven", and what the database raises."""
    backup_folder.remove_unfinished_backups(folder)
    draft = backup_folder.draft_backup_path(folder)
    try:
        with db.read() as tx:
            expected = pack.summaries_by_hall(tx)
            local = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, min(expected))).local
            write_backup(tx, draft, program=__version__, made=now.astimezone(UTC))
        pack.prove_backup(draft, expected)
        path = backup_folder.put_in_place(draft, folder, local(now))
    except OutsideError as error:
        if error.code == "backup_unproven":
            draft.replace(folder / backup_folder.UNPROVEN)
        elif error.code in ("cannot_write", "cannot_read", "no_such_file", "database_full"):
            if str(error.details.get("path", "")).startswith(str(folder)):
                raise backup_folder.backup_folder_error(error.__cause__, folder) from error
            raise OutsideError("backup_no_room", path=str(error.details.get("path", folder))) from error
        raise
    except OSError as error:
        raise backup_folder.backup_folder_error(error, folder) from error
    finally:
        with suppress(OSError):  # A read-only disk refuses this too, and is reported already.
            draft.unlink(missing_ok=True)
    copies = {file.path.name: file for file in backup_folder.proven_automatic_backups(folder)}
    rule = superseded_copies((BackupCopy(name, local(file.made)) for name, file in copies.items()), local(now))
    removed = backup_folder.remove_backups([folder / copy.name for copy in rule if copy.name != path.name])
    return NewBackup(file=copies[path.name], removed=removed)


def remove_superseded_copies(db: Database, folder: Path, now: datetime) -> list[Path]:
    """Remove from `folder` this database's copies from updates and restores that the rule for backups no longer keeps;
    return the removed ones."""
    with db.read() as tx:
        listed = halls.hall_ids_and_codes(tx)
        local = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, listed[0][0])).local
    stems = {db.path.stem} if db.path is not None else {code for _id, code in listed}
    copies = [BackupCopy(str(path), local(made)) for path, made in backup_folder.file_copies_of_halls(folder, stems)]
    return backup_folder.remove_backups([Path(copy.name) for copy in superseded_copies(copies, local(now))])


def store_backup_success(
    db: Database,
    known: Sequence[HallBackupNote],
    made: NewBackup,
    *,
    pc: str,
    same_disk: bool,
    code: str | None,
    now: datetime,
) -> None:
    """Store a proven backup in each hall's note; `code` says why it is in another place than set, if so."""
    copies = {copy.id: copy for copy in made.file.halls}
    with db.write() as tx:
        for hall_note in known:
            if (copy := copies.get(hall_note.hall)) is None:
                continue
            note = BackupStatus(
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
            backup_folder.save_backup_note(tx, hall_note.hall, note)
    report_backup_state(db, known, code, now)


def store_backup_failure(db: Database, known: Sequence[HallBackupNote], code: str, *, now: datetime) -> None:
    """Store why no backup was made; the data of the last proven one stays."""
    with db.write() as tx:
        for hall_note in known:
            note = replace(backup_folder.note_of(tx, hall_note.hall), tried=now.astimezone(UTC), code=code)
            backup_folder.save_backup_note(tx, hall_note.hall, note)
    report_backup_state(db, known, code, now)


def report_backup_state(db: Database, known: Sequence[HallBackupNote], cause: str | None, now: datetime) -> None:
    """Report the state of backups to each hall's equipment; a hall out of reach gets it with the next try."""
    for note in known:
        with suppress(QueueDeskError):
            devices.record_device_state(
                Desk(db, note.hall), Ask(HALL, now, reading=ClockReliability(now)), BACKUP, BACKUP, cause
            )
