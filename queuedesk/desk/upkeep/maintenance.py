"""Backs up, restores, repairs, exports and merges halls, in files or in a database on a server.

A repair rebuilds tables from the log, or restores a backup. It is planned and shown first, and the former state is kept
as a copy, so that it can be undone. What a restore or a merge would change can be previewed. A log is exported and
merged without changing its chain.
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
from queuedesk.core.log.event import Event, utc_stamp
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.hallday import business_date, hours_on, series_prefixes_of
from queuedesk.core.setup.hall import zone_of
from queuedesk.core.setup.rows import Service
from queuedesk.desk.change import Ask, Change, Desk, Document, begin_change, changes
from queuedesk.desk.setup.setting_up import open_server_database
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

SERIES_STEP = 100
GONE, OTHER = "gone", "other"
T = TypeVar("T")


class LastNumbers(Struct, frozen=True):
    """Today's last number of each series in the replaced hall; without `is_all` more may have been issued."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    is_all: bool = False


class SignedInRestorer(Struct, frozen=True):
    """A person who restores a backup at a station, is identified, and stays signed in afterwards."""

    station: str
    staff: str


def back_up(db: Database, who: Actor, path: Path, now: datetime) -> Path:
    """Write all halls of a database to one file, as of one moment, while work goes on. The file has comments and hashes
    of PINs (not if a PC of a shared hall writes it by its own login); only its owner may read it. Raises RuleError
    "not_your_role", OutsideError "cannot_write"."""
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
    stays: SignedInRestorer | None = None,
    more: Callable[[Transaction], None] | None = None,
) -> Document:
    """Make the database at `target` from a fully checked backup; the present one is kept as a copy. `file` may also be
    a copy of a hall's file, as restores and updates leave, so that a restore can be undone. Each open series goes on at
    the next multiple of 100, because numbers issued after the backup are on customers' tickets. `stays` is signed in
    again where the hall has that person; `more` adds later events before the hall goes on. Raises RuleError
    "not_your_role", "needs_yes" unless `replace`, "other_hall" (halls) where a hall that the file lacks would be lost,
    unless `other_hall`, OutsideError "no_such_file", "cannot_read", "wrong_kind", "backup_damaged", "backup_newer",
    "cannot_write", "database_full". A refusal leaves `target` as it was."""
    ask.who.must("restore")
    _require_other_file(file, target)
    draft = target.with_name(f".{target.name}.restore-{os.getpid()}")
    with as_backup(file) as path, Backup(path) as backup:
        copies = backup.check()
        if target.exists() and not replace:
            raise RuleError("needs_yes", kind="hall", code=copies[0].code, path=str(target))
        if not other_hall:
            looked_at(target, lambda tx: require_same_halls(backup, copies, tx, is_file=True))
        given_of = {copy.code: _numbers_given_at(target, copy, ask.now) for copy in copies}
        forget(draft)
        try:
            db = Database.create(draft)
            with db.write() as tx:
                for copy in copies:
                    backup.load(tx, copy)
                if more is not None:
                    more(tx)
            made = utc_stamp(backup.made)
            documents = [
                _go_on_at_desk(Desk(db, copy.id), ask, made=made, copy=copy, given=given_of[copy.code], stays=stays)
                for copy in copies
            ]
            db.dispose()
            copy_path = put_in_place(draft, target, stamp_text=f"{ask.now:%Y%m%d-%H%M%S}")
        except OutsideError as error:
            if error.details.get("path") == str(draft):
                raise OutsideError(error.code, path=str(target)) from error
            raise
        finally:
            forget(draft)
    lacks = {"without": backup.without} if backup.without else {}
    return {"database": str(target), "copy": str(copy_path) if copy_path else None, "halls": documents} | lacks


def _require_other_file(file: Path, target: Path) -> None:
    """Refuse to restore a hall from the file in which it works. Raises OutsideError "wrong_kind"."""
    with suppress(OSError):
        if file.samefile(target):
            raise OutsideError("wrong_kind", path=str(file), wanted="backup")


def require_same_halls(backup: Backup, copies: Sequence[HallCopy], tx: Transaction, *, is_file: bool) -> None:
    """Check that no hall here would be replaced by another. Raises RuleError "other_hall" (path, halls)."""
    gone = [code for code, state in apart(backup, copies, tx, is_file=is_file).items() if state in (GONE, OTHER)]
    if gone:
        raise RuleError("other_hall", path=str(backup.path), halls=gone)


def apart(backup: Backup, copies: Sequence[HallCopy], tx: Transaction, *, is_file: bool) -> dict[str, str]:
    """Return, by code, the halls here that the backup does not continue: GONE if missing there, OTHER if its hall of
    that code has another log. A file is replaced as a whole; on a server halls that the backup lacks stay."""
    by_code = {copy.code: copy for copy in copies}
    states = {}
    for code, id in {code: id for id, code in halls.listed(tx)}.items():
        if code not in by_code:
            if is_file:
                states[code] = GONE
            continue
        ours, theirs = events.after(tx, id, 0, 1), next(backup.events(by_code[code].id), None)
        if ours and theirs is not None and ours[0].hash != theirs.hash:
            states[code] = OTHER
    return states


def record_restore(
    change: Change, *, made: str, copy: HallCopy, given: LastNumbers, stays: SignedInRestorer | None = None
) -> Document:
    """Record in the log that it was restored, and the number from which each series goes on; `given` are today's last
    numbers before."""
    series = {}
    for service in change.setup.services.values():
        for prefix in series_prefixes_of(service):
            first = _next_number(change, service, prefix, given)
            if first is not None:
                series[prefix] = first - 1
    change.record("restore", series=series, backup=made, lost_since=utc_stamp(copy.at))
    if stays is not None and stays.staff in change.setup.staff:
        change.record("sign-in", staff=stays.staff, station=stays.station)
    return {
        "hall": copy.code,
        "lost_since": change.setup.local(copy.at).isoformat(),
        "series": {prefix: last + 1 for prefix, last in series.items()},
    }


_go_on_at_desk = changes("restore")(record_restore)


def _next_number(change: Change, service: Service, prefix: str, given: LastNumbers) -> int | None:
    """Return the number with which a series goes on; None where it begins as usual, or has no room."""
    last = change.book.last_number(change.date, prefix)
    if prefix in given.numbers:
        last = max(last or 0, given.numbers[prefix])
    if last is None and not given.is_all and _has_service_opened(change, service):
        last = service.first  # The numbers issued since the backup are unknown.
    if last is None:
        return None
    number = (last // SERIES_STEP + 1) * SERIES_STEP
    return number if number <= service.last else last + 1


def _has_service_opened(change: Change, service: Service) -> bool:
    local = change.setup.local(change.now)
    spans = hours_on(change.setup, service, local.date())
    return any(start <= local.hour * 60 + local.minute for start, _end in spans)


def _numbers_given_at(target: Path, copy: HallCopy, now: datetime) -> LastNumbers:
    """Return today's last numbers in the database to be replaced."""
    return looked_at(target, lambda tx: numbers_given(tx, copy, now)) or LastNumbers()


def looked_at(target: Path, look: Callable[[Transaction], T]) -> T | None:
    """Return the result of `look` in the database to be replaced, None where it can't be read."""
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
    series = tickets.all_series(tx, row.id, day)
    return LastNumbers({prefix: number for (_day, prefix), number in series.items()}, is_all=goes_on)


def forget(draft: Path) -> None:
    """Delete an unfinished database with its journals."""
    for path in (draft, *hall_file.journals_of(draft)):
        with suppress(OSError):
            path.unlink(missing_ok=True)


# -- restores a backup into a database on a server, beside other halls and while PCs are connected -------------------


def restore_on_server(
    file: Path, url: str, ask: Ask, *, replace: bool, other_hall: bool = False, stays: SignedInRestorer | None = None
) -> Document:
    """Restore the halls of a fully checked backup into the database at `url`, in one transaction; its other halls stay.
    The present state is kept as a backup in this user's backups/. Each open series goes on as in restore(), and all
    stations reload. Only for the database's owner. Raises as restore(), and OutsideError "not_this_pc", "nul_in_text"
    (hall, table, row)."""
    ask.who.must("restore")
    with as_backup(file) as path, Backup(path) as backup:
        copies = backup.check()
        backup.must_suit_servers()
        db = open_server_database(url)
        try:
            with db.write() as tx:
                halls.keep_newcomers_out(tx)
                ids = {code: id for id, code in halls.listed(tx)}
                replaced = [ids[copy.code] for copy in copies if copy.code in ids]
                if replaced and not replace:
                    raise RuleError("needs_yes", kind="hall", code=copies[0].code, path=db.place)
                if not other_hall:
                    require_same_halls(backup, copies, tx, is_file=False)
                halls.hold(tx, replaced)
                copy_path = write_present_backup(tx, ask, copies[0].code) if ids else None
                given_of = {copy.code: numbers_given(tx, copy, ask.now) for copy in copies}
                with grants.rewriting(tx):
                    for copy in copies:
                        if copy.code not in ids:
                            ids[copy.code] = max(ids.values(), default=0) + 1
                            halls.create(tx, ids[copy.code], copy.code)
                        backup.put_back(tx, copy, ids[copy.code])
                events.begin_epoch(tx)
                documents = []
                for copy in copies:
                    change = begin_change(tx, Desk(db, ids[copy.code]), ask)
                    given = given_of[copy.code]
                    documents.append(
                        record_restore(change, made=utc_stamp(backup.made), copy=copy, given=given, stays=stays)
                    )
                    change.book.close()
        finally:
            db.dispose()
    lacks = {"without": backup.without} if backup.without else {}
    return {"database": db.place, "copy": str(copy_path) if copy_path else None, "halls": documents} | lacks


def write_present_backup(tx: Transaction, ask: Ask, code: str) -> Path:
    """Write the whole database as a backup under a new name."""
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
LOG_CHECKS = frozenset({"integrity", "chain", "halls"})
"""Checks whose failure means that the log itself is not reliable."""
UNREPAIRABLE = ("beside",)


class Plan(Struct, frozen=True, kw_only=True):
    """What a repair would do: rebuild the tables of these halls, or restore everything from a backup. `left` are the
    findings that it can't repair."""

    rebuilt: Sequence[str] = ()
    from_backup: bool = False
    left: Sequence[Finding] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rebuilt or self.from_backup)


def plan(target: str | Path) -> Plan:
    """Examine the database at `target` and plan its repair. Raises OutsideError, except for a damaged one."""
    try:
        db = Database.open(target)
    except OutsideError as error:
        if error.code != "database_damaged":
            raise
        return Plan(from_backup=True)
    try:
        findings = [finding for finding in examine(db) if finding.status == FAILED]
        left = [finding for finding in findings if finding.name in UNREPAIRABLE]
        if any(finding.name in LOG_CHECKS for finding in findings):
            return Plan(from_backup=True, left=left)
        rebuilt = [finding.hall for finding in findings if finding.name == "tables" and finding.hall is not None]
        return Plan(rebuilt=rebuilt, left=left)
    finally:
        db.dispose()


def repair_from_log(target: str | Path, ask: Ask) -> Document:
    """Rebuild tables from the log, in one transaction. Raises RuleError "not_your_role", OutsideError "not_mended"
    where that would not repair it (then nothing is changed), "cannot_write" and what the database raises."""
    ask.who.must("restore")
    repair = plan(target)
    with closing_database(target) as db, db.write() as tx, grants.rewriting(tx):
        halls.hold(tx, [id for id, _code in halls.listed(tx)])
        path = _keep_copy(tx, db, ask)
        for id, code in halls.listed(tx):
            if code in repair.rebuilt:
                snapshot.rebuild(tx, id)
        halls.forget_setups()
        for id, code in halls.listed(tx):
            if any(finding.status == FAILED and finding.name not in UNREPAIRABLE for finding in of_hall(tx, id, code)):
                raise OutsideError("not_mended", path=db.place)
        events.begin_epoch(tx)
    return {"database": str(db.place), "copy": str(path), "rebuilt": list(repair.rebuilt)}


def repair_from_backup(
    backup: Path, target: Path, ask: Ask, *, export: Path | None = None, stays: SignedInRestorer | None = None
) -> Document:
    """Rebuild the hall's file from a backup, then from a later export, then from readable events of the damaged file.
    Numbers go on as in restore(). Raises as restore(), and as merge() for the export."""

    def more(tx: Transaction) -> None:
        if export is not None:
            with Export(export) as later:
                for copy in later.check():
                    if later.receiver(tx, copy) is not None:
                        later.merge(tx, copy)
        ends = {end.id: end.seq for end in halls.ends(tx)}
        rest = _readable_events_after(target, ends)
        for id in ends:
            _append_continuation(tx, id, rest)

    document = restore(backup, target, ask, replace=True, stays=stays, more=more)
    return document | {"backup": str(backup)}


def newest_backup(target: Path) -> Path | None:
    """Return the newest readable backup in the hall's own folder, None without one."""
    backups, folder = [], target.parent / BACKUPS
    with suppress(OSError):
        for place in (folder, *(inner for inner in folder.iterdir() if inner.is_dir())):
            with suppress(QueueDeskError):
                backups += [(file.made, file.path) for file in found_in(place)]
    return max(backups)[1] if backups else None


@contextmanager
def closing_database(target: str | Path) -> Iterator[Database]:
    """Open a database and close it at the end. Raises OutsideError."""
    db = Database.open(target)
    try:
        yield db
    finally:
        db.dispose()


def _keep_copy(tx: Transaction, db: Database, ask: Ask) -> Path:
    """Copy the database before its repair."""
    if db.path is None:
        return write_present_backup(tx, ask, halls.listed(tx)[0][1])
    return copy_file(db.path, f"{db.path.stem}{BEFORE_REPAIR}{ask.now:%Y%m%d-%H%M%S}")


def _readable_events_after(target: Path, since: Mapping[int, int]) -> dict[tuple[int, str], Event]:
    """Return the readable events of a damaged file after `since`, by seq and previous hash."""
    readable: dict[tuple[int, str], Event] = {}
    read_to = dict(since)
    for step in (events.PAGE, 1):  # After an unreadable page, single events.
        for id in since:
            with suppress(OutsideError, *STRANGE), closing_database(target) as db, db.read() as tx:
                while page := events.after(tx, id, read_to[id], step):
                    readable |= {(event.seq, event.prev): event for event in page}
                    read_to[id] = page[-1].seq
    return readable


def _append_continuation(tx: Transaction, id: int, rest: dict[tuple[int, str], Event]) -> None:
    """Append the events that continue the log's chain of hashes."""
    end = next(end for end in halls.ends(tx) if end.id == id)
    book, seq, hash = Book(tx, id), end.seq, end.hash
    while (event := rest.get((seq + 1, hash))) is not None and event.chained(hash).hash == event.hash:
        book.take_over(event)
        seq, hash = event.seq, event.hash
    book.close()


# -- summarises part of a log: number of events, first and last time, tickets issued ---------------------------------

_TICKET_KINDS = frozenset({"issue", "serve"})


class LogPart(Struct):
    """Sums of consecutive events. `skew_s` is the largest jump of a clock among them, 0 for none."""

    events: int = 0
    first: datetime | None = None
    last: datetime | None = None
    tickets: list[tuple[date, str]] = field(default_factory=list)
    set_ups: int = 0
    skew_s: int = 0
    timezone: str = ""

    def add(self, event: Event) -> None:
        self.events += 1
        self.first = self.first or event.at
        self.last = event.at
        if event.kind in _TICKET_KINDS and event.ticket is not None and event.date is not None:
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
        part = cls()
        for event in events:
            part.add(event)
        return part


MOST_TICKETS = 200
CLOCKS_APART = timedelta(minutes=2)
LONG_GAP = timedelta(hours=24)
SAME, OLDER, NEWER, PARTED, NEW, UNREADABLE = "same", "older", "newer", "parted", "new", "unreadable"
"""States of a hall in the file: the same as here; older; newer; both continued separately; none here; the one here is
unreadable. Also GONE, a hall here that the file lacks and that would be lost, and OTHER, a hall whose code has another
log here."""


def restoring(file: Path, target: Path | str, who: Actor) -> Document:
    """Return {"made", "halls"}: for each hall what a restore would lose and bring back. Changes nothing. All times are
    on the hall's own clock. Raises RuleError "not_your_role", OutsideError as restore() for the file."""
    who.must("restore")
    with as_backup(file) as path, Backup(path) as backup:
        copies = backup.check()
        zones: list[tzinfo] = []
        found = _read_database(
            target, lambda tx: _rows_of_restore(tx, backup, copies, zones, is_file=isinstance(target, Path))
        )
        rows = found or [_preview_row(copy.code, UNREADABLE, LogPart(), LogPart(), UTC) for copy in copies]
        if not zones:
            zones.append(_zone_or_utc(LogPart.of(backup.events(copies[0].id)).timezone))
        return {"made": backup.made.astimezone(zones[0]).isoformat(), "halls": rows}


def merging(file: Path, target: Path | str, who: Actor, now: datetime) -> Document:
    """Return {"made", "halls"}: for each hall what a merge would add, with "notes" to check first. Changes nothing. A
    note has a "code": "parted" (the number from which both logs differ), "timezone" (here, there), "skew" (the largest
    jump of a clock in the added part), "ahead" (by how much the file's last event is ahead of this clock), "gap" (how
    long nothing was logged before the added part). Raises RuleError "not_your_role", OutsideError as merge() for the
    file."""
    who.must("merge")
    with Export(file) as export:
        copies = export.check()
        zones: list[tzinfo] = []
        rows = _read_database(target, lambda tx: [_row_of_merge(tx, export, copy, now, zones) for copy in copies])
        if rows is None:
            rows = [_row_of_merge(None, export, copy, now, zones) for copy in copies]
        return {"made": export.made.astimezone(zones[0]).isoformat(), "halls": rows}


def _read_database(target: Path | str, look: Callable[[Transaction], list[Document]]) -> list[Document] | None:
    """Return the result of `look` in the database at `target`, None where there is no readable one."""
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


def _rows_of_restore(
    tx: Transaction, backup: Backup, copies: list[HallCopy], zones: list[tzinfo], *, is_file: bool
) -> list[Document]:
    """Return the rows; each hall's time zone is added to `zones`."""
    there = {code: id for id, code in halls.listed(tx)}
    others = apart(backup, copies, tx, is_file=is_file)
    rows = []
    for copy in copies:
        hall = there.pop(copy.code, None)
        lost, back = _parts_after_split(tx, hall, backup, copy)
        state = (
            NEW if hall is None else others.get(copy.code) or _STATE_OF_DIFFERENCE[bool(lost.events), bool(back.events)]
        )
        zone = _zone_or_utc(back.timezone if hall is None else _zone_name_of(tx, hall))
        zones.append(zone)
        rows.append(_preview_row(copy.code, state, lost, back, zone))
    if is_file:  # It is replaced as a whole.
        for code, hall in there.items():
            zone = _zone_or_utc(_zone_name_of(tx, hall))
            rows.append(_preview_row(code, GONE, LogPart.of(events.all_of(tx, hall)), LogPart(), zone))
    return rows


_STATE_OF_DIFFERENCE = {(False, False): SAME, (True, False): OLDER, (False, True): NEWER, (True, True): PARTED}


def _parts_after_split(tx: Transaction | None, hall: int | None, pack: Pack, copy: HallCopy) -> tuple[LogPart, LogPart]:
    """Return the part of both logs after their common beginning: only here, only in the file."""
    own = events.all_of(tx, hall) if tx is not None and hall is not None else iter(())
    theirs = pack.events(copy.id)
    here, there = LogPart(), LogPart()
    mine, other = next(own, None), next(theirs, None)
    while mine is not None and other is not None and mine.hash == other.hash:
        mine, other = next(own, None), next(theirs, None)
    for part, first, rest in ((here, mine, own), (there, other, theirs)):
        for event in _chain_events(first, rest):
            part.add(event)
    return here, there


def _chain_events(first: Event | None, rest: Iterator[Event]) -> Iterator[Event]:
    if first is not None:
        yield first
        yield from rest


def _preview_row(code: str, state: str, lost: LogPart, back: LogPart, zone: tzinfo) -> Document:
    return {"hall": code, "state": state, "lost": _part_document(lost, zone), "back": _part_document(back, zone)}


def _part_document(part: LogPart, zone: tzinfo) -> Document:
    def iso_or_none(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).isoformat()

    days = Counter(day.isoformat() for day, _label in part.tickets)
    return {
        "events": part.events,
        "from": iso_or_none(part.first),
        "to": iso_or_none(part.last),
        "days": [{"date": day, "tickets": n} for day, n in sorted(days.items())],
        "tickets": [{"date": day.isoformat(), "ticket": label} for day, label in part.tickets[:MOST_TICKETS]],
        "set_ups": part.set_ups,
    }


def _zone_name_of(tx: Transaction, hall: int) -> str:
    return halls.setup(tx, halls.load(tx, hall)).hall.timezone


def known_zones(tx: Transaction) -> list[str]:
    return sorted({_zone_name_of(tx, id) for id, _code in halls.listed(tx)})


def zone_notes(known: Sequence[str], there: str) -> list[Document]:
    """Return the note that a hall has the time zone `there`, if halls here have others; "" is no zone."""
    return [{"code": "timezone", "here": list(known), "there": there}] if there and known and there not in known else []


def _zone_or_utc(name: str) -> tzinfo:
    try:
        return zone_of(name) if name else UTC
    except ValueError:
        return UTC


def _row_of_merge(
    tx: Transaction | None, export: Export, copy: HallCopy, now: datetime, zones: list[tzinfo]
) -> Document:
    hall = None if tx is None else export.receiver(tx, copy)
    here, comes = _parts_after_split(tx, hall, export, copy)
    state = NEW if hall is None else _STATE_OF_DIFFERENCE[bool(here.events), bool(comes.events)]
    known = known_zones(tx) if tx is not None else []
    own = _zone_name_of(tx, hall) if tx is not None and hall is not None else comes.timezone
    zone = _zone_or_utc(own)
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
    notes += _gap_notes(before, comes.first, zone) if before is not None else _gap_notes(copy.at, now, zone)
    return {"hall": copy.code, "state": state, "comes": _part_document(comes, zone), "notes": notes}


def _gap_notes(before: datetime, after: datetime | None, zone: tzinfo) -> list[Document]:
    """Return the note on a gap in both logs: before the added part, or between a new hall's last event and now."""
    if after is None or after - before <= LONG_GAP:
        return []
    return [{"code": "gap", "from": before.astimezone(zone).isoformat(), "to": after.astimezone(zone).isoformat()}]


def export(desk: Desk, who: Actor, path: Path, now: datetime) -> Path:
    """Write one hall's log to a file, as of one moment, while work goes on. It has the log, and when calls were shown
    and spoken; no comments, no PINs. Raises RuleError "not_your_role", OutsideError "cannot_write"."""
    who.must("export")
    with desk.db.read() as tx:
        write_export(tx, desk.hall, path, program=__version__, made=now)
    return path


def deciding_hall(file: Path, target: Path | str) -> str:
    """Return the code of the hall whose staff may merge `file`: the file's own if it is here, else the first one.
    Raises OutsideError "database_missing" without a hall, and as merge()."""
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
    """Add an exported log to the database at `target`, which is created if missing; all of the file or nothing. A hall
    in the answer has "notes", as in merging(), on other time zones than those here. On a server only the database's
    owner may do so. Nothing is added to the merged log, which stays a copy that can be verified. Raises RuleError
    "not_your_role", "histories_differ", "id_used", OutsideError "no_such_file", "cannot_read", "wrong_kind",
    "export_damaged", "export_newer", "cannot_write", "nul_in_text" (hall, table, row) for a server, and what the
    database raises."""
    ask.who.must("merge")
    with Export(file) as export:
        copies = export.check()
        if is_server(target):
            export.must_suit_servers()
        try:
            db = Database.open(target) if isinstance(target, Path) else open_server_database(target)
        except OutsideError as error:
            if error.code != "database_missing" or not isinstance(target, Path):
                raise
            return _merge_into_new(export, copies, target, ask)
        try:
            return _merge_into(export, copies, db, ask)
        finally:
            db.dispose()


def _merge_into_new(export: Export, copies: Sequence[HallCopy], target: Path, ask: Ask) -> Document:
    """Build the database under another name and move it into place."""
    draft = target.with_name(f".{target.name}.merge-{os.getpid()}")
    forget(draft)
    try:
        db = Database.create(draft)
        try:
            document = _merge_into(export, copies, db, ask)
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


def _merge_into(export: Export, copies: Sequence[HallCopy], db: Database, ask: Ask) -> Document:
    documents = []
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
            documents.append({"hall": copy.code, "added": added, "seq": seq, "new": there is None, "notes": notes})
        document: Document = {"halls": documents}
        if ask.command is not None:
            events.keep_answer(tx, hall, ask.command, words=ask.words, seq=seq, document=document)
    return document
