"""The order of calls on paper: the public list, and the day's ledger of who passed whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from queuedesk.core.queue.overview import PublicLineOrder, UpcomingNumber
from queuedesk.features.order import words
from queuedesk.features.order.rules import OvertakeLedgerData, PublicWaitingOrder
from queuedesk.features.order.verbs import ledger_document
from queuedesk.i18n import codes_text, date_for_report, list_text, name_in_language, ntr, time_hm, tr
from queuedesk.i18n.names import service_letter_and_name
from queuedesk.i18n.queue.line_words import order_mark_word, order_marks_legend
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.head_and_foot import page_foot_drawer
from queuedesk.reports.figures.rates import formula_safe_text

WIDTH = pdf.RIGHT - pdf.LEFT
IN_A_ROW, NUMBER, MARK = 6, 17.0, 8.2
ROW = 36.0


def order_list_pdf(read: PublicWaitingOrder, lang: str) -> bytes:
    """Return the list as a PDF. It holds numbers, and which of them have priority, but nothing about anybody."""
    hall = name_in_language(read.setup.hall.name, read.setup.hall.name_en, lang)
    title = tr(lang, "Order of calls")
    local = read.setup.to_hall_time(read.now)
    sheet = pdf.PdfSheet(f"{hall} · {title} · {local.date().isoformat()} {time_hm(local)}", hall, lang)
    rule = pdf.WrappedMarkup(
        f"<b>{pdf.escape(words.call_order_text(read.rule, read.first, lang))}</b>", 11.0, WIDTH, leading=1.4
    )
    blocks = [
        _page_head_block(hall, title, date_for_report(local.date(), lang), time_hm(local)),
        rule.page_block(gap=10),
    ]
    if legend := order_marks_legend((one for own in read.lines for one in own.next), lang):
        blocks.append(pdf.WrappedMarkup(pdf.escape(legend), 9.8, WIDTH, colour=pdf.INK2).page_block(gap=4))
    for service in read.lines:
        blocks += _service_line_blocks(read, service, lang)
    return sheet.paged_pdf(blocks, page_foot_drawer(read.setup, read.anchor, local, lang, None))


def _page_head_block(hall: str, title: str, day: str, time: str) -> pdf.BlockWithinPage:
    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_text(pdf.LEFT, y + 4, pdf.cut_text_to_width(hall, 10, WIDTH - pdf.text_width(day, 10) - 14), 10)
        sheet.draw_text(pdf.RIGHT, y + 4, day, 10, at="right")
        sheet.draw_heading(pdf.LEFT, y + 34, title, 22, level=0)
        sheet.draw_text(pdf.RIGHT, y + 34, time, 22, bold=True, at="right", colour=pdf.PRIMARY)
        sheet.draw_line([(pdf.LEFT, y + 44), (pdf.RIGHT, y + 44)], width=2.1, colour=pdf.INK)

    return pdf.BlockWithinPage(46, draw_block)


def _service_line_blocks(read: PublicWaitingOrder, line: PublicLineOrder, lang: str) -> list[pdf.BlockWithinPage]:
    name = service_letter_and_name(read.setup, line.service, lang)
    windows = tr(lang, "No window is open")
    if line.windows:
        codes = codes_text(line.windows, lang)
        windows = ntr(lang, "Window {windows}", "Windows {windows}", len(line.windows), windows=codes)
    called = tr(lang, "At the windows: {tickets}", tickets=list_text(line.called, lang)) if line.called else ""

    def draw_head(sheet: pdf.PdfSheet, y: float) -> None:
        room = WIDTH - pdf.text_width(windows, 9.8) - 16
        sheet.draw_heading(pdf.LEFT, y + 12, pdf.cut_text_to_width(name, 13, room, bold=True), 13)
        sheet.draw_text(pdf.RIGHT, y + 12, windows, 9.8, colour=pdf.INK2, at="right")
        sheet.draw_line([(pdf.LEFT, y + 18), (pdf.RIGHT, y + 18)], width=0.9, colour=pdf.INK)

    top = pdf.BlockWithinPage(22, draw_head, gap=18, keep=True)
    rows: list[pdf.BlockWithinPage] = []
    if called:
        rows.append(pdf.WrappedMarkup(pdf.escape(called), 9.8, WIDTH, colour=pdf.INK2).page_block(gap=2))
    if not line.next:
        rows.append(
            pdf.WrappedMarkup(pdf.escape(tr(lang, "Nobody is waiting.")), 9.8, WIDTH, colour=pdf.INK2).page_block(gap=4)
        )
    for start in range(0, len(line.next), IN_A_ROW):
        rows.append(
            _ticket_numbers_row(line.next[start : start + IN_A_ROW], start, pdf.BlockWithinPage(22, draw_head), lang)
        )
    return [top, *rows]


def _ticket_numbers_row(
    some: Sequence[UpcomingNumber], start: int, head: pdf.BlockWithinPage, lang: str
) -> pdf.BlockWithinPage:
    step = WIDTH / IN_A_ROW

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        for at, one in enumerate(some):
            x = pdf.LEFT + at * step
            sheet.draw_text(x, y + 20, f"{start + at + 1}.", MARK, colour=pdf.INK2)
            sheet.draw_text(x + 18, y + 20, one.label, NUMBER, bold=True)
            if word := order_mark_word(one, lang):
                sheet.draw_text(x + 18, y + 31, word, MARK, colour=pdf.INK2)

    return pdf.BlockWithinPage(ROW, draw_block, head=head)


# A day's fairness ledger as a file: who passed whom and why, with the day's totals, to be read, printed or worked with.

ENDINGS = (".pdf", ".csv")
"""The kinds of file that a ledger can be."""
COLUMNS = (
    "date",
    "ticket",
    "service",
    "class",
    "arrived",
    "called",
    "passed_by",
    "passed_by_class",
    "at",
    "window",
    "reason",
)


def overtake_ledger_csv(read: OvertakeLedgerData, ticket: str | None = None) -> bytes:
    """Return a row for each overtaking. What staff wrote about it is left out, as it may name people."""
    file = io.StringIO(newline="")
    table = csv.writer(file)
    table.writerow(COLUMNS)
    document = ledger_document(read, ticket)
    for row in document["tickets"]:
        own = [row[key] or "" for key in ("ticket", "service", "class", "arrived", "called")]
        for one in row["passed_by"]:
            by = [one[key] or "" for key in ("ticket", "class", "at", "window", "reason")]
            table.writerow([formula_safe_text(str(cell)) for cell in (document["date"], *own, *by)])
    return file.getvalue().encode("utf-8-sig")


def overtake_ledger_pdf(read: OvertakeLedgerData, lang: str, *, now: datetime, ticket: str | None = None) -> bytes:
    """Return the ledger on paper: the rule and the totals, then everybody who was overtaken, most often first."""
    ledger, setup = read.ledger, read.setup
    hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    title = tr(lang, "Fairness ledger")
    sheet = pdf.PdfSheet(f"{hall} · {title} · {ledger.date.isoformat()}", hall, lang)
    blocks = [_ledger_head_block(hall, title, date_for_report(ledger.date, lang))]
    blocks += [
        pdf.WrappedMarkup(pdf.escape(text), 10.0, WIDTH, leading=1.4).page_block(gap=4)
        for text in words.day_totals_sentences(ledger, lang)
    ]
    blocks.append(
        pdf.small_sentence_block(
            pdf.escape(tr(lang, "Rule: {rule}.", rule=words.order_rules_text(ledger, lang))), gap=6
        )
    )
    rows = _overtaking_rows(read, lang, ticket)
    if rows:
        blocks.append(pdf.heading_block(tr(lang, "Which later tickets went first")))
        blocks += pdf.grid_table_blocks(_overtaking_columns(lang), rows)
        blocks.append(
            pdf.small_sentence_block(
                pdf.escape(
                    tr(
                        lang,
                        "A later ticket went first: it was called before an earlier one by a window that could have served both.",
                    )
                ),
                gap=6,
            )
        )
    return sheet.paged_pdf(blocks, page_foot_drawer(setup, read.anchor, setup.to_hall_time(now), lang, None))


def _ledger_head_block(hall: str, title: str, day: str) -> pdf.BlockWithinPage:
    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_text(pdf.LEFT, y + 4, pdf.cut_text_to_width(hall, 10, WIDTH / 2), 10)
        sheet.draw_heading(pdf.LEFT, y + 34, title, 22, level=0)
        sheet.draw_text(pdf.RIGHT, y + 34, day, 13.5, bold=True, at="right")
        sheet.draw_line([(pdf.LEFT, y + 44), (pdf.RIGHT, y + 44)], width=2.1, colour=pdf.INK)

    return pdf.BlockWithinPage(48, draw_block)


def _overtaking_columns(lang: str) -> list[pdf.GridColumn]:
    return [
        pdf.GridColumn(tr(lang, "Ticket", context="report"), is_text=True, bold=True),
        pdf.GridColumn(tr(lang, "Times", context="report")),
        pdf.GridColumn(tr(lang, "Called first", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Time", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Window", context="report"), is_text=True),
    ]


def _overtaking_rows(read: OvertakeLedgerData, lang: str, ticket: str | None) -> list[list[str]]:
    """Return a line for each overtaking; who was passed several times is named on the first of them."""
    windows = {call.seq: call.window for call in read.state.calls}
    by = {t.label: t for t in read.state.tickets.values() if t.date == read.ledger.date}
    found = []
    for row in read.ledger.most_overtaken_first:
        if ticket is not None and row.ticket.label != ticket:
            continue
        for at, one in enumerate(row.passed_by):
            first = [row.ticket.label, str(len(row.passed_by))] if at == 0 else ["", ""]
            time = time_hm(read.setup.to_hall_time(one.time))
            said = words.overtaking_ticket_and_reason(read.setup, one, by.get(one.by), lang, public=True)
            found.append([*first, said, time, windows.get(one.seq, "")])
    return found
