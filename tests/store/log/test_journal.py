"""What stands outside the log: refusals, comments, and what was shown and spoken."""

from queuedesk.store.log import journal
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, at

pytestmark = ON_BOTH_ENGINES


def test_what_a_station_did_with_a_call_comes_together_and_refusals_and_comments_are_found(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "queue A", "call 1")
    seq = hall.last().seq
    with hall.desk.db.write(1) as tx:
        assert [(c.shown, c.silent) for c in journal.calls_with_outcomes(tx, 1, hall.date)] == [(None, False)]
        journal.save_announcement_result(tx, 1, seq, "D1", shown=at("9:03"), link="none")
        journal.save_announcement_result(tx, 1, seq, "D2", shown=at("9:02"), spoken=at("9:04"), link="clips")
        (call,) = journal.calls_with_outcomes(tx, 1, hall.date, "A001")
        assert (call.seq, call.ticket, call.window) == (seq, "A001", "1")
        assert (call.shown, call.spoken, call.silent) == (at("9:02"), at("9:04"), True)
        assert journal.calls_with_outcomes(tx, 1, hall.date, "A002") == []
        journal.save_announcement_result(tx, 1, 7, "D1", shown=at("9:00"))
        journal.save_announcement_result(tx, 1, 7, "D1", spoken=at("9:01"), link="clips")
        assert journal.call_announcement_results(tx, 1, 7) == [("D1", at("9:00"), at("9:01"), "clips")]
    with hall.desk.db.write(1) as tx:
        journal.write_refusal(tx, 1, at=at("9:05"), actor="C1", verb="call", code="not_your_window")
        journal.write_refusal(tx, 1, at=at("9:01"), actor="console", verb="sign-in", code="who_are_you")
    with hall.desk.db.read() as tx:
        first, second = (at("9:05"), "C1", "call", "not_your_window"), (at("9:01"), "console", "sign-in", "who_are_you")
        assert journal.refusals_in_journal(tx, 1) == [first, second]
        assert journal.refusals_in_journal(tx, 2) == []
    with hall.desk.db.write(1) as tx:
        journal.store_comment(tx, 1, "x", salt="s", text="谢谢", written=at("9:00"))
        assert journal.comments_written_between(tx, 1, at("9:00"), at("9:01")) == {"x": "谢谢"}
        assert journal.comments_written_between(tx, 1, at("8:59"), at("9:00")) == {}
        assert journal.comments_written_between(tx, 1, at("9:01"), at("9:02")) == {}
        assert journal.comments_written_between(tx, 2, at("9:00"), at("9:01")) == {}
