"""What is said of somebody's own figure over months: chance coming back and one odd day are told as that."""

from datetime import date, timedelta
from random import Random

import pytest

from queuedesk.core.appraisal import HANDLING, SATISFACTION, Scheme
from queuedesk.core.figures.halls import AFTER_BEST, AFTER_WORST, ONE_DAY
from queuedesk.features.staff.rules.own_work import TOO_FEW_MONTHS, OwnChange, own_change, up_to
from queuedesk.features.staff.rules.person_sheet import (
    BETTER,
    CANNOT_TELL,
    WORSE,
    Given,
    Handled,
    MonthRows,
    MonthSheets,
    StoodScheme,
    team,
)

FIRSTS = [date(2026, month, 1) for month in range(6, 12)]
DAYS = 12
RANDOM = Random(7)


def month(first: date, own: float, n: int = 120, *, odd: float = 0.0, share: float = 0.9) -> MonthSheets:
    """Return a month in which C1 took `own` minutes where the others take 5, on day 5 of it `odd` more."""
    handled, ratings = [], []
    for staff, of, usual in (("C1", n, own), ("C2", 240, 5.0), ("C3", 240, 5.0), ("C4", 240, 5.0)):
        for i in range(of):
            day, label = first + timedelta(days=i % DAYS), f"{staff}-{i}"
            more = odd if staff == "C1" and i % DAYS == 4 else 0.0
            minutes = max(0.5, usual + more + RANDOM.gauss(0, 1))
            handled.append(Handled(day, label, staff, "A", "", minutes, 0.0, 0.0))
            ratings.append(Given(day, label, staff, "A", (i * 7) % 100 < 100 * (share if staff == "C1" else 0.9), True))
    last = first + timedelta(days=27)
    rows = MonthRows(first=first, last=last, handled=handled, ratings=ratings)
    stood = StoodScheme(scheme=Scheme(), number=1, since=None)
    found = team(rows, stood.scheme, also="C1", own=True)
    return MonthSheets(first=first, last=last, is_over=True, stood=stood, rows=rows, team=found, own="C1")


def said(*own: float, odd: float = 0.0, n: int = 120) -> OwnChange | None:
    RANDOM.seed(7)  # the same months whichever test asks first
    months = [month(first, minutes) for first, minutes in zip(FIRSTS[-len(own) : -1], own[:-1], strict=True)]
    return own_change([*months, month(FIRSTS[-1], own[-1], n, odd=odd)], "C1", HANDLING)


@pytest.mark.parametrize(("month_before", "kind"), [(7.0, AFTER_WORST), (3.5, AFTER_BEST)])
def test_a_month_after_the_worst_or_the_best_is_back_to_usual(month_before: float, kind: str):
    found = said(5.0, 5.2, 4.8, 5.1, month_before, 5.0)

    assert found is not None and found.kind == kind
    assert found.usual is not None and found.usual[0] <= found.now <= found.usual[1] + 0.02
    assert found.before is not None and found.before[0] == date(2026, 10, 1)


def test_a_month_beyond_all_others_is_more_than_back_to_usual_and_one_that_hangs_on_a_day_names_it():
    better, worse = said(5.0, 5.2, 4.8, 5.1, 7.0, 3.0), said(5.0, 5.2, 4.8, 5.1, 5.0, 6.5)

    assert better is not None and better.kind == BETTER
    assert worse is not None and worse.kind == WORSE

    found = said(5.0, 5.2, 4.8, 5.1, 5.0, 5.0, odd=14.0)

    assert found is not None and (found.kind, found.day) == (ONE_DAY, date(2026, 11, 5))
    assert found.rest == pytest.approx(1.0, abs=0.05) and found.now > 1.15
    # Slower all month long hangs on no day, odd as one of them was.
    all_along = said(5.0, 5.2, 4.8, 5.1, 5.0, 6.5, odd=14.0)
    assert all_along is not None and all_along.kind == WORSE


def test_within_chance_nothing_can_be_told_and_few_rows_are_no_month():
    found = said(5.0, 5.2, 4.8, 5.1, 5.0, 5.05)
    assert found is not None and found.kind == CANNOT_TELL
    assert said(5.0, 5.2, 4.8, 5.1, 5.0, 9.0, n=29) is None
    short = said(7.0, 5.0)
    assert short is not None and short.kind == TOO_FEW_MONTHS
    assert said(5.0) is None  # nothing to hold it against


def test_ratings_are_spoken_of_from_thirty_on():
    before = [month(first, 5.0, share=0.9) for first in FIRSTS[:-1]]
    fell = own_change([*before, month(FIRSTS[-1], 5.0, share=0.5)], "C1", SATISFACTION)

    assert fell is not None and fell.kind == WORSE
    assert own_change([*before, month(FIRSTS[-1], 5.0, 29, share=0.5)], "C1", SATISFACTION) is None


def test_today_stays_out_of_a_month_up_to_yesterday():
    found = up_to(month(FIRSTS[-1], 5.0), "C1", date(2026, 11, 6))

    assert found.last == date(2026, 11, 6)
    assert found.team.sheets["C1"].item(HANDLING).of == 60
