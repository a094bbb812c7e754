"""What the counter does and says, without its page."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import Actor, Role, actor_of_station
from queuedesk.core.queue.ticket import WaitPromise
from queuedesk.desk import looking
from queuedesk.desk.talk import announcing, devices
from queuedesk.i18n import error_sentence
from queuedesk.stations.counter import scene as scenes
from queuedesk.stations.counter import words
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.questions import DeliveredDialog
from queuedesk.stations.counter.scene import AnnouncementState, ClerkAct, QuoteCheck
from queuedesk.stations.counter.words import stage_status
from queuedesk.stations.window.context import StationSounds
from tests.desk.equipment import only_shown
from tests.hall import ADMIN, GUIDE, Hall, at, labels
from tests.stations.counter.conftest import Counter
from tests.stations.counter.pages import Page
from tests.stations.stubs import lend, stub

Key, ENTER = Qt.Key, Qt.Key.Key_Return


def test_nothing_is_taken_until_the_outcome_is_on_the_screen_or_three_seconds_have_passed(hall, context, qtbot):
    hall.play("open 3 staff=C3", "issue A", "issue A")
    context.who = Actor("C3", Role.CLERK)
    context.feed.state = looking.hall_state_now(hall.desk, hall.clock())
    controller = CounterController(context)
    controller.begin_at_window("3")
    controller.call()

    def is_busy_after(seconds: int) -> bool:
        hall.clock.move(seconds=seconds)
        controller.tick(hall.clock())
        return controller.is_busy

    assert controller.is_busy, "done, but not yet drawn"
    controller.start()
    assert str(controller.scene.kind) == "idle"
    assert is_busy_after(2)
    context.feed.note_hall_unreachable(OutsideError("hall_moved", to="postgresql://somewhere"))
    assert is_busy_after(2), "a second call would be refused: somebody is called already"
    context.feed.note_hall_reachable()
    assert not is_busy_after(0), "its event never comes"
    context.feed.start()
    qtbot.waitUntil(lambda: str(controller.scene.kind) == "called")
    assert hall.last().kind == "call", "the second command was not taken"


def test_the_next_by_the_rule_needs_no_reason_and_is_given_back_or_sent_on(counter: Counter):
    counter.do("recall")
    assert (counter.refused, counter.log("recall")) == (["no_customer"], [])
    one, two = counter.hall.queue("A", "A")
    counter.follow()
    counter.do("call", one)
    assert (counter.asked, counter.label) == ([], one)
    counter.do("give_back", "wrong_number")
    assert labels(counter.controller.scene.order) == [one, two], "it waits at its own place"
    counter.do("call")
    counter.do("redirect", "B")
    counter.do("call", two)
    counter.asked[0][2]("frail")
    counter.drawn()
    counter.do("start")
    counter.do("transfer", "C", to_window="5")
    sent = [(e.kind, e.ticket, e.data["to"]) for e in counter.log("redirect", "transfer")]
    assert sent == [("redirect", one, "B"), ("transfer", two, "C")]
    # Serving without a ticket asks why while somebody waits.
    counter.do("serve", "B")
    verb, passed, again = counter.asked[1]
    assert (verb, passed) == ("serve", [one])
    again("one_question")
    counter.drawn()
    assert (counter.kind, counter.label) == ("serving", "B001")


def test_a_window_pauses_extends_resumes_is_told_who_comes_or_is_left_to_it_and_closes(counter: Counter, qtbot):
    def back_in_s() -> float:
        return (counter.controller.scene.window.back - counter.hall.clock()).total_seconds()

    counter.do("pause", "break", 15)
    assert (counter.kind, back_in_s()) == ("paused", 900)
    counter.hall.clock.move(minutes=5)
    counter.do("extend_absence")
    assert back_in_s() == 1200
    counter.hall.clock.move(minutes=40)
    counter.do("extend_absence")
    assert back_in_s() == 600, "after the time it is ten minutes from now"
    counter.do("resume")
    assert counter.kind == "idle"
    # Where nobody waits, finish and call only finishes.
    counter.hall.issue("A")
    counter.follow()
    for act in ("call", "start"):
        counter.do(act)
    counter.do("finish", then_call=True)
    assert (counter.kind, counter.refused) == ("idle", [])
    came, told, left = [], [], []
    counter.controller.came.connect(lambda: came.append(None))
    counter.controller.unserved.connect(told.append)
    counter.controller.left_here.connect(left.append)
    for code, taker in (("5", "3"), ("4", "1")):
        counter.hall.play(f"open {code} staff=C{code}", f"close {code} left_to={taker}")
        counter.follow()
    assert left == ["5"], "those of window 4 are left to another"
    counter.hall.queue("A", "B")
    counter.follow()
    assert len(came) == 1, "somebody coming to an idle clerk is told once"
    with qtbot.waitSignal(counter.controller.lost):
        counter.controller.close()
    assert told == [["A", "B"]], "whom nobody serves any more"
    assert counter.controller.scene is None


def test_the_announcement_is_followed_to_its_end_and_a_recall_is_announced_anew(counter: Counter):
    hall, controller, desk, seen = counter.hall, counter.controller, counter.hall.desk, []

    def look(seconds: int = 0) -> AnnouncementState:
        hall.clock.move(seconds=seconds)
        controller.tick(hall.clock())
        seen.append(controller.announcement_state)
        return controller.announcement_state

    def act(*acts: str) -> int:
        for one in acts:
            counter.do(one)
        return counter.log("call", "recall")[-1].seq

    hall.queue("A", "A")
    counter.follow()
    act("call")
    assert look() is AnnouncementState.NOBODY
    beside = stage_status(controller.scene, controller.announcement_state).beside
    assert beside == "No display is running: please call out the number", "at once"
    devices.record_station_start(desk, hall.ask(actor_of_station("display")), "display", "display")
    counter.follow()
    seq = act("recall")
    seen.clear()
    look()
    announcing.record_call_shown(desk, seq, "display", hall.clock())
    look()
    announcing.record_call_announcement_result(desk, seq, "voice", hall.clock(), link="espeak")
    look()
    act("recall")
    look()
    running, done = AnnouncementState.RUNNING, AnnouncementState.DONE
    assert seen == [running, running, done, running]
    # A late report is seen a few seconds later.
    seq = act("miss", "call")
    assert look(20) is AnnouncementState.NOWHERE
    beside = stage_status(controller.scene, controller.announcement_state).beside
    assert beside == "not shown, not spoken: please call out the number"
    announcing.record_call_shown(desk, seq, "display", hall.clock())
    assert [look(seconds) for seconds in (1, 8, 1)] == [*[AnnouncementState.NOWHERE] * 2, AnnouncementState.SHOWN]


def test_a_voice_never_heard_is_told_of_and_in_a_hall_without_a_loudspeaker_a_call_is_only_shown(counter: Counter):
    hall, desk = counter.hall, counter.hall.desk
    display = hall.ask(actor_of_station("display"))
    devices.record_station_start(desk, display, "display", "display")
    devices.record_device_state(desk, display, "voice", "display", "no_sound")

    def look() -> tuple[str, str]:
        counter.controller.tick(hall.clock())
        status = stage_status(counter.controller.scene, counter.controller.announcement_state)
        return status.beside, status.token

    def note_silent() -> None:
        seq = counter.log("call")[-1].seq
        announcing.record_call_announcement_result(desk, seq, "display", hall.clock(), link=None, cause="no_sound")

    hall.queue("A", "A")
    counter.follow()
    counter.do("call")
    announcing.record_call_shown(desk, counter.log("call")[-1].seq, "display", hall.clock())
    note_silent()
    assert look()[0] == "shown, not spoken"
    only_shown(hall)
    counter.do("miss")
    counter.do("call")
    assert look() == ("", "ink2")
    note_silent()
    assert look() == ("", "ink2")
    hall.clock.move(seconds=30)
    assert look()[0] == "not shown: please call out the number"
    announcing.record_call_shown(desk, counter.log("call")[-1].seq, "display", hall.clock())
    hall.clock.move(seconds=10)
    assert look() == ("shown", "ink2")


def test_the_own_day_counts_own_legs_only_and_waiting_for_a_system_is_no_handling(counter: Counter):
    hall, controller = counter.hall, counter.controller
    hall.play("issue A", "call 3", "start 3", 2, "stall 3 reason=network", 10, "unstall 3", 1, "finish 3")
    counter.follow()
    assert controller.day.mean_s == 180
    hall.play("open 1 staff=C1", *["issue A"] * 4)
    hall.serve_out("1", minutes=60)
    hall.serve_out("3", minutes=4)
    hall.serve_out("3", minutes=11)
    hall.play("call 3", "redirect B window=3")
    counter.follow()
    assert (controller.day.finished, controller.day.mean_s, controller.day.target_s) == (3, 360, 300)


WAITING = ("open 3 staff=C3", "issue A", "issue B")
CALLED = (*WAITING, "call 3")
SERVED = (*CALLED, "start 3")
CALLED_FIRST = "Window 3 has called A001; please start it, put it back in line or mark it as missed first."
NO_CUSTOMER = {"F2": "No customer at window 3.", "F5": "Window 3 has no finished ticket to reopen."}
START_FIRST = "A001 is called to window 3; please start serving first."
FINISH_FIRST = "Window 3 still has A001; please finish it or set it aside first."


def scene(hall: Hall) -> scenes.WindowScene:
    return scenes.counter_scene_at(looking.hall_state_now(hall.desk, hall.clock()), "3", hall.clock())


CHOOSE = "call_chosen serve"
OUT_OF_PLACE = dict.fromkeys(("F4", "F9"), START_FIRST) | dict.fromkeys(("F5", "F8", "F10", "F11"), CALLED_FIRST)
SERVES = {"F3": "A001 is being served at window 3.", "F10": FINISH_FIRST}
PAUSED = {"F8": "Window 3 is paused; please resume first."}


@pytest.mark.parametrize(
    ("story", "first", "beside", "refused"),
    [
        (WAITING[:1], None, CHOOSE, NO_CUSTOMER),
        (WAITING, ClerkAct.CALL, CHOOSE, {}),
        (CALLED, ClerkAct.START, "recall miss redirect", OUT_OF_PLACE),
        (SERVED, ClerkAct.FINISH, "transfer redirect park finish_call", SERVES),
        ((*SERVED, "stall 3 reason=network"), ClerkAct.FINISH, "unstall redirect park finish_call", {}),
        ((*SERVED, "finish 3"), ClerkAct.CALL, "call_chosen reopen", {}),
        ((*WAITING[:1], "pause 3 reason=break"), ClerkAct.RESUME, "extend close", PAUSED),
    ],
)
def test_there_is_one_primary_and_its_row_and_the_rest_is_refused_with_a_sentence(hall, story, first, beside, refused):
    hall.play(*story)
    now, row = scene(hall), [*map(ClerkAct, beside.split())]
    able = set(scenes.possible_acts(now))
    assert (scenes.primary_act(now), scenes.acts_beside_primary(now)) == (first, row)
    assert {act for act in [first, *row] if act} - able <= {ClerkAct.CALL_CHOSEN}, "the menu has what can be done"
    assert all(words.act_word(act, now) for act in able)
    assert all(error_sentence(scenes.reason_act_is_impossible(act, now)) for act in set(ClerkAct) - able)
    assert not {scenes.act_of_function_key(key, now) for key in refused} & {None, *able}
    why = {key: scenes.reason_act_is_impossible(scenes.act_of_function_key(key, now), now) for key in refused}
    said = {key: words.refusal_line(now, reason) for key, reason in why.items()}
    assert said == refused, "a key out of place says what is so now"


def test_a_key_means_what_the_state_makes_of_it_and_who_would_be_left_names_windows(hall: Hall):
    hall.play(*WAITING)
    left = [(one.service, one.waiting, one.could) for one in scenes.lines_left_if_window_stops(scene(hall))]
    assert left == [("A", 1, ("1", "2", "4", "5", "6")), ("B", 1, ("4", "5", "6"))]
    hall.play("pause 3 reason=break")
    acts = [scenes.act_of_function_key(key, scene(hall)) for key in ("F2", "F10", "F11")]
    assert acts == [ClerkAct.EXTEND, ClerkAct.RESUME, ClerkAct.CLOSE]
    assert sorted(scenes.KEYS.values(), key=lambda cap: int(cap[1:]))[0] == "F2"
    hall.play("open 5 staff=C5")
    assert scenes.lines_left_if_window_stops(scene(hall)) == [], "another window serves them"


def said_of(hall: Hall, label: str) -> str:
    """Return the grey line under the service of a waiting ticket."""
    now = scene(hall)
    ticket = next(ticket for ticket in now.order if ticket.label == label)
    return " ".join(run.text for run in words.wait_and_history_runs(now, ticket, px=20))


def said_of_called(hall: Hall) -> str:
    return words.wait_and_history_runs(scene(hall), scene(hall).ticket, px=20)[0].text


def free(hall: Hall) -> tuple[str, str]:
    status = words.stage_status(scene(hall), AnnouncementState.RUNNING)
    return status.word, status.beside


def test_who_is_back_in_line_after_a_miss_waits_on_and_who_is_called_waited_until_the_first_call(hall: Hall):
    hall.play("open 3 staff=C3", "issue A", 4, "call 3", 3)
    assert said_of_called(hall) == "waited 4 min"
    hall.play("miss 3", "reinstate A001")
    for minutes, wait, level in ((2, "9 min", ""), (2, "11 min", "amber"), (5, "16 min", "red")):
        hall.play(minutes)
        row = words.row_of_ticket(scene(hall), scene(hall).order[0])
        assert (row.wait, row.level) == (wait, level)


@pytest.mark.parametrize(
    ("urgent", "klass", "told"), [("B", "normal", " (Account services)"), ("B", "elderly", ""), ("A", "elderly", "")]
)
def test_who_was_passed_by_the_credit_of_a_service_has_its_name_beside(hall: Hall, urgent: str, klass: str, told: str):
    hall.do("set-row", "services", "B", {"credit_minutes": 60}, who=ADMIN)
    hall.play("open 3 staff=C3", "issue A", 1, f"issue {urgent} klass={klass}")
    assert hall.serve_out("3") != "A001"
    assert f"1 later ticket went first{told} · " in said_of(hall, "A001") + " · "
    assert hall.call("3") == "A001"
    assert said_of_called(hall).endswith(f"1 later ticket went first{told}")


def test_windows_with_the_same_services_share_a_part_and_papers_nobody_noted_are_not_spoken_of(hall: Hall):
    hall.play("open 3 staff=C3")
    for opens, line in (
        ((), "A, B: no other window is open."),
        (("open 4 staff=C4",), "A, B: still served at window 4."),
        (("open 1 staff=C1",), "A: still served at windows 1, 4; B: still served at window 4."),
    ):
        hall.play(*opens)
        assert words.services_still_served_where_line(scene(hall)) == line
    for deeds, where in ((("open 5 staff=C5", "issue C"), "window 5"), (("open 6 staff=C6",), "windows 5, 6")):
        hall.play(*deeds)
        assert words.nobody_waits_here_lines(scene(hall))[1] == f"1 waiting for New connection, at {where}"
    hall.do("issue", "A", item="dyfp", who=GUIDE)
    assert said_of(hall, "A001") == "waiting 0 min"


def test_what_the_last_one_took_or_where_the_visit_goes_on_is_said_until_something_else_happens(hall: Hall):
    hall.play("open 3 staff=C3", "open 5 staff=C5", *["issue A"] * 8)
    for deed in ("miss 3", "transfer 3 B", "park 3 reason=copying", "return 3 reason=wrong_number"):
        label = hall.serve_out("3")
        assert free(hall)[1] == f"{label} finished, took 5:00"
        hall.play(1, "call 3", *(["start 3", deed] if deed.startswith("park") else [deed]))
        assert free(hall) == ("Window is free", "")
    label = hall.issue("A", then=["C"])
    hall.call("3", ticket=label, reason="frail")
    hall.play("start 3", "finish 3")
    english = f"{label} goes on to New connection, Window 5"
    for lang, words_of in (("zh_CN", f"{label} 接着去：报装接电，5 号窗口"), ("en", english)):
        i18n.choose_language(lang)
        assert free(hall)[1] == words_of
    hall.call("5", ticket=label, reason="frail")
    assert free(hall)[1] == english, "they are on the way there"
    hall.play("start 5")
    assert free(hall)[1] == ""


@pytest.mark.parametrize(
    ("sends", "said"),
    [
        (("redirect B window=3",), "waiting 23 min"),
        (("transfer 3 B place=end",), "waiting 3 min"),
        (("transfer 3 B",), "in the hall 23 min"),
        (("transfer 3 B", "redirect A ticket=A001"), "in the hall 23 min"),
    ],
)
def test_one_sent_on_waits_since_the_first_line_or_its_end_and_a_later_leg_is_in_the_hall(hall, sends, said):
    hall.play("open 3 staff=C3", "issue A", 20, "call 3", sends[0], 3, *sends[1:])
    assert said_of(hall, "A001") == said
    if said.startswith("in the hall"):
        assert words.row_of_ticket(scene(hall), scene(hall).order[0]).wait == said
        hall.play("call 3")
        assert said_of_called(hall) == said


def later(page: Page, seconds: int) -> str:
    page.hall.clock.move(seconds=seconds)
    page.view.tick(page.hall.clock())
    page.settle()
    return page.says()


def test_a_free_window_is_told_after_ten_seconds_once_for_each_unless_a_refusal_is_read(page: Page):
    played: list[str] = []
    lend(page.view.context, sounds=stub(StationSounds, play=played.append, was_last_sound_heard=lambda: False))
    for seconds, says, sounds in (
        (9, "", []),
        (1, "Free while A001 waits: 0:10", ["knock"]),
        (15, "Free while A001 waits: 0:25", ["knock"]),  # the line goes on, the sound does not
    ):
        assert (later(page, seconds), played) == (says, sounds)
    page.press(Key.Key_Space)
    assert (page.says(), later(page, 60)) == ("", ""), "who is busy is left alone"
    page.press(Key.Key_Space, Key.Key_Space)
    assert (later(page, 12), played) == ("Free while A002 waits: 0:12", ["knock", "knock"])
    page.hall.do("set-setting", "idle_nudge_s", 0)
    page.settle()
    assert later(page, 1) == "", "the hall switches it off"
    page.hall.do("set-setting", "idle_nudge_s", 10)
    page.settle()
    page.press(Key.Key_Space, Key.Key_Space, Key.Key_Space, Key.Key_F2)
    refused = page.says()
    assert refused and later(page, 30) == refused, "it is not talked over"


def test_the_time_is_that_of_who_is_next_and_says_so(page: Page):
    """Somebody sent on here goes before one whom the window has kept waiting: "free for" went back to less."""
    page.hall.play("leave A002", "open 1 staff=C1", "call 1", "start 1")
    assert later(page, 195) == "Free while B001 waits: 3:15"
    page.hall.play("transfer 1 B")
    assert later(page, 120) == "Free while A001 waits: 2:00"
    now = page.view.controller.scene
    assert [one.label for one in now.order] == ["A001", "B001"]


def test_a_wait_against_what_was_told(hall: Hall):
    ticket, start = hall.ticket(hall.issue("A")), hall.clock()
    hall.open("3", "C3")
    for promise, minutes, wanted, said in (
        (WaitPromise(low=5, high=10), 10, QuoteCheck.KEPT, "within the 5–10 min estimated"),
        (WaitPromise(low=5, high=10), 11, QuoteCheck.LONGER, "longer than the 5–10 min estimated"),
        (WaitPromise(low=2, high=20, ahead=1, point_s=300), 20, QuoteCheck.KEPT, "over target, as estimated (20 min)"),
        (WaitPromise(low=0, high=1, ahead=0, point_s=2), 1, QuoteCheck.KEPT, "estimated: no wait"),
        (WaitPromise(low=0, high=1, ahead=0, point_s=2), 5, QuoteCheck.LONGER, "estimated: no wait"),
        (WaitPromise(low=0, high=1, ahead=3, point_s=30), 5, QuoteCheck.LONGER, "longer than the 1 min estimated"),
        (WaitPromise(reason="too_few_calls"), 30, QuoteCheck.UNTOLD, "no estimate given"),
    ):
        ticket, hall.clock.now = replace(ticket, promise=promise), start + timedelta(minutes=minutes)
        assert scenes.quote_check_of_wait(ticket, hall.clock()) is wanted
        assert words.quote_check_text_and_colour(scene(hall), ticket)[0].replace("\u2060", "") == said
    # 20 minutes are red by the hall's rules: beside that nothing is green, and below it nothing red.
    for low, high, minutes, token in ((2, 4, 8, "amber"), (2, 4, 20, "red"), (20, 35, 20, "ink2")):
        ticket = replace(ticket, promise=WaitPromise(low=low, high=high))
        hall.clock.now = start + timedelta(minutes=minutes)
        assert words.quote_check_text_and_colour(scene(hall), ticket)[1] == token
        assert (words.wait_text_and_level(scene(hall), ticket)[1] == "red") is (minutes == 20)
    hall.play("call 3", "miss 3", f"reinstate {ticket.label}")
    again = scenes.quote_check_of_wait(hall.ticket(ticket.label), at("12:00"))
    assert again is QuoteCheck.UNKNOWN, "it is of the first call"


def test_what_was_done_is_counted_by_digits_and_goes_with_the_finish_as_does_an_outcome(page: Page):
    space = Key.Key_Space
    page.press(space)
    assert page.view.rail.card.accessibleName().endswith("no estimate given")
    page.press(space)
    page.view.stage.acted.emit("delivered")
    assert isinstance(page.dialog, DeliveredDialog)
    page.press(Key.Key_1, Key.Key_2, Key.Key_2, Key.Key_3, Key.Key_Backspace, ENTER)
    assert page.view.stage.facts.text().endswith("Done: A, B ×2")
    page.press(space)
    finish = page.hall.last()
    assert (finish.kind, finish.data["delivered"]) == ("finish", ["A", "B:2"])
    page.press(space, space, space)
    assert "delivered" not in page.hall.last().data, "the next customer begins at none"
    # An outcome that the hall wants is asked before the finish, and the next one called after it.
    page.hall.play("set-setting outcome_required on", "set-setting call_at_finish on", "issue A")
    page.settle()
    page.press(space, space, space)
    assert page.hall.last().kind == "start"
    page.press(Key.Key_2, ENTER)
    finish, call = page.hall.log()[-2:]
    assert (finish.kind, finish.data["outcome"], call.kind) == ("finish", "part", "call")
