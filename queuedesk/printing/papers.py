"""The list of papers for a visitor who is not ready yet: no number, nothing to queue for."""

from queuedesk.i18n import day_ticket, time_hm, tr
from queuedesk.printing.marks import Sheet
from queuedesk.printing.sheet import SheetWriter
from queuedesk.printing.slip import PapersSlip
from queuedesk.printing.ticket_layout import write_papers, write_service


def lay_out_papers(slip: PapersSlip, width: int) -> Sheet:
    """Return the list laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""
    lang = slip.lang
    writer = SheetWriter(width)
    writer.centred(slip.hall, 34, bold=True)
    writer.centred(f"{day_ticket(slip.issued_at, lang)} {time_hm(slip.issued_at)}", 24, leading=1.7)
    writer.gap(12)
    writer.rule(4)
    writer.gap(14)
    write_service(writer, slip.service, slip.item)
    writer.gap(14)
    writer.rule(4)
    writer.gap(12)
    write_papers(writer, lang, tr(lang, "Please bring these papers"), slip.papers)
    if slip.version:
        writer.paragraph(tr(lang, "List of {version}", version=slip.version), 22, leading=1.8)
    writer.gap(15)
    writer.rule()
    if slip.steps:
        writer.gap(12)
        writer.paragraph(tr(lang, "Steps"), 28, bold=True, leading=1.5)
        for number, step in enumerate(slip.steps, start=1):
            writer.list_entry(step, 27, number=number)
        writer.gap(15)
        writer.rule()
    for title, lines in ((tr(lang, "Fees"), slip.fees), (tr(lang, "We are open"), slip.hours)):
        if lines:
            writer.gap(12)
            writer.paragraph(title, 28, bold=True, leading=1.5)
            for line in lines:
                writer.paragraph(line, 27, leading=1.5)
            writer.gap(15)
            writer.rule()
    writer.gap(16)
    writer.paragraph(tr(lang, "Come to the front desk with all of them and you get a number at once."), 26)
    if slip.phone:
        writer.gap(8)
        writer.ends(tr(lang, "Phone"), slip.phone, 22)
    return writer.finish()
