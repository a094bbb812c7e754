"""The commands about this PC: they need no hall, and write nothing into one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk.app.main import command_services
from queuedesk.app.station.launch import openers
from queuedesk.cli import main
from queuedesk.cli.stations import StationRequest
from tests.cli.commands import Console


@pytest.fixture
def pc(console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Console:
    """A console whose PC remembers nothing yet, and whose hall is not there."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return Console(tmp_path / "none.sqlite", console.read, services=command_services())


def test_a_screen_is_told_what_it_shows(pc: Console) -> None:
    told = pc.ask("screen", "set", "7", "station=display", "zone=East", "size=55", "distance_m=8")
    assert (told["screen"], told["zone"], told["size"], told["distance_m"]) == ("7", "East", "55", 8.0)

    pc.ask("screen", "set", "7", "layout=calls")

    rows = {row["screen"]: row for row in pc.ask("screen", "list")["screens"]}
    assert (rows["7"]["layout"], rows["7"]["zone"], rows["7"]["name"]) == ("calls", "East", None)
    assert rows["1"]["station"] is None, "the one that is there, and shows nothing of the hall"
    assert "7  not connected  Display East  calls" in pc.say("screen", "list").out

    pc.ask("screen", "remove", "7")
    assert "7" not in {row["screen"] for row in pc.ask("screen", "list")["screens"]}


def test_how_far_a_measured_screen_is_read_is_said(pc: Console) -> None:
    row = pc.ask("screen", "set", "1", "size=65")

    assert row["readable_m"] > 3
    assert f"can be read from {row['readable_m']} m" in pc.say("screen", "list").out


def test_the_kiosks_switches_are_kept(pc: Console) -> None:
    assert pc.ask("switches", "show") == {"switches": "one", "step_s": 2.0}
    assert pc.ask("switches", "set", "two") == {"switches": "two", "step_s": 2.0}
    pc.ask("switches", "set", "one", "--step", "3.5")

    assert "each for 3.5 s" in pc.say("switches", "show").out


@pytest.mark.parametrize(
    "words",
    [
        ("screen", "set", "1", "colour=red"),
        ("screen", "set", "1", "screen=2"),
        ("screen", "set", "1", "size=huge"),
        ("screen", "set", "1", "station=plate"),
        ("screen", "remove", "1"),
        ("screen", "open", "1"),
        ("autostart", "on", "plate"),
        ("autostart", "off", "guide"),
        ("switches", "set", "three"),
        ("switches", "set", "one", "--step", "60"),
    ],
)
def test_what_fits_no_screen_is_refused_and_changes_nothing(pc: Console, words: tuple[str, ...]) -> None:
    before = pc.ask("screen", "list"), pc.ask("autostart", "show")

    assert pc.refused(*words) == "bad_value"

    assert (pc.ask("screen", "list"), pc.ask("autostart", "show")) == before


def test_stations_open_by_themselves_or_no_longer(pc: Console) -> None:
    assert pc.say("autostart", "show").out.strip() == "Nothing opens by itself."
    pc.ask("autostart", "on", "guide")
    assert pc.ask("autostart", "on", "plate", "--window", "3") == {"autostart": ["guide", "plate-3"]}
    assert pc.ask("autostart", "on") == {"autostart": ["guide", "screens"]}

    assert pc.ask("autostart", "off", "guide") == {"autostart": ["screens"]}
    assert pc.ask("autostart", "off") == {"autostart": []}


def test_the_words_of_a_request_ask_for_the_same() -> None:
    asked = StationRequest(
        name="display",
        db="/halls/east hall.sqlite",
        hall="H",
        lang="en",
        zone="East",
        layout="calls",
        screen="2",
        size=(90, 90),
    )
    read = main.build_parser(openers()).parse_args(["--db", "x", *asked.words()])

    assert (read.command, read.db, read.hall, read.lang) == ("display", asked.db, "H", "en")
    assert (read.zone, read.layout, read.screen, read.size, read.kept) == ("East", "calls", "2", asked.size, False)
