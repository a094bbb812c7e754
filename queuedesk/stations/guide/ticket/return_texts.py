"""An earlier ticket as it is typed: its number with the hall's letters, and the days it may be of."""

from __future__ import annotations

from datetime import date, timedelta

from queuedesk.core.queue import numbering
from queuedesk.core.setup.values import Setup
from queuedesk.stations.guide.line_rows import NUMBER
from queuedesk.stations.models.typed_number import prefixes

DAYS_OFFERED = 60


def days_offered(today: date) -> list[date]:
    """Return the days an earlier ticket may be of: yesterday first, then further back, today last."""
    return [*(today - timedelta(days=n) for n in range(1, DAYS_OFFERED)), today]


def ticket_typed(setup: Setup, text: str) -> str:
    """Return the number that was typed ("b12" is B012), "" where it is none; a hall with one letter needs none."""
    found = NUMBER.match(text)
    if found is None:
        return ""
    known = prefixes(setup)
    prefix = found[1].upper() or (known[0] if len(known) == 1 else "")
    return numbering.label(prefix, int(found[2])) if prefix else ""
