"""The way from a checkout to the running program: the real scripts, a small program of the same shape, no network."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bounded import Stopwatch

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
        """Start run.py with `words` and leave it running."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "QT_"))
        }
        environment |= {"PATH": str(self.bin), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return subprocess.Popen(
            [sys.executable, str(self.folder / "scripts" / "run.py"), *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        """Return run.py's exit status, and what it wrote to standard output and to standard error."""
        with self.start(*words) as process:
            output, errors = process.communicate(timeout=120)
        return process.returncode, output, errors


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout whose first start has been made."""
    checkout = Checkout(tmp_path_factory.mktemp("ready"))
    status, output, errors = checkout.run("first")
    assert (status, output) == (7, "ding first\n"), errors
    return checkout


@pytest.fixture
def moved(ready: Checkout, tmp_path: Path) -> Iterator[Checkout]:
    """Yield a checkout with the environment of another place; it is removed again, being large."""
    checkout = Checkout(tmp_path)
    shutil.copytree(ready.folder / ".venv", checkout.folder / ".venv", symlinks=True)
    yield checkout
    shutil.rmtree(checkout.folder / ".venv", ignore_errors=True)


def test_words_and_exit_status_pass_through(ready):
    status, output, _ = ready.run("call", "1", "--reason", "two words")

    assert (status, output) == (7, "ding call 1 --reason two words\n")


def test_a_second_start_adds_less_than_a_second(ready):
    with Stopwatch() as took:
        ready.run("issue", "A")

    assert took.s < 1


def test_without_a_screen_the_demo_runs_and_says_why(ready):
    status, output, errors = ready.run()

    assert (status, output) == (7, "ding demo\n")
    assert "no screen here" in errors


def test_what_the_system_lacks_is_named_in_one_line_and_does_not_stop_the_start(ready):
    status, output, errors = ready.run("call")

    assert (status, output) == (7, "ding call\n")
    (line,) = errors.splitlines()
    assert "libegl1" in line


def test_a_moved_checkout_is_set_up_anew_by_those_who_wait_for_a_killed_set_up_and_a_new_lock_brings_it_up_to_date(
    moved,
):
    """Where installing needs no password; what was asked for once is not asked for again."""
    record = moved.bin / "record"
    moved.machine_with("env", 'shift; exec "$@"')
    moved.machine_with("sudo", 'shift; exec "$@"')
    moved.machine_with("true", "exit 0")
    moved.machine_with("apt-get", f'echo "$@" >> "{record}"')

    def asked() -> list[set[str]]:
        """Return the system packages that each set-up asked for since this was looked at."""
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        record.unlink(missing_ok=True)
        return [set(line.split()) for line in lines if line.startswith("install ")]

    killed = moved.start("one")
    assert "Setting up" in first_of("Setting up", killed)
    (named,) = asked()
    assert named >= {"libegl1", "libxcb-cursor0"}
    waiting = [moved.start("two"), moved.start("three")]
    for process in waiting:
        first_of(WAITING, process)

    killed.kill()
    killed.communicate()
    assert not moved.stamp.exists()
    answers = [process.communicate(timeout=120) for process in waiting]

    assert [process.returncode for process in waiting] == [7, 7]
    assert [output for output, _ in answers] == ["ding two\n", "ding three\n"]
    assert sum("Setting up" in errors for _, errors in answers) == 1
    assert asked() == [named]

    assert moved.run("second")[:2] == (7, "ding second\n")
    moved.lock_bell("dong")
    status, output, errors = moved.run("after")
    assert (status, output) == (7, "dong after\n")
    assert "Bringing .venv up to date" in errors
    assert asked() == []

    moved.lock_bell("dung")
    moved.lock.write_text(moved.lock.read_text(encoding="utf-8")[:-9] + "00000000\n", encoding="utf-8")
    status, output, errors = moved.run("call")
    assert (status, output) == (1, "")
    assert "could not be set up" in errors
    assert "Traceback" not in errors
    assert not moved.stamp.exists(), "what is not the locked file leaves it half made, as a kill does"


def first_of(sign: str, process: subprocess.Popen[str]) -> str:
    """Return the first line of standard error that holds `sign`, leaving the rest unread."""
    assert process.stderr is not None
    for line in process.stderr:
        if sign in line:
            return line
    return ""
