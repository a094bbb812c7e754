"""The commands of figures for others."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandList, Commands, UsageError, parse_nonempty_text, parse_path
from queuedesk.cli.job import CommandJob, Document, document_fields_formatter, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current_language

FEATURE = "features.open_figures"


def add(commands: CommandList) -> None:
    """Add open-figures."""
    group = commands.add_group("open-figures")
    group.add("views", _("show the views, with their columns"), _list_views, reads=ReadScope.FIGURES)
    description = group.add(
        "describe", _("save the page that describes the views"), _save_description, reads=ReadScope.FIGURES
    )
    description.add_argument("--out", type=parse_path, required=True, metavar="F", help=_("a file that ends in .html"))
    copy = group.add(
        "copy",
        _("save the rows of the views as an SQLite file that holds nothing else"),
        _save_copy,
        reads=ReadScope.FIGURES,
    )
    copy.add_argument("--out", type=parse_path, required=True, metavar="F", help=_("a file that ends in .sqlite"))
    _add_logins(group)


def _add_logins(group: Commands) -> None:
    adding = group.add(
        "add-login",
        _("make a login of a server that reads the views and nothing else"),
        handler_for_function(f"{FEATURE}.verbs:add_reading_login", document_fields_formatter("address", "password")),
    )
    adding.add_argument("name", type=parse_nonempty_text, metavar="NAME", help=_("who or what reads"))
    listed = handler_for_function(
        f"{FEATURE}.verbs:reading_logins",
        document_fields_formatter("login", "name", "by", "made"),
        many="logins",
        none=lambda: _("There is no login."),
    )
    group.add("logins", _("show these logins"), listed, reads=ReadScope.FIGURES)
    removing = group.add(
        "remove-login",
        _("remove such a login, and end its connections"),
        handler_for_function(f"{FEATURE}.verbs:remove_reading_login", document_fields_formatter("login")),
    )
    removing.add_argument("login", type=parse_nonempty_text, metavar="LOGIN")


def _view_text(view: Document) -> str:
    lines = [f"{view['view']}  {view['about']}"]
    return "\n".join([*lines, *(f"  {one['column']}  {one['about']}" for one in view["columns"])])


def _list_views(job: CommandJob) -> int:
    from queuedesk.features.open_figures.papers import remake_views_if_due
    from queuedesk.features.open_figures.verbs import described_views

    desk, ask = job.desk(), job.ask(None)
    remake_views_if_due(desk, ask)
    views = described_views(desk, ask, current_language())
    return job.answer({"views": views}, "\n\n".join(map(_view_text, views)))


def _save_description(job: CommandJob) -> int:
    from queuedesk.features.open_figures.papers import save_description

    out = job.args.out
    if out.suffix.lower() != ".html":
        raise UsageError(_("The file has to end in .html."))
    return _saved(job, save_description(job.desk(), job.ask(None), out, current_language()))


def _save_copy(job: CommandJob) -> int:
    from queuedesk.features.open_figures.papers import remake_views_if_due
    from queuedesk.features.open_figures.verbs import save_views_as_file

    out = job.args.out
    if out.suffix.lower() != ".sqlite":
        raise UsageError(_("The file has to end in .sqlite."))
    desk, ask = job.desk(), job.ask(None)
    remake_views_if_due(desk, ask)
    return _saved(job, save_views_as_file(desk, ask, out))


def _saved(job: CommandJob, document: Document) -> int:
    return job.answer(document, str(document["file"]))
