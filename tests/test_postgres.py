"""The server that tests run on ends with them, and no skipped test goes unnoticed."""

import sys
from pathlib import Path

import psycopg
import pytest

from tests.bounded import until
from tests.postgres import ROOT
from tests.processes import anew


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
    until(lambda: not any(tmp_path.iterdir()))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
