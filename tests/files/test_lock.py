"""One process at a time; the lock goes with its holder."""

import subprocess
import sys
from pathlib import Path

import pytest

from queuedesk.files.lock import FileLock
from tests.cli.commands import ROOT

HOLDER = """
import sys
from pathlib import Path
from queuedesk.files.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_a_killed_holder_leaves_the_lock_free(tmp_path: Path):
    path = tmp_path / "one.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "True\n"
    lock = FileLock(path)
    assert not lock.take()

    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()

    assert lock.take()
    lock.release()


def test_a_place_where_no_file_can_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(OSError):
        FileLock(tmp_path / "file" / "one.lock").take()
