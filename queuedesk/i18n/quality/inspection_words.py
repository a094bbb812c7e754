"""Words of inspections: channels, states, what is missing; and who was there in the morning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import codes_text, time_hm

_CHANNEL = {
    "open": mark("Open check", context="inspection"),
    "mystery": mark("Mystery visit", context="inspection"),
    "telephone": mark("Telephone", context="inspection"),
    "video": mark("Video", context="inspection"),
    "supervisor": mark("Outside supervisor", context="inspection"),
}
_STATE = {
    "planned": mark("Planned", context="inspection"),
    "running": mark("Running", context="inspection"),
    "done": mark("Done", context="inspection"),
    "dropped": mark("Cancelled", context="inspection"),
}
_FIX = {
    "open": mark("none yet", context="proof"),
    "proven": mark("waiting for a check", context="proof"),
    "closed": mark("Closed", context="proof"),
}


def channel_word(channel: str, lang: str | None = None) -> str:
    return tr(lang or current(), _CHANNEL[channel], context="inspection")


def inspection_state(state: str, lang: str | None = None) -> str:
    return tr(lang or current(), _STATE[state], context="inspection")


def fix_state(state: str, lang: str | None = None) -> str:
    return tr(lang or current(), _FIX[state], context="proof")


def versioned(name: str, version: int | None, lang: str | None = None) -> str:
    """Return a sheet's name with the version it is filled in by, if it has one."""
    return tr(lang or current(), "{sheet}, v{version}", sheet=name, version=version) if version else name


def sheet_not_done(lang: str, details: Mapping[str, object]) -> str:
    items = details["items"]
    assert isinstance(items, (list, tuple))
    listed = codes_text([str(one) for one in items], lang)
    return tr(lang, "Still to do: {items}. Each needs a look, and each deduction a reason.", items=listed)


def here_words(document: Mapping[str, Any], lang: str | None = None, *, rostered: bool) -> str:
    """Return since when a person was there, beside when the roster wanted them where the hall is `rostered`: one row of
    an attendance."""
    lang = lang or current()
    here, due = (datetime.fromisoformat(one) if one else None for one in (document["here"], document["due"]))
    start = datetime.fromisoformat(document["from"]) if document["from"] else None
    if here is None:
        missing = document["missing"]
        said = tr(lang, "not here yet", context="attendance") if missing else tr(lang, "to come", context="attendance")
        since = due or start
        return tr(lang, "{said}, from {time}", said=said, time=time_hm(since)) if since else said
    said = tr(lang, "here at {time}", time=time_hm(here))
    if start is None:
        return tr(lang, "{said}, not in the roster", said=said) if rostered else said
    if is_late(document):
        when = time_hm(due or start)
        return tr(lang, "{said}, {n} min late (due {time})", said=said, n=document["late"], time=when)
    said = tr(lang, "{said}, shift from {time}", said=said, time=time_hm(start))
    if document["late"] and due is not None:
        return tr(lang, "{said} (asked to be here by {time})", said=said, time=time_hm(due))
    return said


def is_late(document: Mapping[str, Any]) -> bool:
    """Return whether somebody of an attendance came after the shift had begun, or is not there though it has."""
    if not document["here"] or not document["from"]:
        return bool(document["late"] or document["missing"])
    came, begins = datetime.fromisoformat(document["here"]), datetime.fromisoformat(document["from"])
    return bool(document["late"]) and came > begins
