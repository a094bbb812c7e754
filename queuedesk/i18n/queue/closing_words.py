"""Whether a line will be done before closing time, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import time_hm

REACHES = {
    "in_time": mark("a ticket taken now is called in time"),
    "doubtful": mark("a ticket taken now may not be called today"),
    "too_late": mark("a ticket taken now would not be called today"),
}

UNTOLD = mark("whether a ticket taken now is called in time can't be told yet")


def closing_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return one service's line: when it closes, when its line is clear, what becomes of a ticket taken now."""
    lang = lang or current()
    closes, reach = _end_clock(row["closes"]), tr(lang, REACHES[row["reach"]])
    if row["called"] is None and row["reach"] == "in_time":
        reach = tr(lang, UNTOLD)
    if row["clear"] is None:
        return tr(lang, "{service} closes at {closes}; {reach}.", service=row["service"], closes=closes, reach=reach)
    return tr(
        lang,
        "{service} closes at {closes}; the line is clear at about {clear}, {late} at the latest in nine of ten cases; {reach}.",
        service=row["service"],
        closes=closes,
        clear=_clock(row["clear"]),
        late=_clock(row["clear_late"]),
        reach=reach,
    )


def _end_clock(text: str) -> str:
    """Return the end of a day as 24:00: 0:00 would be its beginning."""
    clock = _clock(text)
    return "24:00" if clock == "0:00" else clock


def _clock(text: str) -> str:
    return time_hm(datetime.fromisoformat(text))
