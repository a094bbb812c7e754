"""Comments: typed after a rating, spoken to somebody; read by managers alone, searched, marked as read and unread."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import COMMENT_RATING, COMMENT_SPOKEN, OPINION
from queuedesk.desk.quality import hearing, thanking
from queuedesk.desk.queue import rating
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, Hall, clerk, make_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = make_hall(tmp_path, time="10:00")
    hall.open("3", "C3")
    hall.queue("B", "B")
    return hall


@ON_BOTH_ENGINES
def test_words_stand_beside_the_log_and_are_read_with_their_ticket(hall: Hall) -> None:
    label = hall.serve_out("3")
    rating.rate(hall.desk, hall.ask(CUSTOMER), label, 2)
    hall.clock.move(minutes=1)
    rating.add_reasons(hall.desk, hall.ask(CUSTOMER), label, tags=["not_solved"], comment="the card machine failed")
    hall.clock.move(minutes=1)
    rating.give_opinion(hall.desk, hall.ask(CUSTOMER), 5, comment="very kind")
    hall.clock.move(minutes=1)
    thanking.note(hall.desk, hall.ask(GUIDE), "the door is heavy", klass="suggestion", ticket=label)

    found = hearing.comments_between(hall.desk, hall.date, hall.date)

    assert [(one.source, one.level, one.klass, one.by) for one in found] == [
        (COMMENT_SPOKEN, 2, "suggestion", GUIDE.name),
        (OPINION, 5, "", None),
        (COMMENT_RATING, 2, "", None),
    ]
    assert [one.ticket.label if one.ticket else None for one in found] == [label, None, label]
    assert found[2].tags == ("not_solved",)
    assert [one.text for one in found if one.has("machine CARD")] == ["the card machine failed"]
    assert all("machine failed" not in str(event.data) and "is heavy" not in str(event.data) for event in hall.log())
    # What a spoken comment is about does not stand in the log's columns, which every login reads.
    assert (hall.last().kind, hall.last().ticket) == ("comment", None)
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_comment_is_marked_as_read_and_unread_again(hall: Hall) -> None:
    id = thanking.note(hall.desk, hall.ask(clerk("C3")), "no chairs", klass="complaint")["comment"]

    thanking.mark_read(hall.desk, hall.ask(), id)
    (one,) = hearing.comments_between(hall.desk, hall.date, hall.date)
    assert (one.is_read, one.read and one.read.by) == (True, "console")
    thanking.mark_read(hall.desk, hall.ask(), id, read=False)
    (one,) = hearing.comments_between(hall.desk, hall.date, hall.date)
    assert not one.is_read
    with pytest.raises(RuleError, match="unknown_comment"):
        thanking.mark_read(hall.desk, hall.ask(), "nobody")
    with pytest.raises(RuleError, match="not_your_role"):
        thanking.mark_read(hall.desk, hall.ask(clerk("C3")), id)
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [(" ", {}, "bad_value"), ("a", {"klass": "rumour"}, "bad_value"), ("a", {"ticket": "Z1"}, "unknown_ticket")],
)
def test_what_is_no_comment_is_refused(hall: Hall, text: str, words: dict[str, str], code: str) -> None:
    with pytest.raises(RuleError, match=code):
        thanking.note(hall.desk, hall.ask(GUIDE), text, **{"klass": "other", **words})
