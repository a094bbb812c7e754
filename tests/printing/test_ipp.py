"""What CUPS answers is read, also where it is cut, too long, or no answer at all."""

import socket
import threading

import pytest

from queuedesk.printing import spooler
from tests.bounded import PATIENCE_S

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %d\r\n\r\n%s"
BODY = (
    b"\x02\x00\x00\x00\x00\x00\x00\x01\x01"
    b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x04\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x05"
    b"\x44\x00\x15printer-state-reasons\x00\x06paused\x44\x00\x00\x00\x0bmedia-empty"
    b"\x22\x00\x02up\x00\x01\x00\x03"
)


def answer(said: bytes) -> tuple[str, threading.Thread]:
    """Listen once, answer `said`, and give the address."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(5)

    def once():
        with listening, listening.accept()[0] as line:
            line.settimeout(5)
            line.recv(65536)
            line.sendall(said)

    thread = threading.Thread(target=once)
    thread.start()
    return f"127.0.0.1:{listening.getsockname()[1]}", thread


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            HEAD % (len(BODY), BODY),
            {
                "attributes-charset": ["utf-8"],
                "printer-state": [5],
                "printer-state-reasons": ["paused", "media-empty"],
                "up": [False],
            },
        ),
        (HEAD % (8, b"\x02\x00\x04\x06\x00\x00\x00\x01"), {}),
        (HEAD % (8, b"\x02\x00\x04\x01\x00\x00\x00\x01"), None),
        (HEAD % (3, b"\x02\x00\x00"), None),
        (HEAD % (len(BODY) - 30, BODY[:-30]), None),
        (b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n", None),
        (b"no answer of a print server", None),
        (b"", None),
    ],
)
def test_an_answer_is_read_or_counts_as_none(said, found):
    server, thread = answer(said)
    try:
        assert spooler.ask(server, spooler.GET_PRINTER, "ipp://localhost/printers/p", ("printer-state",)) == found
    finally:
        thread.join(PATIENCE_S)


@pytest.mark.parametrize("server", ["127.0.0.1:9", "/no/such/cups.sock", "", "a:b"])
def test_a_server_that_is_not_there_says_nothing(server):
    assert spooler.ask(server, spooler.GET_JOB, "ipp://localhost/jobs/1", ("job-state",)) is None
