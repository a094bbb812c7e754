"""Spans of time, and the spans that a day's events tell."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core.log.event import Event
from queuedesk.core.log.ticket_history import merged, seconds_in, timeline

NINE = datetime(2026, 11, 20, 1, tzinfo=UTC)
MINUTES = st.integers(0, 40)
SPANS = st.lists(st.tuples(MINUTES, MINUTES), max_size=8)


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


def spans(pairs: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    return [(at(a), at(b)) for a, b in pairs]


def covered(pairs: list[tuple[int, int]]) -> set[int]:
    """Return the minutes that begin inside any of the pairs."""
    return {minute for a, b in pairs for minute in range(a, b)}


@given(SPANS)
def test_merged_spans_cover_the_same_minutes_once(pairs):
    found = merged(spans(pairs))

    assert seconds_in(found) == 60 * len(covered(pairs))
    assert all(left[1] < right[0] for left, right in pairwise(found))


def event(minute: float, kind: str, **rest: Any) -> Event:
    data = {"date": "2026-11-20"} | rest.pop("data", {})
    return Event(
        seq=1, at=at(minute), time=at(minute), kind=kind, actor="console", ticket="A001", service="A", data=data, **rest
    )


def test_a_ticket_set_aside_leaves_one_window_and_stays_at_another():
    log = [
        event(0, "issue"),
        event(3, "call", window="1", staff="C1"),
        event(4, "start", window="1", staff="C1"),
        event(6, "park", window="1", staff="C1"),
        event(9, "unpark", window="2", staff="C2"),
        event(12, "finish", window="2", staff="C2"),
    ]

    found = timeline(log)

    assert [(s.window, s.start, s.served, s.end) for s in found.stays] == [
        ("1", at(3), at(4), at(6)),
        ("2", at(9), at(9), at(12)),
    ]
    assert [(s.start, s.end) for s in found.spells] == [(at(0), at(3))]


def test_a_visit_waits_again_for_its_next_step():
    log = [
        event(0, "issue", data={"steps": ["B"]}),
        event(1, "call", window="1", staff="C1"),
        event(2, "start", window="1", staff="C1"),
        event(3, "add", window="1", staff="C1", data={"added": "C"}),
        event(5, "finish", window="1", staff="C1"),
    ]

    assert [(s.service, s.start, s.end) for s in timeline(log).spells] == [("A", at(0), at(1)), ("C", at(5), None)]
