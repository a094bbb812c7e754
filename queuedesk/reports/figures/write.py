"""The report of a period as a file, of one hall or all: the same figures in every kind of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queuedesk.core.features import import_reference, report_file_makers
from queuedesk.core.figures.periods import DAY
from queuedesk.desk.change import Desk
from queuedesk.files.writing import write_file
from queuedesk.reports.figures.period import PeriodReport, read_period_report

if TYPE_CHECKING:
    from queuedesk.reports.draw.head_and_foot import Maker
    from queuedesk.store.figures.counted import Told

PDF, JSON = ".pdf", ".json"


def report_file_endings() -> tuple[str, ...]:
    """Return the kinds of file that `write_period_report` makes; another ending is wrong usage, which the command line
    refuses."""
    return tuple(dict.fromkeys((PDF, *report_file_makers(), JSON)))


def write_period_report(
    desk: Desk,
    period: str,
    day: date,
    path: str | Path,
    *,
    lang: str,
    now: datetime,
    printed_by: str | None = None,
    every_hall: bool = False,
    has_annex: bool = True,
    told: Told | None = None,
) -> Path:
    """Write the report of the `period` (one of period.PERIODS) that contains `day`, replacing the file as a whole;
    return its path. Its format follows from the ending, one of report_file_endings(), in upper or lower case;
    `printed_by` is a code of staff or a person's name; a day's PDF without `has_annex` is its summary alone; `told`
    hears of dates that have to be counted (tally_of_dates). Raises OutsideError "cannot_write" for the file,
    "unknown_font", or what the database raises; ValueError: another ending."""
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in report_file_endings():
        raise ValueError(f"no report as {ending!r}")
    if ending == PDF and not every_hall:
        pdf, _part = hall_report_pdf_and_log_part(
            desk, period, day, lang=lang, now=now, printed_by=printed_by, has_annex=has_annex, told=told
        )
        write_file(target, pdf)
        return target
    read = read_period_report(desk, period, day, now, every_hall=every_hall, told=told)
    write_file(target, report_file_bytes(read, ending, lang, printed_by))
    return target


def write_day_report(
    desk: Desk, day: date, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> Path:
    return write_period_report(desk, DAY, day, path, lang=lang, now=now, printed_by=printed_by)


def hall_report_pdf_and_log_part(
    desk: Desk,
    period: str,
    day: date,
    *,
    lang: str,
    now: datetime,
    printed_by: Maker = None,
    has_annex: bool = True,
    told: Told | None = None,
) -> tuple[bytes, Mapping[str, Any]]:
    """Return one hall's report as a PDF, and the part of the log it is made from: "first_seq", "last_seq", "hash"."""
    if period == DAY:
        from queuedesk.reports.figures.period import read_day_report
        from queuedesk.reports.pages.day_page import day_report_pdf, next_open_day_staffing

        report = read_day_report(desk, day, now)
        return day_report_pdf(
            report, lang, printed_by, next_open_day_staffing(desk, report), has_annex=has_annex
        ), report.figures["log"]
    read = read_period_report(desk, period, day, now, told=told)
    return report_file_bytes(read, PDF, lang, printed_by), read.figures["log"]


def report_file_bytes(read: PeriodReport, ending: str, lang: str, printed_by: Maker) -> bytes:
    """Return the bytes of one kind of file, one of report_file_endings()."""
    if ending == PDF:
        from queuedesk.reports.pages.period_page import period_report_pdf

        return period_report_pdf(read, lang, printed_by)
    if (make := report_file_makers().get(ending)) is not None:
        return bytes(import_reference(make)(read, lang))
    return (json.dumps(read.document, ensure_ascii=False, indent=2) + "\n").encode()
