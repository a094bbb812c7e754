"""The wait that may be told: the printed ladder, the mean gap, and when no honest figure can be given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from queuedesk.core.waiting import LADDER, NoWait, Wait, estimate, mean_gap_s, printed_range

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


def calls(*minutes_ago: float) -> list[datetime]:
    return sorted(TEN - timedelta(minutes=m) for m in minutes_ago)


def test_the_ladder_is_the_printed_one() -> None:
    steps = "0 1 2 3 4 5 7 10 15 20 25 30 35 40 45 50 55 60 70 80 90 100 110 120 150 180 240"
    assert list(LADDER) == [int(step) for step in steps.split()]


@pytest.mark.parametrize(
    ("low", "high", "printed"),
    [
        (6.14, 12.34, (5, 10)),
        (9.9, 14, (7, 15)),
        (0, 0.4, (0, 1)),
        (31, 44, (30, 45)),
        (0, 0, (0, 1)),
        (5, 5, (5, 7)),
        (5.99, 6.1, (5, 7)),
        (10, 12.4, (10, 15)),
        (3, 3.5, (3, 4)),
        (65, 64, (60, 70)),
        (239, 400, (180, 240)),
        (240, 240, (180, 240)),
        (1000, 1000, (180, 240)),
    ],
)
def test_what_is_printed(low: float, high: float, printed: tuple[int, int]) -> None:
    assert printed_range(low, high) == printed


def test_any_range_is_printed_on_the_ladder_a_step_apart() -> None:
    for tenth in range(0, 2600, 7):
        for width in (0, 0.3, 4, 31):
            low, high = printed_range(tenth / 10, tenth / 10 + width)
            assert low in LADDER
            assert high in LADDER
            assert low < high
            assert low <= tenth / 10


@pytest.mark.parametrize(
    ("times", "gap_s"),
    [
        (calls(20, 15, 10, 5, 0), 300),
        (calls(15, 10, 5, 0), None),
        (calls(70, 65, 61, 10, 5, 0), None),  # older than 60 minutes
        (calls(60, 45, 30, 15, 0), 900),
        (calls(*range(0, 100, 2)), 120),  # the last 20 of 50
        ([], None),
    ],
)
def test_the_mean_gap(times: list[datetime], gap_s: float | None) -> None:
    assert mean_gap_s(times, TEN) == gap_s


def test_calls_still_to_come_are_not_looked_at() -> None:
    assert mean_gap_s(calls(20, 15, 10, 5, 0, -5), TEN) == 300


def test_a_wait_is_people_ahead_times_the_gap() -> None:
    told = estimate(3, calls(12, 9, 6, 3, 0), TEN, window_open=True)

    assert told == Wait(low=5, high=15, point_s=540)
    assert told.point == 9.0


def test_nobody_ahead_is_told_at_most_a_minute() -> None:
    assert estimate(0, calls(12, 9, 6, 3, 0), TEN, window_open=True) == Wait(low=0, high=1, point_s=0)


@pytest.mark.parametrize(
    ("times", "window_open", "reason"),
    [(calls(12, 9, 6, 3, 0), False, "no_window_open"), (calls(3, 0), True, "too_few_calls")],
)
def test_no_figure_where_none_is_honest(times: list[datetime], window_open: bool, reason: str) -> None:
    assert estimate(3, times, TEN, window_open=window_open) == NoWait(reason)
