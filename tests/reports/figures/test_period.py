"""The figures of a span: of one date as its own, of several as all their legs together, with the targets of then."""

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
from queuedesk.reports.figures.period import all_rules_text, read_day_report, read_period_report
from queuedesk.reports.figures.write import report_file_bytes
from queuedesk.sim.demand import SimulatedDay
from queuedesk.store.figures import measured
from queuedesk.store.log import book, events
from queuedesk.store.parts import halls
from tests.hall import preset
from tests.reports.days import AFTER, DAY, NEXT_MORNING, asked, eventful, hall, kept, simulated
from tests.reports.figures.test_day import MIDWAY, wrong
from tests.reports.read_back import text_of
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


# -- each date is held against what stood on it, whatever the hall changed since ---------------------------------------
NEXT = DAY + timedelta(days=1)


@kept
def changed(folder: Path) -> Desk:
    """Return a hall that changed its mind between two busy dates: an undated target, and two rules."""
    desk = hall(folder, targets=[{"measure": "within_target", "value": 70}, {"measure": "smiles", "value": 3}])
    SimulatedDay(desk, DAY, 20, customers=60).play(None)
    setting_up.change_row_fields(desk, asked(NEXT_MORNING), "targets", "1", {"value": 99})
    setting_up.change_setting(desk, asked(NEXT_MORNING), "jump_every", 5)
    SimulatedDay(desk, NEXT, 21, customers=60).play(None)
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return changed(tmp_path)


def add(desk: Desk, measure: str, value: object, since: str = "") -> None:
    setting_up.add_setup_row(desk, asked(AFTER), "targets", {"measure": measure, "value": value, "from": since})


WORDS = {
    "en": ("met", "not met", "target now 99 %", "at least 99 %", "Satisfaction and targets"),
    "zh_CN": ("达到", "没达到", "目标现为 99 %", "不低于 99 %", "满意率与目标"),
}
ORDER = "no one passed over more than 2 times by priority; priority: Elderly 30 min"
TOLD = {
    "en": (ORDER, "Nobody is warned near closing"),
    "zh_CN": ("每个人最多被优先越过 2 次；优先类别：老年人 30 分钟", "临近下班不提醒"),
}


def test_each_date_is_held_against_the_target_and_the_rules_that_stood_on_it_and_is_told_them_from_their_date_on(desk):
    """tests/reports/test_measures_recomputed.py counts the rows of any week again."""
    week, alone = read_period_report(desk, WEEK, DAY, AFTER), read_period_report(desk, "day", DAY, AFTER)
    before, after = (row for row in week.document["targets"] if row["measure"] == "within_target")
    assert (before["value"], before["last"]) == (0.7, DAY.isoformat())
    assert (after["value"], after["first"]) == (0.99, NEXT.isoformat())
    assert [rule["jump_every"] for rule in week.document["rules"]] == [3, 5]
    assert "target 70 %" in text_of(report_file_bytes(alone, ".pdf", "en", None))
    for lang, (met, missed, *others) in WORDS.items():
        page = text_of(report_file_bytes(week, ".pdf", lang, None))
        for words in (met, *others, *(f"{row['n']} / {row['of']}" for row in (before, after))):
            assert words in page
        assert missed in page or after["rate"] >= 0.99
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        long_ago = measured.HallReader(tx, desk.hall, setup, AFTER).read_day(date(2020, 1, 1)).targets
    assert long_ago.rules["jump_every"] == 3, "a date before the hall was set up has what it began with"
    assert [target.figure for target in long_ago.targets] == [0.7]
    setting_up.change_row_fields(desk, asked(AFTER), "classes", "elderly", {"credit_minutes": 30})
    for key, value in (("order_guard", 2), ("closing", "off")):
        setting_up.change_setting(desk, asked(AFTER), key, value)
    read = read_period_report(desk, MONTH, AFTER.date(), AFTER)
    *_, before, last = read.document["rules"]
    assert (before["credits"]["elderly"], last["credits"]["elderly"], last["order_guard"]) == (10, 30, 2)
    for lang, (order, closing) in TOLD.items():
        said = all_rules_text(last, read.report_setups, lang)
        assert order in said and closing in said and "。 " not in said
        assert order not in all_rules_text(before, read.report_setups, lang)


def test_halls_together_have_the_targets_that_all_of_them_had(tmp_path: Path) -> None:
    desk, west = two_halls(tmp_path)
    for one in (desk, west):
        add(one, "served", 90)
        add(one, "satisfaction", 90 if one is desk else 95)
    setting_up.change_setting(west, asked(AFTER), "jump_every", 7)
    read = read_period_report(desk, MONTH, AFTER.date(), AFTER, every_hall=True)
    document = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True).document
    (served,) = document["all"]["targets"]
    alone = [next(row for row in one["targets"] if row["measure"] == "served") for one in document["halls"]]
    assert (served["n"], served["of"]) == (sum(one["n"] for one in alone), sum(one["of"] for one in alone))
    assert [rule["jump_every"] for rule in read.document["all"]["rules"]] == [3, None]


def test_a_merged_log_tells_the_same(desk: Desk, tmp_path: Path) -> None:
    add(desk, "served", 90)
    maintenance.export_hall_log(desk, asked(AFTER).who, tmp_path / "hall.log", AFTER)
    (tmp_path / "other").mkdir()
    other = hall(tmp_path / "other", hall={"code": "WEST", "name": "城西"})
    maintenance.merge_exported_log(tmp_path / "hall.log", tmp_path / "other" / "hall.sqlite", asked(AFTER))
    with other.db.read() as tx:
        id = next(id for id, code in halls.hall_ids_and_codes(tx) if code == "CD")
    there = Desk(other.db, id)
    here, away = (read_period_report(one, WEEK, DAY, AFTER).document for one in (desk, there))
    assert (away["targets"], away["rules"]) == (here["targets"], here["rules"])


def test_without_a_target_the_usual_share_is_to_be_reached(tmp_path: Path) -> None:
    day = read_period_report(simulated(tmp_path, customers=60), "day", DAY, AFTER)
    assert "target 80 %" in text_of(report_file_bytes(day, ".pdf", "en", None))
