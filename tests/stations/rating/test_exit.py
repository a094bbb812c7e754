"""The rating at the exit: by number, by code, refused in words, and an opinion without a number."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.core.network.roles import CUSTOMER, station
from queuedesk.desk import looking
from queuedesk.desk.quality import hearing
from queuedesk.desk.queue import rating
from queuedesk.desk.talk import devices
from queuedesk.printing.qr import ticket_text
from queuedesk.stations.rating.exit_page import EnterText, ExitPage
from tests.hall import Hall
from tests.stations.rating.conftest import Screen
from tests.stations.stubs import Refusing
from tests.stations.whole_words import drawn


@pytest.fixture
def screen(make_screen: Callable[..., Screen]) -> Screen:
    return make_screen()


def page(screen: Screen) -> ExitPage:
    assert isinstance(screen.page, ExitPage)
    return screen.page


def text(screen: Screen) -> EnterText:
    shown = page(screen).enter_view.shown
    assert shown is not None
    return shown


def press(screen: Screen, keys: str) -> None:
    for key in keys:
        screen.touch(page(screen).enter_view.pad.keys[key])


def opinions(hall: Hall) -> list[tuple[int, tuple[str, ...]]]:
    state = looking.hall_now(hall.desk, hall.clock())
    return [(one.level, one.tags) for one in state.opinions.values()]


def code_of(hall: Hall, label: str, *, hall_code: str | None = None) -> str:
    ticket = looking.find_ticket(hall.desk, hall.clock().date(), label)
    return ticket_text(hall_code or looking.setup_of(hall.desk).hall.code, ticket.date, label, ticket.token)


SLIPS = {
    "en": (
        ("", "", "Number forgotten?", "Give an opinion without it"),
        ("Or hold the code on your ticket", "up to the scanner", "Ticket lost?", "Give an opinion without it"),
    ),
    "zh_CN": (
        ("", "", "忘了号码？", "不用号码也能提意见"),
        ("也可将号票上的", "二维码对准扫码口", "号票丢了？", "没有号票也能提意见"),
    ),
}


def test_slips_and_a_scanner_are_spoken_of_only_where_the_hall_prints(screen: Screen) -> None:
    for language, (bare, with_slips) in SLIPS.items():
        i18n.use(language)
        told = []
        for reported in (None, "out_of_paper", "stopped"):
            if reported:
                devices.report(screen.hall.desk, screen.hall.ask(station("K1")), "printer", "K1", reported)
                screen.follow()
            screen.pass_seconds(1)
            shown = text(screen)
            told.append((shown.scan_first, shown.scan_second, shown.lost, shown.no_number))
            drawn_words = " ".join(word.text for word in drawn(page(screen).enter_view).words)
            assert all(part in drawn_words for part in told[-1])

        assert told == [bare, with_slips, bare], language


def test_a_number_on_the_pad_leads_to_the_question(screen: Screen) -> None:
    label = screen.serve_out("4")
    assert screen.stage == "enter"
    assert (text(screen).go, text(screen).may_go) == ("Enter your number first", False)

    press(screen, label[:-1])
    assert text(screen).go == "1 more digit"
    assert text(screen).boxes == (*label[:-1], "")
    press(screen, label[-1])
    screen.touch(page(screen).enter_view.go_button)
    assert screen.stage == "asking"
    assert screen.page.view.head.number == label

    screen.touch(screen.face(4))
    assert screen.log() == [("rate", label, "customer", 4)]
    assert screen.stage == "words"
    screen.touch(page(screen).words_view.none_button)
    assert screen.stage == "thanks"
    screen.pass_seconds(6)
    assert (screen.stage, text(screen).boxes) == ("enter", ("", "", "", ""))

    press(screen, "B07")
    screen.pass_seconds(59)
    assert text(screen).boxes[0] == "B"
    screen.pass_seconds(1)
    assert text(screen).boxes == ("", "", "", ""), "a half-typed number goes away"


def test_a_keyboard_and_a_scanner_do_the_same(screen: Screen) -> None:
    label = screen.serve_out()
    view = page(screen).enter_view
    QTest.keyClicks(view, label.lower() + "9")
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert screen.stage == "asking"
    screen.touch(screen.page.view.skip_button)

    screen.page.activateWindow()
    view.setFocus()
    real = code_of(screen.hall, label)
    QTest.keyClicks(view, real)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.touch(screen.page.view.skip_button)

    page(screen).controller.take_code(real[:-6] + "222222")
    assert (screen.stage, text(screen).may_go) == ("enter", False), "a code that is not ours"
    assert text(screen).trouble.startswith(f"There is no ticket {label}")
    press(screen, "B")
    assert text(screen).trouble == ""
    page(screen).controller.take_code(code_of(screen.hall, label, hall_code="H9"))
    assert (screen.stage, text(screen).may_go) == ("enter", False)
    assert text(screen).trouble, "of another hall"


def test_what_can_not_be_rated_is_said_in_words(screen: Screen) -> None:
    def must_say(number: str, said: str) -> None:
        """Type the number behind its B, be refused, and begin another one."""
        press(screen, number)
        screen.touch(page(screen).enter_view.go_button)
        assert screen.stage == "enter"
        assert text(screen).trouble == said
        assert text(screen).go == "Enter another number"
        press(screen, "B")
        assert text(screen).trouble == ""
        assert text(screen).boxes == ("B", "", "", "")

    press(screen, "B")
    must_say("001", "B001 is not finished yet; please rate it when it is.")
    must_say("077", "There is no ticket B077 on 20 Nov; please check the number.")
    screen.serve_out()
    rating.rate(screen.hall.desk, screen.hall.ask(CUSTOMER), "B001", 5)
    screen.follow()
    must_say("001", "B001 is already rated, thank you")


def test_a_ticket_of_yesterday_is_rated_where_the_hall_allows_it(
    make_screen: Callable[..., Screen], hall: Hall
) -> None:
    label = hall.serve_out("3")
    code = code_of(hall, label)
    hall.clock.move(hours=24)
    screen = make_screen()
    page(screen).controller.take_code(code)
    assert "too late to rate it" in text(screen).trouble

    hall.do("set-setting", "rating_days", 1)
    screen.follow()
    page(screen).controller.take_code(code)
    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.touch(screen.face(5))
    assert screen.log() == [("rate", label, "customer", 5)]


def test_without_a_number_one_can_still_tell_us_once(screen: Screen) -> None:
    screen.ms[0] += 1000
    page(screen).controller.without_number()
    assert screen.stage == "asking"
    screen.touch(screen.face(1))
    assert opinions(screen.hall) == [(1, ())]
    screen.touch(screen.page.view.reasons["waited_long"])
    screen.touch(screen.page.view.done_button)
    screen.touch(page(screen).words_view.none_button)
    assert opinions(screen.hall) == [(1, ("waited_long",))]
    assert screen.log() == []

    screen.pass_seconds(6)
    assert (screen.stage, text(screen).no_number) == ("enter", "")
    page(screen).controller.without_number()
    assert screen.stage == "enter"
    screen.pass_seconds(20)
    assert text(screen).no_number == "Give an opinion without it"


def test_two_more_questions_where_the_hall_wants_them(make_screen: Callable[..., Screen], hall: Hall) -> None:
    hall.do("set-setting", "rating_questions", "on")
    screen = make_screen(window="3")
    marks = screen.page.view.marks

    def kept(label: str) -> tuple[int, int | None, int | None, tuple[str, ...]]:
        one = looking.hall_now(hall.desk, hall.clock()).ratings[(hall.clock().date(), label)]
        return one.level, one.attitude, one.competence, one.tags

    label = screen.serve_out()
    screen.touch(screen.face(4))
    assert screen.stage == "questions"
    assert not any(button.isChecked() for button in marks.values())
    screen.touch(marks[("attitude", 5)])
    assert screen.stage == "questions"
    screen.touch(marks[("competence", 3)])
    assert screen.stage == "thanks"
    assert kept(label) == (4, 5, 3, ())

    screen.pass_seconds(6)
    before = len(screen.log())
    label = screen.serve_out()
    screen.touch(screen.face(2))
    screen.touch(marks[("attitude", 1)])
    screen.touch(screen.page.view.done_button)
    assert screen.stage == "reasons"
    screen.touch(screen.page.view.reasons["not_solved"])
    screen.touch(screen.page.view.done_button)
    assert kept(label) == (2, 1, None, ("not_solved",)), "after a low one the reasons follow"
    assert [kind for kind, *_rest in screen.log()[before:]] == ["rate", "reasons"], "and all goes together"


def test_an_answer_that_can_not_be_kept_is_said_and_can_be_given_again(make_screen: Callable[..., Screen]) -> None:
    screen = make_screen(tasks=Refusing("database_busy"))
    label = screen.serve_out()
    press(screen, label)
    screen.touch(page(screen).enter_view.go_button)
    screen.touch(screen.face(5))
    assert (screen.stage, screen.log()) == ("asking", [])
    screen.touch(screen.face(5))
    assert screen.log() == [("rate", label, "customer", 5)]


def low_at_the_exit(screen: Screen) -> ExitPage:
    """Let a customer come to the page for a few words, with one reason given."""
    label = screen.serve_out()
    page(screen).controller.take_code(code_of(screen.hall, label))
    screen.touch(screen.face(2))
    screen.touch(screen.page.view.reasons["not_solved"])
    screen.touch(screen.page.view.done_button)
    assert screen.stage == "words"
    return page(screen)


def said(hall: Hall) -> list[tuple[tuple[str, ...], str]]:
    found = hearing.comments_between(hall.desk, hall.date, hall.date)
    return [(one.tags, one.text) for one in found]


def test_a_few_words_go_to_the_manager_with_the_reasons(screen: Screen) -> None:
    view = low_at_the_exit(screen).words_view
    view.field.insertPlainText("x" * 195)
    QTest.keyClicks(view.field, "x" * 10)
    assert len(view.field.toPlainText()) == 200
    screen.pass_seconds(60)
    assert screen.stage == "thanks"
    assert said(screen.hall) == [], "words that nobody gave are thrown away"
    assert [kind for kind, *_rest in screen.log()] == ["rate", "reasons"]

    screen.pass_seconds(6)
    low_at_the_exit(screen)
    assert view.field.toPlainText() == ""
    assert not view.give_button.isEnabled()
    for key in ("n", "o", " ", "c", "x", "delete"):
        screen.touch(view.keys.keys[key])
    QTest.keyClicks(view.field, "hairs, 2 of us")
    assert view.shown is not None
    assert view.shown.count == "18 of 200"
    screen.touch(view.give_button)

    assert screen.stage == "thanks"
    assert said(screen.hall) == [(("not_solved",), "no chairs, 2 of us")]
    assert [kind for kind, *_rest in screen.log()][2:] == ["rate", "reasons"]
    assert all("chairs" not in str(event.data) for event in screen.hall.log())


def test_words_are_asked_for_where_they_can_be_typed(screen: Screen) -> None:
    i18n.use("zh_CN")
    screen.page.retranslate()
    assert text(screen).title == "请输入您的号码，\n评价今天的服务"
    press(screen, "B03")
    assert text(screen).go == "还差 1 位"

    assert not page(screen).controller.offers_words
    screen.hall.do("set-setting", "rating_words", "keyboard")
    screen.follow()
    assert page(screen).controller.offers_words
    screen.hall.do("set-setting", "rating_words", "off")
    screen.follow()
    i18n.use("en")
    assert not page(screen).controller.offers_words


def test_a_customer_may_read_another_language(screen: Screen) -> None:
    label = screen.serve_out("4")
    view = page(screen).enter_view
    assert text(screen).language == "中文"
    screen.touch(view.language_button)
    assert (text(screen).go, text(screen).language) == ("请先输入号码", "English")
    press(screen, label)
    screen.touch(view.go_button)
    assert page(screen).view.skip_button.text() == "不评价"
    screen.touch(page(screen).view.skip_button)
    assert text(screen).go == "Enter your number first", "the next customer finds the hall's language"

    screen.touch(view.language_button)
    screen.pass_seconds(29)
    assert text(screen).language == "English"
    screen.pass_seconds(1)
    assert text(screen).language == "中文", "a language chosen for nothing goes by itself"

    i18n.use("zh_CN")
    page(screen).retranslate()
    screen.touch(view.language_button)
    assert text(screen).language == "中文"
    screen.pass_seconds(30)
    assert (text(screen).language, i18n.current()) == ("English", "zh_CN"), "the hall changed its language meanwhile"
