"""What figures count: the rows of a date by their source and kind.

A year has a quarter of a million tickets and legs, but few kinds of them (DayRows.alike, DayRows.tickets_alike): what
is asked of a kind may look at nothing but what makes it: a ticket's state, flags and class; where a leg was and how it
ended. Other rows are alike only where they are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.rows import Answer, NoTicket, OfferRow, Passing, RatingRow, Spent, Stall
from queuedesk.core.figures.measures.spans import idle_us, length

TICKETS, LEGS = "tickets", "legs"
RATINGS, ANSWERS, OPINIONS = "ratings", "answers", "opinions"
PASSINGS, PASSED = "passings", "passed"
"""Every overtaking, and the tickets that were passed for a reason."""
NOT_READY, OFFERS, STALLS, HELP_CALLS = "not_ready", "offers", "stalls", "help_calls"
SHIFTS, SERVED, LOST, IDLE = "shifts", "served", "lost", "idle"
"""Windows' shifts; times in which windows served, were lost by wrong windows, were free while somebody waited."""
WRONG_TIMES = "wrong_times"
QUESTIONS = ("attitude", "competence")

Alike = tuple[Sequence[Any], Any]
"""Rows of one kind, and the same as a Time takes them."""


def answers(one: RatingRow) -> list[Answer]:
    """Return what was said to the further questions."""
    given = ((question, getattr(one, question)) for question in QUESTIONS)
    return [Answer(question, level) for question, level in given if level is not None]


def _ratings(rows: DayRows) -> Iterable[Alike]:
    found: Counter[RatingRow] = Counter()
    for one, n in rows.ratings.items():
        found[RatingRow(one.level, one.staff, service=one.service)] += n
    return _times(found)


def _answers(rows: DayRows) -> Iterable[Alike]:
    found: Counter[Answer] = Counter()
    for one, n in rows.ratings.items():
        for answer in answers(one):
            found[answer] += n
    return _times(found)


def _passings(rows: DayRows) -> Iterable[Alike]:
    found: Counter[str] = Counter()
    for (reason, _label), n in rows.overtakes.items():
        found[reason] += n
    return _times({Passing("", reason): n for reason, n in found.items()})


def _times(counted: Mapping[Any, int]) -> Iterable[Alike]:
    """Return each row as often as it was counted."""
    return (([row] * n, [row] * n) for row, n in counted.items() if n)


def _of_one_kind(those: Sequence[Any]) -> Iterable[Alike]:
    return [(those, those)] if those else []


def _served(rows: DayRows) -> list[Spent]:
    served = rows.spans.served if rows.spans else {}
    return [Spent(length(spans), window=window) for window, spans in served.items()]


def _idle(rows: DayRows) -> list[Spent]:
    idle = idle_us(rows.setup, rows.shifts, rows.spans, rows.until) if rows.spans else {}
    return [Spent(us, staff=staff) for staff, us in idle.items()]


SOURCES: Mapping[str, Callable[[DayRows], Iterable[Alike]]] = {
    TICKETS: lambda rows: ((one, one) for one in rows.tickets_alike),
    LEGS: lambda rows: ((one.legs, one) for one in rows.alike),
    RATINGS: _ratings,
    ANSWERS: _answers,
    OPINIONS: lambda rows: _times({NoTicket(): rows.no_number}),
    PASSINGS: _passings,
    PASSED: lambda rows: _of_one_kind([Passing(label, reason, n=n) for (reason, label), n in rows.overtakes.items()]),
    NOT_READY: lambda rows: _times({NoTicket(service): n for service, n in rows.not_ready.items()}),
    OFFERS: lambda rows: _times({OfferRow(to, accepted): n for (to, accepted), n in rows.diversion.offers.items()}),
    STALLS: lambda rows: _times({Stall(reason): n for reason, n in (rows.stalls or {}).items()}),
    HELP_CALLS: lambda rows: _of_one_kind(rows.help_calls),
    SHIFTS: lambda rows: _of_one_kind(rows.shifts),
    SERVED: lambda rows: _of_one_kind(_served(rows)),
    LOST: lambda rows: _of_one_kind([Spent(us, staff=staff) for staff, us in (rows.spans.lost if rows.spans else ())]),
    IDLE: lambda rows: _of_one_kind(_idle(rows)),
    WRONG_TIMES: lambda rows: _times({NoTicket(): rows.wrong_time}),
}
"""The kinds of rows of a date; drilldown/rows.py finds the tickets behind them."""
