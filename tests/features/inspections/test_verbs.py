"""What inspections leave to be put right, on both engines, those of the demo's weeks, and what is told where a
clerk puts it right."""

from datetime import date

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.desk.quality import inspecting
from queuedesk.desk.upkeep import examining
from queuedesk.features.inspections.demo import InspectionsPart
from queuedesk.features.inspections.rules import deductions
from tests.credentials import shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, clerk, simple_hall
from tests.postgres import WITH_RIGHTS, drop_database, new_database

OTHER = Actor("M2", Role.MANAGER)
DAY = date(2026, 11, 20)


@pytest.fixture
def hall(tmp_path):
    return simple_hall(tmp_path)


def begun(hall, sheet="call", channel="telephone", **words):
    return int(hall.do("inspect-start", sheet=sheet, channel=channel, who=MANAGER, **words)["inspection"])


@ON_BOTH_ENGINES
def test_what_is_to_be_put_right_is_proven_by_its_owner_and_closed_by_another(hall):
    hall.do("add-row", "staff", {"code": "M2", "name": "Zhou Lin", "role": "manager"})
    planned = hall.do("inspect-plan", DAY, "hall", "video", who=MANAGER)["inspection"]
    hall.do("inspect-drop", planned, reason="camera is down", who=MANAGER)
    covered = {one["channel"]: one for one in inspecting.month(hall.desk, None, hall.clock())["coverage"]}
    assert (covered["video"]["planned"], covered["video"]["short"]) == (0, True), "one that is given up covers nothing"
    with pytest.raises(RuleError, match="not_there"):
        hall.do("inspect-start", planned, who=MANAGER)

    seq = begun(hall)
    own, late, other = (
        hall.do("fix-add", issue, owner, due=date(2026, 11, day), inspection=seq, item=1, who=MANAGER)["rectification"]
        for issue, owner, day in (("a", "C1", 25), ("b", "C1", 20), ("c", "C2", 23))
    )
    proven = hall.do("fix-prove", own, "photos/plate.jpg", who=clerk("C1"))
    told = (proven["state"], proven["proofs"][0]["proof"], proven["inspection"])
    assert told == ("proven", "photos/plate.jpg", None), "the owner is not told where it was found"
    with pytest.raises(RuleError, match="not_there"):
        hall.do("fix-prove", other, "x", who=clerk("C1"))
    assert hall.do("fix-prove", other, "x", who=MANAGER)["inspection"] == seq
    hall.do("fix-look", own, good=True, who=OTHER)
    hall.clock.move(hours=24)
    rows = inspecting.fixes_of(hall.desk, None, hall.clock())
    assert [(one["issue"], one["late"], one["state"]) for one in rows] == [
        ("b", True, "open"),
        ("c", False, "proven"),
        ("a", False, "closed"),
    ]
    assert rows[0]["rectification"] == late
    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}
    hall.must_follow_from_its_log()


def test_a_hall_with_inspections_is_found_whole(hall):
    """What stands beside the log is told by its events, a photo that a later touch names again too."""
    seq = begun(hall)
    hall.do("inspect-score", seq, 1, 5, words="too slow", photo="1.jpg", who=MANAGER)
    hall.clock.move(hours=30)
    hall.do("inspect-score", seq, 1, 4, reasons=[1], who=MANAGER)
    hall.do("fix-add", "No name plate", "C1", inspection=seq, item=1, who=MANAGER)

    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}


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


# -- what a PC for staff is told of it: not where it was found ---------------------------------------------------------


@pytest.mark.pg
def test_the_owner_at_a_staff_pc_proves_a_finding_and_reads_nothing_of_where_it_was_found() -> None:
    url = new_database(WITH_RIGHTS)
    with shared(url, "A") as place:
        hall, pc = place.hall(), place.hall(place.pc(PcKind.STAFF))
        visit = hall.do("inspect-start", sheet="window", channel="mystery", visitor=2, who=MANAGER)["inspection"]
        fix = hall.do("fix-add", "No name plate", "C1", inspection=visit, item=2, who=MANAGER)["rectification"]
        (read,) = inspecting.fixes_of(pc.desk, None, place.clock())
        pc.do("fix-prove", fix, "photos/plate.jpg", who=clerk("C1"))

        told = (read["issue"], read["owner"], read["inspection"], read["channel"])
        assert told == ("No name plate", "C1", None, None)
        assert "inspection" not in next(one for one in pc.log() if one.kind == "inspect-fix").data
        (whole,) = inspecting.fixes_of(hall.desk, None, place.clock())
        assert (whole["state"], whole["inspection"], whole["proofs"][0]["by"]) == ("proven", visit, "C1")
        hall.must_follow_from_its_log()
    drop_database(url)
