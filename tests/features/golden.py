"""Whole documents that are kept beside the tests and compared as they are: what changes in them is read as a diff."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from tests.cli.commands import Console


def must_be_kept(file: Path, text: str) -> None:
    """Assert that a text is the one in a file; where there is no file it is written, to be read before it is kept."""
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        raise AssertionError(f"{file} was written anew")
    assert text.splitlines() == file.read_text(encoding="utf-8").splitlines()


def typed_on(page: Path) -> list[str]:
    """Return the command lines of a page that has each with its answer."""
    lines = page.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("$ ", "> "))]


def must_answer(console: Console, page: Path, folder: Path) -> None:
    """Assert that each command of a page is answered as it stands there: after "$ " with a document, after "> " with
    words; FOLDER is where it puts its files."""
    told = []
    for line in typed_on(page):
        words = shlex.split(line[2:].replace("FOLDER", str(folder)))
        answer = console.say(*(["--json"] if line.startswith("$") else []), *words)
        said = answer.out + answer.err
        if line.startswith("$"):
            said = json.dumps(json.loads(said), indent=1, ensure_ascii=False)
        told.append(f"{line}\n{said.rstrip().replace(str(folder), 'FOLDER')}\n")
    must_be_kept(page, "\n".join(told))
