"""What is said next, and what is left out for whom, with times given by hand."""

from queuedesk.voice.saying import Lengths, Turn, WaitingCalls, Words, WordsTurn
from tests.voice.hearing import call

GAP_S = 20.0
LENGTHS = Lengths(chime_s=1.0, full_s=9.0, short_s=3.0)
SHORT = Lengths(chime_s=0.0, full_s=0.1, short_s=0.1)


def tickets(waiting: WaitingCalls, now_s: float, lengths: Lengths = SHORT) -> list[list[str]]:
    """Take everything that is due, turn by turn."""
    said = []
    while isinstance(turn := waiting.take(now_s, lengths), Turn):
        said.append([item.announcement.ticket for item in turn.items])
    return said


def taken(waiting: WaitingCalls, now_s: float, lengths: Lengths = LENGTHS) -> Turn:
    turn = waiting.take(now_s, lengths)
    assert isinstance(turn, Turn)
    return turn


def test_calls_come_in_their_order_one_by_one():
    waiting = WaitingCalls(GAP_S)
    for seq, ticket in enumerate(("A001", "B001", "A002")):
        waiting.add(call(seq, ticket), 0.0)

    assert tickets(waiting, 0.0) == [["A001"], ["B001"], ["A002"]]


def test_a_recall_goes_before_calls_that_wait_longer():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    waiting.add(call(2, "A002"), 1.0)
    waiting.add(call(3, "B001", recall=1), 2.0)

    assert tickets(waiting, 2.0) == [["B001"], ["A001"], ["A002"]]


def test_two_at_once_are_said_one_after_the_other():
    waiting = WaitingCalls(GAP_S)
    for seq in range(2):
        waiting.add(call(seq, f"A00{seq}"), 0.0)

    assert [item.seqs for item in taken(waiting, 0.0).items] == [(0,)]
    assert len(waiting) == 1


def test_more_than_can_be_said_in_time_one_by_one_go_into_one_announcement():
    waiting = WaitingCalls(GAP_S)
    for seq in range(3):
        waiting.add(call(seq, f"A00{seq}"), 0.0)

    turn = taken(waiting, 0.0)
    assert (len(turn.items), turn.is_merged, turn.too_late) == (3, True, ())


def test_what_is_too_much_for_one_announcement_however_short_is_said_to_be_too_late_and_never_dropped():
    waiting = WaitingCalls(GAP_S)
    for seq in range(22):
        waiting.add(call(seq, f"A{seq:03}"), seq / 22)

    turn = taken(waiting, 1.0)
    assert len(turn.items) == 7
    assert [item.announcement.seq for item in (*turn.items, *turn.too_late)] == list(range(22))
    assert len(waiting) == 0


def test_a_call_that_is_too_late_already_is_said_to_be():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    waiting.add(call(2, "A002"), 10.0)

    turn = taken(waiting, 15.0)
    assert [[item.announcement.ticket for item in some] for some in (turn.items, turn.too_late)] == [["A002"], ["A001"]]


def test_nothing_is_repeated_where_somebody_would_come_too_late():
    waiting = WaitingCalls(GAP_S)
    assert waiting.may_repeat(9.0, 9.0, LENGTHS)
    waiting.add(call(1, "A001"), 5.0)

    assert waiting.may_repeat(9.0, 9.0, LENGTHS)
    assert not waiting.may_repeat(10.0, 9.0, LENGTHS)


def test_a_recall_waits_for_no_repetition():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001", recall=1), 9.0)

    assert not waiting.may_repeat(9.0, 1.0, LENGTHS)


def test_the_second_language_is_left_out_only_where_it_costs_somebody_the_time():
    waiting = WaitingCalls(GAP_S)
    for seq in range(3):
        waiting.add(call(seq, f"A00{seq}"), 0.0)

    assert waiting.may_translate(1.0, 4.0, LENGTHS)
    assert not waiting.may_translate(6.0, 4.0, LENGTHS)
    # Who is too late in any case is no reason.
    assert waiting.may_translate(40.0, 4.0, LENGTHS)


def test_a_recall_within_the_gap_is_held_back_and_others_go_on():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    taken(waiting, 0.0)
    waiting.add(call(2, "A001", recall=1), 5.0)
    waiting.add(call(3, "A002"), 6.0)

    assert tickets(waiting, 6.0) == [["A002"]]
    assert waiting.wait_s(6.0) == 14.0
    assert tickets(waiting, 19.9) == []
    assert taken(waiting, 20.0).items[0].due_s == 20.0


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

    assert tickets(waiting, 5.0) == [["A001"]]


def test_a_call_of_a_ticket_that_still_waits_speaks_for_both_to_the_later_window():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001", window="3"), 0.0)
    waiting.add(call(2, "A001", window="5"), 1.0)

    (item,) = taken(waiting, 1.0).items
    assert (item.seqs, item.announcement.window, item.due_s) == ((1, 2), "5", 0.0)
    assert len(waiting) == 0


def test_a_second_recall_does_not_put_the_held_one_off_any_longer():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    taken(waiting, 0.0)
    waiting.add(call(2, "A001", recall=1), 5.0)
    waiting.add(call(3, "A001", recall=2), 12.0)

    assert taken(waiting, 20.0).items[0].seqs == (2, 3)


def test_a_withdrawn_ticket_is_not_spoken():
    waiting = WaitingCalls(GAP_S)
    waiting.add(call(1, "A001"), 0.0)
    waiting.add(call(2, "A002"), 0.0)
    waiting.withdraw("A001")

    assert tickets(waiting, 0.0) == [["A002"]]


def words(seq: int, *, urgent: bool = False) -> Words:
    return Words(seq=seq, texts={"en": "Please take a seat."}, urgent=urgent)


def test_notices_wait_for_calls_and_emergencies_for_nobody():
    waiting = WaitingCalls(GAP_S)
    waiting.add_words(words(1), 0.0)
    waiting.add(call(2, "A001", recall=1), 0.0)
    waiting.add_words(words(3, urgent=True), 0.0)

    order = []
    while (turn := waiting.take(0.0, LENGTHS)) is not None:
        order.append(turn.words.seq if isinstance(turn, WordsTurn) else turn.items[0].announcement.seq)
    assert order == [3, 2, 1]


def test_an_emergency_waits_neither_for_a_repetition_nor_for_a_language():
    waiting = WaitingCalls(GAP_S)
    waiting.add_words(words(1, urgent=True), 0.0)

    assert (waiting.may_repeat(0.0, 1.0, LENGTHS), waiting.may_translate(0.0, 1.0, LENGTHS)) == (False, False)


def test_a_notice_that_ended_is_not_read():
    waiting = WaitingCalls(GAP_S)
    waiting.add_words(words(1), 0.0)
    waiting.add_words(words(2), 0.0)
    waiting.withdraw_words(1)

    turn = waiting.take(0.0, LENGTHS)
    assert isinstance(turn, WordsTurn)
    assert (turn.words.seq, len(waiting)) == (2, 0)


def test_nothing_waits_for_nothing():
    assert WaitingCalls(GAP_S).wait_s(0.0) is None
