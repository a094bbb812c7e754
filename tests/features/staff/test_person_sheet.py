"""What is said of a month of somebody's work, and what is not."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.appraisal import Scheme, Weighing
from queuedesk.features.staff.rules.person_sheet import (
    BELOW,
    BETTER,
    FEW_TOLD,
    NOT_HERE,
    WORSE,
    Called,
    Due,
    Given,
    Handled,
    ItemResult,
    MonthRows,
    Noted,
    PersonSheet,
    Planned,
    team,
)
from queuedesk.features.staff.words import (
    chance_words,
    median_figure,
    total_figure,
    total_verdict,
    total_words,
)
from tests.golden.kept import must_be_kept

DAY = date(2026, 11, 19)


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


PAID = Scheme(deposit=500, deposit_full=90)
KEPT: dict[str, Any] = {"calls": IN_ORDER, "shifts": [Planned(DAY, "C1", 0)]}
ALIKE = [*given("C2", 940, 60), *given("C3", 940, 60), *given("C4", 940, 60)]
JUMPED = [*IN_ORDER, *(Called(DAY, f"A9{n}", f"C{n}", True) for n in range(1, 5))]
LONG = [*visits("C2", 10, 10, "A", "long"), *visits("C2", 90, 3, "A", "short"), *visits("C3", 60, 6, "B")]
NOTED = [Noted(n, "C1", DAY) for n in range(4)]
TWO = [*given("C1", 50), *given("C2", 40, 10)]
SEEDED: dict[str, dict[str, Any]] = {
    "Twelve ratings, all of them satisfied, are shown and compared with nobody": {
        "ratings": [*given("C1", 12), *OTHERS],
        "calls": IN_ORDER,
    },
    "Nor do they move the median of those who are compared": {"ratings": OTHERS, "calls": IN_ORDER},
    # Counted all together C1 is far behind; at each service C1 is ahead, but the others have twenty hard ones.
    "Who has the harder services is not worse for it: Simpson's paradox": {
        "ratings": [
            *given("C1", 10, 0, "easy"),
            *given("C1", 70, 30, "hard"),
            *(one for who in ("C2", "C3") for one in (*given(who, 95, 5, "easy"), *given(who, 6, 4, "hard"))),
        ]
    },
    "Handling is compared at the same items": {
        "handled": [*visits("C1", 40, 10, "A", "long"), *visits("C1", 10, 3, "A", "short"), *LONG]
    },
    "Who is slower at the same items is worse": {"handled": [*visits("C1", 60, 4, "A", "short"), *LONG]},
    "Nobody else does the same": {"handled": visits("C1", 60, 4)},
    "An item with nothing to count leaves its weight to the others": {
        "shifts": [Planned(DAY, "C1", 0)],
        "cases": [Due("26-001", "C2", DAY, True)],
    },
    "Nothing at all": {},
    "Of two people there is no median": {"ratings": TWO, "calls": IN_ORDER},
    "Of three there is one": {"ratings": [*TWO, *given("C3", 45, 5)], "calls": IN_ORDER},
    "Praise and faults end at their caps, and praise on a full sheet counts against faults": {
        "scheme": Scheme(praise_cap=1, fault_cap=5, fault=2, deposit=500, deposit_full=96),
        "shifts": [Planned(DAY, "C1", 0)],
        "thanks": NOTED,
        "faults": NOTED,
    },
    # What can't be told from the others is not in the total: all are alike but for what is certain.
    "A total as far from the median as chance allows": {"ratings": [*given("C1", 945, 55), *ALIKE], "calls": JUMPED},
    "A total beyond what chance allows": {"ratings": [*given("C1", 990, 10), *ALIKE], "calls": JUMPED},
    "Four ratings are not told oneself, nor are they in the total": {
        "own": True,
        "ratings": [*given("C1", 4), *OTHERS],
        "shifts": [Planned(DAY, "C1", 0)],
    },
    "Five are": {"own": True, "ratings": [*given("C1", 5), *OTHERS], "shifts": [Planned(DAY, "C1", 0)]},
    "A PC that is not told of ratings judges nobody by them": {
        "reads_ratings": False,
        "shifts": [Planned(DAY, "C1", 0)],
    },
    **{
        f"{good} good and {bad} bad, few or no more than chance, cost nothing of the deposit": {
            "scheme": PAID,
            "ratings": [*given("C1", good, bad), *OTHERS],
            **KEPT,
        }
        for good, bad in ((0, 0), (0, 1), (0, 29), (1, 1), (27, 3), (88, 12), (91, 9))
    },
    "What is certainly worse counts with its weight": {
        "scheme": PAID,
        "ratings": [*given("C1", 70, 30), *OTHERS],
        **KEPT,
    },
    # 92 % earn a quarter of the points; the others, at 70 %, lose nothing but by their own figure.
    "What is certainly better makes no total smaller": {
        "scheme": PAID,
        "ratings": [*given("C1", 184, 16), *given("C2", 70, 30), *given("C3", 70, 30), *given("C4", 70, 30)],
        **KEPT,
    },
    "Few minutes and few cases do not count either": {
        "scheme": PAID,
        "handled": [*visits("C1", 29, 20, "A"), *visits("C2", 60, 5, "A")],
        "cases": [
            *(Due(f"26-{n:03}", "C1", DAY, False) for n in range(3)),
            *(Due(f"26-1{n}", "C2", DAY, True) for n in range(40)),
        ],
        **KEPT,
    },
}
"""Months of C1 that a statistician would try."""


def test_what_is_said_of_each_month_is_what_its_page_says():
    told = []
    for title, rows in SEEDED.items():
        found = sheet("C1", **rows)
        told += [
            f"# {title}",
            *(_item_told(one) for one in found.items if one.verdict or one.of or one.why in (FEW_TOLD, NOT_HERE)),
        ]
        told += [f"by weight {_short(found.by_weight)} of {found.known_weight} known"]
        told += [f"praise {found.praise_points}, faults {found.fault_points}"] if found.praise or found.faults else []
        told += [f"total {_short(found.total)}, {found.verdict}, deposit {_short(found.deposit)}"]
        told += [f"median {_short(found.median)}, by chance {_short(found.low)} to {_short(found.high)}", ""]

    must_be_kept(Path(__file__).parent / "golden" / "seeded.txt", "\n".join(told))


def _item_told(one: ItemResult) -> str:
    others = "" if one.hall is None else f", others {_short(one.hall)}, by {_short(one.difference)}"
    said = f"{one.verdict or one.why}, {_short(one.points)} points"
    return f"{one.code}: {_short(one.value)}, {one.n} of {one.of}{others}: {said}"


def _short(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def test_points_stand_between_two_figures_whichever_is_the_better():
    assert [Weighing(30, 90, 98).points(figure) for figure in (80, 90, 94, 98, 100)] == [0, 0, 15, 30, 30]
    assert [round(Weighing(20, 1.2, 1).points(figure), 6) for figure in (1.3, 1.1, 0.9)] == [0, 10, 20]
    assert Scheme(deposit=500, deposit_full=100).deposit_of(90) == 450


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
