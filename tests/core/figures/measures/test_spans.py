"""Idle windows and window time that a wrong line cost, from spans made by hand; minutes count from nine o'clock."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core.figures.measures import day
from queuedesk.core.figures.measures.rows import to_epoch_micros
from queuedesk.core.log.ticket_history import DayStaysAndWaits, LineWait, TicketStay, merge_overlapping_spans
from queuedesk.core.queue.ticket import Shift
from queuedesk.core.setup.file import setup_from_document
from tests.core.figures.measures.test_measures import DOCUMENT, at
from tests.core.figures.measures.test_measures import shift as shift_until

FIRST, SECOND = DOCUMENT["staff"]
SETUP = setup_from_document({**DOCUMENT, "staff": [{**FIRST, "skills": ["A"]}, SECOND]})


def shift(window: str, staff: str, *pauses: tuple[float, float | None]) -> Shift:
    return shift_until(window, staff, *pauses, ends=60)


def stay(start: float, end: float, **rest: Any) -> TicketStay:
    given = {"label": "A001", "leg": 1, "window": "1", "staff": "C1", "ended_by": "finish"} | rest
    return TicketStay(start=at(start), end=at(end), **given)


def idle(
    spells: list[LineWait], *stays: TicketStay, shifts: tuple[Shift, ...] = (shift("1", "C1"),)
) -> dict[str, float]:
    found = day.DaySpans()
    found.add_spans_of_day_timeline(DayStaysAndWaits(stays, tuple(spells)), to_epoch_micros(at(60)))
    until = to_epoch_micros(at(60))
    free = day.free_spans_of_shifts(shifts, found, until)
    return {who: us / 60e6 for who, us in day.idle_while_waited_us_by_staff(SETUP, free, found, until).items()}


def waits(start: float, end: float | None, service: str = "A", **held: Any) -> LineWait:
    return LineWait(label="A002", service=service, start=at(start), end=None if end is None else at(end), **held)


def test_a_free_window_is_idle_while_somebody_waits_whom_its_clerk_may_serve():
    assert idle([waits(10, 20), waits(15, 30)]) == {"C1": 20}
    assert idle([waits(10, 30)], stay(12, 25, served=at(24))) == {"C1": 7}
    assert idle([waits(10, 30)], shifts=(shift("1", "C1", (5, 22)),)) == {"C1": 8}
    assert idle([waits(10, 30, "B")]) == {"C1": 0}
    assert idle([waits(50, None)]) == {"C1": 10}, "until the shift ends"


@pytest.mark.parametrize(
    ("held", "idle_minutes"),
    [
        ({"to_window": "2"}, {"C1": 5, "C2": 20}),
        ({"to_staff": "C2"}, {"C1": 5, "C2": 20}),
        ({"to_window": "1"}, {"C1": 20, "C2": 5}),
    ],
)
def test_a_ticket_held_for_one_window_idles_the_other_only_afterwards(held, idle_minutes):
    spells = [waits(10, 30, held_until=at(25), **held)]
    assert idle(spells, shifts=(shift("1", "C1"), shift("2", "C2"))) == idle_minutes


@pytest.mark.parametrize(
    ("stays", "minutes"),
    [
        ([stay(0, 9, served=at(4), ended_by="redirect")], [5]),
        ([stay(0, 9, ended_by="redirect")], [9]),  # called, never started
        ([stay(0, 9, served=at(4), ended_by="finish")], []),
        ([stay(0, 3, ended_by="miss"), stay(5, 9, ended_by="redirect")], [4]),  # the call that was missed cost others
        ([stay(0, 6, served=at(2), ended_by="park"), stay(8, 9, served=at(8), ended_by="redirect")], [4, 1]),
        ([stay(0, 3, ended_by="miss")], []),  # redirected while it waited
    ],
)
def test_a_wrong_line_costs_from_the_start_or_else_from_the_call(stays, minutes):
    assert [us / 60e6 for _, us in day.redirect_lost_times_us(stays)] == minutes


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def covered(pairs: list[tuple[int, int]]) -> set[int]:
    """Return the numbers that begin inside any of the pairs."""
    return {n for a, b in pairs for n in range(a, b)}


@given(SPANS)
def test_merged_spans_cover_the_same_once(pairs):
    found = merge_overlapping_spans(pairs)
    assert covered(found) == covered(pairs) and day.covered_microseconds(pairs) == len(covered(pairs))
    assert all(left[1] < right[0] for left, right in pairwise(found))


@given(SPANS, SPANS)
def test_what_is_taken_away_and_what_is_shared_make_the_whole(left, right):
    assert covered(day.subtract_spans(left, right)) == covered(left) - covered(right)
    both = day.overlap_microseconds(merge_overlapping_spans(left), merge_overlapping_spans(right))
    assert both == len(covered(left) & covered(right))
    shared = day.common_spans(merge_overlapping_spans(left), merge_overlapping_spans(right))
    assert covered(shared) == covered(left) & covered(right)
