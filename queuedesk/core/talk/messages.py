"""Short messages within a hall, and calls for help."""

from __future__ import annotations

import datetime as clock
import re
from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.rows import Setup

# -- calls for help --------------------------------------------------------------------------------------------------

ARRIVED, CANCELLED, DAY_END = "arrived", "cancelled", "day_end"
"""Ends of a call for help: somebody came; it was cancelled; the day ended."""


class HelpCall(Struct, frozen=True, kw_only=True):
    """A call for help. `acknowledged` is when `helper` accepted it; `ended`, `end` and `ended_by` are when, how and by
    whom it ended."""

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
        return self.is_open and self.acknowledged is None

    @property
    def time_help_arrived(self) -> datetime | None:
        return self.ended if self.end == ARRIVED else None

    @property
    def time_help_was_answered(self) -> datetime | None:
        return self.acknowledged or self.time_help_arrived


def current_help_calls(calls: Iterable[HelpCall]) -> list[HelpCall]:
    """Return the open calls for help, unanswered ones first, then oldest first."""
    return sorted((call for call in calls if call.is_open), key=lambda call: (not call.is_unanswered, call.seq))


def open_help_call_at(calls: Iterable[HelpCall], place: str) -> HelpCall | None:
    """Return the open call for help at `place`; there is at most one."""
    return next((call for call in calls if call.is_open and call.place == place), None)


# -- places that send messages or call for help: windows and stations ------------------------------------------------

GUIDE, MANAGER, ALL, CONSOLE = "guide", "manager", "all", "console"
PHONE = "phone"
"""Where customers send from; nothing can be sent there."""
WINDOW = "counter-"
"""Prefix of a window's place, followed by its code."""
STATIONS = ("kiosk", "guide", "manager", "rating", "display", "plate", "line")
"""Kinds of stations, besides windows, where help can be called; "-" and a name follow where a hall has several."""
_STATION_PATTERN = re.compile(rf"({'|'.join(STATIONS)})(-[^\s/\\@:,]{{1,30}}|#[0-9]{{1,3}})*")


def place_of_window(code: str) -> str:
    return f"{WINDOW}{code}"


def window_of_place(place: str) -> str | None:
    return place.removeprefix(WINDOW) if place.startswith(WINDOW) else None


def parse_message_address(setup: Setup, text: str) -> str:
    """Return a message's address: "guide", "manager", "all" or a window, by code or place. Raises RuleError "bad_value"
    for anything else."""
    wanted = text.strip()
    if wanted in (GUIDE, MANAGER, ALL):
        return wanted
    return _place_of_known_window(setup, wanted) or _raise_bad_choice(
        "to", wanted, [GUIDE, MANAGER, ALL, *setup.windows]
    )


def parse_help_place(setup: Setup, text: str, known: Collection[str] = ()) -> str:
    """Return the place of a help call: a window by code or place, a station such as "kiosk-2", or one of the `known`
    stations. Raises RuleError "bad_value" for anything else."""
    wanted = text.strip()
    if window := _place_of_known_window(setup, wanted):
        return window
    if wanted in known or _STATION_PATTERN.fullmatch(wanted):
        return wanted
    return _raise_bad_choice("place", wanted, [*setup.windows, *STATIONS])


def _place_of_known_window(setup: Setup, wanted: str) -> str | None:
    code = window_of_place(wanted) or wanted
    return place_of_window(code) if code in setup.windows else None


def _raise_bad_choice(field: str, value: str, choices: list[str]) -> str:
    raise RuleError("bad_value", field=field, value=value[:40], why="not_a_choice", limit=choices)


class ReadReceipt(Struct, frozen=True):
    """A person at `place` has read a message."""

    place: str
    by: str
    at: datetime


class Message(Struct, frozen=True, kw_only=True):
    """A message from one place of the hall to another, or to all. `by` is the author, `origin` their place. A message
    to a single place stays unread until somebody there has seen it; one to all expires with its date."""

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
    def is_unread_by_addressee(self) -> bool:
        return self.to != ALL and not self.seen

    def is_addressed_to(self, place: str) -> bool:
        return self.origin != place and self.to in (place, ALL)

    def is_unread_at(self, place: str) -> bool:
        return self.is_addressed_to(place) and all(receipt.place != place for receipt in self.seen)


def unread_messages_at(messages: Iterable[Message], place: str) -> list[Message]:
    return sorted((message for message in messages if message.is_unread_at(place)), key=lambda message: message.seq)
