"""The commands about lost property."""

from queuedesk.cli.command_table import CommandList, number, path, plain
from queuedesk.cli.job import Document, calls, told
from queuedesk.cli.this_pc import prints
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _

FEATURE = "features.lost_property"


def add(commands: CommandList) -> None:
    """Add lost."""
    group = commands.add_group("lost")
    noting = group.add("found", _("note a thing that was found"), calls(f"{FEATURE}.verbs:note", _text))
    noting.add_argument("text", type=plain, metavar="TEXT")
    noting.add_argument("--place", type=plain, metavar="TEXT", help=_("where it was found"))
    noting.add_argument("--kept", type=plain, metavar="TEXT", help=_("where it is kept"))
    noting.add_argument("--photo", type=plain, metavar="FILE", help=_("its picture"))
    noting.add_argument("--when", type=plain, metavar="TIME", help=_("when it was found today; now if not given"))
    shown = calls(f"{FEATURE}.verbs:things", _text, many="things", none=lambda: _("Nothing is here."))
    listing = group.add("list", _("show what is here"), shown, reads=ReadScope.WORK)
    listing.add_argument("--search", type=plain, metavar="TEXT", help=_("only this number, or what has these words"))
    listing.add_argument("--all", dest="everything", action="store_true", help=_("also what is here no more"))
    asking = group.add("ask", _("note that somebody asks for a thing"), calls(f"{FEATURE}.verbs:ask_for", _text))
    asking.add_argument("text", type=plain, metavar="TEXT")
    asking.add_argument("--contact", type=plain, metavar="CONTACT", help=_("a number or an address"))
    asking.add_argument("--name", type=plain, metavar="NAME", help=_("who asks"))
    wanted = calls(f"{FEATURE}.verbs:requests", _text, many="asked", none=lambda: _("Nobody asks for anything."))
    group.add("asked", _("show what people ask for"), wanted, reads=ReadScope.NAMES)
    giving = group.add("give", _("give a thing back"), calls(f"{FEATURE}.verbs:give", _text))
    giving.add_argument("n", type=number, metavar="N")
    giving.add_argument("--to", dest="name", type=plain, metavar="NAME", required=True, help=_("to whom"))
    proof = giving.add_mutually_exclusive_group(required=True)
    proof.add_argument("--code", type=plain, metavar="CODE", help=_("the code on its tag"))
    proof.add_argument("--signed", dest="code", action="store_const", const="", help=_("they signed for it"))
    giving.add_argument("--asked", type=number, metavar="N", help=_("what they had asked for"))
    disposing = group.add("dispose", _("note that a thing was disposed of"), calls(f"{FEATURE}.verbs:dispose", _text))
    disposing.add_argument("n", type=number, metavar="N")
    tag = group.add("label", _("print the tag of a thing"), prints(f"{FEATURE}.papers:tag_of"), reads=ReadScope.WORK)
    tag.add_argument("n", type=number, metavar="N")
    tag.add_argument("--out", metavar="FILE", type=path, help=_("into a .png or .pdf instead"))


def _text(document: Document) -> str:
    line = told("n", "date", "text", "code", "place", "kept", "name", "contact")(document)
    matches = ", ".join(map(str, document.get("matches", ())))
    return "  ".join([line, *([_("matches {numbers}", numbers=matches)] if matches else [])])
