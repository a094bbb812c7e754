"""The set-up's rows and fields in finished words, and typed texts as values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.setup import Setup
from queuedesk.i18n import _, codes_text, listing, minutes_text, named, role
from queuedesk.i18n.names import service_name
from queuedesk.stations.manager.hours_text import clock, read_hours
from queuedesk.stations.manager.set_up_draft import SERVICES, STAFF, WINDOWS

RANGE = re.compile(r"^\s*(\d{1,5})\s*[-–—~～至]\s*(\d{1,5})\s*$")
MINUTES = re.compile(r"^\s*(\d{1,4})\s*(分钟|分|min|minutes?)?\s*$", re.IGNORECASE)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowText:
    """A row of the list: what stands in its badge, its name, a small second line."""

    code: str
    badge: str
    title: str
    second: str


def list_rows(setup: Setup, part: str) -> list[RowText]:
    """Return the rows of a part in the order of the set-up."""
    return [_row_text(setup, part, row) for row in setup.document.get(part, ())]


def _row_text(setup: Setup, part: str, row: Row) -> RowText:
    code = str(row["code"])
    if part == SERVICES:
        windows = [window for window, spec in setup.windows.items() if code in spec.services]
        at = _("windows {windows}", windows=codes_text(windows)) if windows else _("no window yet")
        return RowText(code, str(row.get("prefix", "")), row_name(row), f"{range_text(row)} · {at}")
    if part == WINDOWS:
        zone = named(str(row.get("zone") or ""), row.get("zone_en"))
        letters = listing([setup.services[s].prefix for s in row.get("services", ()) if s in setup.services])
        return RowText(
            code, code, _("Window {window}", window=code), " · ".join(part for part in (letters, zone) if part)
        )
    skills = [service_name(setup, one) for one in row.get("skills") or ()]
    second = " · ".join((role(str(row["role"])), listing(skills))) if skills else role(str(row["role"]))
    return RowText(code, "", row_name(row), second)


def row_name(row: Row) -> str:
    return named(str(row.get("name") or ""), row.get("name_en"))


def part_word(part: str) -> str:
    return {SERVICES: _("Services"), WINDOWS: _("Windows", context="set-up"), STAFF: _("Staff", context="set-up")}[part]


def new_word(part: str) -> str:
    return {SERVICES: _("New service"), WINDOWS: _("New window"), STAFF: _("New person")}[part]


def arrow_word(arrow: str) -> str:
    """Return the word of a window's way."""
    return {
        "": _("No arrow"),
        "left": _("Left", context="way"),
        "right": _("Right", context="way"),
        "ahead": _("Straight on"),
        "back": _("Behind you"),
        "up": _("Upstairs"),
        "down": _("Downstairs"),
    }[arrow]


# -- values as text ----------------------------------------------------------------------------------------------


def range_text(row: Row) -> str:
    first, last = row.get("first", 1), row.get("last", 999)
    return f"{first:03}–{last:03}" if isinstance(first, int) and isinstance(last, int) else ""


def target_text(minutes: object) -> str:
    return minutes_text(minutes) if isinstance(minutes, int) else ""


def time_text(text: object) -> str:
    return clock(str(text)) if text else ""


def words_text(words: Sequence[str] | None) -> str:
    return listing(list(words or ()))


# -- text as values ----------------------------------------------------------------------------------------------


def read_range(text: str) -> dict[str, Any]:
    """Return first and last of "001–499". Raises RuleError "bad_value"."""
    found = RANGE.match(text.replace("\u2060", ""))
    if found is None:
        raise RuleError("bad_value", field="first", value=text, why="not_a_number")
    return {"first": int(found[1]), "last": int(found[2])}


def read_minutes(key: str, text: str) -> dict[str, Any]:
    """Return whole minutes, None for an empty text. Raises RuleError "bad_value"."""
    if not text.strip():
        return {key: None}
    found = MINUTES.match(text)
    if found is None:
        raise RuleError("bad_value", field=key, value=text, why="not_a_number")
    return {key: int(found[1])}


def read_time(text: str) -> dict[str, Any]:
    plain = text.replace("：", ":").strip()
    return {"last_ticket": plain.zfill(5) if plain else None}


def read_hours_field(text: str) -> dict[str, Any]:
    return {"hours": read_hours(text)}


def read_words(text: str) -> list[str]:
    return [word for word in re.split(r"[、,，;；\s]+", text) if word]
