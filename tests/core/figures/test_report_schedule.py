"""Which reports are due, in which edition, under which name, and how long they are kept."""

from datetime import UTC, date, datetime, timedelta

from queuedesk.core.figures import periods

THURSDAY = date(2026, 11, 19)


def span(period: str, day: date) -> periods.CalendarPeriod:
    return periods.CalendarPeriod(period, *periods.period_span_containing(period, day))


def stamp(of: periods.CalendarPeriod, edition: int = 1, last_seq: int = 10) -> periods.ReportStamp:
    log = {"log": "0" * 64, "first_seq": 1, "last_seq": last_seq, "hash": "f" * 64}
    return periods.ReportStamp(hall="H", span=of, edition=edition, written=datetime(2026, 11, 20, tzinfo=UTC), **log)


def test_three_weeks_away_leave_every_day_week_and_month_due_that_is_over_the_latest_first():
    days = [date(2026, 10, 26) + timedelta(days=n) for n in range(21)]
    spans = periods.ended_spans_containing(days, periods.PERIODS, date(2026, 11, 16))
    assert [one.period for one in spans].count(periods.DAY) == 21
    assert [f"{one.first:%m-%d}" for one in spans if one.period == periods.WEEK] == ["11-09", "11-02", "10-26"]
    assert [one.first for one in spans if one.period == periods.MONTH] == [date(2026, 10, 1)]
    assert not [one for one in spans if one.period in (periods.QUARTER, periods.YEAR)]
    weekend = [date(2026, 11, 14), date(2026, 11, 15)]
    spans = periods.ended_spans_containing(weekend, (periods.DAY, periods.WEEK), weekend[1])
    assert [(one.period, one.last.day) for one in spans] == [(periods.DAY, 15), (periods.WEEK, 15), (periods.DAY, 14)]
    assert periods.ended_spans_containing([THURSDAY], periods.PERIODS, THURSDAY) == [span(periods.DAY, THURSDAY)]


def test_each_is_written_once_and_anew_where_its_dates_grew_or_the_log_tells_another_story():
    due, of = periods.reports_to_write, span(periods.DAY, THURSDAY)
    assert due([of], {}, {THURSDAY: 10}, lambda _s: True) == [periods.DueReport(of, 1)]
    assert due([of], {of: stamp(of)}, {THURSDAY: 10}, lambda _s: True) == []
    assert due([of], {of: stamp(of, edition=2)}, {THURSDAY: 3}, lambda _s: False) == [periods.DueReport(of, 3)]
    spans = [span(period, THURSDAY) for period in (periods.DAY, periods.WEEK, periods.MONTH)]
    kept = {one: stamp(one) for one in spans}
    assert due(spans, kept, {THURSDAY: 11}, lambda _s: True) == [periods.DueReport(one, 2) for one in spans]
    assert due(spans, kept, {date(2026, 11, 2): 11}, lambda _s: True) == [periods.DueReport(spans[2], 2)]
    of = span(periods.DAY, THURSDAY)
    first, second = stamp(of, 1, 10), stamp(of, 2, 12)
    assert periods.latest_report_stamp_by_span([second, first]) == {of: second}


def test_only_days_and_weeks_grow_too_old():
    def old(period: str, days_ago: int, keep: int = 400) -> bool:
        last = THURSDAY - timedelta(days=days_ago)
        return periods.is_report_past_retention(periods.CalendarPeriod(period, last, last), THURSDAY, keep)

    found = [old(periods.DAY, 400), old(periods.DAY, 401), old(periods.WEEK, 401), old(periods.DAY, 4000, keep=0)]
    assert found == [False, True, True, False]
    assert [old(periods.MONTH, 4000), old(periods.YEAR, 4000, keep=1)] == [False, False]


def test_names_sort_by_time_and_say_what_is_in_them():
    names = [periods.report_file_name(span(period, THURSDAY), "H1", 1) for period in periods.PERIODS]
    begins = ("2026-11-19-day", "2026-11-16-week", "2026-11-month", "2026-Q4-quarter", "2026-year")
    assert names == [f"{begin}-H1.pdf" for begin in begins]
    assert periods.report_file_name(span(periods.DAY, THURSDAY), "a*b?", 2) == "2026-11-19-day-a_b_-2.pdf"
