"""PostgreSQL to test on: one server for a whole run, and a database of its own for who asks.

The first worker starts a keeper, a process that runs the server and holds a door open; when the last connection to that
door is gone, however it went, it stops the server and removes its folder.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.bounded import until

if TYPE_CHECKING:
    from queuedesk.app.hosting.server import PostgresServer

MARK = "pg"
TEMPLATE, WITH_RIGHTS = "hall_template", "shared_template"
ROOT = Path(__file__).resolve().parent.parent
START_S = 60.0
# What is lost with the power is nothing here, and a password that is quickly checked is as good as a slow one.
SETTINGS = dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"), "off")
SETTINGS |= {"wal_level": "minimal", "max_wal_senders": "0", "scram_iterations": "1", "shared_buffers": "'64MB'"}
_numbers = count(1)


@pytest.fixture
def pg_url() -> Iterator[str]:
    """The owner's address of a database with all tables and no hall, for this test alone."""
    with_tables = new_database(TEMPLATE)
    yield with_tables
    drop_database(with_tables)


@pytest.fixture
def shared_url() -> Iterator[str]:
    """The owner's address of a database with tables and rights and no hall, for this test alone."""
    with_rights = new_database(WITH_RIGHTS)
    yield with_rights
    drop_database(with_rights)


@pytest.fixture
def empty_pg_url() -> Iterator[str]:
    """The owner's address of a database without any table, for this test alone."""
    empty = new_database("template0")
    yield empty
    drop_database(empty)


def new_database(template: str = TEMPLATE) -> str:
    """Make a database as `template` is and return its owner's address."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _console().execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    if template == WITH_RIGHTS:  # All of these are copied but this one.
        _console().execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    return _address(name)


def drop_database(url: str) -> None:
    """Remove a database, whoever is connected to it."""
    _console().execute(f"DROP DATABASE IF EXISTS {urlsplit(url).path[1:]} WITH (FORCE)")


def end_connections(url: str) -> None:
    """Let the server end every connection to a database, as when it is started again."""
    ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    _console().execute(ended, [urlsplit(url).path[1:]])


def make_role(console: psycopg.Connection, name: str) -> None:
    """Make a role of the server's, unless it is there or another worker makes it at this moment."""
    with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        console.execute(f"CREATE ROLE {name} NOLOGIN".encode())


def open_to(url: str) -> list[str | None]:
    """Return what each connection to a database waits for: "Lock" where another one has it."""
    asked = "SELECT wait_event_type FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = %s"
    return [one for (one,) in _console().execute(asked, [urlsplit(url).path[1:]])]


def server_url() -> str:
    """Return the owner's address of the run's server, at a database that no test uses."""
    return _door()[1]


@cache
def _console() -> psycopg.Connection:
    return psycopg.connect(server_url(), autocommit=True)


def _address(name: str) -> str:
    return urlunsplit(urlsplit(server_url())._replace(path=f"/{name}"))


def mark(items: list[pytest.Item]) -> None:
    """Mark the tests that ask for a database of the server."""
    for item in items:
        if _asks(item):
            item.add_marker(MARK)


def _asks(item: pytest.Item) -> bool:
    return not {"pg_url", "shared_url", "empty_pg_url"}.isdisjoint(getattr(item, "fixturenames", ()))


def refuse_skip(item: pytest.Item, report: pytest.TestReport) -> None:
    """Let a test that should have run on PostgreSQL fail where it was skipped: on Linux the server always starts."""
    if report.skipped and sys.platform == "linux" and item.get_closest_marker(MARK):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped; on Linux no test of PostgreSQL may be"


def _folder() -> Path:
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"alone-{os.getpid()}"
    return Path(tempfile.gettempdir()) / f"queuedesk-pg-{run}"


@cache
def _door() -> tuple[socket.socket, str]:
    """Return the connection that keeps the server up for this process, and the server's address."""
    from queuedesk.files.writing import FileLock

    folder = _folder()
    lock = FileLock(folder.with_suffix(".lock"))
    until(lock.try_to_take, str(folder))
    try:
        return _knock(folder) or _knock_at(_start_keeper(folder))
    finally:
        lock.release()


def _knock(folder: Path) -> tuple[socket.socket, str] | None:
    with suppress(OSError, ValueError):
        return _knock_at(int((folder / "door").read_text(encoding="ascii")))
    return None


def _knock_at(port: int) -> tuple[socket.socket, str]:
    door = socket.create_connection(("127.0.0.1", port), timeout=START_S)
    door.set_inheritable(False)
    said = b""
    while not said.endswith(b"\n"):
        part = door.recv(1000)
        if not part:
            raise ConnectionError(port)
        said += part
    return door, said.decode("ascii").strip()


def _start_keeper(folder: Path) -> int:
    shutil.rmtree(folder, ignore_errors=True)
    line, env = [sys.executable, "-m", "tests.postgres", str(folder)], {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "text": True}
    keeper = subprocess.Popen(line, cwd=ROOT, env=env, start_new_session=True, **pipes)
    assert keeper.stdout is not None
    with keeper.stdout as said:
        port = said.readline()
    keeper.returncode = 0  # it goes its own way; nobody here waits for it
    return int(port)


def keep(folder: Path) -> None:
    """Run a server in `folder` until nobody holds the door any more."""
    from queuedesk.app.hosting.server import PostgresServer

    server = PostgresServer(folder, settings=SETTINGS)
    try:
        server.create_server_folder()
        server.start()
        url = server.owner_url("postgres")
        _prepare(url, server.stored_server_access().password, server)
        with socket.create_server(("127.0.0.1", 0)) as door:
            port = door.getsockname()[1]
            (folder / "door").write_text(str(port), encoding="ascii")
            print(port, flush=True)
            _hold(door, url)
            (folder / "door").unlink()
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".lock").unlink(missing_ok=True)


def _prepare(url: str, password: str, server: PostgresServer) -> None:
    """Make what databases are copied from: to make tables takes longer than most tests, and rights as long again."""
    from queuedesk.store.engine.database import Database
    from queuedesk.store.rights import grants

    with psycopg.connect(url, autocommit=True) as console:
        console.execute(f"ALTER ROLE CURRENT_USER PASSWORD '{password}'")  # by the quick way now
        console.execute(f"CREATE DATABASE {TEMPLATE}")
        Database.create(server.owner_url(TEMPLATE), is_patient=True).dispose()
        console.execute(f"CREATE DATABASE {WITH_RIGHTS} TEMPLATE {TEMPLATE}")
    rights = Database.open(server.owner_url(WITH_RIGHTS), is_patient=True)
    with rights.write() as tx:
        grants.install_rights(tx)
    rights.dispose()


def _hold(door: socket.socket, url: str) -> None:
    import selectors

    with selectors.DefaultSelector() as selector:
        selector.register(door, selectors.EVENT_READ)
        holders: set[socket.socket] = set()
        came = False
        while holders or not came:
            ready = selector.select(None if came else START_S)
            if not ready and not came:
                return
            for key, _ in ready:
                if key.fileobj is door:
                    holder, _where = door.accept()
                    holder.sendall(f"{url}\n".encode("ascii"))
                    selector.register(holder, selectors.EVENT_READ)
                    holders.add(holder)
                    came = True
                else:
                    gone = key.fileobj
                    assert isinstance(gone, socket.socket)
                    with suppress(OSError):
                        if gone.recv(100):
                            continue
                    selector.unregister(gone)
                    holders.discard(gone)
                    gone.close()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
