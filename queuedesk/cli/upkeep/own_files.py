"""Checks that the program's own files are all there and undamaged."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import metadata
from pathlib import Path

import queuedesk
from queuedesk.paths import NAME, resource

LIST = "files.txt"
_PACKAGE = Path(queuedesk.__file__).resolve().parent
# How a file of each kind begins. An SVG and a page are text of any beginning.
_BEGINS = {".ttf": b"\0\1\0\0", ".wav": b"RIFF", ".png": b"\x89PNG\r\n\x1a\n", ".mo": b"\xde\x12\x04\x95"}


def not_whole() -> list[str]:
    """Return those of the program's own files that are missing or damaged, sorted, as paths within its folders.

    An installed copy is compared with the hashes that its installer wrote down, modules included. A checkout has none:
    each file of resources/files.txt then has to exist and be of its kind.
    """
    bad = {f"resources/{name}" for name in _listed() if not _is_of_its_kind(resource(*name.split("/")))}
    for name, digest in _installed().items():
        if _digest(_PACKAGE / name) != digest:
            bad.add(name)
    return sorted(bad)


def _listed() -> list[str]:
    try:
        return resource(LIST).read_text(encoding="utf-8").split()
    except (OSError, UnicodeError):
        return [LIST]


def _is_of_its_kind(file: Path) -> bool:
    try:
        content = file.read_bytes()
        if file.suffix == ".json":
            json.loads(content)
        elif file.suffix in (".svg", ".md", ".txt"):
            content.decode()
    except (OSError, ValueError, RecursionError):
        return False
    return bool(content) and content.startswith(_BEGINS.get(file.suffix, b""))


def _installed() -> dict[str, str]:
    """Return each file of this copy with its hash as its installer wrote it down; nothing for a checkout."""
    try:
        copy = metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        return {}
    if Path(str(copy.locate_file(_PACKAGE.name))).resolve() != _PACKAGE:
        return {}  # Another copy than the one that runs: a checkout knows its own environment by a line there.
    own = f"{_PACKAGE.name}/"
    return {
        file.as_posix().removeprefix(own): file.hash.value
        for file in copy.files or ()
        if file.hash is not None and file.hash.mode == "sha256" and file.as_posix().startswith(own)
    }


def _digest(file: Path) -> str | None:
    """Return a file's SHA-256 as installers write it."""
    try:
        digest = hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return None
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
