"""What past dates teach about who comes: levels, factors of weekdays and pay days, profiles over the day; and what past
errors teach about the range."""

from __future__ import annotations

import datetime as clock
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from queuedesk.core.setup.calendar import LAST_WORKING_WEEKDAY, MAKE_UP

_KINDS = (None, "before", "on", "after")
_HALF_LIFE_DAYS = 60
_HALL_DAYS, _OWN_DAYS = 1.5, 2.0
_PROFILE_DAYS = 4.0
_SPREAD_DAYS = 6.0
_ROUNDS = 6

Floats = NDArray[np.float64]


class Learned:
    """What past dates say: levels, factors of weekdays and pay days, profiles; arrays are date × service × half
    hour."""

    def __init__(
        self,
        dates: Sequence[clock.date],
        weekdays: Sequence[int],
        kinds: Sequence[str | None],
        counts: Sequence[Sequence[Sequence[int]]],
        *,
        day: clock.date,
        usual_spread2: float,
    ) -> None:
        """`counts` are the arrivals of each date, service and half-hour, `weekdays` of which weekday each date is an
        example (1 to 7, or MAKE_UP), `kinds` how each date lies to a pay day; they are weighed by how long before `day`
        they are. `usual_spread2` is the spread of days in a hall that is new."""
        self.counts = np.array(counts, dtype=float)
        self.by_day = self.counts.sum(axis=2)
        self.weights = np.array([0.5 ** ((day - one).days / _HALF_LIFE_DAYS) for one in dates])
        self.weekdays = np.array(weekdays)
        self.kinds = np.array([_KINDS.index(kind) for kind in kinds])
        self.usual_spread2 = usual_spread2
        self._fit()

    def _fit(self) -> None:
        """Find levels and factors in turn: each explains what the others leave over."""
        n_days, n_services = self.by_day.shape
        self.weekday = np.ones((MAKE_UP + 1, n_services))
        self.kind = np.ones((len(_KINDS), n_services))
        for _round in range(_ROUNDS):
            others = self.weekday[self.weekdays] * self.kind[self.kinds]
            self.level = (self.weights @ self.by_day) / np.maximum(self.weights @ others, 1e-9)
            self._factors(self.weekday, self.weekdays, self.kind[self.kinds], fixed=MAKE_UP)
            known = [one for one in range(1, LAST_WORKING_WEEKDAY + 1) if one in self.weekdays]
            self.weekday[MAKE_UP] = self.weekday[known].mean(axis=0) if known else 1.0
            self._factors(self.kind, self.kinds, self.weekday[self.weekdays], fixed=0)
        fitted = (self.level * self.weekday[self.weekdays] * self.kind[self.kinds]).sum(axis=1)
        self.spread2 = self._spread2(fitted, n_days)

    def _factors(self, factors: Floats, places: NDArray[np.int64], others: Floats, *, fixed: int) -> None:
        """Set each factor to what came ÷ what the rest would say: a service's own drawn to the hall's, the hall's to
        1."""
        for place in range(len(factors)):
            if place == fixed:
                continue
            chosen = places == place
            weights = self.weights[chosen]
            came = weights @ self.by_day[chosen]
            due = weights @ (self.level * others[chosen])
            usual = _HALL_DAYS * self.level.sum()
            hall = (came.sum() + usual) / max(due.sum() + usual, 1e-9)
            prior = _OWN_DAYS * self.level
            factors[place] = (came + prior * hall) / np.maximum(due + prior, 1e-9)

    def _spread2(self, fitted: Floats, n_days: int) -> float:
        """Return how far days go beside the fit beyond chance, as a squared share, drawn to what halls usually show."""
        came = self.by_day.sum(axis=1)
        busy = fitted > 1
        if not busy.any():
            return self.usual_spread2
        beyond = ((came - fitted) ** 2 - fitted)[busy] / fitted[busy] ** 2
        # A few days that went quite otherwise (an outage, a holiday) are not what the next day is like.
        usual = float(np.clip(beyond, None, 1.0).mean())
        free = max(1.0, n_days - 8.0) / n_days
        learned = (usual / free * n_days + self.usual_spread2 * _SPREAD_DAYS) / (n_days + _SPREAD_DAYS)
        return max(0.0004, learned * (1 + 4 / n_days))

    def people(
        self,
        weekday: int,
        kind: str | None,
        at_work: Sequence[Sequence[float]],
        *,
        usually: Sequence[Sequence[float]] | None = None,
    ) -> list[tuple[float, ...]]:
        """Return how many come on such a day for each service in each half-hour; `at_work` is 1 where it gives
        tickets, else 0. Where it `usually` gives them at other hours, those who come at these stay away."""
        totals, profiles = self._totals(weekday, kind), self._profiles(weekday)
        found = []
        for n, (total, profile, is_open) in enumerate(zip(totals, profiles, at_work, strict=True)):
            coming, shares = total, profile * np.array(is_open)
            if usually is not None:
                coming = total * min(1.0, shares.sum() / max((profile * np.array(usually[n])).sum(), 1e-9))
            if not shares.any():
                shares = np.array(is_open)
            found.append(tuple(float(each) for each in coming * shares / max(shares.sum(), 1e-9)))
        return found

    def _totals(self, weekday: int, kind: str | None) -> Floats:
        """Return how many come for each service on the whole of a day of that kind."""
        found: Floats = self.level * self.weekday[weekday] * self.kind[_KINDS.index(kind)]
        return found

    def _profiles(self, weekday: int) -> Floats:
        """Return for each service how its people spread over such a day: shares that sum to 1."""
        came = np.tensordot(self.weights, self.counts, axes=1)
        hall = came.sum(axis=0) / max(came.sum(), 1e-9)
        own = came + _PROFILE_DAYS * self.level[:, None] * hall
        own /= np.maximum(own.sum(axis=1, keepdims=True), 1e-9)
        like = (*range(1, LAST_WORKING_WEEKDAY + 1), MAKE_UP) if weekday == MAKE_UP else (weekday,)
        chosen = np.isin(self.weekdays, like)
        those = np.tensordot(self.weights[chosen], self.counts[chosen], axes=1)
        those = those + _PROFILE_DAYS * self.level[:, None] * own
        found: Floats = those / np.maximum(those.sum(axis=1, keepdims=True), 1e-9)
        return found


# -- between what past errors lay: what the range of a forecast is made of -------------------------------------------

PRIOR_DAYS = 2.0
"""So many days that were off by just what the forecast's own spread says count beside those that happened."""
LEAST = 0.5
"""That share of the range by the forecast's own spread is the least: a few errors can be alike by chance."""
_PRIOR = np.array([NormalDist().inv_cdf((n + 0.5) / 10) for n in range(10)])

Ends = tuple[float, float]


def ends_of(errors: Sequence[float], days: int, share: float) -> Ends:
    """Return between what the middle `share` of the errors of `days` dates lies, 0 always well among it.

    Errors are in spreads of the forecast, so that busy and quiet times can stand for each other. All of a day may be
    off at once, so few days say little however many errors they have: the ends are wider as Student's t for as many
    days.
    """
    return _between(np.array(errors), np.full(len(errors), days / max(1, len(errors))), days, share)


def ends_by_half_hour(errors: Sequence[tuple[int, float]], days: int, share: float, n: int) -> tuple[Ends, ...]:
    """Return ends_of for each of `n` half-hours; its own errors count as much as those of all half-hours together.
    `errors` are half-hour and error."""
    slots, values = np.array([slot for slot, _one in errors]), np.array([one for _slot, one in errors])
    everywhere = np.full(len(values), days / max(1, len(values)))
    pooled, there = _between(values, everywhere, days, share), set(slots.tolist())
    return tuple(
        _between(values, everywhere + (slots == slot), days, share) if slot in there else pooled for slot in range(n)
    )


def _between(errors: Floats, weights: Floats, days: int, share: float) -> Ends:
    values = np.concatenate([errors, _PRIOR])
    heavy = np.concatenate([weights, np.full(len(_PRIOR), PRIOR_DAYS / len(_PRIOR))])
    order = np.argsort(values)
    heavy = heavy[order]
    places = (np.cumsum(heavy) - heavy / 2) / heavy.sum()
    edge = (1 - share) / 2
    low, high = np.interp([edge, 1 - edge], places, values[order])
    z = NormalDist().inv_cdf(1 - edge)
    wider = _student(z, days) / z
    return min(-LEAST * z, float(low) * wider), max(LEAST * z, float(high) * wider)


def _student(z: float, days: int) -> float:
    """Return Student's t for `days` degrees of freedom where the normal distribution has `z` (Cornish and Fisher's
    expansion: at z = 1.28 within 1 % from 3 on)."""
    return z + (z**3 + z) / (4 * days) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * days**2)
