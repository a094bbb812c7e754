"""A hall whose seven stations work while it is shared, by the button or by the command; and what came of it.

`python -m tests.journeys.network.moving_hall [--times 20] [--by button command] [--load 8] [--kill]` needs Linux, root
and network namespaces; it ends with 1 when anything was lost, a station stood still, or had to be pressed again.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

from queuedesk.app.hosting.server import PostgresServer
from queuedesk.core.log.event import first_broken_seq
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.printing.spooler import PICTURES
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.hall_file import move_marker_folder, new_place_of_moved_halls
from tests import whole_halls
from tests.bounded import PATIENCE_S, until
from tests.hall import hall_of_today
from tests.journeys.network.shared_pcs import Pc, Program
from tests.networks import FarPc

BUTTON, COMMAND = "button", "command"
STATIONS = {
    "guide": ("guide",),
    "counter-1": ("--as", "C1", "counter", "--window", "1"),
    "counter-2": ("--as", "C2", "counter", "--window", "2"),
    "counter-3": ("--as", "C3", "counter", "--window", "3"),
    **({"kiosk": ("kiosk", "--size", "1080x1920")} if "kiosk" in all_stations() else {}),
    "display": ("display", "--size", "1280x720"),
    "manager": ("manager",),
}
HANDS = "tests.journeys.network.moving_hands"
ONCE = ("issue", "call", "start", "finish")
"""What happens once in the life of each of this hall's tickets."""
SILENT_AT_MOST_S = 5.0
"""So long a station may say that the hall does not answer, of the time that the machine gives it."""
SETTLED_S = 180.0
KILLED_WITHIN_S = 15.0
"""Of its beginning; by then a machine at rest has shared the hall."""
SILENT = ("away database_away", "away database_busy", "unavailable")


@dataclass
class Outcome:
    """How one try went: `where` the hall goes on ("shared" or "file"), `why` as it is said, how long a station said at
    most that nobody answers, did not work at all, or owed an answer, and what is `wrong`."""

    began: float
    where: str = ""
    why: str = ""
    silent_s: float = 0.0
    still_s: float = 0.0
    waited_s: float = 0.0
    took_s: float = 0.0
    acknowledged: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def told(self) -> str:
        refused = ", ".join(f"{n} {code}" for code, n in sorted(self.refused.items()))
        return (
            f"{self.where} after {self.took_s:.1f} s; {self.acknowledged} acts; a station stood {self.still_s:.1f} s and"
            f" had no answer for {self.silent_s:.1f} s; a press waited {self.waited_s:.1f} s; refused: {refused or 'nothing'}. {self.why}"
        )


class MovingHall(Pc):
    """This machine's hall in a network of its own, its stations open and at work."""

    def __init__(self, home: Path, line: FarPc) -> None:
        super().__init__(home, line)
        self.line: FarPc = line
        self.own = home / "queuedesk"
        self.own.mkdir(parents=True)
        hall = hall_of_today(self.own)
        hall.desk.db.dispose()
        self.file = self.own / "hall.sqlite"
        self.seats: dict[str, Program] = {}
        self.hosting: Program | None = None

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, "QT_QPA_PLATFORM": "offscreen"}

    def open(self, *names: str) -> None:
        choices = {"voice": False, "printer": f"{PICTURES}{self.home / 'slips'}"}
        (self.own / "config.json").write_text(json.dumps(choices), encoding="utf-8")
        for name in names:
            self.seats[name] = self.run(HANDS, name, *STATIONS[name])
        for seat in self.seats.values():
            seat.heard(what="ready", within_s=SETTLED_S)
        for seat in self.seats.values():
            seat.tell("work")
        self.seats["guide"].heard(what="done", within_s=SETTLED_S)

    def share(self, how: str) -> float:
        """Begin to share it; return the moment."""
        if how == BUTTON:
            self.seats["manager"].tell("share")
            return float(self.seats["manager"].heard(what="pressed", within_s=SETTLED_S)["t"])
        self.hosting = self.run("queuedesk", "--lang", "en", "--as", "M1", "--json", "host", "--no-autostart")
        return time.monotonic()

    def hosts(self) -> list[int]:
        """Return the processes that share or are about to: those that hold the lock."""
        found = []
        with suppress(FileNotFoundError):
            node = (self.own / "host.lock").stat().st_ino
            for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
                words = line.split()
                if "->" not in words and words[5].endswith(f":{node}"):
                    found.append(int(words[4]))
        return found

    def kill(self, outcome: Outcome) -> None:
        """Kill whoever shares, however far that has come; a manager's station is opened again."""
        hosts, manager = self.hosts(), self.seats["manager"]
        for process in hosts:
            after, where = time.monotonic() - outcome.began, "moved" if self.has_moved() else "in its file"
            os.kill(process, signal.SIGKILL)
            outcome.why += f"Killed after {after:.1f} s, {where}. "
        if manager.process.pid in hosts:
            manager.process.wait(PATIENCE_S)
            self.seats["manager"] = self.run(HANDS, "manager", *STATIONS["manager"])
            self.seats["manager"].heard(what="ready", within_s=SETTLED_S)
            self.seats["manager"].tell("look")

    def kill_while_it_moves(self, outcome: Outcome) -> None:
        """Kill whoever shares once the move has begun. Once its server is made it goes on by hundredths of a second: a
        move takes some tenths, and would else be over before a busy test sees it."""
        (host,) = until(self.hosts)
        until((self.own / "postgres" / "own.json").exists, "a server")
        end, mark = time.monotonic() + SETTLED_S, move_marker_folder(self.file)
        while not mark.exists():
            assert time.monotonic() < end, "no move begins"
            os.kill(host, signal.SIGCONT)
            time.sleep(0.01)
            os.kill(host, signal.SIGSTOP)
        self.kill(outcome)

    def has_moved(self) -> str | None:
        return new_place_of_moved_halls(self.file)

    def settles(self, outcome: Outcome) -> None:
        """Wait until every station works where the hall is: shared, or in its file and the page says why."""
        end = time.monotonic() + SETTLED_S
        while time.monotonic() < end:
            moved = self.has_moved() is not None
            works = all(self._works(seat, moved=moved) for seat in self.seats.values())
            if works and moved and self.hosts():
                break
            if works and not moved and not self.hosts() and (why := self._reason(outcome)):
                outcome.why += why
                break
            time.sleep(0.1)
        else:
            outcome.wrong.append("not over in time")
        outcome.took_s = time.monotonic() - outcome.began
        outcome.where = "shared" if self.has_moved() else "file"

    @staticmethod
    def _works(seat: Program, *, moved: bool) -> bool:
        built, seen = seat.all_heard(what="built"), seat.all_heard(what="seen")
        is_there = bool(built) and built[-1]["db"].startswith("postgresql") == moved
        return is_there and bool(seen) and seen[-1]["seen"] == "works"

    def _reason(self, outcome: Outcome) -> str:
        """Return why the hall is still in its file, as the page says it."""
        if self.hosting is not None and self.hosting.process.poll() is not None:
            self.seats["manager"].tell("look")
        said = [one for one in self.seats["manager"].all_heard(what="line") if one["t"] > outcome.began]
        return str(said[-1]["text"]) if said and said[-1]["refused"] else ""

    def rests(self) -> None:
        """Let everybody work a little longer, and then stop and get the answers that are still owed."""
        self.seats["guide"].heard(since=time.monotonic(), what="done", within_s=SETTLED_S)
        for seat in self.seats.values():
            seat.tell("rest")
        for seat in self.seats.values():
            seat.heard(what="at rest", within_s=SETTLED_S)

    def say(self, began: float) -> None:
        for name, seat in self.seats.items():
            for one in seat.all_heard():
                if one["what"] != "done":
                    said = {k: v for k, v in one.items() if k not in ("t", "station")}
                    print(f"{one['t'] - began:7.2f} {name:10}", said)
            print("".join(seat.trouble))

    def leave(self) -> None:
        """Close the stations, end sharing and the server, and whoever is about to share it once more."""
        try:
            for seat in self.seats.values():
                seat.kill()
            if self.has_moved() is not None and self.hosts():
                self.ask("host", "stop")
        finally:
            self.end()
            self.line.end_all()

    @contextmanager
    def opened(self) -> Iterator[Desk]:
        """Open the hall where it is now, once nobody else does."""
        server = PostgresServer(self.own / "postgres") if self.has_moved() is not None else None
        if server is not None:
            server.start()
        db = Database.open(server.owner_url() if server is not None else self.file)
        try:
            yield Desk(db, looking.hall_id_by_code(db, None))
        finally:
            db.dispose()
            if server is not None:
                server.stop("immediate")


def judge(hall: MovingHall, outcome: Outcome) -> None:
    """Hold what people were told against the log, which is verified, and how long stations said that nobody answers."""
    with hall.opened() as desk:
        with desk.db.read() as tx:
            whole, from_log = whole_halls.whole(tx, desk.hall), whole_halls.from_log(tx, desk.hall)
        log = looking.events_after(desk, 0)
    outcome.wrong += [f"a table differs from the log: {one}" for one in whole_halls.differences(whole, from_log)]
    if first_broken_seq(log) is not None or [event.seq for event in log] != list(range(1, len(log) + 1)):
        outcome.wrong.append("the chain is broken")
    there = Counter((event.kind, event.ticket) for event in log if event.kind in ONCE)
    outcome.wrong += [f"{kind} {ticket}: {n} times" for (kind, ticket), n in there.items() if n > 1]
    for name, seat in hall.seats.items():
        kinds = ONCE[:1] if name in ("guide", "kiosk") else ONCE[1:]
        for ticket, n in Counter(line["ticket"] for line in seat.all_heard(what="done")).items():
            outcome.acknowledged += n
            if (kept := sum(there[kind, ticket] for kind in kinds)) < n:
                outcome.wrong.append(f"{name} was told {n} times of {ticket}, of which the log has {kept}")
        if not all(line["in_sight"] for line in seat.all_heard(what="late")):
            outcome.wrong.append(f"{name} had no window while its hall was opened anew")
        if owed := len(seat.all_heard(what="asked")) - len(seat.all_heard(what="answered")):
            outcome.wrong.append(f"{name} was not answered {owed} times")
        outcome.refused.update(line["code"] for line in seat.all_heard(what="refused") if line["t"] > outcome.began)
        done = [line["after_s"] for line in seat.all_heard(what="done") if line["t"] > outcome.began]
        outcome.waited_s = max(outcome.waited_s, *done, 0.0)
        seen = [line for line in seat.all_heard(what="seen") if line["t"] > outcome.began]
        stood = 0.0
        for line, after in pairwise(seen):
            lasted = after["t"] - line["t"]
            stood = stood + lasted if line["seen"] != "works" else 0.0
            outcome.still_s = max(outcome.still_s, stood)
            if line["seen"].startswith(SILENT):
                outcome.silent_s = max(outcome.silent_s, lasted - after["late_s"])
        if any("Traceback" in line for line in seat.trouble):
            outcome.wrong.append(f"{name}: {''.join(seat.trouble)[-600:]}")
    if outcome.silent_s > SILENT_AT_MOST_S:
        outcome.wrong.append(f"a station said for {outcome.silent_s:.1f} s that nobody answers")
    if lost := {"hall_moved", "database_away", "database_busy"} & set(outcome.refused):
        outcome.wrong.append(f"somebody had to press again: {', '.join(sorted(lost))}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--by", nargs="+", choices=(BUTTON, COMMAND), default=[BUTTON, COMMAND])
    parser.add_argument("--load", type=int, default=0, metavar="N", help="busy processes beside it")
    parser.add_argument("--kill", action="store_true", help="kill whoever shares in the middle")
    parser.add_argument("--say", action="store_true", help="print what each station told")
    args = parser.parse_args()
    failed = 0
    for by in args.by:
        went: Counter[str] = Counter()
        stood: list[float] = []
        for turn in range(args.times):
            with busy(args.load):
                outcome = tried(by, kill=args.kill, say=args.say)
            went["wrong" if outcome.wrong else outcome.where] += 1
            failed += bool(outcome.wrong)
            stood.append(outcome.still_s)
            print(f"{by} {turn + 1}: {outcome.told()} (load {os.getloadavg()[0]:.0f})", *outcome.wrong, sep="\n    ")
            sys.stdout.flush()
        print(f"{by}, load {args.load}{', killed' if args.kill else ''}: {dict(went)}", end="; ")
        print(f"stations stood {median(stood):.1f} s, at most {max(stood):.1f} s", flush=True)
    return 1 if failed else 0


def tried(by: str, *, kill: bool, say: bool) -> Outcome:
    """Let a new hall work, share it once, and return how it went."""
    # A server that was killed with whoever shares may write on for a moment.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, FarPc() as line:
        hall = MovingHall(Path(folder), line)
        try:
            hall.open(*STATIONS)
            outcome = Outcome(began=hall.share(by))
            if kill:
                assert until(hall.hosts)
                time.sleep(random.uniform(0.0, KILLED_WITHIN_S))
                hall.kill(outcome)
            hall.settles(outcome)
            hall.rests()
            if say:
                hall.say(outcome.began)
        finally:
            hall.leave()
        judge(hall, outcome)
        return outcome


@contextmanager
def busy(n: int) -> Iterator[None]:
    """Keep so many processes busy meanwhile."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(n)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


if __name__ == "__main__":
    sys.exit(main())
