"""Alerts that the log remembers: which limit was crossed, when it ended, who has seen it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from queuedesk.core.talk.remarks import Alarm

# A line's long wait is one alarm whoever waits longest in it; all others go by everything they name.
_BY_SERVICE = frozenset({"long_wait", "no_window", "series_ending"})

AMBER, RED = "amber", "red"

Key = tuple[str, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something to look at. kinds: long_wait, no_window, crowd, no_call, long_serving, late_back, series_ending,
    device_down.

    `acknowledged` and `by` say when and by whom it was seen; an alert that nobody has seen has neither.
    """

    kind: str
    level: str
    since: datetime
    service: str | None = None
    window: str | None = None
    ticket: str | None = None
    device: str | None = None
    station: str | None = None
    cause: str | None = None
    minutes: int = 0
    acknowledged: datetime | None = None
    by: str | None = None


def key_of(one: Alert | Alarm) -> Key:
    """Return what makes two alerts the same alarm, whatever their level."""
    if one.kind in _BY_SERVICE:
        return (one.kind, one.service, None, None)
    if one.device is not None:
        return (one.kind, one.device, one.station, None)
    return (one.kind, None, one.window, one.ticket)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be written: alerts that crossed a limit, each with the lower alarm it takes the place of, and alarms
    that are over."""

    crossed: tuple[tuple[Alert, Alarm | None], ...]
    over: tuple[Alarm, ...]

    def __bool__(self) -> bool:
        return bool(self.crossed or self.over)


def due(alerts: Iterable[Alert], known: Mapping[int, Alarm]) -> Due:
    """Compare the alerts of now with the alarms that are known.

    Amber to red is a crossing of its own; one that goes back to amber stays the red alarm it was until it is over.
    """
    by_key = {key_of(alarm): alarm for alarm in known.values()}
    now = {key_of(alert): alert for alert in alerts}
    crossed = []
    for key, alert in now.items():
        alarm = by_key.get(key)
        if alarm is None or (alert.level == RED and alarm.level != RED):
            crossed.append((alert, alarm))
    return Due(tuple(crossed), tuple(alarm for key, alarm in by_key.items() if key not in now))


def with_alarms(alerts: Iterable[Alert], known: Mapping[int, Alarm]) -> list[Alert]:
    """Return the alerts with the time of their crossing and who has seen them, where an alarm of at least their level
    is known."""
    by_key = {key_of(alarm): alarm for alarm in known.values()}
    told = []
    for alert in alerts:
        alarm = by_key.get(key_of(alert))
        if alarm is not None and (alarm.level == RED or alert.level != RED):
            told.append(replace(alert, since=alarm.since, acknowledged=alarm.acknowledged, by=alarm.by))
        else:
            told.append(alert)
    return told
