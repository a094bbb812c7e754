"""A sheet that somebody kept against a log that was changed since: rewritten as a whole, cut, restored, damaged,
another hall's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.upkeep import Claim, read_code
from queuedesk.desk.upkeep import clocks, examining
from tests import engines
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, made_once, simple_hall
from tests.rewritten import drop_after, rated_otherwise, rewrite


def begun(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.open("1", "C1")
    for level in (2, 1, 2):
        hall.issue("A")
        label = hall.serve_out("1")
        hall.do("rate", label, level)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


def sheet(hall: Hall, seq: int | None = None) -> list[Claim]:
    """Return what the code of a sheet says that was printed when the log ended at `seq`, or just now."""
    anchor = examining.anchor(hall.desk, seq or hall.last().seq)
    assert anchor is not None
    return [read_code(anchor.code)]


def word(hall: Hall, claims: Sequence[Claim]) -> str:
    (held,) = examining.hold(hall.desk.db, claims)
    assert held.standing.word == examining.held_in(hall.desk, claims)[0].word
    return held.standing.word


def test_a_sheet_holds_while_the_log_only_grows(hall: Hall) -> None:
    kept = sheet(hall)
    assert word(hall, kept) == "holds"

    hall.issue("A")
    clocks.end_today(hall.desk, hall.ask())
    assert word(hall, kept) == "holds"


@ON_BOTH_ENGINES
def test_a_log_that_was_rewritten_consistently_is_found_by_who_kept_a_sheet(hall: Hall) -> None:
    kept, rated = sheet(hall), next(event.seq for event in hall.log() if event.kind == "rate")
    rewrite(hall, rated_otherwise(rated))

    assert {one.status for one in examining.examine(hall.desk.db)} == {"ok"}, "nothing within the hall shows it"
    assert word(hall, kept) == "changed"
    assert examining.stand(hall.desk, kept)[0].word == "changed"


def test_only_sheets_from_before_the_change_stay(hall: Hall) -> None:
    rated = [event.seq for event in hall.log() if event.kind == "rate"]
    early, late = sheet(hall, rated[1] - 1), sheet(hall, rated[1])
    rewrite(hall, rated_otherwise(rated[1]))

    assert (word(hall, early), word(hall, late)) == ("holds", "changed")


def test_a_log_that_was_written_anew_from_its_first_event_is_another(hall: Hall) -> None:
    kept = sheet(hall)
    rewrite(hall, lambda event: replace(event, actor="nobody") if event.seq == 1 else event)

    assert word(hall, kept) == "other"


@ON_BOTH_ENGINES
def test_a_change_that_left_the_hashes_as_they_were_is_found_too(hall: Hall) -> None:
    kept = sheet(hall)
    engines.execute(hall.desk.db, "UPDATE events SET actor = 'M1' WHERE seq = 4")

    (held,) = examining.hold(hall.desk.db, kept)
    assert (held.standing.word, held.standing.at) == ("broken", 4)


@ON_BOTH_ENGINES
def test_a_row_that_is_no_event_breaks_the_log(hall: Hall) -> None:
    kept = sheet(hall)
    engines.execute(hall.desk.db, "UPDATE events SET data = '[]' WHERE seq = 5")

    assert word(hall, kept) == "broken"


def test_an_older_copy_of_the_hall_is_shorter_than_the_sheet(hall: Hall) -> None:
    kept, last = sheet(hall), hall.last().seq
    drop_after(hall, last - 3)

    (held,) = examining.hold(hall.desk.db, kept)
    assert (held.standing.word, held.standing.seq, held.standing.last) == ("shorter", last, last - 3)


def test_a_sheet_of_an_earlier_program_says_the_whole_hash_alone(hall: Hall) -> None:
    kept = [Claim(seq=None, whole=hall.last().hash)]
    assert word(hall, kept) == "holds"

    rewrite(hall, rated_otherwise(next(event.seq for event in hall.log() if event.kind == "rate")))
    assert word(hall, kept) == "unknown"


def test_a_hall_that_nobody_has_is_refused(hall: Hall) -> None:
    with pytest.raises(RuleError, match="unknown_hall"):
        examining.hold(hall.desk.db, sheet(hall), "elsewhere")
