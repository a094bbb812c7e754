"""The program's folder starts what the program starts of itself; the package has all stations and commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from queuedesk.core.talk.screen import all_stations
from scripts import build_commands

PROGRAM = Path(__file__).resolve().parents[2] / "scripts" / "program"


@pytest.fixture(scope="module")
def debian():
    sys.path.insert(0, str(PROGRAM))
    try:
        import debian
    finally:
        sys.path.remove(str(PROGRAM))
    return debian


def started(*words):
    done = subprocess.run([sys.executable, PROGRAM / "launch.py", *words], capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


def test_it_starts_the_program_a_module_of_it_and_a_text():
    assert started("--version") == started("-m", "queuedesk", "--version") == (0, "QueueDesk 0.1.0")
    assert started("-c", "import sys; print(sys.argv[1:]); sys.exit(3)", "a", "b") == (3, "['a', 'b']")
    assert started("-m", "queuedesk.app.services.pictures_process", "--help")[0] in (0, 1, 2)
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
