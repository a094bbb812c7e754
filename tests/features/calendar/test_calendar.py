"""The calendar's page: choosing by keys and by drawing, what a change means, published years, files."""

from datetime import date, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.hall import read_calendar
from queuedesk.desk import looking
from queuedesk.desk.calendaring import published_years
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.features.calendar.pages.year import CalendarDifferencesDialog, paint_day_kind, shown_day_kind
from queuedesk.features.calendar.verbs import read_calendar_file
from queuedesk.features.calendar.words import calendar_sources_texts
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.style import CONTRAST, Look, Scale
from tests.files.spreadsheets import CELL, ods_text, write_ods
from tests.hall import MANAGER
from tests.stations.whole_words import settled

FRIDAY = date(2026, 11, 27)


@pytest.fixture
def office(admin_office):
    admin_office.page.ways.open_set_up_part("calendar")
    return admin_office


@pytest.fixture
def page(office):
    return office.page.setup_page.own.get_or_make_page("calendar")


def kept(office) -> dict:
    return looking.setup_of_hall(office.hall.desk).document.get("calendar", {})


def choose(office, page, day: date, kind: str) -> None:
    page.view.setFocus()
    page.choose_date_or_ask_to_discard(day)
    office.follow()
    office.touch(page.panel.kinds[kind])


def test_days_are_chosen_by_keys_and_what_they_change_is_counted_before_it_is_saved(office, page, story):
    hall, view, panel, shift = office.hall, page.view, page.panel, Qt.KeyboardModifier.ShiftModifier
    view.setFocus()
    keys = ("Right 2026-11-21", "Down 2026-11-28", "PageDown 2026-12-28", "Down 2027-01-04", "Home 2026-11-20")
    for key, expected in map(str.split, (*keys, "PageUp 2026-10-20")):
        QTest.keyClick(view, getattr(Qt.Key, f"Key_{key}"))
        assert panel.data.at.isoformat() == expected
    for _day in range(2):
        QTest.keyClick(view, Qt.Key.Key_Right, shift)
    story.tell("Three days are chosen", panel, view.accessibleName())
    office.touch(panel.kinds["holiday"], panel.save_button)
    assert kept(office) == {f"2026-10-{day}": {"kind": "holiday"} for day in (20, 21, 22)}
    office.touch(panel.kinds[""], panel.save_button)
    assert kept(office) == {}
    # A press chooses, and what was chosen for a day is not lost unasked.
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.day_cell_rect(FRIDAY).center().toPoint())
    assert panel.data.at == FRIDAY
    office.touch(panel.kinds["holiday"])
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert panel.data.at == FRIDAY
    office.question(ConfirmDialog).act_button.click()
    assert (panel.data.at, panel.is_changed) == (date(2026, 11, 28), False)
    choose(office, page, FRIDAY, "special")
    office.write(panel.opens.edit, "830")
    office.write(panel.closes.edit, "8:00")
    story.tell("Special hours that close before they open", panel)
    assert panel.save_button.accessibleDescription() == panel.error.text()
    office.write(panel.closes.edit, "15")
    office.write(panel.text_en.edit, "Staff training")
    panel.text.set_value("员工培训")
    panel.text.edited.emit("员工培训")
    story.tell("What special hours mean is counted before they are saved", panel)
    office.touch(panel.save_button)
    story.tell("They are saved", page.date_and_hours_in_words(FRIDAY))
    hall.do("case-open", NewCaseData(klass="complaint", title="Asked for different papers"), who=MANAGER)
    office.follow()
    (case,) = looking.hall_state_now(hall.desk, hall.clock()).cases.values()
    choose(office, page, case.act_due, "holiday")
    story.tell("Deadlines already told are counted", panel)
    office.touch(panel.save_button)
    assert looking.hall_state_now(hall.desk, hall.clock()).cases == {case.seq: case}, "and stay"


def test_a_published_year_shows_its_differences_and_names_its_source(office, page, story):
    def take(year):
        page.preview_published_year(year)
        question = office.question(CalendarDifferencesDialog)
        story.tell(f"The differences of {year}", question.effect)
        question.yes_button.click()
        office.follow()

    def turn_to(year):
        while page.view.data.year < year:
            office.touch(page.after)

    story.tell("2026 was not imported", page.line)
    take(2026)
    assert len(kept(office)) == 39
    story.tell("It is", page.line, page.sources)
    turn_to(2027)
    story.tell("2027 is not", page.line)
    take(2027)
    story.tell("But for the law", page.line, page.sources)
    turn_to(2028)
    story.tell("2028 is not published", page.line)


def resize(office, width: int, height: int, *, text_pct: int) -> Scale:
    scale = Scale.staff_scale(width, height, text_pct)
    office.page.context.look.set_scale(scale)
    for _try in range(2):  # what was shown before needs more
        office.page.resize(width, height)
        settled()
    return scale


SHOWN = {(1366, 768, 100): 4, (1024, 768, 100): 2, (1920, 1080, 100): 6, (1366, 768, 150): 1, (3840, 2160, 100): 12}
"""How many months are shown on a screen so wide and high, with text of so many per cent."""


def test_whole_months_are_shown_with_days_that_a_finger_meets_and_the_arrows_pass_every_month(office, page):
    view = page.view
    for (width, height, text_pct), shown in SHOWN.items():
        scale = resize(office, width, height, text_pct=text_pct)
        while view.data.year < 2026 or FRIDAY.month not in view.shown_months:
            office.touch(page.after)
        assert (len(view.shown_months), 12 % len(view.shown_months)) == (shown, 0)
        cells = [view.day_cell_rect(date(2026, month, 1)) for month in view.shown_months]
        assert min(min(cell.width(), cell.height()) for cell in cells) >= max(36, scale.px(36))
        if text_pct == 100:
            last = view.day_cell_rect(date(2026, view.shown_months[-1], 28)).toAlignedRect()
            assert view.visibleRegion().contains(last), "nothing of them scrolls"
        seen = set()
        while view.data.year == 2026:
            seen |= set(view.shown_months)
            office.touch(page.before)
        assert seen >= set(range(1, FRIDAY.month)), (width, text_pct)


def test_days_are_chosen_by_drawing_over_them(office, page):
    view, panel = page.view, page.panel
    monday, thursday = date(2026, 11, 23), date(2026, 11, 26)

    def draw_over(first, last):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=view.day_cell_rect(first).center().toPoint())
        QTest.mouseMove(view, view.day_cell_rect(last).center().toPoint())
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=view.day_cell_rect(last).center().toPoint())
        return panel.data.chosen_date_range

    assert draw_over(thursday, monday) == (monday, thursday), "in either direction"
    assert draw_over(monday, thursday) == (monday, thursday)
    office.touch(panel.kinds["holiday"])
    assert draw_over(FRIDAY, monday) == (monday, thursday), "what is typed for them is not lost unasked"
    office.question(ConfirmDialog).act_button.click()
    assert panel.data.chosen_date_range == (FRIDAY, FRIDAY)


def test_weekend_holiday_and_what_the_hall_has_closed_are_three_kinds():
    days = {1: {"kind": "holiday", "source": "cn-2026"}, 2: {"kind": "holiday"}, 10: {"kind": "working"}}
    days[12] = {"kind": "special", "from": "09:00", "to": "12:00"}
    calendar = read_calendar({f"2026-10-{day:02d}": row for day, row in days.items()})
    kinds = {day: shown_day_kind(calendar, date(2026, 10, day)) for day in (1, 2, 3, 5, 10, 12)}
    assert kinds == {1: "holiday", 2: "closed", 3: "weekend", 5: "", 10: "working", 12: "special"}
    pictures = set()
    for kind in ("", "weekend", "holiday", "closed", "working", "special"):
        picture = QImage(40, 40, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.white)
        painter = Painter(picture, Look(CONTRAST))
        paint_day_kind(painter, QRectF(0, 0, 40, 40), kind)
        painter.end()
        pictures.add(bytes(picture.constBits()))
    assert len(pictures) == 6, "without colours too"


def test_months_and_day_take_turns_in_little_room_and_come_back_as_they_were_but_stay_with_what_is_not_saved(
    office, page
):
    resize(office, 1024, 768, text_pct=150)
    assert (page.frame.isVisible(), page.panel.isVisible()) == (True, False)
    page.choose_date_or_ask_to_discard(FRIDAY)
    assert (page.frame.isVisible(), page.panel.isVisible()) == (False, True)
    page.choose_date_or_ask_to_discard(FRIDAY + timedelta(days=3), True)
    office.touch(page.panel.back_button)
    office.touch(page.before)
    seen, chosen = page.months.text(), page.panel.data.chosen_date_range
    for key in ("today", "tickets", "notices", "setup"):
        office.page.open_page(key)
    again = office.page.setup_page.own.get_or_make_page("calendar")
    assert again is not page
    assert (again.months.text(), again.panel.data.chosen_date_range) == (seen, chosen)
    assert (again.frame.isVisible(), again.panel.isVisible()) == (True, False)
    again.choose_date_or_ask_to_discard(FRIDAY)
    office.touch(again.panel.kinds["holiday"])
    set_up = office.page.setup_page
    assert set_up.is_changed
    i18n.choose_language("en" if i18n.current_language() == "zh_CN" else "zh_CN")
    office.page.remake_contents()
    assert office.page.setup_page is set_up, "another language waits until it is saved"


def test_a_manager_changes_the_calendar_and_nothing_else_of_the_set_up(open_office):
    office = open_office(MANAGER)
    office.page.ways.open_set_up_part("calendar")
    calendar = office.page.setup_page.own.get_or_make_page("calendar")
    choose(office, calendar, FRIDAY, "holiday")
    office.touch(calendar.panel.save_button)
    assert kept(office) == {"2026-11-27": {"kind": "holiday"}}


def test_of_a_year_of_the_law_nothing_is_missing_once_a_day_is_worked_instead():
    worked = read_calendar({**published_years("cn")[2027].days, "2027-02-14": {"kind": "working"}})
    assert calendar_sources_texts(worked, 2027, "en") == ["Holidays by law"]


# -- a calendar from the tables that halls keep: CSV, Excel and OpenDocument, with the words of the notices ------------
def test_the_same_days_from_three_kinds_of_file(tmp_path: Path) -> None:
    plain = tmp_path / "days.csv"
    lines = "放假安排\n日期,类型,节日,开门,关门\n2026年1月1日,放假,元旦\n2026/1/4,上班\n"
    plain.write_text(lines + "2026.11.27,另定时间,培训,8:30,15:00\n2026-12-01,正常\n", encoding="gb18030")
    book = openpyxl.Workbook()
    for row in (
        ["Date", "Kind", "Holiday", "From", "To"],
        [date(2026, 1, 1), "closed", "元旦"],
        [date(2026, 1, 4), "working"],
        [date(2026, 11, 27), "Special hours", "培训", time(8, 30), time(15, 0)],
        [date(2026, 12, 1), "usual"],
    ):
        book.active.append(row)
    book.save(tmp_path / "days.xlsx")
    day = CELL.format(kind="date", value=' office:date-value="2026-11-27T00:00:00"', text="27.11.26")
    eight = CELL.format(kind="time", value=' office:time-value="PT08H30M00S"', text="8:30 Uhr")
    write_ods(
        tmp_path / "days.ods",
        *(
            "".join(map(ods_text, row))
            for row in (["日期", "类型", "节日", "开门", "关门"], ["2026-01-01", "休", "元旦"])
        ),
        ods_text("2026-01-04") + ods_text("班"),
        day + ods_text("special") + ods_text("培训") + eight + ods_text("15:00"),
        ods_text("2026-12-01") + ods_text("照常"),
    )
    expected = {
        "2026-01-01": {"kind": "holiday", "text": "元旦"},
        "2026-01-04": {"kind": "working"},
        "2026-11-27": {"kind": "special", "text": "培训", "from": "08:30", "to": "15:00"},
        "2026-12-01": None,
    }
    for name in ("days.csv", "days.xlsx", "days.ods"):
        assert read_calendar_file(tmp_path / name) == expected, name


def test_a_spreadsheet_with_entities_of_its_own_is_none(tmp_path: Path) -> None:
    bomb = write_ods(tmp_path / "days.ods", ods_text("date"), before='<!DOCTYPE x [<!ENTITY a "aaaa">]>')
    with pytest.raises(OutsideError, match="not_a_table"):
        read_calendar_file(bomb)
