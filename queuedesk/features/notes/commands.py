"""The commands about notes by reference number."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandList, parse_date, parse_nonempty_text
from queuedesk.cli.job import Document, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _
from queuedesk.i18n.quality import asked_note_share_text


def register_commands(commands: CommandList) -> None:
    """Add notes."""
    group = commands.add_group("notes")
    adding = group.add_command(
        "add", _("keep one"), handler_for_function("quality.thanking.add_customer_note", _note_row_text, ref="name")
    )
    adding.add_argument(
        "name", type=parse_nonempty_text, metavar="REF", help=_("the customer's number, of which a digest is kept")
    )
    adding.add_argument("words", type=parse_nonempty_text, metavar="TEXT", help=_("up to 200 characters"))
    adding.add_argument("--until", type=parse_date, metavar="D", help=_("its last day, a year from now if not given"))
    group.add_command(
        "decline",
        _("say that a customer was asked and wants none"),
        handler_for_function(
            "quality.thanking.record_customer_declined_note", lambda _done: _("Noted: asked, and none wanted.")
        ),
    )
    showing = group.add_command(
        "show",
        _("show those on the customer with a number"),
        handler_for_function(
            "quality.thanking.customer_notes_for_reference",
            _note_row_text,
            many="notes",
            none=lambda: _("No note."),
            ref="name",
        ),
        reads=ReadScope.WORK,
    )
    showing.add_argument("name", type=parse_nonempty_text, metavar="REF")
    group.add_command(
        "end",
        _("delete one at once"),
        handler_for_function("quality.thanking.delete_note_about_customer", lambda _done: _("Deleted.")),
    ).add_argument("note", type=parse_nonempty_text, metavar="N")
    group.add_command(
        "list",
        _("show all, and how complete they are"),
        handler_for_function("quality.thanking.all_notes_about_customers", _notes_text),
        reads=ReadScope.LOG,
    )


def _notes_text(found: Document) -> str:
    lines = [_note_row_text(row) for row in found["notes"]] or [_("No note.")]
    if found["asked"]:
        lines.append(asked_note_share_text(found))
    return "\n".join(lines)


def _note_row_text(row: Document) -> str:
    return "  ".join([row["note"], row["reference"], row["until"], row["words"]])
