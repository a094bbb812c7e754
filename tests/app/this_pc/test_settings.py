"""What a PC's screens show and what it remembers: chosen, changed, kept through damage, opened with the PC."""

import json
import os
import plistlib
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.app.hosting import autostart as host_autostart
from queuedesk.app.station import screens
from queuedesk.app.station.processes import program_command
from queuedesk.app.this_pc import config, screenshots, settings
from queuedesk.app.this_pc.config import Config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.setup.file import setup_from_document
from queuedesk.core.talk.screen import Monitor, ScreenSpec, screen_size_mm
from queuedesk.stations.display.view import display_readability
from queuedesk.stations.home.this_pc_page import (
    ReadabilityRemedy,
    is_readable_enough,
    readability_remedy,
    reading_distance_m,
)

ROOT = Path(__file__).resolve().parents[3]
WALL = Monitor(number=1, name="HDMI-1", width_px=1920, height_px=1080, said_mm=16)
TALL = Monitor(number=2, name="DP-2", width_px=1080, height_px=1920, said_mm=680)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))


def test_a_size_is_the_measured_one_else_what_the_screen_says_if_that_is_likely(qapp):
    """The only screen of a PC is that of a station which names none."""
    assert settings.screen_size_in_mm(ScreenSpec(screen="1", size="1210mm"), WALL) == (1210, 680.625)
    assert settings.screen_size_in_mm(None, WALL) is None, "16 mm is no screen of a hall"
    assert settings.screen_size_in_mm(None, TALL) == (680, pytest.approx(1208.9, abs=0.1))
    settings.change_screen_choices("1", {"size": "600mm", "distance_m": "4"})
    chosen = ScreenSpec(screen="1", size="600mm", distance_m=4.0)
    assert screens.configured_screen_spec(config.load_config(), None) == chosen
    assert screens.screen_size_pair_or_width_mm(config.load_config(), None, guess=True)[0] == 600
    assert screens.configured_screen_spec(config.load_config(), "2") is None


@pytest.mark.parametrize("layout", ["standard", "zones"])
def test_a_hall_s_windows_take_room_from_its_numbers(qapp, layout):
    """What is promised before a display opens is what the display then shows."""
    document = json.loads((ROOT / "resources" / "presets" / "bank.json").read_text("utf-8"))
    zones = ["left, area A", "left, area A", "right, area B", "right, area B", "right, area B"]
    windows = [{**row, "zone": zone} for row, zone in zip(document["windows"], zones, strict=True)]
    setup = setup_from_document({**document, "windows": windows})
    spec, size = ScreenSpec(screen="1", size="55", layout=layout), screen_size_mm("55", 1920, 1080)
    found = reading_distance_m(spec, WALL, size, setup)
    assert found == pytest.approx(display_readability(setup, layout, (1920, 1080), size, 10.0).readable_m)
    assert found < reading_distance_m(spec, WALL, size) - 1
    assert not is_readable_enough(spec, found)
    assert readability_remedy(spec, WALL, size, setup).layout == "calls"


GUIDE_WORDS = ["--db", "/halls/100% east/hall.sqlite", "guide"]


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_stations_are_put_there_and_taken_away(platform):
    settings.add_start_entry("guide", GUIDE_WORDS, platform)
    settings.add_start_entry("counter-3", ["counter", "--window", "3"], platform)
    assert settings.names_opened_at_start(platform) == ["counter-3", "guide"]
    assert "guide" in settings.autostart_file("guide", platform).read_text()
    for _totals_counted_twice in range(2):
        settings.remove_start_entry("guide", platform)
    assert settings.names_opened_at_start(platform) == ["counter-3"]


def entry_lines(words):
    text = settings.start_entry_content(words, "guide", "linux").decode()
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def test_a_file_of_commands_says_in_what_letters_it_is_written_and_no_word_of_it_is_read_as_a_command(monkeypatch):
    """Percent signs are doubled."""
    monkeypatch.setattr(settings, "_ROOT", Path("C:/新厅 100%"))

    def written(*words: str) -> list[str]:
        return (
            settings.start_entry_content(["C:/新厅 100%/queuedesk.exe", *words], "guide", "win32")
            .decode()
            .split("\r\n")
        )

    begin = ["@chcp 65001 >nul", f'@cd /d "{Path("C:/新厅 100%%")}"']
    assert written("guide") == [*begin, '@start "" "C:/新厅 100%%/queuedesk.exe" guide', ""]
    db = "postgresql://o@a,b/q?sslmode=require&x=1"
    line = f'@start "" "C:/新厅 100%%/queuedesk.exe" --db "{db}" counter --window "1&calc"'
    assert written("--db", db, "counter", "--window", "1&calc") == [*begin, line, ""]


def test_home_lets_its_stations_open_and_leaves_the_screens_of_which_all_and_one_do_not_open_over_each_other():
    """What an earlier version wrote for its one station goes with it."""
    settings.add_start_entry("", ["guide"])
    settings.set_open_at_start("display", ["display", "--kept"])
    settings.set_open_at_start("screens", ["screens"])
    settings.replace_autostart_stations([[*GUIDE_WORDS[:2], "counter", "--window", "3"], ["counter", "--window", "4"]])
    assert settings.names_opened_at_start() == ["counter-3", "counter-4", "screens"]
    settings.replace_autostart_stations([])
    assert settings.names_opened_at_start() == ["screens"]
    settings.set_open_at_start("guide", ["guide"])
    settings.set_open_at_start("plate-3", ["plate", "--window", "3", "--kept"])
    assert settings.names_opened_at_start() == ["guide", "plate-3"]
    assert config.load_config().screens == ()


def test_what_screens_show_is_kept_and_told_from_left_to_right():
    settings.change_screen_choices("2", {"zone": "East", "size": "55"})
    settings.change_screen_choices("2", {"distance_m": "8"})
    settings.change_screen_choices("7", {"station": "plate", "window": "3"})
    east = ScreenSpec(screen="2", zone="East", size="55", distance_m=8.0)
    plate = ScreenSpec(screen="7", station="plate", window="3")
    assert config.load_config().screens == (east, plate), "what is not named stays"
    shown = [(row.screen_number_or_name, row.spec) for row in settings.screen_states([WALL, TALL])]
    assert shown == [("1", None), ("2", east), ("7", plate)], "those not connected come last"
    settings.stop_using_screen("2")
    settings.stop_using_screen("7")
    assert config.load_config().screens == ()
    with pytest.raises(RuleError) as refused:
        settings.stop_using_screen("2")
    assert refused.value.details["field"] == "screen"
    config.config_file().parent.mkdir(parents=True, exist_ok=True)
    spoiled = '{"screens": [{"screen": "1", "layout": "round"}, 7, {"screen": "2"}, {"screen": "2"}]}'
    config.config_file().write_text(spoiled)
    assert config.load_config().screens == (ScreenSpec(screen="2"),), "a row that a hand spoiled is left out"


def test_a_display_is_painted_for_its_distance_else_another_layout_or_a_larger_screen_is_named(qapp):
    def reach(size: str, **spec) -> tuple[ScreenSpec, float]:
        own = ScreenSpec(screen="1", size=size, **spec)
        return own, reading_distance_m(own, WALL, screen_size_mm(size, 1920, 1080))

    for size, metres in (("65", 10.0), ("43", 6.0)):
        assert is_readable_enough(*reach(size, distance_m=metres))
    small, metres = reach("32")
    assert not is_readable_enough(small, metres)
    assert readability_remedy(small, WALL, screen_size_mm("32", 1920, 1080)) == ReadabilityRemedy(layout="calls")
    smallest, _metres = reach("24", layout="calls")
    larger = str(readability_remedy(smallest, WALL, screen_size_mm("24", 1920, 1080)).inches)
    assert int(larger) > 24
    assert is_readable_enough(smallest, reading_distance_m(smallest, WALL, screen_size_mm(larger, 1920, 1080)))
    setup = setup_from_document(json.loads((ROOT / "resources" / "presets" / "bank.json").read_text("utf-8")))
    nowhere = ScreenSpec(screen="1", size="55", layout="zones", zone="nowhere")
    assert reading_distance_m(nowhere, WALL, screen_size_mm("55", 1920, 1080), setup) > 0, "a part without a window"
    kiosk = ScreenSpec(screen="1", station="kiosk")
    assert reading_distance_m(kiosk, WALL, (500, 281)) is None, "what is read from the counter has no distance"
    assert is_readable_enough(kiosk, None)


def test_entry_and_agent_give_the_words_back_and_start_the_program_from_anywhere(tmp_path):
    """As a session does it: in the entry's folder, with nothing of this process's environment but where its home is."""
    line = entry_lines(GUIDE_WORDS)["Exec"]
    assert shlex.split(line.replace("%%", "%").replace("\\\\", "\\")) == GUIDE_WORDS
    agent = plistlib.loads(settings.start_entry_content([sys.executable, *GUIDE_WORDS], "guide", "darwin"))
    assert (agent["ProgramArguments"], agent["RunAtLoad"]) == ([sys.executable, *GUIDE_WORDS], True)
    lines = entry_lines([*program_command(), "--version"])
    home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    words = shlex.split(lines["Exec"])
    done = subprocess.run(words, cwd=lines["Path"], env=home, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "QueueDesk", "")


@pytest.mark.parametrize("damage", ["{", "[]", "7", "\udcff", ""])
def test_a_damaged_file_gives_defaults_and_is_kept(tmp_path, damage):
    file = tmp_path / "config.json"
    file.write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert config.load_config(file) == Config()
    assert (tmp_path / "config.json.damaged").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("content", "language"),
    [('{"language": "en"}', "en"), ('{"language": "fr"}', ""), ('{"language": ["en"]}', ""), ("{}", ""), ("{", "")],
)
def test_the_language_is_read_alone_and_nothing_is_written(tmp_path, content, language):
    file = tmp_path / "config.json"
    file.write_text(content)
    assert config.language_in_config_file(file) == language
    assert [one.name for one in tmp_path.iterdir()] == ["config.json"]
    assert config.language_in_config_file(tmp_path / "none.json") == ""


def test_what_one_window_saves_another_loads_and_keeps(tmp_path):
    file = tmp_path / "new" / "config.json"
    assert config.load_config(file) == Config()
    chosen = Config(station="counter", window="3", language="en", theme="contrast", text_pct=125, voice=False)
    config.write_whole_config(chosen, file)
    assert config.load_config(file) == chosen
    after = config.update_config({"language": "zh_CN"}, file)
    assert (after.station, after.language, after) == ("counter", "zh_CN", config.load_config(file))
    damaged = {"text_pct": 137, "theme": "pink", "voice": 1, "screen_mm": True, "later": 1, "printer": "TP-80"}
    file.write_text(json.dumps(damaged))
    assert config.load_config(file) == Config(printer="TP-80"), "only the damaged choices fall back"
    with pytest.raises(OutsideError, match="cannot_write"):
        config.write_whole_config(Config(), file / "config.json")
    assert config.ensure_data_folder("reports") == tmp_path / "queuedesk" / "reports"
    assert (tmp_path / "queuedesk" / "reports").is_dir()


def test_a_window_that_was_drawn_is_not_there_for_the_next(qapp: QApplication) -> None:
    for _picture in range(2):
        window = QWidget()
        window.itself = window  # type: ignore[attr-defined]  # in a circle, as stations' windows are
        QWidget(window)
    del window
    screenshots.delete_all_windows()
    assert QApplication.allWidgets() == []


HOST_WORDS = ["/opt/my programs/python", "-m", "queuedesk", "--db", '/srv/50% "hall" $1/h\\all.sqlite', "host"]


def exec_start(unit: str) -> str:
    return next(line.partition("=")[2] for line in unit.splitlines() if line.startswith("ExecStart="))


def test_systemd_itself_understands_it(tmp_path: Path):
    if which("systemd-analyze") is None:  # where it is not, nothing of this is used
        assert not host_autostart.has_systemd()
        return
    file = tmp_path / host_autostart.systemd_service_name("host")
    file.write_text(host_autostart.systemd_unit_text([sys.executable, "-m", "queuedesk", "host"], is_system=True))
    said = subprocess.run(["systemd-analyze", "verify", str(file)], check=False, capture_output=True, text=True)
    assert file.name not in said.stderr, said.stderr


def test_a_user_s_services_are_wanted_at_the_start_and_web_pages_have_room_for_ten_thousand_phones(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    sharing = host_autostart.add_to_autostart(["host", "--no-code"], systemd=True)
    wanted = sharing.parent / "default.target.wants" / sharing.name
    assert wanted.resolve() == sharing.resolve()
    assert shlex.split(exec_start(sharing.read_text()))[-2:] == ["host", "--no-code"]
    file = host_autostart.add_to_autostart(["web", "--listen", "192.168.1.20:8080"], "web-1", systemd=True)
    other = host_autostart.add_to_autostart(["web", "--listen", "192.168.1.20:8081"], "web-2", systemd=True)
    names = ["host", "web-1", "web-2"]
    assert [one.name for one in (sharing, file, other)] == [host_autostart.systemd_service_name(name) for name in names]
    unit = file.read_text()
    assert shlex.split(exec_start(unit))[-3:] == ["web", "--listen", "192.168.1.20:8080"]
    assert {"LimitNOFILE=65536", "Restart=on-failure"} <= set(unit.splitlines())
    host_autostart.remove_from_autostart("web-1", systemd=True)
    assert [host_autostart.entry(name) for name in names] == [sharing, None, other]
    assert host_autostart.add_to_autostart(["web"], "web-1", systemd=False) == settings.autostart_file("web-1")
    assert settings.names_opened_at_start() == []
    host_autostart.add_to_autostart(["host"], systemd=True)
    host_autostart.remove_from_autostart(systemd=True)
    assert not sharing.exists() and not wanted.is_symlink() and host_autostart.entry() is None


def test_without_services_it_opens_at_log_in_and_is_no_station():
    assert host_autostart.entry() is None
    file = host_autostart.add_to_autostart(["host", "--no-code"], systemd=False)
    assert host_autostart.entry() == file == settings.autostart_file("host")
    assert settings.names_opened_at_start() == []
    host_autostart.remove_from_autostart(systemd=False)
    assert host_autostart.entry() is None


@pytest.mark.parametrize(("is_system", "target"), [(True, "multi-user.target"), (False, "default.target")])
def test_a_service_of_the_pc_or_of_the_user_gets_every_word_of_the_command(is_system: bool, target: str):
    unit = host_autostart.systemd_unit_text(HOST_WORDS, is_system=is_system)
    assert shlex.split(exec_start(unit).replace("%%", "%").replace("$$", "$")) == HOST_WORDS
    assert f"WantedBy={target}\n" in unit
    assert ("network-online.target" in unit) is is_system
    assert "KillMode=mixed\n" in unit and "Restart=on-failure\n" in unit
    agent = plistlib.loads(host_autostart.launch_agent_plist_bytes(HOST_WORDS))
    assert agent["ProgramArguments"] == HOST_WORDS
    assert agent["RunAtLoad"]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}, "macOS starts it again unless it ended well"
