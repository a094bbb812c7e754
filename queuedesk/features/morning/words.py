"""Who was there in the morning, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queuedesk.i18n.catalogue import current_language, tr
from queuedesk.i18n.moments import time_hm


def person_attendance_words(document: Mapping[str, Any], lang: str | None = None, *, rostered: bool) -> str:
    """Return since when a person was there, beside when the roster wanted them where the hall is `rostered`: one row of
    an attendance."""
    lang = lang or current_language()
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
    if is_somebody_late_or_missing(document):
        when = time_hm(due or start)
        return tr(lang, "{said}, {n} min late (due {time})", said=said, n=document["late"], time=when)
    said = tr(lang, "{said}, shift from {time}", said=said, time=time_hm(start))
    if document["late"] and due is not None:
        return tr(lang, "{said} (asked to be here by {time})", said=said, time=time_hm(due))
    return said


def is_somebody_late_or_missing(document: Mapping[str, Any]) -> bool:
    """Return whether somebody of an attendance came after the shift had begun, or is not there though it has."""
    if not document["here"] or not document["from"]:
        return bool(document["late"] or document["missing"])
    came, begins = datetime.fromisoformat(document["here"]), datetime.fromisoformat(document["from"])
    return bool(document["late"]) and came > begins
