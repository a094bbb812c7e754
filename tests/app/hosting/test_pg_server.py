"""The hall's own server: made once, started again whatever happened to it, closed to who has no password."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator

import psycopg
import pytest

from queuedesk.app.hosting.server import LOOPBACK, PostgresAccount, PostgresServer, server_account
from queuedesk.core.errors import OutsideError
from queuedesk.desk import network
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.server_link import CONNECT_S
from tests.bounded import until
from tests.hall import simple_hall
from tests.processes import is_alive

pytestmark = pytest.mark.waits
QUICK = {"fsync": "off", "shared_buffers": "'16MB'", "wal_level": "minimal", "max_wal_senders": "0"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One that was half made at first."""
    server = PostgresServer(tmp_path_factory.mktemp("server") / "postgres", settings=QUICK)
    (server.data / "base").mkdir(parents=True)
    (server.folder / "half-made").touch()
    server.create_server_folder()
    yield server
    server.stop("immediate")


@pytest.fixture
def server(made: PostgresServer) -> PostgresServer:
    made.start()
    return made


def postmaster(server: PostgresServer) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def asked(server: PostgresServer, statement: str) -> object:
    with psycopg.connect(server.owner_url("postgres")) as connection:
        row = connection.execute(statement).fetchone()
        return row and row[0]


def test_it_is_made_and_started_once_also_where_it_was_half_made_for_this_pc_alone_and_only_with_the_password(server):
    before, process = server.stored_server_access(), postmaster(server)
    server.create_server_folder()
    server.start()
    assert (server.stored_server_access(), postmaster(server)) == (before, process)
    assert (server.data / "PG_VERSION").exists()
    assert not (server.folder / "half-made").exists()
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        assert before.port < 30_000 < other.getsockname()[1], "none that the system gives to anybody by itself"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://queuedesk:guess@{LOOPBACK}:{before.port}/postgres")
    assert asked(server, "SHOW listen_addresses") == LOOPBACK
    assert asked(server, "SHOW unix_socket_directories") == ""
    assert (server.folder.stat().st_mode & 0o77, (server.folder / "own.json").stat().st_mode & 0o77) == (0, 0)


def test_one_that_was_killed_starts_again_though_another_program_has_its_number_or_its_port_since(server):
    process, before = postmaster(server), server.stored_server_access()
    os.kill(process, signal.SIGKILL)
    until(lambda: not is_alive(process))
    assert not server.is_answering()
    server.start()
    assert server.is_answering()
    assert asked(server, "SELECT 1") == 1
    server.stop("immediate")
    mark = server.data / "postmaster.pid"
    mark.write_text(f"{os.getpid()}\n{server.data}\n1\n{before.port}\n\n{LOOPBACK}\n0 0\nready\n")
    server.start()
    assert postmaster(server) != os.getpid()
    assert server.is_answering()
    server.stop("fast")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((LOOPBACK, before.port))
        other.listen()
        server.start()
        assert server.stored_server_access().port != before.port
        assert server.stored_server_access().password == before.password
        assert asked(server, "SELECT 1") == 1


@pytest.mark.parametrize("left", [None, "", "{}"])
def test_without_its_password_no_hall_is_thrown_away(tmp_path, left):
    server = PostgresServer(tmp_path / "postgres")
    (server.data / "base").mkdir(parents=True)
    if left is not None:
        (server.folder / "own.json").write_text(left)
    with pytest.raises(OutsideError) as refused:
        server.create_server_folder()
        server.is_answering()
    assert (refused.value.code, refused.value.details) == ("cannot_read", {"path": str(server.folder / "own.json")})
    assert (server.data / "base").exists()


def test_what_keeps_it_from_starting_is_said(made):
    made.stop("fast")
    conf = made.data / "postgresql.conf"
    before = conf.read_text()
    conf.write_text(before + "max_connections = many\n")
    try:
        with pytest.raises(OutsideError) as refused:
            made.start()
    finally:
        conf.write_text(before)
    assert refused.value.code == "server_failed"
    assert str(refused.value.details["why"])


def test_an_account_passes_closed_folders_and_looks_round_in_none(tmp_path):
    if os.geteuid() != 0:  # only root has to be somebody else
        assert server_account(tmp_path) == PostgresAccount()
        return
    nobody = PostgresAccount(user="nobody")
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(mode=0o700, parents=True)
    inner.parent.chmod(0o700)
    (inner / "data").write_text("x")
    nobody.chown_to_account(inner)
    nobody.grant_folder_traversal(inner / "data")
    assert succeeds(nobody, "cat", inner / "data")
    assert not succeeds(nobody, "ls", inner.parent)


def succeeds(who: PostgresAccount, *words: object) -> bool:
    return (
        subprocess.run(list(map(str, words)), check=False, capture_output=True, **who.subprocess_options).returncode
        == 0
    )


def test_a_server_that_stands_still_at_first_is_waited_for_by_whoever_moves_a_hall_there(server, tmp_path):
    hall = simple_hall(tmp_path)
    process = postmaster(server)
    os.kill(process, signal.SIGSTOP)
    goes_on = threading.Timer(CONNECT_S + 0.5, os.kill, (process, signal.SIGCONT))
    try:
        assert not opens(server.owner_url("postgres"))
    finally:
        goes_on.start()
    network.move_halls_to_server(hall.path, server.owner_url("postgres"), hall.ask())
    goes_on.join()
    until(lambda: opens(server.owner_url("postgres")), "it answers at once again")


def test_a_server_that_freezes_during_the_move_is_given_up_and_the_hall_stays_in_its_file(
    server, tmp_path, monkeypatch
):
    hall = simple_hall(tmp_path)
    hall.queue("A")
    stopped = []

    def freeze(db: Database) -> None:
        with db.read() as tx:
            others = tx.exec_driver_sql("SELECT pid FROM pg_stat_activity").scalars()
            stopped.extend([postmaster(server), *others])
        for process in stopped:
            os.kill(process, signal.SIGSTOP)

    try:
        with pytest.raises(OutsideError, match="database_away"), monkeypatch.context() as hasty:
            hasty.setattr(network, "PREPARE_S", 0.5)
            brief = f"{server.owner_url('postgres')}?connect_timeout=2"
            network.move_halls_to_server(hall.path, brief, hall.ask(), settle=freeze)
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)
    assert network.address_halls_moved_to(hall.path) is None
    hall.queue("A")
    network.move_halls_to_server(hall.path, server.owner_url("postgres"), hall.ask())
    assert network.address_halls_moved_to(hall.path) is not None


def test_a_server_that_refuses_and_is_gone_then_is_no_bug(server, tmp_path):
    hall = simple_hall(tmp_path)

    def refuse_and_end(_db: Database) -> None:
        server.stop("immediate")
        raise OutsideError("not_this_pc")

    with pytest.raises(OutsideError, match="not_this_pc"):
        network.move_halls_to_server(hall.path, server.owner_url("postgres"), hall.ask(), settle=refuse_and_end)
    assert network.address_halls_moved_to(hall.path) is None


def opens(url: str) -> bool:
    try:
        Database.open(url).dispose()
    except OutsideError as error:
        assert error.code == "database_away"
        return False
    return True
