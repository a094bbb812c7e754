"""The report of one business date: its figures, its page, its file."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from queuedesk.desk.change import Desk
from queuedesk.reports.day_page import day_pdf
from queuedesk.reports.figures import read_day
from queuedesk.reports.files import put_in_place

ENDINGS = (".pdf", ".json")
"""The kinds of file that `write` makes; another ending is wrong usage, which the command line refuses."""


def figures(desk: Desk, day: date, now: datetime) -> dict[str, Any]:
    """Return the figures of a business date as they stand at `now`; a date without tickets gives zeros and None."""
    return read_day(desk, day, now).figures


def write(desk: Desk, day: date, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None) -> Path:
    """Write the report of a business date, replacing the file as a whole; return its path.

    Its kind is by the ending, one of ENDINGS, in small or capital letters; `printed_by` is a code of staff or a name as people read it.

    Raises:
        OutsideError: "cannot_write" for the file, "unknown_font", or what the database raises.
        ValueError: another ending.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"no report as {ending!r}")
    read = read_day(desk, day, now)
    if ending == ".pdf":
        content = day_pdf(read, lang, printed_by)
    else:
        content = (json.dumps(read.figures, ensure_ascii=False, indent=2) + "\n").encode()
    put_in_place(target, content)
    return target
