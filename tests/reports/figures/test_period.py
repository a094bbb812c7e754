"""The figures of a span: of one date as that date's own, of several dates or halls as all their legs together."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from queuedesk.core.figures.measures.document import LogRange, ReportTally, day_figures, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH, QUARTER, WEEK, YEAR, period_span_containing
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import maintenance
from queuedesk.reports.figures.period import read_day_report, read_period_report
from queuedesk.sim.demand import SimulatedDay
from queuedesk.store.figures import measured
from queuedesk.store.log import book, events
from queuedesk.store.parts import halls
from tests.hall import preset
from tests.reports.days import AFTER, DAY, asked, eventful, hall, kept, simulated
from tests.reports.figures.test_day import MIDWAY, wrong
from tests.reports.test_measures_recomputed import Visits

EVENING = datetime(2026, 11, 19, 12, tzinfo=UTC)


@kept
def three_days(folder: Path) -> Desk:
    """Return a hall with three simulated days, two in one week and one in the next month."""
    desk = hall(folder)
    for n, day in enumerate((DAY, DAY + timedelta(days=1), DAY + timedelta(days=12))):
        SimulatedDay(desk, day, 20 + n, customers=55).play(None)
    return desk


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        (ONE_DAY, date(2026, 11, 19), date(2026, 11, 19), date(2026, 11, 19)),
        (WEEK, date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22)),
        (WEEK, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),
        (MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (QUARTER, date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (YEAR, date(2026, 7, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_those_of_the_calendar(period, day, first, last):
    assert period_span_containing(period, day) == (first, last)


@pytest.mark.parametrize(
    ("make", "day", "now"),
    [
        (eventful, DAY, EVENING),
        (simulated, DAY, EVENING),
        (lambda folder: simulated(folder, until=MIDWAY), DAY, MIDWAY + timedelta(seconds=50)),
        (hall, DAY, EVENING),
        (lambda folder: Visits(folder, Random(11)).week(20), DAY + timedelta(days=1), EVENING + timedelta(days=1)),
    ],
    ids=["eventful", "simulated", "running", "nobody", "kiosks"],
)
@pytest.mark.parametrize("most_single", [0.0, 1.0])
def test_rows_read_straight_from_tables_give_the_figures_of_a_hall_in_memory(tmp_path, make, day, now, most_single):
    desk = make(tmp_path)
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        rows = measured.HallReader(tx, desk.hall, setup, now).read_day(day, most_single=most_single)
        state, log = book.hall_state_of_day(tx, desk.hall, day), events.events_of_day(tx, desk.hall, day)
    tally = ReportTally()
    tally.add_day(rows)
    found = figures_document(hall_figure_scope(setup, day, day), tally, LogRange())
    expected = day_figures(state, day, now, log)
    assert found == expected | {"log": found["log"]}
    whole = read_day_report(desk, day, now).figures
    assert whole == expected | {name: whole[name] for name in ("cases", "quality")}
    assert read_period_report(desk, ONE_DAY, day, now).document == whole


@pytest.mark.parametrize("period", [WEEK, QUARTER])
def test_several_days_are_all_their_legs_together(tmp_path, period):
    assert wrong(three_days(tmp_path), AFTER, DAY, period) == []


def test_all_halls_are_each_hall_and_all_their_legs_and_name_their_windows_tickets_and_people(tmp_path):
    desk, other = two_halls(tmp_path)
    read = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True)
    alone = [read_period_report(one, MONTH, DAY, AFTER).document for one in (desk, other)]
    together = read.document["all"]
    assert read.document["halls"] == alone
    for path in ("issued", "finished", "left", "void"):
        assert together[path] == sum(one[path] for one in alone)
    assert together["ratings"]["n"] == sum(one["ratings"]["n"] for one in alone)
    weighted = sum(one["wait"]["mean"] * one["wait"]["n"] for one in alone) / together["wait"]["n"]
    assert together["wait"]["mean"] == pytest.approx(weighted, abs=0.01)
    assert together["wait"]["max"] == max(one["wait"]["max"] for one in alone)
    assert {row["code"] for row in together["windows"]} >= {"CD/1", "WEST/1"}
    assert [row["code"] for row in together["services"]] == ["A", "B", "CD/C", "D", "WEST/C"]
    assert together["log"] == {"first_seq": None, "last_seq": None, "hash": None}
    for one, minutes in ((desk, 4), (other, 6)):
        setting_up.change_setting(one, asked(AFTER), "form_free_minutes", minutes)
    alone = [read_period_report(one, MONTH, DAY, AFTER).document["measures"] for one in (desk, other)]
    together = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True).document["all"]["measures"]
    for name in ("served", "service_level", "first_visit", "wrong_counter", "form_free"):
        for key in ("n", "of"):
            assert together[name][key] == sum(one[name][key] for one in alone)
    assert together["first_visit"]["followed"] == sum(one["first_visit"]["followed"] for one in alone)
    assert {row["code"] for row in together["wrong_counter"]["by_service"]} == {"A", "B", "CD/C", "D", "WEST/C"}
    assert {row["ticket"].partition("/")[0] for row in together["longest_waits"]} <= {"CD", "WEST"}
    longest = sorted((row["minutes"] for one in alone for row in one["longest_waits"]), reverse=True)
    assert [row["minutes"] for row in together["longest_waits"]] == longest[:5]
    assert {row["window"].partition("/")[0] for row in together["pauses"]} <= {"CD", "WEST"}
    assert len(together["pauses"]) == min(20, sum(len(one["pauses"]) for one in alone))
    forms = together["form_free"]
    assert forms["minutes_each"] is None, "halls see it differently"
    assert forms["minutes_saved"] == sum(one["form_free"]["minutes_saved"] for one in alone)


def two_halls(folder: Path) -> tuple[Desk, Desk]:
    """Return two halls of one database, the second with another service under one of the codes."""
    desk = side_by_side(folder)
    return desk, Desk(desk.db, looking.hall_id_by_code(desk.db, "WEST"))


@kept
def side_by_side(folder: Path) -> Desk:
    desk = simulated(folder, customers=60)
    document = preset()
    own = document["hall"] | {"code": "WEST", "name": "城西供电营业厅", "name_en": "West City Power Service Hall"}
    services = [row | {"name": "别的"} if row["code"] == "C" else row for row in document["services"]]
    (folder / "west").mkdir()
    west = hall(folder / "west", hall=own, services=services)
    SimulatedDay(west, DAY, 12, customers=50).play(None)
    maintenance.export_hall_log(west, CONSOLE, folder / "west.log", AFTER)
    maintenance.merge_exported_log(folder / "west.log", folder / "hall.sqlite", asked(AFTER))
    return desk
