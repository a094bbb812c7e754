"""The inspections of a demo's weeks: an open check and a mystery visit, what they found, and what is planned; its last
mornings, and what a case cites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from queuedesk.core.figures.periods import WEEK, span_of
from queuedesk.core.figures.pictured import BEFORE
from queuedesk.core.figures.view import DAYS
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.quality import why
from queuedesk.core.quality.morning import CLOSING, OPENING, SHEETS
from queuedesk.core.queue.ticket import seconds
from queuedesk.core.setup.calendar import add_working_days
from queuedesk.core.setup.file import sheets_of
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.desk.quality import case_documents, casework, inspecting, morning
from queuedesk.sim.demo_words import typed
from queuedesk.store.parts import tickets

INSPECTION = -1
"""In place of a case's index."""
INSPECTED = (
    (9, 560, "open"),
    (7, 600, "prove"),
    (6, 610, "look"),
    (4, 690, "mystery"),
    (3, 545, "plan"),
    (2, 580, "prove again"),
    (1, 491, "briefing before"),
    (1, 493, "read"),
    (1, 1060, "closing"),
    (0, 491, "briefing"),
    (0, 493, "read"),
    (0, 497, "read later"),
    (0, 499, "opening"),
)
"""What is done on which day before the demo's, at which minute."""
VISITOR, REMEMBERED_MIN = 2, 2
"""The mystery visitor's number, and by how many minutes the wait seemed longer."""
BRIEFINGS = {
    "briefing before": (
        ("月底缴费的人多，十点前两个窗口办 A", "请先问有没有带户号"),
        ("Many pay at the month's end: two windows for A until ten", "Ask for the account number first"),
    ),
    "briefing": (
        ("新的收费公示今天换上，旧的已收走", "老花镜每个填单台一副，少了告诉引导台", "十一点半到一点人多，午休错开"),
        (
            "The new list of fees hangs from today; the old one is gone",
            "One pair of glasses at each writing desk; tell the front desk if one is missing",
            "11:30 to 1:00 is busy: breaks one after the other",
        ),
    ),
}
NO_GLASSES = 4
"""What of the environment sheet is not in order this morning."""
GLASSES, PLATE_MISSING, OLD_FEES = "填单台缺老花镜", "窗口没有工牌", "公示的收费是去年的"


def _fill(desk: Desk, ask: Ask, seq: int, taken: Mapping[int, int]) -> None:
    """Fill a sheet in, with these deductions by item, each for its first reason, and sign it."""
    for item in range(1, inspecting.inspection_of(desk, seq)["count"] + 1):
        off = taken.get(item, 0)
        inspecting.score(desk, ask, seq, item, off, reasons=[1] if off else [])
    inspecting.sign(desk, ask, seq)


def _open_check(desk: Desk, setup: Setup, ask: Ask) -> None:
    seq = inspecting.start(desk, ask, sheet="hall", channel="open")["inspection"]
    _fill(desk, ask, seq, {2: 2, 6: 2, 8: 5})
    inspecting.add_fix(desk, ask, typed(setup, GLASSES), "G1", inspection=seq, item=6)


def _mystery_visit(desk: Desk, setup: Setup, ask: Ask) -> None:
    """Let the visitor be the one who has waited longest today."""
    with desk.db.read() as tx:
        today = tickets.of_day(tx, desk.hall, setup.local(ask.now).date())
    waits = {
        one.label: seconds(one.legs[0].joined, one.legs[0].called)
        for one in today
        if one.leg.finished and one.legs[0].called
    }
    mine = max(sorted(waits), key=lambda label: waits[label])
    seq = inspecting.start(desk, ask, sheet="window", channel="mystery", visitor=VISITOR)["inspection"]
    logged = inspecting.tie(desk, ask, seq, mine)["visit"]["logged"]
    inspecting.tie(desk, ask, seq, mine, claimed_s=(round(logged) + REMEMBERED_MIN) * 60)
    _fill(desk, ask, seq, {2: 4, 7: 10})
    inspecting.add_fix(desk, ask, typed(setup, PLATE_MISSING), "C1", inspection=seq, item=2)
    inspecting.add_fix(desk, ask, typed(setup, OLD_FEES), "C2", inspection=seq, item=7)


def _prove(issue: str, proof: str, desk: Desk, setup: Setup, ask: Ask) -> None:
    inspecting.prove_fix(desk, ask, _named(desk, setup, ask, issue), typed(setup, proof))


def _look_again(desk: Desk, setup: Setup, ask: Ask) -> None:
    inspecting.look_at_fix(desk, ask, _named(desk, setup, ask, GLASSES), good=True)


def _named(desk: Desk, setup: Setup, ask: Ask, issue: str) -> int:
    rows = inspecting.fixes_of(desk, None, ask.now)
    return next((int(one["rectification"]) for one in rows if one["issue"] == typed(setup, issue)), 0)


def _plan(desk: Desk, setup: Setup, ask: Ask) -> None:
    day = setup.local(ask.now).date()
    for days, sheet, channel in ((5, "call", "telephone"), (6, "window", "video")):
        inspecting.plan(desk, ask, add_working_days(setup.calendar, day, days), sheet, channel)


def _brief(name: str, desk: Desk, _setup: Setup, ask: Ask) -> None:
    morning.write(desk, ask, *BRIEFINGS[name])


def _read(place: slice, desk: Desk, setup: Setup, ask: Ask) -> None:
    """Let these of the guides and clerks read the day's briefing."""
    one = morning.briefing_of(desk, None, ask.now)["briefing"]
    people = [person for person in setup.staff.values() if person.role in (Role.GUIDE, Role.CLERK)]
    for person in people[place] if one else ():
        morning.mark_read(desk, replace(ask, who=Actor(person.code, person.role)), one["briefing"])


def _sign(what: str, desk: Desk, setup: Setup, ask: Ask) -> None:
    guide = next(person for person in setup.staff.values() if person.role is Role.GUIDE)
    items = sheets_of(setup)[SHEETS[what]].items
    marks: list[dict[str, Any]] = [{"item": n, "state": "good"} for n in range(1, len(items) + 1)]
    if what == OPENING:
        marks[NO_GLASSES - 1] |= {"state": "lacking", "why": [3]}
    air = {"temperature": 22, "humidity": 46} if what == OPENING else {}
    morning.sign(desk, replace(ask, who=Actor(guide.code, guide.role)), what, marks, **air)


INSPECTIONS: Mapping[str, Callable[[Desk, Setup, Ask], None]] = {
    "open": _open_check,
    "prove": partial(_prove, GLASSES, "检查/填单台.jpg"),
    "look": _look_again,
    "mystery": _mystery_visit,
    "plan": _plan,
    "prove again": partial(_prove, PLATE_MISSING, "检查/工牌.jpg"),
    **{name: partial(_brief, name) for name in BRIEFINGS},
    "read": partial(_read, slice(0, -2)),
    "read later": partial(_read, slice(-2, -1)),
    "opening": partial(_sign, OPENING),
    "closing": partial(_sign, CLOSING),
}


# -- what a case cites -------------------------------------------------------------------------------------------------


def cite_papers(desk: Desk, ask: Ask, number: str) -> None:
    """Let a case cite how many were asked for other papers in the week until it was opened, the first of them, and how
    many came in the calendar week before and how long they waited, against the week before that."""
    day = date.fromisoformat(case_documents.case_of(desk, ask.who, number, ask.now)["opened"][:10])
    path, first = why.path(((why.TAG, "papers_changed"),)), day - timedelta(days=6)
    casework.cite_figure(desk, ask, number, path, first=first, last=day)
    for row in tickets_behind(desk, path, first, day, ask.now, most=1).rows:
        casework.cite_ticket(desk, ask, number, row.ticket, day=row.day)
    monday, sunday = span_of(WEEK, day - timedelta(days=7))
    casework.cite_figure(desk, ask, number, DAYS, first=monday, last=sunday, against=BEFORE)
