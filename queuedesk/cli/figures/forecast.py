"""The command that says who will come on a date, and how many windows that needs."""

from __future__ import annotations

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Job
from queuedesk.cli.parser import UsageError, day, path
from queuedesk.core.network.roles import Read
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import HalfHour, StaffingDay
from queuedesk.i18n import _, current, day_report, named
from queuedesk.i18n.numerals import UNKNOWN

ENDINGS = (".pdf", ".csv", ".json")


def add(commands: Listed) -> None:
    """Add it."""
    one = commands.add("forecast", _forecast, reads=Read.FIGURES)
    one.add_argument("--date", dest="day", type=day, metavar="D", help=_("the date, today if not given"))
    one.add_argument("--out", type=path, metavar="F", help=_("a file that ends in .pdf, .csv or .json"))
    one.add_argument("--quiet", action="store_true", help=_("when the next seven days are quiet; a PDF for the wall"))
    one.add_argument("--print", action="store_true", help=_("with --quiet: as a slip from the printer of tickets"))


def _forecast(job: Job) -> int:
    from queuedesk.desk.staffing.forecasting import staffing_document, staffing_on

    out = job.args.out
    if job.args.quiet:
        return _quiet(job)
    if job.args.print:
        raise UsageError(_("--print goes with --quiet."))
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise UsageError(_("The file has to end in .pdf, .csv or .json."))
    setup = job.setup()
    found = staffing_on(job.desk(), job.args.day or job.today(), job.now())
    if out is None:
        return job.answer(staffing_document(found), "" if job.json else _text(setup, found))
    from queuedesk.reports.papers.staffing_page import write

    person = setup.person(job.staff) if job.staff else None
    printed_by = named(person.name, person.name_en) if person else None
    write(job.desk(), found, out, lang=current(), now=job.now(), printed_by=printed_by)
    return job.answer({"file": str(out)}, str(out))


def _quiet(job: Job) -> int:
    from queuedesk.desk.staffing.forecasting import busy_week, busy_week_document
    from queuedesk.i18n import day_staff
    from queuedesk.i18n.staffing.staffing_words import quiet_text
    from queuedesk.reports.papers.quiet_hours import quiet_pdf

    out = job.args.out
    if job.args.day is not None:
        raise UsageError(_("--quiet is about the next seven days; leave --date out."))
    if out is not None and out.suffix.lower() != ".pdf":
        raise UsageError(_("The file has to end in .pdf."))
    if job.args.print:
        from queuedesk.cli.this_pc.printing import printed

        if out is not None:
            raise UsageError(_("--print makes a slip and --out a page for the wall; give one of them."))
        return printed(job, job.services.paper(job.desk(), job.now).print_quiet_hours(), {})
    week = busy_week(job.desk(), job.now())
    if out is None:
        lines = [f"{day_staff(day)}  {quiet_text(spans, current())}" for day, spans in week.items()]
        unknown = _("No forecast yet: it needs three earlier days with customers.")
        return job.answer(busy_week_document(week), "\n".join(lines) or unknown)
    from queuedesk.files.writing import write_file

    write_file(out, quiet_pdf(job.setup(), week, current(), job.setup().local(job.now())))
    return job.answer({"file": str(out)}, str(out))


def _text(setup: Setup, found: StaffingDay) -> str:
    from queuedesk.i18n.staffing import staffing_words as words

    lines = [day_report(found.date), words.rests_on(found)]
    if found.total is not None:
        lines.append(words.total_text(found))
        lines.append(words.goal_text(found.goal))
    lines += [_row(one) for one in found.half_hours if found.forecast.is_known or one.came or one.planned]
    if found.forecast.is_known:
        lines += words.gap_lines(setup, found)
    if found.backlog is not None:
        lines.append(words.backlog_text(setup, found.backlog))
    return "\n".join([*lines, *words.error_lines(found.error)])


def _row(one: HalfHour) -> str:
    people = UNKNOWN if one.people is None else f"{one.people.mean:.0f} ({one.people.low}–{one.people.high})"
    parts = [clock_text(one.start_min).zfill(5), people]
    if one.came is not None:
        parts.append(_("came {n}", n=one.came))
    parts.append(_("needs {n}", n=UNKNOWN if one.needed is None else one.needed))
    if one.planned is not None:
        parts.append(_("planned {n}", n=one.planned))
    return "  ".join(parts)
