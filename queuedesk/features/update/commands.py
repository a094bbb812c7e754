"""The commands that change this PC to a new version, and say whose versions it accepts."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from queuedesk.cli import output
from queuedesk.cli.command_table import CommandList, UsageError, parse_nonempty_text, parse_path
from queuedesk.cli.job import CommandJob
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.features.update import verbs
from queuedesk.features.update.verbs import changing
from queuedesk.features.update.words import newer_hall_text, update_done_text, update_step_text, version_lines
from queuedesk.i18n import _, error_sentence

if TYPE_CHECKING:
    from queuedesk.store.engine.database import Database


def register_commands(commands: CommandList) -> None:
    """Add update and update-key."""
    update = commands.add_command("update", _update_program)
    update.add_argument("folder", type=parse_path, nargs="?", metavar="FOLDER", help=_("folder with the new version"))
    update.add_argument("--back", action="store_true", help=_("to the version before"))
    update.add_argument(
        "--try",
        dest="trial",
        action="store_true",
        help=_("report what this version finds in the hall, for another one to compare"),
    )
    keys = commands.add_group("update-key")
    make = keys.add_command("make", _("make a key that signs versions"), _make_key)
    make.add_argument("file", type=parse_path, metavar="F", help=_("file for the private half"))
    trust = keys.add_command("trust", _("accept what a key signed"), _trust_key)
    trust.add_argument("file", type=parse_path, metavar="F", help=_("its public half"))
    forget = keys.add_command("forget", _("accept it no longer"), _forget_key)
    forget.add_argument("name", type=parse_nonempty_text, metavar="NAME")


def _update_program(job: CommandJob) -> int:
    args = job.args
    if (args.folder is not None) + args.back + args.trial > 1:
        raise UsageError(_("Please name a folder, or --back."))
    if args.trial:
        return _run_trial_of_this_version(job)
    if args.folder is None and not args.back:
        return _show_version(job)
    job.require_own_process("update")
    _require_admin(job)
    target = job.hall_file_or_address()
    job.close()  # Windows replaces no file that is open.
    if args.back:
        done = changing.go_to_previous_version(target, job.now())
    else:

        def tell(step: str) -> None:
            if not job.is_json_wanted:
                output.print_sentence_to_stderr(update_step_text(step))

        done = changing.change_to_version(args.folder, target, job.now(), lambda: _back_up(job), tell)
    return job.print_answer(done, update_done_text(done))


def _require_admin(job: CommandJob) -> None:
    """Let an admin alone change the program; where no hall can be read there is nobody who could be asked for a PIN."""
    try:
        job.new_change_ask().who.require_may("set-up")
    except OutsideError as error:
        if error.code not in ("database_missing", "database_newer"):
            raise


def _open_hall_database_or_none(job: CommandJob) -> Database | nullcontext[None]:
    from queuedesk.store.engine.database import Database

    try:
        return Database.open(job.hall_file_or_address())
    except QueueDeskError:
        return nullcontext()


def _show_version(job: CommandJob) -> int:
    """Say which version this is, also where it can't read the hall."""
    from queuedesk.store.engine.database import Database

    is_newer, sentences = False, []
    try:
        with Database.open(job.hall_file_or_address()) as db:
            is_newer = changing.is_hall_newer(db)
    except QueueDeskError as error:
        if error.code == "database_newer":
            sentences = [error_sentence(error)]
    state = changing.version_state(is_newer=is_newer)
    lines = [*version_lines(state), *sentences]
    return job.print_answer(state | {"newer": is_newer or bool(sentences)}, "\n".join(lines))


def version_check_warnings(job: CommandJob) -> list[dict[str, str]]:
    """Return a warning where the hall is newer than this program."""
    with _open_hall_database_or_none(job) as db:
        is_newer = changing.is_hall_newer(db)
    return [{"name": "version", "status": "warning", "message": newer_hall_text()}] if is_newer else []


def _hall_address_as_owner(job: CommandJob) -> Path | str:
    """Return the hall as this PC opens it as owner, if it may, also where the hall is named as this PC joined it."""
    target = job.hall_file_or_address()
    is_own = isinstance(target, str) and target == job.services.own_hall()[0]
    return (job.services.owners_address() if is_own else None) or job.hall_file_or_address_for_owner()


def _back_up(job: CommandJob) -> Path | None:
    """Make a proven backup, but for a simulated hall, and on a PC that joined one."""
    from queuedesk.store.engine.database import Database

    try:
        with Database.open(_hall_address_as_owner(job)) as db:
            made = job.services.backups().make_due_backup(db, job.now(), at_once=True, gently=False)
    except QueueDeskError as error:
        if error.code not in ("simulated", "not_this_pc"):
            raise
        return None
    if not made["made"]:
        raise OutsideError(made["failed"][0]["code"], path=made["failed"][0]["folder"])
    return Path(made["made"])


def _run_trial_of_this_version(job: CommandJob) -> int:
    from queuedesk.cli.upkeep import doctor_check_results, hall_check_results
    from queuedesk.store.engine.database import Database

    results = hall_check_results if os.environ.get(changing.HALL_ALONE) else doctor_check_results
    try:  # First, as it may change the tables, which another login than the owner's can't.
        db = Database.open(_hall_address_as_owner(job))
    except OutsideError as error:
        if error.code != "database_missing":
            raise
        db = None
    with db or nullcontext():
        # To open no windows is a warning to a PC without a screen, and the end of a version that could before.
        failed = [
            check["name"]
            for check in results(job, kept=False)
            if check["status"] == "failed" or (check["name"] == "screen" and check["status"] != "ok")
        ]
        answer = changing.trial_report(db, failed, job.now())
    return job.print_answer(answer, ", ".join(failed) or _("All is well"))


# -- keys --------------------------------------------------------------------------------------------------------------


def _make_key(job: CommandJob) -> int:
    _require_admin(job)
    public = verbs.write_signing_key_pair(job.args.file)
    try:
        name = verbs.trust_key(public)
    except QueueDeskError:  # Nobody was told of these keys, and they would be in the way of the next try.
        for half in (job.args.file, public):
            half.unlink(missing_ok=True)
        raise
    lines = [
        _(
            "{path} signs versions: keep it where nobody else gets at it, and a copy on another stick.",
            path=job.args.file,
        ),
        _("{path} goes to every PC that is to accept them.", path=public),
    ]
    document = {"private": str(job.args.file), "public": str(public), "name": name}
    return job.print_answer(document, "\n".join(lines))


def _trust_key(job: CommandJob) -> int:
    _require_admin(job)
    name = verbs.trust_key(job.args.file)
    mark = verbs.fingerprint(verbs.trusted_keys()[name])
    return job.print_answer({"name": name, "fingerprint": mark}, f"{name}  {mark}")


def _forget_key(job: CommandJob) -> int:
    _require_admin(job)
    verbs.forget_key(job.args.name)
    return job.print_answer({"name": job.args.name}, job.args.name)
