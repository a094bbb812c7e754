"""Examines a hall's data for `doctor`, and compares its log with printed sheets.

A check is one function of OF_DATABASE or OF_HALL, by the name that `doctor` gives it. It yields findings; exceptions
that damaged rows cause become findings too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from traceback import walk_tb

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core import upkeep
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log import apply
from queuedesk.core.log import state as log_state
from queuedesk.core.log.event import NOT_HERE, EventFault, first_broken_seq
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import clocks
from queuedesk.store.engine import hall_file
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import counted
from queuedesk.store.log import book, events, log_dates
from queuedesk.store.parts import halls, sharing
from queuedesk.store.rights import withheld_ratings
from queuedesk.store.upkeep import beside_log, pack

MOST_NAMED = 5
OK, WARNING, FAILED = "ok", "warning", "failed"
BESIDE = "beside"
CLOCK_AHEAD = timedelta(minutes=2)
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


class ExaminationResult(Struct, frozen=True, kw_only=True):
    """The result of a check: its name, OK, WARNING or FAILED, the hall if it is about one, and `what` it found. `error`
    says why it could not be done, `aside` lists the events of the log that were set aside."""

    name: str
    status: str
    hall: str | None = None
    what: str = ""
    error: OutsideError | None = None
    aside: Mapping[int, EventFault] = field(default_factory=dict)


def examine_database(db: Database) -> list[ExaminationResult]:
    """Check the whole database: its file, the chain of every log, and that everything follows from its log. Cached sums
    of past dates are deleted, so that later figures come from the checked rows."""
    findings: list[ExaminationResult] = []
    if db.path is not None:
        counted.delete_sums_file(counted.sums_path_of_hall_file(db.path))
    halls.clear_setup_cache()
    try:
        with db.read() as tx:
            for name, check in OF_DATABASE.items():
                findings += _run_check(name, partial(check, tx))
            for id, code in _listed_halls(tx, findings):
                if (file := counted.sums_file(tx, id, db.path)) is not None:
                    counted.delete_sums_file(file)
                findings += examine_hall(tx, id, code)
    except OutsideError as error:
        findings.append(ExaminationResult(name="integrity", status=FAILED, error=error))
    return findings


def has_fault_explaining_error(db: Database, error: Exception) -> bool:
    """Whether any check failed that may explain an error. Applying events reads only tables, so data beside the log
    explains no error there."""
    frames = (frame for frame, _line in walk_tb(error.__traceback__))
    applies = any(frame.f_globals.get("__name__") == apply.apply_event.__module__ for frame in frames)
    return any(
        finding.status == FAILED and not (applies and finding.name == BESIDE) for finding in examine_database(db)
    )


def _listed_halls(tx: Transaction, findings: list[ExaminationResult]) -> list[tuple[int, str]]:
    try:
        return halls.hall_ids_and_codes(tx)
    except UNREADABLE as error:
        findings.append(ExaminationResult(name="halls", status=FAILED, what=type(error).__name__))
        return []


def examine_hall(tx: Transaction, id: int, code: str) -> Iterator[ExaminationResult]:
    """Yield the results of one hall's checks; it ends after a broken log, which other checks need."""
    for name, check in OF_HALL.items():
        failed = False
        for finding in _run_check(name, partial(check, tx, id), code):
            yield finding
            failed = failed or finding.status == FAILED
        if failed and check is _chain_results:
            return


def _run_check(
    name: str, check: Callable[[], Iterable[ExaminationResult]], hall: str | None = None
) -> list[ExaminationResult]:
    try:
        findings = list(check())
    except UNREADABLE as error:
        findings = [ExaminationResult(name=name, status=FAILED, what=type(error).__name__)]
    return [replace(finding, hall=hall) for finding in findings]


def _check_integrity(tx: Transaction) -> Iterator[ExaminationResult]:
    wrong = hall_file.file_integrity_faults(tx)
    yield ExaminationResult(name="integrity", status=FAILED if wrong else OK, what="; ".join(wrong))


def _chain_results(tx: Transaction, id: int) -> Iterator[ExaminationResult]:
    try:
        broken = first_broken_seq(events.all_events(tx, id), reads_ratings=withheld_ratings.may_read_ratings(tx))
    except UNREADABLE:
        broken = first_unreadable_seq(tx, id)
    seq = next(end.seq for end in halls.log_ends_of_halls(tx) if end.id == id)  # Its row may be unreadable.
    if broken is None and events.event_count(tx, id) != seq:
        broken = seq
    if broken is None:
        broken = beside_log.first_spoilt_event_seq(tx, id)
    yield ExaminationResult(name="chain", status=OK if broken is None else FAILED, what=str(broken or seq))


def first_unreadable_seq(tx: Transaction, id: int) -> int:
    """Return the seq at which a log has something that is no event."""
    seq = 0
    for step in (events.PAGE, 1):
        with suppress(*UNREADABLE):
            while page := events.events_after(tx, id, seq, step):
                seq = page[-1].seq
    return seq + 1


def _check_tables(tx: Transaction, id: int) -> Iterator[ExaminationResult]:
    wrong, aside = pack.tables_differing_from_log(tx, id)
    yield ExaminationResult(name="tables", status=FAILED if wrong else OK, what=", ".join(wrong))
    for name, count in sorted(Counter(fault.field for fault in aside.values() if fault.code == NOT_HERE).items()):
        yield ExaminationResult(name="unread", status=OK, what=f"{name.replace('_', ' ')}: {count}")
    if unread := {seq: fault for seq, fault in aside.items() if fault.code != NOT_HERE}:
        yield ExaminationResult(name="aside", status=WARNING, aside=unread)


def _check_data_beside_log(tx: Transaction, id: int) -> Iterator[ExaminationResult]:
    """Compare data beside the log with the log; skipped for a login that may read only one hall."""
    if withheld_ratings.hall_id_of_login(tx) is not None:
        return
    try:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, id))
    except UNREADABLE:
        found = book.setup_from_log(tx, id)
        if found is None:
            return
        setup = found
    wrong = list(beside_log.faults_beside_log(tx, id, setup))
    shown = wrong[:MOST_NAMED] + ["…"] * (len(wrong) > MOST_NAMED)
    yield ExaminationResult(name=BESIDE, status=FAILED if wrong else OK, what=", ".join(shown))
    if lost := beside_log.staff_with_lost_pins(tx, id, setup):
        yield ExaminationResult(name="pins", status=WARNING, what=", ".join(lost))


OF_DATABASE: Mapping[str, Callable[[Transaction], Iterable[ExaminationResult]]] = {"integrity": _check_integrity}
OF_HALL: Mapping[str, Callable[[Transaction, int], Iterable[ExaminationResult]]] = {
    "chain": _chain_results,
    "tables": _check_tables,
    BESIDE: _check_data_beside_log,
}


def is_log_protected(db: Database) -> bool:
    """Whether the server protects the log of its halls from changes; a file can't. Raises OutsideError."""
    with db.read() as tx:
        from queuedesk.store.rights import functions

        return functions.are_log_triggers_enabled(tx)


def logs_ahead_of_clock(db: Database, now: datetime) -> dict[str, log_state.TimesOfLogAheadOfClock]:
    """Return by the hall's code each log that is ahead of the clock, without simulated halls, whose time is not real.
    `now` is this PC's clock."""
    ahead = {}
    with db.read() as tx:
        clock = sharing.server_time(tx) if db.is_shared else now
        for id, code in halls.hall_ids_and_codes(tx):
            row = halls.load_hall_row(tx, id)
            setup = halls.setup_of_hall_row(tx, row)
            if row.now.at is not None and row.now.at > clock + CLOCK_AHEAD and not setup.hall.simulated:
                ahead[code] = log_state.TimesOfLogAheadOfClock(
                    log=setup.to_hall_time(row.now.at), clock=setup.to_hall_time(clock)
                )
    return ahead


def own_clock_skew_cause(db: Database, clock: Callable[[], datetime]) -> str | None:
    """Return how wrong this PC's clock is against the server's, in words of clock_skew_cause(); None if it is right."""
    return log_state.clock_skew_cause(clocks.skew_of_this_pc(Desk(db, 0), clock), None)


# -- printed sheets --------------------------------------------------------------------------------------------------


def log_anchor_at_event(desk: Desk, seq: int) -> upkeep.LogEndAnchor | None:
    """Return the end of the hall's log at event `seq`."""
    with desk.db.read() as tx:
        return log_dates.anchor_at_event(tx, desk.hall, seq)


def verify_claims(
    db: Database, claims: Sequence[upkeep.SheetClaim], hall: str | None = None
) -> list[upkeep.ClaimResult]:
    """Compare the claims of a printed sheet with every hall of the database, or the named one; return the results. Each
    log is read completely and its chain computed again: a second for thirty thousand events. Raises RuleError
    "unknown_hall"."""
    found: list[list[upkeep.ClaimResult]] = [[] for _claim in claims]
    with db.read() as tx:
        for id, code in halls.hall_ids_and_codes(tx):
            if hall in (None, code):
                local, facts = (
                    halls.setup_of_hall_row(tx, halls.load_hall_row(tx, id)).to_hall_time,
                    _facts_for_claims(tx, id, claims),
                )
                for claim, halls_of_it in zip(claims, found, strict=True):
                    halls_of_it.append(upkeep.ClaimResult(code, upkeep.compare_claim_with_log(claim, facts), local))
    if not all(found):
        raise RuleError("unknown_hall", hall=hall)
    # For each claim the hall that it fits best, else the first.
    return [min(results, key=_claim_result_sort_key) for results in found]


def verify_claims_in_hall(desk: Desk, claims: Sequence[upkeep.SheetClaim]) -> list[upkeep.SheetCheckResult]:
    with desk.db.read() as tx:
        log = _facts_for_claims(tx, desk.hall, claims)
    return [upkeep.compare_claim_with_log(claim, log) for claim in claims]


def _facts_for_claims(tx: Transaction, hall: int, claims: Sequence[upkeep.SheetClaim]) -> upkeep.LogFacts:
    try:
        return upkeep.facts_from_log(
            events.all_events(tx, hall), claims, reads_ratings=withheld_ratings.may_read_ratings(tx)
        )
    except UNREADABLE:  # The log is broken at something that is no event.
        return upkeep.LogFacts(last=halls.load_hall_row(tx, hall).now.seq, broken=first_unreadable_seq(tx, hall))


def _claim_result_sort_key(result: upkeep.ClaimResult) -> tuple[bool, bool]:
    return not result.standing.is_claim_confirmed, result.standing.word in (upkeep.UNKNOWN, upkeep.OTHER)


def verify_claims_by_stored_hashes(desk: Desk, claims: Sequence[upkeep.SheetClaim]) -> list[upkeep.SheetCheckResult]:
    """Return the results by the log's stored hashes: at once, but only reliable where the chain is whole."""
    with desk.db.read() as tx:
        log = log_dates.log_facts_at_seqs(tx, desk.hall, [claim.seq for claim in claims if claim.seq is not None])
        if not all(upkeep.compare_claim_with_log(claim, log).is_claim_confirmed for claim in claims):
            log.put_back += log_dates.backup_restores(tx, desk.hall)
    return [upkeep.compare_claim_with_log(claim, log) for claim in claims]
