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

from collections.abc import Callable, Mapping, Sequence
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
SINGLE, SEVERAL = "single", "several"
"""Windows for one service, and for several."""


def _finished(_rows: DayRows, ticket: TicketRow) -> bool:
    return ticket.state == "finished"


def _not_void(_rows: DayRows, ticket: TicketRow) -> bool:
    return ticket.state != "void"


def _transferred(rows: DayRows, tickets: Tickets) -> list[bool]:
    return [one.label in rows.transferred for one in tickets]


def _returned(rows: DayRows, tickets: Tickets) -> list[bool]:
    returned = (rows.links.returned if rows.links else frozenset()) - rows.transferred
    return [one.label in returned for one in tickets]


def _settled(rows: DayRows, tickets: Tickets) -> list[bool]:
    others = (rows.links.returned if rows.links else frozenset()) | rows.transferred
    return [one.label not in others for one in tickets]


def _knows_links(rows: DayRows) -> bool:
    return rows.links is not None


def _sent_on(rows: DayRows, tickets: Tickets) -> list[bool]:
    return [rows.first_legs[one.label].end == "redirect" for one in tickets]


def _first_service(rows: DayRows, ticket: TicketRow) -> str:
    return rows.first_legs[ticket.label].service


def _knows_keys(rows: DayRows) -> bool:
    return rows.keys is not None


def _pressed(rows: DayRows, ticket: TicketRow) -> tuple[str, str | None] | None:
    return rows.asked_for[ticket.label] if KIOSK in ticket.flags else None


def _came_again(_rows: DayRows, tickets: Tickets) -> list[bool]:
    return [one.return_of is not None or "repeat_papers" in one.flags for one in tickets]


def served_elsewhere(measures: Mapping[str, Any], row: Mapping[str, Any]) -> int | None:
    """Return `elsewhere` of an item's row; None where no channel reported anything for its service."""
    n: int = row["elsewhere"]
    reported = {one["service"] for one in measures.get("diversion", {}).get("ledger", ())}
    return n if n or row["service"] in reported else None


def _elsewhere_too(rows: DayRows, tickets: Tickets) -> list[bool]:
    elsewhere = rows.diversion.elsewhere
    return [rows.first_legs[one.label].service in elsewhere for one in tickets]


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
    return [one.label in (rows.reinstated or ()) for one in tickets]


def _windows_kind(rows: DayRows, leg: LegRow) -> str | None:
    services = rows.setup.services_at(leg.window, leg.staff) if leg.window is not None else frozenset[str]()
    return None if not services else SINGLE if len(services) == 1 else SEVERAL


def _stalled_us(_rows: DayRows, alike: LegsAlike) -> list[int]:
    return [leg.stalled_s * SECOND_US for leg in alike.legs if leg.stalled_s]


def _held_us(_rows: DayRows, alike: LegsAlike) -> list[int]:
    return [leg.held_s * SECOND_US for leg in alike.legs if leg.held_s]


def _waits(_rows: DayRows, alike: LegsAlike) -> Sequence[int]:
    return alike.waits


def _handling(_rows: DayRows, alike: LegsAlike) -> Sequence[int]:
    return alike.handling


def of_legs(among: Callable[[LegRow], bool]) -> Count:
    return Count(among=lambda _rows, leg: among(leg), source=LEGS)


def service_of(_rows: DayRows, leg: LegRow) -> str:
    return leg.service


def is_called(leg: LegRow) -> bool:
    return leg.called is not None and conditions.counts(leg)


def _was_told(rows: DayRows, tickets: Tickets) -> list[bool]:
    return [one.label in rows.beyond_told for one in tickets]


def _was_called_as_told(rows: DayRows, tickets: Tickets) -> list[bool]:
    beyond = rows.beyond_told
    return [beyond.get(one.label, 1) <= 0 for one in tickets]


def _was_called_later(rows: DayRows, tickets: Tickets) -> list[bool]:
    beyond = rows.beyond_told
    return [beyond.get(one.label, 0) > 0 for one in tickets]


def _beyond_told_us(rows: DayRows, tickets: Tickets) -> list[int]:
    beyond = rows.beyond_told
    return [time for one in tickets if (time := beyond.get(one.label, 0)) > 0]


WRONG_COUNTER = Figure(
    key="wrong_counter",
    of=_not_void,
    numbers={"n": Count(_sent_on)},
    splits=(
        Split(key="by_service", names=SERVICE, by=_first_service),
        Split(key="by_guide", names=STAFF, by=lambda _rows, ticket: ticket.guide),
        Split(key="by_label", names=ITEM, by=_pressed, known=_knows_keys, whole=True),
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
            "minutes": Time(lambda rows, tickets: [rows.handled.get(one.label, 0) for one in tickets], MINUTES),
        },
        splits=(
            Split(
                key="by_item",
                names=ITEM,
                by=lambda rows, ticket: rows.asked_for[ticket.label],
                known=_knows_keys,
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
        splits=(Split(by=lambda _rows, leg: leg.outcome, most="n", nobody=True),),
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
        splits=(Split(by=lambda rows, one: rows.classes[one.label], most="issued", alike=True),),
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
        "called": Count(lambda rows, tickets: [one.label in rows.called for one in tickets]),
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
        Split(key=BY_WINDOW, names=WINDOW, by=lambda _rows, leg: leg.window, numbers=("finished",), alike=True),
        Split(key=BY_STAFF, names=STAFF, by=lambda _rows, leg: leg.staff, numbers=("finished", "handling"), alike=True),
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
        "promised_uncalled": Count(
            lambda rows, tickets: [one.promise_high is not None and one.label not in rows.called for one in tickets],
            among=_not_void,
        ),
        "unrated": Count(among=lambda _rows, ticket: conditions.is_unrated(ticket)),
        "no_number": Count(source=OPINIONS),
        "excluded": _flagged("rating_excluded"),
        "corrected_alone": _flagged(CORRECTED_ALONE),
        "late_arrivals": Count(lambda rows, tickets: [one.arrived >= rows.late_after for one in tickets]),
        "open": Count(among=lambda _rows, ticket: conditions.is_open(ticket)),
    },
    parts=tuple(WHY_LEFT_OUT),
)
