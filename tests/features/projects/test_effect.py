"""The effect of measures on shares and on minutes, with the traps of a statistician; how causes are drawn."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

import pytest
from msgspec.structs import replace

from queuedesk.core.charts.chart import Point, Rect, Words
from queuedesk.core.figures.comparing import standardized
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.improvement.following import Level, is_beyond
from queuedesk.features.projects.rules import (
    Bone,
    DayMinutes,
    DayShare,
    Fish,
    MinutesEffect,
    Twig,
    Verdict,
    Why,
    effect,
    fish_height,
    fits,
    lay_out_fish,
    minutes_effect,
    paired,
    unpaired,
    wrapped,
)
from tests.core.charts.flat import FLAT

MONDAY = date(2026, 8, 3)


def days(first: date, *counts: tuple[int, int]) -> list[DayShare]:
    return [DayShare(first + timedelta(days=at), n, of) for at, (n, of) in enumerate(counts)]


def drawn(first: date, count: int, share: float, seed: int, of: int = 120) -> list[DayShare]:
    random_ = random.Random(seed)
    return days(first, *((sum(random_.random() < share for _ in range(of)), of) for _ in range(count)))


def test_a_certain_change_is_better_by_the_figure_s_direction() -> None:
    before, after = days(MONDAY, *[(24, 290)] * 10), days(MONDAY + timedelta(days=28), *[(13, 300)] * 10)

    usual = days(MONDAY - timedelta(days=28), *[(24, 290)] * 10)

    less, more = (effect("f", better, before, after, usual) for better in (LESS, MORE))

    assert (less.verdict, more.verdict) == (Verdict.BETTER, Verdict.WORSE)
    assert (less.before.n, less.before.of, less.after.n, less.after.of) == (240, 2900, 130, 3000)
    assert effect("f", None, before, after, usual).verdict is Verdict.LESS
    assert less.days_to_tell is None


def test_what_chance_may_have_done_cannot_be_told_and_says_how_long_it_takes() -> None:
    """1,604 of 1,688 against 1,636 of 1,702: 1.1 points, −0.3 to 2.5, about 17 days a side."""
    before = days(MONDAY, *[(160, 169)] * 8, (162, 168), (162, 168))
    after = days(MONDAY + timedelta(days=28), *[(164, 170)] * 8, (162, 171), (162, 171))

    found = effect("ratings.rate", MORE, before, after, [])

    assert found.verdict is Verdict.CANNOT_TELL
    assert found.days_to_tell is not None
    assert 15 <= found.days_to_tell <= 18


def test_below_thirty_rows_nothing_is_compared() -> None:
    before, after = days(MONDAY, *[(0, 6)] * 2), days(MONDAY + timedelta(days=14), *[(6, 6)] * 2)

    assert effect("f", MORE, before, after, []).verdict is Verdict.TOO_FEW


def test_a_bad_month_that_goes_back_to_usual_is_no_effect() -> None:
    """Regression to the mean: nothing changed but that the worst ten of eight weeks' days were chosen as "before"."""
    history = drawn(MONDAY, 40, 0.10, seed=4)
    before = drawn(MONDAY + timedelta(days=56), 10, 0.15, seed=5)
    after = drawn(MONDAY + timedelta(days=70), 10, 0.10, seed=6)

    found = effect("f", LESS, before, after, history)

    assert found.plain is Verdict.BETTER
    assert found.usual is not None
    assert found.usual.is_beyond
    assert found.verdict is Verdict.CANNOT_TELL


def test_an_effect_beyond_the_history_too_is_told_after_a_bad_month() -> None:
    history, before = drawn(MONDAY, 40, 0.10, seed=4), drawn(MONDAY + timedelta(days=56), 10, 0.15, seed=5)

    found = effect("f", LESS, before, drawn(MONDAY + timedelta(days=70), 10, 0.05, seed=6), history)

    assert found.usual is not None
    assert (found.usual.is_beyond, found.verdict) == (True, Verdict.BETTER)


def test_a_usual_span_is_judged_by_itself() -> None:
    history, before = drawn(MONDAY, 40, 0.10, seed=4), days(MONDAY + timedelta(days=56), *[(12, 120)] * 10)

    found = effect("f", LESS, before, drawn(MONDAY + timedelta(days=70), 10, 0.05, seed=6), history)

    assert found.usual is not None
    assert (found.usual.is_beyond, found.verdict) == (False, Verdict.BETTER)


def test_one_extraordinary_day_is_named_and_makes_no_effect() -> None:
    """Ten days at 10 %, on one of them the machine was down and 60 of 120 went wrong; after it 10 % as ever."""
    before = days(MONDAY, *[(12, 120)] * 9, (60, 120))
    after = days(MONDAY + timedelta(days=28), *[(12, 120)] * 10)

    found = effect("f", LESS, before, after, days(MONDAY - timedelta(days=28), *[(12, 120)] * 9, (60, 120)))

    assert found.plain is Verdict.BETTER
    assert found.why is Why.ONE_DAY
    assert [(one.day, one.verdict, one.is_apart) for one in found.hinges] == [
        (MONDAY + timedelta(days=9), Verdict.CANNOT_TELL, True)
    ]
    assert found.verdict is Verdict.CANNOT_TELL


def test_a_day_that_stands_out_but_changes_nothing_is_not_named() -> None:
    before = days(MONDAY, *[(40, 120)] * 9, (90, 120))

    usual = days(MONDAY - timedelta(days=28), *[(40, 120)] * 9, (90, 120))
    found = effect("f", LESS, before, days(MONDAY + timedelta(days=28), *[(12, 120)] * 10), usual)

    assert (found.verdict, found.hinges) == (Verdict.BETTER, ())


def test_without_days_that_say_what_is_usual_nothing_is_told() -> None:
    """Seven days are not enough; with the eighth a certain change is told."""
    before, after = days(MONDAY, *[(24, 290)] * 10), days(MONDAY + timedelta(days=28), *[(13, 300)] * 10)
    past = days(MONDAY - timedelta(days=28), *[(24, 290)] * 8)

    found = [effect("f", LESS, before, after, past[:n]) for n in (0, 7, 8)]

    assert [one.verdict for one in found] == [Verdict.CANNOT_TELL, Verdict.CANNOT_TELL, Verdict.BETTER]
    assert [one.why for one in found] == [Why.NO_HISTORY, Why.NO_HISTORY, None]
    assert {one.plain for one in found} == {Verdict.BETTER} and {one.days_to_tell for one in found} == {None}


def test_where_the_same_mix_turns_the_sign_nothing_is_told() -> None:
    """Easy and hard: 98 and 70 % before, 99 and 75 % after, but people come for what is hard now."""
    before, after = days(MONDAY, *[(952, 1000)] * 10), days(MONDAY + timedelta(days=28), *[(774, 1000)] * 10)
    usual = days(MONDAY - timedelta(days=28), *[(952, 1000)] * 10)
    sides = {"easy": (0.98, 9000), "hard": (0.70, 1000)}, {"easy": (0.99, 1000), "hard": (0.75, 9000)}

    alike = standardized(*sides)
    plain, mixed = (effect("f", MORE, before, after, usual, alike=one) for one in (None, alike))

    assert alike == pytest.approx((0.01 + 0.05) / 2)
    assert (plain.verdict, plain.why) == (Verdict.WORSE, None)
    assert (mixed.verdict, mixed.why, mixed.plain) == (Verdict.CANNOT_TELL, Why.MIX, Verdict.WORSE)


def test_the_alarm_line_has_a_bad_side() -> None:
    sides: Sequence[bool] = [is_beyond(LESS, 0.07, 0.06), is_beyond(MORE, 0.07, 0.06), is_beyond(MORE, 0.05, 0.06)]

    assert sides == [True, False, True]


# -- the effect on minutes ---------------------------------------------------------------------------------------------

FIRST = date(2026, 10, 5)
WOBBLE = (0.3, -0.6, 0.1, 0.8, -0.2, -0.5, 0.4, -0.1, 0.6, -0.4, 0.2, -0.3)


def timed(values: list[float], start: date = FIRST) -> list[DayMinutes]:
    return [DayMinutes(start + timedelta(days=n), value, 20) for n, value in enumerate(values)]


def told(before: list[float], after: list[float], past: list[float]) -> MinutesEffect:
    whole = [Level(sum(side) / len(side), 20 * len(side)) for side in (before, after)]
    sides = timed(before), timed(after, FIRST + timedelta(days=28))
    pairs = list(zip(*sides, strict=True))
    history = timed(past, FIRST - timedelta(days=56))
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


# -- the fishbone is laid out from the list of causes, and gives way to it where it has no room ------------------------

WIDE = 870.0


def twig(n: int, name: str = "No one to ask") -> Twig:
    return Twig(number=n, name=name, kind="ring", colour="amber", word="Open", point=Point((name,), n))


def fish(*counts: int) -> Fish:
    """Return a fish whose bones have so many causes."""
    numbers = iter(range(1, 100))
    bones = [Bone(f"Bone {at}", [twig(next(numbers)) for _each in range(n)]) for at, n in enumerate(counts)]
    return Fish(bones=bones, title="Stopped", value="14.1", unit="%")


def test_every_cause_has_its_place_and_no_two_lie_over_each_other() -> None:
    shown = fish(2, 2, 3, 1, 2)
    high = fish_height(shown, FLAT, WIDE)
    found = lay_out_fish(shown, FLAT, Rect(0, 0, WIDE, high))

    assert len(found.places) == 10
    for n, one in enumerate(found.places):
        assert one.top >= 0 and one.bottom <= high and one.right <= WIDE
        for other in found.places[n + 1 :]:
            apart = one.right <= other.left or other.right <= one.left
            assert apart or one.bottom <= other.top or other.bottom <= one.top


def test_a_third_cause_makes_its_column_longer() -> None:
    assert fish_height(fish(3, 2, 2), FLAT, WIDE) > fish_height(fish(2, 2, 2), FLAT, WIDE)


def test_three_bones_stand_above_and_the_others_below() -> None:
    shown = fish(1, 1, 1, 1)
    found = lay_out_fish(shown, FLAT, Rect(0, 0, WIDE, fish_height(shown, FLAT, WIDE)))
    tops = {mark.text: mark.y for mark in found.marks if isinstance(mark, Words)}

    assert tops["Bone 0"] == tops["Bone 1"] == tops["Bone 2"] < tops["Bone 3"]


@pytest.mark.parametrize(("bones", "width", "has_room"), [(6, WIDE, True), (7, WIDE, False), (3, 600.0, False)])
def test_more_than_six_bones_or_a_narrow_page_is_a_list(bones: int, width: float, has_room: bool) -> None:
    assert fits(bones, FLAT, width) is has_room


def test_the_chosen_cause_is_framed_and_named_in_bold() -> None:
    shown = replace(fish(2), chosen=2)
    found = lay_out_fish(shown, FLAT, Rect(0, 0, WIDE, 400))

    assert [mark.bold for mark in found.marks if isinstance(mark, Words) and mark.text == "No one to ask"] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Elderly customers have no one to ask", ["Elderly", "customers", "have no one to ask"]),
        ("老年客户没人可问，也没人带", ["老年客户没人可问，", "也没人带"]),
    ],
)
def test_names_break_between_words_and_before_no_closing_mark(text: str, lines: list[str]) -> None:
    assert wrapped(text, 78.0, FLAT, 15.0) == lines
