"""Targets from their day on, and verdicts by the interval."""

from datetime import date

import pytest

from queuedesk.core.figures.satisfaction import rate
from queuedesk.core.figures.targets import (
    MEAN_WAIT,
    SATISFACTION,
    WITHIN_TARGET,
    Target,
    Verdict,
    goal_in_time,
    is_missed,
    stood,
    target_of,
    verdict,
    verdict_of_all,
    verdict_of_minutes,
)
from queuedesk.core.imports.scales import Score, Share

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
    found = stood(ROWS, ROWS, SATISFACTION, date(*day))

    assert found is not None
    assert found.value.value == pytest.approx(value)


def test_without_a_row_there_is_no_target():
    assert stood(ROWS[2:3], ROWS[2:3], SATISFACTION, date(2012, 1, 1)) is None


def test_a_figure_above_a_hundred_is_no_target_of_a_rate():
    assert stood([{"measure": "satisfaction", "value": 700}], [], SATISFACTION, date(2012, 1, 1)) is None


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


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"measure": "within_target", "value": 85}, Target(WITHIN_TARGET, Share(0.85))),
        ({"measure": "served", "value": "98.3"}, Target("served", Share(0.983))),
        ({"measure": "mean_wait", "value": "7.5", "from": "2026-11-01"}, Target(MEAN_WAIT, 7.5, date(2026, 11, 1))),
        ({"measure": "Satisfied", "value": "0.9"}, Target(SATISFACTION, Share(0.9))),
        ({"measure": "满意率", "value": 95, "from": ""}, Target(SATISFACTION, Share(0.95))),
        ({"measure": "smiles per hour", "value": 5}, None),
        ({"measure": "mean_wait", "value": 0}, None),
        ({"measure": "p90_wait", "value": 481}, None),
        ({"measure": "first_visit", "value": -5}, None),
    ],
)
def test_a_row_is_a_target_where_its_measure_is_known_and_its_figure_fits(row, found):
    assert target_of(row) == found


def test_minutes_are_no_target_of_a_share():
    with pytest.raises(ValueError):
        Target(SATISFACTION, 5.0)
    with pytest.raises(ValueError):
        Target(MEAN_WAIT, Share(0.5))


def row(value: int, since: str = "") -> dict[str, object]:
    return {"measure": "satisfaction", "value": value, "from": since}


@pytest.mark.parametrize(
    ("then", "now", "value"),
    [
        ([], [], None),
        ([row(95)], [row(95)], 0.95),
        ([row(95)], [row(98)], 0.95),  # changed since: that day 95 stood
        ([row(95)], [], 0.95),  # taken away since
        ([], [row(98)], 0.98),  # typed in later, to hold always
        ([], [row(98, "2026-11-01")], 0.98),  # typed in later with an earlier date
        ([], [row(98, "2026-11-16")], None),  # not begun yet
        ([row(95)], [row(95), row(98, "2026-11-15")], 0.98),
        ([row(95, "2026-11-01")], [row(98, "2026-11-01")], 0.98),  # a figure put right
        ([row(95, "2026-11-10")], [row(98, "2026-11-01")], 0.95),  # what stood had begun later
        ([row(95, "2026-01-01")], [row(98, "2026-11-16")], 0.95),
    ],
)
def test_what_stood_on_a_day_is_told_by_that_day_and_by_dates_given_later(then, now, value):
    found = stood(then, now, SATISFACTION, date(2026, 11, 15))

    assert (None if found is None else found.figure) == value


@pytest.mark.parametrize(("n", "of", "said"), [(983, 1000, "met"), (982, 1000, "not_met"), (5, 0, None)])
def test_a_share_of_everybody_is_judged_by_its_point(n, of, said):
    target = target_of({"measure": "served", "value": "98.3"})

    assert target is not None and isinstance(target.value, Share)
    assert verdict_of_all(n, of, target.value) == said


def test_minutes_are_judged_by_the_figure_that_is_printed():
    assert verdict_of_minutes(10.0, 10) is Verdict.MET
    assert verdict_of_minutes(10.01, 10) is Verdict.NOT_MET
    assert verdict_of_minutes(None, 10) is None


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ([], (0.8, True)),
        ([("within_target", 0.9, "2026-11-01", "2026-11-30")], (0.9, True)),
        ([("satisfaction", 0.9, "2026-11-01", "2026-11-30")], (0.8, True)),
        (
            [("within_target", 0.7, "2026-11-01", "2026-11-09"), ("within_target", 0.9, "2026-11-10", "2026-11-30")],
            (0.9, False),
        ),
        ([("within_target", 0.7, "2026-11-01", "2026-11-09")], (0.8, False)),
    ],
)
def test_the_share_to_reach_is_that_of_the_last_date(targets, found):
    rows = [dict(zip(("measure", "value", "first", "last"), row, strict=True)) for row in targets]

    assert goal_in_time({"from": "2026-11-01", "to": "2026-11-30", "targets": rows}, 0.8) == found


@pytest.mark.parametrize(
    ("last", "said", "found"),
    [("2026-11-30", "not_met", True), ("2026-11-30", "cannot_tell", False), ("2026-11-12", "not_met", False)],
)
def test_a_target_is_missed_only_for_certain_and_on_the_last_date(last: str, said: str, found: bool) -> None:
    row = {"measure": "satisfaction", "first": "2026-11-01", "last": last, "verdict": said}
    assert is_missed({"to": "2026-11-30", "targets": [row]}, "satisfaction") is found
    assert not is_missed({"to": "2026-11-30", "targets": [row]}, "mean_wait")
