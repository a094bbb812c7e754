"""Backs up, restores, repairs, exports and merges halls, in files or in a database on a server.

A repair rebuilds tables from the log, or restores a backup. It is planned and shown first, and the former state is kept
as a copy, so that it can be undone. What a restore or a merge would change can be previewed. A log is exported and
merged without changing its chain. Each automatic backup is proved by restoring it into a temporary hall, and the result
is stored."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.log.event import Event, utc_stamp
from queuedesk.core.log.pc_clock import ClockReliability
from queuedesk.core.network.roles import HALL, Actor
from queuedesk.core.queue.hallday import business_date, opening_spans_on, series_prefixes_of
from queuedesk.core.setup.hall import time_zone_from_name
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.talk.device import BACKUP
from queuedesk.core.upkeep import BackupCopy, BackupStatus, is_backup_due, superseded_copies
from queuedesk.desk.change import Ask, Desk, Document, HallChange, begin_change_in_transaction, runs_in_transaction
from queuedesk.desk.setting_up import open_or_create_server_database
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep.examining import FAILED, STRANGE, ExaminationResult, examine_database, examine_hall
from queuedesk.files.writing import ensure_private_folder
from queuedesk.paths import data_folder
from queuedesk.store.engine import address, hall_file
from queuedesk.store.engine.database import Database, copy_database_to_backups
from queuedesk.store.engine.hall_file import BACKUPS
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import book as snapshot
from queuedesk.store.log import events
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts import halls, tickets
from queuedesk.store.rights import grants, withheld_ratings
from queuedesk.store.upkeep import backup_folder, pack
from queuedesk.store.upkeep.backup_folder import BackupFile, backups_in_folder, open_as_backup_file
from queuedesk.store.upkeep.exchange import ExportFile, write_hall_export


class HallWithBackupNote(Struct, frozen=True, kw_only=True):
    """A hall of the database, the beginning of its log, and the note on its backups."""

    hall: int
    setup: Setup
    began: datetime
    note: BackupStatus

    def to_document(self, trouble: str | None) -> Document:
        note, local = self.note, self.setup.to_hall_time
        return {
            "hall": self.setup.hall.code,
            "made": local(note.made).isoformat() if note.made else None,
            "proven": local(note.proven).isoformat() if note.proven else None,
            "seq": note.seq,
            "place": note.place,
            "pc": note.pc,
            "same_disk": note.same_disk,
            "trouble": trouble,
        }


class NewBackup(Struct, frozen=True, kw_only=True):
    """A new, proven backup, and those that it replaced."""

    file: BackupFile
    removed: Sequence[Path]


def backup_notes_of_halls(db: Database) -> list[HallWithBackupNote]:
    """Return the backup notes of each hall that this login may read. Raises OutsideError."""
    with db.read() as tx:
        own = withheld_ratings.hall_id_of_login(tx)
        return [
            HallWithBackupNote(
                hall=id,
                setup=halls.setup_of_hall_row(tx, halls.load_hall_row(tx, id)),
                began=first.at,
                note=backup_folder.stored_backup_status(tx, id),
            )
            for id, _code in halls.hall_ids_and_codes(tx)
            if own in (None, id)
            for first in events.events_after(tx, id, 0, 1)
        ]


def is_owner_login(db: Database) -> bool:
    """Whether this login owns the database: on the main PC of a shared hall, or with access to the file. Raises
    OutsideError."""
    with db.read() as tx:
        return withheld_ratings.hall_id_of_login(tx) is None


def backup_notes_of_real_halls(db: Database) -> list[HallWithBackupNote]:
    """Return the notes of the halls with automatic backups: all but simulated ones. Raises OutsideError "not_this_pc"
    on a PC that joined a hall."""
    if not is_owner_login(db):
        raise OutsideError("not_this_pc")
    return [note for note in backup_notes_of_halls(db) if not note.setup.hall.simulated]


def backup_note_of(desk: Desk) -> BackupStatus:
    """Return the note on one hall's backups. Raises OutsideError."""
    with desk.db.read() as tx:
        return backup_folder.stored_backup_status(tx, desk.hall)


def backup_folder_name(db: Database) -> str:
    """Return the name of this database's backup folder. Raises OutsideError "database_missing" without a hall."""
    with db.read() as tx:
        return backup_folder.backup_folder_name(tx)


def are_backups_due(known: Sequence[HallWithBackupNote], now: datetime) -> bool:
    return any(_is_backup_due(note, now) for note in known)


def _is_backup_due(hall_note: HallWithBackupNote, now: datetime) -> bool:
    hall = hall_note.setup.hall
    made = hall_note.note.made
    return is_backup_due(
        hall_note.setup.to_hall_time(made) if made else None,
        hall_note.setup.to_hall_time(now),
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
            expected = pack.database_summaries_by_hall_id(tx)
            local = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, min(expected))).to_hall_time
            pack.write_backup_and_list_left_out(tx, draft, program=__version__, made=now.astimezone(UTC))
        pack.require_restorable_backup(draft, expected)
        path = backup_folder.rename_proven_backup_from_draft(draft, folder, local(now))
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


def remove_and_list_superseded_copies(db: Database, folder: Path, now: datetime) -> list[Path]:
    """Remove from `folder` this database's copies from updates and restores that the rule for backups no longer keeps;
    return the removed ones."""
    with db.read() as tx:
        listed = halls.hall_ids_and_codes(tx)
        local = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, listed[0][0])).to_hall_time
    stems = {db.path.stem} if db.path is not None else {code for _id, code in listed}
    copies = [
        BackupCopy(str(path), local(made))
        for path, made in backup_folder.file_copies_of_halls_with_times(folder, stems)
    ]
    return backup_folder.remove_backups([Path(copy.name) for copy in superseded_copies(copies, local(now))])


def store_backup_success(
    db: Database,
    known: Sequence[HallWithBackupNote],
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
            backup_folder.save_backup_status(tx, hall_note.hall, note)
    report_backup_state(db, known, code, now)


def store_backup_failure(db: Database, known: Sequence[HallWithBackupNote], code: str, *, now: datetime) -> None:
    """Store why no backup was made; the data of the last proven one stays."""
    with db.write() as tx:
        for hall_note in known:
            note = replace(backup_folder.stored_backup_status(tx, hall_note.hall), tried=now.astimezone(UTC), code=code)
            backup_folder.save_backup_status(tx, hall_note.hall, note)
    report_backup_state(db, known, code, now)


def report_backup_state(db: Database, known: Sequence[HallWithBackupNote], cause: str | None, now: datetime) -> None:
    """Report the state of backups to each hall's equipment; a hall out of reach gets it with the next try."""
    for note in known:
        with suppress(QueueDeskError):
            devices.record_device_state(
                Desk(db, note.hall), Ask(HALL, now, reading=ClockReliability(now)), BACKUP, BACKUP, cause
            )


SERIES_STEP = 100
GONE, OTHER = "gone", "other"
T = TypeVar("T")


class LastIssuedNumbers(Struct, frozen=True):
    """Today's last number of each series in the replaced hall; without `is_all` more may have been issued."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    is_all: bool = False


class PersonRestoringAtStation(Struct, frozen=True):
    """A person who restores a backup at a station, is identified, and stays signed in afterwards."""

    station: str
    staff: str


def write_database_backup(db: Database, who: Actor, path: Path, now: datetime) -> Path:
    """Write all halls of a database to one file, as of one moment, while work goes on. The file has comments and hashes
    of PINs (not if a PC of a shared hall writes it by its own login); only its owner may read it. Raises RuleError
    "not_your_role", OutsideError "cannot_write"."""
    who.require_may("backup")
    with db.read() as tx:
        pack.write_backup_and_list_left_out(tx, path, program=__version__, made=now)
    return path


def restore_database(
    file: Path,
    target: Path,
    ask: Ask,
    *,
    replace: bool,
    other_hall: bool = False,
    stays: PersonRestoringAtStation | None = None,
    more: Callable[[Transaction], None] | None = None,
) -> Document:
    """Make the database at `target` from a fully checked backup; the present one is kept as a copy. `file` may also be
    a copy of a hall's file, as restores and updates leave, so that a restore can be undone. Each open series goes on at
    the next multiple of 100, because numbers issued after the backup are on customers' tickets. `stays` is signed in
    again where the hall has that person; `more` adds later events before the hall goes on. Raises RuleError
    "not_your_role", "needs_yes" unless `replace`, "other_hall" (halls) where a hall that the file lacks would be lost,
    unless `other_hall`, OutsideError "no_such_file", "cannot_read", "wrong_kind", "backup_damaged", "backup_newer",
    "cannot_write", "database_full". A refusal leaves `target` as it was."""
    ask.who.require_may("restore")
    _require_other_file(file, target)
    draft = draft_of_database(target, "restore")
    with open_as_backup_file(file) as path, pack.BackupArchive(path) as backup:
        copies = backup.verified_hall_copies()
        if target.exists() and not replace:
            raise RuleError("needs_yes", kind="hall", code=copies[0].code, path=str(target))
        if not other_hall:
            query_database_to_replace(target, lambda tx: refuse_replacing_other_halls(backup, copies, tx, is_file=True))
        given_of = {copy.code: _todays_last_numbers_at_target(target, copy, ask.now) for copy in copies}
        delete_unfinished_database(draft)
        try:
            db = Database.create(draft)
            with db.write() as tx:
                for copy in copies:
                    backup.load_hall(tx, copy)
                if more is not None:
                    more(tx)
            made = utc_stamp(backup.made)
            documents = [
                _go_on_at_desk(Desk(db, copy.id), ask, made=made, copy=copy, given=given_of[copy.code], stays=stays)
                for copy in copies
            ]
            db.dispose()
            copy_path = pack.replace_database_file_keeping_old(draft, target, stamp_text=f"{ask.now:%Y%m%d-%H%M%S}")
        except OutsideError as error:
            if error.details.get("path") == str(draft):
                raise OutsideError(error.code, path=str(target)) from error
            raise
        finally:
            delete_unfinished_database(draft)
    lacks = {"without": backup.tables_left_out} if backup.tables_left_out else {}
    return {"database": str(target), "copy": str(copy_path) if copy_path else None, "halls": documents} | lacks


def draft_of_database(target: Path, work: str) -> Path:
    """Return where to build a database for `target`: beside it, or beside the file that a link there leads to. Raises
    OutsideError "cannot_write" for a place that can't be a file."""
    place = Path(os.path.realpath(target))
    try:
        if place.is_dir():
            raise IsADirectoryError(place)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(target)) from error
    return place.with_name(f".{place.name}.{work}-{os.getpid()}")


def _require_other_file(file: Path, target: Path) -> None:
    """Refuse to restore a hall from the file in which it works. Raises OutsideError "wrong_kind"."""
    with suppress(OSError):
        if file.samefile(target):
            raise OutsideError("wrong_kind", path=str(file), wanted="backup")


def refuse_replacing_other_halls(
    backup: pack.BackupArchive, copies: Sequence[pack.HallCopy], tx: Transaction, *, is_file: bool
) -> None:
    """Check that no hall here would be replaced by another. Raises RuleError "other_hall" (path, halls)."""
    gone = [
        code
        for code, state in halls_backup_does_not_continue(backup, copies, tx, is_file=is_file).items()
        if state in (GONE, OTHER)
    ]
    if gone:
        raise RuleError("other_hall", path=str(backup.path), halls=gone)


def halls_backup_does_not_continue(
    backup: pack.BackupArchive, copies: Sequence[pack.HallCopy], tx: Transaction, *, is_file: bool
) -> dict[str, str]:
    """Return, by code, the halls here that the backup does not continue: GONE if missing there, OTHER if its hall of
    that code has another log. A file is replaced as a whole; on a server halls that the backup lacks stay."""
    by_code = {copy.code: copy for copy in copies}
    states = {}
    for code, id in {code: id for id, code in halls.hall_ids_and_codes(tx)}.items():
        if code not in by_code:
            if is_file:
                states[code] = GONE
            continue
        ours, theirs = events.events_after(tx, id, 0, 1), next(backup.events(by_code[code].id), None)
        if ours and theirs is not None and ours[0].hash != theirs.hash:
            states[code] = OTHER
    return states


def record_restore(
    change: HallChange,
    *,
    made: str,
    copy: pack.HallCopy,
    given: LastIssuedNumbers,
    stays: PersonRestoringAtStation | None = None,
) -> Document:
    """Record in the log that it was restored, and the number from which each series goes on; `given` are today's last
    numbers before."""
    series = {}
    for service in change.setup.services.values():
        for prefix in series_prefixes_of(service):
            first = _first_number_after_restore(change, service, prefix, given)
            if first is not None:
                series[prefix] = first - 1
    change.record("restore", series=series, backup=made, lost_since=utc_stamp(copy.at))
    if stays is not None and stays.staff in change.setup.staff:
        change.record("sign-in", staff=stays.staff, station=stays.station)
    return {
        "hall": copy.code,
        "lost_since": change.setup.to_hall_time(copy.at).isoformat(),
        "series": {prefix: last + 1 for prefix, last in series.items()},
    }


_go_on_at_desk = runs_in_transaction("restore")(record_restore)


def _first_number_after_restore(
    change: HallChange, service: Service, prefix: str, given: LastIssuedNumbers
) -> int | None:
    """Return the number with which a series goes on; None where it begins as usual, or has no room."""
    last = change.book.last_number(change.date, prefix)
    if prefix in given.numbers:
        last = max(last or 0, given.numbers[prefix])
    if last is None and not given.is_all and _has_service_opened_today(change, service):
        last = service.first  # The numbers issued since the backup are unknown.
    if last is None:
        return None
    number = (last // SERIES_STEP + 1) * SERIES_STEP
    return number if number <= service.last else last + 1


def _has_service_opened_today(change: HallChange, service: Service) -> bool:
    local = change.setup.to_hall_time(change.now)
    spans = opening_spans_on(change.setup, service, local.date())
    return any(start <= local.hour * 60 + local.minute for start, _end in spans)


def _todays_last_numbers_at_target(target: Path, copy: pack.HallCopy, now: datetime) -> LastIssuedNumbers:
    """Return today's last numbers in the database to be replaced."""
    return (
        query_database_to_replace(target, lambda tx: todays_last_issued_numbers(tx, copy, now)) or LastIssuedNumbers()
    )


def query_database_to_replace(target: Path, look: Callable[[Transaction], T]) -> T | None:
    """Return the result of `look` in the database to be replaced, None where it can't be read."""
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


def todays_last_issued_numbers(tx: Transaction, copy: pack.HallCopy, now: datetime) -> LastIssuedNumbers:
    """Return today's last numbers in the hall with the code of `copy`; they are complete only where its log continues
    that copy."""
    ids = {code: id for id, code in halls.hall_ids_and_codes(tx)}
    if copy.code not in ids:
        return LastIssuedNumbers()
    row = halls.load_hall_row(tx, ids[copy.code])
    goes_on = row.now.seq >= copy.seq and events.event_with_seq(tx, row.id, copy.seq).hash == copy.hash
    day = business_date(halls.setup_of_hall_row(tx, row), now)
    series = tickets.last_numbers_by_series(tx, row.id, day)
    return LastIssuedNumbers({prefix: n for (on, prefix), n in series.items() if on == day}, is_all=goes_on)


def delete_unfinished_database(draft: Path) -> None:
    """Delete an unfinished database with its journals."""
    for path in (draft, *hall_file.companion_file_paths(draft)):
        with suppress(OSError):
            path.unlink(missing_ok=True)


# -- restores a backup into a database on a server, beside other halls and while PCs are connected -------------------


def restore_on_server(
    file: Path,
    url: str,
    ask: Ask,
    *,
    replace: bool,
    other_hall: bool = False,
    stays: PersonRestoringAtStation | None = None,
) -> Document:
    """Restore the halls of a fully checked backup into the database at `url`, in one transaction; its other halls stay.
    The present state is kept as a backup in this user's backups/. Each open series goes on as in restore_database(),
    and all stations reload. Only for the database's owner. Raises as restore_database(), and OutsideError
    "not_this_pc", "nul_in_text" (hall, table, row)."""
    ask.who.require_may("restore")
    with open_as_backup_file(file) as path, pack.BackupArchive(path) as backup:
        copies = backup.verified_hall_copies()
        backup.check_texts_for_server()
        with open_or_create_server_database(url) as db, db.write() as tx:
            db.refuse_if_tables_newer()
            halls.lock_against_new_halls(tx)
            ids = {code: id for id, code in halls.hall_ids_and_codes(tx)}
            replaced = [ids[copy.code] for copy in copies if copy.code in ids]
            if replaced and not replace:
                raise RuleError("needs_yes", kind="hall", code=copies[0].code, path=db.place)
            if not other_hall:
                refuse_replacing_other_halls(backup, copies, tx, is_file=False)
            halls.lock_halls(tx, replaced)
            copy_path = write_backup_before_restore(tx, ask, copies[0].code) if ids else None
            given_of = {copy.code: todays_last_issued_numbers(tx, copy, ask.now) for copy in copies}
            with grants.whole_log_rewriting(tx):
                for copy in copies:
                    if copy.code not in ids:
                        ids[copy.code] = max(ids.values(), default=0) + 1
                        halls.insert_hall_row_with_id(tx, ids[copy.code], copy.code)
                    backup.restore_hall(tx, copy, ids[copy.code])
            events.write_new_epoch(tx)
            documents = []
            for copy in copies:
                change = begin_change_in_transaction(tx, Desk(db, ids[copy.code]), ask)
                given = given_of[copy.code]
                documents.append(
                    record_restore(change, made=utc_stamp(backup.made), copy=copy, given=given, stays=stays)
                )
                change.book.close()
    lacks = {"without": backup.tables_left_out} if backup.tables_left_out else {}
    return {"database": db.place, "copy": str(copy_path) if copy_path else None, "halls": documents} | lacks


def write_backup_before_restore(tx: Transaction, ask: Ask, code: str) -> Path:
    """Write the whole database as a backup under a new name."""
    folder = data_folder() / "backups"
    try:
        ensure_private_folder(folder)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    stem = f"{code}{pack.BEFORE_RESTORE}{ask.now:%Y%m%d-%H%M%S}"
    names = (f"{stem}.zip" if n == 1 else f"{stem}-{n}.zip" for n in range(1, 10_000))
    path = next(folder / name for name in names if not (folder / name).exists())
    pack.write_backup_and_list_left_out(tx, path, program=__version__, made=ask.now)
    return path


BEFORE_REPAIR = "-before-repair-"
LOG_CHECKS = frozenset({"integrity", "chain", "halls"})
"""Checks whose failure means that the log itself is not reliable."""
UNREPAIRABLE = ("beside",)


class DatabaseRepairPlan(Struct, frozen=True, kw_only=True):
    """What a repair would do: rebuild the tables of these halls, or restore everything from a backup. `left` are the
    findings that it can't repair."""

    rebuilt: Sequence[str] = ()
    from_backup: bool = False
    left: Sequence[ExaminationResult] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rebuilt or self.from_backup)


def examine_and_plan_repair(target: str | Path) -> DatabaseRepairPlan:
    """Examine the database at `target` and plan its repair. Raises OutsideError, except for a damaged one."""
    try:
        db = Database.open(target)
    except OutsideError as error:
        if error.code != "database_damaged":
            raise
        return DatabaseRepairPlan(from_backup=True)
    with db:
        findings = [finding for finding in examine_database(db) if finding.status == FAILED]
        left = [finding for finding in findings if finding.name in UNREPAIRABLE]
        if any(finding.name in LOG_CHECKS for finding in findings):
            return DatabaseRepairPlan(from_backup=True, left=left)
        rebuilt = [finding.hall for finding in findings if finding.name == "tables" and finding.hall is not None]
        return DatabaseRepairPlan(rebuilt=rebuilt, left=left)


def repair_from_log(target: str | Path, ask: Ask) -> Document:
    """Rebuild tables from the log, in one transaction. Raises RuleError "not_your_role", OutsideError "not_mended"
    where that would not repair it (then nothing is changed), "cannot_write" and what the database raises."""
    ask.who.require_may("restore")
    repair = examine_and_plan_repair(target)
    with Database.open(target) as db, db.write() as tx, grants.whole_log_rewriting(tx):
        db.refuse_if_tables_newer()
        halls.lock_halls(tx, [id for id, _code in halls.hall_ids_and_codes(tx)])
        path = _copy_before_repair(tx, db, ask)
        for id, code in halls.hall_ids_and_codes(tx):
            if code in repair.rebuilt:
                snapshot.rebuild_from_log_and_give_faults(tx, id)
        halls.clear_setup_cache()
        for id, code in halls.hall_ids_and_codes(tx):
            if any(
                finding.status == FAILED and finding.name not in UNREPAIRABLE for finding in examine_hall(tx, id, code)
            ):
                raise OutsideError("not_mended", path=db.place)
        events.write_new_epoch(tx)
    return {"database": str(db.place), "copy": str(path), "rebuilt": list(repair.rebuilt)}


def repair_from_backup(
    backup: Path, target: Path, ask: Ask, *, export: Path | None = None, stays: PersonRestoringAtStation | None = None
) -> Document:
    """Rebuild the hall's file from a backup, then from a later export, then from readable events of the damaged file.
    Numbers go on as in restore_database(). Raises as restore_database(), and as merge_exported_log() for the export."""

    def append_later_events(tx: Transaction) -> None:
        if export is not None:
            with ExportFile(export) as later:
                for copy in later.verified_hall_copies():
                    if later.receiving_hall_id(tx, copy) is not None:
                        later.merge_hall(tx, copy)
        ends = {end.id: end.seq for end in halls.log_ends_of_halls(tx)}
        rest = _readable_events_after(target, ends)
        for id in ends:
            _append_continuing_events(tx, id, rest)

    document = restore_database(backup, target, ask, replace=True, stays=stays, more=append_later_events)
    return document | {"backup": str(backup)}


def newest_readable_backup(target: Path) -> Path | None:
    """Return the newest readable backup of this hall in its own folder, None without one. Of a file that does not say
    any more which hall it is, it is None too where backups of several are there: nobody could tell which is its own."""
    backups, folder = [], target.parent / BACKUPS
    with suppress(OSError):
        for place in (folder, *(inner for inner in folder.iterdir() if inner.is_dir())):
            with suppress(QueueDeskError):
                backups += [(file.made, file.path, _logs_in_backup(file)) for file in backups_in_folder(place)]
    here = query_database_to_replace(target, _logs_in_database) or set()
    own = [backup for backup in backups if backup[2] & here] or backups
    newest = max(own, key=lambda backup: backup[:2], default=None)
    return newest[1] if newest and all(newest[2] & logs for _made, _path, logs in own) else None


def _logs_in_backup(file: BackupFile) -> set[str]:
    """Return how each log in a backup begins; nothing of one that can't be read."""
    with suppress(OutsideError, *pack.DAMAGE), pack.BackupArchive(file.path) as backup:
        return {event.hash for copy in file.halls for event in islice(backup.events(copy.id), 1)}
    return set()


def _logs_in_database(tx: Transaction) -> set[str]:
    return {event.hash for id, _code in halls.hall_ids_and_codes(tx) for event in events.events_after(tx, id, 0, 1)}


def _copy_before_repair(tx: Transaction, db: Database, ask: Ask) -> Path:
    if db.path is None:
        return write_backup_before_restore(tx, ask, halls.hall_ids_and_codes(tx)[0][1])
    return copy_database_to_backups(db.path, f"{db.path.stem}{BEFORE_REPAIR}{ask.now:%Y%m%d-%H%M%S}")


def _readable_events_after(target: Path, since: Mapping[int, int]) -> dict[tuple[int, str], Event]:
    """Return the readable events of a damaged file after `since`, by seq and previous hash."""
    readable: dict[tuple[int, str], Event] = {}
    read_to = dict(since)
    for step in (events.PAGE, 1):  # After an unreadable page, single events.
        for id in since:
            with suppress(OutsideError, *STRANGE), Database.open(target) as db, db.read() as tx:
                while page := events.events_after(tx, id, read_to[id], step):
                    readable |= {(event.seq, event.prev): event for event in page}
                    read_to[id] = page[-1].seq
    return readable


def _append_continuing_events(tx: Transaction, id: int, rest: dict[tuple[int, str], Event]) -> None:
    """Append the events that continue the log's chain of hashes."""
    end = next(end for end in halls.log_ends_of_halls(tx) if end.id == id)
    book, seq, hash = HallWriter(tx, id), end.seq, end.hash
    while (event := rest.get((seq + 1, hash))) is not None and event.with_chain_hash(hash).hash == event.hash:
        book.take_over_event(event)
        seq, hash = event.seq, event.hash
    book.close()


# -- summarises part of a log: number of events, first and last time, tickets issued ---------------------------------

_TICKET_KINDS = frozenset({"issue", "serve"})


class CountsOfConsecutiveEvents(Struct):
    """Sums of consecutive events. `skew_s` is the largest jump of a clock among them, 0 for none."""

    events: int = 0
    first: datetime | None = None
    last: datetime | None = None
    tickets: list[tuple[date, str]] = field(default_factory=list)
    set_ups: int = 0
    skew_s: int = 0
    timezone: str = ""

    def add_event(self, event: Event) -> None:
        self.events += 1
        self.first = self.first or event.at
        self.last = event.at
        if event.kind in _TICKET_KINDS and event.ticket is not None and event.date is not None:
            self.tickets.append((event.date, event.ticket))
        if event.kind == "set-up":
            self.set_ups += 1
            setup = event.data.get("setup")
            changed = event.data.get("row") if event.data.get("part") == "hall" else None
            hall = setup.get("hall") if isinstance(setup, dict) else changed
            self.timezone = str(hall.get("timezone", self.timezone)) if isinstance(hall, dict) else self.timezone
        skew = event.data.get("skew_s")
        if isinstance(skew, int) and abs(skew) > abs(self.skew_s):
            self.skew_s = skew

    @classmethod
    def sums_of_events(cls, events: Iterable[Event]) -> CountsOfConsecutiveEvents:
        part = cls()
        for event in events:
            part.add_event(event)
        return part


MOST_TICKETS = 200
CLOCKS_APART = timedelta(minutes=2)
LONG_GAP = timedelta(hours=24)
SAME, OLDER, NEWER, PARTED, NEW, UNREADABLE = "same", "older", "newer", "parted", "new", "unreadable"
"""States of a hall in the file: the same as here; older; newer; both continued separately; none here; the one here is
unreadable. Also GONE, a hall here that the file lacks and that would be lost, and OTHER, a hall whose code has another
log here."""


def restore_preview(file: Path, target: Path | str, who: Actor) -> Document:
    """Return {"made", "halls"}: for each hall what a restore would lose and bring back. Changes nothing. All times are
    on the hall's own clock. Raises RuleError "not_your_role", OutsideError as restore_database() for the file."""
    who.require_may("restore")
    with open_as_backup_file(file) as path, pack.BackupArchive(path) as backup:
        copies = backup.verified_hall_copies()
        zones: list[tzinfo] = []
        found = _read_if_database_readable(
            target, lambda tx: _restore_preview_rows(tx, backup, copies, zones, is_file=isinstance(target, Path))
        )
        rows = found or [
            _preview_row_of_hall(copy.code, UNREADABLE, CountsOfConsecutiveEvents(), CountsOfConsecutiveEvents(), UTC)
            for copy in copies
        ]
        if not zones:
            zones.append(
                _time_zone_or_utc(CountsOfConsecutiveEvents.sums_of_events(backup.events(copies[0].id)).timezone)
            )
        return {"made": backup.made.astimezone(zones[0]).isoformat(), "halls": rows}


def merge_preview(file: Path, target: Path | str, who: Actor, now: datetime) -> Document:
    """Return {"made", "halls"}: for each hall what a merge would add, with "notes" to check first. Changes nothing. A
    note has a "code": "parted" (the number from which both logs differ), "timezone" (here, there), "skew" (the largest
    jump of a clock in the added part), "ahead" (by how much the file's last event is ahead of this clock), "gap" (how
    long nothing was logged before the added part). Raises RuleError "not_your_role", OutsideError as
    merge_exported_log() for the file."""
    who.require_may("merge")
    with ExportFile(file) as export:
        copies = export.verified_hall_copies()
        zones: list[tzinfo] = []
        rows = _read_if_database_readable(
            target, lambda tx: [_merge_preview_row(tx, export, copy, now, zones) for copy in copies]
        )
        if rows is None:
            rows = [_merge_preview_row(None, export, copy, now, zones) for copy in copies]
        return {"made": export.made.astimezone(zones[0]).isoformat(), "halls": rows}


def _read_if_database_readable(
    target: Path | str, look: Callable[[Transaction], list[Document]]
) -> list[Document] | None:
    """Return the result of `look` in the database at `target`, None where there is no readable one."""
    try:
        db = Database.open(target)
    except OutsideError as error:
        if error.code not in ("database_missing", "database_damaged"):
            raise
        return None
    with db, db.read() as tx:
        return look(tx)


def _restore_preview_rows(
    tx: Transaction, backup: pack.BackupArchive, copies: list[pack.HallCopy], zones: list[tzinfo], *, is_file: bool
) -> list[Document]:
    """Return the rows; each hall's time zone is added to `zones`."""
    there = {code: id for id, code in halls.hall_ids_and_codes(tx)}
    others = halls_backup_does_not_continue(backup, copies, tx, is_file=is_file)
    rows = []
    for copy in copies:
        hall = there.pop(copy.code, None)
        lost, back = _log_parts_after_split(tx, hall, backup, copy)
        state = (
            NEW if hall is None else others.get(copy.code) or _STATE_OF_DIFFERENCE[bool(lost.events), bool(back.events)]
        )
        zone = _time_zone_or_utc(back.timezone if hall is None else _timezone_name_of_hall(tx, hall))
        zones.append(zone)
        rows.append(_preview_row_of_hall(copy.code, state, lost, back, zone))
    if is_file:  # It is replaced as a whole.
        for code, hall in there.items():
            zone = _time_zone_or_utc(_timezone_name_of_hall(tx, hall))
            rows.append(
                _preview_row_of_hall(
                    code,
                    GONE,
                    CountsOfConsecutiveEvents.sums_of_events(events.all_events(tx, hall)),
                    CountsOfConsecutiveEvents(),
                    zone,
                )
            )
    return rows


_STATE_OF_DIFFERENCE = {(False, False): SAME, (True, False): OLDER, (False, True): NEWER, (True, True): PARTED}


def _log_parts_after_split(
    tx: Transaction | None, hall: int | None, pack: pack.HallArchiveReader, copy: pack.HallCopy
) -> tuple[CountsOfConsecutiveEvents, CountsOfConsecutiveEvents]:
    """Return the part of both logs after their common beginning: only here, only in the file."""
    own = events.all_events(tx, hall) if tx is not None and hall is not None else iter(())
    theirs = pack.events(copy.id)
    here, there = CountsOfConsecutiveEvents(), CountsOfConsecutiveEvents()
    mine, other = next(own, None), next(theirs, None)
    while mine is not None and other is not None and mine.hash == other.hash:
        mine, other = next(own, None), next(theirs, None)
    for part, first, rest in ((here, mine, own), (there, other, theirs)):
        for event in _first_and_remaining_events(first, rest):
            part.add_event(event)
    return here, there


def _first_and_remaining_events(first: Event | None, rest: Iterator[Event]) -> Iterator[Event]:
    if first is not None:
        yield first
        yield from rest


def _preview_row_of_hall(
    code: str, state: str, lost: CountsOfConsecutiveEvents, back: CountsOfConsecutiveEvents, zone: tzinfo
) -> Document:
    return {
        "hall": code,
        "state": state,
        "lost": _log_part_document(lost, zone),
        "back": _log_part_document(back, zone),
    }


def _log_part_document(part: CountsOfConsecutiveEvents, zone: tzinfo) -> Document:
    def iso_or_none(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).isoformat()

    days = Counter(day.isoformat() for day, _label in part.tickets)
    return {
        "events": part.events,
        "from": iso_or_none(part.first),
        "to": iso_or_none(part.last),
        "days": [{"date": day, "tickets": n} for day, n in sorted(days.items())],
        "tickets": [{"date": day.isoformat(), "ticket": label} for day, label in part.tickets[:MOST_TICKETS]],
        "set_ups": part.set_ups,
    }


def _timezone_name_of_hall(tx: Transaction, hall: int) -> str:
    return halls.setup_of_hall_row(tx, halls.load_hall_row(tx, hall)).hall.timezone


def timezone_names_used_by_halls(tx: Transaction) -> list[str]:
    return sorted({_timezone_name_of_hall(tx, id) for id, _code in halls.hall_ids_and_codes(tx)})


def timezone_difference_notes(known: Sequence[str], there: str) -> list[Document]:
    """Return the note that a hall has the time zone `there`, if halls here have others; "" is no zone."""
    return [{"code": "timezone", "here": list(known), "there": there}] if there and known and there not in known else []


def _time_zone_or_utc(name: str) -> tzinfo:
    try:
        return time_zone_from_name(name) if name else UTC
    except ValueError:
        return UTC


def _merge_preview_row(
    tx: Transaction | None, export: ExportFile, copy: pack.HallCopy, now: datetime, zones: list[tzinfo]
) -> Document:
    hall = None if tx is None else export.receiving_hall_id(tx, copy)
    here, comes = _log_parts_after_split(tx, hall, export, copy)
    state = NEW if hall is None else _STATE_OF_DIFFERENCE[bool(here.events), bool(comes.events)]
    known = timezone_names_used_by_halls(tx) if tx is not None else []
    own = _timezone_name_of_hall(tx, hall) if tx is not None and hall is not None else comes.timezone
    zone = _time_zone_or_utc(own)
    zones.append(zone)
    notes: list[Document] = []
    if state == PARTED:
        notes.append({"code": "parted", "seq": copy.seq - comes.events + 1})
    notes += timezone_difference_notes(known, comes.timezone)
    if abs(comes.skew_s) >= CLOCKS_APART.total_seconds():
        notes.append({"code": "skew", "seconds": comes.skew_s})
    if copy.at - now > CLOCKS_APART:
        notes.append({"code": "ahead", "seconds": int((copy.at - now).total_seconds())})
    before = halls.load_hall_row(tx, hall).now.at if tx is not None and hall is not None else None
    notes += _gap_notes(before, comes.first, zone) if before is not None else _gap_notes(copy.at, now, zone)
    return {"hall": copy.code, "state": state, "comes": _log_part_document(comes, zone), "notes": notes}


def _gap_notes(before: datetime, after: datetime | None, zone: tzinfo) -> list[Document]:
    """Return the note on a gap in both logs: before the added part, or between a new hall's last event and now."""
    if after is None or after - before <= LONG_GAP:
        return []
    return [{"code": "gap", "from": before.astimezone(zone).isoformat(), "to": after.astimezone(zone).isoformat()}]


def export_hall_log(desk: Desk, who: Actor, path: Path, now: datetime) -> Path:
    """Write one hall's log to a file, as of one moment, while work goes on. It has the log, and when calls were shown
    and spoken; no comments, no PINs. Raises RuleError "not_your_role", OutsideError "cannot_write"."""
    who.require_may("export")
    with desk.db.read() as tx:
        write_hall_export(tx, desk.hall, path, program=__version__, made=now)
    return path


def code_of_hall_whose_staff_may_merge(file: Path, target: Path | str) -> str:
    """Return the code of the hall whose staff may merge `file`: the file's own if it is here, else the first one.
    Raises OutsideError "database_missing" without a hall, and as merge_exported_log()."""
    with ExportFile(file) as export:
        copies = export.verified_hall_copies()
    with Database.open(target) as db, db.read() as tx:
        codes = [code for _id, code in halls.hall_ids_and_codes(tx)]
    if not codes:
        raise OutsideError("database_missing", path=db.place)
    return next((copy.code for copy in copies if copy.code in codes), codes[0])


def merge_exported_log(file: Path, target: Path | str, ask: Ask) -> Document:
    """Add an exported log to the database at `target`, which is created if missing; all of the file or nothing. A hall
    in the answer has "notes", as in merge_preview(), on other time zones than those here. On a server only the
    database's owner may do so. Nothing is added to the merged log, which stays a copy that can be verified. Raises
    RuleError "not_your_role", "histories_differ", "id_used", OutsideError "no_such_file", "cannot_read", "wrong_kind",
    "export_damaged", "export_newer", "cannot_write", "nul_in_text" (hall, table, row) for a server, and what the
    database raises."""
    ask.who.require_may("merge")
    with ExportFile(file) as export:
        copies = export.verified_hall_copies()
        if address.is_server_address(target):
            export.check_texts_for_server()
        try:
            db = Database.open(target) if isinstance(target, Path) else open_or_create_server_database(target)
        except OutsideError as error:
            if error.code != "database_missing" or not isinstance(target, Path):
                raise
            return _merge_into_new_database(export, copies, target, ask)
        with db:
            return _merge_into_database(export, copies, db, ask)


def _merge_into_new_database(export: ExportFile, copies: Sequence[pack.HallCopy], target: Path, ask: Ask) -> Document:
    """Build the database under another name and move it into place."""
    draft = draft_of_database(target, "merge")
    delete_unfinished_database(draft)
    try:
        with Database.create(draft) as db:
            document = _merge_into_database(export, copies, db, ask)
        pack.replace_database_file_keeping_old(draft, target, stamp_text=f"{ask.now:%Y%m%d-%H%M%S}")
    except OutsideError as error:
        if error.details.get("path") == str(draft):
            raise OutsideError(error.code, path=str(target)) from error
        raise
    finally:
        delete_unfinished_database(draft)
    return document


def _merge_into_database(export: ExportFile, copies: Sequence[pack.HallCopy], db: Database, ask: Ask) -> Document:
    documents = []
    with db.write() as tx:
        halls.lock_against_new_halls(tx)
        halls.lock_halls(tx, [there for copy in copies if (there := export.receiving_hall_id(tx, copy)) is not None])
        known = timezone_names_used_by_halls(tx)
        for copy in copies:
            there = export.receiving_hall_id(tx, copy)
            if there is not None and ask.command and (kept := events.answer_of_command(tx, there, ask.command)):
                if kept[0] != ask.words:
                    raise RuleError("id_used", command=ask.command)
                return kept[1]
            hall, added = export.merge_hall(tx, copy)
            row = halls.load_hall_row(tx, hall)
            seq, notes = (
                row.now.seq,
                timezone_difference_notes(known, halls.setup_of_hall_row(tx, row).hall.timezone) if added else [],
            )
            documents.append({"hall": copy.code, "added": added, "seq": seq, "new": there is None, "notes": notes})
        document: Document = {"halls": documents}
        if ask.command is not None:
            events.store_command_answer(tx, hall, ask.command, words=ask.words, seq=seq, document=document)
    return document
