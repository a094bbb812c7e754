"""Services lent to windows: who may be served there then, what ends it, and what is no lending."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from queuedesk.core.queue.overview import next_for
from queuedesk.core.queue.ticket import Lent
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.features.lobby.verbs import moves_now
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, at, clerk, labels, refused, simple_hall, simple_setup


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    skilled = [*simple_setup()["staff"], {"code": "CA", "name": "CA", "role": "clerk", "skills": ["A"]}]
    return simple_hall(tmp_path, staff=skilled)


def line_at(hall: Hall, window: str) -> list[str]:
    return labels(next_for(looking.hall_now(hall.desk, hall.clock()), window, hall.clock()))


def test_a_window_serves_what_is_lent_to_it(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("B", "A", minutes_apart=1)

    assert hall.do("lend", "1", "B", who=MANAGER)["services"] == ["A", "B"]
    assert line_at(hall, "1") == ["B001", "A001"]
    assert hall.call("1") == "B001"
    hall.must_follow_from_its_log()


def test_its_document_says_what_is_lent(hall: Hall) -> None:
    hall.open("1", "C1")
    before = looking.window_rows(hall.desk, hall.clock())
    hall.do("lend", "1", "C")
    (first, *others) = looking.window_rows(hall.desk, hall.clock())

    assert (first["services"], first["lent"]) == (["A", "C"], ["C"])
    assert others == before[1:]


def test_who_waits_is_told_of_it(hall: Hall) -> None:
    hall.open("1", "C1")
    label = hall.issue("B")
    hall.do("lend", "1", "B")

    assert looking.ticket_now(hall.desk, label, hall.clock())["ahead"] == 0
    assert looking.why_not_called(hall.desk, label, hall.clock())[1].code != "no_window"


@pytest.mark.parametrize("end", ["take-back", "close", "day-end", "hand-over"])
def test_what_ends_it(hall: Hall, end: str) -> None:
    hall.open("1", "C1")
    hall.do("lend", "1", "B")
    hall.clock.move(minutes=5)
    words: dict[str, tuple[str, ...]] = {"take-back": ("1", "B"), "close": ("1",), "day-end": (), "hand-over": ("1",)}
    more = {"staff": "C2"} if end == "hand-over" else {}
    hall.do(end, *words[end], who=MANAGER, **more)
    shift = min(hall.whole().shifts.values(), key=lambda one: one.id)

    assert hall.whole().windows["1"].extra == frozenset()
    assert shift.lent == (Lent(service="B", start=at("9:00").astimezone(UTC), end=at("9:05").astimezone(UTC)),)
    hall.must_follow_from_its_log()


def test_it_lasts_over_a_pause(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("lend", "1", "B")
    hall.do("pause", "1", reason="tea")
    hall.do("resume", "1")

    assert hall.whole().windows["1"].extra == {"B"}


def test_somebody_served_there_is_served_to_the_end(hall: Hall) -> None:
    hall.open("1", "C1")
    label = hall.issue("B")
    hall.do("lend", "1", "B")
    hall.call("1")
    hall.do("take-back", "1", "B")

    assert hall.do("finish", "1")["state"] == "finished"
    assert hall.ticket(label).leg.window == "1"


def test_closing_the_only_window_says_who_is_left(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("lend", "1", "B")
    hall.issue("B")

    assert hall.do("close", "1")["unserved"] == ["B"]


def test_a_transfer_may_go_there(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.do("lend", "1", "C")
    hall.issue("A")
    hall.call("3")

    assert hall.do("transfer", "3", "C", to_window="1")["service"] == "C"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("1", "A"), "already_serves"),
        (("2", "C"), "window_closed"),
        (("3", "C"), "lacks_skill"),
        (("9", "A"), "unknown_window"),
        (("1", "X"), "unknown_service"),
    ],
)
def test_what_is_no_lending(hall: Hall, words: tuple[str, str], code: str) -> None:
    hall.open("1", "C1")
    hall.open("3", "CA")
    with refused(hall, code):
        hall.do("lend", *words, who=GUIDE)


def test_what_is_not_lent_is_not_taken_back(hall: Hall) -> None:
    hall.open("1", "C1")
    with refused(hall, "not_lent", window="1", service="A"):
        hall.do("take-back", "1", "A")


def test_a_clerk_lends_nothing(hall: Hall) -> None:
    hall.open("1", "C1")
    with refused(hall, "not_your_role"):
        hall.do("lend", "1", "B", who=clerk("C1"))


@ON_BOTH_ENGINES
def test_a_service_that_is_taken_out_of_the_set_up_is_lent_no_more(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("lend", "1", "C")
    lent = [move.key for move in moves_now(hall.desk, hall.clock())[1].moves]
    setting_up.remove_row(hall.desk, hall.ask(), "services", "C")

    assert lent == ["take_back:1:C"]
    assert not moves_now(hall.desk, hall.clock())[1].moves
    assert "lent" not in looking.window_rows(hall.desk, hall.clock())[0]
    (shift,) = hall.whole().shifts.values()
    assert [one.end for one in shift.lent] == [hall.clock().astimezone(UTC)]
    hall.must_follow_from_its_log()
