"""What the system is told so that a shared hall opens with its PC."""

import os
import plistlib
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from queuedesk.app.hosting import autostart as host_autostart
from queuedesk.app.this_pc import settings

WORDS = ["/opt/my programs/python", "-m", "queuedesk", "--db", '/srv/50% "hall" $1/h\\all.sqlite', "host"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


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
    unit = host_autostart.systemd_unit_text(WORDS, is_system=is_system)
    assert shlex.split(exec_start(unit).replace("%%", "%").replace("$$", "$")) == WORDS
    assert f"WantedBy={target}\n" in unit
    assert ("network-online.target" in unit) is is_system
    assert "KillMode=mixed\n" in unit and "Restart=on-failure\n" in unit
    agent = plistlib.loads(host_autostart.launch_agent_plist_bytes(WORDS))
    assert agent["ProgramArguments"] == WORDS
    assert agent["RunAtLoad"]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}, "macOS starts it again unless it ended well"
