"""The counter without widgets, on a real hall."""

from __future__ import annotations

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE, Actor, Role, station
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import moving, opening, rating
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import announcing, devices
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.scene import Heard
from queuedesk.stations.counter.words import status_of
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.tasks import InlineTasks
from tests.desk.equipment import only_shown
from tests.hall import Hall, labels, make_hall
from tests.stations.counter.conftest import Counter


def test_call_start_finish_call(counter: Counter):
    first, second = counter.hall.queue("A", "A")
    counter.follow()

    for act, kind, label in (("call", "called", first), ("start", "serving", first), ("finish", "idle", "")):
        counter.do(act)
        assert (counter.kind, counter.label) == (kind, label)
    counter.do("call")

    assert counter.label == second
    assert [e.kind for e in counter.log("call", "start", "finish")] == ["call", "start", "finish", "call"]


def taken(hall: Hall, context: StationContext, *services: str) -> CounterController:
    """Return the controller of window 3 with people waiting, whose feed is not begun."""
    hall.open("3", "C3")
    hall.queue(*services)
    context.who = Actor("C3", Role.CLERK)
    context.feed.state = looking.hall_now(hall.desk, hall.clock())
    controller = CounterController(context)
    controller.take("3")
    return controller


def test_nothing_is_taken_until_the_outcome_is_on_the_screen(hall: Hall, context: StationContext, qtbot):
    controller = taken(hall, context, "A", "A")

    controller.call()
    assert controller.busy, "done, but not yet drawn"
    controller.start()
    assert controller.scene is not None and str(controller.scene.kind) == "idle"

    context.feed.start()
    qtbot.waitUntil(lambda: not controller.busy)
    assert str(controller.scene.kind) == "called", "the second command was not taken"


def test_what_was_done_where_the_hall_moved_is_waited_for_until_the_window_opens_there(
    hall: Hall, context: StationContext
):
    controller = taken(hall, context, "A", "A")
    context.feed.note_away(OutsideError("hall_moved", to="postgresql://somewhere"))

    controller.call()
    hall.clock.move(seconds=4)
    controller.tick(hall.clock())
    assert controller.busy, "a second call would be refused: somebody is called already"

    context.feed.note_back()
    controller.tick(hall.clock())
    assert not controller.busy


def test_a_command_whose_event_never_comes_lets_go_after_three_seconds(hall: Hall, context: StationContext):
    controller = taken(hall, context, "A")
    controller.call()

    hall.clock.move(seconds=2)
    controller.tick(hall.clock())
    assert controller.busy
    hall.clock.move(seconds=2)
    controller.tick(hall.clock())
    assert not controller.busy


def test_a_refusal_is_told_and_changes_nothing(counter: Counter):
    counter.do("recall")

    assert counter.refused == ["no_customer"]
    assert counter.log("recall") == []


def test_out_of_order_asks_why_and_calls_with_the_reason(counter: Counter):
    first, second, third = counter.hall.queue("A", "A", "A")
    counter.follow()

    counter.do("call", third)
    verb, passed, again = counter.asked[0]
    assert (verb, passed, counter.kind) == ("call", [first, second], "idle")
    again("frail")
    counter.drawn()

    assert counter.label == third
    assert counter.log("call")[0].data["reason"] == "frail"


def test_the_next_by_the_rule_needs_no_reason(counter: Counter):
    first, _second = counter.hall.queue("A", "A")
    counter.follow()

    counter.do("call", first)

    assert counter.asked == []
    assert counter.label == first


def test_serving_without_a_ticket_asks_why_while_somebody_waits(counter: Counter):
    waiting = counter.hall.issue("A")
    counter.follow()

    counter.do("serve", "B")
    verb, passed, again = counter.asked[0]
    assert (verb, passed) == ("serve", [waiting])
    again("one_question")
    counter.drawn()

    assert (counter.kind, counter.label) == ("serving", "B001")


def test_set_aside_and_taken_back(counter: Counter):
    label = counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    counter.do("start")

    counter.do("park", "copying")
    scene = counter.controller.scene
    assert scene is not None and labels(scene.aside) == [label] and scene.aside[0].reason == "copying"
    counter.do("unpark", label)

    assert (counter.kind, counter.label) == ("serving", label)


def test_missed_and_back_in_line(counter: Counter):
    label = counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    for left in (1, 0):
        counter.do("recall")
        assert counter.controller.scene is not None and counter.controller.scene.calls_left == left
    counter.do("recall")
    assert counter.log("miss")[0].ticket == label, "after the last call a recall means missed"

    counter.do("reinstate", label)

    scene = counter.controller.scene
    assert scene is not None and labels(scene.order) == [label]


def test_a_return_too_many_is_refused_with_the_reason(counter: Counter):
    setting_up.set_row(counter.hall.desk, counter.hall.ask(CONSOLE), "services", "A", {"max_returns": 0})
    label = counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    counter.do("miss")

    counter.do("reinstate", label)

    assert counter.refused == ["no_more_returns"]


def test_given_back_it_waits_at_its_own_place(counter: Counter):
    first, second = counter.hall.queue("A", "A")
    counter.follow()
    counter.do("call")

    counter.do("give_back", "wrong_number")

    scene = counter.controller.scene
    assert scene is not None and labels(scene.order) == [first, second]


def test_waiting_for_a_system_is_no_handling(counter: Counter):
    counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    counter.do("start")
    counter.hall.clock.move(minutes=2)
    counter.do("stall", "network")
    counter.hall.clock.move(minutes=10)
    counter.do("unstall")
    counter.hall.clock.move(minutes=1)
    counter.do("finish")

    assert counter.controller.day.mean_s == 180


def test_another_service_is_added_and_follows(counter: Counter):
    label = counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    counter.do("start")
    counter.do("add", "B")
    counter.do("finish")

    scene = counter.controller.scene
    assert scene is not None and [(t.label, t.service) for t in scene.order] == [(label, "B")]


def test_redirect_and_transfer_send_on(counter: Counter):
    one, two = counter.hall.queue("A", "A")
    counter.follow()
    counter.do("call")
    counter.do("redirect", "B")
    counter.do("call", two)
    counter.asked[0][2]("frail")
    counter.drawn()
    counter.do("start")
    counter.do("transfer", "C", to_window="5")

    assert [(e.kind, e.ticket, e.data["to"]) for e in counter.log("redirect", "transfer")] == [
        ("redirect", one, "B"),
        ("transfer", two, "C"),
    ]


def test_the_last_finished_is_taken_back_until_it_is_rated(counter: Counter):
    counter.hall.queue("A")
    counter.follow()
    label = counter.hall.serve_out("3")
    counter.follow()
    assert counter.controller.scene is not None and counter.controller.scene.may_reopen

    counter.do("reopen")
    assert (counter.kind, counter.label) == ("serving", label)
    counter.do("finish")
    rating.rate(counter.hall.desk, counter.hall.ask(), label, 2)
    counter.follow()

    assert not counter.controller.scene.may_reopen
    counter.do("reopen")
    assert counter.refused == ["already_rated"]


def test_finish_and_call_takes_the_next_at_once(counter: Counter):
    _first, second = counter.hall.queue("A", "A")
    counter.follow()
    counter.do("call")
    counter.do("start")

    counter.do("finish", then_call=True)

    assert (counter.kind, counter.label) == ("called", second)


def test_finish_and_call_with_nobody_waiting_only_finishes(counter: Counter):
    counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    counter.do("start")
    counter.do("finish", then_call=True)

    assert (counter.kind, counter.refused) == ("idle", [])


def test_pause_extend_and_resume(counter: Counter):
    counter.do("pause", "break", 15)
    assert counter.kind == "paused"
    back = counter.controller.scene.window.back
    counter.hall.clock.move(minutes=5)

    counter.do("extend")
    longer = counter.controller.scene.window.back
    assert (longer - back).total_seconds() == 600
    counter.do("resume")

    assert counter.kind == "idle"


def test_an_extension_after_the_time_is_ten_minutes_from_now(counter: Counter):
    counter.do("pause", "break", 5)
    counter.hall.clock.move(minutes=20)
    counter.do("extend")

    assert (counter.controller.scene.window.back - counter.hall.clock()).total_seconds() == 600


def test_closing_tells_who_nobody_serves_any_more_and_lets_the_window_go(counter: Counter, qtbot):
    counter.hall.queue("A", "B")
    counter.follow()
    told: list[list[str]] = []
    counter.controller.unserved.connect(told.append)

    with qtbot.waitSignal(counter.controller.lost):
        counter.controller.close()

    assert told == [["A", "B"]]
    assert counter.controller.scene is None


def test_a_window_closed_by_somebody_else_is_lost(counter: Counter, qtbot):
    with qtbot.waitSignal(counter.controller.lost):
        opening.close(counter.hall.desk, Ask(CONSOLE, counter.hall.clock()), "3")


def test_somebody_coming_to_an_idle_clerk_is_told_once(counter: Counter, qtbot):
    came: list[None] = []
    counter.controller.came.connect(lambda: came.append(None))

    counter.hall.queue("A", "A")
    counter.follow()

    assert len(came) == 1


def a_display_runs(hall: Hall) -> None:
    devices.started(hall.desk, hall.ask(station("display")), "display", "display")


def test_the_announcement_is_followed_to_its_end(counter: Counter):
    a_display_runs(counter.hall)
    counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    seq, now, desk = counter.log("call")[0].seq, counter.hall.clock, counter.hall.desk
    seen = [counter.controller.heard]

    announcing.note_shown(desk, seq, "display", now())
    counter.controller.tick(now())
    seen.append(counter.controller.heard)
    announcing.note_spoken(desk, seq, "voice", now(), link="espeak")
    counter.controller.tick(now())
    seen.append(counter.controller.heard)

    assert seen == [Heard.RUNNING, Heard.RUNNING, Heard.DONE]


def test_where_no_display_runs_the_clerk_is_told_at_once_to_call_the_number_out(counter: Counter):
    counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    counter.controller.tick(counter.hall.clock())

    assert counter.controller.heard is Heard.NOBODY
    assert counter.controller.scene is not None
    beside = status_of(counter.controller.scene, counter.controller.heard).beside
    assert beside == "No display is running: please call out the number"


def test_in_a_hall_without_a_loudspeaker_a_call_is_only_shown(counter: Counter):
    a_display_runs(counter.hall)
    only_shown(counter.hall)
    counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    seq, clock, desk = counter.log("call")[0].seq, counter.hall.clock, counter.hall.desk
    seen = []

    def look() -> None:
        counter.controller.tick(clock())
        assert counter.controller.scene is not None
        status = status_of(counter.controller.scene, counter.controller.heard)
        seen.append((status.beside, status.token))

    look()
    announcing.note_spoken(desk, seq, "display", clock(), link=None, cause="no_sound")
    look()
    announcing.note_shown(desk, seq, "display", clock())
    look()

    assert seen == [("", "ink2"), ("", "ink2"), ("shown", "ink2")]


def test_a_voice_that_was_never_heard_is_told_of_at_its_first_call(counter: Counter):
    a_display_runs(counter.hall)
    devices.report(counter.hall.desk, counter.hall.ask(station("display")), "voice", "display", "no_sound")
    counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    seq, clock, desk = counter.log("call")[0].seq, counter.hall.clock, counter.hall.desk
    announcing.note_shown(desk, seq, "display", clock())
    announcing.note_spoken(desk, seq, "display", clock(), link=None, cause="no_sound")
    counter.controller.tick(clock())

    assert counter.controller.scene is not None
    assert status_of(counter.controller.scene, counter.controller.heard).beside == "shown, not spoken"


def test_a_late_report_is_seen_a_few_seconds_later(counter: Counter):
    a_display_runs(counter.hall)
    counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    seq, clock, desk = counter.log("call")[0].seq, counter.hall.clock, counter.hall.desk
    seen = []
    for seconds in (20, 1, 8, 1):
        clock.move(seconds=seconds)
        counter.controller.tick(clock())
        seen.append(counter.controller.heard)
        if len(seen) == 1:
            announcing.note_shown(desk, seq, "display", clock())

    assert seen == [Heard.NOWHERE, Heard.NOWHERE, Heard.NOWHERE, Heard.SHOWN]


def test_a_recall_is_announced_anew(counter: Counter):
    a_display_runs(counter.hall)
    counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    first = counter.log("call")[0].seq
    announcing.note_shown(counter.hall.desk, first, "display", counter.hall.clock())
    announcing.note_spoken(counter.hall.desk, first, "voice", counter.hall.clock(), link=None)
    counter.controller.tick(counter.hall.clock())
    assert counter.controller.heard is Heard.SHOWN

    counter.do("recall")
    counter.controller.tick(counter.hall.clock())

    assert counter.controller.heard is Heard.RUNNING


def test_the_own_day_counts_own_legs_only(counter: Counter):
    counter.hall.open("1", "C1")
    counter.hall.queue("A", "A", "A", "A")
    counter.hall.serve_out("1", minutes=60)
    counter.hall.serve_out("3", minutes=4)
    counter.hall.serve_out("3", minutes=8)
    counter.hall.call("3")
    moving.redirect(counter.hall.desk, counter.hall.ask(), "B", window="3")
    counter.follow()

    day = counter.controller.day
    assert (day.finished, day.mean_s, day.target_s) == (2, 360, 300)


@pytest.mark.parametrize("setting", ["off", "on"])
def test_finish_follows_the_halls_rule(setting: str, tmp_path, look, qtbot):
    hall = make_hall(tmp_path, time="10:00", settings={"call_at_finish": setting})
    hall.open("3", "C3")
    hall.queue("A", "A")
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    context = StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, "c", who=Actor("C3", Role.CLERK))
    controller = CounterController(context)
    controller.take("3")
    try:
        for act in (controller.call, controller.start, controller.finish):
            act()
            qtbot.waitUntil(lambda: not controller.busy)
    finally:
        feed.stop()

    assert controller.scene is not None
    assert str(controller.scene.kind) == ("called" if setting == "on" else "idle")
