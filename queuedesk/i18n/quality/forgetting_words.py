"""What is said when a customer's words are forgotten: what older backups hold, and what stays in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from queuedesk.i18n.catalogue import _, n_
from queuedesk.i18n.moments import date_long


def backups_text(known: Mapping[str, Any]) -> str:
    """Return what backups that were made before still hold, and until when they are kept."""
    if not known["n"]:
        return _("Backups, exports and reports that were made before may still hold them; none is known on this PC.")
    return n_(
        "{n} backup that was made before may still hold them. Backups made by the program go by {date}; those made by hand, exports and reports stay until somebody deletes them.",
        "{n} backups that were made before may still hold them. Backups made by the program go by {date}; those made by hand, exports and reports stay until somebody deletes them.",
        known["n"],
        date=date_long(date.fromisoformat(known["until"])),
    )


def title_text(title: str | None) -> str:
    """Return that a case's title stays, "" where there is none."""
    return _("The title “{title}” is in the log for good.", title=title) if title else ""
