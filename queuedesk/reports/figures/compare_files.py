"""Two periods compared, as a file: JSON as commands print it, a workbook or CSV with every difference, a page as a
PDF."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path

from queuedesk.core.figures.comparing import Difference
from queuedesk.desk.change import Desk
from queuedesk.desk.figures.comparing import Comparison, Side, compare_periods, comparison_document
from queuedesk.files.writing import write_file
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.reports.figures.cells import Cell, safe

ENDINGS = (".pdf", ".xlsx", ".csv", ".json")
"""The kinds of file that `write` makes."""
_FIGURE = (
    "figure",
    "this",
    "against",
    "difference",
    "low",
    "high",
    "verdict",
    "this_n",
    "this_of",
    "against_n",
    "against_of",
    "name",
)


def write(
    desk: Desk,
    period: str,
    day: date,
    against: date,
    path: str | Path,
    *,
    lang: str,
    now: datetime,
    printed_by: str | None = None,
) -> Path:
    """Write the period that contains `day` against the one that contains `against`, replacing the file as a whole;
    return its path.

    Raises:
        RuleError: "same_period".
        OutsideError: "cannot_write" for the file, "unknown_font", or what the database raises.
        ValueError: an ending that is none of ENDINGS.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"no comparison as {ending!r}")
    found = compare_periods(desk, period, day, against, now)
    write_file(target, content(found, ending, lang, printed_by))
    return target


def content(found: Comparison, ending: str, lang: str, printed_by: str | None = None) -> bytes:
    """Return the bytes of one kind of file, one of ENDINGS."""
    if ending == ".pdf":
        from queuedesk.reports.pages.compare_page import compare_pdf

        return compare_pdf(found, lang, printed_by)
    if ending == ".xlsx":
        from queuedesk.reports.figures.compare_book import compare_book

        return compare_book(found, lang)
    if ending == ".csv":
        return compare_csv(found, lang)
    return (json.dumps(comparison_document(found), ensure_ascii=False, indent=2) + "\n").encode()


def compare_csv(found: Comparison, lang: str) -> bytes:
    """Return which dates are compared, then a row for every difference, its name in `lang`."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["side", "from", "to", "dates", "left_out"])
    rows.writerow(_side("this", found.ours))
    rows.writerow(_side("against", found.theirs))
    rows.writerow([])
    rows.writerow(_FIGURE)
    for one in found.differences:
        rows.writerow([_cell(value) for value in (*_figures(one), figure_title(one.path, found.setup, lang))])
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _side(name: str, side: Side) -> list[str]:
    days = " ".join(day.isoformat() for day in side.chosen.days)
    out = " ".join(f"{one.day.isoformat()}={one.why}" for one in side.chosen.left_out)
    return [name, side.first.isoformat(), side.last.isoformat(), days, out]


def _figures(one: Difference) -> list[Cell]:
    ours, theirs = one.ours_of, one.theirs_of
    return [
        one.path,
        one.ours,
        one.theirs,
        one.difference,
        one.low,
        one.high,
        str(one.verdict) if one.verdict else None,
        *((ours.n, ours.of) if ours else (None, None)),
        *((theirs.n, theirs.of) if theirs else (None, None)),
    ]


def _cell(value: Cell) -> Cell:
    return safe(value) if isinstance(value, str) else "" if value is None else value
