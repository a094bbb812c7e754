"""Texts in both languages: how they are found, one word per thing, a hall's own words, titles, lines about waiting."""

import gettext
import io
import json
import re
import struct
import threading
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from queuedesk.core.figures import periods
from queuedesk.core.figures.comparing import figure_paths_and_values
from queuedesk.core.figures.drilldown import paths_of_share_rest_and_whole, row_query_of_path
from queuedesk.core.network.roles import STAFF_ROLES
from queuedesk.core.queue import dispatch
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.queue.ticket import TicketState, WaitInputs, WaitPromise, WindowState
from queuedesk.core.setup.file import check_and_read_setup, document_after_change
from queuedesk.core.setup.hall import REASON_TAGS, WORDS, read_calendar
from queuedesk.core.setup.hall_words import AS_NUMBERS, CHINESE, CHOICES, COMPUTER, text_with_hall_words
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import EXPERTS
from queuedesk.desk import looking
from queuedesk.desk.calendaring import published_years
from queuedesk.desk.queue import opening
from queuedesk.i18n import (
    LANGUAGES,
    _,
    calendar_words,
    choose_language,
    current_language,
    error_sentence,
    n_,
    ntr,
    system_language,
    tr,
    use_hall_words,
)
from queuedesk.i18n.catalogue import CompiledCatalogue
from queuedesk.i18n.figures.figure_titles import RATING_REASONS, figure_title, outcome_word, rating_reason_words
from queuedesk.i18n.figures.ribbon_words import VIEWS
from queuedesk.i18n.names import service_letter_and_name, service_name, staff_name, window_name
from queuedesk.i18n.queue import line_words
from queuedesk.i18n.queue.event_words import alert_text, alert_words
from queuedesk.i18n.queue.line_words import (
    call_rule_text,
    quote_basis_sentence,
    screen_reader_wait_text,
    wait_expert_basis_words,
    wait_text,
    why_not_called_now_sentence,
)
from queuedesk.i18n.talk import device_down_cause_words, device_event_text, device_name
from queuedesk.paths import resource_path
from queuedesk.reports.figures.period import read_period_report
from scripts import build_texts
from tests.core.waits.past_day import PastDay
from tests.desk.stage import KIOSK, remarkable, start, stop
from tests.hall import Hall, make_hall, simple_hall, simple_setup
from tests.reports.days import DAY, eventful


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
FRIDAY = date(2026, 11, 20)


def test_dates_and_every_month_and_weekday_has_its_own_name():
    writes = (i18n.date_short, i18n.date_long, i18n.weekday_short, i18n.weekday_long)
    writes += (i18n.date_for_staff, i18n.date_for_hall, i18n.date_for_report, i18n.date_for_ticket)
    chinese = ["11月20日", "2026年11月20日", "周五", "星期五"]
    chinese += ["11月20日 周五", "11月20日 星期五", "2026年11月20日 星期五", "2026年11月20日 周五"]
    english = ["20 Nov", "20 November 2026", "Fri", "Friday"]
    english += ["Fri 20 Nov", "Friday 20 November", "Friday 20 November 2026", "Fri 20 November 2026"]
    assert [write(FRIDAY) for write in writes] == [write(FRIDAY, "zh_CN") for write in writes] == chinese
    assert [write(FRIDAY, "en") for write in writes] == english
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


def test_a_text_follows_the_language_its_count_and_its_meaning_and_one_that_is_not_spoken_changes_nothing():
    seen = []
    for lang in ("zh_CN", "en", "zh_CN"):
        choose_language(lang)
        seen.append(_("No customer at window {window}.", window="3"))
    assert seen == ["3 号窗口现在没有客户。", "No customer at window 3.", "3 号窗口现在没有客户。"]
    with pytest.raises(ValueError, match="fr"):
        choose_language("fr")
    assert current_language() == "zh_CN"
    one, many = "{n} person ahead", "{n} people ahead"
    assert [ntr("en", one, many, n) for n in (1, 0, 6)] == ["1 person ahead", "0 people ahead", "6 people ahead"]
    assert [ntr("zh_CN", one, many, n) for n in (1, 6)] == ["前面 1 人", "前面 6 人"]
    choose_language("en")
    assert n_(one, many, 1) == "1 person ahead"
    text = "{ticket} is being served at window {window}."
    assert tr("zh_CN", text, ticket="B031", window="3") == "B031 正在 3 号窗口办理。"
    assert tr("zh_CN", text, context="call", ticket="B031", window="3") == "B031 正在 3 号窗口办理，不能再叫。"
    assert tr("en", text, context="call", ticket="B031", window="3") == "B031 is being served at window 3."


def test_an_explicit_language_is_the_same_from_many_threads() -> None:
    wrong: list[str] = []

    def speak(lang: str, expected: str) -> None:
        wrong.extend(text for _n in range(200) if (text := tr(lang, "Waiting", context="state")) != expected)

    spoken = [("en", "Waiting"), ("zh_CN", "等候")] * 4
    threads = [threading.Thread(target=speak, args=pair) for pair in spoken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_system_language() -> None:
    spoken = {"en_GB.UTF-8": "en", "zh_CN.UTF-8": "zh_CN", "zh_TW.UTF-8": "zh_CN", "zh": "zh_CN", "de_DE.UTF-8": "en"}
    spoken |= {"C.UTF-8": "", "POSIX": ""}
    assert {lang: system_language({"LANG": lang}) for lang in spoken} == spoken
    assert system_language({}) == ""
    for name in ("LC_ALL", "LC_MESSAGES"):
        assert system_language({"LANG": "zh_CN.UTF-8", name: "en_US.UTF-8"}) == "en"
    assert system_language({"LANG": "en_US.UTF-8", "LC_ALL": ""}) == "en"


COMPILED_CHINESE = resource_path("locale", "zh_CN", "LC_MESSAGES", "queuedesk.mo").read_bytes()


def test_every_text_is_what_gettext_reads_and_what_is_in_no_catalogue_stays_english():
    known, found = gettext.GNUTranslations(io.BytesIO(COMPILED_CHINESE)), CompiledCatalogue(COMPILED_CHINESE)

    def said(catalogue: gettext.NullTranslations | CompiledCatalogue, key: str | tuple[str, int]) -> str:
        id, counted = (key[0], ("", 3)) if isinstance(key, tuple) else (key, ())
        context, has_context, text = id.rpartition("\4")
        read = getattr(catalogue, f"{'n' if counted else ''}{'p' if has_context else ''}gettext")
        return str(read(*[context] * bool(has_context), text, *counted))

    wrong = [key for key in vars(known)["_catalog"] if said(found, key) != said(known, key)]
    assert wrong == []
    assert len(vars(known)["_catalog"]) > 1000
    assert (found.gettext("Zebra"), found.pgettext("state", "Zebra")) == ("Zebra", "Zebra")
    assert [found.ngettext("a zebra", "zebras", n) for n in (0, 1, 2)] == ["zebras", "a zebra", "zebras"]
    assert found.npgettext("state", "a zebra", "zebras", 1) == "a zebra"


@pytest.mark.parametrize(
    "content", [b"", b"\xde\x12\x04\x95 ", b"msgid", bytes(len(COMPILED_CHINESE)), COMPILED_CHINESE[:-100]]
)
def test_what_is_not_a_whole_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, struct.error)):
        CompiledCatalogue(content)


ROOMS = ("room", "number")
STATION = {
    "Counter",
    "At the counter",
    "Open counter {window}",
    "Front desk, counter, lobby board, and all screens for customers.",
    "Front desk and counters may keep a note on a customer who agreed, until a date.",
    "Front desk and counters keep one under ⋯ for a customer who agrees to it.",
    "Always there: tickets, counters, display, voice, rating, the day's report, complaints. Nothing is lost when you switch one off.",
    "counter, manager",
    "front desk, counter, manager",
}
"""Texts that name the station at a window."""
FIELD = re.compile(r"\{[^{}]*\}")
LEFT_EN = re.compile(r"(?<![\w-])(window|counter|ticket)s?(?![\w-])", re.IGNORECASE)
LEFT_ZH = re.compile("窗口|号票|票号")
BROKEN_EN = re.compile(
    r"\b(numbers?('s)? numbers?|number on (your|the) number|numbered number|number of numbers|number by number|numbers? (hours|printers?|letters)|an (room|number|desk|counter|ticket|window)|at (the |a )?room)",
    re.IGNORECASE,
)
# Where the paper is meant it is a slip: one does not print a number on a number.
NUMBER_AS_PAPER = re.compile(
    r"\b(code on|on (the|your|a|displays?,)|displays?( and|, kiosks and|,)|printed|sample|printer of) numbers?\b",
    re.IGNORECASE,
)
A_NUMBER_S_NUMBER = re.compile(r"\bnumbers?\b.*\bits number", re.IGNORECASE)


def test_a_hall_is_called_as_its_chinese_name_says() -> None:
    sentence = "This hall's data are damaged."
    use_hall_words(hall="城东供电营业厅")
    of_power, in_english = tr("zh_CN", sentence), tr("en", sentence)
    use_hall_words("room", hall="门诊")
    of_a_clinic = tr("zh_CN", sentence)
    assert (of_power, of_a_clinic) == ("这个营业厅的数据已损坏。", "这个服务厅的数据已损坏。")
    assert in_english == sentence


@cache
def texts() -> list[tuple[str, str, str]]:
    """Return every text of the program as (language, text, key); tests/test_texts.py looks whether all are there."""
    read = build_texts.AllTexts()
    build_texts.read_areas(build_texts.CATALOGUES / build_texts.CHINESE, read)
    chinese = {key: text for key, text in read.chinese().items() if key.context != CHOICES}
    found = [("zh_CN", text, key.text) for key, text in chinese.items()]
    for key in chinese:
        found += [("en", text, key.text) for text in (key.text, key.plural) if text]
    return found


@cache
def spoken(window: str, ticket: str) -> list[tuple[str, str, str, str]]:
    """Return every text as (language, text, key, text in a hall's words)."""
    return [(lang, text, key, text_with_hall_words(lang, text, key, window, ticket)) for lang, text, key in texts()]


def bare(text: str) -> str:
    """Return a text without its fields: a field's name is nobody's word."""
    return FIELD.sub("", text)


@pytest.mark.parametrize("ticket", WORDS["ticket"].kind.choices)
@pytest.mark.parametrize("window", WORDS["window"].kind.choices)
def test_no_text_keeps_a_word_that_the_hall_does_not_use(window: str, ticket: str) -> None:
    gone = {word for word, other in (("window", window), ("ticket", ticket)) if word != other}
    gone |= {"counter"} if window not in {"window", "counter"} else set()
    for lang, text, key, whole in spoken(window, ticket):
        said = bare(whole)
        if key in COMPUTER or "TICKET@" in text:
            assert whole == text
        elif lang == "en":
            assert gone.isdisjoint(word.lower() for word in LEFT_EN.findall(said)), said
        else:
            left = set(LEFT_ZH.findall(said))
            assert not ("window" in gone and "窗口" in left), said
            assert not ("ticket" in gone and left & {"号票", "票号"}), said


@pytest.mark.parametrize("window", WORDS["window"].kind.choices)
def test_no_word_is_broken(window: str) -> None:
    for lang, text, _key, said in spoken(window, "number"):
        assert sorted(set(FIELD.findall(said))) == sorted(set(FIELD.findall(text))), said
        wrong = (BROKEN_EN, A_NUMBER_S_NUMBER, NUMBER_AS_PAPER)
        assert lang != "en" or not any(one.search(bare(said)) for one in wrong), said
        assert not re.search("号码上的|号号|没有号码也", said), said
        if lang == "en" and text:
            assert said[0].isupper() == text[0].isupper(), said


def test_texts_of_the_computer_s_windows_and_of_the_station_at_a_counter_are_known_here():
    keys = {key for _lang, _text, key in texts()}
    assert keys >= COMPUTER
    assert keys >= set(AS_NUMBERS)
    assert set(CHINESE) == set(WORDS["window"].kind.choices) - {"window"}
    english = {key for lang, text, key in texts() if lang == "en"}
    assert {key for key in english if re.search(r"\bcounters?\b", bare(key), re.IGNORECASE)} == STATION
    assert not [key for key in english if re.search(r"\bno\. \{window", key, re.IGNORECASE)]
    assert {key for key in english if re.search(r"[a-z] Windows\b|\bwindow\b.* queuedesk\b", key)} <= COMPUTER
    kept = {key for lang, text, key in texts() if lang == "zh_CN" and "画面" in text}
    assert {key for key in kept if re.search(r"\b(the|this|a) window\b", bare(key), re.IGNORECASE)} <= COMPUTER


@pytest.mark.parametrize(
    ("words", "lang", "text"),
    [
        (("window", "ticket"), "en", "Ticket A017, please go to window 3."),
        (("room", "number"), "en", "Number A017, please go to room 3."),
        (("desk", "ticket"), "en", "Ticket A017, please go to desk 3."),
        (("counter", "number"), "en", "Number A017, please go to counter 3."),
        (("room", "number"), "zh_CN", "请 A017 号到 3 号诊室。"),
        (("counter", "ticket"), "zh_CN", "请 A017 号到 3 号柜台。"),
    ],
)
def test_a_call(words: tuple[str, str], lang: str, text: str) -> None:
    use_hall_words(*words)
    assert tr(lang, "Ticket {ticket}, please go to window {window}.", ticket="A017", window="3") == text


def test_plural_capital_place_fields_and_options_of_commands() -> None:
    choose_language("en")
    use_hall_words(*ROOMS)
    assert (n_("{n} window", "{n} windows", 1), n_("{n} window", "{n} windows", 6)) == ("1 room", "6 rooms")
    assert _("Windows", context="set-up") == "Rooms"
    assert _("No customer at window {window}.", window="3") == "No customer in room 3."
    assert window_name("3") == "Room 3"
    assert error_sentence(RuleError("window_closed", window="3")) == "Room 3 is closed; please open it first."
    told = _("Ticket {ticket}, please go to {window}.", ticket="A1", window="the ticket window")
    assert told == "Number A1, please go to the ticket window."
    for lang in LANGUAGES:
        assert "--ticket" in tr(lang, "Give a window and a service, or --ticket and a service.")


def test_a_switch_holds_from_the_next_text_on() -> None:
    seen = []
    for word in ("window", "desk", "window"):
        use_hall_words(word)
        seen.append(window_name("3"))
    assert seen == ["3 号窗口", "3 号服务台", "3 号窗口"]
    assert i18n.current_hall_words() == ("window", "ticket")


TITLES = json.loads(Path(__file__).with_name("titles.json").read_text("utf-8"))
EVENING = datetime(2026, 11, 19, 12, tzinfo=UTC)


def test_every_figure_and_the_parts_of_a_share_have_titles_of_what_is_counted_and_of_whom(tmp_path):
    """Of every path behind which tickets can stand, of two days on which everything happens."""
    one = eventful(tmp_path)
    (tmp_path / "remarkable").mkdir()
    other = make_hall(tmp_path / "remarkable", time="9:00")
    remarkable(other)
    documents = [
        read_period_report(one, "day", DAY, EVENING).document,
        read_period_report(other.desk, "day", DAY + timedelta(days=1), other.clock()).document,
    ]
    figures = dict.fromkeys(path for document in documents for path, _value in figure_paths_and_values(document))
    drawn = [(view, document) for view in VIEWS if periods.is_view_path(view) for document in documents]
    cited = [(view, name) for view, document in drawn for name in periods.view_numbers_by_path(view, document)]
    assert {view for view, _name in cited} == VIEWS.keys() - {periods.DAYS, periods.MONTHS, periods.HEAT}
    setup = looking.setup_of_hall(one)
    paths = [path for path in figures if row_query_of_path(path) is not None]
    paths += [periods.full_figure_name_in_view(*one) for one in cited]
    assert len(paths) > 200
    titles = {lang: {path: figure_title(path, setup, lang) for path in paths} for lang in LANGUAGES}
    assert [path for told in titles.values() for path, title in told.items() if title == path] == []
    assert [path for path, title in titles["zh_CN"].items() if title in titles["en"].values()] == []
    parts = [part for path in paths for part in paths_of_share_rest_and_whole(path) or ()]
    assert parts and [part for part in parts if figure_title(part, setup, "en") == part] == []
    for path, expected in TITLES.items():
        assert [figure_title(path, setup, lang).replace("\u2060", "") for lang in ("en", "zh_CN")] == expected
    assert outcome_word("sent a letter", "zh_CN") == "sent a letter", "what was typed stays as it is"


def ticket(leads: str | None, points_s: tuple[int | None, ...] = (600,) * 8):
    day = PastDay()
    made_of = WaitInputs(place=3, low_s=300, high_s=900, points_s=points_s)
    day.comes("A001", "A", 540, promise=WaitPromise(low=5, high=15, point_s=600, made_of=made_of, leads=leads))
    return day.tickets["A001"]


def test_every_expert_has_words_of_its_own_and_a_ticket_tells_which_its_wait_rested_on():
    for lang in i18n.LANGUAGES:
        words = {wait_expert_basis_words(code, lang) for code in EXPERTS}
        assert len(words) == len(EXPERTS)
        assert not words & set(EXPERTS)
        assert wait_expert_basis_words("oracle", lang) == "oracle"
    assert quote_basis_sentence(ticket("history"), "en") == "Based mainly on this line's past days: 10 min"
    assert quote_basis_sentence(ticket("history", (None,) * 8), "en") == "Based mainly on this line's past days"
    assert quote_basis_sentence(ticket("history"), "zh_CN") == "告知的等候主要依据本队列往日的情况：10 分钟"
    assert quote_basis_sentence(ticket(None), "en") == quote_basis_sentence(ticket("oracle"), "en") == ""
    earlier = replace(ticket("history"), promise=WaitPromise(low=5, high=15, point_s=600))
    assert quote_basis_sentence(earlier, "en") == ""


@pytest.mark.parametrize(
    ("wait", "english", "chinese"),
    [
        (dispatch.QuotedWait(10, 15), "about 10\u2060–\u206015 min", "约 10\u2060–\u206015 分钟"),
        (dispatch.QuotedWait(10, 40), "about 10\u2060–\u206040 min", "约 10\u2060–\u206040 分钟"),
        (dispatch.QuotedWait(2, 50), "up to 50 min", "最多 50 分钟"),
        (dispatch.QuotedWait(7, 30), "up to 30 min", "最多 30 分钟"),
        (dispatch.QuotedWait(0, 1), "no wait", "不用等"),
        (dispatch.QuotedWait(240, None), "more than 4 hours", "超过 4 小时"),
        (dispatch.NO_WINDOW_OPEN, "no window open", "没有窗口在办"),
        (dispatch.NOT_REACHED, "perhaps not today", "今天可能叫不到"),
        (dispatch.NO_FIGURES, "wait not known yet", "等多久还估不准"),
        (dispatch.NoQuoteReason("too_few_calls"), "wait not known yet", "等多久还估不准"),
    ],
)
def test_a_wait_in_words(wait: dispatch.QuotedWait | dispatch.NoQuoteReason, english: str, chinese: str) -> None:
    """Ends that lie far apart are not both known: only the top is named."""
    assert (wait_text(wait, "en"), wait_text(wait, "zh_CN")) == (english, chinese)


def test_a_wait_in_parts_and_in_a_sentence() -> None:
    i18n.choose_language("en")
    assert line_words.wait_words(dispatch.QuotedWait(2, 50)) == ("up to", "50", "min")
    for wait, text in (
        (dispatch.QuotedWait(10, 15), "10\u2060–\u206015 min"),
        (dispatch.QuotedWait(2, 50), "up to 50 min"),
    ):
        assert line_words.wait_text_without_about(wait) == text
    said = [screen_reader_wait_text(dispatch.QuotedWait(*ends)) for ends in ((10, 15), (2, 50))]
    assert said == ["about 10 to 15 minutes", "up to 50 min"]
    assert [wait_text(dispatch.QuotedWait(0, 1, point_s), ahead=2) for point_s in (3, 20)] == ["no wait", "up to 1 min"]


# -- why a ticket waits that a transfer keeps for one window or clerk --------------------------------------------------
@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Windows 1 and 2 have clerks, and one customer is served at window 1."""
    i18n.choose_language("en")
    hall = simple_hall(tmp_path)
    hall.play("open 1 staff=C1", "open 2 staff=C2", "issue A", "call 1", "start 1")
    return hall


def told(hall: Hall, *, label: str = "A001", public: bool = False) -> str:
    state = looking.hall_state_now(hall.desk, hall.clock())
    return why_not_called_now_sentence(state, state.tickets[hall.date, label], hall.clock(), public=public)


def test_only_the_window_it_is_kept_for_can_call_it(hall: Hall) -> None:
    hall.play("open 3 staff=C3", "transfer 1 A to_window=3")
    assert told(hall) == "A001 is next, and window 3 is free for it; it is kept for window 3 until 9:15."
    hall.issue("C")
    assert hall.call("3", ticket="C001", reason="asked") == "C001"
    assert told(hall).startswith("A001 is next, and every window for it has a customer (window 3)")


def test_a_closed_window_it_is_kept_for_is_named(hall: Hall) -> None:
    hall.do("transfer", "1", "A", to_window="3")
    assert told(hall) == "A001 is waiting for window 3, which is not open now; other windows may call it from 9:15."
    hall.clock.move(minutes=15)
    assert told(hall) == "A001 is next, and windows 1, 2 are free for it."
    hall.issue("A")
    assert hall.call("1", ticket="A002", reason="asked") == "A002"
    assert told(hall).startswith("A001 is next, and window 2 is free for it; ")


def test_a_clerk_it_is_kept_for_is_named_to_staff_alone(hall: Hall) -> None:
    hall.do("transfer", "1", "A", to_staff="C3")
    assert told(hall).startswith("A001 is waiting for C3, who is at no open window now; other windows")
    assert told(hall, public=True).startswith("A001 is waiting for a person who is at no open window now; other")
    hall.open("3", "C3")
    assert told(hall) == "A001 is next, and window 3 is free for it; it is kept for C3 until 9:15."
    assert told(hall, public=True).endswith("; it is kept for one person until 9:15.")


def test_who_stands_before_it_is_counted_at_the_window_it_is_kept_for(hall: Hall) -> None:
    """Window 3 would call C001 first; window 2, which may not call A001, has nobody else."""
    hall.play("issue C", "open 3 staff=C3", 1, "transfer 1 A to_window=3 place=end")
    assert told(hall).startswith("A001 is waiting because 1 ticket is ahead of it (window 3); it is kept")


@pytest.fixture
def waiting(tmp_path: Path) -> Hall:
    """Two windows have served six customers in four minutes each; one more waits behind two who are served now."""
    i18n.choose_language("en")
    hall = simple_hall(tmp_path)
    hall.play("open 1 staff=C1", "open 2 staff=C2", "queue A A A A A A A A A")
    for _time in range(3):
        hall.play("call 1", "call 2", "start 1", "start 2", 4, "finish 1", "finish 2")
    hall.play("call 1", "start 1", "call 2", "start 2", "issue A")
    return hall


of_the_last = partial(told, label="A010")


def test_who_waits_longer_than_told_hears_by_how_much_how_long_still_and_why(waiting: Hall) -> None:
    state = looking.hall_state_now(waiting.desk, waiting.clock())
    high = state.tickets[waiting.date, "A010"].promise.high
    waiting.clock.move(minutes=high + 1)
    assert "longer" not in of_the_last(waiting)
    waiting.clock.move(minutes=2)
    longer = of_the_last(waiting)
    assert f"; 3 min longer than estimated (up to {high} min), still " in longer
    assert longer.endswith("; the visits before it take longer than expected.")
    assert "longer than" not in of_the_last(waiting, public=True)


def test_who_was_quoted_no_wait_hears_when(hall: Hall) -> None:
    label = hall.issue("A")
    hall.clock.move(minutes=4)
    assert told(hall, label=label).endswith("; “no wait” was quoted 4 min ago.")


def test_fewer_windows_are_the_cause_of_a_longer_wait(waiting: Hall) -> None:
    waiting.play(1, "finish 2", "close 2", 40)
    assert of_the_last(waiting).endswith("; fewer windows serve it than when the ticket was taken: 1 instead of 2.")
    waiting.play("postpone A009", "postpone A010")
    assert "longer than estimated" not in of_the_last(waiting)


@pytest.mark.parametrize("order", [dispatch.CREDIT, dispatch.CREDIT_DOUBLE, dispatch.PRIORITY_FIRST])
def test_where_every_call_may_be_a_jump_no_share_is_told(order):
    assert call_rule_text(dispatch.CallOrderRule(order=order, jump_every=1), "en").endswith(
        "any call may go ahead by priority"
    )
    of_three = call_rule_text(dispatch.CallOrderRule(order=order, jump_every=3), "en")
    assert of_three.endswith("at most one call in 3 goes ahead by priority")
    assert call_rule_text(dispatch.CallOrderRule(order=order, jump_every=1), "zh_CN").endswith(
        "每 1 次叫号最多提前一次"
    )
    for most, words in ((1, "more than 1 time by priority"), (2, "more than 2 times by priority")):
        assert call_rule_text(dispatch.CallOrderRule(order=order, jump_every=1, guard=most), "en").endswith(words)


# -- a strip's two parts are the parts of the alert's sentence ---------------------------------------------------------
def said(hall: Hall, lang: str) -> dict[str, tuple[str, str]]:
    state, now = looking.hall_state_now(hall.desk, hall.clock()), hall.clock()
    words = {alert.kind: alert_words(state, alert, now, lang) for alert in current_alerts(state, now)}
    return {kind: (found.fact, found.figures) for kind, found in words.items()}


def test_each_alert_is_a_fact_with_its_figures_and_a_sentence_of_a_command(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    hall.play("open 3 staff=C3", "open 4 staff=C4")
    opening.pause_window(hall.desk, hall.ask(), "4", reason="meal", minutes=10)
    hall.play("queue B B", 40)
    assert said(hall, "en") == {
        "long_wait": ("B Account services: long wait", "longest 40 min, target 15 min"),
        "late_back": ("Window 4 is 30 minutes late back", "Chen Jing"),
        "no_call": ("Window 3 has called nobody for 40 minutes", "2 people could be called there"),
    }
    assert said(hall, "zh_CN")["long_wait"] == ("B 业务办理等得久", "最久 40 分钟，目标 15 分钟")
    state, now = looking.hall_state_now(hall.desk, hall.clock()), hall.clock()
    worst = current_alerts(state, now)[0]
    assert alert_text(state, worst, now, "en") == "B Account services: long wait; longest 40 min, target 15 min."
    assert alert_text(state, worst, now, "zh_CN") == "B 业务办理等得久，最久 40 分钟，目标 15 分钟。"
    # The last kiosk that somebody ended is not called out of order.
    start(hall, KIOSK)
    stop(hall, KIOSK)
    assert said(hall, "en")["device_down"][1] == "since 9:40, and it was the only one"
