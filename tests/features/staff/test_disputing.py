"""Rows of a sheet that somebody disputes: who asks, who decides, who reads the answer, and what leaves the figure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CUSTOMER, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.person_sheet import PersonSheet
from queuedesk.features.staff.verbs import month_sheets
from tests.credentials import Shared, shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk, make_hall
from tests.rights_page import table

ROW = "2026-11-20 A001"
SECOND = Actor("M2", Role.MANAGER)
NOTE, ANSWER = "The card reader was down", "About the reader, not about the clerk"


def served(hall: Hall) -> Hall:
    hall.open("1", "C1")
    hall.queue("A", "A")
    for label in ("A001", "A002"):
        hall.serve_out("1")
        hall.do("rate", label, 1 if label == "A001" else 5, who=CUSTOMER)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = make_hall(tmp_path)
    hall.do("add-row", "staff", {"code": "M2", "name": "钱红", "name_en": "Qian Hong", "role": "manager"}, who=ADMIN)
    return served(hall)


def sheet(hall: Hall, staff: str = "C1") -> PersonSheet:
    return month_sheets(hall.desk, MANAGER, hall.date, hall.clock(), staff=staff).team.sheets[staff]


@ON_BOTH_ENGINES
def test_an_excluded_row_leaves_the_figure_and_stays_named(hall: Hall) -> None:
    before = sheet(hall).item("satisfaction")
    asked = hall.do("sheet-dispute", "C1", "satisfaction", ROW, NOTE, who=clerk("C1"))
    assert (asked["state"], asked["row"], asked["words"], asked["month"]) == ("waiting", ROW, NOTE, "2026-11")
    assert sheet(hall).item("satisfaction") == before

    told = hall.do("sheet-decide", asked["dispute"], ANSWER, exclude=True, who=MANAGER)

    after = sheet(hall).item("satisfaction")
    assert (before.n, before.of, after.n, after.of) == (1, 2, 1, 1)
    assert after.apart == (ROW,) and ROW not in after.rows
    assert (told["state"], told["answer"], told["decided_by"]) == ("excluded", ANSWER, "M1")
    assert not any(said in str(event.data) for said in (NOTE, ANSWER) for event in hall.log())
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_praise_is_disputed_by_its_number(hall: Hall) -> None:
    seq = str(hall.do("thanks", "C1", who=MANAGER)["thanks"])
    asked = hall.do("sheet-dispute", "C1", "praise", seq, NOTE, who=SECOND)
    assert sheet(hall).praise == (seq,)
    hall.do("sheet-decide", asked["dispute"], ANSWER, exclude=True, who=MANAGER)

    assert sheet(hall).praise == ()
    with pytest.raises(RuleError, match="row_excluded"):
        hall.do("sheet-dispute", "C1", "praise", seq, NOTE, who=SECOND)


def test_a_row_that_stays_can_be_asked_about_again(hall: Hall) -> None:
    asked = hall.do("sheet-dispute", "C1", "handling", ROW, NOTE, who=clerk("C1"))
    with pytest.raises(RuleError, match="row_disputed"):
        hall.do("sheet-dispute", "C1", "handling", ROW, NOTE, who=MANAGER)
    hall.do("sheet-decide", asked["dispute"], ANSWER, exclude=False, who=MANAGER)

    assert ROW in sheet(hall).item("handling").rows
    with pytest.raises(RuleError, match="dispute_decided"):
        hall.do("sheet-decide", asked["dispute"], ANSWER, exclude=True, who=SECOND)
    assert hall.do("sheet-dispute", "C1", "handling", ROW, NOTE, who=clerk("C1"))["state"] == "waiting"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("C1", "satisfaction", "2026-11-20 A009", NOTE), "not_there"),
        (("C1", "handling", "2026-W47-5 A001", NOTE), "not_there"),
        (("C2", "handling", ROW, NOTE), "not_there"),
        (("C1", "shifts", "2026-11-21", NOTE), "not_there"),
        (("C1", "praise", "9" * 30, NOTE), "not_there"),
        (("C1", "cases", "26-001", NOTE), "not_there"),
        (("C1", "total", ROW, NOTE), "bad_value"),
        (("C1", "handling", ROW, " "), "bad_value"),
        (("C9", "handling", ROW, NOTE), "unknown_staff"),
    ],
)
def test_what_can_not_be_asked(hall: Hall, args: tuple[str, ...], code: str) -> None:
    count = len(hall.log())
    with pytest.raises(RuleError) as refused:
        hall.do("sheet-dispute", *args, who=MANAGER)

    assert (refused.value.code, len(hall.log())) == (code, count)


def test_of_satisfaction_nobody_learns_by_asking_which_visit_was_rated(hall: Hall) -> None:
    hall.queue("A")
    hall.serve_out("1")

    asked = hall.do("sheet-dispute", "C1", "satisfaction", "2026-11-20 A003", NOTE, who=clerk("C1"))

    assert asked["state"] == "waiting"


def own(hall: Hall, who: Actor) -> list[tuple[Any, ...]]:
    rows = verbs.disputes_of(hall.desk, who, hall.clock())
    return [(row["item"], row["row"], row["words"], row["state"], row["answer"]) for row in rows]


def answered(asking: Hall, deciding: Hall) -> None:
    """Let C1 and a manager each ask about a rating of C1, and somebody about C3's visit; all are decided."""
    first = asking.do("sheet-dispute", "C1", "satisfaction", ROW, NOTE, who=clerk("C1"))
    second = deciding.do("sheet-dispute", "C1", "satisfaction", "2026-11-20 A002", "Not about C1", who=MANAGER)
    assert first["row"] == ROW or first["row"] is None
    for one in (first, second):
        deciding.do("sheet-decide", one["dispute"], ANSWER, exclude=True, who=SECOND)


@ON_BOTH_ENGINES
def test_the_answer_comes_back_to_who_asked_and_tells_of_no_other_rating(hall: Hall) -> None:
    answered(hall, hall)

    assert own(hall, clerk("C1")) == [
        ("satisfaction", None, None, "excluded", None),
        ("satisfaction", ROW, NOTE, "excluded", ANSWER),
    ]
    assert own(hall, clerk("C3")) == []
    assert [row[1] for row in own(hall, MANAGER)] == ["2026-11-20 A002", ROW]


@pytest.fixture
def place(shared_url: str) -> Iterator[Shared]:
    with shared(shared_url, "T") as made:
        yield made


def test_a_counters_login_asks_and_reads_the_answer_and_no_rating(place: Shared) -> None:
    counter, office = place.hall(place.pc(PcKind.STAFF)), place.hall(place.pc(PcKind.MANAGER))
    staff = {"code": "M2", "name": "钱红", "name_en": "Qian Hong", "role": "manager"}
    office.do("add-row", "staff", staff, who=ADMIN)
    served(counter)
    answered(counter, office)
    other = counter.do("sheet-dispute", "C1", "handling", ROW, NOTE, who=clerk("C1"))

    # The window's own copy of the hall and the tables say the same, and neither names the rating.
    assert own(counter, clerk("C1")) == [
        ("handling", ROW, NOTE, "waiting", None),
        ("satisfaction", None, None, "excluded", None),
        ("satisfaction", None, NOTE, "excluded", ANSWER),
    ]
    assert not any("A002" in str(event.data) for event in counter.log() if event.kind.startswith("sheet-"))
    assert own(office, MANAGER)[1:] == [
        ("satisfaction", "2026-11-20 A002", "Not about C1", "excluded", ANSWER),
        ("satisfaction", ROW, NOTE, "excluded", ANSWER),
    ]
    assert sheet(office).item("satisfaction").of == 0
    office.do("sheet-decide", other["dispute"], ANSWER, exclude=False, who=SECOND)
    assert own(counter, clerk("C1"))[0] == ("handling", ROW, NOTE, "kept", ANSWER)
    place.hall().must_follow_from_its_log()


# -- the table of the rights -------------------------------------------------------------------------------------------

WHO = {
    "guide": GUIDE,
    "clerk": clerk("C3"),
    "own": clerk("C1"),
    "manager": MANAGER,
    "asker": SECOND,
    "own manager": Actor("M3", Role.MANAGER),
    "admin": ADMIN,
}


def test_everybody_does_what_the_table_says(hall: Hall) -> None:
    hall.do("add-row", "staff", {"code": "M3", "name": "孙", "name_en": "Sun", "role": "manager"}, who=ADMIN)
    told: dict[str, dict[str, str]] = {"sheets dispute": {}, "sheets decide": {}}
    for n, (who, actor) in enumerate(WHO.items(), start=1):
        asked = ("M3" if who == "own manager" else "C1", "shifts", f"2026-11-{n:02}", NOTE)
        seq = hall.do("sheet-dispute", *asked, who=SECOND)["dispute"]
        acts = {
            "sheets dispute": partial(hall.do, "sheet-dispute", "C1", "shifts", f"2026-11-1{n}", NOTE, who=actor),
            "sheets decide": partial(hall.do, "sheet-decide", seq, ANSWER, exclude=True, who=actor),
        }
        for name, act in acts.items():
            try:
                act()
                told[name][who] = "yes"
            except RuleError as error:
                told[name][who] = f"`{error.code}`"

    page = {line["commands"].strip("`"): line for line in table("Who does what of sheets")}
    assert {name: {who: line[who] for who in WHO} for name, line in page.items()} == told


def test_who_may_be_anybody_asks_nothing(hall: Hall) -> None:
    with pytest.raises(RuleError, match="pin_needed"):
        hall.do("sheet-dispute", "C1", "handling", ROW, NOTE, who=Actor("C1", Role.CLERK, unproven=True))
    seq = hall.do("sheet-dispute", "C1", "handling", ROW, NOTE)["dispute"]
    with pytest.raises(RuleError, match="who_are_you"):
        hall.do("sheet-decide", seq, ANSWER, exclude=True)
