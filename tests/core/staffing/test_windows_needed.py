"""Windows for a flow: Erlang's formulas against known figures, offered loads, and what a line adds."""

import csv
import random
from math import exp
from pathlib import Path

import pytest

from queuedesk.core.staffing.day import (
    Flow,
    erlang_b,
    erlang_c,
    exponential_cover,
    fewest,
    offered_load,
    peak_loads,
    quantile_cover,
    served,
    with_backlog,
)

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "erlang_c.csv"


def known() -> list[dict[str, float]]:
    with GOLDEN.open(encoding="utf-8") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", known(), ids=lambda row: f"{row['arrivals_per_hour']:g}x{row['windows']:g}")
def test_figures_that_are_known(row):
    flow = Flow(per_hour=row["arrivals_per_hour"], handling_min=row["handling_minutes"])
    windows = int(row["windows"])
    found = served(flow, windows, within_min=5)
    assert found.p_wait is not None and found.mean_wait_min is not None
    assert (round(found.p_wait, 4), round(found.mean_wait_min, 3)) == (row["p_wait"], row["mean_wait_minutes"])
    shares = [served(flow, windows, within_min=minutes).within for minutes in (5, 10, 15)]
    assert [share and round(share, 4) for share in shares] == [row["within_5"], row["within_10"], row["within_15"]]


def test_formulas_at_their_simplest():
    assert round(erlang_b(6, 5), 4) == 0.1918
    assert erlang_c(1, 0.5) == pytest.approx(0.5)
    assert erlang_c(2, 1) == pytest.approx(1 / 3)
    assert erlang_c(3, 3) == erlang_c(3, 7) == erlang_c(0, 0) == 1


@pytest.mark.parametrize(("per_hour", "handling", "windows"), [(60, 5, 6), (30, 20, 12)])
def test_the_fewest_windows_for_a_target(per_hour, handling, windows):
    flow = Flow(per_hour=per_hour, handling_min=handling)
    found = fewest(flow, target=0.8, within_min=10)
    one_less = served(flow, windows - 1, within_min=10)
    assert found.windows == windows
    assert found == served(flow, windows, within_min=10)
    assert one_less.within is None or one_less.within < 0.8


def test_too_few_windows_have_no_figures_nobody_waits_where_nobody_comes_and_a_thousand_are_worked_out():
    few = served(Flow(per_hour=60, handling_min=5), 5, within_min=10)
    assert (few.p_wait, few.mean_wait_min, few.within) == (None, None, None)
    none = fewest(Flow(per_hour=0, handling_min=5), target=0.99, within_min=0)
    assert (none.windows, none.p_wait, none.mean_wait_min, none.within) == (1, 0, 0, 1)
    assert 1000 < fewest(Flow(per_hour=12_000, handling_min=5), target=0.8, within_min=1).windows < 1040
    assert erlang_c(100_000, 10) == 0


@pytest.mark.parametrize("target", [0, 1, 1.2, -0.1])
def test_no_number_of_windows_makes_a_certainty(target):
    with pytest.raises(ValueError):
        fewest(Flow(per_hour=60, handling_min=5), target=target, within_min=10)


def test_a_hall_played_by_chance_agrees():
    chance = random.Random(60_000)
    free, now, waits = [0.0] * 6, 0.0, []
    for _ in range(150_000):
        now += chance.expovariate(1)
        soonest = min(range(6), key=free.__getitem__)
        begun = max(now, free[soonest])
        free[soonest] = begun + chance.expovariate(1 / 5)
        waits.append(begun - now)
    found = served(Flow(per_hour=60, handling_min=5), 6, within_min=5)

    assert sum(wait > 0 for wait in waits) / len(waits) == pytest.approx(found.p_wait, abs=0.03)
    assert sum(waits) / len(waits) == pytest.approx(found.mean_wait_min, rel=0.12)
    assert sum(wait <= 5 for wait in waits) / len(waits) == pytest.approx(found.within, abs=0.03)


def test_a_steady_load():
    always = [1.0] * 48
    assert offered_load(always, 30, exponential_cover(6.6), 720) == pytest.approx(6.6)
    assert offered_load(always, 30, quantile_cover([2, 4, 6, 14.4]), 720) == pytest.approx(6.6)


def test_a_load_that_began_one_handling_time_ago():
    switched = [0.0, 1.0, 1.0]
    assert offered_load(switched, 30, exponential_cover(6.6), 36.6) == pytest.approx(6.6 * (1 - exp(-1)))
    assert round(offered_load(switched, 30, exponential_cover(6.6), 36.6), 3) == 4.172
    assert offered_load(switched, 30, exponential_cover(6.6), 30) == 0


def test_load_lags_behind_arrivals_and_the_heaviest_slice_counts():
    rates = [0.0, 2.0, 0.0, 0.0]
    peaks = peak_loads(rates, 30, quantile_cover([20.0]))
    assert peaks == pytest.approx([0, 40, 40, 0])


@pytest.mark.parametrize(
    ("windows", "waiting", "added"),
    [(6, 0, 0), (6, 9, 0), (6, 10, 1), (6, 25, 4), (0, 5, 2), (6, 9 + 5 * 30 / 6.6, 5)],
)
def test_a_line_needs_windows_beside_the_flow(windows, waiting, added):
    """Six windows of 6.6 minutes call 9 people in ten minutes; each 4.5 more take one window for half an hour."""
    assert with_backlog(windows, waiting, 6.6, 10) == windows + added
