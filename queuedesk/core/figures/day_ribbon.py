"""A day as the ribbon shows it: from the tickets, shifts and set-up of a board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from math import ceil, floor, hypot
from typing import NamedTuple

from msgspec.structs import replace

from queuedesk.core.charts.chart import Place
from queuedesk.core.charts.ribbon import DayRibbon, Span, TimesOfOneVisitStep, WaitingCountForecast, WindowOpeningTimes
from queuedesk.core.figures.measures.rows import MICROSECOND, SECOND_US, optional_micros, to_epoch_micros
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.hallday import end_of_day, opening_spans_on, utc_moment_of_hall_minute
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Shift, Ticket, TicketId, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY
from queuedesk.core.waits.arrival_forecast import DayForecast, expected_arrival_count_in_span
from queuedesk.core.waits.live import call_time_of_leg
from queuedesk.core.waits.quote import cached_wait_snapshot, count_waiting_after_minutes, has_unknown_length_in_line

HALF_HOUR = 30
_Minute = Callable[[int], float]
LONGEST_WALK = timedelta(minutes=10)
"""A longer walk means that the customer did not come and was marked as missed only later."""
_LONGEST_WALK_US = LONGEST_WALK // MICROSECOND
USUAL_DAYS, FEWEST_USUAL_DAYS = 8, 4
"""The usual course of a weekday is the mean of that many last dates; with fewer than the second it is not shown."""
USUAL_STEP = 15


class RibbonLeg(NamedTuple):
    """A leg's data for the ribbon. Moments are microseconds since 1970."""

    joined: int
    called: int | None
    last_called: int | None
    calls: int
    started: int | None
    start_assumed: bool
    finished: int | None
    ended: int | None
    window: str | None


class RibbonCall(NamedTuple):
    """A call of a ticket to a window."""

    time: int
    window: str


class RibbonTicket(NamedTuple):
    """A ticket's data for the ribbon. `calls` are filled only for tickets that were missed."""

    label: str
    state: str
    since: int | None
    window: str | None
    round_calls: int
    misses: int
    missed_at: int | None
    legs: Sequence[RibbonLeg]
    calls: Sequence[RibbonCall] = ()


def day_ribbon(state: HallState, day: date, now: datetime) -> DayRibbon:
    own = [ticket for ticket in state.tickets.values() if ticket.date == day]
    calls: dict[TicketId, list[RibbonCall]] = {ticket.id: [] for ticket in own if ticket.misses}
    for call in state.calls if calls else ():
        if (ticket_calls := calls.get((call.date, call.label))) is not None:
            ticket_calls.append(RibbonCall(to_epoch_micros(call.time), call.window))
    tickets = [_ribbon_ticket(ticket, calls.get(ticket.id, ())) for ticket in own]
    shifts = [shift for shift in state.shifts.values() if shift.date == day]
    return day_ribbon_from_tickets(set_up(state), day, tickets, shifts, now)


def _ribbon_ticket(ticket: Ticket, calls: Sequence[RibbonCall]) -> RibbonTicket:
    legs = [
        RibbonLeg(
            joined=to_epoch_micros(leg.joined),
            called=optional_micros(leg.called),
            last_called=optional_micros(leg.last_called),
            calls=leg.calls,
            started=optional_micros(leg.started),
            start_assumed=leg.start_assumed,
            finished=optional_micros(leg.finished),
            ended=optional_micros(leg.ended),
            window=leg.window,
        )
        for leg in ticket.legs
    ]
    return RibbonTicket(
        label=ticket.label,
        state=str(ticket.state),
        since=optional_micros(ticket.since),
        window=ticket.window,
        round_calls=ticket.round_calls,
        misses=ticket.misses,
        missed_at=optional_micros(ticket.missed_at),
        legs=legs,
        calls=calls,
    )


def day_ribbon_from_tickets(
    setup: Setup, day: date, tickets: Iterable[RibbonTicket], shifts: Iterable[Shift], now: datetime
) -> DayRibbon:
    """Return the ribbon of a day from opening to closing, extended to whatever happened outside these hours; `tickets`
    are in the order of their issue. That the day ended with a visit still open is nothing that happened."""
    midnight, now_us = to_epoch_micros(utc_moment_of_hall_minute(setup, day, 0)), to_epoch_micros(now)

    def minutes_after_midnight(moment: int) -> float:
        return (moment - midnight) / SECOND_US / 60

    at = minutes_after_midnight(now_us)
    strokes = sorted(
        (
            stroke
            for ticket in tickets
            if ticket.state != TicketState.VOID
            for stroke in _step_times_of_each_visit_leg(ticket, now_us, minutes_after_midnight)
        ),
        key=lambda stroke: stroke.begin_minute,
    )
    start, end = opening_minutes_span(setup, day)
    if strokes:
        start = min(start, HALF_HOUR * floor(strokes[0].begin_minute / HALF_HOUR))
        over = minutes_after_midnight(to_epoch_micros(end_of_day(setup, day)))
        happened = (each for stroke in strokes for span in stroke.spans for each in span if each < over)
        end = max(end, HALF_HOUR * ceil(max(happened, default=end) / HALF_HOUR))
        strokes = [_cut_at_end(stroke, end) if stroke.end_minute >= over else stroke for stroke in strokes]
    shifts = list(shifts)
    lanes = [
        _open_and_pause_times_of_window(
            code, [shift for shift in shifts if shift.window == code], minutes_after_midnight, at, end
        )
        for code in setup.windows
    ]
    return DayRibbon(
        start=start,
        end=end,
        now=at if start <= at <= end else None,
        target=setup.setting_as_int("wait_target_minutes"),
        strokes=strokes,
        lanes=lanes,
    )


def _cut_at_end(stroke: TimesOfOneVisitStep, end: float) -> TimesOfOneVisitStep:
    waits, walks, served = (
        span and (span[0], min(span[1], end)) for span in (stroke.waits, stroke.walks, stroke.served)
    )
    return replace(stroke, waits=waits, walks=walks, served=served)


def opening_minutes_span(setup: Setup, day: date) -> Span:
    """Return the opening span of a date in minutes after midnight, to whole half-hours, services included."""
    spans = [span for service in setup.services.values() for span in opening_spans_on(setup, service, day)]
    opens = min([setup.hall.opens, *(start for start, _end in spans)])
    closes = max([setup.hall.closes, *(end for _start, end in spans)])
    return HALF_HOUR * (opens // HALF_HOUR), HALF_HOUR * ceil(max(closes, opens + HALF_HOUR) / HALF_HOUR)


def _step_times_of_each_visit_leg(ticket: RibbonTicket, now: int, minute: _Minute) -> Iterator[TimesOfOneVisitStep]:
    """Yield a stroke for each leg of a visit, and one for the last missed call before another; a leg after a redirect
    or transfer begins when the leg before ended."""
    before: int | None = None
    last = ticket.legs[-1]
    for leg in ticket.legs:
        stroke = _step_times_of_leg(ticket, leg, before, now, minute)
        if stroke is not None:
            yield stroke
        missed = _leg_call_ended_by_miss(ticket, leg)
        if missed is not None and ticket.missed_at is not None:
            walks = (minute(missed.time), minute(ticket.missed_at))
            yield TimesOfOneVisitStep(name=ticket.label, window=missed.window, walks=walks)
        before = leg.ended or leg.finished
    # A ticket that came back after a missed call waits again.
    if ticket.state == TicketState.WAITING and last.called is not None and ticket.since is not None:
        yield TimesOfOneVisitStep(
            name=ticket.label, waits=(minute(ticket.since), minute(max(now, ticket.since))), is_on=True
        )


def _step_times_of_leg(
    ticket: RibbonTicket, leg: RibbonLeg, before: int | None, now: int, minute: _Minute
) -> TimesOfOneVisitStep | None:
    is_waiting = ticket.state == TicketState.WAITING and leg is ticket.legs[-1]
    came = max(leg.joined, before) if before is not None else leg.joined
    waited_until = leg.called or leg.ended or (now if is_waiting else leg.joined)
    waits = (minute(came), minute(waited_until)) if waited_until > came else None
    if leg.called is None:
        return TimesOfOneVisitStep(name=ticket.label, waits=waits, is_on=is_waiting) if waits is not None else None
    walks, served, is_on = _walk_and_service_spans(ticket, leg, now, minute)
    if waits is None and walks is None and served is None:
        return None
    window = leg.window or ticket.window or ""
    return TimesOfOneVisitStep(name=ticket.label, waits=waits, window=window, walks=walks, served=served, is_on=is_on)


def _leg_call_ended_by_miss(ticket: RibbonTicket, leg: RibbonLeg) -> RibbonCall | None:
    """Return the leg's call that ended with the ticket's last miss, where another call followed it."""
    called, missed = call_time_of_leg(ticket, leg), ticket.missed_at
    if leg.called is None or called is None or missed is None or not leg.called < missed <= called:
        return None
    return max((call for call in ticket.calls if leg.called <= call.time < missed), default=None)


def _walk_and_service_spans(
    ticket: RibbonTicket, leg: RibbonLeg, now: int, minute: _Minute
) -> tuple[Span | None, Span | None, bool]:
    """Return the walk to the window, the time there, and whether one of them still goes on."""
    is_last = leg is ticket.legs[-1]
    called = call_time_of_leg(ticket, leg) or now
    is_served = is_last and ticket.state == TicketState.SERVING
    is_called = is_last and ticket.state == TicketState.CALLED
    ends = leg.finished or leg.ended
    if ends is None:
        ends = now if is_served or is_called else ticket.since if is_last and ticket.since is not None else called
    arrives = leg.started if not leg.start_assumed else None
    if arrives is None and leg.started is None:
        # A missed ticket no longer walks, however long it stays missed or waits again.
        missed = ticket.missed_at if ticket.missed_at is not None and ticket.missed_at >= called else ends
        until = ends if is_called else min(ends, missed, called + _LONGEST_WALK_US)
        walks = (minute(called), minute(max(until, called)))
        return (walks if walks[1] > walks[0] else None), None, is_called
    begins = arrives or leg.started or called
    walks = (minute(called), minute(begins)) if begins > called else (minute(begins), minute(begins))
    served = (minute(begins), minute(max(ends, begins)))
    return (walks if walks[1] > walks[0] else None), served, is_served


def _open_and_pause_times_of_window(
    code: str, shifts: Sequence[Shift], minute: _Minute, now: float, end: float
) -> WindowOpeningTimes:
    """Return a window's day; an open s extends to the end of the day."""
    opened = [
        (minute(to_epoch_micros(s.opened)), end if s.closed is None else minute(to_epoch_micros(s.closed)))
        for s in shifts
    ]
    pauses = [
        (
            minute(to_epoch_micros(pause.start)),
            min(now, end) if pause.end is None else minute(to_epoch_micros(pause.end)),
        )
        for s in shifts
        for pause in s.pauses
    ]
    return WindowOpeningTimes(window=code, open=opened, pauses=[span for span in pauses if span[1] > span[0]])


# -- what is usual of a weekday ----------------------------------------------------------------------------------------


def mean_waiting_by_quarter_hour(
    setup: Setup, day: date, waits: Iterable[tuple[date, datetime, datetime]]
) -> list[Place]:
    """Return the mean number waiting at each quarter of an hour over the dates of `waits` (date, start, end of each
    wait); nothing with fewer than FEWEST_USUAL_DAYS."""
    start, end = opening_minutes_span(setup, day)
    minutes = range(int(start), int(end) + 1, USUAL_STEP)
    counts = dict.fromkeys(minutes, 0)
    dates: dict[date, datetime] = {}
    for when, joined, left in waits:
        if when not in dates:
            dates[when] = utc_moment_of_hall_minute(setup, when, 0)
        first = (joined - dates[when]).total_seconds() / 60
        last = (left - dates[when]).total_seconds() / 60
        at = max(minutes.start, USUAL_STEP * ceil(first / USUAL_STEP))
        while at < last and at in counts:
            counts[at] += 1
            at += USUAL_STEP
    if len(dates) < FEWEST_USUAL_DAYS:
        return []
    return [(float(at), n / len(dates)) for at, n in counts.items()]


# -- the next hour -----------------------------------------------------------------------------------------------------

AHEAD_MIN = (15, 30, 45, 60)
FAN_SIGMAS = 1.2816
"""Standard deviations on either side that hold four of five outcomes."""
FAN_FACTOR = 0.8
"""Factor that narrows the fan: unscaled, 86 % of the outcomes of simulated halls were inside, for both deviations are
rounded to whole people (scripts/bench/rules/fan_days.py)."""


def forecast_waiting_next_hour(state: HallState, forecast: DayForecast, now: datetime) -> list[WaitingCountForecast]:
    """Forecast how many wait in the next hour, from the current line and the expected arrivals. Nothing where there is
    no honest forecast: too few dates, no window that could call, or services of unknown length."""
    setup, live = set_up(state), cached_wait_snapshot(state, now).live
    can_call = frozenset[str]().union(*(window.services for window in live.windows))
    if (
        not forecast.has_enough_past_days
        or not can_call
        or any(has_unknown_length_in_line(live, ticket.service) for ticket in live.tickets)
    ):
        return []
    at = (now - utc_moment_of_hall_minute(setup, forecast.date, 0)).total_seconds() / 60
    waiting = len(live.tickets)
    points = [WaitingCountForecast(at, waiting, waiting, waiting)]
    for minutes in AHEAD_MIN:
        every = expected_arrival_count_in_span(forecast, int(at), int(at) + minutes)
        if every is None or at + minutes > MINUTES_A_DAY:
            break
        means = {
            code: count.mean
            for code in setup.services
            if (count := expected_arrival_count_in_span(forecast, int(at), int(at) + minutes, [code])) is not None
        }
        middle = count_waiting_after_minutes(live, means, minutes)
        ends = []
        for people, spreads in ((every.low, -FAN_SIGMAS), (every.high, FAN_SIGMAS)):
            share = people / every.mean if every.mean > 0 else 1.0
            by_people = count_waiting_after_minutes(live, {code: mean * share for code, mean in means.items()}, minutes)
            by_pace = count_waiting_after_minutes(live, means, minutes, spreads)
            # Arrivals and pace are independent, so their deviations add up as squares.
            ends.append(FAN_FACTOR * hypot(by_people - middle, by_pace - middle))
        points.append(WaitingCountForecast(at + minutes, max(0.0, middle - ends[0]), middle, middle + ends[1]))
    return points if len(points) > 1 else []
