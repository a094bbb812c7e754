"""The command lane asks again where no answer came or one was lost, with the same id, and says when it gave up."""

import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from shiboken6 import delete, isValid

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.looking import command_outcome, new_command_id
from queuedesk.desk.queue import issuing
from queuedesk.stations.window.context import (
    CLOSING_S,
    PAUSE_S,
    HallFeed,
    SingleCommandRunner,
    StationContext,
    StationTaskLanes,
)
from queuedesk.stations.window.style import Look
from queuedesk.watch import are_all_lanes_idle
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.credentials import Shared, shared
from tests.hall import GUIDE
from tests.relay import Relay, relay

pytestmark = pytest.mark.waits

AGAIN_FOR_S = 1.0
AWAY, BUSY = "database_away", "database_busy"


class Server:
    """A command that gets an answer only after so many tries."""

    def __init__(self, fails, code=AWAY, **details):
        self.fails, self.code, self.details, self.tries = fails, code, details, 0

    def __call__(self):
        self.tries += 1
        if self.tries <= self.fails:
            raise OutsideError(self.code, **self.details)
        return "done"


def hall_moved():
    return RuleError("hall_moved", to="postgresql://somewhere")


def nothing(*_said):
    """Nobody waits for the answer."""


@pytest.fixture
def clock():
    """What the lanes of `tasks` go by: it stands until it is moved, however long this machine takes."""
    return SimpleNamespace(s=0.0)


@pytest.fixture
def tasks(qapp, clock):
    def fail(bug):
        raise bug

    lanes = StationTaskLanes(fail, ask_again_for_s=AGAIN_FOR_S, steady_s=lambda: clock.s)
    yield lanes
    lanes.stop()


@pytest.fixture
def lanes(qapp):
    """Lanes whose test stops them."""
    return StationTaskLanes(nothing)


@pytest.fixture
def ran(tasks, qtbot):
    """Return a function that runs a command and returns its answer, or the trouble it was refused with."""

    def run(command):
        said = []
        tasks.run(command, said.append, said.append)
        qtbot.waitUntil(lambda: bool(said))
        return said[0]

    return run


@pytest.mark.parametrize("ends", [False, True])
def test_what_is_held_is_done_in_its_order_once_they_start_or_the_process_ends(tasks, qtbot, ends):
    done: list[str] = []
    tasks.hold_requests_until_start()
    for word in ("first", "second"):
        tasks.run(partial(done.append, word), nothing, nothing)
    assert are_all_lanes_idle() and done == []
    if ends:
        tasks.stop()
        assert done == ["first", "second"]
    else:
        tasks.release_requests()
        tasks.run(partial(done.append, "third"), nothing, nothing)
        qtbot.waitUntil(lambda: done == ["first", "second", "third"])


def test_only_a_command_with_an_id_is_asked_again_and_only_where_no_answer_came(tasks, ran):
    for code in (AWAY, BUSY):
        server = Server(2, code, command="~1")
        assert (ran(server), server.tries) == ("done", 3), code
    server = Server(1)
    assert (ran(server).code, server.tries) == (AWAY, 1), "without an id nobody knows whether it was done"
    server = Server(1, "database_full", command="~1")
    assert (ran(server).code, server.tries) == ("database_full", 1)
    away = OutsideError(AWAY)
    for trouble, told in ((away, (away, 0)), (None, ("done", 1))):
        tasks.trouble = lambda trouble=trouble: trouble
        server = Server(0)
        assert (ran(server), server.tries) == told, "while nobody answers it is refused at once"


def test_a_command_that_is_never_answered_is_refused_and_named(tasks, clock, ran, qtbot):
    unanswered = []
    tasks.unanswered.connect(unanswered.append)
    server = Server(1000, command="~1")

    def asked():
        clock.s += PAUSE_S
        server()

    trouble = ran(asked)
    assert (server.tries, clock.s) == (3, AGAIN_FOR_S - PAUSE_S), "the next answer would come too late"
    qtbot.waitUntil(lambda: unanswered == [trouble])


def test_a_lane_that_stops_waits_for_no_answer(qapp):
    lanes = StationTaskLanes(nothing, ask_again_for_s=60)
    lanes.run(Server(1000, command="~1"), nothing, nothing)
    with Stopwatch() as took:
        lanes.stop()
    assert took.s < 5


@pytest.mark.parametrize(("closes", "asked"), [(True, 1), (False, 3)])
def test_a_station_that_closes_meets_its_silent_server_once(lanes, closes, asked):
    server, begun = Server(fails=9), threading.Event()

    def first():
        begun.set()
        if closes:
            until(lambda: lanes.is_closing)
        return server()

    for work in (first, server, server):
        lanes.run_in_side_lane(work, nothing, nothing)
    begun.wait(PATIENCE_S)
    if not closes:
        until(lambda: server.tries == asked)
    lanes.stop()
    assert server.tries == asked


class Job:
    """Work that goes on until it is let go."""

    def __init__(self):
        self.begun, self.let_go, self.done = threading.Event(), threading.Event(), False

    def __call__(self):
        self.begun.set()
        self.let_go.wait(PATIENCE_S)
        self.done = True


@pytest.mark.parametrize("lane", ["run_in_long_work_lane", "run_in_side_lane"])
def test_closing_waits_for_nothing_that_only_the_window_wants_to_know(lanes, lane):
    job, next_one = Job(), Job()
    for work in (job, next_one):
        getattr(lanes, lane)(work, nothing, nothing, may_drop=True)
    assert job.begun.wait(PATIENCE_S)
    with Stopwatch() as took:
        lanes.stop()
    assert not are_all_lanes_idle()
    job.let_go.set()
    until(are_all_lanes_idle)
    assert took.s < CLOSING_S + 0.5
    assert not next_one.begun.wait(0.1), "what was not begun is forgotten"


@pytest.mark.parametrize("lane", ["run", "run_in_long_work_lane", "run_in_side_lane"])
def test_what_was_promised_is_done_before_the_process_ends(lanes, lane):
    jobs, late = [Job(), Job()], Job()
    for work in jobs:
        getattr(lanes, lane)(work, nothing, nothing)
        threading.Timer(CLOSING_S + 0.2, work.let_go.set).start()
    lanes.stop()
    assert [work.done for work in jobs] == [True, True]
    getattr(lanes, lane)(late, nothing, nothing)
    assert not late.begun.wait(0.1), "nothing new is taken"


def test_a_printer_that_never_answers_does_not_keep_the_process_for_ever(lanes, caplog):
    job = Job()
    lanes.run_in_long_work_lane(job, nothing, nothing)
    assert job.begun.wait(PATIENCE_S)
    lanes.stop(patience_s=0.4)
    job.let_go.set()
    until(are_all_lanes_idle)
    assert "something left undone" in caplog.text


class Page(QObject):
    told = Signal(object)
    noted = Signal(str, object)

    def hear(self, *_answer):
        self.setObjectName("told")

    def passed_on(self, done):
        return lambda _answer: done()


HEARS = {
    "signal": lambda page: page.told.emit,
    "signal of a kind": lambda page: partial(page.noted.emit, "cases"),
    "method": lambda page: page.hear,
    "method of a kind": lambda page: partial(page.hear, "cases"),
    "function within": lambda page: lambda answer: page.noted.emit("cases", answer),
    "function of another": lambda page: page.passed_on(page.hear),
}


@pytest.mark.parametrize("hears", HEARS.values(), ids=HEARS)
def test_an_answer_for_a_page_that_went_is_let_go(tasks, qtbot, hears):
    page, going, said = Page(), threading.Event(), []
    tasks.run_in_long_work_lane(lambda: going.wait(PATIENCE_S), hears(page), hears(page))
    delete(page)
    going.set()
    tasks.run_in_long_work_lane(lambda: "next", said.append, said.append)
    qtbot.waitUntil(lambda: said == ["next"])


def test_a_function_is_told_while_anything_that_it_knows_of_is_there(tasks, qtbot):
    page, dialog, said = Page(), Page(), []
    page.told.connect(said.append)

    def hear(answer):
        page.told.emit((answer, isValid(dialog)))

    tasks.run_in_long_work_lane(lambda: "printed", hear, nothing)
    delete(dialog)
    qtbot.waitUntil(lambda: said == [("printed", False)])


def test_who_does_one_thing_at_a_time_begins_no_other_and_goes_on_where_the_page_that_asked_has_gone(
    tasks, qtbot, hall
):
    look = Look()
    context = StationContext(hall.desk, HallFeed(hall.desk, hall.clock), tasks, look, hall.clock, "manager")
    runner, page, done = SingleCommandRunner(context), Page(), []
    for word in ("first", "second"):
        runner.start_unless_busy("note", partial(done.append, word), page.hear)
    delete(page)
    qtbot.waitUntil(lambda: runner.busy == "")
    assert done == ["first"]


class Asking(QObject):
    """A page that asks for work of its own, and is told of it."""

    def __init__(self, trouble):
        super().__init__()
        self.trouble, self.said = trouble, []

    def read(self):
        if self.trouble is not None:
            raise self.trouble
        return "read"

    def hear(self, answer):
        self.said.append(str(answer))


@pytest.mark.parametrize("trouble", [None, OutsideError(AWAY), RuleError("no_such_ticket")])
@pytest.mark.parametrize("lane", ["run", "run_in_long_work_lane", "run_in_side_lane"])
def test_no_thread_keeps_anything_of_a_page_that_was_answered(tasks, qtbot, lane, trouble):
    page = Asking(trouble and type(trouble)(trouble.code))
    said = page.said
    getattr(tasks, lane)(page.read, page.hear, page.hear)
    qtbot.waitUntil(lambda: bool(said))
    left = weakref.ref(page)
    page.trouble = None
    del page
    assert left() is None, "its parts would be destroyed on the thread, which ends the program"


def test_what_a_file_refused_because_its_hall_moved_is_done_there_and_waiting_for_the_file_costs_no_try(
    tasks, clock, ran
):
    answers = iter((hall_moved(), hall_moved(), OutsideError(BUSY, command="~1"), None))
    looks, has_followed = iter((False, True)), []

    def follow():
        has_followed.append(next(looks))
        return has_followed[-1]

    def command():
        if (answer := next(answers)) is None:
            return "done"
        if isinstance(answer, RuleError):
            clock.s += AGAIN_FOR_S / 2
        raise answer

    tasks.follow = follow
    assert (ran(command), has_followed) == ("done", [False, True])


def test_a_station_that_closes_still_has_done_what_was_asked_of_a_hall_that_moved(lanes):
    done, looks = [], iter((False, False, True))

    def command():
        if done != ["followed"]:
            raise hall_moved()
        done.append("issued")

    def follow():
        done.extend(["followed"] * (found := next(looks)))
        return found

    lanes.follow = follow
    lanes.run(command, nothing, nothing)
    lanes.stop()
    assert done == ["followed", "issued"]


LOGIN_S = 3  # of real time, which goes by once in each test: a login that finds silence can't be interrupted


@dataclass
class Far:
    """A station's lane on a PC whose line to the server falls silent; `passed_s` is the time that it goes by."""

    hall: Shared
    desk: Desk
    line: Relay
    tasks: StationTaskLanes
    said: list[Any]
    until: Callable[[Callable[[], bool]], None]
    passed_s: list[float]

    def issue(self, *, after: bytes) -> Ask:
        """Ask for a ticket on a line that falls silent once the server has heard `after`."""
        ask = replace(Ask(GUIDE, self.hall.clock()), command=new_command_id())
        self.line.silent_after = after
        self.tasks.run(partial(issuing.issue_ticket, self.desk, ask, "A"), self.said.append, self.said.append)
        self.until(lambda: self.line.silent)
        return ask

    def give_up_waiting(self) -> bool:
        """Do what the follower does once it knows that nobody answers; whether something was said by now."""
        self.passed_s[0] += 0.1
        self.desk.db.interrupt()
        return bool(self.said)

    def issued(self) -> list[Event]:
        return [event for event in self.hall.hall().log() if event.kind == "issue"]


@pytest.fixture
def far(shared_url: str, qtbot) -> Iterator[Far]:
    def fail(bug: BaseException) -> None:
        raise bug

    with shared(shared_url) as hall, relay(shared_url) as line:
        passed_s = [0.0]
        tasks = StationTaskLanes(fail, ask_again_for_s=1.0, steady_s=lambda: passed_s[0])
        try:
            desk = hall.desk(f"{line.url}{'&' if '?' in line.url else '?'}connect_timeout={LOGIN_S}")
            yield Far(hall, desk, line, tasks, [], qtbot.waitUntil, passed_s)
        finally:
            tasks.stop()


@pytest.mark.parametrize(("after", "is_done"), [(b"COMMIT", True), (b"BEGIN", False)])
def test_what_is_asked_again_is_done_once_and_what_was_given_up_is_known_for_certain(
    far: Far, after: bytes, is_done: bool
) -> None:
    """Whether the command reached the log before the line fell silent, or not."""
    far.issue(after=after)
    far.give_up_waiting()
    far.line.silent = False
    far.until(lambda: bool(far.said))
    assert [answer["ticket"] for answer in far.said] == ["A001"]
    assert [event.ticket for event in far.issued()] == ["A001"]
    unanswered: list[QueueDeskError] = []
    far.tasks.unanswered.connect(unanswered.append)
    far.said.clear()
    ask = far.issue(after=after)
    far.give_up_waiting()
    far.until(far.give_up_waiting)  # each try that waits for an answer, until the lane gives up
    far.line.silent = False
    found = command_outcome(far.desk, str(ask.command))
    assert [trouble.details["command"] for trouble in unanswered] == [ask.command]
    assert found.is_done is is_done
    assert [event.command for event in far.issued()[1:]] == [ask.command] * is_done
