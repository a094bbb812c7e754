"""Slips on one page: overdue cases, a part to cut off for each owner; and a warning, with room to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Actor
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import case_documents
from queuedesk.desk.talk import alarms
from queuedesk.files.writing import write_file
from queuedesk.i18n import date_short, day_report, day_staff, listing, name_in_language, ntr, time_hm, tr
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.case_words import case_class_word, next_case_step_words
from queuedesk.i18n.quality.comment_words import warning_delivery_text, warning_seen_text
from queuedesk.i18n.queue.event_words import alarm_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.head_and_foot import page_foot_drawer_without_log, report_head
from queuedesk.reports.draw.pdf import (
    INK,
    INK2,
    LEFT,
    LINE,
    RIGHT,
    FigureColumn,
    PageBlock,
    PdfSheet,
    WrappedMarkup,
    escape,
    figures_table_blocks,
)

WIDTH = RIGHT - LEFT
TITLE, CASE_BODY, CASE_SMALL = 22.0, 11.0, 9.0


def overdue_cases_most_overdue_first(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return the overdue cases that somebody may see, the most overdue first."""
    return [case for case in case_documents.open_cases_or_cases_of_month(desk, who, None, now) if case["overdue"]]


def write_overdue_cases_slip(
    desk: Desk, who: Actor, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> list[Document]:
    """Write the slip as a PDF, replacing the file as a whole; return the cases that it names, and without any write
    nothing. Raises OutsideError "cannot_write"."""
    rows = overdue_cases_most_overdue_first(desk, who, now)
    if rows:
        write_file(Path(path), overdue_cases_slip_pdf(looking.setup_of(desk), rows, now, lang, printed_by))
    return rows


def overdue_cases_slip_pdf(
    setup: Setup, rows: Sequence[Document], now: datetime, lang: str, printed_by: str | None = None
) -> bytes:
    """Return the slip as a PDF in `lang`: number, class, next step, last day and working days over of each case, by
    owner; no customer, no contact, no blame."""
    local = setup.local(now)
    hall, title = name_in_language(setup.hall.name, setup.hall.name_en, lang), tr(lang, "Overdue cases", context="slip")
    sheet = PdfSheet(f"{hall} · {title} · {local.date().isoformat()}", hall, lang)
    blocks = [_slip_head_block(hall, title, local.date(), lang)]
    owned = sorted(rows, key=lambda one: one["owner"] or "")
    for owner, own in groupby(owned, key=lambda one: one["owner"]):
        name = staff_name(setup, owner, lang) if owner else tr(lang, "nobody", context="owner")
        blocks += _owner_overdue_blocks(name, list(own), lang)
    return sheet.flow(blocks, page_foot_drawer_without_log(local, lang, printed_by))


def _slip_head_block(hall: str, title: str, day: date, lang: str) -> PageBlock:
    def draw(sheet: PdfSheet, y: float) -> None:
        sheet.text(LEFT, y + 4, pdf.cut_text_to_width(hall, 10, WIDTH), 10)
        sheet.text(LEFT, y + 29, title, TITLE, bold=True)
        sheet.text(RIGHT, y + 29, day_report(day, lang), 13.5, bold=True, at="right")
        sheet.line([(LEFT, y + 42), (RIGHT, y + 42)], width=2.1, colour=INK)

    return PageBlock(46, draw)


def _owner_overdue_blocks(name: str, rows: list[Document], lang: str) -> list[PageBlock]:
    count = ntr(lang, "{n} case is past its last day", "{n} cases are past their last day", len(rows))

    def head(sheet: PdfSheet, y: float) -> None:
        sheet.text(LEFT, y + 14, pdf.cut_text_to_width(name, 15, WIDTH - 200, bold=True), 15, bold=True)
        sheet.text(RIGHT, y + 14, count, CASE_BODY, colour=INK2, at="right")

    def signed(sheet: PdfSheet, y: float) -> None:
        sheet.line([(RIGHT - 190, y + 30), (RIGHT, y + 30)], colour=INK2)
        sheet.text(RIGHT - 190, y + 42, tr(lang, "Read by the owner, date"), CASE_SMALL, colour=INK2)
        sheet.line([(LEFT, y + 62), (RIGHT, y + 62)], colour=LINE, dash=(3, 3))

    columns = [
        FigureColumn(tr(lang, "Case", context="slip")),
        FigureColumn(tr(lang, "Next step", context="slip")),
        FigureColumn(tr(lang, "Last day", context="slip")),
        FigureColumn(tr(lang, "Working days over", context="slip"), bold=True),
    ]
    cells = [
        (
            f"{row['number']} · {case_class_word(row['class'], lang)}",
            next_case_step_words(row["next"], lang),
            day_staff(date.fromisoformat(row["due"]), lang),
            str(row["over"]),
        )
        for row in rows
    ]
    return [PageBlock(22, head, gap=16, keep=True), *figures_table_blocks(columns, cells), PageBlock(66, signed, gap=6)]


WHAT, BODY, SMALL = 22.0, 13.0, 9.0
NAMES = 120.0
LIMITS = {"long_wait": "wait_target_minutes", "crowd": "crowd"}
"""The hall's rules that say from when on two kinds of alerts come."""


def write_warning_slip_pdf(
    desk: Desk, ask: Ask, seq: int, path: Path, *, lang: str, day: date | None = None, printed_by: str | None = None
) -> Path:
    """Write the slip of a warning of a date, by default today, as a PDF. Raises RuleError "not_there", OutsideError
    "cannot_write"."""
    rows = alarms.staff_warnings_between(desk, ask.who, day, ask.now)
    row = next((one for one in rows if one["alarm"] == seq), None)
    if row is None:
        raise RuleError("not_there", kind="warning", code=str(seq))
    write_file(path, warning_slip_pdf(looking.setup_of(desk), row, lang, ask.now, printed_by))
    return path


class ReportSheetPrinter(Protocol):
    """This PC's printer of sheets."""

    def report_printer_choices(self) -> Mapping[str, Any]: ...
    def print_pdf(self, path: Path, printer: str = "") -> str: ...


def print_unseen_warnings(desk: Desk, ask: Ask, printer: ReportSheetPrinter, lang: str) -> int:
    """Print the warnings that nobody has seen and that were printed nowhere yet, if this PC has a printer chosen for
    reports: each once in the hall. What could not be printed is noted with its cause and tried again later, one alone
    while the printer fails. Return how many were begun."""
    rows = alarms.warnings_to_print(desk, ask.now)
    chosen = printer.report_printer_choices()["chosen"] if rows else ""
    if not chosen:
        return 0
    setup, begun = looking.setup_of(desk), 0
    for row in rows:
        if not alarms.record_slip_begun(desk, ask, row["alarm"])["begun"]:
            continue
        begun += 1
        try:
            with TemporaryDirectory(prefix="queuedesk-slip-", ignore_cleanup_errors=True) as folder:
                file = Path(folder, f"warning-{row['alarm']}.pdf")
                write_file(file, warning_slip_pdf(setup, row, lang, ask.now))
                printer.print_pdf(file, chosen)
        except OutsideError as trouble:
            alarms.record_slip_failure(desk, ask, row["alarm"], str(trouble.details.get("cause") or trouble.code))
            if row["slip"]:
                break
    return begun


def warning_slip_pdf(
    setup: Setup, row: Mapping[str, Any], lang: str, now: datetime, printed_by: str | None = None
) -> bytes:
    hall, title = name_in_language(setup.hall.name, setup.hall.name_en, lang), tr(lang, "Warning", context="slip")
    day = date.fromisoformat(row["date"])
    sheet = PdfSheet(f"{hall} · {title} · {date_short(day, lang)}", hall, lang)
    people = listing([staff_name(setup, code, lang) or code for code in alarms.people_of_warning(row)], lang)
    since = time_hm(setup.local(datetime.fromisoformat(row["since"])))
    facts = [
        (tr(lang, "To", context="warning"), people),
        (tr(lang, "Since", context="warning"), since),
        (tr(lang, "Sent to", context="warning"), warning_delivery_text(setup, row, lang)),
        (tr(lang, "Seen", context="warning"), warning_seen_text(setup, row, lang)),
    ]
    rule = LIMITS.get(row["kind"])
    if rule is not None:
        limit = setup.number(rule)
        said = tr(lang, "{n} min", n=limit) if rule == "wait_target_minutes" else tr(lang, "{n} people", n=limit)
        facts.insert(2, (tr(lang, "Target", context="warning"), said))
    if row["ticket"]:
        facts.insert(2, (tr(lang, "Ticket"), row["ticket"]))
    what = WrappedMarkup(f"<b>{escape(alarm_text(setup, row, lang))}</b>", WHAT, WIDTH, leading=1.3)
    blocks = [report_head(hall, title, day_report(day, lang), ()), what.block(gap=16)]
    blocks += [_fact_row_block(name, value) for name, value in facts]
    blocks.append(_signature_lines_block(tr(lang, "What was done, name, time")))
    name = staff_name(setup, printed_by, lang) if printed_by else None
    return sheet.flow(blocks, page_foot_drawer_without_log(setup.local(now), lang, name))


def _fact_row_block(name: str, value: str) -> PageBlock:
    words = WrappedMarkup(escape(value), BODY, WIDTH - NAMES)

    def draw(sheet: PdfSheet, y: float) -> None:
        sheet.text(LEFT, y + BODY * 1.45 / 2 + BODY * 0.36, name, BODY, colour=INK2)
        words.draw(sheet, LEFT + NAMES, y)

    return PageBlock(words.height + 4, draw, gap=8)


def _signature_lines_block(word: str) -> PageBlock:
    def draw(sheet: PdfSheet, y: float) -> None:
        for line in (34, 68, 102):
            sheet.line([(LEFT, y + line), (RIGHT, y + line)], colour=INK if line == 102 else INK2)
        sheet.text(LEFT, y + 114, word, SMALL, colour=INK2)

    return PageBlock(120, draw, gap=20)
