"""The public order list on paper: for each service the numbers at a window and those that are next, and the rule in one
sentence."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from queuedesk.core.queue.public_order import NextUp, OrderLine, OrderRead
from queuedesk.i18n import codes_text, day_report, listing, named, ntr, time_hm, tr
from queuedesk.i18n.names import lettered
from queuedesk.i18n.queue.line_words import rule_sentence
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.footer import plain_footer
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, PRIMARY, RIGHT, Block, Sheet
from queuedesk.reports.draw.prose import Prose

WIDTH = RIGHT - LEFT
IN_A_ROW, NUMBER, MARK = 6, 17.0, 8.2
ROW = 36.0


def order_pdf(read: OrderRead, lang: str) -> bytes:
    """Return the list as a PDF. It holds numbers, and which of them have priority, and nothing of anybody."""
    hall = named(read.setup.hall.name, read.setup.hall.name_en, lang)
    title = tr(lang, "Order of calls")
    local = read.setup.local(read.now)
    sheet = Sheet(f"{hall} · {title} · {local.date().isoformat()} {time_hm(local)}", hall, lang)
    rule = Prose(f"<b>{escape(rule_sentence(read.rule, lang))}</b>", 11.0, WIDTH, leading=1.4)
    blocks = [_head(hall, title, day_report(local.date(), lang), time_hm(local)), rule.block(gap=10)]
    for line in read.lines:
        blocks += _line(read, line, lang)
    return sheet.flow(blocks, plain_footer(local, lang, None))


def _head(hall: str, title: str, day: str, time: str) -> Block:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 4, fonts.shortened(hall, 10, WIDTH - fonts.width(day, 10) - 14), 10)
        sheet.text(RIGHT, y + 4, day, 10, at="right")
        sheet.text(LEFT, y + 34, title, 22, bold=True)
        sheet.text(RIGHT, y + 34, time, 22, bold=True, at="right", colour=PRIMARY)
        sheet.line([(LEFT, y + 44), (RIGHT, y + 44)], width=2.1, colour=INK)

    return Block(46, draw)


def _line(read: OrderRead, line: OrderLine, lang: str) -> list[Block]:
    name = lettered(read.setup, line.service, lang)
    windows = tr(lang, "No window is open")
    if line.windows:
        codes = codes_text(line.windows, lang)
        windows = ntr(lang, "Window {windows}", "Windows {windows}", len(line.windows), windows=codes)
    called = tr(lang, "At the windows: {tickets}", tickets=listing(line.called, lang)) if line.called else ""

    def head(sheet: Sheet, y: float) -> None:
        room = WIDTH - fonts.width(windows, 9.8) - 16
        sheet.text(LEFT, y + 12, fonts.shortened(name, 13, room, bold=True), 13, bold=True)
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
    step, mark = WIDTH / IN_A_ROW, tr(lang, "priority", context="order list")

    def draw(sheet: Sheet, y: float) -> None:
        for at, one in enumerate(some):
            x = LEFT + at * step
            sheet.text(x, y + 20, f"{start + at + 1}.", MARK, colour=INK2)
            sheet.text(x + 18, y + 20, one.label, NUMBER, bold=True)
            if one.priority:
                sheet.text(x + 18, y + 31, mark, MARK, colour=INK2)

    return Block(ROW, draw, head=head)
