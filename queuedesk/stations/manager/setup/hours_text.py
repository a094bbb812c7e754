"""Opening hours as a person types them: "8:30–12:00, 13:30–17:30", other weekdays after a semicolon."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes
from queuedesk.i18n import _, list_text, weekday_short

EVERY_DAY = "1-7"
MONDAY = date(2024, 1, 1)
SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~～至到]\s*(\d{1,2}:\d{2})")
_JOINT = re.compile(r"\s*[-–—~～至到]\s*")
_DROPPED = str.maketrans({"\u2060": None, "：": ":", "，": ",", "、": ",", "；": ";"})


def clock_without_leading_zero(text: str) -> str:
    """Return "8:30" for "08:30"; any other text unchanged."""
    try:
        return clock_text(parse_clock_minutes(text))
    except ValueError:
        return text


def hours_text(rows: Sequence[Mapping[str, Any]] | None) -> str:
    """Return the hours of a service as typed; "" for the hall's own."""
    groups: dict[str, list[str]] = {}
    for row in rows or ():
        groups.setdefault(str(row.get("days", EVERY_DAY)), []).append(
            f"{clock_without_leading_zero(row['from'])}–{clock_without_leading_zero(row['to'])}"
        )
    if not groups:
        return ""
    if list(groups) == [EVERY_DAY]:
        return list_text(groups[EVERY_DAY])
    parts = [f"{_days_text(days)} {list_text(spans)}" for days, spans in groups.items()]
    return _("; ", context="hours").join(parts)


def parse_hours(text: str) -> list[dict[str, str]] | None:
    """Return the hours that `text` says, None for an empty text. Raises RuleError "bad_value"."""
    plain = text.translate(_DROPPED).strip()
    if not plain:
        return None
    rows = []
    for group in plain.split(";"):
        found = list(SPAN.finditer(group))
        rest = SPAN.sub("", group).replace(",", " ").strip()
        if not found or (rest and found[0].start() == 0):
            raise _new_bad_hours_error(text)
        days = _weekday_numbers_text(rest, text)
        rows += [
            {"days": days, "from": _with_two_digit_hour(one[1]), "to": _with_two_digit_hour(one[2])} for one in found
        ]
    return rows


def _with_two_digit_hour(clock_time: str) -> str:
    return clock_time.zfill(5)


def _days_text(days: str) -> str:
    parts = []
    for part in days.split(","):
        ends = [weekday_short(MONDAY.replace(day=int(end))) for end in part.split("-")]
        parts.append("–".join(ends))
    return list_text(parts)


def _weekday_numbers_text(words: str, whole: str) -> str:
    if not words:
        return EVERY_DAY
    names = {lang_day.casefold(): str(n) for n in range(1, 8) for lang_day in _weekday_name_in_both_languages(n)}
    parts = []
    for part in words.split():
        numbers = [names.get(end.casefold()) for end in _JOINT.split(part)]
        if len(numbers) > 2 or None in numbers:
            raise _new_bad_hours_error(whole)
        parts.append("-".join(str(number) for number in numbers))
    return ",".join(parts)


def _weekday_name_in_both_languages(day: int) -> list[str]:
    one = MONDAY.replace(day=day)
    return [weekday_short(one, lang) for lang in ("zh_CN", "en")]


def _new_bad_hours_error(text: str) -> RuleError:
    return RuleError("bad_value", field="hours", value=text, why="bad_hours")
