"""An administrator's first week: QueueDesk is installed, PCs are set up from a file, the hall is shared and watched;
its server is lost, its disk is lost, a new version comes, and somebody asks how long people waited in May."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.bounded import PATIENCE_S, until
from tests.features.update.releases import NEW, next_release
from tests.features.update.test_update import Pc
from tests.installed import Installed
from tests.networks import free_port

MAY = """
08:10 open 1 --staff C1
08:10 issue A
08:15 issue A
08:20 call 1
08:20 start 1
08:35 finish 1
08:35 call 1
08:36 start 1
08:50 finish 1
09:00 close 1
"""
WAITED = "SELECT round(avg(wait_minutes), 1) FROM reporting_waits WHERE date BETWEEN '2026-05-01' AND '2026-05-31'"
COUNTER = """
language = "en"
address = "127.0.0.1:{port}"
station = "counter"
window = "1"
"""

OPEN = "open 1 --staff C1"

pytestmark = [pytest.mark.journey, pytest.mark.shares]


def shared(pc: Pc, port: int) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """Share the hall of a PC; return the process, and what it says once others can join."""
    process = pc.start("--json", "host", "--no-autostart", "--listen", f"127.0.0.1:{port}")
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def server_of(pc: Pc) -> int:
    return int((pc.data / "postgres" / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])


def given(pc: Pc, text: str, *words: object) -> list[dict[str, Any]]:
    """Give a command a text on standard input; return what it answers, line by line."""
    command, env = [pc.copy.programs / "queuedesk", "--json", *words], pc.copy.environment(pc.home)
    done = subprocess.run(command, input=text, env=env, capture_output=True, encoding="utf-8", timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def served(pc: Pc, *before: str) -> str:
    """Serve a customer at window 1, all in one batch; return the number."""
    lines = [*before, "issue A", "call 1", "start 1", "finish 1"]
    answers = given(pc, "\n".join(lines), "batch", "--stop-on-error")
    ticket, *acts = [one["out"]["ticket"] for one in answers[len(before) :]]
    assert len(acts) == 3 and {*acts} <= {ticket, None}
    return str(ticket)


def ended(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_S)


def test_an_administrators_first_week(installed: Installed, tmp_path: Path) -> None:
    main, counter, spare = (Pc(installed, tmp_path / name) for name in ("main", "counter", "spare"))
    for pc in (main, counter, spare):
        pc.home.mkdir()
    # Installed: a clinic of one language, which worked in May.
    main.ask("--at", "2026-05-04T08:00Z", "init", "--preset", "clinic", "--languages", "en", "--all-hours")
    lines = [f"--at 2026-05-04T{line[:5]}Z {line[6:]}" for line in MAY.split("\n") if line]
    assert {one["status"] for one in given(main, "\n".join(lines), "batch")} == {0}
    main.ask("clock", "confirm")
    main.ask("features", "on", "open_figures")

    # Shared, and a counter's PC set up from a file; its code comes on standard input.
    port = free_port()
    hosting, told = shared(main, port)
    try:
        file = tmp_path / "counter.toml"
        file.write_text(COUNTER.format(port=port), encoding="utf-8")
        given(counter, f"{told['code']}\n", "install", "--from", file, "--name", "Counter 1")
        assert [row["name"] for row in main.ask("pcs", "list")["pcs"]][-1] == "Counter 1"
        told_today = [served(counter, OPEN)]

        # Watched: all is well but what nobody has done yet; then the server is lost.
        assert main.run("health").returncode in (0, 1)
        os.kill(server_of(main), signal.SIGKILL)
        hosting.kill()
        hosting.communicate(timeout=PATIENCE_S)
        assert main.run("health").returncode == 2
        assert counter.run("issue", "A").returncode == 3
        hosting, _told = shared(main, port)
        until(lambda: counter.run("state").returncode == 0)
        told_today.append(served(counter))
        counter.ask("close", "1")
        main.ask("backup", tmp_path / "copy.zip")
    finally:
        ended(hosting)

    # The disk is lost: another PC goes on from the copy, with every number that was told.
    shutil.rmtree(main.home)
    spare.ask("restore", tmp_path / "copy.zip", "--yes")
    tickets = {row["ticket"] for row in spare.ask("tickets")["tickets"]}
    assert tickets >= set(told_today)

    # A new version comes, signed by a key that the hall trusts.
    spare.ask("update-key", "make", spare.key)
    done = spare.run("update", next_release(installed, tmp_path / "stick", spare.key))
    assert (done.returncode, spare.version()) == (0, NEW), done.stderr
    served(spare, OPEN)

    # How long did people wait in May? The views and the report say the same.
    spare.ask("report", "month", "--date", "2026-05-04", "--out", tmp_path / "may.json")
    report = json.loads((tmp_path / "may.json").read_text(encoding="utf-8"))
    spare.ask("open-figures", "views")  # A revision drops them; whoever asks for them has them made again.
    with closing(sqlite3.connect(spare.data / "hall.sqlite")) as hall:
        (waited,) = hall.execute(WAITED).fetchone()
    assert (waited, report["wait"]["mean"], report["wait"]["n"]) == (15.0, 15.0, 2)
