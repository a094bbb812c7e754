"""Comments that customers spoke to somebody of the hall, and which comments a manager has read."""

from __future__ import annotations

import datetime as clock
from datetime import datetime

from msgspec import Struct

from queuedesk.core.matching import has_words
from queuedesk.core.queue.ticket import Ticket

COMPLAINT, PRAISE, SUGGESTION, OTHER = "complaint", "praise", "suggestion", "other"
CLASSES = (COMPLAINT, PRAISE, SUGGESTION, OTHER)
"""What a spoken comment may be, in the order in which it is offered."""
RATING, OPINION, SPOKEN, TYPED = "rating", "opinion", "spoken", "typed"
"""Where a comment came from: typed after a rating, after an opinion without a number, told to somebody, or typed at a
kiosk without either."""
LONGEST_TYPED = 200
"""How many letters a customer's own words may have."""


class SpokenComment(Struct, frozen=True, kw_only=True):
    """A comment that `by` noted for a customer, or that a customer typed without a rating. `comment` is its id and a
    salted digest; the words are kept outside the log.

    `ticket` is the number that it is about, of the date `day`; both None without one. `klass`, ticket and comment are
    empty where this PC's login may not read what customers say.
    """

    seq: int
    date: clock.date
    time: datetime
    klass: str
    day: clock.date | None
    ticket: str | None
    comment: str
    by: str


class ReadComment(Struct, frozen=True, kw_only=True):
    """That somebody marked the comment `id` as read, or with `read` False took the mark back."""

    id: str
    date: clock.date
    time: datetime
    by: str
    read: bool


def may_be_typed(rule: int | str, language: str) -> bool:
    """Whether a screen may ask for a few words: where a keyboard stands, or its own keys write the language. `rule` is
    the hall's `rating_words`."""
    return rule == "keyboard" or (rule == "keys" and language != "zh_CN")


def id_of(comment: str) -> str:
    """Return the id of what the log holds of a comment, its id and digest."""
    return comment.partition(":")[0]


class Comment(Struct, frozen=True, kw_only=True):
    """A comment with its words, as a manager reads it. `source` is where it came from; `level` None where no rating
    came with it; `by` who noted a spoken one, `kept` what the log holds of it. `ticket` is that of the visit it is
    about, `case` the number of the case that answers it."""

    id: str
    kept: str
    source: str
    date: clock.date
    time: datetime
    text: str
    klass: str = ""
    level: int | None = None
    tags: tuple[str, ...] = ()
    ticket: Ticket | None = None
    by: str | None = None
    read: ReadComment | None = None
    case: str | None = None

    @property
    def is_read(self) -> bool:
        return self.read is not None and self.read.read

    @property
    def is_praise(self) -> bool:
        """Whether nothing in it asks for anything to be mended."""
        return self.klass == PRAISE or (not self.klass and self.level is not None and self.level > 3)

    def has(self, words: str) -> bool:
        """Whether it contains all of some words, or is about the ticket that they name."""
        return has_words(words, self.text, self.ticket.label if self.ticket else None)
