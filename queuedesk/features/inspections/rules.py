"""What keys of a score sheet offer."""

from __future__ import annotations


def deductions_to_offer(weight: int) -> tuple[int, ...]:
    """Return the deductions that keys offer for an item: at most four, the last takes all of it."""
    return tuple(sorted({1, min(2, weight), min(max(3, weight // 2), weight), weight}))
