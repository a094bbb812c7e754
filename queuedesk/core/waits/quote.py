"""Waits that may be told: to somebody who asks, with a ticket, and for all lines in a while.

A pass needs numbers: `live_of` makes them of the current hall. What it goes by are the lessons of single dates, and of
the set-up where they are few.

In a new hall quoted waits are limited by its set-up's minutes, the people ahead and its windows. Nothing has shown yet
whether an idle window is away, nor how much visits differ. Until the hall's own visits tell, no quoted wait goes far
beyond what anybody in the hall can work out.
"""

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
from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.queue.dispatch import (
    NO_FIGURES,
    NO_WINDOW_OPEN,
    NOT_REACHED,
    NoWait,
    Rule,
    Standing,
    Wait,
    ahead_of,
    limited_end,
    line_of,
    printed_range,
    rule_of,
    short_matters,
)
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import InLine, MadeOf, Promise, State, Ticket, TicketId, Window, WindowState
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.waits.estimates import (
    CALLS_FOR_PACE,
    EXPERTS,
    FIRST_HIGH,
    FIRST_LOW,
    HIGH_START,
    LOW_START,
    MISS_SHARE,
    NEAREST,
    NONE,
    SPREAD,
    STILL_THERE,
    WAIT_BIN_MIN,
    WAIT_BINS,
    Absences,
    CallInProgress,
    Estimates,
    Habit,
    Handling,
    Outcome,
    PastWaits,
    ToldWait,
    Tracker,
    advance,
    group_factors,
    guessed,
    handling_in,
    handling_of,
    on_day,
    pace,
    spreads,
)
from queuedesk.core.waits.experts import Mixture, experts_now, learned_of, with_sums
from queuedesk.core.waits.live import Forecast, Live, LiveTicket, LiveWindow, Turn, last_calls, windows_of
from queuedesk.core.waits.observations import (
    HALF_HOURS,
    TEACHES_S,
    AtWork,
    DayObservations,
    minute_of,
    out_of_turn,
    together,
)
from queuedesk.core.waits.schedule import coming_before, forecast, turn_in

DAYS = 60
"""How many dates back there is something to learn."""

SURE_VISITS = 40
GUESS_WEIGHT = 10
"""A guess from the set-up counts as so many visits on the first day, and for nothing from `SURE_VISITS` on."""

USUAL_DATES = 20
"""A line's usual minutes per place are those of so many dates."""
MOST_WAITS = 8000
"""Experts are weighed by so many last waits, and the rest of the date on which that many are reached."""

BETWEEN_START_MIN, BETWEEN_WORTH = 0.3, 50
"""Before anything was seen a window takes so long to call; that counts as so many times."""
OWN_WORTH = 30
"""What windows take to call counts as so many times of each single one."""
SCORES_NEEDED = 60
SCORE_DAYS = 20
HABIT_DAYS = 3
HABIT_SHARE = 0.5
SAME_BREAK_MIN = 60
ROUNDS = 3
STOOD_WORTH_MIN = 100.0
"""How fast people leave after shorter waits counts as much as so many minutes that somebody stood there; on the whole
as many count in which nobody left."""
STAY = 0.001
"""So many always stay: who is still there after all others would have left is not expected to go."""


def estimated(setup: Setup, days: Mapping[clock.date, DayObservations], upto: clock.date) -> Estimates:
    """Return what is known on `upto` from the dates before it in `days`."""
    first = upto - clock.timedelta(days=DAYS)
    past = {day: one for day, one in sorted(days.items()) if first <= day < upto and not one.is_empty}
    lessons = list(past.values())
    services, clerks = _handling(setup, lessons)
    low, high = _bounds(lessons)
    priority, credit = _priority(lessons)
    between_min, between_at, between = _between(lessons)
    return Estimates(
        days=len(lessons),
        upto=upto,
        services=services,
        clerks=clerks,
        by_half_hour=_by_half_hour(lessons, clerks),
        between_min=between_min,
        between_at=between_at,
        between=between,
        absences=_absences(lessons),
        stays=_stays(lessons),
        redirects=_redirects(lessons),
        priority_per_hour=priority,
        credit_min=credit,
        habits=_habits(lessons),
        called_at=together(*(lesson.called_at for lesson in lessons)),
        low=low,
        high=high,
        waits=_waits(lessons),
    )


def _waits(lessons: Sequence[DayObservations]) -> PastWaits:
    """Return what past waits say: medians by the last dates, weights by the last waits."""
    days = [lesson.waits for lesson in lessons]
    last: list[ToldWait] = []
    for waits in reversed(days):
        last += reversed([wait for wait in waits if wait.points_s])
        if len(last) >= MOST_WAITS:
            break
    return with_sums(learned_of(days, last, USUAL_DATES), last)


def usual_min(service: Service) -> float | None:
    """Return the set-up's length of a service: the mean of its items' minutes, else its target; None without either."""
    minutes = [item.minutes for item in service.items if item.minutes]
    if minutes:
        return fmean(minutes)
    return float(service.handling_target) if service.handling_target else None


def _handling(setup: Setup, lessons: Sequence[DayObservations]) -> tuple[dict[str, Handling], dict[str, float]]:
    """Return how long services take a usual clerk, and how long each clerk takes beside a usual one."""
    logs: dict[str, dict[str, list[float]]] = {}
    for lesson in lessons:
        for service, by_clerk in lesson.kept_s.items():
            for clerk, kept in by_clerk.items():
                logs.setdefault(service, {}).setdefault(clerk, []).extend(map(_log_min, kept))
    clerks: dict[str, float] = {}
    for _round in range(ROUNDS):
        residuals: dict[str, list[float]] = {}
        for of_service in logs.values():
            usual = fmean(x - math.log(clerks.get(clerk, 1.0)) for clerk, v in of_service.items() for x in v)
            for clerk, values in of_service.items():
                residuals.setdefault(clerk, []).extend(x - usual for x in values)
        clerks = group_factors(residuals)
    found: dict[str, Handling] = {}
    for code, spec in setup.services.items():
        minutes = [math.exp(x) / clerks.get(clerk, 1.0) for clerk, values in logs.get(code, {}).items() for x in values]
        guess = usual_min(spec)
        if minutes and (guess is None or len(minutes) >= SURE_VISITS):
            found[code] = handling_of(minutes) if len(minutes) > 1 else guessed(minutes[0])
        elif minutes and guess is not None:
            found[code] = _leaning(minutes, guess)
        elif guess is not None:
            found[code] = guessed(guess)
    return found, clerks


def _by_half_hour(lessons: Sequence[DayObservations], clerks: Mapping[str, float]) -> dict[str, tuple[float, ...]]:
    """Return how much longer than usual a usual clerk's visits take that are called in each half hour, by service."""
    logs: dict[str, dict[int, list[float]]] = {}
    for lesson in lessons:
        for service, by_clerk in lesson.begun_at.items():
            called = logs.setdefault(service, {})
            for clerk, half_hours in by_clerk.items():
                factor = clerks.get(clerk, 1.0)
                for half_hour, s in zip(half_hours, lesson.kept_s[service][clerk], strict=True):
                    called.setdefault(half_hour, []).append(_log_min(s) - math.log(factor))
    found: dict[str, tuple[float, ...]] = {}
    for service, called in logs.items():
        usual = fmean(chain.from_iterable(called.values()))
        factors = group_factors({half_hour: [x - usual for x in own] for half_hour, own in sorted(called.items())})
        if any(factor != 1 for factor in factors.values()):
            found[service] = tuple(factors.get(half_hour, 1.0) for half_hour in range(HALF_HOURS))
    return found


def _log_min(kept_s: int) -> float:
    return math.log(max(kept_s, 6) / 60)


def _leaning(minutes: Sequence[float], guess: float) -> Handling:
    """Return the handling by a few visits, drawn to what the set-up says."""
    weight = GUESS_WEIGHT * (1 - len(minutes) / SURE_VISITS)
    mean = (sum(minutes) + weight * guess) / (len(minutes) + weight)
    spread = sum((x - mean) ** 2 for x in minutes) + weight * ((SPREAD * guess) ** 2 + (guess - mean) ** 2)
    return Handling(mean_min=mean, var_min2=spread / (len(minutes) + weight), n=len(minutes))


def _between(lessons: Iterable[DayObservations]) -> tuple[float, dict[str, float], Handling | None]:
    """Return how long windows take to call while somebody waits: a usual one, each, and the table of all."""
    by_window: dict[str, list[int]] = {}
    for lesson in lessons:
        for window, gaps in lesson.between_s.items():
            by_window.setdefault(window, []).extend(gaps)
    every = [s / 60 for gaps in by_window.values() for s in gaps]
    usual = (sum(every) + BETWEEN_WORTH * BETWEEN_START_MIN) / (len(every) + BETWEEN_WORTH)
    own = {
        window: (sum(gaps) / 60 + OWN_WORTH * usual) / (len(gaps) + OWN_WORTH)
        for window, gaps in sorted(by_window.items())
    }
    return usual, own, handling_of(every) if len(every) > BETWEEN_WORTH and max(every) > 0 else None


def _absences(lessons: Sequence[DayObservations]) -> Absences:
    called = [sum(of_bin) for of_bin in zip(NONE, *(lesson.called for lesson in lessons), strict=True)]
    absent = [sum(of_bin) for of_bin in zip(NONE, *(lesson.absent for lesson in lessons), strict=True)]
    return Absences.of(called, absent)


def _stays(lessons: Sequence[DayObservations]) -> tuple[float, ...]:
    """Return the share of people who would still be there after each 5 minutes, if nobody were called. Who is called
    shows that they stayed so long, and no more: the rate at which people leave is those who left ÷ the minutes that all
    stood there (the life table's estimate, Kaplan and Meier 1958, by person-time). Where few stood so long it leans
    on that of the 5 minutes before, and is that where nobody did."""
    left, stood = [0.0] * WAIT_BINS, [0.0] * WAIT_BINS
    for lesson in lessons:
        for minutes in (s / 60 for s in lesson.left_s):
            left[min(WAIT_BINS - 1, int(minutes / WAIT_BIN_MIN))] += 1
            _stand(stood, minutes)
        for wait in lesson.waits:
            _stand(stood, wait.minutes)
    if not sum(left):
        return ()
    rate = sum(left) / (sum(stood) + STOOD_WORTH_MIN)
    rates = []
    for n, minutes in zip(left, stood, strict=True):
        rate = (n + rate * STOOD_WORTH_MIN) / (minutes + STOOD_WORTH_MIN)
        rates.append(rate)
    return tuple(max(STAY, math.exp(-WAIT_BIN_MIN * rate)) for rate in accumulate(rates, initial=0.0))


def _stand(stood: list[float], minutes: float) -> None:
    for bin in range(WAIT_BINS - 1):
        here = minutes - bin * WAIT_BIN_MIN
        if here <= 0:
            return
        stood[bin] += min(WAIT_BIN_MIN, here)
    stood[-1] += max(0.0, minutes - (WAIT_BINS - 1) * WAIT_BIN_MIN)


def _redirects(lessons: Sequence[DayObservations]) -> dict[str, dict[str, float]]:
    visits: dict[str, int] = {}
    onward: dict[str, dict[str, int]] = {}
    for lesson in lessons:
        for service, n in lesson.visits.items():
            visits[service] = visits.get(service, 0) + n
        for service, to in lesson.onward.items():
            for other, n in to.items():
                counts = onward.setdefault(service, {})
                counts[other] = counts.get(other, 0) + n
    found = {
        service: {other: min(1.0, n / visits[service]) for other, n in to.items()}
        for service, to in onward.items()
        if visits.get(service)
    }
    passing = {code for lesson in lessons for code in lesson.passing}
    total = sum(visits.values())
    for other in sorted(passing):  # Nobody knows whose visit such a one follows: it may be anybody's.
        share = sum(lesson.passing.get(other, 0) for lesson in lessons) / max(1, total)
        for service in visits:
            shares = found.setdefault(service, {})
            shares[other] = min(1.0, shares.get(other, 0.0) + share)
    return found


def _priority(lessons: Sequence[DayObservations]) -> tuple[dict[str, tuple[float, ...]], float]:
    """Return priority tickets an hour by service and half hour: a service's share of priority, spread as its tickets
    come; and their mean credit."""
    credits_s = [s for lesson in lessons for s in lesson.credits_s]
    if not credits_s:
        return {}, 0.0
    rates: dict[str, tuple[float, ...]] = {}
    for service in sorted({code for lesson in lessons for code in lesson.priority}):
        came = [
            sum(lesson.arrivals[service][i] for lesson in lessons if service in lesson.arrivals)
            for i in range(HALF_HOURS)
        ]
        urgent = sum(sum(lesson.priority.get(service, ())) for lesson in lessons)
        share = urgent / sum(came)
        rates[service] = tuple(share * came[i] * 2 / len(lessons) for i in range(HALF_HOURS))
    return rates, fmean(credits_s) / 60


def _bounds(lessons: Sequence[DayObservations]) -> tuple[float, float]:
    if not lessons:
        return FIRST_LOW, FIRST_HIGH
    scores = sorted(s for lesson in lessons[-SCORE_DAYS:] for s in lesson.scores)
    n = len(scores)
    if n < SCORES_NEEDED:
        return LOW_START, HIGH_START
    above = min(n, math.ceil((1 - MISS_SHARE) * (n + 1)))
    below = max(1, math.floor(MISS_SHARE * (n + 1)))
    return min(-NEAREST, scores[below - 1]), max(NEAREST, scores[above - 1])


def _habits(lessons: Sequence[DayObservations]) -> dict[str, Habit]:
    """Return when each window is usually at work; a window seen on too few dates has no habits."""
    found: dict[str, Habit] = {}
    for code in sorted({code for lesson in lessons for code in lesson.windows}):
        seen = [lesson.windows[code] for lesson in lessons if code in lesson.windows]
        if len(seen) >= HABIT_DAYS:
            found[code] = Habit(
                opens=_at_share([w.first for w in seen], 0.25),
                closes=_at_share([w.last for w in seen], 0.75),
                breaks=_usual_breaks(seen),
            )
    return found


def _usual_breaks(seen: Sequence[AtWork]) -> tuple[tuple[int, int], ...]:
    """Return the breaks that a window took on at least half of its dates, by the middle of their starts and ends."""
    spans = sorted(span for window in seen for span in window.breaks)
    groups: list[list[tuple[int, int]]] = []
    for span in spans:
        if groups and span[0] - median(s for s, _ in groups[-1]) <= SAME_BREAK_MIN:
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(
        (round(median(s for s, _ in group)), round(median(e for _, e in group)))
        for group in groups
        if len(group) >= HABIT_SHARE * len(seen)
    )


def _at_share(values: Iterable[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


MOST = 2
"""The upper end of a wait is at most so many times its figure."""


def is_new(live: Live) -> bool:
    """Whether the hall's own visits tell little: on its first date, and as long as they are few."""
    learned = live.learned
    return not learned.days or sum(handling.n for handling in learned.services.values()) < SURE_VISITS


def limited(live: Live, service: str, ahead: int, turn: Turn, mixture: Mixture) -> tuple[Mixture, float, float]:
    """Return a wait in a new hall and the least and the most minutes that its upper end may be, with `ahead` people
    before somebody whose turn by the pass is `turn`.

    The pass counts an idle window as away for half as long again as it has let people wait. In a new hall it counts as
    one that serves: most likely nobody has begun yet. Who is next there waits for one visit at most. The pass also
    settles which free window takes whom, and nobody else does: with as many ahead as free windows, one may have to
    wait for a visit.
    """
    able = [window for window in live.windows if service in window.services]
    is_idle = any(window.is_idle for window in able)
    given = given_min(live, able, service, max(ahead, is_idle))
    free = sum(window.is_idle or (window.now_serving is None and window.free_min <= 0) for window in able)
    least = min(given, _usual_min(live, [service])) if 0 < free <= ahead else 0.0
    if not is_idle:
        return mixture, least, MOST * max(given, turn.at_min)
    if mixture.point > given:
        share = given / mixture.point
        mixture = Mixture(mixture.low * share, given, mixture.high * share, mixture.leads)
    return mixture, least, MOST * given


def at_work(live: Live) -> tuple[LiveWindow, ...]:
    """Return the windows of a pass, in a new hall with the idle ones free."""
    if not is_new(live):
        return live.windows
    return tuple(replace(w, free_min=0.0, free_var=0.0) if w.is_idle else w for w in live.windows)


def given_min(live: Live, able: Sequence[LiveWindow], service: str, ahead: int) -> float:
    """Return the minutes of the services of those `ahead` ÷ the windows at work of those `able` to serve `service`;
    where each of these has a customer, one visit more, which has to end first. Where only today's few visits say how
    long one takes, all of those under way count."""
    at_work = [w for w in able if w.now_serving is not None or w.is_idle or w.free_min <= 0] or able
    shared = frozenset[str]().union(*(window.services for window in able))
    # Whoever asks may be in line already, behind those ahead.
    order = sorted((t.place_min - t.credit_min, t.place_min, t.turn, t.service) for t in live.tickets)
    asked = [code for *_rank, code in order if code in shared][:ahead] or [service]
    minutes = ahead * _usual_min(live, asked)
    serving = [window.now_serving for window in at_work if window.now_serving is not None]
    if len(serving) == len(at_work):
        by_today = not live.learned.days and handling_in(live.learned, service).n
        minutes += _usual_min(live, serving) * (len(serving) if by_today else 1)
    return minutes / len(at_work)


def _usual_min(live: Live, services: Sequence[str]) -> float:
    return fmean(handling_in(live.learned, code).mean_min for code in services)


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
EXPECTED_TURN, LAST_TURN = 1 << 62, 1 << 61
HOUR, STEP_OF_HOUR = timedelta(hours=1), timedelta(minutes=10)
CAME_WORTH = 5.0
"""What is usual of priority tickets weighs as much as so many that came."""


def live_of(
    state: HallState,
    now: datetime,
    *,
    silent: Mapping[str, Window] | None = None,
    waiting: Sequence[InLine] | None = None,
) -> Live:
    """Return the hall at `now`. `waiting`, if given, replace those who wait in `state`; `silent` as in windows_of()."""
    setup = state.setup_now
    if setup is None:
        raise ValueError("a hall without a set-up")
    day = max(business_date(setup, now), state.now.date or clock.date.min)
    seated: dict[str, str] = {}
    at_windows: list[InLine] = []
    for window in state.windows.values():
        if window.staff:
            seated[window.staff] = window.code
        if window.ticket and (at_window := state.tickets.get(window.ticket)):
            at_windows.append(at_window)
    if waiting is None:
        waiting = state.waiting()
    rule = rule_of(setup)
    short = short_matters(setup, waiting)
    by_language = setup.settings["language_first"] == "on"
    tickets = tuple([_in_line(t, now, seated, rule, short, by_language=by_language) for t in waiting])
    last = last_calls(state, now, day)
    visits = last.visits
    seen, kept = _kept_min(visits, state.learned, setup)
    minute = minute_of(setup, day, now)
    learned = _with_guesses(state.learned, setup, kept)
    return Live(
        tickets=tickets,
        windows=windows_of(
            state,
            now,
            day,
            minute=minute,
            learned=learned,
            pace=pace(visits, learned, now),
            waiting=tickets,
            silent=silent or {},
        ),
        learned=learned,
        services=tuple(setup.services),
        arrivals=_arrivals(state, setup, learned, now, day),
        normal_calls=state.now.normal_calls_on(day),
        jump_every=rule.jump_every,
        guard=rule.guard,
        follow_ups={t.id: t.steps for t in [*waiting, *at_windows] if isinstance(t, Ticket) and t.steps},
        returning=_returning(state, now),
        unknown=frozenset(setup.services).difference(learned.services),
        minute=minute,
        no_show=state.learned.absences.chances(last.answered, last.absent),
        doubt=_doubt(state.learned, seen),
    )


def _kept_min(visits: Sequence[CallInProgress], learned: Estimates, setup: Setup) -> tuple[int, dict[str, list[float]]]:
    """Return how many of today's visits are finished; and of each service that no earlier date taught, how long these
    kept their windows, in minutes."""
    seen = 0
    taught = learned.services
    kept: dict[str, list[float]] = {code: [] for code in setup.services if code not in taught or not taught[code].n}
    for by, _called, _held, minutes in visits:
        if minutes < STILL_THERE:
            seen += 1
            if by[0] in kept:
                kept[by[0]].append(minutes)
    return seen, kept


def _doubt(learned: Estimates, seen: int) -> float:
    """Return the relative error of a usual visit's length: what few visits, `seen` today, leave open, and what few days
    can't have shown yet."""
    told = learned.services.values()
    by_set_up = not learned.days and bool(told)
    visits_each = (sum(one.n or SET_UP_WORTH for one in told) + seen) / max(1, len(told))
    days = 1 if by_set_up else learned.days
    return math.hypot(VISITS_DIFFER / math.sqrt(max(1.0, visits_each)), HALLS_DIFFER / (1 + days))


def _in_line(
    ticket: InLine,
    now: datetime,
    seated: Mapping[str, str],
    rule: Rule,
    short: Collection[TicketId],
    *,
    by_language: bool,
) -> LiveTicket:
    place, credit_s = ticket.place, ticket.credit_s
    known = ticket if isinstance(ticket, Ticket) else None
    since = (None if known is None else known.since) or place
    place_min = (place - now).total_seconds() / 60
    since_min = place_min if since is place else _until(since, now)
    plain = LiveTicket(
        id=(ticket.date, ticket.label),
        service=ticket.service,
        place_min=place_min,
        turn=ticket.turn,
        credit_min=rule.credit_s(ticket) / 60 if credit_s else 0.0,
        overtaken=ticket.overtaken,
        since_min=since_min if since_min < 0 else 0.0,
        redirected=known is not None and len(known.legs) > 1,
    )
    if not short and not by_language and ticket.held_until is None and ticket.not_before is None:
        return plain  # As nearly all are, of whom there may be hundreds.
    only: frozenset[str] | None = None
    held = 0.0
    if ticket.held_until is not None and ticket.held_until > now:
        if ticket.to_window is not None:
            only = frozenset({ticket.to_window})
        elif ticket.to_staff is not None:
            only = frozenset({seated[ticket.to_staff]} if ticket.to_staff in seated else ())
        held = _until(ticket.held_until, now)
    return replace(
        plain,
        short=plain.id in short,
        speaks=ticket.speaks.casefold() if by_language else "",
        not_before_min=max(0.0, _until(ticket.not_before, now)) if ticket.not_before is not None else 0.0,
        only=only,
        held_min=held,
    )


def _with_guesses(learned: Estimates, setup: Setup, kept: Mapping[str, Sequence[float]]) -> Estimates:
    """Return `learned` with what the set-up and today's finished visits say of services that no earlier date taught."""
    guesses: dict[str, Handling] = {}
    for code, own in kept.items():
        guess = learned.services.get(code)
        if guess is None and (minutes := usual_min(setup.services[code])) is not None:
            guess = guessed(minutes)
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
    if learned.credit_min <= 0 and not state.appointments:
        return ()
    coming: list[tuple[float, str, float]] = []
    local = setup.local(now)
    half_hour = (local.hour * 60 + local.minute) // 30
    rule = rule_of(setup)
    if learned.credit_min > 0:
        more = _more_than_usual(state, learned, now, day)
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
    for appointment in state.appointments.values():
        at = _until(appointment.at, now)
        if (
            appointment.date == day
            and appointment.state is AppointmentState.BOOKED
            and at >= -STILL_COMING_MIN
            and appointment.service in setup.services
        ):
            credit_s = setup.credit_s(appointment.klass, appointment.service)
            coming.append((max(0.0, at), appointment.service, rule.weighed_s(credit_s) / 60))
    return tuple(
        LiveTicket(id=None, service=service, place_min=at, turn=EXPECTED_TURN + n, credit_min=credit, expected=True)
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
        for t in state.with_credit()
        if t.arrived >= since and t.date == day and (t.is_open or t.legs[0].called is not None)
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
    for ticket in state.open_tickets():
        if ticket.state is parked:
            aside = -_until(ticket.since or now, now)
            if aside <= 3 * BACK_MIN:
                found.append((ticket.service, max(1.0, BACK_MIN - aside)))
    return tuple(sorted(found))


def _until(moment: datetime, now: datetime) -> float:
    return (moment - now).total_seconds() / 60


# -- what may be told ------------------------------------------------------------------------------------------------


class HallSnapshot(Struct, frozen=True):
    """The hall in numbers at one moment and the result of one pass over it, with the bounds that a promise of that
    moment has; `next_turns` as far as they were asked."""

    live: Live
    forecast: Forecast
    tracker: Tracker
    next_turns: dict[str, Turn | None] = field(default_factory=dict)


def seen_now(state: HallState, now: datetime) -> HallSnapshot:
    """Return the result of a pass over `state`; all who ask within the same second of an unchanged hall share one
    pass."""
    key = (state.now.seq, int(now.timestamp()), id(state.learned), id(state.setup_now))
    kept: tuple[tuple[int, ...], HallSnapshot] | None = state.seen
    if kept is not None and kept[0] == key:
        return kept[1]
    live = live_of(state, now)
    seen = HallSnapshot(live, forecast(live), bounds_now(state, now))
    state.seen = (key, seen)
    return seen


def next_turn(seen: HallSnapshot, setup: Setup, service: str) -> Turn | None:
    """Return the turn of a ticket without a class that is taken now, with the service's own credit where it has one."""
    credit_s = rule_of(setup).weighed_s(setup.credit_s("normal", service))
    if not credit_s:
        return seen.forecast.newcomers.get(service)
    if service not in seen.next_turns:
        taken = LiveTicket(
            id=(date.max, service), service=service, place_min=0.0, turn=LAST_TURN, credit_min=credit_s / 60
        )
        with_it = replace(seen.live, tickets=(*seen.live.tickets, taken))
        seen.next_turns[service] = turn_in(with_it, (date.max, service))
    return seen.next_turns[service]


class Quote(Struct, frozen=True):
    """A wait that may be quoted, or why none may; what it was made of, and the expert that weighed most."""

    wait: Wait | NoWait
    made_of: MadeOf | None = None
    leads: str | None = None


def quoted(
    state: HallState,
    live: Live,
    service: str,
    turn: Turn | None,
    *,
    place: int,
    ahead: int,
    now: datetime,
    tracker: Tracker,
) -> Quote:
    """Return the wait that may be quoted for `turn`, that of somebody at `place` (1: nobody before) in the line of
    `service` with `ahead` people before them at its windows.

    Every screen, slip, message and command quotes by it, with the bounds of bounds_now()."""
    able = [w for w in live.windows if service in w.services]
    if not any(w.is_sure for w in able):
        return Quote(NO_WINDOW_OPEN)
    if turn is None:
        return Quote(NOT_REACHED)
    known = turn if turn.at_min <= 0 or not is_guesswork(live, service) else None
    setup = state.setup_now
    day = None if setup is None else max(business_date(setup, now), state.now.date or clock.date.min)
    told = None if day is None else experts_now(state, day).mixture(service, place, live.minute, known)
    if told is None:
        return Quote(NO_FIGURES)
    points, mixture = told
    least, most = 0.0, math.inf
    if known is not None and is_new(live):
        mixture, least, most = limited(live, service, ahead, known, mixture)
    made_of = MadeOf(
        place=place,
        low_s=round(mixture.low * 60),
        high_s=round(mixture.high * 60),
        points_s=tuple(None if point is None else round(point * 60) for point in points),
    )
    # From what the log will hold, so that the range follows from what stands there.
    point_s = round(mixture.point * 60)
    below_s, above_s = spreads(made_of.low_s, point_s, made_of.high_s)
    low, high = printed_range(*tracker.range_min(point_s / 60, below_s / 60, above_s / 60), point_s / 60)
    high = limited_end(low, high, least, most, point_s / 60)
    return Quote(Wait(low=low, high=high, point_s=point_s), made_of, EXPERTS[mixture.leads])


def is_guesswork(live: Live, service: str) -> bool:
    """Whether somebody with a service of unknown length has to be served first at a window of this line."""
    if not live.unknown:
        return False
    able = [w for w in live.windows if service in w.services]
    asked = {t.service for t in live.tickets} & frozenset[str]().union(*(w.services for w in able))
    asked |= {w.now_serving for w in able if w.now_serving is not None}
    return bool(asked & live.unknown)


# -- the promise made when a ticket is issued: the range, and what it is made of -------------------------------------

PLACES = 6
"""Decimals of a bound in the log."""


def promised(
    state: HallState, ticket: InLine, now: datetime, silent: Mapping[str, Window] | None = None
) -> tuple[Standing, Promise]:
    """Return the position and quoted wait of a ticket issued now; `state` is the hall just before. `silent` are windows
    counted as given there, though the hall considers them closed."""
    setup = state.setup_now
    if setup is None:
        raise ValueError("a hall without a set-up")
    waiting: list[InLine] = [*(before := state.waiting()), ticket]
    tracker = bounds_now(state, now, ticket.date, before)
    live = live_of(state, now, silent=silent, waiting=waiting)
    turn = turn_in(live, ticket.id)
    windows_now = {**state.windows, **silent} if silent else state.windows
    line = line_of(setup, windows_now.values(), ticket.service)
    ahead, own = ahead_of(
        ticket,
        line,
        waiting,
        normal_calls=state.now.normal_calls_on(ticket.date),
        rule=rule_of(setup),
        now=now,
    )
    quote = quoted(state, live, ticket.service, turn, place=own + 1, ahead=ahead, now=now, tracker=tracker)
    wait, coming = quote.wait, coming_before(state, turn, ticket, line, waiting, ahead=ahead, now=now)
    if isinstance(wait, NoWait):
        return Standing(ahead, wait, coming), Promise(ahead=ahead, reason=wait.reason)
    windows = sum(w.state is WindowState.OPEN for w in line.windows)
    promise = Promise(
        ahead=ahead,
        low=wait.low,
        high=wait.high,
        point_s=wait.point_s,
        sd_s=None if turn is None else round(turn.sd_min * 60),
        naive_s=naive_s(ahead, live.learned, windows),
        bounds=(f"{tracker.low:.{PLACES}f}", f"{tracker.high:.{PLACES}f}"),
        made_of=quote.made_of,
        leads=quote.leads,
    )
    return Standing(ahead, wait, coming), promise


def naive_s(ahead: int, learned: Estimates, windows: int) -> int | None:
    """Return the wait as people ahead × a usual visit ÷ open windows; None where there is no window or no visit is
    known."""
    known = [h for h in learned.services.values() if h.mean_min > 0]
    if not windows or not known:
        return None
    weights = [max(1, h.n) for h in known]
    usual = sum(w * h.mean_min for w, h in zip(weights, known, strict=True)) / sum(weights)
    return round(ahead * usual * 60 / windows)


def tracker_now(state: HallState, now: datetime, day: clock.date, waiting: Sequence[Ticket] | None = None) -> Tracker:
    """Return the bounds after what became known since the last promise: calls made, and ranges that passed. `waiting`
    are those of `state`, where they are known."""
    tracker = on_day(state.tracker, day, state.learned.low, state.learned.high)
    if tracker.date != day or tracker.at is None:
        return tracker
    outcomes = [*_called(state, tracker, tracker.at, day)]
    since, still_open = tracker.at, 0
    for ticket in state.waiting() if waiting is None else waiting:
        if len(ticket.legs) == 1 and ticket.date == day and ticket.legs[0].called is None and teaches(ticket):
            still_open += 1
            high = ticket.arrived + _minutes(ticket.promise.high or 0)
            if since < high <= now:
                outcomes.append((high, Outcome(late=True)))
    outcomes.sort(key=itemgetter(0))
    return advance(tracker, [outcome for _, outcome in outcomes], still_open)


def teaches(ticket: Ticket) -> bool:
    """Whether a ticket's call shows how good its promise was: not for people who had nobody before them and were to be
    called at once, or who chose to wait longer."""
    promise = ticket.promise
    return promise.high is not None and (bool(promise.ahead) or not _is_at_once(promise)) and not ticket.postponed


def _is_at_once(promise: Promise) -> bool:
    return (promise.point_s or 0) < TEACHES_S


def _called(state: HallState, tracker: Tracker, since: datetime, day: clock.date) -> Iterator[tuple[datetime, Outcome]]:
    since_then = takewhile(lambda one: one.seq > tracker.upto, reversed(state.overtakes))
    astray: frozenset[str] = frozenset()
    if overtakes := [one for one in since_then if one.date == day]:
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
        # Nobody is called earlier than at once: such a promise says nothing about the low end.
        early = None if _is_at_once(ticket.promise) else call.time < low
        if call.time <= high:
            yield call.time, Outcome(early=early, late=False)
        else:
            yield call.time, Outcome(early=early, late=True if high > since else None)


def _ends(ticket: Ticket) -> tuple[datetime, datetime]:
    promise = ticket.promise
    return (
        ticket.arrived + _minutes(promise.low or 0),
        ticket.arrived + _minutes(promise.high or 0),
    )


@lru_cache(maxsize=512)  # Each ticket asks when every promise ends.
def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def bounds_now(
    state: HallState, now: datetime, day: clock.date | None = None, waiting: Sequence[Ticket] | None = None
) -> Tracker:
    """Return the bounds of a promise made now, as the log writes them, so that the range follows from what stands
    there. `day` is today's business date, `waiting` as in tracker_now()."""
    if day is None:
        setup = state.setup_now
        if setup is None:
            raise ValueError("a hall without a set-up")
        day = max(business_date(setup, now), state.now.date or clock.date.min)
    tracker = tracker_now(state, now, day, waiting)
    return Tracker(low=round(tracker.low, PLACES), high=round(tracker.high, PLACES), upto=tracker.upto)


# -- how long the lines will be in a while: one more pass, with the people who will probably come --------------------


def lines_after(live: Live, expected: Mapping[str, float], minutes: float) -> dict[str, int]:
    """Return for each service how many will stand in its line `minutes` from now; `expected` is how many come for it
    until then."""
    lines = dict.fromkeys(live.services, 0)
    for ticket, turn in _turns_with(live, expected, minutes):
        if ticket.service in lines and (turn is None or turn.at_min > minutes):
            lines[ticket.service] += 1
    return lines


def waiting_after(live: Live, expected: Mapping[str, float], minutes: float, spreads: float = 0.0) -> int:
    """Return how many will wait in all lines `minutes` from now, if everybody is called `spreads` standard deviations
    later than is most probable (earlier where negative)."""
    turns = _turns_with(live, expected, minutes)
    return sum(turn is None or turn.at_min + spreads * turn.sd_min > minutes for _ticket, turn in turns)


def _turns_with(live: Live, expected: Mapping[str, float], minutes: float) -> list[tuple[LiveTicket, Turn | None]]:
    """Return all who wait or will have come, each with their turn."""
    coming = [ticket for service in live.services for ticket in _coming(service, expected.get(service, 0.0), minutes)]
    # Expected priority tickets are among those who come: they are not counted twice.
    arrivals = tuple(sorted(coming, key=lambda ticket: (ticket.place_min, ticket.turn)))
    turns = forecast(replace(live, arrivals=arrivals)).turns
    return [(ticket, turns.get(ticket.id) if ticket.id is not None else None) for ticket in (*live.tickets, *arrivals)]


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
