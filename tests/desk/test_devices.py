"""The hall's equipment and its alarms: one event for each change, whoever looks and however often."""

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
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import devices, messaging
from queuedesk.desk.talk.devices import LOST_AFTER
from queuedesk.store.parts import sharing as store_devices
from tests.desk.stage import (
    DISPLAY,
    KIOSK,
    PRINTER,
    VOICE,
    as_,
    four_at_once,
    look,
    only_shown,
    send_heartbeat,
    stage,
    start,
    stop,
)
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


def now_of(hall: Hall, kind: str) -> list[Alert]:
    return [a for a in current_alerts(looking.hall_state_now(hall.desk, hall.clock()), hall.clock()) if a.kind == kind]


def test_an_outage_is_an_alert_and_the_last_display_a_red_one(hall: Hall) -> None:
    start(hall, DISPLAY, ("display", "display#2"), KIOSK)
    hall.clock.move(minutes=2)
    send_heartbeat(hall, ("display", "display#2"), KIOSK)
    look(hall)
    (one,) = now_of(hall, "device_down")
    assert (one.level, one.device, one.station, one.cause, one.since) == ("amber", *DISPLAY, "lost", at("9:00"))
    (alert,) = looking.hall_state_document(hall.desk, hall.clock(), lambda _state, _alert: "")["alerts"]
    about = [alert[key] for key in ("kind", "device", "station", "level")]
    assert about == ["device_down", "display", "display", "amber"]
    hall.clock.move(minutes=2)
    send_heartbeat(hall, KIOSK)
    look(hall)
    assert [(a.level, a.station) for a in now_of(hall, "device_down")] == [("red", "display"), ("red", "display#2")]
    start(hall, DISPLAY)
    assert [(a.level, a.station) for a in now_of(hall, "device_down")] == [("amber", "display#2")]


def test_where_calls_are_only_shown_nothing_that_speaks_is_missed_or_told_of_until_it_is_wanted_again(hall: Hall):
    start(hall, DISPLAY)
    for device in ("voice", "engine", "player"):
        devices.record_device_state(hall.desk, as_(hall, "display"), device, "display", "no_sound")
    assert {a.device for a in now_of(hall, "device_down")} == {"voice", "engine", "player"}
    hall.clock.move(minutes=1)
    only_shown(hall)
    assert now_of(hall, "device_down") == []
    seq = hall.last().seq
    for device in ("voice", "engine", "player"):
        assert not devices.record_device_state(hall.desk, as_(hall, "display"), device, "display", "no_sound")
    stop(hall, DISPLAY)
    start(hall, DISPLAY)
    assert [e.data["device"] for e in hall.log() if e.seq > seq] == ["display", "display"]
    assert hall.whole().devices[VOICE].cause == "stopped"
    hall.clock.move(days=30)
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "voice", {"spoken": True})
    assert [a for a in now_of(hall, "device_down") if a.device == "voice"] == []
    devices.record_device_state(hall.desk, as_(hall, "display"), *VOICE, "no_sound")
    assert [a.since for a in now_of(hall, "device_down") if a.device == "voice"] == [hall.clock()]


def test_what_somebody_ended_or_failed_before_today_asks_for_nobody_unless_customers_have_none_left(hall: Hall):
    plate = ("plate", "plate-3")
    start(hall, plate, KIOSK, ("kiosk", "K2"))
    stop(hall, plate)
    stop(hall, KIOSK)
    assert now_of(hall, "device_down") == []
    stop(hall, ("kiosk", "K2"))
    assert {(a.level, a.station) for a in now_of(hall, "device_down")} == {("red", "K1"), ("red", "K2")}
    hall.do("close", "1")
    assert now_of(hall, "device_down") == [], "with every window closed only what failed today is news"
    start(hall, DISPLAY, KIOSK, ("kiosk", "K2"))
    hall.clock.move(minutes=2)
    send_heartbeat(hall, KIOSK, ("kiosk", "K2"))
    look(hall)
    assert [a.level for a in now_of(hall, "device_down")] == ["amber"]
    hall.clock.move(days=1)
    assert now_of(hall, "device_down") == []
    hall.open("1", "C1")
    assert [a.level for a in now_of(hall, "device_down")] == ["red"]
    hall.clock.move(days=7)
    assert now_of(hall, "device_down") == []


def test_the_alarm_stands_in_the_log_until_the_device_works_and_begins_anew_when_it_fails_again(hall: Hall) -> None:
    devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, None)
    start(hall, DISPLAY)
    hall.clock.move(minutes=1)
    devices.record_device_state(hall.desk, as_(hall, "K1"), *PRINTER, "out_of_paper")
    seq = hall.last().seq
    hall.do("raise-due", who=HALL)
    hall.do("ack", "device_down", station="K1", who=MANAGER)
    assert now_of(hall, "device_down")[0].by == "M1"
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

    assert [(a.since, a.by) for a in now_of(hall, "device_down")] == [(at("9:05"), None)]
    assert hall.do("ack", "device_down", who=MANAGER)["alerts"][0]["since"].startswith("2026-11-20T09:05")
    assert [(a.since, a.by) for a in now_of(hall, "device_down")] == [(at("9:05"), "M1")]


def begun(folder: Path) -> Hall:
    """Window 2 serves A001 from 9:00 on; A002 and B001 wait since then."""
    services = [{**one, "handling_target": 5} for one in simple_setup()["services"]]
    hall = simple_hall(folder, services=services, settings={"amber_minutes": 10, "red_minutes": 15, "crowd": 50})
    hall.play("open 2 staff=C2", "queue A A B", "call 2", "start 2")
    return hall


def tried(hall: Hall, minutes: float = 0) -> list[tuple[Any, ...]]:
    """Let so long pass, do the chore, return the alarms that it wrote: kind, level or end, service, window, ticket."""
    hall.clock.move(minutes=minutes)
    seq = hall.last().seq
    hall.do("raise-due", who=HALL)
    assert all((e.kind, e.actor) == ("alarm", "hall") for e in hall.log(seq))
    hall.must_follow_from_its_log()
    return [(e.data["kind"], e.data.get("level") or "over", e.service, e.window, e.ticket) for e in hall.log(seq)]


@pytest.mark.hall(make=begun)
def test_each_crossing_and_its_end_is_written_once(hall: Hall) -> None:
    assert tried(hall, 4.9) == []
    assert tried(hall, 0.1) == [("long_serving", "amber", "A", "2", "A001")]
    assert tried(hall, 4) == []
    assert sorted(tried(hall, 1)) == [("long_wait", "amber", "A", None, None), ("long_wait", "amber", "B", None, None)]
    assert tried(hall, 4) == []
    assert sorted(tried(hall, 1)) == [("long_wait", "red", "A", None, None), ("long_wait", "red", "B", None, None)]
    assert tried(hall, 30) == []
    hall.do("finish", "2")
    assert sorted(tried(hall)) == [("long_serving", "over", "A", "2", "A001")]
    hall.call("2")
    assert sorted(tried(hall)) == [("long_wait", "over", "A", None, None)]
    assert tried(hall) == []
    assert next(iter(hall.whole().alarms.values())).service == "B"


@pytest.mark.hall(make=begun)
def test_the_line_s_alarm_goes_on_whoever_waits_longest(hall: Hall) -> None:
    tried(hall, 12)
    hall.play("issue A", "leave A002")
    assert tried(hall) == [("long_wait", "over", "A", None, None)], "the next one has just come"
    assert ("long_wait", "amber", "A", None, None) in tried(hall, 11)
    hall.play(1, "issue A")
    seq = hall.last().seq
    hall.do("ack", "long_wait", service="A", who=MANAGER)
    assert [e.kind for e in hall.log(seq)] == ["ack"]


@pytest.mark.hall(make=begun)
def test_back_to_amber_is_no_crossing_and_red_again_neither(hall: Hall) -> None:
    hall.play(5, "issue A")
    tried(hall, 11)
    hall.do("leave", "A002")  # A003 has waited 11 minutes: amber
    assert tried(hall) == []
    (alert,) = (a for a in now_of(hall, "long_wait") if a.service == "A")
    assert (alert.level, alert.since) == ("amber", at("9:15"))
    assert tried(hall, 5) == []


@pytest.mark.hall(make=begun)
def test_what_somebody_has_seen_stays_marked_until_it_ends(hall: Hall) -> None:
    tried(hall, 10)
    hall.clock.move(minutes=1)
    hall.do("ack", "long_wait", service="A", who=MANAGER)
    seen, unseen = sorted(now_of(hall, "long_wait"), key=lambda a: str(a.service))
    assert (seen.by, seen.acknowledged, seen.since) == ("M1", at("9:11"), at("9:10"))
    assert (unseen.by, unseen.acknowledged) == (None, None)
    state = looking.hall_state_now(hall.desk, hall.clock())
    assert current_alerts(state, hall.clock())[-1].by == "M1", "behind what nobody has seen"
    assert (hall.last().kind, hall.last().actor, hall.last().service) == ("ack", "M1", "A")
    assert tried(hall, 3.9) == []
    assert ("long_wait", "red", "A", None, None) in tried(hall, 0.1)
    assert {a.by for a in now_of(hall, "long_wait")} == {None}, "red is another alarm"
    hall.must_follow_from_its_log()


@pytest.mark.hall(make=begun)
@ON_BOTH_ENGINES
def test_an_alert_is_seen_before_any_station_wrote_it_and_the_caller_s_id_stands_on_the_own_event_alone(hall: Hall):
    hall.clock.move(minutes=12)
    seq = hall.last().seq
    ask = Ask(MANAGER, hall.clock(), command="k1", words="ack")
    first = messaging.acknowledge_alert(hall.desk, ask, "long_wait", service="A")
    again = messaging.acknowledge_alert(hall.desk, ask, "long_wait", service="A")
    assert again == first
    told = [(e.kind, e.actor, e.service, e.command) for e in hall.log(seq)]
    assert told == [("alarm", "hall", "A", None), ("ack", "M1", "A", "k1")]
    seq = hall.last().seq
    hall.do("ack", "long_wait", who=MANAGER)
    assert [(e.kind, e.actor, e.service) for e in hall.log(seq)] == [("alarm", "hall", "B"), ("ack", "M1", "B")]
    assert [kind for kind, *_ in tried(hall)] == ["long_serving"]


@pytest.mark.hall(make=begun)
def test_seen_twice_what_is_not_there_and_what_was_there_before_the_day_turned_are_refused(hall: Hall) -> None:
    hall.clock.move(minutes=6)
    hall.do("ack", "long_serving", ticket="A001", who=MANAGER)
    assert hall.last().ticket == "A001"
    with refused(hall, "already_acknowledged", staff="M1"):
        hall.do("ack", "long_serving")
    for words in ({"ticket": "A002"}, {"window": "3"}, {"service": "B"}):
        with refused(hall, "no_alert"):
            hall.do("ack", "long_serving", **words)
    tried(hall, 12)
    hall.clock.move(days=1)
    with refused(hall, "no_alert"):
        hall.do("ack", "long_wait", who=MANAGER)


@pytest.mark.hall(make=begun)
@ON_BOTH_ENGINES
@pytest.mark.parametrize("by_command", [True, False])
def test_the_end_of_the_day_ends_them_all(hall: Hall, by_command: bool) -> None:
    tried(hall, 12)
    assert hall.whole().alarms
    hall.do("set-row", "staff", "C2", {"warned_of": ["A"]}, who=ADMIN)
    day = hall.date
    if by_command:
        hall.do("day-end")
    else:
        hall.clock.move(days=1)
        assert tried(hall) == [], "the day-end comes first, and is another chore"
        hall.do("end-due", who=HALL)
    assert hall.whole().alarms == {}
    assert tried(hall) == []
    warned = messaging.warnings_sent_to_staff_between(hall.desk, MANAGER, day, hall.clock(), last=day)
    assert warned and all(row["ended"] is not None for row in warned)


@pytest.mark.hall(make=begun)
@ON_BOTH_ENGINES
def test_two_stations_write_one_event(hall: Hall) -> None:
    hall.clock.move(minutes=6)
    written = four_at_once(hall, lambda desk: messaging.record_and_count_alarm_changes(desk, Ask(HALL, hall.clock())))
    assert [e.data["kind"] for e in written] == ["long_serving"]
    with statements(hall.desk.db) as asked:
        assert hall.do("raise-due", who=HALL) == {"raised": 0, "over": 0}
    assert set(kinds(asked)) == {"SELECT"}, "with nothing due no lock is taken"


@pytest.mark.hall(make=begun)
def test_a_simulated_hall_raises_none_by_itself(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, hall={**simple_setup()["hall"], "simulated": True})
    hall.play("issue A", 40)
    seq = hall.last().seq
    assert hall.do("raise-due", who=HALL) == {"raised": 0, "over": 0}
    assert hall.last().seq == seq
    hall.do("ack", "long_wait", who=MANAGER)
    assert [e.kind for e in hall.log(seq)] == ["alarm", "ack"]
