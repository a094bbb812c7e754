"""Forecasts of arrivals by service and half-hour, and their past errors."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Mapping, Sequence
from math import ceil, exp, floor, log1p, sqrt

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.queue.hallday import minute_ticket_issue_ends_on, opening_spans_on
from queuedesk.core.setup.hall import MAKE_UP, NO_DAYS, SPECIAL, WORKING, weekday_typical_of
from queuedesk.core.setup.rows import Setup

HALF_HOURS = 48
FEWEST_DAYS = 3
"""Fewest earlier dates for a forecast."""
SHARE_WITHIN = 0.8
"""Share of outcomes that the interval holds."""
NEAR_PAY_DAY = {-1: "before", 0: "on", 1: "after"}
_Z_OF_SHARE = 1.2816
_LEAST_PEOPLE = 0.5
"""Least variance by chance, so that one arrival where none is expected is no endless error."""
LAST_DAYS = 31
"""Days of errors that count."""
_NEIGHBOURS = 7
"""Number of first dates from which the very first ones are forecast."""


class DayArrivals(Struct, frozen=True, kw_only=True):
    """The arrivals of one date, by service and half-hour of the hall's day."""

    date: clock.date
    services: Mapping[str, tuple[int, ...]]

    @property
    def arrival_count(self) -> int:
        return sum(map(sum, self.services.values()))

    def people_by_half_hour(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*self.services.values(), strict=True))) if self.services else (0,) * HALF_HOURS


class ExpectedCount(Struct, frozen=True, kw_only=True):
    """Expected arrivals in a span of time; `low` and `high` hold four outcomes in five."""

    mean: float
    low: int
    high: int


class ErrorBand(Struct, frozen=True, kw_only=True):
    """The ends that hold four outcomes in five, relative to a forecast and in its spreads: (low, high) for each
    half-hour of all services, for a whole day, and for a day of one service."""

    half_hours: tuple[tuple[float, float], ...]
    day: tuple[float, float]
    service: tuple[float, float]


class DayForecast(Struct, frozen=True, kw_only=True):
    """The expected arrivals on `date`: people by service and half-hour. It is based on `days` earlier dates,
    `of_weekday` of them of its weekday. `spread2` is the squared share by which the whole day may differ from its
    forecast beyond chance; it follows from `differ`, how much dates of one weekday and weekdays do, and from how little
    is known. `pay_day`: whether it is the day before, on or after a pay day; `of_pay_day`: how many of those dates
    were, None on others. `band` is the range by past errors; None: chance and `spread2` alone."""

    date: clock.date
    days: int = 0
    of_weekday: int = 0
    of_pay_day: int | None = None
    services: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    spread2: float = 0.0
    differ: tuple[float, float] = (0.0, 0.0)
    pay_day: str | None = None
    band: ErrorBand | None = None

    @property
    def has_enough_past_days(self) -> bool:
        return self.days >= FEWEST_DAYS

    def people_by_half_hour(self) -> tuple[float, ...]:
        return tuple(map(sum, zip(*self.services.values(), strict=True))) if self.services else (0.0,) * HALF_HOURS


class ForecastCheck(Struct, frozen=True):
    """A forecast made from other dates, and the arrivals. Pairs are people forecast and people who came: of half-hours
    with their number, of the whole day, and of each service's day."""

    forecast: DayForecast
    came: DayArrivals
    half_hours: tuple[tuple[int, float, float], ...]
    day: tuple[float, float]
    services: tuple[tuple[float, float], ...]


def pay_day_relation(day: clock.date, pay_days: Sequence[clock.date]) -> str | None:
    """Return whether `day` is "before", "on" or "after" a pay day; "on" takes precedence."""
    gaps = {(day - pay).days for pay in pay_days}
    return next((NEAR_PAY_DAY[gap] for gap in (0, 1, -1) if gap in gaps), None)


def forecast_day_arrivals(
    setup: Setup, history: Sequence[DayArrivals], day: clock.date, told: Sequence[ForecastCheck] | None = None
) -> DayForecast:
    """Return the arrivals expected on `day`, from earlier dates of `history`; 0 where a service is closed. The range
    follows from forecast errors of the last month; `told` are these checks, if at hand. Holidays and special hours are
    not learned from. A make-up working day is expected to be like most days from Monday to Friday; under special hours
    people who would come at other hours stay away."""
    forecast = forecast_without_error_band(setup, history, day)
    if not forecast.has_enough_past_days:
        return forecast
    checks = (
        _forecast_checks_of_last_dates(setup, _past_dates_without_special_days(setup, history, day), LAST_DAYS)
        if told is None
        else told
    )
    return _with_error_band(forecast, checks[-LAST_DAYS:])


def forecast_without_error_band(setup: Setup, history: Sequence[DayArrivals], day: clock.date) -> DayForecast:
    """Return forecast_day_arrivals without the range by past errors, in a thirtieth of its time."""
    past = _past_dates_without_special_days(setup, history, day)
    if len(past) < FEWEST_DAYS:
        return DayForecast(date=day, days=len(past), pay_day=pay_day_relation(day, setup.pay_days))
    return _forecast_from_past_dates(setup, past, day)


def _past_dates_without_special_days(
    setup: Setup, history: Sequence[DayArrivals], day: clock.date
) -> list[DayArrivals]:
    """Return the dates before `day` that resemble other days, in order."""
    past = [arrivals for arrivals in history if arrivals.date < day and arrivals.arrival_count]
    usable = [arrivals for arrivals in past if weekday_typical_of(setup.calendar, arrivals.date) is not None]
    return sorted(usable, key=lambda arrivals: arrivals.date)


def forecast_checks_of_two_months(
    setup: Setup, history: Sequence[DayArrivals], until: clock.date
) -> list[ForecastCheck]:
    """Return the checks of the two months before `until`, for forecast_day_arrivals and accuracy_of_past_forecasts."""
    return _forecast_checks_of_last_dates(setup, _past_dates_without_special_days(setup, history, until), 2 * LAST_DAYS)


def _forecast_checks_of_last_dates(setup: Setup, past: Sequence[DayArrivals], last: int) -> list[ForecastCheck]:
    """Return checks of the last dates of `past`, each forecast from earlier dates; the first three, which have too few,
    from their neighbours, so that the fourth day has a range."""
    if len(past) < FEWEST_DAYS:
        return []
    start = max(0, len(past) - last)
    early = past[:_NEIGHBOURS]
    numbers = range(start, len(past))
    others = [past[:n] if n >= FEWEST_DAYS else [*early[:n], *early[n + 1 :]] for n in numbers]
    return [
        _forecast_check_of_day(_forecast_from_past_dates(setup, own, past[n].date), past[n])
        for n, own in zip(numbers, others, strict=True)
    ]


def _with_error_band(forecast: DayForecast, checks: Sequence[ForecastCheck]) -> DayForecast:
    if not checks:
        return forecast
    from queuedesk.core.waits.arrival_learning import ScaledForecastErrors

    # With today's `differ`: it is better known now than then, and errors of all dates then count alike.
    spread2 = [_squared_day_spread_of_forecast(check.forecast, forecast.differ) for check in checks]
    half_hours = [(n, slot, due, came) for n, check in enumerate(checks) for slot, due, came in check.half_hours]
    days = [(n, *check.day) for n, check in enumerate(checks)]
    services = [(n, *pair) for n, check in enumerate(checks) for pair in check.services]
    by_half_hour = ScaledForecastErrors([(n, due, came) for n, _slot, due, came in half_hours], spread2, _LEAST_PEOPLE)
    band = ErrorBand(
        half_hours=by_half_hour.error_range_ends_by_half_hour([row[1] for row in half_hours], SHARE_WITHIN, HALF_HOURS),
        day=ScaledForecastErrors(days, spread2, _LEAST_PEOPLE).error_range_ends(SHARE_WITHIN),
        service=ScaledForecastErrors(services, spread2, _LEAST_PEOPLE).error_range_ends(SHARE_WITHIN),
    )
    return replace(forecast, band=band)


def _squared_day_spread_of_forecast(forecast: DayForecast, differ: tuple[float, float]) -> float:
    """Return the squared share by which the day may differ from a forecast, where dates differ by `differ`."""
    from queuedesk.core.waits.arrival_learning import squared_forecast_spread_of_day

    return squared_forecast_spread_of_day(
        *differ, days=forecast.days, of_weekday=forecast.of_weekday, of_pay_day=forecast.of_pay_day
    )


def _forecast_check_of_day(forecast: DayForecast, came: DayArrivals) -> ForecastCheck:
    """Compare forecast and arrivals, for half-hours with either: the empty night would flatter every forecast."""
    due, there = forecast.people_by_half_hour(), came.people_by_half_hour()
    return ForecastCheck(
        forecast,
        came,
        half_hours=tuple((n, due[n], there[n]) for n in range(HALF_HOURS) if due[n] >= 0.5 or there[n]),
        day=(sum(due), came.arrival_count),
        services=tuple((sum(row), sum(came.services.get(code, ()))) for code, row in forecast.services.items()),
    )


def _forecast_from_past_dates(setup: Setup, past: Sequence[DayArrivals], day: clock.date) -> DayForecast:
    """Return the forecast of `day` from the dates of `past`, which exclude it."""
    kind = pay_day_relation(day, setup.pay_days)
    codes = [code for code in setup.services if any(code in arrivals.services for arrivals in past)]
    if not codes:
        return DayForecast(date=day, days=len(past), pay_day=kind)
    # Imported with the first forecast, because numpy takes a tenth of a station's start.
    from queuedesk.core.waits.arrival_learning import ArrivalModel

    empty = (0,) * HALF_HOURS
    weekdays = [weekday_typical_of(setup.calendar, arrivals.date) or arrivals.date.isoweekday() for arrivals in past]
    kinds = [pay_day_relation(arrivals.date, setup.pay_days) for arrivals in past]
    counts = [[arrivals.services.get(code, empty) for code in codes] for arrivals in past]
    model = ArrivalModel([arrivals.date for arrivals in past], weekdays, kinds, counts, day=day)
    calendar_day = setup.calendar.entry_on(day)
    weekday = MAKE_UP if calendar_day is not None and calendar_day.kind == WORKING else day.isoweekday()
    usual = replace(setup, calendar=NO_DAYS) if calendar_day is not None and calendar_day.kind == SPECIAL else None
    people = model.expected_people_by_half_hour(
        weekday,
        kind,
        [_half_hour_open_flags(setup, code, day) for code in codes],
        usually=[_half_hour_open_flags(usual, code, day) for code in codes] if usual is not None else None,
    )
    services = dict(zip(codes, people, strict=True))
    forecast = DayForecast(
        date=day,
        days=len(past),
        of_weekday=weekdays.count(weekday),
        of_pay_day=None if kind is None else kinds.count(kind),
        services=services,
        differ=model.date_and_weekday_variances(),
        pay_day=kind,
    )
    return replace(forecast, spread2=_squared_day_spread_of_forecast(forecast, forecast.differ))


QUIET, USUAL, BUSY = "quiet", "usual", "busy"
QUIET_SHARE, BUSY_SHARE = 0.75, 1.25
"""A half-hour is quiet up to, and busy from, this share of the week's mean."""
HALF_HOUR_MIN = 30


class BusynessSpan(Struct, frozen=True, kw_only=True):
    """A part of a day's opening, in minutes after midnight, that is QUIET, USUAL or BUSY."""

    start_min: int
    end_min: int
    level: str


def busyness_spans_by_day(week: Sequence[DayForecast]) -> dict[clock.date, tuple[BusynessSpan, ...]]:
    """Return how busy the hours of each day with expected people are, relative to the mean half-hour of all days."""
    known = {forecast.date: forecast.people_by_half_hour() for forecast in week if forecast.has_enough_past_days}
    people = {day: row for day, row in known.items() if any(row)}
    counts = [count for row in people.values() for count in row if count > 0]
    mean = sum(counts) / len(counts) if counts else 0.0
    return {day: tuple(_busyness_spans(row, mean)) for day, row in people.items()}


def _busyness_spans(row: Sequence[float], mean: float) -> list[BusynessSpan]:
    spans: list[BusynessSpan] = []
    for n, count in enumerate(row):
        if count <= 0:
            continue
        level = QUIET if count <= QUIET_SHARE * mean else BUSY if count >= BUSY_SHARE * mean else USUAL
        start, last = n * HALF_HOUR_MIN, spans[-1] if spans else None
        if last is not None and (last.end_min, last.level) == (start, level):
            spans[-1] = replace(last, end_min=start + HALF_HOUR_MIN)
        else:
            spans.append(BusynessSpan(start_min=start, end_min=start + HALF_HOUR_MIN, level=level))
    return spans


def forecast_updated_by_arrivals(forecast: DayForecast, came: float, until_min: int) -> DayForecast:
    """Return the forecast of a day under way, with `came` arrivals by `until_min` minutes after midnight. A busy
    morning raises the rest of the day, the more so the more days differ (a gamma prior on the day's factor)."""
    due = _sum_forecast_people(forecast, 0, until_min)
    if due <= 0 or forecast.spread2 <= 0:
        return forecast
    weight = 1 / forecast.spread2
    factor = (weight + came) / (weight + due)
    scaled = {code: tuple(count * factor for count in row) for code, row in forecast.services.items()}
    return replace(forecast, services=scaled, spread2=1 / (weight + due))


SHORT_MIN = 120
"""Longest span with the range of its half-hours; longer ones have that of a day."""


def expected_arrival_count_in_span(
    forecast: DayForecast, start_min: int, end_min: int, services: Sequence[str] | None = None
) -> ExpectedCount | None:
    """Return the arrivals expected from `start_min` to `end_min` minutes after midnight, for `services` or for all;
    None where the forecast is unknown."""
    if not forecast.has_enough_past_days:
        return None
    mean = _sum_forecast_people(forecast, start_min, end_min, services)
    if forecast.band is None:
        low, high = four_in_five_count_bounds(mean, forecast.spread2)
    elif services is not None:
        low, high = _whole_number_range(mean, forecast.spread2, forecast.band.service)
    elif end_min - start_min > SHORT_MIN:
        low, high = _whole_number_range(mean, forecast.spread2, forecast.band.day)
    else:
        low, high = _whole_number_range(
            mean, forecast.spread2, _weighted_band_ends(forecast, forecast.band, start_min, end_min)
        )
    return ExpectedCount(mean=mean, low=low, high=high)


def standard_deviation_of_count(mean: float, spread2: float) -> float:
    """Return the standard deviation in people of a count with that mean, from chance and differences of whole days."""
    return sqrt(max(mean, _LEAST_PEOPLE) + spread2 * mean * mean)


def _weighted_band_ends(forecast: DayForecast, band: ErrorBand, start_min: int, end_min: int) -> tuple[float, float]:
    """Return the ends of the half-hours in a span, weighted by their people."""
    slots = range(max(0, start_min // 30), min(HALF_HOURS, -(-end_min // 30)))
    people = forecast.people_by_half_hour()
    weights = [people[slot] for slot in slots]
    whole = sum(weights) or 1.0
    low = sum(w * band.half_hours[slot][0] for w, slot in zip(weights, slots, strict=True))
    high = sum(w * band.half_hours[slot][1] for w, slot in zip(weights, slots, strict=True))
    return low / whole, high / whole


def _whole_number_range(mean: float, spread2: float, ends: tuple[float, float]) -> tuple[int, int]:
    """Return the whole numbers between the ends; the one nearest to the mean where there is none."""
    if mean <= 0:
        return 0, 0
    spread = standard_deviation_of_count(mean, spread2)
    low, high = max(0, ceil(mean + ends[0] * spread - 1e-9)), floor(mean + ends[1] * spread + 1e-9)
    return (low, high) if low <= high else (round(mean), round(mean))


def four_in_five_count_bounds(mean: float, spread2: float) -> tuple[int, int]:
    """Return the range that holds a count four times in five: random arrivals, on days that differ by `spread2`."""
    if mean <= 0:
        return 0, 0
    if mean > 150:
        sd = sqrt(mean + spread2 * mean * mean)
        return max(0, round(mean - _Z_OF_SHARE * sd)), round(mean + _Z_OF_SHARE * sd)
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


def _sum_forecast_people(
    forecast: DayForecast, start_min: float, end_min: float, services: Sequence[str] | None = None
) -> float:
    rows = [row for code, row in forecast.services.items() if services is None or code in services]
    people = 0.0
    for slot in range(max(0, int(start_min // 30)), min(HALF_HOURS, int(-(-end_min // 30)))):
        part = min(end_min, 30 * slot + 30) - max(start_min, 30 * slot)
        people += sum(row[slot] for row in rows) * max(0.0, part) / 30
    return people


def _half_hour_open_flags(setup: Setup, code: str, day: clock.date) -> list[float]:
    """Return 1 for each half-hour in which the service gives tickets on `day`, else 0."""
    service = setup.services[code]
    open_slots = [0.0] * HALF_HOURS
    last_ticket = minute_ticket_issue_ends_on(setup, service, day)
    for start, end in opening_spans_on(setup, service, day):
        last = end if last_ticket is None else min(end, last_ticket)
        for slot in range(start // 30, min(HALF_HOURS, -(-last // 30))):
            open_slots[slot] = 1.0
    return open_slots


# -- errors of arrival forecasts, compared with the simple forecast "as a week ago" ----------------------------------


class MeanAbsoluteErrors(Struct, frozen=True, kw_only=True):
    """Mean absolute errors in people and as shares of the arrivals, for days and for half-hours."""

    day_mae: float
    day_share: float
    half_hour_mae: float
    half_hour_share: float


class ForecastAccuracy(Struct, frozen=True, kw_only=True):
    """The forecast's errors on `days` dates with `half_hours` half-hours, and on `compared` of these dates the errors
    of the week before taken as a forecast. `forecast_there` are the forecast's errors on those dates alone, for a fair
    comparison; `within` is the share of half-hours inside their interval, `days_within` that of days."""

    days: int
    half_hours: int
    forecast: MeanAbsoluteErrors
    within: float
    days_within: float
    compared: int
    forecast_there: MeanAbsoluteErrors | None
    last_week: MeanAbsoluteErrors | None


def accuracy_of_past_forecasts(
    setup: Setup, history: Sequence[DayArrivals], until: clock.date, told: Sequence[ForecastCheck] | None = None
) -> ForecastAccuracy | None:
    """Return the errors of the forecasts of the month before `until`; None where no date had enough earlier ones.
    `told` are told_before, if at hand. Each range uses only the errors before its date."""
    by_date = {came.date: came for came in history if came.arrival_count and came.date < until}
    first = until - clock.timedelta(days=LAST_DAYS)
    judged: list[ForecastCheck] = []
    past = _past_dates_without_special_days(setup, history, until)
    checks = forecast_checks_of_two_months(setup, history, until) if told is None else told
    for day in sorted(by_date):
        if day >= first and sum(1 for other in by_date if other < day) >= FEWEST_DAYS:
            before = [check for check in checks if check.came.date < day]
            if len(before) < _NEIGHBOURS:  # The first dates may use only neighbours before `day`.
                before = _forecast_checks_of_last_dates(setup, past[: len(before)], LAST_DAYS)
            forecast = next((check.forecast for check in checks if check.came.date == day), None)
            if forecast is None:
                forecast = forecast_without_error_band(setup, history, day)
            judged.append(_forecast_check_of_day(_with_error_band(forecast, before[-LAST_DAYS:]), by_date[day]))
    if not judged:
        return None
    week = clock.timedelta(days=7)
    paired = [check for check in judged if check.came.date - week in by_date]
    starts = [(check, 30 * slot) for check in judged for slot, _due, _came in check.half_hours]
    inside = [_are_arrivals_in_range(check, start, start + 30) for check, start in starts]
    days_inside = [_are_arrivals_in_range(check, 0, 1440) for check in judged]
    return ForecastAccuracy(
        days=len(judged),
        half_hours=len(inside),
        forecast=_mean_absolute_errors(judged, DayForecast.people_by_half_hour),
        within=sum(inside) / max(1, len(inside)),
        days_within=sum(days_inside) / len(days_inside),
        compared=len(paired),
        forecast_there=_mean_absolute_errors(paired, DayForecast.people_by_half_hour) if paired else None,
        last_week=_mean_absolute_errors(paired, lambda forecast: by_date[forecast.date - week].people_by_half_hour())
        if paired
        else None,
    )


def _mean_absolute_errors(
    judged: Sequence[ForecastCheck], guess: Callable[[DayForecast], Sequence[float]]
) -> MeanAbsoluteErrors:
    by_day: list[float] = []
    by_slot: list[float] = []
    for check in judged:
        guessed, came = guess(check.forecast), check.came.people_by_half_hour()
        by_day.append(abs(sum(guessed) - check.came.arrival_count))
        by_slot += [abs(guessed[slot] - came[slot]) for slot, _due, _came in check.half_hours]
    everybody = max(1, sum(check.came.arrival_count for check in judged))
    return MeanAbsoluteErrors(
        day_mae=sum(by_day) / len(by_day),
        day_share=sum(by_day) / everybody,
        half_hour_mae=sum(by_slot) / max(1, len(by_slot)),
        half_hour_share=sum(by_slot) / everybody,
    )


def _are_arrivals_in_range(check: ForecastCheck, start_min: int, end_min: int) -> bool:
    people = expected_arrival_count_in_span(check.forecast, start_min, end_min)
    low, high = (0, 0) if people is None else (people.low, people.high)
    return low <= sum(check.came.people_by_half_hour()[start_min // 30 : end_min // 30]) <= high
