"""Numbered tickets to cut out and a form to write down calls: what a hall works with while the computers are away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from queuedesk.core.errors import RuleError
from queuedesk.core.queue import hallday
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.files.writing import write_file
from queuedesk.i18n import date_short, name_in_language, time_hm, tr
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, LINE, PAGE_HEIGHT, PAGE_WIDTH, RIGHT, PdfSheet, WrappedMarkup

RESERVED = 100
"""How many numbers at the end of a series paper uses unless told otherwise: a live series seldom gets there."""
MOST = 2400

COLUMNS, ROWS = 3, 8
_MARGIN = 22.0
_WIDTH = (PAGE_WIDTH - 2 * _MARGIN) / COLUMNS
_HEIGHT = (PAGE_HEIGHT - 2 * _MARGIN) / ROWS
_PAD, _NUMBER, _NAME, _SMALL = 11.0, 31.0, 9.2, 7.6
_CUT = (2.5, 2.5)
_FORM_ROWS, _FORM_ROW, _FORM_TOP = 24, 27.0, 118.0


def paper_ticket_number_range(service: Service, count: int, first: int | None = None) -> range:
    """Return the paper numbers of a service: the first ones of the last hundred of its series, or from `first` on. If
    that is too few, they begin earlier. Raises RuleError "bad_value" where the series has no room."""
    room = service.last - service.first + 1
    if not 1 <= count <= min(room, MOST):
        raise RuleError("bad_value", field="count", value=count, why="out_of_range")
    if first is None:
        first = max(service.first, service.last - max(RESERVED, count) + 1)
    if not service.first <= first <= service.last - count + 1:
        raise RuleError("bad_value", field="first", value=first, why="out_of_range")
    return range(first, first + count)


def write_paper_tickets(
    setup: Setup, code: str, path: str | Path, *, count: int, first: int | None = None, lang: str, now: datetime
) -> range:
    """Write a service's numbered tickets, 24 to a page, and the form; return the numbers.

    Raises RuleError "unknown_service", "bad_value", OutsideError "cannot_write", "unknown_font"."""
    service = setup.service_by_code(code)
    chosen = paper_ticket_number_range(service, count, first)
    write_file(Path(path), paper_tickets_pdf(setup, service, chosen, lang, now))
    return chosen


def paper_tickets_pdf(setup: Setup, service: Service, chosen: Sequence[int], lang: str, now: datetime) -> bytes:
    """Return the A4 sheets: tickets to cut out along the dashes, then as many forms as these tickets fill."""
    hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    name = name_in_language(service.name, service.name_en, lang)
    labels = [hallday.ticket_label_text(service.prefix, number) for number in chosen]
    title = tr(lang, "Paper tickets")
    sheet = PdfSheet(f"{hall} · {title} · {labels[0]}–{labels[-1]}", hall, lang)
    sheet.add_bookmark(title, 0, level=0)
    a_page = COLUMNS * ROWS
    for start in range(0, len(labels), a_page):
        _draw_cut_lines(sheet)
        for place, label in enumerate(labels[start : start + a_page]):
            x = _MARGIN + place % COLUMNS * _WIDTH
            y = _MARGIN + place // COLUMNS * _HEIGHT
            _draw_paper_ticket(sheet, x, y, (hall, label, name), lang)
        sheet.canvas.showPage()
    moment = setup.to_hall_time(now)
    printed = tr(lang, "Printed {moment} · QueueDesk", moment=f"{date_short(moment.date(), lang)} {time_hm(moment)}")
    forms = -(-len(labels) // _FORM_ROWS)
    for number in range(1, forms + 1):
        _draw_call_form(sheet, f"{hall} · {service.prefix} {name} · {labels[0]}–{labels[-1]}", lang)
        sheet.draw_text(LEFT, 818, printed, _SMALL, colour=INK2)
        sheet.draw_text(RIGHT, 818, f"{number} / {forms}", _SMALL, colour=INK2, at="right")
        sheet.canvas.showPage()
    sheet.canvas.save()
    return sheet.file.getvalue()


def _draw_cut_lines(sheet: PdfSheet) -> None:
    for column in range(1, COLUMNS):
        x = _MARGIN + column * _WIDTH
        sheet.draw_line([(x, _MARGIN / 2), (x, PAGE_HEIGHT - _MARGIN / 2)], colour=INK2, width=0.5, dash=_CUT)
    for row in range(1, ROWS):
        y = _MARGIN + row * _HEIGHT
        sheet.draw_line([(_MARGIN / 2, y), (PAGE_WIDTH - _MARGIN / 2, y)], colour=INK2, width=0.5, dash=_CUT)


def _draw_paper_ticket(sheet: PdfSheet, x: float, y: float, texts: tuple[str, str, str], lang: str) -> None:
    hall, label, name = texts
    room = _WIDTH - 2 * _PAD
    left, right = x + _PAD, x + _WIDTH - _PAD
    sheet.draw_text(left, y + 17, pdf.cut_text_to_width(hall, _SMALL, room), _SMALL, colour=INK2)
    sheet.draw_text(left, y + 49, label, _NUMBER, bold=True)
    sheet.draw_text(left, y + 65, pdf.cut_text_to_width(name, _NAME, room), _NAME)
    base = y + 87
    middle = left + room * 0.56
    _draw_blank_to_fill_in(sheet, (left, middle - 8), base, tr(lang, "Time", context="paper ticket"))
    _draw_blank_to_fill_in(sheet, (middle, right), base, tr(lang, "Window", context="paper ticket"))


def _draw_blank_to_fill_in(sheet: PdfSheet, span: tuple[float, float], base: float, word: str) -> None:
    """Write a word and a line to write on behind it."""
    sheet.draw_text(span[0], base, word, _SMALL, colour=INK2)
    start = span[0] + pdf.text_width(word, _SMALL) + 4
    sheet.draw_line([(start, base + 2), (span[1], base + 2)], colour=INK, width=0.7)


def _draw_call_form(sheet: PdfSheet, line: str, lang: str) -> None:
    sheet.draw_text(LEFT, 50, tr(lang, "Calls on paper"), 17, bold=True)
    sheet.draw_text(LEFT, 68, pdf.cut_text_to_width(line, _NAME, RIGHT - LEFT - 130), _NAME, colour=INK2)
    _draw_blank_to_fill_in(sheet, (RIGHT - 120, RIGHT), 50, tr(lang, "Date", context="paper ticket"))
    told = tr(
        lang,
        "One line per ticket, times as 9:05. If somebody is called out of turn, leaves or is sent on, write it under Remarks.",
    )
    WrappedMarkup(told, 8.2, RIGHT - LEFT, colour=INK2, leading=1.3).draw(sheet, LEFT, 75)
    heads = [
        (tr(lang, "Ticket", context="paper ticket"), 1.2),
        (tr(lang, "Came", context="paper ticket"), 1.0),
        (tr(lang, "Called", context="paper ticket"), 1.0),
        (tr(lang, "Window", context="paper ticket"), 0.9),
        (tr(lang, "Staff", context="paper ticket"), 1.2),
        (tr(lang, "Started", context="paper ticket"), 1.0),
        (tr(lang, "Finished", context="paper ticket"), 1.0),
        (tr(lang, "Rating", context="paper ticket"), 0.8),
        (tr(lang, "Remarks", context="paper ticket"), 2.6),
    ]
    unit = (RIGHT - LEFT) / sum(share for _word, share in heads)
    bottom = _FORM_TOP + _FORM_ROWS * _FORM_ROW
    x = LEFT
    for word, share in heads:
        sheet.draw_text(x + 4, _FORM_TOP - 6, pdf.cut_text_to_width(word, 8.6, share * unit - 5), 8.6, colour=INK2)
        if x > LEFT:
            sheet.draw_line([(x, _FORM_TOP - 16), (x, bottom)], colour=LINE, width=0.7)
        x += share * unit
    sheet.draw_line([(LEFT, _FORM_TOP), (RIGHT, _FORM_TOP)], colour=INK, width=0.9)
    for row in range(1, _FORM_ROWS + 1):
        y = _FORM_TOP + row * _FORM_ROW
        sheet.draw_line([(LEFT, y), (RIGHT, y)], colour=INK2, width=0.5)
