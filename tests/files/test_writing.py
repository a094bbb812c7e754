"""Files of reports are there whole or not at all, whatever they are called; one process at a time holds a lock, which
goes with its holder."""

import os
import signal
import socket
import stat
from contextlib import closing
from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.lock import FileLock
from queuedesk.files.writing import write_file
from tests.processes import Loaded


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
from queuedesk.files.lock import FileLock
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
