"""A ticket's history in finished words: its parts, the promise and the actual wait, the check of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import HELD, MISSED, SERVING, STALLED, WAIT, WAY, TicketHistory, first_wait_s
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.moments import figure_range

KEPT, LATE, UNTOLD, OVERTAKEN, DAY_END = "kept", "late", "untold", "overtaken", "day_end"
"""The kinds of facts: a promise kept or not, none that could be, being passed, an end that nobody noted."""

_PARTS = {
    WAIT: mark("Wait", context="part"),
    WAY: mark("Way", context="part"),
    SERVING: mark("Serving", context="part"),
    HELD: mark("Set aside", context="part"),
    MISSED: mark("Missed", context="part"),
    STALLED: mark("Other system", context="part"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about a visit: its kind and its words."""

    kind: str
    text: str


def part_word(kind: str, lang: str | None = None) -> str:
    """Return the word of a part of a visit, one of the kinds of core/log/ticket_history.py."""
    return tr(lang or current(), _PARTS[kind], context="part")


def facts(state: HallState, ticket: Ticket, now: datetime, lang: str | None = None) -> list[Fact]:
    """Return promise against actual, how often the ticket was passed, and whether only the day-end closed it."""
    lang = lang or current()
    found = [_promise(ticket, now, lang)]
    if ticket.overtaken:
        text = ntr(
            lang,
            "overtaken once, the reason is noted",
            "overtaken {n} times, the reasons are noted",
            ticket.overtaken,
        )
        found.append(Fact(OVERTAKEN, text))
    if "inaccurate" in ticket.flags or "day_end" in ticket.flags:
        found.append(Fact(DAY_END, tr(lang, "closed by the end of the day, left out of the averages")))
    return found


def _promise(ticket: Ticket, now: datetime, lang: str) -> Fact:
    wait_s, was_called = first_wait_s(ticket, now)
    minutes, told = wait_s // 60, ticket.promise
    if told.low is None or told.high is None:
        if was_called:
            return Fact(UNTOLD, tr(lang, "No wait was told; it took {n} min", n=minutes))
        return Fact(UNTOLD, tr(lang, "No wait was told; {n} min so far", n=minutes))
    span = figure_range(told.low, told.high)
    if ticket.legs[0].called is None and ticket.state is not State.WAITING:
        return Fact(UNTOLD, tr(lang, "Told {range} min, ended after {n} min uncalled", range=span, n=minutes))
    kind = LATE if wait_s > told.high * 60 else KEPT
    if was_called:
        return Fact(kind, tr(lang, "Told {range} min, it was {n} min", range=span, n=minutes))
    return Fact(kind, tr(lang, "Told {range} min, {n} min so far", range=span, n=minutes))


def log_line(story: TicketHistory, lang: str | None = None) -> str:
    """Return which part of the log the story is, and whether it was changed afterwards."""
    lang = lang or current()
    first, last, n = story.events[0].seq, story.events[-1].seq, len(story.events)
    span = figure_range(f"{first:,}", f"{last:,}")
    if story.broken is not None:
        return tr(
            lang,
            "Log {range}: it does not hold at entry {seq}; somebody changed it",
            range=span,
            seq=f"{story.broken:,}",
        )
    return ntr(
        lang,
        "Log {range}, {n} entry: checked, complete and unchanged",
        "Log {range}, {n} entries: checked, complete and unchanged",
        n,
        range=span,
    )
