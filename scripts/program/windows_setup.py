"""Installs the unpacked program for a Windows user, without an administrator's rights, and removes it again:

    queuedesk\\queuedesk.exe -m windows_setup install [--folder FOLDER] [--start STATION [--window W]] [--quiet]

install.cmd and uninstall.cmd (scripts/windows/installer) start it. FOLDER gets the program's folder and uninstall.cmd;
the start menu gets an entry for each station, and Windows' list of programs one for QueueDesk.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from menu import menu_words

from queuedesk import __version__, i18n, paths
from queuedesk.app.main import chosen_pc_language
from queuedesk.app.this_pc import settings
from queuedesk.cli.output import prepare_output_streams
from queuedesk.core.errors import OutsideError
from queuedesk.i18n import _

winreg: Any = import_module("winreg") if sys.platform == "win32" else None
PROGRAM, UNINSTALL = "queuedesk", "uninstall.cmd"
WITH_CONSOLE, WITHOUT_CONSOLE = "queuedesk.exe", "queuedeskw.exe"
NEW, OLD = f"{PROGRAM}.new", f"{PROGRAM}.old"
OWN = {PROGRAM, NEW, OLD, UNINSTALL}
"""What may lie in the folder of an installation."""
LISTED_AS = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\QueueDesk"
"""The key of the user's registry that Windows' list of installed programs reads."""
NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*]+')


class SetupRefusedError(Exception):
    """Nothing was changed; the text is the sentence for the person."""


def install(folder: Path | None) -> Path:
    """Install the program that runs this into `folder`, or again where it is; return the folder. Raises
    SetupRefusedError; OutsideError "cannot_write"."""
    source, present = Path(sys.executable).resolve().parent, installed_folder()
    target = folder or present or default_folder()
    if present is not None and not is_same(present, target):
        raise SetupRefusedError(_("QueueDesk is installed in {folder}. Please remove it there first.", folder=present))
    is_in_place = is_same(source, target / PROGRAM)
    if present is None and not is_in_place and holds_something_else(target):
        raise SetupRefusedError(
            _("{folder} holds something else; please name an empty folder or a new one.", folder=target)
        )
    try:
        if not is_in_place:
            copy_program(source, target)
        shutil.copyfile(target / PROGRAM / UNINSTALL, target / UNINSTALL)
        add_shortcuts(target)
        list_as_installed(target)
    except OSError as error:
        raise OutsideError("cannot_write", path=error.filename or str(target)) from error
    return target


def holds_something_else(target: Path) -> bool:
    return target.exists() and (not target.is_dir() or bool({file.name.lower() for file in target.iterdir()} - OWN))


def copy_program(source: Path, target: Path) -> None:
    """Put a copy of the program in place of the one in `target`. An interrupted copy is made anew the next time."""
    program, new, old = target / PROGRAM, target / NEW, target / OLD
    if not program.exists() and old.exists():
        old.rename(program)
    if is_open(program):
        raise SetupRefusedError(open_sentence())
    for rest in (new, old):
        shutil.rmtree(rest, ignore_errors=True)
    is_first = not target.exists()
    try:
        # Without attributes: what came from a disc that can only be read would stay so.
        shutil.copytree(source, new, copy_function=shutil.copyfile)
        if program.exists():
            program.rename(old)
        new.rename(program)
    except OSError:
        if not program.exists() and old.exists():
            old.rename(program)
        shutil.rmtree(target if is_first else new, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)


def is_open(program: Path, names: tuple[str, ...] = (WITH_CONSOLE, WITHOUT_CONSOLE)) -> bool:
    """Return whether a process of the installed program runs: Windows lets nobody write to its file."""
    for name in names:
        with suppress(FileNotFoundError):
            try:
                program.joinpath(name).open("r+b").close()
            except PermissionError:
                return True
    return False


def open_sentence() -> str:
    return _("QueueDesk is open on this PC. Please close all of its windows and try again.")


def uninstall(target: Path) -> None:
    """Remove all that leads to the program in `target`; uninstall.cmd then deletes the program itself. Raises
    OutsideError "cannot_write"."""
    try:
        remove_shortcuts(target)
        for file in start_entries(target):
            file.unlink(missing_ok=True)
        if (present := installed_folder()) is not None and is_same(present, target):
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, LISTED_AS)
    except OSError as error:
        raise OutsideError("cannot_write", path=error.filename or LISTED_AS) from error


def start_entries(target: Path) -> Iterator[Path]:
    """Yield the files at log-in that start the program in `target`, or a version to which an update changed it."""
    names = [f"{place}{os.sep}".replace("%", "%%").lower() for place in (target, paths.data_folder() / "versions")]
    for file in settings.autostart_folder().glob(f"{PROGRAM}*.cmd"):
        texts = [file.read_bytes().decode(code, "replace").lower() for code in ("oem", "utf-8")]
        if any(name in text for name in names for text in texts):
            yield file


# -- places --


def default_folder() -> Path:
    local = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    return Path(local, "Programs", "QueueDesk")


def menu_folder() -> Path:
    return settings.autostart_folder().parent / "QueueDesk"


def installed_folder() -> Path | None:
    """Return where this user has the program, as Windows' list says; None where it is no longer there."""
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, LISTED_AS) as key:
            folder = Path(winreg.QueryValueEx(key, "InstallLocation")[0])
    except FileNotFoundError:
        return None
    return folder if any(folder.joinpath(name).exists() for name in OWN) else None


def is_same(one: Path, other: Path) -> bool:
    return os.path.normcase(one.resolve()) == os.path.normcase(other.resolve())


# -- what leads to the program --


def list_as_installed(target: Path) -> None:
    program = target / PROGRAM
    size_kb = sum(file.stat().st_size for file in program.rglob("*")) // 1024
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, LISTED_AS) as key:
        for name, text in (
            ("DisplayName", "QueueDesk"),
            ("DisplayVersion", __version__),
            ("DisplayIcon", str(program / WITHOUT_CONSOLE)),
            ("InstallLocation", str(target)),
            ("UninstallString", f'"{target / UNINSTALL}"'),
            ("QuietUninstallString", f'"{target / UNINSTALL}" --quiet'),
        ):
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, text)
        for name, number in (("EstimatedSize", size_kb), ("NoModify", 1), ("NoRepair", 1)):
            winreg.SetValueEx(key, name, 0, winreg.REG_DWORD, number)


def add_shortcuts(target: Path) -> None:
    """Write the start menu's entries in the current language in place of earlier ones."""
    remove_shortcuts(target)
    program = target / PROGRAM / WITHOUT_CONSOLE
    menu_folder().mkdir(parents=True, exist_ok=True)
    for name, (title, about) in menu_words(i18n.current_language()).items():
        write_shortcut(menu_folder() / shortcut_name(title), program, name, about)
    title = _("Remove QueueDesk")
    write_shortcut(menu_folder() / shortcut_name(title), target / UNINSTALL, "", title)


def shortcut_name(title: str) -> str:
    return NOT_IN_A_NAME.sub(" ", title).strip(" .") + ".lnk"


def remove_shortcuts(target: Path) -> None:
    """Remove those entries of the start menu that lead into `target`, and their folder if nothing else is in it."""
    for file in menu_folder().glob("*.lnk"):
        if is_same(target, destination_of(file).parent) or is_same(target, destination_of(file).parent.parent):
            file.unlink(missing_ok=True)
    with suppress(OSError):
        menu_folder().rmdir()


def write_shortcut(file: Path, program: Path, words: str, about: str) -> None:
    link, saved = _new_link()
    link.SetPath(str(program))
    link.SetArguments(words)
    link.SetDescription(about)
    link.SetWorkingDirectory(str(program.parent))
    link.SetIconLocation(str(program.parent.joinpath(WITHOUT_CONSOLE) if words else program), 0)
    saved.Save(str(file), True)


def destination_of(file: Path) -> Path:
    link, saved = _new_link()
    saved.Load(str(file), 0)
    return Path(link.GetPath(4))  # SLGP_RAWPATH: as it was written


def _new_link() -> tuple[Any, Any]:
    """Return a new shortcut of Windows by its two interfaces: what is in it, and its file."""
    import comtypes
    from comtypes.persist import IPersistFile
    from comtypes.shelllink import IShellLinkW, ShellLink

    link = comtypes.CoCreateInstance(ShellLink._reg_clsid_, interface=IShellLinkW)
    return link, link.QueryInterface(IPersistFile)


# -- the command --


def run() -> int:
    """Return the exit status; what went wrong is one sentence."""
    takes = argparse.ArgumentParser(prog="install.cmd", description="Installs QueueDesk for the user of this PC.")
    takes.add_argument("act", choices=ACTS, help=argparse.SUPPRESS)
    takes.add_argument("--folder", type=Path, help="instead of %%LOCALAPPDATA%%\\Programs\\QueueDesk")
    takes.add_argument("--start", choices=[*menu_words("en")], metavar="STATION", help="open it at each log-in")
    takes.add_argument("--window", metavar="W", help="the window of that station")
    takes.add_argument("--language", choices=i18n.LANGUAGES, help="of the start menu; else this PC's")
    takes.add_argument("--quiet", action="store_true", help="neither ask nor wait for a key")
    prepare_output_streams()
    asked = takes.parse_args()
    i18n.choose_language(asked.language or chosen_pc_language() or i18n.system_language() or "en")
    try:
        return ACTS[asked.act](asked)
    except (SetupRefusedError, OutsideError) as refusal:
        print(i18n.error_sentence(refusal) if isinstance(refusal, OutsideError) else refusal, file=sys.stderr)
        answer(asked, _("Press Enter to close this window."))
        return 1


def answer(asked: argparse.Namespace, question: str) -> bool:
    """Return whether somebody pressed Enter, True without asking if it is to be quiet."""
    if asked.quiet:
        return True
    try:
        input(question)
    except EOFError:
        return False
    return True


def _install(asked: argparse.Namespace) -> int:
    target = install(asked.folder and asked.folder.resolve())
    print(_("QueueDesk is installed in {folder}. Its stations are in the start menu.", folder=target), flush=True)
    status = 0
    if asked.start:
        window = ["--window", asked.window] if asked.window else []
        words = [str(target / PROGRAM / WITH_CONSOLE), "autostart", "on", asked.start, *window]
        status = subprocess.run(words, check=False).returncode
    answer(asked, _("Press Enter to close this window."))
    return status


def _ask_before_removal(asked: argparse.Namespace) -> int:
    # The other one runs this; whether it runs twice shows when the folder is renamed.
    if is_open(Path(sys.executable).parent, (WITHOUT_CONSOLE,)):
        raise SetupRefusedError(open_sentence())
    print(_("QueueDesk will be removed. The halls of this PC stay in {folder}.", folder=paths.data_folder()))
    return 0 if answer(asked, _("Press Enter to remove it, or close this window to keep it.")) else 1


def _uninstall(asked: argparse.Namespace) -> int:
    uninstall(asked.folder.resolve())
    return 0


def _say_open(_asked: argparse.Namespace) -> int:
    raise SetupRefusedError(open_sentence())


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "install": _install,
    "ask": _ask_before_removal,
    "uninstall": _uninstall,
    "is-open": _say_open,
}


if __name__ == "__main__":
    sys.exit(run())
