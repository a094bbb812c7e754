"""The clerk's own month from the counter's menu, while nobody is called; all that the counter shows is whole."""

from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.appraisal import HANDLING, SheetDispute
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import opening
from queuedesk.desk.talk import devices
from queuedesk.features.equipment.pages.checks import DeviceCheckController, EquipmentChecksDialog
from queuedesk.features.staff.pages.own_month import OwnWorkDialog
from queuedesk.features.staff.pages.own_texts import DAY, HISTORY, MONTH, TodaysVisitText, month_figures, visits_heading
from queuedesk.features.staff.pages.sheet_texts import OwnDisputeDialog
from queuedesk.features.staff.rules import own_work as own_rules
from queuedesk.features.staff.verbs import own_work
from queuedesk.i18n import _
from queuedesk.stations.counter.asking import PersonPickDialog
from queuedesk.stations.counter.questions import PauseDialog, TransferDialog
from queuedesk.stations.counter.scene import ClerkAct
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.frame import MenuEntry
from queuedesk.stations.window.style import Look
from tests.credentials import Shared
from tests.features.staff.test_sheets import FIRSTS, filled_month, rated
from tests.files.spreadsheets import must_print
from tests.hall import ADMIN, MANAGER, clerk
from tests.stations.counter.conftest import Page
from tests.stations.seen import Story
from tests.stations.shapes import Shape
from tests.stations.whole_words import ANYWHERE, Messages, Sights, typed_words


def entry(page: Page) -> MenuEntry:
    return next(one for one in page.view.menu_entries() if one.text == "My month")


def opened(page: Page) -> Any:
    entry(page).act()
    page.until(lambda: page.dialog is not None)
    return page.dialog


def test_the_own_month_is_read_while_nobody_is_called_and_space_leads_back(page: Page, story: Story):
    assert entry(page).enabled
    dialog = opened(page)
    story.tell("While nobody is called", dialog)
    assert dialog.chart.chart.empty  # six months without a sheet
    assert page.view.bar.visibleRegion().contains(page.view.bar.rect())
    assert {row.counted for row in month_figures(dialog.work)} == {""}  # "nobody was called" would read as of today
    page.press(Qt.Key.Key_Escape)
    assert page.dialog is None and page.kinds == []  # back at the window; looking is not logged
    # An act of the window comes before it; during a break the large key says that it ends only the reading.
    opened(page)
    page.press(Qt.Key.Key_F10)
    assert isinstance(page.dialog, PauseDialog)
    page.press(Qt.Key.Key_1, Qt.Key.Key_Return)
    assert page.kinds == ["pause"]
    story.tell("During a break", opened(page).primary)
    page.press(Qt.Key.Key_Space)
    assert page.dialog is None and page.kinds == ["pause"]
    # Who is called comes first.
    page.press(Qt.Key.Key_Space, Qt.Key.Key_Space)
    assert page.kinds == ["pause", "resume", "call"]
    assert not entry(page).enabled
    entry(page).act()
    page.settle()
    assert page.dialog is None
    # Where nobody waits, Space leads back; it calls as soon as somebody does.
    page.press(*[Qt.Key.Key_Space] * 8)
    month = opened(page)
    story.tell("Where nobody waits", month.primary, month.back_button)
    page.press(Qt.Key.Key_Space)
    assert page.dialog is None and page.view.controller.scene is not None and page.view.controller.scene.is_free
    month = opened(page)
    page.hall.queue("A")
    page.settle()
    assert page.dialog is month and month.primary.text() == page.view.stage.primary.text()
    assert month.back_button.isVisible()
    page.press(Qt.Key.Key_Space)
    assert page.dialog is None and page.kinds[-1] == "call"


def test_who_is_sent_on_is_told_from_who_was_finished():
    finished = [TodaysVisitText("A001", "A", "", "4.0"), TodaysVisitText("A002", "A", "", "—")]
    assert visits_heading(finished) == "Today: 2 finished"
    sent_on = TodaysVisitText("B001", "", "sent on, not counted", "—")
    assert visits_heading([sent_on, *finished]) == "Today: 2 finished, 1 sent on"


def test_the_own_day_is_taken_home_its_rows_are_read_and_one_is_disputed(page: Page, tmp_path: Path, story: Story):
    page.press(Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_Space)  # called, begun, finished
    label = page.hall.last().ticket
    page.view.context.services = replace(page.view.context.services, folder=lambda _name: tmp_path)
    dialog = opened(page)
    assert [visit.label for visit in dialog.visits] == [label]
    page.click(dialog.save_button)
    page.until(dialog.told.isVisible)
    (file,) = tmp_path.glob("*-sheet-*-own.xlsx")
    assert str(file) in dialog.told.text() and "It goes up to 19 Nov" in dialog.told.text()
    book = load_workbook(file)
    must_print(book)
    assert book.sheetnames == ["Sheet", "Rows", "Days", "History", "Training"]
    assert [cell.value for cell in book["Training"][1]] == ["Training", "Date", "minutes"]
    # The running day is not in it: its ratings would tell who was not content.
    assert "up to 19 Nov" in book["Sheet"]["A1"].value
    assert [row[0].value for row in book["Rows"].iter_rows(min_row=2)] == []
    assert [row[0].value for row in book["History"].iter_rows(min_row=2)] == ["November 2026"]
    # A count opens the own rows.
    page.click(dialog.tabs.tab("day"))
    story.tell("The own day, without ratings", dialog)
    link = dialog.day_figures.links["handling"]
    link.setFocus()
    page.press(Qt.Key.Key_Return)
    assert [row.ticket for row in dialog.rows.list.table.rows.rows] == [label]
    page.press(Qt.Key.Key_Escape)
    assert page.focus is link and not dialog.rows.isVisible()
    page.press(Qt.Key.Key_Return)
    dialog.rows.list.table.open_row(0)  # a press on the row asks about it
    page.until(lambda: isinstance(page.dialog, OwnDisputeDialog))
    assert page.dialog.chosen_item_and_row == ("handling", f"2026-11-20 {label}")
    page.press(Qt.Key.Key_Escape)
    # What is disputed waits in the own month for its answer.
    page.click(opened(page).disagree_button)
    page.until(lambda: isinstance(page.dialog, OwnDisputeDialog))
    assert page.dialog.chosen_item_and_row == ("satisfaction", f"2026-11-20 {label}")
    page.type("The reader was down")
    page.click(page.dialog.yes_button)
    page.until(lambda: isinstance(page.dialog, OwnWorkDialog))
    assert page.kinds[-1] == "sheet-dispute"
    dialog = page.dialog
    story.tell("What is disputed waits for its answer", dialog.answers)
    page.click(dialog.tabs.tab("history"))
    story.tell("The hall's first month", dialog.history)
    dialog.history.table.open_row(0)
    page.until(lambda: page.dialog is not None and page.dialog is not dialog)
    month = page.dialog
    assert (month.current_tab, month.title.text()) == ("month", "My month: November 2026, so far")
    page.click(month.earlier_button)
    page.until(lambda: page.dialog is not None and page.dialog is not month)
    earlier = page.dialog
    page.click(earlier.tabs.tab("day"))  # of today, whatever month is read
    page.until(lambda: page.dialog is not None and page.dialog is not earlier)
    page.dialog.day_figures.links["handling"].click()
    page.press(Qt.Key.Key_Space)
    assert page.dialog is None, "Space still leads back"


def test_a_counters_login_opens_the_page_without_ratings(place: Shared, qtbot: QtBot):
    counter, office = place.hall(place.pc(PcKind.STAFF)), place.hall(place.pc(PcKind.MANAGER))
    rated(counter, 1)
    counter.clock.move(days=1)
    asked = counter.do("sheet-dispute", "C1", "satisfaction", "2026-11-20 A001", "No", who=clerk("C1"))
    office.do("sheet-decide", asked["dispute"], "So it is", exclude=True, who=MANAGER)
    host = QWidget()
    qtbot.addWidget(host)
    work = own_work(counter.desk, clerk("C1"), counter.date, counter.clock())
    feed = HallFeed(counter.desk, counter.clock)
    feed.start()
    context = StationContext(counter.desk, feed, InlineTasks(), Look(), counter.clock, "counter-1")
    month = OwnWorkDialog(host, Look(), work, context=context, today=counter.date, saves=True)
    feed.stop()
    shown = [label.text() for label in month.figures.findChildren(Label)]
    assert "not shown on this PC" in shown and set(month.figures.links) == {"handling", "order"}
    answer = month.answers.label.text()
    assert answer.startswith("Satisfaction · a rating: Excluded") and "“So it is”" in answer and "“No”" in answer
    month.show_tab("history")
    assert month.history.table.rows.rows[0].visits == "1"
    titles = [column.title for column in month.history.table.rows.columns]
    assert titles == ["Month", "Visits", "State"], "a figure that no month has is no column"


AT = datetime(2026, 11, 12, 2, tzinfo=UTC)
NOTE, ANSWER = "The customer went home for the deed and came back", "The ticket could have been set aside meanwhile"


def disputed(seq: int, row: str, *, excluded: bool | None, first: date) -> SheetDispute:
    """Return what C1 asked about a visit, and what M1 decided, if that."""
    about: dict[str, Any] = {"by": "C1", "staff": "C1", "month": first, "item": HANDLING, "row": row, "words": "note"}
    asked = SheetDispute(seq=seq, date=AT.date(), time=AT, rated=None, **about)
    if excluded is None:
        return asked
    return asked.with_decision(AT + timedelta(hours=3), "M1", "answer", excluded=excluded)


@cache
def filled(*, closed: bool = False) -> own_rules.OwnWork:
    """Return six months of C1, the last running with three disputed rows, or `closed` with a row excluded since."""
    months = [filled_month(first, 5.0 + n / 10) for n, first in enumerate(FIRSTS)]
    whole, notes = months[-1], {"note": NOTE, "answer": ANSWER}
    first, rows = whole.first, [f"{one.day} {one.label}" for one in whole.rows.handled if one.staff == "C1"]
    if closed:
        later = disputed(9, rows[0], excluded=True, first=first)
        whole = replace(whole, version=1, versions=1, closed=AT, closed_by="M1", later=(later,), notes=notes)
    else:
        states = (None, True, False)
        asked = tuple(disputed(n, rows[n], excluded=state, first=first) for n, state in enumerate(states))
        known = replace(whole.rows, disputes=asked)
        whole = replace(whole, is_over=False, last=first + timedelta(days=11), rows=known, notes=notes)
    months[-1] = own_rules.month_sheets_to_last_whole_day(whole, "C1")
    need = {"date": "2026-11-10", "by": "M1", "need": "transfers", "service": "A", "reason": "coach", "n": 40, "of": 90}
    need |= {"from": "2026-11-01", "to": "2026-11-09"}
    session = {"date": "2026-11-05", "topic": "How to explain the list of fees", "minutes": 45}
    about = {"whole": whole, "months": tuple(months), "day": own_rules.own_running_day(whole, "C1")}
    about |= {"change": own_rules.own_month_change(months, "C1", HANDLING), "named": (need,), "sessions": (session,)}
    return own_rules.OwnWork(staff="C1", minutes=45, wanted=120, **about)


Key = Qt.Key
SPACE, ENTER = Key.Key_Space, Key.Key_Return
IN_EACH_LANGUAGE = True


@pytest.fixture
def sights(page: Page, shapes: dict[str, Shape]) -> Sights:
    return Sights(page.view, page.view.context.look, typed_words(page.view.context.feed.setup), shapes)


def send_first_in_line(page: Page) -> None:
    """Send the customer on before all others of another line, which asks why."""
    page.view.stage.acted.emit(str(ClerkAct.TRANSFER))
    (asked,) = (one for one in page.view.findChildren(TransferDialog) if one.isVisible())
    asked.close_dialog()
    asked.chosen.emit("B", "front", "", "", "")


def open_filled(page: Page, tab: str = MONTH, *, closed: bool = False) -> None:
    asking, day, work = page.view.asking, date(2026, 11, 12), filled(closed=closed)
    shown = {"context": page.view.context, "today": day, "saves": True, "tab": tab}
    asking.putting.open_question(OwnWorkDialog(page.view.work, asking.look, work, **shown))


def own_month(page: Page) -> OwnWorkDialog:
    (shown,) = (one for one in page.view.findChildren(OwnWorkDialog) if one.isVisible())
    return shown


def test_every_state_is_whole(page: Page, sights: Sights) -> None:
    view = page.view
    sights.take("free")
    sights.take_questions(
        {
            "my month": next(one.act for one in view.menu_entries() if one.text == _("My month")),
            "call another": partial(page.press, Key.Key_F8),
            "pause": partial(page.press, Key.Key_F10),
            "message": view.talk.open_message_dialog,
            "help": view.talk.open_help_dialog,
            "no ticket": partial(view.stage.acted.emit, ClerkAct.SERVE),
            "out of order": partial(view.controller.reason_wanted.emit, "call", ["A001", "A002", "B001", "B002"], list),
            "why no ticket": partial(view.controller.reason_wanted.emit, "serve", ["A001"], list),
            "my months, filled": {
                DAY: partial(open_filled, page, DAY),
                HISTORY: lambda: own_month(page).show_tab(HISTORY),
                MONTH: lambda: own_month(page).show_tab(MONTH),
                "rows": lambda: page.click(own_month(page).figures.links["handling"]),
            },
            "my closed month": partial(open_filled, page, closed=True),
        }
    )
    away = view.show_hall_away
    sights.take_message("away, a line", partial(away, page.hall.clock()), partial(away, None))
    page.press(SPACE)
    sights.take("called")
    asks = {"not here": partial(page.press, Key.Key_F3), "put back": partial(view.stage.acted.emit, ClerkAct.GIVE_BACK)}
    sights.take_questions(asks)
    page.press(SPACE)
    sights.take("serving")
    page.hall.do("set-row", "services", "A", {"then": ["B"], "form_free": True}, who=ADMIN)
    page.hall.do("set-setting", "outcome_required", "on", who=ADMIN)
    page.settle()
    sights.take_closely("on to the next step, without a form")
    asked = (ClerkAct.PARK, ClerkAct.TRANSFER, ClerkAct.REDIRECT, ClerkAct.STALL, ClerkAct.ADD)
    asked += (ClerkAct.DELIVERED, ClerkAct.WRITE, ClerkAct.FINISH)
    sights.take_questions(
        {
            **{str(act): partial(page.view.stage.acted.emit, str(act)) for act in asked},
            "left": lambda: view.asking.confirm_customer_left("A001"),
            "why first in line": partial(send_first_in_line, page),
        }
    )
    page.hall.do("set-setting", "outcome_required", "off", who=ADMIN)
    page.settle()
    page.press(Key.Key_F4, Key.Key_1, ENTER)
    page.press(SPACE, Key.Key_F2, Key.Key_F2, Key.Key_F3)
    for title in ("更名过户", "打印发票"):
        page.hall.do("case-open", NewCaseData(klass="complaint", owner="C3", title=title), who=MANAGER)
    page.settle()
    sights.take_closely("one set aside, one missed, two own cases")
    own = view.talk.own_cases
    sights.take_questions({"own cases": own.open_case_duties, "a case": lambda: own.open_duty(own.duties[0])})
    page.press(SPACE, SPACE, SPACE)
    sights.take("no one waiting")
    sights.take_message("refused", partial(page.press, Key.Key_F3), view.stage.clear_message)
    page.press(Key.Key_F10, Key.Key_1, ENTER)
    sights.take("paused")
    messages = Messages(view, page.hall, page.settle)
    sights.read_each(messages)
    sights.let_come("paused", messages)
    sights.must_be_whole()


def test_handing_over_and_signing_in_are_whole(page: Page, sights: Sights) -> None:
    opening.set_pin(page.hall.desk, page.hall.ask(), "C4", "4711")
    closes = Key.Key_F11, Key.Key_1, ENTER

    def show_pin_pad() -> None:
        page.press(*closes)
        assert isinstance(page.dialog, PersonPickDialog)
        page.dialog.tiles["C4"].click()

    asks = {"who takes them": partial(page.press, Key.Key_F11), "to whom": partial(page.press, *closes)}
    sights.take_questions({**asks, "PIN": show_pin_pad})
    page.press(Key.Key_F11, Key.Key_2, ENTER)
    assert page.view.signing_in.active
    messages = Messages(page.view, page.hall, page.settle, tells=ANYWHERE)
    sights.take("names")
    sights.let_come("names", messages)
    page.view.signing_in.begin_sign_in()
    sights.take_closely("windows")
    sights.let_come("windows", messages)
    page.hall.do("set-setting", "opening_checks", "on", who=ADMIN)
    devices.record_station_start(page.hall.desk, page.hall.ask(actor_of_station("display")), "display", "display")
    for device, name in (("voice", "display"), ("printer", "guide")):
        devices.record_device_state(page.hall.desk, page.hall.ask(actor_of_station(name)), device, name, None)
    page.settle()
    context = page.view.context

    def checks() -> EquipmentChecksDialog:
        return EquipmentChecksDialog(page.view, context, DeviceCheckController(context, clerk("C3")), "3")

    dialog, asked = checks(), {"checks": lambda: checks().open_dialog()}
    asked["what is wrong"] = lambda: dialog.rows["voice", "display"].doubted.emit(("voice", "display"))
    sights.take_questions({**asked, "without a check": dialog.waive_button.click})
    sights.must_be_whole()
