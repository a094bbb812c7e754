"""A trial of words: two names for a kiosk's key on alternating days. `wording_effect.py` judges it.

The dates of a trial are fixed when it starts: `weeks`, an even number, from its first date on. The old name stands on
its first date and every second one after it, the new one on those between: over two weeks each weekday has each name
once. A trial ends by itself with its last date; the set-up keeps its name until somebody presses.
"""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from queuedesk.core.setup.rows import Setup

OLD, NEW = "old", "new"
WEEKS = (2, 4, 6, 8)
STOPPED, KEPT, USED = "stopped", "kept", "used"
"""How a trial was ended: before its time, or with the old or the new name as the key's for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTrial:
    """A trial of a service's name on the kiosk's key. `name` is the old one, `label` the new one; `ended` is when
    somebody ended it, by `end`."""

    seq: int
    date: clock.date
    by: str
    service: str
    name: str
    name_en: str
    label: str
    label_en: str
    first: clock.date
    weeks: int
    ended: clock.date | None = None
    end: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has ended it yet; its last date may have passed."""
        return self.ended is None

    @property
    def last(self) -> clock.date:
        return self.first + timedelta(weeks=self.weeks, days=-1)

    def runs(self, day: clock.date) -> bool:
        """Whether a date is one of its dates."""
        return self.first <= day <= self.last and (self.ended is None or day < self.ended)

    def which(self, day: clock.date) -> str:
        """Return which name the key has on one of its dates."""
        return NEW if (day - self.first).days % 2 else OLD

    def dates(self) -> Iterator[clock.date]:
        """Yield its dates, only those before its end."""
        every = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return (day for day in every if self.runs(day))


def worded(setup: Setup, trials: Iterable[WordTrial], day: clock.date) -> Setup:
    """Return the set-up as the kiosk shows it on a date: with the new name where a trial has it then. What is printed
    and spoken goes by the hall's own."""
    named = {
        one.service: one for one in trials if one.service in setup.services and one.runs(day) and one.which(day) == NEW
    }
    if not named:
        return setup
    services = {
        code: replace(spec, name=named[code].label, name_en=named[code].label_en) if code in named else spec
        for code, spec in setup.services.items()
    }
    return replace(setup, services=services)
