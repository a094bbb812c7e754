"""Thanks: to whom, by whom, who reads them; what a customer said stands beside the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor
from queuedesk.desk import looking
from queuedesk.desk.quality import thanking
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, clerk, simple_hall

WORDS = "So patient with my mother"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A")
    hall.serve_out("1")
    return hall


def read(hall: Hall, who: Actor = MANAGER) -> list[tuple[str, str | None, str | None]]:
    rows = thanking.thanks_of(hall.desk, who, hall.clock())
    return [(row["staff"], row["ticket"], row["words"]) for row in rows]


@ON_BOTH_ENGINES
def test_thanks_for_a_ticket_go_to_who_served_it(hall: Hall) -> None:
    hall.do("thanks", ticket="A001", words=WORDS, who=GUIDE)

    assert read(hall) == [("C1", "A001", WORDS)]
    assert WORDS not in str(hall.last().data)
    assert looking.history(hall.desk, hall.date, "A001")[1][-1].kind == "thanks"


@ON_BOTH_ENGINES
def test_each_clerk_reads_the_own_ones(hall: Hall) -> None:
    hall.do("thanks", "C1", who=MANAGER)
    hall.do("thanks", "C2", words=WORDS, who=MANAGER)

    assert read(hall, clerk("C2")) == [("C2", None, WORDS)]
    assert [row[0] for row in read(hall)] == ["C2", "C1"]


def test_thanks_from_a_comment_name_no_visit(hall: Hall) -> None:
    hall.do("thanks", ticket="A001", source="comment", who=MANAGER)

    assert read(hall) == [("C1", None, None)]


@ON_BOTH_ENGINES
def test_thanks_are_seen_once_by_who_they_are_for(hall: Hall) -> None:
    seq = hall.do("thanks", "C1", who=GUIDE)["thanks"]
    with pytest.raises(RuleError, match="not_there"):
        hall.do("thanks-seen", seq, who=clerk("C2"))
    assert hall.whole().thanks[seq].is_unseen

    hall.do("thanks-seen", seq, who=clerk("C1"))
    count = len(hall.log())
    hall.do("thanks-seen", seq, who=clerk("C1"))

    assert (hall.whole().thanks[seq].seen, len(hall.log())) == (hall.clock(), count)


@pytest.mark.parametrize(
    ("args", "words", "who", "code"),
    [
        ((), {"ticket": "A002"}, GUIDE, "nobody_served"),
        (("X9",), {}, GUIDE, "unknown_staff"),
        (("M1",), {}, MANAGER, "own_thanks"),
        (("C1",), {"words": "x" * 201}, GUIDE, "bad_value"),
        (("C1",), {}, clerk("C1"), "not_your_role"),
    ],
)
def test_what_is_refused(hall: Hall, args: tuple[str, ...], words: dict[str, Any], who: Actor, code: str) -> None:
    hall.issue("A")

    with pytest.raises(RuleError, match=code):
        hall.do("thanks", *args, who=who, **words)

    assert hall.whole().thanks == {}
