"""Which call comes next and how often it is spoken, with times given by hand."""

from queuedesk.voice.waiting_calls import Turn, WaitingCalls
from tests.voice.hearing import call

GAP_S = 20.0


def tickets(waiting: WaitingCalls, now_s: float) -> list[str]:
    """Take everything that is due."""
    taken = []
    while (turn := waiting.take(now_s)) is not None:
        taken.append(turn.announcement.ticket)
    return taken


def taken(waiting: WaitingCalls, now_s: float) -> Turn:
    turn = waiting.take(now_s)
    assert turn is not None
    return turn


def test_calls_come_in_their_order():
    waiting = WaitingCalls(GAP_S)
    for seq, ticket in enumerate(("A001", "B001", "A002")):
        waiting.add(call(seq, ticket), 0.0)

    assert tickets(waiting, 0.0) == ["A001", "B001", "A002"]


def test_a_recall_goes_before_calls_that_wait_longer():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    waiting.add(call(2, "A002"), 1.0)
    waiting.add(call(3, "B001", recall=1), 2.0)

    assert tickets(waiting, 2.0) == ["B001", "A001", "A002"]


def test_three_waiting_calls_are_spoken_twice():
    waiting = WaitingCalls(GAP_S)
    for seq in range(3):
        waiting.add(call(seq, f"A00{seq}"), 0.0)

    assert [taken(waiting, 0.0).times for _ in range(3)] == [2, 2, 2]


def test_every_call_of_a_pile_up_is_spoken_once():
    waiting = WaitingCalls(GAP_S)
    for seq in range(4):
        waiting.add(call(seq, f"A00{seq}"), 0.0)

    assert [taken(waiting, 0.0).times for _ in range(4)] == [1, 1, 1, 1]


def test_a_call_more_than_15_s_behind_is_spoken_once():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    waiting.add(call(2, "A002"), 0.0)

    assert taken(waiting, 15.0).times == 2
    assert taken(waiting, 15.1).times == 1


def test_a_recall_within_the_gap_is_held_back_and_others_go_on():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    taken(waiting, 0.0)
    waiting.add(call(2, "A001", recall=1), 5.0)
    waiting.add(call(3, "A002"), 6.0)

    assert tickets(waiting, 6.0) == ["A002"]
    assert waiting.wait_s(6.0) == 14.0
    assert tickets(waiting, 19.9) == []
    assert taken(waiting, 20.0).times == 2


def test_a_recall_after_the_gap_is_due_at_once():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    taken(waiting, 0.0)
    waiting.add(call(2, "A001", recall=1), 20.0)

    assert waiting.wait_s(20.0) == 0.0


def test_a_recall_of_a_call_that_nobody_heard_is_not_held_back():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    taken(waiting, 0.0)
    waiting.was_silent("A001")
    waiting.add(call(2, "A001", recall=1), 5.0)

    assert tickets(waiting, 5.0) == ["A001"]


def test_a_call_of_a_ticket_that_still_waits_speaks_for_both_to_the_later_window():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001", window="3"), 0.0)
    waiting.add(call(2, "A001", window="5"), 1.0)

    turn = taken(waiting, 1.0)
    assert (turn.seqs, turn.announcement.window) == ((1, 2), "5")
    assert len(waiting) == 0


def test_a_second_recall_does_not_put_the_held_one_off_any_longer():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    taken(waiting, 0.0)
    waiting.add(call(2, "A001", recall=1), 5.0)
    waiting.add(call(3, "A001", recall=2), 12.0)

    assert taken(waiting, 20.0).seqs == (2, 3)


def test_a_withdrawn_ticket_is_not_spoken():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    waiting.add(call(2, "A002"), 0.0)
    waiting.withdraw("A001")

    assert tickets(waiting, 0.0) == ["A002"]


def test_nothing_waits_for_nothing():
    assert WaitingCalls(GAP_S).wait_s(0.0) is None
