"""The main PC of a shared hall, for measuring: a server of its own behind its gate with TLS, in a process of its
own."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
from city_day import ANY_TIME

from queuedesk.app.hosting.gate import GuestGate, load_or_make_certificate
from queuedesk.app.hosting.server import LOOPBACK, PostgresServer
from queuedesk.core.network.sharing import PcKind
from queuedesk.store.engine.database import Database
from queuedesk.store.rights import grants

NAME = "hall"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Host:
    """`owner` is the owner's address on the server itself; others go through the gate."""

    owner: str
    gate: int
    root: str
    pid: int
    server_pid: int

    def joined(self, name: str, kind: PcKind) -> str:
        """Make a credential for a PC and return its address, password included, through the gate."""
        db = Database.open(self.owner)
        with db.write() as tx:
            role, password = grants.add_pc(tx, 1, name, kind, made_by="console", now=datetime.now(UTC))
        db.dispose()
        return (
            f"postgresql://{role}:{quote(password)}@{LOOPBACK}:{self.gate}/{NAME}"
            f"?sslmode=verify-ca&sslrootcert={quote(self.root)}"
        )

    def install_rights(self) -> None:
        """Let the database keep its rules; once there is a hall."""
        db = Database.open(self.owner)
        with db.write() as tx:
            grants.install_rights(tx)
            tx.exec_driver_sql(ANY_TIME)
        db.dispose()

    def cpu_s(self) -> tuple[float, float]:
        """Return the seconds of a processor that the gate and that the server have used."""
        return _used_s(self.pid), sum(_used_s(pid, dead=pid == self.server_pid) for pid in _family(self.server_pid))


@contextmanager
def shared_host() -> Iterator[Host]:
    """Run one for a while."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--serve", folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            yield Host(**json.loads(process.stdout.readline()))
            process.stdin.close()


def serve(folder: Path) -> None:
    """Be the host until nobody holds the other end of stdin."""
    server = PostgresServer(folder / "postgres")
    server.create_server_folder()
    server.start()
    with psycopg.connect(server.owner_url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {NAME}")
    Database.create(server.owner_url(NAME)).dispose()
    own = load_or_make_certificate(folder, datetime.now(UTC))
    gate = GuestGate(own, [(LOOPBACK, 0)], servers=[(LOOPBACK, urlsplit(server.owner_url()).port or 0)])
    gate.start()
    host = {
        "owner": server.owner_url(NAME),
        "gate": gate.addresses[0][1],
        "root": str(own.file),
        "pid": os.getpid(),
        "server_pid": int((server.data / "postmaster.pid").read_text().split()[0]),
    }
    print(json.dumps(host), flush=True)
    sys.stdin.read()
    gate.stop()
    server.stop("immediate")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(int(child) for child in children)]


def _used_s(pid: int, *, dead: bool = False) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:  # A connection that has ended meanwhile: its parent has its time.
        return 0.0
    return sum(int(field) for field in fields[11 : 15 if dead else 13]) / TICKS


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=Path, required=True)
    serve(parser.parse_args().serve)
