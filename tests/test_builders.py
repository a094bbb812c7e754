"""What the tests themselves rely on: a server of their own, and nothing that hangs."""

import signal
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from tests.bounded import MOST_S, StillNotDoneError, Stopwatch, bounded, until
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


def wait_in_vain(begun: threading.Event) -> None:
    begun.set()
    threading.Event().wait(20)


def test_what_waits_in_vain_fails_and_says_what_every_thread_was_at():
    begun = threading.Event()
    threading.Thread(target=wait_in_vain, args=(begun,), name="a lonely thread", daemon=True).start()
    begun.wait()
    with pytest.raises(StillNotDoneError) as failed, bounded(0.05):
        threading.Event().wait(20)
    assert "after 0.05 s" in str(failed.value)
    assert "a lonely thread" in str(failed.value)
    assert "wait_in_vain" in str(failed.value)


def test_what_ends_in_time_is_left_alone():
    with bounded(MOST_S / 5):
        assert signal.getitimer(signal.ITIMER_REAL)[0] <= MOST_S / 5
    assert signal.getitimer(signal.ITIMER_REAL)[0] > MOST_S / 2  # this test's own


def test_what_can_not_be_told_ends_with_its_worker_a_little_later(pytestconfig):
    parts = 3  # pytest counts what fixtures do before and after too
    assert 0 < float(pytestconfig.getini("faulthandler_timeout")) - parts * MOST_S <= 30
    assert pytestconfig.getini("faulthandler_exit_on_timeout")


def test_a_stopwatch_counts_what_the_machine_gives() -> None:
    begun = time.monotonic()
    with Stopwatch() as waiting:
        time.sleep(0.1)
    assert 0 < waiting.s <= time.monotonic() - begun
    begun = time.monotonic()
    with Stopwatch() as kept_out:
        sum(range(10**7))  # Python lets no other thread in meanwhile
    assert kept_out.s < (time.monotonic() - begun) / 2
