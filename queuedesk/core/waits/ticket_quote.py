"""The promise made when a ticket is issued: the range, and what it is made of."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import takewhile

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import rule_of
from queuedesk.core.queue.line import Standing, ahead_of, line_of
from queuedesk.core.queue.ticket import InLine, Promise, Ticket
from queuedesk.core.queue.waiting import NoWait
from queuedesk.core.queue.window import Window, WindowState
from queuedesk.core.waits.estimates import Learned
from queuedesk.core.waits.observations import TEACHES_S
from queuedesk.core.waits.out_of_turn import out_of_turn
from queuedesk.core.waits.quote import seen_with, wait_of
from queuedesk.core.waits.tracker import Outcome, Tracker, advance, on_day

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


def naive_s(ahead: int, learned: Learned, windows: int) -> int | None:
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
