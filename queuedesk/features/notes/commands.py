"""The commands about notes by reference number."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandList, day, plain
from queuedesk.cli.job import Document, calls
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _
from queuedesk.i18n.quality.comment_words import asked_words


def add(commands: CommandList) -> None:
    """Add notes."""
    group = commands.add_group("notes")
    adding = group.add("add", _("keep one"), calls("quality.thanking.add", _line, ref="name"))
    adding.add_argument("name", type=plain, metavar="REF", help=_("the customer's number, of which a digest is kept"))
    adding.add_argument("words", type=plain, metavar="TEXT", help=_("up to 200 characters"))
    adding.add_argument("--until", type=day, metavar="D", help=_("its last day, a year from now if not given"))
    group.add(
        "decline",
        _("say that a customer was asked and wants none"),
        calls("quality.thanking.decline", lambda _done: _("Noted: asked, and none wanted.")),
    )
    showing = group.add(
        "show",
        _("show those on the customer with a number"),
        calls("quality.thanking.notes_for", _line, many="notes", none=lambda: _("No note."), ref="name"),
        reads=ReadScope.WORK,
    )
    showing.add_argument("name", type=plain, metavar="REF")
    group.add("end", _("delete one at once"), calls("quality.thanking.end", lambda _done: _("Deleted."))).add_argument(
        "note", type=plain, metavar="N"
    )
    group.add(
        "list",
        _("show all, and how complete they are"),
        calls("quality.thanking.notes_of", _all),
        reads=ReadScope.LOG,
    )


def _all(found: Document) -> str:
    lines = [_line(row) for row in found["notes"]] or [_("No note.")]
    if found["asked"]:
        lines.append(asked_words(found))
    return "\n".join(lines)


def _line(row: Document) -> str:
    return "  ".join([row["note"], row["reference"], row["until"], row["words"]])
