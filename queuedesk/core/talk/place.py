"""The place in the hall from which somebody sends a message or calls for help: a window or a station."""

from __future__ import annotations

import re
from collections.abc import Collection

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.values import Setup

GUIDE, MANAGER, ALL, CONSOLE = "guide", "manager", "all", "console"
WINDOW = "counter-"
"""So begins the place of a window: the name of its counter; its code follows."""
STATIONS = ("kiosk", "guide", "manager", "rating", "display", "plate", "line")
"""Kinds of stations where help can be called beside windows; where a hall has several, "-" and a name follow."""
_STATION = re.compile(rf"({'|'.join(STATIONS)})(-[^\s/\\@:,]{{1,30}}|#[0-9]{{1,3}})*")


def window_place(code: str) -> str:
    """Return the place of a window."""
    return f"{WINDOW}{code}"


def window_at(place: str) -> str | None:
    """Return the code of the window that `place` is, None for another place."""
    return place.removeprefix(WINDOW) if place.startswith(WINDOW) else None


def addressee(setup: Setup, text: str) -> str:
    """Return where a message goes: "guide", "manager", "all" or a window, by its code or its place.

    Raises RuleError "bad_value" for anything else.
    """
    wanted = text.strip()
    if wanted in (GUIDE, MANAGER, ALL):
        return wanted
    return _window(setup, wanted) or _refuse("to", wanted, [GUIDE, MANAGER, ALL, *setup.windows])


def help_place(setup: Setup, text: str, known: Collection[str] = ()) -> str:
    """Return where help is wanted: a window by its code or its place, a station such as "kiosk-2", or one of the
    `known` stations.

    Raises RuleError "bad_value" for anything else.
    """
    wanted = text.strip()
    if found := _window(setup, wanted):
        return found
    if wanted in known or _STATION.fullmatch(wanted):
        return wanted
    return _refuse("place", wanted, [*setup.windows, *STATIONS])


def _window(setup: Setup, wanted: str) -> str | None:
    code = window_at(wanted) or wanted
    return window_place(code) if code in setup.windows else None


def _refuse(field: str, value: str, choices: list[str]) -> str:
    raise RuleError("bad_value", field=field, value=value[:40], why="not_a_choice", limit=choices)
