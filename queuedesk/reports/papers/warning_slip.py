"""A warning on paper: one page for whoever is responsible, with what it is about and room to sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import alarms
from queuedesk.files.writing import write_file
from queuedesk.i18n import date_short, day_report, listing, named, time_hm, tr
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.comment_words import seen_words, told_words
from queuedesk.i18n.queue.event_words import alarm_text
from queuedesk.reports.draw.head_and_foot import head, plain_footer
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, RIGHT, Block, Sheet
from queuedesk.reports.draw.prose import Prose

WIDTH = RIGHT - LEFT
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
            alarms.slip_failed(desk, ask, row["alarm"], str(trouble.details.get("cause") or trouble.code))
            if row["slip"]:
                break
    return begun


def slip_pdf(setup: Setup, row: Mapping[str, Any], lang: str, now: datetime, printed_by: str | None = None) -> bytes:
    """Return the slip as a PDF in `lang`."""
    hall, title = named(setup.hall.name, setup.hall.name_en, lang), tr(lang, "Warning", context="slip")
    day = date.fromisoformat(row["date"])
    sheet = Sheet(f"{hall} · {title} · {date_short(day, lang)}", hall, lang)
    people = listing([staff_name(setup, code, lang) or code for code in alarms.people_of(row)], lang)
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
    blocks += [_fact(name, value) for name, value in facts]
    blocks.append(_signed(tr(lang, "What was done, name, time")))
    name = staff_name(setup, printed_by, lang) if printed_by else None
    return sheet.flow(blocks, plain_footer(setup.local(now), lang, name))


def _fact(name: str, value: str) -> Block:
    words = Prose(escape(value), BODY, WIDTH - NAMES)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + BODY * 1.45 / 2 + BODY * 0.36, name, BODY, colour=INK2)
        words.draw(sheet, LEFT + NAMES, y)

    return Block(words.height + 4, draw, gap=8)


def _signed(word: str) -> Block:
    def draw(sheet: Sheet, y: float) -> None:
        for line in (34, 68, 102):
            sheet.line([(LEFT, y + line), (RIGHT, y + line)], colour=INK if line == 102 else INK2)
        sheet.text(LEFT, y + 114, word, SMALL, colour=INK2)

    return Block(120, draw, gap=20)
