"""Appointments in the manager's list, on paper and by command."""

import sqlite3
from contextlib import closing
from datetime import date, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from queuedesk.app.main import command_services
from queuedesk.core.errors import RuleError
from queuedesk.features.appointments import verbs
from queuedesk.features.appointments.pages.acts import AppointmentDialog
from queuedesk.features.appointments.rules import parse_appointment_code
from queuedesk.features.appointments.verbs import AppointmentRequest
from queuedesk.features.appointments.words import WORDS
from queuedesk.i18n import LANGUAGES, error_sentence
from queuedesk.printing.slip_layout import lay_out_slip
from queuedesk.stations.manager.parts.table import RefusedFileDialog
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from tests.cli.commands import Console
from tests.files.spreadsheets import write_rows
from tests.hall import at
from tests.printing import slips
from tests.printing.slips import words

ENTER, ESCAPE, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab
HEAD = "date,time,service,name,ref"


@pytest.fixture
def page(office):
    hall = office.hall
    for minutes, name in ((30, "Hu Min"), (60, "Li Da"), (26 * 60, "Wu")):
        hall.do("book", AppointmentRequest(service="B", at=hall.clock() + timedelta(minutes=minutes), name=name))
    verbs.issue_ticket_on_arrival(
        hall.desk, hall.ask(), verbs.appointments_between_dates(hall.desk, hall.date)[0]["appointment"]
    )
    office.page.open_page("booked")
    office.follow()
    return office.page.stack.get_or_make_page("booked")


TABLES = {
    "A time that is none": ("2026-11-20,15:00,A,Chen,R1", "2026-11-20,25:00,B,Ma,R2"),
    "A time before opening, and a service that is not there": (
        "2026-11-20,8:00,A,Chen,R1",
        "2026-11-20,15:00,ZZ,Ma,R2",
        "2026-11-20,15:00,A,Hu,R3",
    ),
    "No table": ("\x89PNG\x00\x01",),
}


def test_who_is_expected_is_said_changed_and_a_table_taken_as_a_whole(office, page, story, tmp_path):
    story.tell("Who came and who is expected", office.page.nav, page)
    office.touch(page.board.after)
    story.tell("Another day has a list of its own", page)
    office.touch(page.board.before)
    office.page.show_hall_away(at("10:40"))
    story.tell("While the file is away nothing can be kept", page)
    office.page.show_hall_away(None)
    # The manager keeps a time and gives no ticket.
    office.touch(page.new_button)
    dialog = page.acts.new_dialog
    dialog.choose_service_day_and_time("A", dialog.chosen_day(), "16:00")
    dialog.fields["name"].edit.setText("Zhou")
    office.touch(dialog.yes_button)
    story.tell("A time is kept", page)
    page.board.list.chosen.emit(page.board.list.tickets.rows()[-1].id)
    card = office.question(AppointmentDialog)
    story.tell("Its card has no key for a ticket", card)
    card.refuse()
    page.board.list.chosen.emit(page.board.list.tickets.rows()[1].id)
    office.touch(office.question(AppointmentDialog).off_button)
    question = office.page.findChild(ReasonDialog)
    question.pick_reason("customer_off")
    office.touch(question.yes_button)
    story.tell("Another is called off with a reason", page)
    # Bad rows are named by line and nothing is kept.
    file = tmp_path / "times.csv"
    for what, rows in TABLES.items():
        file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="latin-1")
        page.book_rows_of_file(file)
        refused = office.question(RefusedFileDialog)
        story.tell(what, refused)
        office.touch(refused.no_button)
    file.write_text(f"{HEAD}\n2026-11-20,15:00,A,Chen,R1\n2026-11-20,15:15,B,Ma,R2\n", encoding="utf-8")
    page.book_rows_of_file(file)
    office.follow()
    story.tell("Good rows are all kept", page, office.page.toast)


def test_a_table_of_any_kind_with_heads_in_either_language_is_booked_and_one_bad_row_is_one_row(office, page, tmp_path):
    hall = office.hall
    day, hour = date(2026, 11, 20), time(15, 30)
    chinese = ["日期", "时间", "业务", "姓名", "联系方式", "编号"]
    english = ["Date", "Time", "Service", "Name", "Contact", "Ref"]
    texts = ("a.csv", chinese, "gb18030", ";"), ("b.txt", english, "utf-8-sig", "\t")
    for n, (name, head, *form) in enumerate([*texts, ("c.xlsx", chinese), ("d.ods", english)]):
        file = write_rows(tmp_path / name, [head, [day, hour, "A", "张伟", "13800000000", f"T{n}"]], *form)
        page.book_rows_of_file(file)
        office.follow()
        booked = verbs.appointments_between_dates(hall.desk, hall.date)[-1]
        who = [booked[key] for key in ("at", "service", "name", "contact", "ref")]
        assert who == ["2026-11-20T15:30:00+08:00", "A", "张伟", "13800000000", f"T{n}"], name
    before = hall.last().seq
    bad = [
        ([*chinese, "颜色"], "The header line of {}", "Line 1: the column 颜色 is not known."),
        (chinese, "1 row of {}", "Line 2: Time needs a time such as 8:30, not soon."),
    ]
    for head, first, why in bad:
        page.book_rows_of_file(write_rows(tmp_path / "e.xlsx", [head, [day, "soon", "A", "", "", ""]]))
        refused = office.question(RefusedFileDialog)
        assert refused.effect.text() == f"{first.format(tmp_path / 'e.xlsx')} can't be taken; nothing was changed."
        assert [line.text() for line in refused.lines] == [why]
        office.touch(refused.no_button)
    assert hall.last().seq == before


def test_appointments_to_move_are_counted_before_other_hours_are_saved_while_the_hall_books_times(admin_office):
    hall, day = admin_office.hall, at("10:00") + timedelta(days=7)
    for hours in (0, 6, 6.5):
        verbs.book_appointment(hall.desk, hall.ask(), AppointmentRequest(service="A", at=day + timedelta(hours=hours)))
    admin_office.page.ways.open_set_up_part("calendar")
    page = admin_office.page.setup_page.own.get_or_make_page("calendar")
    page.view.setFocus()
    page.choose_date_or_ask_to_discard(day.date())
    admin_office.follow()
    admin_office.touch(page.panel.kinds["special"])
    admin_office.write(page.panel.closes.edit, "15")
    assert page.panel.effects[-1].text() == "2 appointments to move"
    hall.do("set-hall", {"features": []})
    admin_office.follow()
    assert not [line for line in page.panel.effects if "appointment" in line.text()]


def test_an_appointment_names_its_time_and_nobody(qapp: object) -> None:
    slip = slips.ALL["appointment_zh"]
    said = words(lay_out_slip(slip))
    assert {"预约单", "2026年11月24日 周二", "14:30", "214", "3–6 号窗口"} <= set(said)
    assert "预约保留到 14:45。" in "".join(said)
    assert parse_appointment_code(slip.qr_text) == ("CD", slip.at.date(), 214)
    others = "", "QA1 CD 2026-11-24", "QA1 CD 24.11. 214", "QA1 CD 2026-11-24 x", "QD1 a b c"
    assert [parse_appointment_code(text) for text in others] == [None] * len(others)


def test_it_is_printed_or_drawn_and_stands_though_nothing_prints_it(console, qapp, tmp_path, monkeypatch):
    console.services = command_services()
    kept = console.ask("appointment", "add", "A", "--at", "14:30", "--ref", "2026-118")
    out = tmp_path / "appointment.png"
    assert console.ask("print-appointment", kept["appointment"], "--out", out) == {"file": str(out)}
    assert QImage(str(out)).width() == 576
    assert console.refused("print-appointment", "9999", "--out", out) == "not_there"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    console.ask("printer", "choose", "none:")
    answer = console.say("--json", "appointment", "add", "A", "--at", "14:30", "--print")
    assert (answer.status, answer.document["state"]) == (0, "booked")
    assert "No printer" in answer.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_is_a_whole_sentence(lang: str) -> None:
    told = {"time": "10:30", "date": "2026-11-19", "ref": "R-17", "ticket": "B031", "appointment": 7}
    states = [{"state": state} for state in ("came", "cancelled", "gone")]
    said = [error_sentence(RuleError(code, **told, **state), lang) for code in WORDS.refusals for state in states]
    assert len(set(said)) == len(WORDS.refusals) + 2
    assert not any(sign in sentence for sentence in said for sign in ("{", "}", "None"))


def test_an_id_remembers_nobody(console: Console):
    words = ("--id", "k1", "appointment", "add", "B", "--at", "10:10", "--name", "Hu Min", "--contact", "555 0134")
    assert console.ask(*words) == console.ask(*words)
    assert console.refused(*words[:-1], "555 9999") == "id_used"
    console.ask("--id", "k2", "opinion", "2", "--comment", "the queue was slow")
    with closing(sqlite3.connect(console.db)) as database:
        kept = str(database.execute("SELECT words, answer FROM commands").fetchall())
    assert "appointment" in kept
    assert not any(told in kept for told in ("Hu Min", "555", "slow"))
