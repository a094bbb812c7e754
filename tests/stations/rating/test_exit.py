"""The screen at the exit; keys, voice and looks at a window too, where nothing is cut and nothing moves while its
message comes."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from queuedesk import i18n
from queuedesk.core.network.roles import station
from queuedesk.desk import looking
from queuedesk.desk.quality import hearing
from queuedesk.desk.talk import devices
from queuedesk.printing.qr import ticket_text
from queuedesk.stations.access import keys_in
from queuedesk.stations.acts.written_talk import CounterEnd
from queuedesk.stations.rating.controller import Stage
from queuedesk.stations.rating.exit_page import EnterText, ExitPage
from queuedesk.stations.rating.view import HEIGHT, WIDTH
from queuedesk.stations.window.style import Scale
from queuedesk.voice.announcer import USUAL_VOLUME
from tests.hall import MANAGER, Hall
from tests.stations.rating.conftest import Screen
from tests.stations.rating.test_answers import join
from tests.stations.shapes import ON_CANVAS
from tests.stations.stubs import Voice
from tests.stations.whole_words import Sights, drawn, settled, typed_words

STAGES = (Stage.ASKING, Stage.QUESTIONS, Stage.REASONS, Stage.THANKS)
# A rating screen is a tablet of 10.1 inches at least; its canvas is 1280 wide.
WIDTH_MM = 217
FINGER_MM = 15


@pytest.fixture
def unbound(make_screen: Callable[..., Screen]) -> Screen:
    return make_screen()


def text(unbound: Screen) -> EnterText:
    return unbound.page.enter_view.shown


def press(unbound: Screen, keys: str) -> None:
    for key in keys:
        unbound.touch(unbound.page.enter_view.pad.keys[key])


def go(unbound: Screen) -> tuple[str, str]:
    """Press the key below the number; return where that leads, and the number there."""
    unbound.touch(unbound.page.enter_view.go_button)
    return unbound.stage, unbound.number


def code_of(hall: Hall, label: str, *, hall_code: str | None = None) -> str:
    ticket = looking.find_ticket(hall.desk, hall.clock().date(), label)
    return ticket_text(hall_code or looking.setup_of(hall.desk).hall.code, ticket.date, label, ticket.token)


def test_slips_and_a_scanner_are_spoken_of_only_where_the_hall_prints(unbound: Screen) -> None:
    bare = ("", "", "Number forgotten?", "Give an opinion without it")
    with_slips = ("Or hold the code on your ticket", "up to the scanner", "Ticket lost?", "Give an opinion without it")
    for reported, told in ((None, bare), ("out_of_paper", with_slips), ("stopped", bare)):
        if reported:
            devices.report(unbound.hall.desk, unbound.hall.ask(station("K1")), "printer", "K1", reported)
            unbound.follow()
        unbound.pass_seconds(1)
        shown = text(unbound)
        assert (shown.scan_first, shown.scan_second, shown.lost, shown.no_number) == told
        drawn_words = " ".join(word.text for word in drawn(unbound.page.enter_view).words)
        assert all(part in drawn_words for part in told)


def test_a_number_on_the_pad_a_keyboard_or_a_scanner_leads_to_the_question(unbound: Screen) -> None:
    page, view = unbound.page, unbound.page.enter_view
    label = unbound.serve_out("4")
    assert unbound.stage == "enter"
    assert (text(unbound).go, text(unbound).may_go) == ("Enter your number first", False)
    press(unbound, label[:-1])
    assert (text(unbound).go, text(unbound).boxes) == ("1 more digit", (*label[:-1], ""))
    press(unbound, label[-1])
    assert go(unbound) == ("asking", label)
    unbound.rate(4)
    assert (unbound.log(), unbound.stage) == ([("rate", label, "customer", 4)], "words")
    unbound.touch(page.words_view.none_button)
    assert unbound.stage == "thanks"
    unbound.pass_seconds(6)
    assert (unbound.stage, text(unbound).boxes) == ("enter", ("", "", "", ""))
    press(unbound, "B07")
    unbound.pass_seconds(59)
    assert text(unbound).boxes[0] == "B"
    unbound.pass_seconds(1)
    assert text(unbound).boxes == ("", "", "", ""), "a half-typed number goes away"

    # A keyboard and a scanner do the same.
    label = unbound.serve_out()
    real = code_of(unbound.hall, label)
    for typed in (label.lower(), real):
        page.activateWindow()
        view.setFocus()
        QTest.keyClicks(view, typed)
        if typed != real:
            QTest.keyClicks(view, "9")
            QTest.keyClick(view, Qt.Key.Key_Backspace)
        QTest.keyClick(view, Qt.Key.Key_Return)
        assert (unbound.stage, unbound.number) == ("asking", label)
        unbound.touch(page.view.skip_button)
    for code in (real[:-6] + "222222", code_of(unbound.hall, label, hall_code="H9")):
        page.controller.take_code(code)
        assert (unbound.stage, text(unbound).may_go) == ("enter", False), "not ours, or of another hall"
        assert text(unbound).trouble
        press(unbound, "B")
        assert text(unbound).trouble == ""
    page.controller.take_code(real[:-6] + "222222")
    assert text(unbound).trouble.startswith(f"There is no ticket {label}")


def test_a_ticket_of_yesterday_is_rated_where_the_hall_allows_it(make_screen, hall: Hall) -> None:
    label = hall.serve_out("3")
    code = code_of(hall, label)
    hall.clock.move(hours=24)
    unbound = make_screen()
    unbound.controller.take_code(code)
    assert "too late to rate it" in text(unbound).trouble
    unbound.meanwhile("set-setting", "rating_days", 1)
    unbound.controller.take_code(code)
    assert (unbound.stage, unbound.number) == ("asking", label)
    unbound.rate(5)
    assert unbound.log() == [("rate", label, "customer", 5)]


def test_without_a_number_one_can_still_tell_us_once(unbound: Screen) -> None:
    def opinions() -> list[tuple[int, tuple[str, ...]]]:
        return [(one.level, one.tags) for one in unbound.hall.whole().opinions.values()]

    unbound.ms[0] += 1000
    unbound.controller.without_number()
    assert unbound.stage == "asking"
    unbound.rate(1)
    assert opinions() == [(1, ())]
    unbound.touch(unbound.page.view.reasons["waited_long"], unbound.page.view.done_button)
    unbound.touch(unbound.page.words_view.none_button)
    assert (opinions(), unbound.log()) == ([(1, ("waited_long",))], [])

    unbound.pass_seconds(6)
    unbound.controller.without_number()
    assert (unbound.stage, text(unbound).no_number) == ("enter", "")
    unbound.pass_seconds(20)
    assert text(unbound).no_number == "Give an opinion without it"


def low_at_the_exit(unbound: Screen) -> None:
    """Let a customer come to the page for a few words, with one reason given."""
    label = unbound.serve_out()
    unbound.controller.take_code(code_of(unbound.hall, label))
    unbound.rate(2)
    unbound.touch(unbound.page.view.reasons["not_solved"], unbound.page.view.done_button)
    assert unbound.stage == "words"


def test_a_few_words_go_to_the_manager_with_the_reasons(unbound: Screen) -> None:
    def said() -> list[tuple[tuple[str, ...], str]]:
        found = hearing.comments_between(unbound.hall.desk, unbound.hall.date, unbound.hall.date)
        return [(one.tags, one.text) for one in found]

    low_at_the_exit(unbound)
    view = unbound.page.words_view
    view.field.insertPlainText("x" * 195)
    QTest.keyClicks(view.field, "x" * 10)
    assert len(view.field.toPlainText()) == 200
    unbound.pass_seconds(60)
    assert (unbound.stage, said()) == ("thanks", []), "words that nobody gave are thrown away"
    assert [kind for kind, *_rest in unbound.log()] == ["rate", "reasons"]

    unbound.pass_seconds(6)
    low_at_the_exit(unbound)
    assert (view.field.toPlainText(), view.give_button.isEnabled()) == ("", False)
    for key in ("n", "o", " ", "c", "x", "delete"):
        unbound.touch(view.keys.keys[key])
    QTest.keyClicks(view.field, "hairs, 2 of us")
    assert view.shown.count == "18 of 200"
    unbound.touch(view.give_button)
    assert (unbound.stage, said()) == ("thanks", [(("not_solved",), "no chairs, 2 of us")])
    assert [kind for kind, *_rest in unbound.log()][2:] == ["rate", "reasons"]
    assert all("chairs" not in str(event.data) for event in unbound.hall.log())


def test_words_are_asked_for_where_they_can_be_typed(unbound: Screen) -> None:
    unbound.speak("zh_CN")
    assert text(unbound).title == "请输入您的号码，\n评价今天的服务"
    press(unbound, "B03")
    assert text(unbound).go == "还差 1 位"
    assert not unbound.controller.offers_words
    unbound.meanwhile("set-setting", "rating_words", "keyboard")
    assert unbound.controller.offers_words
    unbound.meanwhile("set-setting", "rating_words", "off")
    i18n.use("en")
    assert not unbound.controller.offers_words


def test_a_customer_may_read_another_language(unbound: Screen) -> None:
    label, view = unbound.serve_out("4"), unbound.page.enter_view
    assert text(unbound).language == "中文"
    unbound.touch(view.language_button)
    assert (text(unbound).go, text(unbound).language) == ("请先输入号码", "English")
    press(unbound, label)
    go(unbound)
    assert unbound.page.view.skip_button.text() == "不评价"
    unbound.touch(unbound.page.view.skip_button)
    assert text(unbound).go == "Enter your number first", "the next customer finds the hall's language"

    unbound.touch(view.language_button)
    unbound.pass_seconds(29)
    assert text(unbound).language == "English"
    unbound.pass_seconds(1)
    assert text(unbound).language == "中文", "a language chosen for nothing goes by itself"
    unbound.speak("zh_CN")
    unbound.touch(view.language_button)
    assert text(unbound).language == "中文"
    unbound.pass_seconds(30)
    assert (text(unbound).language, i18n.current()) == ("English", "zh_CN"), "the hall changed its language meanwhile"


def press_at(screen: Screen, *keys: Qt.Key) -> None:
    for key in keys:
        screen.ms[0] += 1000
        QTest.keyClick(QApplication.focusWidget() or screen.page.view, key)
        screen.wait_quietly()


def active(screen: Screen) -> Screen:
    screen.page.activateWindow()
    screen.until(screen.page.isActiveWindow)
    screen.page.keys_host().setFocus()
    return screen


def test_the_question_warns_and_gives_more_time_as_often_as_wished(screen: Screen):
    label, cover, more = screen.serve_out(), screen.page.cover, screen.page.view.more_button
    screen.meanwhile("emergency", "请马上离开", text_en="Leave the hall now", who=MANAGER)
    assert cover.isVisible(), "an emergency lies over the question"
    assert screen.page.childAt(screen.page.rect().center()) is cover
    screen.meanwhile("end-emergency", who=MANAGER)
    assert not cover.isVisible()
    for _time in range(11):
        screen.pass_seconds(39)
        assert not more.isVisible()
        screen.pass_seconds(2)
        screen.touch(more)
        assert screen.stage == "asking"
    screen.rate(5)
    assert screen.log() == [("rate", label, "customer", 5)]


def test_a_number_half_typed_warns_before_it_goes(unbound: Screen):
    enter = unbound.page.enter_view
    press(unbound, "B")
    unbound.pass_seconds(45)
    assert "disappears in 15 seconds" in enter.spoken()[-1]
    press(unbound, "0")
    unbound.pass_seconds(45)
    assert unbound.controller.number == "B0"
    unbound.pass_seconds(16)
    assert unbound.controller.number == ""
    press_at(active(unbound), Qt.Key.Key_B, Qt.Key.Key_0, Qt.Key.Key_0, Qt.Key.Key_1)
    assert unbound.controller.number == "B001", "digits write it"


def test_arrows_a_digit_and_one_switch_rate(screen: Screen):
    assert not screen.page.view.listen_button.isVisible(), "without a voice there is no key for it"
    heard: list[str] = []
    screen.page.keyboard.offered.connect(heard.append)

    def switch() -> None:
        press_at(screen, Qt.Key.Key_Space)
        while heard[-1] != "Dissatisfied":
            screen.page.keyboard.scan.step()
        press_at(screen, Qt.Key.Key_Space)

    for level, by in (
        (4, lambda: press_at(screen, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return)),
        (3, lambda: press_at(screen, Qt.Key.Key_3)),
        (2, switch),
    ):
        label = screen.serve_out()
        active(screen)
        by()
        assert ("rate", label, "customer", level) in screen.log()


@pytest.mark.parametrize("window", ["3", None])
def test_every_key_suits_a_finger_and_is_reached_by_arrows(make_screen, window):
    screen = active(make_screen(**({"window": window} if window else {})))
    for stage in (screen.controller.rest, *STAGES):
        screen.controller.id = screen.controller.id or None
        screen.controller.show_stage(stage)
        QApplication.processEvents()  # the page that was hidden takes its room
        host = screen.page.keys_host()
        for key in keys_in(host):
            least = min(key.width(), key.height()) * WIDTH_MM / screen.page.width()
            assert least >= FINGER_MM, (stage, key.text(), round(least, 1), key.geometry(), screen.page.size())
        shown = {one for one in host.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()}
        reached, todo = set[QAbstractButton](), keys_in(host)[:1]
        while todo:
            key = todo.pop()
            reached.add(key)
            for arrow in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
                key.setFocus(Qt.FocusReason.TabFocusReason)
                QTest.keyClick(key, arrow)
                there = QApplication.focusWidget()
                if there in shown - reached and there not in todo:
                    todo.append(there)
        assert reached == shown, (stage, [key.text() for key in shown - reached])


def test_the_question_is_read_to_who_asks_and_a_face_is_touched_once_to_hear(make_screen):
    voice = Voice()
    screen = active(make_screen(voice, window="3"))
    label = screen.serve_out()
    assert voice.said == []
    screen.touch(screen.page.view.listen_button)
    promise = "One touch is enough. The person who served you does not see your rating."
    assert voice.said[-1][:3] == ("How was your visit?", promise, "Button 1: Very satisfied")
    screen.rate(2)
    assert (voice.said[-1], screen.log()) == (("Dissatisfied",), [])
    screen.rate(2)
    assert screen.log() == [("rate", label, "customer", 2)]
    assert voice.said[-1][0] == "Thank you for telling us. What went wrong?"
    press_at(screen, Qt.Key.Key_Plus)
    assert voice.step == USUAL_VOLUME + 1
    screen.pass_seconds(61)
    screen.pass_seconds(7)
    assert (screen.stage, voice.step, screen.page.listening.is_on) == ("idle", USUAL_VOLUME, False)


def test_written_talk_is_whole(serving: Screen, clerk: CounterEnd) -> None:
    page = join(serving, clerk)
    clerk.write("请问您带了上个月的电费单吗？")
    serving.until(lambda: bool(page.talk.lines))
    sights = Sights(page, page.context.look, shapes=ON_CANVAS)
    sights.take("talk")
    sights.must_be_whole()


def test_every_stage_at_a_window_is_whole(screen: Screen) -> None:
    page = screen.page
    screen.serve_out()
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), ON_CANVAS)
    look_at(sights, screen, screen.controller.rest, *STAGES)
    sights.must_be_whole()


def test_what_the_exit_alone_shows_is_whole(make_screen: Callable[..., Screen]) -> None:
    """The pages after a number are those of a window, below another head."""
    screen = make_screen()
    page = screen.page
    screen.serve_out()
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), ON_CANVAS)
    sights.take("without slips")
    devices.report(screen.hall.desk, screen.hall.ask(station("K1")), "printer", "K1", None)
    screen.follow()
    look_at(sights, screen, screen.controller.rest, Stage.ASKING, Stage.WORDS)
    sights.must_be_whole()

    assert isinstance(page, ExitPage)
    pad, cut = page.words_view.keys, []
    for size in ((1024, 768), (1280, 720), (1280, 1024), (1366, 768), (1600, 900), (1920, 1080)):
        page.context.look.set_scale(Scale.canvas(*size, WIDTH, HEIGHT))
        page.resize(*size)
        for lang, nothing in (("en", "Nothing to add"), ("zh_CN", "没有了")):
            i18n.use(lang)
            page.retranslate()
            settled()
            beside = page.words_view.none_button.geometry()
            fits = pad.geometry().bottom() < beside.top() and page.words_view.rect().contains(beside)
            cut += [(lang, size) for key in pad.keys.values() if not (fits and pad.rect().contains(key.geometry()))][:1]
            assert page.words_view.none_button.text() == nothing
    assert cut == []


def look_at(sights: Sights, screen: Screen, *stages: Stage) -> None:
    """Look at these stages in every shape, and at each while the hall is away."""
    away = screen.page.show_away
    for stage in stages:
        screen.controller.show_stage(stage)
        sights.take(str(stage))
        sights.take_message(f"{stage}, away", partial(away, screen.hall.clock()), partial(away, None))
