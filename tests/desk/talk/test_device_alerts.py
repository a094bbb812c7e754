"""What the manager is told of the equipment: an outage is an alert until the device works."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.overview import Alert, alerts
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import devices
from tests.desk.equipment import DISPLAY, KIOSK, PRINTER, VOICE, as_, beat, look, only_shown, start, stop
from tests.hall import ADMIN, MANAGER, Hall, at, refused, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Window 1 is open since 9:00, and no one waiting."""
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    return hall


def now_of(hall: Hall) -> list[Alert]:
    return [a for a in alerts(looking.hall_now(hall.desk, hall.clock()), hall.clock()) if a.kind == "device_down"]


def test_an_outage_is_an_alert_and_the_last_display_a_red_one(hall: Hall) -> None:
    start(hall, DISPLAY, ("display", "display#2"), KIOSK)
    hall.clock.move(minutes=2)
    beat(hall, ("display", "display#2"), KIOSK)
    look(hall)
    assert [(a.level, a.device, a.station, a.cause, a.since) for a in now_of(hall)] == [
        ("amber", "display", "display", "lost", at("9:00"))
    ]
    hall.clock.move(minutes=2)
    beat(hall, KIOSK)
    look(hall)
    assert [(a.level, a.station) for a in now_of(hall)] == [("red", "display"), ("red", "display#2")]
    start(hall, DISPLAY)
    assert [(a.level, a.station) for a in now_of(hall)] == [("amber", "display#2")]


def test_a_voice_that_was_never_heard_is_an_alert_from_the_first_call(hall: Hall) -> None:
    devices.report(hall.desk, as_(hall, "display"), *VOICE, "no_voice")

    assert [(a.level, a.device, a.cause, a.since) for a in now_of(hall)] == [("amber", "voice", "no_voice", at("9:00"))]


def test_where_calls_are_only_shown_nothing_that_speaks_is_missed_or_told_of(hall: Hall) -> None:
    start(hall, DISPLAY)
    for device in ("voice", "engine", "player"):
        devices.report(hall.desk, as_(hall, "display"), device, "display", "no_sound")
    assert {a.device for a in now_of(hall)} == {"voice", "engine", "player"}
    hall.clock.move(minutes=1)
    only_shown(hall)

    assert now_of(hall) == []
    seq = hall.last().seq
    for device in ("voice", "engine", "player"):
        assert not devices.report(hall.desk, as_(hall, "display"), device, "display", "no_sound")
    stop(hall, DISPLAY)
    start(hall, DISPLAY)
    assert [e.data["device"] for e in hall.log() if e.seq > seq] == ["display", "display"]
    assert hall.whole().devices[VOICE].cause == "stopped"


def test_a_voice_that_is_wanted_again_is_missed_from_its_next_call(hall: Hall) -> None:
    devices.report(hall.desk, as_(hall, "display"), *VOICE, "no_sound")
    only_shown(hall)
    hall.clock.move(days=30)
    setting_up.change_part(hall.desk, hall.ask(ADMIN), "voice", {"spoken": True})
    assert now_of(hall) == []
    devices.report(hall.desk, as_(hall, "display"), *VOICE, "no_sound")

    assert [(a.device, a.since) for a in now_of(hall)] == [("voice", hall.clock())]


def test_what_somebody_ended_asks_for_nobody_unless_customers_have_none_left(hall: Hall) -> None:
    plate = ("plate", "plate-3")
    start(hall, plate, KIOSK, ("kiosk", "K2"))
    stop(hall, plate)
    stop(hall, KIOSK)
    assert now_of(hall) == []
    stop(hall, ("kiosk", "K2"))
    assert {(a.level, a.station) for a in now_of(hall)} == {("red", "K1"), ("red", "K2")}
    hall.do("close", "1")
    assert now_of(hall) == []


def test_with_every_window_closed_only_what_failed_today_is_news(hall: Hall) -> None:
    start(hall, DISPLAY)
    hall.clock.move(minutes=2)
    look(hall)
    hall.do("close", "1")
    assert [a.level for a in now_of(hall)] == ["amber"]
    hall.clock.move(days=1)
    assert now_of(hall) == []
    hall.open("1", "C1")
    assert [a.level for a in now_of(hall)] == ["red"]
    hall.clock.move(days=7)
    assert now_of(hall) == []


def test_the_alarm_stands_in_the_log_until_the_device_works_and_names_who_saw_it(hall: Hall) -> None:
    devices.report(hall.desk, as_(hall, "K1"), *PRINTER, None)
    start(hall, DISPLAY)
    hall.clock.move(minutes=1)
    devices.report(hall.desk, as_(hall, "K1"), *PRINTER, "out_of_paper")
    seq = hall.last().seq
    hall.do("raise-due", who=HALL)
    hall.do("ack", "device_down", station="K1", who=MANAGER)
    assert now_of(hall)[0].by == "M1"
    hall.clock.move(minutes=1)
    beat(hall, DISPLAY)
    devices.report(hall.desk, as_(hall, "K1"), *PRINTER, None)
    hall.do("raise-due", who=HALL)

    about = {"kind": "device_down", "device": "printer", "station": "K1", "date": "2026-11-20"}
    alarm = seq + 1
    assert [(e.kind, e.data) for e in hall.log(seq) if e.kind != "device"] == [
        ("alarm", {**about, "level": "amber", "since": "2026-11-20T01:01:00.000000+00:00"}),
        ("ack", {**about, "alarm": alarm}),
        ("alarm", {**about, "over": alarm}),
    ]
    hall.must_follow_from_its_log()
    with refused(hall, "no_alert"):
        hall.do("ack", "device_down", who=MANAGER)


def test_what_works_for_a_moment_and_fails_again_is_down_since_then_and_nobody_has_seen_it(hall: Hall) -> None:
    devices.report(hall.desk, as_(hall, "K1"), *PRINTER, "out_of_paper")
    hall.do("raise-due", who=HALL)
    hall.clock.move(minutes=1)
    hall.do("ack", "device_down", who=MANAGER)
    hall.clock.move(minutes=1)
    devices.report(hall.desk, as_(hall, "K1"), *PRINTER, None)
    hall.clock.move(minutes=1)
    devices.report(hall.desk, as_(hall, "K1"), *PRINTER, "out_of_paper")
    hall.do("raise-due", who=HALL)

    assert [(a.since, a.by) for a in now_of(hall)] == [(at("9:03"), None)]
    assert hall.do("ack", "device_down", who=MANAGER)["alerts"][0]["since"].startswith("2026-11-20T09:03")
    assert [(a.since, a.by) for a in now_of(hall)] == [(at("9:03"), "M1")]


def test_the_state_document_names_the_device(hall: Hall) -> None:
    devices.report(hall.desk, as_(hall, "K1"), *PRINTER, "offline")
    (alert,) = looking.state_document(hall.desk, hall.clock(), lambda _state, _alert: "")["alerts"]

    assert (alert["kind"], alert["device"], alert["station"], alert["level"]) == (
        "device_down",
        "printer",
        "K1",
        "amber",
    )
