"""A day of the staff as time spans: who worked where, paused and why, and served which ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queuedesk.core.log.state import HallState
from queuedesk.core.log.timeline import Span, merged, seconds_in
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.queue.window import Pause, Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """One shift as spans; `end` is None while it lasts. `pauses` keep their reasons, an unfinished one ends at the
    moment looked at."""

    window: str
    start: datetime
    end: datetime | None
    pauses: tuple[Pause, ...]
    served: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDay:
    """A person's shifts of one date in order. Open seconds include pauses, serving ones none that was set aside or
    stalled."""

    staff: str
    shifts: tuple[Worked, ...]
    finished: int
    open_s: int
    paused_s: int
    serving_s: int


def staff_days(state: HallState, day: date, now: datetime) -> list[StaffDay]:
    """Return the day of everybody who had a shift, in the set-up's order, then who is no longer in it."""
    shifts = sorted((s for s in state.shifts.values() if s.date == day), key=lambda s: s.opened)
    tickets = [t for t in state.tickets.values() if t.date == day]
    known = list(state.setup_now.staff) if state.setup_now else []
    who = {shift.staff for shift in shifts}
    order = [code for code in known if code in who] + sorted(who - set(known))
    return [_staff_day(code, [s for s in shifts if s.staff == code], tickets, now) for code in order]


def _staff_day(code: str, shifts: Sequence[Shift], tickets: Sequence[Ticket], now: datetime) -> StaffDay:
    legs = [(t, leg) for t in tickets for leg in t.legs if leg.staff == code and leg.started is not None]
    served: list[tuple[str | None, Span]] = []
    serving_s = 0.0
    for ticket, leg in legs:
        start = leg.started or now
        parked = ticket.state is State.PARKED and leg is ticket.leg
        end = leg.ended or (ticket.since if parked and ticket.since else now)
        served.append((leg.window, (start, max(start, end))))
        serving_s += max(0.0, (end - start).total_seconds() - leg.held_s - leg.stalled_s)
    worked = [
        Worked(
            window=shift.window,
            start=shift.opened,
            end=shift.closed,
            pauses=shift.pauses,
            served=tuple(_within(open_span(shift, now), [span for at, span in served if at == shift.window])),
        )
        for shift in shifts
    ]
    return StaffDay(
        staff=code,
        shifts=tuple(worked),
        finished=sum(leg.finished is not None and leg.end in ("finish", "day-end") for _ticket, leg in legs),
        open_s=round(seconds_in(open_span(s, now) for s in shifts)),
        paused_s=round(seconds_in(span for s in shifts for span in pause_spans(s, now))),
        serving_s=round(serving_s),
    )


def _within(whole: Span, spans: Sequence[Span]) -> list[Span]:
    start, end = whole
    return merged((max(a, start), min(b, end)) for a, b in spans)


def day_bounds(days: Sequence[StaffDay], opens: datetime, closes: datetime, now: datetime) -> Span:
    """Return from when to when a day's timeline goes: the hall's hours, or as far as somebody worked, in whole
    hours."""
    starts = [shift.start for each in days for shift in each.shifts]
    ends = [shift.end or now for each in days for shift in each.shifts]
    first, last = min([opens, *starts]), max([closes, *ends])
    first -= timedelta(minutes=first.minute, seconds=first.second, microseconds=first.microsecond)
    over = timedelta(minutes=last.minute, seconds=last.second, microseconds=last.microsecond)
    return first, last + (timedelta(hours=1) - over if over else timedelta())


def open_span(shift: Shift, until: datetime) -> Span:
    """Return from when to when a shift lasted; one that is not closed lasts until `until`."""
    return shift.opened, shift.closed or until


def pause_spans(shift: Shift, until: datetime) -> list[Span]:
    """Return the shift's pauses; one that is not over lasts until `until`."""
    return [(p.start, p.end or until) for p in shift.pauses]
