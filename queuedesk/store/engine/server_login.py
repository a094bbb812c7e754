"""Logs in to a server within one deadline, with the server's own code for a refusal."""

from __future__ import annotations

import ctypes
import ipaddress
import re
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from queuedesk.watch import WatchedThread

LOOKUP_S = 0.5
"""So long a name's addresses are waited for where earlier ones are known: the network that names are asked of may be
what is gone."""
_VERBOSE, _USUAL = 2, 1
# As the library writes it before the server's words, in whatever language those are.
_SQLSTATE = re.compile(r":  ([0-9A-Z]{5}): ")
# No right to a database is told to whoever may not log in to it, as a wrong password is.
_SAME = {"42501": "28000"}
_guard = threading.Lock()
_known: dict[tuple[str, str], list[str]] = {}  # of a name and port the addresses, first the one that answered last
_lookups: dict[tuple[str, str], _AddressLookup] = {}


def connect_and_log_in(given: Mapping[str, Any], within_s: float) -> psycopg.Connection[Any]:
    """Return a connection in autocommit with these parameters. Raises psycopg.Error, with the server's SQLSTATE for a
    refusal if it gave one."""
    end = time.monotonic() + within_s
    host, port = str(given.get("host") or ""), str(given.get("port") or "5432")
    if "," in host + port + str(given.get("hostaddr") or ""):
        return psycopg.connect(**given, autocommit=True)  # Which of several servers to take is the library's to know.
    addresses: list[str | None] = [None]
    if _is_host_name(host) and not given.get("hostaddr"):
        addresses = [*_addresses_of((host, port), end)]
    while True:
        address = addresses.pop(0)
        attempt = {**given, "hostaddr": address} if address else given
        left_s = (end - time.monotonic()) / (len(addresses) + 1)
        try:
            pgconn = _connect_to_server(make_conninfo("", **attempt), left_s)
        except psycopg.Error as error:
            if error.sqlstate is not None or not addresses:
                raise
            continue
        if address is not None:
            with _guard:
                _known[host, port] = [address, *(one for one in _known[host, port] if one != address)]
        connection = psycopg.Connection(pgconn)
        connection.autocommit = True
        return connection


def _connect_to_server(conninfo: str, within_s: float) -> pq.abc.PGconn:
    """Meet one server. Raises psycopg.errors.ConnectionTimeout, and what the server's code stands for."""
    end = time.monotonic() + within_s
    pgconn = pq.PGconn.connect_start(conninfo.encode())
    _set_error_code_output(pgconn, _VERBOSE)
    while (step := _poll_connection(pgconn)) != pq.PollingStatus.OK:
        if step == pq.PollingStatus.FAILED:
            raise _connection_error(pgconn)
        with selectors.DefaultSelector() as selector:
            awaited = selectors.EVENT_READ if step == pq.PollingStatus.READING else selectors.EVENT_WRITE
            selector.register(pgconn.socket, awaited)
            if not selector.select(max(0.0, end - time.monotonic())):
                pgconn.finish()
                raise psycopg.errors.ConnectionTimeout("the server gave no answer in time")
    _set_error_code_output(pgconn, _USUAL)
    pgconn.nonblocking = 1
    return pgconn


def _poll_connection(pgconn: pq.abc.PGconn) -> int:
    return pq.PollingStatus.FAILED if pgconn.status == pq.ConnStatus.BAD else pgconn.connect_poll()


def _connection_error(pgconn: pq.abc.PGconn) -> psycopg.Error:
    """Return the error of a connection that did not come about."""
    said = pgconn.get_error_message()
    found = _SQLSTATE.findall(said)
    code = "28P01" if pgconn.needs_password else found[-1] if found else ""
    pgconn.finish()
    try:
        return psycopg.errors.lookup(_SAME.get(code, code))(said)
    except KeyError:
        return psycopg.OperationalError(said)


def _set_error_code_output(pgconn: Any, how: int) -> None:
    """Have the library write a refusal's code beside the server's words, which are in any language, or as usual
    again."""
    if (tell := _error_verbosity_setter()) is not None:
        tell(pgconn.pgconn_ptr, how)


@cache
def _error_verbosity_setter() -> Callable[[int | None, int], int] | None:
    """Return the library's own function for it, which the driver does not hand on; None where the system does not find
    it (Windows)."""
    try:
        call = ctypes.CDLL(str(sys.modules[pq.PGconn.__module__].__file__)).PQsetErrorVerbosity
    except (KeyError, OSError, AttributeError):
        return None
    call.argtypes, call.restype = (ctypes.c_void_p, ctypes.c_int), ctypes.c_int
    return call


class _AddressLookup(WatchedThread):
    """A question for a name's addresses, which the system may answer after many seconds, and nobody can end."""

    def __init__(self, name: tuple[str, str]) -> None:
        super().__init__(self._resolve, f"lookup of {name[0]}", again_s=None)
        self._name = name
        self.found: list[str] = []
        self.error: Exception | None = None
        self.start()

    def _resolve(self) -> None:
        try:
            found = socket.getaddrinfo(*self._name, proto=socket.IPPROTO_TCP, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:  # The second of what can be no name, such as a..b.
            self.error = error
        else:
            self.found = list(dict.fromkeys(str(one[4][0]) for one in found))


def _is_host_name(host: str) -> bool:
    """Whether it is neither an address nor a socket's place."""
    if not host or host.startswith(("/", "@")) or host[1:2] == ":":
        return False
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return True
    return False


def _addresses_of(name: tuple[str, str], end: float) -> list[str]:
    """Return where a name leads, or led the last time where nobody says so in time. Raises psycopg.OperationalError."""
    with _guard:
        known = _known.get(name, [])
        lookup = _lookups.get(name) or _lookups.setdefault(name, _AddressLookup(name))
    lookup.join(LOOKUP_S if known else max(0.0, end - time.monotonic()))
    if lookup.is_alive:
        if not known:
            raise psycopg.errors.ConnectionTimeout(f"no answer in time where {name[0]} is")
        return list(known)
    with _guard:
        _lookups.pop(name, None)
        if lookup.found:
            # The one that answered last comes first.
            _known[name] = sorted(lookup.found, key=lambda one: one != (known or [""])[0])
        elif not known:
            raise psycopg.OperationalError(f"nobody knows where {name[0]} is: {lookup.error}") from lookup.error
        return list(_known[name])
