"""Commands of paper days: a day entered, tickets to print for the next one."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandList, UsageError, parse_code, parse_path, parse_whole_number
from queuedesk.cli.job import CommandJob
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current_language, list_text, n_


def register_commands(commands: CommandList) -> None:
    """Add them."""
    enter = commands.add_command("enter", _enter_paper_day)
    enter.add_argument("file", type=parse_path, metavar="F.csv|F.xlsx|F.ods")
    paper = commands.add_command("paper-tickets", _write_paper_tickets, reads=ReadScope.HALL)
    paper.add_argument("service", type=parse_code, metavar="SERVICE")
    paper.add_argument("--count", type=parse_whole_number, default=24, metavar="N", help=_("how many, 24 if not given"))
    paper.add_argument(
        "--first",
        type=parse_whole_number,
        metavar="N",
        help=_("the first number; the series' last hundred if not given"),
    )
    paper.add_argument("--out", type=parse_path, required=True, metavar="F.pdf", help=_("the file"))


def _enter_paper_day(job: CommandJob) -> int:
    from queuedesk.features.paper_days.verbs import enter_paper_file
    from queuedesk.features.paper_days.words import actions_by_word

    ask = job.new_change_ask()
    ask.who.require_may("enter")
    document = enter_paper_file(job.desk(), ask, job.args.file, actions_by_word())
    tickets = n_("{n} ticket", "{n} tickets", document["tickets"])
    rows = n_("{n} row", "{n} rows", document["rows"], context="file")
    lines = [_("{date}: {tickets} from {rows} entered.", date=document["date"], tickets=tickets, rows=rows)]
    if document["waiting"]:
        lines.append(_("Now waiting: {tickets}", tickets=list_text(document["waiting"])))
    if document["parked"]:
        lines.append(_("Set aside, to be continued at a window: {tickets}", tickets=list_text(document["parked"])))
    return job.print_answer(document, "\n".join(lines))


def _write_paper_tickets(job: CommandJob) -> int:
    from queuedesk.features.paper_days import papers

    args = job.args
    if args.out.suffix.lower() != ".pdf":
        raise UsageError(_("The file has to end in .pdf."))
    chosen = papers.write_paper_tickets(
        job.setup(), args.service, args.out, count=args.count, first=args.first, lang=current_language(), now=job.now()
    )
    return job.print_answer({"file": str(args.out), "first": chosen[0], "last": chosen[-1]}, str(args.out))
