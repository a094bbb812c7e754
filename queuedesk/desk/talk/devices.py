"""Records the state of the hall's equipment: start, stop, failure, recovery, missing signs of life.

Simulated halls have no equipment: only events of their scripted day are recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from queuedesk.core.log.event import Event
from queuedesk.core.log.pc_clock import ClockReading
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
from queuedesk.core.talk.screen import apart, name_at_pc
from queuedesk.desk.change import Ask, Change, Desk, Document, changes, doubt_of_request, iso_local, said
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import halls, part_tables, sharing

BEAT_S = 30
"""Interval of a station's signs of life."""
LOST_AFTER = timedelta(seconds=3 * BEAT_S)
"""A working station gives three signs in this time; a busy disk may delay one."""


def started(desk: Desk, ask: Ask, device: str, station: str, died: str | None = None) -> None:
    """Record that a station starts. If it vanished before without a record, it went down at its last sign of life.
    Raises OutsideError. `died` is why it vanished ("crashed", "hung"), if known."""
    if _has_equipment(desk):
        _record_start(desk, ask, device, station, died)


def beat(desk: Desk, ask: Ask, device: str, station: str) -> None:
    """Store a station's sign of life; a station recorded as lost is recorded as up again. Raises OutsideError,
    RuleError "clock_ahead"."""
    key = (device, station)
    with desk.db.write(desk.hall) as tx:
        if _is_simulated(tx, desk.hall):
            return
        stored = part_tables.find(tx, desk.hall, DEVICES, key)
        if stored is not None and stored.is_up:
            if doubt_of_request(tx, desk, ask) is not None:
                return  # A sign of life confirms the time, which is doubtful here.
            sharing.beat(tx, desk.hall, key, said(tx, ask))
            return
    _record_start(desk, ask, device, station)


def stopped(desk: Desk, ask: Ask, device: str, station: str) -> None:
    """Record that a person closed a station, and expect no more signs of life. Raises OutsideError."""
    if _has_equipment(desk):
        _record_station_stop(desk, ask, device, station)


def record_pc_stopped(desk: Desk, now: datetime, pc: str) -> None:
    """Record that all devices at a withdrawn PC have stopped. Raises OutsideError."""
    pc_name = apart(name_at_pc("", pc))[1]
    with desk.db.read() as tx:
        all_devices = part_tables.of_days(tx, desk.hall, DEVICES).values()
    own = [device for device in all_devices if apart(device.station)[1] == pc_name]
    if any(_is_in_service(device) for device in own):
        _mark_all_stopped(desk, Ask(HALL, now, reading=ClockReading(now)), [device.key for device in own])


def report(
    desk: Desk, ask: Ask, device: str, station: str, cause: str | None, *, since: datetime | None = None
) -> bool:
    """Record that a printer or voice failed because of `cause`, or works (None), unless that is known or the hall's
    calls are not spoken; return whether it was recorded. `since` is when it happened, if earlier. Raises
    OutsideError."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        is_invented = setup.hall.simulated and not ask.recorded
        is_unspoken = device in SPEAKING and not setup.voice.spoken
        if is_invented or is_unspoken or _has_state(part_tables.find(tx, desk.hall, DEVICES, (device, station)), cause):
            return False
    _record_report(desk, ask, device, station, cause, since)
    return True


def record_lost_stations(desk: Desk, ask: Ask) -> Document:
    """Record stations without signs of life; every station does so regularly. It reads first, without the hall's lock,
    and writes only if there is one; of two stations that try, the second finds none."""
    with desk.db.read() as tx:
        now = said(tx, ask)
        if _is_simulated(tx, desk.hall) or not (_lost_stations(tx, desk.hall, now) or _unseen_stations(tx, desk.hall)):
            return {"lost": []}
    return _record_lost(desk, ask)


def is_down(desk: Desk, device: str, station: str) -> bool:
    with desk.db.read() as tx:
        stored = part_tables.find(tx, desk.hall, DEVICES, (device, station))
    return stored is not None and not stored.is_up


def device_rows(desk: Desk) -> list[Document]:
    """Return every device that ever reported in its present state, under its present name."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        devices = part_tables.of_days(tx, desk.hall, DEVICES)
    return [device_document(setup, device) for device in in_use_now(devices)]


def devices_of_all_halls(db: Database) -> list[tuple[str, list[Device]]]:
    with db.read() as tx:
        return [(code, list(part_tables.of_days(tx, id, DEVICES).values())) for id, code in halls.listed(tx)]


def device_document(setup: Setup, device: Device) -> Document:
    return {
        "device": device.device,
        "station": device.station,
        "state": device.state,
        "since": iso_local(setup, device.since),
        "cause": device.cause,
    }


@changes("device")
def _record_start(change: Change, device: str, station: str, died: str | None = None) -> Document:
    key = (device, station)
    seen = sharing.last_beats(change.tx, change.book.id).get(key)
    if seen is not None and _is_up(_find_device(change, key)):
        _record_down(change, key, died or LOST, seen)
    if not _is_up(_find_device(change, key)):
        _mark_stopped(change, _keys_without_pc(change, station))
        _record_device(change, key, None)
    voice = _voice_of(change, key)
    if voice is not None and voice.cause in WITH_STATION and change.setup.voice.spoken:
        _record_device(change, voice.key, None)
    sharing.beat(change.tx, change.book.id, key, change.said)
    return {}


@changes("device")
def _record_station_stop(change: Change, device: str, station: str) -> Document:
    key = (device, station)
    sharing.forget_beat(change.tx, change.book.id, key)
    if _is_up(_find_device(change, key)):
        _record_down(change, key, STOPPED, change.now)
    return {}


@changes("device")
def _mark_all_stopped(change: Change, keys: Iterable[Key]) -> Document:
    _mark_stopped(change, keys)
    return {}


@changes("device")
def _record_report(change: Change, device: str, station: str, cause: str | None, since: datetime | None) -> Document:
    before = _find_device(change, (device, station))
    if not _has_state(before, cause):
        _mark_stopped(change, _keys_without_pc(change, station, device))
        # Outages reported late must not overlap: their minutes would count twice.
        began = max(since, before.since) if since is not None and before is not None else since
        _record_device(change, (device, station), cause, began)
    return {}


@changes("device")
def _record_lost(change: Change) -> Document:
    now = change.said
    for key in _unseen_stations(change.tx, change.book.id):
        sharing.beat(change.tx, change.book.id, key, now)
    lost = _lost_stations(change.tx, change.book.id, now)
    for key, seen in lost:
        sharing.forget_beat(change.tx, change.book.id, key)
        _record_down(change, key, LOST, seen)
    return {"lost": [list(key) for key, _seen in lost]}


def _lost_stations(tx: Transaction, hall: int, now: datetime) -> list[tuple[Key, datetime]]:
    """Return the stations that are recorded as up but overdue, each with its last sign of life."""
    beats = sharing.last_beats(tx, hall)
    late = [(key, seen) for key, seen in beats.items() if now - seen >= LOST_AFTER]
    if not late:
        return []
    devices = part_tables.of_days(tx, hall, DEVICES)
    return sorted((key, seen) for key, seen in late if key in devices and devices[key].is_up)


def _unseen_stations(tx: Transaction, hall: int) -> list[Key]:
    """Return the stations that the log has as up but that gave no sign of life here: the log is from a backup or
    another database."""
    beats = sharing.last_beats(tx, hall)
    return [
        key
        for key, device in part_tables.of_days(tx, hall, DEVICES).items()
        if key[0] in STATIONS and device.is_up and key not in beats
    ]


def _keys_without_pc(change: Change, station: str, device: str | None = None) -> list[Key]:
    """Return the keys with a station's bare name, of one kind if given: its name before several PCs shared the hall."""
    bare, pc = apart(station)
    keys = part_tables.of_days(change.tx, change.book.id, DEVICES) if pc else ()
    return [key for key in keys if key[1] == bare and device in (None, key[0])]


def _mark_stopped(change: Change, keys: Iterable[Key]) -> None:
    """Record devices as stopped, if they still work or are missed."""
    for key in keys:
        sharing.forget_beat(change.tx, change.book.id, key)
        device = _find_device(change, key)
        if device is not None and _is_in_service(device):
            _record_device(change, key, STOPPED)


def stop_voices(change: Change) -> None:
    """Record all voices as stopped, as part of another change: calls are only shown from now on."""
    devices = part_tables.of_days(change.tx, change.book.id, DEVICES)
    _mark_stopped(change, [key for key in devices if key[0] in SPEAKING])


def _is_in_service(device: Device) -> bool:
    return device.is_up or device.cause != STOPPED


def _record_down(change: Change, key: Key, cause: str, time: datetime) -> None:
    """Record a station as down since `time`, and its voice with it."""
    voice = _voice_of(change, key)
    for down in (key, voice.key) if voice is not None and voice.is_up else (key,):
        _record_device(change, down, cause, min(time, change.now))


def _voice_of(change: Change, key: Key) -> Device | None:
    """Return the voice in a station's process, None if it never spoke."""
    return _find_device(change, (VOICE, key[1])) if key[0] in STATIONS else None


def _record_device(change: Change, key: Key, cause: str | None, time: datetime | None = None) -> None:
    """Append the event of a device that is up (no cause) or down, since `time` where that is not now. An outage noticed
    later belongs to the date on which it began only if the hall was still open then: a date that was over when its PCs
    were switched off does not change."""
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


def _find_device(change: Change, key: Key) -> Device | None:
    return change.book.find(DEVICES, key)


def _is_up(device: Device | None) -> bool:
    return device is not None and device.is_up


def _has_state(device: Device | None, cause: str | None) -> bool:
    return device is not None and device.is_up == (cause is None) and device.cause == cause


def _has_equipment(desk: Desk) -> bool:
    with desk.db.read() as tx:
        return not _is_simulated(tx, desk.hall)


def _is_simulated(tx: Transaction, hall: int) -> bool:
    return halls.setup(tx, halls.load(tx, hall)).hall.simulated
