"""Which reports are due, in which edition, under which name, and how long they are kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from queuedesk.core.figures.periods import (
    DAY,
    MONTH,
    PERIODS,
    QUARTER,
    WEEK,
    YEAR,
    Due,
    Span,
    Stamp,
    due,
    file_name,
    is_too_old,
    latest,
    span_of,
    spans_over,
)

THURSDAY = date(2026, 11, 19)


def span(period: str, day: date) -> Span:
    return Span(period, *span_of(period, day))


def stamp(of: Span, edition: int = 1, last_seq: int = 10) -> Stamp:
    return Stamp(
        hall="H",
        log="0" * 64,
        span=of,
        edition=edition,
        written=datetime(2026, 11, 20, tzinfo=UTC),
        first_seq=1,
        last_seq=last_seq,
        hash="f" * 64,
    )


def test_three_weeks_away_leave_every_day_week_and_month_due():
    days = [date(2026, 10, 26) + timedelta(days=n) for n in range(21)]
    spans = spans_over(days, PERIODS, date(2026, 11, 16))

    assert [one.period for one in spans].count(DAY) == 21
    assert [one.first for one in spans if one.period == WEEK] == [
        date(2026, 11, 9),
        date(2026, 11, 2),
        date(2026, 10, 26),
    ]
    assert [one.first for one in spans if one.period == MONTH] == [date(2026, 10, 1)]
    assert not [one for one in spans if one.period in (QUARTER, YEAR)]


def test_the_latest_comes_first_and_the_day_before_its_week():
    spans = spans_over([date(2026, 11, 14), date(2026, 11, 15)], (DAY, WEEK), date(2026, 11, 15))

    assert [(one.period, one.last.day) for one in spans] == [(DAY, 15), (WEEK, 15), (DAY, 14)]


def test_dates_without_anything_are_no_missed_days():
    friday, monday = date(2026, 11, 13), date(2026, 11, 16)
    spans = spans_over([friday, monday], (DAY,), monday)

    assert [one.first for one in spans] == [monday, friday]


def test_a_period_that_goes_on_is_not_due():
    assert spans_over([THURSDAY], PERIODS, THURSDAY) == [span(DAY, THURSDAY)]


def test_each_is_written_once():
    of = span(DAY, THURSDAY)

    assert due([of], {}, {THURSDAY: 10}, lambda _s: True) == [Due(of, 1)]
    assert due([of], {of: stamp(of)}, {THURSDAY: 10}, lambda _s: True) == []


def test_a_date_that_grew_gets_another_edition_and_so_do_its_week_and_month():
    spans = [span(period, THURSDAY) for period in (DAY, WEEK, MONTH)]
    kept = {one: stamp(one) for one in spans}

    assert due(spans, kept, {THURSDAY: 11}, lambda _s: True) == [Due(one, 2) for one in spans]
    assert due(spans, kept, {date(2026, 11, 2): 11}, lambda _s: True) == [Due(spans[2], 2)]


def test_a_log_that_tells_another_story_gets_another_edition():
    of = span(DAY, THURSDAY)

    assert due([of], {of: stamp(of, edition=2)}, {THURSDAY: 3}, lambda _s: False) == [Due(of, 3)]


def test_the_last_edition_counts():
    of = span(DAY, THURSDAY)
    first, second = stamp(of, 1, 10), stamp(of, 2, 12)

    assert latest([second, first]) == {of: second}


@pytest.mark.parametrize(
    ("period", "days_ago", "keep", "old"),
    [
        (DAY, 400, 400, False),
        (DAY, 401, 400, True),
        (WEEK, 401, 400, True),
        (MONTH, 4000, 400, False),
        (YEAR, 4000, 1, False),
        (DAY, 4000, 0, False),
    ],
)
def test_only_days_and_weeks_grow_too_old(period: str, days_ago: int, keep: int, old: bool):
    last = THURSDAY - timedelta(days=days_ago)

    assert is_too_old(Span(period, last, last), THURSDAY, keep) is old


def test_names_sort_by_time_and_say_what_is_in_them():
    names = [file_name(span(period, THURSDAY), "H1", 1) for period in PERIODS]

    assert names == [
        "2026-11-19-day-H1.pdf",
        "2026-11-16-week-H1.pdf",
        "2026-11-month-H1.pdf",
        "2026-Q4-quarter-H1.pdf",
        "2026-year-H1.pdf",
    ]
    assert file_name(span(DAY, THURSDAY), "a*b?", 2) == "2026-11-19-day-a_b_-2.pdf"
