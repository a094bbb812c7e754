"""A shared hall at work while everything breaks in turn: no command lost, none done twice, and how soon that is over.

`python -m tests.journeys.shared_run [--rounds 1] [--cut 60]` needs Linux, root and network namespaces. Each round kills
the server, cuts a line, lets a PC sleep and the other line flap, takes the main PC's power; 1 when anything was lost.
"""

import argparse
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from queuedesk.core.log.event import Event
from queuedesk.desk.looking import OWN_ID
from tests.journeys.network.shared_pcs import BACK_WITHIN_S, SAID_WITHIN_S, Program, SharedHall, shared_hall, whole_log

EVERY_S = 1.5
BETWEEN_S = 8.0
FLAPS = 5
ONCE = ("issue", "call", "start", "finish")
"""What happens once in the life of each of this hall's tickets."""


@dataclass
class Run:
    hall: SharedHall
    programs: list[tuple[Program, tuple[str, ...]]]
    cut_s: float
    lost: list[str] = field(default_factory=list)
    _working: threading.Event = field(default_factory=threading.Event)

    def work(self) -> Callable[[], None]:
        """Let people press keys all the time; the answer ends that."""
        (door, _), (wall, _) = self.programs
        told = ((door, "guide issue A"), (door, "counter-3 press"), (wall, "counter-2 press"), (door, "guide issue B"))
        keys = cycle(told)

        def press() -> None:
            while not self._working.wait(EVERY_S):
                program, line = next(keys)
                program.tell(line)

        thread = threading.Thread(target=press)
        thread.start()

        def end() -> None:
            self._working.set()
            thread.join()

        return end

    def measure(
        self, what: str, programs: list[tuple[Program, tuple[str, ...]]], begin: float, back: Callable[[], float]
    ) -> None:
        """Say how soon these stations said that they were away, and after the moment `back()` were not."""
        places = [(program, station) for program, stations in programs for station in stations]
        said = max(self._after(program, station, "away", begin) for program, station in places)
        moment = back()
        over = max(self._after(program, station, "back", begin) for program, station in places)
        over = max(0.0, over - (moment - begin))
        print(f"{what:34} said after {said:5.2f} s, back {over:5.2f} s after the return", flush=True)
        if said > SAID_WITHIN_S or over > BACK_WITHIN_S:
            self.lost.append(f"{what}: too slow")

    def _after(self, program: Program, station: str, what: str, begin: float) -> float:
        line = program.heard(since=begin, station=station, what=what, within_s=120)
        return float(line["t"]) - begin

    # -- what breaks --
    def kill_server(self) -> None:
        main, server = self.hall.main, self.hall.main.server
        began = main.kill_server()

        def mended() -> float:
            while not main.has_other_server(server):
                time.sleep(0.05)
            return time.monotonic()

        self.measure("the server is killed", self.programs, began, mended)

    def cut_line(self) -> None:
        self.hall.lines[0].cut()

        def mend() -> float:
            time.sleep(self.cut_s)
            self.hall.lines[0].mend()
            return time.monotonic()

        self.measure(f"a line is cut for {self.cut_s:.0f} s", self.programs[:1], time.monotonic(), mend)

    def sleep(self) -> None:
        program, _stations = self.programs[1]
        program.signal(signal.SIGSTOP)
        time.sleep(self.cut_s / 2)
        program.signal(signal.SIGCONT)
        awake = time.monotonic()
        seq = max(line["seq"] for line in self.programs[0][0].all_heard(what="log"))
        caught = max(0.0, program.heard(station="display", what="log", seq=seq)["t"] - awake)
        print(f"{f'a PC sleeps for {self.cut_s / 2:.0f} s':34} caught up after {caught:5.2f} s", flush=True)
        if caught > BACK_WITHIN_S:
            self.lost.append("a PC that slept: too slow")

    def flap(self) -> None:
        for _ in range(FLAPS):
            self.hall.lines[1].cut()
            time.sleep(0.7)
            self.hall.lines[1].mend()
            time.sleep(0.7)
        print("a line flaps", flush=True)

    def lose_power(self) -> None:
        def start() -> float:
            time.sleep(5)
            self.hall.main.share(self.hall.lines)
            return time.monotonic()

        self.measure("the main PC loses its power", self.programs, self.hall.main.lose_power(), start)

    # -- what came of it --
    def judge(self, log: list[Event]) -> None:
        """Hold every command under its id against the log."""
        found = Counter((event.kind, event.ticket) for event in log if event.kind in ONCE)
        self.lost += [f"{kind} {ticket}: {n} times" for (kind, ticket), n in found.items() if n > 1]
        done = {event.command for event in log if event.command is not None and event.command.startswith(OWN_ID)}
        asked, told, unanswered, refused = set(), 0, set(), 0
        for program, _stations in self.programs:
            asked |= {line["command"] for line in program.all_heard(what="asked")}
            unanswered |= {line["command"] for line in program.all_heard(what="unanswered")}
            told += len(program.all_heard(what="told", done=True))
            refused += len(program.all_heard(what="refused"))
        print(f"{len(asked)} commands: {len(done)} done, {refused} refused, {len(unanswered)} without an answer")
        if not done <= asked:
            self.lost.append("commands that nobody asked for")
        if told != len(unanswered & done):
            self.lost.append(f"{len(unanswered & done)} of those without an answer were done, {told} told so")
        if len(asked - done - unanswered) > refused:
            self.lost.append(f"lost: {asked - done - unanswered}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--cut", type=float, default=60.0, metavar="SECONDS")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, shared_hall(Path(folder), wall="staff") as hall:
        door, wall = hall.opened("guide", "counter-3", beside=("counter-2",))
        run = Run(hall, [(door, ("guide", "counter-3")), (wall, ("display", "counter-2"))], args.cut)
        end = run.work()
        try:
            for _ in range(args.rounds):
                for trouble in (run.kill_server, run.cut_line, run.sleep, run.flap, run.lose_power):
                    time.sleep(BETWEEN_S)
                    trouble()
            time.sleep(BETWEEN_S)
        finally:
            end()
        time.sleep(BETWEEN_S)
        for program in (door, wall):
            program.end()
        run.judge(whole_log(hall.main))
    for what in run.lost:
        print(what)
    return 1 if run.lost else 0


if __name__ == "__main__":
    sys.exit(main())
