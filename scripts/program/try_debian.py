"""Tries the Debian package where nothing of QueueDesk, Qt or Python was ever installed:

    python3 scripts/program/try_debian.py FOLDER ROOT

FOLDER has the package that debian.py made. ROOT becomes a bare Debian 12 (by debootstrap, two minutes) with what the
package depends on fetched but not installed; from then on the network is cut. The package is installed, another user
makes a hall, calls a ticket, opens a window, looks at the display and writes the day's PDF, and the package is removed.
Each step is timed. It has to be run as root.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

RELEASE, FETCHED, PERSON = "bookworm", "var/cache/apt/archives", "clerk"
APT = "apt-get --assume-yes --no-install-recommends"
INSTALLED = (
    "dpkg --unpack --force-depends /queuedesk.deb",
    f"dpkg --unpack --force-depends /{FETCHED}/*.deb",
    "dpkg --configure --pending",
)
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
    if not packages:
        sys.stderr.write(f"{args.folder} has no package; scripts/program/debian.py makes it.\n")
        return 2
    try:
        _prepare(packages[-1], root)
        for words in INSTALLED:
            _step(root, words)
        _step(root, f"id {PERSON} || useradd --create-home {PERSON}")
        home = root / "home" / PERSON
        shutil.rmtree(home, ignore_errors=True)
        _step(root, f"cp -r /etc/skel /home/{PERSON}; chown -R {PERSON}: /home/{PERSON}")
        for words in DAY:
            _step(root, f"su --login {PERSON} --command 'QT_QPA_PLATFORM=offscreen {words}'")
        for name, begins in MADE.items():
            if not (home / name).read_bytes().startswith(begins):
                raise RuntimeError(f"{name} is no file of its kind")
        for words in REMOVED:
            _step(root, words)
        left = [name for name in LEFT if (root / name).exists()]
        if left:
            raise RuntimeError(f"left behind: {', '.join(left)}")
    except (OSError, RuntimeError) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


def _prepare(package: Path, root: Path) -> None:
    """Make the bare system if it is not there, and fetch what the package depends on; with the network."""
    if not (root / "etc/debian_version").exists():
        began = time.monotonic()
        subprocess.run(["debootstrap", "--variant=minbase", RELEASE, str(root)], stdout=subprocess.DEVNULL, check=True)
        print(f"{time.monotonic() - began:6.1f} s  debootstrap {RELEASE}")
    if shutil.which("python3", path=str(root / "usr/bin")):
        raise RuntimeError(f"{root} has Python already; a bare system is needed")
    shutil.copy(package, root / "queuedesk.deb")
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    for words in ("update", "install --download-only /queuedesk.deb"):
        subprocess.run(["chroot", str(root), *APT.split(), *words.split()], stdout=subprocess.DEVNULL, check=True)


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
