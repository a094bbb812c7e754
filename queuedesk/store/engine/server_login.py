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
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from queuedesk.store.engine.address import PORT
from queuedesk.watch import WatchedThread

LOOKUP_S = 0.5
"""So long a name's addresses are waited for where earlier ones are known: the network that names are asked of may be
what is gone."""
BESIDE_S = 0.25
"""So long one server may be silent before the next of them is tried beside it."""
_Route = dict[str, str]  # what leads to one server, of _WHERE
_WHERE = ("host", "hostaddr", "port")
_VERBOSE, _USUAL = 2, 1
# As the library writes it before the server's words, in whatever language those are.
_SQLSTATE = re.compile(r":  ([0-9A-Z]{5}): ")
# No right to a database is told to whoever may not log in to it, as a wrong password is.
_SAME = {"42501": "28000"}
_guard = threading.Lock()
_known: dict[tuple[str, str], list[str]] = {}  # of a name and port the addresses
_answered: dict[tuple[tuple[str, str], ...], _Route] = {}  # of an address's hosts the route that was accepted last
_lookups: dict[tuple[str, str], AddressLookup] = {}


def connect_and_log_in(given: Mapping[str, Any], within_s: float) -> psycopg.Connection[Any]:
    """Return a connection in autocommit with these parameters. Of several hosts, or addresses of a name, the one that
    answered last is tried first; while it is silent the others are tried beside it, so that one that is gone costs a
    moment and not the whole time. Raises psycopg.Error, with the server's SQLSTATE for a refusal if it gave one."""
    end = time.monotonic() + within_s
    hosts = _split_hosts(given)
    key = tuple((host.get("host", ""), host.get("port", "")) for host in hosts)
    routes = _resolved_routes(hosts, end)
    routes.sort(key=lambda route: route != _answered.get(key))
    _answered[key], pgconn = _open_first_accepted_connection(given, routes, end, may_differ=len(hosts) > 1)
    connection = psycopg.Connection(pgconn)
    connection.autocommit = True
    return connection


def hosts_last_used_first(hosts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the hosts of an address, first the one that accepted this process last."""
    last = _answered.get(tuple((host, str(port)) for host, port in hosts), {})
    return sorted(hosts, key=lambda host: (host[0], str(host[1])) != (last.get("host"), last.get("port")))


def _split_hosts(given: Mapping[str, Any]) -> list[_Route]:
    """Return what the lists of an address say of each host; it was checked that they fit each other."""
    lists = {name: str(given.get(name) or "").split(",") for name in _WHERE}
    count = max(map(len, lists.values()))
    columns = {name: values * count if len(values) == 1 else values for name, values in lists.items()}
    if count > 1:
        columns["port"] = [port or str(PORT) for port in columns["port"]]
    return [{name: values[n] for name, values in columns.items() if values[n]} for n in range(count)]


def _resolved_routes(hosts: Sequence[_Route], end: float) -> list[_Route]:
    """Return a route to each address of each host. Raises psycopg.OperationalError where no name is known."""
    keys = [(host.get("host", ""), host.get("port", str(PORT))) for host in hosts]
    named = [key for key, host in zip(keys, hosts, strict=True) if "hostaddr" not in host and _is_host_name(key[0])]
    found = _addresses_of(named, end, are_all=len(named) == len(hosts)) if named else {}
    return [
        route
        for key, host in zip(keys, hosts, strict=True)
        for route in ([{**host, "hostaddr": address} for address in found.get(key, ())] if key in named else [host])
    ]


def _open_first_accepted_connection(
    given: Mapping[str, Any], routes: Sequence[_Route], end: float, *, may_differ: bool
) -> tuple[_Route, pq.abc.PGconn]:
    """Return the first connection that comes about, and its route. A refusal ends it, unless the routes lead to servers
    that `may_differ`: another may be the one with the data. Raises psycopg.errors.ConnectionTimeout, and what a
    server's code stands for."""
    waiting, refusals, next_start = list(routes), list[psycopg.Error](), 0.0
    step_s = min(BESIDE_S, (end - time.monotonic()) / (len(routes) + 1))
    with selectors.DefaultSelector() as running:
        try:
            while (waiting or running.get_map()) and (now := time.monotonic()) < end:
                if waiting and (now >= next_start or not running.get_map()):
                    pgconn = pq.PGconn.connect_start(
                        make_conninfo("", **{**given, **dict.fromkeys(_WHERE), **waiting[0]}).encode()
                    )
                    ready, next_start = (
                        [(waiting.pop(0), pgconn, _login_socket_waits(pgconn, may_differ=may_differ))],
                        now + step_s,
                    )
                else:
                    limit = min(end, next_start) if waiting else end
                    # Woken late by a signal, select() says that nothing came.
                    keys = [key for key, _events in running.select(limit - now) or running.select(0)]
                    if keys and (awake := time.monotonic()) > limit:
                        end += awake - now  # It came while this PC was too busy to look: that wait does not count.
                    ready = [running.unregister(key.fileobj).data for key in keys]
                for route, pgconn, login in ready:
                    try:
                        awaited = next(login, None)
                    except psycopg.Error as refusal:
                        pgconn.finish()
                        if refusal.sqlstate is not None and not may_differ:
                            raise
                        refusals.append(refusal)
                        next_start = 0.0
                    else:
                        if awaited is None:
                            return route, pgconn
                        running.register(pgconn.socket, awaited, (route, pgconn, login))
            if waiting or running.get_map():
                refusals.insert(0, psycopg.errors.ConnectionTimeout("the server gave no answer in time"))
        finally:
            for key in running.get_map().values():
                key.data[1].finish()
    # What tells most of why none would do: a server that is only starting, or lost by its pooler, tells little.
    raise max(
        refusals, key=lambda one: 0 if one.sqlstate is None else 1 if one.sqlstate.startswith(("08", "57P")) else 2
    )


def _login_socket_waits(pgconn: pq.abc.PGconn, *, may_differ: bool) -> Iterator[int]:
    """Log in, yielding the event of the socket that each step waits for. Of servers that `may_differ` each is asked
    whether it is a standby: a pooler accepts whoever comes, and may still speak for what its server was before. Raises
    psycopg.Error."""
    _set_error_code_output(pgconn, _VERBOSE)
    step = pq.PollingStatus.FAILED if pgconn.status == pq.ConnStatus.BAD else pgconn.connect_poll()
    while step != pq.PollingStatus.OK:
        if step == pq.PollingStatus.FAILED:
            raise _connection_error(pgconn)
        yield selectors.EVENT_READ if step == pq.PollingStatus.READING else selectors.EVENT_WRITE
        step = pgconn.connect_poll()
    _set_error_code_output(pgconn, _USUAL)
    pgconn.nonblocking = 1
    if not may_differ:
        return
    pgconn.send_query(b"SELECT pg_is_in_recovery()")
    pgconn.flush()
    while True:
        while pgconn.is_busy():
            yield selectors.EVENT_READ
            pgconn.consume_input()
        if (result := pgconn.get_result()) is None:
            return
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)
        if result.get_value(0, 0) != b"f":
            raise psycopg.OperationalError("the server is a standby")


def _connection_error(pgconn: pq.abc.PGconn) -> psycopg.Error:
    """Return the error of a connection that did not come about."""
    said = pgconn.get_error_message()
    found = _SQLSTATE.findall(said)
    code = "28P01" if pgconn.needs_password else found[-1] if found else ""
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


class AddressLookup(WatchedThread):
    """A question for a name's addresses, which the system may answer after many seconds, and nobody can end."""

    def __init__(self, name: tuple[str, str]) -> None:
        super().__init__(self._look_up_address, f"lookup of {name[0]}", again_s=None)
        self._name = name
        self.found: list[str] = []
        self.error: Exception | None = None
        self.start()

    def _look_up_address(self) -> None:
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


def _addresses_of(names: Sequence[tuple[str, str]], end: float, *, are_all: bool) -> dict[tuple[str, str], list[str]]:
    """Return where names lead, or led the last time where nobody says so in time; a name that leads nowhere is missing.
    Where there is another way already, the rest is waited for LOOKUP_S. Raises psycopg.OperationalError where the names
    `are_all` and none leads anywhere."""
    with _guard:
        lookups = {name: _lookups.get(name) or _lookups.setdefault(name, AddressLookup(name)) for name in names}
        is_brief = not are_all or len(names) > 1 or names[0] in _known
    limit = min(end, time.monotonic() + LOOKUP_S) if is_brief else end
    while True:
        for lookup in lookups.values():
            lookup.join(max(0.0, limit - time.monotonic()))
        with _guard:
            for name, lookup in lookups.items():
                if not lookup.is_alive:
                    _lookups.pop(name, None)
                    if lookup.found:
                        _known[name] = lookup.found
            found = {name: _known[name] for name in names if name in _known}
        if found or not are_all:
            return found
        if not any(lookup.is_alive for lookup in lookups.values()):
            error = lookups[names[0]].error
            raise psycopg.OperationalError(f"nobody knows where {names[0][0]} is: {error}") from error
        if limit >= end:
            raise psycopg.errors.ConnectionTimeout(f"no answer in time where {names[0][0]} is")
        limit = min(end, limit + LOOKUP_S)
