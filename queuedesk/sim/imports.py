"""Reads appointments that were made elsewhere: a CSV file with a row for each."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import minutes_of
from queuedesk.desk.queue.booking import Wish
from queuedesk.files.table import (
    BadLine,
    Row,
    check_columns,
    read_table,
    refused,
)

BOOKING_COLUMNS = ("date", "time", "service", "item", "class", "name", "contact", "ref")
BOOKING_NEEDED = ("date", "time", "service")


def read_bookings(path: Path, setup: Setup) -> dict[int, Wish]:
    """Return the appointments that the file asks for, by line. Raises OutsideError as read_table(), RuleError
    "bad_rows" with every line that can't be read."""
    table = read_table(path)
    check_columns(table, BOOKING_COLUMNS, BOOKING_NEEDED)
    bad = list(table.bad)
    wishes: dict[int, Wish] = {}
    for row in table.rows:
        try:
            wishes[row.line] = _wish(setup, row)
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    if bad:
        raise refused(path, bad)
    return wishes


def _wish(setup: Setup, row: Row) -> Wish:
    service = row.code("service")
    if service is None:
        raise RuleError("bad_value", field="service", value=None, why="empty")
    return Wish(
        service=service,
        at=appointment_time(setup, row.code("date") or "", row.code("time") or ""),
        item=row.code("item"),
        klass=row.code("class"),
        ref=row.text("ref"),
        name=row.text("name") or "",
        contact=row.text("contact") or "",
    )


def appointment_time(setup: Setup, day: str, time: str) -> datetime:
    """Return the moment of "2026-11-20" (also 2026/11/20) and "9:30" on the hall's clock. Raises RuleError
    "bad_value"."""
    parts = day.replace("/", "-").replace(".", "-").split("-")
    try:
        on = date(*(int(part) for part in parts))
    except (TypeError, ValueError):
        raise RuleError("bad_value", field="date", value=day[:20], why="not_a_date") from None
    try:
        return hall_moment(setup, on, minutes_of(time))
    except OverflowError:
        raise RuleError("bad_value", field="date", value=day[:20], why="not_a_date") from None
    except ValueError:
        raise RuleError("bad_value", field="time", value=time[:20], why="not_a_time") from None
