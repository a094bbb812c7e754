"""The commands about warnings to those who are responsible."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Commands, code, day
from queuedesk.core.network.roles import Read
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, time_hm
from queuedesk.i18n.quality.warning_words import seen_words, told_words
from queuedesk.i18n.queue.alerts import alarm_text


def add(commands: Commands) -> None:
    """Add warnings."""
    group = commands.add_group("warnings", _("alerts that somebody is responsible for"))
    listing = group.add("list", _("show those of a day: a manager all, others the own ones"), _list, reads=Read.WORK)
    listing.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    listing.add_argument("--to", dest="last", type=day, metavar="D", help=_("until this date, from D on"))
    listing.add_argument("--staff", type=code, metavar="STAFF", help=_("of this person"))


def _list(job: Job) -> int:
    from queuedesk.desk import looking
    from queuedesk.desk.talk import alarms

    who, args, desk = job.reader, job.args, job.desk()
    assert who is not None
    setup = looking.setup_of(desk)
    if args.staff:
        setup.person(args.staff)
    rows = [
        row
        for row in alarms.warnings_of(desk, who, args.day, job.now(), last=args.last)
        if not args.staff or args.staff in alarms.people_of(row)
    ]
    return job.answer({"warnings": rows}, "\n".join(_line(setup, row) for row in rows) or _("No warnings."))


def _line(setup: Setup, row: Document) -> str:
    at = time_hm(datetime.fromisoformat(row["at"]))
    parts = [str(row["alarm"]), row["date"], at, alarm_text(setup, row), told_words(setup, row)]
    return "  ".join((*parts, seen_words(setup, row)))
