"""The counter without widgets, on a real hall."""

from __future__ import annotations

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
from tests.desk.equipment import only_shown
from tests.hall import Hall, labels
from tests.stations.counter.conftest import Counter


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


def test_the_next_by_the_rule_needs_no_reason_and_is_given_back_or_sent_on(counter: Counter):
    counter.do("recall")
    assert counter.refused == ["no_customer"]
    assert counter.log("recall") == []

    one, two = counter.hall.queue("A", "A")
    counter.follow()
    counter.do("call", one)
    assert counter.asked == []
    assert counter.label == one
    counter.do("give_back", "wrong_number")
    scene = counter.controller.scene
    assert scene is not None and labels(scene.order) == [one, two], "it waits at its own place"

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


def test_serving_without_a_ticket_asks_why_while_somebody_waits(counter: Counter):
    waiting = counter.hall.issue("A")
    counter.follow()

    counter.do("serve", "B")
    verb, passed, again = counter.asked[0]
    assert (verb, passed) == ("serve", [waiting])
    again("one_question")
    counter.drawn()

    assert (counter.kind, counter.label) == ("serving", "B001")


def test_who_was_missed_is_back_in_line_as_often_as_the_hall_allows(counter: Counter):
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

    setting_up.set_row(counter.hall.desk, counter.hall.ask(CONSOLE), "services", "A", {"max_returns": 0})
    counter.follow()
    counter.do("call")
    counter.do("miss")
    counter.do("reinstate", label)
    assert counter.refused == ["no_more_returns"]


def test_an_added_service_follows_the_finish_and_the_last_finished_is_taken_back_until_it_is_rated(counter: Counter):
    label = counter.hall.issue("A")
    counter.follow()
    counter.do("call")
    counter.do("start")
    counter.do("add", "B")
    counter.do("finish")
    scene = counter.controller.scene
    assert scene is not None and [(t.label, t.service) for t in scene.order] == [(label, "B")]
    counter.do("call")
    counter.do("start")
    counter.do("finish", then_call=True)
    assert (counter.kind, counter.refused) == ("idle", []), "where nobody waits, finish and call only finishes"

    counter.hall.queue("A")
    counter.follow()
    label = counter.hall.serve_out("3")
    counter.follow()
    assert counter.controller.scene.may_reopen
    counter.do("reopen")
    assert (counter.kind, counter.label) == ("serving", label)
    counter.do("finish")
    rating.rate(counter.hall.desk, counter.hall.ask(), label, 2)
    counter.follow()
    assert not counter.controller.scene.may_reopen
    counter.do("reopen")
    assert counter.refused == ["already_rated"]


def test_a_window_pauses_extends_resumes_is_told_who_comes_and_closes(counter: Counter, qtbot):
    counter.do("pause", "break", 15)
    assert counter.kind == "paused"
    back = counter.controller.scene.window.back
    counter.hall.clock.move(minutes=5)
    counter.do("extend")
    longer = counter.controller.scene.window.back
    assert (longer - back).total_seconds() == 600
    counter.hall.clock.move(minutes=40)
    counter.do("extend")
    late = counter.controller.scene.window.back
    assert (late - counter.hall.clock()).total_seconds() == 600, "after the time it is ten minutes from now"
    counter.do("resume")
    assert counter.kind == "idle"

    came: list[None] = []
    counter.controller.came.connect(lambda: came.append(None))
    counter.hall.queue("A", "B")
    counter.follow()
    assert len(came) == 1, "somebody coming to an idle clerk is told once"

    told: list[list[str]] = []
    counter.controller.unserved.connect(told.append)
    with qtbot.waitSignal(counter.controller.lost):
        counter.controller.close()
    assert told == [["A", "B"]], "whom nobody serves any more"
    assert counter.controller.scene is None


def test_a_window_closed_by_somebody_else_is_lost(counter: Counter, qtbot):
    with qtbot.waitSignal(counter.controller.lost):
        opening.close(counter.hall.desk, Ask(CONSOLE, counter.hall.clock()), "3")


def a_display_runs(hall: Hall) -> None:
    devices.started(hall.desk, hall.ask(station("display")), "display", "display")


def test_the_announcement_is_followed_to_its_end_and_a_recall_is_announced_anew(counter: Counter):
    hall, controller, clock = counter.hall, counter.controller, counter.hall.clock
    hall.queue("A", "A")
    counter.follow()
    counter.do("call")
    controller.tick(clock())
    assert controller.heard is Heard.NOBODY and controller.scene is not None
    beside = status_of(controller.scene, controller.heard).beside
    assert beside == "No display is running: please call out the number", "at once"

    a_display_runs(hall)
    counter.follow()
    counter.do("recall")
    seq = counter.log("recall")[-1].seq
    seen = [controller.heard]
    announcing.note_shown(hall.desk, seq, "display", clock())
    controller.tick(clock())
    seen.append(controller.heard)
    announcing.note_spoken(hall.desk, seq, "voice", clock(), link="espeak")
    controller.tick(clock())
    seen.append(controller.heard)
    counter.do("recall")
    controller.tick(clock())
    assert [*seen, controller.heard] == [Heard.RUNNING, Heard.RUNNING, Heard.DONE, Heard.RUNNING]

    # A late report is seen a few seconds later.
    counter.do("miss")
    counter.do("call")
    seen = []
    for seconds in (20, 1, 8, 1):
        clock.move(seconds=seconds)
        controller.tick(clock())
        seen.append(controller.heard)
        if len(seen) == 1:
            announcing.note_shown(hall.desk, counter.log("call")[-1].seq, "display", clock())
    assert seen == [Heard.NOWHERE, Heard.NOWHERE, Heard.NOWHERE, Heard.SHOWN]


def test_a_voice_never_heard_is_told_of_and_in_a_hall_without_a_loudspeaker_a_call_is_only_shown(counter: Counter):
    hall, clock, desk = counter.hall, counter.hall.clock, counter.hall.desk
    a_display_runs(hall)
    devices.report(desk, hall.ask(station("display")), "voice", "display", "no_sound")
    hall.queue("A", "A")
    counter.follow()
    counter.do("call")
    seen = []

    def look() -> None:
        counter.controller.tick(clock())
        assert counter.controller.scene is not None
        status = status_of(counter.controller.scene, counter.controller.heard)
        seen.append((status.beside, status.token))

    seq = counter.log("call")[-1].seq
    announcing.note_shown(desk, seq, "display", clock())
    announcing.note_spoken(desk, seq, "display", clock(), link=None, cause="no_sound")
    look()
    assert seen.pop()[0] == "shown, not spoken"

    only_shown(hall)
    counter.do("miss")
    counter.do("call")
    seq = counter.log("call")[-1].seq
    look()
    announcing.note_spoken(desk, seq, "display", clock(), link=None, cause="no_sound")
    look()
    announcing.note_shown(desk, seq, "display", clock())
    look()
    assert seen == [("", "ink2"), ("", "ink2"), ("shown", "ink2")]


def test_the_own_day_counts_own_legs_only_and_waiting_for_a_system_is_no_handling(counter: Counter):
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

    counter.hall.open("1", "C1")
    counter.hall.queue("A", "A", "A", "A")
    counter.hall.serve_out("1", minutes=60)
    counter.hall.serve_out("3", minutes=4)
    counter.hall.serve_out("3", minutes=11)
    counter.hall.call("3")
    moving.redirect(counter.hall.desk, counter.hall.ask(), "B", window="3")
    counter.follow()
    day = counter.controller.day
    assert (day.finished, day.mean_s, day.target_s) == (3, 360, 300)
