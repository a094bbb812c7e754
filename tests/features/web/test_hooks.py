"""Other programs: events sent to them in order, signed, until they are taken; the examples of the documentation."""

import ast
import hashlib
import hmac
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from queuedesk.features.web.rules import SIGNATURE
from queuedesk.features.web.server.api import AT_ONCE
from queuedesk.features.web.verbs import keys
from tests.bounded import PATIENCE_S, until
from tests.features.web.interface import key_for
from tests.features.web.serving import QUICK, Served, begun, ended, serving, until_device
from tests.hall import Hall, hall_of_today, simple_setup
from tests.networks import free_port
from tests.processes import ROOT, at_home
from tests.relay import Relay


def one_window(folder: Path) -> Hall:
    """Make a hall that uses the web and knows how long its visits take, with a clerk at its first window."""
    usual = simple_setup()
    services = [{**row, "handling_target": 5} for row in usual["services"]]
    hall = hall_of_today(folder, hall={**usual["hall"], "features": ["web"]}, services=services)
    hall.open("1", "C1")
    return hall


pytestmark = pytest.mark.hall(make=one_window)


@dataclass
class Receiver:
    """Another program that takes events; it answers with `statuses` one after the other, then with 200."""

    server: ThreadingHTTPServer
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[str, bytes, str]] = field(default_factory=list)
    silent: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/events?token=s3cret"

    def seqs(self) -> list[int]:
        return [json.loads(body)["seq"] for _path, body, _signature in self.got]

    def until_has(self, seq: int) -> None:
        until(lambda: self.got and self.seqs()[-1] >= seq, f"event {seq} is sent")


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    class Taker(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:  # cut off while it was sent
                return
            receiver.got.append((self.path, body, self.headers[SIGNATURE]))
            if receiver.silent.is_set():
                self.close_connection = True
                return
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Taker)
    server.daemon_threads = True
    receiver = Receiver(server)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_S)


def test_events_are_sent_in_order_signed_and_again_until_they_are_taken(hall: Hall) -> None:
    """On a connection that is not kept open for the next event: the other end may close it meanwhile."""
    with receiving() as receiver:
        receiver.statuses += [500, 500]
        hook = keys.add_hook(hall.desk, hall.ask(), receiver.address, 1)
        with serving(hall, program=QUICK) as served:
            port = f":{receiver.server.server_address[1]:04X} "

            def is_open() -> bool:
                lines = Path(f"/proc/{served.process.pid}/net/tcp").read_text(encoding="ascii").splitlines()
                return any(port in line.split(maxsplit=2)[2] and " 01 " in line for line in lines[1:])

            until_device(hall, "up")
            receiver.until_has(hall.length())
            until(lambda: not is_open(), "the connection is closed")
            hall.clock.now = datetime.now(UTC)
            hall.issue("A")
            label = hall.serve_out("1", minutes=0)
            hall.do("rate", label, 1, comment="Nobody came")
            last = hall.length()
            receiver.until_has(last)
        assert receiver.seqs()[:3] == [1, 1, 1], "refused twice, then taken"
        assert receiver.seqs()[2:] == list(range(1, receiver.seqs()[-1] + 1)), "each once"
        for path, body, signature in receiver.got:
            assert path == "/events?token=s3cret"
            assert signature == f"sha256={hmac.new(hook['secret'].encode(), body, hashlib.sha256).hexdigest()}"
        sent = [json.loads(body) for _path, body, _signature in receiver.got[2 : 2 + last]]
        log = hall.log()[:last]
        assert [one["kind"] for one in sent] == [event.kind for event in log]
        rated = next(one for one in sent if one["kind"] == "rate")
        assert rated["data"] == {"date": str(hall.date), "untold": True}, "no rating leaves the hall"
        called = next(one for one in sent if one["kind"] == "call")
        assert called == next(event.printed_fields() for event in log if event.kind == "call")


def test_an_address_that_does_not_answer_costs_the_hall_nothing_and_gets_all_of_it_later(hall: Hall) -> None:
    with receiving() as receiver, receiving() as other:
        receiver.silent.set()
        keys.add_hook(hall.desk, hall.ask(), receiver.address, 1)
        keys.add_hook(hall.desk, hall.ask(), other.address, 1)
        with serving(hall, program=QUICK) as served:
            until_device(hall, "up")
            other.until_has(hall.length())
            hall.clock.now = datetime.now(UTC)
            before_mb = served.memory_mb()
            for _ in range(300):
                hall.issue("A")
            other.until_has(hall.length())
            assert served.memory_mb() - before_mb < 20
            assert set(receiver.seqs()) == {1}, "none is left out for one that was not taken"
            behind = {row["hook"]: row["behind"] for row in keys.hook_documents(hall.desk)}
            assert behind[1] == hall.length()
            receiver.silent.clear()
            receiver.until_has(hall.length())
            assert receiver.seqs()[-hall.length() :] == list(range(1, hall.length() + 1))
            until(lambda: {row["behind"] for row in keys.hook_documents(hall.desk)} == {0}, "it is written down")
        assert served.said() == ""


def test_after_a_restart_it_goes_on_where_it_was_and_a_removed_address_gets_nothing(hall: Hall) -> None:
    with receiving() as receiver, receiving() as other:
        keys.add_hook(hall.desk, hall.ask(), receiver.address, 1)
        served = begun(hall, program=QUICK)
        until_device(hall, "up")
        receiver.until_has(hall.length())
        until(lambda: {row["behind"] for row in keys.hook_documents(hall.desk)} == {0}, "it is written down")
        assert served.end() == 0
        ended(served)
        sent = len(receiver.got)
        hall.clock.now = datetime.now(UTC)
        hall.issue("A")
        served = begun(hall, program=QUICK)
        try:
            until_device(hall, "up")
            receiver.until_has(hall.length())
            seqs = receiver.seqs()
            assert seqs == sorted(seqs) and set(seqs) == set(range(1, seqs[-1] + 1))
            assert len(seqs) <= seqs[-1] + 1, "at most the one that was under way at the end comes a second time"
            assert len(receiver.got) > sent
            # Added and removed while it runs.
            keys.add_hook(hall.desk, hall.ask(), receiver.address.replace("events", "second"))
            hall.issue("A")
            until(lambda: any(path.startswith("/second") for path, _body, _signature in receiver.got), "both get it")
            keys.remove_hook(hall.desk, hall.ask(), 1)
            keys.remove_hook(hall.desk, hall.ask(), 2)
            # What a new address gets is sent by who has read that the others are gone.
            keys.add_hook(hall.desk, hall.ask(), other.address)
            hall.issue("A")
            other.until_has(gone := hall.length())
            hall.issue("A")
            other.until_has(hall.length())
            assert served.end() == 0
            assert max(receiver.seqs()) <= gone
        finally:
            ended(served)


def test_an_address_that_was_removed_and_added_again_skips_nothing_and_gets_nothing_of_the_other(hall: Hall) -> None:
    with receiving() as receiver, receiving() as other, serving(hall, program=QUICK) as served:
        keys.add_hook(hall.desk, hall.ask(), receiver.address, 1)
        keys.add_hook(hall.desk, hall.ask(), other.address, 1)
        until_device(hall, "up")
        hall.clock.now = datetime.now(UTC)
        receiver.until_has(hall.length())
        other.until_has(hall.length())
        other.silent.set()
        last = hall.length()
        hall.issue("A")
        until(lambda: other.seqs()[-1] == last + 1, "it is being sent")
        for number in (2, 1):
            keys.remove_hook(hall.desk, hall.ask(), number)
        assert keys.add_hook(hall.desk, hall.ask(), receiver.address.replace("events", "again"), 1)["hook"] == 1
        assert keys.add_hook(hall.desk, hall.ask(), receiver.address.replace("events", "next"))["hook"] == 2
        begin = hall.length() + 1
        hall.issue("A")
        last = hall.length()

        def sent(path: str) -> list[int]:
            return [json.loads(body)["seq"] for at, body, _signature in receiver.got if at.startswith(path)]

        until(lambda: sent("/again")[-1:] == [last] and sent("/next")[-1:] == [last], "both have it all")
        assert sent("/again") == list(range(1, last + 1))
        assert sent("/next") == list(range(begin, last + 1))
        until(lambda: {row["behind"] for row in keys.hook_documents(hall.desk)} == {0}, "it is written down")
    assert served.said() == ""


# -- the examples of the documentation, each against a real server -----------------------------------------------------
EXAMPLES = ROOT / "resources" / "docs" / "examples"
MOST_LINES = 30


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
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_a_clerk_calls_another_web_site_shows_the_waits_and_in_a_rush_at_the_door_everybody_gets_one_number(hall):
    label = hall.issue("A")
    with serving(hall) as served:
        with running("call_next.py", served, key_for(hall, "call"), "1") as program:
            assert said(program, "call") == f"{label}: called"
            assert said(program, "recall") == f"{label}: called"
            assert said(program, "start") == f"{label}: serving"
            assert said(program, "finish") == f"{label}: finished"
            assert said(program, "call") == "Nobody is waiting for this window."
        assert [event.actor for event in hall.log() if event.kind in ("call", "finish")] == ["key:call"] * 2
        hall.clock.now = datetime.now(UTC)
        hall.queue("A", "A")
        port, key = free_port(), key_for(hall, "read")
        with running("show_waits.py", served, key, str(port)):

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
        # More people at once than a key may ask for.
        people = AT_ONCE + 15
        with running("door_counter.py", served, key_for(hall, "issue"), "B") as program:
            told, _errors = program.communicate("\n" * people, timeout=PATIENCE_S)
    assert told.split() == [f"B{n:03}" for n in range(1, people + 1)]
    assert [event.ticket for event in hall.log() if event.kind == "issue" and event.service == "B"] == told.split()


def test_an_answer_that_was_lost_costs_no_second_number(hall: Hall) -> None:
    with serving(hall) as served:
        until_device(hall, "up")
        cut = Relay(served.address)
        cut.silent_after = b'"service"'
        way = Served(served.process, f"http://127.0.0.1:{urlsplit(cut.url).port}", served.log)
        with running("door_counter.py", way, key_for(hall, "issue"), "B") as program:
            program.stdin.write("\n")
            program.stdin.flush()
            until(lambda: hall.last().kind == "issue", "the number is given out")
            cut.close()
            again = Relay(served.address, port=way.port)
            assert program.stdout.readline() == "B001\n"
            again.close()
    assert [event.ticket for event in hall.log() if event.kind == "issue"] == ["B001"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_is_short_and_needs_the_standard_library_alone(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MOST_LINES
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
