"""A quick window in a hall: whom it calls, what the log says of it, and what everybody can read about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.queue.overview import next_for, set_up, why
from queuedesk.core.waits.quote import seen_now
from queuedesk.features.order.verbs import ledger_document, order_document, read_ledger, read_order
from queuedesk.features.order.words import order_sentence, rules, totals
from queuedesk.i18n.queue.line_words import why_text
from tests.hall import Hall, at, refused, simple_hall, simple_setup

WINDOWS = [
    {
        "code": "1",
        "services": ["A", "B"],
        "quick": True,
        "quick_hours": [{"days": "1-7", "from": "9:00", "to": "11:00"}],
    },
    {"code": "2", "services": ["A", "B"]},
]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A takes 20 minutes, B three; window 1 is quick until 11:00; nobody is passed more than twice."""
    services = simple_setup()["services"]
    services[0]["handling_target"], services[1]["handling_target"] = 20, 3
    hall = simple_hall(tmp_path, services=services, windows=WINDOWS, settings={"fast_passes": 2})
    hall.open("1", "C1")
    hall.queue("A", "B", "B", "B", "A", minutes_apart=1)
    return hall


def test_short_matters_go_first_as_often_as_the_rule_says(hall: Hall) -> None:
    assert [t.label for t in next_for(hall.whole(), "1", hall.clock())] == ["B001", "B002", "A001", "B003", "A002"]
    assert [hall.serve_out("1", minutes=3) for _ in range(5)] == ["B001", "B002", "A001", "B003", "A002"]
    assert hall.ticket("A001").overtaken == 2
    calls = [event.data for event in hall.log() if event.kind == "call"]
    assert [(data.get("why"), data.get("passed"), data.get("held_back"), data.get("held_by")) for data in calls] == [
        ("fast", ["A001"], None, None),
        ("fast", ["A001"], None, None),
        (None, None, "B003", "fast"),
        (None, None, None, None),
        (None, None, None, None),
    ]
    assert [(data["fast"], data["fast_passes"]) for data in calls] == [(5, 2)] * 5
    hall.must_follow_from_its_log()


def test_after_its_hours_and_at_other_windows_everybody_has_their_turn(hall: Hall) -> None:
    hall.open("2", "C2")
    assert hall.call("2") == "A001"
    hall.clock.now = at("11:00")
    hall.issue("A")
    assert [hall.serve_out("1") for _ in range(4)] == ["B001", "B002", "B003", "A002"]
    assert "fast" not in hall.last().data


def test_choosing_whom_the_quick_window_takes_next_needs_no_reason(hall: Hall) -> None:
    with refused(hall, "reason_needed"):
        hall.call("1", ticket="B002")
    assert hall.call("1", ticket="B001") == "B001"


def test_the_order_and_its_proof_say_it(hall: Hall) -> None:
    state, now = hall.whole(), hall.clock()
    read = read_order(hall.desk, now)
    document = order_document(read)
    assert document["fast"] == [{"window": "1", "minutes": 5, "passes": 2}]
    assert [one["short"] for line in document["order"] for one in line["next"]] == [False, False, True, True, True]
    assert order_sentence(read.rule, read.first, "en").endswith(
        "Window 1 may take visits of up to 5 min first, but never ahead of someone already overtaken 2 times."
    )
    assert "1 号窗口可能先办不超过 5 分钟的事项" in order_sentence(read.rule, read.first, "zh_CN")
    for label, told in (
        ("B002", "as a short visit it may be called earlier at window 1"),
        ("A002", "window 1 may take short visits first"),
    ):
        ticket = state.tickets[hall.date, label]
        assert told in why_text(set_up(state), ticket, why(state, ticket, now), "en")

    for _ in range(3):
        hall.serve_out("1", minutes=3)
    hall.queue("A")
    ledger = read_ledger(hall.desk, hall.clock()).ledger
    document = ledger_document(read_ledger(hall.desk, hall.clock()))
    assert document["totals"]["by_reason"] == {"fast": 2}
    assert document["totals"]["fast"] == 2
    assert document["totals"]["held_back"] == {"cap": 0, "guard": 0, "fast": 1, "language": 0}
    assert document["fast"] == [{"minutes": 5, "passes": 2}]
    assert "2 were short visits taken first, 1 time a short visit had to wait its turn" in " ".join(
        totals(ledger, "en")
    )
    assert "quick windows: up to 5 min first, never ahead of someone passed over 2 times" in rules(ledger, "en")
    passed = hall.ticket("A001")
    assert passed.overtaken == 2


def test_the_told_waits_know_the_quick_window(hall: Hall) -> None:
    """The pass of the waits gives the turns in the order in which the window will call."""
    state, now = hall.whole(), hall.clock()
    turns = seen_now(state, now).forecast.turns
    by_turn = sorted(turns, key=lambda id: turns[id].at_min)
    assert [label for _day, label in by_turn] == [t.label for t in next_for(state, "1", now)]
