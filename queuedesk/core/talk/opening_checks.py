"""Checks before the hall opens: a person checks voice, displays and ticket printers once a business date."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import DISPLAY, KIOSK, PRINTER, STOPPED, VOICE, Device, Key

SETTING = "opening_checks"
CHECKED = (VOICE, DISPLAY, PRINTER)
"""Kinds to check, in the order of the questions."""
GUIDE = "guide"
ANYWHERE = ""
"""The place of a check where no device of its kind has ever reported."""
UNCHECKED, FAILED, IS_DOWN = "unchecked", "failed", "down"


class DeviceCheck(Struct, frozen=True, kw_only=True):
    """The result of checking a device. `cause` is one of core/talk/device.py or a person's words; None if it passed."""

    seq: int
    date: clock.date
    time: datetime
    device: str
    station: str
    passed: bool
    cause: str | None
    by: str

    @property
    def key(self) -> Key:
        return (self.device, self.station)


class CheckWaiver(Struct, frozen=True, kw_only=True):
    """A window opened despite missing checks. `missing` has their names by `device_log_name`."""

    seq: int
    date: clock.date
    time: datetime
    window: str
    staff: str
    reason: str
    missing: tuple[str, ...]
    by: str


class RequiredCheck(Struct, frozen=True, kw_only=True):
    """A device to check on a date; `lack`: None once it passed, else UNCHECKED, FAILED or IS_DOWN with its `cause`."""

    device: str
    station: str
    lack: str | None
    cause: str | None = None
    check: DeviceCheck | None = None

    @property
    def key(self) -> Key:
        return (self.device, self.station)


def is_opening_check_required_in_hall(setup: Setup) -> bool:
    """Whether this hall requires checks before a window opens; a simulated one has no equipment."""
    return setup.is_rule_on(SETTING) and setup.has_feature("equipment") and not setup.hall.simulated


def device_kinds_to_check(setup: Setup) -> tuple[str, ...]:
    return CHECKED if setup.voice.spoken else tuple(kind for kind in CHECKED if kind != VOICE)


def device_log_name(key: Key) -> str:
    """Return a device's name in the log: "voice@display", or "printer" where no printer ever reported."""
    return "@".join(part for part in key if part)


def device_and_station_of_log_name(name: str) -> Key:
    """Parse a name_of."""
    device, _at, station = name.partition("@")
    return (device, station)


def required_device_checks(
    setup: Setup, devices: Mapping[Key, Device], checks: Iterable[DeviceCheck], now: datetime
) -> list[RequiredCheck]:
    """Return the devices to check, with the results of the date's `checks`. Devices stopped by hand or given up are
    left out. A kind without devices in use has one entry: down where all were stopped, unchecked where none ever
    reported."""
    last = {check.key: check for check in sorted(checks, key=lambda check: check.seq)}
    required_checks: list[RequiredCheck] = []
    for kind in device_kinds_to_check(setup):
        usable = [place for place in checkable_devices(devices, kind) if not place.is_counted_as_unused(now)]
        in_use = [device for device in usable if not _is_stopped_by_hand(device, devices)]
        for device in in_use or usable[:1]:
            check, general = last.get(device.key), last.get((kind, ANYWHERE))
            # A device may first report during the check: an earlier result without a name is then its own.
            if general is not None and device.known >= general.time and (check is None or check.seq < general.seq):
                check = general
            required_checks.append(_required_check_with_lack(device.key, device, check))
        if not usable:
            required_checks.append(_required_check_with_lack((kind, ANYWHERE), None, last.get((kind, ANYWHERE))))
    return required_checks


def unmet_device_checks(
    setup: Setup, devices: Mapping[Key, Device], checks: Iterable[DeviceCheck], now: datetime
) -> list[RequiredCheck]:
    return [check for check in required_device_checks(setup, devices, checks, now) if check.lack is not None]


def checkable_devices(devices: Mapping[Key, Device], kind: str) -> list[Device]:
    """Return the known devices of a kind that can be checked, by station."""
    matching = [
        device for device in devices.values() if device.device == kind and _is_device_for_customers(device, devices)
    ]
    return sorted(matching, key=lambda device: device.station)


def _is_device_for_customers(device: Device, devices: Mapping[Key, Device]) -> bool:
    """Whether customers depend on it; a counter's or the manager's own printer does not keep windows closed."""
    return device.device != PRINTER or device.station.startswith(GUIDE) or (KIOSK, device.station) in devices


def _is_stopped_by_hand(device: Device, devices: Mapping[Key, Device]) -> bool:
    """Whether it was stopped by hand, or the kiosk of this printer was."""
    kiosk = devices.get((KIOSK, device.station))
    return device.cause == STOPPED or (kiosk is not None and kiosk.cause == STOPPED)


def _required_check_with_lack(key: Key, known_device: Device | None, check: DeviceCheck | None) -> RequiredCheck:
    device, station = key
    if check is not None and check.passed:
        return RequiredCheck(device=device, station=station, lack=None, check=check)
    if known_device is not None and not known_device.is_up:
        return RequiredCheck(device=device, station=station, lack=IS_DOWN, cause=known_device.cause, check=check)
    if check is not None:
        return RequiredCheck(device=device, station=station, lack=FAILED, cause=check.cause, check=check)
    return RequiredCheck(device=device, station=station, lack=UNCHECKED)
