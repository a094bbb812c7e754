"""What inspections leave to be put right, on both engines, and those of the demo's weeks."""

from __future__ import annotations

from datetime import date

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk import looking
from queuedesk.desk.quality import inspecting
from queuedesk.desk.upkeep import examining
from queuedesk.features.inspections.demo import InspectionsPart
from queuedesk.features.inspections.rules import deductions
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, clerk, simple_hall

OTHER = Actor("M2", Role.MANAGER)
DAY = date(2026, 11, 20)


@pytest.fixture
def hall(tmp_path):
    return simple_hall(tmp_path)


def begun(hall, sheet="call", channel="telephone", **words):
    return int(hall.do("inspect-start", sheet=sheet, channel=channel, who=MANAGER, **words)["inspection"])


@ON_BOTH_ENGINES
def test_one_that_is_given_up_covers_nothing(hall):
    seq = hall.do("inspect-plan", DAY, "hall", "video", who=MANAGER)["inspection"]
    hall.do("inspect-drop", seq, reason="camera is down", who=MANAGER)

    covered = {one["channel"]: one for one in inspecting.month(hall.desk, None, hall.clock())["coverage"]}

    assert (covered["video"]["planned"], covered["video"]["short"]) == (0, True)
    with pytest.raises(RuleError, match="not_there"):
        hall.do("inspect-start", seq, who=MANAGER)


@ON_BOTH_ENGINES
def test_what_is_to_be_put_right_stands_by_its_date_and_closed_last(hall):
    hall.do("add-row", "staff", {"code": "M2", "name": "Zhou Lin", "role": "manager"})
    for issue, due in (("a", date(2026, 11, 25)), ("b", date(2026, 11, 20)), ("c", date(2026, 11, 23))):
        hall.do("fix-add", issue, "C1", due=due, who=MANAGER)
    first = hall.log()[-3].seq
    hall.do("fix-prove", first, "done", who=MANAGER)
    hall.do("fix-look", first, good=True, who=OTHER)
    hall.clock.move(hours=24)

    rows = inspecting.fixes_of(hall.desk, None, hall.clock())

    assert [(one["issue"], one["late"], one["state"]) for one in rows] == [
        ("b", True, "open"),
        ("c", False, "open"),
        ("a", False, "closed"),
    ]


def test_a_hall_with_inspections_is_found_whole(hall):
    """What stands beside the log is told by its events, a photo that a later touch names again too."""
    seq = begun(hall)
    hall.do("inspect-score", seq, 1, 5, words="too slow", photo="1.jpg", who=MANAGER)
    hall.clock.move(hours=30)
    hall.do("inspect-score", seq, 1, 4, reasons=[1], who=MANAGER)
    hall.do("fix-add", "No name plate", "C1", inspection=seq, item=1, who=MANAGER)

    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}


@ON_BOTH_ENGINES
def test_the_owner_proves_the_own_ones_and_is_not_told_where_they_were_found(hall):
    seq = begun(hall)
    own, other = (
        hall.do("fix-add", "No name plate", owner, inspection=seq, item=1, who=MANAGER)["rectification"]
        for owner in ("C1", "C2")
    )
    proven = hall.do("fix-prove", own, "photos/plate.jpg", who=clerk("C1"))

    told = (proven["state"], proven["proofs"][0]["proof"], proven["inspection"])
    assert told == ("proven", "photos/plate.jpg", None)
    with pytest.raises(RuleError, match="not_there"):
        hall.do("fix-prove", other, "x", who=clerk("C1"))
    assert hall.do("fix-prove", other, "x", who=MANAGER)["inspection"] == seq
    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(
    ("weight", "keys"), [(10, (1, 2, 5, 10)), (5, (1, 2, 3, 5)), (4, (1, 2, 3, 4)), (2, (1, 2)), (1, (1,))]
)
def test_the_keys_of_an_item(weight, keys):
    assert deductions(weight) == keys


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
