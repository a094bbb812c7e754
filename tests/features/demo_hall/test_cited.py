"""What a case of the demo's weeks cites."""

from __future__ import annotations

from queuedesk.desk.quality import case_documents
from queuedesk.desk.quality.casework import Complaint
from queuedesk.features.demo_hall.verbs.cases import cite_papers
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
