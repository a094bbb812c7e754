"""The report of one business date: its figures, its file."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from queuedesk.core.figures.periods import DAY
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.figures import read_day
from queuedesk.reports.figures.write import write as write_period


def figures(desk: Desk, day: date, now: datetime) -> dict[str, Any]:
    """Return the figures of a business date as they stand at `now`; a date without tickets gives zeros and None."""
    return read_day(desk, day, now).figures


def write(desk: Desk, day: date, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None) -> Path:
    """Write the report of a business date as `reports.write.write` does."""
    return write_period(desk, DAY, day, path, lang=lang, now=now, printed_by=printed_by)
