"""The commands about what people come for: where else they could have gone, what they are to be offered and were, and
the directory of places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queuedesk.cli import command_table
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.cli.setup import add_list_command, add_row_commands
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import _, n_
from queuedesk.i18n.talk import offered_channel_word

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup
    from queuedesk.features.why_come.rules import ItemAdvice


def register_commands(commands: command_table.CommandList) -> None:
    """Add items, partner and divert."""
    group = commands.add_group("items")
    advising = group.add_command(
        "advice",
        _("where else they could have gone, and what that would save"),
        _show_where_else_advice,
        reads=ReadScope.FIGURES,
    )
    advising.add_argument(
        "--from", dest="first", type=command_table.parse_date, required=True, metavar="D", help=_("from this date on")
    )
    advising.add_argument(
        "--to", dest="last", type=command_table.parse_date, required=True, metavar="D", help=_("up to this date")
    )
    offering = group.add_command("offer", _("offer another way to who comes for a service"), _set_offered_channel)
    offering.add_argument("service", type=command_table.parse_code, metavar="SERVICE")
    offering.add_argument("to", type=command_table.parse_code, metavar="|".join(CHANNELS))
    offering.add_argument("--no-more", action="store_true", help=_("offer it no more"))
    _add_partner_commands(commands.add_group("partner"))
    _add_divert_command(commands)


def _add_partner_commands(group: command_table.CommandGroup) -> None:
    add_row_commands(group, "partners")
    add_list_command(group, "partners")
    taking = group.add_command("import", _("take the places of a table; none goes"), _import_partners)
    taking.add_argument("file", type=command_table.parse_path, metavar="F.csv|F.xlsx|F.ods")
    giving = group.add_command(
        "export", _("write them as a table; empty, it is a form"), _export_partners, reads=ReadScope.HALL
    )
    giving.add_argument("file", type=command_table.parse_path, metavar="F.csv|F.xlsx")


def _add_divert_command(commands: command_table.CommandList) -> None:
    divert = commands.add_command(
        "divert", handler_for_function("queue.issuing.record_offered_channel", _line_of_one_channel_offer)
    )
    divert.add_argument("service", type=command_table.parse_code, metavar="SERVICE")
    divert.add_argument("--to", type=command_table.parse_code, required=True, metavar="CHANNEL", help=_("where to"))
    divert.add_argument("--declined", action="store_true", help=_("they did not take it"))
    divert.add_argument(
        "--ticket", type=command_table.parse_ticket_number, metavar="T", help=_("their number of today")
    )
    divert.add_argument("--item", type=command_table.parse_code, metavar="ITEM", help=_("what they came for"))


def _show_where_else_advice(job: CommandJob) -> int:
    from queuedesk.features.why_come.rules import advice_document
    from queuedesk.features.why_come.verbs import where_else_advice
    from queuedesk.features.why_come.words import could_have_gone_text

    found = where_else_advice(job.desk(), job.args.first, job.args.last, job.now())
    setup = job.setup()
    lines = [line for one in found.items for line in _item_advice_lines(one, setup, found.days)]
    return job.print_answer(advice_document(found), "\n".join([*lines, could_have_gone_text(found)]))


def _item_advice_lines(one: ItemAdvice, setup: Setup, days: int) -> list[str]:
    from queuedesk.features.why_come.words import came_again_text, item_title, item_verdict_text, visits_by_way_text

    visits = n_("{n} visit", "{n} visits", one.visits)
    minutes = n_("{n} minute at windows", "{n} minutes at windows", round(one.minutes))
    head = "  ".join((item_title(setup, one.name), visits, minutes, came_again_text(one)))
    return [head, f"    {visits_by_way_text(one)}  {item_verdict_text(one, days)}"]


def _set_offered_channel(job: CommandJob) -> int:
    from queuedesk.features.why_come.verbs import switch_channel_offer_of_service
    from queuedesk.i18n.talk import other_channels_sentence

    document = switch_channel_offer_of_service(
        job.desk(), job.new_change_ask(), job.args.service, job.args.to, wanted=not job.args.no_more
    )
    offered = other_channels_sentence(tuple(document["elsewhere"])) or _("nothing is offered")
    return job.print_answer(document, f"{document['service']}  {offered}")


def _line_of_one_channel_offer(document: Document) -> str:
    taken = _("taken", context="offer") if document["accepted"] else _("declined", context="offer")
    return f"{document['service']}  {offered_channel_word(document['to'])}  {taken}"


def _import_partners(job: CommandJob) -> int:
    from queuedesk.features.why_come.verbs import import_partners, read_partners_file
    from queuedesk.features.why_come.words import partner_import_text

    document = import_partners(job.desk(), job.new_change_ask(), read_partners_file(job.args.file, job.setup()))
    return job.print_answer(document, partner_import_text(document))


def _export_partners(job: CommandJob) -> int:
    from queuedesk.features.why_come.papers import write_partners_table_file
    from queuedesk.i18n import current_language

    if job.args.file.suffix.lower() not in (".csv", ".xlsx"):
        raise command_table.UsageError(_("The file has to end in .xlsx or .csv."))
    setup = job.setup()
    write_partners_table_file(setup, job.args.file, current_language(), setup.to_hall_time(job.now()))
    return job.print_answer({"file": str(job.args.file)}, str(job.args.file))
