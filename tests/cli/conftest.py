import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from queuedesk.cli import upkeep
from tests.cli.commands import Batch, Console, begun_once
from tests.hall import noon_zone


@pytest.fixture(autouse=True)
def _own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave what a command changes in its process as it was."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    # Nobody but root can take it back: every later test would be slow.
    monkeypatch.setattr(os, "nice", lambda _less: 0, raising=False)


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Console:
    """A console without a hall."""

    def read() -> tuple[str, str]:
        captured = capsys.readouterr()
        return captured.out, captured.err

    return Console(tmp_path / "hall.sqlite", read)


@pytest.fixture
def own_choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this PC remember for this test alone."""
    for name in ("XDG_CONFIG_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "config"))


@pytest.fixture
def hall_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let doctor look at the hall and not at this PC, which takes seconds: it has tests of its own."""
    monkeypatch.setattr(upkeep, "OF_THIS_PC", ())


@pytest.fixture
def live(bare: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console of a power hall that goes by the real clock, as processes beside it do."""
    bare.clock = now
    monkeypatch.setenv("TZ", noon_zone(now()))
    founded(bare)
    return bare


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def console(bare: Console) -> Console:
    """A console of a power hall, open at all hours."""
    return begun_once(bare, founded)


def founded(bare: Console) -> None:
    bare.ask("init", "--preset", "power", "--all-hours", "--hall", "CD")


@pytest.fixture
def batch(bare: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """Give lines, or bytes, to a batch of the console and return its answers."""

    def given(*lines: str | bytes, options: tuple[str, ...] = (), status: int = 0) -> list[dict[str, Any]]:
        file = tmp_path / "lines.txt"
        file.write_bytes(b"".join(line if isinstance(line, bytes) else f"{line}\n".encode() for line in lines))
        with file.open(encoding="utf-8") as source:
            monkeypatch.setattr("sys.stdin", source)
            answer = bare.say("batch", *options)
        assert (answer.status, answer.err) == (status, "")
        return [json.loads(line) for line in answer.out.splitlines()]

    return given
