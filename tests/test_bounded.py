"""What hangs fails by its own name."""

import signal
import threading
import time

import pytest

from tests.bounded import MOST_S, StillNotDoneError, Stopwatch, bounded


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
