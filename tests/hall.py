"""A hall to test in: a real database, a day in the past, people who act at named minutes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from queuedesk.core.people import CONSOLE, Actor, Role
from queuedesk.desk import calling, issuing, opening, serving, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.paths import resource

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 11, 20, tzinfo=SHANGHAI)


def at(text: str) -> datetime:
    """Return a time of the hall's day, "10:42" or "10:42:30"."""
    parts = [int(part) for part in text.split(":")]
    return DAY + timedelta(**dict(zip(("hours", "minutes", "seconds"), parts, strict=False)))


@dataclass
class Clock:
    """A clock that stands until it is moved; call it for the time."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Hall:
    """A hall on its day. The short methods act as the console, at the clock's time."""

    desk: Desk
    clock: Clock
    path: Path

    def ask(self, who: Actor = CONSOLE) -> Ask:
        return Ask(who, self.clock())

    def open(self, window: str, staff: str) -> None:
        opening.open_window(self.desk, self.ask(), window, staff=staff)

    def issue(self, service: str, **words: Any) -> str:
        """Give out a number and return it."""
        return str(issuing.issue(self.desk, self.ask(), service, **words)["ticket"])

    def queue(self, *services: str, minutes_apart: float = 0) -> list[str]:
        """Give out a number for each of `services`, one after the other."""
        labels = []
        for service in services:
            labels.append(self.issue(service))
            self.clock.move(minutes=minutes_apart)
        return labels

    def call(self, window: str, **words: Any) -> str:
        return str(calling.call(self.desk, self.ask(), window, **words)["ticket"])

    def serve_out(self, window: str, *, minutes: float = 5) -> str:
        """Call the next one, serve for so long, finish; return the number."""
        label = self.call(window)
        calling.start(self.desk, self.ask(), window)
        self.clock.move(minutes=minutes)
        serving.finish(self.desk, self.ask(), window)
        return label


def preset(name: str = "power", **changes: Any) -> dict[str, Any]:
    """Return a preset's set-up document with top-level parts replaced."""
    document: dict[str, Any] = json.loads(resource("presets", f"{name}.json").read_text(encoding="utf-8"))
    return {**document, **changes}


def make_hall(
    folder: Path, *, kind: str = "power", time: str = "9:00", settings: dict[str, Any] | None = None, **changes: Any
) -> Hall:
    """Make a hall from a preset in `folder`; `settings` are rules that differ from the defaults."""
    document = preset(kind, **changes)
    if settings:
        document["settings"] = {**document.get("settings", {}), **settings}
    clock = Clock(at(time))
    path = folder / "hall.sqlite"
    return Hall(setting_up.create_hall(path, document, Ask(CONSOLE, clock())), clock, path)


def clerk(code: str) -> Actor:
    return Actor(code, Role.CLERK)


def labels(tickets: Sequence[Any]) -> list[str]:
    return [ticket.label for ticket in tickets]
