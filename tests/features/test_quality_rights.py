"""Who does what of quality: each command by everybody, against the table of the rights; what each answers."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from queuedesk.cli.command_table import COMMANDS
from queuedesk.cli.main import build_parser
from queuedesk.core.features import installed_features
from scripts.build_commands import every_command
from tests.cli.commands import Console
from tests.cli.transcripts import Playing, carry_out, done
from tests.golden.kept import parts_of
from tests.rights_page import table

WHO = {
    "guide": "G1", "clerk": "C2", "owner": "C1", "concerned": "C3", "manager": "M1", "concerned manager": "M2",
    "admin": "AD",
}  # fmt: skip
"""The columns of the table: cases and thanks are C1's, cases concern C3 and M2, and M2 has to put something right."""
ASKED = Path(__file__).parent / "golden" / "rights.txt"
"""What has happened in a hall, and after "? " what everybody asks there."""


@pytest.fixture
def playing(console: Console) -> Playing:
    """A hall with one of each thing in every state."""
    return carry_out(console, ASKED.read_text(encoding="utf-8").splitlines())


def rights() -> dict[str, dict[str, str]]:
    """Return the page's answers for each command of quality."""
    rows = table("Who does what of quality")
    return {name: row for row in rows for name in re.findall("`([^`]+)`", row["commands"])}


OF_QUALITY = ("low_ratings", "inspections", "morning", "thanks", "forums", "notes")


def writing() -> Iterator[str]:
    """Yield the program's own commands of quality that write."""
    modules = [
        *((f"cli.{module}", names) for module, names in COMMANDS.items()),
        *(row for one in installed_features() for row in one.commands.items()),
    ]
    own = ("cli.quality", *(f"features.{name}." for name in OF_QUALITY))
    of_quality = {name for module, names in modules if module.startswith(own) for name in names}
    for name, parser in every_command(build_parser({})):
        if name.split()[0] in {*of_quality, "calendar", "sheet"} and not parser.get_default("reads"):
            yield name


def assert_who_is_no_manager_reads_own_cases_and_thanks_in_part(playing: Playing) -> None:
    def asked(who: str, *words: str) -> Any:
        return playing.console.ask("--as", WHO[who], *words)

    words = ("cases", "list", "--month", "2026-11-20")
    listed = {who: [one["number"] for one in asked(who, *words)["cases"]] for who in WHO}
    readers = ("owner", "manager", "concerned manager", "admin")
    cases = [f"26-00{n}" for n in range(1, 7)]
    assert listed == {who: cases if who in readers else [] for who in WHO}
    own, whole = (asked(who, "cases", "show", cases[-1]) for who in ("owner", "manager"))
    assert set(whole) - set(own) == {"source", "ref", "concerns", "words", "reasons"}
    assert [one["text"] for one in own["history"]] == [None] * 6
    assert "two windows" in [one["text"] for one in whole["history"]]
    assert own["contact"] == whole["contact"] == "138 •••• 5176"
    thanked = {who: len(asked(who, "thanks", "list")["thanks"]) for who in WHO}
    assert thanked == {**dict.fromkeys(WHO, 1), "guide": 0, "clerk": 0, "concerned": 0}


def test_everybody_reads_and_does_what_the_table_says_of_every_command_that_writes(
    playing: Playing, tmp_path: Path
) -> None:
    assert set(rights()) == {*writing(), "cases show"}
    assert_who_is_no_manager_reads_own_cases_and_thanks_in_part(playing)
    told: dict[str, dict[str, str]] = {}
    kept, file = tmp_path / "kept.sqlite", playing.console.db
    shutil.copy(file, kept)
    for line in ASKED.read_text(encoding="utf-8").splitlines():
        if line.startswith("? "):
            words = playing.words(line[2:])
            row = told[" ".join(words[:2])] = {}
            for who, code in WHO.items():
                answer = playing.console.say("--json", "--as", code, *words)
                row[who] = "yes" if answer.status == 0 else f"`{answer.refusal}`"
                if answer.status == 0:  # After a refusal it is as it was.
                    shutil.copy(kept, file)
    assert {name: {who: row[who] for who in WHO} for name, row in rights().items()} == told


def test_an_id_that_is_given_again_answers_with_the_number_alone(console: Console) -> None:
    before, lines = map(done, parts_of(Path(__file__).with_name("quality.transcript")).values())
    playing = carry_out(console, before)
    asked = 0
    for line in lines:
        group, name, *more = playing.words(line.removeprefix("$ --json "))
        if group not in ("inspect", "rectification", "thanks", "forum", "cases") or name in ("list", "sheets", "show"):
            continue
        words = ("--id", f"again {line}"[:40], group, name, *more)
        first, second = console.say("--json", *words), console.say("--json", *words)
        if first.status == 0:
            asked += 1
            assert second.document.items() <= first.document.items(), line
            assert len(second.document) <= 2, line
            assert console.say(*words).status == 0, line
    assert asked > 5
