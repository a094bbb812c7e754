"""The ticket: its parts from top to bottom, as in every picture, PDF and print; a hall's design leaves parts out and
adds its own."""

from collections.abc import Callable
from itertools import zip_longest

from queuedesk.core.setup.ticket_design import TicketDesign
from queuedesk.i18n import no_wait_text, ntr, range_text, tr
from queuedesk.printing.head import slips_of, write_both, write_foot_words, write_head
from queuedesk.printing.marks import ARROWS, Sheet
from queuedesk.printing.sheet import SheetWriter
from queuedesk.printing.slip import Paper, TicketSlip

NUMBER_DOTS = {"large": 200, "medium": 140, "small": 96}
_VALID_PX = 20


def lay_out_ticket(slip: TicketSlip, width: int) -> Sheet:
    """Return the ticket laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""
    writer, design = SheetWriter(width), slip.design
    write_head(writer, slip)
    _number(writer, slip)
    _queue(writer, slip)
    if len(slip.steps) > 1 and design.shows("steps"):
        _steps(writer, slip)
    if slip.papers and design.shows("papers"):
        writer.gap(12)
        titles = [tr(one.lang, "Please have ready") for one in slips_of(slip)]
        write_papers(writer, titles, [(one.lang, one.papers) for one in slips_of(slip)])
        writer.gap(15)
        writer.rule()
    _foot(writer, slip)
    return writer.finish()


def write_papers(writer: SheetWriter, titles: list[str], lists: list[tuple[str, tuple[Paper, ...]]]) -> None:
    """Write papers to be ticked one by one under their title, each in every language of `lists`."""
    write_both(writer.paragraph, titles, 28, bold=True, leading=1.5)
    rows = zip_longest(*(papers for _lang, papers in lists))
    for row in rows:
        entries = [_entry(lang, paper) for (lang, _papers), paper in zip(lists, row, strict=True) if paper is not None]
        writer.list_entry(entries[0], 27, also=entries[1] if entries[1:] and entries[1] != entries[0] else "")


def _entry(lang: str, paper: Paper) -> str:
    return tr(lang, "{paper}, {note}", paper=paper.name, note=paper.note) if paper.note else paper.name


def write_service(writer: SheetWriter, service: str, item: str | None) -> None:
    """Write the service and its item: on one line where they fit, else one under the other."""
    whole = f"{service} · {item}" if item else service
    parts = [whole] if writer.fits(whole, 38) or item is None else [service, item]
    for part in parts:
        writer.centred(part, 38, bold=True)


def write_services(writer: SheetWriter, slips: list[tuple[str, str | None]]) -> None:
    """Write the service in the first language large, in the second below it."""
    write_service(writer, *slips[0])
    for service, item in slips[1:]:
        told = f"{service} · {item}" if item else service
        if (service, item) != slips[0]:
            writer.centred(told, 27, leading=1.4)


def _number(writer: SheetWriter, slip: TicketSlip) -> None:
    writer.gap(41)
    writer.hero(slip.label, NUMBER_DOTS[slip.design.number])
    writer.gap(32)
    write_services(writer, [(one.service, one.item) for one in slips_of(slip)])
    if slip.class_name and slip.design.shows("class"):
        told = [tr(one.lang, "Priority: {class_name}", class_name=one.class_name or "") for one in slips_of(slip)]
        write_both(writer.centred, told, 27, leading=1.5)
    writer.gap(14)
    writer.rule(4)


def _queue(writer: SheetWriter, slip: TicketSlip) -> None:
    """What the customer can expect, and where."""
    top, slips, design = writer.y, slips_of(slip), slip.design
    writer.gap(12)
    start = writer.y

    def row(word: Callable[[str], str], value: str, size: float = 46, arrow: int | None = None) -> None:
        write_row(writer, [word(one.lang) for one in slips], value, size=size, arrow=arrow)

    lang = slip.lang
    if slip.ahead is not None and design.shows("ahead"):
        if slip.ahead == 0:
            # A word would stand in one language alone, a figure is read in both.
            row(lambda said: tr(said, "Ahead"), tr(lang, "nobody") if len(slips) == 1 else "0")
        elif slip.wait_high is not None or not design.shows("wait"):
            count = ntr(lang, "{n} person", "{n} people", slip.ahead)
            row(lambda said: tr(said, "Ahead"), count)
        else:
            writer.gap(8)
            told = [no_wait_text(slip.ahead, one.lang) for one in slips]
            writer.paragraph(told[0], 34, bold=True)
            for also in told[1:]:
                writer.paragraph(also, 26)
            writer.gap(4)
    if slip.wait_low is not None and slip.wait_high is not None and design.shows("wait"):
        row(lambda said: tr(said, "Wait about"), range_text(slip.wait_low, slip.wait_high, lang))
    if slip.windows and design.shows("windows"):
        there = tr(lang, "window {windows}", windows=slip.windows, context="ticket")
        row(lambda said: tr(said, "Go to"), there)
    if slip.zone and design.shows("zone"):
        arrow = ARROWS.get(slip.arrow or "")
        row(lambda said: tr(said, "Where", context="ticket"), slip.zone, 34, arrow)
        for one in slips[1:]:
            if one.zone and one.zone != slip.zone:
                writer.at_right(one.zone, 26)
    if slip.warnings:
        writer.gap(8)
        for words in zip_longest(*(one.warnings for one in slips), fillvalue=""):
            writer.paragraph(words[0], 30, bold=True)
            for also in words[1:]:
                writer.paragraph(also, 24)
    if writer.y == start:
        writer.y = top  # Nothing to tell: the rule above ends the number's part, and no second one follows.
        return
    writer.gap(12)
    writer.rule()


def write_row(
    writer: SheetWriter, labels: list[str], value: str, *, size: float = 46, arrow: int | None = None
) -> None:
    """Write a row whose label stands in every language of the paper."""
    also = labels[1] if labels[1:] and labels[1] != labels[0] else ""
    writer.row(labels[0], value, size=size, arrow=arrow, also=also)


def _steps(writer: SheetWriter, slip: TicketSlip) -> None:
    writer.gap(12)
    titles = [tr(one.lang, "Your visit, one number for all") for one in slips_of(slip)]
    write_both(writer.paragraph, titles, 28, bold=True, leading=1.5)
    for number, steps in enumerate(zip(*(one.steps for one in slips_of(slip)), strict=False), start=1):
        writer.list_entry(steps[0], 27, number=number, also=steps[1] if steps[1:] and steps[1] != steps[0] else "")
    writer.gap(15)
    writer.rule()


def _foot(writer: SheetWriter, slip: TicketSlip) -> None:
    design = slip.design
    if design.shows("code") or design.shows("advice"):
        _advice(writer, slip, design)
    writer.gap(12)
    write_foot_words(writer, slip)
    # One that may be worth something tomorrow does not say that it is not.
    valid = "" if len(slip.warnings) > 1 else " ".join(tr(one.lang, "Valid today only") for one in slips_of(slip))
    if design.shows("token"):
        writer.ends(valid, slip.token, _VALID_PX)
    elif valid:
        writer.paragraph(valid, _VALID_PX, leading=1.5)
    if slip.phone and design.shows("phone"):
        writer.ends(" ".join(tr(one.lang, "Phone") for one in slips_of(slip)), slip.phone, 20)


def _advice(writer: SheetWriter, slip: TicketSlip, design: TicketDesign) -> None:
    """The code with what to do beside it, or either of them alone."""
    slips = slips_of(slip)
    title = tr(slip.lang, "Wait for your call")
    lines = [
        said
        for one in slips
        for said in (
            tr(one.lang, "Watch the display and listen for your number."),
            tr(one.lang, "Missed your call? Come to the front desk; keep this ticket."),
        )
    ]
    if design.shows("code"):
        writer.code(slip.qr_text, title, lines) if design.shows("advice") else writer.code_alone(slip.qr_text)
        return
    writer.gap(12)
    writer.paragraph(title, 28, bold=True)
    for line in lines:
        writer.paragraph(line, 26)
