"""Makes `.venv` from the lock files, once, and mends it: standard library only, everything said goes to standard
error."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple, NoReturn

import system_packages

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.json"  # written last: an environment without it is taken for half made
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
QUEUEDESK = PROGRAMS / ("queuedesk.exe" if os.name == "nt" else "queuedesk")
RUNTIME = ("lock.txt",)
DEVELOPMENT = ("lock.txt", "lock-dev.txt")
SUMS, LACKING = "SHA256SUMS", "lacking.txt"
"""The files beside the packages of one platform: their sums, as sha256sum reads them, and which have no file for it."""
PINNED = re.compile(r"^(?P<name>[\w.-]+)==\S+(?P<condition> ;[^\\\n]*)? \\\n(?P<sums>(?: +--hash=.*\n)+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
RETRY_S = 0.2
# pip would compile one file after the other, which takes a third of the set-up while all other cores rest. Under Wine
# several processes wait for each other for ever.
COMPILED_ON_ALL_CORES = (
    "import compileall, os, sysconfig; "
    "compileall.compile_dir(sysconfig.get_path('purelib'), quiet=2, workers=0 if os.name == 'posix' else 1)"
)
LEADS_ELSEWHERE = ("PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER")


class Stamp(NamedTuple):
    """What a finished set-up left: fingerprints of what is installed, and system packages asked for (true: here)."""

    have: dict[str, str]
    system: dict[str, bool]


def ensure(locks: Sequence[str], system: dict[str, str], source: Path | None = None) -> None:
    """Leave `.venv` with all of `locks` and the project itself in it, and the `system` packages where that can be.

    Packages come from the folder `source` alone, which scripts/offline.py filled, or else from the network. Costs some
    milliseconds when nothing is to be done. Several at once wait for each other.

    Raises:
        SystemExit: the environment can't be made; the reason has been printed.
    """
    try:
        stamp = _read_stamp()
        if _todo(stamp, locks) or not all(stamp.system.get(package) for package in system):
            _set_up(locks, system, source)
    except OSError as error:
        _stop(f"QueueDesk could not be set up: {error}")
    except KeyboardInterrupt:
        _stop("Interrupted; the next start begins again.", status=130)


def folder_name() -> str:
    """Return the name of this machine's folder in one that scripts/offline.py filled."""
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    return f"{system}-{'arm64' if platform.machine().lower() in ('arm64', 'aarch64') else 'x64'}"


def folder_of_packages(source: Path) -> Path:
    """Return the folder of this machine's packages in one that scripts/offline.py filled. Raises SystemExit."""
    if not (source / folder_name()).is_dir():
        _stop(f"{source} has no folder {folder_name()} with packages for this computer.", status=2)
    return (source / folder_name()).absolute()


def packages_in(source: Path, locks: Sequence[str]) -> list[Path]:
    """Return the files in `source` that `locks` name for this computer. Raises SystemExit where one of them was
    changed, or is missing though every computer needs it: the folder is then of other locks."""
    folder = folder_of_packages(source)
    pins = [pin for lock in locks for pin in PINNED.finditer((ROOT / "scripts" / lock).read_text(encoding="utf-8"))]
    try:
        listed = read_sums(folder)
        known_to_lack = set((folder / LACKING).read_text(encoding="utf-8").split())
        asked = {digest for pin in pins for digest in HASH.findall(pin["sums"])}
        found = [folder / name for name, digest in listed.items() if digest in asked]
        damaged = [file.name for file in found if digest_of(file) != listed[file.relative_to(folder).as_posix()]]
    except OSError as error:
        _stop(f"The packages can't be read: {error}", status=2)
    if damaged:
        _stop(f"Damaged in {folder}: {', '.join(damaged)}.", status=2)
    there = set(listed.values())
    absent = [
        pin["name"]
        for pin in pins
        if pin["condition"] is None and pin["name"] not in known_to_lack and there.isdisjoint(HASH.findall(pin["sums"]))
    ]
    if absent:
        _stop(f"{folder} was filled for another version: it lacks {', '.join(absent)}.", status=2)
    return found


def read_sums(folder: Path) -> dict[str, str]:
    """Return the sums that a folder lists, by the name of each file in it. Raises OSError."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def digest_of(file: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits. Raises OSError."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _set_up(locks: Sequence[str], system: dict[str, str], source: Path | None) -> None:
    with _one_at_a_time() as held:
        stamp = _read_stamp()  # whoever held the lock before may have done it all
        todo = _todo(stamp, locks)
        files = packages_in(source, locks) if todo and source is not None else None
        if todo:
            STAMP.unlink(missing_ok=True)
        if "place" in todo:
            stamp = Stamp({}, {})
            _make_venv(held, source)
        # The system's packages and pip's come beside each other: each takes one core, and half a minute of it.
        with ThreadPoolExecutor(1) as beside:
            asked = beside.submit(_system_packages, system, stamp.system)
            if todo:
                _install(todo, locks, held, files)
            here = stamp.system | asked.result()
        if (new := Stamp(stamp.have | todo, here)) != stamp:
            _write_stamp(new)


def _read_stamp() -> Stamp:
    try:
        return Stamp(**json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Stamp({}, {})


def _write_stamp(stamp: Stamp) -> None:
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(json.dumps(stamp._asdict(), indent=1), encoding="utf-8")
    unfinished.replace(STAMP)


def _todo(stamp: Stamp, locks: Sequence[str]) -> dict[str, str]:
    """Return the fingerprints of what `.venv` lacks; "place" among them means that all of it must be made anew."""
    have = stamp.have if PYTHON.exists() and QUEUEDESK.exists() else {}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed_by = json.dumps([project["project"], project["build-system"]], sort_keys=True).encode()
    wanted = {
        # Programs in an environment hold their own path, so a checkout that was moved needs a new one.
        "place": f"Python {sys.version} of {sys.base_prefix} in {ROOT}",
        "project": hashlib.sha256(installed_by).hexdigest(),
    }
    for lock in locks:
        wanted[lock] = hashlib.sha256((ROOT / "scripts" / lock).read_bytes()).hexdigest()
    if have.get("place") != wanted["place"]:
        return wanted
    return {name: value for name, value in wanted.items() if have.get(name) != value}


def _system_packages(wanted: dict[str, str], known: dict[str, bool]) -> dict[str, bool]:
    """Return for each package of `wanted` whether it is here now; what is asked for the first time is installed."""
    absent = system_packages.missing(wanted)
    # A package that could not be had before is only looked for again: trying at every start would make starts slow.
    if set(absent) - set(known) and system_packages.install(absent):
        absent = system_packages.missing(wanted)
    if absent:
        _say(f"Missing on this machine, for some parts of QueueDesk: {system_packages.line_to_type(absent)}")
    return {package: package not in absent for package in wanted}


def _install(todo: dict[str, str], locks: Sequence[str], held: IO[str], files: list[Path] | None) -> None:
    if "place" not in todo:
        _say("Bringing .venv up to date …")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--no-deps"]
    if not sys.stderr.isatty():
        pip.append("--quiet")
    if not set(locks).isdisjoint(todo):
        if files is None:
            lines = [part for lock in locks for part in ("-r", str(ROOT / "scripts" / lock))]
            wanted = ["--require-hashes", "--only-binary", ":all:", *lines]
        else:
            wanted = [str(file) for file in files]
        _run([*pip, "--no-compile", *wanted], held)
        _run([str(PYTHON), "-c", COMPILED_ON_ALL_CORES], held)
    if "project" in todo:
        _run([*pip, "--no-build-isolation", "--editable", str(ROOT)], held)
        _lead_to_the_checkout()


def _lead_to_the_checkout() -> None:
    """Say where the checkout is from where it is said, in letters of every encoding: Python reads the file in the
    system's, in which a folder's Chinese name would be another."""
    for told in VENV.rglob("site-packages/*.pth"):
        if told.read_bytes().strip() == os.fsencode(ROOT):
            told.write_text(os.path.relpath(ROOT, told.parent) + "\n", encoding="ascii")


def _make_venv(held: IO[str], source: Path | None) -> None:
    fetches = "the first time this fetches about 300 MB" if source is None else f"its packages come from {source}"
    _say(f"Setting up QueueDesk in .venv; {fetches} …")
    if VENV.exists():
        shutil.rmtree(VENV)
    try:
        import ensurepip  # noqa: F401  # Debian ships Python without it
    except ImportError:
        package = f"python3.{sys.version_info.minor}-venv"
        if not system_packages.install([package]):
            _stop(f"Python's venv is missing. Type: {system_packages.line_to_type([package])}")
    # Started by .venv's own python, the interpreter below it must do this.
    python = getattr(sys, "_base_executable", None) or sys.executable
    _run([python, "-m", "venv", str(VENV)], held)


def _run(command: list[str], held: IO[str]) -> None:
    env = {name: value for name, value in os.environ.items() if name not in LEADS_ELSEWHERE}
    # The child inherits the lock: if we are killed, nobody rebuilds .venv while it still writes there.
    inherited = () if sys.platform == "win32" else (held.fileno(),)
    done = subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, stdout=2, env=env, cwd=ROOT, pass_fds=inherited
    )
    if done.returncode:
        _stop("QueueDesk could not be set up; the lines above say why. The next start tries again.")


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[IO[str]]:
    """Hold the set-up lock; the operating system lets go of it however its holder ends."""
    with (ROOT / ".venv.lock").open("a", encoding="utf-8") as file:
        waiting = False
        while not _lock(file):
            if not waiting:
                _say("Waiting for another set-up of QueueDesk to end …")
            waiting = True
            time.sleep(RETRY_S)
        yield file


def _lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _stop(sentence: str, *, status: int = 1) -> NoReturn:
    _say(sentence)
    raise SystemExit(status)
