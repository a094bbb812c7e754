"""The manager's list of appointments: dates, figures, a new one, one called off, a table of them or none of its
rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from queuedesk.features.appointments import verbs
from queuedesk.features.appointments.pages.acts import AppointmentDialog
from queuedesk.features.appointments.verbs import Wish
from queuedesk.stations.manager.parts.refused_file import RefusedFileDialog
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from tests.hall import at

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def page(office):
    hall = office.hall
    for minutes, name in ((30, "Hu Min"), (60, "Li Da"), (26 * 60, "Wu")):
        hall.do("book", Wish(service="B", at=hall.clock() + timedelta(minutes=minutes), name=name))
    verbs.arrive(hall.desk, hall.ask(), first_of(hall))
    office.page.open_page("booked")
    office.follow()
    return office.page.stack.page("booked")


def first_of(hall) -> int:
    return int(verbs.appointments_of(hall.desk, hall.date)[0]["appointment"])


def table(folder: Path, *rows: str) -> Path:
    path = folder / "times.csv"
    path.write_text("\n".join(["date,time,service,name,ref", *rows]) + "\n", encoding="utf-8")
    return path


def shown(page) -> list[tuple[str, str]]:
    return [(row.service, row.wait) for row in page.board.list.tickets.rows()]


def test_who_is_expected_is_said_and_changed(office, page):
    # It stands in the side list.
    assert office.page.nav.current() == "booked"
    assert office.page.stack.currentWidget() is page

    # Who came and who is expected is said and counted.
    assert [row[1].split(" · ")[0] for row in shown(page)] == ["Came", "Expected"]
    words = " ".join(pill.text() for pill in page.board.pills.values())
    assert words == "All 2 Expected 1 Came 1 Cancelled 0 Did not come 0"
    assert all(row.button == "" for row in page.board.list.tickets.rows())

    # Another day has a list of its own.
    office.touch(page.board.after)
    assert shown(page) == [("Wu · Account services", "Expected")]
    office.touch(page.board.before)
    assert len(shown(page)) == 2

    # While the file is away nothing can be kept.
    office.page.show_away(at("10:40"))
    assert not page.new_button.isEnabled() and not page.import_button.isEnabled()
    office.page.show_away(None)
    assert page.new_button.isEnabled()

    # The manager keeps a time and gives no ticket.
    office.touch(page.new_button)
    dialog = page.acts.new_dialog
    dialog.choose("A", dialog.day(), "16:00")
    dialog.fields["name"].edit.setText("Zhou")
    office.touch(dialog.yes_button)

    assert ("Zhou · Pay a bill", "Expected") in shown(page)
    page.board.list.chosen.emit(page.board.list.tickets.rows()[-1].id)
    shown_dialog = office.question(AppointmentDialog)
    assert not shown_dialog.arrive_button.isVisible()
    shown_dialog.refuse()

    # One is called off with a reason.
    page.board.list.chosen.emit(page.board.list.tickets.rows()[1].id)
    office.touch(office.question(AppointmentDialog).off_button)
    question = office.page.findChild(ReasonDialog)
    question.pick("customer_off")
    office.touch(question.yes_button)

    assert shown(page)[1][1] == "Cancelled"
    assert page.board.pills["cancelled"].text() == "Cancelled 1"


def test_a_table_is_taken_as_a_whole(office, page, tmp_path):
    # Bad rows are named by line and nothing is kept.
    before = len(office.hall.log())
    for rows, lines in (
        (["2026-11-20,15:00,A,Chen,R1", "2026-11-20,25:00,B,Ma,R2"], ["Line 3"]),
        (["2026-11-20,8:00,A,Chen,R1", "2026-11-20,15:00,ZZ,Ma,R2", "2026-11-20,15:00,A,Hu,R3"], ["Line 2", "Line 3"]),
    ):
        page.take_file(table(tmp_path, *rows))

        dialog = office.question(RefusedFileDialog)
        assert [label.text().partition(":")[0] for label in dialog.lines] == lines
        assert len(office.hall.log()) == before
        office.touch(dialog.no_button)

    # A file that is no table is refused in words.
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\x00\x01")
    page.take_file(path)
    dialog = office.question(RefusedFileDialog)
    assert dialog.accessibleName().startswith("Nothing was imported from the file")
    office.touch(dialog.no_button)

    # Good rows are all kept.
    page.take_file(table(tmp_path, "2026-11-20,15:00,A,Chen,R1", "2026-11-20,15:15,B,Ma,R2"))
    office.follow()

    assert office.page.toast.text() == "2 appointments made."
    assert [row[0].split(" · ")[0] for row in shown(page)][-2:] == ["Chen", "Ma"]


def test_appointments_to_move_are_counted_before_other_hours_are_saved_while_the_hall_books_times(admin_office):
    hall, day = admin_office.hall, at("10:00") + timedelta(days=7)
    for hours in (0, 6, 6.5):
        verbs.book(hall.desk, hall.ask(), Wish(service="A", at=day + timedelta(hours=hours)))
    admin_office.page.ways.open_part("calendar")
    page = admin_office.page.setup_page.own.calendar
    page.view.setFocus()
    page.go(day.date())
    admin_office.follow()
    admin_office.touch(page.panel.kinds["special"])
    admin_office.write(page.panel.closes.edit, "15")
    assert page.panel.effects[-1].text() == "2 appointments to move"
    hall.do("set-hall", {"features": []})
    admin_office.follow()
    assert not [line for line in page.panel.effects if "appointment" in line.text()]
