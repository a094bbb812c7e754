"""Times of a day and days of a week, as numbers and as text."""

from __future__ import annotations

import re

MINUTES_A_DAY = 1440


def minutes_of(text: str) -> int:
    """Return minutes since midnight of "H:MM" (24:00 allowed). Raises ValueError."""
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2 and len(hours) <= 2):
        raise ValueError(text)
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > MINUTES_A_DAY:
        raise ValueError(text)
    return total


def typed_time(text: str) -> int:
    """Return minutes since midnight of a time as people type it: 9, 900, 9:00 or 9.00. Raises ValueError."""
    plain = text.strip().replace("：", ":").replace(".", ":")
    if ":" not in plain and plain.isascii() and plain.isdigit():
        plain = f"{plain}:00" if len(plain) <= len("24") else f"{plain[:-2]}:{plain[-2:]}"
    return minutes_of(plain)


def clock_text(minute: int) -> str:
    """Return "8:30" for 510."""
    return f"{minute // 60}:{minute % 60:02d}"


def padded_clock(minute: int) -> str:
    """Return "08:30" for 510, as the set-up file has it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def weekdays(text: str) -> frozenset[int]:
    """Return the weekdays of "1-5", "6" or "1,3,5"; empty for anything else."""
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not re.fullmatch("[1-7]", first) or (dash and not re.fullmatch("[1-7]", last)):
            return frozenset()
        days.update(range(int(first), int(last or first) + 1))
    return frozenset(days)
