"""The address of a hall's database on a server: what it says, and what of it people may see.

Nothing of the database's libraries is loaded here: every command asks whether its hall is on a server.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

SCHEMES = ("postgresql:", "postgres:")
_OF_USER = re.compile(r"(?<=//)([^/?#@:]*):(.*)@", re.DOTALL)
_ASKED = re.compile(r"(?<=[?&])password=([^&#]*)&?")


def is_server_address(target: str | Path) -> bool:
    """Whether `target` is the address of a database on a server, not a file's path."""
    return isinstance(target, str) and target.startswith(SCHEMES)


def is_elsewhere(url: str) -> bool:
    """Whether the server of an address is another PC: its name or number is not one of this PC's."""
    try:
        parts = urlsplit(url)
        hosts = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    except ValueError:
        return False
    return bool(hosts) and not any(_is_here(unquote(host)) for host in hosts.split(","))


def _is_here(host: str) -> bool:
    if host.startswith(("/", "@", "127.")) or host in ("localhost", "::1"):
        return True
    import socket

    return host == socket.gethostname().lower()


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
    known = url_without_password(url)
    try:
        parts = urlsplit(known)
    except ValueError:
        return known
    place = unquote(parts.netloc.rpartition("@")[2]) or parse_qs(parts.query).get("host", [""])[0]
    return f"{place}{unquote(parts.path)}" or known


def password_in_url(url: str) -> str | None:
    match = _OF_USER.search(url)
    if match is not None:
        return unquote(match[2])
    asked = _ASKED.search(url)
    return unquote(asked[1]) if asked is not None else None
