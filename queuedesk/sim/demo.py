"""What features play in the hall of a demo: each has a part, which its register names (`demo`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from numpy.random import Generator

from queuedesk.core.features import Chosen, load, used
from queuedesk.core.setup.rows import Setup, languages
from queuedesk.desk.change import Ask, Desk
from queuedesk.i18n import named
from queuedesk.sim.day import Arrival, SimulatedDay

Words = tuple[str, str]
"""What somebody types, in Chinese and in English."""
Act = Callable[[Desk, Setup, Ask], object]


def typed(setup: Setup, words: Words) -> str:
    """Return what somebody types, in the hall's first language."""
    return named(*words, languages(setup)[0])


class Happening(Struct, frozen=True, kw_only=True):
    """Something that one day has of its own between two times, in minutes since midnight, with the manager's note;
    parts know it by its name.

    `busy` is how many times as many people come on the whole day, `crowd` how many come together at the start; visits
    for `slow` (a service's code; "*" for all) take `pace` times as long.
    """

    name: str
    start: int
    end: int
    kind: str
    note: Words
    busy: float = 1.0
    crowd: int = 0
    slow: str = ""
    pace: float = 1.0

    def slows(self, service: str, minute: float) -> bool:
        return self.slow in (service, "*") and self.start <= minute < self.end


class DemoDay(SimulatedDay):
    """A day on which features play their parts."""

    also: Generator
    """Chance of its own, so that what is played beside the windows changes nothing at them but who comes."""
    ago: int = 0
    """How many days of the story it is before the demo's day."""
    happening: Happening | None = None


class DemoPart:
    """What a feature plays where the demo's hall uses it; made for each day. Every method is there to be replaced."""

    place = 0
    """Parts play in this order, those of the same place in the order of the features."""

    @staticmethod
    def set_up(document: dict[str, Any]) -> dict[str, Any]:
        """Return the set-up that the hall begins with, given without the part's own rows."""
        return document

    @staticmethod
    def found(desk: Desk, setup: Setup, ask: Ask, today: date) -> None:
        """Do what is done before the first day; `today` is the demo's."""

    @staticmethod
    def acts(ago: int) -> Iterable[tuple[int, Act]]:
        """Return what a manager does on a day: the minute, and how. What the hall refuses is left out."""
        return ()

    def __init__(self, day: DemoDay) -> None:
        self.day, self.desk, self.setup = day, day.desk, day.setup

    def happens(self, happening: Happening) -> None:
        """Plan what belongs to something that the day has of its own."""

    def begin(self, now: datetime) -> None:
        """Do what is done first in the morning."""

    def arrived(self, person: Arrival, now: datetime) -> None:
        """Do what is done when somebody has come to the front desk."""

    def rated(self, label: str, level: int, now: datetime) -> None:
        """Do what is done when a customer has rated."""

    def end(self, now: datetime) -> None:
        """Do what is done before the day ends."""


def parts_of(hall: Chosen) -> Sequence[type[DemoPart]]:
    """Return the parts of what a hall uses, in their order."""
    return sorted((load(one.demo) for one in used(hall) if one.demo), key=lambda part: part.place)
