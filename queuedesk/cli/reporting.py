"""The commands that sum up a day, and the one that plays one."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from queuedesk.cli.job import Job
from queuedesk.cli.parser import Commands, UsageError, day
from queuedesk.i18n import _, current, named

ENDINGS = (".pdf", ".json")


def add(commands: Commands, tools: Container[str]) -> None:
    """Add those whose tools are lent."""
    if "report_day" in tools:
        report = commands.add_group("report", _("the figures of a day as a file"))
        of_day = report.add("day", _("one date"), _report_day)
        of_day.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
        of_day.add_argument("--out", type=Path, required=True, metavar="F", help=_("a file that ends in .pdf or .json"))
    if "demo" in tools:
        demo = commands.add("demo", _("play a day in a throw-away hall"), _demo)
        demo.add_argument("--out", type=Path, metavar="FOLDER", help=_("leave pictures, sounds and the report there"))


def _report_day(job: Job) -> int:
    out = job.args.out
    if out.suffix.lower() not in ENDINGS:
        raise UsageError(_("The file has to end in .pdf or .json."))
    wanted = job.args.day or job.today()
    person = job.setup().person(job.staff) if job.staff else None
    who = named(person.name, person.name_en) if person else None
    job.tools["report_day"](job.desk(), wanted, out, lang=current(), now=job.now(), printed_by=who)
    return job.answer({"file": str(out)}, str(out))


def _demo(job: Job) -> int:
    return int(job.tools["demo"](out=job.args.out, lang=current(), json=job.json))
