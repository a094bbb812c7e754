"""What opens with the PC is a file for each station where the system looks for it, and it starts this program."""

import plistlib
import shlex
import subprocess
import sys

import pytest

from queuedesk.app.station.processes import program_words
from queuedesk.app.this_pc import config, settings

WORDS = ["--db", "/halls/100% east/hall.sqlite", "guide"]


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_stations_are_put_there_and_taken_away(platform):
    settings.add("guide", WORDS, platform)
    settings.add("counter-3", ["counter", "--window", "3"], platform)
    assert settings.names(platform) == ["counter-3", "guide"]
    assert "guide" in settings.entry_file("guide", platform).read_text()

    for _twice in range(2):
        settings.remove("guide", platform)

    assert settings.names(platform) == ["counter-3"]


def test_a_desktop_entry_gives_the_words_back():
    line = entry_lines(WORDS)["Exec"]

    assert shlex.split(line.replace("%%", "%").replace("\\\\", "\\")) == WORDS


def test_a_desktop_entry_starts_the_program_from_anywhere(tmp_path):
    """As a session does it: in the entry's folder, with nothing of this process's environment but where its home is."""
    lines = entry_lines([*program_words(), "--version"])

    done = subprocess.run(
        shlex.split(lines["Exec"]),
        cwd=lines["Path"],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        encoding="utf-8",
    )

    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "QueueDesk", "")


def entry_lines(words):
    text = settings.content(words, "guide", "linux").decode()
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def test_a_launch_agent_gives_the_words_back():
    agent = plistlib.loads(settings.content([sys.executable, *WORDS], "guide", "darwin"))

    assert (agent["ProgramArguments"], agent["RunAtLoad"]) == ([sys.executable, *WORDS], True)


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
