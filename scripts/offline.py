"""Fills a folder with all that an installation fetches, for PCs that never see the internet:

    python3 scripts/offline.py FOLDER [--platform NAME …] [--python 3.11] [--check]

makes FOLDER/NAME for each platform with every package of the locks, QueueDesk itself and their sums in SHA256SUMS.
There `run.py --from FOLDER`, `test.py --from FOLDER` and `pip install --no-index --find-links FOLDER/NAME queuedesk`
need no network. `--check` fetches nothing: it looks at the sums and whether each part is whole.

The environment is made by the network's own means first, so this runs where there is one.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Set
from pathlib import Path
from typing import NamedTuple

import environment

SUMS = "SHA256SUMS"
SHARING = "host"
"""The extra without which a PC can do everything but share its hall."""
OLDEST_GLIBC, LINUX_X64_GLIBC, LINUX_ARM_GLIBC = 5, 36, 39
MACOS = (14, 0)


class Platform(NamedTuple):
    """What decides which files a PC needs: how markers see it, what wheels it takes, and its name for the resolver."""

    sys_platform: str
    platform_system: str
    platform_machine: str
    os_name: str
    resolver: str


PLATFORMS = {
    "linux-x64": Platform("linux", "Linux", "x86_64", "posix", f"x86_64-manylinux_2_{LINUX_X64_GLIBC}"),
    "linux-arm64": Platform("linux", "Linux", "aarch64", "posix", f"aarch64-manylinux_2_{LINUX_ARM_GLIBC}"),
    "windows-x64": Platform("win32", "Windows", "AMD64", "nt", "x86_64-pc-windows-msvc"),
    "macos-arm64": Platform("darwin", "Darwin", "arm64", "posix", "aarch64-apple-darwin"),
    "macos-x64": Platform("darwin", "Darwin", "x86_64", "posix", "x86_64-apple-darwin"),
}


def wheel_tags(platform: Platform) -> list[str]:
    """Return the platform tags of wheels that run there, the best first."""
    from packaging.tags import mac_platforms

    if platform.sys_platform == "win32":
        return ["win_amd64"]
    if platform.sys_platform == "darwin":
        return list(mac_platforms(MACOS, platform.platform_machine))
    machine = platform.platform_machine
    newest = LINUX_X64_GLIBC if machine == "x86_64" else LINUX_ARM_GLIBC
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(newest, OLDEST_GLIBC - 1, -1)]
    return [
        *tags,
        f"manylinux2014_{machine}",
        *([f"manylinux2010_{machine}", f"manylinux1_{machine}"] if machine == "x86_64" else []),
    ]


def pins(locks: list[str], platform: Platform, python: str) -> dict[str, str]:
    """Return what the locks ask for on a platform: each package's name, and its line for pip with the hashes."""
    from packaging.markers import default_environment
    from packaging.requirements import Requirement

    # pip evaluates markers for the PC on which it runs, also where it downloads for another.
    seen_there: dict[str, str | Set[str]] = {
        **{name: str(value) for name, value in default_environment().items()},
        "sys_platform": platform.sys_platform,
        "platform_system": platform.platform_system,
        "platform_machine": platform.platform_machine,
        "os_name": platform.os_name,
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    found = {}
    for lock in locks:
        text = (environment.ROOT / "scripts" / lock).read_text(encoding="utf-8").replace("\\\n", " ")
        for line in filter(None, map(str.strip, text.splitlines())):
            spec, *hashes = re.split(r"\s+(?=--hash=)", line)
            asked = Requirement(spec)
            if asked.marker is None or asked.marker.evaluate(seen_there):
                found[asked.name] = " ".join([f"{asked.name}{asked.specifier}", *hashes])
    return found


def download(wanted: dict[str, str], platform: Platform, python: str, folder: Path) -> list[str]:
    """Fetch one wheel for each of `wanted` into the folder; return the names of those that have none for it. Raises
    SystemExit where it fails for another reason."""
    command = [str(environment.PYTHON), "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--python-version", python, "--implementation", "cp", "--dest", str(folder)]
    for abi in (f"cp{python.replace('.', '')}", "abi3", "none"):
        command += ["--abi", abi]
    for tag in wheel_tags(platform):
        command += ["--platform", tag]
    rest, lacking = dict(wanted), list[str]()
    with tempfile.TemporaryDirectory() as aside:
        lines = Path(aside, "wanted.txt")
        while True:
            lines.write_text("\n".join(rest.values()), encoding="utf-8")
            done = subprocess.run([*command, "-r", str(lines)], check=False, capture_output=True, text=True)
            if not done.returncode:
                return lacking
            none = re.search(r"No matching distribution found for ([A-Za-z0-9._-]+?)==", done.stderr)
            if none is None or none[1] not in rest:
                sys.exit(f"Fetching failed: {done.stderr.strip()[-300:]}")
            lacking.append(none[1])
            del rest[none[1]]


def write_sums(folder: Path) -> None:
    """Write the sum of each file beside them, as sha256sum reads them."""
    lines = [f"{digest(file)}  {file.name}\n" for file in sorted(folder.iterdir()) if file.name != SUMS]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def damaged(folder: Path) -> list[str]:
    """Return the names of files that are missing, changed, or in no list."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError:
        return [SUMS]
    listed = {name: digest_there for digest_there, _, name in (line.partition("  ") for line in lines)}
    there = {file.name for file in folder.iterdir()} - {SUMS}
    changed = {name for name in listed if name in there and digest(folder / name) != listed[name]}
    return sorted(changed | (listed.keys() ^ there))


def resolves(uv: Path, folder: Path, platform: Platform, python: str, extras: list[str]) -> bool:
    """Return whether QueueDesk with `extras` finds everything that it needs on that platform in the folder."""
    command = [
        str(uv),
        "pip",
        "compile",
        "--quiet",
        "--no-index",
        "--find-links",
        str(folder),
        "--only-binary",
        ":all:",
    ]
    command += ["--python-platform", platform.resolver, "--python-version", python, "--no-header", "pyproject.toml"]
    for extra in extras:
        command += ["--extra", extra]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    env["MACOSX_DEPLOYMENT_TARGET"] = ".".join(map(str, MACOS))
    return not subprocess.run(command, check=False, cwd=environment.ROOT, env=env, capture_output=True).returncode


def own_wheel(folder: Path) -> None:
    """Build QueueDesk's own wheel into the folder. Raises SystemExit."""
    command = [str(environment.PYTHON), "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    if subprocess.run([*command, "--wheel-dir", str(folder), str(environment.ROOT)], check=False).returncode:
        sys.exit("QueueDesk's own package could not be built; the lines above say why.")


def main() -> int:
    """Return 0 where every platform has what a PC needs, else 1."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0].rstrip(":"))
    takes.add_argument("folder", type=Path)
    takes.add_argument("--platform", nargs="+", choices=PLATFORMS, default=list(PLATFORMS), metavar="NAME")
    takes.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}", metavar="3.11")
    takes.add_argument("--check", action="store_true", help="look at what is there, fetch nothing")
    asked = takes.parse_args()
    status = 0
    with tempfile.TemporaryDirectory() as aside:
        tools = Path(aside)
        venv.create(tools, with_pip=True)
        programs = tools / environment.PROGRAMS.name
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        uv = programs / ("uv.exe" if os.name == "nt" else "uv")
        for name in asked.platform:
            begun, platform, folder = time.monotonic(), PLATFORMS[name], asked.folder / name
            lacking: list[str] = []
            if not asked.check:
                if folder.exists():
                    shutil.rmtree(folder)
                folder.mkdir(parents=True)
                lacking = download(
                    pins(list(environment.DEVELOPMENT), platform, asked.python), platform, asked.python, folder
                )
                own_wheel(folder)
                write_sums(folder)
            said = []
            if bad := damaged(folder):
                said.append(f"damaged or missing: {', '.join(bad)}")
            if lacking:
                said.append(f"no wheel of {', '.join(lacking)}")
            if resolves(uv, folder, platform, asked.python, [SHARING]):
                said.append("whole")
            elif resolves(uv, folder, platform, asked.python, []):
                said.append("whole but for sharing a hall from that PC")
            else:
                said.append("not enough to install from")
                status = 1
            status |= bool(bad)
            files = list(folder.iterdir()) if folder.is_dir() else []
            size = sum(file.stat().st_size for file in files) / 1e6
            print(
                f"{name}: {len(files)} files, {size:.0f} MB, {time.monotonic() - begun:.0f} s: {'; '.join(said)}",
                flush=True,
            )
    return status


if __name__ == "__main__":
    environment.ensure(environment.DEVELOPMENT, {})
    # It reads markers with a library of the environment.
    if Path(sys.prefix) != environment.VENV:
        sys.exit(subprocess.run([str(environment.PYTHON), __file__, *sys.argv[1:]], check=False).returncode)
    sys.exit(main())
