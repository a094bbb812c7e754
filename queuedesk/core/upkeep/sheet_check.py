"""Judges whether a log is still the one that a sheet was printed from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from queuedesk.core.figures.report_schedule import Span, Stamp
from queuedesk.core.log.event import FIRST_PREV, Event, follows
from queuedesk.core.upkeep.check_code import Claim

HOLDS, CHANGED, SHORTER, PUT_BACK, BROKEN, OTHER, UNKNOWN = (
    "holds",
    "changed",
    "shorter",
    "put_back",
    "broken",
    "other",
    "unknown",
)
RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class PutBack:
    """A backup was put back: the number of the event that says so, when that was, and since when what was logged before
    is lost."""

    seq: int
    at: datetime
    lost_since: str


@dataclass(slots=True)
class LogSeen:
    """What of a log the claims of sheets are held against: `last` is its length, `hashes` those of the events asked
    for.

    `broken` is the first number at which it does not follow from itself, None also where nobody looked.
    """

    first_hash: str = ""
    last: int = 0
    hashes: dict[int, str] = field(default_factory=dict)
    put_back: list[PutBack] = field(default_factory=list)
    broken: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What became of a sheet: one of the words above, up to which event it goes, and how long the log is.

    HOLDS: it is the log that the sheet was printed from. SHORTER: it ends before. PUT_BACK: it was put back to a backup
    (`since`) and went on otherwise. BROKEN: it does not follow from itself at `at`. OTHER: it begins with another
    event. CHANGED: none of these, and another event stands there. UNKNOWN: a sheet that does not say how far it goes,
    and none of the log's events is its last.
    """

    word: str
    seq: int | None
    last: int
    since: PutBack | None = None
    at: int | None = None

    @property
    def holds(self) -> bool:
        return self.word == HOLDS


@dataclass(frozen=True, slots=True)
class Held:
    """What became of one thing that a sheet says, in which hall; `local` puts a moment on that hall's clock."""

    hall: str
    standing: Standing
    local: Callable[[datetime], datetime] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Former:
    """A kept report and what became of it."""

    span: Span
    seq: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Formers:
    """The reports of a hall that a PC keeps. `others` is how many lie beside them that are of a hall of that code, but
    of another log."""

    kept: tuple[Former, ...] = ()
    others: int = 0

    def newest_before(self, seq: int) -> Former | None:
        """Return of those that hold the one that goes farthest without going past event `seq`."""
        before = (one for one in self.kept if one.standing.holds and one.seq <= seq)
        return max(before, key=lambda one: (one.seq, one.span.last, one.span), default=None)

    @property
    def fallen(self) -> list[Former]:
        """Those that hold no longer, without anybody having put a backup back: the one that goes least far first."""
        return sorted((one for one in self.kept if one.standing.word not in (HOLDS, PUT_BACK)), key=lambda one: one.seq)

    @property
    def put_back(self) -> list[Former]:
        """Those that tell of what is gone since a backup was put back."""
        return [one for one in self.kept if one.standing.word == PUT_BACK]


def claim_of(stamp: Stamp) -> Claim:
    """Return what a kept report says of its log."""
    return Claim(seq=stamp.last_seq, whole=stamp.hash)


def formers_of(stamps: Iterable[Stamp], standings: Iterable[Standing], others: int = 0) -> Formers:
    """Return kept reports with what became of each."""
    pairs = zip(stamps, standings, strict=True)
    return Formers(tuple(Former(stamp.span, stamp.last_seq, standing) for stamp, standing in pairs), others)


def put_back_by(event: Event) -> PutBack | None:
    """Return that a backup was put back, where an event says so."""
    if event.kind != RESTORE:
        return None
    return PutBack(event.seq, event.time, str(event.data.get("lost_since", "")))


def looked_through(events: Iterable[Event], claims: Sequence[Claim], *, is_told: bool = True) -> LogSeen:
    """Return what a whole log comes to for these claims, its chain worked out anew; `is_told` as for
    event.follows()."""
    seqs: Collection[int] = {claim.seq for claim in claims if claim.seq is not None}
    wholes = {claim.whole for claim in claims if claim.seq is None}
    seen, prev = LogSeen(), FIRST_PREV
    for event in events:
        if event.seq == 1:
            seen.first_hash = event.hash
        if seen.broken is None and not follows(event, prev, seen.last, is_told=is_told):
            seen.broken = event.seq
        if event.seq in seqs or event.hash in wholes:
            seen.hashes[event.seq] = event.hash
        if (back := put_back_by(event)) is not None:
            seen.put_back.append(back)
        prev, seen.last = event.hash, event.seq
    return seen


def judged(claim: Claim, seen: LogSeen) -> Standing:
    """Return whether a log is still what a sheet says of it."""
    seq, told = claim.seq, seen.last
    if seq is None:
        seq = _found(claim, seen.hashes)
        if seq is None:
            return Standing(word=UNKNOWN, seq=None, last=told)
    if seen.broken is not None and seen.broken <= seq:
        return Standing(word=BROKEN, seq=seq, last=told, at=seen.broken)
    if not claim.is_of(seen.first_hash):
        return Standing(word=OTHER, seq=seq, last=told)
    if seq in seen.hashes and claim.fits(seen.hashes[seq]):
        return Standing(word=HOLDS, seq=seq, last=told)
    back = max((one for one in seen.put_back if one.seq <= seq), key=lambda one: one.seq, default=None)
    if back is not None:
        return Standing(word=PUT_BACK, seq=seq, last=told, since=back)
    return Standing(word=SHORTER if seq > told else CHANGED, seq=seq, last=told)


def _found(claim: Claim, hashes: Mapping[int, str]) -> int | None:
    return next((seq for seq, hash in hashes.items() if claim.fits(hash)), None)
