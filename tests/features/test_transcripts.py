"""What commands of features answer and leave in the log, whole, by the transcripts beside these tests."""

from pathlib import Path

import pytest

from tests.cli.commands import Console
from tests.cli.transcripts import Scene, scenes


@pytest.mark.parametrize("scene", scenes(Path(__file__).parent))
@pytest.mark.usefixtures("qapp")
def test_what_is_typed_comes_to_what_is_kept(scene: Scene, bare: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.must_come_out(bare, monkeypatch)
