"""Halls side by side as if each had had the same mix of services: like is compared with like only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEWEST_EACH = 30
"""A service takes part where every hall has as many of it: under this one day's chance would weigh as much as a hall
(our figure)."""

Parts = Mapping[str, tuple[float, int]]
"""What a hall has of each service: a sum, of minutes or of those in time, and of how many."""


@dataclass(frozen=True, slots=True)
class SameMix:
    """`figures` are the halls' means (or shares) in their order, None where they can't be compared; `services` those
    that took part."""

    services: tuple[str, ...]
    figures: tuple[float | None, ...]


def same_mix(halls: Sequence[Parts]) -> SameMix:
    """Return each hall's mean as it would be if its services had come in the shares in which those of all halls
    together came.

    Direct standardization: Σ wₛ·(sumₕₛ ÷ nₕₛ), wₛ = Σₕ nₕₛ ÷ Σₛ Σₕ nₕₛ, over the services of which every hall has
    FEWEST_EACH or more. Halls without anything at all keep no other from being compared. (J. L. Fleiss, Statistical
    Methods for Rates and Proportions, chapter on the standardization of rates.)

    Raises:
        ValueError: a number is negative.
    """
    if any(n < 0 for parts in halls for _sum, n in parts.values()):
        raise ValueError("a negative number")
    there = [parts for parts in halls if any(n for _sum, n in parts.values())]
    codes = list(dict.fromkeys(code for parts in there for code in parts))
    common = [code for code in codes if all(parts.get(code, (0, 0))[1] >= FEWEST_EACH for parts in there)]
    if len(there) < 2 or not common:
        return SameMix((), tuple(None for _ in halls))
    weights = {code: sum(parts[code][1] for parts in there) for code in common}
    whole = sum(weights.values())

    def mean(parts: Parts) -> float | None:
        if not any(n for _sum, n in parts.values()):
            return None
        return sum(weights[code] * parts[code][0] / parts[code][1] for code in common) / whole

    return SameMix(tuple(common), tuple(mean(parts) for parts in halls))
