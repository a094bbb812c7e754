"""Makes a zip of the program's folder that installs itself on a Windows PC:

    python scripts/windows/installer.py FOLDER

FOLDER/queuedesk is what scripts/program/freeze.py made on Windows. Whoever unpacks FOLDER/queuedesk-VERSION-windows.zip
and starts install.cmd in it has the program, as scripts/program/windows_setup.py says.
"""

from __future__ import annotations

import argparse
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = Path(__file__).resolve().parent / "installer"
sys.path.append(str(ROOT))

from queuedesk import __version__  # noqa: E402

PROGRAM = "queuedesk"
FILES = {"install.cmd": "install.cmd", "uninstall.cmd": f"{PROGRAM}/uninstall.cmd"}
NEEDED = ("queuedesk.exe", "queuedeskw.exe")


def make(place: Path) -> Path:
    """Return the zip of the program in `place`. Raises OSError."""
    made, unfinished = (place / f"queuedesk-{__version__}-windows.{ending}" for ending in ("zip", "part"))
    folder = place / PROGRAM
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, inside in FILES.items():
            lines = SCRIPTS.joinpath(name).read_text(encoding="utf-8").splitlines()
            packed.writestr(inside, "".join(f"{line}\r\n" for line in lines).encode())
        for file in sorted(folder.rglob("*")):
            packed.write(file, file.relative_to(place).as_posix())
    unfinished.replace(made)
    return made


def main() -> int:
    """Make the zip, and say how large it is and how long it took."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition(":\n")[0])
    takes.add_argument("folder", type=Path)
    began, place = time.monotonic(), takes.parse_args().folder.absolute()
    if absent := [name for name in NEEDED if not place.joinpath(PROGRAM, name).is_file()]:
        sys.exit(f"{place / PROGRAM} has no {absent[0]}; scripts/program/freeze.py makes it on Windows.")
    try:
        made = make(place)
    except OSError as error:
        sys.exit(f"The zip could not be made: {error}")
    print(f"{made}: {made.stat().st_size / 1e6:.0f} MB, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
