"""Declares the figures that are counted, and the sums that areas of figures share.

A share is numerator ÷ denominator, None where the denominator is 0.

- served: tickets finished ÷ tickets issued without the void ones and those not over. Tickets that left, were missed for
  good or were ended by a day-end are in `of` and not in `n`.
- first_visit: `of` finished tickets; `transferred` those with a leg that ended in `transfer` (a redirect is none: it
  puts right what the hall did wrong; nor are steps planned at issue or added); `returned` those of the others to which
  a ticket issued on the same date or within `days` days after was linked as the visit before (return_of), unless that
  one was void; `n` is the rest. `not_over`: finished tickets whose `days` have not all passed: their return may still
  come. `followed` are all tickets issued on the dates and the `days` days after, `linked` those of them that name an
  earlier visit: an unlinked return can't be counted.
- wrong_counter: `of` tickets issued, void ones left out, by the service they were issued for; `n` those whose first leg
  ended in redirect, called or not. `by_guide` are the tickets that a guide issued, `by_label` those taken at a kiosk by
  the key that was pressed (`item` None: the key was the service). A customer served without a ticket counts
  for the service that was given. `minutes_lost` as in redirects.
- form_free: `of` legs ended by `finish`, `n` those marked as done without a form; both without dates on which the hall
  has no service with a form and none was needed. `minutes_each` is the current rule form_free_minutes, `minutes_saved`
  is n times that, None while it is 0 (not measured).
- items: `of` tickets issued, void ones left out, by the service they were issued for and the requested item (None: the
  service alone); `n` those of repeat visits: they name an earlier visit, or came again for papers. `minutes` are those
  at windows, as in handling. `elsewhere`: tickets of services that another channel reported for the date or its month,
  so that it could have served them.
- outcomes: legs ended by `finish` by the outcome that was noted, code None where none was; most first.
- papers: `not_ready` people sent for papers without a ticket, `repeat` tickets of people who came back with them.
- system_wait, set_aside: legs ended by `finish` that another system held up, or that were set aside or reopened, for a
  second at least, and their minutes; legs closed by a day-end are in neither, because their real length is unknown.
  `by_reason` are all `stall` events of the dates, of any ticket, most first; None without the log.
- missed: tickets missed at least once, and those of them that were put back in line (`reinstate`).
- classes: `issued` as in the day's count, `finished` tickets, `wait` of the legs of such tickets as in wait; most
  issued first.
- counters: called legs, by whether window and clerk may serve one service or several in the current set-up; `finished`
  as of a window, `wait` and `handling` as of the day. Legs of windows that were removed from the set-up are in neither.

Sources: a ticket is a call answered or lost, so served and first_visit follow the connect rate and the first-contact
resolution of call centres.

Of other rows than tickets and legs:

- ratings: those that no correction excluded. Levels 3 to 5 are satisfied, the rate is their share of all ratings with
  Wilson's 95 % interval; `unrated` are finished tickets without a rating, of a clerk those whose last step was there.
- questions: levels 1 to 5 of the two further questions, of the same ratings; each answer is optional.
- overtakes: by reason, overtakings, the tickets passed, and the most for one ticket; most overtakings first. A ticket
  passed for two reasons is in both.
- diversion: offers of other channels count on their business date; rate: accepted ÷ offered.
- help: calls for help of the dates, including `cancelled` ones. `answer` is from the press until a helper acknowledged
  it, or arrived without that; `arrival` until a helper arrived. `unanswered`: neither answered nor cancelled; it was
  ended by the day, or goes on.
- minutes of windows and clerks: open minutes include pauses; serving is from the start until the ticket left for any
  reason; idle is a window open and free while a ticket waited that it could have called. Values that need the log are
  None without it.

Called within the target: legs called within the target minutes ÷ legs called and legs left uncalled after longer than
it.

Customers who left sooner are in neither: `left_early` counts them. Legs that ended in redirect, that day-end closed or
of void tickets are in none. It follows the service level of call centres; the document has it as service_level,
wait.within_target, among the targets and for each service.

Shares by service are for spans that are compared with the same mix; the document does not have all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct, field

from queuedesk.core.figures.measures import day as day_rows
from queuedesk.core.figures.measures import rows as conditions
from queuedesk.core.figures.measures.figure import (
    BY_SERVICE,
    BY_STAFF,
    BY_WINDOW,
    ITEM,
    LESS,
    MEAN,
    MINUTES,
    MORE,
    MOST,
    N_OF,
    SERVICE,
    STAFF,
    TIMES,
    WHOLE,
    WINDOW,
    CountMeasure,
    FigureBreakdown,
    FigureDefinition,
    FigureTally,
    Test,
    TimeMeasure,
)
from queuedesk.core.figures.measures.rows import SECOND_US, LegRow, LegsOfOneKind, RatingRow, TicketRow, to_epoch_micros
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS
from queuedesk.core.log.apply import CORRECTED_ALONE
from queuedesk.core.queue.ticket import Shift
from queuedesk.core.talk.messages import CANCELLED, HelpCall
from queuedesk.core.talk.remarks import CHANNELS

LEVELS = range(1, 6)


# -- ratings -----------------------------------------------------------------------------------------------------------


def _answer_predicate(question: str, level: int | None) -> Test:
    return lambda _rows, answer: answer.question == question and level in (None, answer.level)


def _rating_count_measure(*levels: int) -> CountMeasure:
    return CountMeasure(among=lambda _rows, rating: rating.level in levels)


def _staff_code_of_each_row(
    rows: day_rows.DayRows, ratings_or_tickets: Sequence[RatingRow | TicketRow]
) -> list[str | None]:
    return [
        row.staff if isinstance(row, RatingRow) else rows.last_leg_by_ticket[row.label].staff
        for row in ratings_or_tickets
    ]


SATISFACTION = FigureDefinition(
    key="ratings",
    source=day_rows.RATINGS,
    share=("satisfied", "n"),
    numbers={
        "n": CountMeasure(),
        "unrated": CountMeasure(
            among=lambda _rows, ticket: conditions.is_finished_unrated(ticket), source=day_rows.TICKETS
        ),
        **{f"levels.{level}": _rating_count_measure(level) for level in LEVELS},
        "satisfied": _rating_count_measure(*SATISFIED_LEVELS),
        "dissatisfied": _rating_count_measure(*set(LEVELS) - set(SATISFIED_LEVELS)),
    },
    splits=(FigureBreakdown(key=BY_STAFF, names=STAFF, by=_staff_code_of_each_row, alike=True),),
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
SAID_FURTHER = FigureDefinition(
    key="questions",
    source=day_rows.ANSWERS,
    share=None,
    numbers={
        name: CountMeasure(among=_answer_predicate(question, level))
        for question in day_rows.QUESTIONS
        for name, level in ((f"{question}.n", None), *((f"{question}.levels.{one}", one) for one in LEVELS))
    },
)


# -- overtakings, waits for other systems, people without papers -------------------------------------------------------
# Functions named in the plural (_have_returned_untransferred) return a result for each of several rows of one kind, in
# order.


def _times_overtaken_per_ticket(rows: day_rows.DayRows, tickets: Sequence[TicketRow]) -> list[int]:
    """Return how often each ticket was passed; empty where no ticket of the date was."""
    return [ticket.overtaken for ticket in tickets] if rows.overtaken_count_by_ticket else []


def _reason_per_row(_rows: day_rows.DayRows, rows: Sequence[Any]) -> list[str | None]:
    return [row.reason for row in rows]


OVERTAKES = FigureDefinition(
    key="overtakes",
    source=day_rows.PASSINGS,
    share=None,
    numbers={
        "n": CountMeasure(),
        "tickets": CountMeasure(source=day_rows.PASSED),
        "most": TimeMeasure(lambda _rows, passed: [row.n for row in passed], MOST, source=day_rows.PASSED),
    },
    splits=(FigureBreakdown(by=_reason_per_row, head="reason", most="n", alike=True),),
)
OVERTAKEN = FigureDefinition(
    key="overtaken",
    source=day_rows.PASSINGS,
    share=None,
    numbers={
        "tickets": CountMeasure(
            lambda rows, tickets: list(map(bool, _times_overtaken_per_ticket(rows, tickets))), source=day_rows.TICKETS
        ),
        "max": TimeMeasure(
            lambda rows, tickets: list(filter(None, _times_overtaken_per_ticket(rows, tickets))), MOST, day_rows.TICKETS
        ),
        "passings": CountMeasure(),
    },
    splits=(FigureBreakdown(key="by_reason", by=_reason_per_row, alone="passings", alike=True),),
    parts=("tickets", "max"),
)
""""overtakes" at the top of the document."""
STALLED = FigureDefinition(
    key="stalls",
    source=day_rows.STALLS,
    share=None,
    numbers={"n": CountMeasure()},
    splits=(
        FigureBreakdown(
            by=_reason_per_row, head="reason", most="n", nobody=True, known=lambda rows: rows.stalls is not None
        ),
    ),
)
""""by_reason" of "system_wait" in the document."""
CAME_UNREADY = FigureDefinition(
    key="not_ready",
    source=day_rows.NOT_READY,
    share=None,
    numbers={"n": CountMeasure()},
    splits=(
        FigureBreakdown(
            key="by_service", names=SERVICE, by=lambda _rows, rows: [row.service for row in rows], alone="n", alike=True
        ),
    ),
)


# -- other channels, calls for help ------------------------------------------------------------------------------------


def _us_since_press(call: HelpCall, then: datetime) -> int:
    return to_epoch_micros(then) - to_epoch_micros(call.pressed)


DIVERSION = FigureDefinition(
    key="diversion",
    source=day_rows.OFFERS,
    share=("accepted", "offered"),
    numbers={
        "offered": CountMeasure(),
        "accepted": CountMeasure(among=lambda _rows, offer: offer.accepted),
        "declined": CountMeasure(among=lambda _rows, offer: not offer.accepted),
    },
    splits=(
        FigureBreakdown(
            key="by_channel",
            by=lambda _rows, offers: [offer.to for offer in offers],
            numbers=("offered", "accepted"),
            order=CHANNELS,
            alike=True,
        ),
    ),
    parts=("offered", "accepted", "declined", "rate", "by_channel", "ledger", "hall_share"),
)
HELP = FigureDefinition(
    key="help",
    source=day_rows.HELP_CALLS,
    share=None,
    numbers={
        "n": CountMeasure(),
        "answer": TimeMeasure(
            lambda _rows, calls: [
                _us_since_press(call, call.time_help_was_answered) for call in calls if call.time_help_was_answered
            ]
        ),
        "arrival": TimeMeasure(
            lambda _rows, calls: [
                _us_since_press(call, call.time_help_arrived) for call in calls if call.time_help_arrived
            ]
        ),
        "unanswered": CountMeasure(
            lambda _rows, calls: [call.time_help_was_answered is None and call.end != CANCELLED for call in calls]
        ),
        "cancelled": CountMeasure(lambda _rows, calls: [call.end == CANCELLED for call in calls]),
    },
)


# -- minutes of windows and clerks -------------------------------------------------------------------------------------


def has_log_spans(rows: day_rows.DayRows) -> bool:
    return rows.spans is not None


def time_spent_measure(source: str) -> TimeMeasure:
    return TimeMeasure(lambda _rows, spent: [time.us for time in spent], MINUTES, source, has_log_spans)


def _shift_minutes_measure(spans: Callable[[Shift, int], list[day_rows.Span]]) -> TimeMeasure:
    return TimeMeasure(
        lambda rows, shifts: [day_rows.covered_microseconds(spans(shift, rows.until)) for shift in shifts], MINUTES
    )


SPENT = FigureDefinition(
    key="spent",
    source=day_rows.SHIFTS,
    share=None,
    numbers={
        "open_minutes": _shift_minutes_measure(lambda shift, until: [day_rows.shift_span_us(shift, until)]),
        "paused_minutes": _shift_minutes_measure(day_rows.pause_spans_us),
        "serving_minutes": time_spent_measure(day_rows.SERVED),
        "redirect_minutes": time_spent_measure(day_rows.LOST),
        "idle_minutes": time_spent_measure(day_rows.IDLE),
    },
    splits=(
        FigureBreakdown(
            key=BY_WINDOW,
            names=WINDOW,
            by=lambda _rows, rows: [row.window for row in rows],
            numbers=("open_minutes", "paused_minutes", "serving_minutes"),
        ),
        FigureBreakdown(
            key=BY_STAFF,
            names=STAFF,
            by=lambda _rows, rows: [row.staff for row in rows],
            numbers=("redirect_minutes", "idle_minutes"),
        ),
    ),
)
"""Minutes of windows and clerks; "of" are their shifts."""

OTHERS = (SAID_FURTHER, OVERTAKES, DIVERSION, HELP)
"""Figures of other rows under "measures"."""

KIOSK = "kiosk"
Tickets = Sequence[TicketRow]
SINGLE, SEVERAL = "single", "several"
"""Windows for one service, and for several."""


def _is_finished(_rows: day_rows.DayRows, ticket: TicketRow) -> bool:
    return ticket.state == "finished"


def _is_not_void(_rows: day_rows.DayRows, ticket: TicketRow) -> bool:
    return ticket.state != "void"


def _whether_each_ticket_label_is_in(labels: Collection[str], tickets: Tickets) -> list[bool]:
    return [ticket.label in labels for ticket in tickets]


def _were_transferred(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    return _whether_each_ticket_label_is_in(rows.transferred_ticket_labels, tickets)


def _have_returned_untransferred(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    return _whether_each_ticket_label_is_in(
        (rows.links.returned if rows.links else frozenset()) - rows.transferred_ticket_labels, tickets
    )


def _done_at_first_visit_flags(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    others = (rows.links.returned if rows.links else frozenset()) | rows.transferred_ticket_labels
    return [ticket.label not in others for ticket in tickets]


def _has_return_links(rows: day_rows.DayRows) -> bool:
    return rows.links is not None


def _redirected_flags_of_tickets(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    return _whether_each_ticket_label_is_in(rows.labels_redirected_at_first_leg, tickets)


def first_services_of_tickets(rows: day_rows.DayRows, tickets: Tickets) -> list[str]:
    services = rows.first_service_by_ticket
    return [services[ticket.label] for ticket in tickets]


def _service_and_item_of_each_ticket(rows: day_rows.DayRows, tickets: Tickets) -> list[tuple[str, str | None]]:
    items = rows.service_item_by_ticket
    return [items[ticket.label] for ticket in tickets]


def _kiosk_item_of_each_ticket(rows: day_rows.DayRows, tickets: Tickets) -> Sequence[tuple[str, str | None] | None]:
    return _service_and_item_of_each_ticket(rows, tickets) if KIOSK in tickets[0].flags else [None] * len(tickets)


def _are_return_visits(_rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    is_again = "repeat_papers" in tickets[0].flags
    return [is_again or ticket.return_of is not None for ticket in tickets]


def served_elsewhere_count(measures: Mapping[str, Any], row: Mapping[str, Any]) -> int | None:
    """Return `elsewhere` of an item's row; None where no channel reported its service."""
    n: int = row["elsewhere"]
    reported = {ledger_row["service"] for ledger_row in measures.get("diversion", {}).get("ledger", ())}
    return n if n or row["service"] in reported else None


def _are_first_services_also_elsewhere(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    elsewhere = rows.diversion.elsewhere
    return [service in elsewhere for service in first_services_of_tickets(rows, tickets)] if elsewhere else []


def _is_leg_ended_by_finish(_rows: day_rows.DayRows, leg: LegRow) -> bool:
    return leg.end == "finish"


def _is_finished_where_forms_needed(rows: day_rows.DayRows, leg: LegRow) -> bool:
    return leg.end == "finish" and rows.can_need_forms


def _flag_count_measure(flag: str) -> CountMeasure:
    return CountMeasure(among=lambda _rows, ticket: flag in ticket.flags)


def _state_count_measure(state: str) -> CountMeasure:
    return CountMeasure(among=lambda _rows, ticket: ticket.state == state)


def _was_missed(_rows: day_rows.DayRows, ticket: TicketRow) -> bool:
    return ticket.misses > 0


def _were_reinstated(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    return _whether_each_ticket_label_is_in(rows.reinstated or (), tickets)


def _service_count_kind_of_leg_windows(rows: day_rows.DayRows, legs: Sequence[LegRow]) -> list[str | None]:
    able = [rows.setup.services_at_window(leg.window, leg.staff) if leg.window is not None else () for leg in legs]
    return [None if not services else SINGLE if len(services) == 1 else SEVERAL for services in able]


def _stalls_from_1s_us(_rows: day_rows.DayRows, alike: LegsOfOneKind) -> list[int]:
    return [leg.stalled_us for leg in alike.legs if leg.stalled_us >= SECOND_US]


def _set_aside_durations_from_1s_us(_rows: day_rows.DayRows, alike: LegsOfOneKind) -> list[int]:
    return [leg.held_us for leg in alike.legs if leg.held_us >= SECOND_US]


def _waits_us(_rows: day_rows.DayRows, alike: LegsOfOneKind) -> Sequence[int]:
    return alike.waits


def _handling_us_of_each_leg(_rows: day_rows.DayRows, alike: LegsOfOneKind) -> Sequence[int]:
    return alike.handling


def leg_count_measure(among: Callable[[LegRow], bool]) -> CountMeasure:
    return CountMeasure(among=lambda _rows, leg: among(leg), source=day_rows.LEGS)


def services_of_legs(_rows: day_rows.DayRows, legs: Sequence[LegRow]) -> list[str]:
    return [leg.service for leg in legs]


def _windows_of_legs(_rows: day_rows.DayRows, legs: Sequence[LegRow]) -> list[str | None]:
    return [leg.window for leg in legs]


def _staff_of_legs(_rows: day_rows.DayRows, legs: Sequence[LegRow]) -> list[str | None]:
    return [leg.staff for leg in legs]


def _class_of_each_row(rows: day_rows.DayRows, items: Sequence[TicketRow | LegRow]) -> list[str]:
    classes = rows.class_by_ticket
    return [classes[row.label] for row in items]


def is_called_and_counted(leg: LegRow) -> bool:
    return leg.called is not None and conditions.are_times_counted(leg)


def _were_quoted_and_called(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    return _whether_each_ticket_label_is_in(rows.us_beyond_quote_by_ticket, tickets)


def _called_within_quote_flags(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    beyond = rows.us_beyond_quote_by_ticket
    return [beyond.get(ticket.label, 1) <= 0 for ticket in tickets]


def _were_called_after_quote(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    return _whether_each_ticket_label_is_in(rows.positive_us_beyond_quote_by_ticket, tickets)


def _us_beyond_quote_of_late_tickets(rows: day_rows.DayRows, tickets: Tickets) -> list[int]:
    later = rows.positive_us_beyond_quote_by_ticket
    return [later[ticket.label] for ticket in tickets if ticket.label in later]


def _ticket_handling_times_us(rows: day_rows.DayRows, tickets: Tickets) -> list[int]:
    handled = rows.handling_us_by_ticket
    return [handled.get(ticket.label, 0) for ticket in tickets]


def _arrived_after_last_half_hour_flags(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    last_half_hour_end_us = rows.last_half_hour_end_us
    return [ticket.arrived >= last_half_hour_end_us for ticket in tickets]


def _were_quoted_uncalled(rows: day_rows.DayRows, tickets: Tickets) -> list[bool]:
    called = rows.first_call_by_ticket
    return [ticket.promise_high is not None and ticket.label not in called for ticket in tickets]


WRONG_COUNTER = FigureDefinition(
    key="wrong_counter",
    of=_is_not_void,
    numbers={"n": CountMeasure(_redirected_flags_of_tickets)},
    splits=(
        FigureBreakdown(key="by_service", names=SERVICE, by=first_services_of_tickets),
        FigureBreakdown(key="by_guide", names=STAFF, by=lambda _rows, tickets: [one.guide for one in tickets]),
        FigureBreakdown(key="by_label", names=ITEM, by=_kiosk_item_of_each_ticket, whole=True),
    ),
    parts=("n", "of", "rate", "minutes_lost"),
    better=LESS,
    headline=True,
)
FORM_FREE = FigureDefinition(
    key="form_free",
    source=day_rows.LEGS,
    of=_is_finished_where_forms_needed,
    numbers={"n": CountMeasure(lambda _rows, legs: [leg.form_free for leg in legs])},
    splits=(FigureBreakdown(key="by_service", names=SERVICE, by=services_of_legs, alike=True),),
    parts=("n", "of", "rate", "minutes_each", "minutes_saved"),
)
FIGURES: tuple[FigureDefinition, ...] = (
    FigureDefinition(
        key="served",
        of=lambda _rows, ticket: ticket.state in ("finished", "left"),
        numbers={"n": CountMeasure(among=_is_finished)},
        better=MORE,
        headline=True,
    ),
    FigureDefinition(
        key="first_visit",
        of=_is_finished,
        numbers={
            "n": CountMeasure(_done_at_first_visit_flags, _has_return_links, whole=True),
            "transferred": CountMeasure(_were_transferred),
            "returned": CountMeasure(_have_returned_untransferred, _has_return_links, whole=True),
            "not_over": CountMeasure(among=lambda rows, _ticket: not rows.is_followed, whole=True),
        },
        parts=("days", "n", "of", "rate", "transferred", "returned", "not_over", "followed", "linked"),
        better=MORE,
        headline=True,
    ),
    WRONG_COUNTER,
    FORM_FREE,
    FigureDefinition(
        key="items",
        of=_is_not_void,
        numbers={
            "n": CountMeasure(_are_return_visits),
            "elsewhere": CountMeasure(_are_first_services_also_elsewhere, whole=True),
            "minutes": TimeMeasure(_ticket_handling_times_us, MINUTES),
        },
        splits=(FigureBreakdown(key="by_item", names=ITEM, by=_service_and_item_of_each_ticket, whole=True),),
        better=LESS,
    ),
    FigureDefinition(
        key="outcomes",
        source=day_rows.LEGS,
        of=_is_leg_ended_by_finish,
        share=None,
        numbers={"n": CountMeasure()},
        splits=(FigureBreakdown(by=lambda _rows, legs: [leg.outcome for leg in legs], most="n", nobody=True),),
    ),
    FigureDefinition(
        key="papers",
        share=None,
        numbers={"not_ready": CountMeasure(source=day_rows.NOT_READY), "repeat": _flag_count_measure("repeat_papers")},
    ),
    FigureDefinition(
        key="system_wait",
        source=day_rows.LEGS,
        of=_is_leg_ended_by_finish,
        share=None,
        numbers={"legs": TimeMeasure(_stalls_from_1s_us, TIMES), "minutes": TimeMeasure(_stalls_from_1s_us, MINUTES)},
        parts=("legs", "minutes", "by_reason"),
    ),
    FigureDefinition(
        key="set_aside",
        source=day_rows.LEGS,
        of=_is_leg_ended_by_finish,
        share=None,
        numbers={
            "legs": TimeMeasure(_set_aside_durations_from_1s_us, TIMES),
            "minutes": TimeMeasure(_set_aside_durations_from_1s_us, MINUTES),
        },
    ),
    FigureDefinition(
        key="missed",
        share=None,
        numbers={
            "n": CountMeasure(among=_was_missed),
            "reinstated": CountMeasure(
                _were_reinstated, lambda rows: rows.reinstated is not None, among=_was_missed, whole=True
            ),
        },
    ),
    FigureDefinition(
        key="classes",
        share=None,
        numbers={
            "issued": CountMeasure(),
            "finished": CountMeasure(among=_is_finished),
            "wait": TimeMeasure(_waits_us, source=day_rows.LEGS),
        },
        splits=(FigureBreakdown(by=_class_of_each_row, most="issued", alike=True),),
    ),
    FigureDefinition(
        key="counters",
        source=day_rows.LEGS,
        of=lambda _rows, leg: leg.called is not None,
        share=None,
        numbers={
            "finished": CountMeasure(among=lambda _rows, leg: conditions.is_finished(leg)),
            "wait": TimeMeasure(_waits_us),
            "handling": TimeMeasure(_handling_us_of_each_leg),
        },
        splits=(
            FigureBreakdown(by=_service_count_kind_of_leg_windows, head="kind", order=(SINGLE, SEVERAL), alike=True),
        ),
    ),
    *OTHERS,
)
"""All figures under "measures"."""
SHARES = tuple(figure for figure in FIGURES if figure.share == N_OF)
DAY = FigureDefinition(
    key="",
    share=None,
    numbers={
        "issued": CountMeasure(),
        "called": CountMeasure(
            lambda rows, tickets: _whether_each_ticket_label_is_in(rows.first_call_by_ticket, tickets)
        ),
        "finished": _state_count_measure("finished"),
        "missed": CountMeasure(among=_was_missed),
        "left": _state_count_measure("left"),
        "no_show": CountMeasure(among=lambda _rows, ticket: conditions.has_left_as_no_show(ticket)),
        "void": _state_count_measure("void"),
        "waiting_at_end": CountMeasure(
            lambda rows, tickets: [
                conditions.was_waiting_at_day_end(one, rows.last_leg_by_ticket[one.label]) for one in tickets
            ],
            among=lambda _rows, ticket: ticket.state in ("left", "waiting"),
        ),
    },
)
"""The counts of tickets that a document begins with."""
PROMISE = FigureDefinition(
    key="promise",
    share=None,
    numbers={
        "n": CountMeasure(_were_quoted_and_called),
        "within": CountMeasure(_called_within_quote_flags),
        "beyond": CountMeasure(_were_called_after_quote),
        "mean_minutes_beyond": TimeMeasure(_us_beyond_quote_of_late_tickets, MEAN),
    },
)
REDIRECTS = FigureDefinition(
    key="redirects",
    source=day_rows.LEGS,
    share=None,
    numbers={"n": leg_count_measure(conditions.is_leg_misdirected), "minutes_lost": time_spent_measure(day_rows.LOST)},
    splits=(FigureBreakdown(key="by_service", names=SERVICE, by=services_of_legs, alone="n", alike=True),),
)
STEPS = FigureDefinition(
    key="steps",
    source=day_rows.LEGS,
    share=None,
    numbers={
        "issued": leg_count_measure(lambda leg: not conditions.is_leg_misdirected(leg)),
        "finished": leg_count_measure(conditions.is_finished),
        "left": leg_count_measure(conditions.has_left_unserved),
        "wait": TimeMeasure(_waits_us),
        "way": TimeMeasure(lambda _rows, alike: conditions.call_to_start_times_us(alike.legs)),
        "handling": TimeMeasure(_handling_us_of_each_leg),
        "redirected_away": leg_count_measure(conditions.is_leg_misdirected),
    },
    splits=(
        FigureBreakdown(
            key=BY_SERVICE,
            names=SERVICE,
            by=services_of_legs,
            numbers=("issued", "finished", "left", "wait", "handling", "redirected_away"),
            alike=True,
        ),
        FigureBreakdown(key=BY_WINDOW, names=WINDOW, by=_windows_of_legs, numbers=("finished",), alike=True),
        FigureBreakdown(key=BY_STAFF, names=STAFF, by=_staff_of_legs, numbers=("finished", "handling"), alike=True),
    ),
)
"""Counts of steps at windows, in all and by service, window and staff; several places of the document use them."""


def _non_handling_minutes_measure(time: Callable[[day_rows.DayRows, LegsOfOneKind], list[int]]) -> TimeMeasure:
    return TimeMeasure(lambda rows, alike: time(rows, alike) if alike.handling else [], MINUTES, source=day_rows.LEGS)


WHY_LEFT_OUT = {
    "void": "issued_by_mistake",
    "wrong_time": "clock_was_ahead",
    "inaccurate": "closed_by_day_end",
    "redirected": "wrong_line",
    "transferred": "not_finished_there",
    "left_uncalled": "no_call_no_wait",
    "left_early": "left_within_target",
    "start_assumed": "way_unknown",
    "held_minutes": "set_aside_is_not_handling",
    "stalled_minutes": "other_system_is_not_handling",
    "paper_unpromised": "no_wait_was_told",
    "promised_uncalled": "no_first_call",
    "unrated": "silence_is_no_rating",
    "no_number": "belongs_to_no_ticket",
    "excluded": "excluded_by_correction",
    "corrected_alone": "nobody_else_could_agree",
    "late_arrivals": "after_the_last_call",
    "open": "not_over",
}
"""What figures leave out, and why: codes in document order, for which reports have sentences."""
LEFT_OUT = FigureDefinition(
    key="left_out",
    share=None,
    numbers={
        "void": _state_count_measure("void"),
        "wrong_time": CountMeasure(source=day_rows.WRONG_TIMES),
        "inaccurate": leg_count_measure(lambda leg: leg.inaccurate),
        "redirected": leg_count_measure(conditions.is_leg_misdirected),
        "transferred": leg_count_measure(lambda leg: leg.end == "transfer"),
        "left_uncalled": leg_count_measure(conditions.has_left_uncalled),
        "left_early": CountMeasure(
            lambda rows, legs: [conditions.has_left_early(leg, rows.wait_target_us) for leg in legs],
            among=lambda _rows, leg: conditions.has_left_uncalled(leg),
            source=day_rows.LEGS,
        ),
        "start_assumed": leg_count_measure(lambda leg: leg.start_assumed and conditions.are_times_counted(leg)),
        "held_minutes": _non_handling_minutes_measure(_set_aside_durations_from_1s_us),
        "stalled_minutes": _non_handling_minutes_measure(_stalls_from_1s_us),
        "paper_unpromised": _flag_count_measure("paper"),
        "promised_uncalled": CountMeasure(_were_quoted_uncalled, among=_is_not_void),
        "unrated": CountMeasure(among=lambda _rows, ticket: conditions.is_finished_unrated(ticket)),
        "no_number": CountMeasure(source=day_rows.OPINIONS),
        "excluded": _flag_count_measure("rating_excluded"),
        "corrected_alone": _flag_count_measure(CORRECTED_ALONE),
        "late_arrivals": CountMeasure(_arrived_after_last_half_hour_flags),
        "open": CountMeasure(among=lambda _rows, ticket: conditions.is_ticket_still_open(ticket)),
    },
    parts=tuple(WHY_LEFT_OUT),
)


def _were_called_within_target(rows: day_rows.DayRows, legs: Sequence[LegRow]) -> list[bool]:
    wait_target_us = rows.wait_target_us
    return [leg.called is not None and leg.called - leg.joined <= wait_target_us for leg in legs]


CALLED_IN_TIME = FigureDefinition(
    key="called_in_time",
    source=day_rows.LEGS,
    share=None,
    numbers={
        "called": leg_count_measure(is_called_and_counted),
        "in_time": CountMeasure(_were_called_within_target, among=lambda _rows, leg: is_called_and_counted(leg)),
        "left_late": CountMeasure(
            lambda rows, legs: [conditions.has_left_uncalled_late(leg, rows.wait_target_us) for leg in legs],
            among=lambda _rows, leg: conditions.has_left_uncalled(leg),
        ),
    },
    splits=(FigureBreakdown(key=BY_SERVICE, names=SERVICE, by=services_of_legs, alike=True),),
)


def steps_called_in_time_and_all(counted: FigureTally, service: str | None = None) -> tuple[int, int]:
    """Return the steps called within the target and all that count, of a service or of all."""
    counts = counted.counts
    key = WHOLE if service is None else BY_SERVICE
    return in_time_numerator_denominator({name: counts[key, name][service] for name in CALLED_IN_TIME.numbers})


def in_time_numerator_denominator(n: Mapping[str, int]) -> tuple[int, int]:
    """Return the numerator and denominator of a share of CALLED_IN_TIME from its numbers."""
    return n["in_time"], n["called"] + n["left_late"]


def _service_of_each_rating(_rows: day_rows.DayRows, ratings: Sequence[RatingRow]) -> list[str]:
    return [rating.service for rating in ratings]


_SATISFIED_BY_SERVICE = FigureDefinition(
    key="satisfied_by_service",
    source=day_rows.RATINGS,
    share=None,
    numbers={"n": CountMeasure(among=lambda _rows, rating: rating.level in SATISFIED_LEVELS)},
    splits=(FigureBreakdown(key=BY_SERVICE, names=SERVICE, by=_service_of_each_rating, alike=True),),
)
_SHARES_BY_SERVICE = {
    figure.rate_path: FigureDefinition(
        key=f"{figure.key}_by_service",
        source=figure.source,
        of=figure.of,
        share=None,
        numbers={"n": figure.numbers["n"]},
        splits=(
            FigureBreakdown(key=BY_SERVICE, names=SERVICE, by=services_of_legs, alike=True)
            if figure.source == day_rows.LEGS
            else FigureBreakdown(key=BY_SERVICE, names=SERVICE, by=first_services_of_tickets),
        ),
    )
    for figure in SHARES
}
MIXES: tuple[FigureDefinition, ...] = (_SATISFIED_BY_SERVICE, *_SHARES_BY_SERVICE.values())
"""Figures that exist only for comparisons with the same mix of services."""
_BY_PATH: Mapping[str, FigureDefinition] = {"ratings.rate": _SATISFIED_BY_SERVICE, **_SHARES_BY_SERVICE}

MIXED = ("wait.within_target", "measures.service_level.rate", *_BY_PATH)
"""Paths of the hall's shares that have parts by service."""


def figure_splitting_share_by_service(path: str) -> FigureDefinition | None:
    """Return the figure with a share's parts by service, None without any."""
    return _BY_PATH.get(path)


COUNTED = (
    *FIGURES,
    DAY,
    LEFT_OUT,
    PROMISE,
    STEPS,
    CALLED_IN_TIME,
    REDIRECTS,
    SATISFACTION,
    OVERTAKEN,
    STALLED,
    CAME_UNREADY,
    SPENT,
    *MIXES,
)


class HalfHourTally(Struct):
    arrivals: int = 0
    calls: int = 0
    waits: int = 0
    waited_us: int = 0
    open_windows: int = 0

    def add_sums(self, other: HalfHourTally) -> None:
        """Add sums, without open windows: of several dates these are the maximum, of several halls the sum."""
        self.arrivals += other.arrivals
        self.calls += other.calls
        self.waits += other.waits
        self.waited_us += other.waited_us


class HallDateCounts(Struct, frozen=True, kw_only=True):
    """Counts of one date of a hall, for charts."""

    hall: str
    day: date
    issued: int
    finished: int
    left: int
    waits: int
    waited_us: int
    within: int
    asked: int
    """Called, or left uncalled after longer than the target."""
    rated: int
    satisfied: int


class FigureSums(Struct):
    """The sums of all dates."""

    counted: dict[str, FigureTally] = field(default_factory=lambda: {each.key: FigureTally() for each in COUNTED})
    """Tallies of each figure, by its key."""
    hours: dict[day_rows.Slot, HalfHourTally] = field(default_factory=dict)
    heat: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    """(calls counted in a mean, microseconds waited) by ISO weekday and half-hour."""
    days: list[HallDateCounts] = field(default_factory=list)

    @property
    def ticket_counts_tally(self) -> FigureTally:
        """The ticket counts that a document begins with."""
        return self.counted[DAY.key]

    @property
    def steps_tally(self) -> FigureTally:
        """The counts of steps at windows, also by service, window and clerk."""
        return self.counted[STEPS.key]

    def called_in_time_and_all_steps(self, service: str | None = None) -> tuple[int, int]:
        return steps_called_in_time_and_all(self.counted[CALLED_IN_TIME.key], service)

    @property
    def left_out_tally(self) -> FigureTally:
        return self.counted[LEFT_OUT.key]

    @property
    def ratings_tally(self) -> FigureTally:
        return self.counted[SATISFACTION.key]

    @property
    def working_time_tally(self) -> FigureTally:
        """Minutes of windows and staff."""
        return self.counted[SPENT.key]
