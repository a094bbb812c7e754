"""The wait that may be told: to somebody who asks, with a ticket, and for all lines in a while."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import rule_of
from queuedesk.core.queue.line import (
    NO_FIGURES,
    NO_WINDOW_OPEN,
    NOT_REACHED,
    NoWait,
    Standing,
    Wait,
    ahead_of,
    line_of,
    printed_range,
)
from queuedesk.core.queue.ticket import InLine, Promise, Ticket
from queuedesk.core.queue.window import Window, WindowState
from queuedesk.core.waits.estimates import Estimates
from queuedesk.core.waits.live import Forecast, Live, LiveTicket, Turn
from queuedesk.core.waits.live_state import live_of
from queuedesk.core.waits.observations import TEACHES_S, out_of_turn
from queuedesk.core.waits.schedule import forecast
from queuedesk.core.waits.tracker import Outcome, Tracker, advance, on_day


@dataclass(frozen=True, slots=True)
class Seen:
    """The hall in numbers at one moment and what one pass over it found."""

    live: Live
    forecast: Forecast


def seen_now(state: HallState, now: datetime) -> Seen:
    """Return what a pass over `state` finds; one pass serves everybody who asks within the same second of an unchanged
    hall."""
    key = (state.now.seq, int(now.timestamp()), id(state.learned), id(state.setup_now))
    kept: tuple[tuple[int, ...], Seen] | None = state.seen
    if kept is not None and kept[0] == key:
        return kept[1]
    live = live_of(state, now)
    seen = Seen(live, forecast(live))
    state.seen = (key, seen)
    return seen


def seen_with(
    state: HallState, waiting: Sequence[InLine], now: datetime, silent: Mapping[str, Window] | None = None
) -> Seen:
    """Return what a pass finds with `waiting` in line, in place of those who wait in `state`."""
    live = live_of(state, now, silent=silent, waiting=waiting)
    return Seen(live, forecast(live))


def wait_of(seen: Seen, service: str, turn: Turn | None, tracker: Tracker) -> Wait | NoWait:
    """Return the wait that may be told of `turn`, somebody's for `service`."""
    able = [w for w in seen.live.windows if service in w.services]
    if not any(w.is_sure for w in able):
        return NO_WINDOW_OPEN
    if turn is None:
        return NOT_REACHED
    if turn.at_min > 0 and is_guesswork(seen.live, service):
        return NO_FIGURES
    low, high = printed_range(*tracker.range_min(turn.at_min, turn.sd_min))
    return Wait(low=low, high=high, point_s=round(turn.at_min * 60))


def is_guesswork(live: Live, service: str) -> bool:
    """Whether a window of this line has to serve somebody first of whose service nobody knows how long it takes."""
    if not live.unknown:
        return False
    able = [w for w in live.windows if service in w.services]
    asked = {t.service for t in live.tickets} & frozenset[str]().union(*(w.services for w in able))
    asked |= {w.now_serving for w in able if w.now_serving is not None}
    return bool(asked & live.unknown)


# The promise made when a ticket is issued: the range, and what it is made of.

PLACES = 6
"""Decimals of a bound in the log."""


def promised(
    state: HallState, ticket: InLine, now: datetime, silent: Mapping[str, Window] | None = None
) -> tuple[Standing, Promise]:
    """Return where a ticket stands that is issued now, and what it is promised; `state` is the hall just before.

    `silent` are windows that stand as they are there, though the hall holds them for closed.
    """
    setup = state.setup_now
    if setup is None:
        raise ValueError("a hall without a set-up")
    tracker = _rounded(tracker_now(state, now, ticket.date))
    waiting = [*state.waiting(), ticket]
    seen = seen_with(state, waiting, now, silent)
    turn = seen.forecast.turns.get(ticket.id)
    wait = wait_of(seen, ticket.service, turn, tracker)
    line = line_of(setup, {**state.windows, **(silent or {})}.values(), ticket.service)
    ahead = ahead_of(
        ticket,
        line,
        waiting,
        normal_calls=state.now.normal_calls_on(ticket.date),
        rule=rule_of(setup),
        now=now,
    )
    if isinstance(wait, NoWait) or turn is None:
        reason = wait.reason if isinstance(wait, NoWait) else None
        return Standing(ahead, wait), Promise(ahead=ahead, reason=reason)
    windows = sum(w.state is WindowState.OPEN for w in line.windows)
    promise = Promise(
        ahead=ahead,
        low=wait.low,
        high=wait.high,
        point_s=wait.point_s,
        sd_s=round(turn.sd_min * 60),
        naive_s=naive_s(ahead, seen.live.learned, windows),
        bounds=(f"{tracker.low:.{PLACES}f}", f"{tracker.high:.{PLACES}f}"),
    )
    return Standing(ahead, wait), promise


def naive_s(ahead: int, learned: Estimates, windows: int) -> int | None:
    """Return the wait as people ahead × a usual visit ÷ open windows; None where there is no window or no visit is
    known."""
    known = [h for h in learned.services.values() if h.mean_min > 0]
    if not windows or not known:
        return None
    weights = [max(1, h.n) for h in known]
    usual = sum(w * h.mean_min for w, h in zip(weights, known, strict=True)) / sum(weights)
    return round(ahead * usual * 60 / windows)


def tracker_now(state: HallState, now: datetime, day: clock.date) -> Tracker:
    """Return the bounds after what became known since the last promise: of who was called, and of whose range has
    passed."""
    tracker = on_day(state.tracker, day, state.learned.low, state.learned.high)
    if tracker.date != day or tracker.at is None:
        return tracker
    waiting = [t for t in state.waiting() if t.date == day and _still_open(t)]
    outcomes = sorted(
        [*_called(state, tracker, tracker.at, day), *_passed(waiting, tracker.at, now)], key=lambda one: one[0]
    )
    return advance(tracker, [outcome for _, outcome in outcomes], len(waiting))


def _still_open(ticket: Ticket) -> bool:
    return len(ticket.legs) == 1 and ticket.legs[0].called is None and teaches(ticket)


def teaches(ticket: Ticket) -> bool:
    """Whether it shows how good a ticket's promise was when it is called: not of who was to be called at once, or chose
    to wait longer."""
    promise = ticket.promise
    return promise.high is not None and (promise.point_s or 0) >= TEACHES_S and not ticket.postponed


def _called(state: HallState, tracker: Tracker, since: datetime, day: clock.date) -> Iterator[tuple[datetime, Outcome]]:
    since_then = takewhile(lambda one: one.seq > tracker.upto, reversed(state.overtakes))
    overtakes = [one for one in since_then if one.date == day]
    concerned = [state.tickets.get((day, label)) for one in overtakes for label in (one.by, one.label)]
    astray = out_of_turn(overtakes, {t.label: t.legs[0].service for t in concerned if t is not None})
    for call in reversed(state.calls):
        if call.seq <= tracker.upto:
            return
        ticket = state.tickets.get((call.date, call.label))
        if (
            ticket is None
            or call.label in astray
            or call.date != day
            or ticket.legs[0].called != call.time
            or not teaches(ticket)
        ):
            continue
        low, high = _ends(ticket)
        if call.time <= high:
            yield call.time, Outcome(early=call.time < low, late=False)
        else:
            yield call.time, Outcome(early=False, late=True if high > since else None)


def _passed(waiting: list[Ticket], since: datetime, now: datetime) -> Iterator[tuple[datetime, Outcome]]:
    for ticket in waiting:
        high = _ends(ticket)[1]
        if since < high <= now:
            yield high, Outcome(late=True)


def _ends(ticket: Ticket) -> tuple[datetime, datetime]:
    promise = ticket.promise
    return (
        ticket.arrived + timedelta(minutes=promise.low or 0),
        ticket.arrived + timedelta(minutes=promise.high or 0),
    )


def _rounded(tracker: Tracker) -> Tracker:
    """Return the bounds as the log writes them, so that the range follows from what stands there."""
    return Tracker(low=round(tracker.low, PLACES), high=round(tracker.high, PLACES), upto=tracker.upto)


# How long the lines will be in a while: one more pass, with the people who will probably come.

LAST_TURN = 1 << 61


def lines_after(live: Live, expected: Mapping[str, float], minutes: float) -> dict[str, int]:
    """Return for each service how many will stand in its line `minutes` from now; `expected` is how many come for it
    until then."""
    coming = [ticket for service in live.services for ticket in _coming(service, expected.get(service, 0.0), minutes)]
    # Expected priority tickets are among those who come: they are not counted twice.
    arrivals = tuple(sorted(coming, key=lambda ticket: (ticket.place_min, ticket.turn)))
    turns = forecast(replace(live, arrivals=arrivals)).turns
    lines = dict.fromkeys(live.services, 0)
    for ticket in (*live.tickets, *arrivals):
        turn = turns.get(ticket.id) if ticket.id is not None else None
        if ticket.service in lines and (turn is None or turn.at_min > minutes):
            lines[ticket.service] += 1
    return lines


def _coming(service: str, mean: float, minutes: float) -> list[LiveTicket]:
    """Return as many tickets as come on average, evenly spread."""
    n = round(mean)
    return [
        LiveTicket(
            id=(date.max, f"{service}+{k}"),
            service=service,
            place_min=minutes * (k + 0.5) / n,
            not_before_min=minutes * (k + 0.5) / n,
            turn=LAST_TURN + k,
            expected=True,
        )
        for k in range(n)
    ]
