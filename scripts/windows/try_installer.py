"""Tries the installer of installer.py under Wine, as a person with a new PC and no network would use it:

    .venv/bin/python scripts/windows/try_installer.py FOLDER

FOLDER holds the zip. It is unpacked, installed, opened from the start menu, gives and calls a ticket, paints the
display, makes the day's PDF, is damaged, refused while it is open, repaired and removed. Each step says how long it
took. The PC is a Wine prefix of its own, in a folder that is removed at the end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path += [str(ROOT), str(ROOT / "scripts" / "program")]

from check import LEAST_PICTURE, PNG, screen  # noqa: E402
from menu import menu_words  # noqa: E402
from wine import WindowsFolder, windows_path  # noqa: E402

from queuedesk.i18n import LANGUAGES  # noqa: E402

WITHOUT_NETWORK = "QUEUEDESK_WITHOUT_NETWORK"
# A Windows PC reaches itself also without a network, and Python's pairs of sockets there need that.
CUT_OFF = ["unshare", "--net", "--map-root-user", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
STEP_S, OPENS_S = 600.0, 180.0
DAMAGED = Path("queuedesk", "_internal", "queuedesk", "resources", "demo", "post.json")
BY_WINDOW = b"queuedeskw.exe"


class StepFailedError(Exception):
    """A step went wrong; the text says how."""


class Pc:
    """A user's PC. `unpacked` is where the zip was unpacked, `home` where Windows keeps what is the user's."""

    def __init__(self, archive: Path, folder: Path, display: str, language: str) -> None:
        self.archive, self.language = archive, language
        self.windows = WindowsFolder(folder / "pc")
        self.windows.prefix.mkdir(parents=True, exist_ok=True)
        self.unpacked = folder / "下载 of today"
        # Without letters of its own Wine finds no folder with a Chinese name.
        self.more = {"DISPLAY": display, "LC_ALL": "C.UTF-8"}

    def own_path(self, file: Path) -> str:
        """Return how the PC itself names one of its files; its shell opens no other entry."""
        return "C:\\" + str(file.relative_to(self.windows.prefix / "drive_c")).replace("/", "\\")

    @property
    def home(self) -> Path:
        return next(self.windows.prefix.joinpath("drive_c", "users").glob("[!P]*"))

    @property
    def local(self) -> Path:
        return self.home / "AppData" / "Local"

    @property
    def menu(self) -> Path:
        return self.home / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/QueueDesk"

    @property
    def display_entry(self) -> Path:
        return self.menu / f"{menu_words(self.language)['display'][0]}.lnk"

    @property
    def start_entries(self) -> list[Path]:
        """What opens at log-in; Wine calls the folder otherwise than Windows, with a capital letter more."""
        return [file for file in self.menu.parent.glob("[Ss]tart[Uu]p/queuedesk*") if file.is_file()]

    @property
    def target(self) -> Path:
        return self.local / "Programs" / "QueueDesk"

    def run(self, words: list[str], *, status: int = 0) -> str:
        """Return what a Windows program prints. Raises StepFailedError for another exit status."""
        result = self.windows.run(words, limit_s=STEP_S, **self.more)
        if result.status != status:
            raise StepFailedError(f"{' '.join(words)} ended with {result.status}: {result.output.strip()[-400:]}")
        return result.output

    def queuedesk(self, line: str, *files: Path, status: int = 0) -> str:
        """Run a command whose last words are files of this machine."""
        program = self.own_path(self.target / "queuedesk" / "queuedesk.exe")
        return self.run([program, *line.split(), *map(windows_path, files)], status=status)

    def install(self, *words: str, status: int = 0) -> str:
        script = windows_path(self.unpacked / "install.cmd")
        return self.run([script, *words, "--language", self.language, "--quiet"], status=status)

    def running(self) -> list[Path]:
        """Return the notes of the stations that are open."""
        notes = self.local.joinpath("queuedesk", "running").glob("*.json")
        return [note for note in notes if '"closed"' not in note.read_text(encoding="utf-8")]


def start_the_pc(pc: Pc) -> None:
    pc.run(["wineboot", "--init"])


def unpack(pc: Pc) -> None:
    with zipfile.ZipFile(pc.archive) as packed:
        packed.extractall(pc.unpacked)


def refuse_a_part(pc: Pc) -> None:
    """The script alone, as a look into the zip unpacks it, asks to extract all."""
    alone = pc.unpacked.with_name("alone") / "install.cmd"
    alone.parent.mkdir()
    shutil.copy(pc.unpacked / "install.cmd", alone)
    require("extract the whole zip" in pc.run([windows_path(alone)], status=1), "no such sentence")


def refuse_a_foreign_folder(pc: Pc) -> None:
    foreign = pc.unpacked.with_name("letters")
    foreign.mkdir()
    foreign.joinpath("letter.txt").write_text("mine", encoding="ascii")
    pc.install("--folder", windows_path(foreign), status=1)
    require([file.name for file in foreign.iterdir()] == ["letter.txt"], "something was written to a foreign folder")
    require(not pc.menu.exists(), "an entry was written")


def install(pc: Pc) -> None:
    said = pc.install("--start", "display")
    require("QueueDesk" in said and pc.target.joinpath("uninstall.cmd").is_file(), f"not installed: {said}")
    require(pc.display_entry.is_file(), f"no entry: {[file.name for file in pc.menu.iterdir()]}")
    require(len(pc.start_entries) == 1, "nothing opens at log-in")
    (started,) = pc.start_entries
    require("下载" not in started.read_bytes().decode("utf-8", "replace"), "log-in opens the unpacked copy")
    shutil.rmtree(pc.unpacked)


def call_a_ticket(pc: Pc) -> None:
    for line in ("init --preset power --all-hours", "open 1 --staff C1", "issue A"):
        pc.queuedesk(line)
    require("A001" in pc.queuedesk("call 1"), "another ticket was called")


def paint_the_display(pc: Pc) -> None:
    paint(pc, "display")


def paint(pc: Pc, station: str) -> None:
    """Let a station paint its window to a file."""
    picture = pc.unpacked.with_name(f"{station.split(maxsplit=1)[0]}.png")
    pc.queuedesk(f"{station} --size 1280x800 --screenshot", picture)
    content = picture.read_bytes()
    require(content.startswith(PNG) and len(content) > LEAST_PICTURE, "no picture")


def make_the_pdf(pc: Pc) -> None:
    report = pc.unpacked.with_name("day.pdf")
    pc.queuedesk("report day --out", report)
    require(report.read_bytes().startswith(b"%PDF"), "no PDF")


def open_from_the_menu(pc: Pc) -> None:
    """The display's entry opens it; meanwhile neither script changes anything."""
    with pc.windows.start(["start", pc.own_path(pc.display_entry)], **pc.more) as opening:
        wait_for(lambda: bool(pc.running()), OPENS_S, "the display opens")
        try:
            unpack(pc)
            pc.install(status=1)
            pc.run([pc.own_path(pc.target / "uninstall.cmd"), "--quiet"], status=1)
            require(pc.display_entry.is_file() and pc.target.joinpath(DAMAGED).is_file(), "a script changed something")
        finally:
            for note in pc.running():
                note.with_suffix(".order").write_text("close", encoding="ascii")
            wait_for(lambda: not is_open(), OPENS_S, "the display closes")
            opening.terminate()


def repair(pc: Pc) -> None:
    file = pc.target / DAMAGED
    file.write_bytes(file.read_bytes()[:100])
    require("demo/post.json" in pc.queuedesk("doctor", status=1), "doctor did not name the damaged file")
    pc.install()
    pc.queuedesk("doctor")


def is_open() -> bool:
    """Return whether a window of an installed program runs on this machine."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if BY_WINDOW in file.read_bytes():
                return True
    return False


def uninstall(pc: Pc) -> None:
    hall = pc.local / "queuedesk" / "hall.sqlite"
    for rest in ("queuedesk.old", "queuedesk.new"):  # as of a copy that was cut short
        pc.target.joinpath(rest).mkdir()
        pc.target.joinpath(rest, "half").touch()
    said = pc.run([pc.own_path(pc.target / "uninstall.cmd"), "--quiet"])
    require("AppData\\Local\\queuedesk" in said, f"where the hall stays is not said: {said}")
    require(hall.is_file(), "the hall is gone")
    # Wine keeps the empty folder: it deletes a script only when that has ended.
    left = [path for path in (*pc.target.glob("*"), pc.menu, *pc.start_entries) if path.exists()]
    require(not left, f"left: {left}")
    listed = pc.run(["reg", "query", r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall"])
    require("QueueDesk" not in listed, "Windows' list still has it")


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise StepFailedError(otherwise)


def wait_for(holds: Callable[[], bool], most_s: float, what: str) -> None:
    until = time.monotonic() + most_s
    while not holds():
        require(time.monotonic() < until, f"not within {most_s:.0f} s: {what}")
        time.sleep(0.2)


STEPS = (
    start_the_pc,
    unpack,
    refuse_a_part,
    refuse_a_foreign_folder,
    install,
    call_a_ticket,
    paint_the_display,
    make_the_pdf,
    open_from_the_menu,
    repair,
    uninstall,
)


def main() -> int:
    """Return 1 if a step went wrong; the others after it are not tried."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition(":\n")[0])
    takes.add_argument("folder", type=Path)
    takes.add_argument("--language", choices=LANGUAGES, default="zh_CN", help="the PC's")
    asked = takes.parse_args()
    archives = sorted(asked.folder.absolute().glob("queuedesk-*-windows.zip"))
    if not archives:
        sys.exit(f"{asked.folder} has no queuedesk-VERSION-windows.zip; scripts/windows/installer.py makes it.")
    if not os.environ.get(WITHOUT_NETWORK):
        os.environ[WITHOUT_NETWORK] = "1"
        os.execvp(CUT_OFF[0], [*CUT_OFF, sys.executable, *sys.argv])
    with tempfile.TemporaryDirectory(prefix="新电脑 ", ignore_cleanup_errors=True) as folder, screen() as display:
        pc = Pc(archives[-1], Path(folder), display, asked.language)
        try:
            for step in STEPS:
                began = time.monotonic()
                step(pc)
                print(f"{step.__name__.replace('_', ' ')}: good, {time.monotonic() - began:.1f} s", flush=True)
        except (StepFailedError, OSError, ValueError, zipfile.BadZipFile, subprocess.SubprocessError) as error:
            print(f"{step.__name__.replace('_', ' ')}: wrong: {error}", flush=True)
            return 1
        finally:
            pc.windows.end_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
