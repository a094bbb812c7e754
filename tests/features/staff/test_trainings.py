"""Training: who notes and reads sessions, who is named and told, minutes beside the shifts of the roster."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk import appraisal
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import Act, Needs, needs_of
from queuedesk.features.staff.words import shifts_words
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, clerk, simple_hall

TOPIC = "Which papers a new meter takes"
ROSTER = [{"window": n, "staff": f"C{n}", "from": "09:00", "to": "17:30"} for n in ("1", "2")]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path, settings={"training_minutes": 120})


def note(hall: Hall, *people: str, who: Actor = MANAGER, minutes: int = 30, **words: Any) -> int:
    return int(hall.do("training", TOPIC, minutes, people, who=who, **words)["training"])


def minutes(hall: Hall, who: Actor = MANAGER) -> dict[str, tuple[int, ...]]:
    found = verbs.training_months(hall.desk, who, hall.date, hall.clock())
    return {one.staff: one.minutes for one in found.people}


def found_for(hall: Hall, *people: str, weak: str = "C1") -> Needs:
    """Return what a month says in which everybody passes on every ninth and one clerk every third."""
    rows = [
        Act("transfers", hall.date, f"A{n}", who, "A", "", int(n % (3 if who == weak else 9) == 0))
        for who in people
        for n in range(90)
    ]
    return needs_of(hall.date, hall.date, rows)


def named(hall: Hall) -> int:
    found = found_for(hall, "C1", "C2", "C3")
    return int(verbs.note_named(hall.desk, hall.ask(MANAGER), found, ("transfers", "A"), reason="coach")["named"][0])


@ON_BOTH_ENGINES
def test_minutes_are_those_of_who_attended_in_the_month_it_was_held(hall: Hall):
    note(hall, "C1", "C3", led="M1")
    note(hall, "C1", minutes=45)
    last_month = hall.date.replace(day=1) - timedelta(days=1)
    note(hall, "C1", minutes=20, day=last_month)
    mistaken = note(hall, "C1", minutes=480)
    hall.do("training-drop", mistaken, who=MANAGER)

    found = minutes(hall)

    assert (found["C1"], found["C2"], found["C3"]) == ((0, 0, 20, 75), (0, 0, 0, 0), (0, 0, 0, 30))
    assert TOPIC not in str([event.data for event in hall.log()])
    hall.must_follow_from_its_log()


def test_a_clerk_reads_the_own_minutes_and_sessions_and_nobody_elses_name(hall: Hall):
    note(hall, "C1", "C3")
    note(hall, "C3")

    [row] = appraisal.trainings_of(hall.desk, clerk("C1"), hall.date, hall.date)

    assert (row["topic"], row["attended"]) == (TOPIC, ["C1"])
    assert minutes(hall, clerk("C1")) == {"C1": (0, 0, 0, 30)}
    assert [one["attended"] for one in appraisal.trainings_of(hall.desk, MANAGER, hall.date, hall.date)] == [
        ["C3"],
        ["C1", "C3"],
    ]


@pytest.mark.parametrize(
    ("people", "words", "who", "code"),
    [
        (("C1",), {}, GUIDE, "not_your_role"),
        (("X9",), {}, MANAGER, "unknown_staff"),
        ((), {}, MANAGER, "bad_value"),
        (("C1",), {"minutes": 0}, MANAGER, "bad_value"),
        (("C1",), {"day": date(2999, 1, 1)}, MANAGER, "bad_value"),
        (("C1",), {"need": ("recalls", "A")}, MANAGER, "bad_value"),
        (("C1",), {"need": ("transfers", "Y")}, MANAGER, "unknown_service"),
    ],
)
def test_what_is_no_session_is_refused(hall: Hall, people: Any, words: dict[str, Any], who: Actor, code: str):
    before = len(hall.log())
    with pytest.raises(RuleError) as refused:
        note(hall, *people, who=who, **words)

    assert (refused.value.code, len(hall.log())) == (code, before)


@ON_BOTH_ENGINES
def test_who_was_named_reads_it_alone_and_once(hall: Hall):
    seq = named(hall)
    with pytest.raises(RuleError, match="not_there"):
        hall.do("training-seen", seq, who=clerk("C3"))
    assert appraisal.named_for(hall.desk, clerk("C3")) == []
    [row] = appraisal.named_for(hall.desk, clerk("C1"))
    assert (row["need"], row["n"], row["of"], row["reason"], row["by"]) == ("transfers", 30, 90, "coach", "M1")

    hall.do("training-seen", seq, who=clerk("C1"))
    count = len(hall.log())
    hall.do("training-seen", seq, who=clerk("C1"))

    assert (hall.whole().named_needs[seq].is_unseen, len(hall.log())) == (False, count)


@ON_BOTH_ENGINES
def test_needs_and_names_are_managers(hall: Hall):
    for who in (clerk("C1"), GUIDE):
        with pytest.raises(RuleError, match="not_for_you"):
            verbs.needs_in(hall.desk, who, hall.date, hall.clock())
        with pytest.raises(RuleError, match="not_your_role"):
            hall.do("training-name", ("transfers", "A"), hall.date, reason="coach", who=who)
    with pytest.raises(RuleError, match="not_there"):
        hall.do("training-name", ("transfers", "A"), hall.date, reason="coach", who=MANAGER)


@pytest.mark.parametrize(("people", "code"), [(("C1", "C2"), "names_both"), (("C2", "C3", "C4"), "not_certain")])
def test_nobody_is_named_by_chance_or_with_another(hall: Hall, people: tuple[str, ...], code: str):
    found = found_for(hall, *people)
    with pytest.raises(RuleError) as refused:
        verbs.note_named(hall.desk, hall.ask(MANAGER), found, ("transfers", "A"), reason="check_rows")

    assert refused.value.code == code
    assert not hall.whole().named_needs


def test_shifts_stand_beside_the_roster_and_without_one_the_days_at_a_window(tmp_path: Path):
    planned = simple_hall(tmp_path, roster=ROSTER)
    planned.clock.move(minutes=25)
    planned.open("1", "C1")
    planned.open("3", "C3")
    planned.clock.move(hours=30)

    found = verbs.training_months(planned.desk, MANAGER, planned.date, planned.clock())

    rows = {one.staff: one for one in found.people}
    late, away, free = rows["C1"].shifts, rows["C2"].shifts, rows["C3"]
    assert found.has_roster and late is not None and away is not None
    assert (late.planned, late.opened, late.kept, late.late_minutes) == (1, 1, 0, 25)
    assert (away.planned, away.opened, away.absent) == (1, 0, 1)
    assert (free.shifts, free.days) == (None, 1)
    assert shifts_words(None, 1, "en", rostered=True) == "not in the roster; at a window on 1 day"
    assert shifts_words(None, 1, "en", rostered=False) == "at a window on 1 day"


def test_what_came_of_a_session_counts_who_attended_before_and_after(hall: Hall):
    seq = note(hall, "C1", need=("transfers", "A"))
    plain = note(hall, "C1")

    found, effect = verbs.effect_of(hall.desk, MANAGER, seq, hall.clock())

    assert effect is not None and (effect.verdict, effect.after.of) == ("too_few", 0)
    assert (found.need, found.need_from) == ("transfers", hall.date.replace(day=1))
    assert verbs.effect_of(hall.desk, Actor("AD", Role.ADMIN), plain, hall.clock())[1] is None
