"""The ticket: its parts from top to bottom, as in every picture, PDF and print."""

from queuedesk.i18n import day_ticket, no_wait_text, ntr, range_text, time_hm, tr
from queuedesk.printing.marks import ARROWS, Sheet
from queuedesk.printing.sheet import SheetWriter
from queuedesk.printing.slip import Paper, TicketSlip


def lay_out_ticket(slip: TicketSlip, width: int) -> Sheet:
    """Return the ticket laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""
    writer = SheetWriter(width)
    _head(writer, slip)
    _queue(writer, slip)
    if len(slip.steps) > 1:
        _steps(writer, slip)
    if slip.papers:
        writer.gap(12)
        write_papers(writer, slip.lang, tr(slip.lang, "Please have ready"), slip.papers)
        writer.gap(15)
        writer.rule()
    _foot(writer, slip)
    return writer.finish()


def write_papers(writer: SheetWriter, lang: str, title: str, papers: tuple[Paper, ...]) -> None:
    """Write `papers` to be ticked one by one under `title`."""
    writer.paragraph(title, 28, bold=True, leading=1.5)
    for paper in papers:
        entry = tr(lang, "{paper}, {note}", paper=paper.name, note=paper.note) if paper.note else paper.name
        writer.list_entry(entry, 27)


def write_service(writer: SheetWriter, service: str, item: str | None) -> None:
    """Write the service and its item: on one line where they fit, else one under the other."""
    whole = f"{service} · {item}" if item else service
    parts = [whole] if writer.fits(whole, 38) or item is None else [service, item]
    for part in parts:
        writer.centred(part, 38, bold=True)


def _head(writer: SheetWriter, slip: TicketSlip) -> None:
    writer.centred(slip.hall, 34, bold=True)
    writer.centred(f"{day_ticket(slip.issued_at, slip.lang)} {time_hm(slip.issued_at)}", 24, leading=1.7)
    writer.gap(12)
    writer.rule(4)
    writer.gap(41)
    writer.hero(slip.label, 200)
    writer.gap(32)
    write_service(writer, slip.service, slip.item)
    if slip.class_name:
        writer.centred(tr(slip.lang, "Priority: {class_name}", class_name=slip.class_name), 27, leading=1.5)
    writer.gap(14)
    writer.rule(4)


def _queue(writer: SheetWriter, slip: TicketSlip) -> None:
    """What the customer can expect, and where."""
    lang = slip.lang
    writer.gap(12)
    if slip.ahead == 0:
        writer.row(tr(lang, "Ahead"), tr(lang, "nobody"))
    elif slip.ahead is not None and slip.wait_high is not None:
        writer.row(tr(lang, "Ahead"), ntr(lang, "{n} person", "{n} people", slip.ahead))
    elif slip.ahead is not None:
        writer.gap(8)
        writer.paragraph(no_wait_text(slip.ahead, lang), 34, bold=True)
        writer.gap(4)
    if slip.wait_low is not None and slip.wait_high is not None:
        writer.row(tr(lang, "Wait about"), range_text(slip.wait_low, slip.wait_high, lang))
    if slip.windows:
        writer.row(tr(lang, "Go to"), tr(lang, "window {windows}", windows=slip.windows, context="ticket"))
    if slip.zone:
        arrow = ARROWS.get(slip.arrow or "")
        writer.row(tr(lang, "Where", context="ticket"), slip.zone, size=34, arrow=arrow)
    writer.gap(12)
    writer.rule()


def _steps(writer: SheetWriter, slip: TicketSlip) -> None:
    writer.gap(12)
    writer.paragraph(tr(slip.lang, "Your visit, one number for all"), 28, bold=True, leading=1.5)
    for number, step in enumerate(slip.steps, start=1):
        writer.list_entry(step, 27, number=number)
    writer.gap(15)
    writer.rule()


def _foot(writer: SheetWriter, slip: TicketSlip) -> None:
    lang = slip.lang
    writer.code(
        slip.qr_text,
        tr(lang, "Wait for your call"),
        (
            tr(lang, "Watch the display and listen for your number."),
            tr(lang, "Missed your call? Come to the front desk; keep this ticket."),
        ),
    )
    writer.gap(12)
    writer.ends(tr(lang, "Valid today only"), slip.token, 20)
    if slip.phone:
        writer.ends(tr(lang, "Phone"), slip.phone, 20)
