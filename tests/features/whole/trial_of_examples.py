"""Tries the examples of the contributors' page in a copy that has them: see test_contributing.py."""

import json
from pathlib import Path

from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.app.main import command_services
from queuedesk.cli import main
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.setup.presets import PRESETS
from queuedesk.desk import setting_up
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.desk.queue import issuing
from queuedesk.features.deliveries.verbs import deliveries, note_delivery
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.i18n.queue.event_words import event_title
from queuedesk.reports.figures.period import read_day_report
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.parts.page_controller import ReportMaker
from queuedesk.stations.manager.setup_frame.draft import SetUpController
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.manager.today.day_acts import AlertNoticeAndNoteController
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.frame import LANGUAGE_NAMES
from queuedesk.stations.window.style import Look
from tests.hall import MANAGER, Hall, clerk, make_hall


def event(hall: Hall) -> list[str]:
    setting_up.change_hall(hall.desk, hall.ask(), {"features": ["deliveries"]})
    noted = note_delivery(hall.desk, hall.ask(), " paper ")
    try:
        note_delivery(hall.desk, hall.ask(clerk("C1")), "ink")
    except RuleError as error:
        refused = error.code
    hall.must_follow_from_its_log()
    return [noted["text"], event_title("deliveries.came", "en"), event_title("deliveries.came", "zh_CN"), refused]


def ran(hall: Hall, *words: str) -> int:
    return main.run_command_line(["--db", str(hall.path), *words], {}, hall.clock, command_services())


def command(hall: Hall) -> list[object]:
    status = ran(hall, "--at", "9:05", "delivery", "note", "chairs")
    hall.must_follow_from_its_log()
    return [status, [one["text"] for one in deliveries(hall.desk)]]


def page(hall: Hall) -> list[str]:
    app = QApplication([])
    i18n.choose_language("en")
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    context = StationContext(hall.desk, feed, InlineTasks(), Look(), hall.clock, "manager", who=MANAGER)
    parts = (kind(context) for kind in (ManagerController, ReportMaker, SetUpController, AlertNoticeAndNoteController))
    view = ManagerView(context, *parts)
    view.stack.open_page("deliveries")
    view.stack.refresh(hall.clock())
    shown = view.stack.get_or_make_page("deliveries")
    named = {key: word for key, _icon, word in view.stack.entries()}
    texts = [named["deliveries"], "\n".join(row[0] for row in shown.table.rows.cell_texts_of_all_rows())]
    view.stop()
    feed.stop()
    app.processEvents()
    return texts


def field(hall: Hall) -> list[object]:
    done = [ran(hall, "service", "set", "A", f"deposit={typed}") for typed in ("20", "5000")]
    try:
        setting_up.change_row_fields(hall.desk, hall.ask(), "services", "A", {"deposit": 5000})
    except RuleError as error:
        refused = [i18n.error_sentence(error, lang) for lang in ("en", "zh_CN")]
    return [done, hall.whole().setup_now.services["A"].deposit, "Deposit" in refused[0], "押金" in refused[1]]


def figure(hall: Hall) -> list[object]:
    day = hall.date
    issuing.issue_ticket(hall.desk, hall.ask(Actor("station:kiosk", Role.STATION)), "A")
    issuing.issue_ticket(hall.desk, hall.ask(), "A")
    told = read_day_report(hall.desk, day, hall.clock()).figures["measures"]["self_service"]
    behind = tickets_behind_figure(hall.desk, "measures.self_service.by_service.A.n", day, day, hall.clock())
    title = figure_title("measures.self_service.rate", hall.whole().setup_now, "en")
    return [told["n"], told["of"], told["rate"], [row.ticket for row in behind.rows], title]


def preset() -> list[str]:
    return [list(PRESETS)[-2], make_hall(Path("preset"), kind="museum").whole().setup_now.hall.name]


def language() -> list[str]:
    i18n.choose_language("de")
    texts = [i18n.n_("{n} window", "{n} windows", 3), i18n._("Kind of hall"), i18n._("Equipment")]
    return [LANGUAGE_NAMES["de"], *texts]


if __name__ == "__main__":
    for folder in ("event", "preset"):
        Path(folder).mkdir()
    there = make_hall(Path("event"), time="9:00")
    tried = {"event": event(there), "command": command(there), "page": page(there)}
    tried |= {"field": field(there), "figure": figure(there), "preset": preset()}
    print(json.dumps({**tried, "language": language()}))
