"""A hall's equipment, killed piece by piece: every number is shown, said and printed, or somebody is told it was not.

`python -m tests.journeys.equipment_run [--calls 200]` needs Xvfb and pulseaudio; it ends with 1 when anything was lost.
"""

import argparse
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QApplication

from queuedesk.app.clock import pc_clock
from queuedesk.app.main import command_services
from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.app.this_pc import config
from queuedesk.cli import main as command
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE, actor_of_station
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.talk.device import PRINTER
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.desk.talk import announcing, devices
from queuedesk.desk.talk.announcing import AnnouncementReport
from queuedesk.paths import resource_path
from queuedesk.voice import sound
from queuedesk.voice.sound import RATE_HZ, Samples
from tests.app.wall import Wall
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.hall import noon_zone
from tests.voice.hearing import Recording, likeness, sound_card

ROOT = Path(__file__).resolve().parents[2]
VOICE = {"languages": ["zh_CN"], "times": 1, "chime": False, "hours": [{"from": "00:00", "speed": 150}]}
"""Said once, in one language and fast, so that a run takes minutes and not hours."""
WINDOWS = ("1", "2")
PLAYER = "bin/paplay"
BACK_WITHIN_S = 20.0
SAME, OTHER = 0.9, 0.8
AROUND_S = 4.0
OVERLAP_S = 0.05


@dataclass
class Done:
    """What came of the run; `lost` says in words what should not have happened."""

    calls: int = 0
    shown: int = 0
    said: int = 0
    silent: int = 0
    printed: int = 0
    told: int = 0
    links: dict[str, int] = field(default_factory=dict)
    worst_own: float = 1.0
    worst_other: float = 0.0
    display_back_s: float = 0.0
    outages: list[tuple[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


class Equipment:
    """The hall, its display on a virtual screen, its sound card and its printer."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self._stack = folder, stack
        now = datetime.now(UTC)
        document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
        document = setting_up.setup_document_for_new_hall(document, timezone=noon_zone(now), all_hours=True)
        document["voice"] = VOICE
        for row in document["windows"]:
            row.update(zone="", zone_en="")
        self.desk = setting_up.create_hall(folder / "hall.sqlite", document, Ask(CONSOLE, now))
        self.day = business_date(looking.setup_of_hall(self.desk), now)
        clerks = [row["code"] for row in document["staff"] if row["role"] == "clerk"]
        for window, clerk in zip(WINDOWS, clerks, strict=False):
            opening.open_window(self.desk, self.ask(), window, staff=clerk)
        self.slips = folder / "slips"
        self._port = 0
        self.printer = self.start_printer()
        self.config = config.config_file().parent
        self.config.mkdir(parents=True)
        choice = f"escpos:net:127.0.0.1:{self._port}?width=576"
        self.config.joinpath("config.json").write_text(json.dumps({"printer": choice}), encoding="utf-8")
        self.tools = SlipAndReportPrinter(self.desk, lambda: datetime.now(UTC), self._tell)
        self.played = self._listened_player()
        self.display = self._started("--db", str(folder / "hall.sqlite"), "display", "--kept")

    def ask(self, name: str = "") -> Ask:
        return Ask(actor_of_station(name) if name else CONSOLE, datetime.now(UTC))

    def _tell(self, cause: str | None) -> None:
        devices.record_device_state(self.desk, self.ask("guide"), PRINTER, "guide", cause)

    def start_printer(self) -> subprocess.Popen[str]:
        """Plug the printer in; after a kill it prints on, at the same place, into a folder of its own."""
        into = self.slips / f"{len(list(self.slips.glob('*'))) + 1:02}"
        words = (str(into), "--port", str(self._port))
        line = [sys.executable, "-m", "tests.printing.virtual_printer", *words]
        printer = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self._stack.callback(end, printer)
        self._port = int(printer.stdout.readline().rpartition(":")[2])
        return printer

    def _listened_player(self) -> Path:
        """Put a player before the system's that keeps each sound, named by its time, before it plays it."""
        played, programs = self.folder / "played", self.folder / "bin"
        played.mkdir()
        programs.mkdir()
        paplay = programs / "paplay"
        words = f'for sound; do :; done\ncp "$sound" "{played}/$(date +%s%N).wav"\nexec {shutil.which("paplay")} "$@"\n'
        paplay.write_text(f"#!/bin/sh\n{words}", encoding="utf-8")
        paplay.chmod(0o755)
        patch = self._stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("PATH", str(programs), prepend=os.pathsep)
        return played

    def _started(self, *words: str) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context(self.folder.joinpath("display.log").open("wb"))
        one = subprocess.Popen([sys.executable, "-m", "queuedesk", *words], stdout=log, stderr=log, cwd=ROOT)
        self._stack.callback(end, one)
        return one

    # -- processes behind the display --
    def screen(self) -> int | None:
        """Return the process that draws, None while there is none."""
        return next((pid for pid in descendants(self.display.pid) if " display" in command_line(pid)), None)

    def behind(self, word: str) -> int | None:
        """Return the process behind the display whose command line has `word` in it."""
        screen = self.screen()
        return next((pid for pid in descendants(screen) if word in command_line(pid)), None) if screen else None

    # -- what is known of a call --
    def announced(self, seq: int) -> AnnouncementReport | None:
        rows = announcing.announcement_reports_of_call(self.desk, seq)
        return rows[0] if rows else None

    def wait_for_call(self, seq: int) -> AnnouncementReport:
        """Return what became of a call once it was shown, and said or given up."""

        def known() -> AnnouncementReport | None:
            row = self.announced(seq)
            return row if row and row.shown and (row.spoken or row.is_silent) else None

        return until(known, f"call {seq} to be announced")


class Day:
    """The customers of the run, one after another."""

    def __init__(self, equipment: Equipment, calls: int, began: float) -> None:
        """`began` is when the recording did."""
        self.equipment, self.calls = equipment, calls
        self.done = Done()
        self.labels: list[str] = []
        self.made: list[tuple[Event, AnnouncementReport]] = []
        self.unprinted: list[str] = []
        self.began = began
        self.spoken_s: dict[int, float] = {}

    def run(self) -> Done:
        """Serve everybody, killing one thing after another on the way."""
        kills = [(self._kill_engine, self._kill_printer), (self._freeze_engine, self._plug_in)]
        kills += [(self._kill_player,), (self._kill_display,)]
        turns = {self.calls * n // (len(kills) + 1): together for n, together in enumerate(kills, 1)}
        until(self.equipment.screen, "the display")
        until(lambda: self._device("display") == "up", "the display to report")
        for n in range(self.calls):
            begun = [kill() for kill in turns.get(n, ())]
            self._serve(n, during=begun[0] if begun else None)
        self._reprint()
        return self.done

    def _serve(self, n: int, during: Callable[[], None] | None) -> None:
        desk, window = self.equipment.desk, WINDOWS[n % 2]
        label = str(issuing.issue_ticket(desk, self.equipment.ask(), "A")["ticket"])
        self.labels.append(label)
        answer = self.equipment.tools.print_ticket(self.equipment.day, label)
        if not answer["printed"]:
            self.unprinted.append(label)
            self.done.told += answer["error"] is not None
        calling.call_ticket(desk, self.equipment.ask(), window)
        event = next(e for e in reversed(looking.events_after(desk, 0)) if e.kind == "call")
        if during is not None:
            during()
        row = self.equipment.wait_for_call(event.seq)
        self.spoken_s[event.seq] = time.time()
        self.made.append((event, row))
        calling.start_serving(desk, self.equipment.ask(), window)
        calling.finish_service(desk, self.equipment.ask(), window)

    def _reprint(self) -> None:
        for label in self.unprinted:
            answer = self.equipment.tools.print_ticket(self.equipment.day, label, reprint=True)
            if not answer["printed"]:
                self.done.lost.append(f"{label} could not be printed again")

    def _device(self, kind: str) -> str | None:
        return next((row["state"] for row in devices.device_rows(self.equipment.desk) if row["device"] == kind), None)

    # -- what is killed --
    def _signal(self, word: str, number: signal.Signals) -> None:
        os.kill(until(lambda: self.equipment.behind(word), word), number)

    def _kill_engine(self) -> None:
        self._signal("voice.process", signal.SIGKILL)

    def _freeze_engine(self) -> None:
        self._signal("voice.process", signal.SIGSTOP)

    def _kill_player(self) -> Callable[[], None]:
        played = self.equipment.played
        before = set(played.iterdir())

        def kill() -> None:
            until(lambda: set(played.iterdir()) - before, "a sound")
            self._signal(PLAYER, signal.SIGKILL)

        return kill

    def _kill_printer(self) -> None:
        end(self.equipment.printer, signal.SIGKILL)

    def _plug_in(self) -> None:
        self.equipment.printer = self.equipment.start_printer()

    def _kill_display(self) -> Callable[[], None]:
        before = until(self.equipment.screen, "the display")

        def kill() -> None:
            os.kill(before, signal.SIGKILL)
            with Stopwatch() as took:
                until(lambda: self.equipment.screen() not in (None, before), "the display to come back")
            self.done.display_back_s = took.s
            assert took.s < BACK_WITHIN_S

        return kill


def descendants(pid: int) -> Iterator[int]:
    threads = [int(one.name) for one in Path(f"/proc/{pid}/task").glob("*")]
    for thread in threads:
        try:
            born = Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
        except OSError:
            continue
        for child in map(int, born):
            yield child
            yield from descendants(child)


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def end(process: subprocess.Popen[Any], how: signal.Signals = signal.SIGTERM) -> None:
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


def check_paper(day: Day, folder: Path) -> None:
    """Every number came out of the printer in the order of giving, but for those that had to wait for it."""
    done = day.done
    labels = [label_of(slip) for part in sorted(folder.glob("*")) for slip in sorted(part.glob("*.png"))]
    done.printed = len(labels)
    at_once = [label for label in day.labels if label not in day.unprinted]
    if labels != at_once + day.unprinted:
        done.lost.append(f"printed {labels}, given out {day.labels}, without a printer {day.unprinted}")
    if done.told != len(day.unprinted):
        done.lost.append(f"{len(day.unprinted)} slips failed, {done.told} were told")


def label_of(slip: Path) -> str:
    with Image.open(slip) as picture:
        found = zxingcpp.read_barcode(picture.convert("L"))
    return found.text.split()[3] if found else f"no code on {slip.name}"


def check_sound(day: Day, heard: Samples, played: Path) -> None:
    """Every call that counts as said was heard as it was played, in order, and not its neighbour's number."""
    done = day.done
    sounds = {int(file.stem) / 1e9: file for file in played.glob("*.wav")}
    own_sounds: dict[int, Samples] = {}
    before = 0.0
    for event, row in day.made:
        done.calls += 1
        done.shown += row.shown is not None
        if row.link is None or row.is_silent or row.spoken is None:
            done.silent += 1
            continue
        done.said += 1
        done.links[row.link] = done.links.get(row.link, 0) + 1
        # A call that was said again had its last sound to the end.
        latest = max(moment for moment in sounds if before <= moment < day.spoken_s[event.seq])
        own_sounds[event.seq] = sound.read_wav(sounds[latest])
        before = day.spoken_s[event.seq]
    ended_s = 0.0
    said = [(event, own_sounds[event.seq]) for event, _row in day.made if event.seq in own_sounds]
    for at, (event, own) in enumerate(said):
        neighbour, other_sound = said[at + 1 if at + 1 < len(said) else at - 1]
        end_s = day.spoken_s[event.seq] - day.began
        first_s = max(0.0, end_s - len(own) / RATE_HZ - AROUND_S)
        part = heard[int(first_s * RATE_HZ) : int((end_s + AROUND_S) * RATE_HZ)]
        alike = likeness(own, part)
        likest, place = float(alike.max()), int(alike.argmax())
        other = float(likeness(other_sound, part[_near(place, own, part)]).max())
        done.worst_own, done.worst_other = min(done.worst_own, likest), max(done.worst_other, other)
        if likest < SAME:
            done.lost.append(f"{event.ticket} counts as said; heard only to {likest:.2f}")
        elif other >= OTHER:
            done.lost.append(f"{event.ticket} can't be told from {neighbour.ticket}: {other:.2f}")
        elif first_s + place / RATE_HZ < ended_s - OVERLAP_S:
            done.lost.append(f"{event.ticket} was heard before the end of the call before it")
        ended_s = first_s + (place + len(own)) / RATE_HZ


def _near(at: int, own: Samples, part: Samples) -> slice:
    """Return the place of a call with half a second on either side: its neighbour's own place is not in it."""
    room = RATE_HZ // 2
    return slice(max(0, int(at) - room), min(len(part), int(at) + len(own) + room))


def check_report(day: Day, hall: Path, folder: Path) -> None:
    """Every outage stands in the day's report with its cause."""
    file = folder / "day.json"
    words = ["--db", str(hall), "report", "day", "--out", str(file)]
    with redirect_stdout(io.StringIO()) as said:
        status = command.run_command_line(words, openers={}, clock=pc_clock, services=command_services())
    assert status == 0, said.getvalue()
    devices = json.loads(file.read_text(encoding="utf-8"))["measures"]["devices"]
    day.done.outages = [(row["device"], one["cause"]) for row in devices for one in row["outages"]]


def run(folder: Path, calls: int) -> Done:
    runtime = folder / "runtime"
    runtime.mkdir()
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        _drawing = QApplication.instance() or QApplication([])  # slips are drawn in this process
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            patch.setenv(name, str(folder / "config"))
        wall = Wall()
        stack.callback(wall.stop)
        for name, value in wall.environment.items():
            patch.setenv(name, value)
        stack.enter_context(sound_card(runtime))
        recording = Recording("hall")
        stopped = False
        try:
            began = time.time()
            day = Day(Equipment(folder, stack), calls, began)
            day.run()
            heard = recording.end()
            stopped = True
        finally:
            if not stopped:
                recording.end()
        check_sound(day, heard, day.equipment.played)
        check_paper(day, day.equipment.slips)
        check_report(day, folder / "hall.sqlite", folder)
        day.equipment.desk.db.dispose()
        return day.done


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="keep everything there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as throw_away:
        began = time.monotonic()
        done = run(asked.folder or Path(throw_away), asked.calls)
    took = f"{done.calls} calls in {time.monotonic() - began:.0f} s"
    print(f"{took}: {done.shown} shown, {done.said} said, {done.silent} silent and told; spoken by {done.links}")
    print(f"heard at least to {done.worst_own:.3f}, a neighbour at most to {done.worst_other:.3f}")
    print(f"{done.printed} slips in order, {done.told} of them told first and printed afterwards")
    print(f"display back after {done.display_back_s:.1f} s; outages in the report: {done.outages}")
    for what in done.lost:
        print("LOST:", what)
    return 1 if done.lost else 0


if __name__ == "__main__":
    sys.exit(main())
