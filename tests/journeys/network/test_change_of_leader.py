"""A hall on two servers that stand for each other, with a third host that answers nothing: the leader dies, the other
takes over, and the hall goes on by itself.
"""

import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.log.event import Event
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.journeys.network.shared_pcs import PORT, SAID_WITHIN_S, MainPc, Pc, Program, verified_log
from tests.networks import FarPc
from tests.standby import Pair, two_servers

REFUSED_WITHIN_S = 3.0
"""So long a command may take that is refused, with one of three hosts answering nothing."""
PAUSE_S = 0.1
OPTIONS = "?target_session_attrs=read-write"
BATCH = ("queuedesk", "--lang", "en", "--json", "batch")


@contextmanager
def unheard(host: str) -> Iterator[str]:
    """Return a host with a port that answers nothing: its queue is full, so that the system drops who comes."""
    with socket.create_server((host, 0), backlog=0) as door, ExitStack() as waiting:
        for _ in range(3):
            guest = waiting.enter_context(socket.socket())
            guest.setblocking(False)
            guest.connect_ex(door.getsockname())
        yield f"{host}:{door.getsockname()[1]}"


class Work:
    """Tickets given out by `batch` all the time, each line with an id of its own and repeated until it is answered."""

    def __init__(self, program: Program, name: str) -> None:
        self.told: dict[str, str] = {}
        self.refusals_s: list[float] = []
        self._program, self._name = program, name
        self._ending = threading.Event()
        self._pool = ThreadPoolExecutor(1)
        self._working = self._pool.submit(self._issue_until_ended)

    def goes_on(self) -> None:
        """Wait until two more are answered: the second was asked for after now."""
        known = len(self.told)
        until(lambda: len(self.told) > known + 1 or self._working.done())

    def end(self) -> None:
        self._ending.set()
        self._working.result(PATIENCE_S)
        self._pool.shutdown()

    def _issue_until_ended(self) -> None:
        while not self._ending.wait(PAUSE_S):
            id = f"{self._name}-{len(self.told)}"
            with Stopwatch() as took:
                said = len(self._program.said)
                self._program.tell("issue", "A", "--id", id)
                answer = until(lambda n=said: self._program.said[n:])[0]  # type: ignore[misc]
            if answer["status"]:
                assert answer["code"] == "database_away", answer
                self.refusals_s.append(took.s)
            else:
                self.told[id] = answer["out"]["ticket"]


@pytest.mark.journey
def test_a_hall_goes_on_by_itself_when_its_server_changes(tmp_path: Path) -> None:
    with ExitStack() as stack:
        line = stack.enter_context(FarPc())
        who = f"host all all {line.far}/32 scram-sha-256\nhost all all {line.near}/32 scram-sha-256\n"
        pair = stack.enter_context(two_servers(tmp_path / "servers", settings={"listen_addresses": "'*'"}, who=who))
        dead = stack.enter_context(unheard(line.near))
        main, door = MainPc(tmp_path / "main"), Pc(tmp_path / "door", line)
        stack.callback(main.end)
        stack.callback(door.end)
        shared = _share(main, pair, line, dead)
        assert shared["moved"]["tables"]["tickets"] == 1
        door.join(shared["code"])
        [passwords] = door.home.rglob("*pass*")
        assert len(passwords.read_text(encoding="utf-8").splitlines()) == 3, "one for each host"
        assert [row["name"] for row in main.ask("pcs", "list")["pcs"]][-1] == "door"
        owner = ("--db", pair.url(line.near, dead), "--hall", "T")
        for words in ((), owner):
            assert main.ask(*words, "doctor")["ok"]
            copy = tmp_path / f"copy-{len(words)}"
            main.ask(*words, "backup", str(copy))
            assert copy.stat().st_size

        stations, display = door.stations("guide", "counter-3"), main.stations("display")
        followers = [pc.run("queuedesk", "--json", "events", "--follow") for pc in (main, door)]
        works = [Work(pc.run(*BATCH), pc.home.name) for pc in (main, door)]
        for program in (stations, display):
            program.heard(what="ready")
        stations.tell("guide", "sign_in", "G1")
        stations.tell("counter-3", "sign_in", "C3")
        stations.heard(what="log", station="counter-3", kind="open")
        stations.tell("counter-3", "press")
        display.heard(what="shown", ticket="A001")
        for work in works:
            stack.callback(work.end)
            work.goes_on()

        killed = time.monotonic()
        pair.first.stop("immediate")
        stations.tell("counter-3", "press")
        for program, station in ((stations, "guide"), (stations, "counter-3"), (display, "display")):
            away = program.heard(since=killed, what="away", station=station, code="database_away")
            assert away["t"] - killed < SAID_WITHIN_S + away["late_s"]
        until(lambda: all(work.refusals_s for work in works))
        pair.promote()
        for work in works:
            work.goes_on()
        for program, station in ((stations, "guide"), (stations, "counter-3"), (display, "display")):
            program.heard(since=killed, what="back", station=station)
        stations.tell("counter-3", "press")
        stations.heard(what="log", station="counter-3", kind="start", ticket="A001")
        for work in works:
            work.goes_on()
            work.end()
            assert max(work.refusals_s) < REFUSED_WITHIN_S

        assert main.ask(*owner, "doctor")["ok"]
        log = _whole_log(pair)
        ids = Counter(event.command for event in log if event.command)
        for work in works:
            assert {id: ids[id] for id in work.told} == dict.fromkeys(work.told, 1)
        tickets = [ticket for work in works for ticket in work.told.values()]
        assert len(set(tickets)) == len(tickets)
        for program in (stations, display):
            assert _refused_or_once(program, ids)
        for follower in followers:
            follower.heard(seq=log[-1].seq)
            seqs = [row["seq"] for row in list(follower.said)]  # stations may have told more since
            assert seqs[: len(log)] == [event.seq for event in log], "each once, in order"
            follower.signal(signal.SIGINT)
        for program in (stations, display):
            program.end()


def _share(main: MainPc, pair: Pair, line: FarPc, dead: str) -> dict[str, Any]:
    """Move the hall of this PC to servers that it has already."""
    words = ("--db", str(main.file), "--json", "host", "--no-autostart", "--listen", f"{line.near}:{PORT}")
    url = pair.url(line.near, dead, options=OPTIONS)
    return main.run("queuedesk", "--lang", "en", *words, "--server", url).heard()


def _whole_log(pair: Pair) -> list[Event]:
    """Return the log as the second server has it, verified."""
    db = Database.open(pair.second.owner_url())
    try:
        return verified_log(Desk(db, 1))
    finally:
        db.dispose()


def _refused_or_once(program: Program, ids: Counter[str]) -> bool:
    """Whether each command of a station that was not refused is in the log once, and none twice."""
    refused = {line.get("command") for line in program.all_heard(what="refused")}
    asked = {line["command"] for line in program.all_heard(what="asked")}
    return all(ids[id] <= 1 for id in asked) and all(ids[id] == 1 for id in asked - refused if id in ids)
