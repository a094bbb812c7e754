"""The inspections of a demo's weeks: an open check and a mystery visit, what they found, and what is planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from queuedesk.core.queue.ticket import whole_seconds_between
from queuedesk.core.setup.hall import add_working_days
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality import inspecting
from queuedesk.features.inspections import verbs
from queuedesk.sim.demand import Act, FeatureDemoPart, Words, hall_language_text
from queuedesk.store.parts import tickets

VISITOR, REMEMBERED_MIN = 2, 2
"""The mystery visitor's number, and by how many minutes the wait seemed longer."""
GLASSES, GLASSES_THERE = (
    ("填单台缺老花镜", "No reading glasses at the desk"),
    ("检查/填单台.jpg", "inspection/desk.jpg"),
)
PLATE_MISSING, PLATE_THERE = ("窗口没有工牌", "No name plate at the window"), ("检查/工牌.jpg", "inspection/plate.jpg")
OLD_FEES = ("公示的收费是去年的", "The fees on the wall are last year's")


def _fill_in_and_sign_sheet(desk: Desk, ask: Ask, seq: int, taken: Mapping[int, int]) -> None:
    """Fill a sheet in, with these deductions by item, each for its first reason, and sign it."""
    for item in range(1, verbs.inspection_document(desk, seq)["count"] + 1):
        off = taken.get(item, 0)
        verbs.score_item(desk, ask, seq, item, off, reasons=[1] if off else [])
    verbs.sign_inspection(desk, ask, seq)


def _make_demo_overt_inspection(desk: Desk, setup: Setup, ask: Ask) -> None:
    seq = verbs.start_inspection(desk, ask, sheet="hall", channel="open")["inspection"]
    _fill_in_and_sign_sheet(desk, ask, seq, {2: 2, 6: 2, 8: 5})
    verbs.add_rectification(desk, ask, hall_language_text(setup, GLASSES), "G1", inspection=seq, item=6)


def _make_demo_mystery_visit(desk: Desk, setup: Setup, ask: Ask) -> None:
    """Let the visitor be the one who has waited longest today."""
    with desk.db.read() as tx:
        today = tickets.tickets_of_day(tx, desk.hall, setup.to_hall_time(ask.now).date())
    waits = {
        one.label: whole_seconds_between(one.legs[0].joined, one.legs[0].called)
        for one in today
        if one.current_leg.finished and one.legs[0].called
    }
    mine = max(sorted(waits), key=lambda label: waits[label])
    seq = verbs.start_inspection(desk, ask, sheet="window", channel="mystery", visitor=VISITOR)["inspection"]
    logged = verbs.tie_to_ticket(desk, ask, seq, mine)["visit"]["logged"]
    verbs.tie_to_ticket(desk, ask, seq, mine, claimed_s=(round(logged) + REMEMBERED_MIN) * 60)
    _fill_in_and_sign_sheet(desk, ask, seq, {2: 4, 7: 10})
    verbs.add_rectification(desk, ask, hall_language_text(setup, PLATE_MISSING), "C1", inspection=seq, item=2)
    verbs.add_rectification(desk, ask, hall_language_text(setup, OLD_FEES), "C2", inspection=seq, item=7)


def _prove_fix_of_issue(issue: Words, proof: Words, desk: Desk, setup: Setup, ask: Ask) -> None:
    inspecting.record_rectification_proof(
        desk, ask, _rectification_number_of_issue(desk, setup, ask, issue), hall_language_text(setup, proof)
    )


def _make_demo_rectification_check(desk: Desk, setup: Setup, ask: Ask) -> None:
    verbs.record_rectification_check(desk, ask, _rectification_number_of_issue(desk, setup, ask, GLASSES), good=True)


def _rectification_number_of_issue(desk: Desk, setup: Setup, ask: Ask, issue: Words) -> int:
    rows = inspecting.open_and_month_rectifications(desk, None, ask.now)
    return next((int(one["rectification"]) for one in rows if one["issue"] == hall_language_text(setup, issue)), 0)


def _plan_inspections(desk: Desk, setup: Setup, ask: Ask) -> None:
    day = setup.to_hall_time(ask.now).date()
    for days, sheet, channel in ((5, "call", "telephone"), (6, "window", "video")):
        verbs.plan_inspection(desk, ask, add_working_days(setup.calendar, day, days), sheet, channel)


_DONE: Mapping[int, tuple[tuple[int, Act], ...]] = {
    9: ((560, _make_demo_overt_inspection),),
    7: ((600, partial(_prove_fix_of_issue, GLASSES, GLASSES_THERE)),),
    6: ((610, _make_demo_rectification_check),),
    4: ((690, _make_demo_mystery_visit),),
    3: ((545, _plan_inspections),),
    2: ((580, partial(_prove_fix_of_issue, PLATE_MISSING, PLATE_THERE)),),
}


class InspectionsDemoPart(FeatureDemoPart):
    """The hall is inspected, and what was found is put right."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterable[tuple[int, Act]]:
        return _DONE.get(ago, ())
