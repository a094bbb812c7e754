"""Records that a person checked voice, displays and ticket printers before the hall opens."""

from __future__ import annotations

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import CHECKS, DEVICES
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.opening_checks import ANYWHERE, Check, checked_in, places
from queuedesk.core.talk.screen import is_meant
from queuedesk.desk.change import Change, Document, changes, iso
from queuedesk.store.parts import part_tables

LONGEST_WORDS = 100


@changes("check")
def check(change: Change, device: str, station: str | None = None, *, failed: str | None = None) -> Document:
    """Note that a person checked a device: it works, or it `failed` for the reason given there.

    `station` may be left out where there is only one such device, or none that ever reported. Raises RuleError
    "bad_value", "which_device" where there are several, "unknown_device" for one that never reported, "device_down" for
    one that is known not to work although the person says it does.
    """
    at = place_of(change, device, station)
    known = change.book.find(DEVICES, (device, at))
    if failed is not None and not failed.strip():
        raise RuleError("reason_needed", tickets=[])
    if failed is not None and len(failed) > LONGEST_WORDS:
        raise RuleError("bad_value", field="failed", value=failed[:20], why="too_long")
    if failed is None and known is not None and not known.is_up:
        raise RuleError("device_down", device=device, station=at, cause=known.cause)
    cause = failed.strip() if failed is not None else None
    event = change.record("check", device=device, station=at, passed=failed is None, cause=cause)
    found = change.book.get(CHECKS, event.seq)
    return check_document(change.setup, found)


def check_document(setup: Setup, one: Check) -> Document:
    return {
        "device": one.device,
        "station": one.station,
        "passed": one.passed,
        "cause": one.cause,
        "time": iso(setup, one.time),
        "by": one.by,
    }


def place_of(change: Change, device: str, station: str | None) -> str:
    """Return the station of the device that is meant; raises as check()."""
    kinds = checked_in(change.setup)
    if device not in kinds:
        raise RuleError("bad_value", field="device", value=device, why="not_a_choice", limit=list(kinds))
    at = [one.station for one in places(part_tables.of_days(change.tx, change.book.id, DEVICES), device)]
    if station in at:
        return station
    if station:
        named, at = station, [one for one in at if is_meant(station, one)]
        if not at:
            raise RuleError("unknown_device", device=device, station=named)
    if len(at) > 1:
        raise RuleError("which_device", device=device, stations=at)
    return at[0] if at else ANYWHERE
