"""The commands about appointments."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli import command_table, output
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.cli.this_pc import handler_for_slip
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, error_sentence, n_, time_hm

VERBS = "features.appointments.verbs"


def register_commands(commands: command_table.CommandList) -> None:
    """Add appointment, print-appointment."""
    group = commands.add_group("appointment")
    adding = group.add_command("add", _("make an appointment"), _make_appointment)
    adding.add_argument("service", type=command_table.parse_code, metavar="SERVICE")
    adding.add_argument("--date", dest="day", type=command_table.parse_date, metavar="D", help=_("today if not given"))
    adding.add_argument(
        "--at",
        type=command_table.parse_code,
        required=True,
        metavar="TIME",
        help=_("such as 10:30, on the hall's clock"),
    )
    adding.add_argument("--item", type=command_table.parse_code, metavar="I", help=_("what the visitor comes for"))
    adding.add_argument(
        "--class", dest="klass", type=command_table.parse_code, metavar="CLASS", help=_("priority class")
    )
    adding.add_argument(
        "--name", type=command_table.parse_nonempty_text, metavar="TEXT", help=_("who comes; not in the log")
    )
    adding.add_argument(
        "--contact", type=command_table.parse_nonempty_text, metavar="TEXT", help=_("how to reach them; not in the log")
    )
    adding.add_argument("--print", action="store_true", help=_("print it for the customer"))
    adding.add_argument(
        "--ref",
        type=command_table.parse_nonempty_text,
        metavar="TEXT",
        help=_("what it refers to elsewhere; kept for good, so no names"),
    )
    listing = group.add_command("list", _("show those of a day"), _list_appointments, reads=ReadScope.WORK)
    listing.add_argument("--date", dest="day", type=command_table.parse_date, metavar="D", help=_("today if not given"))
    group.add_command("import", _("make every appointment of a table, or none"), _import_appointments).add_argument(
        "file", type=command_table.parse_path, metavar="F.csv|F.xlsx|F.ods"
    )
    cancelling = group.add_command(
        "cancel", _("cancel an appointment"), handler_for_function(f"{VERBS}:cancel_appointment", _appointment_line)
    )
    cancelling.add_argument("number", type=command_table.parse_whole_number, metavar="N")
    cancelling.add_argument("--reason", required=True, metavar="R", help=_("why"))
    group.add_command(
        "arrive",
        _("give a number to a customer who has come"),
        handler_for_function(f"{VERBS}:issue_ticket_on_arrival", command_table.ticket_text),
    ).add_argument("number", type=command_table.parse_whole_number, metavar="N")
    printed = handler_for_slip("features.appointments.papers:appointment_slip", number="number", answered="appointment")
    printing = commands.add_command("print-appointment", printed, reads=ReadScope.NAMES)
    printing.add_argument("number", metavar="N", type=command_table.parse_whole_number)
    printing.add_argument("--out", metavar="FILE", type=command_table.parse_path, help=_("into a .png or .pdf instead"))


def _make_appointment(job: CommandJob) -> int:
    from queuedesk.features.appointments import verbs
    from queuedesk.features.appointments.rules import parse_hall_moment

    args = job.args
    on = args.day or job.today()
    wish = verbs.AppointmentRequest(
        service=args.service,
        at=parse_hall_moment(job.setup(), on.isoformat(), args.at),
        item=args.item,
        klass=args.klass,
        ref=args.ref,
        name=args.name or "",
        contact=args.contact or "",
    )
    document = verbs.book_appointment(job.desk(), job.new_change_ask(), wish)
    if args.print:
        _print_appointment_slip(job, document["appointment"])
    return job.print_answer(document, _appointment_line(document))


def _print_appointment_slip(job: CommandJob, number: int) -> None:
    """Print the slip; a printer's trouble does not undo the appointment."""
    from queuedesk.features.appointments.papers import appointment_slip

    done = job.services.paper(job.desk(), job.clock).print_slip(appointment_slip(job.desk(), job.clock(), number))
    if not done["printed"]:
        output.print_sentence_to_stderr(error_sentence(done["error"]))


def _list_appointments(job: CommandJob) -> int:
    from queuedesk.features.appointments import verbs

    rows = verbs.appointments_between_dates(job.desk(), job.args.day or job.today())
    if job.reader is not None and not job.reader.may_read(ReadScope.NAMES):
        rows = [row | {"name": "", "contact": ""} for row in rows]
    return job.print_answer({"appointments": rows}, "\n".join(map(_appointment_line, rows)) or _("No appointments."))


def _import_appointments(job: CommandJob) -> int:
    from queuedesk.features.appointments import verbs

    path = job.args.file
    wishes = verbs.read_appointments_file(path, job.setup())
    document = verbs.book_all_or_none(job.desk(), job.new_change_ask(), wishes, path=str(path))
    kept = len(document["booked"])
    return job.print_answer(document, n_("{n} appointment made.", "{n} appointments made.", kept))


def _appointment_line(document: Document) -> str:
    from queuedesk.features.appointments.words import appointment_state_word

    parts = (
        str(document["appointment"]),
        document["date"],
        time_hm(datetime.fromisoformat(document["at"])),
        document["service"],
        document["name"],
        document["ref"] or "",
        appointment_state_word(document["state"]),
        document["ticket"] or "",
    )
    return "  ".join(part for part in parts if part)
