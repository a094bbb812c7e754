import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError
from queuedesk.desk.queue.sign_in_and_pins import set_pin
from queuedesk.i18n import say
from queuedesk.store.engine import database, migrate
from queuedesk.store.engine.database import Database
from queuedesk.store.schema import metadata
from queuedesk.store.upkeep import backup_folder
from tests.hall import simple_hall

ROOT = Path(__file__).resolve().parent.parent.parent.parent

THIS = migrate.REVISION
LATER = f"{int(THIS) + 1:04}"
NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "{LATER}"
down_revision = "{THIS}"

def upgrade() -> None:
    with op.batch_alter_table("parents", recreate="always", table_kwargs={{"sqlite_strict": True}}) as batch:
        batch.add_column(sa.Column("size", sa.Integer, nullable=False, server_default="7"))
"""


@pytest.fixture
def path(tmp_path):
    """A database of today's with two tables more, one pointing to the other."""
    path = tmp_path / "hall.sqlite"
    Database.create(path).dispose()
    run(
        path,
        "CREATE TABLE parents (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT",
        "CREATE TABLE children (parent INTEGER REFERENCES parents(id) ON DELETE CASCADE) STRICT",
        "INSERT INTO parents VALUES (1, 'one')",
        "INSERT INTO children VALUES (1)",
    )
    return path


@pytest.fixture
def later(path, tmp_path, monkeypatch):
    """After `path` was made, make this the program of one revision later; returns the place of that revision."""
    migrations = tmp_path / "100% later"
    shutil.copytree(migrate.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    revision = migrations / "versions" / f"{LATER}_next.py"
    revision.write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(migrate, "MIGRATIONS", migrations)
    monkeypatch.setattr(database, "REVISION", LATER)
    return revision


def run(path: Path, *statements: str) -> list[tuple[object, ...]]:
    rows = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            rows += connection.execute(statement).fetchall()
    return rows


def copies(path: Path) -> list[str]:
    return sorted(copy.name for copy in path.parent.joinpath("backups").glob("*"))


def test_the_written_down_revision_is_the_newest():
    assert ScriptDirectory(str(migrate.MIGRATIONS)).get_current_head() == migrate.REVISION


def test_revisions_are_numbers_in_one_row():
    revisions = [script.revision for script in ScriptDirectory(str(migrate.MIGRATIONS)).walk_revisions()]

    assert sorted(revisions) == [f"{number:04}" for number in range(1, len(revisions) + 1)]


def test_a_new_database_has_every_table_strict(tmp_path):
    Database.create(tmp_path / "hall.sqlite").dispose()

    tables = run(tmp_path / "hall.sqlite", "SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite%'")
    assert dict(tables) == dict.fromkeys(["alembic_version", *metadata.tables], 1)


def test_a_start_loads_no_engine_but_its_own_and_alembic_for_older_files_alone(path):
    code = """
import sys
from queuedesk.desk import looking
from queuedesk.store.engine.database import Database
Database.create(sys.argv[1] + "-new").dispose()
print([name for name in sys.modules if name == "psycopg" or "postgresql" in name])
Database.open(sys.argv[1])
print("alembic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, encoding="utf-8", cwd=ROOT)

    assert (done.stdout, done.stderr) == ("[]\nFalse\n", "")


def test_a_newer_program_s_database_is_refused(path):
    run(path, "UPDATE alembic_version SET version_num = '0099'")

    with pytest.raises(OutsideError, match="database_newer") as raised:
        Database.open(path)
    assert raised.value.details == {"version": 99, "path": str(path)}
    assert not path.parent.joinpath("backups").exists()


@pytest.mark.usefixtures("later")
def test_an_older_database_is_brought_up_to_date(path):
    Database.open(path).dispose()

    assert run(path, "SELECT * FROM parents", "SELECT * FROM children") == [(1, "one", 7), (1,)]
    assert run(path, "SELECT version_num FROM alembic_version") == [(LATER,)]
    assert run(path, "SELECT strict FROM pragma_table_list WHERE name = 'parents'") == [(1,)]


@pytest.mark.usefixtures("later")
def test_a_copy_of_the_older_one_is_kept(path):
    Database.open(path).dispose()

    assert copies(path) == [f"hall-{THIS}.sqlite"]
    assert run(path.parent / "backups" / f"hall-{THIS}.sqlite", "SELECT * FROM parents") == [(1, "one")]


@pytest.mark.usefixtures("later")
def test_an_earlier_copy_is_never_overwritten(path):
    backups = path.parent / "backups"
    backups.mkdir()
    backups.joinpath(f"hall-{THIS}.sqlite").write_text("earlier")

    Database.open(path).dispose()
    assert copies(path) == [f"hall-{THIS}-2.sqlite", f"hall-{THIS}.sqlite"]
    assert backups.joinpath(f"hall-{THIS}.sqlite").read_text() == "earlier"


@pytest.mark.usefixtures("later")
def test_of_several_only_the_first_changes_anything(path):
    failures = []

    def opened() -> None:
        try:
            Database.open(path).dispose()
        except (OutsideError, DBAPIError) as error:
            failures.append(error)

    threads = [threading.Thread(target=opened) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert copies(path) == [f"hall-{THIS}.sqlite"]


def test_who_is_still_at_work_when_a_newer_program_comes_reads_and_writes_no_more(path, request):
    at_work = Database.open(path)
    request.getfixturevalue("later")
    Database.open(path).dispose()
    request.getfixturevalue("monkeypatch").undo()

    for transaction in (at_work.read, at_work.write):
        with pytest.raises(OutsideError, match="database_newer") as raised, transaction():
            pass
        assert raised.value.details == {"version": int(LATER), "path": str(path)}
    at_work.dispose()


FAILING = {
    "mistaken": ("op.execute('SELEKT')", 'OperationalError: (sqlite3.OperationalError) near "SELEKT": syntax error'),
    "leaves rows pointing nowhere": ("op.execute('DELETE FROM parents')", "ValueError: foreign keys"),
    "a bug": ("None.size", "AttributeError: 'NoneType' object has no attribute 'size'"),
}


@pytest.mark.parametrize(("last", "cause"), FAILING.values(), ids=FAILING)
def test_a_failing_revision_changes_nothing_and_says_so(path, later, last, cause):
    later.write_text(f"{NEXT}    {last}\n", encoding="utf-8")

    with pytest.raises(OutsideError, match="database_not_upgraded") as raised:
        Database.open(path)
    assert raised.value.details == {"path": str(path), "version": int(THIS), "cause": cause}
    assert run(path, "SELECT * FROM parents", "SELECT * FROM alembic_version") == [(1, "one"), (THIS,)]


def test_what_fails_is_found_in_a_throw_away_hall_and_the_hall_is_not_touched(path, later):
    later.write_text(f"{NEXT}    op.execute('SELEKT')\n", encoding="utf-8")
    before = path.read_bytes()
    for _ in range(3):
        with pytest.raises(OutsideError):
            Database.open(path)

    assert path.read_bytes() == before
    assert copies(path) == []


@pytest.mark.usefixtures("later")
def test_of_one_state_one_copy_is_kept_when_a_try_was_killed_behind_it(path):
    with closing(sqlite3.connect(path)) as there:
        there.execute("PRAGMA journal_mode=DELETE")
    database.copy_file(path, f"hall-{THIS}", lambda copy: None)
    Database.open(path).dispose()

    assert copies(path) == [f"hall-{THIS}.sqlite"]


@pytest.mark.usefixtures("later")
def test_the_copy_says_that_it_was_proven(path):
    Database.open(path).dispose()

    [copy] = backup_folder.copies_in(path.parent / "backups")
    assert (copy.why, copy.proven) == ("upgrade", True)
    other = database.copy_file(path, "hall-before-repair-20261120-090000")
    assert not database.is_proven(other)


FULL = SimpleNamespace(total=1, used=1, free=0)
LOSING = {
    "events": "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
    "tickets": "DELETE FROM tickets WHERE label = 'A002'",
    "pins": "DELETE FROM pins",
}


@pytest.mark.parametrize(("what", "statement"), LOSING.items(), ids=LOSING)
def test_a_revision_that_loses_something_is_refused_before_the_hall_is_touched(tmp_path, request, what, statement):
    folder = tmp_path / "busy"
    folder.mkdir()
    hall = simple_hall(folder)
    hall.queue("A", "A")
    set_pin(hall.desk, hall.ask(), "M1", "2468")
    hall.desk.db.dispose()
    head = NEXT.partition("    with")[0]
    request.getfixturevalue("later").write_text(f"{head}    op.execute({statement!r})\n", encoding="utf-8")

    with pytest.raises(OutsideError) as refused:
        Database.open(hall.desk.db.path)
    assert refused.value.details["cause"] == f"ValueError: {what}"
    assert run(hall.desk.db.path, "SELECT version_num FROM alembic_version", "SELECT count(*) FROM tickets") == [
        (THIS,),
        (2,),
    ]


@pytest.mark.usefixtures("later")
def test_without_room_nothing_is_begun(path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: FULL)
    with pytest.raises(OutsideError) as refused:
        Database.open(path)

    assert (refused.value.code, refused.value.details["path"]) == ("database_no_room", str(path.parent))
    assert "MB" in say(refused.value)
    assert run(path, "SELECT version_num FROM alembic_version") == [(THIS,)]
    assert not path.parent.joinpath("backups").exists()


def test_a_copy_is_for_its_owner_alone(path, request):
    request.getfixturevalue("later")
    Database.open(path).dispose()

    backups = path.parent / "backups"
    assert [entry.stat().st_mode & 0o777 for entry in (backups, *backups.iterdir())] == [0o700, 0o600]


NONSENSE = {
    "none": "DELETE FROM alembic_version",
    "two": "INSERT INTO alembic_version VALUES ('0001')",
    "words": "UPDATE alembic_version SET version_num = 'abc'",
    "nought": "UPDATE alembic_version SET version_num = '0000'",
    "no table": "DROP TABLE alembic_version",
}


@pytest.mark.parametrize("change", NONSENSE.values(), ids=NONSENSE)
def test_a_file_that_says_no_revision_is_damaged(path, change):
    run(path, change)

    with pytest.raises(OutsideError, match="database_damaged"):
        Database.open(path)
    assert not path.parent.joinpath("backups").exists()


def test_revisions_use_nothing_of_the_program():
    found = [path.name for path in (migrate.MIGRATIONS / "versions").glob("*.py") if "queuedesk" in path.read_text()]

    assert found == []


def test_partial_indexes_are_partial_on_every_engine():
    code = (
        "import sys; from sqlalchemy.dialects import postgresql; from sqlalchemy.schema import CreateIndex\n"
        "from queuedesk.store.engine import migrate; from queuedesk.store import schema as tables; migrate._name_conditions()\n"
        "index = next(i for i in tables.tickets.indexes if i.name == 'ix_tickets_waiting')\n"
        "print(CreateIndex(index).compile(dialect=postgresql.dialect()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT)

    assert "WHERE state = 'waiting'" in done.stdout
