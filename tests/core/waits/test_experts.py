"""What each expert says of a wait and how they are weighed; in each of twelve worlds the mixture is nearly the best."""

import math
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

import pytest
from msgspec.structs import replace

from queuedesk.core.log.state import CALLS, TICKETS, HallState
from queuedesk.core.queue.dispatch import printed_wait_range
from queuedesk.core.queue.ticket import WaitInputs, WaitPromise
from queuedesk.core.waits import estimates, experts
from queuedesk.core.waits.estimates import LAST as WHO_WAS_LAST
from queuedesk.core.waits.experts import todays_experts_of
from queuedesk.core.waits.live import ExpectedCallOfTicket
from queuedesk.core.waits.observations import DayObservations, observations_of_day
from queuedesk.core.waits.quote import estimates_from_observations
from tests.core.waits.past_day import DAY, PastDay, a_setup
from tests.every_day import SEES_ALL

NOBODY = estimates.PastWaitStatistics()


def said(past=NOBODY, today: experts.TodaysLineCalls | None = None, *, place: int = 4, minute: float = 600.0):
    return experts.expert_waits_min(past, today, "A", place=place, minute=minute, pass_min=None)


def test_who_knows_nothing_says_nothing_and_places_are_grouped_by_doubling() -> None:
    assert [experts.place_bin(place) for place in (1, 2, 3, 4, 7, 8, 15, 16, 400)] == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert said() == (None,) * estimates.N
    found = experts.expert_waits_min(NOBODY, None, "A", place=4, minute=600.0, pass_min=7.0)
    assert found[: estimates.CORRECTED + 1] == (7.0, 7.0)


def test_past_days_say_a_wait_by_the_place_the_hour_and_the_calls() -> None:
    hours = tuple(5.0 if hour == 10 else None for hour in range(24))
    calls = tuple(3.0 if half_hour >= 20 else 0.0 for half_hour in range(48))
    past = estimates.PastWaitStatistics(usual=2.0, per_place={"A": 3.0}, by_hour={"A": hours}, calls={"A": calls})
    assert said(past)[estimates.HISTORY] == 12.0
    assert (said(past)[estimates.HOUR], said(past, minute=700.0)[estimates.HOUR]) == (20.0, 12.0)
    # At ten a call every ten minutes; who comes at nine waits until ten first.
    assert (said(past)[estimates.PROFILE], said(past, minute=540.0)[estimates.PROFILE]) == (40.0, 100.0)
    assert said(past, place=200)[estimates.PROFILE] is None
    assert experts.expert_waits_min(past, None, "B", place=4, minute=600.0, pass_min=None)[estimates.HISTORY] == 8.0


def test_today_says_nothing_before_the_third_call() -> None:
    two = experts.TodaysLineCalls(called=[580.0, 590.0], per_place=[2.0, 2.0], last=(8.0, 3))
    three = experts.TodaysLineCalls(called=[570.0, 580.0, 590.0], per_place=[2.0, 9.0, 2.0], last=(8.0, 3))
    assert said(today=two) == (None,) * estimates.N
    found = said(today=three)
    assert (found[estimates.RATE], found[estimates.TODAY], found[WHO_WAS_LAST]) == (pytest.approx(40.0), 8.0, 10.0)
    # Calls of an hour ago say nothing of the last half-hour.
    assert said(today=three, minute=660.0)[estimates.RATE] is None


def a_wait(minutes: float, *, line: str = "A", place: int = 2, told: int = 600, points_s: tuple[int | None, ...] = ()):
    return estimates.WaitWithQuote(
        line=line, place=place, minute=600.0, minutes=minutes, low_s=told // 2, point_s=told, high_s=told * 2,
        sd_s=120, points_s=points_s,
    )  # fmt: skip


def test_past_waits_teach_medians_drawn_to_the_whole_hall() -> None:
    day = [a_wait(4.0), a_wait(4.0), a_wait(60.0), *[a_wait(8.0, line="B") for _ in range(40)]]
    past = experts.past_wait_statistics([day], [], 20)
    assert past.usual == 4.0
    assert past.per_place["A"] == pytest.approx((2.0 * 3 + 4.0 * 5) / 8)  # three waits, and the hall for five more
    assert past.calls["A"][20] == 2.0
    assert experts.past_wait_statistics([[], []], [], 20) == estimates.PastWaitStatistics()


def test_the_ends_of_an_expert_are_those_of_its_past_errors() -> None:
    waits = [a_wait(10.0 * 2 ** (n % 11 / 5 - 1), points_s=(600,) * estimates.N) for n in range(1100)]
    past = experts.past_wait_statistics([waits], waits, 20)
    (low, high), point = past.expert_range_factors("A", experts.place_bin(2))[estimates.HISTORY], 10.0
    assert (point + 1) * low - 1 == pytest.approx(10.0 * 2**-0.8, rel=0.06)
    assert (point + 1) * high - 1 == pytest.approx(10.0 * 2**0.8, rel=0.06)


def test_who_was_nearer_weighs_more_and_nobody_is_lost() -> None:
    of_two = (600, None, 1200, *[None] * 5)
    sums = experts.NOTHING
    factors = estimates.PastWaitStatistics().expert_range_factors("A", 1)
    prior = experts.PRIOR[estimates.PASS] / (experts.PRIOR[estimates.PASS] + experts.PRIOR[estimates.HISTORY])
    of_points, _of_ends = experts.expert_weights(experts.NOTHING, (estimates.PASS, estimates.HISTORY))
    assert of_points[estimates.PASS] == pytest.approx(prior)
    lessons = experts.expert_sums_contribution(a_wait(20.0, told=900, points_s=of_two), factors)
    for _ in range(200):
        sums = experts.sums_with_one_more_wait(sums, lessons)
    of_points, of_ends = experts.expert_weights(sums, (estimates.PASS, estimates.HISTORY))
    assert of_points[estimates.HISTORY] > 0.95
    assert sum(of_points) == pytest.approx(1.0) and sum(of_ends) == pytest.approx(1.0)
    for _ in range(200):
        sums = experts.sums_without_one_wait(sums, lessons)
    assert sums == experts.NOTHING


def test_an_expert_gains_nothing_by_wide_ends_where_what_was_told_is_kept() -> None:
    """Waits of which one in ten ends beyond either end that was told, though all lie outside the mixture's own ends."""
    factors = estimates.PastWaitStatistics().expert_range_factors("A", 1)  # of them HISTORY has much the wider ends
    said = (600, None, 600, *[None] * 5)
    sums = experts.NOTHING
    for n in range(400):
        came = 1.0 if n % 10 == 0 else 59.0 if n % 10 == 5 else 10.0
        wait = replace(a_wait(came, points_s=said), low_s=594, high_s=606, sd_s=6, told=(2, 50))
        sums = experts.sums_with_one_more_wait(sums, experts.expert_sums_contribution(wait, factors))
    narrow = experts.expert_weights(sums, (estimates.PASS, estimates.HISTORY))[1]
    assert narrow == pytest.approx(
        experts.expert_weights(experts.NOTHING, (estimates.PASS, estimates.HISTORY))[1], abs=0.03
    )
    missed = experts.expert_sums_contribution(replace(wait, minutes=59.0), factors)
    for _ in range(60):
        sums = experts.sums_with_one_more_wait(sums, missed)
    assert experts.expert_weights(sums, (estimates.PASS, estimates.HISTORY))[1][estimates.HISTORY] > 0.3


def test_a_mixture_lies_between_what_was_said_and_its_ends_are_in_order() -> None:
    said = (10.0, 12.0, None, None, None, 30.0, None, None)
    ends = experts.expert_ranges(said, estimates.PastWaitStatistics().expert_range_factors("A", 2), 3.0)
    found = experts.mixed_quote(
        ends, experts.expert_weights(experts.NOTHING, (estimates.PASS, estimates.CORRECTED, estimates.RATE))
    )
    assert 10.0 < found.point < 30.0
    assert found.low <= found.point <= found.high
    assert estimates.EXPERTS[found.leads] == "pass"


def test_what_was_learned_is_kept_as_it_was() -> None:
    waits = [a_wait(9.0 + n % 5, points_s=(600, None, 500, *[700] * 5)) for n in range(60)]
    past = experts.with_expert_sums(experts.past_wait_statistics([waits], waits, 20), waits)
    kept = estimates.Estimates(days=1, waits=past)
    assert estimates.Estimates.from_document(kept.to_document()) == kept
    assert replace(past, sums_by_line={}) != past


OPENS, LAST_COMES = 8 * 60.0, 14 * 60.0
DAYS, JUDGED_FROM = 16 if SEES_ALL else 15, 8
AS_GOOD = 1.05
SEEDS, FEW = (2, 1), 500
"""A daily run plays by the first, by which wrong weights show in the most worlds, and by both where few are called."""
SETUP = a_setup()

Gap = Callable[[Random, int, float], float]
"""The minutes until a line calls again, on a day (from 0 on) at a minute."""
Guess = Callable[[Random, int, float], float]
"""What the pass says on a day of somebody who will wait so long."""


def steady(minutes: float, spread: float = 0.5) -> Gap:
    return lambda dice, _day, _minute: minutes * dice.lognormvariate(-spread * spread / 2, spread)


def garbage(dice: Random, _day: int, _wait: float) -> float:
    return dice.uniform(0, 60)


def knows(spread: float, factor: float = 1.0) -> Guess:
    return lambda dice, _day, wait: factor * wait * dice.lognormvariate(0, spread)


def by_hour(dice: Random, _day: int, minute: float) -> float:
    return (1.5 if int(minute // 60) % 2 else 5.0) * dice.lognormvariate(0, 0.3)


def by_half_hour(dice: Random, _day: int, minute: float) -> float:
    """Windows call in every other half-hour, then rest."""
    return 1.5 * dice.lognormvariate(0, 0.2) if int(minute // 30) % 2 else 30.0 - minute % 30 + dice.uniform(0.2, 1)


def by_day(dice: Random, day: int, _minute: float) -> float:
    return 2.5 * math.exp(Random(day).uniform(-1, 1)) * dice.lognormvariate(0, 0.3)


def by_spells(dice: Random, day: int, minute: float) -> float:
    """Each day has spells of two hours of its own."""
    return 2.5 * math.exp(Random(day * 100 + int(minute // 150)).uniform(-0.6, 0.6)) * dice.lognormvariate(0, 0.2)


def changed(after: float) -> Gap:
    return lambda dice, day, _minute: (3.0 if day < 8 else after) * dice.lognormvariate(0, 0.4)


def with_breaks(dice: Random, day: int, minute: float) -> float:
    """Nobody writes down that the line rests for forty minutes, at another time each day."""
    rest = Random(day).uniform(9.5 * 60, 13 * 60)
    gap = 2.5 * dice.lognormvariate(0, 0.3)
    return gap + 40.0 if minute < rest <= minute + gap else gap


WORLDS: dict[str, tuple[Gap, Guess, float]] = {
    "the pass knows": (by_spells, knows(0.15), 0),
    "the pass is wrong by a factor": (by_spells, knows(0.15, 2.5), 0),
    "every day is the same": (steady(3.0), garbage, 0),
    "every hour is its own": (by_hour, garbage, 0),
    "every half-hour is its own": (by_half_hour, garbage, 0),
    "every day is its own": (by_day, garbage, 0),
    "every spell is its own": (by_spells, garbage, 0),
    "it becomes slower in the middle": (changed(6.0), knows(0.6), 0),
    "a new window": (changed(1.5), knows(0.4), 0),
    "a clock that lies": (steady(3.0, 0.4), knows(0.5), 4.0),
    "no ends of service": (steady(3.0), lambda _dice, _day, _wait: 1.0, 0),
    "no breaks told": (with_breaks, lambda dice, _day, wait: min(wait, 25.0) * dice.lognormvariate(0, 0.3), 0),
}


def comings(dice: Random, called: list[float]) -> Iterator[float]:
    """Yield when people come so that about as many come as are called, in crowds and lulls."""
    minute = OPENS - 10
    mean = (called[-1] - called[0]) / len(called)
    while minute < LAST_COMES:
        yield minute
        minute += mean * 1.1 * dice.expovariate(1) * (0.75 if int(minute // 45) % 2 else 1.5)


def call(past: PastDay, state: HallState, label: str, minute: float) -> None:
    past.called(label, "1", minute)
    state.put_record(TICKETS, past.tickets[label])
    state.put_record(CALLS, past.calls[-1])


def played(gap: Gap, guess: Guess, lie_min: float, seed: int) -> list[tuple[float, float, tuple[float | None, ...]]]:
    """Play a world; return of each first wait on judged days what came, what the mixture and the experts said."""
    dice = Random(seed)
    lessons: dict[object, DayObservations] = {}
    found = []
    for n in range(DAYS):
        past = PastDay(DAY + timedelta(days=n))
        learned = estimates_from_observations(SETUP, lessons, past.day) if n else estimates.Estimates()
        state = HallState(setup_now=SETUP, learned=learned)
        called = [OPENS]
        while called[-1] < LAST_COMES + 600:
            called.append(called[-1] + gap(dice, n, called[-1]))
        told: dict[str, tuple[float, tuple[float | None, ...]]] = {}
        waiting: deque[str] = deque()
        next_call = 0
        for number, minute in enumerate(comings(dice, called), 1):
            while called[next_call] <= minute:
                if waiting:
                    call(past, state, waiting.popleft(), called[next_call])
                next_call += 1
            place = len(waiting) + 1
            truth = called[next_call + place - 1] - minute
            recorded = max(0.0, minute + dice.uniform(-lie_min, lie_min))
            pass_min = guess(dice, n, truth)
            turn = ExpectedCallOfTicket(pass_min, pass_min / 3 + 1, "1")
            said, mixture = todays_experts_of(state, past.day).experts_quote("A", place, minute, turn)
            label = f"A{number:03d}"
            low, high = printed_wait_range(mixture.low, mixture.high)
            points_s = tuple(None if one is None else round(one * 60) for one in said)
            ends = {"low_s": round(mixture.low * 60), "high_s": round(mixture.high * 60)}
            quote = {"low": low, "high": high, "point_s": round(mixture.point * 60), "sd_s": round(pass_min * 20 + 60)}
            made_of = WaitInputs(place=place, points_s=points_s, **ends)
            promise = WaitPromise(**quote, made_of=made_of, leads=estimates.EXPERTS[mixture.leads])
            past.comes(label, "A", recorded, promise=promise)
            state.put_record(TICKETS, past.tickets[label])
            waiting.append(label)
            told[label] = mixture.point, said
        while waiting:
            call(past, state, waiting.popleft(), called[next_call])
            next_call += 1
        for ticket in past.tickets.values():
            leg = ticket.legs[0]
            came = (leg.called - ticket.arrived).total_seconds() / 60  # as the record has it
            if n >= JUDGED_FROM:
                found.append((came, *told[ticket.label]))
        lessons[past.day] = observations_of_day(SETUP, past.day, past.tickets.values(), past.calls)
    return found


def errors(found: list[tuple[float, float, tuple[float | None, ...]]]) -> tuple[int, float, dict[str, float]]:
    """Return how many tickets every expert spoke of, and of these the mixture's and each expert's mean error."""
    of_all = [(came, told, [one for one in each if one is not None]) for came, told, each in found]
    of_all = [one for one in of_all if len(one[2]) == estimates.N]
    n = len(of_all)
    errors_of = [sum(abs(came - each[k]) for came, _told, each in of_all) / n for k in range(estimates.N)]
    of_experts = dict(zip(estimates.EXPERTS, errors_of, strict=True))
    return n, sum(abs(came - told) for came, told, _each in of_all) / n, of_experts


@pytest.mark.parametrize("world", WORLDS)
def test_the_mixture_is_nearly_as_good_as_the_best_expert(world: str) -> None:
    found: list[tuple[float, float, tuple[float | None, ...]]] = []
    for seed in SEEDS:
        if SEES_ALL or len(found) <= FEW:
            found += played(*WORLDS[world], seed=seed)
    n, mixture, of_experts = errors(found)
    assert n > FEW
    assert mixture <= AS_GOOD * min(of_experts.values()), of_experts
