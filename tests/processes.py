"""Processes of a test that begin with the program loaded: each costs a tenth of one that is started."""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.bounded import PATIENCE_S

ROOT = Path(__file__).resolve().parent.parent
LOADED = (
    "queuedesk.app.main",
    "queuedesk.cli.main",
    "queuedesk.desk.change",
    "queuedesk.app.station.program",
    *(f"queuedesk.stations.{name}.station" for name in ("counter", "display", "guide", "manager", "rating")),
    "queuedesk.features.web.server.main",  # where the program has it
)


@cache
def processes() -> BaseContext:
    """Return what makes processes out of a first one, which is as a started program is and holds nothing of a test;
    on Windows, which can't copy a process, each begins with nothing loaded."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    return context


def at_once(work: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> list[int | None]:
    """Let processes do `work`, each with its own arguments, and return how they ended: 0 is well."""
    running: list[BaseProcess] = [processes().Process(target=work, args=each) for each in arguments]
    for one in running:
        one.start()
    try:
        for one in running:
            one.join(PATIENCE_S)
        return [one.exitcode for one in running]
    finally:
        for one in running:
            one.kill()


def started(words: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(list(words), env=env, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")


class _StartedAnew(subprocess.Popen):
    """What Loaded is on Windows: the same use, but each loads the program."""

    def __init__(self, words: Sequence[object], env: Mapping[str, str]) -> None:
        pipe, line = subprocess.PIPE, [sys.executable, *map(str, words)]
        env = {**env, "PYTHONUTF8": "1"}
        super().__init__(line, env=env, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")

    def wait(self, timeout: float = PATIENCE_S) -> int:
        return super().wait(timeout)

    def communicate(self, timeout: float = PATIENCE_S) -> tuple[str, str]:
        if self.stdout is not None and self.stdout.closed:
            self.stdout = None  # There, communicate() reads whatever pipe it has.
        try:
            said, trouble = super().communicate(timeout=timeout)
        finally:
            self.kill()
        return said or "", trouble

    def __del__(self) -> None:
        for pipe in (self.stdin, self.stdout, self.stderr):
            if pipe is not None:
                pipe.close()


class Loaded:
    """What `python *words` would be, loaded before it begins; used like a subprocess.Popen with three pipes, not for
    what looks at a process's command line or at the end of its interpreter: it has neither."""

    def __init__(
        self, words: Sequence[object], env: Mapping[str, str], *, first: Callable[[], None] | None = None
    ) -> None:
        """`first` is what it does before it begins."""
        (its_in, our_out), (our_in, its_out), (our_trouble, its_trouble) = (os.pipe() for _ in range(3))
        self.stdin = os.fdopen(our_out, "w", encoding="utf-8")
        self.stdout, self.stderr = os.fdopen(our_in, encoding="utf-8"), os.fdopen(our_trouble, encoding="utf-8")
        said = (Connection(one, readable=False) for one in (its_out, its_trouble))
        theirs = [Connection(its_in, writable=False), *said]
        self._process = processes().Process(target=_run, args=([str(word) for word in words], dict(env), theirs, first))
        try:
            self._process.start()
        finally:
            for one in theirs:
                one.close()

    @property
    def pid(self) -> int:
        pid = self._process.pid
        assert pid is not None
        return pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float = PATIENCE_S) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired("python", timeout)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float = PATIENCE_S) -> tuple[str, str]:
        """Say no more, wait for its end, return what it said; kill it and raise TimeoutExpired if late."""
        said: dict[Any, str] = {}
        self.stdin.close()
        pipes = [pipe for pipe in (self.stdout, self.stderr) if not pipe.closed]
        threads = [threading.Thread(target=lambda pipe=pipe: said.update({pipe: pipe.read()})) for pipe in pipes]
        for thread in threads:
            thread.start()
        try:
            self.wait(timeout)
        finally:
            self.kill()
            for thread, pipe in zip(threads, pipes, strict=True):
                thread.join()
                pipe.close()
        return said.get(self.stdout, ""), said.get(self.stderr, "")


if sys.platform == "win32":
    Loaded = _StartedAnew


def ran(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Do what `python *words` does, loaded before it begins, with `more` in its environment; return how it ended."""
    process = Loaded(words, {**os.environ, "PYTHONPATH": str(ROOT), **more})
    said, trouble = process.communicate()
    status = process.wait()
    return subprocess.CompletedProcess([], status, said, trouble)


def is_alive(process: int) -> bool:
    """Whether a process of that number runs; one that ended and was not looked after does not."""
    if sys.platform == "win32":
        return _is_alive_on_windows(process)
    try:
        return Path(f"/proc/{process}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def _is_alive_on_windows(process: int) -> bool:
    import ctypes

    query, still_active, status = 0x1000, 259, ctypes.c_ulong()
    kernel = ctypes.WinDLL("kernel32")
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(query, False, process))
    if not handle:
        return False
    kernel.GetExitCodeProcess(handle, ctypes.byref(status))
    kernel.CloseHandle(handle)
    return status.value == still_active


def at_home(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of this process with all that the program keeps in `folder`, and `more`."""
    kept = ("XDG_CONFIG_HOME", "APPDATA", "XDG_DATA_HOME", "LOCALAPPDATA", "XDG_STATE_HOME", "HOME")
    return {**os.environ, **dict.fromkeys(kept, str(folder)), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}


def anew(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Do `python *words` with nothing loaded and `more` in its environment; return how it ended."""
    line = [sys.executable, *map(str, words)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(line, env=env, capture_output=True, encoding="utf-8", timeout=PATIENCE_S)


def _run(words: list[str], env: dict[str, str], pipes: list[Connection], first: Callable[[], None] | None) -> None:
    """Do in this process, which is there for it, what `python *words` does in a new one."""
    for number, pipe in enumerate(pipes):
        os.dup2(pipe.fileno(), number)
        pipe.close()
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, mode, encoding="utf-8") for n, mode in enumerate("rww"))
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    if first is not None:
        first()
    is_module = words[0] == "-m"
    sys.argv = words[is_module:]
    if words[0] == "-c":
        sys.argv = ["-c", *words[2:]]
        exec(words[1], {"__name__": "__main__"})
    elif is_module:
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(words[0], run_name="__main__")
