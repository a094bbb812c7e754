"""What a check of the data finds: rows of the log changed, gone or broken, tables that do not follow from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.desk import examining
from queuedesk.desk.examining import Finding
from tests import engines
from tests.hall import Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "A", "B")
    hall.do("call", "1", ticket="A002", reason="r")
    hall.do("finish", "1")
    hall.do("rate", "A002", 4)
    hall.do("not-ready", "A")
    hall.do("sign-in", "guide", "G1")
    return hall


def found(hall: Hall) -> dict[str, Finding]:
    return {finding.name: finding for finding in examining.examine(hall.desk.db)}


def change(hall: Hall, statement: str) -> None:
    assert engines.execute(hall.desk.db, statement) > 0


def test_a_hall_that_nobody_touched_is_whole(hall: Hall) -> None:
    assert {name: (one.status, one.what) for name, one in found(hall).items()} == {
        "integrity": ("ok", ""),
        "chain": ("ok", str(hall.last().seq)),
        "tables": ("ok", ""),
    }


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE events SET actor = 'M1' WHERE seq = 4", "4"),
        ("UPDATE events SET at = at + 1 WHERE seq = 4", "4"),
        ("UPDATE events SET data = replace(data, '1', '9') WHERE seq = 3", "3"),
        ("UPDATE events SET data = '{' WHERE seq = 5", "5"),
        ("UPDATE events SET data = '[]' WHERE seq = 5", "5"),
        ("UPDATE events SET hash = 'x' WHERE seq = 1", "1"),
        ("DELETE FROM events WHERE seq = 4", "5"),
        ("DELETE FROM events WHERE seq = 1", "2"),
        ("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "10"),
        ("UPDATE events SET seq = 99 WHERE seq = 10", "99"),
    ],
)
def test_a_changed_or_deleted_row_of_the_log_shows(hall: Hall, statement: str, seq: str) -> None:
    change(hall, statement)

    assert (found(hall)["chain"].status, found(hall)["chain"].what) == ("failed", seq)


@pytest.mark.parametrize(
    ("statement", "parts"),
    [
        ("UPDATE tickets SET overtaken = 0", "tickets"),
        ("UPDATE tickets SET state = 'nowhere'", "ValueError"),
        ("UPDATE tickets SET steps = '{'", "JSONDecodeError"),
        ("UPDATE legs SET calls = 9", "tickets"),
        ("DELETE FROM legs", "tickets"),
        ("UPDATE windows SET staff = 'C2'", "windows"),
        ("DELETE FROM shifts", "shifts"),
        ("UPDATE ratings SET level = 5", "ratings"),
        ("UPDATE series SET number = 9", "series"),
        ("DELETE FROM calls", "calls"),
        ("DELETE FROM overtakes", "overtakes"),
        ("DELETE FROM not_ready", "not_ready"),
        ("DELETE FROM signed_in", "signed_in"),
        ("UPDATE halls SET normal_calls = 7", "now"),
        ("UPDATE halls SET setup = replace(setup, 'Test hall', 'x'), setup_hash = 'x'", "setup_now"),
    ],
)
def test_a_table_that_does_not_follow_from_the_log_is_named(hall: Hall, statement: str, parts: str) -> None:
    change(hall, statement)

    assert found(hall)["chain"].status == "ok"
    assert (found(hall)["tables"].status, found(hall)["tables"].what) == ("failed", parts)
