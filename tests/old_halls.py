"""Halls that programs of earlier revisions left, with what those said of them: see scripts/golden_halls.py."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "golden" / "halls"
REVISIONS = sorted(path.name.partition(".")[0] for path in FOLDER.glob("*.sqlite.gz"))
ON_SERVERS = sorted(path.name.partition(".")[0] for path in FOLDER.glob("*.sql.gz"))
EARLY = "-early"
"""What a hall's name ends with whose program stood within a revision, with some of its tables still missing."""
ADMIN, PIN = "AD", "2468"


def file_of(revision: str, folder: Path) -> Path:
    """Put the hall of a revision into a folder, as its program left it."""
    path = folder / "hall.sqlite"
    path.write_bytes(gzip.decompress((FOLDER / f"{revision}.sqlite.gz").read_bytes()))
    return path


def backup_of(revision: str) -> Path:
    return FOLDER / f"{revision}.zip"


def statements_of(revision: str) -> bytes:
    return gzip.decompress((FOLDER / f"{revision}.sql.gz").read_bytes())


@cache
def said_of(revision: str, *, on_server: bool = False) -> Any:
    said = json.loads(gzip.decompress((FOLDER / f"{revision}.json.gz").read_bytes()))
    return said["on_server"] if on_server else said


def unlike(old: Any, now: Any, meant: tuple[str, ...], path: str = "") -> Iterator[str]:
    """Yield paths where `now` says another thing than `old`; what is new may be added, `meant` may differ."""
    if any(re.fullmatch(one, path) for one in meant):
        return
    if isinstance(old, dict) and isinstance(now, dict):
        for name, value in old.items():
            yield from unlike(value, now.get(name, "—"), meant, f"{path}/{name}")
    elif isinstance(old, list) and isinstance(now, list) and len(old) == len(now):
        for n, (one, other) in enumerate(zip(old, now, strict=True)):
            yield from unlike(one, other, meant, f"{path}/{n}")
    elif old != now:
        yield f"{path}: {old} → {now}"
