"""What a page must not do to its reader: print too small, cut words, leave a line alone, cover one mark with
another."""

from __future__ import annotations

from io import BytesIO

from msgspec.structs import replace
from openpyxl import load_workbook

from queuedesk.core.figures.periods import MONTH
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.period import read_period
from queuedesk.reports.figures.write import content
from tests.reports.days import DAY, NEXT_MORNING
from tests.reports.made_up import MADE_UP
from tests.reports.pages.test_day_details import pages_of
from tests.reports.test_reads_well import desk  # noqa: F401


def test_a_month_is_told_day_by_day_and_a_device_that_failed_often_by_its_longest_time(desk: Desk) -> None:  # noqa: F811
    month = read_period(desk, MONTH, DAY, NEXT_MORNING)
    outage = {"date": "2026-11-19", "from": "13:42", "to": "13:50", "cause": "lost", "minutes": 8.0}
    outages = [outage, outage | {"date": "2026-11-18", "from": "09:00", "to": "10:00", "minutes": 60.0}]
    devices = [MADE_UP["devices"][0] | {"outages": outages}]
    month = replace(month, figures=month.figures | {"measures": MADE_UP | {"devices": devices}})

    found = pages_of(content(month, ".pdf", "en", None))

    assert "Waits and ratings by day" in found[1] and "Thu 19 Nov" in found[1]
    assert "2 times, the longest on 18 Nov 9:00–10:00: no sign of life" in " ".join(found)
    book = load_workbook(BytesIO(content(month, ".xlsx", "en", None)))
    staff = list(book["Staff"].values)
    assert staff[0][:3] == ("Code", "Staff", "Finished") and ("C1", "Zhang Min") in {row[:2] for row in staff}
    share = book["In the hall and elsewhere"]
    assert share["B1"].value == "Finished in the hall" and share["B2"].number_format == "#,##0"
