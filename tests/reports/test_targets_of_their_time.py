"""Targets and rules of their time: each date is held against what stood on it, whatever the hall changed since."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from queuedesk.core.figures.periods import MONTH, WEEK
from queuedesk.desk import setting_up
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import maintenance
from queuedesk.reports.figures.period import all_rules_text, read_period_report
from queuedesk.reports.figures.write import report_file_bytes
from queuedesk.sim.demand import SimulatedDay
from queuedesk.store.figures import measured
from queuedesk.store.parts import halls
from tests.reports.days import AFTER, DAY, NEXT_MORNING, asked, hall, kept, simulated
from tests.reports.figures.test_period import two_halls
from tests.reports.read_back import text_of

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
