"""Forums: what was said stands beside the log, and an issue becomes one case."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.desk.upkeep import examining
from queuedesk.features.forums.demo import TALK, ForumsPart
from queuedesk.features.forums.verbs import forums_of
from queuedesk.sim.demo import DemoDay, Happening
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, Hall, simple_hall

SAID = ["Too long at noon", "No seats"]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


@ON_BOTH_ENGINES
def test_an_issue_becomes_a_case_with_the_words_that_were_said(hall: Hall) -> None:
    seq = hall.do("forum", hall.date, 9, about="Bills", issues=SAID[:1], who=MANAGER)["forum"]
    hall.do("forum-issue", seq, SAID[1], who=MANAGER)
    hall.do("forum-case", seq, 2, who=MANAGER)

    (found,) = forums_of(hall.desk)
    assert (found["attendees"], found["about"], [one["words"] for one in found["issues"]]) == (9, "Bills", SAID)
    assert [one["state"] for one in found["issues"]] == [None, "opened"]
    case = next(one for one in hall.whole().cases.values() if one.number == found["issues"][1]["case"])
    assert (case.source, case.ref, case.klass) == ("forum", f"{seq}/2", "complaint")
    assert not any(word in str([event.data for event in hall.log()]) for word in ("Bills", *SAID))
    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}
    hall.must_follow_from_its_log()


def test_the_demo_holds_one(hall: Hall) -> None:
    day = DemoDay(hall.desk, hall.date, 1)
    for name in (TALK, "rain"):
        happening = Happening(name=name, start=600, end=630, kind="event", note=("宣讲", "A talk"), crowd=11)
        ForumsPart(day).happens(happening)
    day.play()

    (found,) = forums_of(hall.desk)
    assert (found["attendees"], [one["state"] for one in found["issues"]]) == (11, [None, "opened"])
