"""The improvement of the demo's weeks, on a small hall, and what a case of it cites."""

from __future__ import annotations

from queuedesk.desk import looking
from queuedesk.desk.improvement import documents
from queuedesk.desk.quality import case_documents
from queuedesk.desk.quality.casework import Complaint
from queuedesk.sim.inspected import INSPECTIONS, NOON_WORDS, cite_papers
from tests.hall import MANAGER, simple_hall


def test_what_a_case_cites(tmp_path):
    hall = simple_hall(tmp_path)
    number = hall.do("case-open", Complaint(klass="complaint"), who=MANAGER)["number"]
    cite_papers(hall.desk, hall.ask(MANAGER), number)
    cited = [one["cites"] for one in case_documents.case_of(hall.desk, MANAGER, number, hall.clock())["history"][1:]]
    assert [(one["what"], one["name"]) for one in cited] == [
        ("figure", "why.tag:papers_changed"),
        ("chart", "days"),
    ]
    hall.must_follow_from_its_log()


def test_what_the_weeks_improve(tmp_path):
    """One project with six of nine causes judged; one that ended, its measure a step of the card for a full hall."""
    hall = simple_hall(tmp_path)
    setup = looking.setup_of(hall.desk)
    for days, name in ((0, "project noon"), (11, "project first"), (14, "projects")):
        hall.clock.move(days=days)
        INSPECTIONS[name](hall.desk, setup, hall.ask(MANAGER))

    rows = documents.projects_of(hall.desk, hall.clock())
    assert [(row["ending"], row["step"], row["judged_count"], row["cause_count"]) for row in rows] == [
        (None, "evidence", 6, 9),
        ("closed", None, 1, 1),
    ]
    assert looking.setup_of(hall.desk).cards["crowd"].steps[-1].text == NOON_WORDS[5]
