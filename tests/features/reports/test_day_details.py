"""The pages of a day's report with what features add, read back from the PDF."""

from io import BytesIO
from pathlib import Path
from textwrap import fill

from msgspec.structs import replace
from openpyxl import load_workbook

from queuedesk.core.figures.periods import MONTH
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.period import read_day_report, read_period_report
from queuedesk.reports.figures.write import report_file_bytes
from queuedesk.reports.pages.annex import annex_figures
from tests.golden.kept import BY_CHANCE, must_be_kept
from tests.reports.days import DAY, MADE_UP, NEXT_MORNING, eventful
from tests.reports.read_back import english, pages_of
from tests.reports.test_figures import (
    quiet,  # noqa: F401
    said,
)
from tests.reports.test_pages import desk, made_up, pages, read  # noqa: F401
from tests.reports.test_recomputed import typefaces_are_embedded, written


def test_a_period_has_the_same_measures_with_dates(desk, read):  # noqa: F811
    week = read_period_report(desk, "week", DAY, NEXT_MORNING)
    week = replace(week, figures=week.figures | {"measures": MADE_UP})
    # Codes that are others each time go first: they would be cut in two.
    lines = [fill(BY_CHANCE.sub("…", page)) for page in pages_of(report_file_bytes(week, ".pdf", "en", None))[2:]]
    must_be_kept(Path(__file__).parent / "day_details.txt", "\n\n".join(lines), "a week")


def test_the_eventful_day_says_what_is_left_out_and_counted_at_several_and_is_chinese_in_chinese(tmp_path, read):  # noqa: F811
    """Of a transfer there is a step more where it went on to, and none finished where it came from."""
    assert "no paper tickets were entered later; no ticket was left open overnight." in " ".join(pages(read)[2:])
    day = eventful(tmp_path)
    read = read_day_report(day, DAY, NEXT_MORNING)
    found = pages(read)
    assert "2 closed only by the day-end are in no average" in " ".join(found[2:])
    assert "left open overnight" not in " ".join(found[2:])
    assert "1 transferred on is not among the finished where it came from;" in " ".join(found)
    assert "more than all: tickets with several, or transferred on, count at each." in " ".join(found)
    facts_told = {fact.name: (fact.value, fact.of) for fact in annex_figures(read.figures, "en")}
    assert facts_told["Served rate"] == ("57.1 %", "8 / 14")
    assert facts_told["Did not come at all"] == ("14.3 %", "2 / 14")
    assert facts_told["Missed at least once"] == ("2", "")
    page = written(day, tmp_path, "zh_CN", printed_by="M1")
    typefaces_are_embedded(tmp_path / "day-zh_CN.pdf")
    assert "这一天要留意的" in page and english(page) == []


def test_what_concerns_persons_is_only_on_the_pages_for_managers(read):  # noqa: F811
    found = pages(made_up(read))
    first = next(n for n, page in enumerate(found) if "For managers only · do not put on the wall" in page)
    others, last = found[:first], " ".join(found[first:])
    assert last.startswith("East City Power Service Hall For managers only")
    assert last.endswith("For managers only 2 / 2")
    assert "Zhou Lin 2.1 % 5 / 240" in last
    for row in read.figures["staff"]:
        ratings = row["ratings"]
        assert f"{ratings['n']} {ratings['unrated']}" in last
    assert not [page for page in others if "Zhou Lin" in page or "do not put on the wall" in page]
    clerks = [page for page in others if "Zhang Min" in page]
    assert clerks == [others[1]] and "atisfied" not in clerks[0]
    assert "Definitions Figure What is counted" in last


def test_a_month_is_told_day_by_day_and_a_device_that_failed_often_by_its_longest_time(desk: Desk) -> None:  # noqa: F811
    month = read_period_report(desk, MONTH, DAY, NEXT_MORNING)
    outage = {"date": "2026-11-19", "from": "13:42", "to": "13:50", "cause": "lost", "minutes": 8.0}
    outages = [outage, outage | {"date": "2026-11-18", "from": "09:00", "to": "10:00", "minutes": 60.0}]
    devices = [MADE_UP["devices"][0] | {"outages": outages}]
    month = replace(month, figures=month.figures | {"measures": MADE_UP | {"devices": devices}})
    found = pages_of(report_file_bytes(month, ".pdf", "en", None))
    assert "Waits and ratings by day" in found[1] and "Thu 19 Nov" in found[1]
    assert "2 times, the longest on 18 Nov 9:00–10:00: no sign of life" in " ".join(found)
    book = load_workbook(BytesIO(report_file_bytes(month, ".xlsx", "en", None)))
    staff = list(book["Staff"].values)
    assert staff[0][:3] == ("Code", "Staff", "Finished") and ("C1", "Zhang Min") in {row[:2] for row in staff}
    share = book["In the hall and elsewhere"]
    assert share["B1"].value == "Finished in the hall" and share["B2"].number_format == "#,##0"


def test_missed_promises_are_said_past_a_fifth(quiet):  # noqa: F811
    late = ["21 of 100 waited longer than estimated, on average by 4.2 min."]
    for beyond, told in ((20, []), (21, late)):
        promise = {"n": 100, "within": 100 - beyond, "beyond": beyond, "mean_minutes_beyond": 4.21}
        assert said(quiet, promise=promise) == told
