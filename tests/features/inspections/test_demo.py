"""The inspections of the demo's weeks, on a small hall: two sheets, three findings, two plans."""

from __future__ import annotations

from queuedesk.desk import looking
from queuedesk.desk.quality import inspecting
from queuedesk.features.inspections.demo import InspectionsPart
from tests.hall import MANAGER, simple_hall


def test_what_the_weeks_inspect(tmp_path):
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    label = hall.issue("A")
    hall.clock.move(minutes=6)
    hall.call("1")
    hall.do("start", "1")
    hall.do("finish", "1")
    setup = looking.setup_of(hall.desk)

    for ago in range(9, -1, -1):
        for _minute, does in InspectionsPart.acts(ago):
            does(hall.desk, setup, hall.ask(MANAGER))

    rows = inspecting.month(hall.desk, None, hall.clock())["inspections"]
    assert [(one["channel"], one["state"], one["score"]) for one in rows] == [
        ("open", "done", 91),
        ("mystery", "done", 86),
        ("telephone", "planned", None),
        ("video", "planned", None),
    ]
    visit = inspecting.inspection_of(hall.desk, rows[1]["inspection"])["visit"]
    assert (visit["ticket"], visit["logged"], visit["difference"]) == (label, 6.0, 2.0)
    fixes = inspecting.fixes_of(hall.desk, None, hall.clock())
    assert [one["state"] for one in fixes] == ["proven", "open", "closed"]
    hall.must_follow_from_its_log()
