"""The command that sets this PC up from a file, and what `doctor` says of it and of the rights on a server."""

from __future__ import annotations

import sys

from queuedesk.cli.command_table import CommandList, UsageError, parse_code, parse_nonempty_text, parse_path
from queuedesk.cli.job import CommandJob, Document
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.features.rollout import verbs
from queuedesk.features.rollout.rules import PcDifference
from queuedesk.features.rollout.verbs import ThisPc
from queuedesk.features.rollout.words import difference_text, differences_text, missing_rights_lines
from queuedesk.i18n import _, error_sentence
from queuedesk.store.engine.address import is_server_address
from queuedesk.store.engine.database import Database

LONGEST_CODE = 100
"""Of the line in which a join code comes."""
OF_THE_HALL = ("pc_file_window_unknown", "pc_file_not_here")


def register_commands(commands: CommandList) -> None:
    """Add install."""
    install = commands.add_command("install", _set_up_or_compare)
    install.add_argument(
        "--from",
        dest="file",
        type=parse_path,
        required=True,
        metavar="F.toml",
        help=_("the file; a join code comes on standard input"),
    )
    install.add_argument("--name", type=parse_nonempty_text, metavar="TEXT", help=_("what the hall calls this PC"))
    install.add_argument("--window", type=parse_code, metavar="W", help=_("its window"))
    install.add_argument("--check", action="store_true", help=_("only say what would change"))


def _set_up_or_compare(job: CommandJob) -> int:
    job.require_own_process("install")
    args, pc = job.args, this_pc(job)
    if job.stated_database_address() is not None:
        raise UsageError(_("The file names the main PC; please leave out --db."))
    file = verbs.read_pc_file(args.file, pc.printers, name=args.name or "", window=args.window or "")
    try:
        if args.check:
            found = verbs.pc_differences(file, pc)
            if found and not verbs.needs_joining(file, pc):
                verbs.require_pc_file_fits_hall(file, pc)
            return _answer_differences(job, found, done=False)
        code = _read_join_code(job) if verbs.needs_joining(file, pc) else ""
        return _answer_differences(job, verbs.set_up_pc(file, pc, code), done=True)
    except RuleError as refusal:
        if refusal.code in OF_THE_HALL:
            job.desk()  # the sentence has the hall's word for a window
        raise


def this_pc(job: CommandJob) -> ThisPc:
    services = job.services
    return ThisPc(
        choices=services.switches(),
        settings=services.this_pc(),
        printers=services.printers(),
        joining=services.joining,
        joined_at=services.joined_at,
        hall=lambda: (job.hall_file_or_address(), job.hall_code),
    )


def _read_join_code(job: CommandJob) -> str:
    """Return the code of standard input, asked for at a terminal; "" where there is none."""
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        return (job.ask_hidden_input(_("Join code: ")) or "").strip()
    try:
        return sys.stdin.readline(LONGEST_CODE).strip()
    except UnicodeDecodeError as error:
        raise RuleError("not_a_code", code="?") from error


def _answer_differences(job: CommandJob, found: list[PcDifference], *, done: bool) -> int:
    document = {"done": done, "changes": [_pc_difference_document(one) for one in found]}
    if not found:
        return job.print_answer(document, _("Nothing changes: this PC is as the file says."))
    first = _("This PC is set up:") if done else _("This would change:")
    return job.print_answer(document, "\n".join([first, *(difference_text(one) for one in found)]))


def _pc_difference_document(one: PcDifference) -> Document:
    return {"key": one.key, "now": one.now or None, "wanted": one.wanted or None}


def doctor_checks(job: CommandJob) -> list[dict[str, str]]:
    return [*_checks_of_pc_against_file(job), *_missing_server_right_checks(job)]


def _missing_server_right_checks(job: CommandJob) -> list[dict[str, str]]:
    """Return a line for each right that a role of the hall's server lacks; nothing where the server can't be asked, or
    its address not read, which other checks tell."""
    try:
        target = job.hall_file_or_address_for_owner()
        if not is_server_address(target):
            return []
        with Database.open(target, patience_s=0) as db:
            lines = missing_rights_lines(verbs.statements_for_missing_rights(db))
    except QueueDeskError:
        return []
    return [
        {"name": "server_rights", "status": "ok" if is_good else "failed", "message": text} for text, is_good in lines
    ]


def _checks_of_pc_against_file(job: CommandJob) -> list[dict[str, str]]:
    """Return whether this PC is as the file says from which it was set up last; nothing where it never was."""
    try:
        file = verbs.stored_pc_file(job.services.switches())
        if file is None:
            return []
        found = verbs.pc_differences(file, this_pc(job))  # Its screens are known to Qt, which takes long to load.
    except QueueDeskError as error:
        return [_document_of_check("warning", error_sentence(error))]
    if not found:
        return [_document_of_check("ok", _("This PC is as its set-up file says."))]
    text = _("This PC is not as its set-up file says: {what}.", what=differences_text(found))
    return [_document_of_check("warning", text)]


def _document_of_check(status: str, message: str) -> dict[str, str]:
    return {"name": "set-up file", "status": status, "message": message}
