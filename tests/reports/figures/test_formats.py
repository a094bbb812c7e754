"""The report of a period as a PDF: what stands in it besides the figures, which test_one_event.py reads back."""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import MONTH, PERIODS, QUARTER, WEEK
from queuedesk.core.figures.satisfaction import satisfaction_rate, satisfaction_rate_difference
from queuedesk.desk import setting_up
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.findings import day_week_or_month_sums
from queuedesk.reports.figures.period import read_period_report
from queuedesk.reports.figures.rates import period_satisfaction_rates, rates_compared_with_overall
from queuedesk.reports.figures.write import report_file_bytes, write_period_report
from queuedesk.reports.pages import period_page
from tests.every_day import SEES_ALL
from tests.reports.days import AFTER, DAY, NEXT_MORNING, asked, eventful, hall
from tests.reports.figures.test_period import three_days, two_halls
from tests.reports.read_back import about, bookmarks, english, pages_of, text_of


def made(desk: Desk, folder: Path, ending: str, period: str = WEEK, lang: str = "en", **asked: Any) -> Path:
    return write_period_report(desk, period, DAY, folder / f"{period}-{lang}{ending}", lang=lang, now=AFTER, **asked)


def document(desk: Desk, folder: Path, **asked: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(made(desk, folder, ".json", **asked).read_text(encoding="utf-8"))
    read.pop("rates", None)  # tables of their own in the other files: tests/features/figure_files/test_figure_files.py
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


@pytest.mark.parametrize("period", PERIODS if SEES_ALL else (MONTH, QUARTER))
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


# -- how far a period's rate can be trusted: figures against known ones, words against figures -------------------------
def test_the_chart_by_date_counts_each_date_once_and_a_period_is_held_against_the_one_before(tmp_path):
    desk = three_days(tmp_path)  # two dates in November, one in December
    read = read_period_report(desk, QUARTER, DAY, AFTER)
    rates = period_satisfaction_rates(read)
    by_date = rates.by_date
    assert sum(point.n for point in by_date.points) == read.figures["ratings"]["n"] == rates.found.n
    assert by_date.centre == pytest.approx(read.figures["ratings"]["rate"], abs=1e-6)
    assert by_date.rated_date_count == 3
    november, december = (read_period_report(desk, MONTH, day, AFTER) for day in (DAY, DAY + timedelta(days=12)))
    before = period_satisfaction_rates(december).before
    ratings = [read.figures["ratings"] for read in (november, december)]
    counts = [(of_month["satisfied"], of_month["dissatisfied"]) for of_month in ratings]
    assert (before.first, before.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert before.found == satisfaction_rate(*counts[0])
    assert before.difference == satisfaction_rate_difference(*counts)
    assert period_satisfaction_rates(november).before.found.n == 0


def test_halls_are_held_against_several_and_a_difference_against_chance():
    assert rates_compared_with_overall([("A", (30, 2))]) == []
    assert rates_compared_with_overall([("A", (30, 2)), ("B", (0, 0))]) == []
    first, second, third = rates_compared_with_overall([("A", (4, 0)), ("B", (400, 20)), ("C", (300, 60))])
    assert (first.pooled.rank, second.pooled.rank, third.pooled.rank) == (None, 1, 2)
    assert (first.outlier_level, second.outlier_level, third.outlier_level) == (0, 2, 2)
    told = period_page.difference_text(satisfaction_rate_difference((2356, 115), (2356, 47)), "en")
    assert told == "Difference +2.7 points, 95 % interval +1.7 to +3.7: chance alone hardly explains it."
    assert "chance alone can explain it" in period_page.difference_text(
        satisfaction_rate_difference((415, 18), (415, 13)), "en"
    )
    assert (
        period_page.signed_percentage_points(-0.004),
        period_page.signed_percentage_points(0.0001),
        period_page.signed_percentage_points(0.0),
    ) == ("−0.4", "0.0", "0.0")


def test_settled_visits_are_told_when_the_days_of_the_first_have_passed_not_of_the_months_first(tmp_path):
    desk = three_days(tmp_path)
    # The days of 19 November end with the 26th.
    while_new, later = (AFTER.replace(month=11, day=day) for day in (24, 27))
    assert "Settled at the first visit — first figure on 27 Nov" in _month_in_words(desk, while_new)
    found = _month_in_words(desk, later)
    assert "first figure on" not in found and "Settled at the first visit 100.0 %" in found


def _month_in_words(desk: Desk, now: datetime) -> str:
    return text_of(period_page.period_report_pdf(read_period_report(desk, MONTH, DAY, now), "en", None))


def test_few_answers_are_warned_of_with_their_bound(tmp_path: Path) -> None:
    read = read_period_report(three_days(tmp_path), WEEK, DAY, AFTER)
    assert "Below 30 %" not in text_of(report_file_bytes(read, ".pdf", "en", None))
    read.figures["ratings"]["unrated"] = 10_000  # most left without a word
    page = text_of(report_file_bytes(read, ".pdf", "en", None))
    answered = period_satisfaction_rates(read).response
    assert "of those served rated. Below 30 % the rate need not hold for everybody" in page
    assert f"{100 * (answered.highest or 0):.1f} %" in page


def test_a_quarter_names_who_answers_for_it(tmp_path: Path) -> None:
    desk = hall(tmp_path)
    for owner, printed_by, said in (("", None, "nobody named"), ("", "C1", "Zhang Min"), ("王敏", "C1", "王敏")):
        setting_up.change_hall(desk, asked(AFTER), {"report_owner": owner})
        made = report_file_bytes(read_period_report(desk, QUARTER, DAY, AFTER), ".pdf", "en", printed_by)
        assert f"responsible: {said}" in text_of(made)


def test_waits_by_hour_are_those_of_both_half_hours_and_a_month_whose_target_changed_stands_under_its_last_one():
    cells = {(1, "08:00"): (2, 60), (1, "08:30"): (3, 30), (2, "08:30"): (1, 5)}
    assert period_page.wait_sums_by_weekday_and_hour(cells) == {(1, "08:00"): (5, 90), (2, "08:00"): (1, 5)}
    months = day_week_or_month_sums([], date(2026, 10, 1), date(2026, 12, 31), MONTH)
    assert period_page.first_and_last_slot_between_dates(months, "2026-10-01", "2026-11-09") == (0, 0)
    assert period_page.first_and_last_slot_between_dates(months, "2026-11-10", "2026-12-31") == (1, 2)
    assert period_page.first_and_last_slot_between_dates(months, "2026-11-05", "2026-11-08") is None
