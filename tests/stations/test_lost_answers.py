"""The answer to a command is lost on its way from the server: it was done once, whatever was asked again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.looking import command_outcome, new_command_id
from queuedesk.desk.queue import issuing
from queuedesk.stations.window.context import StationTaskLanes
from tests.credentials import Shared, shared
from tests.hall import GUIDE
from tests.relay import Relay, relay

pytestmark = pytest.mark.waits


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
            yield Far(hall, hall.desk(line.url), line, tasks, [], qtbot.waitUntil, passed_s)
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
