"""The rates of a period in files: CSV, XLSX and JSON hold the same, row by row."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.core.figures.periods import MONTH, QUARTER, WEEK
from queuedesk.reports.figures.period import read_period
from queuedesk.reports.figures.rates import ANSWERS, rates_of
from tests.reports.days import DAY
from tests.reports.figures.test_period import AFTER, three_days, two_halls
from tests.reports.figures.test_rates_in_files import check, in_json


@pytest.mark.parametrize("period", [WEEK, QUARTER])
def test_a_period_has_the_same_rates_in_each_file(tmp_path: Path, period: str) -> None:
    read = read_period(three_days(tmp_path), period, DAY, AFTER)
    rates = check(read)

    ratings = read.figures["ratings"]
    assert list(in_json(read))[-1] == "rates"
    assert rates[ANSWERS]["rated"] == ratings["satisfied"] + ratings["dissatisfied"]
    assert sum(row["n"] for row in rates["by_date"]) == ratings["n"]
    assert [row["code"] for row in rates["staff"]] == [one.code for one in rates_of(read).clerks]
    assert rates["staff"], "or the test says nothing of clerks"
    assert all(row["outside"] is False for row in rates["by_date"])
    assert all(isinstance(row["rate"], float) and 0 <= row["rate"] <= 1 for row in rates["staff"])


def test_a_period_is_held_against_the_one_before_in_each_file(tmp_path: Path) -> None:
    rates = check(read_period(three_days(tmp_path), MONTH, DAY + timedelta(days=12), AFTER))

    assert [row["what"] for row in rates["change"]] == ["before", "now", "difference"]
    before, now, difference = rates["change"]
    assert difference["rate"] == pytest.approx(now["rate"] - before["rate"], abs=2e-6)
    assert difference["low"] <= difference["rate"] <= difference["high"]


def test_halls_together_have_theirs_beside_all(tmp_path: Path) -> None:
    desk, _west = two_halls(tmp_path)
    read = read_period(desk, MONTH, DAY, AFTER, every_hall=True)
    rates = check(read)

    assert list(in_json(read)) == ["halls", "all", "rates"]
    assert [row["code"] for row in rates["halls"]] == ["CD", "WEST"]
    assert [row["code"] for row in rates["same_mix"]] == ["CD", "WEST"]
