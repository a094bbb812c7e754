"""Automatic reports and backups on this PC, written by one process at a time.

Reports go into this PC's folder, the newest is also printed; backups go into the folder that somebody chose, else
beside the hall. Their notes and locks are beside the hall."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any
from zlib import crc32

from queuedesk.app.hosting.server import SharingProcessNote
from queuedesk.app.services import printers
from queuedesk.app.station.own_hall import join_addresses_of_hall
from queuedesk.app.station.processes import call_when_opener_exits
from queuedesk.app.this_pc import config
from queuedesk.core import upkeep
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import DAY, CalendarPeriod, PrintedReportPagesChoice
from queuedesk.core.log.pc_clock import ClockReliability
from queuedesk.core.network.roles import HALL
from queuedesk.core.network.sharing import normalized_pc_name
from queuedesk.core.setup.rows import Setup, hall_languages
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.upkeep import clocks, examining, maintenance
from queuedesk.desk.upkeep.maintenance import HallWithBackupNote
from queuedesk.files.writing import FileLock, ensure_private_folder, give_to_owner_of
from queuedesk.i18n import error_sentence
from queuedesk.i18n.preview_words import kept_reports_doctor_result
from queuedesk.paths import data_folder
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep import backup_folder
from queuedesk.store.upkeep.backup_folder import BackupFile, HallCopyFile

if TYPE_CHECKING:
    from queuedesk.reports.kept import KeptReportFile


PATIENCE_S, LOOK_AGAIN_S = 60.0, 0.1


def path_beside_hall_file(db: Database, ending: str) -> Path:
    """Return the file with that ending beside a hall's file; for a hall on a server, in the user's data folder."""
    path = db.path or data_folder() / f"hall-{crc32(db.place.encode()):08x}"
    return path.with_name(path.name + ending)


def take_lock_and_tell_if_taken(lock: FileLock, *, waits: bool) -> bool:
    """Take the lock, waiting for another process if necessary. Raises OutsideError "cannot_write"."""
    until = time.monotonic() + (PATIENCE_S if waits else 0)
    try:
        while not lock.try_to_take():
            if time.monotonic() >= until:
                return False
            time.sleep(LOOK_AGAIN_S)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(error.filename)) from error
    return True


Document = dict[str, Any]
GENTLY_MOST = 40
BELOW_NORMAL = 0x4000
NICE = 10


def reports_folder(desk: Desk) -> Path:
    """Return where this PC keeps the hall's reports: the chosen folder, else beside the hall, for a hall on a server in
    the user's data folder; it need not exist."""
    chosen = config.load_config().reports_folder
    return Path(chosen) if chosen else path_beside_hall_file(desk.db, "").parent / "reports"


def write_due_reports(
    desk: Desk,
    folder: Path | None,
    now: datetime,
    *,
    gently: bool = False,
    counts: bool = True,
    reading: ClockReliability | None = None,
) -> Document:
    """Write the reports that are due into `folder`, by default this PC's own; {"written", "removed", "failed"}. With
    `gently`, for work that nobody asked for, it writes some files at a time ("left" says how many are still due), none
    in a simulated hall, none while another process writes ("busy"), and changes of today to earlier dates wait for the
    day's end. Once none is left, whatever became of them, finished dates are counted ahead ("uncounted" says of how
    many that is still to come), also where the hall wants no reports: not without `counts`, and no longer than the
    process lives that opened this one. `reading` is how `now` is known. Raises RuleError "clock_ahead", or with
    `gently` does nothing, where it is doubtful: a clock that ran ahead would take years of reports for too old. Raises
    OutsideError "reports_busy", or what the database raises."""
    setup = looking.setup_of_hall(desk)
    nothing: Document = {"written": [], "removed": [], "failed": []}
    if gently:
        nothing |= {"left": 0, "busy": False}
        if setup.hall.simulated:
            return nothing
    try:
        now = clocks.require_certain_request_time(desk, Ask(HALL, now, reading=reading))
    except RuleError:
        if gently:
            return nothing
        raise
    lock = FileLock(path_beside_hall_file(desk.db, "-reports.lock"))
    if not take_lock_and_tell_if_taken(lock, waits=not gently):
        if gently:
            return nothing | {"busy": True}
        raise OutsideError("reports_busy")
    try:
        done = nothing
        if setup.settings["reports"] != "off" or not gently:
            done = nothing | _write_due_reports(desk, setup, folder, now, gently=gently)
        if gently and counts and not done["left"] and (uncounted := _precount_dates_until_close(desk, now)):
            done = done | {"uncounted": uncounted}
        return done
    finally:
        lock.release()


def _write_due_reports(desk: Desk, setup: Setup, folder: Path | None, now: datetime, *, gently: bool) -> Document:
    """Return what was written and what went wrong, with `gently` how many files are left."""
    from queuedesk.reports import kept

    target = folder or reports_folder(desk)
    may_make = folder is not None or not config.load_config().reports_folder
    trouble = _make_folder_or_trouble(target, may_make, is_named=folder is not None)
    if trouble is not None:
        return {"failed": [_failure_row(trouble)]}
    most = GENTLY_MOST if gently else None
    outcome = kept.write_due_reports(desk, target, now, lang=hall_languages(setup)[0], gathered=gently, most=most)
    failed = [_failure_row(outcome.trouble, outcome.at)] if outcome.trouble else []
    # An older one is not printed for want of the newest.
    if not failed and setup.settings["reports"] != "off" and setup.settings["report_print"] == "on":
        failed += _print_day_report_and_list_failures(desk, target, now)
    done = {
        "written": [_report_row(file) for file in outcome.written],
        "removed": [_report_row(file) for file in outcome.removed],
        "failed": failed,
    }
    return done | ({"left": outcome.left} if gently else {})


def _precount_dates_until_close(desk: Desk, now: datetime) -> int:
    """Count finished dates until the window that started this process closes; return how many are left."""
    from queuedesk.store.figures.counted import precount_dates_and_get_left_count

    gone = Event()
    call_when_opener_exits(gone.set)
    # What cannot be read is told to whoever asks for it.
    with suppress(*examining.UNREADABLE):
        return precount_dates_and_get_left_count(
            desk.db, desk.hall, now, rest=gone.wait, goes_on=lambda: not gone.is_set()
        )
    return 0


def lower_process_priority() -> None:
    """Give every other process on this PC precedence."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL)
    else:
        os.nice(NICE)


class StoredReportTools:
    """Lists and prints the kept reports, for the manager's page. May take a while: call it off the GUI thread."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk, self._clock = desk, clock

    def stored_reports_document(self) -> Document:
        """Return {"folder", "is_own_choice", "reports", "formers"}: each report with its file, period, dates, edition,
        size, times of writing and printing, and its standing by what the log says of itself; then the totals. The
        newest comes first. Raises OutsideError "cannot_read"."""
        from queuedesk.reports import kept

        folder = reports_folder(self._desk)
        found, others = own_reports_and_foreign_count(self._desk, folder)
        files = kept.sorted_newest_first(found)
        standings = examining.verify_claims_by_stored_hashes(
            self._desk, [upkeep.log_end_claimed_by_report(file.stamp) for file in files]
        )
        printed = log_of_printed_reports(self._desk).read()
        rows = [
            {
                **_report_row(file),
                "written": file.stamp.written,
                "size": file.size,
                "printed": printed.get(kept.report_key(file.stamp)),
                "standing": standing,
            }
            for file, standing in zip(files, standings, strict=True)
        ]
        return {
            "folder": str(folder),
            "is_own_choice": bool(config.load_config().reports_folder),
            "reports": rows,
            "formers": upkeep.kept_report_checks([file.stamp for file in files], standings, others),
        }

    def choose_reports_folder(self, folder: str) -> None:
        """Keep reports there from now on, "" for beside the hall. Raises OutsideError "cannot_write"."""
        config.update_config({"reports_folder": folder})

    def print_stored_report(
        self, path: Path | str, printer: str = "", *, pages: PrintedReportPagesChoice = PrintedReportPagesChoice.ALL
    ) -> str:
        """Print a kept report and note it; arguments, answer and trouble as of sheet_printer.print_pdf."""
        from queuedesk.reports import kept

        used = printers.print_pdf(path, printer, pages=pages)
        for file in kept.reports_in_folder(Path(path).parent, kept.first_event_hash(self._desk)):
            if file.path == Path(path):
                log_of_printed_reports(self._desk).append_printing_note(
                    file.stamp, kept.ASKED, at=self._clock(), printer=used
                )
        return used


def own_reports_and_foreign_count(desk: Desk, folder: Path) -> tuple[list[KeptReportFile], int]:
    """Return the reports in a folder that are of the hall's log, and the number of those of another log under the same
    hall code. Raises OutsideError "cannot_read"."""
    from queuedesk.reports import kept

    log, code = kept.first_event_hash(desk), looking.setup_of_hall(desk).hall.code
    files = kept.reports_in_folder(folder, None)
    own = [file for file in files if file.stamp.log == log]
    return own, sum(file.stamp.hall == code for file in files if file.stamp.log != log)


def log_of_printed_reports(desk: Desk) -> Any:
    from queuedesk.reports.kept import ReportPrintingLog

    return ReportPrintingLog(path_beside_hall_file(desk.db, "-printed"))


def _print_day_report_and_list_failures(desk: Desk, folder: Path, now: datetime) -> list[Document]:
    """Print the newest day's report unless that was done, on the printer that was chosen for reports and no other: its
    summary, with the annex where this PC prints that, never what is for managers only. At most one try per call, told
    as what failed."""
    from queuedesk.app.station.painting import ensure_offscreen_application
    from queuedesk.reports import kept

    files = kept.sorted_newest_first(kept.reports_in_folder(folder, kept.first_event_hash(desk)))
    newest = next((file for file in files if file.stamp.span.period == DAY), None)
    notes = log_of_printed_reports(desk)
    if newest is None or kept.report_key(newest.stamp) in notes.read():
        return []
    own = config.load_config()
    printer, pages = own.report_printer, PrintedReportPagesChoice(own.report_pages)
    if not printer:
        if join_addresses_of_hall() is not None:
            return []  # Another PC of the hall has one, the main PC as a rule, which says so where it lacks one.
        return [_failure_row(OutsideError("no_report_printer"), newest.stamp.span)]
    ensure_offscreen_application()
    try:
        notes.append_printing_note(newest.stamp, kept.ASKED, at=now, printer=printer)
    except OutsideError as trouble:
        return [_failure_row(trouble, newest.stamp.span)]
    try:
        printers.print_pdf(
            newest.path,
            printer,
            pages=PrintedReportPagesChoice.SUMMARY
            if pages is PrintedReportPagesChoice.SUMMARY
            else PrintedReportPagesChoice.ANNEX,
        )
    except OutsideError as trouble:
        with suppress(OutsideError):
            notes.append_printing_note(newest.stamp, kept.REFUSED, at=now, printer=printer)
        return [_failure_row(trouble, newest.stamp.span)]
    return []


def _make_folder_or_trouble(folder: Path, may_make: bool, *, is_named: bool) -> OutsideError | None:
    """Make the folder where nobody chose it; a chosen one that is gone may be a disk that is not plugged in. One that
    is named and there, such as the desktop, keeps its rights."""
    try:
        if may_make and not (is_named and folder.is_dir()):
            ensure_private_folder(folder)
        if folder.is_dir():
            return None
    except OSError:
        pass
    return OutsideError("cannot_write", path=str(folder))


def _report_row(file: Any) -> Document:
    return {"file": str(file.path), **_period_and_dates_of_span(file.stamp.span), "edition": file.stamp.edition}


def _period_and_dates_of_span(span: CalendarPeriod | None) -> Document:
    if span is None:
        return {"period": None, "from": None, "to": None}
    return {"period": span.period, "from": span.first.isoformat(), "to": span.last.isoformat()}


def _failure_row(trouble: OutsideError, span: CalendarPeriod | None = None) -> Document:
    details = {key: str(value) for key, value in trouble.details.items()}
    return {
        **_period_and_dates_of_span(span),
        "code": trouble.code,
        "message": error_sentence(trouble),
        "details": details,
    }


# -- kept sheets, checked against the hall -------------------------------------------------------------------------


def printed_log_claims(sheet: str) -> list[upkeep.SheetClaim]:
    """Return what a sheet, a PDF's path or a typed check code, says of logs. Raises RuleError "code_mistyped",
    "no_code", OutsideError "wrong_kind", "no_such_file", "cannot_read", "too_large"."""
    from queuedesk.reports import kept

    if upkeep.has_form_of_check_code(sheet) and not os.path.lexists(sheet):
        return [upkeep.parse_check_code(sheet)]
    return kept.printed_log_claims(Path(sheet))


def verify_sheet_claims(desk: Desk, sheet: str) -> list[upkeep.ClaimResult]:
    """Return what became of a sheet of any hall in the database. Raises as printed_log_claims, and database errors."""
    return examining.verify_claims(desk.db, printed_log_claims(sheet))


def stored_report_status_rows(db: Database) -> list[dict[str, str]]:
    """Return for each hall whether the reports that this PC keeps still hold: {"hall", "status", "message"}. It trusts
    the log: another check tells whether the log is consistent. Raises what the database raises."""
    rows = []
    for id, code in looking.hall_ids_and_codes(db):
        desk = Desk(db, id)
        try:
            status, message = _kept_reports_check_result(desk)
        except OutsideError as error:
            if error.code.startswith("database_"):
                raise
            status, message = "warning", error_sentence(error)
        rows.append({"hall": code, "status": status, "message": message})
    return rows


def _kept_reports_check_result(desk: Desk) -> tuple[str, str]:
    files, others = own_reports_and_foreign_count(desk, reports_folder(desk))
    stamps = [file.stamp for file in files]
    standings = examining.verify_claims_by_stored_hashes(
        desk, [upkeep.log_end_claimed_by_report(stamp) for stamp in stamps]
    )
    return kept_reports_doctor_result(upkeep.kept_report_checks(stamps, standings, others), looking.setup_of_hall(desk))


def default_backup_folder(db: Database) -> Path:
    """Return where backups go by default: beside the hall's file, or the one that this PC shares; it need not exist."""
    if db.path is not None:
        return db.path.parent / "backups"
    note = SharingProcessNote().read()
    return (Path(note["file"]).parent if note is not None else data_folder()) / "backups"


def is_backed_up_by_this_pc(db: Database) -> bool:
    """Whether stations of this PC look after the hall's backups: it has the hall's file, or somebody chose a folder for
    a hall on a server here. On the main PC the process that shares the hall does, whether a station is open or not."""
    return not db.is_shared or (
        bool(config.load_config().backup_folder)
        and join_addresses_of_hall() is None
        and SharingProcessNote().read() is None
    )


def has_no_backup_folder_on_this_pc(db: Database) -> bool:
    """Whether the hall is on a server of its own and nobody chose a folder for its backups on this PC: another PC may
    look after them, or none."""
    own = config.load_config()
    return (
        db.is_shared
        and not own.backup_folder
        and join_addresses_of_hall() is None
        and SharingProcessNote().read() is None
    )


def is_automatic_backup_due(db: Database, now: datetime) -> bool:
    if has_no_backup_folder_on_this_pc(db):
        return maintenance.is_owner_login(db) and bool(
            _halls_with_overdue_backup(maintenance.backup_notes_of_real_halls(db), now)
        )
    return is_backed_up_by_this_pc(db) and maintenance.are_backups_due(maintenance.backup_notes_of_real_halls(db), now)


def choose_backup_folder(db: Database, ask: Ask, folder: str) -> None:
    """Keep backups there from now on, "" for only beside the hall. Raises RuleError "not_your_role", OutsideError
    "backup_gone", "backup_full", "backup_refused", "cannot_write"."""
    ask.who.require_may("backup")
    if folder:
        target = Path(folder).absolute()
        backup_folder.mark_backup_folder(target)
        backup_folder.create_backup_folder(target / maintenance.backup_folder_name(db))
        folder = str(target)
    config.update_config({"backup_folder": folder})


def make_due_backup(db: Database, now: datetime, *, at_once: bool = False, gently: bool = False) -> Document:
    """Make a backup if one is due, or `at_once`; {"made", "folder", "removed", "failed"}. Where the chosen folder can't
    take it, it goes beside the hall, and "failed" says why. With `gently`, for work that nobody asked for, nothing is
    made while another process makes one ("busy"), and trouble is noted instead of raised. Raises OutsideError
    "not_this_pc", "backups_busy", RuleError "simulated", and what the database raises."""
    nothing: Document = {"made": None, "folder": None, "removed": [], "failed": [], "busy": False}
    known = maintenance.backup_notes_of_real_halls(db)
    if not known:
        if gently:
            return nothing
        raise RuleError("simulated")
    if gently and has_no_backup_folder_on_this_pc(db):
        _report_overdue_backups(db, known, now)
        return nothing
    if not (at_once or maintenance.are_backups_due(known, now)):
        return nothing
    with _try_hold_backup_lock(db, waits=not gently) as is_alone:
        if not is_alone:
            if not gently:
                raise OutsideError("backups_busy")
            _report_overdue_backups(db, known, now)  # The one that is at it hangs, on a share that does not answer.
            return nothing | {"busy": True}
        known = maintenance.backup_notes_of_real_halls(db)  # Another process may have made it meanwhile.
        if not (at_once or maintenance.are_backups_due(known, now)):
            return nothing
        return nothing | _make_backup_and_give_document(db, known, now)


def backup_folder_trouble_code(db: Database) -> str | None:
    """Return what would keep the next backup out of the chosen folder, in make_due_backup()'s words; None if
    nothing."""
    chosen = config.load_config().backup_folder
    if not chosen or not is_backed_up_by_this_pc(db):
        return None
    try:
        backup_folder.check_backup_folder_mark(Path(chosen))
        backup_folder.check_backup_folder_space(
            Path(chosen), max((one.size for one in _proven_automatic_backups(db, Path(chosen))), default=0)
        )
    except OutsideError as trouble:
        return trouble.code
    return None


def _proven_automatic_backups(db: Database, place: Path) -> list[BackupFile]:
    try:
        return backup_folder.proven_automatic_backups(place / maintenance.backup_folder_name(db))
    except OutsideError:
        return []


def _make_backup_and_give_document(db: Database, known: Sequence[HallWithBackupNote], now: datetime) -> Document:
    failed: list[Document] = []
    home, name = default_backup_folder(db), maintenance.backup_folder_name(db)
    chosen = config.load_config().backup_folder
    made = None
    for place in ([Path(chosen)] if chosen else []) + [home]:
        folder = place / name
        try:
            if place != home:
                backup_folder.check_backup_folder_mark(place)
            backup_folder.create_backup_folder(folder)
            made = maintenance.make_proven_backup(db, folder, now)
            break
        except OutsideError as trouble:
            if trouble.code.startswith("database_"):
                raise
            failed.append({"folder": str(place), "code": trouble.code, "message": error_sentence(trouble)})
    if made is None:
        maintenance.store_backup_failure(db, known, failed[0]["code"], now=now)
        return {"failed": failed}
    if db.path is not None:
        give_to_owner_of(db.path, home, folder, made.file.path)
    is_same = backup_folder.is_same_disk(folder, home.parent)
    code = failed[0]["code"] if failed else None
    thinned = maintenance.remove_and_list_superseded_copies(db, home, now)
    maintenance.store_backup_success(
        db, known, made, pc=normalized_pc_name(socket.gethostname()), same_disk=is_same, code=code, now=now
    )
    return {
        "made": str(made.file.path),
        "folder": str(folder),
        "removed": [str(path) for path in (*made.removed, *thinned)],
        "failed": failed,
    }


def _halls_with_overdue_backup(
    known: Sequence[HallWithBackupNote], now: datetime
) -> list[tuple[HallWithBackupNote, str]]:
    """Return the halls whose last good one is too old, or that should have one by now, each with what is said of it."""
    troubles = [(one, one.note.trouble_cause(one.began, now)) for one in known]
    return [(one, code) for one, code in troubles if code in ("backup_old", "backup_none")]


def _report_overdue_backups(db: Database, known: Sequence[HallWithBackupNote], now: datetime) -> None:
    for one, code in _halls_with_overdue_backup(known, now):
        maintenance.report_backup_state(db, [one], code, now)


@contextmanager
def _try_hold_backup_lock(db: Database, *, waits: bool) -> Iterator[bool]:
    lock = FileLock(path_beside_hall_file(db, "-backups.lock"))
    is_alone = take_lock_and_tell_if_taken(lock, waits=waits)
    try:
        yield is_alone
    finally:
        lock.release()


def backups_document(db: Database) -> Document:
    """Return {"folder", "is_own_choice", "same_disk", "halls", "backups", "copies"}: where they go, what is known of
    them, and which exist. Those of the chosen folder come first, then those beside the hall, also what a person, an
    update or a restore left there. Raises what the database raises; a folder that is gone holds none."""
    home, name = default_backup_folder(db), maintenance.backup_folder_name(db)
    chosen = config.load_config().backup_folder
    places = [Path(chosen) / name] if chosen else []
    found: list[BackupFile] = []
    for place in (*places, home / name, home):
        try:
            found += backup_folder.backups_in_folder(place)
        except OutsideError:
            continue
    known = maintenance.backup_notes_of_halls(db)
    setup = known[0].setup
    return {
        "folder": chosen or str(home),
        "is_own_choice": bool(chosen),
        "same_disk": backup_folder.is_same_disk(Path(chosen) if chosen else home.parent, home.parent),
        "halls": [one.to_document(one.note.code) for one in known],
        "backups": [_backup_file_row(one, setup) for one in found],
        "copies": [_hall_copy_row(one, setup) for one in backup_folder.hall_file_copies_in_folder(home)],
    }


def backups_document_of_joined_pc(db: Database) -> Document:
    """Return what a PC that joined knows of its hall's backups, in the shape of backups_document(); only the PC that
    keeps them knows which exist."""
    halls = [one.to_document(one.note.code) for one in maintenance.backup_notes_of_halls(db)]
    return {"folder": "", "is_own_choice": False, "same_disk": False, "halls": halls, "backups": [], "copies": []}


def _backup_file_row(one: BackupFile, setup: Setup) -> Document:
    return {
        "file": str(one.path),
        "made": setup.to_hall_time(one.made).isoformat(),
        "size": one.size,
        "halls": [
            {"hall": copy.code, "seq": copy.seq, "at": setup.to_hall_time(copy.at).isoformat()} for copy in one.halls
        ],
    }


def _hall_copy_row(one: HallCopyFile, setup: Setup) -> Document:
    made = setup.to_hall_time(one.made).isoformat()
    return {"file": str(one.path), "made": made, "size": one.size, "why": one.why, "proven": one.proven}
