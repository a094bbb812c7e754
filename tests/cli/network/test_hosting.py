"""A hall is shared though it can't start with its PC, keeps its place while it is, and says why its server is away."""

import sqlite3
import threading
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from queuedesk.app.hosting import autostart as host_autostart
from queuedesk.app.hosting.server import SharingProcessNote
from queuedesk.app.main import command_services
from queuedesk.app.this_pc import config, settings
from queuedesk.cli.main import run_command_line
from tests.bounded import until
from tests.cli.commands import Console
from tests.hall import hall_of_today
from tests.main_pc import this_process_shares
from tests.networks import free_port


@pytest.fixture
def console(bare: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    for name in ("XDG_CONFIG_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "own"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "own"))
    bare.services = command_services()
    return bare


def test_a_hall_is_shared_though_it_cannot_start_with_the_pc(console, tmp_path, monkeypatch):
    hall_of_today(console.db.parent).desk.db.dispose()
    monkeypatch.setenv("HOME", str(tmp_path / "own"))
    folder = settings.autostart_file(settings.HOST).parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    without_services = SimpleNamespace(add_to_autostart=partial(host_autostart.add_to_autostart, systemd=False))
    console.services = replace(console.services, host_autostart=lambda: without_services)

    def stop() -> None:
        until(lambda: SharingProcessNote().read() is not None)
        SharingProcessNote().stop_sharing_and_wait()

    stopping = threading.Thread(target=stop)
    stopping.start()
    answer = console.say("host", "--no-code", "--listen", "127.0.0.1:" + str(free_port()))
    stopping.join()
    assert (answer.status, str(folder) in answer.err) == (0, True)


def test_a_backup_is_not_put_back_beside_the_hall_that_is_shared(console, tmp_path):
    hall_of_today(console.db.parent).desk.db.dispose()
    copy = tmp_path / "copy.zip"
    console.ask("backup", copy)
    with closing(sqlite3.connect(console.db)) as file, file:
        file.execute("UPDATE database SET moved_to = 'postgresql://qd_1@127.0.0.1:7432/queuedesk'")
    before = console.db.read_bytes()
    with this_process_shares():
        assert console.refused("restore", copy, "--yes") == "main_pc"
        assert console.db.read_bytes() == before
    assert console.ask("restore", copy, "--yes")["halls"][0]["hall"] == "T"


def test_the_main_pc_knows_why_its_server_is_away(console, tmp_path):
    own = f"postgresql://qd_1@127.0.0.1:{free_port()}/queuedesk"
    config.update_config({"db": own, "hall": "T", "shared_file": str(tmp_path / "hall.sqlite")})

    def said() -> str:
        line = ["--lang", "en", "state"]
        assert run_command_line(line, openers={}, clock=console.clock, services=console.services) == 3
        return console.read()[1]

    assert "queuedesk host starts it again" in said()
    config.update_config({"shared_file": ""})
    assert "does not answer" in said()
