"""Targets from their day on, and verdicts by the interval."""

from __future__ import annotations

from datetime import date

import pytest

from queuedesk.core.satisfaction import rate
from queuedesk.core.scales import Score, Share
from queuedesk.core.targets import SATISFACTION, Verdict, share_target, verdict

ROWS = [
    {"measure": "satisfaction", "value": 95, "from": "2011-01-01"},
    {"measure": "satisfaction", "value": "98.5", "from": "2012-05-01"},
    {"measure": "wait", "value": 15},
    {"measure": "satisfaction", "value": "0.9"},
]


@pytest.mark.parametrize(
    ("day", "value"), [((2010, 12, 31), 0.9), ((2011, 1, 1), 0.95), ((2012, 4, 30), 0.95), ((2012, 5, 1), 0.985)]
)
def test_the_target_of_a_day_is_the_one_that_began_last(day, value):
    found = share_target(ROWS, SATISFACTION, date(*day))

    assert found is not None
    assert found.value.value == pytest.approx(value)


def test_without_a_row_there_is_no_target():
    assert share_target(ROWS[2:3], SATISFACTION, date(2012, 1, 1)) is None


def test_a_figure_above_a_hundred_is_no_target_of_a_rate():
    assert share_target([{"measure": "satisfaction", "value": 700}], SATISFACTION, date(2012, 1, 1)) is None


@pytest.mark.parametrize(
    ("satisfied", "dissatisfied", "said"),
    [
        (415, 13, Verdict.CANNOT_TELL),  # 94.87 to 98.22
        (377, 5, Verdict.CANNOT_TELL),  # 98.69 %, and still nobody can tell
        (415, 18, Verdict.NOT_MET),  # up to 97.35
        (3990, 10, Verdict.MET),
        (0, 0, Verdict.CANNOT_TELL),
    ],
)
def test_a_target_of_98_percent_is_judged_by_the_interval(satisfied, dissatisfied, said):
    assert verdict(rate(satisfied, dissatisfied), Share(0.98)) is said


def test_a_score_judges_no_rate():
    with pytest.raises(TypeError):
        verdict(rate(98, 2), Score(98, 100))  # type: ignore[arg-type]
