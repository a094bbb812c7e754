"""What a PC's screens show: chosen, changed, taken away, and how far it can be read."""

import json
import plistlib
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from queuedesk.app.station import screens
from queuedesk.app.station.processes import program_words
from queuedesk.app.this_pc import config, settings
from queuedesk.core.errors import RuleError
from queuedesk.core.setup.file import read_setup
from queuedesk.core.talk.screen import Monitor, ScreenSpec, size_mm
from queuedesk.stations.display.texts import reach_of
from queuedesk.stations.home.reach import Better, better, is_enough, readable_m

ROOT = Path(__file__).resolve().parents[3]
WALL = Monitor(number=1, name="HDMI-1", width_px=1920, height_px=1080, said_mm=16)
TALL = Monitor(number=2, name="DP-2", width_px=1080, height_px=1920, said_mm=680)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))


def test_a_size_is_the_measured_one_else_what_the_screen_says_if_that_is_likely():
    assert settings.millimetres(ScreenSpec(screen="1", size="1210mm"), WALL) == (1210, 680.625)
    assert settings.millimetres(None, WALL) is None, "16 mm is no screen of a hall"
    assert settings.millimetres(None, TALL) == (680, pytest.approx(1208.9, abs=0.1))


def test_the_only_screen_of_a_pc_is_that_of_a_station_which_names_none(qapp):
    settings.change_screen("1", {"size": "600mm", "distance_m": "4"})
    assert screens.spec_for(config.load(), None) == ScreenSpec(screen="1", size="600mm", distance_m=4.0)
    assert screens.size_of(config.load(), None, guess=True)[0] == 600
    assert screens.spec_for(config.load(), "2") is None


# -- how far --
@pytest.mark.parametrize("layout", ["standard", "zones"])
def test_a_hall_s_windows_take_room_from_its_numbers(qapp, layout):
    """What is promised before a display opens is what the display then shows."""
    document = json.loads((ROOT / "resources" / "presets" / "bank.json").read_text("utf-8"))
    zones = ["left, area A", "left, area A", "right, area B", "right, area B", "right, area B"]
    windows = [{**row, "zone": zone} for row, zone in zip(document["windows"], zones, strict=True)]
    setup = read_setup({**document, "windows": windows})
    spec, size = ScreenSpec(screen="1", size="55", layout=layout), size_mm("55", 1920, 1080)
    found = readable_m(spec, WALL, size, setup)
    assert found == pytest.approx(reach_of(setup, layout, (1920, 1080), size, 10.0).readable_m)
    assert found < readable_m(spec, WALL, size) - 1
    assert not is_enough(spec, found)
    assert better(spec, WALL, size, setup).layout == "calls"


WORDS = ["--db", "/halls/100% east/hall.sqlite", "guide"]


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_stations_are_put_there_and_taken_away(platform):
    settings.add("guide", WORDS, platform)
    settings.add("counter-3", ["counter", "--window", "3"], platform)
    assert settings.names(platform) == ["counter-3", "guide"]
    assert "guide" in settings.entry_file("guide", platform).read_text()
    for _twice in range(2):
        settings.remove("guide", platform)
    assert settings.names(platform) == ["counter-3"]


def entry_lines(words):
    text = settings.content(words, "guide", "linux").decode()
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def test_home_lets_its_stations_open_and_leaves_the_screens(tmp_path):
    """What an earlier version wrote for its one station goes with it."""
    settings.add("", ["guide"])
    settings.open_at_start("screens", ["screens"])
    settings.choose_at_start([[*WORDS[:2], "counter", "--window", "3"], ["counter", "--window", "4"]])
    assert settings.names() == ["counter-3", "counter-4", "screens"]
    settings.choose_at_start([])
    assert settings.names() == ["screens"]


def test_all_screens_and_one_of_them_do_not_open_over_each_other():
    settings.open_at_start("display", ["display", "--kept"])
    settings.open_at_start("guide", ["guide"])
    settings.open_at_start("screens", ["screens"])
    assert settings.names() == ["guide", "screens"]
    settings.open_at_start("plate-3", ["plate", "--window", "3", "--kept"])
    assert settings.names() == ["guide", "plate-3"]
    assert config.load().screens == ()


def test_what_screens_show_is_kept_and_told_from_left_to_right():
    settings.change_screen("2", {"zone": "East", "size": "55"})
    settings.change_screen("2", {"distance_m": "8"})
    settings.change_screen("7", {"station": "plate", "window": "3"})
    east = ScreenSpec(screen="2", zone="East", size="55", distance_m=8.0)
    plate = ScreenSpec(screen="7", station="plate", window="3")
    assert config.load().screens == (east, plate), "what is not named stays"
    shown = [(row.screen, row.spec) for row in settings.shown([WALL, TALL])]
    assert shown == [("1", None), ("2", east), ("7", plate)], "those not connected come last"
    settings.remove_screen("2")
    settings.remove_screen("7")
    assert config.load().screens == ()
    with pytest.raises(RuleError) as refused:
        settings.remove_screen("2")
    assert refused.value.details["field"] == "screen"
    config.config_file().parent.mkdir(parents=True, exist_ok=True)
    spoiled = '{"screens": [{"screen": "1", "layout": "round"}, 7, {"screen": "2"}, {"screen": "2"}]}'
    config.config_file().write_text(spoiled)
    assert config.load().screens == (ScreenSpec(screen="2"),), "a row that a hand spoiled is left out"


def test_a_display_is_painted_for_its_distance_else_another_layout_or_a_larger_screen_is_named(qapp):
    def reach(size: str, **spec) -> tuple[ScreenSpec, float]:
        own = ScreenSpec(screen="1", size=size, **spec)
        return own, readable_m(own, WALL, size_mm(size, 1920, 1080))

    for size, metres in (("65", 10.0), ("43", 6.0)):
        assert is_enough(*reach(size, distance_m=metres))
    small, metres = reach("32")
    assert not is_enough(small, metres)
    assert better(small, WALL, size_mm("32", 1920, 1080)) == Better(layout="calls")
    smallest, _metres = reach("24", layout="calls")
    larger = str(better(smallest, WALL, size_mm("24", 1920, 1080)).inches)
    assert int(larger) > 24
    assert is_enough(smallest, readable_m(smallest, WALL, size_mm(larger, 1920, 1080)))
    setup = read_setup(json.loads((ROOT / "resources" / "presets" / "bank.json").read_text("utf-8")))
    nowhere = ScreenSpec(screen="1", size="55", layout="zones", zone="nowhere")
    assert readable_m(nowhere, WALL, size_mm("55", 1920, 1080), setup) > 0, "a part of the hall without a window"
    kiosk = ScreenSpec(screen="1", station="kiosk")
    assert readable_m(kiosk, WALL, (500, 281)) is None, "what is read from the counter has no distance"
    assert is_enough(kiosk, None)


def test_entry_and_agent_give_the_words_back_and_start_the_program_from_anywhere(tmp_path):
    """As a session does it: in the entry's folder, with nothing of this process's environment but where its home is."""
    line = entry_lines(WORDS)["Exec"]
    assert shlex.split(line.replace("%%", "%").replace("\\\\", "\\")) == WORDS
    agent = plistlib.loads(settings.content([sys.executable, *WORDS], "guide", "darwin"))
    assert (agent["ProgramArguments"], agent["RunAtLoad"]) == ([sys.executable, *WORDS], True)
    lines = entry_lines([*program_words(), "--version"])
    home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    words = shlex.split(lines["Exec"])
    done = subprocess.run(words, cwd=lines["Path"], env=home, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "QueueDesk", "")
