"""Backs up, restores, repairs, exports and merges halls, in files or in a database on a server.

A repair rebuilds tables from the log, or restores a backup. What is done is planned and told first, and what stood
there is kept as a copy, so that there is a way back. What a restore or a merge would change can be looked at before. A
log is exported and merged without changing its chain.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.log.event import Event, stamp
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.hallday import business_date, hours_on, rounds_of
from queuedesk.core.setup.hall import zone_of
from queuedesk.core.setup.rows import Service
from queuedesk.desk.change import Ask, Change, Desk, Document, begin, changes
from queuedesk.desk.setup.setting_up import database_on
from queuedesk.desk.upkeep.examining import FAILED, STRANGE, Finding, examine, of_hall
from queuedesk.files.writing import private_folder
from queuedesk.paths import data_folder
from queuedesk.store.engine import hall_file
from queuedesk.store.engine.address import is_server
from queuedesk.store.engine.database import Database, copy_file
from queuedesk.store.engine.hall_file import BACKUPS
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import book as snapshot
from queuedesk.store.log import events
from queuedesk.store.log.book import Book
from queuedesk.store.parts import halls, tickets
from queuedesk.store.rights import grants
from queuedesk.store.upkeep.backup_folder import as_backup, found_in
from queuedesk.store.upkeep.exchange import Export, write_export
from queuedesk.store.upkeep.pack import BEFORE_RESTORE, Backup, HallCopy, Pack, put_in_place, write_backup

STEP = 100
GONE, OTHER = "gone", "other"
T = TypeVar("T")


class LastNumbers(Struct, frozen=True):
    """Today's last number of each series, as the replaced hall knew it; not `is_all` where others may have been issued
    besides."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    is_all: bool = False


class Stays(Struct, frozen=True):
    """The person who restores a backup at a station and stays signed in afterwards, having proven their identity."""

    station: str
    staff: str


def back_up(db: Database, who: Actor, path: Path, now: datetime) -> Path:
    """Write all halls of a database as one file, as of one moment, while work goes on.

    The file holds comments and the hashes of PINs (not one that a PC of a shared hall writes by its own login); only
    its owner may read it. Raises RuleError "not_your_role", OutsideError "cannot_write".
    """
    who.must("backup")
    with db.read() as tx:
        write_backup(tx, path, program=__version__, made=now)
    return path


def restore(
    file: Path,
    target: Path,
    ask: Ask,
    *,
    replace: bool,
    other_hall: bool = False,
    stays: Stays | None = None,
    more: Callable[[Transaction], None] | None = None,
) -> Document:
    """Make the database at `target` from a backup, checked completely; what is there now is kept as a copy.

    `file` may also be a copy of a hall's file, such as restores and updates leave, so that a restore can be undone.
    Each open series goes on at the next multiple of 100, as numbers issued after the backup are on people's tickets.
    `stays` is signed in again where the hall knows the person; `more` adds what is known of later events before the
    hall goes on. Raises RuleError "not_your_role", "needs_yes" unless `replace`, "other_hall" (halls) where a hall that
    the file lacks would be lost, unless `other_hall`, OutsideError "no_such_file", "cannot_read", "wrong_kind",
    "backup_damaged", "backup_newer", "cannot_write", "database_full". A refusal leaves `target` as it was.
    """
    ask.who.must("restore")
    _must_be_another(file, target)
    draft = target.with_name(f".{target.name}.restore-{os.getpid()}")
    with as_backup(file) as path, Backup(path) as backup:
        copies = backup.check()
        if target.exists() and not replace:
            raise RuleError("needs_yes", kind="hall", code=copies[0].code, path=str(target))
        if not other_hall:
            looked_at(target, lambda tx: must_hold(backup, copies, tx, is_file=True))
        known = {copy.code: _numbers_given(target, copy, ask.now) for copy in copies}
        forget(draft)
        try:
            db = Database.create(draft)
            with db.write() as tx:
                for copy in copies:
                    backup.load(tx, copy)
                if more is not None:
                    more(tx)
            made = stamp(backup.made)
            told = [
                _go_on(Desk(db, copy.id), ask, made=made, copy=copy, given=known[copy.code], stays=stays)
                for copy in copies
            ]
            db.dispose()
            kept = put_in_place(draft, target, stamp_text=f"{ask.now:%Y%m%d-%H%M%S}")
        except OutsideError as error:
            if error.details.get("path") == str(draft):
                raise OutsideError(error.code, path=str(target)) from error
            raise
        finally:
            forget(draft)
    lacks = {"without": backup.without} if backup.without else {}
    return {"database": str(target), "copy": str(kept) if kept else None, "halls": told} | lacks


def _must_be_another(file: Path, target: Path) -> None:
    """Make sure that a hall is not to be put back from the very file in which it works. Raises OutsideError
    "wrong_kind"."""
    with suppress(OSError):
        if file.samefile(target):
            raise OutsideError("wrong_kind", path=str(file), wanted="backup")


def must_hold(backup: Backup, copies: Sequence[HallCopy], tx: Transaction, *, is_file: bool) -> None:
    """Check that no hall here would be replaced by another one. Raises RuleError "other_hall" (path, halls)."""
    gone = [code for code, state in apart(backup, copies, tx, is_file=is_file).items() if state in (GONE, OTHER)]
    if gone:
        raise RuleError("other_hall", path=str(backup.path), halls=gone)


def apart(backup: Backup, copies: Sequence[HallCopy], tx: Transaction, *, is_file: bool) -> dict[str, str]:
    """Return by its code each hall here that the backup does not continue: GONE where it lacks it, OTHER where one of
    another log has its code.

    A file is replaced as a whole; on a server halls that the backup lacks stay.
    """
    held = {copy.code: copy for copy in copies}
    found = {}
    for code, id in {code: id for id, code in halls.listed(tx)}.items():
        if code not in held:
            if is_file:
                found[code] = GONE
            continue
        own, theirs = events.after(tx, id, 0, 1), next(backup.events(held[code].id), None)
        if own and theirs is not None and own[0].hash != theirs.hash:
            found[code] = OTHER
    return found


def go_on(change: Change, *, made: str, copy: HallCopy, given: LastNumbers, stays: Stays | None = None) -> Document:
    """Note in the log that it was restored, and from which number on each series goes; `given` are today's last numbers
    before."""
    series = {}
    for service in change.setup.services.values():
        for prefix in rounds_of(service):
            first = _number_after(change, service, prefix, given)
            if first is not None:
                series[prefix] = first - 1
    change.record("restore", series=series, backup=made, lost_since=stamp(copy.at))
    if stays is not None and stays.staff in change.setup.staff:
        change.record("sign-in", staff=stays.staff, station=stays.station)
    return {
        "hall": copy.code,
        "lost_since": change.setup.local(copy.at).isoformat(),
        "series": {prefix: last + 1 for prefix, last in series.items()},
    }


_go_on = changes("restore")(go_on)


def _number_after(change: Change, service: Service, prefix: str, given: LastNumbers) -> int | None:
    """Return the number with which a series goes on; None where it begins today as on any other day, or has no room."""
    last = change.book.last_number(change.date, prefix)
    if prefix in given.numbers:
        last = max(last or 0, given.numbers[prefix])
    if last is None and not given.is_all and _has_opened(change, service):
        last = service.first  # Nobody knows how many numbers went out since the backup.
    if last is None:
        return None
    number = (last // STEP + 1) * STEP
    return number if number <= service.last else last + 1


def _has_opened(change: Change, service: Service) -> bool:
    local = change.setup.local(change.now)
    spans = hours_on(change.setup, service, local.date())
    return any(start <= local.hour * 60 + local.minute for start, _end in spans)


def _numbers_given(target: Path, copy: HallCopy, now: datetime) -> LastNumbers:
    """Return today's last numbers as the database that is replaced knows them."""
    return looked_at(target, lambda tx: numbers_given(tx, copy, now)) or LastNumbers()


def looked_at(target: Path, look: Callable[[Transaction], T]) -> T | None:
    """Return the result of `look` in the database that is replaced, None where it can't be read."""
    try:
        db = Database.open(target)
    except OutsideError as error:
        if error.code not in ("database_missing", "database_damaged"):
            raise
        return None
    try:
        with db.read() as tx:
            return look(tx)
    except (OutsideError, *STRANGE):
        return None
    finally:
        db.dispose()


def numbers_given(tx: Transaction, copy: HallCopy, now: datetime) -> LastNumbers:
    """Return today's last numbers in the hall with the code of `copy`; they are complete only where its log continues
    that copy."""
    ids = {code: id for id, code in halls.listed(tx)}
    if copy.code not in ids:
        return LastNumbers()
    row = halls.load(tx, ids[copy.code])
    goes_on = row.now.seq >= copy.seq and events.one(tx, row.id, copy.seq).hash == copy.hash
    day = business_date(halls.setup(tx, row), now)
    known = tickets.all_series(tx, row.id, day)
    return LastNumbers({prefix: number for (_day, prefix), number in known.items()}, is_all=goes_on)


def forget(draft: Path) -> None:
    """Remove an unfinished database, with its journals."""
    for path in (draft, *hall_file.journals_of(draft)):
        with suppress(OSError):
            path.unlink(missing_ok=True)


# -- restores a backup into a database on a server, beside other halls and while PCs are connected -------------------


def restore_on_server(
    file: Path, url: str, ask: Ask, *, replace: bool, other_hall: bool = False, stays: Stays | None = None
) -> Document:
    """Put the halls of a backup, checked as a whole, into the database at `url`, all in one transaction; its other
    halls stay as they are.

    What was there is kept as a backup in this user's backups/. Each open series goes on as restore() says, and every
    station takes a fresh picture. For the database's owner. Raises as restore() does, and OutsideError "not_this_pc",
    "nul_in_text" (hall, table, row).
    """
    ask.who.must("restore")
    with as_backup(file) as path, Backup(path) as backup:
        copies = backup.check()
        backup.must_suit_servers()
        db = database_on(url)
        try:
            with db.write() as tx:
                halls.keep_newcomers_out(tx)
                there = {code: id for id, code in halls.listed(tx)}
                replaced = [there[copy.code] for copy in copies if copy.code in there]
                if replaced and not replace:
                    raise RuleError("needs_yes", kind="hall", code=copies[0].code, path=db.place)
                if not other_hall:
                    must_hold(backup, copies, tx, is_file=False)
                halls.hold(tx, replaced)
                kept = kept_as_backup(tx, ask, copies[0].code) if there else None
                known = {copy.code: numbers_given(tx, copy, ask.now) for copy in copies}
                with grants.rewriting(tx):
                    for copy in copies:
                        if copy.code not in there:
                            there[copy.code] = max(there.values(), default=0) + 1
                            halls.create(tx, there[copy.code], copy.code)
                        backup.put_back(tx, copy, there[copy.code])
                events.begin_epoch(tx)
                told = []
                for copy in copies:
                    change = begin(tx, Desk(db, there[copy.code]), ask)
                    given = known[copy.code]
                    told.append(go_on(change, made=stamp(backup.made), copy=copy, given=given, stays=stays))
                    change.book.close()
        finally:
            db.dispose()
    lacks = {"without": backup.without} if backup.without else {}
    return {"database": db.place, "copy": str(kept) if kept else None, "halls": told} | lacks


def kept_as_backup(tx: Transaction, ask: Ask, code: str) -> Path:
    """Write everything there as a backup, under a new name."""
    folder = data_folder() / "backups"
    try:
        private_folder(folder)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    stem = f"{code}{BEFORE_RESTORE}{ask.now:%Y%m%d-%H%M%S}"
    names = (f"{stem}.zip" if n == 1 else f"{stem}-{n}.zip" for n in range(1, 10_000))
    path = next(folder / name for name in names if not (folder / name).exists())
    write_backup(tx, path, program=__version__, made=ask.now)
    return path


BEFORE_REPAIR = "-before-repair-"
OF_LOG = frozenset({"integrity", "chain", "halls"})
"""Where these fail, the log itself can't be gone by."""
NO_CURE = ("beside",)


class Plan(Struct, frozen=True, kw_only=True):
    """What a repair would do: the halls whose tables are made anew, or that everything has to come from a backup.

    `left` are the findings that it can't repair.
    """

    rebuilt: Sequence[str] = ()
    from_backup: bool = False
    left: Sequence[Finding] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rebuilt or self.from_backup)


def plan(target: str | Path) -> Plan:
    """Examine the database at `target` and return what would be done. Raises OutsideError, but for one that is
    damaged."""
    try:
        db = Database.open(target)
    except OutsideError as error:
        if error.code != "database_damaged":
            raise
        return Plan(from_backup=True)
    try:
        findings = [one for one in examine(db) if one.status == FAILED]
        left = [finding for finding in findings if finding.name in NO_CURE]
        if any(finding.name in OF_LOG for finding in findings):
            return Plan(from_backup=True, left=left)
        rebuilt = [finding.hall for finding in findings if finding.name == "tables" and finding.hall is not None]
        return Plan(rebuilt=rebuilt, left=left)
    finally:
        db.dispose()


def mend(target: str | Path, ask: Ask) -> Document:
    """Make tables anew from the log, all in one transaction.

    Raises RuleError "not_your_role", OutsideError "not_mended" where that would not make it whole (then nothing is
    changed), "cannot_write" and what the database raises.
    """
    ask.who.must("restore")
    doing = plan(target)
    with closing_database(target) as db, db.write() as tx, grants.rewriting(tx):
        halls.hold(tx, [id for id, _code in halls.listed(tx)])
        path = _keep(tx, db, ask)
        for id, code in halls.listed(tx):
            if code in doing.rebuilt:
                snapshot.rebuild(tx, id)
        halls.forget_setups()
        for id, code in halls.listed(tx):
            if any(one.status == FAILED and one.name not in NO_CURE for one in of_hall(tx, id, code)):
                raise OutsideError("not_mended", path=db.place)
        events.begin_epoch(tx)
    return {"database": str(db.place), "copy": str(path), "rebuilt": list(doing.rebuilt)}


def mend_from(
    backup: Path, target: Path, ask: Ask, *, export: Path | None = None, stays: Stays | None = None
) -> Document:
    """Make the hall's file anew from a backup, then from an export of a later time, then from what the damaged file
    still tells.

    Numbers go on as restore() says, and it raises as that does, and as merge() does of the export.
    """

    def more(tx: Transaction) -> None:
        if export is not None:
            with Export(export) as later:
                for copy in later.check():
                    if later.receiver(tx, copy) is not None:
                        later.merge(tx, copy)
        ends = {end.id: end.seq for end in halls.ends(tx)}
        rest = _rest(target, ends)
        for id in ends:
            _follow(tx, id, rest)

    document = restore(backup, target, ask, replace=True, stays=stays, more=more)
    return document | {"backup": str(backup)}


def newest_backup(target: Path) -> Path | None:
    """Return the newest readable backup in the folder of the hall's own, None if there is none."""
    found, folder = [], target.parent / BACKUPS
    with suppress(OSError):
        for place in (folder, *(inner for inner in folder.iterdir() if inner.is_dir())):
            with suppress(QueueDeskError):
                found += [(file.made, file.path) for file in found_in(place)]
    return max(found)[1] if found else None


@contextmanager
def closing_database(target: str | Path) -> Iterator[Database]:
    """Open a database for a while. Raises OutsideError."""
    db = Database.open(target)
    try:
        yield db
    finally:
        db.dispose()


def _keep(tx: Transaction, db: Database, ask: Ask) -> Path:
    """Keep what stands there, as it stands."""
    if db.path is None:
        return kept_as_backup(tx, ask, halls.listed(tx)[0][1])
    return copy_file(db.path, f"{db.path.stem}{BEFORE_REPAIR}{ask.now:%Y%m%d-%H%M%S}")


def _rest(target: Path, since: Mapping[int, int]) -> dict[tuple[int, str], Event]:
    """Return the events after `since` that a damaged file still tells, by their seq and by the hash of the event
    before."""
    found: dict[tuple[int, str], Event] = {}
    read = dict(since)
    for step in (events.PAGE, 1):  # Of a page of which a part can't be read, the rest one by one.
        for id in since:
            with suppress(OutsideError, *STRANGE), closing_database(target) as db, db.read() as tx:
                while page := events.after(tx, id, read[id], step):
                    found |= {(event.seq, event.prev): event for event in page}
                    read[id] = page[-1].seq
    return found


def _follow(tx: Transaction, id: int, rest: dict[tuple[int, str], Event]) -> None:
    """Append what continues the log, as far as it does so by its hashes."""
    end = next(end for end in halls.ends(tx) if end.id == id)
    book, seq, hash = Book(tx, id), end.seq, end.hash
    while (event := rest.get((seq + 1, hash))) is not None and event.chained(hash).hash == event.hash:
        book.take_over(event)
        seq, hash = event.seq, event.hash
    book.close()


# -- summarises part of a log: number of events, first and last time, tickets issued ---------------------------------

_GIVES = frozenset({"issue", "serve"})


class LogPart(Struct):
    """Consecutive events. `skew_s` is the largest step by which a clock had jumped when one was taken, 0 for none."""

    events: int = 0
    first: datetime | None = None
    last: datetime | None = None
    tickets: list[tuple[date, str]] = field(default_factory=list)
    set_ups: int = 0
    skew_s: int = 0
    timezone: str = ""

    def add(self, event: Event) -> None:
        """Count one more event."""
        self.events += 1
        self.first = self.first or event.at
        self.last = event.at
        if event.kind in _GIVES and event.ticket is not None and event.date is not None:
            self.tickets.append((event.date, event.ticket))
        if event.kind == "set-up":
            self.set_ups += 1
            setup = event.data.get("setup")
            changed = event.data.get("row") if event.data.get("part") == "hall" else None
            hall = setup.get("hall") if isinstance(setup, dict) else changed
            self.timezone = str(hall.get("timezone", self.timezone)) if isinstance(hall, dict) else self.timezone
        skew = event.data.get("skew_s")
        if isinstance(skew, int) and abs(skew) > abs(self.skew_s):
            self.skew_s = skew

    @classmethod
    def of(cls, events: Iterable[Event]) -> LogPart:
        """Return the sums of these events."""
        part = cls()
        for event in events:
            part.add(event)
        return part


MOST_TICKETS = 200
CLOCKS_APART = timedelta(minutes=2)
LONG_GAP = timedelta(hours=24)
SAME, OLDER, NEWER, PARTED, NEW, UNREADABLE = "same", "older", "newer", "parted", "new", "unreadable"
"""How a hall of the file stands to the one here: it is the same; it lacks what came since; it has more; both went on
from one point; there is none here. Besides GONE, a hall here that the file lacks and that would go, OTHER, one whose
code is here that of another log, and `unreadable`, one here that can't be read."""


def restoring(file: Path, target: Path | str, who: Actor) -> Document:
    """Return {"made", "halls"}: for each hall what would be lost here and what would come back. Changes nothing. All
    times are by the hall's own clock.

    Raises RuleError "not_your_role", OutsideError as restore() does for the file.
    """
    who.must("restore")
    with as_backup(file) as path, Backup(path) as backup:
        copies = backup.check()
        zones: list[tzinfo] = []
        found = _against(target, lambda tx: _restoring(tx, backup, copies, zones, is_file=isinstance(target, Path)))
        rows = found or [_row(copy.code, UNREADABLE, LogPart(), LogPart(), UTC) for copy in copies]
        if not zones:
            zones.append(_zone(LogPart.of(backup.events(copies[0].id)).timezone))
        return {"made": backup.made.astimezone(zones[0]).isoformat(), "halls": rows}


def merging(file: Path, target: Path | str, who: Actor, now: datetime) -> Document:
    """Return {"made", "halls"}: of each hall what would come, and what to look at first in "notes". Nothing is changed.

    A note has a "code": "parted" (from which number on both logs differ), "timezone" (here, there), "skew" (the largest
    jump of a clock in what would come), "ahead" (by how much the file's last event lies ahead of this clock), "gap"
    (how long nothing was logged where the part that comes begins). Raises RuleError "not_your_role", OutsideError as
    merge() does for the file.
    """
    who.must("merge")
    with Export(file) as export:
        copies = export.check()
        zones: list[tzinfo] = []
        rows = _against(target, lambda tx: [_merging(tx, export, copy, now, zones) for copy in copies])
        if rows is None:
            rows = [_merging(None, export, copy, now, zones) for copy in copies]
        return {"made": export.made.astimezone(zones[0]).isoformat(), "halls": rows}


def _against(target: Path | str, look: Callable[[Transaction], list[Document]]) -> list[Document] | None:
    """Return what `look` sees in the database at `target`, None where there is none that can be read."""
    try:
        db = Database.open(target)
    except OutsideError as error:
        if error.code not in ("database_missing", "database_damaged"):
            raise
        return None
    try:
        with db.read() as tx:
            return look(tx)
    finally:
        db.dispose()


def _restoring(
    tx: Transaction, backup: Backup, copies: list[HallCopy], zones: list[tzinfo], *, is_file: bool
) -> list[Document]:
    """Return the rows; `zones` takes each hall's, by which people know the time."""
    there = {code: id for id, code in halls.listed(tx)}
    others = apart(backup, copies, tx, is_file=is_file)
    rows = []
    for copy in copies:
        hall = there.pop(copy.code, None)
        lost, back = _apart(tx, hall, backup, copy)
        state = NEW if hall is None else others.get(copy.code) or _STATES[bool(lost.events), bool(back.events)]
        zone = _zone(back.timezone if hall is None else _zone_name(tx, hall))
        zones.append(zone)
        rows.append(_row(copy.code, state, lost, back, zone))
    if is_file:  # It is replaced as a whole.
        for code, hall in there.items():
            zone = _zone(_zone_name(tx, hall))
            rows.append(_row(code, GONE, LogPart.of(events.all_of(tx, hall)), LogPart(), zone))
    return rows


_STATES = {(False, False): SAME, (True, False): OLDER, (False, True): NEWER, (True, True): PARTED}


def _apart(tx: Transaction | None, hall: int | None, pack: Pack, copy: HallCopy) -> tuple[LogPart, LogPart]:
    """Return what only the hall here has, and what only the file has: both logs from where they part on."""
    own = events.all_of(tx, hall) if tx is not None and hall is not None else iter(())
    theirs = pack.events(copy.id)
    here, there = LogPart(), LogPart()
    mine, other = next(own, None), next(theirs, None)
    while mine is not None and other is not None and mine.hash == other.hash:
        mine, other = next(own, None), next(theirs, None)
    for part, first, rest in ((here, mine, own), (there, other, theirs)):
        for event in _and(first, rest):
            part.add(event)
    return here, there


def _and(first: Event | None, rest: Iterator[Event]) -> Iterator[Event]:
    if first is not None:
        yield first
        yield from rest


def _row(code: str, state: str, lost: LogPart, back: LogPart, zone: tzinfo) -> Document:
    return {"hall": code, "state": state, "lost": _part(lost, zone), "back": _part(back, zone)}


def _part(part: LogPart, zone: tzinfo) -> Document:
    def told(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).isoformat()

    days = Counter(day.isoformat() for day, _label in part.tickets)
    return {
        "events": part.events,
        "from": told(part.first),
        "to": told(part.last),
        "days": [{"date": day, "tickets": n} for day, n in sorted(days.items())],
        "tickets": [{"date": day.isoformat(), "ticket": label} for day, label in part.tickets[:MOST_TICKETS]],
        "set_ups": part.set_ups,
    }


def _zone_name(tx: Transaction, hall: int) -> str:
    return halls.setup(tx, halls.load(tx, hall)).hall.timezone


def known_zones(tx: Transaction) -> list[str]:
    """Return the names of the time zones that halls here keep."""
    return sorted({_zone_name(tx, id) for id, _code in halls.listed(tx)})


def zone_notes(known: Sequence[str], there: str) -> list[Document]:
    """Return the note that a hall keeps the time of `there`, where halls here keep another; "" is of no zone."""
    return [{"code": "timezone", "here": list(known), "there": there}] if there and known and there not in known else []


def _zone(name: str) -> tzinfo:
    try:
        return zone_of(name) if name else UTC
    except ValueError:
        return UTC


def _merging(tx: Transaction | None, export: Export, copy: HallCopy, now: datetime, zones: list[tzinfo]) -> Document:
    hall = None if tx is None else export.receiver(tx, copy)
    here, comes = _apart(tx, hall, export, copy)
    state = NEW if hall is None else _STATES[bool(here.events), bool(comes.events)]
    known = known_zones(tx) if tx is not None else []
    own = _zone_name(tx, hall) if tx is not None and hall is not None else comes.timezone
    zone = _zone(own)
    zones.append(zone)
    notes: list[Document] = []
    if state == PARTED:
        notes.append({"code": "parted", "seq": copy.seq - comes.events + 1})
    notes += zone_notes(known, comes.timezone)
    if abs(comes.skew_s) >= CLOCKS_APART.total_seconds():
        notes.append({"code": "skew", "seconds": comes.skew_s})
    if copy.at - now > CLOCKS_APART:
        notes.append({"code": "ahead", "seconds": int((copy.at - now).total_seconds())})
    before = halls.load(tx, hall).now.at if tx is not None and hall is not None else None
    notes += _gap(before, comes.first, zone) if before is not None else _gap(copy.at, now, zone)
    return {"hall": copy.code, "state": state, "comes": _part(comes, zone), "notes": notes}


def _gap(before: datetime, after: datetime | None, zone: tzinfo) -> list[Document]:
    """Return a long time in which neither log has anything: before what comes, or between a new hall's last event and
    now."""
    if after is None or after - before <= LONG_GAP:
        return []
    return [{"code": "gap", "from": before.astimezone(zone).isoformat(), "to": after.astimezone(zone).isoformat()}]


def export(desk: Desk, who: Actor, path: Path, now: datetime) -> Path:
    """Write one hall's log to a file, as of one moment, while work goes on.

    It holds the log's content, and when calls were shown and spoken; no comments, no PINs. Raises RuleError
    "not_your_role", OutsideError "cannot_write".
    """
    who.must("export")
    with desk.db.read() as tx:
        write_export(tx, desk.hall, path, program=__version__, made=now)
    return path


def deciding_hall(file: Path, target: Path | str) -> str:
    """Return the code of the hall whose people may merge `file`: the file's own if it is here, else the first one.

    Raises OutsideError "database_missing" where there is none, and as merge().
    """
    with Export(file) as export:
        copies = export.check()
    db = Database.open(target)
    try:
        with db.read() as tx:
            codes = [code for _id, code in halls.listed(tx)]
    finally:
        db.dispose()
    if not codes:
        raise OutsideError("database_missing", path=db.place)
    return next((copy.code for copy in copies if copy.code in codes), codes[0])


def merge(file: Path, target: Path | str, ask: Ask) -> Document:
    """Add an exported log to the database at `target`, which is made if missing; all of the file or nothing.

    A hall in the answer has "notes", as merging() has them, of another time zone than the halls here keep.
    On a server only the database's owner may do so. Nothing is written into the merged log itself, which stays a copy
    that anyone can check. Raises RuleError "not_your_role", "histories_differ", "id_used", OutsideError "no_such_file",
    "cannot_read", "wrong_kind", "export_damaged", "export_newer", "cannot_write", "nul_in_text" (hall, table, row) for
    a server, and what the database raises.
    """
    ask.who.must("merge")
    with Export(file) as export:
        copies = export.check()
        if is_server(target):
            export.must_suit_servers()
        try:
            db = Database.open(target) if isinstance(target, Path) else database_on(target)
        except OutsideError as error:
            if error.code != "database_missing" or not isinstance(target, Path):
                raise
            return _into_a_new_one(export, copies, target, ask)
        try:
            return _merge(export, copies, db, ask)
        finally:
            db.dispose()


def _into_a_new_one(export: Export, copies: Sequence[HallCopy], target: Path, ask: Ask) -> Document:
    """Build the database beside its place and put it there whole."""
    draft = target.with_name(f".{target.name}.merge-{os.getpid()}")
    forget(draft)
    try:
        db = Database.create(draft)
        try:
            document = _merge(export, copies, db, ask)
        finally:
            db.dispose()
        put_in_place(draft, target, stamp_text=f"{ask.now:%Y%m%d-%H%M%S}")
    except OutsideError as error:
        if error.details.get("path") == str(draft):
            raise OutsideError(error.code, path=str(target)) from error
        raise
    finally:
        forget(draft)
    return document


def _merge(export: Export, copies: Sequence[HallCopy], db: Database, ask: Ask) -> Document:
    told = []
    with db.write() as tx:
        halls.keep_newcomers_out(tx)
        halls.hold(tx, [there for copy in copies if (there := export.receiver(tx, copy)) is not None])
        known = known_zones(tx)
        for copy in copies:
            there = export.receiver(tx, copy)
            if there is not None and ask.command and (kept := events.answer(tx, there, ask.command)):
                if kept[0] != ask.words:
                    raise RuleError("id_used", command=ask.command)
                return kept[1]
            hall, added = export.merge(tx, copy)
            row = halls.load(tx, hall)
            seq, notes = row.now.seq, zone_notes(known, halls.setup(tx, row).hall.timezone) if added else []
            told.append({"hall": copy.code, "added": added, "seq": seq, "new": there is None, "notes": notes})
        document: Document = {"halls": told}
        if ask.command is not None:
            events.keep_answer(tx, hall, ask.command, words=ask.words, seq=seq, document=document)
    return document
