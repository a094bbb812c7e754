"""What a check of the hall's data found, what was set aside, and what a repair would do, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import BAD_TIME, MISSING, NO_DATA, REFERS, TWICE, UNKNOWN_KIND, WRONG_TYPE, Fault
from queuedesk.i18n.catalogue import _, current, mark, tr
from queuedesk.i18n.moments import listing
from queuedesk.i18n.refusals import say
from queuedesk.i18n.talk.talk_words import cause_words
from queuedesk.i18n.upkeep.preview_words import moment_text

GOOD = {
    "integrity": mark("The database is whole."),
    "chain": mark("The log is unbroken up to number {what}."),
    "tables": mark("Every table agrees with the log."),
    "beside": mark("The data stored with the log agrees with it."),
    "unread": mark("Events of what is not installed here are kept in the log, unread ({what})."),
}
NOT_GOOD = {
    "integrity": mark("The database is damaged: {what}"),
    "chain": mark("The log does not fit together at number {what}: it was changed."),
    "tables": mark("These tables do not agree with the log: {what}"),
    "beside": mark("The data stored with the log holds impossible values: {what}"),
    "pins": mark("These people had a PIN that is not here; please give them a new one: {what}"),
    "halls": mark("The list of halls cannot be read ({what})."),
}

# Numbers of the log count what happened: only who may read the log is told any.
_GOOD_UNCOUNTED = {
    **GOOD,
    "chain": mark("The log is unbroken."),
    "unread": mark("Events of what is not installed here are kept in the log, unread."),
}
_NOT_GOOD_UNCOUNTED = {
    **NOT_GOOD,
    "chain": mark("The log does not fit together: it was changed."),
}


def finding_text(
    name: str,
    status: str,
    what: str,
    error: OutsideError | None = None,
    lang: str | None = None,
    *,
    counted: bool = True,
) -> str:
    """Return the sentence of a check by its name; `error` says why it could not be done. Without `counted` it has no
    number of the log."""
    if error is not None:
        return say(error, lang)
    good, not_good = (GOOD, NOT_GOOD) if counted else (_GOOD_UNCOUNTED, _NOT_GOOD_UNCOUNTED)
    return tr(lang or current(), (good if status == "ok" else not_good)[name], what=what)


# -- what a repair would do and what it did, in sentences ------------------------------------------------------------


def plan_lines(rebuilt: Sequence[str], backup: object, left: Iterable[tuple[str, str]]) -> list[str]:
    """Return what a repair would do; `left` are the names of the remaining findings, each with what was found."""
    lines = []
    if backup is not None:
        lines.append(
            _(
                "The hall is rebuilt from the backup {file}, then from what is still readable; today's numbers go on at the next hundred.",
                file=backup,
            )
        )
    else:
        lines += [_("{hall}: the tables are rebuilt from the log.", hall=hall) for hall in rebuilt]
    return [*lines, *(_("Can't be repaired: {what}", what=finding_text(name, "failed", what)) for name, what in left)]


def done_lines(done: Mapping[str, Any]) -> list[str]:
    """Return what was done and how to undo it."""
    if done["copy"]:
        return [_("Done. What was there is kept in {file}.", file=done["copy"])]
    return [_("Done.")]


# -- events that were set aside, in words: which, why, and what to do ------------------------------------------------

MOST_NAMED = 5
_WHY = {
    UNKNOWN_KIND: mark("of a kind that this version does not know"),
    BAD_TIME: mark("of a time that can't be"),
    NO_DATA: mark("without data that can be read"),
    MISSING: mark("lacks “{field}”"),
    WRONG_TYPE: mark("“{field}” says something else"),
    REFERS: mark("about something that is not there"),
    TWICE: mark("a number that was given out before"),
}


def aside_named(aside: Mapping[int, Fault], lang: str | None = None) -> str:
    """Return the first few events by number with the reason: "no. 231 (of a kind that this version does not know), no.
    240 (…)"."""
    lang = lang or current()
    named = [
        tr(lang, "no. {number} ({why})", context="event", number=seq, why=_why(fault, lang))
        for seq, fault in sorted(aside.items())[:MOST_NAMED]
    ]
    return listing([*named, "…"] if len(aside) > MOST_NAMED else named, lang)


def _why(fault: Fault, lang: str) -> str:
    return tr(lang, _WHY[fault.code], field=fault.field)


def aside_sentence(aside: Mapping[int, Fault], lang: str | None = None, *, counted: bool = True) -> str:
    """Return which events were set aside, without `counted` only the reasons, and what to do."""
    said = lang or current()
    reasons = dict.fromkeys(_why(fault, said) for _seq, fault in sorted(aside.items()))
    return tr(
        lang or current(),
        "Events of the log that can't be read are not counted; everything else continues: {what}. If another PC has a newer version, install it here too; otherwise show this to whoever looks after QueueDesk.",
        what=aside_named(aside, lang) if counted else listing(list(reasons), said),
    )


def backups_text(hall: Mapping[str, Any]) -> str:
    """Return what is known of a hall's backups in a line."""
    code = hall["hall"]
    if hall["proven"] is None:
        text = _("{hall}: no checked backup yet.", hall=code)
    else:
        text = _(
            "{hall}: checked on {moment}, kept in {folder}.",
            hall=code,
            moment=moment_text(hall["proven"]),
            folder=hall["place"],
        )
    return f"{text} ! {cause_words(hall['trouble'])}" if hall["trouble"] else text
