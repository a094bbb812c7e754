"""The hall's equipment: what runs, since when, and every outage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from queuedesk.core.talk.screen import apart

DISPLAY, KIOSK, PLATE, LINE, RATING = "display", "kiosk", "plate", "line", "rating"
PRINTER, VOICE, SCREEN, MEDIA = "printer", "voice", "screen", "media"
"""What hangs on a station's PC: a printer, the voice, the monitor itself, the pictures and films between the calls."""
ENGINE, PLAYER = "engine", "player"
"""Parts of the voice that are replaced when they go wrong: what reads a text, and what plays the sound."""
SPEAKING = frozenset({VOICE, ENGINE, PLAYER})
"""What a hall has only where its calls are spoken."""
BACKUP = "backup"
"""The hall's backups: down while none can be made where they belong, or while the last one is old."""
CLOCK = "clock"
"""The clock of a PC that shares its hall with others: down while it is wrong by more than two minutes."""
STATIONS = (KIOSK, DISPLAY, PLATE, LINE, RATING)
"""Devices that are a station: up from its start to its clean stop, and known to be alive by its beats."""
DEVICES = (*STATIONS, PRINTER, VOICE, ENGINE, PLAYER, SCREEN, MEDIA, BACKUP, CLOCK)
UP, DOWN = "up", "down"
STOPPED, LOST = "stopped", "lost"
"""Why a station is down: somebody ended it; or no sign of life came any more: a crash, a power cut, a frozen screen."""
CRASHED, HUNG = "crashed", "hung"
"""Why a station was down whose keeper started it again: its process ended by itself, or did not answer any more."""
WITH_STATION = frozenset({STOPPED, LOST, CRASHED, HUNG})
"""Causes for which a voice is down: it goes with its station, and comes back with it."""
MUTE = frozenset({"no_voice", "no_sound"})
"""Causes for which a voice can't be heard: nothing speaks the language, or nothing can be played."""
GIVEN_UP_AFTER = timedelta(days=7)
"""What has been down for so long is no longer in use: it asks for nobody, and counts in no figure."""

Key = tuple[str, str]
"""A device and the station where it stands."""


class Device(Struct, frozen=True, kw_only=True):
    """A device as it is now. `known` is its first event, `since` when it got into its state, `outage` the seq of an
    outage that goes on."""

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
    def state(self) -> str:
        return UP if self.is_up else DOWN

    @property
    def never_worked(self) -> bool:
        """Whether it has been down since it was first told of: nobody is used to it yet."""
        return not self.is_up and self.since == self.known

    def is_given_up(self, now: datetime) -> bool:
        """Whether it has been down for so long that nobody counts on it any more; backups and clocks are never given
        up."""
        return not self.is_up and self.device not in (BACKUP, CLOCK) and now - self.since >= GIVEN_UP_AFTER


class Outage(Struct, frozen=True, kw_only=True):
    """A time in which a device was down. `seq` is that of the event that began it; `end` is None while it goes on."""

    seq: int
    device: str
    station: str
    cause: str
    start: datetime
    end: datetime | None = None

    @property
    def key(self) -> Key:
        return (self.device, self.station)


class Trouble(Struct, frozen=True):
    """A device that needs attention; `is_last` if it was the last of its kind for customers."""

    device: Device
    is_last: bool


class SharingStart(Struct, frozen=True):
    """When a hall was shared, by whose PC: the first that told of a device with its name."""

    at: datetime
    pc: str

    def put_off(self, one: Device) -> bool:
        """Whether a device was put down as stopped only because it goes by its PC's name since."""
        return one.cause == STOPPED and one.since >= self.at and not apart(one.station)[1]


def shared_by(devices: Iterable[Device]) -> SharingStart | None:
    """Return how a hall came to be shared, None where it has one PC."""
    named = ((device.known, apart(device.station)[1]) for device in devices if device.device != CLOCK)
    first = min(((moment, pc) for moment, pc in named if pc), default=None)
    return None if first is None else SharingStart(*first)


def renamed(devices: Mapping[Key, Device]) -> dict[Key, Key | None]:
    """Return those that told of themselves before the hall was shared and go by another name since, each with that at
    the PC that shared, None where nothing of that name has told yet."""
    shared = shared_by(devices.values())
    if shared is None:
        return {}
    at_pc = {(device.device, apart(device.station)): device for device in devices.values()}
    found: dict[Key, Key | None] = {}
    for device in devices.values():
        name, pc = apart(device.station)
        later = at_pc.get((device.device, (name, shared.pc)))
        if pc:
            continue
        if later is not None and device.since <= later.known:
            found[device.key] = later.key
        elif shared.put_off(device):
            found[device.key] = None
    return found


def in_use_now(devices: Mapping[Key, Device]) -> list[Device]:
    """Return the devices by the names they go by now."""
    former = renamed(devices)
    return [device for device in devices.values() if device.key not in former]


def calling_ways(devices: Mapping[Key, Device], *, is_spoken: bool, is_simulated: bool) -> frozenset[str]:
    """Return by which of display and voice a call comes now, by the display alone where calls are not spoken. A
    simulated hall's equipment tells nobody of itself: there it is taken to work."""
    ways = frozenset({DISPLAY, VOICE} if is_spoken else {DISPLAY})
    return ways if is_simulated else ways & {device.device for device in devices.values() if device.is_up}


def prints_slips(devices: Mapping[Key, Device], now: datetime, *, is_simulated: bool) -> bool:
    """Return whether customers of this hall have slips: whether any printer of tickets is in use, working or not. One
    is known from its first slip at the latest, and stopped where numbers are written down instead."""
    printers = [device for device in devices.values() if device.device == PRINTER and device.cause != STOPPED]
    return is_simulated or any(not printer.is_given_up(now) for printer in printers)


def troubles(devices: Mapping[Key, Device], now: datetime, *, is_working: bool, today: datetime) -> list[Trouble]:
    """Return the devices that need attention, the longest down first. `is_working`: a window is not closed; `today`:
    when the date began.

    While no window is open only a device that went down today is news. A station that somebody ended is not one of
    them, unless customers have no display, or no kiosk, left.
    """
    found = []
    for device in devices.values():
        if device.is_up or device.is_given_up(now):
            continue
        is_last = (
            is_working
            and device.device in (DISPLAY, KIOSK)
            and not any(each.is_up for each in devices.values() if each.device == device.device)
        )
        is_news = device.cause != STOPPED and (is_working or device.since >= today)
        if is_last or is_news:
            found.append(Trouble(device, is_last))
    return sorted(found, key=lambda trouble: (trouble.device.since, trouble.device.key))


def overlapping(outages: Iterable[Outage], start: datetime, end: datetime) -> list[Outage]:
    """Return those of `outages` that lasted at any time from `start` to `end`."""
    return [outage for outage in outages if outage.start < end and (outage.end is None or outage.end > start)]
