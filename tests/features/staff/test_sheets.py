"""A person's month: who reads whose sheet, rows that somebody disputes, and months that are closed."""

from datetime import UTC, date, datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from queuedesk.app.services.printers import save_report_pages
from queuedesk.core.appraisal import EXCLUDED, KEPT, WAITING
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.core.network.roles import CUSTOMER, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import appraisal, figures, looking, reading
from queuedesk.features.staff import verbs
from queuedesk.features.staff.demo import DOES, EVERY_DAY
from queuedesk.features.staff.rules.person_sheet import MonthSheets, month_sheets_from_text, month_sheets_to_text
from queuedesk.features.staff.rules.training import RowCountedForTrainingNeed, TrainingNeeds, training_needs
from queuedesk.features.staff.verbs import month_sheets, own_work
from queuedesk.features.staff.words import how_roster_was_kept_text
from tests.app.services.test_printers import report_in
from tests.credentials import Shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk, make_hall, refused, simple_hall
from tests.reports.days import eventful
from tests.reports.read_back import pages_of
from tests.rights_page import table

MONTH = date(2026, 11, 1)
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
C1 = Actor("C1", Role.CLERK)
STAND_IN = {"code": "M2", "name": "钱红", "name_en": "Qian Hong", "role": "manager"}
ROSTER = [{"window": n, "staff": f"C{n}", "from": "09:00", "to": "17:30"} for n in ("1", "2")]


def rated(hall: Hall, *levels: int) -> Hall:
    """Let C1 serve and have rated so many customers of today."""
    hall.open("1", "C1")
    for level in levels:
        (label,) = hall.queue("A")
        hall.serve_out("1")
        hall.do("rate", label, level, who=CUSTOMER)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall with a second manager where C1 served two, of whom the first rated low."""
    hall = make_hall(tmp_path)
    hall.do("add-row", "staff", STAND_IN, who=ADMIN)
    return rated(hall, 1, 5)


@ON_BOTH_ENGINES
def test_anybody_elses_is_refused_and_noted(tmp_path: Path):
    desk = eventful(tmp_path)
    for who, staff in ((C1, "C3"), (C1, ""), (GUIDE, "C1")):
        with pytest.raises(RuleError, match="not_for_you"):
            month_sheets(desk, who, MONTH, NOW, staff=staff)
    assert sorted(one.actor for one in reading.latest_refusals_for_lack_of_rights(desk)) == ["C1", "C1", "G1"]
    with pytest.raises(RuleError, match="pin_needed"):
        month_sheets(desk, Actor("C1", Role.CLERK, unproven=True), MONTH, NOW, staff="C1")


def test_a_month_to_come_is_empty_and_ends_with_its_own_last_date(hall: Hall) -> None:
    document = verbs.team_month_totals_document(month_sheets(hall.desk, MANAGER, date(2027, 1, 1), hall.clock()))
    assert (document["from"], document["to"], document["team"]) == ("2027-01-01", "2027-01-31", [])


@ON_BOTH_ENGINES
def test_the_own_share_moves_in_fives_until_the_month_is_over(tmp_path):
    hall = make_hall(tmp_path)

    def told(who: Actor = C1) -> tuple[int, int, int]:
        found = month_sheets(hall.desk, who, MONTH, hall.clock(), staff="C1").team.sheets["C1"]
        item = found.result_for_item("satisfaction")
        return item.n, item.of, found.ratings

    # Whichever of the first nine was low, the own sheet says the same.
    days = (((5, 5, 5, 5, 5, 1), (5, 5, 5)), ((1, 1, 5), (5, 5, 5)), ((5,), (7, 10, 10)), ((1,), (7, 10, 10)))
    for n, (levels, own) in enumerate(days):
        rated(hall, *levels)
        hall.clock.move(days=1)
        assert told() == own
        if n == 0:
            assert told(MANAGER) == (5, 6, 6)
    hall.clock.move(days=30)
    assert told() == told(MANAGER) == (7, 11, 11)


ROW = "2026-11-20 A001"
SECOND = Actor("M2", Role.MANAGER)
NOTE, ANSWER = "The card reader was down", "About the reader, not about the clerk"


def own(hall: Hall, who: Actor) -> list[tuple[Any, ...]]:
    rows = verbs.dispute_documents(hall.desk, who, hall.clock())
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
    another = ("satisfaction", None, None, "excluded", None)
    assert own(hall, clerk("C1")) == [another, ("satisfaction", ROW, NOTE, "excluded", ANSWER)]
    assert own(hall, clerk("C3")) == []
    assert [row[1] for row in own(hall, MANAGER)] == ["2026-11-20 A002", ROW]


def test_a_counters_login_asks_and_reads_the_answer_and_no_rating(place: Shared) -> None:
    counter, office = place.hall(place.pc(PcKind.STAFF)), place.hall(place.pc(PcKind.MANAGER))
    office.do("add-row", "staff", STAND_IN, who=ADMIN)
    answered(rated(counter, 1, 5), office)
    other = counter.do("sheet-dispute", "C1", "handling", ROW, NOTE, who=clerk("C1"))
    # The window's own copy of the hall and the tables say the same, and neither names the rating.
    assert own(counter, clerk("C1")) == [
        ("handling", ROW, NOTE, "waiting", None),
        ("satisfaction", None, None, "excluded", None),
        ("satisfaction", None, NOTE, "excluded", ANSWER),
    ]
    assert not any("A002" in str(event.data) for event in counter.log() if event.kind.startswith("sheet-"))
    decided = [("2026-11-20 A002", "Not about C1"), (ROW, NOTE)]
    assert own(office, MANAGER)[1:] == [("satisfaction", *row, "excluded", ANSWER) for row in decided]
    assert read(office).team.sheets["C1"].result_for_item("satisfaction").of == 0
    office.do("sheet-decide", other["dispute"], ANSWER, exclude=False, who=SECOND)
    assert own(counter, clerk("C1"))[0] == ("handling", ROW, NOTE, "kept", ANSWER)
    place.hall().must_follow_from_its_log()


# The table of the rights by who they are.
WHO = {"guide": GUIDE, "clerk": clerk("C3"), "own": C1, "manager": MANAGER, "asker": SECOND, "admin": ADMIN}
WHO |= {"own manager": Actor("M3", Role.MANAGER)}


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


def read(hall: Hall, who: Actor = MANAGER, staff: str = "") -> MonthSheets:
    return month_sheets(hall.desk, who, MONTH, hall.clock(), staff=staff)


def test_a_text_holds_a_month_whole(hall: Hall) -> None:
    hall.do("thanks", "C1", who=MANAGER)
    hall.clock.move(days=12)
    hall.do("sheet-dispute", "C1", "satisfaction", "2026-11-20 A001", "No", who=clerk("C1"))
    found, parts = read(hall), attrgetter("rows", "team", "stood", "first", "last")
    assert parts(month_sheets_from_text(month_sheets_to_text(found))) == parts(found)


def test_a_counters_login_reads_the_closed_month_without_ratings(place: Shared) -> None:
    counter, office = place.hall(place.pc(PcKind.STAFF)), place.hall(place.pc(PcKind.MANAGER))
    rated(counter, 1, 5).do("thanks", "C1", who=MANAGER)
    counter.clock.move(days=12)
    before = read(counter, who=clerk("C1"), staff="C1")
    office.do("sheet-close", MONTH, who=MANAGER)
    ask, excluded = office.ask(MANAGER), {"changes": {"rating": "excluded"}, "reason": "chosen", "second": "AD"}
    figures.correct_leg_or_rating(office.desk, ask, "A001", day=date(2026, 11, 20), **excluded)
    for item, label in (("satisfaction", "A001"), ("handling", "A002")):
        asked = counter.do("sheet-dispute", "C1", item, f"2026-11-20 {label}", "No", who=clerk("C1"))
        office.do("sheet-decide", asked["dispute"], "So it is", exclude=True, who=MANAGER)
    found = own_work(counter.desk, clerk("C1"), MONTH, counter.clock()).newest_month_sheets
    assert len(found.later) == 2 and [one.item for one in read(office).later] == ["satisfaction", "handling"]
    assert (found.version, found.team.sheets["C1"]) == (1, before.team.sheets["C1"])
    assert found.team.sheets["C1"].result_for_item("satisfaction").why == "not_here"
    assert read(office).team.sheets["C1"].ratings == 2
    place.hall().must_follow_from_its_log()


def test_what_the_weeks_ask_decide_and_close(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    setup = looking.setup_of_hall(hall.desk)

    def do(*names: str) -> None:
        for name in names:
            DOES[name](hall.desk, setup, hall.ask(MANAGER))

    rated(hall, 1, 5, 5).do("day-end")
    daily = [name for _minute, name in EVERY_DAY]
    do(*daily)
    assert month_sheets(hall.desk, MANAGER, date(2026, 10, 1), hall.clock()).versions == 0  # nobody worked in it
    do("sheet excluded", "sheet kept")
    hall.clock.move(days=14)
    rated(hall, 5, 5).do("day-end")
    do(*daily)
    hall.clock.move(days=1)
    do(*daily, "sheet asked")
    found = month_sheets(hall.desk, MANAGER, date(2026, 11, 1), hall.clock())
    states = [(one.item, one.decision_state) for one in found.rows.disputes]
    assert states == [("satisfaction", EXCLUDED), ("handling", KEPT)]
    assert (found.version, found.versions, found.closed_by) == (1, 1, "M1")
    assert [(one.item, one.decision_state) for one in found.later] == [("handling", EXCLUDED)]
    [asked] = month_sheets(hall.desk, MANAGER, date(2026, 12, 1), hall.clock()).rows.disputes
    assert (asked.decision_state, asked.by) == (WAITING, "C1")
    hall.must_follow_from_its_log()


@pytest.mark.usefixtures("qapp")
def test_what_may_hang_on_a_wall_is_saved_without_the_page_for_managers(tmp_path: Path) -> None:
    report, part = report_in(tmp_path), tmp_path / "wall.pdf"
    save_report_pages(report, part, PrintedReportPagesChoice.ANNEX)
    whole, wall = (["do not put on the wall" in page for page in pages_of(file)] for file in (report, part))
    assert whole[len(wall)]
    assert wall and not any(wall)


def found_for(hall: Hall, *people: str) -> TrainingNeeds:
    """Return what a month says in which everybody passes on every ninth and one clerk every third."""
    day, visits = hall.date, [(who, n, 3 if who == "C1" else 9) for who in people for n in range(90)]
    rows = [
        RowCountedForTrainingNeed("transfers", day, f"A{n:03}", who, "A", "", int(n % of == 0)) for who, n, of in visits
    ]
    return training_needs(day, day, rows)


@pytest.mark.parametrize(("people", "code"), [(("C1", "C2"), "names_both"), (("C2", "C3", "C4"), "not_certain")])
def test_nobody_is_named_by_chance_or_with_another(hall: Hall, people: tuple[str, ...], code: str):
    found = found_for(hall, *people)
    with refused(hall, code):
        verbs.record_staff_of_revealed_need(
            hall.desk, hall.ask(MANAGER), found, ("transfers", "A"), reason="check_rows"
        )


def test_shifts_stand_beside_the_roster_and_without_one_the_days_at_a_window(tmp_path: Path):
    planned = simple_hall(tmp_path, roster=ROSTER)
    planned.clock.move(minutes=25)
    planned.open("1", "C1")
    planned.open("3", "C3")
    planned.clock.move(hours=30)
    found = verbs.training_figures_of_recent_months(planned.desk, MANAGER, planned.date, planned.clock())
    rows = {one.staff: one for one in found.people}
    late, away, free = rows["C1"].shifts, rows["C2"].shifts, rows["C3"]
    assert found.has_roster and late is not None and away is not None
    assert (late.planned, late.opened, late.kept, late.late_minutes) == (1, 1, 0, 25)
    assert (away.planned, away.opened, away.absent_count) == (1, 0, 1)
    assert (free.shifts, free.days) == (None, 1)
    assert how_roster_was_kept_text(None, 1, "en", rostered=True) == "not in the roster; at a window on 1 day"
    assert how_roster_was_kept_text(None, 1, "en", rostered=False) == "at a window on 1 day"


def test_a_counters_login_reads_what_names_oneself_and_notes_nothing(place: Shared) -> None:
    office, counter = place.hall(place.pc(PcKind.MANAGER)), place.hall(place.pc(PcKind.STAFF))
    office.do("training", "Papers", 30, ["C1", "C2"], who=MANAGER)
    found = found_for(office, "C1", "C2", "C3")
    verbs.record_staff_of_revealed_need(office.desk, office.ask(MANAGER), found, ("transfers", "A"), reason="coach")
    now, who = counter.clock(), clerk("C1")
    months = verbs.training_figures_of_recent_months(counter.desk, who, counter.date, now)
    assert [(one.staff, one.minutes[-1]) for one in months.people] == [("C1", 30)]
    [session] = appraisal.readable_trainings_between(counter.desk, who, counter.date, counter.date)
    assert (session["topic"], session["attended"]) == ("Papers", ["C1"])
    [own] = verbs.training_needs_named_for(counter.desk, who)
    assert [own[name] for name in ("need", "n", "of", "reason", "by")] == ["transfers", 30, 90, "coach", "M1"]
    with pytest.raises(RuleError, match="not_there"):
        counter.do("training-seen", own["named"], who=clerk("C3"))
    for _time in range(2):
        counter.do("training-seen", own["named"], who=who)
    assert [event.kind for event in office.log()].count("training-seen") == 1
    assert verbs.training_needs_named_for(counter.desk, who)[0]["seen"]
    assert verbs.training_needs_named_for(counter.desk, clerk("C2")) == []
    assert not looking.hall_state_now(counter.desk, now).named_needs[own["named"]].is_unseen
    assert verbs.training_needs_of_month(counter.desk, MANAGER, counter.date, now).needs == ()
    with pytest.raises(OutsideError):
        counter.do("training", "Papers", 30, ["C1"], who=MANAGER)
