"""Queries of screens and commands about the current hall: lines, next customers, reasons for a wait, alerts; and the
public order list: for each service the numbers at a window, and those that are called next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.features import feature_owning_station, has_opted_out_of
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import dispatch, hallday
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.queue.hallday import begin_of_day, business_date
from queuedesk.core.queue.ticket import LineTicket, Ticket, TicketState, WindowState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import devices_needing_attention
from queuedesk.core.talk.remarks import Alarm
from queuedesk.core.waits import quote as quotes
from queuedesk.core.waits.schedule import count_joining_ahead, expected_call_of_ticket

# -- alarms: alerts stored in the log, with their crossing, acknowledgement and end ------------------------------------

# Alarms of a line, which stay the same when another ticket becomes the longest wait.
_ALARMS_BY_SERVICE = frozenset({"long_wait", "no_window", "series_ending"})

AMBER, RED = "amber", "red"

Key = tuple[str, str | None, str | None, str | None]


class Alert(Struct, frozen=True, kw_only=True):
    """A condition that needs attention. Kinds: long_wait, no_window, crowd, no_call, long_serving, late_back,
    series_ending, device_down. `acknowledged` and `by` are when and by whom it was acknowledged, None until then."""

    kind: str
    level: str
    since: datetime
    service: str | None = None
    window: str | None = None
    ticket: str | None = None
    device: str | None = None
    station: str | None = None
    cause: str | None = None
    minutes: int = 0
    acknowledged: datetime | None = None
    by: str | None = None


def alarm_key(alert: Alert | Alarm) -> Key:
    """Return the identity of an alert or alarm, which does not depend on its level."""
    if alert.kind in _ALARMS_BY_SERVICE:
        return (alert.kind, alert.service, None, None)
    if alert.device is not None:
        return (alert.kind, alert.device, alert.station, None)
    return (alert.kind, None, alert.window, alert.ticket)


class CrossedAndEndedAlarms(Struct, frozen=True):
    """Changes to write to the log: alerts that crossed a limit, each with the amber alarm it replaces, and alarms that
    are over."""

    crossed: tuple[tuple[Alert, Alarm | None], ...]
    over: tuple[Alarm, ...]

    def __bool__(self) -> bool:
        return bool(self.crossed or self.over)


def alarm_changes(alerts: Iterable[Alert], known: Mapping[int, Alarm]) -> CrossedAndEndedAlarms:
    """Compare the current alerts with the `known` alarms. Amber to red is another crossing; an alarm that drops back to
    amber stays red until it is over."""
    by_key = {alarm_key(alarm): alarm for alarm in known.values()}
    now = {alarm_key(alert): alert for alert in alerts}
    crossed = []
    for key, alert in now.items():
        alarm = by_key.get(key)
        if alarm is None or (alert.level == RED and alarm.level != RED):
            crossed.append((alert, alarm))
    return CrossedAndEndedAlarms(tuple(crossed), tuple(alarm for key, alarm in by_key.items() if key not in now))


def alerts_merged_with_alarms(alerts: Iterable[Alert], known: Mapping[int, Alarm]) -> list[Alert]:
    """Add to each alert the crossing and acknowledgement of its alarm, unless the alert is red and the alarm amber. A
    device's alert keeps its own outage's start: an acknowledgement of an earlier outage does not count."""
    by_key = {alarm_key(alarm): alarm for alarm in known.values()}
    merged = []
    for alert in alerts:
        alarm = by_key.get(alarm_key(alert))
        if alarm is None or (alarm.level != RED and alert.level == RED):
            merged.append(alert)
        elif alert.device is None:
            merged.append(replace(alert, since=alarm.since, acknowledged=alarm.acknowledged, by=alarm.by))
        elif alarm.acknowledged is not None and alarm.acknowledged >= alert.since:
            merged.append(replace(alert, acknowledged=alarm.acknowledged, by=alarm.by))
        else:
            merged.append(alert)
    return merged


NO_CALL_FOR = timedelta(minutes=10)
"""An open window idle for this long while it could call somebody gives the alert no_call."""


class ServiceLine(dispatch.LinePosition, frozen=True, kw_only=True):
    """A service's line now: how many wait, since when the longest, and the position of a normal ticket issued now (with
    the service's own credit)."""

    service: str
    waiting: int
    longest_since: datetime | None
    windows: int


class ReservedFor(Struct, frozen=True):
    """The window or clerk that a transfer reserved a ticket for; one of them is None."""

    window: str | None
    staff: str | None


PAST_TOLD = timedelta(minutes=2)
"""Waits are reported as longer than quoted only from this excess on."""


class WaitBeyondQuote(Struct, frozen=True, kw_only=True):
    """A wait longer than the `low` to `high` minutes that were quoted: the excess in whole `minutes`, the remaining
    `wait`, and the number of windows for the service at issue and now."""

    minutes: int
    low: int
    high: int
    wait: dispatch.QuotedWait | dispatch.NoQuoteReason
    windows_then: int
    windows_now: int


class WhyNotCalled(Struct, frozen=True, kw_only=True):
    """Why a ticket was not called yet, as a code with details: called, ended, early, held, no_window, all_busy, next,
    ahead. `at` is when an early ticket may be called. `coming` as in LinePosition. `windows` may call it; with code
    "next" only the free ones. For a ticket reserved by a transfer, `kept_for` is for whom and `kept_until` until when;
    the code is "held" while no window may call it. `passed_by` are the calls that overtook it, `classes` the priority
    classes of their tickets by number, `credited` the services of those that overtook by their service's credit.
    `by_skill` counts later arrivals called meanwhile by windows of other services. `short_at` are quick windows that
    may call this ticket before those ahead, `behind_short` quick windows that may call short matters before it;
    `spoken_at` and `behind_language` are the same for clerks who speak a customer's language."""

    code: str
    at: datetime | None = None
    ahead: int = 0
    coming: int = 0
    windows: tuple[str, ...] = ()
    passed_by: tuple[dispatch.Overtake, ...] = ()
    classes: Mapping[str, str] = field(default_factory=dict)
    credited: Mapping[str, str] = field(default_factory=dict)
    by_skill: int = 0
    kept_for: ReservedFor | None = None
    kept_until: datetime | None = None
    short_at: tuple[str, ...] = ()
    behind_short: tuple[str, ...] = ()
    spoken_at: tuple[str, ...] = ()
    behind_language: tuple[str, ...] = ()
    past_told: WaitBeyondQuote | None = None


def set_up(state: HallState) -> Setup:
    """Return the hall's set-up, which exists from its first event on. Raises ValueError."""
    if state.setup_now is None:
        raise ValueError("a hall without a set-up")
    return state.setup_now


def line_position_and_wait(state: HallState, ticket: ticket_records.LineTicket, now: datetime) -> dispatch.LinePosition:
    """Return the position and wait of a ticket that is waiting, or that would be issued now."""
    setup = set_up(state)
    waiting: list[ticket_records.LineTicket] = list(state.waiting_tickets())
    is_there = ticket.id in state.tickets
    if not is_there:
        waiting.append(ticket)
    if is_there:
        seen = quotes.cached_wait_snapshot(state, now)
        live, tracker, turn = seen.live, seen.tracker, seen.forecast.turns.get(ticket.id)
    else:
        live, tracker = (
            quotes.live_hall(state, now, waiting=waiting),
            quotes.rounded_promise_bounds_now(state, now, ticket.date),
        )
        turn = expected_call_of_ticket(live, ticket.id)
    line = dispatch.windows_for_service(setup, _windows_that_may_call(state, ticket, now), ticket.service)
    ahead, own = dispatch.count_ahead_all_and_own_service(
        ticket,
        line,
        waiting,
        normal_calls=state.now.normal_calls_since_priority_call(ticket.date),
        rule=dispatch.call_order_rule_of_setup(setup),
        now=now,
    )
    quote = quotes.wait_quote(state, live, ticket.service, turn, place=own + 1, ahead=ahead, now=now, tracker=tracker)
    return dispatch.LinePosition(
        ahead, quote.wait, count_joining_ahead(state, turn, ticket, line, waiting, ahead=ahead, now=now)
    )


def service_lines(state: HallState, now: datetime) -> list[ServiceLine]:
    setup = set_up(state)
    waiting: list[ticket_records.Ticket] = state.waiting_tickets()
    seen = quotes.cached_wait_snapshot(state, now)
    day = state.now.date or setup.to_hall_time(now).date()
    lines = []
    for code in setup.services:
        own = [t for t in waiting if t.service == code]
        line = dispatch.windows_for_service(setup, state.windows.values(), code)
        credit_s = setup.credit_s("normal", code)
        imagined = ticket_records.LineTicket(
            date=day, label="", service=code, place=now, turn=1 << 62, credit_s=credit_s
        )
        with_it = [*waiting, imagined]
        ahead, before = dispatch.count_ahead_all_and_own_service(
            imagined,
            line,
            with_it,
            normal_calls=_normal_calls_since_priority_call(state),
            rule=dispatch.call_order_rule_of_setup(setup),
            now=now,
        )
        turn = quotes.turn_of_new_ticket(seen, setup, code)
        lines.append(
            ServiceLine(
                service=code,
                waiting=len(own),
                longest_since=min((current_line_join_time(t) for t in own), default=None),
                ahead=ahead,
                wait=quotes.wait_quote(
                    state, seen.live, code, turn, place=before + 1, ahead=ahead, now=now, tracker=seen.tracker
                ).wait,
                windows=sum(w.state is ticket_records.WindowState.OPEN for w in line.windows),
                coming=count_joining_ahead(state, turn, imagined, line, with_it, ahead=ahead, now=now),
            )
        )
    return lines


def current_line_join_time(ticket: ticket_records.Ticket) -> datetime:
    return ticket.current_leg.joined


def tickets_callable_by_window(state: HallState, window: str, now: datetime) -> list[ticket_records.Ticket]:
    """Return the waiting tickets that `window` may call with its present clerk, in call order."""
    setup = set_up(state)
    at = state.window(window)
    services = setup.services_served_by_window(at)
    may = dispatch.eligible_tickets(state.waiting_tickets(), services, window, at.staff, now)
    order = dispatch.tickets_in_call_order(
        may,
        _normal_calls_since_priority_call(state),
        dispatch.call_order_rule_of_setup(setup),
        dispatch.window_preferences_at(setup, window, at.staff, now),
    )
    return [state.tickets[t.id] for t in order]


def idle_s_beyond_limit(
    setup: Setup, window: ticket_records.Window, following: ticket_records.Ticket | None, now: datetime
) -> int | None:
    """Return the seconds for which a free window could have called the next customer; None while they are fewer than
    the hall's rule idle_nudge_s (0: no limit)."""
    allowed_s = setup.setting_as_int("idle_nudge_s")
    if following is None or not allowed_s:
        return None
    came = following.since or following.current_leg.joined
    kept_s = ticket_records.whole_seconds_between(max(came, window.since or came), now)
    return kept_s if kept_s >= allowed_s else None


def tickets_to_fetch(state: HallState, now: datetime) -> list[tuple[ticket_records.Ticket, int]]:
    """Return the tickets of customers to fetch now, each with the number of calls before it: those already called, then
    those with at most `fetch_ahead` people ahead, in call order."""
    setup = set_up(state)
    most, waiting, tickets_to_fetch = setup.setting_as_int("fetch_ahead"), None, []
    for ticket in state.tickets.values():
        if (
            not ticket.fetch_reason
            or ticket_records.FETCHED in ticket.flags
            or ticket.state not in (ticket_records.TicketState.WAITING, ticket_records.TicketState.CALLED)
        ):
            continue
        if ticket.state is ticket_records.TicketState.CALLED:
            tickets_to_fetch.append((ticket, -1))
            continue
        waiting = state.waiting_tickets() if waiting is None else waiting
        line = dispatch.windows_for_service(setup, _windows_that_may_call(state, ticket, now), ticket.service)
        normal = state.now.normal_calls_since_priority_call(ticket.date)
        ahead, _own = dispatch.count_ahead_all_and_own_service(
            ticket, line, waiting, normal_calls=normal, rule=dispatch.call_order_rule_of_setup(setup), now=now
        )
        if ahead <= most:
            tickets_to_fetch.append((ticket, ahead))
    return [
        (ticket, max(0, ahead))
        for ticket, ahead in sorted(tickets_to_fetch, key=lambda row: (row[1], row[0].place_and_turn))
    ]


def waiting_in_call_order(state: HallState) -> list[ticket_records.Ticket]:
    """Return all waiting tickets in the order in which a window that serves every service would call them."""
    order = dispatch.tickets_in_call_order(
        state.waiting_tickets(),
        _normal_calls_since_priority_call(state),
        dispatch.call_order_rule_of_setup(set_up(state)),
    )
    return [state.tickets[t.id] for t in order]


def explain_not_called(state: HallState, ticket: ticket_records.Ticket, now: datetime) -> WhyNotCalled:
    reason = _reason_not_called(state, ticket, now)
    passed_by = calls_that_overtook(state, ticket)
    own = {t.label: t for t in state.tickets.values() if t.date == ticket.date}
    calls = sorted((c for c in state.calls if c.date == ticket.date), key=lambda c: (c.time, c.seq))
    skill = dispatch.count_later_called_elsewhere(ticket, calls, own, {overtake.seq for overtake in passed_by})
    classes = {o.by: by.klass for o in passed_by if (by := state.tickets.get((o.date, o.by))) is not None}
    return replace(
        reason,
        passed_by=passed_by,
        classes=classes,
        credited=services_that_gave_credit(state, passed_by),
        by_skill=skill,
        past_told=_wait_beyond_quote_details(state, ticket, now),
    )


def calls_that_overtook(state: HallState, ticket: ticket_records.Ticket) -> tuple[dispatch.Overtake, ...]:
    return tuple(o for o in state.overtakes if (o.date, o.label) == ticket.id) if ticket.overtaken else ()


def services_that_gave_credit(state: HallState, passed_by: Sequence[dispatch.Overtake]) -> dict[str, str]:
    """Return the services, by number, of the tickets that overtook by their service's credit, not by a class."""
    by_call = {overtake.seq: overtake.by for overtake in passed_by if overtake.reason == "priority"}
    services = set_up(state).services
    by_label = {}
    for call in state.calls if by_call else ():
        by, service = state.tickets.get((call.date, call.label)), services.get(call.service)
        if call.seq in by_call and by is not None and by.klass == "normal" and service and service.credit_minutes:
            by_label[call.label] = call.service
    return by_label


def _wait_beyond_quote(ticket: ticket_records.Ticket, now: datetime) -> timedelta:
    """Return how much longer than quoted a ticket has waited (negative: not yet); zero if no wait was quoted or the
    quote no longer applies (another line, a later place, an appointment not due)."""
    high = ticket.promise.high
    if (
        ticket.state is not ticket_records.TicketState.WAITING
        or len(ticket.legs) > 1
        or ticket.postponed
        or not dispatch.is_due(ticket, now)
    ):
        return timedelta()
    return timedelta() if high is None else now - ticket.arrived - timedelta(minutes=high)


def _wait_beyond_quote_details(
    state: HallState, ticket: ticket_records.Ticket, now: datetime
) -> WaitBeyondQuote | None:
    promise, past = ticket.promise, _wait_beyond_quote(ticket, now)
    if promise.low is None or promise.high is None or past < PAST_TOLD:
        return None
    return WaitBeyondQuote(
        minutes=int(past.total_seconds() // 60),
        low=promise.low,
        high=promise.high,
        wait=line_position_and_wait(state, ticket, now).wait,
        windows_then=_count_windows_serving(state, ticket.service, ticket.arrived),
        windows_now=_count_windows_serving(state, ticket.service, now),
    )


def _count_windows_serving(state: HallState, service: str, moment: datetime) -> int:
    """Count the open windows that could serve a service at a moment of the current date; paused ones do not count."""
    setup = set_up(state)
    count = 0
    for shift in state.shifts.values():
        if not shift.opened <= moment or (shift.closed is not None and shift.closed <= moment):
            continue
        if any(pause.start <= moment and (pause.end is None or pause.end > moment) for pause in shift.pauses):
            continue
        lent = (lent for lent in shift.lent if lent.start <= moment and (lent.end is None or lent.end > moment))
        count += service in setup.services_at_window(shift.window, shift.staff, frozenset(row.service for row in lent))
    return count


def _reason_not_called(state: HallState, ticket: ticket_records.Ticket, now: datetime) -> WhyNotCalled:
    if ticket.state is not ticket_records.TicketState.WAITING:
        return WhyNotCalled(code="called" if ticket.is_open else "ended")
    if not dispatch.is_due(ticket, now):
        return WhyNotCalled(code="early", at=ticket.not_before)
    reason = _why_line_has_not_called_ticket(state, ticket, now)
    if not dispatch.is_reserved(ticket, now):
        return reason
    code = "held" if reason.code == "no_window" else reason.code
    kept_for = ReservedFor(ticket.to_window, None if ticket.to_window else ticket.to_staff)
    return replace(reason, code=code, kept_for=kept_for, kept_until=ticket.held_until)


def _windows_that_may_call(
    state: HallState, ticket: ticket_records.LineTicket, now: datetime
) -> list[ticket_records.Window]:
    return [w for w in state.windows.values() if not dispatch.is_reserved_elsewhere(ticket, w.code, w.staff, now)]


def _why_line_has_not_called_ticket(state: HallState, ticket: ticket_records.Ticket, now: datetime) -> WhyNotCalled:
    line = dispatch.windows_for_service(set_up(state), _windows_that_may_call(state, ticket, now), ticket.service)
    is_open = [w for w in line.windows if w.state is ticket_records.WindowState.OPEN]
    if not is_open:
        return WhyNotCalled(code="no_window")
    stands = line_position_and_wait(state, ticket, now)
    codes, ahead, coming = tuple(w.code for w in is_open), stands.ahead, stands.coming
    if ahead:
        return _why_not_called_adding_preferences(
            state, ticket, is_open, WhyNotCalled(code="ahead", ahead=ahead, coming=coming, windows=codes), now
        )
    free = [w for w in is_open if w.ticket is None]
    if free:
        return WhyNotCalled(code="next", windows=tuple(w.code for w in free))
    return WhyNotCalled(code="all_busy", coming=coming, windows=codes)


def _why_not_called_adding_preferences(
    state: HallState,
    ticket: ticket_records.Ticket,
    windows: Iterable[ticket_records.Window],
    why: WhyNotCalled,
    now: datetime,
) -> WhyNotCalled:
    """Add the windows that may call this ticket before those ahead, or later tickets before it."""
    setup, others = set_up(state), [t for t in state.waiting_tickets() if t.place_and_turn > ticket.place_and_turn]
    for window in windows:
        first = dispatch.window_preferences_at(setup, window.code, window.staff, now)
        if first is None:
            continue
        code, preferred_for = (window.code,), first.preference_reason(ticket)
        if preferred_for == dispatch.FAST:
            why = replace(why, short_at=why.short_at + code)
        elif preferred_for:
            why = replace(why, spoken_at=why.spoken_at + code)
        elif not ticket.may_jump and ticket.overtaken < first.passes:
            if first.minutes:
                why = replace(why, behind_short=why.behind_short + code)
            if any(first.is_language_spoken(t) for t in others):
                why = replace(why, behind_language=why.behind_language + code)
    return why


class WaitingCountPastTarget(Struct, frozen=True):
    """Waiting tickets past the hall's target: how many, and the label and whole minutes of the longest wait. They are
    shown with the share `within_target`, which counts tickets only once they are called or leave."""

    n: int
    longest: str
    minutes: int


def waiting_past_target_summary(state: HallState, now: datetime) -> WaitingCountPastTarget | None:
    target = set_up(state).setting_as_int("wait_target_minutes")
    late = [
        ticket for ticket in state.waiting_tickets() if now - start_of_counted_wait(ticket) > timedelta(minutes=target)
    ]
    if not late:
        return None
    longest = min(late, key=start_of_counted_wait)
    minutes = ticket_records.whole_seconds_between(start_of_counted_wait(longest), now) // 60
    # "1 over 15 min, longest 15 min" would contradict itself.
    return WaitingCountPastTarget(len(late), longest.label, max(minutes, target + 1))


def wait_alert_level(setup: Setup, minutes: int) -> str:
    """Return AMBER or RED for a wait that staff should notice, by the rules `amber_minutes` and `red_minutes`, else "".
    The target that reports count by is a rule of its own, `wait_target_minutes`."""
    if minutes >= setup.setting_as_int("red_minutes"):
        return RED
    return AMBER if minutes >= setup.setting_as_int("amber_minutes") else ""


def longest_wait_level(setup: Setup, tickets: Iterable[ticket_records.Ticket], now: datetime) -> str:
    """Return the level of the longest of these waits. Whoever comes early for an appointment is not late before it."""
    since = min(map(start_of_counted_wait, tickets), default=None)
    return "" if since is None else wait_alert_level(setup, ticket_records.whole_seconds_between(since, now) // 60)


def current_alerts(state: HallState, now: datetime) -> list[Alert]:
    """Return the current alerts: not acknowledged before acknowledged, red before amber, oldest first."""
    setup = set_up(state)
    current = [
        *_wait_alerts(state, setup, now),
        *_window_alerts(state, setup, now),
        *_series_alerts(state, setup, now),
        *_device_alerts(state, setup, now),
    ]
    merged = alerts_merged_with_alarms(current, state.alarms)
    return sorted(merged, key=lambda a: (a.acknowledged is not None, a.level != RED, a.since))


def _wait_alerts(state: HallState, setup: Setup, now: datetime) -> list[Alert]:
    raised = []
    waiting = state.waiting_tickets()
    for code in setup.services:
        own = [t for t in waiting if t.service == code]
        if not own:
            continue
        longest = min(own, key=current_line_join_time)
        if not dispatch.windows_for_service(setup, state.windows.values(), code).is_open:
            raised.append(
                Alert(
                    kind="no_window", level=RED, since=current_line_join_time(longest), service=code, minutes=len(own)
                )
            )
        longest = min(own, key=start_of_counted_wait)
        minutes = ticket_records.whole_seconds_between(start_of_counted_wait(longest), now) // 60
        level = wait_alert_level(setup, minutes)
        if level:
            since = start_of_counted_wait(longest) + timedelta(minutes=setup.setting_as_int(f"{level}_minutes"))
            raised.append(
                Alert(kind="long_wait", level=level, since=since, service=code, ticket=longest.label, minutes=minutes)
            )
    if len(waiting) > setup.setting_as_int("crowd"):
        newest = max(current_line_join_time(t) for t in waiting)
        raised.append(Alert(kind="crowd", level=RED, since=newest, minutes=len(waiting)))
    return raised


def start_of_counted_wait(ticket: ticket_records.Ticket, leg: ticket_records.Leg | None = None) -> datetime:
    """Return the start of the wait for a leg, the current one without, that counts against the hall: not before the
    time of an appointment."""
    joined = (leg or ticket.current_leg).joined
    return max(joined, ticket.not_before or joined)


def _window_alerts(state: HallState, setup: Setup, now: datetime) -> list[Alert]:
    raised = []
    for code, window in state.windows.items():
        if window.state is ticket_records.WindowState.PAUSED and window.back is not None and now > window.back:
            late = ticket_records.whole_seconds_between(window.back, now) // 60
            raised.append(Alert(kind="late_back", level=AMBER, since=window.back, window=code, minutes=late))
        if window.state is not ticket_records.WindowState.OPEN or window.since is None:
            continue
        if window.ticket is not None:
            ticket = state.tickets.get(window.ticket)
            target = (
                setup.services[ticket.service].handling_target if ticket and ticket.service in setup.services else None
            )
            if ticket is None or ticket.state is not ticket_records.TicketState.SERVING or target is None:
                continue
            minutes = ticket_records.whole_seconds_between(ticket.current_leg.started, now) // 60
            if minutes >= target and ticket.current_leg.started is not None:
                since = ticket.current_leg.started + timedelta(minutes=target)
                raised.append(
                    Alert(
                        kind="long_serving",
                        level=AMBER,
                        since=since,
                        window=code,
                        ticket=ticket.label,
                        service=ticket.service,
                        minutes=minutes,
                    )
                )
        elif now - window.since >= NO_CALL_FOR and (waiting := tickets_callable_by_window(state, code, now)):
            # Nobody is late in calling before there is somebody to call.
            came = min(ticket.since or ticket.current_leg.joined for ticket in waiting)
            since = max(came, window.since)
            if now - since >= NO_CALL_FOR:
                minutes = ticket_records.whole_seconds_between(since, now) // 60
                since += NO_CALL_FOR
                raised.append(Alert(kind="no_call", level=AMBER, since=since, window=code, minutes=minutes))
    return raised


def _series_alerts(state: HallState, setup: Setup, now: datetime) -> list[Alert]:
    raised = []
    day = state.now.date
    for code, service in setup.services.items():
        if day is None:
            continue
        prefix, given = hallday.current_series_and_last_number(
            setup, service, now, lambda prefix: state.series.get((day, prefix))
        )
        starts_again = service.again_last and prefix != hallday.series_prefixes_of(service)[-1]
        is_ending = given is not None and not starts_again and hallday.is_series_nearly_full(service, given)
        if given is not None and is_ending and state.now.at is not None:
            raised.append(
                Alert(kind="series_ending", level=AMBER, since=state.now.at, service=code, minutes=service.last - given)
            )
    return raised


def _device_alerts(state: HallState, setup: Setup, now: datetime) -> list[Alert]:
    if not state.devices or setup.hall.simulated:
        return []
    is_working = any(window.state is not ticket_records.WindowState.CLOSED for window in state.windows.values())
    today = begin_of_day(setup, business_date(setup, now))
    # Devices of features that the hall does not use raise no alert.
    devices = {
        key: device
        for key, device in state.devices.items()
        if not has_opted_out_of(setup.hall, feature_owning_station(device.device) or device.device)
    }
    return [
        Alert(
            kind="device_down",
            level=RED if trouble.is_last else AMBER,
            since=trouble.device.since,
            device=trouble.device.device,
            station=trouble.device.station,
            cause=trouble.device.cause,
            minutes=ticket_records.whole_seconds_between(trouble.device.since, now) // 60,
        )
        for trouble in devices_needing_attention(devices, now, is_working=is_working, today=today)
    ]


def _normal_calls_since_priority_call(state: HallState) -> int | None:
    return state.now.normal_calls_since_priority_call(state.now.date) if state.now.date else None


class UpcomingNumber(Struct, frozen=True):
    """A number in line, and why it may be called before an earlier one: `priority`, a `short` matter, or a clerk who
    speaks the customer's `language`. `moved` is Ticket.is_moved."""

    label: str
    priority: bool
    short: bool = False
    language: bool = False
    moved: bool = False


class PublicLineOrder(Struct, frozen=True, kw_only=True):
    """A service's numbers: `called` are at a window now, newest last; `next` are waiting, in the order of calls.
    `windows` are the open ones that can serve it; if there is none, the order is that of the service alone."""

    service: str
    windows: tuple[str, ...]
    called: tuple[str, ...]
    next: tuple[UpcomingNumber, ...]


def public_line_orders(
    state: HallState, now: datetime, services: frozenset[str] | None = None
) -> list[PublicLineOrder]:
    """Return the lines of all services, or of `services`, in the set-up's order: numbers, no personal data."""
    setup = set_up(state)
    rule = dispatch.call_order_rule_of_setup(setup)
    waiting: list[LineTicket] = list(state.waiting_tickets())
    day = state.now.date
    normal_calls = state.now.normal_calls_since_priority_call(day) if day else None
    at_windows = sorted(
        (
            t
            for t in state.tickets.values()
            if t.window is not None and t.state in (TicketState.CALLED, TicketState.SERVING)
        ),
        key=lambda t: (t.current_leg.last_called or t.arrived, t.seq),
    )
    first = preferences_by_window(state, now)
    lines = []
    for code in setup.services:
        if services is not None and code not in services:
            continue
        line = dispatch.windows_for_service(setup, state.windows.values(), code)
        order = dispatch.line_tickets_in_call_order(line, waiting, normal_calls, rule, now)
        own = [first[w.code] for w in line.windows if w.code in first]
        lines.append(
            PublicLineOrder(
                service=code,
                windows=tuple(w.code for w in line.windows if w.state is WindowState.OPEN),
                called=tuple(t.label for t in at_windows if t.service == code),
                next=tuple(_next_up_entry(t, own) for t in order if t.service == code),
            )
        )
    return lines


def _next_up_entry(ticket: LineTicket, windows: Iterable[dispatch.WindowPreferences]) -> UpcomingNumber:
    whys = {window.preference_reason(ticket) for window in windows}
    is_short = dispatch.FAST in whys
    is_moved = isinstance(ticket, Ticket) and ticket.is_moved
    return UpcomingNumber(ticket.label, ticket.may_jump, is_short, dispatch.LANGUAGE in whys and not is_short, is_moved)


def preferences_by_window(state: HallState, now: datetime) -> dict[str, dispatch.WindowPreferences]:
    """Return the preferences of the open windows by code; windows without preferences are left out."""
    setup = set_up(state)
    is_open = [window for window in state.windows.values() if window.state is WindowState.OPEN]
    by_code = {window.code: dispatch.window_preferences_at(setup, window.code, window.staff, now) for window in is_open}
    return {code: first for code, first in by_code.items() if first is not None}


def current_call_rule(state: HallState) -> dispatch.CallOrderRule:
    return dispatch.call_order_rule_of_setup(set_up(state))
