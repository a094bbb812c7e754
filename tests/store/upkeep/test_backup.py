"""What a backup holds, made aside and put in place whole or not at all; a copy counts after it was read back."""

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Table, text

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.apply import TABLES
from queuedesk.store import schema
from queuedesk.store.engine import hall_file
from queuedesk.store.engine.database import Database, check_copy_is_complete
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.upkeep.exchange import opening_new_database_draft
from queuedesk.store.upkeep.pack import BackupArchive, replace_database_file_keeping_old, write_backup_and_list_left_out
from tests.hall import Hall, make_hall, simple_hall


def begun(folder: Path) -> Hall:
    hall = make_hall(folder)
    hall.play("open 1 staff=C1", "queue A A B", "serve-out 1")
    return hall


pytestmark = pytest.mark.hall(make=begun)


@pytest.fixture
def file(hall: Hall, tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    with hall.desk.db.read() as tx:
        write_backup_and_list_left_out(tx, path, program="1", made=hall.clock())
    return path


def rows(tx: Transaction, table: Table) -> list[str]:
    return sorted(str(row) for row in tx.execute(table.select()))


def test_every_table_is_saved_or_follows_from_what_is():
    saved = {"events", *schema.OUTSIDE}
    own = {*schema.OWN, "halls", "beats", "pin_tries", *schema.LEARNED, *(table.name for table in TABLES)}
    assert saved | own | set(FOLLOWING) == set(schema.metadata_of_all_tables().tables)
    assert not saved & set(FOLLOWING)


def test_the_file_can_be_checked_by_anyone_and_what_is_loaded_is_what_was_saved(hall, file, tmp_path):
    with zipfile.ZipFile(file) as pack:
        manifest = json.loads(pack.read("manifest.json"))
        for entry in manifest["files"]:
            content = pack.read(entry["name"])
            assert hashlib.sha256(content).hexdigest() == entry["sha256"]
            assert content.count(b"\n") == entry["lines"]
        log = [json.loads(line) for line in pack.read("1/events.jsonl").splitlines()]

    assert (manifest["format"], manifest["version"], manifest["halls"][0]["code"]) == ("queuedesk-backup", 1, "CD")
    assert [event["seq"] for event in log] == list(range(1, manifest["halls"][0]["seq"] + 1))

    other = Database.create(tmp_path / "other.sqlite")
    with BackupArchive(file) as saved, other.write() as tx:
        for copy in saved.verified_hall_copies():
            saved.load_hall(tx, copy)

    with other.read() as new, hall.desk.db.read() as old:
        for table in schema.metadata_of_all_tables().sorted_tables:
            if table.name not in (
                "database",
                *schema.LEARNED,
            ):  # what past dates taught is worked out again from what was saved
                assert rows(new, table) == rows(old, table), table.name
    other.dispose()


def test_half_a_file_is_no_backup_and_a_log_that_was_cut_is_found(file, tmp_path):
    cut = tmp_path / "cut"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(cut, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for entry in manifest["files"]:
            content = old.read(entry["name"])
            if entry["name"].endswith("events.jsonl"):
                content = b"".join(content.splitlines(keepends=True)[:-1])
                entry.update(lines=content.count(b"\n"), sha256=hashlib.sha256(content).hexdigest())
            new.writestr(entry["name"], content)
        new.writestr("manifest.json", json.dumps(manifest))

    with BackupArchive(cut) as saved, pytest.raises(OutsideError) as refused:
        saved.verified_hall_copies()
    assert refused.value.code == "backup_damaged"

    content = file.read_bytes()
    for share in (0, 0.1, 0.5, 0.99):
        file.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(OutsideError) as refused:
            BackupArchive(file)
        assert refused.value.code == ("backup_damaged" if share else "wrong_kind")


def test_a_file_put_in_place_is_met_by_who_has_the_old_one_and_a_folder_that_cannot_be_written_is_said(hall, tmp_path):
    with hall.desk.db.read() as tx, pytest.raises(OutsideError) as refused:
        write_backup_and_list_left_out(tx, tmp_path / "no" / "copy", program="1", made=hall.clock())
    assert refused.value.code == "cannot_write"
    new = tmp_path / "new.sqlite"
    Database.create(new).dispose()
    kept = replace_database_file_keeping_old(new, hall.path, stamp_text="now")
    with pytest.raises(OutsideError) as lost:
        hall.desk.db.check_file_identity()
    assert lost.value.code == "database_away"
    hall.desk.db.check_file_identity()
    assert kept == tmp_path / "backups" / "hall-before-restore-now.sqlite"
    assert Database.open(kept).data_version() is not None


def test_nobody_writes_to_a_file_between_its_last_check_and_what_takes_its_place(hall, tmp_path) -> None:
    new = tmp_path / "new.sqlite"
    Database.create(new).dispose()

    def refuse() -> None:
        with closing(sqlite3.connect(hall.path, timeout=0)) as other, pytest.raises(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
        raise RuleError("bad_rows")

    with pytest.raises(RuleError):
        replace_database_file_keeping_old(new, hall.path, stamp_text="now", check=refuse)
    hall.desk.db.check_file_identity()
    assert new.exists() and list((tmp_path / "backups").glob("*.sqlite")) == []


def level(made: Database) -> int:
    with made.read() as tx:
        return int(tx.execute(text("PRAGMA synchronous")).scalar_one())


def test_what_ends_well_stands_in_its_place_as_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft does not wait for the disk, and a hall does."""
    shipped = Path(hall_file.__file__).read_text(encoding="utf-8")
    assert 'SYNCHRONOUS = "FULL"' in shipped
    monkeypatch.setattr(hall_file, "SYNCHRONOUS", "FULL")  # which other tests here do not wait for
    target = tmp_path / "hall.sqlite"
    with opening_new_database_draft(target) as aside:
        with aside.write() as tx:
            tx.execute(text("CREATE TABLE kept (n INTEGER)"))
            tx.execute(text("INSERT INTO kept VALUES (7)"))
        assert level(aside) == 0
        assert not target.exists()
    assert list(tmp_path.iterdir()) == [target]
    opened = Database.open(target)
    with opened.read() as tx:
        assert tx.execute(text("SELECT n FROM kept")).all() == [(7,)]
    assert level(opened) == 2
    opened.dispose()


def test_what_ends_badly_or_has_no_place_leaves_nothing_and_nothing_that_stands_there_is_replaced(tmp_path) -> None:
    """Neither what was there before nor what came meanwhile; and nothing is where there is no folder."""
    target = tmp_path / "hall.sqlite"
    for trouble in (ValueError, KeyboardInterrupt, RuleError("bad_rows")):
        with pytest.raises((ValueError, KeyboardInterrupt, RuleError)), opening_new_database_draft(target):
            raise trouble
        assert list(tmp_path.iterdir()) == []

    target.write_bytes(b"mine")
    with pytest.raises(RuleError) as before, opening_new_database_draft(target):
        pass
    target.unlink()
    with pytest.raises(RuleError) as meanwhile, opening_new_database_draft(target):
        target.write_bytes(b"mine too")

    assert (before.value.code, meanwhile.value.code) == ("exists", "exists")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("hall.sqlite", b"mine too")]
    with opening_new_database_draft(None) as aside:
        folder = aside.path.parent
        assert folder.exists()
    assert not folder.exists()
    with pytest.raises(OutsideError) as error, opening_new_database_draft(tmp_path / "none" / "hall.sqlite"):
        pass
    assert error.value.code == "cannot_write"


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    """A hall's file and a copy of it."""
    hall = simple_hall(tmp_path)
    hall.queue("A", "A")
    hall.desk.db.dispose()
    with closing(sqlite3.connect(hall.path)) as source, closing(sqlite3.connect(tmp_path / "copy")) as copy:
        source.backup(copy)
        yield source, copy


@pytest.mark.parametrize(
    "spoil",
    [
        "DELETE FROM tickets WHERE rowid = (SELECT max(rowid) FROM tickets)",
        "UPDATE events SET hash = '0' WHERE seq = (SELECT max(seq) FROM events)",
        "DROP TABLE commands",
    ],
)
def test_one_that_lacks_something_does_not(both: tuple[sqlite3.Connection, sqlite3.Connection], spoil: str) -> None:
    check_copy_is_complete(*both)
    both[1].execute(spoil)
    with pytest.raises((OSError, sqlite3.Error)):
        check_copy_is_complete(*both)
