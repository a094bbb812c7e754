"""Reasons of a low rating, in words that blame nobody; the log keeps the code."""

from queuedesk.i18n.catalogue import current, mark, tr

RATING_REASONS = {
    "waited_long": mark("Waited too long", context="low rating"),
    "explained_badly": mark("Not explained clearly", context="low rating"),
    "papers_changed": mark("Asked for other papers", context="low rating"),
    "attitude": mark("Not treated kindly", context="low rating"),
    "not_solved": mark("Not solved", context="low rating"),
    "system_down": mark("System or device down", context="low rating"),
    "surroundings": mark("The hall and its facilities", context="low rating"),
    "other": mark("Something else", context="low rating"),
}
"""In the order in which they are offered."""


def rating_reason(code: str, lang: str | None = None) -> str:
    """Return the words of a reason; one from elsewhere unchanged."""
    return tr(lang or current(), RATING_REASONS[code], context="low rating") if code in RATING_REASONS else code
