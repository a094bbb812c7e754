"""The question in the windows of staff whether the time has come, and what customers read meanwhile."""

from datetime import timedelta

import pytest

from queuedesk.core.log.clocks import Doubt
from queuedesk.core.log.pc_clock import WatchedClock
from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.counter import station as counter
from queuedesk.stations.guide import station as guide
from queuedesk.stations.lobby import station as lobby
from queuedesk.stations.manager import station as manager
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.window.away import away_line
from queuedesk.stations.window.chores import Chores
from tests.hall import MANAGER, at
from tests.stations.shell_pages import ZHOU, OwnAwayPage, Page
from tests.stations.whole_words import moved, places, settled

TITLE = "The hall was left open on Fri 20 Nov with 4 waiting. Is it Sat 21 Nov, 10:42?"


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
