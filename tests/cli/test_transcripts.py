"""What commands answer and leave in the log, whole, by the transcripts beside these tests."""

import re
from pathlib import Path

import pytest

from queuedesk.core.log.event import QUEUE_KINDS
from tests.cli.commands import Console
from tests.cli.transcripts import Scene, scenes

HERE = Path(__file__).parent


@pytest.mark.parametrize("scene", scenes(HERE))
@pytest.mark.usefixtures("qapp")
def test_what_is_typed_comes_to_what_is_kept(scene: Scene, bare: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.must_come_out(bare, monkeypatch)


def test_each_kind_of_event_of_the_queue_comes_of_a_command() -> None:
    kept = "".join(file.read_text(encoding="utf-8") for file in HERE.rglob("*.transcript"))
    assert set(re.findall(r"^    \+ \d+ (\S+)", kept, re.MULTILINE)) >= QUEUE_KINDS
