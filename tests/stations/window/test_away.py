"""A station whose hall cannot be reached, or answers late."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.log.pc_clock import WatchedClock
from queuedesk.core.log.state import Doubt
from queuedesk.core.network.roles import HALL, Actor, Role, station
from queuedesk.desk import looking, network
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.looking import Outcome, own_id
from queuedesk.desk.queue import issuing, rating, sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import devices
from queuedesk.features.lobby.pages import station as lobby
from queuedesk.i18n.queue.event_words import outcome_words
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.counter import station as counter
from queuedesk.stations.guide import station as guide
from queuedesk.stations.kiosk.taking import Taking
from queuedesk.stations.manager import station as manager
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.widgets.message_place import MessagePlace
from queuedesk.stations.window.away import away_line, away_texts
from queuedesk.stations.window.away import tell_away as tell_away_to
from queuedesk.stations.window.chores import Chores, Unanswered
from queuedesk.stations.window.context import DueReports, HallFeed, InlineTasks, Lanes, Services
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.database import Database
from tests.hall import GUIDE, MANAGER, Hall, at, simple_hall
from tests.stations.shell_pages import ZHOU, OwnAwayPage, Page
from tests.stations.stubs import Refusing, lend, stub
from tests.stations.whole_words import moved, places, settled

SERVER = "postgresql://qd@192.168.1.5:7432/queuedesk"
OWN = "postgresql://qd@127.0.0.1:5433/queuedesk"
TITLE = "The hall was left open on Fri 20 Nov with 4 waiting. Is it Sat 21 Nov, 10:42?"


@pytest.fixture
def feed(hall: Hall) -> Iterator[HallFeed]:
    found = HallFeed(hall.desk, hall.clock)
    hall.desk.db.is_shared = True  # what it shows was read before; nothing is asked of it any more
    yield found
    found.stop()


def tell_away(feed: HallFeed, qtbot: QtBot, trouble: OutsideError) -> None:
    feed.findChild(QTimer).setInterval(1)
    with qtbot.waitSignal(feed.away):
        feed.note_away(trouble)


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        (
            "database_away",
            (
                "The hall's server has not answered since 10:42",
                "If this lasts, press “Share again” on this PC: Set-up, Several PCs.",
            ),
            ("服务器从 10:42 起连不上", "一直连不上时，请在这台电脑的「设置」「多台电脑」里按「重新开始共用」。"),
        ),
        (
            "cannot_follow",
            (
                "This screen had a fault at 10:42 and is reading the hall again",
                "If this continues, close the window and open it again. This shows 10:42.",
            ),
            ("10:42 这个画面出了差错，正在重新读取", "如果一直这样，请关掉再打开。画面停在 10:42。"),
        ),
        (
            "pc_withdrawn",
            (
                "This PC has not been allowed to use the hall since 10:42",
                "A manager can let it join again. This shows 10:42.",
            ),
            ("这台电脑从 10:42 起不能再使用本厅数据", "值班经理可以让它重新加入。画面停在 10:42。"),
        ),
        (
            "hall_moved",
            ("The hall moved to a server at 10:42", "This PC has to join it there. This shows 10:42."),
            ("本厅从 10:42 起改在服务器上运行", "这台电脑要重新加入。画面停在 10:42。"),
        ),
        (
            "database_newer",
            (
                "This hall has had a newer QueueDesk since 10:42",
                "Please update QueueDesk on this computer and open it again. This shows 10:42.",
            ),
            ("本厅从 10:42 起改用了更新版本的 QueueDesk", "请升级这台电脑的程序，再重新打开。画面停在 10:42。"),
        ),
    ],
)
def test_of_a_hall_on_a_server(
    feed: HallFeed, qtbot: QtBot, code: str, english: tuple[str, str], chinese: tuple[str, str]
) -> None:
    tell_away(feed, qtbot, OutsideError(code, path=SERVER, version=99))
    i18n.use("en")
    assert away_texts(feed, at("10:42")) == english
    i18n.use("zh_CN")
    assert away_texts(feed, at("10:42")) == chinese


CODES = ("database_away", "database_busy", "pc_withdrawn", "hall_moved", "cannot_follow", "database_newer")


def test_a_screen_for_customers_says_whom_to_ask_and_names_no_server(feed: HallFeed, qtbot: QtBot) -> None:
    for code in CODES:
        tell_away(feed, qtbot, OutsideError(code, path=SERVER, version=99, to=SERVER))
        i18n.use("en")
        assert away_line(feed, at("10:42")) == "No updates since 10:42: please ask a member of staff."
        i18n.use("zh_CN")
        assert away_line(feed, at("10:42")) == "10:42 起没有新消息，请问工作人员。"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (SERVER, ("en", "If this lasts, switch on the main PC (192.168.1.5) and press “Share again” there.")),
        (SERVER, ("zh_CN", "一直连不上时，请打开主电脑（192.168.1.5），在上面按「重新开始共用」。")),
        (OWN, ("en", "If this lasts, press “Share again” on this PC: Set-up, Several PCs.")),
        (OWN, ("zh_CN", "一直连不上时，请在这台电脑的「设置」「多台电脑」里按「重新开始共用」。")),
    ],
)
def test_staff_read_where_sharing_starts_again_and_to_work_on_paper_until_then(
    feed: HallFeed, hall: Hall, qtbot: QtBot, place: str, said: tuple[str, str]
) -> None:
    language, to_mend = said
    hall.desk.db.place = place
    tell_away(feed, qtbot, OutsideError("database_away", path=place))
    i18n.use(language)
    page = QWidget()
    qtbot.addWidget(page)
    messages = MessagePlace(Look(), page)

    assert to_mend in away_texts(feed, at("10:42"))[1]
    tell_away_to(messages, feed, at("10:42"))
    assert to_mend in messages.said()
    assert i18n._("Until then, work on paper.") in messages.said()


def test_while_the_hall_moves_nobody_is_sent_to_paper_or_to_the_front_desk(feed: HallFeed, qtbot: QtBot) -> None:
    feed.knows_where = lambda: True
    tell_away(feed, qtbot, OutsideError("hall_moved", to=SERVER))
    i18n.use("en")

    assert away_texts(feed, at("10:42")) == (
        "The hall is moving to the server …",
        "It continues here in a moment. Nothing is lost.",
    )
    assert away_line(feed, at("10:42")) == "One moment, please"
    feed.note_back()
    assert not feed.moves_on


def test_the_time_is_that_of_the_first_trouble_and_the_reason_the_last(feed: HallFeed, hall: Hall) -> None:
    told = []
    feed.away.connect(told.append)
    feed.note_away(OutsideError("database_away", path=SERVER))
    hall.clock.move(minutes=5)
    feed.note_away(OutsideError("pc_withdrawn", path=SERVER))

    assert told == [at("9:00"), at("9:00")]
    assert feed.trouble is not None and feed.trouble.code == "pc_withdrawn"
    feed.note_back()
    assert (feed.away_since, feed.trouble) == (None, None)


@pytest.fixture
def unanswered(opened: Callable[..., Any]) -> Unanswered:
    found: Unanswered = opened(who=GUIDE).unanswered
    return found


def trouble(ask: Ask, verb: str = "issue") -> OutsideError:
    return OutsideError("database_away", command=ask.command, verb=verb, asked=ask.now)


def asked(hall: Hall) -> Ask:
    return replace(hall.ask(GUIDE), command=own_id())


def test_what_was_done_all_the_same_or_was_not_is_told_when_the_hall_is_back(
    hall: Hall, opened: Callable[..., Any]
) -> None:
    window = opened(who=GUIDE)
    ask = asked(hall)
    window.context.feed.away_since = hall.clock()
    label = issuing.issue(hall.desk, ask, "A")["ticket"]
    window.unanswered.keep(trouble(ask))
    window.unanswered.ask()
    assert window.toast.isHidden()

    # A page that waits for this first hears that it was done, then that it is known.
    heard: list[str] = []
    window.unanswered.told.connect(lambda _text, _done: heard.append("told"))
    window.unanswered.done.connect(lambda _event: heard.append("done"))
    window.context.feed.away_since = None
    window.context.feed.back.emit()
    assert heard == ["done", "told"]
    assert window.toast.text() == f"{label} was issued at 9:00 after all"

    window.unanswered.keep(trouble(asked(hall)))
    window.unanswered.ask()

    assert window.toast.text() == "What you asked at 9:00 was not done: Issued"


def test_it_is_asked_again_until_it_is_known_and_nobody_is_told_of_another_date(
    hall: Hall, unanswered: Unanswered
) -> None:
    told: list[str] = []
    unanswered.told.connect(lambda text, _done: told.append(text))
    away = hall.path.rename(hall.path.with_name("elsewhere"))
    unanswered.keep(trouble(asked(hall)))
    unanswered.ask()
    assert told == []

    away.rename(hall.path)
    unanswered.ask()
    unanswered.ask()
    assert len(told) == 1

    told.clear()
    hall.clock.move(days=-1)
    unanswered.keep(trouble(asked(hall)))
    hall.clock.move(days=1)
    unanswered.ask()

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
def test_the_sentences(hall: Hall, verb: str, is_done: bool, english: str, chinese: str) -> None:
    issuing.issue(hall.desk, asked(hall), "A")
    event = hall.last() if is_done and verb == "issue" else None
    setup = looking.setup_of(hall.desk)
    found = Outcome(is_done, event)

    assert outcome_words(setup, verb, at("9:00"), found, "en") == english
    assert outcome_words(setup, verb, at("9:00"), found, "zh_CN") == chinese


def test_a_kiosk_takes_back_what_it_could_not_hand_over(hall: Hall) -> None:
    """Its customer was sent to the front desk: nobody would come to the call."""
    ask = replace(hall.ask(station("K1")), command=own_id())
    label = str(issuing.issue(hall.desk, ask, "A")["ticket"])
    context: Any = SimpleNamespace(
        desk=hall.desk,
        tasks=InlineTasks(),
        ask=lambda who: Ask(who, hall.clock()),
        clock=hall.clock,
        services=Services(),
    )
    Taking(context, steady_ms=lambda: 0).take_outcome(hall.last())

    event = hall.last()
    assert (event.kind, event.ticket, event.actor) == ("void", label, HALL.name)
    assert reason_words(event.data["reason"], "en") == "The screen could not hand it over"


def test_an_opinion_of_yesterday_may_be_explained_after_midnight(tmp_path: Path, qtbot: QtBot) -> None:
    hall = simple_hall(tmp_path, time="23:58")
    opinion = int(hall.do("opinion", 2)["opinion"])
    hall.clock.move(minutes=3)
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    try:
        rating.explain_opinion(hall.desk, hall.ask(), opinion, tags=["too slow"])
        hall.issue("A")

        qtbot.waitUntil(lambda: feed.state.now.seq >= hall.last().seq)
        assert [label for _day, label in feed.state.tickets] == ["A001"]
        assert feed.state.now.date == date(2026, 11, 21)
    finally:
        feed.stop()


def test_a_window_that_comes_while_a_station_is_open_leaves_no_traceback_in_its_log(
    tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    hall = simple_hall(tmp_path)
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    try:
        with caplog.at_level(logging.INFO, "queuedesk"), qtbot.waitSignal(feed.replaced):
            setting_up.add_row(hall.desk, hall.ask(), "windows", {"code": "9", "services": ["A", "B"]})

        assert "9" in feed.state.windows
        assert [record.getMessage() for record in caplog.records if record.exc_info] == []
        assert f"event {hall.last().seq} can't be followed here" in caplog.text
    finally:
        feed.stop()


def test_a_station_that_a_newer_program_overtook_says_so_and_shows_what_it_knew(tmp_path: Path, qtbot: QtBot) -> None:
    hall = simple_hall(tmp_path)
    hall.issue("A")
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    try:
        with closing(sqlite3.connect(hall.path)) as newer:
            newer.execute("UPDATE alembic_version SET version_num = '0099'")
            newer.commit()

        qtbot.waitUntil(lambda: feed.away_since is not None)
        assert feed.trouble is not None
        assert (feed.trouble.code, feed.trouble.details["version"]) == ("database_newer", 99)
        assert [label for _day, label in feed.state.tickets] == ["A001"]
    finally:
        feed.stop()


def test_a_server_that_keeps_a_question_waiting_keeps_no_window_waiting(
    tmp_path: Path, pg_url: str, qtbot: QtBot
) -> None:
    hall = simple_hall(tmp_path, time="23:58")
    network.share(hall.path, pg_url, hall.ask(), settle=network.prepare)
    hall.desk.db.dispose()
    db = Database.open(pg_url)
    feed = HallFeed(Desk(db, 1), hall.clock)
    with psycopg.connect(pg_url) as other:
        try:
            other.execute("LOCK TABLE learned")
            hall.clock.move(minutes=3)

            feed.turn_day()

            assert feed.day == date(2026, 11, 21)
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
    hall.open("1", "C1")
    hall.queue("A", "A", "A", "A")
    sign_in_and_pins.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    hall.clock.now = at("10:42") + timedelta(days=1)
    return WatchedClock(hall.clock, lambda: 0.0)


def kinds(hall):
    return [event.kind for event in hall.log()]


def test_who_is_here_is_asked_at_the_start_at_each_station_and_one_yes_begins_the_day(hall, opened, morning, qtbot):
    window = opened(follow=True, clock=morning)
    second = opened(name="manager", who=Actor("M1", Role.MANAGER), roles=(), follow=True, clock=morning)
    asked = window.clock_question
    assert (type(window.page), asked.dialog.accessibleName()[: len(TITLE)]) == (Page, TITLE)
    assert second.clock_question.dialog is not None
    assert "day-end" not in kinds(hall)

    asked.dialog.act_button.click()

    assert kinds(hall)[-2:] == ["day-end", "clock"]
    assert (asked.dialog, window.messages.said()) == (None, "")
    qtbot.waitUntil(lambda: isinstance(window.page, SignInView))  # The day's end signs everybody out, as ever.
    qtbot.waitUntil(lambda: second.clock_question.dialog is None)
    assert second.messages.said() == ""


def test_after_a_no_the_banner_says_what_to_do_and_asks_again_until_the_clock_is_right(hall, opened, morning):
    window = opened(follow=True, clock=morning)
    asked = window.clock_question
    asked.dialog.safe_button.click()
    window.findChild(Chores).do()
    assert asked.dialog is None, "nobody is asked each minute"
    assert window.messages.said().startswith(TITLE)
    assert window.messages.said().endswith("Please set this PC's clock; then everything continues by itself.")

    window.messages.buttons()["answer"].click()
    assert asked.dialog is not None
    asked.dialog.safe_button.click()

    hall.clock.now = at("16:35")
    window.findChild(Chores).do()
    assert window.messages.said() == ""
    assert "day-end" not in kinds(hall)


def test_who_signs_in_is_asked_and_then_is_here(hall, opened, morning, qtbot):
    now, hall.clock.now = hall.clock.now, at("16:30")
    hall.do("sign-out", "guide")
    hall.clock.now = now
    window = opened(follow=True, clock=morning)
    assert window.clock_question.dialog is None
    assert window.messages.said() == f"{TITLE} Anyone who signs in can confirm it."

    window.page.tiles["G1"].click()
    assert window.context.who is None
    window.clock_question.dialog.act_button.click()

    assert window.context.who == ZHOU
    assert kinds(hall)[-3:] == ["day-end", "clock", "sign-in"]


def test_a_guide_can_not_say_that_a_year_has_passed(hall, opened, morning):
    hall.clock.now = at("10:42") + timedelta(days=366)
    window = opened(follow=True, clock=morning)

    window.clock_question.dialog.act_button.click()

    assert "day-end" not in kinds(hall)
    assert window.messages.said().endswith("This step is not open to the role Front desk; please ask the manager.")


def test_customers_are_sent_to_the_front_desk_meanwhile(hall, opened, morning):
    window = opened(OwnAwayPage, roles=(), name="kiosk", follow=True, clock=morning)
    feed = window.context.feed

    assert window.page.away == at("16:30")
    assert away_line(feed, window.page.away) == "No updates since 16:30: please ask a member of staff."
    assert (window.clock_question.dialog, window.messages.said()) == (None, "")

    hall.clock.now = at("16:35")
    window.findChild(Chores).do()

    assert (window.page.away, feed.trouble) == (None, None)


AHEAD = "The hall's log is at 20 November 2100, 10:00, but it is 20 November 2026, 9:30."


@pytest.fixture
def in_2100(hall):
    """A ticket was issued by a clock in 2100, which is right again."""
    hall.issue("A")
    hall.clock.now = at("10:00").replace(year=2100)
    hall.issue("A")
    hall.clock.now = at("9:30")
    return WatchedClock(hall.clock, lambda: 0.0)


def test_a_manager_sets_a_log_in_2100_right_by_two_presses_and_others_read_who_can(hall, opened, in_2100, qtbot):
    guide = opened(follow=True, clock=in_2100)
    assert guide.messages.said() == f"{AHEAD} A manager who signs in can correct it."
    assert guide.messages.buttons() == {}

    window = opened(name="manager", who=Actor("M1", Role.MANAGER), roles=(), follow=True, clock=in_2100)
    asked = window.clock_question
    assert window.messages.shown().fact == AHEAD
    assert window.messages.buttons()["answer"].text() == "Set right"
    window.messages.buttons()["answer"].click()
    asked.dialog.safe_button.click()
    window.findChild(Chores).do()
    assert asked.dialog is None, "nobody is asked after a no"
    assert "set-right" not in kinds(hall)

    window.messages.buttons()["answer"].click()
    seen = asked.dialog.accessibleName()
    assert "1 ticket that was given out since then stays in the log and is in no figure." in seen
    assert "1 person who is still in the hall needs a new number. Numbers continue after A001." in seen
    asked.dialog.act_button.click()
    assert kinds(hall)[-2:] == ["day-end", "set-right"]
    assert (asked.dialog, window.messages.said()) == (None, "")
    qtbot.waitUntil(lambda: window.context.feed.state.now.date == at("9:30").date())
    assert hall.issue("A") == "A002"


def test_a_clock_that_is_behind_is_said_to_be(hall, opened, in_2100):
    hall.clock.now = at("9:30").replace(year=2024)
    window = opened(name="manager", who=Actor("M1", Role.MANAGER), roles=(), follow=True, clock=in_2100)

    window.messages.buttons()["answer"].click()

    assert window.messages.said().endswith("Please set the clock right.")
    assert "set-right" not in kinds(hall)


@pytest.mark.parametrize(
    ("build", "name", "who"),
    [
        (guide.build, "guide", ZHOU),
        (guide.build, "guide", None),
        (counter.build, "counter-1", None),
        (lobby.build, "lobby", ZHOU),
        (manager.build, "manager", MANAGER),
    ],
    ids=["guide", "sign-in", "counter", "lobby", "manager"],
)
def test_nothing_on_a_page_of_staff_moves_when_it_comes_or_goes(opened, build, name, who):
    window = opened(build, roles=() if who or name == "counter-1" else ("guide",), name=name, who=who)
    settled()
    before = places(window)

    now = at("9:00")
    window.clock_question.doubt(Doubt(last=now, now=now + timedelta(days=1), waiting=4).refusal())
    if window.clock_question.dialog is not None:
        window.clock_question.dialog.refuse()
    settled()

    assert window.messages.isVisible()
    assert moved(before, places(window)) == []
    window.clock_question.settle()
    settled()
    assert moved(before, places(window)) == []


def chores(hall: Hall, qapp: QApplication, tasks: Lanes | None = None) -> Chores:
    feed = SimpleNamespace(turn_day=lambda: None)
    context: Any = SimpleNamespace(
        desk=hall.desk, clock=hall.clock, feed=feed, tasks=tasks or InlineTasks(), services=Services()
    )
    return Chores(context, qapp)


def test_chores_are_done_each_minute_once_for_all_stations(hall: Hall, qapp: QApplication) -> None:
    hall.open("1", "C1")
    hall.queue("A", "C")
    seq = hall.last().seq
    hall.clock.move(minutes=1)
    chores(hall, qapp, Refusing("database_away")).do()
    chores(hall, qapp).do()
    raised = [(e.kind, e.actor, e.data["kind"], e.service) for e in hall.log(seq)]
    assert raised == [("alarm", "hall", "no_window", "C")], "once, and trouble with one chore keeps no other from it"

    # A station that vanished is found before the alarms are looked for, so that the same minute tells of it.
    devices.started(hall.desk, hall.ask(), "display", "display")
    seq = hall.last().seq
    hall.clock.move(minutes=2)
    looked: list[bool] = []
    station = chores(hall, qapp)
    lend(station._context, due_reports=stub(DueReports, look=lambda: looked.append(True)))
    station.do()
    lost, *alarms = hall.log(seq)
    assert (lost.kind, lost.data["cause"]) == ("device", "lost")
    assert "device_down" in [event.data["kind"] for event in alarms]
    station.do()
    assert looked == [True, True], "reports that are due are looked for each minute"

    # A day that is over ends first.
    seq = hall.last().seq
    hall.clock.move(days=1)
    chores(hall, qapp, Refusing("database_away", at=2)).do()
    assert [e.kind for e in hall.log(seq)] == ["day-end"]
