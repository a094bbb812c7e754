"""What the counter does and says, without its page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE, Actor, Role, station
from queuedesk.core.queue.ticket import Promise
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import calling, opening, rating
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import announcing, devices
from queuedesk.desk.talk.announcing import Announced
from queuedesk.i18n import say
from queuedesk.stations.counter import words
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.questions import DeliveredDialog
from queuedesk.stations.counter.scene import (
    KEYS,
    Act,
    Heard,
    Promised,
    Scene,
    act_of_key,
    beside,
    heard_of,
    left_by,
    possible,
    primary,
    promised,
    refusal,
    scene_of,
)
from queuedesk.stations.counter.small_bar import face_of
from queuedesk.stations.counter.words import status_of
from queuedesk.stations.window.context import Sounds, StationContext
from tests.desk.equipment import only_shown
from tests.hall import ADMIN, GUIDE, Hall, at, labels
from tests.stations.counter.conftest import Counter
from tests.stations.counter.pages import Page
from tests.stations.stubs import lend, stub

TicketHistory = Callable[[Hall], None]
Key = Qt.Key
ENTER = Key.Key_Return


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
    calling.redirect(counter.hall.desk, counter.hall.ask(), "B", window="3")
    counter.follow()
    day = counter.controller.day
    assert (day.finished, day.mean_s, day.target_s) == (3, 360, 300)


def nothing(_hall: Hall) -> None:
    """Nobody waits."""


def waiting(hall: Hall) -> None:
    hall.queue("A", "B")


def called(hall: Hall) -> None:
    waiting(hall)
    hall.call("3")


def being_served(hall: Hall) -> None:
    called(hall)
    calling.start(hall.desk, hall.ask(), "3")


def stalled(hall: Hall) -> None:
    being_served(hall)
    calling.stall(hall.desk, hall.ask(), "3", reason="network")


def finished(hall: Hall) -> None:
    being_served(hall)
    calling.finish(hall.desk, hall.ask(), "3")


def paused(hall: Hall) -> None:
    opening.pause(hall.desk, hall.ask(), "3", reason="break", minutes=15)


CALLED_FIRST = "Window 3 has called A001; please start it, put it back in line or mark it as missed first."


def scene_after(hall: Hall, story: TicketHistory) -> Scene:
    hall.open("3", "C3")
    story(hall)
    return scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())


@pytest.mark.parametrize(
    ("story", "first", "row", "out_of_place"),
    [
        (
            nothing,
            None,
            [Act.CALL_CHOSEN, Act.SERVE],
            {"F2": "No customer at window 3.", "F5": "Window 3 has no finished ticket to reopen."},
        ),
        (waiting, Act.CALL, [Act.CALL_CHOSEN, Act.SERVE], {}),
        (
            called,
            Act.START,
            [Act.RECALL, Act.MISS, Act.REDIRECT],
            dict.fromkeys(("F4", "F9"), "A001 is called to window 3; please start serving first.")
            | dict.fromkeys(("F5", "F8", "F10", "F11"), CALLED_FIRST),
        ),
        (
            being_served,
            Act.FINISH,
            [Act.TRANSFER, Act.REDIRECT, Act.PARK, Act.FINISH_CALL],
            {
                "F3": "A001 is being served at window 3.",
                "F10": "Window 3 still has A001; please finish it or set it aside first.",
            },
        ),
        (stalled, Act.FINISH, [Act.UNSTALL, Act.REDIRECT, Act.PARK, Act.FINISH_CALL], {}),
        (finished, Act.CALL, [Act.CALL_CHOSEN, Act.REOPEN], {}),
        (paused, Act.RESUME, [Act.EXTEND, Act.CLOSE], {"F8": "Window 3 is paused; please resume first."}),
    ],
)
def test_there_is_one_primary_and_its_row_and_the_rest_is_refused_with_a_sentence(
    hall: Hall, story: TicketHistory, first: Act | None, row: list[Act], out_of_place: dict[str, str]
):
    now = scene_after(hall, story)
    able = set(possible(now))

    assert (primary(now), beside(now)) == (first, row)
    assert {act for act in [first, *row] if act} - able <= {Act.CALL_CHOSEN}, "the menu has what can be done"
    assert all(words.act_word(act, now) for act in able)
    for act in set(Act) - able:
        assert say(refusal(act, now)), act
    said = {}
    for key in out_of_place:
        act = act_of_key(key, now)
        assert act is not None and act not in able
        said[key] = words.refusal_line(now, refusal(act, now))
    assert said == out_of_place, "a key out of place says what is so now"


def test_a_key_means_what_the_state_makes_of_it_and_who_would_be_left_names_windows(hall: Hall):
    left = left_by(scene_after(hall, waiting))
    assert [(one.service, one.waiting, one.could) for one in left] == [
        ("A", 1, ("1", "2", "4", "5", "6")),
        ("B", 1, ("4", "5", "6")),
    ]
    paused(hall)
    now = scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())
    assert [act_of_key(key, now) for key in ("F2", "F10", "F11")] == [Act.EXTEND, Act.RESUME, Act.CLOSE]
    assert sorted(KEYS.values(), key=lambda cap: int(cap[1:]))[0] == "F2"
    hall.open("5", "C5")
    now = scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())
    assert left_by(now) == [], "another window serves them"


def test_how_far_an_announcement_has_come(hall: Hall):
    now = hall.clock()

    def heard(age_s: int, *reports: tuple[str, bool, str | None]) -> Heard:
        return heard_of(
            [
                Announced(
                    station=name,
                    shown=now if shown else None,
                    spoken=now if link not in (None, "none") else None,
                    link=link,
                )
                for name, shown, link in reports
            ],
            age_s,
        )

    shown = ("display", True, None)
    assert [heard(5), heard(20)] == [Heard.RUNNING, Heard.NOWHERE]
    assert [heard(5, shown), heard(20, shown)] == [Heard.RUNNING, Heard.SHOWN]
    assert heard(3, shown, ("voice", False, "none")) is Heard.SHOWN
    assert heard(3, shown, ("voice", False, "espeak")) is Heard.DONE
    assert heard(3, ("voice", False, "none")) is Heard.RUNNING


def scene(hall: Hall) -> Scene:
    return scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())


def said_of(now: Scene, label: str) -> str:
    """Return the grey line under the service of a waiting ticket."""
    ticket = next(t for t in now.order if t.label == label)
    return " ".join(run.text for run in words.facts_of(now, ticket, px=20))


def test_who_is_back_in_line_after_a_miss_waits_on_and_who_is_called_waited_until_the_first_call(hall: Hall):
    hall.open("3", "C3")
    label = hall.issue("A")
    hall.clock.move(minutes=4)
    hall.call("3")
    hall.clock.move(minutes=3)
    now = scene(hall)
    assert now.ticket is not None
    assert words.facts_of(now, now.ticket, px=20)[0].text == "waited 4 min"
    calling.miss(hall.desk, hall.ask(), "3")
    calling.reinstate(hall.desk, hall.ask(), label)
    seen = []
    for minutes in (2, 2, 5):
        hall.clock.move(minutes=minutes)
        row = words.row_of(scene(hall), scene(hall).order[0])
        seen.append((row.wait, row.level))
    assert seen == [("9 min", ""), ("11 min", "amber"), ("16 min", "red")]


@pytest.mark.parametrize(
    ("urgent", "klass", "told"),
    [("B", "normal", " (Account services)"), ("B", "elderly", ""), ("A", "elderly", "")],
)
def test_who_was_passed_by_the_credit_of_a_service_has_its_name_beside(hall: Hall, urgent: str, klass: str, told: str):
    hall.do("set-row", "services", "B", {"credit_minutes": 60}, who=ADMIN)
    hall.open("3", "C3")
    label = hall.issue("A")
    hall.clock.move(minutes=1)
    first = hall.issue(urgent, klass=klass)
    assert hall.serve_out("3") == first

    assert f"1 later ticket went first{told} · " in said_of(scene(hall), label) + " · "
    assert hall.call("3") == label
    now = scene(hall)
    assert now.ticket is not None
    assert words.facts_of(now, now.ticket, px=20)[0].text.endswith(f"1 later ticket went first{told}")


def test_one_who_waits_elsewhere_may_go_to_several_windows_and_papers_nobody_noted_are_not_spoken_of(hall: Hall):
    hall.open("3", "C3")
    hall.open("5", "C5")
    hall.issue("C")
    assert words.empty_lines(scene(hall))[1] == "1 waiting for New connection, at window 5"
    hall.open("6", "C6")
    assert words.empty_lines(scene(hall))[1] == "1 waiting for New connection, at windows 5, 6"
    made = hall.do("issue", "A", item="dyfp", who=GUIDE)
    assert said_of(scene(hall), made["ticket"]) == "waiting 0 min"


@pytest.mark.parametrize(
    "story",
    [
        [("call", {}), ("miss", {})],
        [("call", {}), ("transfer", {"service": "B"})],
        [("call", {}), ("start", {}), ("park", {"reason": "copying"})],
        [("call", {}), ("return", {"reason": "wrong_number"})],
    ],
)
def test_what_the_last_one_took_is_said_until_something_else_happens(
    hall: Hall, story: list[tuple[str, dict[str, str]]]
):
    hall.open("3", "C3")
    hall.queue("A", "A")
    hall.serve_out("3", minutes=5)
    assert words.status_of(scene(hall), Heard.RUNNING).beside == "A001 finished, took 5:00"

    for verb, details in story:
        hall.clock.move(minutes=1)
        hall.do(verb, **{"window": "3", **details})

    free = words.status_of(scene(hall), Heard.RUNNING)
    assert (free.word, free.beside) == ("Window is free", "")


def test_where_a_visit_goes_on_is_said_until_something_else_happens(hall: Hall):
    hall.open("3", "C3")
    hall.open("5", "C5")
    hall.issue("A", then=["C"])
    hall.call("3")
    hall.do("start", "3")
    hall.do("finish", "3")
    said = {"zh_CN": "A001 接着去：报装接电，5 号窗口", "en": "A001 goes on to New connection, Window 5"}
    for lang, words_of in said.items():
        i18n.use(lang)
        free = words.status_of(scene(hall), Heard.RUNNING)
        assert (free.state, free.beside) == ("idle", words_of)
    hall.call("5")
    assert words.status_of(scene(hall), Heard.RUNNING).beside == said["en"], "they are on the way there"
    hall.do("start", "5")
    assert words.status_of(scene(hall), Heard.RUNNING).beside == ""


def sent_on(hall: Hall, verb: str, **details: str) -> str:
    """Return a number that came 23 minutes ago, waited 20 and was sent on to B 3 minutes ago."""
    hall.open("3", "C3")
    label = hall.issue("A")
    hall.clock.move(minutes=20)
    hall.call("3")
    hall.do(verb, window="3", service="B", **details)
    hall.clock.move(minutes=3)
    return label


def test_a_transferred_ticket_tells_since_when_it_is_in_the_hall(hall: Hall):
    label = sent_on(hall, "transfer")
    now = scene(hall)

    assert said_of(now, label) == "in the hall 23 min"
    assert words.row_of(now, now.order[0]).wait == "in the hall 23 min"
    hall.call("3")
    now = scene(hall)
    assert now.ticket is not None
    assert words.facts_of(now, now.ticket, px=20)[0].text == "in the hall 23 min"


@pytest.mark.parametrize(
    ("verb", "place", "said"),
    [
        ("redirect", None, "waiting 23 min"),
        ("transfer", "end", "waiting 3 min"),
        ("transfer", None, "in the hall 23 min"),
    ],
)
def test_one_sent_on_waits_since_the_first_line_or_its_end_and_a_later_leg_is_in_the_hall(
    hall: Hall, verb: str, place: str | None, said: str
):
    label = sent_on(hall, verb, **({"place": place} if place else {}))
    if said.startswith("in the hall"):
        hall.do("redirect", "A", ticket=label)
    assert said_of(scene(hall), label) == said


def test_services_with_the_same_windows_share_a_part(hall: Hall):
    assert words.cover_line(scene(hall)) == "A, B: no other window is open."
    hall.open("4", "C4")
    assert words.cover_line(scene(hall)) == "A, B: still served at window 4."
    hall.open("1", "C1")
    assert words.cover_line(scene(hall)) == "A: still served at windows 1, 4; B: still served at window 4."


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


def test_a_wait_against_what_was_told(hall: Hall):
    ticket, start = hall.ticket(hall.issue("A")), hall.clock()
    hall.open("3", "C3")
    for promise, minutes, wanted, said in (
        (Promise(low=5, high=10), 10, Promised.KEPT, "within the 5–10 min estimated"),
        (Promise(low=5, high=10), 11, Promised.LONGER, "longer than the 5–10 min estimated"),
        (Promise(low=2, high=20, ahead=1, point_s=300), 20, Promised.KEPT, "over target, as estimated (20 min)"),
        (Promise(low=0, high=1, ahead=0, point_s=2), 1, Promised.KEPT, "estimated: no wait"),
        (Promise(low=0, high=1, ahead=0, point_s=2), 5, Promised.LONGER, "estimated: no wait"),
        (Promise(low=0, high=1, ahead=3, point_s=30), 5, Promised.LONGER, "longer than the 1 min estimated"),
        (Promise(reason="too_few_calls"), 30, Promised.UNTOLD, "no estimate given"),
    ):
        ticket, hall.clock.now = replace(ticket, promise=promise), start + timedelta(minutes=minutes)
        assert promised(ticket, hall.clock()) is wanted
        assert words.promise_of(scene(hall), ticket)[0].replace("\u2060", "") == said


def test_what_was_told_is_never_of_another_colour_than_the_wait_and_is_of_the_first_call(hall: Hall):
    """20 minutes are red by the hall's rules: beside that nothing is green, and below it nothing red."""
    ticket, start = hall.ticket(hall.issue("A")), hall.clock()
    hall.open("3", "C3")
    for low, high, minutes, token in ((2, 4, 8, "amber"), (2, 4, 20, "red"), (20, 35, 20, "ink2")):
        hall.clock.now = start + timedelta(minutes=minutes)
        now = scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())
        ticket = replace(ticket, promise=Promise(low=low, high=high))
        assert words.promise_of(now, ticket)[1] == token
        assert (words.wait_of(now, ticket)[1] == "red") is (minutes == 20)

    hall.call("3")
    hall.do("miss", "3")
    hall.do("reinstate", ticket.label)
    assert promised(hall.ticket(ticket.label), at("12:00")) is Promised.UNKNOWN


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
