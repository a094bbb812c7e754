"""Halls as if all had had the same mix of services."""

import pytest

from queuedesk.core.figures.halls import FEWEST_EACH, same_mix

# Both halls wait 5 min for A and 20 for B; the second has far more of B.
EAST = {"A": (400.0, 80), "B": (800.0, 40)}
WEST = {"A": (200.0, 40), "B": (1600.0, 80)}


def test_halls_that_differ_by_their_mix_alone_are_equal():
    found = same_mix([EAST, WEST])

    assert found.services == ("A", "B")
    assert found.figures == (pytest.approx(12.5), pytest.approx(12.5))  # raw: 10 and 15


def test_a_hall_stands_beside_all_halls_at_its_own_mix():
    slow = {"A": (800.0, 40), "B": (1600.0, 80)}  # A 20, B 20; of all halls A 10, B 20, together 15

    assert same_mix([EAST, slow]).figures == (pytest.approx(15 - 80 * 5 / 120), pytest.approx(15 + 40 * 10 / 120))


def test_a_service_that_the_others_hardly_have_takes_no_part():
    found = same_mix([EAST | {"C": (3.0, 90)}, WEST | {"C": (900.0, FEWEST_EACH - 1)}])

    assert (found.services, found.of) == (("A", "B", "C"), (120, 120 + FEWEST_EACH - 1))


def test_a_hall_with_other_services_or_hardly_anything_keeps_no_other_from_being_compared():
    found = same_mix([EAST, {"X": (9.0, 500)}, {"A": (1.0, 12)}, WEST])

    assert [one is None for one in found.figures] == [False, True, True, False]


def test_a_share_is_none_above_all():
    easy, hard = {"A": (990.0, 1000), "B": (10.0, 100)}, {"B": (60.0, 60)}

    assert same_mix([easy, hard], most=1.0).figures[1] == 1.0


@pytest.mark.parametrize("halls", [[EAST], [EAST, {}], [EAST, {"C": (10.0, 50)}], []])
def test_without_a_like_nothing_is_compared(halls):
    assert same_mix(halls).figures == tuple(None for _ in halls)


def test_a_hall_without_tickets_keeps_no_other_from_being_compared():
    found = same_mix([EAST, {"A": (0.0, 0)}, WEST])

    assert found.figures == (pytest.approx(12.5), None, pytest.approx(12.5))


def test_a_negative_number_is_refused():
    with pytest.raises(ValueError):
        same_mix([{"A": (1.0, -1)}])
