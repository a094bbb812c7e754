"""Finds the time zone of this PC, for a hall that is made on it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from queuedesk.files.reading import read_own

UNKNOWN = "Asia/Shanghai"
_LINK, _NAME = Path("/etc/localtime"), Path("/etc/timezone")


def system_timezone(environ: Mapping[str, str] = os.environ) -> str:
    """Return the name of this PC's time zone, "Asia/Shanghai" where it tells none (as on Windows)."""
    for name in (environ.get("TZ", "").lstrip(":"), _linked(), _named()):
        if name and _is_known(name):
            return name
    return UNKNOWN


def _linked() -> str:
    try:
        parts = _LINK.readlink().parts
    except OSError:
        return ""
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else ""


def _named() -> str:
    try:
        return read_own(_NAME).decode().strip()
    except (OSError, ValueError):
        return ""


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
