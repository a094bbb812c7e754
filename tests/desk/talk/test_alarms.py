"""Alarms: one event for each crossing, one for its end, whoever looks and however often; and who has seen them."""

from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.overview import Alert, current_alerts
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import messaging
from tests.desk.stage import four_at_once
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, MANAGER, Hall, at, refused, simple_hall, simple_setup
from tests.store.statements import kinds, statements


def begun(folder: Path) -> Hall:
    """Window 2 serves A001 from 9:00 on; A002 and B001 wait since then."""
    services = [{**one, "handling_target": 5} for one in simple_setup()["services"]]
    hall = simple_hall(folder, services=services, settings={"amber_minutes": 10, "red_minutes": 15, "crowd": 50})
    hall.play("open 2 staff=C2", "queue A A B", "call 2", "start 2")
    return hall


pytestmark = pytest.mark.hall(make=begun)


def tried(hall: Hall, minutes: float = 0) -> list[tuple[Any, ...]]:
    """Let so long pass, do the chore, return the alarms that it wrote: kind, level or end, service, window, ticket."""
    hall.clock.move(minutes=minutes)
    seq = hall.last().seq
    hall.do("raise-due", who=HALL)
    assert all((e.kind, e.actor) == ("alarm", "hall") for e in hall.log(seq))
    hall.must_follow_from_its_log()
    return [(e.data["kind"], e.data.get("level") or "over", e.service, e.window, e.ticket) for e in hall.log(seq)]


def now_of(hall: Hall, kind: str) -> list[Alert]:
    return [a for a in current_alerts(looking.hall_state_now(hall.desk, hall.clock()), hall.clock()) if a.kind == kind]


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


def test_the_line_s_alarm_goes_on_whoever_waits_longest(hall: Hall) -> None:
    tried(hall, 12)
    hall.play("issue A", "leave A002")
    assert tried(hall) == [("long_wait", "over", "A", None, None)], "the next one has just come"
    assert ("long_wait", "amber", "A", None, None) in tried(hall, 11)
    hall.play(1, "issue A")
    seq = hall.last().seq
    hall.do("ack", "long_wait", service="A", who=MANAGER)
    assert [e.kind for e in hall.log(seq)] == ["ack"]


def test_back_to_amber_is_no_crossing_and_red_again_neither(hall: Hall) -> None:
    hall.play(5, "issue A")
    tried(hall, 11)
    hall.do("leave", "A002")  # A003 has waited 11 minutes: amber
    assert tried(hall) == []
    (alert,) = (a for a in now_of(hall, "long_wait") if a.service == "A")
    assert (alert.level, alert.since) == ("amber", at("9:15"))
    assert tried(hall, 5) == []


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


@ON_BOTH_ENGINES
def test_two_stations_write_one_event(hall: Hall) -> None:
    hall.clock.move(minutes=6)
    written = four_at_once(hall, lambda desk: messaging.record_and_count_alarm_changes(desk, Ask(HALL, hall.clock())))
    assert [e.data["kind"] for e in written] == ["long_serving"]
    with statements(hall.desk.db) as asked:
        assert hall.do("raise-due", who=HALL) == {"raised": 0, "over": 0}
    assert set(kinds(asked)) == {"SELECT"}, "with nothing due no lock is taken"


def test_a_simulated_hall_raises_none_by_itself(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, hall={**simple_setup()["hall"], "simulated": True})
    hall.play("issue A", 40)
    seq = hall.last().seq
    assert hall.do("raise-due", who=HALL) == {"raised": 0, "over": 0}
    assert hall.last().seq == seq
    hall.do("ack", "long_wait", who=MANAGER)
    assert [e.kind for e in hall.log(seq)] == ["alarm", "ack"]
