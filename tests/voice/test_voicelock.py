"""One voice per PC, between real processes."""

import subprocess
import sys

from queuedesk.voice.announcer import VoiceLock

HOLDER = """
import sys
from pathlib import Path
from queuedesk.voice.announcer import VoiceLock
lock = VoiceLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_the_lock_falls_to_another_process_when_its_holder_is_killed(tmp_path):
    path = tmp_path / "config" / "voice.lock"
    with subprocess.Popen(
        (sys.executable, "-c", HOLDER, str(path)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"True\n"
        lock = VoiceLock(path)
        assert not lock.take()
        assert not lock.is_held
        holder.kill()
        holder.wait()

    assert lock.take()
    assert lock.is_held
    lock.release()


def test_a_lock_is_taken_once_and_given_back(tmp_path):
    first, second = VoiceLock(tmp_path / "voice.lock"), VoiceLock(tmp_path / "voice.lock")

    assert (first.take(), first.take(), second.take()) == (True, True, False)
    first.release()
    assert second.take()
    second.release()


def test_a_folder_that_cannot_be_written_keeps_nobody_silent(tmp_path):
    (tmp_path / "file").write_text("in the way")

    assert VoiceLock(tmp_path / "file" / "voice.lock").take()
