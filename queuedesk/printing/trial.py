"""A slip that tries a printer out: its edges, a large number, small letters, a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuedesk.i18n import day_ticket, time_hm, tr
from queuedesk.printing.marks import Sheet
from queuedesk.printing.sheet import SheetWriter

NUMBER = "A088"
CODE = "QueueDesk"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSlip:
    """What is printed to see whether a printer prints: `printer` is how it is called, `at` stands in the hall's time
    zone."""

    lang: str
    printer: str
    at: datetime
    hall: str = ""


def lay_out_trial(slip: TrialSlip, width: int) -> Sheet:
    """Return the slip laid out for a head of `width` dots."""
    lang = slip.lang
    writer = SheetWriter(width)
    if slip.hall:
        writer.centred(slip.hall, 34, bold=True)
    writer.centred(tr(lang, "Test slip", context="printer"), 34, bold=True)
    writer.centred(f"{day_ticket(slip.at, lang)} {time_hm(slip.at)}", 24, leading=1.7)
    writer.gap(12)
    writer.rule(4)
    writer.gap(41)
    writer.hero(NUMBER, 200)
    writer.gap(32)
    writer.rule(4)
    writer.gap(12)
    writer.paragraph(tr(lang, "This is no ticket; nobody waits."), 28, bold=True, leading=1.5)
    writer.paragraph(slip.printer, 24, leading=1.5)
    writer.gap(12)
    writer.rule()
    writer.code(
        CODE,
        tr(lang, "Is all of this well to see?"),
        (
            tr(lang, "No gap in the lines, the number whole and black, the code can be read."),
            tr(lang, "The slip is cut below this line."),
        ),
    )
    return writer.finish()
