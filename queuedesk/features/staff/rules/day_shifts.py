"""A day of the staff as time spans: who worked at which window, paused, and served which ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import Span, covered_seconds, merge_overlapping_spans
from queuedesk.core.queue.ticket import Pause, Shift, Ticket, TicketState


class WorkedShift(Struct, frozen=True, kw_only=True):
    """One shift as spans; `end` is None while it lasts. `pauses` have their reasons; an unfinished one ends now."""

    window: str
    start: datetime
    end: datetime | None
    pauses: tuple[Pause, ...]
    served: tuple[Span, ...]


class PersonShiftsOfDay(Struct, frozen=True, kw_only=True):
    """A person's shifts of one date in order. Open seconds include pauses; serving ones no parked or stalled time."""

    staff: str
    shifts: tuple[WorkedShift, ...]
    finished: int
    open_s: int
    paused_s: int
    serving_s: int


def staff_shifts_of_day(state: HallState, day: date, now: datetime) -> list[PersonShiftsOfDay]:
    """Return the day of each person with a shift: in the set-up's order, then people no longer in it."""
    shifts = sorted((s for s in state.shifts.values() if s.date == day), key=lambda s: s.opened)
    tickets = [t for t in state.tickets.values() if t.date == day]
    listed = list(state.setup_now.staff) if state.setup_now else []
    present = {shift.staff for shift in shifts}
    order = [code for code in listed if code in present] + sorted(present - set(listed))
    return [_day_of_person(code, [s for s in shifts if s.staff == code], tickets, now) for code in order]


def _day_of_person(code: str, shifts: Sequence[Shift], tickets: Sequence[Ticket], now: datetime) -> PersonShiftsOfDay:
    legs = [(t, leg) for t in tickets for leg in t.legs if leg.staff == code and leg.started is not None]
    served: list[tuple[str | None, Span]] = []
    serving_s = 0.0
    for ticket, leg in legs:
        start = leg.started or now
        parked = ticket.state is TicketState.PARKED and leg is ticket.current_leg
        end = leg.ended or (ticket.since if parked and ticket.since else now)
        served.append((leg.window, (start, max(start, end))))
        serving_s += max(0.0, (end - start - leg.time_set_aside_or_stalled).total_seconds())
    worked = [
        WorkedShift(
            window=shift.window,
            start=shift.opened,
            end=shift.closed,
            pauses=shift.pauses,
            served=tuple(_spans_within(shift_span(shift, now), [span for at, span in served if at == shift.window])),
        )
        for shift in shifts
    ]
    return PersonShiftsOfDay(
        staff=code,
        shifts=tuple(worked),
        finished=sum(leg.finished is not None and leg.end in ("finish", "day-end") for _ticket, leg in legs),
        open_s=round(covered_seconds(shift_span(s, now) for s in shifts)),
        paused_s=round(covered_seconds(span for s in shifts for span in pause_spans(s, now))),
        serving_s=round(serving_s),
    )


def _spans_within(whole: Span, spans: Sequence[Span]) -> list[Span]:
    start, end = whole
    return merge_overlapping_spans((max(a, start), min(b, end)) for a, b in spans)


def day_timeline_bounds(days: Sequence[PersonShiftsOfDay], opens: datetime, closes: datetime, now: datetime) -> Span:
    """Return the bounds of a day's timeline: the hall's hours, extended to all shifts, in whole hours."""
    starts = [shift.start for day in days for shift in day.shifts]
    ends = [shift.end or now for day in days for shift in day.shifts]
    first, last = min([opens, *starts]), max([closes, *ends])
    first -= timedelta(minutes=first.minute, seconds=first.second, microseconds=first.microsecond)
    over = timedelta(minutes=last.minute, seconds=last.second, microseconds=last.microsecond)
    return first, last + (timedelta(hours=1) - over if over else timedelta())


def shift_span(shift: Shift, until: datetime) -> Span:
    return shift.opened, shift.closed or until


def pause_spans(shift: Shift, until: datetime) -> list[Span]:
    return [(p.start, p.end or until) for p in shift.pauses]
