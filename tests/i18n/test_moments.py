"""Times, dates and minutes as the halls write them, in both languages."""

from datetime import date, datetime, time

from queuedesk import i18n
from queuedesk.core.setup.hall import read_calendar
from queuedesk.desk.calendaring import published_years
from queuedesk.i18n import calendar_words

DAY = date(2026, 11, 20)


def test_dates_and_every_month_and_weekday_has_its_own_name():
    writes = (i18n.date_short, i18n.date_long, i18n.weekday_short, i18n.weekday_long)
    writes += (i18n.date_for_staff, i18n.date_for_hall, i18n.date_for_report, i18n.date_for_ticket)
    chinese = ["11月20日", "2026年11月20日", "周五", "星期五"]
    chinese += ["11月20日 周五", "11月20日 星期五", "2026年11月20日 星期五", "2026年11月20日 周五"]
    english = ["20 Nov", "20 November 2026", "Fri", "Friday"]
    english += ["Fri 20 Nov", "Friday 20 November", "Friday 20 November 2026", "Fri 20 November 2026"]
    assert [write(DAY) for write in writes] == [write(DAY, "zh_CN") for write in writes] == chinese
    assert [write(DAY, "en") for write in writes] == english
    months = [date(2026, month, 1) for month in range(1, 13)]
    week = [date(2026, 11, day) for day in range(16, 23)]
    assert [i18n.date_short(day, "zh_CN") for day in months] == [f"{month}月1日" for month in range(1, 13)]
    for write in (i18n.date_short, i18n.date_long):
        assert len({write(day, "en") for day in months}) == 12
    assert [i18n.weekday_short(day, "zh_CN")[-1] for day in week] == list("一二三四五六日")
    assert [i18n.weekday_long(day, "en")[:3] for day in week] == [i18n.weekday_short(day, "en") for day in week]


def test_times_ranges_timers_and_durations() -> None:
    moment = datetime(2026, 11, 20, 8, 5, 9)  # noqa: DTZ001  # a time as the hall's clock shows it
    assert (i18n.time_hm(moment), i18n.time_hms(moment)) == ("8:05", "08:05:09")
    assert i18n.hours_range_text(time(8, 30), time(17, 30)) == "8:30\u2060–\u206017:30"
    assert i18n.figure_range(10, 15) == "10\u2060–\u206015"
    assert i18n.figure_range(5, 5) == "5"
    timers = {0: "0:00", 12: "0:12", 130: "2:10", 1071.9: "17:51", 3725: "1:02:05", -3: "0:00"}
    assert {seconds: i18n.minutes_seconds(seconds) for seconds in timers} == timers
    assert [i18n.duration_text(seconds) for seconds in (38, 328, 426)] == ["38 秒", "5 分 28 秒", "7 分 06 秒"]
    assert [i18n.duration_text(seconds, "en") for seconds in (38, 328)] == ["38 s", "5 min 28 s"]


def test_window_codes_are_shortened_and_a_name_without_english_stays() -> None:
    codes = (["3", "4", "5", "6"], ["5", "6"], ["1", "3", "4", "5"], ["9", "10", "11"], ["1", "VIP"], [])
    chinese = ["3\u2060–\u20606", "5、6", "1、3\u2060–\u20605", "9\u2060–\u206011", "1、VIP", ""]
    assert [i18n.codes_text(some) for some in codes] == chinese
    assert [i18n.codes_text(some, "en") for some in codes] == [text.replace("、", ", ") for text in chinese]
    assert i18n.name_in_language("咨询", "Questions") == "咨询"
    assert i18n.name_in_language("咨询", "Questions", "en") == "Questions"
    assert i18n.name_in_language("咨询", "", "en") == i18n.name_in_language("咨询", None, "en") == "咨询"


OWN = {"2026-10-16": {"kind": "special", "from": "08:30", "to": "15:00", "text": "培训", "text_en": "Training"}}
CALENDAR = read_calendar({**published_years("cn")[2026].days, **OWN})


def test_a_month_names_its_holidays_once_each_customers_hear_of_them_a_week_ahead_and_a_source_has_words():
    said = calendar_words.special_days_text(CALENDAR, date(2026, 10, 1), date(2026, 10, 31), "en").replace("\u2060", "")
    national_day = "1 Oct–7 Oct Closed: National Day; 10 Oct Make-up working day"
    assert said == f"{national_day}; 16 Oct Special hours 8:30–15:00: Training"
    assert calendar_words.special_days_text(CALENDAR, date(2026, 11, 1), date(2026, 11, 30), "en") == ""
    assert calendar_words.calendar_day_text(CALENDAR, date(2026, 10, 1), "zh_CN") == "休息：国庆节"
    said = calendar_words.upcoming_special_days_text(CALENDAR, date(2026, 9, 26), "en").replace("\u2060", "")
    autumn = "Please note: Sat 26 Sep–Sun 27 Sep: closed (Mid-Autumn Festival)"
    assert said == f"{autumn}; Thu 1 Oct–Wed 7 Oct: closed (National Day)"
    assert (
        calendar_words.upcoming_special_days_text(CALENDAR, date(2026, 10, 8), "en") == ""
    )  # the Saturday that is worked is open as usual
    assert calendar_words.holiday_source_text("cn-2026", "en") == "State Council notice of 4 November 2025"
    assert calendar_words.holiday_source_text("市局文件", "en") == "市局文件"
