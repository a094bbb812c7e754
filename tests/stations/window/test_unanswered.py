"""What a person is told of a command that got no answer, and what stations do about a ticket that was issued all the
same."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import HALL, station
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.looking import Outcome, own_id
from queuedesk.desk.queue import issuing
from queuedesk.i18n.queue.event_words import outcome_words
from queuedesk.i18n.queue.reasons import reason_words
from queuedesk.stations.kiosk.taking import Taking
from queuedesk.stations.window.chores import Unanswered
from queuedesk.stations.window.services import Services
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import GUIDE, Hall, at


@pytest.fixture
def unanswered(opened: Callable[..., Any]) -> Unanswered:
    found: Unanswered = opened(who=GUIDE).unanswered
    return found


def trouble(ask: Ask, verb: str = "issue") -> OutsideError:
    return OutsideError("database_away", command=ask.command, verb=verb, asked=ask.now)


def asked(hall: Hall) -> Ask:
    return replace(hall.ask(GUIDE), command=own_id())


def test_what_was_done_all_the_same_is_told_when_the_hall_is_back(hall: Hall, opened: Callable[..., Any]) -> None:
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


def test_what_was_not_done_is_told_too(hall: Hall, opened: Callable[..., Any]) -> None:
    window = opened(who=GUIDE)
    window.unanswered.keep(trouble(asked(hall)))
    window.unanswered.ask()

    assert window.toast.text() == "What you asked at 9:00 was not done: Issued"


def test_it_is_asked_again_until_it_is_known(hall: Hall, unanswered: Unanswered) -> None:
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


def test_nobody_is_told_of_what_was_asked_on_another_date(hall: Hall, unanswered: Unanswered) -> None:
    told: list[str] = []
    unanswered.told.connect(lambda text, _done: told.append(text))
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
