"""Turns the current hall into the numbers that a pass needs."""

from __future__ import annotations

import datetime as clock
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.appointment import Booked
from queuedesk.core.queue.dispatch import Rule, rule_of
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import InLine, Leg, State, Ticket
from queuedesk.core.queue.window import Window
from queuedesk.core.setup.values import Setup
from queuedesk.core.waits.estimates import CALLS_FOR_PACE, Estimates, Handling, Taken, guessed, handling_of, pace
from queuedesk.core.waits.estimation import usual_min
from queuedesk.core.waits.live import Live, LiveTicket, call_of, windows_of

VISITS_DIFFER, HALLS_DIFFER = 0.8, 0.25
"""How much visits of a hall differ, and how far a hall that is new may be from what is thought of it, both as
shares."""
SET_UP_WORTH = 20
"""The minutes of a set-up say as much of how long a service takes as so many visits, and as much of the hall as its
first day."""
GUESS_WORTH = 5
"""A guess about a service weighs as much as so many visits."""
BACK_MIN = 10.0
"""Who was put aside usually comes back after so long, and is not counted on after three times that."""
STILL_COMING_MIN = 5.0
SEEN_AHEAD_MIN = 60.0
"""Expected priority tickets are thought of no further than this, however much priority weighs."""
LAST_TURN = 1 << 62
HOUR, STEP_OF_HOUR = timedelta(hours=1), timedelta(minutes=10)
CAME_WORTH = 5.0
"""What is usual of priority tickets weighs as much as so many that came."""

_SERVED = frozenset({"finish", "transfer", "redirect"})


def live_of(
    state: HallState,
    now: datetime,
    *,
    silent: Mapping[str, Window] | None = None,
    waiting: Sequence[InLine] | None = None,
) -> Live:
    """Return the hall at `now`. `waiting` stand in line, if given, in place of those of `state`; `silent` as in
    windows_of()."""
    setup = state.setup_now
    if setup is None:
        raise ValueError("a hall without a set-up")
    day = max(business_date(setup, now), state.now.date or clock.date.min)
    seated = {w.staff: w.code for w in state.windows.values() if w.staff}
    if waiting is None:
        waiting = state.waiting()
    rule = rule_of(setup)
    tickets = tuple(_in_line(t, now, seated, rule) for t in waiting)
    visits = _visits(state, now, day)
    learned = _with_guesses(state.learned, setup, visits)
    at_windows = [t for w in state.windows.values() if w.ticket and (t := state.tickets.get(w.ticket))]
    return Live(
        tickets=tickets,
        windows=windows_of(
            state, now, day, learned=learned, pace=pace(visits, learned), waiting=tickets, silent=silent or {}
        ),
        learned=learned,
        services=tuple(setup.services),
        arrivals=_arrivals(state, setup, learned, now, day),
        normal_calls=state.now.normal_calls_on(day),
        jump_every=rule.jump_every,
        guard=rule.guard,
        follow_ups={t.id: t.steps for t in [*waiting, *at_windows] if isinstance(t, Ticket) and t.steps},
        returning=_returning(state, now),
        unknown=frozenset(code for code in setup.services if code not in learned.services),
        doubt=_doubt(state.learned, visits),
    )


def _doubt(learned: Estimates, visits: Sequence[Taken]) -> float:
    """Return the relative error of a usual visit's length: what few visits leave open, and what few days can't have
    shown yet."""
    told = learned.services.values()
    by_set_up = not learned.days and bool(told)
    seen = len([visit for visit in visits if visit.is_over])
    visits_each = (sum(one.n or SET_UP_WORTH for one in told) + seen) / max(1, len(told))
    days = 1 if by_set_up else learned.days
    return math.hypot(VISITS_DIFFER / math.sqrt(max(1.0, visits_each)), HALLS_DIFFER / (1 + days))


def _in_line(ticket: InLine, now: datetime, seated: Mapping[str, str], rule: Rule) -> LiveTicket:
    only: frozenset[str] | None = None
    held = 0.0
    if ticket.held_until is not None and ticket.held_until > now:
        if ticket.to_window is not None:
            only = frozenset({ticket.to_window})
        elif ticket.to_staff is not None:
            only = frozenset({seated[ticket.to_staff]} if ticket.to_staff in seated else ())
        held = _until(ticket.held_until, now)
    since = (ticket.since if isinstance(ticket, Ticket) else None) or ticket.place
    return LiveTicket(
        id=ticket.id,
        service=ticket.service,
        place_min=_until(ticket.place, now),
        turn=ticket.turn,
        overtaken=ticket.overtaken,
        credit_min=rule.credit_s(ticket) / 60,
        not_before_min=max(0.0, _until(ticket.not_before, now)) if ticket.not_before is not None else 0.0,
        only=only,
        held_min=held,
        since_min=min(0.0, _until(since, now)),
        redirected=isinstance(ticket, Ticket) and len(ticket.legs) > 1,
    )


def _visits(state: HallState, now: datetime, day: clock.date) -> list[Taken]:
    """Return the last visits called today that came, in order of their calls."""
    found: list[Taken] = []
    for call in reversed(state.calls):
        ticket = state.tickets.get((call.date, call.label)) if call.date == day else None
        if ticket is None:
            continue
        for leg in ticket.legs:
            if leg.window == call.window and leg.service == call.service and leg.called is not None:
                if _came(ticket, leg):
                    found.append(_taken(ticket, leg, now))
                break
        if len(found) == CALLS_FOR_PACE:
            break
    return found[::-1]


def _came(ticket: Ticket, leg: Leg) -> bool:
    """Whether this leg keeps, or kept, its window as its service does: not those who never came."""
    if leg.inaccurate or ticket.is_paper:
        return False
    if leg.end is not None or ticket.leg is not leg:
        return leg.end in _SERVED
    return ticket.state in (State.SERVING, State.CALLED)


def _taken(ticket: Ticket, leg: Leg, now: datetime) -> Taken:
    begun = call_of(ticket, leg) or now
    held_min = leg.held_s / 60
    since_call_min = max(0.0, (now - begun).total_seconds() / 60 - held_min)
    if leg.ended is None:
        return Taken(leg.service, leg.staff, since_call_min, since_call_min, False)
    kept_min = max(0.0, (leg.ended - begun).total_seconds() / 60 - held_min)
    return Taken(leg.service, leg.staff, kept_min, since_call_min, True)


def _with_guesses(learned: Estimates, setup: Setup, visits: Sequence[Taken]) -> Estimates:
    """Return `learned` with what the set-up and today's finished visits say of services that no earlier date taught."""
    guesses: dict[str, Handling] = {}
    for code, spec in setup.services.items():
        guess = learned.services.get(code)
        if guess is not None and guess.n:
            continue
        if guess is None and (minutes := usual_min(spec)) is not None:
            guess = guessed(minutes)
        own = [visit.kept_min for visit in visits if visit.service == code and visit.is_over]
        if guess is None and len(own) >= GUESS_WORTH:
            guesses[code] = handling_of(own)
        elif guess is not None:
            mean = (guess.mean_min * GUESS_WORTH + sum(own)) / (GUESS_WORTH + len(own))
            grown = mean / guess.mean_min if guess.mean_min > 0 else 1.0
            guesses[code] = replace(guess, mean_min=mean, var_min2=guess.var_min2 * grown**2)
    return replace(learned, services={**learned.services, **guesses}) if guesses else learned


def _arrivals(
    state: HallState, setup: Setup, learned: Estimates, now: datetime, day: clock.date
) -> tuple[LiveTicket, ...]:
    """Return the priority tickets that will probably come soon enough to pass somebody who waits, and today's
    appointments."""
    coming: list[tuple[float, str, float]] = []
    local = setup.local(now)
    half_hour = (local.hour * 60 + local.minute) // 30
    rule = rule_of(setup)
    more = _more_than_usual(state, learned, now, day)
    if learned.credit_min > 0:
        credit = rule.weighed_s(round(learned.credit_min * 60)) / 60
        for service, rates in learned.priority_per_hour.items():
            rate = more * rates[half_hour % len(rates)] if rates else 0.0
            if rate <= 0 or service not in setup.services:
                continue
            gap = 60 / rate
            at = gap / 2
            while at <= min(credit, SEEN_AHEAD_MIN) + 1:
                coming.append((at, service, credit))
                at += gap
    for one in state.appointments.values():
        at = _until(one.at, now)
        if one.date == day and one.state is Booked.BOOKED and at >= -STILL_COMING_MIN and one.service in setup.services:
            klass = setup.classes.get(one.klass)
            credit_s = klass.credit_minutes * 60 if klass is not None else 0
            coming.append((max(0.0, at), one.service, rule.weighed_s(credit_s) / 60))
    return tuple(
        LiveTicket(id=None, service=service, place_min=at, turn=LAST_TURN + n, credit_min=credit, expected=True)
        for n, (at, service, credit) in enumerate(sorted(coming), 1)
    )


def _more_than_usual(state: HallState, learned: Estimates, now: datetime, day: clock.date) -> float:
    """Return how many times as many priority tickets come today as usual, by those of the last hour."""
    calls = [c for c in state.calls[-CALLS_FOR_PACE:] if c.date == day]
    is_cut = len(state.calls) > len(calls) == CALLS_FOR_PACE  # Of who was called before those, not everybody is known.
    since = max(calls[0].time, now - HOUR) if is_cut else now - HOUR
    # Not who left without a call: whether a state still has them depends on when it was begun.
    came = [
        t
        for t in state.tickets.values()
        if t.credit_s > 0 and t.arrived >= since and t.date == day and (t.is_open or t.legs[0].called is not None)
    ]
    setup = state.setup_now
    if setup is None:
        return 1.0
    usual = 0.0
    at = since
    while at < now:
        local = setup.local(at)
        half_hour = (local.hour * 60 + local.minute) // 30
        step = min(STEP_OF_HOUR, now - at)
        usual += sum(r[half_hour] for r in learned.priority_per_hour.values() if r) * (step / HOUR)
        at += step
    return (len(came) + CAME_WORTH) / (usual + CAME_WORTH)


def _returning(state: HallState, now: datetime) -> tuple[tuple[str, float], ...]:
    found = []
    parked = State.PARKED
    for ticket in state.tickets.values():
        if ticket.state is parked:
            aside = -_until(ticket.since or now, now)
            if aside <= 3 * BACK_MIN:
                found.append((ticket.service, max(1.0, BACK_MIN - aside)))
    return tuple(sorted(found))


def _until(moment: datetime, now: datetime) -> float:
    return (moment - now).total_seconds() / 60
