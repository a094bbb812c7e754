"""Commands of backups, doctor, and whole days: restore, export, merge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Job
from queuedesk.cli.parser import UsageError, path, plain
from queuedesk.i18n import _
from queuedesk.i18n.upkeep.preview_words import (
    backups_text,
    done_lines,
    merged_lines,
    merging_lines,
    moment_text,
    note_lines,
    plan_lines,
    restored_lines,
    restoring_lines,
)

if TYPE_CHECKING:
    from queuedesk.core.network.roles import Actor
    from queuedesk.desk.change import Ask
    from queuedesk.store.engine.database import Database

DONE, REFUSED = 0, 1


def _add_backups(commands: Listed) -> None:
    backups = commands.add_group("backups")
    backups.add("list", _("where they go, when the last one was checked, and which there are"), _list)
    to = backups.add("to", _("keep them in another folder, on another disk or share, and make one there now"), _to)
    to.add_argument("folder", type=path, nargs="?", metavar="FOLDER")
    to.add_argument("--beside", action="store_true", help=_("next to the hall's file again"))
    due = backups.add("due", _("make one if it is due, prove it, and remove what the rule no longer keeps"), _due)
    due.add_argument("--now", action="store_true", help=_("also if none is due"))
    due.add_argument("--gently", action="store_true", help=_("as stations do by themselves: alongside other work"))


@contextmanager
def _owners(job: Job) -> Iterator[Database]:
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
    who = sign_in_and_pins.who_acts(desk, job.staff, pin=job.pin(), now=job.now(), proven=job.proven)
    reading.must(desk, who, "backups", job.now())
    with _owners(job) as db:
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
    with _owners(job) as db:
        job.services.backups().choose_folder(db, ask, "" if args.beside else str(args.folder))
    return _made(job, now=True)


def _due(job: Job) -> int:
    return _made(job, now=job.args.now, gently=job.args.gently)


def _made(job: Job, *, now: bool, gently: bool = False) -> int:
    if gently:
        job.must_be_alone("backups due --gently")
        job.services.reports().lower_priority()
    with _owners(job) as db:
        document = job.services.backups().make_due(db, job.now(), at_once=now, gently=gently)
    lines = [_("Backup made and checked: {file}", file=document["made"])] if document["made"] else []
    lines += [_("removed: {file}", file=file) for file in document["removed"]]
    lines += [f"! {row['message']}" for row in document["failed"]]
    job.answer(document, "\n".join(lines) or _("No backup was due."))
    return REFUSED if document["failed"] else DONE


# -- the commands that keep the hall's data: backup, restore, doctor -------------------------------------------------


def add(commands: Listed) -> None:
    """Add backup, restore, doctor, backups, and the commands that export and import days."""
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
    who = sign_in_and_pins.who_acts(desk, job.staff, pin=job.pin(), now=job.now(), proven=job.proven)
    reading.must(desk, who, "backup", job.now())
    reading.must_be_open(desk.db, who)
    if target == job.target():
        network.must_be_own(desk)  # The file would hold this PC's own hall.
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
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.core.network.roles import CONSOLE
    from queuedesk.desk import reading
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import maintenance
    from queuedesk.desk.upkeep.maintenance import restore_on_server

    target = job.owners_target()
    if isinstance(target, Path) and job.services.shares_halls_of(target):
        raise RuleError("main_pc")  # The hall would go on in two places.
    try:
        ask = job.ask()
        reading.must_be_open(job.desk().db, ask.who)
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
    from queuedesk.cli.upkeep.checks import all_checks

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
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.desk.upkeep import maintenance

    target = job.owners_target()
    if isinstance(target, Path) and job.services.shares_halls_of(target):
        raise RuleError("main_pc")
    ask = _mender(job)
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
        done = maintenance.mend_from(backup, target, ask, export=job.args.export)
    else:
        done = maintenance.mend(target, ask)
    return job.answer(document | {"done": True, "copy": done["copy"]}, "\n".join([*lines, *done_lines(done)]))


def _mender(job: Job) -> Ask:
    """Return who mends: where no hall can be read there is nobody who could be asked for a PIN."""
    from queuedesk.core.errors import OutsideError
    from queuedesk.core.network.roles import CONSOLE
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


def _add_exchange(commands: Listed) -> None:
    """Add export and merge."""
    export = commands.add("export", _export)
    export.add_argument("--out", type=path, required=True, metavar="F", help=_("the file"))
    merge = commands.add("merge", _merge)
    merge.add_argument("file", type=path, metavar="F")
    merge.add_argument("--preview", action="store_true", help=_("only say what would come, and what to look at first"))


def _export(job: Job) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.queue import sign_in_and_pins
    from queuedesk.desk.upkeep import maintenance

    who = sign_in_and_pins.who_acts(job.desk(), job.staff, pin=job.pin(), now=job.now(), proven=job.proven)
    reading.must(job.desk(), who, "export", job.now())
    maintenance.export(job.desk(), who, job.args.out, job.now())
    return job.answer({"file": str(job.args.out)}, str(job.args.out))


def _merge(job: Job) -> int:
    from queuedesk.core.errors import OutsideError
    from queuedesk.core.network.roles import CONSOLE
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
