"""Bringing the tables up to date, in a file and on a server: once, after a copy, all or nothing."""

import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue.issuing import issue_ticket
from queuedesk.desk.queue.opening import set_pin
from queuedesk.desk.setting_up import add_hall
from queuedesk.desk.upkeep.examining import examine_database
from queuedesk.desk.upkeep.maintenance import repair_from_log
from queuedesk.i18n import error_sentence
from queuedesk.paths import data_folder
from queuedesk.store.engine import database, migrate
from queuedesk.store.engine.address import url_without_password
from queuedesk.store.engine.database import Database
from queuedesk.store.schema import metadata_of_all_tables
from queuedesk.store.upkeep import backup_folder
from queuedesk.store.upkeep.pack import BackupArchive
from tests.hall import at, simple_hall, simple_setup
from tests.store.engine.later import LATER, THIS, Becomes

ROOT = Path(__file__).resolve().parent.parent.parent.parent
VERSION = "SELECT version_num FROM alembic_version"


@dataclass
class Tables:
    """A hall's tables, made by today's program: those of a file, or of a database on a server."""

    target: Path | str
    folder: Path

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        if isinstance(self.target, Path):
            with closing(sqlite3.connect(self.target, isolation_level=None)) as file:
                for statement in statements:
                    rows += file.execute(statement).fetchall()
        else:
            with psycopg.connect(self.target) as server:
                for statement in statements:
                    cursor = server.execute(statement.encode())
                    rows += cursor.fetchall() if cursor.description else []
        return rows

    def copies(self) -> list[str]:
        return sorted(copy.name for copy in self.folder.glob("*"))

    def has_a_size(self) -> bool:
        if isinstance(self.target, Path):
            return ("size",) in self.run("SELECT name FROM pragma_table_info('comments')")
        names = "SELECT column_name FROM information_schema.columns WHERE table_name = 'comments'"
        return ("size",) in self.run(names)


@pytest.fixture
def file(tmp_path: Path) -> Tables:
    hall = simple_hall(tmp_path)
    hall.queue("A", "A")
    set_pin(hall.desk, hall.ask(), "M1", "2468")
    hall.desk.db.dispose()
    return Tables(hall.path, tmp_path / "backups")


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.pg)])
def tables(request: pytest.FixtureRequest) -> Tables:
    if request.param == "file":
        found: Tables = request.getfixturevalue("file")
        return found
    shutil.rmtree(data_folder() / "backups", ignore_errors=True)
    url = request.getfixturevalue("pg_url")
    db = Database.open(url)
    add_hall(db, check_and_read_setup(simple_setup()), Ask(CONSOLE, at("9:00")))
    db.dispose()
    return Tables(url, data_folder() / "backups")


def test_an_older_database_is_brought_up_to_date_after_a_copy(tables: Tables, become_later: Becomes) -> None:
    become_later()
    Database.open(tables.target).dispose()
    assert tables.run(VERSION) == [(LATER,)]
    assert tables.has_a_size()
    [copy] = tables.copies()
    if isinstance(tables.target, Path):
        assert copy == f"hall-{THIS}.sqlite"
        assert Tables(tables.folder / copy, tables.folder).run(VERSION) == [(THIS,)]
        assert [entry.stat().st_mode & 0o777 for entry in (tables.folder, tables.folder / copy)] == [0o700, 0o600]
    else:
        (index,) = tables.run("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_tickets_waiting'")
        assert index[0].endswith("WHERE (state = 'waiting'::text)"), "partial here too"
        assert copy == f"T-{THIS}.zip"
        with BackupArchive(tables.folder / copy) as backup:
            assert [(one.code, one.seq) for one in backup.verified_hall_copies()] == [("T", 1)]


def test_of_several_only_the_first_changes_anything(tables: Tables, become_later: Becomes) -> None:
    become_later()
    failures = []

    def opened() -> None:
        try:
            Database.open(tables.target).dispose()
        except (OutsideError, DBAPIError) as error:
            if isinstance(error, OutsideError) and error.code == "database_busy":
                return opened()  # as long as the first is at it
            failures.append(error)

    with ThreadPoolExecutor(3) as threads:
        for _ in range(3):
            threads.submit(opened)
    assert (failures, tables.run(VERSION), len(tables.copies())) == ([], [(LATER,)], 1)


def test_who_is_still_at_work_when_a_newer_program_comes_reads_and_writes_no_more(tables, become_later, monkeypatch):
    at_work = Database.open(tables.target)
    with at_work.read():
        pass
    become_later()
    Database.open(tables.target).dispose()
    monkeypatch.undo()
    for transaction in (at_work.read, at_work.write, partial(at_work.write, 1)):
        with pytest.raises(OutsideError, match="database_newer") as raised, transaction():
            pass
        assert raised.value.details == {"version": int(LATER), "path": url_without_password(str(tables.target))}
    at_work.dispose()


A_TABLE_AND_A_COLUMN = """    op.add_column("tickets", sa.Column("colour", sa.Text))
    op.create_table("remarks", sa.Column("text", sa.Text))
"""


def test_programs_before_a_revision_that_only_adds_go_on(tables: Tables, become_later: Becomes, monkeypatch) -> None:
    at_work = Database.open(tables.target)
    become_later(A_TABLE_AND_A_COLUMN, adds=True)
    Database.open(tables.target).dispose()
    monkeypatch.undo()
    assert tables.run("SELECT version_num, oldest FROM alembic_version, database") == [(LATER, THIS)]
    issue_ticket(Desk(at_work, 1), Ask(CONSOLE, at("9:10")), "A")
    with Database.open(tables.target) as opened:
        assert (opened.revision, at_work.revision) == (LATER, LATER)
        issue_ticket(Desk(opened, 1), Ask(CONSOLE, at("9:11")), "A")
        assert {check.status for check in examine_database(opened)} == {"ok"}
        with pytest.raises(OutsideError, match="database_newer"):
            repair_from_log(tables.target, Ask(CONSOLE, at("9:12")))
    at_work.dispose()
    # The next one takes nothing for granted: only what each revision says counts.
    tables.run("UPDATE database SET oldest = NULL")
    with pytest.raises(OutsideError, match="database_newer"):
        Database.open(tables.target)


FAILING = {
    "mistaken": ("op.execute('SELEKT')", 'OperationalError: (sqlite3.OperationalError) near "SELEKT": syntax error'),
    "leaves rows pointing nowhere": ("op.execute('DELETE FROM parents')", "ValueError: foreign keys"),
    "a bug": ("None.size", "AttributeError: 'NoneType' object has no attribute 'size'"),
    "loses events": (
        "op.execute('DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)')",
        "ValueError: events",
    ),
    "loses tickets": ("op.execute('DELETE FROM tickets WHERE label = \\'A002\\'')", "ValueError: tickets"),
    "loses PINs": ("op.execute('DELETE FROM pins')", "ValueError: pins"),
}


def test_a_failing_revision_changes_nothing_and_says_so(tables: Tables, become_later: Becomes) -> None:
    """In a file it is found in a throw-away hall; on a server what was done is undone, and a backup stays of it."""
    become_later(last=FAILING["a bug"][0])
    before = tables.target.read_bytes() if isinstance(tables.target, Path) else b""
    for _ in range(2):
        with pytest.raises(OutsideError, match="database_not_upgraded") as raised:
            Database.open(tables.target)
        details = {"path": url_without_password(str(tables.target)), "version": int(THIS), "cause": FAILING["a bug"][1]}
        assert raised.value.details == details
    assert (tables.run(VERSION), tables.has_a_size()) == ([(THIS,)], False)
    if isinstance(tables.target, Path):
        assert (tables.target.read_bytes(), tables.copies()) == (before, [])
    else:
        assert len(tables.copies()) == 1


NO_REVISIONS = ("", "x", "abc", "0014 ", "14", "-1", "2026-13-45")


def test_a_database_that_says_no_revision_is_damaged(tables: Tables) -> None:
    """So is one that says what its kind never had: servers came with the eighth. A newer program's is refused."""
    is_file = isinstance(tables.target, Path)
    for change in (
        "DELETE FROM alembic_version",
        "INSERT INTO alembic_version VALUES ('0001')",
        *(
            f"UPDATE alembic_version SET version_num = '{wrong}'"
            for wrong in (*NO_REVISIONS, "0000" if is_file else "0007")
        ),
    ):
        tables.run(change)
        with pytest.raises(OutsideError, match="database_damaged"):
            Database.open(tables.target)
        tables.run("DELETE FROM alembic_version", f"INSERT INTO alembic_version VALUES ('{THIS}')")

    tables.run("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(OutsideError, match="database_newer") as raised:
        Database.open(tables.target)
    assert raised.value.details == {"version": 99, "path": url_without_password(str(tables.target))}
    if is_file:
        tables.run("DROP TABLE alembic_version")
        with pytest.raises(OutsideError, match="database_damaged"):
            Database.open(tables.target)
    assert tables.copies() == []


def test_revisions_are_numbers_in_one_row_and_use_nothing_of_the_program_and_every_new_table_is_strict(tmp_path):
    script = ScriptDirectory(str(migrate.MIGRATIONS))
    revisions = [one.revision for one in script.walk_revisions()]
    assert script.get_current_head() == migrate.REVISION
    assert sorted(revisions) == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    sources = sorted((migrate.MIGRATIONS / "versions").glob("*.py"))
    assert [path.name for path in sources if "queuedesk" in path.read_text()] == []
    assert [path.name[:4] for path in sources] == sorted(revisions)
    lasting = [one.revision for one in script.walk_revisions() if not getattr(one.module, "ADDS", False)]
    assert migrate.oldest_compatible_revision() == lasting[0]
    Database.create(tmp_path / "hall.sqlite").dispose()
    made = Tables(tmp_path / "hall.sqlite", tmp_path)
    strict = made.run("SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite%'")
    assert dict(strict) == dict.fromkeys(["alembic_version", *metadata_of_all_tables().tables], 1)


def test_a_start_loads_no_engine_but_its_own_and_alembic_for_older_files_alone(file: Tables) -> None:
    code = """
import sys
from queuedesk.desk import looking
from queuedesk.store.engine.database import Database
Database.create(sys.argv[1] + "-new").dispose()
print([name for name in sys.modules if name == "psycopg" or "postgresql" in name])
Database.open(sys.argv[1])
print("alembic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code, str(file.target)], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("[]\nFalse\n", "")


WITH_SIZED_PARENTS = """    strict = {"sqlite_strict": True}
    with op.batch_alter_table("parents", recreate="always", table_kwargs=strict) as batch:
        batch.add_column(sa.Column("size", sa.Integer, nullable=False, server_default="7"))
"""


@pytest.fixture
def family(file: Tables) -> Tables:
    """A hall's file with two tables more, one pointing to the other."""
    file.run(
        "CREATE TABLE parents (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT",
        "CREATE TABLE children (parent INTEGER REFERENCES parents(id) ON DELETE CASCADE) STRICT",
        "INSERT INTO parents VALUES (1, 'one')",
        "INSERT INTO children VALUES (1)",
    )
    return file


def test_a_table_that_is_made_anew_keeps_its_rows_and_those_that_point_to_it(family: Tables, become_later: Becomes):
    become_later(WITH_SIZED_PARENTS)
    Database.open(family.target).dispose()
    assert family.run("SELECT * FROM parents", "SELECT * FROM children") == [(1, "one", 7), (1,)]
    assert family.run("SELECT strict FROM pragma_table_list WHERE name = 'parents'") == [(1,)]


@pytest.mark.parametrize(("last", "cause"), FAILING.values(), ids=FAILING)
def test_what_fails_or_loses_something_is_found_in_a_throw_away_hall_beforehand(family, become_later, last, cause):
    become_later(WITH_SIZED_PARENTS, last)
    with pytest.raises(OutsideError, match="database_not_upgraded") as raised:
        Database.open(family.target)
    assert raised.value.details["cause"] == cause
    assert family.run("SELECT * FROM parents", VERSION) == [(1, "one"), (THIS,)]
    assert family.run("SELECT count(*) FROM tickets") == [(2,)]
    assert family.copies() == []


def test_an_earlier_copy_is_never_overwritten(file: Tables, become_later: Becomes) -> None:
    become_later()
    file.folder.mkdir()
    earlier = file.folder / f"hall-{THIS}.sqlite"
    earlier.write_text("earlier")
    Database.open(file.target).dispose()
    assert file.copies() == [f"hall-{THIS}-2.sqlite", f"hall-{THIS}.sqlite"]
    assert earlier.read_text() == "earlier"


def test_of_one_state_one_copy_is_kept_when_a_try_was_killed_behind_it(file: Tables, become_later: Becomes) -> None:
    become_later()
    file.run("PRAGMA journal_mode=DELETE")
    database.copy_database_to_backups(Path(file.target), f"hall-{THIS}", lambda copy: None)
    Database.open(file.target).dispose()
    [copy] = backup_folder.hall_file_copies_in_folder(file.folder)
    assert (file.copies(), copy.why, copy.proven) == ([f"hall-{THIS}.sqlite"], "upgrade", True)
    other = database.copy_database_to_backups(Path(file.target), "hall-before-repair-20261120-090000")
    assert not database.is_proven_copy(other)


def test_without_room_nothing_is_begun(file: Tables, become_later: Becomes, monkeypatch: pytest.MonkeyPatch) -> None:
    become_later()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(total=1, used=1, free=0))
    with pytest.raises(OutsideError) as refused:
        Database.open(file.target)
    assert (refused.value.code, refused.value.details["path"]) == ("database_no_room", str(file.folder.parent))
    assert "MB" in error_sentence(refused.value)
    assert file.run(VERSION) == [(THIS,)]
    assert not file.folder.exists()
