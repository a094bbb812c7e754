"""What rows ask to be trained: who truly does it more often is found, equals and a hard counter are not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest

from queuedesk.core.appraisal import LONG, RECALLS, TRANSFERS, WRONG_COUNTER
from queuedesk.core.figures.comparing import Part
from queuedesk.core.figures.satisfaction import exact_interval
from queuedesk.features.staff.rules.training import (
    LESS,
    TOO_FEW,
    TRAINING_CANNOT_TELL,
    WORTH,
    Act,
    Needs,
    effect,
    long_limits,
    needs_of,
)

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
PEOPLE = ("C1", "C2", "C3", "C4", "C5")


def read(acts: Sequence[Act]) -> Needs:
    return needs_of(FIRST, LAST, acts)


def rows(kind: str, staff: str, shown: int, of: int, *, service: str = "A", item: str = "") -> list[Act]:
    return [Act(kind, FIRST, f"{service}{n:03}", staff, service, item, int(n < shown)) for n in range(of)]


def month(seed: int, *, weak: str = "", people: Sequence[str] = PEOPLE) -> list[Act]:
    """Return a month of equals, one of whom passes on three times as many; hard items come to all of them."""
    rng, acts = Random(seed), []
    for staff in people:
        for n in range(240):
            service = rng.choice("AB")
            item, day = f"{service}{rng.randrange(2)}", FIRST + timedelta(days=n % 20)
            usual = 0.12 if item == "A1" else 0.04
            sent = int(rng.random() < usual * (3 if staff == weak else 1))
            acts.append(Act(TRANSFERS, day, f"{service}{n:03}", staff, service, item, sent))
            acts.append(Act(LONG, day, f"{service}{n:03}", staff, service, item, rng.lognormvariate(1.5, 0.6)))
            acts.append(Act(RECALLS, day, f"{service}{n:03}", staff, service, "", 3 if rng.random() < 0.04 else 1))
    acts += [
        Act(WRONG_COUNTER, FIRST, f"A{n:03}", guide, rng.choice("AB"), "", int(rng.random() < 0.03))
        for guide in ("G1", "G2", "G3")
        for n in range(150)
    ]
    return acts


def test_the_clerk_who_truly_passes_more_on_is_found():
    found = [one for seed in range(6) for one in read(month(seed, weak="C3")).needs if one.verdict == WORTH]

    assert {(one.kind, one.staff) for one in found} == {(TRANSFERS, ("C3",))}
    assert len(found) >= 6
    for one in found:
        assert one.found.n == len(one.rows) and {row.staff for row in one.rows} == {"C3"}
        assert (len(one.staff), one.people, one.can_be_named) == (1, 5, True)


def test_among_equals_the_share_of_false_alarms_stays_under_the_limit():
    """Each month makes thirty comparisons at once; held to 95 % one by one, most months would name somebody."""
    seeds = 40
    alarms = sum(any(one.verdict == WORTH for one in read(month(seed)).needs) for seed in range(seeds))

    assert read(month(0)).compared >= 25
    assert alarms <= 0.05 * seeds


def test_who_does_the_hard_items_is_not_taken_for_weak():
    """In sum C1 passes on four times as many as the others, of each item exactly as many."""
    acts = rows(TRANSFERS, "C1", 60, 120, item="hard") + rows(TRANSFERS, "C1", 1, 20, item="easy")
    for staff in ("C2", "C3"):
        acts += rows(TRANSFERS, staff, 10, 20, item="hard") + rows(TRANSFERS, staff, 6, 120, item="easy")

    [one] = read(acts).needs

    assert one.verdict == TRAINING_CANNOT_TELL
    for staff, usual in (("C1", 61 / 140), ("C2", 16 / 140)):
        if one.staff == (staff,):
            assert one.found.others == pytest.approx(usual, abs=0.01)


def test_fewer_than_thirty_rows_on_either_side_are_not_compared():
    few = read(rows(TRANSFERS, "C1", 29, 29) + rows(TRANSFERS, "C2", 1, 400))
    enough = read(rows(TRANSFERS, "C1", 30, 30) + rows(TRANSFERS, "C2", 1, 400))

    assert (few.needs, few.compared, few.few) == ((), 0, 2)
    assert [(one.staff, one.verdict) for one in enough.needs] == [(("C1",), WORTH)]


def test_of_two_people_nobody_can_be_named():
    [one] = read(rows(TRANSFERS, "C1", 40, 100) + rows(TRANSFERS, "C2", 1, 100)).needs

    assert (one.verdict, one.people, one.can_be_named) == (WORTH, 2, False)


def test_two_who_do_it_more_often_are_held_against_the_rest_together():
    acts = [one for staff in ("C3", "C4", "C5") for one in rows(TRANSFERS, staff, 4, 200)]
    acts += rows(TRANSFERS, "C1", 60, 200) + rows(TRANSFERS, "C2", 50, 200)

    [one] = read(acts).needs

    assert (one.staff, one.found.n, one.found.of, one.found.others) == (("C1", "C2"), 110, 400, 0.02)


def test_the_more_is_looked_at_the_wider_each_interval():
    alone = rows(TRANSFERS, "C1", 20, 100) + rows(TRANSFERS, "C2", 10, 100)
    beside = [one for service in "BCDEFG" for one in (
        *rows(TRANSFERS, "C1", 5, 100, service=service), *rows(TRANSFERS, "C2", 5, 100, service=service)
    )]  # fmt: skip

    one, many = read(alone).at(TRANSFERS, "A"), read(alone + beside).at(TRANSFERS, "A")

    assert one is not None and many is not None
    assert many.found.low < one.found.low < one.found.difference < one.found.high < many.found.high


def test_a_tenth_of_a_services_steps_take_long():
    acts = [Act(LONG, FIRST, f"A{n:03}", "C1", "A", "", n / 10) for n in range(1, 101)]

    assert long_limits(acts) == {"A": 9}


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [(0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (10, 20, 0.2720, 0.7280), (9, 9, 0.6637, 1)],
)
def test_the_exact_interval_is_that_of_the_tables(n: int, of: int, low: float, high: float):
    found = exact_interval(n, of, 0.95)

    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("before", "after", "history", "verdict"),
    [
        # A month was chosen because it was bad, and the next is as all the others were.
        (Part(40, 200), Part(20, 200), Part(120, 1200), TRAINING_CANNOT_TELL),
        (Part(40, 200), Part(4, 200), Part(120, 1200), LESS),
        (Part(40, 200), Part(4, 200), Part(3, 29), TOO_FEW),
        (Part(4, 20), Part(0, 29), Part(120, 1200), TOO_FEW),
    ],
)
def test_a_training_is_held_against_the_longer_history(before: Part, after: Part, history: Part, verdict: str):
    assert effect(before, after, history, days=20).verdict == verdict
