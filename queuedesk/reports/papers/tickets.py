"""Tickets and cases on paper: the history of a ticket, a day's tickets as a table; overdue cases, with a part to cut
off for each owner; and a warning, with room to sign."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from msgspec import Struct

from queuedesk.core.errors import OutsideError
from queuedesk.core.log import ticket_history
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Leg, Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import LogEndAnchor
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import case_documents
from queuedesk.desk.talk import messaging
from queuedesk.desk.upkeep import examining
from queuedesk.files.writing import write_file
from queuedesk.i18n import (
    date_for_report,
    date_for_staff,
    date_short,
    list_text,
    mark,
    minutes_seconds,
    name_in_language,
    names,
    ntr,
    ticket_state_word,
    time_hm,
    tr,
)
from queuedesk.i18n.quality import case_class_word, next_case_step_words, warning_delivery_text, warning_seen_text
from queuedesk.i18n.queue import event_words
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.head_and_foot import page_foot_drawer, page_foot_drawer_without_log, report_head
from queuedesk.reports.figures.figure_words import report_event_range
from queuedesk.reports.figures.rates import BOOK, close_workbook, formula_safe_text

WIDTH = pdf.RIGHT - pdf.LEFT
TITLE, CASE_BODY, CASE_SMALL = 22.0, 11.0, 9.0


def overdue_cases_most_overdue_first(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return the overdue cases that somebody may see, the most overdue first."""
    return [case for case in case_documents.cases_open_or_of_month(desk, who, None, now) if case["overdue"]]


def write_slip_and_list_overdue_cases(
    desk: Desk, who: Actor, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> list[Document]:
    """Write the slip as a PDF, replacing the file as a whole; return the cases that it names, and without any write
    nothing. Raises OutsideError "cannot_write"."""
    rows = overdue_cases_most_overdue_first(desk, who, now)
    if rows:
        write_file(Path(path), overdue_cases_slip_pdf(looking.setup_of_hall(desk), rows, now, lang, printed_by))
    return rows


def overdue_cases_slip_pdf(
    setup: Setup, rows: Sequence[Document], now: datetime, lang: str, printed_by: str | None = None
) -> bytes:
    """Return the slip as a PDF in `lang`: number, class, next step, last day and working days over of each case, by
    owner; no customer, no contact, no blame."""
    local = setup.to_hall_time(now)
    hall, title = name_in_language(setup.hall.name, setup.hall.name_en, lang), tr(lang, "Overdue cases", context="slip")
    sheet = pdf.PdfSheet(f"{hall} · {title} · {local.date().isoformat()}", hall, lang)
    blocks = [_slip_head_block(hall, title, local.date(), lang)]
    owned = sorted(rows, key=lambda one: one["owner"] or "")
    for owner, own in groupby(owned, key=lambda one: one["owner"]):
        name = names.staff_name(setup, owner, lang) if owner else tr(lang, "nobody", context="owner")
        blocks += _owner_overdue_blocks(name, list(own), lang)
    return sheet.paged_pdf(blocks, page_foot_drawer_without_log(local, lang, printed_by))


def _slip_head_block(hall: str, title: str, day: date, lang: str) -> pdf.BlockWithinPage:
    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_text(pdf.LEFT, y + 4, pdf.cut_text_to_width(hall, 10, WIDTH), 10)
        sheet.draw_heading(pdf.LEFT, y + 29, title, TITLE, level=0)
        sheet.draw_text(pdf.RIGHT, y + 29, date_for_report(day, lang), 13.5, bold=True, at="right")
        sheet.draw_line([(pdf.LEFT, y + 42), (pdf.RIGHT, y + 42)], width=2.1, colour=pdf.INK)

    return pdf.BlockWithinPage(46, draw_block)


def _owner_overdue_blocks(name: str, rows: list[Document], lang: str) -> list[pdf.BlockWithinPage]:
    count = ntr(lang, "{n} case is past its last day", "{n} cases are past their last day", len(rows))

    def draw_head(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_heading(pdf.LEFT, y + 14, pdf.cut_text_to_width(name, 15, WIDTH - 200, bold=True), 15)
        sheet.draw_text(pdf.RIGHT, y + 14, count, CASE_BODY, colour=pdf.INK2, at="right")

    def draw_signature_line(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_line([(pdf.RIGHT - 190, y + 30), (pdf.RIGHT, y + 30)], colour=pdf.INK2)
        sheet.draw_text(pdf.RIGHT - 190, y + 42, tr(lang, "Read by the owner, date"), CASE_SMALL, colour=pdf.INK2)
        sheet.draw_line([(pdf.LEFT, y + 62), (pdf.RIGHT, y + 62)], colour=pdf.LINE, dash=(3, 3))

    columns = [
        pdf.FigureColumn(tr(lang, "Case", context="slip")),
        pdf.FigureColumn(tr(lang, "Next step", context="slip")),
        pdf.FigureColumn(tr(lang, "Last day", context="slip")),
        pdf.FigureColumn(tr(lang, "Working days over", context="slip"), bold=True),
    ]
    cells = [
        (
            f"{row['number']} · {case_class_word(row['class'], lang)}",
            next_case_step_words(row["next"], lang),
            date_for_staff(date.fromisoformat(row["due"]), lang),
            str(row["over"]),
        )
        for row in rows
    ]
    return [
        pdf.BlockWithinPage(22, draw_head, gap=16, keep=True),
        *pdf.figures_table_blocks(columns, cells),
        pdf.BlockWithinPage(66, draw_signature_line, gap=6),
    ]


WHAT, SLIP_BODY, SLIP_SMALL = 22.0, 13.0, 9.0
NAMES = 120.0
LIMITS = {"long_wait": "wait_target_minutes", "crowd": "crowd"}
"""The hall's rules that say from when on two kinds of alerts come."""


class ReportSheetPrinter(Protocol):
    """This PC's printer of sheets."""

    def report_printer_choices(self) -> Mapping[str, Any]: ...
    def print_pdf(self, path: Path, printer: str = "") -> str: ...


def print_and_count_unseen_warning_slips(desk: Desk, ask: Ask, printer: ReportSheetPrinter, lang: str) -> int:
    """Print the warnings that nobody has seen and that were printed nowhere yet, if this PC has a printer chosen for
    reports: each once in the hall. What could not be printed is noted with its cause and tried again later, one alone
    while the printer fails. Return how many were begun."""
    rows = messaging.warnings_to_print(desk, ask.now)
    chosen = printer.report_printer_choices()["chosen"] if rows else ""
    if not chosen:
        return 0
    setup, begun = looking.setup_of_hall(desk), 0
    for row in rows:
        if not messaging.record_warning_slip_begun(desk, ask, row["alarm"])["begun"]:
            continue
        begun += 1
        try:
            with TemporaryDirectory(prefix="queuedesk-slip-", ignore_cleanup_errors=True) as folder:
                file = Path(folder, f"warning-{row['alarm']}.pdf")
                write_file(file, warning_slip_pdf(setup, row, lang, ask.now))
                printer.print_pdf(file, chosen)
        except OutsideError as trouble:
            messaging.record_warning_slip_failure(
                desk, ask, row["alarm"], str(trouble.details.get("cause") or trouble.code)
            )
            if row["slip"]:
                break
    return begun


def warning_slip_pdf(
    setup: Setup, row: Mapping[str, Any], lang: str, now: datetime, printed_by: str | None = None
) -> bytes:
    hall, title = name_in_language(setup.hall.name, setup.hall.name_en, lang), tr(lang, "Warning", context="slip")
    day = date.fromisoformat(row["date"])
    sheet = pdf.PdfSheet(f"{hall} · {title} · {date_short(day, lang)}", hall, lang)
    people = list_text([names.staff_name(setup, code, lang) or code for code in messaging.people_of_warning(row)], lang)
    since = time_hm(setup.to_hall_time(datetime.fromisoformat(row["since"])))
    facts = [
        (tr(lang, "To", context="warning"), people),
        (tr(lang, "Since", context="warning"), since),
        (tr(lang, "Sent to", context="warning"), warning_delivery_text(setup, row, lang)),
        (tr(lang, "Seen", context="warning"), warning_seen_text(setup, row, lang)),
    ]
    rule = LIMITS.get(row["kind"])
    if rule is not None:
        limit = setup.setting_as_int(rule)
        said = tr(lang, "{n} min", n=limit) if rule == "wait_target_minutes" else tr(lang, "{n} people", n=limit)
        facts.insert(2, (tr(lang, "Target", context="warning"), said))
    if row["ticket"]:
        facts.insert(2, (tr(lang, "Ticket"), row["ticket"]))
    what = pdf.WrappedMarkup(f"<b>{pdf.escape(event_words.alarm_text(setup, row, lang))}</b>", WHAT, WIDTH, leading=1.3)
    blocks = [report_head(hall, title, date_for_report(day, lang), ()), what.page_block(gap=16)]
    blocks += [_fact_row_block(name, value) for name, value in facts]
    blocks.append(_handwriting_lines_block(tr(lang, "What was done, name, time")))
    name = names.staff_name(setup, printed_by, lang) if printed_by else None
    return sheet.paged_pdf(blocks, page_foot_drawer_without_log(setup.to_hall_time(now), lang, name))


def _fact_row_block(name: str, value: str) -> pdf.BlockWithinPage:
    words = pdf.WrappedMarkup(pdf.escape(value), SLIP_BODY, WIDTH - NAMES)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_text(pdf.LEFT, y + SLIP_BODY * 1.45 / 2 + SLIP_BODY * 0.36, name, SLIP_BODY, colour=pdf.INK2)
        words.draw(sheet, pdf.LEFT + NAMES, y)

    return pdf.BlockWithinPage(words.height + 4, draw_block, gap=8)


def _handwriting_lines_block(word: str) -> pdf.BlockWithinPage:
    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        for line in (34, 68, 102):
            sheet.draw_line([(pdf.LEFT, y + line), (pdf.RIGHT, y + line)], colour=pdf.INK if line == 102 else pdf.INK2)
        sheet.draw_text(pdf.LEFT, y + 114, word, SLIP_SMALL, colour=pdf.INK2)

    return pdf.BlockWithinPage(120, draw_block, gap=20)


# The story of one ticket on paper: one bar, the promise against what came, every event, the check of the log.
#
# It may be given to a customer, so nothing stands on it that somebody wrote in free words: such words may name people.

AMBER, VIOLET, BLUE = "#8A5000", "#5A4799", "#1C5DA8"
TINTS = {
    ticket_history.WAIT: ("#E8EBE5", pdf.INK2),
    ticket_history.WAY: ("#FFF0D2", AMBER),
    ticket_history.SERVING: ("#DCEDE8", "#074F45"),
    ticket_history.HELD: ("#ECE8F7", VIOLET),
    ticket_history.MISSED: ("#E3EDF8", BLUE),
    ticket_history.STALLED: ("#E3EDF8", BLUE),
}
FACT_COLOURS = {
    event_words.KEPT: pdf.PRIMARY,
    event_words.LATE: pdf.RED,
    event_words.NOT_TOLD: pdf.INK2,
    event_words.OVERTAKEN: AMBER,
    event_words.DAY_END: AMBER,
}
NUMBER, BODY, SMALL = 38.0, 9.8, 8.4
BAR, BAR_PAD = 33.0, 7.0
DOTS = pdf.LEFT + 62
TITLES = DOTS + 16
SEQS, TITLE_LEAST, TITLE_MOST = 44.0, 80.0, 170.0
ROW, LEADING = 21.0, 1.4


class TicketReportData(Struct, frozen=True, kw_only=True):
    """A ticket's history as of `now`, with the hall of its day for the names in it."""

    setup: Setup
    state: HallState
    story: ticket_history.TicketHistory
    now: datetime
    anchor: LogEndAnchor | None


def write_ticket_history_pdf(
    desk: Desk, day: date, label: str, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> Path:
    """Write a ticket's history as a PDF, replacing the file as a whole; return its path. Raises RuleError
    "unknown_ticket", OutsideError "cannot_write" and "unknown_font"."""
    state = looking.hall_state_on(desk, day)
    since = min((ticket.seq for ticket in state.tickets.values() if ticket.date == day), default=1)
    story = looking.chain_checked_ticket_history(desk, day, label, since, now)
    anchor = examining.log_anchor_at_event(desk, story.events[-1].seq)
    read = TicketReportData(setup=set_up(state), state=state, story=story, now=now, anchor=anchor)
    target = Path(path)
    write_file(target, ticket_history_pdf(read, lang, printed_by))
    return target


def ticket_history_pdf(read: TicketReportData, lang: str, printed_by: str | None) -> bytes:
    """Return a history as a PDF in `lang`, with all typefaces embedded and searchable text."""
    setup, story = read.setup, read.story
    hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    title = tr(lang, "History of a ticket")
    sheet = pdf.PdfSheet(f"{hall} · {title} · {story.ticket.label} · {story.ticket.date.isoformat()}", hall, lang)
    known = event_words.facts_of_ticket_visit(read.state, story.ticket, read.now, lang)
    blocks = [
        _ticket_head_block(read, lang, hall, title),
        _visit_time_bar_block(read, lang),
        _visit_facts_block(known),
        *_event_blocks(read, lang),
        *_log_proof_blocks(read, lang),
    ]
    return sheet.paged_pdf(blocks, page_foot_drawer(setup, read.anchor, setup.to_hall_time(read.now), lang, printed_by))


def _ticket_head_block(read: TicketReportData, lang: str, hall: str, title: str) -> pdf.BlockWithinPage:
    ticket = read.story.ticket
    line = pdf.WrappedMarkup(
        pdf.escape(names.ticket_service_item_class_text(read.setup, ticket, lang)), BODY + 1, WIDTH, leading=LEADING
    )
    until = tr(lang, "until {time}", time=time_hm(read.setup.to_hall_time(read.now)), context="report")
    state = [ticket_state_word(ticket.state, lang), *([until] if ticket.is_open else [])]

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        day = date_for_report(ticket.date, lang)
        room = WIDTH - pdf.text_width(title, 10) - 14
        sheet.draw_text(pdf.LEFT, y + 4, pdf.cut_text_to_width(hall, 10, room), 10)
        sheet.draw_text(pdf.RIGHT, y + 4, title, 10, at="right")
        sheet.add_bookmark(title, y, level=0)
        sheet.draw_heading(pdf.LEFT, y + 47, ticket.label, NUMBER)
        at = pdf.LEFT + pdf.text_width(ticket.label, NUMBER, bold=True) + 14
        sheet.draw_text(at, y + 47, " · ".join(state), 13.5, bold=True, colour=pdf.PRIMARY)
        sheet.draw_text(pdf.RIGHT, y + 47, day, 13.5, bold=True, at="right")
        line.draw(sheet, pdf.LEFT, y + 56)
        sheet.draw_line(
            [(pdf.LEFT, y + 63 + line.height), (pdf.RIGHT, y + 63 + line.height)], width=2.1, colour=pdf.INK
        )

    return pdf.BlockWithinPage(64 + line.height, draw_block)


def _visit_time_bar_block(read: TicketReportData, lang: str) -> pdf.BlockWithinPage:
    parts = [
        (event_words.part_word(part.kind, lang), minutes_seconds(part.seconds), part.kind, max(1.0, part.seconds))
        for part in ticket_history.visit_stretches(read.story, read.now)
    ]
    needs = [
        max(pdf.text_width(word, SMALL), pdf.text_width(time, 11, bold=True)) + 2 * BAR_PAD
        for word, time, _, _ in parts
    ]
    widths = ticket_history.bar_widths([seconds for *_, seconds in parts], needs, WIDTH)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        x = pdf.LEFT
        for (word, time, kind, _), need, width in zip(parts, needs, widths, strict=True):
            tint, colour = TINTS[kind]
            sheet.draw_box(x, y, width, BAR, fill=tint)
            sheet.draw_line([(x, y), (x, y + BAR)], width=1.2, colour=pdf.WHITE)
            if width >= need - 0.01:
                sheet.draw_text(x + BAR_PAD, y + 12.5, word, SMALL, colour=colour)
                sheet.draw_text(x + BAR_PAD, y + 26.5, time, 11, bold=True)
            x += width

    return pdf.BlockWithinPage(BAR if parts else 0, draw_block, gap=13)


def _visit_facts_block(known: list[event_words.VisitFact]) -> pdf.BlockWithinPage:
    lines = [
        (FACT_COLOURS[fact.kind], pdf.WrappedMarkup(pdf.escape(fact.text), BODY, WIDTH - 14, leading=LEADING))
        for fact in known
    ]

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        for colour, prose in lines:
            sheet.draw_dot(pdf.LEFT + 4, y + prose.leading / 2 + 0.4, 2.8, colour)
            prose.draw(sheet, pdf.LEFT + 14, y)
            y += prose.height + 2

    return pdf.BlockWithinPage(sum(prose.height + 2 for _, prose in lines), draw_block, gap=9)


# -- events ------------------------------------------------------------------------------------------------------------


def _event_blocks(read: TicketReportData, lang: str) -> list[pdf.BlockWithinPage]:
    lines = event_words.ticket_history_lines(read.state, read.setup, read.story, lang, typed=False)
    words = [(TITLES, tr(lang, "What happened")), (pdf.LEFT, tr(lang, "Time", context="report"))]
    entry = tr(lang, "Log entry")

    def draw_head(sheet: pdf.PdfSheet, y: float) -> None:
        for x, word in words:
            sheet.draw_text(x, y + 11, word, pdf.CELL, colour=pdf.INK2)
        sheet.draw_text(pdf.RIGHT, y + 11, entry, pdf.CELL, colour=pdf.INK2, at="right")
        sheet.draw_line([(pdf.LEFT, y + 16.5), (pdf.RIGHT, y + 16.5)], width=0.9, colour=pdf.INK)

    top = pdf.BlockWithinPage(20, draw_head, gap=11, keep=True)
    again = pdf.BlockWithinPage(20, draw_head)
    titles = [pdf.text_width(line.title, BODY, bold=True) for line in lines]
    titled = min(TITLE_MOST, max(TITLE_LEAST, *titles))
    shown: set[int] = set()
    rows = []
    for at, line in enumerate(lines):
        # What was told belongs to the entry of the issue, which has its number already.
        seq = "" if line.seq in shown else names.whole_number_text(line.seq)
        shown.add(line.seq)
        rows.append(_event_block(line, seq, titled, first=at == 0, last=at == len(lines) - 1, head=again))
    return [top, *rows]


def _event_block(
    line: event_words.TicketHistoryLine, seq: str, titled: float, *, first: bool, last: bool, head: pdf.BlockWithinPage
) -> pdf.BlockWithinPage:
    title = pdf.cut_text_to_width(line.title, BODY, titled, bold=True)
    left = TITLES + titled + 12
    detail = pdf.WrappedMarkup(pdf.escape(line.detail), BODY, pdf.RIGHT - SEQS - left, leading=LEADING)
    height = max(ROW, detail.height + ROW - BODY * LEADING)
    base = (ROW - BODY * LEADING) / 2

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        middle = y + ROW / 2
        if not first:
            sheet.draw_line([(DOTS, y), (DOTS, middle)], width=0.9, colour=pdf.LINE)
        if not last:
            sheet.draw_line([(DOTS, middle), (DOTS, y + height)], width=0.9, colour=pdf.LINE)
        sheet.draw_dot(DOTS, middle, 2.6, pdf.INK)
        sheet.draw_text(pdf.LEFT, middle + BODY * 0.36, line.time, BODY, colour=pdf.INK2)
        sheet.draw_text(TITLES, middle + BODY * 0.36, title, BODY, bold=True)
        detail.draw(sheet, left, y + base)
        sheet.draw_text(pdf.RIGHT, middle + BODY * 0.36, seq, SMALL, colour=pdf.INK2, at="right")

    return pdf.BlockWithinPage(height, draw_block, head=head)


def _log_proof_blocks(read: TicketReportData, lang: str) -> list[pdf.BlockWithinPage]:
    story = read.story
    last = story.events[-1]
    span = report_event_range({"first_seq": story.events[0].seq, "last_seq": last.seq})
    proof = tr(lang, "Based on events {range} of the log; SHA-256 of the last: {hash}", range=span, hash=last.hash)
    kept_back = tr(lang, "What staff or customers wrote in their own words is not printed; it stays in the hall.")
    checked = pdf.WrappedMarkup(
        f"<b>{pdf.escape(event_words.log_check_sentence(story, lang))}</b>",
        BODY,
        WIDTH,
        colour=pdf.INK if story.broken is None else pdf.RED,
    )
    return [
        checked.page_block(gap=14),
        pdf.WrappedMarkup(proof, 7.0, WIDTH, colour=pdf.INK2, leading=1.36).page_block(gap=3),
        pdf.WrappedMarkup(kept_back, 7.0, WIDTH, colour=pdf.INK2, leading=1.36).page_block(gap=1),
    ]


# A day's tickets as a table, a row per leg: CSV for programs, a workbook for people.

ENDINGS = (".csv", ".xlsx")
"""The kinds of file that `write_ticket_history_pdf` makes."""

_CELLS: dict[str, Callable[[Ticket, Leg], object]] = {
    "date": lambda t, _leg: t.date,
    "ticket": lambda t, _leg: t.label,
    "item": lambda _t, leg: leg.item,
    "class": lambda t, _leg: t.klass,
    "state": lambda t, _leg: str(t.state),
    "guide": lambda t, _leg: t.guide,
    "rating": lambda t, _leg: t.rating,
    "overtaken": lambda t, _leg: t.overtaken,
    "flags": lambda t, _leg: " ".join(sorted(t.public_flags)),
    "visit": lambda t, _leg: t.visit_id,
    "arrived": lambda t, _leg: t.arrived,
    "leg": lambda _t, leg: leg.n,
    "service": lambda _t, leg: leg.service,
    "joined": lambda _t, leg: leg.joined,
    "called": lambda _t, leg: leg.called,
    "started": lambda _t, leg: leg.started,
    "finished": lambda _t, leg: leg.finished,
    "window": lambda _t, leg: leg.window,
    "staff": lambda _t, leg: leg.staff,
    "calls": lambda _t, leg: leg.calls,
    "end": lambda _t, leg: leg.end,
    "outcome": lambda _t, leg: leg.outcome,
    "note": lambda _t, leg: leg.note,
    "ended": lambda _t, leg: leg.ended,
}
COLUMNS = tuple(_CELLS)

_HEADERS = {
    "date": mark("Date", context="column"),
    "ticket": mark("Ticket", context="column"),
    "item": mark("Item", context="column"),
    "class": mark("Class", context="column"),
    "state": mark("State", context="column"),
    "guide": mark("Issued by", context="column"),
    "rating": mark("Rating", context="column"),
    "overtaken": mark("Later tickets first", context="column"),
    "flags": mark("Remarks", context="column"),
    "visit": mark("Visit", context="column"),
    "arrived": mark("Arrived", context="column"),
    "leg": mark("Step", context="column"),
    "service": mark("Service", context="column"),
    "joined": mark("In this line since", context="column"),
    "called": mark("Called", context="column"),
    "started": mark("Started", context="column"),
    "finished": mark("Finished", context="column"),
    "window": mark("Window", context="column"),
    "staff": mark("Staff", context="column"),
    "calls": mark("Calls", context="column"),
    "end": mark("Ended by", context="column"),
    "outcome": mark("Outcome", context="column"),
    "note": mark("Note", context="column"),
    "ended": mark("Ended", context="column"),
}
_ENDS = {
    "finish": mark("Finished", context="event"),
    "transfer": mark("Transfer", context="event"),
    "redirect": mark("Wrong window", context="event"),
    "leave": mark("Left", context="event"),
    "void": mark("Void", context="event"),
    "defer": mark("Put off to tomorrow", context="event"),
    "day-end": mark("End of the day", context="event"),
}
_FONT_SIZE = 10
_WIDEST, _NARROWEST, _MOMENT_WIDTH, _DATE_WIDTH = 40, 7, 19, 11


def write_tickets_table(path: Path, state: HallState, day: date, *, lang: str, made: datetime) -> None:
    """Write a business date's tickets in the format of the file's ending, replacing the whole file. Raises OutsideError
    "cannot_write", ValueError for another ending."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"no table as {ending!r}")
    write_file(
        path,
        tickets_csv_bytes(state, day) if ending == ".csv" else tickets_workbook_bytes(state, day, lang=lang, made=made),
    )


def tickets_csv_bytes(state: HallState, day: date) -> bytes:
    """Return the table with the commands' names and codes for columns, times on the hall's clock."""
    setup = set_up(state)
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for row in _leg_rows(state, day):
        rows.writerow([_csv_cell(setup, value) for value in row.values()])
    # With the mark, spreadsheets read Chinese notes as what they are.
    return text.getvalue().encode("utf-8-sig")


def tickets_workbook_bytes(state: HallState, day: date, *, lang: str, made: datetime) -> bytes:
    """Return the table as a workbook in `lang`: numbers are numbers, times the hall's dates, texts never formulas."""
    import xlsxwriter

    setup = set_up(state)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, BOOK)
    book.set_properties({"title": setup.hall.name, "created": _spreadsheet_time(setup, made)})
    sheet = book.add_worksheet(day.isoformat())
    font = {"font_size": _FONT_SIZE, "valign": "top"}
    head = book.add_format({**font, "bold": True, "bottom": 1, "text_wrap": True})
    text = book.add_format(font)
    moment = book.add_format({**font, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
    on_day = book.add_format({**font, "num_format": "yyyy-mm-dd", "align": "left"})
    headers = [tr(lang, _HEADERS[name], context="column") for name in COLUMNS]
    widths = [_width_in_digits(header) for header in headers]
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, head)
    last = 0
    for last, row in enumerate(_leg_rows(state, day), start=1):
        for column, (name, value) in enumerate(row.items()):
            if isinstance(value, datetime):
                sheet.write_datetime(last, column, _spreadsheet_time(setup, value), moment)
                widths[column] = _MOMENT_WIDTH
            elif isinstance(value, date):
                sheet.write_datetime(last, column, value, on_day)
                widths[column] = _DATE_WIDTH
            elif isinstance(value, int):
                sheet.write_number(last, column, value, text)
            elif value is not None:
                said = _cell_code_in_words(setup, row, name, str(value), lang)
                sheet.write_string(last, column, said, text)
                widths[column] = max(widths[column], _width_in_digits(said))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, _WIDEST))
    sheet.freeze_panes(1, COLUMNS.index("ticket") + 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})  # a window's code is no quantity
    sheet.autofilter(0, 0, max(last, 1), len(COLUMNS) - 1)
    close_workbook(book)
    return content.getvalue()


def _leg_rows(state: HallState, day: date) -> Iterator[dict[str, object]]:
    """Yield a row per leg, by column, in the order of issue."""
    for ticket in sorted((t for t in state.tickets.values() if t.date == day), key=lambda t: t.seq):
        for leg in ticket.legs:
            yield {name: read(ticket, leg) for name, read in _CELLS.items()}


def _cell_code_in_words(setup: Setup, row: dict[str, object], name: str, value: str, lang: str) -> str:
    """Return a cell's code in words."""
    words: dict[str, Callable[[], str]] = {
        "item": partial(names.item_name, setup, str(row["service"]), value, lang),
        "class": partial(names.priority_class_name, setup, value, lang),
        "state": partial(ticket_state_word, value, lang),
        "service": partial(names.service_letter_and_name, setup, value, lang),
        "guide": partial(names.staff_name, setup, value, lang),
        "staff": partial(names.staff_name, setup, value, lang),
    }
    if name == "end":
        return tr(lang, _ENDS[value], context="event") if value in _ENDS else value
    return (words[name]() or value) if name in words else value


def _spreadsheet_time(setup: Setup, moment: datetime) -> datetime:
    """Return a time on the hall's clock as a spreadsheet holds it: whole seconds, no zone."""
    return setup.to_hall_time(moment).replace(tzinfo=None, microsecond=0)


def _width_in_digits(text: str) -> int:
    """Return the room that a text needs, in the width of a digit; a Chinese character takes two."""
    return max(_NARROWEST, sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) + 2)


def _csv_cell(setup: Setup, value: object) -> str:
    if value is None:
        return ""
    text = setup.to_hall_time(value).isoformat() if isinstance(value, datetime) else str(value)
    return formula_safe_text(text)
