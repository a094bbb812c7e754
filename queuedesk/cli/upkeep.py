"""The commands that keep and check the data: backups, doctor, whole days that are restored, exported and merged; what
the log and the clock say of the time.

Doctor looks at this PC, of which only the program's own files can fail, then at the hall's data. A check is one
function in one of the lists OF_THIS_PC, OF_OPEN_HALL and OF_WHOLE_HALL; one of what the database holds is in
`desk/upkeep/examining.py`, its sentence in `i18n/upkeep/preview_words.py`.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import queuedesk
from queuedesk import __version__
from queuedesk.cli.command_table import CommandList, UsageError, number, path, plain
from queuedesk.cli.job import Job
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.roles import CONSOLE, ReadScope
from queuedesk.i18n import LANGUAGES, _, listing, n_, say
from queuedesk.i18n.talk import cause_words, device_name
from queuedesk.i18n.upkeep.preview_words import (
    aside_sentence,
    backups_text,
    done_lines,
    finding_text,
    merged_lines,
    merging_lines,
    moment_text,
    note_lines,
    plan_lines,
    restored_lines,
    restoring_lines,
)
from queuedesk.i18n.upkeep.sheet_words import standing_text
from queuedesk.paths import NAME, config_folder, data_folder, passfile, resource
from queuedesk.printing.choice import NO_PRINTER, PICTURES, is_receipt_printer

if TYPE_CHECKING:
    from queuedesk.core.network.roles import Actor
    from queuedesk.core.upkeep import Claim
    from queuedesk.desk.change import Ask
    from queuedesk.store.engine.database import Database
    from queuedesk.voice.sound import Player

DONE, REFUSED = 0, 1


def _add_backups(commands: CommandList) -> None:
    backups = commands.add_group("backups")
    backups.add("list", _("where they go, when the last one was checked, and which there are"), _list)
    to = backups.add("to", _("keep them in another folder, on another disk or share, and make one there now"), _to)
    to.add_argument("folder", type=path, nargs="?", metavar="FOLDER")
    to.add_argument("--beside", action="store_true", help=_("next to the hall's file again"))
    due = backups.add("due", _("make one if it is due, prove it, and remove what the rule no longer keeps"), _due)
    due.add_argument("--now", action="store_true", help=_("also if none is due"))
    due.add_argument("--gently", action="store_true", help=_("as stations do by themselves: alongside other work"))


@contextmanager
def _owners_database(job: Job) -> Iterator[Database]:
    """Give the database with all its halls, where this PC may read them."""
    from queuedesk.store.engine.database import Database

    db = Database.open(job.owners_target())
    try:
        yield db
    finally:
        db.dispose()


def _list(job: Job) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.queue import sign_in_and_pins

    desk = job.desk(of_several=True)
    who = sign_in_and_pins.acting_person(desk, job.staff, pin=job.pin(), now=job.now(), proven=job.proven)
    reading.require_verb(desk, who, "backups", job.now())
    with _owners_database(job) as db:
        document = job.services.backups().backups_document(db)
    lines = [_("Backups go to {folder}.", folder=document["folder"])]
    if document["same_disk"]:
        lines.append(_("That is the disk the hall itself is on: if it fails, both are lost."))
    for hall in document["halls"]:
        lines.append(backups_text(hall))
    lines += [f"{moment_text(row['made'])}  {row['file']}" for row in document["backups"]]
    return job.answer(document, "\n".join(lines))


def _to(job: Job) -> int:
    args = job.args
    if (args.folder is None) != args.beside:
        raise UsageError(_("Please name a folder, or --beside."))
    ask = job.ask()
    with _owners_database(job) as db:
        job.services.backups().choose_folder(db, ask, "" if args.beside else str(args.folder))
    return _make_backups(job, now=True)


def _due(job: Job) -> int:
    return _make_backups(job, now=job.args.now, gently=job.args.gently)


def _make_backups(job: Job, *, now: bool, gently: bool = False) -> int:
    if gently:
        job.must_be_alone("backups due --gently")
        job.services.reports().lower_priority()
    with _owners_database(job) as db:
        document = job.services.backups().make_due(db, job.now(), at_once=now, gently=gently)
    lines = [_("Backup made and checked: {file}", file=document["made"])] if document["made"] else []
    lines += [_("removed: {file}", file=file) for file in document["removed"]]
    lines += [f"! {row['message']}" for row in document["failed"]]
    job.answer(document, "\n".join(lines) or _("No backup was due."))
    return REFUSED if document["failed"] else DONE


# -- the commands that keep the hall's data: backup, restore, doctor -------------------------------------------------


def add(commands: CommandList) -> None:
    _add_data(commands)
    _add_clocks(commands)


def _add_data(commands: CommandList) -> None:
    backup = commands.add("backup", _backup)
    backup.add_argument("file", type=path, metavar="F")
    restore = commands.add("restore", _restore)
    restore.add_argument("file", type=path, metavar="F")
    restore.add_argument(
        "--preview", action="store_true", help=_("only say what would be lost and what would come back")
    )
    restore.add_argument("--yes", action="store_true", help=_("replace the hall that is there; a copy is kept"))
    restore.add_argument(
        "--other-hall", action="store_true", help=_("also where a hall goes away for it that it does not hold")
    )
    doctor = commands.add("doctor", _doctor)
    doctor.add_argument("--repair", action="store_true", help=_("say what can be repaired, and with --yes do it"))
    doctor.add_argument("--yes", action="store_true", help=_("repair it; a copy of what is there is kept"))
    doctor.add_argument(
        "--from",
        dest="backup",
        type=path,
        metavar="BACKUP",
        help=_("the backup to repair it from; otherwise the newest next to it"),
    )
    doctor.add_argument("--with", dest="export", type=path, metavar="EXPORT", help=_("a later log to take in as well"))
    doctor.add_argument(
        "--against",
        type=plain,
        metavar="SHEET",
        help=_("and against a report: its PDF, or the check code at the foot of its pages"),
    )
    _add_backups(commands)
    _add_exchange(commands)


def _backup(job: Job) -> int:
    from queuedesk.desk import network, reading
    from queuedesk.desk.queue import sign_in_and_pins
    from queuedesk.desk.upkeep import maintenance
    from queuedesk.store.engine.database import Database

    desk, target = job.desk(), job.owners_target()
    who = sign_in_and_pins.acting_person(desk, job.staff, pin=job.pin(), now=job.now(), proven=job.proven)
    reading.require_verb(desk, who, "backup", job.now())
    reading.require_known_reader(desk.db, who)
    if target == job.target():
        network.require_own_hall(desk)  # The file would hold this PC's own hall.
        maintenance.back_up(desk.db, who, job.args.file, job.now())
    else:  # this PC's own login sees its own hall alone
        db = Database.open(target)
        try:
            maintenance.back_up(db, who, job.args.file, job.now())
        finally:
            db.dispose()
    lines, document = [str(job.args.file)], {"file": str(job.args.file)}
    if target == job.target() and network.own_kind(desk) is not None:
        lines.append(
            _("The PINs are not in it: no PC that has joined may read them. A backup on the main PC has them.")
        )
    return job.answer(document, "\n".join(lines))


def _restore(job: Job) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import maintenance
    from queuedesk.desk.upkeep.maintenance import restore_on_server

    target = job.owners_target()
    if isinstance(target, Path) and job.services.shares_halls_of(target):
        raise RuleError("main_pc")  # The hall would go on in two places.
    try:
        ask = job.ask()
        reading.require_known_reader(job.desk().db, ask.who)
    except OutsideError as error:
        # Where no hall can be read there is nobody who could be asked for a PIN.
        if error.code not in ("database_missing", "database_damaged"):
            raise
        ask = Ask(CONSOLE, job.now())
    if job.args.preview:
        return _preview(job, target, ask.who)
    if isinstance(target, Path) and job.named_target() is None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(target)) from error
    plain, sure = Ask(ask.who, ask.now), {"replace": job.args.yes, "other_hall": job.args.other_hall}
    if isinstance(target, Path):
        document = maintenance.restore(job.args.file, target, plain, **sure)
    else:
        document = restore_on_server(job.args.file, target, plain, **sure)
    return job.answer(document, "\n".join(restored_lines(document)))


def _preview(job: Job, target: Path | str, who: Actor) -> int:
    from queuedesk.desk.upkeep import maintenance

    document = maintenance.restoring(job.args.file, target, who)
    lines = [_("A backup of {moment}.", moment=moment_text(document["made"]))]
    lines += [line for row in document["halls"] for line in restoring_lines(row)]
    lines.append(_("Nothing was changed."))
    return job.answer(document, "\n".join(lines))


def _doctor(job: Job) -> int:

    if job.args.repair:
        return _repair(job)
    if job.args.yes or job.args.backup or job.args.export:
        raise UsageError(_("--yes, --from and --with go with --repair."))

    sheet = job.args.against
    claims = job.services.sheets().claims_of(sheet) if sheet is not None else ()
    checks = all_checks(job, claims)
    ok = not any(check["status"] == "failed" for check in checks)
    words = {"ok": _("good"), "warning": _("needs attention"), "failed": _("not good")}
    lines = [f"{words[check['status']]}  {check['name']}  {check['message']}" for check in checks]
    job.answer({"ok": ok, "checks": checks}, "\n".join(lines))
    return 0 if ok else 1


def _repair(job: Job) -> int:
    """Say what would be mended and, with --yes, do it."""
    from queuedesk.desk.upkeep import maintenance

    target = job.owners_target()
    if isinstance(target, Path) and job.services.shares_halls_of(target):
        raise RuleError("main_pc")
    ask = _repairing_person(job)
    ask.who.must("restore")
    plan = maintenance.plan(target)
    backup = job.args.backup
    if (plan.from_backup or job.args.export) and backup is None and isinstance(target, Path):
        backup = maintenance.newest_backup(target)
    if (plan.from_backup or job.args.export) and (backup is None or not isinstance(target, Path)):
        raise OutsideError("no_backup", path=job.place())
    document = {
        "rebuilt": list(plan.rebuilt),
        "backup": None if backup is None else str(backup),
        "left": [{"name": one.name, "hall": one.hall, "what": one.what} for one in plan.left],
        "copy": None,
        "done": False,
    }
    lines = plan_lines(plan.rebuilt, backup, [(one.name, one.what) for one in plan.left])
    if plan.is_empty and backup is None:
        return job.answer(document | {"done": True}, "\n".join([*lines, _("There is nothing to repair.")]))
    if not job.args.yes:
        job.answer(document, "\n".join([*lines, _("Nothing was changed; to do it, add --yes.")]))
        return 1
    if backup is not None and isinstance(target, Path):
        done = maintenance.repair_from_backup(backup, target, ask, export=job.args.export)
    else:
        done = maintenance.repair_from_log(target, ask)
    return job.answer(document | {"done": True, "copy": done["copy"]}, "\n".join([*lines, *done_lines(done)]))


def _repairing_person(job: Job) -> Ask:
    """Return who mends: where no hall can be read there is nobody who could be asked for a PIN."""
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep.examining import STRANGE

    try:
        asked = job.ask()
        return Ask(asked.who, asked.now)
    except OutsideError as error:
        if error.code not in ("database_missing", "database_damaged"):
            raise
    except STRANGE:
        pass
    return Ask(CONSOLE, job.now())


# -- days taken out of a hall and into one ---------------------------------------------------------------------------


def _add_exchange(commands: CommandList) -> None:
    export = commands.add("export", _export)
    export.add_argument("--out", type=path, required=True, metavar="F", help=_("the file"))
    merge = commands.add("merge", _merge)
    merge.add_argument("file", type=path, metavar="F")
    merge.add_argument("--preview", action="store_true", help=_("only say what would come, and what to look at first"))


def _export(job: Job) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.queue import sign_in_and_pins
    from queuedesk.desk.upkeep import maintenance

    who = sign_in_and_pins.acting_person(job.desk(), job.staff, pin=job.pin(), now=job.now(), proven=job.proven)
    reading.require_verb(job.desk(), who, "export", job.now())
    maintenance.export(job.desk(), who, job.args.out, job.now())
    return job.answer({"file": str(job.args.out)}, str(job.args.out))


def _merge(job: Job) -> int:
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import maintenance

    target, words = job.owners_target(), job.words()
    try:
        if job.hall_code is None:
            job.args.hall = maintenance.deciding_hall(job.args.file, target)
        who = job.ask().who
    except OutsideError as error:
        # Where no hall can be read there is nobody who could be asked for a PIN.
        if error.code != "database_missing":
            raise
        who = CONSOLE
    if job.args.preview:
        return _merge_preview(job, target, who)
    if isinstance(target, Path) and job.named_target() is None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(target)) from error
    document = maintenance.merge(job.args.file, target, Ask(who, job.now(), getattr(job.args, "id", None), words))
    return job.answer(document, "\n".join([*merged_lines(document), *(f"! {line}" for line in note_lines(document))]))


def _merge_preview(job: Job, target: Path | str, who: Actor) -> int:
    from queuedesk.desk.upkeep import maintenance

    document = maintenance.merging(job.args.file, target, who, job.now())
    lines = [line for row in document["halls"] for line in merging_lines(row)]
    lines += [f"! {line}" for line in note_lines(document)]
    lines.append(_("Nothing was changed."))
    return job.answer(document, "\n".join(lines))


Check = dict[str, str]

LIBRARIES = (
    "PySide6",
    "sqlalchemy",
    "alembic",
    "qrcode",
    "reportlab",
    "pyttsx3",
    "numpy",
    "xlsxwriter",
    "openpyxl",
)
MOST_NAMED = 5
MOST_PRINTERS = 20
"""So many are asked, this PC's own first: each that is gone is waited for."""
ROOM_MB = 1000
SILENCE_HZ = 16_000
CLOCK_AHEAD = timedelta(minutes=2)
_WINDOW_S = 30
_MAKE_WINDOW = "from PySide6.QtWidgets import QApplication; QApplication(['doctor'])"


def all_checks(job: Job, claims: Sequence[Claim] = ()) -> list[Check]:
    """Return each check's name, status (ok, warning, failed) and sentence; last, those of the `claims` of a sheet."""
    return [*(check(job) for check in OF_THIS_PC), *_data(job, claims)]


def _check(name: str, status: str, message: str) -> Check:
    return {"name": name, "status": status, "message": message}


def _installation(_job: Job) -> Check:
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        return _check(
            "installation", "warning", _("Missing: {what}; please install QueueDesk again.", what=listing(missing))
        )
    files = not_whole()
    if files:
        some = [*files[:MOST_NAMED], *(["…"] if len(files) > MOST_NAMED else [])]
        text = n_(
            "{n} file of the program is missing or damaged: {what}; please install QueueDesk again.",
            "{n} files of the program are missing or damaged: {what}; please install QueueDesk again.",
            len(files),
            what=listing(some),
        )
        return _check("installation", "failed", text)
    python = ".".join(map(str, sys.version_info[:3]))
    return _check(
        "installation", "ok", _("QueueDesk {version} with Python {python}.", version=__version__, python=python)
    )


def _settings(job: Job) -> Check:
    fault = job.services.settings_fault()
    if fault is not None:
        return _check("settings", "warning", say(fault))
    return _check("settings", "ok", _("The settings of this PC can be read."))


def _screen(_job: Job) -> Check:
    """Let another process make a window: where the system's libraries are missing it would not survive."""
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _MAKE_WINDOW], env=environment, capture_output=True, timeout=_WINDOW_S, check=False
        )
        works = tried.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        works = False
    if not works:
        return _check("screen", "warning", _("Windows cannot open here; libraries of the system may be missing."))
    return _check("screen", "ok", _("Windows can open."))


def _fonts(_job: Job) -> Check:
    if any(name.startswith("resources/fonts/") for name in not_whole()):
        return _check("fonts", "failed", say(OutsideError("unknown_font")))
    return _check("fonts", "ok", _("The program's own fonts are there."))


def _voice(_job: Job) -> Check:
    """Ask what speaks and what plays, without a sound."""
    from queuedesk.voice.engines import EspeakCommand
    from queuedesk.voice.sound import Player

    engine = EspeakCommand()
    try:
        engine.start()
        spoken = engine.languages()
    except OutsideError:
        spoken = ()
    if not spoken and sys.platform.startswith("linux"):
        return _check("voice", "warning", say(OutsideError("no_engine")))
    if sys.platform.startswith("linux") and len(spoken) < len(LANGUAGES):
        return _check("voice", "warning", say(OutsideError("no_voice")))
    if sys.platform != "win32" and not _can_play_sound(Player()):
        return _check("voice", "warning", _("Nothing on this computer plays sounds; calls are shown on the display."))
    return _check("voice", "ok", _("Calls can be spoken."))


def _can_play_sound(player: Player) -> bool:
    """Whether a tenth of a second of silence can be played: a player without a device says no at once."""
    with tempfile.TemporaryDirectory() as folder:
        silence = Path(folder) / "silence.wav"
        with wave.open(str(silence), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(SILENCE_HZ)
            sound.writeframes(bytes(SILENCE_HZ // 5))
        return player.play(silence, 0.1)


def _printers(job: Job) -> Check:
    """Say which printers print, and what keeps the others from it: a queue takes jobs for a lost printer too."""
    names = _printer_names(job)
    own = job.services.printers().kept_printer()
    if is_receipt_printer(own):
        names = [*names, own]
    elif own in names:
        names = [own, *(name for name in names if name != own)]
    elif own and own != NO_PRINTER and not own.startswith(PICTURES):
        names = [own, *names]  # chosen once, and taken out of the system since
    down = _printer_troubles(job, names)
    if down:
        text = _(
            "Not printing: {what}; tickets can be written down by hand.",
            what=listing([_("{device} ({cause})", device=name, cause=cause_words(down[name])) for name in down]),
        )
        return _check("printers", "warning", text)
    if names:
        return _check(
            "printers", "ok", n_("{n} printer: {names}", "{n} printers: {names}", len(names), names=listing(names))
        )
    return _check("printers", "warning", _("No printer is set up; tickets can be written down by hand."))


def _printer_troubles(job: Job, names: list[str]) -> dict[str, str]:
    """Return what keeps each of the printers `names` from printing; none that are fine or that nobody can ask."""
    printers = job.services.printers()
    found = {name: printers.printer_status(name) for name in names[:MOST_PRINTERS]}
    return {name: status["cause"] for name, status in found.items() if status is not None and status["cause"]}


def _printer_names(job: Job) -> list[str]:
    if command := shutil.which("lpstat"):
        try:
            listed = subprocess.run([command, "-e"], capture_output=True, text=True, timeout=10, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return []
        return listed.stdout.split() if listed.returncode == 0 else []
    if sys.platform == "win32":
        return job.services.printers().printers()
    return []


def _room(job: Job) -> Check:
    target = job.target()
    target = target if isinstance(target, Path) else data_folder() / "reports"
    folder = next((p for p in target.parents if p.is_dir()), Path.cwd())
    try:
        free_mb = shutil.disk_usage(folder).free // 1_000_000
    except OSError:
        return _check("disk", "warning", say(OutsideError("cannot_read", path=str(folder))))
    status = "ok" if free_mb >= ROOM_MB else "warning"
    return _check("disk", status, _("{n} MB free in {path}.", n=free_mb, path=folder))


def _data(job: Job, claims: Sequence[Claim]) -> list[Check]:
    from queuedesk.store.engine.database import Database

    try:
        db = Database.open(job.target())
    except QueueDeskError as error:
        status = "warning" if error.code == "database_missing" and not claims else "failed"
        return [_check("database", status, say(error))]
    try:
        checks = [found for check in OF_OPEN_HALL for found in check(job, db)]
        if all(check["status"] != "failed" for check in checks):
            checks += [found for check in OF_WHOLE_HALL for found in check(job, db)]
        checks += _check_claims(job, db, claims) if claims else []
    finally:
        db.dispose()
    return checks


def _place(job: Job, _db: Database) -> list[Check]:
    return [_check("database", "ok", job.place())]


def _rights(_job: Job, db: Database) -> list[Check]:
    """Say which files of the hall and this PC others here can read; opening it took care of this user's own."""
    from queuedesk.files.writing import is_private
    from queuedesk.store.engine.hall_file import kept_private

    places = [*(kept_private(db.path) if db.path is not None else []), config_folder() / "config.json", passfile()]
    open_to_others = [str(place) for place in places if not is_private(place)]
    if open_to_others:
        text = _(
            "Others on this computer can read {paths}; please let their owner open QueueDesk once, or take that right away.",
            paths=listing(open_to_others),
        )
        return [_check("rights", "warning", text)]
    return [_check("rights", "ok", _("Only their owner can read the hall's files."))]


def _findings(job: Job, db: Database) -> list[Check]:
    from queuedesk.desk.upkeep import examining

    counted = _reads_log(job)
    return [
        _check(
            found.name if found.hall is None else f"{found.name} {found.hall}",
            found.status,
            aside_sentence(found.aside, counted=counted)
            if found.aside
            else finding_text(found.name, found.status, found.what, found.error, counted=counted),
        )
        for found in examining.examine(db)
    ]


def _reads_log(job: Job) -> bool:
    """Whether the person who asks may read the log; where people have PINs and no hall can be read, nobody may."""
    from queuedesk.desk.upkeep import examining

    try:
        job.desk(of_several=True)
        return job.may_read(ReadScope.LOG)
    except (OutsideError, *examining.STRANGE):
        return False


def _backups(job: Job, db: Database) -> list[Check]:
    """Say when each hall's last backup was proven, and what stands in the way of the next one. A PC that reads nothing
    of them says nothing."""
    from queuedesk.desk.upkeep import backing_up

    try:
        notes = [note for note in backing_up.notes(db) if not note.setup.hall.simulated]
        folder = job.services.backups().folder_trouble(db)
    except OutsideError:
        return []
    checks = []
    for hall_note in notes:
        proven, code = hall_note.note.proven, hall_note.note.trouble(hall_note.began, job.now()) or folder
        row = {
            "hall": hall_note.setup.hall.code,
            "proven": hall_note.setup.local(proven).isoformat() if proven else None,
            "place": hall_note.note.place,
            "trouble": None if code == "backup_none" else code,
        }
        checks.append(_check(f"backups {hall_note.setup.hall.code}", "warning" if code else "ok", backups_text(row)))
    return checks


def _guard(_job: Job, db: Database) -> list[Check]:
    """Say of a hall on a server whether its log can be changed there."""
    from queuedesk.desk.upkeep import examining

    if not db.is_shared:
        return []
    if examining.is_log_kept(db):
        return [_check("guard", "ok", _("The database itself allows no change to the log."))]
    return [
        _check(
            "guard",
            "warning",
            _("The database does not keep the log from being changed; please let its owner open the hall once."),
        )
    ]


def _devices(_job: Job, db: Database) -> list[Check]:
    """Say of each hall which devices are down; one that somebody switched off is not."""
    from queuedesk.core.talk.device import STOPPED
    from queuedesk.desk.talk import devices

    checks = []
    for code, known in devices.devices_of_all_halls(db):
        down = [
            _("{device} ({cause})", device=device_name(device.device, device.station), cause=cause_words(device.cause))
            for device in known
            if device.cause not in (None, STOPPED)
        ]
        if down:
            checks.append(_check(f"devices {code}", "warning", _("Out of order: {what}", what=listing(down))))
        elif known:
            working = n_("{n} device works.", "{n} devices work.", sum(device.is_up for device in known))
            checks.append(_check(f"devices {code}", "ok", working))
        else:
            checks.append(_check(f"devices {code}", "ok", _("No device has reported yet.")))
    return checks


def _clock(job: Job, db: Database) -> list[Check]:
    from queuedesk.core.log.state import Ahead
    from queuedesk.desk.upkeep import examining
    from queuedesk.i18n.upkeep.clock_words import ahead_words

    checks = []
    for end in examining.log_ends(db, job.now()):
        if end.last > end.clock + CLOCK_AHEAD:
            said = ahead_words(Ahead(log=end.last, clock=end.clock))
            text = _(
                "{said} If the clock is right, a manager can set the log right: queuedesk clock set-right.", said=said
            )
            checks.append(_check(f"clock {end.code}", "warning", text))
    if (skew := examining.own_skew(db, job.hall_clock())) is not None:
        said = _("Clock of this PC: {what}.", what=cause_words(skew))
        checks.append(_check("clock", "warning", said))
    return checks or [_check("clock", "ok", _("The clock is not behind the log."))]


def _kept(job: Job, db: Database) -> list[Check]:
    """Say of each hall whether the reports that this PC keeps still hold."""
    return [
        _check(f"kept {one['hall']}", one["status"], one["message"]) for one in job.services.sheets().kept_standing(db)
    ]


def _check_claims(job: Job, db: Database, claims: Sequence[Claim]) -> list[Check]:
    from queuedesk.desk.upkeep import examining

    try:
        held = examining.verify_claims(db, claims, job.hall_code)
    except QueueDeskError as error:
        return [_check("against", "failed", say(error))]
    return [
        _check(
            f"against {result.hall}",
            "ok" if result.standing.holds else "failed",
            standing_text(result.hall, result.standing, local=result.local),
        )
        for result in held
    ]


OF_THIS_PC: tuple[Callable[[Job], Check], ...] = (_installation, _settings, _screen, _fonts, _voice, _printers, _room)
OF_OPEN_HALL: tuple[Callable[[Job, Database], list[Check]], ...] = (_place, _rights, _findings)
OF_WHOLE_HALL: tuple[Callable[[Job, Database], list[Check]], ...] = (_guard, _kept, _devices, _backups, _clock)
"""What is only asked of a hall in which nothing failed."""


# -- whether the program's own files are all there and undamaged ------------------------------------------------------

LIST = "files.txt"
_PACKAGE = Path(queuedesk.__file__).resolve().parent
# How a file of each kind begins. An SVG and a page are text of any beginning.
_BEGINS = {".ttf": b"\0\1\0\0", ".wav": b"RIFF", ".png": b"\x89PNG\r\n\x1a\n", ".mo": b"\xde\x12\x04\x95"}


def not_whole() -> list[str]:
    """Return those of the program's own files that are missing or damaged, sorted, as paths within its folders. An
    installed copy is compared with the hashes that its installer wrote down, modules included. A checkout has none:
    each file of resources/files.txt then has to exist and be of its kind."""
    bad = {f"resources/{name}" for name in _listed_files() if not _is_of_its_kind(resource(*name.split("/")))}
    for name, digest in _installed_files().items():
        if _sha256_of(_PACKAGE / name) != digest:
            bad.add(name)
    return sorted(bad)


def _listed_files() -> list[str]:
    try:
        return resource(LIST).read_text(encoding="utf-8").split()
    except (OSError, UnicodeError):
        return [LIST]


def _is_of_its_kind(file: Path) -> bool:
    try:
        content = file.read_bytes()
        if file.suffix == ".json":
            json.loads(content)
        elif file.suffix in (".svg", ".md", ".txt"):
            content.decode()
    except (OSError, ValueError, RecursionError):
        return False
    return bool(content) and content.startswith(_BEGINS.get(file.suffix, b""))


def _installed_files() -> dict[str, str]:
    """Return each file of this copy with its hash as its installer wrote it down; nothing for a checkout."""
    try:
        copy = metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        return {}
    if Path(str(copy.locate_file(_PACKAGE.name))).resolve() != _PACKAGE:
        return {}  # Another copy than the one that runs: a checkout knows its own environment by a line there.
    own = f"{_PACKAGE.name}/"
    return {
        file.as_posix().removeprefix(own): file.hash.value
        for file in copy.files or ()
        if file.hash is not None and file.hash.mode == "sha256" and file.as_posix().startswith(own)
    }


def _sha256_of(file: Path) -> str | None:
    """Return a file's SHA-256 as installers write it."""
    try:
        digest = hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return None
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _add_clocks(commands: CommandList) -> None:
    clock = commands.add_group("clock")
    clock.add(
        "show", _("say where the log ends, what the clock says, and what to confirm"), _show, reads=ReadScope.HALL
    )
    clock.add("confirm", _("confirm that the clock is right"), _confirm)
    right = clock.add("set-right", _("go back from a time that the log took from a wrong clock"), _set_right)
    right.add_argument(
        "--first", type=number, metavar="SEQ", help=_("the first wrong event; where the log leaps if not given")
    )
    right.add_argument("--preview", action="store_true", help=_("only say what it would change"))
    right.add_argument("--yes", action="store_true", help=_("yes, the clock is right"))


def _show(job: Job) -> int:
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import clocks
    from queuedesk.i18n.upkeep.clock_words import clock_text

    document, doubt = clocks.shown(job.desk(), Ask.by(job.hall_clock(), CONSOLE))
    return job.answer(document, clock_text(document, doubt))


def _confirm(job: Job) -> int:
    from queuedesk.desk.upkeep import clocks
    from queuedesk.i18n.upkeep.clock_words import confirmed_text

    document = clocks.confirm(job.desk(), job.ask())
    return job.answer(document, confirmed_text(document))


def _set_right(job: Job) -> int:
    from queuedesk.desk.upkeep import clocks
    from queuedesk.i18n.upkeep.clock_words import leap_lines, set_right_text

    desk, ask, first = job.owners_desk(), job.ask(), job.args.first
    if job.args.preview or not job.args.yes:
        document = clocks.preview_setting_right(desk, ask, first)
        if not job.args.preview:
            raise RuleError("needs_yes", leap=document)
        return job.answer(document, "\n".join([*leap_lines(document), _("Nothing was changed.")]))
    document = clocks.correct_log_time(desk, ask, first)
    return job.answer(document, set_right_text(document))
