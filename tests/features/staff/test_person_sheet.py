"""What is said of a month of somebody's work, and what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.appraisal import Scheme, Weighing
from queuedesk.features.staff.rules.person_sheet import (
    ABOVE,
    BELOW,
    BETTER,
    CANNOT_TELL,
    FEW_TOLD,
    NONE_DUE,
    NOT_HERE,
    TOO_FEW,
    WORSE,
    Called,
    Due,
    Given,
    Handled,
    MonthRows,
    Noted,
    PersonSheet,
    Planned,
    team,
)
from queuedesk.features.staff.words import (
    chance_words,
    median_figure,
    own_figure,
    total_figure,
    total_verdict,
    total_words,
    usual_figure,
)

DAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 19, 3, tzinfo=UTC)


def given(staff: str, good: int, bad: int = 0, service: str = "A") -> list[Given]:
    return [Given(DAY, f"{staff}{service}{n}", staff, service, n < good, True) for n in range(good + bad)]


def visits(staff: str, n: int, minutes: float, service: str = "A", item: str = "") -> list[Handled]:
    # Everybody's visits have the same spread.
    return [
        Handled(DAY, f"{staff}{service}{i}", staff, service, item, minutes + (i % 3 - 1), 0.0, 0.0) for i in range(n)
    ]


def month(**rows: Any) -> MonthRows:
    return MonthRows(first=DAY.replace(day=1), last=DAY, **rows)


def sheet(staff: str, scheme: Scheme | None = None, *, own: bool = False, **rows: Any) -> PersonSheet:
    return team(month(**rows), scheme or Scheme(), also=staff, own=own).sheets[staff]


IN_ORDER = [Called(DAY, f"A{n}", f"C{n}", False) for n in range(1, 5)]
OTHERS = [*given("C2", 90, 10), *given("C3", 92, 8), *given("C4", 94, 6)]


def test_twelve_ratings_all_of_them_satisfied_are_shown_and_compared_with_nobody():
    found = sheet("C1", ratings=[*given("C1", 12), *OTHERS], calls=IN_ORDER)
    item = found.item("satisfaction")

    assert (item.value, item.n, item.of, item.verdict) == (1.0, 12, 12, TOO_FEW)
    assert (own_figure(item, "en"), usual_figure(item, "en")) == ("12 of 12", "")
    assert item.low == pytest.approx(0.757, abs=0.001)
    assert item.difference is None
    assert found.verdict == TOO_FEW and found.low is None
    # Nor do they move the median of those who are compared.
    assert found.median == sheet("C3", ratings=OTHERS, calls=IN_ORDER).median == 100


def test_who_has_the_harder_services_is_not_worse_for_it():
    """Counted all together C1 is far behind; at each service C1 is ahead (Simpson's paradox)."""
    ratings = [
        *given("C1", 10, 0, "easy"), *given("C1", 70, 30, "hard"),
        *given("C2", 95, 5, "easy"), *given("C2", 6, 4, "hard"),
        *given("C3", 95, 5, "easy"), *given("C3", 6, 4, "hard"),
    ]  # fmt: skip
    item = sheet("C1", ratings=ratings).item("satisfaction")

    assert item.value is not None and item.value < 0.8
    assert item.hall == pytest.approx((10 * 0.95 + 100 * 0.6) / 110)
    assert item.difference is not None and item.difference > 0
    assert item.verdict == CANNOT_TELL  # the others have twenty hard ones


def test_a_difference_is_named_only_where_the_whole_interval_says_so():
    assert sheet("C1", ratings=[*given("C1", 70, 30), *OTHERS]).item("satisfaction").verdict == WORSE
    assert sheet("C1", ratings=[*given("C1", 100), *OTHERS]).item("satisfaction").verdict == BETTER
    assert sheet("C1", ratings=[*given("C1", 91, 9), *OTHERS]).item("satisfaction").verdict == CANNOT_TELL


def test_handling_is_compared_at_the_same_items():
    own = [*visits("C1", 40, 10, "A", "long"), *visits("C1", 10, 3, "A", "short")]
    others = [*visits("C2", 10, 10, "A", "long"), *visits("C2", 90, 3, "A", "short"), *visits("C3", 60, 6, "B")]
    item = sheet("C1", handled=[*own, *others]).item("handling")

    assert item.value == pytest.approx(1.0, abs=0.01)
    assert item.verdict == CANNOT_TELL
    slow = sheet("C1", handled=[*visits("C1", 60, 4, "A", "short"), *others]).item("handling")
    assert slow.value == pytest.approx(4 / 3, abs=0.01)
    assert (slow.verdict, slow.points) == (WORSE, 0.0)
    assert sheet("C9", handled=visits("C9", 60, 4)).item("handling").why == "no_others"


def test_an_item_with_nothing_to_count_leaves_its_weight_to_the_others():
    found = sheet("C1", shifts=[Planned(DAY, "C1", 0)], cases=[Due("26-001", "C2", DAY, True)])

    assert found.item("cases").why == NONE_DUE
    assert (found.known_weight, found.by_weight, found.total) == (10, 100, 100)
    assert sheet("C9").total is None and sheet("C9").by_weight is None
    two = [*given("C1", 50), *given("C2", 40, 10)]
    assert sheet("C1", ratings=two, calls=IN_ORDER).median is None, "of two people there is none"
    assert sheet("C1", ratings=[*two, *given("C3", 45, 5)], calls=IN_ORDER).median is not None


def test_praise_and_faults_end_at_their_caps_and_the_deposit_follows_the_total():
    scheme = Scheme(praise_cap=1, fault_cap=5, fault=2, deposit=500, deposit_full=96)
    noted = [Noted(n, "C1", DAY) for n in range(4)]
    found = sheet("C1", scheme, shifts=[Planned(DAY, "C1", 0)], thanks=noted, faults=noted)

    assert (found.praise_points, found.fault_points) == (1, 5)
    assert found.total == 96 and found.deposit == 500  # praise on a full sheet counts against faults
    assert Scheme(deposit=500, deposit_full=100).deposit_of(90) == 450


def test_points_stand_between_two_figures_whichever_is_the_better():
    assert [Weighing(30, 90, 98).points(figure) for figure in (80, 90, 94, 98, 100)] == [0, 0, 15, 30, 30]
    assert [round(Weighing(20, 1.2, 1).points(figure), 6) for figure in (1.3, 1.1, 0.9)] == [0, 10, 20]


def test_a_total_is_above_the_median_only_beyond_what_chance_allows():
    alike = [*given("C2", 940, 60), *given("C3", 940, 60), *given("C4", 940, 60)]
    calls = [*IN_ORDER, *(Called(DAY, f"A9{n}", f"C{n}", True) for n in range(1, 5))]
    near, far = (
        sheet("C1", ratings=[*own, *alike], calls=calls) for own in (given("C1", 945, 55), given("C1", 990, 10))
    )

    # What can't be told from the others is not in the total: all are alike but for what is certain.
    assert near.verdict == CANNOT_TELL and near.total == near.median
    assert far.verdict == ABOVE and far.item("satisfaction").verdict == BETTER
    assert far.low is not None and far.high is not None and far.total is not None and far.high < far.total


def test_the_own_sheet_tells_ratings_from_five_on():
    four, five = (
        sheet("C1", own=True, ratings=[*given("C1", n), *OTHERS], shifts=[Planned(DAY, "C1", 0)]) for n in (4, 5)
    )

    assert four.item("satisfaction").why == FEW_TOLD and four.item("satisfaction").value is None
    assert four.by_weight == 100  # nothing of the ratings is in the total either
    assert five.item("satisfaction").value == 1.0


def test_a_pc_that_is_not_told_of_ratings_judges_nobody_by_them():
    found = sheet("C1", reads_ratings=False, shifts=[Planned(DAY, "C1", 0)])

    assert found.item("satisfaction").why == NOT_HERE
    assert found.verdict is None


# -- chance decides about nobody ---------------------------------------------------------------------------------------

PAID = Scheme(deposit=500, deposit_full=90)
KEPT: dict[str, Any] = {"calls": IN_ORDER, "shifts": [Planned(DAY, "C1", 0)]}


@pytest.mark.parametrize(("good", "bad"), [(0, 0), (0, 1), (0, 29), (1, 1), (27, 3), (88, 12)])
def test_a_few_low_ratings_or_no_more_than_chance_cost_nothing_of_the_deposit(good: int, bad: int):
    found = sheet("C1", PAID, ratings=[*given("C1", good, bad), *OTHERS], **KEPT)
    item = found.item("satisfaction")

    assert (found.total, found.deposit, found.known_weight) == (100, 500, 25)
    assert item.points is None and item.passes_weight_on == bool(good + bad)


def test_what_is_certainly_worse_counts_with_its_weight():
    found = sheet("C1", PAID, ratings=[*given("C1", 70, 30), *OTHERS], **KEPT)

    assert (found.item("satisfaction").verdict, found.item("satisfaction").points) == (WORSE, 0.0)
    assert (found.known_weight, found.total) == (65, pytest.approx(100 * 25 / 65))


def test_what_is_certainly_better_makes_no_total_smaller():
    """92 % earn a quarter of the points by the scheme; the others, at 70 %, lose nothing but by their own figure."""
    others = [*given("C2", 70, 30), *given("C3", 70, 30), *given("C4", 70, 30)]
    found = sheet("C1", PAID, ratings=[*given("C1", 184, 16), *others], **KEPT)

    assert (found.item("satisfaction").verdict, found.total, found.deposit) == (BETTER, 100, 500)


def test_few_minutes_and_few_cases_do_not_count_either():
    slow = [*visits("C1", 29, 20, "A"), *visits("C2", 60, 5, "A")]
    late = [
        *(Due(f"26-{n:03}", "C1", DAY, False) for n in range(3)),
        *(Due(f"26-1{n}", "C2", DAY, True) for n in range(40)),
    ]
    found = sheet("C1", PAID, handled=slow, cases=late, **KEPT)

    assert [found.item(code).verdict for code in ("handling", "cases")] == [TOO_FEW, TOO_FEW]
    assert [found.item(code).points for code in ("handling", "cases")] == [None, None]
    assert (found.known_weight, found.deposit) == (25, 500)


@pytest.mark.parametrize("share", [0.9, 0.98])
def test_of_equal_clerks_somebody_is_named_in_at_most_one_month_in_twenty(share: float):
    """One limit holds for all: an own one for each would name somebody in every fourth month, at each item."""
    rng = Random(7)
    people = [f"C{n}" for n in range(1, 7)]
    named, months = 0, 100
    for _ in range(months):
        ratings = [
            Given(DAY, f"{who}{n}", who, "AB"[n % 2], rng.random() < share, True) for who in people for n in range(60)
        ]
        handled = [
            Handled(DAY, f"{who}{n}", who, "AB"[n % 2], "", rng.lognormvariate(1.5, 0.7), 0.0, 0.0)
            for who in people
            for n in range(60)
        ]
        sheets = team(month(ratings=ratings, handled=handled), Scheme()).sheets.values()
        named += any(item.verdict in (BETTER, WORSE) for one in sheets for item in one.items)

    assert 0 < named <= 0.05 * months


def test_a_total_says_of_what_part_of_the_weight_it_is_and_no_range_without_width():
    few = sheet("C1", ratings=[], calls=IN_ORDER, shifts=[])
    assert few.known_weight == 15
    assert not few.is_judged and few.total == 100
    assert total_words(few, "en") == "No total: 15 of 100 points could be judged"
    assert total_words(few, "zh_CN") == "暂无总分：100 分中只有 15 分可评"
    assert (total_figure(few), median_figure(replace(few, median=90.0))) == ("—", "—")
    assert total_verdict(replace(few, verdict=BELOW), "en") == "Too little judged to compare"
    assert chance_words(replace(few, median=90.0, low=80.0, high=95.0), "en") == ""
    half = replace(few, known_weight=50)
    assert total_words(half, "en") == "Total 100.0 of 100 · 50 of 100 points judged"
    assert total_words(half, "zh_CN").endswith("100 分中可评 50 分")
    level = replace(half, median=100.0, low=100.0, high=100.0)
    assert chance_words(level, "en") == "Team median 100.0"
    assert chance_words(replace(level, low=91.0), "en").endswith("chance alone allows 91.0 to 100.0")
    assert chance_words(few, "en") == ""
