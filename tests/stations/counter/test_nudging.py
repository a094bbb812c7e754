"""A free window is told who waits for it; how a wait stands against what was told; what was done beside."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from queuedesk.core.queue.ticket import Promise
from queuedesk.desk import looking
from queuedesk.stations.counter import words
from queuedesk.stations.counter.bar_face import face_of
from queuedesk.stations.counter.questions import DeliveredDialog
from queuedesk.stations.counter.scene import Heard, Promised, promised, scene_of
from queuedesk.stations.window.services import Sounds
from tests.hall import Hall, at
from tests.stations.counter.conftest import Counter
from tests.stations.counter.pages import Page
from tests.stations.stubs import lend, stub

Key = Qt.Key
ENTER = Key.Key_Return


def later(page: Page, seconds: int) -> None:
    page.hall.clock.move(seconds=seconds)
    page.view.tick(page.hall.clock())
    page.settle()


def test_a_free_window_is_told_after_ten_seconds_once_for_each_unless_a_refusal_is_read(page: Page):
    played: list[str] = []
    lend(page.view.context, sounds=stub(Sounds, play=played.append, can_be_heard=lambda: False))
    later(page, 9)
    assert (page.says(), played) == ("", [])
    later(page, 1)
    assert (page.says(), played) == ("Free while A001 waits: 0:10", ["knock"])
    later(page, 15)
    assert (page.says(), played) == ("Free while A001 waits: 0:25", ["knock"]), "the line goes on, the sound does not"

    page.press(Key.Key_Space)
    assert page.says() == ""
    later(page, 60)
    assert page.says() == "", "who is busy is left alone"
    page.press(Key.Key_Space, Key.Key_Space)
    later(page, 12)
    assert (page.says(), played) == ("Free while A002 waits: 0:12", ["knock", "knock"])

    page.press(Key.Key_Space, Key.Key_Space, Key.Key_Space, Key.Key_F2)
    refused = page.says()
    later(page, 30)
    assert refused and page.says() == refused, "it is not talked over"


def test_the_time_is_that_of_who_is_next_and_says_so(page: Page):
    """Somebody sent on here goes before one whom the window has kept waiting: "free for" went back to less."""
    page.hall.do("leave", "A002")
    page.hall.open("1", "C1")
    assert page.hall.call("1") == "A001"
    page.hall.do("start", "1")
    later(page, 195)
    assert page.says() == "Free while B001 waits: 3:15"

    page.hall.do("transfer", "1", "B")
    later(page, 120)

    scene = page.view.controller.scene
    assert scene is not None and [one.label for one in scene.order] == ["A001", "B001"]
    assert page.says() == "Free while A001 waits: 2:00"
    assert face_of(scene, Heard.DONE, page.view.controller.nudge).after[-1].text == "free meanwhile 2:00"


def test_the_hall_may_switch_it_off(counter: Counter):
    counter.hall.do("set-setting", "idle_nudge_s", 0)
    counter.hall.issue("A")
    counter.follow()
    counter.hall.clock.move(minutes=5)
    counter.controller.tick(counter.hall.clock())

    assert counter.controller.nudge is None


@pytest.mark.parametrize(
    ("promise", "minutes", "wanted", "said"),
    [
        (Promise(low=5, high=10), 10, Promised.KEPT, "within the 5–10 min estimated"),
        (Promise(low=5, high=10), 11, Promised.LONGER, "longer than the 5–10 min estimated"),
        (Promise(low=2, high=20, ahead=1, point_s=300), 20, Promised.KEPT, "over target, as estimated (20 min)"),
        (Promise(low=0, high=1, ahead=0, point_s=2), 1, Promised.KEPT, "estimated: no wait"),
        (Promise(low=0, high=1, ahead=0, point_s=2), 5, Promised.LONGER, "estimated: no wait"),
        (Promise(low=0, high=1, ahead=3, point_s=30), 5, Promised.LONGER, "longer than the 1 min estimated"),
        (Promise(reason="too_few_calls"), 30, Promised.UNTOLD, "no estimate given"),
    ],
)
def test_a_wait_against_what_was_told(hall: Hall, promise: Promise, minutes: int, wanted: Promised, said: str):
    ticket = replace(hall.ticket(hall.issue("A")), promise=promise)
    hall.clock.move(minutes=minutes)
    hall.open("3", "C3")
    now = scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())

    assert promised(ticket, hall.clock()) is wanted
    assert words.promise_of(now, ticket)[0].replace("\u2060", "") == said


@pytest.mark.parametrize(
    ("promise", "minutes", "token"),
    [
        (Promise(low=2, high=4), 8, "amber"),
        (Promise(low=2, high=4), 20, "red"),
        (Promise(low=20, high=35), 20, "ink2"),
    ],
)
def test_what_was_told_is_never_of_another_colour_than_the_wait(hall: Hall, promise: Promise, minutes: int, token: str):
    """20 minutes are red by the hall's rules: beside that nothing is green, and below it nothing red."""
    ticket = replace(hall.ticket(hall.issue("A")), promise=promise)
    hall.clock.move(minutes=minutes)
    hall.open("3", "C3")
    now = scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())

    assert words.promise_of(now, ticket)[1] == token
    assert (words.wait_of(now, ticket)[1] == "red") is (minutes == 20)


def test_what_was_told_is_of_the_first_call(hall: Hall):
    hall.open("3", "C3")
    label = hall.issue("A")
    hall.call("3")
    hall.do("miss", "3")
    hall.do("reinstate", label)

    assert promised(hall.ticket(label), at("12:00")) is Promised.UNKNOWN


def test_what_was_done_is_counted_by_digits_and_goes_with_the_finish_as_does_an_outcome(page: Page):
    page.press(Key.Key_Space)
    assert page.view.rail.card.accessibleName().endswith("no estimate given")
    page.press(Key.Key_Space)
    page.view.stage.acted.emit("delivered")
    dialog = page.dialog
    assert isinstance(dialog, DeliveredDialog)
    page.press(Key.Key_1, Key.Key_2, Key.Key_2, Key.Key_3, Key.Key_Backspace, ENTER)
    assert page.view.stage.facts.text().endswith("Done: A, B ×2")

    page.press(Key.Key_Space)
    finish = page.hall.last()
    assert (finish.kind, finish.data["delivered"]) == ("finish", ["A", "B:2"])
    page.press(Key.Key_Space, Key.Key_Space, Key.Key_Space)
    assert "delivered" not in page.hall.last().data, "the next customer begins at none"

    # An outcome that the hall wants is asked before the finish, and the next one called after it.
    page.hall.do("set-setting", "outcome_required", "on")
    page.hall.do("set-setting", "call_at_finish", "on")
    page.hall.issue("A")
    page.settle()
    page.press(Key.Key_Space, Key.Key_Space, Key.Key_Space)
    assert page.hall.last().kind == "start"
    page.press(Key.Key_2, ENTER)
    finish, call = looking.events_after(page.hall.desk, 0)[-2:]
    assert (finish.kind, finish.data["outcome"], call.kind) == ("finish", "part", "call")
