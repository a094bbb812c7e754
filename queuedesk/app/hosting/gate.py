"""The gate in front of a hall's server: accepts other PCs, speaks TLS with the hall's own certificate, and forwards.

The server itself listens on this PC's loopback alone; who a guest is, it finds out itself, through the gate. The
certificate is self-signed, and pinned by each PC when it joins."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import socket
import ssl
import struct
import sys
import time
from abc import abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, cast

from msgspec import Struct

from queuedesk.core.errors import OutsideError
from queuedesk.files.reading import read_program_file
from queuedesk.files.writing import write_private_file
from queuedesk.watch import WatchedThread

CERTIFICATE, KEY = "certificate.pem", "certificate.key"
LASTS = timedelta(days=20 * 365)
# A PC whose clock lost its battery must still find its hall; what is pinned needs no beginning.
VALID_FROM = datetime(2000, 1, 1, tzinfo=UTC)


class CertificateWithKey(Struct, frozen=True):
    """A certificate and its key, as two files; only this user may read the key."""

    file: Path
    key_file: Path

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate's DER form, in hex. Raises OSError."""
        return certificate_sha256_hex(ssl.PEM_cert_to_DER_cert(read_program_file(self.file).decode("ascii")))

    def require_matching_key(self) -> None:
        """Raise OSError or ValueError unless certificate and key are whole and belong together."""
        self.server_context()
        ssl.PEM_cert_to_DER_cert(read_program_file(self.file).decode("ascii"))

    def server_context(self, *protocols: str) -> ssl.SSLContext:
        """Return a TLS 1.3 context for a server with this certificate that offers `protocols`. Raises OSError."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self.file, self.key_file)
        context.num_tickets = 0  # nobody comes back by one
        if protocols:
            context.set_alpn_protocols(list(protocols))
        return context


def certificate_sha256_hex(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


def load_or_make_certificate(folder: Path, now: datetime) -> CertificateWithKey:
    """Return the certificate in `folder`; make one if there is none. Raises OutsideError "server_missing" without the
    sharing extra, "cannot_write", and "cannot_read" for a damaged one: replacing it would make all PCs join again."""
    kept = CertificateWithKey(folder / CERTIFICATE, folder / KEY)
    try:
        if not (kept.file.exists() and kept.key_file.exists()):
            pem, key = _make_certificate_and_key(now)
            folder.mkdir(parents=True, exist_ok=True)
            write_private_file(kept.key_file, key)  # first: a certificate without its key would never be made again
            write_private_file(kept.file, pem)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    try:
        kept.require_matching_key()
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_read", path=str(kept.file)) from error
    return kept


def _make_certificate_and_key(now: datetime) -> tuple[bytes, bytes]:
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import NameOID
    except ImportError as error:
        raise OutsideError("server_missing") from error
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "QueueDesk")])
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        **dict.fromkeys(
            (
                *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
                *("crl_sign", "encipher_only", "decipher_only"),
            ),
            False,
        ),
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(now.astimezone(UTC) + LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), secret


# -- one connection of another PC ----------------------------------------------------------------------------------

JoinHandler = Callable[[asyncio.StreamReader, Callable[[bytes], None]], Awaitable[None]]
"""Talks with one PC that wants to join: reads what it says, and is given what answers it. It ends by returning."""

JOIN = "queuedesk-join"
"""The protocol that a PC names in its TLS greeting when it wants to join; PostgreSQL's own has the name that IANA gave
it."""
POSTGRES = "postgresql"

_TLS_HANDSHAKE = 0x16  # the first byte of whoever speaks TLS at once
# The first packets of PostgreSQL's protocol: length and code.
_HEAD = struct.Struct("!ii")
_ENCRYPT_BY_TLS, _ENCRYPT_BY_GSS, _CANCEL = 80877103, 80877104, 80877102
_PROVEN = b"R\x00\x00\x00\x08\x00\x00\x00\x00"
_MOST_SAID = 64 * 1024  # by who joins, in all
_CHUNK = 64 * 1024
SERVER_S = 1.0
"""So long one of several servers may be silent before the next is tried."""


def _postgres_fatal_message(sqlstate: str, text: str) -> bytes:
    """Return PostgreSQL's message that ends a connection before it began; drivers show the text, so it is English."""
    fields = b"".join(
        kind + value.encode() + b"\0" for kind, value in ((b"S", "FATAL"), (b"C", sqlstate), (b"M", text))
    )
    return b"E" + struct.pack("!i", len(fields) + 5) + fields + b"\0"


_PLAIN_REFUSED = _postgres_fatal_message("28000", "this server takes encrypted connections only")
_SERVER_AWAY = _postgres_fatal_message("57P03", "the hall's server does not answer")


class ConnectionEnd(asyncio.Protocol):
    """One end of a connection. While it can't take more data, the other end is not read."""

    def __init__(self) -> None:
        self._line: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = cast(asyncio.Transport, transport)

    @abstractmethod
    def other_end(self) -> ConnectionEnd | None:
        """Return the other end, None while there is none."""

    def pause_writing(self) -> None:
        if (other := self.other_end()) is not None:
            other.pause_reading()

    def resume_writing(self) -> None:
        if (other := self.other_end()) is not None:
            other.resume_reading()

    def pause_reading(self) -> None:
        if self._line is not None:
            self._line.pause_reading()

    def resume_reading(self) -> None:
        if self._line is not None:
            self._line.resume_reading()


class GateLimits(Struct, frozen=True, kw_only=True):
    """What a gate puts up with: `proof_s` for a guest to prove who it is, `strangers` at once that have not, of one
    address or of all addresses from which nobody ever has; `silent_s` without any answer of its network until a guest
    counts as gone."""

    proof_s: float = 10.0
    strangers_of_one: int = 32
    strangers: int = 128
    silent_s: int = 6


class GateMethodsUsedByGuest(Protocol):
    """What a guest asks of the gate that it came to."""

    servers: Sequence[tuple[str, int]]
    join: JoinHandler | None
    limits: GateLimits
    context: ssl.SSLContext | None

    def admit_guest(self, guest: GuestConnection) -> None: ...
    def mark_as_known(self, guest: GuestConnection) -> None: ...
    def forget_guest(self, guest: GuestConnection) -> None: ...
    def run(self, work: Awaitable[None]) -> asyncio.Task[None]: ...


class GuestConnection(ConnectionEnd):
    """The guest's end. It is a stranger until the server knows it or it has joined."""

    def __init__(self, gate: GateMethodsUsedByGuest) -> None:
        super().__init__()
        self.address = ""
        self._gate = gate
        self._greeting = b""
        self._tls: ssl.SSLObject | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._speaks_at_once = False
        self._is_met = False
        self._late: asyncio.TimerHandle | None = None
        self._server: ServerEndForGuest | None = None
        self._waiting = b""
        self._said: asyncio.StreamReader | None = None
        self._said_bytes = 0
        self._work: asyncio.Task[None] | None = None

    # -- what asyncio calls --

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        line = self._line = cast(asyncio.Transport, transport)
        self.address = str(transport.get_extra_info("peername", ("",))[0])
        self._gate.admit_guest(self)
        limits = self._gate.limits
        with suppress(OSError):  # some systems refuse it once the other end has gone again, which is told next
            enable_keepalive_timeout(transport.get_extra_info("socket"), limits.silent_s)
        self._late = asyncio.get_running_loop().call_later(limits.proof_s, line.abort)

    def data_received(self, data: bytes) -> None:
        if self._tls is None:
            self._greeting += data
            self._process_greeting()
        else:
            self._in.write(data)
            self._process_tls_input()

    def eof_received(self) -> None:
        self.close_when_sent()

    def connection_lost(self, exc: Exception | None) -> None:
        self._line = None
        self._cancel_proof_timeout()
        if self._server is not None:
            self._server.disconnect()
        if self._work is not None:
            self._work.cancel()
        self._gate.forget_guest(self)

    def other_end(self) -> ConnectionEnd | None:
        return self._server

    # -- what the server's side calls --

    def send_data(self, data: bytes) -> None:
        if self._tls is None or self._line is None:
            return
        left = memoryview(data)
        with suppress(ssl.SSLError):  # it said good-bye meanwhile
            while left:
                left = left[self._tls.write(left) :]
        self._flush_tls_output()

    def close_when_sent(self) -> None:
        """Say goodbye, and close once everything has been sent."""
        if self._line is None:
            return
        if self._tls is not None and self._is_met:
            with suppress(ssl.SSLError):
                self._tls.unwrap()
            self._flush_tls_output()
        self._line.close()

    def abort_connection(self) -> None:
        """Close now, even if data has not been sent."""
        if self._line is not None:
            self._line.abort()

    def forward_pending_to_server(self, server: ServerEndForGuest) -> None:
        """Pass on to the server what the guest has sent meanwhile."""
        self._server = server
        if self._line is None:
            server.disconnect()
            return
        server.send_data(self._waiting)
        self._waiting = b""
        self.resume_reading()

    def mark_as_authenticated(self) -> None:
        """Note that the server knows the guest: it may stay, and be silent, as long as it likes."""
        self._cancel_proof_timeout()
        self._gate.mark_as_known(self)

    # -- greeting --

    def _process_greeting(self) -> None:
        assert self._line is not None
        said = self._greeting
        if said[0] == _TLS_HANDSHAKE:
            self._speaks_at_once = True
            self._begin_tls(said)
            return
        if len(said) < _HEAD.size:
            return
        length, code = _HEAD.unpack_from(said)
        # What came with the question for encryption was said before it: somebody between the two may have put it there.
        is_question = length == _HEAD.size and len(said) == _HEAD.size
        if is_question and code == _ENCRYPT_BY_GSS:
            self._greeting = b""
            self._line.write(b"N")
        elif is_question and code == _ENCRYPT_BY_TLS:
            self._line.write(b"S")
            self._begin_tls(b"")
        else:
            if code not in (_ENCRYPT_BY_GSS, _ENCRYPT_BY_TLS, _CANCEL):
                self._line.write(_PLAIN_REFUSED)
            self._line.close()

    def _begin_tls(self, said: bytes) -> None:
        assert self._gate.context is not None
        self._greeting = b""
        self._tls = self._gate.context.wrap_bio(self._in, self._out, server_side=True)
        if said:
            self._in.write(said)
            self._process_tls_input()

    def _process_tls_input(self) -> None:
        """Go on with what has come in: the handshake first, then what the guest says."""
        assert self._tls is not None and self._line is not None
        try:
            if not self._is_met:
                self._tls.do_handshake()
                self._flush_tls_output()
                self._is_met = True
                self._route_by_protocol()
            while data := self._tls.read(_CHUNK):
                self._forward_input(data)
            self.close_when_sent()
        except ssl.SSLWantReadError:
            self._flush_tls_output()
        except ssl.SSLError:
            self._flush_tls_output()  # what is wrong with it, as TLS says it
            if self._line is not None:
                self._line.close()

    def _route_by_protocol(self) -> None:
        assert self._tls is not None
        wanted = self._tls.selected_alpn_protocol()
        if not self._speaks_at_once or wanted == POSTGRES:
            self.pause_reading()  # no more than the first words, until the server is there to hear them
            self._work = self._gate.run(self._connect_guest_to_server())
        elif wanted == JOIN and self._gate.join is not None:
            self._said = asyncio.StreamReader(limit=_MOST_SAID)
            self._work = self._gate.run(self._run_join_protocol())
        else:
            self.close_when_sent()

    def _forward_input(self, data: bytes) -> None:
        if self._said is not None:
            self._said_bytes += len(data)
            if self._said_bytes > _MOST_SAID:
                self.close_when_sent()
            else:
                self._said.feed_data(data)
        elif self._server is not None:
            self._server.send_data(data)
        else:
            self._waiting += data

    async def _connect_guest_to_server(self) -> None:
        servers = self._gate.servers
        if len(servers) > 1:
            from queuedesk.store.engine.server_login import hosts_last_used_first

            servers = hosts_last_used_first(servers)
        for host, port in servers:
            with suppress(OSError):
                async with asyncio.timeout(SERVER_S if len(servers) > 1 else None):
                    await asyncio.get_running_loop().create_connection(lambda: ServerEndForGuest(self), host, port)
                return
        self.send_data(_SERVER_AWAY)
        self.close_when_sent()

    async def _run_join_protocol(self) -> None:
        assert self._said is not None and self._gate.join is not None
        try:
            await self._gate.join(self._said, self.send_data)
        finally:
            self.close_when_sent()

    def _cancel_proof_timeout(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _flush_tls_output(self) -> None:
        if self._line is not None and self._out.pending:
            self._line.write(self._out.read())


class ServerEndForGuest(ConnectionEnd):
    def __init__(self, guest: GuestConnection) -> None:
        super().__init__()
        self._guest = guest
        self._first: bytes | None = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._guest.forward_pending_to_server(self)

    def other_end(self) -> ConnectionEnd:
        return self._guest

    def data_received(self, data: bytes) -> None:
        if self._first is not None:
            self._detect_accepted_login(data)
        self._guest.send_data(data)

    def eof_received(self) -> None:
        self._guest.close_when_sent()

    def connection_lost(self, exc: Exception | None) -> None:
        self._line = None
        self._guest.close_when_sent()

    def send_data(self, data: bytes) -> None:
        if self._line is not None:
            self._line.write(data)

    def disconnect(self) -> None:
        if self._line is not None:
            self._line.close()

    def _detect_accepted_login(self, data: bytes) -> None:
        """Read message by message until the one by which the server takes the guest's proof."""
        assert self._first is not None
        self._first += data
        while len(self._first) >= len(_PROVEN):
            if self._first.startswith(_PROVEN):
                self._first = None
                self._guest.mark_as_authenticated()
                return
            (length,) = struct.unpack_from("!i", self._first, 1)
            if len(self._first) < length + 1:
                return
            self._first = self._first[length + 1 :]


def enable_keepalive_timeout(line: socket.socket, silent_s: int) -> None:
    """Break a connection whose other end has answered nothing for about `silent_s`, even if nobody sends."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    third = max(silent_s // 3, 1)
    options = [(("TCP_KEEPIDLE", "TCP_KEEPALIVE"), third), (("TCP_KEEPINTVL",), third), (("TCP_KEEPCNT",), 2)]
    if sys.platform == "linux":
        options.append((("TCP_USER_TIMEOUT",), silent_s * 1000))
    for names, value in options:
        known = next((getattr(socket, name) for name in names if hasattr(socket, name)), None)
        if known is not None:
            line.setsockopt(socket.IPPROTO_TCP, known, value)


START_S = 10
LEAVE_S = 1.0
FILES = 4096
MOST_JOINED = 64
"""So many addresses have places of their own; one more takes them from the one that proved itself longest ago."""


class GuestGate:
    """Listens on `addresses` (host, port; port 0: a free one) in its own thread. `servers` are the hall's server, or
    several that stand for each other; without any only joining is served, without `join` only the server."""

    def __init__(
        self,
        own: CertificateWithKey,
        addresses: Sequence[tuple[str, int]],
        *,
        servers: Sequence[tuple[str, int]] = (),
        join: JoinHandler | None = None,
        limits: GateLimits | None = None,
    ) -> None:
        self.servers = servers
        self.join = join
        self.limits = limits or GateLimits()
        self._own = own
        self._asked = list(addresses)
        self._bound: list[tuple[str, int]] = []
        self._guests: set[GuestConnection] = set()
        self._strangers: dict[GuestConnection, None] = {}  # the oldest first
        self._joined: dict[str, None] = {}  # addresses whose guests the server knew, the latest last
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: WatchedThread | None = None
        self.context: ssl.SSLContext | None = None

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """The addresses it listens on, with their real ports."""
        return list(self._bound)

    @property
    def guest_count(self) -> int:
        return len(self._guests)

    def start(self) -> None:
        """Start listening. Raises OutsideError "address_taken", "address_unknown" (address), "cannot_read" (path)."""
        try:
            self.context = self._own.server_context(JOIN, POSTGRES)
        except OSError as error:
            raise OutsideError("cannot_read", path=str(self._own.file)) from error
        _raise_open_file_limit()
        self._loop = asyncio.new_event_loop()
        self._thread = WatchedThread(self._loop.run_forever, "gate")
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._start_listening(), self._loop).result(START_S)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._stop_listening_and_drop_guests(), self._loop).result(START_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_S)
        self._loop.close()
        self._loop = self._thread = None

    async def _start_listening(self) -> None:
        self._servers = []
        loop = asyncio.get_running_loop()
        for host, port in self._asked:
            try:
                listening = await loop.create_server(lambda: GuestConnection(self), host, port, backlog=256)
            except OSError as error:
                code = "address_taken" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "address_unknown"
                raise OutsideError(code, address=f"{host}:{port}") from error
            self._servers.append(listening)
            self._bound += [one.getsockname()[:2] for one in listening.sockets]

    async def _stop_listening_and_drop_guests(self) -> None:
        for listening in self._servers:
            listening.close()
        for guest in list(self._guests):
            guest.close_when_sent()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        end = time.monotonic() + LEAVE_S
        while self._guests and time.monotonic() < end:
            await asyncio.sleep(0.01)
        for guest in list(self._guests):
            guest.abort_connection()
        await asyncio.sleep(0)
        self._bound = []

    # -- what guests ask of their gate, in its own thread --

    def admit_guest(self, guest: GuestConnection) -> None:
        """Accept a stranger; where that makes too many, one of them has to go."""
        self._guests.add(guest)
        self._strangers[guest] = None
        if (one := self._guest_to_evict(guest.address)) is not None:
            del self._strangers[one]
            one.abort_connection()

    def _guest_to_evict(self, address: str) -> GuestConnection | None:
        """Return who goes for a newcomer of that address: the oldest stranger of the address with most of them. Who
        holds a place for long is not about to prove anything, and whoever floods the gate loses his own."""
        own = [one for one in self._strangers if one.address == address]
        if len(own) > self.limits.strangers_of_one:
            return own[0]
        if address in self._joined:
            return None
        others = [one for one in self._strangers if one.address not in self._joined]
        if len(others) <= self.limits.strangers:
            return None
        held = Counter(one.address for one in others)
        return max(others, key=lambda one: held[one.address])

    def mark_as_known(self, guest: GuestConnection) -> None:
        """Stop counting a guest as a stranger, and keep places for its address from now on."""
        self._strangers.pop(guest, None)
        self._joined.pop(guest.address, None)
        self._joined[guest.address] = None
        if len(self._joined) > MOST_JOINED:
            del self._joined[next(iter(self._joined))]

    def forget_guest(self, guest: GuestConnection) -> None:
        self._guests.discard(guest)
        self._strangers.pop(guest, None)

    def run(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Run `work` in the background; give it up when the gate closes."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (bug := task.exception()) is not None:
            task.get_loop().call_exception_handler({"message": "a guest met a bug", "exception": bug})


def _raise_open_file_limit() -> None:
    """Raise the limit of open files: each guest takes two, and some systems start with 256."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
