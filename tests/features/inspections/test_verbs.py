"""Inspections from their plan to their signature, and what they found until somebody else has looked again."""

from __future__ import annotations

from datetime import date

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.desk import looking
from queuedesk.desk.quality import inspecting
from queuedesk.desk.upkeep import examining
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


def test_a_planned_sheet_is_filled_and_signed(hall):
    planned = hall.do("inspect-plan", DAY, "call", "telephone", who=MANAGER)
    seq = planned["inspection"]
    assert (planned["state"], planned["staff"], planned["version"], planned["count"]) == ("planned", "M1", None, 0)

    hall.do("inspect-start", seq, who=MANAGER)
    hall.do("inspect-score", seq, 1, 5, reasons=[1], who=MANAGER)
    hall.do("inspect-score", seq, 2, 0, who=MANAGER)
    hall.do("inspect-score", seq, 3, None, who=MANAGER)
    with pytest.raises(RuleError) as refused:
        hall.do("inspect-sign", seq, who=MANAGER)
    assert (refused.value.code, refused.value.details["items"]) == ("sheet_not_done", [4])

    hall.do("inspect-score", seq, 4, 2, words="对方挂得太快", photo="检查/4.jpg", who=MANAGER)
    signed = hall.do("inspect-sign", seq, who=MANAGER)

    assert (signed["state"], signed["points"], signed["of"], signed["score"]) == ("done", 53, 60, 88)
    last = signed["items"][3]
    assert (last["words"], last["photos"], last["taken"]) == ("对方挂得太快", ["检查/4.jpg"], 2)
    with pytest.raises(RuleError, match="sheet_signed"):
        hall.do("inspect-score", seq, 1, 0, who=MANAGER)
    hall.must_follow_from_its_log()


def test_each_touch_is_kept_and_the_last_one_counts(hall):
    seq = begun(hall)
    for taken, reasons in ((5, []), (5, [1, 2]), (0, [1])):
        document = hall.do("inspect-score", seq, 1, taken, reasons=reasons, who=MANAGER)

    assert (document["items"][0]["taken"], document["items"][0]["why"]) == (0, [])
    assert len([one for one in hall.log() if one.kind == "inspect-score"]) == 3
    month = inspecting.month(hall.desk, None, hall.clock())
    assert [(one["state"], one["looked_at"]) for one in month["inspections"]] == [("running", 1)]


def test_words_and_paths_of_photos_stand_beside_the_log(hall):
    seq = begun(hall)
    hall.do("inspect-score", seq, 1, 5, words="太慢了", photo="photos/one.jpg", who=MANAGER)
    hall.do("inspect-plan", DAY, "hall", "supervisor", outsider="Ms Gao", who=MANAGER)
    hall.do("fix-add", "No name plate", "C1", who=MANAGER)

    told = "".join(str(event.data) for event in hall.log() if event.kind.startswith("inspect-"))

    assert not any(text in told for text in ("太慢了", "photos/one.jpg", "Ms Gao", "No name plate"))
    rows = inspecting.month(hall.desk, None, hall.clock())["inspections"]
    assert {one["outsider"] for one in rows} == {None, "Ms Gao"}


def test_a_filled_sheet_keeps_the_items_it_was_filled_by(hall):
    seq = begun(hall)
    for item in range(1, 5):
        hall.do("inspect-score", seq, item, 0, who=MANAGER)
    hall.do("inspect-sign", seq, who=MANAGER)
    row = {"items": [{"text": "只有一项", "weight": 7}]}
    hall.do("set-row", "sheets", "call", row)

    before, after = inspecting.inspection_of(hall.desk, seq), inspecting.inspection_of(hall.desk, begun(hall))

    assert (before["version"], before["score"], before["count"]) == (1, 100, 4)
    assert (after["version"], after["count"], after["items"][0]["weight"]) == (2, 1, 7)


@pytest.mark.parametrize(
    ("item", "taken", "words", "code"),
    [
        (5, 0, {}, "not_there"),
        (1, 21, {}, "bad_value"),
        (1, -1, {}, "bad_value"),
        (1, 5, {"reasons": [3]}, "bad_value"),
        (1, 5, {"words": "x" * 201}, "bad_value"),
    ],
)
def test_what_a_sheet_does_not_have(hall, item, taken, words, code):
    seq = begun(hall)
    with pytest.raises(RuleError, match=code):
        hall.do("inspect-score", seq, item, taken, who=MANAGER, **words)


def test_a_mystery_visitor_has_a_number_and_a_real_ticket(hall):
    hall.open("1", "C1")
    label = hall.do("issue", "A")["ticket"]
    hall.clock.move(minutes=7)
    hall.do("call", "1", who=clerk("C1"))
    with pytest.raises(RuleError, match="bad_value"):
        begun(hall, "window", "mystery", staff="C1")
    seq = begun(hall, "window", "mystery", visitor=2)

    document = hall.do("inspect-tie", seq, label, claimed_s=9 * 60, who=MANAGER)

    visit = document["visit"]
    assert (document["staff"], document["visitor"]) == (None, 2)
    assert (visit["ticket"], visit["claimed"], visit["logged"], visit["difference"]) == (label, 9.0, 7.0, 2.0)
    assert visit["window"] == "1"
    with pytest.raises(RuleError, match="not_mystery"):
        hall.do("inspect-tie", begun(hall), label, who=MANAGER)
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_one_that_is_given_up_covers_nothing(hall):
    seq = hall.do("inspect-plan", DAY, "hall", "video", who=MANAGER)["inspection"]
    hall.do("inspect-drop", seq, reason="camera is down", who=MANAGER)

    covered = {one["channel"]: one for one in inspecting.month(hall.desk, None, hall.clock())["coverage"]}

    assert (covered["video"]["planned"], covered["video"]["short"]) == (0, True)
    with pytest.raises(RuleError, match="not_there"):
        hall.do("inspect-start", seq, who=MANAGER)


def test_nothing_closes_before_somebody_else_has_looked_again(hall):
    hall.do("add-row", "staff", {"code": "M2", "name": "Zhou Lin", "role": "manager"})
    seq = hall.do("fix-add", "No name plate", "M1", who=OTHER)["rectification"]
    with pytest.raises(RuleError, match="no_proof"):
        hall.do("fix-look", seq, good=True, who=OTHER)
    hall.do("fix-prove", seq, "photo, 20 Nov", who=MANAGER)
    with pytest.raises(RuleError, match="own_fix"):
        hall.do("fix-look", seq, good=True, who=MANAGER)
    with pytest.raises(RuleError, match="who_are_you"):
        hall.do("fix-look", seq, good=True, who=CONSOLE)

    assert hall.do("fix-look", seq, good=False, who=OTHER)["state"] == "open"
    with pytest.raises(RuleError, match="no_proof"):
        hall.do("fix-look", seq, good=True, who=OTHER)
    hall.do("fix-prove", seq, "a new one", who=MANAGER)
    closed = hall.do("fix-look", seq, good=True, who=OTHER)

    assert (closed["state"], [one["good"] for one in closed["looks"]]) == ("closed", [False, True])
    with pytest.raises(RuleError, match="fix_closed"):
        hall.do("fix-remind", seq, who=MANAGER)
    hall.must_follow_from_its_log()


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


def test_only_managers_inspect(hall):
    with pytest.raises(RuleError, match="not_your_role"):
        hall.do("inspect-plan", DAY, "hall", "open", who=clerk("C1"))
    assert looking.setup_of(hall.desk).number("inspect_open") == 2


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
