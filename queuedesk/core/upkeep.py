"""Keeping the data: when backups are due, which are kept and when they are too old; and checks of printed sheets.

A check code is that of the log's end, as reports print it (decisions/check-codes.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import CalendarPeriod, ReportStamp
from queuedesk.core.imports import half_width_text
from queuedesk.core.log.event import FIRST_PREV, Event, is_next_in_log

DAYS, WEEKS, MONTHS = 7, 5, 12
ALWAYS = 3
"""Number of latest copies that are always kept."""
OLD_AFTER = timedelta(days=2)
AFTER_CLOSING = timedelta(minutes=30)
LATEST = time(23, 30)
DOUBTFUL = timedelta(days=1)
"""A moment this far ahead means a wrong clock, at writing or reading."""


class BackupStatus(Struct, frozen=True, kw_only=True):
    """The state of a hall's backups: the last proven one, and why the last attempt failed, None if it did not. `made`
    is the moment it shows, `proven` when it was read back; `seq` and `hash` are the log's end in it, `place` its
    folder. `same_disk`: the folder is on the disk of the hall itself."""

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
        """Whether the last proven one is older than two days, or missing."""
        return self.proven is None or now - self.proven > OLD_AFTER

    def trouble_cause(self, began: datetime, now: datetime) -> str | None:
        """Return what is wrong with the hall's backups, as a device's cause; None if nothing. `began` is when the hall
        was made: in its first two days it may have no backup yet."""
        if self.code is not None:
            return self.code
        if self.proven is None:
            return "backup_none" if now - began > OLD_AFTER else None
        return "backup_old" if self.is_old(now) else None


class BackupCopy(Struct, frozen=True):
    """A proven backup in its folder; `made` is on the hall's clock."""

    name: str
    made: datetime


def is_backup_due(last: datetime | None, now: datetime, closes: time) -> bool:
    """Whether a backup is due: once a day half an hour after closing, or as soon as a PC runs after that moment. `last`
    is when the last one was made, None if never; all on the hall's clock. A backup dated tomorrow or later was made by
    a wrong clock and does not count."""
    if last is None or last > now + DOUBTFUL:
        return True
    moment = datetime.combine(now.date(), closes, now.tzinfo) + AFTER_CLOSING
    if moment.date() != now.date() or moment.time() > LATEST:
        moment = datetime.combine(now.date(), LATEST, now.tzinfo)
    if moment > now:
        moment -= timedelta(days=1)
    return last < moment


def monthly_backup_kept_until(made: datetime) -> date:
    """Return the last day on which a monthly backup is kept: a year later the newest of its month is the first to be
    dropped."""
    return date(made.year + 1, made.month, 1)


def superseded_copies(copies: Iterable[BackupCopy], now: datetime) -> list[BackupCopy]:
    """Return the copies that need not be kept, oldest first. Kept are the newest copy of each of the last 7 days, 5
    weeks and 12 months that have copies, and always the last three. A day without a copy takes no place, so neither a
    fast clock nor a year's break makes a copy look old. Copies dated later than tomorrow are ignored."""
    sorted_newest_first = sorted(
        (c for c in copies if c.made <= now + DOUBTFUL), key=lambda c: (c.made, c.name), reverse=True
    )
    kept = set(sorted_newest_first[:ALWAYS])
    for most, period in ((DAYS, _day_key), (WEEKS, _week_key), (MONTHS, _month_key)):
        kept |= _newest_copy_of_each_period(sorted_newest_first, most, period)
    return [copy for copy in reversed(sorted_newest_first) if copy not in kept]


def _newest_copy_of_each_period(
    sorted_newest_first: list[BackupCopy], most: int, period: Callable[[date], Hashable]
) -> set[BackupCopy]:
    newest: dict[Hashable, BackupCopy] = {}
    for copy in sorted_newest_first:
        newest.setdefault(period(copy.made.date()), copy)
    return set(list(newest.values())[:most])


def _day_key(day: date) -> Hashable:
    return day


def _week_key(day: date) -> Hashable:
    return day.isocalendar()[:2]


def _month_key(day: date) -> Hashable:
    return day.year, day.month


LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without lookalikes: no I, L, O, U."""
_BITS = 5
LOG_LETTERS, HASH_LETTERS, SLIP_LETTERS = 4, 18, 2
_LENGTH = LOG_LETTERS + HASH_LETTERS + SLIP_LETTERS
_GROUP = 4
_PRIME = 1021
"""The largest prime below the values of two letters, to detect every single error and transposition."""
_MOST_DIGITS = 15
_HASH_BITS = 256
_LOOKALIKES = str.maketrans("OIL", "011")
_TYPED_START = re.compile(r"\d+[^0-9A-Z]")
_PRINTED = re.compile(
    rf"(?<![\w-])(\d{{1,{_MOST_DIGITS}}})((?:-[{LETTERS}]{{{_GROUP}}}){{{_LENGTH // _GROUP}}})(?![\w-])"
)
_FULL_HASH = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
_SEPARATORS = re.compile(r"[^0-9A-Z]+")


class LogEndAnchor(Struct, frozen=True, kw_only=True):
    """An end of a log: its first event's hash, which identifies the log, and the number and hash of the last event."""

    log: str
    seq: int
    hash: str

    @property
    def code(self) -> str:
        letters = _hash_letters(self.log, LOG_LETTERS) + _hash_letters(self.hash, HASH_LETTERS)
        letters += _checksum_letters(self.seq, letters)
        return "-".join([str(self.seq), *(letters[i : i + _GROUP] for i in range(0, _LENGTH, _GROUP))])


class SheetClaim(Struct, frozen=True, kw_only=True):
    """A sheet's statement about a log: `log` and `start` are letters of a code, `whole` is the full hash if printed.
    Sheets of earlier versions have only the full hash: `seq` is None then, `log` and `start` are ""."""

    seq: int | None
    log: str = ""
    start: str = ""
    whole: str = ""

    def is_about_log(self, first_hash: str) -> bool:
        """Whether it is about the log whose first event has this hash; True if it does not say."""
        return self.log in ("", _hash_letters(first_hash, LOG_LETTERS))

    def matches_hash(self, hash: str) -> bool:
        """Whether the last event has this hash, by as much of it as the sheet has."""
        return self.start in ("", _hash_letters(hash, HASH_LETTERS)) and self.whole in ("", hash)


def has_form_of_check_code(text: str) -> bool:
    """Whether a typed text is a check code, with or without typing errors, and not a file name."""
    plain = _normalized_code_text(text)
    return (
        _TYPED_START.match(plain.translate(_LOOKALIKES)) is not None
        and len(_SEPARATORS.sub("", plain)) > _LENGTH // 2
        and re.search(r"[\\/]|\.\w+$", text.strip()) is None
    )


def parse_check_code(text: str) -> SheetClaim:
    """Parse a typed check code: lower case, other separators, O for 0 do. Raises RuleError "code_mistyped"."""
    signs = _SEPARATORS.sub("", _normalized_code_text(text))
    digits, letters = signs[:-_LENGTH], signs[-_LENGTH:].translate(_LOOKALIKES)
    digits = digits.translate(_LOOKALIKES)
    is_whole = digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS and set(letters) <= set(LETTERS)
    if not is_whole or _checksum_letters(int(digits), letters[:-SLIP_LETTERS]) != letters[-SLIP_LETTERS:]:
        raise RuleError("code_mistyped")
    return _sheet_claim_from_code(int(digits), letters)


def claims_in_printed_text(text: str) -> list[SheetClaim]:
    """Return the claims in a printed text, each once; a code and its full hash are one."""
    return list(dict.fromkeys(_printed_claims(text)))


def _printed_claims(text: str) -> Iterator[SheetClaim]:
    has_code_by_hash = dict.fromkeys(_FULL_HASH.findall(text), False)
    for digits, groups in _PRINTED.findall(text):
        seq, letters = int(digits), groups.replace("-", "")
        if _checksum_letters(seq, letters[:-SLIP_LETTERS]) != letters[-SLIP_LETTERS:]:
            continue  # Not a code.
        claim = _sheet_claim_from_code(seq, letters)
        hash = next((full for full in has_code_by_hash if claim.matches_hash(full)), "")
        has_code_by_hash[hash] = True
        yield replace(claim, whole=hash)
    yield from (SheetClaim(seq=None, whole=full) for full, has_code in has_code_by_hash.items() if not has_code)


def _sheet_claim_from_code(seq: int, letters: str) -> SheetClaim:
    return SheetClaim(seq=seq, log=letters[:LOG_LETTERS], start=letters[LOG_LETTERS : LOG_LETTERS + HASH_LETTERS])


def _hash_letters(hash: str, n: int) -> str:
    return _number_in_letters(int(hash, 16) >> (_HASH_BITS - _BITS * n), n) if _FULL_HASH.fullmatch(hash) else ""


def _number_in_letters(value: int, n: int) -> str:
    return "".join(LETTERS[value >> (_BITS * i) & 31] for i in reversed(range(n)))


def _checksum_letters(seq: int, letters: str) -> str:
    value = seq
    for letter in letters:
        value = value * len(LETTERS) + LETTERS.index(letter)
    return _number_in_letters(value % _PRIME, SLIP_LETTERS)


def _normalized_code_text(text: str) -> str:
    return half_width_text(text).strip().upper()


# -- checks whether a log is still the one that a sheet was printed from ---------------------------------------------

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


class RestoredBackup(Struct, frozen=True):
    """A restored backup: its event's number and time, and the moment since which the log before is lost."""

    seq: int
    at: datetime
    lost_since: str


class LogFacts(Struct):
    """The facts of a log that claims are compared with: `last` is its length, `hashes` those of the requested events.
    `broken` is the first number at which the chain breaks, None also if it was not checked."""

    first_hash: str = ""
    last: int = 0
    hashes: dict[int, str] = field(default_factory=dict)
    put_back: list[RestoredBackup] = field(default_factory=list)
    broken: int | None = None


class SheetCheckResult(Struct, frozen=True, kw_only=True):
    """The result of checking a sheet: one of the words above, the last event it covers, and the log's length. HOLDS: it
    is the log that the sheet was printed from. SHORTER: it ends before. PUT_BACK: a restored backup (`since`) replaced
    that part. BROKEN: its chain breaks at `at`. OTHER: it begins with another event. CHANGED: none of these, and that
    event differs. UNKNOWN: the sheet has no event number, and no event of the log has its hash."""

    word: str
    seq: int | None
    last: int
    since: RestoredBackup | None = None
    at: int | None = None

    @property
    def is_claim_confirmed(self) -> bool:
        return self.word == HOLDS


class ClaimResult(Struct, frozen=True):
    """The result of one claim, and its hall; `local` converts a moment to that hall's clock."""

    hall: str
    standing: SheetCheckResult
    local: Callable[[datetime], datetime]


class KeptReportCheck(Struct, frozen=True):
    """A kept report and the result of checking it."""

    span: CalendarPeriod
    seq: int
    standing: SheetCheckResult


class ReportChecks(Struct, frozen=True):
    """The reports of a hall that a PC keeps. `others` counts those of another log of a hall with that code."""

    kept: tuple[KeptReportCheck, ...] = ()
    others: int = 0

    def newest_valid_report_up_to_event(self, seq: int) -> KeptReportCheck | None:
        """Return the valid one that covers most without going past event `seq`."""
        before = (former for former in self.kept if former.standing.is_claim_confirmed and former.seq <= seq)
        return max(before, key=lambda former: (former.seq, former.span.last, former.span), default=None)

    @property
    def broken_reports(self) -> list[KeptReportCheck]:
        """Those no longer valid although no backup was restored, by the event they end with."""
        invalid = (former for former in self.kept if former.standing.word not in (HOLDS, PUT_BACK))
        return sorted(invalid, key=lambda former: former.seq)

    @property
    def reports_on_lost_events(self) -> list[KeptReportCheck]:
        """Those about events that were lost when a backup was restored."""
        return [former for former in self.kept if former.standing.word == PUT_BACK]


def log_end_claimed_by_report(stamp: ReportStamp) -> SheetClaim:
    return SheetClaim(seq=stamp.last_seq, whole=stamp.hash)


def kept_report_checks(
    stamps: Iterable[ReportStamp], standings: Iterable[SheetCheckResult], others: int = 0
) -> ReportChecks:
    pairs = zip(stamps, standings, strict=True)
    return ReportChecks(
        tuple(KeptReportCheck(stamp.span, stamp.last_seq, standing) for stamp, standing in pairs), others
    )


def restored_backup_in_event(event: Event) -> RestoredBackup | None:
    if event.kind != RESTORE:
        return None
    return RestoredBackup(event.seq, event.time, str(event.data.get("lost_since", "")))


def facts_from_log(events: Iterable[Event], claims: Sequence[SheetClaim], *, reads_ratings: bool = True) -> LogFacts:
    """Return the facts for checking `claims` from a whole log, with its chain computed again; `reads_ratings` as in
    event.is_next_in_log()."""
    seqs: Collection[int] = {claim.seq for claim in claims if claim.seq is not None}
    wholes = {claim.whole for claim in claims if claim.seq is None}
    facts, prev = LogFacts(), FIRST_PREV
    for event in events:
        if event.seq == 1:
            facts.first_hash = event.hash
        if facts.broken is None and not is_next_in_log(event, prev, facts.last, reads_ratings=reads_ratings):
            facts.broken = event.seq
        if event.seq in seqs or event.hash in wholes:
            facts.hashes[event.seq] = event.hash
        if (restored := restored_backup_in_event(event)) is not None:
            facts.put_back.append(restored)
        prev, facts.last = event.hash, event.seq
    return facts


def compare_claim_with_log(claim: SheetClaim, facts: LogFacts) -> SheetCheckResult:
    seq, last = claim.seq, facts.last
    if seq is None:
        seq = next((seq for seq, hash in facts.hashes.items() if claim.matches_hash(hash)), None)
        if seq is None:
            return SheetCheckResult(word=UNKNOWN, seq=None, last=last)
    if facts.broken is not None and facts.broken <= seq:
        return SheetCheckResult(word=BROKEN, seq=seq, last=last, at=facts.broken)
    if not claim.is_about_log(facts.first_hash):
        return SheetCheckResult(word=OTHER, seq=seq, last=last)
    if seq in facts.hashes and claim.matches_hash(facts.hashes[seq]):
        return SheetCheckResult(word=HOLDS, seq=seq, last=last)
    restored = max((row for row in facts.put_back if row.seq <= seq), key=lambda row: row.seq, default=None)
    if restored is not None:
        return SheetCheckResult(word=PUT_BACK, seq=seq, last=last, since=restored)
    return SheetCheckResult(word=SHORTER if seq > last else CHANGED, seq=seq, last=last)
