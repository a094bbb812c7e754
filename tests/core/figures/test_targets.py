"""Targets from their day on, and verdicts by the interval."""

from datetime import date

import pytest

from queuedesk.core.figures.satisfaction import satisfaction_rate
from queuedesk.core.figures.targets import (
    MEAN_WAIT,
    SATISFACTION,
    WITHIN_TARGET,
    MeasureTarget,
    TargetVerdict,
    compare_rate_with_target,
    in_time_goal_and_if_all_dates,
    is_target_missed,
    target_from_setup_row,
    target_in_force,
    verdict_of_minutes,
    verdict_of_population_share,
)
from queuedesk.core.imports import ScoreOnScale, ShareOfPeople


def row(value: int, since: str = "") -> dict[str, object]:
    return {"measure": "satisfaction", "value": value, "from": since}


def test_a_target_of_98_percent_is_judged_by_the_interval():
    """94.87 to 98.22; 98.69 %, and still nobody can tell; up to 97.35."""
    counts = [(415, 13), (377, 5), (0, 0), (415, 18), (3990, 10)]
    said = [TargetVerdict.CANNOT_TELL] * 3 + [TargetVerdict.NOT_MET, TargetVerdict.MET]
    assert [compare_rate_with_target(satisfaction_rate(*count), ShareOfPeople(0.98)) for count in counts] == said


def test_a_score_judges_no_rate_and_minutes_are_no_target_of_a_share():
    with pytest.raises(TypeError):
        compare_rate_with_target(satisfaction_rate(98, 2), ScoreOnScale(98, 100))  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        MeasureTarget(SATISFACTION, 5.0)
    with pytest.raises(ValueError):
        MeasureTarget(MEAN_WAIT, ShareOfPeople(0.5))


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"measure": "within_target", "value": 85}, MeasureTarget(WITHIN_TARGET, ShareOfPeople(0.85))),
        ({"measure": "served", "value": "98.3"}, MeasureTarget("served", ShareOfPeople(0.983))),
        (
            {"measure": "mean_wait", "value": "7.5", "from": "2026-11-01"},
            MeasureTarget(MEAN_WAIT, 7.5, date(2026, 11, 1)),
        ),
        ({"measure": "Satisfied", "value": "0.9"}, MeasureTarget(SATISFACTION, ShareOfPeople(0.9))),
        ({"measure": "满意率", "value": 95, "from": ""}, MeasureTarget(SATISFACTION, ShareOfPeople(0.95))),
        ({"measure": "smiles per hour", "value": 5}, None),
        ({"measure": "mean_wait", "value": 0}, None),
        ({"measure": "p90_wait", "value": 481}, None),
        ({"measure": "first_visit", "value": -5}, None),
    ],
)
def test_a_row_is_a_target_where_its_measure_is_known_and_its_figure_fits(row, found):
    assert target_from_setup_row(row) == found


@pytest.mark.parametrize(
    ("then", "now", "value"),
    [
        ([], [], None),
        ([{"measure": "served", "value": 95}], [], None),  # of another measure
        ([row(700)], [], None),  # above a hundred is no rate
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
    found = target_in_force(then, now, SATISFACTION, date(2026, 11, 15))
    assert (None if found is None else found.figure) == value


def test_shares_of_everybody_and_minutes_are_judged_by_the_figure_that_is_printed():
    met = (TargetVerdict.MET, TargetVerdict.NOT_MET, None)
    counts = ((983, 1000), (982, 1000), (5, 0))
    assert tuple(verdict_of_population_share(n, of, ShareOfPeople(0.983)) for n, of in counts) == met
    assert tuple(verdict_of_minutes(minutes, 10) for minutes in (10.0, 10.01, None)) == met


SHARE, RATE = "within_target", "satisfaction"


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ([], (0.8, True)),
        ([(SHARE, 0.9, 1, 30)], (0.9, True)),
        ([(RATE, 0.9, 1, 30)], (0.8, True)),
        ([(SHARE, 0.7, 1, 9), (SHARE, 0.9, 10, 30)], (0.9, False)),
        ([(SHARE, 0.7, 1, 9)], (0.8, False)),
    ],
)
def test_the_share_to_reach_is_that_of_the_last_date(targets, found):
    rows = [
        {"measure": measure, "value": value, "first": f"2026-11-{first:02}", "last": f"2026-11-{last:02}"}
        for measure, value, first, last in targets
    ]
    assert in_time_goal_and_if_all_dates({"from": "2026-11-01", "to": "2026-11-30", "targets": rows}, 0.8) == found


@pytest.mark.parametrize(
    ("last", "said", "found"),
    [("2026-11-30", "not_met", True), ("2026-11-30", "cannot_tell", False), ("2026-11-12", "not_met", False)],
)
def test_a_target_is_missed_only_for_certain_and_on_the_last_date(last: str, said: str, found: bool) -> None:
    row = {"measure": "satisfaction", "first": "2026-11-01", "last": last, "verdict": said}
    assert is_target_missed({"to": "2026-11-30", "targets": [row]}, "satisfaction") is found
    assert not is_target_missed({"to": "2026-11-30", "targets": [row]}, "mean_wait")
