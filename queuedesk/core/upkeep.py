"""Keeping the data: when backups are due, and whether a log is still the one that a sheet was printed from.

Of backups it also says which stay, and when their age deserves a warning. The check code is that of the log's end, as
reports print it (decisions/check-codes.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import Span, Stamp
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.log.event import FIRST_PREV, Event, follows

DAYS, WEEKS, MONTHS = 7, 5, 12
ALWAYS = 3
"""So many of the latest stay whatever the rule says."""
OLD_AFTER = timedelta(days=2)
AFTER_CLOSING = timedelta(minutes=30)
LATEST = time(23, 30)
DOUBTFUL = timedelta(days=1)
"""A moment so far ahead was written by a wrong clock, or is read by one."""


class BackupNote(Struct, frozen=True, kw_only=True):
    """What is known of a hall's backups: the last proven one, and why the last try failed, None where it did not.

    `made` is the moment it shows, `proven` when it was read back; `seq` and `hash` are the log's end in it, `place` its
    folder. `same_disk` says that the folder is on the disk of the hall itself.
    """

    made: datetime | None = None
    proven: datetime | None = None
    seq: int | None = None
    hash: str | None = None
    place: str = ""
    pc: str = ""
    same_disk: bool = False
    tried: datetime | None = None
    code: str | None = None

    def is_old(self, now: datetime) -> bool:
        """Whether the last proven one is older than two days, or there is none."""
        return self.proven is None or now - self.proven > OLD_AFTER

    def trouble(self, began: datetime, now: datetime) -> str | None:
        """Return what is wrong with the hall's backups, as a device's cause; None if nothing. `began` is when the hall
        was made: one of today or yesterday may have no backup yet."""
        if self.code is not None:
            return self.code
        if self.proven is None:
            return "backup_none" if now - began > OLD_AFTER else None
        return "backup_old" if self.is_old(now) else None


class Copy(Struct, frozen=True):
    """A proven backup in its folder; `made` is on the hall's clock."""

    name: str
    made: datetime


def is_due(last: datetime | None, now: datetime, closes: time) -> bool:
    """Whether a backup is to be made: once a day half an hour after closing, or as soon as a PC runs again after that
    moment.

    `last` is when the last one was made, None if never; all on the hall's clock. A backup of tomorrow or later was made
    by a wrong clock and does not count.
    """
    if last is None or last > now + DOUBTFUL:
        return True
    moment = datetime.combine(now.date(), closes, now.tzinfo) + AFTER_CLOSING
    if moment.date() != now.date() or moment.time() > LATEST:
        moment = datetime.combine(now.date(), LATEST, now.tzinfo)
    if moment > now:
        moment -= timedelta(days=1)
    return last < moment


def kept_until(made: datetime) -> date:
    """Return the last day on which a backup stays where one is made each month: the newest of its month is the first
    that does not, a year later."""
    return date(made.year + 1, made.month, 1)


def superseded(copies: Iterable[Copy], now: datetime) -> list[Copy]:
    """Return the copies that need not be kept, the oldest first.

    Kept are the newest copy of each of the last 7 days, 5 weeks and 12 months of which there are copies, and the last
    three in any case. A day without a copy takes no place, so neither a clock that is ahead nor a year off makes a copy
    look old. Copies dated later than tomorrow are left alone and replace no others.
    """
    newest_first = sorted((c for c in copies if c.made <= now + DOUBTFUL), key=lambda c: (c.made, c.name), reverse=True)
    kept = set(newest_first[:ALWAYS])
    for most, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        kept |= _newest_of_each(newest_first, most, period)
    return [copy for copy in reversed(newest_first) if copy not in kept]


def _newest_of_each(newest_first: list[Copy], most: int, period: Callable[[date], Hashable]) -> set[Copy]:
    found: dict[Hashable, Copy] = {}
    for copy in newest_first:
        found.setdefault(period(copy.made.date()), copy)
    return set(list(found.values())[:most])


def _day(day: date) -> Hashable:
    return day


def _week(day: date) -> Hashable:
    return day.isocalendar()[:2]


def _month(day: date) -> Hashable:
    return day.year, day.month


LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of each two that look alike one: no I, L, O, U."""
_BITS = 5
LOG_LETTERS, HASH_LETTERS, SLIP_LETTERS = 4, 18, 2
_ALL = LOG_LETTERS + HASH_LETTERS + SLIP_LETTERS
_GROUP = 4
_PRIME = 1021
"""The largest below two letters' worth: every single wrong sign and every two neighbours that changed places are
noticed."""
_MOST_DIGITS = 15
_HASH_BITS = 256
_ALIKE = str.maketrans("OIL", "011")
_TYPED = re.compile(r"\d+[^0-9A-Z]")
_PRINTED = re.compile(rf"(?<![\w-])(\d{{1,{_MOST_DIGITS}}})((?:-[{LETTERS}]{{{_GROUP}}}){{{_ALL // _GROUP}}})(?![\w-])")
_WHOLE = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
_SEPARATORS = re.compile(r"[^0-9A-Z]+")


class Anchor(Struct, frozen=True, kw_only=True):
    """An end of a log: its first event's hash, which identifies the log, and the number and hash of the last event."""

    log: str
    seq: int
    hash: str

    @property
    def code(self) -> str:
        """Its check code."""
        letters = _letters(self.log, LOG_LETTERS) + _letters(self.hash, HASH_LETTERS)
        letters += _slip(self.seq, letters)
        return "-".join([str(self.seq), *(letters[i : i + _GROUP] for i in range(0, _ALL, _GROUP))])


class Claim(Struct, frozen=True, kw_only=True):
    """What a sheet says of a log. `log` and `start` are letters of a code; `whole` the full hash where it is printed.

    A sheet of an earlier program has only the full hash: `seq` is None then, `log` and `start` are "".
    """

    seq: int | None
    log: str = ""
    start: str = ""
    whole: str = ""

    def is_of(self, first_hash: str) -> bool:
        """Whether it is about the log that begins with an event of this hash, as far as it says."""
        return self.log in ("", _letters(first_hash, LOG_LETTERS))

    def fits(self, hash: str) -> bool:
        """Whether the last event has this hash, as far as the sheet says."""
        return self.start in ("", _letters(hash, HASH_LETTERS)) and self.whole in ("", hash)


def is_code(text: str) -> bool:
    """Whether somebody typed a check code, with slips or without, and not the name of a file."""
    plain = _plain(text)
    return (
        _TYPED.match(plain.translate(_ALIKE)) is not None
        and len(_SEPARATORS.sub("", plain)) > _ALL // 2
        and re.search(r"[\\/]|\.\w+$", text.strip()) is None
    )


def read_code(text: str) -> Claim:
    """Read a check code as people type it: in lower case, with other separators, with O for 0. Raises RuleError
    "code_mistyped"."""
    signs = _SEPARATORS.sub("", _plain(text))
    digits, letters = signs[:-_ALL], signs[-_ALL:].translate(_ALIKE)
    digits = digits.translate(_ALIKE)
    is_whole = digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS and set(letters) <= set(LETTERS)
    if not is_whole or _slip(int(digits), letters[:-SLIP_LETTERS]) != letters[-SLIP_LETTERS:]:
        raise RuleError("code_mistyped")
    return _claim(int(digits), letters)


def claims_in(text: str) -> list[Claim]:
    """Return what a printed text says of logs, each once; a code and its full hash are one."""
    return list(dict.fromkeys(_claims(text)))


def _claims(text: str) -> Iterator[Claim]:
    whole = dict.fromkeys(_WHOLE.findall(text), False)
    for digits, groups in _PRINTED.findall(text):
        seq, letters = int(digits), groups.replace("-", "")
        if _slip(seq, letters[:-SLIP_LETTERS]) != letters[-SLIP_LETTERS:]:
            continue  # Something else that looks like it.
        claim = _claim(seq, letters)
        hash = next((one for one in whole if claim.fits(one)), "")
        whole[hash] = True
        yield replace(claim, whole=hash)
    yield from (Claim(seq=None, whole=one) for one, has_code in whole.items() if not has_code)


def _claim(seq: int, letters: str) -> Claim:
    return Claim(seq=seq, log=letters[:LOG_LETTERS], start=letters[LOG_LETTERS : LOG_LETTERS + HASH_LETTERS])


def _letters(hash: str, n: int) -> str:
    """Return a hash's first bits as letters, "" of what is no hash."""
    return _in_letters(int(hash, 16) >> (_HASH_BITS - _BITS * n), n) if _WHOLE.fullmatch(hash) else ""


def _in_letters(value: int, n: int) -> str:
    return "".join(LETTERS[value >> (_BITS * i) & 31] for i in reversed(range(n)))


def _slip(seq: int, letters: str) -> str:
    value = seq
    for letter in letters:
        value = value * len(LETTERS) + LETTERS.index(letter)
    return _in_letters(value % _PRIME, SLIP_LETTERS)


def _plain(text: str) -> str:
    return half_width(text).strip().upper()


# -- judges whether a log is still the one that a sheet was printed from ---------------------------------------------

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


class PutBack(Struct, frozen=True):
    """A restored backup: the number of the event that says so, its time, and since when what was logged before is
    lost."""

    seq: int
    at: datetime
    lost_since: str


class LogFacts(Struct):
    """What sheets' claims are compared with: `last` is the log's length, `hashes` those of the requested events.

    `broken` is the first number at which the chain breaks, None also where nobody looked.
    """

    first_hash: str = ""
    last: int = 0
    hashes: dict[int, str] = field(default_factory=dict)
    put_back: list[PutBack] = field(default_factory=list)
    broken: int | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """What became of a sheet: one of the words above, the last event it covers, and the log's length.

    HOLDS: it is the log that the sheet was printed from. SHORTER: it ends before. PUT_BACK: it was put back to a backup
    (`since`) and went on otherwise. BROKEN: its chain breaks at `at`. OTHER: it begins with another event. CHANGED:
    none of these, and another event stands there. UNKNOWN: a sheet that does not say how far it goes, and none of the
    log's events is its last.
    """

    word: str
    seq: int | None
    last: int
    since: PutBack | None = None
    at: int | None = None

    @property
    def holds(self) -> bool:
        return self.word == HOLDS


class ClaimResult(Struct, frozen=True):
    """What became of one claim of a sheet, and in which hall; `local` converts a moment to that hall's clock."""

    hall: str
    standing: Standing
    local: Callable[[datetime], datetime]


class Former(Struct, frozen=True):
    """A kept report and what became of it."""

    span: Span
    seq: int
    standing: Standing


class Formers(Struct, frozen=True):
    """The reports of a hall that a PC keeps. `others` counts those beside them of another log of a hall with that
    code."""

    kept: tuple[Former, ...] = ()
    others: int = 0

    def newest_before(self, seq: int) -> Former | None:
        """Return the valid one that goes farthest without going past event `seq`."""
        before = (former for former in self.kept if former.standing.holds and former.seq <= seq)
        return max(before, key=lambda one: (one.seq, one.span.last, one.span), default=None)

    @property
    def fallen(self) -> list[Former]:
        """Those no longer valid although nobody restored a backup: the one that goes least far first."""
        return sorted((one for one in self.kept if one.standing.word not in (HOLDS, PUT_BACK)), key=lambda one: one.seq)

    @property
    def put_back(self) -> list[Former]:
        """Those about events that were lost when a backup was restored."""
        return [former for former in self.kept if former.standing.word == PUT_BACK]


def claim_of(stamp: Stamp) -> Claim:
    """Return what a kept report says of its log."""
    return Claim(seq=stamp.last_seq, whole=stamp.hash)


def formers_of(stamps: Iterable[Stamp], standings: Iterable[Standing], others: int = 0) -> Formers:
    """Return kept reports with what became of each."""
    pairs = zip(stamps, standings, strict=True)
    return Formers(tuple(Former(stamp.span, stamp.last_seq, standing) for stamp, standing in pairs), others)


def put_back_by(event: Event) -> PutBack | None:
    """Return the restore that an event reports, None for another event."""
    if event.kind != RESTORE:
        return None
    return PutBack(event.seq, event.time, str(event.data.get("lost_since", "")))


def looked_through(events: Iterable[Event], claims: Sequence[Claim], *, reads_ratings: bool = True) -> LogFacts:
    """Return what claims are compared with, from a whole log, its chain computed anew; `reads_ratings` as in
    event.follows()."""
    seqs: Collection[int] = {claim.seq for claim in claims if claim.seq is not None}
    wholes = {claim.whole for claim in claims if claim.seq is None}
    seen, prev = LogFacts(), FIRST_PREV
    for event in events:
        if event.seq == 1:
            seen.first_hash = event.hash
        if seen.broken is None and not follows(event, prev, seen.last, reads_ratings=reads_ratings):
            seen.broken = event.seq
        if event.seq in seqs or event.hash in wholes:
            seen.hashes[event.seq] = event.hash
        if (back := put_back_by(event)) is not None:
            seen.put_back.append(back)
        prev, seen.last = event.hash, event.seq
    return seen


def judged(claim: Claim, seen: LogFacts) -> Standing:
    """Return whether a log still agrees with a sheet."""
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
    back = max((put_back for put_back in seen.put_back if put_back.seq <= seq), key=lambda one: one.seq, default=None)
    if back is not None:
        return Standing(word=PUT_BACK, seq=seq, last=told, since=back)
    return Standing(word=SHORTER if seq > told else CHANGED, seq=seq, last=told)


def _found(claim: Claim, hashes: Mapping[int, str]) -> int | None:
    return next((seq for seq, hash in hashes.items() if claim.fits(hash)), None)
