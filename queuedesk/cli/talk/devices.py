"""The command about the hall's equipment."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _, date_short, time_hm
from queuedesk.i18n.talk.talk_words import cause_words, device_name


def add(commands: Listed) -> None:
    """Add it."""
    group = commands.add_group("device")
    group.add("list", _("what works, and since when not"), _list, reads=Read.HALL)


def _list(job: Job) -> int:
    from queuedesk.desk.talk import devices

    rows = devices.device_rows(job.desk())
    return job.answer({"devices": rows}, "\n".join(map(_device_text, rows)) or _("No device has reported yet."))


def _device_text(row: Document) -> str:
    since = datetime.fromisoformat(row["since"])
    how = _("works", context="device") if row["cause"] is None else cause_words(row["cause"])
    moment = _("since {day}, {time}", day=date_short(since.date()), time=time_hm(since))
    return "  ".join((device_name(row["device"], row["station"]), how, moment))
