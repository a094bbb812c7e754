"""An appointment on paper: when, for what, where, with which papers."""

from queuedesk.i18n import day_ticket, time_hm, tr
from queuedesk.printing.head import slips_of, write_both, write_foot_words, write_head
from queuedesk.printing.marks import ARROWS, Sheet
from queuedesk.printing.sheet import SheetWriter
from queuedesk.printing.slip import AppointmentSlip
from queuedesk.printing.ticket_layout import write_papers, write_row, write_services

TIME_DOTS = 150


def lay_out_appointment(slip: AppointmentSlip, width: int) -> Sheet:
    """Return the appointment laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""
    slips, writer = slips_of(slip), SheetWriter(width)
    design = slip.design
    write_head(writer, slip)
    writer.gap(18)
    write_both(writer.centred, [tr(one.lang, "Appointment", context="slip") for one in slips], 34, bold=True)
    write_both(writer.centred, [day_ticket(slip.at.date(), one.lang) for one in slips], 34, leading=1.5)
    writer.gap(26)
    writer.hero(time_hm(slip.at), TIME_DOTS)
    writer.gap(30)
    write_services(writer, [(one.service, one.item) for one in slips])
    writer.gap(14)
    writer.rule(4)
    writer.gap(12)
    _where(writer, slip)
    writer.gap(12)
    writer.rule()
    if slip.papers and design.shows("papers"):
        writer.gap(12)
        titles = [tr(one.lang, "Please bring these papers") for one in slips]
        write_papers(writer, titles, [(one.lang, one.papers) for one in slips])
        writer.gap(15)
        writer.rule()
    lines = [line for one in slips for line in _advice(one)]
    title = tr(slip.lang, "Show this at the front desk")
    if design.shows("code"):
        writer.code(slip.qr_text, title, lines)
    else:
        writer.gap(12)
        writer.paragraph(title, 28, bold=True)
        for line in lines:
            writer.paragraph(line, 26)
    writer.gap(12)
    write_foot_words(writer, slip)
    if slip.phone and design.shows("phone"):
        writer.ends(" ".join(tr(one.lang, "To change it, call") for one in slips), slip.phone, 22)
    return writer.finish()


def _where(writer: SheetWriter, slip: AppointmentSlip) -> None:
    slips, lang, design = slips_of(slip), slip.lang, slip.design
    write_row(writer, [tr(one.lang, "Appointment no.") for one in slips], str(slip.number))
    if slip.ref:
        write_row(writer, [tr(one.lang, "Reference", context="slip") for one in slips], slip.ref, size=34)
    if slip.windows and design.shows("windows"):
        there = tr(lang, "window {windows}", windows=slip.windows, context="ticket")
        write_row(writer, [tr(one.lang, "Go to") for one in slips], there)
    if slip.zone and design.shows("zone"):
        arrow = ARROWS.get(slip.arrow or "")
        labels = [tr(one.lang, "Where", context="ticket") for one in slips]
        write_row(writer, labels, slip.zone, size=34, arrow=arrow)


def _advice(slip: AppointmentSlip) -> list[str]:
    said = [tr(slip.lang, "You get a number there; it is called at your time, not by when you came.")]
    if slip.grace_until is not None:
        kept = time_hm(slip.grace_until)
        said.append(tr(slip.lang, "Your place is kept until {time}.", time=kept))
    return said
