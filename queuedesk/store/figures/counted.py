"""Counts business dates for a report, and takes the sums of those that are over from where they are kept.

Kept sums are used only while all that they stand on is the same: the program's own code, the database's epoch, what
counting needs of the set-up, on a server the login and whether it is told ratings, the date's last event with its hash
(which no log with another past has), how many events the date has, every correction of a wrong clock, and what else of
the tables a date is counted from. So a correction, an import, a later visit or a changed rule lets the date be counted
afresh. What runs is never kept. Checks and backups count for themselves (measured.Reader).

Sums are kept in a file, for a report of a year would count each date again. They are only a memory of what was counted.
Whoever keeps them says what they stand on, as a digest, and finds them only by the same one; without the file, or where
a row is damaged, everything is counted afresh. The file is beside the hall's; for a hall on a server each user has one
in their own data folder, named by the hall's log.

For the rows of several halls side by side, tickets and legs are counted in one statement each."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field
from sqlalchemy import BindParameter, and_, bindparam, case, exists, func, literal_column, select, type_coerce

import queuedesk
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.document import ReportTally, packed_tally_bytes, unpack_tally
from queuedesk.core.figures.measures.rows import MINUTE_US, LegRow, to_epoch_micros
from queuedesk.core.figures.periods import MONTH, YEAR, dates_between, period_span_containing
from queuedesk.core.log.event import EARLIEST, LATEST
from queuedesk.core.queue.hallday import begin_of_day, business_date, end_of_day
from queuedesk.core.queue.ticket import OPEN_STATES, TicketState
from queuedesk.core.setup.file import setup_from_document
from queuedesk.core.setup.rows import Setup
from queuedesk.files.reading import read_program_file
from queuedesk.files.writing import ensure_private_folder
from queuedesk.paths import data_folder
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import BigInt, Transaction
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.log import events, log_dates
from queuedesk.store.log.log_dates import LogEventsOfDate
from queuedesk.store.parts import halls
from queuedesk.store.rights.withheld_ratings import current_login_name, may_read_ratings
from queuedesk.store.schema import database, legs, tickets

ENDING = "-sums"
WORTH_KEEPING = 5_000
"""Fewer tickets are counted sooner than a file is written."""
_LOG_BYTES = 8
_MADE = """
CREATE TABLE IF NOT EXISTS sums (
    hall INTEGER NOT NULL,
    date TEXT NOT NULL,
    stands_on BLOB NOT NULL,
    sums BLOB NOT NULL,
    digest BLOB NOT NULL,
    CONSTRAINT pk_sums PRIMARY KEY (hall, date)
) STRICT
"""
_READ = "SELECT date, stands_on, sums, digest FROM sums WHERE hall = ? AND date BETWEEN ? AND ?"
_FORGET = "DELETE FROM sums WHERE hall = ? AND substr(stands_on, 1, ?) <> ?"
_WRITE = "INSERT OR REPLACE INTO sums (hall, date, stands_on, sums, digest) VALUES (?, ?, ?, ?, ?)"


class StoredSums(Struct, frozen=True):
    """The sums of a date, and the digest of all that they stand on: first of what all dates do, then of the rest."""

    stands_on: bytes
    sums: bytes


def sums_file(tx: Transaction, hall: int, path: Path | None) -> Path | None:
    """Return where a hall's sums are kept; `path` is its file, None on a server. None for a hall without a log."""
    if path is not None:
        return sums_path_of_hall_file(path)
    first = log_dates.hashes_of_events(tx, hall, [1]).get(1)
    if first is None:
        return None
    # Digested once more: what a server says is no name of a file.
    name = hashlib.blake2b(first.encode(), digest_size=_LOG_BYTES).hexdigest()
    return data_folder() / f"hall-{name}{ENDING}"


def sums_path_of_hall_file(path: Path) -> Path:
    return path.with_name(path.name + ENDING)


def read_kept_sums(file: Path, hall: int, first: date, last: date) -> dict[date, StoredSums]:
    """Return what is kept of the dates from `first` to `last`; nothing where it cannot be read."""
    found: dict[date, StoredSums] = {}
    if not file.exists():
        return {}
    with suppress(sqlite3.Error, ValueError), closing(_open_sums_file(file, "ro")) as db:
        for day, stands_on, sums, digest in db.execute(_READ, (hall, str(first), str(last))):
            if digest == _stored_row_digest(hall, day, stands_on, sums):
                found[date.fromisoformat(day)] = StoredSums(stands_on, sums)
    return found


def keep_counted_sums(file: Path, hall: int, counted: Mapping[date, StoredSums], *, always: bytes) -> None:
    """Keep what was counted, and forget all dates of the hall whose digest does not begin with `always`; where that is
    impossible nothing is kept, and nobody waits."""
    rows = [
        (hall, str(day), sums.stands_on, sums.sums, _stored_row_digest(hall, str(day), sums.stands_on, sums.sums))
        for day, sums in counted.items()
    ]
    with suppress(OSError, sqlite3.Error):
        if not file.exists():
            if not file.parent.exists():
                ensure_private_folder(file.parent)
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
        try:
            _write_sums(file, rows, (hall, len(always), always))
        except sqlite3.OperationalError:
            raise  # Somebody else writes, or there is no room.
        except sqlite3.DatabaseError:
            file.unlink()


def delete_sums_file(file: Path) -> None:
    """Keep nothing any more. Raises ValueError for another file than one of sums."""
    if not file.name.endswith(ENDING):
        raise ValueError(file.name)
    with suppress(OSError):
        file.unlink()


def _write_sums(
    file: Path, rows: list[tuple[int, str, bytes, bytes, bytes]], other_than: tuple[int, int, bytes]
) -> None:
    with closing(_open_sums_file(file, "rw")) as db, db:
        # What a lost power spoils is counted again.
        db.execute("PRAGMA journal_mode = MEMORY")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA secure_delete = ON")
        db.execute(_MADE)
        db.execute(_FORGET, other_than)
        db.executemany(_WRITE, rows)


def _open_sums_file(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", timeout=0, uri=True)


def _stored_row_digest(hall: int, day: str, stands_on: bytes, sums: bytes) -> bytes:
    return hashlib.blake2b(b"%d %b " % (hall, day.encode()) + stands_on + sums, digest_size=16).digest()


_COUNTING = ("core", "store")
"""Where the code stands that sums are made by."""
_PARTS = frozenset({"hall", "services", "windows", "staff", "classes", "settings", "targets"})
_SIZE = 32
MOST_S = 20.0
"""No month is begun after that; the next call goes on."""
Told = Callable[[int, int], object]
"""Hears how many dates are done, of how many."""


def tally_of_dates(
    reader: HallReader,
    days: Sequence[date],
    path: Path | None,
    *,
    logged: Mapping[date | None, LogEventsOfDate] | None = None,
    worth_keeping: int = WORTH_KEEPING,
    told: Told | None = None,
) -> ReportTally:
    """Return the sums of business dates, given in order; `path` is the hall's file, None on a server. `logged` is what
    the log has of them, if that was read already. `told` hears before each finished one that has to be counted how many
    of all are done; what it raises ends the reading, and nothing is kept. Dates that had to be counted are kept if they
    have `worth_keeping` tickets or more."""
    if not days:
        return ReportTally()
    span = days[0], days[-1]
    reader = HallReader(reader.tx, reader.hall, reader.setup, reader.now, span)
    file = sums_file(reader.tx, reader.hall, path)
    if file is None:
        return ReportTally.from_days(map(reader.read_day, days))
    known = read_kept_sums(file, reader.hall, days[0], days[-1])
    if logged is None:
        logged = log_dates.log_ranges_by_date(reader.tx, reader.hall, days[0], days[-1])
    # Each ticket has an event: where even these are few, nothing is known and nothing will be kept.
    if (not known and sum(one.n for one in logged.values()) < worth_keeping) or _digest_of_counting_code() is None:
        return ReportTally.from_days(map(reader.read_day, days))
    reader = HallReader(reader.tx, reader.hall, _setup_that_sums_depend_on(reader.setup), reader.now, span)
    basis = _DaySumsBasisDigester(reader, logged)
    whole, new, tickets = ReportTally(), dict[date, StoredSums](), 0
    for done, day in enumerate(days):
        at_hand = known.get(day)
        own = None if at_hand is None else _sums_if_current(at_hand, basis.digest_of_day(day))
        if own is None:
            if told is not None and reader.now >= end_of_day(reader.setup, day):
                told(done, len(days))
            rows = reader.read_day(day)
            own = ReportTally.from_days([rows])
            stands_on = basis.digest_of_day(day, rows)
            if stands_on is not None and all(own[0].state not in OPEN_STATES for own in rows.ticket_lists_of_same_kind):
                new[day] = StoredSums(stands_on, packed_tally_bytes(own))
                tickets += len(rows.tickets)
        whole.extend(own)
    if tickets < worth_keeping:
        new = {}
    # What no longer can be found must not stay: it was counted of rows that a repair or a restored backup replaced.
    if new or not all(sums.stands_on.startswith(basis.always) for sums in known.values()):
        keep_counted_sums(file, reader.hall, new, always=basis.always)
    return whole


def are_sums_worth_keeping(tx: Transaction, hall: int, first: date, last: date) -> bool:
    """Whether a report of these dates would keep what it had to count of them."""
    among = (tickets.c.hall == hall, tickets.c.date >= first, tickets.c.date <= last)
    return bool(tx.execute(select(func.count()).where(*among)).scalar_one() >= WORTH_KEEPING)


def _setup_that_sums_depend_on(setup: Setup) -> Setup:
    """Return the parts of the set-up that sums hang on: with no more of it at hand, a new roster, notice or colleague
    cannot change them."""
    document = {part: rows for part, rows in setup.document.items() if part in _PARTS}
    # Who has no skills of their own may serve everything, as somebody unknown may.
    document["staff"] = [row for row in document.get("staff", ()) if row.get("skills")]
    if not setup.voice.spoken:
        document["voice"] = {"spoken": False}
    return setup_from_document(document)


def _sums_if_current(kept: StoredSums, stands_on: bytes | None) -> ReportTally | None:
    if kept.stands_on != stands_on:
        return None
    try:
        return unpack_tally(kept.sums)
    except ValueError:
        return None


class _DaySumsBasisDigester:
    """Tells what a date's sums stand on, as a digest."""

    def __init__(self, reader: HallReader, logged: Mapping[date | None, LogEventsOfDate]) -> None:
        self._reader, self._logged = reader, logged
        tx, hall = reader.tx, reader.hall
        self._hashes = log_dates.hashes_of_events(tx, hall, sorted(one.last for one in self._logged.values()))
        # A repair or a restored backup begins an epoch.
        epoch = tx.execute(select(database.c.epoch)).scalar()
        self.always = _digest_of(
            _digest_of_counting_code(), epoch, dict(reader.setup.document), events.time_corrections(tx, hall)
        )
        self._reads = (current_login_name(tx), may_read_ratings(tx))

    def digest_of_day(self, day: date, rows: DayRows | None = None) -> bytes | None:
        """Return the digest for a date, which begins with `always`, None for one that is not over; `rows` are the
        date's if they were read."""
        reader = self._reader
        if reader.now < end_of_day(reader.setup, day):
            return None
        around = reader.rows_that_other_dates_may_change(day) if rows is None else rows
        if any(shift.closed is None for shift in around.shifts):
            return None
        n, _first, seq = self._logged.get(day, LogEventsOfDate(0, 0, 0))
        links, diversion, devices = around.links, around.diversion, around.devices
        assert links is not None
        return self.always + _digest_of(
            self._reads,
            (day, begin_of_day(reader.setup, day), end_of_day(reader.setup, day)),
            (n, seq, self._hashes.get(seq)),
            list(around.shifts),
            list(around.help_calls),
            (sorted(links.returned), sorted(links.followed.items()), around.is_followed),
            (sorted(diversion.offers.items()), sorted(diversion.finished.items())),
            (list(diversion.totals), sorted(diversion.elsewhere)),
            (list(devices.devices), list(devices.outages)),
            around.targets,
        )


def _digest_of(*parts: Any) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=_SIZE).digest()


@lru_cache(maxsize=1)
def _digest_of_counting_code() -> bytes | None:
    """Return what tells this program's way of counting from any other's, None where its text is not at hand."""
    root = Path(queuedesk.__file__).parent
    files = sorted(file for folder in _COUNTING for file in root.joinpath(folder).rglob("*.py"))
    return (
        _digest_of([(file.relative_to(root).as_posix(), read_program_file(file)) for file in files]) if files else None
    )


# -- counting before anybody asks: the first reading of a year is then as quick as later ones -----------------------


def precount_dates_and_get_left_count(
    db: Database,
    hall: int,
    now: datetime,
    *,
    most_s: float = MOST_S,
    now_s: Callable[[], float] = time.monotonic,
    rest: Callable[[float], object] = time.sleep,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Keep the sums of this business year's finished dates and of the year before, the latest months first, for a
    process that nobody waits for; return how many dates it did not come to. It only reads, a month in one transaction,
    and rests after each as long as that took. `goes_on` is asked before each date; as soon as it says no, nothing more
    is done. Nothing is counted in years with few tickets, nor on a server for a login that is not told ratings: only
    managers' PCs make reports of years. Raises what the database raises, and what comes of rows that hold something
    else than they may."""
    begun = now_s()
    with db.read() as tx:
        if not may_read_ratings(tx):
            return 0
        yesterday = business_date(halls.setup_of_hall_row(tx, halls.load_hall_row(tx, hall)), now) - timedelta(days=1)
        years = [
            period_span_containing(YEAR, day)
            for day in (yesterday, yesterday.replace(month=1, day=1) - timedelta(days=1))
        ]
        worth = [(first, last) for first, last in years if are_sums_worth_keeping(tx, hall, first, last)]
    months = [month for year in worth for month in _month_spans_latest_first(year, yesterday)]
    left = sum(len(dates_between(*month)) for month in months)

    def stop_if_unwanted(_done: int, _of: int) -> None:
        if not goes_on():
            raise _StoppedError

    for month in months:
        month_s = now_s()
        if month_s - begun >= most_s or not goes_on():
            break
        days = dates_between(*month)
        try:
            with db.read() as tx:
                reader = HallReader(tx, hall, halls.setup_of_hall_row(tx, halls.load_hall_row(tx, hall)), now)
                tally_of_dates(reader, days, db.path, worth_keeping=1, told=stop_if_unwanted)
        except _StoppedError:
            break
        left -= len(days)
        rest(now_s() - month_s)
    return left


class _StoppedError(Exception):
    """Nobody wants a month to be counted to its end."""


def _month_spans_latest_first(year: tuple[date, date], until: date) -> Iterator[tuple[date, date]]:
    """Yield the months of a year, the latest first, none beyond `until`."""
    last = min(year[1], until)
    while last >= year[0]:
        first, _end = period_span_containing(MONTH, last)
        yield first, last
        last = first - timedelta(days=1)


class TicketAndLegCountsOfDay(Struct):
    """A hall's date: how many tickets are in each state, and legs of each kind (document.day_in_brief)."""

    states: Counter[str] = field(default_factory=Counter)
    legs: Counter[LegRow] = field(default_factory=Counter)


_MINUTE = literal_column(str(MINUTE_US), BigInt)
_JOINED = type_coerce(legs.c.joined, BigInt)
_WENT = type_coerce(func.coalesce(legs.c.called, legs.c.ended), BigInt)
# A number that no program wrote is no wait: a server would fail at a difference that no number of its own can hold.
_IS_TIME = and_(*(one.between(to_epoch_micros(EARLIEST), to_epoch_micros(LATEST)) for one in (_JOINED, _WENT)))
# Targets are whole minutes: a wait is within one if, rounded up to whole minutes, it is.
_MINUTES = case((_IS_TIME, (_WENT - _JOINED + _MINUTE - literal_column("1", BigInt)) // _MINUTE)).label("minutes")
_CALLED = case((legs.c.called.is_(None), 0), else_=1).label("is_called")

_HALLS: BindParameter[Any] = bindparam("halls", expanding=True)
_DAYS: BindParameter[Any] = bindparam("days", expanding=True)
_STATES = (
    select(tickets.c.hall, tickets.c.date, tickets.c.state, func.count())
    .where(tickets.c.hall.in_(_HALLS), tickets.c.date.in_(_DAYS))
    .group_by(tickets.c.hall, tickets.c.date, tickets.c.state)
)
# The legs of a void ticket are in no share.
_IS_VOID = exists(tickets.c.label).where(
    *(tickets.c[key] == legs.c[key] for key in ("hall", "date", "label")), tickets.c.state == str(TicketState.VOID)
)
_LEGS = (
    select(legs.c.hall, legs.c.date, legs.c.end, legs.c.inaccurate, _CALLED, _MINUTES, func.count())
    .where(legs.c.hall.in_(_HALLS), legs.c.date.in_(_DAYS), ~_IS_VOID)
    .group_by(legs.c.hall, legs.c.date, legs.c.end, legs.c.inaccurate, "is_called", "minutes")
)


def ticket_and_leg_counts_by_hall(tx: Transaction, days: Mapping[int, date]) -> dict[int, TicketAndLegCountsOfDay]:
    found = {hall: TicketAndLegCountsOfDay() for hall in days}
    asked = {"halls": list(days), "days": sorted(set(days.values()))}
    for hall, day, state, n in tx.execute(_STATES, asked):
        if day == days[hall]:
            found[hall].states[state] += n
    for hall, day, end, inaccurate, is_called, minutes, n in tx.execute(_LEGS, asked):
        if day == days[hall]:
            found[hall].legs[_leg_row(end, minutes, is_called=is_called == 1, inaccurate=inaccurate)] += n
    return found


def _leg_row(end: str | None, minutes: int | None, *, is_called: bool, inaccurate: bool) -> LegRow:
    """Return a leg that joined at 0 and was called, or else ended, so many minutes later."""
    went = None if minutes is None else minutes * MINUTE_US
    return LegRow(
        label="",
        n=1,
        service="",
        joined=0,
        called=(went or 0) if is_called else None,
        started=None,
        finished=None,
        window=None,
        staff=None,
        end=end,
        ended=None if is_called else went,
        held_us=0,
        stalled_us=0,
        start_assumed=False,
        inaccurate=inaccurate,
        outcome=None,
        form_free=False,
    )
