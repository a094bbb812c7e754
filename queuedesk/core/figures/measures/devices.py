"""Which devices worked while the hall was open, and why others did not.

- Open is from the first window's opening to the last one's closing of each date; a device counts from its first event
  on.
- Up is what is left of that without the outages. Each outage is told within the open time of a date, so one that lasts
  for several dates stands there once for each; `from` and `to` are on the hall's clock, `to` is None while it goes on
  in a hall that is open.
- A device that somebody had ended before and started after the open time was not in use on that date and has no part in
  it; so it is with one that had been down for a week when the hall opened. A date that was kept on paper alone has no
  devices. What speaks ends with the moment from which a hall's calls are only shown, and counts on no date if it was
  never heard until then.
- What told of itself without a PC's name before its hall was shared is the device of that name at the PC that shared,
  the first PC that told of any: one row, down in between only if it was before. Where nothing of that name has told
  since, its time ends where it was put off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.rows import DeviceRows
from queuedesk.core.figures.measures.spans import length, open_us
from queuedesk.core.figures.measures.times import MICROSECOND, Figures, hall_clock, micros, minutes_of_us, share
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.hallday import day_begins, day_turns
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import (
    DEVICES,
    GIVEN_UP_AFTER,
    SPEAKING,
    STOPPED,
    Device,
    Key,
    Outage,
    Shared,
    overlapping,
    renamed,
    shared_by,
)

PAPER = "paper"
_WEEK_US = GIVEN_UP_AFTER // MICROSECOND


def device_rows(state: HallState, day: date) -> DeviceRows:
    """Return the devices of `day` from a hall in memory."""
    setup = state.setup_now
    if setup is None or not state.devices:
        return DeviceRows()
    lasted = overlapping(state.outages.values(), day_begins(setup, day), day_turns(setup, day))
    return DeviceRows(devices=tuple(state.devices.values()), outages=lasted)


class _Down(NamedTuple):
    """A part of the open time in which a device was down, in microseconds; `goes_on` when the hall is still open and it
    has not ended."""

    start: int
    end: int
    cause: str
    goes_on: bool


class _Told(NamedTuple):
    """A device with its outages under every name it had; `known` and `until`, where it has an end, are microseconds."""

    key: Key
    known: int
    until: int | None
    outages: Sequence[Outage]


def _as_named_now(known: Sequence[Device], outages: Sequence[Outage]) -> Iterator[_Told]:
    """Yield the devices by the names they go by now."""
    by_key = {one.key: one for one in known}
    names, shared = renamed(by_key), shared_by(known)
    former = {new: by_key[old] for old, new in names.items() if new is not None}
    for one in known:
        own = [outage for outage in outages if outage.key == one.key]
        since = micros(one.known)
        if one.key in former and shared is not None:
            before = former[one.key]
            since = min(since, micros(before.known))
            its = [outage for outage in outages if outage.key == before.key]
            yield _Told(one.key, since, None, [*_until_renamed(before, one, its, shared), *own])
        elif one.key not in names:
            yield _Told(one.key, since, None, own)
        elif names[one.key] is None:
            yield _Told(one.key, since, micros(one.since), own)


def _until_renamed(before: Device, one: Device, outages: Sequence[Outage], shared: Shared) -> Iterator[Outage]:
    """Yield the outages under the name before; a change of the name is none."""
    for outage in outages:
        if not (shared.put_off(before) and outage.seq == before.outage):
            yield outage if outage.end is not None else replace(outage, end=one.known)


class _DeviceTimes(Struct):
    open_us: int = 0
    up_us: int = 0
    outages: list[Figures] = field(default_factory=list)


class DeviceTally(Struct):
    """Times of devices, added up, by device and station."""

    times: dict[tuple[str, str], _DeviceTimes] = field(default_factory=lambda: defaultdict(_DeviceTimes))

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        known = rows.devices.devices
        if not known or not rows.shifts or (rows.tickets and all(PAPER in ticket.flags for ticket in rows.tickets)):
            return
        spans = [open_us(shift, rows.until) for shift in rows.shifts]
        opened, closed = min(span[0] for span in spans), max(span[1] for span in spans)
        is_open = any(shift.closed is None for shift in rows.shifts)
        put_off = [] if rows.setup.voice.spoken else [one for one in known if _is_put_off(one)]
        rested = {one.key: micros(one.since) for one in put_off}
        never = {one.key for one in put_off if _never_worked(one, rows.devices.outages)}
        for one in _as_named_now(known, rows.devices.outages):
            if one.key in never:
                continue
            ends = [moment for moment in (closed, one.until, rested.get(one.key)) if moment is not None]
            start, end = max(opened, one.known), min(ends)
            downs = [_down(outage, start, end, is_open=is_open) for outage in one.outages]
            downs = [down for down in downs if down.start < down.end]
            down_us = length((down.start, down.end) for down in downs)
            if start < end and not _was_out_of_use(one.outages, downs, end - start - down_us, opened):
                times = self.times[one.key]
                times.open_us += end - start
                times.up_us += end - start - down_us
                times.outages += [_told(rows.setup, rows.day, down) for down in downs]

    def extend(self, other: DeviceTally) -> None:
        """Add later dates of the same hall."""
        for key, theirs in other.times.items():
            own = self.times[key]
            own.open_us += theirs.open_us
            own.up_us += theirs.up_us
            own.outages += theirs.outages

    def merge(self, other: DeviceTally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums, its stations as "HALL/CODE"."""
        for (device, station), own in other.times.items():
            self.times[(device, f"{hall}/{station}")] = own

    def document(self) -> list[Figures]:
        """Return "devices" of the measures."""
        return [
            {
                "device": device,
                "station": station,
                "open_minutes": minutes_of_us(own.open_us),
                "up_minutes": minutes_of_us(own.up_us),
                "rate": share(own.up_us, own.open_us),
                "outages": own.outages,
            }
            for (device, station), own in sorted(self.times.items(), key=_place)
        ]


def _is_put_off(one: Device) -> bool:
    """Whether it speaks and was ended: for good, where calls are only shown since."""
    return one.device in SPEAKING and one.cause == STOPPED


def _never_worked(one: Device, outages: Iterable[Outage]) -> bool:
    """Whether it was down from its first event until it was put off: nobody ever had it."""
    return any(each.key == one.key and (each.start, each.end) == (one.known, one.since) for each in outages)


def _place(item: tuple[tuple[str, str], _DeviceTimes]) -> tuple[int, str]:
    (device, station), _own = item
    return (DEVICES.index(device) if device in DEVICES else len(DEVICES), station)


def _down(outage: Outage, start: int, closed: int, *, is_open: bool) -> _Down:
    end = closed if outage.end is None else min(micros(outage.end), closed)
    return _Down(max(micros(outage.start), start), end, outage.cause, is_open and outage.end is None)


def _was_out_of_use(own: Sequence[Outage], downs: Sequence[_Down], up_us: int, opened: int) -> bool:
    """Return whether nobody expected the device to work: it never did, and was ended by somebody or had been down for a
    week."""
    if up_us or not downs:
        return False
    return all(down.cause == STOPPED for down in downs) or any(micros(one.start) <= opened - _WEEK_US for one in own)


def _told(setup: Setup, day: date, down: _Down) -> Figures:
    return {
        "date": day.isoformat(),
        "from": hall_clock(setup, down.start),
        "to": None if down.goes_on else hall_clock(setup, down.end),
        "cause": down.cause,
        "minutes": minutes_of_us(down.end - down.start),
    }
