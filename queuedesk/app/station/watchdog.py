"""Starts a station's process again when it dies or hangs, until somebody ends it on purpose."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

from msgspec import Struct

from queuedesk.app.station.processes import program_environment, program_words
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.core.talk.device import CRASHED, HUNG
from queuedesk.watch import Watched

KEPT = "QUEUEDESK_KEPT"
"""In the environment of a station that is kept: it says on its standard output that it lives, and when it was ended on
purpose. Its value is why the process before it died, "" for the first one."""
SIGN = b"\x1e"
BEAT, DONE = SIGN + b"beat", SIGN + b"done "

LOG_BYTES, LOG_FILES = 100_000, 1
LOG_FORMAT = "%(asctime)s %(message)s"
STEP_S = 1.0
LAST_WORD_S = 0.2


class Patience(Struct, frozen=True, kw_only=True):
    """How long a watchdog waits, in seconds. A station without a sign of life is killed after `hung`, before its first
    one after `opening`. It is started again after `pause`, which doubles up to `longest` while the station dies before
    having lived for `well`. Without a screen server for `screen` the person has logged out. A station that is told to
    end gets `farewell`."""

    hung: float = 20.0
    opening: float = 60.0
    pause: float = 0.5
    longest: float = 60.0
    well: float = 10.0
    screen: float = 60.0
    farewell: float = 10.0


class _Said(Struct, frozen=True):
    """A message about process `n`: "beat", "done" with its status, "ended"; "leave" ends the keeper itself."""

    what: str
    n: int = 0
    status: int = 0


class Keeper:
    """Runs one station's process after the other. `keep` returns when the station was ended on purpose, or a signal
    ends the watchdog itself."""

    def __init__(self, words: Sequence[str], name: str, patience: Patience | None = None) -> None:
        """`words` are the station's command line, `name` its name in logs."""
        self._words, self._name, self._patience = list(words), name, patience or Patience()
        self._heard: SimpleQueue[_Said] = SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._n, self._died = 0, ""
        self._log = _open_log(name)

    def keep(self) -> int:
        """Return the status with which the station was ended on purpose."""
        before = {number: signal.signal(number, self._told) for number in _signals()}
        pause_s = self._patience.pause
        try:
            while True:
                if not self._wait_for_screen():
                    return 0
                began = time.monotonic()
                status = self._run_once()
                if status is not None:
                    return status
                lived_s = time.monotonic() - began
                pause_s = self._patience.pause if lived_s >= self._patience.well else pause_s
                if self._is_told_to_leave(pause_s):
                    return 0
                if lived_s < self._patience.well:
                    pause_s = min(self._patience.longest, pause_s * 2)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            for each in list(self._log.handlers):
                self._log.removeHandler(each)
                each.close()

    # -- one process --
    def _run_once(self) -> int | None:
        """Run the station; return its status if it was ended on purpose, None if it died or hung."""
        self._start()
        silent_s, patience_s, done = 0.0, self._patience.opening, None
        while True:
            said = self._next(STEP_S)
            if said is None:
                # Counted in steps, not by the clock: a PC that slept for the night has not let the station hang.
                silent_s += STEP_S
                if silent_s >= patience_s and done is not None:
                    self._note("process %d was ended on purpose, does not end and is killed", self._pid)
                    self._kill()
                    return done
                if silent_s >= patience_s:
                    self._note("process %d gives no sign of life and is killed", self._pid)
                    self._kill()
                    self._died = HUNG
                    return None
            elif said.what == "leave":
                self._end()
                return 0
            elif said.n != self._n:
                continue
            elif said.what == "beat":
                silent_s, patience_s = 0.0, self._patience.hung
            elif said.what == "done":
                done = said.status
            else:
                return done if done is not None else self._last_word(said.status)

    def _last_word(self, status: int) -> int | None:
        """Return what a process said when it was ended on purpose, though its end was heard first; None if it said
        nothing."""
        while (said := self._next(LAST_WORD_S)) is not None:
            if said.n == self._n and said.what == "done":
                return said.status
            if said.what == "leave":
                return 0
        self._note("process %d ended with %d", self._pid, status)
        self._died = CRASHED
        return None

    def _start(self) -> None:
        self._n += 1
        environment = {**program_environment(), KEPT: self._died}
        try:
            process = subprocess.Popen([*program_words(), *self._words], env=environment, stdout=subprocess.PIPE)
        except OSError as error:
            raise OutsideError("cannot_write", path=sys.executable) from error
        self._process = process
        self._note("process %d started, the %d. time", process.pid, self._n)
        Watched(partial(self._listen, process, self._n), "listen").start()
        Watched(partial(self._wait, process, self._n), "wait").start()

    def _listen(self, process: subprocess.Popen[bytes], n: int) -> None:
        """Hear the station's signs; what else it prints goes where it would have gone."""
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(DONE):
                self._heard.put(_Said("done", n, int(line.removeprefix(DONE))))
            elif line.startswith(SIGN):
                self._heard.put(_Said("beat", n))
            else:
                with suppress(OSError, ValueError):
                    sys.stdout.buffer.write(line)
                    sys.stdout.buffer.flush()

    def _wait(self, process: subprocess.Popen[bytes], n: int) -> None:
        # Its end, not that of its output: the voice's own process may hold that open.
        self._heard.put(_Said("ended", n, process.wait()))

    def _end(self) -> None:
        """End the process as a person would, by force if it does not hear."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(self._patience.farewell)
            except subprocess.TimeoutExpired:
                self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def _pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    # -- waiting --
    def _next(self, wait_s: float) -> _Said | None:
        try:
            return self._heard.get(timeout=wait_s)
        except Empty:
            return None

    def _is_told_to_leave(self, wait_s: float) -> bool:
        """Wait; return at once, and True, when the keeper is told to end."""
        until = time.monotonic() + wait_s
        while (left_s := until - time.monotonic()) > 0:
            said = self._next(left_s)
            if said is not None and said.what == "leave":
                return True
        return False

    def _wait_for_screen(self) -> bool:
        """Wait until there is a screen server; False when the person has logged out, or the keeper is told to end."""
        waited_s = 0.0
        while not screen_is_there(os.environ):
            if waited_s >= self._patience.screen or self._is_told_to_leave(STEP_S):
                self._note("no screen, nothing to keep")
                return False
            waited_s += STEP_S
        return True

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self._heard.put(_Said("leave"))

    def _note(self, text: str, *values: object) -> None:
        self._log.info(text, *values)


def keep(words: Sequence[str], name: str) -> int:
    """Keep the station of a command line alive; return its status once it was ended on purpose. Raises OutsideError
    "cannot_write"."""
    return Keeper(words, name).keep()


def screen_is_there(environment: os._Environ[str] | dict[str, str]) -> bool:
    """Whether the screen server that stations draw on still answers; True where nobody can tell."""
    if environment.get("QT_QPA_PLATFORM", "xcb").partition(":")[0] not in ("xcb", "wayland"):
        return True
    wayland = environment.get("WAYLAND_DISPLAY")
    if wayland:
        return _answers(str(Path(environment.get("XDG_RUNTIME_DIR", "/run"), wayland)))
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", environment.get("DISPLAY", ""))
    if local is None:
        return True
    place = f"/tmp/.X11-unix/X{local[1]}"
    return _answers(place) or _answers(f"\0{place}")


def _answers(place: str) -> bool:
    family = getattr(socket, "AF_UNIX", None)
    if family is None:
        return True
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        try:
            line.connect(place)
        except TimeoutError:
            return True  # Busy, but there.
        except OSError:
            return False
    return True


def _signals() -> list[signal.Signals]:
    return [signal.Signals[name] for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]


def _open_log(name: str) -> logging.Logger:
    log = logging.getLogger(f"queuedesk.keeper.{name}")
    log.propagate = False
    log.setLevel(logging.INFO)
    handler: logging.Handler
    try:
        path = config.made_folder("log") / f"{name}.keeper.log"
        handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    except (OSError, OutsideError):  # A disk that can't be written must not keep the station from opening.
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    log.addHandler(handler)
    return log
