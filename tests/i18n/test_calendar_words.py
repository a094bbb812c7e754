"""The calendar in words, as reports and stations say it."""

from __future__ import annotations

from datetime import date

from queuedesk.core.setup.hall import read_calendar
from queuedesk.desk.setup.calendaring import published
from queuedesk.i18n.calendar_words import day_text, days_ahead_text, days_text, source_text, sources_text

OWN = {"2026-10-16": {"kind": "special", "from": "08:30", "to": "15:00", "text": "培训", "text_en": "Training"}}
CALENDAR = read_calendar({**published("cn")[2026].days, **OWN})


def test_a_month_names_its_holidays_once_each() -> None:
    said = days_text(CALENDAR, date(2026, 10, 1), date(2026, 10, 31), "en").replace("\u2060", "")

    assert said == (
        "1 Oct–7 Oct Closed: National Day; 10 Oct Make-up working day; 16 Oct Special hours 8:30–15:00: Training"
    )
    assert days_text(CALENDAR, date(2026, 11, 1), date(2026, 11, 30), "en") == ""
    assert day_text(CALENDAR, date(2026, 10, 1), "zh_CN") == "休息：国庆节"


def test_customers_are_told_a_week_ahead_of_holidays_to_their_end() -> None:
    said = days_ahead_text(CALENDAR, date(2026, 9, 26), "en").replace("\u2060", "")

    assert (
        said
        == "Please note: Sat 26 Sep–Sun 27 Sep: closed (Mid-Autumn Festival); Thu 1 Oct–Wed 7 Oct: closed (National Day)"
    )
    assert days_ahead_text(CALENDAR, date(2026, 10, 8), "en") == ""  # the Saturday that is worked is open as usual


def test_a_source_is_named_in_words_or_as_the_hall_wrote_it() -> None:
    assert source_text("cn-2026", "en") == "State Council notice of 4 November 2025"
    assert source_text("市局文件", "en") == "市局文件"


def test_a_year_of_the_law_alone_says_what_is_missing() -> None:
    by_law = published("cn")[2027].days
    missing = "the year's notice with the days worked instead is not in it yet"

    assert sources_text(read_calendar(by_law), 2027, "en") == ["Holidays by law", missing]
    worked = read_calendar({**by_law, "2027-02-14": {"kind": "working"}})
    assert sources_text(worked, 2027, "en") == ["Holidays by law"]
    assert sources_text(CALENDAR, 2026, "en") == [source_text("cn-2026", "en")]
