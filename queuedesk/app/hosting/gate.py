"""The gate in front of a hall's server: accepts other PCs, speaks TLS, and forwards.

The server itself listens on this PC's loopback alone; who a guest is, it finds out itself, through the gate.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Sequence
from typing import Any

from queuedesk.app.hosting.certificate import Certificate
from queuedesk.app.hosting.gate_guest import JOIN, POSTGRES, Guest, JoinHandler, Limits
from queuedesk.core.errors import OutsideError
from queuedesk.watch import Watched

START_S = 10
LEAVE_S = 1.0
# So long a thread of this process that works things out, such as a chore of the hall's, may keep the gate waiting;
# Python's own 5 ms are 13 ms more for each question of every station.
SWITCH_S = 0.0005
FILES = 4096


class Gate:
    """Listens on `addresses` (host, port; port 0 takes a free one) in a thread of its own.

    `server` is where the hall's server listens; without one only joining is served, without `join` only the server.
    """

    def __init__(
        self,
        own: Certificate,
        addresses: Sequence[tuple[str, int]],
        *,
        server: tuple[str, int] | None,
        join: JoinHandler | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.server = server
        self.join = join
        self.limits = limits or Limits()
        self._own = own
        self._asked = list(addresses)
        self._bound: list[tuple[str, int]] = []
        self._guests: set[Guest] = set()
        self._strangers: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Watched | None = None
        self.context: ssl.SSLContext | None = None

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where it listens, with the ports that were taken."""
        return list(self._bound)

    @property
    def guests(self) -> int:
        """How many connections there are now."""
        return len(self._guests)

    def start(self) -> None:
        """Listen from now on. Raises OutsideError "address_taken", "address_unknown" (address), "cannot_read"
        (path)."""
        try:
            self.context = self._own.server_context(JOIN, POSTGRES)
        except OSError as error:
            raise OutsideError("cannot_read", path=str(self._own.file)) from error
        _allow_files()
        sys.setswitchinterval(min(SWITCH_S, sys.getswitchinterval()))
        self._loop = asyncio.new_event_loop()
        self._thread = Watched(self._loop.run_forever, "gate")
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(START_S)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Let go of every guest and listen no more."""
        if self._loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(START_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_S)
        self._loop.close()
        self._loop = self._thread = None

    async def _open(self) -> None:
        self._servers = []
        loop = asyncio.get_running_loop()
        for host, port in self._asked:
            try:
                listening = await loop.create_server(lambda: Guest(self), host, port, backlog=256)
            except OSError as error:
                code = "address_taken" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "address_unknown"
                raise OutsideError(code, address=f"{host}:{port}") from error
            self._servers.append(listening)
            self._bound += [one.getsockname()[:2] for one in listening.sockets]

    async def _close(self) -> None:
        for listening in self._servers:
            listening.close()
        for guest in list(self._guests):
            guest.leave()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        end = time.monotonic() + LEAVE_S
        while self._guests and time.monotonic() < end:
            await asyncio.sleep(0.01)
        for guest in list(self._guests):
            guest.break_off()
        await asyncio.sleep(0)
        self._bound = []

    # -- what guests ask of their gate, in its own thread --

    def admit(self, guest: Guest) -> bool:
        """Take a stranger in, or say that there are too many."""
        of_one = self._strangers[guest.address] < self.limits.strangers_of_one
        if not of_one or self._strangers.total() >= self.limits.strangers:
            return False
        self._strangers[guest.address] += 1
        self._guests.add(guest)
        return True

    def know(self, guest: Guest) -> None:
        """Count a guest as a stranger no more."""
        self._strangers[guest.address] -= 1
        if not self._strangers[guest.address]:
            del self._strangers[guest.address]

    def forget(self, guest: Guest) -> None:
        self._guests.discard(guest)

    def run(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Do `work` beside everything else, and give it up when the gate closes."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (bug := task.exception()) is not None:
            task.get_loop().call_exception_handler({"message": "a guest met a bug", "exception": bug})


def _allow_files() -> None:
    """Let this process hold as many connections as the system lets it: each guest takes two files, and some systems
    begin with 256."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
