"""Every refusal of every command: its code, a sentence in both languages, and nothing changed in log and tables."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.queue.ticket import MOVES, TicketState
from tests.desk.event_rows import value_of
from tests.desk.stage import STATES, stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, refused, simple_hall, simple_setup

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "refusals.jsonl"
"""A line for each refusal: its code, the verb, its arguments, as value_of() reads them. A002 was called at 9:11
and finished at 9:12; it is 9:13."""
Case = tuple[str, tuple[Any, ...], dict[str, Any], str]


def cases() -> Iterator[Case]:
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["verb"], tuple(value_of(row.get("args", []))), value_of(row.get("words", {})), row["code"]


# The rules refuse these, whatever engine they were read from; on a server too run the tests further below.


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Hall]:
    """One hall for all that is refused, as refused() sees that it stays as it was."""
    hall = stage(tmp_path_factory.mktemp("untouched"), settings=getattr(request, "param", None))
    yield hall
    hall.desk.db.dispose()


@pytest.mark.parametrize("one", list(cases()), ids=lambda one: f"{one[0]}-{one[3]}")
def test_what_is_refused_changes_nothing(untouched: Hall, one: Case) -> None:
    verb, args, words, code = one
    with refused(untouched, code):
        untouched.do(verb, *args, **words)


BY_TICKET: dict[str, dict[str, Any]] = {verb: {} for verb in ("leave", "reinstate", "defer", "postpone")}
BY_TICKET |= {"call": {"window": "1", "reason": "r"}, "redirect": {"service": "B"}, "void": {"reason": "r"}}
BY_TICKET |= {"need": {"need": "blind"}, "unpark": {"window": "1"}}


@pytest.mark.parametrize(
    ("verb", "label"),
    [(verb, label) for verb in BY_TICKET for label, state in STATES.items() if TicketState(state) not in MOVES[verb]],
)
@pytest.mark.parametrize("untouched", [{"overnight": "early_place"}], indirect=True)
def test_a_ticket_in_another_state_is_refused_by_its_name(untouched: Hall, verb: str, label: str) -> None:
    with refused(untouched, "wrong_state", ticket=label, state=STATES[label], verb=verb):
        untouched.do(verb, ticket=label, **BY_TICKET[verb])


@ON_BOTH_ENGINES
def test_who_lets_nobody_go_first_and_a_used_up_series_is_refused_to_kiosk_and_window(hall: Hall) -> None:
    """Whom nobody is behind, who did so already, and who is held for a window that is away and has no line."""
    hall.queue("A", "A", "A", minutes_apart=1)
    with refused(hall, "nobody_behind", ticket="A003"):
        hall.do("postpone", "A003")
    hall.do("postpone", "A001")
    with refused(hall, "already_postponed", ticket="A001", n=1):
        hall.do("postpone", "A001")
    hall.play("open 1 staff=C1", "open 2 staff=C2", "call 2", "transfer 2 A to_window=2", "close 2")
    with refused(hall, "held_for", ticket="A002", window="2"):
        hall.do("postpone", "A002")
    hall.do("set-row", "services", "A", {"last": 3})
    for verb, words in (("issue", {"service": "A"}), ("serve", {"window": "1", "service": "A", "reason": "r"})):
        with refused(hall, "series_full", service="A", last=3):
            hall.do(verb, **words)


def test_an_outcome_is_asked_for_where_the_hall_wants_one_and_the_last_service_and_window_stay(tmp_path: Path) -> None:
    only = {part: simple_setup()[part][:1] for part in ("services", "windows")}
    hall = simple_hall(tmp_path, settings={"outcome_required": "on"}, **only)
    hall.play("open 1 staff=C1", "issue A", "call 1")
    with refused(hall, "bad_value", field="outcome", why="empty"):
        hall.do("finish", "1")
    assert hall.do("finish", "1", outcome="done")["state"] == "finished"
    with refused(hall, "bad_value", field="outcome", why="empty"):
        hall.do("correct", "A001", changes={"outcome": " "}, reason="r")
    for part, code in (("services", "A"), ("windows", "1")):
        with refused(hall, "last_one", kind=part):
            hall.do("remove-row", part, code)


@ON_BOTH_ENGINES
def test_what_an_open_ticket_waits_for_and_an_only_skill_are_not_removed(tmp_path: Path) -> None:
    skilled = {"code": "CB", "name": "CB", "role": "clerk", "skills": ["B"]}
    hall = simple_hall(tmp_path, staff=[*simple_setup()["staff"], skilled])
    hall.open("1", "C1")
    hall.issue("A", klass="elderly", then=["C"])
    hall.play("call 1", "start 1", "stall 1 reason=r")
    with refused(hall, "already_stalled", ticket="A001"):
        hall.do("stall", "1", reason="r")
    waits_for = [("classes", "elderly"), ("services", "C")]  # of the visit's later step
    for words, parts in (
        ({}, [*waits_for, ("services", "B")]),  # somebody's only skill
        ({"to_window": "2"}, [*waits_for, ("windows", "2")]),
        ({"to_staff": "C2"}, [*waits_for, ("staff", "C2")]),
    ):
        if words:
            hall.do("transfer", "1", "A", **words)
        for part, code in parts:
            with refused(hall, "in_use", kind=part, code=code):
                hall.do("remove-row", part, code)
        if words:
            hall.play(15, "call 1")
