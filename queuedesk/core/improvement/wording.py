"""A wording trial: two wordings of a kiosk's key or of a notice on alternating days; `features/wording/rules.py` judges
it.

The dates of a trial are fixed at its start: `weeks`, an even number, from its first date on. The old words are shown on
its first date and every second one after it, the new ones on those between: over two weeks each weekday has each once.
A trial ends by itself with its last date; the set-up keeps its words until somebody decides."""

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
"""Ends of a trial by hand: early, or with the old or the new words for good."""
PARTS = ("services", "notices")
"""The parts of a set-up that trials can reword."""


class WordingTrial(Struct, frozen=True, kw_only=True):
    """A trial of a service's name on the kiosk's key, or of a notice on the displays (`service` ""), judged by the
    tickets of `services`, or of all if empty. `name` is the old wording, `label` the new one; `ended` is when it was
    ended by hand, by `end`."""

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
        """Whether it was not ended by hand; its last date may have passed."""
        return self.ended is None

    @property
    def is_notice_trial(self) -> bool:
        return not self.service

    @property
    def last_date(self) -> clock.date:
        # A merged event may have more weeks than the calendar.
        days = 7 * min(self.weeks, WEEKS[-1]) - 1
        return self.first + timedelta(days=min(days, (clock.date.max - self.first).days))

    def is_judged_by_some_same_tickets(self, services: Iterable[str]) -> bool:
        """Whether a trial judged by the tickets of `services` (all if empty) would count some of this one's, so that
        their effects could not be separated."""
        own, theirs = frozenset(self.services or filter(None, (self.service,))), frozenset(services)
        return not own or not theirs or not own.isdisjoint(theirs)

    def is_running_on(self, day: clock.date) -> bool:
        return self.first <= day <= self.last_date and (self.ended is None or day < self.ended)

    def wording_on(self, day: clock.date) -> str:
        return old_or_new_wording_on(self.first, day)

    def running_dates(self) -> Iterator[clock.date]:
        every = (self.first + timedelta(days=n) for n in range((self.last_date - self.first).days + 1))
        return (day for day in every if self.is_running_on(day))

    def has_old_words_on(self, document: Mapping[str, Any], day: clock.date) -> bool:
        """Whether a set-up has the trial's object with its old words on a date; a key or notice changed since shows
        neither wording as planned."""
        if not self.is_notice_trial:
            rows = (row for row in document.get("services", ()) if row["code"] == self.service)
            return any(self._has_old_words(row.get("name"), row.get("name_en")) for row in rows)
        return any(
            self._has_old_words(row.get("text"), row.get("text_en"))
            and is_date_within_notice_dates(row.get("from"), row.get("to"), day)
            for row in document.get("notices", ())
        )

    def _has_old_words(self, words: str | None, words_en: str | None) -> bool:
        return (words or "", words_en or "") == (self.name, self.name_en)


def old_or_new_wording_on(first: clock.date, day: clock.date) -> str:
    return NEW if (day - first).days % 2 else OLD


def is_date_within_notice_dates(start: str | None, end: str | None, day: clock.date) -> bool:
    """Whether a date is within a notice's dates, both included."""
    return (not start or start <= day.isoformat()) and (not end or day.isoformat() <= end)


def setup_with_trial_notices(setup: Setup, trials: Iterable[WordingTrial], day: clock.date) -> Setup:
    """Return the set-up with its notices as the displays show them on a date."""
    new = new_words_on(setup, trials, day)
    if not new:
        return setup
    notices = (
        replace(row, text=words[0], text_en=words[1]) if (words := new.get(("", row.text, row.text_en))) else row
        for row in setup.notices
    )
    return replace(setup, notices=tuple(notices))


def new_words_on(
    setup: Setup, trials: Iterable[WordingTrial], day: clock.date
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return the new words of a date in both languages, by service and old words; none in a hall without trials."""
    if not setup.has_feature("wording"):
        return {}
    running = (trial for trial in trials if trial.is_running_on(day) and trial.wording_on(day) == NEW)
    return {(active.service, active.name, active.name_en): (active.label, active.label_en) for active in running}
