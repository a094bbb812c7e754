"""What is typed wrong for host is said in one sentence, and nothing is begun."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from queuedesk.app.hosting import autostart as host_autostart
from queuedesk.app.hosting.server import HostNote
from queuedesk.app.main import command_services
from queuedesk.app.this_pc import config, settings
from queuedesk.cli.main import run
from tests.bounded import PATIENCE_S
from tests.cli.commands import Console
from tests.hall import hall_of_today


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture
def console(bare: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "own"))
    bare.services = command_services()
    return bare


@pytest.mark.parametrize(
    "words",
    [
        ("--listen", "192.168.1.5:port"),
        ("--listen", "a b"),
        ("--server", "/data/hall.sqlite"),
        ("--server", "postgresql:///hall?host=/run/postgresql"),
        ("code", "--for", "everybody"),
        ("autostart", "perhaps"),
        ("now",),
    ],
)
def test_words_that_make_no_command(console: Console, words: tuple[str, ...]) -> None:
    answer = console.say("host", *words)

    assert answer.status == 2
    assert "usage" in answer.err.lower() and answer.out == ""
    assert not (console.db.parent / "postgres").exists()


def test_a_server_s_address_is_no_hall_to_share(console: Console) -> None:
    console.db = Path("postgresql:/o@db/q")

    assert console.say("host").status == 2


def test_without_a_hall_there_is_nothing_to_share(console: Console) -> None:
    answer = console.say("--json", "host", "--no-autostart")

    assert (answer.status, answer.refusal) == (3, "database_missing")
    assert not (console.db.parent / "postgres").exists()


def test_a_pc_that_shares_nothing_says_so(console: Console) -> None:
    assert console.ask("host", "status")["running"] is False
    assert console.say("host", "status").out == "This PC shares no hall at the moment.\n"
    assert console.refused("host", "stop") == "host_not_running"
    assert console.refused("host", "code") == "host_not_running"


def test_a_hall_is_shared_though_it_cannot_start_with_the_pc(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall_of_today(console.db.parent).desk.db.dispose()
    monkeypatch.setenv("HOME", str(tmp_path / "own"))
    folder = settings.entry_file(settings.HOST).parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    without_services = SimpleNamespace(add=partial(host_autostart.add, systemd=False))
    console.services = replace(console.services, host_autostart=lambda: without_services)

    def stop() -> None:
        until = time.monotonic() + PATIENCE_S
        while HostNote().read() is None and time.monotonic() < until:
            time.sleep(0.05)
        HostNote().stop_it()

    stopping = threading.Thread(target=stop)
    stopping.start()
    answer = console.say("host", "--no-code", "--listen", "127.0.0.1:" + str(free_port()))
    stopping.join()

    assert answer.status == 0
    assert str(folder) in answer.err


def test_a_backup_is_not_put_back_beside_the_hall_that_is_shared(console: Console, tmp_path: Path) -> None:
    hall_of_today(console.db.parent).desk.db.dispose()
    copy = tmp_path / "copy.zip"
    console.ask("backup", copy)
    with closing(sqlite3.connect(console.db)) as file, file:
        file.execute("UPDATE database SET moved_to = 'postgresql://qd_1@127.0.0.1:7432/queuedesk'")
    before = console.db.read_bytes()
    sharing = HostNote()
    sharing.take()
    try:
        assert console.refused("restore", copy, "--yes") == "main_pc"
        assert console.db.read_bytes() == before
    finally:
        sharing.release()

    assert console.ask("restore", copy, "--yes")["halls"][0]["hall"] == "T"


def test_the_main_pc_knows_why_its_server_is_away(console: Console, tmp_path: Path) -> None:
    own = f"postgresql://qd_1@127.0.0.1:{free_port()}/queuedesk"
    config.remember({"db": own, "hall": "T", "shared_file": str(tmp_path / "hall.sqlite")})

    def said() -> str:
        assert run(["--lang", "en", "state"], openers={}, clock=console.clock, services=command_services()) == 3
        return console.read()[1]

    assert "queuedesk host starts it again" in said()
    config.remember({"shared_file": ""})
    assert "does not answer" in said()
