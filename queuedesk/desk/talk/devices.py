"""Records the state of the hall's equipment: start, stop, failure, recovery, missing signs of life.

Simulated halls have no equipment: only events of their scripted day are recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from queuedesk.core.log import event as events
from queuedesk.core.log import pc_clock
from queuedesk.core.log import state as log_state
from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk import device as device_states
from queuedesk.core.talk.screen import split_station_and_pc, station_name_at_pc
from queuedesk.desk import change as changes
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import halls, part_tables, sharing

BEAT_S = 30
"""Interval of a station's signs of life."""
LOST_AFTER = timedelta(seconds=3 * BEAT_S)
"""A working station gives three signs in this time; a busy disk may delay one."""


def record_station_start(
    desk: changes.Desk, ask: changes.Ask, device: str, station: str, died: str | None = None
) -> None:
    """Record that a station starts. If it vanished before without a record, it went down at its last sign of life.
    Raises OutsideError. `died` is why it vanished ("crashed", "hung"), if known."""
    if _has_hall_real_equipment(desk):
        _record_station_start(desk, ask, device, station, died)


def record_sign_of_life(desk: changes.Desk, ask: changes.Ask, device: str, station: str) -> None:
    """Store a station's sign of life; a station recorded as lost is recorded as up again. Raises OutsideError,
    RuleError "clock_ahead"."""
    key = (device, station)
    with desk.db.write(desk.hall) as tx:
        if _is_hall_simulated(tx, desk.hall):
            return
        stored = part_tables.find_object(tx, desk.hall, log_state.DEVICES, key)
        if stored is not None and stored.is_up:
            if changes.time_doubt_of_request(tx, desk, ask) is not None:
                return  # A sign of life confirms the time, which is doubtful here.
            sharing.write_sign_of_life(tx, desk.hall, key, changes.request_time(tx, ask))
            return
    _record_station_start(desk, ask, device, station)


def record_station_stop(desk: changes.Desk, ask: changes.Ask, device: str, station: str) -> None:
    """Record that a person closed a station, and expect no more signs of life. Raises OutsideError."""
    if _has_hall_real_equipment(desk):
        _record_station_stop(desk, ask, device, station)


def record_devices_of_pc_stopped(desk: changes.Desk, now: datetime, pc: str) -> None:
    """Record that all devices at a withdrawn PC have stopped. Raises OutsideError."""
    pc_name = split_station_and_pc(station_name_at_pc("", pc))[1]
    with desk.db.read() as tx:
        all_devices = part_tables.objects_of_days(tx, desk.hall, log_state.DEVICES).values()
    own = [device for device in all_devices if split_station_and_pc(device.station)[1] == pc_name]
    if any(_is_in_service(device) for device in own):
        _record_pc_devices_stopped(
            desk, changes.Ask(HALL, now, reading=pc_clock.ClockReliability(now)), [device.key for device in own]
        )


def record_device_state(
    desk: changes.Desk, ask: changes.Ask, device: str, station: str, cause: str | None, *, since: datetime | None = None
) -> bool:
    """Record that a printer or voice failed because of `cause`, or works (None), unless that is known or the hall's
    calls are not spoken; return whether it was recorded. `since` is when it happened, if earlier. Raises
    OutsideError."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        is_invented = setup.hall.simulated and not ask.recorded
        is_unspoken = device in device_states.SPEAKING and not setup.voice.spoken
        if (
            is_invented
            or is_unspoken
            or _has_same_device_state(
                part_tables.find_object(tx, desk.hall, log_state.DEVICES, (device, station)), cause
            )
        ):
            return False
    _record_device_report(desk, ask, device, station, cause, since)
    return True


def record_lost_stations(desk: changes.Desk, ask: changes.Ask) -> changes.Document:
    """Record stations without signs of life; every station does so regularly. It reads first, without the hall's lock,
    and writes only if there is one; of two stations that try, the second finds none."""
    with desk.db.read() as tx:
        now = changes.request_time(tx, ask)
        if _is_hall_simulated(tx, desk.hall) or not (
            _overdue_stations_with_last_beat(tx, desk.hall, now) or _up_stations_without_beat(tx, desk.hall)
        ):
            return {"lost": []}
    return _record_overdue_as_lost(desk, ask)


def down_cause(desk: changes.Desk, device: str, station: str) -> str:
    """Return why a device is down, "" for one that works or never reported."""
    with desk.db.read() as tx:
        stored = part_tables.find_object(tx, desk.hall, log_state.DEVICES, (device, station))
    return "" if stored is None or stored.is_up else stored.cause or device_states.LOST


def device_rows(desk: changes.Desk) -> list[changes.Document]:
    """Return every device that ever reported in its present state, under its present name."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        devices = part_tables.objects_of_days(tx, desk.hall, log_state.DEVICES)
    return [device_document(setup, device) for device in device_states.devices_under_current_names(devices)]


def devices_of_all_halls(db: Database) -> list[tuple[str, list[device_states.Device]]]:
    with db.read() as tx:
        return [
            (code, list(part_tables.objects_of_days(tx, id, log_state.DEVICES).values()))
            for id, code in halls.hall_ids_and_codes(tx)
        ]


def device_document(setup: Setup, device: device_states.Device) -> changes.Document:
    return {
        "device": device.device,
        "station": device.station,
        "state": device.up_or_down,
        "since": changes.iso_local(setup, device.since),
        "cause": device.cause,
    }


@changes.runs_in_transaction("device")
def _record_station_start(
    change: changes.HallChange, device: str, station: str, died: str | None = None
) -> changes.Document:
    key = (device, station)
    seen = sharing.last_signs_by_station(change.tx, change.book.id).get(key)
    if seen is not None and _is_recorded_up(_find_device(change, key)):
        _record_station_and_voice_down(change, key, died or device_states.LOST, seen)
    if not _is_recorded_up(_find_device(change, key)):
        _record_devices_stopped(change, _former_keys_without_pc_name(change, station))
        _record_device_state(change, key, None)
    voice = _voice_device_of_station(change, key)
    if voice is not None and voice.cause in device_states.WITH_STATION and change.setup.voice.spoken:
        _record_device_state(change, voice.key, None)
    sharing.write_sign_of_life(change.tx, change.book.id, key, change.said)
    return {}


@changes.runs_in_transaction("device")
def _record_station_stop(change: changes.HallChange, device: str, station: str) -> changes.Document:
    key = (device, station)
    sharing.delete_station_sign_of_life(change.tx, change.book.id, key)
    if _is_recorded_up(_find_device(change, key)):
        _record_station_and_voice_down(change, key, device_states.STOPPED, change.now)
    return {}


@changes.runs_in_transaction("device")
def _record_pc_devices_stopped(change: changes.HallChange, keys: Iterable[device_states.Key]) -> changes.Document:
    _record_devices_stopped(change, keys)
    return {}


@changes.runs_in_transaction("device")
def _record_device_report(
    change: changes.HallChange, device: str, station: str, cause: str | None, since: datetime | None
) -> changes.Document:
    before = _find_device(change, (device, station))
    if not _has_same_device_state(before, cause):
        _record_devices_stopped(change, _former_keys_without_pc_name(change, station, device))
        # Outages reported late must not overlap: their minutes would count twice.
        began = max(since, before.since) if since is not None and before is not None else since
        _record_device_state(change, (device, station), cause, began)
    return {}


@changes.runs_in_transaction("device")
def _record_overdue_as_lost(change: changes.HallChange) -> changes.Document:
    now = change.said
    for key in _up_stations_without_beat(change.tx, change.book.id):
        sharing.write_sign_of_life(change.tx, change.book.id, key, now)
    lost = _overdue_stations_with_last_beat(change.tx, change.book.id, now)
    for key, seen in lost:
        sharing.delete_station_sign_of_life(change.tx, change.book.id, key)
        _record_station_and_voice_down(change, key, device_states.LOST, seen)
    return {"lost": [list(key) for key, _seen in lost]}


def _overdue_stations_with_last_beat(
    tx: Transaction, hall: int, now: datetime
) -> list[tuple[device_states.Key, datetime]]:
    """Return the stations that are recorded as up but overdue, each with its last sign of life."""
    beats = sharing.last_signs_by_station(tx, hall)
    late = [(key, seen) for key, seen in beats.items() if now - seen >= LOST_AFTER]
    if not late:
        return []
    devices = part_tables.objects_of_days(tx, hall, log_state.DEVICES)
    return sorted((key, seen) for key, seen in late if key in devices and devices[key].is_up)


def _up_stations_without_beat(tx: Transaction, hall: int) -> list[device_states.Key]:
    """Return the stations that the log has as up but that gave no sign of life here: the log is from a backup or
    another database."""
    beats = sharing.last_signs_by_station(tx, hall)
    return [
        key
        for key, device in part_tables.objects_of_days(tx, hall, log_state.DEVICES).items()
        if key[0] in device_states.STATIONS and device.is_up and key not in beats
    ]


def _former_keys_without_pc_name(
    change: changes.HallChange, station: str, device: str | None = None
) -> list[device_states.Key]:
    """Return the keys with a station's bare name, of one kind if given: its name before several PCs shared the hall."""
    bare, pc = split_station_and_pc(station)
    keys = part_tables.objects_of_days(change.tx, change.book.id, log_state.DEVICES) if pc else ()
    return [key for key in keys if key[1] == bare and device in (None, key[0])]


def _record_devices_stopped(change: changes.HallChange, keys: Iterable[device_states.Key]) -> None:
    """Record devices as stopped, if they still work or are missed."""
    for key in keys:
        sharing.delete_station_sign_of_life(change.tx, change.book.id, key)
        device = _find_device(change, key)
        if device is not None and _is_in_service(device):
            _record_device_state(change, key, device_states.STOPPED)


def record_all_hall_voices_stopped(change: changes.HallChange) -> None:
    """Record all voices as stopped, as part of another change: calls are only shown from now on."""
    devices = part_tables.objects_of_days(change.tx, change.book.id, log_state.DEVICES)
    _record_devices_stopped(change, [key for key in devices if key[0] in device_states.SPEAKING])


def _is_in_service(device: device_states.Device) -> bool:
    return device.is_up or device.cause != device_states.STOPPED


def _record_station_and_voice_down(
    change: changes.HallChange, key: device_states.Key, cause: str, time: datetime
) -> None:
    """Record a station as down since `time`, and its voice with it."""
    voice = _voice_device_of_station(change, key)
    for down in (key, voice.key) if voice is not None and voice.is_up else (key,):
        _record_device_state(change, down, cause, min(time, change.now))


def _voice_device_of_station(change: changes.HallChange, key: device_states.Key) -> device_states.Device | None:
    """Return the voice in a station's process, None if it never spoke."""
    return _find_device(change, (device_states.VOICE, key[1])) if key[0] in device_states.STATIONS else None


def _record_device_state(
    change: changes.HallChange, key: device_states.Key, cause: str | None, time: datetime | None = None
) -> None:
    """Append the event of a device that is up (no cause) or down, since `time` where that is not now. An outage noticed
    later belongs to the date on which it began only if the hall was still open then: a date that was over when its PCs
    were switched off does not change."""
    day = change.date
    if time is None:
        time = change.now
    else:
        its_day = business_date(change.setup, time)
        shifts = part_tables.objects_of_days(change.tx, change.book.id, log_state.SHIFTS, its_day, its_day).values()
        if any(shift.closed is None or shift.closed > time for shift in shifts):
            day = its_day
    data: dict[str, object] = {
        "device": key[0],
        "station": key[1],
        "state": device_states.UP if cause is None else device_states.DOWN,
        "cause": cause,
        "date": day.isoformat(),
    }
    if change.skew_s:
        data["skew_s"] = change.skew_s
    change.book.record_event(
        events.Event(
            seq=change.book.hall_counters().seq + 1,
            at=change.now,
            time=time,
            kind="device",
            actor=HALL.name if cause == device_states.LOST else change.who.name,
            data=data,
        )
    )


def _find_device(change: changes.HallChange, key: device_states.Key) -> device_states.Device | None:
    return change.book.find_record(log_state.DEVICES, key)


def _is_recorded_up(device: device_states.Device | None) -> bool:
    return device is not None and device.is_up


def _has_same_device_state(device: device_states.Device | None, cause: str | None) -> bool:
    return device is not None and device.is_up == (cause is None) and device.cause == cause


def _has_hall_real_equipment(desk: changes.Desk) -> bool:
    with desk.db.read() as tx:
        return not _is_hall_simulated(tx, desk.hall)


def _is_hall_simulated(tx: Transaction, hall: int) -> bool:
    return halls.setup_of_hall_row(tx, halls.load_hall_row(tx, hall)).hall.simulated
