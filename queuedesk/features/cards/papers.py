"""The note on a contingency card that was opened: one page with what was to be done, who did what when, what was
written down."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import DAY_END, CardRun
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.cards import verbs
from queuedesk.features.cards.words import card_name, step_role_text
from queuedesk.files.writing import write_file
from queuedesk.i18n import date_for_report, name_in_language, time_hm, tr
from queuedesk.i18n.names import staff_name
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.head_and_foot import page_foot_drawer_without_log
from queuedesk.reports.draw.pdf import (
    INK,
    INK2,
    LEFT,
    LINE,
    PRIMARY,
    RIGHT,
    BlockWithinPage,
    PdfSheet,
    WrappedMarkup,
    escape,
)

WIDTH = RIGHT - LEFT
TITLE, BODY, SMALL = 26.0, 11.0, 9.0
BOX, NUMBER, ROLE, WHEN = 11.0, LEFT + 22, LEFT + 40, 132.0
STEP_LEFT = LEFT + 108
LINES, LINE_HEIGHT = 4, 24.0
"""Empty lines to write on by hand where nobody wrote a note."""


class CardNoteData(Struct, frozen=True, kw_only=True):
    """An opened card as of `now`, with the hall's set-up for its names."""

    setup: Setup
    run: CardRun
    now: datetime


def write_card_note_pdf(
    desk: Desk, seq: int, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> Path:
    """Write the note as a PDF, replacing the file as a whole. Raises RuleError "not_there", OutsideError
    "cannot_write"."""
    read = CardNoteData(setup=looking.setup_of_hall(desk), run=verbs.require_card_run(desk, seq), now=now)
    target = Path(path)
    write_file(target, card_note_pdf(read, lang, printed_by))
    return target


def card_note_pdf(read: CardNoteData, lang: str, printed_by: str | None = None) -> bytes:
    setup, run = read.setup, read.run
    hall, title = name_in_language(setup.hall.name, setup.hall.name_en, lang), tr(lang, "Note on what happened")
    sheet = PdfSheet(f"{hall} · {title} · {card_name(run, lang)} · {run.date.isoformat()}", hall, lang)
    steps = [_step_block(read, number, lang) for number in range(1, len(run.steps) + 1)]
    blocks = [
        _note_head_block(read, lang, hall, title),
        *steps,
        *_what_happened_blocks(read, lang),
        _signature_block(lang),
    ]
    name = staff_name(setup, printed_by, lang) if printed_by else None
    return sheet.paged_pdf(blocks, page_foot_drawer_without_log(setup.to_hall_time(read.now), lang, name))


def _note_head_block(read: CardNoteData, lang: str, hall: str, title: str) -> BlockWithinPage:
    setup, run = read.setup, read.run

    def local_time_text(moment: datetime) -> str:
        return time_hm(setup.to_hall_time(moment))

    opened = tr(
        lang, "Opened at {time} by {name}", time=local_time_text(run.started), name=staff_name(setup, run.by, lang)
    )
    if run.ended is None:
        ended = tr(lang, "still open at {time}", time=local_time_text(read.now))
    elif run.end == DAY_END:
        ended = tr(lang, "ended by the end of the day")
    else:
        minutes = int((run.ended - run.started).total_seconds() // 60)
        name = staff_name(setup, run.ended_by, lang)
        ended = tr(
            lang, "ended at {time} by {name}, after {n} min", time=local_time_text(run.ended), name=name, n=minutes
        )
    done = tr(lang, "{n} of {all} steps ticked", n=len(run.ticks), all=len(run.steps))
    line = WrappedMarkup(escape(" · ".join((opened, ended, done))), BODY, WIDTH, colour=INK2)

    def draw_block(sheet: PdfSheet, y: float) -> None:
        room = WIDTH - pdf.text_width(title, 10) - 14
        sheet.draw_text(LEFT, y + 4, pdf.cut_text_to_width(hall, 10, room), 10)
        sheet.draw_text(RIGHT, y + 4, title, 10, at="right")
        sheet.add_bookmark(title, y, level=0)
        sheet.draw_heading(LEFT, y + 40, card_name(run, lang), TITLE)
        sheet.draw_text(RIGHT, y + 40, date_for_report(run.date, lang), 13.5, bold=True, at="right")
        line.draw(sheet, LEFT, y + 50)
        sheet.draw_line([(LEFT, y + 60 + line.height), (RIGHT, y + 60 + line.height)], width=2.1, colour=INK)

    return BlockWithinPage(64 + line.height, draw_block)


def _step_block(read: CardNoteData, number: int, lang: str) -> BlockWithinPage:
    setup, run = read.setup, read.run
    step, done = run.steps[number - 1], run.tick_of_step(number)
    words = WrappedMarkup(escape(name_in_language(step.text, step.text_en, lang)), BODY, RIGHT - WHEN - STEP_LEFT - 8)
    who = (
        f"{time_hm(setup.to_hall_time(done.time))}  {staff_name(setup, done.by, lang)}"
        if done
        else tr(lang, "not ticked")
    )
    height = max(words.height, BODY * 1.45) + 11
    base = BODY * 1.45 / 2 + BODY * 0.36

    def draw_block(sheet: PdfSheet, y: float) -> None:
        top = y + (BODY * 1.45 - BOX) / 2
        sheet.draw_box(LEFT, top, BOX, BOX, edge=INK if done else INK2)
        if done:
            tick = [(LEFT + 2.4, top + 5.8), (LEFT + 4.8, top + 8.4), (LEFT + 9.0, top + 2.8)]
            sheet.draw_line(tick, width=1.5, colour=PRIMARY)
        sheet.draw_text(NUMBER, y + base, str(number), BODY, bold=True)
        sheet.draw_text(
            ROLE, y + base, pdf.cut_text_to_width(step_role_text(step.role, lang), SMALL, 62), SMALL, colour=INK2
        )
        words.draw(sheet, STEP_LEFT, y)
        shown = pdf.cut_text_to_width(who, SMALL + 0.5, WHEN)
        sheet.draw_text(RIGHT, y + base, shown, SMALL + 0.5, bold=bool(done), colour=INK if done else INK2, at="right")
        sheet.draw_line([(LEFT, y + height - 5), (RIGHT, y + height - 5)], colour=LINE)

    return BlockWithinPage(height, draw_block, gap=5 if number > 1 else 12)


def _what_happened_blocks(read: CardNoteData, lang: str) -> list[BlockWithinPage]:
    title = escape(tr(lang, "What happened, and what to do better"))
    head = WrappedMarkup(f"<b>{title}</b>", BODY, WIDTH).page_block(gap=18)
    if read.run.note:
        return [head, WrappedMarkup(escape(read.run.note), BODY, WIDTH, leading=1.6).page_block(gap=4)]

    def draw_block(sheet: PdfSheet, y: float) -> None:
        for line in range(1, LINES + 1):
            sheet.draw_line([(LEFT, y + line * LINE_HEIGHT), (RIGHT, y + line * LINE_HEIGHT)], colour=INK2)

    return [head, BlockWithinPage(LINES * LINE_HEIGHT, draw_block, gap=2)]


def _signature_block(lang: str) -> BlockWithinPage:
    word = tr(lang, "Duty manager, date")

    def draw_block(sheet: PdfSheet, y: float) -> None:
        sheet.draw_line([(RIGHT - 190, y + 34), (RIGHT, y + 34)], colour=INK2)
        sheet.draw_text(RIGHT - 190, y + 46, word, SMALL, colour=INK2)

    return BlockWithinPage(48, draw_block, gap=14)
