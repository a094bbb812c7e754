"""Summarises part of a log: number of events, first and last time, tickets issued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from queuedesk.core.log.event import Event

_GIVES = frozenset({"issue", "serve"})


@dataclass(slots=True)
class LogPart:
    """Events one after the other. `skew_s` is the largest step by which a clock had jumped when one was taken, 0 for
    none."""

    events: int = 0
    first: datetime | None = None
    last: datetime | None = None
    tickets: list[tuple[date, str]] = field(default_factory=list)
    set_ups: int = 0
    skew_s: int = 0
    timezone: str = ""

    def add(self, event: Event) -> None:
        """Count one more."""
        self.events += 1
        self.first = self.first or event.at
        self.last = event.at
        if event.kind in _GIVES and event.ticket is not None and event.date is not None:
            self.tickets.append((event.date, event.ticket))
        if event.kind == "set-up":
            self.set_ups += 1
            setup = event.data.get("setup")
            hall = setup.get("hall") if isinstance(setup, dict) else None
            self.timezone = str(hall.get("timezone", "")) if isinstance(hall, dict) else self.timezone
        skew = event.data.get("skew_s")
        if isinstance(skew, int) and abs(skew) > abs(self.skew_s):
            self.skew_s = skew

    @classmethod
    def of(cls, events: Iterable[Event]) -> LogPart:
        """Return what these come to."""
        part = cls()
        for event in events:
            part.add(event)
        return part
