"""The way from a checkout to the running program: the real scripts, a small program of the same shape, no network."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bounded import PATIENCE_S, Stopwatch

pytestmark = [pytest.mark.journey, pytest.mark.shares]
ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ["environment.py", "run.py", "system_packages.py"]
PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "queuedesk"
version = "1"
scripts = {queuedesk = "queuedesk.app.main:main"}
"""
BACKEND = """\
import pathlib, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "queuedesk-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("queuedesk.pth", str(pathlib.Path.cwd()))
        wheel.writestr("queuedesk-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: queuedesk\\nVersion: 1\\n")
        wheel.writestr("queuedesk-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("queuedesk-1.dist-info/entry_points.txt",
                       "[console_scripts]\\nqueuedesk = queuedesk.app.main:main\\n")
        wheel.writestr("queuedesk-1.dist-info/RECORD", "")
    return name
"""
PROGRAM = """\
import sys
import bell

def main():
    print(bell.SOUND, *sys.argv[1:])
    return 7
"""
WAITING = "Waiting for another set-up of QueueDesk to end …\n"


class Checkout:
    """A folder with the scripts under test, and a machine around it on which nothing can be installed by accident."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a checkout"
        self.bin = folder / "bin"
        self.wheels = folder / "wheels"
        for made in (self.folder / "scripts", self.folder / "queuedesk" / "app", self.bin, self.wheels):
            made.mkdir(parents=True)
        for script in SCRIPTS:
            shutil.copy(ROOT / "scripts" / script, self.folder / "scripts")
        self.folder.joinpath("pyproject.toml").write_text(PROJECT, encoding="utf-8")
        self.folder.joinpath("backend.py").write_text(BACKEND, encoding="utf-8")
        self.folder.joinpath("queuedesk", "app", "main.py").write_text(PROGRAM, encoding="utf-8")
        self.lock = self.folder / "scripts" / "lock.txt"
        self.stamp = self.folder / ".venv" / "set-up.json"
        self.machine_with("ldconfig", "exit 0")
        self.lock_bell("ding")

    def machine_with(self, program: str, does: str) -> None:
        """Put a program of the operating system in this machine's only place for programs."""
        self.bin.joinpath(program).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        self.bin.joinpath(program).chmod(0o755)

    def is_of_another_place(self) -> None:
        """Have the environment that a checkout brings along that was moved."""
        programs = self.folder / ".venv" / "bin"
        programs.mkdir(parents=True)
        for program in ("python", "queuedesk"):
            programs.joinpath(program).write_text("#!/nowhere/bin/python\n", encoding="utf-8")
        self.stamp.write_text(json.dumps({"have": {"place": "elsewhere"}, "system": {}}), encoding="utf-8")

    def lock_bell(self, sound: str) -> None:
        """Offer a new version of the one package that the program needs, and lock it."""
        version = str(len(list(self.wheels.iterdir())) + 1)
        path = self.wheels / f"bell-{version}-py3-none-any.whl"
        about = f"bell-{version}.dist-info"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr("bell.py", f"SOUND = {sound!r}\n")
            wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: bell\nVersion: {version}\n")
            wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{about}/RECORD", "")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.lock.write_text(f"bell=={version} --hash=sha256:{digest}\n", encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "QT_"))}
        environment = kept | {"PATH": str(self.bin), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        line = [sys.executable, str(self.folder / "scripts" / "run.py"), *words]
        ends = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(line, env=environment, encoding="utf-8", start_new_session=True, **ends)

    def is_locked_by(self, process: subprocess.Popen[str]) -> bool:
        """Whether nobody else can set it up because this process could, alive or not."""
        node = self.folder.joinpath(".venv.lock").stat().st_ino
        locks = map(str.split, Path("/proc/locks").read_text(encoding="ascii").splitlines())
        held = [words for words in locks if "->" not in words and words[4] == str(process.pid)]
        return any(words[5].endswith(f":{node}") for words in held)

    def run(self, *words: str) -> tuple[int, str, str]:
        """Return run.py's exit status, and what it wrote to standard output and to standard error."""
        with self.start(*words) as process:
            output, errors = process.communicate(timeout=PATIENCE_S)
        return process.returncode, output, errors


@dataclass
class Begun:
    """What came of the first starts of a checkout: what each said, and the system packages that each asked for."""

    killed: str
    is_kept: bool
    waiting: list[tuple[int, str, str]]
    has_stamp: bool
    asked: list[set[str]]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, Begun]:
    """Return a moved checkout whose set-up was killed while two waited for its end, and what came of it."""
    checkout = Checkout(tmp_path_factory.mktemp("ready"))
    checkout.is_of_another_place()
    programs = ("env", "sudo", "true", "apt-get")
    record = checkout.bin / "record"
    for program, does in zip(programs, ('shift; exec "$@"',) * 2 + ("exit 0", f'echo "$@" >> "{record}"'), strict=True):
        checkout.machine_with(program, does)
    first = checkout.start("one")
    said = first_of("Setting up", first)
    waiting = [checkout.start("two"), checkout.start("three")]
    for process in waiting:
        first_of(WAITING, process)
    first.kill()
    first.wait()
    is_kept = checkout.is_locked_by(first)
    os.killpg(first.pid, signal.SIGKILL)  # what it had begun goes on until then
    first.communicate()
    has_stamp = checkout.stamp.exists()
    told = [process.communicate(timeout=PATIENCE_S) for process in waiting]
    ends = [(process.returncode, *each) for process, each in zip(waiting, told, strict=True)]
    lines = record.read_text(encoding="utf-8").splitlines()
    done = Begun(said, is_kept, ends, has_stamp, [set(line.split()) for line in lines if line.startswith("install ")])
    for program in programs:
        checkout.bin.joinpath(program).unlink()
    return checkout, done


@pytest.fixture
def ready(begun: tuple[Checkout, Begun]) -> Checkout:
    """Return a checkout that is set up; nothing can be installed on its machine."""
    return begun[0]


def test_words_and_exit_status_pass_through_within_a_second_and_without_a_screen_the_demo_runs_and_says_why(ready):
    with Stopwatch() as usual:
        subprocess.run([sys.executable, "-c", "import json, subprocess"], check=True)
    with Stopwatch() as took:
        status, output, _ = ready.run("call", "1", "--reason", "two words")
    assert (status, output) == (7, "ding call 1 --reason two words\n")
    assert took.s < max(1.0, 20 * usual.s)  # as long as a busy machine takes for any start
    status, output, errors = ready.run()
    assert (status, output) == (7, "ding demo\n")
    assert "no screen here" in errors


def test_what_the_system_lacks_is_named_in_one_line_and_does_not_stop_the_start(ready):
    """Neither where it is asked for the first time nor later."""
    known = json.loads(ready.stamp.read_text(encoding="utf-8"))
    ready.stamp.write_text(json.dumps({**known, "system": {}}), encoding="utf-8")
    for _start in range(2):
        status, output, errors = ready.run("call")
        assert (status, output) == (7, "ding call\n")
        (line,) = errors.splitlines()
        assert "libegl1" in line
    assert json.loads(ready.stamp.read_text(encoding="utf-8")) == known


def test_a_moved_checkout_is_set_up_anew_by_those_who_wait_for_a_killed_set_up(begun):
    """The second to come asks for no system package again."""
    _checkout, done = begun
    (named,) = done.asked
    assert "Setting up" in done.killed
    assert done.is_kept, "nobody sets it up while what the killed one began still writes there"
    assert named >= {"libegl1", "libxcb-cursor0"}
    assert not done.has_stamp
    assert [(status, output) for status, output, _ in done.waiting] == [(7, "ding two\n"), (7, "ding three\n")]
    assert sum("Setting up" in errors for _, _, errors in done.waiting) == 1


def test_a_new_lock_brings_it_up_to_date_and_one_that_is_not_kept_leaves_it_half_made(ready):
    whole, locked = ready.stamp.read_bytes(), ready.lock.read_bytes()
    ready.lock_bell("dong")
    status, output, errors = ready.run("after")
    assert (status, output) == (7, "dong after\n")
    assert "Bringing .venv up to date" in errors
    newer = ready.stamp.read_bytes()
    assert newer != whole
    ready.lock_bell("dung")
    ready.lock.write_text(ready.lock.read_text(encoding="utf-8")[:-9] + "00000000\n", encoding="utf-8")
    status, output, errors = ready.run("call")
    assert (status, output) == (1, "")
    assert "could not be set up" in errors
    assert "Traceback" not in errors
    assert not ready.stamp.exists(), "what is not the locked file leaves it half made, as a kill does"
    # What it has is what the lock before asks for; the other tests find the bell that they know.
    ready.lock.write_bytes(locked)
    ready.stamp.write_bytes(newer)
    assert ready.run("back")[:2] == (7, "ding back\n")


def first_of(sign: str, process: subprocess.Popen[str]) -> str:
    """Return the first line of standard error that holds `sign`, leaving the rest unread."""
    for line in process.stderr:
        if sign in line:
            return line
    return ""
