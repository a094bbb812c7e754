"""Towards closing: what a ticket taken now is worth, who is still given one, and that every valid one is served or kept
a place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.app.services.papers import ticket_slip
from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.offers import Reach, closings, offer_of
from queuedesk.core.queue.ticket import State
from queuedesk.desk import looking
from tests.hall import GUIDE, Hall, at, made_once, refused, simple_hall

HOURS = [{"days": "1-7", "from": "8:30", "to": "17:30"}]


def hall_at(tmp_path: Path, time: str = "16:00", **settings: object) -> Hall:
    """Return a hall with one window for A and one for B, both planned until 17:30; A takes five minutes by its
    target."""
    services = [
        {"code": c, "name": c, "prefix": c, "hours": HOURS, "handling_target": 5, "group": "all", "group_en": "all"}
        for c in "AB"
    ]
    windows = [{"code": "1", "services": ["A"]}, {"code": "2", "services": ["B"]}]
    roster = [{"window": w, "staff": f"C{w}", "from": "8:00", "to": "17:30"} for w in "12"]
    hall = simple_hall(tmp_path, time=time, services=services, windows=windows, roster=roster, settings=settings)
    hall.open("1", "C1")
    hall.open("2", "C2")
    return hall


def now_in(hall: Hall) -> HallState:
    return looking.hall_now(hall.desk, hall.clock())


def fill(hall: Hall, service: str = "A") -> list[str]:
    """Give out tickets until the hall says no."""
    given = []
    with pytest.raises(RuleError) as refusal:
        for _ in range(100):
            given.append(hall.issue(service))
    assert refusal.value.code == "no_time_left"
    return given


def test_a_day_to_its_end(tmp_path: Path) -> None:
    """Whoever got a ticket is called before closing, whoever would not be was told so beforehand."""
    hall = hall_at(tmp_path, closing="stop")
    usual = closings(now_in(hall), hall.clock())
    assert usual["A"].reach is Reach.IN_TIME and usual["A"].clear_at is None

    given = fill(hall)
    pass_found = closings(now_in(hall), hall.clock())["A"]
    assert pass_found.clear_at is not None and pass_found.clear_at <= at("17:40")
    assert pass_found.clear_late_at is not None and pass_found.clear_late_at >= pass_found.clear_at
    minutes = (pass_found.clear_at - hall.clock()).total_seconds() / 60 / len(given)
    for _ in given:
        hall.serve_out("1", minutes=minutes)
    called = [leg.called for label in given for leg in hall.ticket(label).legs]
    hall.do("day-end")

    assert len(given) > 10
    assert all(moment is not None and moment <= at("17:31") for moment in called)
    assert {hall.ticket(label).state for label in given} == {State.FINISHED}
    hall.must_follow_from_its_log()


def test_the_refusal_says_until_when_and_what_else(tmp_path: Path) -> None:
    hall = hall_at(tmp_path, closing="stop")
    fill(hall)

    with refused(hall, "no_time_left", service="A", closes="17:30", opens="8:30", other="B"):
        hall.issue("A")
    assert offer_of(now_in(hall), "A", hall.clock()).reason == "no_time_left"
    assert offer_of(now_in(hall), "B", hall.clock()).gives
    fill(hall, "B")
    assert "other" not in offer_of(now_in(hall), "A", hall.clock()).details


def test_the_front_desk_gives_one_all_the_same_and_it_has_an_early_place_tomorrow(tmp_path: Path) -> None:
    hall = hall_at(tmp_path, closing="stop", overnight="early_place")
    fill(hall)
    late = hall.do("issue", "A", who=GUIDE, late=True)["ticket"]
    assert "may_not_be_called" in hall.ticket(late).flags

    state = now_in(hall)
    told = ticket_slip(state, hall.date, late, hall.clock())
    both = [told, told.also] if told.also is not None else [told]
    assert all(len(one.warnings) == 2 for one in both)  # type: ignore[union-attr]
    assert any("17:30" in one.warnings[0] for one in both)  # type: ignore[union-attr]
    hall.clock.now = at("18:00")
    hall.do("day-end")
    before = hall.date
    assert "deferred" in hall.ticket(late).flags
    hall.clock.now = at("9:00") + timedelta(days=1)
    hall.open("1", "C1")
    first = hall.issue("A")
    back = hall.issue("A", return_of=(late, before))
    assert hall.call("1") == back != first


def test_a_hall_that_warns_gives_the_ticket_and_says_so_on_it(tmp_path: Path) -> None:
    hall = hall_at(tmp_path, closing="warn")
    labels = [hall.issue("A") for _ in range(40)]

    assert "may_not_be_called" not in hall.ticket(labels[0]).flags
    assert "may_not_be_called" in hall.ticket(labels[-1]).flags
    assert hall.last().data["closing"] in ("doubtful", "too_late")


def test_a_hall_that_does_not_ask_says_nothing(tmp_path: Path) -> None:
    hall = hall_at(tmp_path, closing="off")
    labels = [hall.issue("A") for _ in range(40)]

    assert not closings(now_in(hall), hall.clock())
    assert "may_not_be_called" not in hall.ticket(labels[-1]).flags


def crowded(folder: Path) -> Hall:
    """Return a hall in which sixty people wait."""
    hall = hall_at(folder, time="11:00", closing="stop")
    for _ in range(60):
        hall.issue("A")
    return hall


@pytest.mark.parametrize(
    "change",
    [
        lambda hall: hall.do("close", "1"),
        lambda hall: setattr(hall.clock, "now", at("12:00")),
    ],
    ids=["no window", "noon"],
)
def test_nobody_is_sent_away_while_nobody_can_know(tmp_path: Path, change: Callable[[Hall], None]) -> None:
    hall = made_once(tmp_path, crowded)
    change(hall)

    assert hall.issue("A")


def test_windows_that_go_on_after_closing_serve_more(tmp_path: Path) -> None:
    short, long = tmp_path / "short", tmp_path / "long"
    short.mkdir()
    long.mkdir()
    few = fill(hall_at(short, closing="stop"))
    more = fill(hall_at(long, closing="stop", closing_margin_minutes=60))

    assert len(more) >= len(few) + 8


@pytest.mark.parametrize("margin", [0, 30])
def test_a_ticket_says_of_the_time_after_closing_what_the_hall_will_do(tmp_path: Path, margin: int) -> None:
    """Windows that go on after closing call those who have a ticket: their wait is quoted, and nobody is told that the
    hall closes before it comes to them."""
    hall = hall_at(tmp_path, time="16:30", closing="warn", closing_margin_minutes=margin)
    called = []
    for _ in range(20):
        near = closings(now_in(hall), hall.clock())["A"]
        told = hall.do("issue", "A")
        assert (told.get("reach") == "too_late") == (near.reach is Reach.TOO_LATE) == (told["wait"] is None)
        called += [near.called_at] if near.called_at is not None else []

    assert at("17:30") < max(called) <= at("18:00") if margin else max(called) <= at("17:30")
