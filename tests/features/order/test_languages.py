"""Clerks who speak a customer's language, and quick windows: what a ticket carries; only a rule moves people."""

from pathlib import Path

import pytest

from queuedesk.core.queue.overview import tickets_callable_at
from queuedesk.core.waits.quote import cached_wait_snapshot
from queuedesk.desk import looking
from queuedesk.i18n.names import ticket_marks_text
from queuedesk.stations.counter import words
from queuedesk.stations.counter.scene import counter_scene_at
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, Hall, simple_hall, simple_setup


def begun(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.do("set-row", "staff", "C1", {"languages": ["English", "手语"]})
    hall.do("set-row", "staff", "C2", {"languages": ["english"]})
    hall.play("open 1 staff=C1", "open 3 staff=C3", "issue A")
    hall.do("issue", "A", speaks="English", who=GUIDE)
    return hall


pytestmark = pytest.mark.hall(make=begun)


def test_a_ticket_carries_it_and_only_the_counter_of_a_clerk_who_speaks_it_says_so(hall: Hall) -> None:
    assert hall.whole().setup_now.staff_languages == ("English", "手语"), "each once"
    assert ticket_marks_text(hall.whole().setup_now, hall.ticket("A002")) == "English"
    state = looking.hall_state_now(hall.desk, hall.clock())
    told = [words.later_same_language_line(counter_scene_at(state, window, hall.clock())) for window in ("1", "3")]
    assert ("A002" in told[0], told[1]) == (True, "")


@pytest.fixture
def by_rule(hall: Hall) -> Hall:
    """The hall's rule lets clerks take who speaks their language first; A004 does too, and has nearly their turn."""
    hall.do("set-setting", "language_first", "on")
    hall.do("set-setting", "fast_passes", 2)
    hall.queue("A", minutes_apart=1)
    hall.do("issue", "A", speaks="English")
    hall.queue("A", minutes_apart=1)
    return hall


@ON_BOTH_ENGINES
def test_by_rule_their_clerk_calls_them_first_as_often_as_it_says(by_rule: Hall) -> None:
    hall = by_rule
    order = ["A002", "A004", "A001", "A003", "A005"]
    state, now = hall.whole(), hall.clock()
    assert [one.label for one in tickets_callable_at(state, "1", now)] == order
    assert [one.label for one in tickets_callable_at(state, "3", now)] == sorted(order)
    hall.do("close", "3")
    turns = cached_wait_snapshot(hall.whole(), now).forecast.turns
    assert [label for _day, label in sorted(turns, key=lambda id: turns[id].at_min)] == order, "the told waits know it"
    assert [hall.serve_out("1", minutes=3) for _ in range(5)] == order
    assert hall.ticket("A001").overtaken == 2
    hall.must_follow_from_its_log()


def test_the_ticket_is_told_the_wait_that_its_language_gives(by_rule: Hall) -> None:
    by_rule.do("close", "3")
    by_rule.do("set-row", "services", "A", {"handling_target": 10})
    by_rule.do("set-setting", "fast_passes", 9)
    told = [by_rule.do("issue", "A", speaks=language)["wait"]["point"] for language in ("", "English")]
    assert told[1] < told[0]


@ON_BOTH_ENGINES
def test_the_told_waits_know_the_quick_window(tmp_path: Path) -> None:
    """The pass of the waits gives the turns in the order in which the window will call: A takes 20 minutes, B three,
    and nobody is passed more than twice."""
    services = simple_setup()["services"]
    services[0]["handling_target"], services[1]["handling_target"] = 20, 3
    hours = [{"days": "1-7", "from": "9:00", "to": "11:00"}]
    windows = [{"code": "1", "services": ["A", "B"], "quick": True, "quick_hours": hours}]
    windows += [{"code": "2", "services": ["A", "B"]}]
    hall = simple_hall(tmp_path, services=services, windows=windows, settings={"fast_passes": 2})
    hall.open("1", "C1")
    hall.queue("A", "B", "B", "B", "A", minutes_apart=1)
    turns = cached_wait_snapshot(hall.whole(), hall.clock()).forecast.turns
    by_turn = sorted(turns, key=lambda id: turns[id].at_min)
    assert [label for _day, label in by_turn] == [t.label for t in tickets_callable_at(hall.whole(), "1", hall.clock())]
