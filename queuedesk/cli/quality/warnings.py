"""The commands about warnings to those who are responsible."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Commands, day
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _, codes_text, time_hm
from queuedesk.i18n.queue.alerts import alert_kind


def add(commands: Commands) -> None:
    """Add warnings."""
    group = commands.add_group("warnings", _("alerts that somebody is responsible for"))
    listing = group.add("list", _("show those of a day: a manager all, others the own ones"), _list, reads=Read.WORK)
    listing.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))


def _list(job: Job) -> int:
    from queuedesk.desk.talk import alarms

    who = job.reader
    assert who is not None
    rows = alarms.warnings_of(job.desk(), who, job.args.day, job.now())
    return job.answer({"warnings": rows}, "\n".join(map(_line, rows)) or _("No warnings."))


def _line(document: Document) -> str:
    at = time_hm(datetime.fromisoformat(document["at"]))
    where = document["service"] or document["window"] or document["station"] or ""
    parts = [str(document["alarm"]), at, alert_kind(document["kind"]), where, codes_text(document["people"])]
    if document["acknowledged"]:
        seen = time_hm(datetime.fromisoformat(document["acknowledged"]))
        parts.append(_("seen by {staff}, {time}", staff=document["by"], time=seen))
    else:
        parts.append(_("not seen yet"))
    return "  ".join(part for part in parts if part)
