"""Whole documents that are kept beside the tests and compared as they are: what changes in them is read as a diff.

With TESTS_KEEP_ANEW in the environment a test that compares writes them anew, and fails.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path
from typing import Any

from tests.cli.commands import Console


def must_be_kept(file: Path, text: str) -> None:
    """Assert that a text is the one in a file; where there is no file it is written, to be read before it is kept."""
    if not file.exists() or os.environ.get("TESTS_KEEP_ANEW"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        raise AssertionError(f"{file} was written anew")
    assert text.splitlines() == file.read_text(encoding="utf-8").splitlines()


def typed_on(page: Path) -> list[str]:
    """Return the lines of a page that are typed, each before its answer, and those that let time pass."""
    lines = page.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("$ ", "> ", "~ "))]


class Typing:
    """Types lines at a console; FOLDER is where commands put their files, and what got a random name is ID-1, ID-2 … in
    the order in which it came."""

    def __init__(self, console: Console, folder: Path) -> None:
        self.console = console
        self.names = {str(folder): "FOLDER"}

    def words(self, line: str) -> list[str]:
        """Return what is typed, with the names as they are."""
        for name, shown in self.names.items():
            line = line.replace(shown, name)
        return shlex.split(line)

    def said(self, line: str) -> str:
        """Return what is answered to a line after "$ " with a document, after "> " with words; after "~ days=1" that
        time has passed."""
        if line.startswith("~"):
            spans = (one.split("=") for one in line[2:].split())
            self.console.clock.move(**{unit: float(n) for unit, n in spans})
            return ""
        answer = self.console.say(*(["--json"] if line.startswith("$") else []), *self.words(line[2:]))
        said = answer.out + answer.err
        said = as_lines(json.loads(said)) if line.startswith("$") else said.rstrip("\n")
        for name in re.findall(r"\b[0-9a-f]{16}\b", said):
            self.names.setdefault(name, f"ID-{len(self.names)}")
        for name, shown in self.names.items():
            said = said.replace(name, shown)
        return said


def must_answer(console: Console, page: Path, folder: Path) -> None:
    """Assert that each line of a page is answered as it stands there."""
    typing = Typing(console, folder)
    must_be_kept(page, "\n".join(f"{line}\n{typing.said(line)}".rstrip() + "\n" for line in typed_on(page)))


def as_lines(document: dict[str, Any]) -> str:
    """Return a document with each key, and each row of a list, in a line of its own; fractions have six places."""

    def written(value: object) -> str:
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return "[\n" + ",\n".join(f"  {_plain(one)}" for one in value) + "\n ]"
        return _plain(value)

    return "{\n" + ",\n".join(f' "{key}": {written(value)}' for key, value in document.items()) + "\n}"


def _plain(value: object) -> str:
    return json.dumps(_rounded(value), ensure_ascii=False)


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return round(value, 6) if isinstance(value, float) else value
