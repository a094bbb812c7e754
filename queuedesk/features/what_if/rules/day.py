"""A recorded day as numbers, and one run of it: its people come again as they came, windows call by the hall's rule,
and what the record leaves open is drawn."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from statistics import fmean, median
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import LineWait, ReducedTimelineEvent, TicketStay, timeline_of_tickets_on_date
from queuedesk.core.queue import dispatch
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import LineTicket, Shift, Ticket, TicketState
from queuedesk.core.setup.rows import Setup

if TYPE_CHECKING:
    import numpy as np

LINE, LATE, ASIDE, WALK_UP = "line", "late", "aside", "walk_up"
"""How somebody comes to a window: called from a line, back after a missed call, taken back, served without a ticket."""

AWAY_MIN = 6.0
"""A window that calls nobody for longer although somebody waits is not at work, whatever its usual rest."""
LEAST_REST_MIN, USUAL_RESTS = 1 / 6, 3.0
"""Below that no rest is an absence; above so many times the window's median rest it is one."""
TOGETHER_MIN = 10.0
"""Absences of a window that called nobody between them are one where no more lies between."""
FEWEST_PASSED = 5
"""So many people of a line whom a window passed over by the hall's own order, without calling any of that line, say
that it does not serve the line."""
STAYS_ON_MIN = 15.0
"""A window that closed no earlier than this before the last ticket was given out stays until nobody waits."""
FEW_GAPS = 8
CLERK_SD, NOISE_SD = 0.18, 0.7
"""How much clerks differ in the time they take, and visits of one clerk, as standard deviations of logarithms."""
USUAL_MIN = 5.0


class VisitStep(Struct, frozen=True, kw_only=True):
    """One time at a window, and the way there. Minutes are since the hall's midnight, or lengths.

    `joined_min` and `waited_min` are as recorded, None where no wait counts. `kept_min` is how long the window was
    occupied, None for somebody never called there; `patience_min` is how long somebody waited before leaving,
    `seen_min` how long somebody waited who did not leave. `delay_min` is the time between the step before and the
    moment at which the window may take this one."""

    way: str
    service: str
    joined_min: float
    waited_min: float | None = None
    kept_min: float | None = None
    window: str | None = None
    staff: str | None = None
    patience_min: float | None = None
    seen_min: float = 0.0
    delay_min: float = 0.0
    counts: bool = True
    from_arrival: bool = False


class RecordedVisit(Struct, frozen=True, kw_only=True):
    """One customer's day; `lines` holds, by service, what the turn there depends on."""

    label: str
    arrived_min: float
    due_min: float
    steps: tuple[VisitStep, ...]
    lines: Mapping[str, LineTicket]


class ClerkTimeAtWindow(Struct, frozen=True, kw_only=True):
    """One clerk at one window from `start_min` to `end_min`; a clerk who `stays` goes on until nobody waits. `staff`
    None: a usual, unknown clerk."""

    window: str
    staff: str | None
    services: frozenset[str]
    start_min: float
    end_min: float
    breaks: tuple[tuple[float, float], ...] = ()
    stays: bool = False


class ClerkPace(Struct, frozen=True, kw_only=True):
    """How one clerk's times differ from the hall's, as a logarithm, and how certain that is."""

    mean: float = 0.0
    sd: float = CLERK_SD


class RecordedWindowAwaySpan(Struct, frozen=True, kw_only=True):
    """A time in which a window left people waiting for longer than its usual rest, in minutes since midnight; no pause
    of the record."""

    window: str
    start_min: float
    end_min: float


class UnservedServicesOfWindow(Struct, frozen=True, kw_only=True):
    """Services of a window by the set-up of which it called nobody, though it passed over `passed` of their people."""

    window: str
    services: tuple[str, ...]
    passed: int


class RecordedDay(Struct, frozen=True, kw_only=True):
    """What happened on `day`. `away` and `unable` are what the record does not say and its calls do.

    `gaps_min` are the minutes between one customer and the next call while somebody waited, `looks_min` those until an
    idle window called a new arrival; by window, "" for all. `patience_min` is the mean patience of those who wait, None
    where nobody left."""

    day: date
    setup: Setup
    visits: tuple[RecordedVisit, ...]
    posts: tuple[ClerkTimeAtWindow, ...]
    kept_min: Mapping[str, tuple[float, ...]]
    gaps_min: Mapping[str, tuple[float, ...]]
    looks_min: tuple[float, ...]
    paces: Mapping[str, ClerkPace]
    patience_min: float | None
    away: tuple[RecordedWindowAwaySpan, ...] = ()
    unable: tuple[UnservedServicesOfWindow, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def steps(self) -> list[VisitStep]:
        """Every step of every visit, in order."""
        return [step for visit in self.visits for step in visit.steps]


def recorded_day(state: HallState, log: Sequence[ReducedTimelineEvent], day: date) -> RecordedDay:
    """Return what the tables and the log hold of a past date. Raises RuleError "nothing_recorded",
    "no_window_was_open", "day_open"."""
    setup = set_up(state)
    tickets = {t.label: t for t in state.tickets.values() if t.date == day}
    shifts = [s for s in state.shifts.values() if s.date == day]
    if any(t.is_open for t in tickets.values()) or any(s.closed is None for s in shifts):
        raise RuleError("day_open", date=day)
    return _DayReader(setup, day, tickets, shifts, log).build_recorded_day()


class _DayReader:
    def __init__(
        self,
        setup: Setup,
        day: date,
        tickets: Mapping[str, Ticket],
        shifts: list[Shift],
        log: Sequence[ReducedTimelineEvent],
    ) -> None:
        self.setup, self.day, self.tickets = setup, day, tickets
        self.midnight = utc_moment_of_hall_minute(setup, day, 0)
        self.shifts = sorted(shifts, key=lambda s: (s.opened, s.id))
        told = timeline_of_tickets_on_date(log)
        self.stays: dict[str, list[TicketStay]] = defaultdict(list)
        self.spells: dict[str, list[LineWait]] = defaultdict(list)
        for stay in told.stays:
            self.stays[stay.label].append(stay)
        for spell in told.spells:
            self.spells[spell.label].append(spell)
        self.all_stays, self.all_spells = told.stays, told.spells
        self.places = {
            move.ticket: datetime.fromisoformat(move.data["place"])
            for move in log
            if move.kind == "issue" and move.data.get("place")
        }
        self.left_out: Counter[str] = Counter()
        self.rule = dispatch.call_order_rule_of_setup(setup)
        self.away: list[RecordedWindowAwaySpan] = []
        self.unable: list[UnservedServicesOfWindow] = []

    def build_recorded_day(self) -> RecordedDay:
        known = sorted(
            (t for t in self.tickets.values() if t.state is not TicketState.VOID), key=lambda t: (t.arrived, t.seq)
        )
        self.left_out["void"] = len(self.tickets) - len(known)
        visits = [visit for ticket in known if (visit := self._recorded_visit(ticket)) is not None]
        if not any(step.kept_min is not None for visit in visits for step in visit.steps):
            raise RuleError("nothing_recorded", date=self.day)
        gaps, looks, posts = self._rests_reactions_and_posts(visits)
        if not posts:
            raise RuleError("no_window_was_open", date=self.day)
        steps = [step for visit in visits for step in visit.steps]
        left = [s.patience_min for s in steps if s.patience_min is not None]
        waited = sum(s.patience_min if s.patience_min is not None else s.seen_min for s in steps)
        return RecordedDay(
            day=self.day,
            setup=self.setup,
            visits=tuple(visits),
            posts=tuple(posts),
            kept_min=_minutes_of_each_visit_by_service(steps),
            gaps_min=gaps,
            looks_min=looks,
            paces=_pace_by_clerk(steps),
            patience_min=waited / len(left) if left else None,
            away=tuple(self.away),
            unable=tuple(self.unable),
            left_out=+self.left_out,
            settings=self.setup.settings,
        )

    def _minutes_since_midnight(self, moment: datetime) -> float:
        return (moment - self.midnight).total_seconds() / 60

    # -- a visit ------------------------------------------------------------------------------------------------------

    def _recorded_visit(self, ticket: Ticket) -> RecordedVisit | None:
        steps = self._steps_of_ticket(ticket)
        if not steps:
            return None
        arrived = self._minutes_since_midnight(ticket.arrived)
        lines = {
            service: LineTicket(
                date=ticket.date,
                label=ticket.label,
                service=service,
                item=ticket.item if service == ticket.service else None,
                place=self.places.get(ticket.label, ticket.arrived),
                turn=ticket.seq,
                credit_s=ticket.credit_s,
                flags=ticket.flags,
            )
            for service in {step.service for step in steps}
        }
        due = self._minutes_since_midnight(ticket.not_before) if ticket.not_before is not None else arrived
        return RecordedVisit(
            label=ticket.label, arrived_min=arrived, due_min=max(arrived, due), steps=tuple(steps), lines=lines
        )

    def _steps_of_ticket(self, ticket: Ticket) -> list[VisitStep]:
        """Return what a ticket did, as steps; calls that were given back are taken as never made."""
        stays = [s for s in self.stays[ticket.label] if s.ended_by != "return"]
        spells = self._waits_without_returns(ticket)
        steps: list[VisitStep] = []
        before: TicketStay | None = None
        for stay in stays:
            own = [
                s for s in spells if s.start <= stay.start and (before is None or s.start >= (before.end or s.start))
            ]
            for spell in own:
                spells.remove(spell)
            steps.append(self._step_of_stay(ticket, stay, own, before))
            before = stay
        if (spells and not steps) or (spells and before is not None and ticket.state is TicketState.LEFT):
            steps.append(self._uncalled_step(ticket, spells, before))
        return steps

    def _waits_without_returns(self, ticket: Ticket) -> list[LineWait]:
        """Return when the ticket waited, without the moments at which a call was given back."""
        returned = {s.end for s in self.stays[ticket.label] if s.ended_by == "return"}
        return [s for s in self.spells[ticket.label] if s.start not in returned or s.start == ticket.arrived]

    def _step_of_stay(
        self, ticket: Ticket, stay: TicketStay, own: Sequence[LineWait], before: TicketStay | None
    ) -> VisitStep:
        service = self._service_of_stay(ticket, stay)
        start = self._minutes_since_midnight(stay.start)
        kept = (
            None
            if stay.end is None or stay.ended_by == "day-end"
            else max(0.0, self._minutes_since_midnight(stay.end) - start)
        )
        ended = (
            self._minutes_since_midnight(before.end)
            if before is not None and before.end is not None
            else self._minutes_since_midnight(ticket.arrived)
        )
        if not own:
            way = ASIDE if before is not None else WALK_UP
            return VisitStep(
                way=way,
                service=service,
                joined_min=start,
                kept_min=kept,
                window=stay.window,
                staff=stay.staff,
                delay_min=start - ended,
                counts=False,
            )
        late = before is not None and before.ended_by == "miss"
        redirected = before is not None and before.ended_by == "redirect"
        from_arrival = before is None or redirected
        joined = self._minutes_since_midnight(ticket.arrived) if from_arrival else ended
        return VisitStep(
            way=LATE if late else LINE,
            service=service,
            joined_min=joined,
            waited_min=start - joined,
            kept_min=kept,
            window=stay.window,
            staff=stay.staff,
            seen_min=start - self._minutes_since_midnight(own[0].start),
            delay_min=max(0.0, self._minutes_since_midnight(own[0].start) - ended) if late else 0.0,
            counts=not late and stay.ended_by != "redirect",
            from_arrival=from_arrival,
        )

    def _uncalled_step(self, ticket: Ticket, spells: Sequence[LineWait], before: TicketStay | None) -> VisitStep:
        """Return the step of somebody who waited and was never called: gone before, or still there at the day's end."""
        start, last = self._minutes_since_midnight(spells[0].start), spells[-1]
        waited = max(0.0, self._minutes_since_midnight(last.end) - start) if last.end is not None else 0.0
        walked_out = ticket.current_leg.end in ("leave", "defer")
        late = before is not None and before.ended_by == "miss"
        return VisitStep(
            way=LATE if late else LINE,
            service=last.service,
            joined_min=start,
            patience_min=waited if walked_out else None,
            seen_min=waited,
            delay_min=max(0.0, start - self._minutes_since_midnight(before.end))
            if late and before and before.end
            else 0.0,
            counts=not late,
            from_arrival=before is None,
        )

    @staticmethod
    def _service_of_stay(ticket: Ticket, stay: TicketStay) -> str:
        return ticket.legs[min(stay.leg, len(ticket.legs)) - 1].service

    # -- the windows --------------------------------------------------------------------------------------------------

    def _rests_reactions_and_posts(
        self, visits: Sequence[RecordedVisit]
    ) -> tuple[dict[str, tuple[float, ...]], tuple[float, ...], list[ClerkTimeAtWindow]]:
        last_arrival = max(visit.arrived_min for visit in visits)
        lines = _WaitsOfAllVisits(
            self.all_spells, {visit.label: visit for visit in visits}, self._minutes_since_midnight, self.rule
        )
        sittings = [self._window_session(shift, lines) for shift in self.shifts]
        rests = _WindowRestStatistics(sittings, lines)
        posts = [
            post for one in sittings if (post := self._post_from_session(one, lines, rests, last_arrival)) is not None
        ]
        return rests.rest_minutes_by_window(), tuple(sorted(rests.looks)) or (0.2,), posts

    def _window_session(self, shift: Shift, lines: _WaitsOfAllVisits) -> _RecordedShiftAtWindow:
        """Return a shift with its calls, and without services that its window did not serve by its calls."""
        stays = self._stays_in_shift(shift)
        served = {self._service_of_stay(self.tickets[s.label], s) for s in stays if s.label in self.tickets}
        able = self.setup.services_at_window(shift.window, shift.staff) | served
        calls = [
            (self._minutes_since_midnight(s.start), self._minutes_since_midnight(s.end or s.start), s.label)
            for s in stays
        ]
        passed = {service: lines.count_people_passed_over(service, calls) for service in sorted(able - served)}
        unable = {service: n for service, n in passed.items() if n >= FEWEST_PASSED}
        if unable:
            self.unable.append(
                UnservedServicesOfWindow(window=shift.window, services=tuple(unable), passed=sum(unable.values()))
            )
        return _RecordedShiftAtWindow(
            shift.window,
            shift.staff,
            services=frozenset(able - unable.keys()),
            start=self._minutes_since_midnight(shift.opened),
            end=self._minutes_since_midnight(shift.closed or shift.opened),
            pauses=tuple(
                (self._minutes_since_midnight(p.start), self._minutes_since_midnight(p.end or p.start))
                for p in shift.pauses
            ),
            calls=tuple((start, end) for start, end, _label in calls),
        )

    def _post_from_session(
        self, one: _RecordedShiftAtWindow, lines: _WaitsOfAllVisits, rests: _WindowRestStatistics, last_arrival: float
    ) -> ClerkTimeAtWindow | None:
        """Return who was at work when: pauses as recorded, and absences by the calls."""
        usual = rests.longest_usual_rest(one.window)
        away: list[tuple[float, float]] = []
        closed, stays_on = one.end, True
        for free, called in one.idle_times():
            absences = lines.window_absences(one, free, called, usual)
            since = lines.time_from_when_someone_waited(one.services, free, called)
            if called >= one.end and since is not None:
                stays_on = False
                if absences and absences[-1][1] >= called - usual:
                    closed, _end = absences.pop()
            away += absences
        self.away += [RecordedWindowAwaySpan(window=one.window, start_min=start, end_min=end) for start, end in away]
        if closed < one.end:
            self.away.append(RecordedWindowAwaySpan(window=one.window, start_min=closed, end_min=one.end))
        if closed <= one.start:
            return None
        breaks = sorted((start, end - start) for start, end in (*one.pauses, *away) if end > start)
        return ClerkTimeAtWindow(
            window=one.window,
            staff=one.staff,
            services=one.services,
            start_min=one.start,
            end_min=closed,
            breaks=tuple(breaks),
            stays=stays_on and closed >= last_arrival - STAYS_ON_MIN,
        )

    def _stays_in_shift(self, shift: Shift) -> list[TicketStay]:
        closed = shift.closed or shift.opened
        return [s for s in self.all_stays if s.window == shift.window and shift.opened <= s.start < closed]


class _RecordedShiftAtWindow(Struct, frozen=True):
    """A shift in minutes since midnight; `calls` are from call to the window's being free again."""

    window: str
    staff: str | None
    services: frozenset[str]
    start: float
    end: float
    pauses: tuple[tuple[float, float], ...]
    calls: tuple[tuple[float, float], ...]

    def idle_times(self) -> Iterator[tuple[float, float]]:
        """Yield the times between customers, from the opening to the closing."""
        free = self.start
        for start, end in self.calls:
            yield free, start
            free = max(free, end)
        yield free, max(free, self.end)


class _WindowRestStatistics:
    """How long windows usually rest while somebody waits: between customers, and before they see a new arrival."""

    def __init__(self, sittings: Sequence[_RecordedShiftAtWindow], lines: _WaitsOfAllVisits) -> None:
        self._found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
        for one in sittings:
            for free, called in list(one.idle_times())[:-1]:
                since = lines.time_from_when_someone_waited(one.services, free, called)
                if since is not None and not _total_overlap(one.pauses, since, called):
                    self._found[one.window].append((called - since, since > free))
        everywhere = [rest for own in self._found.values() for rest, _new in own]
        self._hall = _longest_usual_rest(everywhere)
        self.looks = [
            rest
            for code, own in self._found.items()
            for rest, new in own
            if new and rest <= self.longest_usual_rest(code)
        ]

    def longest_usual_rest(self, window: str) -> float:
        """Return the longest that this window usually rests, in minutes."""
        own = [rest for rest, _new in self._found.get(window, ())]
        return _longest_usual_rest(own) if len(own) >= FEW_GAPS else self._hall

    def rest_minutes_by_window(self) -> dict[str, tuple[float, ...]]:
        """Return the rests between customers by window, and of all as ""."""
        own = {
            code: tuple(sorted(rest for rest, new in found if not new and rest <= self.longest_usual_rest(code)))
            for code, found in self._found.items()
        }
        everywhere = tuple(sorted(rest for found in own.values() for rest in found))
        return {code: found for code, found in own.items() if len(found) >= FEW_GAPS} | {"": everywhere or (0.3,)}


def _longest_usual_rest(rests: Sequence[float]) -> float:
    return min(AWAY_MIN, max(LEAST_REST_MIN, USUAL_RESTS * median(rests))) if rests else AWAY_MIN


class _WaitsOfAllVisits:
    """Who waited when, to see since when a window left somebody waiting."""

    def __init__(
        self,
        spells: Iterable[LineWait],
        visits: Mapping[str, RecordedVisit],
        minutes: Callable[[datetime], float],
        rule: dispatch.CallOrderRule,
    ) -> None:
        self._by_service: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
        self._visits, self._rule = visits, rule
        for spell in spells:
            if spell.to_window is not None or spell.to_staff is not None or spell.end is None:
                continue
            start, end = minutes(spell.start), minutes(spell.end)
            if (visit := visits.get(spell.label)) is not None:
                start = max(start, visit.due_min)  # nobody may call an appointment before its time
            if start < end:
                self._by_service[spell.service].append((start, end, spell.label))
        for own in self._by_service.values():
            own.sort()
        self._longest = {code: max(end - start for start, end, _l in own) for code, own in self._by_service.items()}

    def _waits_overlapping(self, service: str, start: float, end: float) -> Iterator[tuple[float, float, str]]:
        """Yield from, to and ticket of those who waited for a service at any moment of the time given."""
        own = self._by_service.get(service, [])
        first = bisect_left(own, (start - self._longest.get(service, 0.0) - 1e-6,))
        for one in own[first : bisect_left(own, (end,))]:
            if one[1] > start:
                yield one

    def time_from_when_someone_waited(self, services: Iterable[str], free: float, until: float) -> float | None:
        """Return from when on, not before `free`, somebody for one of `services` waited who was still there at
        `until`."""
        starts = (
            start
            for code in services
            for start, end, _l in self._waits_overlapping(code, free, until)
            if end >= until - 1e-6
        )
        first = min(starts, default=math.inf)
        return max(free, first) if first < until else None

    def window_absences(
        self, one: _RecordedShiftAtWindow, free: float, called: float, usual: float
    ) -> list[tuple[float, float]]:
        """Return when, from `free` until `called`, the window left people of its lines waiting for longer than its
        usual rest, recorded pauses apart."""
        spans = [
            (max(start, free), min(end, called))
            for code in one.services
            for start, end, _label in self._waits_overlapping(code, free, called)
        ]
        found: list[tuple[float, float]] = []
        for start, end in sorted(spans):
            if end - start - _total_overlap(one.pauses, start, end) <= usual:
                continue
            if found and start - found[-1][1] <= TOGETHER_MIN:
                found[-1] = found[-1][0], max(found[-1][1], end)
            else:
                found.append((start, end))
        return [part for span in found for part in _span_parts_outside_pauses(span, one.pauses)]

    def count_people_passed_over(self, service: str, calls: Iterable[tuple[float, float, str]]) -> int:
        """Return how many people of a line, first by the hall's order, stood there while a window called others."""
        found: set[str] = set()
        for at, _end, label in calls:
            called = self._call_order_key(label)
            for start, end, other in self._waits_overlapping(service, at - 1e-6, at):
                place = self._call_order_key(other)
                if called and place and start < at - LEAST_REST_MIN and end > at and place < called:
                    found.add(other)
        return len(found)

    def _call_order_key(self, label: str) -> tuple[datetime, datetime, int] | None:
        visit = self._visits.get(label)
        return self._rule.ticket_sort_key(next(iter(visit.lines.values()))) if visit and visit.lines else None


def _span_parts_outside_pauses(
    span: tuple[float, float], pauses: Iterable[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return what of a span lies in no pause."""
    found, start = [], span[0]
    for first, last in sorted(pauses):
        if first < span[1] and last > start:
            found.append((start, first))
            start = last
    found.append((start, span[1]))
    return [(a, b) for a, b in found if b > a]


def _total_overlap(spans: Iterable[tuple[float, float]], start: float, end: float) -> float:
    return sum(max(0.0, min(end, b) - max(start, a)) for a, b in spans)


# -- what the record does not say ----------------------------------------------------------------------------------


def _minutes_of_each_visit_by_service(steps: Iterable[VisitStep]) -> dict[str, tuple[float, ...]]:
    """Return how long visits of each service kept a window, ordered; those of a missed call are not among them."""
    found: dict[str, list[float]] = defaultdict(list)
    for step in steps:
        if step.kept_min is not None and step.way == LINE and step.counts:
            found[step.service].append(step.kept_min)
    everything = sorted(one for own in found.values() for one in own)
    return {code: tuple(sorted(own)) for code, own in found.items()} | {"": tuple(everything) or (USUAL_MIN,)}


def _pace_by_clerk(steps: Sequence[VisitStep]) -> dict[str, ClerkPace]:
    """Return each clerk's pace by empirical Bayes on the logarithms of what visits took against their service's
    mean."""
    logs: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for step in steps:
        if step.staff is not None and step.kept_min is not None and step.counts and step.kept_min > 0.05:
            logs[step.service].append((step.staff, math.log(step.kept_min)))
    rest: dict[str, list[float]] = defaultdict(list)
    for own in logs.values():
        mean = fmean(value for _, value in own)
        for staff, value in own:
            rest[staff].append(value - mean)
    paces = {}
    for staff, values in rest.items():
        weight = CLERK_SD**2 / (CLERK_SD**2 + NOISE_SD**2 / len(values))
        paces[staff] = ClerkPace(mean=weight * fmean(values), sd=CLERK_SD * math.sqrt(1 - weight))
    return paces


# -- the lines of a hall that is played again: who is in them, and whom the hall's rule gives to a window ------------

_Entry = tuple[datetime, int, str, LineTicket]


class WaitingLines:
    """Everybody who waits. Tickets of one service, one item and one credit are in one line by place, which is also
    their order by key: so the rule's choice is the first of one of these lines, and only those are given to it."""

    def __init__(self, rule: dispatch.CallOrderRule) -> None:
        self._rule = rule
        self._overtaken: dict[str, int] = {}
        self._normal_calls: int | None = None
        self._tickets: dict[str, LineTicket] = {}
        self._lines: dict[str, dict[tuple[str | None, int], list[_Entry]]] = {}

    def add_ticket(self, ticket: LineTicket) -> None:
        """Let a ticket wait that is in no line yet."""
        self._tickets[ticket.label] = ticket
        credit = ticket.credit_s if ticket.has_credit else -1
        line = self._lines.setdefault(ticket.service, {}).setdefault((ticket.item, credit), [])
        heappush(line, (*ticket.place_and_turn, ticket.label, ticket))

    def remove_uncalled_ticket(self, label: str) -> None:
        """Remove a ticket that was not called."""
        del self._tickets[label]

    def waiting_tickets(self, services: Iterable[str] | None = None) -> list[LineTicket]:
        """Return those who wait, for one of `services` if given, by place less credit."""
        wanted = None if services is None else frozenset(services)
        return sorted(
            (t for t in self._tickets.values() if wanted is None or t.service in wanted), key=self._rule.ticket_sort_key
        )

    def call_next_ticket(
        self, services: Iterable[str], first: dispatch.WindowPreferences | None = None
    ) -> LineTicket | None:
        """Remove and return the rule's choice for a window with `services` that takes `first` first; None when nobody
        waits for it."""
        # How many stand before somebody of a clerk's language, the heads of the lines alone don't tell.
        able = self.waiting_tickets(services) if first is not None and first.languages else self.line_heads(services)
        choice = dispatch.choose_next_ticket(
            self._heads_with_overtaken_counts(able), self._normal_calls, self._rule, first
        )
        if choice is None:
            return None
        self._normal_calls = dispatch.normal_calls_after_call(self._normal_calls, choice.ticket)
        del self._tickets[choice.ticket.label]
        if choice.why or (choice.jump and (self._rule.guard or first is not None)):
            for late in dispatch.tickets_overtaken_by(self.waiting_tickets(services), choice.ticket):
                self._overtaken[late.label] = self._overtaken.get(late.label, 0) + 1
        return choice.ticket

    def _heads_with_overtaken_counts(self, heads: list[LineTicket]) -> list[LineTicket]:
        """Return them with how often each was overtaken here, where guard or those taken first ask for it."""
        if not (self._rule.guard or self._overtaken):
            return heads
        return [replace(ticket, overtaken=self._overtaken.get(ticket.label, 0)) for ticket in heads]

    def line_heads(self, services: Iterable[str]) -> list[LineTicket]:
        """Return the first of every line for `services`."""
        found = []
        for service in services:
            for line in self._lines.get(service, {}).values():
                while line:
                    ticket = line[0][3]
                    if self._tickets.get(ticket.label) is ticket:
                        found.append(ticket)
                        break
                    heappop(line)
        return found


LEFT, UNCALLED = -1.0, -2.0
"""What stands for the wait of who went away, and of who was never called."""
EARLY_BREAK_MIN, EARLY_SHARE = 2.0, 0.25
"""A clerk whose break is that near, in minutes and in its own length, does not call another customer before it."""
LAST_MIN = 36 * 60.0


class RandomDraws(Struct, frozen=True):
    """What the record does not say, drawn once for both variants of a day: by step, and the clerks' paces. `patience`
    are factors with mean 1, `kept`, `gap` and `look` lie in 0..1 and select one of the recorded values."""

    patience: Sequence[float]
    kept: Sequence[float]
    gap: Sequence[float]
    look: Sequence[float]
    paces: dict[str | None, float]


def draw_random_numbers(day: RecordedDay, staff: Sequence[str | None], rng: np.random.Generator) -> RandomDraws:
    """Draw one run's random numbers. `staff` are all clerks that either variant of the day may need."""
    n = len(day.steps)
    usual = float(rng.standard_normal())
    paces: dict[str | None, float] = {None: math.exp(CLERK_SD * usual)}
    for code in sorted({one for one in staff if one is not None}):
        own = day.paces.get(code)
        shift = float(rng.standard_normal())
        paces[code] = math.exp(own.mean + own.sd * shift) if own is not None else math.exp(CLERK_SD * shift)
    return RandomDraws(
        patience=rng.exponential(size=n).tolist(),
        kept=rng.random(n).tolist(),
        gap=rng.random(n).tolist(),
        look=rng.random(n).tolist(),
        paces=paces,
    )


class RunOutcome(Struct, frozen=True):
    """What became of every step: minutes waited, LEFT or UNCALLED; and when the last one was called."""

    waits: list[float]
    last_call_min: float


def run_day(day: RecordedDay, draws: RandomDraws) -> RunOutcome:
    """Return what becomes of `day` with `draws`. The same day and draws give the same outcome."""
    return _SimulatedRun(day, draws).run_simulation()


_FREE, _CALLING, _IDLE, _BUSY, _AWAY, _GONE = range(6)
_ARRIVES, _LOOKS, _DONE, _BACK, _BREAK, _LEAVES, _READY, _OPENS, _ENDS = range(9)


class _SimulatedWindowPost:
    """A post as it stands in a run."""

    __slots__ = ("breaks", "post", "rank", "since", "state")

    def __init__(self, post: ClerkTimeAtWindow) -> None:
        self.post = post
        self.state = _GONE
        self.since = 0.0
        self.breaks = list(post.breaks)
        self.rank = len(post.services)


class _SimulatedRun:
    def __init__(self, day: RecordedDay, draws: RandomDraws) -> None:
        self.day, self.draws = day, draws
        self.visits = day.visits
        self.first: list[int] = []
        total = 0
        for visit in day.visits:
            self.first.append(total)
            total += len(visit.steps)
        self.waits = [UNCALLED] * total
        self.joined = [0.0] * total
        self.events: list[tuple[float, int, int, int, int]] = []
        self.count = 0
        self.rule = dispatch.call_rule_from_settings(day.settings)
        self.lines = WaitingLines(self.rule)
        self.has_firsts = bool(day.setup.staff_languages) or any(one.quick for one in day.setup.windows.values())
        self.waiting: dict[str, tuple[int, int]] = {}
        self.asides: list[tuple[float, int, int]] = []
        self.desks = [_SimulatedWindowPost(post) for post in day.posts]
        self.windows = {post.window for post in day.posts}
        self.mean_patience = day.patience_min
        self.last_call = 0.0
        self.midnight = utc_moment_of_hall_minute(day.setup, day.day, 0)

    def run_simulation(self) -> RunOutcome:
        for i, visit in enumerate(self.visits):
            self._schedule_event(visit.arrived_min, _ARRIVES, i, 0)
        for n, desk in enumerate(self.desks):
            self._schedule_event(desk.post.start_min, _OPENS, n, 0)
        events = self.events
        while events:
            now, _, kind, a, b = heappop(events)
            if now > LAST_MIN:
                break
            self._process_event(now, kind, a, b)
        return RunOutcome(self.waits, self.last_call)

    def _schedule_event(self, at: float, kind: int, a: int, b: int) -> None:
        self.count += 1
        heappush(self.events, (at, self.count, kind, a, b))

    def _process_event(self, now: float, kind: int, a: int, b: int) -> None:
        if kind == _ARRIVES:
            self._arrive_at_step(now, a, b)
        elif kind == _LOOKS:
            self._call_next_customer(now, a)
        elif kind == _DONE:
            self._finish_customer(now, a, b)
        elif kind == _LEAVES:
            self._leave_line(a, b)
        elif kind == _READY:
            self.asides.append((now, a, b))
            self._alert_idle_window(now, self.visits[a].steps[b].service, self.first[a] + b)
        else:
            self._process_post_event(now, kind, a)

    def _process_post_event(self, now: float, kind: int, n: int) -> None:
        desk = self.desks[n]
        if kind == _OPENS:
            for start, _length in desk.breaks:
                self._schedule_event(max(start, now), _BREAK, n, 0)
            if not desk.post.stays:
                self._schedule_event(desk.post.end_min, _ENDS, n, 0)
            self._continue_after_customer(now, n, 0.0)
        elif kind == _BACK and desk.state == _AWAY:
            self._continue_after_customer(now, n, 0.0)
        elif kind == _BREAK and desk.state in (_IDLE, _CALLING):
            was_called = desk.state == _CALLING
            self._take_due_breaks(now, n)
            if was_called:
                self._alert_idle_windows_for_waiting(now)
        elif kind == _ENDS and desk.state in (_IDLE, _CALLING):
            was_called = desk.state == _CALLING
            desk.state = _GONE
            if was_called:
                self._alert_idle_windows_for_waiting(now)

    # -- people ---------------------------------------------------------------------------------------------------

    def _arrive_at_step(self, now: float, i: int, j: int) -> None:
        """Let visit `i` come to its step `j`."""
        visit = self.visits[i]
        if j >= len(visit.steps):
            return
        step, at = visit.steps[j], self.first[i] + j
        if step.way in (WALK_UP, ASIDE):
            self._schedule_event(now + step.delay_min, _READY, i, j) if step.delay_min > 0 else self._process_event(
                now, _READY, i, j
            )
            return
        if step.way == LATE and self.joined[at] == 0.0:
            self.joined[at] = now + step.delay_min
            self._schedule_event(now + step.delay_min, _ARRIVES, i, j)
            return
        if now < visit.due_min:
            self._schedule_event(visit.due_min, _ARRIVES, i, j)
            return
        self.joined[at] = visit.arrived_min if step.from_arrival else now
        ticket = visit.lines[step.service]
        if step.way == LATE:
            ticket = self._ticket_placed_as_late_comer(ticket, now)
        self.waiting[ticket.label] = (i, j)
        self.lines.add_ticket(ticket)
        patience = self._patience_minutes(step, at)
        if patience is not None:
            self._schedule_event(now + patience, _LEAVES, i, j)
        self._alert_idle_window(now, step.service, at)

    def _patience_minutes(self, step: VisitStep, at: int) -> float | None:
        if step.patience_min is not None:
            return step.patience_min
        return None if self.mean_patience is None else step.seen_min + self.mean_patience * self.draws.patience[at]

    def _ticket_placed_as_late_comer(self, ticket: LineTicket, now: float) -> LineTicket:
        """Return the ticket at the place of a late-comer: behind the second whom a window for its service could
        call."""
        able: set[str] = {ticket.service}
        for desk in self.desks:
            if ticket.service in desk.post.services and desk.state != _GONE:
                able |= desk.post.services
        place, turn = dispatch.late_comer_place(
            self.lines.waiting_tickets(able), self.midnight + timedelta(minutes=now), ticket.turn, self.rule
        )
        return replace(ticket, place=place, turn=turn, has_credit=False)

    def _leave_line(self, i: int, j: int) -> None:
        label = self.visits[i].label
        if self.waiting.get(label) == (i, j):
            del self.waiting[label]
            self.lines.remove_uncalled_ticket(label)
            self.waits[self.first[i] + j] = LEFT

    # -- windows --------------------------------------------------------------------------------------------------

    def _alert_idle_window(self, now: float, service: str, at: int) -> None:
        """Somebody waits for `service`: the idle window with the fewest services sees it, of those the longest idle."""
        best = -1
        rank = (0, 0.0)
        for n, desk in enumerate(self.desks):
            if desk.state == _IDLE and service in desk.post.services:
                own = (desk.rank, desk.since)
                if best < 0 or own < rank:
                    best, rank = n, own
        if best >= 0:
            self.desks[best].state = _CALLING
            self._schedule_event(now + _value_at_share(self.day.looks_min, self.draws.look[at]), _LOOKS, best, 0)

    def _alert_idle_windows_for_waiting(self, now: float) -> None:
        for i, j in list(self.waiting.values()):
            self._alert_idle_window(now, self.visits[i].steps[j].service, self.first[i] + j)

    def _continue_after_customer(self, now: float, n: int, gap: float) -> None:
        """The window has no customer any more: a break that is due, the end of its shift, or the next call."""
        desk = self.desks[n]
        if desk.breaks and _is_break_due(desk.breaks[0], now):
            self._take_due_breaks(now, n)
        elif not desk.post.stays and now >= desk.post.end_min:
            desk.state = _GONE
        else:
            desk.state = _CALLING
            self._schedule_event(now + gap, _LOOKS, n, 0)

    def _take_due_breaks(self, now: float, n: int) -> None:
        desk = self.desks[n]
        length = 0.0
        while desk.breaks and _is_break_due(desk.breaks[0], now):
            length += desk.breaks.pop(0)[1]
        if length:
            desk.state = _AWAY
            self._schedule_event(now + length, _BACK, n, 0)
        elif desk.state == _CALLING:
            self._call_next_customer(now, n)

    def _call_next_customer(self, now: float, n: int) -> None:
        desk = self.desks[n]
        if desk.state != _CALLING:
            return
        if self.asides and (found := self._pop_returning_visit(desk)) is not None:
            self._serve_visit(now, n, *found)
            return
        first = None
        if self.has_firsts:
            moment = self.midnight + timedelta(minutes=now)
            first = dispatch.window_preferences_at(self.day.setup, desk.post.window, desk.post.staff, moment)
        ticket = self.lines.call_next_ticket(desk.post.services, first)
        if ticket is None:
            desk.state, desk.since = _IDLE, now
            return
        i, j = self.waiting.pop(ticket.label)
        at = self.first[i] + j
        self.waits[at] = now - self.joined[at]
        self.last_call = max(self.last_call, now)
        self._serve_visit(now, n, i, j)

    def _pop_returning_visit(self, desk: _SimulatedWindowPost) -> tuple[int, int] | None:
        """Return who comes back to this window, or to any where the own one is not there this time."""
        for k, (_ready, i, j) in enumerate(self.asides):
            step = self.visits[i].steps[j]
            own = step.window if step.window in self.windows else None
            if own == desk.post.window or (own is None and step.service in desk.post.services):
                del self.asides[k]
                return i, j
        return None

    def _serve_visit(self, now: float, n: int, i: int, j: int) -> None:
        desk = self.desks[n]
        desk.state = _BUSY
        step, at = self.visits[i].steps[j], self.first[i] + j
        pace = self.draws.paces
        if step.kept_min is None:
            table = self.day.kept_min.get(step.service) or self.day.kept_min[""]
            kept = _value_at_share(table, self.draws.kept[at]) * pace[desk.post.staff]
        elif step.staff == desk.post.staff:
            kept = step.kept_min
        else:
            kept = step.kept_min * pace[desk.post.staff] / pace.get(step.staff, 1.0)
        self._schedule_event(now + kept, _DONE, n, at)
        self._schedule_event(now + kept, _ARRIVES, i, j + 1)

    def _finish_customer(self, now: float, n: int, at: int) -> None:
        gaps = self.day.gaps_min
        table = gaps.get(self.desks[n].post.window) or gaps[""]
        self._continue_after_customer(now, n, _value_at_share(table, self.draws.gap[at]))


def _value_at_share(table: Sequence[float], u: float) -> float:
    return table[min(len(table) - 1, int(u * len(table)))]


def _is_break_due(away: tuple[float, float], now: float) -> bool:
    start, length = away
    return start <= now + min(EARLY_BREAK_MIN, EARLY_SHARE * length)
