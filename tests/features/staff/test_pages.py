"""Staff in the manager's window: sheets, whose items open their rows, disputes, closed months, needs, shifts."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk import looking, setting_up
from queuedesk.desk.quality import thanking
from queuedesk.features.staff.pages.sheet_texts import SheetTotalStrip, TotalStripTexts
from queuedesk.features.staff.pages.sheets_page import SheetsController, SheetsPage
from queuedesk.features.staff.pages.today_page import hour_labels_that_fit, staff_page_content, station_name
from queuedesk.features.staff.pages.training_page import TrainingController, TrainingMonthData, TrainingPage
from queuedesk.features.staff.rules import day_shifts
from queuedesk.features.staff.rules.training import TrainingNeeds
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look
from tests.features.staff.test_sheets import STAND_IN, found_for
from tests.features.test_small_hall import use
from tests.hall import ADMIN, DAY, MANAGER, Hall, at, simple_hall
from tests.stations.hands import LEFT
from tests.stations.manager.conftest import plain
from tests.stations.seen import texts_of
from tests.stations.whole_words import drawn, settled

SECOND = Actor("M2", Role.MANAGER)


@pytest.fixture
def put(context: StationContext, qtbot: QtBot) -> Callable[..., Any]:
    """Return what shows one of the pages, made with its controller."""

    def put(page: Callable[..., Any], controller: Callable[..., Any]) -> QWidget:
        made: QWidget = page(controller(context, lambda: DAY.date() - timedelta(days=40)))
        qtbot.addWidget(made)
        made.resize(1158, 700)
        made.show()
        return made

    return put


def test_items_open_the_rows_they_count_of_each_person_and_month_and_an_admin_sets_their_scheme(
    put, hall, context, qtbot, catch_up, *, story
):
    page: SheetsPage = put(SheetsPage, SheetsController)
    thanking.record_thanks(hall.desk, hall.ask(MANAGER), "C1", words="Kind")
    hall.clock.move(minutes=2)  # A month that runs is read once a minute.
    catch_up()
    page.refresh(hall.clock())
    story.tell("A month that runs", page)
    page.items.table.open_row(1)
    story.tell("An item opens the rows it counts", page.panel)
    with qtbot.waitSignal(page.place_wanted) as led:
        page.rows.table.open_row(0)
    assert led.args[0].ticket == page.rows.table.rows.rows[0].ticket
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.chosen_item and not page.panel.isVisible()
    # An item without rows opens nothing.
    page.items.table.open_row(3)
    assert not page.panel.isVisible()

    # Another person and another month.
    hall.play("finish 3", 2)
    catch_up()
    page.refresh(hall.clock())
    page.people.setCurrentIndex(1)
    page.people.activated.emit(1)
    story.tell("Another person", page)
    page.buttons[0].click()
    story.tell("A month in which nobody finished anything", page)
    again = SheetsPage(page.controller)  # made anew in another language: it was read already
    qtbot.addWidget(again)
    assert "Nobody has finished anything this month" in texts_of(again.nothing)
    page.buttons[1].click()
    assert page.items.isVisible()

    # An admin sets the scheme once the weights are whole.
    page.open_scheme_dialog()
    dialog = page.dialog
    story.tell("A scheme is asked for", dialog)
    for name, text in (("satisfaction", "37:90:98"), ("satisfaction", "43:85:98"), ("order", "12:3:0")):
        edit = dialog.fields[name].edit
        edit.selectAll()
        QTest.keyClicks(edit, text)
        story.tell(f"{name} {text}", dialog)
    dialog.yes_button.click()
    story.tell("An admin alone sets it", dialog)
    context.who = ADMIN
    dialog.yes_button.click()
    assert page.dialog is None
    catch_up()
    page.refresh(hall.clock())
    assert page.head.line.text().endswith("scheme 2, in force since 20 Nov")

    row = {"order": {"weight": 10}, "shifts": {"weight": 12}, "deposit": 500}
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "scheme", row)
    catch_up()
    page.refresh(hall.clock())
    story.tell("The scheme of the day is named, and a deposit", page)


SCALES = [(100, 100, 100, 100), (80, 100, 100, 100), (80, 80, 80, 90), (80, 86, 85.5, 90), (80, 85, 86, 90)]


def test_the_total_and_the_median_never_lie_over_each_other(qtbot: QtBot) -> None:
    strip = SheetTotalStrip(Look())
    qtbot.addWidget(strip)
    total, median = ("Total", "", ""), ("Team median", "", "")
    told: dict[str, Any] = {"chance": "By chance", "verdict": "Can't tell", "below": ("", "")}
    told |= {"token": "ink2", "icon": "info"}
    for scale, width in product(SCALES, (700, 1094)):
        strip.show_strip(TotalStripTexts(total=total, median=median, scale=scale, **told))
        strip.resize(width, strip.sizeHint().height())
        strip.resize(width, strip.sizeHint().height())
        strip.show()
        words = drawn(strip).words
        [team] = [word.box for word in words if word.text.startswith("median ")]
        own = next(word.box for word in words if word.text == f"{scale[2]:.1f}")
        assert not team.intersects(own), (scale, width)
        assert strip.rect().toRectF().contains(team), (scale, width)


@pytest.fixture
def seconded(hall: Hall, put: Callable[..., Any], catch_up: Callable[[], None]) -> SheetsPage:
    hall.do("add-row", "staff", STAND_IN, who=ADMIN)
    catch_up()
    return put(SheetsPage, SheetsController)


def test_a_row_is_asked_about_and_struck_or_counted_by_another_with_what_was_said(
    seconded, hall, context, catch_up, story
):
    page = seconded
    page.items.table.open_row(1)
    rows = page.rows.table
    before, name = len(rows.rows.rows), rows.rows.rows[0].row
    page.dispute_button.click()
    story.tell("Asking about a row", page.panel)
    rows.open_row(0)
    story.tell("What is asked", page.dialog)
    QTest.keyClicks(page.dialog.text, "The card reader was down")
    page.dialog.yes_button.click()
    assert page.dialog is None and hall.last().data["row"] == name
    catch_up()
    page.refresh(hall.clock())
    story.tell("It waits", page)
    rows.setFocus()
    rows.selectRow(0)
    QTest.keyClick(page, Qt.Key.Key_E)
    assert page.dialog is None
    story.tell("Who asked does not decide", page.banner)
    context.who = SECOND
    page.choose_item("")
    page.waiting_button.click()
    assert page.chosen_item == "handling"
    rows.setFocus()
    rows.selectRow(0)
    QTest.keyClick(page, Qt.Key.Key_E)
    QTest.keyClicks(page.dialog.text, "About the reader")
    page.dialog.yes_button.click()
    catch_up()
    page.refresh(hall.clock())
    shown = rows.rows
    assert (shown.rows[0].row, len(shown.rows)) == (name, before)
    font = shown.data(shown.index(0, 0), Qt.ItemDataRole.FontRole)
    assert font.strikeOut() and not shown.data(shown.index(1, 0), Qt.ItemDataRole.FontRole).strikeOut()
    story.tell("It is excluded", page)
    assert name in page.controller.chosen_sheet.sheet.result_for_item("handling").apart
    # A row that counts shows what was said.
    page.choose_item("")
    page.items.table.open_row(0)
    rated = page.rows.table.rows.rows[0]
    seq = hall.do("sheet-dispute", "C1", "satisfaction", rated.row, "Not about me", who=Actor("C1", Role.CLERK))
    catch_up()
    page.refresh(hall.clock())
    page.waiting_button.click()
    page.dispute_button.click()
    page.rows.table.open_row(0)
    story.tell("Another is decided", page.dialog)
    QTest.keyClicks(page.dialog.text, "It is")
    page.dialog.keep_button.click()
    catch_up()
    assert hall.last().data["excluded"] is False and hall.last().data["of"] == seq["dispute"]
    story.tell("It counts, with what was said", page)


def test_a_month_that_is_over_is_closed_and_read_in_each_version(seconded, hall, context, catch_up, story):
    page = seconded
    close = next(button for button in page.buttons if button.text() == "Close the month")
    assert not close.isVisible()  # the month runs
    hall.clock.move(days=11)
    hall.do("day-end")
    catch_up()
    page.refresh(hall.clock())
    page.buttons[0].click()
    story.tell("A month that is over", page)
    close.click()
    sure = page.host_widget.findChild(ConfirmDialog)
    story.tell("It is closed once somebody is sure", sure)
    sure.act_button.click()
    catch_up()
    seq = hall.do("sheet-dispute", "C1", "handling", "2026-11-20 A001", "No", who=SECOND)["dispute"]
    hall.do("sheet-decide", seq, "No", exclude=True, who=Actor("M1", Role.MANAGER))
    catch_up()
    page.refresh(hall.clock())
    story.tell("A row was excluded since it was closed", page)
    page.choose_item("handling")
    story.tell("It is named", page.panel)
    assert not page.rows.table.rows.rows[0].is_excluded
    page.versions.setCurrentIndex(page.versions.findData("0"))
    page.versions.activated.emit(1)
    page.choose_item("")
    story.tell("As it is now", page)
    close.click()
    page.host_widget.findChildren(ConfirmDialog)[-1].act_button.click()
    catch_up()
    assert [page.versions.itemText(at) for at in range(3)] == ["Version 1", "Version 2", "As it is now"]
    story.tell("The next version", page)


def show(page: TrainingPage, needs: TrainingNeeds) -> None:
    found = page.controller.found
    page.controller.found = TrainingMonthData(needs, found.months, found.sessions)
    page.controller.changed.emit()


def test_a_need_has_its_rows_and_is_named_in_place_when_there_is_a_reason(put, hall, qtbot, catch_up, story):
    page: TrainingPage = put(TrainingPage, TrainingController)
    story.tell("A hall with few rows", page)

    # Its head is no smaller than other words, its interval is said where it is pointed at, and the page alone scrolls.
    show(page, found_for(hall, "C1", "C2", "C3"))
    page.resize(900, 420)
    settled()
    table = page.needs.table
    assert table.horizontalHeader().font().pixelSize() >= 12
    tip = table.rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "passed to another window, difference +22.2 points, 95 % interval 8.9 to 36.0"
    assert [one for one in page.findChildren(QScrollBar) if one.isVisible()] == [page.area.verticalScrollBar()]
    people = page.people.table
    people.setFocus()
    people.selectRow(0)
    QTest.keyClick(people, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    last = people.viewport().mapTo(page.area.viewport(), people.visualRect(people.currentIndex()).center())
    assert page.area.verticalScrollBar().value() > 0 and page.area.viewport().rect().contains(last)
    page.resize(1158, 700)

    # A name is asked in place and held until there is a reason.
    show(page, found_for(hall, "C1", "C2", "C3"))
    page.needs.table.open_row(0)
    story.tell("A need, without a name until there is a reason", page)
    QTest.keyClick(page, Qt.Key.Key_2)
    story.tell("A reason is picked", page.asking)
    with qtbot.waitSignal(page.asking.name_wanted) as asked:
        QTest.mouseClick(page.asking.name_button, LEFT)
    assert asked.args == ["check_rows"]
    # This hall's own rows say nothing of it: nobody is named, and the page says so.
    story.tell("Nobody is named", page.banner)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.panel.isVisible()

    # The rows of a need are as many as it says and lead to their tickets.
    show(page, found_for(hall, "C1", "C2", "C3"))
    page.needs.table.open_row(0)
    QTest.mouseClick(page.asking.rows_button, LEFT)
    assert len(page.rows.table.rows.rows) == 30
    assert not any(
        "C1" in cell or "Zhang" in cell for row in page.rows.table.rows.cell_texts_of_all_rows() for cell in row
    )
    with qtbot.waitSignal(page.place_wanted) as led:
        page.rows.table.open_row(0)
    assert (led.args[0].ticket, led.args[0].day) == ("A000", hall.date)
    page.close_panel()

    # A session is noted and adds to the minutes.
    page.open_session_dialog()
    dialog = page.dialog
    QTest.keyClicks(dialog.topic.edit, "Papers")
    QTest.mouseClick(dialog.yes_button, LEFT)
    story.tell("Nobody attended", dialog)
    dialog.attended["C1"].setChecked(True)
    dialog.minutes.set_value("45")
    QTest.mouseClick(dialog.yes_button, LEFT)
    catch_up()
    page.refresh(hall.clock())
    assert page.dialog is None
    [row] = [one for one in page.people.table.rows.rows if one.staff == "C1"]
    assert row.minutes[-1] == 45
    page.people.table.open_row(page.people.table.rows.rows.index(row))
    page.rows.table.open_row(0)
    story.tell("A session adds to somebody's minutes", page)

    # Nobody can be named by chance or with another.
    for people in (("C1", "C2"), ("C2", "C3", "C4")):
        show(page, found_for(hall, *people))
        page.needs.table.open_row(0)
        story.tell(f"Nobody can be named of {' '.join(people)}", page.panel)
        QTest.keyClick(page, Qt.Key.Key_1)
        assert page.asking.chosen_reason == "", people
        page.close_panel()


# -- who works where today: the spans of shifts, and a row for each ----------------------------------------------------
def days_of(hall: Hall) -> list[day_shifts.PersonShiftsOfDay]:
    return day_shifts.staff_shifts_of_day(looking.hall_state_now(hall.desk, hall.clock()), hall.date, hall.clock())


def test_open_paused_and_serving_minutes_of_a_clerk(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    assert days_of(hall) == [], "nobody worked on a day without a window"
    hall.play("open 1 staff=C1", "queue A A A", "serve-out 1 minutes=6")
    hall.do("pause", "1", reason="meal", minutes=20)
    hall.play(15, "resume 1", "serve-out 1 minutes=4", 5)
    (clerk,) = days_of(hall)
    assert (clerk.staff, clerk.finished) == ("C1", 2)
    assert (clerk.open_s, clerk.paused_s, clerk.serving_s) == (30 * 60, 15 * 60, 10 * 60)
    (shift,) = clerk.shifts
    assert (shift.window, shift.start, shift.end) == ("1", at("9:00"), None)
    assert [(p.start, p.end, p.reason) for p in shift.pauses] == [(at("9:06"), at("9:21"), "meal")]
    assert shift.served == ((at("9:00"), at("9:06")), (at("9:21"), at("9:25")))
    label = hall.call("1")
    hall.play("start 1", 3, "park 1 reason=copying", 10)
    assert days_of(hall)[0].serving_s == 13 * 60, "what is set aside is not served"
    hall.do("unpark", "1", label)
    hall.clock.move(minutes=2)
    assert days_of(hall)[0].serving_s == 15 * 60


def test_a_clerk_who_changes_windows_has_a_shift_at_each_and_the_day_goes_as_far_as_somebody_worked(tmp_path):
    hall = simple_hall(tmp_path)
    assert day_shifts.day_timeline_bounds([], at("8:30"), at("17:30"), hall.clock()) == (at("8:00"), at("18:00"))
    hall.play("open 1 staff=C1", 10, "close 1", "open 3 staff=C1", "open 2 staff=C2", 5)
    first, second = days_of(hall)
    assert [(s.window, s.end) for s in first.shifts] == [("1", at("9:10")), ("3", None)]
    assert (first.open_s, second.open_s) == (15 * 60, 5 * 60)
    hall.clock.move(hours=10, minutes=5)
    bounds = day_shifts.day_timeline_bounds(days_of(hall), at("9:30"), at("17:00"), hall.clock())
    assert bounds == (at("9:00"), at("20:00"))


def with_people(folder: Path) -> Hall:
    return plain(folder, "staff")


@pytest.mark.hall(make=with_people)
def test_each_clerk_has_a_row_with_where_and_how_long(office, story):
    hall, today = office.hall, office.page.staff.pages.get_or_make_page("staff-today")
    office.meanwhile("sign-in", "manager", "M1", who=MANAGER)
    office.go("people")
    story.tell("Who is at which station stands above the rows", today)
    assert station_name("guide-2@Door") == "Front desk 2 on Door"
    assert station_name("lobby@Door") == "Lobby board on Door"
    hall.do("pause", "2", reason="meal", minutes=20)
    hall.clock.move(minutes=5)
    office.follow()
    office.go("people")
    rows = staff_page_content(office.page.hall_state, hall.date, hall.clock()).rows
    bars = [f"{row.code}: {row.second}; {[(bar.kind, bar.start, bar.end) for bar in row.bars]}" for row in rows]
    story.tell("A pause is in the row and on its bar", today, *bars)
    hall.open("4", "C4")
    office.follow()
    assert list(today.lines) == ["C1", "C2", "C3", "C4"], "the page follows while it is seen"


@pytest.mark.hall(make=plain)
def test_the_way_to_the_roster_is_there_while_the_hall_has_one(open_office):
    office = open_office(ADMIN)
    view, plan = office.page, "Plan who works at which window"

    def ways(page: QWidget) -> list[QAbstractButton]:
        return [one for one in page.findChildren(QAbstractButton) if one.isVisible() and one.text() == plan]

    assert "people" not in view.page_openers() and "staff-today" not in view.page_openers()
    for features, count in ((["staff"], 0), (["staff", "windows_needed"], 1), (["staff"], 0)):
        use(office, *features)
        office.until(lambda: view.nav.findChild(QWidget, "people").isVisible())
        office.go("people")
        assert (view.staff.pages.front_page_key(), len(ways(view))) == ("staff-today", count)
        for way in ways(view):
            office.touch(way)
            assert (view.stack.front_page_key(), view.waits.pages.front_page_key()) == ("waits", "staffing")


def test_the_hours_on_the_axis_are_evenly_far_apart():
    hours = tuple((at / 10, f"{8 + at}:00") for at in range(11))
    assert hour_labels_that_fit(hours, 600, 50) == hours
    assert [text for _share, text in hour_labels_that_fit(hours, 600, 70)] == [f"{hour}:00" for hour in range(8, 19, 2)]
    assert hour_labels_that_fit(hours[:1], 600, 50) == hours[:1]
    assert hour_labels_that_fit((), 600, 50) == ()
