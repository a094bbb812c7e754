"""The list of papers for a visitor who is not ready yet: no number, nothing to queue for."""

from itertools import zip_longest

from queuedesk.i18n import tr
from queuedesk.printing.head import slips_of, write_both, write_foot_words, write_head
from queuedesk.printing.marks import Sheet
from queuedesk.printing.sheet import SheetWriter
from queuedesk.printing.slip import PapersSlip
from queuedesk.printing.ticket_layout import write_papers, write_services


def lay_out_papers(slip: PapersSlip, width: int) -> Sheet:
    """Return the list laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""
    slips, writer = slips_of(slip), SheetWriter(width)
    write_head(writer, slip)
    writer.gap(14)
    write_services(writer, [(one.service, one.item) for one in slips])
    writer.gap(14)
    writer.rule(4)
    writer.gap(12)
    titles = [tr(one.lang, "Please bring these papers") for one in slips]
    write_papers(writer, titles, [(one.lang, one.papers) for one in slips])
    if slip.version:
        writer.paragraph(tr(slip.lang, "List of {version}", version=slip.version), 22, leading=1.8)
    writer.gap(15)
    writer.rule()
    if slip.steps:
        writer.gap(12)
        writer.paragraph(" ".join(tr(one.lang, "Steps") for one in slips), 28, bold=True, leading=1.5)
        for number, steps in enumerate(zip_longest(*(one.steps for one in slips), fillvalue=""), start=1):
            also = steps[1] if steps[1:] and steps[1] != steps[0] else ""
            writer.list_entry(steps[0] or also, 27, number=number, also=also if steps[0] else "")
        writer.gap(15)
        writer.rule()
    fees = ([tr(one.lang, "Fees") for one in slips], [one.fees for one in slips])
    hours = ([tr(one.lang, "We are open") for one in slips], [one.hours for one in slips])
    for titles, told in (fees, hours):
        if told[0]:
            writer.gap(12)
            writer.paragraph(" ".join(titles), 28, bold=True, leading=1.5)
            for lines in zip_longest(*told, fillvalue=""):
                write_both(writer.paragraph, [line for line in lines if line], 27, leading=1.5)
            writer.gap(15)
            writer.rule()
    writer.gap(16)
    said = [tr(one.lang, "Come to the front desk with all of them and you get a number at once.") for one in slips]
    write_both(writer.paragraph, said, 26, leading=1.45)
    writer.gap(8)
    write_foot_words(writer, slip)
    if slip.phone and slip.design.shows("phone"):
        writer.ends(" ".join(tr(one.lang, "Phone") for one in slips), slip.phone, 22)
    return writer.finish()
