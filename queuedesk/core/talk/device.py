"""The hall's equipment: the state of each device and every outage; and checks before the hall opens, when a person
looks at voice, displays and ticket printers once a business date.
"""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import split_station_and_pc

DISPLAY, KIOSK, PLATE, LINE, RATING = "display", "kiosk", "plate", "line", "rating"
WEB = "web"
"""The process that serves the hall's web pages."""
PRINTER, VOICE, SCREEN, MEDIA = "printer", "voice", "screen", "media"
"""Parts of a station's PC: a printer, the voice, the monitor, the pictures and films between calls."""
ENGINE, PLAYER = "engine", "player"
"""Parts of the voice that are restarted on failure: the speech engine and the sound player."""
SPEAKING = frozenset({VOICE, ENGINE, PLAYER})
"""Devices of halls with spoken calls only."""
BACKUP = "backup"
"""The hall's backups: down while none can be written to their place, or while the last one is old."""
CLOCK = "clock"
"""The clock of a PC that shares its hall with others: down while it is wrong by more than two minutes."""
STATIONS = (KIOSK, DISPLAY, PLATE, LINE, RATING, WEB)
"""Devices that are stations: up from start to clean stop, with a regular sign of life."""
DEVICES = (*STATIONS, PRINTER, VOICE, ENGINE, PLAYER, SCREEN, MEDIA, BACKUP, CLOCK)
UP, DOWN = "up", "down"
STOPPED, LOST = "stopped", "lost"
"""Causes of a station's outage: stopped by hand; no sign of life any more (a crash, a power cut, a frozen screen)."""
CRASHED, HUNG = "crashed", "hung"
"""Causes of an automatic restart of a station: its process ended by itself, or did not answer any more."""
WITH_STATION = frozenset({STOPPED, LOST, CRASHED, HUNG})
"""Causes for which a voice goes down with its station, and comes back with it."""
MUTE = frozenset({"no_voice", "no_sound"})
"""Causes of a silent voice: no voice for the language, or no sound output."""
GIVEN_UP_AFTER = timedelta(days=7)
"""A device down this long counts as unused: no alerts, and left out of all figures."""

Key = tuple[str, str]
"""A device and its station."""


class Device(Struct, frozen=True, kw_only=True):
    """A device now. `known` is its first event, `since` the start of its state, `outage` the seq of an open outage."""

    device: str
    station: str
    known: datetime
    since: datetime
    outage: int | None = None
    cause: str | None = None

    @property
    def key(self) -> Key:
        return (self.device, self.station)

    @property
    def is_up(self) -> bool:
        return self.outage is None

    @property
    def up_or_down(self) -> str:
        return UP if self.is_up else DOWN

    @property
    def has_never_worked(self) -> bool:
        return not self.is_up and self.since == self.known

    def is_counted_as_unused(self, now: datetime) -> bool:
        """Whether it has been down so long that it counts as unused; backups and clocks are never given up."""
        return not self.is_up and self.device not in (BACKUP, CLOCK) and now - self.since >= GIVEN_UP_AFTER


class Outage(Struct, frozen=True, kw_only=True):
    """A time in which a device was down. `seq` is that of its first event; `end` is None while it lasts."""

    seq: int
    device: str
    station: str
    cause: str
    start: datetime
    end: datetime | None = None

    @property
    def key(self) -> Key:
        return (self.device, self.station)


class DeviceNeedingAttention(Struct, frozen=True):
    """A device that needs attention; `is_last`: the last of its kind for customers."""

    device: Device
    is_last: bool


class SharingStart(Struct, frozen=True):
    """When a hall was shared, and the first PC that reported a device under its own name."""

    at: datetime
    pc: str

    def is_only_marked_stopped_by_sharing(self, device: Device) -> bool:
        """Whether a device was marked as stopped only because its name now includes its PC."""
        return device.cause == STOPPED and device.since >= self.at and not split_station_and_pc(device.station)[1]


def sharing_start_from_devices(devices: Iterable[Device]) -> SharingStart | None:
    """Return when and by which PC a hall was shared, None where it has one PC."""
    named = ((device.known, split_station_and_pc(device.station)[1]) for device in devices if device.device != CLOCK)
    first = min(((moment, pc) for moment, pc in named if pc), default=None)
    return None if first is None else SharingStart(*first)


def current_device_key_by_former_key(devices: Mapping[Key, Device]) -> dict[Key, Key | None]:
    """Return the devices with names from before the hall was shared, each with its key at the PC that shared it; None
    where nothing under that name has reported yet."""
    shared = sharing_start_from_devices(devices.values())
    if shared is None:
        return {}
    at_pc = {(device.device, split_station_and_pc(device.station)): device for device in devices.values()}
    current_by_former: dict[Key, Key | None] = {}
    for device in devices.values():
        name, pc = split_station_and_pc(device.station)
        later = at_pc.get((device.device, (name, shared.pc)))
        if pc:
            continue
        if later is not None and device.since <= later.known:
            current_by_former[device.key] = later.key
        elif shared.is_only_marked_stopped_by_sharing(device):
            current_by_former[device.key] = None
    return current_by_former


def devices_under_current_names(devices: Mapping[Key, Device]) -> list[Device]:
    former = current_device_key_by_former_key(devices)
    return [device for device in devices.values() if device.key not in former]


def working_call_devices(devices: Mapping[Key, Device], *, is_spoken: bool, is_simulated: bool) -> frozenset[str]:
    """Return which of display and voice work now (only the display where calls are not spoken). Simulated equipment
    does not report and counts as working."""
    ways = frozenset({DISPLAY, VOICE} if is_spoken else {DISPLAY})
    return ways if is_simulated else ways & {device.device for device in devices.values() if device.is_up}


def has_ticket_printer_in_use(devices: Mapping[Key, Device], now: datetime, *, is_simulated: bool) -> bool:
    """Return whether customers get slips: whether any ticket printer is in use, working or not. A printer is known from
    its first slip at the latest, and stopped where numbers are written by hand."""
    printers = [device for device in devices.values() if device.device == PRINTER and device.cause != STOPPED]
    return is_simulated or any(not printer.is_counted_as_unused(now) for printer in printers)


def devices_needing_attention(
    devices: Mapping[Key, Device], now: datetime, *, is_working: bool, today: datetime
) -> list[DeviceNeedingAttention]:
    """Return the devices that need attention, longest down first. `is_working`: some window is not closed; `today`: the
    start of the date. While all windows are closed only devices that went down today count. Stations stopped by hand do
    not, unless customers have no display, or no kiosk, left."""
    needing = []
    for device in devices.values():
        if device.is_up or device.is_counted_as_unused(now):
            continue
        is_last = (
            is_working
            and device.device in (DISPLAY, KIOSK)
            and not any(other.is_up for other in devices.values() if other.device == device.device)
        )
        is_news = device.cause != STOPPED and (is_working or device.since >= today)
        if is_last or is_news:
            needing.append(DeviceNeedingAttention(device, is_last))
    return sorted(needing, key=lambda trouble: (trouble.device.since, trouble.device.key))


def overlapping_outages(outages: Iterable[Outage], start: datetime, end: datetime) -> list[Outage]:
    return [outage for outage in outages if outage.start < end and (outage.end is None or outage.end > start)]


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
