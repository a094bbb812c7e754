"""No file that a command is given takes its memory or its time, whatever stands there."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pytest

from queuedesk.app.main import command_services
from queuedesk.files import reading
from tests.bounded import Stopwatch
from tests.cli.commands import Console
from tests.features.test_outputs import INPUTS

WORDS: dict[str, list[str]] = {
    "appointment import file": ["appointment", "import"],
    "calendar import file": ["calendar", "import"],
    "channels import file": ["channels", "import"],
    "doctor --from": ["doctor", "--repair", "--yes", "--from"],
    "doctor --with": ["doctor", "--repair", "--yes", "--from", "{backup}", "--with"],
    "enter file": ["enter"],
    "indicators import file": ["indicators", "import"],
    "merge file": ["merge"],
    "partner import file": ["partner", "import"],
    "replay --setup": ["--db", "{new}", "replay", "{table}", "--setup"],
    "replay file": ["--db", "{new}", "replay"],
    "restore file": ["restore"],
    "satisfaction check file": ["satisfaction", "check"],
    "setup import file": ["setup", "import"],
}
PICTURE = {"ticket-design set logo": ["ticket-design", "set", "logo={file}"]}
OF_PACKS = {"doctor --from", "doctor --with", "merge file", "restore file"}
OF_A_PACK = {"cannot_read", "wrong_kind"}
"""A backup or an export is a file and nothing else."""
REFUSED: dict[str, set[str]] = {
    "/dev/zero": {"too_large"},
    "{folder}/pipe": {"cannot_read"},
    "{folder}/deep": {"too_large", "wrong_kind", "not_a_table", "columns_missing", "bad_rows"},
    "{folder}/large": {"too_large"},
    "{folder}": {"cannot_read"},
    "{folder}/none": {"no_such_file"},
}


def test_every_file_that_a_command_reads_is_tried_here() -> None:
    assert set(WORDS) == INPUTS


def test_no_input_takes_more_than_its_limit(console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE_S", 0.05)
    console.services = command_services()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "deep").write_bytes(b"[" * 100_000)
    with (tmp_path / "large").open("wb") as file:
        file.truncate(reading.LARGEST_TABLE + 1)
    (tmp_path / "table").write_text("ticket,service,arrived\nA001,A,2026-11-19T09:00:00+08:00\n")
    log = len(console.log())
    console.ask("backup", tmp_path / "backup.zip")
    put_in = {
        "backup": tmp_path / "backup.zip",
        "new": tmp_path / "new.sqlite",
        "table": tmp_path / "table",
    }

    for what, (name, words) in product(REFUSED, (WORDS | PICTURE).items()):
        given = what.format(folder=tmp_path)
        line = [word.format(**put_in, file=given) for word in words] + ([given] if name in WORDS else [])
        with Stopwatch() as took:
            answer = console.say("--json", *line)
        assert (answer.status, answer.err) == (1, ""), (what, name, answer)
        expected = REFUSED[what] | (OF_A_PACK if name in OF_PACKS else set())
        if name in PICTURE and what.endswith("deep"):
            expected = {"bad_value"}
        assert answer.refusal in expected, (what, name, answer)
        assert took.s < 5, (what, name)

    assert len(console.log()) == log
    assert not Path(put_in["new"]).exists()
