"""Stations as processes: opened by the command line's words with what they need and no more, kept, refused, and ended
with what belongs to them.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer

from queuedesk import i18n
from queuedesk.app.station.launch import require_screen_or_offscreen, station_openers
from queuedesk.app.station.processes import LEAVES_TOO, call_when_opener_exits
from queuedesk.app.station.station_process import (
    HallMoveWatcher,
    _show_repair_offer_on_page,
    is_screen_server_answering,
)
from queuedesk.cli.stations import StationRequest
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking, setting_up
from queuedesk.desk.upkeep import maintenance
from queuedesk.stations.window.away import UnavailablePage
from queuedesk.stations.window.context import HallFeed, InlineTasks
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep import exchange
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.credentials import shared
from tests.hall import ADMIN, CONSOLE, Hall, at, hall_of_today, make_hall, simple_hall
from tests.networks import free_port
from tests.processes import Loaded, anew, at_home, is_alive
from tests.relay import relay

ROOT = Path(__file__).resolve().parents[3]
# Opens one station, says its process id and waits to be killed.
OPENER = """
import sys, time
from queuedesk.app.station.processes import start_station_process
print(start_station_process(["--db", sys.argv[1], "display"]).pid, flush=True)
time.sleep(120)
"""


@pytest.mark.journey
def test_a_station_ends_when_the_one_who_opened_it_is_killed(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    env, line = at_home(tmp_path, QT_QPA_PLATFORM="offscreen"), [sys.executable, "-c", OPENER, str(hall.path)]
    with subprocess.Popen(line, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as opener:
        station = int(opener.stdout.readline())
        os.kill(station, 0)  # it runs
        opener.kill()
        # The station has the pipe too: this comes back only when both have gone.
        opener.communicate(timeout=PATIENCE_S)
        assert opener.returncode != 0
    assert LEAVES_TOO not in os.environ


def test_without_a_line_an_empty_input_means_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LEAVES_TOO, raising=False)
    told: list[bool] = []
    call_when_opener_exits(lambda: told.append(True))
    assert told == []
    assert not [one for one in threading.enumerate() if one.name == "company"]


STATIONS = all_stations()
AT = "2026-11-20T10:42:00+08:00"
NOT_ON_IT = (
    *("numpy", "PIL", "reportlab", "xlsxwriter", "pypinyin", "alembic", "qrcode", "pypdfium2", "http.client"),
    *("psycopg", "sqlalchemy.orm", "PySide6.QtNetwork", "queuedesk.sim.player", "queuedesk.reports.figures.period"),
    *("queuedesk.app.services.pictures", "queuedesk.app.services.speaking", "queuedesk.stations.display.view"),
    *(f"queuedesk.stations.manager.figures.{name}" for name in ("figures_page", "drilldown_page")),
    *(f"queuedesk.stations.manager.network.{name}" for name in ("backups_page", "sharing_page")),
    "queuedesk.stations.manager.today.notices_page",
    *(f"queuedesk.stations.manager.{name}" for name in ("parts.intake", "tickets.tickets_page", "setup_frame.page")),
    *(f"queuedesk.features.{name}.pages" for name in ("paper_days", "equipment")),
    *(f"queuedesk.features.{name}" for name in ("appointments.pages.acts", "lobby.pages.board")),
    *("queuedesk.features.staff.pages.today_page", "queuedesk.features.staff.rules.person_sheet"),
)
OFFICE = (
    *("core.figures.halls", "core.figures.measures.document", "features.why_come.rules", "features.channels.verbs"),
    *("features.channels.words", "features.table_check.rules.audit", "features.lobby.rules.move_search"),
    *("features.halls.verbs", "features.staff.verbs", "features.staff.words", "desk.setting_up"),
    *("printing.system_printer", "printing.slip_painter", "printing.slip_layout"),
)
"""What no station but a manager's needs before somebody asks for it."""
KINDS = ("QGraphicsView", "QWizard", "QTextEdit", "QFileDialog")
"""Of what PySide6 loads with every other class where it is to name a widget that Qt has made, as drawing a picture of a
list does, and a filter of the whole application."""


def test_a_first_frame_waits_for_nothing_that_is_not_on_it_and_a_picture_of_it_writes_nothing(tmp_path):
    """One process draws station after station; what is not there, or for nobody, is refused: no hall without Qt."""
    hall = make_hall(tmp_path)
    before = len(looking.events_after(hall.desk, 0))
    told = """
import json, sys
from queuedesk.app.main import main

for words, later in json.loads(sys.argv[1]):
    status = main(words)
    seen = [name for name in later if name in sys.modules]
    from PySide6 import QtWidgets
    print(status, [*seen, *(name for name in later if name in vars(QtWidgets))])
"""
    elsewhere = [*NOT_ON_IT, *(f"queuedesk.{name}" for name in OFFICE)]
    stations = (
        (["--db", str(tmp_path / "none.sqlite"), "--lang", "en", "display"], ["PySide6"]),
        (["rating", "--window", "1", "--at", AT], [*elsewhere, *KINDS]),
        (["counter", "--window", "1", "--at", AT], [*elsewhere, *KINDS]),
        (["--as", "G1", "guide", "--at", AT], elsewhere),
        (["--as", "M1", "manager", "--at", AT], NOT_ON_IT),
        (["--lang", "en", "counter", "--window", "77"], ()),
        (["--lang", "en", "manager", "--page", "log"], ()),
    )
    pictures = [tmp_path / f"{n}.png" for n in range(len(stations))]
    lines = []
    for (words, later), picture in zip(stations, pictures, strict=True):
        lines.append((["--db", str(hall.path), *words, "--screenshot", str(picture), "--size", "1366x768"], later))
    done = anew("-c", told, json.dumps(lines), XDG_DATA_HOME=str(tmp_path))
    assert done.stdout.splitlines() == ["3 []", *["0 []"] * 4, "1 []", "1 []"]
    no_hall, *refused = done.stderr.splitlines()
    assert "There is no hall" in no_hall
    sign_in = "Please sign in first; on the command line name yourself with --as."
    assert refused == ["There is no window 77 in this hall.", sign_in]
    assert not any(pictures.pop(n).exists() for n in (6, 5, 0))
    for file in pictures:
        with Image.open(file) as picture:
            assert picture.size == (1366, 768), file
    assert len(looking.events_after(hall.desk, 0)) == before


AT_REST = (
    (("--as", "G1", "guide"), ()),
    *([(("--as", "G1", "lobby"), KINDS)] if "lobby" in STATIONS else []),
    *([(("kiosk",), ())] if "kiosk" in STATIONS else []),
    (("display",), ()),
    (("--as", "M1", "manager"), KINDS),
    (("counter", "--window", "2"), KINDS),
)
"""What opens each station, with what it must not hold beside what none may."""


def test_at_rest_a_station_holds_nothing_that_nobody_has_asked_for_and_ends_cleanly_by_a_signal(tmp_path):
    """Each in a process of its own, which begins with no more than any station loads."""
    hall = make_hall(tmp_path)
    hall.do("sign-in", "guide", "G1")
    hall.do("sign-in", "manager", "M1")
    hall.open("1", "C1")
    hall.queue("A")
    hall.call("1")
    told = """
import json, os, signal, sys
from pathlib import Path
from queuedesk.app.main import main
from queuedesk.app.station.launch import import_hall_modules
import_hall_modules()
from PySide6.QtCore import QTimer
from PySide6 import QtWidgets
from queuedesk.app.station.painting import new_application

NEVER = ("queuedesk.features.staff.rules.person_sheet", "numpy", "PIL", "pypinyin", "PySide6.QtPrintSupport", "http.client")

def rest(folder, number, words, unseen):
    os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = folder
    for name in ("out", "err"):
        os.dup2(os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT), 1 if name == "out" else 2)
    app = new_application()
    def end():
        if not any("started" in log.read_text() for log in Path(folder).rglob("*.log")):
            return QTimer.singleShot(5000, end)
        held = [*(name for name in NEVER if name in sys.modules), *(name for name in unseen if name in sys.modules or name in vars(QtWidgets))]
        print(held, flush=True)
        os.kill(os.getpid(), number)
    QTimer.singleShot(5000, end)
    sys.exit(main(words))

began = []
for line in json.loads(sys.argv[1]):
    began.append(os.fork())
    if not began[-1]:
        rest(*line)
print([os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) for one in began])
"""
    folders = [tmp_path / name for words, _unseen in AT_REST for name in words if name in STATIONS]
    signals = [number for _words in folders for number in (signal.SIGTERM, signal.SIGINT)]
    for folder in folders:
        folder.mkdir()
    lines = [
        [str(folder), number, ["--db", str(hall.path), *words], unseen]
        for folder, number, (words, unseen) in zip(folders, signals, AT_REST, strict=False)
    ]
    done = anew("-c", told, json.dumps(lines))
    said = {folder.name: [(folder / name).read_text() for name in ("out", "err")] for folder in folders}
    assert said == {folder.name: ["[]\n", ""] for folder in folders}
    assert (done.stdout, done.stderr) == (f"{[0] * len(AT_REST)}\n", "")
    for folder in folders:
        (log,) = folder.rglob("*.log")
        assert "ended" in log.read_text()


def test_until_a_page_is_seen_nothing_works_beside_it(tmp_path):
    """Neither of one where somebody signs in nor of one that works at once."""
    hall = make_hall(tmp_path)
    hall.clock.now = datetime.fromisoformat(AT)
    hall.do("sign-in", "guide", "G1")
    told = """
import os, sys, threading
from queuedesk.app.main import main
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from queuedesk.stations.window.first_frame import OpeningPage
from queuedesk.stations.window.frame import WindowPage

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, WindowPage) and type(watched) not in seen:
            seen.append(type(watched))
            is_first = isinstance(watched, OpeningPage)
            wrong = [name for name in sys.modules if name.startswith(READING if is_first else SPARED)]
            print("frame" if is_first else "page", wrong, threading.active_count(), flush=True)
            if not is_first:
                app.removeEventFilter(self)
                app.exit(0)
        return False

SPARED = ("queuedesk.desk.setting_up", "queuedesk.printing.system_printer", "queuedesk.stations.window.picture")
READING = ("sqlalchemy", "sqlite3", "queuedesk.desk.", "queuedesk.store.parts", "queuedesk.store.schema", "queuedesk.feed",
    "queuedesk.core.setup.rows", "queuedesk.core.log.state", "queuedesk.app.services", "queuedesk.printing", *SPARED)
seen = []
for words in (["--as", "G1", "guide"], ["guide", "--at", sys.argv[2]], ["lobby"]):
    if station := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(station, 0)[1]), flush=True)
        continue
    app = QApplication(["queuedesk"])
    watch = Watch()
    app.installEventFilter(watch)
    sys.exit(main(["--db", sys.argv[1], *words]))
"""
    done = anew("-c", told, hall.path, AT, XDG_DATA_HOME=str(tmp_path))
    seen = ["frame [] 1", "page [] 1", "0"]
    assert (done.stdout.splitlines(), done.stderr) == (seen * 3, "")


def test_a_station_that_the_hall_leaves_out_is_refused_in_one_sentence(tmp_path):
    hall = make_hall(tmp_path)
    setting_up.choose_features(hall.desk, hall.ask(ADMIN), off=["lobby"])
    done = anew("-m", "queuedesk", "--db", hall.path, "--lang", "en", "lobby", XDG_DATA_HOME=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "Lobby board" in done.stderr


def test_what_is_loaded_of_an_idle_station_and_of_figures_that_open():
    """Neither numbers for sounds nor what asks printers; nor what reads tables and what acts on cases."""
    told = """
import sys
from queuedesk.printing import spooler
from queuedesk.voice import announcer, sound

sound.can_this_pc_play_sounds()
print([name for name in ("numpy", "http.client") if name in sys.modules])
from queuedesk.stations.manager.figures import figures_controller, figures_page
later = ("features.table_check.rules.audit", "desk.improvement", "desk.quality.casework")
print([name for name in later if f"queuedesk.{name}" in sys.modules])
"""
    done = anew("-c", told)
    assert (done.stdout, done.stderr) == ("[]\n[]\n", "")


def test_what_is_looked_for_in_vain_are_modules_that_there_are():
    names = [name for name in [*NOT_ON_IT, *(f"queuedesk.{name}" for name in OFFICE)] if ".features." not in name]
    assert [name for name in names if find_spec(name) is None] == []


def test_every_station_has_its_opener_and_only_a_picture_needs_no_screen(monkeypatch):
    assert set(station_openers()) == {"home", "this-pc", "try-it", *STATIONS}
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(OutsideError, match="no_screen"):
        require_screen_or_offscreen(StationRequest(name="guide"))
    require_screen_or_offscreen(StationRequest(name="guide", screenshot="guide.png"))
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


@pytest.mark.waits
@pytest.mark.usefixtures("waiting")
def test_a_station_that_starts_before_its_server_opens_by_itself(tmp_path, shared_url):
    with shared(shared_url, since=datetime.now(UTC)) as there:
        parts = urlsplit(there.pc(PcKind.PUBLIC))
        port = free_port()
        with socket.create_server(("127.0.0.1", port)) as door:
            door.settimeout(PATIENCE_S)
            way = urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}"))
            station = Loaded(["-m", "queuedesk", "display"], at_home(tmp_path, QUEUEDESK_DB=way))
            for _ in range(2):  # the second time the station has its window
                door.accept()[0].close()
        try:
            with relay(urlunsplit(parts), port=port):
                log = partial(looking.events_after, there.hall().desk, 0)
                until(lambda: any(event.actor.startswith("station:display@") for event in log()))
                assert station.poll() is None
                station.terminate()
                assert station.wait(PATIENCE_S) == 0
        finally:
            station.kill()
            station.communicate()


BACK_WITHIN_S = 2.0
# A keeper as the program runs it, but quicker to lose its patience; what it keeps is the same program.
KEEPER = """
import sys
from queuedesk.app.station import station_process as keeper
patience = keeper.WatchdogTimeouts(hung=4, opening=30, longest=3, well=60, farewell=15)
sys.exit(keeper.StationWatchdog(sys.argv[2:], sys.argv[1], patience).keep_running_and_give_exit_status())
"""

# The same keeper, of a station whose window is closed while something else of it waits for ever.
CLOSED = """
import sys, time
from PySide6.QtCore import QTimer
from queuedesk.app.station import wiring
start = wiring.Station.start
def closed_soon(self):
    start(self)
    self._stops.append(lambda: time.sleep(600))
    QTimer.singleShot(500, self.window, self.window.close_without_asking)
wiring.Station.start = closed_soon
from queuedesk.__main__ import main
sys.exit(main())
"""
CLOSED_BUT_THERE = KEEPER.replace(
    "patience =", f"keeper.processes.program_command = lambda: [sys.executable, '-c', {CLOSED!r}]\npatience ="
)


class Kept:
    """A keeper's process. `starts` are the process numbers of its stations so far, from its log."""

    def __init__(self, home: Path, *words: str, script: str | None = None, stdout: int | None = None) -> None:
        start = [sys.executable, "-c", script, "station"] if script else [sys.executable, "-m", "queuedesk"]
        line, env = [*start, *words], at_home(home, QT_QPA_PLATFORM="offscreen")
        pipes = {"stdin": subprocess.DEVNULL, "stdout": stdout, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen(line, env=env, encoding="utf-8", **pipes)
        self._log = home / "queuedesk" / "log"

    @property
    def told(self) -> list[str]:
        logs = sorted(self._log.glob("*.keeper.log"))
        return [line for file in logs for line in file.read_text("utf-8").splitlines()]

    @property
    def starts(self) -> list[int]:
        return [int(line.split("process ")[1].split()[0]) for line in self.told if " started" in line]

    @property
    def moments(self) -> list[datetime]:
        length = len("2026-01-01 00:00:00,000")
        return [datetime.fromisoformat(line[:length]) for line in self.told if " started" in line]

    def after(self, n: int) -> int:
        until(lambda: len(self.starts) >= n)
        return self.starts[n - 1]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.communicate(timeout=PATIENCE_S)
        finally:
            self.process.kill()
            for station in self.starts:
                if is_alive(station):
                    os.kill(station, signal.SIGKILL)


def causes(hall: Hall) -> list[tuple[str, str | None]]:
    return [(e.data["state"], e.data["cause"]) for e in looking.events_after(hall.desk, 0) if e.kind == "device"]


def hall_without_reports(folder: Path) -> Hall:
    """Return a hall none of whose stations starts a process that writes reports."""
    return hall_of_today(folder, settings={"reports": "off"})


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return hall_without_reports(tmp_path)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Callable[..., Kept]]:
    running: list[Kept] = []

    def start(*words: str, **how: Any) -> Kept:
        running.append(Kept(tmp_path, *words, **how))
        return running[-1]

    yield start
    for each in running:
        each.end()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kept, Kept]]:
    """Return keepers, of a station that can't live and one that was closed and does not end; both only wait."""
    folder = tmp_path_factory.mktemp("closed")
    hall = hall_without_reports(folder)
    dying = Kept(tmp_path_factory.mktemp("dying"), "no-such-station", script=KEEPER)
    closed = Kept(folder, "--db", str(hall.path), "rating", "--window", "1", script=CLOSED_BUT_THERE)
    yield dying, closed
    for each in (dying, closed):
        each.end()
    hall.desk.db.dispose()


@pytest.mark.journey
@pytest.mark.usefixtures("waiting")
def test_a_display_that_is_killed_told_to_end_by_a_signal_of_its_own_or_hangs_comes_back(hall, kept):
    """The log says why it was down; ended by a signal to who keeps it, it stays ended, cleanly."""
    one = kept("--db", str(hall.path), "display", script=KEEPER)
    first = one.after(1)
    until(lambda: causes(hall) == [("up", None)])
    os.kill(first, signal.SIGKILL)
    with Stopwatch() as took:
        second = one.after(2)
    until(lambda: causes(hall)[1:] == [("down", "crashed"), ("up", None)])
    assert took.s < BACK_WITHIN_S
    time.sleep(5)
    assert one.starts == [first, second], "what answers is left alone"
    os.kill(second, signal.SIGTERM)
    third = one.after(3)
    until(lambda: causes(hall)[3:] == [("down", "stopped"), ("up", None)])
    os.kill(third, signal.SIGSTOP)
    fourth = one.after(4)
    until(lambda: len(causes(hall)) == 7)
    assert causes(hall)[5:] == [("down", "hung"), ("up", None)]
    one.process.terminate()
    assert one.process.wait(PATIENCE_S) == 0
    assert [station for station in (first, second, third, fourth) if is_alive(station)] == []
    assert causes(hall)[7:] == [("down", "stopped")]


# A station that was closed on purpose and said much before, also what begins as its signs do and is none.
LAST_WORDS = "import os; os.write(1, b'\\x1eof nobody\\n' + b'a word\\n' * 12_000 + b'\\x1edone 0\\n')"
TALKATIVE = KEEPER.replace(
    "patience =", f"keeper.processes.program_command = lambda: [sys.executable, '-c', {LAST_WORDS!r}]\npatience ="
)


@pytest.mark.waits
def test_a_station_whose_last_word_is_heard_late_was_closed_all_the_same(kept):
    """The keeper reads on only when its own reader does."""
    one = kept("none", script=TALKATIVE, stdout=subprocess.PIPE)
    first = one.after(1)
    until(lambda: not is_alive(first))
    time.sleep(1)
    said, _trouble = one.process.communicate(timeout=PATIENCE_S)
    assert (one.process.returncode, one.starts) == (0, [first])
    assert said == "\x1eof nobody\n" + "a word\n" * 12_000


@pytest.mark.journey
def test_a_refused_station_is_not_tried_again(hall, kept):
    one = kept("--db", str(hall.path), "--lang", "en", "rating", "--window", "99", "--kept")
    _out, said = one.process.communicate(timeout=PATIENCE_S)
    assert (one.process.returncode, len(one.starts)) == (1, 1)
    assert "There is no window 99" in said


@pytest.mark.journey
def test_a_station_that_was_closed_and_does_not_end_is_not_opened_again(waiting):
    """A slow printer, or a folder on a server that is away, can hold a process back long after its window."""
    _dying, one = waiting
    assert one.process.wait(PATIENCE_S) == 0
    (first,) = one.starts
    assert not is_alive(first)


@pytest.mark.journey
def test_a_station_that_dies_at_once_is_given_longer_and_longer_pauses(waiting):
    """A word that is none ends the process with 2, as a broken installation would, and nobody did that on purpose."""
    one, _closed = waiting
    one.after(4)
    one.process.send_signal(signal.SIGINT)
    assert one.process.wait(PATIENCE_S) == 0
    pauses_s = [(later - before).total_seconds() for before, later in pairwise(one.moments[:4])]
    assert [pause_s > least_s for pause_s, least_s in zip(pauses_s, (0.5, 1, 2), strict=True)] == [True] * 3


def test_a_screen_server_that_is_gone_is_seen(tmp_path):
    place = tmp_path / "wayland-7"
    desktop = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-7"}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        assert is_screen_server_answering(desktop)
    assert not is_screen_server_answering(desktop)
    assert not is_screen_server_answering({"DISPLAY": ":7919"})
    assert is_screen_server_answering({"DISPLAY": "far.example:0"}), "nobody can tell"
    assert is_screen_server_answering({"DISPLAY": ":7919", "QT_QPA_PLATFORM": "offscreen"})


SERVER = "postgresql://qd@127.0.0.1:7432/queuedesk"


@pytest.fixture
def simple(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


@pytest.fixture
def feed(simple: Hall, qapp: object) -> Iterator[HallFeed]:
    found = HallFeed(simple.desk, simple.clock)
    yield found
    found.stop()


def test_it_is_opened_where_it_moved_once_this_pc_knows_where_and_nobody_is_owed_an_answer(feed, simple, qtbot):
    """Before it is said to be away, and not while it is there."""
    asked, owes = [str(simple.path)], [True]
    elsewhere = HallMoveWatcher(feed, str(simple.path), lambda: asked[-1], feed, owes=lambda: owes[-1])
    elsewhere.findChild(QTimer).setInterval(1)
    feed.note_hall_unreachable(OutsideError("database_away", path=str(simple.path)))
    feed.note_hall_reachable()
    qtbot.wait(20)
    assert not elsewhere.is_wanted
    with qtbot.assertNotEmitted(feed.away):
        feed.note_hall_unreachable(OutsideError("hall_moved", to=SERVER))
        qtbot.wait(20)
        asked.append(SERVER)
        qtbot.wait(20)
        assert not elsewhere.is_wanted
        with qtbot.waitSignal(elsewhere.wanted):
            owes.append(False)
        assert elsewhere.is_wanted


def test_a_file_whose_hall_moved_is_told_and_kept_on_the_screen(feed, simple, qtbot):
    simple.issue("A")
    feed.start()
    qtbot.waitUntil(lambda: len(feed.state.tickets) == 1)
    with qtbot.waitSignal(feed.moved), simple.desk.db.write() as tx:
        exchange.set_or_clear_database_new_address(tx, SERVER)
    assert feed.away_since is None, "what is pressed meanwhile is done where the hall is"
    simple.clock.move(minutes=1)
    waiting = feed.findChild(QTimer)
    assert waiting.isActive()
    waiting.setInterval(1)
    qtbot.waitSignal(feed.away).wait()
    assert (feed.trouble.code, feed.trouble.details["to"]) == ("hall_moved", SERVER)
    assert len(feed.state.tickets) == 1
    assert feed.away_since == at("9:00")


def sorry(qtbot: Any, simple: Hall, *, leads_home: bool = True) -> UnavailablePage:
    i18n.choose_language("en")
    trouble = OutsideError("database_damaged", path=str(simple.path))
    page = UnavailablePage(Look(), trouble, retries=True, leads_home=leads_home)
    qtbot.addWidget(page)
    program: Any = SimpleNamespace(request=SimpleNamespace(db=str(simple.path), hall=None), clock=simple.clock)
    _show_repair_offer_on_page(program, page, InlineTasks())  # type: ignore[arg-type]
    page.show()
    return page


PROMISED_S, READING_S = 1.5, 300

STATION = f"""
import sys, threading, time
from PySide6.QtCore import QTimer
from queuedesk.app.station import station_process
from queuedesk.app.main import main
from tests.bounded import Stopwatch

closing, gone = Stopwatch(), threading.Event()
build = station_process.open_hall_and_build_station

def say(*words):
    print(time.monotonic(), *words, flush=True)

def promised():
    gone.wait()
    time.sleep({PROMISED_S})
    say("promised")

def built(*given, **named):
    station = build(*given, **named)
    window, lanes = station.window, station.context.tasks

    def hidden(event):
        say("hidden", closing.s < 0.3)
        type(window).hideEvent(window, event)
        gone.set()

    def work():
        lanes.run_in_long_work_lane(promised, print, print)
        lanes.run_in_side_lane(lambda: time.sleep({READING_S}), print, print, may_drop=True)
        QTimer.singleShot(300, close)

    def close():
        say("closing")
        closing.__enter__()
        window.close_without_asking()

    window.hideEvent = hidden
    QTimer.singleShot(300, work)
    return station

station_process.open_hall_and_build_station = built
sys.exit(main())
"""


@pytest.mark.waits
def test_the_window_goes_at_once_and_what_was_promised_is_done(tmp_path):
    hall = make_hall(tmp_path)
    program = Loaded(["-c", STATION, "--db", hall.path, "guide"], at_home(tmp_path, QT_QPA_PLATFORM="offscreen"))
    try:
        out, err = program.communicate(timeout=PATIENCE_S)
        ended = time.monotonic()
    finally:
        program.kill()
        program.wait()
    said = {words: float(when) for when, _blank, words in (line.partition(" ") for line in out.splitlines())}
    assert (program.returncode, err) == (0, "")
    assert list(said) == ["closing", "hidden True", "promised"]
    assert ended - said["promised"] < 30


@pytest.mark.parametrize("has_backup", [True, False])
def test_it_says_what_it_would_do_and_does_it_where_a_backup_was_found(qtbot, simple, has_backup):
    """Neither a screen of customers nor another trouble offers it."""
    simple.queue("A")

    def press() -> str:
        qtbot.mouseClick(page.mend_button, Qt.MouseButton.LeftButton)
        return page.second.text()

    path, file = simple.path, simple.path.parent / "backups" / "b.zip"
    if has_backup:
        file.parent.mkdir()
        maintenance.write_database_backup(simple.desk.db, CONSOLE, file, simple.clock())
    simple.desk.db.dispose()
    path.write_bytes(b"spoilt")
    assert not sorry(qtbot, simple, leads_home=False).mend_button.isVisible()
    page = sorry(qtbot, simple)
    assert page.mend_button.text() == "See what can be repaired"
    assert (str(file) if has_backup else f"No backup of {path} is beside it") in press()
    assert path.read_bytes() == b"spoilt"
    if has_backup:
        assert page.mend_button.text() == "Repair it"
        assert "Done." in press()
        Database.open(path).dispose()
    assert not page.mend_button.isVisible()
    other = sorry(qtbot, simple)
    assert other.mend_button.isVisible()
    other.show_trouble(OutsideError("database_away", path="hall.sqlite"))
    assert not other.mend_button.isVisible()
