"""Builds a folder with QueueDesk and all that it needs, Python included, for PCs where nobody installs anything else:

    .venv/bin/python scripts/program/freeze.py FOLDER

makes FOLDER/queuedesk for the system on which it runs; the program in it is `queuedesk` (queuedesk.exe on Windows). The
folder may be moved, and anybody may start it. On Linux the libraries of system_packages.py still have to be there.

Its folder `legal` is for who hands it on: what is in it with hashes, whose it is, every licence's text, and where the
source is. Qt's libraries, whose licence lets people replace them, stay files of their own.
"""

from __future__ import annotations

import argparse
import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "scripts"))

import supply  # noqa: E402

INSIDE, LEGAL = "_internal", "legal"
"""Where PyInstaller puts everything but the program itself, and what goes with it."""
REPLACEABLE = ("PySide6/**/*Qt6Core*", "PySide6/**/QtCore*", "shiboken6/**/*shiboken6*", "psycopg_binary/*pq*")
"""What has to lie in INSIDE as a file of its own, so that people may put another in its place."""


def build(place: Path) -> Path:
    """Return the program's folder, built anew in `place`. Raises CalledProcessError where a tool fails."""
    with tempfile.TemporaryDirectory() as aside:
        site = unpacked_wheel(Path(aside))
        icon = write_icon(Path(aside)) if sys.platform == "win32" else ""
        words = ["--noconfirm", "--log-level", "WARN", "--distpath", aside, "--workpath", f"{aside}/work"]
        subprocess.run(
            [sys.executable, "-m", "PyInstaller", *words, str(OWN / "queuedesk.spec")],
            check=True,
            cwd=aside,
            env={**os.environ, "PYTHONPATH": str(site), "QUEUEDESK_WHEEL": str(site), "QUEUEDESK_ICON": str(icon)},
        )
        folder = place / "queuedesk"
        if folder.exists():
            shutil.rmtree(folder)
        place.mkdir(parents=True, exist_ok=True)
        shutil.move(Path(aside) / "queuedesk", folder)
    # Beside its text, so that the folder may belong to somebody who alone can write there, and wherever the Python that
    # runs this keeps its own. It is not compared with the
    # text at each start, whose time of change does not outlive every copy.
    sys.pycache_prefix = None
    compileall.compile_dir(
        folder / INSIDE / "queuedesk",
        quiet=1,
        stripdir=folder,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    require_replaceable_libraries(folder)
    if lacking := supply.write(folder / LEGAL):
        sys.exit(f"No licence text was found of {', '.join(lacking)}.")
    copy_system_licences(folder)
    return folder


def copy_system_licences(folder: Path) -> None:
    """Copy what Debian says of the libraries that were taken from the system; elsewhere none are."""
    if shutil.which("dpkg") is None:
        return
    place = folder / LEGAL / supply.LICENCES / "system"
    place.mkdir(parents=True, exist_ok=True)
    for library in (folder / INSIDE).glob("lib*.so*"):
        asked = ["dpkg", "-S", f"*/{library.name}"]
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
        for package in {line.partition(":")[0] for line in told.splitlines()}:
            text = Path("/usr/share/doc", package, "copyright")
            if text.is_file():
                shutil.copy(text, place / f"{package}.txt")


def require_replaceable_libraries(folder: Path) -> None:
    """Raise SystemExit where a library is not a file of its own, as its licence asks."""
    gone = [pattern for pattern in REPLACEABLE if not any(path.is_file() for path in (folder / INSIDE).glob(pattern))]
    if gone:
        sys.exit(f"These have to be files of their own: {', '.join(gone)}.")


def unpacked_wheel(aside: Path) -> Path:
    """Return a folder with QueueDesk as it is installed, with the list of its files and their sums."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(aside)], cwd=ROOT, check=True)
    (wheel,) = aside.glob("queuedesk-*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(aside / "site")
    return aside / "site"


def write_icon(aside: Path) -> Path:
    """Return the program's icon in the sizes of Windows, for its menu and its bar."""
    from PIL import Image
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    drawn, icon = aside / "icon.png", aside / "icon.ico"
    image = QImage(256, 256, QImage.Format.Format_ARGB32)
    image.fill(0xFFFFFFFF)  # on a dark menu too
    painter = QPainter(image)
    QSvgRenderer(str(ROOT / "resources" / "icons" / "ticket.svg")).render(painter)
    painter.end()
    image.save(str(drawn))
    with Image.open(drawn) as whole:
        whole.save(icon)
    return icon


def main() -> int:
    """Build, and say how large it is and how long it took."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition(":\n")[0])
    takes.add_argument("folder", type=Path)
    began, place = time.monotonic(), takes.parse_args().folder.absolute()
    try:
        folder = build(place)
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"The program could not be built: {error}")
    size = sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_symlink()) / 1e6
    print(f"{folder}: {size:.0f} MB, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
