"""The commands about lost property."""

from queuedesk.cli.command_table import CommandList, parse_nonempty_text, parse_path, parse_whole_number
from queuedesk.cli.job import CommandJob, Document, document_fields_formatter, handler_for_function
from queuedesk.cli.this_pc import answer_printed_or_raise, output_file_with_known_ending, print_saved_file_path
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _

FEATURE = "features.lost_property"


def register_commands(commands: CommandList) -> None:
    """Add lost."""
    group = commands.add_group("lost")
    noting = group.add_command(
        "found",
        _("note a thing that was found"),
        handler_for_function(f"{FEATURE}.verbs:record_found_thing", _lost_item_line),
    )
    noting.add_argument("text", type=parse_nonempty_text, metavar="TEXT")
    noting.add_argument("--place", type=parse_nonempty_text, metavar="TEXT", help=_("where it was found"))
    noting.add_argument("--kept", type=parse_nonempty_text, metavar="TEXT", help=_("where it is kept"))
    noting.add_argument("--photo", type=parse_nonempty_text, metavar="FILE", help=_("its picture"))
    noting.add_argument(
        "--when", type=parse_nonempty_text, metavar="TIME", help=_("when it was found today; now if not given")
    )
    shown = handler_for_function(
        f"{FEATURE}.verbs:found_things", _lost_item_line, many="things", none=lambda: _("Nothing is here.")
    )
    listing = group.add_command("list", _("show what is here"), shown, reads=ReadScope.WORK)
    listing.add_argument(
        "--search", type=parse_nonempty_text, metavar="TEXT", help=_("only this number, or what has these words")
    )
    listing.add_argument("--all", dest="everything", action="store_true", help=_("also what is here no more"))
    asking = group.add_command(
        "ask",
        _("note that somebody asks for a thing"),
        handler_for_function(f"{FEATURE}.verbs:record_lost_enquiry", _lost_item_line),
    )
    asking.add_argument("text", type=parse_nonempty_text, metavar="TEXT")
    asking.add_argument("--contact", type=parse_nonempty_text, metavar="CONTACT", help=_("a number or an address"))
    asking.add_argument("--name", type=parse_nonempty_text, metavar="NAME", help=_("who asks"))
    wanted = handler_for_function(
        f"{FEATURE}.verbs:lost_requests", _lost_item_line, many="asked", none=lambda: _("Nobody asks for anything.")
    )
    group.add_command("asked", _("show what people ask for"), wanted, reads=ReadScope.NAMES)
    giving = group.add_command(
        "give", _("give a thing back"), handler_for_function(f"{FEATURE}.verbs:give_back_thing", _lost_item_line)
    )
    giving.add_argument("n", type=parse_whole_number, metavar="N")
    giving.add_argument("--to", dest="name", type=parse_nonempty_text, metavar="NAME", required=True, help=_("to whom"))
    proof = giving.add_mutually_exclusive_group(required=True)
    proof.add_argument("--code", type=parse_nonempty_text, metavar="CODE", help=_("the code on its tag"))
    proof.add_argument("--signed", dest="code", action="store_const", const="", help=_("they signed for it"))
    giving.add_argument("--asked", type=parse_whole_number, metavar="N", help=_("what they had asked for"))
    disposing = group.add_command(
        "dispose",
        _("note that a thing was disposed of"),
        handler_for_function(f"{FEATURE}.verbs:record_disposal", _lost_item_line),
    )
    disposing.add_argument("n", type=parse_whole_number, metavar="N")
    tag = group.add_command("label", _("print the tag of a thing"), _print_tag, reads=ReadScope.WORK)
    tag.add_argument("n", type=parse_whole_number, metavar="N")
    tag.add_argument("--out", metavar="FILE", type=parse_path, help=_("into a .png or .pdf instead"))


def _print_tag(job: CommandJob) -> int:
    from queuedesk.features.lost_property.papers import lost_property_tag

    n, out, paper = job.args.n, output_file_with_known_ending(job), job.services.paper(job.desk(), job.now)
    slip = lost_property_tag(job.desk(), job.now(), n)
    if out is not None:
        return print_saved_file_path(job, paper.save_slip(slip, out))
    return answer_printed_or_raise(job, paper.print_slip(slip), {"n": n})


def _lost_item_line(document: Document) -> str:
    line = document_fields_formatter("n", "date", "text", "code", "place", "kept", "name", "contact")(document)
    matches = ", ".join(map(str, document.get("matches", ())))
    return "  ".join([line, *([_("matches {numbers}", numbers=matches)] if matches else [])])
