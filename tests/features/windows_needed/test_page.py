"""Windows for a day in the window: what is needed beside the roster, who came beside who was expected, and files."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from queuedesk.core.errors import OutsideError
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.time_of_day import parse_clock_minutes
from queuedesk.core.staffing.day import Backlog, ServiceWindowShortage, StaffingHalfHour
from queuedesk.desk import calendaring, looking
from queuedesk.desk.staffing import arrivals_forecast
from queuedesk.features.windows_needed import rules, verbs
from queuedesk.features.windows_needed.pages import (
    EVERY_DAY,
    StaffingController,
    StaffingPage,
    waits_if_coming_now_text,
)
from queuedesk.features.windows_needed.verbs import staffing_for_day
from queuedesk.features.windows_needed.words import roster_advice_headline
from queuedesk.i18n.queue.display_words import waiting_line_texts_and_total
from queuedesk.i18n.queue.line_words import wait_text
from queuedesk.i18n.staffing import backlog_windows_text, roster_gap_lines
from queuedesk.stations.manager.sections import STAFFING
from queuedesk.stations.widgets.panels import Label
from queuedesk.store.figures import arrivals
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.golden.kept import must_be_kept
from tests.hall import DAY, MANAGER, SHANGHAI, Hall, make_hall, preset, simple_hall, simple_setup
from tests.stations.manager.conftest import Office
from tests.stations.seen import said
from tests.stations.whole_words import settled

FIRST = date(2026, 11, 12)
TODAY = FIRST + timedelta(days=4)


def row(window: str, staff: str, hours: str = "08:30-17:30", **more: Any) -> dict[str, Any]:
    start, end = hours.split("-")
    return {"window": window, "staff": staff, "from": start, "to": end, **more}


def five_days(folder: Path) -> Hall:
    """Return a hall that served three payments each morning of four days, at a quarter past ten of the fifth."""
    hall = simple_hall(folder, start=at(FIRST, 9), services=preset()["services"])
    for ahead in range(4):
        hall.clock.now = at(FIRST + timedelta(days=ahead), 9)
        hall.open("1", "C1")
        for _ in range(3):
            hall.play("issue A", "serve-out 1 minutes=5")
    hall.clock.now = at(TODAY, 10) + timedelta(minutes=15)
    hall.play("open 1 staff=C1", "issue A")
    verbs.plan_shift(hall.desk, hall.ask(), row("1", "C1", breaks=[{"from": "11:30", "minutes": 40}]))
    return hall


pytestmark = pytest.mark.hall(make=five_days)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def looks_as(page: StaffingPage, moment: str) -> None:
    must_be_kept(Path(__file__).with_name("page.txt"), "\n".join(said(page)), moment)


def roster(hall: Hall) -> list[dict[str, object]]:
    return [dict(row) for row in rules.roster_rows_of_setup(looking.setup_of_hall(hall.desk))]


def drag(page: StaffingPage, start: QPointF, by_min: int) -> None:
    board = page.roster.board
    end = start + QPointF(board.x_of_minute(by_min) - board.x_of_minute(0), 0)
    QTest.mousePress(board, Qt.MouseButton.LeftButton, pos=start.toPoint())
    QTest.mouseMove(board, end.toPoint())
    QTest.mouseRelease(board, Qt.MouseButton.LeftButton, pos=end.toPoint())


def opened(office: Office) -> StaffingPage:
    office.go("waits")
    office.page.waits.open_tab(STAFFING)
    return office.page.waits.pages.get_or_make_page(STAFFING)


def test_a_day_stands_beside_those_around_it_and_its_roster_is_changed_by_hand(office, hall, tmp_path, catch_up):
    page = opened(office)
    # Today as it was expected and as it came.
    looks_as(page, "today")
    assert page.chart.chart.slots == 18

    # Those who came lead to their tickets.
    asked = []
    page.behind_wanted.connect(lambda *found: asked.append(found))
    point = next(point for point in page.half_hours.table.points if point.leads is not None)
    page.half_hours.picked.emit(point.leads)
    assert asked == [("issued", TODAY, TODAY, "Tickets issued")]
    office.go("waits")

    # Files of the day.
    heard = []
    page.said.connect(lambda text, _icon: heard.append(text))
    for ending in ("pdf", "csv"):
        page.save_day_file(ending)
    files = sorted(file.name for file in tmp_path.glob("*-windows-*"))
    assert [name[-4:] for name in files] == [".csv", ".pdf"] and TODAY.isoformat() in files[0]
    assert len(heard) == 2 and heard[0].startswith("Saved as ")
    page.save_quiet_hours()
    assert [file.read_bytes()[:5] for file in tmp_path.glob("*-quiet-hours-*.pdf")] == [b"%PDF-"]

    # Other dates by arrows and keys.
    QTest.mouseClick(page.dates.earlier, Qt.MouseButton.LeftButton)
    looks_as(page, "yesterday")
    for _step in range(3):
        QTest.keyClick(page.dates.later, Qt.Key.Key_Space)
    looks_as(page, "a day to come")

    # The first days say that too little is known.
    page.open_day(FIRST + timedelta(days=2))
    looks_as(page, "too little is known")
    page.open_day(FIRST)
    assert page.dates.earlier.isEnabled() is False

    # The roster is changed by hand: an end is drawn out for every day.
    page.open_day(TODAY)
    page.roster.scope.setCurrentIndex(page.roster.scope.findData(EVERY_DAY))
    bar = page.roster.board.point_rects()[-1]
    drag(page, QPointF(bar.right() - 3, bar.center().y()), -120)
    catch_up()
    assert roster(hall) == [row("1", "C1", "08:30-15:30", breaks=[{"from": "11:30", "minutes": 40}])]

    # A shift is moved by hand for that date alone.
    page.roster.scope.setCurrentIndex(0)
    usual = roster(hall)
    drag(page, page.roster.board.point_rects()[-1].center(), -30)
    catch_up()
    moved = row("1", "C1", "08:00-15:00", date=TODAY.isoformat(), breaks=[{"from": "11:00", "minutes": 40}])
    assert roster(hall) == [*usual, moved]
    assert page.roster.board.data.shifts[0].start == 480

    # One person at two windows is said in the dialog.
    page.roster.board.picked.emit(("2", None))
    dialog = page.roster.dialog
    dialog.staff.setCurrentIndex(dialog.staff.findData("C1"))
    QTest.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)
    assert "C1 is planned at windows 1 and 2" in dialog.trouble.text()
    assert len(roster(hall)) == 2
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert page.roster.dialog is None

    # Somebody is planned with keys alone.
    board = page.roster.board
    board.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(board, Qt.Key.Key_Home)
    QTest.keyClick(board, Qt.Key.Key_Down)
    assert board.current_point.said == ("Window 2", "Plan somebody")
    QTest.keyClick(board, Qt.Key.Key_Return)
    dialog = page.roster.dialog
    assert (dialog.staff.currentData(), dialog.staff.findData("G1")) == ("C2", -1)
    dialog.fields["to"].set_value("12")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert page.roster.dialog is dialog and len(roster(hall)) == 2
    assert dialog.fields["to"].error() == "To needs a time such as 8:30, not 12."
    dialog.fields["to"].set_value("12：00")
    for typed, why in (("lunch", "start and minutes such as 11:30/40"), ("25:00/15", "a time such as 8:30")):
        dialog.fields["breaks"].set_value(typed)
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        assert dialog.fields["breaks"].error() == f"Breaks needs {why}, not {typed.partition('/')[0]}."
    dialog.fields["breaks"].set_value("10:00/15")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    catch_up()
    assert page.roster.dialog is None
    planned = row("2", "C2", "08:30-12:00", date=TODAY.isoformat(), breaks=[{"from": "10:00", "minutes": 15}])
    assert roster(hall)[-1] == planned

    # A shift is taken away on one date.
    page.roster.board.picked.emit(("1", 0))
    dialog = page.roster.dialog
    QTest.mouseClick(dialog.remove_button, Qt.MouseButton.LeftButton)
    catch_up()
    assert roster(hall)[-1] == {"window": "1", "date": TODAY.isoformat(), "off": True}
    assert [shift.window for shift in page.roster.board.data.shifts] == ["2"]

    # A change of the roster is seen.
    verbs.remove_shifts(hall.desk, hall.ask(), "2", TODAY.isoformat())
    catch_up()
    looks_as(page, "nobody is planned")

    # A pay day is made and taken back.
    QTest.mouseClick(page.pay_button, Qt.MouseButton.LeftButton)
    catch_up()
    assert looking.setup_of_hall(hall.desk).pay_days == (TODAY,)
    looks_as(page, "a busy day")
    QTest.mouseClick(page.pay_button, Qt.MouseButton.LeftButton)
    catch_up()
    assert looking.setup_of_hall(hall.desk).pay_days == ()

    # A holiday leads to special hours before anybody is planned.
    assert page.roster.open_key.isHidden()
    calendaring.set_calendar_days(hall.desk, hall.ask(MANAGER), {TODAY.isoformat(): {"kind": "holiday"}})
    catch_up()
    page.open_day(TODAY)
    catch_up()
    looks_as(page, "a holiday")
    wanted = []
    page.place_wanted.connect(wanted.append)
    QTest.mouseClick(page.roster.open_key, Qt.MouseButton.LeftButton)
    assert (wanted[0].page, wanted[0].day) == ("calendar", TODAY)


def test_a_newcomer_s_wait_is_told_of_a_line_where_nobody_waits(hall: Hall):
    """As display and kiosk tell it; not of a line that no window serves."""
    hall.play("call 1", "open 2 staff=C2")
    for _ in "12":
        hall.play("issue B", "serve-out 2")
    hall.play("issue B", "call 2")
    state, now = looking.hall_state_now(hall.desk, hall.clock()), hall.clock()
    lines = {line.service: line for line in service_lines(state, now)}
    assert (lines["B"].waiting, lines["C"].windows) == (0, 0)
    words = wait_text(lines["B"].wait, ahead=lines["B"].ahead_and_coming_count)
    assert words in {line.wait for line in waiting_line_texts_and_total(state, now, frozenset("B"))[0]}
    assert waits_if_coming_now_text(state, now).endswith(f"B {words.removeprefix('about ')}.")


def test_a_hall_that_is_away_is_said(controller, qtbot, monkeypatch):
    def away(*_asked: object) -> None:
        raise OutsideError("database_away")

    monkeypatch.setattr(verbs, "staffing_for_day", away)
    lone = StaffingPage(controller, StaffingController(controller.context))
    qtbot.addWidget(lone)
    lone.show()
    lone.refresh(controller.context.clock())
    assert lone.banner.isVisible()
    assert not lone.save_button.isEnabled()


def half_hour(start: str, needed: int, planned: int, short: int = 0) -> StaffingHalfHour:
    windows = {"needed": needed, "needed_busy": needed, "planned": planned, "at_work": None}
    people = {"people": None, "came": None, "load": 1.0}
    short_of = (ServiceWindowShortage(service="B", needed=short, planned=0),) if short else ()
    return StaffingHalfHour(start_min=parse_clock_minutes(start), **windows, **people, short_of=short_of)


GAPS = (half_hour("9:00", 2, 1), half_hour("9:30", 2, 1), half_hour("13:30", 3, 1), half_hour("14:00", 1, 1))


HEADLINES = [
    (GAPS, 0, False, "Plan 2 more windows from 13:30 to 14:00."),
    (GAPS[:2], 0, False, "Plan 1 more window from 9:00 to 10:00."),
    (GAPS, 840, False, "The roster is enough for the rest of the day."),
    (GAPS, 0, True, "2 windows were missing from 13:30 to 14:00."),
    (GAPS[3:], 0, False, "The roster is enough on a usual day."),
    ([half_hour("9:00", 5, 2)], 0, False, "Plan 1 more window from 9:00 to 9:30."),
    ([half_hour("9:00", 5, 3)], 0, False, "At its busiest it takes 5 windows, more than the 3"),
    ([half_hour("9:00", 1, 1, short=1)], 0, False, "Plan a window that serves Account services at 9:00."),
    ([half_hour("9:00", 1, 1, short=1)], 0, True, "The roster is enough on a usual day."),
]
"""Half hours, from which minute on, whether the day is over, and what is said."""


def test_the_headline_says_what_to_plan_at_the_worst_gap_to_come_and_of_more_windows_than_there_are_that(hall: Hall):
    """The hall has three windows: nobody is told to plan more."""
    setup, found = looking.setup_of_hall(hall.desk), verbs.staffing_for_day(hall.desk, TODAY, hall.clock())
    for half_hours, from_min, is_past, told in HEADLINES:
        day = replace(found, half_hours=tuple(half_hours))
        assert roster_advice_headline(setup, day, "en", from_min=from_min, is_past=is_past).startswith(told)

    def needs(windows: int) -> str:
        return backlog_windows_text(setup, Backlog(waiting=12, flow=2, needed=windows, open=2), "en")

    assert needs(6).endswith("is gone: 6, without it: 2, open: 2. The hall has only 3.")
    assert needs(3).endswith("open: 2.")
    busy = replace(found, half_hours=tuple(replace(one, needed=4) for one in found.half_hours))
    assert not any("more than" in line for line in roster_gap_lines(setup, found, "en"))
    assert roster_gap_lines(setup, busy, "en")[-1].startswith("At its busiest it takes 4 windows, more than the 3 that")


def test_the_chart_is_seen_whole_below_one_headline(office: Office) -> None:
    office.page.resize(1366, 768)
    page = opened(office)
    settled()
    top = page.chart.mapTo(page.body.area.viewport(), QPoint()).y()
    assert top > 0 and top + page.chart.height() <= page.body.area.viewport().height()
    above = [one.text() for one in page.body.findChildren(Label) if one.isVisible() and one.y() + one.height() < top]
    assert above[0] == "The roster is enough for the rest of the day." and "\n" not in "".join(above[:2])


SETUP, FRIDAY = check_and_read_setup(simple_setup()), DAY.date().isoformat()


def test_days_are_the_same_however_they_are_written_and_what_was_there_before_refuses_no_other_change():
    assert (
        rules.row_date_or_weekday_numbers({"weekday": "1-3"})
        == rules.row_date_or_weekday_numbers({"weekday": "1,2,3"})
        == "1,2,3"
    )
    assert rules.row_date_or_weekday_numbers({"weekday": 5}) == "5"
    assert (rules.row_date_or_weekday_numbers({"date": FRIDAY}), rules.row_date_or_weekday_numbers({})) == (FRIDAY, "")
    before = [row("1", "C1"), row("2", "C1")]
    assert rules.first_new_conflict(SETUP, before, [*before, row("2", "C2", "17:30-18:00", weekday="6")]) is None
    assert isinstance(rules.first_new_conflict(SETUP, [], before), rules.RosterConflict)


SHIFT = {"staff": "C2", "from": "09:00", "to": "12:00"}
MORNING = {"window": "1", **SHIFT}


def test_what_is_planned_on_one_date_leaves_other_days_alone_and_on_weekdays_or_every_day_takes_their_place():
    def planned(rows: list[dict[str, Any]], days: str, *shifts: dict[str, str]) -> list[dict[str, Any]]:
        return rules.roster_with_window_shifts(rows, "1", days, DAY.date(), list(shifts))

    rows = [row("1", "C1"), row("1", "C1", weekday="5"), row("2", "C1")]
    assert planned(rows, FRIDAY, SHIFT) == [*rows, {**MORNING, "date": FRIDAY}]
    assert planned(rows, FRIDAY)[-1] == {"window": "1", "date": FRIDAY, "off": True}
    assert planned([rows[2]], FRIDAY) == [rows[2]]
    # On weekdays it takes their place in rows for more days.
    rows = [row("1", "C1"), row("1", "C1", weekday="1-5"), row("1", "C1", date=FRIDAY)]
    found = planned(rows, "5", SHIFT)
    assert found == [rows[0], row("1", "C1", weekday="1,2,3,4"), {**MORNING, "weekday": "5"}]
    assert rules.roster_rows_on_day(found, DAY.date()) == [found[-1]]
    # On every day it forgets its weekdays but not other dates.
    other = row("1", "C1", date="2026-12-24")
    rows = [row("1", "C1"), row("1", "C1", weekday="6-7"), row("1", "C1", date=FRIDAY), other, row("2", "C1")]
    assert planned(rows, "", SHIFT) == [other, rows[4], MORNING]
    assert planned(rows, "") == [other, rows[4]]


# -- who came and how long each kept a window, counted from the tables of a hall that people worked in -----------------
FRIDAY_DATE = DAY.date()


def two_windows(folder: Path) -> Hall:
    hall = make_hall(folder, time="9:00")
    hall.play("open 3 staff=C3", "open 4 staff=C4")
    return hall


at_two_windows = pytest.mark.hall(make=two_windows)


def counts_of(hall: Hall) -> dict[str, dict[int, int]]:
    """Return the people of today by service and minute of the half hour."""
    with hall.desk.db.read() as tx:
        found = arrivals.day_arrivals_of_span(
            tx, hall.desk.hall, looking.setup_of_hall(hall.desk), FRIDAY_DATE, FRIDAY_DATE
        )
    services = found[0].services if found else {}
    return {code: {30 * i: n for i, n in enumerate(row) if n} for code, row in services.items()}


def occupation(hall: Hall) -> dict[str, tuple[float, int]]:
    with hall.desk.db.read() as tx:
        found = arrivals.window_occupation_by_service(tx, hall.desk.hall, FRIDAY_DATE, FRIDAY_DATE)
    return {code: (round(one.mean_min, 2), one.n) for code, one in found.items()}


@ON_BOTH_ENGINES
@at_two_windows
def test_people_count_where_and_when_they_came_and_teach_nothing_before_the_next_day_and_the_line_of_now_is_told(
    hall: Hall,
):
    assert (counts_of(hall), occupation(hall)) == ({}, {})
    found = staffing_for_day(hall.desk, FRIDAY_DATE, hall.clock())
    assert (found.came, found.total, found.error) == (0, None, None), "an empty hall is known to be empty"
    hall.queue("A", "A", "B", "A", minutes_apart=10)
    assert counts_of(hall) == {"A": {540: 2, 570: 1}, "B": {540: 1}}
    # Void tickets are nobody, and redirected people count where they first stood.
    hall.play("void A002 reason=wrong", "redirect A ticket=B001")
    assert counts_of(hall) == {"A": {540: 1, 570: 1}, "B": {540: 1}}
    hall.queue(*["B"] * 30)
    seen = staffing_for_day(hall.desk, FRIDAY_DATE, hall.clock()).backlog
    assert seen is not None and (seen.waiting, seen.open) == (33, 2) and seen.needed > 2
    tomorrow = FRIDAY_DATE + timedelta(days=1)
    assert [arrivals_forecast(hall.desk, day, hall.clock()).days for day in (FRIDAY_DATE, tomorrow)] == [0, 0]
    hall.clock.move(days=1)
    assert arrivals_forecast(hall.desk, tomorrow, hall.clock()).days == 1


@ON_BOTH_ENGINES
@at_two_windows
def test_a_customer_keeps_windows_from_the_call_that_they_followed_through_all_steps(hall: Hall):
    """A has two steps, B does not come and keeps it for the calls only, C was missed once, D lies aside for a time."""
    hall.open("5", "C5")
    for minutes, verb, *words in (
        *((0, "issue", "A"), (0, "call", "3"), (1, "start", "3"), (4, "add", "3", "B"), (0, "finish", "3")),
        *((20, "call", "4"), (3, "finish", "4")),
        *((0, "issue", "B"), (0, "call", "3"), (1, "miss", "3")),
        *((0, "issue", "C"), (0, "call", "5"), (1, "miss", "5"), (3, "reinstate", "C001")),
        *((4, "call", "5"), (1, "start", "5"), (5, "finish", "5")),
        *((0, "issue", "D"), (0, "call", "5"), (0, "start", "5"), (2, "park", "5"), (30, "unpark", "5", "D001")),
        *((2, "finish", "5"), (480, "day-end")),
    ):
        hall.clock.move(minutes=minutes)
        hall.do(verb, *words, **{"reason": "papers"} if verb == "park" else {})
    assert occupation(hall) == {"A": (8.0, 1), "B": (1.5, 1), "C": (6.0, 1), "D": (4.0, 1)}
