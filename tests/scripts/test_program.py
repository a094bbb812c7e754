"""The program's folder starts what the program starts of itself; the package has all stations and commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from queuedesk.core.talk.screen import all_stations
from scripts import build_commands

PROGRAM = Path(__file__).resolve().parents[2] / "scripts" / "program"


def started(*words):
    done = subprocess.run([sys.executable, PROGRAM / "launch.py", *words], capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


def test_it_starts_the_program_a_module_of_it_and_a_text():
    assert started("--version") == started("-m", "queuedesk", "--version") == (0, "QueueDesk 0.1.0")
    assert started("-c", "import sys; print(sys.argv[1:]); sys.exit(3)", "a", "b") == (3, "['a', 'b']")
    assert started("-m", "queuedesk.app.services.pictures", "--help")[0] in (0, 1, 2)
    assert started("issue", "--no-such-option")[0] == 2


def test_every_station_is_in_the_menu_in_both_languages(debian):
    entries = dict(debian.menu_entries())
    assert set(entries) == {"home", *all_stations()}
    for name, text in entries.items():
        assert f"Exec=queuedesk {name}\n" in text
        (title,) = re.findall(r"^Name=(.+)$", text, re.MULTILINE)
        (title_zh,) = re.findall(r"^Name\[zh_CN\]=(.+)$", text, re.MULTILINE)
        assert name == "home" or title != title_zh


def test_every_command_has_a_page_that_says_what_it_does(debian):
    pages = dict(debian.man_pages())
    commands = {words.split()[0] for words in build_commands.commands()}
    assert set(pages) == {"queuedesk", *(f"queuedesk-{name}" for name in commands)}
    for name, text in pages.items():
        assert re.search(rf"^{re.escape(name.replace('-', chr(92) + '-'))} \\- \w", text, re.MULTILINE), name


def test_only_programs_are_marked_as_programs(debian, tmp_path):
    for name, content, counts in (
        ("tool", b"\x7fELF", True),
        ("script", b"#!/bin/sh", True),
        ("words.txt", b"words", False),
        ("libc.so.6", b"\x7fELF", False),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        file.chmod(0o755)
        assert debian.is_program(file) is counts
        file.chmod(0o644)
        assert not debian.is_program(file)


def test_libraries_that_people_may_replace_have_to_be_files_of_their_own(freeze, tmp_path):
    inside = tmp_path / freeze.INSIDE
    for name in ("PySide6/QtCore.abi3.so", "PySide6/Qt/lib/libQt6Core.so.6", "shiboken6/libshiboken6.abi3.so.6.11"):
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).touch()
    with pytest.raises(SystemExit, match="psycopg_binary"):
        freeze.require_replaceable_libraries(tmp_path)
    (inside / "psycopg_binary").mkdir()
    (inside / "psycopg_binary" / "pq.cpython-311-x86_64-linux-gnu.so").touch()
    freeze.require_replaceable_libraries(tmp_path)


def test_libraries_of_the_system_bring_their_licences_along(freeze, tmp_path):
    (tmp_path / freeze.INSIDE).mkdir()
    for name in ("libz.so.1", "libown-1a2b3c4d.so.1"):
        (tmp_path / freeze.INSIDE / name).touch()
    freeze.copy_system_licences(tmp_path)
    texts = [path.name for path in (tmp_path / "legal" / "licences" / "system").iterdir()]
    assert texts == ["zlib1g.txt"]


def test_the_package_has_the_list_of_its_parts_and_the_notices_where_debian_keeps_them(freeze, debian, tmp_path):
    program, top = tmp_path / "queuedesk", tmp_path / "package"
    assert freeze.supply.write(program / freeze.LEGAL) == []
    (program / "queuedesk").touch()
    debian.fill(top, program)
    for name in ("notices.txt", "sbom.json"):
        place = top / "usr/share/doc/queuedesk" / name
        assert place.is_symlink() and place.read_bytes() == (program / freeze.LEGAL / name).read_bytes()
    assert "/usr/lib/queuedesk/legal" in (top / "usr/share/doc/queuedesk/copyright").read_text(encoding="utf-8")
