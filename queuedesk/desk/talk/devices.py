"""Takes reports of the hall's equipment: start, stop, failure, recovery, missing signs of life.

Simulated halls have no equipment: nothing is written there but what their own day tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from queuedesk.core.log.event import Event
from queuedesk.core.log.pc_clock import Reading
from queuedesk.core.log.state import DEVICES, SHIFTS
from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import (
    DOWN,
    LOST,
    SPEAKING,
    STATIONS,
    STOPPED,
    UP,
    VOICE,
    WITH_STATION,
    Device,
    Key,
    in_use_now,
)
from queuedesk.core.talk.screen import apart, at_pc
from queuedesk.desk.change import Ask, Change, Desk, Document, changes, doubt_now, iso, said
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import halls, part_tables, sharing

BEAT_S = 30
"""How often a station gives a sign of life."""
LOST_AFTER = timedelta(seconds=3 * BEAT_S)
"""A station that works has been seen thrice in this time; a busy disk may cost it one."""


def started(desk: Desk, ask: Ask, device: str, station: str, died: str | None = None) -> None:
    """Write that a station starts work; if it vanished before unnoticed, it went down at its last sign of life.

    Raises OutsideError. `died` is why it vanished ("crashed", "hung"), if known.
    """
    if _has_equipment(desk):
        _start(desk, ask, device, station, died)


def beat(desk: Desk, ask: Ask, device: str, station: str) -> None:
    """Store a station's sign of life; one that was considered lost is up again, which is written. Raises OutsideError,
    RuleError "clock_ahead"."""
    key = (device, station)
    with desk.db.write(desk.hall) as tx:
        if _is_simulated(tx, desk.hall):
            return
        known = part_tables.find(tx, desk.hall, DEVICES, key)
        if known is not None and known.is_up:
            if doubt_now(tx, desk, ask) is not None:
                return  # A sign of life bears witness to its time; this one's is doubtful itself.
            sharing.beat(tx, desk.hall, key, said(tx, ask))
            return
    _start(desk, ask, device, station)


def stopped(desk: Desk, ask: Ask, device: str, station: str) -> None:
    """Write that somebody ended a station, and expect no more signs of life from it. Raises OutsideError."""
    if _has_equipment(desk):
        _stop(desk, ask, device, station)


def stopped_at(desk: Desk, now: datetime, pc: str) -> None:
    """Write that everything at the PC of that name has stopped, because the PC was withdrawn. Raises OutsideError."""
    named = apart(at_pc("", pc))[1]
    with desk.db.read() as tx:
        own = [day for day in part_tables.of_days(tx, desk.hall, DEVICES).values() if apart(day.station)[1] == named]
    if any(_counts(device) for device in own):
        _stop_all(desk, Ask(HALL, now, reading=Reading(now)), [device.key for device in own])


def report(
    desk: Desk, ask: Ask, device: str, station: str, cause: str | None, *, since: datetime | None = None
) -> bool:
    """Write that a printer or voice failed because of `cause`, or works (None), unless that is known or the hall's
    calls are not spoken; return whether it was written. `since` is when it happened, if that was earlier. Raises
    OutsideError."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        is_invented = setup.hall.simulated and not ask.recorded
        is_unspoken = device in SPEAKING and not setup.voice.spoken
        if is_invented or is_unspoken or _is_so(part_tables.find(tx, desk.hall, DEVICES, (device, station)), cause):
            return False
    _report(desk, ask, device, station, cause, since)
    return True


def find_lost(desk: Desk, ask: Ask) -> Document:
    """Write which stations give no more signs of life: a chore for every station. It reads first, without the hall's
    lock, and writes only if there is one; when two stations try, the second finds nothing to do."""
    with desk.db.read() as tx:
        now = said(tx, ask)
        if _is_simulated(tx, desk.hall) or not (_lost(tx, desk.hall, now) or _unseen(tx, desk.hall)):
            return {"lost": []}
    return _find_lost(desk, ask)


def is_down(desk: Desk, device: str, station: str) -> bool:
    """Return whether a device is known to be down."""
    with desk.db.read() as tx:
        known = part_tables.find(tx, desk.hall, DEVICES, (device, station))
    return known is not None and not known.is_up


def device_rows(desk: Desk) -> list[Document]:
    """Return every device that ever reported, as it is now, by the name it goes by now."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        known = part_tables.of_days(tx, desk.hall, DEVICES)
    return [device_document(setup, device) for device in in_use_now(known)]


def of_all_halls(db: Database) -> list[tuple[str, list[Device]]]:
    """Return the code and the devices of every hall in a database."""
    with db.read() as tx:
        return [(code, list(part_tables.of_days(tx, id, DEVICES).values())) for id, code in halls.listed(tx)]


def device_document(setup: Setup, one: Device) -> Document:
    return {
        "device": one.device,
        "station": one.station,
        "state": one.state,
        "since": iso(setup, one.since),
        "cause": one.cause,
    }


@changes("device")
def _start(change: Change, device: str, station: str, died: str | None = None) -> Document:
    key = (device, station)
    seen = sharing.last_beats(change.tx, change.book.id).get(key)
    if seen is not None and _is_up(_find(change, key)):
        _go_down(change, key, died or LOST, seen)
    if not _is_up(_find(change, key)):
        _put_off(change, _former_keys(change, station))
        _write(change, key, None)
    voice = _voice_of(change, key)
    if voice is not None and voice.cause in WITH_STATION and change.setup.voice.spoken:
        _write(change, voice.key, None)
    sharing.beat(change.tx, change.book.id, key, change.said)
    return {}


@changes("device")
def _stop(change: Change, device: str, station: str) -> Document:
    key = (device, station)
    sharing.forget_beat(change.tx, change.book.id, key)
    if _is_up(_find(change, key)):
        _go_down(change, key, STOPPED, change.now)
    return {}


@changes("device")
def _stop_all(change: Change, keys: Iterable[Key]) -> Document:
    _put_off(change, keys)
    return {}


@changes("device")
def _report(change: Change, device: str, station: str, cause: str | None, since: datetime | None) -> Document:
    known = _find(change, (device, station))
    if not _is_so(known, cause):
        _put_off(change, _former_keys(change, station, device))
        # Two outages told of late must not lie over each other: their minutes would count twice.
        began = max(since, known.since) if since is not None and known is not None else since
        _write(change, (device, station), cause, began)
    return {}


@changes("device")
def _find_lost(change: Change) -> Document:
    now = change.said
    for key in _unseen(change.tx, change.book.id):
        sharing.beat(change.tx, change.book.id, key, now)
    lost = _lost(change.tx, change.book.id, now)
    for key, seen in lost:
        sharing.forget_beat(change.tx, change.book.id, key)
        _go_down(change, key, LOST, seen)
    return {"lost": [list(key) for key, _seen in lost]}


def _lost(tx: Transaction, hall: int, now: datetime) -> list[tuple[Key, datetime]]:
    """Return the stations whose signs of life have ceased, each with its last."""
    beats = sharing.last_beats(tx, hall)
    late = [(key, seen) for key, seen in beats.items() if now - seen >= LOST_AFTER]
    if not late:
        return []
    known = part_tables.of_days(tx, hall, DEVICES)
    return sorted((key, seen) for key, seen in late if key in known and known[key].is_up)


def _unseen(tx: Transaction, hall: int) -> list[Key]:
    """Return the stations that are up by the log and never gave a sign of life here: the log came from a backup or
    another database."""
    beats = sharing.last_beats(tx, hall)
    return [
        key
        for key, day in part_tables.of_days(tx, hall, DEVICES).items()
        if key[0] in STATIONS and day.is_up and key not in beats
    ]


def _former_keys(change: Change, station: str, device: str | None = None) -> list[Key]:
    """Return what goes by a station's name without its PC's, of one kind if named: so it was called before several PCs
    shared the hall."""
    bare, pc = apart(station)
    known = part_tables.of_days(change.tx, change.book.id, DEVICES) if pc else ()
    return [key for key in known if key[1] == bare and device in (None, key[0])]


def _put_off(change: Change, keys: Iterable[Key]) -> None:
    """Write that devices are out of use, of those that somebody would still be told of."""
    for key in keys:
        sharing.forget_beat(change.tx, change.book.id, key)
        device = _find(change, key)
        if device is not None and _counts(device):
            _write(change, key, STOPPED)


def rest_voices(change: Change) -> None:
    """Write as part of another change that what speaks is out of use: the hall's calls are only shown from now on."""
    known = part_tables.of_days(change.tx, change.book.id, DEVICES)
    _put_off(change, [key for key in known if key[0] in SPEAKING])


def _counts(one: Device) -> bool:
    """Whether a device works, or is missed where it does not."""
    return one.is_up or one.cause != STOPPED


def _go_down(change: Change, key: Key, cause: str, time: datetime) -> None:
    """Write that a station is down since `time`, and its voice with it."""
    voice = _voice_of(change, key)
    for one in (key, voice.key) if voice is not None and voice.is_up else (key,):
        _write(change, one, cause, min(time, change.now))


def _voice_of(change: Change, key: Key) -> Device | None:
    """Return the voice that speaks in a station's process, None if it never spoke."""
    return _find(change, (VOICE, key[1])) if key[0] in STATIONS else None


def _write(change: Change, key: Key, cause: str | None, time: datetime | None = None) -> None:
    """Append the event of a device that is up (no cause) or down, since `time` where that is not now.

    What was noticed later belongs to the date on which it happened only if the hall was still open then: nothing
    changes for one that was over when its PCs were switched off.
    """
    day = change.date
    if time is None:
        time = change.now
    else:
        its_day = business_date(change.setup, time)
        shifts = part_tables.of_days(change.tx, change.book.id, SHIFTS, its_day, its_day).values()
        if any(shift.closed is None or shift.closed > time for shift in shifts):
            day = its_day
    data: dict[str, object] = {
        "device": key[0],
        "station": key[1],
        "state": UP if cause is None else DOWN,
        "cause": cause,
        "date": day.isoformat(),
    }
    if change.skew_s:
        data["skew_s"] = change.skew_s
    change.book.record(
        Event(
            seq=change.book.hall().seq + 1,
            at=change.now,
            time=time,
            kind="device",
            actor=HALL.name if cause == LOST else change.who.name,
            data=data,
        )
    )


def _find(change: Change, key: Key) -> Device | None:
    return change.book.find(DEVICES, key)


def _is_up(known: Device | None) -> bool:
    return known is not None and known.is_up


def _is_so(known: Device | None, cause: str | None) -> bool:
    return known is not None and known.is_up == (cause is None) and known.cause == cause


def _has_equipment(desk: Desk) -> bool:
    with desk.db.read() as tx:
        return not _is_simulated(tx, desk.hall)


def _is_simulated(tx: Transaction, hall: int) -> bool:
    return halls.setup(tx, halls.load(tx, hall)).hall.simulated
