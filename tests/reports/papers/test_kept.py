"""Files that stay: tickets as tables and stories on paper, and reports that write themselves."""

import csv
import io
import re
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from reportlab.pdfgen.canvas import Canvas

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import CalendarPeriod, PrintedReportPagesChoice, ReportStamp
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import HALL
from queuedesk.core.upkeep import LogEndAnchor, SheetClaim
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Desk
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.talk import messaging
from queuedesk.desk.upkeep import clocks
from queuedesk.i18n.quality import warning_delivery_text
from queuedesk.reports import kept
from queuedesk.reports.figures.period import read_day_report
from queuedesk.reports.figures.write import write_day_report
from queuedesk.reports.kept import (
    ASKED,
    MARK,
    ReportPrintingLog,
    ReportsWritingOutcome,
    first_event_hash,
    pages_in,
    report_key,
    report_pages_as_pdf,
    reports_in_folder,
    write_kept_report,
)
from queuedesk.reports.papers import tickets
from queuedesk.reports.papers.tickets import COLUMNS
from tests.desk.stage import DISPLAY, look, send_heartbeat, start, stop
from tests.files.spreadsheets import must_print
from tests.golden.kept import must_be_kept
from tests.hall import ADMIN, MANAGER, SHANGHAI, Hall, made_once, make_hall, simple_hall
from tests.reports import days
from tests.reports.days import DAY, NEXT_MORNING, NINE, at_nine, eventful
from tests.reports.read_back import about, bookmarks, pages_of, raw_pages, text_of
from tests.rewritten import rewrite

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


MONDAY = datetime(2026, 11, 16, 9, tzinfo=SHANGHAI)


def lived(folder: Path, days: int = 1, *, start: datetime = MONDAY, settings: dict | None = None) -> Hall:
    """Return a hall after so many days with one customer each, at nine on the morning after."""

    def live(place: Path) -> Hall:
        hall = simple_hall(place, start=start, settings=settings)
        for _day in range(days):
            live_a_day(hall)
        return hall

    return made_once(folder, live, kind=f"{days} {start} {settings}")


def live_a_day(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "issue A", "serve-out 1")
    hall.clock.now = hall.clock.now.replace(hour=9, minute=0) + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    kept = tmp_path / "kept"
    kept.mkdir()
    return kept


def write(hall: Hall, folder: Path, **how) -> ReportsWritingOutcome:
    return kept.write_due_reports(hall.desk, folder, hall.clock(), lang="en", **how)


def names(files) -> list[str]:
    return [file.path.name for file in files]


def test_a_day_that_is_over_is_written_once_and_known_whatever_becomes_of_its_name(tmp_path, folder):
    hall = lived(tmp_path)
    part = folder / f".{first_event_hash(hall.desk)[:12]}-4711.part"
    part.write_bytes(b"%PDF half")
    foreign = folder / ".else.part"
    foreign.write_bytes(b"")
    (written,) = write(hall, folder).written
    assert written.path.name == "2026-11-16-day-T.pdf"
    assert (part.exists(), foreign.exists()) == (False, True), "what a dead process left behind is cleared"
    assert write(hall, folder) == ReportsWritingOutcome()
    assert set(folder.iterdir()) == {written.path, foreign}
    (found,) = kept.reports_in_folder(folder, first_event_hash(hall.desk))
    log = {event.seq: event for event in hall.log()}
    of_dates = {log[seq].date.day for seq in range(found.stamp.first_seq, found.stamp.last_seq + 1)}
    assert (found.stamp.hash, of_dates) == (log[found.stamp.last_seq].hash, {16}), "the part of the log it was made of"
    assert found.stamp.written == hall.clock()
    assert found.path.read_bytes().startswith(b"%PDF")
    code = LogEndAnchor(log=found.stamp.log, seq=found.stamp.last_seq, hash=found.stamp.hash).code
    wall = tmp_path / "wall.pdf"
    wall.write_bytes(report_pages_as_pdf(found.path, PrintedReportPagesChoice.ANNEX))
    assert about(wall)["lang"] == about(found.path)["lang"] != ""
    for file in (found.path, wall):
        assert all(code in page for page in pages_of(file)), "on each page"
        own = SheetClaim(seq=found.stamp.last_seq, log=code.split("-")[1], start=ANY, whole=found.stamp.hash)
        assert kept.printed_log_claims(file) == [own]
    found.path.rename(folder / "Monday.pdf")
    assert not write(hall, folder).written, "under another name it is known"
    hall.do("set-setting", "crowd", 30)
    hall.clock.move(days=1)
    assert not write(hall, folder).written, "sign-ins and rules make no edition"


def test_today_is_over_when_ended_by_hand_and_gets_another_edition_where_it_went_on(tmp_path, folder):
    hall = simple_hall(tmp_path, start=MONDAY)
    hall.play("open 1 staff=C1", "issue A")
    assert not write(hall, folder).written
    clocks.end_today(hall.desk, hall.ask())
    assert names(write(hall, folder, gathered=True).written) == ["2026-11-16-day-T.pdf"]
    hall.clock.move(hours=1)
    hall.issue("A")
    assert not write(hall, folder).written, "somebody waits again"
    hall.clock.move(days=1)
    assert names(write(hall, folder, gathered=True).written) == ["2026-11-16-day-T-2.pdf"]
    assert not write(hall, folder, gathered=True).written, "the night's own day-end makes no other edition"


def test_late_ratings_make_another_edition_beside_the_first_gathered_until_the_date_turns(tmp_path, folder):
    hall = lived(tmp_path, 2, settings={"rating_days": 7})
    write(hall, folder)
    before = (folder / "2026-11-16-day-T.pdf").read_bytes()
    hall.do("rate", "A001", 4, day=MONDAY.date())
    hall.clock.move(minutes=5)
    hall.do("rate", "A001", 2, day=(MONDAY + timedelta(days=1)).date())
    assert not write(hall, folder, gathered=True).written
    hall.clock.move(days=1)
    second = write(hall, folder, gathered=True).written
    assert names(second) == ["2026-11-17-day-T-2.pdf", "2026-11-16-day-T-2.pdf"]
    assert second[1].stamp.edition == 2
    assert "edition 2 · QueueDesk" in text_of(second[1].path)
    assert (folder / "2026-11-16-day-T.pdf").read_bytes() == before


def outages(hall: Hall) -> list[dict]:
    """Return the outages of the display on Monday, as the report of that date has them."""
    found = read_day_report(hall.desk, MONDAY.date(), hall.clock()).figures["measures"]["devices"]
    return [outage for one in found for outage in one["outages"]]


def open_with_a_display(folder: Path) -> Hall:
    hall = simple_hall(folder, start=MONDAY)
    start(hall, DISPLAY)
    hall.play("open 1 staff=C1", "issue A", "serve-out 1")
    return hall


def test_an_outage_that_is_found_the_next_morning_makes_another_edition(tmp_path, folder):
    hall = open_with_a_display(tmp_path)
    send_heartbeat(hall, DISPLAY)
    hall.clock.move(hours=2)
    hall.do("close", "1")
    hall.clock.move(hours=20)
    assert names(write(hall, folder).written) == ["2026-11-16-day-T.pdf"]
    before = outages(hall)
    assert look(hall) == [DISPLAY]
    assert (before, len(outages(hall))) == ([], 1)
    assert names(write(hall, folder).written) == ["2026-11-16-day-T-2.pdf"]
    start(hall, DISPLAY)
    assert len(outages(hall)) == 1
    assert not write(hall, folder).written, "that it works again changes nothing of Monday"


def test_equipment_that_ends_after_closing_makes_no_edition(tmp_path, folder):
    hall = open_with_a_display(tmp_path)
    hall.clock.move(hours=2)
    clocks.end_today(hall.desk, hall.ask())
    assert names(write(hall, folder).written) == ["2026-11-16-day-T.pdf"]
    hall.clock.move(minutes=10)
    stop(hall, DISPLAY)
    assert outages(hall) == []
    assert not write(hall, folder).written
    hall.clock.move(hours=20)
    start(hall, DISPLAY)
    assert not write(hall, folder).written


def test_another_hall_of_the_same_code_has_reports_of_its_own_after_its_own_day_end(tmp_path, folder):
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one = lived(tmp_path / "one")
    other = lived(tmp_path / "other", start=MONDAY + timedelta(minutes=1))
    write(one, folder)
    other.clock.move(days=-1)
    late = other.issue("A")
    other.clock.move(days=1)
    assert names(write(other, folder).written) == ["2026-11-16-day-T-2.pdf"]
    (ended,) = [event for event in other.log() if event.kind == "day-end"]
    assert late in ended.data["waiting"], "a day that nobody ended is ended first"
    assert not write(one, folder).written
    assert not write(other, folder).written


def test_the_next_report_says_that_the_former_ones_still_hold_or_first_that_they_do_not_any_more(tmp_path, folder):
    hall = lived(tmp_path)
    (first,) = write(hall, folder).written
    live_a_day(hall)
    (second,) = write(hall, folder).written
    live_a_day(hall)
    (third,) = write(hall, folder).written
    seqs = [one.stamp.last_seq for one in (first, second, third)]
    assert "No report of an earlier point is kept with this one." in text_of(first.path)
    assert f"The report of 16 November 2026, up to event {seqs[0]}, still holds." in text_of(second.path)
    told = f"The report of 17 November 2026, up to event {seqs[1]}, still holds. So does 1 other kept report."
    assert told in text_of(third.path)
    rewrite(hall, lambda event: replace(event, data={**event.data, "outcome": "x"}) if event.seq == 5 else event)
    live_a_day(hall)
    by_day = {one.stamp.span.first.day: text_of(one.path) for one in write(hall, folder).written}
    assert sorted(by_day) == [16, 17, 18, 19], "what no longer holds is written anew as well"
    told = "Worth your attention 3 kept reports no longer hold, first that of 16 November 2026, up to event"
    assert all(told in " ".join(page.replace(" 1 ", " ").split()) for page in by_day.values())


def test_an_older_file_gives_what_it_says_may_hang_on_a_wall_or_its_first_page_and_one_without_that_is_whole(tmp_path):
    for name, says in (("older.pdf", "wall-pages=2"), ("other.pdf", "")):
        canvas = Canvas(str(tmp_path / name))
        if says:
            canvas.setKeywords(says)
        for text in ("one", "two", "three"):
            canvas.drawString(100, 100, text)
            canvas.showPage()
        canvas.save()
    asked = (PrintedReportPagesChoice.SUMMARY, PrintedReportPagesChoice.ANNEX, PrintedReportPagesChoice.ALL)
    assert pages_in(tmp_path / "older.pdf") == dict(zip(asked, (2, 2, 3), strict=True))
    (first,) = pages_of(report_pages_as_pdf(tmp_path / "other.pdf", PrintedReportPagesChoice.SUMMARY))
    assert first.strip() == "one"
    empty = write_day_report(days.hall(tmp_path), days.DAY, tmp_path / "empty.pdf", lang="en", now=days.AFTER)
    assert pages_of(report_pages_as_pdf(empty, PrintedReportPagesChoice.ANNEX)) == pages_of(empty)
    (tmp_path / "text.pdf").write_text("no PDF")
    for name in ("text.pdf", "gone.pdf"):
        with pytest.raises(OutsideError, match="cannot_read"):
            report_pages_as_pdf(tmp_path / name, PrintedReportPagesChoice.ANNEX)


# -- the folder: what a file says of itself, what else lies there, and the notes on what was printed -------------------
LOG = "ab" * 32
PDF = b"%PDF-1.4\nsomething\n%%EOF\n"
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def said(day: int = 19, edition: int = 1, period: str = "day", last: int | None = None) -> ReportStamp:
    span = CalendarPeriod(period, date(2026, 11, day), date(2026, 11, last or day))
    log = {"log": LOG, "first_seq": 3, "last_seq": 9, "hash": "cd" * 32}
    return ReportStamp(hall="城东", span=span, edition=edition, written=NOON, **log)


def test_what_was_put_is_found_as_it_was_said_and_goes_once(tmp_path: Path):
    path = write_kept_report(tmp_path, said(), PDF)
    assert path.name == "2026-11-19-day-城东.pdf"
    (file,) = reports_in_folder(tmp_path, LOG)
    assert (file.path, file.stamp, file.size) == (path, said(), path.stat().st_size)
    assert path.read_bytes().startswith(PDF)
    assert b"%%EOF" in path.read_bytes()[-1024:], "where readers look for the end"
    assert reports_in_folder(tmp_path, "00" * 32) == []
    assert [kept.remove_report_unless_altered(file) for _ in range(2)] == [True, False]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4 a stranger's",
        PDF + MARK,
        PDF + MARK + b"{",
        PDF + MARK + b"[1]\n",
        PDF + MARK + b'{"hall": "H", "log": "' + LOG.encode() + b'", "period": "age", "from": "2026-11-19"}\n',
        PDF + MARK + b"\xff\xfe\n",
    ],
)
def test_whatever_else_lies_there_is_none_of_ours_and_stays(tmp_path: Path, content: bytes):
    (tmp_path / "2026-11-19-day-H.pdf").write_bytes(content)
    (tmp_path / "folder.pdf").mkdir()
    assert reports_in_folder(tmp_path, LOG) == []


@pytest.mark.parametrize("is_inside", [True, False])
def test_a_file_that_was_marked_or_changed_is_known_and_stays(tmp_path: Path, is_inside: bool):
    path = write_kept_report(tmp_path, said(), PDF)
    signed = path.read_bytes() + b"1 0 obj % a signature of some size" + b"." * 5000 + b"\n%%EOF\n"
    path.write_bytes(path.read_bytes().replace(b"something", b"otherwise") if is_inside else signed)
    (file,) = reports_in_folder(tmp_path, LOG)
    assert file.stamp == said()
    assert not kept.remove_report_unless_altered(file)
    assert path.exists()


def test_disks_without_links_take_a_free_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_paths: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr("os.link", refuse)
    names = [write_kept_report(tmp_path, said(), PDF).name for _ in range(2)]
    assert names == ["2026-11-19-day-城东.pdf", "2026-11-19-day-城东-2.pdf"]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_is_a_file_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError, match="cannot_read"):
        reports_in_folder(tmp_path / "file", LOG)
    with pytest.raises(OutsideError, match="cannot_write"):
        write_kept_report(tmp_path / "file", said(), PDF)
    assert reports_in_folder(tmp_path / "none", LOG) == []


def test_the_list_begins_with_what_is_looked_for_first(tmp_path: Path):
    for one in (said(19), said(22), said(22, edition=2), said(16, period="week", last=22), said(20)):
        write_kept_report(tmp_path, one, PDF)
    listed = [file.stamp for file in kept.sorted_newest_first(reports_in_folder(tmp_path, LOG))]
    told = [(one.span.period, one.span.last.day, one.edition) for one in listed]
    assert told == [("week", 22, 1), ("day", 22, 2), ("day", 22, 1), ("day", 20, 1), ("day", 19, 1)]


def test_a_report_is_printed_until_the_printer_refused_whatever_became_of_the_notes(tmp_path):
    notes = ReportPrintingLog(tmp_path / "hall-printed")
    assert notes.read() == {}
    notes.append_printing_note(said(), ASKED, at=NOON, printer="Office")
    assert notes.read() == {report_key(said()): NOON}
    notes.append_printing_note(said(), kept.REFUSED, at=NOON, printer="Office")
    assert notes.read() == {}
    notes.append_printing_note(said(), ASKED, at=NOON + timedelta(minutes=10), printer="Office")
    assert notes.read() == {report_key(said()): NOON + timedelta(minutes=10)}
    path = tmp_path / "hall-printed"
    path.write_bytes(b'{"report": "ab\xff')
    notes = ReportPrintingLog(path)
    notes.append_printing_note(said(), ASKED, at=NOON, printer="Office")
    assert notes.read() == {report_key(said()): NOON}
    nowhere = ReportPrintingLog(tmp_path / "none" / "hall-printed")
    assert nowhere.read() == {}
    with pytest.raises(OutsideError, match="cannot_write"):
        nowhere.append_printing_note(said(), ASKED, at=NOON, printer="")
