"""One word per thing, for every state and device; times, dates and minutes as the halls write them."""

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from queuedesk import i18n
from queuedesk.core.network.roles import STAFF_ROLES
from queuedesk.core.queue.ticket import TicketState, WindowState
from queuedesk.core.setup.file import check_and_read_setup, document_after_change
from queuedesk.core.setup.hall import REASON_TAGS, read_calendar
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.calendaring import published_years
from queuedesk.i18n import calendar_words
from queuedesk.i18n.figures.figure_titles import RATING_REASONS, rating_reason_words
from queuedesk.i18n.names import service_letter_and_name, service_name, staff_name
from queuedesk.i18n.talk import device_down_cause_words, device_event_text, device_name
from tests.hall import simple_setup


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_state_role_and_level_has_its_own_word_that_of_the_house(lang):
    for words in (
        [i18n.ticket_state_word(str(state), lang) for state in TicketState],
        [i18n.window_state_word(str(state), lang) for state in WindowState],
        [i18n.role_word(str(role), lang) for role in STAFF_ROLES],
        [i18n.rating_level_words(level, lang) for level in range(1, 6)],
        [rating_reason_words(code, lang) for code in REASON_TAGS],
    ):
        assert all(words)
        assert len(set(words)) == len(words)
    assert tuple(RATING_REASONS) == REASON_TAGS
    assert not {rating_reason_words(code, lang) for code in REASON_TAGS} & set(REASON_TAGS)
    assert i18n.ticket_state_word("parked") == "挂起"
    assert i18n.ticket_state_word("parked", "en") == "Set aside"
    assert i18n.window_state_word("open") == "营业中"
    assert i18n.role_word("manager") == "值班经理"


@pytest.fixture
def setup() -> Setup:
    """Return a hall that has removed service C and clerk C4."""
    document: dict[str, Any] = simple_setup()
    document["services"][2].update(name="电表", name_en="Meters")
    document["staff"][3].update(name="王芳", name_en="Wang Fang")
    for part, code in (("services", "C"), ("staff", "C4")):
        document = document_after_change(document, {"part": part, "op": "remove", "code": code})
    document["windows"] = [{**row, "services": ["A"]} for row in document["windows"]]
    return check_and_read_setup(document)


def test_a_removed_service_and_a_person_who_left_keep_their_names_and_unknown_codes_stand(setup: Setup) -> None:
    assert (service_name(setup, "C", "zh_CN"), service_name(setup, "C", "en")) == ("电表", "Meters")
    assert (staff_name(setup, "C4", "zh_CN"), staff_name(setup, "C4", "en")) == ("王芳", "Wang Fang")
    assert service_letter_and_name(setup, "C", "en") == "C Meters"
    assert (staff_name(setup, "console", "zh_CN"), staff_name(setup, "console", "en")) == ("命令行", "Command line")
    assert (service_name(setup, "Z"), staff_name(setup, "X9"), service_name(setup, None)) == ("Z", "X9", "")


# -- devices -----------------------------------------------------------------------------------------------------------
DEVICES = json.loads(Path(__file__).with_name("devices.json").read_text("utf-8"))


def test_a_device_is_called_by_its_kind_and_place_and_an_event_says_what_became_of_which():
    for device, station, *words in DEVICES:
        assert [device_name(device, station, lang) for lang in ("en", "zh_CN")] == words
    up = {"device": "kiosk", "station": "K1", "state": "up", "cause": None}
    assert device_event_text(up, "en") == "Kiosk K1 · works"
    assert device_event_text({**up, "state": "down", "cause": "lost"}, "zh_CN") == "自助取号机 K1 · 没有响应"
    assert (device_down_cause_words("on fire", "en"), device_down_cause_words(None, "en")) == ("on fire", "")


# -- times, dates and minutes ------------------------------------------------------------------------------------------
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
