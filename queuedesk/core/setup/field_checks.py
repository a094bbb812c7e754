"""Checks of single fields of a set-up: each raises RuleError "bad_value" with the field, its value and what is
wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import must_be_storable
from queuedesk.core.setup.time_of_day import minutes_of

CODE = re.compile(r"[^\s/\\@:,]{1,20}")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
FIGURE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
LONGEST_NAME = 60
_WHOLE = {str, int, bool, type(None)}


def bad(field: str, value: object, why: str, **details: object) -> RuleError:
    return RuleError("bad_value", field=field, value=value, why=why, **details)


def mapping(field: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise bad(field, value, "not_a_choice")
    return value


def listed(field: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise bad(field, value, "not_a_choice")
    return value


def code(field: str, value: object) -> None:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise bad(field, value, "empty" if not value else "too_long" if len(str(value)) > 20 else "not_a_choice")


def name(field: str, value: object, longest: int = LONGEST_NAME) -> None:
    if not isinstance(value, str) or not value.strip():
        raise bad(field, value, "empty")
    if len(value) > longest:
        raise bad(field, value[:20], "too_long")


def optional_text(field: str, value: object, longest: int = LONGEST_NAME) -> None:
    if value is not None and not isinstance(value, str):
        raise bad(field, value, "not_a_choice")
    if value and len(value) > longest:
        raise bad(field, value[:20], "too_long")


def number(field: str, value: object, lowest: int, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad(field, value, "not_a_number")
    if not lowest <= value <= highest:
        raise bad(field, value, "out_of_range", limit=f"{lowest}–{highest}" if highest > lowest else str(lowest))
    return value


def time(field: str, value: object) -> int:
    try:
        return minutes_of(str(value))
    except ValueError:
        raise bad(field, value, "not_a_time") from None


def optional_date(field: str, value: object) -> None:
    if value is None or value == "":
        return
    if not isinstance(value, str):
        raise bad(field, value, "not_a_choice")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise bad(field, value, "not_a_date") from None
    if not DATE.fullmatch(value):  # a week date, or one without its hyphens
        raise bad(field, value, "not_a_date")


def figure(field: str, value: object) -> None:
    """Refuse anything but a whole number or the text of a decimal one."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and FIGURE.fullmatch(value))):
        raise bad(field, value, "not_a_number")


def flag(field: str, value: object) -> None:
    if value is not None and not isinstance(value, bool):
        raise bad(field, value, "not_a_choice")


def choice(field: str, value: object, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise bad(field, value, "not_a_choice")
    return value


def codes(field: str, value: object, known: Collection[str]) -> None:
    for one in listed(field, value):
        if not isinstance(one, str) or one not in known:
            raise bad(field, one, "unknown_code")


def loggable(field: str, value: object) -> None:
    """Refuse what the log can't store: decimal fractions, and texts that not every database takes."""
    must_be_storable(field, value)
    if _may_hold_fractions(value):
        _without_fractions((field,), value)


def _may_hold_fractions(value: object) -> bool:
    """Whether a place in it has to be looked for: a form asks at every key that is pressed."""
    parts: list[Any] = [value]
    for part in parts:
        kind = type(part)
        if kind is dict:
            parts.extend(part.values())
        elif kind is list:
            parts.extend(part)
        elif kind not in _WHOLE:
            return True
    return False


def _without_fractions(place: tuple[str, ...], value: object) -> None:
    if isinstance(value, float):
        raise bad(".".join(place), value, "not_a_number")
    if isinstance(value, Mapping):
        for key, part in value.items():
            _without_fractions((*place, str(key)), part)
    elif isinstance(value, list):
        for part in value:
            _without_fractions(place, part)
