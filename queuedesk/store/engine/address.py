"""The address of a hall's database on a server: what it says, and what of it people may see.

Nothing of the database's libraries is loaded here: every command asks whether its hall is on a server."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

from msgspec import Struct

from queuedesk.core.errors import OutsideError

SCHEMES = ("postgresql:", "postgres:")
PORT = 5432
_OF_USER = re.compile(r"(?<=//)([^/?#@:]*):(.*)@", re.DOTALL)
_ASKED = re.compile(r"(?<=[?&])password=([^&#]*)&?")
_PARTS = re.compile(
    r"postgres(?:ql)?://(?:(?P<role>[^/?@]*)@)?(?P<hosts>[^/?]*)(?:/(?P<database>[^?]*))?(?:\?(?P<options>.*))?",
    re.DOTALL,
)
_HOST = re.compile(r"(?:\[([^\[\]]+)\]|([^:\[\]]*))(?::([0-9]{0,5}))?")
_FIELDS = ("host", "port", "dbname", "user")  # also said behind the question mark


class ServerAddress(Struct, frozen=True, kw_only=True):
    """A server's address as PostgreSQL's own library reads it, without its password. Several `hosts` (name and port)
    stand for each other: the database is at one of them at a time. `options` is the rest behind the question mark."""

    hosts: tuple[tuple[str, int], ...]
    database: str
    role: str
    options: str = ""

    @property
    def is_on_this_pc(self) -> bool:
        """Whether only this PC reaches it, or one of its hosts: other PCs then come through the gate."""
        return any(_is_loopback(host) for host, _port in self.hosts)

    @property
    def hosts_text(self) -> str:
        """The hosts, as an address names them."""
        quoted = ((quote(host, safe=":"), port) for host, port in self.hosts)
        names = ((f"[{host}]" if ":" in host else host, port) for host, port in quoted)
        return ",".join(name if port == PORT else f"{name}:{port}" for name, port in names)

    @property
    def address_for_other_pcs(self) -> str:
        """The address as other PCs are told it: without scheme, user and database."""
        return f"{self.hosts_text}?{self.options}" if self.options else self.hosts_text

    def url(self, password: str = "") -> str:
        known = quote(self.role, safe="") + (f":{quote(password, safe='')}" if password else "")
        query = f"?{self.options}" if self.options else ""
        return f"postgresql://{known}@{self.hosts_text}/{quote(self.database, safe='')}{query}"


def parse_server_address(url: str) -> ServerAddress:
    """Read an address, with one host or several. Raises OutsideError "bad_url" (path)."""
    shown = url_without_password(url)
    parts = _PARTS.fullmatch(shown)
    if parts is None:
        raise OutsideError("bad_url", path=shown)
    query = parts["options"] or ""
    asked = {name: values[-1] for name, values in parse_qs(query).items()}
    hosts = [_HOST.fullmatch(host) for host in parts["hosts"].split(",")]
    given = asked.get("host") or ("" if parts["hosts"] else asked.get("hostaddr", ""))
    names = given.split(",") if given else [unquote(host[1] or host[2]) if host else "" for host in hosts]
    ports = asked["port"].split(",") if "port" in asked else [(host and host[3]) or "" for host in hosts]
    ports = ports * len(names) if len(ports) == 1 else ports
    numbers = [int(port or PORT) if port.isascii() and (port or "0").isdigit() else 0 for port in ports]
    if (
        None in hosts
        or len(ports) != len(names)
        or ("hostaddr" in asked and asked["hostaddr"].count(",") != len(names) - 1)
        or any(name != name.strip() for name in names)
        or not all(0 < number < 2**16 for number in numbers)
        or ("" in names and len(names) > 1)
    ):
        raise OutsideError("bad_url", path=shown)
    role = asked.get("user") or unquote(parts["role"] or "")
    return ServerAddress(
        hosts=tuple(zip((name or "localhost" for name in names), numbers, strict=True)),
        database=asked.get("dbname") or unquote(parts["database"] or "") or role,
        role=role,
        options="&".join(part for part in query.split("&") if part and part.partition("=")[0] not in _FIELDS),
    )


def server_option(url: str, name: str) -> str:
    """Return what an address says behind its question mark under a name, "" if nothing."""
    return parse_qs(url.partition("?")[2]).get(name, [""])[0]


def has_main_pc_certificate(address: str) -> bool:
    """Whether a server's address is that of a main PC, which has a certificate of its own."""
    return Path(server_option(address, "sslrootcert")).name.startswith("hall-")


def is_server_address(target: str | Path) -> bool:
    """Whether `target` is the address of a database on a server, not a file's path."""
    return isinstance(target, str) and target.startswith(SCHEMES)


def is_on_other_pc(url: str) -> bool:
    """Whether the server of an address is another PC: its name or number is not one of this PC's."""
    import socket

    try:
        hosts = parse_server_address(url).hosts
    except OutsideError:
        return False
    own = socket.gethostname().lower()
    return not any(_is_loopback(host) or host.lower() == own for host, _port in hosts)


def _is_loopback(host: str) -> bool:
    return host.startswith(("/", "@", "127.")) or host in ("localhost", "::1")


def url_without_password(url: str) -> str:
    """Return a server's address without its password: what people, process lists and logs may see. For a malformed
    address more than the password may be missing, as nobody knows where it ends."""
    return _ASKED.sub("", _OF_USER.sub(r"\1@", url)).rstrip("?&")


def url_with_password(url: str, password: str) -> str:
    """Return a server's address with a password added: for this process alone."""
    scheme, _slashes, rest = url.partition("//")
    user, at, place = rest.partition("@")
    return f"{scheme}//{user}:{quote(password, safe='')}@{place}" if at else url


def short_server_address(url: str) -> str:
    """Return a server's database in as few words as fit a sentence: host, port and name; anything else unchanged."""
    try:
        known = parse_server_address(url)
    except OutsideError:
        return url_without_password(url)
    return "/".join(filter(None, (unquote(known.hosts_text), known.database)))


def password_in_url(url: str) -> str | None:
    match = _OF_USER.search(url)
    if match is not None:
        return unquote(match[2])
    asked = _ASKED.search(url)
    return unquote(asked[1]) if asked is not None else None
