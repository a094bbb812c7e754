"""What stands of tickets on paper and in tables: a day's tickets as CSV and workbook, a ticket's story, slips."""

import csv
import io
import re
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import HALL
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Desk
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.talk import messaging
from queuedesk.i18n.quality import warning_delivery_text
from queuedesk.reports.papers import tickets
from queuedesk.reports.papers.tickets import COLUMNS
from tests.files.spreadsheets import must_print
from tests.golden.kept import must_be_kept
from tests.hall import ADMIN, MANAGER, Hall, made_once, make_hall, simple_hall
from tests.reports import days
from tests.reports.days import DAY, NEXT_MORNING, NINE, at_nine, eventful
from tests.reports.read_back import about, bookmarks, pages_of, raw_pages, text_of

NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")', "http://x.example", "1.5", "普通"]


def begun(folder: Path) -> Hall:
    hall = make_hall(folder)
    hall.open("5", "C5")
    for note in NASTY:
        hall.play("issue A klass=elderly", "call 5")
        hall.clock.move(minutes=2, seconds=7)
        hall.play("start 5", 3)
        hall.do("finish", "5", note=note)
    hall.issue("B")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


@pytest.fixture
def state(hall: Hall) -> HallState:
    return looking.hall_state_on(hall.desk, hall.date)


def sheet_of(hall: Hall, state: HallState, lang: str = "en") -> Any:
    book = tickets.tickets_workbook_bytes(state, hall.date, lang=lang, made=hall.clock())
    made = load_workbook(io.BytesIO(book))
    must_print(made)
    return made.active


def cell(sheet: Any, name: str, row: int) -> Any:
    """Return a cell by the name of its column and its row, from 1 below the heading."""
    return sheet.cell(row + 1, COLUMNS.index(name) + 1)


def test_no_text_is_a_formula_numbers_are_numbers_times_the_halls_dates_and_the_heading_stays(state, hall):
    sheet = sheet_of(hall, state)
    cells = [one for row in sheet.iter_rows() for one in row]
    assert {one.data_type for one in cells} <= {"n", "s", "d"} and not [one for one in cells if one.hyperlink]
    escaped = [re.sub("_x000D_", "\r", str(cell(sheet, "note", row + 1).value)) for row in range(len(NASTY))]
    assert escaped == NASTY
    rows = list(
        csv.DictReader(io.StringIO(tickets.tickets_csv_bytes(state, hall.date).decode("utf-8-sig"), newline=""))
    )
    assert [row["note"] for row in rows[: len(NASTY)]] == [f"'{n}" if n[0] in "=+-@\t\r" else n for n in NASTY]
    started = (
        state.tickets[(hall.date, "A001")].current_leg.started.astimezone(hall.clock().tzinfo).replace(tzinfo=None)
    )
    assert cell(sheet, "started", 1).value.replace(microsecond=0) == started
    assert cell(sheet, "started", 1).number_format == "yyyy-mm-dd hh:mm:ss"
    assert cell(sheet, "date", 1).value.date() == hall.date
    assert cell(sheet, "calls", 1).value == cell(sheet, "leg", 1).value == 1
    assert re.fullmatch("[A-Z]+2", sheet.freeze_panes)
    widths = [column.width for column in sheet.column_dimensions.values()]
    assert min(widths) >= 7 and max(widths) <= 42


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ["Ticket", "A Pay a bill", "finished"]), ("zh_CN", ["号码", "A 电费缴纳", "办结"])]
)
def test_headings_and_names_are_in_the_language_asked_for(state, hall, lang, words):
    sheet = sheet_of(hall, state, lang)
    found = [str(cell(sheet, name, row).value) for name, row in (("ticket", 0), ("service", 1), ("state", 1))]
    assert [*found[:2], found[2].lower()] == words
    if lang == "zh_CN":
        assert not [name for name in COLUMNS if str(cell(sheet, name, 0).value).isascii()]


def test_the_file_is_written_by_its_ending_also_of_a_day_without_tickets_and_in_the_same_bytes(state, hall, tmp_path):
    day = hall.date - timedelta(days=3)
    empty = looking.hall_state_on(hall.desk, day)
    first, second = (tickets.tickets_workbook_bytes(empty, day, lang="en", made=hall.clock()) for _ in range(2))
    assert first == second
    assert [len(row) for row in load_workbook(io.BytesIO(first)).active.iter_rows()] == [len(COLUMNS)]
    for ending in ("csv", "XLSX"):
        path = tmp_path / f"day.{ending}"
        path.write_text("old")
        tickets.write_tickets_table(path, state, hall.date, lang="en", made=hall.clock())
        assert path.read_bytes()[:2] == (b"PK" if ending == "XLSX" else b"\xef\xbb")
    with pytest.raises(OutsideError, match="cannot_write"):
        tickets.write_tickets_table(tmp_path / "no" / "day.csv", state, hall.date, lang="en", made=hall.clock())
    with pytest.raises(ValueError, match="ods"):
        tickets.write_tickets_table(tmp_path / "day.ods", state, hall.date, lang="en", made=hall.clock())


# -- a ticket's story: every event, the check of the log, and nothing that somebody wrote in free words ----------------
WRITTEN = "Ms. Li of Elm Road, 13800001111"
INSTEAD = {
    "en": ("another reason, written in the log", "with a note", "Waited too long", "with a comment"),
    "zh_CN": ("另有原因，写在记录里", "有备注", "等得太久", "有留言"),
}


def printed(desk: Desk, folder: Path, label: str, lang: str = "en", **wished: Any) -> str:
    file, wished = folder / f"{label}-{lang}.pdf", {"now": NEXT_MORNING} | wished
    return text_of(tickets.write_ticket_history_pdf(desk, DAY, label, file, lang=lang, **wished))


@pytest.mark.parametrize(("label", "lang"), [("B001", "en"), ("A001", "zh_CN")])
def test_a_story_tells_every_event_with_its_time_and_seq_and_the_check_of_the_log(tmp_path, label, lang):
    path = tmp_path / "story.pdf"
    tickets.write_ticket_history_pdf(eventful(tmp_path), DAY, label, path, lang=lang, now=NEXT_MORNING, printed_by="M1")
    must_be_kept(Path(__file__).with_name("golden") / f"history-{label}-{lang}.txt", "\n".join(raw_pages(path)))


def test_a_changed_log_is_named_on_paper(tmp_path):
    desk = eventful(tmp_path)
    _, events = looking.ticket_with_events(desk, DAY, "B001")
    with sqlite3.connect(tmp_path / "hall.sqlite") as file:
        file.execute("UPDATE events SET actor = 'somebody' WHERE seq = ?", (events[2].seq,))
    file.close()
    assert f"it does not hold at entry {events[2].seq}; somebody changed it" in printed(desk, tmp_path, "B001")


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_what_somebody_wrote_is_not_printed(tmp_path, lang):
    desk = days.hall(tmp_path)
    people = at_nine(desk)
    people.play("open 1 staff=C1", "issue A")
    people.do("call", "1", ticket="A001", reason=WRITTEN)
    people.do("start", "1")
    people.do("park", "1", reason=WRITTEN)
    people.do("unpark", "1", "A001")
    people.do("finish", "1", note=WRITTEN)
    people.do("rate", "A001", 1)
    people.do("reasons", "A001", tags=["waited_long"], comment=WRITTEN)
    page = printed(desk, tmp_path, "A001", lang)
    token = looking.find_ticket(desk, DAY, "A001").token
    assert not [secret for secret in ("13800001111", "Elm", token) if secret in page]
    assert [words for words in INSTEAD[lang] if words not in page] == []


def test_an_open_ticket_says_until_when(tmp_path):
    desk = days.hall(tmp_path)
    at_nine(desk).issue("A")
    page = printed(desk, tmp_path, "A001", now=NINE.replace(minute=12))
    assert "Waiting · until 9:12" in page
    assert "No estimate was given; 12 min so far" in page


def test_a_long_story_goes_on_over_pages_under_the_same_titles(tmp_path):
    desk = days.hall(tmp_path)
    set_aside = ["park 1 reason=copying", "unpark 1 A001"] * 25
    at_nine(desk).play("open 1 staff=C1", "issue A", "call 1", "start 1", *set_aside)
    page = printed(desk, tmp_path, "A001")
    assert page.count("What happened") == 2
    assert page.count("Copying or filling in a form") == 25
    assert "2 / 2" in page


def test_what_cannot_be_written_is_refused_and_leaves_no_file(tmp_path):
    with pytest.raises(RuleError, match="unknown_ticket"):
        printed(days.hall(tmp_path), tmp_path, "A001")
    assert list(tmp_path.glob("*.pdf")) == []
    with pytest.raises(OutsideError, match="cannot_write"):
        printed(eventful(tmp_path), tmp_path / "nowhere", "A001")


# -- slips: of a warning, each printed once; of overdue cases, each owner's part without the customer ------------------
class Printer:
    """A printer of sheets that keeps what it prints, or refuses it."""

    def __init__(self, chosen: str = "office", trouble: str = "") -> None:
        self.chosen, self.trouble, self.printed = chosen, trouble, list[bytes]()

    def report_printer_choices(self) -> dict[str, str]:
        return {"chosen": self.chosen}

    def print_pdf(self, path: Path, printer: str = "") -> str:
        if self.trouble:
            raise OutsideError(self.trouble, printer=printer, cause="out_of_paper")
        self.printed.append(path.read_bytes())
        return printer


def with_a_warning(folder: Path) -> Hall:
    hall = simple_hall(folder)
    setting_up.change_row_fields(hall.desk, hall.ask(ADMIN), "staff", "C1", {"warned_of": ["A"]})
    hall.play("open 1 staff=C1", "issue A", 40, "raise-due")
    return hall


@pytest.fixture
def warned(tmp_path: Path) -> Hall:
    return made_once(tmp_path, with_a_warning)


def due(warned: Hall, printer: Printer) -> int:
    return tickets.print_and_count_unseen_warning_slips(warned.desk, warned.ask(HALL), printer, "en")


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_a_slip_says_what_since_when_and_for_whom(warned: Hall, tmp_path: Path, lang: str) -> None:
    (row,) = messaging.warnings_sent_to_staff_between(warned.desk, MANAGER, None, warned.clock())
    file = tmp_path / "slip.pdf"
    file.write_bytes(tickets.warning_slip_pdf(looking.setup_of_hall(warned.desk), row, lang, warned.clock()))
    (page,) = pages_of(file)
    said = {"en": ("long wait", "Target", "15 min", "not seen yet"), "zh_CN": ("等候过长", "目标", "未读")}[lang]
    assert [words for words in said if words not in page] == []


def test_each_is_printed_once_by_a_pc_that_has_a_printer_and_what_came_on_no_paper_is_told_and_tried_again(
    warned: Hall,
):
    none, off, other = Printer(""), Printer(trouble="printer_refused"), Printer()
    assert (due(warned, none), due(warned, off)) == (0, 1)
    (row,) = messaging.warnings_with_failed_slip(warned.desk, warned.clock())
    assert warning_delivery_text(looking.setup_of_hall(warned.desk), row, "en").endswith("; not printed: out of paper")
    assert due(warned, other) == 0, "not every minute"
    warned.clock.move(minutes=5)
    assert (due(warned, off), due(warned, other)) == (1, 0)
    warned.clock.move(minutes=5)
    assert [due(warned, one) for one in (none, other, off, other)] == [0, 1, 0, 0]
    (row,) = messaging.warnings_sent_to_staff_between(warned.desk, MANAGER, None, warned.clock())
    assert row["slip"]["cause"] is None and len(other.printed) == 1
    assert messaging.warnings_with_failed_slip(warned.desk, warned.clock()) == []


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_each_owner_has_a_part_without_the_customer(tmp_path, lang):
    hall, out = make_hall(tmp_path, time="9:00"), tmp_path / "slip.pdf"
    for owner in ("C1", "C3", "C3"):
        complaint = NewCaseData(klass="complaint", owner=owner, title="Lamp", words="Too slow", contact="13800135176")
        hall.do("case-open", complaint, who=MANAGER)
    none = tickets.write_slip_and_list_overdue_cases(hall.desk, MANAGER, out, lang=lang, now=hall.clock())
    assert none == [] and not out.exists()
    hall.clock.move(days=4)
    written = tickets.write_slip_and_list_overdue_cases(hall.desk, MANAGER, out, lang=lang, now=hall.clock())
    (text,) = pages_of(out)
    kind = {"en": "Overdue cases", "zh_CN": "超期工单"}[lang]
    assert about(out)["subject"] == kind and [level for level, _title in bookmarks(out)] == [0, 1, 1]
    assert [one["number"] for one in written] == ["26-001", "26-002", "26-003"]
    assert all(number in text for number in ("26-001", "26-002", "26-003"))
    assert not any(word in text for word in ("Lamp", "Too slow", "138", "5176"))
    assert ("Working days over" in text and "2 cases are past" in text) is (lang == "en")
