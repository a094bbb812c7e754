"""What is typed wrong for host is said in one sentence, and nothing is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.app.lending import command_tools
from tests.cli.commands import Console


@pytest.fixture
def console(bare: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "own"))
    bare.tools = command_tools()
    return bare


@pytest.mark.parametrize(
    "words",
    [
        ("--listen", "192.168.1.5:port"),
        ("--listen", "a b"),
        ("--server", "/data/hall.sqlite"),
        ("--server", "postgresql:///hall?host=/run/postgresql"),
        ("code", "--for", "everybody"),
        ("autostart", "perhaps"),
        ("now",),
    ],
)
def test_words_that_make_no_command(console: Console, words: tuple[str, ...]) -> None:
    answer = console.say("host", *words)

    assert answer.status == 2
    assert "usage" in answer.err.lower() and answer.out == ""
    assert not (console.db.parent / "postgres").exists()


def test_a_server_s_address_is_no_hall_to_share(console: Console) -> None:
    console.db = Path("postgresql:/o@db/q")

    assert console.say("host").status == 2


def test_without_a_hall_there_is_nothing_to_share(console: Console) -> None:
    answer = console.say("--json", "host", "--no-autostart")

    assert (answer.status, answer.refusal) == (3, "database_missing")
    assert not (console.db.parent / "postgres").exists()


def test_a_pc_that_shares_nothing_says_so(console: Console) -> None:
    assert console.ask("host", "status")["running"] is False
    assert console.say("host", "status").out == "This PC shares no hall at the moment.\n"
    assert console.refused("host", "stop") == "host_not_running"
    assert console.refused("host", "code") == "host_not_running"
