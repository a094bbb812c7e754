"""One PC shares its hall, in real processes: moved once, mended when its server dies, started again with the PC."""

import io
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from queuedesk.app.clock import real_clock
from queuedesk.app.hosting import autostart
from queuedesk.app.hosting.server import FOLDER, ExternalHallServer, PostgresServer
from queuedesk.app.main import command_services
from queuedesk.app.this_pc import config
from queuedesk.cli.main import run_command_line
from queuedesk.store.engine.address import url_without_password
from tests.bounded import PATIENCE_S, until
from tests.hall import hall_of_today
from tests.networks import FarPc, free_port
from tests.processes import Loaded, at_home, started

pytestmark = [pytest.mark.journey, pytest.mark.shares]
DISPLAY = "station:display"
# What the system gives a service.
BARE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG")}


@dataclass
class Pc:
    """A PC with a folder of its own for everything; `hall` is its hall's file."""

    home: Path
    processes: list[subprocess.Popen[str] | Loaded] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)

    @property
    def hall(self) -> Path:
        return self.home / "hall.sqlite"

    @property
    def environment(self) -> dict[str, str]:
        return at_home(self.home, **self.more)

    def start(
        self,
        *words: str,
        line: list[str] | None = None,
        environment: dict[str, str] | None = None,
        first: Callable[[], None] | None = None,
    ) -> subprocess.Popen[str] | Loaded:
        """Start the program with these words, or this whole line; `first` is what it does before it begins."""
        env = environment or self.environment
        process = started(line, env) if line else Loaded(["-m", "queuedesk", "--lang", "en", *words], env, first=first)
        self.processes.append(process)
        return process

    def host(self, *more: str, at: str | None = None) -> dict[str, Any]:
        """Share the hall, on this PC's loopback unless said otherwise, and return what is said when it is ready."""
        at = at or f"127.0.0.1:{free_port()}"
        process = self.start("--db", str(self.hall), "--json", "host", "--no-autostart", "--listen", at, *more)
        told = process.stdout.readline()
        assert told, process.communicate()
        return json.loads(told)

    def ask(self, *words: str) -> dict[str, Any]:
        return json.loads(self.say(*words))

    def say(self, *words: str) -> str:
        """Run a command where this PC works, and return what it printed as JSON."""
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as here, redirect_stdout(out):
            here.setattr(sys, "excepthook", sys.excepthook)
            for name, value in self.environment.items():
                here.setenv(name, value)
            line = ["--lang", "en", "--json", *words]
            run_command_line(line, openers={}, clock=real_clock, services=command_services())
        return out.getvalue()

    def log(self, *where: str, since: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.say(*where, "events", "--since", str(since)).splitlines()]

    @property
    def postmaster(self) -> int:
        """The server's process; while one starts, the file that says so is gone or empty for a moment."""

        def noted() -> list[str]:
            with suppress(FileNotFoundError):
                return (self.home / "postgres" / "data" / "postmaster.pid").read_text().split()
            return []

        return int(until(noted)[0])

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
            with suppress(ValueError):
                process.communicate(timeout=PATIENCE_S)
        if (self.home / "postgres" / "data").exists():
            PostgresServer(self.home / "postgres").stop("immediate")


def new_pc(home: Path, *, pin: bool = False) -> Pc:
    hall = hall_of_today(home, settings={"reports": "off"})  # no station writes them beside
    hall.open("1", "C1")
    hall.queue("A", "A")
    if pin:
        hall.do("set-pin", "M1", "2468")
    hall.desk.db.dispose()
    return Pc(home)


Shared = tuple[Pc, dict[str, Any]]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """A PC whose display was open when its hall was shared."""
    pc = new_pc(tmp_path_factory.mktemp("pc"))
    pc.start("--db", str(pc.hall), "display")
    try:
        until(lambda: any(event["actor"] == DISPLAY for event in pc.log("--db", str(pc.hall))))
        yield pc, pc.host()
    finally:
        pc.end()


def test_a_hall_that_was_moved_is_shared_by_one_process_and_open_stations_go_there(shared):
    """It says what moved and how others join; whose file it was is kept for who shares it again."""
    pc, told = shared
    assert told["moved"]["tables"]["tickets"] == 2
    assert told["moved"]["events"] == told["moved"]["tables"]["events"]
    assert len(told["code"]) == 9 and len(told["fingerprint"]) == 64
    assert told["addresses"][0].startswith("127.0.0.1:")
    assert "@127.0.0.1:" in told["database"] and ":" not in told["database"].partition("//")[2].partition("@")[0]
    assert config.load_config(pc.home / "queuedesk" / config.FILE).shared_file == str(pc.hall)
    ticket = pc.ask("issue", "A")["ticket"]
    assert ticket in [row["ticket"] for row in pc.ask("state")["waiting"]]
    for words, code in ((("issue", "A"), "hall_moved"), (("host",), "host_running")):
        assert pc.ask("--db", str(pc.hall), *words)["error"]["code"] == code
    assert pc.ask("--db", str(pc.hall), "doctor")["ok"]
    found = pc.ask("host", "status")
    assert (found["running"], found["addresses"], found["pid"]) == (True, told["addresses"], pc.processes[1].pid)
    made = pc.ask("host", "code", "--for", "public")
    assert (made["for"], made["addresses"]) == ("public", told["addresses"])
    assert made["code"] != told["code"]
    # Its sign of life; whether it writes an event too depends on who is first, it or who looks for lost ones.
    with psycopg.connect(PostgresServer(pc.home / "postgres").owner_url(), autocommit=True) as there:
        until(lambda: there.execute("SELECT FROM beats WHERE station LIKE 'display@%'").fetchone() is not None)
    assert pc.processes[0].poll() is None


def test_a_further_hall_is_made_and_a_backup_of_both_put_back_on_the_pc_that_shares(shared):
    pc, told = shared
    made = pc.ask("init", "--preset", "bank", "--hall", "B2")
    assert (made["hall"], made["database"]) == ("B2", told["database"])
    assert len(pc.ask("--hall", "B2", "host", "code", "--for", "manager")["code"]) == 9
    assert pc.ask("--hall", "B2", "state")["error"]["code"] == "unknown_hall"  # this PC is one of the other hall
    assert pc.ask("init", "--preset", "bank", "--hall", "B2")["error"]["code"] == "exists"
    file, kept = str(pc.home / "all"), pc.ask("issue", "A")["ticket"]
    with zipfile.ZipFile(pc.ask("backup", file)["file"]) as backup:
        halls = json.loads(backup.read("manifest.json"))["halls"]
    assert {hall["code"] for hall in halls} == {told["hall"], "B2"}
    lost = pc.ask("issue", "A")["ticket"]
    put_back = pc.ask("restore", file, "--yes")
    assert urlsplit(put_back["database"]).port == urlsplit(told["database"]).port
    waiting = [row["ticket"] for row in pc.ask("state")["waiting"]]
    assert kept in waiting and lost not in waiting
    assert pc.ask("doctor")["ok"]


def test_a_server_whose_port_was_taken_meanwhile_is_found_at_its_new_one_and_by_the_service_after_a_reboot(tmp_path):
    """It shares the same hall again though its old file is gone."""
    (tmp_path / "main").mkdir()
    pc, guest = new_pc(tmp_path / "main"), Pc(tmp_path / "guest")
    try:
        told = pc.host()
        assert guest.ask("join", told["addresses"][0], told["code"])["hall"] == told["hall"]
        before, own = roles(pc), told["database"]
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            os.kill(pc.processes[0].pid, signal.SIGSTOP)  # else it would be quicker
            os.kill(pc.postmaster, signal.SIGKILL)
            until(lambda: taken(other, urlsplit(own).port))
            os.kill(pc.processes[0].pid, signal.SIGCONT)
            until(lambda: pc.ask("host", "status")["database"] != own)
            assert "error" not in guest.ask("issue", "A")
            assert roles(pc) == before
            assert len(pc.ask("host", "code")["code"]) == 9

        told |= {"database": pc.ask("host", "status")["database"]}
        ticket = pc.ask("issue", "A")["ticket"]
        for number in (pc.processes[0].pid, pc.postmaster):
            os.kill(number, signal.SIGKILL)
        pc.processes[0].communicate()
        assert not pc.ask("host", "status")["running"]
        pc.hall.unlink()

        again = started_by_service(pc, told)
        # Not until it is said to run: for an instant the note of the one that was killed is taken for its own.
        assert again.stdout is not None and again.stdout.readline(), again.communicate()
        found = pc.ask("host", "status")
        assert (found["addresses"], found["fingerprint"]) == (told["addresses"], told["fingerprint"])
        assert found["database"] == told["database"]
        assert ticket in [row["ticket"] for row in pc.ask("state")["waiting"]]

        assert pc.ask("host", "stop") == {"running": False}
        assert again.wait(PATIENCE_S) == 0
        assert pc.ask("state")["error"]["code"] == "database_away"
        assert pc.ask("host", "stop")["error"]["code"] == "host_not_running"
    finally:
        pc.end()


def started_by_service(pc: Pc, told: dict[str, Any]) -> subprocess.Popen[str] | Loaded:
    """Start what the PC's service for sharing this hall starts, with nothing but what the system gives a service."""
    words = ["--db", str(pc.hall), "host", "--no-code", "--no-autostart", "--listen", told["addresses"][0]]
    with pytest.MonkeyPatch.context() as here:
        for name, value in pc.environment.items():
            here.setenv(name, value)
        unit = autostart.systemd_unit_text([sys.executable, "-m", "queuedesk", *words], is_system=False)
    line = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    told_env = [line.partition("=")[2] for line in unit.splitlines() if line.startswith("Environment=")]
    own_env = dict(shlex.split(each)[0].split("=", 1) for each in told_env)
    return pc.start(line=shlex.split(line.partition("=")[2]), environment={**BARE, **own_env})


def roles(pc: Pc) -> list[str]:
    return [row["role"] for row in pc.ask("pcs", "list")["pcs"]]


def taken(other: socket.socket, port: int | None) -> bool:
    with suppress(OSError):
        other.bind(("127.0.0.1", port))
        other.listen()
        return True
    return False


def test_where_the_usual_port_is_taken_two_halls_shared_in_one_moment_get_the_next_each_and_stay_there(tmp_path):
    """Both find the same port free, and take it only once their hall has moved. An address that the PC gets later is
    told too. A server of somebody else's, to which the hall never went or from which a backup brought it back into its
    file, is not asked any more."""
    pcs = []
    for home in (tmp_path / "one", tmp_path / "two"):
        home.mkdir()
        pcs.append(new_pc(home))
        ExternalHallServer(home / FOLDER, "postgresql://owner@127.0.0.1:1/gone").start()
    with FarPc() as apart:

        def shared(*sharing: Pc) -> list[list[str]]:
            started = [
                pc.start("--db", str(pc.hall), "--json", "host", "--no-autostart", first=apart.enter) for pc in sharing
            ]
            return [json.loads(process.stdout.readline())["addresses"] for process in started]

        def stop(pc: Pc) -> None:
            pc.ask("host", "stop")
            assert pc.processes[-1].wait(PATIENCE_S) == 0

        other = apart.call(lambda: socket.create_server(("0.0.0.0", 7432)))
        try:
            told = shared(*pcs)
            assert sorted(told) == [[f"{apart.far}:7433"], [f"{apart.far}:7434"]]
            kept = [(pc.hall.parent / FOLDER / "port").read_text() for pc in pcs]
            assert [[f"{apart.far}:{port}"] for port in kept] == told
            apart.add("10.127.0.7/24")
            later = pcs[kept.index("7434")]
            both = {f"{apart.far}:7434", "10.127.0.7:7434"}
            until(lambda: set(later.ask("host", "status")["addresses"]) == both)
            for pc in pcs:
                stop(pc)
            other.close()
            assert set(shared(later)[0]) == both
            stop(later)
        finally:
            other.close()
            for pc in pcs:
                pc.end()


def test_a_server_that_the_hall_already_has_takes_the_place_of_an_own_one(tmp_path, empty_pg_url):
    pc = new_pc(tmp_path)
    pc.more = {"PGPASSWORD": unquote(urlsplit(empty_pg_url).password or "")}
    try:
        told = pc.host("--server", url_without_password(empty_pg_url))
        pc.more = {}
        assert told["moved"]["tables"]["tickets"] == 2
        assert len(told["code"]) == 9
        assert urlsplit(told["database"]).port == urlsplit(empty_pg_url).port
        assert (tmp_path / "postgres" / "server.json").stat().st_mode & 0o77 == 0
        assert not (tmp_path / "postgres" / "data").exists()
        assert pc.ask("issue", "A")["ticket"] == "A003"
        assert pc.ask("--db", str(pc.hall), "doctor")["ok"]
        assert pc.ask("host", "stop") == {"running": False}
        assert pc.ask("unjoin")["database"] == told["database"]
        pc.host("--no-code")
        states = [row["state"] for row in pc.ask("pcs", "list")["pcs"]]
        assert (states[0], len(states)) == ("withdrawn", 2), "this PC stands in the list once"
    finally:
        pc.end()


@pytest.mark.parametrize("code", ["address_taken", "database_damaged", "who_are_you"])
def test_what_keeps_a_hall_from_being_shared_is_named_and_leaves_it_in_its_file(tmp_path, code):
    """An address that is taken; a damaged file, though its server was made; and somebody who may not share."""
    pc = new_pc(tmp_path, pin=code == "who_are_you")
    if code == "database_damaged":
        (tmp_path / "postgres").mkdir()
        PostgresServer(tmp_path / "postgres").create_server_folder()
        pc.hall.write_bytes(b"no hall")
    file = ("--db", str(pc.hall))
    try:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1] if code == "address_taken" else free_port()
            refused = pc.ask(*file, "host", "--no-autostart", "--listen", f"127.0.0.1:{port}")
        assert refused["error"]["code"] == code
        if code == "address_taken":
            assert pc.ask(*file, "issue", "A")["ticket"] == "A003"
        if code != "database_damaged":
            assert pc.ask(*file, "host", "status")["running"] is False
        if code == "who_are_you":
            assert not (tmp_path / "postgres").exists()
    finally:
        pc.end()
