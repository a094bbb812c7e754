"""The hall's equipment: one event for each change, whoever looks and however often; and what a crash leaves behind."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.pc_clock import ClockReliability
from queuedesk.core.network.roles import HALL, actor_of_station
from queuedesk.core.queue.overview import Alert, current_alerts
from queuedesk.desk import looking, setting_up
from queuedesk.desk.talk import devices
from queuedesk.desk.talk.devices import LOST_AFTER
from queuedesk.store.parts import sharing as store_devices
from tests.desk.equipment import DISPLAY, KIOSK, PRINTER, VOICE, as_, look, only_shown, send_heartbeat, start, stop
from tests.desk.stage import four_at_once, stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, MANAGER, SHANGHAI, Hall, at, hall_of_today, refused, simple_hall, simple_setup
from tests.store.statements import kinds, statements


def with_a_window(folder: Path) -> Hall:
    """Window 1 is open since 9:00, and no one waiting."""
    hall = simple_hall(folder)
    hall.open("1", "C1")
    return hall


pytestmark = pytest.mark.hall(make=with_a_window)


def test_a_station_is_up_from_its_start_to_its_clean_stop_or_its_last_sign_of_life(hall: Hall) -> None:
    start(hall, DISPLAY)
    send_heartbeat(hall, DISPLAY, for_s=300)
    stop(hall, DISPLAY)
    stop(hall, DISPLAY)
    hall.clock.move(minutes=1)
    start(hall, DISPLAY)
    assert told(hall) == [
        ("display", "display", "up", "None", "09:00:00", "station:display"),
        ("display", "display", "down", "stopped", "09:05:30", "station:display"),
        ("display", "display", "up", "None", "09:06:30", "station:display"),
    ]

    seq = hall.last().seq
    hall.clock.move(seconds=LOST_AFTER.total_seconds() - 1)
    assert look(hall) == [], "nobody is lost a moment before"
    hall.clock.move(seconds=1)
    assert (look(hall), look(hall)) == ([DISPLAY], [])
    event, named = hall.last(), {"device": "display", "station": "display", "state": "down", "cause": "lost"}
    assert (event.time, event.at, event.actor) == (at("9:06:30"), hall.clock(), "hall")
    assert event.data == named | {"date": "2026-11-20"}
    assert devices.device_rows(hall.desk) == [named | {"since": "2026-11-20T09:06:30+08:00"}]
    hall.clock.now = at("9:10")
    send_heartbeat(hall, DISPLAY)
    assert [(row[2], row[4]) for row in told(hall, seq)] == [("down", "09:06:30"), ("up", "09:10:00")], "it was frozen"

    seq, hall.clock.now = hall.last().seq, at("9:20")
    send_heartbeat(hall, DISPLAY, for_s=60)
    start(hall, DISPLAY)
    assert [(row[2], row[3], row[4], row[5]) for row in told(hall, seq)[-2:]] == [
        ("down", "lost", "09:21:00", "hall"),
        ("up", "None", "09:21:30", "station:display"),
    ], "one that starts again before anybody noticed was down all the same"


def test_printer_and_voice_are_written_when_they_change_and_not_with_every_slip(hall: Hall) -> None:
    for cause in (None, None, "offline", "offline", "out_of_paper", None, None):
        hall.clock.move(minutes=1)
        devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, cause)
    changes = [(row[2], row[3], row[4]) for row in told(hall)]
    assert changes[:2] == [("up", "None", "09:01:00"), ("down", "offline", "09:03:00")]
    assert changes[2:] == [("down", "out_of_paper", "09:05:00"), ("up", "None", "09:06:00")]
    assert [(o.cause, o.start, o.end) for o in hall.whole().outages.values()] == [
        ("offline", at("9:03"), at("9:05")),
        ("out_of_paper", at("9:05"), at("9:06")),
    ]


@pytest.mark.parametrize("clean", [True, False])
def test_a_voice_goes_and_comes_back_with_its_display_or_stays_silent_as_before(hall: Hall, clean: bool) -> None:
    start(hall, DISPLAY)
    devices.record_device_state(hall.desk, as_(hall, "display"), *VOICE, None)
    seq = hall.last().seq
    if clean:
        stop(hall, DISPLAY)
    else:
        hall.clock.move(minutes=2)
        look(hall)
    start(hall, DISPLAY)
    cause = "stopped" if clean else "lost"
    changes = [(device, state) for device, _station, state, *_rest in told(hall, seq)]
    assert changes == [("display", "down"), ("voice", "down"), ("display", "up"), ("voice", "up")]
    assert [row[3] for row in told(hall, seq)] == [cause, cause, "None", "None"]
    devices.record_device_state(hall.desk, as_(hall, "display"), *VOICE, "no_sound")
    since = hall.clock()
    hall.clock.move(seconds=1)
    stop(hall, DISPLAY)
    start(hall, DISPLAY)
    assert (hall.whole().devices[VOICE].cause, hall.whole().devices[VOICE].since) == ("no_sound", since)


def test_what_was_lost_after_closing_belongs_to_the_day_that_finds_it(hall: Hall) -> None:
    """A hall that switches its PCs off at the wall does not change yesterday's report each morning."""
    start(hall, DISPLAY, KIOSK)
    hall.clock.move(hours=8)
    send_heartbeat(hall, KIOSK)
    hall.play(1, "close 1", 4)
    send_heartbeat(hall, DISPLAY)
    hall.clock.move(hours=15)
    look(hall)
    lost = [(e.data["station"], e.data["date"], e.time) for e in hall.log()[-2:]]
    assert lost == [("display", "2026-11-21", at("17:05")), ("K1", "2026-11-20", at("17:00"))]
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_sign_of_life_is_one_row_and_no_event_and_what_several_stations_miss_is_one(hall: Hall) -> None:
    start(hall, DISPLAY)
    hall.clock.move(seconds=30)
    seq = hall.last().seq
    with statements(hall.desk.db) as beats:
        send_heartbeat(hall, DISPLAY)
    written = [word for word in kinds(beats) if word != "SELECT"]
    assert written == (["INSERT", "UPDATE"] if hall.desk.db.is_shared else ["INSERT"])  # there the PC was seen, too
    assert hall.last().seq == seq
    with statements(hall.desk.db) as looks:
        look(hall)
    assert set(kinds(looks)) == {"SELECT"}
    hall.clock.move(minutes=5)
    noticed = four_at_once(hall, lambda desk: devices.record_lost_stations(desk, hall.ask(HALL)))
    assert [event.kind for event in noticed] == ["device"]


@ON_BOTH_ENGINES
def test_a_copy_of_the_log_waits_for_a_sign_of_life_before_it_takes_a_station_for_lost(hall: Hall) -> None:
    """A backup brings the log, not the beats: what it takes for running has as long as any other to show itself."""
    start(hall, DISPLAY, KIOSK)
    with hall.desk.db.write(1) as tx:
        tx.exec_driver_sql("DELETE FROM beats")
    hall.clock.move(hours=1)
    assert look(hall) == []
    hall.clock.move(seconds=80)
    send_heartbeat(hall, KIOSK)
    hall.clock.move(seconds=20)
    assert look(hall) == [DISPLAY]


def test_one_pcs_fast_clock_makes_no_station_look_silent(hall: Hall) -> None:
    start(hall, DISPLAY, KIOSK)
    hall.play(30, "issue A", -28)
    send_heartbeat(hall, DISPLAY)
    assert look(hall) == [KIOSK]
    assert [device for device, one in hall.whole().devices.items() if one.is_up] == [DISPLAY]


@ON_BOTH_ENGINES
def test_signs_of_life_go_by_the_clock_that_all_pcs_have_in_common(hall: Hall) -> None:
    """On a server that is the server's own; in a file it is this PC's."""
    real = hall.clock.now = datetime.now(UTC)
    start(hall, DISPLAY)  # at a time that is stated: the day before is ended
    beats = {}
    for off in (-300, 0, 300):
        ask = replace(as_(hall, "K1"), now=real + timedelta(seconds=off), reading=ClockReliability(real))
        devices.record_station_start(hall.desk, ask, "kiosk", f"K{off}")
        devices.record_sign_of_life(hall.desk, ask, "kiosk", f"K{off}")
        with hall.desk.db.read() as tx:
            beats[off] = (store_devices.last_signs_by_station(tx, 1)[("kiosk", f"K{off}")] - real).total_seconds()
    if hall.desk.db.is_shared:
        assert all(0 <= off <= (datetime.now(UTC) - real).total_seconds() for off in beats.values())
    else:
        assert beats == {-300: -300, 0: 0, 300: 300}


def test_a_simulated_hall_has_no_equipment(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, hall={**simple_setup()["hall"], "simulated": True})
    seq = hall.last().seq
    start(hall, DISPLAY)
    send_heartbeat(hall, DISPLAY)
    assert devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, "offline") is False
    hall.clock.move(minutes=5)
    assert look(hall) == []
    stop(hall, DISPLAY)
    assert hall.last().seq == seq
    assert devices.device_rows(hall.desk) == []
    # What the hall's own day tells of it is no chance report of a window that looks on.
    told = replace(as_(hall, "K1"), recorded=True)
    assert devices.record_device_state(hall.desk, told, *PRINTER, "offline") is True
    assert [row["cause"] for row in devices.device_rows(hall.desk)] == ["offline"]


DEEDS = st.one_of(
    st.tuples(st.sampled_from(["start", "beat", "stop"]), st.sampled_from([DISPLAY, KIOSK])),
    st.tuples(st.just("report"), st.sampled_from([PRINTER, VOICE]), st.sampled_from([None, "offline", "no_sound"])),
    st.tuples(st.just("wait"), st.integers(1, 7200)),
    st.tuples(st.sampled_from(["look", "raise", "close", "open"])),
)


def act(hall: Hall, deed: tuple[Any, ...]) -> None:
    """Carry out one of DEEDS; what is not possible is left."""
    verb, *words = deed
    if verb == "wait":
        hall.clock.move(seconds=words[0])
    elif verb == "report":
        devices.record_device_state(hall.desk, as_(hall, words[0][1]), *words[0], words[1])
    elif verb in ("open", "close"):
        with suppress(RuleError):
            hall.do(verb, "1", **({"staff": "C1"} if verb == "open" else {}))
    elif verb == "raise":
        hall.do("raise-due", who=HALL)
    else:
        {"start": start, "beat": send_heartbeat, "stop": stop, "look": look}[verb](hall, *words)


@ON_BOTH_ENGINES
@settings(max_examples=15)
@given(deeds=st.lists(DEEDS, min_size=12, max_size=25))
def test_whatever_happens_the_tables_follow_and_only_changes_are_written(deeds: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        hall = stage(Path(folder))
        for deed in deeds:
            act(hall, deed)
        now = hall.whole()
        states: dict[tuple[str, str], tuple[str, str | None]] = {}
        for event in hall.log():
            if event.kind == "device":
                key, state = (event.data["device"], event.data["station"]), (event.data["state"], event.data["cause"])
                assert states.get(key) != state, "not a change"
                assert key in states or state[0] == "up" or key in (PRINTER, VOICE), "down before it was ever up"
                states[key] = state
        hall.must_follow_from_its_log()
        hall.desk.db.dispose()

    assert {key: (one.up_or_down, one.cause) for key, one in now.devices.items()} == states
    going_on = {seq for seq, one in now.outages.items() if one.end is None}
    assert {one.outage for one in now.devices.values() if not one.is_up} == going_on
    assert all(one.end is None or one.start <= one.end for one in now.outages.values())


def test_outages_told_of_late_do_not_lie_over_each_other(hall: Hall) -> None:
    """Two calls wait while the voice's engine dies twice: the second outage begins where the first was over."""
    began = hall.clock()

    def fall_out(since: datetime) -> None:
        ask = hall.ask(actor_of_station("display"))
        devices.record_device_state(hall.desk, ask, "engine", "display", "died", since=since)
        devices.record_device_state(hall.desk, ask, "engine", "display", None)

    hall.clock.move(seconds=5)
    fall_out(began)
    hall.clock.move(seconds=4)
    fall_out(began + timedelta(seconds=1))
    outages = [one for one in hall.whole().outages.values() if one.device == "engine"]
    assert [((one.start - began).seconds, (one.end - began).seconds) for one in outages if one.end] == [(0, 5), (5, 9)]
    hall.must_follow_from_its_log()


def test_each_pcs_station_of_one_name_is_missed_for_itself(tmp_path: Path) -> None:
    """By the real clock, by which a PC that is let in no longer has stopped, on a server."""
    hall, door, back = hall_of_today(tmp_path), ("display", "display@Door"), ("display", "display@Back")
    hall.open("1", "C1")
    start(hall, DISPLAY)
    devices.record_device_state(hall.desk, as_(hall, "display"), *VOICE, "no_sound")
    start(hall, door, back)
    # The first two were before PCs shared the hall.
    causes = {DISPLAY: "stopped", VOICE: "stopped", door: None, back: None}
    assert {key: one.cause for key, one in hall.whole().devices.items()} == causes
    send_heartbeat(hall, back, for_s=LOST_AFTER.seconds)
    assert look(hall) == [door]
    (alert,) = current_alerts(hall.whole(), hall.clock())
    assert (alert.station, alert.level) == ("display@Door", "amber")
    assert hall.do("ack", "device_down", station="display")["alerts"][0]["station"] == "display@Door"

    devices.record_devices_of_pc_stopped(hall.desk, hall.clock(), "Door")
    assert current_alerts(hall.whole(), hall.clock()) == []
    hall.must_follow_from_its_log()


def told(hall: Hall, since: int = 0) -> list[tuple[str, ...]]:
    """Return what the log says of devices: device, station, state, cause, hall time, actor."""
    hall.must_follow_from_its_log()
    names = ("device", "station", "state", "cause")
    return [
        (*(str(event.data[name]) for name in names), f"{event.time.astimezone(SHANGHAI):%H:%M:%S}", event.actor)
        for event in hall.log(since)
        if event.kind == "device"
    ]


def now_of(hall: Hall) -> list[Alert]:
    found = current_alerts(looking.hall_state_now(hall.desk, hall.clock()), hall.clock())
    return [alert for alert in found if alert.kind == "device_down"]


def test_an_outage_is_an_alert_and_the_last_display_a_red_one(hall: Hall) -> None:
    start(hall, DISPLAY, ("display", "display#2"), KIOSK)
    hall.clock.move(minutes=2)
    send_heartbeat(hall, ("display", "display#2"), KIOSK)
    look(hall)
    (one,) = now_of(hall)
    assert (one.level, one.device, one.station, one.cause, one.since) == ("amber", *DISPLAY, "lost", at("9:00"))
    (alert,) = looking.hall_state_document(hall.desk, hall.clock(), lambda _state, _alert: "")["alerts"]
    about = [alert[key] for key in ("kind", "device", "station", "level")]
    assert about == ["device_down", "display", "display", "amber"]
    hall.clock.move(minutes=2)
    send_heartbeat(hall, KIOSK)
    look(hall)
    assert [(a.level, a.station) for a in now_of(hall)] == [("red", "display"), ("red", "display#2")]
    start(hall, DISPLAY)
    assert [(a.level, a.station) for a in now_of(hall)] == [("amber", "display#2")]


def test_where_calls_are_only_shown_nothing_that_speaks_is_missed_or_told_of_until_it_is_wanted_again(hall: Hall):
    start(hall, DISPLAY)
    for device in ("voice", "engine", "player"):
        devices.record_device_state(hall.desk, as_(hall, "display"), device, "display", "no_sound")
    assert {a.device for a in now_of(hall)} == {"voice", "engine", "player"}
    hall.clock.move(minutes=1)
    only_shown(hall)
    assert now_of(hall) == []
    seq = hall.last().seq
    for device in ("voice", "engine", "player"):
        assert not devices.record_device_state(hall.desk, as_(hall, "display"), device, "display", "no_sound")
    stop(hall, DISPLAY)
    start(hall, DISPLAY)
    assert [e.data["device"] for e in hall.log() if e.seq > seq] == ["display", "display"]
    assert hall.whole().devices[VOICE].cause == "stopped"
    hall.clock.move(days=30)
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "voice", {"spoken": True})
    assert [a for a in now_of(hall) if a.device == "voice"] == []
    devices.record_device_state(hall.desk, as_(hall, "display"), *VOICE, "no_sound")
    assert [a.since for a in now_of(hall) if a.device == "voice"] == [hall.clock()]


def test_what_somebody_ended_or_failed_before_today_asks_for_nobody_unless_customers_have_none_left(hall: Hall):
    plate = ("plate", "plate-3")
    start(hall, plate, KIOSK, ("kiosk", "K2"))
    stop(hall, plate)
    stop(hall, KIOSK)
    assert now_of(hall) == []
    stop(hall, ("kiosk", "K2"))
    assert {(a.level, a.station) for a in now_of(hall)} == {("red", "K1"), ("red", "K2")}
    hall.do("close", "1")
    assert now_of(hall) == [], "with every window closed only what failed today is news"
    start(hall, DISPLAY, KIOSK, ("kiosk", "K2"))
    hall.clock.move(minutes=2)
    send_heartbeat(hall, KIOSK, ("kiosk", "K2"))
    look(hall)
    assert [a.level for a in now_of(hall)] == ["amber"]
    hall.clock.move(days=1)
    assert now_of(hall) == []
    hall.open("1", "C1")
    assert [a.level for a in now_of(hall)] == ["red"]
    hall.clock.move(days=7)
    assert now_of(hall) == []


def test_the_alarm_stands_in_the_log_until_the_device_works_and_begins_anew_when_it_fails_again(hall: Hall) -> None:
    devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, None)
    start(hall, DISPLAY)
    hall.clock.move(minutes=1)
    devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, "out_of_paper")
    seq = hall.last().seq
    hall.do("raise-due", who=HALL)
    hall.do("ack", "device_down", station="K1", who=MANAGER)
    assert now_of(hall)[0].by == "M1"
    hall.clock.move(minutes=1)
    send_heartbeat(hall, DISPLAY)
    devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, None)
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
    devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, "out_of_paper")
    hall.do("raise-due", who=HALL)
    hall.clock.move(minutes=1)
    hall.do("ack", "device_down", who=MANAGER)
    hall.clock.move(minutes=1)
    devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, None)
    hall.clock.move(minutes=1)
    devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, "out_of_paper")
    hall.do("raise-due", who=HALL)

    assert [(a.since, a.by) for a in now_of(hall)] == [(at("9:05"), None)]
    assert hall.do("ack", "device_down", who=MANAGER)["alerts"][0]["since"].startswith("2026-11-20T09:05")
    assert [(a.since, a.by) for a in now_of(hall)] == [(at("9:05"), "M1")]
