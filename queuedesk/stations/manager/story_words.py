"""A ticket's story in finished words: its bar, the promise against what came, the check of the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.state import HallState
from queuedesk.core.ticket import State, Ticket
from queuedesk.i18n import _, figure_range, m_ss, n_
from queuedesk.stations.manager.story import (
    HELD,
    MISSED,
    SERVING,
    STALLED,
    WAIT,
    WAY,
    Story,
    Stretch,
    first_wait_s,
    stretches,
)
from queuedesk.stations.widgets.bars import Part

PART_KINDS = {WAIT: "wait", WAY: "way", SERVING: "serving", HELD: "held", MISSED: "other", STALLED: "other"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the line under the bar: icon, colour of the icon, words."""

    icon: str
    token: str
    text: str


def bar_parts(story: Story, now: datetime) -> list[Part]:
    """Return the visit's parts as the bar shows them."""
    words = {
        WAIT: _("Wait", context="part"),
        WAY: _("Way", context="part"),
        SERVING: _("Serving", context="card"),
        HELD: _("Set aside", context="state"),
        MISSED: _("Missed", context="state"),
        STALLED: _("Other system", context="part"),
    }
    return [_part(words, part) for part in stretches(story, now)]


def _part(words: Mapping[str, str], part: Stretch) -> Part:
    return Part(words[part.kind], m_ss(part.seconds), max(1.0, part.seconds), PART_KINDS[part.kind])


def facts(state: HallState, ticket: Ticket, now: datetime) -> list[Fact]:
    """Return promise against actual, and how often the ticket was passed."""
    found = [_promise(ticket, now)]
    if ticket.overtaken:
        text = n_("overtaken once, the reason is noted", "overtaken {n} times, the reasons are noted", ticket.overtaken)
        found.append(Fact("people", "amber", text))
    if "inaccurate" in ticket.flags or "day_end" in ticket.flags:
        found.append(Fact("clock", "amber", _("closed by the end of the day, left out of the averages")))
    return found


def _promise(ticket: Ticket, now: datetime) -> Fact:
    wait_s, was_called = first_wait_s(ticket, now)
    minutes, told = wait_s // 60, ticket.promise
    if told.low is None or told.high is None:
        if was_called:
            return Fact("info", "ink2", _("No wait was told; it took {n} min", n=minutes))
        return Fact("info", "ink2", _("No wait was told; {n} min so far", n=minutes))
    span = figure_range(told.low, told.high)
    if ticket.legs[0].called is None and ticket.state is not State.WAITING:
        return Fact("info", "ink2", _("Told {range} min, ended after {n} min uncalled", range=span, n=minutes))
    late = wait_s > told.high * 60
    icon, token = ("warning", "red") if late else ("check", "primary")
    if was_called:
        return Fact(icon, token, _("Told {range} min, it was {n} min", range=span, n=minutes))
    return Fact(icon, token, _("Told {range} min, {n} min so far", range=span, n=minutes))


def log_line(story: Story) -> Fact:
    """Return which part of the log the story is, and whether it was changed afterwards."""
    first, last, n = story.events[0].seq, story.events[-1].seq, len(story.events)
    span = figure_range(f"{first:,}", f"{last:,}")
    if story.broken is not None:
        text = _(
            "Log {range}: it does not hold at entry {seq}; somebody changed it", range=span, seq=f"{story.broken:,}"
        )
        return Fact("warning", "red", text)
    text = n_(
        "Log {range}, {n} entry: checked, complete and unchanged",
        "Log {range}, {n} entries: checked, complete and unchanged",
        n,
        range=span,
    )
    return Fact("check", "ink2", text)
