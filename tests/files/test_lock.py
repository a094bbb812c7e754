"""One process at a time; the lock goes with its holder."""

import os

import pytest

from queuedesk.files.lock import FileLock
from tests.processes import Loaded

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
