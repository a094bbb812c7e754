"""Shows what a restore or a merge would change, before anything is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

from msgspec import Struct, field

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import Actor
from queuedesk.core.setup.hall import zone_of
from queuedesk.desk.change import Document
from queuedesk.desk.upkeep.maintenance import GONE, apart
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.upkeep.backup_folder import as_backup
from queuedesk.store.upkeep.exchange import Export
from queuedesk.store.upkeep.pack import Backup, HallCopy, Pack

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
            hall = setup.get("hall") if isinstance(setup, dict) else None
            self.timezone = str(hall.get("timezone", "")) if isinstance(hall, dict) else self.timezone
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
