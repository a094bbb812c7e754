"""A station whose hall cannot be reached, or answers late."""

import logging
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.log.pc_clock import JumpDetectingClock
from queuedesk.core.network.roles import Actor, Role, actor_of_station
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.desk.looking import CommandOutcome, new_command_id
from queuedesk.desk.queue import issuing, opening, rating
from queuedesk.desk.talk import devices
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.queue.event_words import late_command_outcome_sentence
from queuedesk.stations.display import station as display
from queuedesk.stations.signing_in import SignInView
from queuedesk.stations.widgets.message_place import StationMessageBar
from queuedesk.stations.window.away import hall_away_texts, public_no_updates_text, show_or_clear_hall_away_message
from queuedesk.stations.window.context import AutomaticReportService, HallFeed, InlineTasks, StationServices
from queuedesk.stations.window.shell import HallRoutineWork
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.database import Database
from tests.bounded import Stopwatch
from tests.hall import GUIDE, at, simple_hall
from tests.stations.pages import ZHOU, OwnAwayPage, Page
from tests.stations.stubs import Refusing, lend, stub

SERVER = "postgresql://qd@192.168.1.5:7432/queuedesk?sslrootcert=/hall-0a1b.pem"
SEVERAL = "postgresql://qd@a.example:5501,b.example:5502/queuedesk"
OWN = "postgresql://qd@127.0.0.1:5433/queuedesk"
TITLE = "The hall was left open on Fri 20 Nov with 4 waiting. Is it Sat 21 Nov, 10:42?"
CODES = ("database_busy", "pc_withdrawn", "hall_moved", "cannot_follow", "database_newer")
CASES = [*(("database_away", place) for place in (SERVER, OWN, SEVERAL)), *((code, SERVER) for code in CODES)]
CASES.append(("hall_moved", OWN))  # by this PC, which knows where


@pytest.fixture
def feed(hall):
    found = HallFeed(hall.desk, hall.clock)
    hall.desk.db.is_shared = True  # what it shows was read before; nothing is asked of it any more
    yield found
    found.stop()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_staff_and_customers_read_of_each_trouble(feed, hall, qtbot, language):
    """Staff read what to do, and that they work on paper until then; customers whom to ask, and of no server. While the
    hall moves to where it is known nobody is sent anywhere."""
    i18n.choose_language(language)
    page = QWidget()
    qtbot.addWidget(page)
    messages, read = StationMessageBar(Look(), page), list[str]()
    feed.findChild(QTimer).setInterval(1)
    for code, place in CASES:
        hall.desk.db.place = place
        feed.knows_where = lambda here=(code, place) == CASES[-1]: here
        with qtbot.waitSignal(feed.away):
            feed.note_hall_unreachable(OutsideError(code, path=place, version=99, to=SERVER))
        show_or_clear_hall_away_message(messages, feed, at("10:42"))
        for_staff, for_public = hall_away_texts(feed, at("10:42")), public_no_updates_text(feed, at("10:42"))
        read += [f"-- {code}, {place}", *for_staff, messages.spoken_text(), for_public]
        feed.note_hall_reachable()
        assert not feed.moves_on
    assert read == Path(__file__).with_name(f"away_{language}.txt").read_text(encoding="utf-8").splitlines()


def test_the_time_is_that_of_the_first_trouble_and_the_reason_the_last(feed, hall):
    told = []
    feed.away.connect(told.append)
    feed.note_hall_unreachable(OutsideError("database_away", path=SERVER))
    hall.clock.move(minutes=5)
    feed.note_hall_unreachable(OutsideError("pc_withdrawn", path=SERVER))
    assert (told, feed.trouble.code) == ([at("9:00"), at("9:00")], "pc_withdrawn")
    feed.note_hall_reachable()
    assert (feed.away_since, feed.trouble) == (None, None)


def trouble(ask, verb="issue"):
    return OutsideError("database_away", command=ask.command, verb=verb, asked=ask.now)


def asked(hall):
    return replace(hall.ask(GUIDE), command=new_command_id())


def test_what_was_done_all_the_same_or_was_not_is_told_when_the_hall_is_back(hall, opened):
    window = opened(who=GUIDE)
    ask = asked(hall)
    window.context.feed.away_since = hall.clock()
    label = issuing.issue_ticket(hall.desk, ask, "A")["ticket"]
    window.unanswered.remember_command(trouble(ask))
    window.unanswered.ask_log_for_outcomes()
    assert window.toast.isHidden()
    # A page that waits for this first hears that it was done, then that it is known.
    heard = []
    window.unanswered.told.connect(lambda _text, _done: heard.append("told"))
    window.unanswered.done.connect(lambda _event: heard.append("done"))
    window.context.feed.away_since = None
    window.context.feed.back.emit()
    assert (heard, window.toast.text()) == (["done", "told"], f"{label} was issued at 9:00 after all")
    window.unanswered.remember_command(trouble(asked(hall)))
    window.unanswered.ask_log_for_outcomes()
    assert window.toast.text() == "What you asked at 9:00 was not done: Issued"
    # It is asked again until it is known, and nobody is told of another date.
    told, unanswered = list[str](), window.unanswered
    unanswered.told.connect(lambda text, _done: told.append(text))
    away = hall.path.rename(hall.path.with_name("elsewhere"))
    unanswered.remember_command(trouble(asked(hall)))
    unanswered.ask_log_for_outcomes()
    assert told == []
    away.rename(hall.path)
    unanswered.ask_log_for_outcomes()
    unanswered.ask_log_for_outcomes()
    assert len(told) == 1
    told.clear()
    hall.clock.move(days=-1)
    unanswered.remember_command(trouble(asked(hall)))
    hall.clock.move(days=1)
    unanswered.ask_log_for_outcomes()
    assert told == []


@pytest.mark.parametrize(
    ("verb", "is_done", "english", "chinese"),
    [
        ("issue", True, "A001 was issued at 9:00 after all", "A001 其实已在 9:00 取号"),
        ("call", False, "What you asked at 9:00 was not done: Call", "您在 9:00 的操作没有执行：叫号"),
        ("set-up", False, "What you asked at 9:00 was not done", "您在 9:00 的操作没有执行"),
        ("set-up", True, "What you asked at 9:00 was done after all", "您在 9:00 的操作其实已完成"),
    ],
)
def test_the_sentences(hall, verb, is_done, english, chinese):
    issuing.issue_ticket(hall.desk, asked(hall), "A")
    found = CommandOutcome(is_done, hall.last() if is_done and verb == "issue" else None)
    for lang, words in (("en", english), ("zh_CN", chinese)):
        assert late_command_outcome_sentence(looking.setup_of_hall(hall.desk), verb, at("9:00"), found, lang) == words


def test_a_display_whose_file_goes_away_says_so_within_three_seconds_keeps_its_picture_and_goes_on(hall, opened, qtbot):
    first = hall.issue("A")
    window = opened(display.build_station_page, (), "display", actor_of_station("display"), follow=True)
    feed = window.context.feed
    qtbot.waitUntil(lambda: [ticket.label for ticket in feed.state.waiting_tickets()] == [first])
    before = window.grab().toImage()
    with Stopwatch() as took:
        away = hall.path.rename(hall.path.with_name("elsewhere"))
        qtbot.waitUntil(lambda: feed.away_since is not None)
    assert took.s < 3 and window.grab().toImage() != before
    assert [ticket.label for ticket in feed.state.waiting_tickets()] == [first]
    away.rename(hall.path)
    second = hall.issue("B")
    qtbot.waitUntil(lambda: {ticket.label for ticket in feed.state.waiting_tickets()} == {first, second})
    assert feed.away_since is None
    # Its feed ends later than the window: it may find the hall away when there is no page left to say so on.
    window.close_without_asking()
    feed.note_hall_unreachable(OutsideError("database_away", path="hall.sqlite"))
    feed.note_hall_reachable()
    assert feed.away_since is None


@pytest.fixture
def follow():
    feeds: list[HallFeed] = []

    def start(hall):
        feeds.append(HallFeed(hall.desk, hall.clock))
        feeds[-1].start()
        return feeds[-1]

    yield start
    for feed in feeds:
        feed.stop()


def test_an_opinion_of_yesterday_may_be_explained_after_midnight(follow, tmp_path, qtbot):
    hall = simple_hall(tmp_path, time="23:58")
    opinion = int(hall.do("opinion", 2)["opinion"])
    hall.clock.move(minutes=3)
    feed = follow(hall)
    rating.add_reasons_to_opinion(hall.desk, hall.ask(), opinion, tags=["too slow"])
    hall.issue("A")
    qtbot.waitUntil(lambda: feed.state.now.seq >= hall.last().seq)
    assert [label for _day, label in feed.state.tickets] == ["A001"]
    assert feed.state.now.date == date(2026, 11, 21)


def test_an_open_station_logs_no_traceback_of_a_window_that_comes_and_says_that_a_newer_program_overtook_it(
    hall, follow, qtbot, caplog
):
    feed = follow(hall)
    with caplog.at_level(logging.INFO, "queuedesk"), qtbot.waitSignal(feed.replaced):
        hall.do("add-row", "windows", {"code": "9", "services": ["A", "B"]})
    assert "9" in feed.state.windows
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert f"event {hall.last().seq} can't be followed here" in caplog.text
    # It shows what it knew.
    hall.issue("A")
    qtbot.waitUntil(lambda: feed.state.now.seq >= hall.last().seq)
    with closing(sqlite3.connect(hall.path)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '0099'")
        newer.commit()
    qtbot.waitUntil(lambda: feed.away_since is not None)
    assert (feed.trouble.code, feed.trouble.details["version"]) == ("database_newer", 99)
    assert [label for _day, label in feed.state.tickets] == ["A001"]


def test_a_server_that_keeps_a_question_waiting_keeps_no_window_waiting(tmp_path, pg_url, qtbot):
    hall = simple_hall(tmp_path, time="23:58")
    network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=network.install_pc_rights)
    hall.desk.db.dispose()
    db = Database.open(pg_url)
    feed = HallFeed(Desk(db, 1), hall.clock)
    with psycopg.connect(pg_url) as other:
        try:
            other.execute("LOCK TABLE learned")
            hall.clock.move(minutes=3)
            feed.switch_to_new_business_date()
            assert feed.business_date == date(2026, 11, 21)
            with qtbot.waitSignal(feed.changed):
                other.rollback()
        finally:
            other.rollback()
            feed.stop()
            db.dispose()


@pytest.fixture
def morning(hall):
    """The morning after an open end, by the clock of a PC that was switched off."""
    hall.clock.now = at("16:30")
    hall.play("open 1 staff=C1", "queue A A A A")
    opening.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    hall.clock.now = at("10:42") + timedelta(days=1)
    return JumpDetectingClock(hall.clock, lambda: 0.0)


def kinds(hall):
    return [event.kind for event in hall.log()]


def test_who_is_here_is_asked_at_the_start_at_each_station_and_one_yes_begins_the_day(hall, opened, morning, qtbot):
    window = opened(follow=True, clock=morning)
    second = opened(name="manager", who=Actor("M1", Role.MANAGER), roles=(), follow=True, clock=morning)
    asked = window.clock_question
    assert (type(window.current_page), asked.dialog.accessibleName()[: len(TITLE)]) == (Page, TITLE)
    assert second.clock_question.dialog is not None and "day-end" not in kinds(hall)
    asked.dialog.act_button.click()
    assert kinds(hall)[-2:] == ["day-end", "clock"]
    assert (asked.dialog, window.messages.spoken_text()) == (None, "")
    qtbot.waitUntil(lambda: isinstance(window.current_page, SignInView))  # The day's end signs everybody out, as ever.
    qtbot.waitUntil(lambda: second.clock_question.dialog is None)
    assert second.messages.spoken_text() == ""


def test_after_a_no_the_banner_says_what_to_do_and_asks_again_until_the_clock_is_right(hall, opened, morning):
    window = opened(follow=True, clock=morning)
    asked = window.clock_question
    asked.dialog.safe_button.click()
    window.findChild(HallRoutineWork).do_routine_work()
    assert asked.dialog is None, "nobody is asked each minute"
    told = window.messages.spoken_text()
    assert told.startswith(TITLE)
    assert told.endswith("Please set this PC's clock; then everything continues by itself.")
    window.messages.visible_buttons()["answer"].click()
    asked.dialog.safe_button.click()
    hall.clock.now = at("16:35")
    window.findChild(HallRoutineWork).do_routine_work()
    assert (window.messages.spoken_text(), "day-end" in kinds(hall)) == ("", False)


def test_who_signs_in_is_asked_and_then_is_here(hall, opened, morning, qtbot):
    hall.play("16:30", "sign-out guide")
    hall.clock.now = at("10:42") + timedelta(days=1)
    window = opened(follow=True, clock=morning)
    assert window.clock_question.dialog is None
    assert window.messages.spoken_text() == f"{TITLE} Anyone who signs in can confirm it."
    window.current_page.tiles["G1"].click()
    assert window.context.who is None
    window.clock_question.dialog.act_button.click()
    assert (window.context.who, kinds(hall)[-3:]) == (ZHOU, ["day-end", "clock", "sign-in"])


def test_a_guide_can_not_say_that_a_year_has_passed(hall, opened, morning):
    hall.clock.now = at("10:42") + timedelta(days=366)
    window = opened(follow=True, clock=morning)
    window.clock_question.dialog.act_button.click()
    assert "day-end" not in kinds(hall)
    assert window.messages.spoken_text().endswith(
        "This step is not open to the role Front desk; please ask the manager."
    )


def test_customers_are_sent_to_the_front_desk_meanwhile(hall, opened, morning):
    window = opened(OwnAwayPage, roles=(), name="kiosk", follow=True, clock=morning)
    feed = window.context.feed
    assert window.current_page.away == at("16:30")
    assert (
        public_no_updates_text(feed, window.current_page.away)
        == "No updates since 20 Nov 16:30: please ask a member of staff."
    )
    assert (window.clock_question.dialog, window.messages.spoken_text()) == (None, "")
    hall.clock.now = at("16:35")
    window.findChild(HallRoutineWork).do_routine_work()
    assert (window.current_page.away, feed.trouble) == (None, None)


AHEAD = "The hall's log is at 20 November 2100, 10:00, but it is 20 November 2026, 9:30."


@pytest.fixture
def in_2100(hall):
    """A ticket was issued by a clock in 2100, which is right again."""
    hall.issue("A")
    hall.clock.now = at("10:00").replace(year=2100)
    hall.issue("A")
    hall.clock.now = at("9:30")
    return JumpDetectingClock(hall.clock, lambda: 0.0)


def test_a_manager_sets_a_log_in_2100_right_by_two_presses_and_others_read_who_can(hall, opened, in_2100, qtbot):
    guide = opened(follow=True, clock=in_2100)
    assert (guide.messages.spoken_text(), guide.messages.visible_buttons()) == (
        f"{AHEAD} A manager who signs in can correct it.",
        {},
    )
    boss = {"name": "manager", "who": Actor("M1", Role.MANAGER), "roles": (), "clock": in_2100}
    hall.clock.now = at("9:30").replace(year=2024)
    behind = opened(follow=True, **boss)
    behind.messages.visible_buttons()["answer"].click()
    assert behind.messages.spoken_text().endswith("Please set the clock right."), "one that is behind"
    assert "set-right" not in kinds(hall)
    behind.close_without_asking()
    hall.clock.now = at("9:30")
    window = opened(follow=True, **boss)
    asked, answer = window.clock_question, window.messages.visible_buttons()["answer"]
    assert (window.messages.shown_message().fact, answer.text()) == (AHEAD, "Set right")
    answer.click()
    asked.dialog.safe_button.click()
    window.findChild(HallRoutineWork).do_routine_work()
    assert asked.dialog is None, "nobody is asked after a no"
    assert "set-right" not in kinds(hall)
    window.messages.visible_buttons()["answer"].click()
    seen = asked.dialog.accessibleName()
    assert "1 ticket that was given out since then stays in the log and is in no figure." in seen
    assert "1 person who is still in the hall needs a new number. Numbers continue after A001." in seen
    asked.dialog.act_button.click()
    assert kinds(hall)[-2:] == ["day-end", "set-right"]
    assert (asked.dialog, window.messages.spoken_text()) == (None, "")
    qtbot.waitUntil(lambda: window.context.feed.state.now.date == at("9:30").date())
    assert hall.issue("A") == "A002"


def chores(hall, qapp, tasks=None):
    about = {"desk": hall.desk, "clock": hall.clock, "feed": SimpleNamespace(switch_to_new_business_date=lambda: None)}
    return HallRoutineWork(SimpleNamespace(tasks=tasks or InlineTasks(), services=StationServices(), **about), qapp)


def test_chores_are_done_each_minute_once_for_all_stations(hall, qapp):
    hall.play("open 1 staff=C1", "queue A C")
    seq = hall.last().seq
    hall.clock.move(minutes=1)
    chores(hall, qapp, Refusing("database_away")).do_routine_work()
    chores(hall, qapp).do_routine_work()
    raised = [(e.kind, e.actor, e.data["kind"], e.service) for e in hall.log(seq)]
    assert raised == [("alarm", "hall", "no_window", "C")], "once, and trouble with one chore keeps no other from it"
    # A station that vanished is found before the alarms are looked for, so that the same minute tells of it.
    devices.record_station_start(hall.desk, hall.ask(), "display", "display")
    seq = hall.last().seq
    hall.clock.move(minutes=2)
    looked: list[bool] = []
    station = chores(hall, qapp)
    lend(station._context, due_reports=stub(AutomaticReportService, start_if_due=lambda: looked.append(True)))
    station.do_routine_work()
    lost, *alarms = hall.log(seq)
    assert (lost.kind, lost.data["cause"]) == ("device", "lost")
    assert "device_down" in [event.data["kind"] for event in alarms]
    station.do_routine_work()
    assert looked == [True, True], "reports that are due are looked for each minute"
    # A day that is over ends first.
    seq = hall.last().seq
    hall.clock.move(days=1)
    chores(hall, qapp, Refusing("database_away", at=2)).do_routine_work()
    assert [e.kind for e in hall.log(seq)] == ["day-end"]
