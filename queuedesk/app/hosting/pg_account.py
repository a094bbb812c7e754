"""Chooses the account that the hall's server runs as, because PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from queuedesk.core.errors import OutsideError

NAME = "queuedesk"
# In a user namespace of its own the process is another user to itself and keeps root's right to the files it needs.
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")


@dataclass(frozen=True, slots=True)
class Account:
    """How the server's programs are started: `before` stands before their words; `user` is whose processes they are, ""
    for our own."""

    before: tuple[str, ...] = ()
    user: str = ""

    @property
    def options(self) -> dict[str, Any]:
        """What subprocess is told of it."""
        return {"user": self.user, "group": _group_of(self.user), "extra_groups": []} if self.user else {}

    def take_over(self, *places: Path) -> None:
        """Let files or whole folders belong to it. Raises OSError."""
        if self.user:
            for place in places:
                for each in (place, *(place.rglob("*") if place.is_dir() else ())):
                    shutil.chown(each, self.user, _group_of(self.user))

    def let_through(self, *places: Path) -> None:
        """Let it reach places through folders that are closed to others: it may pass, not look round. Raises
        OSError."""
        if not self.user:
            return
        for folder in self._closed(places):
            given = _run("setfacl", "-m", f"u:{self.user}:x", str(folder))
            if given is None or given.returncode:
                folder.chmod(folder.stat().st_mode | 0o001)

    def _closed(self, places: tuple[Path, ...]) -> Iterator[Path]:
        """Yield the folders on the way to places through which it can't pass, the outermost first."""
        for place in places:
            for folder in reversed(place.absolute().parents):
                words = ["test", "-x", str(folder)]
                if subprocess.run(words, check=False, cwd="/", stdin=subprocess.DEVNULL, **self.options).returncode:
                    yield folder


def account(data: Path) -> Account:
    """Return as whom a server with its data there runs. Raises OutsideError "server_failed" where there is nobody it
    could be."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return Account()
    owner = data.stat().st_uid if data.exists() else 0
    if owner == 0 and _has_namespaces():
        return Account(before=NAMESPACE)
    return Account(user=_own_account())


@cache
def _has_namespaces() -> bool:
    tried = _run(*NAMESPACE, "true")
    return tried is not None and tried.returncode == 0


def _own_account() -> str:
    """Return the name of an account that nobody can log in to, made where there is none."""
    import pwd

    with suppress(KeyError):
        return pwd.getpwnam(NAME).pw_name
    words = (
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    )
    made = _run("useradd", *words, NAME)
    if made is None or made.returncode:
        raise OutsideError("server_failed", why=made.stderr.strip()[-300:] if made is not None else "useradd")
    return NAME


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _run(*words: str) -> subprocess.CompletedProcess[str] | None:
    """Run a program of the system; None where it is not there."""
    try:
        return subprocess.run(words, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return None
