"""What commands of features answer and leave in the log, whole, by the transcripts beside these tests."""

from pathlib import Path

import pytest

from queuedesk.cli.main import build_parser
from scripts.build_commands import every_command
from tests.cli.commands import Console
from tests.cli.transcripts import Scene, scenes

OF_QUALITY = ("quality", "cases", "inspect", "rectification", "sheet", "thanks", "warnings", "notes", "forum")


@pytest.mark.parametrize("scene", scenes(Path(__file__).parent))
@pytest.mark.usefixtures("qapp")
def test_what_is_typed_comes_to_what_is_kept(scene: Scene, bare: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.must_come_out(bare, monkeypatch)


def test_each_command_of_quality_and_of_projects_stands_in_one() -> None:
    typed = "\n".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.rglob("*.transcript"))
    lines = [f"{line} " for line in typed.splitlines() if line.startswith("$ ")]
    every = [words for words, _parser in every_command(build_parser({})) if words.startswith((*OF_QUALITY, "project"))]
    assert [words for words in every if not any(f" {words} " in line for line in lines)] == []
