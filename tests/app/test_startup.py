"""What opens with the PC is one file where the system looks for it."""

import plistlib
import shlex
import sys

import pytest

from queuedesk.app.startup import content, open_at_start, startup_file

WORDS = ["--db", "/halls/100% east/hall.sqlite", "guide"]


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_a_station_is_put_there_and_taken_away(tmp_path, monkeypatch, platform):
    for name in ("XDG_CONFIG_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))

    open_at_start(WORDS, platform)
    assert "guide" in startup_file(platform).read_text()

    open_at_start(None, platform)
    open_at_start(None, platform)
    assert not startup_file(platform).exists()


def test_a_desktop_entry_gives_the_words_back():
    line = next(line for line in content(WORDS, "linux").decode().splitlines() if line.startswith("Exec="))

    assert shlex.split(line.removeprefix("Exec=").replace("%%", "%")) == WORDS


def test_a_launch_agent_gives_the_words_back():
    assert plistlib.loads(content([sys.executable, *WORDS], "darwin"))["ProgramArguments"] == [sys.executable, *WORDS]
