"""What the command line tells of the hall's equipment."""

from __future__ import annotations

import pytest

from queuedesk.core.network.roles import station
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import devices
from queuedesk.store.engine.database import Database
from tests.cli.commands import Console


def report(console: Console, device: str, name: str, cause: str | None) -> None:
    db = Database.open(console.db)
    ask = Ask(station(name), console.clock())
    if device == "printer":
        devices.report(Desk(db, 1), ask, device, name, cause)
    else:
        devices.started(Desk(db, 1), ask, device, name)
        if cause is not None:
            devices.stopped(Desk(db, 1), ask, device, name)
    db.dispose()


def doctor(console: Console) -> tuple[str, str]:
    (check,) = [one for one in console.say("--json", "doctor").document["checks"] if one["name"].startswith("devices")]
    return check["status"], check["message"]


def test_the_list_says_what_works_and_since_when_not(console: Console) -> None:
    assert console.ask("device", "list") == {"devices": []}
    report(console, "display", "display", None)
    report(console, "printer", "K1", "out_of_paper")

    assert console.ask("device", "list") == {
        "devices": [
            {
                "device": "display",
                "station": "display",
                "state": "up",
                "since": "2026-11-20T10:00:00+08:00",
                "cause": None,
            },
            {
                "device": "printer",
                "station": "K1",
                "state": "down",
                "since": "2026-11-20T10:00:00+08:00",
                "cause": "out_of_paper",
            },
        ]
    }
    assert console.say("device", "list").out.splitlines() == [
        "Display  works  since 20 Nov, 10:00",
        "Printer (K1)  out of paper  since 20 Nov, 10:00",
    ]


@pytest.mark.usefixtures("hall_alone")
def test_doctor_says_which_devices_are_down(console: Console) -> None:
    assert doctor(console) == ("ok", "No device has reported yet.")
    report(console, "display", "display", None)
    report(console, "plate", "plate-3", "stopped")
    assert doctor(console) == ("ok", "1 device works.")
    report(console, "printer", "K1", "out_of_paper")

    assert doctor(console) == ("warning", "Out of order: Printer (K1) (out of paper)")


def test_the_alert_of_one_station_is_acknowledged(console: Console) -> None:
    report(console, "printer", "K1", "offline")
    report(console, "printer", "guide", "offline")
    (seen,) = console.ask("ack", "--station", "K1", "device_down")["alerts"]

    assert (seen["device"], seen["station"], seen["acknowledged"]) == ("printer", "K1", True)
    alerts = console.ask("state")["alerts"]
    assert [(one["station"], one["message"]) for one in alerts] == [
        ("guide", "Printer (Front desk): offline; out of order since 10:00."),
        ("K1", "Printer (K1): offline; out of order since 10:00."),
    ]
