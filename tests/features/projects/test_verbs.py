"""Improvement projects: the eight steps, evidence before a confirmed cause, words beside the log, standards made."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.improvement.project import Ending, Finding, Gathered, Judgement, Made, Place, Plan, Step
from queuedesk.desk.improvement import standards_of
from queuedesk.desk.looking import setup_of
from queuedesk.desk.quality import morning
from queuedesk.desk.upkeep import examining
from queuedesk.features.morning import verbs as morning_verbs
from queuedesk.features.projects.verbs import telling
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.projects.rows import WRONG, whole_project
from tests.hall import ADMIN, MANAGER, Hall, clerk, refused, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def opened(hall: Hall) -> int:
    number = hall.do("project-open", "Right the first time", "M1", who=MANAGER)["project"]
    hall.do("project-cause", number, "Nobody at the door", "people", who=MANAGER)
    return int(number)


def test_a_project_tells_what_stands_in_its_steps_and_what_each_lacks(hall: Hall) -> None:
    number = opened(hall)

    found = telling.project_of(hall.desk, number, hall.clock())

    assert (found["project"], found["title"], found["leader"], found["step"]) == (
        1,
        "Right the first time",
        "M1",
        "topic",
    )
    lacks = {row["step"]: row["missing"] for row in found["steps"]}
    assert lacks["topic"] == ["finding"]
    assert lacks["causes"] == []
    assert lacks["evidence"] == ["judgement"]
    assert lacks["effect"] == ["follows", "spans", "days"]
    assert [row["step"] for row in found["steps"]] == list(Step)


@ON_BOTH_ENGINES
def test_words_stand_beside_the_log_and_the_tables_follow_from_it(hall: Hall) -> None:
    hall.queue("A")
    number = whole_project(hall)

    found = telling.project_of(hall.desk, number, hall.clock())
    assert [(one["name"], one["bone_name"], one["judgement"]) for one in found["causes"]] == [
        ("Nobody at the door", None, "confirmed"),
        ("Sun on the screen", "Weather", "rejected"),
    ]
    assert (found["ending"], found["reason"]) == ("dropped", "The hall moves")
    log = str([event.data for event in hall.log() if event.kind.startswith("project-")])
    assert not any(word in log for word in ("first time", "door", "Weather", "morning", "remarks", "Half", "moves"))
    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}
    hall.must_follow_from_its_log()


def test_a_cause_without_evidence_cannot_be_confirmed(hall: Hall) -> None:
    number = opened(hall)

    with pytest.raises(RuleError, match="no_evidence"):
        hall.do("project-judge", number, 1, Judgement.CONFIRMED)
    hall.do("project-judge", number, 1, Judgement.CANNOT_TELL)
    hall.do("project-evidence", number, 1, Gathered(counted="2", note="remarks"))
    hall.do("project-judge", number, 1, Judgement.CONFIRMED)

    (cause,) = telling.project_of(hall.desk, number, hall.clock())["causes"]
    assert (cause["judgement"], cause["judged_by"]) == ("confirmed", "console")


@pytest.mark.parametrize(
    ("groups", "few", "verdict"),
    [
        (("36/120", "12/130"), False, "higher"),
        (("13/120", "12/130"), False, "cannot_tell"),
        (("9/9", "1/130"), True, None),
    ],
)
def test_groups_counted_by_hand_are_compared_from_thirty_rows_on(
    hall: Hall, groups: tuple[str, str], few: bool, verdict: str | None
) -> None:
    number = opened(hall)
    hall.do("project-evidence", number, 1, Gathered(groups=groups, note="a morning each"))

    (row,) = telling.project_of(hall.desk, number, hall.clock())["causes"][0]["evidence"]

    assert (row["few"], row["verdict"], row["live"]) == (few, verdict, False)
    assert (row["difference"] is None) == few


@ON_BOTH_ENGINES
def test_a_cited_figure_stays_alive(hall: Hall) -> None:
    """A ticket that came after the figure was cited, on one of its dates, is told as a change."""
    hall.queue("A", "B")
    number = opened(hall)
    hall.do("project-state", number, Finding(path="issued", first=hall.date, last=hall.date))
    hall.queue("A")

    (row,) = telling.project_of(hall.desk, number, hall.clock())["state"]

    assert (row["value"], row["now"], row["changed"]) == (2, 3, True)


@ON_BOTH_ENGINES
def test_each_place_is_made_in_one_act(hall: Hall) -> None:
    number = opened(hall)
    for what in ("check", "step", "rule", "point"):
        hall.do("project-measure", number, Plan(what=what, who="G1", due=hall.date))
    made = [
        Made(place=Place.OPENING, text="Large print lies at the desk", text_en="Large print lies at the desk"),
        Made(place=Place.CARD, card="crowd", text="Guide to the door"),
        Made(place=Place.RULE, key="crowd", value="18"),
        Made(place=Place.BRIEFING, text="Ask for the papers at the door"),
    ]
    for n, one in enumerate(made, start=1):
        hall.do("project-standard", number, n, one)

    setup = setup_of(hall.desk)
    rows = telling.project_of(hall.desk, number, hall.clock())["measures"]
    assert [(row["standard"]["place"], bool(row["standard"]["ref"])) for row in rows] == [
        ("opening", True),
        ("card", True),
        ("rule", True),
        ("briefing", True),
    ]
    assert setup.number("crowd") == 18
    assert setup.cards["crowd"].steps[-1].text == "Guide to the door"
    sheet = morning_verbs.opening_of(hall.desk, None, hall.clock())["sheets"]["opening"]
    assert sheet["items"][int(rows[0]["standard"]["ref"]) - 1]["text"] == "Large print lies at the desk"
    assert morning.briefing_of(hall.desk, None, hall.clock())["briefing"]["points"] == [
        "Ask for the papers at the door"
    ]
    with pytest.raises(RuleError, match="measure_is_standard"):
        hall.do("project-standard", number, 1, Made(place=Place.NOTHING))
    told = [
        (row["project"], row["measure"], row["place"], row["texts"], row["value"]) for row in standards_of(hall.desk)
    ]
    assert told == [
        (number, 1, "opening", ["Large print lies at the desk"] * 2, ""),
        (number, 2, "card", ["Guide to the door"], ""),
        (number, 3, "rule", [], "18"),
        (number, 4, "briefing", ["Ask for the papers at the door"], ""),
    ]


@ON_BOTH_ENGINES
def test_what_a_manager_asks_for_waits_until_an_admin_takes_it_over(hall: Hall) -> None:
    number = opened(hall)
    for what in ("step", "rule"):
        hall.do("project-measure", number, Plan(what=what, who="M1", due=hall.date), who=MANAGER)
    step = Made(place=Place.CARD, card="crowd", text="Guide to the door")
    hall.do("project-standard", number, 1, step, who=MANAGER)
    hall.do("project-standard", number, 2, Made(place=Place.RULE, key="crowd", value="18"), who=MANAGER)

    asked = telling.project_of(hall.desk, number, hall.clock())
    assert [one["standard"]["asked"] for one in asked["measures"]] == [True, True]
    assert asked["steps"][-1]["missing"] == ["standard"]
    assert setup_of(hall.desk).cards["crowd"].steps[-1].text != step.text
    with refused(hall, "not_your_role"):
        hall.do("project-take", number, 1, who=MANAGER)
    for n in (1, 2):
        hall.do("project-take", number, n, who=ADMIN)

    assert setup_of(hall.desk).cards["crowd"].steps[-1].text == step.text
    assert setup_of(hall.desk).number("crowd") == 18
    done = [event for event in hall.log() if event.kind == "project-standard"]
    assert [(one.actor, one.data.get("asked_by")) for one in done] == [
        ("M1", None),
        ("M1", None),
        ("AD", "M1"),
        ("AD", "M1"),
    ]
    assert telling.project_of(hall.desk, number, hall.clock())["steps"][-1]["done"]
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(
    ("verb", "args", "who", "code"),
    [
        ("project-open", ("T", "M1"), clerk("C1"), "not_your_role"),
        ("project-open", (" ", "M1"), MANAGER, "bad_value"),
        ("project-open", ("T", "nobody"), MANAGER, "unknown_staff"),
        ("project-open", ("T", "M1", Finding(case="20261119-9")), MANAGER, "not_there"),
        ("project-cause", (1, "Name", "knee"), MANAGER, "bad_value"),
        ("project-cause", (9, "Name", "people"), MANAGER, "not_there"),
        ("project-evidence", (1, 1, Gathered(groups=("9/3", "1/2"))), MANAGER, "bad_value"),
        ("project-evidence", (1, 1, Gathered(groups=(WRONG, "1/2"))), MANAGER, "bad_value"),
        ("project-evidence", (1, 1, Gathered(tickets=[(None, "Z999")])), MANAGER, "unknown_ticket"),
        ("project-evidence", (1, 2, Gathered(counted="1", note="x")), MANAGER, "not_there"),
        ("project-standard", (1, 1, Made(place=Place.RULE, key="crown", value="9")), MANAGER, "bad_value"),
        ("project-standard", (1, 1, Made(place=Place.CARD, card="crown", text="x")), MANAGER, "not_there"),
        ("project-take", (1, 1), ADMIN, "not_there"),
        ("project-end", (1, Ending.CLOSED), MANAGER, "project_not_done"),
        ("project-end", (1, Ending.DROPPED), MANAGER, "reason_needed"),
    ],
)
def test_what_is_refused(hall: Hall, verb: str, args: tuple[Any, ...], who: Any, code: str) -> None:
    number = opened(hall)
    hall.do("project-measure", number, Plan(what="Guide", who="G1", due=hall.date + timedelta(days=9)))

    with pytest.raises(RuleError, match=code):
        hall.do(verb, *args, who=who)
