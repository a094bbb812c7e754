"""The slip that reminds owners of overdue cases: for each owner a part to cut off, with what is overdue and nothing
else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from queuedesk.core.network.roles import Actor
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.quality import case_documents
from queuedesk.files.writing import write_file
from queuedesk.i18n import day_report, day_staff, named, ntr, tr
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.case_words import class_word, next_words
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.head_and_foot import plain_footer
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, LINE, RIGHT, Block, Column, Sheet, table

WIDTH = RIGHT - LEFT
TITLE, BODY, SMALL = 22.0, 11.0, 9.0


def overdue(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return the overdue cases that somebody may see, the most overdue first."""
    return [one for one in case_documents.cases_of(desk, who, None, now) if one["overdue"]]


def write(
    desk: Desk, who: Actor, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> list[Document]:
    """Write the slip as a PDF, replacing the file as a whole; return the cases that it names, and without any write
    nothing. Raises OutsideError "cannot_write"."""
    rows = overdue(desk, who, now)
    if rows:
        write_file(Path(path), slip_pdf(looking.setup_of(desk), rows, now, lang, printed_by))
    return rows


def slip_pdf(setup: Setup, rows: Sequence[Document], now: datetime, lang: str, printed_by: str | None = None) -> bytes:
    """Return the slip as a PDF in `lang`: number, class, next step, last day and working days over of each case, by
    owner; no customer, no contact, no blame."""
    local = setup.local(now)
    hall, title = named(setup.hall.name, setup.hall.name_en, lang), tr(lang, "Overdue cases", context="slip")
    sheet = Sheet(f"{hall} · {title} · {local.date().isoformat()}", hall, lang)
    blocks = [_head(hall, title, local.date(), lang)]
    owned = sorted(rows, key=lambda one: one["owner"] or "")
    for owner, own in groupby(owned, key=lambda one: one["owner"]):
        name = staff_name(setup, owner, lang) if owner else tr(lang, "nobody", context="owner")
        blocks += _part(name, list(own), lang)
    return sheet.flow(blocks, plain_footer(local, lang, printed_by))


def _head(hall: str, title: str, day: date, lang: str) -> Block:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 4, fonts.shortened(hall, 10, WIDTH), 10)
        sheet.text(LEFT, y + 29, title, TITLE, bold=True)
        sheet.text(RIGHT, y + 29, day_report(day, lang), 13.5, bold=True, at="right")
        sheet.line([(LEFT, y + 42), (RIGHT, y + 42)], width=2.1, colour=INK)

    return Block(46, draw)


def _part(name: str, rows: list[Document], lang: str) -> list[Block]:
    count = ntr(lang, "{n} case is past its last day", "{n} cases are past their last day", len(rows))

    def head(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 14, fonts.shortened(name, 15, WIDTH - 200, bold=True), 15, bold=True)
        sheet.text(RIGHT, y + 14, count, BODY, colour=INK2, at="right")

    def signed(sheet: Sheet, y: float) -> None:
        sheet.line([(RIGHT - 190, y + 30), (RIGHT, y + 30)], colour=INK2)
        sheet.text(RIGHT - 190, y + 42, tr(lang, "Read by the owner, date"), SMALL, colour=INK2)
        sheet.line([(LEFT, y + 62), (RIGHT, y + 62)], colour=LINE, dash=(3, 3))

    columns = [
        Column(tr(lang, "Case", context="slip")),
        Column(tr(lang, "Next step", context="slip")),
        Column(tr(lang, "Last day", context="slip")),
        Column(tr(lang, "Working days over", context="slip"), bold=True),
    ]
    cells = [
        (
            f"{one['number']} · {class_word(one['class'], lang)}",
            next_words(one["next"], lang),
            day_staff(date.fromisoformat(one["due"]), lang),
            str(one["over"]),
        )
        for one in rows
    ]
    return [Block(22, head, gap=16, keep=True), *table(columns, cells), Block(66, signed, gap=6)]
