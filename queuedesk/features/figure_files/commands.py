"""The command that holds one period against another."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandGroup, UsageError, parse_date, parse_path
from queuedesk.cli.job import CommandJob
from queuedesk.core.figures.periods import PERIODS
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current_language, name_in_language


def add_compare_command(report: CommandGroup) -> None:
    compare = report.add_command(
        "compare", _("one period against another on equal weekdays"), _write_comparison_file, reads=ReadScope.FIGURES
    )
    compare.add_argument("period", choices=PERIODS, help=_("what is compared"))
    compare.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("a date in it, today if not given"))
    compare.add_argument(
        "--against", type=parse_date, metavar="E", help=_("a date in the other period, the one before if not given")
    )
    compare.add_argument(
        "--out", type=parse_path, required=True, metavar="F", help=_("a file that ends in .pdf, .xlsx, .csv or .json")
    )


def _write_comparison_file(job: CommandJob) -> int:
    from queuedesk.core.figures.periods import date_in_previous_period
    from queuedesk.features.figure_files.papers.comparison import ENDINGS, write_period_comparison

    args = job.args
    if args.out.suffix.lower() not in ENDINGS:
        raise UsageError(_("The file has to end in .pdf, .xlsx, .csv or .json."))
    desk, wanted = job.desk(), args.day or job.today()
    person = job.setup().person_by_code(job.acting_staff) if job.acting_staff else None
    write_period_comparison(
        desk,
        args.period,
        wanted,
        args.against or date_in_previous_period(args.period, wanted),
        args.out,
        lang=current_language(),
        now=job.now(),
        printed_by=name_in_language(person.name, person.name_en) if person else None,
    )
    return job.print_answer({"file": str(args.out)}, str(args.out))
