"""Files are read and written in one way each, within limits."""

import ast
import io
import json
import os
import signal
import socket
import stat
import threading
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import queuedesk
from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files import reading, table
from queuedesk.files.reading import (
    DEEPEST,
    LARGEST_TABLE,
    TooDeepError,
    media_files_in_folder,
    parse_json_safely,
    read_input_file,
)
from queuedesk.files.writing import FileLock, write_file
from queuedesk.reports import kept
from queuedesk.reports.kept import ReportPrintingLog
from queuedesk.store.upkeep.pack import BackupArchive
from queuedesk.voice import sound
from tests.bounded import PATIENCE_S
from tests.files.sources import OF_FILES, READS, WRITES, calls
from tests.processes import Loaded

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


def test_a_name_as_long_as_the_disk_takes_is_its_users_alone_and_one_that_no_disk_takes_is_refused(tmp_path: Path):
    target = tmp_path / ("数" * 80 + ".json")
    write_file(target, b"first")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    write_file(target, b"second")
    for name in ("a" * 400 + ".json", "a\0b.json", "no/such/folder.json"):
        with pytest.raises(OutsideError, match="cannot_write"):
            write_file(tmp_path / name, b"content")
    assert [(path, path.read_bytes()) for path in tmp_path.iterdir()] == [(target, b"second")]


def test_a_full_disk_leaves_the_old_file(tmp_path):
    import resource  # Windows has none.

    target = tmp_path / "table.csv"
    write_file(target, b"old")
    # As a disk does that is full: the process may write no more than this to any file.
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OutsideError, match="cannot_write"):
            write_file(target, b"new" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert [(path, path.read_bytes()) for path in tmp_path.iterdir()] == [(target, b"old")]


def test_a_folder_or_a_socket_is_no_place_for_a_file_and_a_pipe_is_a_stream_unless_nobody_reads_it(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutsideError, match="cannot_write"):
        write_file(pipe, b"content")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(pipe, b"content")
        assert os.read(reader, 100) == b"content"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    with closing(socket.socket(socket.AF_UNIX)) as one:
        one.bind(str(tmp_path / "socket"))
        for place in (tmp_path, tmp_path / "socket"):
            with pytest.raises(OutsideError, match="cannot_write"):
                write_file(place, b"content")
    assert stat.S_ISSOCK((tmp_path / "socket").stat().st_mode)


def file_identity(device: str) -> tuple[int, int | None]:
    """Return what a device is and which one; Windows numbers none."""
    status = Path(device).stat()
    return status.st_mode, getattr(status, "st_rdev", None)


@pytest.mark.parametrize("device", ["/dev/full", os.devnull, "/dev/stderr"])
def test_a_device_stays_a_device(device, capfd):
    before = file_identity(device)
    if device == "/dev/full":
        with pytest.raises(OutsideError, match="cannot_write"):
            write_file(Path(device), b"content")
    else:
        write_file(Path(device), b"content")
    assert file_identity(device) == before
    assert capfd.readouterr() == ("", "content" if device == "/dev/stderr" else "")


@pytest.mark.parametrize("way", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_no_file_is_written_where_a_command_answers(way, capfd):
    with pytest.raises(RuleError, match="own_output"):
        write_file(Path(way), b"content")
    assert capfd.readouterr().out == ""


HOLDER = """
import sys
from pathlib import Path
from queuedesk.files.writing import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.try_to_take(), flush=True)
sys.stdin.read()
"""


def test_a_killed_holder_leaves_the_lock_free_and_a_place_where_no_file_can_be_made_is_told(tmp_path):
    path = tmp_path / "one.lock"
    holder = Loaded(["-c", HOLDER, path], os.environ)
    assert holder.stdout.readline() == "True\n"
    lock = FileLock(path)
    assert not lock.try_to_take()
    holder.kill()
    holder.communicate()
    assert lock.try_to_take()
    lock.release()
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        FileLock(tmp_path / "file" / "one.lock").try_to_take()


SOURCE = Path(queuedesk.__file__).parent

OTHERWISE = json.loads(Path(__file__).with_name("one_way.json").read_text("utf-8"))
"""What is read or written in a way of its own, and what that is."""


def test_there_is_one_way_in_which_files_are_read_and_one_in_which_they_are_written() -> None:
    read, written = set(), set()
    for path, name, node in calls(SOURCE, OF_FILES):
        if not isinstance(node.func, ast.Attribute):
            continue
        module = path.relative_to(SOURCE).as_posix()
        modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)][:2]
        modes = [mode for mode in modes if name == "open" and len(mode) < 4]
        if any("r" in mode for mode in modes) or (name in READS and not (name == "load" and not is_of(node, "json"))):
            read.add(module)
        is_written = name in WRITES and not (name == "copy" and not is_of(node, "shutil"))
        if is_written or any(set(mode) & set("wax") for mode in modes):
            written.add(module)
    assert read == set(OTHERWISE["read"])
    assert written == set(OTHERWISE["written"])


def test_every_workbook_is_set_up_for_printing_in_one_place() -> None:
    pages = frozenset({"set_paper", "set_landscape", "fit_to_pages", "set_footer", "set_header", "print_area"})
    assert {path.name for path, _name, _node in calls(SOURCE, pages)} == {"rates.py"}
    made = {path for path, _name, node in calls(SOURCE, frozenset({"Workbook"})) if is_of(node, "xlsxwriter")}
    assert made == {path for path, _name, _node in calls(SOURCE, frozenset({"close_workbook"}))}


def is_of(node: ast.Call, module: str) -> bool:
    assert isinstance(node.func, ast.Attribute)
    return isinstance(node.func.value, ast.Name) and node.func.value.id == module
