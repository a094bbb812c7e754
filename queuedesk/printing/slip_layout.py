"""How slips are laid out, each with its head and foot (tickets, papers, quiet hours, trial slips), and taken to a
picture, a PDF or a page of Qt's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import Struct
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from queuedesk.core.errors import OutsideError
from queuedesk.core.queue.dispatch import QuotedWait
from queuedesk.core.setup.hall import TicketDesign
from queuedesk.files.writing import write_file
from queuedesk.i18n import date_for_ticket, name_in_language, ntr, time_hm, tr
from queuedesk.i18n.queue import line_words
from queuedesk.printing import slip_contents
from queuedesk.printing.slip_painter import ALSO_SHARE, DOTS_PER_MM, WIDE, SlipLayoutWriter, SlipSheet, paint_marks

if TYPE_CHECKING:
    import pypdfium2


# -- the head and foot of every slip: sign, name, date and the hall's own words --------------------------------------

S = TypeVar("S", bound=slip_contents.HallSlip)
OWN_WORDS = 26


class _WriteSlipText(Protocol):
    def __call__(self, text: str, size: float, *, bold: bool = False, leading: float = 1.0) -> None: ...


def slip_contents_in_each_language(slip: S) -> list[S]:
    """Return the slip in each of its languages, the first one first."""
    return [slip] if slip.also is None else [slip, slip.also]  # type: ignore[list-item]


def write_in_both_languages(
    write: _WriteSlipText, texts: Sequence[str], size: float, *, bold: bool = False, leading: float = 1.3
) -> None:
    """Write a text in the first language, and smaller below it in the second if that differs."""
    write(texts[0], size, bold=bold, leading=leading)
    for also in texts[1:]:
        if also != texts[0]:
            write(also, size * ALSO_SHARE, leading=leading)


def write_slip_head(writer: SlipLayoutWriter, slip: slip_contents.HallSlip) -> None:
    """Write the top of a slip down to its first thick rule."""
    design = slip.design
    image = slip_contents.logo_image_from_setup_text(design.logo) if design.shows_part("logo") else None
    if image is not None:
        writer.draw_logo(image)
        writer.skip_down(14)
    if design.shows_part("hall"):
        write_in_both_languages(
            writer.draw_centred, [one.hall for one in slip_contents_in_each_language(slip)], 34, bold=True
        )
    if design.head or design.head_en:
        write_in_both_languages(
            writer.draw_centred, _texts_in_languages(slip, design.head, design.head_en), OWN_WORDS, leading=1.4
        )
    if design.shows_part("time"):
        when = [
            f"{date_for_ticket(one.issued_at, one.lang)} {time_hm(one.issued_at)}"
            for one in slip_contents_in_each_language(slip)
        ]
        writer.draw_centred(when[0], 24, leading=1.7)
    if writer.y > writer.margin:
        writer.skip_down(12)
        writer.draw_rule(4)


def write_hall_foot_text(writer: SlipLayoutWriter, slip: slip_contents.HallSlip) -> None:
    """Write the hall's own words at the end of the slip, if it has any."""
    design = slip.design
    if design.foot or design.foot_en:
        write_in_both_languages(
            writer.draw_paragraph, _texts_in_languages(slip, design.foot, design.foot_en), OWN_WORDS, leading=1.45
        )
        writer.skip_down(6)


def _write_foot_text_and_phone(writer: SlipLayoutWriter, slip: slip_contents.HallSlip) -> None:
    """Write the hall's own words and its phone number under a list."""
    writer.skip_down(8)
    write_hall_foot_text(writer, slip)
    if slip.phone and slip.design.shows_part("phone"):
        writer.draw_at_both_ends(
            " ".join(tr(hall_slip.lang, "Phone") for hall_slip in slip_contents_in_each_language(slip)), slip.phone, 22
        )


def _texts_in_languages(slip: slip_contents.HallSlip, text: str, text_en: str) -> list[str]:
    return list(
        dict.fromkeys(
            name_in_language(text, text_en, hall_slip.lang) for hall_slip in slip_contents_in_each_language(slip)
        )
    )


# The ticket: its parts from top to bottom, as in every picture, PDF and print; a hall's design leaves parts out and
# adds its own.

NUMBER_DOTS = {"large": 200, "medium": 140, "small": 96}
_VALID_PX = 20


def _laid_out_ticket_slip(slip: slip_contents.TicketSlip, width: int) -> SlipSheet:
    """Return the ticket laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""
    writer, design = SlipLayoutWriter(width), slip.design
    write_slip_head(writer, slip)
    _write_number_service_and_class(writer, slip)
    _write_wait_people_and_windows(writer, slip)
    if len(slip.steps) > 1 and design.shows_part("steps"):
        _write_visit_services(writer, slip)
    if slip.papers and design.shows_part("papers"):
        writer.skip_down(12)
        titles = [tr(ticket_slip.lang, "Please have ready") for ticket_slip in slip_contents_in_each_language(slip)]
        write_papers(
            writer,
            titles,
            [(ticket_slip.lang, ticket_slip.papers) for ticket_slip in slip_contents_in_each_language(slip)],
        )
        writer.skip_down(15)
        writer.draw_rule()
    _write_ticket_foot(writer, slip)
    return writer.finished_slip_sheet()


def write_papers(
    writer: SlipLayoutWriter, titles: list[str], lists: list[tuple[str, tuple[slip_contents.PaperToBring, ...]]]
) -> None:
    """Write a list of papers with boxes to tick under their title, each in every language of `lists`."""
    write_in_both_languages(writer.draw_paragraph, titles, 28, bold=True, leading=1.5)
    rows = zip_longest(*(papers for _lang, papers in lists))
    for row in rows:
        entries = [
            _paper_name_with_note(lang, paper)
            for (lang, _papers), paper in zip(lists, row, strict=True)
            if paper is not None
        ]
        writer.write_list_entry(entries[0], 27, also=entries[1] if entries[1:] and entries[1] != entries[0] else "")


def _paper_name_with_note(lang: str, paper: slip_contents.PaperToBring) -> str:
    return tr(lang, "{paper}, {note}", paper=paper.name, note=paper.note) if paper.note else paper.name


def write_service(writer: SlipLayoutWriter, service: str, item: str | None) -> None:
    """Write the service and its item: on one line if they fit, else on two."""
    whole = f"{service} · {item}" if item else service
    parts = [whole] if writer.fits_on_line(whole, 38) or item is None else [service, item]
    for part in parts:
        writer.draw_centred(part, 38, bold=True)


def write_service_in_both_languages(writer: SlipLayoutWriter, slips: list[tuple[str, str | None]]) -> None:
    """Write the service large in the first language, and in the second below it."""
    write_service(writer, *slips[0])
    for service, item in slips[1:]:
        told = f"{service} · {item}" if item else service
        if (service, item) != slips[0]:
            writer.draw_centred(told, 27, leading=1.4)


def _write_number_service_and_class(writer: SlipLayoutWriter, slip: slip_contents.TicketSlip) -> None:
    writer.skip_down(41)
    writer.write_main_number(slip.label, NUMBER_DOTS[slip.design.number])
    writer.skip_down(32)
    write_service_in_both_languages(writer, [(one.service, one.item) for one in slip_contents_in_each_language(slip)])
    if slip.class_name and slip.design.shows_part("class"):
        told = [
            tr(one.lang, "Priority: {class_name}", class_name=one.class_name or "")
            for one in slip_contents_in_each_language(slip)
        ]
        write_in_both_languages(writer.draw_centred, told, 27, leading=1.5)
    writer.skip_down(14)
    writer.draw_rule(4)


def _write_wait_row(
    writer: SlipLayoutWriter, slip: slip_contents.TicketSlip, row: Callable[[Callable[[str], str], str], None]
) -> None:
    """The wait beside its word, or a sentence that says why none is quoted."""
    wait, ahead, several = slip.wait, slip.ahead or 0, len(slip.steps) > 1
    if isinstance(wait, QuotedWait):
        if line_words.has_close_wait_ends(wait):
            row(
                partial(line_words.about_wait_label, several),
                line_words.wait_text_without_about(wait, slip.lang, ahead=ahead),
            )
        else:
            row(partial(line_words.wait_label_word, several), line_words.wait_text(wait, slip.lang, ahead=ahead))
    elif slip.ahead is not None:
        writer.skip_down(8)
        words = [line_words.wait_text(wait, ticket_slip.lang) for ticket_slip in slip_contents_in_each_language(slip)]
        write_in_both_languages(writer.draw_paragraph, [word[:1].upper() + word[1:] for word in words], 30)
        writer.skip_down(4)


def _write_wait_people_and_windows(writer: SlipLayoutWriter, slip: slip_contents.TicketSlip) -> None:
    """What the customer can expect, and where."""
    top, slips, design = writer.y, slip_contents_in_each_language(slip), slip.design
    writer.skip_down(12)
    start = writer.y

    def write_row_in_languages(
        word: Callable[[str], str], value: str, size: float = 46, arrow: str | None = None
    ) -> None:
        write_row(writer, [word(ticket_slip.lang) for ticket_slip in slips], value, size=size, arrow=arrow)

    lang = slip.lang
    ahead = partial(line_words.ahead_count_label, slip.ahead_of_all)
    if slip.ahead is not None and design.shows_part("ahead") and line_words.is_ahead_count_shown(slip.wait, slip.ahead):
        if slip.ahead == 0:
            # A word would stand in one language alone, a figure is read in both.
            write_row_in_languages(ahead, tr(lang, "nobody") if len(slips) == 1 else "0")
        else:
            write_row_in_languages(ahead, ntr(lang, "{n} person", "{n} people", slip.ahead))
    if design.shows_part("wait"):
        _write_wait_row(writer, slip, write_row_in_languages)
    window = slip.window
    if window is not None and design.shows_part("windows"):
        write_row_in_languages(lambda said: tr(said, "When called"), window.number_with_word)
    if window is not None and window.zone and design.shows_part("zone"):
        write_row_in_languages(lambda said: tr(said, "Where", context="ticket"), window.zone, 34, window.arrow)
        for ticket_slip in slips[1:]:
            if ticket_slip.window is not None and ticket_slip.window.zone and ticket_slip.window.zone != window.zone:
                writer.draw_at_right(ticket_slip.window.zone, 26)
    if slip.elsewhere:
        writer.skip_down(8)
        write_in_both_languages(writer.draw_paragraph, [ticket_slip.elsewhere for ticket_slip in slips], 26)
    if slip.warnings:
        writer.skip_down(8)
        for words in zip_longest(*(ticket_slip.warnings for ticket_slip in slips), fillvalue=""):
            writer.draw_paragraph(words[0], 30, bold=True)
            for also in words[1:]:
                writer.draw_paragraph(also, 24)
    if writer.y == start:
        writer.y = top  # Nothing to tell: the rule above ends the number's part, and no second one follows.
        return
    writer.skip_down(12)
    writer.draw_rule()


def write_row(
    writer: SlipLayoutWriter, labels: list[str], value: str, *, size: float = 46, arrow: str | None = None
) -> None:
    """Write a row with its label in every language of the paper."""
    also = labels[1] if labels[1:] and labels[1] != labels[0] else ""
    writer.draw_label_and_value(labels[0], value, size=size, arrow=arrow, also=also)


def _write_visit_services(writer: SlipLayoutWriter, slip: slip_contents.TicketSlip) -> None:
    writer.skip_down(12)
    titles = [tr(one.lang, "One number for your whole visit") for one in slip_contents_in_each_language(slip)]
    write_in_both_languages(writer.draw_paragraph, titles, 28, bold=True, leading=1.5)
    for number, steps in enumerate(
        zip(*(_visit_service_entries(one) for one in slip_contents_in_each_language(slip)), strict=False), start=1
    ):
        writer.write_list_entry(
            steps[0], 27, number=number, also=steps[1] if steps[1:] and steps[1] != steps[0] else ""
        )
    writer.skip_down(15)
    writer.draw_rule()


def _visit_service_entries(slip: slip_contents.TicketSlip) -> list[str]:
    """Return the services of a visit: which one the wait above is for, and what comes then."""
    first, *further = slip.steps
    if isinstance(slip.wait, QuotedWait) and slip.design.shows_part("wait"):
        first = tr(slip.lang, "{service}: the first wait", service=first)
    return [first, *(line_words.then_service_text(step, slip.lang) for step in further)]


def _write_ticket_foot(writer: SlipLayoutWriter, slip: slip_contents.TicketSlip) -> None:
    design = slip.design
    if design.shows_part("code") or design.shows_part("advice"):
        _write_code_and_call_advice(writer, slip, design)
    writer.skip_down(12)
    write_hall_foot_text(writer, slip)
    # One that may be worth something tomorrow does not say that it is not.
    valid = (
        ""
        if len(slip.warnings) > 1
        else " ".join(tr(one.lang, "Valid today only") for one in slip_contents_in_each_language(slip))
    )
    if design.shows_part("token"):
        writer.draw_at_both_ends(valid, slip.token, _VALID_PX)
    elif valid:
        writer.draw_paragraph(valid, _VALID_PX, leading=1.5)
    if slip.phone and design.shows_part("phone"):
        writer.draw_at_both_ends(
            " ".join(tr(one.lang, "Phone") for one in slip_contents_in_each_language(slip)), slip.phone, 20
        )


def _write_code_and_call_advice(writer: SlipLayoutWriter, slip: slip_contents.TicketSlip, design: TicketDesign) -> None:
    """The code with what to do beside it, or either of them alone."""
    slips = slip_contents_in_each_language(slip)
    title = tr(slip.lang, "Please wait to be called")
    lines = [
        said
        for ticket_slip in slips
        for said in (
            *(ticket_slip.qr_advice or (tr(ticket_slip.lang, "Please watch and listen for your number."),)),
            tr(ticket_slip.lang, "Number already called? Come to the front desk; keep this ticket."),
        )
    ]
    if design.shows_part("code"):
        writer.code(slip.qr_text, title, lines) if design.shows_part("advice") else writer.draw_centred_qr_code(
            slip.qr_text
        )
        return
    writer.skip_down(12)
    writer.draw_paragraph(title, 28, bold=True)
    for line in lines:
        writer.draw_paragraph(line, 26)


# -- the list of papers for a visitor who is not ready yet: no number, nothing to queue for --------------------------


def _papers_list_sheet(slip: slip_contents.PapersSlip, width: int) -> SlipSheet:
    """Return the list laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""
    slips, writer = slip_contents_in_each_language(slip), SlipLayoutWriter(width)
    write_slip_head(writer, slip)
    writer.skip_down(14)
    write_service_in_both_languages(writer, [(one.service, one.item) for one in slips])
    writer.skip_down(14)
    writer.draw_rule(4)
    writer.skip_down(12)
    if slip.papers:
        titles = [tr(one.lang, "Please bring these papers") for one in slips]
        write_papers(writer, titles, [(one.lang, one.papers) for one in slips])
        if slip.version:
            writer.draw_paragraph(tr(slip.lang, "List version {version}", version=slip.version), 22, leading=1.8)
        writer.skip_down(15)
        writer.draw_rule()
    if slip.steps:
        writer.skip_down(12)
        writer.draw_paragraph(" ".join(tr(one.lang, "Steps") for one in slips), 28, bold=True, leading=1.5)
        for number, steps in enumerate(zip_longest(*(one.steps for one in slips), fillvalue=""), start=1):
            also = steps[1] if steps[1:] and steps[1] != steps[0] else ""
            writer.write_list_entry(steps[0] or also, 27, number=number, also=also if steps[0] else "")
        writer.skip_down(15)
        writer.draw_rule()
    fees = ([tr(one.lang, "Fees") for one in slips], [one.fees for one in slips])
    hours = ([tr(one.lang, "Opening hours") for one in slips], [one.hours for one in slips])
    for titles, told in (fees, hours):
        if told[0]:
            writer.skip_down(12)
            writer.draw_paragraph(" ".join(titles), 28, bold=True, leading=1.5)
            for lines in zip_longest(*told, fillvalue=""):
                write_in_both_languages(writer.draw_paragraph, [line for line in lines if line], 27, leading=1.5)
            writer.skip_down(15)
            writer.draw_rule()
    if slip.papers:
        writer.skip_down(16)
        said = [
            tr(one.lang, "Bring them all to the front desk and you will get a number straight away.") for one in slips
        ]
        write_in_both_languages(writer.draw_paragraph, said, 26, leading=1.45)
    _write_foot_text_and_phone(writer, slip)
    return writer.finished_slip_sheet()


# -- the best time to come: the quiet hours of the next days ----------------------------------------------------------


def _quiet_times_slip_title(lang: str) -> str:
    return tr(lang, "The best time to come")


def _laid_out_quiet_times_slip(slip: slip_contents.QuietTimesSlip, width: int) -> SlipSheet:
    """Return the quiet hours laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""
    slips, writer = slip_contents_in_each_language(slip), SlipLayoutWriter(width)
    write_slip_head(writer, slip)
    writer.skip_down(14)
    write_in_both_languages(
        writer.draw_centred, [_quiet_times_slip_title(quiet_slip.lang) for quiet_slip in slips], 38, bold=True
    )
    writer.skip_down(14)
    writer.draw_rule(4)
    writer.skip_down(12)
    for days in zip(*(quiet_slip.days for quiet_slip in slips), strict=True):
        # A word would stand in one language alone, a dash is read in both.
        none = tr(slip.lang, "no quiet time") if len(slips) == 1 else "—"
        write_row(writer, [day for day, _times in days], days[0][1] or none, size=32)
    writer.skip_down(12)
    writer.draw_rule()
    writer.skip_down(16)
    said = [
        tr(quiet_slip.lang, "Fewest people come at these times. You can take a ticket whenever the hall is open.")
        for quiet_slip in slips
    ]
    write_in_both_languages(writer.draw_paragraph, said, 26, leading=1.45)
    writer.skip_down(8)
    said = [tr(quiet_slip.lang, "Based on past days; any single day can differ.") for quiet_slip in slips]
    write_in_both_languages(writer.draw_paragraph, said, 22, leading=1.45)
    _write_foot_text_and_phone(writer, slip)
    return writer.finished_slip_sheet()


# -- a label for a thing: its number in large signs, what it is, a code ----------------------------------------------

TITLE_DOTS = 150


def _lay_out_label_slip(slip: slip_contents.LabelSlip, width: int) -> SlipSheet:
    """Return the label laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""
    slips, writer = slip_contents_in_each_language(slip), SlipLayoutWriter(width)
    writer.skip_down(10)
    write_in_both_languages(writer.draw_centred, [label_slip.hall for label_slip in slips], 26)
    writer.skip_down(14)
    writer.write_main_number(slip.title, TITLE_DOTS)
    writer.skip_down(20)
    writer.code(slip.qr_text, slip.lines[0], slip.lines[1:])
    return writer.finished_slip_sheet()


# -- a slip that tries a printer out: its edges, a large number, small letters, a code -------------------------------

NUMBER = "A088"
CODE = "QueueDesk"


class PrinterTestSlip(Struct, frozen=True, kw_only=True):
    """A test slip for a printer: `printer` is its name, `at` is in the hall's time zone."""

    lang: str
    printer: str
    at: datetime
    hall: str = ""


def _lay_out_test_slip(slip: PrinterTestSlip, width: int) -> SlipSheet:
    """Return the slip laid out for a head of `width` dots."""
    lang = slip.lang
    writer = SlipLayoutWriter(width)
    if slip.hall:
        writer.draw_centred(slip.hall, 34, bold=True)
    writer.draw_centred(tr(lang, "Test slip", context="printer"), 34, bold=True)
    writer.draw_centred(f"{date_for_ticket(slip.at, lang)} {time_hm(slip.at)}", 24, leading=1.7)
    writer.skip_down(12)
    writer.draw_rule(4)
    writer.skip_down(41)
    writer.write_main_number(NUMBER, 200)
    writer.skip_down(32)
    writer.draw_rule(4)
    writer.skip_down(12)
    writer.draw_paragraph(tr(lang, "This is not a ticket."), 28, bold=True, leading=1.5)
    writer.draw_paragraph(slip.printer, 24, leading=1.5)
    writer.skip_down(12)
    writer.draw_rule()
    writer.code(
        CODE,
        tr(lang, "Can you see all of this clearly?"),
        (
            tr(lang, "No gaps in the lines, the number complete and black, the code readable."),
            tr(lang, "The slip is cut below this line."),
        ),
    )
    return writer.finished_slip_sheet()


PAPER_MM = {576: 80, 384: 58}  # the roll that each head prints on; what the head can't reach stays white
OFFICE_MM = 100  # paper this wide is a sheet, not a roll: its size is kept and the slip stands at its top
_HEAD_ROOM_MM = 10.0  # office printers reach no edge
_PDF_DPI = 1016  # five steps to a dot, so that every module and line ends on a whole one
_MM_PER_INCH = 25.4

Printed = slip_contents.Slip | PrinterTestSlip


def lay_out_slip(slip: Printed, width: int = WIDE) -> SlipSheet:
    """Return `slip` laid out for a head of `width` dots."""
    if isinstance(slip, PrinterTestSlip):
        return _lay_out_test_slip(slip, width)
    if isinstance(slip, slip_contents.FeatureSlip):
        return slip.lay_out(width)
    if isinstance(slip, slip_contents.QuietTimesSlip):
        return _laid_out_quiet_times_slip(slip, width)
    if isinstance(slip, slip_contents.LabelSlip):
        return _lay_out_label_slip(slip, width)
    return (
        _laid_out_ticket_slip(slip, width)
        if isinstance(slip, slip_contents.TicketSlip)
        else _papers_list_sheet(slip, width)
    )


def draw_slip(slip: Printed, width: int = WIDE) -> QImage:
    """Return `slip` in pure black and white, one pixel per printer dot. Needs a QGuiApplication; any thread."""
    sheet = lay_out_slip(slip, width)
    image = QImage(sheet.width, sheet.height, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_marks(painter, sheet.marks)
    painter.end()
    flags = Qt.ImageConversionFlag.MonoOnly | Qt.ImageConversionFlag.ThresholdDither
    mono = image.convertToFormat(QImage.Format.Format_Mono, flags)
    mono.setDotsPerMeterX(DOTS_PER_MM * 1000)
    mono.setDotsPerMeterY(DOTS_PER_MM * 1000)
    return mono


def save_slip_pdf(slip: Printed, path: Path, width: int = WIDE) -> None:
    """Write `slip` to `path` as one page of the roll's width and just the height it needs, its text as text. Raises
    RuleError "own_file"; OutsideError "cannot_write"."""
    sheet = lay_out_slip(slip, width)
    write_sheet_pdf(sheet, path, title=slip_title_in_print_queue(slip), page_mm=roll_paper_size_mm(sheet))


def write_sheet_pdf(sheet: SlipSheet, path: Path, *, title: str, page_mm: QSizeF) -> None:
    """Write `sheet` on one page of `page_mm`, width by height. Raises RuleError "own_file"; OutsideError
    "cannot_write"."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("QueueDesk")
    writer.setTitle(title)
    writer.setResolution(_PDF_DPI)
    set_borderless_page_size(writer, page_mm)
    painter = QPainter(writer)
    paint_slip_on_page(painter, sheet, QRectF(0, 0, writer.width(), writer.height()), _PDF_DPI)
    painter.end()
    write_file(path, bytes(buffer.data().data()))


def slip_title_in_print_queue(slip: Printed) -> str:
    """Return the slip's title in a print queue or file list: a ticket's number, else the service or subject."""
    if isinstance(slip, PrinterTestSlip):
        return NUMBER
    if isinstance(slip, slip_contents.QuietTimesSlip):
        return _quiet_times_slip_title(slip.lang)
    if isinstance(slip, slip_contents.LabelSlip | slip_contents.FeatureSlip):
        return slip.title
    return slip.label if isinstance(slip, slip_contents.TicketSlip) else slip.service


def roll_paper_size_mm(sheet: SlipSheet) -> QSizeF:
    """Return width and height of the paper for `sheet`, in millimetres."""
    return QSizeF(PAPER_MM[sheet.width], sheet.height / DOTS_PER_MM)


def set_borderless_page_size(device: QPagedPaintDevice, page_mm: QSizeF) -> None:
    """Give `device` pages of exactly `page_mm`, painted to their edges."""
    size = QPageSize(page_mm, QPageSize.Unit.Millimeter, "QueueDesk", QPageSize.SizeMatchPolicy.ExactMatch)
    device.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Millimeter))


def paint_slip_on_page(painter: QPainter, sheet: SlipSheet, page: QRectF, dpi: float) -> None:
    """Paint `sheet` at its true size at the top of `page` (in device units), centred."""
    scale = dpi / (DOTS_PER_MM * _MM_PER_INCH)
    is_office = page.width() / scale / DOTS_PER_MM > OFFICE_MM
    top = page.top() + (_HEAD_ROOM_MM * DOTS_PER_MM * scale if is_office else 0)
    painter.save()
    painter.translate(page.left() + (page.width() - sheet.width * scale) / 2, top)
    painter.scale(scale, scale)
    paint_marks(painter, sheet.marks)
    painter.restore()


def pdf_page_images(path: Path, dpi: float) -> list[QImage]:
    """Return the pages of any PDF as pictures, for a screen or a printer. Raises OutsideError "cannot_read"."""
    import pypdfium2  # late: stations print slips long before a PDF

    try:
        with pypdfium2.PdfDocument(path) as document:
            return [_rendered_pdf_page(page, dpi) for page in document]
    except (OSError, pypdfium2.PdfiumError) as error:
        raise OutsideError("cannot_read", path=str(path)) from error


def _rendered_pdf_page(page: pypdfium2.PdfPage, dpi: float) -> QImage:
    # Three bytes a pixel: a screen keeps a report's ten pages as long as it shows them.
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
    view = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB888)
    image = view.copy()  # the buffer goes with the bitmap
    image.setDotsPerMeterX(round(dpi / _MM_PER_INCH * 1000))
    image.setDotsPerMeterY(round(dpi / _MM_PER_INCH * 1000))
    return image
