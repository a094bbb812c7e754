"""A PC joins a shared hall through the gate, over real sockets, and somebody in between gets nothing."""

import json
import socket
import ssl
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from queuedesk.app.clock import real_clock
from queuedesk.app.hosting import credentials, joining
from queuedesk.app.hosting.gate import JOIN, CertificateWithKey, GuestGate, load_or_make_certificate
from queuedesk.app.hosting.joining import JoinService
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.sharing import JoinResult, PcKind, join_code_in_two_groups
from queuedesk.desk import network
from queuedesk.paths import password_file
from queuedesk.store.engine.address import parse_server_address
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION
from tests.bounded import Stopwatch
from tests.hall import Hall
from tests.main_pc import LOOPBACK, Host, kept, open_host, own_pc, refusal
from tests.networks import free_port


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> CertificateWithKey:
    return load_or_make_certificate(tmp_path_factory.mktemp("host"), real_clock())


@pytest.fixture
def host(shared_url, own) -> Iterator[Host]:
    with open_host(shared_url, own) as opened:
        yield opened


@pytest.fixture(autouse=True)
def pc(tmp_path, monkeypatch) -> Path:
    return own_pc(tmp_path / "pc", monkeypatch)


def test_a_pc_joins_works_and_nobody_else_reads_what_it_keeps(host, pc):
    """No address has the password."""
    joined = joining.join_hall(host.address, join_code_in_two_groups(host.code().code).lower(), name="窗口 3")
    assert (joined.hall, joined.name, joined.kind, joined.host) == ("T", "窗口 3", "staff", host.address)
    assert (config.load_config().db, config.load_config().hall) == (joined.db, "T")
    assert [(one.name, one.kind, one.made_by) for one in host.pcs()] == [("窗口 3", PcKind.STAFF, "console")]
    hall = host.hall.hall(config.load_config().db)
    assert hall.issue("A") == "A001"
    password = password_file().read_text(encoding="utf-8").strip().rpartition(":")[2]
    assert len(password) > 20 and password not in joined.db and password not in config.config_file().read_text()
    private = [path for path in pc.iterdir() if path.name != config.FILE]
    assert len(private) == 2
    assert sys.platform == "win32" or {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    pins = [ssl.PEM_cert_to_DER_cert(file.read_text()) for file in (*pc.glob("hall-*.pem"), host.own.file)]
    assert pins[0] == pins[1]


def test_a_pc_follows_its_main_pc_joins_again_and_leaves(host, pc, own, tmp_path):
    """It keeps one password until it leaves, and takes no other main PC for its own that moved."""
    credentials.write_database_password_to_file(parse_server_address("postgresql://own@[::1]/a:b"), "c\\d")
    with pytest.raises(RuleError, match="code_needed"):
        joining.rejoin_hall_at_new_address(host.address)
    before = joining.join_hall(host.address, host.code().code, name="door")
    other = GuestGate(
        load_or_make_certificate(tmp_path / "other", real_clock()), [(LOOPBACK, 0)], servers=host.gate.servers
    )
    other.start()
    as_it_was = kept(pc)
    try:
        with pytest.raises(OutsideError, match="wrong_certificate"):
            joining.rejoin_hall_at_new_address(f"{LOOPBACK}:{other.addresses[0][1]}")
    finally:
        other.stop()
    assert kept(pc) == as_it_was

    moved = GuestGate(own, [(LOOPBACK, 0)], servers=host.gate.servers, join=host.gate.join)
    moved.start()
    host.gate.stop()
    try:
        place = f"{LOOPBACK}:{moved.addresses[0][1]}"
        after = joining.rejoin_hall_at_new_address(place)
        assert host.hall.hall(config.load_config().db).issue("A") == "A001"
        assert (after.hall, after.name, after.kind, config.load_config().hall) == ("T", "door", "staff", "T")
        assert after.db == config.load_config().db != before.db
        assert len(passwords()) == 2
        again = joining.join_hall(place, host.code(PcKind.PUBLIC).code)
        assert after.db != again.db == config.load_config().db
        assert len(passwords()) == 2
        Database.open(again.db).dispose()
    finally:
        moved.stop()
    assert credentials.disconnect_shared_hall() == again.db
    assert (config.load_config().db, config.load_config().hall, credentials.disconnect_shared_hall()) == ("", "", "")
    assert passwords() == ["\\:\\:1:5432:a\\:b:own:c\\\\d"]


def passwords() -> list[str]:
    return password_file().read_text(encoding="utf-8").splitlines()


def joined_by_server(host: Host, own: CertificateWithKey, database: str, server: str) -> JoinResult:
    """Let this PC join through a main PC that sends it to `server`, past its gate."""
    server += "?sslmode=disable"
    service = JoinService(host.hall.owner, own.fingerprint, host.hall.clock, database=database, server=server)
    gate = GuestGate(own, [(LOOPBACK, 0)], join=service)
    gate.start()
    try:
        return joining.join_hall(f"{LOOPBACK}:{gate.addresses[0][1]}", host.code().code)
    finally:
        gate.stop()


def test_a_pc_goes_to_a_server_that_others_reach_by_itself_or_to_several_that_stand_for_each_other(
    host, own, shared_url
):
    """Its password is kept for each host. A typed list may name others; of a list that is none nothing changes."""
    database, gone = urlsplit(shared_url), free_port()
    joined = joined_by_server(host, own, database.path[1:], f"{LOOPBACK}:{database.port}")
    assert joined.db.endswith(f"@{LOOPBACK}:{database.port}{database.path}?sslmode=disable")
    assert host.hall.hall(config.load_config().db).issue("A") == "A001"
    both = f"{LOOPBACK}:{gone},{LOOPBACK}:{database.port}"
    joined = joined_by_server(host, own, database.path[1:], both)
    assert joined.db.endswith(f"@{both}{database.path}?sslmode=disable")
    assert [line.split(":")[1] for line in passwords()] == [str(gone), str(database.port)]
    assert host.hall.hall(config.load_config().db).issue("A") == "A002"
    before = passwords()
    with pytest.raises(RuleError, match="bad_address"):
        joining.rejoin_hall_at_new_address(f"{both},:7")
    with pytest.raises(OutsideError, match="database_away"):
        joining.rejoin_hall_at_new_address(f"{LOOPBACK}:{gone},{LOOPBACK}:{gone}")
    assert passwords() == before and config.load_config().db == joined.db
    again = joining.rejoin_hall_at_new_address(f"{LOOPBACK}:{database.port}, localhost:{gone}")
    assert [line.split(":")[:2] for line in passwords()] == [[LOOPBACK, str(database.port)], ["localhost", str(gone)]]
    assert again.host == f"{LOOPBACK}:{database.port}, localhost:{gone}"
    assert host.hall.hall(config.load_config().db).issue("A") == "A003"
    joining.leave_shared_hall()
    assert passwords() == []


def test_a_code_lets_one_pc_into_its_hall_for_ten_minutes(host, pc):
    """A new one is in place of the former. A PC without a name has its system's; two of one name are told apart."""
    first = host.code().code
    assert joining.join_hall(host.address, first).name == "window-3"
    assert refusal(pc, host.address, first).code == "code_spent"
    assert len(host.pcs()) == 1
    former, early, late = host.code(), host.code(), host.code(hall=2)
    assert refusal(pc, host.address, former.code).code == "bad_code"
    host.hall.pass_by(minutes=9)
    joined = joining.join_hall(host.address, early.code)
    assert (joined.hall, joined.name) == ("T", "window-3 2")
    host.hall.pass_by(minutes=1)
    assert refusal(pc, host.address, late.code).code == "code_spent"
    assert joining.join_hall(host.address, host.code(hall=2).code).hall == "U"


def test_a_code_outlives_what_goes_wrong_at_a_pc_and_not_five_wrong_tries(host, pc, between):
    """A program of another version, a PC that can keep nothing, a database that can't be opened."""
    code = host.code().code
    pc.parent.mkdir(parents=True)
    pc.write_text("a file where the folder should be")
    with pytest.raises(OutsideError, match="cannot_write"):
        joining.join_hall(host.address, code)
    pc.unlink()
    for step, refused in ((1, "database_newer"), (-1, "database_older")):

        def offer_another_version(line: socket.socket, step: int = step) -> None:
            with to_the_host(host.address) as onward, line.makefile("rb") as said, onward.makefile("rb") as answered:
                onward.sendall(said.readline())
                offer = json.loads(answered.readline())
                line.sendall(json.dumps(offer | {"revision": int(REVISION) + step}).encode() + b"\n")

        assert refusal(pc, between(offer_another_version).address, code).code == refused
    assert network.is_join_code_open(host.hall.hall().desk)

    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    tries = [refusal(pc, host.address, wrong) for _ in range(5)]
    told = [(one.code, one.details.get("left")) for one in tries]
    assert told == [*(("bad_code", left) for left in (4, 3, 2, 1)), ("code_spent", None)]
    assert refusal(pc, host.address, code).code == "code_spent"
    assert host.pcs() == []
    joining.join_hall(host.address, host.code().code)
    host.gate.servers = ()
    assert refusal(pc, host.address, host.code().code).code.startswith("database_")


def test_nobody_there_another_kind_of_server_and_what_is_no_code_or_address(shared_url, pc):
    """The last two are said without asking anybody."""
    nobody = f"{LOOPBACK}:{free_port()}"
    refused = refusal(pc, nobody, "7KMX2PRD")
    assert (refused.code, refused.details) == ("host_unreachable", {"address": nobody})
    assert refusal(pc, f"{LOOPBACK}:{urlsplit(shared_url).port}", "7KMX2PRD").code == "not_a_host"
    assert refusal(pc, "nowhere.invalid", "7KMX").code == "not_a_code"
    assert refusal(pc, "no address", "7KMX2PRD").code == "bad_address"


def test_a_withdrawn_pc_is_cut_off_within_three_seconds_and_let_in_no_more(host):
    joined = joining.join_hall(host.address, host.code().code)
    hall: Hall = host.hall.hall(joined.db)
    assert hall.issue("A") == "A001"
    login = {"host": LOOPBACK, "port": host.gate.addresses[0][1], "passfile": str(password_file())}
    with psycopg.connect(joined.db, **login, autocommit=True) as line:
        network.withdraw_shared_pc(host.hall.hall().desk, host.ask(), joined.name)
        with Stopwatch() as took, pytest.raises(psycopg.OperationalError):
            while True:
                line.execute("SELECT 1")
        assert took.s < 3
    with pytest.raises(QueueDeskError):
        hall.issue("A")
    with pytest.raises(OutsideError):
        Database.open(joined.db)
    assert [one.withdrawn is None for one in host.pcs()] == [False]


def test_a_managers_pc_alone_lets_in_and_withdraws_and_not_itself(host):
    chief = joining.join_hall(host.address, host.code(PcKind.MANAGER).code, name="chief")
    desk = host.hall.hall(chief.db).desk
    code = network.make_join_code(desk, host.ask(), PcKind.PUBLIC)
    screen: JoinResult = joining.join_hall(host.address, code.code, name="screen")
    assert network.withdraw_shared_pc(desk, host.ask(), "screen").role in screen.db
    for pc, refused in (("chief", "own_pc"), ("screen", "unknown_pc"), ("nobody", "unknown_pc")):
        with pytest.raises(QueueDeskError, match=refused):
            network.withdraw_shared_pc(desk, host.ask(), pc)
    others = (PcKind.PUBLIC, PcKind.WEB, PcKind.STAFF)
    for kind in others:
        own = host.hall.hall(joining.join_hall(host.address, host.code(kind).code, name=kind).db).desk
        for forbidden, what in ((network.make_join_code, PcKind.MANAGER), (network.withdraw_shared_pc, "chief")):
            with pytest.raises(QueueDeskError):
                forbidden(own, host.ask(), what)
    assert {one.name for one in host.pcs() if one.withdrawn is None} == {"chief", *others}


class Between:
    """Listens with a certificate of its own and does with what a PC says, line by line, what `act` does."""

    def __init__(self, own: CertificateWithKey, act: Callable[[socket.socket], None]) -> None:
        self._context, self._act = own.server_context(JOIN), act
        self._listening = socket.create_server((LOOPBACK, 0))
        self.address = f"{LOOPBACK}:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        plain, _ = self._listening.accept()
        with suppress(OSError), self._context.wrap_socket(plain, server_side=True) as line:
            self._act(line)

    def close(self) -> None:
        self._thread.join()
        self._listening.close()


@pytest.fixture
def between(tmp_path) -> Iterator[Callable[..., Between]]:
    with ExitStack() as stack:

        def put(act: Callable[[socket.socket], None]) -> Between:
            made = Between(load_or_make_certificate(tmp_path / "between", real_clock()), act)
            stack.callback(made.close)
            return made

        yield put


def to_the_host(address: str) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols([JOIN])
    place, _, port = address.rpartition(":")
    return context.wrap_socket(socket.create_connection((place, int(port)), timeout=5))


def test_who_hands_on_every_word_between_a_pc_and_its_host_gets_nothing(host, pc, between):
    def hand_on(line: socket.socket) -> None:
        with to_the_host(host.address) as onward, line.makefile("rb") as said, onward.makefile("rb") as answered:
            for _ in range(2):
                onward.sendall(said.readline())
                line.sendall(answered.readline())

    code = host.code().code
    refused = refusal(pc, between(hand_on).address, code)
    assert (refused.code, refused.details) == ("bad_code", {"left": 4})
    assert host.pcs() == []
    joining.join_hall(host.address, code)  # the right way it still works


@pytest.mark.parametrize("knows_codes", [True, False])
def test_who_plays_the_host_without_the_code_is_not_believed(host, pc, between, knows_codes):
    answer = dict.fromkeys(("role", "password", "database", "hall", "hall_name", "pc"), "x")
    answer |= {"server": "evil.example:5432", "kind": "staff"}

    def play(line: socket.socket) -> None:
        with line.makefile("rb") as said:
            said.readline()
            codes = [["id", "00" * 16]] if knows_codes else []
            line.sendall(json.dumps({"revision": int(REVISION), "nonce": "n", "codes": codes}).encode() + b"\n")
            proofs = json.loads(said.readline())["proofs"]
            shown = {"code": "id", "answer": json.dumps(answer), "proof": proofs.get("id", "0" * 64)}
            line.sendall(json.dumps(shown).encode() + b"\n")

    assert refusal(pc, between(play).address, host.code().code).code == "host_not_proven"


def test_who_says_nonsense_is_no_host_and_a_host_lets_nonsense_go_and_stands(host, pc, between):
    for said in (
        *(b"", b"\n", b"[]\n", b"{}\n", b"\xff\n", b"x" * 100_000 + b"\n"),
        b'{"codes": 7, "revision": %d, "nonce": "n"}\n' % int(REVISION),
        b'{"codes": [["id", "no hex"]], "revision": %d, "nonce": "n"}\n' % int(REVISION),
        b'{"codes": [], "revision": [], "nonce": "n"}\n',
    ):
        refused = refusal(pc, between(lambda line, said=said: line.sendall(said)).address, "7KMX2PRD")
        assert refused.code in ("not_a_host", "host_unreachable"), said[:60]
    code = host.code().code
    for said in (
        *(b"x\n", b"[]\n", b"{}\n", b'{"nonce": "n"}\n{}\n', b"x" * 200_000),
        *(b'{"nonce": "n"}\n{"name": 1, "proofs": {}}\n', b'{"nonce": "n"}\n{"name": "", "proofs": []}\n'),
    ):
        with to_the_host(host.address) as line, suppress(OSError), line.makefile("rb") as answered:
            line.sendall(said)
            assert answered.readlines()[1:] == [], said[:60]
    joining.join_hall(host.address, code)


def test_a_joined_pc_speaks_with_no_other_host(host, tmp_path):
    joined = joining.join_hall(host.address, host.code().code)
    port = host.gate.addresses[0][1]
    host.gate.stop()
    other = load_or_make_certificate(tmp_path / "other", real_clock())
    impostor = GuestGate(other, [(LOOPBACK, port)], servers=host.gate.servers)
    impostor.start()
    try:
        with pytest.raises(OutsideError):
            Database.open(joined.db)
    finally:
        impostor.stop()
