"""A government hall set up from nothing to its first call, by clicks and typing alone, in well under five minutes."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S
from tests.processes import ran

ROOT = Path(__file__).resolve().parents[3]
FIVE_MINUTES_S = 300
PERSON_CLICK_S, PERSON_KEY_S = 4.0, 0.5
"""What a person who reads every page needs for a click and for a letter, generously."""
MOST_CLICKS = 20


@pytest.fixture
def pc(tmp_path, monkeypatch):
    """Return the data folder of a PC that never saw the program."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path / "queuedesk"


def touch(station: str, lang: str) -> dict[str, float]:
    """Do a person's part at a station in a process of its own; return its clicks, keys and seconds."""
    done = ran(Path(__file__).with_name("first_hands.py"), station, lang)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def end_of_guide(log: Path) -> None:
    """End the front desk that home has started by itself: the next one is a driven one."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        text = log.read_text(encoding="utf-8") if log.exists() else ""
        if found := re.search(r"station guide .* started as process (\d+)", text):
            os.kill(int(found[1]), signal.SIGTERM)
            return
    raise AssertionError(f"{log} never said that the front desk was there")


@pytest.mark.journey
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_from_nothing_to_the_first_call_by_clicks_alone(pc, lang):
    done = [touch("home", lang)]
    end_of_guide(pc / "log" / "guide.log")
    done += [touch("guide", lang), touch("counter", lang)]

    clicks, keys = (int(sum(part[what] for part in done)) for what in ("clicks", "keys"))
    seconds = sum(part["seconds"] for part in done)
    assert clicks <= MOST_CLICKS
    assert seconds + clicks * PERSON_CLICK_S + keys * PERSON_KEY_S < FIVE_MINUTES_S

    log = looking.events_after(Desk(Database.open(pc / "hall.sqlite"), 1), 0)
    kinds = [event.kind for event in log]
    assert [kind for kind in kinds if kind in ("set-up", "issue", "open", "call")] == [
        "set-up",
        "issue",
        "open",
        "call",
    ]
    call = next(event for event in log if event.kind == "call")
    assert (call.ticket, call.window) == ("A001", "1")
    assert log[0].data["setup"]["hall"]["name"] == "Nanhu"
