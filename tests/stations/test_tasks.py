"""The command lane asks again where no answer came: with the same id, for a while, and says when it gave up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.stations.tasks import Tasks

AGAIN_FOR_S = 1.0


class Server:
    """A command that gets an answer only after so many tries."""

    def __init__(self, fails: int, code: str = "database_away", **details: object) -> None:
        self.fails, self.code, self.details, self.tries = fails, code, details, 0

    def __call__(self) -> str:
        self.tries += 1
        if self.tries <= self.fails:
            raise OutsideError(self.code, **self.details)
        return "done"


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    def fail(bug: BaseException) -> None:
        raise bug

    lanes = Tasks(fail, ask_again_for_s=AGAIN_FOR_S)
    yield lanes
    lanes.stop()


@pytest.fixture
def ran(tasks: Tasks, qtbot: QtBot) -> Callable[[Server], Any]:
    """Return a function that runs a command and returns its answer, or the trouble it was refused with."""

    def run(server: Server) -> Any:
        said: list[str | QueueDeskError] = []
        tasks.run(server, said.append, said.append)
        qtbot.waitUntil(lambda: bool(said))
        return said[0]

    return run


@pytest.mark.parametrize("code", ["database_away", "database_busy"])
def test_a_command_with_an_id_is_asked_again_until_it_is_answered(ran: Callable[[Server], Any], code: str) -> None:
    server = Server(2, code, command="~1")

    assert (ran(server), server.tries) == ("done", 3)


def test_without_an_id_nobody_knows_whether_it_was_done_so_it_is_not_asked_again(ran: Callable[[Server], Any]) -> None:
    server = Server(1)

    assert (ran(server).code, server.tries) == ("database_away", 1)


def test_trouble_that_is_an_answer_is_not_asked_again(ran: Callable[[Server], Any]) -> None:
    server = Server(1, "database_full", command="~1")

    assert (ran(server).code, server.tries) == ("database_full", 1)


def test_a_command_that_is_never_answered_is_refused_and_named(
    tasks: Tasks, ran: Callable[[Server], Any], qtbot: QtBot
) -> None:
    unanswered: list[OutsideError] = []
    tasks.unanswered.connect(unanswered.append)
    server = Server(1000, command="~1")
    start = time.monotonic()
    trouble = ran(server)

    assert time.monotonic() - start > AGAIN_FOR_S / 2
    assert server.tries > 2
    qtbot.waitUntil(lambda: unanswered == [trouble])


def test_a_lane_that_stops_waits_for_no_answer(qapp: object) -> None:
    lanes = Tasks(lambda _bug: None, ask_again_for_s=60)
    server = Server(1000, command="~1")
    lanes.run(server, lambda _answer: None, lambda _trouble: None)
    start = time.monotonic()
    lanes.stop()

    assert time.monotonic() - start < 5


def test_what_is_asked_while_nobody_answers_is_refused_at_once(tasks: Tasks, ran: Callable[[Server], Any]) -> None:
    away = OutsideError("database_away")
    tasks.trouble = lambda: away
    server = Server(0)
    assert (ran(server), server.tries) == (away, 0)

    tasks.trouble = lambda: None
    assert (ran(server), server.tries) == ("done", 1)
