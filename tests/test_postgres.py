"""The server that tests run on: each database for itself, and no skipped test unnoticed."""

import sys
import time
from pathlib import Path

import psycopg
import pytest

from queuedesk.store.schema import metadata_of_all_tables
from tests.bounded import PATIENCE_S
from tests.postgres import ROOT
from tests.processes import anew


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def test_a_database_has_all_tables_and_no_hall(pg_url):
    assert tables(pg_url) == {"alembic_version", *metadata_of_all_tables().tables}
    with psycopg.connect(pg_url) as connection:
        assert connection.execute("SELECT count(*) FROM halls").fetchone() == (0,)


def test_an_empty_one_has_none(empty_pg_url):
    assert tables(empty_pg_url) == set()


def test_a_skipped_test_of_postgresql_fails_its_run_on_linux(tmp_path: Path) -> None:
    inner = tmp_path / "test_inner.py"
    inner.write_text(
        "import pytest\n"
        "@pytest.mark.pg\ndef test_of_postgresql():\n    pytest.skip('no server')\n"
        "def test_of_something_else():\n    pytest.skip('no printer')\n",
        encoding="utf-8",
    )
    own = ("-p", "no:cacheprovider", "-p", "tests.conftest", "-c", ROOT / "pyproject.toml")
    done = anew("-m", "pytest", "-q", *own, inner)
    wanted = "1 failed, 1 skipped" if sys.platform == "linux" else "2 skipped"
    assert wanted in done.stdout, done.stdout
    assert done.returncode == (sys.platform == "linux")


def test_the_server_stops_when_the_run_is_over(tmp_path: Path) -> None:
    ask = "from tests.postgres import server_url; print(server_url())"
    url = anew("-c", ask, PYTEST_XDIST_TESTRUNUID="of-its-own", TMPDIR=str(tmp_path)).stdout.strip()
    end = time.monotonic() + PATIENCE_S
    while any(tmp_path.iterdir()):
        assert time.monotonic() < end
        time.sleep(0.02)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
