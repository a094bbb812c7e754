"""The twelve alarms, what is known with each, and all of it in the text that Prometheus reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import EventFault
from queuedesk.core.log.state import TimesOfLogAheadOfClock
from queuedesk.core.queue.overview import Alert

OK, WARNING, FAILED = 0, 1, 2
"""How an alarm stands; also the exit status of `health`, as monitors read it."""
DATABASE, SHARING, DISK, BACKUPS, CLOCK, LOG = "database", "sharing", "disk", "backups", "clock", "log"
CERTIFICATE, CALLS, SCREENS, VOICE = "certificate", "calls", "screens", "voice"
PRINTERS, PCS = "printers", "pcs"
ALARMS = (DATABASE, SHARING, DISK, BACKUPS, CLOCK, LOG, CERTIFICATE, CALLS, SCREENS, VOICE, PRINTERS, PCS)


class AlarmTrouble(Struct, frozen=True, kw_only=True):
    """What one alarm is about; `name` is a printer, a PC, an address or a file, `cause` why nothing is known of it."""

    name: str = ""
    cause: str = ""
    number: int = 0
    error: QueueDeskError | None = None
    alert: Alert | None = None
    end: TimesOfLogAheadOfClock | None = None
    until: datetime | None = None
    backup: Mapping[str, Any] | None = None
    aside: Mapping[int, EventFault] | None = None


class HealthAlarm(Struct, frozen=True, kw_only=True):
    """How one of ALARMS stands, with what is wrong, or what is known of it while all is well."""

    name: str
    status: int = OK
    troubles: tuple[AlarmTrouble, ...] = ()


class HallMonitorFigures(Struct, frozen=True, kw_only=True):
    """What a monitor draws of a hall. `waiting` and `longest_wait_s` are by service. `feed_lag_s`: how long the latest
    call of the hour took to its screen, None where none was shown; `backup_age_s`: since the last proven backup."""

    hall: str
    waiting: Mapping[str, int]
    longest_wait_s: Mapping[str, float]
    windows: Mapping[str, int]
    devices: Mapping[tuple[str, str], int]
    feed_lag_s: float | None
    backup_age_s: float | None


class HealthReport(Struct, frozen=True, kw_only=True):
    """What was found at once, at `at`."""

    at: datetime
    alarms: tuple[HealthAlarm, ...]
    halls: tuple[HallMonitorFigures, ...] = ()
    free_bytes: int | None = None
    certificate_ends: datetime | None = None

    @property
    def worst_status(self) -> int:
        return max(alarm.status for alarm in self.alarms)


# -- as Prometheus reads it --------------------------------------------------------------------------------------------

Samples = Sequence[tuple[Mapping[str, str], float | None]]


def metrics_text(health: HealthReport) -> str:
    """Return all figures in the text format of Prometheus."""
    halls = health.halls
    ends = health.certificate_ends
    families: list[tuple[str, str, Samples]] = [
        ("health_status", "0 all is well, 1 look at it, 2 something fails.", [({}, health.worst_status)]),
        ("alarm", "The same of each alarm.", [({"alarm": one.name}, one.status) for one in health.alarms]),
        ("waiting", "Tickets that wait.", _labelled_samples(halls, "service", lambda hall: hall.waiting)),
        (
            "longest_wait_seconds",
            "How long the first of a line has waited.",
            _labelled_samples(halls, "service", lambda hall: hall.longest_wait_s),
        ),
        ("windows", "Windows by their state.", _labelled_samples(halls, "state", lambda hall: hall.windows)),
        (
            "devices",
            "Stations and other devices that are up or down.",
            [
                ({"hall": hall.hall, "device": device, "state": stands}, number)
                for hall in halls
                for (device, stands), number in hall.devices.items()
            ],
        ),
        (
            "feed_lag_seconds",
            "From the latest call of the last hour to its screen.",
            [({"hall": hall.hall}, hall.feed_lag_s) for hall in halls],
        ),
        (
            "backup_age_seconds",
            "Since the last backup that was proven.",
            [({"hall": hall.hall}, hall.backup_age_s) for hall in halls],
        ),
        ("disk_free_bytes", "Free where the hall's data is.", [({}, health.free_bytes)]),
        (
            "certificate_end_seconds",
            "When the first certificate ends, in Unix time.",
            [({}, ends.timestamp() if ends is not None else None)],
        ),
    ]
    return "".join(_metric_text(name, told, samples) for name, told, samples in families)


def _labelled_samples(
    halls: Sequence[HallMonitorFigures], label: str, figures: Callable[[HallMonitorFigures], Mapping[str, float]]
) -> Samples:
    return [({"hall": hall.hall, label: key}, value) for hall in halls for key, value in figures(hall).items()]


def _metric_text(name: str, told: str, samples: Samples) -> str:
    lines = [
        f"queuedesk_{name}{_labels_text(labels)} {value:g}"
        if value < 1e6
        else f"queuedesk_{name}{_labels_text(labels)} {value:.0f}"
        for labels, value in samples
        if value is not None
    ]
    head = [f"# HELP queuedesk_{name} {told}", f"# TYPE queuedesk_{name} gauge"]
    return "\n".join([*head, *lines, ""]) if lines else ""


def _labels_text(labels: Mapping[str, str]) -> str:
    def escaped_label(text: str) -> str:
        return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

    return "{" + ",".join(f'{key}="{escaped_label(value)}"' for key, value in labels.items()) + "}" if labels else ""
