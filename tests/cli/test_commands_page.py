"""The page of commands: its made parts are those of the program, and its examples print what stands below them."""

import re
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk import i18n
from scripts.build_commands import PAGE, faults, made
from tests.cli.commands import Console
from tests.cli.transcripts import STATUS, Playing
from tests.golden.kept import IS_KEPT_ANEW, difference

BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
TYPED = re.compile(r"\$ (?:echo '(.*)' \| )?queuedesk (.*)")
A_MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _in_english() -> None:
    i18n.choose_language("en")


def test_its_parts_are_those_of_the_program_and_each_command_stands_there_once() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert made(page) == page, "run scripts/build_commands.py"
    assert faults(page) == []


@pytest.mark.usefixtures("qapp", "own_choices")
def test_its_examples_print_what_stands_below_them(bare: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """They happen in one hall, one after the other, a minute between them."""
    page = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(bare.db.parent)
    playing = Playing(bare, monkeypatch)

    def played(block: re.Match[str]) -> str:
        return "".join(f"{line}\n" for typed in TYPED.finditer(block[0]) for line in printed(playing, typed))

    came = BLOCK.sub(played, page)
    if IS_KEPT_ANEW:
        PAGE.write_text(came, encoding="utf-8")
        return
    assert came == page, difference(page.splitlines(), came.splitlines())


def printed(playing: Playing, typed: re.Match[str]) -> list[str]:
    """Return a line that is typed with what it prints."""
    lines = Path("typed.txt")
    lines.write_text(f"{typed[1]}\n", encoding="utf-8")
    with lines.open(encoding="utf-8") as given:
        playing.patch.setattr(sys, "stdin", given)
        said = playing.printed(typed[2])
    playing.clock.now += A_MINUTE
    return [typed[0], *(line.removeprefix("! ") for line in said if not STATUS.fullmatch(line))]
