"""Which devices worked while the hall was open, counted again from the printed log. Imports nothing of the program."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.reports.recompute import Recount, minutes, seconds
from tests.reports.relived import Event, time_of

Row = dict[str, Any]
Key = tuple[str, str]
WEEK = timedelta(days=7)


def devices(log: list[Event], days: list[Recount]) -> dict[Key, Row]:
    """Return the devices of several dates by device and station."""
    told: dict[Key, list[Event]] = {}
    for event in log:
        if event["kind"] == "device":
            told.setdefault((event["data"]["device"], event["data"]["station"]), []).append(event)
    told, ends = as_named_now(told)
    found: dict[Key, Row] = {}
    for day in days:
        for key, events in told.items():
            _add_day(found, key, events, day, ends.get(key))
    return {key: own | {"rate": own["up_minutes"] / own["open_minutes"]} for key, own in found.items()}


Told = dict[Key, list[Event]]


def as_named_now(told: Told) -> tuple[Told, dict[tuple[str, str], datetime]]:
    """Return the events of devices by the names they go by since their hall was shared, and when those that told
    nothing under a new name were put off.

    The first PC that told of a device with its name ("display@Door") is the one that shared; what has no PC's name was
    on it, and is put down as stopped once the name changes.
    """
    named = [
        (time_of(events[0]), name.partition("@")[2].partition("#")[0])
        for (device, name), events in told.items()
        if "@" in name and device != "clock"
    ]
    if not named:
        return told, {}
    shared, sharer = min(named)
    found, ends = dict(told), dict[tuple[str, str], datetime]()
    for (device, name), events in told.items():
        if "@" in name:
            continue
        stem, sign, n = name.partition("#")
        later = (device, f"{stem}@{sharer}{sign}{n}")
        last = events[-1]["data"]
        is_put_off = last["cause"] == "stopped" and time_of(events[-1]) >= shared
        if later in told and time_of(events[-1]) <= time_of(told[later][0]):
            went_on = [events[-1] | {"data": last | {"state": "up"}}] if is_put_off else events[-1:]
            found[later] = [*events[:-1], *went_on, *told[later]]
            del found[(device, name)]
        elif is_put_off:
            ends[(device, name)] = time_of(events[-1])
    return found, ends


def _outages(events: list[Event]) -> list[tuple[datetime, datetime | None, str]]:
    """Return each time that the device was down, to whatever it told next."""
    ended = pairwise([*events, None])
    return [
        (time_of(one), max(time_of(one), time_of(after)) if after else None, one["data"]["cause"])
        for one, after in ended
        if one["data"]["state"] == "down"
    ]


def _add_day(found: dict[Key, Row], key: Key, events: list[Event], day: Recount, ends: datetime | None) -> None:
    if not day.shifts:
        return
    opened = min(shift["open"] for shift in day.shifts)
    closed = max(shift["close"] or day.until() for shift in day.shifts)
    is_open = any(shift["close"] is None for shift in day.shifts)
    start = max(opened, time_of(events[0]))
    closed = min(closed, ends) if ends else closed
    outages = _outages(events)
    downs = [(max(at, start), min(end or closed, closed), why, is_open and end is None) for at, end, why in outages]
    downs = [one for one in downs if one[0] < one[1]]
    down_s = sum(seconds(since, end) for since, end, *_ in downs)  # no two of a device at once
    up_s = seconds(start, closed) - down_s
    if start >= closed or (not up_s and downs and _is_out_of_use(events, downs, opened, closed)):
        return
    own = found.setdefault(key, {"open_minutes": 0.0, "up_minutes": 0.0, "outages": []})
    own["open_minutes"] += minutes(seconds(start, closed))
    own["up_minutes"] += minutes(up_s)
    own["outages"] += [
        {
            "date": day.day,
            "from": clock(day, since),
            "to": None if goes_on else clock(day, end),
            "cause": cause,
            "minutes": minutes(seconds(since, end)),
        }
        for since, end, cause, goes_on in downs
    ]


def _is_out_of_use(events: list[Event], downs: list[Any], opened: datetime, closed: datetime) -> bool:
    if all(cause == "stopped" for _, _, cause, _ in downs):
        return True
    outages = (one for one in _outages(events) if one[0] < closed)
    return any(since <= opened - WEEK and (end is None or end > opened) for since, end, _ in outages)


def clock(day: Recount, moment: datetime) -> str:
    """Return a moment as "08:30" on the hall's clock."""
    return f"{moment.astimezone(day.zone):%H:%M}"
