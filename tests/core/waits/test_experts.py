"""What each expert says of a wait, what past waits teach them, and how they are weighed."""

import pytest
from msgspec.structs import replace

from queuedesk.core.waits import experts
from queuedesk.core.waits.estimates import (
    CORRECTED,
    EXPERTS,
    HISTORY,
    HOUR,
    PASS,
    PROFILE,
    RATE,
    TODAY,
    Estimates,
    N,
    PastWaits,
    ToldWait,
)
from queuedesk.core.waits.estimates import LAST as WHO_WAS_LAST

NOBODY = PastWaits()


def said(past: PastWaits = NOBODY, today: experts.TodaysWaits | None = None, *, place: int = 4, minute: float = 600.0):
    return experts.points(past, today, "A", place=place, minute=minute, pass_min=None)


def test_who_knows_nothing_says_nothing_and_places_are_grouped_by_doubling() -> None:
    assert [experts.place_bin(place) for place in (1, 2, 3, 4, 7, 8, 15, 16, 400)] == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert said() == (None,) * N
    assert experts.points(PastWaits(), None, "A", place=4, minute=600.0, pass_min=7.0)[: CORRECTED + 1] == (7.0, 7.0)


def test_past_days_say_a_wait_by_the_place_the_hour_and_the_calls() -> None:
    hours = tuple(5.0 if hour == 10 else None for hour in range(24))
    calls = tuple(3.0 if half_hour >= 20 else 0.0 for half_hour in range(48))
    past = PastWaits(usual=2.0, per_place={"A": 3.0}, by_hour={"A": hours}, calls={"A": calls})
    assert said(past)[HISTORY] == 12.0
    assert (said(past)[HOUR], said(past, minute=700.0)[HOUR]) == (20.0, 12.0)
    # At ten a call every ten minutes; who comes at nine waits until ten first.
    assert (said(past)[PROFILE], said(past, minute=540.0)[PROFILE]) == (40.0, 100.0)
    assert said(past, place=200)[PROFILE] is None
    assert experts.points(past, None, "B", place=4, minute=600.0, pass_min=None)[HISTORY] == 8.0


def test_today_says_nothing_before_the_third_call() -> None:
    two = experts.TodaysWaits(called=[580.0, 590.0], per_place=[2.0, 2.0], last=(8.0, 3))
    three = experts.TodaysWaits(called=[570.0, 580.0, 590.0], per_place=[2.0, 9.0, 2.0], last=(8.0, 3))
    assert said(today=two) == (None,) * N
    found = said(today=three)
    assert (found[RATE], found[TODAY], found[WHO_WAS_LAST]) == (pytest.approx(40.0), 8.0, 10.0)
    # Calls of an hour ago say nothing of the last half-hour.
    assert said(today=three, minute=660.0)[RATE] is None


def a_wait(minutes: float, *, line: str = "A", place: int = 2, told: int = 600, points_s: tuple[int | None, ...] = ()):
    return ToldWait(
        line=line, place=place, minute=600.0, minutes=minutes, low_s=told // 2, point_s=told, high_s=told * 2,
        sd_s=120, points_s=points_s,
    )  # fmt: skip


def test_past_waits_teach_medians_drawn_to_the_whole_hall() -> None:
    day = [a_wait(4.0), a_wait(4.0), a_wait(60.0), *[a_wait(8.0, line="B") for _ in range(40)]]
    past = experts.learned_of([day], [], 20)
    assert past.usual == 4.0
    assert past.per_place["A"] == pytest.approx((2.0 * 3 + 4.0 * 5) / 8)  # three waits, and the hall for five more
    assert past.calls["A"][20] == 2.0
    assert experts.learned_of([[], []], [], 20) == PastWaits()


def test_the_ends_of_an_expert_are_those_of_its_past_errors() -> None:
    waits = [a_wait(10.0 * 2 ** (n % 11 / 5 - 1), points_s=(600,) * N) for n in range(1100)]
    past = experts.learned_of([waits], waits, 20)
    (low, high), point = past.factors("A", experts.place_bin(2))[HISTORY], 10.0
    assert (point + 1) * low - 1 == pytest.approx(10.0 * 2**-0.8, rel=0.06)
    assert (point + 1) * high - 1 == pytest.approx(10.0 * 2**0.8, rel=0.06)


def test_who_was_nearer_weighs_more_and_nobody_is_lost() -> None:
    of_two = (600, None, 1200, *[None] * 5)
    sums = experts.NOTHING
    factors = PastWaits().factors("A", 1)
    prior = experts.PRIOR[PASS] / (experts.PRIOR[PASS] + experts.PRIOR[HISTORY])
    assert experts.weights(experts.NOTHING, (PASS, HISTORY))[0][PASS] == pytest.approx(prior)
    lessons = experts.lessons_of(a_wait(20.0, told=900, points_s=of_two), factors)
    for _ in range(200):
        sums = experts.added(sums, lessons)
    of_points, of_ends = experts.weights(sums, (PASS, HISTORY))
    assert of_points[HISTORY] > 0.95
    assert sum(of_points) == pytest.approx(1.0) and sum(of_ends) == pytest.approx(1.0)
    for _ in range(200):
        sums = experts.taken_out(sums, lessons)
    assert sums == experts.NOTHING


def test_an_expert_gains_nothing_by_wide_ends_where_what_was_told_is_kept() -> None:
    """Waits of which one in ten ends beyond either end that was told, though all lie outside the mixture's own ends."""
    factors = PastWaits().factors("A", 1)  # of them HISTORY has much the wider ends
    said = (600, None, 600, *[None] * 5)
    sums = experts.NOTHING
    for n in range(400):
        came = 1.0 if n % 10 == 0 else 59.0 if n % 10 == 5 else 10.0
        wait = replace(a_wait(came, points_s=said), low_s=594, high_s=606, sd_s=6, told=(2, 50))
        sums = experts.added(sums, experts.lessons_of(wait, factors))
    narrow = experts.weights(sums, (PASS, HISTORY))[1]
    assert narrow == pytest.approx(experts.weights(experts.NOTHING, (PASS, HISTORY))[1], abs=0.03)
    missed = experts.lessons_of(replace(wait, minutes=59.0), factors)
    for _ in range(60):
        sums = experts.added(sums, missed)
    assert experts.weights(sums, (PASS, HISTORY))[1][HISTORY] > 0.3


def test_a_mixture_lies_between_what_was_said_and_its_ends_are_in_order() -> None:
    said = (10.0, 12.0, None, None, None, 30.0, None, None)
    ends = experts.ends_of(said, PastWaits().factors("A", 2), 3.0)
    found = experts.mixed(ends, experts.weights(experts.NOTHING, (PASS, CORRECTED, RATE)))
    assert 10.0 < found.point < 30.0
    assert found.low <= found.point <= found.high
    assert EXPERTS[found.leads] == "pass"


def test_what_was_learned_is_kept_as_it_was() -> None:
    waits = [a_wait(9.0 + n % 5, points_s=(600, None, 500, *[700] * 5)) for n in range(60)]
    past = experts.with_sums(experts.learned_of([waits], waits, 20), waits)
    estimates = Estimates(days=1, waits=past)
    assert Estimates.of(estimates.document()) == estimates
    assert replace(past, sums_by_line={}) != past
