"""Tries a hall on Patroni: three servers, of which the leader fails again and again while six stations work.

    python scripts/bench/failover.py [--kills 5] [--faults killed frozen cut full planned]
    [--pooler session | transaction] [--keep-logs FOLDER]

Debian, as root, with `apt-get install --no-install-recommends patroni python3-etcd etcd-server postgresql pgbouncer`.
Everything runs in namespaces of its own (network, processes, mounts), which end with this program: three nodes, each
with etcd, Patroni and PostgreSQL in its own network at one switch. The stations are `queuedesk batch` with all three
addresses; each of their commands has an id and is repeated until it is answered. With --pooler they ask a PgBouncer on
each node. Each program is a session of its own, so that Linux shares the processor among them as if each had its own
PC.

By turns the leader is killed with its Patroni, frozen (SIGSTOP), cut off (what is sent there gets lost; a station on
its side works on), has its disk filled, or hands over as planned. After each, the log must go on from where it was,
hold every answered command once, and no ticket number twice. Prints for each kind of fault, median and worst, in
seconds: how long nobody was served (away), how long until another node led (lease), from then on until the first and
until the last station was answered, the longest try that was refused, the longest of all, and how long two nodes said
that they lead. Ends with status 1 when anything was lost or doubled, or a station was not served again.

Patroni 3.0.2 writes the leader's name into etcd without comparing where it speaks etcd's third interface: a leader
that thawed, or came back into the network, took the lead from the new one, whose log went back to the old one's, and
answered commands were lost (twice in 26 faults). By the second interface (`etcd` in its settings, etcd's
`--enable-v2`) it compares, so that is what the nodes speak.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import logging
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from figures import noon_zone

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import FIRST_PREV, first_broken_seq
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import opening

STATIONS = "ABCDEF"
ISLAND = "G"
"""The service of the station that is cut off together with a leader."""
PACE_S = 0.3
REPEAT_S = 0.1
TTL_S, LOOP_S, RETRY_S = 20, 5, 5
PATIENCE_S = 120.0
STUCK_S = 40.0
"""After so long an administrator gives a node up that still starts: `patronictl reinit`."""
SILENT_S = 1.0
WORK_S = 3.0
"""The stations work this long before and after each fault."""
DISK = "768m"
HUB = "10.77.0.254"
POOLED, DIRECT = 6432, 5432
PASSWORD = "only-in-these-namespaces"
SETTINGS = {
    "max_connections": 200,
    "shared_buffers": "64MB",
    "min_wal_size": "2MB",
    "max_wal_size": "128MB",
    "wal_keep_size": "64MB",
    "password_encryption": "scram-sha-256",
}
CLONE_NEWNET = 0x40000000
CLEAN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}


def run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


# -- the nodes ---------------------------------------------------------------------------------------------------------


class Node:
    """One server of the cluster, with a network and a disk of its own."""

    def __init__(self, number: int, folder: Path) -> None:
        self.name = f"n{number}"
        self.address = f"10.77.0.{number}"
        self.folder = folder / self.name
        self._config = self.folder / "patroni.json"
        self._logs = folder / "logs"
        self._apart: list[subprocess.Popen[bytes]] = []
        self._patroni: subprocess.Popen[bytes] | None = None
        self._pooler: Path | None = None
        self._line = f"line{number}"
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self._line, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        run("ip", "link", "set", self._line, "up")
        for device in ("lo", "eth0"):
            run("ip", "-n", self.name, "link", "set", device, "up")
        run("ip", "-n", self.name, "addr", "add", f"{self.address}/24", "dev", "eth0")
        self.mend()
        self.folder.mkdir()
        run("mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(self.folder))

    def prepare(self, nodes: Sequence[Node], pooler: str | None) -> None:
        """Start etcd, which is there all the time, then the rest."""
        for other in nodes:  # Else the system would soon say of a node that is cut off that nobody is there.
            if other is not self:
                _neighbour(other.address, _mac("eth0", "-n", other.name), "eth0", "-n", self.name)
        _neighbour(HUB, _mac("switch"), "eth0", "-n", self.name)
        _neighbour(self.address, _mac("eth0", "-n", self.name), "switch")
        (self.folder / "data").mkdir(mode=0o700)
        self._write_config(nodes)
        etcd = Path(self._logs.parent, f"etcd-{self.name}")
        etcd.mkdir(mode=0o700)
        self._own(etcd)
        members = ",".join(f"{node.name}=http://{node.address}:2380" for node in nodes)
        self._apart.append(
            self._start(
                "etcd",
                *("etcd", "--enable-v2", "--name", self.name, "--data-dir", str(etcd), "--initial-cluster", members),
                *("--initial-advertise-peer-urls", f"http://{self.address}:2380"),
                *("--listen-peer-urls", f"http://{self.address}:2380"),
                *("--advertise-client-urls", f"http://{self.address}:2379"),
                *("--listen-client-urls", f"http://{self.address}:2379"),
            )
        )
        if pooler is not None:
            self._pooler = self._write_pooler(pooler)
        self.start()

    def start(self) -> None:
        """Start the pooler, if there is one, and Patroni, which starts the server."""
        if self._pooler is not None:
            self._start("pgbouncer", "pgbouncer", str(self._pooler))
        self._patroni = self._start("patroni", "patroni", str(self._config))

    def there(self) -> list[int]:
        """Return all processes of the node but etcd."""
        apart = {process.pid for process in self._apart}
        return [int(pid) for pid in run("ip", "netns", "pids", self.name).split() if int(pid) not in apart]

    def kill(self) -> None:
        """Let Patroni die first, so that it notices nothing."""
        assert self._patroni is not None
        self._patroni.kill()
        self.signal_all(signal.SIGKILL)
        self._patroni.wait()

    def signal_all(self, number: signal.Signals) -> None:
        for pid in self.there():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def cut(self) -> None:
        """Take the node's line out of the switch: its own end stays up, and what either side sends gets lost."""
        run("ip", "link", "set", self._line, "nomaster")

    def mend(self) -> None:
        run("ip", "link", "set", self._line, "master", "switch")

    def fill(self, ends: threading.Event) -> None:
        """Take what is left of the disk, also what the server gives back, until it ends."""
        place = self.folder / "filled"
        with place.open("ab", buffering=0) as file:
            while not ends.wait(0.05):
                with suppress(OSError):
                    while not ends.is_set():
                        file.write(bytes(1 << 16))
        place.unlink()

    def url(self, role: str = "postgres", name: str = "postgres") -> str:
        return f"postgresql://{role}:{PASSWORD}@{self.address}:{DIRECT}/{name}"

    def enter(self) -> None:
        """Let this thread be in the node's network."""
        with open(f"/run/netns/{self.name}", "rb") as place:  # noqa: PTH123 - its number is what is wanted
            if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

    def _start(self, log: str, *words: str) -> subprocess.Popen[bytes]:
        with Path(self._logs, f"{self.name}-{log}.log").open("ab") as file:
            return subprocess.Popen(
                [
                    *("nsenter", f"--net=/run/netns/{self.name}"),
                    *("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *words),
                ],
                env=CLEAN,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd="/",
                start_new_session=True,
            )

    def _write_config(self, nodes: Sequence[Node]) -> None:
        login = {"password": PASSWORD}
        config = {
            "scope": "hall",
            "name": self.name,
            "restapi": {"listen": f"{self.address}:8008", "connect_address": f"{self.address}:8008"},
            "etcd": {"hosts": [f"{node.address}:2379" for node in nodes]},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL_S,
                    "loop_wait": LOOP_S,
                    "retry_timeout": RETRY_S,
                    "primary_start_timeout": 0,
                    "synchronous_mode": True,
                    "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": SETTINGS},
                },
                "initdb": [{"encoding": "UTF8"}, "data-checksums", {"wal-segsize": "1"}],
                "pg_hba": [
                    "local all all trust",
                    "host all all 0.0.0.0/0 scram-sha-256",
                    "host replication replicator 0.0.0.0/0 scram-sha-256",
                ],
            },
            "postgresql": {
                "listen": f"{self.address},127.0.0.1:{DIRECT}",
                "connect_address": f"{self.address}:{DIRECT}",
                "data_dir": str(self.folder / "data"),
                "bin_dir": str(max(Path("/usr/lib/postgresql").glob("*/bin"))),
                "pgpass": str(self.folder / "pgpass"),
                "authentication": {
                    "replication": {"username": "replicator", **login},
                    "superuser": {"username": "postgres", **login},
                    "rewind": {"username": "rewinder", **login},
                },
                "parameters": {"unix_socket_directories": str(self.folder)},
            },
        }
        self._config.write_text(json.dumps(config), encoding="utf-8")
        self._own(self.folder)

    def _write_pooler(self, mode: str) -> Path:
        settings = self.folder / "pgbouncer.ini"
        settings.write_text(
            f"""
[databases]
hall = host=127.0.0.1 port={DIRECT} dbname=hall user=hall password={PASSWORD}
[pgbouncer]
listen_addr = {self.address},127.0.0.1
listen_port = {POOLED}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {4 if mode == "transaction" else 100}
server_login_retry = 1
query_wait_timeout = 2
""",
            encoding="utf-8",
        )
        return settings

    def _own(self, folder: Path) -> None:
        run("chown", "-R", "postgres:postgres", str(folder))
        folder.chmod(0o755 if folder == self.folder else 0o700)


def _mac(device: str, *where: str) -> str:
    return str(json.loads(run("ip", *where, "-j", "link", "show", "dev", device))[0]["address"])


def _neighbour(address: str, mac: str, device: str, *where: str) -> None:
    run("ip", *where, "neigh", "replace", address, "lladdr", mac, "dev", device, "nud", "permanent")


class Cluster:
    """The three nodes, and who of them says when that it leads."""

    def __init__(self, folder: Path, pooler: str | None) -> None:
        run("ip", "link", "set", "lo", "up")
        # With an address of its own, else it would take another one when a line is taken out.
        run("ip", "link", "add", "switch", "address", "02:00:00:00:00:fe", "type", "bridge")
        run("ip", "addr", "add", f"{HUB}/24", "dev", "switch")
        run("ip", "link", "set", "switch", "up")
        (folder / "logs").mkdir()
        (folder / "logs").chmod(0o777)
        self.nodes = [Node(number, folder) for number in (1, 2, 3)]
        self._port = POOLED if pooler else DIRECT
        for node in self.nodes:
            node.prepare(self.nodes, pooler)
        self._watches = {node.name: Watch(node) for node in self.nodes}
        self.made_anew = 0
        """How many nodes had to be made anew: had they written what no other had, they wait for it for ever."""

    @property
    def url(self) -> str:
        """The address of whichever node leads."""
        hosts = ",".join(f"{node.address}:{self._port}" for node in self.nodes)
        return f"postgresql://hall:{PASSWORD}@{hosts}/hall?target_session_attrs=read-write"

    def url_there(self) -> str:
        """The address of a node, seen from itself."""
        return f"postgresql://hall:{PASSWORD}@127.0.0.1:{self._port}/hall?target_session_attrs=read-write"

    def leader(self) -> Node:
        """Return who leads once all three are there, say so alike, and have the standby that every commit waits for.

        A node that was cut off goes on for a moment to name itself."""
        began = time.monotonic()
        views: list[list[dict[str, Any]]] = []
        stuck: set[str] = set()
        while time.monotonic() < began + PATIENCE_S:
            views = []
            for node in self.nodes:
                with suppress(OSError, ValueError):
                    views.append(ask(node, "cluster")["members"])
            leaders = {_leader_if_well(members, len(self.nodes)) for members in views}
            if len(views) == len(self.nodes) and len(leaders) == 1 and (name := leaders.pop()) is not None:
                return self._node(name)
            if time.monotonic() > began + STUCK_S:
                for member in (member for members in views for member in members):
                    if member["state"] == "starting" and member["name"] not in stuck:
                        stuck.add(member["name"])
                        self.made_anew += 1
                        ask(self._node(member["name"]), "reinitialize", force="yes")
            time.sleep(0.2)
        raise TimeoutError(f"the cluster is not well again: {views}")

    def _node(self, name: str) -> Node:
        return next(node for node in self.nodes if node.name == name)

    def await_other(self, old: Node, since: float) -> tuple[Node, float]:
        """Wait until another node leads; return which, and since when."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for node in self.nodes:
                if node is not old and (began := self._watches[node.name].led_after(since)) is not None:
                    return node, began
            time.sleep(0.02)
        raise TimeoutError(f"nobody took over from {old.name}")

    def both_s(self, old: Node, new: float) -> float:
        """Return how long the old leader still answered as one that leads after another did."""
        return self._watches[old.name].led_s(new)

    def close(self) -> None:
        for watch in self._watches.values():
            watch.stop()


def _leader_if_well(members: list[dict[str, Any]], nodes: int) -> str | None:
    leaders = [member["name"] for member in members if member["role"] == "leader" and member["state"] == "running"]
    follow = [member for member in members if member["role"] != "leader"]
    well = len(follow) == nodes - 1 and all(
        member["state"] in ("running", "streaming") and member.get("lag") == 0 for member in follow
    )
    return leaders[0] if leaders and well and any(member["role"] == "sync_standby" for member in follow) else None


class Watch:
    """Asks a node, from within, twenty times a second whether it leads."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._spans: list[list[float]] = []
        self._ends = threading.Event()
        threading.Thread(target=self._look_for_cases, daemon=True).start()

    def led_after(self, moment: float) -> float | None:
        """Return when the node began to lead, if after that moment."""
        return next((span[0] for span in list(self._spans) if span[0] > moment), None)

    def led_s(self, since: float) -> float:
        """Return how long the node answered as one that leads after that moment; silence does not count."""
        return sum(max(0.0, end - max(began, since)) for began, end in list(self._spans))

    def stop(self) -> None:
        self._ends.set()

    def _look_for_cases(self) -> None:
        self._node.enter()
        asyncio.run(self._ask_on())

    async def _ask_on(self) -> None:
        """Ask until the end; a question that stays without an answer is given up with its connection."""
        url = f"postgresql://postgres:{PASSWORD}@127.0.0.1:{DIRECT}/postgres"
        while not self._ends.is_set():
            with suppress(psycopg.Error, OSError, TimeoutError):
                async with asyncio.timeout(SILENT_S):
                    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
                try:
                    await self._ask_by(connection)
                finally:
                    await connection.close()
            await asyncio.sleep(0.05)

    async def _ask_by(self, connection: psycopg.AsyncConnection[Any]) -> None:
        leads = False
        while not self._ends.is_set():
            async with asyncio.timeout(SILENT_S):
                row = await (await connection.execute("SELECT NOT pg_is_in_recovery()")).fetchone()
            now = time.monotonic()
            if row is not None and row[0]:
                if not leads or now - self._spans[-1][1] > SILENT_S:
                    self._spans.append([now, now])
                self._spans[-1][1] = now
            leads = row is not None and bool(row[0])
            await asyncio.sleep(0.05)


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(node: Node, path: str, **body: str) -> Any:
    """Ask a node's Patroni."""
    data = json.dumps(body).encode() if body else None
    asked = urllib.request.Request(f"http://{node.address}:8008/{path}", data)
    with _OPENER.open(asked, timeout=PATIENCE_S if body else 2) as answer:
        text = answer.read().decode()
    return text if body else json.loads(text)


# -- the stations ------------------------------------------------------------------------------------------------------


class Try(NamedTuple):
    """When something was asked, when an answer came, and what it was: "" for done, else the code of a refusal."""

    began: float
    ended: float
    code: str


class Told(NamedTuple):
    """What a station was told at last for an id: the command and its ticket."""

    kind: str
    ticket: str


class Station:
    """A window with a service of its own that gives out a number and serves it, over and over, by `queuedesk batch`."""

    def __init__(self, service: str, url: str, folder: Path, ids: Iterator[int], inside: Node | None = None) -> None:
        self.service = service
        self.tries: list[Try] = []
        self.told: dict[str, Told] = {}
        self.strange: list[str] = []
        self.asked_since = 0.0
        self._ids = ids
        self._stop = threading.Event()
        self._lines = count(1)
        words = [sys.executable, "-m", "queuedesk", "--db", url, "batch"]
        if inside is not None:
            words = ["nsenter", f"--net=/run/netns/{inside.name}", *words]
        self._batch = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(folder / "logs" / f"station-{service}.log").open("ab"),
            env={**os.environ, "HOME": str(folder)},
            start_new_session=True,
        )
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def answered_after(self, moment: float) -> float | None:
        """Return when the first command after that moment was done."""
        return next((one.ended for one in list(self.tries) if not one.code and one.ended > moment), None)

    def await_answer(self, moment: float) -> float:
        """Return answered_after() when there is one. Raises TimeoutError."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if (answered := self.answered_after(moment)) is not None:
                return answered
            time.sleep(0.02)
        raise TimeoutError(f"station {self.service} is not served: {self.tries[-3:]}")

    def stop(self) -> None:
        """End after what is under way is answered."""
        self._stop.set()
        self._thread.join(PATIENCE_S)
        if self._thread.is_alive():
            self.strange.append(f"{self.service}: no answer in the end")
        self.kill()

    def kill(self) -> None:
        self._stop.set()
        self._batch.kill()
        self._batch.wait()

    def _work(self) -> None:
        while True:
            for kind in ("issue",) if self.service == ISLAND else ("issue", "call", "start", "finish"):
                if self._stop.is_set():
                    return
                begun = time.monotonic()
                if not self._repeat(kind, f"{kind} {self.service if kind == 'issue' else self._window}"):
                    return
                self._stop.wait(max(0.0, begun + PACE_S - time.monotonic()))

    @property
    def _window(self) -> str:
        return str((STATIONS + ISLAND).index(self.service) + 1)

    def _repeat(self, kind: str, line: str) -> bool:
        """Ask until there is an answer; return False when there will be none."""
        id = f"bench-{next(self._ids)}"
        while True:
            answer = self._ask(f"--id {id} {line}")
            if answer is None:
                return False
            if answer["status"] == 0:
                self.told[id] = Told(kind, answer["out"]["ticket"])
                return True
            if answer["status"] != 3:
                self.strange.append(f"{line}: {answer}")
                return True
            if self.service == ISLAND and self._stop.is_set():
                return False
            time.sleep(REPEAT_S)

    def _ask(self, line: str) -> dict[str, Any] | None:
        assert self._batch.stdin is not None
        assert self._batch.stdout is not None
        self.asked_since = began = time.monotonic()
        try:
            self._batch.stdin.write(line.encode() + b"\n")
            self._batch.stdin.flush()
            said = self._batch.stdout.readline()
        except OSError:
            said = b""
        if not said:
            if not self._stop.is_set():
                self.strange.append(f"{self.service}: batch ended, {self._batch.wait()}")
            return None
        answer: dict[str, Any] = json.loads(said)
        self.asked_since = 0.0
        self.tries.append(Try(began, time.monotonic(), answer.get("code", "")))
        return answer


# -- what the log must hold --------------------------------------------------------------------------------------------


class HallLog:
    """The hall's log as far as it was read, and what is wrong with it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._end = (FIRST_PREV, 0)
        self._seen: Counter[tuple[str, str]] = Counter()
        self._tickets: Counter[str] = Counter()
        self._by_id: dict[str, str | None] = {}
        self.wrong: list[str] = []

    def check(self, stations: Sequence[Station]) -> int:
        """Read on; return how many answers were looked for. Notes what is lost or doubled."""
        told = {id: one for station in stations for id, one in list(station.told.items())}
        log = self._read()
        if (seq := first_broken_seq(log, *self._end)) is not None:
            self.wrong.append(f"the log is broken at {seq}, after {self._end[1]}")
        for event in log:
            if event.command is not None:
                self._seen[event.command, event.kind] += 1
                self._by_id[event.command] = event.ticket
            if event.kind == "issue" and event.ticket is not None:
                self._tickets[event.ticket] += 1
        if log:
            self._end = (log[-1].hash, log[-1].seq)
        self.wrong += [
            f"{id} ({one.kind} {one.ticket}) is lost" for id, one in told.items() if not self._seen[id, one.kind]
        ]
        self.wrong += [
            f"{id} ({one.kind} {one.ticket}) has {self._by_id[id]}"
            for id, one in told.items()
            if id in self._by_id and self._by_id[id] != one.ticket
        ]
        self.wrong += [f"{id} ({kind}) is there {n} times" for (id, kind), n in self._seen.items() if n > 1]
        self.wrong += [f"number {ticket} was given out {n} times" for ticket, n in self._tickets.items() if n > 1]
        return len(told)

    @property
    def events(self) -> int:
        return self._end[1]

    def _read(self) -> list[Any]:
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                return looking.events_after(self._desk, self._end[1])
            except OutsideError:
                if time.monotonic() > end:
                    raise
                time.sleep(REPEAT_S)


# -- the faults --------------------------------------------------------------------------------------------------------


@contextmanager
def killed(_cluster: Cluster, leader: Node) -> Iterator[None]:
    leader.kill()
    try:
        yield
    finally:
        leader.start()


@contextmanager
def frozen(_cluster: Cluster, leader: Node) -> Iterator[None]:
    leader.signal_all(signal.SIGSTOP)
    try:
        yield
    finally:
        leader.signal_all(signal.SIGCONT)


@contextmanager
def cut(_cluster: Cluster, leader: Node) -> Iterator[None]:
    leader.cut()
    try:
        yield
    finally:
        leader.mend()


@contextmanager
def full(cluster: Cluster, leader: Node) -> Iterator[None]:
    """Patroni may leave a leader where it is whose disk is full: then somebody has to ask for another one."""
    ends = threading.Event()
    filling = threading.Thread(target=leader.fill, args=(ends,))
    filling.start()
    try:
        time.sleep(TTL_S)
        with planned(cluster, leader):
            yield
    finally:
        ends.set()
        filling.join()


@contextmanager
def planned(cluster: Cluster, leader: Node) -> Iterator[None]:
    ready = [member["name"] for member in ask(leader, "cluster")["members"] if member["role"] == "sync_standby"]
    if ready:
        words = {"leader": leader.name, "candidate": ready[0]}
        threading.Thread(target=hand_over, args=(leader, words), daemon=True).start()
    yield


def hand_over(leader: Node, words: dict[str, str]) -> None:
    with suppress(urllib.error.HTTPError):  # Another one leads already: Patroni did it by itself.
        ask(leader, "switchover", **words)


FAULTS: dict[str, Callable[[Cluster, Node], Any]] = {
    "killed": killed,
    "frozen": frozen,
    "cut": cut,
    "full": full,
    "planned": planned,
}


class Failover(NamedTuple):
    """What one fault cost, in seconds: how long no station was answered; until another node led; from then on until the
    first and until the last station was answered; the longest try that was refused and the longest of all; how long two
    said that they lead."""

    away_s: float
    lease_s: float
    first_s: float
    last_s: float
    refused_s: float
    longest_s: float
    both_s: float

    def words(self) -> str:
        return ", ".join(f"{name[:-2]} {value:.2f}" for name, value in self._asdict().items())


def suffer(cluster: Cluster, stations: list[Station], fault: str, island: Station | None) -> Failover:
    """Let the leader fail, wait until all stations work again, and let the old one come back."""
    old, ready = cluster.leader(), time.monotonic()
    for station in stations:
        station.await_answer(ready)
    time.sleep(WORK_S)
    began = time.monotonic()
    with FAULTS[fault](cluster, old):
        _new, leads = cluster.await_other(old, began)
        served = [station.await_answer(leads) for station in stations]
        time.sleep(WORK_S)
    cluster.leader()
    time.sleep(WORK_S)
    if island is not None:
        island.stop()
        if island.answered_after(leads):
            island.strange.append("what was cut off answered after another node led")
    times = sorted(moment - leads for moment in served)
    tries = [one for station in stations for one in station.tries if one.ended > began]
    done = sorted(
        one.ended for station in stations for one in station.tries if not one.code and one.ended <= max(served)
    )
    return Failover(
        max(after - before for before, after in pairwise(done) if after > began),
        leads - began,
        times[0],
        times[-1],
        max((one.ended - one.began for one in tries if one.code), default=0.0),
        max(one.ended - one.began for one in tries),
        cluster.both_s(old, leads),
    )


def setup_document(now: datetime) -> dict[str, Any]:
    hours = [{"days": "1-7", "from": "0:00", "to": "24:00"}]
    services = STATIONS + ISLAND
    return {
        "hall": {"code": "F", "name": "Hall on three servers", "timezone": noon_zone(now)},
        "services": [{"code": s, "name": s, "prefix": s, "last": 9999, "hours": hours} for s in services],
        "windows": [{"code": str(n), "services": [s]} for n, s in enumerate(services, start=1)],
        "staff": [{"code": f"C{n}", "name": f"Clerk {n}", "role": "clerk"} for n in range(1, len(services) + 1)],
    }


def make_hall(cluster: Cluster) -> Desk:
    leader = cluster.leader()
    with psycopg.connect(leader.url(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE hall LOGIN PASSWORD '{PASSWORD}'")
        connection.execute("CREATE DATABASE hall OWNER hall")
    now = datetime.now(UTC)
    desk = setting_up.create_hall(cluster.url, setup_document(now), Ask(CONSOLE, now))
    for n in range(1, len(STATIONS + ISLAND) + 1):
        opening.open_window(desk, Ask(CONSOLE, now), str(n), staff=f"C{n}")
    return desk


def bench(folder: Path, kills: int, faults: list[str], pooler: str | None) -> int:
    cluster = Cluster(folder, pooler)
    desk = make_hall(cluster)
    ids = count(1)
    stations = [Station(service, cluster.url, folder, ids) for service in STATIONS]
    log = HallLog(desk)
    islands: list[Station] = []
    took: dict[str, list[Failover]] = {fault: [] for fault in faults}
    begun = time.monotonic()
    try:
        for n in range(kills):
            fault = faults[n % len(faults)]
            island = None
            if fault == "cut":
                island = Station(ISLAND, cluster.url_there(), folder, ids, cluster.leader())
                islands.append(island)
            took[fault].append(suffer(cluster, stations, fault, island))
            answers = log.check([*stations, *islands])
            print(
                f"{n + 1:3} {fault:8} {took[fault][-1].words()}; {answers} answers, {len(log.wrong)} wrong", flush=True
            )
            if log.wrong:
                break
        for station in stations:
            station.stop()
        answers = log.check([*stations, *islands])
    except TimeoutError as error:
        log.wrong.append(str(error))
        answers = log.check([*stations, *islands])
    finally:
        for station in [*stations, *islands]:
            station.kill()
        cluster.close()
        desk.db.dispose()
    log.wrong += [line for station in [*stations, *islands] for line in station.strange]
    minutes = (time.monotonic() - begun) / 60
    faults_done = sum(map(len, took.values()))
    print(
        f"{faults_done} faults in {minutes:.0f} min, pooler: {pooler or 'none'}, nodes made anew: {cluster.made_anew}"
    )
    print(table(took))
    codes = Counter(one.code for station in stations for one in station.tries)
    print(f"{answers} answered commands, {log.events} events; tries: {dict(codes)}")
    for line in log.wrong[:20]:
        print(f"WRONG: {line}")
    return 1 if log.wrong else 0


def table(took: dict[str, list[Failover]]) -> str:
    lines = [
        "| fault | times | " + " | ".join(name[:-2] for name in Failover._fields) + " |",
        "| --- " * (2 + len(Failover._fields)) + "|",
    ]
    for fault, each in took.items():
        if each:
            cells = (f"{statistics.median(one):.2f}; {max(one):.2f}" for one in zip(*each, strict=True))
            lines.append(f"| {fault} | {len(each)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Go into namespaces of our own, where the first process takes in who lost its parent, and try it there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=list(FAULTS))
    parser.add_argument("--pooler", choices=("session", "transaction"))
    parser.add_argument("--keep-logs", type=Path, metavar="FOLDER", help="where the logs of all programs go")
    args = parser.parse_args()
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of each question that is given up
    if os.getpid() != 1:
        apart = ("unshare", "--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc")
        os.execvp(apart[0], [*apart, sys.executable, *sys.argv])
    if child := os.fork():
        status = 0
        while True:
            pid, status = os.wait()
            if pid == child:
                return os.waitstatus_to_exitcode(status)
    with tempfile.TemporaryDirectory(prefix="queuedesk-failover-") as named:
        folder = Path(named)
        for place in ("/run/netns", "/dev/shm", named):
            Path(place).mkdir(exist_ok=True)
            run("mount", "-t", "tmpfs", "-o", "mode=1777" if place == "/dev/shm" else "mode=755", "tmpfs", place)
        try:
            return bench(folder, args.kills, args.faults, args.pooler)
        finally:
            if args.keep_logs is not None:
                shutil.copytree(folder / "logs", args.keep_logs, dirs_exist_ok=True)
            run("umount", "--recursive", "--lazy", named)


if __name__ == "__main__":
    sys.exit(main())
