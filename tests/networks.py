"""A second PC's network: a namespace of its own at the end of a line that can be cut. Linux, as root."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")
_CLONE_NEWNET = 0x40000000
_numbers, _ports = count(1), count()


def free_port() -> int:
    """Return a port that stays free: none that a system gives to anybody by itself, nor one of the hall's own servers,
    each once, and other processes begin elsewhere."""
    while True:
        with suppress(OSError), socket.socket() as asked:
            asked.bind(("127.0.0.1", 10_000 + (os.getpid() * 100 + next(_ports)) % 10_000))
            return int(asked.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0


class FarPc:
    """A network apart, as a context: `near` is this machine's address on the line, `far` the other's."""

    def __init__(self) -> None:
        number = os.getpid() * 8 + next(_numbers) % 8
        self.name = f"qd-far-{number}"
        self._line = f"qd{number % 10**8:08}"
        # Each line its own four addresses of 10.64.0.0/10, by the process: tests run side by side.
        first = (10 << 24) + (64 << 16) + number % (1 << 20) * 4
        self.near, self.far = (".".join(str(first + n >> shift & 255) for shift in (24, 16, 8, 0)) for n in (1, 2))

    def __enter__(self) -> FarPc:
        _ip("netns", "add", self.name)
        _ip("link", "add", f"{self._line}a", "type", "veth", "peer", "name", f"{self._line}b", "netns", self.name)
        _ip("addr", "add", f"{self.near}/30", "dev", f"{self._line}a")
        _ip("link", "set", f"{self._line}a", "up")
        _ip("-n", self.name, "addr", "add", f"{self.far}/30", "dev", f"{self._line}b")
        _ip("-n", self.name, "link", "set", "lo", "up")
        self.mend()
        return self

    def __exit__(self, *_: object) -> None:
        _ip("netns", "del", self.name)  # takes both ends of the line with it

    def cut(self) -> None:
        """Let nothing through any more; nobody is told."""
        _ip("-n", self.name, "link", "set", f"{self._line}b", "down")

    def mend(self) -> None:
        _ip("-n", self.name, "link", "set", f"{self._line}b", "up")

    def end_all(self) -> None:
        """End every program there, as a power failure does."""
        while there := _ip("netns", "pids", self.name).split():
            for process in there:
                with suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGKILL)
            time.sleep(0.05)

    def add(self, address: str) -> None:
        _ip("-n", self.name, "addr", "add", address, "dev", f"{self._line}b")

    def words(self) -> list[str]:
        """Return what to put before a command that is to run there."""
        return ["ip", "netns", "exec", self.name]

    def enter(self) -> None:
        """Let the thread that runs be there, and what it starts; what sockets they open stay there."""
        with open(f"/run/netns/{self.name}", "rb") as place:  # noqa: PTH123 - its number is what is wanted
            if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

    def call(self, do: Callable[[], T]) -> T:
        """Call `do` in a thread that is there; what sockets it opens stay there."""
        answer: list[Any] = []

        def there() -> None:
            try:
                self.enter()
                answer.extend([do(), None])
            except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked
                answer.extend([None, error])

        thread = threading.Thread(target=there)
        thread.start()
        thread.join()
        result, error = answer
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]


def _ip(*words: str) -> str:
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout
