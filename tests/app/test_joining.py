"""A PC joins a shared hall through the gate: real sockets, TLS and PostgreSQL, and somebody in between who must get nothing."""

import json
import socket
import ssl
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from queuedesk.app import config, joining
from queuedesk.app.certificate import Certificate, certificate
from queuedesk.app.clock import real_clock
from queuedesk.app.gate import Gate
from queuedesk.app.gate_guest import JOIN
from queuedesk.app.joining import Joined
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.sharing import PcKind, shown_code
from queuedesk.desk import join_codes
from queuedesk.paths import passfile
from queuedesk.store.database import Database
from tests.hall import Hall
from tests.main_pc import Host, open_host

LOOPBACK = "127.0.0.1"


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("host"), real_clock())


@pytest.fixture
def host(pg_url, own) -> Iterator[Host]:
    with open_host(pg_url, own) as opened:
        yield opened


@pytest.fixture(autouse=True)
def pc(tmp_path, monkeypatch) -> Path:
    """Make the folder of settings of a PC of its own."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "pc"))
    monkeypatch.setattr("socket.gethostname", lambda: "window-3")
    return config.config_file().parent


def kept(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()} if folder.exists() else {}


def refusal(folder: Path, address: str, code: str) -> QueueDeskError:
    """Return how joining is refused; the PC is as it was."""
    before = kept(folder)
    with pytest.raises(QueueDeskError) as refused:
        joining.join(address, code)
    assert kept(folder) == before
    return refused.value


def test_a_pc_joins_and_works(host, pc):
    joined = joining.join(host.address, shown_code(host.code().code).lower(), name="窗口 3")

    assert (joined.hall, joined.name, joined.kind, joined.host) == ("T", "窗口 3", "staff", host.address)
    assert (config.load().db, config.load().hall) == (joined.db, "T")
    assert [(one.name, one.kind, one.made_by) for one in host.pcs()] == [("窗口 3", PcKind.STAFF, "console")]
    hall = host.hall.hall(config.load().db)
    assert hall.issue("A") == "A001"


def test_nobody_else_reads_what_a_pc_keeps_and_no_address_has_the_password(host, pc):
    joined = joining.join(host.address, host.code().code)

    password = passfile().read_text(encoding="utf-8").strip().rpartition(":")[2]
    assert len(password) > 20 and password not in joined.db and password not in config.config_file().read_text()
    private = [path for path in pc.iterdir() if path.name != config.FILE]
    assert len(private) == 2
    assert sys.platform == "win32" or {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    assert ssl.PEM_cert_to_DER_cert(next(pc.glob("hall-*.pem")).read_text()) == ssl.PEM_cert_to_DER_cert(
        host.own.file.read_text()
    )


def test_a_pc_without_a_name_has_its_systems_and_two_of_one_name_are_told_apart(host):
    assert joining.join(host.address, host.code().code).name == "window-3"
    assert joining.join(host.address, host.code().code).name == "window-3 2"


def test_a_pc_that_joins_again_keeps_one_password(host):
    first = joining.join(host.address, host.code().code)
    second = joining.join(host.address, host.code(PcKind.PUBLIC).code)

    assert first.db != second.db == config.load().db
    assert len(passfile().read_text(encoding="utf-8").splitlines()) == 1
    Database.open(second.db).dispose()


def test_a_code_lets_one_pc_in(host, pc):
    code = host.code().code
    joining.join(host.address, code)

    assert refusal(pc, host.address, code).code == "code_spent"
    assert len(host.pcs()) == 1


def test_a_code_lasts_ten_minutes(host, pc):
    early, late = host.code(), host.code(hall=2)
    host.hall.clock.move(minutes=9, seconds=59)
    joining.join(host.address, early.code)
    host.hall.clock.move(seconds=1)

    assert refusal(pc, host.address, late.code).code == "code_spent"


def test_five_wrong_tries_and_the_right_code_is_spent_too(host, pc):
    code = host.code().code
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")

    tries = [refusal(pc, host.address, wrong) for _ in range(5)]

    assert [(one.code, one.details.get("left")) for one in tries] == [
        *(("bad_code", left) for left in (4, 3, 2, 1)),
        ("code_spent", None),
    ]
    assert refusal(pc, host.address, code).code == "code_spent"
    assert host.pcs() == []


def test_many_at_once_have_five_tries_in_all(host, pc):
    code = host.code().code
    wrong = code[::-1] if code != code[::-1] else code[1:] + code[0]
    said: list[str] = []

    def try_it() -> None:
        with suppress(QueueDeskError):
            try:
                joining.join(host.address, wrong)
            except QueueDeskError as error:
                said.append(error.code)
                raise

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["bad_code"] * 4 + ["code_spent"] * 4


def test_a_new_code_is_in_place_of_the_former_one(host, pc):
    former = host.code()
    host.code()

    assert refusal(pc, host.address, former.code).code == "bad_code"


def test_two_halls_in_one_database_let_in_by_their_own_codes(host):
    here, there = host.code(), host.code(hall=2)

    assert joining.join(host.address, here.code).hall == "T"
    assert joining.join(host.address, there.code).hall == "U"


# -- who answers --


def test_nobody_there(pc):
    with socket.socket() as nobody:
        nobody.bind((LOOPBACK, 0))
        address = f"{LOOPBACK}:{nobody.getsockname()[1]}"

        refused = refusal(pc, address, "7KMX2PRD")

    assert (refused.code, refused.details) == ("host_unreachable", {"address": address})


def test_another_kind_of_server(pg_url, pc):
    assert refusal(pc, f"{LOOPBACK}:{urlsplit(pg_url).port}", "7KMX2PRD").code == "not_a_host"


def test_what_is_no_code_or_address_is_said_without_asking_anybody(pc):
    assert refusal(pc, "nowhere.invalid", "7KMX").code == "not_a_code"
    assert refusal(pc, "no address", "7KMX2PRD").code == "bad_address"


def test_a_pc_that_can_keep_nothing_uses_up_no_code(host, pc):
    code = host.code().code
    pc.parent.mkdir(parents=True)
    pc.write_text("a file where the folder should be")

    with pytest.raises(OutsideError, match="cannot_write"):
        joining.join(host.address, code)

    pc.unlink()
    joining.join(host.address, code)


def test_a_database_that_cannot_be_opened_leaves_the_pc_as_it_was(host, pc):
    host.gate.server = None

    assert refusal(pc, host.address, host.code().code).code.startswith("database_")


# -- somebody in between --


class Between:
    """Listens with a certificate of its own and does with what a PC says, line by line, what `act` does."""

    def __init__(self, own: Certificate, act: Callable[[socket.socket], None]) -> None:
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
            made = Between(certificate(tmp_path / "between", real_clock()), act)
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
    joining.join(host.address, code)  # the right way it still works


@pytest.mark.parametrize("knows_codes", [True, False])
def test_who_plays_the_host_without_the_code_is_not_believed(host, pc, between, knows_codes):
    answer = {
        "role": "x",
        "password": "x",
        "database": "x",
        "server": "evil.example:5432",
        "hall": "T",
        "hall_name": "T",
        "pc": "x",
        "kind": "staff",
    }

    def play(line: socket.socket) -> None:
        with line.makefile("rb") as said:
            said.readline()
            codes = [["id", "00" * 16]] if knows_codes else []
            line.sendall(json.dumps({"version": 1, "revision": 1, "nonce": "n", "codes": codes}).encode() + b"\n")
            proofs = json.loads(said.readline())["proofs"]
            shown = {"code": "id", "answer": json.dumps(answer), "proof": proofs.get("id", "0" * 64)}
            line.sendall(json.dumps(shown).encode() + b"\n")

    assert refusal(pc, between(play).address, host.code().code).code == "host_not_proven"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\n",
        b"[]\n",
        b"{}\n",
        b'{"codes": 7, "revision": 1, "nonce": "n"}\n',
        b'{"codes": [["id", "no hex"]], "revision": 1, "nonce": "n"}\n',
        b"x" * 100_000 + b"\n",
        b"\xff\n",
    ],
)
def test_who_says_nonsense_is_no_host(pc, between, said):
    refused = refusal(pc, between(lambda line: line.sendall(said)).address, "7KMX2PRD")

    assert refused.code in ("not_a_host", "host_unreachable")


@pytest.mark.parametrize(
    "said",
    [
        b"x\n",
        b"[]\n",
        b"{}\n",
        b'{"nonce": "n"}\n{}\n',
        b'{"nonce": "n"}\n{"name": 1, "proofs": {}}\n',
        b'{"nonce": "n"}\n{"name": "", "proofs": []}\n',
        b"x" * 200_000,
    ],
)
def test_a_host_lets_nonsense_go_and_stands(host, said):
    code = host.code().code

    with to_the_host(host.address) as line, suppress(OSError), line.makefile("rb") as answered:
        line.sendall(said)
        assert answered.readlines()[1:] == []

    joining.join(host.address, code)


def test_a_joined_pc_speaks_with_no_other_host(host, tmp_path):
    joined = joining.join(host.address, host.code().code)
    port = host.gate.addresses[0][1]
    host.gate.stop()
    other = certificate(tmp_path / "other", real_clock())
    impostor = Gate(other, [(LOOPBACK, port)], server=host.gate.server)
    impostor.start()
    try:
        with pytest.raises(OutsideError):
            Database.open(joined.db)
    finally:
        impostor.stop()


# -- withdrawing --


def test_a_withdrawn_pc_is_cut_off_within_three_seconds_and_let_in_no_more(host):
    joined = joining.join(host.address, host.code().code)
    hall: Hall = host.hall.hall(joined.db)
    assert hall.issue("A") == "A001"
    login = {"host": LOOPBACK, "port": host.gate.addresses[0][1], "passfile": str(passfile())}
    with psycopg.connect(joined.db, **login, autocommit=True) as line:
        started = time.monotonic()
        join_codes.withdraw(host.hall.hall().desk, host.ask(), joined.name)
        with pytest.raises(psycopg.OperationalError):
            while True:
                line.execute("SELECT 1")
        assert time.monotonic() - started < 3

    with pytest.raises(QueueDeskError):
        hall.issue("A")
    with pytest.raises(OutsideError):
        Database.open(joined.db)
    assert [one.withdrawn is None for one in host.pcs()] == [False]


def test_a_managers_pc_lets_in_and_withdraws_and_not_itself(host):
    chief = joining.join(host.address, host.code(PcKind.MANAGER).code, name="chief")
    desk = host.hall.hall(chief.db).desk
    code = join_codes.make_code(desk, host.ask(), PcKind.PUBLIC)
    screen: Joined = joining.join(host.address, code.code, name="screen")

    assert join_codes.withdraw(desk, host.ask(), "screen").role in screen.db
    for pc, refused in (("chief", "own_pc"), ("screen", "unknown_pc"), ("nobody", "unknown_pc")):
        with pytest.raises(QueueDeskError, match=refused):
            join_codes.withdraw(desk, host.ask(), pc)


@pytest.mark.parametrize("kind", [PcKind.PUBLIC, PcKind.STAFF])
def test_another_pc_makes_no_codes_and_withdraws_nobody(host, kind):
    joined = joining.join(host.address, host.code(kind).code)
    desk = host.hall.hall(joined.db).desk
    other = joining.join(host.address, host.code().code, name="other")

    for forbidden in (
        lambda: join_codes.make_code(desk, host.ask(), PcKind.MANAGER),
        lambda: join_codes.withdraw(desk, host.ask(), other.name),
    ):
        with pytest.raises(QueueDeskError):
            forbidden()
    assert [one.withdrawn for one in host.pcs()] == [None, None]
