"""Who comes to a hall on an ordinary day: when, for what, and with how much patience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator

from queuedesk.core.setup.values import Service, Setup

# Share of the day's customers in each eighteenth of the opening time: a peak before noon, a lull at lunch, a lower peak
# after.
SHAPE = (14, 24, 27, 30, 26, 19, 10, 6, 5, 9, 20, 27, 28, 24, 18, 13, 8, 4)
CLASS_SHARES = {"elderly": 0.08, "disabled": 0.01, "pregnant": 0.01}
SECOND_SERVICE_SHARE = 0.03
WRONG_LINE_SHARE = 0.03
NOT_READY_SHARE = 0.04
NO_SHOW_SHARE = 0.03
ITEM_SHARE = 0.8
MEDIAN_PATIENCE_MIN = 50.0
PATIENCE_SPREAD = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One customer. `needs` is what they came for where the ticket says something else; minutes throughout."""

    at: datetime
    service: str
    item: str | None
    klass: str
    then: tuple[str, ...]
    needs: str | None
    ready: bool
    shows_up: bool
    patience_min: float


def arrivals(
    setup: Setup, opens: datetime, closes: datetime, *, customers: int, shares: Mapping[str, float], rng: Generator
) -> list[Arrival]:
    """Return the day's customers in order of time, about `customers` of them; `shares` are those of the services."""
    step = (closes - opens) / len(SHAPE)
    found = []
    for i, weight in enumerate(SHAPE):
        expected = customers * weight / sum(SHAPE)
        for _ in range(int(rng.poisson(expected))):
            found.append(_arrival(setup, opens + step * (i + float(rng.random())), shares, rng))
    return sorted(found, key=lambda a: a.at)


def _arrival(setup: Setup, at: datetime, shares: Mapping[str, float], rng: Generator) -> Arrival:
    codes = list(shares)
    code = _pick(codes, [shares[c] for c in codes], rng)
    service = setup.services[code]
    klasses = [k for k in CLASS_SHARES if k in setup.classes]
    klass = _pick(
        ["normal", *klasses], [1 - sum(CLASS_SHARES[k] for k in klasses), *(CLASS_SHARES[k] for k in klasses)], rng
    )
    others = [c for c in codes if c != code]
    then = (others[int(rng.integers(len(others)))],) if others and rng.random() < SECOND_SERVICE_SHARE else ()
    wrong = others[int(rng.integers(len(others)))] if others and not then and rng.random() < WRONG_LINE_SHARE else None
    return Arrival(
        at=at.replace(microsecond=0),
        service=code,
        item=_item(service, rng),
        klass=klass,
        then=then,
        needs=wrong,
        ready=not (service.items and rng.random() < NOT_READY_SHARE),
        shows_up=bool(rng.random() >= NO_SHOW_SHARE),
        patience_min=float(MEDIAN_PATIENCE_MIN * rng.lognormal(0, PATIENCE_SPREAD)),
    )


def _item(service: Service, rng: Generator) -> str | None:
    if not service.items or rng.random() >= ITEM_SHARE:
        return None
    weights = [3.0 if item.favourite else 1.0 for item in service.items]
    return _pick([item.code for item in service.items], weights, rng)


def _pick(choices: list[str], weights: list[float], rng: Generator) -> str:
    total = sum(weights)
    return str(choices[int(rng.choice(len(choices), p=[w / total for w in weights]))])


def minutes(rng: Generator, mean: float, variation: float) -> timedelta:
    """Return a log-normal time with this mean (minutes) and coefficient of variation, in whole seconds."""
    spread = np.sqrt(np.log(1 + variation**2))
    value = rng.lognormal(np.log(mean) - spread**2 / 2, spread)
    return timedelta(seconds=round(float(value) * 60))
