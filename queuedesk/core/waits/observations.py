"""What one date taught: how long windows were busy, who came, who did not, when windows were open."""

from __future__ import annotations

import datetime as clock
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from msgspec import Struct, convert, field, to_builtins

from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.ticket import CallMade, Leg, Shift, Ticket, seconds
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import NONE, ToldWait, spreads, wait_bin

# -- calls out of turn: they teach no bounds, and take windows that waiting people had counted on --------------------

PASSED = 2
"""Who passed fewer than so many of the own line may have been called in a tie, or by a clerk who looked at one name."""
CHOSEN = frozenset({"recorded", "chosen"})
"""Reasons that no rule foresees."""


def out_of_turn(overtakes: Iterable[Overtake], services: Mapping[str, str]) -> frozenset[str]:
    """Return the numbers called out of turn among `overtakes` of one date; `services` are those of that date's tickets,
    by number.

    Only those who passed others of the same service count: what else a window could have called depends on skills that
    a record may not show.
    """
    passed: dict[str, int] = {}
    for overtake in overtakes:
        if overtake.reason in CHOSEN and services.get(overtake.by) == services.get(overtake.label, ""):
            passed[overtake.by] = passed.get(overtake.by, 0) + 1
    return frozenset(label for label, n in passed.items() if n >= PASSED)


# -- which services a window leaves to others, as far as past calls show it ------------------------------------------

USUAL_CALLS = 4.0
"""So many calls of a service must have been usual at a window before none of them says something."""
SELDOM = 0.03
"""So small a share of the usual calls is an exception, not a service of the window."""

PASSES = 3
"""So often must somebody of a service have been passed over by a window that never called one."""

Calls = Mapping[str, Mapping[str, int]]
"""How often each window called each service."""


def together(*many: Calls) -> dict[str, dict[str, int]]:
    """Return several times in one list."""
    found: dict[str, dict[str, int]] = {}
    for calls in many:
        for window, by_service in calls.items():
            own = found.setdefault(window, {})
            for service, n in by_service.items():
                own[service] = own.get(service, 0) + n
    return found


def counted(calls: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return how often each window called each service; `calls` are (window, service)."""
    found: dict[str, dict[str, int]] = {}
    for window, service in calls:
        own = found.setdefault(window, {})
        own[service] = own.get(service, 0) + 1
    return found


def left_to_others(calls: Calls) -> dict[str, frozenset[str]]:
    """Return the services that each window hardly ever called although it called so many people that chance does not
    explain it.

    Rarely is not never: a window that serves everything leaves much to those that serve little else.
    """
    whole: dict[str, int] = {}
    for by_service in calls.values():
        for service, n in by_service.items():
            whole[service] = whole.get(service, 0) + n
    total = sum(whole.values())
    found: dict[str, frozenset[str]] = {}
    for window, own in calls.items():
        mine = sum(own.values())
        never = frozenset(
            service
            for service, n in whole.items()
            if (usual := mine * n / total) >= USUAL_CALLS and own.get(service, 0) <= SELDOM * usual
        )
        if never:
            found[window] = never
    return found


def passed_over(passings: Iterable[tuple[object, str, str]], calls: Calls) -> dict[str, frozenset[str]]:
    """Return the services of which windows called nobody and passed over somebody in several calls. `passings` are
    (call, window, service of the person passed)."""
    counts: dict[tuple[str, str], set[object]] = {}
    for call, window, service in passings:
        if not calls.get(window, {}).get(service):
            counts.setdefault((window, service), set()).add(call)
    found: dict[str, frozenset[str]] = {}
    for (window, service), made in counts.items():
        if len(made) >= PASSES:
            found[window] = found.get(window, frozenset()) | {service}
    return found


def both(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return the services that either leaves to others."""
    return {window: one.get(window, frozenset()) | other.get(window, frozenset()) for window in {*one, *other}}


VERSION = 6
"""Of the lessons: those of another version, kept by an older or newer program, are made again."""

HALF_HOURS = 48
HALF_HOUR_MIN = 30

BREAK_S = 20 * 60
LONGEST_BREAK_S = 3 * 3600
"""A window that calls nobody for so long although people wait is on a break; for less, it only takes its time."""
WAITED_S = 5 * 60
TEACHES_S = 30
"""Who was told a shorter wait was called at once: that teaches nothing about bounds."""


class AtWork(Struct, frozen=True, kw_only=True):
    """A window on one date: minutes since the date's midnight of its first call, of its last, and of its breaks' starts
    and ends."""

    first: int
    last: int
    breaks: tuple[tuple[int, int], ...] = ()


class DayObservations(Struct, frozen=True, kw_only=True):
    """What one date taught.

    `kept_s[service][clerk]`: how long each visit occupied its window, from the call until it was free; `begun_at` in
    which half hour of the day (48) each was called. `arrivals` and `priority`: tickets by service and half hour.
    `called` and `absent`: tickets called, and those of them who did not come, by 5 minutes of their wait. `visits` and
    `onward`: people served, by service, and those who then went on in another line, which nobody could know.
    `between_s[window]`: how long it took to call each time while somebody waited. `scores`: (wait − point) ÷ standard
    deviation of promises. `called_at`: how often each window called each service. `passing`: how many visits came out
    of turn, by service, before others of their line. `left_s`: how long each had waited who left before their first
    call. `waits`: first waits in the order of their calls.
    """

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
    windows: Mapping[str, AtWork] = field(default_factory=dict)
    scores: Sequence[float] = ()
    called_at: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    passing: Mapping[str, int] = field(default_factory=dict)
    left_s: Sequence[int] = ()
    waits: Sequence[ToldWait] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody came."""
        return not self.arrivals

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        document: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN}
        document["windows"] = {code: [w.first, w.last, [list(b) for b in w.breaks]] for code, w in self.windows.items()}
        document["waits"] = to_builtins(self.waits)
        return document

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> DayObservations:
        """Return what document() gave."""
        windows = {
            code: AtWork(first=first, last=last, breaks=tuple((start, end) for start, end in breaks))
            for code, (first, last, breaks) in document["windows"].items()
        }
        waits = convert(document["waits"], tuple[ToldWait, ...])
        return cls(**{name: document[name] for name in _PLAIN}, windows=windows, waits=waits)


_PLAIN = (
    "kept_s",
    "begun_at",
    "arrivals",
    "priority",
    "credits_s",
    "called",
    "absent",
    "visits",
    "onward",
    "between_s",
    "scores",
    "called_at",
    "passing",
    "left_s",
)


class _Stay(Struct, frozen=True):
    """A call of a ticket to a window: until when it kept the window (None: not known), and since when it had waited
    there."""

    call: CallMade
    ticket: Ticket
    leg: Leg
    joined: datetime
    free: datetime | None
    kept_s: int | None
    came: bool


def observed(
    setup: Setup,
    day: clock.date,
    tickets: Iterable[Ticket],
    calls: Iterable[CallMade],
    *,
    shifts: Iterable[Shift] = (),
    added: Collection[tuple[str, str]] = (),
    overtakes: Iterable[Overtake] = (),
) -> DayObservations:
    """Return what a finished date taught. `added` are the services that clerks added to visits, as (number, service).
    Visits kept on paper and those left open overnight teach no times."""
    given = [t for t in tickets if t.date == day and not t.is_paper and t.state != "void"]
    by_label = {t.label: t for t in given}
    stays = [
        stay for made in _by_ticket(calls, by_label).values() for stay in _stays(by_label[made[0].label], made) if stay
    ]
    kept: dict[str, dict[str, list[int]]] = {}
    begun: dict[str, dict[str, list[int]]] = {}
    called, absent = list(NONE), list(NONE)
    visits: dict[str, int] = {}
    for stay in stays:
        if stay.leg.n == 1:
            bin = wait_bin(seconds(stay.joined, stay.call.time))
            called[bin] += 1
            absent[bin] += not stay.came
        if stay.came:
            visits[stay.call.service] = visits.get(stay.call.service, 0) + 1
            if stay.kept_s:
                clerk = stay.call.staff or stay.call.window
                kept.setdefault(stay.call.service, {}).setdefault(clerk, []).append(stay.kept_s)
                half_hour = _half_hour(setup, day, stay.call.time)
                begun.setdefault(stay.call.service, {}).setdefault(clerk, []).append(half_hour)
    arrivals: dict[str, list[int]] = {}
    priority: dict[str, list[int]] = {}
    for ticket in given:
        at, service = _half_hour(setup, day, ticket.arrived), ticket.legs[0].service
        arrivals.setdefault(service, [0] * HALF_HOURS)[at] += 1
        if ticket.credit_s > 0 and "appointment" not in ticket.flags:
            priority.setdefault(service, [0] * HALF_HOURS)[at] += 1
    first_services = {label: t.legs[0].service for label, t in by_label.items()}
    astray = out_of_turn((o for o in overtakes if o.date == day), first_services)
    passing: dict[str, int] = {}
    for label in sorted(astray & by_label.keys()):
        passing[first_services[label]] = passing.get(first_services[label], 0) + 1
    between, windows = _windows(setup, day, stays, shifts)
    return DayObservations(
        kept_s=kept,
        begun_at=begun,
        arrivals=arrivals,
        priority=priority,
        credits_s=[t.credit_s for t in given if t.credit_s > 0 and "appointment" not in t.flags],
        called=called,
        absent=absent,
        visits=visits,
        onward=_onward(given, frozenset(added)),
        between_s=between,
        windows=windows,
        called_at=counted((stay.call.window, stay.call.service) for stay in stays),
        passing=passing,
        scores=[score for t in given if t.label not in astray and (score := score_of(t)) is not None],
        left_s=_left_s(given),
        waits=_waits(setup, day, given),
    )


def _left_s(tickets: Iterable[Ticket]) -> list[int]:
    first = [(t, t.legs[0]) for t in tickets if not t.postponed]
    return [
        seconds(ticket.arrived, leg.ended)
        for ticket, leg in first
        if leg.end == "leave" and leg.called is None and leg.ended is not None
    ]


def _waits(setup: Setup, day: clock.date, tickets: Sequence[Ticket]) -> tuple[ToldWait, ...]:
    found: list[tuple[datetime, int, ToldWait]] = []
    before: dict[str, list[datetime]] = {}  # when those who came before were called or went away, by line
    for ticket in sorted(tickets, key=lambda t: (t.arrived, t.seq)):
        leg = ticket.legs[0]
        until = before.setdefault(leg.service, [])
        if leg.called is not None and (minutes := actual_wait_min(ticket)) is not None:
            place = 1 + sum(moment > ticket.arrived for moment in until)
            wait = told_wait(ticket, minute_of(setup, day, ticket.arrived), minutes, place)
            found.append((leg.called, ticket.seq, wait))
        gone = leg.called or leg.ended or (None if ticket.is_open else ticket.since)
        if gone is not None:
            until.append(gone)
    return tuple(wait for _called, _seq, wait in sorted(found, key=lambda one: one[:2]))


def told_wait(ticket: Ticket, minute: float, minutes: float, place: int) -> ToldWait:
    """Return the first wait of a ticket issued at `minute`; `place` is where it stood if nobody wrote that down. By a
    clock that lies some are called before they came: they waited nothing."""
    promise, minutes = ticket.promise, max(0.0, minutes)
    made_of = promise.made_of
    if made_of is None or promise.point_s is None or promise.low is None or promise.high is None:
        return ToldWait(line=ticket.legs[0].service, place=place, minute=minute, minutes=minutes)
    return ToldWait(
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
    """Return the minutes from a ticket's issue to its first call; None where it was not called in the line of its
    issue."""
    leg = ticket.legs[0]
    if leg.called is None or ticket.postponed:
        return None
    return (leg.called - ticket.arrived).total_seconds() / 60


def score_of(ticket: Ticket) -> float | None:
    """Return by how many standard deviations a ticket was called later than its promise's point; None for a promise
    that teaches nothing."""
    promise, actual = ticket.promise, actual_wait_min(ticket)
    if promise.point_s is None or promise.point_s < TEACHES_S or actual is None:
        return None
    off_s = actual * 60 - promise.point_s
    spread_s: float | None = promise.sd_s
    if (of := promise.made_of) is not None:
        spread_s = spreads(of.low_s, promise.point_s, of.high_s)[off_s > 0]
    return round(off_s / spread_s, 3) if spread_s else None


def _by_ticket(calls: Iterable[CallMade], known: Mapping[str, Ticket]) -> dict[str, list[CallMade]]:
    found: dict[str, list[CallMade]] = {}
    for call in sorted(calls, key=lambda c: c.seq):
        if call.label in known:
            found.setdefault(call.label, []).append(call)
    return found


def _stays(ticket: Ticket, calls: Sequence[CallMade]) -> list[_Stay | None]:
    """Return what came of each of a ticket's calls, None for one that was taken back."""
    found: list[_Stay | None] = []
    misses = ticket.misses
    for i, call in enumerate(calls):
        until = calls[i + 1].time if i + 1 < len(calls) else None
        leg = _leg_of(ticket, call, until)
        if leg is None:  # Nobody was served after this call: it was missed, or taken back.
            missed = misses > 0 or (until is None and ticket.state == "left")
            misses -= 1
            legs = [one for one in ticket.legs if one.service == call.service and one.joined <= call.time]
            last = legs[-1] if legs else ticket.legs[0]
            free = (ticket.missed_at or last.ended) if until is None else None
            found.append(_Stay(call, ticket, last, last.joined, free, None, came=False) if missed else None)
            continue
        free = leg.finished or leg.ended
        whole = free is not None and not leg.inaccurate and leg.window == call.window
        kept = seconds(call.time, free) - leg.held_s if whole else None
        found.append(_Stay(call, ticket, leg, leg.joined, free, kept, came=True))
    return found


def _leg_of(ticket: Ticket, call: CallMade, until: datetime | None) -> Leg | None:
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


def _onward(tickets: Iterable[Ticket], added: frozenset[tuple[str, str]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for ticket in tickets:
        for leg, then in pairwise(ticket.legs):
            was_unknown = leg.end in ("transfer", "redirect") or (ticket.label, then.service) in added
            if was_unknown and leg.called is not None:
                onward = found.setdefault(leg.service, {})
                onward[then.service] = onward.get(then.service, 0) + 1
    return found


def _windows(
    setup: Setup, day: clock.date, stays: Iterable[_Stay], shifts: Iterable[Shift]
) -> tuple[dict[str, list[int]], dict[str, AtWork]]:
    """Return each window's seconds between visits while somebody waited, and when it was at work."""
    by_window: dict[str, list[_Stay]] = {}
    for stay in sorted(stays, key=lambda s: (s.call.time, s.call.seq)):
        by_window.setdefault(stay.call.window, []).append(stay)
    paused: dict[str, list[tuple[datetime, datetime]]] = {}
    for shift in shifts:
        paused.setdefault(shift.window, []).extend(
            (p.start, p.end) for p in shift.pauses if p.end and seconds(p.start, p.end) >= BREAK_S
        )
    between: dict[str, list[int]] = {}
    windows: dict[str, AtWork] = {}
    for code, made in by_window.items():
        breaks = list(paused.get(code, ()))
        for stay, then in pairwise(made):
            if stay.free is None:
                continue
            gap, waited = seconds(stay.free, then.call.time), seconds(max(stay.free, then.joined), then.call.time)
            if gap < BREAK_S and then.joined <= stay.free and then.ticket.label != stay.ticket.label:
                between.setdefault(code, []).append(gap)
            elif BREAK_S <= gap <= LONGEST_BREAK_S and waited >= WAITED_S:
                breaks.append((stay.free, then.call.time))
        windows[code] = AtWork(
            first=_minute(setup, day, made[0].call.time),
            last=_minute(setup, day, made[-1].call.time),
            breaks=_joined([(_minute(setup, day, a), _minute(setup, day, b)) for a, b in breaks]),
        )
    return between, windows


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return spans in order, those that meet as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _half_hour(setup: Setup, day: clock.date, moment: datetime) -> int:
    return min(HALF_HOURS - 1, _minute(setup, day, moment) // HALF_HOUR_MIN)


def _minute(setup: Setup, day: clock.date, moment: datetime) -> int:
    return int(minute_of(setup, day, moment))


def minute_of(setup: Setup, day: clock.date, moment: datetime) -> float:
    """Return a moment as minutes since midnight of the hall's `day`."""
    local = setup.local(moment)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute + local.second / 60
