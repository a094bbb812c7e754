"""The wait that may be told: the printed ladder."""

from __future__ import annotations

import pytest

from queuedesk.core.queue.dispatch import LADDER, Wait, printed_range


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


def test_above_the_last_step_only_that_step_is_printed() -> None:
    assert printed_range(200, 500, 392) == printed_range(300, 300, 300) == (240, None)
    assert printed_range(150, 500, 240) == (150, 240)


def test_any_range_is_printed_on_the_ladder_a_step_apart() -> None:
    for tenth in range(0, 2600, 7):
        for width in (0, 0.3, 4, 31):
            low, high = printed_range(tenth / 10, tenth / 10 + width)
            assert low in LADDER
            assert high in LADDER
            assert low < high
            assert low <= tenth / 10


def test_the_point_is_told_in_minutes() -> None:
    assert Wait(low=5, high=15, point_s=540).point == 9.0
