"""The command report, which sums up a period."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandList, UsageError, parse_date, parse_path
from queuedesk.cli.job import CommandJob
from queuedesk.core.features import import_reference, references_of_command_additions
from queuedesk.core.log.pc_clock import reliability_of_clock
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current_language, name_in_language

DONE, REFUSED = 0, 1


def register_commands(commands: CommandList) -> None:
    report = commands.add_group("report")
    periods = {
        "day": _("one date"),
        "week": _("Monday to Sunday"),
        "month": _("a calendar month"),
        "quarter": _("a calendar quarter"),
        "year": _("a calendar year"),
    }
    for period, text in periods.items():
        of_it = report.add_command(period, text, _write_period_report, period=period, reads=ReadScope.FIGURES)
        of_it.add_argument(
            "--date", dest="day", type=parse_date, metavar="D", help=_("a date in it, today if not given")
        )
        of_it.add_argument("--halls", choices=("all",), help=_("every hall in the database, and all together"))
        of_it.add_argument(
            "--out",
            type=parse_path,
            required=True,
            metavar="F",
            help=_("a file that ends in .pdf, .xlsx, .csv or .json"),
        )
        if period == "day":
            of_it.add_argument("--annex", action="store_true", help=_("a PDF with the annex behind its summary"))
    for adding in references_of_command_additions("report"):
        import_reference(adding)(report)
    due = report.add_command("due", _("write what is over and not kept yet"), _write_due_reports)
    due.add_argument("--folder", type=parse_path, metavar="F", help=_("into this folder, not this PC's own"))
    due.add_argument("--gently", action="store_true", help=_("as stations do by themselves: alongside other work"))
    due.add_argument("--no-counting", action="store_true", help=_("with --gently: count no finished dates ahead"))


def _write_period_report(job: CommandJob) -> int:
    from queuedesk.reports.figures.write import report_file_endings, write_period_report

    out = job.args.out
    if out.suffix.lower() not in report_file_endings():
        raise UsageError(_("The file has to end in .pdf, .xlsx, .csv or .json."))
    every_hall = job.args.halls == "all"
    desk = job.desk(of_several=every_hall)
    person = job.setup().person_by_code(job.acting_staff) if job.acting_staff else None
    write_period_report(
        desk,
        job.args.period,
        job.args.day or job.today(),
        out,
        lang=current_language(),
        now=job.now(),
        printed_by=name_in_language(person.name, person.name_en) if person else None,
        every_hall=every_hall,
        has_annex=getattr(job.args, "annex", True),
    )
    return job.print_answer({"file": str(out)}, str(out))


def _write_due_reports(job: CommandJob) -> int:
    args = job.args
    folder = args.folder.absolute() if args.folder else None
    if folder is not None:  # this PC's own is for its user alone
        job.require_read_right(ReadScope.FIGURES)
    reports = job.services.reports()
    if args.gently:
        job.require_own_process("report due --gently")
        reports.lower_process_priority()
    reading = reliability_of_clock(job.hall_clock())
    document = reports.write_due_reports(
        job.desk(), folder, job.now(), gently=args.gently, counts=not args.no_counting, reading=reading
    )
    lines = [row["file"] for row in document["written"]]
    lines += [_("removed: {file}", file=row["file"]) for row in document["removed"]]
    lines += [f"! {row['message']}" for row in document["failed"]]
    job.print_answer(document, "\n".join(lines) or _("No report was due."))
    return REFUSED if document["failed"] else DONE
