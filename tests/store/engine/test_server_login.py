"""Logging in: refusals told by their code in any language, and one deadline wherever a name leads."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from queuedesk.store.engine import server_link, server_login
from queuedesk.store.engine.faults import outside
from tests.bounded import Stopwatch

NAME = "hall.example"
READY = b"R\x00\x00\x00\x08\x00\x00\x00\x00Z\x00\x00\x00\x05I"
PLAIN = "?sslmode=disable&gssencmode=disable"


def refusal(sqlstate: str, text: str) -> bytes:
    """Return what a server says that accepts no PC, in whatever language it speaks."""
    fields = (("S", "致命错误"), ("V", "FATAL"), ("C", sqlstate), ("M", text))
    said = b"".join(kind.encode() + value.encode() + b"\0" for kind, value in fields) + b"\0"
    return b"E" + (len(said) + 4).to_bytes(4, "big") + said


Serving = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serving]:
    """Let a server be at an address of this machine that answers everybody with the same bytes, or takes them and stays
    silent."""
    doors: list[socket.socket] = []
    guests: list[socket.socket] = []

    def answer(door: socket.socket, said: bytes) -> None:
        while True:
            try:
                guest, _where = door.accept()
            except OSError:
                return
            guests.append(guest)
            guest.recv(1000)
            guest.sendall(said)

    def at(host: str, said: bytes | None, port: int = 0) -> int:
        doors.append(door := socket.create_server((host, port)))
        if said is not None:
            threading.Thread(target=answer, args=(door, said), daemon=True).start()
        return int(door.getsockname()[1])

    yield at
    for one in (*doors, *guests):
        if one in doors:
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the system finds for every name; nothing, and it takes for ever, while the list is empty."""
    addresses: list[str] = []
    done = threading.Event()

    def getaddrinfo(host: str, port: str, **_: object) -> list[tuple[object, ...]]:
        if not addresses:
            done.wait()
            raise OSError
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(server_login.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(server_login, "LOOKUP_S", 0.05)
    yield addresses
    done.set()
    for known in (server_login._known, server_login._lookups):
        known.clear()


@pytest.mark.parametrize(
    ("sqlstate", "text", "code"),
    [
        ("28P01", "用户 qd_1 的密码认证失败", "pc_withdrawn"),
        ("28000", "la connexion n'est pas autorisée pour qd_1", "pc_withdrawn"),
        ("42501", "Keine Berechtigung für Datenbank hall", "pc_withdrawn"),
        ("3D000", "base de datos hall no existe", "database_missing"),
        ("53300", "接続数が多すぎます", "database_busy"),
        ("57P03", "система запускается", "database_away"),
    ],
)
def test_a_refusal_is_understood_in_any_language(serve: Serving, sqlstate: str, text: str, code: str) -> None:
    port = serve("127.0.0.1", refusal(sqlstate, text))

    with pytest.raises(psycopg.Error) as refused:
        server_link.connect(f"postgresql://qd_1:x@127.0.0.1:{port}/hall{PLAIN}")

    trouble = outside(refused.value)
    assert trouble is not None
    assert trouble.code == code
    assert text in str(refused.value)


def test_what_can_be_no_name_is_a_server_that_is_away() -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        server_link.connect("postgresql://qd_1:x@hall..example/hall")

    trouble = outside(refused.value)
    assert trouble is not None
    assert trouble.code == "database_away"


def test_a_name_with_several_silent_addresses_takes_no_longer_than_one(serve: Serving, found: list[str]) -> None:
    found[:] = [f"127.0.0.{n}" for n in range(1, 7)]
    port = serve(found[0], None)
    for address in found[1:]:
        serve(address, None, port)
    began = time.monotonic()

    with Stopwatch() as took, pytest.raises(psycopg.errors.ConnectionTimeout):
        server_login.log_in({"host": NAME, "port": port, "user": "x", "sslmode": "disable"}, 0.2)

    assert time.monotonic() - began > 0.15
    assert took.s < 0.9, "not 0.2 s for each of the six"


def test_the_address_that_answered_is_asked_first_and_known_where_names_are_not(
    serve: Serving, found: list[str]
) -> None:
    port = serve("127.0.0.1", None)
    serve("127.0.0.2", READY, port)
    found[:] = ["127.0.0.1", "127.0.0.2"]
    given = {"host": NAME, "port": port, "user": "x", "sslmode": "disable", "gssencmode": "disable"}
    server_login.log_in(given, 0.3).close()
    found.clear()

    with Stopwatch() as took:
        server_login.log_in(given, 5).close()

    assert took.s < 2
