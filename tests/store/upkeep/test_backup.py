"""What a backup file holds, and that every table beside the log is in it."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Table

from queuedesk.core.errors import OutsideError
from queuedesk.store import schema
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.schema import LEARNED, OWN, beats, database, metadata, pin_tries
from queuedesk.store.upkeep.pack import Backup, put_in_place, write_backup
from tests.hall import Hall, make_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = make_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "A", "B")
    hall.serve_out("1")
    return hall


@pytest.fixture
def file(hall: Hall, tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    with hall.desk.db.read() as tx:
        write_backup(tx, path, program="1", made=hall.clock())
    return path


def rows(tx: Transaction, table: Table) -> list[str]:
    return sorted(str(row) for row in tx.execute(table.select()))


def test_every_table_is_saved_or_follows_from_what_is():
    saved = {schema.events, *schema.OUTSIDE}
    own = {*OWN, schema.halls, beats, pin_tries, *LEARNED}

    assert saved | own | set(FOLLOWING) == set(metadata.tables.values())
    assert not saved & set(FOLLOWING)


def test_the_file_can_be_checked_by_anyone(file):
    with zipfile.ZipFile(file) as pack:
        manifest = json.loads(pack.read("manifest.json"))
        for entry in manifest["files"]:
            content = pack.read(entry["name"])
            assert hashlib.sha256(content).hexdigest() == entry["sha256"]
            assert content.count(b"\n") == entry["lines"]
        log = [json.loads(line) for line in pack.read("1/events.jsonl").splitlines()]

    assert (manifest["format"], manifest["version"], manifest["halls"][0]["code"]) == ("queuedesk-backup", 1, "CD")
    assert [event["seq"] for event in log] == list(range(1, manifest["halls"][0]["seq"] + 1))


MADE_ANEW = {"learned", "learned_days"}
"""What past dates taught is worked out again from what was saved."""


def test_what_is_loaded_is_what_was_saved(hall, file, tmp_path):
    other = Database.create(tmp_path / "other.sqlite")
    with Backup(file) as saved, other.write() as tx:
        for copy in saved.check():
            saved.load(tx, copy)

    with other.read() as new, hall.desk.db.read() as old:
        for table in metadata.sorted_tables:
            if table is not database and table.name not in MADE_ANEW:
                assert rows(new, table) == rows(old, table), table.name
    other.dispose()


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_half_a_file_is_no_backup(file, share):
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(OutsideError) as refused:
        Backup(file)
    assert refused.value.code == ("backup_damaged" if share else "wrong_kind")


def test_a_log_that_was_cut_is_found(file, tmp_path):
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

    with Backup(cut) as saved, pytest.raises(OutsideError) as refused:
        saved.check()
    assert refused.value.code == "backup_damaged"


def test_a_file_put_in_place_is_met_by_who_has_the_old_one(hall, tmp_path):
    new = tmp_path / "new.sqlite"
    Database.create(new).dispose()
    kept = put_in_place(new, hall.path, stamp_text="now")

    with pytest.raises(OutsideError) as lost:
        hall.desk.db.check()
    assert lost.value.code == "database_away"
    hall.desk.db.check()
    assert kept == tmp_path / "backups" / "hall-before-restore-now.sqlite"
    assert Database.open(kept).data_version() is not None


def test_a_folder_that_cannot_be_written_is_said(hall, tmp_path):
    with hall.desk.db.read() as tx, pytest.raises(OutsideError) as refused:
        write_backup(tx, tmp_path / "no" / "copy", program="1", made=hall.clock())
    assert refused.value.code == "cannot_write"
