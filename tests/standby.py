"""Two servers that stand for each other: the second follows the first by PostgreSQL's own replication, and takes over
when told to.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from queuedesk.app.hosting.server import DATABASE, LOOPBACK, OWNER, PostgresServer, postgres_folder
from tests.bounded import until
from tests.networks import free_port

NAME = "standby"
# What a standby's commits wait for must be written; the rest of what is tested here does not go by the disk.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "shared_buffers": "'32MB'"}


class Pair:
    """The servers `first` and `second`; every commit waits until the second has it, until that takes over."""

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None, who: str = "") -> None:
        """`who` are lines of pg_hba.conf for who else comes in."""
        self.first = PostgresServer(folder / "first", settings={**SETTINGS, **(settings or {})})
        self.second = PostgresServer(folder / "second")
        self._who = f"host replication all {LOOPBACK}/32 scram-sha-256\n{who}"

    def start(self) -> None:
        self.first.create_server_folder()
        with (self.first.data / "pg_hba.conf").open("a", encoding="ascii") as file:
            file.write(self._who)
        self.first.start()
        follow(self.first, self.second)
        tell(self.first, f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
        tell(self.first, "SELECT pg_reload_conf()")

    def url(self, host: str = LOOPBACK, more: str = "", *, options: str = "") -> str:
        """Return the owner's address with both at `host`; `more` are further hosts."""
        ports = (self.first.stored_server_access().port, self.second.stored_server_access().port)
        hosts = ",".join([*(f"{host}:{port}" for port in ports), *([more] if more else [])])
        return f"postgresql://{OWNER}:{quote(self.first.stored_server_access().password)}@{hosts}/{DATABASE}{options}"

    def promote(self) -> float:
        """Let the second take over; return the moment from which it can be written."""
        tell(self.second, "SELECT pg_promote(true, 60)")
        return time.monotonic()

    def stop(self) -> None:
        for server in (self.first, self.second):
            if server.data.exists():
                server.stop("immediate")


@contextmanager
def two_servers(folder: Path, *, settings: Mapping[str, str] | None = None, who: str = "") -> Iterator[Pair]:
    pair = Pair(folder, settings=settings, who=who)
    try:
        pair.start()
        yield pair
    finally:
        pair.stop()


def follow(first: PostgresServer, second: PostgresServer) -> None:
    """Make `second` a standby of a running server that lets it in, and start it."""
    second.folder.mkdir(mode=0o700)
    own = {"port": free_port(), "password": first.stored_server_access().password}
    (second.folder / "own.json").write_text(json.dumps(own), encoding="ascii")
    source = f"{first.owner_url()}?application_name={NAME}"
    line = [postgres_folder() / "pg_basebackup", f"--dbname={source}", f"--pgdata={second.data}"]
    line += ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast"]
    subprocess.run(line, check=True, stdin=subprocess.DEVNULL)
    if sys.platform != "win32" and os.geteuid() == 0:  # A server runs as nobody who may do everything.
        owner = first.data.stat()
        for place in (second.folder, *second.folder.rglob("*")):
            os.chown(place, owner.st_uid, owner.st_gid)
    second.start()
    streams = f"SELECT 1 FROM pg_stat_replication WHERE application_name = '{NAME}' AND state = 'streaming'"
    until(lambda: tell(first, streams), "the standby follows")


def tell(server: PostgresServer, statement: str) -> list[tuple[object, ...]]:
    """Let a server do one thing outside of a transaction."""
    with psycopg.connect(server.owner_url(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []
