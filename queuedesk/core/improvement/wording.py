"""A trial of words: two wordings of a kiosk's key or of a notice on alternating days.
`features/wording/rules.py` judges it.

The dates of a trial are fixed when it starts: `weeks`, an even number, from its first date on. The old words stand on
its first date and every second one after it, the new ones on those between: over two weeks each weekday has each
once. A trial ends by itself with its last date; the set-up keeps its words until somebody presses.
"""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.setup.rows import Setup

OLD, NEW = "old", "new"
WEEKS = (2, 4, 6, 8)
STOPPED, KEPT, USED = "stopped", "kept", "used"
"""How a trial was ended: before its time, or with the old or the new words as the hall's for good."""
PARTS = ("services", "notices")
"""The parts of a set-up whose words are tried."""


class WordTrial(Struct, frozen=True, kw_only=True):
    """A trial of a service's name on the kiosk's key, or of a notice on the displays (`service` ""), judged by the
    tickets of `services`, of all where there are none. `name` is the old wording, `label` the new one; `ended` is when
    somebody ended it, by `end`."""

    seq: int
    date: clock.date
    by: str
    service: str
    services: tuple[str, ...] = ()
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
    def is_notice(self) -> bool:
        return not self.service

    @property
    def last(self) -> clock.date:
        # An event from elsewhere may ask for more weeks than the calendar has.
        days = 7 * min(self.weeks, WEEKS[-1]) - 1
        return self.first + timedelta(days=min(days, (clock.date.max - self.first).days))

    def shares_tickets(self, services: Iterable[str]) -> bool:
        """Whether a trial judged by these services' tickets, by all where there are none, would count some that this
        one counts too: what one of the two did can't be told then from what the other did."""
        own, its = frozenset(self.services or filter(None, (self.service,))), frozenset(services)
        return not own or not its or not own.isdisjoint(its)

    def runs(self, day: clock.date) -> bool:
        """Whether a date is one of its dates."""
        return self.first <= day <= self.last and (self.ended is None or day < self.ended)

    def which(self, day: clock.date) -> str:
        """Return which wording a date of it has."""
        return which_on(self.first, day)

    def dates(self) -> Iterator[clock.date]:
        """Yield its dates, only those before its end."""
        every = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return (day for day in every if self.runs(day))

    def stands(self, document: Mapping[str, Any], day: clock.date) -> bool:
        """Whether a set-up has what is tried on a date, with its old words: a key whose name was changed, or a notice
        that was changed or taken off, shows neither wording as planned."""
        if not self.is_notice:
            rows = (row for row in document.get("services", ()) if row["code"] == self.service)
            return any(self._has(row.get("name"), row.get("name_en")) for row in rows)
        return any(
            self._has(row.get("text"), row.get("text_en")) and is_shown(row.get("from"), row.get("to"), day)
            for row in document.get("notices", ())
        )

    def _has(self, words: str | None, words_en: str | None) -> bool:
        return (words or "", words_en or "") == (self.name, self.name_en)


def which_on(first: clock.date, day: clock.date) -> str:
    """Return which wording a trial that began on `first` has on a date."""
    return NEW if (day - first).days % 2 else OLD


def is_shown(start: str | None, end: str | None, day: clock.date) -> bool:
    """Whether a notice of these dates, both included, is for a date."""
    return (not start or start <= day.isoformat()) and (not end or day.isoformat() <= end)


def worded(setup: Setup, trials: Iterable[WordTrial], day: clock.date) -> Setup:
    """Return the set-up as the kiosk shows it on a date: with the new name of a key where a trial has it then. What is
    printed, spoken and shown elsewhere goes by the hall's own."""
    new = _new_words(setup, trials, day)
    if not new:
        return setup
    services = {
        code: replace(spec, name=told[0], name_en=told[1])
        if (told := new.get((code, spec.name, spec.name_en)))
        else spec
        for code, spec in setup.services.items()
    }
    return replace(setup, services=services)


def with_notices(setup: Setup, trials: Iterable[WordTrial], day: clock.date) -> Setup:
    """Return the set-up with its notices as the displays show them on a date."""
    new = _new_words(setup, trials, day)
    if not new:
        return setup
    notices = (
        replace(one, text=told[0], text_en=told[1]) if (told := new.get(("", one.text, one.text_en))) else one
        for one in setup.notices
    )
    return replace(setup, notices=tuple(notices))


def _new_words(
    setup: Setup, trials: Iterable[WordTrial], day: clock.date
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return the new words in both languages that a date has, by what they stand for; none where the hall tries no
    words."""
    if not setup.uses("wording"):
        return {}
    on = (trial for trial in trials if trial.runs(day) and trial.which(day) == NEW)
    return {(one.service, one.name, one.name_en): (one.label, one.label_en) for one in on}
