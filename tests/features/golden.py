"""Whole documents that are kept beside the tests and compared as they are: what changes in them is read as a diff.

With TESTS_KEEP_ANEW in the environment a test that compares writes them anew, and fails.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from functools import reduce
from pathlib import Path
from typing import Any

from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.cli.commands import Console
from tests.hall import Hall


def must_be_kept(file: Path, text: str) -> None:
    """Assert that a text is the one in a file; where there is no file it is written, to be read before it is kept."""
    if not file.exists() or os.environ.get("TESTS_KEEP_ANEW"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        raise AssertionError(f"{file} was written anew")
    assert text.splitlines() == file.read_text(encoding="utf-8").splitlines()


def by_name(page: Path) -> dict[str, str]:
    """Return the lines of a page by what stands before their colons."""
    return dict(line.split(": ", 1) for line in page.read_text(encoding="utf-8").splitlines())


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
        self.is_done = True

    def carry_out(self, page: Path, **values: object) -> None:
        """Type the lines of a page, each of which is to succeed, with values put in where their names stand."""
        for line in typed_on(page):
            said = self.said(reduce(lambda text, one: text.replace(one[0], str(one[1])), values.items(), line))
            assert self.is_done, f"{line}\n{said}"

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
        self.is_done, said = answer.status == 0, answer.out + answer.err
        said = as_lines(json.loads(said)) if line.startswith("$") else said.rstrip("\n")
        for name in re.findall(r"\b[0-9a-f]{16}\b", said):
            self.names.setdefault(name, f"ID-{len(self.names)}")
        for name, shown in self.names.items():
            said = said.replace(name, shown)
        return said


def hall_of(console: Console) -> Hall:
    return Hall(Desk(Database.open(console.db), 1), console.clock, console.db)


def must_answer(console: Console, page: Path, folder: Path) -> None:
    """Assert that each line of a page is answered as it stands there, and that the hall follows from its log then."""
    typing = Typing(console, folder)
    text = "\n".join(f"{line}\n{typing.said(line)}".rstrip() + "\n" for line in typed_on(page))
    hall = hall_of(console)
    hall.must_follow_from_its_log()
    hall.desk.db.dispose()
    must_be_kept(page, text)


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
