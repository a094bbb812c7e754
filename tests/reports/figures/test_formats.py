"""The report of a period as a PDF: what stands in it besides the figures, which test_one_event.py reads back."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import MONTH, PERIODS, QUARTER, WEEK
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.period import read_period_report
from queuedesk.reports.figures.rates import period_satisfaction_rates
from queuedesk.reports.figures.write import write_period_report
from tests.every_day import SEES_ALL
from tests.reports.days import AFTER, DAY, NEXT_MORNING, eventful, hall
from tests.reports.figures.test_period import three_days, two_halls
from tests.reports.read_back import about, bookmarks, english, pages_of, text_of


def made(desk: Desk, folder: Path, ending: str, period: str = WEEK, lang: str = "en", **asked: Any) -> Path:
    return write_period_report(desk, period, DAY, folder / f"{period}-{lang}{ending}", lang=lang, now=AFTER, **asked)


def document(desk: Desk, folder: Path, **asked: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(made(desk, folder, ".json", **asked).read_text(encoding="utf-8"))
    read.pop("rates", None)  # tables of their own in the other files: tests/features/figure_files/test_formats.py
    return read


def test_the_pdf_of_a_week_shows_the_figures(tmp_path):
    desk = three_days(tmp_path)
    figures = document(desk, tmp_path)
    page = text_of(made(desk, tmp_path, ".pdf"))
    wait, ratings, log = figures["wait"], figures["ratings"], figures["log"]
    assert f"{figures['issued']} tickets" in page
    assert f"{wait['n']} calls · median {wait['median']:.1f} · max {wait['max']:.1f}" in page
    assert f"95 % interval {ratings['low'] * 100:.1f}–{ratings['high'] * 100:.1f} %" in page
    for row in figures["services"]:
        assert f"{row['issued']} {row['finished']} {row['left']} {row['wait']['mean']:.1f}" in page
    assert f"{log['first_seq']:,}–{log['last_seq']:,} of the log" in page and log["hash"] in page
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    assert (f"Services add up to {several} more than all" in page) == (several > 0)
    for words in ("Left out:", "Mean wait by weekday and half-hour", "Satisfaction and targets", "1 / 3"):
        assert words in page


TITLES = dict(zip(PERIODS, ("服务厅日报", "服务厅周报", "服务厅月报", "服务厅季报", "服务厅年报"), strict=True))


@pytest.mark.parametrize("period", PERIODS if SEES_ALL else ("day", MONTH, QUARTER))
def test_the_pdf_of_a_period_is_chinese_in_chinese(tmp_path, period):
    page = text_of(made(three_days(tmp_path), tmp_path, ".pdf", period, lang="zh_CN"))
    assert TITLES[period] in page
    assert english(page) == []


def test_a_week_that_still_runs_is_met_so_far_and_no_more(tmp_path):
    desk = eventful(tmp_path)
    running = text_of(write_period_report(desk, WEEK, DAY, tmp_path / "running.pdf", lang="en", now=NEXT_MORNING))
    over = text_of(write_period_report(desk, WEEK, DAY, tmp_path / "over.pdf", lang="en", now=AFTER))
    assert re.search(r"(not )?met so far · target", running)
    assert re.search(r"(not )?met · target", over) and "so far" not in over


def test_all_halls_stand_in_a_pdf_by_name_their_services_by_code_and_like_for_like(tmp_path):
    desk, _west = two_halls(tmp_path)
    read = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True)
    found, rates = document(desk, tmp_path, period=MONTH, every_hall=True), period_satisfaction_rates(read)
    issued = [one["issued"] for one in (found["all"], *found["halls"])]
    paper = made(desk, tmp_path, ".pdf", MONTH, every_hall=True)
    page, chapters = text_of(paper), [title for level, title in bookmarks(paper) if level == 0]
    assert about(paper)["subject"] == chapters[0] == "Monthly report" and len(chapters) > 1
    for words in (
        *(f"{issued[0]} tickets", "2 halls", f"WEST West City Power Service Hall {issued[2]}"),
        *("CD/C New connection", "WEST/C New connection", "Halls by number of ratings", "Like for like"),
        *(one["log"]["hash"] for one in found["halls"]),
    ):
        assert words in page
    assert [one.code for one in rates.halls] == ["CD", "WEST"]
    # So few tickets of a service in each that nothing can be compared, and the page says so.
    assert bool(rates.alike.waits.services) != ("Left out: no service is busy enough in several halls" in page)
    assert read.service_name_in_sentence("WEST/C", "en") == "C New connection (West City Power Service Hall)"
    day = made(desk, tmp_path, ".pdf", "day", every_hall=True)
    assert "Thursday 19 November 2026" in pages_of(day)[0]


@pytest.mark.parametrize("ending", (".pdf", ".json"))
def test_a_hall_where_nobody_came_has_every_kind_of_file_and_trouble_is_named(tmp_path, ending):
    desk = hall(tmp_path)
    path = made(desk, tmp_path, ending.upper(), MONTH)
    assert path.stat().st_size > 100
    if ending == ".pdf":
        page = text_of(path)
        assert "0 tickets" in page and "No ticket was issued in this time." in page
    with pytest.raises(OutsideError, match="cannot_write"):
        made(desk, tmp_path / "nowhere", ending)
