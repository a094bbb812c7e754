"""Formats figures: one decimal, shares in percent, a dash for unknown values."""

from __future__ import annotations

UNKNOWN = "—"


def whole(value: float | None) -> str:
    """Return "1,482"."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def decimal(value: float | None) -> str:
    """Return "10.4"."""
    return UNKNOWN if value is None else f"{value:,.1f}"


def percent(share: float | None, digits: int = 1) -> str:
    """Return "77.5" for 0.775: never 100.0 unless it is all of them, never 0.0 unless it is none."""
    if share is None:
        return UNKNOWN
    shown, least = round(share * 100, digits), 10.0**-digits
    if shown == 100 and share < 1:
        shown -= least
    if shown == 0 and share > 0:
        shown = least
    return f"{shown:.{digits}f}"
