"""What a PC's screens show: chosen, changed, taken away, and how far it can be read."""

import json
from pathlib import Path

import pytest

from queuedesk.app.station import screens
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
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path))


def rows():
    return [(row.screen, row.spec) for row in settings.shown([WALL, TALL])]


def test_what_is_not_named_stays():
    settings.change_screen("2", {"zone": "East", "size": "55"})
    settings.change_screen("2", {"distance_m": "8"})
    settings.change_screen("7", {"station": "plate", "window": "3"})

    assert config.load().screens == (
        ScreenSpec(screen="2", zone="East", size="55", distance_m=8.0),
        ScreenSpec(screen="7", station="plate", window="3"),
    )


def test_screens_stand_from_left_to_right_and_those_not_connected_last():
    settings.change_screen("9", {})
    settings.change_screen("DP-2", {"layout": "portrait"})

    assert rows() == [
        ("1", None),
        ("DP-2", ScreenSpec(screen="DP-2", layout="portrait")),
        ("9", ScreenSpec(screen="9")),
    ]


def test_a_screen_taken_away_shows_nothing(tmp_path):
    settings.change_screen("1", {})
    settings.remove_screen("1")
    assert config.load().screens == ()

    with pytest.raises(RuleError) as refused:
        settings.remove_screen("1")

    assert refused.value.details["field"] == "screen"


def test_a_row_that_a_hand_spoiled_is_left_out():
    config.config_file().parent.mkdir(parents=True, exist_ok=True)
    config.config_file().write_text(
        '{"screens": [{"screen": "1", "layout": "round"}, 7, {"screen": "2"}, {"screen": "2"}]}'
    )

    assert config.load().screens == (ScreenSpec(screen="2"),)


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
@pytest.mark.parametrize(("size", "metres"), [("65", 10), ("43", 6)])
def test_a_display_is_painted_for_its_distance(qapp, size, metres):
    spec = ScreenSpec(screen="1", size=size, distance_m=float(metres))

    assert is_enough(spec, readable_m(spec, WALL, size_mm(size, 1920, 1080)))


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


def test_a_part_of_the_hall_without_a_window_can_be_reckoned(qapp):
    setup = read_setup(json.loads((ROOT / "resources" / "presets" / "bank.json").read_text("utf-8")))
    spec = ScreenSpec(screen="1", size="55", layout="zones", zone="nowhere")

    assert readable_m(spec, WALL, size_mm("55", 1920, 1080), setup) > 0


def test_calls_only_helps_where_the_usual_layout_is_too_small(qapp):
    spec = ScreenSpec(screen="1", size="32")
    size = size_mm("32", 1920, 1080)

    assert not is_enough(spec, readable_m(spec, WALL, size))
    assert better(spec, WALL, size) == Better(layout="calls")


def test_a_larger_screen_is_named_where_no_layout_helps(qapp):
    spec = ScreenSpec(screen="1", size="24", layout="calls")
    size = size_mm("24", 1920, 1080)
    found = better(spec, WALL, size)

    assert found.inches > 24
    larger = size_mm(str(found.inches), 1920, 1080)
    assert is_enough(spec, readable_m(spec, WALL, larger))


def test_what_is_read_from_the_counter_has_no_distance(qapp):
    kiosk = ScreenSpec(screen="1", station="kiosk")

    assert readable_m(kiosk, WALL, (500, 281)) is None
    assert is_enough(kiosk, None)
