"""Targets and rules of their time: each date is held against what stood on it, whatever the hall changed since."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.figures.periods import MONTH, WEEK
from queuedesk.core.figures.satisfaction import rate
from queuedesk.desk.change import Desk
from queuedesk.desk.setup import setting_up
from queuedesk.desk.upkeep import maintenance
from queuedesk.reports.figures.period import read_day, read_period
from queuedesk.reports.figures.rules import rules_words
from queuedesk.reports.figures.write import content
from queuedesk.sim.day import SimulatedDay
from queuedesk.store.figures import measured
from queuedesk.store.parts import halls
from tests.reports.days import DAY, NEXT_MORNING, asked, hall, kept, simulated
from tests.reports.figures.test_period import AFTER, two_halls
from tests.reports.figures.test_rates import text_of_content

NEXT = DAY + timedelta(days=1)


@kept
def changed(folder: Path) -> Desk:
    """Return a hall that changed its mind between two busy dates: an undated target, and two rules."""
    desk = hall(folder, targets=[{"measure": "within_target", "value": 70}, {"measure": "smiles", "value": 3}])
    SimulatedDay(desk, DAY, 20, customers=60).play(None)
    setting_up.set_row(desk, asked(NEXT_MORNING), "targets", "1", {"value": 99})
    setting_up.change_setting(desk, asked(NEXT_MORNING), "jump_every", 5)
    SimulatedDay(desk, NEXT, 21, customers=60).play(None)
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return changed(tmp_path)


def rows(desk: Desk, measure: str, period: str = WEEK) -> list[dict[str, Any]]:
    return [row for row in read_period(desk, period, DAY, AFTER).document["targets"] if row["measure"] == measure]


def add(desk: Desk, measure: str, value: object, since: str = "") -> None:
    setting_up.add_row(desk, asked(AFTER), "targets", {"measure": measure, "value": value, "from": since})


WORDS = {
    "en": ("target 70 %", "met", "not met", "target now 99 %"),
    "zh_CN": ("目标 70 %", "达到", "没达到", "目标现为 99 %"),
}


def test_each_date_is_held_against_the_target_and_the_rules_that_stood_on_it(desk: Desk, tmp_path: Path) -> None:
    week = read_period(desk, WEEK, DAY, AFTER)
    days = {day: read_day(desk, day, AFTER).figures for day in (DAY, NEXT)}
    before, after = (row for row in week.document["targets"] if row["measure"] == "within_target")

    assert (before["value"], before["first"], before["last"]) == (0.7, "2026-11-16", DAY.isoformat())
    assert (after["value"], after["first"], after["last"]) == (0.99, NEXT.isoformat(), "2026-11-22")
    for row, day in ((before, DAY), (after, NEXT)):
        assert row["rate"] == days[day]["wait"]["within_target"]
        assert row["verdict"] == ("met" if row["rate"] >= row["value"] else "not_met")

    first, second = week.document["rules"]
    assert (first["from"], first["jump_every"], first["wait_target_minutes"]) == ("2026-11-16", 3, 15)
    assert (second["from"], second["jump_every"], second["wait_target_minutes"]) == (NEXT.isoformat(), 5, 15)
    assert (first["order"], first["closing"], first["credits"]["elderly"]) == ("credit", "warn", 10)
    assert days[DAY]["rules"] == [first | {"from": DAY.isoformat()}]
    alone = {day: read_period(desk, "day", day, AFTER) for day in days}
    for day, figures in days.items():
        assert all(figures[key] == alone[day].document[key] for key in ("targets", "rules")), "a period of one date"

    assert WORDS["en"][0] in text_of_content(tmp_path, content(alone[DAY], ".pdf", "en", None))
    for lang, (_goal, met, missed, now) in WORDS.items():
        page = text_of_content(tmp_path, content(week, ".pdf", lang, None))
        assert now in page and met in page
        assert missed in page or days[NEXT]["wait"]["within_target"] >= 0.99

    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        long_ago = measured.Reader(tx, desk.hall, setup, AFTER).day(date(2020, 1, 1)).targets
    assert long_ago.rules["jump_every"] == 3, "a date before the hall was set up has what it began with"
    assert [target.figure for target in long_ago.targets] == [0.7]


def test_a_target_taken_away_stood_until_then(desk: Desk) -> None:
    setting_up.remove_row(desk, asked(AFTER), "targets", "1")

    assert [row["value"] for row in rows(desk, "within_target")] == [0.7, 0.99]
    assert rows(desk, "within_target", MONTH)[-1]["last"] == "2026-11-30"
    later = read_period(desk, WEEK, AFTER.date(), AFTER).document["targets"]
    assert [(row["last"], row["of"]) for row in later] == [((AFTER.date() - timedelta(days=1)).isoformat(), 0)]


def test_a_target_with_an_earlier_date_splits_the_span(desk: Desk) -> None:
    add(desk, "satisfaction", 60, "2026-11-01")
    add(desk, "satisfaction", "99.9", NEXT.isoformat())
    low, high = rows(desk, "satisfaction")

    for row, day in ((low, DAY), (high, NEXT)):
        ratings = read_day(desk, day, AFTER).figures["ratings"]
        assert (row["n"], row["of"]) == (ratings["satisfied"], ratings["n"])
        found = rate(row["n"], row["of"] - row["n"])
        assert (row["low"], row["high"]) == (pytest.approx(found.low, abs=1e-6), pytest.approx(found.high, abs=1e-6))
    assert (low["from"], high["from"], high["verdict"]) == ("2026-11-01", NEXT.isoformat(), "not_met")


def test_every_measure_is_the_figure_of_its_dates(desk: Desk) -> None:
    for measure, value in (
        ("served", 50),
        ("first_visit", 50),
        ("mean_wait", 60),
        ("median_wait", 60),
        ("p90_wait", 60),
    ):
        add(desk, measure, value)
    document = read_period(desk, WEEK, DAY, AFTER).document
    found = {row["measure"]: row for row in document["targets"]}

    assert list(found) == ["within_target", "served", "first_visit", "mean_wait", "median_wait", "p90_wait"]
    for measure in ("served", "first_visit"):
        own = document["measures"][measure]
        assert [found[measure][key] for key in ("n", "of", "rate")] == [own["n"], own["of"], own["rate"]]
    for measure in ("mean", "median", "p90"):
        assert found[f"{measure}_wait"]["minutes"] == document["wait"][measure]
        assert found[f"{measure}_wait"]["n"] == document["wait"]["n"]
    assert {row["verdict"] for row in found.values()} <= {"met", "not_met"}


def test_first_visits_are_judged_when_nobody_can_come_again(desk: Desk) -> None:
    add(desk, "first_visit", 50)
    a_week_on = NEXT_MORNING + timedelta(days=8)

    said = {}
    for now in (NEXT_MORNING, a_week_on):
        (row,) = [r for r in read_day(desk, DAY, now).figures["targets"] if r["measure"] == "first_visit"]
        said[now] = (row["rate"] >= row["value"], row["verdict"])

    assert said == {NEXT_MORNING: (True, "cannot_tell"), a_week_on: (True, "met")}


TOLD = {
    "en": (
        "no one passed over more than 2 times by priority; priority: Elderly 30 min",
        "Nobody is warned near closing",
    ),
    "zh_CN": ("每个人最多被优先越过 2 次；优先类别：老年人 30 分钟", "临近下班不提醒"),
}


def test_a_class_that_counts_more_and_a_rule_of_the_order_are_told_from_their_date_on(desk: Desk) -> None:
    setting_up.set_row(desk, asked(AFTER), "classes", "elderly", {"credit_minutes": 30})
    for key, value in (("order_guard", 2), ("closing", "off")):
        setting_up.change_setting(desk, asked(AFTER), key, value)
    read = read_period(desk, MONTH, AFTER.date(), AFTER)
    *_, before, last = read.document["rules"]

    assert (before["credits"]["elderly"], last["credits"]["elderly"], last["order_guard"]) == (10, 30, 2)
    for lang, (order, closing) in TOLD.items():
        said = rules_words(last, read.coded, lang)
        assert (
            order in said
            and closing in said
            and "。 " not in said
            and order not in rules_words(before, read.coded, lang)
        )


def test_a_date_without_data_has_a_target_and_no_verdict(tmp_path: Path) -> None:
    desk = hall(tmp_path, targets=[{"measure": "satisfaction", "value": 95}, {"measure": "mean_wait", "value": 9}])

    for row in read_period(desk, WEEK, DAY, AFTER).document["targets"]:
        assert (row["n"], row.get("rate"), row.get("minutes"), row["verdict"]) == (0, None, None, None)


def test_halls_together_have_the_targets_that_all_of_them_had(tmp_path: Path) -> None:
    desk, west = two_halls(tmp_path)
    for one in (desk, west):
        add(one, "served", 90)
        add(one, "satisfaction", 90 if one is desk else 95)
    setting_up.change_setting(west, asked(AFTER), "jump_every", 7)
    read = read_period(desk, MONTH, AFTER.date(), AFTER, every_hall=True)
    document = read_period(desk, MONTH, DAY, AFTER, every_hall=True).document

    (served,) = document["all"]["targets"]
    alone = [next(row for row in one["targets"] if row["measure"] == "served") for one in document["halls"]]
    assert (served["n"], served["of"]) == (sum(one["n"] for one in alone), sum(one["of"] for one in alone))
    assert [rule["jump_every"] for rule in read.document["all"]["rules"]] == [3, None]


def test_a_merged_log_tells_the_same(desk: Desk, tmp_path: Path) -> None:
    add(desk, "served", 90)
    maintenance.export(desk, asked(AFTER).who, tmp_path / "hall.log", AFTER)
    other = simulated_elsewhere(tmp_path / "other")
    maintenance.merge(tmp_path / "hall.log", tmp_path / "other" / "hall.sqlite", asked(AFTER))
    with other.db.read() as tx:
        id = next(id for id, code in halls.listed(tx) if code == "CD")
    there = Desk(other.db, id)

    here, away = (read_period(one, WEEK, DAY, AFTER).document for one in (desk, there))
    assert (away["targets"], away["rules"]) == (here["targets"], here["rules"])


def simulated_elsewhere(folder: Path) -> Desk:
    folder.mkdir()
    return hall(folder, hall={"code": "WEST", "name": "城西"})


def test_without_a_target_the_usual_share_is_to_be_reached(tmp_path: Path) -> None:
    page = text_of_content(
        tmp_path, content(read_period(simulated(tmp_path, customers=60), "day", DAY, AFTER), ".pdf", "en", None)
    )

    assert "target 80 %" in page
