"""A library set up from nothing to its first call, by clicks and typing alone, in under three minutes and 40 acts; home
opens its stations in processes of their own and closes them."""

import json
import re
from pathlib import Path

import pytest

from queuedesk.core.setup.file import check_setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.bounded import until
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


def must_have_been_open(log: Path, station: str) -> None:
    """Wait until a station's own log tells of the whole life of the process that home opened."""
    lived = rf"station {station} .* started as process (\d+)\b(.*\n)+.*station {station} process \1 ended"
    until(lambda: log.exists() and re.search(lived, log.read_text(encoding="utf-8")), f"{log} to say {lived}")


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_from_nothing_to_the_first_call_by_clicks_alone(pc, lang):
    done = [touch("home", lang)]
    for station in ("guide", "counter"):
        must_have_been_open(pc / "log" / f"{station}.log", station)
    assert '"station": "counter"' in (pc / "config.json").read_text(encoding="utf-8"), "home remembers what was chosen"
    done += [touch(station, lang) for station in ("guide", "counter")]

    clicks, fields, keys = (int(sum(part[what] for part in done)) for what in ("clicks", "fields", "keys"))
    assert clicks + fields <= MOST_ACTS
    seconds = sum(part["seconds"] for part in done)
    assert seconds + clicks * PERSON_CLICK_S + keys * PERSON_KEY_S < THREE_MINUTES_S

    log = looking.events_after(Desk(Database.open(pc / "hall.sqlite"), 1), 0)
    assert [(event.kind, event.actor) for event in log[:2]] == [("set-up", "console")] * 2
    assert [event.kind for event in log if event.kind in ("issue", "open", "call")] == ["issue", "open", "call"]
    call = next(event for event in log if event.kind == "call")
    assert (call.ticket, call.window) == ("A001", "1")
    setup = check_setup(log[0].data["setup"])
    hall, people = ("Maple Street Library", "Tom Reed") if lang == "en" else ("枫树街图书馆", "李伟")
    assert (setup.hall.name, setup.staff["C1"].name, len(setup.staff)) == (hall, people, 5)
    assert setup.hall.code == ("MSL" if lang == "en" else "FSJT")
    assert log[0].data["setup"]["services"][0]["hours"][0]["to"] == "24:00", "it is a try-out"
