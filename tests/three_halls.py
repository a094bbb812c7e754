"""Halls of three kinds with services A to C, windows 1 to 3, clerks C1 to C3, G1, M1 and AD: a test runs in any."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from queuedesk.core.setup.hall_words import EVERY_WORDING
from queuedesk.core.setup.presets import PRESETS
from queuedesk.desk.setting_up import demo_setup_of_preset
from tests.every_day import SEES_ALL
from tests.hall import DAY, Hall, hall_from, nobody_chose, preset

NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Kind:
    """A kind of hall: its set-up, and midnight of the date on which tests open it."""

    name: str
    document: Mapping[str, Any]
    day: datetime
    window: str = "window"
    ticket: str = "ticket"

    def at(self, time: str) -> datetime:
        hour, minute = map(int, time.split(":"))
        return self.day.replace(hour=hour, minute=minute)

    def make(self, folder: Path, *, time: str = "9:00", settings: Mapping[str, Any] | None = None) -> Hall:
        """Make the hall in `folder`; it is founded at `time`, so this is its first day."""
        document = {**self.document, "settings": {**self.document.get("settings", {}), **(settings or {})}}
        return hall_from(folder, document, self.at(time))


POWER = Kind("power office", nobody_chose(demo_setup_of_preset("power")), DAY)
IN_LONDON = DAY.replace(tzinfo=ZoneInfo("Europe/London"))
CLINIC = Kind("clinic", nobody_chose(demo_setup_of_preset("clinic")), IN_LONDON, "room")
_POST = nobody_chose(demo_setup_of_preset("post"))
POST_OFFICE = Kind("post office", _POST, DAY.replace(day=21, tzinfo=NEW_YORK), "counter", "number")
THREE = (POWER, CLINIC, POST_OFFICE)
OTHERS = (CLINIC, POST_OFFICE)
"""Those where tests that already run in the power office run again."""
_MORE = {"bank": ("window", "number"), "government": ("counter", "ticket"), "library": ("desk", "number")}
_MORE |= {"pharmacy": ("room", "number"), "telecom": ("desk", "ticket"), "other": ("room", "ticket")}


def of_preset(name: str, window: str, ticket: str) -> Kind:
    document = preset(name)
    hall = {**document["hall"], "words": {"window": window, "ticket": ticket}}
    return Kind(f"{name}, {window}, {ticket}", {**document, "hall": hall}, DAY, window, ticket)


_WORDED = [(name, words) for name in PRESETS for words in EVERY_WORDING] if SEES_ALL else _MORE.items()
MORE = tuple(of_preset(name, *words) for name, words in _WORDED)
"""With THREE every preset once and every word once; all of both with `scripts/test.py --explore`."""
