"""Whatever is typed: a status of the contract, one line of words, and a refusal that leaves no trace."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queuedesk.cli.main import run_command_line
from queuedesk.desk.change import Desk
from queuedesk.desk.looking import events_after
from tests.cli.commands import Answer
from tests.cli.parsers import commands, every_parser
from tests.cli.services import ALONE
from tests.hall import Clock, Hall, make_hall

OF_THIS_PC = {
    *("screens", "screen", "autostart", "switches", "printer", "print", "print-papers", "print-appointment", "backups"),
    *("join", "unjoin", "host", "demo"),
}
"""They act on the machine, not on the hall."""
NAMES = sorted(commands(every_parser()).keys() - OF_THIS_PC)
TYPED = """A B 3 1 C3 G1 A001 a2 B001 ٣ ² 0 -1 1e9 nan 2000000000 99999999999999999999 normal elderly front crowd k1
CD 2026-11-20 0001-01-01 9999-12-31 --ticket --reason --json --id --hall --as --date --service --then --class
--minutes --staff --place --yes --tag --comment -- --delivered A:² A:0 --return-of A001@2026-11-20 @ --since
--to-window --outcome list set add remove get name=x code=Y prefix=E services=A items=[{}] papers=[[]] pin=1234 text=
from=x value=1.5"""
WORDS = st.one_of(st.sampled_from([*TYPED.split(), "hours=1-5 8:00-9:00", "", " "]), st.text(max_size=12))
LINES = st.lists(WORDS, max_size=7)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hall in the middle of its day, which what succeeds may change."""
    hall = make_hall(tmp_path_factory.mktemp("fuzz"), time="9:00")
    hall.play("open 3 staff=C3", "queue A A B A", "call 3")
    yield hall
    hall.desk.db.dispose()


def typed(db: Path, clock: Clock, line: list[str]) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run_command_line(["--db", str(db), "--lang", "en", *line], openers={}, clock=clock, services=ALONE)
    return Answer(status, out.getvalue(), err.getvalue())


def seqs(desk: Desk) -> list[int]:
    return [event.seq for event in events_after(desk, 0)]


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=st.sampled_from(NAMES), rest=LINES)
def test_nothing_typed_breaks_the_contract(hall, monkeypatch, tmp_path, name, rest):
    monkeypatch.chdir(tmp_path)  # a word may be a file's name
    if name in ("doctor", "restore", "init") or "--follow" in rest:
        return
    before = seqs(hall.desk)
    answer = typed(hall.path, hall.clock, [name, *rest])
    assert answer.status in (0, 1, 2, 3)
    if answer.status:
        assert seqs(hall.desk) == before
    if answer.status in (1, 3):
        assert (answer.out + answer.err).count("\n") == 1
    if answer.status == 2:
        assert answer.out == ""
        assert answer.err.startswith("Usage: ")


def test_the_fuzz_knows_every_command():
    assert {"issue", "call", "restore", "service", "report"} <= set(NAMES)
