"""The order of calls on paper: the public list, and the day's ledger of who passed whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from queuedesk.core.queue.public_order import NextUp, OrderLine
from queuedesk.features.order.rules import LedgerData, OrderList
from queuedesk.features.order.verbs import ledger_document
from queuedesk.features.order.words import order_sentence, passing, rules, totals
from queuedesk.i18n import codes_text, day_report, listing, named, ntr, time_hm, tr
from queuedesk.i18n.names import lettered
from queuedesk.i18n.queue.line_words import mark_word, marks_legend
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.head_and_foot import plain_footer
from queuedesk.reports.draw.pdf import (
    INK,
    INK2,
    LEFT,
    PRIMARY,
    RIGHT,
    Block,
    Field,
    Prose,
    Sheet,
    escape,
    grid,
    heading,
    line,
)
from queuedesk.reports.figures.rates import safe

WIDTH = RIGHT - LEFT
IN_A_ROW, NUMBER, MARK = 6, 17.0, 8.2
ROW = 36.0


def order_pdf(read: OrderList, lang: str) -> bytes:
    """Return the list as a PDF. It holds numbers, and which of them have priority, but nothing about anybody."""
    hall = named(read.setup.hall.name, read.setup.hall.name_en, lang)
    title = tr(lang, "Order of calls")
    local = read.setup.local(read.now)
    sheet = Sheet(f"{hall} · {title} · {local.date().isoformat()} {time_hm(local)}", hall, lang)
    rule = Prose(f"<b>{escape(order_sentence(read.rule, read.first, lang))}</b>", 11.0, WIDTH, leading=1.4)
    blocks = [_head(hall, title, day_report(local.date(), lang), time_hm(local)), rule.block(gap=10)]
    if legend := marks_legend((one for own in read.lines for one in own.next), lang):
        blocks.append(Prose(escape(legend), 9.8, WIDTH, colour=INK2).block(gap=4))
    for service in read.lines:
        blocks += _line(read, service, lang)
    return sheet.flow(blocks, plain_footer(local, lang, None))


def _head(hall: str, title: str, day: str, time: str) -> Block:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 4, pdf.shortened(hall, 10, WIDTH - pdf.width(day, 10) - 14), 10)
        sheet.text(RIGHT, y + 4, day, 10, at="right")
        sheet.text(LEFT, y + 34, title, 22, bold=True)
        sheet.text(RIGHT, y + 34, time, 22, bold=True, at="right", colour=PRIMARY)
        sheet.line([(LEFT, y + 44), (RIGHT, y + 44)], width=2.1, colour=INK)

    return Block(46, draw)


def _line(read: OrderList, line: OrderLine, lang: str) -> list[Block]:
    name = lettered(read.setup, line.service, lang)
    windows = tr(lang, "No window is open")
    if line.windows:
        codes = codes_text(line.windows, lang)
        windows = ntr(lang, "Window {windows}", "Windows {windows}", len(line.windows), windows=codes)
    called = tr(lang, "At the windows: {tickets}", tickets=listing(line.called, lang)) if line.called else ""

    def head(sheet: Sheet, y: float) -> None:
        room = WIDTH - pdf.width(windows, 9.8) - 16
        sheet.text(LEFT, y + 12, pdf.shortened(name, 13, room, bold=True), 13, bold=True)
        sheet.text(RIGHT, y + 12, windows, 9.8, colour=INK2, at="right")
        sheet.line([(LEFT, y + 18), (RIGHT, y + 18)], width=0.9, colour=INK)

    top = Block(22, head, gap=18, keep=True)
    rows: list[Block] = []
    if called:
        rows.append(Prose(escape(called), 9.8, WIDTH, colour=INK2).block(gap=2))
    if not line.next:
        rows.append(Prose(escape(tr(lang, "Nobody is waiting.")), 9.8, WIDTH, colour=INK2).block(gap=4))
    for start in range(0, len(line.next), IN_A_ROW):
        rows.append(_numbers(line.next[start : start + IN_A_ROW], start, Block(22, head), lang))
    return [top, *rows]


def _numbers(some: Sequence[NextUp], start: int, head: Block, lang: str) -> Block:
    step = WIDTH / IN_A_ROW

    def draw(sheet: Sheet, y: float) -> None:
        for at, one in enumerate(some):
            x = LEFT + at * step
            sheet.text(x, y + 20, f"{start + at + 1}.", MARK, colour=INK2)
            sheet.text(x + 18, y + 20, one.label, NUMBER, bold=True)
            if word := mark_word(one, lang):
                sheet.text(x + 18, y + 31, word, MARK, colour=INK2)

    return Block(ROW, draw, head=head)


# A day's fairness ledger as a file: who passed whom and why, with the day's totals, to be read, printed or worked
# with.

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


def ledger_csv(read: LedgerData, ticket: str | None = None) -> bytes:
    """Return a row for each overtaking. What staff wrote about it is left out, as it may name people."""
    file = io.StringIO(newline="")
    table = csv.writer(file)
    table.writerow(COLUMNS)
    document = ledger_document(read, ticket)
    for row in document["tickets"]:
        own = [row[key] or "" for key in ("ticket", "service", "class", "arrived", "called")]
        for one in row["passed_by"]:
            by = [one[key] or "" for key in ("ticket", "class", "at", "window", "reason")]
            table.writerow([safe(str(cell)) for cell in (document["date"], *own, *by)])
    return file.getvalue().encode("utf-8-sig")


def ledger_pdf(read: LedgerData, lang: str, *, now: datetime, ticket: str | None = None) -> bytes:
    """Return the ledger on paper: the rule and the totals, then everybody who was overtaken, most often first."""
    ledger, setup = read.ledger, read.setup
    hall = named(setup.hall.name, setup.hall.name_en, lang)
    title = tr(lang, "Fairness ledger")
    sheet = Sheet(f"{hall} · {title} · {ledger.date.isoformat()}", hall, lang)
    blocks = [_ledger_head(hall, title, day_report(ledger.date, lang))]
    blocks += [Prose(escape(text), 10.0, WIDTH, leading=1.4).block(gap=4) for text in totals(ledger, lang)]
    blocks.append(line(escape(tr(lang, "Rule: {rule}.", rule=rules(ledger, lang))), gap=6))
    rows = _rows(read, lang, ticket)
    if rows:
        blocks.append(heading(tr(lang, "Which later tickets went first")))
        blocks += grid(_fields(lang), rows)
        blocks.append(
            line(
                escape(
                    tr(
                        lang,
                        "A later ticket went first: it was called before an earlier one by a window that could have served both.",
                    )
                ),
                gap=6,
            )
        )
    return sheet.flow(blocks, plain_footer(setup.local(now), lang, None))


def _ledger_head(hall: str, title: str, day: str) -> Block:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 4, pdf.shortened(hall, 10, WIDTH / 2), 10)
        sheet.text(LEFT, y + 34, title, 22, bold=True)
        sheet.text(RIGHT, y + 34, day, 13.5, bold=True, at="right")
        sheet.line([(LEFT, y + 44), (RIGHT, y + 44)], width=2.1, colour=INK)

    return Block(48, draw)


def _fields(lang: str) -> list[Field]:
    return [
        Field(tr(lang, "Ticket", context="report"), is_text=True, bold=True),
        Field(tr(lang, "Times", context="report")),
        Field(tr(lang, "Called first", context="report"), is_text=True),
        Field(tr(lang, "Time", context="report"), is_text=True),
        Field(tr(lang, "Window", context="report"), is_text=True),
    ]


def _rows(read: LedgerData, lang: str, ticket: str | None) -> list[list[str]]:
    """Return a line for each overtaking; who was passed several times is named on the first of them."""
    windows = {call.seq: call.window for call in read.state.calls}
    by = {t.label: t for t in read.state.tickets.values() if t.date == read.ledger.date}
    found = []
    for row in read.ledger.overtaken:
        if ticket is not None and row.ticket.label != ticket:
            continue
        for at, one in enumerate(row.passed_by):
            first = [row.ticket.label, str(len(row.passed_by))] if at == 0 else ["", ""]
            time = time_hm(read.setup.local(one.time))
            said = passing(read.setup, one, by.get(one.by), lang, public=True)
            found.append([*first, said, time, windows.get(one.seq, "")])
    return found
