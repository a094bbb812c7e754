"""Reasons of a low rating, in words that blame nobody; the log keeps the code."""

from queuedesk.core.setup.rows import Setup
from queuedesk.i18n.catalogue import current, mark, tr

OTHER_PAPERS = "papers_changed"
RATING_REASONS = {
    "waited_long": mark("Waited too long", context="low rating"),
    "explained_badly": mark("Not explained clearly", context="low rating"),
    OTHER_PAPERS: mark("Asked for different papers", context="low rating"),
    "attitude": mark("Not treated politely", context="low rating"),
    "not_solved": mark("Not resolved", context="low rating"),
    "system_down": mark("System or device down", context="low rating"),
    "surroundings": mark("The building and its facilities", context="low rating"),
    "other": mark("Something else", context="low rating"),
}
"""In the order of core.setup.hall.REASON_TAGS."""


def reasons_for(wants_papers: bool) -> tuple[str, ...]:
    """Return the reasons that there are for a hall: where it lists no papers, none about papers."""
    return tuple(code for code in RATING_REASONS if wants_papers or code != OTHER_PAPERS)


def offered_reasons(setup: Setup) -> tuple[str, ...]:
    """Return the reasons that customers of a hall may choose, of those that it chose."""
    return tuple(code for code in reasons_for(setup.wants_papers) if code in setup.hall.rating_reasons)


def rating_reason(code: str, lang: str | None = None) -> str:
    """Return the words of a reason; one from elsewhere unchanged."""
    return tr(lang or current(), RATING_REASONS[code], context="low rating") if code in RATING_REASONS else code
