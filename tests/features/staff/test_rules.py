"""What is said of a month of somebody's work, what is not, and what rows ask to be trained."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.appraisal import HANDLING, LONG, RECALLS, SATISFACTION, TRANSFERS, WRONG_COUNTER, AppraisalScheme
from queuedesk.core.figures.comparing import NumeratorAndDenominator
from queuedesk.core.figures.halls import AFTER_BEST, AFTER_WORST, ONE_DAY
from queuedesk.features.staff import words
from queuedesk.features.staff.rules import person_sheet
from queuedesk.features.staff.rules.own_work import TOO_FEW_MONTHS, month_as_of_day, own_month_change
from queuedesk.features.staff.rules.training import (
    LESS,
    TOO_FEW,
    TRAINING_CANNOT_TELL,
    WORTH,
    TrainingNeeds,
    clopper_pearson_interval,
    long_handling_limit_by_service,
    training_effect,
    training_needs,
)
from queuedesk.features.staff.rules.training import RowCountedForTrainingNeed as Counted
from tests.golden.kept import must_be_kept

DAY = date(2026, 11, 19)


def given(staff: str, good: int, bad: int = 0, service: str = "A") -> list[person_sheet.SheetRating]:
    return [
        person_sheet.SheetRating(DAY, f"{staff}{service}{n}", staff, service, n < good, True) for n in range(good + bad)
    ]


def visits(staff: str, n: int, minutes: float, service: str = "A", item: str = "") -> list[person_sheet.HandledStep]:
    # Everybody's visits have the same spread.
    return [
        person_sheet.HandledStep(DAY, f"{staff}{service}{i}", staff, service, item, minutes + (i % 3 - 1), 0.0, 0.0)
        for i in range(n)
    ]


def month(**rows: Any) -> person_sheet.TeamMonthRecords:
    return person_sheet.TeamMonthRecords(first=DAY.replace(day=1), last=DAY, **rows)


def sheet(
    staff: str, scheme: AppraisalScheme | None = None, *, own: bool = False, **rows: Any
) -> person_sheet.PersonSheet:
    return person_sheet.team_sheets(month(**rows), scheme or AppraisalScheme(), also=staff, own=own).sheets[staff]


def rated(good: int, bad: int = 0) -> dict[str, Any]:
    return {"ratings": [*given("C1", good, bad), *OTHERS]}


IN_ORDER = [person_sheet.SheetCall(DAY, f"A{n}", f"C{n}", False) for n in range(1, 5)]
OTHERS = [*given("C2", 90, 10), *given("C3", 92, 8), *given("C4", 94, 6)]
PAID = AppraisalScheme(deposit=500, deposit_full=90)
SHIFT = [person_sheet.RosterShift(DAY, "C1", 0)]
KEPT: dict[str, Any] = {"scheme": PAID, "calls": IN_ORDER, "shifts": SHIFT}
ALIKE = [*given("C2", 940, 60), *given("C3", 940, 60), *given("C4", 940, 60)]
JUMPED = [*IN_ORDER, *(person_sheet.SheetCall(DAY, f"A9{n}", f"C{n}", True) for n in range(1, 5))]
LONG_VISITS = [*visits("C2", 10, 10, "A", "long"), *visits("C2", 90, 3, "A", "short"), *visits("C3", 60, 6, "B")]
NOTED = [person_sheet.ThanksOrFault(n, "C1", DAY) for n in range(4)]
TWO = [*given("C1", 50), *given("C2", 40, 10)]
THANKED_AND_FAULTED = {"shifts": SHIFT, "thanks": NOTED, "faults": NOTED}
SEEDED: dict[str, dict[str, Any]] = {
    "Twelve ratings, all of them satisfied, are shown and compared with nobody": {**rated(12), "calls": IN_ORDER},
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
        "handled": [*visits("C1", 40, 10, "A", "long"), *visits("C1", 10, 3, "A", "short"), *LONG_VISITS]
    },
    "Who is slower at the same items is worse": {"handled": [*visits("C1", 60, 4, "A", "short"), *LONG_VISITS]},
    "Nobody else does the same": {"handled": visits("C1", 60, 4)},
    "An item with nothing to count leaves its weight to the others": {
        "shifts": SHIFT,
        "cases": [person_sheet.DueCaseAnswer("26-001", "C2", DAY, True)],
    },
    "Nothing at all": {},
    "Of two people there is no median": {"ratings": TWO, "calls": IN_ORDER},
    "Of three there is one": {"ratings": [*TWO, *given("C3", 45, 5)], "calls": IN_ORDER},
    "Praise and faults end at their caps, and praise on a full sheet counts against faults": {
        "scheme": AppraisalScheme(praise_cap=1, fault_cap=5, fault=2, deposit=500, deposit_full=96),
        **THANKED_AND_FAULTED,
    },
    # What can't be told from the others is not in the total: all are alike but for what is certain.
    "A total as far from the median as chance allows": {"ratings": [*given("C1", 945, 55), *ALIKE], "calls": JUMPED},
    "A total beyond what chance allows": {"ratings": [*given("C1", 990, 10), *ALIKE], "calls": JUMPED},
    "Four ratings are not told oneself, nor are they in the total": {"own": True, **rated(4), "shifts": SHIFT},
    "Five are": {"own": True, **rated(5), "shifts": SHIFT},
    "A PC that is not told of ratings judges nobody by them": {"reads_ratings": False, "shifts": SHIFT},
    **{
        f"{good} good and {bad} bad, few or no more than chance, cost nothing of the deposit": rated(good, bad) | KEPT
        for good, bad in ((0, 0), (0, 1), (0, 29), (1, 1), (27, 3), (88, 12), (91, 9))
    },
    "What is certainly worse counts with its weight": rated(70, 30) | KEPT,
    # 92 % earn a quarter of the points; the others, at 70 %, lose nothing but by their own figure.
    "What is certainly better makes no total smaller": {
        "ratings": [*given("C1", 184, 16), *given("C2", 70, 30), *given("C3", 70, 30), *given("C4", 70, 30)],
        **KEPT,
    },
    "Few minutes and few cases do not count either": {
        "handled": [*visits("C1", 29, 20, "A"), *visits("C2", 60, 5, "A")],
        "cases": [
            *(person_sheet.DueCaseAnswer(f"26-{n:03}", "C1", DAY, False) for n in range(3)),
            *(person_sheet.DueCaseAnswer(f"26-1{n}", "C2", DAY, True) for n in range(40)),
        ],
        **KEPT,
    },
}
"""Months of C1 that a statistician would try."""


def test_what_is_said_of_each_month_is_what_its_page_says():
    told, whys = [], (person_sheet.FEW_TOLD, person_sheet.NOT_HERE)
    for title, rows in SEEDED.items():
        found = sheet("C1", **rows)
        told += [f"# {title}", *(_item_told(one) for one in found.items if one.verdict or one.of or one.why in whys)]
        told += [f"by weight {_short(found.by_weight)} of {found.known_weight} known"]
        told += [f"praise {found.praise_points}, faults {found.fault_points}"] if found.praise or found.faults else []
        told += [f"total {_short(found.total)}, {found.verdict}, deposit {_short(found.deposit)}"]
        told += [f"median {_short(found.median)}, by chance {_short(found.low)} to {_short(found.high)}", ""]
    must_be_kept(Path(__file__).parent / "golden" / "seeded.txt", "\n".join(told))


def _item_told(one: person_sheet.SheetItemResult) -> str:
    others = "" if one.hall is None else f", others {_short(one.hall)}, by {_short(one.difference)}"
    said = f"{one.verdict or one.why}, {_short(one.points)} points"
    return f"{one.code}: {_short(one.value)}, {one.n} of {one.of}{others}: {said}"


def _short(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


@pytest.mark.parametrize("share", [0.9, 0.98])
def test_of_equal_clerks_somebody_is_named_in_at_most_one_month_in_twenty(share: float):
    """One limit holds for all: an own one for each would name somebody in every fourth month, at each item."""
    rng = Random(7)
    steps = [(f"C{n}-{k}", f"C{n}", "AB"[k % 2]) for n in range(1, 7) for k in range(60)]
    named, months = 0, 100
    for _ in range(months):
        ratings = [person_sheet.SheetRating(DAY, *step, rng.random() < share, True) for step in steps]
        handled = [person_sheet.HandledStep(DAY, *step, "", rng.lognormvariate(1.5, 0.7), 0.0, 0.0) for step in steps]
        sheets = person_sheet.team_sheets(month(ratings=ratings, handled=handled), AppraisalScheme()).sheets.values()
        named += any(item.verdict in (person_sheet.BETTER, person_sheet.WORSE) for one in sheets for item in one.items)
    assert 0 < named <= 0.05 * months


def test_a_total_says_of_what_part_of_the_weight_it_is_and_no_range_without_width():
    few = sheet("C1", ratings=[], calls=IN_ORDER, shifts=[])
    assert few.known_weight == 15
    assert not few.is_judged and few.total == 100
    assert words.total_text_with_weight(few, "en") == "No total: 15 of 100 points could be judged"
    assert words.total_text_with_weight(few, "zh_CN") == "暂无总分：100 分中只有 15 分可评"
    assert (words.total_figure(few), words.median_figure(replace(few, median=90.0))) == ("—", "—")
    assert words.total_verdict_text(replace(few, verdict=person_sheet.BELOW), "en") == "Too little judged to compare"
    assert words.median_and_chance_text(replace(few, median=90.0, low=80.0, high=95.0), "en") == ""
    half = replace(few, known_weight=50)
    assert words.total_text_with_weight(half, "en") == "Total 100.0 of 100 · 50 of 100 points judged"
    assert words.total_text_with_weight(half, "zh_CN").endswith("100 分中可评 50 分")
    level = replace(half, median=100.0, low=100.0, high=100.0)
    assert words.median_and_chance_text(level, "en") == "Team median 100.0"
    assert words.median_and_chance_text(replace(level, low=91.0), "en").endswith("chance alone allows 91.0 to 100.0")
    assert words.median_and_chance_text(few, "en") == ""


# -- somebody's own figure over months: chance coming back and one odd day are told as that --
FIRSTS = [date(2026, month, 1) for month in range(6, 12)]
DAYS = 12
RANDOM = Random(7)


def filled_month(
    first: date, own: float, n: int = 120, *, odd: float = 0.0, share: float = 0.9
) -> person_sheet.MonthSheets:
    """Return a month in which C1 took `own` minutes where the others take 5, on day 5 of it `odd` more."""
    handled, ratings = [], []
    for staff, of, usual in (("C1", n, own), ("C2", 240, 5.0), ("C3", 240, 5.0), ("C4", 240, 5.0)):
        for i in range(of):
            day, label = first + timedelta(days=i % DAYS), f"{staff}-{i}"
            more = odd if staff == "C1" and i % DAYS == 4 else 0.0
            minutes = max(0.5, usual + more + RANDOM.gauss(0, 1))
            handled.append(person_sheet.HandledStep(day, label, staff, "A", "", minutes, 0.0, 0.0))
            is_good = (i * 7) % 100 < 100 * (share if staff == "C1" else 0.9)
            ratings.append(person_sheet.SheetRating(day, label, staff, "A", is_good, True))
    last = first + timedelta(days=27)
    rows = person_sheet.TeamMonthRecords(first=first, last=last, handled=handled, ratings=ratings)
    stood = person_sheet.SchemeInForce(scheme=AppraisalScheme(), number=1, since=None)
    found = person_sheet.team_sheets(rows, stood.scheme, also="C1", own=True)
    return person_sheet.MonthSheets(first=first, last=last, is_over=True, stood=stood, rows=rows, team=found, own="C1")


def said(*own: float, odd: float = 0.0, n: int = 120) -> Any:
    RANDOM.seed(7)  # the same months whichever test asks first
    months = [filled_month(first, minutes) for first, minutes in zip(FIRSTS[-len(own) : -1], own[:-1], strict=True)]
    return own_month_change([*months, filled_month(FIRSTS[-1], own[-1], n, odd=odd)], "C1", HANDLING)


@pytest.mark.parametrize(("month_before", "kind"), [(7.0, AFTER_WORST), (3.5, AFTER_BEST)])
def test_a_month_after_the_worst_or_the_best_is_back_to_usual(month_before: float, kind: str):
    found = said(5.0, 5.2, 4.8, 5.1, month_before, 5.0)
    assert found.kind == kind
    assert found.usual[0] <= found.now <= found.usual[1] + 0.02
    assert found.before[0] == date(2026, 10, 1)


def test_a_month_beyond_all_others_is_more_than_back_to_usual_and_one_that_hangs_on_a_day_names_it():
    usual = 5.0, 5.2, 4.8, 5.1
    kinds = [said(*usual, *last).kind for last in ((7.0, 3.0), (5.0, 6.5), (5.0, 5.05))]
    verdicts = [person_sheet.BETTER, person_sheet.WORSE, person_sheet.CANNOT_TELL]
    assert kinds == verdicts, "within chance nothing can be told"
    found = said(*usual, 5.0, 5.0, odd=14.0)
    assert (found.kind, found.day) == (ONE_DAY, date(2026, 11, 5))
    assert found.rest == pytest.approx(1.0, abs=0.05) and found.now > 1.15
    assert said(*usual, 5.0, 6.5, odd=14.0).kind == person_sheet.WORSE, "slower all month long hangs on no day"
    assert said(*usual, 5.0, 9.0, n=29) is None, "few rows are no month"
    assert said(7.0, 5.0).kind == TOO_FEW_MONTHS
    assert said(5.0) is None, "nothing to hold it against"


def test_ratings_are_spoken_of_from_thirty_on():
    before = [filled_month(first, 5.0, share=0.9) for first in FIRSTS[:-1]]
    fell = own_month_change([*before, filled_month(FIRSTS[-1], 5.0, share=0.5)], "C1", SATISFACTION)
    assert fell.kind == person_sheet.WORSE
    assert own_month_change([*before, filled_month(FIRSTS[-1], 5.0, 29, share=0.5)], "C1", SATISFACTION) is None


def test_today_stays_out_of_a_month_up_to_yesterday():
    found = month_as_of_day(filled_month(FIRSTS[-1], 5.0), "C1", date(2026, 11, 6))
    assert found.last == date(2026, 11, 6)
    assert found.team.sheets["C1"].result_for_item(HANDLING).of == 60


FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def training_needs_of_month(acts: Sequence[Counted]) -> TrainingNeeds:
    return training_needs(FIRST, LAST, acts)


def month_of_acts(seed: int, *, weak: str = "") -> list[Counted]:
    """Return a month of equals, one of whom passes on three times as many; hard items come to all of them."""
    rng, acts = Random(seed), []
    for staff in ("C1", "C2", "C3", "C4", "C5"):
        for n in range(240):
            service = rng.choice("AB")
            item, day = f"{service}{rng.randrange(2)}", FIRST + timedelta(days=n % 20)
            usual = 0.12 if item == "A1" else 0.04
            sent = int(rng.random() < usual * (3 if staff == weak else 1))
            label = f"{service}{n:03}"
            acts.append(Counted(TRANSFERS, day, label, staff, service, item, sent))
            acts.append(Counted(LONG, day, label, staff, service, item, rng.lognormvariate(1.5, 0.6)))
            acts.append(Counted(RECALLS, day, label, staff, service, "", 3 if rng.random() < 0.04 else 1))
    acts += [
        Counted(WRONG_COUNTER, FIRST, f"A{n:03}", guide, rng.choice("AB"), "", int(rng.random() < 0.03))
        for guide in ("G1", "G2", "G3")
        for n in range(150)
    ]
    return acts


def test_the_clerk_who_truly_passes_more_on_is_found():
    needs_by_month = [training_needs_of_month(month_of_acts(seed, weak="C3")).needs for seed in range(6)]
    found = [one for needs in needs_by_month for one in needs if one.verdict == WORTH]
    assert {(one.kind, one.staff) for one in found} == {(TRANSFERS, ("C3",))}
    assert len(found) >= 6
    for one in found:
        assert one.found.n == len(one.rows) and {row.staff for row in one.rows} == {"C3"}
        assert (len(one.staff), one.people, one.can_be_named) == (1, 5, True)


def test_among_equals_the_share_of_false_alarms_stays_under_the_limit():
    """Each month makes thirty comparisons at once; held to 95 % one by one, most months would name somebody."""
    seeds = 40
    needs_by_month = [training_needs_of_month(month_of_acts(seed)).needs for seed in range(seeds)]
    alarms = sum(any(one.verdict == WORTH for one in needs) for needs in needs_by_month)
    assert training_needs_of_month(month_of_acts(0)).compared >= 25
    assert alarms <= 0.05 * seeds


def passing(*shown: tuple[str, int, int], service: str = "A", item: str = "") -> list[Counted]:
    return [
        Counted(TRANSFERS, FIRST, f"{service}{n:03}", staff, service, item, int(n < sent))
        for staff, sent, all_ in shown
        for n in range(all_)
    ]


TWO_PASS_ON = passing(("C1", 20, 100), ("C2", 10, 100))
SEEDED_ACTS = {
    # In sum C1 passes on four times as many as the others, of each item exactly as many.
    "Who does the hard items is not taken for weak": [
        *passing(("C1", 60, 120), ("C2", 10, 20), ("C3", 10, 20), item="hard"),
        *passing(("C1", 1, 20), ("C2", 6, 120), ("C3", 6, 120), item="easy"),
    ],
    "Fewer than thirty rows are not compared": passing(("C1", 29, 29), ("C2", 1, 400)),
    "Thirty are": passing(("C1", 30, 30), ("C2", 1, 400)),
    "Of two people nobody can be named": passing(("C1", 40, 100), ("C2", 1, 100)),
    "Two who do it more often are held against the rest together": passing(
        ("C1", 60, 200), ("C2", 50, 200), ("C3", 4, 200), ("C4", 4, 200), ("C5", 4, 200)
    ),
    "One need is looked at": TWO_PASS_ON,
    "The more is looked at, the wider each interval": [
        *TWO_PASS_ON,
        *(one for service in "BCDEFG" for one in passing(("C1", 5, 100), ("C2", 5, 100), service=service)),
    ],
}
"""Months that a statistician would try."""


def test_what_each_month_asks_for_is_what_its_page_says():
    told = []
    for title, acts in SEEDED_ACTS.items():
        found = training_needs_of_month(acts)
        told += [f"# {title}", f"{found.compared} compared, {found.few} of too few"]
        for one in found.needs:
            its, who = one.found, " ".join(one.staff)
            told += [
                f"{one.kind} {one.service}: {who} of {one.people}, {one.verdict}, named: {one.can_be_named}; "
                f"{its.n} of {its.of}, others {its.others:.3f}, {its.share_difference:.3f} ({its.low:.3f} to {its.high:.3f})"
            ]
        told.append("")
    must_be_kept(Path(__file__).parent / "golden" / "needs.txt", "\n".join(told))


def test_a_tenth_of_a_services_steps_take_long():
    acts = [Counted(LONG, FIRST, f"A{n:03}", "C1", "A", "", n / 10) for n in range(1, 101)]
    assert long_handling_limit_by_service(acts) == {"A": 9}


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [(0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (10, 20, 0.2720, 0.7280), (9, 9, 0.6637, 1)],
)
def test_the_exact_interval_is_that_of_the_tables(n: int, of: int, low: float, high: float):
    found = clopper_pearson_interval(n, of, 0.95)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("before", "after", "history", "verdict"),
    [
        # A month was chosen because it was bad, and the next is as all the others were.
        ((40, 200), (20, 200), (120, 1200), TRAINING_CANNOT_TELL),
        ((40, 200), (4, 200), (120, 1200), LESS),
        ((40, 200), (4, 200), (3, 29), TOO_FEW),
        ((4, 20), (0, 29), (120, 1200), TOO_FEW),
    ],
)
def test_a_training_is_held_against_the_longer_history(before, after, history, verdict):
    sides = (NumeratorAndDenominator(*pair) for pair in (before, after, history))
    assert training_effect(*sides, days=20).verdict == verdict
