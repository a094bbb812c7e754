"""The PCs of a shared hall: each with a home of its own, the others on lines that can be cut. Linux, as root."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from queuedesk.app.hosting.server import PostgresServer
from queuedesk.core.log.event import Event, first_broken_seq
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests import whole_halls
from tests.bounded import PATIENCE_S
from tests.hall import hall_of_today
from tests.networks import FarPc
from tests.processes import Loaded, at_home

PORT = 7432
SAID_WITHIN_S, BACK_WITHIN_S = 3.0, 5.0
"""So soon a station says what is wrong, and so soon after the return it is back."""


class Program:
    """A process whose lines are heard while it runs."""

    def __init__(self, process: subprocess.Popen[str] | Loaded) -> None:
        self.process = process
        self.said: list[dict[str, Any]] = []
        self.trouble: list[str] = []
        self._heard = threading.Condition()
        self._threads = [
            threading.Thread(target=self._hear, args=(self.process.stdout, self._take), daemon=True),
            threading.Thread(target=self._hear, args=(self.process.stderr, self.trouble.append), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def tell(self, *words: object) -> None:
        print(*words, file=self.process.stdin, flush=True)

    def heard(self, since: float = 0.0, within_s: float = PATIENCE_S, **wanted: object) -> dict[str, Any]:
        """Return the first line told after `since` that has all of `wanted`; fail when none comes in time."""
        end = time.monotonic() + within_s
        with self._heard:
            while True:
                for line in self.said:
                    if line.get("t", end) > since and all(line.get(name) == value for name, value in wanted.items()):
                        return line
                left = end - time.monotonic()
                assert left > 0 and self.process.poll() is None, (wanted, self.said[-20:], "".join(self.trouble))
                self._heard.wait(min(left, 0.2))

    def all_heard(self, **wanted: object) -> list[dict[str, Any]]:
        return [line for line in list(self.said) if all(line.get(name) == value for name, value in wanted.items())]

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self) -> None:
        """Let it end by itself, and see that it ended well."""
        self._say_no_more()
        try:
            assert self.process.wait(PATIENCE_S) == 0, "".join(self.trouble)
        finally:
            self.kill()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for thread in self._threads:
            thread.join(PATIENCE_S)
        self._say_no_more()

    def _say_no_more(self) -> None:
        with suppress(OSError):
            self.process.stdin.close()

    def _hear(self, pipe: Any, take: Callable[[str], object]) -> None:
        with pipe:
            for line in pipe:
                with self._heard:
                    take(line)
                    self._heard.notify_all()

    def _take(self, line: str) -> None:
        with suppress(ValueError):
            found = json.loads(line)
            self.said.append(found if isinstance(found, dict) else {"rows": found})


@dataclass
class Pc:
    """A PC with everything of its own in `home`, at the end of `line` where it is not this machine itself."""

    home: Path
    line: FarPc | None = None
    programs: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home.mkdir(exist_ok=True)

    @property
    def env(self) -> dict[str, str]:
        return at_home(self.home)

    def run(self, *words: str) -> Program:
        """Start a program of this PC; the words begin behind "python -m"."""
        program = Program(self.begun(*words))
        self.programs.append(program)
        return program

    def ask(self, *words: str, status: int = 0) -> dict[str, Any]:
        process = self.begun("queuedesk", "--lang", "en", "--json", *words)
        said, trouble = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == status, (words, said, trouble)
        return dict(json.loads(said)) if said.startswith("{") else {"text": said}

    def begun(self, *words: str) -> Loaded:
        return Loaded(["-m", *words], self.env, first=self.line.enter if self.line is not None else None)

    def stations(self, *names: str) -> Program:
        """Open these stations in one process; it says "ready" once they stand there."""
        return self.run("tests.journeys.network.shared_hands", *names)

    def join(self, code: str) -> None:
        self.ask("join", f"{self.line.near}:{PORT}", code, "--name", self.home.name)

    def end(self) -> None:
        for program in self.programs:
            program.kill()


class MainPc(Pc):
    """This machine, which shares the hall T of its file; one ticket, A001, was given before."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.file = home / "hall.sqlite"
        hall = hall_of_today(home)
        hall.issue("A")
        hall.desk.db.dispose()
        self._hosting: Program | None = None

    def share(self, lines: Sequence[FarPc]) -> dict[str, Any]:
        """Share the hall with who is at these lines, as after each start; return what is told when ready."""
        listen = [word for line in lines for word in ("--listen", f"{line.near}:{PORT}")]
        db = ("--db", str(self.file))
        self._hosting = self.run("queuedesk", "--lang", "en", *db, "--json", "host", "--no-autostart", *listen)
        return self._hosting.heard()

    @property
    def server(self) -> int:
        """The number of the server's process."""
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def has_other_server(self, killed: int) -> bool:
        """Whether a server takes the place of the one with that number, and lets people in."""
        with suppress(OSError, IndexError):
            lines = (self.home / "postgres" / "data" / "postmaster.pid").read_text(encoding="ascii").split()
            return int(lines[0]) != killed and lines[-1] == "ready"
        return False

    def kill_server(self) -> float:
        """Let the server die as if it had never been told; return the moment."""
        now = time.monotonic()
        os.kill(self.server, signal.SIGKILL)
        return now

    def lose_power(self) -> float:
        """Let everything that shares the hall die at once; return the moment."""
        now = time.monotonic()
        os.kill(self.server, signal.SIGKILL)
        self._hosting.kill()
        return now

    def end(self) -> None:
        if self._hosting is not None and self._hosting.process.poll() is None:
            self._hosting.signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._hosting.process.wait(PATIENCE_S)
        super().end()


@dataclass
class SharedHall:
    """The main PC, the one at the door, and the one behind the hall's display, each of these two at its line."""

    main: MainPc
    door: Pc
    wall: Pc
    lines: list[FarPc]

    def opened(self, *stations: str, beside: tuple[str, ...] = ()) -> tuple[Program, Program]:
        """Open these stations at the door, where guide and clerk sign in, and the display with those `beside` it."""
        door, wall = self.door.stations(*stations), self.wall.stations("display", *beside)
        for program in (door, wall):
            program.heard(what="ready")
        door.tell("guide", "sign_in", "G1")
        door.tell("counter-3", "sign_in", "C3")
        door.heard(what="log", station="counter-3", kind="open")
        for name in beside:
            wall.tell(name, "sign_in", "C2")
        return door, wall


@contextmanager
def shared_hall(folder: Path, *, wall: str = "public") -> Iterator[SharedHall]:
    """Let a main PC share its hall and two others join it by commands; `wall` is what the second may do."""
    with ExitStack() as stack:
        lines = [stack.enter_context(FarPc()) for _ in range(2)]
        main = MainPc(folder / "main")
        stack.callback(main.end)
        code = main.share(lines)["code"]
        pcs = [Pc(folder / name, line) for name, line in zip(("door", "wall"), lines, strict=True)]
        for pc in pcs:
            stack.callback(pc.end)
            pc.join(code or main.ask("host", "code", "--for", wall)["code"])
            code = ""
        yield SharedHall(main, *pcs, lines)


@contextmanager
def owner(main: MainPc) -> Iterator[Desk]:
    """Open the hall on the main PC's server as nobody but its host may."""
    db = Database.open(PostgresServer(main.home / "postgres").owner_url())
    try:
        yield Desk(db, 1)
    finally:
        db.dispose()


def whole_log(main: MainPc) -> list[Event]:
    """Return the hall's log as the server has it, verified."""
    with owner(main) as desk:
        return verified_log(desk)


def verified_log(desk: Desk) -> list[Event]:
    """Return a hall's log, verified: its numbers, its chain, and every table out of it."""
    with desk.db.read() as tx:
        assert whole_halls.differences(whole_halls.whole(tx, desk.hall), whole_halls.from_log(tx, desk.hall)) == []
    log = looking.events_after(desk, 0)
    assert first_broken_seq(log) is None
    assert [event.seq for event in log] == list(range(1, len(log) + 1))
    return log
