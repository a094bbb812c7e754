"""The effect of measures, with the traps that a statistician would set."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from queuedesk.core.figures.comparing import standardized
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.improvement.following import is_beyond
from queuedesk.features.projects.rules import DayShare, Verdict, Why, effect

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
