"""Calls out of turn: they teach no bounds, and take windows that waiting people had counted on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from queuedesk.core.queue.fairness import Overtake

PASSED = 2
"""Who passed fewer than so many of the own line may have been called in a tie, or by a clerk who looked at one name."""
CHOSEN = frozenset({"recorded", "chosen"})
"""Reasons that no rule foresees."""


def out_of_turn(overtakes: Iterable[Overtake], services: Mapping[str, str]) -> frozenset[str]:
    """Return the numbers called out of turn among `overtakes` of one date; `services` are those of that date's tickets,
    by number.

    Only who passed others of the same service counts: what else a window could have called depends on skills that a
    record may not tell.
    """
    passed: dict[str, int] = {}
    for one in overtakes:
        if one.reason in CHOSEN and services.get(one.by) == services.get(one.label, ""):
            passed[one.by] = passed.get(one.by, 0) + 1
    return frozenset(label for label, n in passed.items() if n >= PASSED)
