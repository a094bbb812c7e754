"""The installer for Windows: its zip, its entries in the start menu, and a copy that replaces another one or changes
nothing. scripts/windows/try_installer.py tries all of it under Wine."""

import codecs
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from queuedesk.i18n import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
INSTALLER = ROOT / "scripts" / "windows" / "installer.py"


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(ROOT / "scripts" / "program")
    import windows_setup

    yield windows_setup
    for name in ("windows_setup", "menu"):
        sys.modules.pop(name, None)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program's folder, as far as an installer looks at it."""
    folder = tmp_path / "new ones" / "queuedesk"
    for name in ("queuedesk.exe", "queuedeskw.exe", "_internal/营业厅.txt"):
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_text("new", encoding="ascii")
    return folder


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    target = tmp_path / "installed"
    target.joinpath("queuedesk").mkdir(parents=True)
    target.joinpath("queuedesk", "queuedesk.exe").write_text("old", encoding="ascii")
    return target


@pytest.fixture
def code_page() -> Iterator[None]:
    """What Windows calls the code page of its consoles."""

    def found(name: str) -> codecs.CodecInfo | None:
        return codecs.lookup("cp437") if name == "oem" else None

    codecs.register(found)
    yield
    codecs.unregister(found)


@pytest.mark.usefixtures("code_page")
def test_what_opens_at_log_in_is_removed_where_an_update_changed_the_program_too(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    folder, target = setup.settings.autostart_folder(), tmp_path / "Queue Desk"
    folder.mkdir(parents=True)
    places = {"display": target, "guide": setup.paths.data_folder() / "versions" / "0.2.0", "kiosk": tmp_path / "other"}
    for name, place in {**places, "line": tmp_path / "Queue Desk 2"}.items():
        line = f'@start "" "{place / "QueueDesk.exe"}" {name}\n'
        folder.joinpath(f"queuedesk-{name}.cmd").write_text(line, encoding="utf-8")
    assert sorted(file.stem for file in setup.start_entries(target)) == ["queuedesk-display", "queuedesk-guide"]


def made(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, INSTALLER, folder], capture_output=True, encoding="utf-8")


def contents(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="ascii") for file in files}


def test_the_zip_has_the_program_and_scripts_as_windows_reads_them(program: Path, tmp_path: Path) -> None:
    """A folder without the program is refused in a sentence."""
    empty = tmp_path / "empty"
    empty.mkdir()
    refused = made(empty)
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 1)
    assert list(empty.iterdir()) == []
    assert made(program.parent).returncode == 0
    (archive,) = program.parent.glob("*.zip")
    with zipfile.ZipFile(archive) as packed:
        assert {"install.cmd", "queuedesk/uninstall.cmd", "queuedesk/_internal/营业厅.txt"} <= set(packed.namelist())
        for name in ("install.cmd", "queuedesk/uninstall.cmd"):
            script = packed.read(name)
            assert script.count(b"\n") == script.count(b"\r\n") > 5
            # Other letters are read right only below the line that says which they are.
            assert script.partition(b"chcp 65001")[0].isascii()
            labels = set(re.findall(rb"^:(\w+)", script, re.M))
            assert set(re.findall(rb"goto (\w+)", script)) == labels


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_station_has_an_entry_of_its_own_with_a_name_that_windows_takes(setup: ModuleType, language: str) -> None:
    names = [setup.shortcut_name(title) for title, _about in setup.menu_words(language).values()]
    assert len({name.lower() for name in names}) == len(names) >= 10
    assert not [name for name in names if setup.NOT_IN_A_NAME.search(name) or name == ".lnk"]


def test_a_copy_takes_the_place_of_an_older_one_and_of_one_that_was_cut_short_but_not_where_it_fails(
    setup: ModuleType, program: Path, installed: Path
) -> None:
    installed.joinpath("queuedesk").rename(installed / "queuedesk.old")
    installed.joinpath("queuedesk.new").mkdir()
    installed.joinpath("queuedesk.new", "half").touch()
    setup.copy_program(program, installed)
    assert [file.name for file in installed.iterdir()] == ["queuedesk"]
    assert contents(installed / "queuedesk") == contents(program)
    before, elsewhere = contents(installed), installed.with_name("elsewhere")
    program.joinpath("queuedesk.exe").write_text("newer", encoding="ascii")
    program.joinpath("missing").symlink_to(program / "nowhere")
    for target in (installed, elsewhere):
        with pytest.raises(OSError, match="missing"):
            setup.copy_program(program, target)
    assert contents(installed) == before
    assert not elsewhere.exists()


def test_only_an_empty_folder_or_one_of_its_own_is_taken(setup: ModuleType, tmp_path: Path, installed: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    assert not setup.holds_something_else(letters)
    letters.joinpath("letter.txt").touch()
    assert setup.holds_something_else(letters)
    assert setup.holds_something_else(letters / "letter.txt")
    assert not setup.holds_something_else(installed)
    assert not setup.holds_something_else(tmp_path / "nowhere")
