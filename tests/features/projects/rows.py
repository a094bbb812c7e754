"""An improvement project to test with."""

from datetime import timedelta

from queuedesk.core.improvement.project import CauseJudgement, ComparedDateSpans, EvidenceCitation
from queuedesk.features.projects.rules import NewEvidence, PlannedMeasure
from tests.hall import MANAGER, Hall

WRONG = "measures.wrong_counter.rate"


def judged_project(hall: Hall) -> int:
    """Lead a project to its effect, with causes of every judgement and a measure to do; return its number."""
    do, day = hall.do, hall.date
    seen = EvidenceCitation(path=WRONG, first=day, last=day)
    number: int = do("project-open", "Right the first time", MANAGER.name, seen)["project"]
    do("project-state", number, seen)
    do("project-target", number, WRONG, 0.08, by=day + timedelta(days=30), reason="Half of what it is")
    for name, bone in (
        ("Elderly customers have no one to ask", "people"),
        ("Guide leaves the door at noon", "people"),
        ("Papers asked for only at the window", "method"),
        ("Printed list too small to read", "words"),
        ("Crowd on pay days", "place"),
    ):
        do("project-cause", number, name, bone)
    for n, groups in ((1, ("81/628", "92/2318")), (2, ("82/1000", "82/1000")), (5, ("83/1000", "81/1000"))):
        do("project-evidence", number, n, NewEvidence(groups=groups, note="two weeks"))
    do("project-evidence", number, 3, NewEvidence(finding=seen, groups=(WRONG, WRONG)))
    for n, judgement in ((1, CauseJudgement.CONFIRMED), (2, CauseJudgement.REJECTED), (5, CauseJudgement.CANNOT_TELL)):
        do("project-judge", number, n, judgement)
    plan = PlannedMeasure(
        what="Chair and large-print list", who=MANAGER.name, due=day, where="desk", cost=180, causes=(1,)
    )
    do("project-measure", number, plan)
    do("project-done", number, 1, day)
    days = [day + timedelta(days=n) for n in (-14, -1, 0, 0, 13)]
    spans = ComparedDateSpans(before=(days[0], days[1]), measures=days[2], after=(days[3], days[4]))
    do("project-spans", number, spans)
    return number
