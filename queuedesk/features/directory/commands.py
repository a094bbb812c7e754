"""The commands about sign-in by a directory."""

from __future__ import annotations

import os

from queuedesk.cli.command_table import CommandList, parse_nonempty_text, parse_path, parse_whole_number
from queuedesk.cli.job import CommandJob, Document, document_fields_formatter
from queuedesk.core.network.roles import ReadScope
from queuedesk.features.directory.rules import USUAL_DAYS
from queuedesk.i18n import _, n_


def register_commands(commands: CommandList) -> None:
    """Add directory."""
    group = commands.add_group("directory")
    group.add_command("show", _("show settings and accounts"), _show_directory, reads=ReadScope.FIGURES)
    setting = group.add_command("set", _("set which one is asked"), _set_directory)
    setting.add_argument("address", type=parse_nonempty_text, metavar="ADDRESS")
    setting.add_argument(
        "--form",
        type=parse_nonempty_text,
        metavar="FORM",
        required=True,
        help=_("its names: {sign}@example.com or a DN", sign="{name}"),
    )
    setting.add_argument("--base", default="", metavar="DN", help=_("where to search"))
    setting.add_argument("--filter", default="", metavar="F", help=_("finds one entry"))
    setting.add_argument("--certificate", type=parse_path, metavar="FILE", help=_("its certificate, as PEM"))
    setting.add_argument(
        "--days",
        type=parse_whole_number,
        default=USUAL_DAYS,
        metavar="N",
        help=_("how long PCs know people without it, {n} if not given", n=USUAL_DAYS),
    )
    group.add_command("off", _("ask none"), _stop_asking_ldap_directory)
    account = group.add_command("account", _("set a person's account"), _set_account)
    account.add_argument("person", type=parse_nonempty_text, metavar="STAFF")
    account.add_argument("account", nargs="?", default="", metavar="ACCOUNT")
    trying = group.add_command("try", _("try an account, with QUEUEDESK_PASSWORD"), _try_directory)
    trying.add_argument("account", type=parse_nonempty_text, metavar="ACCOUNT")
    forgetting = group.add_command("forget", _("forget who signed in at this PC"), _forget_passwords)
    forgetting.add_argument("person", nargs="?", default="", metavar="STAFF")


def _settings_text(found: Document) -> str:
    if not found["address"]:
        return _("This hall asks no directory.")
    return document_fields_formatter("address", "form", "base", "filter", "days")(found)


def _show_directory(job: CommandJob) -> int:
    from queuedesk.features.directory import verbs

    settings, rows = verbs.directory_settings(job.desk()), verbs.staff_with_accounts(job.desk(), job.now())
    line = document_fields_formatter("code", "name", "account", "until")
    lines = [_settings_text(settings), *(line(row) for row in rows if row["account"])]
    return job.print_answer({"directory": settings, "people": rows}, "\n".join(lines))


def _set_directory(job: CommandJob) -> int:
    from queuedesk.features.directory import verbs

    args = job.args
    found = verbs.set_ldap_directory(
        job.desk(),
        job.new_change_ask(),
        args.address,
        args.form,
        base=args.base,
        filter=args.filter,
        certificate="" if args.certificate is None else verbs.certificate_text(args.certificate),
        days=args.days,
    )
    return job.print_answer(found, _settings_text(found))


def _stop_asking_ldap_directory(job: CommandJob) -> int:
    from queuedesk.features.directory import verbs

    found = verbs.remove_directory_setting(job.desk(), job.new_change_ask())
    return job.print_answer(found, _settings_text(found))


def _set_account(job: CommandJob) -> int:
    from queuedesk.features.directory import verbs

    found = verbs.set_account(job.desk(), job.new_change_ask(), job.args.person, job.args.account)
    return job.print_answer(found, document_fields_formatter("code", "account")(found))


def _try_directory(job: CommandJob) -> int:
    from queuedesk.features.directory import verbs
    from queuedesk.features.directory.words import directory_answer_text

    ask = job.new_change_ask()
    typed = os.environ.get("QUEUEDESK_PASSWORD") or job.ask_hidden_input(
        _("Password of {staff}: ", staff=job.args.account)
    )
    found = verbs.try_directory(job.desk(), ask, job.args.account, typed or "")
    job.print_answer(found, directory_answer_text(found))
    return 0 if found["answer"] == verbs.RIGHT else 1


def _forget_passwords(job: CommandJob) -> int:
    from queuedesk.features.directory import verbs

    found = verbs.forget_passwords(job.desk(), job.new_change_ask(), job.args.person)
    n = found["forgotten"]
    return job.print_answer(found, n_("Forgot {n} person at this PC.", "Forgot {n} people at this PC.", n))
