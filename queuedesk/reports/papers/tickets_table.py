"""A day's tickets as a table, a row per leg: CSV for programs, a workbook for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Leg, Ticket
from queuedesk.core.setup.values import Setup
from queuedesk.files.writing import write_file
from queuedesk.i18n import mark, ticket_state, tr
from queuedesk.i18n.names import class_name, item_name, lettered, staff_name
from queuedesk.reports.figures.cells import BOOK, safe

ENDINGS = (".csv", ".xlsx")
"""The kinds of file that `write` makes."""

_TICKET: dict[str, Callable[[Ticket], object]] = {
    "ticket": lambda t: t.label,
    "item": lambda t: t.item,
    "class": lambda t: t.klass,
    "state": lambda t: str(t.state),
    "guide": lambda t: t.guide,
    "rating": lambda t: t.rating,
    "overtaken": lambda t: t.overtaken,
    "flags": lambda t: " ".join(sorted(t.flags)),
    "visit": lambda t: t.visit,
}
_LEG: dict[str, Callable[[Leg], object]] = {
    "leg": lambda leg: leg.n,
    "service": lambda leg: leg.service,
    "joined": lambda leg: leg.joined,
    "called": lambda leg: leg.called,
    "started": lambda leg: leg.started,
    "finished": lambda leg: leg.finished,
    "window": lambda leg: leg.window,
    "staff": lambda leg: leg.staff,
    "calls": lambda leg: leg.calls,
    "end": lambda leg: leg.end,
    "outcome": lambda leg: leg.outcome,
    "note": lambda leg: leg.note,
    "ended": lambda leg: leg.ended,
}
COLUMNS = ("date", *_TICKET, "arrived", *_LEG)

_HEADERS = {
    "date": mark("Date", context="column"),
    "ticket": mark("Ticket", context="column"),
    "item": mark("Item", context="column"),
    "class": mark("Class", context="column"),
    "state": mark("State", context="column"),
    "guide": mark("Issued by", context="column"),
    "rating": mark("Rating", context="column"),
    "overtaken": mark("Overtaken", context="column"),
    "flags": mark("Remarks", context="column"),
    "visit": mark("Visit", context="column"),
    "arrived": mark("Arrived", context="column"),
    "leg": mark("Step", context="column"),
    "service": mark("Service", context="column"),
    "joined": mark("In this line since", context="column"),
    "called": mark("Called", context="column"),
    "started": mark("Started", context="column"),
    "finished": mark("Finished", context="column"),
    "window": mark("Window", context="column"),
    "staff": mark("Clerk", context="column"),
    "calls": mark("Calls", context="column"),
    "end": mark("Ended by", context="column"),
    "outcome": mark("Outcome", context="column"),
    "note": mark("Note", context="column"),
    "ended": mark("Ended", context="column"),
}
_ENDS = {
    "finish": mark("Finished", context="event"),
    "transfer": mark("Transfer", context="event"),
    "redirect": mark("Wrong counter", context="event"),
    "leave": mark("Left", context="event"),
    "void": mark("Void", context="event"),
    "defer": mark("Put off to tomorrow", context="event"),
    "day-end": mark("End of the day", context="event"),
}
_FONT_SIZE = 10
_WIDEST, _NARROWEST, _MOMENT_WIDTH, _DATE_WIDTH = 40, 7, 19, 11


def write(path: Path, state: HallState, day: date, *, lang: str, made: datetime) -> None:
    """Write the tickets of a business date as `path` ends, replacing the file as a whole.

    Raises OutsideError "cannot_write", ValueError for another ending.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"no table as {ending!r}")
    write_file(path, csv_table(state, day) if ending == ".csv" else workbook(state, day, lang=lang, made=made))


def csv_table(state: HallState, day: date) -> bytes:
    """Return the table with the columns' names and codes as commands print them, times on the hall's clock."""
    setup = set_up(state)
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for row in _rows(state, day):
        rows.writerow([_cell(setup, value) for value in row.values()])
    # With the mark, spreadsheets read Chinese notes as what they are.
    return text.getvalue().encode("utf-8-sig")


def workbook(state: HallState, day: date, *, lang: str, made: datetime) -> bytes:
    """Return the table as a workbook in the words of `lang`: numbers are numbers, times the hall's dates, texts never
    formulas."""
    import xlsxwriter

    setup = set_up(state)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, BOOK)
    book.set_properties({"title": setup.hall.name, "created": _plain(setup, made)})
    sheet = book.add_worksheet(day.isoformat())
    font = {"font_size": _FONT_SIZE, "valign": "top"}
    head = book.add_format({**font, "bold": True, "bottom": 1, "text_wrap": True})
    text = book.add_format(font)
    moment = book.add_format({**font, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
    on_day = book.add_format({**font, "num_format": "yyyy-mm-dd", "align": "left"})
    headers = [tr(lang, _HEADERS[name], context="column") for name in COLUMNS]
    widths = [_wide(header) for header in headers]
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, head)
    last = 0
    for last, row in enumerate(_rows(state, day), start=1):
        for column, (name, value) in enumerate(row.items()):
            if isinstance(value, datetime):
                sheet.write_datetime(last, column, _plain(setup, value), moment)
                widths[column] = _MOMENT_WIDTH
            elif isinstance(value, date):
                sheet.write_datetime(last, column, value, on_day)
                widths[column] = _DATE_WIDTH
            elif isinstance(value, int):
                sheet.write_number(last, column, value, text)
            elif value is not None:
                said = _said(setup, row, name, str(value), lang)
                sheet.write_string(last, column, said, text)
                widths[column] = max(widths[column], _wide(said))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, _WIDEST))
    sheet.freeze_panes(1, COLUMNS.index("ticket") + 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})  # a window's code is no quantity
    sheet.autofilter(0, 0, max(last, 1), len(COLUMNS) - 1)
    book.close()
    return content.getvalue()


def _rows(state: HallState, day: date) -> Iterator[dict[str, object]]:
    """Yield a row per leg, by column, in the order of issue."""
    for ticket in sorted((t for t in state.tickets.values() if t.date == day), key=lambda t: t.seq):
        own = {name: read(ticket) for name, read in _TICKET.items()}
        for leg in ticket.legs:
            its = {name: read(leg) for name, read in _LEG.items()}
            yield {"date": day, **own, "arrived": ticket.arrived, **its}


def _said(setup: Setup, row: dict[str, object], name: str, value: str, lang: str) -> str:
    """Return a cell's code in words."""
    words: dict[str, Callable[[], str]] = {
        "item": partial(item_name, setup, str(row["service"]), value, lang),
        "class": partial(class_name, setup, value, lang),
        "state": partial(ticket_state, value, lang),
        "service": partial(lettered, setup, value, lang),
        "guide": partial(staff_name, setup, value, lang),
        "staff": partial(staff_name, setup, value, lang),
    }
    if name == "end":
        return tr(lang, _ENDS[value], context="event") if value in _ENDS else value
    return (words[name]() or value) if name in words else value


def _plain(setup: Setup, moment: datetime) -> datetime:
    """Return a time on the hall's clock as a spreadsheet holds it: whole seconds, no zone."""
    return setup.local(moment).replace(tzinfo=None, microsecond=0)


def _wide(text: str) -> int:
    """Return the room that a text needs, in the width of a digit; a Chinese character takes two."""
    return max(_NARROWEST, sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) + 2)


def _cell(setup: Setup, value: object) -> str:
    if value is None:
        return ""
    text = setup.local(value).isoformat() if isinstance(value, datetime) else str(value)
    return safe(text)
