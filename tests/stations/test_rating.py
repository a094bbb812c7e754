"""What is rated, asked after it and written, at a window's screen and at the exit, following the log of a hall."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import UnconfirmedClockJump
from queuedesk.core.network.roles import CUSTOMER, UNTOLD, actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.desk.quality import hearing
from queuedesk.desk.talk import devices
from queuedesk.i18n import error_sentence, rating_level_words
from queuedesk.i18n.figures.figure_titles import RATING_REASONS
from queuedesk.stations.access import visible_keys_in_reading_order
from queuedesk.stations.acts import written_talk
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS, OVER_MS
from queuedesk.stations.acts.written_talk import CLERK, ClerkTalkEndpoint, WrittenLine, written_talk_socket_name
from queuedesk.stations.rating.controller import (
    CustomerRatingFlow,
    ExitRatingController,
    RatingStage,
    WindowRatingController,
)
from queuedesk.stations.rating.station import ExitRatingPage, NumberEntryTexts, WindowRatingPage
from queuedesk.stations.rating.view import HEIGHT, WIDTH, CustomerRatingPage, FaceQuestionTexts, refusal_text
from queuedesk.stations.window.context import StationContext, StationServices, StationSounds, WorkLanes
from queuedesk.stations.window.style import Scale
from queuedesk.store.figures import measured
from queuedesk.store.parts import halls
from queuedesk.voice.announcer import USUAL_VOLUME
from tests.credentials import shared
from tests.every_day import SEES_ALL
from tests.hall import ADMIN, MANAGER, Hall, at, made_once, six_windows
from tests.stations.english import english  # noqa: F401
from tests.stations.hands import UnhurriedHands, code_of
from tests.stations.seen import shades
from tests.stations.shapes import ON_CANVAS
from tests.stations.stubs import Refusing, Voice, stub
from tests.stations.whole_words import Sights, drawn, settled, typed_words


@dataclass
class Screen(UnhurriedHands):
    """The page, its hall, the sounds it made, and a steady clock for double presses that tests move."""

    page: CustomerRatingPage
    sounds: list[str]
    ms: list[int] = field(default_factory=lambda: [0])

    @property
    def controller(self) -> CustomerRatingFlow:
        return self.page.controller

    @property
    def number(self) -> str:
        return str(self.page.view.head.number)

    @property
    def stage(self) -> str:
        return str(self.controller.stage)

    def face(self, level: int) -> QWidget:
        return next(face for face in self.page.view.faces if face.level == level)

    def rate(self, level: int, **how: bool) -> None:
        self.touch(self.face(level), **how)

    def rate_next(self, level: int) -> str:
        """Let the next customer be served at window 3 and rate; return the number."""
        label = self.serve_out()
        self.rate(level)
        return label

    def serve_out(self, window: str = "3") -> str:
        label = self.hall.serve_out(window)
        self.follow()
        return label

    def call(self) -> str:
        return str(self.meanwhile("call", "3")["ticket"])

    def finish(self, window: str = "3") -> None:
        self.hall.do("start", window)
        self.meanwhile("finish", window)

    def log(self) -> list[tuple[str, str | None, str, Any]]:
        """Return what customers have said: kind, number, actor, level or reasons."""
        said = [e for e in self.hall.log() if e.kind in ("rate", "reasons")]
        return [(e.kind, e.ticket, e.actor, e.data.get("level") or e.data.get("tags")) for e in said]


def morning(folder: Path) -> Hall:
    hall = six_windows(folder)
    hall.queue(*"BBBB")
    return hall


@pytest.fixture
def hall(tmp_path) -> Hall:
    return made_once(tmp_path, morning)


@pytest.fixture
def make_screen(hall: Hall, stand: Callable[..., Any], qtbot) -> Callable[..., Screen]:
    def make(voice: Voice | None = None, of: Hall = hall, tasks: WorkLanes | None = None, **options: Any) -> Screen:
        ms, sounds = [0], list[str]()

        def build(context: StationContext) -> CustomerRatingPage:
            if "window" in options:
                return WindowRatingPage(context, WindowRatingController(context, steady_ms=lambda: ms[0]))
            return ExitRatingPage(context, ExitRatingController(context, steady_ms=lambda: ms[0]))

        services = StationServices(sounds=stub(StationSounds, play=sounds.append), speech=voice)
        about: dict[str, Any] = {"who": CUSTOMER, "services": services, "options": options}
        page = stand("rating", build, (1280, 800), still=False, of=of, tasks=tasks, **about)
        return Screen(of, page, qtbot.waitUntil, sounds, ms)

    return make


@pytest.fixture
def screen(make_screen: Callable[..., Screen]) -> Screen:
    return make_screen(window="3")


@pytest.fixture(name="serving")
def served(screen: Screen) -> Screen:
    screen.call()
    screen.meanwhile("start", "3")
    return screen


@pytest.fixture
def clerk(serving: Screen) -> Iterator[ClerkTalkEndpoint]:
    end = ClerkTalkEndpoint(written_talk_socket_name(serving.page.context, "3"))
    yield end
    end.end_talk()


def rated(label: str, level: int) -> tuple[str, str, str, int]:
    return ("rate", label, "customer", level)


def reasons(label: str, *tags: str) -> tuple[str, str, str, list[str] | None]:
    return ("reasons", label, "customer", [*tags] or None)


def test_one_touch_rates_and_thanks_and_after_a_low_one_reasons_may_be_chosen(screen: Screen):
    screen.serve_out()
    screen.touch(screen.page.view.skip_button)
    assert (screen.log(), screen.stage) == ([], "idle"), "no rating writes nothing"
    for times, level in enumerate((5, 4, 3), start=1):
        label = screen.rate_next(level)
        assert (screen.log()[-1], screen.stage) == (rated(label, level), "thanks")
        assert screen.sounds == ["click"] * times
        screen.pass_time(seconds=6)
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
        screen.pass_time(seconds=6)


def test_after_a_low_one_nothing_on_the_screen_says_how_low(screen: Screen):
    """Whoever served the customer may stand before it."""
    screen.rate_next(2)
    view = screen.page.view
    told, looks = " ".join(word.text for word in drawn(view).words), view.grab().toImage()
    assert "noted" in told
    assert not any(rating_level_words(level) in told for level in range(1, 6))
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
        screen.pass_time(seconds=1)
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
    for code in looking.setup_of_hall(screen.hall.desk).services:
        screen.hall.do("set-row", "services", code, {"papers": [], "items": []}, who=ADMIN)
    screen.rate_next(1)
    assert set(RATING_REASONS) - view.reasons.keys() == {"papers_changed"}, "no papers are listed"
    screen.touch(view.done_button)
    assert screen.stage == "thanks"
    assert "papers" not in view.accessibleDescription() + view.accessibleName()
    screen.hall.do("set-hall", {"rating_reasons": ["other", "waited_long"]}, who=ADMIN)
    screen.pass_time(seconds=6)
    screen.rate_next(1)
    assert list(view.reasons) == ["waited_long", "other"]
    screen.touch(view.done_button)
    screen.hall.do("set-hall", {"rating_reasons": []}, who=ADMIN)
    for level in (5, 1):
        screen.pass_time(seconds=6)
        before = len(screen.log())
        label = screen.rate_next(level)
        assert screen.stage == "thanks", "nothing is asked after any rating"
        for _second in range(60):
            screen.pass_time(seconds=1)
        assert screen.log()[before:] == [rated(label, level), reasons(label)]


def test_reasons_are_sent_by_themselves_and_more_time_can_be_had_until_the_desk_would_refuse(screen: Screen):
    view = screen.page.view
    label = screen.rate_next(2)
    screen.touch(view.reasons["other"])
    screen.pass_time(seconds=50)
    screen.touch(view.more_button)
    screen.pass_time(seconds=59)
    assert screen.stage == "reasons"
    screen.pass_time(seconds=1)
    assert (screen.stage, screen.log()[1:]) == ("thanks", [reasons(label, "other")])
    screen.pass_time(seconds=6)
    label = screen.rate_next(2)
    screen.touch(view.reasons["other"])
    for _minute in range(6):
        screen.pass_time(seconds=50)
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
    trouble, label = screen.page.view.trouble_text, screen.serve_out()
    not_saved = "Your rating can't be saved now. Please try again in a moment."
    screen.page.show_hall_away(at("10:42"))
    assert trouble() == not_saved
    screen.page.show_hall_away(None)
    assert trouble() == ""
    screen.rate(4)
    assert (screen.stage, trouble()) == ("asking", not_saved)
    screen.rate(4)
    assert (screen.log(), trouble()) == ([rated(label, 4)], "")
    doubt = UnconfirmedClockJump(last=at("10:42"), now=at("10:42") + timedelta(days=1))
    assert refusal_text(doubt.clock_ahead_error()) == not_saved, "what staff have to do is not for customers"


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
    view.show_page(view.head, FaceQuestionTexts("How was your visit?", "", levels, "No rating", ""))
    words = [word for word in drawn(screen.page).words if word.on in faces]
    assert len(words) > len(faces), "one word takes two lines"
    assert len({round(min(word.box.top() for word in words if word.on is face)) for face in faces}) == 1


def test_a_screen_that_asks_nobody_shows_that_the_hall_is_away_and_joins_no_talk(screen: Screen):
    amber = screen.page.context.look.color("amber").rgb() & 0xFFFFFF
    for away in (None, at("10:42"), None):
        screen.page.show_hall_away(away)
        assert screen.stage == "idle"
        assert (amber in shades(screen.page.grab().toImage())[690:780, :300]) is (away is not None)
    end = ClerkTalkEndpoint(written_talk_socket_name(screen.page.context, "3"))
    assert end.name != written_talk_socket_name(screen.page.context, "4"), "other windows and halls have other names"
    end.begin_talk()
    screen.page.tick(screen.hall.clock())
    QTest.qWait(50)
    assert not end.is_other_end_connected
    end.end_talk()


def test_the_end_of_a_visit_asks_until_a_minute_has_passed_or_the_next_customer_is_there(screen: Screen):
    screen.serve_out("4")
    assert screen.stage == "idle", "another window's"
    label = screen.serve_out()
    assert (screen.stage, screen.number) == ("asking", label)
    screen.pass_time(seconds=59)
    assert screen.stage == "asking"
    screen.pass_time(seconds=1)
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
    # The question stays while the next customer walks.
    screen.hall.queue(*"BBBB")
    label = screen.serve_out()
    screen.call()
    assert (screen.stage, screen.number) == ("asking", label)
    screen.pass_time(seconds=19)
    screen.rate(5)
    assert screen.log()[1:] == [rated(label, 5)]
    for ends in (lambda: screen.pass_time(seconds=20), lambda: screen.meanwhile("start", "3")):
        screen.finish()
        screen.call()
        assert screen.stage == "asking"
        ends()
        assert screen.stage == "idle", "it goes before the next one can be there, or is"


def join(screen: Screen, clerk: ClerkTalkEndpoint) -> WindowRatingPage:
    page: Any = screen.page
    clerk.begin_talk()
    page.tick(screen.hall.clock())
    screen.until(lambda: clerk.is_other_end_connected and page.talk.is_open)
    return page


def test_both_read_what_the_other_writes_and_at_the_end_nothing_is_left_anywhere(screen, clerk, hall, tmp_path):
    seq = hall.length()
    clerk.begin_talk()
    clerk.write("Good morning.  Which form do you have?")
    page = join(screen, clerk)
    screen.until(lambda: bool(page.talk.lines))
    assert page.talk.lines == [WrittenLine(CLERK, "Good morning. Which form do you have?")]
    assert page.talk_cover.isVisible()
    QTest.keyClicks(page.talk_cover.view.edit, "form 3 b")
    QTest.keyClick(page.talk_cover.view.edit, Qt.Key.Key_Return)
    screen.until(lambda: len(clerk.lines) == 2)
    assert clerk.lines[-1] == WrittenLine(written_talk.CUSTOMER, "form 3 b")
    screen.touch(page.talk_cover.answers[0])
    screen.until(lambda: clerk.lines[-1].text == "Yes")
    clerk.write("zebra-words")
    screen.until(lambda: page.talk.lines[-1].text == "zebra-words")
    clerk.end_talk()
    screen.until(lambda: not page.talk.is_open)
    assert (clerk.lines, page.talk.lines, page.talk_cover.view.labels) == ([], [], [])
    assert (page.talk_cover.isHidden(), hall.length()) == (True, seq)
    assert [one for one in tmp_path.rglob("*") if one.is_file() and b"zebra-words" in one.read_bytes()] == []


def test_a_counter_that_goes_or_its_clerk_ends_the_talk_and_what_is_no_line_is_left_out(
    serving: Screen, clerk: ClerkTalkEndpoint
):
    page, counter = serving.page, QLocalServer()
    end = ClerkTalkEndpoint(written_talk_socket_name(page.context, "3"))  # which goes with its dialog
    dialog = written_talk.ClerkTalkDialog(page, page.context.look, end, ticket="B001")
    dialog.open_dialog()
    assert dialog.waiting.text() == "The rating screen of this window has not answered on this PC yet."
    page.tick(serving.hall.clock())
    serving.until(lambda: end.is_other_end_connected)
    assert dialog.waiting.isHidden()
    dialog.refuse()
    serving.until(lambda: not page.talk.is_open)
    # A counter goes.
    counter.listen(written_talk_socket_name(page.context, "3"))
    page.tick(serving.hall.clock())
    serving.until(counter.hasPendingConnections)
    socket = counter.nextPendingConnection()
    socket.write(b'[["clerk", "hello"]]\n')
    serving.until(lambda: page.talk.lines == [WrittenLine(CLERK, "hello")])
    socket.abort()
    counter.close()
    serving.until(lambda: not page.talk.is_open)
    assert page.talk.lines == []
    clerk.begin_talk()
    socket = QLocalSocket()
    socket.connectToServer(clerk.name)
    serving.until(lambda: clerk.is_other_end_connected)
    for line in (b"no json", b"{}", b'[["clerk"]]', b'[["hall", "x"]]', b'[["customer", 5]]', b'[["customer", "ok"]]'):
        socket.write(line + b"\n")
    serving.until(lambda: bool(clerk.lines))
    assert clerk.lines == [WrittenLine(written_talk.CUSTOMER, "ok")]
    socket.abort()


@pytest.mark.parametrize("seed", range(5 if SEES_ALL else 2))
@pytest.mark.parametrize(("options", "seconds"), [({"window": "3"}, 20), ({}, 40)], ids=["asking", "exit"])
def test_drumming_anywhere_gives_no_rating_and_no_opinion(make_screen, options, seconds: int, seed: int):
    screen, chance = make_screen(**options), random.Random(seed)
    if options:
        screen.serve_out()
        assert screen.stage == "asking"
    until = screen.ms[0] + seconds * 1000
    while screen.ms[0] < until:
        point = QPoint(chance.randrange(screen.page.width()), chance.randrange(screen.page.height()))
        target = screen.page.childAt(point) or screen.page
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(screen.page, point))
        screen.ms[0] += chance.randint(80, 780)
        screen.controller.holding.do_waiting_act_if_quiet()
    assert not options or screen.stage in ("asking", "idle")
    assert [event for event in screen.hall.log() if event.kind in ("rate", "opinion")] == []


def test_drumming_is_said_and_noted_the_next_calm_touch_counts_and_an_answer_may_be_changed_at_once(screen: Screen):
    """It is kept when the next customer comes."""
    label, trouble = screen.serve_out(), screen.page.view.trouble_text
    for _press in range(8):
        QTest.mouseClick(screen.face(1), Qt.MouseButton.LeftButton)
        screen.ms[0] += 250
    assert "One touch is enough" in trouble()
    screen.ms[0] += OVER_MS
    screen.pass_time(seconds=1)
    assert trouble() == ""
    screen.rate(4)
    assert screen.log() == [rated(label, 4)]
    noted = [(event.actor, event.data["station"]) for event in screen.hall.log() if event.kind == "drumming"]
    assert noted == [("customer", "rating")]

    def press(level: int) -> None:
        """Press a face and let nothing take effect yet."""
        screen.ms[0] += 1000
        QTest.mouseClick(screen.face(level), Qt.MouseButton.LeftButton)

    screen.pass_time(seconds=66)
    label = screen.serve_out()
    press(1)
    screen.ms[0] += HOLD_MS // 2
    screen.rate(5, settled=False)
    assert [one for one in screen.log() if one[1] == label] == [rated(label, 5)]
    screen.pass_time(seconds=66)
    label = screen.serve_out()
    screen.call()
    press(2)
    screen.hall.do("start", "3")
    screen.until(lambda: screen.stage == "idle")
    assert rated(label, 2) in screen.log()


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
            kiosk.do("issue", "A", who=actor_of_station("kiosk"))
            for verb in ("call", "start", "finish"):
                counter.do(verb, window)
        screen.until(lambda: screen.stage == "asking")
        screen.touch(screen.face(2))
        screen.until(lambda: screen.stage == "reasons")
        screen.follow()
        levels = [[one.ticket(label).rating for label in ("A001", "A002")] for one in (*counters, manager)]
        assert levels == [[UNTOLD, None], [UNTOLD, None], [2, None]]
        with manager.desk.db.read() as tx:
            setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, 1))
            day = measured.HallReader(tx, 1, setup, place.clock()).read_day(place.clock().date())
        assert [(row.level, row.staff) for row in day.ratings] == [(2, "C1")]
        kiosk.do("issue", "A", who=actor_of_station("kiosk"))
        counters[0].do("call", "1")
        assert [event.kind for event in counters[1].log()] == [event.kind for event in manager.log()]


STAGES = (RatingStage.ASKING, RatingStage.QUESTIONS, RatingStage.REASONS, RatingStage.THANKS)
WIDTH_MM, FINGER_MM = 217, 15  # a rating screen is a tablet of 10.1 inches at least; its canvas is 1280 wide


@pytest.fixture
def unbound(make_screen) -> Screen:
    return make_screen()


def text(unbound: Screen) -> NumberEntryTexts:
    return unbound.page.enter_view.shown


def press(unbound: Screen, keys: str) -> None:
    for key in keys:
        unbound.touch(unbound.page.enter_view.pad.keys[key])


def go(unbound: Screen) -> tuple[str, str]:
    """Press the key below the number; return where that leads, and the number there."""
    unbound.touch(unbound.page.enter_view.go_button)
    return unbound.stage, unbound.number


def test_slips_and_a_scanner_are_spoken_of_only_where_the_hall_prints(unbound: Screen) -> None:
    bare = ("", "", "Number forgotten?", "Give an opinion without it")
    with_slips = ("Or hold the code on your ticket", "up to the scanner", "Ticket lost?", "Give an opinion without it")
    for reported, told in ((None, bare), ("out_of_paper", with_slips), ("stopped", bare)):
        if reported:
            kiosk = unbound.hall.ask(actor_of_station("K1"))
            devices.record_device_state(unbound.hall.desk, kiosk, "printer", "K1", reported)
            unbound.follow()
        unbound.pass_time(seconds=1)
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
    unbound.pass_time(seconds=6)
    assert (unbound.stage, text(unbound).boxes) == ("enter", ("", "", "", ""))
    press(unbound, "B07")
    unbound.pass_time(seconds=45)
    assert "disappears in 15 seconds" in view.spoken_lines()[-1], "a half-typed number warns before it goes"
    press(unbound, "0")
    unbound.pass_time(seconds=59)
    assert (text(unbound).boxes, unbound.controller.number) == (("B", "0", "7", "0"), "B070")
    unbound.pass_time(seconds=1)
    assert (text(unbound).boxes, unbound.controller.number) == (("", "", "", ""), "")
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
        page.controller.handle_scanned_code(code)
        assert (unbound.stage, text(unbound).may_go) == ("enter", False), "not ours, or of another hall"
        assert text(unbound).trouble
        press(unbound, "B")
        assert text(unbound).trouble == ""
    page.controller.handle_scanned_code(real[:-6] + "222222")
    assert text(unbound).trouble.startswith(f"There is no ticket {label}")


def test_a_screen_that_starts_late_asks_about_who_was_just_served_or_came_yesterday(make_screen, hall) -> None:
    label = hall.serve_out("3")
    code = code_of(hall, label)
    hall.clock.move(seconds=40)
    screen = make_screen(window="3")
    assert (screen.stage, screen.number) == ("asking", label)
    screen.pass_time(seconds=20)
    assert screen.stage == "idle"
    # A ticket of yesterday is rated where the hall allows it.
    hall.clock.move(hours=24)
    unbound = make_screen()
    unbound.controller.handle_scanned_code(code)
    assert "too late to rate it" in text(unbound).trouble
    unbound.meanwhile("set-setting", "rating_days", 1)
    unbound.controller.handle_scanned_code(code)
    assert (unbound.stage, unbound.number) == ("asking", label)
    unbound.rate(5)
    assert unbound.log() == [("rate", label, "customer", 5)]


def test_without_a_number_one_can_still_tell_us_once(unbound: Screen) -> None:
    def opinions() -> list[tuple[int, tuple[str, ...]]]:
        return [(one.level, one.tags) for one in unbound.hall.whole().opinions.values()]

    unbound.ms[0] += 1000
    unbound.controller.ask_rating_without_number()
    assert unbound.stage == "asking"
    unbound.rate(1)
    assert opinions() == [(1, ())]
    unbound.touch(unbound.page.view.reasons["waited_long"], unbound.page.view.done_button)
    unbound.touch(unbound.page.words_view.none_button)
    assert (opinions(), unbound.log()) == ([(1, ("waited_long",))], [])
    unbound.pass_time(seconds=6)
    unbound.controller.ask_rating_without_number()
    assert (unbound.stage, text(unbound).no_number) == ("enter", "")
    unbound.pass_time(seconds=20)
    assert text(unbound).no_number == "Give an opinion without it"


def test_two_more_questions_are_asked_where_the_hall_wants_them_and_nobody_answers_twice(unbound: Screen) -> None:
    unbound.meanwhile("set-setting", "rating_questions", "on")
    label, view = unbound.serve_out(), unbound.page.view
    code = code_of(unbound.hall, label)
    unbound.controller.handle_scanned_code(code)
    unbound.rate(1)
    assert unbound.stage == "questions"
    unbound.touch(view.marks["attitude", 2], view.marks["competence", 4])
    unbound.touch(view.reasons["not_solved"], view.done_button, unbound.page.words_view.none_button)
    kept = unbound.hall.whole().ratings[unbound.hall.date, label]
    assert (kept.level, kept.attitude, kept.competence, kept.tags) == (1, 2, 4, ("not_solved",))
    unbound.pass_time(seconds=6)
    unbound.follow()
    unbound.controller.handle_scanned_code(code)
    assert (unbound.stage, text(unbound).may_go) == ("enter", False)
    assert text(unbound).trouble == error_sentence(RuleError("already_rated", ticket=label), "en")


def low_at_the_exit(unbound: Screen) -> None:
    """Let a customer come to the page for a few words, with one reason given."""
    unbound.controller.handle_scanned_code(code_of(unbound.hall, unbound.serve_out()))
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
    unbound.pass_time(seconds=60)
    assert (unbound.stage, said()) == ("thanks", []), "words that nobody gave are thrown away"
    assert [kind for kind, *_rest in unbound.log()] == ["rate", "reasons"]
    unbound.pass_time(seconds=6)
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


def test_a_customer_may_read_another_language_and_words_are_asked_for_where_they_can_be_typed(unbound: Screen) -> None:
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
    unbound.pass_time(seconds=29)
    assert text(unbound).language == "English"
    unbound.pass_time(seconds=1)
    assert text(unbound).language == "中文", "a language chosen for nothing goes by itself"
    unbound.speak("zh_CN")
    unbound.touch(view.language_button)
    assert text(unbound).language == "中文"
    unbound.pass_time(seconds=30)
    spoken = text(unbound).language, i18n.current_language()
    assert spoken == ("English", "zh_CN"), "the hall changed its language meanwhile"
    assert text(unbound).title == "请输入您的号码，\n评价今天的服务"
    press(unbound, "B03")
    assert text(unbound).go == "还差 1 位"
    assert not unbound.controller.can_type_comment
    unbound.meanwhile("set-setting", "rating_words", "keyboard")
    assert unbound.controller.can_type_comment
    unbound.meanwhile("set-setting", "rating_words", "off")
    i18n.choose_language("en")
    assert not unbound.controller.can_type_comment


def press_at(screen: Screen, *keys: Qt.Key) -> None:
    for key in keys:
        screen.ms[0] += 1000
        QTest.keyClick(QApplication.focusWidget() or screen.page.view, key)
        screen.wait_quietly()


def active(screen: Screen) -> Screen:
    screen.page.activateWindow()
    screen.until(screen.page.isActiveWindow)
    screen.page.pressable_keys_widget().setFocus()
    return screen


def test_the_question_warns_gives_more_time_as_often_as_wished_and_arrows_a_digit_and_one_switch_rate(screen: Screen):
    label, cover, more = screen.serve_out(), screen.page.cover, screen.page.view.more_button
    screen.meanwhile("emergency", "请马上离开", text_en="Leave the hall now", who=MANAGER)
    assert cover.isVisible(), "an emergency lies over the question"
    assert screen.page.childAt(screen.page.rect().center()) is cover
    screen.meanwhile("end-emergency", who=MANAGER)
    assert not cover.isVisible()
    for _time in range(11):
        screen.pass_time(seconds=39)
        assert not more.isVisible()
        screen.pass_time(seconds=2)
        screen.touch(more)
        assert screen.stage == "asking"
    screen.rate(5)
    assert screen.log() == [("rate", label, "customer", 5)]
    screen.pass_time(seconds=6)
    assert not screen.page.view.listen_button.isVisible(), "without a voice there is no key for it"
    heard: list[str] = []
    screen.page.keyboard.offered.connect(heard.append)

    def switch() -> None:
        press_at(screen, Qt.Key.Key_Space)
        while heard[-1] != "Dissatisfied":
            screen.page.keyboard.scan.offer_next()
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


@pytest.mark.parametrize("options", [{"window": "3"}, {}])
def test_every_key_suits_a_finger_and_is_reached_by_arrows(make_screen, options):
    screen = active(make_screen(**options))
    for stage in (screen.controller.rest, *STAGES):
        screen.controller.id = screen.controller.id or None
        screen.controller.show_stage(stage)
        QApplication.processEvents()  # the page that was hidden takes its room
        host = screen.page.pressable_keys_widget()
        for key in visible_keys_in_reading_order(host):
            least = min(key.width(), key.height()) * WIDTH_MM / screen.page.width()
            assert least >= FINGER_MM, (stage, key.text(), round(least, 1), key.geometry(), screen.page.size())
        shown = {one for one in host.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()}
        reached, todo = set[QAbstractButton](), visible_keys_in_reading_order(host)[:1]
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
    screen.pass_time(seconds=61)
    screen.pass_time(seconds=7)
    assert (screen.stage, voice.step, screen.page.listening.is_on) == ("idle", USUAL_VOLUME, False)


def test_written_talk_and_every_stage_at_a_window_are_whole(serving: Screen, clerk) -> None:
    page = join(serving, clerk)
    clerk.write("请问您带了上个月的电费单吗？")
    serving.until(lambda: bool(page.talk.lines))
    sights = Sights(page, page.context.look, shapes=ON_CANVAS)
    sights.take("talk")
    sights.must_be_whole()
    clerk.end_talk()
    serving.until(lambda: not page.talk.is_open)
    serving.meanwhile("finish", "3")
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), ON_CANVAS)
    look_at(sights, serving, serving.controller.rest, *STAGES)
    sights.must_be_whole()


def test_what_the_exit_alone_shows_is_whole(make_screen) -> None:
    """The pages after a number are those of a window, below another head."""
    screen = make_screen()
    page = screen.page
    screen.serve_out()
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), ON_CANVAS)
    sights.take("without slips")
    devices.record_device_state(screen.hall.desk, screen.hall.ask(actor_of_station("K1")), "printer", "K1", None)
    screen.follow()
    look_at(sights, screen, screen.controller.rest, RatingStage.ASKING, RatingStage.WORDS)
    sights.must_be_whole()
    assert isinstance(page, ExitRatingPage)
    pad, cut = page.words_view.keys, []
    for size in ((1024, 768), (1280, 720), (1280, 1024), (1366, 768), (1600, 900), (1920, 1080)):
        page.context.look.set_scale(Scale.canvas_scale(*size, WIDTH, HEIGHT))
        page.resize(*size)
        for lang, nothing in (("en", "Nothing to add"), ("zh_CN", "没有了")):
            i18n.choose_language(lang)
            page.retranslate()
            settled()
            beside = page.words_view.none_button.geometry()
            fits = pad.geometry().bottom() < beside.top() and page.words_view.rect().contains(beside)
            cut += [(lang, size) for key in pad.keys.values() if not (fits and pad.rect().contains(key.geometry()))][:1]
            assert page.words_view.none_button.text() == nothing
    assert cut == []


def look_at(sights: Sights, screen: Screen, *stages: RatingStage) -> None:
    away = screen.page.show_hall_away
    for stage in stages:
        screen.controller.show_stage(stage)
        sights.take(str(stage))
        sights.take_message(f"{stage}, away", partial(away, screen.hall.clock()), partial(away, None))
