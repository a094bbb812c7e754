"""Texts that are kept whole as documents beside the tests, so that what changes in one is reviewed as a diff.

A document may keep several parts, each below a line with `== ` and its name. With TESTS_KEEP_ANEW=1 in the environment
what comes is written down, and the tests pass.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from pathlib import Path

CHECK_CODE = "[0-9]+(?:-[0-9A-HJKMNP-TV-Z]{4}){6}"
BY_CHANCE = re.compile(rf"{CHECK_CODE}|\b[0-9a-f]{{64}}\b|\b[0-9]+(?= kB\b)")
"""Hashes of a log, its check codes and what papers with them come to, which are others each time."""
IS_KEPT_ANEW = "TESTS_KEEP_ANEW" in os.environ


def must_be_kept(file: Path, text: str, part: str = "", folder: Path | None = None) -> None:
    """Assert that a text is what a document keeps, or keeps below `part`; hashes, check codes and kB are "…" there, and
    a folder of the test's own is FOLDER."""
    parts, came = parts_of(file), lines_of(text, folder)
    if IS_KEPT_ANEW:
        keep(file, parts | {part: came})
        return
    kept = parts.get(part)
    assert came == kept, difference(kept or [], came)


def lines_of(text: str, folder: Path | None = None) -> list[str]:
    """Return the lines of a text as they are kept."""
    return BY_CHANCE.sub("…", text.replace(str(folder), "FOLDER") if folder else text).strip("\n").splitlines()


def difference(kept: Sequence[str], came: Sequence[str]) -> str:
    return "\n".join(unified_diff(kept, came, "kept", "came", lineterm=""))


def parts_of(file: Path) -> dict[str, list[str]]:
    """Return the lines of a document by its parts; what stands before the first one has no name."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    before, *parts = re.split("^== ", text, flags=re.MULTILINE)
    named = [("", before), *((name, lines) for name, _end, lines in (part.partition("\n") for part in parts))]
    return {name: lines.strip("\n").splitlines() for name, lines in named if name or lines}


def keep(file: Path, parts: Mapping[str, Sequence[str]]) -> None:
    """Write a document of parts."""
    told = ["\n".join([f"== {name}", *lines] if name else lines) for name, lines in parts.items()]
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n\n".join(filter(None, told)) + "\n", encoding="utf-8")


def by_name(page: Path) -> dict[str, str]:
    """Return the lines of a document by what stands before their colons."""
    return dict(line.split(": ", 1) for line in page.read_text(encoding="utf-8").splitlines())
