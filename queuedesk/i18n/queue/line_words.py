"""A line's current state in words."""

from queuedesk.core.queue.overview import Late
from queuedesk.i18n.catalogue import current, tr


def late_text(late: Late, lang: str | None = None) -> str:
    """Return how many wait past the target and were not called yet, and how long the longest of them has waited."""
    return tr(lang or current(), "{n} late, {minutes} min", n=late.n, minutes=late.minutes)
