"""Wait quotes: on request, on a ticket, and forecasts for all lines.

`live_hall` turns the current hall into the numbers of a pass, from the observations of past dates and, where these are
few, from the set-up.

In a new hall quotes are limited by the set-up's minutes, the people ahead and the windows, because no data show yet
whether an idle window is away or how much visits differ."""

from __future__ import annotations

import datetime as clock
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, chain, takewhile
from operator import itemgetter
from statistics import fmean, median

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import dispatch
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.waits import estimates, observations
from queuedesk.core.waits import live as live_waits
from queuedesk.core.waits.experts import MixedQuote, past_wait_statistics, todays_experts_of, with_expert_sums
from queuedesk.core.waits.schedule import count_joining_ahead, expected_call_of_ticket, forecast_turns

DAYS = 60
"""Estimates use this many past dates."""

SURE_VISITS = 40
GUESS_WEIGHT = 10
"""Weight of the set-up's guess in visits; it falls to nothing at `SURE_VISITS` visits."""

USUAL_DATES = 20
"""Number of dates for a line's usual minutes per place."""
MOST_WAITS = 8000
"""Number of last waits that weigh the experts; the date on which it is reached counts in full."""

BETWEEN_START_MIN, BETWEEN_WORTH = 0.3, 50
"""Prior of a window's minutes between visits, and its weight in calls."""
OWN_WORTH = 30
"""Weight of the mean of all windows in that of a single one, in calls."""
SCORES_NEEDED = 60
SCORE_DAYS = 20
HABIT_DAYS = 3
HABIT_SHARE = 0.5
SAME_BREAK_MIN = 60
ROUNDS = 3
STOOD_WORTH_MIN = 100.0
"""Weight, in minutes waited, of the rate of leaving after shorter waits; as many minutes without anybody leaving are
added in all."""
STAY = 0.001
"""Least share that stays: whoever outlasts all others is not expected to leave."""


def estimates_from_observations(
    setup: Setup, days: Mapping[clock.date, observations.DayObservations], upto: clock.date
) -> estimates.Estimates:
    """Return the estimates for the date `upto` from the `DAYS` dates before it in `days`."""
    first = upto - clock.timedelta(days=DAYS)
    lessons = [day for on, day in sorted(days.items()) if first <= on < upto and not day.is_empty]
    services, clerks = _service_handling_and_clerk_factors(setup, lessons)
    low, high = _learned_bound_factors(lessons)
    priority, credit = _priority_rates_and_credit(lessons)
    between_min, between_at, between = _minutes_between_visits(lessons)
    return estimates.Estimates(
        days=len(lessons),
        upto=upto,
        services=services,
        clerks=clerks,
        by_half_hour=_visit_length_half_hour_factors(lessons, clerks),
        between_min=between_min,
        between_at=between_at,
        between=between,
        absences=_no_show_statistics(lessons),
        stays=_patience_curve(lessons),
        redirects=_next_line_shares_by_service(lessons),
        priority_per_hour=priority,
        credit_min=credit,
        habits=_window_habits(lessons),
        called_at=observations.sum_call_tables(*(lesson.called_at for lesson in lessons)),
        low=low,
        high=high,
        waits=_past_wait_statistics(lessons),
    )


def _past_wait_statistics(days: Sequence[observations.DayObservations]) -> estimates.PastWaitStatistics:
    """Return medians by line from the last dates, with weights of the experts from the last waits."""
    waits_by_day = [day.waits for day in days]
    recent: list[estimates.WaitWithQuote] = []
    for waits in reversed(waits_by_day):
        recent += reversed([wait for wait in waits if wait.points_s])
        if len(recent) >= MOST_WAITS:
            break
    return with_expert_sums(past_wait_statistics(waits_by_day, recent, USUAL_DATES), recent)


def usual_service_minutes_from_set_up(service: Service) -> float | None:
    """Return a service's minutes by the set-up: the mean of its items, else its target; None without either."""
    minutes = [item.minutes for item in service.items if item.minutes]
    if minutes:
        return fmean(minutes)
    return float(service.handling_target) if service.handling_target else None


def _service_handling_and_clerk_factors(
    setup: Setup, days: Sequence[observations.DayObservations]
) -> tuple[dict[str, estimates.ServiceHandling], dict[str, float]]:
    """Return each service's handling by a usual clerk, and each clerk's factor relative to a usual one."""
    logs: dict[str, dict[str, list[float]]] = {}
    for day in days:
        for service, by_clerk in day.kept_s.items():
            for clerk, lengths_s in by_clerk.items():
                logs.setdefault(service, {}).setdefault(clerk, []).extend(map(_minutes_logarithm, lengths_s))
    clerks: dict[str, float] = {}
    for _round in range(ROUNDS):
        residuals: dict[str, list[float]] = {}
        for by_clerk_logs in logs.values():
            usual = fmean(x - math.log(clerks.get(clerk, 1.0)) for clerk, v in by_clerk_logs.items() for x in v)
            for clerk, values in by_clerk_logs.items():
                residuals.setdefault(clerk, []).extend(x - usual for x in values)
        clerks = estimates.visit_length_factors(residuals)
    by_service: dict[str, estimates.ServiceHandling] = {}
    for code, row in setup.services.items():
        minutes = [math.exp(x) / clerks.get(clerk, 1.0) for clerk, values in logs.get(code, {}).items() for x in values]
        guess = usual_service_minutes_from_set_up(row)
        if minutes and (guess is None or len(minutes) >= SURE_VISITS):
            by_service[code] = (
                estimates.handling_from_visits(minutes)
                if len(minutes) > 1
                else estimates.handling_from_mean(minutes[0])
            )
        elif minutes and guess is not None:
            by_service[code] = _handling_shrunk_to_guess(minutes, guess)
        elif guess is not None:
            by_service[code] = estimates.handling_from_mean(guess)
    return by_service, clerks


def _visit_length_half_hour_factors(
    days: Sequence[observations.DayObservations], clerks: Mapping[str, float]
) -> dict[str, tuple[float, ...]]:
    """Return by service the factors of visit length for each half-hour of the call; none where they do not differ."""
    logs: dict[str, dict[int, list[float]]] = {}
    for day in days:
        for service, by_clerk in day.begun_at.items():
            by_slot = logs.setdefault(service, {})
            for clerk, half_hours in by_clerk.items():
                factor = clerks.get(clerk, 1.0)
                for half_hour, s in zip(half_hours, day.kept_s[service][clerk], strict=True):
                    by_slot.setdefault(half_hour, []).append(_minutes_logarithm(s) - math.log(factor))
    by_service: dict[str, tuple[float, ...]] = {}
    for service, by_slot in logs.items():
        usual = fmean(chain.from_iterable(by_slot.values()))
        factors = estimates.visit_length_factors(
            {half_hour: [x - usual for x in values] for half_hour, values in sorted(by_slot.items())}
        )
        if any(factor != 1 for factor in factors.values()):
            by_service[service] = tuple(factors.get(half_hour, 1.0) for half_hour in range(observations.HALF_HOURS))
    return by_service


def _minutes_logarithm(kept_s: int) -> float:
    return math.log(max(kept_s, 6) / 60)


def _handling_shrunk_to_guess(minutes: Sequence[float], guess: float) -> estimates.ServiceHandling:
    """Return the handling by a few visits, shrunk towards the set-up's `guess`."""
    weight = GUESS_WEIGHT * (1 - len(minutes) / SURE_VISITS)
    mean = (sum(minutes) + weight * guess) / (len(minutes) + weight)
    spread = sum((x - mean) ** 2 for x in minutes) + weight * ((estimates.SPREAD * guess) ** 2 + (guess - mean) ** 2)
    return estimates.ServiceHandling(mean_min=mean, var_min2=spread / (len(minutes) + weight), n=len(minutes))


def _minutes_between_visits(
    days: Iterable[observations.DayObservations],
) -> tuple[float, dict[str, float], estimates.ServiceHandling | None]:
    """Return the minutes a window takes to call while people wait: the mean, by window, and the table of all."""
    by_window: dict[str, list[int]] = {}
    for day in days:
        for window, gaps in day.between_s.items():
            by_window.setdefault(window, []).extend(gaps)
    minutes = [s / 60 for gaps in by_window.values() for s in gaps]
    usual = (sum(minutes) + BETWEEN_WORTH * BETWEEN_START_MIN) / (len(minutes) + BETWEEN_WORTH)
    means = {
        window: (sum(gaps) / 60 + OWN_WORTH * usual) / (len(gaps) + OWN_WORTH)
        for window, gaps in sorted(by_window.items())
    }
    return (
        usual,
        means,
        estimates.handling_from_visits(minutes) if len(minutes) > BETWEEN_WORTH and max(minutes) > 0 else None,
    )


def _no_show_statistics(days: Sequence[observations.DayObservations]) -> estimates.NoShowStatistics:
    called = [sum(counts) for counts in zip(estimates.NONE, *(day.called for day in days), strict=True)]
    absent = [sum(counts) for counts in zip(estimates.NONE, *(day.absent for day in days), strict=True)]
    return estimates.NoShowStatistics.from_call_counts(called, absent)


def _patience_curve(days: Sequence[observations.DayObservations]) -> tuple[float, ...]:
    """Return the survival curve of patience in 5-minute steps: the share that would still wait if nobody were called. A
    call censors the observation. The rate of leaving is those who left ÷ the minutes waited by all (the life table's
    estimate, Kaplan and Meier 1958, by person-time), shrunk towards the rate of the 5 minutes before."""
    left, waited_min = [0.0] * estimates.WAIT_BINS, [0.0] * estimates.WAIT_BINS
    for day in days:
        for minutes in (s / 60 for s in day.left_s):
            left[min(estimates.WAIT_BINS - 1, int(minutes / estimates.WAIT_BIN_MIN))] += 1
            _add_minutes_by_bin(waited_min, minutes)
        for wait in day.waits:
            _add_minutes_by_bin(waited_min, wait.minutes)
    if not sum(left):
        return ()
    rate = sum(left) / (sum(waited_min) + STOOD_WORTH_MIN)
    rates = []
    for n, minutes in zip(left, waited_min, strict=True):
        rate = (n + rate * STOOD_WORTH_MIN) / (minutes + STOOD_WORTH_MIN)
        rates.append(rate)
    return tuple(max(STAY, math.exp(-estimates.WAIT_BIN_MIN * rate)) for rate in accumulate(rates, initial=0.0))


def _add_minutes_by_bin(waited_min: list[float], minutes: float) -> None:
    for bin in range(estimates.WAIT_BINS - 1):
        rest = minutes - bin * estimates.WAIT_BIN_MIN
        if rest <= 0:
            return
        waited_min[bin] += min(estimates.WAIT_BIN_MIN, rest)
    waited_min[-1] += max(0.0, minutes - (estimates.WAIT_BINS - 1) * estimates.WAIT_BIN_MIN)


def _next_line_shares_by_service(days: Sequence[observations.DayObservations]) -> dict[str, dict[str, float]]:
    """Return, by service, the chance that its visits go on in each other line."""
    visits: dict[str, int] = {}
    onward: dict[str, dict[str, int]] = {}
    for day in days:
        for service, n in day.visits.items():
            visits[service] = visits.get(service, 0) + n
        for service, by_target in day.onward.items():
            for other, n in by_target.items():
                counts = onward.setdefault(service, {})
                counts[other] = counts.get(other, 0) + n
    shares_by_service = {
        service: {other: min(1.0, n / visits[service]) for other, n in by_target.items()}
        for service, by_target in onward.items()
        if visits.get(service)
    }
    passing = {code for day in days for code in day.passing}
    total = sum(visits.values())
    for other in sorted(passing):  # It is unknown whose visit such a call follows: it may be anybody's.
        share = sum(day.passing.get(other, 0) for day in days) / max(1, total)
        for service in visits:
            shares = shares_by_service.setdefault(service, {})
            shares[other] = min(1.0, shares.get(other, 0.0) + share)
    return shares_by_service


def _priority_rates_and_credit(
    days: Sequence[observations.DayObservations],
) -> tuple[dict[str, tuple[float, ...]], float]:
    """Return priority tickets an hour by service and half-hour (a constant share of its tickets), and mean credit."""
    credits_s = [s for day in days for s in day.credits_s]
    if not credits_s:
        return {}, 0.0
    rates: dict[str, tuple[float, ...]] = {}
    for service in sorted({code for day in days for code in day.priority}):
        came = [
            sum(day.arrivals[service][i] for day in days if service in day.arrivals)
            for i in range(observations.HALF_HOURS)
        ]
        urgent = sum(sum(day.priority.get(service, ())) for day in days)
        share = urgent / sum(came)
        rates[service] = tuple(share * came[i] * 2 / len(days) for i in range(observations.HALF_HOURS))
    return rates, fmean(credits_s) / 60


def _learned_bound_factors(days: Sequence[observations.DayObservations]) -> tuple[float, float]:
    if not days:
        return estimates.FIRST_LOW, estimates.FIRST_HIGH
    scores = sorted(s for day in days[-SCORE_DAYS:] for s in day.scores)
    n = len(scores)
    if n < SCORES_NEEDED:
        return estimates.LOW_START, estimates.HIGH_START
    above = min(n, math.ceil((1 - estimates.MISS_SHARE) * (n + 1)))
    below = max(1, math.floor(estimates.MISS_SHARE * (n + 1)))
    return min(-estimates.NEAREST, scores[below - 1]), max(estimates.NEAREST, scores[above - 1])


def _window_habits(days: Sequence[observations.DayObservations]) -> dict[str, estimates.UsualWindowHours]:
    """Return each window's usual hours; windows seen on fewer than `HABIT_DAYS` dates are left out."""
    habits: dict[str, estimates.UsualWindowHours] = {}
    for code in sorted({code for day in days for code in day.windows}):
        dates = [day.windows[code] for day in days if code in day.windows]
        if len(dates) >= HABIT_DAYS:
            habits[code] = estimates.UsualWindowHours(
                opens=_quantile_of([w.first for w in dates], 0.25),
                closes=_quantile_of([w.last for w in dates], 0.75),
                breaks=_usual_breaks(dates),
            )
    return habits


def _usual_breaks(dates: Sequence[observations.WindowWorkHours]) -> tuple[tuple[int, int], ...]:
    """Return the breaks taken on at least half of the dates, as medians of their starts and ends."""
    spans = sorted(span for window in dates for span in window.breaks)
    groups: list[list[tuple[int, int]]] = []
    for span in spans:
        if groups and span[0] - median(s for s, _ in groups[-1]) <= SAME_BREAK_MIN:
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(
        (round(median(s for s, _ in group)), round(median(e for _, e in group)))
        for group in groups
        if len(group) >= HABIT_SHARE * len(dates)
    )


def _quantile_of(values: Iterable[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


MOST = 2
"""Most that the upper end of a wait may be, as a multiple of its point."""


def is_new_hall(live: live_waits.LiveHall) -> bool:
    """Whether it is the hall's first date, or too few visits are known."""
    learned = live.learned
    return not learned.days or sum(handling.n for handling in learned.services.values()) < SURE_VISITS


def new_hall_quote_and_limits(
    live: live_waits.LiveHall, service: str, ahead: int, turn: live_waits.ExpectedCallOfTicket, mixture: MixedQuote
) -> tuple[MixedQuote, float, float]:
    """Return a wait in a new hall, with the least and the most minutes of its upper end; `ahead` people are before
    somebody whose turn by the pass is `turn`. The pass counts an idle window as away for half as long again as it has
    let people wait. In a new hall it counts as a window that serves: most likely it has not begun yet, and the next
    person there waits for one visit at most. With as many people ahead as free windows, one visit may have to end
    first."""
    able = [window for window in live.windows if service in window.services]
    is_idle = any(window.is_idle for window in able)
    given = minutes_for_people_ahead(live, able, service, max(ahead, is_idle))
    free = sum(window.is_idle or (window.now_serving is None and window.free_min <= 0) for window in able)
    least = min(given, _mean_handling_min(live, [service])) if 0 < free <= ahead else 0.0
    if not is_idle:
        return mixture, least, MOST * max(given, turn.at_min)
    if mixture.point > given:
        share = given / mixture.point
        mixture = MixedQuote(mixture.low * share, given, mixture.high * share, mixture.leads)
    return mixture, least, MOST * given


def windows_of_pass(live: live_waits.LiveHall) -> tuple[live_waits.LiveWindow, ...]:
    """Return the windows of a pass; in a new hall idle ones count as free."""
    if not is_new_hall(live):
        return live.windows
    return tuple(replace(w, free_min=0.0, free_var=0.0) if w.is_idle else w for w in live.windows)


def minutes_for_people_ahead(
    live: live_waits.LiveHall, able: Sequence[live_waits.LiveWindow], service: str, ahead: int
) -> float:
    """Return the minutes of the services of those `ahead` ÷ the windows at work of those `able` to serve `service`.
    Where each of these has a customer, one more visit counts, which has to end first; where only today's few visits
    give the length, all visits under way count."""
    at_work = [w for w in able if w.now_serving is not None or w.is_idle or w.free_min <= 0] or able
    shared = frozenset[str]().union(*(window.services for window in able))
    # The customer in question may be in line already, behind those ahead.
    order = sorted((t.place_min - t.credit_min, t.place_min, t.turn, t.service) for t in live.tickets)
    asked = [code for *_rank, code in order if code in shared][:ahead] or [service]
    minutes = ahead * _mean_handling_min(live, asked)
    serving = [window.now_serving for window in at_work if window.now_serving is not None]
    if len(serving) == len(at_work):
        by_today = not live.learned.days and estimates.handling_or_unknown(live.learned, service).n
        minutes += _mean_handling_min(live, serving) * (len(serving) if by_today else 1)
    return minutes / len(at_work)


def _mean_handling_min(live: live_waits.LiveHall, services: Sequence[str]) -> float:
    # As a list: of a generator fmean() counts the values one by one.
    return fmean([estimates.handling_or_unknown(live.learned, code).mean_min for code in services])


VISITS_DIFFER, HALLS_DIFFER = 0.8, 0.25
"""Relative spread of a hall's visits, and the relative error of assumptions about a new hall."""
SET_UP_WORTH = 20
"""Weight of the set-up's minutes, in visits of a service; for the hall they count as its first day."""
GUESS_WORTH = 5
"""Weight of a guess about a service, in visits of today."""
BACK_MIN = 10.0
"""Usual time until a parked ticket comes back; after three times that it is not expected any more."""
STILL_COMING_MIN = 5.0
SEEN_AHEAD_MIN = 60.0
"""Expected priority tickets are added up to this far ahead, however large their credit."""
EXPECTED_TURN, LAST_TURN = 1 << 62, 1 << 61
HOUR, STEP_OF_HOUR = timedelta(hours=1), timedelta(minutes=10)
CAME_WORTH = 5.0
"""Weight of the usual number of priority tickets, in tickets."""


def live_hall(
    state: HallState,
    now: datetime,
    *,
    silent: Mapping[str, ticket_records.Window] | None = None,
    waiting: Sequence[ticket_records.LineTicket] | None = None,
) -> live_waits.LiveHall:
    """Return the hall at `now`. `waiting` replaces the waiting tickets of `state`; `silent` as in
    windows_for_pass()."""
    setup = state.setup_now
    if setup is None:
        raise ValueError("a hall without a set-up")
    day = max(business_date(setup, now), state.now.date or clock.date.min)
    window_by_staff: dict[str, str] = {}
    at_windows: list[ticket_records.LineTicket] = []
    for window in state.windows.values():
        if window.staff:
            window_by_staff[window.staff] = window.code
        if window.ticket and (at_window := state.tickets.get(window.ticket)):
            at_windows.append(at_window)
    if waiting is None:
        waiting = state.waiting_tickets()
    rule = dispatch.call_order_rule_of_setup(setup)
    short = dispatch.short_matter_ticket_ids(setup, waiting)
    by_language = setup.settings["language_first"] == "on"
    tickets = tuple([_live_ticket(t, now, window_by_staff, rule, short, by_language=by_language) for t in waiting])
    calls = live_waits.todays_last_call_outcomes(state, now, day)
    visits = calls.visits
    finished, todays_min = _finished_count_and_todays_minutes(visits, state.learned, setup)
    minute = observations.minute_of_hall_day(setup, day, now)
    learned = _estimates_with_setup_services(state.learned, setup, todays_min)
    return live_waits.LiveHall(
        tickets=tickets,
        windows=live_waits.windows_for_pass(
            state,
            now,
            day,
            minute=minute,
            learned=learned,
            pace=estimates.todays_pace_factor(visits, learned, now),
            waiting=tickets,
            silent=silent or {},
        ),
        learned=learned,
        services=tuple(setup.services),
        arrivals=_list_of_coming_priority_tickets(state, setup, learned, now, day),
        normal_calls=state.now.normal_calls_since_priority_call(day),
        jump_every=rule.jump_every,
        guard=rule.guard,
        follow_ups={t.id: t.steps for t in [*waiting, *at_windows] if isinstance(t, ticket_records.Ticket) and t.steps},
        returning=_parked_services_and_back_minutes(state, now),
        unknown=frozenset(setup.services).difference(learned.services),
        minute=minute,
        no_show=state.learned.absences.no_show_chances(calls.answered, calls.absent),
        doubt=_error_of_estimated_lengths(state.learned, finished),
    )


def _finished_count_and_todays_minutes(
    visits: Sequence[estimates.TodaysCalledVisit], learned: estimates.Estimates, setup: Setup
) -> tuple[int, dict[str, list[float]]]:
    """Return how many visits finished today, and their minutes by service, for services without past visits."""
    past, still_there = learned.services, estimates.STILL_THERE
    by_service: dict[str, list[float]] = {code: [] for code in setup.services if code not in past or not past[code].n}
    finished = 0
    for (service, _staff), _called_us, _held_min, minutes in visits:
        if minutes < still_there:
            finished += 1
            if service in by_service:
                by_service[service].append(minutes)
    return finished, by_service


def _error_of_estimated_lengths(learned: estimates.Estimates, finished: int) -> float:
    """Return the lengths' relative error: smaller with more visits (`finished` today included) and days."""
    handlings = learned.services.values()
    by_set_up = not learned.days and bool(handlings)
    visits_each = (sum(handling.n or SET_UP_WORTH for handling in handlings) + finished) / max(1, len(handlings))
    days = 1 if by_set_up else learned.days
    return math.hypot(VISITS_DIFFER / math.sqrt(max(1.0, visits_each)), HALLS_DIFFER / (1 + days))


def _live_ticket(
    ticket: ticket_records.LineTicket,
    now: datetime,
    window_by_staff: Mapping[str, str],
    rule: dispatch.CallOrderRule,
    short: Collection[ticket_records.TicketId],
    *,
    by_language: bool,
) -> live_waits.LiveTicket:
    place, credit_s = ticket.place, ticket.credit_s
    real_ticket = ticket if isinstance(ticket, ticket_records.Ticket) else None
    since = (None if real_ticket is None else real_ticket.since) or place
    place_min = (place - now).total_seconds() / 60
    since_min = place_min if since is place else _minutes_until(since, now)
    plain = live_waits.LiveTicket(
        id=(ticket.date, ticket.label),
        service=ticket.service,
        place_min=place_min,
        turn=ticket.turn,
        credit_min=rule.credit_s(ticket) / 60 if credit_s else 0.0,
        overtaken=ticket.overtaken,
        since_min=since_min if since_min < 0 else 0.0,
        redirected=real_ticket is not None and len(real_ticket.legs) > 1,
    )
    if not short and not by_language and ticket.held_until is None and ticket.not_before is None:
        return plain  # The fast path for nearly all of what may be hundreds.
    only: frozenset[str] | None = None
    held = 0.0
    if ticket.held_until is not None and ticket.held_until > now:
        if ticket.to_window is not None:
            only = frozenset({ticket.to_window})
        elif ticket.to_staff is not None:
            only = frozenset({window_by_staff[ticket.to_staff]} if ticket.to_staff in window_by_staff else ())
        held = _minutes_until(ticket.held_until, now)
    return replace(
        plain,
        short=plain.id in short,
        speaks=ticket.spoken_language.casefold() if by_language else "",
        not_before_min=max(0.0, _minutes_until(ticket.not_before, now)) if ticket.not_before is not None else 0.0,
        only=only,
        held_min=held,
    )


def _estimates_with_setup_services(
    learned: estimates.Estimates, setup: Setup, todays_min: Mapping[str, Sequence[float]]
) -> estimates.Estimates:
    """Return `learned` with services without past visits, estimated from the set-up and today's finished visits."""
    guesses: dict[str, estimates.ServiceHandling] = {}
    for code, minutes_today in todays_min.items():
        guess = learned.services.get(code)
        if guess is None and (minutes := usual_service_minutes_from_set_up(setup.services[code])) is not None:
            guess = estimates.handling_from_mean(minutes)
        if guess is None and len(minutes_today) >= GUESS_WORTH:
            guesses[code] = estimates.handling_from_visits(minutes_today)
        elif guess is not None:
            mean = (guess.mean_min * GUESS_WORTH + sum(minutes_today)) / (GUESS_WORTH + len(minutes_today))
            grown = mean / guess.mean_min if guess.mean_min > 0 else 1.0
            guesses[code] = replace(guess, mean_min=mean, var_min2=guess.var_min2 * grown**2)
    return replace(learned, services={**learned.services, **guesses}) if guesses else learned


def _list_of_coming_priority_tickets(
    state: HallState, setup: Setup, learned: estimates.Estimates, now: datetime, day: clock.date
) -> tuple[live_waits.LiveTicket, ...]:
    """Return today's appointments and the priority tickets expected soon enough to pass people who wait now."""
    if learned.credit_min <= 0 and not state.appointments:
        return ()
    coming: list[tuple[float, str, float]] = []
    local = setup.to_hall_time(now)
    half_hour = (local.hour * 60 + local.minute) // 30
    rule = dispatch.call_order_rule_of_setup(setup)
    if learned.credit_min > 0:
        factor = _todays_priority_arrivals_factor(state, learned, now, day)
        credit = rule.weighted_credit_s(round(learned.credit_min * 60)) / 60
        for service, rates in learned.priority_per_hour.items():
            rate = factor * rates[half_hour % len(rates)] if rates else 0.0
            if rate <= 0 or service not in setup.services:
                continue
            gap = 60 / rate
            at = gap / 2
            while at <= min(credit, SEEN_AHEAD_MIN) + 1:
                coming.append((at, service, credit))
                at += gap
    for appointment in state.appointments.values():
        at = _minutes_until(appointment.at, now)
        if (
            appointment.date == day
            and appointment.state is AppointmentState.BOOKED
            and at >= -STILL_COMING_MIN
            and appointment.service in setup.services
        ):
            credit_s = setup.credit_s(appointment.klass, appointment.service)
            coming.append((max(0.0, at), appointment.service, rule.weighted_credit_s(credit_s) / 60))
    return tuple(
        live_waits.LiveTicket(
            id=None, service=service, place_min=at, turn=EXPECTED_TURN + n, credit_min=credit, expected=True
        )
        for n, (at, service, credit) in enumerate(sorted(coming), 1)
    )


def _todays_priority_arrivals_factor(
    state: HallState, learned: estimates.Estimates, now: datetime, day: clock.date
) -> float:
    """Return today's priority arrivals of the last hour as a multiple of the usual number."""
    calls = [c for c in state.calls[-estimates.CALLS_FOR_PACE :] if c.date == day]
    is_cut = len(state.calls) > len(calls) == estimates.CALLS_FOR_PACE  # Earlier calls are no longer in the state.
    since = max(calls[0].time, now - HOUR) if is_cut else now - HOUR
    # Without those who left uncalled: whether a state still has them depends on when it was loaded.
    arrived = [
        t
        for t in state.tickets_with_credit()
        if t.arrived >= since and t.date == day and (t.is_open or t.legs[0].called is not None)
    ]
    setup = state.setup_now
    if setup is None:
        return 1.0
    usual = 0.0
    at = since
    while at < now:
        local = setup.to_hall_time(at)
        half_hour = (local.hour * 60 + local.minute) // 30
        step = min(STEP_OF_HOUR, now - at)
        usual += sum(r[half_hour] for r in learned.priority_per_hour.values() if r) * (step / HOUR)
        at += step
    return (len(arrived) + CAME_WORTH) / (usual + CAME_WORTH)


def _parked_services_and_back_minutes(state: HallState, now: datetime) -> tuple[tuple[str, float], ...]:
    due = []
    parked = ticket_records.TicketState.PARKED
    for ticket in state.open_tickets():
        if ticket.state is parked:
            parked_min = -_minutes_until(ticket.since or now, now)
            if parked_min <= 3 * BACK_MIN:
                due.append((ticket.service, max(1.0, BACK_MIN - parked_min)))
    return tuple(sorted(due))


def _minutes_until(moment: datetime, now: datetime) -> float:
    return (moment - now).total_seconds() / 60


# -- quotes ----------------------------------------------------------------------------------------------------------


class WaitSnapshot(Struct, frozen=True):
    """The hall in numbers at one moment, the result of one pass, and the bounds of a promise made then; `next_turns` is
    a cache by service."""

    live: live_waits.LiveHall
    forecast: live_waits.PassForecast
    tracker: estimates.PromiseBoundFactors
    next_turns: dict[str, live_waits.ExpectedCallOfTicket | None] = field(default_factory=dict)


def cached_wait_snapshot(state: HallState, now: datetime) -> WaitSnapshot:
    """Return the result of a pass over `state`, cached for one second of an unchanged hall."""
    key = (state.now.seq, int(now.timestamp()), id(state.learned), id(state.setup_now))
    cached: tuple[tuple[int, ...], WaitSnapshot] | None = state.seen
    if cached is not None and cached[0] == key:
        return cached[1]
    live = live_hall(state, now)
    snapshot = WaitSnapshot(live, forecast_turns(live), rounded_promise_bounds_now(state, now))
    state.seen = (key, snapshot)
    return snapshot


def turn_of_new_ticket(snapshot: WaitSnapshot, setup: Setup, service: str) -> live_waits.ExpectedCallOfTicket | None:
    """Return the turn of a ticket without a class issued now, with the service's own credit if it has one."""
    credit_s = dispatch.call_order_rule_of_setup(setup).weighted_credit_s(setup.credit_s("normal", service))
    if not credit_s:
        return snapshot.forecast.newcomers.get(service)
    if service not in snapshot.next_turns:
        taken = live_waits.LiveTicket(
            id=(date.max, service), service=service, place_min=0.0, turn=LAST_TURN, credit_min=credit_s / 60
        )
        with_it = replace(snapshot.live, tickets=(*snapshot.live.tickets, taken))
        snapshot.next_turns[service] = expected_call_of_ticket(with_it, (date.max, service))
    return snapshot.next_turns[service]


class WaitQuote(Struct, frozen=True):
    """A quoted wait or the reason for none; its components, and the expert with the largest weight."""

    wait: dispatch.QuotedWait | dispatch.NoQuoteReason
    made_of: ticket_records.WaitInputs | None = None
    leads: str | None = None


def wait_quote(
    state: HallState,
    live: live_waits.LiveHall,
    service: str,
    turn: live_waits.ExpectedCallOfTicket | None,
    *,
    place: int,
    ahead: int,
    now: datetime,
    tracker: estimates.PromiseBoundFactors,
) -> WaitQuote:
    """Return the wait quoted for `turn`: a ticket at `place` (1: first) in the line of `service`, with `ahead` people
    before it at its windows. Every screen, slip, message and command quotes by this function, with the bounds of
    rounded_promise_bounds_now()."""
    able = [w for w in live.windows if service in w.services]
    if not any(w.is_sure for w in able):
        return WaitQuote(dispatch.NO_WINDOW_OPEN)
    if turn is None:
        return WaitQuote(dispatch.NOT_REACHED)
    known_turn = turn if turn.at_min <= 0 or not has_unknown_length_in_line(live, service) else None
    setup = state.setup_now
    day = None if setup is None else max(business_date(setup, now), state.now.date or clock.date.min)
    estimate = (
        None if day is None else todays_experts_of(state, day).experts_quote(service, place, live.minute, known_turn)
    )
    if estimate is None:
        return WaitQuote(dispatch.NO_FIGURES)
    points, mixture = estimate
    least, most = 0.0, math.inf
    if known_turn is not None and is_new_hall(live):
        mixture, least, most = new_hall_quote_and_limits(live, service, ahead, known_turn, mixture)
    made_of = ticket_records.WaitInputs(
        place=place,
        low_s=round(mixture.low * 60),
        high_s=round(mixture.high * 60),
        points_s=tuple(None if point is None else round(point * 60) for point in points),
    )
    # Rounded as the log stores them, so that the range can be recomputed from the log.
    point_s = round(mixture.point * 60)
    below_s, above_s = estimates.deviations_below_and_above(made_of.low_s, point_s, made_of.high_s)
    low, high = dispatch.printed_wait_range(
        *tracker.wait_range_min(point_s / 60, below_s / 60, above_s / 60), point_s / 60
    )
    high = dispatch.printed_wait_range_high_end(low, high, least, most, point_s / 60)
    return WaitQuote(
        dispatch.QuotedWait(low=low, high=high, point_s=point_s), made_of, estimates.EXPERTS[mixture.leads]
    )


def has_unknown_length_in_line(live: live_waits.LiveHall, service: str) -> bool:
    """Whether a service of unknown length is waiting or being served at a window of this line."""
    if not live.unknown:
        return False
    able = [w for w in live.windows if service in w.services]
    if any(w.now_serving in live.unknown for w in able):
        return True
    unknown = live.unknown.intersection(chain.from_iterable(w.services for w in able))
    return bool(unknown) and any(t.service in unknown for t in live.tickets)


# -- the promise made when a ticket is issued: the range and its components ------------------------------------------

PLACES = 6
"""Decimals of a bound in the log."""


def position_and_promise(
    state: HallState,
    ticket: ticket_records.LineTicket,
    now: datetime,
    silent: Mapping[str, ticket_records.Window] | None = None,
) -> tuple[dispatch.LinePosition, ticket_records.WaitPromise]:
    """Return the position and quoted wait of a ticket issued now; `state` is the hall just before. `silent` windows
    count as given, though the hall considers them closed."""
    setup = state.setup_now
    if setup is None:
        raise ValueError("a hall without a set-up")
    waiting: list[ticket_records.LineTicket] = [*(before := state.waiting_tickets()), ticket]
    tracker = rounded_promise_bounds_now(state, now, ticket.date, before)
    live = live_hall(state, now, silent=silent, waiting=waiting)
    turn = expected_call_of_ticket(live, ticket.id)
    windows_now = {**state.windows, **silent} if silent else state.windows
    line = dispatch.windows_for_service(setup, windows_now.values(), ticket.service)
    ahead, ahead_in_line = dispatch.count_ahead_all_and_own_service(
        ticket,
        line,
        waiting,
        normal_calls=state.now.normal_calls_since_priority_call(ticket.date),
        rule=dispatch.call_order_rule_of_setup(setup),
        now=now,
    )
    quote = wait_quote(
        state, live, ticket.service, turn, place=ahead_in_line + 1, ahead=ahead, now=now, tracker=tracker
    )
    wait, coming = quote.wait, count_joining_ahead(state, turn, ticket, line, waiting, ahead=ahead, now=now)
    if isinstance(wait, dispatch.NoQuoteReason):
        return dispatch.LinePosition(ahead, wait, coming), ticket_records.WaitPromise(ahead=ahead, reason=wait.reason)
    windows = sum(w.state is ticket_records.WindowState.OPEN for w in line.windows)
    promise = ticket_records.WaitPromise(
        ahead=ahead,
        low=wait.low,
        high=wait.high,
        point_s=wait.point_s,
        sd_s=None if turn is None else round(turn.sd_min * 60),
        naive_s=naive_wait_s(ahead, live.learned, windows),
        bounds=(f"{tracker.low:.{PLACES}f}", f"{tracker.high:.{PLACES}f}"),
        made_of=quote.made_of,
        leads=quote.leads,
    )
    return dispatch.LinePosition(ahead, wait, coming), promise


def naive_wait_s(ahead: int, learned: estimates.Estimates, windows: int) -> int | None:
    """Return people ahead × mean visit ÷ open windows, in seconds; None without a window or a known visit."""
    handlings = [h for h in learned.services.values() if h.mean_min > 0]
    if not windows or not handlings:
        return None
    weights = [max(1, h.n) for h in handlings]
    usual = sum(w * h.mean_min for w, h in zip(weights, handlings, strict=True)) / sum(weights)
    return round(ahead * usual * 60 / windows)


def promise_bounds_now(
    state: HallState, now: datetime, day: clock.date, waiting: Sequence[ticket_records.Ticket] | None = None
) -> estimates.PromiseBoundFactors:
    """Return the bounds updated by outcomes since the last promise: calls, and ranges that ended. `waiting` are the
    waiting tickets of `state`, if at hand."""
    tracker = estimates.promise_bounds_for_day(state.tracker, day, state.learned.low, state.learned.high)
    if tracker.date != day or tracker.at is None:
        return tracker
    outcomes = [*_outcomes_of_calls(state, tracker, tracker.at, day)]
    since, still_open = tracker.at, 0
    for ticket in state.waiting_tickets() if waiting is None else waiting:
        if (
            len(ticket.legs) == 1
            and ticket.date == day
            and ticket.legs[0].called is None
            and is_promise_rated_by_call(ticket)
        ):
            still_open += 1
            high = ticket.arrived + _timedelta_of_minutes(ticket.promise.high or 0)
            if since < high <= now:
                outcomes.append((high, estimates.KnownPromiseEarlyOrLate(late=True)))
    outcomes.sort(key=itemgetter(0))
    return estimates.promise_bounds_after_outcomes(tracker, [outcome for _, outcome in outcomes], still_open)


def is_promise_rated_by_call(ticket: ticket_records.Ticket) -> bool:
    """Whether a ticket's call rates its promise: not if it was to be called at once with nobody ahead, nor if it was
    postponed."""
    promise = ticket.promise
    return (
        promise.high is not None
        and (bool(promise.ahead) or not _is_immediate_call_promise(promise))
        and not ticket.postponed
    )


def _is_immediate_call_promise(promise: ticket_records.WaitPromise) -> bool:
    return (promise.point_s or 0) < observations.TEACHES_S


def _outcomes_of_calls(
    state: HallState, tracker: estimates.PromiseBoundFactors, since: datetime, day: clock.date
) -> Iterator[tuple[datetime, estimates.KnownPromiseEarlyOrLate]]:
    new_overtakes = takewhile(lambda overtake: overtake.seq > tracker.upto, reversed(state.overtakes))
    out_of_turn_labels: frozenset[str] = frozenset()
    if overtakes := [overtake for overtake in new_overtakes if overtake.date == day]:
        tickets = [state.tickets.get((day, label)) for overtake in overtakes for label in (overtake.by, overtake.label)]
        out_of_turn_labels = observations.labels_called_out_of_turn(
            overtakes, {t.label: t.legs[0].service for t in tickets if t is not None}
        )
    for call in reversed(state.calls):
        if call.seq <= tracker.upto:
            return
        ticket = state.tickets.get((call.date, call.label))
        if (
            ticket is None
            or call.label in out_of_turn_labels
            or call.date != day
            or ticket.legs[0].called != call.time
            or not is_promise_rated_by_call(ticket)
        ):
            continue
        low, high = _promised_times(ticket)
        # Nobody is called earlier than at once: such a promise says nothing about the low end.
        early = None if _is_immediate_call_promise(ticket.promise) else call.time < low
        if call.time <= high:
            yield call.time, estimates.KnownPromiseEarlyOrLate(early=early, late=False)
        else:
            yield call.time, estimates.KnownPromiseEarlyOrLate(early=early, late=True if high > since else None)


def _promised_times(ticket: ticket_records.Ticket) -> tuple[datetime, datetime]:
    promise = ticket.promise
    return (
        ticket.arrived + _timedelta_of_minutes(promise.low or 0),
        ticket.arrived + _timedelta_of_minutes(promise.high or 0),
    )


@lru_cache(maxsize=512)  # Each ticket asks when every promise ends.
def _timedelta_of_minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def rounded_promise_bounds_now(
    state: HallState,
    now: datetime,
    day: clock.date | None = None,
    waiting: Sequence[ticket_records.Ticket] | None = None,
) -> estimates.PromiseBoundFactors:
    """Return the bounds of a promise made now, rounded as the log stores them, so that the range can be recomputed from
    the log. `day` is today's business date, `waiting` as in promise_bounds_now()."""
    if day is None:
        setup = state.setup_now
        if setup is None:
            raise ValueError("a hall without a set-up")
        day = max(business_date(setup, now), state.now.date or clock.date.min)
    tracker = promise_bounds_now(state, now, day, waiting)
    return estimates.PromiseBoundFactors(
        low=round(tracker.low, PLACES), high=round(tracker.high, PLACES), upto=tracker.upto
    )


# -- how long the lines will be in a while: one more pass, with the people who will probably come --------------------


def count_waiting_after_minutes(
    live: live_waits.LiveHall, expected: Mapping[str, float], minutes: float, spreads: float = 0.0
) -> int:
    """Return how many will wait in all lines `minutes` from now, if everybody is called `spreads` standard deviations
    later than most probable (earlier where negative)."""
    turns = turns_of_waiting_and_coming(live, expected, minutes)
    return sum(turn is None or turn.at_min + spreads * turn.sd_min > minutes for _ticket, turn in turns)


def turns_of_waiting_and_coming(
    live: live_waits.LiveHall, expected: Mapping[str, float], minutes: float
) -> list[tuple[live_waits.LiveTicket, live_waits.ExpectedCallOfTicket | None]]:
    """Return all who wait now or arrive within `minutes`, each with their turn."""
    coming = [
        ticket
        for service in live.services
        for ticket in _expected_tickets_evenly_spaced(service, expected.get(service, 0.0), minutes)
    ]
    # Expected priority tickets are among those who come: they are not counted twice.
    arrivals = tuple(sorted(coming, key=lambda ticket: (ticket.place_min, ticket.turn)))
    turns = forecast_turns(replace(live, arrivals=arrivals)).turns
    return [(ticket, turns.get(ticket.id) if ticket.id is not None else None) for ticket in (*live.tickets, *arrivals)]


def _expected_tickets_evenly_spaced(service: str, mean: float, minutes: float) -> list[live_waits.LiveTicket]:
    n = round(mean)
    return [
        live_waits.LiveTicket(
            id=(date.max, f"{service}+{k}"),
            service=service,
            place_min=minutes * (k + 0.5) / n,
            not_before_min=minutes * (k + 0.5) / n,
            turn=LAST_TURN + k,
            expected=True,
        )
        for k in range(n)
    ]
