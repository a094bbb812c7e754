"""The commands that take days out of a hall and into one: export, merge, enter, and paper to work on meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from queuedesk.cli.job import Job
from queuedesk.cli.parser import Commands, UsageError, code, number, path
from queuedesk.core.network.people import Read
from queuedesk.i18n import _, current, listing, n_
from queuedesk.i18n.upkeep.preview_words import merged_lines, merging_lines, note_line

if TYPE_CHECKING:
    from queuedesk.core.network.people import Actor


def add(commands: Commands) -> None:
    """Add them."""
    export = commands.add("export", _("write a hall's log into a file, for another database"), _export)
    export.add_argument("--out", type=path, required=True, metavar="F", help=_("the file"))
    merge = commands.add("merge", _("add an exported log to this database"), _merge)
    merge.add_argument("file", type=path, metavar="F")
    merge.add_argument("--preview", action="store_true", help=_("only say what would come, and what to look at first"))
    enter = commands.add("enter", _("put in a day that was kept on paper"), _enter)
    enter.add_argument("file", type=path, metavar="FILE.csv")
    paper = commands.add(
        "paper-tickets", _("numbered tickets and a form, to print for a day on paper"), _paper_tickets, reads=Read.HALL
    )
    paper.add_argument("service", type=code, metavar="SERVICE")
    paper.add_argument("--count", type=number, default=24, metavar="N", help=_("how many, 24 if not given"))
    paper.add_argument(
        "--first", type=number, metavar="N", help=_("the first number; the series' last hundred if not given")
    )
    paper.add_argument("--out", type=path, required=True, metavar="F.pdf", help=_("the file"))


def _export(job: Job) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.queue import signing
    from queuedesk.desk.upkeep import exchange

    who = signing.who_acts(job.desk(), job.staff, pin=job.pin(), now=job.now())
    reading.must(job.desk(), who, "export", job.now())
    exchange.export(job.desk(), who, job.args.out, job.now())
    return job.answer({"file": str(job.args.out)}, str(job.args.out))


def _merge(job: Job) -> int:
    from queuedesk.core.errors import OutsideError
    from queuedesk.core.network.people import CONSOLE
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import exchange

    target, words = job.owners_target(), job.words()
    try:
        if job.hall_code is None:
            job.args.hall = exchange.deciding_hall(job.args.file, target)
        who = job.ask().who
    except OutsideError as error:
        # Where no hall can be read there is nobody who could be asked for a PIN.
        if error.code != "database_missing":
            raise
        who = CONSOLE
    if job.args.preview:
        return _preview(job, target, who)
    if isinstance(target, Path) and job.named_target() is None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(target)) from error
    document = exchange.merge(job.args.file, target, Ask(who, job.now(), getattr(job.args, "id", None), words))
    return job.answer(document, "\n".join(merged_lines(document)))


def _preview(job: Job, target: Path | str, who: Actor) -> int:
    from queuedesk.desk.upkeep import previewing

    document = previewing.merging(job.args.file, target, who, job.now())
    lines = []
    for row in document["halls"]:
        lines += merging_lines(row)
        lines += [f"! {note_line(row['hall'], note)}" for note in row["notes"]]
    lines.append(_("Nothing was changed."))
    return job.answer(document, "\n".join(lines))


def _enter(job: Job) -> int:
    from queuedesk.sim import paper

    ask = job.ask()
    ask.who.must("enter")
    document = paper.enter_file(job.desk(), ask, job.args.file)
    tickets = n_("{n} ticket", "{n} tickets", document["tickets"])
    rows = n_("{n} row", "{n} rows", document["rows"], context="file")
    lines = [_("{date}: {tickets} from {rows} put in.", date=document["date"], tickets=tickets, rows=rows)]
    if document["waiting"]:
        lines.append(_("Now waiting: {tickets}", tickets=listing(document["waiting"])))
    if document["parked"]:
        lines.append(_("Put aside, for a clerk to take back: {tickets}", tickets=listing(document["parked"])))
    return job.answer(document, "\n".join(lines))


def _paper_tickets(job: Job) -> int:
    from queuedesk.reports.papers import paper_tickets

    args = job.args
    if args.out.suffix.lower() != ".pdf":
        raise UsageError(_("The file has to end in .pdf."))
    chosen = paper_tickets.write(
        job.setup(), args.service, args.out, count=args.count, first=args.first, lang=current(), now=job.now()
    )
    return job.answer({"file": str(args.out), "first": chosen[0], "last": chosen[-1]}, str(args.out))
