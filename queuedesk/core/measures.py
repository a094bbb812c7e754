"""A day's figures from its tickets, shifts, ratings and log: one document for every kind of report.

Times are those at which things happened; minutes are decimal numbers with two places, shares lie in 0..1, and what can't be had is None.
Where the contract of the figures leaves room, this is what they say:

- wait, way and handling leave out legs that ended in redirect and legs that day-end closed (`inaccurate`). A customer served without a ticket
  joined the line and was called in one moment: a wait and a way of 0.
- finished of a service, window or clerk: legs ended by `finish`, or by day-end while served or set aside; a transfer is not a finish.
- `hours`: calls are first calls of legs; open_windows counts the windows that were open and not paused at any moment of the half-hour.
  Without any call the half-hours go on to the last arrival.
- promise: tickets that were told a range and have been called, their first call against the range's upper end; earlier than told is within.
- overtakes.by_reason counts overtakings, a ticket passed twice counts twice; redirects are counted by the service that was wrong.
- waiting_at_end: those that day-end found waiting and those waiting now.
- serving_minutes of a window: from start until the ticket went, whatever became of it, waiting for other systems included.
- a running window or pause lasts until `now`, but never past the end of the business date.
- log: of the events that carry this business date, the first, the last and the last one's hash.
- cases are None as long as the hall keeps none.
- left_out: `what` and `why` are codes; reports give the sentences. `n` counts legs or tickets, minutes where `what` ends in `_minutes`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from queuedesk.core.event import Event
from queuedesk.core.hallday import day_turns
from queuedesk.core.measures_times import (
    Figures,
    counts,
    half_hour,
    handling_figures,
    handling_s,
    left_early,
    left_uncalled,
    minutes,
    spread,
    wait_figures,
    wait_s,
    way_figures,
)
from queuedesk.core.measures_windows import (
    idle_s,
    is_finished,
    lost_s,
    rating_figures,
    staff_figures,
    taking_spans,
    window_figures,
)
from queuedesk.core.overview import set_up
from queuedesk.core.remarks import Opinion
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState, Rating
from queuedesk.core.ticket import Leg, State, Ticket
from queuedesk.core.timeline import Timeline, timeline
from queuedesk.core.window import Shift

HALF_HOUR = timedelta(minutes=30)
WITHIN_TARGET_AT_LEAST = 0.80
"""The share of customers to be called within the target: the usual 80 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """One business date taken out of the hall; `line` is None where no log was at hand."""

    setup: Setup
    tickets: Sequence[Ticket]
    legs: Sequence[Leg]
    shifts: Sequence[Shift]
    ratings: Sequence[Rating]
    opinions: Sequence[Opinion]
    line: Timeline | None
    until: datetime

    @property
    def target_minutes(self) -> int:
        return self.setup.number("wait_target_minutes")

    @property
    def unrated(self) -> int:
        return sum(t.state is State.FINISHED and t.rating is None for t in self.tickets)


def day_figures(state: HallState, day: date, now: datetime, log: Sequence[Event] | None = None) -> Figures:
    """Return the figures of one business date in the shape that commands print.

    `state` holds at least that date; `log` are its events in order. Without them the figures that need it are None:
    log, minutes served, lost by redirects and idle.
    """
    setup = set_up(state)
    tickets = [t for t in state.tickets.values() if t.date == day]
    it = _Day(
        setup=setup,
        tickets=tickets,
        legs=[leg for t in tickets for leg in t.legs],
        shifts=[s for s in state.shifts.values() if s.date == day],
        ratings=[r for r in state.ratings.values() if r.date == day and not r.excluded],
        opinions=[o for o in state.opinions.values() if o.date == day],
        line=timeline(log) if log is not None else None,
        until=ends(setup, day, now, log),
    )
    hours = hour_rows(setup, tickets, it.shifts, it.until)
    return {
        "hall": setup.hall.code,
        "from": day.isoformat(),
        "to": day.isoformat(),
        **_ticket_counts(tickets),
        "wait": wait_figures(it.legs, it.target_minutes),
        "way": way_figures(it.legs),
        "handling": handling_figures(it.legs),
        "services": _services(it),
        "windows": _windows(it),
        "staff": _staff(it),
        "hours": hours,
        "ratings": rating_figures(it.ratings, it.unrated),
        "redirects": _redirects(it),
        "not_ready": _not_ready(state, day),
        "overtakes": _overtakes(state, day, tickets),
        "promise": _promise(tickets),
        "cases": {"opened": None, "closed": None, "overdue": None},
        "log": _log(log),
        "left_out": _left_out(it, hours),
    }


def ends(setup: Setup, day: date, now: datetime, log: Sequence[Event] | None = None) -> datetime:
    """Return until when the date's running spans last: `now`, not past the date's end nor before its last event."""
    until = min(now.astimezone(UTC), day_turns(setup, day))
    return max(until, max((e.time for e in log), default=until)) if log else until


def hour_rows(setup: Setup, tickets: Sequence[Ticket], shifts: Sequence[Shift], until: datetime) -> list[Figures]:
    """Return the half-hours from the first arrival to the last call, by the hall's clock."""
    legs = [leg for t in tickets for leg in t.legs if leg.called is not None]
    called = [leg.called for leg in legs if leg.called is not None]
    if not tickets:
        return []
    arrived = [t.arrived for t in tickets]
    start = half_hour(setup.local(min(arrived))).astimezone(UTC)
    last = max(called) if called else max(arrived)
    taking = [(s.window, span) for s in shifts for span in taking_spans(s, until)]
    rows = []
    while start <= last:
        end = start + HALF_HOUR
        here = [leg for leg in legs if leg.called is not None and start <= leg.called < end]
        waits = [w for leg in here if counts(leg) and (w := wait_s(leg)) is not None]
        rows.append(
            {
                "from": f"{setup.local(start):%H:%M}",
                "arrivals": sum(start <= a < end for a in arrived),
                "calls": len(here),
                "mean_wait": spread(waits)["mean"],
                "open_windows": len({w for w, (begin, over) in taking if begin < end and over > start}),
            }
        )
        start = end
    return rows


def _ticket_counts(tickets: Sequence[Ticket]) -> Figures:
    left = [t for t in tickets if t.state is State.LEFT]
    ended_waiting = sum(t.leg.end == "day-end" and "no_show" not in t.flags for t in left)
    return {
        "issued": len(tickets),
        "called": sum(any(leg.called for leg in t.legs) for t in tickets),
        "finished": sum(t.state is State.FINISHED for t in tickets),
        "missed": sum(t.misses > 0 for t in tickets),
        "left": len(left),
        "no_show": sum("no_show" in t.flags for t in left),
        "void": sum(t.state is State.VOID for t in tickets),
        "waiting_at_end": ended_waiting + sum(t.state is State.WAITING for t in tickets),
    }


def _services(it: _Day) -> list[Figures]:
    rows = []
    for code in _codes(it.setup.services, (leg.service for leg in it.legs)):
        own = [leg for leg in it.legs if leg.service == code]
        rows.append(
            {
                "code": code,
                "issued": sum(leg.end != "redirect" for leg in own),
                "finished": sum(is_finished(leg) for leg in own),
                "left": sum(leg.end in ("leave", "defer", "day-end") and not is_finished(leg) for leg in own),
                "wait": wait_figures(own, it.target_minutes),
                "handling": handling_figures(own),
                "redirected_away": sum(leg.end == "redirect" for leg in own),
            }
        )
    return rows


def _windows(it: _Day) -> list[Figures]:
    stays = it.line.stays if it.line else None
    codes = _codes(it.setup.windows, (s.window for s in it.shifts))
    return [window_figures(code, it.shifts, stays, it.legs, it.until) for code in codes]


def _staff(it: _Day) -> list[Figures]:
    """Return those who sat at a window or served somebody, in the order of the set-up."""
    worked = {s.staff for s in it.shifts} | {leg.staff for leg in it.legs if leg.staff is not None}
    lost: dict[str, float] | None = None
    idle: dict[str, float] | None = None
    if it.line is not None:
        lost = defaultdict(float)
        for stay, seconds in lost_s(it.line.stays):
            lost[stay.staff or ""] += seconds
        idle = idle_s(it.setup, it.shifts, it.line, it.until)
    return [
        staff_figures(code, legs=it.legs, tickets=it.tickets, ratings=it.ratings, lost=lost, idle=idle)
        for code in _codes(it.setup.staff, worked)
        if code in worked
    ]


def _redirects(it: _Day) -> Figures:
    wrong = Counter(leg.service for leg in it.legs if leg.end == "redirect")
    lost = None if it.line is None else minutes(sum(seconds for _, seconds in lost_s(it.line.stays)))
    return {"n": wrong.total(), "minutes_lost": lost, "by_service": _by_name(wrong)}


def _not_ready(state: HallState, day: date) -> Figures:
    came = Counter(n.service for n in state.not_ready if n.date == day)
    return {"n": came.total(), "by_service": _by_name(came)}


def _overtakes(state: HallState, day: date, tickets: Iterable[Ticket]) -> Figures:
    overtaken = [t.overtaken for t in tickets if t.overtaken]
    return {
        "tickets": len(overtaken),
        "max": max(overtaken, default=0),
        "by_reason": _by_name(Counter(o.reason for o in state.overtakes if o.date == day)),
    }


def _promise(tickets: Iterable[Ticket]) -> Figures:
    beyond = []
    n = 0
    for ticket in tickets:
        called = first_call(ticket)
        if ticket.promise.high is None or called is None:
            continue
        n += 1
        over = (called - ticket.arrived).total_seconds() - ticket.promise.high * 60
        if over > 0:
            beyond.append(over)
    mean = minutes(sum(beyond) / len(beyond)) if beyond else None
    return {"n": n, "within": n - len(beyond), "beyond": len(beyond), "mean_minutes_beyond": mean}


def first_call(ticket: Ticket) -> datetime | None:
    """Return when the ticket was first called to any window, None while it was not."""
    return min((leg.called for leg in ticket.legs if leg.called is not None), default=None)


def _log(log: Sequence[Event] | None) -> Figures:
    if not log:
        return {"first_seq": None, "last_seq": None, "hash": None}
    return {"first_seq": log[0].seq, "last_seq": log[-1].seq, "hash": log[-1].hash}


def _left_out(it: _Day, hours: Sequence[Figures]) -> list[Figures]:
    tickets, legs, target = it.tickets, it.legs, it.target_minutes
    served = [leg for leg in legs if counts(leg) and handling_s(leg) is not None]
    told = [t for t in tickets if t.promise.high is not None and t.state is not State.VOID]
    entries: list[tuple[str, float, str]] = [
        ("void", sum(t.state is State.VOID for t in tickets), "issued_by_mistake"),
        ("inaccurate", sum(leg.inaccurate for leg in legs), "closed_by_day_end"),
        ("redirected", sum(leg.end == "redirect" for leg in legs), "wrong_line"),
        ("left_uncalled", sum(left_uncalled(leg) for leg in legs), "no_call_no_wait"),
        ("left_early", sum(left_early(leg, target) for leg in legs), "left_within_target"),
        ("start_assumed", sum(leg.start_assumed and counts(leg) for leg in legs), "way_unknown"),
        ("held_minutes", minutes(sum(leg.held_s for leg in served)), "set_aside_is_not_handling"),
        ("stalled_minutes", minutes(sum(leg.stalled_s for leg in served)), "other_system_is_not_handling"),
        ("paper_unpromised", sum(t.is_paper for t in tickets), "no_wait_was_told"),
        ("promised_uncalled", sum(first_call(t) is None for t in told), "no_first_call"),
        ("unrated", it.unrated, "silence_is_no_rating"),
        ("no_number", len(it.opinions), "belongs_to_no_ticket"),
        ("excluded", sum("rating_excluded" in t.flags for t in tickets), "excluded_by_correction"),
        ("late_arrivals", len(tickets) - sum(row["arrivals"] for row in hours), "after_the_last_call"),
        ("open", sum(t.is_open for t in tickets), "not_over"),
    ]
    return [{"what": what, "n": n, "why": why} for what, n, why in entries if n]


def _codes(known: Iterable[str], seen: Iterable[str | None]) -> list[str]:
    """Return the codes of the set-up in its order, then those that it no longer has."""
    codes = list(known)
    return codes + sorted({code for code in seen if code is not None} - set(codes))


def _by_name(count: Counter[str]) -> dict[str, int]:
    return dict(sorted(count.items()))
