"""A person's month: who reads whose sheet, rows that somebody disputes, and months that are closed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from queuedesk.core.appraisal import EXCLUDED, KEPT, WAITING
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CUSTOMER, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking, reading
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import correcting
from queuedesk.desk.setup import setting_up
from queuedesk.features.staff import verbs
from queuedesk.features.staff.demo import DOES, EVERY_DAY
from queuedesk.features.staff.rules.person_sheet import MonthSheets, PersonSheet, sheets_of, team, text_of
from queuedesk.features.staff.verbs import (
    month_sheets,
    own_work,
)
from tests.cli.conftest import Console
from tests.credentials import Shared, shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk, make_hall, simple_hall
from tests.reports.days import eventful
from tests.rights_page import table

MONTH = date(2026, 11, 1)
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
C1, C3 = Actor("C1", Role.CLERK), Actor("C3", Role.CLERK)
STAND_IN = {"code": "M2", "name": "钱红", "name_en": "Qian Hong", "role": "manager"}


def served(hall: Hall) -> Hall:
    """Let C1 serve two, of whom the first rates low."""
    hall.open("1", "C1")
    hall.queue("A", "A")
    for label, level in (("A001", 1), ("A002", 5)):
        hall.serve_out("1")
        hall.do("rate", label, level, who=CUSTOMER)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall with a second manager where C1 served two."""
    hall = make_hall(tmp_path)
    hall.do("add-row", "staff", STAND_IN, who=ADMIN)
    return served(hall)


@pytest.fixture
def place(shared_url: str) -> Iterator[Shared]:
    with shared(shared_url, "T") as made:
        yield made


@pytest.fixture
def desk(tmp_path) -> Desk:
    return eventful(tmp_path)


@ON_BOTH_ENGINES
@pytest.mark.parametrize(("who", "staff"), [(C1, "C3"), (C1, ""), (Actor("G1", Role.GUIDE), "C1")])
def test_anybody_elses_is_refused_and_noted(desk: Desk, who: Actor, staff: str):
    with pytest.raises(RuleError, match="not_for_you"):
        month_sheets(desk, who, MONTH, NOW, staff=staff)
    assert [one.actor for one in reading.refusals(desk)] == [who.name]
    with pytest.raises(RuleError, match="pin_needed"):
        month_sheets(desk, Actor("C1", Role.CLERK, unproven=True), MONTH, NOW, staff="C1")


@ON_BOTH_ENGINES
def test_the_own_share_moves_in_fives_until_the_month_is_over(tmp_path):
    hall = make_hall(tmp_path)
    hall.open("1", "C1")
    month = hall.date

    def told(who: Actor = C1) -> tuple[int, int, int]:
        found = month_sheets(hall.desk, who, month, hall.clock(), staff="C1").team.sheets["C1"]
        item = found.item("satisfaction")
        return item.n, item.of, found.ratings

    def rated(*levels: int) -> None:
        for level in levels:
            (label,) = hall.queue("A")
            hall.serve_out("1")
            hall.do("rate", label, level, who=CUSTOMER)
        hall.clock.move(days=1)
        hall.open("1", "C1")

    rated(5, 5, 5, 5, 5, 1)
    assert (told(), told(MANAGER)) == ((5, 5, 5), (5, 6, 6))
    rated(1, 1, 5)  # whichever of the nine was low, the own sheet says the same
    assert told() == (5, 5, 5)
    rated(5)
    assert told() == (7, 10, 10)
    rated(1)
    assert told() == (7, 10, 10)
    hall.clock.move(days=30)
    assert told() == told(MANAGER) == (7, 11, 11)


# -- rows of a sheet that somebody disputes ----------------------------------------------------------------------------

ROW = "2026-11-20 A001"
SECOND = Actor("M2", Role.MANAGER)
NOTE, ANSWER = "The card reader was down", "About the reader, not about the clerk"


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


def test_a_counters_login_asks_and_reads_the_answer_and_no_rating(place: Shared) -> None:
    counter, office = place.hall(place.pc(PcKind.STAFF)), place.hall(place.pc(PcKind.MANAGER))
    office.do("add-row", "staff", STAND_IN, who=ADMIN)
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


# -- a month of sheets that is closed says what it said then; a later correction makes a version beside it -------------


def lived(hall: Hall) -> Hall:
    """Return it in December."""
    hall.do("thanks", "C1", who=MANAGER)
    hall.clock.move(days=12)
    return hall


@pytest.fixture
def later(hall: Hall) -> Hall:
    return lived(hall)


def read(hall: Hall, version: int | None = None, who: Actor = MANAGER, staff: str = "") -> MonthSheets:
    return month_sheets(hall.desk, who, MONTH, hall.clock(), staff=staff, version=version)


def take_out(hall: Hall, label: str) -> None:
    changes = {"rating": "excluded"}
    ask, day = hall.ask(MANAGER), date(2026, 11, 20)
    correcting.correct(hall.desk, ask, label, changes=changes, reason="chosen", second="AD", day=day)


@ON_BOTH_ENGINES
def test_a_closed_month_stays_as_it_was_and_a_correction_makes_the_next_version(later: Hall) -> None:
    before = read(later)
    told = later.do("sheet-close", MONTH, who=MANAGER)
    assert (told["month"], told["version"], before.versions) == ("2026-11", 1, 0)
    first = read(later)
    assert (first.version, first.closed_by, first.team, first.rows) == (1, "M1", before.team, before.rows)

    take_out(later, "A001")
    setting_up.change_part(later.desk, later.ask(ADMIN), "scheme", {"order": {"weight": 10}, "shifts": {"weight": 15}})

    assert read(later).team == before.team  # as closed, whatever came after
    assert read(later, 0).team.sheets["C1"].ratings == before.team.sheets["C1"].ratings - 1
    assert later.do("sheet-close", MONTH, who=MANAGER)["version"] == 2
    both = {version: read(later, version) for version in (1, 2)}
    assert both[1].team == before.team and both[2].team == read(later, 0).team
    assert (both[1].versions, both[1].stood) == (2, before.stood)
    # What is kept is what the rows come to.
    assert team(both[2].rows, both[2].stood.scheme) == both[2].team
    with pytest.raises(RuleError, match="not_there"):
        read(later, 3)
    later.must_follow_from_its_log()


def test_a_text_holds_a_month_whole(later: Hall) -> None:
    later.do("sheet-dispute", "C1", "satisfaction", "2026-11-20 A001", "No", who=clerk("C1"))
    found = read(later)
    again = sheets_of(text_of(found))

    assert (again.rows, again.team, again.stood, again.first, again.last) == (
        found.rows,
        found.team,
        found.stood,
        found.first,
        found.last,
    )


def test_a_counters_login_reads_the_closed_month_without_ratings(place: Shared) -> None:
    counter, office = place.hall(place.pc(PcKind.STAFF)), place.hall(place.pc(PcKind.MANAGER))
    lived(served(counter))
    before = read(counter, who=clerk("C1"), staff="C1")
    office.do("sheet-close", MONTH, who=MANAGER)
    take_out(office, "A001")
    for item, label in (("satisfaction", "A001"), ("handling", "A002")):
        asked = counter.do("sheet-dispute", "C1", item, f"2026-11-20 {label}", "No", who=clerk("C1"))
        office.do("sheet-decide", asked["dispute"], "So it is", exclude=True, who=MANAGER)
    found = own_work(counter.desk, clerk("C1"), MONTH, counter.clock()).month
    assert len(found.later) == 2 and [one.item for one in read(office).later] == ["satisfaction", "handling"]

    assert (found.version, found.team.sheets["C1"]) == (1, before.team.sheets["C1"])
    assert found.team.sheets["C1"].item("satisfaction").why == "not_here"
    assert read(office).team.sheets["C1"].ratings == 2
    place.hall().must_follow_from_its_log()


# -- a clerk's own workbook from the command line ----------------------------------------------------------------------


def test_the_own_workbook_ends_with_yesterday(console: Console, tmp_path: Path) -> None:
    mine = ("--as", "C3")
    for day in (0, 1):
        console.clock.move(days=day)
        console.ask("open", "3", "--staff", "C3")
        console.ask("issue", "A")
        console.ask("call", "3")
        console.clock.move(minutes=5)
        console.ask("finish", "3")
        console.ask("close", "3")
    file = tmp_path / "own.xlsx"
    console.ask(*mine, "sheets", "show", "C3", "--out", file)

    book = load_workbook(file)
    assert len(list(book["Days"].iter_rows(min_row=2))) == 1 and book.sheetnames[-2:] == ["History", "Training"]


# -- the person's sheets of the demo's weeks, on a small hall ----------------------------------------------------------


def rated(hall: Hall, *levels: int) -> None:
    """Let C1 serve and have rated so many customers of today."""
    hall.open("1", "C1")
    for n, level in enumerate(levels, start=1):
        hall.issue("A")
        hall.serve_out("1")
        hall.do("rate", f"A{n:03}", level, who=CUSTOMER)
    hall.do("day-end")


def test_what_the_weeks_ask_decide_and_close(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    setup = looking.setup_of(hall.desk)

    def do(*names: str) -> None:
        for name in names:
            DOES[name](hall.desk, setup, hall.ask(MANAGER))

    rated(hall, 1, 5, 5)
    daily = [name for _minute, name in EVERY_DAY]
    do(*daily)
    assert month_sheets(hall.desk, MANAGER, date(2026, 10, 1), hall.clock()).versions == 0  # nobody worked in it
    do("sheet excluded", "sheet kept")
    hall.clock.move(days=14)
    rated(hall, 5, 5)
    do(*daily)
    hall.clock.move(days=1)
    do(*daily, "sheet asked")

    found = month_sheets(hall.desk, MANAGER, date(2026, 11, 1), hall.clock())
    assert [(one.item, one.state) for one in found.rows.disputes] == [("satisfaction", EXCLUDED), ("handling", KEPT)]
    assert (found.version, found.versions, found.closed_by) == (1, 1, "M1")
    assert [(one.item, one.state) for one in found.later] == [("handling", EXCLUDED)]
    [asked] = month_sheets(hall.desk, MANAGER, date(2026, 12, 1), hall.clock()).rows.disputes
    assert (asked.state, asked.by) == (WAITING, "C1")
    hall.must_follow_from_its_log()
