"""The last mornings of a demo's weeks: two briefings and who reads them, the hall signed closed and open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.quality.inspection import CLOSING, OPENING, SHEETS
from queuedesk.core.setup.file import score_sheets_of_hall
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.morning import verbs
from queuedesk.sim.demand import Act, FeatureDemoPart

BRIEFINGS = {
    1: (
        ("月底缴费的人多，十点前两个窗口办 A", "请先问有没有带户号"),
        ("Many pay at the month's end: two windows for A until ten", "Ask for the account number first"),
    ),
    0: (
        ("新的收费公示今天换上，旧的已收走", "老花镜每个填单台一副，少了告诉引导台", "十一点半到一点人多，午休错开"),
        (
            "The new list of fees hangs from today; the old one is gone",
            "One pair of glasses at each writing desk; tell the front desk if one is missing",
            "11:30 to 1:00 is busy: breaks one after the other",
        ),
    ),
}
"""By how many days before the demo's each is written."""
NO_GLASSES = 4
"""What of the environment sheet is not in order this morning."""


def _write_demo_briefing(which: int, desk: Desk, _setup: Setup, ask: Ask) -> None:
    verbs.write_briefing_version(desk, ask, *BRIEFINGS[which])


def _let_staff_read_briefing(place: slice, desk: Desk, setup: Setup, ask: Ask) -> None:
    """Let these of the guides and clerks read the day's briefing."""
    one = verbs.last_briefing_document(desk, None, ask.now)["briefing"]
    people = [person for person in setup.staff.values() if person.role in (Role.GUIDE, Role.CLERK)]
    for person in people[place] if one else ():
        verbs.mark_briefing_read(desk, replace(ask, who=Actor(person.code, person.role)), one["briefing"])


def _let_guide_sign_sheet(what: str, desk: Desk, setup: Setup, ask: Ask) -> None:
    guide = next(person for person in setup.staff.values() if person.role is Role.GUIDE)
    items = score_sheets_of_hall(setup)[SHEETS[what]].items
    marks: list[dict[str, Any]] = [{"item": n, "state": "good"} for n in range(1, len(items) + 1)]
    if what == OPENING:
        marks[NO_GLASSES - 1] |= {"state": "lacking", "why": [3]}
    air = {"temperature": 22, "humidity": 46} if what == OPENING else {}
    verbs.sign_opening_or_closing(desk, replace(ask, who=Actor(guide.code, guide.role)), what, marks, **air)


_DONE: Mapping[int, tuple[tuple[int, Act], ...]] = {
    1: (
        (491, partial(_write_demo_briefing, 1)),
        (493, partial(_let_staff_read_briefing, slice(0, -2))),
        (1060, partial(_let_guide_sign_sheet, CLOSING)),
    ),
    0: (
        (491, partial(_write_demo_briefing, 0)),
        (493, partial(_let_staff_read_briefing, slice(0, -2))),
        (497, partial(_let_staff_read_briefing, slice(-2, -1))),
        (499, partial(_let_guide_sign_sheet, OPENING)),
    ),
}


class MorningDemoPart(FeatureDemoPart):
    """The hall is briefed, closed and opened."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterable[tuple[int, Act]]:
        return _DONE.get(ago, ())
