"""The commands of figures for others."""

from __future__ import annotations

from datetime import timedelta

from queuedesk.cli.command_table import (
    CommandGroup,
    CommandList,
    UsageError,
    parse_date,
    parse_nonempty_text,
    parse_path,
)
from queuedesk.cli.job import CommandJob, Document, document_fields_formatter, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current_language

FEATURE = "features.open_figures"


def register_commands(commands: CommandList) -> None:
    """Add open-figures."""
    group = commands.add_group("open-figures")
    group.add_command("views", _("show the views and their columns"), _list_views, reads=ReadScope.FIGURES)
    description = group.add_command(
        "describe", _("save a page that describes them"), _save_description, reads=ReadScope.FIGURES
    )
    description.add_argument("--out", type=parse_path, required=True, metavar="F", help=_("a file that ends in .html"))
    copy = group.add_command("copy", _("save their rows as an SQLite file"), _save_views_copy, reads=ReadScope.FIGURES)
    copy.add_argument("--out", type=parse_path, required=True, metavar="F", help=_("a file that ends in .sqlite"))
    _add_login_commands(group)
    _add_day_commands(group)


def _add_login_commands(group: CommandGroup) -> None:
    adding = group.add_command("add-login", _("make a login that reads only the views"), _add_login)
    adding.add_argument("name", type=parse_nonempty_text, metavar="NAME")
    listed = handler_for_function(
        f"{FEATURE}.verbs:reading_logins",
        document_fields_formatter("login", "name", "by", "made"),
        many="logins",
        none=lambda: _("There is no login."),
    )
    group.add_command("logins", _("show these logins"), listed, reads=ReadScope.FIGURES)
    removing = group.add_command("remove-login", _("remove a login"), _remove_login)
    removing.add_argument("login", type=parse_nonempty_text, metavar="LOGIN")


def _add_login(job: CommandJob) -> int:
    from queuedesk.features.open_figures.verbs import add_reading_login

    document = add_reading_login(job.desk(), job.new_change_ask(), job.args.name)
    return job.print_answer(document, document_fields_formatter("address", "password")(document))


def _remove_login(job: CommandJob) -> int:
    from queuedesk.features.open_figures.verbs import remove_reading_login

    document = remove_reading_login(job.desk(), job.new_change_ask(), job.args.login)
    return job.print_answer(document, document_fields_formatter("login")(document))


def _add_day_commands(group: CommandGroup) -> None:
    publishing = group.add_command(
        "day", _("save a day for everybody, and a program to check it"), _publish_day, reads=ReadScope.LOG
    )
    publishing.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("yesterday if not given"))
    publishing.add_argument("--out", type=parse_path, required=True, metavar="F", help=_("a file that ends in .jsonl"))
    checking = group.add_command(
        "check-day",
        _("compare such a day with the log"),
        handler_for_function(f"{FEATURE}.papers:check_published_day", _all_lines_checked_text),
        reads=ReadScope.LOG,
    )
    checking.add_argument("file", type=parse_path, metavar="F")


def _all_lines_checked_text(document: Document) -> str:
    return _("All {n} lines are as the log says.", n=document["events"])


def _publish_day(job: CommandJob) -> int:
    from queuedesk.features.open_figures.papers import DAY_ENDING, publish_day

    out = job.args.out
    if out.suffix.lower() != DAY_ENDING:
        raise UsageError(_("The file has to end in .jsonl."))
    day = job.args.day or job.today() - timedelta(days=1)
    document = publish_day(job.desk(), job.new_change_ask(None), day, out, current_language())
    return job.print_answer(document, f"{document['file']}\n{document['program']}\n{document['digest']}")


def _open_data_view_text(view: Document) -> str:
    lines = [f"{view['view']}  {view['about']}"]
    return "\n".join([*lines, *(f"  {one['column']}  {one['about']}" for one in view["columns"])])


def _list_views(job: CommandJob) -> int:
    from queuedesk.features.open_figures.papers import remake_views_if_due
    from queuedesk.features.open_figures.verbs import described_views

    desk, ask = job.desk(), job.new_change_ask(None)
    remake_views_if_due(desk, ask)
    views = described_views(desk, ask, current_language())
    return job.print_answer({"views": views}, "\n\n".join(map(_open_data_view_text, views)))


def _save_description(job: CommandJob) -> int:
    from queuedesk.features.open_figures.papers import save_views_description

    out = job.args.out
    if out.suffix.lower() != ".html":
        raise UsageError(_("The file has to end in .html."))
    return _answer_saved_file(
        job, save_views_description(job.desk(), job.new_change_ask(None), out, current_language())
    )


def _save_views_copy(job: CommandJob) -> int:
    from queuedesk.features.open_figures.papers import remake_views_if_due
    from queuedesk.features.open_figures.verbs import save_views_as_file

    out = job.args.out
    if out.suffix.lower() != ".sqlite":
        raise UsageError(_("The file has to end in .sqlite."))
    desk, ask = job.desk(), job.new_change_ask(None)
    remake_views_if_due(desk, ask)
    return _answer_saved_file(job, save_views_as_file(desk, ask, out))


def _answer_saved_file(job: CommandJob, document: Document) -> int:
    return job.print_answer(document, str(document["file"]))
