"""The examples of the documentation, each against a real server."""

import ast
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from queuedesk.features.web.server.api import AT_ONCE
from tests.bounded import PATIENCE_S, until
from tests.features.web.interface import key_for
from tests.features.web.serving import Served, serving
from tests.hall import Hall, hall_of_today, simple_setup
from tests.networks import free_port
from tests.processes import ROOT, at_home
from tests.relay import Relay

EXAMPLES = ROOT / "resources" / "docs" / "examples"
MOST_LINES = 30


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    usual = simple_setup()
    services = [{**row, "handling_target": 5} for row in usual["services"]]
    hall = hall_of_today(tmp_path, hall={**usual["hall"], "features": ["web"]}, services=services)
    hall.open("1", "C1")
    return hall


@contextmanager
def running(name: str, served: Served, key: str, what: str) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, str(EXAMPLES / name), served.address, key, what]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        line, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", env=at_home(served.log.parent)
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_S)


def said(process: subprocess.Popen[str], line: str) -> str:
    """Write a line to a program and return the line that it answers."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_a_clerk_s_own_program_calls_and_finishes(hall: Hall) -> None:
    label = hall.issue("A")
    with serving(hall) as served, running("call_next.py", served, key_for(hall, "call"), "1") as program:
        assert said(program, "call") == f"{label}: called"
        assert said(program, "recall") == f"{label}: called"
        assert said(program, "start") == f"{label}: serving"
        assert said(program, "finish") == f"{label}: finished"
        assert said(program, "call") == "Nobody is waiting for this window."
    assert [event.actor for event in hall.log() if event.kind in ("call", "finish")] == ["key:call"] * 2


def test_each_person_whom_the_door_counts_gets_a_number(hall: Hall) -> None:
    with serving(hall) as served, running("door_counter.py", served, key_for(hall, "issue"), "B") as program:
        assert [said(program, "") for _ in range(3)] == ["B001", "B002", "B003"]
    assert [event.ticket for event in hall.log() if event.kind == "issue"] == ["B001", "B002", "B003"]


def test_in_a_rush_at_the_door_everybody_gets_one_number(hall: Hall) -> None:
    """More people at once than a key may ask for."""
    people = AT_ONCE + 15
    with serving(hall) as served, running("door_counter.py", served, key_for(hall, "issue"), "B") as program:
        told, _errors = program.communicate("\n" * people, timeout=PATIENCE_S)
    assert told.split() == [f"B{n:03}" for n in range(1, people + 1)]
    assert [event.ticket for event in hall.log() if event.kind == "issue"] == told.split()


def test_an_answer_that_was_lost_costs_no_second_number(hall: Hall) -> None:
    with serving(hall) as served:
        cut = Relay(served.address)
        cut.silent_after = b'"service"'
        way = Served(served.process, f"http://127.0.0.1:{urlsplit(cut.url).port}", served.log)
        with running("door_counter.py", way, key_for(hall, "issue"), "B") as program:
            assert program.stdin is not None and program.stdout is not None
            program.stdin.write("\n")
            program.stdin.flush()
            until(lambda: hall.last().kind == "issue", "the number is given out")
            cut.close()
            again = Relay(served.address, port=way.port)
            assert program.stdout.readline() == "B001\n"
            again.close()
    assert [event.ticket for event in hall.log() if event.kind == "issue"] == ["B001"]


def test_another_web_site_shows_the_waits_and_no_key(hall: Hall) -> None:
    hall.clock.now = datetime.now(UTC)
    hall.queue("A", "A")
    port, key = free_port(), key_for(hall, "read")
    with serving(hall) as served, running("show_waits.py", served, key, str(port)):

        def page() -> str:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE_S) as answer:
                    return str(answer.read().decode())
            except OSError:
                return ""

        shown = until(page, "the page is there")
    assert "<td>A<td>" in shown and "minutes" in shown
    assert "<td>C<td>–" in shown, "no window is open for it"
    assert key not in shown


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_is_short_and_needs_the_standard_library_alone(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MOST_LINES
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
