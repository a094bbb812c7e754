"""A ticket's number as a customer types it: a letter of the hall, then digits."""

from __future__ import annotations

from queuedesk.core.setup.values import Setup

FEWEST_DIGITS, MOST_DIGITS = 3, 4
_DIGITS = "0123456789"


def prefixes(setup: Setup) -> tuple[str, ...]:
    """Return the letters in use, each once, in the order of the set-up."""
    return tuple(dict.fromkeys(service.prefix for service in setup.services.values()))


def typed(setup: Setup, before: str, key: str) -> str:
    """Return the number after one more key: a letter begins anew, further digits are left out once it is whole."""
    if key in prefixes(setup):
        return key
    if key not in _DIGITS:
        return before
    prefix = before.rstrip(_DIGITS)
    if not prefix:
        known = prefixes(setup)
        prefix = before = known[0] if len(known) == 1 else ""
    return before + key if prefix and len(before) - len(prefix) < MOST_DIGITS else before


def digits_missing(number: str) -> int:
    """Return how many more digits make a whole number; without its letter all are missing."""
    prefix = number.rstrip(_DIGITS)
    return FEWEST_DIGITS if not prefix else max(0, FEWEST_DIGITS - (len(number) - len(prefix)))
