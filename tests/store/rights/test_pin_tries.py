"""How many PINs may still be tried: what passing time takes off, and that no two at once are counted as one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from queuedesk.store.rights.pin_tries import still_owed
from tests.hall import simple_hall

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SECOND = 1_000_000
# Starts at the same moment as the others: each reads one line first.
TRIES = """
import sys
from datetime import datetime, UTC
from queuedesk.core.errors import RuleError
from queuedesk.desk.queue import signing
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
desk = Desk(Database.open(sys.argv[1]), 1)
print("ready", flush=True)
sys.stdin.readline()
try:
    print(signing.who_acts(desk, "M1", pin=sys.argv[2], now=datetime(2100, 1, 1, tzinfo=UTC)).name)
except RuleError as error:
    print(error.code)
"""


@pytest.mark.parametrize(
    ("owed", "then", "now", "begins_anew", "left"),
    [
        (60, 1000, 1000, True, 60),
        (60, 1000, 1012, True, 48),
        (60, 1000, 2000, True, 0),
        (60, 1000, 5, True, 55),  # started anew five seconds ago
        (60, 1000, 61, True, 0),
        (60, 1000, 5, False, 60),  # a server's clock that was put back
        (999, 1000, 1000, False, 60),  # never longer than the pause
    ],
)
def test_what_is_owed_goes_with_time_that_surely_passed(
    owed: int, then: int, now: int, begins_anew: bool, left: int
) -> None:
    times = {"then": then * SECOND, "now": now * SECOND}

    assert still_owed(owed * SECOND, **times, begins_anew=begins_anew) == left * SECOND


def test_of_many_processes_at_once_five_are_looked_at(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.do("set-pin", "M1", "2468")
    tries = [
        subprocess.Popen(
            [sys.executable, "-c", TRIES, str(hall.path), f"{number:04}"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(7)
    ]
    for one in tries:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in tries:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    answers = [one.communicate(timeout=60)[0].strip() for one in tries]

    assert sorted(answers) == ["pin_pause"] * 2 + ["wrong_pin"] * 5
