"""This program as the one of one revision later, which changes the tables."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from queuedesk.store.engine import database, migrate

THIS = migrate.REVISION
LATER = f"{int(THIS) + 1:04}"
HEAD = f"""
import sqlalchemy as sa
from alembic import op

revision = "{LATER}"
down_revision = "{THIS}"

def upgrade() -> None:
"""
WITH_A_SIZE = """    with op.batch_alter_table("comments") as batch:
        batch.add_column(sa.Column("size", sa.Integer, nullable=False, server_default="7"))
"""
Becomes = Callable[..., None]


@pytest.fixture
def become_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Becomes:
    """Return what makes this the later program, whose revision does `change` and then `last`."""

    def become(change: str = WITH_A_SIZE, last: str = "", *, adds: bool = False) -> None:
        migrations = tmp_path / "100% later"
        shutil.copytree(migrate.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
        revision = HEAD + change + (f"    {last}\n" if last else "") + ("ADDS = True\n" if adds else "")
        (migrations / "versions" / f"{LATER}_next.py").write_text(revision, encoding="utf-8")
        monkeypatch.setattr(migrate, "MIGRATIONS", migrations)
        monkeypatch.setattr(database.migrate, "REVISION", LATER)

    return become
