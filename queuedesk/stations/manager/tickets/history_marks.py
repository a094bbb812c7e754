"""What a ticket's story looks like: the icon and colour of each event, fact and part; the words come from the texts."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import HELD, MISSED, SERVING, STALLED, WAIT, WAY, Story, stretches
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import m_ss
from queuedesk.i18n.queue.event_words import PASSED, TOLD, event_words
from queuedesk.i18n.queue.history_words import DAY_END, KEPT, LATE, OVERTAKEN, UNTOLD, part_word
from queuedesk.stations.widgets.charts.bars import Moment, Part
from queuedesk.stations.window.theme import TICKET_MARKS

PART_KINDS = {WAIT: "wait", WAY: "way", SERVING: "serving", HELD: "held", MISSED: "other", STALLED: "other"}
FACT_MARKS = {
    KEPT: ("check", "primary"),
    LATE: ("warning", "red"),
    UNTOLD: ("info", "ink2"),
    OVERTAKEN: ("people", "amber"),
    DAY_END: ("clock", "amber"),
}
# The state that an event leads to lends it its mark.
_LEADS_TO = {
    "serve": "serving",
    "call": "called",
    "recall": "called",
    "start": "serving",
    "miss": "missed",
    "return": "waiting",
    "reinstate": "waiting",
    "postpone": "waiting",
    "leave": "left",
    "defer": "left",
    "void": "void",
    "finish": "finished",
    "reopen": "serving",
    "park": "parked",
    "unpark": "serving",
}
_OWN = {
    "issue": ("ticket", "ink"),
    TOLD: ("clock", "ink"),
    PASSED: ("people", "amber"),
    "add": ("plus", "ink"),
    "stall": ("hourglass", "violet"),
    "unstall": ("check", "primary"),
    "transfer": ("transfer", "ink"),
    "redirect": ("redirect", "amber"),
    "rate": ("star", "primary"),
    "reasons": ("star", "amber"),
    "correct": ("edit", "amber"),
    "alarm": ("bell", "amber"),
    "ack": ("check", "ink2"),
    "offer": ("arrow-right", "ink2"),
    "day-end": ("lock", "ink2"),
}


def moments(state: HallState, setup: Setup, story: Story) -> list[Moment]:
    """Return the story's events in order, as its page shows them."""
    found = []
    for line in event_words(state, setup, story):
        icon, token = event_mark(line.kind)
        found.append(Moment(time=line.time, icon=icon, token=token, title=line.title, detail=line.detail))
    return found


def event_mark(kind: str) -> tuple[str, str]:
    """Return icon and colour of an event."""
    if kind in _LEADS_TO:
        mark = TICKET_MARKS[_LEADS_TO[kind]]
        return mark.icon, "primary" if mark.token == "on_soft" else mark.token
    return _OWN.get(kind, ("info", "ink2"))


def bar_parts(story: Story, now: datetime) -> list[Part]:
    """Return the visit's parts as the bar shows them."""
    return [
        Part(part_word(part.kind), m_ss(part.seconds), max(1.0, part.seconds), PART_KINDS[part.kind])
        for part in stretches(story, now)
    ]
