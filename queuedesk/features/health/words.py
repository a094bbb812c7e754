"""The words of the twelve alarms: what each is called, how it stands, and what to press."""

from __future__ import annotations

from typing import Any

from queuedesk.features.health import rules
from queuedesk.features.health.rules import AlarmTrouble, HealthAlarm, HealthReport
from queuedesk.i18n import _, clock_words, date_long, error_sentence, list_text, mark, n_, names, preview_words, talk

WORDS = names.FeatureWords(
    refusals={
        "health_port_taken": mark(
            "Another program on this PC already uses {address}; please give another port with --serve."
        )
    }
)
STATUS_NAMES = ("ok", "warning", "failed")
"""The names of OK, WARNING and FAILED in JSON."""


def alarm_status_word(status: int) -> str:
    return (_("good"), _("needs attention"), _("not good"))[status]


def alarm_title(name: str) -> str:
    return {
        rules.DATABASE: _("The hall's data"),
        rules.SHARING: _("Sharing", context="health"),
        rules.DISK: _("Disk", context="health"),
        rules.BACKUPS: _("Backups", context="set-up"),
        rules.CLOCK: _("Clock", context="health"),
        rules.LOG: _("Log", context="health"),
        rules.CERTIFICATE: _("Certificates", context="health"),
        rules.CALLS: _("Calls on screens", context="health"),
        rules.SCREENS: _("Stations", context="health"),
        rules.VOICE: _("Voice", context="set-up"),
        rules.PRINTERS: _("Printers"),
        rules.PCS: _("Several PCs", context="set-up"),
    }[name]


def alarm_text(alarm: HealthAlarm) -> str:
    """Return how an alarm stands, in a sentence or more."""
    if not alarm.troubles:
        return _alarm_sentence_without_trouble(alarm)
    devices = [
        _(
            "{device} ({cause})",
            device=talk.device_name(one.device or "", one.station or ""),
            cause=_cause_text(one.cause),
        )
        for one in (trouble.alert for trouble in alarm.troubles)
        if one is not None
    ]
    said = [_("Out of order: {what}", what=list_text(devices))] if devices else []
    if alarm.name == rules.PCS:
        return _("No sign of life from {names}.", names=list_text([trouble.name for trouble in alarm.troubles]))
    told = [_trouble_text(alarm.name, trouble) for trouble in alarm.troubles if trouble.alert is None]
    return " ".join([*said, *told])


def _cause_text(cause: str | None) -> str:
    return talk.device_down_cause_words(cause)


def _alarm_sentence_without_trouble(alarm: HealthAlarm) -> str:
    if alarm.status == rules.FAILED:
        return _("This PC does not share the hall at the moment; other PCs can't work.")
    return {
        rules.DATABASE: _("It can be read."),
        rules.BACKUPS: _("This PC knows nothing of backups."),
        rules.CLOCK: _("The clock is not behind the log."),
        rules.LOG: _("Every event can be read."),
        rules.CERTIFICATE: _("None ends within a month."),
        rules.CALLS: _("No call of the last hour was missed."),
    }.get(alarm.name) or _("Nothing is wrong.")


def _trouble_text(name: str, trouble: AlarmTrouble) -> str:
    if trouble.error is not None:
        return error_sentence(trouble.error)
    if trouble.backup is not None:
        return preview_words.hall_backups_line(trouble.backup)
    if trouble.aside is not None:
        return preview_words.set_aside_events_sentence(trouble.aside, counted=False)
    if trouble.end is not None:
        return clock_words.log_ahead_of_clock_sentence(trouble.end)
    if trouble.until is not None:
        return _("The certificate of {name} ends on {day}.", name=trouble.name, day=date_long(trouble.until.date()))
    if name == rules.DISK:
        return _("{n} MB free.", n=trouble.number)
    if name == rules.CLOCK:
        return _("Clock of this PC: {what}.", what=talk.device_down_cause_words(trouble.name))
    if name == rules.CALLS:
        return n_(
            "{hall}: {n} call of the last hour was not shown.",
            "{hall}: {n} calls of the last hour were not shown.",
            trouble.number,
            hall=trouble.name,
        )
    if name == rules.PRINTERS:
        return _("{device} ({cause})", device=trouble.name, cause=talk.device_down_cause_words(trouble.cause))
    return trouble.name


def alarm_advice(name: str) -> str:
    """Return what to press."""
    return {
        rules.DATABASE: _(
            "Is its disk there, or the main PC on? If the file is lost, restore the newest backup: Set-up, Backups."
        ),
        rules.SHARING: _("On the main PC open QueueDesk; Set-up, Several PCs shares the hall again."),
        rules.DISK: _("Make room on that disk, or keep backups on another one: Set-up, Backups."),
        rules.BACKUPS: _("Set-up, Backups: make one now. If that fails, choose another folder there."),
        rules.CLOCK: _("Set the clock of this PC in its system settings."),
        rules.LOG: _("Set-up, Backups: check the data."),
        rules.CERTIFICATE: _("Get a new certificate and start the web pages with it."),
        rules.CALLS: _("Does the display show the calls? If not, open it; if it is open, close it and open it again."),
        rules.SCREENS: _("Go there: is the PC on? Open the station from its first page."),
        rules.VOICE: _("Is the loudspeaker on and plugged in? Then Set-up, Voice, and try it."),
        rules.PRINTERS: _("Paper, cover, cable. Then ⋯, Printer, and print a test slip."),
        rules.PCS: _("Is that PC on, and its network cable in? Set-up, Several PCs says when it was last seen."),
    }[name]


def health_line(health: HealthReport) -> str:
    """Return everything in one line: the state, then what is wrong, or how many wait."""
    wrong = [f"{alarm_title(one.name)}: {alarm_text(one)}" for one in health.alarms if one.status != rules.OK]
    if not wrong:
        wrong = [
            n_(
                "{hall}: {waiting} waiting, {n} window open",
                "{hall}: {waiting} waiting, {n} windows open",
                hall.windows["open"],
                hall=hall.hall,
                waiting=sum(hall.waiting.values()),
            )
            for hall in health.halls
        ]
    return " · ".join([f"QueueDesk {STATUS_NAMES[health.worst_status]}", *wrong])


def health_document(health: HealthReport) -> dict[str, Any]:
    """Return everything for `--json`."""
    ends = health.certificate_ends
    return {
        "status": STATUS_NAMES[health.worst_status],
        "at": health.at.isoformat(),
        "alarms": [
            {
                "name": one.name,
                "status": STATUS_NAMES[one.status],
                "message": alarm_text(one),
                "do": alarm_advice(one.name) if one.status != rules.OK else None,
            }
            for one in health.alarms
        ],
        "halls": [
            {
                "hall": hall.hall,
                "waiting": dict(hall.waiting),
                "longest_wait_s": dict(hall.longest_wait_s),
                "windows": dict(hall.windows),
                "devices": [
                    {"device": device, "state": state, "number": number}
                    for (device, state), number in hall.devices.items()
                ],
                "feed_lag_s": hall.feed_lag_s,
                "backup_age_s": hall.backup_age_s,
            }
            for hall in health.halls
        ],
        "disk_free_bytes": health.free_bytes,
        "certificate_ends": ends.isoformat() if ends is not None else None,
    }
