"""The manager's list of appointments: dates, figures, a new one, one called off, a table of them or none of its
rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from queuedesk.desk.queue import booking
from queuedesk.desk.queue.booking import Wish
from queuedesk.stations.appointments.acts import AppointmentDialog
from queuedesk.stations.manager.tickets.appointments_page import RefusedFileDialog
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from tests.hall import at

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def page(office):
    hall = office.hall
    for minutes, name in ((30, "Hu Min"), (60, "Li Da"), (26 * 60, "Wu")):
        hall.do("book", Wish(service="B", at=hall.clock() + timedelta(minutes=minutes), name=name))
    booking.arrive(hall.desk, hall.ask(), first_of(hall))
    office.page.open_page("booked")
    office.follow()
    return office.page.booked


def first_of(hall) -> int:
    return int(booking.appointments_of(hall.desk, hall.date)[0]["appointment"])


def table(folder: Path, *rows: str) -> Path:
    path = folder / "times.csv"
    path.write_text("\n".join(["date,time,service,name,ref", *rows]) + "\n", encoding="utf-8")
    return path


def shown(page) -> list[tuple[str, str]]:
    return [(row.service, row.wait) for row in page.board.list.tickets.rows()]


def test_who_came_and_who_is_expected_is_said_and_counted(office, page):
    assert [row[1].split(" · ")[0] for row in shown(page)] == ["Came", "Expected"]
    words = [pill.text() for pill in page.board.pills.values()]
    assert words == ["All 2", "Expected 1", "Came 1", "Cancelled 0", "Did not come 0"]
    assert all(row.button == "" for row in page.board.list.tickets.rows())


def test_it_stands_in_the_side_list(office, page):
    assert office.page.nav.current() == "booked"
    assert office.page.stack.currentWidget() is page


def test_another_day_has_a_list_of_its_own(office, page):
    office.touch(page.board.after)
    assert shown(page) == [("Wu · Account services", "Expected")]
    office.touch(page.board.before)
    assert len(shown(page)) == 2


def test_the_manager_keeps_a_time_and_gives_no_ticket(office, page):
    office.touch(page.new_button)
    dialog = page.acts.new_dialog
    dialog.choose("A", dialog.day(), "16:00")
    dialog.fields["name"].edit.setText("Zhou")
    office.touch(dialog.yes_button)

    assert ("Zhou · Pay a bill", "Expected") in shown(page)
    page.board.list.chosen.emit(page.board.list.tickets.rows()[-1].id)
    assert not office.page.findChild(AppointmentDialog).arrive_button.isVisible()


def test_one_is_called_off_with_a_reason(office, page):
    page.board.list.chosen.emit(page.board.list.tickets.rows()[1].id)
    office.touch(office.page.findChild(AppointmentDialog).off_button)
    question = office.page.findChild(ReasonDialog)
    question.pick("customer_off")
    office.touch(question.yes_button)

    assert shown(page)[1][1] == "Cancelled"
    assert page.board.pills["cancelled"].text() == "Cancelled 1"


def test_a_table_is_taken_as_a_whole(office, page, tmp_path):
    page.take_file(table(tmp_path, "2026-11-20,15:00,A,Chen,R1", "2026-11-20,15:15,B,Ma,R2"))
    office.follow()

    assert office.page.toast.text() == "2 appointments made."
    assert [row[0].split(" · ")[0] for row in shown(page)][-2:] == ["Chen", "Ma"]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (["2026-11-20,15:00,A,Chen,R1", "2026-11-20,25:00,B,Ma,R2"], ["Line 3"]),
        (["2026-11-20,8:00,A,Chen,R1", "2026-11-20,15:00,ZZ,Ma,R2", "2026-11-20,15:00,A,Hu,R3"], ["Line 2", "Line 3"]),
    ],
)
def test_bad_rows_are_named_by_line_and_nothing_is_kept(office, page, tmp_path, rows, lines):
    before = len(office.hall.log())
    page.take_file(table(tmp_path, *rows))

    dialog = office.page.findChild(RefusedFileDialog)
    assert [label.text().partition(":")[0] for label in dialog.lines] == lines
    assert len(office.hall.log()) == before
    office.touch(dialog.no_button)


def test_a_file_that_is_no_table_is_refused_in_words(office, page, tmp_path):
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\x00\x01")
    page.take_file(path)
    assert office.page.findChild(RefusedFileDialog).accessibleName().startswith("Nothing was imported from the file")


def test_while_the_file_is_away_nothing_can_be_kept(office, page):
    office.page.show_away(at("10:40"))
    assert not page.new_button.isEnabled() and not page.import_button.isEnabled()
    office.page.show_away(None)
    assert page.new_button.isEnabled()
