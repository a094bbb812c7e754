"""What people of the hall send each other, and from where: short messages, and calls for help."""

from __future__ import annotations

import datetime as clock
import re
from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.rows import Setup

# -- a call for help from a place in the hall: pressed, answered, ended when somebody is there -----------------------

ARRIVED, CANCELLED, DAY_END = "arrived", "cancelled", "day_end"
"""How a call for help ends: somebody came; it was taken back; the day was over and nobody had come."""


class HelpCall(Struct, frozen=True, kw_only=True):
    """A call for help. `acknowledged` is when `helper` accepted it; `ended` and `end` are when and how it ended,
    `ended_by` who ended it."""

    seq: int
    date: clock.date
    place: str
    about: str
    about_en: str
    pressed: datetime
    by: str
    acknowledged: datetime | None = None
    helper: str | None = None
    ended: datetime | None = None
    end: str | None = None
    ended_by: str | None = None
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        return self.ended is None

    @property
    def is_unanswered(self) -> bool:
        """Whether somebody waits there and nobody has answered."""
        return self.is_open and self.acknowledged is None

    @property
    def arrived(self) -> datetime | None:
        """When a helper arrived."""
        return self.ended if self.end == ARRIVED else None

    @property
    def answered(self) -> datetime | None:
        """When somebody answered, or arrived without answering."""
        return self.acknowledged or self.arrived


def open_calls(calls: Iterable[HelpCall]) -> list[HelpCall]:
    """Return the open calls for help: unanswered ones first, the oldest of each first."""
    return sorted((call for call in calls if call.is_open), key=lambda one: (not one.is_unanswered, one.seq))


def open_at(calls: Iterable[HelpCall], place: str) -> HelpCall | None:
    """Return the open call for help at `place`: there is at most one."""
    return next((call for call in calls if call.is_open and call.place == place), None)


# -- the place in the hall from which somebody sends a message or calls for help: a window or a station --------------

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
    """Return the code of the window at `place`, None for another place."""
    return place.removeprefix(WINDOW) if place.startswith(WINDOW) else None


def addressee(setup: Setup, text: str) -> str:
    """Return a message's address: "guide", "manager", "all" or a window, by its code or its place. Raises RuleError
    "bad_value" for anything else."""
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


class ReadReceipt(Struct, frozen=True):
    """Somebody at `place` has read a message."""

    place: str
    by: str
    at: datetime


class Message(Struct, frozen=True, kw_only=True):
    """A message from one place of the hall to another, or to all. `by` is who wrote it, `origin` where.

    A message to a single place stays unread until somebody there has seen it, however long that takes; one to all
    expires with its date.
    """

    seq: int
    date: clock.date
    time: datetime
    by: str
    origin: str
    to: str
    text: str
    text_en: str = ""
    seen: tuple[ReadReceipt, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether its one reader has not seen it yet."""
        return self.to != ALL and not self.seen

    def is_for(self, place: str) -> bool:
        return self.origin != place and self.to in (place, ALL)

    def is_unread_at(self, place: str) -> bool:
        """Whether it goes to `place` and nobody there has seen it."""
        return self.is_for(place) and all(receipt.place != place for receipt in self.seen)


def unread_at(messages: Iterable[Message], place: str) -> list[Message]:
    """Return the messages that nobody at `place` has seen yet, the oldest first."""
    return sorted((message for message in messages if message.is_unread_at(place)), key=lambda one: one.seq)
