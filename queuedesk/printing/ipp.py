"""Asks CUPS by IPP (RFC 8010, RFC 8011) about printers and jobs."""

from __future__ import annotations

import http.client
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import count
from typing import Final

Value = str | int | bool
Answer = dict[str, list[Value]]

GET_JOB: Final = 0x0009
GET_PRINTER: Final = 0x000B
_TIMEOUT_S = 3
_MOST_BYTES = 1_000_000
_OPERATION, _END = 0x01, 0x03
_FIRST_OF_A_VALUE = 0x10  # below stand the marks that begin a group
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_KEYWORD, _URI, _CHARSET, _LANGUAGE = 0x44, 0x45, 0x47, 0x48
_NOT_FOUND = 0x0406
_FIRST_REFUSAL = 0x0400
_numbers = count(1)


class _ByFile(http.client.HTTPConnection):
    """A connection to a server on this PC that listens at a file."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host)


def ask(server: str, operation: int, uri: str, wanted: Iterable[str]) -> Answer | None:
    """Return the `wanted` attributes of the printer or job at `uri`; empty when the server knows none such, None when
    it does not answer.

    Args:
        server: as `lpstat -H` names it: "host:port", or the file at which it listens.
    """
    target = "job-uri" if operation == GET_JOB else "printer-uri"
    body = b"".join(
        (
            struct.pack(">BBHI", 2, 0, operation, next(_numbers)),
            bytes([_OPERATION]),
            _attribute(_CHARSET, "attributes-charset", "utf-8"),
            _attribute(_LANGUAGE, "attributes-natural-language", "en"),
            _attribute(_URI, target, uri),
            *(_attribute(_KEYWORD, "" if n else "requested-attributes", name) for n, name in enumerate(wanted)),
            bytes([_END]),
        )
    )
    try:
        with closing(_connection(server)) as connection:
            connection.request("POST", "/", body, {"Content-Type": "application/ipp"})
            response = connection.getresponse()
            return _read(response.read(_MOST_BYTES)) if response.status == http.client.OK else None
    except (OSError, http.client.HTTPException, struct.error, UnicodeError):
        return None


def _connection(server: str) -> http.client.HTTPConnection:
    kind = _ByFile if server.startswith("/") else http.client.HTTPConnection
    return kind(server, timeout=_TIMEOUT_S)


def _attribute(tag: int, name: str, value: str) -> bytes:
    """Return one attribute; one without a name is a further value of that before it."""
    key, text = name.encode(), value.encode()
    return struct.pack(">BH", tag, len(key)) + key + struct.pack(">H", len(text)) + text


def _read(said: bytes) -> Answer | None:
    """Return what an answer says. Raises struct.error where it is cut."""
    _version, status, _number = struct.unpack_from(">HHI", said)
    if status == _NOT_FOUND:
        return {}
    if status >= _FIRST_REFUSAL:
        return None
    found: Answer = {}
    name = ""
    for tag, key, value in _attributes(said):
        name = key or name
        found.setdefault(name, []).append(_value(tag, value))
    return found


def _attributes(said: bytes) -> Iterator[tuple[int, str, bytes]]:
    at = 8
    while (tag := struct.unpack_from("B", said, at)[0]) != _END:
        at += 1
        if tag < _FIRST_OF_A_VALUE:
            continue
        key, at = _text(said, at)
        value, at = _text(said, at)
        yield tag, key.decode(), value


def _text(said: bytes, at: int) -> tuple[bytes, int]:
    """Return what stands at `at` behind its length, and where it ends."""
    (length,) = struct.unpack_from(">H", said, at)
    return struct.unpack_from(f"{length}s", said, at + 2)[0], at + 2 + length


def _value(tag: int, value: bytes) -> Value:
    if tag in (_INTEGER, _ENUM):
        return int(struct.unpack(">i", value)[0])
    if tag == _BOOLEAN:
        return value != b"\0"
    return value.decode(errors="replace")
