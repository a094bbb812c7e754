"""The commands about forums with customers."""

from __future__ import annotations

from datetime import date

from queuedesk.cli.command_table import CommandList, parse_code, parse_date, parse_nonempty_text, parse_whole_number
from queuedesk.cli.job import Document, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, date_short, n_
from queuedesk.i18n.quality import case_state_word


def register_commands(commands: CommandList) -> None:
    """Add forum."""
    group = commands.add_group("forum")
    adding = group.add_command(
        "add",
        _("note one that was held"),
        handler_for_function("features.forums.verbs:add_forum", _forum_text, about="text", issues="words"),
    )
    adding.add_argument("day", type=parse_date, metavar="D")
    adding.add_argument("attendees", type=parse_whole_number, metavar="N")
    adding.add_argument("--about", dest="text", type=parse_nonempty_text, metavar="TEXT", help=_("what it was about"))
    adding.add_argument(
        "--issue",
        dest="words",
        type=parse_nonempty_text,
        action="append",
        default=[],
        metavar="TEXT",
        help=_("what was said; repeat it"),
    )
    issue = group.add_command(
        "issue", _("add what was said"), handler_for_function("features.forums.verbs:add_forum_issue", _forum_text)
    )
    issue.add_argument("seq", type=parse_whole_number, metavar="N")
    issue.add_argument("words", type=parse_nonempty_text, metavar="TEXT")
    case = group.add_command(
        "case",
        _("open a case of what was said"),
        handler_for_function("features.forums.verbs:open_case_of_issue", _forum_text),
    )
    case.add_argument("seq", type=parse_whole_number, metavar="N")
    case.add_argument("issue", type=parse_whole_number, metavar="ISSUE")
    case.add_argument(
        "--class",
        dest="klass",
        type=parse_nonempty_text,
        metavar="CLASS",
        help=_("its class; a complaint if not given"),
    )
    case.add_argument("--owner", type=parse_code, metavar="STAFF", help=_("who has it"))
    listing = group.add_command(
        "list",
        _("show all"),
        handler_for_function(
            "features.forums.verbs:forums_between", _forum_text, many="forums", none=lambda: _("No forums.")
        ),
        reads=ReadScope.FIGURES,
    )
    listing.add_argument("--from", dest="first", type=parse_date, metavar="D", help=_("from this date on"))
    listing.add_argument("--to", dest="last", type=parse_date, metavar="D", help=_("until this date"))
    group.add_command(
        "show",
        _("show one"),
        handler_for_function("features.forums.verbs:existing_forum_document", _forum_text),
        reads=ReadScope.FIGURES,
    ).add_argument("seq", type=parse_whole_number, metavar="N")


def _forum_text(document: Document) -> str:
    if "issues" not in document:  # an id that is given again
        return str(document["forum"])
    came = n_("{n} came", "{n} came", document["attendees"], context="forum")
    head = [str(document["forum"]), date_short(date.fromisoformat(document["date"])), came, document["about"] or ""]
    lines = ["  ".join(part for part in head if part)]
    for issue in document["issues"]:
        state = case_state_word(issue["state"]) if issue["state"] else ""
        parts = [f"  {issue['n']}", issue["words"] or "–", issue["case"] or "", state]
        lines.append("  ".join(part for part in parts if part))
    return "\n".join(lines)
