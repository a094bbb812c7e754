"""Ticket numbers: one series per prefix and business date, three digits, four after 999."""

from __future__ import annotations

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.rows import Service

WARN_SHARE_PCT = 90
LAST = 9999
"""The largest number that a series may reach."""


def next_number(service: Service, last_given: int | None) -> int:
    """Return the number after `last_given` in the service's range. Raises RuleError "series_full" when it is used
    up."""
    number = service.first if last_given is None else max(service.first, last_given + 1)
    if number > service.last:
        raise RuleError("series_full", service=service.code, last=service.last)
    return number


def label(prefix: str, number: int) -> str:
    """Return the ticket's number as printed: A017, A1000."""
    return f"{prefix}{number:03d}"


def parts(text: str) -> tuple[str, int] | None:
    """Return prefix and number of a label, None for anything else."""
    prefix = text.rstrip("0123456789")
    digits = text[len(prefix) :]
    return (prefix, int(digits)) if prefix and digits else None


def nearly_full(service: Service, last_given: int) -> bool:
    """Whether nine tenths of the service's range are used."""
    size = service.last - service.first + 1
    return (last_given - service.first + 1) * 100 >= size * WARN_SHARE_PCT
