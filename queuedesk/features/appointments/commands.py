"""The commands about appointments."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli import output
from queuedesk.cli.command_table import CommandList, code, day, number, path, plain, ticket_text
from queuedesk.cli.job import Document, Job, calls
from queuedesk.cli.this_pc import out_file, printed, saved
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, n_, say, time_hm

VERBS = "features.appointments.verbs"


def add(commands: CommandList) -> None:
    """Add appointment, print-appointment."""
    group = commands.add_group("appointment")
    adding = group.add("add", _("make an appointment"), _add)
    adding.add_argument("service", type=code, metavar="SERVICE")
    adding.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    adding.add_argument("--at", type=code, required=True, metavar="TIME", help=_("such as 10:30, on the hall's clock"))
    adding.add_argument("--item", type=code, metavar="I", help=_("what the visitor comes for"))
    adding.add_argument("--class", dest="klass", type=code, metavar="CLASS", help=_("priority class"))
    adding.add_argument("--name", type=plain, metavar="TEXT", help=_("who comes; not in the log"))
    adding.add_argument("--contact", type=plain, metavar="TEXT", help=_("how to reach them; not in the log"))
    adding.add_argument("--print", action="store_true", help=_("print it for the customer"))
    adding.add_argument(
        "--ref", type=plain, metavar="TEXT", help=_("what it refers to elsewhere; kept for good, so no names")
    )
    listing = group.add("list", _("show those of a day"), _list, reads=ReadScope.WORK)
    listing.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    group.add("import", _("make every appointment of a table, or none"), _import).add_argument(
        "file", type=path, metavar="F.csv"
    )
    cancelling = group.add("cancel", _("cancel an appointment"), calls(f"{VERBS}:call_off", _text))
    cancelling.add_argument("number", type=number, metavar="N")
    cancelling.add_argument("--reason", required=True, metavar="R", help=_("why"))
    group.add(
        "arrive", _("give a number to a customer who has come"), calls(f"{VERBS}:arrive", ticket_text)
    ).add_argument("number", type=number, metavar="N")
    printing = commands.add("print-appointment", _print_appointment, reads=ReadScope.NAMES)
    printing.add_argument("number", metavar="N", type=number)
    printing.add_argument("--out", metavar="FILE", type=path, help=_("into a .png or .pdf instead"))


def _add(job: Job) -> int:
    from queuedesk.features.appointments import verbs
    from queuedesk.features.appointments.rules import moment_of

    args = job.args
    on = args.day or job.today()
    wish = verbs.Wish(
        service=args.service,
        at=moment_of(job.setup(), on.isoformat(), args.at),
        item=args.item,
        klass=args.klass,
        ref=args.ref,
        name=args.name or "",
        contact=args.contact or "",
    )
    document = verbs.book(job.desk(), job.ask(), wish)
    if args.print:
        _print(job, document["appointment"])
    return job.answer(document, _text(document))


def _print(job: Job, number: int) -> None:
    """Print the slip; a printer's trouble does not undo the appointment."""
    from queuedesk.features.appointments.papers import slip_of

    done = job.services.paper(job.desk(), job.clock).print_slip(slip_of(job.desk(), job.clock(), number))
    if not done["printed"]:
        output.note(say(done["error"]))


def _list(job: Job) -> int:
    from queuedesk.features.appointments import verbs

    rows = verbs.appointments_of(job.desk(), job.args.day or job.today())
    if job.reader is not None and not job.reader.may_read(ReadScope.NAMES):
        rows = [row | {"name": "", "contact": ""} for row in rows]
    return job.answer({"appointments": rows}, "\n".join(map(_text, rows)) or _("No appointments."))


def _import(job: Job) -> int:
    from queuedesk.features.appointments import verbs

    path = job.args.file
    wishes = verbs.read_wishes(path, job.setup())
    document = verbs.book_all(job.desk(), job.ask(), wishes, path=str(path))
    kept = len(document["booked"])
    return job.answer(document, n_("{n} appointment made.", "{n} appointments made.", kept))


def _text(document: Document) -> str:
    from queuedesk.features.appointments.words import state_word

    parts = (
        str(document["appointment"]),
        document["date"],
        time_hm(datetime.fromisoformat(document["at"])),
        document["service"],
        document["name"],
        document["ref"] or "",
        state_word(document["state"]),
        document["ticket"] or "",
    )
    return "  ".join(part for part in parts if part)


def _print_appointment(job: Job) -> int:
    from queuedesk.features.appointments.papers import slip_of

    n, out = job.args.number, out_file(job)
    paper, slip = job.services.paper(job.desk(), job.now), slip_of(job.desk(), job.now(), n)
    return saved(job, paper.save_slip(slip, out)) if out else printed(job, paper.print_slip(slip), {"appointment": n})
