"""A hall whose web pages are served by a process of their own, asked as browsers and other programs do."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, Self

import httpx

from queuedesk.app.hosting import autostart
from queuedesk.features.web import verbs
from queuedesk.features.web.server import main as server
from tests.bounded import PATIENCE_S, until
from tests.hall import Hall, hall_of_today, simple_setup
from tests.networks import free_port
from tests.processes import Loaded, at_home

NAME = "hall.test"
PROGRAM = ("-m", "queuedesk")
QUICK = ("-m", "tests.features.web.quick_answers")
TRIAL = ("-m", "tests.features.web.trial_pages")
"""A program that serves pages of these tests by the same server."""


def web_hall(folder: Path, **changes: object) -> Hall:
    """Make a hall that uses web pages and begins now."""
    return hall_of_today(folder, hall={**simple_setup()["hall"], "features": ["web"]}, **changes)


STARTING = SimpleNamespace(
    add_to_autostart=partial(autostart.add_to_autostart, systemd=False),
    remove_from_autostart=partial(autostart.remove_from_autostart, systemd=False),
    entry=autostart.entry,
)
"""What starts with the PC, without the services of this PC's system."""
BOOKING = {**simple_setup()["hall"], "features": ["web", "appointments"]}
"""The row of a hall that takes appointments by the web."""


def services_that_take(minutes: int) -> list[dict[str, object]]:
    """Return the usual services, of which it is known how long a visit takes, so that waits and times can be told."""
    return [{**service, "handling_target": minutes} for service in simple_setup()["services"]]


def booking_hall(folder: Path) -> Hall:
    """Make a hall that takes appointments by the web and begins now."""
    return hall_of_today(folder, hall=BOOKING, services=services_that_take(10))


@dataclass
class Served:
    """A process that serves web pages, the address that it told, and what it has said so far."""

    process: subprocess.Popen[str] | Loaded
    address: str
    log: Path

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def client(self, **words: object) -> httpx.Client:
        """Return what asks for pages; the list of all authorities takes long to load and is for https alone."""
        verify = self.address.startswith("https:")
        return httpx.Client(base_url=self.address, trust_env=False, timeout=PATIENCE_S, verify=verify, **words)

    def elsewhere(self) -> httpx.Client:
        """Return what asks from another address of this PC, so that what it guesses lets nobody else wait."""
        return self.client(transport=httpx.HTTPTransport(local_address="127.0.0.2"))

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page on a connection of its own; `_` in a header's name stands for `-`."""
        with self.client() as client:
            return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, content: bytes = b"", **headers: str) -> httpx.Response:
        with self.client() as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.post(path, content=content, headers=named)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def memory_mb(self) -> float:
        """Return how much memory it holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024

    def is_standing_still(self) -> bool:
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/stat")
        return {task.read_text().rpartition(")")[2].split()[0] for task in tasks} == {"T"}

    def end(self) -> int:
        """Tell it to end, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)


def begun(
    hall: Hall,
    *words: str,
    program: Sequence[str] = PROGRAM,
    port: int | None = None,
    first: Sequence[str] = (),
    place: str = "",
) -> Served:
    """Start serving a hall; `first` are words before the line, such as those of a shell, and make it a process that
    begins with nothing loaded; `place` is where the hall is, if not in its file."""
    folder = hall.path.parent
    log = folder / "web.log"
    listen = f"127.0.0.1:{port or free_port()}"
    line = [*program, "--db", place or str(hall.path), "--json", "web", "--listen", listen, *words]
    env = at_home(folder, PYTHONUNBUFFERED="1")
    process: subprocess.Popen[str] | Loaded
    if first:
        with log.open("a", encoding="utf-8") as file:
            pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
            line = [*first, sys.executable, *line]
            process = subprocess.Popen(line, env=env, stdin=nothing, stdout=pipe, stderr=file, encoding="utf-8")
    else:
        process = Loaded(line, env, first=partial(_complain_into, log))
    told = process.stdout.readline()
    assert told, log.read_text(encoding="utf-8")
    return Served(process, json.loads(told)["listening"], log)


def _complain_into(log: Path) -> None:
    """Let it complain into a file, and go with the tests, which wait for it, not behind all that they do."""
    server.NICENESS = 0
    with log.open("a", encoding="utf-8") as file:
        os.dup2(file.fileno(), 2)


@contextmanager
def serving(
    hall: Hall, *words: str, program: Sequence[str] = PROGRAM, first: Sequence[str] = (), place: str = ""
) -> Iterator[Served]:
    """Serve a hall's pages meanwhile."""
    served = begun(hall, *words, program=program, first=first, place=place)
    try:
        yield served
    finally:
        ended(served)


def ended(served: Served) -> None:
    """End a process that may have ended already."""
    served.process.kill()
    served.process.wait(PATIENCE_S)
    for pipe in (served.process.stdin, served.process.stdout, served.process.stderr):
        if pipe is not None:
            pipe.close()


@contextmanager
def standing_still(served: Served, hall: Hall) -> Iterator[None]:
    """Let the process stand still meanwhile, though not while it changes the hall: nobody else could change it then."""
    with hall.desk.db.write():
        served.process.send_signal(signal.SIGSTOP)
        until(served.is_standing_still, "it stands still")
    try:
        yield
    finally:
        served.process.send_signal(signal.SIGCONT)


@dataclass
class Stream:
    """One open stream of events, read by hand: nothing comes between the test and the bytes."""

    socket: socket.socket
    file: IO[bytes]
    status: int

    def next(self) -> str:
        """Return the next event or comment, "" once the stream has ended."""
        lines: list[str] = []
        while (line := self._line()) is not None:
            if not line and lines:
                return "\n".join(lines)
            if line:
                lines.append(line)
        return ""

    def data(self) -> str:
        """Return the data of the next event that has some, signs of life left out."""
        name = ""
        for line in iter(self._line, None):
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name != "beat":
                return line.removeprefix("data: ")
            elif not line:
                name = ""
        raise EOFError

    def _line(self) -> str | None:
        """Return one line of the body, None at its end; the lengths of its pieces are left out."""
        while raw := self.file.readline():
            line = raw.decode().rstrip("\r\n")
            if raw.endswith(b"\r\n") and (line == "" or all(sign in "0123456789abcdef" for sign in line)):
                if line == "0":
                    return None
                continue
            return line
        return None

    def close(self) -> None:
        self.file.close()
        self.socket.close()


def opened_stream(served: Served, path: str, **headers: str) -> Stream:
    """Open a stream and read the head of its answer."""
    one = socket.create_connection(("127.0.0.1", served.port), PATIENCE_S)
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n{lines}\r\n".encode())
    file = one.makefile("rb")
    status = int(file.readline().split()[1])
    while file.readline().strip():
        pass
    return Stream(one, file, status)


def devices(hall: Hall) -> dict[str, str]:
    """Return the state of each device of the web that the hall knows, by station."""
    return {key[1]: one.cause or one.up_or_down for key, one in hall.whole().devices.items() if key[0] == "web"}


def until_device(hall: Hall, state: str) -> None:
    until(lambda: set(devices(hall).values()) == {state}, f"web is {state}")


BASE = "/api/v1"


def key_for(hall: Hall, *scopes: str, name: str = "") -> str:
    """Make a key and return it."""
    return str(verbs.add_key(hall.desk, hall.ask(), name or "-".join(scopes), scopes)["key"])


@dataclass
class Program:
    """Another program with its key."""

    served: Served
    key: str

    def ask(
        self, method: str, path: str, body: object = None, *, id: str = "", lang: str = "en", **headers: str
    ) -> httpx.Response:
        """Send one request; a body of bytes goes as it is, anything else as JSON."""
        said = {"Accept-Language": lang, **({"Authorization": f"Bearer {self.key}"} if self.key else {})}
        said |= {"Idempotency-Key": id} if id else {}
        sent = {"content": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        with self.served.client() as client:
            return client.request(method, f"{BASE}{path}", headers={**said, **headers}, **sent)

    def until_known(self) -> Self:
        """Wait until the server has heard of its key, which is one to read with: until then each request is a guess."""
        until(lambda: self.ask("GET", "/services").status_code == 200, "the key is known")
        return self

    def ask_until_heard(self, method: str, path: str, body: object = None, **words: str) -> httpx.Response:
        """Send one request, and again as often as the server says that it was too soon, when it says."""
        while (answer := self.ask(method, path, body, **words)).status_code == 429:
            time.sleep(int(answer.headers["retry-after"]))
        return answer

    def get(self, path: str) -> Any:
        answer = self.ask_until_heard("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: object = None, *, id: str = "") -> Any:
        answer = self.ask_until_heard("POST", path, body, id=id)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def refusal(self, method: str, path: str, body: object = None, **words: str) -> tuple[int, str]:
        """Send a request that is refused; return the status and the code."""
        answer = self.ask_until_heard(method, path, body, **words)
        error = answer.json()["error"]
        assert set(error) == {"code", "message"} and error["message"]
        return answer.status_code, error["code"]
