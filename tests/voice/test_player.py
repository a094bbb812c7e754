"""Programs that play, and what becomes of a sound when one of them refuses, hangs or is killed."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from queuedesk.voice.sound import GRACE_S, Player
from tests.bounded import Stopwatch
from tests.voice.hearing import DONE, HANGS

pytestmark = pytest.mark.waits
LENGTH_S = 0.2


def says_its_pid(path: Path, *, again: int | None = None) -> tuple[str, ...]:
    """Return a player that writes down its process id and never ends; where `again` is given it ends with that the
    second time."""
    program = f"""
import os, pathlib, sys, time
been = pathlib.Path({str(path)!r} + ".been")
if been.exists():
    sys.exit({again})
been.touch()
pathlib.Path({str(path)!r}).write_text(str(os.getpid()))
time.sleep(600)
"""
    return (sys.executable, "-c", program)


def once_it_plays(pipe: Path, signal_number: int) -> threading.Thread:
    """Send a signal to the player as soon as it has said its process id."""
    os.mkfifo(pipe)
    thread = threading.Thread(target=lambda: os.kill(int(pipe.read_text()), signal_number))
    thread.start()
    return thread


def test_a_killed_player_says_it_again(tmp_path):
    killer = once_it_plays(tmp_path / "pid", signal.SIGKILL)

    assert Player([says_its_pid(tmp_path / "pid", again=0)]).play(tmp_path / "call.wav", LENGTH_S)
    killer.join()


@pytest.mark.parametrize(("next_ones", "is_played"), [([DONE], True), ([], False)])
def test_a_killed_player_that_then_refuses_makes_room_for_the_next(tmp_path, next_ones, is_played):
    killer = once_it_plays(tmp_path / "pid", signal.SIGKILL)

    player = Player([says_its_pid(tmp_path / "pid", again=1), *next_ones])
    assert player.play(tmp_path / "call.wav", LENGTH_S) is is_played
    killer.join()


@pytest.mark.parametrize("how", ["frozen", "never ends"])
def test_a_player_that_does_not_end_is_noticed_three_seconds_behind_its_sound(tmp_path, how):
    freezer = once_it_plays(tmp_path / "pid", signal.SIGSTOP) if how == "frozen" else None
    command = says_its_pid(tmp_path / "pid") if freezer else HANGS
    begun_s = time.monotonic()

    with Stopwatch() as took:
        assert not Player([command]).play(tmp_path / "call.wav", LENGTH_S)
    assert time.monotonic() - begun_s >= LENGTH_S + GRACE_S
    assert took.s < LENGTH_S + GRACE_S + 1.0
    if freezer:
        freezer.join()
