"""The commands that keep and check the data: backups, doctor, whole days that are restored, exported and merged; what
the log and the clock say of the time.

Doctor looks at this PC, of which only the program's own files can fail, then at the hall's data. A check is one
function in one of the lists OF_THIS_PC, OF_OPEN_HALL and OF_WHOLE_HALL; one of what the database holds is in
`desk/upkeep/examining.py`, its sentence in `i18n/preview_words.py`."""

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
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import queuedesk
from queuedesk import __version__
from queuedesk.cli.command_table import CommandList, UsageError, parse_nonempty_text, parse_path, parse_whole_number
from queuedesk.cli.job import CommandJob
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import import_reference, references_of_command_additions
from queuedesk.core.network.roles import CONSOLE, ReadScope
from queuedesk.i18n import LANGUAGES, _, error_sentence, list_text, n_, preview_words
from queuedesk.i18n.talk import device_down_cause_words, device_name
from queuedesk.paths import NAME, config_folder, data_folder, password_file, resource_path
from queuedesk.printing.spooler import NO_PRINTER, PICTURES, is_receipt_printer

if TYPE_CHECKING:
    from queuedesk.core.network.roles import Actor
    from queuedesk.core.upkeep import SheetClaim
    from queuedesk.desk.change import Ask
    from queuedesk.store.engine.database import Database
    from queuedesk.voice.sound import WavPlayer

DONE, REFUSED = 0, 1


def _add_backup_commands(commands: CommandList) -> None:
    backups = commands.add_group("backups")
    backups.add_command("list", _("where they go, when the last one was checked, and which there are"), _list_backups)
    to = backups.add_command(
        "to",
        _("keep them in another folder, on another disk or share, and make one there now"),
        _set_backup_folder_and_back_up,
    )
    to.add_argument("folder", type=parse_path, nargs="?", metavar="FOLDER")
    to.add_argument("--beside", action="store_true", help=_("next to the hall's file again"))
    due = backups.add_command(
        "due", _("make one if it is due, prove it, and remove what the rule no longer keeps"), _make_due_backups
    )
    due.add_argument("--now", action="store_true", help=_("also if none is due"))
    due.add_argument("--gently", action="store_true", help=_("as stations do by themselves: alongside other work"))


@contextmanager
def _open_owners_database(job: CommandJob) -> Iterator[Database]:
    """Give the database with all its halls, where this PC may read them."""
    from queuedesk.store.engine.database import Database

    with Database.open(job.hall_file_or_address_for_owner()) as db:
        yield db


def _list_backups(job: CommandJob) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.queue import opening

    desk = job.desk(of_several=True)
    who = opening.require_and_get_proven_actor(desk, job.acting_staff, pin=job.pin(), now=job.now(), proven=job.proven)
    reading.require_right_to_verb(desk, who, "backups", job.now())
    with _open_owners_database(job) as db:
        document = job.services.backups().backups_document(db)
    lines = [_("Backups go to {folder}.", folder=document["folder"])]
    if document["same_disk"]:
        lines.append(_("That is the disk the hall itself is on: if it fails, both are lost."))
    for hall in document["halls"]:
        lines.append(preview_words.hall_backups_line(hall))
    lines += [f"{preview_words.moment_text(row['made'])}  {row['file']}" for row in document["backups"]]
    return job.print_answer(document, "\n".join(lines))


def _set_backup_folder_and_back_up(job: CommandJob) -> int:
    args = job.args
    if (args.folder is None) != args.beside:
        raise UsageError(_("Please name a folder, or --beside."))
    ask = job.new_change_ask()
    with _open_owners_database(job) as db:
        job.services.backups().choose_backup_folder(db, ask, "" if args.beside else str(args.folder))
    return _make_due_backup_and_print(job, now=True)


def _make_due_backups(job: CommandJob) -> int:
    return _make_due_backup_and_print(job, now=job.args.now, gently=job.args.gently)


def _make_due_backup_and_print(job: CommandJob, *, now: bool, gently: bool = False) -> int:
    if gently:
        job.require_own_process("backups due --gently")
        job.services.reports().lower_process_priority()
    with _open_owners_database(job) as db:
        document = job.services.backups().make_due_backup(db, job.now(), at_once=now, gently=gently)
    lines = [_("Backup made and checked: {file}", file=document["made"])] if document["made"] else []
    lines += [_("removed: {file}", file=file) for file in document["removed"]]
    lines += [f"! {row['message']}" for row in document["failed"]]
    job.print_answer(document, "\n".join(lines) or _("No backup was due."))
    return REFUSED if document["failed"] else DONE


# -- the commands that keep the hall's data: backup, restore, doctor -------------------------------------------------


def register_commands(commands: CommandList) -> None:
    _add_backup_doctor_commands(commands)
    _add_clock_commands(commands)


def _add_backup_doctor_commands(commands: CommandList) -> None:
    backup = commands.add_command("backup", _write_backup_file_and_print)
    backup.add_argument("file", type=parse_path, metavar="F")
    restore = commands.add_command("restore", _restore_or_preview)
    restore.add_argument("file", type=parse_path, metavar="F")
    restore.add_argument(
        "--preview", action="store_true", help=_("only say what would be lost and what would come back")
    )
    restore.add_argument("--yes", action="store_true", help=_("replace the hall that is there; a copy is kept"))
    restore.add_argument(
        "--other-hall", action="store_true", help=_("also where a hall goes away for it that it does not hold")
    )
    doctor = commands.add_command("doctor", _check_or_repair_data)
    doctor.add_argument("--repair", action="store_true", help=_("say what can be repaired, and with --yes do it"))
    doctor.add_argument("--yes", action="store_true", help=_("repair it; a copy of what is there is kept"))
    doctor.add_argument(
        "--from",
        dest="backup",
        type=parse_path,
        metavar="BACKUP",
        help=_("the backup to repair it from; otherwise the newest next to it"),
    )
    doctor.add_argument(
        "--with", dest="export", type=parse_path, metavar="EXPORT", help=_("a later log to take in as well")
    )
    doctor.add_argument(
        "--against",
        type=parse_nonempty_text,
        metavar="SHEET",
        help=_("and against a report: its PDF, or the check code at the foot of its pages"),
    )
    _add_backup_commands(commands)
    _add_export_merge_commands(commands)


def _write_backup_file_and_print(job: CommandJob) -> int:
    from queuedesk.desk import network, reading
    from queuedesk.desk.queue import opening
    from queuedesk.desk.upkeep import maintenance
    from queuedesk.store.engine.database import Database

    desk, target = job.desk(), job.hall_file_or_address_for_owner()
    who = opening.require_and_get_proven_actor(desk, job.acting_staff, pin=job.pin(), now=job.now(), proven=job.proven)
    reading.require_right_to_verb(desk, who, "backup", job.now())
    reading.require_known_reader(desk.db, who)
    if target == job.hall_file_or_address():
        network.require_own_hall(desk)  # The file would hold this PC's own hall.
        maintenance.write_database_backup(desk.db, who, job.args.file, job.now())
    else:  # this PC's own login sees its own hall alone
        with Database.open(target) as db:
            maintenance.write_database_backup(db, who, job.args.file, job.now())
    lines, document = [str(job.args.file)], {"file": str(job.args.file)}
    if target == job.hall_file_or_address() and network.own_pc_kind(desk) is not None:
        lines.append(
            _("The PINs are not in it: no PC that has joined may read them. A backup on the main PC has them.")
        )
    return job.print_answer(document, "\n".join(lines))


def _restore_or_preview(job: CommandJob) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import maintenance
    from queuedesk.desk.upkeep.maintenance import restore_on_server

    target = job.hall_file_or_address_for_owner()
    if isinstance(target, Path) and job.services.shares_halls_of(target):
        raise RuleError("main_pc")  # The hall would go on in two places.
    try:
        ask = job.new_change_ask()
        reading.require_known_reader(job.desk().db, ask.who)
    except OutsideError as error:
        # Where no hall can be read there is nobody who could be asked for a PIN.
        if error.code not in ("database_missing", "database_damaged"):
            raise
        ask = Ask(CONSOLE, job.now())
    if job.args.preview:
        return _print_restore_preview(job, target, ask.who)
    job.ensure_hall_folder(target)
    plain, sure = Ask(ask.who, ask.now), {"replace": job.args.yes, "other_hall": job.args.other_hall}
    if isinstance(target, Path):
        job.close()  # Windows replaces no file that is open.
        document = maintenance.restore_database(job.args.file, target, plain, **sure)
    else:
        document = restore_on_server(job.args.file, target, plain, **sure)
    return job.print_answer(document, "\n".join(preview_words.restore_result_lines(document)))


def _print_restore_preview(job: CommandJob, target: Path | str, who: Actor) -> int:
    from queuedesk.desk.upkeep import maintenance

    document = maintenance.restore_preview(job.args.file, target, who)
    lines = [_("A backup of {moment}.", moment=preview_words.moment_text(document["made"]))]
    lines += [line for row in document["halls"] for line in preview_words.restore_preview_lines(row)]
    lines.append(_("Nothing was changed."))
    return job.print_answer(document, "\n".join(lines))


def _check_or_repair_data(job: CommandJob) -> int:

    if job.args.repair:
        return _repair_or_show_plan(job)
    if job.args.yes or job.args.backup or job.args.export:
        raise UsageError(_("--yes, --from and --with go with --repair."))

    sheet = job.args.against
    claims = job.services.sheets().printed_log_claims(sheet) if sheet is not None else ()
    checks = doctor_check_results(job, claims)
    ok = not any(check["status"] == "failed" for check in checks)
    words = {"ok": _("good"), "warning": _("needs attention"), "failed": _("not good")}
    lines = [f"{words[check['status']]}  {check['name']}  {check['message']}" for check in checks]
    job.print_answer({"ok": ok, "checks": checks}, "\n".join(lines))
    return 0 if ok else 1


def _repair_or_show_plan(job: CommandJob) -> int:
    """Say what would be mended and, with --yes, do it."""
    from queuedesk.desk.upkeep import maintenance

    target = job.hall_file_or_address_for_owner()
    if isinstance(target, Path) and job.services.shares_halls_of(target):
        raise RuleError("main_pc")
    ask = _repair_requester(job)
    ask.who.require_may("restore")
    plan = maintenance.examine_and_plan_repair(target)
    backup = job.args.backup
    if (plan.from_backup or job.args.export) and backup is None and isinstance(target, Path):
        backup = maintenance.newest_readable_backup(target)
    if (plan.from_backup or job.args.export) and (backup is None or not isinstance(target, Path)):
        raise OutsideError("no_backup", path=job.hall_place_to_show())
    document = {
        "rebuilt": list(plan.rebuilt),
        "backup": None if backup is None else str(backup),
        "left": [{"name": one.name, "hall": one.hall, "what": one.what} for one in plan.left],
        "copy": None,
        "done": False,
    }
    lines = preview_words.repair_plan_lines(plan.rebuilt, backup, [(one.name, one.what) for one in plan.left])
    if plan.is_empty and backup is None:
        return job.print_answer(document | {"done": True}, "\n".join([*lines, _("There is nothing to repair.")]))
    if not job.args.yes:
        job.print_answer(document, "\n".join([*lines, _("Nothing was changed; to do it, add --yes.")]))
        return 1
    if backup is not None and isinstance(target, Path):
        done = maintenance.repair_from_backup(backup, target, ask, export=job.args.export)
    else:
        done = maintenance.repair_from_log(target, ask)
    return job.print_answer(
        document | {"done": True, "copy": done["copy"]}, "\n".join([*lines, *preview_words.repair_done_lines(done)])
    )


def _repair_requester(job: CommandJob) -> Ask:
    """Return who mends: where no hall can be read there is nobody who could be asked for a PIN."""
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep.examining import STRANGE

    try:
        asked = job.new_change_ask()
        return Ask(asked.who, asked.now)
    except OutsideError as error:
        if error.code not in ("database_missing", "database_damaged"):
            raise
    except STRANGE:
        pass
    return Ask(CONSOLE, job.now())


# -- days taken out of a hall and into one ---------------------------------------------------------------------------


def _add_export_merge_commands(commands: CommandList) -> None:
    export = commands.add_command("export", _export_hall_log)
    export.add_argument("--out", type=parse_path, required=True, metavar="F", help=_("the file"))
    merge = commands.add_command("merge", _merge_or_preview_log)
    merge.add_argument("file", type=parse_path, metavar="F")
    merge.add_argument("--preview", action="store_true", help=_("only say what would come, and what to look at first"))


def _export_hall_log(job: CommandJob) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.queue import opening
    from queuedesk.desk.upkeep import maintenance

    who = opening.require_and_get_proven_actor(
        job.desk(), job.acting_staff, pin=job.pin(), now=job.now(), proven=job.proven
    )
    reading.require_right_to_verb(job.desk(), who, "export", job.now())
    maintenance.export_hall_log(job.desk(), who, job.args.out, job.now())
    return job.print_answer({"file": str(job.args.out)}, str(job.args.out))


def _merge_or_preview_log(job: CommandJob) -> int:
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import maintenance

    target, words = job.hall_file_or_address_for_owner(), job.canonical_command()
    try:
        if job.hall_code is None:
            job.args.hall = maintenance.code_of_hall_whose_staff_may_merge(job.args.file, target)
        who = job.new_change_ask().who
    except OutsideError as error:
        # Where no hall can be read there is nobody who could be asked for a PIN.
        if error.code != "database_missing":
            raise
        who = CONSOLE
    if job.args.preview:
        return _answer_with_merge_preview(job, target, who)
    job.ensure_hall_folder(target)
    document = maintenance.merge_exported_log(
        job.args.file, target, Ask(who, job.now(), getattr(job.args, "id", None), words)
    )
    return job.print_answer(
        document,
        "\n".join(
            [
                *preview_words.merge_result_lines(document),
                *(f"! {line}" for line in preview_words.merge_caution_lines(document)),
            ]
        ),
    )


def _answer_with_merge_preview(job: CommandJob, target: Path | str, who: Actor) -> int:
    from queuedesk.desk.upkeep import maintenance

    document = maintenance.merge_preview(job.args.file, target, who, job.now())
    lines = [line for row in document["halls"] for line in preview_words.merge_preview_lines(row)]
    lines += [f"! {line}" for line in preview_words.merge_caution_lines(document)]
    lines.append(_("Nothing was changed."))
    return job.print_answer(document, "\n".join(lines))


Check = dict[str, str]

LIBRARIES = ("PySide6", "sqlalchemy", "alembic", "qrcode", "reportlab", "pyttsx3", "numpy", "xlsxwriter", "openpyxl")
MOST_NAMED = 5
MOST_PRINTERS = 20
"""So many are asked, this PC's own first: each that is gone is waited for."""
ROOM_MB = 1000
SILENCE_HZ = 16_000
_WINDOW_S = 30
_MAKE_WINDOW = "from PySide6.QtWidgets import QApplication; QApplication(['doctor'])"


def doctor_check_results(job: CommandJob, claims: Sequence[SheetClaim] = (), *, kept: bool = True) -> list[Check]:
    """Return each check's name, status (ok, warning, failed) and sentence; last, those of the `claims` of a sheet. The
    reports that are `kept` lie beside the hall, and not beside a copy of it."""
    added = [check for adding in references_of_command_additions("doctor") for check in import_reference(adding)(job)]
    return [*(check(job) for check in OF_THIS_PC), *added, *hall_check_results(job, claims, kept=kept)]


def _check_result(name: str, status: str, message: str) -> Check:
    return {"name": name, "status": status, "message": message}


def _check_installation(_job: CommandJob) -> Check:
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        return _check_result(
            "installation", "warning", _("Missing: {what}; please install QueueDesk again.", what=list_text(missing))
        )
    files = damaged_program_files()
    if files:
        some = [*files[:MOST_NAMED], *(["…"] if len(files) > MOST_NAMED else [])]
        text = n_(
            "{n} file of the program is missing or damaged: {what}; please install QueueDesk again.",
            "{n} files of the program are missing or damaged: {what}; please install QueueDesk again.",
            len(files),
            what=list_text(some),
        )
        return _check_result("installation", "failed", text)
    python = ".".join(map(str, sys.version_info[:3]))
    return _check_result(
        "installation", "ok", _("QueueDesk {version} with Python {python}.", version=__version__, python=python)
    )


def _check_pc_settings_file(job: CommandJob) -> Check:
    fault = job.services.settings_fault()
    if fault is not None:
        return _check_result("settings", "warning", error_sentence(fault))
    return _check_result("settings", "ok", _("The settings of this PC can be read."))


def _check_window_opens(_job: CommandJob) -> Check:
    """Let another process make a window: where the system's libraries are missing it would not survive."""
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _MAKE_WINDOW],
            env=environment,
            stdout=subprocess.DEVNULL,  # On Windows a pipe could be waited for longer than for the process.
            stderr=subprocess.DEVNULL,
            timeout=_WINDOW_S,
            check=False,
        )
        works = tried.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        works = False
    if not works:
        return _check_result(
            "screen", "warning", _("Windows cannot open here; libraries of the system may be missing.")
        )
    return _check_result("screen", "ok", _("Windows can open."))


def _check_fonts(_job: CommandJob) -> Check:
    if damaged_program_files("resources/fonts/"):
        return _check_result("fonts", "failed", error_sentence(OutsideError("unknown_font")))
    return _check_result("fonts", "ok", _("The program's own fonts are there."))


def _check_voice_engine(_job: CommandJob) -> Check:
    """Ask what speaks and what plays, without a sound."""
    from queuedesk.voice.engines import START_S, EngineProcess, EspeakCommandEngine
    from queuedesk.voice.sound import WavPlayer

    engine = EspeakCommandEngine() if sys.platform.startswith("linux") else EngineProcess(reply_s=START_S)
    try:
        engine.start()
        spoken = engine.languages()
    except OutsideError:
        spoken = ()
    finally:
        engine.close()
    if not spoken:
        return _check_result("voice", "warning", error_sentence(OutsideError("no_engine")))
    if len(spoken) < len(LANGUAGES):
        return _check_result("voice", "warning", error_sentence(OutsideError("no_voice")))
    if sys.platform != "win32" and not _can_play_sound(WavPlayer()):
        return _check_result(
            "voice", "warning", _("Nothing on this computer plays sounds; calls are shown on the display.")
        )
    return _check_result("voice", "ok", _("Calls can be spoken."))


def _can_play_sound(player: WavPlayer) -> bool:
    """Whether a tenth of a second of silence can be played: a player without a device says no at once."""
    with tempfile.TemporaryDirectory() as folder:
        silence = Path(folder) / "silence.wav"
        with wave.open(str(silence), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(SILENCE_HZ)
            sound.writeframes(bytes(SILENCE_HZ // 5))
        return player.play(silence, 0.1)


def _check_printers(job: CommandJob) -> Check:
    """Say which printers print, and what keeps the others from it: a queue takes jobs for a lost printer too."""
    names = _printer_names(job)
    own = job.services.printers().stored_printer_choice()
    if is_receipt_printer(own):
        names = [*names, own]
    elif own in names:
        names = [own, *(name for name in names if name != own)]
    elif own and own != NO_PRINTER and not own.startswith(PICTURES):
        names = [own, *names]  # chosen once, and taken out of the system since
    down = _printer_troubles(job, names)
    if down:
        text = _(
            "Not printing: {what}; numbers can be written down by hand.",
            what=list_text(
                [_("{device} ({cause})", device=name, cause=device_down_cause_words(down[name])) for name in down]
            ),
        )
        return _check_result("printers", "warning", text)
    if names:
        return _check_result(
            "printers", "ok", n_("{n} printer: {names}", "{n} printers: {names}", len(names), names=list_text(names))
        )
    return _check_result("printers", "warning", _("No printer is set up; numbers can be written down by hand."))


def _printer_troubles(job: CommandJob, names: list[str]) -> dict[str, str]:
    """Return what keeps each of the printers `names` from printing; none that are fine or that nobody can ask, but for
    the chosen one: a print service that says nothing of it prints nothing."""
    printers = job.services.printers()
    found = {name: printers.printer_status(name) for name in names[:MOST_PRINTERS]}
    own = printers.stored_printer_choice()
    if own in found and found[own] is None and shutil.which("lpstat"):
        found[own] = {"cause": "no_answer"}
    return {name: status["cause"] for name, status in found.items() if status is not None and status["cause"]}


def _printer_names(job: CommandJob) -> list[str]:
    if command := shutil.which("lpstat"):
        try:
            listed = subprocess.run([command, "-e"], capture_output=True, text=True, timeout=10, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return []
        return listed.stdout.split() if listed.returncode == 0 else []
    if sys.platform == "win32":
        return job.services.printers().system_printer_names()
    return []


def _check_disk_space(job: CommandJob) -> Check:
    target = job.hall_file_or_address()
    target = target if isinstance(target, Path) else data_folder() / "reports"
    folder = next((p for p in target.parents if p.is_dir()), Path.cwd())
    try:
        free_mb = shutil.disk_usage(folder).free // 1_000_000
    except OSError:
        return _check_result("disk", "warning", error_sentence(OutsideError("cannot_read", path=str(folder))))
    status = "ok" if free_mb >= ROOM_MB else "warning"
    return _check_result("disk", status, _("{n} MB free in {path}.", n=free_mb, path=folder))


def hall_check_results(job: CommandJob, claims: Sequence[SheetClaim] = (), *, kept: bool = True) -> list[Check]:
    from queuedesk.store.engine.database import Database

    try:
        db = Database.open(job.hall_file_or_address())
    except QueueDeskError as error:
        return [_check_result("database", "failed", error_sentence(error))]
    with db:
        checks = [found for check in OF_OPEN_HALL for found in check(job, db)]
        if all(check["status"] != "failed" for check in checks):
            asked = [check for check in OF_WHOLE_HALL if kept or check is not _check_kept_reports]
            checks += [found for check in asked for found in check(job, db)]
        checks += _checks_of_sheet_claims(job, db, claims) if claims else []
    return checks


def _database_place_check(job: CommandJob, _db: Database) -> list[Check]:
    return [_check_result("database", "ok", job.hall_place_to_show())]


def _check_file_rights(_job: CommandJob, db: Database) -> list[Check]:
    """Say which files of the hall and this PC others here can read; opening it took care of this user's own."""
    from queuedesk.files.writing import is_private
    from queuedesk.store.engine.hall_file import paths_of_owner_only_hall_files

    if sys.platform == "win32":
        return [_check_result("rights", "ok", _("Who may read the hall's files is left to Windows and not checked."))]
    places = [
        *(paths_of_owner_only_hall_files(db.path) if db.path is not None else []),
        config_folder() / "config.json",
        password_file(),
    ]
    open_to_others = [str(place) for place in places if not is_private(place)]
    if open_to_others:
        text = _(
            "Others on this computer can read {paths}; please let their owner open QueueDesk once, or take that right away.",
            paths=list_text(open_to_others),
        )
        return [_check_result("rights", "warning", text)]
    return [_check_result("rights", "ok", _("Only their owner can read the hall's files."))]


def _database_check_results(job: CommandJob, db: Database) -> list[Check]:
    from queuedesk.desk.upkeep import examining

    counted = _may_person_read_log(job)
    return [
        _check_result(
            found.name if found.hall is None else f"{found.name} {found.hall}",
            found.status,
            preview_words.set_aside_events_sentence(found.aside, counted=counted)
            if found.aside
            else preview_words.doctor_finding_text(found.name, found.status, found.what, found.error, counted=counted),
        )
        for found in examining.examine_database(db)
    ]


def _may_person_read_log(job: CommandJob) -> bool:
    """Whether the person who asks may read the log; where people have PINs and no hall can be read, nobody may."""
    from queuedesk.desk.upkeep import examining

    try:
        job.desk(of_several=True)
        return job.may_read(ReadScope.LOG)
    except (OutsideError, *examining.STRANGE):
        return False


def _backup_checks_of_halls(job: CommandJob, db: Database) -> list[Check]:
    """Say when each hall's last backup was proven, and what stands in the way of the next one. A PC that reads nothing
    of them says nothing."""
    from queuedesk.desk.upkeep import maintenance

    try:
        notes = [note for note in maintenance.backup_notes_of_halls(db) if not note.setup.hall.simulated]
        folder = job.services.backups().backup_folder_trouble_code(db)
    except OutsideError:
        return []
    checks = []
    for hall_note in notes:
        code = hall_note.note.trouble_cause(hall_note.began, job.now()) or folder
        row = hall_note.to_document(code)
        checks.append(
            _check_result(f"backups {row['hall']}", "warning" if code else "ok", preview_words.hall_backups_line(row))
        )
    return checks


def _check_log_protection(_job: CommandJob, db: Database) -> list[Check]:
    """Say of a hall on a server whether its log can be changed there."""
    from queuedesk.desk.upkeep import examining

    if not db.is_shared:
        return []
    if examining.is_log_protected(db):
        return [_check_result("guard", "ok", _("The database itself allows no change to the log."))]
    return [
        _check_result(
            "guard",
            "warning",
            _("The database does not keep the log from being changed; please let its owner open the hall once."),
        )
    ]


def _device_checks_of_all_halls(_job: CommandJob, db: Database) -> list[Check]:
    """Say of each hall which devices are down; one that somebody switched off is not."""
    from queuedesk.core.talk.device import STOPPED
    from queuedesk.desk.talk import devices

    checks = []
    for code, known in devices.devices_of_all_halls(db):
        down = [
            _(
                "{device} ({cause})",
                device=device_name(device.device, device.station),
                cause=device_down_cause_words(device.cause),
            )
            for device in known
            if device.cause not in (None, STOPPED)
        ]
        if down:
            checks.append(_check_result(f"devices {code}", "warning", _("Out of order: {what}", what=list_text(down))))
        elif known:
            working = n_("{n} device works.", "{n} devices work.", sum(device.is_up for device in known))
            checks.append(_check_result(f"devices {code}", "ok", working))
        else:
            checks.append(_check_result(f"devices {code}", "ok", _("No device has reported yet.")))
    return checks


def _clock_check_results(job: CommandJob, db: Database) -> list[Check]:
    from queuedesk.desk.upkeep import examining
    from queuedesk.i18n.clock_words import log_ahead_of_clock_sentence

    checks = []
    for code, ahead in examining.logs_ahead_of_clock(db, job.now()).items():
        said = log_ahead_of_clock_sentence(ahead)
        text = _("{said} If the clock is right, a manager can set the log right: queuedesk clock set-right.", said=said)
        checks.append(_check_result(f"clock {code}", "warning", text))
    if (skew := examining.own_clock_skew_cause(db, job.hall_clock())) is not None:
        said = _("Clock of this PC: {what}.", what=device_down_cause_words(skew))
        checks.append(_check_result("clock", "warning", said))
    return checks or [_check_result("clock", "ok", _("The clock is not behind the log."))]


def _check_kept_reports(job: CommandJob, db: Database) -> list[Check]:
    """Say of each hall whether the reports that this PC keeps still hold."""
    return [
        _check_result(f"kept {one['hall']}", one["status"], one["message"])
        for one in job.services.sheets().stored_report_status_rows(db)
    ]


def _checks_of_sheet_claims(job: CommandJob, db: Database, claims: Sequence[SheetClaim]) -> list[Check]:
    from queuedesk.desk.upkeep import examining

    try:
        held = examining.verify_claims(db, claims, job.hall_code)
    except QueueDeskError as error:
        return [_check_result("against", "failed", error_sentence(error))]
    return [
        _check_result(
            f"against {result.hall}",
            "ok" if result.standing.is_claim_confirmed else "failed",
            preview_words.sheet_check_result_text(result.hall, result.standing, local=result.local),
        )
        for result in held
    ]


OF_THIS_PC: tuple[Callable[[CommandJob], Check], ...] = (
    _check_installation,
    _check_pc_settings_file,
    _check_window_opens,
    _check_fonts,
    _check_voice_engine,
    _check_printers,
    _check_disk_space,
)
OF_OPEN_HALL: tuple[Callable[[CommandJob, Database], list[Check]], ...] = (
    _database_place_check,
    _check_file_rights,
    _database_check_results,
)
OF_WHOLE_HALL: tuple[Callable[[CommandJob, Database], list[Check]], ...] = (
    _check_log_protection,
    _check_kept_reports,
    _device_checks_of_all_halls,
    _backup_checks_of_halls,
    _clock_check_results,
)
"""What is only asked of a hall in which nothing failed."""

# -- whether the program's own files are all there and undamaged ------------------------------------------------------

LIST = "files.txt"
_PACKAGE = Path(queuedesk.__file__).resolve().parent
# How a file of each kind begins. An SVG and a page are text of any beginning.
_BEGINS = {".ttf": b"\0\1\0\0", ".wav": b"RIFF", ".png": b"\x89PNG\r\n\x1a\n", ".mo": b"\xde\x12\x04\x95"}


def damaged_program_files(below: str = "") -> list[str]:
    """Return those of the program's own files that are missing or damaged, sorted, as paths within its folders; only
    paths that begin with `below`. An installed copy is compared with the hashes that its installer wrote down, modules
    included. A checkout has none: each file of resources/files.txt then has to exist and be of its kind."""
    bad = {
        f"resources/{name}"
        for name in _listed_resource_files()
        if f"resources/{name}".startswith(below) and not _has_valid_file_content(resource_path(*name.split("/")))
    }
    for name, digest in _installed_file_hashes().items():
        if name.startswith(below) and _installer_style_sha256(_PACKAGE / name) != digest:
            bad.add(name)
    return sorted(bad)


def _listed_resource_files() -> list[str]:
    try:
        return resource_path(LIST).read_text(encoding="utf-8").split()
    except (OSError, UnicodeError):
        return [LIST]


def _has_valid_file_content(file: Path) -> bool:
    try:
        content = file.read_bytes()
        if file.suffix == ".json":
            json.loads(content)
        elif file.suffix in (".svg", ".md", ".txt"):
            content.decode()
    except (OSError, ValueError, RecursionError):
        return False
    return bool(content) and content.startswith(_BEGINS.get(file.suffix, b""))


def _installed_file_hashes() -> dict[str, str]:
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


def _installer_style_sha256(file: Path) -> str | None:
    """Return a file's SHA-256 as installers write it."""
    try:
        digest = hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return None
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _add_clock_commands(commands: CommandList) -> None:
    clock = commands.add_group("clock")
    clock.add_command(
        "show", _("say where the log ends, what the clock says, and what to confirm"), _show_clock, reads=ReadScope.HALL
    )
    clock.add_command("confirm", _("confirm that the clock is right"), _confirm_clock)
    right = clock.add_command(
        "set-right", _("go back from a time that the log took from a wrong clock"), _correct_log_clock
    )
    right.add_argument(
        "--first",
        type=parse_whole_number,
        metavar="SEQ",
        help=_("the first wrong event; where the log leaps if not given"),
    )
    right.add_argument("--preview", action="store_true", help=_("only say what it would change"))
    right.add_argument("--yes", action="store_true", help=_("yes, the clock is right"))


def _show_clock(job: CommandJob) -> int:
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import clocks
    from queuedesk.i18n.clock_words import log_and_clock_times_text

    document, doubt = clocks.clock_document_and_doubt(job.desk(), Ask.ask_from_clock(job.hall_clock(), CONSOLE))
    return job.print_answer(document, log_and_clock_times_text(document, doubt))


def _confirm_clock(job: CommandJob) -> int:
    from queuedesk.desk.upkeep import clocks
    from queuedesk.i18n.clock_words import time_confirmed_sentence

    document = clocks.confirm_time(job.desk(), job.new_change_ask())
    return job.print_answer(document, time_confirmed_sentence(document))


def _correct_log_clock(job: CommandJob) -> int:
    from queuedesk.desk.upkeep import clocks
    from queuedesk.i18n.clock_words import clock_corrected_sentence, clock_leap_repair_preview_lines

    desk, ask, first = job.desk_opened_by_owner(), job.new_change_ask(), job.args.first
    if job.args.preview or not job.args.yes:
        document = clocks.preview_log_time_correction(desk, ask, first)
        if not job.args.preview:
            raise RuleError("needs_yes", leap=document)
        return job.print_answer(
            document, "\n".join([*clock_leap_repair_preview_lines(document), _("Nothing was changed.")])
        )
    document = clocks.correct_log_time(desk, ask, first)
    return job.print_answer(document, clock_corrected_sentence(document))
