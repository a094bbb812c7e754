"""What customers say: once, when the whole visit has ended, within the hall's days, comments outside the log."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk import looking
from queuedesk.desk.queue import rating
from queuedesk.reports.figures import period as day_report
from queuedesk.store import schema
from queuedesk.store.log import journal
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, make_hall, refused, simple_hall

TODAY = date(2026, 11, 20)


def served(folder: Path, **settings: int) -> Hall:
    hall = simple_hall(folder, settings=dict(settings))
    hall.open("3", "C3")
    hall.issue("A", then=["B"])
    hall.play("serve-out 3", "serve-out 3")
    return hall


def test_each_level_is_credited_to_the_last_leg_and_that_nothing_more_comes_is_recorded_late_too(tmp_path):
    hall = simple_hall(tmp_path)
    hall.open("3", "C3")
    for level in range(1, 6):
        label = hall.issue("A", then=["B"])
        hall.play("serve-out 3", "serve-out 3")
        assert hall.do("rate", label, level, comment="  ", who=CUSTOMER)["rating"] == level
        assert "comment" not in hall.last().data
        kept = hall.whole().ratings[hall.date, label]
        assert (kept.level, kept.service, kept.window, kept.staff, kept.reasons) == (level, "B", "3", "C3", False)
        hall.clock.move(minutes=30)
        hall.do("reasons", label)
        kept = hall.whole().ratings[hall.date, label]
        assert (kept.reasons, kept.tags) == (True, ())
    hall.must_follow_from_its_log()


@pytest.mark.parametrize("rating_days", [0, 2])
def test_ratings_are_taken_for_the_hall_s_days(tmp_path: Path, rating_days: int) -> None:
    hall = served(tmp_path, rating_days=rating_days)
    hall.clock.move(days=rating_days + 1)
    with refused(hall, "rating_over", ticket="A001", date=TODAY):
        hall.do("rate", "A001", 4, day=TODAY, who=CUSTOMER)
    hall.clock.move(days=-1)
    assert hall.do("rate", "A001", 4, day=TODAY, who=CUSTOMER)["rating"] == 4
    assert hall.last().data["date"] == "2026-11-20"
    hall.must_follow_from_its_log()


def test_reasons_are_added_within_five_minutes(tmp_path: Path) -> None:
    hall = served(tmp_path)
    hall.do("rate", "A001", 1, attitude=2)
    hall.clock.move(seconds=300.001)
    with refused(hall, "reasons_late", ticket="A001"):
        hall.do("reasons", "A001", tags=["waited_long"])
    hall.clock.move(seconds=-0.001)
    hall.do("reasons", "A001", tags=["waited_long", "attitude"], comment="冷")
    (kept,) = hall.whole().ratings.values()
    assert (kept.tags, kept.attitude, kept.reasons) == (("waited_long", "attitude"), 2, True)
    with refused(hall, "reasons_given", ticket="A001"):
        hall.do("reasons", "A001", tags=["other"])
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_comment_stands_outside_the_log_which_can_prove_it(tmp_path: Path) -> None:
    hall = served(tmp_path)
    hall.do("rate", "A001", 2, comment="很慢")
    id, _, digest = hall.last().data["comment"].partition(":")
    with hall.desk.db.read() as tx:
        row = tx.execute(select(schema.comments)).one()
        assert journal.stored_comments_by_id(tx, 1, [id]) == {id: "很慢"}
    assert digest == hashlib.sha256((row.salt + "很慢").encode()).hexdigest()
    assert "很慢" not in str([event.printed_fields() for event in hall.log()])
    with hall.desk.db.write(1) as tx:
        tx.execute(schema.comments.delete())
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_an_opinion_is_kept_counts_apart_and_its_reasons_come_once_and_soon(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:00")
    hall.play("open 3 staff=C3", "queue B B")
    label = hall.serve_out("3")
    rating.rate_visit(hall.desk, hall.ask(CUSTOMER), label, 4)
    rating.add_rating_reasons(hall.desk, hall.ask(CUSTOMER), label, attitude=5, competence=3)
    (kept,) = hall.whole().ratings.values()
    assert (kept.level, kept.attitude, kept.competence) == (4, 5, 3)
    before = day_report.read_day_report(hall.desk, hall.date, hall.clock()).figures["ratings"]

    said = rating.record_opinion_without_ticket(hall.desk, hall.ask(CUSTOMER), 1)
    rating.add_reasons_to_opinion(hall.desk, hall.ask(CUSTOMER), said["opinion"], tags=["waited_long"])

    figures = day_report.read_day_report(hall.desk, hall.date, hall.clock()).figures
    assert figures["ratings"] == before
    assert {"what": "no_number", "n": 1, "why": "belongs_to_no_ticket"} in figures["left_out"]
    kept = looking.hall_state_now(hall.desk, hall.clock()).opinions[said["opinion"]]
    assert (kept.level, kept.tags, kept.explained) == (1, ("waited_long",), True)
    hall.must_follow_from_its_log()
    said = rating.record_opinion_without_ticket(hall.desk, hall.ask(CUSTOMER), 2)["opinion"]
    explained = rating.record_opinion_without_ticket(hall.desk, hall.ask(CUSTOMER), 2, comment="too cold")["opinion"]
    comment = looking.hall_state_now(hall.desk, hall.clock()).opinions[explained].comment
    assert comment is not None and "too cold" not in comment
    told = ((said + 7, 0, "not_rated"), (explained, 0, "reasons_given"), (said, 6, "reasons_late"))
    for opinion, minutes, code in told:
        hall.clock.move(minutes=minutes)
        with pytest.raises(RuleError, match=code):
            rating.add_reasons_to_opinion(hall.desk, hall.ask(CUSTOMER), opinion, tags=["waited_long"])
