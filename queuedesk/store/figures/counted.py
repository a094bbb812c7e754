"""Counts business dates for a report, and takes the sums of those that are over from where they are kept.

Kept sums are used only while all that they stand on is the same: the program's own code, the database's epoch, what
counting needs of the set-up, on a server the login and whether it is told ratings, the date's last event with its hash
(which no log with another past has), how many events the date has, every correction of a wrong clock, and what else of
the tables a date is counted from. So a correction, an import, a later visit or a changed rule lets the date be counted
afresh. What runs is never kept. Checks and backups count for themselves (measured.Reader).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select

import queuedesk
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.document import Tally, packed, unpacked
from queuedesk.core.figures.periods import MONTH, YEAR, dates_between, span_of
from queuedesk.core.queue.hallday import business_date, day_begins, day_turns
from queuedesk.core.queue.ticket import OPEN_STATES
from queuedesk.core.setup.file import read_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.files.reading import read_own
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import kept_sums
from queuedesk.store.figures.kept_sums import WORTH_KEEPING, Kept
from queuedesk.store.figures.measured import Reader
from queuedesk.store.log import log_dates, wrong_times
from queuedesk.store.log.log_dates import Logged
from queuedesk.store.parts import halls
from queuedesk.store.rights.withheld_ratings import login, reads_ratings
from queuedesk.store.schema.beside import database
from queuedesk.store.schema.tables import tickets

_COUNTING = ("core", "store")
"""Where the code stands that sums are made by."""
_PARTS = frozenset({"hall", "services", "windows", "staff", "classes", "settings", "targets"})
_SIZE = 32
MOST_S = 20.0
"""No month is begun after that; the next call goes on."""
Told = Callable[[int, int], object]
"""Hears how many dates are done, of how many."""


def tally_of(
    reader: Reader,
    days: Sequence[date],
    path: Path | None,
    *,
    logged: Mapping[date | None, Logged] | None = None,
    worth_keeping: int = WORTH_KEEPING,
    told: Told | None = None,
) -> Tally:
    """Return the sums of business dates, given in order; `path` is the hall's file, None on a server. `logged` is what
    the log has of them, if that was read already. `told` hears before each finished one that has to be counted how many
    of all are done; what it raises ends the reading, and nothing is kept.

    Dates that had to be counted are kept (kept_sums.py) if they have `worth_keeping` tickets or more.
    """
    if not days:
        return Tally()
    span = days[0], days[-1]
    reader = Reader(reader.tx, reader.hall, reader.setup, reader.now, span)
    file = kept_sums.file_of(reader.tx, reader.hall, path)
    if file is None:
        return Tally.of(map(reader.day, days))
    known = kept_sums.read(file, reader.hall, days[0], days[-1])
    if logged is None:
        logged = log_dates.by_date(reader.tx, reader.hall, days[0], days[-1])
    # Each ticket has an event: where even these are few, nothing is known and nothing will be kept.
    if (not known and sum(one.n for one in logged.values()) < worth_keeping) or _code() is None:
        return Tally.of(map(reader.day, days))
    reader = Reader(reader.tx, reader.hall, _counted_with(reader.setup), reader.now, span)
    basis = _Basis(reader, logged)
    whole, new, tickets = Tally(), dict[date, Kept](), 0
    for done, day in enumerate(days):
        at_hand = known.get(day)
        own = None if at_hand is None else _sums(at_hand, basis.of(day))
        if own is None:
            if told is not None and reader.now >= day_turns(reader.setup, day):
                told(done, len(days))
            rows = reader.day(day)
            own = Tally.of([rows])
            stands_on = basis.of(day, rows)
            if stands_on is not None and all(own[0].state not in OPEN_STATES for own in rows.tickets_alike):
                new[day] = Kept(stands_on, packed(own))
                tickets += len(rows.tickets)
        whole.extend(own)
    if tickets < worth_keeping:
        new = {}
    # What no longer can be found must not stay: it was counted of rows that a repair or a restored backup replaced.
    if new or not all(one.stands_on.startswith(basis.always) for one in known.values()):
        kept_sums.write(file, reader.hall, new, always=basis.always)
    return whole


def is_worth_keeping(tx: Transaction, hall: int, first: date, last: date) -> bool:
    """Whether a report of these dates would keep what it had to count of them."""
    among = (tickets.c.hall == hall, tickets.c.date >= first, tickets.c.date <= last)
    return bool(tx.execute(select(func.count()).where(*among)).scalar_one() >= WORTH_KEEPING)


def _counted_with(setup: Setup) -> Setup:
    """Return the parts of the set-up that sums hang on: with no more of it at hand, a new roster, notice or colleague
    cannot change them."""
    document = {part: rows for part, rows in setup.document.items() if part in _PARTS}
    # Who has no skills of their own may serve everything, as somebody unknown may.
    document["staff"] = [row for row in document.get("staff", ()) if row.get("skills")]
    if not setup.voice.spoken:
        document["voice"] = {"spoken": False}
    return read_setup(document)


def _sums(kept: Kept, stands_on: bytes | None) -> Tally | None:
    if kept.stands_on != stands_on:
        return None
    try:
        return unpacked(kept.sums)
    except ValueError:
        return None


class _Basis:
    """Tells what a date's sums stand on, as a digest."""

    def __init__(self, reader: Reader, logged: Mapping[date | None, Logged]) -> None:
        self._reader, self._logged = reader, logged
        tx, hall = reader.tx, reader.hall
        self._hashes = log_dates.hashes(tx, hall, sorted(one.last for one in self._logged.values()))
        # A repair or a restored backup begins an epoch.
        epoch = tx.execute(select(database.c.epoch)).scalar()
        self.always = _digest(_code(), epoch, dict(reader.setup.document), wrong_times.told(tx, hall))
        self._reads = (login(tx), reads_ratings(tx))

    def of(self, day: date, rows: DayRows | None = None) -> bytes | None:
        """Return the digest for a date, which begins with `always`, None for one that is not over; `rows` are the
        date's if they were read."""
        reader = self._reader
        if reader.now < day_turns(reader.setup, day):
            return None
        around = reader.around(day) if rows is None else rows
        if any(one.closed is None for one in around.shifts):
            return None
        n, _first, seq = self._logged.get(day, Logged(0, 0, 0))
        links, diversion, devices = around.links, around.diversion, around.devices
        assert links is not None
        return self.always + _digest(
            self._reads,
            (day, day_begins(reader.setup, day), day_turns(reader.setup, day)),
            (n, seq, self._hashes.get(seq)),
            list(around.shifts),
            list(around.help_calls),
            (sorted(links.returned), sorted(links.followed.items()), around.is_followed),
            (sorted(diversion.offers.items()), sorted(diversion.finished.items())),
            (list(diversion.totals), sorted(diversion.elsewhere)),
            (list(devices.devices), list(devices.outages)),
            around.targets,
        )


def _digest(*parts: Any) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=_SIZE).digest()


@lru_cache(maxsize=1)
def _code() -> bytes | None:
    """Return what tells this program's way of counting from any other's, None where its text is not at hand."""
    root = Path(queuedesk.__file__).parent
    files = sorted(file for folder in _COUNTING for file in root.joinpath(folder).rglob("*.py"))
    return _digest([(file.relative_to(root).as_posix(), read_own(file)) for file in files]) if files else None


# -- counting before anybody asks: the first reading of a year is then as quick as later ones -----------------------


def count_ahead(
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
    process that nobody waits for; return how many dates it did not come to.

    It only reads, a month in one transaction, and rests after each as long as that took. `goes_on` is asked before each
    date; as soon as it says no, nothing more is done. Nothing is counted in years with few tickets, nor on a server for
    a login that is not told ratings: only managers' PCs make reports of years. Raises what the database raises, and
    what comes of rows that hold something else than they may.
    """
    begun = now_s()
    with db.read() as tx:
        if not reads_ratings(tx):
            return 0
        yesterday = business_date(halls.setup(tx, halls.load(tx, hall)), now) - timedelta(days=1)
        years = [span_of(YEAR, day) for day in (yesterday, yesterday.replace(month=1, day=1) - timedelta(days=1))]
        worth = [(first, last) for first, last in years if is_worth_keeping(tx, hall, first, last)]
    months = [month for year in worth for month in _months(year, yesterday)]
    left = sum(len(dates_between(*month)) for month in months)

    def look_up(_done: int, _of: int) -> None:
        if not goes_on():
            raise _StoppedError

    for month in months:
        month_s = now_s()
        if month_s - begun >= most_s or not goes_on():
            break
        days = dates_between(*month)
        try:
            with db.read() as tx:
                reader = Reader(tx, hall, halls.setup(tx, halls.load(tx, hall)), now)
                tally_of(reader, days, db.path, worth_keeping=1, told=look_up)
        except _StoppedError:
            break
        left -= len(days)
        rest(now_s() - month_s)
    return left


class _StoppedError(Exception):
    """Nobody wants a month to be counted to its end."""


def _months(year: tuple[date, date], until: date) -> Iterator[tuple[date, date]]:
    """Yield the months of a year, the latest first, none beyond `until`."""
    last = min(year[1], until)
    while last >= year[0]:
        first, _end = span_of(MONTH, last)
        yield first, last
        last = first - timedelta(days=1)
