"""What the display says, in both languages."""

import pytest

from queuedesk import i18n
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.desk.setup.calendaring import set_days
from queuedesk.i18n.names import window_words
from queuedesk.stations.display import texts
from queuedesk.stations.display.slides import slide_texts
from tests.hall import Hall, at


@pytest.mark.parametrize(
    ("language", "before", "behind", "zone"),
    [("en", "Window", "", "left, area A"), ("zh_CN", "", "号窗口", "左侧 A 区")],
)
def test_a_window_is_said_as_the_language_does(hall: Hall, language: str, before: str, behind: str, zone: str):
    i18n.use(language)
    window = window_words(looking.setup_of(hall.desk), "3")

    assert (window.number, window.before, window.behind, window.zone) == ("3", before, behind, zone)
    assert (window.arrow, window.arrow_last) == ("left", False)


def test_a_window_with_a_name_has_no_word(hall: Hall):
    row = {"code": "3", "name": "收费处", "name_en": "Cashier", "services": ["A"]}
    setting_up.set_row(hall.desk, hall.ask(), "windows", "3", row)

    window = window_words(looking.setup_of(hall.desk), "3")

    assert (window.number, window.word) == ("Cashier", "")


@pytest.mark.parametrize(
    ("time", "title", "opens"),
    [
        ("17:45", "We are closed for today", "Open tomorrow 8:30"),
        ("7:00", "Not open yet", "Open today 8:30"),
        ("10:42", None, None),
    ],
)
def test_closed_hall_says_when_it_opens(hall: Hall, time: str, title: str | None, opens: str | None):
    closed = texts.closed_text(looking.hall_now(hall.desk, at(time)), at(time))

    assert (closed.title, closed.opens) == (title, opens) if closed else title is None


def test_a_hall_closed_on_saturday_and_sunday_names_monday(hall: Hall):
    for code in "ABCD":
        row = {"code": code, "hours": [{"days": "1-5", "from": "08:30", "to": "17:30"}]}
        setting_up.set_row(hall.desk, hall.ask(), "services", code, row)

    closed = texts.closed_text(looking.hall_now(hall.desk, at("18:00")), at("18:00"))

    assert closed is not None
    assert closed.opens == "Open Monday 8:30"


def test_a_holiday_names_itself_and_when_the_hall_opens_again(hall: Hall):
    row = {"kind": "holiday", "text": "国庆节", "text_en": "National Day"}
    set_days(hall.desk, hall.ask(), {"2026-11-20": row, "2026-11-21": row})

    closed = texts.closed_text(looking.hall_now(hall.desk, at("10:42")), at("10:42"))

    assert closed is not None
    assert (closed.title, closed.opens, closed.why) == ("Closed today", "Open Sunday 8:30", "National Day")


def test_nobody_is_sent_home_while_one_waits(hall: Hall):
    hall.queue("A")

    assert texts.closed_text(looking.hall_now(hall.desk, at("17:45")), at("17:45")) is None


def test_who_waits_is_counted_by_service_and_all_together(hall: Hall):
    hall.queue("A", "A", "C")
    state = looking.hall_now(hall.desk, hall.clock())

    lines, total = texts.line_texts(state, hall.clock(), frozenset("ABCD"))

    assert [(line.letter, line.count) for line in lines] == [("A", "2"), ("B", "0"), ("C", "1"), ("D", "0")]
    assert total == 3
    assert lines[0].wait == "no wait", "a window is free for each of them"


def test_after_the_last_ticket_no_wait_is_promised(hall: Hall):
    state = looking.hall_now(hall.desk, at("17:10"))

    lines, _total = texts.line_texts(state, at("17:10"), frozenset("A"))

    assert lines[0].wait == "No more tickets today"


def test_slides_name_the_papers_of_favourite_items(hall: Hall):
    i18n.use("zh_CN")
    slides = slide_texts(looking.setup_of(hall.desk), frozenset("B"), hall.clock())

    assert slides[0].service == "B 业务办理"
    assert slides[0].title == "更名过户，请带这四样"
    assert [paper.name for paper in slides[0].papers] == [
        "新户主身份证",
        "房产证或购房合同",
        "原户主身份证",
        "电费已结清",
    ]


def test_slides_tell_fees_and_hours(hall: Hall):
    hall.do("set-row", "services", "B", {"fees": "不收费", "fees_en": "Free of charge"})
    hours = [{"days": "1-5", "from": "8:30", "to": "12:00"}, {"days": "1-5", "from": "13:30", "to": "17:30"}]
    hall.do("set-row", "services", "A", {"hours": hours, "fees": "", "fees_en": ""})
    told = {
        slide.title: (slide.service, slide.text)
        for slide in slide_texts(looking.setup_of(hall.desk), frozenset("AB"), hall.clock())
    }

    assert told["What it costs"] == ("B Account services", "Free of charge")
    place, lines = told["When to take a ticket"]
    assert place == "East City Power Service Hall"
    assert [line.replace("\u2060", "") for line in lines.splitlines()] == [
        "A Pay a bill",
        "Mon–Fri 8:30–12:00, 13:30–17:30, last ticket 17:00",
        "B Account services",
        "Every day 8:30–17:30, last ticket 17:00",
    ]


def test_services_with_the_same_hours_are_not_named(hall: Hall):
    slides = slide_texts(looking.setup_of(hall.desk), frozenset("AB"), hall.clock())
    (hours,) = [slide.text for slide in slides if slide.title == "When to take a ticket"]
    assert hours.replace("\u2060", "") == "Every day 8:30–17:30, last ticket 17:00"


def test_a_service_that_gives_no_tickets_has_no_line(hall: Hall):
    hall.issue("B")
    hall.do("set-row", "services", "A", {"message": "请上二楼", "message_en": "Upstairs, please"})
    hall.do("set-row", "services", "B", {"quota": 1})
    lines, total = texts.line_texts(looking.hall_now(hall.desk, hall.clock()), hall.clock(), frozenset("ABC"))

    assert ([line.letter for line in lines], total) == (["B", "C"], 1)
    assert lines[0].wait == "No more tickets today"


def test_who_waits_where_no_ticket_is_given_any_more_is_still_counted(hall: Hall):
    hall.issue("A")
    hall.do("set-row", "services", "A", {"message": "请上二楼", "message_en": "Upstairs, please"})
    lines, _total = texts.line_texts(looking.hall_now(hall.desk, hall.clock()), hall.clock(), frozenset("ABC"))

    assert (lines[0].letter, lines[0].wait) == ("A", "No ticket needed")
