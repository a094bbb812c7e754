"""No thread ends silently: each is made in one place, tells what it met, and is begun anew."""

import ast
import threading
import weakref
from pathlib import Path

import pytest

from queuedesk.watch import WatchedThread, WorkQueueThread
from tests.bounded import PATIENCE_S
from tests.files.sources import calls

SOURCE = Path(__file__).resolve().parent.parent / "queuedesk"
MAKERS = frozenset({
    "Thread", "Timer", "ThreadPoolExecutor", "ProcessPoolExecutor", "ThreadingMixIn", "QThread", "QThreadPool", "QRunnable",
    "start_new_thread", "run_in_executor", "to_thread", "ensure_future", "create_task",
})  # fmt: skip
MADE_ELSEWHERE = {
    ("watch.py", "Thread"): "the watch itself",
    ("app/this_pc/showing.py", "ThreadPoolExecutor"): "two halls at once; who asked is given what either raised",
    ("app/hosting/joining.py", "to_thread"): "awaited: who asked is given what was raised",
    ("features/web/server/streams.py", "create_task"): "a bug ends the stream and goes to the site (_note_end)",
    ("app/hosting/gate.py", "ensure_future"): "what a guest's task met goes to the loop's own handler (_done)",
}
"""What makes a thread, or work that nobody awaits, without the watch, and why nothing is lost there."""
BEGUN_ANEW = {
    "feed/follower.py": "follower of hall: tests/feed/test_follower.py",
    "store/engine/notifying.py": "listener of hall: its trouble is the follower's",
    "voice/announcer.py": "announcer: tests/voice/test_announcer.py; prompts",
    "app/hosting/hosting.py": "chores and guard: tests/app/hosting/test_gate.py",
    "app/station/station_process.py": "listen and wait, for one process of the station",
    "app/hosting/gate.py": "gate",
    "app/services/printers.py": "left print jobs: tests/app/services/test_printing.py",
    "features/web/server/main.py": "web hooks and each of them: tests/features/web/test_other_programs.py",
}
TOLD_ALONE = {
    "stations/window/context.py": "learning: asked again with the next set-up or day",
    "app/station/wiring.py": "last sign: other stations find this one lost",
    "app/services/sharing.py": "sharing: who asked is given what was raised",
    "app/station/processes.py": "company: its end says that the other has gone",
    "voice/engines.py": "voice: its end is the engine's, which is started anew",
    "voice/process.py": "requests: its end ends the process, which is started anew",
}
"""Threads that nobody needs a second time (`again_s=None`), and who goes on for them."""


def test_every_thread_is_made_by_the_watch():
    made = {(path.relative_to(SOURCE).as_posix(), name) for path, name, _call in calls(SOURCE, MAKERS)}
    assert made == set(MADE_ELSEWHERE)


def test_every_watched_thread_is_begun_anew_or_somebody_goes_on_for_it():
    again, alone = set(), set()
    for path, _name, call in calls(SOURCE, frozenset({"WatchedThread"})):
        if path != SOURCE / "watch.py":
            given = {word.arg: word.value for word in call.keywords}
            once = isinstance(given.get("again_s"), ast.Constant) and ast.literal_eval(given["again_s"]) is None
            (alone if once else again).add(path.relative_to(SOURCE).as_posix())
    assert (again, alone) == (set(BEGUN_ANEW), set(TOLD_ALONE))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[type[BaseException]]:
    met: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda came: met.append(came.exc_type))
    return met


@pytest.mark.parametrize("bug", [ZeroDivisionError, SystemExit, GeneratorExit])
def test_what_ends_a_thread_is_told_and_its_work_begun_anew(told, bug):
    went_on, also_told = threading.Event(), []

    def work():
        if thread.times == 1:
            raise bug
        went_on.set()

    thread = WatchedThread(work, "tried", again_s=0.01, failed=also_told.append)
    thread.start()
    assert went_on.wait(PATIENCE_S)
    thread.join(PATIENCE_S)
    assert (told, [type(one) for one in also_told], thread.is_alive) == ([bug], [bug], False)


def test_one_that_is_ended_is_not_begun_anew(told):
    def work():
        thread.stop_restarting()
        raise ZeroDivisionError

    thread = WatchedThread(work, "tried", again_s=0.01)
    thread.start()
    thread.thread.join(PATIENCE_S)
    assert (told, thread.times, thread.is_alive) == ([ZeroDivisionError], 1, False)


def test_what_a_thread_works_for_that_did_not_end_in_time_is_let_go_by_who_waited():
    class Station:
        def report_stop(self):
            going.wait(PATIENCE_S)

    going, let_go_by = threading.Event(), []
    station = Station()
    left = weakref.ref(station, lambda _gone: let_go_by.append(threading.current_thread()))
    late = WatchedThread(station.report_stop, "late", again_s=None)
    late.start()
    late.join(0)
    thread = late.thread
    del station, late
    going.set()
    thread.join(PATIENCE_S)
    assert (thread.is_alive(), let_go_by) == (False, []), left
    other = WatchedThread(list, "other", again_s=None)
    other.start()
    other.join(PATIENCE_S)
    assert let_go_by == [threading.main_thread()]


@pytest.mark.parametrize("bug", [ZeroDivisionError, SystemExit])
def test_a_lane_does_the_next_piece_all_the_same(told, bug):
    lane, done = WorkQueueThread("tried"), threading.Event()

    def work():
        raise bug

    lane.submit(work)
    lane.submit(done.set)
    assert done.wait(PATIENCE_S)
    lane.close()
    assert (told, lane.wait_until_idle(PATIENCE_S)) == ([bug], True)
