"""A row of somebody's sheet that somebody disputes: who asks, and the second person who decides."""

from __future__ import annotations

import datetime as clock
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.appraisal.scheme import CASES, ITEMS, SATISFACTION
from queuedesk.core.errors import RuleError

PRAISE, FAULTS = "praise", "faults"
DISPUTED = (*ITEMS, PRAISE, FAULTS)
"""Of which rows of a sheet it can be asked."""
WAITING, EXCLUDED, KEPT = "waiting", "excluded", "kept"


class Dispute(Struct, frozen=True, kw_only=True):
    """A row of an item of the sheet of `staff` in the month that begins on `month`: `row` names it, or `rated` where it
    is a rating, which only managers' PCs are told. `words` and `answer` are ids of what stands beside the log."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    staff: str
    month: clock.date
    item: str
    row: str | None
    rated: str | None
    words: str
    decided: datetime | None = None
    decided_by: str | None = None
    excluded: bool | None = None
    answer: str | None = None

    @property
    def is_open(self) -> bool:
        return self.decided is None

    @property
    def state(self) -> str:
        return WAITING if self.is_open else EXCLUDED if self.excluded else KEPT

    @property
    def name(self) -> str:
        """The row, "" where this PC is not told."""
        return self.rated or self.row or ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Whose row of which item it is."""
        return self.staff, self.item, self.name

    def is_told(self, own: str) -> bool:
        """Whether `own`, who reads the own sheet alone, is told which row it is: of ratings only what that person
        named; "" reads all."""
        return not own or not is_untold(self.item) or self.by == own

    def may_decide(self, who: str) -> bool:
        """Whether this person is neither who asked nor whose sheet it is."""
        return who not in (self.by, self.staff)

    def must_let_decide(self, who: str, *, is_person: bool) -> None:
        """Raise RuleError "dispute_decided", "who_are_you" for somebody who gives no name, "own_dispute" for who asked
        and for whose sheet it is."""
        if not self.is_open:
            raise RuleError("dispute_decided", dispute=self.seq)
        if not is_person:
            raise RuleError("who_are_you")
        if not self.may_decide(who):
            raise RuleError("own_dispute", staff=who)

    def decide(self, at: datetime, by: str, answer: str, *, excluded: bool) -> Dispute:
        return replace(self, decided=at, decided_by=by, excluded=excluded, answer=answer)


def month_of_row(row: str) -> date | None:
    """Return the first day of the month that a row's own date lies in, None where its name has none."""
    try:
        day = date.fromisoformat(row[:10])
    except ValueError:
        return None
    return day.replace(day=1) if day.isoformat() == row[:10] and row[10:11] in ("", " ") else None


def is_ticket_row(item: str) -> bool:
    """Whether rows of the item are visits, "2026-11-19 A012"."""
    return item in ITEMS[: ITEMS.index(CASES)]


def is_untold(item: str) -> bool:
    """Whether only managers' PCs are told which row of the item it is."""
    return item == SATISFACTION
