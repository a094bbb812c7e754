"""Rows of the waiting and the missed, numbers found as they are typed, and what a card allows."""

from __future__ import annotations

from queuedesk.core.network.roles import Role
from queuedesk.core.queue.ticket import State
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, moving, serving
from queuedesk.i18n.queue.line_words import why_now
from queuedesk.stations.guide.line_rows import find_numbers, missed_rows, ticket_facts, today, waiting_rows


def now_of(hall):
    return looking.hall_now(hall.desk, hall.clock())


def test_the_rows_stand_in_call_order_with_their_waits(hall):
    hall.issue("A")
    hall.clock.move(minutes=6)
    hall.issue("B", klass="elderly")
    hall.clock.move(minutes=10)

    rows = waiting_rows(now_of(hall), hall.clock())

    assert [(row.number, row.class_text, row.wait, row.level) for row in rows] == [
        ("B001", "Elderly", "10 min", "amber"),
        ("A001", "", "16 min", "red"),
    ]


def test_who_stands_behind_a_later_number_says_so_as_the_public_list_does(hall):
    for _n in range(3):
        hall.issue("A")
        hall.clock.move(minutes=1)
    hall.do("postpone", "A001")

    rows = waiting_rows(now_of(hall), hall.clock())
    assert [(row.number, row.class_text) for row in rows] == [("A002", ""), ("A001", "moved"), ("A003", "")]


def test_the_latest_missed_stands_first(hall):
    hall.queue("A", "A")
    for window in ("1", "2"):
        hall.call(window)
    for window in ("1", "2"):
        hall.clock.move(minutes=3)
        calling.miss(hall.desk, hall.ask(), window)

    rows = missed_rows(now_of(hall), hall.clock())

    assert [(row.label, row.since) for row in rows] == [("A002", "missed just now"), ("A001", "missed 3 min ago")]


def test_a_number_is_found_as_it_is_typed_the_living_before_those_who_are_done(hall):
    hall.queue("A", "A", "B")

    def found(typed: str) -> list[str]:
        return [ticket.label for ticket in find_numbers(now_of(hall), typed)]

    assert [found(typed) for typed in ("b1", "B001", "b 001")] == [["B001"]] * 3
    assert (found("1"), found("00")) == (["A001", "B001"], ["A001", "A002", "B001"])
    assert [found(typed) for typed in ("a", "gmgh", "b9", "")] == [[]] * 4
    moving.leave(hall.desk, hall.ask(), "A001")
    assert found("1") == ["B001", "A001"]


def acts(hall, label):
    state = now_of(hall)
    return ticket_facts(state, today(state, label), hall.clock(), Role.GUIDE).acts


def test_a_card_offers_what_the_state_allows(hall):
    waiting, called, gone = hall.queue("B", "A", "C")
    hall.call("1")
    moving.leave(hall.desk, hall.ask(), gone)

    assert acts(hall, waiting) == ("redirect", "postpone", "need", "leave", "void")
    assert acts(hall, called) == ("redirect", "need", "leave", "void")
    assert acts(hall, gone) == ()
    calling.miss(hall.desk, hall.ask(), "1")
    assert acts(hall, called) == ("reinstate", "need", "leave")


def test_a_customer_at_a_window_can_be_sent_to_the_right_line(hall):
    served, finished = hall.queue("A", "A")
    hall.call("1")
    calling.start(hall.desk, hall.ask(), "1")
    assert acts(hall, served) == ("redirect",)

    serving.park(hall.desk, hall.ask(), "1", reason="copying")
    assert acts(hall, served) == ("need", "leave")
    assert hall.serve_out("1") == finished
    assert acts(hall, finished) == ("thanks",)


def test_a_card_says_why_its_ticket_still_waits(hall):
    hall.queue("A", "A", minutes_apart=1)
    hall.issue("A", klass="elderly")
    hall.call("1")
    state = now_of(hall)
    waiting = [t for t in state.tickets.values() if t.state is State.WAITING and t.service == "A"]
    facts = ticket_facts(state, waiting[-1], hall.clock(), None)

    assert facts.why == why_now(state, waiting[-1], hall.clock())
    assert facts.why.count(".") == 1
    assert "is waiting because" in facts.why
