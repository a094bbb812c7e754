"""What a period's page says first: only what passed its threshold, and notes where they belong."""

from __future__ import annotations

from queuedesk.core.figures.periods import MONTH, WEEK
from queuedesk.desk.setup import setting_up
from queuedesk.desk.setup.calendaring import set_days
from queuedesk.desk.talk import messaging
from queuedesk.reports.figures.findings import period_findings
from queuedesk.reports.figures.period import read_period
from queuedesk.reports.figures.write import write
from tests.reports.days import DAY, NEXT_MORNING, asked, hall, simulated
from tests.reports.figures.test_day import text_of
from tests.reports.figures.test_period import AFTER


def test_days_under_the_target_and_the_slowest_half_hour_are_named(tmp_path):
    desk = simulated(tmp_path, customers=150)
    setting_up.change_setting(desk, asked(NEXT_MORNING), "wait_target_minutes", 1)

    first, second, *_ = period_findings(read_period(desk, WEEK, DAY, AFTER), "en")

    assert first.startswith("<b>The wait target was missed on 1 of 1 day</b>, by most on Thu 19 Nov: ")
    assert second.startswith("<b>Waits are longest on Thursday at ")


def test_a_target_that_was_kept_is_not_named(tmp_path):
    desk = simulated(tmp_path, customers=60)
    setting_up.change_setting(desk, asked(NEXT_MORNING), "wait_target_minutes", 120)

    found = period_findings(read_period(desk, MONTH, DAY, AFTER), "en")

    assert len(found) <= 3 and not [text for text in found if "target was missed" in text or "longest" in text]


def test_a_period_without_tickets_says_nothing(tmp_path):
    assert period_findings(read_period(hall(tmp_path), MONTH, DAY, AFTER), "en") == []


SHORT = {"kind": "special", "from": "8:30", "to": "18:00"}


def test_notes_on_days_stand_on_the_charts(tmp_path):
    """Beside them stands what the calendar says of the span's dates."""
    desk = simulated(tmp_path, customers=60)
    days = {"2026-11-19": SHORT, "2026-11-26": {"kind": "holiday", "text": "盘点", "text_en": "Stock-taking"}}
    set_days(desk, asked(NEXT_MORNING), days)
    messaging.add_note(desk, asked(NEXT_MORNING), "outage", "card machines down", day=DAY, start="10:00", end="10:30")

    for period, words in (("day", "a Outage 10:00–10:30: card"), (MONTH, "a 19 Nov Outage 10:00–10:30: card")):
        page = text_of(write(desk, period, DAY, tmp_path / f"{period}.pdf", lang="en", now=AFTER))
        assert f"{words} machines down" in page
        said = "19 Nov Special hours 8:30–18:00; 26 Nov Closed: Stock-taking"
        assert (f"Calendar: {said}" if period == MONTH else "Special hours 8:30–18:00 · ") in page
