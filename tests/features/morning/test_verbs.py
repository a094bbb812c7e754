"""The morning: a briefing and who has read it, the hall signed open by its sheet, and who was there when."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.quality.sheet import USUAL_SHEETS
from queuedesk.desk import looking
from queuedesk.desk.quality import morning
from queuedesk.desk.upkeep import examining
from queuedesk.features.morning import verbs as morning_verbs
from queuedesk.features.morning.words import here_words, is_late
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, at, clerk, simple_hall

ROSTER = [
    {"window": "1", "staff": "C1", "from": "10:00", "to": "17:30", "breaks": []},
    {"window": "2", "staff": "C2", "from": "10:00", "to": "17:30", "breaks": []},
]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path, roster=ROSTER, settings={"early_minutes": 15})
    hall.clock.now = at("9:35")
    return hall


def told(hall: Hall) -> tuple[list[str], list[str]]:
    one = morning.briefing_of(hall.desk, None, hall.clock())["briefing"]
    return [each["staff"] for each in one["read"]], one["unread"]


def good(what: str = "environment") -> list[dict[str, object]]:
    items = next(one for one in USUAL_SHEETS if one["code"] == what)["items"]
    return [{"item": n, "state": "good"} for n in range(1, len(items) + 1)]


@ON_BOTH_ENGINES
def test_each_person_reads_the_briefing_once_and_a_correction_anew(hall: Hall) -> None:
    seq = hall.do("briefing", ["新的收费表", "午间限号"], ["New fees", "Few numbers at noon"], who=MANAGER)["briefing"]
    assert told(hall) == ([], ["C1", "C2"])  # whom the roster names; who wrote it need not read it

    hall.do("briefing-read", seq, who=clerk("C1"))
    length = len(hall.log())
    hall.do("briefing-read", seq, who=clerk("C1"))
    hall.do("briefing-read", seq, who=GUIDE)
    assert len(hall.log()) == length + 1
    assert told(hall) == (["C1", "G1"], ["C2"])

    second = hall.do("briefing", ["新的收费表从下周起"], who=MANAGER)
    assert (second["version"], second["points_en"], told(hall)) == (2, [], ([], ["C1", "C2", "G1"]))
    with pytest.raises(RuleError, match="not_there"):  # the first is nobody's to read any more
        hall.do("briefing-read", seq, who=clerk("C2"))
    hall.must_follow_from_its_log()


def test_a_briefings_words_stand_beside_the_log_and_are_examined(hall: Hall) -> None:
    hall.do("briefing", ["新的收费表"], who=MANAGER)
    hall.do("opening", "closing", [{"item": 1, "state": "lacking", "words": "伞"}, *good("closing")[1:]], who=GUIDE)

    assert "收费" not in str([one.data for one in hall.log()][-2:])
    assert "伞" not in str(hall.last().data["marks"])
    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}
    assert morning_verbs.stock_of(hall.desk, hall.clock()) == [{"text": "新的收费表", "text_en": ""}]


@pytest.mark.parametrize(
    ("points", "points_en"), [([], []), (["  "], []), (["x" * 101], []), (["a"] * 9, []), (["a", "b"], ["a"])]
)
def test_a_briefing_has_points_and_as_many_in_english(hall: Hall, points: list[str], points_en: list[str]) -> None:
    with pytest.raises(RuleError, match="bad_value"):
        hall.do("briefing", points, points_en, who=MANAGER)


def test_the_hall_is_signed_open_by_its_sheet(hall: Hall) -> None:
    marks = good()
    marks[2] = {"item": 3, "state": "lacking"}
    marks[6] = {"item": 7, "state": "not_applicable"}
    with pytest.raises(RuleError) as refused:
        hall.do("opening", "opening", marks, who=GUIDE)
    assert (refused.value.code, refused.value.details["items"]) == ("sheet_not_done", [3])

    marks[2] |= {"why": [1]}
    hall.do("opening", "opening", marks, temperature=-3, humidity=41, who=GUIDE)
    one = morning_verbs.opening_of(hall.desk, None, hall.clock())["opening"]
    assert (one["by"], one["lacking"], one["points"], one["of"]) == ("G1", 1, 75, 85)
    assert (one["version"], one["temperature"], one["humidity"]) == (1, -3, 41)
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_sheet_that_changed_is_the_next_version_and_what_was_signed_keeps_its_own(hall: Hall) -> None:
    hall.do("opening", "opening", good(), who=GUIDE)
    before = morning_verbs.opening_of(hall.desk, None, hall.clock())["opening"]
    sheet = dict(next(one for one in USUAL_SHEETS if one["code"] == "environment"))
    hall.do("set-row", "sheets", "environment", {**sheet, "items": sheet["items"][:2]})

    hall.do("opening", "opening", good()[:2], who=GUIDE)
    after = morning_verbs.opening_of(hall.desk, None, hall.clock())["opening"]
    assert (before["version"], before["of"], after["version"], after["of"]) == (1, 100, 2, 30)
    assert [len(one.items) for one in hall.whole().openings.values()] == [7, 2]


@pytest.mark.parametrize(
    ("marks", "words", "code"),
    [
        ([{"item": 9, "state": "good"}], {}, "not_there"),
        ([{"item": 1, "state": "lacking", "why": [3]}], {}, "bad_value"),
        ([], {"temperature": 99}, "bad_value"),
    ],
)
def test_what_no_sheet_can_say_is_refused(hall: Hall, marks: list[object], words: dict[str, int], code: str) -> None:
    with pytest.raises(RuleError, match=code):
        hall.do("opening", "opening", marks, who=GUIDE, **words)


@ON_BOTH_ENGINES
def test_who_was_there_follows_from_the_log_and_is_late_by_the_halls_rule(hall: Hall) -> None:
    hall.do("sign-in", "guide", "G1", who=GUIDE)
    hall.clock.now = at("9:44")
    seq = hall.do("briefing", ["x"], who=MANAGER)["briefing"]
    hall.do("briefing-read", seq, who=clerk("C1"))
    hall.clock.now = at("10:10")
    rows = {one["staff"]: one for one in morning_verbs.attendance_of(hall.desk, None, hall.clock())["attendance"]}

    assert {staff: one["late"] for staff, one in rows.items()} == {"C1": 0, "C2": None, "G1": None, "M1": None}
    assert [staff for staff, one in rows.items() if one["missing"]] == ["C2"]
    hall.open("2", "C2")
    late = morning_verbs.attendance_of(hall.desk, None, hall.clock())["attendance"][1]
    assert (late["staff"], late["late"], late["due"][11:16]) == ("C2", 25, "09:45")
    assert here_words(late, "en", rostered=True) == "here at 10:10, 25 min late (due 9:45)"
    assert is_late(late)
    in_time = late | {"from": late["here"]}
    told = "here at 10:10, shift from 10:10 (asked to be here by 9:45)"
    assert (here_words(in_time, "en", rostered=True), is_late(in_time)) == (told, False)


def test_signing_and_reading_take_a_person(hall: Hall) -> None:
    seq = hall.do("briefing", ["x"], who=MANAGER)["briefing"]
    with pytest.raises(RuleError, match="who_are_you"):
        hall.do("briefing-read", seq)
    with pytest.raises(RuleError, match="who_are_you"):
        hall.do("opening", "opening", good())
    with pytest.raises(RuleError, match="not_your_role"):
        hall.do("briefing", ["x"], who=Actor("C1", Role.CLERK))
    assert looking.setup_of(hall.desk).number("early_minutes") == 15
