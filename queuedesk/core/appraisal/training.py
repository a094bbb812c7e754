"""Training that was held, and who was named for it."""

from __future__ import annotations

import datetime as clock
from datetime import datetime

from msgspec import Struct

WRONG_COUNTER, TRANSFERS, LONG, RECALLS = "misdirected", "transfers", "long", "recalls"
KINDS = (WRONG_COUNTER, TRANSFERS, LONG, RECALLS)
"""What rows may ask to be trained (features/staff/rules/training_needs.py)."""
TO_COACH, TO_CHECK = "coach", "check_rows"
REASONS = (TO_COACH, TO_CHECK)
"""Why somebody wants to know whom a need is about."""


class Training(Struct, frozen=True, kw_only=True):
    """A session held on `day` and noted on `date`: so many `minutes` with who `attended`, by codes; `led` is a code,
    None where somebody from elsewhere led it. `words` are the id and the digest of its topic.

    `need` and `service` say what it answers, `limit_min` the minutes of what took long then, `need_from` and `need_to`
    the dates in which that was seen; None where it answers nothing. `dropped` is when it was taken back.
    """

    seq: int
    date: clock.date
    day: clock.date
    minutes: int
    attended: tuple[str, ...]
    words: str
    by: str
    led: str | None = None
    need: str | None = None
    service: str | None = None
    limit_min: int | None = None
    need_from: clock.date | None = None
    need_to: clock.date | None = None
    dropped: datetime | None = None


class NamedNeed(Struct, frozen=True, kw_only=True):
    """That somebody asked whom a need is about, and was told `staff`. `n` of `of` rows of the dates from `first` to
    `last` were that person's; `seen` is when the person read it."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    staff: str
    need: str
    service: str | None
    reason: str
    first: clock.date
    last: clock.date
    n: int
    of: int
    seen: datetime | None = None

    @property
    def is_unseen(self) -> bool:
        return self.seen is None
