"""The commands of appointments: keep a time, see them, take a file of them, free one, give a number to who comes."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli import output
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Commands, code, day, number, path, plain
from queuedesk.cli.wording import ticket_text
from queuedesk.core.network.people import Read
from queuedesk.i18n import _, n_, say, time_hm
from queuedesk.i18n.talk.talk_words import appointment_state


def add(commands: Commands) -> None:
    """Add the group `appointment`."""
    group = commands.add_group("appointment", _("times kept for customers"))
    adding = group.add("add", _("keep a time"), _add)
    adding.add_argument("service", type=code, metavar="SERVICE")
    adding.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    adding.add_argument("--at", type=code, required=True, metavar="TIME", help=_("such as 10:30, on the hall's clock"))
    adding.add_argument("--item", type=code, metavar="I", help=_("what the visitor comes for"))
    adding.add_argument("--class", dest="klass", type=code, metavar="CLASS", help=_("priority class"))
    adding.add_argument("--name", type=plain, metavar="TEXT", help=_("who comes; not in the log"))
    adding.add_argument("--contact", type=plain, metavar="TEXT", help=_("how to reach them; not in the log"))
    adding.add_argument("--print", action="store_true", help=_("print it for the customer"))
    adding.add_argument("--ref", type=plain, metavar="TEXT", help=_("what it refers to elsewhere"))
    listing = group.add("list", _("show those of a day"), _list, reads=Read.WORK)
    listing.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    group.add("import", _("keep every time of a table, or none"), _import).add_argument(
        "file", type=path, metavar="F.csv"
    )
    cancelling = group.add("cancel", _("free a time that is not wanted any more"), _cancel)
    cancelling.add_argument("number", type=number, metavar="N")
    cancelling.add_argument("--reason", required=True, metavar="R", help=_("why"))
    group.add("arrive", _("give a number to who comes"), _arrive).add_argument("number", type=number, metavar="N")


def _add(job: Job) -> int:
    from queuedesk.desk.queue import booking
    from queuedesk.sim.imports import appointment_time

    args = job.args
    on = args.day or job.today()
    wish = booking.Wish(
        service=args.service,
        at=appointment_time(job.setup(), on.isoformat(), args.at),
        item=args.item,
        klass=args.klass,
        ref=args.ref,
        name=args.name or "",
        contact=args.contact or "",
    )
    document = booking.book(job.desk(), job.ask(), wish)
    if args.print:
        _print(job, document["appointment"])
    return job.answer(document, _text(document))


def _print(job: Job, number: int) -> None:
    """Print the slip; a printer's trouble does not undo the appointment."""
    done = job.services.paper(job.desk(), job.clock).print_appointment(number)
    if not done["printed"]:
        output.note(say(done["error"]))


def _list(job: Job) -> int:
    from queuedesk.desk.queue import booking

    rows = booking.appointments_of(job.desk(), job.args.day or job.today())
    if job.reader is not None and not job.reader.may_read(Read.NAMES):
        rows = [row | {"name": "", "contact": ""} for row in rows]
    return job.answer({"appointments": rows}, "\n".join(map(_text, rows)) or _("No appointments."))


def _import(job: Job) -> int:
    from queuedesk.desk.queue import booking
    from queuedesk.sim.imports import read_bookings

    path = job.args.file
    wishes = read_bookings(path, job.setup())
    document = booking.book_all(job.desk(), job.ask(), wishes, path=str(path))
    kept = len(document["booked"])
    return job.answer(document, n_("{n} appointment kept.", "{n} appointments kept.", kept))


def _cancel(job: Job) -> int:
    from queuedesk.desk.queue import booking

    document = booking.call_off(job.desk(), job.ask(), job.args.number, reason=job.args.reason)
    return job.answer(document, _text(document))


def _arrive(job: Job) -> int:
    from queuedesk.desk.queue import booking

    document = booking.arrive(job.desk(), job.ask(), job.args.number)
    return job.answer(document, ticket_text(document))


def _text(document: Document) -> str:
    parts = (
        str(document["appointment"]),
        document["date"],
        time_hm(datetime.fromisoformat(document["at"])),
        document["service"],
        document["name"],
        document["ref"] or "",
        appointment_state(document["state"]),
        document["ticket"] or "",
    )
    return "  ".join(part for part in parts if part)
