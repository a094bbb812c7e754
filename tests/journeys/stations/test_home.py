"""A PC's first start: a hall is made by clicks, and home opens the front desk in a process of its own and closes it."""

import re
from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.bounded import until
from tests.every_day import walked_in
from tests.processes import ran

DRIVER = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from queuedesk.app.main import main
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.home.stations_view import RunningPage
from queuedesk.stations.home.stations_view import StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.widgets.questions.dialogs import REPEAT_MS
from tests.journeys.stations.once_open import once_open

app = QApplication(sys.argv[:1])

def page(kind):
    for _moment in range(5000):
        frames = [widget for widget in app.topLevelWidgets() if isinstance(widget, Frame) and widget.isVisible()]
        if frames and isinstance(frames[0].page, kind):
            return frames[0].page
        QTest.qWait(10)
    raise SystemExit(f"no {kind.__name__}")

def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    QTest.qWait(50)

def drive():
    wizard = page(WizardPage)
    click(wizard.cards["bank"])
    click(wizard.try_out)
    typed = {1: [(wizard.hall.fields["name"].edit, "Binjiang")]}
    for at in range(len(wizard.steps)):
        if wizard.steps[at] is wizard.people:
            typed[at] = [(wizard.people.edits["AD"], "Wang Fang"), (wizard.people.pins["AD"], "2468")]
        for edit, text in typed.get(at, []):
            QTest.keyClicks(edit, text)
        click(wizard.next_button)
        QTest.qWait(REPEAT_MS)
    stations = page(StationsPage)
    click(stations.cards["guide"])
    click(stations.enter_button)
    running = page(RunningPage)
    for _moment in range(10000):
        if running.rows[0].one.state == "running":
            break
        QTest.qWait(10)
    click(running.rows[0].close_button)
    page(StationsPage).window().close()

once_open(drive)
sys.exit(main(["--lang", sys.argv[1]]))
"""


@pytest.fixture
def pc(tmp_path, monkeypatch):
    """Return the data folder of a PC that never saw the program."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path / "queuedesk"


def wait_for_line(log: Path, pattern: str) -> re.Match[str]:
    """Wait until the log of another process says `pattern`."""

    def said() -> re.Match[str] | None:
        return re.search(pattern, log.read_text(encoding="utf-8")) if log.exists() else None

    found = until(said, f"{log} to say {pattern}")
    assert found is not None
    return found


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_the_first_start_leads_to_the_front_desk_and_back_home(pc, lang):
    home = ran("-c", DRIVER, lang)
    assert (home.returncode, home.stdout) == (0, ""), home.stderr

    guide = int(wait_for_line(pc / "log" / "guide.log", r"station guide .* started as process (\d+)")[1])
    wait_for_line(pc / "log" / "guide.log", f"station guide process {guide} ended")

    events = looking.events_after(Desk(Database.open(pc / "hall.sqlite"), 1), 0)
    assert [(event.seq, event.kind, event.actor) for event in events] == [
        (1, "set-up", "console"),
        (2, "set-up", "console"),
    ]
    setup = events[0].data["setup"]
    assert (setup["hall"]["code"], setup["services"][0]["hours"][0]["to"]) == ("BINJ", "24:00")
    assert '"station": "guide"' in (pc / "config.json").read_text(encoding="utf-8")
