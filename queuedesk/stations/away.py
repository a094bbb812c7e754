"""What every station says while the hall's file can't be opened."""

from __future__ import annotations

from datetime import datetime

from queuedesk.i18n import _, time_hm


def away_texts(since: datetime) -> tuple[str, str]:
    """Return the fact and what the program does about it; `since` is local time of the hall."""
    time = time_hm(since)
    fact = _("The hall's file can't be opened since {time}", time=time)
    return fact, _("Retrying. This shows {time}.", time=time)
