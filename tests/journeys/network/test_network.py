"""A hall of several PCs grows, moves, loses servers, lines and power, stands behind poolers, and goes on."""

import json
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from queuedesk.app.clock import real_clock
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk, console_ask
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.hall import at, hall_of_today, noon_zone, simple_setup
from tests.journeys.network import shared_pcs
from tests.journeys.network.moving_hall import BUTTON, COMMAND, MovingHall, Outcome, judge
from tests.journeys.network.shared_pcs import (
    BACK_WITHIN_S,
    PORT,
    SAID_WITHIN_S,
    MainPc,
    Pc,
    Program,
    SharedHall,
    owner,
    verified_log,
)
from tests.journeys.pooled_run import MODES, SEEN_WITHIN_S, run
from tests.networks import FarPc
from tests.processes import Loaded
from tests.standby import Pair, two_servers
from tests.store.engine.pooler import pooler

SHOWN_WITHIN_S = 1.0
MENDED_WITHIN_S = 8.0
STATIONS = ("guide", "counter-3")


@pytest.mark.journey
def test_nothing_is_lost_or_done_twice_across_pcs_when_things_break(tmp_path: Path) -> None:
    with shared_pcs.shared_hall(tmp_path) as hall:
        main = hall.main
        door, wall = hall.opened(*STATIONS, "rating-3")
        _serve(main, door, wall)
        _cut_one_and_let_the_other_sleep(hall, door, wall)
        _lose_power(hall, door, wall)
        door.tell("counter-3", "press")
        door.heard(what="log", station="counter-3", kind="finish", ticket="B001")
        _withdraw(hall, wall)
        for program in (door, wall):
            program.end()
        log = shared_pcs.whole_log(main)
        _must_be_once(log)
        main.end()
        _opens_alone(main, log)


def _serve(main: MainPc, door: Program, wall: Program) -> None:
    """Serve the first customer, in spite of all."""
    door.tell("guide", "issue", "B")
    assert door.heard(what="log", station="counter-3", kind="issue")["ticket"] == "B001"
    door.tell("counter-3", "press")
    called = door.heard(what="log", station="counter-3", kind="call")
    shown = wall.heard(what="shown", ticket="A001")
    assert shown["t"] - called["t"] < SHOWN_WITHIN_S + shown["late_s"]
    door.tell("counter-3", "press")
    door.heard(what="log", station="counter-3", kind="start")
    killed = main.kill_server()
    door.tell("counter-3", "press")
    door.tell("guide", "issue", "C")
    for program, station in ((door, "guide"), (door, "counter-3"), (wall, "display")):
        away = program.heard(since=killed, what="away", station=station, code="database_away")
        assert away["t"] - killed < SAID_WITHIN_S + away["late_s"]
        back = program.heard(since=killed, what="back", station=station)
        assert back["t"] - killed < MENDED_WITHIN_S + back["late_s"]
    assert door.heard(since=killed, what="log", station="counter-3", kind="finish")["ticket"] == "A001"
    assert door.heard(since=killed, what="log", station="guide", kind="issue")["ticket"] == "C001"
    door.tell("rating-3", "rate", "5")
    door.heard(what="thanks")
    door.tell("counter-3", "press")
    door.heard(what="log", station="counter-3", kind="call", ticket="B001")
    wall.heard(what="shown", ticket="B001")


def _cut_one_and_let_the_other_sleep(hall: SharedHall, door: Program, wall: Program) -> None:
    """The door's PC is cut off while its clerk starts with a customer; the hall goes on without it."""
    wall.signal(signal.SIGSTOP)
    hall.lines[0].cut()
    cut = time.monotonic()
    door.tell("counter-3", "press")
    for station in STATIONS:
        away = door.heard(since=cut, what="away", station=station, code="database_away")
        assert away["t"] - cut < SAID_WITHIN_S + away["late_s"]
    called = _go_on(hall.main)
    # Its press has been asked again for as long as it ever is.
    door.heard(since=cut, what="unanswered", station="counter-3")
    hall.lines[0].mend()
    mended = time.monotonic()
    for station in STATIONS:
        back = door.heard(since=mended, what="back", station=station)
        assert back["t"] - mended < BACK_WITHIN_S + back["late_s"]
        door.heard(since=mended, what="log", station=station, kind="call", ticket=called)
    told = door.heard(since=mended, what="told", station="counter-3")
    assert not told["done"]
    assert told["text"].endswith(" was not done: Start")
    wall.signal(signal.SIGCONT)
    awake = time.monotonic()
    shown = wall.heard(since=awake, what="shown", ticket=called)
    assert shown["t"] - awake < BACK_WITHIN_S + shown["late_s"]
    door.tell("counter-3", "press")
    door.heard(since=mended, what="log", station="counter-3", kind="start")


def _go_on(main: MainPc) -> str:
    """Give out a ticket on the main PC, and call it to window 1."""
    with owner(main) as desk:
        opening.open_window(desk, console_ask(real_clock()), "1", staff="C1")
        label = str(issuing.issue_ticket(desk, console_ask(real_clock()), "A")["ticket"])
        assert calling.call_ticket(desk, console_ask(real_clock()), "1")["ticket"] == label
    return label


def _lose_power(hall: SharedHall, door: Program, wall: Program) -> None:
    """The main PC dies and starts again, as its entry in what starts with it does."""
    lost = hall.main.lose_power()
    for program, station in ((door, "guide"), (door, "counter-3"), (wall, "display")):
        away = program.heard(since=lost, what="away", station=station)
        assert away["t"] - lost < SAID_WITHIN_S + away["late_s"]
    hall.main.share(hall.lines)
    ready = time.monotonic()
    for program, station in ((door, "guide"), (door, "counter-3"), (wall, "display")):
        back = program.heard(since=lost, what="back", station=station)
        assert back["t"] - ready < BACK_WITHIN_S + back["late_s"]


def _withdraw(hall: SharedHall, wall: Program) -> None:
    """The manager lets a PC in no more while its display is open; the others notice nothing of it."""
    hall.main.ask("pcs", "withdraw", hall.wall.home.name)
    withdrawn = time.monotonic()
    told = wall.heard(what="away", station="display", code="pc_withdrawn")
    assert told["t"] - withdrawn < SAID_WITHIN_S + told["late_s"]


def _must_be_once(log: list[Event]) -> None:
    # An answer to a question for reasons, which nobody gave, comes by chance, so that nobody can tell who was asked.
    done = [(event.kind, event.ticket) for event in log if event.ticket is not None and event.kind != "reasons"]
    # Which of two that were pressed while the server was dead comes first is nobody's promise.
    pressed = sorted((("finish", "A001"), ("issue", "C001")), key=done.index)
    wanted = ["issue A001", "issue B001", "call A001", "start A001", *map(" ".join, pressed), "rate A001", "call B001"]
    wanted += ["issue A002", "call A002", "start B001", "finish B001"]
    assert [" ".join(one) for one in done] == wanted
    commands = Counter(event.command for event in log if event.command is not None)
    assert set(commands.values()) == {1}


def _opens_alone(main: MainPc, log: list[Event]) -> None:
    """See that the file of before still opens without any server: whole, as it was, and for looking only."""
    db = Database.open(main.file)
    try:
        kept = looking.events_after(Desk(db, 1), 0)
        assert kept == log[: len(kept)]
        assert [event.ticket for event in kept if event.kind == "issue"] == ["A001"]
        with pytest.raises(RuleError, match="hall_moved"):
            issuing.issue_ticket(Desk(db, 1), console_ask(at("9:00")), "A")
    finally:
        db.dispose()


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


@pytest.mark.pg
@pytest.mark.journey
def test_a_hall_at_work_is_shared_though_the_first_try_was_killed_and_who_shares_is_killed_too(tmp_path: Path) -> None:
    with FarPc() as line:
        hall = MovingHall(tmp_path, line)
        try:
            hall.open("guide", "counter-3", "manager")
            first = Outcome(began=hall.share(COMMAND))
            hall.kill_while_it_moves(first)
            hall.settles(first)
            assert first.where == "file", first
            assert "interrupted" in first.why
            second = Outcome(began=hall.share(BUTTON))
            hall.settles(second)
            assert second.where == "shared", second
            (killed,) = hall.hosts()
            hall.kill(second)
            assert until(lambda: hall.hosts() not in ([], [killed])), "a station starts it again"
            hall.rests()
        finally:
            hall.leave()
        second.began = first.began
        judge(hall, second)
    assert second.wrong == []
    assert second.acknowledged > 0


HANDS = "tests.journeys.network.sharing_hands"


def heard(process: Loaded) -> dict[str, Any]:
    line = process.stdout.readline()
    assert line, process.communicate()
    return json.loads(line)


def told(process: Loaded, **document: Any) -> None:
    process.stdin.write(json.dumps(document) + "\n")
    process.stdin.flush()


@pytest.fixture
def pcs(tmp_path: Path) -> Iterator[tuple[Pc, Pc]]:
    """Return the PC of a hall, in a network of its own at the end of a line, and a new one at the other end."""
    with FarPc() as far:
        main, other = Pc(tmp_path / "main", far), Pc(tmp_path / "other")
        (main.home / "queuedesk").mkdir()
        hall = hall_of_today(main.home / "queuedesk", settings={"reports": "off"})  # no station writes them beside
        hall.desk.db.dispose()
        try:
            yield main, other
        finally:
            for words in (("host", "autostart", "off"), ("host", "stop")):
                with suppress(AssertionError):  # where it was not shared, or not for long
                    main.ask(*words)


@pytest.mark.pg
@pytest.mark.journey
def test_a_hall_is_shared_joined_a_pc_withdrawn_and_the_hall_shared_again_by_touches_alone(pcs: tuple[Pc, Pc]) -> None:
    main, other = pcs
    manager, joining = main.begun(HANDS, "share", "zh_CN"), other.begun(HANDS, "join", "en")
    try:
        code = heard(manager)
        assert code["address"].endswith(":7432")
        told(joining, **code)
        assert heard(joining)["refusal"]
        joined = heard(joining)
        assert code["address"].removesuffix(":7432") in joined["line"]
        other.ask("issue", "A")
        told(manager)
        assert heard(manager)["joined"]
        told(manager)
        assert heard(manager)["state"]
        assert other.ask("issue", "A", status=1)["error"]["code"] == "pc_withdrawn"
        main.ask("doctor")
        main.ask("host", "stop")
        told(manager)
        assert heard(manager)["pill"] == "open"
    finally:
        for process in (manager, joining):
            process.kill()
            process.communicate()


# Each statement that a customer needs is sent more often than the driver waits before it has it prepared.
CUSTOMERS = 8


@pytest.mark.journey
@pytest.mark.parametrize("mode", MODES)
def test_stations_work_behind_a_pooler(tmp_path: Path, mode: str) -> None:
    hall = run(mode, tmp_path, lambda served: served < CUSTOMERS, processes=1)
    assert max(hall.waits_s) < SEEN_WITHIN_S + hall.late_s()


@pytest.mark.journey
@pytest.mark.parametrize("mode", MODES)
def test_a_hall_finds_its_leader_behind_poolers_that_speak_for_what_their_servers_were(tmp_path: Path, mode: str):
    """The one before the leader that died still accepts whoever comes, and the other one still calls its server a
    standby: nobody tells them that the roles changed."""
    with ExitStack() as stack:
        pair = stack.enter_context(two_servers(tmp_path))
        places = []
        for server in (pair.first, pair.second):
            own = stack.enter_context(pooler(server.owner_url(), server.folder, mode))
            psycopg.connect(own).close()
            places.append(own.rpartition("@")[2].partition("/")[0])
        url = own.replace(places[-1], ",".join(places))
        now = real_clock()
        desk = setting_up.create_hall(url, simple_setup(timezone=noon_zone(now)), Ask(CONSOLE, now))
        stack.callback(desk.db.dispose)
        issuing.issue_ticket(desk, Ask(CONSOLE, real_clock(), command="before"), "A")

        pair.first.stop("immediate")
        pair.promote()
        until(lambda: _has_issued(desk, "after"), "who worked before goes on")
        begun_anew = Desk(Database.open(url), 1)
        stack.callback(begun_anew.db.dispose)
        assert _has_issued(begun_anew, "begun anew"), "at the first try"
        commands = [event.command for event in looking.events_after(begun_anew, 0) if event.kind == "issue"]
        assert commands == ["before", "after", "begun anew"]


def _has_issued(desk: Desk, command: str) -> bool:
    """Ask for a number, by the same command each time; tell whether it was answered."""
    try:
        issuing.issue_ticket(desk, Ask(CONSOLE, real_clock(), command=command), "A")
    except OutsideError:
        return False
    return True
