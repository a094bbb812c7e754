"""Backups of halls on a server: all of them by its owner, into the folder that somebody chose; a PC that joined makes
none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from queuedesk.app import main
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.network import prepare
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep.pack import Backup
from tests.cli.commands import Console
from tests.credentials import shared


@pytest.fixture
def there(bare: Console, pg_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console of a server with two halls, on a PC that remembers for this test alone."""
    for name in ("CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    bare.clock.now = datetime.now(UTC)  # as files on the disk have it
    there = Console(pg_url, bare.read, bare.clock, main.command_services())  # type: ignore[arg-type]
    for code in ("S", "T"):
        there.ask("init", "--preset", "bank", "--all-hours", "--hall", code)
        there.ask("--hall", code, "issue", "A")
    db = Database.open(pg_url)
    prepare(db)
    db.dispose()
    return there


def test_where_nobody_chose_a_folder_the_equipment_says_so_and_then_every_hall_is_in_it(there: Console, tmp_path: Path):
    there.ask("--hall", "S", "leave", "A001")
    assert there.ask("--hall", "S", "backups", "due", "--gently")["made"] is None
    assert causes(there) == [], "a hall of today"
    there.clock.move(days=3)
    assert there.ask("--hall", "S", "backups", "due", "--gently")["made"] is None
    assert causes(there) == ["backup_none"]

    (tmp_path / "disk").mkdir()
    document = there.ask("--hall", "S", "backups", "to", tmp_path / "disk")
    assert causes(there) == [None]
    with Backup(Path(document["made"])) as backup:
        assert [copy.code for copy in backup.check()] == ["S", "T"]
    known = there.ask("--hall", "S", "backups", "list")
    assert document["failed"] == []
    assert [(row["hall"], row["trouble"], bool(row["proven"])) for row in known["halls"]] == [
        ("S", None, True),
        ("T", None, True),
    ]
    assert there.ask("backups", "due")["made"] is None


def causes(there: Console) -> list[str | None]:
    rows = there.ask("--hall", "S", "device", "list")["devices"]
    return [row["cause"] for row in rows if row["device"] == "backup"]


def test_a_pc_that_joined_makes_none(bare: Console, shared_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with shared(shared_url) as hall:
        url = hall.pc(PcKind.MANAGER)
        joined = Console(url, bare.read, hall.clock, main.command_services())  # type: ignore[arg-type]

        assert joined.refused("backups", "due", "--now") == "not_this_pc"
