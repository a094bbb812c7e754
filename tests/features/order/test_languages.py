"""Clerks who speak a customer's language: what a ticket carries, who is shown it, and that only a rule moves people."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.overview import next_for, why
from queuedesk.core.waits.quote import seen_now
from queuedesk.desk import looking
from queuedesk.features.order.verbs import ledger_document, order_document, read_ledger, read_order
from queuedesk.features.order.words import order_sentence, rules, totals
from queuedesk.i18n.names import ticket_marks
from queuedesk.i18n.queue.line_words import why_text
from queuedesk.stations.counter import words
from queuedesk.stations.counter.scene import scene_of
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, Hall, made_once, simple_hall


def begun(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.do("set-row", "staff", "C1", {"languages": ["English", "手语"]})
    hall.do("set-row", "staff", "C2", {"languages": ["english"]})
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.issue("A")
    hall.do("issue", "A", speaks="English", who=GUIDE)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


def test_the_hall_speaks_what_its_people_speak_each_once(hall: Hall) -> None:
    assert hall.whole().setup_now.spoken == ("English", "手语")


def test_a_ticket_carries_it_and_no_list_shows_it(hall: Hall) -> None:
    ticket = hall.ticket("A002")
    assert (ticket.speaks, ticket.shown_flags) == ("English", frozenset())
    assert ticket_marks(hall.whole().setup_now, ticket) == "English"
    hall.do("need", "A002", "deaf")
    assert (hall.ticket("A002").speaks, hall.ticket("A002").need) == ("English", "deaf")
    hall.must_follow_from_its_log()


def test_a_language_that_nobody_speaks_is_refused(hall: Hall) -> None:
    with pytest.raises(RuleError) as refused:
        hall.do("issue", "A", speaks="French")
    assert (refused.value.code, refused.value.details["limit"]) == ("bad_value", ["English", "手语"])


def test_only_the_counter_of_a_clerk_who_speaks_it_says_so(hall: Hall) -> None:
    state = looking.hall_now(hall.desk, hall.clock())
    told = [words.language_line(scene_of(state, window, hall.clock())) for window in ("1", "3")]
    assert told[1] == ""
    assert "A002" in told[0]


def test_the_order_stays_and_the_call_out_of_order_is_in_the_ledger(hall: Hall) -> None:
    state = looking.hall_now(hall.desk, hall.clock())
    assert [one.label for one in next_for(state, "1", hall.clock())] == ["A001", "A002"]
    hall.do("call", "1", ticket="A002", reason="language")
    (passed,) = hall.whole().overtakes
    assert (passed.label, passed.by, passed.reason, passed.text) == ("A001", "A002", "chosen", "language")


@pytest.fixture
def by_rule(hall: Hall) -> Hall:
    """The hall's rule lets clerks take who speaks their language first; A004 does too, and has nearly their turn."""
    hall.do("set-setting", "language_first", "on")
    hall.do("set-setting", "fast_passes", 2)
    hall.queue("A", minutes_apart=1)
    hall.do("issue", "A", speaks="English")
    hall.queue("A", minutes_apart=1)
    return hall


def test_by_rule_their_clerk_calls_them_first_as_often_as_it_says(by_rule: Hall) -> None:
    hall = by_rule
    order = ["A002", "A004", "A001", "A003", "A005"]
    state, now = hall.whole(), hall.clock()
    assert [one.label for one in next_for(state, "1", now)] == order
    assert [one.label for one in next_for(state, "3", now)] == sorted(order)
    hall.do("close", "3")
    turns = seen_now(hall.whole(), now).forecast.turns
    assert [label for _day, label in sorted(turns, key=lambda id: turns[id].at_min)] == order, "the told waits know it"

    assert [hall.serve_out("1", minutes=3) for _ in range(5)] == order
    assert hall.ticket("A001").overtaken == 2
    calls = [event.data for event in hall.log() if event.kind == "call"]
    assert [(data.get("why"), data.get("passed")) for data in calls] == [
        ("language", ["A001"]),
        ("language", ["A001", "A003"]),
        (None, None),
        (None, None),
        (None, None),
    ]
    assert [(data.get("languages"), data["fast_passes"]) for data in calls] == [(["english", "手语"], 2)] * 5
    hall.must_follow_from_its_log()


def test_the_ticket_is_told_the_wait_that_its_language_gives(by_rule: Hall) -> None:
    by_rule.do("close", "3")
    by_rule.do("set-row", "services", "A", {"handling_target": 10})
    by_rule.do("set-setting", "fast_passes", 9)
    told = [by_rule.do("issue", "A", speaks=language)["wait"]["point"] for language in ("", "English")]
    assert told[1] < told[0]


def test_at_the_limit_they_wait_their_turn(by_rule: Hall) -> None:
    hall = by_rule
    hall.do("set-setting", "fast_passes", 1)
    assert [hall.serve_out("1", minutes=3) for _ in range(3)] == ["A002", "A001", "A004"]
    hall.do("leave", "A005")
    hall.do("issue", "A", speaks="English")
    assert hall.call("1") == "A003"
    held = hall.last().data
    assert (held["held_back"], held["held_by"], hall.ticket("A003").overtaken) == ("A006", "language", 1)


@ON_BOTH_ENGINES
def test_everybody_can_read_why(by_rule: Hall) -> None:
    hall = by_rule
    state, now = hall.whole(), hall.clock()
    for label, told in (
        ("A004", "it may be called earlier at window 1, where staff speak its language"),
        ("A003", "window 1 may take customers who speak their staff's language first"),
        ("A005", "4 tickets are ahead of it (windows 1, 3)."),
    ):
        ticket = state.tickets[hall.date, label]
        assert told in why_text(state.setup_now, ticket, why(state, ticket, now), "en")
    read = read_order(hall.desk, now)
    document = order_document(read)
    assert document["language"] == [{"window": "1", "languages": ["english", "手语"], "passes": 2}]
    assert [one["ticket"] for line in document["order"] for one in line["next"] if one["language"]] == ["A002", "A004"]
    assert order_sentence(read.rule, read.first, "en").endswith(
        "Window 1 may take customers who speak their staff's language first, ahead of 2 others at most and never ahead of someone already overtaken 2 times."
    )
    assert "1 号窗口可能先叫语言相通的客户" in order_sentence(read.rule, read.first, "zh_CN")

    for _ in range(3):
        hall.serve_out("1", minutes=3)
    ledger = read_ledger(hall.desk, hall.clock())
    document = ledger_document(ledger)
    assert (document["totals"]["by_reason"], document["totals"]["language"]) == ({"language": 3}, 2)
    assert document["language"] == [{"passes": 2}]
    assert "2 went first to staff of their language" in " ".join(totals(ledger.ledger, "en"))
    assert "same language: ahead of 2 others at most" in rules(ledger.ledger, "en")
