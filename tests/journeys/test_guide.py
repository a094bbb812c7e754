"""A guide's quarter of an hour in a process of its own, by keys and clicks, read back from the log and from the slips."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from queuedesk.desk import calling, looking
from tests.hall import make_hall

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.journey
def test_customers_from_greeting_to_ticket(tmp_path: Path):
    hall = make_hall(tmp_path, time="10:30")
    hall.open("5", "C5")
    hall.queue("A")
    hall.call("5")
    calling.miss(hall.desk, hall.ask(), "5")
    slips = tmp_path / "slips"
    slips.mkdir()

    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("guide_hands.py")), str(hall.path), str(slips)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(tmp_path), "APPDATA": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    log = [e for e in looking.events_after(hall.desk, 0) if e.actor == "G1"]
    assert [(e.kind, e.ticket, e.service) for e in log] == [
        ("sign-in", None, None),
        ("issue", "B001", "B"),
        ("issue", "A002", "A"),
        ("not-ready", None, "B"),
        ("reinstate", "A001", "A"),
        ("redirect", "B001", "C"),
        ("issue", "D001", "D"),
        ("void", "D001", "D"),
    ]
    assert log[1].data["item"] == "gmgh"
    assert log[2].data["class"] == "elderly"
    assert log[7].data["reason"] == "undone"
    assert {file.name for file in slips.iterdir()} == {
        "B001.png",
        "A002.png",
        "A002-2.png",
        "D001.png",
        "papers-B-gmgh.png",
        "page.png",
    }
