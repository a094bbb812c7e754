"""What a station and the command borrow to play a recorded day again: the answer, and its page of paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.i18n import current
from queuedesk.sim.whatif import day_of, what_if
from queuedesk.sim.whatif_change import Change, question
from queuedesk.sim.whatif_day import RecordedDay

Figures = dict[str, Any]


class WhatIfs:
    """Every function takes a second or more: call them off the GUI thread."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk, self._clock = desk, clock
        self._lock = Lock()
        self._known: RecordedDay | None = None

    def tools(self) -> dict[str, Callable[..., Any]]:
        """Return them by the names under which stations ask."""
        return {"what_if": self.ask, "what_if_pdf": self.pdf}

    def ask(self, day: date, asked: str | Change) -> Figures:
        """Return what a ready question or a change comes to on a date that is over. Raises RuleError as sim.whatif
        does."""
        recorded = self._recorded(day)
        if isinstance(asked, Change):
            return what_if(recorded, asked).figures
        ready = question(recorded, asked)
        return what_if(recorded, ready.change, base=ready.base).figures

    def pdf(self, figures: Figures, path: Path | str, lang: str = "", printed_by: str | None = None) -> Path:
        """Write the page about an answer. Raises OutsideError "cannot_write"."""
        return write_pdf(self._desk, figures, path, self._clock(), lang=lang or current(), printed_by=printed_by)

    def _recorded(self, day: date) -> RecordedDay:
        with self._lock:
            if self._known is None or self._known.day != day:
                self._known = day_of(self._desk, day)
            return self._known


def write_pdf(
    desk: Desk, figures: Figures, path: Path | str, now: datetime, *, lang: str, printed_by: str | None = None
) -> Path:
    """Write the page about an answer. Raises OutsideError "cannot_write"."""
    from queuedesk.files.writing import write_file
    from queuedesk.reports.papers.whatif_page import whatif_pdf

    setup, target = looking.setup_of(desk), Path(path)
    write_file(target, whatif_pdf(figures, setup, lang, setup.local(now), printed_by))
    return target
