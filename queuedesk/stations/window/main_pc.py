"""Which PC a hall is on."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost", "")
"""Where a PC finds a server of its own."""


def main_pc(place: object) -> str | None:
    """Return the address of the main PC of the hall at `place`, "" if it is this PC, None if the hall is a file."""
    if not isinstance(place, str) or "://" not in place:
        return None
    host = urlsplit(place).hostname or ""
    return "" if host in LOOPBACK else host
