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
from tests.features.update.test_update import Pc, line
from tests.installed import Installed
from tests.networks import free_port

MAY = """
08:00 init --preset clinic --languages en --all-hours
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


def served(pc: Pc, *before: str) -> str:
    """Serve a customer at window 1, all in one batch; return the number."""
    lines = [*before, "issue A", "call 1", "start 1", "finish 1"]
    ticket, *acts = [one["ticket"] for one in pc.told(*lines)[len(before) :]]
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
    lines = [f"--at 2026-05-04T{act[:5]} {act[6:]}" for act in MAY.split("\n") if act]
    main.told(*lines, "clock confirm", "features on open_figures")

    # Shared, and a counter's PC set up from a file; its code comes on standard input.
    port = free_port()
    hosting, told = shared(main, port)
    try:
        file = tmp_path / "counter.toml"
        file.write_text(COUNTER.format(port=port), encoding="utf-8")
        counter.given(f"{told['code']}\n", "install", "--from", file, "--name", "Counter 1")
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
    key = line("update-key", "make", spare.key)
    _restored, found, _key = spare.told(line("restore", tmp_path / "copy.zip", "--yes"), "tickets", key)
    assert {row["ticket"] for row in found["tickets"]} >= set(told_today)

    # A new version comes, signed by a key that the hall trusts.
    done = spare.run("update", next_release(installed, tmp_path / "stick", spare.key))
    assert done.returncode == 0, done.stderr
    served(spare, OPEN)

    # How long did people wait in May? The views and the report say the same.
    may = line("report", "month", "--date", "2026-05-04", "--out", tmp_path / "may.json")
    # A revision drops the views; whoever asks for them has them made again.
    version, _report, _views = spare.told("update", may, "open-figures views")
    assert version["version"] == NEW
    report = json.loads((tmp_path / "may.json").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(spare.data / "hall.sqlite")) as hall:
        (waited,) = hall.execute(WAITED).fetchone()
    assert (waited, report["wait"]["mean"], report["wait"]["n"]) == (15.0, 15.0, 2)
