"""Tries QueueDesk where nothing of it, of Qt or of Python was ever installed:

    python3 scripts/program/try_debian.py FOLDER ROOT

FOLDER has the package that debian.py made, or is what scripts/offline.py filled. ROOT becomes a bare Debian 12 (by
debootstrap, two minutes) with what is needed from Debian fetched but not installed; from then on the network is cut.
The package is installed, or a copy of this checkout sets itself up from the folder; another user makes a hall, calls a
ticket, opens a window, looks at the display and writes the day's PDF; a package is removed. Each step is timed. It has
to be run as root.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "scripts"))

import environment  # noqa: E402
from system_packages import QT, VOICE  # noqa: E402

RELEASE, FETCHED, PERSON = "bookworm", "var/cache/apt/archives", "clerk"
APT = "apt-get --assume-yes --no-install-recommends"
OWN_PACKAGE, CHECKOUT, PACKAGES = "/queuedesk.deb", "/opt/queuedesk", "/opt/packages"
FROM_DEBIAN = (f"dpkg --unpack --force-depends /{FETCHED}/*.deb", "dpkg --configure --pending")
INSTALLED = (f"dpkg --unpack --force-depends {OWN_PACKAGE}", *FROM_DEBIAN)
SET_UP = (*FROM_DEBIAN, f"cd {CHECKOUT} && python3 scripts/run.py --from {PACKAGES} --version")
DAY = (
    "queuedesk init --preset power --all-hours",
    "queuedesk open 1 --staff C1",
    "queuedesk issue A",
    "queuedesk call 1",
    "queuedesk counter --window 1 --size 1280x800 --screenshot counter.png",
    "queuedesk display --size 1280x800 --screenshot display.png",
    "queuedesk report day --out day.pdf",
    "queuedesk doctor",
)
MADE = {"counter.png": b"\x89PNG", "display.png": b"\x89PNG", "day.pdf": b"%PDF"}
REMOVED = ("apt-get --assume-yes purge queuedesk",)
LEFT = ("usr/lib/queuedesk", "usr/bin/queuedesk", "usr/share/man/man1/queuedesk.1.gz")
CUT = 'ip link set lo up; mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"; exec chroot "$0" "$@"'


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("folder", type=Path)
    reader.add_argument("root", type=Path)
    args = reader.parse_args()
    packages, root = sorted(args.folder.glob("queuedesk_*.deb")), args.root.absolute()
    filled = args.folder / environment.folder_name()
    if not packages and not filled.is_dir():
        sys.stderr.write(f"{args.folder} has neither debian.py's package nor what offline.py fills it with.\n")
        return 2
    try:
        if packages:
            _prepare(root, OWN_PACKAGE, packages[-1])
        else:
            _prepare(root, " ".join(["python3", "python3-venv", *QT, *VOICE]))
            _copy_checkout(root, filled)
        for words in INSTALLED if packages else SET_UP:
            _step(root, words)
        _step(root, f"id {PERSON} || useradd --create-home {PERSON}")
        home = root / "home" / PERSON
        shutil.rmtree(home, ignore_errors=True)
        _step(root, f"cp -r /etc/skel /home/{PERSON}; chown -R {PERSON}: /home/{PERSON}")
        program = "" if packages else f"{CHECKOUT}/.venv/bin/"
        for words in DAY:
            _step(root, f"su --login {PERSON} --command 'QT_QPA_PLATFORM=offscreen {program}{words}'")
        for name, begins in MADE.items():
            if not (home / name).read_bytes().startswith(begins):
                raise RuntimeError(f"{name} is no file of its kind")
        for words in REMOVED if packages else ():
            _step(root, words)
        left = [name for name in LEFT if packages and (root / name).exists()]
        if left:
            raise RuntimeError(f"left behind: {', '.join(left)}")
    except (OSError, RuntimeError) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


def _prepare(root: Path, wanted: str, package: Path | None = None) -> None:
    """Make the bare system if it is not there, and fetch `wanted` of Debian's packages, or what `package` depends on;
    with the network."""
    if not (root / "etc/debian_version").exists():
        began = time.monotonic()
        subprocess.run(["debootstrap", "--variant=minbase", RELEASE, str(root)], stdout=subprocess.DEVNULL, check=True)
        print(f"{time.monotonic() - began:6.1f} s  debootstrap {RELEASE}")
    if shutil.which("python3", path=str(root / "usr/bin")):
        raise RuntimeError(f"{root} has Python already; a bare system is needed")
    if package is not None:
        shutil.copy(package, root / OWN_PACKAGE.lstrip("/"))
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    for words in ("update", f"install --download-only {wanted}"):
        subprocess.run(["chroot", str(root), *APT.split(), *words.split()], stdout=subprocess.DEVNULL, check=True)


def _copy_checkout(root: Path, filled: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        target = root / CHECKOUT.lstrip("/") / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    shutil.copytree(filled, root / PACKAGES.lstrip("/") / filled.name, dirs_exist_ok=True)


def _step(root: Path, words: str) -> None:
    """Run a line of a shell in the bare system without a network, and say how long it took. Raises RuntimeError."""
    began = time.monotonic()
    clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    cut = ["unshare", "--net", "--mount", "--pid", "--fork", "sh", "-c", CUT, str(root), "sh", "-c", words]
    done = subprocess.run(cut, env={**clean, "HOME": os.sep}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"`{words}` ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-500:]}")
    print(f"{time.monotonic() - began:6.1f} s  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
