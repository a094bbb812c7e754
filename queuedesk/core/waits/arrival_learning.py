"""A model of arrivals from past dates: levels, factors of weekdays and pay days, profiles over the day, random
differences between dates; and the range of forecasts from past errors."""

from __future__ import annotations

import datetime as clock
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from queuedesk.core.setup.hall import LAST_WORKING_WEEKDAY, MAKE_UP

_KINDS = (None, "before", "on", "after")
_HALF_LIFE_DAYS = 60
_MOST_DAYS_AHEAD = 366
"""Later days are forecast as one so long after the last date: weights would vanish, and the arrivals with them."""
_HALL_DAYS, _OWN_DAYS = 1.5, 2.0
_PROFILE_DAYS = 4.0
_ROUNDS = 6

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class ArrivalModel:
    """Levels, factors of weekdays and pay days, and profiles of past dates; arrays are date × service × half-hour."""

    def __init__(
        self,
        dates: Sequence[clock.date],
        weekdays: Sequence[int],
        kinds: Sequence[str | None],
        counts: Sequence[Sequence[Sequence[int]]],
        *,
        day: clock.date,
    ) -> None:
        """`counts` are the arrivals of each date, service and half-hour; `weekdays` the weekday each date counts as (1
        to 7, or MAKE_UP); `kinds` its relation to a pay day. Dates are weighted by how long before `day` they are."""
        self.counts = np.array(counts, dtype=float)
        self.by_day = self.counts.sum(axis=2)
        upto = min(day, max(dates) + clock.timedelta(days=_MOST_DAYS_AHEAD))
        self.weights = np.array([0.5 ** ((upto - date).days / _HALF_LIFE_DAYS) for date in dates])
        self.weekdays = np.array(weekdays)
        self.kinds = np.array([_KINDS.index(kind) for kind in kinds])
        self._fit_levels_and_factors()

    def _fit_levels_and_factors(self) -> None:
        """Fit levels and factors in turn, each to what the others leave unexplained."""
        n_services = self.by_day.shape[1]
        of_weekday = self._date_weights_by_group(self.weekdays, MAKE_UP + 1)
        of_kind = self._date_weights_by_group(self.kinds, len(_KINDS))
        self.weekday = np.ones((MAKE_UP + 1, n_services))
        self.kind = np.ones((len(_KINDS), n_services))
        for _round in range(_ROUNDS):
            others = self.weekday[self.weekdays] * self.kind[self.kinds]
            self.level = (self.weights @ self.by_day) / np.maximum(self.weights @ others, 1e-9)
            self._update_factors(self.weekday, of_weekday, self.kind[self.kinds], fixed=MAKE_UP)
            seen = [day for day in range(1, LAST_WORKING_WEEKDAY + 1) if day in self.weekdays]
            self.weekday[MAKE_UP] = self.weekday[seen].mean(axis=0) if seen else 1.0
            self._update_factors(self.kind, of_kind, self.weekday[self.weekdays], fixed=0)

    def _date_weights_by_group(self, places: Places, n: int) -> Floats:
        """Return for each of `n` groups the weights of its dates, 0 for the others."""
        by_group: Floats = (np.arange(n)[:, None] == places) * self.weights
        return by_group

    def _update_factors(self, factors: Floats, group_weights: Floats, others: Floats, *, fixed: int) -> None:
        """Set each factor to actual ÷ modelled arrivals: a service's shrunk to the hall's, the hall's to 1."""
        actual, modelled = group_weights @ self.by_day, self.level * (group_weights @ others)
        usual, prior = _HALL_DAYS * self.level.sum(), _OWN_DAYS * self.level
        hall = (actual.sum(axis=1) + usual) / np.maximum(modelled.sum(axis=1) + usual, 1e-9)
        fitted = (actual + prior * hall[:, None]) / np.maximum(modelled + prior, 1e-9)
        fitted[fixed] = factors[fixed]
        factors[:] = fitted

    def date_and_weekday_variances(self) -> tuple[float, float]:
        """Return the variances of dates of one weekday beyond chance and of weekdays, as squared shares."""
        usual = self.level * self.weekday[self.weekdays]
        pay_days = (usual * self.kind[self.kinds]).sum(axis=1) / np.maximum(usual.sum(axis=1), 1e-9)
        came = np.maximum(self.by_day.sum(axis=1), 1.0)
        last = slice(-_DATES_FOR_VARIANCE, None)
        return variances_of_dates_and_weekdays(np.log(came / pay_days)[last], 1 / came[last], self.weekdays[last])

    def expected_people_by_half_hour(
        self,
        weekday: int,
        kind: str | None,
        at_work: Sequence[Sequence[float]],
        *,
        usually: Sequence[Sequence[float]] | None = None,
    ) -> list[tuple[float, ...]]:
        """Return the people expected on such a day for each service in each half-hour; `at_work` is 1 where it gives
        tickets, else 0. Where it `usually` gives them at other hours, people of those hours stay away."""
        totals, profiles = (
            self._expected_service_totals_of_day(weekday, kind),
            self._service_profiles_of_weekday(weekday),
        )
        by_service = []
        for n, (total, profile, is_open) in enumerate(zip(totals, profiles, at_work, strict=True)):
            coming, shares = total, profile * np.array(is_open)
            if usually is not None:
                coming = total * min(1.0, shares.sum() / max((profile * np.array(usually[n])).sum(), 1e-9))
            if not shares.any():
                shares = np.array(is_open)
            by_service.append(tuple(float(count) for count in coming * shares / max(shares.sum(), 1e-9)))
        return by_service

    def _expected_service_totals_of_day(self, weekday: int, kind: str | None) -> Floats:
        totals: Floats = self.level * self.weekday[weekday] * self.kind[_KINDS.index(kind)]
        return totals

    def _service_profiles_of_weekday(self, weekday: int) -> Floats:
        """Return for each service the distribution of its people over such a day: shares that sum to 1."""
        came = np.tensordot(self.weights, self.counts, axes=1)
        hall = came.sum(axis=0) / max(came.sum(), 1e-9)
        own = came + _PROFILE_DAYS * self.level[:, None] * hall
        own /= np.maximum(own.sum(axis=1, keepdims=True), 1e-9)
        similar = (*range(1, LAST_WORKING_WEEKDAY + 1), MAKE_UP) if weekday == MAKE_UP else (weekday,)
        chosen = np.isin(self.weekdays, similar)
        profile = np.tensordot(self.weights[chosen], self.counts[chosen], axes=1)
        profile = profile + _PROFILE_DAYS * self.level[:, None] * own
        shares: Floats = profile / np.maximum(profile.sum(axis=1, keepdims=True), 1e-9)
        return shares


# -- the variances of dates of one weekday and of weekdays -----------------------------------------------------------

_DATES_FOR_VARIANCE = 62
_USUAL_DAYS, _USUAL_WEEKDAYS, USUAL_PAY_DAYS = 0.12, 0.15, 0.3
"""Prior shares by which dates of one weekday, weekdays and pay days of a new hall differ."""
_LOG_SD_DAYS, _LOG_SD_WEEKDAYS = 0.7, 0.8
"""Standard deviations of the logarithms of these priors: twice as much and half as much are common."""
_MOST_LOG_DIFFERENCE = 1.0
"""Bound for the logarithm of an unusual date (an outage), which does not predict the next one."""
_SHARES = np.geomspace(0.02, 0.6, 12)


def variances_of_dates_and_weekdays(logs: Floats, chance2: Floats, weekdays: Places) -> tuple[float, float]:
    """Return the variances of dates of one weekday and of weekdays, as squared shares.

    `logs` are the logarithms of who came on each date, `chance2` the squared shares by which chance moves them. A model
    of random effects (Searle, Casella and McCulloch, Variance Components, 1992): each weekday has its mean, each date
    differs from it. Both variances are means over their posterior on a grid, so that a first week, in which no weekday
    came twice, tells no more about either than it can."""
    logs = np.clip(logs, (middle := np.median(logs)) - _MOST_LOG_DIFFERENCE, middle + _MOST_LOG_DIFFERENCE)
    variances = _SHARES**2
    precise = 1 / (variances[:, None] + chance2)
    indicators = (weekdays == np.unique(weekdays)[:, None]).T.astype(float)
    sums = precise @ indicators
    means = ((precise * logs) @ indicators) / sums
    inside = np.log(precise).sum(1) - np.log(sums).sum(1) - (precise * logs**2).sum(1) + (sums * means**2).sum(1)
    among = 1 / (1 / sums[:, None, :] + variances[:, None])
    whole = (among * means[:, None, :]).sum(2) / among.sum(2)
    deviation = (means[:, None, :] - whole[:, :, None]) ** 2
    between = np.log(among).sum(2) - np.log(among.sum(2)) - (among * deviation).sum(2)
    before_days = (np.log(_SHARES / _USUAL_DAYS) / _LOG_SD_DAYS) ** 2
    before_weekdays = (np.log(_SHARES / _USUAL_WEEKDAYS) / _LOG_SD_WEEKDAYS) ** 2
    posterior = (inside[:, None] + between - before_days[:, None] - before_weekdays) / 2
    posterior = np.exp(posterior - posterior.max())
    posterior /= posterior.sum()
    return float(posterior.sum(1) @ variances), float(posterior.sum(0) @ variances)


def squared_forecast_spread_of_day(
    days2: float, weekdays2: float, *, days: int, of_weekday: int, of_pay_day: int | None
) -> float:
    """Return the squared share by which a whole date may differ from its forecast beyond chance. It rests on `days`
    dates, `of_weekday` of them of its weekday, and `of_pay_day` with the same relation to a pay day (None: it is near
    none). It includes what is not known yet: an unseen weekday differs as weekdays do, and so on, with the weights by
    which ArrivalModel shrinks each factor to 1."""
    unknown = _HALL_DAYS / (of_weekday + _HALL_DAYS)
    level2 = weekdays2 / min(days, 7) + days2 / days
    spread2 = days2 + unknown**2 * (weekdays2 + level2) + (1 - unknown) ** 2 * days2 / max(1, of_weekday)
    if of_pay_day is not None:
        spread2 += (USUAL_PAY_DAYS * _HALL_DAYS / (of_pay_day + _HALL_DAYS)) ** 2
    return spread2


# -- the range of a forecast from past errors ------------------------------------------------------------------------

PRIOR_DAYS = 6.0
"""Weight of the forecast's own spread, in errors: of a day, of each half-hour, and in the spread of both."""
_PRIOR = np.array([NormalDist().inv_cdf((n + 0.5) / 40) for n in range(40)])

Ends = tuple[float, float]


class ScaledForecastErrors:
    """Forecast errors in spreads of each forecast: the array `off`, with the number of each error's date."""

    def __init__(self, rows: Sequence[tuple[int, float, float]], spread2: Sequence[float], least: float) -> None:
        """`rows` are number of the date, people forecast, people who came; `spread2` is by date, `least` the least
        variance by chance, in people."""
        table = np.array(rows, dtype=float).reshape(-1, 3)
        self.dates = table[:, 0].astype(np.int64)
        due = table[:, 1]
        chance2, dates2 = np.maximum(due, least), np.array(spread2)[self.dates] * due**2
        self.off: Floats = (table[:, 2] - due) / np.sqrt(chance2 + dates2)
        self.shared = float((dates2 / (chance2 + dates2)).mean()) if len(table) else 1.0
        """Share of an error's square common to its whole date."""

    def error_range_ends(self, share: float, times: Floats | float = 1.0) -> Ends:
        """Return the ends that hold the middle `share` of the next errors; `times` are the spreads of each.

        A whole date may be off at once: its errors count as many as their common part leaves of them (the design effect
        of Kish, Survey Sampling, 1965). They are mixed with errors of their own observed spread, as wide as Student's t
        for so few, and the ends taken at the rank among n + 1 that holds the next error (conformal prediction; Lei and
        others, J. Am. Stat. Assoc. 113, 2018)."""
        off = self.off / times
        of_date = np.bincount(self.dates) if len(off) else np.zeros(1, dtype=np.int64)
        days = max(1, int(np.count_nonzero(of_date)))
        each = max(1.0, len(off) / days)
        worth = len(off) / (1 + (each - 1) * self.shared)
        weights = worth / days / of_date[self.dates]
        total = worth + PRIOR_DAYS
        edge = (1 - share) / 2
        z = NormalDist().inv_cdf(1 - edge)
        # By mean absolute errors: squares would let one closed service dominate.
        size2 = np.pi / 2 * float(weights @ np.abs(off)) ** 2 / max(worth, 1e-9)
        spread = ((PRIOR_DAYS + size2) / total) ** 0.5 * _student_t(z, total) / z
        values = np.concatenate([off, spread * _PRIOR])
        heavy = np.concatenate([weights, np.full(len(_PRIOR), PRIOR_DAYS / len(_PRIOR))])
        order = np.argsort(values)
        heavy = heavy[order]
        rank = edge - (0.5 - edge) * worth / total**2
        low, high = np.interp([rank, 1 - rank], (np.cumsum(heavy) - heavy / 2) / total, values[order])
        return min(0.0, float(low)), max(0.0, float(high))

    def error_range_ends_by_half_hour(self, slots: Sequence[int], share: float, n: int) -> tuple[Ends, ...]:
        """Return ends for each of `n` half-hours: those of all errors, scaled by each half-hour's own. `slots` are the
        half-hours of the errors. An error is scaled by the others of its half-hour, not by itself."""
        places = np.array(slots, dtype=np.int64)
        squares = self.off**2 / max(float((self.off**2).mean()) if len(self.off) else 1.0, 1e-9)
        sums, counts = np.bincount(places, squares, n), np.bincount(places, minlength=n)
        others = (PRIOR_DAYS + sums[places] - squares) / (PRIOR_DAYS + counts[places] - 1)
        low, high = self.error_range_ends(share, np.sqrt(others))
        sizes = np.sqrt((PRIOR_DAYS + sums) / (PRIOR_DAYS + counts)).tolist()
        return tuple((low * size, high * size) for size in sizes)


def _student_t(z: float, days: float) -> float:
    """Return Student's t with `days` degrees of freedom at the quantile where the normal distribution has `z` (Cornish
    and Fisher's expansion: at z = 1.28 within 1 % from 3 on)."""
    return z + (z**3 + z) / (4 * days) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * days**2)
