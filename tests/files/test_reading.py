"""What a person gave is read within limits, whatever stands at the path."""

import io
import os
import threading
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config
from queuedesk.core.errors import OutsideError
from queuedesk.files import reading, table
from queuedesk.files.reading import (
    DEEPEST,
    LARGEST_TABLE,
    TooDeepError,
    media_files_in_folder,
    parse_json_safely,
    read_input_file,
)
from queuedesk.reports import kept
from queuedesk.reports.kept import ReportPrintingLog
from queuedesk.store.upkeep.pack import BackupArchive
from queuedesk.voice import sound
from tests.bounded import PATIENCE_S

BRACKETS = b"[" * 100_000


def code_of(path: Path, most: int = LARGEST_TABLE) -> str:
    with pytest.raises(OutsideError) as trouble:
        read_input_file(path, most)
    return trouble.value.code


def test_what_never_ends_takes_no_more_than_the_limit_and_a_silent_pipe_keeps_nobody_waiting(tmp_path, monkeypatch):
    with pytest.raises(ValueError):
        list(reading.lines_of_limited_length(io.BytesIO(bytes(reading.LARGEST_LINE + 1))))
    monkeypatch.setattr(reading, "PATIENCE_S", 0.05)
    os.mkfifo(tmp_path / "pipe")
    assert code_of(tmp_path / "pipe") == "cannot_read"
    tracemalloc.start()
    try:
        assert code_of(Path("/dev/zero")) == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 3 * LARGEST_TABLE
    finally:
        tracemalloc.stop()


def test_a_file_is_read_up_to_its_limit_and_what_comes_out_of_a_pipe_to_its_end(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(b"row\n" * 100_000,))
    writer.start()
    try:
        assert read_input_file(tmp_path / "pipe", LARGEST_TABLE) == b"row\n" * 100_000
    finally:
        writer.join(PATIENCE_S)
    tmp_path.joinpath("fits").write_bytes(b"1234")
    tmp_path.joinpath("large").write_bytes(b"12345")
    assert read_input_file(tmp_path / "fits", 4) == b"1234"
    assert code_of(tmp_path / "large", 4) == "too_large"
    assert code_of(tmp_path / "none", 4) == "no_such_file"
    assert code_of(tmp_path, 4) == "cannot_read"
    assert code_of(tmp_path / "a\0b", 4) == code_of(tmp_path / ("a" * 400), 4) == "cannot_read"


def test_what_is_nested_too_deeply_is_no_json_of_ours_and_what_may_be_is_read() -> None:
    for text in (BRACKETS, b'{"a":' * 100_000, b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)):
        with pytest.raises((TooDeepError, ValueError)):
            parse_json_safely(text)
    assert parse_json_safely(b"[" * DEEPEST + b"]" * DEEPEST) is not None


def test_rows_cells_and_what_an_archive_unpacks_have_limits_and_nothing_is_silently_cut_short(tmp_path, monkeypatch):
    file = tmp_path / "table.csv"
    file.write_text("a,b\n1,2\n3,4\n")
    assert len(table.read_table(file, {}).rows) == 2
    for limit, most in (("MOST_ROWS", 2), ("MOST_CELLS", 5)):
        with monkeypatch.context() as smaller, pytest.raises(OutsideError, match="too_large"):
            smaller.setattr(reading, limit, most)
            table.read_table(file, {})

    import openpyxl

    book, file = openpyxl.Workbook(), tmp_path / "table.xlsx"
    for row in (("a", "b"), (1, 2), (3, 4)):
        book.active.append(row)
    book.save(file)
    assert [len(sheet) for sheet in table.read_workbook_or_csv(file)[0]] == [3]
    for limit, most in (("MOST_ROWS", 2), ("LARGEST_UNPACKED", 100), ("LARGEST_TABLE", 100)):
        with monkeypatch.context() as smaller, pytest.raises(OutsideError, match="too_large"):
            smaller.setattr(reading, limit, most)
            table.read_workbook_or_csv(file)

    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        for n in range(5):
            with pack.open(f"xl/{n}.xml", "w") as part:
                for _each in range(90):
                    part.write(bytes(1_000_000))
    with pytest.raises(OutsideError, match="too_large"):
        table.read_workbook_or_csv(file)


@pytest.mark.parametrize("content", [BRACKETS, b" " * (reading.LARGEST_OWN + 1)], ids=["deep", "large"])
def test_a_backup_with_a_word_of_itself_that_never_ends_is_damaged(tmp_path: Path, content: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "backup.zip", "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("manifest.json", content)
    with pytest.raises(OutsideError, match="backup_damaged"):
        BackupArchive(tmp_path / "backup.zip")


@pytest.fixture(params=["zero", "pipe", "deep", "large", "folder"])
def spoiled(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A path at which something else stands than what the program keeps there."""
    monkeypatch.setattr(reading, "PATIENCE_S", 0.05)
    path = tmp_path / "kept" / "config.json"
    path.parent.mkdir()
    if request.param == "zero":
        path.symlink_to("/dev/zero")
    elif request.param == "pipe":
        os.mkfifo(path)
    elif request.param == "folder":
        path.mkdir()
    else:
        path.write_bytes(BRACKETS if request.param == "deep" else bytes(reading.LARGEST_OWN + 1))
    return path


def test_what_lies_in_folders_of_people_is_read_within_limits_and_settings_left_aside_are_told(spoiled: Path) -> None:
    assert config.load_config(spoiled) == Config()
    fault = config.config_file_error(spoiled)
    assert (fault.code, fault.details["path"]) == ("settings_damaged", str(spoiled))
    for name in ("report.pdf", "picture.png", "word.wav"):
        spoiled.parent.joinpath(name).symlink_to(spoiled)
    assert kept.reports_in_folder(spoiled.parent, "0" * 64) == []
    media = [Path(one.path) for one in media_files_in_folder(str(spoiled.parent))]
    assert [path.name for path in media if not path.is_file()] == []
    assert ReportPrintingLog(spoiled).read() == {}
    with pytest.raises(OutsideError, match="sound_unreadable"):
        sound.read_wav(spoiled.parent / "word.wav")
