"""Two spans as if both had had the same mix of services: is a change one of the work, or of what people came for?

Direct standardization: Σ wₛ(p₂ₛ − p₁ₛ) over the services that both spans have, wₛ the service's part of the rows of
both together (J. L. Fleiss, Statistical Methods for Rates and Proportions, 1981, ch. 14). Each service may have got
better and the whole worse, where people came for other things (E. H. Simpson, The interpretation of interaction in
contingency tables, JRSS B 13, 1951): where the standardized difference has not the sign of the plain one, nothing can
be told.
"""

from __future__ import annotations

from collections.abc import Mapping

Side = Mapping[str, tuple[float, int]]
"""A span's figure of each service, and of how many rows it is."""


def standardized(before: Side, after: Side) -> float | None:
    """Return the difference, after less before, with the mix of both spans together; None where they have no service in
    common."""
    common = [code for code in before if before[code][1] and after.get(code, (0, 0))[1]]
    whole = sum(before[code][1] + after[code][1] for code in common)
    if not whole:
        return None
    return sum((before[code][1] + after[code][1]) * (after[code][0] - before[code][0]) for code in common) / whole


def turns(difference: float | None, alike: float | None) -> bool:
    """Whether the same mix turns the sign of a difference, or leaves nothing of it."""
    return bool(difference) and alike is not None and alike * (difference or 0.0) <= 0
