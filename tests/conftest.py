"""Cuts the tests off from whoever runs them: own home, no screen, no sound, no settings, no language."""

import gc
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from functools import cache
from itertools import cycle, groupby, islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import engine

# Where the system has a folder in memory, temporary files stand there: thousands of halls are made and removed, and a
# disk's file system takes ten times as long to make a database of the server. A whole run keeps less than a GB at once.
_MEMORY, _ROOM = Path("/dev/shm"), 4 * 2**30
if sys.platform != "win32" and "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK):
    _free = os.statvfs(_MEMORY)
    if _free.f_bavail * _free.f_frsize >= _ROOM and not _free.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)

# Set while pytest loads this file, before any test module can import Qt or ask where data lives.
_AWAY = Path(tempfile.mkdtemp(prefix="queuedesk-tests-"))
_FOLDERS = {"HOME": "home", "USERPROFILE": "home", "APPDATA": "config", "LOCALAPPDATA": "data"}
_FOLDERS |= {f"XDG_{_name}_HOME": _name.lower() for _name in ("CONFIG", "DATA", "STATE", "CACHE")}
_FOLDERS |= {"XDG_RUNTIME_DIR": "run", "WIN_PD_OVERRIDE_APPDATA": "config", "WIN_PD_OVERRIDE_LOCAL_APPDATA": "data"}
for _name, _folder in _FOLDERS.items():
    (_AWAY / _folder).mkdir(mode=0o700, exist_ok=True)
    os.environ[_name] = str(_AWAY / _folder)
for _name in [name for name in os.environ if name.startswith(("QUEUEDESK_", "LC_", "PULSE_"))]:
    del os.environ[_name]
for _name in ("DISPLAY", "WAYLAND_DISPLAY", "TZ"):
    os.environ.pop(_name, None)
# Of the standard library's own words, which have no translation: argparse would look on the disk for one, twice at each
# parser, two fifths of the time of making those of a command line. The program does not ask for it.
os.environ["LANGUAGE"] = "C"
os.environ["LANG"] = "C.UTF-8"
os.environ["LC_MESSAGES"] = "zh_CN.UTF-8"
# While all tests are imported and collected nothing goes: looking for it would be an eighth of the time.
gc.disable()
# Hundreds of the tests start the program: each would compile all of it again where compiled files may not be written.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# numpy's threads wait for work by turning in circles, on cores that other workers need.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# The process that starts the workers says where they find what is made once for all of them (tests/installed.py).
os.environ.setdefault("TESTS_MADE_ONCE", str(_AWAY / "once"))

# How long an example takes says nothing on a machine that does other work at the same time.
settings.register_profile("explore", deadline=None, print_blob=True)
settings.register_profile("house", settings.get_profile("explore"), derandomize=True)
settings.load_profile("explore" if os.environ.get("TESTS_SEE_ALL") else "house")
# A failing example is made shorter for a minute, not for five: no test may take those (tests/bounded.py).
engine.MAX_SHRINKING_SECONDS = 60


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Let no test leave the process with another language or other words than a fresh one has."""
    from queuedesk import i18n  # not before the folders above are set

    yield
    i18n.choose_language(i18n.LANGUAGES[0])
    i18n.use_hall_words()


@pytest.fixture(autouse=True)
def own_password() -> Iterator[None]:
    """Let no test leave the process with the password of its server: libpq would send it to the next one's."""
    before = os.environ.get("PGPASSWORD")
    yield
    if before is None:
        os.environ.pop("PGPASSWORD", None)
    else:
        os.environ["PGPASSWORD"] = before


from pytestqt.qtbot import QtBot  # noqa: E402

from queuedesk.core.features import list_in_features_package, set_installed_features  # noqa: E402
from queuedesk.store.engine import hall_file  # noqa: E402  # not before the folders above are set
from tests.bounded import PATIENCE_S, bounded  # noqa: E402
from tests.engine_fixtures import both_engines, own_reports_and_foreign_count  # noqa: E402, F401
from tests.installed import installed  # noqa: E402, F401
from tests.postgres import empty_pg_url, mark, pg_url, refuse_skip, shared_url  # noqa: E402, F401  # not before the folders above are set

set_installed_features(list_in_features_package("FEATURES"))
# In this process: a cut of the power is not among what tests try, and waiting for the disk would be a fifth of their
# time.
hall_file.SYNCHRONOUS = "OFF"
# A PIN is made slow to guess, and so is a code to join by. In this process the same one with the same salt is worked
# out once, as slowly as ever.
hashlib.scrypt = cache(hashlib.scrypt)
PATIENCE_MS = int(PATIENCE_S * 1000)


class PatientBot(QtBot):
    """pytest-qt's gives up after five seconds; how soon a fact comes is the matter of tests that measure it."""

    def waitUntil(self, callback: Any, *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL; begin with what takes seconds, so that in the end no worker is still at one while the
    others have nothing left, and of these with modules that make something for all: divided, each would make it."""
    mark(items)
    items.sort(key=lambda item: (not _takes_seconds(item), item.get_closest_marker("shares") is None))
    items[:] = _dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _dealt(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return `items` so that each of `workers` equal parts begins with its share of the modules that take seconds.

    Of more than two the last has none and the one before it a third: who waits in real time leaves a core to others;
    when all but one did so the machine had nothing to do; when one had all it was still at them in the end.
    """
    modules = [list(module) for _path, module in groupby(filter(_takes_seconds, items), key=lambda item: item.path)]
    others = [item for item in items if not _takes_seconds(item)]
    quick = iter(sorted(others, key=lambda item: item.get_closest_marker("works") is None))
    size = -(-len(items) // workers)
    turns = [*list(range(workers - 2)) * 3, workers - 2] if workers > 2 else list(range(workers))
    taken = list(zip(cycle(turns), modules, strict=False))
    dealt: list[pytest.Item] = []
    for worker in reversed(range(workers)):  # The last begins with what works for long.
        part = [item for turn, module in taken if turn == worker for item in module]
        dealt = [*part, *islice(quick, max(0, size - len(part))), *dealt]
    return [*dealt, *quick]


def _takes_seconds(item: pytest.Item) -> bool:
    return any(map(item.get_closest_marker, ("journey", "waits")))


def pytest_collection_finish() -> None:
    """Let no test's collector look through modules and tests again, of which nothing goes before the end, and let it
    look seldom: by Python's own thresholds it would take a twentieth of the time of tests without windows."""
    gc.freeze()
    gc.set_threshold(20_000, 5, 5)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse_skip(item, report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Let nothing hang: no fixture, no test, and nothing that a fixture does at its end."""
    with bounded():
        return (yield)


pytest_runtest_call = pytest_runtest_teardown = pytest_runtest_setup


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the home that this run wrote into."""
    shutil.rmtree(_AWAY, ignore_errors=True)
