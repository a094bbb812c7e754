"""Declares the figures that are counted of other rows than tickets and legs.

- ratings: those that no correction took out. Levels 3 to 5 are satisfied, the rate is their share of all ratings with
  Wilson's 95 % interval; `unrated` are finished tickets without a rating, of a clerk those whose last step was there.
- questions: levels 1 to 5 of the two further questions, of the same ratings; who answered one need not answer the
  other.
- overtakes: by reason, overtakings, the tickets passed, and the most for one ticket; most overtakings first. A ticket
  passed for two reasons is in both.
- diversion: offers of other channels count on their business date, whoever made them; rate: accepted ÷ offered.
- help: calls for help of the dates, those taken back too (`cancelled`). `answer` is from the press until somebody said
  to be coming, or was there without a word; `arrival` until somebody was there. `unanswered`: nobody answered or
  took it back; the day ended it, or it goes on.
- minutes of windows and clerks: open minutes include pauses; serving is from the start until the ticket went, whatever
  became of it; idle is a window open and free while somebody waited whom it could have called. What needs the log is
  None without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figure import (
    BY_STAFF,
    BY_WINDOW,
    MINUTES,
    MOST,
    SERVICE,
    STAFF,
    WINDOW,
    Count,
    Figure,
    Split,
    Test,
    Time,
)
from queuedesk.core.figures.measures.rows import RatingRow, TicketRow
from queuedesk.core.figures.measures.sources import (
    ANSWERS,
    HELP_CALLS,
    IDLE,
    LOST,
    NOT_READY,
    OFFERS,
    PASSED,
    PASSINGS,
    QUESTIONS,
    RATINGS,
    SERVED,
    SHIFTS,
    STALLS,
    TICKETS,
)
from queuedesk.core.figures.measures.spans import Span, length, open_us, pauses_us
from queuedesk.core.figures.measures.times import micros
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS
from queuedesk.core.queue.window import Shift
from queuedesk.core.talk.messages import CANCELLED, HelpCall
from queuedesk.core.talk.remarks import CHANNELS

LEVELS = range(1, 6)


# -- ratings -----------------------------------------------------------------------------------------------------------


def _answer(question: str, level: int | None) -> Test:
    return lambda _rows, answer: answer.question == question and level in (None, answer.level)


def _of_levels(*levels: int) -> Count:
    return Count(among=lambda _rows, rating: rating.level in levels)


def _rated_staff(rows: DayRows, those: Sequence[RatingRow | TicketRow]) -> list[str | None]:
    return [one.staff if isinstance(one, RatingRow) else rows.last_legs[one.label].staff for one in those]


SATISFACTION = Figure(
    key="ratings",
    source=RATINGS,
    share=("satisfied", "n"),
    numbers={
        "n": Count(),
        "unrated": Count(among=lambda _rows, ticket: conditions.is_unrated(ticket), source=TICKETS),
        **{f"levels.{level}": _of_levels(level) for level in LEVELS},
        "satisfied": _of_levels(*SATISFIED_LEVELS),
        "dissatisfied": _of_levels(*set(LEVELS) - set(SATISFIED_LEVELS)),
    },
    splits=(Split(key=BY_STAFF, names=STAFF, by=_rated_staff, alike=True),),
    parts=(
        "n",
        "unrated",
        *(f"levels.{level}" for level in LEVELS),
        "satisfied",
        "dissatisfied",
        "rate",
        "low",
        "high",
    ),
)
"""The ratings that count. The document has them also in the rows of clerks, not as a list of its own."""
SAID_FURTHER = Figure(
    key="questions",
    source=ANSWERS,
    share=None,
    numbers={
        name: Count(among=_answer(question, level))
        for question in QUESTIONS
        for name, level in ((f"{question}.n", None), *((f"{question}.levels.{one}", one) for one in LEVELS))
    },
)


# -- overtakings, waits for other systems, people without papers -------------------------------------------------------


def _passed(rows: DayRows, tickets: Sequence[TicketRow]) -> list[int]:
    """Return how often each was passed; nothing where nobody was."""
    return [one.overtaken for one in tickets] if rows.overtaken else []


def _reason(_rows: DayRows, those: Sequence[Any]) -> list[str | None]:
    return [one.reason for one in those]


OVERTAKES = Figure(
    key="overtakes",
    source=PASSINGS,
    share=None,
    numbers={
        "n": Count(),
        "tickets": Count(source=PASSED),
        "most": Time(lambda _rows, passed: [one.n for one in passed], MOST, source=PASSED),
    },
    splits=(Split(by=_reason, head="reason", most="n", alike=True),),
)
OVERTAKEN = Figure(
    key="overtaken",
    source=PASSINGS,
    share=None,
    numbers={
        "tickets": Count(lambda rows, tickets: list(map(bool, _passed(rows, tickets))), source=TICKETS),
        "max": Time(lambda rows, tickets: list(filter(None, _passed(rows, tickets))), MOST, TICKETS),
        "passings": Count(),
    },
    splits=(Split(key="by_reason", by=_reason, alone="passings", alike=True),),
    parts=("tickets", "max"),
)
"""The document begins with it as "overtakes"."""
STALLED = Figure(
    key="stalls",
    source=STALLS,
    share=None,
    numbers={"n": Count()},
    splits=(Split(by=_reason, head="reason", most="n", nobody=True, known=lambda rows: rows.stalls is not None),),
)
"""What the document has as "by_reason" of the waits for other systems."""
CAME_UNREADY = Figure(
    key="not_ready",
    source=NOT_READY,
    share=None,
    numbers={"n": Count()},
    splits=(
        Split(
            key="by_service",
            names=SERVICE,
            by=lambda _rows, those: [one.service for one in those],
            alone="n",
            alike=True,
        ),
    ),
)


# -- other channels, calls for help ------------------------------------------------------------------------------------


def _since_press(call: HelpCall, then: datetime) -> int:
    return micros(then) - micros(call.pressed)


DIVERSION = Figure(
    key="diversion",
    source=OFFERS,
    share=("accepted", "offered"),
    numbers={
        "offered": Count(),
        "accepted": Count(among=lambda _rows, offer: offer.accepted),
        "declined": Count(among=lambda _rows, offer: not offer.accepted),
    },
    splits=(
        Split(
            key="by_channel",
            by=lambda _rows, offers: [offer.to for offer in offers],
            numbers=("offered", "accepted"),
            order=CHANNELS,
            alike=True,
        ),
    ),
    parts=("offered", "accepted", "declined", "rate", "by_channel", "ledger", "hall_share"),
)
HELP = Figure(
    key="help",
    source=HELP_CALLS,
    share=None,
    numbers={
        "n": Count(),
        "answer": Time(lambda _rows, calls: [_since_press(one, one.answered) for one in calls if one.answered]),
        "arrival": Time(lambda _rows, calls: [_since_press(one, one.arrived) for one in calls if one.arrived]),
        "unanswered": Count(
            lambda _rows, calls: [one.answered is None and one.end != CANCELLED for one in calls],
        ),
        "cancelled": Count(lambda _rows, calls: [one.end == CANCELLED for one in calls]),
    },
)


# -- minutes of windows and clerks -------------------------------------------------------------------------------------


def knows_log(rows: DayRows) -> bool:
    return rows.spans is not None


def spent(source: str) -> Time:
    return Time(lambda _rows, spent: [one.us for one in spent], MINUTES, source, knows_log)


def _of_shifts(spans: Callable[[Shift, int], list[Span]]) -> Time:
    return Time(lambda rows, shifts: [length(spans(one, rows.until)) for one in shifts], MINUTES)


SPENT = Figure(
    key="spent",
    source=SHIFTS,
    share=None,
    numbers={
        "open_minutes": _of_shifts(lambda shift, until: [open_us(shift, until)]),
        "paused_minutes": _of_shifts(pauses_us),
        "serving_minutes": spent(SERVED),
        "redirect_minutes": spent(LOST),
        "idle_minutes": spent(IDLE),
    },
    splits=(
        Split(
            key=BY_WINDOW,
            names=WINDOW,
            by=lambda _rows, those: [one.window for one in those],
            numbers=("open_minutes", "paused_minutes", "serving_minutes"),
        ),
        Split(
            key=BY_STAFF,
            names=STAFF,
            by=lambda _rows, those: [one.staff for one in those],
            numbers=("redirect_minutes", "idle_minutes"),
        ),
    ),
)
"""Minutes of windows and clerks; "of" are their shifts."""

OTHERS = (SAID_FURTHER, OVERTAKES, DIVERSION, HELP)
"""Those under "measures"."""
