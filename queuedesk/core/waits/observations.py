"""Observations of one date: visit lengths, arrivals, absences, and when windows were open."""

from __future__ import annotations

import datetime as clock
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from msgspec import Struct, convert, field, to_builtins

from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.ticket import Leg, Shift, Ticket, WindowCall, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import NONE, WaitWithQuote, deviations_below_and_above, wait_bin

# -- calls out of turn: left out of the bounds, though they occupy windows -------------------------------------------

PASSED = 2
"""Fewer passes in the own line may be a tie, or a clerk who looked at one name."""
CHOSEN = frozenset({"recorded", "chosen"})
"""Reasons outside all rules."""


def labels_called_out_of_turn(overtakes: Iterable[Overtake], services: Mapping[str, str]) -> frozenset[str]:
    """Return the numbers called out of turn among `overtakes` of one date; `services` are those of its tickets, by
    number. Only passes within one service count: which other tickets a window could have called depends on skills that
    a log may not show."""
    passed: dict[str, int] = {}
    for overtake in overtakes:
        if overtake.reason in CHOSEN and services.get(overtake.by) == services.get(overtake.label, ""):
            passed[overtake.by] = passed.get(overtake.by, 0) + 1
    return frozenset(label for label, n in passed.items() if n >= PASSED)


# -- services that a window leaves to others, by past calls ----------------------------------------------------------

USUAL_CALLS = 4.0
"""Fewest expected calls of a service at a window from which their lack says something."""
SELDOM = 0.03
"""Up to this share of the expected calls, calls of a service are exceptions."""

PASSES = 3
"""Fewest calls of a window that passed over a service which it never called."""

Calls = Mapping[str, Mapping[str, int]]
"""How often each window called each service."""


def sum_call_tables(*many: Calls) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {}
    for calls in many:
        for window, by_service in calls.items():
            by_target = sums.setdefault(window, {})
            for service, n in by_service.items():
                by_target[service] = by_target.get(service, 0) + n
    return sums


def count_calls_by_window_and_service(calls: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for window, service in calls:
        by_service = counts.setdefault(window, {})
        by_service[service] = by_service.get(service, 0) + 1
    return counts


def seldom_called_services(calls: Calls) -> dict[str, frozenset[str]]:
    """Return the services that each window called less often than chance explains. Never called would be too strict: a
    window that serves everything leaves much to those that serve little else."""
    whole: dict[str, int] = {}
    for by_service in calls.values():
        for service, n in by_service.items():
            whole[service] = whole.get(service, 0) + n
    total = sum(whole.values())
    by_window: dict[str, frozenset[str]] = {}
    for window, by_service_here in calls.items():
        total_here = sum(by_service_here.values())
        seldom = frozenset(
            service
            for service, n in whole.items()
            if (usual := total_here * n / total) >= USUAL_CALLS and by_service_here.get(service, 0) <= SELDOM * usual
        )
        if seldom:
            by_window[window] = seldom
    return by_window


def services_passed_over_by_window(
    passings: Iterable[tuple[object, str, str]], calls: Calls
) -> dict[str, frozenset[str]]:
    """Return the services that each window never called and passed over in `PASSES` calls. `passings` are (call,
    window, service of the person passed)."""
    counts: dict[tuple[str, str], set[object]] = {}
    for call, window, service in passings:
        if not calls.get(window, {}).get(service):
            counts.setdefault((window, service), set()).add(call)
    by_window: dict[str, frozenset[str]] = {}
    for (window, service), passing_calls in counts.items():
        if len(passing_calls) >= PASSES:
            by_window[window] = by_window.get(window, frozenset()) | {service}
    return by_window


def union_of_services_by_window(
    first: Mapping[str, frozenset[str]], second: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    return {window: first.get(window, frozenset()) | second.get(window, frozenset()) for window in {*first, *second}}


VERSION = 6
"""Version of the observations; those stored by an older or newer program are computed again."""

HALF_HOURS = 48
HALF_HOUR_MIN = 30

BREAK_S = 20 * 60
LONGEST_BREAK_S = 3 * 3600
"""A gap of this length while people wait is a break; a shorter one is a pause between visits."""
WAITED_S = 5 * 60
TEACHES_S = 30
"""Quotes below this are immediate calls, which say nothing about bounds."""


class WindowWorkHours(Struct, frozen=True, kw_only=True):
    """A window on one date: first call, last call and breaks (start, end), in minutes since the date's midnight."""

    first: int
    last: int
    breaks: tuple[tuple[int, int], ...] = ()


class DayObservations(Struct, frozen=True, kw_only=True):
    """The observations of one date. `kept_s[service][clerk]`: how long each visit occupied its window, from the call
    until it was free; `begun_at`: the half hour of the day (48) of each call. `arrivals` and `priority`: tickets by
    service and half-hour. `called` and `absent`: tickets called, and those of them who did not come, by 5 minutes of
    their wait. `visits` and `onward`: people served, by service, and those who went on in another line unforeseen.
    `between_s[window]`: gaps between visits while somebody waited. `scores`: (wait − point) ÷ standard deviation of
    promises. `called_at`: how often each window called each service. `passing`: visits called out of turn before others
    of their line, by service. `left_s`: waits of those who left before their first call. `waits`: first waits in the
    order of their calls."""

    kept_s: Mapping[str, Mapping[str, Sequence[int]]] = field(default_factory=dict)
    begun_at: Mapping[str, Mapping[str, Sequence[int]]] = field(default_factory=dict)
    arrivals: Mapping[str, Sequence[int]] = field(default_factory=dict)
    priority: Mapping[str, Sequence[int]] = field(default_factory=dict)
    credits_s: Sequence[int] = ()
    called: Sequence[int] = NONE
    absent: Sequence[int] = NONE
    visits: Mapping[str, int] = field(default_factory=dict)
    onward: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    between_s: Mapping[str, Sequence[int]] = field(default_factory=dict)
    windows: Mapping[str, WindowWorkHours] = field(default_factory=dict)
    scores: Sequence[float] = ()
    called_at: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    passing: Mapping[str, int] = field(default_factory=dict)
    left_s: Sequence[int] = ()
    waits: Sequence[WaitWithQuote] = ()

    @property
    def is_empty(self) -> bool:
        return not self.arrivals

    def to_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN_FIELDS}
        document["windows"] = {code: [w.first, w.last, [list(b) for b in w.breaks]] for code, w in self.windows.items()}
        document["waits"] = to_builtins(self.waits)
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> DayObservations:
        windows = {
            code: WindowWorkHours(first=first, last=last, breaks=tuple((start, end) for start, end in breaks))
            for code, (first, last, breaks) in document["windows"].items()
        }
        waits = convert(document["waits"], tuple[WaitWithQuote, ...])
        return cls(**{name: document[name] for name in _PLAIN_FIELDS}, windows=windows, waits=waits)


_PLAIN_FIELDS = tuple(name for name in DayObservations.__struct_fields__ if name not in ("windows", "waits"))


class _TicketStayAtWindow(Struct, frozen=True):
    """A ticket's call to a window: until when it kept the window (None: unknown), since when it had waited there."""

    call: WindowCall
    ticket: Ticket
    leg: Leg
    joined: datetime
    free: datetime | None
    kept_s: int | None
    came: bool


def observations_of_day(
    setup: Setup,
    day: clock.date,
    tickets: Iterable[Ticket],
    calls: Iterable[WindowCall],
    *,
    shifts: Iterable[Shift] = (),
    added: Collection[tuple[str, str]] = (),
    overtakes: Iterable[Overtake] = (),
) -> DayObservations:
    """Return the observations of a finished date. `added` are the services that clerks added to visits, as (number,
    service). No times come from visits on paper and those left open overnight."""
    issued = [t for t in tickets if t.date == day and not t.is_paper and t.state != "void"]
    by_label = {t.label: t for t in issued}
    by_ticket = _calls_by_ticket(calls, by_label)
    stays = [stay for label, made in by_ticket.items() for stay in _window_stays(by_label[label], made) if stay]
    lengths: dict[str, dict[str, list[int]]] = {}
    begun_at: dict[str, dict[str, list[int]]] = {}
    called, absent = list(NONE), list(NONE)
    visits: dict[str, int] = {}
    for stay in stays:
        if stay.leg.n == 1:
            bin = wait_bin(whole_seconds_between(stay.joined, stay.call.time))
            called[bin] += 1
            absent[bin] += not stay.came
        if stay.came:
            visits[stay.call.service] = visits.get(stay.call.service, 0) + 1
            if stay.kept_s:
                clerk = stay.call.staff or stay.call.window
                lengths.setdefault(stay.call.service, {}).setdefault(clerk, []).append(stay.kept_s)
                half_hour = _half_hour_index_of(setup, day, stay.call.time)
                begun_at.setdefault(stay.call.service, {}).setdefault(clerk, []).append(half_hour)
    arrivals: dict[str, list[int]] = {}
    priority: dict[str, list[int]] = {}
    for ticket in issued:
        at, service = _half_hour_index_of(setup, day, ticket.arrived), ticket.legs[0].service
        arrivals.setdefault(service, [0] * HALF_HOURS)[at] += 1
        if ticket.credit_s > 0 and "appointment" not in ticket.flags:
            priority.setdefault(service, [0] * HALF_HOURS)[at] += 1
    first_service_by_ticket = {label: t.legs[0].service for label, t in by_label.items()}
    wrong_turn = labels_called_out_of_turn((o for o in overtakes if o.date == day), first_service_by_ticket)
    passing: dict[str, int] = {}
    for label in sorted(wrong_turn & by_label.keys()):
        passing[first_service_by_ticket[label]] = passing.get(first_service_by_ticket[label], 0) + 1
    between, windows = _gaps_and_work_hours(setup, day, stays, shifts)
    return DayObservations(
        kept_s=lengths,
        begun_at=begun_at,
        arrivals=arrivals,
        priority=priority,
        credits_s=[t.credit_s for t in issued if t.credit_s > 0 and "appointment" not in t.flags],
        called=called,
        absent=absent,
        visits=visits,
        onward=_count_unforeseen_next_services(issued, frozenset(added)),
        between_s=between,
        windows=windows,
        called_at=count_calls_by_window_and_service((stay.call.window, stay.call.service) for stay in stays),
        passing=passing,
        scores=[
            score for t in issued if t.label not in wrong_turn and (score := promise_error_in_deviations(t)) is not None
        ],
        left_s=_waits_of_leavers_s(issued),
        waits=_observed_first_waits(setup, day, issued),
    )


def _waits_of_leavers_s(tickets: Iterable[Ticket]) -> list[int]:
    first_leg_by_ticket = [(t, t.legs[0]) for t in tickets if not t.postponed]
    return [
        whole_seconds_between(ticket.arrived, leg.ended)
        for ticket, leg in first_leg_by_ticket
        if leg.end == "leave" and leg.called is None and leg.ended is not None
    ]


def _observed_first_waits(setup: Setup, day: clock.date, tickets: Sequence[Ticket]) -> tuple[WaitWithQuote, ...]:
    waits: list[tuple[datetime, int, WaitWithQuote]] = []
    ends_by_line: dict[str, list[datetime]] = {}  # calls or departures of earlier tickets
    for ticket in sorted(tickets, key=lambda t: (t.arrived, t.seq)):
        leg = ticket.legs[0]
        ends = ends_by_line.setdefault(leg.service, [])
        if leg.called is not None and (minutes := actual_wait_min(ticket)) is not None:
            place = 1 + sum(moment > ticket.arrived for moment in ends)
            wait = first_wait_with_quote(ticket, minute_of_hall_day(setup, day, ticket.arrived), minutes, place)
            waits.append((leg.called, ticket.seq, wait))
        end = leg.called or leg.ended or (None if ticket.is_open else ticket.since)
        if end is not None:
            ends.append(end)
    return tuple(wait for _called, _seq, wait in sorted(waits, key=lambda row: row[:2]))


def first_wait_with_quote(ticket: Ticket, minute: float, minutes: float, place: int) -> WaitWithQuote:
    """Return the first wait of a ticket issued at `minute`; `place` is for tickets without a stored one. A wait below 0
    (wrong clocks) counts as 0."""
    promise, minutes = ticket.promise, max(0.0, minutes)
    made_of = promise.made_of
    if made_of is None or promise.point_s is None or promise.low is None or promise.high is None:
        return WaitWithQuote(line=ticket.legs[0].service, place=place, minute=minute, minutes=minutes)
    return WaitWithQuote(
        line=ticket.legs[0].service,
        place=made_of.place,
        minute=minute,
        minutes=minutes,
        low_s=made_of.low_s,
        point_s=promise.point_s,
        high_s=made_of.high_s,
        sd_s=promise.sd_s,
        points_s=made_of.points_s,
        told=(promise.low, promise.high),
    )


def actual_wait_min(ticket: Ticket) -> float | None:
    """Return the minutes from a ticket's issue to its first call; None if it was not called in its first line."""
    leg = ticket.legs[0]
    if leg.called is None or ticket.postponed:
        return None
    return (leg.called - ticket.arrived).total_seconds() / 60


def promise_error_in_deviations(ticket: Ticket) -> float | None:
    """Return by how many standard deviations a ticket was called after its promise's point; None for a promise that
    teaches nothing."""
    promise, actual = ticket.promise, actual_wait_min(ticket)
    if promise.point_s is None or promise.point_s < TEACHES_S or actual is None:
        return None
    off_s = actual * 60 - promise.point_s
    spread_s: float | None = promise.sd_s
    if (parts := promise.made_of) is not None:
        spread_s = deviations_below_and_above(parts.low_s, promise.point_s, parts.high_s)[off_s > 0]
    return round(off_s / spread_s, 3) if spread_s else None


def _calls_by_ticket(calls: Iterable[WindowCall], tickets: Mapping[str, Ticket]) -> dict[str, list[WindowCall]]:
    by_label: dict[str, list[WindowCall]] = {}
    for call in sorted(calls, key=lambda c: c.seq):
        if call.label in tickets:
            by_label.setdefault(call.label, []).append(call)
    return by_label


def _window_stays(ticket: Ticket, calls: Sequence[WindowCall]) -> list[_TicketStayAtWindow | None]:
    """Return the outcome of each of a ticket's calls, None for a call that was taken back."""
    stays: list[_TicketStayAtWindow | None] = []
    misses = ticket.misses
    for i, call in enumerate(calls):
        until = calls[i + 1].time if i + 1 < len(calls) else None
        leg = _leg_served_after_call(ticket, call, until)
        if leg is None:  # The call was missed or taken back.
            missed = misses > 0 or (until is None and ticket.state == "left")
            misses -= 1
            legs = [leg for leg in ticket.legs if leg.service == call.service and leg.joined <= call.time]
            last = legs[-1] if legs else ticket.legs[0]
            free = (ticket.missed_at or last.ended) if until is None else None
            stays.append(
                _TicketStayAtWindow(call, ticket, last, last.joined, free, None, came=False) if missed else None
            )
            continue
        free = leg.finished or leg.ended
        whole = free is not None and not leg.inaccurate and leg.window == call.window
        kept_s = whole_seconds_between(call.time, free) - leg.whole_s_set_aside if whole else None
        stays.append(_TicketStayAtWindow(call, ticket, leg, leg.joined, free, kept_s, came=True))
    return stays


def _leg_served_after_call(ticket: Ticket, call: WindowCall, until: datetime | None) -> Leg | None:
    """Return the leg that was served after `call` and before the ticket's next one."""
    for leg in ticket.legs:
        begun = leg.started or (leg.ended if leg.end == "redirect" and leg.called is not None else None)
        if (
            begun is not None
            and begun >= call.time
            and (until is None or begun < until)
            and leg.service == call.service
        ):
            return leg
    return None


def _count_unforeseen_next_services(
    tickets: Iterable[Ticket], added: frozenset[tuple[str, str]]
) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for ticket in tickets:
        for leg, further in pairwise(ticket.legs):
            was_unknown = leg.end in ("transfer", "redirect") or (ticket.label, further.service) in added
            if was_unknown and leg.called is not None:
                by_target = counts.setdefault(leg.service, {})
                by_target[further.service] = by_target.get(further.service, 0) + 1
    return counts


def _gaps_and_work_hours(
    setup: Setup, day: clock.date, stays: Iterable[_TicketStayAtWindow], shifts: Iterable[Shift]
) -> tuple[dict[str, list[int]], dict[str, WindowWorkHours]]:
    """Return each window's gaps in seconds between visits while somebody waited, and its hours at work."""
    by_window: dict[str, list[_TicketStayAtWindow]] = {}
    for stay in sorted(stays, key=lambda s: (s.call.time, s.call.seq)):
        by_window.setdefault(stay.call.window, []).append(stay)
    paused: dict[str, list[tuple[datetime, datetime]]] = {}
    for shift in shifts:
        paused.setdefault(shift.window, []).extend(
            (p.start, p.end) for p in shift.pauses if p.end and whole_seconds_between(p.start, p.end) >= BREAK_S
        )
    between: dict[str, list[int]] = {}
    windows: dict[str, WindowWorkHours] = {}
    for code, made in by_window.items():
        breaks = list(paused.get(code, ()))
        for stay, later in pairwise(made):
            if stay.free is None:
                continue
            gap, waited = (
                whole_seconds_between(stay.free, later.call.time),
                whole_seconds_between(max(stay.free, later.joined), later.call.time),
            )
            if gap < BREAK_S and later.joined <= stay.free and later.ticket.label != stay.ticket.label:
                between.setdefault(code, []).append(gap)
            elif BREAK_S <= gap <= LONGEST_BREAK_S and waited >= WAITED_S:
                breaks.append((stay.free, later.call.time))
        windows[code] = WindowWorkHours(
            first=_whole_minute_of_day(setup, day, made[0].call.time),
            last=_whole_minute_of_day(setup, day, made[-1].call.time),
            breaks=_merged_spans(
                [(_whole_minute_of_day(setup, day, a), _whole_minute_of_day(setup, day, b)) for a, b in breaks]
            ),
        )
    return between, windows


def _merged_spans(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _half_hour_index_of(setup: Setup, day: clock.date, moment: datetime) -> int:
    return min(HALF_HOURS - 1, _whole_minute_of_day(setup, day, moment) // HALF_HOUR_MIN)


def _whole_minute_of_day(setup: Setup, day: clock.date, moment: datetime) -> int:
    return int(minute_of_hall_day(setup, day, moment))


def minute_of_hall_day(setup: Setup, day: clock.date, moment: datetime) -> float:
    """Return a moment as minutes since midnight of the hall's `day`."""
    local = setup.to_hall_time(moment)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute + local.second / 60
