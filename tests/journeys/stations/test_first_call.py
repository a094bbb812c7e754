"""A library set up from nothing to its first call, by clicks and typing alone, in under three minutes and 40 acts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from queuedesk.core.setup.file import check_setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.every_day import walked_in
from tests.processes import ran

THREE_MINUTES_S = 180
PERSON_CLICK_S, PERSON_KEY_S = 4.0, 0.4
"""What a person who reads every page needs for a click and for a letter, generously."""
MOST_ACTS = 40
"""An act is a click or a field that was filled in."""


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


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_from_nothing_to_the_first_call_by_clicks_alone(pc, lang):
    done = [touch(station, lang) for station in ("home", "guide", "counter")]

    clicks, fields, keys = (int(sum(part[what] for part in done)) for what in ("clicks", "fields", "keys"))
    assert clicks + fields <= MOST_ACTS
    seconds = sum(part["seconds"] for part in done)
    assert seconds + clicks * PERSON_CLICK_S + keys * PERSON_KEY_S < THREE_MINUTES_S

    log = looking.events_after(Desk(Database.open(pc / "hall.sqlite"), 1), 0)
    assert [event.kind for event in log if event.kind in ("issue", "open", "call")] == ["issue", "open", "call"]
    call = next(event for event in log if event.kind == "call")
    assert (call.ticket, call.window) == ("A001", "1")
    setup = check_setup(log[0].data["setup"])
    hall, people = ("Maple Street Library", "Tom Reed") if lang == "en" else ("枫树街图书馆", "李伟")
    assert (setup.hall.name, setup.staff["C1"].name, len(setup.staff)) == (hall, people, 5)
    assert setup.hall.code == ("MSL" if lang == "en" else "FSJT")
