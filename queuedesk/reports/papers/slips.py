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
from queuedesk.i18n import date_short, day_report, day_staff, listing, named, ntr, time_hm, tr
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.case_words import class_word, next_words
from queuedesk.i18n.quality.comment_words import seen_words, told_words
from queuedesk.i18n.queue.event_words import alarm_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.head_and_foot import head, plain_footer
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, LINE, RIGHT, Block, Column, Prose, Sheet, escape, table

WIDTH = RIGHT - LEFT
TITLE, CASE_BODY, CASE_SMALL = 22.0, 11.0, 9.0


def overdue(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return the overdue cases that somebody may see, the most overdue first."""
    return [case for case in case_documents.cases_of(desk, who, None, now) if case["overdue"]]


def case_write(
    desk: Desk, who: Actor, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> list[Document]:
    """Write the slip as a PDF, replacing the file as a whole; return the cases that it names, and without any write
    nothing. Raises OutsideError "cannot_write"."""
    rows = overdue(desk, who, now)
    if rows:
        write_file(Path(path), case_slip_pdf(looking.setup_of(desk), rows, now, lang, printed_by))
    return rows


def case_slip_pdf(
    setup: Setup, rows: Sequence[Document], now: datetime, lang: str, printed_by: str | None = None
) -> bytes:
    """Return the slip as a PDF in `lang`: number, class, next step, last day and working days over of each case, by
    owner; no customer, no contact, no blame."""
    local = setup.local(now)
    hall, title = named(setup.hall.name, setup.hall.name_en, lang), tr(lang, "Overdue cases", context="slip")
    sheet = Sheet(f"{hall} · {title} · {local.date().isoformat()}", hall, lang)
    blocks = [_slip_head(hall, title, local.date(), lang)]
    owned = sorted(rows, key=lambda one: one["owner"] or "")
    for owner, own in groupby(owned, key=lambda one: one["owner"]):
        name = staff_name(setup, owner, lang) if owner else tr(lang, "nobody", context="owner")
        blocks += _overdue_part(name, list(own), lang)
    return sheet.flow(blocks, plain_footer(local, lang, printed_by))


def _slip_head(hall: str, title: str, day: date, lang: str) -> Block:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 4, pdf.shortened(hall, 10, WIDTH), 10)
        sheet.text(LEFT, y + 29, title, TITLE, bold=True)
        sheet.text(RIGHT, y + 29, day_report(day, lang), 13.5, bold=True, at="right")
        sheet.line([(LEFT, y + 42), (RIGHT, y + 42)], width=2.1, colour=INK)

    return Block(46, draw)


def _overdue_part(name: str, rows: list[Document], lang: str) -> list[Block]:
    count = ntr(lang, "{n} case is past its last day", "{n} cases are past their last day", len(rows))

    def head(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 14, pdf.shortened(name, 15, WIDTH - 200, bold=True), 15, bold=True)
        sheet.text(RIGHT, y + 14, count, CASE_BODY, colour=INK2, at="right")

    def signed(sheet: Sheet, y: float) -> None:
        sheet.line([(RIGHT - 190, y + 30), (RIGHT, y + 30)], colour=INK2)
        sheet.text(RIGHT - 190, y + 42, tr(lang, "Read by the owner, date"), CASE_SMALL, colour=INK2)
        sheet.line([(LEFT, y + 62), (RIGHT, y + 62)], colour=LINE, dash=(3, 3))

    columns = [
        Column(tr(lang, "Case", context="slip")),
        Column(tr(lang, "Next step", context="slip")),
        Column(tr(lang, "Last day", context="slip")),
        Column(tr(lang, "Working days over", context="slip"), bold=True),
    ]
    cells = [
        (
            f"{row['number']} · {class_word(row['class'], lang)}",
            next_words(row["next"], lang),
            day_staff(date.fromisoformat(row["due"]), lang),
            str(row["over"]),
        )
        for row in rows
    ]
    return [Block(22, head, gap=16, keep=True), *table(columns, cells), Block(66, signed, gap=6)]


WHAT, BODY, SMALL = 22.0, 13.0, 9.0
NAMES = 120.0
LIMITS = {"long_wait": "wait_target_minutes", "crowd": "crowd"}
"""The hall's rules that say from when on two kinds of alerts come."""


def write(
    desk: Desk, ask: Ask, seq: int, path: Path, *, lang: str, day: date | None = None, printed_by: str | None = None
) -> Path:
    """Write the slip of a warning of a date, by default today, as a PDF. Raises RuleError "not_there", OutsideError
    "cannot_write"."""
    rows = alarms.warnings_of(desk, ask.who, day, ask.now)
    row = next((one for one in rows if one["alarm"] == seq), None)
    if row is None:
        raise RuleError("not_there", kind="warning", code=str(seq))
    write_file(path, slip_pdf(looking.setup_of(desk), row, lang, ask.now, printed_by))
    return path


class PrintsSheets(Protocol):
    """This PC's printer of sheets."""

    def report_printers(self) -> Mapping[str, Any]: ...
    def print_pdf(self, path: Path, printer: str = "") -> str: ...


def print_due(desk: Desk, ask: Ask, printer: PrintsSheets, lang: str) -> int:
    """Print the warnings that nobody has seen and that were printed nowhere yet, if this PC has a printer chosen for
    reports: each once in the hall. What could not be printed is noted with its cause and tried again later, one alone
    while the printer fails. Return how many were begun."""
    rows = alarms.slips_due(desk, ask.now)
    chosen = printer.report_printers()["chosen"] if rows else ""
    if not chosen:
        return 0
    setup, begun = looking.setup_of(desk), 0
    for row in rows:
        if not alarms.begin_slip(desk, ask, row["alarm"])["begun"]:
            continue
        begun += 1
        try:
            with TemporaryDirectory(prefix="queuedesk-slip-", ignore_cleanup_errors=True) as folder:
                file = Path(folder, f"warning-{row['alarm']}.pdf")
                write_file(file, slip_pdf(setup, row, lang, ask.now))
                printer.print_pdf(file, chosen)
        except OutsideError as trouble:
            alarms.record_slip_failure(desk, ask, row["alarm"], str(trouble.details.get("cause") or trouble.code))
            if row["slip"]:
                break
    return begun


def slip_pdf(setup: Setup, row: Mapping[str, Any], lang: str, now: datetime, printed_by: str | None = None) -> bytes:
    hall, title = named(setup.hall.name, setup.hall.name_en, lang), tr(lang, "Warning", context="slip")
    day = date.fromisoformat(row["date"])
    sheet = Sheet(f"{hall} · {title} · {date_short(day, lang)}", hall, lang)
    people = listing([staff_name(setup, code, lang) or code for code in alarms.people_of_warning(row)], lang)
    since = time_hm(setup.local(datetime.fromisoformat(row["since"])))
    facts = [
        (tr(lang, "To", context="warning"), people),
        (tr(lang, "Since", context="warning"), since),
        (tr(lang, "Sent to", context="warning"), told_words(setup, row, lang)),
        (tr(lang, "Seen", context="warning"), seen_words(setup, row, lang)),
    ]
    rule = LIMITS.get(row["kind"])
    if rule is not None:
        limit = setup.number(rule)
        said = tr(lang, "{n} min", n=limit) if rule == "wait_target_minutes" else tr(lang, "{n} people", n=limit)
        facts.insert(2, (tr(lang, "Target", context="warning"), said))
    if row["ticket"]:
        facts.insert(2, (tr(lang, "Ticket"), row["ticket"]))
    what = Prose(f"<b>{escape(alarm_text(setup, row, lang))}</b>", WHAT, WIDTH, leading=1.3)
    blocks = [head(hall, title, day_report(day, lang), ()), what.block(gap=16)]
    blocks += [_fact_block(name, value) for name, value in facts]
    blocks.append(_signature_lines(tr(lang, "What was done, name, time")))
    name = staff_name(setup, printed_by, lang) if printed_by else None
    return sheet.flow(blocks, plain_footer(setup.local(now), lang, name))


def _fact_block(name: str, value: str) -> Block:
    words = Prose(escape(value), BODY, WIDTH - NAMES)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + BODY * 1.45 / 2 + BODY * 0.36, name, BODY, colour=INK2)
        words.draw(sheet, LEFT + NAMES, y)

    return Block(words.height + 4, draw, gap=8)


def _signature_lines(word: str) -> Block:
    def draw(sheet: Sheet, y: float) -> None:
        for line in (34, 68, 102):
            sheet.line([(LEFT, y + line), (RIGHT, y + line)], colour=INK if line == 102 else INK2)
        sheet.text(LEFT, y + 114, word, SMALL, colour=INK2)

    return Block(120, draw, gap=20)
