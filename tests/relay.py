"""A way to the database's server that can fall silent, break off, or lose words, as a network does."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit


class Relay:
    """Passes on what goes between clients and the server at `url`; its own `url` is the same database by this way.
    While `silent` nothing passes, as where a cable was pulled; `lost` are words of clients that arrive spoilt."""

    def __init__(self, url: str, *, lost: tuple[bytes, ...] = (), port: int = 0) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "", parts.port or 5432)
        self._lost = lost
        self._door = socket.create_server(("127.0.0.1", port))
        port = self._door.getsockname()[1]
        self.url = urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}"))
        self._selector = selectors.DefaultSelector()
        self._bell, self._ringer = socket.socketpair()
        self._selector.register(self._door, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._clients: set[socket.socket] = set()
        self._silent = self._closing = False
        self.silent_after = b""
        """Once clients have said this, silence falls before the server could answer."""
        self.trips = 0
        """How often clients said something after an answer, or as the first."""
        self._is_answered = True
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    @property
    def silent(self) -> bool:
        return self._silent

    @silent.setter
    def silent(self, silent: bool) -> None:
        self._silent = silent
        self._ringer.send(b"!")

    def close(self) -> None:
        self._closing = True
        with suppress(OSError):  # It has seen that already.
            self._ringer.send(b"!")
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._closing:
                self._pass_on()
        finally:
            for one in [*self._pairs, self._door, self._bell, self._ringer]:
                one.close()
            self._selector.close()

    def _pass_on(self) -> None:
        ready = [key.fileobj for key, _ in self._selector.select()]
        if self._bell in ready:
            self._bell.recv(100)
        for one in ready:
            if self._silent and one is not self._bell:
                # Left in the system's hands, it is ready again at once: the next look is the bell's.
                self._selector_waits_for_bell()
                return
            if one is self._door:
                self._take()
            elif isinstance(one, socket.socket) and one in self._pairs:
                self._forward_input(one)

    def _selector_waits_for_bell(self) -> None:
        while self._silent and not self._closing:
            self._bell.recv(100)

    def _take(self) -> None:
        client, _where = self._door.accept()
        try:
            server = socket.create_connection(self._server, timeout=5)
        except OSError:
            client.close()
            return
        self._clients.add(client)
        for one, other in ((client, server), (server, client)):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pairs[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _forward_input(self, one: socket.socket) -> None:
        other = self._pairs[one]
        said = b""
        with suppress(OSError):
            said = one.recv(65536)
            for word in self._lost if one in self._clients else ():
                said = said.replace(word, word[:-1] + b"~")
            is_asking = one in self._clients
            self.trips += is_asking and self._is_answered
            self._is_answered = not is_asking
            other.sendall(said)
            if self.silent_after and one in self._clients and self.silent_after in said:
                self._silent, self.silent_after = True, b""
        if not said:
            for ended in (one, other):
                self._selector.unregister(ended)
                del self._pairs[ended]
                self._clients.discard(ended)
                ended.close()


@contextmanager
def relay(url: str, *, lost: tuple[bytes, ...] = (), port: int = 0) -> Iterator[Relay]:
    one = Relay(url, lost=lost, port=port)
    try:
        yield one
    finally:
        one.close()
