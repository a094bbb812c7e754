"""Times of a day and days of a week, as numbers and as text."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

MINUTES_A_DAY = 1440


def parse_clock_minutes(text: str) -> int:
    """Convert "H:MM" (24:00 allowed) to minutes since midnight. Raises ValueError."""
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2 and len(hours) <= 2):
        raise ValueError(text)
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > MINUTES_A_DAY:
        raise ValueError(text)
    return total


def parse_typed_time_to_minutes(text: str) -> int:
    """Convert a typed time to minutes since midnight: 9, 900, 9:00 or 9.00. Raises ValueError."""
    plain = text.strip().replace("：", ":").replace(".", ":")
    if ":" not in plain and plain.isascii() and plain.isdigit():
        plain = f"{plain}:00" if len(plain) <= len("24") else f"{plain[:-2]}:{plain[-2:]}"
    return parse_clock_minutes(plain)


def clock_text(minute: int) -> str:
    """Format minutes since midnight as "8:30"."""
    return f"{minute // 60}:{minute % 60:02d}"


def padded_clock_text(minute: int) -> str:
    """Format minutes since midnight as "08:30", the form of the set-up file."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def weekdays_from_text(text: str) -> frozenset[int]:
    """Read the weekdays of "1-5", "6" or "1,3,5"; empty for anything else."""
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not re.fullmatch("[1-7]", first) or (dash and not re.fullmatch("[1-7]", last)):
            return frozenset()
        days.update(range(int(first), int(last or first) + 1))
    return frozenset(days)


class OpeningHours(Struct, frozen=True, kw_only=True):
    """Opening hours on some weekdays (1 Monday … 7 Sunday), as hall minutes since midnight, end excluded."""

    days: frozenset[int]
    start: int
    end: int


def hours_from_row(row: Mapping[str, Any]) -> OpeningHours:
    return OpeningHours(
        days=weekdays_from_text(str(row.get("days", "1-7"))),
        start=parse_clock_minutes(row["from"]),
        end=parse_clock_minutes(row["to"]),
    )


def format_hours(hours: Sequence[OpeningHours] | None) -> str:
    """Format hours as typed in commands and tables: "1-5 08:30-12:00; 6 09:00-12:00"."""
    return "; ".join(
        f"{format_weekdays(row.days)} {padded_clock_text(row.start)}-{padded_clock_text(row.end)}"
        for row in hours or ()
    )


def format_weekdays(days: Collection[int]) -> str:
    """Format weekdays as in files: "1-5", "6", "1,3-5"."""
    spans: list[list[int]] = []
    for day in sorted(days):
        if spans and spans[-1][-1] == day - 1:
            spans[-1][1:] = [day]
        else:
            spans.append([day])
    return ",".join("-".join(map(str, span)) for span in spans)
