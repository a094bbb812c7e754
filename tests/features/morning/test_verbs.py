"""The morning: sheets and their versions, who was there when, and the demo's last mornings."""

from pathlib import Path

import pytest

from queuedesk.core.quality.sheet import USUAL_SHEETS
from queuedesk.desk import looking
from queuedesk.desk.quality import morning
from queuedesk.desk.upkeep import examining
from queuedesk.features.morning import verbs
from queuedesk.features.morning.demo import MorningPart
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


def test_a_briefings_words_stand_beside_the_log_and_are_examined(hall: Hall) -> None:
    hall.do("briefing", ["新的收费表"], who=MANAGER)
    hall.do("opening", "closing", [{"item": 1, "state": "lacking", "words": "伞"}, *good("closing")[1:]], who=GUIDE)

    assert "收费" not in str([one.data for one in hall.log()][-2:])
    assert "伞" not in str(hall.last().data["marks"])
    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}
    assert verbs.stock_of(hall.desk, hall.clock()) == [{"text": "新的收费表", "text_en": ""}]


@ON_BOTH_ENGINES
def test_who_was_there_is_late_by_the_halls_rule_and_what_was_signed_keeps_its_version(hall: Hall) -> None:
    hall.do("sign-in", "guide", "G1", who=GUIDE)
    hall.clock.now = at("9:44")
    seq = hall.do("briefing", ["x"], who=MANAGER)["briefing"]
    hall.do("briefing-read", seq, who=clerk("C1"))
    hall.clock.now = at("10:10")
    rows = {one["staff"]: one for one in verbs.attendance_of(hall.desk, None, hall.clock())["attendance"]}

    assert {staff: one["late"] for staff, one in rows.items()} == {"C1": 0, "C2": None, "G1": None, "M1": None}
    assert [staff for staff, one in rows.items() if one["missing"]] == ["C2"]
    hall.open("2", "C2")
    late = verbs.attendance_of(hall.desk, None, hall.clock())["attendance"][1]
    assert (late["staff"], late["late"], late["due"][11:16]) == ("C2", 25, "09:45")
    assert here_words(late, "en", rostered=True) == "here at 10:10, 25 min late (due 9:45)"
    assert is_late(late)
    in_time = late | {"from": late["here"]}
    told = "here at 10:10, shift from 10:10 (asked to be here by 9:45)"
    assert (here_words(in_time, "en", rostered=True), is_late(in_time)) == (told, False)

    # A sheet that changed is the next version.
    hall.do("opening", "opening", good(), who=GUIDE)
    before = verbs.opening_of(hall.desk, None, hall.clock())["opening"]
    sheet = dict(next(one for one in USUAL_SHEETS if one["code"] == "environment"))
    hall.do("set-row", "sheets", "environment", {**sheet, "items": sheet["items"][:2]})
    hall.do("opening", "opening", good()[:2], who=GUIDE)
    after = verbs.opening_of(hall.desk, None, hall.clock())["opening"]
    assert (before["version"], before["of"], after["version"], after["of"]) == (1, 100, 2, 30)
    assert [len(one.items) for one in hall.whole().openings.values()] == [7, 2]


def test_what_the_last_mornings_are(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    setup = looking.setup_of(hall.desk)
    for ago in (2, 1, 0):
        for _minute, does in MorningPart.acts(ago):
            does(hall.desk, setup, hall.ask(MANAGER))
        hall.clock.move(days=1 if ago else 0)

    signed = verbs.opening_of(hall.desk, None, hall.clock())
    assert (signed["opening"]["lacking"], signed["closing"]) == (1, None)
    told = morning.briefing_of(hall.desk, None, hall.clock())["briefing"]
    assert (len(told["points"]), bool(told["read"]), len(told["unread"])) == (3, True, 1)
    assert len(verbs.briefings_of(hall.desk, None, None, hall.clock())) == 2
    hall.must_follow_from_its_log()
