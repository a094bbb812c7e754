"""Whether the program's own files are whole, in a checkout, where no installer wrote their hashes down."""

import shutil
from pathlib import Path

import pytest

from queuedesk import paths
from queuedesk.cli.upkeep import LIST, damaged_program_files

ROOT = Path(__file__).resolve().parents[3] / "resources"
READ_BY_THE_PROGRAM = (
    *("calendars", "demo", "fonts", "icons", "locale", "pinyin", "presets", "published", "sounds"),
    *("docs/guide", "docs/pictures"),
)


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    """A copy of resources/ in place of the real one."""
    folder = tmp_path / "resources"
    shutil.copytree(ROOT, folder)
    monkeypatch.setattr(paths, "_ROOT", folder)
    return folder


def test_the_list_names_what_the_program_reads_and_a_checkout_is_whole():
    """A new file there needs its line in resources/files.txt."""
    there = [file for folder in READ_BY_THE_PROGRAM for file in (ROOT / folder).rglob("*") if file.is_file()]
    listed = (ROOT / LIST).read_text(encoding="utf-8").splitlines()
    assert sorted(listed) == sorted(file.relative_to(ROOT).as_posix() for file in there if file.suffix != ".po")
    assert damaged_program_files() == []


PICTURE, CHINESE = "docs/pictures/kiosk-en.png", "locale/zh_CN/LC_MESSAGES/queuedesk.mo"
SPOILT: list[tuple[str, bytes | None]] = [
    *((name, None) for name in ("icons/bell.svg", "docs/guide/en/kiosk.md", CHINESE, PICTURE)),
    *(("icons/bell.svg", content) for content in (b"", b"\xff\xfe")),
    ("fonts/QDInter-Bold.ttf", b"<html>"),
    ("sounds/chime.wav", b"RIF"),
    (PICTURE, b"version https://"),
    (CHINESE, b"msgid"),
    *(("presets/bank.json", content) for content in (b'{"hall": ', b"[" * 100_000)),
]
"""Files, with what stands in them in place of what should; None: they are missing."""


def test_a_file_that_is_missing_or_of_another_kind_is_named_and_without_its_list_nobody_can_tell(own):
    for name, content in SPOILT:
        whole = (own / name).read_bytes()
        if content is None:
            (own / name).unlink()
        else:
            (own / name).write_bytes(content)
        assert damaged_program_files() == [f"resources/{name}"], (name, content)
        (own / name).write_bytes(whole)
    (own / LIST).unlink()
    assert damaged_program_files() == [f"resources/{LIST}"]
