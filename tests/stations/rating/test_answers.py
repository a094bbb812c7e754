"""What is rated, asked after it and written."""

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtTest import QTest

from queuedesk.core.network.roles import CUSTOMER, UNTOLD, station
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.i18n import rating_level
from queuedesk.i18n.figures.figure_titles import RATING_REASONS
from queuedesk.stations.acts import written_talk
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS, OVER_MS
from queuedesk.stations.acts.written_talk import CLERK, CounterEnd, TalkDialog, Written, talk_name
from queuedesk.stations.rating.station import RatingPage
from queuedesk.stations.rating.view import QuestionText
from queuedesk.store.figures import measured
from queuedesk.store.parts import halls
from tests.credentials import shared
from tests.every_day import SEES_ALL
from tests.hall import ADMIN, Hall, at
from tests.stations.rating.conftest import Screen
from tests.stations.seen import shades
from tests.stations.stubs import Refusing
from tests.stations.whole_words import drawn


def rated(label: str, level: int) -> tuple[str, str, str, int]:
    """Return what the log has of a customer's rating."""
    return ("rate", label, "customer", level)


def reasons(label: str, *tags: str) -> tuple[str, str, str, list[str] | None]:
    """Return what the log has of the reasons that follow, or of none."""
    return ("reasons", label, "customer", [*tags] or None)


def test_one_touch_rates_and_thanks_and_after_a_low_one_reasons_may_be_chosen(screen: Screen):
    screen.serve_out()
    screen.touch(screen.page.view.skip_button)
    assert (screen.log(), screen.stage) == ([], "idle"), "no rating writes nothing"
    for times, level in enumerate((5, 4, 3), start=1):
        label = screen.rate_next(level)
        assert (screen.log()[-1], screen.stage) == (rated(label, level), "thanks")
        assert screen.sounds == ["click"] * times
        screen.pass_seconds(6)
        assert screen.stage == "idle"

    screen.hall.queue("B", "B")
    for level, tags in ((2, ("waited_long", "not_solved")), (1, ())):
        label, keys = screen.rate_next(level), screen.page.view.reasons
        assert screen.stage == "reasons"
        assert not any(button.isChecked() for button in keys.values())
        for tag in (*tags, "attitude", "attitude"):
            screen.touch(keys[tag])
        screen.touch(screen.page.view.done_button)
        assert screen.log()[-2:] == [rated(label, level), reasons(label, *tags)]
        assert screen.stage == "thanks"
        screen.pass_seconds(6)


def test_after_a_low_one_nothing_on_the_screen_says_how_low(screen: Screen):
    """Whoever served the customer may stand before it."""
    screen.rate_next(2)
    view = screen.page.view
    told, looks = " ".join(word.text for word in drawn(view).words), view.grab().toImage()
    assert "noted" in told
    assert not any(rating_level(level) in told for level in range(1, 6))
    screen.controller.level = 1
    screen.page.retranslate()
    assert view.grab().toImage() == looks

    screen.touch(view.reasons["attitude"])
    screen.speak("zh_CN")
    key = view.reasons["attitude"]
    assert (key.text(), key.isChecked()) == ("态度不好", True), "the language changes while a reason is chosen"


@pytest.mark.parametrize("level", [5, 2])
def test_every_rating_is_followed_by_one_event_within_a_minute_or_before_the_next_is_asked(screen: Screen, level: int):
    """Whoever counts or times what is in the log would else know that somebody was asked for reasons."""
    label = screen.rate_next(level)
    for _second in range(60):
        screen.pass_seconds(1)
    assert screen.log() == [rated(label, level), reasons(label)]
    sent = [event.time for event in screen.hall.log() if event.kind in ("rate", "reasons")]
    assert 5 <= (sent[1] - sent[0]).total_seconds() <= 60

    label = screen.rate_next(level)
    screen.call()
    screen.meanwhile("start", "3")
    screen.until(lambda: screen.stage == "idle")
    assert screen.log()[2:] == [rated(label, level), reasons(label)]
    assert [event.kind for event in screen.hall.log()][-2:] == ["start", "reasons"]


def test_the_hall_chooses_the_reasons(screen: Screen):
    view = screen.page.view
    for code in looking.setup_of(screen.hall.desk).services:
        screen.hall.do("set-row", "services", code, {"papers": [], "items": []}, who=ADMIN)
    screen.rate_next(1)
    assert set(RATING_REASONS) - view.reasons.keys() == {"papers_changed"}, "no papers are listed"
    screen.touch(view.done_button)
    assert screen.stage == "thanks"
    assert "papers" not in view.accessibleDescription() + view.accessibleName()

    screen.hall.do("set-hall", {"rating_reasons": ["other", "waited_long"]}, who=ADMIN)
    screen.pass_seconds(6)
    screen.rate_next(1)
    assert list(view.reasons) == ["waited_long", "other"]
    screen.touch(view.done_button)

    screen.hall.do("set-hall", {"rating_reasons": []}, who=ADMIN)
    for level in (5, 1):
        screen.pass_seconds(6)
        before = len(screen.log())
        label = screen.rate_next(level)
        assert screen.stage == "thanks", "nothing is asked after any rating"
        for _second in range(60):
            screen.pass_seconds(1)
        assert screen.log()[before:] == [rated(label, level), reasons(label)]


def test_reasons_are_sent_by_themselves_and_more_time_can_be_had_until_the_desk_would_refuse(screen: Screen):
    view = screen.page.view
    label = screen.rate_next(2)
    screen.touch(view.reasons["other"])
    screen.pass_seconds(50)
    screen.touch(view.more_button)
    screen.pass_seconds(59)
    assert screen.stage == "reasons"
    screen.pass_seconds(1)
    assert (screen.stage, screen.log()[1:]) == ("thanks", [reasons(label, "other")])

    screen.pass_seconds(6)
    label = screen.rate_next(2)
    screen.touch(view.reasons["other"])
    for _minute in range(6):
        screen.pass_seconds(50)
        if screen.stage == "reasons":
            screen.touch(view.more_button)
    assert (screen.stage, screen.log()[3:]) == ("thanks", [reasons(label, "other")])


def test_presses_meant_for_another_page_count_for_nothing(screen: Screen):
    first, key = screen.rate_next(2), screen.page.view.reasons["papers_changed"]
    screen.controller.rate(2)
    screen.touch(key, settled=False)
    assert screen.log() == [rated(first, 2)], "a double press gives one rating and no reason"
    assert (screen.controller.tags, key.isChecked()) == ([], False)

    second, third = screen.rate_next(5), screen.serve_out()
    assert screen.stage == "asking"
    screen.rate(5, settled=False)
    given = [one for one in screen.log() if one[0] == "rate"]
    assert given[1:] == [rated(second, 5)], "it was meant for the last customer"
    screen.rate(3)
    assert screen.log()[-1] == rated(third, 3)


def test_trouble_is_said_and_the_answer_can_be_given_again(make_screen):
    screen = make_screen(window="3", tasks=Refusing("database_away", path="postgresql://qd@192.168.1.5:7432/queuedesk"))
    trouble, label = screen.page.view.trouble, screen.serve_out()
    not_saved = "Your rating can't be saved now. Please try again in a moment."
    screen.page.show_away(at("10:42"))
    assert trouble() == not_saved
    screen.page.show_away(None)
    assert trouble() == ""
    screen.rate(4)
    assert (screen.stage, trouble()) == ("asking", not_saved)
    screen.rate(4)
    assert (screen.log(), trouble()) == ([rated(label, 4)], "")


def test_nothing_hints_at_an_answer_and_no_face_stands_higher_than_another(screen: Screen):
    screen.serve_out()
    faces, view = screen.page.view.faces, screen.page.view
    assert [face.level for face in faces] == [5, 4, 3, 2, 1]
    assert len({(face.size().toTuple(), face.word_px) for face in faces}) == 1
    assert not any(face.hasFocus() or face.isChecked() for face in faces)
    steps = {b.x() - a.x() for a, b in pairwise(faces)}
    assert max(steps) - min(steps) <= 1

    # Also where a language, or other words, need two lines for one of the answers.
    levels = ("Very satisfied", "Satisfied", "Neither good nor bad at all", "Dissatisfied", "Very dissatisfied")
    view.show_page(view.head, QuestionText("How was your visit?", "", levels, "No rating", ""))
    words = [word for word in drawn(screen.page).words if word.on in faces]
    assert len(words) > len(faces), "one word takes two lines"
    assert len({round(min(word.box.top() for word in words if word.on is face)) for face in faces}) == 1


def test_a_screen_that_asks_nobody_shows_that_the_hall_is_away_and_joins_no_talk(screen: Screen):
    amber = screen.page.context.look.color("amber").rgb() & 0xFFFFFF
    for away in (None, at("10:42"), None):
        screen.page.show_away(away)
        assert screen.stage == "idle"
        assert (amber in shades(screen.page.grab().toImage())[690:780, :300]) is (away is not None)

    end = CounterEnd(talk_name(screen.page.context, "3"))
    assert end.name != talk_name(screen.page.context, "4"), "other windows and halls have other names"
    end.begin()
    screen.page.tick(screen.hall.clock())
    QTest.qWait(50)
    assert not end.is_joined
    end.end()


def test_the_end_of_a_visit_asks_until_a_minute_has_passed(screen: Screen):
    screen.serve_out("4")
    assert screen.stage == "idle", "another window's"
    label = screen.serve_out()
    assert (screen.stage, screen.number) == ("asking", label)
    screen.pass_seconds(59)
    assert screen.stage == "asking"
    screen.pass_seconds(1)
    assert (screen.stage, screen.log()) == ("idle", [])

    screen.serve_out()
    screen.hall.do("reopen", "3")
    screen.rate(1)
    assert screen.log() == [], "reopened between look and touch"
    screen.follow()
    assert screen.stage == "idle", "a ticket taken back is not asked about"

    screen.hall.play("finish 3", "queue B")
    label = screen.serve_out()
    assert (screen.stage, screen.number) == ("asking", label)
    screen.meanwhile("rate", label, 4, who=CUSTOMER)
    assert screen.stage == "idle", "it was rated elsewhere"

    label = screen.call()
    screen.hall.play("start 3", "add 3 A")
    screen.meanwhile("finish", "3")
    assert (screen.stage, screen.hall.call("1")) == ("idle", label), "a visit that goes on"
    screen.finish("1")
    assert screen.stage == "idle", "it ended at window 1"


def test_the_question_stays_while_the_next_customer_walks(screen: Screen):
    label = screen.serve_out()
    screen.call()
    assert (screen.stage, screen.number) == ("asking", label)
    screen.pass_seconds(19)
    screen.rate(5)
    assert screen.log() == [rated(label, 5)]
    for ends in (lambda: screen.pass_seconds(20), lambda: screen.meanwhile("start", "3")):
        screen.finish()
        screen.call()
        assert screen.stage == "asking"
        ends()
        assert screen.stage == "idle", "it goes before the next one can be there, or is"


def test_a_screen_that_starts_late_asks_about_the_one_just_served(make_screen, hall):
    label = hall.serve_out("3")
    hall.clock.move(seconds=40)
    screen = make_screen(window="3")
    assert (screen.stage, screen.number) == ("asking", label)
    screen.pass_seconds(20)
    assert screen.stage == "idle"


def join(screen: Screen, clerk: CounterEnd) -> RatingPage:
    page: Any = screen.page
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
    assert (page.talk_cover.isHidden(), hall.length()) == (True, seq)
    assert [one for one in tmp_path.rglob("*") if one.is_file() and b"zebra-words" in one.read_bytes()] == []


def test_a_counter_that_goes_ends_the_talk(serving: Screen):
    page, counter = serving.page, QLocalServer()
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
    page = serving.page
    clerk = CounterEnd(talk_name(page.context, "3"))
    dialog = TalkDialog(page, page.context.look, clerk, ticket="B001")
    dialog.open_dialog()
    assert dialog.waiting.text() == "The rating screen of this window has not answered on this PC yet."
    page.tick(serving.hall.clock())
    serving.until(lambda: clerk.is_joined)
    assert dialog.waiting.isHidden()
    dialog.refuse()
    serving.until(lambda: not page.talk.is_open)


@pytest.mark.parametrize("seed", range(5 if SEES_ALL else 2))
@pytest.mark.parametrize(("window", "seconds"), [("3", 20), (None, 40)], ids=["asking", "exit"])
def test_drumming_anywhere_gives_no_rating_and_no_opinion(make_screen, window: str | None, seconds: int, seed: int):
    screen, chance = make_screen(**({"window": window} if window else {})), random.Random(seed)
    if window:
        screen.serve_out()
        assert screen.stage == "asking"
    until = screen.ms[0] + seconds * 1000
    while screen.ms[0] < until:
        point = QPoint(chance.randrange(screen.page.width()), chance.randrange(screen.page.height()))
        target = screen.page.childAt(point) or screen.page
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(screen.page, point))
        screen.ms[0] += chance.randint(80, 780)
        screen.controller.holding.settle()

    assert not window or screen.stage in ("asking", "idle")
    assert [event for event in screen.hall.log() if event.kind in ("rate", "opinion")] == []


def test_it_is_said_and_noted_and_the_next_calm_touch_counts(screen: Screen):
    label, trouble = screen.serve_out(), screen.page.view.trouble
    for _press in range(8):
        QTest.mouseClick(screen.face(1), Qt.MouseButton.LeftButton)
        screen.ms[0] += 250
    assert "One touch is enough" in trouble()
    screen.ms[0] += OVER_MS
    screen.pass_seconds(1)
    assert trouble() == ""
    screen.rate(4)
    assert screen.log() == [rated(label, 4)]
    noted = [(event.actor, event.data["station"]) for event in screen.hall.log() if event.kind == "drumming"]
    assert noted == [("customer", "rating")]


def test_an_answer_changed_at_once_counts_as_changed_and_is_kept_when_the_next_customer_comes(screen: Screen):
    def press(level: int) -> None:
        """Press a face and let nothing take effect yet."""
        screen.ms[0] += 1000
        QTest.mouseClick(screen.face(level), Qt.MouseButton.LeftButton)

    label = screen.serve_out()
    press(1)
    screen.ms[0] += HOLD_MS // 2
    screen.rate(5, settled=False)
    assert screen.log() == [rated(label, 5)]

    screen.pass_seconds(66)
    label = screen.serve_out()
    screen.call()
    press(2)
    screen.hall.do("start", "3")
    screen.until(lambda: screen.stage == "idle")
    assert rated(label, 2) in screen.log()


def levels(hall: Hall) -> list[int | None]:
    return [hall.ticket(label).rating for label in ("A001", "A002")]


@pytest.mark.pg
def test_all_kinds_of_pc_work_together_and_the_managers_reports_levels(shared_url, make_screen):
    """The screen has the login of a public PC, as has a kiosk; it works, and only the manager's learns the level."""
    with shared(shared_url, "A") as place:
        kiosk = place.hall(place.pc(PcKind.PUBLIC))
        counters = [place.hall(place.pc(PcKind.STAFF)) for _ in range(2)]
        manager = place.hall(place.pc(PcKind.MANAGER))
        screen = make_screen(of=place.hall(place.pc(PcKind.PUBLIC)), window="1")
        for number, counter in enumerate(counters, start=1):
            counter.open(str(number), f"C{number}")
        for counter, window in zip(counters, ("1", "2"), strict=True):
            kiosk.do("issue", "A", who=station("kiosk"))
            for verb in ("call", "start", "finish"):
                counter.do(verb, window)

        screen.until(lambda: screen.stage == "asking")
        screen.touch(screen.face(2))
        screen.until(lambda: screen.stage == "reasons")
        screen.follow()

        assert [levels(one) for one in (*counters, manager)] == [[UNTOLD, None], [UNTOLD, None], [2, None]]
        with manager.desk.db.read() as tx:
            setup = halls.setup(tx, halls.load(tx, 1))
            day = measured.Reader(tx, 1, setup, place.clock()).day(place.clock().date())
        assert [(row.level, row.staff) for row in day.ratings] == [(2, "C1")]
        kiosk.do("issue", "A", who=station("kiosk"))
        counters[0].do("call", "1")
        assert [event.kind for event in counters[1].log()] == [event.kind for event in manager.log()]
