"""An improvement project to test with."""

from __future__ import annotations

from datetime import timedelta

from queuedesk.core.improvement.project import Ending, Judgement, Place, Spans
from queuedesk.desk.improvement.projecting import Finding, Gathered, Plan
from queuedesk.desk.improvement.standards import Made
from tests.hall import Hall

WRONG = "measures.wrong_counter.rate"


def whole_project(hall: Hall) -> int:
    """Lead a project through most of its steps, then drop it; return its number."""
    do, day = hall.do, hall.date
    seen = Finding(path="wait.n", first=day, last=day)
    number: int = do("project-open", "Right the first time", "M1", seen)["project"]
    do("project-state", number, seen)
    do("project-target", number, WRONG, 0.08, by=day + timedelta(days=30), reason="Half of what it is")
    days = [day + timedelta(days=n) for n in (-14, -1, 0, 0, 13)]
    do("project-spans", number, Spans(before=(days[0], days[1]), measures=days[2], after=(days[3], days[4])))
    do("project-cause", number, "Nobody at the door", "people")
    do("project-cause", number, "Sun on the screen", "own", own_bone="Weather")
    do("project-evidence", number, 1, Gathered(groups=("36/120", "12/130"), note="a morning each"))
    do("project-evidence", number, 2, Gathered(counted="3", note="remarks"))
    do("project-judge", number, 1, Judgement.CONFIRMED)
    do("project-judge", number, 2, Judgement.REJECTED)
    do("project-measure", number, Plan(what="Guide stays at the door", who="G1", due=day, where="door", causes=(1,)))
    do("project-done", number, 1, day)
    do("project-standard", number, 1, Made(place=Place.BRIEFING, text="Guide at the door until noon"))
    do("project-end", number, Ending.DROPPED, "The hall moves")
    return number
