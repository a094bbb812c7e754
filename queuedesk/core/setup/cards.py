"""Contingency cards: what is to be done when things go wrong, and one that was opened, with who ticked which step
when."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from queuedesk.core.setup import fields as kinds
from queuedesk.core.setup.fields import BASICS, Wording, entry, read_row

ANYONE = ""
STEP_ROLES = (ANYONE, "guide", "clerk", "manager")
"""Who a step is for."""
LONGEST_STEP, MOST_STEPS = 100, 12
LONGEST_NOTE = 400
DONE, DAY_END = "done", "day_end"
"""How a card that was opened ends: by somebody's word, or because the day was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, in the hall's own language and in English; `role` says whose it is."""

    text: str = field(metadata=entry(kinds.sentence(LONGEST_STEP), "Text"))
    text_en: str = field(default="", metadata=entry(kinds.text(LONGEST_STEP), "English text"))
    role: str = field(default=ANYONE, metadata=entry(kinds.choice(STEP_ROLES), "Role"))


def steps_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return the steps of rows as a set-up file and the log have them."""
    return tuple(read_row(Step, one) for one in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card as it is set up."""

    code: str = field(metadata=entry(kinds.code(), "Code", fixed=True))
    name: str = field(metadata=entry(kinds.name(), "Name", tab=BASICS))
    name_en: str = field(default="", metadata=entry(kinds.text(), "English name", tab=BASICS, beside=True))
    steps: tuple[Step, ...] = field(
        metadata=entry(
            kinds.rows(Step, needed=True, most=MOST_STEPS),
            "Steps",
            title=Wording("Steps", context="card"),
            hint="each stands in one line at the station of who does it",
        )
    )


@dataclass(frozen=True, slots=True)
class Tick:
    """Step `step`, counted from 1, was done."""

    step: int
    time: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRun:
    """A card that was opened: its name and steps as they were then, whatever the set-up says later.

    `ticks` are in the order of pressing; `end` is how it `ended`, `note` what was written down at the end.
    """

    seq: int
    date: clock.date
    card: str
    name: str
    name_en: str
    steps: tuple[Step, ...]
    started: datetime
    by: str
    ticks: tuple[Tick, ...] = ()
    ended: datetime | None = None
    end: str | None = None
    ended_by: str | None = None
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.ended is None

    def tick(self, step: int) -> Tick | None:
        """Return when and by whom a step was ticked, None while it is not."""
        return next((one for one in self.ticks if one.step == step), None)

    def ticked(self, step: int, time: datetime, by: str) -> CardRun:
        return replace(self, ticks=(*self.ticks, Tick(step, time, by)))

    def unticked(self, step: int) -> CardRun:
        return replace(self, ticks=tuple(one for one in self.ticks if one.step != step))

    def next_for(self, role: str) -> int | None:
        """Return the first step, counted from 1, that is still to do by somebody of `role` or by anyone; a manager
        answers for all of them."""
        for number, step in enumerate(self.steps, start=1):
            if self.tick(number) is None and (role == "manager" or step.role in (ANYONE, role)):
                return number
        return None


def open_runs(runs: Iterable[CardRun]) -> list[CardRun]:
    """Return the cards that are open, the newest first."""
    return sorted((run for run in runs if run.is_open), key=lambda run: -run.seq)


def step_rows(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Return steps as a set-up file and the log have them."""
    return [{"text": one.text, "text_en": one.text_en, "role": one.role} for one in steps]
