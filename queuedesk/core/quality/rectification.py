"""What is to be put right: an owner, a date, proof, and a second look by somebody else before it is closed."""

from __future__ import annotations

import datetime as clock
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError

OPEN, PROVEN, CLOSED = "open", "proven", "closed"


class Proof(Struct, frozen=True):
    """What the owner shows: the id of words beside the log."""

    at: datetime
    by: str
    words: str


class Look(Struct, frozen=True):
    """A second look: whether it was put right, and how many proofs there were then."""

    at: datetime
    by: str
    good: bool
    proofs: int


class Rectification(Struct, frozen=True, kw_only=True):
    """A finding that somebody has to put right by `due`. `issue` is the id of its words beside the log; `item`, from 1,
    is that of the inspection it was found in."""

    seq: int
    date: clock.date
    issue: str
    owner: str
    due: clock.date
    by: str
    inspection: int | None = None
    item: int | None = None
    proofs: tuple[Proof, ...] = ()
    looks: tuple[Look, ...] = ()
    reminded: datetime | None = None

    @property
    def state(self) -> str:
        if not self.is_open:
            return CLOSED
        return PROVEN if self.is_proven else OPEN

    @property
    def is_open(self) -> bool:
        return not (self.looks and self.looks[-1].good)

    @property
    def is_proven(self) -> bool:
        """Whether there is proof that nobody has found wanting."""
        return len(self.proofs) > (self.looks[-1].proofs if self.looks else 0)

    @property
    def closed(self) -> datetime | None:
        return None if self.is_open else self.looks[-1].at

    def is_late(self, today: clock.date) -> bool:
        return self.is_open and self.due < today

    def must_be_open(self) -> None:
        """Raise RuleError "fix_closed"."""
        if not self.is_open:
            raise RuleError("fix_closed", fix=self.seq)

    def must_let_look(self, who: str, *, is_person: bool) -> None:
        """Raise RuleError "fix_closed", "no_proof" while there is nothing to look at, "own_fix" for its owner,
        "who_are_you" for somebody who gives no name."""
        self.must_be_open()
        if not self.is_proven:
            raise RuleError("no_proof", fix=self.seq)
        if not is_person:
            raise RuleError("who_are_you")
        if who == self.owner:
            raise RuleError("own_fix", fix=self.seq, staff=who)

    def proven(self, at: datetime, by: str, words: str) -> Rectification:
        return replace(self, proofs=(*self.proofs, Proof(at, by, words)))

    def looked(self, at: datetime, by: str, *, good: bool) -> Rectification:
        return replace(self, looks=(*self.looks, Look(at, by, good, len(self.proofs))))
