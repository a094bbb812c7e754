"""Paper days on the manager's screen: files put in, rows typed and pasted, bad ones named, forms to print."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from queuedesk.desk import looking
from queuedesk.features.paper_days import pages
from queuedesk.features.paper_days import words as paper_day_texts
from queuedesk.sim.player import ACTION_COLUMNS as COLUMNS
from queuedesk.stations.widgets import paint
from queuedesk.stations.window.style import Scale
from tests.files.spreadsheets import write_rows
from tests.stations.hands import drop_file
from tests.stations.seen import timer_of

HEADER = ",".join(COLUMNS)
GOOD = """2026-11-19T09:00,issue,A401,A,,,elderly,,
2026-11-19T09:05,call,A401,,5,C5,,,
2026-11-19T09:10,finish,A401,,5,,,,
"""


@pytest.fixture
def page(context, put):
    controller = pages.PaperDayController(context)
    page = put(pages.PaperDayPage(context.look, controller))
    timer_of(page, pages.CHECK_AFTER_MS).setInterval(0)
    page.notices = []
    page.said.connect(lambda text, _icon: page.notices.append(text))
    yield page
    controller.papers.stop()


def file(tmp_path: Path, rows: str = GOOD) -> Path:
    path = tmp_path / "day.csv"
    path.write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    return path


def shown(page: pages.PaperDayPage, row: int, column: int) -> str:
    return str(page.rows.index(row, column).data(Qt.ItemDataRole.DisplayRole))


def press(button: QAbstractButton) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_rows_are_pasted_and_typed_with_keys_alone(page, hall, qtbot):
    """Cells of a spreadsheet, then time, action and number in the last, empty row."""
    assert page.table.accessibleName() and not page.table.tabKeyNavigation()
    QGuiApplication.clipboard().setText("时间\t做了什么\t号码\t业务\n9:00\t取号\tA401\tA\n9:01\tissue\tA402\tB\n")
    page.table.setCurrentIndex(page.rows.index(0, 0))
    QTest.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.enter_button.isEnabled)
    assert [row["ticket"] for row in page.rows.rows] == ["A401", "A402"]
    for left in (["A401"], []):
        page.table.setCurrentIndex(page.rows.index(len(left), 0))
        QTest.keyClick(page.table, Qt.Key.Key_Delete)
        assert [row["ticket"] for row in page.rows.rows] == left
    page.table.setFocus()
    page.table.setCurrentIndex(page.rows.index(0, 0))
    QTest.keyClick(page.table, Qt.Key.Key_F2)
    edit = page.table.findChild(QLineEdit)
    QTest.keyClicks(edit, "902")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.rows.rows))
    assert page.rows.rows[0]["time"] == f"{hall.date} 09:02"
    page.table.setCurrentIndex(page.rows.index(0, 1))
    QTest.keyClick(page.table, Qt.Key.Key_F2)
    box = page.table.findChild(QComboBox)
    QTest.keyClicks(box, "Iss")
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.rows.rows[0]["action"] == "issue")
    for name, text in (("ticket", "A401"), ("service", "A")):
        page.rows.setData(page.rows.index(0, COLUMNS.index(name)), text)
    qtbot.waitUntil(page.enter_button.isEnabled)
    press(page.enter_button)
    assert page.notices == ["1 ticket entered, now waiting: A401"]


def test_a_ticket_is_typed_as_it_stands_on_the_form(page, hall, qtbot):
    """With keys alone: number, times, rating; service, window and clerk stay for the next number."""
    strip = page.strip
    assert not strip.add_button.isEnabled()
    offered = [strip.fields["staff"].itemData(at) for at in range(strip.fields["staff"].count())]
    assert "G1" not in offered and {"C1", "M1"} <= set(offered)
    # Of a number that names no service the empty cell is told by its column's title; the letter of another names it.
    QTest.keyClicks(strip.fields["ticket"], "X401")
    QTest.keyClicks(strip.fields["came"], "9:00")
    press(strip.add_button)
    qtbot.waitUntil(lambda: "Service is empty" in shown(page, 0, pages.PROBLEM))
    page.clear_button.click()
    strip.fields["ticket"].clear()
    QTest.keyClicks(strip.fields["ticket"], "b401")
    assert strip.field_text("service") == "B"
    strip.fields["ticket"].clear()
    for field, code in (("service", "A"), ("window", "5"), ("staff", "C5")):
        strip.fields[field].setCurrentIndex(strip.fields[field].findData(code))
    typed = {"ticket": "a401", "came": "900", "called": "9:05", "started": "9:06", "finished": "9:10", "rating": "4"}
    for field, text in typed.items():
        QTest.keyClicks(strip.fields[field], text)
    QTest.keyClick(strip.fields["rating"], Qt.Key.Key_Return)
    assert [row["action"] for row in page.rows.rows] == ["issue", "call", "start", "finish", "rate"]
    assert (
        strip.field_text("ticket") == "A402" and strip.field_text("service") == "A" and strip.field_text("came") == ""
    )
    QTest.keyClicks(strip.fields["came"], "9:01")
    press(strip.add_button)
    qtbot.waitUntil(page.enter_button.isEnabled)
    press(page.enter_button)
    ticket = looking.find_ticket(hall.desk, hall.date, "A401")
    assert (str(ticket.state), ticket.rating, ticket.current_leg.staff) == ("finished", 4, "C5")
    assert page.notices == ["2 tickets entered, now waiting: A402"]


def test_a_file_is_read_mended_and_put_in_by_one_button(page, tmp_path, qtbot, hall):
    # What is no table is told.
    page.open_file(tmp_path / "none.csv")
    assert "There is no file" in page.told.text()
    path = tmp_path / "day.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    page.open_file(path)
    assert not page.enter_button.isEnabled() and page.told.text()
    # Bad rows are named and nothing can be put in.
    page.open_file(file(tmp_path, GOOD.replace("finish,A401", "finish,A499").replace("elderly", "nobody")))
    assert not page.enter_button.isEnabled()
    assert "3 rows to fix" in page.told.text() and "Line 2: There is no class nobody" in page.told.text()
    assert [bool(shown(page, row, pages.PROBLEM)) for row in range(4)] == [True, True, True, False]
    page.table.setCurrentIndex(page.rows.index(2, 0))
    assert "Line 4" in page.told.text()
    # A workbook with Chinese heads is as good.
    head = ["时间", "做了什么", "号码", "业务", "窗口", "人员", "类别"]
    words = {"issue": "取号", "call": "叫号", "finish": "Finished"}
    rows = [
        [datetime.fromisoformat(row[0]), words[row[1]], *row[2:7]] for row in (line.split(",") for line in GOOD.split())
    ]
    page.open_file(write_rows(tmp_path / "day.xlsx", [head, *rows]))
    assert page.enter_button.isEnabled()
    # A row that is mended is tried again.
    page.open_file(file(tmp_path, GOOD.replace("elderly", "nobody")))
    page.rows.setData(page.rows.index(0, COLUMNS.index("class")), "disabled")
    qtbot.waitUntil(page.enter_button.isEnabled)
    assert shown(page, 0, pages.PROBLEM) == ""
    # A file is dropped.
    drop_file(page, file(tmp_path))
    assert len(page.rows.rows) == 3
    # A file is tried and put in by one button.
    page.open_file(file(tmp_path))
    assert "1 ticket from 3 rows, all good" in page.told.text()
    assert [shown(page, 0, column) for column in range(4)] == ["09:00", "Issued", "A401", "A"]
    assert page.enter_button.text() == "Enter 3 rows"
    press(page.enter_button)
    assert page.notices == ["1 ticket entered"]
    assert page.rows.rows == [] and not page.enter_button.isEnabled()
    assert next(event for event in looking.events_after(hall.desk, 0) if event.kind == "enter").actor == "M1"
    # The same file twice is told.
    page.open_file(file(tmp_path))
    assert "was already entered" in page.told.text() and not page.enter_button.isEnabled()
    # Times of day in a file are those of the page's day.
    page.open_file(file(tmp_path, GOOD.replace("2026-11-19T", "")))
    for day in (hall.date, date(2026, 11, 18)):
        page._switch_to_day(day)
        assert [row["time"] for row in page.rows.rows][:2] == [f"{day} 09:00", f"{day} 09:05"]
        qtbot.waitUntil(page.enter_button.isEnabled)
    press(page.enter_button)
    assert looking.find_ticket(hall.desk, date(2026, 11, 18), "A401").state == "finished"


def test_paper_tickets_are_saved_and_printed(page, paper, tmp_path):
    for button in ("save_button", "print_button"):
        press(page.paper_button)
        (dialog,) = [one for one in page.findChildren(pages.PrintPaperTicketsDialog) if one.isVisible()]
        dialog.service.setCurrentIndex(1)
        press(getattr(dialog, button))
    assert (tmp_path / "CD-paper-B.pdf").read_bytes().startswith(b"%PDF")
    assert paper.printed == [("CD-paper-B.pdf", "Office")]
    assert "Sent to the printer" in page.notices


def test_the_side_list_leads_there_and_rows_are_not_lost_unasked(office, tmp_path):
    office.go("paper")
    page = office.page
    rows = page.stack.get_or_make_page("paper")
    assert rows.isVisible() and page.may_close()
    rows.open_file(file(tmp_path))
    assert not page.may_close() and "not entered yet" in page.closing_effect_text()
    press(rows.enter_button)
    office.follow()
    assert page.may_close()
    assert "1 ticket entered" in page.toast.text()


def test_the_heads_of_the_columns_are_whole_in_large_letters_in_a_small_window(page, context):
    look, table = context.look, page.table
    look.set_scale(Scale.staff_scale(1024, 768, 150))
    page.resize(946, 640)
    QApplication.processEvents()
    head, titles = table.horizontalHeader(), paper_day_texts.paper_column_titles().values()
    (drawn_px,) = (int(px) for px in re.findall(r"font-size: (\d+)px", table.styleSheet()))
    font = QFont(head.font())
    font.setPixelSize(drawn_px)
    cut = [
        title
        for at, title in enumerate(titles)
        if head.sectionSize(at) < paint.width_of_text(font, title) + 2 * look.px(6)
    ]
    assert cut == []
