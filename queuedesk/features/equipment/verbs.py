"""Voice, displays and ticket printers before the hall opens: they are tried, a person notes that they work or not, and
what was checked is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.state import CHECKS, DEVICES, WAIVERS
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import (
    ANYWHERE,
    CheckWaiver,
    DeviceCheck,
    RequiredCheck,
    checkable_devices,
    device_kinds_to_check,
    is_opening_check_required_in_hall,
    required_device_checks,
)
from queuedesk.core.talk.screen import is_name_of_station
from queuedesk.desk.change import Desk, Document, HallChange, iso_local, required_check_document, runs_in_transaction
from queuedesk.store.parts import halls, part_tables

LONGEST_WORDS = 100
TRIAL_S = 30
"""How long a display shows that it is being tried."""


@runs_in_transaction("check")
def record_device_check(
    change: HallChange, device: str, station: str | None = None, *, failed: str | None = None
) -> Document:
    """Note that a person checked a device: it works, or it `failed` for the reason given there.

    `station` may be left out where there is only one such device, or none that ever reported. Raises RuleError
    "bad_value", "which_device" where there are several, "unknown_device" for one that never reported, "device_down" for
    one that is known not to work although the person says it does."""
    at = device_station(change, device, station)
    known = change.book.find_record(DEVICES, (device, at))
    if failed is not None and not failed.strip():
        raise RuleError("reason_needed", tickets=[])
    if failed is not None and len(failed) > LONGEST_WORDS:
        raise RuleError("bad_value", field="failed", value=failed[:20], why="too_long")
    if failed is None and known is not None and not known.is_up:
        raise RuleError("device_down", device=device, station=at, cause=known.cause)
    cause = failed.strip() if failed is not None else None
    event = change.record("check", device=device, station=at, passed=failed is None, cause=cause)
    found = change.book.get_record(CHECKS, event.seq)
    return device_check_document(change.setup, found)


def device_check_document(setup: Setup, one: DeviceCheck) -> Document:
    return {
        "device": one.device,
        "station": one.station,
        "passed": one.passed,
        "cause": one.cause,
        "time": iso_local(setup, one.time),
        "by": one.by,
    }


def device_station(change: HallChange, device: str, station: str | None) -> str:
    """Return the station of the device that is meant; raises as record_device_check()."""
    kinds = device_kinds_to_check(change.setup)
    if device not in kinds:
        raise RuleError("bad_value", field="device", value=device, why="not_a_choice", limit=list(kinds))
    at = [
        one.station
        for one in checkable_devices(part_tables.objects_of_days(change.tx, change.book.id, DEVICES), device)
    ]
    if station in at:
        return station
    if station:
        named, at = station, [one for one in at if is_name_of_station(station, one)]
        if not at:
            raise RuleError("unknown_device", device=device, station=named)
    if len(at) > 1:
        raise RuleError("which_device", device=device, stations=at)
    return at[0] if at else ANYWHERE


@runs_in_transaction("check")
def try_device(
    change: HallChange, device: str, station: str | None = None, *, text: str, text_en: str = ""
) -> Document:
    """Make a voice say `text`, a display show it, or a station's printer print a slip, so that somebody can judge it;
    raises as record_device_check()."""
    for field, value in (("text", text), ("text_en", text_en)):
        if len(value) > LONGEST_WORDS:
            raise RuleError("bad_value", field=field, value=value[:20], why="too_long")
    at = device_station(change, device, station)
    until = change.now + timedelta(seconds=TRIAL_S)
    event = change.record(
        "check", device=device, station=at, trial=True, text=text, text_en=text_en or None, until=utc_stamp(until)
    )
    return {"seq": event.seq, "device": device, "station": at, "until": iso_local(change.setup, until)}


def checks_and_waivers_on(desk: Desk, now: datetime, day: date | None = None) -> Document:
    """Return the checks of `day` (else today), the windows opened without them, and, for today, what is still
    unchecked."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        done = part_tables.objects_of_days(tx, desk.hall, CHECKS, day or today, day or today).values()
        waived = part_tables.objects_of_days(tx, desk.hall, WAIVERS, day or today, day or today).values()
        known = part_tables.objects_of_days(tx, desk.hall, DEVICES)
    asked: Sequence[RequiredCheck] = (
        required_device_checks(setup, known, done, now)
        if (day or today) == today and is_opening_check_required_in_hall(setup)
        else ()
    )
    return {
        "date": (day or today).isoformat(),
        "asked": is_opening_check_required_in_hall(setup),
        "checks": [device_check_document(setup, one) for one in done],
        "missing": [required_check_document(one) for one in asked if one.lack is not None],
        "waivers": [_waiver_document(setup, one) for one in waived],
    }


def _waiver_document(setup: Setup, one: CheckWaiver) -> Document:
    return {
        "window": one.window,
        "staff": one.staff,
        "reason": one.reason,
        "missing": list(one.missing),
        "time": iso_local(setup, one.time),
        "by": one.by,
    }
