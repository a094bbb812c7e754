"""The commands about lost property."""

from functools import partial

from queuedesk.cli.command_table import CommandList, parse_nonempty_text, parse_path, parse_whole_number
from queuedesk.cli.job import Document, document_fields_formatter, handler_for_function
from queuedesk.cli.this_pc import handler_for_slip
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _

VERBS = "features.lost_property.verbs"


def register_commands(commands: CommandList) -> None:
    """Add lost."""
    group, handler = commands.add_group("lost"), partial(handler_for_function, line=_lost_item_line)
    noting = group.add_command("found", _("note a thing that was found"), handler(f"{VERBS}:note_thing"))
    noting.add_argument("text", type=parse_nonempty_text, metavar="TEXT")
    noting.add_argument("--place", type=parse_nonempty_text, metavar="TEXT", help=_("where it was found"))
    noting.add_argument("--kept", type=parse_nonempty_text, metavar="TEXT", help=_("where it is kept"))
    noting.add_argument("--photo", type=parse_nonempty_text, metavar="FILE", help=_("its picture"))
    noting.add_argument(
        "--when", type=parse_nonempty_text, metavar="TIME", help=_("when it was found today; now if not given")
    )
    shown = handler(f"{VERBS}:found_things", many="things", none=lambda: _("Nothing is here."))
    listing = group.add_command("list", _("show what is here"), shown, reads=ReadScope.WORK)
    listing.add_argument(
        "--search", type=parse_nonempty_text, metavar="TEXT", help=_("only this number, or what has these words")
    )
    listing.add_argument("--all", dest="everything", action="store_true", help=_("also what is here no more"))
    asking = group.add_command("ask", _("note that somebody asks for a thing"), handler(f"{VERBS}:note_enquiry"))
    asking.add_argument("text", type=parse_nonempty_text, metavar="TEXT")
    asking.add_argument("--contact", type=parse_nonempty_text, metavar="CONTACT", help=_("a number or an address"))
    asking.add_argument("--name", type=parse_nonempty_text, metavar="NAME", help=_("who asks"))
    wanted = handler(f"{VERBS}:enquiries", many="asked", none=lambda: _("Nobody asks for anything."))
    group.add_command("asked", _("show what people ask for"), wanted, reads=ReadScope.NAMES)
    giving = group.add_command("give", _("give a thing back"), handler(f"{VERBS}:give_back"))
    giving.add_argument("n", type=parse_whole_number, metavar="N")
    giving.add_argument("--to", dest="name", type=parse_nonempty_text, metavar="NAME", required=True, help=_("to whom"))
    proof = giving.add_mutually_exclusive_group(required=True)
    proof.add_argument("--code", type=parse_nonempty_text, metavar="CODE", help=_("the code on its tag"))
    proof.add_argument("--signed", dest="code", action="store_const", const="", help=_("they signed for it"))
    giving.add_argument("--asked", type=parse_whole_number, metavar="N", help=_("what they had asked for"))
    disposing = group.add_command("dispose", _("note that a thing was disposed of"), handler(f"{VERBS}:dispose"))
    disposing.add_argument("n", type=parse_whole_number, metavar="N")
    printed = handler_for_slip("features.lost_property.papers:lost_property_tag")
    tag = group.add_command("label", _("print the tag of a thing"), printed, reads=ReadScope.WORK)
    tag.add_argument("n", type=parse_whole_number, metavar="N")
    tag.add_argument("--out", metavar="FILE", type=parse_path, help=_("into a .png or .pdf instead"))


def _lost_item_line(document: Document) -> str:
    line = document_fields_formatter("n", "date", "text", "code", "place", "kept", "name", "contact")(document)
    matches = ", ".join(map(str, document.get("matches", ())))
    return "  ".join([line, *([_("matches {numbers}", numbers=matches)] if matches else [])])
