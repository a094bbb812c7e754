"""How far a period's rate can be trusted, on paper and in tables: figures against known ones, words against figures."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from queuedesk.core.figures.periods import MONTH, QUARTER, WEEK
from queuedesk.core.figures.satisfaction import satisfaction_rate, satisfaction_rate_difference
from queuedesk.desk import setting_up
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.period import read_period_report
from queuedesk.reports.figures.rates import period_satisfaction_rates, rates_compared_with_overall
from queuedesk.reports.figures.write import report_file_bytes
from queuedesk.reports.pages.period_page import difference_text, period_report_pdf, signed_percentage_points
from tests.reports.days import AFTER, DAY, asked, hall
from tests.reports.figures.test_period import three_days
from tests.reports.read_back import text_of


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
    told = difference_text(satisfaction_rate_difference((2356, 115), (2356, 47)), "en")
    assert told == "Difference +2.7 points, 95 % interval +1.7 to +3.7: chance alone hardly explains it."
    assert "chance alone can explain it" in difference_text(satisfaction_rate_difference((415, 18), (415, 13)), "en")
    assert (signed_percentage_points(-0.004), signed_percentage_points(0.0001), signed_percentage_points(0.0)) == (
        "−0.4",
        "0.0",
        "0.0",
    )


def test_settled_visits_are_told_when_the_days_of_the_first_have_passed_not_of_the_months_first(tmp_path):
    desk = three_days(tmp_path)
    # The days of 19 November end with the 26th.
    while_new, later = (AFTER.replace(month=11, day=day) for day in (24, 27))
    assert "Settled at the first visit — first figure on 27 Nov" in _month_in_words(desk, while_new)
    found = _month_in_words(desk, later)
    assert "first figure on" not in found and "Settled at the first visit 100.0 %" in found


def _month_in_words(desk: Desk, now: datetime) -> str:
    return text_of(period_report_pdf(read_period_report(desk, MONTH, DAY, now), "en", None))


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
