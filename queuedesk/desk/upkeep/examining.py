"""Examines a hall's data for `doctor`, and compares its log with printed sheets.

A check is one function in one of the lists OF_DATABASE and OF_HALL. It yields findings; exceptions that damaged rows
cause become findings too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from traceback import walk_tb

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.apply import apply
from queuedesk.core.log.event import NOT_HERE, Fault, broken_at
from queuedesk.core.log.state import skew_cause
from queuedesk.core.upkeep import (
    OTHER,
    UNKNOWN,
    Anchor,
    CheckResult,
    Claim,
    ClaimResult,
    LogFacts,
    facts_from_log,
    judged,
)
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import clocks
from queuedesk.store.engine import hall_file
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import counted
from queuedesk.store.log import book, events, log_dates
from queuedesk.store.parts import halls, sharing
from queuedesk.store.rights import functions, grants, withheld_ratings
from queuedesk.store.upkeep import beside_log, pack

MOST_NAMED = 5
OK, WARNING, FAILED = "ok", "warning", "failed"
BESIDE = "beside"
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    RuleError,
    TypeError,
    ValueError,
)
"""Errors that a row with wrong contents may cause."""

STRANGE = tuple(kind for kind in UNREADABLE if kind is not RuleError)
"""The same without RuleError, where a refusal is a valid answer."""


class Finding(Struct, frozen=True, kw_only=True):
    """The result of a check: its name, OK, WARNING or FAILED, the hall if it is about one, and `what` it found. `error`
    says why it could not be done, `aside` lists the events of the log that were set aside."""

    name: str
    status: str
    hall: str | None = None
    what: str = ""
    error: OutsideError | None = None
    aside: Mapping[int, Fault] = field(default_factory=dict)


def examine(db: Database) -> list[Finding]:
    """Check the whole database: its file, the chain of every log, and that everything follows from its log. Cached sums
    of past dates are deleted, so that later figures come from the checked rows."""
    findings: list[Finding] = []
    if db.path is not None:
        counted.forget(counted.beside(db.path))
    halls.forget_setups()
    try:
        with db.read() as tx:
            for check in OF_DATABASE:
                findings += _run_check(check.__name__.strip("_"), partial(check, tx))
            for id, code in _listed_halls(tx, findings):
                if (file := counted.file_of(tx, id, db.path)) is not None:
                    counted.forget(file)
                findings += of_hall(tx, id, code)
    except OutsideError as error:
        findings.append(Finding(name="integrity", status=FAILED, error=error))
    return findings


def explains_error(db: Database, error: Exception) -> bool:
    """Whether any check failed that may explain an error. Applying events reads only tables, so data beside the log
    explains no error there."""
    frames = (frame for frame, _line in walk_tb(error.__traceback__))
    applies = any(frame.f_globals.get("__name__") == apply.__module__ for frame in frames)
    return any(finding.status == FAILED and not (applies and finding.name == BESIDE) for finding in examine(db))


def _listed_halls(tx: Transaction, findings: list[Finding]) -> list[tuple[int, str]]:
    try:
        return halls.listed(tx)
    except UNREADABLE as error:
        findings.append(Finding(name="halls", status=FAILED, what=type(error).__name__))
        return []


def of_hall(tx: Transaction, id: int, code: str) -> Iterator[Finding]:
    """Yield the results of one hall's checks; it ends after a broken log, which other checks need."""
    for check in OF_HALL:
        failed = False
        for finding in _run_check(check.__name__.strip("_"), partial(check, tx, id), code):
            yield finding
            failed = failed or finding.status == FAILED
        if failed and check is _chain:
            return


def _run_check(name: str, check: Callable[[], Iterable[Finding]], hall: str | None = None) -> list[Finding]:
    try:
        findings = list(check())
    except UNREADABLE as error:
        findings = [Finding(name=name, status=FAILED, what=type(error).__name__)]
    return [replace(finding, hall=hall) for finding in findings]


def _integrity(tx: Transaction) -> Iterator[Finding]:
    wrong = hall_file.faults_of_file(tx)
    yield Finding(name="integrity", status=FAILED if wrong else OK, what="; ".join(wrong))


def _chain(tx: Transaction, id: int) -> Iterator[Finding]:
    try:
        broken = broken_at(events.all_of(tx, id), reads_ratings=withheld_ratings.reads_ratings(tx))
    except UNREADABLE:
        broken = unreadable_at(tx, id)
    seq = next(end.seq for end in halls.ends(tx) if end.id == id)  # Its row may be unreadable.
    if broken is None and events.count(tx, id) != seq:
        broken = seq
    if broken is None:
        broken = beside_log.spoilt_event(tx, id)
    yield Finding(name="chain", status=OK if broken is None else FAILED, what=str(broken or seq))


def unreadable_at(tx: Transaction, id: int) -> int:
    """Return the seq at which a log has something that is no event."""
    seq = 0
    for step in (events.PAGE, 1):
        with suppress(*UNREADABLE):
            while page := events.after(tx, id, seq, step):
                seq = page[-1].seq
    return seq + 1


def _tables(tx: Transaction, id: int) -> Iterator[Finding]:
    wrong, aside = pack.tables_astray(tx, id)
    yield Finding(name="tables", status=FAILED if wrong else OK, what=", ".join(wrong))
    for name, count in sorted(Counter(fault.field for fault in aside.values() if fault.code == NOT_HERE).items()):
        yield Finding(name="unread", status=OK, what=f"{name.replace('_', ' ')}: {count}")
    if unread := {seq: fault for seq, fault in aside.items() if fault.code != NOT_HERE}:
        yield Finding(name="aside", status=WARNING, aside=unread)


def _beside(tx: Transaction, id: int) -> Iterator[Finding]:
    """Compare data beside the log with the log; skipped for a login that may read only one hall."""
    if grants.own_hall(tx) is not None:
        return
    try:
        setup = halls.setup(tx, halls.load(tx, id))
    except UNREADABLE:
        found = book.setup_of_log(tx, id)
        if found is None:
            return
        setup = found
    wrong = list(beside_log.faults(tx, id, setup))
    shown = wrong[:MOST_NAMED] + ["…"] * (len(wrong) > MOST_NAMED)
    yield Finding(name=BESIDE, status=FAILED if wrong else OK, what=", ".join(shown))
    if lost := beside_log.lost_pins(tx, id, setup):
        yield Finding(name="pins", status=WARNING, what=", ".join(lost))


OF_DATABASE: tuple[Callable[[Transaction], Iterable[Finding]], ...] = (_integrity,)
OF_HALL: tuple[Callable[[Transaction, int], Iterable[Finding]], ...] = (_chain, _tables, _beside)


def is_log_kept(db: Database) -> bool:
    """Whether the server protects the log of its halls from changes; a file can't. Raises OutsideError."""
    with db.read() as tx:
        return functions.stands(tx)


class LogEnd(Struct, frozen=True):
    """The time of a hall's last event and of its clock; local times of the hall."""

    code: str
    last: datetime
    clock: datetime


def log_ends(db: Database, now: datetime) -> list[LogEnd]:
    """Return the end of each hall's log without simulated halls, whose time is not real. `now` is this PC's clock."""
    ends = []
    with db.read() as tx:
        clock = sharing.clock(tx) if db.is_shared else now
        for id, code in halls.listed(tx):
            row = halls.load(tx, id)
            setup = halls.setup(tx, row)
            if row.now.at is not None and not setup.hall.simulated:
                ends.append(LogEnd(code, setup.local(row.now.at), setup.local(clock)))
    return ends


def own_skew(db: Database, clock: Callable[[], datetime]) -> str | None:
    """Return how wrong this PC's clock is against the server's, in words of skew_cause(); None if it is right."""
    return skew_cause(clocks.skew_of_this_pc(Desk(db, 0), clock), None)


# -- printed sheets --------------------------------------------------------------------------------------------------


def log_anchor(desk: Desk, seq: int) -> Anchor | None:
    """Return the end of the hall's log at event `seq`."""
    with desk.db.read() as tx:
        return log_dates.anchor(tx, desk.hall, seq)


def verify_claims(db: Database, claims: Sequence[Claim], hall: str | None = None) -> list[ClaimResult]:
    """Compare the claims of a printed sheet with every hall of the database, or the named one; return the results. Each
    log is read completely and its chain computed again: a second for thirty thousand events. Raises RuleError
    "unknown_hall"."""
    found: list[list[ClaimResult]] = [[] for _claim in claims]
    with db.read() as tx:
        for id, code in halls.listed(tx):
            if hall in (None, code):
                local, facts = halls.setup(tx, halls.load(tx, id)).local, _log_facts(tx, id, claims)
                for claim, halls_of_it in zip(claims, found, strict=True):
                    halls_of_it.append(ClaimResult(code, judged(claim, facts), local))
    if not all(found):
        raise RuleError("unknown_hall", hall=hall)
    # For each claim the hall that it fits best, else the first.
    return [min(results, key=_result_order) for results in found]


def verify_claims_in(desk: Desk, claims: Sequence[Claim]) -> list[CheckResult]:
    """Return the result for each claim in this hall, as verify_claims() does."""
    with desk.db.read() as tx:
        log = _log_facts(tx, desk.hall, claims)
    return [judged(claim, log) for claim in claims]


def _log_facts(tx: Transaction, hall: int, claims: Sequence[Claim]) -> LogFacts:
    try:
        return facts_from_log(events.all_of(tx, hall), claims, reads_ratings=withheld_ratings.reads_ratings(tx))
    except UNREADABLE:  # The log is broken at something that is no event.
        return LogFacts(last=halls.load(tx, hall).now.seq, broken=unreadable_at(tx, hall))


def _result_order(result: ClaimResult) -> tuple[bool, bool]:
    return not result.standing.holds, result.standing.word in (UNKNOWN, OTHER)


def verify_by_stored_hashes(desk: Desk, claims: Sequence[Claim]) -> list[CheckResult]:
    """Return the results by the log's stored hashes: at once, but only reliable where the chain is whole."""
    with desk.db.read() as tx:
        log = log_dates.log_seen(tx, desk.hall, [claim.seq for claim in claims if claim.seq is not None])
        if not all(judged(claim, log).holds for claim in claims):
            log.put_back += log_dates.put_back(tx, desk.hall)
    return [judged(claim, log) for claim in claims]
