"""The command that holds one period against another."""

from __future__ import annotations

from queuedesk.cli.command_table import Commands, UsageError, day, path
from queuedesk.cli.job import Job
from queuedesk.core.figures.periods import PERIODS
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current, named


def add_to_report(report: Commands) -> None:
    """Add compare."""
    compare = report.add(
        "compare", _("one period against another on equal weekdays"), _compare, reads=ReadScope.FIGURES
    )
    compare.add_argument("period", choices=PERIODS, help=_("what is compared"))
    compare.add_argument("--date", dest="day", type=day, metavar="D", help=_("a date in it, today if not given"))
    compare.add_argument(
        "--against", type=day, metavar="E", help=_("a date in the other period, the one before if not given")
    )
    compare.add_argument(
        "--out",
        type=path,
        required=True,
        metavar="F",
        help=_("a file that ends in .pdf, .xlsx, .csv or .json"),
    )


def _compare(job: Job) -> int:
    from queuedesk.desk.figures.comparing import before
    from queuedesk.features.figure_files.papers.comparison import ENDINGS, write

    args = job.args
    if args.out.suffix.lower() not in ENDINGS:
        raise UsageError(_("The file has to end in .pdf, .xlsx, .csv or .json."))
    desk, wanted = job.desk(), args.day or job.today()
    person = job.setup().person(job.staff) if job.staff else None
    write(
        desk,
        args.period,
        wanted,
        args.against or before(args.period, wanted),
        args.out,
        lang=current(),
        now=job.now(),
        printed_by=named(person.name, person.name_en) if person else None,
    )
    return job.answer({"file": str(args.out)}, str(args.out))
