"""The command about the hall's equipment."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, calls
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _, date_short, time_hm
from queuedesk.i18n.talk import cause_words, device_name


def add(commands: Listed) -> None:
    """Add it."""
    group = commands.add_group("device")
    group.add(
        "list",
        _("what works, and since when not"),
        calls("talk.devices.device_rows", _device_text, many="devices", none=lambda: _("No device has reported yet.")),
        reads=Read.HALL,
    )


def _device_text(row: Document) -> str:
    since = datetime.fromisoformat(row["since"])
    how = _("works", context="device") if row["cause"] is None else cause_words(row["cause"])
    moment = _("since {day}, {time}", day=date_short(since.date()), time=time_hm(since))
    return "  ".join((device_name(row["device"], row["station"]), how, moment))
