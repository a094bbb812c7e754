"""What each command appends: one event with all that it says, once for each id; nothing else in the log."""

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.change import SHORT_ANSWERS, Ask, answer_to_store
from tests.core.added import own_kinds
from tests.desk.event_rows import ROWS, Row
from tests.desk.stage import stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, Hall, clerk, deed, no_fractions

pytestmark = ON_BOTH_ENGINES

DATE = "2026-11-20"
SECRET = {"token", "kept", "salt"}
FORECAST = {"base"}  # follows from what the pass says, which has its own tests


ELSEWHERE = """
clock set-right restore alarm ack device enter unbook comment comment-read case-open case-step
case-owner case-note inspect-score inspect-tie inspect-sign inspect-fix briefing training
training-name training-seen opening fix-proof sheet-dispute sheet-decide sheet-close texts notes
slip project-cause project-end project-evidence project-judge project-measure project-open
project-set project-standard wording
"""
"""Kinds that have files of their own."""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return stage(tmp_path, settings={"overnight": "early_place"})


@pytest.mark.parametrize("one", ROWS, ids=[f"{i}-{one[0]}" for i, one in enumerate(ROWS)])
def test_what_a_command_appends_and_with_an_id_once(hall: Hall, one: Row) -> None:
    verb, who, args, words, expected = one
    asked, asked_otherwise = '{"words": "these"}', '{"words": "others"}'
    does, ask = deed(verb), Ask(who, hall.clock(), command="c-1", words=asked)
    seq = hall.last().seq
    first = does(hall.desk, ask, *args, **words)
    (event,) = hall.log(seq)
    given = {name: getattr(event, name) for name in ("kind", "ticket", "service", "window", "staff")}
    assert given == {name: expected.get(name) for name in given}
    assert (event.actor, event.at, event.time) == (who.name, hall.clock(), hall.clock())
    assert event.data["date"] == DATE
    normal = {"normal": event.data["normal"]} if "normal" in event.data else {}
    own = {key: value for key, value in event.data.items() if key not in SECRET | FORECAST}
    assert own == {**expected["data"], "date": DATE, **normal}
    assert no_fractions(event.data)
    hall.clock.move(minutes=3)
    again = does(hall.desk, Ask(who, hall.clock(), command="c-1", words=asked), *args, **words)
    # On a server every login reads the answers that are kept, so they don't tell how somebody rated.
    kept = "inspect" if verb.startswith("inspect-") else verb
    assert again == (answer_to_store(kept, first) if hall.desk.db.is_shared or kept in SHORT_ANSWERS else first)
    assert [event.command for event in hall.log(seq)] == ["c-1"]
    with pytest.raises(RuleError, match="id_used"):
        does(hall.desk, Ask(who, hall.clock(), command="c-1", words=asked_otherwise), *args, **words)
    assert len(hall.log(seq)) == 1
    hall.must_follow_from_its_log()


def test_unstall_reinstate_resume_and_signing_out_append_one_event_each(hall: Hall) -> None:
    hall.play("stall 2 reason=r", "sign-in guide G1")
    for verb, who, args, expected in (
        ("unstall", clerk("C2"), ("2",), ("A003", "A", "2", "C2")),
        ("reinstate", GUIDE, ("A006",), ("A006", "A", None, None)),
        ("postpone", GUIDE, ("A009",), ("A009", "A", None, None)),
        ("sign-out", GUIDE, ("guide",), (None, None, None, "G1")),
    ):
        seq = hall.last().seq
        hall.do(verb, *args, who=who)
        (event,) = hall.log(seq)
        assert (event.kind, event.actor) == (verb, who.name)
        assert (event.ticket, event.service, event.window, event.staff) == expected
        assert event.data["date"] == DATE


def test_the_table_has_every_kind_a_third_recall_is_the_miss_it_is_and_a_refused_command_leaves_no_id(hall):
    rows = {one[4]["kind"] for one in ROWS} | {"unstall", "reinstate", "postpone", "sign-out"}
    assert rows == own_kinds() - set(ELSEWHERE.split())
    assert [hall.do("recall", "3")["state"] for _ in range(3)] == ["called", "called", "missed"]
    assert (hall.last().kind, hall.last().data["asked"]) == ("miss", "recall")
    ask = Ask(CONSOLE, hall.clock(), command="c-1", words="call 6")
    with pytest.raises(RuleError, match="nobody_waiting"):
        deed("call")(hall.desk, ask, "6")
    hall.issue("C")
    assert deed("call")(hall.desk, ask, "6")["ticket"] == "C001"
    # A day-end with an id and nothing to end gives its first answer again.
    hall.do("day-end")
    ask, seq = Ask(CONSOLE, hall.clock(), command="c-2", words="day-end"), hall.last().seq
    first = deed("day-end")(hall.desk, ask)
    hall.issue("A")
    assert deed("day-end")(hall.desk, ask) == first
    assert [event.kind for event in hall.log(seq)] == ["issue"]
