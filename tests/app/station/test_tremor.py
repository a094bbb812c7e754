"""At a station as the program opens it a tremor acts once, wherever the pointer is."""

from tests.hall import make_hall
from tests.processes import ran

AT = "2026-11-20T10:42:00+08:00"


def test_a_tremor_on_a_button_a_row_and_the_ribbon_acts_once_and_a_slow_second_press_again(tmp_path):
    hall = make_hall(tmp_path)
    hall.do("sign-in", "manager", "M1")
    hall.open("1", "C1")
    hall.queue("A")
    hall.queue("A")
    hall.call("1")
    told = """
import sys
from functools import partial
from queuedesk.app.main import main
from queuedesk.app.station import program
from queuedesk.app.station.launch import import_hall_modules
from queuedesk.app.station.painting import new_application

import_hall_modules()
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from queuedesk.stations.manager.pages import TICKETS, TODAY
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.charts.chart_view import DayRibbonView
from queuedesk.stations.widgets.lists.lists import TicketList
from queuedesk.stations.widgets.questions.dialogs import REPEAT_MS, RepeatedPressFilter

app = new_application()
now_ms = 0
program.RepeatedPressFilter = partial(RepeatedPressFilter, now_ms=lambda: now_ms)

def shown(kind):
    return next((one for one in app.allWidgets() if isinstance(one, kind) and one.isVisible()), None)

def pressed(name, widget, place, signal):
    global now_ms
    window, acts = shown(ManagerView).window(), []
    signal.connect(lambda *_: acts.append(name))
    handle, at = window.windowHandle(), widget.mapTo(window, place)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseDClick(handle, left, none, at)
    QTest.mouseClick(handle, left, none, at)
    quick = len(acts)
    now_ms += REPEAT_MS
    QTest.mouseClick(handle, left, none, at)
    print(name, quick, len(acts), flush=True)

def go():
    view = shown(ManagerView)
    if view is None or app.findChild(RepeatedPressFilter) is None or not shown(DayRibbonView) or not shown(DayRibbonView).strokes.names:
        return
    wait.stop()
    entry = next(one for one in app.allWidgets() if isinstance(one, PaintedButton) and one.objectName() == TODAY)
    pressed("button", entry, entry.rect().center(), entry.clicked)
    ribbon = shown(DayRibbonView)
    ribbon.picked.disconnect()  # It would open the ticket's story over itself.
    stroke = ribbon.up_to_date_layout().bounds_of_ticket(ribbon.strokes.names[0])
    pressed("ribbon", ribbon.viewport(), QPoint(round(stroke.left) + 3, round(stroke.top + stroke.height / 2)), ribbon.picked)
    view.open_page(TICKETS)
    rows.start(20)

def go_on():
    tickets = shown(TicketList)
    if tickets is None or not tickets.tickets.rowCount():
        return
    rows.stop()
    row = tickets.visualRect(tickets.tickets.index(0))
    pressed("row", tickets.viewport(), row.center(), tickets.chosen)
    app.exit(0)

wait, rows = QTimer(), QTimer()
wait.timeout.connect(go)
rows.timeout.connect(go_on)
wait.start(20)
sys.exit(main(sys.argv[1:]))
"""
    own = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = ran("-c", told, "--db", hall.path, "manager", "--at", AT, **own)
    assert (done.stdout.split("\n"), done.stderr) == (["button 1 2", "ribbon 1 2", "row 1 2", ""], "")
