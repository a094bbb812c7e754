"""The server of a shared hall, the gate before it, the notes of the process that shares it and its chores while no
station is open.
"""

import socket
import ssl
import stat
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from cryptography import x509

from queuedesk.app.hosting import server
from queuedesk.app.hosting.gate import (
    CertificateWithKey,
    GateLimits,
    GuestGate,
    certificate_sha256_hex,
    load_or_make_certificate,
)
from queuedesk.app.hosting.hosting import HostChores, addresses_for_other_pcs, own_ip_addresses
from queuedesk.app.hosting.server import ExternalHallServer, SharingProcessNote, hall_server_for_folder
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.sharing import PcKind, PcState, pc_state
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.hall import Hall, simple_hall
from tests.networks import FarPc, free_port

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
GSS_REQUEST = struct.pack("!ii", 8, 80877104)
CANCEL = struct.pack("!iiii", 16, 80877102, 1, 1)
LOOPBACK = "127.0.0.1"
HALF_A_GREETING = b"\x16\x03\x01\x02\x00"


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> CertificateWithKey:
    return load_or_make_certificate(tmp_path_factory.mktemp("gate"), NOW)


@pytest.fixture
def opened(own) -> Iterator[Callable[..., GuestGate]]:
    """Return a function that opens a gate before the server of an address; it closes with the test."""
    with ExitStack() as stack:

        def open_gate(url: str | None = None, host: str = LOOPBACK, **limits: object) -> GuestGate:
            servers = [(LOOPBACK, urlsplit(url).port)] if url else []
            gate = GuestGate(own, [(host, 0)], servers=servers, limits=GateLimits(**limits))
            gate.start()
            stack.callback(gate.stop)
            return gate

        yield open_gate


def connect(gate: GuestGate, url: str, root: Path, **more: object) -> psycopg.Connection:
    parts, (host, port) = urlsplit(url), gate.addresses[0]
    login = {"host": host, "port": port, "user": parts.username, "password": parts.password, "dbname": parts.path[1:]}
    given = login | {"sslmode": "verify-ca", "sslrootcert": str(root), "autocommit": True} | more
    return psycopg.connect(**given)


def call_at(gate: GuestGate, address: str = LOOPBACK) -> socket.socket:
    return socket.create_connection(gate.addresses[0], timeout=5, source_address=(address, 0))


def is_closed(line: socket.socket) -> bool:
    with suppress(ConnectionError):
        while line.recv(1000):
            pass
    return True


def test_who_speaks_otherwise_or_is_slow_is_let_go(pg_url, opened):
    gate = opened(pg_url)
    for said in (
        SSL_REQUEST + b"\x00\x00\x00\x08SELECT",  # put there by somebody in between
        *(CANCEL, GSS_REQUEST + SSL_REQUEST, b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"x" * 70_000),
    ):
        with call_at(gate) as line:
            line.sendall(said)
            assert is_closed(line), said[:20]
    with call_at(gate) as line:
        line.sendall(SSL_REQUEST)
        assert line.recv(1) == b"S"
        line.sendall(b"no TLS at all, but long enough to be taken for some")
        assert is_closed(line)
    assert until(lambda: gate.guest_count == 0)
    hasty = opened(pg_url, proof_s=0.2)
    for said in (b"", SSL_REQUEST[:5], SSL_REQUEST, HALF_A_GREETING):
        with call_at(hasty) as line:
            line.sendall(said)
            assert is_closed(line), said


def test_a_guest_may_ask_for_another_encryption_first_and_speak_letter_by_letter_but_in_no_older_tls(
    pg_url, own, opened
):
    gate = opened(pg_url)
    said, answered = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = direct_tls(own).wrap_bio(answered, said)
    with call_at(gate) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(GSS_REQUEST)
        assert line.recv(1) == b"N"
        for letter in SSL_REQUEST:
            line.sendall(bytes([letter]))
        assert line.recv(1) == b"S"
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                for letter in said.read():
                    line.sendall(bytes([letter]))
                answered.write(line.recv(10_000))
    assert tls.version() == "TLSv1.3"
    older = direct_tls(own)
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    with call_at(gate) as line, pytest.raises(ssl.SSLError):
        older.wrap_socket(line)


def test_of_too_many_strangers_the_oldest_goes_and_known_pcs_take_no_place(pg_url, own, opened):
    gate = opened(pg_url, strangers_of_one=2)
    with connect(gate, pg_url, own.file), connect(gate, pg_url, own.file):
        with call_at(gate) as first, call_at(gate):
            assert until(lambda: gate.guest_count == 4)
            with call_at(gate):
                assert is_closed(first)
                assert gate.guest_count == 4
        assert until(lambda: gate.guest_count == 2)
        connect(gate, pg_url, own.file).close()


def test_guests_reach_of_several_servers_one_that_is_there_and_leave_nothing_on_it_when_they_end(pg_url, own, opened):
    gate = opened(pg_url)
    gate.servers = [(LOOPBACK, free_port()), *gate.servers]
    mine = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    with psycopg.connect(pg_url, autocommit=True) as console:
        guests = [connect(gate, pg_url, own.file) for _ in range(3)]
        assert console.execute(mine).fetchone() == (4,)
        for guest in guests:
            guest.close()
        assert until(lambda: console.execute(mine).fetchone() == (1,))


def test_a_guest_notices_at_once_that_its_server_ended_or_its_gate_closed(pg_url, own, opened):
    gate = opened(pg_url)
    with connect(gate, pg_url, own.file) as guest, psycopg.connect(pg_url, autocommit=True) as console:
        console.execute("SELECT pg_terminate_backend(%s)", (guest.info.backend_pid,))
        with Stopwatch() as took, pytest.raises(psycopg.OperationalError):
            guest.execute("SELECT 1")
        assert took.s < 3
    with connect(gate, pg_url, own.file) as guest:
        gate.stop()
        with pytest.raises(psycopg.OperationalError):
            guest.execute("SELECT 1")
    assert gate.addresses == []


def test_a_server_that_is_away_is_said_to_be(pg_url, own, opened):
    gate = opened(f"postgresql://{LOOPBACK}:{free_port()}/")
    with pytest.raises(psycopg.OperationalError, match="does not answer"):
        connect(gate, pg_url, own.file)


def test_a_pc_whose_network_falls_silent_is_let_go(pg_url, own, opened):
    with FarPc() as far:
        gate = opened(pg_url, host=far.near, silent_s=1)
        guest = far.call(lambda: connect(gate, pg_url, own.file, connect_timeout=5))
        with guest:
            assert guest.execute("SELECT 1").fetchone() == (1,)
            far.cut()
            assert until(lambda: gate.guest_count == 0)
            guest.close()


@pytest.mark.parametrize(("host", "code"), [(LOOPBACK, "address_taken"), ("192.0.2.1", "address_unknown")])
def test_an_address_that_cannot_be_had_is_named(own, opened, host, code):
    taken = opened().addresses[0][1]
    second = GuestGate(own, [(host, taken)])
    with pytest.raises(OutsideError) as refused:
        second.start()
    assert (refused.value.code, refused.value.details) == (code, {"address": f"{host}:{taken}"})


def test_a_damaged_one_is_not_made_anew_behind_everybodys_back_and_a_folder_that_takes_none_is_named(tmp_path):
    for spoiled in ("certificate.pem", "certificate.key"):
        made = load_or_make_certificate(tmp_path / spoiled, NOW)
        made.file.with_name(spoiled).write_text("half a fi")
        with pytest.raises(OutsideError) as refused:
            load_or_make_certificate(tmp_path / spoiled, NOW)
        assert (refused.value.code, refused.value.details) == ("cannot_read", {"path": str(made.file)})
    (tmp_path / "file").touch()
    with pytest.raises(OutsideError) as refused:
        load_or_make_certificate(tmp_path / "file", NOW)
    assert (refused.value.code, refused.value.details) == ("cannot_write", {"path": str(tmp_path / "file")})


@pytest.mark.parametrize("how", ["postgres", "direct"])
def test_a_pc_comes_through_to_the_server_and_much_goes_both_ways(pg_url, own, opened, how):
    gate, text = opened(pg_url), "业务" * 1_000_000
    with connect(gate, pg_url, own.file, sslnegotiation=how) as guest:
        assert guest.pgconn.ssl_in_use
        found = guest.execute("SELECT current_database(), %s::text", (text,)).fetchone()
        assert found == (urlsplit(pg_url).path[1:], text)
        assert gate.guest_count == 1
    assert until(lambda: gate.guest_count == 0)


def test_who_pinned_another_certificate_guesses_or_does_not_encrypt_stays_outside(pg_url, own, opened, tmp_path):
    gate, other = opened(pg_url), load_or_make_certificate(tmp_path, NOW)
    for root, how, told in (
        (other.file, {}, "certificate verify failed"),
        (own.file, {"password": "guess"}, "password authentication failed"),
        (own.file, {"sslmode": "disable"}, "encrypted connections only"),
    ):
        with pytest.raises(psycopg.OperationalError, match=told):
            connect(gate, pg_url, root, **how)


def direct_tls(own: CertificateWithKey) -> ssl.SSLContext:
    """Return what speaks TLS at once, as PostgreSQL's clients may."""
    context = ssl.create_default_context(cafile=own.file)
    context.check_hostname = False
    context.set_alpn_protocols(["postgresql"])
    return context


def test_who_proves_nothing_is_let_go_also_where_it_reached_the_server_and_a_known_pc_stays_silent(pg_url, own, opened):
    gate, began = opened(pg_url), time.monotonic()
    connect(gate, pg_url, own.file).close()
    gate.limits = GateLimits(proof_s=max(1.0, 20 * (time.monotonic() - began)))  # a busy machine is slow to prove
    with connect(gate, pg_url, own.file) as guest, call_at(gate) as stranger:
        with direct_tls(own).wrap_socket(call_at(gate)) as line:
            words = b"user\0nobody\0\0"
            for each in (line, stranger):
                each.settimeout(PATIENCE_S)
            line.sendall(struct.pack("!ii", 8 + len(words), 3 << 16) + words)
            assert line.recv(1) == b"R"  # the server asks for a proof
            assert is_closed(line)
        assert is_closed(stranger)  # later than the guest would have been
        assert guest.execute("SELECT 1").fetchone() == (1,)


def test_a_flood_from_five_addresses_keeps_nobody_out(pg_url, own, opened):
    gate = opened(pg_url)
    connect(gate, pg_url, own.file).close()  # a PC that has joined
    assert until(lambda: gate.guest_count == 0)
    with ExitStack() as stack:
        flood = [stack.enter_context(call_at(gate, f"127.0.0.{n}")) for n in range(2, 7) for _ in range(32)]
        for line in flood[-128:]:
            line.sendall(HALF_A_GREETING)
        assert until(lambda: gate.guest_count == 128)
        for _ in range(3):
            connect(gate, pg_url, own.file, connect_timeout=5).close()
        with direct_tls(own).wrap_socket(call_at(gate, "127.0.0.9")) as newcomer:
            assert newcomer.selected_alpn_protocol() == "postgresql"
        assert is_closed(flood[0])


def test_a_certificate_is_made_once_for_each_hall_and_good_for_twenty_years_whatever_the_clock(tmp_path):
    first = load_or_make_certificate(tmp_path / "postgres", NOW)
    print_ = first.fingerprint
    again = load_or_make_certificate(tmp_path / "postgres", NOW + timedelta(days=400))
    assert (again, again.fingerprint) == (first, print_)
    assert print_ == certificate_sha256_hex(ssl.PEM_cert_to_DER_cert(first.file.read_text())) and len(print_) == 64
    assert load_or_make_certificate(tmp_path / "b", NOW).fingerprint != print_
    made = x509.load_pem_x509_certificate(first.file.read_bytes())
    assert made.not_valid_before_utc < datetime(2001, 1, 1, tzinfo=UTC), "for a PC whose clock lost its battery"
    assert made.not_valid_after_utc > datetime(2046, 1, 1, tzinfo=UTC)
    assert sys.platform == "win32" or stat.S_IMODE(first.key_file.stat().st_mode) == 0o600
    assert first.server_context("x").minimum_version is ssl.TLSVersion.TLSv1_3
    first.key_file.unlink()
    assert load_or_make_certificate(tmp_path / "postgres", NOW).fingerprint != print_, "without its key it is made anew"


def test_a_given_server_is_remembered_with_its_password_for_this_user_alone(tmp_path: Path):
    assert isinstance(hall_server_for_folder(tmp_path, None), server.LocalHallServer)
    hall_server_for_folder(tmp_path, "postgresql://o:secret@db/q").start()
    again, file = hall_server_for_folder(tmp_path, None), tmp_path / "server.json"
    assert isinstance(again, ExternalHallServer) and again.owner_url() == "postgresql://o:secret@db/q"
    assert file.stat().st_mode & 0o77 == 0
    file.write_text("{")
    with pytest.raises(OutsideError, match="cannot_read"):
        hall_server_for_folder(tmp_path, None).owner_url()


def test_what_one_process_writes_is_read_while_it_shares_alone_and_what_was_cut_off_until_one_begins_anew(tmp_path):
    own, second, file = SharingProcessNote(), SharingProcessNote(), tmp_path / "hall.sqlite"
    assert second.read() is None
    own.become_sharing_process()
    own.write({"hall": "T"})
    own.write_sharing_facts({"file": str(file), "since": "2026-11-20T09:00:00+00:00", "words": ["host"]})
    with pytest.raises(RuleError, match="host_running"):
        second.become_sharing_process()
    second.stop_being_sharing_process()
    assert SharingProcessNote().read()["hall"] == "T"
    assert SharingProcessNote().interrupted_sharing_facts() is None, "it is still at it"
    own.stop_being_sharing_process(goes_on=True)  # all that is left of one that was killed, or lets another take over
    assert SharingProcessNote().read() is None
    assert SharingProcessNote().interrupted_sharing_facts()["words"] == ["host"]
    assert SharingProcessNote().start_of_interrupted_sharing(file) == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert SharingProcessNote().start_of_interrupted_sharing(tmp_path / "other.sqlite") is None
    own.become_sharing_process()
    own.stop_being_sharing_process()
    assert SharingProcessNote().interrupted_sharing_facts() is None


def test_addresses_are_told_as_people_type_them():
    before, everywhere = own_ip_addresses(4), addresses_for_other_pcs([("0.0.0.0", 7432)])
    assert addresses_for_other_pcs([("192.0.2.7", 7432), ("::1", 5)]) == ["192.0.2.7:7432", "[::1]:5"]
    # Networks of other tests come and go meanwhile.
    stays = [f"{address}:7432" for address in before if address in own_ip_addresses(4)] or ["0.0.0.0:7432"]
    assert [one for one in everywhere if one in stays] == stays


def test_a_note_of_one_that_died_says_nothing_to_any_of_those_that_ask_at_once():
    own = SharingProcessNote()
    own.become_sharing_process()
    own.write({"hall": "T"})
    own._lock.release()  # as the system does when a process ends
    found: list[object] = []

    def ask() -> None:
        found.extend(SharingProcessNote().read() for _ in range(100))

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert found == [None] * 400


def test_it_is_asked_to_stop_and_waited_for_and_who_would_go_on_for_it_does_not_begin(tmp_path: Path):
    own, late = SharingProcessNote(), SharingProcessNote()
    own.become_sharing_process()
    own.write_sharing_facts({"file": str(tmp_path / "hall.sqlite"), "words": ["host"]})
    asking = threading.Thread(target=SharingProcessNote().stop_sharing_and_wait)
    asking.start()
    while not own.is_stop_requested():
        assert asking.is_alive()
    own.stop_being_sharing_process(goes_on=True)  # it was about to leave its place to another
    asking.join(PATIENCE_S)
    assert not asking.is_alive()
    with pytest.raises(RuleError, match="host_not_running"):
        SharingProcessNote().stop_sharing_and_wait()
    with pytest.raises(RuleError, match="host_not_running"):
        late.become_sharing_process(again=True)
    assert not SharingProcessNote().is_some_process_sharing()
    late.become_sharing_process()
    assert not late.is_stop_requested()
    late.stop_being_sharing_process()


@pytest.fixture
def shared(tmp_path: Path, pg_url: str) -> Iterator[Hall]:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A")
    network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=network.install_pc_rights)
    hall.desk.db.dispose()
    db = Database.open(pg_url)
    yield Hall(Desk(db, 1), hall.clock, hall.path)
    db.dispose()


@contextmanager
def at_work(chores: HostChores) -> Iterator[None]:
    chores.start()
    try:
        yield
    finally:
        chores.stop()


def test_a_main_pc_is_seen_ends_a_date_that_is_over_and_goes_on_after_a_bug(shared, caplog):
    """A chore that meets a bug is tried again and said in the log."""
    db, tried = shared.desk.db, threading.Semaphore(0)

    def spoiled_clock() -> datetime:
        tried.release()
        raise ZeroDivisionError

    with at_work(HostChores(db, spoiled_clock, "nobody", every_s=0.01)):
        assert all(tried.acquire(timeout=PATIENCE_S) for _ in range(2))
    assert "a chore met a bug" in caplog.text
    role, _password = network.create_pc_credential(db, "T", PcKind.MANAGER, name="Main", by="M1", now=shared.clock())
    with at_work(HostChores(db, shared.clock, role)):
        pcs = partial(network.pcs_of_hall, shared.desk, shared.clock())
        until(lambda: [pc_state(pc, shared.clock()) for pc in pcs()] == [PcState.HERE])
    assert looking.events_after(shared.desk, 0)[-1].kind != "day-end"
    tomorrow = shared.clock() + timedelta(days=1)
    with at_work(HostChores(db, lambda: tomorrow, "")):
        until(lambda: looking.events_after(shared.desk, 0)[-1].kind == "day-end")
    assert looking.events_after(shared.desk, 0)[-1].actor == "hall"
