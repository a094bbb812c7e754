"""Automatic backups on this PC: into the folder that somebody chose, else beside the hall; one process at a time."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from queuedesk.app.hosting.note import HostNote
from queuedesk.app.services.report_and_backup_lock import beside, taken
from queuedesk.app.station.own_hall import joined_at
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.sharing import pc_name
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask
from queuedesk.desk.upkeep import backing_up
from queuedesk.desk.upkeep.backing_up import HallNote
from queuedesk.files.lock import FileLock
from queuedesk.i18n import say
from queuedesk.paths import data_folder
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep import backup_folder
from queuedesk.store.upkeep.backup_folder import BackupFile, HallCopyFile

Document = dict[str, Any]


def home_folder(db: Database) -> Path:
    """Return where backups go by default: beside the hall's file, or the one that this PC shares; it need not exist."""
    if db.path is not None:
        return db.path.parent / "backups"
    note = HostNote().read()
    return (Path(note["file"]).parent if note is not None else data_folder()) / "backups"


def keeps_backups(db: Database) -> bool:
    """Whether stations of this PC look after the hall's backups: it has the hall's file, or somebody chose a folder for
    a hall on a server here. On the main PC the process that shares the hall does, whether a station is open or not."""
    return not db.is_shared or (bool(config.load().backup_folder) and joined_at() is None and HostNote().read() is None)


def is_untended(db: Database) -> bool:
    """Whether the hall is on a server of its own and nobody chose a folder for its backups on this PC: another PC may
    look after them, or none."""
    own = config.load()
    return db.is_shared and not own.backup_folder and joined_at() is None and HostNote().read() is None


def are_due(db: Database, now: datetime) -> bool:
    """Return whether a station of this PC has to start `make_due`."""
    if is_untended(db):
        return backing_up.is_owners(db) and bool(_missed(backing_up.notes_to_keep(db), now))
    return keeps_backups(db) and backing_up.are_due(backing_up.notes_to_keep(db), now)


def choose_folder(db: Database, ask: Ask, folder: str) -> None:
    """Keep backups there from now on, "" for only beside the hall.

    Raises RuleError "not_your_role", OutsideError "backup_gone", "backup_full", "backup_refused", "cannot_write".
    """
    ask.who.must("backup")
    if folder:
        target = Path(folder).absolute()
        backup_folder.choose(target)
        backup_folder.make_folder(target / backing_up.own_name(db))
        folder = str(target)
    config.remember({"backup_folder": folder})


def make_due(db: Database, now: datetime, *, at_once: bool = False, gently: bool = False) -> Document:
    """Make a backup if one is due, or `at_once`; {"made", "folder", "removed", "failed"}.

    Where the chosen folder can't take it, it goes beside the hall, and "failed" says why. With `gently`, for work that
    nobody asked for, nothing is made while another process makes one ("busy"), and trouble is noted instead of raised.
    Raises OutsideError "not_this_pc", "backups_busy", RuleError "simulated", and what the database raises.
    """
    nothing: Document = {"made": None, "folder": None, "removed": [], "failed": [], "busy": False}
    known = backing_up.notes_to_keep(db)
    if not known:
        if gently:
            return nothing
        raise RuleError("simulated")
    if gently and is_untended(db):
        _tell_missed(db, known, now)
        return nothing
    if not (at_once or backing_up.are_due(known, now)):
        return nothing
    with _alone(db, waits=not gently) as is_alone:
        if not is_alone:
            if not gently:
                raise OutsideError("backups_busy")
            _tell_missed(db, known, now)  # The one that is at it hangs, on a share that does not answer.
            return nothing | {"busy": True}
        known = backing_up.notes_to_keep(db)  # Another process may have made it meanwhile.
        if not (at_once or backing_up.are_due(known, now)):
            return nothing
        return nothing | _make(db, known, now)


def folder_trouble(db: Database) -> str | None:
    """Return what would keep the next backup out of the folder that somebody chose on this PC, in the words of
    make_due(); None if nothing."""
    chosen = config.load().backup_folder
    if not chosen or not keeps_backups(db):
        return None
    try:
        backup_folder.must_be_chosen(Path(chosen))
        backup_folder.must_take(Path(chosen), max((one.size for one in _own(db, Path(chosen))), default=0))
    except OutsideError as trouble:
        return trouble.code
    return None


def _own(db: Database, place: Path) -> list[BackupFile]:
    try:
        return backup_folder.own_in(place / backing_up.own_name(db))
    except OutsideError:
        return []


def _make(db: Database, known: Sequence[HallNote], now: datetime) -> Document:
    failed: list[Document] = []
    home, name = home_folder(db), backing_up.own_name(db)
    chosen = config.load().backup_folder
    made = None
    for place in ([Path(chosen)] if chosen else []) + [home]:
        folder = place / name
        try:
            if place != home:
                backup_folder.must_be_chosen(place)
            backup_folder.make_folder(folder)
            made = backing_up.make(db, folder, now)
            break
        except OutsideError as trouble:
            if trouble.code.startswith("database_"):
                raise
            failed.append(_failed(trouble, place))
    if made is None:
        backing_up.keep_trouble(db, known, failed[0]["code"], now=now)
        return {"failed": failed}
    is_same = backup_folder.is_same_disk(folder, home.parent)
    code = failed[0]["code"] if failed else None
    thinned = backing_up.thin_copies(db, home, now)
    backing_up.keep_success(db, known, made, pc=pc_name(socket.gethostname()), same_disk=is_same, code=code, now=now)
    return {
        "made": str(made.file.path),
        "folder": str(folder),
        "removed": [str(path) for path in (*made.removed, *thinned)],
        "failed": failed,
    }


def _missed(known: Sequence[HallNote], now: datetime) -> list[tuple[HallNote, str]]:
    """Return the halls whose last good one is too old, or that should have one by now, each with what is said of it."""
    troubles = [(one, one.note.trouble(one.began, now)) for one in known]
    return [(one, code) for one, code in troubles if code in ("backup_old", "backup_none")]


def _tell_missed(db: Database, known: Sequence[HallNote], now: datetime) -> None:
    for one, code in _missed(known, now):
        backing_up.report(db, [one], code, now)


@contextmanager
def _alone(db: Database, *, waits: bool) -> Iterator[bool]:
    lock = FileLock(beside(db, "-backups.lock"))
    is_alone = taken(lock, waits=waits)
    try:
        yield is_alone
    finally:
        lock.release()


def backups_document(db: Database) -> Document:
    """Return {"folder", "is_own_choice", "same_disk", "halls", "backups", "copies"}: where they go, what is known of
    them, and which exist.

    Those of the chosen folder come first, then those beside the hall, also what a person, an update or a restore left
    there. Raises what the database raises; a folder that is gone holds none.
    """
    home, name = home_folder(db), backing_up.own_name(db)
    chosen = config.load().backup_folder
    places = [Path(chosen) / name] if chosen else []
    found: list[BackupFile] = []
    for place in (*places, home / name, home):
        try:
            found += backup_folder.found_in(place)
        except OutsideError:
            continue
    known = backing_up.notes(db)
    setup = known[0].setup
    return {
        "folder": chosen or str(home),
        "is_own_choice": bool(chosen),
        "same_disk": backup_folder.is_same_disk(Path(chosen) if chosen else home.parent, home.parent),
        "halls": [_hall_row(one) for one in known],
        "backups": [_file_row(one, setup) for one in found],
        "copies": [_copy_row(one, setup) for one in backup_folder.copies_in(home)],
    }


def known_document(db: Database) -> Document:
    """Return what a PC that joined knows of its hall's backups, in the shape of backups_document(); only the PC that
    keeps them knows which exist."""
    halls = [_hall_row(one) for one in backing_up.notes(db)]
    return {"folder": "", "is_own_choice": False, "same_disk": False, "halls": halls, "backups": [], "copies": []}


def _hall_row(one: HallNote) -> Document:
    note, local = one.note, one.setup.local
    return {
        "hall": one.setup.hall.code,
        "made": local(note.made).isoformat() if note.made else None,
        "proven": local(note.proven).isoformat() if note.proven else None,
        "seq": note.seq,
        "place": note.place,
        "pc": note.pc,
        "same_disk": note.same_disk,
        "trouble": note.code,
    }


def _file_row(one: BackupFile, setup: Setup) -> Document:
    return {
        "file": str(one.path),
        "made": setup.local(one.made).isoformat(),
        "size": one.size,
        "halls": [{"hall": copy.code, "seq": copy.seq, "at": setup.local(copy.at).isoformat()} for copy in one.halls],
    }


def _copy_row(one: HallCopyFile, setup: Setup) -> Document:
    made = setup.local(one.made).isoformat()
    return {"file": str(one.path), "made": made, "size": one.size, "why": one.why, "proven": one.proven}


def _failed(trouble: OutsideError, place: Path) -> Document:
    return {"folder": str(place), "code": trouble.code, "message": say(trouble)}
