"""The server of a shared hall: the one that this PC runs, or one that the hall has already."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from queuedesk.app.hosting.pg_server import DATABASE, LOOPBACK, PgServer
from queuedesk.core.errors import OutsideError
from queuedesk.files.reading import parsed_json, read_own
from queuedesk.files.writing import write_own
from queuedesk.store.engine.address import shown

FOLDER = "postgres"
_GIVEN = "server.json"
_PORT = 5432
_HERE = frozenset({LOOPBACK, "localhost", "::1"})


class Place(Struct, frozen=True, kw_only=True):
    """A database on a server, whoever opens it: `rest` is its address after the user, `host` and `port` where it
    listens."""

    host: str
    port: int
    database: str
    rest: str

    @property
    def is_here(self) -> bool:
        """Whether only this PC reaches it: other PCs then come through the gate."""
        return self.host in _HERE

    def address(self, role: str) -> str:
        """Return the address by which `role` opens it, without a password."""
        return f"postgresql://{role}@{self.rest}"

    @property
    def told(self) -> str:
        """Return its address as other PCs are told it: without scheme, user and database."""
        place, _slash, behind = self.rest.partition("/")
        options = behind.partition("?")[2]
        return f"{place}?{options}" if options else place


class Server(Protocol):
    """What hosting needs of a server of either kind."""

    def start(self) -> None:
        """Prepare it so that url() works. Raises OutsideError."""

    def stop(self) -> None: ...

    def answers(self) -> bool: ...

    def url(self) -> str:
        """Return the owner's address, password included."""


class OwnServer:
    """A server that this PC runs."""

    def __init__(self, folder: Path) -> None:
        self._server = PgServer(folder)

    def start(self) -> None:
        self._server.make()
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def answers(self) -> bool:
        return self._server.answers()

    def url(self) -> str:
        return self._server.url()


class GivenServer:
    """A server that somebody else runs; its owner's address is stored in the host's folder, for this user alone."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """`url` is the address as somebody named it, with a password or without; None takes the one that is kept."""
        self._file = folder / _GIVEN
        self._url = url

    def start(self) -> None:
        if self._url is not None:
            write_own(self._file, json.dumps({"url": self._url}).encode())

    def stop(self) -> None:
        """Do nothing: it runs on without us."""

    def answers(self) -> bool:
        return True  # nothing here could mend it

    def url(self) -> str:
        if self._url is None:
            try:
                self._url = str(parsed_json(read_own(self._file))["url"])
            except (OSError, ValueError, KeyError) as error:
                raise OutsideError("cannot_read", path=str(self._file)) from error
        return self._url


def server_of(folder: Path, given: str | None) -> Server:
    """Return the server of the hall with this host folder; `given` is the address of another one to use."""
    if given is not None or (folder / _GIVEN).exists():
        return GivenServer(folder, given)
    return OwnServer(folder)


def place_of(url: str) -> Place:
    """Return the place of an address, whatever user it names."""
    parts = urlsplit(shown(url))
    asked = dict(parse_qsl(parts.query))
    return Place(
        host=asked.get("host") or parts.hostname or "localhost",
        port=int(asked.get("port") or parts.port or _PORT),
        database=asked.get("dbname") or unquote(parts.path[1:]) or DATABASE,
        rest=shown(url).partition("//")[2].rpartition("@")[2],
    )
