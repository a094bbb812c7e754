"""Stations open through the command line's words; commands know nothing of Qt."""

import json
import os
import signal
import sys
from datetime import datetime
from importlib.util import find_spec

import pytest
from PIL import Image

from queuedesk.app.station.launch import require_screen_or_offscreen, station_openers
from queuedesk.cli.stations import StationRequest
from queuedesk.core.errors import OutsideError
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking, setting_up
from tests.hall import ADMIN, make_hall
from tests.processes import anew

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
