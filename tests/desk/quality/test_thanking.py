"""Thanks: to whom, by whom, who reads them; what a customer said stands beside the log."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CUSTOMER, Actor
from queuedesk.core.quality.case import COMMENT_RATING, COMMENT_SPOKEN, OPINION
from queuedesk.desk import looking, setting_up
from queuedesk.desk.quality import hearing, thanking
from queuedesk.store.schema import contacts
from queuedesk.store.upkeep import beside_log
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk, make_hall, simple_hall

WORDS = "So patient with my mother"


def read(hall: Hall, who: Actor = MANAGER) -> list[tuple[str, str | None, str | None]]:
    rows = thanking.readable_thanks_between(hall.desk, who, hall.clock())
    return [(row["staff"], row["ticket"], row["words"]) for row in rows]


@ON_BOTH_ENGINES
def test_thanks_go_to_who_served_each_clerk_reads_the_own_ones_and_they_are_seen_once(hall: Hall) -> None:
    """Thanks from a comment name no visit."""
    hall.play("open 1 staff=C1", "queue A", "serve-out 1")
    hall.do("thanks", ticket="A001", words=WORDS, who=GUIDE)
    assert WORDS not in str(hall.last().data)
    assert looking.ticket_with_events(hall.desk, hall.date, "A001")[1][-1].kind == "thanks"
    hall.do("thanks", ticket="A001", source="comment", who=MANAGER)
    hall.do("thanks", "C2", words=WORDS, who=MANAGER)

    with pytest.raises(RuleError, match="own_thanks"):
        hall.do("thanks", "M1", who=MANAGER)

    assert read(hall) == [("C2", None, WORDS), ("C1", None, None), ("C1", "A001", WORDS)]
    assert read(hall, clerk("C2")) == [("C2", None, WORDS)]
    seq = hall.do("thanks", "C1", who=GUIDE)["thanks"]
    with pytest.raises(RuleError, match="not_there"):
        hall.do("thanks-seen", seq, who=clerk("C2"))
    assert hall.whole().thanks[seq].is_unseen

    hall.do("thanks-seen", seq, who=clerk("C1"))
    count = len(hall.log())
    hall.do("thanks-seen", seq, who=clerk("C1"))

    assert (hall.whole().thanks[seq].seen, len(hall.log())) == (hall.clock(), count)


@ON_BOTH_ENGINES
def test_words_stand_beside_the_log_are_read_with_their_ticket_and_marked_as_read_and_unread(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:00")
    hall.play("open 3 staff=C3", "queue B B")
    label = hall.serve_out("3")
    hall.do("rate", label, 2, who=CUSTOMER)
    hall.after(1, "reasons", label, tags=["not_solved"], comment="the card machine failed", who=CUSTOMER)
    hall.after(1, "opinion", 5, comment="very kind", who=CUSTOMER)
    hall.after(1, "comment", "the door is heavy", klass="suggestion", ticket=label, who=GUIDE)

    found = hearing.comments_between(hall.desk, hall.date, hall.date)

    assert [(one.source, one.level, one.klass, one.by) for one in found] == [
        (COMMENT_SPOKEN, 2, "suggestion", GUIDE.name),
        (OPINION, 5, "", None),
        (COMMENT_RATING, 2, "", None),
    ]
    assert [one.ticket.label if one.ticket else None for one in found] == [label, None, label]
    assert found[2].tags == ("not_solved",)
    assert [one.text for one in found if one.is_match_for_words("machine CARD")] == ["the card machine failed"]
    assert all("machine failed" not in str(event.data) and "is heavy" not in str(event.data) for event in hall.log())
    # What a spoken comment is about does not stand in the log's columns, which every login reads.
    assert (hall.last().kind, hall.last().ticket) == ("comment", None)
    hall.clock.move(minutes=1)
    id = thanking.record_spoken_comment(hall.desk, hall.ask(clerk("C3")), "no chairs", klass="complaint")["comment"]

    thanking.mark_comment_read(hall.desk, hall.ask(), id)
    one, *_others = hearing.comments_between(hall.desk, hall.date, hall.date)
    assert (one.is_read, one.read and one.read.by) == (True, "console")
    thanking.mark_comment_read(hall.desk, hall.ask(), id, read=False)
    one, *_others = hearing.comments_between(hall.desk, hall.date, hall.date)
    assert not one.is_read
    with pytest.raises(RuleError, match="unknown_comment"):
        thanking.mark_comment_read(hall.desk, hall.ask(), "nobody")
    hall.must_follow_from_its_log()


NUMBER = "4100-2233 4471"


def words_for(hall: Hall, number: str = NUMBER) -> list[str]:
    return [row["words"] for row in thanking.customer_notes_for_reference(hall.desk, hall.ask(clerk("C1")), number)]


@ON_BOTH_ENGINES
def test_a_note_is_found_by_its_number_alone_deleted_after_its_date_and_kept_only_where_the_rule_is_on(tmp_path: Path):
    hall = simple_hall(tmp_path, settings={"reference_notes": "on"})
    until = hall.date + timedelta(days=3)
    kept = thanking.add_customer_note(hall.desk, hall.ask(GUIDE), NUMBER, "Hears badly on the left", until=until)

    assert kept["reference"] == "••• 471"
    assert words_for(hall) == words_for(hall, "410022334471") == ["Hears badly on the left"]
    assert words_for(hall, "410022334472") == []
    assert "Hears" not in str(hall.log())
    with hall.desk.db.read() as tx:
        kept_rows = tx.execute(select(contacts)).all()
        assert NUMBER not in str(kept_rows) and "410022334" not in str(kept_rows) and len(kept_rows) == 1
        assert list(beside_log.faults_beside_log(tx, hall.desk.hall, looking.setup_of_hall(hall.desk))) == []
    thanking.record_customer_declined_note(hall.desk, hall.ask(GUIDE))
    found = thanking.all_notes_about_customers(hall.desk, hall.ask(MANAGER))
    assert (found["asked"], found["valid"], found["share"]) == (2, 1, 0.5)
    assert found["notes"][0]["by"] == "G1"

    hall.clock.move(days=4)
    assert words_for(hall) == [], "its date has come"
    hall.issue("A")  # the first change of a date deletes them
    left = {"notes": [], "asked": 2, "valid": 0, "share": 0.0}
    assert thanking.all_notes_about_customers(hall.desk, hall.ask(MANAGER)) == left

    other = thanking.add_customer_note(hall.desk, hall.ask(GUIDE), NUMBER, "x")["note"]
    thanking.delete_note_about_customer(hall.desk, hall.ask(clerk("C1")), other)
    assert words_for(hall) == [], "it is deleted on request"
    with pytest.raises(RuleError, match="not_there"):
        thanking.delete_note_about_customer(hall.desk, hall.ask(MANAGER), other)
    with pytest.raises(RuleError, match="bad_value"):
        thanking.add_customer_note(hall.desk, hall.ask(GUIDE), NUMBER, "x", until=hall.date + timedelta(days=999))
    with pytest.raises(RuleError, match="bad_value"):
        thanking.add_customer_note(hall.desk, hall.ask(GUIDE), "12", "x")
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "settings", {"reference_notes": "off"})
    for act in (lambda: thanking.add_customer_note(hall.desk, hall.ask(GUIDE), NUMBER, "x"), lambda: words_for(hall)):
        with pytest.raises(RuleError, match="notes_off"):
            act()
