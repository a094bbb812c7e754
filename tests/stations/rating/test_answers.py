"""What is rated, asked after it and written."""

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, rating
from queuedesk.i18n import rating_level
from queuedesk.i18n.figures.rating_reasons import RATING_REASONS
from queuedesk.stations.acts import written_talk
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS, OVER_MS
from queuedesk.stations.acts.written_talk import CLERK, CounterEnd, TalkDialog, Written, talk_name
from queuedesk.stations.rating.station import RatingPage
from queuedesk.stations.rating.view import QuestionText
from tests.every_day import SEES_ALL
from tests.hall import ADMIN, at
from tests.stations.rating.conftest import Screen
from tests.stations.seen import shades
from tests.stations.stubs import Refusing
from tests.stations.whole_words import drawn


def rated(screen: Screen) -> list[tuple[str | None, int]]:
    """Return the ratings that customers gave: number and level."""
    return [(label, level) for kind, label, _actor, level in screen.log() if kind == "rate"]


def test_one_touch_rates_and_thanks(screen: Screen):
    screen.serve_out()
    screen.touch(screen.page.view.skip_button)
    assert (screen.log(), screen.stage) == ([], "idle"), "no rating writes nothing"

    for times, level in enumerate((5, 4, 3), start=1):
        label = screen.serve_out()
        screen.touch(screen.face(level))
        assert screen.log()[-1] == ("rate", label, "customer", level)
        assert screen.stage == "thanks"
        assert screen.sounds == ["click"] * times
        screen.pass_seconds(6)
        assert screen.stage == "idle"


def test_after_a_low_one_reasons_may_be_chosen(screen: Screen):
    level = 2
    label = screen.serve_out()
    screen.touch(screen.face(level))
    assert screen.stage == "reasons"
    reasons = screen.page.view.reasons
    assert not any(button.isChecked() for button in reasons.values())

    screen.touch(reasons["waited_long"])
    screen.touch(reasons["attitude"])
    screen.touch(reasons["attitude"])
    screen.touch(reasons["not_solved"])
    screen.touch(screen.page.view.done_button)

    assert screen.log() == [
        ("rate", label, "customer", level),
        ("reasons", label, "customer", ["waited_long", "not_solved"]),
    ]
    assert screen.stage == "thanks"

    screen.pass_seconds(6)
    label, level = screen.serve_out(), 1
    screen.touch(screen.face(level))
    screen.touch(screen.page.view.done_button)
    assert screen.log()[2:] == [("rate", label, "customer", level), ("reasons", label, "customer", None)], "left out"
    assert screen.stage == "thanks"


def test_after_a_low_one_nothing_on_the_screen_says_how_low(screen: Screen):
    """Whoever served the customer may stand before it."""
    screen.serve_out()
    screen.touch(screen.face(2))
    view = screen.page.view
    told, looks = " ".join(word.text for word in drawn(view).words), view.grab().toImage()
    assert "noted" in told
    assert not any(rating_level(level) in told for level in range(1, 6))

    screen.controller.level = 1
    screen.page.retranslate()
    assert view.grab().toImage() == looks

    screen.touch(view.reasons["attitude"])
    i18n.use("zh_CN")
    screen.page.retranslate()
    assert view.reasons["attitude"].text() == "态度不好"
    assert view.reasons["attitude"].isChecked(), "the language changes while a reason is chosen"


@pytest.mark.parametrize("level", [5, 2])
def test_every_rating_is_followed_by_one_event_within_a_minute_or_before_the_next_is_asked(screen: Screen, level: int):
    """Whoever counts or times what is in the log would else know that somebody was asked for reasons."""
    label = screen.serve_out()
    screen.touch(screen.face(level))
    for _second in range(60):
        screen.pass_seconds(1)
    assert screen.log() == [("rate", label, "customer", level), ("reasons", label, "customer", None)]
    sent = [e.time for e in looking.events_after(screen.hall.desk, 0) if e.kind in ("rate", "reasons")]
    assert 5 <= (sent[1] - sent[0]).total_seconds() <= 60

    label = screen.serve_out()
    screen.touch(screen.face(level))
    screen.call()
    screen.hall.do("start", "3")
    screen.follow()
    screen.until(lambda: screen.stage == "idle")
    assert screen.log()[2:] == [("rate", label, "customer", level), ("reasons", label, "customer", None)]
    assert [e.kind for e in looking.events_after(screen.hall.desk, 0)][-2:] == ["start", "reasons"]


def test_the_hall_chooses_the_reasons(screen: Screen):
    for code in looking.setup_of(screen.hall.desk).services:
        screen.hall.do("set-row", "services", code, {"papers": [], "items": []}, who=ADMIN)
    screen.serve_out()
    screen.touch(screen.face(1))
    assert set(RATING_REASONS) - screen.page.view.reasons.keys() == {"papers_changed"}, "no papers are listed"
    screen.touch(screen.page.view.done_button)
    assert screen.stage == "thanks"
    assert "papers" not in screen.page.view.accessibleDescription() + screen.page.view.accessibleName()

    screen.hall.do("set-hall", {"rating_reasons": ["other", "waited_long"]}, who=ADMIN)
    screen.pass_seconds(6)
    screen.serve_out()
    screen.touch(screen.face(1))
    assert list(screen.page.view.reasons) == ["waited_long", "other"]
    screen.touch(screen.page.view.done_button)

    screen.hall.do("set-hall", {"rating_reasons": []}, who=ADMIN)
    for level in (5, 1):
        screen.pass_seconds(6)
        before = len(screen.log())
        label = screen.serve_out()
        screen.touch(screen.face(level))
        assert screen.stage == "thanks", "nothing is asked after any rating"
        for _second in range(60):
            screen.pass_seconds(1)
        after = [("rate", label, "customer", level), ("reasons", label, "customer", None)]
        assert screen.log()[before:] == after


def test_reasons_are_sent_by_themselves_and_more_time_can_be_had(screen: Screen):
    label = screen.serve_out()
    screen.touch(screen.face(2))
    screen.touch(screen.page.view.reasons["other"])
    screen.pass_seconds(50)
    screen.touch(screen.page.view.more_button)
    screen.pass_seconds(59)
    assert screen.stage == "reasons"
    screen.pass_seconds(1)
    assert screen.stage == "thanks"
    assert screen.log()[1:] == [("reasons", label, "customer", ["other"])]

    screen.pass_seconds(6)
    label = screen.serve_out()
    screen.touch(screen.face(2))
    screen.touch(screen.page.view.reasons["other"])
    for _minute in range(6):
        screen.pass_seconds(50)
        if screen.stage == "reasons":
            screen.touch(screen.page.view.more_button)
    assert screen.stage == "thanks", "more time ends before the desk refuses"
    assert screen.log()[3:] == [("reasons", label, "customer", ["other"])]


def test_the_next_customer_keeps_what_was_chosen(screen: Screen):
    label = screen.serve_out()
    screen.touch(screen.face(1))
    screen.touch(screen.page.view.reasons["waited_long"])
    screen.call()
    assert screen.stage == "reasons", "the next one is still on the way"
    calling.start(screen.hall.desk, screen.hall.ask(), "3")
    screen.follow()

    assert screen.stage == "idle"
    assert screen.log()[1:] == [("reasons", label, "customer", ["waited_long"])]


def test_presses_meant_for_another_page_count_for_nothing(screen: Screen):
    first = screen.serve_out()
    screen.touch(screen.face(2))
    screen.controller.rate(2)
    screen.touch(screen.page.view.reasons["papers_changed"], settled=False)
    assert screen.log() == [("rate", first, "customer", 2)], "a double press gives one rating and no reason"
    assert screen.controller.tags == []
    assert not screen.page.view.reasons["papers_changed"].isChecked()

    second = screen.serve_out()
    screen.touch(screen.face(5))
    third = screen.serve_out()
    assert screen.stage == "asking"
    screen.touch(screen.face(5), settled=False)
    assert rated(screen)[1:] == [(second, 5)], "it was meant for the last customer"
    screen.touch(screen.face(3))
    assert rated(screen)[2:] == [(third, 3)]


def test_trouble_is_said_and_the_answer_can_be_given_again(make_screen: Callable[..., Screen]):
    server = "postgresql://qd@192.168.1.5:7432/queuedesk"
    screen = make_screen(window="3", tasks=Refusing("database_away", path=server))
    label = screen.serve_out()
    screen.page.show_away(at("10:42"))
    assert screen.page.view.trouble() == "Your rating can't be saved now. Please try again in a moment."
    screen.page.show_away(None)
    assert screen.page.view.trouble() == ""

    screen.touch(screen.face(4))
    assert screen.stage == "asking"
    assert screen.page.view.trouble() == "Your rating can't be saved now. Please try again in a moment."
    screen.touch(screen.face(4))
    assert screen.log() == [("rate", label, "customer", 4)]
    assert screen.page.view.trouble() == ""


def test_nothing_hints_at_an_answer_and_no_face_stands_higher_than_another(screen: Screen):
    screen.serve_out()
    faces = screen.page.view.faces

    assert [face.level for face in faces] == [5, 4, 3, 2, 1]
    assert len({face.size().toTuple() for face in faces}) == 1
    assert len({face.word_px for face in faces}) == 1
    assert not any(face.hasFocus() or face.isChecked() for face in faces)
    steps = {b.x() - a.x() for a, b in pairwise(faces)}
    assert max(steps) - min(steps) <= 1

    # Also where a language, or other words, need two lines for one of the answers.
    view = screen.page.view
    levels = ("Very satisfied", "Satisfied", "Neither good nor bad at all", "Dissatisfied", "Very dissatisfied")
    view.show_page(view.head, QuestionText("How was your visit?", "", levels, "No rating", ""))
    words = [word for word in drawn(screen.page).words if word.on in faces]

    first_lines = {face.level: min(word.box.top() for word in words if word.on is face) for face in faces}
    assert len(words) > len(faces), "one word takes two lines"
    assert len({round(top) for top in first_lines.values()}) == 1


def test_every_reason_has_words_in_both_languages():
    from queuedesk.i18n.figures.rating_reasons import rating_reason

    english = [rating_reason(code, "en") for code in RATING_REASONS]
    chinese = [rating_reason(code, "zh_CN") for code in RATING_REASONS]

    assert not set(english) & set(chinese)
    assert rating_reason("typed elsewhere", "en") == "typed elsewhere"


def test_a_screen_that_asks_nobody_shows_that_the_hall_is_away_and_joins_no_talk(screen: Screen):
    assert screen.stage == "idle"
    amber = screen.page.context.look.color("amber").rgb() & 0xFFFFFF

    def is_told() -> bool:
        return amber in shades(screen.page.grab().toImage())[690:780, :300]

    assert not is_told()
    screen.page.show_away(at("10:42"))
    assert is_told()
    screen.page.show_away(None)
    assert not is_told()

    page = page_of(screen)
    end = CounterEnd(talk_name(page.context, "3"))
    assert end.name != talk_name(page.context, "4"), "other windows and halls have other names"
    end.begin()
    page.tick(screen.hall.clock())
    QTest.qWait(50)
    assert not end.is_joined
    end.end()


def test_the_end_of_a_visit_asks_until_a_minute_has_passed(screen: Screen):
    screen.serve_out("4")
    assert screen.stage == "idle", "another window's"

    label = screen.serve_out()
    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.pass_seconds(59)
    assert screen.stage == "asking"
    screen.pass_seconds(1)
    assert (screen.stage, screen.log()) == ("idle", [])

    screen.serve_out()
    calling.reopen(screen.hall.desk, screen.hall.ask(), "3")
    screen.touch(screen.face(1))
    assert screen.log() == [], "reopened between look and touch"
    screen.follow()
    assert screen.stage == "idle", "a ticket taken back is not asked about"

    calling.finish(screen.hall.desk, screen.hall.ask(), "3")
    screen.hall.queue("B")
    label = screen.serve_out()
    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    rating.rate(screen.hall.desk, screen.hall.ask(CUSTOMER), label, 4)
    screen.follow()
    assert screen.stage == "idle", "it was rated elsewhere"


def test_a_visit_that_goes_on_is_not_asked_about_yet(screen: Screen):
    label = screen.call()
    calling.start(screen.hall.desk, screen.hall.ask(), "3")
    calling.add(screen.hall.desk, screen.hall.ask(), "3", "A")
    calling.finish(screen.hall.desk, screen.hall.ask(), "3")
    screen.follow()
    assert screen.stage == "idle"

    assert screen.hall.call("1") == label
    screen.finish("1")
    assert screen.stage == "idle", "it ended at window 1"


def test_the_question_stays_while_the_next_customer_walks(screen: Screen):
    label = screen.serve_out()
    screen.call()
    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.pass_seconds(19)
    screen.touch(screen.face(5))
    assert screen.log() == [("rate", label, "customer", 5)]

    screen.finish()
    screen.call()
    assert screen.stage == "asking"
    screen.pass_seconds(20)
    assert screen.stage == "idle", "it goes before the next one can be there"

    screen.finish()
    screen.call()
    assert screen.stage == "asking"
    calling.start(screen.hall.desk, screen.hall.ask(), "3")
    screen.follow()
    assert screen.stage == "idle", "the next one is at the window"


def test_a_visit_finished_with_the_next_call_is_asked_about(screen: Screen):
    label = screen.call()
    calling.start(screen.hall.desk, screen.hall.ask(), "3")
    calling.finish(screen.hall.desk, screen.hall.ask(), "3")
    calling.call(screen.hall.desk, screen.hall.ask(), "3")
    screen.follow()

    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.pass_seconds(20)
    assert screen.stage == "idle"


def test_a_screen_that_starts_late_asks_about_the_one_just_served(make_screen: Callable[..., Screen], hall):
    label = hall.serve_out("3")
    hall.clock.move(seconds=40)

    screen = make_screen(window="3")

    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.pass_seconds(20)
    assert screen.stage == "idle"


def page_of(screen: Screen) -> RatingPage:
    assert isinstance(screen.page, RatingPage)
    return screen.page


def join(screen: Screen, clerk: CounterEnd) -> RatingPage:
    page = page_of(screen)
    clerk.begin()
    page.tick(screen.hall.clock())
    screen.until(lambda: clerk.is_joined and page.talk.is_open)
    return page


def test_both_read_what_the_other_writes(screen: Screen, clerk: CounterEnd):
    clerk.begin()
    clerk.write("Good morning.  Which form do you have?")
    page = join(screen, clerk)
    screen.until(lambda: bool(page.talk.lines))
    assert page.talk.lines == [Written(CLERK, "Good morning. Which form do you have?")]
    assert page.talk_cover.isVisible()

    QTest.keyClicks(page.talk_cover.view.edit, "form 3 b")
    QTest.keyClick(page.talk_cover.view.edit, Qt.Key.Key_Return)
    screen.until(lambda: len(clerk.lines) == 2)
    assert clerk.lines[-1] == Written(written_talk.CUSTOMER, "form 3 b")
    screen.touch(page.talk_cover.answers[0])
    screen.until(lambda: clerk.lines[-1].text == "Yes")


def test_at_the_end_nothing_is_left_anywhere(screen: Screen, clerk: CounterEnd, hall, tmp_path: Path):
    seq = hall.length()
    page = join(screen, clerk)
    clerk.write("zebra-words")
    screen.until(lambda: bool(page.talk.lines))
    clerk.end()
    screen.until(lambda: not page.talk.is_open)

    assert (clerk.lines, page.talk.lines, page.talk_cover.view.labels) == ([], [], [])
    assert page.talk_cover.isHidden()
    assert hall.length() == seq
    assert [one for one in tmp_path.rglob("*") if one.is_file() and b"zebra-words" in one.read_bytes()] == []


def test_a_counter_that_goes_ends_the_talk(serving: Screen):
    page, counter = page_of(serving), QLocalServer()
    counter.listen(talk_name(page.context, "3"))
    page.tick(serving.hall.clock())
    serving.until(counter.hasPendingConnections)
    socket = counter.nextPendingConnection()
    socket.write(b'[["clerk", "hello"]]\n')
    serving.until(lambda: page.talk.lines == [Written(CLERK, "hello")])

    socket.abort()
    counter.close()
    serving.until(lambda: not page.talk.is_open)
    assert page.talk.lines == []


def test_what_is_no_line_is_left_out(serving: Screen, clerk: CounterEnd):
    clerk.begin()
    socket = QLocalSocket()
    socket.connectToServer(clerk.name)
    serving.until(lambda: clerk.is_joined)
    for line in (b"no json", b"{}", b'[["clerk"]]', b'[["hall", "x"]]', b'[["customer", 5]]', b'[["customer", "ok"]]'):
        socket.write(line + b"\n")
    serving.until(lambda: bool(clerk.lines))
    assert clerk.lines == [Written(written_talk.CUSTOMER, "ok")]
    socket.abort()


def test_the_clerk_says_when_no_screen_answers_and_ends_it(serving: Screen):
    screen, page = serving, page_of(serving)
    clerk = CounterEnd(talk_name(page.context, "3"))
    dialog = TalkDialog(page, page.context.look, clerk, ticket="B001")
    dialog.open_dialog()
    assert dialog.waiting.text() == "The rating screen of this window has not answered on this PC yet."
    page.tick(screen.hall.clock())
    screen.until(lambda: clerk.is_joined)
    assert dialog.waiting.isHidden()
    dialog.refuse()
    screen.until(lambda: not page.talk.is_open)


def drum(screen: Screen, seed: int, seconds: int) -> None:
    chance = random.Random(seed)
    until = screen.ms[0] + seconds * 1000
    while screen.ms[0] < until:
        point = QPoint(chance.randrange(screen.page.width()), chance.randrange(screen.page.height()))
        target = screen.page.childAt(point) or screen.page
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(screen.page, point))
        screen.ms[0] += chance.randint(80, 780)
        screen.controller.holding.settle()


@pytest.mark.parametrize("seed", range(5 if SEES_ALL else 2))
def test_drumming_while_somebody_is_asked_gives_no_rating(screen: Screen, seed: int):
    screen.serve_out()
    assert screen.stage == "asking"
    drum(screen, seed, 20)

    assert screen.log() == []
    assert screen.stage in ("asking", "idle")


@pytest.mark.parametrize("seed", range(5 if SEES_ALL else 2))
def test_drumming_at_the_exit_gives_no_opinion(make_screen, seed: int):
    screen = make_screen()
    drum(screen, seed, 40)

    assert [e for e in looking.events_after(screen.hall.desk, 0) if e.kind in ("rate", "opinion")] == []


def test_it_is_said_and_noted_and_the_next_calm_touch_counts(screen: Screen):
    label = screen.serve_out()
    for _press in range(8):
        QTest.mouseClick(screen.face(1), Qt.MouseButton.LeftButton)
        screen.ms[0] += 250
    assert "One touch is enough" in screen.page.view.trouble()
    screen.ms[0] += OVER_MS
    screen.pass_seconds(1)
    assert screen.page.view.trouble() == ""
    screen.touch(screen.face(4))
    noted = [e for e in looking.events_after(screen.hall.desk, 0) if e.kind == "drumming"]

    assert screen.log() == [("rate", label, "customer", 4)]
    assert [(e.actor, e.data["station"]) for e in noted] == [("customer", "rating")]


def test_an_answer_changed_at_once_counts_as_changed_and_is_kept_when_the_next_customer_comes(screen: Screen):
    label = screen.serve_out()
    screen.ms[0] += 1000
    QTest.mouseClick(screen.face(1), Qt.MouseButton.LeftButton)
    screen.ms[0] += HOLD_MS // 2
    screen.touch(screen.face(5), settled=False)

    assert screen.log() == [("rate", label, "customer", 5)]

    screen.pass_seconds(66)
    label = screen.serve_out()
    screen.call()
    screen.ms[0] += 1000
    QTest.mouseClick(screen.face(2), Qt.MouseButton.LeftButton)
    screen.hall.do("start", "3")
    screen.until(lambda: screen.stage == "idle")

    assert ("rate", label, "customer", 2) in screen.log()
