"""Halls as if all had had the same mix of services."""

from __future__ import annotations

import pytest

from queuedesk.core.figures.hall_comparison import FEWEST_EACH, same_mix

# Both halls wait 5 min for A and 20 for B; the second has far more of B.
EAST = {"A": (400.0, 80), "B": (800.0, 40)}
WEST = {"A": (200.0, 40), "B": (1600.0, 80)}


def test_halls_that_differ_by_their_mix_alone_are_equal():
    found = same_mix([EAST, WEST])

    assert found.services == ("A", "B")
    assert found.figures == (pytest.approx(12.5), pytest.approx(12.5))  # raw: 10 and 15


def test_a_figure_is_weighed_by_the_mix_of_all_halls():
    slow = {"A": (800.0, 40), "B": (1600.0, 80)}  # A 20, B 20; of all halls A 120, B 120

    assert same_mix([EAST, slow]).figures == (pytest.approx((120 * 5 + 120 * 20) / 240), pytest.approx(20.0))


def test_a_service_that_a_hall_hardly_has_takes_no_part():
    found = same_mix([EAST | {"C": (3.0, 90)}, WEST | {"C": (900.0, FEWEST_EACH - 1)}])

    assert found.services == ("A", "B")


@pytest.mark.parametrize("halls", [[EAST], [EAST, {}], [EAST, {"C": (10.0, 50)}], []])
def test_without_a_like_nothing_is_compared(halls):
    assert same_mix(halls).figures == tuple(None for _ in halls)


def test_a_hall_without_tickets_keeps_no_other_from_being_compared():
    found = same_mix([EAST, {"A": (0.0, 0)}, WEST])

    assert found.figures == (pytest.approx(12.5), None, pytest.approx(12.5))


def test_a_negative_number_is_refused():
    with pytest.raises(ValueError):
        same_mix([{"A": (1.0, -1)}])
