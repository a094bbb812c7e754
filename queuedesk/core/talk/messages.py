"""Short messages between stations, and who read them when."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.talk.place import ALL


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody at `place` said to have read a message."""

    place: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message from one place of the hall to another, or to all. `by` is who wrote it, `origin` where.

    One to a single place stays unread until somebody there has seen it, however long that takes; one to all is over
    with its date.
    """

    seq: int
    date: clock.date
    time: datetime
    by: str
    origin: str
    to: str
    text: str
    text_en: str = ""
    seen: tuple[Seen, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it waits for its one reader."""
        return self.to != ALL and not self.seen

    def is_for(self, place: str) -> bool:
        return self.origin != place and self.to in (place, ALL)

    def is_unread_at(self, place: str) -> bool:
        """Whether nobody at `place`, to which it goes, has seen it."""
        return self.is_for(place) and all(one.place != place for one in self.seen)


def unread_at(messages: Iterable[Message], place: str) -> list[Message]:
    """Return what nobody at `place` has seen yet, the oldest first."""
    return sorted((one for one in messages if one.is_unread_at(place)), key=lambda one: one.seq)
