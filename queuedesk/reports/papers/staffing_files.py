"""A day's windows as a file: JSON as the command prints it, CSV with a row for each half hour, a page of A4."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

from queuedesk.core.staffing.day import StaffingDay
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.staffing.forecast_document import staffing_document
from queuedesk.files.writing import write_file
from queuedesk.i18n.names import service_name
from queuedesk.i18n.staffing import staffing_words as words
from queuedesk.reports.figures.cells import Cell, safe

ENDINGS = (".pdf", ".csv", ".json")
"""The kinds of file that `write` makes."""
_COLUMNS = ("from", "mean", "low", "high", "came", "load", "needed", "needed_busy", "planned", "at_work")


def write(
    desk: Desk,
    found: StaffingDay,
    path: str | Path,
    *,
    lang: str,
    now: datetime,
    printed_by: str | None = None,
) -> Path:
    """Write the day, replacing the file as a whole; return its path.

    Raises:
        OutsideError: "cannot_write" for the file, or what the database raises.
        ValueError: an ending that is none of ENDINGS.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"no staffing as {ending!r}")
    setup = looking.setup_of(desk)
    if ending == ".pdf":
        from queuedesk.reports.papers.staffing_page import staffing_pdf

        content = staffing_pdf(setup, found, lang, setup.local(now), printed_by)
    elif ending == ".csv":
        names = {code: service_name(setup, code, lang) for code in found.keeps}
        content = staffing_csv(found, names, words.error_lines(found.error, lang))
    else:
        content = (json.dumps(staffing_document(found), ensure_ascii=False, indent=2) + "\n").encode()
    write_file(target, content)
    return target


def staffing_csv(found: StaffingDay, names: dict[str, str], remarks: list[str]) -> bytes:
    """Return what the day rests on, a row for each half hour, and a row for each service; `remarks` stand below."""
    document = staffing_document(found)
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    people, goal = document["people"], document["target"]
    rows.writerow(["date", "pay_day", "days", "mean", "low", "high", "came", "target_share", "target_minutes"])
    rows.writerow(
        [document["date"], _cell(document["pay_day"]), document["days"]]
        + [_cell(people[key]) for key in ("mean", "low", "high", "came")]
        + [goal["share"], goal["minutes"]]
    )
    rows.writerow([])
    rows.writerow([*_COLUMNS, "short_of"])
    for one in document["half_hours"]:
        short = " ".join(f"{each['service']}:{each['needed']}>{each['planned']}" for each in one["short_of"])
        rows.writerow([*(_cell(one[key]) for key in _COLUMNS), _cell(short)])
    rows.writerow([])
    rows.writerow(["service", "mean", "low", "high", "handling", "handling_n", "name"])
    for one in document["services"]:
        cells = [one[key] for key in ("code", "mean", "low", "high", "handling", "handling_n")]
        rows.writerow([_cell(cell) for cell in (*cells, names[one["code"]])])
    if remarks:
        rows.writerow([])
        rows.writerows([_cell(each)] for each in remarks)
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> Cell:
    return safe(value) if isinstance(value, str) else "" if value is None else value
