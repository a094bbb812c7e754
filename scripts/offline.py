"""Fills a folder with all that an installation fetches, for PCs that never see the internet:

    python3 scripts/offline.py FOLDER [--platform NAME …] [--python 3.11] [--check]

makes FOLDER/NAME for each platform with every package of the locks and QueueDesk itself, what only its tests need in
FOLDER/NAME/tests, and the sums of all in SHA256SUMS. There `run.py --from FOLDER`, `test.py --from FOLDER` and
`pip install FOLDER/NAME/*.whl` need no network. `--check` fetches nothing: it looks at the sums and whether each part
is whole.

The environment is made by the network's own means first, so this runs where there is one.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import environment

if TYPE_CHECKING:
    from packaging.utils import NormalizedName
    from packaging.version import Version

SHARING = "host"
"""The extra without which a PC can do everything but share its hall."""
OLDEST_GLIBC, LINUX_X64_GLIBC, LINUX_ARM_GLIBC = 5, 36, 39
MACOS = (14, 0)


class Platform(NamedTuple):
    """What decides which files a PC needs: its name in packages' conditions."""

    sys_platform: str
    platform_system: str
    platform_machine: str
    os_name: str


PLATFORMS = {
    "linux-x64": Platform("linux", "Linux", "x86_64", "posix"),
    "linux-arm64": Platform("linux", "Linux", "aarch64", "posix"),
    "windows-x64": Platform("win32", "Windows", "AMD64", "nt"),
    "macos-arm64": Platform("darwin", "Darwin", "arm64", "posix"),
    "macos-x64": Platform("darwin", "Darwin", "x86_64", "posix"),
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


def markers(platform: Platform, python: str) -> dict[str, str | Set[str]]:
    """Return what packages' conditions see on that platform: pip takes those of the PC on which it runs, also where it
    downloads for another."""
    from packaging.markers import default_environment

    return {
        **{name: str(value) for name, value in default_environment().items()},
        "sys_platform": platform.sys_platform,
        "platform_system": platform.platform_system,
        "platform_machine": platform.platform_machine,
        "os_name": platform.os_name,
        "python_version": python,
        "python_full_version": f"{python}.0",
    }


def pins(locks: Sequence[str], platform: Platform, python: str) -> dict[str, str]:
    """Return what the locks ask for on a platform: each package's name, and its line for pip with the hashes."""
    from packaging.requirements import Requirement

    seen_there = markers(platform, python)
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
    """Write the sum of each file in the folder and below it, as sha256sum reads them."""
    lines = [f"{environment.digest_of(folder / name)}  {name}\n" for name in sorted(files_in(folder))]
    (folder / environment.SUMS).write_text("".join(lines), encoding="utf-8")


def files_in(folder: Path) -> set[str]:
    """Return the names of all files in the folder and below it, but for their sums."""
    found = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    return found - {environment.SUMS}


def damaged(folder: Path) -> list[str]:
    """Return the names of files that are missing, changed, or in no list."""
    try:
        listed = environment.read_sums(folder)
    except OSError:
        return [environment.SUMS]
    there = files_in(folder)
    changed = {name for name in listed if name in there and environment.digest_of(folder / name) != listed[name]}
    return sorted(changed | (listed.keys() ^ there))


def wheels_that_run(folder: Path, platform: Platform, python: str) -> dict[NormalizedName, tuple[Version, Path]]:
    """Return the wheels in the folder that run there, by the normal form of their names."""
    from packaging.tags import compatible_tags, cpython_tags
    from packaging.utils import parse_wheel_filename

    version = [int(part) for part in python.split(".")]
    tags = wheel_tags(platform)
    run = {*cpython_tags(version, platforms=tags), *compatible_tags(version, platforms=tags)}
    found = {}
    for file in folder.glob("*.whl"):
        name, number, _, made_for = parse_wheel_filename(file.name)
        if not made_for.isdisjoint(run):
            found[name] = (number, file)
    return found


def unmet(folder: Path, platform: Platform, python: str, extras: list[str]) -> list[str]:
    """Return what QueueDesk with `extras` needs on that platform and the folder has not; nothing when it is whole."""
    from packaging.metadata import Metadata
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    wheels, seen_there = wheels_that_run(folder, platform, python), markers(platform, python)
    project = tomllib.loads((environment.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    replaced = {
        canonicalize_name(instead.name): instead
        for instead in map(Requirement, project["tool"]["uv"]["override-dependencies"])
    }
    to_look_at, seen, lacking = [Requirement(f"queuedesk[{','.join(extras)}]")], set(), []
    while to_look_at:
        asked = to_look_at.pop()
        name = canonicalize_name(asked.name)
        if (key := (name, frozenset(asked.extras))) in seen:
            continue
        seen.add(key)
        if name not in wheels or not asked.specifier.contains(wheels[name][0], prereleases=True):
            lacking.append(str(asked))
            continue
        file = wheels[name][1]
        with zipfile.ZipFile(file) as wheel:
            (inside,) = (part for part in wheel.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", part))
            needs = Metadata.from_email(wheel.read(inside), validate=False).requires_dist or []
        for need in [replaced.get(canonicalize_name(need.name), need) for need in needs]:
            if need.marker is None or any(
                need.marker.evaluate({**seen_there, "extra": extra}) for extra in {"", *asked.extras}
            ):
                to_look_at.append(need)
    return lacking


def own_wheel(folder: Path) -> None:
    """Build QueueDesk's own wheel into the folder. Raises SystemExit."""
    command = [str(environment.PYTHON), "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    if subprocess.run([*command, "--wheel-dir", str(folder), str(environment.ROOT)], check=False).returncode:
        sys.exit("QueueDesk's own package could not be built; the lines above say why.")


def fill(folder: Path, platform: Platform, python: str) -> list[str]:
    """Fetch all into the folder, emptied before; return the names of packages that have no file for the platform."""
    if folder.exists():
        shutil.rmtree(folder)
    tests = folder / "tests"
    tests.mkdir(parents=True)
    lacking = []
    for locks, into in ((environment.RUNTIME, folder), (environment.DEVELOPMENT[1:], tests)):
        lacking += download(pins(locks, platform, python), platform, python, into)
    (folder / environment.LACKING).write_text("".join(f"{name}\n" for name in lacking), encoding="utf-8")
    own_wheel(folder)
    write_sums(folder)
    return lacking


def main() -> int:
    """Return 0 where every platform has what a PC needs, else 1."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0].rstrip(":"))
    takes.add_argument("folder", type=Path)
    takes.add_argument("--platform", nargs="+", choices=PLATFORMS, default=list(PLATFORMS), metavar="NAME")
    takes.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}", metavar="3.11")
    takes.add_argument("--check", action="store_true", help="look at what is there, fetch nothing")
    asked = takes.parse_args()
    status = 0
    for name in asked.platform:
        begun, platform, folder = time.monotonic(), PLATFORMS[name], asked.folder / name
        lacking = [] if asked.check else fill(folder, platform, asked.python)
        said = []
        if bad := damaged(folder):
            said.append(f"damaged or missing: {', '.join(bad)}")
        if lacking:
            said.append(f"no wheel of {', '.join(lacking)}")
        if not unmet(folder, platform, asked.python, ["web", SHARING]):
            said.append("whole")
        elif not (missing := unmet(folder, platform, asked.python, ["web"])):
            said.append("whole but for sharing a hall from that PC")
        else:
            said.append(f"not enough to install from: {', '.join(missing)}")
            status = 1
        status |= bool(bad)
        files = files_in(folder)
        size = sum((folder / file).stat().st_size for file in files) / 1e6
        seconds = time.monotonic() - begun
        print(f"{name}: {len(files)} files, {size:.0f} MB, {seconds:.0f} s: {'; '.join(said)}", flush=True)
    return status


if __name__ == "__main__":
    environment.ensure(environment.DEVELOPMENT, {})
    # It reads markers with a library of the environment.
    if Path(sys.prefix) != environment.VENV:
        sys.exit(subprocess.run([str(environment.PYTHON), __file__, *sys.argv[1:]], check=False).returncode)
    sys.exit(main())
