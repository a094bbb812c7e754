"""How long a service takes as far as its set-up says: what stands until the hall's own visits have taught it."""

from __future__ import annotations

from statistics import fmean

from queuedesk.core.promise.handling import guessed
from queuedesk.core.promise.learned import Handling
from queuedesk.core.setup import Service

WALK_MIN = 1.0
"""From the call until the customer sits there."""
OF_TARGET = 0.75
"""A target is what most visits should stay under, not what a usual one takes."""


def usual_handling(service: Service) -> Handling | None:
    """Return what the set-up says of a service: the mean of its items' minutes, favourites twice, else from its target; None when it says nothing."""
    minutes = [
        float(item.minutes) for item in service.items if item.minutes is not None for _ in range(1 + item.favourite)
    ]
    if minutes:
        return guessed(fmean(minutes) + WALK_MIN)
    if service.handling_target is not None:
        return guessed(OF_TARGET * service.handling_target + WALK_MIN)
    return None
