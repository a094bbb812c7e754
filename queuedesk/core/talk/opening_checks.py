"""Checks before the hall opens: a person looks at voice, displays and ticket printers once a business date."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import DISPLAY, KIOSK, PRINTER, STOPPED, VOICE, Device, Key

SETTING = "opening_checks"
CHECKED = (VOICE, DISPLAY, PRINTER)
"""What is checked, in the order in which it is asked."""
GUIDE = "guide"
ANYWHERE = ""
"""The place of a check where no device of its kind has ever reported."""
UNCHECKED, FAILED, IS_DOWN = "unchecked", "failed", "down"


class Check(Struct, frozen=True, kw_only=True):
    """The result of checking a device. `cause` is a cause of core/talk/device.py or a person's own words, None where it
    passed."""

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


class Waiver(Struct, frozen=True, kw_only=True):
    """A window that was opened although checks were missing. `missing` has their names by `name_of`."""

    seq: int
    date: clock.date
    time: datetime
    window: str
    staff: str
    reason: str
    missing: tuple[str, ...]
    by: str


class RequiredCheck(Struct, frozen=True, kw_only=True):
    """A device and the result of its check on a date: `lack` is None once it passed, else UNCHECKED, FAILED or IS_DOWN
    with its `cause`."""

    device: str
    station: str
    lack: str | None
    cause: str | None = None
    check: Check | None = None

    @property
    def key(self) -> Key:
        return (self.device, self.station)


def is_asked(setup: Setup) -> bool:
    """Whether this hall wants its equipment checked before a window opens; a simulated one has none."""
    return setup.is_on(SETTING) and setup.uses("equipment") and not setup.hall.simulated


def checked_in(setup: Setup) -> tuple[str, ...]:
    """Return what is checked in a hall: its voice only where calls are spoken."""
    return CHECKED if setup.voice.spoken else tuple(kind for kind in CHECKED if kind != VOICE)


def name_of(key: Key) -> str:
    """Return a device in one word, as the log writes it: "voice@display", "printer" where no printer ever reported."""
    return "@".join(part for part in key if part)


def key_of(name: str) -> Key:
    """Return the device of such a word."""
    device, _at, station = name.partition("@")
    return (device, station)


def wanted(setup: Setup, devices: Mapping[Key, Device], checks: Iterable[Check], now: datetime) -> list[RequiredCheck]:
    """Return the devices to check, with the results of the date's `checks`.

    Every device in use is asked for; one that somebody ended, or that was given up, is not. A kind with no device left
    is asked for once: as down where all were ended, as unchecked where none ever reported.
    """
    last = {check.key: check for check in sorted(checks, key=lambda check: check.seq)}
    required_checks: list[RequiredCheck] = []
    for kind in checked_in(setup):
        known = [place for place in places(devices, kind) if not place.is_given_up(now)]
        in_use = [device for device in known if not _is_ended(device, devices)]
        for device in in_use or known[:1]:
            check, general = last.get(device.key), last.get((kind, ANYWHERE))
            # A device may report for the first time by being tried: what was found before it had a name was found of
            # it.
            if general is not None and device.known >= general.time and (check is None or check.seq < general.seq):
                check = general
            required_checks.append(_judged(device.key, device, check))
        if not known:
            required_checks.append(_judged((kind, ANYWHERE), None, last.get((kind, ANYWHERE))))
    return required_checks


def missing(setup: Setup, devices: Mapping[Key, Device], checks: Iterable[Check], now: datetime) -> list[RequiredCheck]:
    """Return what still keeps a window from opening, in the order of CHECKED."""
    return [check for check in wanted(setup, devices, checks, now) if check.lack is not None]


def places(devices: Mapping[Key, Device], kind: str) -> list[Device]:
    """Return the known devices of a kind that can be checked, by station."""
    found = [device for device in devices.values() if device.device == kind and _counts(device, devices)]
    return sorted(found, key=lambda one: one.station)


def _counts(one: Device, devices: Mapping[Key, Device]) -> bool:
    """Whether customers depend on it; a counter's or the manager's own printer keeps nobody from opening."""
    return one.device != PRINTER or one.station.startswith(GUIDE) or (KIOSK, one.station) in devices


def _is_ended(one: Device, devices: Mapping[Key, Device]) -> bool:
    """Whether somebody ended it, or the kiosk whose printer it is."""
    kiosk = devices.get((KIOSK, one.station))
    return one.cause == STOPPED or (kiosk is not None and kiosk.cause == STOPPED)


def _judged(key: Key, one: Device | None, check: Check | None) -> RequiredCheck:
    device, station = key
    if check is not None and check.passed:
        return RequiredCheck(device=device, station=station, lack=None, check=check)
    if one is not None and not one.is_up:
        return RequiredCheck(device=device, station=station, lack=IS_DOWN, cause=one.cause, check=check)
    if check is not None:
        return RequiredCheck(device=device, station=station, lack=FAILED, cause=check.cause, check=check)
    return RequiredCheck(device=device, station=station, lack=UNCHECKED)
