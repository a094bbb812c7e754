"""Halls that never were, drawn from a seed: what they offer, who works when. Imports nothing of the program."""

from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

OPENS, CLOSES = 8 * 60 + 30, 17 * 60
LAST_ARRIVAL = CLOSES - 30
CREDITS = {"elderly": 10, "disabled": 15, "appointment": 12}
CLASS_WEIGHTS = {"elderly": 0.6, "disabled": 0.15, "appointment": 0.25}
PAY_FACTORS = (2.2, 1.4)
EFFICIENCY = 0.93
"""The part of a window's open minutes in which it can serve: the rest goes in pauses and calls that nobody answers."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One window and who sits there: hall minutes since midnight, breaks as (due, minutes)."""

    code: str
    staff: str
    skills: frozenset[str]
    opens: int
    closes: int
    breaks: tuple[tuple[int, int], ...]
    speed: float


@dataclass(frozen=True, kw_only=True)
class InventedHall:
    """A hall on every day alike: `mean_min` and `cv` of call → free, `per_day` customers of a usual day by service."""

    services: tuple[str, ...]
    places: tuple[Place, ...]
    mean_min: dict[str, float]
    cv: dict[str, float]
    per_day: dict[str, float]
    follow_up: dict[str, float]
    profile: tuple[float, ...]
    shape: str = "lognormal"
    misdirected: float = 0.04
    no_show: float = 0.03
    patience_min: float = 90.0
    pause_share: float = 0.03
    priority: float = 0.20
    jump_every: int = 3


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """How one day differs from a usual one."""

    name: str = "normal"
    factors: dict[str, float] = field(default_factory=dict)
    slowness: float = 1.0
    at_door: float = 0.0
    early: float = 1.0
    absent: bool = False
    priority: float | None = None
    is_pay_day: bool = False


def scenario(name: str, hall: InventedHall) -> Scenario:
    """Return the day of that name: normal bill-day rush slow-system absent priority."""
    pay = dict(zip(hall.services, PAY_FACTORS, strict=False))
    return {
        "normal": Scenario(),
        "bill-day": Scenario(name="bill-day", factors=pay, is_pay_day=True),
        "rush": Scenario(name="rush", at_door=25 / 7 * len(hall.places), early=1.6),
        "slow-system": Scenario(name="slow-system", slowness=1.25),
        "absent": Scenario(name="absent", absent=True),
        "priority": Scenario(name="priority", priority=0.40),
    }[name]


def invent(seed: int, windows: int, *, load: float = 0.86, **changes: object) -> InventedHall:
    """Draw a hall; a usual day asks for the `load` part of the capacity for its tightest services."""
    rng = np.random.default_rng([seed, windows, 1])
    services = ("PAY", "ENQ", "NEW", "CHG", "FIX")
    means = dict(zip(services, rng.uniform((4.5, 5, 8, 10, 13), (6.5, 9, 13, 15, 20)).round(1).tolist(), strict=True))
    weights = np.array((0.40, 0.22, 0.16, 0.13, 0.09)) * rng.uniform(0.75, 1.25, 5)
    places = _places(rng, windows, services)
    shares = dict(zip(services, (weights / weights.sum()).tolist(), strict=True))
    follow = dict(zip(services, rng.uniform(0.04, 0.18, 5).round(3).tolist(), strict=True))
    spread = dict(zip(services, rng.uniform(0.45, 0.9, 5).round(2).tolist(), strict=True))
    drawn = {"mean_min": means, "cv": spread, "follow_up": follow, "profile": _profile(rng)}
    hall = InventedHall(services=services, places=places, per_day={}, **drawn)  # type: ignore[arg-type]
    per_customer = load / _tightest(hall, shares)
    return replace(hall, per_day={code: share * per_customer for code, share in shares.items()}, **changes)  # type: ignore[arg-type]


def _places(rng: np.random.Generator, windows: int, services: tuple[str, ...]) -> tuple[Place, ...]:
    """Return the windows: about a third serve everything, one opens late and closes early, lunches are staggered."""
    every = frozenset(services)
    pairs = [frozenset(pair) for pair in (services[:2], services[1:3], services[2:4], services[3:], (*services[:3],))]
    sets = [every if n % 3 == 0 else pairs[int(rng.integers(len(pairs)))] for n in range(windows)]
    late = windows - 1 if windows > 3 else 1
    first_lunch = 11 * 60 + 30
    places = []
    for n, skills in enumerate(sets):
        opens, closes = (OPENS + 60, CLOSES - 75) if n == late else (OPENS, CLOSES)
        own = {"code": str(n + 1), "staff": f"C{n + 1}", "skills": skills, "opens": opens, "closes": closes}
        breaks, speed = ((first_lunch + (n % 3) * 40, 40),), float(np.exp(rng.normal(0, 0.18)))
        places.append(Place(**own, breaks=breaks, speed=speed))  # type: ignore[arg-type]
    return tuple(places)


def _profile(rng: np.random.Generator) -> tuple[float, ...]:
    """Return the weight of each half-hour: a morning peak, a lull at noon, a lower peak in the afternoon."""
    hours = np.arange(OPENS, LAST_ARRIVAL, 30) / 60
    morning = np.exp(-(((hours - rng.uniform(9.5, 10.5)) / 1.3) ** 2))
    afternoon = rng.uniform(0.6, 0.9) * np.exp(-(((hours - rng.uniform(14.3, 15.2)) / 1.2) ** 2))
    weights = 0.45 + morning + afternoon
    return tuple((weights / weights.sum()).tolist())


def _tightest(hall: InventedHall, shares: dict[str, float]) -> float:
    """Return the load that one customer a day adds to the set of services that has least capacity for its work."""
    work = dict.fromkeys(hall.services, 0.0)
    for code in hall.services:
        work[code] += shares[code] * hall.mean_min[code]
        for other in hall.services:
            if other != code:
                work[other] += shares[code] * hall.follow_up[code] / (len(hall.services) - 1) * hall.mean_min[other]
    worst = 0.0
    for size in range(1, len(hall.services) + 1):
        for some in combinations(hall.services, size):
            capacity = sum(
                (place.closes - place.opens - sum(length for _due, length in place.breaks)) * EFFICIENCY / place.speed
                for place in hall.places
                if place.skills & set(some)
            )
            worst = max(worst, sum(work[code] for code in some) / max(capacity, 1e-9))
    return worst
