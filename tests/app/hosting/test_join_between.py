"""Somebody stands between a PC and its hall's main PC, plays one of them, or talks nonsense: with real sockets and TLS,
and gets nothing."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from queuedesk.app.clock import real_clock
from queuedesk.app.hosting import joining
from queuedesk.app.hosting.gate import JOIN, Certificate, Gate, certificate
from queuedesk.core.errors import OutsideError
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION
from tests.main_pc import LOOPBACK, Host, open_host, own_pc, refusal


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("host"), real_clock())


@pytest.fixture
def host(shared_url, own) -> Iterator[Host]:
    with open_host(shared_url, own) as opened:
        yield opened


@pytest.fixture(autouse=True)
def pc(tmp_path, monkeypatch) -> Path:
    return own_pc(tmp_path / "pc", monkeypatch)


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
            line.sendall(json.dumps({"revision": int(REVISION), "nonce": "n", "codes": codes}).encode() + b"\n")
            proofs = json.loads(said.readline())["proofs"]
            shown = {"code": "id", "answer": json.dumps(answer), "proof": proofs.get("id", "0" * 64)}
            line.sendall(json.dumps(shown).encode() + b"\n")

    assert refusal(pc, between(play).address, host.code().code).code == "host_not_proven"


def test_who_says_nonsense_is_no_host(pc, between):
    for said in (
        b"",
        b"\n",
        b"[]\n",
        b"{}\n",
        b'{"codes": 7, "revision": %d, "nonce": "n"}\n' % int(REVISION),
        b'{"codes": [["id", "no hex"]], "revision": %d, "nonce": "n"}\n' % int(REVISION),
        b'{"codes": [], "revision": [], "nonce": "n"}\n',
        b"x" * 100_000 + b"\n",
        b"\xff\n",
    ):
        refused = refusal(pc, between(lambda line, said=said: line.sendall(said)).address, "7KMX2PRD")

        assert refused.code in ("not_a_host", "host_unreachable"), said[:60]


def test_a_host_lets_nonsense_go_and_stands(host):
    code = host.code().code
    for said in (
        b"x\n",
        b"[]\n",
        b"{}\n",
        b'{"nonce": "n"}\n{}\n',
        b'{"nonce": "n"}\n{"name": 1, "proofs": {}}\n',
        b'{"nonce": "n"}\n{"name": "", "proofs": []}\n',
        b"x" * 200_000,
    ):
        with to_the_host(host.address) as line, suppress(OSError), line.makefile("rb") as answered:
            line.sendall(said)
            assert answered.readlines()[1:] == [], said[:60]

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
