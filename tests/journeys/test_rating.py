"""Three customers at one window: a low answer with its reason, no answer, a good one; read back from the log."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from queuedesk.desk import looking
from tests.hall import make_hall

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.journey
def test_customers_rate_their_visits_at_the_window(tmp_path: Path):
    hall = make_hall(tmp_path, time="10:40")
    hall.open("3", "C3")
    hall.queue("B", "B", "B")
    command = [sys.executable, str(Path(__file__).with_name("rating_hands.py")), str(hall.path)]
    home = {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(tmp_path), "APPDATA": str(tmp_path)}

    with subprocess.Popen(
        command, env={**os.environ, **home}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as screen:
        assert screen.stdout is not None
        for said in ("ready", "thanks", "skipped"):
            assert screen.stdout.readline().strip() == said, screen.communicate()[1]
            hall.serve_out("3", minutes=0)
        _out, trouble = screen.communicate(timeout=60)

    assert screen.returncode == 0, trouble
    said = [e for e in looking.events_after(hall.desk, 0) if e.kind in ("rate", "reasons")]
    assert [(e.kind, e.ticket, e.actor, e.window, e.staff) for e in said] == [
        ("rate", "B001", "customer", "3", "C3"),
        ("reasons", "B001", "customer", "3", "C3"),
        ("rate", "B003", "customer", "3", "C3"),
    ]
    assert said[0].data["level"] == 2
    assert said[1].data["tags"] == ["waited_long"]
    assert said[2].data["level"] == 5
    assert "rate" not in {e.kind for e in looking.events_after(hall.desk, 0) if e.ticket == "B002"}
