"""The effect on minutes: days in pairs, a published example, and what chance, a bad spell or one day can do."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest

from queuedesk.core.figures.measures.figure import LESS
from queuedesk.core.improvement.following import Level
from queuedesk.features.projects.rules import DayMinutes, MinutesEffect, Verdict, minutes_effect, paired, unpaired

FIRST = date(2026, 10, 5)
WOBBLE = (0.3, -0.6, 0.1, 0.8, -0.2, -0.5, 0.4, -0.1, 0.6, -0.4, 0.2, -0.3)


def days(values: list[float], start: date = FIRST) -> list[DayMinutes]:
    return [DayMinutes(start + timedelta(days=n), value, 20) for n, value in enumerate(values)]


def told(before: list[float], after: list[float], past: list[float]) -> MinutesEffect:
    whole = [Level(sum(side) / len(side), 20 * len(side)) for side in (before, after)]
    sides = days(before), days(after, FIRST + timedelta(days=28))
    pairs = list(zip(*sides, strict=True))
    history = days(past, FIRST - timedelta(days=56))
    return minutes_effect("wait.mean", LESS, whole=(whole[0], whole[1]), pairs=pairs, history=history)


def test_a_published_example_comes_out_again() -> None:
    """Hollander, Wolfe and Chicken, examples 3.3 and 3.4: nine patients before and after."""
    before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]

    found = paired(before, after)

    assert (found.difference, found.low, found.high) == pytest.approx((-0.46, -0.786, -0.010))


@pytest.mark.parametrize(("m", "n"), [(4, 4), (5, 8), (8, 5)])
def test_the_interval_of_two_samples_leaves_out_what_few_orders_give(m: int, n: int) -> None:
    """Of samples whose differences are 1, 2, 3 … the lower end is the place in the list of differences."""
    sums = sorted(sum(at - k for k, at in enumerate(own)) for own in combinations(range(m + n), n))
    place = max(c for c in range(m * n) if 2 * sum(u < c for u in sums) <= 0.05 * len(sums))
    first, second = [float(-m * k) for k in range(n)], [float(k + 1) for k in range(m)]

    assert unpaired(first, second).low == place


@pytest.mark.parametrize(
    ("n", "drop", "verdict"),
    [(12, 3.0, Verdict.BETTER), (12, -3.0, Verdict.WORSE), (12, 0.0, Verdict.CANNOT_TELL), (5, 3.0, Verdict.TOO_FEW)],
)
def test_days_are_the_unit(n: int, drop: float, verdict: Verdict) -> None:
    """A hundred tickets a side and more: with five days nothing is told all the same."""
    usual = [10 + wobble for wobble in WOBBLE]

    found = told(usual[:n], [10 - drop + wobble for wobble in reversed(WOBBLE)][:n], usual)

    assert found.verdict is verdict
    assert (found.days_to_tell is None) == (verdict in (Verdict.BETTER, Verdict.WORSE)) or drop == 0


def test_a_bad_spell_gets_better_by_itself_and_is_told() -> None:
    usual = [10 + wobble for wobble in WOBBLE]

    found = told([value + 6 for value in usual], usual[::-1], usual)

    assert found.usual is not None and found.usual.is_beyond
    assert (found.plain, found.verdict) == (Verdict.BETTER, Verdict.CANNOT_TELL)


def test_one_extraordinary_day_makes_no_effect() -> None:
    usual = [10 + wobble for wobble in WOBBLE]
    late = [*usual[:5], 90.0, *usual[6:]]

    found = told(late, usual[::-1], usual)

    assert found.verdict is Verdict.CANNOT_TELL
    assert found.difference.difference is not None and abs(found.difference.difference) < 1
