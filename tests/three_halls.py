"""The kinds of hall that tests share: a page, a journey or a command that is right in one must be right in all three.

Each has the services A, B, C, the windows 1 to 3, the clerks C1 to C3 and the people G1, M1 and AD, so that one test
runs in any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import settings

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.setup.hall_words import EVERY_WORDING
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.sentences import in_one_language
from queuedesk.desk.change import Ask
from tests.hall import DAY, Clock, Hall, create_hall, preset

SEES_ALL = settings.get_current_profile_name() == "explore"
NEW_YORK = ZoneInfo("America/New_York")
CLINIC_PEOPLE = {"C1": "Asha Patel", "C2": "Tom Reed", "C3": "Mary Hughes", "G1": "Ann Doyle", "M1": "Jo Baker"}
POST_PEOPLE = {"C1": "Luis Ortega", "C2": "Dana Cole", "C3": "Sam Price", "G1": "Eve Novak", "M1": "Pat Quinn"}
MONDAY_TO_SATURDAY = [{"days": "1-5", "from": "08:00", "to": "18:00"}, {"days": "6", "from": "09:00", "to": "13:00"}]


@dataclass(frozen=True)
class Kind:
    """A kind of hall: its set-up, and midnight of the date on which tests open it."""

    name: str
    document: Mapping[str, Any]
    day: datetime
    window: str = "window"
    ticket: str = "ticket"

    def at(self, time: str) -> datetime:
        """Return a time of the hall's day, "10:42"."""
        hour, minute = map(int, time.split(":"))
        return self.day.replace(hour=hour, minute=minute)

    def make(self, folder: Path, *, time: str = "9:00", settings: Mapping[str, Any] | None = None) -> Hall:
        """Make the hall in `folder`; it is founded at `time`, so this is its first day."""
        document = {**self.document, "settings": {**self.document.get("settings", {}), **(settings or {})}}
        clock = Clock(self.at(time))
        path = folder / "hall.sqlite"
        return Hall(create_hall(path, document, Ask(CONSOLE, clock())), clock, path)


def _named(document: Mapping[str, Any], names: Mapping[str, str], **hall: Any) -> dict[str, Any]:
    """Return an English set-up with three windows, people's names and what is known of the hall."""
    people = [
        {**person, "name": names.get(person["code"], person["name"])}
        for person in document["staff"]
        if person["role"] != "clerk" or person["code"] in names
    ]
    return {**document, "staff": people, "hall": {**document["hall"], "languages": ["en"], **hall}}


def _clinic() -> dict[str, Any]:
    document = in_one_language(preset("clinic"), "en")
    every = [service["code"] for service in document["services"]]
    rooms = [{**row, "services": every} for row in document["windows"][:3]]
    about = {"name": "Lime Street Clinic", "timezone": "Europe/London", "words": {"window": "room"}}
    return _named({**document, "windows": rooms}, CLINIC_PEOPLE, code="LIME", **about)


def _post_office() -> dict[str, Any]:
    document = in_one_language(preset("post"), "en")
    every = [service["code"] for service in document["services"]]
    counters = [{**row, "services": every} for row in document["windows"][:3]]
    services = [{**row, "hours": MONDAY_TO_SATURDAY} for row in document["services"]]
    words = {"window": "counter", "ticket": "number"}
    about = {"name": "Canal Street Post Office", "timezone": NEW_YORK.key, "words": words}
    notices = [{"text": text} for text in ("Closed on Sundays", "Parcels by 5 pm", "Cards welcome")]
    rows = {"services": services, "windows": counters, "notices": notices}
    return _named({**document, **rows}, POST_PEOPLE, code="CANAL", opens="08:00", **about)


POWER = Kind("power office", preset("power"), DAY)
CLINIC = Kind("clinic", _clinic(), datetime(2026, 11, 20, tzinfo=ZoneInfo("Europe/London")), window="room")
POST_OFFICE = Kind(
    "post office", _post_office(), datetime(2026, 11, 21, tzinfo=NEW_YORK), window="counter", ticket="number"
)
THREE = (POWER, CLINIC, POST_OFFICE)
OTHERS = (CLINIC, POST_OFFICE)
"""Those where tests that already run in the power office run again."""
_MORE = {
    "bank": ("window", "number"),
    "government": ("counter", "ticket"),
    "library": ("desk", "number"),
    "pharmacy": ("room", "number"),
    "telecom": ("desk", "ticket"),
    "other": ("room", "ticket"),
}


def of_preset(name: str, window: str, ticket: str) -> Kind:
    """Return the hall that a preset makes with these words."""
    document = preset(name)
    hall = {**document["hall"], "words": {"window": window, "ticket": ticket}}
    return Kind(f"{name}, {window}, {ticket}", {**document, "hall": hall}, DAY, window, ticket)


MORE = (
    tuple(of_preset(name, *words) for name in PRESETS for words in EVERY_WORDING)
    if SEES_ALL
    else tuple(of_preset(name, *words) for name, words in _MORE.items())
)
"""With THREE every preset once and every word once; all of both with `scripts/test.py --explore`."""
