"""Combines the lessons of single dates, and the set-up where they are few, for the next promise."""

from __future__ import annotations

import datetime as clock
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from statistics import fmean, median

from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.waits.absences import NONE, WAIT_BIN_MIN, WAIT_BINS, Absences
from queuedesk.core.waits.estimates import (
    FIRST_HIGH,
    FIRST_LOW,
    HIGH_START,
    LOW_START,
    SPREAD,
    Estimates,
    Habit,
    Handling,
    group_factors,
    guessed,
    handling_of,
)
from queuedesk.core.waits.experts import learned_of
from queuedesk.core.waits.observations import HALF_HOURS, AtWork, DayObservations, together
from queuedesk.core.waits.past_waits import PastWaits, ToldWait
from queuedesk.core.waits.promise_bounds import MISS_SHARE, NEAREST
from queuedesk.core.waits.weighing import with_sums

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
