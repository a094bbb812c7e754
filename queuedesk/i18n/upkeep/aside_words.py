"""Events that were set aside, in words: which, why, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from queuedesk.core.log.shapes import BAD_TIME, MISSING, NO_DATA, REFERS, TWICE, UNKNOWN_KIND, WRONG_TYPE, Fault
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import listing

MOST_NAMED = 5
_WHY = {
    UNKNOWN_KIND: mark("of a kind that this version does not know"),
    BAD_TIME: mark("of a time that can't be"),
    NO_DATA: mark("without data that can be read"),
    MISSING: mark("lacks “{field}”"),
    WRONG_TYPE: mark("something else stands in “{field}”"),
    REFERS: mark("about something that is not there"),
    TWICE: mark("a number that was given out before"),
}


def aside_named(aside: Mapping[int, Fault], lang: str | None = None) -> str:
    """Return the first few events by number with the reason: "no. 231 (of a kind that this version does not know), no.
    240 (…)"."""
    lang = lang or current()
    named = [
        tr(lang, "no. {number} ({why})", context="event", number=seq, why=tr(lang, _WHY[fault.code], field=fault.field))
        for seq, fault in sorted(aside.items())[:MOST_NAMED]
    ]
    return listing([*named, "…"] if len(aside) > MOST_NAMED else named, lang)


def aside_sentence(aside: Mapping[int, Fault], lang: str | None = None) -> str:
    """Return which events count for nothing, and what to do."""
    return tr(
        lang or current(),
        "Events of the log that can't be read count for nothing; everything else goes on: {what}. If another PC has a newer version, "
        "install it here too; else show this to whoever looks after QueueDesk.",
        what=aside_named(aside, lang),
    )
