"""QueueDesk as a hall installs it: from the wheel, under a path with blanks and Chinese letters; made once a run."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from queuedesk.files.writing import FileLock
from tests.bounded import until
from tests.hall import noon_zone

ROOT = Path(__file__).resolve().parent.parent
BUILD = (sys.executable, "-m", "hatchling", "build")
PATIENCE_S = 300
NOON = noon_zone(datetime.now(UTC))
FOLDER = "TESTS_MADE_ONCE"
"""The variable by which the workers of a run know where it is."""

COMMANDS = """
import gc, importlib, json, os, socket, sys, time

for name in json.loads(sys.argv[2]):
    importlib.import_module(name)
from queuedesk.app.main import main
gc.freeze()
door = socket.socket(fileno=int(sys.argv[1]))
while True:
    told, files, _flags, _from = socket.recv_fds(door, 1_000_000, 3)
    if not told:
        sys.exit()
    if not (command := os.fork()):
        break
    for file in files:
        os.close(file)
    door.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]))
door.close()
for number, file in enumerate(files):
    os.dup2(file, number)
    os.close(file)
words, env, folder = json.loads(told)
os.chdir(folder)
os.environ.clear()
os.environ.update(env)
time.tzset()
sys.argv[1:] = words
sys.exit(main())
"""
"""A process of an installed copy that has loaded what commands need, and becomes each that it is told."""
LOADED = (
    *("queuedesk.cli.main", "queuedesk.desk.change", "queuedesk.desk.looking", "queuedesk.store.engine.database"),
    *("queuedesk.store.upkeep.pack", "queuedesk.features.update.verbs.changing"),
)


@dataclass(frozen=True, slots=True)
class Installed:
    """A copy of the program that knows nothing of the checkout; `home` is empty at first."""

    top: Path

    @property
    def place(self) -> Path:
        return self.top / "前台 电脑" / "Queue Desk"

    @property
    def home(self) -> Path:
        return self.top / "home"

    @property
    def programs(self) -> Path:
        return self.place / "bin"

    @property
    def package(self) -> Path:
        """Where the modules and what belongs to them stand."""
        found = sysconfig.get_path("purelib", "venv", {"base": str(self.place)})
        return Path(found) / "queuedesk"

    @property
    def built(self) -> Path:
        return self.top / "built"

    def environment(self, home: Path | None = None) -> dict[str, str]:
        """Return a PC's whose clock is at noon: no day ends while a test uses it."""
        return {"HOME": str(home or self.home), "PATH": os.defpath, "LANG": "C.UTF-8", "TZ": NOON}

    def run(
        self,
        *words: object,
        before: Sequence[str] = (),
        home: Path | None = None,
        also: Mapping[str, str] | None = None,
        module: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """Run the installed command, or with `module` the same by `python -m`, in a folder that is nobody's."""
        program = [str(self.programs / "python"), "-m", "queuedesk"] if module else [str(self.programs / "queuedesk")]
        return self.start([*before, *program, *map(str, words)], {**self.environment(home), **(also or {})}, home)

    def command(
        self, *words: object, home: Path, given: str = "", also: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the installed command, loaded before it begins, with a text on its standard input."""
        if sys.platform == "win32":
            program, pipes = str(self.programs / "queuedesk"), {"capture_output": True, "encoding": "utf-8"}
            env = {**self.environment(home), **(also or {})}
            return subprocess.run(
                [program, *map(str, words)], input=given, cwd=home, env=env, timeout=PATIENCE_S, **pipes
            )
        told = json.dumps([list(map(str, words)), {**self.environment(home), **(also or {})}, str(home)])
        with tempfile.TemporaryFile() as text, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as trouble:
            text.write(given.encode())
            text.seek(0)
            process, door = _commands(self)
            try:
                socket.send_fds(door, [told.encode()], [file.fileno() for file in (text, out, trouble)])
                status = int(door.recv(100))
            except BaseException:
                _commands.cache_clear()
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
            for file in (out, trouble):
                file.seek(0)
            said = [file.read().decode() for file in (out, trouble)]
        return subprocess.CompletedProcess([*map(str, words)], status, *said)

    def start(
        self, command: Sequence[str], env: Mapping[str, str], home: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        pipes = {"stdin": subprocess.DEVNULL, "capture_output": True, "encoding": "utf-8"}
        return subprocess.run(list(command), cwd=home or self.home, env=dict(env), timeout=PATIENCE_S, **pipes)


@cache
def _commands(copy: Installed) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Return the process of a copy that becomes its commands, which ends with this one, and what tells it of them."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(PATIENCE_S)
    with theirs:
        line = [str(copy.programs / "python"), "-c", COMMANDS, str(theirs.fileno()), json.dumps(LOADED)]
        how = {"env": copy.environment(), "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        return subprocess.Popen(line, pass_fds=[theirs.fileno()], start_new_session=True, **how), ours


def build(source: Path, out: Path, *targets: str) -> None:
    """Build the `targets` (sdist, wheel) of the project in `source` into `out`."""
    words = [word for target in targets for word in ("-t", target)]
    done = subprocess.run([*BUILD, *words, "-d", str(out)], cwd=source, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def wheel_of(folder: Path) -> Path:
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(top: Path) -> Installed:
    """Build the program and install it below `top`: its own environment holds the wheel and nothing else."""
    copy = Installed(top)
    build(ROOT, copy.built, "sdist", "wheel")
    copy.home.mkdir()
    venv.create(copy.place, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(copy.programs / "python"), "install"]
    done = subprocess.run([*pip, "--quiet", "--no-deps", str(wheel_of(copy.built))], capture_output=True)
    assert done.returncode == 0, done.stderr
    # What the program depends on is lent by the tests' own environment: a folder named like this brings its packages,
    # not the lines in it that lead to the checkout.
    lent = sysconfig.get_path("purelib")
    (copy.package.parent / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    return copy


def unpacked_sdist(copy: Installed, folder: Path) -> Path:
    (archive,) = copy.built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        # Python 3.11 knows the filter from 3.11.4 on.
        safely: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        packed.extractall(folder, **safely)
    (top,) = folder.iterdir()
    return top


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder of that name, which whoever asks first fills by `make`. Nobody may change it."""
    place = Path(os.environ[FOLDER])
    lock = FileLock(place / f"{name}.lock")
    until(lock.try_to_take, f"{name}, which another process makes")
    try:
        made, note = place / name, place / f"{name}.made"
        if not note.exists():
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            make(made)
            note.touch()
        return made
    finally:
        lock.release()


@pytest.fixture(scope="session")
def installed() -> Installed:
    """The one installed copy of this run, made by who needs it first. Nobody may change its files."""
    return Installed(made_once("installed", install))
