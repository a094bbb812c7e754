"""A hall lives through many days at high speed: all its stations at work, each killed at random, each night looked at.

`python -m tests.journeys.thirty_days [--days 30] [--seed N] [--write]` needs Linux and pulseaudio. Stations press by
themselves (`days_hands`), the PC's clock runs fast by day and faster by night (`fast_days/`). It ends with 1 when
anything was lost; --write puts the figures into resources/docs/reliability.md.
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
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event, first_broken_seq
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import opening
from queuedesk.desk.talk import announcing
from queuedesk.desk.upkeep import maintenance
from queuedesk.paths import resource_path
from tests import whole_halls
from tests.bounded import PATIENCE_S, until
from tests.journeys.equipment_run import VOICE, command_line, descendants, end
from tests.journeys.network.shared_pcs import Program
from tests.processes import ROOT, started
from tests.voice.hearing import sound_card

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 3, 2)
OPENS, CLOSES = timedelta(hours=9), timedelta(hours=11)
STATIONS = {"guide": 1500, "kiosk": 1900, "counter-1": 350, "counter-5": 350, "rating-1": 700, "manager": 1500}
"""Each with how often somebody presses something there, in milliseconds."""
ASIDE = ("voice.process", "report due", "backup")
"""Processes that come and go beside the stations, by their command lines."""
NIGHT_STEP = timedelta(minutes=20)
PAGE = ROOT / "resources" / "docs" / "reliability.md"
BEGIN, END = "<!-- what the long run measured -->", "<!-- end of what the long run measured -->"
ONCE = ("issue", "start", "finish")
KINDS = {"waiting": "issue", "called": "call", "serving": "start", "finished": "finish"}
"""By the state that a person was told of a ticket: what the log must have of it."""
NIGHTS_WORK_S = PATIENCE_S
MOST_GROWTH_MB, MOST_HANDLES = 1.0, 6


class FastClock:
    """The clock of the hall's PC, as its processes read it from a file."""

    def __init__(self, file: Path, start: datetime) -> None:
        self._file = file
        self.set(start, 0.0)

    def set(self, shown: datetime, speed: float) -> None:
        """Let the clock show this moment and go on `speed` times as fast as time."""
        self._began, self._shown, self._speed = time.monotonic(), shown, speed
        new = self._file.with_suffix(".new")
        new.write_text(f"{self._began} {shown.timestamp()} {speed}", encoding="ascii")
        new.replace(self._file)

    def now(self) -> datetime:
        return (self._shown + timedelta(seconds=(time.monotonic() - self._began) * self._speed)).astimezone(UTC)


@dataclass
class Life:
    """A process of a station from its start to its end: on each evening its memory in MB, and its open handles."""

    station: str
    evenings: list[tuple[float, int]] = field(default_factory=list)


@dataclass
class Done:
    """What came of the run; `lost` says in words what should not have happened."""

    days: int = 0
    events: int = 0
    tickets: int = 0
    answers: int = 0
    refused: int = 0
    shown: int = 0
    said: int = 0
    silent: int = 0
    came_first: int = 0
    unsaid: int = 0
    day_ends: int = 0
    reports: int = 0
    backups: int = 0
    kept: int = 0
    learned: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    lives: list[Life] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def growth(self) -> tuple[float, int]:
        """Return the most that a process of six evenings grew in a day after its second, and its handles."""
        long = [life.evenings[1:] for life in self.lives if len(life.evenings) > 5]
        mb = [(rows[-1][0] - rows[0][0]) / (len(rows) - 1) for rows in long]
        handles = [rows[-1][1] - rows[0][1] for rows in long]
        return max(mb, default=0.0), max(handles, default=0)


class Hall:
    def __init__(self, folder: Path, stack: ExitStack, draw: random.Random, stations: Sequence[str]) -> None:
        self.folder, self.draw, self.stations, self.done = folder, draw, stations, Done()
        self.file = folder / "hall" / "hall.sqlite"
        self.file.parent.mkdir()
        self.clock = FastClock(folder / "clock", self.moment(FIRST, OPENS - timedelta(minutes=20)))
        document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
        document = setting_up.setup_document_for_new_hall(document, all_hours=True)
        document["voice"] = VOICE
        self.desk: Desk = setting_up.create_hall(self.file, document, self.ask())
        stack.callback(self.desk.db.dispose)
        self.programs: dict[str, Program] = {}
        self.former: list[Program] = []
        self.lives: dict[str, Life] = {}
        self._stack = stack
        self.display: subprocess.Popen[bytes] | None = None

    @staticmethod
    def moment(day: date, after: timedelta) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=ZONE) + after

    def ask(self) -> Ask:
        return Ask(CONSOLE, self.clock.now())

    def env(self, home: str) -> dict[str, str]:
        place = self.folder / home
        place.mkdir(exist_ok=True)
        folders = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME")
        return {
            **os.environ,
            **dict.fromkeys(folders, str(place)),
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).with_name("fast_days")), str(ROOT)]),
            "QUEUEDESK_FAST_CLOCK": str(self.folder / "clock"),
            "QUEUEDESK_DB": str(self.file),
            "PYTHONUTF8": "1",
        }

    # -- processes --
    def open(self, station: str) -> None:
        line = [sys.executable, "-m", "tests.journeys.days_hands", station]
        self.programs[station] = Program(started(line, self.env("desk")))
        self._begin(station)

    def open_display(self) -> None:
        log = self._stack.enter_context(self.folder.joinpath("display.log").open("wb"))
        line = [sys.executable, "-m", "queuedesk", "display", "--kept"]
        self.display = subprocess.Popen(line, env=self.env("wall"), stdout=log, stderr=log)
        self._stack.callback(end, self.display)
        self._begin("display")

    def _begin(self, station: str) -> None:
        self.lives[station] = Life(station)
        self.done.lives.append(self.lives[station])

    def pid(self, station: str) -> int | None:
        if station != "display":
            return self.programs[station].process.pid
        return next((pid for pid in descendants(self.display.pid) if " display" in command_line(pid)), None)

    def behind(self, word: str) -> int | None:
        """Return a process of this run, of whatever station, whose command line has `word` in it."""
        mark = f"QUEUEDESK_FAST_CLOCK={self.folder / 'clock'}".encode()
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                # Behind "-m": the interpreter's own path may have the word in it too.
                _, _, said = command_line(int(place.name)).partition(" -m ")
                if word in said and mark in place.joinpath("environ").read_bytes().split(b"\0"):
                    return int(place.name)
        return None

    def kill(self, what: str) -> None:
        """Kill a process as a power cut would; who was killed is opened again, the display by its keeper."""
        if what in self.programs:
            program = self.programs.pop(what)
            program.kill()
            self.former.append(program)
            self.open(what)
            self.programs[what].heard(what="ready")
        else:
            pid = self.pid(what) if what == "display" else self.behind(what)
            if pid is None:
                return
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            if what == "display":
                until(lambda: self.pid("display") not in (None, pid), "the display to come back")
                self._begin("display")
        self.done.kills[what] += 1

    def tell_all(self, verb: str, *, with_pace: bool = False) -> None:
        for station, program in self.programs.items():
            program.tell(station, verb, *([STATIONS[station]] if with_pace else []))

    # -- days --
    def play(self, day: date, seconds: float, kills: int) -> None:
        """Let the hall be open on that date for so many seconds; some are killed meanwhile."""
        opens, closes = self.moment(day, OPENS), self.moment(day, CLOSES)
        self.clock.set(opens, (closes - opens).total_seconds() / seconds)
        self.tell_all("work", with_pace=True)
        end_s = time.monotonic() + seconds
        moments = sorted(self.draw.uniform(0.1, 0.8) * seconds for _ in range(kills))
        began = time.monotonic()
        for moment in moments:
            time.sleep(max(0.0, began + moment - time.monotonic()))
            what = self.draw.choice([*self.stations, *(["display"] if self.display else []), *ASIDE])
            self.kill(what)
            if what in self.programs:
                self.programs[what].tell(what, "work", STATIONS[what])
        time.sleep(max(0.0, end_s - time.monotonic()))
        self.clock.set(closes, 1.0)
        until(self._has_told_of_calls, "somebody to be served on a busy machine too")
        said = time.monotonic()
        self.tell_all("rest")
        for station, program in self.programs.items():
            program.heard(since=said, station=station, what="rests")
        if self.draw.random() < 0.67:
            self._close_windows()
        self._measure()

    def _has_told_of_calls(self) -> bool:
        """Whether people were told more than that they have a number."""
        told = sum(len(one.all_heard(what="answered")) for one in [*self.former, *self.programs.values()])
        return told > sum(event.kind == "issue" for event in self.log()) > 0

    def _close_windows(self) -> None:
        """Close what has no customer; the rest stays open, as it does in life."""
        for station in self.stations:
            with suppress(RuleError):
                if station.startswith("counter"):
                    opening.close_window(self.desk, self.ask(), station.partition("-")[2])

    def sleep_through(self, day: date, seconds: float) -> None:
        ends, wakes = self.moment(day, CLOSES + timedelta(minutes=1)), self.moment(day, timedelta(days=1) + OPENS)
        wakes -= timedelta(minutes=20)
        steps = int((wakes - ends) / NIGHT_STEP)
        for n in range(steps):
            self.clock.set(ends + n * NIGHT_STEP, 1.0)
            time.sleep(seconds / steps)
        self.clock.set(wakes, 1.0)
        self.done.days += 1

    def _measure(self) -> None:
        for station, life in self.lives.items():
            pid = self.pid(station)
            if pid is None:
                continue
            with suppress(OSError):
                status = Path(f"/proc/{pid}/status").read_text()
                kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
                life.evenings.append((int(kilobytes) / 1024, len(list(Path(f"/proc/{pid}/fd").iterdir()))))

    # -- what a night must leave --
    def has_ended(self, day: date) -> bool:
        return any(event.kind == "day-end" and event.date == day for event in self.log())

    def look_for_the_nights_work(self, day: date) -> None:
        """Hold what the night after that date was to do against what there is."""
        done = self.done
        has = (self.has_ended(day), self.has_report(day), self.is_backed_up(day))
        done.day_ends, done.reports, done.backups = done.day_ends + has[0], done.reports + has[1], done.backups + has[2]
        for is_there, what in zip(has, ("day-end", "report", "proven backup"), strict=True):
            if not is_there:
                done.lost.append(f"{day}: no {what}, {maintenance.backup_note_of(self.desk)}")

    def has_report(self, day: date) -> bool:
        return any(day.isoformat() in file.name for file in (self.file.parent / "reports").rglob("*.pdf"))

    def is_backed_up(self, day: date) -> bool:
        """Whether a backup of that date or its night was proven."""
        note = maintenance.backup_note_of(self.desk)
        return note.made is not None and note.proven is not None and note.made >= self.moment(day, OPENS)

    def log(self) -> list[Event]:
        return looking.events_after(self.desk, 0)

    def close_all(self) -> None:
        for program in self.programs.values():
            program.end()
        if self.display is not None:
            end(self.display)

    # -- what came of it --
    def judge(self) -> Done:
        log, done = self.log(), self.done
        done.events = len(log)
        if first_broken_seq(log) is not None:
            done.lost.append(f"the chain breaks at {first_broken_seq(log)}")
        with self.desk.db.read() as tx:
            if whole_halls.differences(whole_halls.whole(tx, 1), whole_halls.from_log(tx, 1)):
                done.lost.append("tables do not follow from the log")
        found = Counter((event.kind, event.date, event.ticket) for event in log if event.kind in ONCE)
        done.tickets = sum(event.kind == "issue" for event in log)
        done.lost += [f"{kind} {ticket} of {day}: {n} times" for (kind, day, ticket), n in found.items() if n > 1]
        done.kept = len(list(self.file.parent.joinpath("backups").rglob("*.zip")))
        self._judge_answers(log)
        self._judge_calls(log)
        with self.desk.db.read() as tx:
            taught = {row[0] for row in tx.exec_driver_sql("SELECT DISTINCT date FROM learned_days").all()}
        done.learned = len(taught)
        mb, handles = done.growth()
        if mb > MOST_GROWTH_MB:
            done.lost.append(f"a process grew by {mb:.1f} MB a day")
        if handles > MOST_HANDLES:
            done.lost.append(f"a process holds {handles} handles more")
        return done

    def _judge_answers(self, log: list[Event]) -> None:
        """Hold what the stations told people against the log."""
        found = {(event.kind, event.date, event.ticket) for event in log}
        for program in [*self.former, *self.programs.values()]:
            self.done.refused += len(program.all_heard(what="refused"))
            for line in program.all_heard(what="answered"):
                kind = KINDS.get(line["state"])
                if kind is None:
                    continue
                self.done.answers += 1
                if (kind, date.fromisoformat(line["day"]), line["ticket"]) not in found:
                    told = f"{line['station']} told {line['state']} of {line['ticket']}"
                    self.done.lost.append(f"{told}, which the log has not")

    def _judge_calls(self, log: list[Event]) -> None:
        """Count what became of each call: one that was not said by the time its customer stood there need not be."""
        started = {(event.date, event.ticket) for event in log if event.kind == "start"}
        for event in log:
            if event.kind != "call":
                continue
            rows = announcing.announcement_reports_of_call(self.desk, event.seq)
            self.done.shown += any(row.shown is not None for row in rows)
            if any(row.spoken for row in rows):
                self.done.said += 1
            elif any(row.is_silent for row in rows):
                self.done.silent += 1
            elif (event.date, event.ticket) in started:
                self.done.came_first += 1
            else:
                self.done.unsaid += 1


@contextmanager
def hall_of(folder: Path, seed: int, stations: Sequence[str], *, has_display: bool) -> Iterator[Hall]:
    """Open the hall with all its stations, each there; who has a display also hears it."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        if has_display:
            runtime = folder / "runtime"
            runtime.mkdir(mode=0o700)
            stack.enter_context(sound_card(runtime))
        hall = Hall(folder, stack, random.Random(seed), stations)
        stack.callback(lambda: [program.kill() for program in hall.programs.values()])
        if has_display:
            hall.open_display()
        for station in stations:
            hall.open(station)
        for program in hall.programs.values():
            program.heard(what="ready")
        yield hall


def run(
    folder: Path,
    days: int,
    *,
    stations: Sequence[str] = tuple(STATIONS),
    has_display: bool = True,
    seed: int = 1,
    day_s: float = 45.0,
    night_s: float = 8.0,
    kills: int = 2,
) -> Done:
    """Play so many days in `folder` and return what came of them."""
    with hall_of(folder, seed, stations, has_display=has_display) as hall:
        for n in range(days):
            day = FIRST + timedelta(days=n)
            hall.play(day, day_s, kills)
            hall.sleep_through(day, night_s)
            wait_s = time.monotonic() + NIGHTS_WORK_S
            done = (hall.has_ended, hall.has_report, hall.is_backed_up)
            while time.monotonic() < wait_s and not all(has(day) for has in done):
                time.sleep(0.2)
            hall.look_for_the_nights_work(day)
            print(_line(hall, day), flush=True)
        hall.close_all()
        return hall.judge()


def _line(hall: Hall, day: date) -> str:
    sizes = " ".join(f"{name} {life.evenings[-1][0]:.0f}" for name, life in hall.lives.items() if life.evenings)
    lost = "".join(f"\n  LOST {what}" for what in hall.done.lost)
    return f"{day}: {hall.done.kills.total()} kills so far; MB: {sizes}{lost}"


def figures(done: Done, minutes: float) -> list[tuple[str, str]]:
    """Return what the run measured, in words and figures."""
    mb, handles = done.growth()
    kills = ", ".join(f"{what} {n}" for what, n in sorted(done.kills.items()))
    return [
        ("days, each with its night", f"{done.days} in {minutes:.0f} min"),
        ("tickets; events of the log, its chain whole, each table from it", f"{done.tickets}; {done.events}"),
        ("answers that stations gave people, each in the log; refusals", f"{done.answers}; {done.refused}"),
        (
            "calls shown; said; silent and noted as such; whose customer came first; on their way at a kill or an evening",
            f"{done.shown}; {done.said}; {done.silent}; {done.came_first}; {done.unsaid}",
        ),
        (
            "nights with their day-end; with the day's report; with a proven backup; backups kept in the end; dates learned from",
            f"{done.day_ends}; {done.reports}; {done.backups}; {done.kept}; {done.learned}",
        ),
        ("processes killed", f"{done.kills.total()} ({kills})"),
        ("most that a process grew in a day; handles more in a life", f"{mb:.2f} MB; {handles}"),
    ]


def write(rows: list[tuple[str, str]]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = "\n".join(["| the long run | measured |", "| --- | --- |", *(f"| {what} | {n} |" for what, n in rows)])
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep everything there")
    parser.add_argument("--write", action="store_true", help="put the figures into the page of what is promised")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as throw_away:
        began = time.monotonic()
        done = run(asked.folder or Path(throw_away), asked.days, seed=asked.seed)
    rows = figures(done, (time.monotonic() - began) / 60)
    for what, n in rows:
        print(f"{what}: {n}")
    for what in done.lost:
        print("LOST:", what)
    if asked.write and not done.lost:
        write(rows)
    return 1 if done.lost else 0


if __name__ == "__main__":
    sys.exit(main())
