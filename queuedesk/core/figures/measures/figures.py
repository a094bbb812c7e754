"""Declares the figures that are counted of tickets and legs. A share is numerator ÷ denominator, None of nobody.

- served: tickets finished ÷ tickets issued less the void ones and those not over. Who left, was missed for good or was
  sent home by a day-end is in `of` and not in `n`.
- first_visit: `of` finished tickets; `transferred` those with a leg that ended in `transfer` (a redirect is none: it
  puts right what the hall did wrong; nor are steps planned at issue or added); `returned` those of the others to which
  a ticket issued on the same date or within `days` days after was linked as the visit before (return_of), unless that
  one was void; `n` is the rest. `not_over`: finished tickets whose `days` have not all passed: their return may still
  come. `followed` are all tickets issued on the dates and the `days` days after, `linked` those of them that name an
  earlier visit: what nobody linked cannot count as a return.
- wrong_counter: `of` tickets issued, void ones left out, by the service they were issued for; `n` those whose first leg
  ended in redirect, called or not. `by_guide` are the tickets that a guide issued, `by_label` those taken at a kiosk by
  the key that was pressed (`item` None: the key was the service). A ticket of somebody served without one counts where
  it was served. `minutes_lost` as in redirects.
- form_free: `of` legs ended by `finish`, `n` those marked as done without a form; of a date on which a hall has no
  service with a form and nobody needed one, neither counts. `minutes_each` is the rule
  form_free_minutes as it stands, `minutes_saved` is n times that, None while it is 0 (nobody measured it).
- items: `of` tickets issued, void ones left out, by the service they were issued for and the item that was asked for
  (None: the service alone); `n` those of people who had come before for the same: they name an earlier visit, or came
  again for papers. `minutes` are those at windows, as in handling. `elsewhere`: tickets of services that another
  channel reported for the date or its month, so that it could have served them.
- outcomes: legs ended by `finish` by the outcome that was noted, code None where none was; most first.
- papers: `not_ready` people sent for papers without a ticket, `repeat` tickets of people who came back with them.
- system_wait, set_aside: legs ended by `finish` that another system held up, or that were set aside or reopened, for a
  second at least, and their minutes; what a day-end closed is in neither, for nobody knows how long it really took.
  `by_reason` are all `stall` events of the dates, of whatever became of the ticket, most first; None without the log.
- missed: tickets missed at least once, and those of them that were put back in line (`reinstate`).
- classes: `issued` as in the day's count, `finished` tickets, `wait` of the legs of such tickets as in wait; most
  issued first.
- counters: legs that were called, by whether window and clerk may serve one service or several, by the set-up as it
  stands; `finished` as of a window, `wait` and `handling` as of the day. Legs of windows that the set-up no longer has
  are in neither.

Sources: a ticket is a call answered or lost, so served and first_visit follow the connect rate and the first-contact
resolution of call centres.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter, not_
from typing import Any

from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figure import (
    BY_SERVICE,
    BY_STAFF,
    BY_WINDOW,
    ITEM,
    LESS,
    MEAN,
    MINUTES,
    MORE,
    N_OF,
    SERVICE,
    STAFF,
    TIMES,
    WINDOW,
    Count,
    Figure,
    Split,
    Time,
)
from queuedesk.core.figures.measures.other_figures import OTHERS, spent
from queuedesk.core.figures.measures.rows import LegRow, LegsAlike, TicketRow
from queuedesk.core.figures.measures.sources import LEGS, LOST, NOT_READY, OPINIONS, WRONG_TIMES
from queuedesk.core.figures.measures.times import SECOND_US
from queuedesk.core.log.correction import CORRECTED_ALONE

KIOSK = "kiosk"
Tickets = Sequence[TicketRow]
_LABEL = itemgetter(TicketRow._fields.index("label"))
SINGLE, SEVERAL = "single", "several"
"""Windows for one service, and for several."""


def _finished(_rows: DayRows, ticket: TicketRow) -> bool:
    return ticket.state == "finished"


def _not_void(_rows: DayRows, ticket: TicketRow) -> bool:
    return ticket.state != "void"


def _among(labels: Collection[str], tickets: Tickets) -> list[bool]:
    return list(map(labels.__contains__, map(_LABEL, tickets)))


def _transferred(rows: DayRows, tickets: Tickets) -> list[bool]:
    return _among(rows.transferred, tickets)


def _returned(rows: DayRows, tickets: Tickets) -> list[bool]:
    return _among((rows.links.returned if rows.links else frozenset()) - rows.transferred, tickets)


def _settled(rows: DayRows, tickets: Tickets) -> list[bool]:
    others = (rows.links.returned if rows.links else frozenset()) | rows.transferred
    return list(map(not_, _among(others, tickets)))


def _knows_links(rows: DayRows) -> bool:
    return rows.links is not None


def _sent_on(rows: DayRows, tickets: Tickets) -> list[bool]:
    return _among(rows.sent_on, tickets)


def first_service(rows: DayRows, tickets: Tickets) -> list[str]:
    return list(map(rows.first_services.__getitem__, map(_LABEL, tickets)))


def _asked_for(rows: DayRows, tickets: Tickets) -> list[tuple[str, str | None]]:
    return list(map(rows.asked_for.__getitem__, map(_LABEL, tickets)))


def _pressed(rows: DayRows, tickets: Tickets) -> Sequence[tuple[str, str | None] | None]:
    return _asked_for(rows, tickets) if KIOSK in tickets[0].flags else [None] * len(tickets)


def _came_again(_rows: DayRows, tickets: Tickets) -> list[bool]:
    is_again = "repeat_papers" in tickets[0].flags
    return [is_again or one.return_of is not None for one in tickets]


def served_elsewhere(measures: Mapping[str, Any], row: Mapping[str, Any]) -> int | None:
    """Return `elsewhere` of an item's row; None where no channel reported anything for its service."""
    n: int = row["elsewhere"]
    reported = {one["service"] for one in measures.get("diversion", {}).get("ledger", ())}
    return n if n or row["service"] in reported else None


def _elsewhere_too(rows: DayRows, tickets: Tickets) -> list[bool]:
    elsewhere = rows.diversion.elsewhere
    return [service in elsewhere for service in first_service(rows, tickets)] if elsewhere else []


def _ended_by_clerk(_rows: DayRows, leg: LegRow) -> bool:
    return leg.end == "finish"


def _ended_where_forms_are(rows: DayRows, leg: LegRow) -> bool:
    return leg.end == "finish" and rows.has_forms


def _flagged(flag: str) -> Count:
    return Count(among=lambda _rows, ticket: flag in ticket.flags)


def _in_state(state: str) -> Count:
    return Count(among=lambda _rows, ticket: ticket.state == state)


def _was_missed(_rows: DayRows, ticket: TicketRow) -> bool:
    return ticket.misses > 0


def _back_in_line(rows: DayRows, tickets: Tickets) -> list[bool]:
    return _among(rows.reinstated or (), tickets)


def _windows_kind(rows: DayRows, legs: Sequence[LegRow]) -> list[str | None]:
    able = [rows.setup.services_at(leg.window, leg.staff) if leg.window is not None else () for leg in legs]
    return [None if not services else SINGLE if len(services) == 1 else SEVERAL for services in able]


def _stalled_us(_rows: DayRows, alike: LegsAlike) -> list[int]:
    return [leg.stalled_us for leg in alike.legs if leg.stalled_us >= SECOND_US]


def _held_us(_rows: DayRows, alike: LegsAlike) -> list[int]:
    return [leg.held_us for leg in alike.legs if leg.held_us >= SECOND_US]


def _waits(_rows: DayRows, alike: LegsAlike) -> Sequence[int]:
    return alike.waits


def _handling(_rows: DayRows, alike: LegsAlike) -> Sequence[int]:
    return alike.handling


def of_legs(among: Callable[[LegRow], bool]) -> Count:
    return Count(among=lambda _rows, leg: among(leg), source=LEGS)


def service_of(_rows: DayRows, legs: Sequence[LegRow]) -> list[str]:
    return [leg.service for leg in legs]


def _window_of(_rows: DayRows, legs: Sequence[LegRow]) -> list[str | None]:
    return [leg.window for leg in legs]


def _staff_of(_rows: DayRows, legs: Sequence[LegRow]) -> list[str | None]:
    return [leg.staff for leg in legs]


def _class_of(rows: DayRows, those: Sequence[TicketRow | LegRow]) -> list[str]:
    return list(map(rows.classes.__getitem__, [one.label for one in those]))


def is_called(leg: LegRow) -> bool:
    return leg.called is not None and conditions.counts(leg)


def _was_told(rows: DayRows, tickets: Tickets) -> list[bool]:
    return _among(rows.beyond_told, tickets)


def _was_called_as_told(rows: DayRows, tickets: Tickets) -> list[bool]:
    beyond = rows.beyond_told
    return [beyond.get(label, 1) <= 0 for label in map(_LABEL, tickets)]


def _was_called_later(rows: DayRows, tickets: Tickets) -> list[bool]:
    return _among(rows.called_later, tickets)


def _beyond_told_us(rows: DayRows, tickets: Tickets) -> list[int]:
    later = rows.called_later
    return [later[label] for label in map(_LABEL, tickets) if label in later]


def _handled_us(rows: DayRows, tickets: Tickets) -> list[int]:
    handled = rows.handled
    return [handled.get(label, 0) for label in map(_LABEL, tickets)]


def _arrived_late(rows: DayRows, tickets: Tickets) -> list[bool]:
    late_after = rows.late_after
    return [one.arrived >= late_after for one in tickets]


def _was_told_in_vain(rows: DayRows, tickets: Tickets) -> list[bool]:
    called = rows.called
    return [one.promise_high is not None and one.label not in called for one in tickets]


WRONG_COUNTER = Figure(
    key="wrong_counter",
    of=_not_void,
    numbers={"n": Count(_sent_on)},
    splits=(
        Split(key="by_service", names=SERVICE, by=first_service),
        Split(key="by_guide", names=STAFF, by=lambda _rows, tickets: [one.guide for one in tickets]),
        Split(key="by_label", names=ITEM, by=_pressed, whole=True),
    ),
    parts=("n", "of", "rate", "minutes_lost"),
    better=LESS,
    headline=True,
)
FORM_FREE = Figure(
    key="form_free",
    source=LEGS,
    of=_ended_where_forms_are,
    numbers={"n": Count(lambda _rows, legs: [leg.form_free for leg in legs])},
    splits=(Split(key="by_service", names=SERVICE, by=service_of, alike=True),),
    parts=("n", "of", "rate", "minutes_each", "minutes_saved"),
)
FIGURES: tuple[Figure, ...] = (
    Figure(
        key="served",
        of=lambda _rows, ticket: ticket.state in ("finished", "left"),
        numbers={"n": Count(among=_finished)},
        better=MORE,
        headline=True,
    ),
    Figure(
        key="first_visit",
        of=_finished,
        numbers={
            "n": Count(_settled, _knows_links, whole=True),
            "transferred": Count(_transferred),
            "returned": Count(_returned, _knows_links, whole=True),
            "not_over": Count(among=lambda rows, _ticket: not rows.is_followed, whole=True),
        },
        parts=("days", "n", "of", "rate", "transferred", "returned", "not_over", "followed", "linked"),
        better=MORE,
        headline=True,
    ),
    WRONG_COUNTER,
    FORM_FREE,
    Figure(
        key="items",
        of=_not_void,
        numbers={
            "n": Count(_came_again),
            "elsewhere": Count(_elsewhere_too, whole=True),
            "minutes": Time(_handled_us, MINUTES),
        },
        splits=(
            Split(
                key="by_item",
                names=ITEM,
                by=_asked_for,
                whole=True,
            ),
        ),
        better=LESS,
    ),
    Figure(
        key="outcomes",
        source=LEGS,
        of=_ended_by_clerk,
        share=None,
        numbers={"n": Count()},
        splits=(Split(by=lambda _rows, legs: [leg.outcome for leg in legs], most="n", nobody=True),),
    ),
    Figure(
        key="papers",
        share=None,
        numbers={"not_ready": Count(source=NOT_READY), "repeat": _flagged("repeat_papers")},
    ),
    Figure(
        key="system_wait",
        source=LEGS,
        of=_ended_by_clerk,
        share=None,
        numbers={"legs": Time(_stalled_us, TIMES), "minutes": Time(_stalled_us, MINUTES)},
        parts=("legs", "minutes", "by_reason"),
    ),
    Figure(
        key="set_aside",
        source=LEGS,
        of=_ended_by_clerk,
        share=None,
        numbers={"legs": Time(_held_us, TIMES), "minutes": Time(_held_us, MINUTES)},
    ),
    Figure(
        key="missed",
        share=None,
        numbers={
            "n": Count(among=_was_missed),
            "reinstated": Count(_back_in_line, lambda rows: rows.reinstated is not None, among=_was_missed, whole=True),
        },
    ),
    Figure(
        key="classes",
        share=None,
        numbers={"issued": Count(), "finished": Count(among=_finished), "wait": Time(_waits, source=LEGS)},
        splits=(Split(by=_class_of, most="issued", alike=True),),
    ),
    Figure(
        key="counters",
        source=LEGS,
        of=lambda _rows, leg: leg.called is not None,
        share=None,
        numbers={
            "finished": Count(among=lambda _rows, leg: conditions.is_finished(leg)),
            "wait": Time(_waits),
            "handling": Time(_handling),
        },
        splits=(Split(by=_windows_kind, head="kind", order=(SINGLE, SEVERAL), alike=True),),
    ),
    *OTHERS,
)
"""Those under "measures"."""
SHARES = tuple(figure for figure in FIGURES if figure.share == N_OF)
DAY = Figure(
    key="",
    share=None,
    numbers={
        "issued": Count(),
        "called": Count(lambda rows, tickets: _among(rows.called, tickets)),
        "finished": _in_state("finished"),
        "missed": Count(among=_was_missed),
        "left": _in_state("left"),
        "no_show": Count(among=lambda _rows, ticket: conditions.is_no_show(ticket)),
        "void": _in_state("void"),
        "waiting_at_end": Count(
            lambda rows, tickets: [conditions.waited_at_end(one, rows.last_legs[one.label]) for one in tickets],
            among=lambda _rows, ticket: ticket.state in ("left", "waiting"),
        ),
    },
)
"""The counts of tickets that a document begins with."""
PROMISE = Figure(
    key="promise",
    share=None,
    numbers={
        "n": Count(_was_told),
        "within": Count(_was_called_as_told),
        "beyond": Count(_was_called_later),
        "mean_minutes_beyond": Time(_beyond_told_us, MEAN),
    },
)
REDIRECTS = Figure(
    key="redirects",
    source=LEGS,
    share=None,
    numbers={"n": of_legs(conditions.is_misdirected), "minutes_lost": spent(LOST)},
    splits=(Split(key="by_service", names=SERVICE, by=service_of, alone="n", alike=True),),
)
STEPS = Figure(
    key="steps",
    source=LEGS,
    share=None,
    numbers={
        "issued": of_legs(lambda leg: not conditions.is_misdirected(leg)),
        "finished": of_legs(conditions.is_finished),
        "left": of_legs(conditions.has_left),
        "wait": Time(_waits),
        "way": Time(lambda _rows, alike: conditions.ways_us(alike.legs)),
        "handling": Time(_handling),
        "redirected_away": of_legs(conditions.is_misdirected),
    },
    splits=(
        Split(
            key=BY_SERVICE,
            names=SERVICE,
            by=service_of,
            numbers=("issued", "finished", "left", "wait", "handling", "redirected_away"),
            alike=True,
        ),
        Split(key=BY_WINDOW, names=WINDOW, by=_window_of, numbers=("finished",), alike=True),
        Split(key=BY_STAFF, names=STAFF, by=_staff_of, numbers=("finished", "handling"), alike=True),
    ),
)
"""What is counted of steps at windows, as a whole, by service, window and clerk; the document has it in several
places."""


def _unhandled(time: Callable[[DayRows, LegsAlike], list[int]]) -> Time:
    return Time(lambda rows, alike: time(rows, alike) if alike.handling else [], MINUTES, source=LEGS)


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
"""What figures leave out and why, as codes in the order of the document; reports have the sentences."""
LEFT_OUT = Figure(
    key="left_out",
    share=None,
    numbers={
        "void": _in_state("void"),
        "wrong_time": Count(source=WRONG_TIMES),
        "inaccurate": of_legs(lambda leg: leg.inaccurate),
        "redirected": of_legs(conditions.is_misdirected),
        "transferred": of_legs(lambda leg: leg.end == "transfer"),
        "left_uncalled": of_legs(conditions.left_uncalled),
        "left_early": Count(
            lambda rows, legs: [conditions.left_early(leg, rows.target_us) for leg in legs],
            among=lambda _rows, leg: conditions.left_uncalled(leg),
            source=LEGS,
        ),
        "start_assumed": of_legs(lambda leg: leg.start_assumed and conditions.counts(leg)),
        "held_minutes": _unhandled(_held_us),
        "stalled_minutes": _unhandled(_stalled_us),
        "paper_unpromised": _flagged("paper"),
        "promised_uncalled": Count(_was_told_in_vain, among=_not_void),
        "unrated": Count(among=lambda _rows, ticket: conditions.is_unrated(ticket)),
        "no_number": Count(source=OPINIONS),
        "excluded": _flagged("rating_excluded"),
        "corrected_alone": _flagged(CORRECTED_ALONE),
        "late_arrivals": Count(_arrived_late),
        "open": Count(among=lambda _rows, ticket: conditions.is_open(ticket)),
    },
    parts=tuple(WHY_LEFT_OUT),
)
