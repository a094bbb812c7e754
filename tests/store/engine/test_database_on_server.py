"""The two doors on PostgreSQL: what is seen, who waits, when the server goes away, logging in, and newer tables."""

import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext, suppress
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from queuedesk import paths
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.roles import CONSOLE, CUSTOMER
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing
from queuedesk.desk.upkeep.examining import FAILED, examine_database
from queuedesk.i18n import error_sentence
from queuedesk.paths import data_folder
from queuedesk.store.engine import database, server_link, server_login
from queuedesk.store.engine.address import (
    is_on_other_pc,
    is_server_address,
    parse_server_address,
    password_in_url,
    short_server_address,
    url_without_password,
)
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.faults import outside_error_of
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.upkeep import pack
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.credentials import shared
from tests.hall import at
from tests.networks import free_port
from tests.postgres import end_connections, open_to, server_url
from tests.relay import relay
from tests.store.engine.later import THIS
from tests.store.engine.writers import ADD, COUNT, add, count


@pytest.fixture
def db(pg_url: str) -> Iterator[Database]:
    db = Database.open(pg_url, is_patient=True)  # A server on a busy PC may answer late.
    with db.write() as tx:
        tx.execute(text("CREATE TABLE lines (id BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT NOT NULL)"))
        halls.insert_hall_row_with_id(tx, 1, "A")
        halls.insert_hall_row_with_id(tx, 2, "B")
    yield db
    db.dispose()


expected = partial(pytest.raises, OutsideError)


def test_a_read_waits_for_no_writer_and_writes_nothing_and_a_hall_waits_for_itself_alone_for_long(db, monkeypatch):
    with db.read() as tx:
        add(db, "written meanwhile")
        assert tx.execute(COUNT).scalar() == 0, "it sees the moment at which it began"
    with db.write(1) as tx:
        tx.execute(ADD, {"text": "x"})
        assert count(db) == 1
        with Stopwatch() as took:
            add(db, "y", hall=2)
        assert took.s < 1
    with expected(match="database_readonly"), db.read() as tx:
        tx.execute(ADD, {"text": "x"})
    assert count(db) == 3
    monkeypatch.setattr(server_link, "LOCK_WAIT_MS", 50)
    with db.write(1), expected(match="database_busy"):
        add(db, "never", hall=1)
    add(db, "now", hall=1)


def test_writers_of_one_hall_come_one_after_the_other(db: Database) -> None:
    def work() -> None:
        for _ in range(10):
            with db.write(1) as tx:
                tx.execute(ADD, {"text": str(tx.execute(COUNT).scalar_one())})

    with ThreadPoolExecutor(4) as threads:
        for _ in range(4):
            threads.submit(work)
    with db.read() as tx:
        assert [int(row.text) for row in tx.execute(text("SELECT text FROM lines ORDER BY id"))] == list(range(40))


def test_a_pc_that_falls_asleep_with_the_lock_loses_it(db: Database) -> None:
    with expected(match="database_away"), db.write(1) as tx:
        tx.execute(ADD, {"text": "never"})
        limit = tx.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()
        assert limit == f"{server_link.IDLE_MS // 1000}s"
        # Sooner, and for the sleeper alone: on a busy machine the next one too may pause between two statements.
        tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = 50"))
        add(db, "the next one", hall=1)  # waits for the lock, and gets it
        tx.execute(ADD, {"text": "never"})
    assert count(db) == 1


def test_connections_that_ended_or_on_which_nothing_can_be_written_are_replaced(db: Database, pg_url: str) -> None:
    """Behind a pooler one may lead to a server that another one has taken over from."""
    with db.read(), db.read():
        pass  # two in the pool
    end_connections(pg_url)
    add(db, "x", hall=1)
    end_connections(pg_url)
    assert count(db) == 1
    driver = psycopg.connect(pg_url)
    driver.close()
    server_link.shut_connection_socket(driver)
    name = urlsplit(pg_url).path[1:]
    with psycopg.connect(server_url(), autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        end_connections(pg_url)
        with expected(match="database_readonly"), db.write(1):
            pass
        owner.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    add(db, "written elsewhere", hall=1)
    assert count(db) == 2


@pytest.mark.parametrize("much", [nullcontext, server_link.pipelined_writes])
def test_what_was_begun_when_the_server_went_is_lost_and_told(db: Database, pg_url: str, much: Any) -> None:
    with expected(match="database_away"), db.write(1) as tx, much(tx):
        tx.execute(ADD, {"text": "never"})
        end_connections(pg_url)
        tx.execute(ADD, {"text": "never"})
    assert count(db) == 0


def test_an_interrupt_ends_what_waits_for_the_server(db: Database) -> None:
    waiting = threading.Event()
    codes: list[str] = []

    def wait() -> None:
        try:
            with db.read() as tx:
                waiting.set()
                tx.execute(text("SELECT pg_sleep(30)"))
        except OutsideError as error:
            codes.append(error.code)

    thread = threading.Thread(target=wait)
    thread.start()
    waiting.wait()
    with Stopwatch() as took:
        while thread.is_alive():
            db.interrupt()
            thread.join(0.05)

    assert codes == ["database_away"]
    assert took.s < 2
    assert count(db) == 0


@pytest.mark.parametrize("before", [0, 8], ids=["at once", "when much is prepared"])
def test_the_next_change_begins_like_any_other_after_one_that_was_undone(db: Database, before: int) -> None:
    for _ in range(before):
        add(db, "line", hall=1)
    with pytest.raises(RuleError), db.write(1):
        raise RuleError("unknown_hall", hall=1)
    add(db, "after what was refused", hall=1)
    with db.write(1) as tx:
        tx.execute(text("ALTER TABLE lines ADD COLUMN more TEXT"))
    add(db, "after a change of the tables", hall=1)
    assert count(db) == before + 2


def test_what_cannot_be_opened_is_named_and_a_server_that_is_not_there_is_away(pg_url: str) -> None:
    with Stopwatch() as took:
        for place in (f"127.0.0.1:{free_port()}", "hall..example"):
            with expected(match="database_away"):
                Database.open(f"postgresql://someone:secret@{place}/hall")
    assert took.s < 3
    parts = urlsplit(pg_url)
    for who in ("nobody:x", f"{parts.username}:wrong"):
        with expected(match="pc_withdrawn"):
            Database.open(f"postgresql://{who}@{parts.hostname}:{parts.port}{parts.path}")
    with expected(match="database_missing"):
        Database.open(pg_url + "_not")
    with expected(match="bad_url"):
        Database.open("postgresql://someone:secret@host:port:7/hall?what=ever")
    with pytest.raises(RuleError, match="exists"):
        Database.create(pg_url)


def test_a_database_without_tables_or_with_another_program_s_has_no_hall(empty_pg_url: str) -> None:
    with expected(match="database_missing"):
        Database.open(empty_pg_url)
    with psycopg.connect(empty_pg_url) as console:
        console.execute("CREATE TABLE alembic_version (version_num varchar(32))")
        console.execute("INSERT INTO alembic_version VALUES ('ae1027a6acf')")
    with expected(match="wrong_kind"):
        Database.open(empty_pg_url)


def test_the_place_says_no_password_and_one_stands_in_this_pc_s_passfile(db: Database, pg_url: str) -> None:
    parts = urlsplit(pg_url)
    assert db.is_shared
    assert db.place == pg_url.replace(f":{parts.password}@", "@") and str(parts.password) not in db.place
    file = paths.password_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(f"{parts.hostname}:{parts.port}:*:{parts.username}:{parts.password}\n", encoding="utf-8")
    try:
        Database.open(f"postgresql://{parts.username}@{parts.hostname}:{parts.port}{parts.path}").dispose()
    finally:
        file.unlink()


def test_a_connection_in_use_a_late_and_a_waiting_one_are_closed_once_their_database_is_let_go(db, pg_url, monkeypatch):
    """As a lane's last work may begin one when its station has been closed."""
    with db.read():
        db.dispose()
        assert open_to(pg_url)
    until(lambda: not open_to(pg_url))
    for late, ending in enumerate((db.dispose, db.interrupt), 1):
        ending()
        add(db, "late", hall=1)
        assert count(db) == late
        until(lambda: not open_to(pg_url))

    for limit in ("LOCK_WAIT_MS", "IDLE_MS"):  # What waits is found waiting, however late it is looked at.
        monkeypatch.setattr(server_link, limit, int(PATIENCE_S * 1000))
    refused: list[OutsideError] = []  # The error holds what its transaction had, so that nothing is cleared away.

    def wait() -> None:
        try:
            add(db, "never", hall=1)
        except OutsideError as error:
            refused.append(error)

    lane = threading.Thread(target=wait)
    with db.write(1):
        lane.start()
        until(lambda: "Lock" in open_to(pg_url))
        db.dispose()
        waits = "wait_event_type = 'Lock' AND datname = current_database()"
        with psycopg.connect(pg_url) as owner:
            owner.execute(f"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE {waits}".encode())
        lane.join()
    until(lambda: not open_to(pg_url))
    assert [one.code for one in refused] == ["database_busy"]


@pytest.mark.parametrize(("version", "code"), [("9999", "database_newer"), ("0001", "database_away")])
def test_a_connection_that_finds_other_tables_is_closed(db: Database, pg_url: str, version: str, code: str) -> None:
    with psycopg.connect(pg_url) as owner:
        owner.execute("UPDATE alembic_version SET version_num = %s", [version])
    if code == "database_newer":
        db.dispose()
    with pytest.raises(OutsideError, match=code), db.read():
        pass
    until(lambda: not open_to(pg_url))


def test_our_own_mistakes_come_out_as_they_are_and_what_is_sent_together_fails_together(db: Database) -> None:
    with pytest.raises(ProgrammingError), db.read() as tx:
        tx.execute(text("SELECT * FROM nowhere"))
    with pytest.raises(IntegrityError), db.write(1) as tx, server_link.pipelined_writes(tx):
        tx.execute(ADD, {"text": "never"})
        tx.execute(ADD, {"text": None})
        tx.execute(ADD, {"text": "never"})
    assert count(db) == 0
    with db.write(1) as tx, server_link.pipelined_writes(tx):
        tx.execute(ADD, {"text": "x"})
        tx.execute(ADD, [{"text": "y"}, {"text": "z"}])
    for _ in range(8):
        assert count(db) == 3
    with db.read() as tx:
        prepared = tx.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()
    assert prepared >= 1, "reading leaves them in place"


def test_taking_back_what_was_refused_is_interrupted_too(pg_url: str) -> None:
    with relay(pg_url) as way:
        db = Database.open(way.url)
        refused: list[BaseException] = []

        def refuse() -> None:
            try:
                with db.write():
                    way.silent = True
                    raise RuleError("not_your_role")
            except QueueDeskError as error:
                refused.append(error)

        lane = threading.Thread(target=refuse)
        lane.start()
        until = time.monotonic() + PATIENCE_S
        while lane.is_alive() and time.monotonic() < until:
            if way.silent:
                db.interrupt()
            lane.join(0.05)

        assert [type(one) for one in refused] == [RuleError]
        db.dispose()


# -- the address of a hall on a server ---------------------------------------------------------------------------------


def test_a_servers_address_is_told_from_a_path():
    servers = ("postgresql://role@192.168.1.5:7432/queuedesk", "postgres://role@host/d", "postgresql:///d?host=/run")
    files = ("/home/hall/hall.sqlite", "C:\\hall.sqlite", "postgresql", Path("postgresql:") / "hall.sqlite")
    assert [target for target in (*servers, *files) if is_server_address(target)] == [*servers]


def test_an_address_is_shown_without_its_password_and_sentences_name_a_server_by_host_port_and_name():
    for address, without, password in (
        ("postgresql://a@h:1/d?sslmode=verify-ca", "postgresql://a@h:1/d?sslmode=verify-ca", None),
        ("postgresql://a:p%40w@h:1/d", "postgresql://a@h:1/d", "p@w"),
        ("postgresql://a:p@[::1]:1/d", "postgresql://a@[::1]:1/d", "p"),
        ("postgresql:///d?host=/run&password=p%26q&user=a", "postgresql:///d?host=/run&user=a", "p&q"),
        ("postgresql:///d?password=p", "postgresql:///d", "p"),
    ):
        assert (url_without_password(address), password_in_url(address)) == (without, password)
    for address, words in (
        ("postgresql://qd_1:p@10.0.0.5:7432/hall?sslmode=verify-ca&sslrootcert=/a", "10.0.0.5:7432/hall"),
        ("postgresql://a@[::1]:1/d", "[::1]:1/d"),
        ("postgresql://a@h", "h/a"),
        ("postgresql://a@h:5501,[::1]:2,k/d?target_session_attrs=any", "h:5501,[::1]:2,k/d"),
        ("postgresql://a@/d?host=h,k&port=5501,5502", "h:5501,k:5502/d"),
        ("postgresql://a@h:1,k:2,l/d?port=1,2", "postgresql://a@h:1,k:2,l/d?port=1,2"),
        ("postgresql:///d?host=/run/pg&user=a", "/run/pg/d"),
        ("postgresql://a:p@[", "postgresql://a@["),
        ("postgresql:", "postgresql:"),
    ):
        assert short_server_address(address) == words
        assert words in error_sentence(OutsideError("database_away", path=address), "en")


@pytest.mark.parametrize(
    ("url", "hosts", "database", "of_r"),
    [
        ("postgresql://o:p@127.0.0.1:7/q", [("127.0.0.1", 7)], "q", "r@127.0.0.1:7/q"),
        ("postgresql://o@db.example/q", [("db.example", 5432)], "q", "r@db.example/q"),
        ("postgres://o:p%40@db:6/q?sslmode=require", [("db", 6)], "q", "r@db:6/q?sslmode=require"),
        ("postgresql://[::1]:7/q", [("::1", 7)], "q", "r@[::1]:7/q"),
        ("postgresql://o@/q?host=/run/pg", [("/run/pg", 5432)], "q", "r@%2Frun%2Fpg/q"),
        ("postgresql://o@h", [("h", 5432)], "o", "r@h/o"),
        ("postgresql://h/q?user=o&sslmode=disable&dbname=z", [("h", 5432)], "z", "r@h/z?sslmode=disable"),
        (
            "postgresql://o:p@a:5501,b:5502,[fe80::1]/q?target_session_attrs=read-write",
            [("a", 5501), ("b", 5502), ("fe80::1", 5432)],
            "q",
            "r@a:5501,b:5502,[fe80::1]/q?target_session_attrs=read-write",
        ),
        ("postgresql://o@a,b,c/q", [("a", 5432), ("b", 5432), ("c", 5432)], "q", "r@a,b,c/q"),
        ("postgresql://o@/q?host=a,b&port=1,2", [("a", 1), ("b", 2)], "q", "r@a:1,b:2/q"),
        ("postgresql://o@[fe80::1%2512]:5501/q", [("fe80::1%12", 5501)], "q", "r@[fe80::1%2512]:5501/q"),
        ("postgresql://o@/q?host=a,b&port=7", [("a", 7), ("b", 7)], "q", "r@a:7,b:7/q"),
        ("postgresql://o@/q?hostaddr=10.0.0.1", [("10.0.0.1", 5432)], "q", None),
    ],
)
def test_an_address_is_read_as_the_driver_s_library_reads_it(url, hosts, database, of_r):
    """Other PCs are told it without the role and the database."""
    address = parse_server_address(url)
    assert (list(address.hosts), address.database) == (hosts, database)
    known = conninfo_to_dict(url)
    if "hostaddr" not in known:
        ports = (known.get("port") or "").split(",")
        ports = ports * len(hosts) if len(ports) == 1 else ports
        read = zip((known.get("host") or "").split(","), ports, strict=True)
        assert [(host, int(port or 5432)) for host, port in read] == hosts
        theirs, told = replace(address, role="r"), of_r.removeprefix("r@").replace(f"/{database}", "")
        assert (theirs.url(), theirs.address_for_other_pcs) == (f"postgresql://{of_r}", told)
        assert parse_server_address(theirs.url("p@:w")) == theirs
        assert conninfo_to_dict(theirs.url("p@:w"))["password"] == "p@:w"


@pytest.mark.parametrize(
    "place",
    [
        *("a:1,b:2,c/q?port=1,2", "a,,b/q", "a:0,b/q", "a:65536/q", "a:x/q", "a:5501;b/q?host=h&port=y", "[::1/q"),
        *("/q?host=a,b,c&port=1,2", "a:1:2/q", "[::1]x:2,b/q", "a,b,/q", "a, b/q", "a,b%20/q"),
        *("a,b/q?hostaddr=127.0.0.1", "a,b/q?hostaddr=127.0.0.1,127.0.0.2,127.0.0.3"),
        *("127.0.0.1/q?target_session_attrs=main", "127.0.0.1,127.0.0.2/q?sslmode=on"),
    ],
)
def test_an_address_that_is_none_is_named_in_one_sentence_and_opens_nothing(place):
    url = f"postgresql://o:secret@{place}"
    with pytest.raises(OutsideError) as refused:
        Database.open(url)
    assert refused.value.code == "bad_url"
    said = error_sentence(refused.value, "en")
    assert said.endswith("is no address of a server's database.") and "secret" not in said


def test_only_what_no_other_pc_reaches_is_here_and_what_none_of_its_hosts_is_stands_elsewhere():
    places = ("127.0.0.1", "localhost", "[::1]", "db", "db,127.0.0.1:7", "a,b:7")
    read = [f"postgresql://o@{place}/q" for place in places]
    assert [parse_server_address(url).is_on_this_pc for url in read] == [True, True, True, False, True, False]
    assert [is_on_other_pc(url) for url in read] == [False, False, False, True, False, True]


# -- logging in: refusals in any language, and one deadline wherever a name leads --------------------------------------


NAME, LATE, NOWHERE = "hall.example", "late.example", "nowhere.example"


def message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


READY = message(b"R", bytes(4)) + message(b"Z", b"I")
PLAIN = "?sslmode=disable&gssencmode=disable"


def answer_whether_standby(said: bytes) -> bytes:
    """Return what a server says that is asked whether it is a standby: b"f" or b"t"."""
    column = b"\0\x01" + b"pg_is_in_recovery\0" + bytes(6) + b"\0\0\0\x10" + b"\0\x01" + bytes(4) + bytes(2)
    row = b"\0\x01" + b"\0\0\0\x01" + said
    return message(b"T", column) + message(b"D", row) + message(b"C", b"SELECT 1\0") + message(b"Z", b"I")


LEADS, FOLLOWS = answer_whether_standby(b"f"), answer_whether_standby(b"t")


def refusal(sqlstate: str, text: str) -> bytes:
    """Return what a server says that accepts no PC, in whatever language it speaks."""
    fields = (("S", "致命错误"), ("V", "FATAL"), ("C", sqlstate), ("M", text))
    return message(b"E", b"".join(kind.encode() + value.encode() + b"\0" for kind, value in fields) + b"\0")


Serving = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serving]:
    """Let a server be at an address of this machine that answers everybody alike, first to the login, then to a
    question; or takes them and stays silent."""
    doors: list[socket.socket] = []
    guests: list[socket.socket] = []

    def answer(door: socket.socket, said: bytes, then: bytes, late_s: float) -> None:
        while True:
            try:
                guest, _where = door.accept()
            except OSError:
                return
            guests.append(guest)
            with suppress(OSError):  # Of several servers that were asked one is enough.
                guest.recv(1000)
                time.sleep(late_s)
                guest.sendall(said)
                if said == READY and guest.recv(1000)[:1] == b"Q":
                    guest.sendall(then)

    def at(host: str, said: bytes | None, port: int = 0, then: bytes = LEADS, late_s: float = 0) -> int:
        doors.append(door := socket.create_server((host, port)))
        if said is not None:
            threading.Thread(target=answer, args=(door, said, then, late_s), daemon=True).start()
        return int(door.getsockname()[1])

    yield at
    for one in (*doors, *guests):
        if one in doors and sys.platform != "win32":  # There closing a door is enough for who waits at it.
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the system finds for every name; nothing, and it takes for ever, while the list is empty, and for NOWHERE.
    LATE takes longer than names are waited for while there are others."""
    addresses: list[str] = []
    done = threading.Event()

    def getaddrinfo(host: str, port: str, **_: object) -> list[tuple[object, ...]]:
        if not addresses or host == NOWHERE:
            done.wait()
            raise OSError
        if host == LATE:
            done.wait(4 * server_login.LOOKUP_S)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(server_login.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(server_login, "LOOKUP_S", 0.05)
    yield addresses
    done.set()
    for known in (server_login._known, server_login._lookups):
        known.clear()


def test_a_refusal_is_understood_in_any_language(serve: Serving) -> None:
    for sqlstate, words, code in (
        ("28P01", "用户 qd_1 的密码认证失败", "pc_withdrawn"),
        ("28000", "la connexion n'est pas autorisée pour qd_1", "pc_withdrawn"),
        ("42501", "Keine Berechtigung für Datenbank hall", "pc_withdrawn"),
        ("3D000", "base de datos hall no existe", "database_missing"),
        ("53300", "接続数が多すぎます", "database_busy"),
        ("57P03", "система запускается", "database_away"),
    ):
        port = serve("127.0.0.1", refusal(sqlstate, words))
        with pytest.raises(psycopg.Error) as refused:
            server_link.open_server_connection(f"postgresql://qd_1:x@127.0.0.1:{port}/hall{PLAIN}")
        trouble = outside_error_of(refused.value)
        assert trouble is not None and trouble.code == code
        assert words in str(refused.value)


def test_a_name_with_several_silent_addresses_takes_no_longer_than_one(serve: Serving, found: list[str]) -> None:
    found[:] = [f"127.0.0.{n}" for n in range(1, 7)]
    port = serve(found[0], None)
    for address in found[1:]:
        serve(address, None, port)
    began = time.monotonic()
    with Stopwatch() as took, pytest.raises(psycopg.errors.ConnectionTimeout):
        server_login.connect_and_log_in({"host": NAME, "port": port, "user": "x", "sslmode": "disable"}, 0.2)
    assert time.monotonic() - began > 0.15
    assert took.s < 0.9, "not 0.2 s for each of the six"


def test_what_was_answered_while_a_busy_pc_could_not_look_is_an_answer(serve: Serving) -> None:
    given = {"host": "127.0.0.1", "port": serve("127.0.0.1", READY, late_s=0.2), "user": "x", "sslmode": "disable"}
    before = signal.signal(signal.SIGUSR1, lambda *_: time.sleep(0.8))
    try:
        busy = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1))
        busy.start()
        server_login.connect_and_log_in({**given, "gssencmode": "disable"}, 0.6).close()
        busy.join()
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_the_address_that_answered_is_asked_first_and_known_where_names_are_not(serve: Serving, found: list[str]):
    port = serve("127.0.0.1", None)
    serve("127.0.0.2", READY, port)
    found[:] = ["127.0.0.1", "127.0.0.2"]
    given = {"host": NAME, "port": port, "user": "x", "sslmode": "disable", "gssencmode": "disable"}
    server_login.connect_and_log_in(given, PATIENCE_S).close()
    found.clear()
    with Stopwatch() as took:
        server_login.connect_and_log_in(given, 5).close()
    assert took.s < 2


# -- several servers that stand for each other -------------------------------------------------------------------------


@pytest.fixture
def unheard() -> Iterator[int]:
    """The port of a server that answers nothing: its queue is full, so that the system drops who comes."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as door, ExitStack() as waiting:
        place = door.getsockname()
        for _ in range(3):
            guest = waiting.enter_context(socket.socket())
            guest.setblocking(False)
            guest.connect_ex(place)
        yield int(place[1])


ANYWHERE = {"user": "x", "sslmode": "disable", "gssencmode": "disable"}


def test_of_several_hosts_one_that_answers_nothing_costs_a_moment_and_the_next_time_none(serve: Serving, unheard: int):
    ready, gone = serve("127.0.0.1", READY), free_port()
    given = {**ANYWHERE, "host": "127.0.0.1,127.0.0.1,127.0.0.1", "port": f"{unheard},{gone},{ready}"}
    for least, most in ((server_login.BESIDE_S * 0.9, 1.5), (0, server_login.BESIDE_S)):
        began = time.monotonic()
        with Stopwatch() as took:
            connection = server_login.connect_and_log_in(given, PATIENCE_S)
        assert connection.info.port == ready
        connection.close()
        assert least <= time.monotonic() - began
        assert took.s < most
    hosts = [("127.0.0.1", unheard), ("127.0.0.1", gone), ("127.0.0.1", ready)]
    assert server_login.hosts_last_used_first(hosts)[0] == hosts[2]


GONE = refusal("08P01", "server login has been failing")


@pytest.mark.parametrize("then", [FOLLOWS, GONE, b""], ids=["standby", "gone", "silent"])
def test_of_several_hosts_that_accept_the_one_that_leads_is_taken_and_where_none_does_none(serve: Serving, then: bytes):
    """A pooler accepts whoever comes, also when its server became a standby, is gone, or answers nothing."""
    stale, ready, other = (serve("127.0.0.1", READY, then=answer) for answer in (then, LEADS, FOLLOWS))
    given = {**ANYWHERE, "host": "127.0.0.1,127.0.0.1", "port": f"{stale},{ready}"}
    connection = server_login.connect_and_log_in(given, 5)
    assert connection.info.port == ready
    connection.close()
    if then:
        with pytest.raises(psycopg.Error) as refused:
            server_login.connect_and_log_in(given | {"port": f"{other},{stale}"}, 5)
        trouble = outside_error_of(refused.value)
        assert trouble is not None and trouble.code == "database_away"


def test_of_several_hosts_that_answer_nothing_all_are_tried_in_the_time_of_one(serve: Serving, unheard: int):
    given = {**ANYWHERE, "host": "127.0.0.1,127.0.0.1", "port": f"{unheard},{serve('127.0.0.1', None)}"}
    began = time.monotonic()
    with Stopwatch() as took, pytest.raises(psycopg.errors.ConnectionTimeout):
        server_login.connect_and_log_in(given, 0.5)
    assert time.monotonic() - began > 0.4 and took.s < 1.2


def test_what_the_most_telling_of_several_hosts_says_is_told(serve: Serving, unheard: int):
    starting, strange = serve("127.0.0.1", refusal("57P03", "starting")), serve("127.0.0.1", refusal("28P01", "no"))
    for ports, code in (
        ((starting, strange, unheard), "28P01"),
        ((strange, starting), "28P01"),
        ((starting, free_port()), "57P03"),
        ((unheard, free_port()), None),
    ):
        given = {**ANYWHERE, "host": ",".join(["127.0.0.1"] * len(ports)), "port": ",".join(map(str, ports))}
        with pytest.raises(psycopg.Error) as refused:
            server_login.connect_and_log_in(given, 0.5)
        assert refused.value.sqlstate == code


def test_names_of_several_hosts_are_asked_for_side_by_side_and_the_first_that_leads_somewhere_is_enough(serve, found):
    """Also where it takes longer than a name is waited for where others may do; while names lead nowhere, a number."""
    ready = serve("127.0.0.1", READY)
    for hosts, within_s in ((f"{NAME},127.0.0.1", 2), (f"{NOWHERE},{LATE}", 5)):
        with Stopwatch() as took:
            server_login.connect_and_log_in({**ANYWHERE, "host": hosts, "port": f"{ready},{ready}"}, 20).close()
        assert took.s < within_s
        found[:] = ["127.0.0.1"]


# -- tables brought up to date, by their owner alone -------------------------------------------------------------------


def asked(url: str, question: str) -> object:
    with psycopg.connect(url) as look:
        row = look.execute(question.encode()).fetchone()
    return row and row[0]


def test_a_server_that_lacks_what_a_hall_needs_is_refused_before_anything_is_made(empty_pg_url, monkeypatch):
    version = int(asked(empty_pg_url, "SHOW server_version_num"))
    monkeypatch.setattr(database, "_LEAST", (version // 10000 + 1) * 10000)
    with pytest.raises(OutsideError) as refused:
        Database.create(empty_pg_url)
    assert refused.value.code == "server_too_old"
    told = {"version": version // 10000, "least": version // 10000 + 1}
    assert told.items() <= refused.value.details.items()
    assert asked(empty_pg_url, "SELECT to_regclass('halls')") is None


def test_an_update_is_its_owner_s_alone_gives_pcs_new_rights_and_keeps_how_customers_rated(shared_url, become_later):
    shutil.rmtree(data_folder() / "backups", ignore_errors=True)
    with shared(shared_url) as made:
        hall = made.hall()
        hall.open("1", "C1")
        label = hall.issue("A")
        hall.serve_out("1")
        made.hall(made.pc(PcKind.PUBLIC)).do("rate", label, 2, who=CUSTOMER)
        manager, staff = made.pc(PcKind.MANAGER), made.pc(PcKind.STAFF)
        with psycopg.connect(shared_url) as owner:
            owner.execute("REVOKE ALL ON moves FROM qd_staff")  # as if the table were new
        become_later()
        with pytest.raises(OutsideError) as refused:
            Database.open(manager)
        assert (refused.value.code, refused.value.details["version"]) == ("database_older", int(THIS))
        assert asked(shared_url, "SELECT version_num FROM alembic_version") == THIS

        Database.open(shared_url).dispose()
        [copy] = (data_folder() / "backups").iterdir()
        assert pack.summaries_of_backup(copy)[1]["ratings"] == 1
        for url, level in ((manager, 2), (staff, None)):
            db = Database.open(url)
            assert [one for one in examine_database(db) if one.status == FAILED] == []
            with db.read() as tx:
                assert tx.execute(text("SELECT count(*) FROM moves")).scalar_one() == 0
                assert [one.data.get("level") for one in events.all_events_of_kinds(tx, 1, ("rate",))] == [level]
            db.dispose()


# -- how often a command waits for the server --------------------------------------------------------------------------


ASK, ROUNDS = Ask(CONSOLE, at("9:00")), 9


def test_a_command_waits_for_the_server_a_few_times(shared_url: str) -> None:
    """The middle of several rounds: on a busy PC the word to others counts with the next command."""
    with shared(shared_url) as made, relay(made.pc(PcKind.STAFF)) as way:
        made.hall().open("1", "C1")
        with Database.open(way.url) as db:
            desk = Desk(db, 1)

            def trips(work: Callable[..., object], at: str) -> int:
                before = way.trips
                work(desk, ASK, at)
                return way.trips - before

            def asked() -> dict[str, int]:
                issuing.issue_ticket(desk, ASK, "A")
                found = {"issue": trips(issuing.issue_ticket, "A"), "call": trips(calling.call_ticket, "1")}
                found["start"] = trips(calling.start_serving, "1")
                return found | {"finish": trips(calling.finish_service, "1")}

            for _ in range(2):
                asked()  # What is asked once for each connection is asked now.
            rounds = [asked() for _ in range(ROUNDS)]
        # Lock and read the hall; ask what the decision needs; write and commit; wake the others.
        usual = {command: median(one[command] for one in rounds) for command in rounds[0]}
        assert usual == {"issue": 4, "call": 7, "start": 5, "finish": 5}
