"""What windows and clerks did in a day: open, paused and serving minutes, idle time while somebody waited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from queuedesk.core.measures_times import Figures, handling_figures, minutes
from queuedesk.core.satisfaction import SATISFIED_LEVELS, rate
from queuedesk.core.setup import Setup
from queuedesk.core.state import Rating
from queuedesk.core.ticket import Leg, State, Ticket
from queuedesk.core.timeline import Span, Spell, Stay, Timeline, merged, seconds_in, shared_s, without
from queuedesk.core.window import Shift


def is_finished(leg: Leg) -> bool:
    """Whether the leg counts as finished: at the window, or by day-end while it was served or set aside."""
    return leg.finished is not None and leg.end in ("finish", "day-end")


def open_span(shift: Shift, until: datetime) -> Span:
    """Return from when to when a shift lasted; one that is not closed lasts until `until`."""
    return shift.opened, shift.closed or until


def pause_spans(shift: Shift, until: datetime) -> list[Span]:
    """Return the shift's pauses; one that is not over lasts until `until`."""
    return [(p.start, p.end or until) for p in shift.pauses]


def taking_spans(shift: Shift, until: datetime) -> list[Span]:
    """Return when a shift's window took customers: open and not paused."""
    return without([open_span(shift, until)], pause_spans(shift, until))


def window_figures(
    code: str, shifts: Sequence[Shift], stays: Sequence[Stay] | None, legs: Iterable[Leg], until: datetime
) -> Figures:
    """Return a window's day. Open minutes include pauses; without stays (no log at hand) serving minutes are null."""
    served = None
    if stays is not None:
        served = minutes(seconds_in((s.served, s.end or until) for s in stays if s.window == code and s.served))
    own = [s for s in shifts if s.window == code]
    return {
        "code": code,
        "finished": sum(is_finished(leg) for leg in legs if leg.window == code),
        "open_minutes": minutes(sum(seconds_in([open_span(s, until)]) for s in own)),
        "paused_minutes": minutes(sum(seconds_in(pause_spans(s, until)) for s in own)),
        "serving_minutes": served,
    }


def staff_figures(
    code: str,
    *,
    legs: Sequence[Leg],
    tickets: Iterable[Ticket],
    ratings: Iterable[Rating],
    lost: dict[str, float] | None,
    idle: dict[str, float] | None,
) -> Figures:
    """Return a clerk's day. `lost` and `idle` are seconds by clerk, None where no log was at hand."""
    own = [leg for leg in legs if leg.staff == code]
    unrated = sum(t.state is State.FINISHED and t.rating is None and t.leg.staff == code for t in tickets)
    return {
        "code": code,
        "finished": sum(is_finished(leg) for leg in own),
        "handling": handling_figures(own),
        "redirect_minutes": None if lost is None else minutes(lost.get(code, 0.0)),
        "idle_minutes": None if idle is None else minutes(idle.get(code, 0.0)),
        "ratings": rating_figures([r for r in ratings if r.staff == code], unrated),
    }


def rating_figures(ratings: Sequence[Rating], unrated: int) -> Figures:
    """Return levels, rate (levels 3 to 5 of all) and Wilson's 95 % bounds; `unrated` are finished tickets without a rating."""
    levels = {str(level): sum(r.level == level for r in ratings) for level in range(1, 6)}
    satisfied = sum(levels[str(level)] for level in SATISFIED_LEVELS)
    found = rate(satisfied, len(ratings) - satisfied)
    return {
        "n": found.n,
        "unrated": unrated,
        "levels": levels,
        "satisfied": satisfied,
        "dissatisfied": found.n - satisfied,
        "rate": _six(found.rate),
        "low": _six(found.low),
        "high": _six(found.high),
    }


def lost_s(stays: Iterable[Stay]) -> list[tuple[Stay, float]]:
    """Return the window time of legs that ended in redirect, as (stay, seconds).

    From the start of each of the leg's stays, or from the last call when it was never started; a ticket redirected while it waited
    lost none.
    """
    by_leg: dict[tuple[str, int], list[Stay]] = defaultdict(list)
    for stay in stays:
        by_leg[(stay.label, stay.leg)].append(stay)
    lost = []
    for leg in by_leg.values():
        last = leg[-1]
        if last.ended_by != "redirect":
            continue
        spans = [(s, s.served) for s in leg if s.served is not None] or [(last, last.start)]
        lost += [(s, (s.end - start).total_seconds()) for s, start in spans if s.end is not None]
    return lost


def idle_s(setup: Setup, shifts: Iterable[Shift], line: Timeline, until: datetime) -> dict[str, float]:
    """Return by clerk the seconds in which the window was open and free while somebody waited whom it could have called.

    By the set-up as it stands; a ticket that a transfer held for another window or clerk counts from when that ended.
    """
    idle: dict[str, float] = defaultdict(float)
    for shift in shifts:
        busy = [(s.start, s.end or until) for s in line.stays if s.window == shift.window]
        free = without(taking_spans(shift, until), busy)
        services = setup.services_at(shift.window, shift.staff)
        waiting = merged(_callable(s, shift, until) for s in line.spells if s.service in services)
        idle[shift.staff] += shared_s(free, waiting)
    return idle


def _callable(spell: Spell, shift: Shift, until: datetime) -> Span:
    """Return when `shift` could have called the waiting ticket."""
    end = spell.end or until
    if spell.held_until is None:
        return spell.start, end
    mine = spell.to_window == shift.window if spell.to_window is not None else spell.to_staff in (None, shift.staff)
    return (spell.start, end) if mine else (min(spell.held_until, end), end)


def _six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
