"""Training: who notes and reads sessions, who is named and told, minutes beside the shifts of the roster."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Actor
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import appraisal, looking
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import Act, Needs, needs_of
from queuedesk.features.staff.words import shifts_words
from tests.credentials import shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, Hall, clerk, refused, simple_hall

ROSTER = [{"window": n, "staff": f"C{n}", "from": "09:00", "to": "17:30"} for n in ("1", "2")]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path, settings={"training_minutes": 120})


def note(hall: Hall, *people: str, who: Actor = MANAGER, minutes: int = 30, **words: Any) -> int:
    return int(hall.do("training", "New meters", minutes, people, who=who, **words)["training"])


def minutes(hall: Hall, who: Actor = MANAGER) -> dict[str, tuple[int, ...]]:
    found = verbs.training_months(hall.desk, who, hall.date, hall.clock())
    return {one.staff: one.minutes for one in found.people}


def found_for(hall: Hall, *people: str) -> Needs:
    """Return what a month says in which everybody passes on every ninth and one clerk every third."""
    rows = [
        Act("transfers", hall.date, f"A{n:03}", who, "A", "", int(n % (3 if who == "C1" else 9) == 0))
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
    assert "New meters" not in str([event.data for event in hall.log()])
    hall.must_follow_from_its_log()


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


@pytest.mark.parametrize(("people", "code"), [(("C1", "C2"), "names_both"), (("C2", "C3", "C4"), "not_certain")])
def test_nobody_is_named_by_chance_or_with_another(hall: Hall, people: tuple[str, ...], code: str):
    found = found_for(hall, *people)
    with refused(hall, code):
        verbs.note_named(hall.desk, hall.ask(MANAGER), found, ("transfers", "A"), reason="check_rows")


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


# -- training in a shared hall -----------------------------------------------------------------------------------------


def test_a_counters_login_reads_what_names_oneself_and_notes_nothing(shared_url: str) -> None:
    with shared(shared_url, "A") as place:
        office, counter = place.hall(place.pc(PcKind.MANAGER)), place.hall(place.pc(PcKind.STAFF))
        office.do("training", "Papers", 30, ["C1", "C2"], who=MANAGER)
        named(office)

        now, who = counter.clock(), clerk("C1")
        months = verbs.training_months(counter.desk, who, counter.date, now)
        assert [(one.staff, one.minutes[-1]) for one in months.people] == [("C1", 30)]
        [session] = appraisal.trainings_of(counter.desk, who, counter.date, counter.date)
        assert (session["topic"], session["attended"]) == ("Papers", ["C1"])
        [own] = appraisal.named_for(counter.desk, who)
        counter.do("training-seen", own["named"], who=who)
        assert appraisal.named_for(counter.desk, who)[0]["seen"]
        assert appraisal.named_for(counter.desk, clerk("C2")) == []
        assert not looking.hall_now(counter.desk, now).named_needs[own["named"]].is_unseen
        assert verbs.needs_in(counter.desk, MANAGER, counter.date, now).needs == ()
        with pytest.raises(OutsideError):
            counter.do("training", "Papers", 30, ["C1"], who=MANAGER)
