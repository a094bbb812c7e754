"""Forecasts how many people will come, by service and half-hour, and tells how far off forecasts were."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Mapping, Sequence
from math import ceil, exp, floor, log1p, sqrt

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.queue.hallday import hours_on, last_ticket_on
from queuedesk.core.setup.hall import MAKE_UP, NO_DAYS, SPECIAL, WORKING, weekday_like
from queuedesk.core.setup.rows import Setup

HALF_HOURS = 48
FEWEST_DAYS = 3
"""With fewer days behind it there is no forecast."""
SHARE_WITHIN = 0.8
"""The share of outcomes that the interval is made to hold."""
NEAR_PAY_DAY = {-1: "before", 0: "on", 1: "after"}
_Z = 1.2816
_LEAST_PEOPLE = 0.5
"""Fewer expected don't make one who came an endless error."""
LAST_DAYS = 31
"""Errors are those of the last month."""
_NEIGHBOURS = 7
"""The first dates of all are forecast from these others."""


class DayArrivals(Struct, frozen=True, kw_only=True):
    """The arrivals of one date: for each service how many in each half-hour of the hall's day."""

    date: clock.date
    services: Mapping[str, tuple[int, ...]]

    @property
    def n(self) -> int:
        return sum(map(sum, self.services.values()))

    def half_hours(self) -> tuple[int, ...]:
        """Return how many came in each half-hour, for any service."""
        return tuple(map(sum, zip(*self.services.values(), strict=True))) if self.services else (0,) * HALF_HOURS


class ExpectedCount(Struct, frozen=True, kw_only=True):
    """How many are expected in a span of time; low and high enclose four outcomes of five."""

    mean: float
    low: int
    high: int


class Band(Struct, frozen=True, kw_only=True):
    """How far four of five outcomes lie below (negative) and above a forecast, in its spreads: (low, high) for each
    half-hour of all services, for a whole day, and for a day of one service."""

    half_hours: tuple[tuple[float, float], ...]
    day: tuple[float, float]
    service: tuple[float, float]


class DayForecast(Struct, frozen=True, kw_only=True):
    """The expected arrivals on `date`: people by service and half-hour.

    It is based on `days` earlier dates, none later than the day before, `of_weekday` of them of its weekday.
    `spread2` is the square of the share by which the whole day may differ from its forecast beyond chance; it follows
    from `differ`, how much dates of one weekday and weekdays do, and from how little is known. `pay_day` says
    whether it is the day before, on or after a pay day, `of_pay_day` how many of those dates were, None on others.
    `band` is what past errors teach of the range; None: chance and `spread2` alone.
    """

    date: clock.date
    days: int = 0
    of_weekday: int = 0
    of_pay_day: int | None = None
    services: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    spread2: float = 0.0
    differ: tuple[float, float] = (0.0, 0.0)
    pay_day: str | None = None
    band: Band | None = None

    @property
    def is_known(self) -> bool:
        return self.days >= FEWEST_DAYS

    def half_hours(self) -> tuple[float, ...]:
        """Return the people of each half-hour, for any service."""
        return tuple(map(sum, zip(*self.services.values(), strict=True))) if self.services else (0.0,) * HALF_HOURS


class ForecastCheck(Struct, frozen=True):
    """What was forecast of a date without knowing it, and who came. Pairs are people forecast and people who came: of
    half-hours with their number, of the whole day, and of each service's day."""

    forecast: DayForecast
    came: DayArrivals
    half_hours: tuple[tuple[int, float, float], ...]
    day: tuple[float, float]
    services: tuple[tuple[float, float], ...]


def near_pay_day(day: clock.date, pay_days: Sequence[clock.date]) -> str | None:
    """Return whether `day` is "before", "on" or "after" a pay day; "on" takes precedence."""
    found = {(day - pay).days for pay in pay_days}
    return next((NEAR_PAY_DAY[gap] for gap in (0, 1, -1) if gap in found), None)


def forecast_day(
    setup: Setup, history: Sequence[DayArrivals], day: clock.date, told: Sequence[ForecastCheck] | None = None
) -> DayForecast:
    """Return the arrivals expected on `day`, from those dates of `history` that lie before it; nobody where a service
    is closed. Its range follows from how far forecasts of the last month were off; `told` are these, if known already.

    A holiday or special hours teach nothing of other days. A make-up working day is expected to be like most days from
    Monday to Friday, and special hours to keep those people away who come at other hours.
    """
    forecast = expected_people(setup, history, day)
    if not forecast.is_known:
        return forecast
    checks = _told(setup, _teaching(setup, history, day), LAST_DAYS) if told is None else told
    return _with_band(forecast, checks[-LAST_DAYS:])


def expected_people(setup: Setup, history: Sequence[DayArrivals], day: clock.date) -> DayForecast:
    """Return forecast_day without the range that past errors teach, in a thirtieth of its time."""
    past = _teaching(setup, history, day)
    if len(past) < FEWEST_DAYS:
        return DayForecast(date=day, days=len(past), pay_day=near_pay_day(day, setup.pay_days))
    return _learned(setup, past, day)


def _teaching(setup: Setup, history: Sequence[DayArrivals], day: clock.date) -> list[DayArrivals]:
    """Return the dates before `day` that teach of other days, in order."""
    found = [one for one in history if one.date < day and one.n and weekday_like(setup.calendar, one.date) is not None]
    return sorted(found, key=lambda one: one.date)


def told_before(setup: Setup, history: Sequence[DayArrivals], until: clock.date) -> list[ForecastCheck]:
    """Return the forecasts of two months before `until` beside who came, for forecast_day and forecast_error."""
    return _told(setup, _teaching(setup, history, until), 2 * LAST_DAYS)


def _told(setup: Setup, past: Sequence[DayArrivals], last: int) -> list[ForecastCheck]:
    """Return the forecasts of the last dates of `past`, each from those before it; the first three of all, before which
    there were too few, from their neighbours: so the fourth day's range knows already how days differ here."""
    if len(past) < FEWEST_DAYS:
        return []
    start = max(0, len(past) - last)
    early = past[:_NEIGHBOURS]
    numbers = range(start, len(past))
    others = [past[:n] if n >= FEWEST_DAYS else [*early[:n], *early[n + 1 :]] for n in numbers]
    return [_beside(_learned(setup, own, past[n].date), past[n]) for n, own in zip(numbers, others, strict=True)]


def _with_band(forecast: DayForecast, told: Sequence[ForecastCheck]) -> DayForecast:
    """Return the forecast with a range made of the errors of `told`."""
    if not told:
        return forecast
    from queuedesk.core.waits.arrival_learning import Errors

    # By how much dates differ is known better now than it was then, and errors of all dates are to count alike.
    spread2 = [_spread2(check.forecast, forecast.differ) for check in told]
    half_hours = [(n, slot, due, came) for n, check in enumerate(told) for slot, due, came in check.half_hours]
    days = [(n, *check.day) for n, check in enumerate(told)]
    services = [(n, *pair) for n, check in enumerate(told) for pair in check.services]
    by_half_hour = Errors([(n, due, came) for n, _slot, due, came in half_hours], spread2, _LEAST_PEOPLE)
    band = Band(
        half_hours=by_half_hour.ends_by_half_hour([row[1] for row in half_hours], SHARE_WITHIN, HALF_HOURS),
        day=Errors(days, spread2, _LEAST_PEOPLE).ends(SHARE_WITHIN),
        service=Errors(services, spread2, _LEAST_PEOPLE).ends(SHARE_WITHIN),
    )
    return replace(forecast, band=band)


def _spread2(forecast: DayForecast, differ: tuple[float, float]) -> float:
    """Return by how much the whole day may differ from a forecast, as a squared share, where dates differ so much."""
    from queuedesk.core.waits.arrival_learning import spread2_of

    return spread2_of(*differ, days=forecast.days, of_weekday=forecast.of_weekday, of_pay_day=forecast.of_pay_day)


def _beside(forecast: DayForecast, came: DayArrivals) -> ForecastCheck:
    """Return a forecast beside who came. Half-hours are those in which somebody came or was expected: the night would
    make every forecast look good."""
    due, there = forecast.half_hours(), came.half_hours()
    return ForecastCheck(
        forecast,
        came,
        half_hours=tuple((n, due[n], there[n]) for n in range(HALF_HOURS) if due[n] >= 0.5 or there[n]),
        day=(sum(due), came.n),
        services=tuple((sum(row), sum(came.services.get(code, ()))) for code, row in forecast.services.items()),
    )


def _learned(setup: Setup, past: Sequence[DayArrivals], day: clock.date) -> DayForecast:
    """Return what the dates of `past` say of `day`, which is not among them."""
    kind = near_pay_day(day, setup.pay_days)
    codes = [code for code in setup.services if any(code in arrivals.services for arrivals in past)]
    if not codes:
        return DayForecast(date=day, days=len(past), pay_day=kind)
    # Loaded with the first forecast: numpy takes a tenth of a station's start.
    from queuedesk.core.waits.arrival_learning import ArrivalModel

    empty = (0,) * HALF_HOURS
    weekdays = [weekday_like(setup.calendar, arrivals.date) or arrivals.date.isoweekday() for arrivals in past]
    kinds = [near_pay_day(arrivals.date, setup.pay_days) for arrivals in past]
    counts = [[arrivals.services.get(code, empty) for code in codes] for arrivals in past]
    learned = ArrivalModel([arrivals.date for arrivals in past], weekdays, kinds, counts, day=day)
    calendar_day = setup.calendar.on(day)
    weekday = MAKE_UP if calendar_day is not None and calendar_day.kind == WORKING else day.isoweekday()
    usual = replace(setup, calendar=NO_DAYS) if calendar_day is not None and calendar_day.kind == SPECIAL else None
    people = learned.people(
        weekday,
        kind,
        [_half_hours_open(setup, code, day) for code in codes],
        usually=[_half_hours_open(usual, code, day) for code in codes] if usual is not None else None,
    )
    services = dict(zip(codes, people, strict=True))
    forecast = DayForecast(
        date=day,
        days=len(past),
        of_weekday=weekdays.count(weekday),
        of_pay_day=None if kind is None else kinds.count(kind),
        services=services,
        differ=learned.differ(),
        pay_day=kind,
    )
    return replace(forecast, spread2=_spread2(forecast, forecast.differ))


QUIET, USUAL, BUSY = "quiet", "usual", "busy"
QUIET_SHARE, BUSY_SHARE = 0.75, 1.25
"""A half-hour is quiet or busy with at most, or at least, this share of the week's mean."""
HALF_HOUR_MIN = 30


class Span(Struct, frozen=True, kw_only=True):
    """A part of a day's opening, in minutes after midnight, and whether it is QUIET, USUAL or BUSY."""

    start_min: int
    end_min: int
    level: str


def busy_spans(week: Sequence[DayForecast]) -> dict[clock.date, tuple[Span, ...]]:
    """Return for each day on which people are expected how busy its hours are, measured by the mean half-hour of all
    these days."""
    people = {one.date: one.half_hours() for one in week if one.is_known and any(one.half_hours())}
    open_ = [each for row in people.values() for each in row if each > 0]
    mean = sum(open_) / len(open_) if open_ else 0.0
    return {day: tuple(_spans(row, mean)) for day, row in people.items()}


def _spans(row: Sequence[float], mean: float) -> list[Span]:
    spans: list[Span] = []
    for n, each in enumerate(row):
        if each <= 0:
            continue
        level = QUIET if each <= QUIET_SHARE * mean else BUSY if each >= BUSY_SHARE * mean else USUAL
        start, last = n * HALF_HOUR_MIN, spans[-1] if spans else None
        if last is not None and (last.end_min, last.level) == (start, level):
            spans[-1] = replace(last, end_min=start + HALF_HOUR_MIN)
        else:
            spans.append(Span(start_min=start, end_min=start + HALF_HOUR_MIN, level=level))
    return spans


def so_far(forecast: DayForecast, came: float, until_min: int) -> DayForecast:
    """Return the forecast of a day under way, with `came` arrivals by `until_min` minutes after midnight.

    A busy morning says that the day is a busy one, and the more so the more days differ (a gamma prior on the day's
    factor).
    """
    due = _mean(forecast, 0, until_min)
    if due <= 0 or forecast.spread2 <= 0:
        return forecast
    weight = 1 / forecast.spread2
    factor = (weight + came) / (weight + due)
    scaled = {code: tuple(each * factor for each in row) for code, row in forecast.services.items()}
    return replace(forecast, services=scaled, spread2=1 / (weight + due))


SHORT_MIN = 120
"""Up to that length a span has the range of its half-hours, beyond it that of a day."""


def expected(
    forecast: DayForecast, start_min: int, end_min: int, services: Sequence[str] | None = None
) -> ExpectedCount | None:
    """Return the arrivals expected from `start_min` to `end_min` minutes after midnight, for `services` or for all;
    None while nothing is known."""
    if not forecast.is_known:
        return None
    mean = _mean(forecast, start_min, end_min, services)
    if forecast.band is None:
        low, high = bounds(mean, forecast.spread2)
    elif services is not None:
        low, high = _range(mean, forecast.spread2, forecast.band.service)
    elif end_min - start_min > SHORT_MIN:
        low, high = _range(mean, forecast.spread2, forecast.band.day)
    else:
        low, high = _range(mean, forecast.spread2, _ends(forecast, forecast.band, start_min, end_min))
    return ExpectedCount(mean=mean, low=low, high=high)


def spread_of(mean: float, spread2: float) -> float:
    """Return by how much a count with that mean differs from it, in people: by chance, and as whole days do."""
    return sqrt(max(mean, _LEAST_PEOPLE) + spread2 * mean * mean)


def _ends(forecast: DayForecast, band: Band, start_min: int, end_min: int) -> tuple[float, float]:
    """Return the ends of the half-hours that a span touches, each by its people."""
    slots = range(max(0, start_min // 30), min(HALF_HOURS, -(-end_min // 30)))
    people = forecast.half_hours()
    weights = [people[slot] for slot in slots]
    whole = sum(weights) or 1.0
    low = sum(w * band.half_hours[slot][0] for w, slot in zip(weights, slots, strict=True))
    high = sum(w * band.half_hours[slot][1] for w, slot in zip(weights, slots, strict=True))
    return low / whole, high / whole


def _range(mean: float, spread2: float, ends: tuple[float, float]) -> tuple[int, int]:
    """Return the whole numbers between the ends; the nearest to the mean where there is none."""
    if mean <= 0:
        return 0, 0
    spread = spread_of(mean, spread2)
    low, high = max(0, ceil(mean + ends[0] * spread - 1e-9)), floor(mean + ends[1] * spread + 1e-9)
    return (low, high) if low <= high else (round(mean), round(mean))


def bounds(mean: float, spread2: float) -> tuple[int, int]:
    """Return the range that holds a count four times in five: arrivals are random, and whole days differ by
    `spread2`."""
    if mean <= 0:
        return 0, 0
    if mean > 150:
        sd = sqrt(mean + spread2 * mean * mean)
        return max(0, round(mean - _Z * sd)), round(mean + _Z * sd)
    shape = 1 / spread2 if spread2 > 1e-6 else 1e6
    below, chance, n = 0.0, exp(-shape * log1p(mean / shape)), 0
    low: int | None = None
    edge = (1 - SHARE_WITHIN) / 2
    while True:
        below += chance
        if low is None and below > edge:
            low = n
        if below >= 1 - edge or n > 10_000:
            return low if low is not None else 0, n
        chance *= (shape + n) / (n + 1) * mean / (shape + mean)
        n += 1


def _mean(forecast: DayForecast, start_min: float, end_min: float, services: Sequence[str] | None = None) -> float:
    rows = [row for code, row in forecast.services.items() if services is None or code in services]
    found = 0.0
    for slot in range(max(0, int(start_min // 30)), min(HALF_HOURS, int(-(-end_min // 30)))):
        part = min(end_min, 30 * slot + 30) - max(start_min, 30 * slot)
        found += sum(row[slot] for row in rows) * max(0.0, part) / 30
    return found


def _half_hours_open(setup: Setup, code: str, day: clock.date) -> list[float]:
    """Return 1 for each half hour in which the service gives tickets on `day`, else 0."""
    service = setup.services[code]
    found = [0.0] * HALF_HOURS
    last_ticket = last_ticket_on(setup, service, day)
    for start, end in hours_on(setup, service, day):
        last = end if last_ticket is None else min(end, last_ticket)
        for slot in range(start // 30, min(HALF_HOURS, -(-last // 30))):
            found[slot] = 1.0
    return found


# -- how far arrival forecasts were off, compared with the simple forecast "as a week ago" ---------------------------


class Misses(Struct, frozen=True, kw_only=True):
    """Mean absolute errors in people, of a day and of a half-hour, and as shares of the arrivals; `n` are the days and
    half-hours."""

    day_mae: float
    day_share: float
    half_hour_mae: float
    half_hour_share: float


class ForecastError(Struct, frozen=True, kw_only=True):
    """The forecast's misses on `days` dates with `half_hours` half-hours, and on `compared` of these dates the misses
    of the week before taken as a forecast.

    `forecast_there` are the forecast's misses on those dates alone, for a fair comparison; `within` is the share of
    half hours that lay inside their interval, `days_within` that of days.
    """

    days: int
    half_hours: int
    forecast: Misses
    within: float
    days_within: float
    compared: int
    forecast_there: Misses | None
    last_week: Misses | None


def forecast_error(
    setup: Setup, history: Sequence[DayArrivals], until: clock.date, told: Sequence[ForecastCheck] | None = None
) -> ForecastError | None:
    """Return how accurate the forecasts of the month before `until` were; None where no date could be forecast from
    earlier ones. `told` are told_before, if known already. Ranges are those that the errors before each date gave."""
    by_date = {one.date: one for one in history if one.n and one.date < until}
    first = until - clock.timedelta(days=LAST_DAYS)
    judged: list[ForecastCheck] = []
    past = _teaching(setup, history, until)
    known = told_before(setup, history, until) if told is None else told
    for day in sorted(by_date):
        if day >= first and sum(1 for other in by_date if other < day) >= FEWEST_DAYS:
            before = [one for one in known if one.came.date < day]
            if len(before) < _NEIGHBOURS:
                # The first dates' neighbours are only those that were over by then.
                before = _told(setup, past[: len(before)], LAST_DAYS)
            said = next((one.forecast for one in known if one.came.date == day), None)
            if said is None:
                said = expected_people(setup, history, day)
            judged.append(_beside(_with_band(said, before[-LAST_DAYS:]), by_date[day]))
    if not judged:
        return None
    week = clock.timedelta(days=7)
    both = [one for one in judged if one.came.date - week in by_date]
    inside = [_is_inside(one, 30 * slot, 30 * slot + 30) for one in judged for slot, _due, _came in one.half_hours]
    days_inside = [_is_inside(one, 0, 1440) for one in judged]
    return ForecastError(
        days=len(judged),
        half_hours=len(inside),
        forecast=_misses(judged, DayForecast.half_hours),
        within=sum(inside) / max(1, len(inside)),
        days_within=sum(days_inside) / len(days_inside),
        compared=len(both),
        forecast_there=_misses(both, DayForecast.half_hours) if both else None,
        last_week=_misses(both, lambda said: by_date[said.date - week].half_hours()) if both else None,
    )


def _misses(judged: Sequence[ForecastCheck], guess: Callable[[DayForecast], Sequence[float]]) -> Misses:
    by_day: list[float] = []
    by_slot: list[float] = []
    for check in judged:
        guessed, came = guess(check.forecast), check.came.half_hours()
        by_day.append(abs(sum(guessed) - check.came.n))
        by_slot += [abs(guessed[slot] - came[slot]) for slot, _due, _came in check.half_hours]
    everybody = max(1, sum(check.came.n for check in judged))
    return Misses(
        day_mae=sum(by_day) / len(by_day),
        day_share=sum(by_day) / everybody,
        half_hour_mae=sum(by_slot) / max(1, len(by_slot)),
        half_hour_share=sum(by_slot) / everybody,
    )


def _is_inside(one: ForecastCheck, start_min: int, end_min: int) -> bool:
    people = expected(one.forecast, start_min, end_min)
    low, high = (0, 0) if people is None else (people.low, people.high)
    return low <= sum(one.came.half_hours()[start_min // 30 : end_min // 30]) <= high
